//! The messages of a connection in the log, without secrets.

use tracing::Level;

use crate::redact::Secrets;

/// The target of the log events of messages. Each message is an event of the level `TRACE`, with
/// the field `sent` or `received`: the beginning of its text, with `***` in place of keys,
/// signatures and tokens. Other parts of an account, such as balances, are shown.
pub const LOG_TARGET: &str = "venuekit::ws::messages";

/// The maximum length of a message in the log.
const MAX_BYTES: usize = 4 << 10;

/// Returns whether messages are logged.
pub(crate) fn is_on() -> bool {
    tracing::enabled!(target: LOG_TARGET, Level::TRACE)
}

/// Logs a message that is sent. `secrets`: those of the login, and those of the message; without
/// the latter, the text is not shown.
pub(super) fn sent(text: &str, secrets: [Option<&Secrets>; 2]) {
    tracing::trace!(target: LOG_TARGET, sent = blotted(text, secrets));
}

/// Logs a message that has come.
pub(super) fn received(text: &str, secrets: [Option<&Secrets>; 2]) {
    tracing::trace!(target: LOG_TARGET, received = blotted(text, secrets));
}

/// Returns the beginning of a text, without secrets.
fn blotted(text: &str, secrets: [Option<&Secrets>; 2]) -> String {
    let [Some(login), Some(own)] = secrets else {
        return format!("(not shown: {} bytes, whose secrets are not known here)", text.len());
    };
    own.blotter().blot(&login.blotter().blot(text, usize::MAX), MAX_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_whose_secrets_are_not_known_is_not_shown() {
        let text = r#"{"id":1,"params":["token-1"]}"#;
        let none = Secrets::default();
        assert_eq!(blotted(text, [Some(&none), Some(&none)]), text);
        for secrets in [[Some(&none), None], [None, Some(&none)], [None, None]] {
            let shown = blotted(text, secrets);
            assert!(!shown.contains("token") && shown.contains("29 bytes"), "{shown}");
        }
    }
}
