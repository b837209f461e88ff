//! Finds values in a body without building a tree of it.
//!
//! Every response passes here, and a large one should not become a tree for the sake of one code.
//! So this module has its own walk. `serde_json::Value::pointer`, the JSONPath crates and
//! `venuekit_json::Tree` need a tree of the whole body. The walk borrows the values that it finds,
//! and it supports the segment `*`. It looks for several pointers at once, and skips all values
//! that no pointer leads to.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

use memchr::{memchr, memchr2, memmem};
use rust_decimal::Decimal;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use venuekit_json::pointer;
use venuekit_json::reader::Reader;

use crate::wire::raw::TextSeed;

/// Returns the values at a JSON pointer, in the order of the body. A segment `*` stands for each
/// element of an array. A text that is not a pointer finds nothing. Returns `None` if the body is
/// not JSON.
pub(crate) fn find<'a>(body: &'a [u8], pointer: &str) -> Option<Vec<&'a RawValue>> {
    let mut found = Vec::new();
    let is_json = each(body, [pointer], |_, value| {
        found.push(value);
        ControlFlow::Continue(())
    });
    is_json.then_some(found)
}

/// Finds the values at several JSON pointers in one pass, in the order of the body. `report` gets
/// the index of the pointer and the value, and may end the search. Returns whether the body was
/// read to its end, and is JSON.
pub(crate) fn each<'a, 'p>(
    body: &'a [u8],
    pointers: impl IntoIterator<Item = &'p str>,
    mut report: impl FnMut(usize, &'a RawValue) -> ControlFlow<()>,
) -> bool {
    let pointers = pointers.into_iter();
    let mut targets = Vec::with_capacity(pointers.size_hint().0);
    targets.extend(pointers.enumerate().filter_map(|(index, pointer)| Target::new(index, pointer)));
    let mut walk = Walk { targets: &targets, report: &mut report };
    match std::str::from_utf8(body) {
        Ok(text) => walk.whole(text),
        Err(_) => {
            // A value that is not looked for may be of other bytes than UTF-8. No target is the
            // whole body then.
            let mut deserializer = serde_json::Deserializer::from_slice(body);
            let is_whole = |target: &Target<'_>| target.segment.is_none();
            if targets.iter().any(is_whole) {
                return false;
            }
            deserializer.deserialize_any(walk).is_ok() && deserializer.end().is_ok()
        }
    }
}

/// Reads the members of an object in their order, without an allocation. `is_wanted` gets the name
/// of each, as the segment of a pointer. `report` gets the segment and the value of those that are
/// wanted, and may end the search. Returns whether the text was read to its end, and is JSON.
pub(crate) fn members<'a>(
    text: &'a str,
    is_wanted: impl FnMut(&str) -> bool,
    report: impl FnMut(&str, &'a RawValue) -> ControlFlow<()>,
) -> bool {
    let mut reader = Reader::from_str(text);
    reader.deserialize_any(Members { is_wanted, report }).is_ok() && reader.end().is_ok()
}

/// Returns the pointer from a member on, if a pointer leads through the member. `segment` is the
/// name of the member as the segment of a pointer.
#[inline]
pub(crate) fn below<'p>(pointer: &'p str, segment: &str) -> Option<&'p str> {
    // Nearly every segment has another first character.
    if let Some(first) = segment.as_bytes().first()
        && pointer.as_bytes().get(1) != Some(first)
    {
        return None;
    }
    let rest = pointer.strip_prefix('/')?.strip_prefix(segment)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Returns `false` if the body has no value at a JSON pointer, as far as this can be told without
