//! The reason why no response came.

use std::fmt;
use std::time::Duration;

use crate::error::outcome::BoxError;

/// The reason why no response came, and whether the request may have been sent.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) stage: Stage,
    pub(crate) source: BoxError,
}

/// The stage that a request without a response reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The request cannot be sent as it is.
    Unsendable,
    /// No connection was established.
    NotConnected,
    /// The time ran out before a connection was established.
    ConnectTimedOut,
    /// The request may have been sent.
    MaybeSent,
    /// The request may have been sent, and the time ran out.
    TimedOut,
    /// A limit of the connection has no room before this time has passed.
    Throttled { wait: Duration },
    /// The connection could not be logged in.
    NotLoggedIn,
}

impl Stage {
    /// Returns whether the venue may have received the request.
    pub(crate) fn may_have_arrived(self) -> bool {
        matches!(self, Self::MaybeSent | Self::TimedOut)
    }
}

impl TransportError {
    /// Creates the error for a request that can never be sent as it is.
    pub fn unsendable(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::Unsendable, source: source.into() }
    }

    /// Creates the error for a request that was not sent, because no connection was established.
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::NotConnected, source: source.into() }
    }

    /// Creates the error for a request that was not sent, because the time allowed ran out before a
    /// connection was established.
    pub fn connect_timed_out(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::ConnectTimedOut, source: source.into() }
    }

    /// Creates the error for a request that was not sent, because a limit of its connection is used
    /// up. There is room after this time.
    pub fn throttled(limit: &str, wait: Duration) -> Self {
        let message = format!("the rate limit `{limit}` of the connection is used up");
        Self { stage: Stage::Throttled { wait }, source: message.into() }
    }

    /// Creates the error for a request that was not sent, because its connection could not be
    /// logged in.
    pub fn not_logged_in(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::NotLoggedIn, source: source.into() }
    }

    /// Returns whether the connection could not be logged in, so that nothing was sent.
    pub fn is_not_logged_in(&self) -> bool {
        matches!(self.stage, Stage::NotLoggedIn)
    }

    /// Creates the error for a request that may have been sent.
    pub fn maybe_sent(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::MaybeSent, source: source.into() }
    }

    /// Creates the error for a request that may have been sent when the time allowed ran out.
    pub fn timed_out(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::TimedOut, source: source.into() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}
