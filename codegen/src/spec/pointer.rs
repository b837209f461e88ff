//! JSON pointers (RFC 6901).

/// `base` with one more segment, `~` and `/` escaped.
#[must_use]
pub fn pointer_join(base: &str, segment: &str) -> String {
    format!("{base}/{}", segment.replace('~', "~0").replace('/', "~1"))
}

/// The segments of a pointer, unescaped; `None` if this is no JSON pointer.
#[must_use]
pub fn pointer_segments(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer.strip_prefix('/')?.split('/').map(unescape).collect()
}

fn unescape(segment: &str) -> Option<String> {
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

/// Returns the pointer of the object or array that holds the value of this one.
#[must_use]
pub fn parent(pointer: &str) -> Option<&str> {
    pointer.rfind('/').and_then(|slash| pointer.get(..slash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_the_way_through_a_pointer() {
        let pointer = pointer_join("/paths", "/v2/a~b/{id}");
        assert_eq!(pointer, "/paths/~1v2~1a~0b~1{id}");
        assert_eq!(pointer_segments(&pointer), Some(vec!["paths".to_owned(), "/v2/a~b/{id}".to_owned()]));
    }

    #[test]
    fn what_is_no_pointer_has_no_segments() {
        assert_eq!(pointer_segments("code"), None);
        assert_eq!(pointer_segments("/a~2"), None);
        assert_eq!(pointer_segments("/a~"), None);
        assert_eq!(pointer_segments(""), Some(vec![]));
    }

    #[test]
    fn the_root_has_no_parent() {
        assert_eq!(parent("/a/b"), Some("/a"));
        assert_eq!(parent("/a"), Some(""));
        assert_eq!(parent(""), None);
    }
}
