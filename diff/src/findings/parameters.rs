//! Parameters.

use venuekit_codegen::model::Route;
use venuekit_codegen::source::{Document, parent};

use super::{documentation, keywords};
use crate::alignment::labels::{parameter as label, part};
use crate::alignment::operations::OperationPair;
use crate::comparison::Revision;
use crate::contract::Sides;
use crate::contract::parts::{Operation, Parameter, ParameterPlace};
use crate::document::{below, below_if_there};
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::keys::DOCUMENTATION;
use crate::names::rust_name;
use crate::rules;
use crate::schema::resolved::ResolvedSchema;

/// Keys of a parameter that are compared elsewhere.
const KEYS: [&str; 8] = ["name", "in", "required", "deprecated", "style", "explode", "schema", "content"];

/// Compares the parameters of an operation.
pub(super) fn parameters(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Findings {
    let mut findings = Findings::default();
    let (removed, added) = (&pair.parameters.removed, &pair.parameters.added);
    findings.add(order(sides, pair).into());
    findings.add(structure(sides, pair).into());
    for parameter in removed {
        let rule = match parameter.required {
            true => &rules::REQUIRED_PARAMETER_REMOVED,
            false => &rules::OPTIONAL_PARAMETER_REMOVED,
        };
        let finding = Finding::in_old(rule, part(pair.new, label(parameter)), parameter.site.as_str());
        let finding = finding.was(describe(parameter, sides.old.document));
        let finding = finding.case_if(matches!(parameter.place, ParameterPlace::Path(_)), &rules::IN_PATH);
        let finding = finding.renamed(renamed(parameter, removed, added));
        findings.push(finding.case_of_some(&rules::NAME_STAYS, with_same_setter(parameter, added)));
    }
    for parameter in added {
        let rule = match parameter.required {
            true => &rules::REQUIRED_PARAMETER_ADDED,
            false => &rules::OPTIONAL_PARAMETER_ADDED,
        };
        let finding = Finding::in_new(rule, part(pair.new, label(parameter)), parameter.site.as_str());
        let finding = finding.is(describe(parameter, sides.new.document));
        let finding = finding.renamed(renamed(parameter, added, removed));
        findings.push(finding.case_of_some(&rules::NAME_WAS_THERE, with_same_setter(parameter, removed)));
    }
    for (before, after) in &pair.parameters.pairs {
        findings.document(documentation::count(sides, &before.at, &after.at));
        findings.add(parameter(pair, before, after));
    }
    findings
}

fn parameter(pair: &OperationPair<'_>, before: &Parameter<'_>, after: &Parameter<'_>) -> Findings {
    let operation = pair.new;
    let mut findings = Findings::default();
    let subject = || part(operation, label(after));
    let at = |rule, key: &str| Finding::in_new(rule, subject(), below_if_there(&after.at, key));
    let required = |parameter: &Parameter<'_>| if parameter.required { "required" } else { "optional" };
    let rule = match (before.required, after.required) {
        (false, true) => Some(&rules::PARAMETER_BECAME_REQUIRED),
        (true, false) => Some(&rules::PARAMETER_BECAME_OPTIONAL),
        _ => None,
    };
    findings.add(rule.map(|rule| at(rule, "required").was(required(before)).is(required(after))).into());

    let is_by_position = after.place.position().is_some() || matches!(after.place, ParameterPlace::Path(_));
    let (was, is) = (rust_name(&before.at, &before.name), rust_name(&after.at, &after.name));
    if before.name != after.name && is_by_position {
        let finding = at(&rules::PARAMETER_RENAMED, "name").was(before.name.as_str()).is(after.name.as_str());
        let is_segment = matches!(after.place, ParameterPlace::Path(_));
        findings.push(finding.case_if(was == is, &rules::SETTER_STAYS).case_if(is_segment, &rules::IN_SEGMENT));
    } else if was != is {
        let is_reused = operation.parameters.iter().any(|other| rust_name(&other.at, &other.name) == was);
        let finding = at(&rules::PARAMETER_SETTER_RENAMED, "x-rust-name").was(was.as_str()).is(is);
        findings.push(finding.case_of_some(&rules::OLD_NAME_REUSED, Some(was).filter(|_| is_reused)));
    }

    match (&before.schema, &after.schema) {
        (None, Some(schema)) => {
            findings.push(Finding::in_new(&rules::PARAMETER_SCHEMA_ADDED, subject(), schema.pointer.as_str()));
        }
        (Some(schema), None) => {
            findings.push(Finding::in_old(&rules::PARAMETER_SCHEMA_REMOVED, subject(), schema.pointer.as_str()));
        }
        _ => {}
    }

    let (was, is) = (kind_of_place(&before.place), kind_of_place(&after.place));
    // A method that takes both forms takes each of them: that is a change of the method.
    let is_rpc = |place: &ParameterPlace| *place == ParameterPlace::ByName || place.position().is_some();
    let is_form = (pair.old.is_either || pair.new.is_either) && is_rpc(&before.place) && is_rpc(&after.place);
    if was != is && is_form {
        // Told for the method as a whole.
    } else if was != is {
        findings.push(at(&rules::PARAMETER_MOVED, "in").was(was).is(is));
    } else if before.style != after.style && (before.json != after.json || before.compound == after.compound) {
        let key = ["content", "explode", "style"].into_iter().find(|key| after.at.node.get(key).is_some());
        let finding = at(&rules::PARAMETER_STYLE_CHANGED, key.unwrap_or("schema"));
        findings.push(finding.was(before.style.as_str()).is(after.style.as_str()));
    }

    let deprecation = match (before.at.flag("deprecated"), after.at.flag("deprecated")) {
        (false, true) => Some((&rules::PARAMETER_DEPRECATED, Revision::New, &after.at)),
        (true, false) => Some((&rules::PARAMETER_REACTIVATED, Revision::Old, &before.at)),
        _ => None,
    };
    if let Some((rule, revision, at)) = deprecation {
        findings.push(Finding { revision, ..Finding::in_new(rule, subject(), below(at, "deprecated")) });
    }
    findings.add(keywords::others(&before.at, &after.at, &KEYS, &subject()));
    findings
}

/// Compares whether the parameters of a JSON-RPC call can be sent by name, by position, or both.
fn structure(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Option<Finding> {
    let key = "paramStructure";
    let is_by_name = |operation: &Operation<'_>| operation.at.text(key) == Some("by-name");
    let (old, new) = (pair.old, pair.new);
    if !matches!(new.route, Route::Rpc { .. }) || old.parameters.is_empty() && new.parameters.is_empty() {
        return None;
    }
    let rule = match (old.is_either, new.is_either) {
        (false, true) if is_by_name(old) => &rules::CALLS_BY_POSITION_ALLOWED,
        (false, true) => &rules::CALLS_BY_NAME_ALLOWED,
        (true, false) if is_by_name(new) => &rules::CALLS_BY_POSITION_REFUSED,
        (true, false) => &rules::CALLS_BY_NAME_REFUSED,
        _ => return None,
    };
    let text = |operation: &Operation<'_>| operation.at.text(key).unwrap_or("by-position").to_owned();
    let finding = Finding::in_new(rule, part(new, ""), below_if_there(&new.at, key)).was(text(old)).is(text(new));
    let is_called_by_name = sides.is_generated() && rule == &rules::CALLS_BY_POSITION_REFUSED;
    Some(finding.case_if(is_called_by_name, &rules::CALLED_BY_NAME))
}

fn kind_of_place(place: &ParameterPlace) -> String {
    match place {
        ParameterPlace::Path(_) => "path".to_owned(),
        ParameterPlace::Position(_) => "one position".to_owned(),
        ParameterPlace::Rest(_) => "all remaining positions".to_owned(),
        other => other.name(),
    }
}

/// Compares the order in JSON-RPC calls and in the path, and in the query if the order matters to
/// the venue.
fn order(sides: &Sides<'_>, pair: &OperationPair<'_>) -> Option<Finding> {
    let (old, new) = (pair.old, pair.new);
    let pairs = &pair.parameters.pairs;
    let is_moved = pairs.iter().any(|(before, after)| match (&before.place, &after.place) {
        (ParameterPlace::Path(before), ParameterPlace::Path(after)) => before != after,
        (before, after) => {
            matches!((before.position(), after.position()), (Some(before), Some(after)) if before != after)
        }
    });
    // Other clients may call by position where both forms are allowed.
    let is_either = !sides.is_generated() && old.is_either && new.is_either;
    let index = |operation: &Operation<'_>, parameter: &Parameter<'_>| {
        operation.parameters.iter().position(|other| other.at.pointer == parameter.at.pointer)
    };
    let is_moved = is_moved || is_either && pairs.iter().any(|(before, after)| index(old, before) != index(new, after));
    let is_significant =
        [&sides.old, &sides.new].map(|side| side.root().text("x-parameter-order") == Some("significant"));
    let [_, is_significant_now] = is_significant;
    let is_same = |a: &Parameter<'_>, b: &Parameter<'_>| a.name == b.name && a.place == b.place;
    let stays = |parameter: &&Parameter<'_>| {
        // Headers have no order.
        let is_query = matches!(&parameter.place, ParameterPlace::Named(place) if place == "query");
        is_query && pairs.iter().any(|(before, after)| is_same(before, after) && is_same(after, parameter))
    };
    let names = |operation: &Operation<'_>| {
        operation.parameters.iter().filter(stays).map(|parameter| parameter.name.clone()).collect::<Vec<_>>()
    };
    if !(is_moved || is_significant.contains(&true) && names(old) != names(new)) {
        return None;
    }
    let all_names = |operation: &Operation<'_>| {
        let mut all: Vec<&Parameter<'_>> = operation.parameters.iter().collect();
        all.sort_by_key(|parameter| match parameter.place {
            ParameterPlace::Path(index) => index,
            _ => usize::MAX,
        });
        all.into_iter().map(|parameter| parameter.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let is_in_path = pairs.iter().any(|(before, _)| matches!(before.place, ParameterPlace::Path(_)));
    let pointer = match new.route {
        Route::Rpc { .. } => below(&new.at, "params"),
        Route::Http { .. } if is_moved && is_in_path => parent(&new.at.pointer).unwrap_or_default().to_owned(),
        Route::Http { .. } => below(&new.at, "parameters"),
    };
    let finding = Finding::in_new(&rules::PARAMETER_ORDER_CHANGED, part(new, ""), pointer);
    let finding = finding.was(all_names(old)).is(all_names(new));
    Some(finding.case_if(!is_moved && !is_significant_now, &rules::ANY_ORDER))
}

/// Returns the name of another parameter that has the same setter in Rust.
fn with_same_setter(parameter: &Parameter<'_>, others: &[&Parameter<'_>]) -> Option<String> {
    let schema = |parameter: &Parameter<'_>| parameter.schema.as_ref().map(|schema| json_text::text(schema.node));
    let is_same = |other: &&&Parameter<'_>| {
        rust_name(&other.at, &other.name) == rust_name(&parameter.at, &parameter.name)
            && other.required == parameter.required
            && schema(other) == schema(parameter)
    };
    others.iter().find(is_same).map(|other| other.name.clone())
}

/// Returns the name of the only other parameter at the same place with the same schema, if there is
/// no second one like it on its own side.
fn renamed(parameter: &Parameter<'_>, own: &[&Parameter<'_>], others: &[&Parameter<'_>]) -> Option<String> {
    let schema = |parameter: &Parameter<'_>| {
        let keys = parameter.schema.as_ref()?.node.as_map()?.iter();
        Some(json_text::object(keys.filter(|(key, _)| !DOCUMENTATION.contains(key))))
    };
    let is_like = |other: &&&Parameter<'_>| {
        other.place == parameter.place && other.required == parameter.required && schema(other) == schema(parameter)
    };
    let mut found = others.iter().filter(is_like);
    let only = found.next().filter(|_| found.next().is_none() && own.iter().filter(is_like).count() == 1);
    only.map(|other| other.name.clone())
}

/// Returns `required string, query`.
fn describe<'d>(parameter: &Parameter<'d>, document: &'d Document) -> String {
    let schema = parameter.schema.clone().map(|schema| ResolvedSchema::new(document, schema).describe(document));
    let required = if parameter.required { "required" } else { "optional" };
    format!("{required} {}, {}", schema.unwrap_or_default(), parameter.place.name())
}
