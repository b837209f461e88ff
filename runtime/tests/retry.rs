//! Second attempts, and the outcome of the whole call.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use support::{
    LONG, Logs, ROWS, RefusingPort, Request, Row, START_MS, Script, ScriptedResponse, Server, Step, TestClock,
    TestSigner, book, builder, call, cancel, client, hang, http, no_connection, order, patiently, reset, respond, row,
    rpc_order, rpc_update, timed_out, withdrawal_by_id,
};
use tokio::time::{Instant, timeout};
use venuekit::codegen::RequestBuilder;
use venuekit::{Client, ClientBuilder, Error, ErrorKind, Outcome, Retry};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A failure of an attempt, its error, and the rule for another attempt.
struct Failure {
    name: &'static str,
    step: fn(&Row) -> Step,
    kind: ErrorKind,
    outcome: Outcome,
    again: Again,
}

enum Again {
    /// Always, because nothing was sent.
    Whatever,
    /// Only if a second request has no further effect.
    Idempotent,
    Never,
}

const fn failure(
    name: &'static str,
    step: fn(&Row) -> Step,
    kind: ErrorKind,
    outcome: Outcome,
    again: Again,
) -> Failure {
    Failure { name, step, kind, outcome, again }
}

static FAILURES: [Failure; 43] = {
    use ErrorKind::{Connect, Cut, Decode, Timeout, TooLarge, Transport, Venue};
    use Outcome::{NotSent, Refused, Unknown};

    [
        failure("no connection", |_| no_connection(), Connect, NotSent, Again::Whatever),
        failure("timeout of the transport", |_| timed_out(), Timeout, Unknown, Again::Idempotent),
        failure("hang", |_| hang(), Timeout, Unknown, Again::Idempotent),
        failure("hang within the body", |_| respond(200, "{").timing_out(), Timeout, Unknown, Again::Idempotent),
        failure("reset", |_| reset(), Transport, Unknown, Again::Idempotent),
        failure("cut body", |_| respond(200, "{").cut(), Cut, Unknown, Again::Idempotent),
        failure("cut body that can be read", |row| row.response().cut(), Cut, Unknown, Again::Idempotent),
        failure("500", |row| row.error(500, "1"), Venue, Unknown, Again::Idempotent),
        failure("500 cut", |_| respond(500, "{").cut(), Venue, Unknown, Again::Idempotent),
        failure("502 of a proxy", |_| respond(502, "<html>"), Venue, Unknown, Again::Idempotent),
        failure("503", |_| respond(503, ""), Venue, Unknown, Again::Idempotent),
        failure("504", |row| row.error(504, "5"), Venue, Unknown, Again::Idempotent),
        failure("408", |_| respond(408, ""), Venue, Unknown, Again::Idempotent),
        failure("unknown code in 400", |row| row.error(400, "-1006"), Venue, Unknown, Again::Idempotent),
        failure("unknown code in 429", |row| row.error(429, "-1006"), Venue, Unknown, Again::Idempotent),
        failure("unknown code in 200", unknown_in_200, Venue, Unknown, Again::Idempotent),
        failure("429", |row| row.error(429, "1"), Venue, Refused, Again::Idempotent),
        failure("429 of a proxy", |_| respond(429, "<html>"), Venue, Refused, Again::Idempotent),
        failure(
            "429 with Retry-After",
            |_| respond(429, "").header("retry-after", 1),
            Venue,
            Refused,
            Again::Idempotent,
        ),
        failure("429 with a refused code", |row| row.error(429, "-1013"), Venue, Refused, Again::Never),
        failure(
            "429 with a refused code and Retry-After",
            |row| row.error(429, "-1013").header("retry-after", 1),
            Venue,
            Refused,
            Again::Never,
        ),
        failure("503 with a refused code", |row| row.error(503, "-1013"), Venue, Unknown, Again::Idempotent),
        failure("400", |row| row.error(400, "-1121"), Venue, Refused, Again::Never),
        failure("400 cut", |_| respond(400, "{").cut(), Venue, Unknown, Again::Idempotent),
        failure("400 cut within a page", |_| respond(400, "<html>").cut(), Venue, Unknown, Again::Idempotent),
        failure("400 cut that can be read", |row| row.error(400, "-1121").cut(), Venue, Unknown, Again::Idempotent),
        failure("400 stalled", |row| row.error(400, "-1121").timing_out(), Venue, Unknown, Again::Idempotent),
        failure("400 too long", |row| row.error(400, "-1121").too_long(), Venue, Unknown, Again::Idempotent),
        failure(
            "400 cut, connection closed normally",
            |_| respond(400, r#"{"code":-1006"#),
            Venue,
            Unknown,
            Again::Idempotent,
        ),
        failure(
            "400 with text after the JSON",
            |_| respond(400, r#"{"code":-1121} x"#),
            Venue,
            Unknown,
            Again::Idempotent,
        ),
        failure(
            "400 in gzip",
            |row| row.error(400, "1").header("content-encoding", "gzip"),
            Venue,
            Unknown,
            Again::Idempotent,
        ),
        failure(
            "400 in gzip without a header",
            |_| respond(400, "\u{1f}\u{0}\u{8b}"),
            Venue,
            Unknown,
            Again::Idempotent,
        ),
        failure("429 cut", |row| row.error(429, "1").cut(), Venue, Unknown, Again::Idempotent),
        failure("401", |row| row.error(401, "1"), Venue, Refused, Again::Never),
        failure("404", |_| respond(404, ""), Venue, Refused, Again::Never),
        failure("418", |_| respond(418, "").header("retry-after", 1), Venue, Refused, Again::Never),
        failure("400 with Retry-After", |_| respond(400, "").header("retry-after", 1), Venue, Refused, Again::Never),
        failure("refusal in 200", refused_in_200, Venue, Refused, Again::Never),
        failure("unreadable 200", |_| respond(200, "<html>"), Decode, Unknown, Again::Never),
        failure("empty 200", |_| respond(200, ""), Decode, Unknown, Again::Never),
        failure("too long 200", |row| row.response().too_long(), TooLarge, Unknown, Again::Never),
        failure("302", |_| respond(302, "").header("location", "/order"), Venue, Unknown, Again::Never),
        failure("307", |_| respond(307, "").header("location", "/order"), Venue, Unknown, Again::Never),
    ]
};

fn refused_in_200(row: &Row) -> Step {
    if row.is_rpc { row.error(200, "3") } else { respond(200, r#"{"success":false,"code":3}"#) }
}

fn unknown_in_200(row: &Row) -> Step {
    if row.is_rpc { row.error(200, "-1006") } else { respond(200, r#"{"success":false,"code":-1006}"#) }
}

/// Returns each row with each failure, and true if another attempt is made.
fn cases() -> impl Iterator<Item = (&'static Row, &'static Failure, bool)> {
    ROWS.iter().flat_map(|row| {
        FAILURES.iter().map(move |failure| {
            let again = match failure.again {
                Again::Whatever => true,
                Again::Idempotent => row.again,
                Again::Never => false,
            };
            (row, failure, again)
        })
    })
}

/// Returns a client whose timeout for an attempt is one second.
fn patient(script: &Script) -> Client {
    builder(script).attempt_timeout(ms(1_000)).build().unwrap()
}

async fn fails(request_builder: impl support::IntoCall) -> Error {
    call(request_builder).await.unwrap_err()
}

fn probes(error: &Error) -> (ErrorKind, Outcome, u32) {
    (error.kind(), error.outcome(), error.attempts())
}

#[tokio::test(start_paused = true)]
async fn a_lasting_failure_is_tried_as_often_as_the_table_allows() {
    for (row, failure, again) in cases() {
        let script = Script::new([(failure.step)(row)]);
        let error = row.send(&patient(&script)).await.unwrap_err();
        let what = format!("{}, {}: {error:?}", row.name, failure.name);
        let sent = if again { 3 } else { 1 };
        assert_eq!(script.count(), sent, "{what}");
        assert_eq!((error.kind(), error.outcome()), (failure.kind, failure.outcome), "{what}");
        let arrived = if failure.outcome == Outcome::NotSent { 0 } else { sent };
        assert_eq!(error.attempts() as usize, arrived, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_is_overcome_if_the_table_allows() {
    for (row, failure, again) in cases() {
        let script = Script::new([(failure.step)(row), row.response()]);
        let response = row.send(&patient(&script)).await;
        let what = format!("{}, {}: {response:?}", row.name, failure.name);
        assert_eq!((response.is_ok(), script.count()), (again, if again { 2 } else { 1 }), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_the_same_request_signed_anew_with_a_later_stamp() {
    for (row, failure, _) in cases().filter(|(_, _, again)| *again) {
        let script = Script::new([(failure.step)(row)]);
        row.send(&patient(&script)).await.unwrap_err();
        for pair in script.sent().windows(2) {
            let (one, two) = (&pair[0], &pair[1]);
            let what = format!("{}, {}", row.name, failure.name);
            assert_eq!((&one.method, &one.url, &one.body), (&two.method, &two.url, &two.body), "{what}");
            assert!(one.nonce() < two.nonce() && one.time_ms() < two.time_ms(), "{what}");
            assert_ne!(one.header("x-sign"), two.header("x-sign"), "{what}");
            assert_eq!(two.time_ms() - one.time_ms(), (two.at - one.at).as_millis() as u64, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_of_an_attempt_is_not_changed_by_later_failures() {
    let earlier = FAILURES.iter().filter(|failure| failure.outcome == Outcome::Unknown);
    for earlier in earlier.filter(|failure| matches!(failure.again, Again::Idempotent)) {
        for later in &FAILURES {
            for row in ROWS.iter().filter(|row| row.again) {
                let script = Script::new([(earlier.step)(row), (later.step)(row)]);
                let client = builder(&script).attempt_timeout(ms(1_000)).retry(Retry::default().attempts(2)).build();
                let error = row.send(&client.unwrap()).await.unwrap_err();
                let is_refused_read = row.name == "GET" && later.outcome == Outcome::Refused;
                let outcome = if is_refused_read { Outcome::Refused } else { Outcome::Unknown };
                let what = format!("{}: {}, then {}", row.name, earlier.name, later.name);
                assert_eq!((script.count(), error.kind(), error.outcome()), (2, later.kind, outcome), "{what}");
                assert_eq!(error.attempts(), if later.outcome == Outcome::NotSent { 1 } else { 2 }, "{what}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn after_an_unknown_attempt_a_done_code_means_applied_and_a_gone_code_means_gone() {
    for (name, status, code, outcome) in [
        ("cancel one order", 400, "-2011", Outcome::Gone),
        ("cancel one order", 429, "-2011", Outcome::Gone),
        ("cancel one order", 404, "-2011.0", Outcome::Gone),
        ("balance.update", 200, "10", Outcome::Applied),
        ("balance.update", 200, "1e1", Outcome::Applied),
    ] {
        let row = row(name);
        let done = || row.error(status, code);
        for unknown in [reset(), timed_out(), respond(503, ""), respond(200, "{").cut(), respond(400, "{").cut()] {
            let script = Script::new([unknown, done()]);
            let error = row.send(&client(&script)).await.unwrap_err();
            assert_eq!(probes(&error), (ErrorKind::Venue, outcome, 2), "{name}");
            assert!(error.to_string().ends_with(&format!("({outcome})")), "{error}");
        }
        let script = Script::new([done()]);
        let error = row.send(&client(&script)).await.unwrap_err();
        assert_eq!((probes(&error), script.count()), ((ErrorKind::Venue, Outcome::Refused, 1), 1), "at first: {name}");
        for nothing_happened in [no_connection(), respond(429, "")] {
            let script = Script::new([nothing_happened, done()]);
            let error = row.send(&client(&script)).await.unwrap_err();
            assert_eq!((error.outcome(), script.count()), (Outcome::Refused, 2), "{name}");
        }
        let script = Script::new([reset(), no_connection(), done()]);
        assert_eq!(row.send(&client(&script)).await.unwrap_err().outcome(), outcome, "{name}");
    }
    let script = Script::new([row("cancel all").error(400, "-2011")]);
    assert_eq!(fails(support::cancel_all(&client(&script))).await.outcome(), Outcome::Refused);
}

#[tokio::test(start_paused = true)]
async fn a_code_that_means_gone_closes_no_limit_and_is_not_sent_again_as_throttling() {
    let row = row("cancel one order");
    let script = Script::new([row.error(429, "-2011").header("retry-after", 3600), row.response()]);
    let client = client(&script);
    assert_eq!(row.send(&client).await.unwrap_err().outcome(), Outcome::Refused);
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_got_a_response_never_has_the_outcome_not_sent() {
    let cases = [
        (respond(429, r#"{"code":-1003,"msg":"slow down"}"#).header("retry-after", 0), Outcome::Refused),
        (respond(503, r#"{"code":-1003,"msg":"slow down"}"#), Outcome::Unknown),
    ];
    for (first, outcome) in cases {
        let script = Script::new([first, no_connection()]);
        let error = fails(book(&client(&script))).await;
        assert_eq!(probes(&error), (ErrorKind::Connect, outcome, 1));
        let venue = error.api_error().unwrap();
        assert_eq!((venue.code(), venue.message()), (Some("-1003"), Some("slow down")));
        assert!(error.status().is_some() && error.body().is_some_and(|body| !body.is_empty()));
        assert_eq!(error.responses().count(), 1, "the response is listed once");
    }
    // An attempt without a response keeps its outcome unknown.
    let script = Script::new([reset(), no_connection()]);
    let error = fails(book(&client(&script))).await;
    assert_eq!((probes(&error), error.status()), ((ErrorKind::Connect, Outcome::Unknown, 1), None));
}

#[tokio::test(start_paused = true)]
async fn the_responses_of_all_attempts_stay_with_the_error_up_to_a_maximum() {
    let script = Script::new([respond(503, "one"), respond(502, "two"), reset(), respond(500, "four")]);
    let client = builder(&script).retry(Retry::default().attempts(4)).build().unwrap();
    let error = fails(book(&client)).await;
    let seen: Vec<_> = error.responses().map(|r| (r.status().as_u16(), r.body().as_ref(), r.is_truncated())).collect();
    assert_eq!(seen, [(503, &b"one"[..], false), (502, &b"two"[..], false), (500, &b"four"[..], false)]);

    let script = Script::new([respond(503, "x".repeat(1 << 20))]);
    let client = builder(&script).retry(Retry::default().attempts(50)).timeout(ms(3_600_000)).build().unwrap();
    let error = fails(book(&client)).await;
    assert_eq!(error.attempts(), 50);
    assert_eq!(error.body().unwrap().len(), 1 << 20, "the last response is whole");
    let kept: usize = error.responses().map(|response| response.body().len()).sum();
    assert!(kept <= (1 << 20) + (64 << 10) && error.responses().count() <= 33, "{kept}");
}

#[tokio::test(start_paused = true)]
async fn a_done_code_of_another_operation_has_no_effect() {
    let script = Script::new([reset(), row("withdraw").error(400, "-2011")]);
    let error = fails(withdrawal_by_id(&client(&script))).await;
    assert_eq!(probes(&error), (ErrorKind::Venue, Outcome::Unknown, 2));
}

#[tokio::test(start_paused = true)]
async fn the_number_of_attempts_is_as_set_and_never_less_than_one() {
    for (retry, sent) in [
        (Retry::never(), 1),
        (Retry::never().attempts(0), 1),
        (Retry::default().attempts(0), 1),
        (Retry::default().attempts(1), 1),
        (Retry::default().attempts(2), 2),
        (Retry::default().attempts(7), 7),
    ] {
        for step in [no_connection(), respond(503, "")] {
            let script = Script::new([step]);
            let client = builder(&script).retry(retry).timeout(ms(600_000)).build().unwrap();
            fails(book(&client)).await;
            assert_eq!(script.count(), sent, "{retry:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn waits_between_attempts_double_up_to_the_maximum() {
    let script = Script::new([respond(503, "")]);
    let retry = Retry::default().attempts(6).backoff(ms(100), ms(400));
    fails(book(&builder(&script).retry(retry).build().unwrap())).await;
    let sent = script.sent();
    let waits: Vec<u128> = sent.windows(2).map(|pair| (pair[1].at - pair[0].at).as_millis()).collect();
    for (wait, most) in waits.iter().zip([100, 200, 400, 400, 400]) {
        // A timer may be a millisecond late.
        assert!((most / 2..=most + 1).contains(wait), "{waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_holds_over_attempts_and_waits() {
    for (step, attempt_timeout) in [
        (hang(), ms(300)),
        (respond(503, "").after(ms(200)), ms(300)),
        (no_connection().after(ms(100)), ms(300)),
        (respond(503, "").header("retry-after", 1), ms(300)),
        (respond(429, "").header("retry-after", 1), ms(300)),
        (hang(), ms(60_000)),
    ] {
        let what = format!("{step:?}");
        let script = Script::new([step]);
        let retry = Retry::default().attempts(u32::MAX).backoff(ms(100), ms(100));
        let client = builder(&script).retry(retry).attempt_timeout(attempt_timeout).build().unwrap();
        let started = Instant::now();
        fails(book(&client).send().timeout(ms(2_500))).await;
        assert!(started.elapsed() <= ms(2_500), "{what}: {:?}", started.elapsed());
        for sent in script.sent() {
            assert!(sent.timeout <= attempt_timeout && sent.at + sent.timeout <= started + ms(2_500), "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_is_up_is_not_sent() {
    let script = Script::new([respond(200, "1")]);
    let error = fails(order(&client(&script)).send().timeout(Duration::ZERO)).await;
    assert_eq!((probes(&error), script.count()), ((ErrorKind::Timeout, Outcome::NotSent, 0), 0));
    let slow = builder(&script).signer(TestSigner::new().taking(ms(1_000))).build().unwrap();
    for timeout in [ms(999), ms(1_000)] {
        let error = fails(order(&slow).send().timeout(timeout)).await;
        assert_eq!((probes(&error), script.count()), ((ErrorKind::Timeout, Outcome::NotSent, 0), 0), "{timeout:?}");
    }
    assert!(call(order(&slow).send().timeout(ms(1_100))).await.is_ok());
    assert!(call(order(&slow).send().timeout(Duration::MAX)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn seconds_timestamps_and_dates_in_retry_after_set_the_wait() {
    let at = UNIX_EPOCH + ms(START_MS + 2_000);
    for value in ["2".to_owned(), "2.0".to_owned(), timestamp(at, 1_000), timestamp(at, 1), httpdate::fmt_http_date(at)]
    {
        for (name, status) in [("GET", 429), ("GET", 503), ("cancel one order", 429), ("balance.update", 429)] {
            let row = row(name);
            let script = Script::new([respond(status, "").header("retry-after", &value), row.response()]);
            row.send(&client(&script)).await.unwrap();
            let sent = script.sent();
            let waited = sent[1].at - sent[0].at;
            assert!((ms(2_000)..ms(2_010)).contains(&waited), "{value}, {name}, {status}: {waited:?}");
        }
    }
}

fn timestamp(at: SystemTime, unit_ms: u128) -> String {
    (at.duration_since(UNIX_EPOCH).unwrap().as_millis() / unit_ms).to_string()
}

#[tokio::test(start_paused = true)]
async fn a_timestamp_in_retry_after_is_compared_with_the_venue_s_time() {
    let venue = TestClock::right();
    let date = httpdate::fmt_http_date(UNIX_EPOCH + ms(START_MS));
    let retry_after = (START_MS + 5_000).to_string();
    let script =
        Script::new([respond(429, "").header("retry-after", retry_after).header("date", date), respond(200, "1")]);
    let client = builder(&script).clock(TestClock::behind(ms(3_600_000))).clock_from_date(true).build().unwrap();
    call(book(&client)).await.unwrap();
    let waited = venue.now_ms() - START_MS;
    // `Date` has whole seconds.
    assert!((4_000..=6_000).contains(&waited), "{waited} ms");
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_that_is_zero_past_or_unreadable_still_waits_for_the_backoff() {
    for value in ["0", "1000000000", "Mon, 01 Jan 2024 00:00:00 GMT", "soon", "-1", ""] {
        let script = Script::new([respond(429, "").header("retry-after", value), respond(200, "1")]);
        let retry = Retry::default().backoff(ms(500), ms(500));
        call(book(&builder(&script).retry(retry).build().unwrap())).await.unwrap();
        let sent = script.sent();
        assert!((ms(250)..=ms(501)).contains(&(sent[1].at - sent[0].at)), "{value}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_beyond_the_deadline_fails_at_once() {
    for (value, wait) in [
        ("30", Some(ms(30_000))),
        ("999999999", Some(ms(999_999_999_000))),
        ("18446744073709551615", Some(Duration::from_millis(u64::MAX) - ms(START_MS))),
    ] {
        for status in [429, 503] {
            let script = Script::new([respond(status, "").header("retry-after", value)]);
            let started = Instant::now();
            let error = fails(book(&client(&script))).await;
            let outcome = if status == 429 { Outcome::Refused } else { Outcome::Unknown };
            assert_eq!((probes(&error), error.retry_after()), ((ErrorKind::Venue, outcome, 1), wait), "{value}");
            assert_eq!((script.count(), started.elapsed()), (1, Duration::ZERO), "{value}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_order_is_not_sent_again_and_its_error_has_the_waiting_time() {
    let script = Script::new([respond(429, "").header("retry-after", 1)]);
    let error = fails(order(&client(&script))).await;
    assert_eq!((probes(&error), error.retry_after()), ((ErrorKind::Venue, Outcome::Refused, 1), Some(ms(1_000))));
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_endless_wait_ends_the_call() {
    let script = Script::new([no_connection()]);
    let retry = Retry::default().backoff(Duration::MAX, Duration::MAX);
    let error = fails(book(&builder(&script).retry(retry).build().unwrap())).await;
    assert_eq!((probes(&error), script.count()), ((ErrorKind::Connect, Outcome::NotSent, 0), 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_response_has_another_type_is_not_sent_again() {
    for row in &ROWS {
        let script = Script::new([row.response_of("text")]);
        let error = (row.request_builder)(&client(&script)).send::<Vec<i64>>().await.unwrap_err();
        assert_eq!((probes(&error), script.count()), ((ErrorKind::Decode, Outcome::Unknown, 1), 1), "{}", row.name);
        assert!(!error.body().unwrap().is_empty() && error.status().is_some(), "{}", row.name);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_response_to_a_retry_counts_all_attempts() {
    let script = Script::new([reset(), respond(200, "<html>")]);
    assert_eq!(probes(&fails(book(&client(&script))).await), (ErrorKind::Decode, Outcome::Unknown, 2));
}

#[tokio::test(start_paused = true)]
async fn a_signer_that_fails_is_not_called_again_and_earlier_attempts_count() {
    let script = Script::new([reset()]);
    let client = |signed| builder(&script).signer(TestSigner::new().failing_after(signed)).build().unwrap();
    let error = fails(rpc_update(&client(0))).await;
    assert_eq!((probes(&error), script.count()), ((ErrorKind::Sign, Outcome::NotSent, 0), 0));
    assert!(error.to_string().contains("the hardware module is on fire"), "{error}");
    let error = fails(rpc_update(&client(1))).await;
    assert_eq!((probes(&error), script.count()), ((ErrorKind::Sign, Outcome::Unknown, 1), 1));
}

#[tokio::test(start_paused = true)]
async fn a_json_rpc_call_keeps_its_id_over_its_attempts() {
    let script = Script::new([reset(), row("balance.update").response()]);
    call(rpc_update(&client(&script))).await.unwrap();
    let sent = script.sent();
    assert_eq!(sent[0].body, sent[1].body);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_in_flight_is_logged_as_unknown() {
    let logs = Logs::capture();
    let script = Script::new([respond(200, "1").after(ms(1_000))]);
    timeout(ms(500), call(order(&client(&script)))).await.unwrap_err();
    let [warning] = logs.warnings().try_into().unwrap();
    for part in ["test-venue", "placeOrder", "outcome unknown"] {
        assert!(warning.contains(part), "{warning}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_after_an_attempt_of_unknown_outcome_is_logged_too() {
    for (step, warnings) in [(reset(), 1), (respond(503, ""), 1), (respond(429, ""), 0), (no_connection(), 0)] {
        let logs = Logs::capture();
        let script = Script::new([step.clone()]);
        let retry = Retry::default().backoff(ms(5_000), ms(5_000));
        let client = builder(&script).retry(retry).build().unwrap();
        timeout(ms(500), call(cancel(&client))).await.unwrap_err();
        assert_eq!(logs.warnings().len(), warnings, "{step:?}: {:?}", logs.warnings());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_before_sending_is_not_logged() {
    let logs = Logs::capture();
    let script = Script::new([respond(200, "1").after(ms(100))]);
    let client = builder(&script).max_in_flight(1).build().unwrap();
    drop(order(&client).send::<Value>());
    let (_, waiting) = tokio::join!(call(order(&client)), timeout(ms(50), call(order(&client))));
    waiting.unwrap_err();
    let slow = builder(&script).signer(TestSigner::new().taking(ms(1_000))).build().unwrap();
    timeout(ms(500), call(order(&slow))).await.unwrap_err();
    for step in [reset(), respond(503, ""), respond(400, ""), respond(200, "<html>")] {
        fails(order(&support::client(&Script::new([step.clone()])))).await;
        fails(book(&support::client(&Script::new([step])))).await;
    }
    assert_eq!(logs.warnings(), Vec::<String>::new());
}

/// Returns a client of the server, with short delays between attempts.
fn of_server(server: &Server) -> Client {
    of_url(server.url()).build().unwrap()
}

fn of_url(url: String) -> ClientBuilder {
    let builder = ClientBuilder::for_venue(&support::VENUE).base_url(url).http(http()).signer(TestSigner::new());
    builder.clock(TestClock::right()).retry(Retry::default().backoff(ms(5), ms(5))).timeout(3 * LONG)
}

/// A failure of a connection after the whole request was received.
#[derive(Clone)]
struct Fault {
    name: &'static str,
    response: ScriptedResponse,
    outcome: Outcome,
    /// True if the response never comes.
    hangs: bool,
}

fn faults() -> Vec<Fault> {
    let fault = |name, response| Fault { name, response, outcome: Outcome::Unknown, hangs: false };
    let hang = |name, response| Fault { hangs: true, ..fault(name, response) };
    let refusal = |name, response| Fault { outcome: Outcome::Refused, ..fault(name, response) };
    let response = || ScriptedResponse::json(200, "1");
    vec![
        fault("closed", ScriptedResponse::close()),
        fault("reset", ScriptedResponse::reset()),
        fault("cut", response().cut()),
        hang("hang", ScriptedResponse::hang()),
        hang("hang within the body", response().hang_after()),
        fault("500", ScriptedResponse::json(500, "{}")),
        fault("502", ScriptedResponse::json(502, "<html>")),
        fault("503", ScriptedResponse::json(503, "")),
        fault("503 with Retry-After", ScriptedResponse::json(503, "").header("retry-after", "0")),
        fault("504", ScriptedResponse::json(504, "")),
        fault("408", ScriptedResponse::json(408, "")),
        fault("408 that closes", ScriptedResponse::json(408, "").header("connection", "close").closing()),
        refusal("429", ScriptedResponse::json(429, "{}")),
        refusal("429 with Retry-After", ScriptedResponse::json(429, "{}").header("retry-after", "0")),
    ]
}

impl Fault {
    /// Makes a call to a server that has this fault. If there is `then`, the server has the fault
    /// only for the first request, and responds to the others with `then`.
    ///
    /// Returns the requests that the server received, and the result of the call. Asserts that
    /// there are `count` requests. If the fault hangs and requests came too late, tries again with
    /// a longer timeout.
    async fn meets(
        &self,
        request_builder: fn(&Client) -> RequestBuilder,
        then: Option<ScriptedResponse>,
        count: usize,
    ) -> (Vec<Request>, Result<Value, Error>) {
        patiently(async |timeout| {
            let server = Server::scripted([self.response.clone()].into_iter().chain(then.clone())).await;
            let attempt_timeout = if self.hangs { timeout } else { LONG };
            let client = of_url(server.url()).attempt_timeout(attempt_timeout).build().unwrap();
            let result = call(request_builder(&client)).await;
            let requests = server.requests();
            // A success that comes too late causes another attempt.
            let is_late = requests.len() < count || (then.is_some() && requests.len() > count);
            if self.hangs && is_late {
                return None;
            }
            assert_eq!(requests.len(), count, "{}: {result:?}", self.name);
            Some((requests, result))
        })
        .await
    }
}

#[tokio::test]
async fn over_a_socket_an_order_arrives_once_whatever_fails() {
    for fault in faults() {
        for place in [order as fn(&Client) -> RequestBuilder, rpc_order] {
            let (_, result) = fault.meets(place, None, 1).await;
            let error = result.unwrap_err();
            assert_eq!((error.attempts(), error.outcome()), (1, fault.outcome), "{}", fault.name);
        }
    }
}

#[tokio::test]
async fn over_a_socket_a_read_arrives_as_often_as_allowed_signed_anew_with_a_later_stamp() {
    for fault in faults() {
        let name = fault.name;
        let (requests, result) = fault.meets(book, None, 3).await;
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), error.outcome()), (3, fault.outcome), "{name}");
        for pair in requests.windows(2) {
            assert!(pair[0].number("x-nonce") < pair[1].number("x-nonce"), "{name}");
            assert!(pair[0].number("x-time") < pair[1].number("x-time"), "{name}");
            assert_ne!(pair[0].header("x-sign"), pair[1].header("x-sign"), "{name}");
        }
    }
}

#[tokio::test]
async fn over_a_socket_a_read_is_sent_again_after_a_failure() {
    for fault in faults() {
        let (_, result) = fault.meets(book, Some(ScriptedResponse::json(200, "1")), 2).await;
        assert_eq!(result.unwrap(), json!(1), "{}", fault.name);
    }
}

#[tokio::test]
async fn over_a_socket_an_order_whose_connection_is_reset_within_its_body_arrives_once() {
    let server = Server::scripted([ScriptedResponse::reset_within_body(), ScriptedResponse::json(200, "1")]).await;
    // The body is larger than the buffers of a connection.
    let body = Value::from("x".repeat(8 << 20));
    let error = fails(order(&of_server(&server)).set_body(&body)).await;
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
    assert_eq!((error.attempts(), server.requests().len(), server.connections()), (1, 1, 1));
}

#[tokio::test]
async fn over_a_socket_an_order_whose_connection_is_reset_before_it_never_arrives_twice() {
    for _ in 0..20 {
        let server = Server::scripted([ScriptedResponse::reset_at_once(), ScriptedResponse::json(200, "1")]).await;
        let response = call(order(&of_server(&server))).await;
        let arrived = server.requests().len();
        match response {
            // Nothing was written on the first connection, so the request was sent on another.
            Ok(_) => assert_eq!(arrived, 1),
            Err(error) => assert_eq!((error.outcome(), arrived), (Outcome::Unknown, 0), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn over_a_socket_a_connection_that_the_venue_closed_meanwhile_does_not_send_an_order_twice() {
    for _ in 0..10 {
        let closing = ScriptedResponse::json(200, "1").closing();
        let server = Server::start(closing).await;
        let client = of_server(&server);
        call(order(&client)).await.unwrap();
        let response = call(order(&client)).await;
        match response {
            Ok(_) => assert_eq!(server.requests().len(), 2),
            Err(error) => {
                assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error:?}");
                assert_eq!(server.requests().len(), 1);
            }
        }
    }
}

#[tokio::test]
async fn over_a_socket_a_refused_connection_has_the_outcome_not_sent() {
    let refusing_port = RefusingPort::new();
    for request_builder in [order, book] {
        let error = fails(request_builder(&of_url(refusing_port.url()).build().unwrap())).await;
        assert_eq!(probes(&error), (ErrorKind::Connect, Outcome::NotSent, 0));
    }
}
