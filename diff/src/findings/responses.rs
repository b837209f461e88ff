//! Responses and their headers.

use super::contents::{Contents, type_inside};
use super::places::in_model;
use super::{documentation, keywords};
use crate::alignment::labels::{part, response as label};
use crate::alignment::operations::OperationPair;
use crate::alignment::parts::ResponsePair;
use crate::alignment::usage::Usage;
use crate::contract::Sides;
use crate::contract::openrpc::NOTIFICATION;
use crate::contract::parts::{Operation, Response};
use crate::document::below;
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::rules;
use venuekit_codegen::model::ResponseReading;

/// Keys of a response that are compared elsewhere.
const KEYS: [&str; 5] = ["headers", "content", "schema", "name", "required"];

/// Compares the responses of an operation.
pub(super) fn responses(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Findings {
    let mut findings = Findings::default();
    let result = ResultType::new(sides, pair);
    for before in pair.responses.removed.iter().filter(|response| response.status != NOTIFICATION) {
        let gone = result == ResultType::Variants && before.success;
        let finding = removed(sides, pair.new, before).case_if(gone, &rules::VARIANT_GONE);
        findings.push(result.case(finding, before.success));
    }
    for after in pair.responses.added.iter().filter(|response| response.status != NOTIFICATION) {
        let is_new = result == ResultType::Variants && after.success;
        let finding = added(sides, pair.new, after).case_if(is_new, &rules::VARIANT_NEW);
        findings.push(result.case(finding, after.success));
    }
    for response_pair in pair.response_pairs() {
        findings.add(response(sides, pair.new, response_pair));
    }
    findings
}

/// The type that the call of an operation returns, before and after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResultType {
    /// It is an enum by status in both crates.
    Variants,
    /// It is an option or an enum by status in one crate only.
    Changed,
    /// The status has no effect on it, or there are no crates.
    Same,
}

