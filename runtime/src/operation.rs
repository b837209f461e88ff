//! What a spec says of a venue and of its operations, as data.
//!
//! Each generated crate has one `static` [`Venue`] and one `static` [`Operation`] an operation. The pipeline reads them; nothing about a
//! venue is coded elsewhere. All are made by `const` setters, so that a later version of this crate can know more
//! without breaking clients that were generated before.

use std::fmt;
use std::time::Duration;

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
    pub(crate) refused_codes: &'static [CodeRule],
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
            refused_codes: &[],
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

    /// Error codes of refusals that have another reason than a rate limit, also where they come with
    /// status 429 or 418.
    pub const fn with_refused_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.refused_codes = codes;
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

/// A limit of a venue: so much in a window, counted per key or per address.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    name: &'static str,
    limit: u64,
    window: Duration,
    per_key: bool,
    counts_weight: bool,
    header: Option<&'static str>,
}

impl Limit {
    /// `limit` requests in each window of `seconds`, counted per address.
    pub const fn new(name: &'static str, limit: u64, seconds: u64) -> Self {
        Self { name, limit, window: Duration::from_secs(seconds), per_key: false, counts_weight: false, header: None }
    }

    /// Counted per key.
    pub const fn per_key(mut self) -> Self {
        self.per_key = true;
        self
    }

    /// Counts the weight of the operations, not their number.
    pub const fn counts_weight(mut self) -> Self {
        self.counts_weight = true;
        self
    }

    /// The header by which a reply tells what is used up.
    pub const fn with_header(mut self, header: &'static str) -> Self {
        self.header = Some(header);
        self
    }

    /// Its name in the spec.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How much fits into a window.
    pub const fn limit(&self) -> u64 {
        self.limit
    }

    /// The length of a window.
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// Whether it is counted per key, else per address.
    pub const fn is_per_key(&self) -> bool {
        self.per_key
    }

    /// Whether it counts weight, else requests.
    pub const fn is_weighted(&self) -> bool {
        self.counts_weight
    }

    /// The header by which a reply tells what is used up.
    pub const fn header(&self) -> Option<&'static str> {
        self.header
    }
}

/// A condition under which a reply of status 2xx is an error.
///
/// A segment `*` of the pointer stands for each element of an array. Such conditions are judged by element: an element failed if one
/// of them holds for it, and the reply is an error only if every element failed.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    pub(crate) pointer: &'static str,
    pub(crate) test: ConditionTest,
    pub(crate) leaves_open: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ConditionTest {
    Equals(&'static str),
    Present,
}

impl Condition {
    /// The value at `pointer` is this scalar, as JSON text. Numbers compare by value.
    pub const fn equals(pointer: &'static str, json: &'static str) -> Self {
        Self { pointer, test: ConditionTest::Equals(json), leaves_open: false }
    }

    /// The value at `pointer` is there, and neither null nor `false`, `""`, `0`, `[]` or `{}`.
    pub const fn present(pointer: &'static str) -> Self {
        Self { pointer, test: ConditionTest::Present, leaves_open: false }
    }

    /// Such a reply does not say whether the request was carried out: its outcome is unknown, not refused.
    #[must_use]
    pub const fn leaves_open(mut self) -> Self {
        self.leaves_open = true;
        self
    }
}

/// An error code that has a meaning for the outcome, and where it has to stand to have it.
///
/// A code that the venue sends as a JSON number matches by value: `-1007.0` is `-1007`. A text matches as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRule {
    pub(crate) code: &'static str,
    pub(crate) status: Option<u16>,
    pub(crate) pointer: Option<&'static str>,
    pub(crate) message: Option<&'static str>,
}

impl CodeRule {
    /// This code, wherever an error of any status has its code.
    pub const fn new(code: &'static str) -> Self {
        Self { code, status: None, pointer: None, message: None }
    }

    /// Only with this HTTP status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Only at this JSON pointer, one of those at which the venue has its codes.
    #[must_use]
    pub const fn with_pointer(mut self, pointer: &'static str) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// Only with just this message of the venue.
    #[must_use]
    pub const fn with_message(mut self, message: &'static str) -> Self {
        self.message = Some(message);
        self
    }

    /// The code as the spec has it: `-1007`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The HTTP status that it has to come with, if any.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The JSON pointer at which it has to stand, if any.
    pub const fn pointer(&self) -> Option<&'static str> {
        self.pointer
    }

    /// The message that it has to come with, if any.
    pub const fn message(&self) -> Option<&'static str> {
        self.message
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

/// An operation of a venue, as its spec describes it.
#[derive(Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) route: Route,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: Option<bool>,
    pub(crate) security: Security,
    pub(crate) weight: Weight,
    pub(crate) limits: &'static [&'static str],
    pub(crate) idempotent: Idempotent,
    pub(crate) moves_funds: bool,
    pub(crate) done_codes: &'static [CodeRule],
    pub(crate) gone_codes: &'static [CodeRule],
    pub(crate) unknown_codes: &'static [CodeRule],
    pub(crate) refused_codes: &'static [CodeRule],
    pub(crate) failed_when: &'static [Condition],
}

impl Operation {
    const fn new(id: &'static str, route: Route, idempotent: Idempotent) -> Self {
        Self {
            id,
            route,
            parameters: &[],
            body: None,
            security: Security::Public,
            weight: Weight::Fixed(1),
            limits: &[],
            idempotent,
            moves_funds: false,
            done_codes: &[],
            gone_codes: &[],
            unknown_codes: &[],
            refused_codes: &[],
            failed_when: &[],
        }
    }

    /// An HTTP operation without parameters; idempotent when it is a GET.
    pub const fn http(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = match method {
            Method::Get => Idempotent::Always,
            _ => Idempotent::Never,
        };
        Self::new(id, Route::Http { method, path }, idempotent)
    }

