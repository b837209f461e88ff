//! The options of one call.

use std::time::Duration;

use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING,
};

use crate::error::Error;
use crate::operation::operation::{Operation, Security};
use crate::operation::venue::Venue;
use crate::printable::Line;

/// Headers that a caller cannot set: headers of the connection, headers with credentials, and the
/// header that decides the coding of the response.
const RESERVED_HEADERS: [HeaderName; 7] =
    [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, AUTHORIZATION, COOKIE, ACCEPT_ENCODING];

/// The options of one call, which override the settings of the client.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) recv_window: Option<Duration>,
    /// True if the caller reads the body of the response piece by piece.
    pub(crate) streams_response: bool,
    /// Headers of the caller; they are not signed.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The first option that is not valid.
    fault: Option<String>,
}

impl CallOptions {
    pub(crate) fn with_timeout(timeout: Option<Duration>) -> Self {
        Self { timeout, ..Self::default() }
    }

    pub(crate) fn set_recv_window(&mut self, venue: &Venue, operation: &Operation, window: Duration) {
        if operation.security != Security::Signed {
            self.refuse("a recv window belongs to requests that are signed, and this one is not".to_owned());
        } else if let Err(error) = venue.check_recv_window(window) {
            self.refuse(error);
        }
        self.recv_window = Some(window);
    }

    pub(crate) fn add_header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => self.headers.push((name, value)),
            (Err(_), _) => self.refuse(format!("`{}` is not a valid header name", Line(name, 60))),
            (_, Err(_)) => self.refuse(format!("the value given for the header `{name}` is not valid")),
        }
    }

    fn refuse(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    /// Returns the first option that is not valid, as a message.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Adds the caller's headers to a request after it was signed.
    ///
    /// # Errors
    /// When a caller must not set a header, or when the request has the header already.
    pub(crate) fn append_headers(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        for (name, _) in &self.headers {
            if RESERVED_HEADERS.contains(name) {
                return Err(Error::request(format!("the header `{name}` cannot be set by the caller")));
            }
            if headers.contains_key(name) {
                return Err(Error::request(format!("the header `{name}` is set by the client already")));
            }
        }
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        Ok(())
    }
}