impl ResultType {
    fn new(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Self {
        let readings = sides.apis().and_then(|(old, new)| {
            let (old, new) = (in_model(old, &pair.old.at.pointer)?, in_model(new, &pair.new.at.pointer)?);
            Some((old.reading, new.reading))
        });
        let of_several = |reading| matches!(reading, ResponseReading::Optional | ResponseReading::ByStatus);
        match readings {
            Some((ResponseReading::ByStatus, ResponseReading::ByStatus)) => Self::Variants,
            Some((old, new)) if old != new && (of_several(old) || of_several(new)) => Self::Changed,
            _ => Self::Same,
        }
    }

    fn case(self, finding: Finding, is_success: bool) -> Finding {
        finding.case_if(self == Self::Changed && is_success, &rules::RESULT_TYPE_CHANGES)
    }
}

fn added(sides: &Sides<'_>, operation: &Operation<'_>, after: &Response<'_>) -> Finding {
    let rule = match after.status.as_str() {
        "result" => &rules::RESPONSE_CONTENT_ADDED,
        _ if after.success => &rules::SUCCESS_STATUS_ADDED,
        _ => &rules::ERROR_STATUS_ADDED,
    };
    let finding = Finding::in_new(rule, part(operation, label(after)), after.site.as_str()).is(after.status.as_str());
    let has_type = after.status != "result" && type_inside(sides.new.api, &after.at.pointer).is_some();
    let other = operation.responses.iter().find(|other| other.success && other.status != after.status);
    let differs = other.is_some_and(|other| after.success && json(other) != json(after));
    finding.case_if(has_type, &rules::NEW_TYPE).case_if(differs, &rules::OTHER_SUCCESS_BODY)
}

fn removed(sides: &Sides<'_>, operation: &Operation<'_>, before: &Response<'_>) -> Finding {
    let rule = match before.status.as_str() {
        "result" => &rules::RESPONSE_CONTENT_REMOVED,
        _ if before.success => &rules::SUCCESS_STATUS_REMOVED,
        _ => &rules::ERROR_STATUS_REMOVED,
    };
    let finding =
        Finding::in_old(rule, part(operation, label(before)), before.site.as_str()).was(before.status.as_str());
    let gone = type_inside(sides.old.api, &before.at.pointer).filter(|_| before.status != "result");
    let finding = finding.case_of_some(&rules::TYPE_GONE, gone);
    let has_success = before.success && operation.responses.iter().any(|after| after.success);
    let is_range = |after: &Response<'_>| after.status.eq_ignore_ascii_case("2XX") && before.status.starts_with('2');
    let is_covered = has_success && operation.responses.iter().any(is_range);
    let finding = finding.case_if(is_covered, &rules::COVERED_BY_RANGE);
    // A range, and `default` if there was no other success, contain the status that is named now.
    let stood_for_several = before.status == "default" || before.status.to_ascii_uppercase().ends_with("XX");
    let is_named = has_success && before.success && stood_for_several && !is_covered;
    let is_other = has_success && !is_covered && !is_named;
    let finding = finding.case_if(is_other && sides.is_generated(), &rules::OTHER_SUCCESS_STAYS);
    finding.case_if(is_named, &rules::STATUS_NAMED)
}

fn response(sides: &Sides<'_>, operation: &Operation<'_>, pair: &ResponsePair<'_>) -> Findings {
    let (before, after) = (pair.old, pair.new);
    let mut findings = Findings::default();
    findings.document(documentation::count(sides, &before.at, &after.at));
    let subject = || part(operation, label(after));
    // The other keys of a subscription are compared in the model.
    if after.status != NOTIFICATION {
        findings.add(keywords::others(&before.at, &after.at, &KEYS, &subject()));
    }
    match (before.content.is_empty(), after.content.is_empty()) {
        (true, false) if pair.is_success() => {
            let pointer = below(&after.at, "content");
            findings.push(Finding::in_new(&rules::RESPONSE_CONTENT_ADDED, subject(), pointer));
        }
        (false, true) if pair.is_success() => {
            let pointer = below(&before.at, "content");
            findings.push(Finding::in_old(&rules::RESPONSE_CONTENT_REMOVED, part(operation, label(before)), pointer));
        }
        _ => {
            let usage = |_| Usage::in_response(pair.is_success());
            let contents = Contents { sides, subject: subject(), usage };
            findings.add(contents.compare((&before.content, &after.content), &pair.contents));
        }
    }
    findings.add(headers(sides, operation, pair));
    findings
}

fn headers(sides: &Sides<'_>, operation: &Operation<'_>, pair: &ResponsePair<'_>) -> Findings {
    let mut findings = Findings::default();
    let subject = |header: &str| part(operation, format!("{} header {header}", label(pair.new)));
    for header in &pair.headers.removed {
        let rule = if header.required { &rules::REQUIRED_HEADER_REMOVED } else { &rules::OPTIONAL_HEADER_REMOVED };
        let finding = Finding::in_old(rule, subject(&header.name), header.site.as_str());
        findings.push(finding.was(header.name.as_str()));
    }
    for (before, after) in &pair.headers.pairs {
        findings.document(documentation::count(sides, &before.at, &after.at));
        let rule = match (before.required, after.required) {
            (false, true) => Some(&rules::HEADER_BECAME_REQUIRED),
            (true, false) => Some(&rules::HEADER_BECAME_OPTIONAL),
            _ => None,
        };
        let pointer = after.at.pointer.as_str();
        findings.add(rule.map(|rule| Finding::in_new(rule, subject(&before.name), pointer)).into());
        if before.style != after.style && !before.style.is_empty() && !after.style.is_empty() {
            let finding = Finding::in_new(&rules::HEADER_STYLE_CHANGED, subject(&before.name), pointer);
            findings.push(finding.was(before.style.as_str()).is(after.style.as_str()).used(Usage::in_header()));
        }
        match (&before.schema, &after.schema) {
            (None, Some(schema)) => {
                let place = schema.pointer.as_str();
                let finding = Finding::in_new(&rules::HEADER_SCHEMA_ADDED, subject(&before.name), place);
                findings.push(finding.used(Usage::in_header()));
            }
            (Some(schema), None) => {
                let place = schema.pointer.as_str();
                let finding = Finding::in_old(&rules::HEADER_SCHEMA_REMOVED, subject(&before.name), place);
                findings.push(finding.used(Usage::in_header()));
            }
            _ => {}
        }
    }
    for header in &pair.headers.added {
        let rule = if header.required { &rules::REQUIRED_HEADER_ADDED } else { &rules::OPTIONAL_HEADER_ADDED };
        let finding = Finding::in_new(rule, subject(&header.name), header.site.as_str());
        findings.push(finding.is(header.name.as_str()));
    }
    findings
}

/// Returns the schema of the JSON of a response, which can be a reference.
fn json(response: &Response<'_>) -> Option<String> {
    let schema = response.content.iter().find(|content| content.json)?.schema.as_ref()?;
    Some(json_text::text(schema.node))
}
