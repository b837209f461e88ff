//! The comparison of one venue.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Map, Value};
use venuekit::meta::{AnyClient, Arguments, OperationMeta, VenueMeta};
use venuekit::wire::Json;
use venuekit::{Error, ErrorKind, Response, Retry, Throttle};
use venuekit_test_support::{ScriptedResponse, Server, http};

use crate::differences::{Difference, Ledger};
use crate::document::{Document, Operation, Parameter};
use crate::draw::{Draw, Message};
use crate::json::are_equal;
use crate::progenitor::{self, Reply, btse_spot, jex_spot};
#[cfg(feature = "all-venues")]
use crate::progenitor::{altmarket, anboto};
use crate::request::{Signed, differences};

const KEY: &str = "5f2c1a9d8e7b46309c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7";
const SECRET: &str = "9a8b7c6d5e4f30211203f4e5d6c7b8a99a8b7c6d5e4f30211203f4e5d6c7b8a9";

type Calls = Box<dyn for<'a> Fn(&'a str, progenitor::Arguments<'a>) -> Pin<Box<dyn Future<Output = Reply> + 'a>>>;

/// A venue with both clients.
pub struct Venue {
    meta: &'static VenueMeta,
    document: Document,
    signed: Signed,
    /// Makes progenitor's client for a URL.
    peer: fn(&str) -> Calls,
}

/// Returns a venue. The arguments are the crate, the module of progenitor's client, and the parts
/// that signatures add.
macro_rules! venue {
    ($ours:ident, $theirs:ident, $signed:expr) => {
        Venue {
            meta: &$ours::meta::META,
            document: Document::new($theirs::DOCUMENT),
            signed: $signed,
            peer: |url| {
                let client: &'static _ =
                    Box::leak(Box::new($theirs::Client::new_with_client(url, http().build().unwrap())));
                Box::new(move |operation, arguments| Box::pin($theirs::call(client, operation, arguments)))
            },
        }
    };
}

/// The numbers of a comparison.
pub struct Counts {
    venue: &'static str,
    operations: usize,
    requests: usize,
    responses: usize,
    pub faults: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { venue, operations, requests, responses, faults } = self;
        write!(
            f,
            "{venue:<12} {operations:>3} operations, {requests:>6} requests and {responses:>6} responses are equal, {faults} are not"
        )
    }
}

/// A call drawn at random.
#[derive(Debug)]
struct Drawn {
    parameters: Map<String, Value>,
    body: Option<Value>,
    status: u16,
    response: Value,
}

impl Venue {
    pub fn all() -> Vec<Self> {
        vec![
            #[cfg(feature = "all-venues")]
            venue!(
                venuekit_altmarket,
                altmarket,
                Signed { headers: &["Key", "Sign"], values: &["ts"], has_content_type: true }
            ),
            #[cfg(feature = "all-venues")]
            venue!(
                venuekit_anboto,
                anboto,
                Signed {
                    headers: &["ANBOTO-API-KEY", "ANBOTO-SIGN", "ANBOTO-TS", "ANBOTO-TIMESTAMP", "ANBOTO-RECV-WINDOW"],
                    values: &[],
                    has_content_type: false
                }
            ),
            venue!(
                venuekit_btse_spot,
                btse_spot,
                Signed { headers: &["btse-api", "btse-nonce", "btse-sign"], values: &[], has_content_type: false }
            ),
            venue!(
                venuekit_jex_spot,
                jex_spot,
                Signed {
                    headers: &["X-JEX-APIKEY"],
                    values: &["timestamp", "signature", "recvWindow"],
                    has_content_type: false
                }
            ),
        ]
    }

