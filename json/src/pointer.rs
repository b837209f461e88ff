//! JSON pointers (RFC 6901).
//!
//! The crate `jsonptr` would add its own type and more code than the functions here. `serde_json`
//! supports pointers only for its own `Value`.

/// Returns `base` with one more segment, in which `~` and `/` are escaped.
///
/// ```
/// assert_eq!(venuekit_json::pointer::join("/paths", "/a~b"), "/paths/~1a~0b");
/// ```
#[must_use]
pub fn join(base: &str, segment: &str) -> String {
    // The generator makes a pointer for each value of a document, and few segments have escapes.
    let mut pointer = String::with_capacity(base.len().saturating_add(segment.len()).saturating_add(1));
    pointer.push_str(base);
    pointer.push('/');
    if !segment.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        pointer.push_str(segment);
        return pointer;
    }
    for c in segment.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
    pointer
}

/// Returns the unescaped segments of a pointer; `None` if the text is not a JSON pointer.
///
/// ```
/// use venuekit_json::pointer::segments;
///
/// assert_eq!(segments("/paths/~1a~0b"), Some(vec!["paths".to_owned(), "/a~b".to_owned()]));
/// assert_eq!(segments("paths"), None);
/// ```
#[must_use]
pub fn segments(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer.strip_prefix('/')?.split('/').map(unescape).collect()
}

/// Returns the array index that a segment spells. `None` if the segment is empty, has a leading
/// zero or a character that is not a digit, or is too large.
///
/// ```
/// use venuekit_json::pointer::index;
///
/// assert_eq!(index("10"), Some(10));
/// assert_eq!((index("01"), index("+1"), index("-")), (None, None, None));
/// ```
#[must_use]
pub fn index(segment: &str) -> Option<usize> {
    let is_canonical = segment == "0" || !segment.starts_with(['0', '+']);
    segment.parse().ok().filter(|_| is_canonical)
}

/// Returns whether the text is a JSON pointer.
///
/// ```
/// use venuekit_json::pointer::is_pointer;
///
/// assert!(is_pointer("") && is_pointer("/a~1b/0"));
/// assert!(!is_pointer("a") && !is_pointer("/~2"));
/// ```
#[must_use]
pub fn is_pointer(text: &str) -> bool {
    let is_escape = |rest: &str| rest.starts_with(['0', '1']);
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(is_escape)
}

/// Returns a segment without its escapes; `None` if a `~` is not followed by `0` or `1`.
#[must_use]
pub fn unescape(segment: &str) -> Option<String> {
    let mut parts = segment.split('~');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (escaped, rest) = match part.strip_prefix('0') {
            Some(rest) => ('~', rest),
            None => ('/', part.strip_prefix('1')?),
        };
        text.push(escaped);
        text.push_str(rest);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_a_round_trip_through_a_pointer() {
        let pointer = join("/paths", "/v2/a~b/~1{id}");
        assert_eq!(pointer, "/paths/~1v2~1a~0b~1~01{id}");
        assert_eq!(segments(&pointer), Some(vec!["paths".to_owned(), "/v2/a~b/~1{id}".to_owned()]));
    }

    #[test]
    fn a_text_that_is_not_a_pointer_has_no_segments() {
        for text in ["code", "/a~2", "/a~", "#/a"] {
            assert_eq!(segments(text), None, "{text}");
        }
        assert_eq!(segments(""), Some(vec![]));
        assert_eq!(segments("/"), Some(vec![String::new()]));
    }

    #[test]
    fn an_index_has_only_one_spelling() {
        assert_eq!(index("0"), Some(0));
        for text in ["", "00", "-1", "1.0", "99999999999999999999999"] {
            assert_eq!(index(text), None, "{text}");
        }
    }
}
