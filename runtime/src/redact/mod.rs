//! Redacts the secrets of a request from all printed text.
//!
//! A venue may repeat the request in its response: `signature of GET /order?..&signature=.. does
//! not match, key ..`. Without redaction, this text would be in errors, in logs and on terminals.
//! [`Secrets`] collects the key, signature and secret that a request carried. [`Blotter`] replaces
//! them in a text before the text is kept for printing or cut short.

mod blotter;
mod escape;
mod layer;
mod redactor;
mod secrets;
mod sensitive_text;
#[cfg(test)]
mod tests;

pub(crate) use blotter::Blotter;
pub use redactor::Redactor;
pub(crate) use secrets::Secrets;
pub use secrets::is_time_or_count;
pub use sensitive_text::SensitiveText;
