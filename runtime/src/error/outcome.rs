//! The questions that an error answers first: what became of the request, and what went wrong.

use std::error::Error as StdError;
use std::fmt;

/// The cause of an error.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The outcome of a request that failed: the first question to ask about it.
///
/// ```
/// # use venuekit::{Error, Outcome};
/// # fn reconcile() {}
/// fn handle(error: &Error) {
///     match error.outcome() {
///         Outcome::NotSent => {}            // nothing happened; mend the cause and call again
///         Outcome::Refused => {}            // the venue said no; nothing happened
///         Outcome::Unknown => reconcile(),  // it may have happened: ask the venue for open orders before acting
///         _ => reconcile(),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The request did not leave: a value was refused here, credentials are missing, or no
    /// connection came about.
    NotSent,
    /// The venue answered that it did not carry it out.
    Refused,
    /// It had been carried out: an attempt of unknown outcome was followed by one whose response
    /// proves it, such as "repeat update" for a change of a balance.
    Applied,
    /// There is nothing to cancel, and nobody knows why: an attempt of unknown outcome was followed
    /// by a "not found". The order may have been cancelled by the earlier attempt, filled before
    /// it, or never placed. Look it up before you act on it.
    Gone,
    /// It may have been carried out: no answer, a cut or unreadable one, a server error, or a code
    /// that says so.
    Unknown,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "not sent",
            Self::Refused => "refused",
            Self::Applied => "applied",
            Self::Gone => "gone, nobody knows why",
            Self::Unknown => "outcome unknown",
        })
    }
}

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A client could not be built from its settings.
    Settings,
    /// A value cannot go where it has to go, such as an empty text as a segment of a path.
    Request,
    /// The operation needs credentials, and the client has none.
    Credentials,
    /// The signer failed.
    Sign,
    /// A limit of the venue is used up, and the client is not to wait, or not so long.
    Throttled,
    /// No connection came about.
    Connect,
    /// No complete answer within the time allowed.
    Timeout,
    /// The connection failed after the request may have been sent, before an answer came.
    Transport,
    /// The answer broke off.
    Cut,
    /// The answer is longer than the client's limit.
    TooLarge,
    /// The venue answered with an error.
    Venue,
    /// The answer is not what the spec says: not JSON, of another shape, or a JSON-RPC response to
    /// another request.
    Decode,
    /// The call was given up by [`abort_calls`](crate::Client::abort_calls).
    Aborted,
    /// The venue's time is further from ours than the client believes
    /// ([`max_clock_offset`](crate::ClientBuilder::max_clock_offset)).
    Clock,
}

/// The meaning that the specification gives to the code of an error, for the outcome of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeMeaning {
    /// An earlier attempt was carried out.
    Done,
    /// There is nothing to cancel.
    Gone,
    /// Nobody knows whether the request was carried out.
    Open,
    /// The time that the request states is off.
    Clock,
    /// The request is refused for another reason than a rate limit.
    Refused,
}
