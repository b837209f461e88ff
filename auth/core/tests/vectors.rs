//! Tests the signing functions with every vector.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use venuekit_auth::{Digest, Hmac, RsaKey, Secret, Signature};

use support::{Vector, keys, vector, vectors};

fn signature(vector: &Vector) -> Signature {
    let text = vector.string_to_sign.as_bytes();
    let digest = match vector.algorithm.as_str() {
        "HMAC-SHA256" => Digest::Sha256,
        "HMAC-SHA384" => Digest::Sha384,
        "HMAC-SHA512" => Digest::Sha512,
        "RSA-SHA256" => return RsaKey::from_pem(&vector.private_key_pem.as_str().into()).unwrap().sign(text).unwrap(),
        other => panic!("no algorithm: {other}"),
    };
    let secret = Secret::from(vector.secret.as_str());
    match vector.secret_encoding.as_str() {
        "utf8" => Hmac::from_text(digest, &secret),
        "base64" | "base64url" => Hmac::from_base64(digest, &secret),
        other => panic!("no encoding of a secret: {other}"),
    }
    .unwrap()
    .sign(text)
}

fn written(signature: &Signature, encoding: &str) -> String {
    match encoding {
        "hex" => signature.lower_hex(),
        "HEX" => signature.upper_hex(),
        "base64" => signature.base64(),
        other => panic!("no encoding of a signature: {other}"),
    }
}

#[test]
fn each_signature_is_that_of_its_vector_unless_the_vector_is_wrong() {
    let mut counts = [0, 0];
    for vector in vectors() {
        let ours = written(&signature(&vector), &vector.signature_encoding);
        assert_eq!(ours == vector.expected, vector.has_to_match(), "{}: {ours}", vector.id);
        counts[usize::from(vector.has_to_match())] += 1;
    }
    assert_eq!(counts, [2, 27]);
}

#[test]
fn a_key_in_pkcs1_and_in_pkcs8_gives_the_same_signature() {
    let expected = vector("anboto-rsa-get");
    let windows_lines = keys::PKCS1.replace('\n', "\r\n");
    let surrounded = format!("Bag Attributes\n    friendlyName: test\n{}{}", keys::PUBLIC, keys::PKCS8);
    for pem in [keys::PKCS1, keys::PKCS8, keys::PKCS8.trim(), &windows_lines, &surrounded] {
        let key = RsaKey::from_pem(&pem.into()).unwrap();
        assert_eq!(key.sign(expected.string_to_sign.as_bytes()).unwrap().base64(), expected.expected);
    }
}

#[test]
fn base64_secrets_are_read_in_both_alphabets_padded_or_not_and_differ_from_their_text() {
    let sign = |hmac: Hmac| hmac.sign(b"text").lower_hex();
    let base64 = |text: &str| sign(Hmac::from_base64(Digest::Sha256, &text.into()).unwrap());
    assert_eq!(base64("+/+/AA=="), base64("-_-_AA"));
    assert_eq!(base64("+/+/AA"), base64("-_-_AA=="));
    assert_ne!(base64("+/+/AA"), sign(Hmac::from_text(Digest::Sha256, &"+/+/AA".into()).unwrap()));
}
