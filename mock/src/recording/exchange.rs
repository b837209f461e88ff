//! A request and its response, without secrets.

use std::collections::BTreeSet;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::ParameterIn;
use venuekit::signing::{Redactor, is_time_or_count};
use venuekit_json::Tree;

use crate::http::{Head, Request};

/// The headers of a request that carry nothing secret. All others may be keys or signatures.
const PLAIN_HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "transfer-encoding",
    "user-agent",
];

/// The headers of a response that are kept.
const KEPT_HEADERS: [&str; 2] = ["content-type", "retry-after"];

/// A request and its response, as they are recorded: without the headers of the request, and
/// without the values that signing adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Exchange {
    /// The name of the venue; empty if the recording does not state it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub venue: String,
    /// The id of the operation; `None` if the document has no such operation.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path, percent-encoded.
    pub path: String,
    /// The parameters of the query that the document names, decoded.
    pub query: Vec<(String, String)>,
    /// The body of the request, with the members that the document names; empty if it has none.
    pub body: String,
    /// The status of the response.
    pub status: u16,
    /// The headers of the response that are kept.
    pub headers: Vec<(String, String)>,
    /// The body of the response.
    pub response: String,
}

impl Exchange {
    /// Returns the parts of a request that are recorded, and the texts that were cut out of it.
    pub(super) fn of_request(venue: &VenueMeta, request: &Request) -> (Self, Vec<String>) {
        let head = &request.head;
        let operation = operation(venue, head, &request.body);
        let mut cut: Vec<String> = head
            .headers
            .iter()
            .filter(|(name, _)| !PLAIN_HEADERS.iter().any(|plain| plain.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value.clone())
            .collect();
        let is_known = |name: &str, places: &[ParameterIn]| {
            let parameters = operation.iter().flat_map(|meta| meta.operation.parameters());
            let named = parameters.filter(|parameter| parameter.name() == name);
            named.into_iter().any(|parameter| places.contains(&parameter.place()))
        };
        let in_query = [ParameterIn::Query, ParameterIn::QueryJoined];
        let (query, other): (Vec<_>, Vec<_>) =
            pairs(&head.query).into_iter().partition(|(name, _)| is_known(name, &in_query));
        cut.extend(other.into_iter().map(|(_, value)| value));
        let text = String::from_utf8_lossy(&request.body).into_owned();
        let is_form =
            head.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let body = if is_form {
            let (kept, other): (Vec<_>, Vec<_>) =
                pairs(&text).into_iter().partition(|(name, _)| is_known(name, &[ParameterIn::Form]));
            cut.extend(other.into_iter().map(|(_, value)| value));
            kept.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
        } else {
            body_without_secrets(venue, operation, &text, &mut cut)
        };
        cut.retain(|text| !is_time_or_count(text, None));
        let exchange = Self {
            venue: venue.venue.name().to_owned(),
            operation: operation.map(|meta| meta.operation.id().to_owned()),
            method: head.method.clone(),
            path: head.path.clone(),
            query,
            body,
            status: 0,
            headers: Vec::new(),
            response: String::new(),
        };
        (exchange, cut)
    }

    /// Adds the response, and replaces secrets everywhere.
    pub(super) fn with_response(
        mut self,
        status: u16,
        headers: &[(String, String)],
        body: &[u8],
        redactor: &Redactor,
    ) -> Self {
        let redact = |text: &str| redactor.redact(text);
        let kept = headers.iter().filter(|(name, _)| KEPT_HEADERS.iter().any(|kept| kept.eq_ignore_ascii_case(name)));
        self.status = status;
        self.headers = kept.map(|(name, value)| (name.to_ascii_lowercase(), redact(value))).collect();
        self.response = redact(&String::from_utf8_lossy(body));
        self.path = redact(&self.path);
        self.query = self.query.iter().map(|(name, value)| (name.clone(), redact(value))).collect();
        self.body = redact(&self.body);
        self
    }

    /// Returns whether this is the response to a request. The order of the query does not matter.
    pub(super) fn fits(&self, request: &Self) -> bool {
        let sorted = |query: &[(String, String)]| query.iter().cloned().collect::<BTreeSet<_>>();
        let body = |text: &str| Tree::parse(text).map_or_else(|_| text.to_owned(), |tree| without_id(tree).to_json());
        (&self.method, &self.path) == (&request.method, &request.path)
            && sorted(&self.query) == sorted(&request.query)
            && body(&self.body) == body(&request.body)
    }
}

/// Returns the pairs of a query or of a form, decoded.
fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(a, b)| (decoded(a), decoded(b))).collect()
}

/// Returns JSON without the id of a call, which each client counts on its own.
fn without_id(mut tree: Tree) -> Tree {
    if tree.get("method").is_some() && tree.get("params").is_some() {
        let _ = tree.remove("id");
    }
    tree
}

