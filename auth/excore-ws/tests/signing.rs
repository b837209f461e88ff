//! Tests signed logins. The expected signature was computed with the `hmac` and `hashlib` modules
//! of Python.

#[path = "../../core/tests/support/mod.rs"]
mod support;

use venuekit_auth_excore_ws::Credentials;

use support::{
    assert_clones_share_nonces_and_limits, assert_refuses_invalid_credentials, body, headers, request, sign, stamp,
};

const URL: &str = "https://host/";
const KEY: &str = "AK-77";
const SECRET: &str = "demo-secret";
const NONCE: u64 = 1_700_000_000_123;
const CALL: &str = r#"{"id":3,"method":"server.sign","params":[]}"#;
const BASE64: &str = "FVIVLjJ9vH5z1GFZnsZAkt1BUnwDYSwa81EsmNRipHt+kyBpzlODfBjUQvqKHecKQ8RvjJl3yH5dwuPRzVr9iw==";

fn login(credentials: &Credentials, nonce: u64) -> String {
    let signed = sign(credentials, request("POST", URL, CALL), stamp(nonce));
    assert!(headers(&signed).is_empty(), "a socket has no headers of a call");
    body(&signed).to_owned()
}

#[test]
fn the_login_has_key_signature_and_nonce_by_position() {
    let credentials = Credentials::new(KEY, SECRET).unwrap();
    let expected = format!(r#"{{"id":3,"method":"server.sign","params":["AK-77","{BASE64}",{NONCE}]}}"#);
    assert_eq!(login(&credentials, NONCE), expected);
}

#[test]
fn the_signature_can_be_written_in_hex() {
    let credentials = Credentials::new(KEY, SECRET).unwrap().with_hex_signature();
    let sent = login(&credentials, NONCE);
    assert!(sent.starts_with(r#"{"id":3,"method":"server.sign","params":["AK-77","1552152e327dbc7e73d461599ec64092"#));
}

#[test]
fn another_nonce_has_another_signature() {
    let credentials = Credentials::new(KEY, SECRET).unwrap();
    assert!(!login(&credentials, NONCE + 1).contains(BASE64));
}

#[test]
fn a_key_with_a_quote_stays_json() {
    let credentials = Credentials::new(r#"a"b\c"#, SECRET).unwrap();
    let sent = login(&credentials, NONCE);
    let sent: serde_json::Value = serde_json::from_str(&sent).unwrap();
    assert_eq!(sent["params"][0], r#"a"b\c"#);
}

#[test]
fn invalid_credentials_are_refused() {
    assert_refuses_invalid_credentials(SECRET, |key, secret| Credentials::new(key, secret));
}

#[test]
fn debug_output_shows_no_secret() {
    let credentials = Credentials::new(KEY, SECRET).unwrap();
    let signed = sign(&credentials, request("POST", URL, CALL), stamp(NONCE));
    let shown = format!("{credentials:?} {:?} {signed:?}", credentials.clone());
    for hidden in [KEY, SECRET, BASE64, &NONCE.to_string()] {
        assert!(!shown.contains(hidden), "{hidden} is in {shown}");
    }
}

#[test]
fn clones_share_their_nonces_and_limits() {
    assert_clones_share_nonces_and_limits(|| Credentials::new(KEY, SECRET).unwrap());
}
