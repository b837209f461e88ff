//! The time and the nonce in requests, and the ways in which a client learns the venue's time.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use support::{
    START_MS, Script, Sent, Step, TIME, TestClock, TestSigner, book, builder, builder_of, call, cancel, client, hang,
    order, reset, respond, row, timed_out,
};
use tokio::task::JoinSet;
use tokio::time::Instant;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{CodeRule, Limit, Method, Operation, RecvWindow, Security, ServerTime, TimeUnit, Venue};
use venuekit::signing::{Nonces, SignableRequest, Signer, Stamp};
use venuekit::{Client, ClientBuilder, Error, ErrorKind, Outcome, Retry, Throttle};

const HOUR: Duration = Duration::from_secs(3_600);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

async fn fails(draft: impl support::IntoCall) -> Error {
    call(draft).await.unwrap_err()
}

/// Makes all calls at once, and waits for their ends.
async fn all<C: support::IntoCall + Send + 'static>(drafts: impl IntoIterator<Item = C>) {
    let mut calls = JoinSet::new();
    for draft in drafts {
        calls.spawn(call(draft.into_call()));
    }
    for response in calls.join_all().await {
        response.unwrap();
    }
}

fn is_strictly_rising<T: PartialOrd>(values: impl IntoIterator<Item = T>) -> bool {
    values.into_iter().collect::<Vec<T>>().windows(2).all(|pair| pair[0] < pair[1])
}

fn http_date(ms_since_1970: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + ms(ms_since_1970))
}

mod stamps {
    use super::*;

    static LIMITED: Venue = Venue::new("limited", "venuekit-limited", "0.1.0").with_limits(&[Limit::new("one", 1, 1)]);
    static LIMITED_BOOK: Operation =
        Operation::http("getBook", Method::Get, "/book").with_security(Security::Signed).with_limits(&["one"]);

