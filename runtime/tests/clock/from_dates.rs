//! Clients that set their clock by the header `Date`.

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
