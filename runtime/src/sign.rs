//! The seam between the pipeline and the signing schemes of the venues.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use percent_encoding::percent_decode_str;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::encode::push_pair;
use crate::error::{BoxError, Error};
use crate::limits::KeyLimits;
use crate::operation::Security;
use crate::redact::{Secrets, SensitiveText};
use crate::transport::BoxFuture;

/// Signs requests as a venue wants it.
///
/// The pipeline calls it for each attempt of an operation whose security is [`Key`](Security::Key) or [`Signed`](Security::Signed), as the last
/// step before sending. What the request shows is byte for byte what will be sent; what the signer adds is sent as well. An
/// own signer, one that asks a hardware module for instance, may be as slow as the call's timeout allows.
///
/// What the signer adds is kept out of errors and logs, also when the venue repeats it; see
/// [`conceal`](SignableRequest::conceal) for a secret that it does not add as it is.
pub trait Signer: fmt::Debug + Send + Sync {
    /// Adds to `request` what the venue wants: headers, query parameters, members of the body.
    ///
    /// `stamp` is the time and the nonce to use: a nonce of the signer's own would collide with those of other calls.
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>>;

    /// The nonces of this key, for a signer that several clients share: its nonces then rise strictly over all of them. Without any, each client
    /// counts on its own.
    fn nonces(&self) -> Option<&Nonces> {
        None
    }

    /// Returns the rate limits of this key, for a signer that several clients share: they then count
    /// together what the venue counts per key. Without any, each client counts on its own.
    fn limits(&self) -> Option<&KeyLimits> {
        None
    }
}

impl Signer for Arc<dyn Signer> {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        (**self).sign(request, stamp)
    }

    fn nonces(&self) -> Option<&Nonces> {
        (**self).nonces()
    }

    fn limits(&self) -> Option<&KeyLimits> {
        (**self).limits()
    }
}

/// The credentials of a venue that no crate can sign for yet: there are none. Give the client a signer of your own.
#[derive(Clone, Copy, Debug)]
pub enum NoCredentials {}

impl Signer for NoCredentials {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        match *self {}
    }
}

/// The nonces of one key. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Nonces {
    last: Arc<AtomicU64>,
    turn: Arc<Turn>,
}

/// One at a time, in the order of asking.
#[derive(Debug)]
struct Turn(Arc<Semaphore>);

impl Default for Turn {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Nonces {
    /// Those of a key that was not used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Draws the next nonce: milliseconds since 1970 or, where those are used up, the next number. A later one is always larger.
    ///
    /// Returns `None` once the last nonce there is was drawn: no nonce is drawn twice.
    pub fn draw(&self, time: SystemTime) -> Option<u64> {
        let now =
            time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        let next = |last: u64| last.checked_add(1).map(|next| next.max(now));
        self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok().and_then(next)
    }

    /// Waits until no other signed request of the key is under way.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // Nobody closes the semaphore.
        Arc::clone(&self.turn.0).acquire_owned().await.ok()
    }
}

/// The time and the nonce of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The time to state.
    pub time: SystemTime,
    /// Rises strictly from attempt to attempt of a key: milliseconds since 1970 where that is enough.
    pub nonce: u64,
    /// How long after its time the venue may accept the request, where this call says so.
    pub recv_window: Option<Duration>,
}

impl Stamp {
    /// A stamp of this time and nonce.
    pub const fn new(time: SystemTime, nonce: u64) -> Self {
        Self { time, nonce, recv_window: None }
    }

    /// The same with a window.
    #[must_use]
    pub const fn with_recv_window(mut self, window: Duration) -> Self {
        self.recv_window = Some(window);
        self
    }
}

/// A request as it will be sent, open to additions only.
#[derive(Clone)]
pub struct SignableRequest {
    pub(crate) method: http::Method,
    pub(crate) origin: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) security: Security,
    pub(crate) explanation: Option<Explanation>,
    /// What a signer added or named so far.
    pub(crate) secrets: Secrets,
}

/// What was signed, when the client is to tell.
#[derive(Clone, Default)]
pub(crate) struct Explanation(pub(crate) Option<String>);

