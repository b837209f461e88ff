//! A rate limit of a venue, as its spec describes it.

use std::time::Duration;

/// A limit of a venue: so much in a window, counted per key or per address.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    name: &'static str,
    limit: u64,
    window: Duration,
    per_key: bool,
    counts_weight: bool,
    header: Option<&'static str>,
}

impl Limit {
    /// `limit` requests in each window of `seconds`, counted per address.
    pub const fn new(name: &'static str, limit: u64, seconds: u64) -> Self {
        Self { name, limit, window: Duration::from_secs(seconds), per_key: false, counts_weight: false, header: None }
    }

    /// Counted per key.
    pub const fn per_key(mut self) -> Self {
        self.per_key = true;
        self
    }

    /// Counts the weight of the operations, not their number.
    pub const fn counts_weight(mut self) -> Self {
        self.counts_weight = true;
        self
    }

    /// The header by which a reply tells what is used up.
    pub const fn with_header(mut self, header: &'static str) -> Self {
        self.header = Some(header);
        self
    }

    /// Its name in the spec.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How much fits into a window.
    pub const fn limit(&self) -> u64 {
        self.limit
    }

    /// The length of a window.
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// Whether it is counted per key, else per address.
    pub const fn is_per_key(&self) -> bool {
        self.per_key
    }

    /// Whether it counts weight, else requests.
    pub const fn is_weighted(&self) -> bool {
        self.counts_weight
    }

    /// The header by which a reply tells what is used up.
    pub const fn header(&self) -> Option<&'static str> {
        self.header
    }
}
