//! Redacts the secrets of a request from all printed text.
//!
//! A venue may repeat the request in its response: `signature of GET /order?..&signature=.. does
//! not match, key ..`. Such a text ends up in errors, and from there in logs and on terminals.
//! [`Secrets`] collects the key, signature and secret that a request carried. [`Blotter`] replaces
//! them in a text before the text is kept for printing or cut short.

use std::fmt;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use zeroize::Zeroizing;

use crate::nonce::Stamp;
use crate::printable::{boundary_after, boundary_before};

/// The mark that replaces a secret.
const BLOT: &str = "***";

/// Secrets of at least this length are replaced wherever they occur. By chance, 8 characters out of
/// 64 occur once in 10^14 positions; a text of a venue has thousands of positions.
const LONG: usize = 8;

/// Shorter secrets, down to this length, are replaced where they occur as a separate word. Even
/// shorter ones are kept: to replace a key such as `1` would garble every message.
const SHORT: usize = 4;

/// A text that must not be printed, such as a key or a secret. It is wiped from memory when the
/// last clone is dropped. `Debug` prints nothing of it.
///
/// A signer passes it to [`conceal`](crate::signing::SignableRequest::conceal) for each request.
/// This does not copy the text.
///
/// ```
/// let secret = venuekit::signing::SensitiveText::from("do not print me");
/// assert_eq!(format!("{secret:?}"), "SensitiveText(..)");
/// ```
#[derive(Clone)]
pub struct SensitiveText(Arc<Zeroizing<String>>);

impl SensitiveText {
    /// Returns the text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SensitiveText {
    fn from(text: String) -> Self {
        Self(Arc::new(Zeroizing::new(text)))
    }
}

impl From<&str> for SensitiveText {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<&Self> for SensitiveText {
    fn from(text: &Self) -> Self {
        text.clone()
    }
}

impl fmt::Debug for SensitiveText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SensitiveText(..)")
    }
}

/// The texts of a call that must not be printed: the texts that its signer added to the requests,
/// and other texts that the signer named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Vec<Secret>);

#[derive(Clone, Debug)]
struct Secret {
    text: SensitiveText,
    /// True if the signer named it. A text that the signer only added to the request may be a time
    /// or a count.
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

    /// Adds the value of a header: the whole value, and the words of `Bearer ..` or `key=..,
    /// signature=..`.
    pub(crate) fn add_header(&mut self, value: &str) {
        self.add(value);
        let words =
            value.split([' ', ',', ';', '=', '"']).filter(|word| word.len() >= LONG && word.len() < value.len());
        words.for_each(|word| self.add(word));
    }

    /// Adds the strings and numbers of a JSON value.
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

    /// Takes over the secrets of one attempt, without its times and counts: to replace `5000` would
    /// garble many messages.
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

/// Returns whether a text that a signer added is the time or the nonce of the stamp, a date, or a
/// short number, such as a recv window.
fn is_time_or_count(text: &str, stamp: Stamp) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let in_date = |byte: u8| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        return text.bytes().all(in_date) && matches!(digits, 4 | 8) && text.contains(['T', ':']);
    }
    let seconds = stamp.time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
    text.len() < LONG || text.starts_with(&seconds) || text == stamp.nonce.to_string()
}

/// Replaces secrets in texts.
///
/// A secret is found in these forms: in either case (hexadecimal signatures occur in both), in
/// either alphabet of base64, without its padding, and escaped for a URL, JSON or HTML, also
/// several times. A piece of a secret is replaced from half of its length or 12 characters on,
/// whichever is shorter, but not below 8 characters. A venue may cut the text that it repeats, and
/// half a key can still be recognised.
#[derive(Default)]
pub(crate) struct Blotter {
    long: Vec<Needle>,
    /// All runs of 8 bytes of each long secret with the secret's index and their offset in it;
    /// sorted.
    grams: Zeroizing<Vec<(u64, usize, usize)>>,
    short: Vec<Zeroizing<Vec<u8>>>,
}

/// A long secret in the form in which texts are compared with it.
struct Needle {
    folded: Zeroizing<Vec<u8>>,
    /// The length from which a piece of it is replaced.
    piece: usize,
}

