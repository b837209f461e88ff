//! Request bodies.

use super::{contents, documentation};
use crate::alignment::labels::part;
use crate::alignment::operations::OperationPair;
use crate::alignment::usage::Usage;
use crate::contract::Sides;
use crate::contract::parts::Body;
use crate::document::below_if_there;
use crate::finding::{Finding, Findings};
use crate::rules;

/// Compares the bodies of an operation.
pub(super) fn body(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Findings {
    let mut findings = Findings::default();
    let subject = || part(pair.new, "body");
    let media =
        |body: &Body<'_>| body.content.iter().map(|content| content.media.clone()).collect::<Vec<_>>().join(", ");
    match (&pair.old.body, &pair.new.body) {
        (None, None) => {}
        (Some(body), None) => {
            let rule = if body.required { &rules::REQUIRED_BODY_REMOVED } else { &rules::OPTIONAL_BODY_REMOVED };
            findings.push(Finding::in_old(rule, subject(), body.site.as_str()).was(media(body)));
        }
        (None, Some(body)) => {
            let rule = if body.required { &rules::REQUIRED_BODY_ADDED } else { &rules::OPTIONAL_BODY_ADDED };
            findings.push(Finding::in_new(rule, subject(), body.site.as_str()).is(media(body)));
        }
        (Some(before), Some(after)) => {
            findings.document(documentation::count(sides, &before.at, &after.at));
            let rule = match (before.required, after.required) {
                (false, true) => Some(&rules::BODY_BECAME_REQUIRED),
                (true, false) => Some(&rules::BODY_BECAME_OPTIONAL),
                _ => None,
            };
            let pointer = below_if_there(&after.at, "required");
            findings.add(rule.map(|rule| Finding::in_new(rule, subject(), pointer)).into());
            if let Some(matches) = &pair.body {
                let contents = contents::Contents { sides, subject: subject(), usage: Usage::in_request };
                findings.add(contents.compare((&before.content, &after.content), matches));
            }
        }
    }
    findings
}
