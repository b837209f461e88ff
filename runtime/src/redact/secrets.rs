//! The secrets of one call.

use std::time::UNIX_EPOCH;

use super::blotter::{Blotter, LONG};
use super::sensitive_text::SensitiveText;
use crate::nonce::Stamp;

/// The texts of a call that must not be printed: the texts that its signer added to the requests,
/// and other texts that the signer named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(pub(super) Vec<Secret>);

#[derive(Clone, Debug)]
pub(super) struct Secret {
    text: SensitiveText,
    /// True if the signer named the text as a secret. A text that the signer only added to the
    /// request may be a time or a count.
    is_named: bool,
}

impl Secrets {
    /// Adds a text that the signer named as a secret.
    pub(crate) fn name(&mut self, text: SensitiveText) {
        self.0.push(Secret { text, is_named: true });
    }

    /// Adds a text that a signer added to a request, unless the list has it already.
    pub(crate) fn add(&mut self, text: &str) {
        if !self.0.iter().any(|secret| secret.text.expose() == text) {
            self.0.push(Secret { text: text.into(), is_named: false });
        }
    }

    /// Adds the value of a header: the whole value, and its long words, such as those of `Bearer
    /// ..` or `key=.., signature=..`.
    pub(crate) fn add_header(&mut self, value: &str) {
        self.add(value);
        let words =
            value.split([' ', ',', ';', '=', '"']).filter(|word| word.len() >= LONG && word.len() < value.len());
        words.for_each(|word| self.add(word));
    }

    /// Adds the strings and numbers of a JSON value, or the text itself if it is not JSON.
    pub(crate) fn add_json(&mut self, json: &str) {
        fn walk(secrets: &mut Secrets, value: &serde_json::Value) {
            match value {
                serde_json::Value::String(text) => secrets.add(text),
                serde_json::Value::Number(number) => secrets.add(&number.to_string()),
                serde_json::Value::Array(elements) => elements.iter().for_each(|value| walk(secrets, value)),
                serde_json::Value::Object(members) => members.values().for_each(|value| walk(secrets, value)),
                serde_json::Value::Null | serde_json::Value::Bool(_) => {}
            }
        }
        match serde_json::from_str(json) {
            Ok(value) => walk(self, &value),
            Err(_) => self.add(json),
        }
    }

    /// Takes over the secrets of one attempt, except times and counts: `***` in place of
    /// each `5000` would garble many messages.
    pub(crate) fn absorb(&mut self, attempt: Self, stamp: Stamp) {
        let is_secret = |secret: &Secret| secret.is_named || !is_time_or_count(secret.text.expose(), stamp);
        for secret in attempt.0.into_iter().filter(is_secret) {
            if !self.0.iter().any(|known| known.text.expose() == secret.text.expose()) {
                self.0.push(secret);
            }
        }
    }

    pub(crate) fn blotter(&self) -> Blotter {
        Blotter::new(self.0.iter().map(|secret| secret.text.expose()))
    }
}

/// Returns whether a text that a signer added is not secret: the time or the nonce of the stamp, a
/// date, or a short number, such as a recv window.
fn is_time_or_count(text: &str, stamp: Stamp) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let in_date = |byte: u8| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        return text.bytes().all(in_date) && matches!(digits, 4 | 8) && text.contains(['T', ':']);
    }
    let seconds = stamp.time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
    text.len() < LONG || text.starts_with(&seconds) || text == stamp.nonce.to_string()
}
