//! `quarterday rejected ...`

use clap::{Args, Subcommand};
use quarterday_kafka::Place;

use super::{Format, Target};

/// `quarterday rejected`
#[derive(Debug, Subcommand)]
pub enum Rejected {
    /// What waits, by feed, partner and reason, with what to do; or message by message
    #[command(
        after_help = "Listed are messages in quarantine, and accepted ones that do not count: conflicts and orphans. What was put through \
                            again and accepted, or discarded, is left out.\n\n\
                            Examples:\n  quarterday rejected list\n  quarterday rejected list --feed cctv-incidents --messages"
    )]
    List(RejectedList),
    /// Show one message as far as it can be read, with the place of the fault
    #[command(after_help = "Example:\n  quarterday rejected show returns.cctv-incidents/0/17")]
    Show(RejectedShow),
    /// Put messages in quarantine through again, after code lists, schemas or data were mended
    #[command(
        after_help = "Each goes as a new message to its topic, with a header that names the first one; however often it is put through, \
                            it counts once. Without ids: all that wait.\n\n\
                            Examples:\n  quarterday rejected replay --reason unknown-code\n  \
                            quarterday rejected replay returns.cctv-incidents/0/17\n\n\
                            Exit code 1 when some were rejected again."
    )]
    Replay(RejectedReplay),
    /// Decide that nothing is to be done about a message; the decision is a message too, and nothing is deleted
    #[command(
        after_help = "Example:\n  quarterday rejected discard returns.cctv-incidents/0/17 --why TEST_DATA"
    )]
    Discard(RejectedDiscard),
}

/// `quarterday rejected list`
#[derive(Debug, Args)]
pub struct RejectedList {
    /// Only this feed
    #[arg(long)]
    pub feed: Option<String>,
    /// Only this reason
    #[arg(long)]
    pub reason: Option<String>,
    /// One line per message, newest first
    #[arg(long)]
    pub messages: bool,
    /// Those too that are mended or discarded
    #[arg(long)]
    pub all: bool,
    /// At most so many messages
    #[arg(long, default_value_t = 1000, requires = "messages")]
    pub limit: u32,
    /// Where to read
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday rejected show`
#[derive(Debug, Args)]
pub struct RejectedShow {
    /// Id as 'rejected list --messages' prints it: topic/partition/offset
    pub id: Place,
    /// Where to read
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday rejected replay`
#[derive(Debug, Args)]
pub struct RejectedReplay {
    /// Ids as 'rejected list --messages' prints them
    pub ids: Vec<Place>,
    /// Only this feed
    #[arg(long)]
    pub feed: Option<String>,
    /// Only this reason
    #[arg(long)]
    pub reason: Option<String>,
    /// Where they wait
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `quarterday rejected discard`
#[derive(Debug, Args)]
pub struct RejectedDiscard {
    /// Id as 'rejected list --messages' prints it
    pub id: Place,
    /// Why: a code of the list discard_reason, such as TEST_DATA; no free text, which must not reach Kafka
    #[arg(long, value_name = "CODE")]
    pub why: String,
    /// Where it waits
    #[command(flatten)]
    pub target: Target,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
