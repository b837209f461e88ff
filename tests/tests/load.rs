//! Makes ten thousand signed calls through one client against the mock venue, two hundred at a
//! time.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use venuekit::{ClientBuilder, Throttle};
use venuekit_mock::MockVenue;
use venuekit_test_support::TestClock;
use venuekit_tests::examples::{ExampleCall, Values};

const CALLS: usize = 10_000;
const TASKS: usize = 200;

fn builder(mock: &MockVenue) -> ClientBuilder {
    let credentials = mock.meta().credentials.unwrap()(mock.key(), mock.secret()).unwrap();
    // A call waits for all others in the queue, so it needs a longer timeout than in production.
    let builder = mock.meta().builder().base_url(mock.url()).signer(credentials).timeout(Duration::MAX);
    builder.clock(mock.clock()).throttle(Throttle::Off).max_in_flight(TASKS)
}

/// Calls `operation` ten thousand times. Returns the memory of this process in pages, after a tenth
/// of the calls and at the end; `None` if it cannot be measured.
async fn load(mock: &MockVenue, client: ClientBuilder, operation: &'static str) -> Option<[usize; 2]> {
    let client: Arc<dyn venuekit::meta::AnyClient> = (mock.meta().connect)(client.build().unwrap()).into();
    let arguments = ExampleCall::of(mock.meta().operation(operation).unwrap(), Values::All).arguments();
    let left = Arc::new(AtomicUsize::new(CALLS));
    let early = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (client, arguments, left, early) =
                (Arc::clone(&client), arguments.clone(), Arc::clone(&left), Arc::clone(&early));
            tokio::spawn(async move {
                while let Ok(before) = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)) {
                    if before == CALLS - CALLS / 10 {
                        early.store(pages_in_memory().unwrap_or_default(), Ordering::Relaxed);
                    }
                    client.call(operation, arguments.clone()).unwrap().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    Some([early.load(Ordering::Relaxed), pages_in_memory()?])
}

/// Returns the resident set in pages; `None` on a system without `/proc`.
fn pages_in_memory() -> Option<usize> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok().filter(|_| cfg!(target_os = "linux"))?;
    statm.split(' ').nth(1).and_then(|pages| pages.parse().ok())
}

#[tokio::test]
async fn two_hundred_calls_at_a_time_all_succeed_and_memory_does_not_grow() {
    let mock = MockVenue::builder("jex-spot")
        .clock(TestClock::counting())
        .limits(false)
        .record(CALLS + 1)
        .start()
        .await
        .unwrap();
    let measured = load(&mock, builder(&mock), "getOpenOrders").await;
    let received = mock.requests();
    assert_eq!(received.len(), CALLS);
    assert!(received.iter().all(|request| request.is_accepted()));
    // Elsewhere the memory cannot be measured, and the test is about the calls only.
    assert_eq!(measured.is_some(), cfg!(target_os = "linux"), "the memory is measured on Linux");
    let Some([early, late]) = measured else { return };
    assert!(early > 0 && late > 0, "{early} {late}");
    // The mock keeps the requests, less than 2 KiB each. Nothing else may grow with the calls.
    let grown = late.saturating_sub(early) * 4096;
    assert!(grown < 48 << 20, "the memory grew by {grown} bytes (expected less than 48 MiB)");
}

#[tokio::test]
async fn with_one_signed_request_at_a_time_nonces_arrive_in_order() {
    let mock = MockVenue::builder("btse-spot")
        .clock(TestClock::counting())
        .limits(false)
        .record(CALLS + 1)
        .start()
        .await
        .unwrap();
    load(&mock, builder(&mock).one_signed_request_at_a_time(true), "getAccount").await;
    let nonces: Vec<u64> =
        mock.requests().iter().map(|request| request.header("btse-nonce").unwrap().parse().unwrap()).collect();
    assert_eq!(nonces.len(), CALLS);
    assert!(nonces.is_sorted_by(|a, b| a < b), "a nonce arrived after a later one");
}
