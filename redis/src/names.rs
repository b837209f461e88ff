//! The keys in Redis.
//!
//! All keys of a venue have one hash tag, so that they are on one node of a cluster, and a script
//! can use them together.

use venuekit::state::{KeyDigest, SharedLimit};

/// The beginning of all keys of a program.
#[derive(Clone, Debug)]
pub(crate) struct Names(pub(crate) String);

impl Names {
    fn of(&self, venue: &str, kind: &str, name: &str) -> String {
        format!("{{{}:{venue}}}:{kind}:{name}", self.0)
    }

    /// Returns the hash and the sorted set of a limit.
    pub(crate) fn limit(&self, limit: &SharedLimit) -> [String; 2] {
        ["limit", "ends"].map(|kind| self.of(limit.venue(), kind, limit.name()))
    }

    pub(crate) fn nonces(&self, venue: &str, key: KeyDigest) -> String {
        self.of(venue, "nonces", &key.to_string())
    }

    pub(crate) fn turn(&self, venue: &str, key: KeyDigest) -> String {
        self.of(venue, "turn", &key.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn all_keys_of_a_venue_have_one_hash_tag() {
        let names = Names("desk".to_owned());
        let limit = SharedLimit::new("jex", "orders/2/key/{x}", 2, Duration::from_secs(1));
        let key = KeyDigest::from_sha256([7; 32]);
        let mut keys = names.limit(&limit).to_vec();
        keys.extend([names.nonces("jex", key), names.turn("jex", key)]);
        for key in keys {
            assert!(key.starts_with("{desk:jex}:"), "{key}");
        }
    }
}
