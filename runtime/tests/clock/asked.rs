//! Clients that ask a venue for its time.

use super::*;

macro_rules! venue {
    ($name:literal, $operation:expr, $unit:ident) => {{
        static VENUE: Venue = Venue::new($name, "venuekit-test", "0.1.0")
            .with_errors_at(&["/code"], &["/msg"])
            .with_clock_codes(&[CodeRule::new("-1021")])
            .with_limits(&[Limit::new("time", 1, 10)])
            .with_server_time(ServerTime::new($operation, "/data/time", TimeUnit::$unit));
        &VENUE
    }};
}

static LIMITED_TIME: Operation = Operation::http("time", Method::Get, "/time").with_limits(&["time"]);
static SIGNED_TIME: Operation = Operation::http("time", Method::Get, "/time").with_security(Security::Signed);

fn time_is(text: &str) -> Step {
    respond(200, format!(r#"{{"data":{{"time":{text}}}}}"#))
}

/// Returns how much the client's clock offset differs from `offset`, in milliseconds without a
/// sign.
fn error_ms(client: &Client, offset: i128) -> i128 {
    (i128::from(client.clock_offset().as_micros()) / 1_000 - offset).abs()
}

#[tokio::test(start_paused = true)]
async fn the_venue_s_time_is_read_in_the_unit_of_its_spec() {
    for (venue, text) in [
        (venue!("ms", &TIME, Milliseconds), "1706451303250"),
        (venue!("s", &TIME, Seconds), "1706451303.25"),
        (venue!("text", &TIME, Seconds), r#""1706451303.25""#),
        (venue!("iso", &TIME, Iso8601), r#""2024-01-28T14:15:03.25Z""#),
        (venue!("ticks", &TIME, DotnetTicks), "638420481032500000"),
    ] {
        let script = Script::new([time_is(text)]);
        let client = builder_of(venue, &script).build().unwrap();
        let offset = client.sync_clock().await.unwrap();
        assert_eq!(offset.as_micros(), 3_250_000, "{}", venue.name());
        assert_eq!(client.clone().clock_offset(), offset);
        call(book(&client)).await.unwrap();
        assert_eq!(script.sent()[1].time_ms(), START_MS + 3_250, "{}", venue.name());
    }
}

#[tokio::test(start_paused = true)]
async fn the_venue_s_time_is_taken_as_the_time_half_way_through_the_exchange() {
    let script = Script::new([time_is(&(START_MS + 1_000).to_string()).after(ms(2_000))]);
    let client = builder_of(venue!("v", &TIME, Milliseconds), &script).build().unwrap();
    client.sync_clock().await.unwrap();
    assert!(error_ms(&client, 0) <= 2, "{:?}", client.clock_offset());
}

#[tokio::test(start_paused = true)]
async fn the_wait_before_the_successful_attempt_does_not_count() {
    let truth = TestClock::right();
    let script = Script::from_fn(move |_, number| match number {
        1 => respond(503, "").after(ms(1_000)),
        2 => timed_out().after(ms(1_000)),
        _ => time_is(&truth.now_ms().to_string()),
    });
    let venue = venue!("v", &LIMITED_TIME, Milliseconds);
    let builder = builder_of(venue, &script).clock(TestClock::behind(HOUR)).timeout(ms(60_000));
    let client = builder.build().unwrap();
    client.sync_clock().await.unwrap();
    let started = Instant::now();
    client.sync_clock().await.unwrap();
    assert!(started.elapsed() >= ms(30_000), "the second call waits for the limit three times");
    assert_eq!(script.count(), 4);
    assert!(error_ms(&client, 3_600_000) <= 2, "{:?}", client.clock_offset());
}

#[tokio::test(start_paused = true)]
async fn a_response_without_a_time_is_an_error_and_does_not_change_the_clock() {
    for text in ["null", r#""soon""#, "-1", "[]", r#"{"data":1}"#] {
        let script = Script::new([time_is(text)]);
        let client = builder_of(venue!("v", &TIME, Milliseconds), &script).build().unwrap();
        let error = client.sync_clock().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts() <= 1), (ErrorKind::Decode, true), "{text}");
        assert!(error.to_string().contains("no time at /data/time"), "{error}");
        assert_eq!(client.clock_offset().as_micros(), 0, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn sync_clock_fails_for_a_venue_without_a_time_operation() {
    static TIMELESS: Venue = Venue::new("timeless", "venuekit-timeless", "0.1.0");
    let script = Script::new([respond(200, "1")]);
    let error = builder_of(&TIMELESS, &script).build().unwrap().sync_clock().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), script.count()), (ErrorKind::Request, Outcome::NotSent, 0));
}

/// Returns a script of a venue that refuses times that are more than five seconds off.
fn strict(truth: TestClock, with_date: bool) -> Script {
    Script::from_fn(move |sent, _| {
        let refusal = respond(400, r#"{"code":-1021}"#);
        match sent.time_ms().abs_diff(truth.now_ms()) {
            ..=5_000 => time_is(&truth.now_ms().to_string()),
            _ if with_date => refusal.header("date", http_date(truth.now_ms())),
            _ => refusal,
        }
    })
}

#[tokio::test(start_paused = true)]
async fn if_a_signed_time_operation_is_refused_the_date_of_the_refusal_sets_the_clock() {
    static SILENT: Venue = Venue::new("silent", "venuekit-test", "0.1.0").with_server_time(ServerTime::new(
        &SIGNED_TIME,
        "/data/time",
        TimeUnit::Milliseconds,
    ));
    for clock in [TestClock::behind(HOUR), TestClock::ahead(HOUR)] {
        let offset = i128::from(START_MS) - i128::from(clock.now_ms());
        let script = strict(TestClock::right(), true);
        let client = builder_of(&SILENT, &script).clock(clock).build().unwrap();
        client.sync_clock().await.unwrap();
        assert_eq!(script.count(), 1);
        assert!(error_ms(&client, offset) <= 1_000, "{:?}", client.clock_offset());
        client.sync_clock().await.unwrap();
        assert_eq!((error_ms(&client, offset), script.count()), (0, 2));
    }
    let script = strict(TestClock::right(), false);
    let client = builder_of(&SILENT, &script).clock(TestClock::behind(HOUR)).build().unwrap();
    assert_eq!(client.sync_clock().await.unwrap_err().outcome(), Outcome::Refused);
    assert_eq!(client.clock_offset().as_micros(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_time_operation_that_is_refused_by_a_clock_code_is_called_again_with_the_time_of_the_date() {
    let script = strict(TestClock::right(), true);
    let venue = venue!("v", &SIGNED_TIME, Milliseconds);
    let client = builder_of(venue, &script).clock(TestClock::behind(HOUR)).build().unwrap();
    client.sync_clock().await.unwrap();
    assert_eq!((error_ms(&client, 3_600_000), script.count()), (0, 2));
}
