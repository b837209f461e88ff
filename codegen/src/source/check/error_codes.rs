//! Checks the error codes of `x-error-codes`.

use std::collections::HashSet;

use super::sites::Sites;
use crate::diagnostic::shorten;
use crate::source::extensions::code;
use crate::source::findings::{Findings, leave_out};
use crate::source::shapes::grammar::ObjectKind;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashSet<(String, Option<&str>)> = HashSet::new();
    for found in sites.all(ObjectKind::ErrorCode) {
        let Some(Ok(code)) = found.get("code").map(|at| code(&at)) else { continue };
        let message = found.text("message");
        if found.get("message").is_none() && found.get("description").is_none() {
            let help = "write the venue's `message`, or a `description`";
            findings.at(&found.pointer, format!("the code `{code}` has neither a message nor a description"), help);
        }
        if !seen.insert((code.clone(), message)) {
            let text = match message {
                Some(message) => format!("`{code}` with the message `{}` is listed twice", shorten(message)),
                None => format!("`{code}` is listed twice"),
            };
            findings.at(&found.pointer, text, leave_out("remove one of them"));
        }
    }
}
