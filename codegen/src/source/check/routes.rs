//! Checks operations with the same path and method. Of two such operations, one has to require a
//! value that the other cannot have, so that their requests differ.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::operations::{LONGEST_PATH, operations, template};
use super::sites::Sites;
use crate::source::findings::Findings;
use crate::source::located::Located;
use crate::source::media::{self, MediaKind};
use crate::source::openapi::{split_path_key, split_query};
use crate::source::parameters::known;
use crate::source::references::ComponentKind;
use crate::source::standard::Standard;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    if sites.view.standard != Standard::OpenApi {
        return;
    }
    let Some(paths) = sites.root().get("paths") else { return };
    // The operations of each route, each with the rest of its key in `paths`: the query and the
    // name after `#`.
    let mut routes: BTreeMap<(&str, String), Vec<(&str, Located<'_>)>> = BTreeMap::new();
    for (key, item) in paths.members().filter(|(key, _)| key.len() <= LONGEST_PATH) {
        let (path, rest) = key.split_at(key.find(['?', '#']).unwrap_or(key.len()));
        for (method, operation) in operations(&item) {
            routes.entry((method, template(path))).or_default().push((rest, operation));
        }
    }
    for of_route in routes.values().filter(|of_route| of_route.len() > 1) {
        let values: Vec<Values<'_>> =
            of_route.iter().map(|(rest, operation)| Values::read(sites, rest, operation)).collect();
        for (index, ((name, operation), own)) in of_route.iter().zip(&values).enumerate() {
            let earlier = of_route.iter().zip(&values).take(index);
            // If the rest of both keys is the same, `operations` reports that they are the same
            // path.
            let mut alike = earlier.filter(|((other, _), values)| other != name && !own.differs_from(values));
            if let Some(((_, other), _)) = alike.next() {
                let id = |operation: &Located<'_>| operation.text("operationId").unwrap_or_default().to_owned();
                findings.at_key(
                    &operation.pointer,
                    format!("nothing in a request tells `{}` and `{}` apart", id(operation), id(other)),
                    "require a parameter or a property of the body in one of them that the other does not have",
                );
            }
        }
    }
}

/// The values that a request of an operation has outside its path: parameters, and properties of
/// the body.
#[derive(Default)]
struct Values<'a> {
    known: HashSet<(&'a str, &'a str)>,
    required: HashSet<(&'a str, &'a str)>,
    /// The names and values of the query in the key of the path.
    fixed: HashMap<String, String>,
    /// True if the body can have properties that are not described.
    is_open: bool,
}

impl<'a> Values<'a> {
    fn read(sites: &Sites<'a>, rest: &str, operation: &Located<'a>) -> Self {
        let fixed = split_query(split_path_key(rest).0).1.into_iter().collect();
        let mut values = Self { fixed, ..Self::default() };
        for parameter in known(&sites.view, operation).into_iter().map(|listed| listed.resolved.at) {
            let (Some(place), Some(name)) = (parameter.text("in"), parameter.text("name")) else { continue };
            if place != "path" {
                values.add((place, name), parameter.flag("required"));
            }
        }
        let body = operation.get("requestBody").and_then(|body| sites.resolved(body, ComponentKind::RequestBody));
        if let Some(body) = body {
            values.read_body(sites, &body);
        }
        values
    }

    fn read_body(&mut self, sites: &Sites<'a>, body: &Located<'a>) {
        let json = body.get("content").and_then(|content| {
            let (media, _) = media::used(content.node, true).filter(|(_, kind)| *kind == MediaKind::Json)?;
            content.get(media)
        });
        let schema = json.and_then(|json| sites.resolved(json.get("schema")?, ComponentKind::Schema));
        let properties = schema.as_ref().and_then(|schema| schema.get("properties"));
        let (Some(schema), Some(properties)) = (schema, properties) else {
            self.is_open = true;
            return;
        };
        let always = schema.get("x-always").into_iter().flat_map(|always| always.list("members"));
        let required: HashSet<&str> =
            schema.list("required").chain(always).filter_map(|name| name.node.as_str()).collect();
        for (name, property) in properties.members() {
            let is_read_only =
                sites.resolved(property, ComponentKind::Schema).is_some_and(|property| property.flag("readOnly"));
            if !is_read_only {
                self.add(("body", name), body.flag("required") && required.contains(name));
            }
        }
        self.is_open |= schema.node.get("additionalProperties").is_some_and(|more| more.as_bool() != Some(false));
    }

    fn add(&mut self, value: (&'a str, &'a str), is_required: bool) {
        self.known.insert(value);
        if is_required {
            self.required.insert(value);
        }
    }

    /// Returns whether one of the two requires a value that the other cannot have.
    fn differs_from(&self, other: &Self) -> bool {
        self.requires_more_than(other) || other.requires_more_than(self)
    }

    fn requires_more_than(&self, other: &Self) -> bool {
        let is_fixed = |value: &(&str, &str)| value.0 == "query" && other.fixed.contains_key(value.1);
        let takes =
            |value: &(&str, &str)| other.known.contains(value) || other.is_open && value.0 == "body" || is_fixed(value);
        let takes_fixed = |(name, value): (&String, &String)| {
            other.known.contains(&("query", name.as_str())) || other.fixed.get(name) == Some(value)
        };
        self.required.iter().any(|value| !takes(value)) || self.fixed.iter().any(|fixed| !takes_fixed(fixed))
    }
}
