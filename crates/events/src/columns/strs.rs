//! A column of strings: all text in one piece, and where each string ends in it.

/// Strings of one column; a null is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Strs {
    text: String,
    ends: Vec<usize>,
    nulls: Option<Vec<u8>>,
}

impl Strs {
    pub(super) fn new(nullable: bool) -> Self {
        Self {
            text: String::new(),
            ends: Vec::new(),
            nulls: nullable.then(Vec::new),
        }
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no string.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All strings, one behind the other.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Where each string ends in [`Strs::bytes`].
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// One byte a row, 1 = null; `None` when the column is not nullable.
    pub fn nulls(&self) -> Option<&[u8]> {
        self.nulls.as_deref()
    }

    /// The string of a row, `None` where it is null or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let is_null = self.nulls.as_ref().and_then(|nulls| nulls.get(row)) == Some(&1);
        if is_null {
            None
        } else {
            self.text.get(self.start(row)..*self.ends.get(row)?)
        }
    }

    /// Every string in order, empty where it is null.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let text = self.text.get(start..end).unwrap_or_default();
            start = end;
            text
        })
    }

    #[inline]
    pub(crate) fn push(&mut self, value: &str) {
        self.text.push_str(value);
        self.ends.push(self.text.len());
        if let Some(nulls) = &mut self.nulls {
            nulls.push(0);
        }
    }

    pub(crate) fn push_absent(&mut self) {
        self.ends.push(self.text.len());
        if let Some(nulls) = &mut self.nulls {
            nulls.push(1);
        }
    }

    pub(super) fn replace_last(&mut self, value: &str) {
        let Some(last) = self.ends.len().checked_sub(1) else {
            return;
        };
        self.truncate(last);
        self.push(value);
    }

    pub(super) fn clear_last(&mut self) {
        if let (Some(last), Some(_)) = (self.ends.len().checked_sub(1), &self.nulls) {
            self.truncate(last);
            self.push_absent();
        }
    }

    pub(super) fn truncate(&mut self, len: usize) {
        if len < self.ends.len() {
            self.text.truncate(self.start(len));
            self.ends.truncate(len);
        }
        if let Some(nulls) = &mut self.nulls {
            nulls.truncate(len);
        }
    }

    pub(super) fn byte_size(&self) -> usize {
        self.text.len() + size_of_val(self.ends.as_slice()) + self.nulls.as_ref().map_or(0, Vec::len)
    }

    fn start(&self, row: usize) -> usize {
        row.checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0)
    }
}
