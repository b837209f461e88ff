//! `-v`: shows each request and its response on stderr, without secrets.
//!
//! The lines of a request begin with `>`, and those of a response with `<`. Both are shown as they
//! go over the network, with `***` in place of key, secret and signature. So are the messages of a
//! WebSocket.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use venuekit::http::HeaderMap;
use venuekit::operation::Security;
use venuekit::signing::{KeyLimits, Nonces, Redactor, SignableRequest, Signer, Stamp, is_time_or_count};
use venuekit::state::KeyDigest;
use venuekit::transport::{
    HttpSettings, HttpTransport, Transport, TransportError, TransportRequest, TransportResponse,
};
use venuekit::{BoxError, BoxFuture, Error, reqwest};

use crate::output::{self, harmless};
use crate::secrets;

/// The maximum length of a body that is shown.
const MAX_BODY_BYTES: usize = 4 << 10;

/// The length from which a word that the signer has put into a body is a secret.
const SECRET_LENGTH: usize = 16;

/// The headers whose values are never shown.
const SECRET_HEADERS: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "set-cookie"];

/// The headers whose values are never secret, also if the signer sets them.
const PLAIN_HEADERS: [&str; 8] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "user-agent",
];

/// The additions of the signer to a request.
#[derive(Clone, Debug, Default)]
struct Signed {
    /// The names of the headers whose values may be secret, in lower case.
    headers: Vec<String>,
    /// The names of the query's pairs whose values may be secret.
    pairs: Vec<String>,
    /// The texts that may be secret.
    secrets: Vec<String>,
}

/// Shows the requests of a client, and their responses. The signer and the transport of the client
/// share it: the command makes one call at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown(Arc<Mutex<Option<Signed>>>);

impl Shown {
    fn set(&self, signed: Signed) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(signed);
    }

    fn take(&self) -> Option<Signed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Returns a signer that tells the transport of its additions.
    pub(crate) fn signer(&self, signer: Arc<dyn Signer>) -> impl Signer + use<> {
        ShownSigner { signer, shown: self.clone() }
    }

    /// Returns a transport that shows requests and responses. `secrets` are never shown.
    ///
    /// # Errors
    ///
    /// Returns an error if the transport cannot be created.
    pub(crate) fn transport(&self, secrets: Vec<String>) -> Result<impl Transport + use<>, Error> {
        let transport = HttpTransport::new(reqwest::Client::builder(), HttpSettings::default())?;
        Ok(ShownTransport { transport, shown: self.clone(), secrets })
    }
}

#[derive(Debug)]
struct ShownSigner {
    signer: Arc<dyn Signer>,
    shown: Shown,
}

impl Signer for ShownSigner {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let (headers, pairs) = (request.headers().clone(), request.query_pairs().to_vec());
            let body = request.body().to_vec();
            self.signer.sign(request, stamp).await?;
            let is_open = |text: &str| is_time_or_count(text, Some(stamp));
            let is_secret = |name: &str, value: &[u8]| {
                let is_plain = PLAIN_HEADERS.contains(&name) || std::str::from_utf8(value).is_ok_and(is_open);
                !is_plain
            };
            let set = request.headers().iter().filter(|(name, value)| headers.get(*name) != Some(*value));
            let set: Vec<_> = set.filter(|(name, value)| is_secret(name.as_str(), value.as_bytes())).collect();
            let added = request.query_pairs().iter().filter(|pair| !pairs.contains(pair) && !is_open(&pair.1));
            let in_body = added_to(&body, request.body());
            let in_body = in_body.split(|c: char| !(c.is_alphanumeric() || "+/=_-%".contains(c)));
            let in_body = in_body.filter(|word| word.len() >= SECRET_LENGTH && !is_open(word)).map(str::to_owned);
            let in_headers = set.iter().filter_map(|(_, value)| value.to_str().ok()).map(str::to_owned);
            self.shown.set(Signed {
                headers: set.iter().map(|(name, _)| name.to_string()).collect(),
                pairs: added.clone().map(|(name, _)| name.clone()).collect(),
                secrets: in_body.chain(in_headers).chain(added.map(|(_, value)| value.clone())).collect(),
            });
            Ok(())
        })
    }

    fn check(&self, security: Security) -> Result<(), BoxError> {
        self.signer.check(security)
    }

    fn covers_body(&self, security: Security) -> bool {
        self.signer.covers_body(security)
    }

    fn scheme(&self) -> Option<&str> {
        self.signer.scheme()
    }

    fn login(&self) -> Option<&str> {
        self.signer.login()
    }

    fn nonces(&self) -> Option<&Nonces> {
        self.signer.nonces()
    }

    fn uses_nonces(&self) -> bool {
        self.signer.uses_nonces()
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        self.signer.key_digest()
    }

    fn limits(&self) -> Option<&KeyLimits> {
        self.signer.limits()
    }
}

