//! Tests signed logins. The expected signature was computed with the `hmac` and `hashlib` modules
//! of Python.

#[path = "../../core/tests/support/mod.rs"]
mod support;

use venuekit::signing::Signer;
use venuekit_auth_excore_ws::{CredentialError, Credentials};

use support::{
    assert_absent, assert_clones_share_nonces_and_limits, assert_hidden, assert_refuses_invalid_credentials, body,
    headers, request, sign, stamp,
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
    assert_clones_share_nonces_and_limits(|| Credentials::from_token(TOKEN, "web").unwrap());
}

const TOKEN: &str = r#"tok-5f1c-"quoted"-and-long"#;

#[test]
fn a_login_with_a_token_has_token_and_source_and_names_its_method() {
    let credentials = Credentials::from_token(TOKEN, "wéb").unwrap().with_hex_signature();
    assert_eq!((credentials.login(), credentials.uses_nonces()), (Some("server.auth"), false));
    let call = r#"{"id":3,"method":"server.auth","params":[]}"#;
    let signed = sign(&credentials, request("POST", URL, call), stamp(NONCE));
    let sent: serde_json::Value = serde_json::from_str(body(&signed)).unwrap();
    assert_eq!(sent["params"], serde_json::json!([TOKEN, "wéb"]));
    assert_hidden(&credentials, TOKEN);
    assert_hidden(&signed, TOKEN);
    let by_key = Credentials::new(KEY, SECRET).unwrap();
    assert_eq!((by_key.login(), by_key.uses_nonces()), (None, true));
}

#[test]
fn tokens_and_sources_that_cannot_be_sent_are_refused() {
    let long = "s".repeat(32);
    let source = CredentialError::SourceNotValid { max_bytes: 31 };
    for (token, given, reason) in [
        ("", "web", CredentialError::TokenNotValid),
        ("token\n", "web", CredentialError::TokenNotValid),
        ("tok\nen", "web", CredentialError::TokenNotValid),
        ("tokén", "web", CredentialError::TokenNotValid),
        (TOKEN, long.as_str(), source),
        (TOKEN, "we\tb", source),
    ] {
        let refused = Credentials::from_token(token, given).unwrap_err();
        assert_eq!(refused, reason, "{token:?} {given:?}");
        assert_absent(&format!("{refused} {refused:?} {}", venuekit::Error::from(refused)), "tok-5f1c");
    }
    assert!(Credentials::from_token(TOKEN, &long[1..]).is_ok());
}
