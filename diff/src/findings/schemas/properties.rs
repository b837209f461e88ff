//! Objects and their properties.

use std::collections::HashMap;

use venuekit_codegen::source::Node;

use crate::alignment::schema_parts::Property;
use crate::alignment::schemas::SchemaPair;
use crate::alignment::usage::Usage;
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::document::below;
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::keys::DOCUMENTATION;
use crate::names::rust_name;
use crate::rules;
use crate::schema::resolved::ResolvedSchema;
use crate::schema::rust_type::RustType;
use crate::schema::wrapper::Wrapper;

/// Compares the properties of two objects.
pub(super) fn properties<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Findings {
    let mut findings = Findings::default();
    let SchemaPair { properties, subject, usage, .. } = pair;
    for (before, after) in &properties.pairs {
        let subject = subject.property(after.name);
        findings.add(requirement(sides, &subject, *usage, before, after).into());
        findings.add(direction(&subject, *usage, before, after));
    }
    let (removed, added) = (by_field(&properties.removed), by_field(&properties.added));
    for before in &properties.removed {
        let rule = match before.required {
            true => &rules::REQUIRED_PROPERTY_REMOVED,
            false => &rules::OPTIONAL_PROPERTY_REMOVED,
        };
        let usage = used(before, *usage);
        let finding = Finding::in_old(rule, subject.property(before.name), before.found.pointer.as_str());
        let finding = finding.was(before.schema.describe(sides.old.document)).used(usage);
        let finding = finding.case_if(usage.request && is_closed(&pair.new), &rules::OTHERS_FORBIDDEN);
        let is_read_as_null = before.required && usage.is_read() && reads_missing_as_null(sides, before);
        let finding = finding.case_if(is_read_as_null, &rules::MISSING_AS_NULL);
        findings.push(finding.case_of_some(&rules::NAME_STAYS, added.get(&field(before)).copied()));
    }
    for after in &properties.added {
        let rule = match after.required {
            true => &rules::REQUIRED_PROPERTY_ADDED,
            false => &rules::OPTIONAL_PROPERTY_ADDED,
        };
        let finding = Finding::in_new(rule, subject.property(after.name), after.found.pointer.as_str());
        let finding = finding.is(after.schema.describe(sides.new.document)).used(used(after, *usage));
        findings.push(finding.case_of_some(&rules::NAME_WAS_THERE, removed.get(&field(after)).copied()));
    }
    findings.add(other_properties(sides, pair).into());
    findings
}

/// Returns the usage of a property, by the usage of its object.
fn used(property: &Property<'_>, usage: Usage) -> Usage {
    usage.of_property(property.is_read_only(), property.is_write_only())
}

/// Compares whether a property is always present.
fn requirement(
    sides: &Sides<'_>,
    subject: &Subject,
    usage: Usage,
    before: &Property<'_>,
    after: &Property<'_>,
) -> Option<Finding> {
    let required = |property: &Property<'_>| if property.required { "required" } else { "optional" };
    let rule = match (before.required, after.required) {
        (false, true) => &rules::PROPERTY_BECAME_REQUIRED,
        (true, false) => &rules::PROPERTY_BECAME_OPTIONAL,
        _ => return None,
    };
    let usage = if after.required { used(after, usage) } else { used(before, usage) };
    let finding = Finding::in_new(rule, subject.clone(), after.found.pointer.as_str());
    let finding = finding.was(required(before)).is(required(after)).used(usage);
    let wrapper = |property: &Property<'_>| Wrapper::new(property.is_nullable(), !property.required, true);
    let finding = match (wrapper(before), wrapper(after)) {
        (before, after) if before == after => finding.case(&rules::OPTION_STAYS),
        (_, Wrapper::Maybe) => finding.case(&rules::BECOMES_MAYBE),
        (Wrapper::Maybe, _) => finding.case(&rules::WAS_MAYBE),
        _ => finding,
    };
    let is_read_as_null = !after.required && usage.is_read() && reads_missing_as_null(sides, before);
    Some(finding.case_if(is_read_as_null, &rules::MISSING_READABLE))
}