impl Blotter {
    fn new<'s>(secrets: impl Iterator<Item = &'s str>) -> Self {
        let mut blotter = Self::default();
        for secret in secrets {
            let kept = |byte: &u8| !matches!(byte, b'\r' | b'\n');
            let bytes = Zeroizing::new(secret.trim_end_matches('=').bytes().filter(kept).collect::<Vec<u8>>());
            if bytes.len() >= LONG {
                let folded = Zeroizing::new(bytes.iter().copied().map(fold).collect::<Vec<u8>>());
                let piece = (folded.len() / 2).clamp(LONG, 12);
                blotter.long.push(Needle { folded, piece });
            } else if bytes.len() >= SHORT {
                blotter.short.push(bytes);
            }
        }
        for (index, needle) in blotter.long.iter().enumerate() {
            blotter.grams.extend(grams(&needle.folded).enumerate().map(|(offset, gram)| (gram, index, offset)));
        }
        blotter.grams.sort_unstable();
        blotter
    }

    /// Returns the text without secrets, cut to about `most` bytes.
    ///
    /// Secrets are replaced before the cut, so that the cut does not leave a part of a secret.
    pub(crate) fn blot(&self, text: &str, most: usize) -> String {
        let end = boundary_before(text, most);
        // A secret that begins before the cut has to be read whole, even if each of its bytes is
        // escaped twice.
        let longest = self.long.iter().map(|needle| needle.folded.len()).max().unwrap_or_default().max(LONG);
        let seen = boundary_before(text, end.saturating_add(longest.saturating_mul(12)));
        let (mut out, mut shown) = (String::new(), 0);
        for (from, to) in self.marks(text.get(..seen).unwrap_or(text)) {
            let (from, to) = (boundary_before(text, from), boundary_after(text, to));
            if from >= end {
                break;
            }
            out.push_str(text.get(shown..from).unwrap_or_default());
            out.push_str(BLOT);
            shown = to;
        }
        out.push_str(text.get(shown..end).unwrap_or_default());
        if end < text.len() {
            out.push_str("..");
        }
        out
    }

    /// Returns the ranges of secrets in a text, sorted and without overlap.
    fn marks(&self, text: &str) -> Vec<(usize, usize)> {
        let mut marks = Vec::new();
        if self.long.is_empty() && self.short.is_empty() {
            return marks;
        }
        /// The text itself, and up to three escapings of it, such as a URL in JSON in HTML.
        const LAYERS: usize = 4;
        let mut layer = Some(Layer::new(text));
        for _ in 0..LAYERS {
            let Some(current) = layer else { break };
            self.mark_long(&current, &mut marks);
            self.mark_short(&current, &mut marks);
            layer = current.unescaped();
        }
        marks.sort_unstable();
        let mut apart: Vec<(usize, usize)> = Vec::with_capacity(marks.len());
        for (from, to) in marks {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => apart.push((from, to)),
            }
        }
        apart
    }

    fn mark_long(&self, layer: &Layer, marks: &mut Vec<(usize, usize)>) {
        let folded: Vec<u8> = layer.bytes.iter().copied().map(fold).collect();
        let mut covered = 0;
        for (at, gram) in grams(&folded).enumerate() {
            if at < covered {
                continue;
            }
            let first = self.grams.partition_point(|(known, ..)| *known < gram);
            let same = self.grams.iter().skip(first).take_while(|(known, ..)| *known == gram);
            // The first 16 occurrences are enough: in a secret that repeats itself, the longest
            // match starts there.
            let lengths = same.take(16).filter_map(|(_, needle, offset)| {
                let needle = self.long.get(*needle)?;
                let (rest, text) = (needle.folded.get(*offset..)?, folded.get(at..)?);
                let length = rest.iter().zip(text).take_while(|(a, b)| a == b).count();
                let padding =
                    text.iter().skip(length).take_while(|byte| length == rest.len() && **byte == b'=').count();
                (length >= needle.piece).then_some(length + padding)
            });
            if let Some(length) = lengths.max() {
                covered = at + length;
                marks.extend(layer.source(at, covered));
            }
        }
    }

    fn mark_short(&self, layer: &Layer, marks: &mut Vec<(usize, usize)>) {
        let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
        for secret in &self.short {
            for (at, window) in layer.bytes.windows(secret.len()).enumerate() {
                let end = at + secret.len();
                let before = at.checked_sub(1).and_then(|before| layer.bytes.get(before));
                if window == secret.as_slice() && !is_word(before) && !is_word(layer.bytes.get(end)) {
                    marks.extend(layer.source(at, end));
                }
            }
        }
    }
}

