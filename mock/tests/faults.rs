//! Tests faults: the result of the client, and whether the venue carried out the request. For the
//! same seed, a fault is applied to the same requests.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use support::{builder, call_example, connect, raw, request, start, start_as};
use venuekit::meta::AnyClient;
use venuekit::{Error, ErrorKind, Outcome};
use venuekit_mock::{Fault, MockVenue, Verdict};
use venuekit_test_support::patiently;
use venuekit_tests::examples::is_over_socket;
use venuekit_venues::VENUES;

async fn with(fault: &str) -> (MockVenue, Box<dyn AnyClient>) {
    let mock = start_as(MockVenue::builder("jex-spot").faults([fault.parse().unwrap()])).await;
    let client = connect(&mock, builder(&mock));
    (mock, client)
}

async fn place(fault: &str) -> (MockVenue, Result<String, Error>) {
    let (mock, client) = with(fault).await;
    let result = call_example(&*client, "placeOrder").await;
    (mock, result)
}

/// Places an order whose response does not come in time.
async fn place_in_vain(fault: &str) -> (MockVenue, Result<String, Error>) {
    patiently(async |timeout| {
        let (mock, _) = with(fault).await;
        let result = call_example(&*connect(&mock, builder(&mock).timeout(timeout)), "placeOrder").await;
        let has_arrived = !mock.requests().is_empty();
        has_arrived.then_some((mock, result))
    })
    .await
}

#[tokio::test]
async fn an_order_is_placed_or_not_depending_on_the_fault() {
    for (fault, outcome, orders, status) in [
        ("429", Outcome::Refused, 0, Some(429)),
        ("429=7,after", Outcome::Refused, 1, Some(429)),
        ("418=7", Outcome::Refused, 0, Some(418)),
        ("503", Outcome::Unknown, 0, Some(503)),
        ("502,after", Outcome::Unknown, 1, Some(502)),
        ("redirect", Outcome::Unknown, 0, Some(307)),
        ("cut", Outcome::Unknown, 1, Some(200)),
        ("cut,before", Outcome::Unknown, 0, Some(200)),
        ("hang", Outcome::Unknown, 1, None),
        ("hang,before", Outcome::Unknown, 0, None),
        ("stall", Outcome::Unknown, 1, None),
        ("reset", Outcome::Unknown, 1, None),
        ("reset,before", Outcome::Unknown, 0, None),
        ("reset-early", Outcome::Unknown, 0, None),
        ("close", Outcome::Unknown, 1, None),
        ("garbage", Outcome::Unknown, 1, Some(200)),
        ("latency=3600000", Outcome::Unknown, 1, None),
        ("slow=3600000", Outcome::Unknown, 1, None),
    ] {
        let got_response = !["hang", "stall", "latency", "slow"].iter().any(|name| fault.starts_with(name));
        let (mock, result) = if got_response { place(fault).await } else { place_in_vain(fault).await };
        let error = result.expect_err(fault);
        assert_eq!(mock.orders().len(), orders, "{fault}");
        if fault == "redirect" {
            assert!(matches!(error.outcome(), Outcome::Unknown | Outcome::Refused), "{error:?}");
        } else {
            assert_eq!(error.outcome(), outcome, "{fault}: {error:?}");
        }
        if status.is_some() {
            assert_eq!(error.status().map(|status| status.as_u16()), status, "{fault}");
        }
        let requests = mock.requests();
        assert_eq!(requests.len(), 1, "{fault}: {requests:?}");
        assert_eq!(requests[0].verdict == Verdict::Accepted, orders == 1, "{fault}");
        assert_eq!(requests[0].faults, [fault]);
    }
}

#[tokio::test]
async fn faults_respond_with_refusals_and_pages_of_a_venue() {
    let (_, error) = place("429=7").await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.retry_after(), error.api_error().unwrap().code().unwrap()),
        (Some(Duration::from_secs(7)), "-1003")
    );
    let (_, error) = place("504").await;
    let error = error.unwrap_err();
    let page = String::from_utf8_lossy(error.body().unwrap()).into_owned();
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    for venue in VENUES.iter().filter(|venue| !is_over_socket(venue)) {
        let mock = start(venue.venue.name()).await;
        let first = venue.operations[0].operation.id();
        let client = connect(&mock, builder(&mock));
        call_example(&*client, first).await.unwrap();
        let mock = start_as(MockVenue::builder(venue.venue.name()).faults(["429=3".parse().unwrap()])).await;
        let error = call_example(&*connect(&mock, builder(&mock)), first).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)), "{}: {error:?}", venue.spec);
        assert_eq!(error.outcome(), Outcome::Refused, "{}: {error:?}", venue.spec);
        // Nothing is known about rate limits of Excore, so its mock sends no code for them.
        let has_code = venue.venue.name() != "excore";
        assert_eq!(error.api_error().is_some(), has_code, "{}: {error:?}", venue.spec);
    }
}

