//! Reads a request's text, up to the data of an insert.

use std::io::BufRead;

use crate::{
    engine::Failure,
    http::{
        failure,
        sql::insert::{Head, Split, split},
    },
};

/// Longest text that is held in memory: a statement, or the rows of INSERT … VALUES.
const LONGEST_TEXT: usize = 64 << 20;

/// Longest head of an insert.
const LONGEST_HEAD: usize = 1 << 20;

/// What a request turned out to be.
pub(super) enum Intake {
    /// A statement, whole.
    Statement(Vec<u8>),
    /// An insert whose data has only begun to be read.
    Insert(Insert),
}

/// An insert and its data.
pub(super) struct Insert {
    pub(super) head: Head,
    /// The data that was read along with the head.
    pub(super) first: Vec<u8>,
    /// The rest of it.
    pub(super) rest: Box<dyn BufRead + Send>,
}

/// Reads `query`, a line end and the body as one text.
pub(super) fn read(query: &str, mut body: Box<dyn BufRead + Send>) -> Result<Intake, Failure> {
    let mut text = query.as_bytes().to_vec();
    if !text.is_empty() {
        text.push(b'\n');
    }
    loop {
        let whole = read_piece(&mut body, &mut text)?;
        match split(&text, whole)? {
            Split::More if text.len() < LONGEST_HEAD => {}
            Split::Insert(head) => {
                let first = text.split_off(head.data);
                return Ok(Intake::Insert(Insert {
                    head,
                    first,
                    rest: body,
                }));
            }
            Split::Statement | Split::More => {
                read_rest(&mut body, &mut text)?;
                return Ok(Intake::Statement(text));
            }
        }
    }
}

/// Reads what is left of `body` behind `text`.
pub(super) fn read_rest(body: &mut impl BufRead, text: &mut Vec<u8>) -> Result<(), Failure> {
    while !read_piece(body, text)? {
        if text.len() > LONGEST_TEXT {
            return Err(failure::too_large(LONGEST_TEXT));
        }
    }
    Ok(())
}

/// Reads one piece; true at the end.
fn read_piece(body: &mut impl BufRead, text: &mut Vec<u8>) -> Result<bool, Failure> {
    let piece = body
        .fill_buf()
        .map_err(|error| failure::unreadable_body(&error))?;
    let length = piece.len();
    text.extend_from_slice(piece);
    body.consume(length);
    Ok(length == 0)
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    fn intake(query: &str, body: &[u8], piece: usize) -> Intake {
        read(
            query,
            Box::new(BufReader::with_capacity(piece, Cursor::new(body.to_vec()))),
        )
        .ok()
        .unwrap()
    }

    #[test]
    fn text_comes_from_query_and_body() {
        for (query, body, expected) in [
            ("select 1", "", "select 1\n"),
            ("", "select 1", "select 1"),
            ("select", "1", "select\n1"),
        ] {
            let Intake::Statement(text) = intake(query, body.as_bytes(), 3) else {
                panic!("{query}")
            };
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }

    #[test]
    fn data_is_kept_apart_wherever_it_is_cut() {
        for piece in 1..60 {
            let body = b"insert into t (a) format RowBinary\n\n\n\0data";
            let Intake::Insert(mut insert) = intake("", body, piece) else {
                panic!("{piece}")
            };
            read_rest(&mut insert.rest, &mut insert.first).unwrap();
            assert_eq!(insert.first, b"\n\n\0data", "{piece}");
            assert_eq!(insert.head.sql, "insert into t (a)");
        }
        let Intake::Insert(insert) = intake("INSERT INTO t FORMAT TSV", b"\n1", 100) else {
            panic!()
        };
        assert_eq!(insert.first, b"\n1");
    }
}