impl fmt::Debug for Blotter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blotter").field("secrets", &(self.long.len() + self.short.len())).finish()
    }
}

/// Returns a byte in the form in which it is compared: in lower case, with `-` and a space as `+`,
/// and `_` as `/`. These pairs are equal in the two alphabets of base64, and forms write `+` for a
/// space.
fn fold(byte: u8) -> u8 {
    match byte {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// Returns the runs of 8 bytes at each position.
fn grams(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.windows(LONG).filter_map(|window| Some(u64::from_be_bytes(window.try_into().ok()?)))
}

/// A text that was unescaped some number of times, and the source of each of its bytes.
struct Layer {
    bytes: Vec<u8>,
    /// The range of each byte in the original text.
    places: Vec<(usize, usize)>,
}

impl Layer {
    fn new(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), places: (0..text.len()).map(|at| (at, at + 1)).collect() }
    }

    /// Returns the range of the original text from which the bytes `from..to` come.
    fn source(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let (first, last) = (self.places.get(from)?, self.places.get(to.checked_sub(1)?)?);
        Some((first.0, last.1))
    }

    /// Returns the text with its escapes decoded and its lines joined; `None` if it has neither.
    fn unescaped(&self) -> Option<Self> {
        let mut out =
            Self { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::with_capacity(self.bytes.len()) };
        let (mut at, mut is_changed) = (0, false);
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (length, text) = match escape(rest) {
                Some((length, text)) => {
                    is_changed = true;
                    (length, text)
                }
                None => (1, Escaped::from_bytes(rest.get(..1).unwrap_or_default())),
            };
            let place = self.source(at, at + length)?;
            out.bytes.extend_from_slice(text.as_bytes());
            out.places.extend(text.as_bytes().iter().map(|_| place));
            at += length;
        }
        is_changed.then_some(out)
    }
}

/// The bytes that an escape stands for: at most one character.
struct Escaped {
    bytes: [u8; 4],
    length: usize,
}

impl Escaped {
    const NONE: Self = Self { bytes: [0; 4], length: 0 };

    fn from_bytes(bytes: &[u8]) -> Self {
        let mut escaped = Self::NONE;
        for (to, from) in escaped.bytes.iter_mut().zip(bytes) {
            *to = *from;
            escaped.length += 1;
        }
        escaped
    }

