//! The requests that a venue sends itself (`webhooks` of OpenAPI 3.1).

use venuekit_codegen::source::Located;

use super::places::{api, removed_from_api};
use crate::comparison::Subject;
use crate::contract::{Side, Sides};
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::rules;

/// Compares webhooks by name. Their contents are not compared any further.
pub(super) fn webhooks(sides: &Sides<'_>) -> Findings {
    let mut findings = Findings::default();
    let (old, new) = (named(&sides.old), named(&sides.new));
    for (name, before) in &old {
        match new.iter().find(|(other, _)| other == name) {
            None => findings.push(removed_from_api(&rules::WEBHOOK_REMOVED, &before.pointer).was(*name)),
            Some((_, after)) if json_text::text(before.node) != json_text::text(after.node) => {
                let subject = Subject { within: format!("webhook {name}"), ..Subject::default() };
                findings.push(Finding::in_new(&rules::KEYWORD_CHANGED, subject, after.pointer.as_str()));
            }
            Some(_) => {}
        }
    }
    for (name, after) in new.iter().filter(|(name, _)| !old.iter().any(|(other, _)| other == name)) {
        findings.push(api(&rules::WEBHOOK_ADDED, &after.pointer).is(*name));
    }
    findings
}

/// Returns the webhooks by name.
fn named<'d>(side: &Side<'d>) -> Vec<(&'d str, Located<'d>)> {
    side.root().get("webhooks").iter().flat_map(Located::members).collect()
}
