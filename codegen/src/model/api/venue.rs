//! The model of a venue: its hosts, security schemes, rate limits and clock settings.

use crate::source::{Per, SchemeKind};

/// The venue and its crate.
#[derive(Clone, Debug)]
pub struct Venue {
    /// The stem of the spec's file: `btse-spot`.
    pub name: String,
    /// The name of the crate: `venuekit-btse-spot`.
    pub package: String,
    /// The name of the crate in Rust: `venuekit_btse_spot`.
    pub krate: String,
    /// The title of the API: `BTSE Spot API`.
    pub title: String,
    /// The description of the venue in the spec (Markdown).
    pub description: Option<String>,
    /// The venue's version of its API.
    pub api_version: String,
    /// The version of the crate (`x-crate-version`).
    pub crate_version: String,
    /// The file of the spec: `specs/btse-spot.yaml`.
    pub spec_file: String,
}

/// The recv windows of a venue, in milliseconds. A recv window is the time after its timestamp for
/// which a request is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecvWindow {
    /// The recv window that the venue applies to a request without one.
    pub default: Option<u64>,
    /// The longest recv window that the venue accepts.
    pub max: Option<u64>,
}

/// The protocol of the calls of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Each operation has a method and a path.
    Http,
    /// Every call is POSTed to one URL.
    JsonRpc(Envelope),
}

/// The envelope of JSON-RPC calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// The envelope of JSON-RPC 2.0.
    V2,
    /// `id`, `method` and `params` only (`x-envelope: bare`).
    Bare,
}

/// A public host.
#[derive(Clone, Debug)]
pub struct Server {
    /// The URL, without a trailing slash.
    pub url: String,
    /// The purpose of the host.
    pub environment: Environment,
    /// The only signing scheme that the host accepts.
    pub signing: Option<String>,
    /// The description in the spec.
    pub description: Option<String>,
}

/// A host that is not a server of the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The URL.
    pub url: String,
    /// The only signing scheme that the host accepts.
    pub signing: String,
}

/// The purpose of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real money.
    Production,
    /// Play money.
    Test,
}

/// A security scheme that operations name.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// The name in the spec.
    pub name: String,
    /// The name of the setter of the credentials: `api_key`.
    pub setter: String,
    /// The kind of the credential.
    pub kind: SchemeKind,
    /// `header`, `query` or `cookie`.
    pub location: String,
    /// The header's or parameter's name on the wire.
    pub wire: String,
    /// True if this credential carries the signature.
    pub signature: bool,
    /// The parameters that signing adds beside the credential.
    pub fills: Vec<String>,
    /// The description in the spec.
    pub description: Option<String>,
}

/// The credentials that a call requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// No credentials.
    Public,
    /// A key.
    Key,
    /// A key and a signature.
    Signed,
    /// A connection that is logged in.
    Login,
}

/// A limit of the venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The name in the spec.
    pub name: String,
    /// The holder of the count.
    pub per: Per,
    /// The length of a window in seconds.
    pub window: u64,
    /// The maximum per window.
    pub limit: u64,
    /// True if the limit counts the weight of requests, false if it counts requests.
    pub counts_weight: bool,
    /// The response header that states how much of the limit is used.
    pub header: Option<String>,
    /// The longest time for which the venue closes the limit after a refusal, in seconds.
    pub longest_closing: Option<u64>,
    /// The sources of the limit; empty if the venue's document states it.
    pub sources: Vec<Source>,
}

/// A source of a statement that the venue's document does not make (`x-evidence`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The publication, or the repository, commit and file.
    pub name: String,
    /// True if the source is a publication of the venue itself about this API.
    pub is_proof: bool,
}

/// The socket over which the calls and the notifications of an API travel (`x-socket`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The [`Operation::id`](super::Operation::id) of the login.
    pub login: Option<String>,
    /// The [`Operation::id`](super::Operation::id) of further operations that change the login of a
    /// connection. A program calls none of them.
    pub other_logins: Vec<String>,
    /// The [`Operation::id`](super::Operation::id) that keeps a connection alive.
    pub ping: Option<String>,
    /// The time without a message after which the client sends a ping, in seconds.
    pub ping_interval: Option<u64>,
}

impl std::fmt::Display for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "socket")?;
        for (name, operation) in [("login", &self.login), ("ping", &self.ping)] {
            if let Some(operation) = operation {
                write!(f, " {name}={operation}")?;
            }
        }
        if let Some(seconds) = self.ping_interval {
            write!(f, " ping after {seconds} s")?;
        }
        if !self.other_logins.is_empty() {
            write!(f, " other-logins={}", self.other_logins.join(","))?;
        }
        Ok(())
    }
}

/// The operation that returns the venue's time.
#[derive(Clone, Debug)]
pub struct ServerTime {
    /// The [`Operation::id`](super::Operation::id).
    pub operation: String,
    /// The JSON pointer to the time in the operation's response.
    pub pointer: String,
    /// The unit of that time.
    pub unit: TimeUnit,
}

/// The unit or the notation of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
    /// Nanoseconds since 1970.
    Nanoseconds,
    /// Seconds since 1970.
    Seconds,
    /// ISO 8601 text.
    Iso8601,
    /// Ticks of 100 ns since the start of the year 1.
    DotnetTicks,
}

/// The format of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeFormat {
    /// The unit.
    pub unit: TimeUnit,
    /// True if a text without an offset is a time in UTC.
    pub is_utc: bool,
    /// True if the venue expects a JSON string.
    pub is_text: bool,
    /// True if the venue expects a JSON integer.
    pub is_integer: bool,
}

impl TimeFormat {
    /// Returns the name of the type in Rust.
    #[must_use]
    pub fn rust_name(self) -> &'static str {
        match self.unit {
            TimeUnit::Milliseconds => "UnixMillis",
            TimeUnit::Microseconds => "UnixMicros",
            TimeUnit::Nanoseconds => "UnixNanos",
            TimeUnit::Seconds => "UnixSeconds",
            TimeUnit::Iso8601 if self.is_utc => "Iso8601Utc",
            TimeUnit::Iso8601 => "Iso8601",
            TimeUnit::DotnetTicks => "DotnetTicks",
        }
    }

    /// Returns whether the value is a number that is written as a JSON string.
    #[must_use]
    pub fn is_number_in_text(self) -> bool {
        self.is_text && self.unit != TimeUnit::Iso8601
    }
}
