//! Calls each operation of the generated clients once against a mock that is made from the same
//! document. Prints how many requests and responses are exact.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a check fails by panicking")]

use std::collections::BTreeMap;

use serde_json::Value;
use venuekit::meta::{ExampleOf, OperationMeta, VenueMeta};
use venuekit::operation::{BodyContent, FormStyle, Parameter, ParameterIn, Style};
use venuekit_mock::{MockVenue, Received};
use venuekit_test_support::json::canonical;
use venuekit_tests::examples::{ExampleCall, Values, with_made_up_credentials};
use venuekit_tests::styles::{self, Parts};

/// The result of a call.
enum Outcome {
    /// The request has the given values, and the response is the example of the document.
    Exact,
    Failed(String),
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("| document | operations | called | exact |\n|---|---|---|---|");
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for venue in VENUES {
        let mock = MockVenue::builder_for(venue).limits(false).start().await.unwrap();
        let client = (venue.connect)(with_made_up_credentials(venue).base_url(mock.url()).build().unwrap());
        let (mut called, mut exact) = (0, 0);
        for operation in venue.operations {
            mock.reset();
            let Ok(call) = std::panic::catch_unwind(|| ExampleCall::of(operation, Values::All)) else {
                let id = operation.operation.id();
                *reasons.entry("a value without an example".to_owned()).or_default() += 1;
                failures.push(format!("{} {id}: a value has no example", venue.venue.name()));
                continue;
            };
            let result = match client.call(operation.operation.id(), call.arguments()) {
                Ok(running) => running.await.map_err(|error| match error.excerpt() {
                    Some(body) => format!("{error}\n{body}"),
                    None => error.to_string(),
                }),
                Err(error) => Err(format!("refused before it was sent: {error}")),
            };
            let request = mock.take_requests().pop();
            let outcome = match (result, request) {
                (Err(error), _) => Outcome::Failed(error),
                (Ok(_), None) => Outcome::Failed("no request arrived".to_owned()),
                (Ok(response), Some(request)) => {
                    called += 1;
                    judge(venue, operation, &call, &request, response.value().get()).await
                }
            };
            match outcome {
                Outcome::Exact => exact += 1,
                Outcome::Failed(why) => {
                    let kind: String = why.split('`').step_by(2).collect::<Vec<_>>().join("`..`");
                    *reasons.entry(kind.lines().next().unwrap_or_default().to_owned()).or_default() += 1;
                    failures.push(format!("{} {}: {why}", venue.venue.name(), operation.operation.id()));
                }
            }
        }
        println!("| {} | {} | {called} | {exact} |", venue.venue.name(), venue.operations.len());
    }
    println!();
    for (reason, count) in reasons {
        println!("{count:6}  {reason}");
    }
    for failure in failures.iter().take(40) {
        println!("{failure}");
    }
    std::process::exit(i32::from(!failures.is_empty()));
}

/// Compares the parameters and the body of the request, decoded by other libraries, with the given
/// values, and the decoded response with the example of the document.
async fn judge(
    venue: &'static VenueMeta,
    operation: &'static OperationMeta,
    call: &ExampleCall,
    request: &Received,
    response: &str,
) -> Outcome {
    let sent = match Sent::decode(operation, request).await {
        Ok(sent) => sent,
        Err(error) => return Outcome::Failed(format!("the request cannot be decoded: {error}")),
    };
    for (parameter, given) in &call.values {
        if let Err(why) = sent.has(parameter, given) {
            return Outcome::Failed(format!("`{}` arrived otherwise: {why}", parameter.name()));
        }
    }
    if let Some(body) = call.body
        && operation.operation.route().http().is_some()
        && let Err(why) = same_body(operation.operation.content(), body, &request.body)
    {
        return Outcome::Failed(why);
    }
    let example = venue.examples.iter().find(|example| match example.subject {
        ExampleOf::Response { operation: of, status, .. } => {
            of == operation.operation.id() && (status.starts_with('2') || operation.operation.route().http().is_none())
        }
        _ => false,
    });
    match example {
        Some(example) if canonical(example.json) != canonical(response) => {
            Outcome::Failed(format!("the response came back as `{response}`, not `{}`", example.json))
        }
        _ => Outcome::Exact,
    }
}

/// Compares a body with the one that was given.
fn same_body(content: BodyContent, given: &str, sent: &[u8]) -> Result<(), String> {
    if content.is_json() {
        let sent = String::from_utf8_lossy(sent);
        return if is_same_json(given, &sent) {
            Ok(())
        } else {
            Err(format!("the body is `{sent}`, not `{given}`"))
        };
    }
    match serde_json::from_str::<Value>(given) {
        Ok(Value::String(text)) if text.as_bytes() == sent => Ok(()),
        _ => Err(format!("the body is `{}`, not `{given}`", String::from_utf8_lossy(sent))),
    }
}

/// The parts of a request, decoded.
struct Sent {
    template: &'static str,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    form: Vec<(String, Vec<u8>)>,
    rpc: Value,
}