    pub fn name(&self) -> &'static str {
        self.meta.venue.name()
    }

    /// Makes this many calls of each operation with both clients.
    pub async fn compare(&self, calls: usize, seed: u64, ledger: &mut Ledger) -> Counts {
        let server = Server::start(ScriptedResponse::json(200, "{}")).await;
        let url = format!("{}{}", server.url(), self.document.base_path());
        let (ours, theirs) = (self.client(&url), (self.peer)(&url));
        let mut draw = Draw { document: &self.document, rng: Rng::with_seed(seed) };
        let operations = self.document.operations();
        let mut counts =
            Counts { venue: self.name(), operations: operations.len(), requests: 0, responses: 0, faults: 0 };
        let mut seen = BTreeSet::new();
        for operation in &operations {
            let meta = self.meta.operation(operation.id).unwrap_or_else(|| panic!("no operation {}", operation.id));
            for _ in 0..calls {
                let drawn = self.drawn(operation, meta, &mut draw);
                server.respond_with(ScriptedResponse::json(drawn.status, &drawn.response.to_string()));
                let arguments = progenitor::Arguments { parameters: &drawn.parameters, body: drawn.body.as_ref() };
                let their_reply = theirs(operation.id, arguments).await;
                let their_requests = server.take_requests();
                let our_reply = call(&*ours, operation.id, &drawn).await;
                let our_requests = server.take_requests();
                let mut fault = |what: &str, differences: &dyn fmt::Debug| {
                    counts.faults += 1;
                    if seen.insert((operation.id, what.to_owned())) {
                        println!("{} {}: {what}: {differences:?}\n  {drawn:?}", self.name(), operation.id);
                    }
                };
                let ([our_request], [their_request]) = (&our_requests[..], &their_requests[..]) else {
                    if let Some(difference) = refusal(operation, &drawn, &our_reply) {
                        ledger.saw(difference);
                    } else {
                        fault("the number of requests", &(&our_requests, &our_reply, &their_requests, &their_reply));
                    }
                    continue;
                };
                let differences = differences((our_request, their_request), &self.signed, operation, ledger);
                if !differences.is_empty() {
                    fault("the requests", &differences);
                    continue;
                }
                counts.requests += 1;
                if agree(&our_reply, &their_reply, &drawn, ledger) {
                    counts.responses += 1;
                } else {
                    fault("the responses", &(&our_reply, &their_reply));
                }
            }
        }
        counts
    }

    fn client(&self, url: &str) -> Box<dyn AnyClient> {
        let builder = self.meta.builder().base_url(url).retry(Retry::never()).throttle(Throttle::Off);
        let builder = builder.http(http()).timeout(Duration::from_secs(60));
        let signer = (self.meta.credentials.unwrap())(KEY, SECRET).unwrap();
        (self.meta.connect)(builder.signer(signer).build().unwrap())
    }

    /// Draws a call that breaks none of the operation's constraints, which only venuekit checks.
    fn drawn(&self, operation: &Operation<'_>, meta: &OperationMeta, draw: &mut Draw<'_>) -> Drawn {
        let (status, schema) = operation.responses[draw.rng.usize(..operation.responses.len())];
        // Most responses are successes.
        let (status, schema) = if draw.rng.u8(..4) == 0 { (status, schema) } else { operation.responses[0] };
        let response = schema.map_or(Value::Object(Map::new()), |schema| draw.value(schema, Message::Response));
        for _ in 0..10_000 {
            let mut parameters = Map::new();
            for Parameter { name, schema, is_required, .. } in &operation.parameters {
                if *is_required || draw.rng.bool() {
                    parameters.insert((*name).to_owned(), draw.value(schema, Message::Request));
                }
            }
            let body = operation.body.map(|(schema, _)| draw.value(schema, Message::Request));
            let texts: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
            let texts: Vec<_> = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let bytes = body.as_ref().map(Value::to_string);
            if meta.check_constraints(&texts, bytes.as_ref().map(String::as_bytes)).is_ok() {
                return Drawn { parameters, body, status, response };
            }
        }
        panic!("{}: no arguments were found that keep the constraints", operation.id);
    }
}

async fn call(client: &dyn AnyClient, operation: &str, drawn: &Drawn) -> Result<Response<Json>, Error> {
    let mut arguments = Arguments::from_json(&Value::from(drawn.parameters.clone()).to_string()).unwrap();
    if let Some(body) = &drawn.body {
        arguments = arguments.set_body(Json::parse(body.to_string()).unwrap());
    }
    client.call(operation, arguments).unwrap_or_else(|error| panic!("{error}")).await
}

/// Returns the documented reason for which venuekit did not send a call.
fn refusal(operation: &Operation<'_>, drawn: &Drawn, ours: &Result<Response<Json>, Error>) -> Option<Difference> {
    ours.as_ref().err().filter(|error| error.kind() == ErrorKind::Request)?;
    let values = || operation.parameters.iter().filter_map(|it| Some((it, drawn.parameters.get(it.name)?)));
    let has_comma = |value: &Value| value.as_str().is_some_and(|text| text.contains(','));
    if values().any(|(it, value)| it.is_joined && value.as_array().into_iter().flatten().any(has_comma)) {
        return Some(Difference::Comma);
    }
    let is_unsafe = |text: &str| matches!(text, "." | "..") || text.trim().is_empty();
    let is_unsafe = |value: &Value| value.as_str().is_some_and(is_unsafe);
    values().any(|(it, value)| it.is_in_path && is_unsafe(value)).then_some(Difference::Dots)
}

/// Returns whether both clients say the same of a response, apart from documented differences.
fn agree(ours: &Result<Response<Json>, Error>, theirs: &Reply, drawn: &Drawn, ledger: &mut Ledger) -> bool {
    let json = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    match (ours, theirs) {
        (Ok(ours), Reply::Success(theirs)) => are_equal(json(ours.value().get().as_bytes()), theirs.clone(), ledger),
        (Err(ours), theirs) if ours.kind() == ErrorKind::Venue || ours.element_counts().is_some() => {
            let (status, their_body) = match theirs {
                Reply::Success(body) => (drawn.status, body),
                Reply::Refusal(status, body) => (*status, body),
                _ => return false,
            };
            let is_counted = ours.kind() != ErrorKind::Venue;
            ledger.saw_if(is_counted, Difference::Counted);
            ledger.saw_if(status < 300 && !is_counted, Difference::Stated);
            let our_body = json(ours.body().map_or(b"null", |body| &body[..]));
            ours.status().is_some_and(|ours| ours.as_u16() == status)
                && our_body == drawn.response
                // Without a documented body, progenitor does not keep it.
                && (their_body.is_null() || are_equal(our_body, their_body.clone(), ledger))
        }
        _ => false,
    }
}
