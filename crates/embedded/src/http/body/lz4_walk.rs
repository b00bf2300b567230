//! Follows the structure of LZ4 frames as their bytes go by, to tell an end from a cut: the decoder takes the end of
//! the bytes between two blocks for the end of the frame.

use std::io::{self, BufRead, Read};

const MAGIC: [u8; 4] = 0x184D_2204_u32.to_le_bytes();

/// Flags in the frame's descriptor.
const DICTIONARY: u8 = 0x01;
const CONTENT_CHECKSUM: u8 = 0x04;
const CONTENT_SIZE: u8 = 0x08;
const BLOCK_CHECKSUMS: u8 = 0x10;

/// Passes bytes through and knows where it is in the frames.
pub(super) struct Lz4Walk<R> {
    inner: R,
    state: State,
}

struct State {
    flags: u8,
    at: Place,
    /// Bytes of a header or size that is not complete yet.
    held: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Magic and flags.
    Begin,
    /// The rest of the header.
    Header,
    BlockSize,
    Block {
        left: usize,
    },
    ContentChecksum {
        left: usize,
    },
    /// Not frames at all; the decoder will say so.
    Lost,
}

impl<R: BufRead> Lz4Walk<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            state: State {
                flags: 0,
                at: Place::Begin,
                held: Vec::new(),
            },
        }
    }

    /// Whether the bytes so far are whole frames.
    pub(super) fn is_between_frames(&self) -> bool {
        self.state.at == Place::Begin && self.state.held.is_empty()
    }
}

impl State {
    fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && self.at != Place::Lost {
            bytes = match self.at {
                Place::Block { left } => {
                    self.skip(bytes, left, |left| Place::Block { left }, Place::BlockSize)
                }
                Place::ContentChecksum { left } => {
                    self.skip(bytes, left, |left| Place::ContentChecksum { left }, Place::Begin)
                }
                _ => self.hold(bytes),
            };
        }
    }

    fn skip<'b>(&mut self, bytes: &'b [u8], left: usize, still: fn(usize) -> Place, then: Place) -> &'b [u8] {
        let count = left.min(bytes.len());
        self.at = if count == left { then } else { still(left - count) };
        bytes.get(count..).unwrap_or_default()
    }

    /// Collects a part of fixed length and goes on when it is complete.
    fn hold<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let wanted = match self.at {
            Place::Begin => MAGIC.len() + 1,
            Place::Header => {
                let size = if self.flags & CONTENT_SIZE == 0 { 0 } else { 8 };
                let dictionary = if self.flags & DICTIONARY == 0 { 0 } else { 4 };
                // Block descriptor and the header's checksum.
                2 + size + dictionary
            }
            _ => 4,
        };
        let count = bytes.len().min(wanted - self.held.len());
        let (taken, rest) = bytes.split_at(count);
        self.held.extend_from_slice(taken);
        if self.held.len() == wanted {
            self.at = self.after_held();
            self.held.clear();
        }
        rest
    }

    fn after_held(&mut self) -> Place {
        match (self.at, self.held.as_slice()) {
            (Place::Begin, [magic @ .., flags]) if magic == MAGIC => {
                self.flags = *flags;
                Place::Header
            }
            (Place::Header, _) => Place::BlockSize,
            (Place::BlockSize, [0, 0, 0, 0]) if self.flags & CONTENT_CHECKSUM == 0 => Place::Begin,
            (Place::BlockSize, [0, 0, 0, 0]) => Place::ContentChecksum { left: 4 },
            (Place::BlockSize, &[a, b, c, d]) => {
                let size = usize::try_from(u32::from_le_bytes([a, b, c, d & 0x7F])).unwrap_or(usize::MAX);
                let checksum = if self.flags & BLOCK_CHECKSUMS == 0 { 0 } else { 4 };
                match size.saturating_add(checksum) {
                    0 => Place::BlockSize,
                    left => Place::Block { left },
                }
            }
            _ => Place::Lost,
        }
    }
}

impl<R: BufRead> BufRead for Lz4Walk<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // What is consumed was in the buffer, so this reads nothing new.
        if let Ok(bytes) = self.inner.fill_buf() {
            self.state.pass(bytes.get(..count).unwrap_or_default());
        }
        self.inner.consume(count);
    }
}

impl<R: BufRead> Read for Lz4Walk<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.state.pass(into.get(..count).unwrap_or_default());
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lz4_flex::frame::{BlockMode, FrameEncoder, FrameInfo};

    use super::*;

    fn frames(text: &[u8], info: FrameInfo) -> Vec<u8> {
        let mut out = Vec::new();
        for _ in 0..2 {
            let mut encoder = FrameEncoder::with_frame_info(info.clone(), Vec::new());
            encoder.write_all(text).unwrap();
            out.extend(encoder.finish().unwrap());
        }
        out
    }

    #[test]
    fn only_whole_frames_are_whole() {
        let text = b"some text ".repeat(20_000);
        for info in [
            FrameInfo::new(),
            FrameInfo::new()
                .content_checksum(true)
                .block_checksums(true)
                .block_mode(BlockMode::Linked),
            FrameInfo::new().content_size(Some(200_000)),
        ] {
            let frames = frames(&text, info);
            for length in 0..=frames.len() {
                let mut walk = Lz4Walk::new(&frames[..length]);
                io::copy(&mut walk, &mut io::sink()).unwrap();
                let whole = [0, frames.len() / 2, frames.len()].contains(&length);
                assert_eq!(walk.is_between_frames(), whole, "{length}");
            }
        }
    }

    #[test]
    fn other_bytes_are_never_whole() {
        let mut walk = Lz4Walk::new(&b"INSERT INTO t FORMAT TSV\n"[..]);
        io::copy(&mut walk, &mut io::sink()).unwrap();
        assert!(!walk.is_between_frames());
    }
}
