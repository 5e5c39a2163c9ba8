//! The networks that a key may be used from: CIDR blocks, IPv4 and IPv6.

use crate::error::{Error, Result};
use ipnet::IpNet;
use std::net::IpAddr;

/// How many networks a key can name.
pub const MAX_NETWORKS: usize = 64;

/// Where a key may be used from: anywhere, or within one of some networks.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Networks(Option<Vec<IpNet>>);

impl Networks {
    /// Reads CIDR blocks or single addresses; `None` means anywhere. An empty list is refused,
    /// since such a key could never be used.
    pub fn parse<S: AsRef<str>>(list: Option<&[S]>) -> Result<Self> {
        let Some(list) = list else {
            return Ok(Self(None));
        };
        if list.is_empty() || list.len() > MAX_NETWORKS {
            return Err(Error::invalid(format!(
                "a key names 1 to {MAX_NETWORKS} networks, or none at all"
            )));
        }
        let mut networks = list
            .iter()
            .map(|text| parse_network(text.as_ref()))
            .collect::<Result<Vec<_>>>()?;
        networks.sort_unstable();
        networks.dedup();
        Ok(Self(Some(networks)))
    }

    /// Whether a use from `address` is allowed. Where networks are named, an unknown address is
    /// not. An IPv4 address in IPv6's mapped form counts as the IPv4 address that it is.
    #[must_use]
    pub fn allow(&self, address: Option<IpAddr>) -> bool {
        match (&self.0, address) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(networks), Some(address)) => {
                let address = address.to_canonical();
                networks
                    .iter()
                    .any(|network| network.contains(&address) || mapped_contains(network, address))
            }
        }
    }

    /// The blocks as text; `None` for anywhere.
    #[must_use]
    pub fn to_list(&self) -> Option<Vec<String>> {
        Some(self.0.as_ref()?.iter().map(ToString::to_string).collect())
    }
}

/// The length of the prefix that IPv4 addresses have in IPv6's mapped form.
const MAPPED_PREFIX: u8 = 96;

/// Whether a network that was written in the mapped form holds this IPv4 address.
fn mapped_contains(network: &IpNet, address: IpAddr) -> bool {
    match (network, address) {
        (IpNet::V6(network), IpAddr::V4(address)) => {
            network.prefix_len() >= MAPPED_PREFIX && network.contains(&address.to_ipv6_mapped())
        }
        _ => false,
    }
}

/// Reads an address as it is presented with a use.
pub fn parse_address(text: &str) -> Result<IpAddr> {
    text.parse().map_err(|_| {
        Error::invalid("that is not an IP address").hint("for example 203.0.113.7 or 2001:db8::1")
    })
}

fn parse_network(text: &str) -> Result<IpNet> {
    let parsed = match text.parse::<IpNet>() {
        // Cut to its prefix it would be another network, and none that holds the address.
        Ok(IpNet::V6(network))
            if network.addr().to_ipv4_mapped().is_some()
                && network.prefix_len() < MAPPED_PREFIX =>
        {
            None
        }
        Ok(network) => Some(network.trunc()),
        Err(_) => text.parse::<IpAddr>().ok().map(IpNet::from),
    };
    parsed.ok_or_else(|| {
        Error::invalid("that is not a network").hint("for example 203.0.113.0/24 or 2001:db8::/32")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_must_come_from_a_named_network() {
        let networks =
            Networks::parse(Some(&["10.1.2.3/8", "2001:db8::/32", "192.0.2.7"])).unwrap();
        for (address, good) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("2001:db8::1", true),
            ("2001:db9::1", false),
            ("::ffff:10.0.0.1", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
        ] {
            assert_eq!(
                networks.allow(Some(address.parse().unwrap())),
                good,
                "{address}"
            );
        }
        assert!(!networks.allow(None));
        assert!(Networks::default().allow(None));
        assert_eq!(networks.to_list().unwrap()[0], "10.0.0.0/8");
    }

    #[test]
    fn a_network_in_the_mapped_form_is_the_ipv4_network_that_it_is() {
        let networks = Networks::parse(Some(&["::ffff:10.0.0.0/104", "::ffff:192.0.2.7"])).unwrap();
        for (address, good) in [
            ("10.255.0.1", true),
            ("::ffff:10.0.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("::1", false),
        ] {
            let allowed = networks.allow(Some(address.parse().unwrap()));
            assert_eq!(allowed, good, "{address}");
        }
        // It reads back as it is stored: seals cover it.
        let list = networks.to_list().unwrap();
        assert_eq!(Networks::parse(Some(&list)).unwrap(), networks);
        let all_of_ipv6 = Networks::parse(Some(&["::/0"])).unwrap();
        assert!(!all_of_ipv6.allow(Some("192.0.2.7".parse().unwrap())));
    }

    #[test]
    fn anything_else_is_no_network() {
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0",
            "fe80::1%eth0",
            "localhost",
            "10.0.0.0/-1",
            "::ffff:10.0.0.1/64",
        ] {
            assert!(Networks::parse(Some(&[bad])).is_err(), "{bad}");
        }
        assert!(Networks::parse::<&str>(Some(&[])).is_err());
    }
}
