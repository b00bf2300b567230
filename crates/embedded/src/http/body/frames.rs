//! ClickHouse's native compression: frames of checksum, method, sizes and data (`decompress=1`, `compress=1`).
//!
//! A frame is 16 bytes of checksum, one of method (0x82 LZ4, 0x90 ZSTD, 0x02 none), the compressed size (with the 9
//! bytes of this header) and the raw size, both 4 bytes little-endian, then the data. The checksum is CityHash128 of
//! version 1.0.2 over everything behind it.

use std::io::{self, BufRead, Read};

use cityhash_rs::cityhash_102_128;

const CHECKSUM: usize = 16;
const HEADER: usize = 9;
const LZ4: u8 = 0x82;
const ZSTD: u8 = 0x90;
const NONE: u8 = 0x02;

/// Largest frame that is taken, raw or compressed.
const LARGEST: usize = 256 << 20;

/// Raw bytes in one written frame.
const WRITTEN: usize = 1 << 20;

/// Reads the raw bytes out of a sequence of frames.
pub(in crate::http) struct FrameReader<R> {
    inner: R,
    compressed: Vec<u8>,
    raw: Vec<u8>,
    position: usize,
}

impl<R: BufRead> FrameReader<R> {
    pub(in crate::http) fn new(inner: R) -> Self {
        Self {
            inner,
            compressed: Vec::new(),
            raw: Vec::new(),
            position: 0,
        }
    }

    /// Reads the next frame; false at the end.
    fn next_frame(&mut self) -> io::Result<bool> {
        if self.inner.fill_buf()?.is_empty() {
            return Ok(false);
        }
        let mut checksum = [0; CHECKSUM];
        self.inner.read_exact(&mut checksum)?;
        let mut header = [0; HEADER];
        self.inner.read_exact(&mut header)?;
        let [method, c0, c1, c2, c3, r0, r1, r2, r3] = header;
        let size = length(u32::from_le_bytes([c0, c1, c2, c3]))?
            .checked_sub(HEADER)
            .ok_or_else(|| invalid("a compressed frame is shorter than its header"))?;
        let raw_size = length(u32::from_le_bytes([r0, r1, r2, r3]))?;
        self.compressed.clear();
        self.compressed.extend_from_slice(&header);
        let count = self
            .inner
            .by_ref()
            .take(u64::try_from(size).unwrap_or(u64::MAX))
            .read_to_end(&mut self.compressed)?;
        if count != size {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "a compressed frame is cut off",
            ));
        }
        if cityhash_102_128(&self.compressed).rotate_right(64).to_le_bytes() != checksum {
            return Err(invalid("a compressed frame has a wrong checksum"));
        }
        self.decompress(method, raw_size)?;
        self.position = 0;
        Ok(true)
    }

    fn decompress(&mut self, method: u8, raw_size: usize) -> io::Result<()> {
        let data = self.compressed.get(HEADER..).unwrap_or_default();
        // LZ4 cannot blow up further; memory is not asked for on the word of a header.
        if method == LZ4 && raw_size > data.len().saturating_mul(255).saturating_add(64) {
            return Err(invalid(
                "a compressed frame names a raw size that its data cannot have",
            ));
        }
        self.raw.clear();
        let size = match method {
            LZ4 => {
                self.raw.resize(raw_size, 0);
                lz4_flex::block::decompress_into(data, &mut self.raw)
                    .map_err(|_| invalid("LZ4 data is damaged"))?
            }
            ZSTD => {
                let limit = u64::try_from(raw_size).unwrap_or(u64::MAX).saturating_add(1);
                zstd::stream::read::Decoder::with_buffer(data)?
                    .take(limit)
                    .read_to_end(&mut self.raw)?
            }
            NONE => {
                self.raw.extend_from_slice(data);
                data.len()
            }
            _ => return Err(invalid("a compressed frame names an unknown method")),
        };
        if size == raw_size {
            Ok(())
        } else {
            Err(invalid("a compressed frame holds another size than it names"))
        }
    }
}

impl<R: BufRead> BufRead for FrameReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.position >= self.raw.len() && self.next_frame()? {}
        Ok(self.raw.get(self.position..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.position = self.raw.len().min(self.position + count);
    }
}

impl<R: BufRead> Read for FrameReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

/// `raw` as LZ4 frames; nothing for no bytes.
pub(in crate::http) fn write(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() / 2 + 64);
    for piece in raw.chunks(WRITTEN) {
        let data = lz4_flex::block::compress(piece);
        let start = out.len() + CHECKSUM;
        out.extend_from_slice(&[0; CHECKSUM]);
        out.push(LZ4);
        // Both sizes are far below 4 GiB: a piece is 1 MiB.
        out.extend_from_slice(
            &u32::try_from(data.len() + HEADER)
                .unwrap_or_default()
                .to_le_bytes(),
        );
        out.extend_from_slice(&u32::try_from(piece.len()).unwrap_or_default().to_le_bytes());
        out.extend_from_slice(&data);
        let checksum = cityhash_102_128(out.get(start..).unwrap_or_default())
            .rotate_right(64)
            .to_le_bytes();
        if let Some(place) = out.get_mut(start - CHECKSUM..start) {
            place.copy_from_slice(&checksum);
        }
    }
    out
}

fn length(size: u32) -> io::Result<usize> {
    usize::try_from(size)
        .ok()
        .filter(|size| *size <= LARGEST)
        .ok_or_else(|| invalid("a compressed frame is larger than 256 MiB"))
}

fn invalid(text: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(frames: &[u8]) -> io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        FrameReader::new(frames).read_to_end(&mut raw).map(|_| raw)
    }

    fn frame(method: u8, data: &[u8], raw_size: u32) -> Vec<u8> {
        let mut body = vec![method];
        body.extend(u32::try_from(data.len() + HEADER).unwrap().to_le_bytes());
        body.extend(raw_size.to_le_bytes());
        body.extend(data);
        let mut frame = cityhash_102_128(&body).rotate_right(64).to_le_bytes().to_vec();
        frame.extend(body);
        frame
    }

    #[test]
    fn all_methods_are_read_in_one_sequence() {
        let mut frames = write(b"one ");
        frames.extend(frame(ZSTD, &zstd::encode_all(&b"two "[..], 1).unwrap(), 4));
        frames.extend(frame(NONE, b"three", 5));
        assert_eq!(read(&frames).unwrap(), b"one two three");
    }

    #[test]
    fn damaged_frames_are_errors() {
        let whole = write(b"some text, some text, some text");
        for length in 1..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert!(read(&damaged).is_err(), "{at}");
        }
        assert!(read(&frame(LZ4, b"\x00", 200_000_000)).is_err());
        assert!(read(&frame(ZSTD, &zstd::encode_all(&[0; 9][..], 1).unwrap(), 8)).is_err());
        assert!(read(&frame(NONE, b"abc", 2)).is_err());
        assert!(read(&frame(7, b"abc", 3)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(raw in prop::collection::vec(any::<u8>(), 0..4000), times in 1_usize..600) {
            let raw = raw.repeat(times.min(2_200_000 / raw.len().max(1)));
            prop_assert_eq!(read(&write(&raw)).unwrap(), raw);
        }

        #[test]
        fn any_bytes_give_a_result_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
