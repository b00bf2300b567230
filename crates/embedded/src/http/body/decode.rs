//! Undoes the `Content-Encoding` of a request.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::{MultiGzDecoder, ZlibDecoder};
use lz4_flex::frame::FrameDecoder;

use super::{frames::FrameReader, lz4_walk::Lz4Walk};
use crate::{engine::Failure, http::failure};

/// Bytes that are decompressed at a time.
const BUFFER: usize = 256 << 10;

/// How a request's body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Encoding {
    Plain,
    Gzip,
    Deflate,
    Lz4,
    Zstd,
}

impl Encoding {
    /// Reads the header's value.
    pub(in crate::http) fn parse(value: &str) -> Result<Self, Failure> {
        match value.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Plain),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "deflate" => Ok(Self::Deflate),
            "lz4" => Ok(Self::Lz4),
            "zstd" => Ok(Self::Zstd),
            other => Err(Failure::new(
                89,
                "UNKNOWN_COMPRESSION_METHOD",
                format!("Content-Encoding {other:?} is not understood; use gzip, deflate, lz4, zstd or none"),
            )),
        }
    }
}

/// The raw body. With `native` its content, once decoded, is a sequence of native frames.
pub(in crate::http) fn decode<R>(
    body: R,
    encoding: Encoding,
    native: bool,
) -> Result<Box<dyn BufRead + Send>, Failure>
where
    R: BufRead + Send + 'static,
{
    let plain: Box<dyn BufRead + Send> = match encoding {
        Encoding::Plain => Box::new(body),
        Encoding::Gzip => buffered(MultiGzDecoder::new(body)),
        Encoding::Deflate => buffered(ZlibDecoder::new(body)),
        Encoding::Lz4 => buffered(Lz4Frames {
            decoder: FrameDecoder::new(Lz4Walk::new(body)),
        }),
        Encoding::Zstd => buffered(
            zstd::stream::read::Decoder::with_buffer(body)
                .map_err(|error| failure::unreadable_body(&error))?,
        ),
    };
    Ok(if native {
        Box::new(FrameReader::new(plain))
    } else {
        plain
    })
}

fn buffered(reader: impl Read + Send + 'static) -> Box<dyn BufRead + Send> {
    Box::new(BufReader::with_capacity(BUFFER, reader))
}

/// A sequence of LZ4 frames: clients send one for each piece they compress.
struct Lz4Frames<R: BufRead> {
    decoder: FrameDecoder<Lz4Walk<R>>,
}

impl<R: BufRead> Read for Lz4Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            let count = self.decoder.read(into)?;
            if count > 0 {
                return Ok(count);
            }
            let body = self.decoder.get_mut();
            if body.fill_buf()?.is_empty() {
                return if body.is_between_frames() {
                    Ok(0)
                } else {
                    Err(cut_off())
                };
            }
        }
    }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "an LZ4 frame is cut off")
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::{
        Compression,
        write::{GzEncoder, ZlibEncoder},
    };
    use lz4_flex::frame::FrameEncoder;
    use proptest::prelude::*;

    use super::*;

    fn read(body: Vec<u8>, encoding: Encoding, native: bool) -> io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        decode(Cursor::new(body), encoding, native)
            .map_err(io::Error::other)?
            .read_to_end(&mut raw)
            .map(|_| raw)
    }

    fn encode(raw: &[u8], encoding: Encoding) -> Vec<u8> {
        match encoding {
            Encoding::Plain => raw.to_vec(),
            Encoding::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(raw).unwrap();
                encoder.finish().unwrap()
            }
            Encoding::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(raw).unwrap();
                encoder.finish().unwrap()
            }
            Encoding::Lz4 => {
                let mut encoder = FrameEncoder::new(Vec::new());
                encoder.write_all(raw).unwrap();
                encoder.finish().unwrap()
            }
            Encoding::Zstd => zstd::encode_all(raw, 1).unwrap(),
        }
    }

    const ALL: [Encoding; 5] = [
        Encoding::Plain,
        Encoding::Gzip,
        Encoding::Deflate,
        Encoding::Lz4,
        Encoding::Zstd,
    ];

    #[test]
    fn every_encoding_is_undone_and_frames_within_it() {
        for encoding in ALL {
            assert_eq!(
                read(encode(b"some text", encoding), encoding, false).unwrap(),
                b"some text"
            );
            let frames = super::super::frames::write(b"some text");
            assert_eq!(
                read(encode(&frames, encoding), encoding, true).unwrap(),
                b"some text"
            );
        }
    }

    #[test]
    fn several_frames_follow_each_other() {
        for encoding in [Encoding::Gzip, Encoding::Lz4, Encoding::Zstd] {
            let mut body = encode(b"one ", encoding);
            body.extend(encode(b"", encoding));
            body.extend(encode(b"two", encoding));
            assert_eq!(read(body, encoding, false).unwrap(), b"one two", "{encoding:?}");
        }
    }

    #[test]
    fn a_cut_body_is_an_error() {
        let text = b"some text that is long enough, some text that is long enough".repeat(50);
        for encoding in [Encoding::Gzip, Encoding::Deflate, Encoding::Lz4, Encoding::Zstd] {
            let body = encode(&text, encoding);
            for length in [5, body.len() / 2, body.len() - 1] {
                assert!(
                    read(body[..length].to_vec(), encoding, false).is_err(),
                    "{encoding:?} {length}"
                );
            }
        }
    }

    #[test]
    fn unknown_encodings_are_named() {
        assert_eq!(Encoding::parse("").unwrap(), Encoding::Plain);
        assert_eq!(Encoding::parse(" GZIP ").unwrap(), Encoding::Gzip);
        assert!(Encoding::parse("br").unwrap_err().message.contains("\"br\""));
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_result_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            for encoding in ALL {
                let _ = read(bytes.clone(), encoding, false);
            }
        }
    }
}
