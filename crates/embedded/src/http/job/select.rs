//! Runs a statement that brings no data and answers with its result, in one piece or as it comes.

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{Finish, Job, Lease, Outlet};
use crate::{
    engine::{Class, Failure, Outcome, Statement, Stats, Stream},
    http::{
        body::frames,
        failure,
        formats::{self, Chunks},
        reply::{Head, Piece, Reply, exception_block, exception_tag, message},
        sql,
    },
};

/// Chunks of a result that may wait for a slow client.
const AHEAD: usize = 4;

/// Settings that make a format's chunks more than pieces of the whole.
const BRACKETING: &[u8] = b"array_of_rows";

/// Runs `text`. A streamed answer has been sent but for its end.
pub(super) fn run(
    job: &Job,
    lease: &mut Lease,
    text: &[u8],
    class: Class,
    outlet: &mut Outlet,
) -> Result<Finish, Failure> {
    let default = formats::canonical(job.parameters.format.as_deref().unwrap_or("TabSeparated"));
    let format =
        sql::format_clause::find(text).map_or_else(|| default.clone(), |name| formats::canonical(&name));
    let statement = Statement {
        sql: text,
        format: &default,
        params: &job.parameters.params,
    };
    let shape = Shape {
        chunks: formats::chunks(&format),
        compress: job.parameters.compress,
        format,
    };
    if class == Class::ReadOnly && may_stream(job, lease, text, shape.chunks) {
        match lease.connection().stream(statement) {
            Ok(stream) => return Streamed { job, shape, outlet }.run(stream),
            Err(failure) if failure.message.contains("Streaming query is not supported") => {}
            Err(failure) => return Err(failure),
        }
    }
    let outcome = lease.connection().query(statement)?;
    Ok(Finish::Answer(whole(shape, class, outcome)))
}

/// What is known of the result's form.
struct Shape {
    format: String,
    chunks: Chunks,
    /// Whether it goes out in native frames.
    compress: bool,
}

impl Shape {
    fn encode(&self, bytes: Bytes) -> Bytes {
        if self.compress {
            Bytes::from(frames::write(&bytes))
        } else {
            bytes
        }
    }
}

fn may_stream(job: &Job, lease: &Lease, text: &[u8], chunks: Chunks) -> bool {
    let has_bracketing = |bytes: &[u8]| bytes.windows(BRACKETING.len()).any(|window| window == BRACKETING);
    chunks != Chunks::Whole
        && !job.parameters.wait_end_of_query
        && !lease.is_kept()
        && matches!(sql::first_word(text).as_str(), "SELECT" | "WITH" | "FROM")
        && !has_bracketing(text)
        && !job
            .parameters
            .settings
            .iter()
            .any(|(name, _)| has_bracketing(name.as_bytes()))
}

fn whole(shape: Shape, class: Class, outcome: Outcome) -> Reply {
    let has_result = class == Class::ReadOnly || !outcome.bytes().is_empty();
    let stats = outcome.stats();
    let bytes = shape.encode(Bytes::from_owner(outcome));
    Reply::Whole(
        Head {
            format: has_result.then_some(shape.format),
            stats,
            ..Head::default()
        },
        bytes,
    )
}

/// Answers with a stream.
struct Streamed<'a> {
    job: &'a Job,
    shape: Shape,
    outlet: &'a mut Outlet,
}

impl Streamed<'_> {
    /// Two chunks are fetched before the answer begins: most results have but one and then are answered whole, and
    /// most errors come before that and then have a status of their own.
    fn run(self, mut stream: Stream<'_>) -> Result<Finish, Failure> {
        let Some(first) = stream.next_chunk()? else {
            return Ok(self.whole(Stats::default(), Bytes::new()));
        };
        let stats = first.stats();
        let first = self.piece(first, true)?;
        let Some(second) = stream.next_chunk()? else {
            return Ok(self.whole(stats, first));
        };
        let second = self.piece(second, false)?;
        let tag = exception_tag();
        let head = Head {
            format: Some(self.shape.format.clone()),
            stats,
            exception_tag: tag.clone(),
        };
        let (sender, receiver) = mpsc::channel(AHEAD);
        if !self.outlet.send(Reply::Stream(head, receiver)) {
            return Ok(Finish::Break(None));
        }
        let pieces = Pieces {
            sender,
            streamed: &self,
        };
        let ended = pieces
            .send(first)
            .and_then(|()| pieces.send(second))
            .and_then(|()| pieces.send_rest(&mut stream));
        Ok(pieces.end(ended, &tag))
    }

    fn whole(self, stats: Stats, bytes: Bytes) -> Finish {
        let bytes = self.shape.encode(bytes);
        let head = Head {
            format: Some(self.shape.format),
            stats,
            ..Head::default()
        };
        Finish::Answer(Reply::Whole(head, bytes))
    }

    /// The chunk's bytes, without a header that is not the first.
    fn piece(&self, chunk: Outcome, first: bool) -> Result<Bytes, Failure> {
        let bytes = Bytes::from_owner(chunk);
        match self.shape.chunks {
            Chunks::RepeatHeader { types } if !first => {
                let header = formats::header_length(&bytes, types)
                    .ok_or_else(|| failure::internal("A chunk of the result has no header"))?;
                Ok(bytes.slice(header..))
            }
            _ => Ok(bytes),
        }
    }
}

/// Sends the pieces of a streamed answer.
struct Pieces<'a> {
    sender: mpsc::Sender<Piece>,
    streamed: &'a Streamed<'a>,
}

/// Why a streamed answer ends early.
enum Stop {
    /// The client has gone.
    Gone,
    Failed(Failure),
}

impl Pieces<'_> {
    fn send(&self, bytes: Bytes) -> Result<(), Stop> {
        let bytes = self.streamed.shape.encode(bytes);
        self.sender
            .blocking_send(Piece::Data(bytes))
            .map_err(|_| Stop::Gone)
    }

    fn send_rest(&self, stream: &mut Stream<'_>) -> Result<(), Stop> {
        while let Some(chunk) = stream.next_chunk().map_err(Stop::Failed)? {
            self.send(self.streamed.piece(chunk, false).map_err(Stop::Failed)?)?;
        }
        Ok(())
    }

    fn end(self, ended: Result<(), Stop>, tag: &str) -> Finish {
        match ended {
            Ok(()) => Finish::End(self.sender),
            Err(Stop::Failed(failure)) => {
                let text = message(&failure, self.streamed.job.engine.version());
                let _ = self.send(Bytes::from(exception_block(&text, tag)));
                Finish::Break(Some(self.sender))
            }
            Err(Stop::Gone) => Finish::Break(None),
        }
    }
}
