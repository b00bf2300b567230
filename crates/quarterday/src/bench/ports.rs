//! Free loopback ports for programs that must be told theirs beforehand.

use std::net::{Ipv4Addr, TcpListener};

use rand::Rng;

use super::Error;

/// Below the range from which systems take ports for outgoing connections, so that none of those takes a port between
/// its choice and its use.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// How many ports are tried for each that is wanted.
const TRIES: usize = 200;

/// So many different ports that nobody listens on now.
pub(super) fn free(count: usize) -> Result<Vec<u16>, Error> {
    let mut rng = rand::rng();
    // All are held until all are found: none is given twice.
    let mut held = Vec::with_capacity(count);
    for _ in 0..count.saturating_mul(TRIES) {
        if held.len() == count {
            break;
        }
        held.extend(TcpListener::bind((Ipv4Addr::LOCALHOST, rng.random_range(RANGE))));
    }
    if held.len() < count {
        let source = std::io::Error::from(std::io::ErrorKind::AddrInUse);
        return Err(Error::io(format!(
            "find {count} free ports from {} to {}",
            RANGE.start, RANGE.end
        ))(source));
    }
    held.iter()
        .map(|listener| listener.local_addr().map(|address| address.port()))
        .collect::<Result<_, _>>()
        .map_err(Error::io("read a port's number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_free_and_different() {
        let mut ports = free(20).unwrap();
        for port in &ports {
            TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).unwrap();
        }
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 20);
    }
}
