//! A column of arrays of strings: all strings in one column, and where each array ends in it.

use super::strs::Strs;

/// Arrays of strings of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct StrLists {
    items: Strs,
    ends: Vec<usize>,
}

impl StrLists {
    pub(super) fn new() -> Self {
        Self {
            items: Strs::new(false),
            ends: Vec::new(),
        }
    }

    /// The strings of all arrays, one behind the other.
    pub fn items(&self) -> &Strs {
        &self.items
    }

    /// Where each array ends in [`StrLists::items`].
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// The strings of a row's array, `None` when there is no such row.
    pub fn get(&self, row: usize) -> Option<impl ExactSizeIterator<Item = &str>> {
        let range = self.start(row)..*self.ends.get(row)?;
        Some(range.map(|index| self.items.get(index).unwrap_or_default()))
    }

    #[inline]
    pub(crate) fn push_item(&mut self, value: &str) {
        self.items.push(value);
    }

    /// Ends the array whose items were pushed; without items it is empty.
    #[inline]
    pub(crate) fn end_list(&mut self) {
        self.ends.push(self.items.len());
    }

    pub(super) fn replace_last<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) {
        let Some(last) = self.ends.len().checked_sub(1) else {
            return;
        };
        self.truncate(last);
        for value in values {
            self.push_item(value);
        }
        self.end_list();
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        // Items of an array that was never ended go too.
        self.items.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(super) fn byte_size(&self) -> usize {
        self.items.byte_size() + size_of_val(self.ends.as_slice())
    }

    fn start(&self, row: usize) -> usize {
        row.checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0)
    }
}
