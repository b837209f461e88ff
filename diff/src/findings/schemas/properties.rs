//! Objects and their properties.

use std::collections::{BTreeSet, HashMap};

use venuekit_codegen::model::{Api, Others};

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

/// The keys that describe the properties that an object does not list.
const OTHERS_KEYS: [&str; 3] = ["additionalProperties", "patternProperties", "unevaluatedProperties"];

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
    let renames = Renames::new(&properties.removed, &properties.added);
    for before in &properties.removed {
        let rule = match before.required {
            true => &rules::REQUIRED_PROPERTY_REMOVED,
            false => &rules::OPTIONAL_PROPERTY_REMOVED,
        };
        let usage = used(before, *usage);
        let finding = Finding::in_old(rule, subject.property(before.name), before.found.pointer.as_str());
        let finding = finding.was(before.schema.describe(sides.old.document)).used(usage);
        let finding = finding.case_if(usage.request && pair.new.is_closed(), &rules::OTHERS_FORBIDDEN);
        let is_read_as_null = before.required && usage.is_read() && reads_missing_as_null(sides, before);
        let finding = finding.case_if(is_read_as_null, &rules::MISSING_AS_NULL);
        let finding = finding.renamed(renames.new_name(before));
        findings.push(finding.case_of_some(&rules::NAME_STAYS, added.get(&field(before)).copied()));
    }
    for after in &properties.added {
        let rule = match after.required {
            true => &rules::REQUIRED_PROPERTY_ADDED,
            false => &rules::OPTIONAL_PROPERTY_ADDED,
        };
        let finding = Finding::in_new(rule, subject.property(after.name), after.found.pointer.as_str());
        let finding = finding.is(after.schema.describe(sides.new.document)).used(used(after, *usage));
        let was_forbidden = pair.old.is_closed() && !sides.is_generated();
        let finding = finding.case_if(was_forbidden, &rules::WERE_FORBIDDEN);
        let finding = finding.renamed(renames.old_name(after));
        findings.push(finding.case_of_some(&rules::NAME_WAS_THERE, removed.get(&field(after)).copied()));
    }
    findings.add(other_properties(sides, pair).into());
    findings.add(typed_properties(sides, pair).into());
    findings.add(kept_properties(sides, pair).into());
    findings.add(required_names(pair));
    findings
}

/// Compares the required properties that are not listed.
fn required_names(pair: &SchemaPair<'_>) -> Findings {
    let mut findings = Findings::default();
    let lists = |schema: &ResolvedSchema<'_>, name: &str| schema.properties().iter().any(|(other, _)| *other == name);
    let unlisted = |schema: &ResolvedSchema<'_>, other: &ResolvedSchema<'_>| {
        let required = schema.required();
        let names: BTreeSet<String> = required.into_iter().map(str::to_owned).collect();
        let others = other.required();
        let is_new = |name: &String| !others.contains(&name.as_str()) && !lists(schema, name);
        names.into_iter().filter(is_new).collect::<Vec<_>>()
    };
    let place = |schema: &ResolvedSchema<'_>| schema.get("required").map(|list| list.pointer).unwrap_or_default();
    for name in unlisted(&pair.old, &pair.new) {
        let finding = Finding::in_old(&rules::REQUIRED_NAME_REMOVED, pair.subject.property(&name), place(&pair.old));
        findings.push(finding.was(name).used(pair.usage));
    }
    for name in unlisted(&pair.new, &pair.old) {
        let finding = Finding::in_new(&rules::REQUIRED_NAME_ADDED, pair.subject.property(&name), place(&pair.new));
        findings.push(finding.is(name).used(pair.usage));
    }
    findings
}

/// Compares whether properties that are not listed have a schema.
fn typed_properties(sides: &Sides<'_>, pair: &SchemaPair<'_>) -> Option<Finding> {
    let SchemaPair { old, new, usage, subject, .. } = pair;
    if old.is_closed() || new.is_closed() || old.types() != ["object"] || new.types() != ["object"] {
        return None;
    }
    let (was, is) = (old.other_properties(), new.other_properties());
    let finding = match (was.first(), is.first()) {
        (None, Some(others)) => {
            Finding::in_new(&rules::OTHER_PROPERTIES_TYPED, subject.clone(), others.pointer.as_str())
                .case_if(usage.request && !sides.is_generated(), &rules::OTHERS_POSSIBLE)
        }
        (Some(others), None) => {
            Finding::in_old(&rules::OTHER_PROPERTIES_UNTYPED, subject.clone(), others.pointer.as_str())
                .case_if(!sides.is_generated(), &rules::OTHERS_UNKNOWN)
        }
        _ => return None,
    };
    Some(finding.used(*usage))
}

