//! Tests signed requests to JEX. `auth/core/tests/support` has the vectors and their sources.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../core/tests/support/mod.rs"]
mod support;

use std::time::Duration;

use venuekit::operation::Security;
use venuekit::signing::{Signer as _, Stamp};
use venuekit_auth_jex::{CredentialError, Credentials, MAX_RECV_WINDOW_MILLIS};

use support::{
    Vector, assert_clones_share_nonces_and_limits, assert_refuses_invalid_credentials, assert_shows_no_secret, headers,
    request, request_for, sign, stamp, try_sign, vector, vectors_of,
};

const KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const URL: &str = "https://www.jex.com/api/v1/spot/order";
const FIVE_SECONDS: Duration = Duration::from_secs(5);

fn credentials(vector: &Vector) -> Credentials {
    Credentials::new(KEY, vector.secret.as_str()).unwrap()
}

/// Returns the signed query of a request with these parameters.
fn signed_query(credentials: &Credentials, parameters: &str, stamp: Stamp) -> String {
    sign(credentials, request("POST", &format!("{URL}?{parameters}"), ""), stamp).query().to_owned()
}

#[test]
fn a_whole_request_with_parameters_in_the_query_has_the_signature_of_its_vector() {
    for vector in vectors_of("JEX") {
        let (parameters, millis) = match vector.id.as_str() {
            "jex-ex1-query" | "jex-seed-order" | "binance-futures-doc" => {
                let (parameters, time) = vector.string_to_sign.split_once("&recvWindow=5000&timestamp=").unwrap();
                (parameters, time.parse().unwrap())
            }
            "binance-ts-only" => ("", 1_578_963_600_000),
            // These have the time and the window in a form body; `auth/core/tests/vectors.rs`
            // covers them.
            "jex-ex2-body" | "jex-ex3-mixed" => continue,
            other => panic!("no request for {other}"),
        };
        let mut stamp = stamp(millis);
        if vector.string_to_sign.contains("recvWindow") {
            stamp = stamp.with_recv_window(FIVE_SECONDS);
        }
        let query = signed_query(&credentials(&vector), parameters, stamp);
        assert_eq!(query, format!("{}&signature={}", vector.string_to_sign, vector.expected));
    }
}

#[test]
fn parameters_keep_their_order_because_sorting_changes_the_signature() {
    let vector = vector("jex-ex1-query");
    let stamp = stamp(1_499_827_319_559).with_recv_window(FIVE_SECONDS);
    let sorted = "price=0.1&quantity=1&side=BUY&symbol=LTCBTC&timeInForce=GTC&type=LIMIT";
    let query = signed_query(&credentials(&vector), sorted, stamp);
    assert!(query.starts_with(&format!("{sorted}&recvWindow=5000&timestamp=1499827319559&signature=")));
    assert!(!query.ends_with(&vector.expected));
}

#[test]
fn a_body_is_signed_after_the_query_with_nothing_between() {
    let credentials = credentials(&vector("jex-ex3-mixed"));
    let signature = |query: &str, body: &str| {
        let signed = sign(&credentials, request("POST", &format!("{URL}?{query}"), body), stamp(7));
        signed.query().rsplit_once('=').unwrap().1.to_owned()
    };
    let hmac =
        venuekit_auth::Hmac::from_text(venuekit_auth::Digest::Sha256, &vector("jex-ex3-mixed").secret.into()).unwrap();
    assert_eq!(signature("a=1", "b=2"), hmac.sign(b"a=1&timestamp=7b=2").lower_hex());
}

#[test]
fn the_query_is_signed_as_it_is_sent() {
    let vector = vector("jex-ex1-query");
    let query = signed_query(&credentials(&vector), "a=BTC%2FUSDT%20%2B%26%3D&b=", stamp(7));
    let hmac = venuekit_auth::Hmac::from_text(venuekit_auth::Digest::Sha256, &vector.secret.into()).unwrap();
    let signature = hmac.sign(b"a=BTC%2FUSDT%20%2B%26%3D&b=&timestamp=7").lower_hex();
    assert_eq!(query, format!("a=BTC%2FUSDT%20%2B%26%3D&b=&timestamp=7&signature={signature}"));
}

