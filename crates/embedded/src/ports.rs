//! Loopback ports for the parts.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

/// Which port a part takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortChoice {
    /// This one, or a free one when it is taken.
    Default(u16),
    /// This one; that it is taken is an error.
    Exact(u16),
    /// Any free one.
    Free,
}

/// Which ports the parts take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The Kafka broker's.
    pub kafka: PortChoice,
    /// The ClickHouse HTTP interface's.
    pub clickhouse: PortChoice,
    /// The schema registry's.
    pub registry: PortChoice,
}

/// A port cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("port {port} for {part} cannot be used; is another program using it? Choose another port")]
pub struct PortError {
    part: &'static str,
    port: u16,
    #[source]
    source: io::Error,
}

impl Ports {
    /// Free ports for all parts.
    pub fn free() -> Self {
        Self {
            kafka: PortChoice::Free,
            clickhouse: PortChoice::Free,
            registry: PortChoice::Free,
        }
    }
}

impl PortChoice {
    /// Takes the port on the loopback address.
    pub(crate) fn listen(self, part: &'static str) -> Result<TcpListener, PortError> {
        let bind = |port| {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|source| PortError { part, port, source })
        };
        match self {
            Self::Exact(port) => bind(port),
            Self::Free => bind(0),
            Self::Default(port) => bind(port).or_else(|taken| {
                tracing::debug!(part, port, reason = %taken.source, "the usual port is taken; taking a free one");
                bind(0)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_gives_way_unless_it_was_asked_for() {
        let taken = PortChoice::Free.listen("test").expect("a free port");
        let port = taken.local_addr().expect("address").port();
        let other = PortChoice::Default(port).listen("test").expect("another port");
        assert_ne!(other.local_addr().expect("address").port(), port);
        let error = PortChoice::Exact(port).listen("Kafka").expect_err("taken");
        assert!(
            error.to_string().contains(&format!("port {port} for Kafka")),
            "{error}"
        );
    }
}
