//! Tests signed requests to AltMarket. `auth/core/tests/support` has the vectors and their sources.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../core/tests/support/mod.rs"]
mod support;

use venuekit::signing::{SignableRequest, Stamp};
use venuekit_auth::{Digest, Hmac};
use venuekit_auth_altmarket::Credentials;

use support::{
    Vector, assert_clones_share_nonces_and_limits, assert_refuses_invalid_credentials, assert_shows_no_secret, body,
    header, headers, request, sign, stamp, try_sign, vector, vectors_of,
};

const KEY: &str = "06879020-2476-49f4-89ef-617004328120";
/// 2019-12-12T01:01:01
const SECOND: u64 = 1_576_112_461_000;

fn credentials(vector: &Vector) -> Credentials {
    Credentials::new(KEY, vector.secret.as_str()).unwrap()
}

fn signed(id: &str) -> SignableRequest {
    let vector = vector(id);
    let credentials = credentials(&vector);
    let with_nonce = credentials.clone().with_nonce();
    let (get, post) = (
        |query| request("GET", &format!("https://host/trading{query}"), ""),
        |body| request("POST", "https://host/trading", body),
    );
    match id {
        "altmarket-get-ts" => sign(&credentials, get(""), stamp(SECOND)),
        "altmarket-get-query-nonce" => sign(&with_nonce, get("?market=btc_usdt"), stamp(SECOND + 250)),
        "altmarket-post-order" => {
            let order = r#"{"order":{"instrument":"btc_usdt","type":"sell","amount":1,"price":1,"isLimit":true,"isStop":false}}"#;
            sign(&credentials, post(order), stamp(SECOND))
        }
        "altmarket-post-nonce" => {
            sign(&with_nonce, post(r#"{"order":{"instrument":"btc_usdt"}}"#), stamp(SECOND + 250))
        }
        other => panic!("no request for {other}"),
    }
}

#[test]
fn a_whole_request_has_the_signature_of_its_vector() {
    for vector in vectors_of("AltMarket") {
        let signed = signed(&vector.id);
        let sent = if signed.method() == "POST" { body(&signed).to_owned() } else { format!("?{}", signed.query()) };
        assert_eq!(sent, vector.string_to_sign, "{}", vector.id);
        assert_eq!(
            headers(&signed),
            [("content-type", "application/json"), ("key", KEY), ("sign", vector.expected.as_str())]
        );
    }
}

#[test]
fn a_signature_without_the_question_mark_or_in_lower_case_differs() {
    let signed = signed("altmarket-get-ts");
    let signature = header(&signed, "Sign");
    let hmac = Hmac::from_text(Digest::Sha512, &vector("altmarket-get-ts").secret.into()).unwrap();
    assert_ne!(signature, hmac.sign(signed.query().as_bytes()).upper_hex());
    assert_ne!(signature, hmac.sign(format!("?{}", signed.query()).as_bytes()).lower_hex());
    assert_eq!(signature, hmac.sign(format!("?{}", signed.query()).as_bytes()).upper_hex());
}

#[test]
fn the_query_is_signed_for_get_and_delete_and_the_body_for_post() {
    let credentials = credentials(&vector("altmarket-post-order"));
    let sign = |method, body| sign(&credentials, request(method, "https://host/a/b", body), stamp(SECOND));
    for method in ["GET", "DELETE"] {
        let signed = sign(method, "");
        assert_eq!((signed.query(), body(&signed)), ("ts=2019-12-12T01:01:01", ""), "{method}");
    }
    for (before, after) in [
        (r#"{"price":1.50, "b":"}"}"#, r#"{"price":1.50, "b":"}","ts":"2019-12-12T01:01:01"}"#),
        ("{}", r#"{"ts":"2019-12-12T01:01:01"}"#),
        ("", r#"{"ts":"2019-12-12T01:01:01"}"#),
    ] {
        let signed = sign("POST", before);
        assert_eq!((signed.query(), body(&signed)), ("", after));
    }
}

#[test]
fn a_body_that_is_not_an_object_is_not_signed() {
    let credentials = credentials(&vector("altmarket-post-order"));
    assert!(try_sign(&credentials, request("POST", "https://host/", "[1]"), stamp(SECOND)).is_err());
}

#[test]
fn the_time_is_sent_to_the_microsecond_and_the_nonce_only_if_wanted() {
    let credentials = credentials(&vector("altmarket-post-order"));
    let time = support::at(SECOND) + std::time::Duration::from_micros(42);
    let query =
        |credentials| sign(credentials, request("GET", "https://host/", ""), Stamp::new(time, 9)).query().to_owned();
    assert_eq!(query(&credentials), "ts=2019-12-12T01:01:01.000042");
    assert_eq!(query(&credentials.clone().with_nonce()), "ts=2019-12-12T01:01:01.000042&nonce=9");
}

#[test]
fn invalid_credentials_are_refused() {
    assert_refuses_invalid_credentials("sesame", |key, secret| Credentials::new(key, secret));
}

#[test]
fn debug_output_shows_no_secret() {
    let vector = vector("altmarket-post-order");
    assert_shows_no_secret(&credentials(&vector).with_nonce(), KEY, &vector.secret);
}

#[test]
fn clones_share_their_nonces_and_limits() {
    assert_clones_share_nonces_and_limits(|| credentials(&vector("altmarket-post-order")));
}
