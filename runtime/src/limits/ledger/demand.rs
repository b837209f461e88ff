//! The places that a call needs, and the results of the ledger.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

/// The id of a counter in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::limits) struct CounterId(pub(super) u64);

/// A counter, and the weight that a call needs in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::limits) struct Want {
    pub(in crate::limits) counter: CounterId,
    pub(in crate::limits) weight: u64,
}

/// All places that a call needs: one in each of its limits.
pub(in crate::limits) type Demand = Arc<[Want]>;

/// The reason why a call gets no place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::limits) struct Full {
    /// The shortest time until there is room, as far as is known.
    pub(in crate::limits) wait: Duration,
    /// The counter that opens last.
    pub(in crate::limits) counter: Option<CounterId>,
    /// True if the venue closed that limit; false if it is used up.
    pub(in crate::limits) is_closed: bool,
}

/// The state of a counter as a snapshot shows it.
#[derive(Clone, Copy, Debug)]
pub(in crate::limits) struct Reading {
    pub(in crate::limits) used: u64,
    /// The time until it opens again; `None` if it is open.
    pub(in crate::limits) closed: Option<Duration>,
}

/// A refusal by 429 or 418.
#[derive(Clone, Copy, Debug)]
pub(in crate::limits) struct Refusal<'a> {
    pub(in crate::limits) counters: &'a [CounterId],
    /// The time at which the refused request was sent.
    pub(in crate::limits) sent_at: Instant,
    /// The waiting time that the venue stated.
    pub(in crate::limits) stated: Option<Duration>,
    /// The longest stated time that is accepted; `None` for the longest closing of each counter.
    pub(in crate::limits) most: Option<Duration>,
}

/// The result of a closing.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::limits) struct Closed {
    pub(in crate::limits) wait: Duration,
    /// True if the venue stated a longer time than is accepted.
    pub(in crate::limits) is_capped: bool,
}
