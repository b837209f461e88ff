//! The reasons why nothing was reserved for a call.

use std::time::Duration;

use crate::error::outcome::BoxError;

/// The reason why a call gets no place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom {
    /// The limit that opens last.
    pub(crate) limit: &'static str,
    /// True if the venue closed it; false if it is used up.
    pub(crate) is_closed: bool,
    /// True if the shared state lost counts of the limit, and waits until they have ended.
    pub(crate) is_recovering: bool,
    /// The shortest time until there is room, as far as is known.
    pub(crate) wait: Duration,
}

/// The reason why nothing was reserved for a call.
#[derive(Debug)]
pub(crate) enum NotReserved {
    NoRoom(NoRoom),
    /// As `NoRoom`, by the index of the limit.
    NoPlace {
        index: usize,
        is_closed: bool,
        is_recovering: bool,
        wait: Duration,
    },
    /// The time of the call ran out.
    TooLate,
    /// The shared state cannot be used.
    Away(BoxError),
}
