//! Calls of any operation of any venue, made of the examples in its spec. Nothing here knows a
//! venue.

use venuekit::meta::{Arguments, ExampleOf, OperationMeta, VenueMeta};
use venuekit::operation::Parameter;
use venuekit::reqwest::StatusCode;
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::wire::Json;
use venuekit::{BoxError, BoxFuture, ClientBuilder, Retry, Throttle};

use venuekit_test_support::LONG;
/// The values that a call is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// The required ones.
    Required,
    /// All of them.
    All,
}

/// A call of an operation by name, with the examples of its spec for values.
#[derive(Clone, Debug)]
pub struct ExampleCall {
    /// The operation.
    pub operation: &'static OperationMeta,
    /// The parameters that are given and their values (JSON), in the order of the spec.
    pub values: Vec<(Parameter, &'static str)>,
    /// The body (JSON).
    pub body: Option<&'static str>,
}

impl ExampleCall {
    /// A call of `operation`.
    pub fn of(operation: &'static OperationMeta, which: Values) -> Self {
        let (id, wanted) = (operation.operation.id(), |required: bool| required || which == Values::All);
        let parameters = operation.operation.parameters().iter().zip(operation.parameters);
        let values = parameters.filter(|(parameter, _)| wanted(parameter.is_required())).map(|(parameter, meta)| {
            assert_eq!(parameter.name(), meta.name, "{id}: metadata in another order than the parameters");
            let example = meta.example.unwrap_or_else(|| panic!("{id}: give `{}` an example in the spec", meta.name));
            (*parameter, example)
        });
        let body = operation
            .body
            .as_ref()
            .filter(|_| operation.operation.body().is_some_and(wanted))
            .map(|body| body.example.unwrap_or_else(|| panic!("{id}: give the body an example in the spec")));
        Self { operation, values: values.collect(), body }
    }

    /// The same as arguments.
    pub fn arguments(&self) -> Arguments {
        let json = |text: &str| Json::parse(text).unwrap();
        let arguments = self
            .values
            .iter()
            .fold(Arguments::new(), |arguments, (parameter, value)| arguments.set(parameter.name(), json(value)));
        match self.body {
            Some(body) => arguments.set_body(json(body)),
            None => arguments,
        }
    }
}

/// A reply as a spec has it.
#[derive(Clone, Copy, Debug)]
pub struct ExampleReply {
    /// With which status it comes; of an example for `4XX` the first.
    pub status: StatusCode,
    /// JSON; `None`: there is nothing to read.
    pub json: Option<&'static str>,
}

/// The example replies of an operation; at least one is a success.
pub fn replies(venue: &'static VenueMeta, operation: &'static OperationMeta) -> Vec<ExampleReply> {
    let id = operation.operation.id();
    let mut replies: Vec<ExampleReply> = Vec::new();
    for example in venue.examples {
        if let ExampleOf::Response { operation, status, .. } = example.subject
            && operation == id
        {
            // Of JSON-RPC it is the name of the example, and all of them come with 200.
            let status = match venue.operation(id).unwrap().operation.route().http() {
                Some(_) => status.replace("XX", "00").parse().unwrap(),
                None => StatusCode::OK,
            };
            replies.push(ExampleReply { status, json: Some(example.json) });
        }
    }
    if operation.response_schema.is_none() {
        replies.push(ExampleReply { status: StatusCode::NO_CONTENT, json: None });
    }
    assert!(replies.iter().any(|reply| reply.status.is_success()), "{id}: give a reply an example in the spec");
    replies
}

/// All operations of all venues.
pub fn operations(
    venues: &'static [&'static VenueMeta],
) -> impl Iterator<Item = (&'static VenueMeta, &'static OperationMeta)> {
    venues.iter().flat_map(|venue| venue.operations.iter().map(|operation| (*venue, operation)))
}

/// Lets each call send once and at once, and wait long for its response, to see what becomes of a
/// single request.
pub fn once(builder: ClientBuilder) -> ClientBuilder {
    builder.retry(Retry::never()).throttle(Throttle::Off).timeout(LONG)
}

/// Starts a client that may call every operation, each [`once`], and whose requests have nothing
/// added to them.
pub fn unsigned(venue: &VenueMeta) -> ClientBuilder {
    once(venue.builder()).signer(AddsNothing)
}

/// A signer that leaves requests as they are.
#[derive(Clone, Copy, Debug)]
pub struct AddsNothing;

impl Signer for AddsNothing {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
