//! A signer that writes its inputs into each request.

use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};

/// A signer that writes the headers `x-key`, `x-time` (milliseconds), `x-nonce` and `x-sign`, or
/// the query parameters `timestamp`, `nonce` and `signature`.
///
/// Clones share their nonces and their rate limits. `Debug` shows all fields, so that a test finds
/// any code that prints a signer.
#[derive(Clone, Debug)]
pub(crate) struct TestSigner {
    key: String,
    secret: String,
    in_query: bool,
    takes: Duration,
    refuses_from: usize,
    nonces: Nonces,
    limits: KeyLimits,
    signatures: Arc<Mutex<Vec<String>>>,
}

impl TestSigner {
    pub(crate) fn new() -> Self {
        Self::of("test-key", "test-secret")
    }

    pub(crate) fn of(key: &str, secret: &str) -> Self {
        Self {
            key: key.to_owned(),
            secret: secret.to_owned(),
            in_query: false,
            takes: Duration::ZERO,
            refuses_from: usize::MAX,
            nonces: Nonces::new(),
            limits: KeyLimits::new(),
            signatures: Arc::default(),
        }
    }

    /// Signs in the query.
    pub(crate) fn in_query(mut self) -> Self {
        self.in_query = true;
        self
    }

    /// Sets the time that signing takes.
    pub(crate) fn taking(mut self, time: Duration) -> Self {
        self.takes = time;
        self
    }

    /// Signs this number of requests, and fails after that.
    pub(crate) fn failing_after(mut self, requests: usize) -> Self {
        self.refuses_from = requests;
        self
    }

    /// Returns all signatures so far.
    pub(crate) fn signatures(&self) -> Vec<String> {
        self.signatures.lock().unwrap().clone()
    }

    fn add(&self, request: &mut SignableRequest, stamp: Stamp) -> Result<(), BoxError> {
        if self.signatures.lock().unwrap().len() >= self.refuses_from {
            return Err("the hardware module is on fire".into());
        }
        let time = stamp.time.duration_since(UNIX_EPOCH)?.as_millis().to_string();
        let nonce = stamp.nonce.to_string();
        if self.in_query {
            request.append_query("timestamp", &time);
            request.append_query("nonce", &nonce);
        }
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let text = format!("{} {}?{} {time} {nonce} {body}", request.method(), request.path(), request.query());
        let signature = format!("{:016x}{:016x}", hash([&self.secret, &text]), hash([&text, &self.secret]));
        self.signatures.lock().unwrap().push(signature.clone());
        request.explain(|| format!("<key> {text}"));
        request.set_header("x-key", &self.key)?;
        if self.in_query {
            request.append_query("signature", &signature);
            return Ok(());
        }
        request.set_header("x-time", &time)?;
        request.set_header("x-nonce", &nonce)?;
        request.set_header("x-sign", &signature)
    }
}

impl Signer for TestSigner {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            if !self.takes.is_zero() {
                tokio::time::sleep(self.takes).await;
            }
            self.add(request, stamp)
        })
    }

    fn nonces(&self) -> Option<&Nonces> {
        Some(&self.nonces)
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        let (one, other) = (hash([&self.key, ""]).to_be_bytes(), hash(["", &self.key]).to_le_bytes());
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(one.into_iter().chain(other)).for_each(|(to, from)| *to = from);
        Some(KeyDigest::from_sha256(bytes))
    }

    fn limits(&self) -> Option<&KeyLimits> {
        Some(&self.limits)
    }
}

/// Computes FNV-1a. It is not a real signature, but it differs for each text.
fn hash(texts: [&str; 2]) -> u64 {
    let bytes = texts.into_iter().flat_map(str::bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
