//! The places of error codes and messages, and the codes of the API.

use venuekit_codegen::model::Api;
use venuekit_codegen::source::pointer_join;

use super::codes::{ErrorCodes, OutcomeCodes};
use super::conditions::{Conditions, conditions};
use super::places::of_api;
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::rules;

/// Compares the extensions of the API about errors.
pub(super) fn errors(sides: &Sides<'_>) -> Findings {
    let mut findings = Findings::default();
    let Some((old, new)) = sides.apis() else { return findings };
    findings.add(shape(old, new));
    let of_all = |api| Conditions { own: failed_when(api), shared: &[] };
    let place = "/x-error/failed-when";
    findings.add(conditions(&Subject::default(), (place, place), of_all(old), of_all(new)));
    let codes = OutcomeCodes { sides, subject: Subject::default(), at: (&sides.old.root(), &sides.new.root()) };
    let rules = (&rules::UNKNOWN_CODE_ADDED, &rules::UNKNOWN_CODE_REMOVED);
    findings.add(codes.compare(rules, "x-unknown-codes", &old.unknown_codes, &new.unknown_codes));
    let rules = (&rules::CLOCK_CODE_ADDED, &rules::CLOCK_CODE_REMOVED);
    findings.add(codes.compare(rules, "x-clock-codes", &old.clock_codes, &new.clock_codes));
    let rules = (&rules::REFUSED_CODE_ADDED, &rules::REFUSED_CODE_REMOVED);
    findings.add(codes.compare(rules, "x-refused-codes", &old.refused_codes, &new.refused_codes));
    let codes = ErrorCodes { sides, subject: Subject::default(), lists: &["/x-error-codes", "/components/errors"] };
    findings.add(codes.compare(&old.error_codes, &new.error_codes));
    findings
}

fn failed_when(api: &Api) -> &[venuekit_codegen::model::Condition] {
    &api.error_shape.failed_when
}

fn shape(old: &Api, new: &Api) -> Findings {
    let mut findings = Findings::default();
    for (key, before, after) in [
        ("code", &old.error_shape.code, &new.error_shape.code),
        ("message", &old.error_shape.message, &new.error_shape.message),
    ] {
        if before != after {
            findings.push(pointers(key, before, after));
        }
    }
    findings
}

/// Compares the places where clients look for the code or the message.
fn pointers(key: &str, before: &[String], after: &[String]) -> Finding {
    let text = |pointers: &[String]| {
        if pointers.is_empty() { String::new() } else { format!("{key} {}", pointers.join(", ")) }
    };
    let finding = of_api(&rules::ERROR_SHAPE_CHANGED, &pointer_join("/x-error", key), !after.is_empty());
    let finding = finding.was(text(before)).is(text(after));
    let has_all = |some: &[String], others: &[String]| some.iter().all(|pointer| others.contains(pointer));
    match (has_all(before, after), has_all(after, before)) {
        (true, true) => finding.case(&rules::POINTERS_REORDERED),
        (true, false) => finding.case(&rules::POINTER_ADDED),
        (false, true) if !after.is_empty() && is_in_order(before, after) => finding.case(&rules::POINTER_REMOVED),
        (false, true) if !after.is_empty() => finding.case(&rules::POINTERS_REORDERED),
        _ => finding.case_if(key == "message", &rules::MESSAGE_MOVED),
    }
}

/// Returns whether some elements of a list are in the order of the list.
fn is_in_order(all: &[String], some: &[String]) -> bool {
    all.iter().filter(|one| some.contains(one)).eq(some.iter())
}
