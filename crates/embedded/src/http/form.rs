//! Multipart forms: fields are parameters, parts with a file name are external tables.

use axum::{body::Body, http::HeaderMap};
use bytes::Bytes;
use multer::{Constraints, Multipart, SizeLimit};

use super::{failure, parameters::Parameters};
use crate::engine::Failure;

/// Largest form that is taken of a user with all rights, and of one who only reads; it is held in memory.
pub(super) const LARGEST: u64 = 256 << 20;
pub(super) const LARGEST_OF_READERS: u64 = 16 << 20;

/// What a form holds.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) fields: Vec<(String, String)>,
    /// Names and data of the external tables.
    pub(super) files: Vec<(String, Bytes)>,
}

/// A table that came with the request.
#[derive(Debug)]
pub(super) struct ExternalTable {
    pub(super) name: String,
    /// Column names and types, as in CREATE TABLE.
    pub(super) structure: String,
    pub(super) format: String,
    pub(super) data: Bytes,
}

/// The boundary, if the request is a multipart form.
pub(super) fn boundary(headers: &HeaderMap) -> Option<String> {
    multer::parse_boundary(headers.get("content-type")?.to_str().ok()?).ok()
}

/// Reads a form of at most `limit` bytes whole.
pub(super) async fn read(body: Body, boundary: String, limit: u64) -> Result<Form, Failure> {
    let constraints = Constraints::new().size_limit(SizeLimit::new().whole_stream(limit));
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, constraints);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(invalid)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let data = part.bytes().await.map_err(invalid)?;
        if is_file {
            form.files.push((name, data));
        } else {
            let text = String::from_utf8(data.into())
                .map_err(|_| failure::bad_arguments(format!("The form's field {name:?} is not UTF-8")))?;
            form.fields.push((name, text));
        }
    }
    Ok(form)
}

/// Joins the files with the fields that describe them.
pub(super) fn tables(
    files: Vec<(String, Bytes)>,
    parameters: &Parameters,
) -> Result<Vec<ExternalTable>, Failure> {
    files
        .into_iter()
        .map(|(name, data)| {
            let field = |suffix: &str| {
                let wanted = format!("{name}{suffix}");
                parameters
                    .table_fields
                    .iter()
                    .find(|(field, _)| *field == wanted)
                    .map(|(_, value)| value.clone())
            };
            let structure = field("_structure").or_else(|| field("_types").map(|types| numbered(&types)));
            let structure = structure.ok_or_else(|| {
                failure::bad_arguments(format!(
                    "The external table {name:?} has neither _structure nor _types"
                ))
            })?;
            let format = field("_format").unwrap_or_else(|| "TabSeparated".to_owned());
            Ok(ExternalTable {
                name,
                structure,
                format,
                data,
            })
        })
        .collect()
}

/// `UInt8,Array(String)` as columns `_1` and `_2`.
fn numbered(types: &str) -> String {
    let mut columns = Vec::new();
    let mut depth = 0_i64;
    let mut current = String::new();
    for character in types.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                columns.push(std::mem::take(&mut current));
                continue;
            }
            _ => {}
        }
        current.push(character);
    }
    columns.push(current);
    let columns: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(place, kind)| format!("_{} {}", place + 1, kind.trim()))
        .collect();
    columns.join(", ")
}

fn invalid(error: multer::Error) -> Failure {
    failure::bad_arguments(format!("The multipart form cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &[u8]) -> Result<Form, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(read(Body::from(text.to_vec()), "B".to_owned(), LARGEST))
    }

    #[test]
    fn fields_and_files_are_told_apart() {
        let text = b"--B\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nselect {x:String}\r\n\
                     --B\r\nContent-Disposition: form-data; name=\"param_x\"\r\n\r\na\n\nb\r\n\
                     --B\r\nContent-Disposition: form-data; name=\"t\"; filename=\"\"\r\n\r\n1\t2\n\r\n--B--\r\n";
        let form = parse(text).unwrap();
        assert_eq!(
            form.fields[0],
            ("query".to_owned(), "select {x:String}".to_owned())
        );
        assert_eq!(form.fields[1], ("param_x".to_owned(), "a\n\nb".to_owned()));
        assert_eq!(form.files, [("t".to_owned(), Bytes::from_static(b"1\t2\n"))]);
    }

    #[test]
    fn a_cut_form_is_an_error() {
        let text = b"--B\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\ninsert into t select 1";
        assert_eq!(parse(text).unwrap_err().code, 36);
    }

    #[test]
    fn types_become_numbered_columns() {
        assert_eq!(
            numbered("UInt8, Tuple(a Int8, b String)"),
            "_1 UInt8, _2 Tuple(a Int8, b String)"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_form_or_an_error(text in "(--B|\r\n|Content-Disposition: form-data|; name=\"a\"|[a-z:\" ]){0,20}") {
            let _ = parse(text.as_bytes());
        }
    }
}
