//! The extensions of an operation, compared in the model, which contains all defaults.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use venuekit_codegen::model::{self, Api, CodeRule, Idempotent, TypeKind};
use venuekit_codegen::source::Located;

use super::codes::{ErrorCodes, OutcomeCodes, uncovered};
use super::conditions::{Conditions, conditions};
use super::constraints::{constraints, renamed};
use super::places::{in_model, of_operation};
use super::weights::{weight_rule, weight_text};
use crate::alignment::labels::whole;
use crate::alignment::limits::LimitAt;
use crate::alignment::matches::Matches;
use crate::alignment::operations::OperationPair;
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::document::{below, element};
use crate::finding::{Finding, Findings};
use crate::rules::{self, Rule};

/// Compares the subscription of an operation, without the type of its notifications, which is
/// compared as a response.
fn subscription(models: &Models<'_>, at: &dyn Fn(&'static Rule, &str) -> Finding) -> Option<Finding> {
    let key = "x-subscription";
    match (&models.old.subscription, &models.new.subscription) {
        (None, Some(after)) => Some(at(&rules::SUBSCRIPTION_ADDED, key).is(after.to_string())),
        (Some(before), None) => Some(at(&rules::SUBSCRIPTION_REMOVED, key).was(before.to_string())),
        (Some(before), Some(after)) => {
            let (was, is) = (before.to_string(), after.to_string());
            (was != is).then(|| at(&rules::SUBSCRIPTION_CHANGED, key).was(was).is(is))
        }
        (None, None) => None,
    }
}

/// An operation in both models.
struct Models<'s> {
    old_api: &'s Api,
    new_api: &'s Api,
    old: &'s model::Operation,
    new: &'s model::Operation,
}

/// Compares the extensions of an operation.
pub(super) fn operation<'s>(sides: &'s Sides<'s>, pair: &OperationPair<'s>, limits: &Matches<LimitAt<'s>>) -> Findings {
    let mut findings = Findings::default();
    let Some((old_api, new_api)) = sides.apis() else { return findings };
    let (old, new) = (in_model(old_api, &pair.old.at.pointer), in_model(new_api, &pair.new.at.pointer));
    let (Some(old), Some(new)) = (old, new) else { return findings };
    let models = Models { old_api, new_api, old, new };
    let at = |rule: &'static Rule, key: &str| of_operation(rule, sides, pair, key);
    // The new names of parameters by their old names.
    let names: HashMap<&str, &str> =
        pair.parameters.pairs.iter().map(|(before, after)| (before.name.as_str(), after.name.as_str())).collect();
    if let Some(rule) = weight_rule(old, new, &names) {
        findings.push(at(rule, "x-weight").was(weight_text(old)).is(weight_text(new)));
    }
    findings.add(operation_limits(&models, limits, &at));
    findings.add(idempotency(&models, &names, &at).into());
    let renamed = renamed(&old.constraints, &|name| names.get(name).copied().unwrap_or(name).to_owned());
    findings.add(constraints(&whole(pair.new), &renamed, &new.constraints));
    findings.add(subscription(&models, &at).into());
    match (old.only_reads(), new.only_reads()) {
        (false, true) => findings.push(at(&rules::READS_GAINED, "x-reads-only")),
        (true, false) => findings.push(at(&rules::READS_LOST, "x-reads-only")),
        _ => {}
    }
    match (old.moves_funds, new.moves_funds) {
        (false, true) => findings.push(at(&rules::FUNDS_MARKED, "x-moves-funds")),
        (true, false) => findings.push(at(&rules::FUNDS_UNMARKED, "x-moves-funds")),
        _ => {}
    }
    match (old.cancels, new.cancels) {
        (false, true) => findings.push(at(&rules::CANCEL_MARKED, "x-cancels")),
        (true, false) => findings.push(at(&rules::CANCEL_UNMARKED, "x-cancels")),
        _ => {}
    }
    findings.add(errors(sides, pair, &models));
    findings
}

