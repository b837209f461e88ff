//! `-v`: shows each request and its response on stderr, without secrets.
//!
//! The lines of a request begin with `>`, and those of a response with `<`. A request is shown as
//! it was before it was signed, with the names of the signer's additions.

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use venuekit::http::HeaderMap;
use venuekit::operation::Security;
use venuekit::signing::{KeyLimits, Nonces, Redactor, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::transport::{
    HttpSettings, HttpTransport, Transport, TransportError, TransportRequest, TransportResponse,
};
use venuekit::{BoxError, BoxFuture, Error, reqwest};

use crate::output::harmless;

/// The maximum length of a body that is shown.
const MAX_BODY_BYTES: usize = 4 << 10;

/// The length from which a word that the signer has put into a body is a secret.
const SECRET_LENGTH: usize = 16;

/// The headers whose values are never shown.
const SECRET_HEADERS: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "set-cookie"];

/// A request before it was signed, and the additions of the signer.
#[derive(Clone, Debug, Default)]
struct Signed {
    query: String,
    body: Vec<u8>,
    /// The names of the headers that the signer has set, in lower case.
    headers: Vec<String>,
    /// The names of the query's pairs that the signer has added.
    pairs: Vec<String>,
    /// True if the signer has changed the body.
    changes_body: bool,
    /// The texts that the signer has added.
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
            let (query, body) = (request.query().to_owned(), request.body().to_vec());
            self.signer.sign(request, stamp).await?;
            let set: Vec<_> =
                request.headers().iter().filter(|(name, value)| headers.get(*name) != Some(*value)).collect();
            let added = request.query_pairs().iter().filter(|pair| !pairs.contains(pair));
            let in_body = added_to(&body, request.body());
            let in_body = in_body.split(|c: char| !(c.is_alphanumeric() || "+/=_-".contains(c)));
            let mut secrets: Vec<String> =
                in_body.filter(|word| word.len() >= SECRET_LENGTH).map(str::to_owned).collect();
            secrets.extend(set.iter().filter_map(|(_, value)| value.to_str().ok()).map(str::to_owned));
            secrets.extend(added.clone().map(|(_, value)| value.clone()));
            // Times and nonces are not secret. Hiding them would garble other numbers.
            secrets.retain(|text| text.len() > 20 || !text.bytes().all(|byte| byte.is_ascii_digit()));
            self.shown.set(Signed {
                headers: set.iter().map(|(name, _)| name.to_string()).collect(),
                pairs: added.map(|(name, _)| name.clone()).collect(),
                changes_body: body != request.body(),
                query,
                body,
                secrets,
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

/// Writes the lines of a text to stderr. If stderr is closed, they are lost.
fn tell(text: &str, mark: char) {
    let text = harmless(text);
    let lines: String = text.lines().map(|line| format!("{}\n", format!("{mark} {line}").trim_end())).collect();
    let _ = io::stderr().write_all(lines.as_bytes());
}

/// Returns a request as text. The values that the signer has added are `***`.
fn request_text(request: &TransportRequest, signed: Option<&Signed>) -> String {
    let url = &request.url;
    let query = signed.map_or_else(
        || url.query().unwrap_or_default().to_owned(),
        |signed| {
            let added = signed.pairs.iter().map(|name| format!("{name}=***"));
            let own = Some(signed.query.clone()).filter(|query| !query.is_empty());
            own.into_iter().chain(added).collect::<Vec<_>>().join("&")
        },
    );
    let mark = if query.is_empty() { "" } else { "?" };
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let mut text = format!("{} {}{mark}{query}\nhost: {host}{port}\n", request.method, url.path());
    let is_set = |name: &str| signed.is_some_and(|signed| signed.headers.iter().any(|set| set == name));
    write_headers(&request.headers, is_set, &mut text);
    let body = match signed {
        Some(signed) => Some(signed.body.as_slice()),
        None => request.body.as_bytes().map(|body| &**body),
    };
    text.push_str(&body_text(body));
    if signed.is_some_and(|signed| signed.changes_body) {
        text.push_str("(the signature goes into the body)\n");
    }
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
