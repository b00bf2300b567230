//! An error with everything that is behind it, on one line, for logs and for whoever reads what a worker lacks.

use std::error::Error;

/// What is behind it, from the nearest cause to the first; `None` without one.
pub(crate) fn of(error: &dyn Error) -> Option<String> {
    let causes = std::iter::successors(error.source(), |cause: &&dyn Error| (*cause).source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    (!causes.is_empty()).then(|| causes.join(": "))
}

/// The error, and what is behind it.
pub(crate) fn with(error: &dyn Error) -> String {
    match of(error) {
        Some(causes) => format!("{error}: {causes}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Layer(&'static str, #[source] Option<Box<Layer>>);

    #[test]
    fn all_causes_are_told_once() {
        let first = Layer("code 62", None);
        assert_eq!(of(&first), None);
        let error = Layer(
            "cannot write",
            Some(Box::new(Layer("refused", Some(Box::new(first))))),
        );
        assert_eq!(of(&error).as_deref(), Some("refused: code 62"));
        assert_eq!(with(&error), "cannot write: refused: code 62");
    }
}