    /// Returns the age of the time in each request when it was sent.
    fn lags(script: &Script, started: Instant) -> Vec<u128> {
        let lag = |sent: &Sent| (sent.at - started).as_millis() + u128::from(START_MS) - u128::from(sent.time_ms());
        script.sent().iter().map(lag).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_is_taken_after_waiting_for_a_limit() {
        let script = Script::new([respond(200, "1")]);
        let client = builder_of(&LIMITED, &script).build().unwrap();
        let started = Instant::now();
        all((0..4).map(|_| RequestBuilder::new(&client, &LIMITED_BOOK))).await;
        assert!(started.elapsed() >= ms(3_000));
        assert_eq!(lags(&script, started), [0; 4]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_is_taken_after_waiting_for_other_requests() {
        let script = Script::new([respond(200, "1").after(ms(500))]);
        let started = Instant::now();
        all((0..4).map(|_| book(&builder(&script).max_in_flight(1).build().unwrap()))).await;
        let client = builder(&script).max_in_flight(1).build().unwrap();
        all((0..4).map(|_| book(&client))).await;
        let client = builder(&script).one_signed_request_at_a_time(true).build().unwrap();
        all((0..4).map(|_| book(&client))).await;
        let late = lags(&script, started);
        // The second and third clients were made later, and so were their clocks.
        assert_eq!(late, [[0; 4], [500; 4], [2_500; 4]].concat());
    }

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_calls_at_once_have_ten_thousand_nonces() {
        let script = Script::from_fn(|_, number| respond(200, "1").after(ms(1 + number as u64 % 7)));
        let signer = TestSigner::new();
        let clients = [(); 3].map(|()| builder(&script).signer(signer.clone()).timeout(ms(60_000)).build().unwrap());
        all((0..10_000).map(|number| order(&clients[number % 3]))).await;
        let nonces: HashSet<u64> = script.sent().iter().map(Sent::nonce).collect();
        assert_eq!((script.count(), nonces.len()), (10_000, 10_000));
    }

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_ten_thousand_calls_of_one_key_arrive_in_the_order_of_their_nonces() {
        let script = Script::from_fn(|_, number| respond(200, "1").after(ms(number as u64 % 3)));
        let signer = TestSigner::new();
        let clients = [(); 3].map(|()| {
            let builder = builder(&script).signer(signer.clone()).timeout(ms(60_000));
            builder.one_signed_request_at_a_time(true).build().unwrap()
        });
        all((0..10_000).map(|number| order(&clients[number % 3]))).await;
        assert_eq!((script.count(), script.max_in_flight()), (10_000, 1));
        assert!(is_strictly_rising(script.sent().iter().map(Sent::nonce)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_request_is_stamped_when_the_headers_have_arrived_and_does_not_wait_for_the_body() {
        let script = Script::new([respond(200, "1").after(ms(100)).body_after(ms(1_000))]);
        let signer = TestSigner::new();
        let client = || {
            let builder = builder(&script).signer(signer.clone());
            builder.one_signed_request_at_a_time(true).build().unwrap()
        };
        all([order(&client()), order(&client()), book(&client())]).await;
        let times: Vec<u64> = script.sent().iter().map(|sent| sent.time_ms() - START_MS).collect();
        assert_eq!(times, [0, 100, 200]);
        assert_eq!(script.max_in_flight(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_fails_waits_or_is_dropped_gives_up_its_turn() {
        for step in [hang(), reset(), respond(503, ""), respond(429, "").header("retry-after", 3)] {
            let script =
                Script::from_fn(move |sent, _| if sent.is("/book") { step.clone() } else { respond(200, "1") });
            let client = builder(&script).attempt_timeout(ms(500)).one_signed_request_at_a_time(true).build().unwrap();
            let started = Instant::now();
            let ordering = async {
                call(order(&client)).await.unwrap();
                started.elapsed()
            };
            let (_, ordered) = tokio::join!(call(book(&client)), ordering);
            assert!(ordered <= ms(501), "{ordered:?}");
        }
        let script = Script::from_fn(|sent, _| if sent.is("/book") { hang() } else { respond(200, "1") });
        let client = builder(&script).one_signed_request_at_a_time(true).build().unwrap();
        tokio::time::timeout(ms(100), call(book(&client))).await.unwrap_err();
        tokio::time::timeout(ms(100), call(order(&client))).await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_signer_that_takes_too_long_loses_its_turn_and_others_go_on() {
        let script = Script::new([respond(200, "1")]);
        let (quick, slow) = (TestSigner::new(), TestSigner::new().taking(ms(6_000)));
        // Two signers share a key. The slow one is asked first.
        let slow = SharingNonces { signer: slow, nonces: quick.clone() };
        let builder = || builder(&script).timeout(ms(60_000)).one_signed_request_at_a_time(true);
        let (slow, quick) = (builder().signer(slow).build().unwrap(), builder().signer(quick).build().unwrap());
        let started = Instant::now();
        let (error, response) = tokio::join!(fails(order(&slow)), call(order(&quick)));
        response.unwrap();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Timeout, Outcome::NotSent, 0));
        assert!((ms(5_000)..ms(5_010)).contains(&started.elapsed()), "{:?}", started.elapsed());
        assert_eq!(script.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_signer_delays_no_other_call_if_requests_take_no_turns() {
        let script = Script::new([respond(200, "1")]);
        let slow = builder(&script).signer(TestSigner::new().taking(ms(6_000))).build().unwrap();
        let started = Instant::now();
        all([order(&slow), order(&slow), order(&slow)]).await;
        assert!(started.elapsed() < ms(6_010), "{:?}", started.elapsed());
    }

    #[derive(Debug)]
    struct SharingNonces {
        signer: TestSigner,
        nonces: TestSigner,
    }

    impl venuekit::signing::Signer for SharingNonces {
        fn sign<'a>(
            &'a self,
            request: &'a mut venuekit::signing::SignableRequest,
            stamp: venuekit::signing::Stamp,
        ) -> venuekit::BoxFuture<'a, Result<(), venuekit::BoxError>> {
            self.signer.sign(request, stamp)
        }

        fn nonces(&self) -> Option<&venuekit::signing::Nonces> {
            self.nonces.nonces()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nonces_rise_also_when_the_clock_is_set_back() {
        let date = http_date(START_MS - 3_600_000);
        let script = Script::new([respond(200, "1").header("date", date)]);
        let client = builder(&script).clock_from_date(true).build().unwrap();
        for _ in 0..3 {
            call(order(&client)).await.unwrap();
        }
        let sent = script.sent();
        assert!(is_strictly_rising(sent.iter().map(Sent::nonce)));
        assert!(sent[1].time_ms() < START_MS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_recv_window_of_the_call_reaches_the_signer() {
        #[derive(Debug)]
        struct Window;

        impl venuekit::signing::Signer for Window {
            fn sign<'a>(
                &'a self,
                request: &'a mut venuekit::signing::SignableRequest,
                stamp: venuekit::signing::Stamp,
            ) -> venuekit::BoxFuture<'a, Result<(), venuekit::BoxError>> {
                Box::pin(async move { request.set_header("x-window", &format!("{:?}", stamp.recv_window)) })
            }
        }

        static WITH_WINDOW: Venue = Venue::new("window", "venuekit-test", "0.1.0")
            .with_recv_window(RecvWindow::new().with_default(5_000).with_max(60_000));
        let script = Script::new([respond(200, "1")]);
        let built = |window| builder_of(&WITH_WINDOW, &script).signer(Window).recv_window(window).build();
        let client = built(ms(60_000)).unwrap();
        all([book(&client).send().recv_window(ms(750)), book(&client).send()]).await;
        let windows: Vec<String> = script.sent().iter().map(|sent| sent.header("x-window").to_owned()).collect();
        assert_eq!(windows, ["Some(750ms)", "Some(60s)"]);
        for (window, reason) in [(60_001, "60001 ms is too long for window (expected at most 60000)"), (0, "at least")]
        {
            let error = built(ms(window)).unwrap_err();
            assert!(error.kind() == ErrorKind::Settings && error.to_string().contains(reason), "{error}");
            let error = fails(book(&client).send().recv_window(ms(window))).await;
            assert!(error.outcome() == Outcome::NotSent && error.to_string().contains(reason), "{error}");
        }
        let error = builder(&script).recv_window(ms(1)).build().unwrap_err();
        assert!(error.to_string().contains("test-venue cannot state a recv window"), "{error}");
    }
}

mod asked {
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

    /// Returns the error of the client's clock in milliseconds.
    fn error_ms(client: &Client, offset: i128) -> i128 {
        (i128::from(client.clock_offset().as_micros()) / 1_000 - offset).abs()
    }

    #[tokio::test(start_paused = true)]
    async fn the_venue_s_time_is_read_in_every_unit() {
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
    async fn the_venue_read_its_clock_in_the_middle_of_the_exchange() {
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
        assert!(started.elapsed() >= ms(30_000), "it waited for the limit, thrice");
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
            assert!(error.to_string().contains("there is no time at /data/time"), "{error}");
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

    /// Returns a venue that refuses times that are more than five seconds off.
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
    async fn a_signed_time_operation_that_is_refused_gives_the_time_by_its_date() {
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
    async fn a_signed_time_operation_with_a_known_refusal_is_called_again_with_the_time_of_its_date() {
        let script = strict(TestClock::right(), true);
        let venue = venue!("v", &SIGNED_TIME, Milliseconds);
        let client = builder_of(venue, &script).clock(TestClock::behind(HOUR)).build().unwrap();
        client.sync_clock().await.unwrap();
        assert_eq!((error_ms(&client, 3_600_000), script.count()), (0, 2));
    }
}

mod implausible {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn telling(time: &str) -> Script {
        let body = format!(r#"{{"time":{time}}}"#);
        Script::from_fn(move |_, _| respond(200, body.clone()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_is_too_far_off_is_an_error_that_names_both_times_and_does_not_change_the_clock() {
        for (time, shown) in [
            ("0", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("18446744073709551615", "18446744073709551615 ms after 1970"),
            ("253402300799999", "Fri, 31 Dec 9999 23:59:59 GMT"),
            ("1706537700001", "Mon, 29 Jan 2024 14:15:00 GMT"),
        ] {
            let client = builder(&telling(time)).build().unwrap();
            let error = client.sync_clock().await.unwrap_err();
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Clock, 200));
            let text = error.to_string();
            assert!(text.contains(shown) && text.contains("Sun, 28 Jan 2024 14:15:00 GMT"), "{text}");
            assert_eq!(client.clock_offset().as_micros(), 0);
        }
        let exactly_a_day = START_MS + 86_400_000;
        assert!(builder(&telling(&exactly_a_day.to_string())).build().unwrap().sync_clock().await.is_ok());
        let builder = builder(&telling("0")).max_clock_offset(Duration::MAX);
        assert!(builder.build().unwrap().sync_clock().await.is_ok(), "the user can say otherwise");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_date_does_not_raise_the_nonces() {
        for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            for status in [200, 400, 503] {
                let body = r#"{"code":-1021}"#;
                let script = Script::from_fn(move |_, _| respond(status, body).header("date", date));
                let client = builder(&script).clock_from_date(true).build().unwrap();
                let _ = call(order(&client)).await;
                let _ = call(order(&client)).await;
                assert_eq!(client.clock_offset().as_micros(), 0);
                for sent in script.sent().iter().filter(|sent| sent.is("/order")) {
                    assert!(sent.nonce() < START_MS + 86_400_000, "{date}, {status}: {}", sent.nonce());
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_nonce_that_does_not_exist_is_an_error() {
        #[derive(Debug)]
        struct Last(Nonces);

        impl Signer for Last {
            fn sign<'a>(
                &'a self,
                _: &'a mut SignableRequest,
                _: Stamp,
            ) -> venuekit::BoxFuture<'a, Result<(), venuekit::BoxError>> {
                Box::pin(async { Ok(()) })
            }

            fn nonces(&self) -> Option<&Nonces> {
                Some(&self.0)
            }
        }

        let nonces = Nonces::new();
        nonces.draw(UNIX_EPOCH + Duration::from_millis(u64::MAX)).unwrap();
        let script = Script::new([respond(200, "1")]);
        let client = builder(&script).signer(Last(nonces)).build().unwrap();
        let error = fails(order(&client)).await;
        assert_eq!((error.kind(), error.outcome(), script.count()), (ErrorKind::Sign, Outcome::NotSent, 0));
        assert!(error.to_string().contains("nonces of this key ran out"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_bound_can_be_set() {
        let hour_late = (START_MS + 3_600_000).to_string();
        let client = builder(&telling(&hour_late)).max_clock_offset(ms(60_000)).build().unwrap();
        assert_eq!(client.sync_clock().await.unwrap_err().kind(), ErrorKind::Clock);
        let client = builder(&telling(&hour_late)).max_clock_offset(DAY).build().unwrap();
        assert_eq!(client.sync_clock().await.unwrap().as_micros(), 3_600_000_000);
    }
}

mod from_dates {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_date_of_any_response_sets_the_clock_if_enabled() {
        for step in [respond(200, "1"), respond(503, ""), respond(400, "{}"), respond(200, "<html>")] {
            for (wanted, offset) in [(true, 3_600_000), (false, 0)] {
                let script = Script::new([step.clone().header("date", http_date(START_MS))]);
                let clock = TestClock::behind(HOUR);
                let client = builder(&script).clock(clock).clock_from_date(wanted).build().unwrap();
                let _ = call(order(&client)).await;
                let learnt = client.clock_offset().as_micros() / 1_000;
                assert!((learnt - offset).abs() <= 1_000, "{step:?}: {learnt}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_date_without_fractions_does_not_change_a_correct_clock() {
        let script =
            Script::from_fn(|_, number| respond(200, "1").header("date", http_date(START_MS + number as u64 * 100)));
        let client = builder(&script).clock_from_date(true).build().unwrap();
        for _ in 0..30 {
            call(order(&client)).await.unwrap();
            tokio::time::sleep(ms(100)).await;
        }
        assert_eq!(client.clock_offset().as_micros(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_invalid_date_is_ignored() {
        for date in ["", "yesterday", "0"] {
            let script = Script::new([respond(200, "1").header("date", date)]);
            let client = builder(&script).clock_from_date(true).build().unwrap();
            call(order(&client)).await.unwrap();
            assert_eq!(client.clock_offset().as_micros(), 0);
        }
    }
}

mod clock_codes {
    use super::*;

    /// Returns a venue that refuses wrong times, has an operation for its time, and sends `Date`
    /// headers.
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
        for (draft, path) in [(book as fn(&Client) -> RequestBuilder, "book"), (cancel, "order")] {
            let script = telling(TestClock::right());
            let client = late(&script);
            call(draft(&client)).await.unwrap();
            assert_eq!(paths(&script), [path, "time", path]);
            call(draft(&client)).await.unwrap();
            assert_eq!(script.count(), 4, "it is learnt once");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn learning_the_time_works_with_one_request_at_a_time() {
        let script = telling(TestClock::right());
        let builder = builder(&script).clock(TestClock::behind(HOUR)).max_in_flight(1);
        call(book(&builder.one_signed_request_at_a_time(true).build().unwrap())).await.unwrap();
        assert_eq!(paths(&script), ["book", "time", "book"]);
    }

    /// Returns the venue of [`telling`] without `Date` headers.
    fn dateless(truth: TestClock) -> Script {
        Script::from_fn(move |sent, _| match sent {
            sent if sent.is("/time") => respond(200, format!(r#"{{"time":{}}}"#, truth.now_ms())),
            sent if sent.time_ms().abs_diff(truth.now_ms()) <= 1_000 => respond(200, "1"),
            _ => respond(400, r#"{"code":-1021}"#),
        })
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_that_is_refused_for_its_time_fails_at_once_and_the_next_order_passes() {
        let never = |builder: ClientBuilder| builder.retry(Retry::never());
        let last = |builder: ClientBuilder| builder.retry(Retry::default().attempts(1));
        let orders = (order as fn(&Client) -> RequestBuilder, "order", never as fn(_) -> _);
        for (draft, path, with) in [orders, (order, "order", |builder| builder), (book, "book", last)] {
            let script = telling(TestClock::right());
            let client = with(builder(&script).clock(TestClock::behind(HOUR))).build().unwrap();
            let started = Instant::now();
            let error = fails(draft(&client)).await;
            assert_eq!((error.outcome(), error.attempts(), script.count()), (Outcome::Refused, 1, 1));
            assert_eq!(started.elapsed(), Duration::ZERO);
            call(draft(&client)).await.unwrap();
            assert_eq!(paths(&script), [path, path], "the date of the refusal tells the time");

            let script = dateless(TestClock::right());
            let client = with(builder(&script).clock(TestClock::behind(HOUR))).build().unwrap();
            assert_eq!((fails(draft(&client)).await.outcome(), script.count()), (Outcome::Refused, 1));
            call(draft(&client)).await.unwrap();
            call(draft(&client)).await.unwrap();
            assert_eq!(paths(&script), [path, "time", path, path], "the next call asks, once");
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
    async fn a_venue_whose_time_operation_fails_delays_no_order() {
        let script = Script::from_fn(|sent, number| match number {
            _ if sent.is("/time") => hang(),
            0 => respond(400, r#"{"code":-1021}"#),
            _ => respond(200, "1"),
        });
        let client = client(&script);
        fails(order(&client)).await;
        let started = Instant::now();
        call(order(&client).send().timeout(ms(4_000))).await.unwrap();
        assert!(started.elapsed() <= ms(2_001), "half of the time is for the order: {:?}", started.elapsed());
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
    async fn without_a_time_operation_the_time_is_read_from_the_date() {
        for time in [|| respond(500, ""), || respond(200, "<html>"), hang] {
            let script = venue(TestClock::right(), time);
            call(book(&late(&script)).send().timeout(ms(60_000))).await.unwrap();
            assert_eq!(paths(&script).last().unwrap(), "book");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_any_time_the_refusal_is_returned() {
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
    async fn a_slow_time_operation_leaves_time_for_the_call_and_its_date_does_not_age() {
        let script = venue(TestClock::right(), hang);
        let client = late(&script);
        call(book(&client).send().timeout(ms(8_000))).await.unwrap();
        assert_eq!(paths(&script), ["book", "time", "book"]);
        assert!((client.clock_offset().as_micros() - 3_600_000_000).abs() <= 500_000, "{:?}", client.clock_offset());
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_of_unknown_outcome_before_it_counts() {
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
            assert!(started.elapsed() < ms(100), "its date tells the time");
        }
    }

    #[test]
    fn the_system_clock_gives_the_time() {
        let now = venuekit::Clock::now(&venuekit::SystemClock);
        // The machine's clock may be set back during the test.
        let off = SystemTime::now().duration_since(now).unwrap_or_else(|error| error.duration());
        assert!(off < HOUR);
    }
}
