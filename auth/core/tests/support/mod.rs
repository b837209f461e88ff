//! Helpers for the tests of the auth crates. SOURCES.md beside this file names the sources of the
//! vectors.

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Debug;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use venuekit::BoxError;
use venuekit::operation::Security;
use venuekit::signing::{SignableRequest, Signer, Stamp};

/// A string to sign, and its signature. Some vectors have a wrong signature; the result must differ
/// from it.
#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) scheme: String,
    pub(crate) kind: String,
    pub(crate) algorithm: String,
    #[serde(default)]
    pub(crate) secret: String,
    #[serde(default)]
    pub(crate) secret_encoding: String,
    #[serde(default)]
    pub(crate) private_key_pem: String,
    pub(crate) string_to_sign: String,
    pub(crate) signature_encoding: String,
    pub(crate) expected: String,
}

impl Vector {
    pub(crate) fn has_to_match(&self) -> bool {
        match self.kind.as_str() {
            "published" | "derived" => true,
            "published-wrong" => false,
            other => panic!("no kind of vector: {other}"),
        }
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

pub(crate) fn vectors_of(scheme: &str) -> Vec<Vector> {
    let vectors: Vec<_> = vectors().into_iter().filter(|vector| vector.scheme == scheme).collect();
    assert!(!vectors.is_empty(), "no vectors of {scheme}");
    vectors
}

pub(crate) fn vector(id: &str) -> Vector {
    vectors().into_iter().find(|vector| vector.id == id).unwrap_or_else(|| panic!("no vector {id}"))
}

pub(crate) mod keys {
    pub(crate) const PKCS8: &str = include_str!("keys/pkcs8.pem");
    pub(crate) const PKCS1: &str = include_str!("keys/pkcs1.pem");
    pub(crate) const PKCS8_ENCRYPTED: &str = include_str!("keys/pkcs8-encrypted.pem");
    pub(crate) const PKCS1_ENCRYPTED: &str = include_str!("keys/pkcs1-encrypted.pem");
    pub(crate) const SHORT: &str = include_str!("keys/short.pem");
    pub(crate) const EC_PKCS8: &str = include_str!("keys/ec-pkcs8.pem");
    pub(crate) const EC_SEC1: &str = include_str!("keys/ec-sec1.pem");
    pub(crate) const PUBLIC: &str = include_str!("keys/public.pem");
}

/// Returns the time of this many milliseconds since 1970.
pub(crate) fn at(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis)
}

/// Returns a stamp with this time, which is also the nonce.
pub(crate) fn stamp(millis: u64) -> Stamp {
    Stamp::new(at(millis), millis)
}

pub(crate) fn request(method: &str, url: &str, body: &str) -> SignableRequest {
    request_for(Security::Signed, method, url, body)
}

pub(crate) fn request_for(security: Security, method: &str, url: &str, body: &str) -> SignableRequest {
    SignableRequest::new(method.parse().unwrap(), url, body.to_owned(), security).unwrap()
}

/// Signs, and asserts that every header that the signer sets is marked as sensitive.
pub(crate) fn try_sign(
    signer: &impl Signer,
    mut request: SignableRequest,
    stamp: Stamp,
) -> Result<SignableRequest, BoxError> {
    match pin!(signer.sign(&mut request, stamp)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome?,
        Poll::Pending => panic!("these signers do not wait for anything"),
    }
    assert!(request.headers().iter().all(|(_, value)| value.is_sensitive()));
    Ok(request)
}

pub(crate) fn sign(signer: &impl Signer, request: SignableRequest, stamp: Stamp) -> SignableRequest {
    try_sign(signer, request, stamp).unwrap()
}

/// Returns all headers by name, as they are sent.
pub(crate) fn headers(request: &SignableRequest) -> Vec<(&str, &str)> {
    let mut headers: Vec<_> =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    headers.sort_unstable();
    headers
}

pub(crate) fn header<'a>(request: &'a SignableRequest, name: &str) -> &'a str {
    request.headers().get(name).unwrap_or_else(|| panic!("no header {name}")).to_str().unwrap()
}

pub(crate) fn body(request: &SignableRequest) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Asserts that neither `Debug` form of `shown` contains `text`, plain or in a usual encoding.
pub(crate) fn assert_hidden(shown: &impl Debug, text: &str) {
    assert_absent(&format!("{shown:?} {shown:#?}"), text);
}

