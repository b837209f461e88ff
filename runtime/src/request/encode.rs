//! Percent-encoding of parameters in a URL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except the unreserved ones of RFC 3986 are encoded, in paths and queries alike.
/// So any decoder reads the same text back, and no URL library finds characters to encode again.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The characters that are still encoded if reserved characters are kept. `& + # [ ] %` would have
/// another meaning in a query, and URL libraries encode an apostrophe.
const ENCODED_BESIDE_RESERVED: &AsciiSet = &ENCODED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Returns whether a byte is an unreserved character of RFC 3986.
const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// The characters that stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The unreserved characters of RFC 3986.
    Unreserved,
    /// Also the reserved characters, except `& + # [ ]` and the apostrophe (`allowReserved`).
    Reserved,
}

/// Appends `text`, percent-encoded (a space is `%20`).
pub(crate) fn encode_into(out: &mut String, text: &str) {
    encode_keeping(out, text, Kept::Unreserved);
}

/// Appends `text`, with some characters percent-encoded.
pub(crate) fn encode_keeping(out: &mut String, text: &str, kept: Kept) {
    let encoded = match kept {
        Kept::Unreserved => ENCODED,
        Kept::Reserved => ENCODED_BESIDE_RESERVED,
    };
    if text.bytes().all(is_unreserved) {
        // This holds for nearly every value, and is quicker.
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, encoded));
    }
}

/// Percent-encodes all bytes of a text except `A-Z a-z 0-9 - . _ ~`. A space is `%20`.
///
/// ```
/// assert_eq!(venuekit::signing::encode("BTC/USDT é+&"), "BTC%2FUSDT%20%C3%A9%2B%26");
/// ```
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    out
}

/// Appends `name=value`, both encoded, after an `&` if the query is not empty.
pub(crate) fn push_pair(query: &mut String, name: &str, value: &str) {
    push_pair_keeping(query, name, value, Kept::Unreserved);
}

/// Appends `name=value`, where some characters of the value stay as they are.
pub(crate) fn push_pair_keeping(query: &mut String, name: &str, value: &str, kept: Kept) {
    if !query.is_empty() {
        query.push('&');
    }
    encode_into(query, name);
    query.push('=');
    encode_keeping(query, value, kept);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_decodes_back_and_needs_no_second_encoding(text in any::<String>()) {
            let encoded = encode(&text);
            prop_assert_eq!(percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap(), text.as_str());
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            let url = format!("http://h/a{encoded}?q={encoded}");
            let parsed = url::Url::parse(&url).unwrap();
            prop_assert_eq!(parsed.as_str(), url.as_str());
            let mut kept = String::new();
            encode_keeping(&mut kept, &text, Kept::Reserved);
            let url = format!("http://h/a?q={kept}&r");
            let parsed = url::Url::parse(&url).unwrap();
            prop_assert_eq!(parsed.as_str(), url.as_str());
            prop_assert_eq!(parsed.query_pairs().next().unwrap().1, text.as_str());
        }
    }
}