/// reading the body as JSON.
///
/// `escapes` keeps whether the body has escapes, for the next pointer.
pub(crate) fn may_have(body: &[u8], pointer: &str, escapes: &mut Option<bool>) -> bool {
    let first = without_mark(body).trim_ascii_start().first();
    // A key with escapes is written with other bytes.
    let mut has_escapes = || *escapes.get_or_insert_with(|| memchr(b'\\', body).is_some());
    if pointer == "/*" || pointer.starts_with("/*/") {
        return first == Some(&b'[') || first == Some(&b'{') && (memchr(b'*', body).is_some() || has_escapes());
    }
    let Some(Target { segment: Some(segment), .. }) = Target::new(0, pointer) else { return pointer.is_empty() };
    match first {
        Some(b'[') => segment.index.is_some(),
        Some(b'{') => memmem::find(body, segment.key.as_bytes()).is_some() || has_escapes(),
        _ => false,
    }
}

/// Returns `false` if the first byte of the body tells that it has no value at a JSON pointer.
pub(crate) fn has_kind(body: &[u8], pointer: &str) -> bool {
    match without_mark(body).trim_ascii_start().first() {
        Some(b'{') => true,
        Some(b'[') => matches!(pointer.as_bytes(), [] | [b'/', b'*' | b'0'..=b'9', ..]),
        _ => pointer.is_empty(),
    }
}

/// Returns the body without the byte order mark with which some servers begin it (RFC 8259, 8.1: a
/// reader may skip it).
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Returns whether `body` begins like a JSON object, array or string, the kinds that can contain a
/// code.
pub(crate) fn begins_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}

/// Returns the first value that is present and not null at one of several pointers.
pub(crate) fn first<'a>(body: &'a [u8], pointers: &[&str]) -> Option<&'a RawValue> {
    let mut best: Option<(usize, &RawValue)> = None;
    let is_json = each(body, pointers.iter().copied(), |index, value| {
        if value.get() != "null" && best.is_none_or(|(best, _)| index < best) {
            best = Some((index, value));
        }
        ControlFlow::Continue(())
    });
    best.filter(|_| is_json).map(|(_, value)| value)
}

/// Returns whether a scalar of a body equals the JSON value `expected`. Numbers compare by value,
/// strings without escapes.
pub(crate) fn is_same_scalar(value: &RawValue, expected: &str) -> bool {
    let value = value.get();
    if value == expected {
        return true;
    }
    if value.starts_with('"') && expected.starts_with('"') {
        // Texts without escapes are equal only if their bytes are.
        return (value.contains('\\') || expected.contains('\\'))
            && match (serde_json::from_str::<String>(value), serde_json::from_str::<String>(expected)) {
                (Ok(value), Ok(expected)) => value == expected,
                _ => false,
            };
    }
    // Integers in their shortest form are equal only if their bytes are.
    !(is_shortest_integer(value) && is_shortest_integer(expected))
        && matches!((number(value), number(expected)), (Some(value), Some(expected)) if value == expected)
}

/// Returns whether a text is an integer without a leading zero; `-0` is not.
fn is_shortest_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.starts_with(|first: char| first != '0') || text == "0")
}

/// Parses a JSON number exactly, including its exponent; `None` for other text, and for a number
/// that a [`Decimal`] cannot hold.
pub(crate) fn number(json: &str) -> Option<Decimal> {
    if !json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    Decimal::from_str_exact(json).or_else(|_| Decimal::from_scientific(json)).ok()
}

/// Returns the text of a scalar; a JSON string without its escapes.
pub(crate) fn text(value: &RawValue) -> String {
    unquoted(value.get()).into_owned()
}

/// Returns the text of a scalar, borrowed unless it has escapes; a JSON string without its escapes.
/// `json` has to be valid JSON.
pub(crate) fn unquoted(json: &str) -> Cow<'_, str> {
    match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) if memchr(b'\\', text.as_bytes()).is_none() => Cow::Borrowed(text),
        Some(_) => serde_json::from_str::<String>(json).map_or(Cow::Borrowed(json), Cow::Owned),
        None => Cow::Borrowed(json),
    }
}

/// A pointer that is looked for, from the current value on.
struct Target<'p> {
    /// The position of the pointer in the list.
    index: usize,
    /// The next segment; `None` if the current value is looked for.
    segment: Option<Segment<'p>>,
    /// The pointer from the next value on.
    rest: &'p str,
}

