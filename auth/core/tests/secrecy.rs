//! Tests that wrong credentials are refused without being shown, and that correct ones never show a
//! secret.

mod support;

use serde::Serialize;
use venuekit_auth::{CredentialError, Digest, Hmac, KeyId, RsaKey, Secret, Signature, recv_window_millis};

use std::time::Duration;

use support::{assert_absent, assert_hidden, assert_refuses_invalid_credentials, keys};

#[test]
fn an_invalid_key_or_secret_is_refused() {
    assert_refuses_invalid_credentials("sesame", |key, secret| {
        Ok((KeyId::new(key)?, Hmac::from_text(Digest::Sha512, &secret.into())?))
    });
    assert_refuses_invalid_credentials("c2VzYW1l", |key, secret| {
        Ok((KeyId::new(key)?, Hmac::from_base64(Digest::Sha512, &secret.into())?))
    });
}

#[test]
fn a_key_and_a_secret_may_have_spaces_inside() {
    assert_eq!(KeyId::new("prearranged api key").unwrap().expose(), "prearranged api key");
    assert!(Hmac::from_text(Digest::Sha512, &"prearranged secret key".into()).is_ok());
}

#[test]
fn invalid_base64_is_refused() {
    for secret in ["sesame!", "c2VzYW1", "+/-_", "c2Vz YW1l", "c2VzYW1l====", "====", "ä"] {
        let refused = Hmac::from_base64(Digest::Sha256, &secret.into()).unwrap_err();
        assert_eq!(refused, CredentialError::SecretNotBase64, "{secret}");
        assert_absent(&format!("{refused} {refused:?}"), secret);
    }
}

#[test]
fn an_unusable_private_key_is_refused() {
    let cut_off = &keys::PKCS8[..400];
    let damaged = keys::PKCS8.replacen("MII", "MIJ", 1);
    let not_base64 = keys::PKCS8.replacen("MII", "M!I", 1);
    let mislabelled = keys::PKCS8.replace("PRIVATE", "RSA PRIVATE");
    let on_one_line = keys::PKCS8.replace('\n', "\\n");
    for (pem, reason) in [
        ("", CredentialError::EmptySecret),
        (" \n", CredentialError::EmptySecret),
        ("sesame", CredentialError::NotPem),
        (cut_off, CredentialError::NotPem),
        (keys::PKCS8_ENCRYPTED, CredentialError::EncryptedPem),
        (keys::PKCS1_ENCRYPTED, CredentialError::EncryptedPem),
        (keys::PUBLIC, CredentialError::NotRsaPrivateKey),
        (keys::EC_SEC1, CredentialError::NotRsaPrivateKey),
        (keys::EC_PKCS8, CredentialError::BrokenRsaKey),
        (keys::SHORT, CredentialError::RsaKeySize),
        (&damaged, CredentialError::BrokenRsaKey),
        (&not_base64, CredentialError::BrokenRsaKey),
        (&mislabelled, CredentialError::BrokenRsaKey),
        (&on_one_line, CredentialError::BrokenRsaKey),
    ] {
        let refused = RsaKey::from_pem(&pem.into()).unwrap_err();
        assert_eq!(refused, reason, "{pem}");
        for line in pem.lines().filter(|line| !line.starts_with("-----")) {
            assert_absent(&format!("{refused} {refused:?}"), line);
        }
    }
}

#[test]
fn recv_windows_are_from_one_millisecond_to_the_maximum_of_the_venue() {
    let millis = |window, max| recv_window_millis(window, max).ok();
    assert_eq!(millis(Duration::from_millis(1), Some(60_000)), Some(1));
    assert_eq!(millis(Duration::from_micros(1_999), Some(60_000)), Some(1));
    assert_eq!(millis(Duration::from_millis(60_000), Some(60_000)), Some(60_000));
    assert_eq!(millis(Duration::from_micros(60_000_001), Some(60_000)), None);
    assert_eq!(millis(Duration::from_micros(999), None), None);
    assert_eq!(millis(Duration::ZERO, Some(60_000)), None);
    assert_eq!(millis(Duration::from_secs(3_600), None), Some(3_600_000));
    assert_eq!(millis(Duration::MAX, None), None);
}

#[test]
fn nothing_shows_a_key_a_secret_or_a_signature() {
    let (key, secret) = ("kayak-4e9536c79f", "c2VzYW1lLW9wZW4tdGhlLWRvb3I=");
    let key_id = KeyId::new(key).unwrap();
    assert_hidden(&key_id, key);
    assert_eq!(key_id.to_string(), "<key>");
    assert_hidden(&Secret::from(secret), secret);

    let rsa = RsaKey::from_pem(&keys::PKCS8.into()).unwrap();
    for line in keys::PKCS8.lines().filter(|line| !line.starts_with("-----")) {
        assert_hidden(&rsa, line);
        assert_hidden(&Secret::from(keys::PKCS8), line);
    }
    for hmac in [Hmac::from_text(Digest::Sha256, &secret.into()), Hmac::from_base64(Digest::Sha256, &secret.into())] {
        let hmac = hmac.unwrap();
        assert_hidden(&hmac, secret);
        assert_hidden(&hmac.sign(b"text"), &hmac.sign(b"text").base64());
    }
}

/// A trait with two implementations for a type that is `Serialize`. The call below is ambiguous for
/// such a type, so it does not compile.
trait NotSerialize<Reason> {
    fn check() {}
}
impl<T> NotSerialize<()> for T {}
struct BecauseItIs;
impl<T: Serialize> NotSerialize<BecauseItIs> for T {}

#[test]
fn secrets_cannot_be_serialised() {
    <KeyId as NotSerialize<_>>::check();
    <Secret as NotSerialize<_>>::check();
    <Hmac as NotSerialize<_>>::check();
    <RsaKey as NotSerialize<_>>::check();
    <Signature as NotSerialize<_>>::check();
}
