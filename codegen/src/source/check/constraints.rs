//! Checks `x-constraints`. Each name in a constraint has to be the name of a value, and a
//! constraint that no request can break is refused.

use std::collections::HashSet;

use super::sites::Sites;
use crate::source::constraints::{Constraint, Count, Name, Rule, When};
use crate::source::findings::{Findings, leave_out};
use crate::source::located::Located;
use crate::source::nearest::{did_you_mean, did_you_mean_key};
use crate::source::node::{Kind, Node};
use crate::source::parameters::known;
use crate::source::pointer::pointer_segments;
use crate::source::references::ComponentKind;
use crate::source::schema::enums::Scalar;
use crate::source::schema::types::JsonType;
use crate::source::shapes::grammar::ObjectKind;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for kind in [ObjectKind::Operation, ObjectKind::Method] {
        for operation in sites.all(kind).filter(|operation| operation.node.get("x-constraints").is_some()) {
            list(&operation, &Values::of_operation(sites, &operation), findings);
        }
    }
    for schema in sites.all(ObjectKind::Schema).filter(|schema| schema.node.get("x-constraints").is_some()) {
        let values =
            Values { sites, parameters: Vec::new(), objects: vec![(schema.clone(), true)], owner: OBJECT_HELP };
        list(&schema, &values, findings);
    }
}

/// A value that a constraint can name.
#[derive(Clone)]
struct NamedValue<'a> {
    /// The schema of the value, after `$ref`s were followed.
    schema: Located<'a>,
    /// True if each request has the value.
    required: bool,
}

/// The values that the constraints of an operation or of a schema can name.
struct Values<'s, 'a> {
    sites: &'s Sites<'a>,
    parameters: Vec<(&'a str, NamedValue<'a>)>,
    /// The objects whose properties can be named. The flag is true if every request has the object.
    objects: Vec<(Located<'a>, bool)>,
    /// The help for an unknown name. It also tells whether the owner is an operation or an object.
    owner: &'static str,
}

const OBJECT_HELP: &str = "name a property of the object";
const OPERATION_HELP: &str =
    "name a parameter of the operation, a top-level property of its body, or a JSON pointer into the body";

impl<'s, 'a> Values<'s, 'a> {
    fn of_operation(sites: &'s Sites<'a>, operation: &Located<'a>) -> Self {
        let resolved = |schema: Located<'a>| sites.resolved(schema, ComponentKind::Schema);
        let parameter = |at: Located<'a>| {
            let known = NamedValue { schema: resolved(at.get("schema")?)?, required: at.flag("required") };
            Some((at.text("name")?, known))
        };
        let listed = known(&sites.view, operation);
        let body = operation.get("requestBody").and_then(|body| sites.resolved(body, ComponentKind::RequestBody));
        let is_required = body.as_ref().is_some_and(|body| body.flag("required"));
        let content = body.and_then(|body| body.get("content"));
        let schemas = content.into_iter().flat_map(|content| content.members());
        let schemas = schemas.filter_map(|(_, media)| resolved(media.get("schema")?));
        Self {
            sites,
            parameters: listed.into_iter().filter_map(|listed| parameter(listed.resolved.at)).collect(),
            objects: schemas.map(|schema| (schema, is_required)).collect(),
            owner: OPERATION_HELP,
        }
    }