#[tokio::test]
async fn clients_tolerate_harmless_faults() {
    for fault in ["latency=50", "slow=1", "content-type=text/plain", "extra", "enum", "huge=100000"] {
        for operation in ["placeOrder", "getExchangeInfo", "getKlines", "getDepth"] {
            let mock = start_as(MockVenue::builder("jex-spot").faults([fault.parse().unwrap()])).await;
            let client = connect(&mock, builder(&mock));
            let response = call_example(&*client, operation).await;
            assert!(response.is_ok(), "{fault} {operation}: {response:?}");
            if fault == "enum" && operation == "placeOrder" {
                assert!(response.unwrap().contains("MOCK_UNKNOWN"));
            }
        }
    }
}

#[tokio::test]
async fn every_client_tolerates_unknown_properties_and_values() {
    for venue in VENUES {
        for fault in ["extra", "enum", "spelling"] {
            let mock =
                start_as(MockVenue::builder(venue.venue.name()).limits(false).faults([fault.parse().unwrap()])).await;
            let client = connect(&mock, builder(&mock));
            for operation in venue.operations {
                mock.reset();
                let response = call_example(&*client, operation.operation.id()).await;
                assert!(response.is_ok(), "{} {fault} {response:?}", operation.operation.id());
            }
        }
    }
}

#[tokio::test]
async fn every_spelling_of_a_value_that_a_venue_sends_is_read_as_the_value() {
    let spelt = |venue: &str| start_as(MockVenue::builder(venue).faults(["spelling".parse().unwrap()]));
    let mock = spelt("jex-spot").await;
    let (_, body) = request(&mock, "GET", "/api/v1/exchangeInfo", "", "").await;
    assert!(body.contains("\"REQUESTS_WEIGHT\"") && !body.contains("\"requestsWeight\""), "{body}");
    for (venue, operation, sent, read) in [
        ("jex-spot", "getExchangeInfo", "\"REQUESTS_WEIGHT\"", "\"requestsWeight\""),
        ("altmarket", "placeOrder", "\"working\"", "\"Working\""),
        ("altmarket", "getTradeHistory", "\"side\":1", "\"side\":\"Sell\""),
        ("btse-spot", "getPendingOrders", "\"LIMIT\"", ":76"),
    ] {
        let mock = spelt(venue).await;
        let response = call_example(&*connect(&mock, builder(&mock)), operation).await.unwrap();
        assert!(response.contains(read) && !response.contains(sent), "{venue} {operation}: {response}");
    }
}

