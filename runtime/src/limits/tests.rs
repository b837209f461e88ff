//! Tests of the limits as the pipeline uses them, on a paused clock.

use std::sync::Mutex;

use http::{HeaderName, HeaderValue};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::place::InFlight;
use super::scope::{Egress, KeyLimits};
use super::*;
use crate::operation::{Method, Weight};

static LIMITS: [Limit; 4] = [
    Limit::new("weight", 10, 60).counts_weight().with_header("x-used"),
    Limit::new("orders", 2, 1),
    Limit::new("daily", 3, 86_400).with_header("x-daily"),
    Limit::new("burst", 4, 1).counts_weight(),
];
static VENUE: Venue = Venue::new("limits-tests", "venuekit-limits-tests", "0.1.0").with_limits(&LIMITS);
static WEIGHT: Operation = operation(&["weight"]);
static ORDERS: Operation = operation(&["orders"]);
static DAILY: Operation = operation(&["daily"]);
static BURST: Operation = operation(&["burst"]);
static BOTH: Operation = operation(&["weight", "orders"]);
static DAILY_BURST: Operation = operation(&["daily", "burst"]);
static FREE: Operation = operation(&[]);

const fn operation(limits: &'static [&'static str]) -> Operation {
    Operation::http("operation", Method::Get, "/").with_weight(Weight::Fixed(1)).with_limits(limits)
}

/// Returns limits of a new key and an unknown egress, so that no other test shares them.
fn limits() -> Limits {
    let (key, egress) = (KeyLimits::new(), Egress::unknown());
    Limits::new(
        &VENUE,
        &Scope { key: Some(&key), origin: "https://venue.test", egress: &egress },
        Policy::default(),
        None,
    )
}

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn in_seconds(seconds: u64) -> Instant {
    Instant::now() + s(seconds)
}

/// Sends a request whose response comes at once. Returns the seconds that the request waited for
/// its place.
async fn send(limits: &Limits, operation: &'static Operation, weight: u32) -> u64 {
    let started = Instant::now();
    depart(limits, operation, weight).await.got_response();
    started.elapsed().as_secs()
}

async fn depart(limits: &Limits, operation: &'static Operation, weight: u32) -> InFlight {
    let permit = limits.reserve(operation, weight, in_seconds(1_000_000)).await.unwrap().unwrap();
    permit.depart().unwrap()
}

fn headers(name: &'static str, value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))])
}

/// Applies a response that comes one millisecond after its request was sent.
async fn respond(
    limits: &Limits,
    operation: &'static Operation,
    status: u16,
    headers: &HeaderMap,
    wait: Option<Duration>,
) {
    let sent_at = Instant::now();
    sleep(Duration::from_millis(1)).await;
    let status = StatusCode::from_u16(status).unwrap();
    let observed = Observed { operation, status, headers, sent_at };
    limits.observe(&observed, SystemTime::UNIX_EPOCH);
    limits.refused(&observed, wait, false);
}

fn used(limits: &Limits, name: &str) -> u64 {
    limits.snapshot_here(SystemTime::UNIX_EPOCH).get(name).unwrap().used()
}

