//! The rules by which clients share a counter.
//!
//! A limit that the venue counts per key belongs to the credentials: all clones of one value share
//! it, in any number of clients. A limit that the venue counts per address belongs to the process:
//! clients that reach the same origin from the same egress share it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[cfg(feature = "reqwest")]
use url::Url;

use crate::operation::limit::Limit;
use crate::state::KeyDigest;

/// The rate limits that a venue counts for one key. Clones share them.
///
/// Credentials keep a value of this type, as they keep their [`Nonces`](crate::signing::Nonces),
/// and return it from [`Signer::limits`](crate::signing::Signer::limits). One value can be used for
/// several venues: the limits of each venue are counted separately. Two values are equal if one is
/// a clone of the other.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyLimits {
    id: u64,
}

impl KeyLimits {
    /// Creates the limits of a key that was not used yet.
    pub fn new() -> Self {
        Self { id: next_id() }
    }
}

impl Default for KeyLimits {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for KeyLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyLimits").finish_non_exhaustive()
    }
}

/// The address from which requests go out, as far as this process knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Egress {
    /// The machine's own address.
    #[cfg(feature = "reqwest")]
    Machine,
    /// A proxy, by its host and port.
    #[cfg(feature = "reqwest")]
    Proxy(String),
    /// The name that the user set.
    Named(String),
    /// Unknown, because the transport is the user's own. No other client shares it, except clones.
    Unknown(u64),
}

impl Egress {
    /// Returns the egress through a proxy to an origin. Plain http does not go through proxies.
    #[cfg(feature = "reqwest")]
    pub(crate) fn through(proxy: Option<&str>, origin: &str) -> Self {
        match proxy.filter(|_| origin.starts_with("https:")) {
            None => Self::Machine,
            // Only the origin is kept: the rest of the URL may hold a password.
            Some(proxy) => Self::Proxy(Url::parse(proxy).map_or_else(
                |_| String::new(),
                |url| format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0)),
            )),
        }
    }

    /// Returns the egress of a transport about which nothing is known.
    pub(crate) fn unknown() -> Self {
        Self::Unknown(next_id())
    }
}

/// The identity of a counter among all counters of a venue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CounterKey {
    name: &'static str,
    // Two versions of a spec in one process count separately.
    limit: u64,
    window: Duration,
    counts_weight: bool,
    counted_for: CountedFor,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum CountedFor {
    Key(u64),
    Address { origin: String, egress: Egress },
}

/// The key, origin and egress for which a client's limits are counted.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    /// Without a key, limits per key are counted per address.
    pub(crate) key: Option<&'a KeyLimits>,
    pub(crate) origin: &'a str,
    pub(crate) egress: &'a Egress,
}

impl Scope<'_> {
    pub(super) fn key_of(&self, limit: &Limit) -> CounterKey {
        let counted_for = match self.key.filter(|_| limit.is_per_key()) {
            Some(key) => CountedFor::Key(key.id),
            None => CountedFor::Address { origin: self.origin.to_owned(), egress: self.egress.clone() },
        };
        CounterKey {
            name: limit.name(),
            limit: limit.limit(),
            window: limit.window(),
            counts_weight: limit.is_weighted(),
            counted_for,
        }
    }

    /// Returns the name of a limit in a store that several processes share. Returns `None` for a
    /// limit per address if the user did not name the egress: another process cannot know whether
    /// it sends from the same address.
    pub(super) fn name_in_store(&self, limit: &Limit, key: Option<KeyDigest>) -> Option<String> {
        let (name, maximum, window) = (limit.name(), limit.limit(), limit.window().as_millis());
        let counted_for = match (key.filter(|_| limit.is_per_key()), self.egress) {
            (Some(key), _) => format!("key/{key}"),
            (None, Egress::Named(egress)) => format!("address/{}/{egress}", self.origin),
            (None, _) => return None,
        };
        let unit = if limit.is_weighted() { "weight" } else { "requests" };
        // Two versions of a spec count separately.
        Some(format!("{name}/{maximum}/{window}/{unit}/{counted_for}"))
    }
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(all(test, feature = "reqwest"))]
mod tests {
    use super::*;

    #[test]
    fn an_egress_through_a_proxy_is_identified_by_host_and_port_without_the_password() {
        let proxy = |url| Egress::through(Some(url), "https://venue.test");
        assert_eq!(proxy("http://user:secret@proxy.test:8080"), Egress::Proxy("proxy.test:8080".to_owned()));
        assert_eq!(proxy("https://proxy.test"), Egress::Proxy("proxy.test:443".to_owned()));
        assert_eq!(Egress::through(Some("http://proxy.test"), "http://venue.test"), Egress::Machine);
        assert_eq!(Egress::through(None, "https://venue.test"), Egress::Machine);
        assert_ne!(Egress::unknown(), Egress::unknown());
    }
}
