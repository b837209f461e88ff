//! Makes calls of any operation of any venue from the examples in its spec. No venue is named here.

use venuekit::meta::{Arguments, ExampleOf, OperationMeta, SchemeCarrier, VenueMeta};
use venuekit::operation::Parameter;
use venuekit::reqwest::StatusCode;
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::wire::Json;
use venuekit::{BoxError, BoxFuture, ClientBuilder, Retry, Throttle};

use venuekit_test_support::LONG;
/// The parameters to which a call gives values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// The required parameters, and the parameters that a constraint needs beside them.
    Required,
    /// All parameters, except those that a constraint forbids beside the others.
    All,
}

/// A call of an operation by name, with the examples of its spec as values.
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
    /// Makes a call of `operation`. Panics if a value has no example.
    pub fn of(operation: &'static OperationMeta, which: Values) -> Self {
        let (id, wanted) = (operation.operation.id(), |required: bool| required || which == Values::All);
        let is_given = |parameter: &Parameter| match which {
            Values::Required => operation.is_in_short_example(parameter),
            Values::All => operation.is_in_full_example(parameter),
        };
        let parameters = operation.operation.parameters().iter().zip(operation.parameters);
        let values = parameters.filter(|(parameter, _)| is_given(parameter)).map(|(parameter, meta)| {
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

    /// Returns the values and the body as arguments.
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

/// Returns the URL `below`, with the venue's base path appended. The scheme of a venue that is
/// called over a socket is `ws` or `wss`.
pub fn base_url(venue: &VenueMeta, below: &str) -> String {
    let url = format!("{}{}", below.trim_end_matches('/'), venue.venue.base_path());
    match url.strip_prefix("http") {
        Some(rest) if is_over_socket(venue) => format!("ws{rest}"),
        _ => url,
    }
}

/// Returns whether a venue is called over a socket, and not by HTTP requests.
pub fn is_over_socket(venue: &VenueMeta) -> bool {
    venue.venue.socket().is_some()
}

/// An example of a response in a spec.
#[derive(Clone, Copy, Debug)]
pub struct ExampleResponse {
    /// The status of the response. It is 400 if the spec has `4XX`.
    pub status: StatusCode,
    /// The body (JSON). `None`: the response has no body.
    pub json: Option<&'static str>,
}

/// Returns the example responses of an operation. Panics if none of them is a success.
pub fn responses(venue: &'static VenueMeta, operation: &'static OperationMeta) -> Vec<ExampleResponse> {
    let id = operation.operation.id();
    let mut responses: Vec<ExampleResponse> = Vec::new();
    for example in venue.examples {
        if let ExampleOf::Response { operation, status, .. } = example.subject
            && operation == id
        {
            // For a JSON-RPC example, this text is the name of the example. The status of the
            // response is always 200.
            let status = match venue.operation(id).unwrap().operation.route().http() {
                Some(_) => status.replace("XX", "00").parse().unwrap(),
                None => StatusCode::OK,
            };
            responses.push(ExampleResponse { status, json: Some(example.json) });
        }
    }
    if operation.response_schema.is_none() {
        responses.push(ExampleResponse { status: StatusCode::NO_CONTENT, json: None });
    }
    assert!(
        responses.iter().any(|response| response.status.is_success()),
        "{id}: give a response an example in the spec"
    );
    responses
}

/// Returns all operations of all venues.
pub fn operations(
    venues: &'static [&'static VenueMeta],
) -> impl Iterator<Item = (&'static VenueMeta, &'static OperationMeta)> {
    venues.iter().flat_map(|venue| venue.operations.iter().map(|operation| (*venue, operation)))
}

/// Sets up clients that send each call once and without a delay, with the timeout [`LONG`]. So a
/// test sees the outcome of a single request.
pub fn once(builder: ClientBuilder) -> ClientBuilder {
    builder.retry(Retry::never()).throttle(Throttle::Off).timeout(LONG)
}

/// Returns a builder of a client that may call every operation without credentials. Each call has
/// the settings of [`once`].
pub fn unsigned(venue: &VenueMeta) -> ClientBuilder {
    once(venue.builder()).signer(AddsNothing)
}

/// Returns a builder of a client whose calls carry a made-up value for each security scheme that
/// they need. Each call has the settings of [`once`].
pub fn with_made_up_credentials(venue: &'static VenueMeta) -> ClientBuilder {
    once(venue.builder()).signer(AddsCredentials(venue))
}

/// A signer that adds a made-up value for each security scheme of the first alternative.
#[derive(Clone, Copy, Debug)]
pub struct AddsCredentials(&'static VenueMeta);

impl AddsCredentials {
    fn add(self, request: &mut SignableRequest) -> Result<(), BoxError> {
        let Some(names) = request.schemes().first() else { return Ok(()) };
        for scheme in self.0.security_schemes.iter().filter(|scheme| names.contains(&scheme.name)) {
            match scheme.carrier {
                SchemeCarrier::Header(name) => request.set_header(name, "made-up")?,
                SchemeCarrier::Query(name) => request.append_query(name, "made-up"),
                SchemeCarrier::Cookie(name) => request.append_cookie(name, "made-up")?,
                SchemeCarrier::Basic => request.set_header("authorization", "Basic bWFkZTp1cA==")?,
                SchemeCarrier::Bearer => request.set_header("authorization", "Bearer made-up")?,
                other => return Err(format!("{other:?} is not known").into()),
            }
        }
        Ok(())
    }
}

impl Signer for AddsCredentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(std::future::ready(self.add(request)))
    }
}

/// A signer that does not change requests.
#[derive(Clone, Copy, Debug)]
pub struct AddsNothing;

impl Signer for AddsNothing {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