    /// A JSON-RPC operation without parameters, not idempotent.
    pub const fn rpc(id: &'static str, method: &'static str) -> Self {
        Self::new(id, Route::Rpc { method }, Idempotent::Never)
    }

    /// Its parameters, in the order of the spec.
    pub const fn with_parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// It has a JSON body.
    pub const fn with_body(mut self, required: bool) -> Self {
        self.body = Some(required);
        self
    }

    /// What it needs.
    pub const fn with_security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    /// What a call counts.
    pub const fn with_weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// The names of the limits it counts against.
    pub const fn with_limits(mut self, limits: &'static [&'static str]) -> Self {
        self.limits = limits;
        self
    }

    /// May it be sent again?
    pub const fn with_idempotent(mut self, idempotent: Idempotent) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// It moves funds other than by an order: a withdrawal, a transfer, a change of a balance.
    pub const fn with_moves_funds(mut self) -> Self {
        self.moves_funds = true;
        self
    }

    /// Error codes that prove that an earlier attempt was carried out, such as "repeat update".
    pub const fn with_done_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.done_codes = codes;
        self
    }

    /// Error codes by which a cancel learns that there is nothing to cancel. They do not say why: an earlier attempt cancelled the
    /// order, or it was filled, or it never was.
    pub const fn with_gone_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.gone_codes = codes;
        self
    }

    /// Conditions under which a reply of status 2xx is an error, beside those of the venue and before them.
    pub const fn with_failed_when(mut self, conditions: &'static [Condition]) -> Self {
        self.failed_when = conditions;
        self
    }

    /// Error codes after which nobody knows what became of it, beside those of the venue.
    pub const fn with_unknown_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.unknown_codes = codes;
        self
    }

    /// Error codes of refusals that have another reason than a rate limit, beside those of the venue.
    pub const fn with_refused_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.refused_codes = codes;
        self
    }

    /// Its id in the spec: `getOrderBook`, `order.put_limit`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// How it travels.
    pub const fn route(&self) -> Route {
        self.route
    }

    /// Its parameters, in the order of the spec.
    pub const fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    /// Whether it has a body, and whether that is required.
    pub const fn body(&self) -> Option<bool> {
        self.body
    }

    /// What it needs.
    pub const fn security(&self) -> Security {
        self.security
    }

    /// What a call counts.
    pub const fn weight(&self) -> Weight {
        self.weight
    }

    /// The names of the limits it counts against.
    pub const fn limits(&self) -> &'static [&'static str] {
        self.limits
    }

    /// May it be sent again when nobody knows what became of it?
    pub const fn idempotent(&self) -> Idempotent {
        self.idempotent
    }

    /// Does it move funds other than by an order? A person had better be asked first, idempotent or not.
    pub const fn moves_funds(&self) -> bool {
        self.moves_funds
    }

    /// Error codes that prove that an earlier attempt was carried out.
    pub const fn done_codes(&self) -> &'static [CodeRule] {
        self.done_codes
    }

    /// Error codes by which a cancel learns that there is nothing to cancel.
    pub const fn gone_codes(&self) -> &'static [CodeRule] {
        self.gone_codes
    }
}

/// How an operation travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// By HTTP, each operation with a method and a path.
    Http {
        /// The method.
        method: Method,
        /// The path under the base URL, parameters in braces: `/v2/orderbook/{symbol}`.
        path: &'static str,
    },
    /// By JSON-RPC: POSTed to the base URL.
    Rpc {
        /// The method's name on the wire.
        method: &'static str,
    },
}

impl Route {
    /// The path with its parameters in braces, or the JSON-RPC method: what can be shown of a call without showing values.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Http { path, .. } => path,
            Self::Rpc { method } => method,
        }
    }
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Method {
    /// `GET`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) location: Location,
    pub(crate) required: bool,
}

impl Parameter {
    /// A required parameter, by its name on the wire.
    pub const fn required(name: &'static str, location: Location) -> Self {
        Self { name, location, required: true }
    }

    /// A parameter that may be left out.
    pub const fn optional(name: &'static str, location: Location) -> Self {
        Self { name, location, required: false }
    }

    /// Its name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where it travels.
    pub const fn location(&self) -> Location {
        self.location
    }

    /// Must it be given?
    pub const fn is_required(&self) -> bool {
        self.required
    }
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query; an array repeats the name: `a=1&a=2`.
    Query,
    /// The query; an array is joined by commas: `a=1,2`.
    QueryJoined,
    /// A header.
    Header,
    /// A position of a JSON-RPC call.
    Position,
    /// All remaining positions of a JSON-RPC call.
    Rest,
}

/// What a call of an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Security {
    /// Nothing: anyone may call it.
    Public,
    /// The key.
    Key,
    /// The key and a signature.
    Signed,
}

/// What a call counts against the limits that count weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weight {
    /// Always the same.
    Fixed(u32),
    /// By which parameters are present, by their names on the wire: the heaviest of them.
    #[non_exhaustive]
    ByParameter {
        /// Name and weight.
        when_present: &'static [(&'static str, u32)],
        /// When none is.
        otherwise: u32,
    },
}

impl Weight {
    /// Counts the heaviest of the parameters that are present (name on the wire and weight), or `otherwise`.
    pub const fn by_parameter(when_present: &'static [(&'static str, u32)], otherwise: u32) -> Self {
        Self::ByParameter { when_present, otherwise }
    }
}

/// May an operation be sent again when nobody knows what became of it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotent {
    /// Yes: twice is as once.
    Always,
    /// No.
    Never,
    /// When this parameter, or top-level member of the body, is present.
    WhenPresent(&'static str),
}
