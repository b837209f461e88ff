//! A venue, as its spec describes it.

use std::fmt;
use std::time::Duration;

use super::limit::Limit;
use super::operation::Operation;
use super::outcome::{CodeRule, Condition};
use super::socket::Socket;

/// A venue, as its spec describes it.
#[derive(Debug)]
pub struct Venue {
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
    pub(crate) package_version: &'static str,
    pub(crate) title: &'static str,
    pub(crate) servers: &'static [Server],
    pub(crate) hosts: &'static [Host],
    pub(crate) base_path: &'static str,
    pub(crate) limits: &'static [Limit],
    pub(crate) error_code: &'static [&'static str],
    pub(crate) error_message: &'static [&'static str],
    pub(crate) failed_when: &'static [Condition],
    pub(crate) unknown_codes: &'static [CodeRule],
    pub(crate) clock_codes: &'static [CodeRule],
    pub(crate) refused_codes: &'static [CodeRule],
    pub(crate) server_time: Option<ServerTime>,
    pub(crate) recv_window: Option<RecvWindow>,
    pub(crate) socket: Option<&'static Socket>,
}

impl Venue {
    /// Describes a venue by its name (`btse-spot`) and the name and version of its crate.
    pub const fn new(name: &'static str, package: &'static str, package_version: &'static str) -> Self {
        Self {
            name,
            package,
            package_version,
            title: name,
            servers: &[],
            hosts: &[],
            base_path: "",
            limits: &[],
            error_code: &[],
            error_message: &[],
            failed_when: &[],
            unknown_codes: &[],
            clock_codes: &[],
            refused_codes: &[],
            server_time: None,
            recv_window: None,
            socket: None,
        }
    }

    /// Sets the name of the API.
    pub const fn with_title(mut self, title: &'static str) -> Self {
        self.title = title;
        self
    }

    /// Sets the public hosts.
    pub const fn with_servers(mut self, servers: &'static [Server]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets hosts that are not servers of the spec, and whose signing scheme is known.
    pub const fn with_hosts(mut self, hosts: &'static [Host]) -> Self {
        self.hosts = hosts;
        self
    }

    /// Sets the path that base URLs have to end with.
    pub const fn with_base_path(mut self, path: &'static str) -> Self {
        self.base_path = path;
        self
    }

    /// Sets the rate limits.
    pub const fn with_limits(mut self, limits: &'static [Limit]) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the JSON pointers to the code and to the message in the body of an error. The first
    /// pointer with a value applies.
    pub const fn with_errors_at(mut self, code: &'static [&'static str], message: &'static [&'static str]) -> Self {
        self.error_code = code;
        self.error_message = message;
        self
    }

    /// Sets the conditions under which a response of status 2xx is an error. One condition that
    /// holds is enough.
    pub const fn with_failed_when(mut self, conditions: &'static [Condition]) -> Self {
        self.failed_when = conditions;
        self
    }

    /// Sets the error codes that leave the outcome unknown.
    pub const fn with_unknown_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.unknown_codes = codes;
        self
    }

    /// Sets the error codes by which the venue refuses the time in a request.
    pub const fn with_clock_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.clock_codes = codes;
        self
    }

    /// Sets the error codes of refusals for a reason other than a rate limit, even with status 429
    /// or 418.
    pub const fn with_refused_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.refused_codes = codes;
        self
    }

    /// Sets the operation that returns the venue's time.
    pub const fn with_server_time(mut self, server_time: ServerTime) -> Self {
        self.server_time = Some(server_time);
        self
    }

    /// States that signed requests can limit the time for which the venue may accept them.
    pub const fn with_recv_window(mut self, window: RecvWindow) -> Self {
        self.recv_window = Some(window);
        self
    }

    /// States that the venue is called over a WebSocket.
    pub const fn with_socket(mut self, socket: &'static Socket) -> Self {
        self.socket = Some(socket);
        self
    }

    /// Checks that the venue accepts a recv window, and returns the reason if it does not.
    pub(crate) fn check_recv_window(&self, window: Duration) -> Result<(), String> {
        let name = self.name;
        let Some(taken) = self.recv_window else {
            return Err(format!("requests to {name} have no recv window"));
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

    /// Returns the name: `btse-spot`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the name of the API, `BTSE Spot API`.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// Returns the name of the venue's generated crate: `venuekit-btse-spot`.
    pub const fn package(&self) -> &'static str {
        self.package
    }

    /// Returns the version of the venue's generated crate.
    pub const fn package_version(&self) -> &'static str {
        self.package_version
    }

    /// Returns the public hosts, in the order of the spec.
    pub const fn servers(&self) -> &'static [Server] {
        self.servers
    }

    /// Returns hosts that are not servers of the spec, and whose signing scheme is known. They
    /// belong to other services of the venue.
    pub const fn hosts(&self) -> &'static [Host] {
        self.hosts
    }

    /// Returns the path that base URLs have to end with, such as `/v3sign/`; empty if they can have
    /// any path.
    pub const fn base_path(&self) -> &'static str {
        self.base_path
    }

    /// Returns the rate limits.
    pub const fn limits(&self) -> &'static [Limit] {
        self.limits
    }

    /// Returns the JSON pointers to the code in the body of an error; the first one with a value
    /// applies.
    pub const fn error_code_at(&self) -> &'static [&'static str] {
        self.error_code
    }

    /// Returns the JSON pointers to the message in the body of an error; the first one with a value
    /// applies.
    pub const fn error_message_at(&self) -> &'static [&'static str] {
        self.error_message
    }

    /// Returns the operation that has the venue's time in its response.
    pub const fn server_time(&self) -> Option<&ServerTime> {
        self.server_time.as_ref()
    }

    /// Returns the recv windows that signed requests can have; `None` if they cannot have one.
    pub const fn recv_window(&self) -> Option<RecvWindow> {
        self.recv_window
    }

    /// Returns the protocol of a venue that is called over a WebSocket; `None` for HTTP.
    pub const fn socket(&self) -> Option<&'static Socket> {
        self.socket
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
    signing: Option<&'static str>,
}

