//! The secrets of one call.

use std::fmt;
use std::time::UNIX_EPOCH;

use memchr::{memchr2, memchr3};
use zeroize::Zeroizing;

use super::blotter::{Blotter, LONG};
use super::sensitive_text::SensitiveText;
use crate::nonce::Stamp;

/// The digits of the largest nonce.
const NONCE_DIGITS: usize = 20;

/// The texts of a call that must not be printed: the texts that its signer added to the requests,
/// and other texts that the signer named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(pub(super) Vec<Secret>);

#[derive(Clone)]
pub(super) enum Secret {
    /// A text that the signer named as a secret.
    Named(SensitiveText),
    /// A text that the signer only added to the request. It may be a time or a count.
    Added(Zeroizing<Box<str>>),
}

impl Secret {
    fn text(&self) -> &str {
        match self {
            Self::Named(text) => text.expose(),
            Self::Added(text) => text,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secrets {
    /// Adds a text that the signer named as a secret.
    pub(crate) fn name(&mut self, text: SensitiveText) {
        self.0.push(Secret::Named(text));
    }

    /// Adds a text that a signer added to a request, unless the list has it already.
    pub(crate) fn add(&mut self, text: &str) {
        if !self.has(text) {
            self.0.push(Secret::Added(Zeroizing::new(text.into())));
        }
    }

    fn has(&self, text: &str) -> bool {
        self.0.iter().any(|secret| secret.text() == text)
    }

    /// Adds the value of a header: the whole value, and its long words, such as those of `Bearer
    /// ..` or `key=.., signature=..`.
    pub(crate) fn add_header(&mut self, value: &str) {
        self.add(value);
        let bytes = value.as_bytes();
        if memchr3(b' ', b',', b';', bytes).is_none() && memchr2(b'=', b'"', bytes).is_none() {
            return;
        }
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
    pub(crate) fn absorb(&mut self, mut attempt: Self, stamp: Stamp) {
        attempt.0.retain(|secret| matches!(secret, Secret::Named(_)) || !is_time_or_count(secret.text(), Some(stamp)));
        if self.0.is_empty() {
            // This is the first attempt of nearly every call.
            *self = attempt;
            return;
        }
        for secret in attempt.0 {
            if !self.has(secret.text()) {
                self.0.push(secret);
            }
        }
    }

    pub(crate) fn blotter(&self) -> Blotter {
        Blotter::new(self.0.iter().map(Secret::text))
    }
}

/// Returns whether a text that a signer added to a request is not secret: a date, a short number,
/// such as a receive window, or the time or the nonce of the stamp. If the stamp is not known, each
/// number that is no longer than a nonce may be one.
///
/// Hiding such a text would garble other numbers.
pub fn is_time_or_count(text: &str, stamp: Option<Stamp>) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let in_date = |byte: u8| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        return text.bytes().all(in_date) && matches!(digits, 4 | 8) && text.contains(['T', ':']);
    }
    let Some(stamp) = stamp else { return text.len() <= NONCE_DIGITS };
    let seconds = stamp.time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let digits = seconds.checked_ilog10().map_or(1, |log| log as usize + 1);
    let begins_with_time = || text.get(..digits).is_some_and(|start| start.parse() == Ok(seconds));
    text.len() < LONG || begins_with_time() || text == stamp.nonce.to_string()
}