impl Sent {
    async fn decode(operation: &OperationMeta, request: &Received) -> Result<Self, String> {
        let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
        let mut form = Vec::new();
        match operation.operation.content() {
            BodyContent::Form => {
                form = pairs(&request.body).into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
            }
            BodyContent::Multipart if !request.body.is_empty() => {
                let boundary = multer::parse_boundary(request.header("content-type").unwrap_or_default());
                let boundary = boundary.map_err(|error| error.to_string())?;
                let mut parts = multer::Multipart::with_reader(&request.body[..], boundary);
                while let Some(part) = parts.next_field().await.map_err(|error| error.to_string())? {
                    let name = part.name().unwrap_or_default().to_owned();
                    form.push((name, part.bytes().await.map_err(|error| error.to_string())?.to_vec()));
                }
            }
            _ => {}
        }
        Ok(Self {
            template: operation.operation.route().http().map_or("/", |(_, path)| path),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            form,
            rpc: serde_json::from_slice(&request.body).unwrap_or_default(),
        })
    }

    /// Returns whether a parameter arrived with its value.
    fn has(&self, parameter: &Parameter, json: &str) -> Result<(), String> {
        let given = &serde_json::from_str::<Value>(json).map_err(|error| error.to_string())?;
        let place = parameter.place();
        if matches!(
            place,
            ParameterIn::Path
                | ParameterIn::Query
                | ParameterIn::QueryJoined
                | ParameterIn::Header
                | ParameterIn::Cookie
        ) {
            return if given.is_null() { Ok(()) } else { self.has_styled(parameter, json) };
        }
        match place {
            ParameterIn::Form => self.has_field(parameter, given),
            ParameterIn::Name => match self.rpc.get("params").and_then(|params| params.get(parameter.name())) {
                Some(sent) if sent == given => Ok(()),
                other => Err(format!("`params` has `{other:?}`")),
            },
            ParameterIn::Position => {
                let params = self.rpc.get("params").and_then(Value::as_array);
                let found = params.is_some_and(|params| params.contains(given));
                if found { Ok(()) } else { Err(format!("`params` are `{params:?}`")) }
            }
            _ => Ok(()),
        }
    }

    /// Compares a parameter of the path, the query, a header or a cookie. It is decoded by the
    /// definition of its style.
    fn has_styled(&self, parameter: &Parameter, json: &str) -> Result<(), String> {
        let given = styles::texts(json)?;
        let parts =
            Parts { template: self.template, path: &self.path, query: &self.query, headers: &self.headers };
        let sent = styles::decode(parameter, &parts, &given)?;
        let is_same = match (parameter.style(), &sent) {
            (Style::Json, Value::String(sent)) => is_same_json(sent, json),
            _ => sent == given,
        };
        if is_same { Ok(()) } else { Err(format!("the request has `{sent}`")) }
    }

    fn has_field(&self, parameter: &Parameter, given: &Value) -> Result<(), String> {
        let of = |name: &str| {
            let own = self.form.iter().filter(|(other, _)| other == name);
            own.map(|(_, content)| String::from_utf8_lossy(content).into_owned()).collect::<Vec<_>>()
        };
        let sent = of(parameter.name());
        let elements = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let plain = |value: &Value| text(value).unwrap_or_else(|| value.to_string());
        let is_same = match parameter.form_style() {
            FormStyle::File(_) => {
                let content = |file: &Value| text(&file["content"]).unwrap_or_default();
                sent == elements(given).iter().map(content).collect::<Vec<_>>()
            }
            FormStyle::Json => sent == [given.to_string()],
            FormStyle::Joined(separator) => {
                sent == [elements(given).iter().map(plain).collect::<Vec<_>>().join(separator)]
            }
            FormStyle::Members => {
                let members = given.as_object().into_iter().flatten();
                members.into_iter().filter(|(_, value)| !value.is_null()).all(|(name, value)| of(name) == [plain(value)])
            }
            FormStyle::Brackets => flat(parameter.name(), given).iter().all(|(name, value)| of(name) == [value.clone()]),
            _ => same_json(&sent, &elements(given).iter().map(plain).collect::<Vec<_>>()),
        };
        if is_same { Ok(()) } else { Err(format!("the form has `{sent:?}`")) }
    }
}

/// Compares texts; a text may be JSON with other spaces.
fn same_json(sent: &[String], given: &[String]) -> bool {
    sent.len() == given.len()
        && sent.iter().zip(given).all(|(sent, given)| sent == given || is_same_json(sent, given))
}

fn is_same_json(one: &str, other: &str) -> bool {
    let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    is_json(one) && is_json(other) && canonical(one) == canonical(other)
}

/// Returns the fields of a value by their paths in brackets.
fn flat(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Null => Vec::new(),
        Value::Object(members) => {
            members.iter().flat_map(|(member, value)| flat(&format!("{name}[{member}]"), value)).collect()
        }
        Value::Array(elements) => {
            let numbered = elements.iter().enumerate();
            numbered.flat_map(|(index, value)| flat(&format!("{name}[{index}]"), value)).collect()
        }
        scalar => vec![(name.to_owned(), text(scalar).unwrap_or_default())],
    }
}

/// Returns the text of a scalar.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
