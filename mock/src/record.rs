//! The requests that a mock received, their verdicts, and the mock's log.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The maximum size of all kept requests.
const MAX_BYTES: usize = 64 * 1024 * 1024;
const MAX_LINES: usize = 10_000;

/// A request that a mock received.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received {
    /// The HTTP method.
    pub method: String,
    /// The path as sent, percent-encoded.
    pub path: String,
    /// The query as sent, without the question mark.
    pub query: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The operation that the request calls; `None` if it is unknown.
    pub operation: Option<&'static str>,
    /// The mock's decision about the request.
    pub verdict: Verdict,
    /// The status of the response; `None`: there was no response.
    pub status: Option<u16>,
    /// The faults that were applied to the request, as text.
    pub faults: Vec<String>,
}

impl Received {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the body as text. Bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Returns whether the venue carried the request out, even if no response was sent.
    pub fn is_accepted(&self) -> bool {
        self.verdict == Verdict::Accepted
    }

    fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len() + 64).sum();
        512 + self.method.len() + self.path.len() + self.query.len() + self.body.len() + headers
    }
}

/// The decision of a mock about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The request was carried out.
    Accepted,
    /// The request was refused.
    Refused {
        /// The kind of refusal.
        refusal: Refusal,
        /// The reason, in more detail than the venue states it.
        why: String,
        /// The expected string to sign, if the signature was wrong.
        expected: Option<String>,
    },
    /// A fault replaced the effect of the request.
    Faulted,
}

/// The kind of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The request cannot be read.
    Malformed,
    /// The path or the JSON-RPC method belongs to no operation.
    UnknownPath,
    /// The path exists, but not for this HTTP method.
    WrongMethod,
    /// The request has no key.
    MissingKey,
    /// The key is not known.
    UnknownKey,
    /// The signature is missing.
    MissingSignature,
    /// The signature is not the expected one.
    BadSignature,
    /// The time of the request is too far from the venue's, or missing.
    StaleTime,
    /// The nonce is not above the last one of the key.
    NonceNotRising,
    /// The operation does not have the parameter, or a JSON-RPC call has too many positions.
    UnknownParameter,
    /// A required parameter is missing, or a JSON-RPC call has too few positions.
    MissingParameter,
    /// A parameter has a wrong value.
    BadParameter,
    /// The body has a wrong value.
    BadBody,
    /// The values break a constraint between them.
    BrokenConstraint,
    /// A rate limit is used up.
    TooManyRequests,
    /// The caller is banned, because it sent more requests after the rate limit was used up.
    Banned,
    /// The order does not exist, or is no longer open.
    OrderNotFound,
    /// The market does not exist.
    UnknownMarket,
    /// The market takes no orders.
    MarketClosed,
    /// A price or an amount is zero or negative.
    NotPositive,
    /// A price or an amount is between two steps of the market, or has too many decimals.
    OffStep,
    /// A price or an amount is below the minimum of the market.
    TooSmall,
    /// A price or an amount is above the maximum of the market.
    TooLarge,
    /// An order that only rests would trade at once.
    WouldTrade,
    /// The order is of a kind that the mock does not simulate, such as a stop order.
    NotSimulated,
    /// No order is on the other side of the book, so that an order cannot trade at once.
    NoTrader,
    /// The balance is too small.
    InsufficientBalance,
    /// The request repeats an earlier request.
    Repeated,
    /// The venue rejects the request for a reason of its own.
    Rejected,
    /// The venue does not know whether the request was carried out.
    Unsure,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "malformed",
            Self::UnknownPath => "unknown path or method",
            Self::WrongMethod => "wrong HTTP method",
            Self::MissingKey => "missing key",
            Self::UnknownKey => "unknown key",
            Self::MissingSignature => "missing signature",
            Self::BadSignature => "bad signature",
            Self::StaleTime => "time outside the window",
            Self::NonceNotRising => "nonce does not rise",
            Self::UnknownParameter => "unknown parameter",
            Self::MissingParameter => "missing parameter",
            Self::BadParameter => "bad parameter",
            Self::BadBody => "bad body",
            Self::BrokenConstraint => "broken constraint",
            Self::TooManyRequests => "too many requests",
            Self::Banned => "banned",
            Self::OrderNotFound => "order not found",
            Self::UnknownMarket => "unknown market",
            Self::MarketClosed => "closed market",
            Self::NotPositive => "not above zero",
            Self::OffStep => "between two steps of the market",
            Self::TooSmall => "below the minimum of the market",
            Self::TooLarge => "above the maximum of the market",
            Self::WouldTrade => "would trade at once",
            Self::NotSimulated => "not simulated",
            Self::NoTrader => "empty side of the book",
            Self::InsufficientBalance => "insufficient balance",
            Self::Repeated => "repeated",
            Self::Rejected => "rejected",
            Self::Unsure => "outcome unknown",
        })
    }
}

/// The latest requests.
#[derive(Debug)]
pub(crate) struct Record {
    capacity: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<Received>,
    bytes: usize,
}

impl Record {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, kept: Mutex::default() }
    }

    pub(crate) fn push(&self, request: Received) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += request.size();
        kept.requests.push_back(request);
        while kept.requests.len() > self.capacity || kept.bytes > MAX_BYTES {
            let Some(oldest) = kept.requests.pop_front() else { break };
            kept.bytes = kept.bytes.saturating_sub(oldest.size());
        }
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).requests.iter().cloned().collect()
    }

    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner)).requests.into()
    }
}

/// The latest lines of the log, and a function that receives each line.
pub(crate) struct Log {
    lines: Mutex<VecDeque<String>>,
    listener: Option<Box<dyn Fn(&str) + Send + Sync>>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}

impl Log {
    pub(crate) fn new(listener: Option<Box<dyn Fn(&str) + Send + Sync>>) -> Self {
        Self { lines: Mutex::default(), listener }
    }

    pub(crate) fn write(&self, line: String) {
        // One request takes one line, whatever it contains.
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(4096).collect();
        if let Some(listener) = &self.listener {
            listener(&line);
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= MAX_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