/// Compares the fields that hold the properties that are not listed. A crate has such a field only
/// if its document is not strict.
fn kept_properties(sides: &Sides<'_>, pair: &SchemaPair<'_>) -> Option<Finding> {
    let SchemaPair { old, new, usage, subject, .. } = pair;
    let (old_api, new_api) = sides.apis()?;
    let finding = match (others(old_api, old), others(new_api, new)) {
        (None, Some(_)) => Finding::in_new(&rules::OTHER_PROPERTIES_KEPT, subject.clone(), place(new)),
        (Some(_), None) => Finding::in_old(&rules::OTHER_PROPERTIES_DROPPED, subject.clone(), place(old))
            .case_if(usage.request && new.is_closed(), &rules::OTHERS_FORBIDDEN),
        (Some(was), Some(is)) if was.map != is.map => {
            Finding::in_new(&rules::OTHER_PROPERTIES_CHANGED, subject.clone(), place(new))
        }
        _ => return None,
    };
    Some(finding.used(*usage))
}

/// Returns the field of a crate that holds the properties that a schema does not list.
fn others<'a>(api: &'a Api, schema: &ResolvedSchema<'_>) -> Option<&'a Others> {
    // Most schemas have none of these keys.
    OTHERS_KEYS.iter().find_map(|key| schema.get(key))?;
    let is_part = |pointer: &str| schema.parts().iter().any(|part| part.pointer == pointer);
    api.types.iter().find(|def| def.others.is_some() && is_part(&def.pointer))?.others.as_ref()
}

/// Returns the place of the first key that describes the properties that are not listed, or of the
/// schema.
fn place(schema: &ResolvedSchema<'_>) -> String {
    let stated = OTHERS_KEYS.iter().find_map(|key| schema.get(key));
    stated.or_else(|| schema.parts().first().cloned()).map(|at| at.pointer).unwrap_or_default()
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
        let stated = after.schema.annotated(key).map(|at| below(at, key));
        let pointer = stated.unwrap_or_else(|| after.found.pointer.clone());
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
    let place = |schema: &ResolvedSchema<'_>| {
        let closed = schema.all(key).find(|others| others.node.as_bool() == Some(false));
        closed.map(|closed| closed.pointer).unwrap_or_default()
    };
    let finding = match (old.is_closed(), new.is_closed()) {
        (false, true) => Finding::in_new(&rules::OTHER_PROPERTIES_FORBIDDEN, subject.clone(), place(new)),
        (true, false) => Finding::in_old(&rules::OTHER_PROPERTIES_ALLOWED, subject.clone(), place(old)),
        _ => return None,
    };
    let was_map = !old.other_properties().is_empty();
    let finding = finding.used(*usage);
    let finding = finding.case_if(usage.request && was_map, &rules::WAS_MAP);
    let is_foreign_response = old.is_closed() && !sides.is_generated();
    let finding = finding.case_if(is_foreign_response, &rules::OTHERS_READ);
    Some(finding.case_if(usage.request && !was_map && !sides.is_generated(), &rules::OTHERS_POSSIBLE))
}

/// Returns whether generated clients read a missing property as null, though it is required.
fn reads_missing_as_null(sides: &Sides<'_>, property: &Property<'_>) -> bool {
    let reads = RustType::new(&property.schema).reads_missing_as_null();
    property.is_nullable() && reads && sides.is_generated()
}

/// The properties that may have been renamed: the only one that is gone and the only one that is
/// new of a schema.
struct Renames<'c> {
    removed: HashMap<(String, bool), Vec<&'c str>>,
    added: HashMap<(String, bool), Vec<&'c str>>,
}

impl<'c> Renames<'c> {
    fn new(removed: &'c [Property<'_>], added: &'c [Property<'_>]) -> Self {
        let by_content = |properties: &'c [Property<'_>]| {
            let mut all: HashMap<(String, bool), Vec<&'c str>> = HashMap::new();
            properties.iter().for_each(|property| all.entry(content(property)).or_default().push(property.name));
            all
        };
        Self { removed: by_content(removed), added: by_content(added) }
    }

    fn new_name(&self, property: &Property<'_>) -> Option<String> {
        self.only(&self.removed, &self.added, property)
    }

    fn old_name(&self, property: &Property<'_>) -> Option<String> {
        self.only(&self.added, &self.removed, property)
    }

    fn only(
        &self,
        own: &HashMap<(String, bool), Vec<&'c str>>,
        others: &HashMap<(String, bool), Vec<&'c str>>,
        property: &Property<'_>,
    ) -> Option<String> {
        let key = content(property);
        match (own.get(&key)?.as_slice(), others.get(&key)?.as_slice()) {
            ([_], [other]) => Some((*other).to_owned()),
            _ => None,
        }
    }
}

/// Returns the keywords of a property's schema, and whether it is always present.
fn content(property: &Property<'_>) -> (String, bool) {
    let (_, schema, required) = field(property);
    (schema, required)
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
