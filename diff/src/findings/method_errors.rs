//! The errors that the methods of OpenRPC list, if no crate is generated.

use std::collections::HashSet;

use venuekit_codegen::source::Located;

use super::documentation;
use crate::alignment::labels::part;
use crate::alignment::operations::OperationPair;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::rules;

/// Compares the errors of a method. Generated crates list their codes, which are compared in the
/// model.
pub(super) fn errors(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Findings {
    let mut findings = Findings::default();
    if sides.is_generated() {
        return findings;
    }
    let code = |error: &Located<'_>| error.node.get("code").map(json_text::text);
    let codes = |errors: &[Located<'_>]| errors.iter().filter_map(code).collect::<HashSet<_>>();
    let (was, is) = (codes(&pair.old.errors), codes(&pair.new.errors));
    let mut seen = HashSet::new();
    for error in &pair.old.errors {
        let Some(code) = code(error).filter(|code| !is.contains(code) && seen.insert(code.clone())) else { continue };
        let finding = Finding::in_old(&rules::ERROR_CODE_REMOVED, part(pair.new, ""), error.pointer.as_str());
        findings.push(finding.was(code).case(&rules::CODE_FOR_OTHERS));
    }
    for error in &pair.new.errors {
        let Some(code) = code(error).filter(|code| !was.contains(code) && seen.insert(code.clone())) else { continue };
        let finding = Finding::in_new(&rules::ERROR_CODE_ADDED, part(pair.new, ""), error.pointer.as_str());
        findings.push(finding.is(code).case(&rules::CODE_FOR_OTHERS));
    }
    for before in &pair.old.errors {
        if let Some(after) = pair.new.errors.iter().find(|after| code(after) == code(before)) {
            let differs = ["message", "data"].iter().any(|key| {
                let text = |error: &Located<'_>| error.node.get(key).map(json_text::text);
                text(before) != text(after)
            });
            findings.document(usize::from(differs) + documentation::count(sides, before, after));
        }
    }
    findings
}
