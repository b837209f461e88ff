//! The names and signs by which documents mark operations that need credentials.

use crate::inline;

/// Signs and names of icons that mark an operation as private.
pub(crate) const LOCKS: [&str; 5] = ["🔒", "🔐", "🔏", ":lock:", "🗝"];

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
