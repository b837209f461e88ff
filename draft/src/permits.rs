//! Notes that an operation is private, or needs a permission: "Private endpoint. Requires the
//! permission `read`."

use crate::facts::Access;
use crate::inline;

/// Returns the access that a sentence of a note states.
pub(crate) fn of_sentence(sentence: &str) -> Option<Access> {
    let words = inline::words(&inline::plain(sentence));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_noun =
        |word: &str| matches!(word, "endpoint" | "method" | "call" | "request" | "operation" | "api" | "route");
    match words.as_slice() {
        ["private" | "signed" | "authenticated", noun] | ["this", "is", "a", "private", noun] if is_noun(noun) => {
            return Some(Access::Signed);
        }
        ["public", noun] if is_noun(noun) => return Some(Access::Public),
        _ => {}
    }
    let is_permission = |word: &&str| matches!(*word, "permission" | "permissions" | "scope" | "scopes");
    let begins = matches!(words.first(), Some(&("requires" | "required" | "needs" | "permission" | "permissions")))
        || words.starts_with(&["api", "key", "permission"])
        || words.starts_with(&["api", "key", "permissions"]);
    let is_denied = words.iter().any(|word| matches!(*word, "no" | "none" | "not" | "without" | "public"));
    if !begins || !words.iter().any(is_permission) || words.len() > MOST || words.len() < 2 {
        return None;
    }
    Some(if is_denied { Access::Public } else { Access::Signed })
}

/// The maximum number of words of a sentence about a permission.
const MOST: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_say_that_an_operation_needs_a_permission() {
        for note in [
            "Private endpoint.",
            "Requires the permission `read`.",
            "Requires the `trade` permission.",
            "Needs an API key with the permission to trade",
            "Required permission: withdraw",
        ] {
            assert_eq!(of_sentence(note), Some(Access::Signed), "{note}");
        }
        assert_eq!(of_sentence("Permissions: none"), Some(Access::Public));
        assert_eq!(of_sentence("Public endpoint."), Some(Access::Public));
        for note in
            ["Private endpoints have a limit of their own.", "Requires a price.", "The permission of the key", ""]
        {
            assert_eq!(of_sentence(note), None, "{note}");
        }
    }
}
