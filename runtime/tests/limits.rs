//! The venue's limits, and the client's own cap on requests in flight.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::{
    Answer, Script, Sent, Server, Step, TestClock, TestSigner, answer, builder_of, call, hang, http, no_connection,
};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use venuekit::operation::{Limit, Location, Method, Operation, Parameter, Security, Venue, Weight};
use venuekit::{Client, ClientBuilder, Draft, Error, ErrorKind, Outcome, Retry, Throttle};

const DAY: u64 = 86_400;

static VENUE: Venue = Venue::new("limited", "venuekit-limited", "0.1.0").with_limits(&[
    Limit::new("weight", 20, 60).counts_weight().with_header("x-used-weight"),
    Limit::new("orders", 2, 1).per_key().with_header("x-orders"),
    Limit::new("day", 8, DAY).per_key().with_header("x-day"),
    Limit::new("cancels", 2, 1).per_key(),
]);
static TICKER: Operation = Operation::http("ticker", Method::Get, "/ticker")
    .with_parameters(&[Parameter::optional("symbol", Location::Query)])
    .with_weight(Weight::ByParameter { when_present: &[("symbol", 1)], otherwise: 5 })
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

fn builder(script: &Script) -> ClientBuilder<Client> {
    builder_of(&VENUE, script).timeout(ms(1_000 * DAY * 3)).retry(Retry::never())
}

fn client(script: &Script) -> Client {
    builder(script).build().unwrap()
}

fn content() -> Script {
    Script::of([answer(200, "1")])
}

fn ticker(client: &Client) -> Draft {
    Draft::new(client, &TICKER)
}

fn ticker_of(client: &Client) -> Draft {
    ticker(client).set(0, "BTC")
}

fn order(client: &Client) -> Draft {
    Draft::new(client, &ORDER)
}

fn cancel(client: &Client) -> Draft {
    Draft::new(client, &CANCEL)
}

fn free(client: &Client) -> Draft {
    Draft::new(client, &FREE)
}

async fn fails(draft: Draft) -> Error {
    call(draft).await.unwrap_err()
}

/// How many whole seconds it took.
async fn seconds(draft: Draft) -> u64 {
    let started = Instant::now();
    let _ = call(draft).await;
    started.elapsed().as_secs()
}

/// All at once, to their end.
async fn all(drafts: impl IntoIterator<Item = Draft>) {
    let mut calls = JoinSet::new();
    for draft in drafts {
        calls.spawn(call(draft));
    }
    calls.join_all().await;
}

/// After how many whole seconds each request was sent.
fn sent_at(script: &Script, started: Instant) -> Vec<u64> {
    script.sent().iter().map(|sent| (sent.at - started).as_secs()).collect()
}

/// How many requests were sent within any second, at most.
fn most_in_a_second(sent: &[Sent]) -> usize {
    let within = |from: &Sent| {
        sent.iter().filter(|other| other.at >= from.at && other.at - from.at < Duration::from_secs(1)).count()
    };
    sent.iter().map(within).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn every_window_of_an_operation_holds_and_others_do_not_wait_for_it() {
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
async fn weights_are_by_parameter_and_null_is_none() {
    let script = content();
    let client = client(&script);
    all((0..5).map(|_| ticker_of(&client))).await;
    let started = Instant::now();
    all((0..3).map(|_| ticker(&client).set(0, &None::<i32>))).await;
    assert_eq!(sent_at(&script, started)[5..], [0, 0, 0]);
    assert_eq!(seconds(ticker_of(&client)).await, 60, "5 x 1 + 3 x 5");
}

#[tokio::test(start_paused = true)]
async fn clones_share_the_counts_and_other_clients_do_not() {
    let script = content();
    let one = client(&script);
    all((0..4).map(|_| ticker(&one.clone()))).await;
    assert_eq!(seconds(ticker(&client(&script))).await, 0);
    assert_eq!(seconds(ticker(&one.clone())).await, 60);
}

#[tokio::test(start_paused = true)]
async fn who_is_not_to_wait_is_told_how_long_it_would_be() {
    let script = content();
    let client = builder(&script).throttle(Throttle::Fail).build().unwrap();
    all([order(&client), order(&client)]).await;
    sleep(ms(300)).await;
    let error = fails(order(&client)).await;
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Throttled, Outcome::NotSent, 0));
    assert_eq!((error.retry_after(), script.count()), (Some(ms(700)), 2));
    call(cancel(&client)).await.unwrap();
    sleep(ms(700)).await;
    call(order(&client)).await.unwrap();
}