/// Returns the part of a body that the signer has put into it: the text between the beginning and
/// the end that both have.
fn added_to(before: &[u8], after: &[u8]) -> String {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (before, after) = (before.get(start..).unwrap_or_default(), after.get(start..).unwrap_or_default());
    let end = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    String::from_utf8_lossy(after.get(..after.len() - end).unwrap_or_default()).into_owned()
}

#[derive(Debug)]
struct ShownTransport {
    transport: HttpTransport,
    shown: Shown,
    secrets: Vec<String>,
}

impl Transport for ShownTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(async move {
            let signed = self.shown.take();
            let secrets = signed.iter().flat_map(|signed| &signed.secrets).chain(&self.secrets);
            let redactor = Redactor::new(secrets.map(String::as_str));
            tell(&redactor.redact(&request_text(&request, signed.as_ref())), '>');
            let response = self.transport.send(request).await;
            if let Ok(response) = &response {
                tell(&redactor.redact(&response_text(response)), '<');
            }
            response
        })
    }
}

/// Shows the messages of a WebSocket. The client has taken key, signature and token out of them.
#[derive(Debug)]
pub(crate) struct Messages;

impl<S: Subscriber> Layer<S> for Messages {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Message);
    }
}

/// Writes the fields of an event that have a message.
struct Message;

impl Visit for Message {
    fn record_str(&mut self, field: &Field, text: &str) {
        match field.name() {
            "sent" => tell(text, '>'),
            "received" => tell(text, '<'),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// Writes the lines of a text to stderr.
fn tell(text: &str, mark: char) {
    // A secret may go over a line break.
    let text = secrets::redact(&harmless(text));
    let lines: String = text.lines().map(|line| format!("{}\n", format!("{mark} {line}").trim_end())).collect();
    output::tell(&lines);
}

/// Returns a request as text. The secret values that the signer has added are `***`.
fn request_text(request: &TransportRequest, signed: Option<&Signed>) -> String {
    let url = &request.url;
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if signed.is_some_and(|signed| signed.pairs.iter().any(|added| added == name)) => {
            format!("{name}=***")
        }
        _ => pair.to_owned(),
    };
    let query = url.query().unwrap_or_default().split('&').map(pair).collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let mut text = format!("{} {}{mark}{query}\nhost: {host}{port}\n", request.method, url.path());
    let is_set = |name: &str| signed.is_some_and(|signed| signed.headers.iter().any(|set| set == name));
    write_headers(&request.headers, is_set, &mut text);
    let body = request.body.as_bytes().map(|body| &**body);
    // The connection adds this header.
    if let Some(body) = body.filter(|body| !body.is_empty() && !request.headers.contains_key("content-length")) {
        text.push_str(&format!("content-length: {}\n", body.len()));
    }
    text.push_str(&body_text(body));
    text
}

fn response_text(response: &TransportResponse) -> String {
    let reason = response.status.canonical_reason().unwrap_or_default();
    let mut text = format!("{} {reason}\n", response.status.as_u16());
    write_headers(&response.headers, |_| false, &mut text);
    text.push_str(&body_text(Some(&response.body)));
    text
}

fn write_headers(headers: &HeaderMap, is_secret: impl Fn(&str) -> bool, text: &mut String) {
    for (name, value) in headers {
        let is_secret = SECRET_HEADERS.contains(&name.as_str()) || is_secret(name.as_str());
        let value = if is_secret { "***" } else { value.to_str().unwrap_or("(bytes)") };
        text.push_str(&format!("{name}: {value}\n"));
    }
}

/// Returns the beginning of a body below an empty line. `None` is a body from a stream.
fn body_text(body: Option<&[u8]>) -> String {
    match body {
        None => "\n(a stream)\n".to_owned(),
        Some([]) => String::new(),
        Some(body) => {
            let text = String::from_utf8_lossy(body);
            let end = (0..=MAX_BODY_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let rest = if end < text.len() { format!("\n(.. {} bytes in all)", body.len()) } else { String::new() };
            format!("\n{}{rest}\n", text.get(..end).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_a_body_that_the_signer_added_is_found() {
        for (before, after, added) in [
            (r#"{"a":1}"#, r#"{"a":1,"sign":"x"}"#, r#","sign":"x""#),
            ("", "sign=x", "sign=x"),
            ("a=1", "a=1", ""),
            ("aa", "aaa", "a"),
            ("abc", "", ""),
        ] {
            assert_eq!(added_to(before.as_bytes(), after.as_bytes()), added, "{before} {after}");
        }
    }

    #[test]
    fn the_beginning_of_a_long_body_is_shown() {
        let shown = body_text(Some("é".repeat(5_000).as_bytes()));
        assert!(shown.contains("(.. 10000 bytes in all)") && shown.len() < MAX_BODY_BYTES + 50, "{shown}");
        assert_eq!(body_text(Some(b"{}")), "\n{}\n");
    }
}