#[test]
fn an_operation_that_needs_only_the_key_sends_no_signature() {
    let credentials = credentials(&vector("jex-ex1-query")).with_recv_window(FIVE_SECONDS).unwrap();
    let by_key = sign(&credentials, request_for(Security::Key, "GET", &format!("{URL}?limit=5"), ""), stamp(7));
    assert_eq!((headers(&by_key), by_key.query()), (vec![("x-jex-apikey", KEY)], "limit=5"));

    let signed = sign(&credentials, request_for(Security::Signed, "GET", &format!("{URL}?limit=5"), ""), stamp(7));
    assert_eq!(headers(&signed), [("x-jex-apikey", KEY)]);
    assert!(signed.query().starts_with("limit=5&recvWindow=5000&timestamp=7&signature="));
}

#[test]
fn a_key_without_its_secret_is_sent_and_signs_nothing() {
    let credentials = Credentials::key_only(KEY).unwrap().with_recv_window(FIVE_SECONDS).unwrap();
    let by_key = sign(&credentials, request_for(Security::Key, "GET", &format!("{URL}?limit=5"), ""), stamp(7));
    assert_eq!((headers(&by_key), by_key.query()), (vec![("x-jex-apikey", KEY)], "limit=5"));
    assert!(credentials.check(Security::Key).is_ok() && credentials.check(Security::Public).is_ok());

    let refused = [
        credentials.check(Security::Signed).unwrap_err(),
        try_sign(&credentials, request_for(Security::Signed, "GET", URL, ""), stamp(7)).unwrap_err(),
    ];
    for error in refused {
        assert_eq!(*error.downcast::<CredentialError>().unwrap(), CredentialError::NoSecret);
    }
    let whole = Credentials::new(KEY, "sesame").unwrap();
    assert!(whole.check(Security::Signed).is_ok());
}

#[test]
fn a_key_without_its_secret_is_checked() {
    for (key, reason) in [
        ("", CredentialError::EmptyKey),
        ("key\n", CredentialError::PaddedKey),
        ("k\u{e9}y", CredentialError::KeyNotHeaderValue),
    ] {
        assert_eq!(Credentials::key_only(key).unwrap_err(), reason);
    }
    let shown = format!("{:?}", Credentials::key_only(KEY).unwrap());
    assert!(!shown.contains(KEY), "{shown}");
}

#[test]
fn the_recv_window_of_a_call_overrides_that_of_the_credentials_and_is_sent_only_if_set() {
    let plain = credentials(&vector("jex-ex1-query"));
    let set = plain.clone().with_recv_window(Duration::from_secs(3)).unwrap();
    let window = |credentials, stamp| {
        let query = signed_query(credentials, "a=1", stamp);
        query.split('&').find_map(|pair| pair.strip_prefix("recvWindow=").map(ToOwned::to_owned))
    };
    let of_call = stamp(7).with_recv_window(Duration::from_micros(1_500_900));
    assert_eq!(window(&plain, stamp(7)), None);
    assert_eq!(window(&set, stamp(7)).as_deref(), Some("3000"));
    assert_eq!(window(&set, of_call).as_deref(), Some("1500"));
    assert_eq!(window(&plain, of_call).as_deref(), Some("1500"));
}

#[test]
fn a_recv_window_that_jex_refuses_is_refused_before_sending() {
    let credentials = credentials(&vector("jex-ex1-query"));
    let refused = CredentialError::RecvWindow { max_millis: Some(MAX_RECV_WINDOW_MILLIS) };
    for window in [Duration::ZERO, Duration::from_micros(999), Duration::from_millis(60_001), Duration::MAX] {
        assert_eq!(credentials.clone().with_recv_window(window).unwrap_err(), refused, "{window:?}");
        let error = try_sign(&credentials, request("GET", URL, ""), stamp(7).with_recv_window(window)).unwrap_err();
        assert_eq!(*error.downcast::<CredentialError>().unwrap(), refused, "{window:?}");
    }
    for window in [Duration::from_millis(1), Duration::from_millis(60_000)] {
        assert!(credentials.clone().with_recv_window(window).is_ok());
        assert!(try_sign(&credentials, request("GET", URL, ""), stamp(7).with_recv_window(window)).is_ok());
    }
}

#[test]
fn invalid_credentials_are_refused() {
    assert_refuses_invalid_credentials("sesame", |key, secret| Credentials::new(key, secret));
}

#[test]
fn debug_output_shows_no_secret() {
    let vector = vector("jex-ex1-query");
    assert_shows_no_secret(&credentials(&vector).with_recv_window(FIVE_SECONDS).unwrap(), KEY, &vector.secret);
}

#[test]
fn clones_share_their_nonces_and_limits() {
    assert_clones_share_nonces_and_limits(|| credentials(&vector("jex-ex1-query")));
}