/// Compares the limits of an operation by name. A limit that only one of the APIs has is a change
/// of the API.
fn operation_limits(
    models: &Models<'_>,
    limits: &Matches<LimitAt<'_>>,
    at: &dyn Fn(&'static Rule, &str) -> Finding,
) -> Findings {
    let mut findings = Findings::default();
    let indices = |operation: &model::Operation, is_counted: &dyn Fn(usize) -> bool| {
        operation.limits.iter().copied().filter(|index| is_counted(*index)).collect::<Vec<_>>()
    };
    let partner = |index: usize| limits.pairs.iter().find(|((old, _), _)| *old == index).map(|(_, new)| *new);
    let was: Vec<LimitAt<'_>> = indices(models.old, &|_| true).into_iter().filter_map(partner).collect();
    let is_known = |index: usize| limits.pairs.iter().any(|(_, (new, _))| *new == index);
    let is = indices(models.new, &is_known);
    for (_, limit) in was.iter().filter(|(index, _)| !models.new.limits.contains(index)) {
        findings.push(at(&rules::OPERATION_LIMIT_REMOVED, "x-limits").was(limit.name.as_str()));
    }
    for index in is.into_iter().filter(|index| !was.iter().any(|(other, _)| other == index)) {
        let name = models.new_api.limits.get(index).map(|limit| limit.name.as_str());
        findings.push(at(&rules::OPERATION_LIMIT_ADDED, "x-limits").is(name.unwrap_or_default()));
    }
    findings
}

/// Compares the permission to send a request again.
fn idempotency(
    models: &Models<'_>,
    names: &HashMap<&str, &str>,
    at: &dyn Fn(&'static Rule, &str) -> Finding,
) -> Option<Finding> {
    let (before, after) = (&models.old.idempotent, &models.new.idempotent);
    let rank = |idempotent: &Idempotent| match idempotent {
        Idempotent::Never => 0,
        Idempotent::WhenPresent(_) => 1,
        Idempotent::Always => 2,
    };
    // The old properties by their new names.
    let was: BTreeSet<&str> =
        properties(before).iter().map(|name| names.get(name.as_str()).copied().unwrap_or(name)).collect();
    let is: BTreeSet<&str> = properties(after).iter().map(String::as_str).collect();
    let rule = match rank(before).cmp(&rank(after)) {
        Ordering::Greater => &rules::IDEMPOTENCY_LOST,
        Ordering::Less => &rules::IDEMPOTENCY_GAINED,
        Ordering::Equal if was == is => return None,
        Ordering::Equal if is.is_subset(&was) => &rules::IDEMPOTENCY_LOST,
        Ordering::Equal if was.is_subset(&is) => &rules::IDEMPOTENCY_GAINED,
        Ordering::Equal => &rules::IDEMPOTENCY_CHANGED,
    };
    let text = |idempotent: &Idempotent| match idempotent {
        Idempotent::Always => "yes".to_owned(),
        Idempotent::Never => "no".to_owned(),
        Idempotent::WhenPresent(properties) => format!("with {}", properties.join(" or ")),
    };
    let finding = at(rule, "x-idempotent").was(text(before)).is(text(after));
    let mut added = is.iter().filter(|property| !was.contains(*property));
    let is_optional = |property: &str| {
        can_be_missing(models.old_api, models.old, property) && can_be_missing(models.new_api, models.new, property)
    };
    Some(match added.find(|property| is_optional(property)) {
        Some(property) => finding.case_of(&rules::SETTER_WITHOUT_OPTION, *property),
        None if *rule == rules::IDEMPOTENCY_LOST && !is.is_empty() => {
            finding.case_of(&rules::ONLY_WITH_PROPERTY, properties(after).join(" or "))
        }
        None => finding,
    })
}

/// Returns the properties of which one has to be present.
fn properties(idempotent: &Idempotent) -> &[String] {
    match idempotent {
        Idempotent::WhenPresent(properties) => properties,
        Idempotent::Always | Idempotent::Never => &[],
    }
}

/// Returns whether an operation has an optional parameter of this name, or an optional property in
/// its body.
fn can_be_missing(api: &Api, operation: &model::Operation, name: &str) -> bool {
    let def = operation.body.as_ref().and_then(|body| api.resolve_def(&body.ty));
    let fields = match def.map(|def| &def.kind) {
        Some(TypeKind::Struct(fields)) => fields.as_slice(),
        _ => &[],
    };
    operation.parameters.iter().any(|parameter| parameter.wire == name && !parameter.required)
        || fields.iter().any(|field| field.wire == name && !field.required)
}

/// Compares the codes and conditions of an operation. Codes and conditions of the root are changes
/// of the API.
fn errors(sides: &Sides<'_>, pair: &OperationPair<'_>, models: &Models<'_>) -> Findings {
    let mut findings = Findings::default();
    let Models { old_api, new_api, old, new } = models;
    let (before, after) = (&pair.old.at, &pair.new.at);
    let codes = OutcomeCodes { sides, subject: whole(pair.new), at: (before, after) };
    let rules = (&rules::DONE_CODE_ADDED, &rules::DONE_CODE_REMOVED);
    findings.add(codes.compare(rules, "x-done-codes", &old.done_codes, &new.done_codes));
    let rules = (&rules::GONE_CODE_ADDED, &rules::GONE_CODE_REMOVED);
    findings.add(codes.compare(rules, "x-gone-codes", &old.gone_codes, &new.gone_codes));
    let own = |own: &[CodeRule], shared: &[CodeRule]| uncovered(own, shared).cloned().collect::<Vec<_>>();
    let rules = (&rules::UNKNOWN_CODE_ADDED, &rules::UNKNOWN_CODE_REMOVED);
    let was = own(&old.unknown_codes, &new_api.unknown_codes);
    let is = own(&new.unknown_codes, &old_api.unknown_codes);
    findings.add(codes.compare(rules, "x-unknown-codes", &was, &is));
    findings.add(statuses(&whole(pair.new), (before, after), &old.unknown_statuses, &new.unknown_statuses));
    findings.add(batch(&whole(pair.new), (before, after), old.batch.as_ref(), new.batch.as_ref()));
    findings.add(pagination(&whole(pair.new), (before, after), old, new));
    let rules = (&rules::REFUSED_CODE_ADDED, &rules::REFUSED_CODE_REMOVED);
    let was = own(&old.refused_codes, &new_api.refused_codes);
    let is = own(&new.refused_codes, &old_api.refused_codes);
    findings.add(codes.compare(rules, "x-refused-codes", &was, &is));
    let lists = (below(before, "x-failed-when"), below(after, "x-failed-when"));
    let was = Conditions { own: &old.failed_when, shared: &old_api.error_shape.failed_when };
    let is = Conditions { own: &new.failed_when, shared: &new_api.error_shape.failed_when };
    findings.add(conditions(&whole(pair.new), (&lists.0, &lists.1), was, is));
    let lists = [below(before, "errors"), below(after, "errors")];
    let [was, is] = &lists;
    let codes = ErrorCodes { sides, subject: whole(pair.new), lists: &[was, is] };
    findings.add(codes.compare(&old.error_codes, &new.error_codes));
    findings
}

/// Compares the lists of a batch.
fn batch(
    subject: &Subject,
    at: (&Located<'_>, &Located<'_>),
    old: Option<&model::Batch>,
    new: Option<&model::Batch>,
) -> Findings {
    let mut findings = Findings::default();
    let places = (below(at.0, "x-batch"), below(at.1, "x-batch"));
    let text = |batch: &model::Batch| format!("request: '{}', response: '{}'", batch.request, batch.response);
    match (old, new) {
        (None, Some(new)) => {
            let finding = Finding::in_new(&rules::BATCH_ADDED, subject.clone(), places.1);
            findings.push(finding.is(text(new)));
        }
        (Some(old), None) => {
            let finding = Finding::in_old(&rules::BATCH_REMOVED, subject.clone(), places.0);
            findings.push(finding.was(text(old)));
        }
        (Some(old), Some(new)) if old != new => {
            let finding = Finding::in_new(&rules::BATCH_CHANGED, subject.clone(), places.1);
            findings.push(finding.was(text(old)).is(text(new)));
        }
        _ => {}
    }
    findings
}

/// Returns the value of `by` in a spec.
fn paged_by(by: model::PagedBy) -> &'static str {
    match by {
        model::PagedBy::Offset => "offset",
        model::PagedBy::Number => "number",
        model::PagedBy::Cursor => "cursor",
        model::PagedBy::LastItem => "last-item",
    }
}

/// Compares the pages of a list. If the list is another one, its pages are gone, and those of the
/// new list are added, because the items may have another type.
fn pagination(
    subject: &Subject,
    at: (&Located<'_>, &Located<'_>),
    old: &model::Operation,
    new: &model::Operation,
) -> Findings {
    let mut findings = Findings::default();
    let places = (below(at.0, "x-pagination"), below(at.1, "x-pagination"));
    let text = |operation: &model::Operation, pages: &model::Pagination| {
        let parameter = operation.parameters.get(pages.parameter).map(|parameter| parameter.wire.as_str());
        let (items, by, parameter) = (&pages.items, paged_by(pages.by), parameter.unwrap_or_default());
        let mut text = format!("items: '{items}', by: {by}, parameter: {parameter}");
        if !pages.value.is_empty() {
            text.push_str(&format!(", value: '{}'", pages.value));
        }
        if pages.first != 1 {
            text.push_str(&format!(", first: {}", pages.first));
        }
        text + if pages.repeats { ", repeats" } else { "" }
    };
    let was = old.pagination.as_ref().map(|pages| (text(old, pages), pages));
    let is = new.pagination.as_ref().map(|pages| (text(new, pages), pages));
    match (was, is) {
        (Some((was, old)), Some((is, new))) if old.items == new.items => {
            if was != is {
                let finding = Finding::in_new(&rules::PAGINATION_CHANGED, subject.clone(), places.1);
                findings.push(finding.was(was).is(is));
            }
        }
        (was, is) => {
            if let Some((was, _)) = was {
                findings.push(Finding::in_old(&rules::PAGINATION_REMOVED, subject.clone(), places.0).was(was));
            }
            if let Some((is, _)) = is {
                findings.push(Finding::in_new(&rules::PAGINATION_ADDED, subject.clone(), places.1).is(is));
            }
        }
    }
    findings
}

/// Compares the statuses that leave the outcome of an operation unknown.
fn statuses(subject: &Subject, at: (&Located<'_>, &Located<'_>), old: &[u16], new: &[u16]) -> Findings {
    let mut findings = Findings::default();
    let place = |at: &Located<'_>, index: usize| element(&below(at, "x-unknown-statuses"), index);
    for (index, status) in old.iter().enumerate().filter(|(_, status)| !new.contains(status)) {
        let finding = Finding::in_old(&rules::UNKNOWN_STATUS_REMOVED, subject.clone(), place(at.0, index));
        findings.push(finding.was(status.to_string()));
    }
    for (index, status) in new.iter().enumerate().filter(|(_, status)| !old.contains(status)) {
        let finding = Finding::in_new(&rules::UNKNOWN_STATUS_ADDED, subject.clone(), place(at.1, index));
        findings.push(finding.is(status.to_string()));
    }
    findings
}
