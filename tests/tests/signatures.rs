//! Tests the signature of every signed operation of every venue over a real socket. The test
//! computes the expected signature from the bytes that arrived.
//!
//! The code below is the venue's side of each signing scheme (`x-auth` in a spec). It is
//! independent of the signing crates and uses another library.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/specs.rs"]
mod specs;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Sha256, Sha384, Sha512};
use venuekit::Outcome;
use venuekit::meta::{AnyClient, Arguments, OperationMeta, VenueMeta};
use venuekit::operation::Security;
use venuekit::wire::Json;
use venuekit_test_support::{Request, START_MS, ScriptedResponse, Server, TestClock};
use venuekit_tests::examples::{ExampleCall, Values, base_url, is_over_socket, once};
use venuekit_venues::VENUES;

const KEY: &str = "AKEY-0123456789";
const SECRET: &str = "s3cr3t/+=with signs";

macro_rules! hex_hmac {
    ($hash:ty, $($part:expr),+) => {{
        let mut mac = Hmac::<$hash>::new_from_slice(SECRET.as_bytes()).unwrap();
        $(mac.update($part.as_bytes());)+
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    }};
}

/// A request as the venue receives it.
struct Seen<'a> {
    path: &'a str,
    query: &'a str,
    request: &'a Request,
}

impl Seen<'_> {
    fn header(&self, name: &str) -> &str {
        self.request.header(name).unwrap_or_else(|| panic!("no header `{name}`"))
    }

    fn parameter(&self, name: &str) -> &str {
        self.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap()
    }
}

fn is_now_ms(text: &str) {
    // The clock advances by a millisecond at each read.
    let since_the_start = text.parse::<u64>().unwrap() - START_MS;
    assert!(since_the_start < 10_000, "{text}");
}

/// Returns the signing scheme of a venue; `None` if it has no signed operations.
fn scheme(venue: &VenueMeta) -> Option<String> {
    let auth = specs::api(venue).auth?;
    auth.package.strip_prefix("venuekit-auth-").map(str::to_owned)
}

/// Verifies a request as the venues of a scheme do.
fn verify(scheme: &str, security: Security, seen: &Seen<'_>) {
    let body = &seen.request.body;
    match scheme {
        "btse" => {
            let nonce = seen.header("btse-nonce");
            is_now_ms(nonce);
            assert_eq!(seen.header("btse-api"), KEY);
            assert_eq!(seen.header("btse-sign"), hex_hmac!(Sha384, seen.path, nonce, body));
        }
        "excore" => {
            assert_eq!(seen.header("KEY"), KEY);
            assert_eq!(seen.header("SIGN"), hex_hmac!(Sha512, body));
        }
        "altmarket" => {
            assert_eq!(seen.header("Key"), KEY);
            assert_eq!(seen.header("content-type"), "application/json");
            let ts = if body.is_empty() {
                assert_eq!(seen.header("Sign"), hex_hmac!(Sha512, "?", seen.query).to_uppercase());
                percent_encoding::percent_decode_str(seen.parameter("ts")).decode_utf8().unwrap().into_owned()
            } else {
                assert_eq!(seen.header("Sign"), hex_hmac!(Sha512, body).to_uppercase());
                assert!(seen.query.is_empty());
                serde_json::from_str::<Value>(body).unwrap()["ts"].as_str().unwrap().to_owned()
            };
            assert!(ts.starts_with("2024-01-28T14:15:0"), "{ts}");
        }
        "jex" => {
            assert_eq!(seen.header("X-JEX-APIKEY"), KEY);
            assert!(body.is_empty());
            if security == Security::Signed {
                let (signed, signature) = seen.query.rsplit_once("&signature=").unwrap_or_else(|| {
                    panic!("the signature does not come last: {}", seen.query);
                });
                assert_eq!(signature, hex_hmac!(Sha256, signed));
                assert!(signed.rsplit('&').next().unwrap().starts_with("timestamp="));
                is_now_ms(seen.parameter("timestamp"));
            } else {
                assert!(!seen.query.contains("signature=") && !seen.query.contains("timestamp="));
            }
        }
        "anboto" => {
            let (time, window) = (seen.header("ANBOTO-TS"), seen.header("ANBOTO-RECV-WINDOW"));
            is_now_ms(time);
            assert_eq!((seen.header("ANBOTO-API-KEY"), seen.header("ANBOTO-TIMESTAMP")), (KEY, time));
            let payload = if body.is_empty() { seen.query } else { body };
            assert_eq!(seen.header("ANBOTO-SIGN"), hex_hmac!(Sha256, time, KEY, window, payload));
        }
        other => panic!("write down here how the venues of `venuekit-auth-{other}` verify a signature"),
    }
}

