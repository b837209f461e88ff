//! Checks the parameters of OpenAPI: the part of the request that carries them, and their types.

use std::collections::HashSet;

use super::names::header_name;
use super::sites::Sites;
use crate::diagnostic::{Change, Help};
use crate::source::findings::{Findings, leave_out};
use crate::source::located::Located;
use crate::source::parameters::{ParameterIn, identity};
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;
use crate::source::schema::types::JsonType;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::styles::{Encoding, Style};

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for parameter in sites.all(ObjectKind::Parameter) {
        check_parameter(sites, &parameter, findings);
    }
    let schemes: Vec<Located<'_>> = sites.all(ObjectKind::SecurityScheme).collect();
    let filled: HashSet<&str> =
        schemes.iter().flat_map(|scheme| scheme.list("x-fills")).filter_map(|name| name.node.as_str()).collect();
    for holder in [ObjectKind::PathItem, ObjectKind::Operation].into_iter().flat_map(|kind| sites.all(kind)) {
        twice(sites, &holder, findings);
        not_filled(sites, &holder, ("parameters", ComponentKind::Parameter), &filled, findings);
    }
    // In a document in normal form, a parameter by position stays if another one stands after it.
    let is_normal = findings.document().is_normal();
    for method in sites.all(ObjectKind::Method).filter(|_| !is_normal) {
        not_filled(sites, &method, ("params", ComponentKind::ContentDescriptor), &filled, findings);
    }
}

/// Refuses a parameter that a signing scheme fills in.
fn not_filled(
    sites: &Sites<'_>,
    holder: &Located<'_>,
    (key, kind): (&str, ComponentKind),
    filled: &HashSet<&str>,
    findings: &mut Findings<'_>,
) {
    for place in holder.list(key).filter(|_| !filled.is_empty()) {
        let Some(parameter) = sites.resolved(place.clone(), kind) else { continue };
        if let Some(name) = parameter.text("name").filter(|name| filled.contains(name)) {
            let help = "leave it out, and require the scheme";
            // The examples of a method have a value for each parameter.
            let help = if key == "params" { help.into() } else { leave_out(help) };
            findings.at(&place.pointer, format!("a scheme fills in the parameter `{name}` (`x-fills`)"), help);
        }
    }
}

/// Refuses two parameters with the same name in the same part of a request.
fn twice(sites: &Sites<'_>, holder: &Located<'_>, findings: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for place in holder.list("parameters") {
        let Some(parameter) = sites.resolved(place.clone(), ComponentKind::Parameter) else { continue };
        let (Some(location), Some(name)) = identity(&parameter) else { continue };
        // The case of letters makes no difference in the name of a header.
        let name = if location == "header" { name.to_lowercase() } else { name.to_owned() };
        if !seen.insert((location, name.clone())) {
            let help = leave_out("remove one of them");
            findings.at(&place.pointer, format!("there are two parameters `{name}` in `{location}`"), help);
        }
    }
}

fn check_parameter(sites: &Sites<'_>, parameter: &Located<'_>, findings: &mut Findings<'_>) {
    if parameter.text("in").is_none() {
        return;
    }
    let Some(location) = findings.take(ParameterIn::read(parameter)) else { return };
    let at = |key: &str| pointer_join(&parameter.pointer, key);
    match location {
        ParameterIn::Query => {}
        ParameterIn::Cookie => header_name(&at("name"), parameter.text("name").unwrap_or_default(), findings),
        ParameterIn::Path => {
            if !parameter.flag("required") {
                let help = Help::from("write required: true").with(at("required"), Change::Set("true".to_owned()));
                findings.at(&parameter.pointer, "a parameter in the path is always required", help);
            }
        }
        ParameterIn::Header => {
            let name = parameter.text("name").unwrap_or_default();
            header_name(&at("name"), name, findings);
            if ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str()) {
                let help = "leave it out; authorisation is a security scheme, the others are the client's";
                findings.at(&at("name"), format!("OpenAPI has no header parameter `{name}`"), help);
            }
        }
    }
    if parameter.flag("allowReserved") && location != ParameterIn::Query {
        let help = leave_out("leave it out; the client encodes what has to be encoded");
        findings.at_key(&at("allowReserved"), "`allowReserved` is for the query", help);
    }
    let Some(encoding) = findings.take(Encoding::read(parameter, location)) else { return };
    if let Some(schema) = parameter.get("schema").filter(|_| encoding.style != Style::Json) {
        parameter_type(sites, schema, encoding, findings);
    }
}