struct Segment<'p> {
    key: Cow<'p, str>,
    index: Option<usize>,
    is_each: bool,
}

impl<'p> Target<'p> {
    /// Returns `None` if the text is not a JSON pointer.
    fn new(index: usize, pointer: &'p str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(Self { index, segment: None, rest: "" });
        }
        let text = pointer.strip_prefix('/')?;
        let end = memchr(b'/', text.as_bytes()).unwrap_or(text.len());
        let (text, rest) = text.split_at_checked(end)?;
        let key =
            if memchr(b'~', text.as_bytes()).is_some() { pointer::unescape(text)?.into() } else { Cow::Borrowed(text) };
        // The rest has to be a pointer too.
        let may_be_index = key.starts_with(|first: char| first.is_ascii_digit());
        let element = if may_be_index { pointer::index(&key) } else { None };
        let segment = Segment { index: element, is_each: key == "*", key };
        let is_pointer = rest.is_empty() || pointer::is_pointer(rest);
        is_pointer.then_some(Self { index, segment: Some(segment), rest })
    }

    fn next(&self) -> Option<Self> {
        Self::new(self.index, self.rest)
    }
}

/// A visitor of a value.
struct Walk<'w, 'p, F> {
    targets: &'w [Target<'p>],
    report: &'w mut F,
}

impl<'a, F: FnMut(usize, &'a RawValue) -> ControlFlow<()>> Walk<'_, '_, F> {
    /// Walks over a whole text. Returns whether it is JSON, and was read to its end.
    fn whole(&mut self, text: &'a str) -> bool {
        let mut reader = Reader::from_str(text);
        if self.targets.iter().all(|target| target.segment.is_some()) {
            let walk = Walk { targets: self.targets, report: &mut *self.report };
            return reader.deserialize_any(walk).is_ok() && reader.end().is_ok();
        }
        let Ok(value) = <&RawValue as serde::Deserialize>::deserialize(&mut reader) else { return false };
        reader.end().is_ok() && self.value(value).is_continue()
    }

    /// Reports a value that is looked for, and walks over it if values inside it are.
    fn value(&mut self, value: &'a RawValue) -> ControlFlow<()> {
        for target in self.targets.iter().filter(|target| target.segment.is_none()) {
            (self.report)(target.index, value)?;
        }
        let walk = Walk { targets: self.targets, report: &mut *self.report };
        if !self.targets.iter().any(|target| target.segment.is_some()) {
            return ControlFlow::Continue(());
        }
        match Reader::from_str(value.get()).deserialize_any(walk) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// Returns the targets inside a member or an element that is chosen by its segment.
    fn inside<'p>(targets: &[Target<'p>], is_chosen: impl Fn(&Segment<'p>) -> bool) -> Vec<Target<'p>> {
        let is_chosen = |target: &&Target<'p>| target.segment.as_ref().is_some_and(&is_chosen);
        targets.iter().filter(is_chosen).filter_map(Target::next).collect()
    }
}

impl<'a, F: FnMut(usize, &'a RawValue) -> ControlFlow<()>> Visitor<'a> for Walk<'_, '_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(TextSeed)? {
            let inside = Self::inside(self.targets, |segment| segment.key == key);
            if inside.is_empty() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let mut walk = Walk { targets: &inside, report: &mut *self.report };
            if walk.value(map.next_value()?).is_break() {
                return Err(ended());
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        for index in 0.. {
            let inside = Self::inside(self.targets, |segment| segment.is_each || segment.index == Some(index));
            if inside.is_empty() {
                if seq.next_element::<IgnoredAny>()?.is_none() {
                    break;
                }
                continue;
            }
            let Some(value) = seq.next_element()? else { break };
            let mut walk = Walk { targets: &inside, report: &mut *self.report };
            if walk.value(value).is_break() {
                return Err(ended());
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A visitor of the members of an object.
struct Members<W, R> {
    is_wanted: W,
    report: R,
}

impl<'a, W: FnMut(&str) -> bool, R: FnMut(&str, &'a RawValue) -> ControlFlow<()>> Visitor<'a> for Members<W, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(TextSeed)? {
            let escaped;
            let segment = if memchr2(b'~', b'/', name.as_bytes()).is_some() {
                escaped = pointer::join("", &name);
                escaped.strip_prefix('/').unwrap_or_default()
            } else {
                &*name
            };
            if !(self.is_wanted)(segment) {
                map.next_value::<IgnoredAny>()?;
            } else if (self.report)(segment, map.next_value()?).is_break() {
                return Err(ended());
            }
        }
        Ok(())
    }
}