/// On a clock that does not stand still between two looks at it.
#[tokio::test]
async fn who_is_not_to_wait_does_not_fail_while_there_is_room() {
    let script = content();
    let client = builder(&script).throttle(Throttle::Fail).build().unwrap();
    for draft in [free, order, order, cancel, cancel] {
        call(draft(&client)).await.unwrap();
    }
    assert_eq!(fails(order(&client)).await.kind(), ErrorKind::Throttled);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_none() {
    let script = content();
    let client = client(&script);
    all((0..4).map(|_| ticker(&client))).await;
    let started = Instant::now();
    let error = fails(ticker(&client).timeout(ms(59_000))).await;
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Throttled, Outcome::NotSent));
    assert_eq!((error.retry_after(), started.elapsed()), (Some(ms(60_000)), Duration::ZERO));
    assert!(call(ticker(&client).timeout(ms(61_000))).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn limits_that_others_keep_are_not_kept_here() {
    let script = Script::of([answer(429, "").header("retry-after", 30).header("x-used-weight", 20)]);
    let client = builder(&script).throttle(Throttle::Off).build().unwrap();
    let started = Instant::now();
    all((0..30).map(|_| order(&client))).await;
    assert_eq!((script.count(), started.elapsed()), (30, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_leaves_its_place() {
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
async fn each_attempt_counts_also_one_that_fails() {
    for step in [answer(503, ""), no_connection(), hang()] {
        let script = Script::of([step]);
        let builder = builder(&script).retry(Retry::default().attempts(4)).attempt_timeout(ms(100));
        let client = builder.build().unwrap();
        let _ = call(ticker(&client)).await;
        assert_eq!(script.count(), 4);
        assert!(seconds(ticker_of(&client)).await > 50);
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_with_retry_after_closes_the_limits_of_its_operation_and_no_other() {
    for wait in ["30", "1706451330", "1706451330000", "Sun, 28 Jan 2024 14:15:30 GMT"] {
        let closing = answer(429, "").header("retry-after", wait);
        let script = Script::by(move |_, number| if number == 0 { closing.clone() } else { answer(200, "1") });
        let client = client(&script);
        let error = fails(ticker(&client)).await;
        assert_eq!((error.outcome(), error.retry_after()), (Outcome::Refused, Some(ms(30_000))), "{wait}");
        for draft in [cancel, free] {
            assert_eq!(seconds(draft(&client)).await, 0, "{wait}");
        }
        assert_eq!(seconds(ticker(&client)).await, 30, "{wait}");
        assert_eq!(seconds(ticker(&client)).await, 0, "{wait}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_that_shows_which_limit_is_used_up_closes_that_one() {
    let closing = answer(429, "").header("retry-after", 30).header("x-used-weight", 12).header("x-day", 8);
    let script = Script::by(move |_, number| if number == 0 { closing.clone() } else { answer(200, "1") });
    let client = client(&script);
    fails(order(&client)).await;
    assert_eq!(seconds(ticker_of(&client)).await, 0);
    assert!(seconds(order(&client)).await >= 30);
}

#[tokio::test(start_paused = true)]
async fn a_418_closes_all_limits() {
    let script = Script::of([answer(418, "").header("retry-after", 30), answer(200, "1")]);
    let client = client(&script);
    assert_eq!(fails(ticker(&client)).await.outcome(), Outcome::Refused);
    let started = Instant::now();
    all([cancel(&client), ticker(&client), order(&client)]).await;
    assert_eq!(sent_at(&script, started)[1..], [30, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_say_for_how_long_closes_nothing() {
    for step in [answer(429, ""), answer(418, ""), answer(429, "").header("retry-after", "soon")] {
        let script = Script::of([step]);
        let client = client(&script);
        for draft in [ticker, order, cancel] {
            fails(draft(&client)).await;
            assert_eq!(seconds(draft(&client)).await, 0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn another_status_with_retry_after_closes_nothing() {
    for status in [200, 400, 503] {
        let script = Script::of([answer(status, "1").header("retry-after", 30)]);
        let client = client(&script);
        assert_eq!((seconds(ticker(&client)).await, seconds(ticker(&client)).await), (0, 0), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_is_closed_for_ages_refuses_and_does_not_panic() {
    let script = Script::of([answer(429, "").header("retry-after", u64::MAX)]);
    let client = client(&script);
    fails(ticker(&client)).await;
    let error = fails(ticker(&client)).await;
    assert_eq!((error.kind(), error.outcome(), script.count()), (ErrorKind::Throttled, Outcome::NotSent, 1));
    assert!(error.retry_after().unwrap() > ms(1_000 * DAY * 365));
}

#[tokio::test(start_paused = true)]
async fn a_429_is_waited_for_and_sent_again_where_that_is_allowed_past_its_closed_limit() {
    let (script, started) = (Script::of([answer(429, "").header("retry-after", 30), answer(200, "1")]), Instant::now());
    let client = builder(&script).retry(Retry::default()).build().unwrap();
    call(ticker(&client)).await.unwrap();
    assert_eq!(sent_at(&script, started), [0, 30]);
    let not_waiting = Script::of([answer(429, "").header("retry-after", 30), answer(200, "1")]);
    let client = builder(&not_waiting).retry(Retry::default()).throttle(Throttle::Fail).build().unwrap();
    call(ticker(&client)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_venue_s_own_count_is_taken_over_and_nothing_counts_twice() {
    let script = Script::of([answer(200, "1").header("x-used-weight", 15), answer(200, "1")]);
    let client = client(&script);
    assert_eq!(seconds(ticker(&client)).await, 0);
    // 15 of 20 are used up, by others too.
    assert_eq!((seconds(ticker(&client)).await, seconds(ticker_of(&client)).await), (0, 60));
    let less = Script::of([answer(200, "1").header("x-used-weight", 1)]);
    let client = self::client(&less);
    all((0..4).map(|_| ticker(&client))).await;
    assert_eq!(seconds(ticker(&client)).await, 60, "we know of more");
}

#[tokio::test(start_paused = true)]
async fn a_count_beyond_the_limit_or_beyond_numbers_is_a_limit_used_up() {
    for used in ["21", "18446744073709551615", "99999999999999999999", "-1", "x"] {
        let step = answer(200, "1").after(ms(10)).header("x-used-weight", used);
        let (script, started) = (Script::of([step]), Instant::now());
        let client = client(&script);
        // The last waits already when the first is answered.
        all((0..5).map(|_| ticker(&client))).await;
        let sent = sent_at(&script, started);
        assert_eq!((&sent[..4], sent[4] / 60), (&[0; 4][..], 1), "{used}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_already_waits_on_when_the_limit_is_closed() {
    let ban = answer(418, "").header("retry-after", 30).after(ms(500));
    let script = Script::by(move |sent, _| if sent.is("/ticker") { ban.clone() } else { answer(200, "1") });
    let (client, started) = (client(&script), Instant::now());
    all((0..4).map(|_| order(&client)).chain([ticker(&client)])).await;
    assert_eq!(sent_at(&script, started), [0, 0, 0, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_other_requests_does_not_go_past_a_limit_that_was_closed_meanwhile() {
    for one_at_a_time in [false, true] {
        let ban = |number| match number {
            0 => answer(418, "").header("retry-after", 30).after(ms(100)),
            _ => answer(200, "1"),
        };
        let script = Script::by(move |_, number| ban(number));
        let builder = builder(&script).max_in_flight(1).one_signed_request_at_a_time(one_at_a_time);
        let (client, started) = (builder.build().unwrap(), Instant::now());
        all([order(&client), order(&client), cancel(&client), cancel(&client)]).await;
        assert_eq!(sent_at(&script, started), [0, 30, 30, 30], "{one_at_a_time}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_burst_follows_a_time_in_which_nothing_was_answered() {
    for one_at_a_time in [false, true] {
        let script = Script::by(|_, number| answer(200, "1").after(ms(if number == 0 { 3_000 } else { 1 })));
        let builder = builder(&script).max_in_flight(1).one_signed_request_at_a_time(one_at_a_time);
        let client = builder.build().unwrap();
        all((0..8).map(|_| order(&client))).await;
        assert_eq!((script.count(), most_in_a_second(&script.sent())), (8, 2), "{one_at_a_time}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_waited_longer_than_the_window_counts_when_it_is_sent() {
    let script = Script::by(|_, number| answer(200, "1").after(ms(if number == 0 { 5_000 } else { 1 })));
    let client = builder(&script).max_in_flight(1).build().unwrap();
    let started = Instant::now();
    let later = async {
        sleep(ms(5_100)).await;
        all((0..2).map(|_| order(&client))).await;
    };
    tokio::join!(all([order(&client), order(&client)]), later);
    assert_eq!(sent_at(&script, started), [0, 5, 5, 6]);
}

#[tokio::test(start_paused = true)]
async fn requests_in_flight_are_no_more_than_set_over_all_clones() {
    for (most, calls) in [(1, 50), (7, 1_000), (100, 10_000)] {
        let script = Script::by(|_, number| answer(200, "1").after(ms(1 + number as u64 % 5)));
        let client = builder(&script).max_in_flight(most).build().unwrap();
        all((0..calls).map(|_| free(&client.clone()))).await;
        assert_eq!((script.count(), script.most_under_way()), (calls, most));
    }
}

#[tokio::test(start_paused = true)]
async fn the_default_is_a_hundred_in_flight_and_none_is_no_limit() {
    let script = Script::of([answer(200, "1").after(ms(10))]);
    let calls = |client: Client| (0..300).map(move |_| free(&client));
    all(calls(client(&script))).await;
    assert_eq!(script.most_under_way(), 100);
    all(calls(builder(&script).max_in_flight(0).build().unwrap())).await;
    assert_eq!(script.most_under_way(), 300);
    all(calls(builder(&script).max_in_flight(usize::MAX).build().unwrap())).await;
}

#[tokio::test(start_paused = true)]
async fn a_place_in_flight_is_given_up_by_who_fails_waits_or_is_dropped() {
    let steps: [fn() -> Step; 3] = [|| answer(503, ""), no_connection, || answer(429, "").header("retry-after", 9)];
    for step in steps {
        let script = Script::by(move |sent, _| if sent.is("/ping") { step() } else { answer(200, "1") });
        let retry = Retry::default().attempts(2).backoff(ms(9_000), ms(9_000));
        let client = builder(&script).max_in_flight(1).retry(retry).build().unwrap();
        let (_, seconds) = tokio::join!(call(free(&client)), seconds(cancel(&client)));
        assert_eq!(seconds, 0);
    }
    let script = Script::by(|sent, _| if sent.is("/ping") { hang() } else { answer(200, "1") });
    let client = builder(&script).max_in_flight(1).build().unwrap();
    timeout(ms(100), call(free(&client))).await.unwrap_err();
    assert_eq!(seconds(cancel(&client)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_limit_or_for_its_turn_is_not_in_flight() {
    let script = Script::of([answer(200, "1").after(ms(100))]);
    let client = builder(&script).max_in_flight(2).one_signed_request_at_a_time(true).build().unwrap();
    let public = async {
        sleep(ms(10)).await;
        seconds(free(&client)).await
    };
    let (_, public) = tokio::join!(all((0..4).flat_map(|_| [order(&client), cancel(&client)])), public);
    assert_eq!(public, 0);
    let free_at = script.sent().into_iter().find(|sent| sent.is("/ping")).unwrap().at;
    assert_eq!(free_at, script.sent()[0].at + ms(10));
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_other_requests_until_the_deadline_is_not_sent() {
    for one_at_a_time in [false, true] {
        let script = Script::of([answer(200, "1").after(ms(5_000))]);
        let builder = builder(&script).max_in_flight(1).one_signed_request_at_a_time(one_at_a_time);
        let client = builder.build().unwrap();
        let (_, error) = tokio::join!(call(cancel(&client)), fails(cancel(&client).timeout(ms(1_000))));
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::NotSent));
        assert_eq!((error.attempts(), script.count()), (0, 1));
    }
}

/// Requests at random, some of them slow, in all kinds of jams.
#[tokio::test(start_paused = true)]
async fn whatever_comes_no_window_holds_more_than_its_limit_and_everybody_gets_through() {
    static LIMITS: [Limit; 3] =
        [Limit::new("weight", 20, 10).counts_weight(), Limit::new("orders", 3, 1), Limit::new("burst", 7, 4)];
    static VENUE: Venue = Venue::new("busy", "venuekit-busy", "0.1.0").with_limits(&LIMITS);
    static OPERATIONS: [Operation; 5] = [
        operation("/1", 1, &["weight"]),
        operation("/7", 7, &["weight"]),
        operation("/2", 2, &["weight", "orders"]),
        operation("/3", 3, &["burst", "orders"]),
        operation("/30", 30, &["orders", "burst", "weight"]),
    ];

    const fn operation(path: &'static str, weight: u32, limits: &'static [&'static str]) -> Operation {
        Operation::http(path, Method::Get, path)
            .with_security(Security::Signed)
            .with_weight(Weight::Fixed(weight))
            .with_limits(limits)
    }

    for seed in 0..12 {
        let mut random = fastrand::Rng::with_seed(seed);
        let slowest = random.u64(1..3_000);
        let script = Script::by(move |_, number| answer(200, "1").after(ms(number as u64 * 37 % slowest)));
        let builder = builder_of(&VENUE, &script).timeout(ms(1_000 * DAY)).max_in_flight(random.usize(1..9));
        let client = builder.one_signed_request_at_a_time(random.bool()).build().unwrap();
        let (mut calls, pause) = (JoinSet::new(), random.u64(1..20_000));
        for _ in 0..150 {
            let (client, operation) = (client.clone(), random.choice(&OPERATIONS).unwrap());
            let after = ms(random.u64(0..pause));
            calls.spawn(async move {
                sleep(after).await;
                call(Draft::new(&client, operation)).await
            });
        }
        assert!(calls.join_all().await.iter().all(Result::is_ok), "{seed}");
        let sent = script.sent();
        for limit in &LIMITS {
            let counted =
                |sent: &&Sent| OPERATIONS.iter().any(|o| sent.is(o.id()) && o.limits().contains(&limit.name()));
            let counted: Vec<(Instant, u64)> =
                sent.iter().filter(counted).map(|sent| (sent.at, weight(sent))).collect();
            for (begin, _) in &counted {
                let within = counted.iter().filter(|(at, _)| at >= begin && *at - *begin < limit.window());
                let used: u64 = within.map(|(_, weight)| if limit.is_weighted() { *weight } else { 1 }).sum();
                assert!(used <= limit.limit(), "{seed}: {used} of {limit:?}");
            }
        }
    }

    /// What is heavier than the limit counts as the limit.
    fn weight(sent: &Sent) -> u64 {
        sent.url.path().rsplit('/').next().unwrap().parse::<u64>().unwrap().min(20)
    }
}

/// The same on a real clock, whose looks differ.
#[tokio::test]
async fn over_a_socket_a_limit_holds_too() {
    static QUICK: Venue = Venue::new("quick", "venuekit-quick", "0.1.0").with_limits(&[Limit::new("one", 3, 1)]);
    static PING: Operation =
        Operation::http("ping", Method::Get, "/ping").with_security(Security::Signed).with_limits(&["one"]);
    let server = Server::start(Answer::json(200, "1")).await;
    let builder = ClientBuilder::<Client>::for_venue(&QUICK).base_url(server.url()).http(http());
    let client = builder.signer(TestSigner::new()).clock(TestClock::right()).build().unwrap();
    let calls = async { all((0..5).map(|_| Draft::new(&client, &PING))).await };
    timeout(ms(290), calls).await.unwrap_err();
    assert_eq!(server.requests().len(), 3);
    let error = Draft::new(&client, &PING).timeout(ms(100)).send::<Value>().await.unwrap_err();
    assert_eq!((error.kind(), server.requests().len()), (ErrorKind::Throttled, 3));
}