impl SignableRequest {
    /// A request to be signed, for tests of signers; in use, the pipeline makes it. `url`: the whole URL, encoded as it is to be sent.
    ///
    /// # Errors
    /// When `url` is no URL.
    pub fn new(method: http::Method, url: &str, body: impl Into<Bytes>, security: Security) -> Result<Self, Error> {
        let parsed = url::Url::parse(url).map_err(|error| Error::request("this is no URL").with_source(error))?;
        Ok(Self {
            method,
            origin: parsed.origin().ascii_serialization(),
            path: parsed.path().to_owned(),
            query: parsed.query().unwrap_or_default().to_owned(),
            pairs: parsed.query_pairs().into_owned().collect(),
            headers: HeaderMap::new(),
            body: body.into(),
            security,
            explanation: None,
            secrets: Secrets::default(),
        })
    }

    /// Keeps a text out of errors and logs about this call, also when the venue repeats it: raw,
    /// escaped or in the other case.
    ///
    /// What is added to the request is kept out without this, except for times, nonces and short
    /// numbers. A signer names what it does not add as it is, such as a secret or a passphrase, and
    /// a key of digits alone.
    ///
    /// A text of less than 8 bytes is kept out where it stands as a word, and one of less than 4 is
    /// not: it could not be told from any other text.
    pub fn conceal(&mut self, text: impl Into<SensitiveText>) {
        self.secrets.name(text.into());
    }

    /// Tells the string that is signed, for the day a venue says that a signature is wrong. It is asked for only by clients that were
    /// built with `explain`. Hide the secret and the key in it.
    pub fn explain(&mut self, text: impl FnOnce() -> String) {
        if let Some(explanation) = &mut self.explanation {
            explanation.0 = Some(text());
        }
    }

    /// The HTTP method.
    pub fn method(&self) -> &http::Method {
        &self.method
    }

    /// The path of the URL as sent, with the base URL's own path: `/spot/v2/order`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as sent: encoded, without the question mark; empty when there is none.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The names and values of the query in their order, decoded.
    pub fn query_pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as sent; empty when there is none.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What the operation needs: the key alone, or a signature too.
    pub fn security(&self) -> Security {
        self.security
    }

    /// Appends a parameter to the query, encoded as all others are.
    pub fn append_query(&mut self, name: &str, value: &str) {
        self.push_query(name, value);
        self.secrets.add(value);
    }

    /// Appends a parameter of the caller, which is no secret.
    pub(crate) fn push_query(&mut self, name: &str, value: &str) {
        push_pair(&mut self.query, name, value);
        self.pairs.push((name.to_owned(), value.to_owned()));
    }

    /// Appends a parameter that is encoded already, for a scheme that wants it in just one form: `:` bare and not as `%3A`, for instance.
    ///
    /// # Errors
    /// When it has characters that cannot stand in a query as they are.
    pub fn append_encoded_query(&mut self, name: &str, value: &str) -> Result<(), BoxError> {
        let stands = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'()*+,;:@/?%".contains(&byte);
        if !name.bytes().chain(value.bytes()).all(stands) {
            return Err(format!("`{name}` is not encoded for a query").into());
        }
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(&format!("{name}={value}"));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let value = decoded(value);
        self.secrets.add(&value);
        self.pairs.push((decoded(name), value));
        Ok(())
    }

    /// Adds a member to the JSON object in the body, after the others, leaving their bytes alone. An empty body becomes an object.
    ///
    /// `json` is the member's value as JSON text.
    ///
    /// # Errors
    /// When the body is no JSON object.
    pub fn append_member(&mut self, name: &str, json: &str) -> Result<(), BoxError> {
        let name = serde_json::to_string(name)?;
        let body = std::str::from_utf8(&self.body)?.trim_end();
        let spliced = match (body.strip_suffix('}'), body.trim_start()) {
            (_, "") => format!("{{{name}:{json}}}"),
            (Some(head), text) if text.starts_with('{') => {
                let comma = if head.trim() == "{" { "" } else { "," };
                format!("{head}{comma}{name}:{json}}}")
            }
            _ => return Err("the body is no JSON object, so nothing can be added to it".into()),
        };
        self.body = Bytes::from(spliced);
        self.secrets.add_json(json);
        Ok(())
    }

