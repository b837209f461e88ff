//! The venue's rate limits, and the client's own limit on requests in flight.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod in_flight;
mod refusals;
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, UNIX_EPOCH};

use support::{
    Logs, START_MS, Script, Sent, Step, TestClock, TestSigner, builder_of, call, hang, no_connection, reset, respond,
    timed_out,
};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{
    CodeRule, Idempotent, Limit, Method, Operation, Parameter, ParameterIn, Security, ServerTime, TimeUnit, Venue,
    Weight,
};
use venuekit::{Client, ClientBuilder, Error, ErrorKind, LimitsSnapshot, Outcome, Retry, Throttle};

const DAY: u64 = 86_400;

static LIMITS: [Limit; 4] = [
    Limit::new("weight", 20, 60).counts_weight().with_header("x-used-weight"),
    Limit::new("orders", 2, 1).per_key().with_header("x-orders"),
    Limit::new("day", 8, DAY).per_key().with_header("x-day"),
    Limit::new("cancels", 2, 1).per_key(),
];
static VENUE: Venue = Venue::new("limited", "venuekit-limited", "0.1.0").with_limits(&LIMITS);
static DATED: Venue = Venue::new("dated", "venuekit-dated", "0.1.0")
    .with_limits(&[Limit::new("day", 8, DAY).per_key().with_header("x-day")])
    .with_server_time(ServerTime::new(&TIME, "/time", TimeUnit::Milliseconds));
static TIME: Operation = Operation::http("time", Method::Get, "/time");
static TICKER: Operation = Operation::http("ticker", Method::Get, "/ticker")
    .with_parameters(&[Parameter::optional("symbol", ParameterIn::Query)])
    .with_weight(Weight::by_parameter(&[("symbol", 1)], 5))
    .with_limits(&["weight"]);
static ORDER: Operation = Operation::http("placeOrder", Method::Post, "/order")
    .with_security(Security::Signed)
    .with_limits(&["weight", "orders", "day"]);
static CANCEL: Operation =
    Operation::http("cancelOrder", Method::Delete, "/order").with_security(Security::Signed).with_limits(&["cancels"]);
static FREE: Operation = Operation::http("ping", Method::Get, "/ping");

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn builder(script: &Script) -> ClientBuilder {
    builder_of(&VENUE, script).timeout(ms(1_000 * DAY * 3)).retry(Retry::never())
}

fn client(script: &Script) -> Client {
    builder(script).build().unwrap()
}

fn content() -> Script {
    Script::new([respond(200, "1")])
}

fn ticker(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &TICKER)
}

fn ticker_of(client: &Client) -> RequestBuilder {
    ticker(client).set(0, "BTC")
}

fn order(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &ORDER)
}

fn cancel(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &CANCEL)
}

fn free(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &FREE)
}

async fn fails(request_builder: impl support::IntoCall) -> Error {
    call(request_builder).await.unwrap_err()
}

/// Makes a call and returns its duration in whole seconds.
async fn seconds(request_builder: RequestBuilder) -> u64 {
    let started = Instant::now();
    let _ = call(request_builder).await;
    started.elapsed().as_secs()
}

/// Makes all calls at once, and waits until they have ended.
async fn all(request_builders: impl IntoIterator<Item = RequestBuilder>) {
    let mut calls = JoinSet::new();
    for request_builder in request_builders {
        calls.spawn(call(request_builder));
    }
    calls.join_all().await;
}

/// Returns the time from the start to each request, in whole seconds.
fn sent_at(script: &Script, started: Instant) -> Vec<u64> {
    script.sent().iter().map(|sent| (sent.at - started).as_secs()).collect()
}

