//! placeholder until the synthetic set lands
/// .
pub struct Statement {
    /// .
    pub feed: &'static str,
    /// .
    pub partner: &'static str,
    /// .
    pub reference: String,
    /// .
    pub payload: Payload,
}
/// .
pub enum Payload {
    /// .
    Record(serde_json::Value),
    /// .
    Raw(Vec<u8>),
    /// .
    UnknownSchema,
}
/// .
pub struct Summary {
    /// .
    pub bad: usize,
}
impl Summary {
    /// .
    pub fn of(_: &[Statement]) -> Self {
        Summary { bad: 0 }
    }
}
/// .
pub fn review(_seed: u64) -> Vec<Statement> {
    Vec::new()
}
