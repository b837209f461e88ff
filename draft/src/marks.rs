//! The names and signs by which documents mark operations that need credentials.

use crate::calls::METHODS;
use crate::inline;

/// Signs and names of icons that mark an operation as private.
pub(crate) const LOCKS: [&str; 5] = ["🔒", "🔐", "🔏", ":lock:", "🗝"];

/// Puts a mark at the end of a title into brackets: "Get the account `private`". Titles have no
/// backticks later.
pub(crate) fn bracketed(title: &str) -> String {
    let mark = title.trim_end().strip_suffix('`').and_then(|rest| rest.rsplit_once('`'));
    match mark {
        Some((before, mark @ ("private" | "public" | "signed" | "authenticated"))) if !before.trim().is_empty() => {
            format!("{before}({mark})")
        }
        _ => title.to_owned(),
    }
}

/// Writes a route whose path is the target of a link as it is read: `[GET](/orders)`.
pub(crate) fn unlinked(title: &str) -> String {
    let mut out = title.to_owned();
    for method in METHODS {
        let begin = format!("[{method}](/");
        let Some(at) = out.find(&begin) else { continue };
        let path = at + begin.len() - 1;
        let Some(length) = out.get(path..).and_then(|rest| rest.find(')')) else { continue };
        let target = out.get(path..path + length).unwrap_or_default().to_owned();
        out.replace_range(at..=path + length, &format!("{method} {target}"));
    }
    out
}

/// Returns whether a name is that of a fact which says whether an operation needs credentials.
pub(crate) fn is_key(name: &str) -> bool {
    let words = inline::words(&inline::plain(name));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["auth" | "authentication" | "authorization" | "authorisation" | "authenticated" | "security" | "signed"]
            | ["access" | "private" | "visibility" | "signature" | "permission" | "permissions" | "signing"]
            | ["auth" | "authentication" | "security" | "access", "required" | "type" | "level" | "method" | "needed"]
            | ["requires" | "needs", "auth" | "authentication" | "signature" | "signing"]
            | ["required" | "api", "permission" | "permissions"]
            | ["api", "key", "permission" | "permissions" | "required"]
            | ["required", "api", "key", "permission" | "permissions"]
            | ["signature", "required"]
    )
}

/// Returns whether a column says which operations need credentials.
pub(crate) fn is_column(name: &str) -> bool {
    is_key(name) || LOCKS.iter().any(|lock| name.contains(lock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_of_a_link_can_be_a_route() {
        assert_eq!(unlinked("Orders [GET](/orders/{id}) now"), "Orders GET /orders/{id} now");
        for title in ["See [Orders](/orders)", "[GET](#orders)", "[GET](/orders"] {
            assert_eq!(unlinked(title), title);
        }
    }

    #[test]
    fn a_mark_at_the_end_of_a_title_is_in_brackets() {
        assert_eq!(bracketed("Get the account `private`"), "Get the account (private)");
        for title in ["Set the `leverage`", "`private`", "The `private` accounts"] {
            assert_eq!(bracketed(title), title);
        }
    }
}