/// Returns the error that ends a walk.
#[cold]
fn ended<E: serde::de::Error>() -> E {
    E::custom("the search has ended")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str, pointer: &str) -> Option<Vec<String>> {
        Some(find(body.as_bytes(), pointer)?.into_iter().map(|v| v.get().to_owned()).collect())
    }

    #[test]
    fn scalars_are_the_same_by_their_values() {
        let is_same = |value: &str, expected: &str| is_same_scalar(serde_json::from_str(value).unwrap(), expected);
        for (value, expected) in [
            ("1", "1"),
            ("1.0", "1"),
            ("-1e0", "-1"),
            ("-0", "0"),
            ("300", "300"),
            (r#""a""#, r#""a""#),
            (r#""\u0061""#, r#""a""#),
            (r#""\/""#, r#""/""#),
            ("true", "true"),
        ] {
            assert!(is_same(value, expected) && is_same(expected, value), "{value} {expected}");
        }
        for (value, expected) in [
            ("1", "2"),
            ("30", "300"),
            ("1", r#""1""#),
            (r#""a""#, r#""b""#),
            (r#""\u0062""#, r#""a""#),
            (r#""""#, "null"),
            ("0", "false"),
            ("true", r#""true""#),
        ] {
            assert!(!is_same(value, expected) && !is_same(expected, value), "{value} {expected}");
        }
    }

    #[test]
    fn a_pointer_finds_properties_and_elements_and_an_asterisk_finds_all_elements() {
        let body = r#"{"a":{"b/c":[10,{"x":1.50}]},"e":[{"s":true},{"s":false},{}]}"#;
        assert_eq!(texts(body, "/a/b~1c/0").unwrap(), ["10"]);
        assert_eq!(texts(body, "/a/b~1c/1/x").unwrap(), ["1.50"]);
        assert_eq!(texts(body, "/e/*/s").unwrap(), ["true", "false"]);
        assert_eq!(texts(body, "/nope/x").unwrap(), Vec::<String>::new());
        assert_eq!(texts(body, "/a/b~1c/0/deeper").unwrap(), Vec::<String>::new());
        assert_eq!(texts("[1,2]", "").unwrap(), ["[1,2]"]);
        assert_eq!(texts("[1,2]", "a").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn the_members_of_an_object_are_read_by_the_segments_that_lead_to_them() {
        let text = r#"{"a":[1], "b/c~d":"x","e\u0066":{},"a":2,"last":0}"#;
        let mut seen = Vec::new();
        let read = |most: usize, seen: &mut Vec<(String, String)>| {
            members(
                text,
                |segment| segment != "last",
                |segment, value| {
                    seen.push((segment.to_owned(), value.get().to_owned()));
                    if seen.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            )
        };
        assert!(read(9, &mut seen));
        let all = [("a", "[1]"), ("b~1c~0d", r#""x""#), ("ef", "{}"), ("a", "2")];
        assert_eq!(seen, all.map(|(segment, value)| (segment.to_owned(), value.to_owned())));
        assert!(!read(5, &mut seen));
        for not_json in [r#"{"a":1"#, r#"{"a":1}x"#, "[]", r#"{"a":01}"#] {
            assert!(!members(not_json, |_| false, |_, _| ControlFlow::Continue(())), "{not_json}");
        }
    }

    #[test]
    fn a_pointer_leads_through_the_member_whose_whole_name_it_has() {
        assert_eq!(below("/a/b", "a"), Some("/b"));
        assert_eq!(below("/a~1b", "a~1b"), Some(""));
        for (pointer, segment) in [("/ab", "a"), ("/a", "ab"), ("", ""), ("a", "a"), ("/a/b", "b")] {
            assert_eq!(below(pointer, segment), None, "{pointer} {segment}");
        }
        assert_eq!(below("/", ""), Some(""));
    }

    #[test]
    fn several_pointers_are_found_in_one_pass_until_the_search_is_ended() {
        let body = r#"{"error":{"code":7},"e\u0072ror":8,"list":[{"a":1},{"a":2}],"~/":9}"#;
        let pointers = ["/error/code", "/error", "/list/*/a", "/list/1", "/~0~1", "/none"];
        let found = |most: usize| {
            let mut found = Vec::new();
            let is_json = each(body.as_bytes(), pointers, |index, value| {
                found.push((index, value.get()));
                if found.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            (is_json, found)
        };
        let all = [(1, r#"{"code":7}"#), (0, "7"), (1, "8"), (2, "1"), (3, r#"{"a":2}"#), (2, "2"), (4, "9")];
        assert_eq!(found(usize::MAX), (true, all.to_vec()));
        assert_eq!(found(3), (false, all[..3].to_vec()));
    }

    #[test]
    fn a_body_without_the_key_has_no_value() {
        let has = |body: &str, pointer| may_have(body.as_bytes(), pointer, &mut None);
        assert!(has(r#" {"code":1}"#, "/code") && has(r#"{"c\u006fde":1}"#, "/code") && has("[1]", "/0"));
        assert!(has("\u{feff}{\"a/b\":1}", "/a~1b") && has("[]", "/*/x") && has("7", ""));
        assert!(!has(r#"{"cod":1}"#, "/code") && !has(r#"[{"code":1}]"#, "/code") && !has("7", "/code"));
        assert!(!has("", "/code") && !has("{}", "code"));
        let has_kind = |body: &str, pointer| has_kind(body.as_bytes(), pointer);
        assert!(
            has_kind(" {}", "/code") && has_kind("\u{feff}[]", "/*/code") && has_kind("[", "/0") && has_kind("7", "")
        );
        assert!(!has_kind("[]", "/code") && !has_kind("7", "/code") && !has_kind("", "/code"));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_an_error_only_where_they_are_read() {
        let body = b"{\"other\":\"\xff\",\"code\":1,\"bad\":\"\xff\"}";
        let found =
            |pointer| find(body, pointer).map(|found| found.iter().map(|value| value.get()).collect::<Vec<_>>());
        assert_eq!(found("/code"), Some(vec!["1"]));
        assert_eq!(found("/bad"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn invalid_json_has_no_values() {
        assert_eq!(texts("<html>", "/a"), None);
        assert_eq!(texts(r#"{"a":1"#, "/a"), None);
        assert_eq!(texts("", "/a"), None);
        assert_eq!(texts(&"[".repeat(100_000), "/0"), None);
    }

    #[test]
    fn a_text_that_is_no_pointer_finds_nothing_in_json_and_none_in_any_other_body() {
        for pointer in ["a", "a/b", "/a~2", "/~"] {
            for body in ["{}", "[1]", "7", "null", r#"" ""#, r#"{"a":[{}]}"#] {
                assert_eq!(texts(body, pointer), Some(Vec::new()), "{body} {pointer}");
            }
            for body in ["", "<html>", "{", r#"{"a":1"#, r#"{"a":1}}"#, "[1,]", "tru", r#"{"a":tru}"#, "7 7", r#"""#] {
                assert_eq!(texts(body, pointer), None, "{body} {pointer}");
            }
            assert!(find(b"{\"a\":\"\xff\"", pointer).is_none());
        }
    }
}
