//! Security schemes, and the schemes that an operation requires.

use std::collections::BTreeMap;

use venuekit_codegen::source::Located;

use super::documentation;
use super::places::{api, of_api, of_operation, removed_from_api};
use crate::alignment::operations::OperationPair;
use crate::comparison::Revision;
use crate::contract::parts::SecurityLevel;
use crate::contract::{Side, Sides, Standard};
use crate::document::below;
use crate::finding::{Finding, Findings};
use crate::level::Level;
use crate::rules;

/// Compares security schemes by name.
pub(super) fn schemes(sides: &Sides<'_>) -> Findings {
    let mut findings = Findings::default();
    let (old, new) = (sides.old.security_schemes(), sides.new.security_schemes());
    let is_named =
        |side: &Side<'_>, name: &str| side.contract.operations.iter().any(|operation| operation.security.names(name));
    for (name, after) in &new {
        let Some((_, before)) = old.iter().find(|(other, _)| other == name) else {
            if is_renamed(after, &old, &new) {
                continue;
            }
            findings.push(api(&rules::SECURITY_SCHEME_ADDED, &after.pointer).is(text(after)));
            continue;
        };
        findings.document(documentation::count(sides, before, after));
        let is_used = is_named(&sides.old, name);
        let (was, is) = (text(before), text(after));
        // Names of headers are compared without case.
        let is_header = before.text("in") == Some("header") && after.text("in") == Some("header");
        if was != is && !(is_header && was.eq_ignore_ascii_case(&is)) {
            let finding = api(&rules::SECURITY_SCHEME_CHANGED, &after.pointer).was(was).is(is);
            findings.push(finding.case_if(!is_used, &rules::SCHEME_UNUSED));
        } else {
            findings.add(details(before, after, is_used));
        }
    }
    for (name, before) in old.iter().filter(|(name, _)| !new.iter().any(|(other, _)| other == name)) {
        if is_renamed(before, &new, &old) {
            continue;
        }
        let finding = removed_from_api(&rules::SECURITY_SCHEME_REMOVED, &before.pointer).was(text(before));
        findings.push(finding.case_if(is_named(&sides.new, name), &rules::STILL_NAMED));
    }
    findings
}

/// A security scheme and its name.
type Named<'d> = (&'d str, Located<'d>);

/// Returns whether a scheme of one document only is in the other one under another name.
fn is_renamed(scheme: &Located<'_>, others: &[Named<'_>], own: &[Named<'_>]) -> bool {
    let is_alone = |name: &str| !own.iter().any(|(other, _)| *other == name);
    others.iter().any(|(name, other)| is_alone(name) && whole(other) == whole(scheme))
}

/// Returns what a client has to know of a scheme.
fn whole(scheme: &Located<'_>) -> (String, BTreeMap<String, String>) {
    let addresses = addresses(scheme).into_iter().map(|(name, (address, _))| (name, address));
    (text(scheme), addresses.collect())
}

/// The keys of a flow with an address that clients call.
const ADDRESSES: [&str; 4] = ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"];

/// Compares the way in which clients get their credentials: the flows of OAuth 2 with their
/// addresses and scopes, and the address of OpenID Connect.
fn details(before: &Located<'_>, after: &Located<'_>, is_used: bool) -> Findings {
    let mut findings = Findings::default();
    let changed = |place: &str, was: Option<String>, is: Option<String>, is_extended: bool| {
        let is_in_new = is.is_some();
        let finding = of_api(&rules::SECURITY_SCHEME_CHANGED, place, is_in_new).values(was, is);
        let finding = finding.case_if(is_extended, &rules::SCHEME_EXTENDED);
        finding.case_if(!is_used, &rules::SCHEME_UNUSED)
    };
    let (old, new) = (addresses(before), addresses(after));
    for (name, (address, place)) in &new {
        match old.get(name) {
            Some((was, _)) if was != address => {
                findings.push(changed(place, Some(format!("{name} {was}")), Some(format!("{name} {address}")), false));
            }
            Some(_) => {}
            None => findings.push(changed(place, None, Some(format!("{name} {address}")), true)),
        }
    }
    for (name, (address, place)) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
        findings.push(changed(place, Some(format!("{name} {address}")), None, false));
    }
    let (old, new) = (scopes(before), scopes(after));
    for (name, place) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
        findings.push(removed_from_api(&rules::SECURITY_SCOPE_REMOVED, place).was(name.as_str()));
    }
    for (name, place) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        findings.push(api(&rules::SECURITY_SCOPE_ADDED, place).is(name.as_str()));
    }
    findings
}

/// Returns the flows of a scheme by name. OpenAPI 2.0 has one, in the scheme itself.
fn flows<'d>(scheme: &Located<'d>) -> Vec<(String, Located<'d>)> {
    match (scheme.get("flows"), scheme.text("flow")) {
        (Some(flows), _) => flows.members().map(|(name, flow)| (name.to_owned(), flow)).collect(),
        (None, Some(name)) => {
            // The names of OpenAPI 3.
            let name = match name {
                "application" => "clientCredentials",
                "accessCode" => "authorizationCode",
                other => other,
            };
            vec![(name.to_owned(), scheme.clone())]
        }
        (None, None) => Vec::new(),
    }
}

/// Returns the addresses of a scheme by name, each with its place. A flow without one is listed as
/// well.
fn addresses(scheme: &Located<'_>) -> BTreeMap<String, (String, String)> {
    let mut addresses = BTreeMap::new();
    if let Some(found) = scheme.get("openIdConnectUrl") {
        let address = found.node.as_str().unwrap_or_default().to_owned();
        addresses.insert("openIdConnectUrl".to_owned(), (address, found.pointer));
    }
    for (name, flow) in flows(scheme) {
        let stated: Vec<&str> = ADDRESSES.into_iter().filter(|key| flow.text(key).is_some()).collect();
        if stated.is_empty() {
            addresses.insert(format!("flow {name}"), (String::new(), flow.pointer.clone()));
        }
        for key in stated {
            let address = flow.text(key).unwrap_or_default().to_owned();
            addresses.insert(format!("{name} {key}"), (address, below(&flow, key)));
        }
    }
    addresses
}

/// Returns the scopes of a scheme, each with its place.
fn scopes(scheme: &Located<'_>) -> BTreeMap<String, String> {
    let mut scopes = BTreeMap::new();
    for (name, flow) in flows(scheme) {
        let listed = flow.get("scopes").into_iter().flat_map(|scopes| scopes.members().collect::<Vec<_>>());
        scopes.extend(listed.map(|(scope, at)| (format!("{name} {scope}"), at.pointer)));
    }
    scopes
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
        let content = new_all.iter().find(|(other, _)| *other == name).map(|(_, scheme)| whole(scheme));
        let is_known = old_all.iter().any(|(other, _)| *other == name);
        let same = old_all.iter().find(|(_, scheme)| Some(whole(scheme)) == content);
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
