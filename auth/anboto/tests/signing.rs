//! Tests signed requests to Anboto. `auth/core/tests/support` has the vectors and their sources.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../core/tests/support/mod.rs"]
mod support;

use std::time::Duration;

use venuekit::signing::SignableRequest;
use venuekit_auth_anboto::{CredentialError, Credentials};

use support::{
    Vector, assert_clones_share_nonces_and_limits, assert_hidden, assert_refuses_invalid_credentials,
    assert_shows_no_secret, header, headers, keys, request, sign, stamp, try_sign, vector, vectors_of,
};

const KEY: &str = "test_api_key";
const TIME: u64 = 1_700_000_000_000;

fn get(query: &str) -> SignableRequest {
    request("GET", &format!("https://api.anboto.xyz/api/v2/trading/order/id?{query}"), "")
}

fn post(body: &str) -> SignableRequest {
    request("POST", "https://api.anboto.xyz/api/v2/trading/order/cancel", body)
}

fn document(vector: &Vector) -> Credentials {
    Credentials::new(KEY, vector.secret.as_str()).unwrap()
}

fn live(vector: &Vector) -> Credentials {
    Credentials::live(KEY, vector.secret.as_str()).unwrap()
}

/// The query as a client sends it: encoded, in the caller's order.
const UNSORTED: &str = "symbol=BTC%2FUSDT&exchange=BINANCE";

