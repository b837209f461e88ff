//! Decides whether a request is sent again after an attempt that failed.
//!
//! A request that may have been executed is sent again only if it is idempotent. So resending never
//! places an order twice.

use std::time::Duration;

use http::StatusCode;

use crate::error::Error;
use crate::error::outcome::{CodeMeaning, ErrorKind, Outcome};
use crate::operation::operation::Operation;
use crate::retry::Retry;

/// The state of a call when one of its attempts has failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation {
    /// The number of the attempt that failed, from 1 on.
    pub(super) attempt: u32,
    pub(super) retry: Retry,
    pub(super) is_idempotent: bool,
    pub(super) operation: &'static Operation,
    /// True if the body comes from a stream, which can be read once.
    pub(super) is_single: bool,
    /// True if any attempt was sent, or may have been sent.
    pub(super) was_sent: bool,
}

/// The decision after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Send again.
    Resend,
    /// Set the clock by the venue; send again if that succeeds and `then_resend` is true.
    LearnTime { then_resend: bool },
    /// Return the error to the caller.
    GiveUp,
}

impl Situation {
    /// Returns the decision for the error of the attempt.
    pub(super) fn decide(&self, error: &Error) -> Decision {
        let has_attempts_left = self.attempt < self.retry.max_attempts() && !self.is_single;
        let may_repeat = has_attempts_left && self.is_idempotent;
        match error.code_meaning() {
            Some(CodeMeaning::Clock) => return Decision::LearnTime { then_resend: may_repeat },
            Some(CodeMeaning::Done | CodeMeaning::Gone) => return Decision::GiveUp,
            _ if !has_attempts_left => return Decision::GiveUp,
            _ => {}
        }
        let is_harmless = match error.kind() {
            // No byte of the request left this machine.
            ErrorKind::Connect => true,
            ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Cut => self.was_sent && may_repeat,
            ErrorKind::Venue => {
                let status = error.status();
                // The same request would get the same response: a redirect, or a 4xx that the spec
                // lists because it may be about a part of the request.
                let is_lasting = status.is_some_and(|status| {
                    let is_open_by_code = error.code_meaning() == Some(CodeMeaning::Open);
                    status.is_redirection() || self.operation.leaves_open(status) && !is_open_by_code
                });
                let is_throttled = status == Some(StatusCode::TOO_MANY_REQUESTS) && error.code_meaning().is_none();
                may_repeat && (error.outcome() == Outcome::Unknown && !is_lasting || is_throttled)
            }
            _ => false,
        };
        if is_harmless { Decision::Resend } else { Decision::GiveUp }
    }

    /// Returns the time to wait before the next attempt. `asked` is the wait that the venue
    /// requested, or the time for which it closed a limit.
    pub(super) fn wait(&self, asked: Option<Duration>) -> Duration {
        let backoff = self.retry.wait(self.attempt, fastrand::f64());
        asked.unwrap_or(backoff).max(backoff)
    }
}
