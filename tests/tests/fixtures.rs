//! Compares the request of every operation of every venue with a snapshot, with a fixed clock and
//! fixed keys. The snapshots show the effect of a change on the wire.
//!
//! The values are the specs' examples. A new operation of a spec is included without a change here.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Security;
use venuekit::{Clock, Outcome, Retry};
use venuekit_test_support::{Script, respond};
use venuekit_tests::examples::{ExampleCall, Values, base_url};
use venuekit_venues::VENUES;

/// A clock that always returns 2024-01-28T14:15:00.123456Z.
#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_micros(1_706_451_300_123_456)
    }
}

/// Returns the request of a call as text: the line, the headers sorted by name, the body.
async fn request(venue: &'static VenueMeta, operation: &'static OperationMeta, values: Values) -> String {
    let transport = Script::new([respond(200, "")]);
    let mut builder =
        venue.builder().transport(transport.clone()).clock(Stopped).user_agent("fixture").retry(Retry::never());
    if venue.venue.servers().is_empty() {
        builder = builder.base_url(base_url(venue, "https://private.example"));
    }
    if operation.operation.security() != Security::Public {
        let credentials = venue.credentials.unwrap_or_else(|| panic!("{}: nothing signs", venue.spec));
        builder = builder.signer(credentials("fixture-key", "fixture-secret").unwrap());
    }
    let client = (venue.connect)(builder.build().unwrap());
    let call = client.call(operation.operation.id(), ExampleCall::of(operation, values).arguments()).unwrap();
    if let Err(error) = call.await {
        assert_ne!(error.outcome(), Outcome::NotSent, "{}: {error}", operation.operation.id());
    }
    let [sent] = transport.sent().try_into().unwrap();
    let mut text = format!("{} {}\n", sent.method, sent.url);
    let mut headers: Vec<_> =
        sent.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    headers.sort_unstable();
    for (name, value) in headers {
        writeln!(text, "{name}: {value}").unwrap();
    }
    if !sent.body.is_empty() {
        writeln!(text, "\n{}", sent.text()).unwrap();
    }
    text
}

#[tokio::test]
async fn every_request_is_as_reviewed() {
    for venue in VENUES {
        let mut text = String::new();
        for operation in venue.operations {
            let (least, most) =
                (request(venue, operation, Values::Required).await, request(venue, operation, Values::All).await);
            writeln!(text, "──── {}\n{most}", operation.operation.id()).unwrap();
            if least != most {
                writeln!(text, "──── {}, with what is required alone\n{least}", operation.operation.id()).unwrap();
            }
        }
        let settings = || {
            let mut settings = insta::Settings::clone_current();
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_snapshot_path("../snapshots/requests");
            settings
        };
        settings().bind(|| insta::assert_snapshot!(venue.venue.name(), text));
    }
}
