//! Runs an insert: its data goes to the engine as it arrives.

use bytes::Bytes;

use super::{Job, Lease, intake};
use crate::{
    engine::Failure,
    http::{
        failure,
        reply::{Head, Reply},
        sql,
    },
};

/// Hands the data over and waits until it is stored. When the body breaks off, nothing of it is committed.
pub(super) fn run(job: &Job, lease: &mut Lease, insert: intake::Insert) -> Result<Reply, Failure> {
    let intake::Insert {
        head,
        mut first,
        mut rest,
    } = insert;
    lease.set_params(&job.parameters.params)?;
    let format = head
        .format
        .or_else(|| job.parameters.format.clone())
        .unwrap_or_else(|| "Values".to_owned());
    if format.eq_ignore_ascii_case("Values") {
        // Its rows are expressions, which the engine evaluates, so they have to be judged like a statement.
        intake::read_rest(&mut rest, &mut first)?;
        check_values(&first, job)?;
    }
    let mut open = lease.connection().insert(&head.sql, &format)?;
    if !first.is_empty() {
        open.append(&first)?;
    }
    drop(first);
    loop {
        let piece = rest
            .fill_buf()
            .map_err(|error| failure::unreadable_body(&error))?;
        if piece.is_empty() {
            break;
        }
        open.append(piece)?;
        let length = piece.len();
        rest.consume(length);
    }
    let stats = open.finish()?;
    Ok(Reply::Whole(
        Head {
            stats,
            ..Head::default()
        },
        Bytes::new(),
    ))
}

fn check_values(rows: &[u8], job: &Job) -> Result<(), Failure> {
    if rows.trim_ascii().is_empty() {
        return Err(failure::syntax("Syntax error: INSERT … VALUES without rows"));
    }
    // The engine would stop at a semicolon and leave the rows behind it out without a word.
    sql::require_one_statement(rows)?;
    sql::refuse::check(rows, &job.parameters.params)
}
