//! Tests that, at every venue with a profile, a call of any operation with the values of its
//! examples gets the example of the response.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use support::{client, start, start_as};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use venuekit::meta::{ExampleOf, OperationMeta, VenueMeta};
use venuekit_mock::{MockVenue, Server};
use venuekit_test_support::{TestClock, json::canonical};
use venuekit_tests::examples::{ExampleCall, Values, operations};
use venuekit_venues::VENUES;

/// Returns the example that fits the given values; the first one if no other fits.
fn expected(venue: &'static VenueMeta, operation: &'static OperationMeta, values: Values) -> String {
    let id = operation.operation.id();
    let of_id = venue.examples.iter().filter(|example| match example.subject {
        ExampleOf::Response { operation, status, .. } => {
            operation == id && (status.starts_with('2') || venue.venue.name().starts_with("excore"))
        }
        _ => false,
    });
    let examples: Vec<_> = of_id.collect();
    let named = |name: &str| examples.iter().find(|example| example.pointer.contains(name)).map(|example| example.json);
    let chosen = match (values, examples.as_slice()) {
        (_, [only]) => Some(only.json),
        (Values::All, _) => named("/oneSymbol/").or_else(|| named("/result/")),
        (Values::Required, _) => named("/allSymbols/").or_else(|| named("/ack/")),
    };
    canonical(chosen.unwrap_or_else(|| examples[0].json))
}

#[tokio::test]
async fn every_operation_responds_with_its_example() {
    for venue in VENUES {
        let mock = start_as(MockVenue::builder(venue.venue.name()).limits(false)).await;
        let client = client(&mock);
        for (_, operation) in operations(std::slice::from_ref(venue)) {
            for values in [Values::All, Values::Required] {
                mock.reset();
                let id = operation.operation.id();
                let arguments = ExampleCall::of(operation, values).arguments();
                if venue.venue.name() == "anboto" && values == Values::Required && id == "getOrder" {
                    continue;
                }
                let response = match client.call(id, arguments).unwrap().await {
                    Ok(response) => response,
                    Err(error) => panic!("{id}: {error:?}\n{}", mock.log().join("\n")),
                };
                let at = format!("{} {id} {values:?}", venue.venue.name());
                // Without a profile, the mock cannot choose among several examples.
                let is_known = mock.has_profile() && (values == Values::All || !matches!(id, "getOrders"));
                if is_known {
                    assert_eq!(canonical(response.value().get()), expected(venue, operation, values), "{at}");
                }
                let request = mock.take_requests().pop().unwrap();
                assert!(request.is_accepted(), "{at}");
                assert_eq!(request.operation, Some(id));
            }
        }
    }
}

#[tokio::test]
async fn a_venue_with_the_name_of_a_known_venue_is_served_without_the_profile_of_that_venue() {
    let jex = venuekit_venues::venue("jex-spot").unwrap();
    let known = MockVenue::builder_for(jex).start().await.unwrap();
    assert!(std::ptr::eq(known.meta(), jex) && known.has_profile());
    // The metadata of a user's own crate, whose document has the same name.
    let mut meta = VenueMeta::new(jex.venue, "jex-spot.yaml", jex.connect);
    (meta.operations, meta.examples, meta.schemas) = (jex.operations, jex.examples, jex.schemas);
    meta.credentials = jex.credentials;
    let other = MockVenue::builder_for(Box::leak(Box::new(meta))).start().await.unwrap();
    assert!(!other.has_profile());
    assert!(client(&other).call("ping", Default::default()).unwrap().await.is_ok());
}

#[tokio::test]
async fn several_venues_share_a_port() {
    let names: Vec<&str> = VENUES.iter().map(|venue| venue.venue.name()).collect();
    let server = Server::builder(&names).clock(TestClock::counting()).start().await.unwrap();
    for venue in server.venues() {
        let client = client(venue);
        for operation in venue.meta().operations {
            venue.reset();
            let arguments = ExampleCall::of(operation, Values::All).arguments();
            let response = client.call(operation.operation.id(), arguments).unwrap().await;
            assert!(response.is_ok(), "{response:?}\n{}", venue.log().join("\n"));
        }
        // The login of a connection is recorded too.
        let logins = usize::from(venuekit_tests::examples::is_over_socket(venue.meta()));
        assert_eq!(venue.requests().len(), venue.meta().operations.len() + logins);
    }
    let btse = server.venue("btse-spot").unwrap();
    assert!(btse.url().ends_with("/btse-spot/spot"));
    let (status, body) = support::request(btse, "GET", "/spot/v2/time", "", "").await;
    assert_eq!(status, 404);
    assert!(body.contains(&names.join(", ")), "{body}");
}

#[tokio::test]
async fn a_dropped_mock_stops() {
    let mock = start("jex-spot").await;
    assert!(support::call(&*client(&mock), "ping", "{}", "").await.is_ok());
    let mut open = TcpStream::connect(mock.url().trim_start_matches("http://")).await.unwrap();
    drop(mock);
    // The connection ends, whether or not the mock had accepted it. The test does not connect
    // again, because another process may use the port by now.
    assert!(matches!(open.read(&mut [0]).await, Ok(0) | Err(_)));
}

#[tokio::test]
async fn an_unknown_venue_does_not_start() {
    let error = MockVenue::start("nowhere").await.unwrap_err();
    assert_eq!(error.to_string(), "unknown venue `nowhere`");
}
