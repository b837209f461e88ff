//! Spells names with ASCII characters.

/// Replaces each ASCII character that is neither a letter nor a digit by a space, and each
/// character outside ASCII by its code point.
pub(super) fn ascii(text: &str) -> String {
    let mut result = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => result.push(c),
            c if c.is_ascii() => result.push(' '),
            c => result.push_str(&format!(" u{:x} ", u32::from(c))),
        }
    }
    result
}