/// Returns the operation of a request.
fn operation<'a>(venue: &'a VenueMeta, head: &Head, body: &[u8]) -> Option<&'a OperationMeta> {
    let rpc = || serde_json::from_slice::<Value>(body).ok()?.get("method")?.as_str().map(str::to_owned);
    let fits = |meta: &&OperationMeta| match meta.operation.route().http() {
        Some((method, path)) => method.as_str() == head.method && fits_path(path, &head.path, venue.venue.base_path()),
        None => meta.operation.route().rpc_method().is_some_and(|method| rpc().as_deref() == Some(method)),
    };
    venue.operations.iter().find(fits)
}

/// Returns whether a path is that of a template, below the base path of the venue.
fn fits_path(template: &str, path: &str, base: &str) -> bool {
    let path = path.strip_prefix(base.trim_end_matches('/')).unwrap_or(path);
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let same = |(wanted, part): (&&str, &&str)| wanted == part || wanted.starts_with('{') && !part.is_empty();
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

/// Returns a body of JSON with the members that the document names. Any other member may be added
/// by the signature, so it is cut.
fn body_without_secrets(
    venue: &VenueMeta,
    operation: Option<&OperationMeta>,
    text: &str,
    cut: &mut Vec<String>,
) -> String {
    let Ok(mut tree) = Tree::parse(text) else {
        // A body that is not JSON has no members to tell apart. Without an operation it is unknown.
        return if operation.is_some() { text.to_owned() } else { String::new() };
    };
    let known: BTreeSet<String> = match operation {
        Some(meta) if meta.operation.route().rpc_method().is_some() => {
            ["jsonrpc", "id", "method", "params"].map(str::to_owned).into()
        }
        Some(meta) => match meta.body.as_ref().and_then(|body| properties(venue, body.schema)) {
            Some(properties) => properties,
            None => return tree.to_json(),
        },
        None => BTreeSet::new(),
    };
    if let Some(members) = tree.members_mut() {
        let all = std::mem::take(members);
        let (kept, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| known.contains(name));
        *members = kept;
        cut.extend(other.into_iter().filter_map(|(_, value)| value.scalar()));
    }
    tree.to_json()
}

/// Returns the names of the properties of a schema; `None` if it names none.
fn properties(venue: &VenueMeta, schema: &str) -> Option<BTreeSet<String>> {
    let mut schema: Value = serde_json::from_str(schema).ok()?;
    // The generator refuses a `$ref` that leads back to itself.
    for _ in 0..16 {
        let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) else {
            break;
        };
        let (_, json) = venue.schemas.iter().find(|(known, _)| *known == name)?;
        schema = serde_json::from_str(json).ok()?;
    }
    Some(schema.get("properties")?.as_object()?.keys().cloned().collect())
}

/// Exchanges in the order in which they were recorded.
///
/// As text, it is one JSON object per line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    exchanges: Vec<Exchange>,
}

impl Recording {
    /// Reads a recording from its text.
    ///
    /// # Errors
    ///
    /// When a line is not an exchange.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = |(index, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|source| RecordingError { line: index + 1, source })
        };
        Ok(Self { exchanges: lines.map(read).collect::<Result<_, _>>()? })
    }

    /// Returns the exchanges.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// Checks that this is a recording of a venue.
    ///
    /// # Errors
    ///
    /// When an exchange is one of another venue: by the name that it states, or, if it states none,
    /// by an operation that this venue does not have.
    pub fn check_venue(&self, venue: &VenueMeta) -> Result<(), WrongVenue> {
        let name = venue.venue.name();
        let has = |id: &String| venue.operations.iter().any(|meta| meta.operation.id() == id);
        let is_own = |exchange: &Exchange| match exchange.venue.as_str() {
            "" => exchange.operation.as_ref().is_none_or(has),
            stated => stated == name,
        };
        match self.exchanges.iter().find(|exchange| !is_own(exchange)) {
            Some(other) => Err(WrongVenue {
                wanted: name,
                found: Some(other.venue.clone()).filter(|name| !name.is_empty()),
                operation: other.operation.clone().unwrap_or_default(),
            }),
            None => Ok(()),
        }
    }
}

impl FromIterator<Exchange> for Recording {
    fn from_iter<I: IntoIterator<Item = Exchange>>(exchanges: I) -> Self {
        Self { exchanges: exchanges.into_iter().collect() }
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchanges.iter().try_for_each(|exchange| writeln!(f, "{exchange}"))
    }
}

impl fmt::Display for Exchange {
    /// Writes the exchange as JSON on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// A recording of another venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongVenue {
    wanted: &'static str,
    found: Option<String>,
    operation: String,
}

impl fmt::Display for WrongVenue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = self.wanted;
        match &self.found {
            Some(found) => write!(f, "this is a recording of {found}, and not of {wanted}"),
            None => write!(f, "this is not a recording of {wanted}, which has no operation `{}`", self.operation),
        }
    }
}

impl std::error::Error for WrongVenue {}

/// A line of a recording that is not an exchange.
#[derive(Debug)]
pub struct RecordingError {
    line: usize,
    source: serde_json::Error,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is not an exchange: {}", self.line, self.source)
    }
}

impl std::error::Error for RecordingError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
