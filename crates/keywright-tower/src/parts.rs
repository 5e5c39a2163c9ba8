//! What of an `http` request the facade is told.

use http::HeaderMap;
use http::request::Parts;
use keywright::RequestParts;
use std::net::SocketAddr;

/// The address at the other end of the connection, for servers that have no way of their own to say
/// it: put it into the request's extensions. (axum's `ConnectInfo<SocketAddr>` is read too.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// What is owned of a request, so that the facade can borrow it.
pub(crate) struct Borrowed<'a> {
    parts: &'a Parts,
    headers: Vec<(&'a str, &'a [u8])>,
    target: &'a str,
    peer: Option<String>,
}

impl<'a> Borrowed<'a> {
    pub(crate) fn new(parts: &'a Parts) -> Self {
        let target = parts.uri.path_and_query();
        Self {
            parts,
            headers: pairs(&parts.headers),
            target: target.map_or("/", http::uri::PathAndQuery::as_str),
            peer: peer(parts).map(|address| address.ip().to_string()),
        }
    }

    pub(crate) fn with<'s>(&'s self, body: &'s [u8]) -> RequestParts<'s> {
        RequestParts {
            method: self.parts.method.as_str(),
            target: self.target,
            headers: &self.headers,
            peer: self.peer.as_deref(),
            body,
        }
    }
}

fn pairs(headers: &HeaderMap) -> Vec<(&str, &[u8])> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect()
}

fn peer(parts: &Parts) -> Option<SocketAddr> {
    if let Some(Peer(address)) = parts.extensions.get() {
        return Some(*address);
    }
    #[cfg(feature = "axum")]
    if let Some(axum::extract::ConnectInfo(address)) = parts
        .extensions
        .get::<axum::extract::ConnectInfo<SocketAddr>>()
    {
        return Some(*address);
    }
    None
}
