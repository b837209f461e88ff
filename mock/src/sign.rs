//! Verifies signatures as venues do. The code is independent of the signing crates, so that a fault
//! in one of them is not repeated in the other. HMACs also use another library; RSA signatures use
//! the same library.

use std::collections::HashMap;
use std::fmt;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Security;

use crate::record::Refusal;
use crate::refuse::Rejection;

/// The known keys and their secrets.
pub(crate) type Keys = HashMap<String, Secret>;

/// The secret or the public key with which signatures are verified.
#[derive(Clone)]
pub(crate) enum Secret {
    Text(String),
    /// The public half of an RSA key, DER.
    Rsa(Vec<u8>),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Secret {
    /// Reads the public half of an RSA key from PEM: `PUBLIC KEY` or `RSA PUBLIC KEY`. Returns
    /// `None` for any other text.
    pub(crate) fn rsa(pem: &str) -> Option<Self> {
        let lines = pem.lines().map(str::trim).filter(|line| !line.is_empty());
        let base64: String = lines.filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(base64).ok()?;
        pem.contains("PUBLIC KEY-----").then_some(Self::Rsa(der))
    }
}

/// The parts of a request that signatures use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedRequest<'a> {
    pub(crate) method: &'a str,
    /// The whole path, as sent.
    pub(crate) path: &'a str,
    /// The query, as sent.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a [u8],
    pub(crate) venue: &'static VenueMeta,
    pub(crate) operation: &'static OperationMeta,
    /// The time at the venue, in ms.
    pub(crate) now: i64,
}

/// The key and the nonce of a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) key: String,
    /// The nonce of the request. It has to be above the last one.
    pub(crate) nonce: Option<u128>,
}

impl Caller {
    pub(crate) fn new(key: &str) -> Self {
        Self { key: key.to_owned(), nonce: None }
    }
}

impl<'a> SignedRequest<'a> {
    pub(crate) fn security(&self) -> Security {
        self.operation.operation.security()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the key in this header and its secret. An RSA key is refused.
    pub(crate) fn key<'k>(&self, header: &str, keys: &'k Keys) -> Result<(&'a str, &'k str), Rejection> {
        match self.any_key(header, keys)? {
            (key, Secret::Text(secret)) => Ok((key, secret)),
            (_, Secret::Rsa(_)) => {
                Err(Rejection::new(Refusal::UnknownKey, "the key is an RSA key, which this venue does not use"))
            }
        }
    }

    /// Returns the key in this header and its secret.
    pub(crate) fn any_key<'k>(&self, header: &str, keys: &'k Keys) -> Result<(&'a str, &'k Secret), Rejection> {
        let key = self
            .header(header)
            .filter(|key| !key.is_empty())
            .ok_or_else(|| Rejection::new(Refusal::MissingKey, format!("the header `{header}` is missing")))?;
        match keys.get(key) {
            Some(secret) => Ok((key, secret)),
            None => Err(Rejection::new(Refusal::UnknownKey, format!("the key in `{header}` is unknown"))),
        }
    }

    /// Returns the signature in this header.
    pub(crate) fn signature(&self, header: &str) -> Result<&'a str, Rejection> {
        self.header(header)
            .filter(|signature| !signature.is_empty())
            .ok_or_else(|| Rejection::new(Refusal::MissingSignature, format!("the header `{header}` is missing")))
    }

    /// Reads a whole number from this header.
    pub(crate) fn number<T: std::str::FromStr>(&self, header: &str, refusal: Refusal) -> Result<T, Rejection> {
        let text =
            self.header(header).ok_or_else(|| Rejection::new(refusal, format!("the header `{header}` is missing")))?;
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| plain);
        number.ok_or_else(|| Rejection::new(refusal, format!("`{header}` is not a whole number: `{text}`")))
    }

    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        pairs(self.query)
    }
}

/// Refuses a signature that is not the expected one for this string.
pub(crate) fn compare(given: &str, expected: &str, string_to_sign: &[u8]) -> Result<(), Rejection> {
    if given == expected {
        return Ok(());
    }
    let string_to_sign = String::from_utf8_lossy(string_to_sign);
    Err(Rejection::new(Refusal::BadSignature, "the signature differs from the expected one").expecting(string_to_sign))
}

/// Refuses a base64 RSA-SHA256 signature that does not verify for this string and key.
pub(crate) fn verify_rsa(public_key: &[u8], given: &str, string_to_sign: &[u8]) -> Result<(), Rejection> {
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key);
    let verified = STANDARD.decode(given).is_ok_and(|signature| key.verify(string_to_sign, &signature).is_ok());
    if verified {
        return Ok(());
    }
    let string_to_sign = String::from_utf8_lossy(string_to_sign);
    Err(Rejection::new(Refusal::BadSignature, "the signature does not match the key").expecting(string_to_sign))
}

/// Refuses a time that is more than `behind` ms before the venue's time, or more than `ahead` ms
/// after it.
pub(crate) fn in_window(now: i64, time: i64, behind: i64, ahead: i64) -> Result<(), Rejection> {
    let age = now.saturating_sub(time);
    if age > behind || age < -ahead {
        let why = format!("the request is {age} ms old (expected at most {behind} ms behind and {ahead} ms ahead)");
        return Err(Rejection::new(Refusal::StaleTime, why));
    }
    Ok(())
}

macro_rules! hmac {
    ($name:ident, $hash:ty) => {
        pub(crate) fn $name(secret: &[u8], message: &[u8]) -> Vec<u8> {
            // An HMAC takes a key of any length.
            let Ok(mut mac) = Hmac::<$hash>::new_from_slice(secret) else { return Vec::new() };
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }
    };
}

hmac!(hmac_sha256, Sha256);
hmac!(hmac_sha384, Sha384);
hmac!(hmac_sha512, Sha512);

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the pairs of a query, decoded. Bytes that are not UTF-8 are replaced.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Decodes percent-encoding.
pub(crate) fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmacs_agree_with_a_test_case_of_the_rfc() {
        // RFC 4231, test case 2.
        let (key, data) = (b"Jefe".as_slice(), b"what do ya want for nothing?".as_slice());
        assert!(hex(&hmac_sha256(key, data)).starts_with("5bdcc146bf60754e6a042426089575c7"));
        assert!(hex(&hmac_sha384(key, data)).starts_with("af45d2e376484031617f78d2b58a6b1b"));
        assert!(hex(&hmac_sha512(key, data)).starts_with("164b7a7bfcf819e2e395fbe73b56e0a3"));
    }

    #[test]
    fn queries_are_decoded() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(pairs("a=1&b=%C3%A9+x&c&&d=%"), [pair("a", "1"), pair("b", "é x"), pair("c", ""), pair("d", "%")]);
    }

    #[test]
    fn a_time_within_the_window_behind_or_ahead_of_now_is_accepted() {
        for (time, fits) in [(95, true), (94, false), (101, true), (102, false), (i64::MIN, false), (i64::MAX, false)] {
            assert_eq!(in_window(100, time, 5, 1).is_ok(), fits, "{time}");
        }
    }
}