/// Compares whether a property is in requests, in responses, or in both.
fn direction(subject: &Subject, usage: Usage, before: &Property<'_>, after: &Property<'_>) -> Findings {
    let mut findings = Findings::default();
    let at = |rule, key: &str| {
        let is_there = after.schema.at.node.get(key).is_some();
        let pointer = if is_there { below(&after.schema.at, key) } else { after.found.pointer.clone() };
        Finding::in_new(rule, subject.clone(), pointer).used(usage)
    };
    match (before.is_read_only(), after.is_read_only()) {
        (false, true) => findings.push(at(&rules::PROPERTY_BECAME_READ_ONLY, "readOnly")),
        (true, false) => {
            let finding = at(&rules::PROPERTY_BECAME_WRITABLE, "readOnly").case_if(usage.request, &rules::IN_REQUESTS);
            findings.push(finding.case_if(usage.request && after.required, &rules::REQUIRED_NOW));
        }
        _ => {}
    }
    match (before.is_write_only(), after.is_write_only()) {
        (false, true) => {
            let finding = at(&rules::PROPERTY_BECAME_WRITE_ONLY, "writeOnly");
            findings.push(finding.case_if(usage.is_read() && before.required, &rules::WAS_REQUIRED));
        }
        (true, false) => findings.push(at(&rules::PROPERTY_BECAME_READABLE, "writeOnly")),
        _ => {}
    }
    findings
}

/// Compares whether properties other than the listed ones are allowed.
fn other_properties(sides: &Sides<'_>, pair: &SchemaPair<'_>) -> Option<Finding> {
    let SchemaPair { old, new, usage, subject, .. } = pair;
    if old.types() != ["object"] || new.types() != ["object"] {
        return None;
    }
    let key = "additionalProperties";
    let finding = match (is_closed(old), is_closed(new)) {
        (false, true) => Finding::in_new(&rules::OTHER_PROPERTIES_FORBIDDEN, subject.clone(), below(&new.at, key)),
        (true, false) => Finding::in_old(&rules::OTHER_PROPERTIES_ALLOWED, subject.clone(), below(&old.at, key)),
        _ => return None,
    };
    let was_map = old.at.get(key).is_some_and(|values| values.node.as_map().is_some());
    let finding = finding.used(*usage);
    let finding = finding.case_if(usage.request && was_map, &rules::WAS_MAP);
    Some(finding.case_if(usage.request && !was_map && !sides.is_generated(), &rules::OTHERS_POSSIBLE))
}

/// Returns whether a schema forbids properties that are not listed.
fn is_closed(schema: &ResolvedSchema<'_>) -> bool {
    schema.at.node.get("additionalProperties").and_then(Node::as_bool) == Some(false)
}

/// Returns whether generated clients read a missing property as null, though it is required.
fn reads_missing_as_null(sides: &Sides<'_>, property: &Property<'_>) -> bool {
    let reads = RustType::new(&property.schema).reads_missing_as_null();
    property.is_nullable() && reads && sides.is_generated()
}

/// A property as a field in Rust: the name, the schema, and true if it is always present.
type Field = (String, String, bool);

fn field(property: &Property<'_>) -> Field {
    let keys = property.found.node.as_map().into_iter().flat_map(|members| members.iter());
    let schema = keys.filter(|(key, _)| *key != "x-rust-name" && !DOCUMENTATION.contains(key));
    (rust_name(&property.found, property.name), json_text::object(schema), property.required)
}

/// Returns the names of properties by their fields. A property with the same field replaces
/// another.
fn by_field<'d>(properties: &[Property<'d>]) -> HashMap<Field, &'d str> {
    properties.iter().map(|property| (field(property), property.name)).collect()
}
