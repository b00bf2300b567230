//! The ClickHouse schema over time.

mod under_way;
mod upgrade;
