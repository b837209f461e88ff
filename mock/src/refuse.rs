//! Refusals, before a venue's format is applied.

use venuekit::meta::{OperationMeta, VenueMeta};

use crate::http::Response;
use crate::record::Refusal;

/// A refusal.
#[derive(Clone, Debug)]
pub(crate) struct Rejection {
    pub(crate) refusal: Refusal,
    /// The reason for the record and the log. The venue's message may differ.
    pub(crate) why: String,
    /// The name of the refused parameter.
    pub(crate) subject: Option<String>,
    /// The expected string to sign.
    pub(crate) expected: Option<String>,
    /// The time to wait, in seconds.
    pub(crate) retry_after: Option<u64>,
    /// True if an order with this id was placed or is in the examples, but the request cannot
    /// cancel it.
    pub(crate) is_done: bool,
}

impl Rejection {
    pub(crate) fn new(refusal: Refusal, why: impl Into<String>) -> Self {
        Self { refusal, why: why.into(), subject: None, expected: None, retry_after: None, is_done: false }
    }

    pub(crate) fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    pub(crate) fn expecting(mut self, string_to_sign: impl Into<String>) -> Self {
        self.expected = Some(string_to_sign.into());
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn of_done_order(mut self, is_done: bool) -> Self {
        self.is_done = is_done;
        self
    }

    pub(crate) fn subject(&self) -> &str {
        self.subject.as_deref().unwrap_or("?")
    }
}

/// The refused request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) venue: &'static VenueMeta,
    pub(crate) operation: Option<&'static OperationMeta>,
    /// True if the venue's protocol is JSON-RPC.
    pub(crate) is_rpc: bool,
    /// The id of a JSON-RPC request, as JSON.
    pub(crate) rpc_id: &'a str,
    /// The body of the request.
    pub(crate) body: &'a [u8],
    /// The time at the venue, in ms.
    pub(crate) now: i64,
}

impl Context<'_> {
    pub(crate) fn is(&self, operation: &str) -> bool {
        self.operation.is_some_and(|meta| meta.operation.id() == operation)
    }
}

/// The function that writes a refusal as the venue does.
pub(crate) type Refuse = fn(&Rejection, &Context<'_>) -> Response;
