//! Calls each operation of the generated clients once against a mock that is made from the same
//! document. Prints how many requests and responses are exact.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a check fails by panicking")]

use std::collections::BTreeMap;

use venuekit::meta::{ExampleOf, OperationMeta, VenueMeta};
use venuekit::operation::ParameterIn;
use venuekit_mock::{MockVenue, Received};
use venuekit_test_support::json::canonical;
use venuekit_tests::examples::{ExampleCall, Values, unsigned};

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
        let client = (venue.connect)(unsigned(venue).base_url(mock.url()).build().unwrap());
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
                Ok(running) => running.await.map_err(|error| error.to_string()),
                Err(error) => Err(format!("refused before it was sent: {error}")),
            };
            let request = mock.take_requests().pop();
            let outcome = match (result, request) {
                (Err(error), _) => Outcome::Failed(error),
                (Ok(_), None) => Outcome::Failed("no request arrived".to_owned()),
                (Ok(response), Some(request)) => {
                    called += 1;
                    judge(venue, operation, &call, &request, response.value().get())
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

/// Compares the query and the JSON body of the request with the given values, and the decoded
/// response with the example of the document. Other parameters are not compared.
fn judge(
    venue: &'static VenueMeta,
    operation: &'static OperationMeta,
    call: &ExampleCall,
    request: &Received,
    response: &str,
) -> Outcome {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
    for (parameter, given) in &call.values {
        let Ok(given) = serde_json::from_str::<serde_json::Value>(given) else { continue };
        let text = match &given {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::Bool(flag) => flag.to_string(),
            _ => continue,
        };
        if parameter.place() == ParameterIn::Query
            && !query.iter().any(|(name, value)| name == parameter.name() && *value == text)
        {
            return Outcome::Failed(format!("the query has `{}`, not `{text}` for `{}`", request.query, parameter.name()));
        }
    }
    if let Some(body) = call.body
        && venue.operation(operation.operation.id()).is_some_and(|meta| meta.operation.route().http().is_some())
        && let (Ok(given), Ok(sent)) =
            (serde_json::from_str::<serde_json::Value>(body), serde_json::from_slice::<serde_json::Value>(&request.body))
        && given != sent
    {
        return Outcome::Failed(format!("the body is `{sent}`, not `{given}`"));
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
