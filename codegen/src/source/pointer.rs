//! JSON pointers (RFC 6901).

pub use venuekit_json::pointer::{join as pointer_join, segments as pointer_segments};

/// Returns the JSON pointer to the object or the array that contains a value; `None` for the root.
#[must_use]
pub fn parent(pointer: &str) -> Option<&str> {
    pointer.rfind('/').and_then(|slash| pointer.get(..slash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_root_has_no_parent() {
        assert_eq!(parent("/a/b"), Some("/a"));
        assert_eq!(parent("/a"), Some(""));
        assert_eq!(parent(""), None);
    }
}