    /// Returns the value that a name or a JSON pointer stands for; `None` if there is none.
    fn find(&self, name: &str) -> Option<NamedValue<'a>> {
        if let Some((_, known)) = self.parameters.iter().find(|(parameter, _)| *parameter == name) {
            return Some(known.clone());
        }
        let is_pointer = self.owner == OPERATION_HELP && name.starts_with('/');
        let segments = if is_pointer { pointer_segments(name)? } else { vec![name.to_owned()] };
        self.objects.iter().find_map(|(object, required)| {
            let start = NamedValue { schema: object.clone(), required: *required };
            segments.iter().try_fold(start, |known, segment| self.property(&known, segment))
        })
    }

    fn property(&self, object: &NamedValue<'a>, name: &str) -> Option<NamedValue<'a>> {
        let at = &object.schema;
        let property = at.get("properties")?.get(name)?;
        let always = at.get("x-always");
        let mut required = at.list("required").chain(always.iter().flat_map(|always| always.list("members")));
        Some(NamedValue {
            schema: self.sites.resolved(property, ComponentKind::Schema)?,
            required: object.required && required.any(|required| required.node.as_str() == Some(name)),
        })
    }

    /// Returns the names of all parameters and of all top-level properties.
    fn names(&self) -> impl Iterator<Item = &'a str> {
        let properties = self.objects.iter().filter_map(|(object, _)| object.node.get("properties")?.as_map());
        let parameters = self.parameters.iter().map(|(name, _)| *name);
        parameters.chain(properties.flat_map(|properties| properties.keys()))
    }
}

/// Checks the constraints of a list one by one and against each other.
fn list(holder: &Located<'_>, values: &Values<'_, '_>, findings: &mut Findings<'_>) {
    let mut seen: HashSet<String> = HashSet::new();
    for found in holder.list("x-constraints") {
        let Some(constraint) = findings.take(Constraint::read(&found)) else { continue };
        rule(&found, &constraint, values, findings);
        let keys =
            found.members().filter(|(key, _)| !["description", "stated-by", "widens", "x-evidence"].contains(key));
        let rule: Vec<String> = keys.map(|(key, value)| format!("{key}: {}", value.node.to_json())).collect();
        if !seen.insert(rule.join(", ")) {
            findings.at(&found.pointer, "the constraint is listed twice", leave_out("remove one of them"));
        }
    }
}

fn rule<'a>(found: &Located<'a>, constraint: &Constraint<'a>, values: &Values<'_, '_>, findings: &mut Findings<'_>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for name in constraint.names() {
        if !seen.insert(name.text) {
            at(name, findings, format!("`{}` is named twice", name.text), "name each value once");
        } else if let Some(known) = values.find(name.text) {
            if known.schema.flag("readOnly") {
                let help = "leave it out here";
                at(name, findings, format!("`{}` is `readOnly` and never sent", name.text), help);
            }
        } else {
            unknown(name, constraint, values, findings);
        }
    }
    counts(found, constraint, findings);
    // A constraint with `widens` guards against requests that do more than intended. An empty text
    // can cause that even in a required value, so such a constraint is allowed to name one.
    let required = |name: &Name<'_>| !constraint.widens && values.find(name.text).is_some_and(|known| known.required);
    for name in constraint.rule.listed() {
        if required(name) {
            let message = format!("`{}` is required, so each request has it", name.text);
            at(name, findings, message, "leave it out here, or do not call it required");
        }
    }
    if let Rule::Needed(_, when) = &constraint.rule {
        condition(when, values, &required, findings);
    }
}

fn at(name: &Name<'_>, findings: &mut Findings<'_>, message: String, help: &'static str) {
    if name.is_key {
        findings.at_key(&name.pointer, message, help);
    } else {
        findings.at(&name.pointer, message, help);
    }
}

fn unknown(name: &Name<'_>, constraint: &Constraint<'_>, values: &Values<'_, '_>, findings: &mut Findings<'_>) {
    let message = format!("there is no value `{}`", name.text);
    let taken: HashSet<&str> = constraint.names().into_iter().map(|name| name.text).collect();
    let free = values.names().filter(|known| !taken.contains(known));
    if name.is_key {
        findings.at_key(&name.pointer, message, did_you_mean_key(name.text, free, values.owner));
    } else {
        findings.at(&name.pointer, message, did_you_mean(name.text, free, values.owner));
    }
}

