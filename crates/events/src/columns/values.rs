//! A column of fixed-size values with an optional null map.

/// Values of one column; a null holds the type's zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Values<T> {
    values: Vec<T>,
    nulls: Option<Vec<u8>>,
}

impl<T: Copy + Default> Values<T> {
    pub(super) fn new(nullable: bool) -> Self {
        Self {
            values: Vec::new(),
            nulls: nullable.then(Vec::new),
        }
    }

    /// Every value, zero where it is null.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// One byte a row, 1 = null; `None` when the column is not nullable.
    pub fn nulls(&self) -> Option<&[u8]> {
        self.nulls.as_deref()
    }

    /// The value of a row, `None` where it is null or there is no such row.
    pub fn get(&self, row: usize) -> Option<T> {
        let is_null = self.nulls.as_ref().and_then(|nulls| nulls.get(row)) == Some(&1);
        if is_null {
            None
        } else {
            self.values.get(row).copied()
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        self.values.push(value);
        if let Some(nulls) = &mut self.nulls {
            nulls.push(0);
        }
    }

    pub(crate) fn push_absent(&mut self) {
        self.values.push(T::default());
        if let Some(nulls) = &mut self.nulls {
            nulls.push(1);
        }
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.values.truncate(len);
        if let Some(nulls) = &mut self.nulls {
            nulls.truncate(len);
        }
    }

    pub(super) fn byte_size(&self) -> usize {
        size_of_val(self.values.as_slice()) + self.nulls.as_ref().map_or(0, Vec::len)
    }
}