    fn from_char(c: char) -> Self {
        Self::from_bytes(c.encode_utf8(&mut [0; 4]).as_bytes())
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Reads the escape at the beginning of `text`, and returns its length and the bytes it stands for.
/// A line break stands for no bytes, so that a secret that was wrapped is still found.
fn escape(text: &[u8]) -> Option<(usize, Escaped)> {
    match text {
        [b'\r' | b'\n', ..] => Some((1, Escaped::NONE)),
        [b'%', rest @ ..] => Some((3, Escaped::from_bytes(&[u8::try_from(hex(rest.get(..2)?)?).ok()?]))),
        [b'\\', b'u', b'{', rest @ ..] => {
            let digits = rest.iter().take(7).position(|byte| *byte == b'}')?;
            let c = char::from_u32(hex(rest.get(..digits)?)?)?;
            Some((digits + 4, Escaped::from_char(c)))
        }
        [b'\\', b'u', rest @ ..] => match (hex(rest.get(..4)?)?, rest.get(4..10)) {
            (high @ 0xd800..=0xdbff, Some([b'\\', b'u', low @ ..])) => {
                let low = hex(low).filter(|low| (0xdc00..=0xdfff).contains(low))?;
                let c = char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?;
                Some((12, Escaped::from_char(c)))
            }
            (unit, _) => Some((6, Escaped::from_char(char::from_u32(unit)?))),
        },
        [b'\\', b'x', rest @ ..] if rest.get(..2).and_then(hex).is_some() => {
            let byte = hex(rest.get(..2)?)?;
            Some((4, Escaped::from_bytes(&[u8::try_from(byte).ok()?])))
        }
        [b'\\', b'n' | b'r', ..] => Some((2, Escaped::NONE)),
        [b'\\', other, ..] => Some((2, Escaped::from_bytes(&[*other]))),
        [b'&', rest @ ..] => {
            let length = rest.iter().take(9).position(|byte| *byte == b';')?;
            let c = match rest.get(..length)? {
                [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
                [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
                b"amp" => '&',
                b"lt" => '<',
                b"gt" => '>',
                b"quot" => '"',
                b"apos" => '\'',
                b"plus" => '+',
                b"sol" => '/',
                b"equals" => '=',
                _ => return None,
            };
            Some((length + 2, Escaped::from_char(c)))
        }
        _ => None,
    }
}

/// Reads hexadecimal digits, at least one and at most six.
fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
    const SIGNATURE: &str = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
    const BASE64: &str = "u+Xz/0fJk3bq+9Zm7/8Qp1cUo2t4v6w8y0A2C4E6G8I=";

    fn blotter(secrets: &[&str]) -> Blotter {
        Blotter::new(secrets.iter().copied())
    }

    fn percent(text: &str, upper: bool) -> String {
        text.bytes().map(|byte| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }).collect()
    }

    fn json(text: &str) -> String {
        text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect()
    }

    fn html(text: &str) -> String {
        text.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect()
    }

    /// Returns the forms in which a text may be repeated.
    fn forms(text: &str) -> Vec<String> {
        vec![
            text.to_owned(),
            text.to_ascii_uppercase(),
            text.to_ascii_lowercase(),
            percent(text, true),
            percent(text, false),
            crate::request::encode::encode(text),
            crate::request::encode::encode(&crate::request::encode::encode(text)),
            json(text),
            json(text).replace("\\u", "\\\\u"),
            json(&percent(text, true)),
            percent(&json(text), false),
            text.replace('/', "\\/"),
            text.bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
            text.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect(),
            html(text),
            text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
            text.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned(),
            text.replace('+', " "),
            text.as_bytes().chunks(20).map(String::from_utf8_lossy).collect::<Vec<_>>().join(
                "
",
            ),
        ]
    }

    #[test]
    fn a_secret_is_found_in_whatever_form_it_is_repeated() {
        for secret in [KEY, SIGNATURE, BASE64, "8charsXY"] {
            let blotter = blotter(&["another one", secret]);
            for form in forms(secret) {
                let shown = blotter.blot(&format!("key={form}&x is wrong"), 10_000);
                assert_eq!(shown, "key=***&x is wrong", "{form}");
            }
        }
    }

    #[test]
    fn a_piece_counts_from_half_the_secret_or_12_characters_and_never_below_8() {
        for (secret, piece) in
            [(SIGNATURE, 12), ("0123456789abcdef", 8), ("0123456789", 8), ("0123456789abcdefghij", 10)]
        {
            let blotter = blotter(&[secret]);
            for length in 1..=secret.len() {
                for at in [0, secret.len() - length] {
                    let text = format!("<{}>", &secret[at..at + length]);
                    let shown = blotter.blot(&text, 1_000);
                    assert_eq!(shown == "<***>", length >= piece, "{secret} {length}: {shown}");
                    assert!(length >= piece || shown == text);
                }
            }
        }
    }

    #[test]
    fn a_short_secret_is_found_as_a_word_only_and_a_very_short_one_is_not() {
        let blotter = blotter(&["abc", "k3y-1", "test"]);
        assert_eq!(blotter.blot("key k3y-1, %6b3y-1: a test, testing, abc", 99), "key ***, ***: a ***, testing, abc");
    }

    #[test]
    fn a_few_words_that_are_in_a_secret_too_stay_in_a_message() {
        let message = "unknown api key: the key is read only";
        assert_eq!(blotter(&["prearranged api key", "my-read-only-key-of-2024"]).blot(message, 999), message);
    }

    #[test]
    fn a_cut_never_leaves_a_part_of_a_secret() {
        let blotter = blotter(&[SIGNATURE]);
        for form in forms(SIGNATURE) {
            for before in [0, 1, 30] {
                let text = format!("{}{form}{}", ".".repeat(before), ".".repeat(50));
                for most in 0..60 {
                    let shown = blotter.blot(&text, most);
                    let rest = shown.replace("***", "");
                    assert!(rest.bytes().all(|byte| byte == b'.'), "{before} {most}: {shown}");
                    assert!(shown.len() <= most + 5, "{most}: {shown}");
                }
            }
        }
    }

    #[test]
    fn times_and_counts_that_a_signer_states_stay_readable_and_all_else_it_adds_is_a_secret() {
        let stamp = Stamp::new(UNIX_EPOCH + Duration::from_millis(1_706_451_300_123), 1_706_451_300_999);
        for (text, is_secret) in [
            ("1706451300123", false),
            ("1706451300", false),
            ("1706451300.5", true),
            ("1706451300123456789", false),
            ("1706451300999", false),
            ("5000", false),
            ("60000", false),
            ("2024-01-28T14:15:00.000123", false),
            ("20240128T141500Z", false),
            ("8706451300123", true),
            ("12345678", true),
            ("2024-01-28", true),
            ("abcdefgh", true),
        ] {
            let (mut secrets, mut attempt) = (Secrets::default(), Secrets::default());
            attempt.add(text);
            secrets.absorb(attempt, stamp);
            assert_eq!(!secrets.0.is_empty(), is_secret, "{text}");
            let mut named = Secrets::default();
            named.name(text.into());
            secrets.absorb(named, stamp);
            assert!(!secrets.0.is_empty(), "{text}");
        }
    }

    #[test]
    fn the_words_of_a_header_and_the_texts_of_a_member_are_secrets_of_their_own() {
        let mut secrets = Secrets::default();
        secrets.add_header(r#"HMAC key="abcdefgh", sig=ijklmnop"#);
        secrets.add_json(r#"{"k":["qrstuvwx",{"n":98765432101}],"t":true}"#);
        secrets.add_json("not JSON");
        let shown = secrets.blotter().blot("abcdefgh ijklmnop qrstuvwx 98765432101 not JSON", 99);
        assert_eq!(shown, "*** *** *** *** ***");
    }

    proptest! {
        #[test]
        fn a_secret_is_found_in_any_text_and_nothing_else_is_lost(
            secret in "[!-~]{8,80}", before in "[à-ü \n]{0,40}", after in "[à-ü \n]{0,40}", form in 0_usize..19,
        ) {
            let form = forms(&secret).swap_remove(form);
            let shown = blotter(&[&secret]).blot(&format!("{before}{form}{after}"), usize::MAX);
            prop_assert!(shown.starts_with(&before) && shown.ends_with(&after), "{}", shown);
            prop_assert!(shown.len() <= before.len() + after.len() + 3 + 4 * form.len(), "{}", shown);
            prop_assert!(!shown.contains(&secret), "{}", shown);
        }

        #[test]
        fn any_text_and_any_secrets_do_no_harm(text in any::<String>(), secrets in prop::collection::vec(any::<String>(), 0..4), most in 0_usize..50) {
            let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
            let shown = blotter(&secrets).blot(&text, most);
            prop_assert!(shown.len() <= most + 5);
            prop_assert_eq!(blotter(&[]).blot(&text, usize::MAX), text);
        }

        #[test]
        fn escapes_of_any_kind_are_read_without_harm(text in r"[\\u%&#x;{}0-9a-fA-F\r\n]{0,60}") {
            let shown = blotter(&["0a0a0a0a", "\\u0a\\u0a"]).blot(&text, 1_000);
            prop_assert!(shown.len() <= text.len());
        }
    }
}