#[test]
fn a_whole_request_has_the_signature_of_its_vector() {
    for vector in vectors_of("Anboto") {
        let (credentials, request) = match vector.id.as_str() {
            "bybit-v5-get" => (document(&vector), get("category=linear&symbol=BTCUSDT")),
            "bybit-v5-post" => {
                let body = r#"{"category": "linear", "symbol": "BTCUSDT", "orderLinkId": "test-order-1"}"#;
                (document(&vector), post(body))
            }
            "anboto-seed-get" => (document(&vector), get("orderId=1")),
            "anboto-rsa-get" => (Credentials::rsa(KEY, keys::PKCS8).unwrap(), get("exchange=BINANCE&symbol=BTC/USDT")),
            "anboto-live-get" | "anboto-live-get-urlsafe-secret" => (live(&vector), get(UNSORTED)),
            "anboto-live-post" => {
                (live(&vector).with_recv_window(Duration::from_millis(750)).unwrap(), post(r#"{"orderId":1}"#))
            }
            other => panic!("no request for {other}"),
        };
        let signed = sign(&credentials, request, stamp(TIME));
        let name = if vector.id.contains("live") { "X-SIGN" } else { "ANBOTO-SIGN" };
        assert_eq!(header(&signed, name), vector.expected, "{}", vector.id);
    }
}

#[test]
fn the_documented_scheme_adds_five_headers_two_with_the_time() {
    let vector = vector("anboto-seed-get");
    let signed = sign(&document(&vector), get("orderId=1"), stamp(TIME));
    assert_eq!(
        headers(&signed),
        [
            ("anboto-api-key", KEY),
            ("anboto-recv-window", "5000"),
            ("anboto-sign", vector.expected.as_str()),
            ("anboto-timestamp", "1700000000000"),
            ("anboto-ts", "1700000000000"),
        ]
    );
    assert_eq!((signed.query(), signed.body()), ("orderId=1", b"".as_slice()));
}

#[test]
fn the_live_scheme_adds_four_headers_and_keeps_the_query() {
    let vector = vector("anboto-live-get");
    let signed = sign(&live(&vector), get(UNSORTED), stamp(TIME));
    assert_eq!(
        headers(&signed),
        [
            ("x-api-key", KEY),
            ("x-recv-window", "5000"),
            ("x-sign", vector.expected.as_str()),
            ("x-timestamp", "1700000000000"),
        ]
    );
    assert_eq!((signed.query(), signed.body()), (UNSORTED, b"".as_slice()));
}

#[test]
fn the_documented_scheme_signs_the_query_as_sent_and_the_live_scheme_sorted_and_decoded() {
    let signature = |credentials: &Credentials, query: &str| {
        let signed = sign(credentials, get(query), stamp(TIME));
        headers(&signed).into_iter().find(|(name, _)| name.ends_with("-sign")).unwrap().1.to_owned()
    };
    let vector = vector("anboto-live-get");
    let sorted = "exchange=BINANCE&symbol=BTC%2FUSDT";
    assert_ne!(signature(&document(&vector), UNSORTED), signature(&document(&vector), sorted));
    assert_eq!(signature(&live(&vector), UNSORTED), signature(&live(&vector), sorted));
    assert_eq!(signature(&live(&vector), "b=1&a=%20&b=0"), signature(&live(&vector), "a=+&b=1&b=0"));
    assert_ne!(signature(&live(&vector), "b=1&b=0"), signature(&live(&vector), "b=0&b=1"));
}

#[test]
fn a_live_secret_that_is_not_decoded_gives_a_different_signature() {
    for id in ["anboto-live-get", "anboto-live-get-urlsafe-secret"] {
        let vector = vector(id);
        let undecoded = venuekit_auth::Hmac::from_text(venuekit_auth::Digest::Sha256, &vector.secret.as_str().into());
        assert_ne!(undecoded.unwrap().sign(vector.string_to_sign.as_bytes()).base64(), vector.expected);
    }
}

#[test]
fn an_rsa_key_in_either_form_of_pem_signs_for_both_schemes() {
    let vector = vector("anboto-rsa-get");
    let document = Credentials::rsa(KEY, keys::PKCS1).unwrap();
    let signed = sign(&document, get("exchange=BINANCE&symbol=BTC/USDT"), stamp(TIME));
    assert_eq!(header(&signed, "ANBOTO-SIGN"), vector.expected);
    let live = Credentials::live_rsa(KEY, keys::PKCS8).unwrap();
    let signed = sign(&live, get(UNSORTED), stamp(TIME));
    assert_eq!(header(&signed, "X-SIGN"), vector.expected);
}

#[test]
fn the_recv_window_of_a_call_overrides_that_of_the_credentials_and_is_signed() {
    let credentials = document(&vector("anboto-seed-get")).with_recv_window(Duration::from_secs(3)).unwrap();
    let send = |stamp| {
        let signed = sign(&credentials, get("orderId=1"), stamp);
        (header(&signed, "ANBOTO-RECV-WINDOW").to_owned(), header(&signed, "ANBOTO-SIGN").to_owned())
    };
    let (of_key, of_call) = (send(stamp(TIME)), send(stamp(TIME).with_recv_window(Duration::from_secs(2))));
    assert_eq!((of_key.0.as_str(), of_call.0.as_str()), ("3000", "2000"));
    assert_ne!(of_key.1, of_call.1);
}

#[test]
fn a_recv_window_of_less_than_a_millisecond_is_refused() {
    let credentials = document(&vector("anboto-seed-get"));
    let refused = CredentialError::RecvWindow { max_millis: None };
    for window in [Duration::ZERO, Duration::from_micros(999)] {
        assert_eq!(credentials.clone().with_recv_window(window).unwrap_err(), refused);
        let error = try_sign(&credentials, get("orderId=1"), stamp(TIME).with_recv_window(window)).unwrap_err();
        assert_eq!(*error.downcast::<CredentialError>().unwrap(), refused);
    }
}

#[test]
fn invalid_credentials_are_refused() {
    assert_refuses_invalid_credentials("sesame", |key, secret| Credentials::new(key, secret));
    assert_refuses_invalid_credentials("c2VzYW1l", |key, secret| Credentials::live(key, secret));
    assert_eq!(Credentials::live(KEY, "sesame!").unwrap_err(), CredentialError::SecretNotBase64);
    assert_eq!(Credentials::new(KEY, keys::PKCS8.trim()).unwrap_err(), CredentialError::SecretNotOneLine);
    for (key, pem, reason) in [
        ("", keys::PKCS8, CredentialError::EmptyKey),
        (KEY, "sesame", CredentialError::NotPem),
        (KEY, keys::PKCS8_ENCRYPTED, CredentialError::EncryptedPem),
        (KEY, keys::SHORT, CredentialError::RsaKeySize),
    ] {
        assert_eq!(Credentials::rsa(key, pem).unwrap_err(), reason);
        assert_eq!(Credentials::live_rsa(key, pem).unwrap_err(), reason);
    }
}

#[test]
fn debug_output_shows_no_secret() {
    let vector = vector("anboto-live-get");
    assert_shows_no_secret(&document(&vector), KEY, &vector.secret);
    assert_shows_no_secret(&live(&vector), KEY, &vector.secret);
    for rsa in [Credentials::rsa(KEY, keys::PKCS8).unwrap(), Credentials::live_rsa(KEY, keys::PKCS1).unwrap()] {
        assert_hidden(&rsa, KEY);
        for line in keys::PKCS8.lines().chain(keys::PKCS1.lines()).filter(|line| !line.starts_with("-----")) {
            assert_hidden(&rsa, line);
        }
    }
}

#[test]
fn clones_share_their_nonces_and_limits() {
    assert_clones_share_nonces_and_limits(|| document(&vector("anboto-seed-get")));
    assert_clones_share_nonces_and_limits(|| Credentials::live_rsa(KEY, keys::PKCS8).unwrap());
}