#[tokio::test(start_paused = true)]
async fn no_window_holds_more_than_its_limit() {
    let (limits, started) = (limits(), Instant::now());
    let mut times = Vec::new();
    for _ in 0..7 {
        send(&limits, &ORDERS, 1).await;
        times.push(started.elapsed().as_secs());
    }
    assert_eq!(times, [0, 0, 1, 1, 2, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn weights_add_up_and_several_windows_count_at_once() {
    let limits = limits();
    assert_eq!(send(&limits, &BOTH, 6).await, 0);
    assert_eq!(send(&limits, &WEIGHT, 4).await, 0);
    assert_eq!(send(&limits, &BOTH, 5).await, 60);
    assert_eq!(send(&limits, &WEIGHT, 99).await, 60, "a request heavier than the limit goes alone");
}

#[tokio::test(start_paused = true)]
async fn a_place_ends_one_window_after_the_response_and_a_waiting_call_gets_it() {
    let (limits, started) = (limits(), Instant::now());
    let (first, second) = (depart(&limits, &ORDERS, 1).await, depart(&limits, &ORDERS, 1).await);
    let responses = async {
        sleep(Duration::from_millis(3_400)).await;
        first.notice().response_began();
        sleep(Duration::from_millis(300)).await;
        second.got_response();
        sleep(s(100)).await;
        first.got_response();
    };
    let waiting = async {
        send(&limits, &ORDERS, 1).await;
        let first = started.elapsed().as_millis();
        send(&limits, &ORDERS, 1).await;
        (first, started.elapsed().as_millis())
    };
    let ((), (first, second)) = tokio::join!(responses, waiting);
    assert_eq!((first / 10, second / 10), (440, 470));
}

#[tokio::test(start_paused = true)]
async fn a_place_of_a_request_without_a_response_ends_after_the_grace_and_one_that_was_not_sent_at_once() {
    let limits = limits();
    drop(depart(&limits, &ORDERS, 1).await);
    drop(depart(&limits, &ORDERS, 1).await);
    assert_eq!(send(&limits, &ORDERS, 1).await, 6);
    sleep(s(10)).await;
    let held = (depart(&limits, &ORDERS, 1).await, depart(&limits, &ORDERS, 1).await);
    let waiting = send(&limits, &ORDERS, 1);
    let failing = async {
        sleep(Duration::from_millis(300)).await;
        held.0.not_sent();
        held.1
    };
    let (waited, held) = tokio::join!(waiting, failing);
    assert_eq!((waited, used(&limits, "orders")), (0, 2));
    held.got_response();
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_go_in_the_order_in_which_they_came() {
    let (limits, started) = (limits(), Instant::now());
    let ask = || async {
        send(&limits, &ORDERS, 1).await;
        started.elapsed().as_secs()
    };
    assert_eq!(tokio::join!(ask(), ask(), ask(), ask(), ask()), (0, 0, 1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_place_would_come_too_late_fails_at_once() {
    let limits = limits();
    send(&limits, &ORDERS, 1).await;
    send(&limits, &ORDERS, 1).await;
    for _ in 0..3 {
        let full = limits.reserve(&ORDERS, 1, Instant::now()).await.unwrap_err();
        assert_eq!(full.wait, s(1));
    }
    // The calls that already wait fill the second window from now.
    let ask = || limits.reserve(&ORDERS, 1, in_seconds(1));
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(c.unwrap_err().wait, s(2));
}

#[tokio::test(start_paused = true)]
async fn a_call_with_room_overtakes_one_that_waits_for_another_limit() {
    let limits = limits();
    send(&limits, &ORDERS, 1).await;
    send(&limits, &ORDERS, 1).await;
    assert_eq!(tokio::join!(send(&limits, &BOTH, 1), send(&limits, &WEIGHT, 8)), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_hours_delays_no_other_call() {
    let limits = limits();
    for _ in 0..3 {
        send(&limits, &DAILY, 1).await;
    }
    let waiting = send(&limits, &DAILY_BURST, 4);
    let others = async {
        for _ in 0..12 {
            send(&limits, &BURST, 1).await;
        }
        assert_eq!(send(&limits, &BURST, 4).await, 1);
    };
    assert_eq!(tokio::join!(waiting, others).0, 86_400);
}

#[tokio::test(start_paused = true)]
async fn a_heavy_call_does_not_starve_behind_light_calls() {
    let limits = Arc::new(limits());
    let mut light = JoinSet::new();
    for _ in 0..20 {
        let limits = Arc::clone(&limits);
        light.spawn(async move {
            for _ in 0..20 {
                let place = depart(&limits, &BURST, 1).await;
                sleep(Duration::from_millis(30)).await;
                place.got_response();
            }
        });
    }
    sleep(s(2)).await;
    assert!(
        send(&limits, &BURST, 4).await <= 15,
        "the twenty light calls that came first take five seconds, at four per second"
    );
    light.join_all().await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_leaves_the_queue() {
    let limits = limits();
    send(&limits, &ORDERS, 1).await;
    send(&limits, &ORDERS, 1).await;
    for _ in 0..50 {
        let waiting = limits.reserve(&ORDERS, 1, in_seconds(100));
        assert!(timeout(Duration::from_millis(10), waiting).await.is_err());
    }
    assert_eq!(tokio::join!(send(&limits, &ORDERS, 1), send(&limits, &ORDERS, 1)), (0, 0));
    assert_eq!(used(&limits, "orders"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_place_given_to_a_dropped_call_goes_to_the_next_call() {
    let limits = limits();
    let held = [depart(&limits, &ORDERS, 1).await, depart(&limits, &ORDERS, 1).await];
    let mut waiting = Box::pin(limits.reserve(&ORDERS, 1, in_seconds(100)));
    assert!(timeout(Duration::from_millis(1), &mut waiting).await.is_err());
    for place in held {
        place.not_sent();
    }
    assert_eq!(used(&limits, "orders"), 1, "one place is given to the call, which was not polled since");
    drop(waiting);
    assert_eq!(used(&limits, "orders"), 0);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_waiting_calls_are_served_in_order_without_delay() {
    static LIMITS: [Limit; 1] = [Limit::new("many", 1_000, 1)];
    static VENUE: Venue = Venue::new("limits-tests-many", "venuekit-limits-tests", "0.1.0").with_limits(&LIMITS);
    static MANY: Operation = operation(&["many"]);
    let egress = Egress::unknown();
    let scope = Scope { key: None, origin: "https://venue.test", egress: &egress };
    let limits = Arc::new(Limits::new(&VENUE, &scope, Policy::default(), None));
    let (order, started) = (Arc::new(Mutex::new(Vec::new())), Instant::now());
    let mut calls = JoinSet::new();
    for number in 0..10_000 {
        let (limits, order) = (Arc::clone(&limits), Arc::clone(&order));
        calls.spawn(async move {
            send(&limits, &MANY, 1).await;
            order.lock().unwrap().push(number);
        });
    }
    calls.join_all().await;
    assert_eq!(started.elapsed().as_secs(), 9);
    assert!(order.lock().unwrap().iter().copied().eq(0..10_000));
}

#[tokio::test(start_paused = true)]
async fn a_count_of_the_venue_delays_calls_until_its_window_ends() {
    let limits = limits();
    respond(&limits, &WEIGHT, 200, &headers("x-used", "9"), None).await;
    assert_eq!(send(&limits, &WEIGHT, 1).await, 0);
    respond(&limits, &WEIGHT, 200, &headers("x-used", "10"), None).await;
    assert_eq!(used(&limits, "weight"), 10, "the count of the venue includes our own request");
    for nonsense in ["nonsense", "-1", "", "1.5"] {
        respond(&limits, &WEIGHT, 200, &headers("x-used", nonsense), None).await;
        assert_eq!(used(&limits, "weight"), 10);
    }
    assert_eq!(send(&limits, &WEIGHT, 1).await, 59);
}

#[tokio::test(start_paused = true)]
async fn a_lower_count_of_the_venue_lets_waiting_calls_go_at_once() {
    let limits = limits();
    respond(&limits, &WEIGHT, 200, &headers("x-used", "99999999999999999999999"), None).await;
    assert_eq!(used(&limits, "weight"), 10);
    let lower = async {
        sleep(s(5)).await;
        respond(&limits, &WEIGHT, 200, &headers("x-used", "3"), None).await;
    };
    assert_eq!(tokio::join!(send(&limits, &WEIGHT, 7), lower).0, 5);
}

#[tokio::test(start_paused = true)]
async fn a_closing_also_delays_calls_that_already_wait() {
    let (limits, started) = (limits(), Instant::now());
    send(&limits, &ORDERS, 1).await;
    send(&limits, &ORDERS, 1).await;
    let waiting = async {
        send(&limits, &ORDERS, 1).await;
        started.elapsed().as_secs()
    };
    let in_vain = async {
        let full = limits.reserve(&ORDERS, 1, in_seconds(2)).await.unwrap_err();
        (full.wait.as_secs(), started.elapsed().as_millis())
    };
    let closing = async {
        sleep(Duration::from_millis(499)).await;
        respond(&limits, &BOTH, 429, &HeaderMap::new(), Some(s(30))).await;
        send(&limits, &FREE_WEIGHT, 1).await
    };
    static FREE_WEIGHT: Operation = operation(&["burst"]);
    assert_eq!(tokio::join!(waiting, closing, in_vain), (30, 0, (30, 500)));
}

#[tokio::test(start_paused = true)]
async fn a_permit_becomes_invalid_when_its_limit_is_closed() {
    let limits = limits();
    let permit = limits.reserve(&ORDERS, 1, Instant::now()).await.unwrap().unwrap();
    respond(&limits, &ORDERS, 429, &HeaderMap::new(), None).await;
    assert!(!permit.is_sound());
    assert!(permit.depart().is_none());
    assert_eq!(used(&limits, "orders"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_429_closes_the_limit_that_its_headers_show_as_used_up_and_a_418_closes_all_limits() {
    static TWO: Operation = operation(&["weight", "daily"]);
    let limits = limits();
    respond(&limits, &TWO, 429, &headers("x-daily", "3"), Some(s(9))).await;
    assert_eq!(send(&limits, &WEIGHT, 1).await, 0);
    let closed = limits.snapshot_here(SystemTime::UNIX_EPOCH);
    assert_eq!(closed.get("daily").unwrap().closed_until(), Some(SystemTime::UNIX_EPOCH + s(9)));
    assert_eq!(closed.get("weight").unwrap().closed_until(), None);
    respond(&limits, &FREE, 418, &HeaderMap::new(), Some(s(5))).await;
    assert_eq!(send(&limits, &WEIGHT, 1).await, 5);
}

#[tokio::test(start_paused = true)]
async fn reopening_lets_waiting_calls_go_at_once() {
    let limits = limits();
    respond(&limits, &ORDERS, 418, &HeaderMap::new(), Some(s(1_000))).await;
    let reopening = async {
        sleep(s(3)).await;
        assert!(limits.reopen(Some("orders")).await);
        assert!(!limits.reopen(Some("other")).await);
        sleep(s(3)).await;
        assert!(limits.reopen(None).await);
    };
    assert_eq!(tokio::join!(send(&limits, &ORDERS, 1), send(&limits, &BOTH, 1), reopening), (3, 6, ()));
}

#[tokio::test(start_paused = true)]
async fn requests_of_a_client_that_does_not_wait_count_for_clients_that_wait() {
    let limits = limits();
    let taken: Vec<_> = (0..5).filter_map(|_| limits.take(&ORDERS, 1)?.depart()).collect();
    assert_eq!((taken.len(), used(&limits, "orders")), (5, 5));
    taken.into_iter().for_each(InFlight::got_response);
    assert_eq!(send(&limits, &ORDERS, 1).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_counter_in_use_outlives_its_client_and_idle_counters_are_dropped() {
    static LIMITS: [Limit; 1] = [Limit::new("one", 1, 10)];
    static VENUE: Venue = Venue::new("limits-tests-again", "venuekit-limits-tests", "0.1.0").with_limits(&LIMITS);
    static ONE: Operation = operation(&["one"]);
    let named = |name: String| {
        let egress = Egress::Named(name);
        Limits::new(
            &VENUE,
            &Scope { key: None, origin: "https://venue.test", egress: &egress },
            Policy::default(),
            None,
        )
    };
    send(&named("again".to_owned()), &ONE, 1).await;
    for number in 0..1_000 {
        drop(named(number.to_string()));
    }
    assert_eq!(send(&named("again".to_owned()), &ONE, 1).await, 10);
    assert!(named(String::new()).ledger.size() <= 128);
}
