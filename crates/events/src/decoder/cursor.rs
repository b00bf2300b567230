//! Reading of Avro's primitives from bytes, never beyond their end.

use super::error::Problem;

/// The bytes that are left of a datum.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    total: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            total: bytes.len(),
        }
    }

    /// How many bytes have been read.
    pub(super) fn position(&self) -> usize {
        self.total - self.rest.len()
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    pub(super) fn long(&mut self) -> Result<i64, Problem> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(zigzag(u64::from(byte)))
            }
            _ => self.long_of_many_bytes(),
        }
    }

    fn long_of_many_bytes(&mut self) -> Result<i64, Problem> {
        let mut value = 0;
        let mut shift = 0;
        let mut bytes = self.rest.iter();
        while let Some(&byte) = bytes.next() {
            // The tenth byte has room for the 64th bit only.
            if shift == 63 && byte > 1 {
                return Err(Problem::Varint);
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                self.rest = bytes.as_slice();
                return Ok(zigzag(value));
            }
            shift += 7;
        }
        Err(Problem::Ends)
    }

    #[inline]
    pub(super) fn int(&mut self) -> Result<i32, Problem> {
        let value = self.long()?;
        i32::try_from(value).map_err(|_| Problem::Int(value))
    }

    #[inline]
    pub(super) fn boolean(&mut self) -> Result<u8, Problem> {
        let [byte] = self.fixed()?;
        if byte > 1 {
            Err(Problem::Boolean(byte))
        } else {
            Ok(byte)
        }
    }

    pub(super) fn float(&mut self) -> Result<f32, Problem> {
        self.fixed().map(f32::from_le_bytes)
    }

    pub(super) fn double(&mut self) -> Result<f64, Problem> {
        self.fixed().map(f64::from_le_bytes)
    }

    #[inline]
    pub(super) fn text(&mut self) -> Result<&'a str, Problem> {
        let bytes = self.lengthed()?;
        std::str::from_utf8(bytes).map_err(|_| Problem::Utf8)
    }

    /// A length and that many bytes.
    #[inline]
    pub(super) fn lengthed(&mut self) -> Result<&'a [u8], Problem> {
        let length = self.long()?;
        let too_long = Problem::Length {
            length,
            left: self.rest.len(),
        };
        let Ok(length) = usize::try_from(length) else {
            return Err(too_long);
        };
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(too_long)?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(super) fn skip(&mut self, bytes: usize) -> Result<(), Problem> {
        self.rest = self.rest.get(bytes..).ok_or(Problem::Ends)?;
        Ok(())
    }

    #[inline]
    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Problem::Ends)?;
        self.rest = rest;
        Ok(*bytes)
    }
}

#[inline]
fn zigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}
