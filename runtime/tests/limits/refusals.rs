//! Limits that the venue closes by a 429 or a 418.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_429_with_retry_after_closes_the_limits_of_its_operation_and_no_other() {
    for wait in ["30", "1706451330", "1706451330000", "Sun, 28 Jan 2024 14:15:30 GMT"] {
        let closing = respond(429, "").header("retry-after", wait);
        let script = Script::from_fn(move |_, number| if number == 0 { closing.clone() } else { respond(200, "1") });
        let client = client(&script);
        let error = fails(ticker(&client)).await;
        assert_eq!((error.outcome(), error.retry_after()), (Outcome::Refused, Some(ms(30_000))), "{wait}");
        for request_builder in [cancel, free] {
            assert_eq!(seconds(request_builder(&client)).await, 0, "{wait}");
        }
        assert_eq!(seconds(ticker(&client)).await, 30, "{wait}");
        assert_eq!(seconds(ticker(&client)).await, 0, "{wait}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_whose_headers_show_the_limit_closes_that_limit() {
    let closing = respond(429, "").header("retry-after", 30).header("x-used-weight", 12).header("x-day", 8);
    let script = Script::from_fn(move |_, number| if number == 0 { closing.clone() } else { respond(200, "1") });
    let client = client(&script);
    fails(order(&client)).await;
    assert_eq!(seconds(ticker_of(&client)).await, 0);
    assert!(seconds(order(&client)).await >= 30);
}

#[tokio::test(start_paused = true)]
async fn a_418_closes_all_limits() {
    let script = Script::new([respond(418, "").header("retry-after", 30), respond(200, "1")]);
    let client = client(&script);
    assert_eq!(fails(ticker(&client)).await.outcome(), Outcome::Refused);
    let started = Instant::now();
    all([cancel(&client), ticker(&client), order(&client)]).await;
    assert_eq!(sent_at(&script, started)[1..], [30, 30, 30]);
}

/// Values of `Retry-After` that give no time to wait.
const UNREADABLE: [Option<&str>; 7] =
    [None, Some("-5"), Some("30, 30"), Some("soon"), Some(""), Some("0"), Some("Sun, 28 Jan 2024 14:00:00 GMT")];

#[tokio::test(start_paused = true)]
async fn refusals_that_state_no_time_close_the_limit_for_longer_each_time_until_a_request_passes() {
    for (status, retry_after) in [429, 418].into_iter().flat_map(|status| UNREADABLE.map(|text| (status, text))) {
        let refusal = respond(status, "");
        let refusal = retry_after.map_or(refusal.clone(), |text| refusal.header("retry-after", text));
        // The venue refuses four requests, accepts one, and refuses one more.
        let step = move |number| if matches!(number, 4 | 6..) { respond(200, "1") } else { refusal.clone() };
        let script = Script::from_fn(move |_, number| step(number));
        let client = builder(&script).limit_backoff(ms(2_000), ms(10_000)).build().unwrap();
        let mut waits = Vec::new();
        for _ in 0..7 {
            waits.push(seconds(ticker_of(&client)).await);
        }
        assert_eq!(waits, [0, 2, 4, 8, 10, 0, 2], "{status} {retry_after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_of_requests_in_flight_together_close_the_limit_once() {
    let script =
        Script::from_fn(|_, number| if number < 10 { respond(429, "").after(ms(10)) } else { respond(200, "1") });
    let client = client(&script);
    all((0..10).map(|_| ticker_of(&client))).await;
    assert_eq!(seconds(ticker_of(&client)).await, 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_429_that_states_no_time_the_call_waits_and_is_sent_again() {
    for throttle in [Throttle::Wait, Throttle::Fail] {
        let script = Script::new([respond(429, ""), respond(429, ""), respond(200, "1")]);
        let client = builder(&script).retry(Retry::default()).throttle(throttle).build().unwrap();
        assert_eq!(seconds(ticker(&client)).await, 3, "{throttle:?}");
        assert_eq!(script.count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_whose_code_has_another_meaning_closes_a_limit_only_for_a_stated_time_and_is_not_throttling() {
    const NOT_FOUND: &[CodeRule] = &[CodeRule::new("-1").with_status(429)];
    static VENUE: Venue = Venue::new("codes", "venuekit-codes", "0.1.0")
        .with_limits(&[Limit::new("cancels", 5, 1).per_key()])
        .with_errors_at(&["/code"], &["/msg"]);
    static GONE: Operation = cancel().with_gone_codes(NOT_FOUND);
    static DONE: Operation = cancel().with_done_codes(NOT_FOUND);
    static OPEN: Operation = cancel().with_unknown_codes(NOT_FOUND);
    static REFUSED: Operation = cancel().with_refused_codes(NOT_FOUND);

    const fn cancel() -> Operation {
        Operation::http("cancel", Method::Delete, "/order")
            .with_limits(&["cancels"])
            .with_idempotent(Idempotent::Always)
    }

    for operation in [&GONE, &DONE, &OPEN, &REFUSED] {
        for refusal in [respond(429, r#"{"code":-1,"msg":"not found"}"#), respond(429, r#"{"code":-2}"#)] {
            let script = Script::new([refusal.clone()]);
            let client = builder_of(&VENUE, &script).retry(Retry::default()).build().unwrap();
            fails(RequestBuilder::new(&client, operation)).await;
            let is_closed = client.limits().await.get("cancels").unwrap().closed_until().is_some();
            let means_limits = format!("{refusal:?}").contains("-2");
            assert_eq!(is_closed, means_limits, "{refusal:?}");
            // A call with an unknown outcome is sent again, which is not throttling either.
            let is_repeated = means_limits || std::ptr::eq(operation, &OPEN);
            assert_eq!(script.count(), if is_repeated { 3 } else { 1 }, "{refusal:?}");
        }
        // A time that the venue states closes the limit, whatever the code means.
        for (stated, expected) in [("1", Some(ms(1_000))), ("0", None), ("soon", None)] {
            let refusal = respond(429, r#"{"code":-1,"msg":"not found"}"#).header("retry-after", stated);
            let client = builder_of(&VENUE, &Script::new([refusal])).build().unwrap();
            let error = fails(RequestBuilder::new(&client, operation)).await;
            assert!(!error.is_rate_limit_refusal(), "{stated} {error:?}");
            let limits = client.limits().await;
            let closed = limits.get("cancels").unwrap().closed_until();
            let closed = closed.map(|until| until.duration_since(limits.taken_at()).unwrap());
            assert_eq!(closed, expected, "{stated}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_code_of_the_venue_leaves_the_limit_open_to_other_calls_unless_a_time_is_stated() {
    static VENUE: Venue = Venue::new("codes", "venuekit-codes", "0.1.0")
        .with_limits(&[Limit::new("queries", 100, 60).per_key()])
        .with_errors_at(&["/code"], &["/msg"])
        .with_refused_codes(&[CodeRule::new("-1").with_status(429), CodeRule::new("-7")]);
    static FILLS: Operation = Operation::http("getFills", Method::Post, "/fills")
        .with_limits(&["queries"])
        .with_idempotent(Idempotent::Always);
    static ACCOUNT: Operation = Operation::http("getAccount", Method::Get, "/account").with_limits(&["queries"]);

    // The status, the body, and whether the refusal has another reason than a rate limit.
    let cases = [
        (429, r#"{"code":-1}"#, true),
        (429, r#"{"code":"-1"}"#, true),
        (429, r#"{"code":-7}"#, true),
        (418, r#"{"code":-7}"#, true),
        (418, r#"{"code":-1}"#, false),
        (429, r#"{"code":-1003}"#, false),
        (429, r#"{"msg":"slow down"}"#, false),
        (429, "", false),
        (429, "<html>", false),
    ];
    let with_and_without = cases.into_iter().flat_map(|case| [(case, true), (case, false)]);
    for ((status, body, for_another_reason), states_time) in with_and_without {
        let refusal = respond(status, body);
        let refusal = if states_time { refusal.header("retry-after", 30) } else { refusal };
        let script = Script::from_fn(move |_, number| if number == 0 { refusal.clone() } else { respond(200, "1") });
        let client = builder_of(&VENUE, &script).timeout(ms(60_000)).retry(Retry::never()).build().unwrap();
        let error = fails(RequestBuilder::new(&client, &FILLS)).await;
        assert_eq!(error.outcome(), Outcome::Refused, "{status} {body}");
        assert_eq!(error.is_rate_limit_refusal(), !for_another_reason, "{status} {body}");
        let waited = seconds(RequestBuilder::new(&client, &ACCOUNT)).await;
        let expected = match (states_time, for_another_reason) {
            (true, _) => 30,
            (false, true) => 0,
            (false, false) => 1,
        };
        assert_eq!(waited, expected, "{status} {body} {states_time}");
    }
    // Only a call that was throttled is sent again.
    for (status, body, for_another_reason) in cases.into_iter().filter(|(status, ..)| *status == 429) {
        let script =
            Script::from_fn(move |_, number| if number == 0 { respond(status, body) } else { respond(200, "1") });
        let client = builder_of(&VENUE, &script).retry(Retry::default()).build().unwrap();
        let response = call(RequestBuilder::new(&client, &FILLS)).await;
        assert_eq!((response.is_err(), script.count()), (for_another_reason, if for_another_reason { 1 } else { 2 }));
    }
}

#[tokio::test(start_paused = true)]
async fn another_status_with_retry_after_closes_no_limit() {
    for status in [200, 400, 503] {
        let script = Script::new([respond(status, "1").header("retry-after", 30)]);
        let client = client(&script);
        assert_eq!((seconds(ticker(&client)).await, seconds(ticker(&client)).await), (0, 0), "{status}");
    }
}

/// Values of `Retry-After` that would close a rate limit for a day or for years.
const AGES: [&str; 7] = [
    "18446744073709551615",
    "99999999",
    "999999999",
    "99999999999",
    "9999999999999",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "86400.5",
];

#[tokio::test(start_paused = true)]
async fn a_429_closes_the_limit_for_at_most_its_window_and_the_log_says_so() {
    for wait in AGES {
        let logs = Logs::capture();
        let script = Script::new([respond(429, "").header("retry-after", wait), respond(200, "1")]);
        let client = client(&script);
        fails(ticker(&client)).await;
        assert!(logs.warnings().iter().any(|line| line.contains("closed_s=60")), "{:?}", logs.lines());
        assert_eq!((seconds(ticker(&client)).await, seconds(ticker_of(&client)).await), (60, 0), "{wait}");
        let set = builder(&Script::new([respond(429, "").header("retry-after", wait), respond(200, "1")]));
        let client = set.max_limit_closing(ms(7_000)).build().unwrap();
        fails(ticker(&client)).await;
        assert_eq!(seconds(ticker(&client)).await, 7, "{wait}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_closes_the_limit_for_as_long_as_the_venue_is_known_to_close_it() {
    static VENUE: Venue = Venue::new("closing", "venuekit-closing", "0.1.0").with_limits(&[
        Limit::new("queries", 9, 1).with_longest_closing(900),
        Limit::new("bursts", 9, 1).with_longest_closing(5),
        Limit::new("slow", 9, 60),
    ]);
    static QUERY: Operation = Operation::http("query", Method::Get, "/query").with_limits(&["queries", "bursts"]);
    static SLOW: Operation = Operation::http("slow", Method::Get, "/slow").with_limits(&["slow", "bursts"]);
    for (operation, stated, set, expected) in [
        (&QUERY, "300", None, 300),
        (&QUERY, "900", None, 900),
        (&QUERY, "1706452200", None, 900),
        (&QUERY, "18446744073709551615", None, 900),
        (&QUERY, "300", Some(7_000), 7),
        (&SLOW, "300", None, 60),
        (&SLOW, "300", Some(200_000), 200),
    ] {
        let script = Script::new([respond(429, "").header("retry-after", stated), respond(200, "1")]);
        let mut builder = builder_of(&VENUE, &script).timeout(ms(1_000 * DAY)).retry(Retry::never());
        if let Some(longest) = set {
            builder = builder.max_limit_closing(ms(longest));
        }
        let client = builder.build().unwrap();
        fails(RequestBuilder::new(&client, operation)).await;
        let waited = seconds(RequestBuilder::new(&client, operation)).await;
        assert_eq!(waited, expected, "{} {stated} {set:?}", operation.id());
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_that_shows_no_limit_closes_each_limit_no_longer_than_its_own_time_and_a_418_all_of_them() {
    static CANCEL_BY_WEIGHT: Operation = Operation::http("cancelOrder", Method::Delete, "/order")
        .with_security(Security::Signed)
        .with_limits(&["weight"]);
    for (status, held) in [(429, 60), (418, 30_000)] {
        let closing = respond(status, "").header("retry-after", 30_000);
        let script = Script::from_fn(move |_, number| if number == 0 { closing.clone() } else { respond(200, "1") });
        let client = client(&script);
        let error = fails(order(&client)).await;
        assert_eq!(error.retry_after(), Some(ms(30_000_000)), "{status}: the order itself has to wait");
        let started = Instant::now();
        assert_eq!(seconds(RequestBuilder::new(&client, &CANCEL_BY_WEIGHT)).await, held, "{status}");
        let _ = call(order(&client)).await;
        assert_eq!(started.elapsed().as_secs(), 30_000, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_418_closes_the_limits_for_at_most_three_days_and_the_log_says_so() {
    for wait in AGES.into_iter().take(6) {
        let logs = Logs::capture();
        let script = Script::new([respond(418, "").header("retry-after", wait), respond(200, "1")]);
        let client = builder(&script).timeout(ms(1_000 * DAY * 30)).build().unwrap();
        fails(ticker(&client)).await;
        assert_eq!((logs.warnings().len(), seconds(order(&client)).await), (1, 3 * DAY), "{wait}");
        let set = builder(&Script::new([respond(418, "").header("retry-after", wait), respond(200, "1")]));
        let client = set.max_ban_closing(ms(7_000)).build().unwrap();
        fails(ticker(&client)).await;
        assert_eq!(seconds(ticker(&client)).await, 7, "{wait}");
    }
}

#[tokio::test(start_paused = true)]
async fn settings_without_bounds_do_not_panic() {
    for status in [429, 418] {
        for wait in ["18446744073709551615", "soon"] {
            let refusal = respond(status, "").header("retry-after", wait);
            let script = Script::from_fn(move |_, number| if number == 0 { refusal.clone() } else { reset() });
            let client = builder(&script)
                .max_limit_closing(Duration::MAX)
                .max_ban_closing(Duration::MAX)
                .limit_backoff(Duration::MAX, Duration::MAX)
                .limit_grace(Duration::MAX)
                .build()
                .unwrap();
            fails(ticker(&client)).await;
            let error = fails(ticker(&client)).await;
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Throttled, Outcome::NotSent));
            assert!(error.retry_after().unwrap() > ms(1_000 * DAY * 365));
            client.reopen_limits().await;
            assert_eq!(fails(ticker(&client)).await.kind(), ErrorKind::Transport);
            client.limits().await;
        }
    }
}
