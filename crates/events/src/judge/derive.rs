//! Filling in what follows from another field.

use quarterday_plan::codes::Mapping;

use crate::columns::Columns;

/// A field that follows from another by a mapping.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) field: usize,
    pub(super) from: usize,
    pub(super) mapping: Mapping,
    /// Whether one of the two is in the body.
    pub(super) in_body: bool,
    /// Whether the field is a set of codes, to which what follows is added; else it is filled in where it is null.
    pub(super) is_set: bool,
}

impl Derived {
    /// Fills in the last row's field.
    pub(super) fn fill(&self, rows: &mut Columns, row: usize) {
        if self.is_set {
            self.add(rows, row);
        } else if rows.is_null(self.field, row)
            && let Some(value) = self.follows(rows, row).first()
        {
            rows.replace_last_str(self.field, value);
        }
    }

    fn add(&self, rows: &mut Columns, row: usize) {
        let given = rows.list(self.field, row).into_iter().flatten();
        let given: Vec<String> = given.map(str::to_owned).collect();
        let mut all: Vec<&str> = given.iter().map(String::as_str).collect();
        all.extend(self.follows(rows, row));
        all.sort_unstable();
        all.dedup();
        if all.len() > given.len() {
            rows.replace_last_list(self.field, all);
        }
    }

    /// What follows from the field's code, or from each of its codes.
    fn follows(&self, rows: &Columns, row: usize) -> Vec<&str> {
        let code = rows.str(self.from, row).into_iter();
        let codes = rows.list(self.from, row).into_iter().flatten();
        code.chain(codes)
            .filter_map(|code| self.mapping.value_of(code))
            .collect()
    }
}
