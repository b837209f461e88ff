//! The reasons why the text of a body cannot be interpreted.

use std::fmt;

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::transport::body::BodyEnd;

/// The reason why the text of a body cannot be interpreted.
pub(super) enum Flaw {
    Limit,
    Timeout,
    Cut(String),
    /// The body has a content coding that was not requested.
    Coded(String),
}

impl Flaw {
    pub(super) fn from_response(headers: &HeaderMap, end: BodyEnd) -> Option<Self> {
        let coding = headers.get(CONTENT_ENCODING).map(|coding| String::from_utf8_lossy(coding.as_bytes()));
        let coded = || {
            let coding = coding.filter(|coding| !coding.trim().eq_ignore_ascii_case("identity"))?;
            Some(Self::Coded(coding.trim().to_owned()))
        };
        Self::from_end(end).or_else(coded)
    }

    /// Returns the flaw of a body by its end alone.
    pub(super) fn from_end(end: BodyEnd) -> Option<Self> {
        match end {
            BodyEnd::Limit => Some(Self::Limit),
            BodyEnd::Timeout => Some(Self::Timeout),
            BodyEnd::Cut(cause) => Some(Self::Cut(cause.to_string())),
            BodyEnd::Complete => None,
        }
    }

    /// Returns the error of a response that has this flaw, and whose status is a success.
    pub(super) fn error(&self) -> Error {
        let error = |kind| Error::new(kind, Outcome::Unknown);
        match self {
            Self::Limit => error(ErrorKind::TooLarge),
            Self::Timeout => error(ErrorKind::Timeout),
            Self::Cut(cause) => error(ErrorKind::Cut).with_message(cause),
            Self::Coded(_) => error(ErrorKind::Decode).with_message(self.to_string()),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit => f.write_str("the body is longer than the limit"),
            Self::Timeout => f.write_str("the time ran out within the body"),
            Self::Cut(cause) => write!(f, "the body broke off: {cause}"),
            Self::Coded(coding) => {
                write!(f, "the body has the content coding `{coding}`, which was not requested")
            }
        }
    }
}
