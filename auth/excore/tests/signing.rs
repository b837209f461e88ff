//! Tests signed requests to the exchange core. `auth/core/tests/support` has the vectors and their
//! sources.

#[path = "../../core/tests/support/mod.rs"]
mod support;

use venuekit_auth_excore::Credentials;

use support::{
    assert_clones_share_nonces_and_limits, assert_refuses_invalid_credentials, assert_shows_no_secret, body, headers,
    request, sign, stamp, vector, vectors_of,
};

const URL: &str = "https://host/v3sign/";
const KEY: &str = "prearranged api key";

#[test]
fn a_whole_request_has_the_signature_of_its_vector() {
    for vector in vectors_of("Excore") {
        let credentials = Credentials::new(KEY, vector.secret.as_str()).unwrap();
        let signed = sign(&credentials, request("POST", URL, &vector.string_to_sign), stamp(1));
        assert_eq!(headers(&signed), [("key", KEY), ("sign", vector.expected.as_str())]);
        assert_eq!((signed.path(), signed.query(), body(&signed)), ("/v3sign/", "", vector.string_to_sign.as_str()));
    }
}

#[test]
fn the_bytes_of_the_body_are_signed_and_neither_time_nor_url() {
    let credentials = Credentials::new(KEY, "sesame").unwrap();
    let signature = |url, body, millis| {
        let signed = sign(&credentials, request("POST", url, body), stamp(millis));
        support::header(&signed, "SIGN").to_owned()
    };
    let first = signature(URL, r#"{"id": 1}"#, 1);
    assert_eq!(
        first,
        signature("https://host/other?a=b", r#"{"id": 1}"#, 2),
        "the signature depends on the time or the URL"
    );
    assert_ne!(first, signature(URL, r#"{"id":1}"#, 1));
}

#[test]
fn invalid_credentials_are_refused() {
    assert_refuses_invalid_credentials("sesame", |key, secret| Credentials::new(key, secret));
}

#[test]
fn debug_output_shows_no_secret() {
    let secret = vector("excore-demo").secret;
    assert_shows_no_secret(&Credentials::new(KEY, secret.as_str()).unwrap(), KEY, &secret);
}

#[test]
fn clones_share_their_nonces_and_limits() {
    assert_clones_share_nonces_and_limits(|| Credentials::new(KEY, "sesame").unwrap());
}
