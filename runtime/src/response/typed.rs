//! A response whose value was decoded.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::element_counts::ElementCounts;
use super::failed_element::FailedElement;
use super::raw::RawResponse;
use crate::error::Error;
use crate::operation::operation::Operation;
use crate::operation::venue::Venue;
use crate::redact::Secrets;

/// A response: its value, and the status, headers and body from which the value was decoded.
///
/// While it lives, it keeps the key, the signature and the other texts that its request carried, so
/// that no message about it shows them. They are wiped when it and its clones are dropped. Take the
/// value out with [`into_value`](Self::into_value) if it is kept for long. The body is shared with
/// its clones and is not wiped; a venue may repeat parts of the request in it.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) explanation: Option<String>,
    pub(crate) failed_elements: Vec<FailedElement>,
    pub(crate) element_counts: Option<ElementCounts>,
    pub(crate) call: Called,
}

/// The call that got a response.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    pub(crate) venue: &'static Venue,
    pub(crate) operation: &'static Operation,
    pub(crate) attempts: u32,
    /// The texts of the call that must not be printed.
    pub(crate) secrets: Secrets,
}

impl<T> Response<T> {
    /// Returns the value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns the value, owned.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the raw bytes of the body; for JSON-RPC, the bytes of the whole envelope.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the string that was signed, without key and secret, if the client was built with
    /// [`explain`](crate::ClientBuilder::explain).
    pub fn explanation(&self) -> Option<&str> {
        self.explanation.as_deref()
    }

    /// Returns the failed elements of a batch, such as the refused orders of several that were
    /// placed together. A batch with some successful elements is a success. If every element
    /// failed, the call is an error, and the error has the elements ([`Error::failed_elements`]).
    ///
    /// It is empty for an operation whose spec has no condition on elements.
    ///
    /// [`Error::failed_elements`]: crate::Error::failed_elements
    ///
    /// ```
    /// # use venuekit::{Outcome, Response};
    /// # fn reconcile(_: usize) {}
    /// # fn run<T>(response: &Response<T>) {
    /// for failed in response.failed_elements() {
    ///     eprintln!("{failed}");
    ///     if failed.outcome() == Outcome::Unknown {
    ///         reconcile(failed.index());
    ///     }
    /// }
    /// # }
    /// ```
    pub fn failed_elements(&self) -> &[FailedElement] {
        &self.failed_elements
    }

    /// Returns the number of elements that a batch sent, and the number in the response. If they
    /// differ, it is unknown what became of those that the response lacks; they are not among the
    /// [`failed_elements`](Self::failed_elements).
    ///
    /// It is `None` for an operation whose spec does not say that the response has an element for
    /// each element of the request (`x-batch`), and for a response that is not a list.
    ///
    /// ```
    /// # use venuekit::Response;
    /// # fn look_up_each_order() {}
    /// # fn run<T>(response: &Response<T>) {
    /// if response.element_counts().is_none_or(|counts| !counts.are_equal()) {
    ///     look_up_each_order();
    /// }
    /// # }
    /// ```
    pub fn element_counts(&self) -> Option<ElementCounts> {
        self.element_counts
    }

    /// Returns the number of times that the request was sent, or may have been sent.
    pub fn attempts(&self) -> u32 {
        self.call.attempts
    }

    /// Maps the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let (value, response) = self.split();
        response.with_value(change(value))
    }

    /// Returns the value, and the response without it.
    pub(crate) fn split(self) -> (T, Response<()>) {
        let Self { value, status, headers, body, explanation, failed_elements, element_counts, call } = self;
        (value, Response { value: (), status, headers, body, explanation, failed_elements, element_counts, call })
    }

    /// Returns the error of a call whose response cannot be used: with the operation, the attempts
    /// and the response, as any error of a call has them.
    pub(crate) fn failed(self, error: Error) -> Error {
        let Self { status, headers, body, explanation, call, .. } = self;
        let Called { venue, operation, attempts, secrets } = call;
        error
            .with_response(RawResponse { status, headers, body, is_truncated: false, excerpt: None })
            .with_attempts(attempts)
            .with_explanation(explanation)
            .redacted(&secrets.blotter())
            .with_operation(venue, operation)
    }
}

impl Response<()> {
    pub(crate) fn with_value<T>(self, value: T) -> Response<T> {
        let Self { value: (), status, headers, body, explanation, failed_elements, element_counts, call } = self;
        Response { value, status, headers, body, explanation, failed_elements, element_counts, call }
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Response");
        debug.field("status", &self.status).field("value", &self.value);
        if !self.failed_elements.is_empty() {
            debug.field("failed_elements", &self.failed_elements);
        }
        if let Some(counts) = self.element_counts.filter(|counts| !counts.are_equal()) {
            debug.field("element_counts", &counts);
        }
        debug.finish_non_exhaustive()
    }
}