impl Server {
    /// Describes a host.
    pub const fn new(environment: Environment, url: &'static str) -> Self {
        Self { environment, url, signing: None }
    }

    /// Sets the only signing scheme that the host accepts.
    pub const fn with_signing(mut self, scheme: &'static str) -> Self {
        self.signing = Some(scheme);
        self
    }

    /// Returns the purpose of the host.
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// Returns the URL, without a trailing slash.
    pub const fn url(&self) -> &'static str {
        self.url
    }

    /// Returns the only signing scheme that the host accepts, if the spec states one.
    pub const fn signing(&self) -> Option<&'static str> {
        self.signing
    }
}

/// A host that is not a server of the spec, with the signing scheme that it accepts.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    url: &'static str,
    signing: &'static str,
}

impl Host {
    /// Describes a host by its URL and the name of a signing scheme.
    pub const fn new(url: &'static str, signing: &'static str) -> Self {
        Self { url, signing }
    }

    /// Returns the URL.
    pub const fn url(&self) -> &'static str {
        self.url
    }

    /// Returns the only signing scheme that the host accepts.
    pub const fn signing(&self) -> &'static str {
        self.signing
    }
}

/// The purpose of a host of a venue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// Real money.
    #[default]
    Production,
    /// The venue's public test host, with play money.
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

/// The operation that returns a venue's time.
#[derive(Clone, Copy, Debug)]
pub struct ServerTime {
    operation: &'static Operation,
    pointer: &'static str,
    unit: TimeUnit,
}

impl ServerTime {
    /// Describes the operation, the JSON pointer to the time in its response, and the unit of the
    /// time.
    pub const fn new(operation: &'static Operation, pointer: &'static str, unit: TimeUnit) -> Self {
        Self { operation, pointer, unit }
    }

    /// Returns the operation.
    pub const fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the JSON pointer to the time in the response.
    pub const fn pointer(&self) -> &'static str {
        self.pointer
    }

    /// Returns the unit of the time.
    pub const fn unit(&self) -> TimeUnit {
        self.unit
    }
}

/// The recv windows that a venue accepts: the time for which a signed request is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecvWindow {
    default: Option<Duration>,
    max: Option<Duration>,
}

impl RecvWindow {
    /// Describes recv windows of any length, without a known default.
    pub const fn new() -> Self {
        Self { default: None, max: None }
    }

    /// Sets the window of a request that contains no recv window, in milliseconds.
    #[must_use]
    pub const fn with_default(mut self, millis: u64) -> Self {
        self.default = Some(Duration::from_millis(millis));
        self
    }

    /// Sets the longest window that the venue accepts, in milliseconds.
    #[must_use]
    pub const fn with_max(mut self, millis: u64) -> Self {
        self.max = Some(Duration::from_millis(millis));
        self
    }

    /// Returns the window of a request that contains no recv window; `None` if it is not known.
    pub const fn default_window(&self) -> Option<Duration> {
        self.default
    }

    /// Returns the longest window that the venue accepts; `None` if it is not known.
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
    /// Microseconds since 1970.
    Microseconds,
    /// Nanoseconds since 1970.
    Nanoseconds,
    /// Seconds since 1970, possibly with a fraction.
    Seconds,
    /// ISO 8601 text.
    Iso8601,
    /// Ticks of 100 ns since the year 1.
    DotnetTicks,
}
