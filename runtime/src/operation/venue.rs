//! A venue, as its spec describes it.

use std::fmt;
use std::time::Duration;

use super::limit::Limit;
use super::operation::Operation;
use super::outcome::{CodeRule, Condition};

/// A venue, as its spec describes it.
#[derive(Debug)]
pub struct Venue {
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
    pub(crate) package_version: &'static str,
    pub(crate) title: &'static str,
    pub(crate) servers: &'static [Server],
    pub(crate) limits: &'static [Limit],
    pub(crate) error_code: &'static [&'static str],
    pub(crate) error_message: &'static [&'static str],
    pub(crate) failed_when: &'static [Condition],
    pub(crate) unknown_codes: &'static [CodeRule],
    pub(crate) clock_codes: &'static [CodeRule],
    pub(crate) server_time: Option<ServerTime>,
    pub(crate) recv_window: Option<RecvWindow>,
}

impl Venue {
    /// A venue of which nothing is known but its name (`btse-spot`), and its crate's name and version.
    pub const fn new(name: &'static str, package: &'static str, package_version: &'static str) -> Self {
        Self {
            name,
            package,
            package_version,
            title: name,
            servers: &[],
            limits: &[],
            error_code: &[],
            error_message: &[],
            failed_when: &[],
            unknown_codes: &[],
            clock_codes: &[],
            server_time: None,
            recv_window: None,
        }
    }

    /// The name of the API.
    pub const fn with_title(mut self, title: &'static str) -> Self {
        self.title = title;
        self
    }

    /// Its public hosts.
    pub const fn with_servers(mut self, servers: &'static [Server]) -> Self {
        self.servers = servers;
        self
    }

    /// Its limits.
    pub const fn with_limits(mut self, limits: &'static [Limit]) -> Self {
        self.limits = limits;
        self
    }

    /// JSON pointers to the code and to the message in the body of an error; the first that is there wins.
    pub const fn with_errors_at(mut self, code: &'static [&'static str], message: &'static [&'static str]) -> Self {
        self.error_code = code;
        self.error_message = message;
        self
    }

    /// A reply of status 2xx is a refusal when one of these holds.
    pub const fn with_failed_when(mut self, conditions: &'static [Condition]) -> Self {
        self.failed_when = conditions;
        self
    }

    /// Error codes after which nobody knows whether the request was carried out.
    pub const fn with_unknown_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.unknown_codes = codes;
        self
    }

    /// Error codes by which the venue says that the time of a request is off.
    pub const fn with_clock_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.clock_codes = codes;
        self
    }

    /// The operation that tells the venue's time.
    pub const fn with_server_time(mut self, server_time: ServerTime) -> Self {
        self.server_time = Some(server_time);
        self
    }

    /// Signed requests can say how long after their time the venue may accept them.
    pub const fn with_recv_window(mut self, window: RecvWindow) -> Self {
        self.recv_window = Some(window);
        self
    }

    /// Checks a recv window by what the venue takes, and says what is wrong with it.
    pub(crate) fn check_recv_window(&self, window: Duration) -> Result<(), String> {
        let name = self.name;
        let Some(taken) = self.recv_window else {
            return Err(format!("requests to {name} cannot state a recv window"));
        };
        let given = window.as_millis();
        match taken.max() {
            _ if given == 0 => Err("a recv window has to be at least 1 millisecond".to_owned()),
            Some(max) if window > max => {
                let max = max.as_millis();
                Err(format!("a recv window of {given} ms is too long for {name} (expected at most {max})"))
            }
            _ => Ok(()),
        }
    }

    /// `btse-spot`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name of the API, `BTSE Spot API`.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// The crate that speaks to it, `venuekit-btse-spot`.
    pub const fn package(&self) -> &'static str {
        self.package
    }

    /// The version of that crate.
    pub const fn package_version(&self) -> &'static str {
        self.package_version
    }

    /// Its public hosts, in the order of the spec.
    pub const fn servers(&self) -> &'static [Server] {
        self.servers
    }

    /// Its limits.
    pub const fn limits(&self) -> &'static [Limit] {
        self.limits
    }

    /// The operation that tells the venue's time.
    pub const fn server_time(&self) -> Option<&ServerTime> {
        self.server_time.as_ref()
    }

    /// Returns what signed requests can say of how long the venue may accept them; `None`: they cannot.
    pub const fn recv_window(&self) -> Option<RecvWindow> {
        self.recv_window
    }

    pub(crate) fn server(&self, environment: Environment) -> Option<&'static str> {
        self.servers.iter().find(|server| server.environment == environment).map(|server| server.url)
    }
}

/// A public host of a venue.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    environment: Environment,
    url: &'static str,
}

impl Server {
    /// A host and what it is for.
    pub const fn new(environment: Environment, url: &'static str) -> Self {
        Self { environment, url }
    }

    /// What it is for.
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// Its URL, without a trailing slash.
    pub const fn url(&self) -> &'static str {
        self.url
    }
}

/// What a host of a venue is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// Real money.
    #[default]
    Production,
    /// The venue's public test host: play money.
    Test,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Production => "production",
            Self::Test => "test",
        })
    }
}

/// The operation that tells a venue's time.
#[derive(Clone, Copy, Debug)]
pub struct ServerTime {
    operation: &'static Operation,
    pointer: &'static str,
    unit: TimeUnit,
}

impl ServerTime {
    /// The operation, where its reply has the time, and in which unit.
    pub const fn new(operation: &'static Operation, pointer: &'static str, unit: TimeUnit) -> Self {
        Self { operation, pointer, unit }
    }

    /// The operation.
    pub const fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Where its reply has the time: a JSON pointer.
    pub const fn pointer(&self) -> &'static str {
        self.pointer
    }

    /// In which unit.
    pub const fn unit(&self) -> TimeUnit {
        self.unit
    }
}

/// What a venue takes for a recv window: how long after its time a signed request is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecvWindow {
    default: Option<Duration>,
    max: Option<Duration>,
}

impl RecvWindow {
    /// A window of any length, which has no default that is known.
    pub const fn new() -> Self {
        Self { default: None, max: None }
    }

    /// Sets the window of requests that do not state one, in milliseconds.
    #[must_use]
    pub const fn with_default(mut self, millis: u64) -> Self {
        self.default = Some(Duration::from_millis(millis));
        self
    }

    /// Sets the longest window that the venue takes, in milliseconds.
    #[must_use]
    pub const fn with_max(mut self, millis: u64) -> Self {
        self.max = Some(Duration::from_millis(millis));
        self
    }

    /// Returns the window of requests that do not state one.
    pub const fn default_window(&self) -> Option<Duration> {
        self.default
    }

    /// Returns the longest window that the venue takes.
    pub const fn max(&self) -> Option<Duration> {
        self.max
    }
}

/// The unit of a time on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeUnit {
    /// Milliseconds since 1970.
    Milliseconds,
    /// Seconds since 1970, possibly with a fraction.
    Seconds,
    /// ISO 8601 text.
    Iso8601,
    /// Ticks of 100 ns since the year 1.
    DotnetTicks,
}
