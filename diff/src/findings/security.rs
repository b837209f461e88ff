//! Security schemes, and the schemes that an operation requires.

use std::collections::BTreeMap;

use venuekit_codegen::source::Located;

use super::documentation;
use super::places::{api, of_operation};
use crate::alignment::operations::OperationPair;
use crate::comparison::Revision;
use crate::contract::parts::SecurityLevel;
use crate::contract::{Side, Sides, Standard};
use crate::finding::{Finding, Findings};
use crate::level::Level;
use crate::rules;

/// Compares security schemes by name.
pub(super) fn schemes(sides: &Sides<'_>) -> Findings {
    let mut findings = Findings::default();
    let old = sides.old.security_schemes();
    for (name, after) in sides.new.security_schemes() {
        let Some((_, before)) = old.iter().find(|(other, _)| *other == name) else { continue };
        findings.document(documentation::count(sides, before, &after));
        let (was, is) = (text(before), text(&after));
        // Names of headers are compared without case.
        let is_header = before.text("in") == Some("header") && after.text("in") == Some("header");
        if was != is && !(is_header && was.eq_ignore_ascii_case(&is)) {
            let is_used = sides.old.contract.operations.iter().any(|operation| operation.security.names(name));
            let finding = api(&rules::SECURITY_SCHEME_CHANGED, &after.pointer).was(was).is(is);
            findings.push(finding.case_if(!is_used, &rules::SCHEME_UNUSED));
        }
    }
    findings
}

/// Compares the security of an operation.
pub(super) fn of_operation_pair(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Option<Finding> {
    let (old, new) = (&pair.old.security, &pair.new.security);
    let key = match sides.new.contract.standard {
        Standard::OpenApi => "security",
        Standard::OpenRpc => "x-security",
    };
    let finding = |rule| of_operation(rule, sides, pair, key);
    // If the schemes stay, then one of them gained or lost the signature.
    let at_signature = |finding: Finding, side: &Side<'_>, revision| match signature(side) {
        Some(pointer) if old.schemes == new.schemes => Finding { pointer, revision, ..finding },
        _ => finding,
    };
    let sufficient = sufficiency(sides, &old.schemes, &new.schemes);
    if old.level < new.level {
        let finding = finding(&rules::SECURITY_RAISED).was(old.level.name()).is(new.level.name());
        let finding = finding.case_if(old.level != SecurityLevel::Public, &rules::SIGNATURE_ADDED);
        Some(at_signature(finding, &sides.new, Revision::New))
    } else if old.level > new.level {
        let finding = finding(&rules::SECURITY_LOWERED).was(old.level.name()).is(new.level.name());
        // A lower level can still need another scheme.
        let finding = finding.case_if(sufficient == Some(Level::Breaking), &rules::SCHEME_MISSING);
        let finding = finding.case_if(sufficient == Some(Level::Risky), &rules::SCOPE_MISSING);
        Some(at_signature(finding, &sides.old, Revision::Old))
    } else {
        let level = sufficient?;
        let finding = finding(&rules::SECURITY_CHANGED).was(schemes_text(&old.schemes)).is(schemes_text(&new.schemes));
        let finding = finding.case_if(level == Level::Safe, &rules::SCHEMES_SUFFICE);
        Some(finding.case_if(level == Level::Risky, &rules::SCOPE_MISSING))
    }
}

/// Returns the pointer of the scheme with the signature.
fn signature(side: &Side<'_>) -> Option<String> {
    let mut schemes = side.security_schemes().into_iter();
    schemes.find(|(_, scheme)| scheme.flag("x-signature")).map(|(_, scheme)| scheme.pointer)
}

/// Schemes that are required together, with their scopes.
type Schemes = BTreeMap<String, Vec<String>>;

/// Returns the level of the wire verdict on the requests of old clients. It is `Risky` if only
/// scopes may be missing, and `None` if the same schemes are required. A scheme that differs only
/// in its name is the same.
fn sufficiency(sides: &Sides<'_>, old: &[Schemes], new: &[Schemes]) -> Option<Level> {
    let (old_all, new_all) = (sides.old.security_schemes(), sides.new.security_schemes());
    let old_name = |name: &str| {
        let content = new_all.iter().find(|(other, _)| *other == name).map(|(_, scheme)| text(scheme));
        let is_known = old_all.iter().any(|(other, _)| *other == name);
        let same = old_all.iter().find(|(_, scheme)| Some(text(scheme)) == content);
        same.filter(|_| !is_known).map_or(name, |(other, _)| *other).to_owned()
    };
    let rename = |all: &Schemes| all.iter().map(|(name, scopes)| (old_name(name), scopes.clone())).collect::<Schemes>();
    let new: Vec<Schemes> = new.iter().map(rename).collect();
    if old == new {
        return None;
    }
    let suffices = |sent: &Schemes, with_scopes: bool| {
        let has = |(name, wanted): (&String, &Vec<String>)| {
            sent.get(name).is_some_and(|held| !with_scopes || wanted.iter().all(|scope| held.contains(scope)))
        };
        // If no scheme is required, every request suffices.
        new.is_empty() || new.iter().any(|asked| asked.iter().all(has))
    };
    Some(if old.iter().all(|sent| suffices(sent, true)) {
        Level::Safe
    } else if old.iter().all(|sent| suffices(sent, false)) {
        Level::Risky
    } else {
        Level::Breaking
    })
}

/// Returns `apiKey in header X-KEY`.
fn text(scheme: &Located<'_>) -> String {
    let parts = [
        scheme.text("type"),
        scheme.text("scheme"),
        scheme.text("in").map(|_| "in"),
        scheme.text("in"),
        scheme.text("name"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn schemes_text(schemes: &[Schemes]) -> String {
    let one = |(name, scopes): (&String, &Vec<String>)| match scopes.as_slice() {
        [] => name.clone(),
        scopes => format!("{name} ({})", scopes.join(", ")),
    };
    let all = |all: &Schemes| all.iter().map(one).collect::<Vec<_>>().join(" and ");
    schemes.iter().map(all).collect::<Vec<_>>().join(", or ")
}