#[tokio::test]
async fn the_client_stops_reading_a_huge_response() {
    let (mock, client) = with("huge=100000000").await;
    let error = call_example(&*client, "getExchangeInfo").await.unwrap_err();
    assert!(matches!(error.outcome(), Outcome::Unknown | Outcome::Refused), "{error:?}");
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn a_mock_with_a_clock_that_is_off_refuses_the_time_of_requests() {
    let (mock, client) = with("skew=30000").await;
    let error = call_example(&*client, "getAccount").await.unwrap_err();
    assert_eq!(error.api_error().unwrap().code().unwrap(), "-1021");
    drop(mock);
    // The client can learn AltMarket's clock from the `Date` of its responses.
    let mock = start_as(MockVenue::builder("altmarket").faults(["skew=-30000".parse().unwrap()])).await;
    let client = connect(&mock, builder(&mock).clock_from_date(true));
    call_example(&*client, "getBalances").await.unwrap_err();
    call_example(&*client, "getBalances").await.unwrap();
}

#[tokio::test]
async fn a_request_can_ask_for_a_fault() {
    let mock = start("jex-spot").await;
    let (status, body) = request(&mock, "GET", "/api/v1/time", "X-Mock-Fault: 502\r\n", "").await;
    assert!(status == 502 && body.contains("<html>"), "{status} {body}");
    let (status, body) = request(&mock, "GET", "/api/v1/time", "x-mock-fault: nonsense\r\n", "").await;
    let known = "x-mock-fault: unknown fault `nonsense` (expected one of latency, 429, ";
    assert!(status == 400 && body.starts_with(known), "{status} {body}");
    let (status, _) =
        request(&mock, "GET", "/api/v1/time", "x-mock-fault: latency=10\r\nx-mock-fault: 503\r\n", "").await;
    assert_eq!(status, 503);
    let response = raw(&mock, b"GET /api/v1/time HTTP/1.1\r\nx-mock-fault: close\r\n\r\n").await;
    assert_eq!(response, "");
    assert_eq!(mock.requests().len(), 3);
}

#[tokio::test]
async fn a_fault_with_a_share_is_applied_to_about_that_fraction_of_requests_by_the_seed() {
    let struck = async |seed: u64| {
        let fault: Fault = "503,share=0.3".parse().unwrap();
        let mock = start_as(MockVenue::builder("btse-spot").limits(false).seed(seed).faults([fault])).await;
        let client = connect(&mock, builder(&mock));
        let mut struck = Vec::new();
        for _ in 0..100 {
            struck.push(call_example(&*client, "getServerTime").await.is_err());
        }
        struck
    };
    let (one, same, other) = (struck(1).await, struck(1).await, struck(2).await);
    assert_eq!(one, same);
    assert_ne!(one, other);
    let count = one.iter().filter(|struck| **struck).count();
    assert!((15..45).contains(&count), "{count} of 100 requests failed (expected 15 to 44)");
}

#[tokio::test]
async fn a_read_whose_response_is_cut_is_not_an_error_of_the_venue() {
    let (_, client) = with("cut").await;
    let error = call_example(&*client, "getExchangeInfo").await.unwrap_err();
    assert!(!matches!(error.kind(), ErrorKind::Venue), "{error:?}");
}

#[tokio::test]
async fn the_next_request_of_an_operation_fails_and_the_others_do_not() {
    let mock = start("jex-spot").await;
    let client = connect(&mock, builder(&mock).retry(venuekit::Retry::default().attempts(1)));
    mock.fail_next("placeOrder", Fault::CUT).unwrap();
    mock.fail_next("placeOrder", Fault::RESET.before()).unwrap();
    assert_eq!(mock.faults(), ["cut,on=placeOrder,times=1", "reset,before,on=placeOrder,after=1,times=1"]);
    call_example(&*client, "getDepth").await.unwrap();
    for orders in [1, 1] {
        let error = call_example(&*client, "placeOrder").await.unwrap_err();
        assert_eq!((error.outcome(), mock.orders().len()), (Outcome::Unknown, orders));
    }
    assert!(mock.faults().is_empty());
    call_example(&*client, "placeOrder").await.unwrap();
    assert_eq!(mock.orders().len(), 2);
    let error = mock.fail_next("placeOrdr", Fault::CUT).unwrap_err();
    assert_eq!(error.to_string(), "jex-spot has no operation `placeOrdr`");
    mock.add_fault("503".parse().unwrap()).unwrap();
    assert!(call_example(&*client, "getDepth").await.is_err());
    mock.clear_faults();
    call_example(&*client, "getDepth").await.unwrap();
}

/// The operation of a JSON-RPC call is known from its body.
#[tokio::test]
async fn a_fault_is_aimed_at_a_method_of_json_rpc() {
    let mock = start_as(MockVenue::builder("excore").faults(["503,on=market.last,times=1".parse().unwrap()])).await;
    let client = connect(&mock, builder(&mock).retry(venuekit::Retry::default().attempts(1)));
    call_example(&*client, "market.list").await.unwrap();
    assert_eq!(call_example(&*client, "market.last").await.unwrap_err().status().unwrap().as_u16(), 503);
    call_example(&*client, "market.last").await.unwrap();
    let unknown = MockVenue::builder("excore").faults(["503,on=placeOrder".parse().unwrap()]).start().await;
    assert_eq!(unknown.unwrap_err().to_string(), "a fault is aimed at the unknown operation `placeOrder`");
}

#[tokio::test]
async fn faults_are_set_listed_and_cleared_over_http() {
    let mock = start("jex-spot").await;
    let control = async |method: &str, body: &str| request(&mock, method, "/_mock/faults", "", body).await;
    assert_eq!(control("GET", "").await, (200, String::new()));
    let listed = "cut,on=placeOrder,times=1\nlatency=5,share=0.5\n";
    assert_eq!(control("POST", listed).await, (200, listed.to_owned()));
    let (status, why) = control("POST", "hang\ncut,on=nothing").await;
    assert_eq!((status, &*why), (400, "no venue of this server has an operation `nothing`\n"));
    assert_eq!(control("POST", "bogus").await.0, 400);
    assert_eq!(control("PUT", "").await.0, 405);
    assert_eq!(control("GET", "").await.1, listed);
    assert_eq!(control("DELETE", "").await, (200, String::new()));
    assert!(mock.faults().is_empty() && mock.requests().is_empty());
}