pub(crate) fn assert_absent(output: &str, text: &str) {
    let mut forms: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    let decoded = [STANDARD.decode(text), URL_SAFE_NO_PAD.decode(text)].into_iter().flatten();
    for bytes in decoded.chain([text.as_bytes().to_vec()]) {
        forms.push(hex(&bytes));
        forms.push(STANDARD_NO_PAD.encode(&bytes));
        forms.push(URL_SAFE_NO_PAD.encode(&bytes));
        forms.push(format!("{bytes:?}").trim_matches(['[', ']']).to_owned());
    }
    let output = output.to_lowercase();
    for form in forms.iter().filter(|form| form.len() > 3) {
        assert!(!output.contains(&form.to_lowercase()), "{form} is shown in: {output}");
    }
}

/// Asserts that invalid credentials are refused with a reason that does not contain them. `good` is
/// a secret that `make` accepts.
pub(crate) fn assert_refuses_invalid_credentials<C: Debug>(
    good: &str,
    make: impl Fn(&str, &str) -> Result<C, venuekit_auth::CredentialError>,
) {
    use venuekit_auth::CredentialError::{
        EmptyKey, EmptySecret, KeyNotHeaderValue, PaddedKey, PaddedSecret, SecretNotOneLine,
    };

    assert!(make("kayak", good).is_ok());
    for (key, secret, reason) in [
        ("", good, EmptyKey),
        (" \n", good, EmptyKey),
        ("kayak\n", good, PaddedKey),
        (" kayak", good, PaddedKey),
        ("\u{feff}kayak", good, PaddedKey),
        ("kay\nak", good, KeyNotHeaderValue),
        ("kay\tak", good, KeyNotHeaderValue),
        ("kay\u{7f}ak", good, KeyNotHeaderValue),
        ("kajäk", good, KeyNotHeaderValue),
        ("kayak", "", EmptySecret),
        ("kayak", "\t ", EmptySecret),
        ("kayak", "sesame\r\n", PaddedSecret),
        ("kayak", " sesame", PaddedSecret),
        ("kayak", "sesame\u{feff}", PaddedSecret),
        ("kayak", "ses\name", SecretNotOneLine),
        ("kayak", "ses\0ame", SecretNotOneLine),
    ] {
        let refused = make(key, secret).unwrap_err();
        assert_eq!(refused, reason, "{key:?} {secret:?}");
        let error = venuekit::Error::from(refused);
        assert_eq!((error.kind(), error.outcome()), (venuekit::ErrorKind::Settings, venuekit::Outcome::NotSent));
        for given in [key.trim(), secret.trim()] {
            assert_absent(&format!("{refused} {refused:?} {error} {error:?}"), given);
        }
    }
}

/// Asserts that neither a signer nor a request that it signed shows the key, the secret or the
/// signature.
pub(crate) fn assert_shows_no_secret<S: Signer + Clone>(signer: &S, key: &str, secret: &str) {
    let signed = sign(signer, request("POST", "https://host/path?a=b", r#"{"a":1}"#), stamp(1_700_000_000_000));
    for text in [key, secret] {
        assert_hidden(signer, text);
        assert_hidden(&signer.clone(), text);
        assert_hidden(&signed, text);
        assert_hidden(signed.headers(), text);
    }
    let query = signed.query_pairs().iter().map(|(_, value)| value.as_str());
    for added in headers(&signed).into_iter().map(|(_, value)| value).chain(query) {
        assert_hidden(&signed, added);
    }
}

/// Asserts that clones share their nonces and their rate limits, and that separate credentials do
/// not.
pub(crate) fn assert_clones_share_nonces_and_limits<S: Signer + Clone>(make: impl Fn() -> S) {
    let first = make();
    let clone = first.clone();
    assert_eq!(first.limits().unwrap(), clone.limits().unwrap());
    assert_ne!(first.limits(), make().limits());
    let draw = |signer: &S| signer.nonces().unwrap().draw(at(7)).unwrap();
    assert_eq!(first.key_digest().unwrap(), make().key_digest().unwrap(), "all processes have the same digest");
    assert_eq!([draw(&first), draw(&clone), draw(&first), draw(&make())], [7, 8, 9, 7]);
}
