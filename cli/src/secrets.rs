//! The credentials that this invocation knows. No message shows them, in no form.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use venuekit::signing::Redactor;
use venuekit_json::Tree;
use zeroize::Zeroizing;

/// The shortest form of a secret that is looked for. A shorter one occurs in other texts by chance.
const LEAST: usize = 8;

/// The texts that are never shown.
static KNOWN: Mutex<Vec<Zeroizing<String>>> = Mutex::new(Vec::new());

/// Remembers a text as a secret: from now on, no message shows it.
pub(crate) fn remember(text: &str) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    for form in forms(text) {
        if !known.iter().any(|known| **known == form) {
            known.push(Zeroizing::new(form));
        }
    }
}

/// Returns a secret in the forms in which a text may contain it. The redactor finds each of them in
/// upper and lower case, in both alphabets of base64, and escaped for URLs, JSON or HTML.
///
/// A text in base64 may have the secret behind other bytes, such as a key and a colon. So there is
/// a form for each position of the secret within three bytes, without the characters that its
/// neighbours change.
pub(crate) fn forms(text: &str) -> Vec<String> {
    let secret = body_of_pem(text);
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let in_base64 = (0..3_usize).filter_map(|before| {
        let bytes = [&vec![0; before], secret.as_bytes()].concat();
        let encoded = STANDARD_NO_PAD.encode(&bytes);
        encoded.get((before * 8).div_ceil(6)..bytes.len() * 8 / 6).map(str::to_owned)
    });
    let encoded = in_base64.chain([hex]).filter(|form| form.len() >= LEAST);
    std::iter::once(secret.clone()).chain(encoded).filter(|form| !form.is_empty()).collect()
}

/// Remembers each line of a text as a secret. The lines around a private key are none.
pub(crate) fn remember_lines(text: &str) {
    text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).for_each(remember);
    if text.contains("-----BEGIN") {
        let begin = text.find("-----BEGIN").unwrap_or_default();
        remember(text.get(begin..).unwrap_or_default());
    }
}

/// Returns the text of a private key without the lines around it, which many keys share. Any other
/// text stays as it is.
fn body_of_pem(text: &str) -> String {
    match text.contains("-----BEGIN") {
        true => text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect(),
        false => text.to_owned(),
    }
}

/// Returns a redactor of all secrets; `None` if none is known.
fn redactor() -> Option<Redactor> {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    (!known.is_empty()).then(|| Redactor::new(known.iter().map(|text| text.as_str())))
}

/// Returns a text with `***` in place of each secret.
pub(crate) fn redact(text: &str) -> String {
    redactor().map_or_else(|| text.to_owned(), |redactor| redactor.redact(text))
}

/// Does the same with a text that broke off. Its end may be the beginning of a secret.
pub(crate) fn redact_torn(text: &str) -> String {
    redactor().map_or_else(|| text.to_owned(), |redactor| redactor.redact_torn(text))
}

/// Returns bytes with `***` in place of each secret. Bytes without a secret stay as they are.
/// `is_torn`: they broke off.
pub(crate) fn redact_bytes(bytes: &[u8], is_torn: bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let redacted = if is_torn { redact_torn(&text) } else { redact(&text) };
    if redacted == text { bytes.to_vec() } else { redacted.into_bytes() }
}

/// Returns JSON with `***` in place of each secret in its texts, numbers and names. All other
/// values keep their digits.
pub(crate) fn redact_json(json: &str) -> String {
    let Some(redactor) = redactor() else { return json.to_owned() };
    match Tree::parse(json) {
        Ok(mut tree) => {
            redact_tree(&redactor, &mut tree);
            tree.to_json()
        }
        // It nests too deeply for a tree.
        Err(_) => redactor.redact(json),
    }
}

fn redact_tree(redactor: &Redactor, tree: &mut Tree) {
    match tree {
        Tree::Array(elements) => elements.iter_mut().for_each(|element| redact_tree(redactor, element)),
        Tree::Object(members) => {
            for (name, value) in members {
                *name = redactor.redact(name);
                redact_tree(redactor, value);
            }
        }
        Tree::Null | Tree::Bool(_) => {}
        scalar => {
            let Some(text) = scalar.scalar() else { return };
            let redacted = redactor.redact(&text);
            if redacted != text {
                *scalar = Tree::text(redacted);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    const SECRET: &str = "s/cret+of \"tests\" é";

    fn redacted(text: &str) -> String {
        remember(SECRET);
        redact(text)
    }

    #[test]
    fn a_secret_is_redacted_in_every_form_and_at_every_place_of_base64() {
        let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for text in [SECRET.to_owned(), SECRET.to_uppercase().replace('É', "é"), percent, format!("{SECRET:?}")] {
            assert_eq!(redacted(&format!("<{text}>")).replace('"', ""), "<***>", "{text}");
        }
        for before in ["", "k", "ke", "key", "key:", "a longer key:"] {
            for after in ["", "x", "xy", "xyz"] {
                let pair = format!("{before}{SECRET}{after}");
                for encoded in [STANDARD.encode(&pair), URL_SAFE_NO_PAD.encode(&pair)] {
                    let shown = redacted(&encoded);
                    let rest = shown.replace("***", "");
                    assert!(shown.contains("***"), "{pair}: {shown}");
                    // The rest is the texts around the secret, and less than one of its characters.
                    let most = (before.len() * 8).div_ceil(6) + (after.len() * 8).div_ceil(6) + 4;
                    assert!(rest.len() <= most, "{pair}: {shown}");
                }
            }
        }
        let hex: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(redacted(&hex), "***");
    }

    #[test]
    fn json_stays_json_and_keeps_its_digits() {
        remember("1234567890123");
        let json = r#"{"a":1.50,"id":1234567890123,"b":["s/cret+of \"tests\" é",null,true],"1234567890123":{}}"#;
        remember(SECRET);
        assert_eq!(redact_json(json), r#"{"a":1.50,"id":"***","b":["***",null,true],"***":{}}"#);
        assert_eq!(redact_bytes(b"\xff 1234567890123", false), "\u{fffd} ***".as_bytes());
        assert_eq!(redact_bytes(b"\xff", true), b"\xff");
    }

    #[test]
    fn the_lines_around_a_private_key_are_no_secret() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
        remember(pem);
        assert_eq!(redact("a secret or private key is set"), "a secret or private key is set");
        assert_eq!(redact(&format!("{pem:?}")).matches("***").count(), 1);
        assert!(!redact(pem).contains("MIIEvQ"));
        // The output of a credential command: the key, and then the private key.
        let other = pem.replace("MIIEvQ", "MIIJqw");
        remember_lines(&format!("key-of-a-command\n{other}"));
        assert!(redact(&other).contains("-----END PRIVATE KEY-----"), "{}", redact(&other));
        assert!(!redact(&other).contains("MIIJqw"), "{}", redact(&other));
        assert_eq!(redact("key-of-a-command, and the END of it"), "***, and the END of it");
    }
}
