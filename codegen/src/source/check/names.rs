//! Checks names that become names in Rust or the names of headers.

use crate::source::findings::Findings;
use crate::source::located::Located;

/// Refuses a name that cannot become a name in Rust.
pub(super) fn rust_name(found: &Located<'_>, name: &str, findings: &mut Findings<'_>) {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(fits) {
        let message = format!("`{name}` cannot be a name in Rust");
        findings.at(&found.pointer, message, "begin with a letter, go on with letters, digits and underscores");
    }
}

/// Refuses a name that is not a token of RFC 9110.
pub(super) fn header_name(pointer: &str, name: &str, findings: &mut Findings<'_>) {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !name.bytes().all(token) {
        findings.at(pointer, format!("`{name}` cannot be the name of a header"), "use letters, digits and hyphens");
    }
}
