//! The client's own limit on requests in flight.

use super::*;

#[tokio::test(start_paused = true)]
async fn requests_in_flight_of_all_clones_stay_within_the_limit() {
    for (most, calls) in [(1, 50), (7, 1_000), (100, 10_000)] {
        let script = Script::from_fn(|_, number| respond(200, "1").after(ms(1 + number as u64 % 5)));
        let client = builder(&script).max_in_flight(most).build().unwrap();
        all((0..calls).map(|_| free(&client.clone()))).await;
        assert_eq!((script.count(), script.max_in_flight()), (calls, most));
    }
}

#[tokio::test(start_paused = true)]
async fn the_default_is_a_hundred_requests_in_flight_and_zero_means_no_limit() {
    let script = Script::new([respond(200, "1").after(ms(10))]);
    let calls = |client: Client| (0..300).map(move |_| free(&client));
    all(calls(client(&script))).await;
    assert_eq!(script.max_in_flight(), 100);
    all(calls(builder(&script).max_in_flight(0).build().unwrap())).await;
    assert_eq!(script.max_in_flight(), 300);
    all(calls(builder(&script).max_in_flight(usize::MAX).build().unwrap())).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_waits_or_is_dropped_frees_its_place_in_flight() {
    let steps: [fn() -> Step; 3] = [|| respond(503, ""), no_connection, || respond(429, "").header("retry-after", 9)];
    for step in steps {
        let script = Script::from_fn(move |sent, _| if sent.is("/ping") { step() } else { respond(200, "1") });
        let retry = Retry::default().attempts(2).backoff(ms(9_000), ms(9_000));
        let client = builder(&script).max_in_flight(1).retry(retry).build().unwrap();
        let (_, seconds) = tokio::join!(call(free(&client)), seconds(cancel(&client)));
        assert_eq!(seconds, 0);
    }
    let script = Script::from_fn(|sent, _| if sent.is("/ping") { hang() } else { respond(200, "1") });
    let client = builder(&script).max_in_flight(1).build().unwrap();
    timeout(ms(100), call(free(&client))).await.unwrap_err();
    assert_eq!(seconds(cancel(&client)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_a_limit_or_for_its_turn_is_not_in_flight() {
    let script = Script::new([respond(200, "1").after(ms(100))]);
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
async fn a_call_that_waits_for_other_requests_until_the_deadline_is_not_sent() {
    for one_at_a_time in [false, true] {
        let script = Script::new([respond(200, "1").after(ms(5_000))]);
        let builder = builder(&script).max_in_flight(1).one_signed_request_at_a_time(one_at_a_time);
        let client = builder.build().unwrap();
        let (_, error) = tokio::join!(call(cancel(&client)), fails(cancel(&client).send().timeout(ms(1_000))));
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::NotSent));
        assert_eq!((error.attempts(), script.count()), (0, 1));
    }
}
