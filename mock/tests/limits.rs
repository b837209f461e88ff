//! Tests rate limits: the mock counts them, shows them in headers, and enforces them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use support::{call, call_example, client, request, start, start_as};
use venuekit_mock::{MockVenue, Refusal};

#[tokio::test]
async fn used_weight_is_in_the_headers_of_the_venue() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    let used = async |parameters: &str| {
        let response = client.call("getDayTicker", support::arguments(parameters, "")).unwrap().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().parse::<u64>().unwrap();
        assert_eq!(header("x-mbx-used-weight"), header("x-mbx-used-weight-1m"));
        header("x-mbx-used-weight-1m")
    };
    let (one, all) = (used(r#"{"symbol":"BNBBTC"}"#).await, used("{}").await);
    assert_eq!(all, one + 40);
}

#[tokio::test]
async fn a_limit_that_is_used_up_is_429_with_retry_after() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    for _ in 0..200 {
        let Err(error) = call(&*client, "getDayTicker", "{}", "").await else { continue };
        assert_eq!(error.status().unwrap().as_u16(), 429);
        assert_eq!(error.api_error().unwrap().code().unwrap(), "-1003");
        let wait = error.retry_after().unwrap();
        // The test begins at a full minute. The clock has advanced by only some milliseconds since,
        // and the wait is rounded up to whole seconds.
        assert_eq!(wait, Duration::from_secs(60));
        assert_eq!(support::last_refusal(&mock).unwrap().0, Refusal::TooManyRequests);
        return;
    }
    panic!("none of 200 calls was refused with 429");
}

/// The windows begin with the full minutes of the venue, as a client that knows its time expects.
#[tokio::test]
async fn windows_follow_the_time_of_a_venue_whose_clock_is_ahead_or_behind() {
    for (offset, expected) in [(20_000, 40), (-20_000, 20)] {
        let mock = start_as(MockVenue::builder("jex-spot").clock_offset(offset)).await;
        let client = client(&mock);
        let mut waits = Vec::new();
        for _ in 0..200 {
            let result = call(&*client, "getDayTicker", "{}", "").await;
            waits.extend(result.err().and_then(|error| error.retry_after()));
        }
        assert_eq!(waits.first(), Some(&Duration::from_secs(expected)), "{offset}");
    }
}

#[tokio::test]
async fn continuing_after_a_429_leads_to_a_ban() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    for _ in 0..300 {
        let Err(error) = call(&*client, "getDayTicker", "{}", "").await else { continue };
        if error.status().unwrap().as_u16() == 418 {
            assert_eq!(error.api_error().unwrap().code().unwrap(), "-1003");
            assert!(error.retry_after().is_some());
            let other = call(&*client, "ping", "{}", "").await.unwrap_err();
            assert_eq!(other.status().unwrap().as_u16(), 418);
            return;
        }
    }
    panic!("none of 300 calls was refused with 418");
}

#[tokio::test]
async fn orders_have_a_separate_limit() {
    let mock = start("btse-spot").await;
    // At most 15 queries per second are allowed; orders have their own limit.
    let mut queries = 0;
    while request(&mock, "GET", "/spot/v2/time", "", "").await.0 != 429 {
        queries += 1;
        assert!(queries < 1000, "none of 1000 queries was refused with 429");
    }
    call_example(&*client(&mock), "placeOrder").await.unwrap();
}

#[tokio::test]
async fn limits_can_be_switched_off() {
    let mock = start_as(MockVenue::builder("btse-spot").limits(false)).await;
    let client = client(&mock);
    for _ in 0..100 {
        call_example(&*client, "getServerTime").await.unwrap();
    }
}