    /// Sets a header and marks it as sensitive: no log shows its value.
    ///
    /// # Errors
    /// When the name or the value cannot be a header; the message does not contain the value.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), BoxError> {
        let name = HeaderName::try_from(name).map_err(|_| format!("`{name}` is no name of a header"))?;
        // Also where it cannot be sent: the signer may tell of it in its error.
        if ![ACCEPT, CONTENT_TYPE, DATE, HOST, USER_AGENT].contains(&name) {
            self.secrets.add_header(value);
        }
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| format!("the value of `{name}` has characters that no header may have"))?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(())
    }

    /// Whether nobody on the way can read it: it goes by https, or stays on this machine.
    pub(crate) fn is_private(&self) -> bool {
        url::Url::parse(&self.origin).is_ok_and(|url| url.scheme() == "https" || is_this_machine(&url))
    }

    /// The URL that is sent.
    pub(crate) fn url(&self) -> Result<url::Url, Error> {
        let mut text = format!("{}{}", self.origin, self.path);
        if !self.query.is_empty() {
            text.push('?');
            text.push_str(&self.query);
        }
        // What was signed is what is sent: a URL that the parser would write in another way is refused.
        match url::Url::parse(&text) {
            Ok(url) if url.as_str() == text => Ok(url),
            _ => Err(Error::request("the path would not be sent as it is written")),
        }
    }
}

/// Returns whether a URL leads to this machine: its host is `localhost`, or a loopback address.
///
/// Any other name is looked up, and the answer may be any machine: `evil.localhost` and `localhost.`
/// are names like others to many resolvers.
pub(crate) fn is_this_machine(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Debug for SignableRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignableRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> SignableRequest {
        SignableRequest::new(http::Method::POST, "https://host/a", body.to_owned(), Security::Signed).unwrap()
    }

    #[test]
    fn a_member_is_spliced_in_and_the_others_keep_their_bytes() {
        for (before, after) in [
            (r#"{"price":1.50, "b":"}"}"#, r#"{"price":1.50, "b":"}","ts":"x"}"#),
            ("{ }", r#"{ "ts":"x"}"#),
            ("{}\n", r#"{"ts":"x"}"#),
            ("", r#"{"ts":"x"}"#),
        ] {
            let mut request = request(before);
            request.append_member("ts", r#""x""#).unwrap();
            assert_eq!(std::str::from_utf8(request.body()).unwrap(), after);
        }
        assert!(request("[1]").append_member("ts", "1").is_err());
        assert!(request("1}").append_member("ts", "1").is_err());
    }

    #[test]
    fn appended_parameters_are_encoded_and_shown_decoded() {
        let mut request = request("");
        request.append_query("sig", "a+b/=");
        assert_eq!(request.query(), "sig=a%2Bb%2F%3D");
        assert_eq!(request.query_pairs(), [("sig".to_owned(), "a+b/=".to_owned())]);
        assert_eq!(request.url().unwrap().as_str(), "https://host/a?sig=a%2Bb%2F%3D");
    }

    #[test]
    fn a_parameter_that_is_encoded_already_stays_so() {
        let mut request = request("");
        request.append_encoded_query("ts", "2020-01-08T00:00:00").unwrap();
        assert_eq!(request.url().unwrap().as_str(), "https://host/a?ts=2020-01-08T00:00:00");
        assert!(request.append_encoded_query("x", "a&b").is_err());
        assert!(request.append_encoded_query("x", "a b").is_err());
    }

    #[test]
    fn a_path_that_a_url_parser_rewrites_is_refused() {
        let mut request = request("");
        request.path = "/orders/%2e%2e/x".to_owned();
        assert_eq!(request.url().unwrap_err().outcome(), crate::Outcome::NotSent);
    }

    #[test]
    fn nonces_rise_strictly_also_within_a_millisecond_and_when_the_clock_goes_back() {
        let nonces = Nonces::new();
        let at = |ms| nonces.draw(UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!([at(5), at(5), nonces.clone().draw(UNIX_EPOCH), at(100), at(7)], [5, 6, 7, 100, 101].map(Some));
    }

    #[test]
    fn nonces_that_run_out_are_not_repeated() {
        let nonces = Nonces::new();
        let far = UNIX_EPOCH + Duration::from_millis(u64::MAX);
        assert_eq!(nonces.draw(far), Some(u64::MAX));
        assert_eq!((nonces.draw(far), nonces.draw(UNIX_EPOCH)), (None, None));
    }

    #[test]
    fn a_bad_header_value_is_refused_without_showing_it() {
        let error = request("").set_header("x-key", "sec\nret").unwrap_err();
        assert!(!error.to_string().contains("sec"));
    }
}