/// Refuses a type that the style of a parameter cannot write. Most styles can write scalars, lists
/// of scalars and objects of scalars. The style `deepObject` can also write objects inside objects,
/// and cannot write lists.
fn parameter_type(sites: &Sites<'_>, schema: Located<'_>, encoding: Encoding, findings: &mut Findings<'_>) {
    let pointer = schema.pointer.clone();
    let Some(resolved) = sites.resolved(schema, ComponentKind::Schema) else { return };
    let json_type = JsonType::from_schema(&resolved);
    let alternatives = resolved.node.get("oneOf").is_some();
    if json_type.is_none() && !alternatives {
        if resolved.node.get("type").is_none() && !findings.document().is_normal() {
            let help = "write its type; text that may be anything is type: string";
            findings.at(&pointer, "a parameter has to have a type", help);
        }
        return;
    }
    // In normal form, the style `deepObject` writes each scalar inside the value with the path to
    // it.
    if encoding.style == Style::DeepObject && findings.document().is_normal() {
        return;
    }
    let mut texts = Texts { sites, is_deep: encoding.style == Style::DeepObject, visits: MOST_VISITS };
    if let Err(message) = texts.judge(&resolved, Level::Whole) {
        findings.at(&pointer, message, "write `content: {application/json: ..}` if the venue takes JSON");
    }
}

/// The maximum number of schemas that are visited for one parameter.
const MOST_VISITS: usize = 1_000;

/// The place of a value: the whole value of a parameter, or an element or a member inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Whole,
    Element,
    Member,
}

/// Checks whether a style can write the values of a schema.
struct Texts<'s, 'a> {
    sites: &'s Sites<'a>,
    is_deep: bool,
    /// The number of schemas that may still be visited. This ends the check of a schema that
    /// contains itself.
    visits: usize,
}

impl<'a> Texts<'_, 'a> {
    fn judge(&mut self, schema: &Located<'a>, level: Level) -> Result<(), &'static str> {
        let Some(left) = self.visits.checked_sub(1) else { return Ok(()) };
        self.visits = left;
        let inner = |this: &mut Self, schema: Option<Located<'a>>, level: Level| {
            let schema = schema.and_then(|schema| this.sites.resolved(schema, ComponentKind::Schema));
            schema.map_or(Ok(()), |schema| this.judge(&schema, level))
        };
        match JsonType::from_schema(schema) {
            Some(JsonType::Array) if self.is_deep => Err("a list in the style `deepObject` has no defined form"),
            Some(JsonType::Array) if level == Level::Whole => inner(self, schema.get("items"), Level::Element),
            Some(JsonType::Array) => Err("a list inside a list or an object is not supported in a parameter"),
            Some(JsonType::Object) if level == Level::Whole || self.is_deep && level == Level::Member => {
                for (_, property) in schema.get("properties").iter().flat_map(|properties| properties.members()) {
                    inner(self, Some(property), Level::Member)?;
                }
                inner(self, schema.get("additionalProperties"), Level::Member)
            }
            Some(JsonType::Object) => Err("an object inside a list or an object is not supported in a parameter"),
            Some(_) => Ok(()),
            None => schema.list("oneOf").try_for_each(|alternative| inner(self, Some(alternative), level)),
        }
    }
}
