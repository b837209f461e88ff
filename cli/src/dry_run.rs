//! `--dry-run` and `--curl`: make a request as it would be sent, show it, and send nothing.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::transport::{Transport, TransportError, TransportRequest, TransportResponse};
use venuekit::{BoxError, BoxFuture};

use crate::hidden::{Hidden, Part, parts};
use crate::output::harmless;
use crate::secrets;
use crate::shell::quoted;

/// A request as it would be sent.
#[derive(Debug)]
pub(crate) struct Recorded {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// A transport that keeps the request and sends nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<Mutex<Option<Recorded>>>);

impl Recorder {
    /// Returns the last request; `None` if none was made.
    pub(crate) fn take(&self) -> Option<Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Transport for Recorder {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(async move {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
            let body = request.body.as_bytes().and_then(|body| text(body));
            let body = body.ok_or_else(|| TransportError::unsendable("a body that is not text cannot be shown"))?;
            let headers = request.headers.iter();
            let headers = headers.map(|(name, value)| Some((name.to_string(), text(value.as_bytes())?))).collect();
            let headers: Option<Vec<_>> = headers;
            let headers =
                headers.ok_or_else(|| TransportError::unsendable("a header that is not text cannot be shown"))?;
            let recorded = Recorded { method: request.method.to_string(), url: request.url.to_string(), headers, body };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(recorded);
            Err(TransportError::not_sent("this is a dry run"))
        })
    }
}

/// A signer that adds nothing: no key, no time, no signature. It stands for credentials that are
/// there, in a request that is shown before the user agrees to it.
#[derive(Debug)]
pub(crate) struct Unsigned(pub(crate) Arc<dyn Signer>);

impl Signer for Unsigned {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async { Ok(()) })
    }

    fn check(&self, security: venuekit::operation::Security) -> Result<(), BoxError> {
        self.0.check(security)
    }

    fn scheme(&self) -> Option<&str> {
        self.0.scheme()
    }

    fn login(&self) -> Option<&str> {
        self.0.login()
    }
}

impl Recorded {
    /// Returns the request as text, with the texts of `hidden` replaced.
    pub(crate) fn to_text(&self, hidden: &[Hidden]) -> String {
        let shown = |text: &str| shown(text, hidden);
        let mut text = format!("{} {}\n", self.method, shown(&self.url));
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {}\n", shown(value)));
        }
        if !self.body.is_empty() {
            text.push_str(&format!("\n{}\n", shown(&self.body)));
        }
        secrets::redact(&harmless(&text))
    }

    /// Returns the request as JSON on one line, with the texts of `hidden` replaced.
    pub(crate) fn to_json(&self, hidden: &[Hidden]) -> String {
        let shown = |text: &str| shown(text, hidden);
        let header = |(name, value): &(String, String)| json!({"name": name, "value": shown(value)});
        let headers: Vec<_> = self.headers.iter().map(header).collect();
        let request =
            json!({"method": self.method, "url": shown(&self.url), "headers": headers, "body": shown(&self.body)});
        secrets::redact_json(&request.to_string())
    }

    /// Returns a command line of curl that sends the request. A shell fills in the texts of
    /// `hidden`.
    ///
    /// # Errors
    ///
    /// Returns an error if a shell cannot fill in one of these texts.
    pub(crate) fn to_curl(&self, hidden: &[Hidden]) -> Result<String, String> {
        // A body has to be there, even if it is empty, so that its length is sent.
        let has_body = !self.body.is_empty() || matches!(self.method.as_str(), "POST" | "PUT" | "PATCH");
        // Other characters of the URL would be patterns to curl, and `..` would be resolved.
        let mut line = "curl -sS --globoff --path-as-is".to_owned();
        match self.method.as_str() {
            "GET" if !has_body => {}
            "HEAD" => line.push_str(" --head"),
            method => line.push_str(&format!(" -X {}", quoted(method))),
        }
        line.push_str(&format!(" {}", word(&self.url, hidden)?));
        for (name, value) in &self.headers {
            // curl sends a header without a value if its name ends with a semicolon.
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            line.push_str(&format!(" \\\n  -H {}", word(&header, hidden)?));
        }
        // curl adds these headers if the line does not have them.
        let own = ["accept", "user-agent"].into_iter().chain(has_body.then_some("content-type"));
        for name in own.filter(|name| !self.headers.iter().any(|(known, _)| known == name)) {
            line.push_str(&format!(" \\\n  -H {name}:"));
        }
        if has_body {
            line.push_str(&format!(" \\\n  --data-raw {}", word(&self.body, hidden)?));
        }
        match secrets::redact(&line) == line {
            true => Ok(line),
            false => Err("a credential is sent in an encoded form, which a shell cannot write".to_owned()),
        }
    }
}

/// Returns a text with the names of the variables in place of their values.
fn shown(text: &str, hidden: &[Hidden]) -> String {
    let part = |part: Part<'_>| match part {
        Part::Text(text) => text.to_owned(),
        Part::Hidden(form) => form.shell.clone().unwrap_or_else(|| "***".to_owned()),
    };
    parts(text, hidden).into_iter().map(part).collect()
}

/// Returns a text as one argument of a shell, which fills in the hidden texts.
fn word(text: &str, hidden: &[Hidden]) -> Result<String, String> {
    let mut word = String::new();
    for part in parts(text, hidden) {
        match part {
            Part::Text(text) => word.push_str(&quoted(text)),
            Part::Hidden(form) => match &form.shell {
                Some(shell) => word.push_str(&format!("\"{shell}\"")),
                None => {
                    return Err(format!("the {} is sent in an encoded form, which a shell cannot write", form.name));
                }
            },
        }
    }
    Ok(if word.is_empty() { "''".to_owned() } else { word })
}
