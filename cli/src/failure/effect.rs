//! The effect that a call may have had at the venue.

use venuekit::operation::{Idempotent, Method, Operation};
use venuekit::{Error, Outcome};

/// Returns whether an operation may change something. Over HTTP, every operation except a GET may.
/// Over JSON-RPC, an operation may if it must not be sent twice, or if it has codes for repeated
/// requests.
pub(crate) fn changes(operation: &Operation) -> bool {
    match operation.route().http() {
        Some((method, _)) => !matches!(method, Method::Get | Method::Head),
        None => {
            operation.idempotent() != Idempotent::Always
                || !operation.done_codes().is_empty()
                || !operation.gone_codes().is_empty()
        }
    }
}

/// Returns whether the user has to check the effect of a call at the venue.
pub(crate) fn is_to_be_looked_up(error: &Error) -> bool {
    matches!(error.outcome(), Outcome::Unknown | Outcome::Gone) && error.operation().is_some_and(changes)
}

/// Returns the name of an outcome in the JSON report of an error.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "not_sent",
        Outcome::Refused => "refused",
        Outcome::Applied => "applied",
        Outcome::Gone => "gone",
        _ => "unknown",
    }
}
