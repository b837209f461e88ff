//! The time and the nonce in requests.

use super::*;

static LIMITED: Venue = Venue::new("limited", "venuekit-limited", "0.1.0").with_limits(&[Limit::new("one", 1, 1)]);
static LIMITED_BOOK: Operation =
    Operation::http("getBook", Method::Get, "/book").with_security(Security::Signed).with_limits(&["one"]);

/// Returns the age that each request's time had when the request was sent.
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
    // The clocks of the second and third clients start at the same time as that of the first, but
    // later in the test.
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
async fn a_call_that_fails_waits_or_is_dropped_frees_its_turn() {
    for step in [hang(), reset(), respond(503, ""), respond(429, "").header("retry-after", 3)] {
        let script = Script::from_fn(move |sent, _| if sent.is("/book") { step.clone() } else { respond(200, "1") });
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
    for (window, reason) in [(60_001, "60001 ms is too long for window (expected at most 60000)"), (0, "at least")] {
        let error = built(ms(window)).unwrap_err();
        assert!(error.kind() == ErrorKind::Settings && error.to_string().contains(reason), "{error}");
        let error = fails(book(&client).send().recv_window(ms(window))).await;
        assert!(error.outcome() == Outcome::NotSent && error.to_string().contains(reason), "{error}");
    }
    let error = builder(&script).recv_window(ms(1)).build().unwrap_err();
    assert!(error.to_string().contains("test-venue have no recv window"), "{error}");
}
