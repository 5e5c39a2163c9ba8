//! Whose address counts: the peer's, or, where the peer is a proxy that is trusted, the last one in
//! `X-Forwarded-For` that no trusted proxy has. Read from the right: what stands further left was
//! written by whoever sent the request.

use super::RequestParts;
use keywright_core::Result;
use keywright_core::networks::Networks;
use std::net::{IpAddr, SocketAddr};

/// The word for a peer without an address.
const UNIX: &str = "unix";

/// The proxies whose word is taken.
#[derive(Clone, Debug, Default)]
pub(super) struct TrustedProxies {
    networks: Option<Networks>,
    without_address: bool,
}

impl TrustedProxies {
    pub(super) fn parse(list: &[String]) -> Result<Self> {
        let networks: Vec<&str> = list
            .iter()
            .map(String::as_str)
            .filter(|text| *text != UNIX)
            .collect();
        Ok(Self {
            networks: match networks.as_slice() {
                [] => None,
                some => Some(Networks::parse(Some(some))?),
            },
            without_address: networks.len() < list.len(),
        })
    }

    fn trusts(&self, address: Option<IpAddr>) -> bool {
        match address {
            None => self.without_address,
            Some(_) => self
                .networks
                .as_ref()
                .is_some_and(|networks| networks.allow(address)),
        }
    }
}

/// The address that a request comes from; `None` where nobody can say.
pub(super) fn address(request: &RequestParts<'_>, trusted: &TrustedProxies) -> Option<IpAddr> {
    let mut address = match request.peer {
        None => None,
        // A peer that is something else (a test client's name, say) is nobody, and no proxy.
        Some(text) => Some(parse(text)?),
    };
    let hops = request
        .header("x-forwarded-for")
        .rev()
        .flat_map(|value| value.rsplit(|byte| *byte == b','));
    for hop in hops {
        if !trusted.trusts(address) {
            return address;
        }
        address = Some(parse(std::str::from_utf8(hop).ok()?)?);
    }
    address
}

/// An address, with or without a port.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches([' ', '\t']);
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare
        .parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()))
        .ok()?;
    Some(IpAddr::to_canonical(&address))
}
