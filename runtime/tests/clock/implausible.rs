//! Times of a venue that differ too much from the client's clock.

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
    assert!(builder.build().unwrap().sync_clock().await.is_ok(), "the user can raise the bound");
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
async fn running_out_of_nonces_is_an_error() {
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
async fn max_clock_offset_sets_the_largest_accepted_difference() {
    let hour_late = (START_MS + 3_600_000).to_string();
    let client = builder(&telling(&hour_late)).max_clock_offset(ms(60_000)).build().unwrap();
    assert_eq!(client.sync_clock().await.unwrap_err().kind(), ErrorKind::Clock);
    let client = builder(&telling(&hour_late)).max_clock_offset(DAY).build().unwrap();
    assert_eq!(client.sync_clock().await.unwrap().as_micros(), 3_600_000_000);
}