/// Returns texts that could be encoded in two ways, or signed in one form and sent in another.
fn awkward() -> Vec<String> {
    let long = "long-".repeat(600);
    [
        "BTC/USDT",
        "a b",
        "1+1",
        "a&b=c",
        "=",
        "%41%2F",
        "é",
        "🚀",
        "\"quoted\\\"",
        "<tag>'",
        "a;b:c@d",
        "line\nbreak",
        "",
        long.as_str(),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Returns the arguments of a call with every plain text replaced; `None` if there is no such text.
fn with_text(operation: &'static OperationMeta, text: &str) -> Option<Arguments> {
    let call = ExampleCall::of(operation, Values::All);
    let is_plain = |schema: &str| {
        let schema: Value = serde_json::from_str(schema).unwrap();
        let of = |schema: &Value| schema["type"] == "string" && schema["format"].is_null() && schema["enum"].is_null();
        of(&schema) || schema["type"] == "array" && of(&schema["items"])
    };
    let mut replaced = false;
    let mut arguments = Arguments::new();
    for ((parameter, example), meta) in call.values.iter().zip(operation.parameters) {
        let json = match example.as_bytes()[0] {
            b'"' if is_plain(meta.schema) => Json::encode(&text),
            b'[' if is_plain(meta.schema) => Json::encode(&[text, "plain"]),
            _ => Json::parse(*example),
        };
        replaced |= is_plain(meta.schema);
        arguments = arguments.set(parameter.name(), json.unwrap());
    }
    if let Some(body) = call.body {
        // Enums keep unknown texts, so all texts of the body can be replaced, except the two
        // decimals.
        fn replace(value: Value, text: &str, name: &str) -> Value {
            const NOT_PLAIN: [&str; 2] = ["change", "amount"];
            match value {
                Value::String(_) if !NOT_PLAIN.contains(&name) => Value::from(text),
                Value::Array(elements) => elements.into_iter().map(|element| replace(element, text, name)).collect(),
                Value::Object(members) => members
                    .into_iter()
                    .map(|(k, v)| {
                        let v = replace(v, text, &k);
                        (k, v)
                    })
                    .collect(),
                other => other,
            }
        }
        let body = replace(serde_json::from_str(body).unwrap(), text, "");
        arguments = arguments.set_body(Json::encode(&body).unwrap());
        replaced = true;
    }
    replaced.then_some(arguments)
}

fn client(venue: &VenueMeta, server: &Server) -> Box<dyn AnyClient> {
    let credentials = venue.credentials.unwrap();
    let builder = venue
        .builder()
        .base_url(base_url(venue, &format!("{}/base", server.url())))
        .signer(credentials(KEY, SECRET).unwrap());
    (venue.connect)(once(builder.clock(TestClock::counting())).build().unwrap())
}

async fn call_and_verify(
    client: &dyn AnyClient,
    scheme: &str,
    operation: &'static OperationMeta,
    arguments: Arguments,
    server: &Server,
) {
    let id = operation.operation.id();
    let called = client.call(id, arguments).unwrap().await;
    if let Err(error) = &called
        && error.outcome() == Outcome::NotSent
    {
        // A path segment cannot be empty, and some parameters cannot hold a comma or a line break.
        assert!(matches!(error.kind(), venuekit::ErrorKind::Request), "{id}: {error}");
        assert!(server.take_requests().is_empty());
        return;
    }
    let request = server.take_request();
    let target = request.line.split(' ').nth(1).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    assert!(path.starts_with("/base"), "{path}");
    verify(scheme, operation.operation.security(), &Seen { path, query, request: &request });
}

#[tokio::test]
async fn every_signature_is_correct_for_the_bytes_that_arrive() {
    let server = Server::start(ScriptedResponse::new(200, "{}")).await;
    let mut verified = 0;
    for venue in VENUES {
        let Some(scheme) = scheme(venue).filter(|_| !is_over_socket(venue)) else { continue };
        let client = client(venue, &server);
        for operation in venue.operations {
            if operation.operation.security() == Security::Public {
                continue;
            }
            for values in [Values::Required, Values::All] {
                call_and_verify(&*client, &scheme, operation, ExampleCall::of(operation, values).arguments(), &server)
                    .await;
                verified += 1;
            }
            for text in awkward() {
                if let Some(arguments) = with_text(operation, &text) {
                    call_and_verify(&*client, &scheme, operation, arguments, &server).await;
                    verified += 1;
                }
            }
        }
    }
    assert!(verified > 500, "{verified} calls were made (expected more than 500)");
}
