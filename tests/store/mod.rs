//! The ClickHouse schema over time.

mod upgrade;
