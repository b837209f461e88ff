//! The outcome of a failed request, and the kind of the failure.

use std::error::Error as StdError;
use std::fmt;

/// An error of any type, such as the source of an [`Error`](crate::Error).
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The outcome of a request that failed. Check it first.
///
/// ```
/// # use venuekit::{Error, Outcome};
/// # fn reconcile() {}
/// fn handle(error: &Error) {
///     match error.outcome() {
///         Outcome::NotSent => {}            // nothing happened; mend the cause and call again
///         Outcome::Refused => {}            // the venue said no; nothing happened
///         Outcome::Unknown => reconcile(),  // look in the open orders and the fills before you go on
///         _ => reconcile(),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The request was not sent: a value was rejected by the client, credentials are missing, or no
    /// connection was established.
    NotSent,
    /// The venue responded that it did not execute the request.
    Refused,
    /// The request was executed. An attempt had an unknown outcome, and the response to a later
    /// attempt proves that the request was executed, such as "repeat update" for a change of a
    /// balance.
    Applied,
    /// The venue found nothing to cancel, for an unknown reason. An attempt had an unknown outcome,
    /// and the response to a later one was "not found". The earlier attempt may have cancelled the
    /// order, or the order was filled before it, or never placed. At some venues there is a fourth
    /// case: the order is not found yet, and may still appear and be filled. The documentation of
    /// the operation says so. So do not read `Gone` as "never placed", and look the order up before
    /// you act on it.
    Gone,
    /// The request may have been executed. There was no response, an incomplete or unreadable one,
    /// a server error, or a code with this meaning.
    Unknown,
}

impl Outcome {
    /// Returns the outcome of a request whose last attempt had this outcome, if an earlier attempt
    /// had an unknown outcome. `meaning`: the meaning of the code in the last response. `is_read`:
    /// true if the request changes nothing, so that an earlier attempt did no harm.
    pub(crate) fn after_unknown(self, meaning: Option<CodeMeaning>, is_read: bool) -> Self {
        match (self, meaning) {
            (Self::Refused, Some(CodeMeaning::Done)) => Self::Applied,
            (Self::Refused, Some(CodeMeaning::Gone)) => Self::Gone,
            (Self::Refused, _) if is_read => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "not sent",
            Self::Refused => "refused",
            Self::Applied => "applied",
            Self::Gone => "gone, for an unknown reason",
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
    /// The request cannot be sent as it is. For example, a value breaks a constraint, or is an
    /// empty text as a segment of a path.
    Request,
    /// The operation needs credentials, and the client has none.
    Credentials,
    /// The signer failed, or the nonces of the key ran out.
    Sign,
    /// A rate limit of the venue is used up or closed, and the client does not wait, or cannot wait
    /// long enough.
    Throttled,
    /// The state that several processes share cannot be used, so the request was not sent: see
    /// [`ClientBuilder::state`](crate::ClientBuilder::state).
    State,
    /// No connection was established.
    Connect,
    /// No complete response came within the time allowed.
    Timeout,
    /// The connection failed after the request may have been sent, before a response came.
    Transport,
    /// The response broke off.
    Cut,
    /// The response is longer than the client's limit.
    TooLarge,
    /// The venue responded with an error.
    Venue,
    /// The response does not match the spec: it is not JSON, has another shape, or is a JSON-RPC
    /// response to another request.
    Decode,
    /// The call was aborted by [`abort_calls`](crate::Client::abort_calls).
    Aborted,
    /// The venue's time differs from the client's by more than the client accepts
    /// ([`max_clock_offset`](crate::ClientBuilder::max_clock_offset)).
    Clock,
}

/// The meaning that the specification gives to an error code, for the outcome of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeMeaning {
    /// An earlier attempt was executed.
    Done,
    /// The venue found nothing to cancel.
    Gone,
    /// It is unknown whether the request was executed.
    Open,
    /// The time in the request differs too much from the venue's time.
    Clock,
    /// The request is refused for a reason other than a rate limit.
    Refused,
}