/// Returns the largest number of requests within any second.
fn most_in_a_second(sent: &[Sent]) -> usize {
    let within = |from: &Sent| {
        sent.iter().filter(|other| other.at >= from.at && other.at - from.at < Duration::from_secs(1)).count()
    };
    sent.iter().map(within).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn an_operation_keeps_each_of_its_windows_and_other_operations_do_not_wait() {
    let (script, started) = (content(), Instant::now());
    let client = client(&script);
    all((0..9).map(|_| order(&client))).await;
    assert_eq!(sent_at(&script, started), [0, 0, 1, 1, 2, 2, 3, 3, DAY]);
    assert_eq!(most_in_a_second(&script.sent()), 2);
    let started = Instant::now();
    all([order(&client), cancel(&client), free(&client)]).await;
    assert_eq!(sent_at(&script, started)[9..11], [0, 0], "{:?}", script.sent()[11].url);
}

#[tokio::test(start_paused = true)]
async fn the_weight_of_a_call_depends_on_its_parameters() {
    let script = content();
    let client = client(&script);
    all((0..5).map(|_| ticker_of(&client))).await;
    let started = Instant::now();
    all((0..3).map(|_| ticker(&client))).await;
    assert_eq!(sent_at(&script, started)[5..], [0, 0, 0]);
    assert_eq!(seconds(ticker_of(&client)).await, 60, "5 x 1 + 3 x 5");
}

#[tokio::test(start_paused = true)]
async fn clones_share_the_counts_and_clients_with_separate_transports_share_none_per_address() {
    let script = content();
    let one = client(&script);
    all((0..4).map(|_| ticker(&one.clone()))).await;
    assert_eq!(seconds(ticker(&client(&script))).await, 0);
    assert_eq!(seconds(ticker(&one.clone())).await, 60);
}

#[tokio::test(start_paused = true)]
async fn clients_with_the_same_credentials_share_only_the_limits_per_key() {
    // Each test needs its own venue: the counts of a dropped client stay, and each test has another
    // clock.
    static VENUE: Venue = Venue::new("shared", "venuekit-shared", "0.1.0").with_limits(&LIMITS);
    let (script, signer) = (content(), TestSigner::new());
    let with = |signer: &TestSigner| {
        let builder = builder_of(&VENUE, &script).timeout(ms(1_000 * DAY * 3)).retry(Retry::never());
        builder.signer(signer.clone()).build().unwrap()
    };
    let first = with(&signer);
    all((0..4).map(|_| ticker(&first)).chain((0..2).map(|_| cancel(&first)))).await;
    assert_eq!(seconds(cancel(&with(&TestSigner::new()))).await, 0, "another key");
    assert_eq!(seconds(ticker(&with(&signer))).await, 0, "another address, as far as is known");
    assert_eq!(seconds(cancel(&with(&signer))).await, 1);
    drop(first);
    let started = Instant::now();
    all((0..3).map(|_| cancel(&with(&signer)))).await;
    assert_eq!(started.elapsed().as_secs(), 1, "the requests of a dropped client still count");
}

#[tokio::test(start_paused = true)]
async fn one_key_at_two_venues_has_the_limits_of_each() {
    static OTHER: Venue =
        Venue::new("other", "venuekit-other", "0.1.0").with_limits(&[Limit::new("cancels", 2, 1).per_key()]);
    let (script, signer) = (content(), TestSigner::new());
    let client = builder(&script).signer(signer.clone()).build().unwrap();
    let other = builder_of(&OTHER, &script).signer(signer).build().unwrap();
    let started = Instant::now();
    all((0..2).flat_map(|_| [cancel(&client), cancel(&other)])).await;
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_egress_share_the_limits_per_address_at_the_same_origin() {
    let script = content();
    let from = |egress: &str| builder(&script).egress(egress);
    let first = from("clients_of_one_egress 1").build().unwrap();
    all((0..4).map(|_| ticker(&first))).await;
    assert_eq!(seconds(ticker(&from("clients_of_one_egress 2").build().unwrap())).await, 0);
    let elsewhere = from("clients_of_one_egress 1").base_url("https://other.test").build().unwrap();
    assert_eq!(seconds(ticker(&elsewhere)).await, 0);
    assert_eq!(seconds(cancel(&from("clients_of_one_egress 1").build().unwrap())).await, 0, "another key");
    assert_eq!(seconds(ticker(&from("clients_of_one_egress 1").build().unwrap())).await, 60);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_must_not_wait_fails_with_the_time_until_there_is_room() {
    let script = content();
    let client = builder(&script).throttle(Throttle::Fail).build().unwrap();
    all([order(&client), order(&client)]).await;
    sleep(ms(300)).await;
    let error = fails(order(&client)).await;
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Throttled, Outcome::NotSent, 0));
    assert_eq!((error.retry_after(), script.count()), (Some(ms(700)), 2));
    assert!(error.to_string().contains("the rate limit `orders` is used up"), "{error}");
    call(cancel(&client)).await.unwrap();
    sleep(ms(700)).await;
    call(order(&client)).await.unwrap();
    let banned = Script::new([respond(418, "").header("retry-after", 30)]);
    let client = builder(&banned).throttle(Throttle::Fail).build().unwrap();
    fails(cancel(&client)).await;
    let error = fails(cancel(&client)).await;
    assert_eq!(error.retry_after(), Some(ms(30_000)));
    assert!(error.to_string().contains("the venue closed the rate limit `cancels`"), "{error}");
}

/// The clock runs on between two reads of it, and the windows are longer than the test takes.
#[tokio::test]
async fn a_call_that_must_not_wait_passes_while_there_is_room() {
    static HOURLY: Venue = Venue::new("hourly", "venuekit-hourly", "0.1.0")
        .with_limits(&[Limit::new("orders", 2, 3_600).per_key(), Limit::new("cancels", 2, 3_600).per_key()]);
    let script = content();
    let client = builder_of(&HOURLY, &script).throttle(Throttle::Fail).build().unwrap();
    for request_builder in [free, order, order, cancel, cancel] {
        call(request_builder(&client)).await.unwrap();
    }
    assert_eq!(fails(order(&client)).await.kind(), ErrorKind::Throttled);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_fails_at_once() {
    let script = content();
    let client = client(&script);
    all((0..4).map(|_| ticker(&client))).await;
    let started = Instant::now();
    let error = fails(ticker(&client).send().timeout(ms(59_000))).await;
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Throttled, Outcome::NotSent));
    assert_eq!((error.retry_after(), started.elapsed()), (Some(ms(60_000)), Duration::ZERO));
    assert!(call(ticker(&client).send().timeout(ms(61_000))).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn limits_that_are_switched_off_are_not_enforced() {
    let script = Script::new([respond(429, "").header("retry-after", 30).header("x-used-weight", 20)]);
    let client = builder(&script).throttle(Throttle::Off).build().unwrap();
    let started = Instant::now();
    all((0..30).map(|_| order(&client))).await;
    assert_eq!((script.count(), started.elapsed()), (30, Duration::ZERO));
    assert!(client.limits().await.limits().iter().all(|limit| limit.closed_until().is_none()));
}

#[tokio::test(start_paused = true)]
async fn requests_of_a_client_that_does_not_wait_count_for_others_with_its_key() {
    let (script, signer) = (content(), TestSigner::new());
    let urgent = builder(&script).signer(signer.clone()).throttle(Throttle::Off).build().unwrap();
    all((0..5).map(|_| cancel(&urgent))).await;
    assert_eq!(urgent.limits().await.get("cancels").unwrap().used(), 5);
    assert_eq!(seconds(cancel(&builder(&script).signer(signer).build().unwrap())).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_takes_no_place() {
    let (script, started) = (content(), Instant::now());
    let client = client(&script);
    all([order(&client), order(&client)]).await;
    for _ in 0..9 {
        timeout(ms(50), call(order(&client))).await.unwrap_err();
    }
    all([order(&client), order(&client)]).await;
    assert_eq!(sent_at(&script, started), [0, 0, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_counts_even_if_it_fails() {
    for step in [respond(503, ""), reset(), hang()] {
        let script = Script::new([step]);
        let builder = builder(&script).retry(Retry::default().attempts(4)).attempt_timeout(ms(100));
        let client = builder.build().unwrap();
        let _ = call(ticker(&client)).await;
        assert_eq!(script.count(), 4);
        assert!(seconds(ticker_of(&client)).await > 50);
    }
}

#[tokio::test(start_paused = true)]
async fn a_count_of_a_day_ends_with_the_venue_s_day() {
    // It is 14:15 UTC, and the venue's clock may be a minute off.
    let to_midnight = DAY - (14 * 60 + 15) * 60 + 60;
    let script = Script::new([respond(200, "1").header("x-day", 100_000), respond(200, "1")]);
    let client = client(&script);
    call(order(&client)).await.unwrap();
    let day = |snapshot: &LimitsSnapshot| snapshot.get("day").map(|day| (day.used(), day.left())).unwrap();
    assert_eq!(day(&client.limits().await), (8, 0));
    assert_eq!(seconds(order(&client)).await, to_midnight);
    // The day ends by the venue's time, not by this machine's.
    let script = Script::from_fn(move |sent, _| match sent.is("/time") {
        true => respond(200, format!(r#"{{"time":{}}}"#, START_MS)),
        false => respond(200, "1").header("x-day", 8),
    });
    let late = builder_of(&DATED, &script).clock(TestClock::behind(ms(5 * 3_600_000)));
    let client = late.timeout(ms(1_000 * DAY)).build().unwrap();
    client.sync_clock().await.unwrap();
    call(order(&client)).await.unwrap();
    assert_eq!(seconds(order(&client)).await, to_midnight);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_has_its_time_and_shows_used_free_and_closed() {
    let script = Script::new([respond(200, "1").after(ms(1_000)).header("x-used-weight", 15), respond(200, "1")]);
    let client = client(&script);
    let (_, early) = tokio::join!(call(ticker(&client)), async {
        sleep(ms(500)).await;
        client.limits().await
    });
    let at = |ms: u64| UNIX_EPOCH + Duration::from_millis(START_MS + ms);
    let weight = early.get("weight").unwrap();
    assert_eq!((early.taken_at(), weight.used(), weight.left()), (at(500), 5, 15), "the request in flight counts");
    assert_eq!((weight.name(), weight.limit(), weight.window()), ("weight", 20, ms(60_000)));
    let names: Vec<_> = early.limits().iter().map(|limit| limit.name()).collect();
    assert_eq!(names, ["weight", "orders", "day", "cancels"]);
    let weight = client.limits().await.get("weight").cloned().unwrap();
    assert_eq!((weight.used(), weight.closed_until()), (15, None));
    let script = Script::new([respond(418, "").header("retry-after", 30)]);
    let client = self::client(&script);
    fails(order(&client)).await;
    let snapshot = client.limits().await;
    assert!(snapshot.limits().iter().all(|limit| limit.closed_until() == Some(at(30_000))));
    assert!(snapshot.get("other").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_reopened_by_hand() {
    let script = Script::new([
        respond(418, "").header("retry-after", 3_000_000),
        respond(200, "1").header("x-day", 100_000),
        respond(200, "1"),
    ]);
    let client = client(&script);
    fails(ticker(&client)).await;
    let reopening = async {
        sleep(ms(5_000)).await;
        client.reopen_limits().await;
    };
    assert_eq!(tokio::join!(seconds(order(&client)), reopening).0, 5, "a call that waits goes at once");
    assert!(client.reopen_limit("day").await);
    assert!(!client.reopen_limit("other").await);
    assert_eq!(seconds(order(&client)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn after_a_429_the_call_waits_for_its_closed_limit_and_is_sent_again_if_that_is_allowed() {
    let (script, started) =
        (Script::new([respond(429, "").header("retry-after", 30), respond(200, "1")]), Instant::now());
    let client = builder(&script).retry(Retry::default()).build().unwrap();
    call(ticker(&client)).await.unwrap();
    assert_eq!(sent_at(&script, started), [0, 30]);
    let not_waiting = Script::new([respond(429, "").header("retry-after", 30), respond(200, "1")]);
    let client = builder(&not_waiting).retry(Retry::default()).throttle(Throttle::Fail).build().unwrap();
    call(ticker(&client)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_count_of_the_venue_is_adopted_and_no_request_counts_twice() {
    let script = Script::new([respond(200, "1").header("x-used-weight", 15), respond(200, "1")]);
    let client = client(&script);
    assert_eq!(seconds(ticker(&client)).await, 0);
    // 15 of 20 are used up, also by other clients.
    assert_eq!((seconds(ticker(&client)).await, seconds(ticker_of(&client)).await), (0, 60));
    let less = Script::new([respond(200, "1").header("x-used-weight", 1)]);
    let client = self::client(&less);
    all((0..4).map(|_| ticker(&client))).await;
    assert_eq!(seconds(ticker(&client)).await, 60, "the own requests count if the venue states fewer");
}

#[tokio::test(start_paused = true)]
async fn a_count_above_the_limit_uses_it_up_and_an_unreadable_count_is_ignored() {
    for used in ["21", "18446744073709551615", "99999999999999999999", "-1", "x"] {
        let step = respond(200, "1").after(ms(10)).header("x-used-weight", used);
        let (script, started) = (Script::new([step]), Instant::now());
        let client = client(&script);
        // The last call already waits when the first response arrives.
        all((0..5).map(|_| ticker(&client))).await;
        let sent = sent_at(&script, started);
        assert_eq!((&sent[..4], sent[4] / 60), (&[0; 4][..], 1), "{used}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiting_call_keeps_waiting_when_the_limit_is_closed() {
    let ban = respond(418, "").header("retry-after", 30).after(ms(500));
    let script = Script::from_fn(move |sent, _| if sent.is("/ticker") { ban.clone() } else { respond(200, "1") });
    let (client, started) = (client(&script), Instant::now());
    all((0..4).map(|_| order(&client)).chain([ticker(&client)])).await;
    assert_eq!(sent_at(&script, started), [0, 0, 0, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_other_requests_does_not_pass_a_limit_that_was_closed_meanwhile() {
    for one_at_a_time in [false, true] {
        let ban = |number| match number {
            0 => respond(418, "").header("retry-after", 30).after(ms(100)),
            _ => respond(200, "1"),
        };
        let script = Script::from_fn(move |_, number| ban(number));
        let builder = builder(&script).max_in_flight(1).one_signed_request_at_a_time(one_at_a_time);
        let (client, started) = (builder.build().unwrap(), Instant::now());
        all([order(&client), order(&client), cancel(&client), cancel(&client)]).await;
        assert_eq!(sent_at(&script, started), [0, 30, 30, 30], "{one_at_a_time}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_burst_follows_a_time_without_responses() {
    for one_at_a_time in [false, true] {
        let script = Script::from_fn(|_, number| respond(200, "1").after(ms(if number == 0 { 3_000 } else { 1 })));
        let builder = builder(&script).max_in_flight(1).one_signed_request_at_a_time(one_at_a_time);
        let client = builder.build().unwrap();
        all((0..8).map(|_| order(&client))).await;
        assert_eq!((script.count(), most_in_a_second(&script.sent())), (8, 2), "{one_at_a_time}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waited_longer_than_the_window_counts_when_it_is_sent() {
    let script = Script::from_fn(|_, number| respond(200, "1").after(ms(if number == 0 { 5_000 } else { 1 })));
    let client = builder(&script).max_in_flight(1).build().unwrap();
    let started = Instant::now();
    let later = async {
        sleep(ms(5_100)).await;
        all((0..2).map(|_| order(&client))).await;
    };
    tokio::join!(all([order(&client), order(&client)]), later);
    assert_eq!(sent_at(&script, started), [0, 5, 6, 6]);
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_limit_closes_while_it_is_signed_waits_and_is_stamped_and_signed_anew() {
    let script = Script::from_fn(|sent, _| match sent.is("/ticker") {
        true => respond(418, "").header("retry-after", 30),
        false => respond(200, "1"),
    });
    let signer = TestSigner::new().taking(ms(900));
    let client = builder(&script).signer(signer.clone()).build().unwrap();
    let banned = async {
        sleep(ms(500)).await;
        fails(ticker(&client)).await
    };
    let (placed, _) = tokio::join!(call(order(&client)), banned);
    placed.unwrap();
    let sent = script.sent();
    assert_eq!((sent.len(), signer.signatures().len()), (2, 2));
    assert_eq!(sent[1].time_ms() - START_MS, 30_500, "stamped when the limit opened");
    assert_eq!(sent[1].header("x-sign"), signer.signatures()[1]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_signer_does_not_exceed_the_limit() {
    let (script, started) = (content(), Instant::now());
    let client = builder(&script).signer(TestSigner::new().taking(ms(900))).build().unwrap();
    all((0..6).map(|_| order(&client))).await;
    assert_eq!(most_in_a_second(&script.sent()), 2);
    assert_eq!(sent_at(&script, started), [0, 0, 2, 2, 4, 4]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_a_response_holds_its_place_for_the_grace_and_a_window() {
    for step in [reset(), hang(), timed_out().after(ms(100))] {
        let script = Script::from_fn(move |_, number| if number < 2 { step.clone() } else { respond(200, "1") });
        let client = builder(&script).attempt_timeout(ms(100)).limit_grace(ms(3_000)).build().unwrap();
        all([order(&client), order(&client)]).await;
        let failed = Instant::now();
        call(order(&client)).await.unwrap();
        assert_eq!((Instant::now() - failed).as_millis() / 10, 400);
    }
    let script = Script::from_fn(|_, number| if number < 2 { hang() } else { respond(200, "1") });
    let client = client(&script);
    for _ in 0..2 {
        timeout(ms(100), call(order(&client))).await.unwrap_err();
    }
    assert_eq!(seconds(order(&client)).await, 5, "the first was dropped 5.9 s before");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_not_sent_does_not_count() {
    let script = Script::from_fn(|_, number| if number < 9 { no_connection() } else { respond(200, "1") });
    let client = client(&script);
    for _ in 0..9 {
        assert_eq!(fails(order(&client)).await.outcome(), Outcome::NotSent);
    }
    let client_of = |signer| builder(&script).signer(signer).build().unwrap();
    let failing = client_of(TestSigner::new().failing_after(0));
    for _ in 0..9 {
        assert_eq!(fails(order(&failing)).await.kind(), ErrorKind::Sign);
    }
    for client in [client, failing] {
        assert!(client.limits().await.limits().iter().all(|limit| limit.used() == 0));
    }
}