/// Checks that a rule has enough names.
fn counts(found: &Located<'_>, constraint: &Constraint<'_>, findings: &mut Findings<'_>) {
    let names = constraint.rule.listed();
    match &constraint.rule {
        Rule::Needed(..) if names.is_empty() => {
            findings.at(&found.pointer, "`needed` names no value", "name the values that are needed");
        }
        // With `widens`, one name is enough. For example, a required list can be empty, and an
        // empty list of orders may mean all orders.
        Rule::Count(Count::ExactlyOne | Count::AtLeastOne, _) if names.len() == 1 && constraint.widens => {}
        Rule::Count(count, _) if names.len() < 2 => {
            let help = match count {
                Count::ExactlyOne | Count::AtLeastOne => {
                    "name at least two values; or, if every request needs the value, mark it as required; or, if an \
                     empty value may make a request do more than intended, write `widens: true`"
                }
                Count::AtMostOne | Count::AllOrNone => "name two values or more, or leave the constraint out",
            };
            findings.at(&found.pointer, "the constraint names fewer than two values", help);
        }
        _ => {}
    }
}

/// Checks the condition (`when`, `when-present`, `when-absent`) of a `needed` constraint.
fn condition(
    when: &When<'_>,
    values: &Values<'_, '_>,
    required: &dyn Fn(&Name<'_>) -> bool,
    findings: &mut Findings<'_>,
) {
    match when {
        When::Equals(cases) => {
            for (name, list) in cases {
                if list.is_empty() {
                    let help = "list the values with which those in `needed` are required, or write `when-present`";
                    findings.at(&name.pointer, format!("`when` lists no value for `{}`", name.text), help);
                }
                let Some(known) = values.find(name.text) else { continue };
                let mut seen = HashSet::new();
                for value in list {
                    if !seen.insert(value.node.to_json()) {
                        let message = format!("`{}` is listed twice", value.node.to_json());
                        findings.at(&value.pointer, message, leave_out("remove one of them"));
                    }
                    fits(name, value, &known.schema, findings);
                }
            }
        }
        When::Present(name) | When::Absent(name) => {
            if required(name) {
                let message = format!("`{}` is required, so each request has it", name.text);
                at(name, findings, message, "write `when` with its values, or leave the constraint out");
            }
        }
    }
}

/// Checks that the parameter or the property can have the value that a case names.
fn fits(name: &Name<'_>, value: &Located<'_>, schema: &Located<'_>, findings: &mut Findings<'_>) {
    let text = value.node.to_json();
    let is_scalar = !matches!(value.node.kind(), Kind::Map(_) | Kind::Seq(_) | Kind::Null);
    let json_type = JsonType::from_schema(schema);
    let fits = match (json_type, value.node.kind()) {
        (Some(JsonType::Object | JsonType::Array), _) => {
            let help = "write `when-present`, or name a parameter or property that is text, a number or a boolean";
            let message = format!(
                "`{}` is {}, and `when` compares only text, numbers and booleans",
                name.text,
                schema_kind(json_type)
            );
            findings.at(&value.pointer, message, help);
            return;
        }
        (Some(JsonType::String), kind) => matches!(kind, Kind::String(_)),
        (Some(JsonType::Integer | JsonType::Number), kind) => matches!(kind, Kind::Number(_)),
        (Some(JsonType::Boolean), kind) => matches!(kind, Kind::Bool(_)),
        (None, _) => is_scalar,
    };
    if !fits {
        let help = match json_type {
            Some(json_type) => format!("write a value of type {}", json_type.name()),
            None => "write text, a number, true or false".to_owned(),
        };
        findings.at(&value.pointer, format!("`{}` is never `{text}`", name.text), help);
        return;
    }
    let values = schema.node.get("enum").and_then(Node::as_seq);
    let is_known = values.is_none_or(|values| {
        let scalar = Scalar::new(value.node);
        values.iter().any(|known| scalar.is_some() && Scalar::new(known) == scalar)
    });
    if !is_known {
        let word = value.node.as_str().unwrap_or_default();
        let known = schema.list("enum").filter_map(|known| known.node.as_str());
        let help = did_you_mean(word, known, "write one of them, or add it to the `enum`");
        findings.at(&value.pointer, format!("`{text}` is none of the values of the `enum`"), help);
    }
}

fn schema_kind(json_type: Option<JsonType>) -> String {
    json_type.map_or_else(|| "any JSON".to_owned(), JsonType::with_article)
}
