//! The events of a subscription.

use std::fmt;
use std::time::{Duration, SystemTime};

/// An event of a subscription.
///
/// After [`Interrupted`](Self::Interrupted), nothing that was received before is current. It stays
/// so until the next [`Snapshot`](Self::Snapshot), or, if the family has no snapshots, until
/// [`Resumed`](Self::Resumed).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<T> {
    /// A whole state, which replaces everything before it.
    Snapshot(T),
    /// A change, or the next whole state of a topic.
    Update(T),
    /// Something that happened during an interruption, in the form of an update: a difference that
    /// a query found, or a notification that came before the query was sent. They come in the order
    /// in which the venue sent them.
    Recovered(T),
    /// The subscription is interrupted. It is being made again.
    Interrupted(Interrupted),
    /// The subscription is made again. The events that the queries found come before this one.
    Resumed(Resumed),
    /// Nothing came for the set time, although the connection is alive. The venue may have ended
    /// the subscription silently.
    Stale(Stale),
}

impl<T> Event<T> {
    /// Returns the value of a snapshot, an update or a recovered difference.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Snapshot(value) | Self::Update(value) | Self::Recovered(value) => Some(value),
            Self::Interrupted(_) | Self::Resumed(_) | Self::Stale(_) => None,
        }
    }

    /// Returns the event with its value replaced.
    ///
    /// # Errors
    ///
    /// When `change` fails.
    pub fn try_map<U, E>(self, change: impl FnOnce(T) -> Result<U, E>) -> Result<Event<U>, E> {
        Ok(match self {
            Self::Snapshot(value) => Event::Snapshot(change(value)?),
            Self::Update(value) => Event::Update(change(value)?),
            Self::Recovered(value) => Event::Recovered(change(value)?),
            Self::Interrupted(interrupted) => Event::Interrupted(interrupted),
            Self::Resumed(resumed) => Event::Resumed(resumed),
            Self::Stale(stale) => Event::Stale(stale),
        })
    }
}

/// The beginning of an interruption.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interrupted {
    pub(super) since: SystemTime,
    pub(super) reason: Reason,
}

impl Interrupted {
    /// Returns the time of the last message before the interruption. What happened later may be
    /// missing.
    pub fn since(&self) -> SystemTime {
        self.since
    }

    /// Returns the reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

/// The reason of an interruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The connection broke, or was given up after a silence.
    Disconnected,
    /// The consumer was too slow, and its buffer was full. The subscription is made again when the
    /// consumer has read this event.
    Overflow,
    /// The venue refused a call about the subscriptions of the family, and may have ended them all.
    Replaced,
    /// A notification could not be read, so that a change is missing.
    Undecodable,
    /// The consumer asked for it with [`Subscription::renew`](super::Subscription::renew).
    Renewed,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disconnected => "disconnected",
            Self::Overflow => "buffer full",
            Self::Replaced => "replaced",
            Self::Undecodable => "undecodable",
            Self::Renewed => "renewed",
        })
    }
}

/// The end of an interruption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resumed {
    pub(super) gap: Duration,
    pub(super) missing: Vec<String>,
    pub(super) may_have_hole: bool,
    pub(super) recovery_failed: Option<String>,
}

impl Resumed {
    /// Returns the length of the interruption.
    pub fn gap(&self) -> Duration {
        self.gap
    }

    /// Returns the ids of the entities of which this subscription told that they were open, and
    /// that the query did not return, such as orders that were filled or cancelled meanwhile. Look
    /// each of them up. An entity of which no event told is not among them.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Returns whether events of the interruption may be missing: the family has single events and
    /// no query for them, the query failed, or its response was full.
    ///
    /// It is always true for families whose entities end, such as orders, because the query returns
    /// only open ones. It does not show an order that began and ended meanwhile, nor the fills of
    /// one that ended. Compare with the calls of the venue for the history of orders and balances.
    pub fn may_have_hole(&self) -> bool {
        self.may_have_hole
    }

    /// Returns the reason why the query for the missed events failed.
    pub fn recovery_failed(&self) -> Option<&str> {
        self.recovery_failed.as_deref()
    }
}

/// A silence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stale {
    pub(super) since: SystemTime,
}

impl Stale {
    /// Returns the time of the last notification, or of the beginning of the subscription.
    pub fn since(&self) -> SystemTime {
        self.since
    }
}
