//! Refusals whose code means that the time of the request is wrong.

use super::*;

/// Returns a script of a venue that refuses wrong times with a `Date` header, and has an operation
/// for its time. `time` is the response of that operation.
fn venue(truth: TestClock, time: impl Fn() -> Step + Send + Sync + 'static) -> Script {
    Script::from_fn(move |sent, _| match sent {
        sent if sent.is("/time") => time(),
        sent if sent.time_ms().abs_diff(truth.now_ms()) <= 1_000 => respond(200, "1"),
        _ => respond(400, r#"{"code":-1021}"#).header("date", http_date(truth.now_ms())),
    })
}

fn telling(truth: TestClock) -> Script {
    venue(truth.clone(), move || respond(200, format!(r#"{{"time":{}}}"#, truth.now_ms())))
}

fn paths(script: &Script) -> Vec<String> {
    script.sent().iter().map(|sent| sent.url.path().replace("/api/", "")).collect()
}

fn late(script: &Script) -> Client {
    builder(script).clock(TestClock::behind(HOUR)).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_idempotent_request_is_sent_once_more_with_the_time_of_the_venue() {
    for (request_builder, path) in [(book as fn(&Client) -> RequestBuilder, "book"), (cancel, "order")] {
        let script = telling(TestClock::right());
        let client = late(&script);
        call(request_builder(&client)).await.unwrap();
        assert_eq!(paths(&script), [path, "time", path]);
        call(request_builder(&client)).await.unwrap();
        assert_eq!(script.count(), 4, "the venue is asked for its time once");
    }
}

#[tokio::test(start_paused = true)]
async fn learning_the_time_works_with_one_request_at_a_time() {
    let script = telling(TestClock::right());
    let builder = builder(&script).clock(TestClock::behind(HOUR)).max_in_flight(1);
    call(book(&builder.one_signed_request_at_a_time(true).build().unwrap())).await.unwrap();
    assert_eq!(paths(&script), ["book", "time", "book"]);
}

/// Returns the script of [`telling`] without `Date` headers.
fn dateless(truth: TestClock) -> Script {
    Script::from_fn(move |sent, _| match sent {
        sent if sent.is("/time") => respond(200, format!(r#"{{"time":{}}}"#, truth.now_ms())),
        sent if sent.time_ms().abs_diff(truth.now_ms()) <= 1_000 => respond(200, "1"),
        _ => respond(400, r#"{"code":-1021}"#),
    })
}

#[tokio::test(start_paused = true)]
async fn a_call_without_another_attempt_that_is_refused_for_its_time_fails_at_once_and_the_next_call_passes() {
    let never = |builder: ClientBuilder| builder.retry(Retry::never());
    let last = |builder: ClientBuilder| builder.retry(Retry::default().attempts(1));
    let orders = (order as fn(&Client) -> RequestBuilder, "order", never as fn(_) -> _);
    for (request_builder, path, with) in [orders, (order, "order", |builder| builder), (book, "book", last)] {
        let script = telling(TestClock::right());
        let client = with(builder(&script).clock(TestClock::behind(HOUR))).build().unwrap();
        let started = Instant::now();
        let error = fails(request_builder(&client)).await;
        assert_eq!((error.outcome(), error.attempts(), script.count()), (Outcome::Refused, 1, 1));
        assert_eq!(started.elapsed(), Duration::ZERO);
        call(request_builder(&client)).await.unwrap();
        assert_eq!(paths(&script), [path, path], "the date of the refusal has the time");

        let script = dateless(TestClock::right());
        let client = with(builder(&script).clock(TestClock::behind(HOUR))).build().unwrap();
        assert_eq!((fails(request_builder(&client)).await.outcome(), script.count()), (Outcome::Refused, 1));
        call(request_builder(&client)).await.unwrap();
        call(request_builder(&client)).await.unwrap();
        assert_eq!(paths(&script), [path, "time", path, path], "the next call asks for the time, once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_date_that_agrees_with_a_refused_time_is_too_coarse() {
    let script = Script::from_fn(|sent, number| match number {
        _ if sent.is("/time") => respond(200, format!(r#"{{"time":{}}}"#, START_MS + 700)),
        0 => respond(400, r#"{"code":-1021}"#).header("date", http_date(START_MS)),
        _ => respond(200, "1"),
    });
    let client = client(&script);
    fails(order(&client)).await;
    call(order(&client)).await.unwrap();
    assert_eq!(paths(&script), ["order", "time", "order"]);
    assert_eq!(client.clock_offset().as_micros(), 700_000);
}

#[tokio::test(start_paused = true)]
async fn a_time_operation_that_hangs_leaves_half_of_the_timeout_for_the_order() {
    let script = Script::from_fn(|sent, number| match number {
        _ if sent.is("/time") => hang(),
        0 => respond(400, r#"{"code":-1021}"#),
        _ => respond(200, "1"),
    });
    let client = client(&script);
    fails(order(&client)).await;
    let started = Instant::now();
    call(order(&client).send().timeout(ms(4_000))).await.unwrap();
    assert!(
        started.elapsed() <= ms(2_001),
        "the order is sent after {:?} (expected at most half of 4 s)",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn the_time_is_learnt_once_per_call() {
    let lying = || respond(200, format!(r#"{{"time":{}}}"#, START_MS - 7_200_000));
    let script = venue(TestClock::right(), lying);
    let client = builder(&script).retry(Retry::default().attempts(9)).clock(TestClock::behind(HOUR));
    let error = fails(book(&client.build().unwrap())).await;
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Refused, 2));
    assert_eq!(paths(&script), ["book", "time", "book"]);
}

#[tokio::test(start_paused = true)]
async fn if_the_time_operation_fails_the_time_is_read_from_the_date() {
    for time in [|| respond(500, ""), || respond(200, "<html>"), hang] {
        let script = venue(TestClock::right(), time);
        call(book(&late(&script)).send().timeout(ms(60_000))).await.unwrap();
        assert_eq!(paths(&script).last().unwrap(), "book");
    }
}

#[tokio::test(start_paused = true)]
async fn if_no_time_of_the_venue_is_known_the_refusal_is_returned() {
    let script = Script::from_fn(|sent, _| if sent.is("/time") { reset() } else { row("GET").error(400, "-1021") });
    let error = fails(book(&late(&script))).await;
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Refused, 1));
}

#[tokio::test(start_paused = true)]
async fn learning_the_time_counts_towards_the_deadline_of_the_call() {
    let script = Script::from_fn(|sent, _| if sent.is("/time") { hang() } else { row("GET").error(400, "-1021") });
    let started = Instant::now();
    let error = fails(book(&late(&script)).send().timeout(ms(2_000))).await;
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Refused, 1));
    assert!(started.elapsed() <= ms(2_001), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_slow_time_operation_leaves_time_for_the_call_and_the_date_of_the_refusal_does_not_age() {
    let script = venue(TestClock::right(), hang);
    let client = late(&script);
    call(book(&client).send().timeout(ms(8_000))).await.unwrap();
    assert_eq!(paths(&script), ["book", "time", "book"]);
    assert!((client.clock_offset().as_micros() - 3_600_000_000).abs() <= 500_000, "{:?}", client.clock_offset());
}

#[tokio::test(start_paused = true)]
async fn after_an_attempt_of_unknown_outcome_a_clock_refusal_leaves_the_outcome_unknown() {
    let refused = row("cancel one order").error(400, "-1021");
    let script = Script::from_fn(move |_, number| if number == 0 { reset() } else { refused.clone() });
    assert_eq!(fails(cancel(&client(&script))).await.outcome(), Outcome::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_the_time_operation_does_not_block_the_call() {
    static LIMITED_TIME: Operation = Operation::http("time", Method::Get, "/time").with_limits(&["time"]);
    static VENUE: Venue = Venue::new("limited", "venuekit-limited", "0.1.0")
        .with_errors_at(&["/code"], &["/msg"])
        .with_clock_codes(&[CodeRule::new("-1021")])
        .with_limits(&[Limit::new("time", 1, 3_600)])
        .with_server_time(ServerTime::new(&LIMITED_TIME, "/time", TimeUnit::Milliseconds));
    let script = telling(TestClock::right());
    for throttle in [Throttle::Wait, Throttle::Fail] {
        let builder = builder_of(&VENUE, &script).clock(TestClock::behind(HOUR)).throttle(throttle);
        let client = builder.build().unwrap();
        RequestBuilder::new(&client, &LIMITED_TIME).send::<Value>().await.unwrap();
        let started = Instant::now();
        call(book(&client)).await.unwrap();
        assert!(started.elapsed() < ms(100), "the date of the refusal has the time");
    }
}

#[test]
fn the_system_clock_gives_the_time() {
    let now = venuekit::Clock::now(&venuekit::SystemClock);
    // The machine's clock may be set back during the test.
    let off = SystemTime::now().duration_since(now).unwrap_or_else(|error| error.duration());
    assert!(off < HOUR);
}
