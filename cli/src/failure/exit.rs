//! The exit codes of the command, and the code of a failed call.

use std::process::ExitCode;

use venuekit::{Error, ErrorKind, Outcome};

use super::effect::changes;

/// The exit code of the command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Exit {
    /// The command succeeded.
    Done = 0,
    /// The venue refused the request.
    Refused = 1,
    /// The command line, or something that it names, cannot be used.
    Usage = 2,
    /// The request was not sent.
    NotSent = 3,
    /// The request may have been carried out.
    Unknown = 4,
    /// A read got no response, or none that could be read. It changed nothing.
    Unanswered = 5,
    /// The venue found nothing to cancel after an attempt of unknown outcome.
    Gone = 6,
    /// The call succeeded, but the response cannot be written to stdout.
    Unwritten = 7,
    /// The call succeeded, but elements of its batch failed.
    Partial = 8,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

pub(super) fn exit_of(error: &Error) -> Exit {
    // An error without an operation may concern any.
    let changes = error.operation().is_none_or(changes);
    match (error.outcome(), error.kind()) {
        (Outcome::Applied, _) => Exit::Done,
        (Outcome::Gone, _) => Exit::Gone,
        (Outcome::Refused, _) => Exit::Refused,
        (Outcome::NotSent, ErrorKind::Settings) => Exit::Usage,
        (Outcome::NotSent, _) => Exit::NotSent,
        // The outcome is unknown, but there is nothing to look up.
        _ if !changes => Exit::Unanswered,
        _ => Exit::Unknown,
    }
}
