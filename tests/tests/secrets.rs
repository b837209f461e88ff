//! Tests that no error shows a key, a secret or a signature, even if the response repeats the whole
//! request. Each signed operation of each venue is called.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::error::Error as _;
use std::sync::Arc;

use venuekit::Error;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Security;
use venuekit::reqwest::header::HeaderMap;
use venuekit::reqwest::{StatusCode, Url};
use venuekit::signing::Signer;
use venuekit_test_support::{Script, respond};
use venuekit_tests::examples::{ExampleCall, Values, is_over_socket, once, operations};
use venuekit_venues::VENUES;

/// The second key has only digits; it must not be read as a time.
const KEYS: [&str; 2] = ["fixture~key~11aa22", "90817263544536271809"];
/// The secret is base64, because some schemes require it.
const SECRET: &str = "Zml4dHVyZS1zZWNyZXQrL2ZpeHR1cmU+Pw==";
const PEM: &str = include_str!("../../auth/core/tests/support/keys/pkcs8.pem");

/// Returns the values of sensitive headers and of the query that are long enough to be a signature.
fn long_texts(headers: &HeaderMap, url: &Url) -> Vec<String> {
    const LONG: usize = 32;
    let headers = headers.values().filter(|value| value.is_sensitive());
    let headers = headers.map(|value| value.to_str().unwrap().to_owned());
    let query = url.query_pairs().map(|(_, value)| value.into_owned());
    headers.chain(query).filter(|text| text.len() >= LONG).collect()
}

/// Returns a transport whose response repeats the whole request and the secret.
fn repeating(status: StatusCode, form: fn(&str) -> String) -> Script {
    Script::from_fn(move |request, _| {
        let body = request.text();
        let headers: Vec<&str> = request.headers.values().map(|value| value.to_str().unwrap()).collect();
        let long = long_texts(&request.headers, &request.url);
        let repeated = format!("{} {} {} {SECRET} {body}", request.url, headers.join(" "), long.join(" "));
        let page = format!("<html>no: {}</html>", form(&repeated));
        respond(status.as_u16(), page)
    })
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn json(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Returns every text of an error and of its causes, in lower case.
fn texts_of(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{}", error.explanation().unwrap_or_default());
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n{error}\n{error:?}"));
        cause = error.source();
    }
    text.to_lowercase()
}

async fn call(
    venue: &'static VenueMeta,
    operation: &'static OperationMeta,
    signer: Arc<dyn Signer>,
    transport: Script,
) -> Error {
    let mut builder = once(venue.builder()).transport(transport).signer(signer).explain(true);
    if venue.venue.servers().is_empty() {
        builder = builder.base_url("https://private.example/v3sign/");
    }
    let client = (venue.connect)(builder.build().unwrap());
    let call = client.call(operation.operation.id(), ExampleCall::of(operation, Values::All).arguments()).unwrap();
    call.await.unwrap_err()
}

#[tokio::test]
async fn no_key_secret_or_signature_that_a_venue_repeats_is_shown() {
    let forms: [fn(&str) -> String; 5] = [str::to_owned, str::to_uppercase, percent, json, venuekit::signing::encode];
    // The login of a socket carries its signature, and no call after it does.
    let by_requests = operations(VENUES).filter(|(venue, _)| !is_over_socket(venue));
    for (venue, operation) in by_requests.filter(|(_, meta)| meta.operation.security() != Security::Public) {
        for key in KEYS {
            let by_secret = venue.credentials.map(|make| (make(key, SECRET).unwrap(), Some(SECRET)));
            let by_pem = venue.private_key.map(|make| (make(key, PEM).unwrap(), None));
            for (signer, secret) in by_secret.into_iter().chain(by_pem) {
                for form in forms {
                    for status in [StatusCode::BAD_REQUEST, StatusCode::OK] {
                        let transport = repeating(status, form);
                        let error = call(venue, operation, Arc::clone(&signer), transport.clone()).await;
                        let (texts, id) = (texts_of(&error), operation.operation.id());
                        let [sent] = transport.sent().try_into().unwrap();
                        let signatures = long_texts(&sent.headers, &sent.url);
                        assert!(!signatures.is_empty() || operation.operation.security() == Security::Key, "{id}");
                        for text in signatures.iter().map(String::as_str).chain([key]).chain(secret) {
                            for form in forms {
                                let form = form(text).to_lowercase();
                                assert!(!texts.contains(&form), "{id}: `{form}` occurs in {texts}");
                            }
                        }
                    }
                }
            }
        }
    }
}
