//! A rate limit of a venue, as its spec describes it.

use std::time::Duration;

/// A rate limit of a venue: a maximum per window, counted per key, per address or per connection.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    name: &'static str,
    limit: u64,
    window: Duration,
    per_key: bool,
    per_connection: bool,
    counts_weight: bool,
    header: Option<&'static str>,
    longest_closing: Option<Duration>,
}

impl Limit {
    /// Describes a limit of `limit` requests in each window of `seconds`, counted per address.
    pub const fn new(name: &'static str, limit: u64, seconds: u64) -> Self {
        Self {
            name,
            limit,
            window: Duration::from_secs(seconds),
            per_key: false,
            per_connection: false,
            counts_weight: false,
            header: None,
            longest_closing: None,
        }
    }

    /// Counts requests per key instead of per address.
    pub const fn per_key(mut self) -> Self {
        self.per_key = true;
        self
    }

    /// Counts requests per connection instead of per address.
    pub const fn per_connection(mut self) -> Self {
        self.per_connection = true;
        self
    }

    /// Counts the weight of the requests instead of their number.
    pub const fn counts_weight(mut self) -> Self {
        self.counts_weight = true;
        self
    }

    /// Sets the response header that states how much of the limit is used.
    pub const fn with_header(mut self, header: &'static str) -> Self {
        self.header = Some(header);
        self
    }

    /// Sets the longest time in seconds for which the venue closes the limit after a refusal.
    pub const fn with_longest_closing(mut self, seconds: u64) -> Self {
        self.longest_closing = Some(Duration::from_secs(seconds));
        self
    }

    /// Returns the same limit with another maximum.
    pub(crate) const fn with_limit(mut self, limit: u64) -> Self {
        self.limit = limit;
        self
    }

    /// Returns the name in the spec.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the maximum per window.
    pub const fn limit(&self) -> u64 {
        self.limit
    }

    /// Returns the length of a window.
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// Returns whether requests are counted per connection. Such a limit is kept by the connection,
    /// for all of its requests, and is not in [`LimitsSnapshot`](crate::LimitsSnapshot).
    pub const fn is_per_connection(&self) -> bool {
        self.per_connection
    }

    /// Returns whether requests are counted per key (`true`), or per address or connection
    /// (`false`).
    pub const fn is_per_key(&self) -> bool {
        self.per_key
    }

    /// Returns whether the limit counts weight (`true`) or requests (`false`).
    pub const fn is_weighted(&self) -> bool {
        self.counts_weight
    }

    /// Returns the response header that states how much of the limit is used.
    pub const fn header(&self) -> Option<&'static str> {
        self.header
    }

    /// Returns the longest time for which the venue closes the limit after a refusal, if the spec
    /// states it.
    pub const fn longest_closing(&self) -> Option<Duration> {
        self.longest_closing
    }
}
