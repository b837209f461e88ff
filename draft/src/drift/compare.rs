//! The operations of a document and those of a specification.

use std::collections::BTreeSet;

use venuekit_json::Tree;

use crate::document::Lines;
use crate::facts::{Access, Body, Facts, Form, Operation, Parameter, Place, SchemeKind};

use super::finding::{Difference, Drift, Finding};
use super::rows::{is_window, table_of, usual};
use super::schema::{Comparison, Mode};
use super::specification::{Node, SpecOperation, Specification, stating};

const STATED: Mode = Mode { both_ways: true, is_sample: false, is_merged: false };

/// Compares all operations and schemas.
pub(super) fn operations(facts: &Facts, specification: Specification<'_>, drift: &mut Drift) {
    let all = specification.operations();
    let bases = specification.bases();
    let mut comparison = Comparison::new(facts, specification, drift);
    let mut used: Vec<&str> = Vec::new();
    let found = |operation: &Operation| {
        let is_own =
            |own: &&SpecOperation<'_>| own.method == operation.method && is_same(&operation.path, &own.path, &bases);
        all.iter().filter(is_own).collect::<Vec<_>>()
    };
    let schemes = |operation| (operation, comparison.schemes_text(&found(operation)));
    let with_schemes: Vec<(&Operation, String)> = facts.operations.iter().map(schemes).collect();
    comparison.usual = usual(&with_schemes);
    for operation in &facts.operations {
        let found = found(operation);
        used.extend(found.iter().map(|own| own.node.pointer.as_str()));
        let finding = || Finding {
            at: operation.route_at,
            kind: Difference::Missing,
            subject: operation.name(),
            text: "the specification does not have this operation".to_owned(),
            pointer: "/paths".to_owned(),
        };
        if comparison.check(!found.is_empty(), finding, &[]) {
            comparison.operation(operation, &found);
        }
    }
    let last = facts.operations.last().map(|operation| operation.at).unwrap_or_default();
    for own in all.iter().filter(|own| !used.contains(&own.node.pointer.as_str())) {
        // A table can list it without another description.
        let listed = facts
            .listed
            .iter()
            .find(|(method, path, _)| *method == own.method && is_same(path, &own.path, &bases))
            .map(|(_, _, at)| *at);
        let text = if listed.is_some() {
            "the document only lists this operation"
        } else {
            "the document does not have this operation"
        };
        let finding = || Finding {
            at: listed.unwrap_or(last),
            kind: Difference::Undocumented,
            subject: format!("{} {}", own.method, own.path),
            text: text.to_owned(),
            pointer: own.node.pointer.clone(),
        };
        let id = own.node.text("operationId").unwrap_or("");
        comparison.check_named(false, finding, &[&own.node], &[id, &own.path]);
    }
    for (method, path, at) in &facts.listed {
        let holds = all.iter().any(|own| own.method == *method && is_same(path, &own.path, &bases));
        let finding = || Finding {
            at: *at,
            kind: Difference::Missing,
            subject: format!("{method} {path}"),
            text: "the specification does not have this operation, which a table lists".to_owned(),
            pointer: "/paths".to_owned(),
        };
        comparison.check(holds, finding, &[]);
    }
    comparison.loose_schemas();
    comparison.codes();
    comparison.limits();
    comparison.schemes();
    comparison.servers();
    comparison.end();
}

/// Returns whether two paths are the same, whatever the names of their parameters are.
fn is_same(document: &str, specification: &str, bases: &[String]) -> bool {
    let fold = |path: &str| {
        let segments: Vec<&str> =
            path.trim_end_matches('/').split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
        segments.join("/")
    };
    let (document, specification) = (fold(document), fold(specification));
    document == specification
        || bases
            .iter()
            .any(|base| format!("{base}{specification}") == document || format!("{base}{document}") == specification)
}

impl<'a> Comparison<'a, '_> {
    fn operation(&mut self, operation: &'a Operation, found: &[&SpecOperation<'a>]) {
        let name = operation.name();
        let nodes: Vec<&Node<'a>> = found.iter().map(|own| &own.node).collect();
        let pointer = nodes.first().map(|node| node.pointer.clone()).unwrap_or_default();
        for parameter in &operation.parameters {
            self.parameter(&name, operation, parameter, found);
        }
        let known = |parameter: &Node<'_>| {
            let name = parameter.text("name").unwrap_or("");
            let is = |own: &str| own.eq_ignore_ascii_case(name);
            operation.parameters.iter().any(|own| is(&own.member.name))
                || operation.filled.iter().any(|(own, _, _)| is(own))
                || operation.path.contains('{') && parameter.text("in") == Some("path")
                || operation.body.as_ref().is_some_and(|body| body.schema_members().iter().any(|own| is(&own.name)))
        };
        for own in found {
            for parameter in own.parameters.iter().filter(|parameter| !known(parameter)) {
                let missing = parameter.text("name").unwrap_or("");
                let finding = || Finding {
                    at: table_of(operation),
                    kind: Difference::Undocumented,
                    subject: format!("{name}: {missing}"),
                    text: "the document does not have this parameter".to_owned(),
                    pointer: parameter.pointer.clone(),
                };
                self.check_named(false, finding, &[&own.node, parameter], &[missing]);
            }
        }
        let schemes = self.schemes_text(found);
        self.filled_rows(&name, operation, &nodes, &schemes);
        for (own, _, at) in &operation.filled {
            self.signing(&format!("{name}: {own}"), own, *at);
        }
        self.access(&name, operation, found, &pointer);
        self.weight(&name, operation, found, &pointer);
        self.body(&name, operation, found, &pointer);
        self.other_responses(&name, operation, found);
        for response in &operation.responses {
            let subject = format!("{name} {}", response.status);
            let all: Vec<Node<'a>> = found
                .iter()
                .filter_map(|own| Some(self.specification.resolve(&response_of(&own.node, &response.status)?)))
                .collect();
            if response.is_stated || response.states_status {
                let finding = || Finding {
                    at: response.at,
                    kind: Difference::Missing,
                    subject: subject.clone(),
                    text: "the specification does not have this response".to_owned(),
                    pointer: pointer.clone(),
                };
                self.check_named(!all.is_empty(), finding, &nodes, &[&response.status]);
            }
            let schemas: Vec<(Node<'a>, Node<'a>)> =
                all.iter().filter_map(|node| Some((node.clone(), schema_of(node)?))).collect();
            let Some((carrier, schema)) = schemas.first() else { continue };
            if let Some(stated) = &response.schema {
                let is_sample = !response.is_stated || !response.has_table;
                let mode = Mode { is_sample, ..STATED };
                self.schema(&subject, stated, schema, &[carrier], mode, 0);
            }
            for (sample, at) in &response.samples {
                // Operations that share a route share its samples.
                let fits = schemas.iter().find(|(_, schema)| self.fits(sample, schema));
                let (carrier, schema) = fits.unwrap_or(&(carrier.clone(), schema.clone())).clone();
                self.sample(&subject, sample, &schema, &[&carrier], *at, example_of(&carrier));
            }
        }
    }

    /// Finds the responses of the specification that the document does not have.
    fn other_responses(&mut self, name: &str, operation: &Operation, found: &[&SpecOperation<'a>]) {
        let states = self.facts.operations.iter().any(|own| own.responses.iter().any(|response| response.is_stated));
        if !states {
            return;
        }
        for own in found {
            let Some(responses) = own.node.child("responses") else { continue };
            for (status, node) in responses.members() {
                let is_one = crate::labels::is_status(status) && status.chars().all(|c| c.is_ascii_digit());
                let resolved = self.specification.resolve(&node);
                let is_known =
                    operation.responses.iter().any(|response| response.is_stated && response.status == status);
                let finding = || Finding {
                    at: operation.at,
                    kind: Difference::Undocumented,
                    subject: format!("{name} {status}"),
                    text: "the document does not have this response".to_owned(),
                    pointer: node.pointer.clone(),
                };
                if is_one {
                    self.check_named(is_known, finding, &[&own.node, &node, &resolved], &[status]);
                }
            }
        }
    }

    /// Returns whether a sample has the JSON type of a schema.
    fn fits(&self, sample: &crate::sample::Node, schema: &Node<'a>) -> bool {
        let types = self.specification.types(schema);
        types.is_empty() || types.iter().any(|own| own == sample.type_name())
    }

    fn parameter(
        &mut self,
        name: &str,
        operation: &'a Operation,
        parameter: &'a Parameter,
        found: &[&SpecOperation<'a>],
    ) {
        let member = &parameter.member;
        let subject = format!("{name}: {}", member.name);
        let is_header = parameter.place == Place::Header;
        let is_named = |node: &&Node<'a>| {
            let own = node.text("name").unwrap_or("");
            own == member.name || is_header && own.eq_ignore_ascii_case(&member.name)
        };
        let by_position = || {
            // The parameters of a path can have other names.
            let position = names_of(&operation.path).iter().position(|own| *own == member.name)?;
            let own = found.first()?;
            let name = names_of(&own.path).get(position).map(|name| (*name).to_owned())?;
            own.parameters
                .iter()
                .find(|node| node.text("name") == Some(name.as_str()) && node.text("in") == Some("path"))
        };
        let mut nodes: Vec<&Node<'a>> = found.iter().flat_map(|own| own.parameters.iter().filter(is_named)).collect();
        if nodes.is_empty() && parameter.place == Place::Path {
            nodes.extend(by_position());
        }
        let operations: Vec<&Node<'a>> = found.iter().map(|own| &own.node).collect();
        let pointer = nodes.first().or(operations.first()).map(|node| node.pointer.clone()).unwrap_or_default();
        let window = self.specification.root().tree.get("x-recv-window").is_some();
        if nodes.is_empty() && window && is_window(&member.name) {
            self.drift.held += 1;
            return;
        }
        if nodes.is_empty() && self.is_in_body(found, &member.name) {
            self.drift.held += 1;
            return;
        }
        let finding = || Finding {
            at: member.at,
            kind: Difference::Missing,
            subject: subject.clone(),
            text: "the specification does not have this parameter".to_owned(),
            pointer: pointer.clone(),
        };
        let above = stating(&operations, &member.name);
        if !self.check_named(!nodes.is_empty(), finding, &above, &[&member.name]) {
            return;
        }
        let mut carriers = nodes.clone();
        carriers.extend(above);
        let schemas: Vec<Node<'a>> = nodes.iter().filter_map(|node| parameter_schema(node)).collect();
        let resolved: Vec<Node<'a>> = schemas.iter().map(|schema| self.specification.resolve(schema)).collect();
        if member.states_required {
            let holds = nodes.iter().any(|node| node.is_true("required") == (member.required == Some(true)));
            self.required(&subject, member, holds, &pointer, &carriers);
        }
        if parameter.states_place {
            let holds = nodes.iter().any(|node| node.text("in") == Some(parameter.place.name()));
            let finding = || Finding {
                at: member.at,
                kind: Difference::Contradicts,
                subject: subject.clone(),
                text: format!(
                    "it is in {} in the document and in {} in the specification",
                    parameter.place.name(),
                    nodes.first().and_then(|node| node.text("in")).unwrap_or("another place")
                ),
                pointer: pointer.clone(),
            };
            self.check(holds, finding, &carriers);
        }
        carriers.extend(&schemas);
        carriers.extend(&resolved);
        // A parameter that only the route shows, or whose cell in a column of types is empty, has
        // no type in the document.
        let has_types = || operation.parameters.iter().any(|own| own.place != Place::Path && own.member.states_type);
        let is_open = matches!(member.schema.form, Form::Any | Form::Scalar { kind: "string", .. });
        if !member.states_type && is_open && (parameter.place == Place::Path || has_types()) {
            let types: Vec<String> = schemas.iter().flat_map(|schema| self.specification.types(schema)).collect();
            let other = types.iter().find(|own| *own != "string");
            let finding = || Finding {
                at: member.at,
                kind: Difference::Undocumented,
                subject: subject.clone(),
                text: format!("the document does not have the type {}", other.map_or("", String::as_str)),
                pointer: pointer.clone(),
            };
            self.check(other.is_none(), finding, &carriers);
        }
        // A decimal is often sent as text.
        let is_decimal = matches!(member.schema.form, Form::Scalar { kind: "number", .. });
        let is_text = resolved.iter().any(|node| node.text("format") == Some("decimal"));
        if let Some(schema) = schemas.first() {
            let is_other_form = is_decimal && is_text;
            if !member.states_type {
                // A table without types can list values and state defaults.
                self.values(&subject, &member.schema, schema, &carriers, STATED);
                if !is_other_form {
                    self.bounds(&subject, &member.schema, schema, &carriers, STATED);
                }
            } else if !is_other_form {
                self.schema(&subject, &member.schema, schema, &carriers, STATED, 0);
            }
        }
    }

    fn is_in_body(&self, found: &[&SpecOperation<'a>], name: &str) -> bool {
        let bodies = found.iter().filter_map(|own| own.node.child("requestBody"));
        bodies.filter_map(|body| schema_of(&self.specification.resolve(&body))).any(|schema| {
            self.specification
                .objects(&schema, 0)
                .iter()
                .any(|object| object.child("properties").is_some_and(|all| all.child(name).is_some()))
        })
    }

    fn access(&mut self, name: &str, operation: &Operation, found: &[&SpecOperation<'a>], pointer: &str) {
        let facts = self.facts;
        let carriers: Vec<&Node<'a>> = found.iter().map(|own| &own.node).collect();
        let Some((access, at)) = operation.access else {
            // The document says of other operations that they need credentials.
            if facts.operations.iter().any(|own| own.access.is_some()) {
                let finding = || Finding {
                    at: operation.route_at,
                    kind: Difference::Undocumented,
                    subject: name.to_owned(),
                    text: "it needs credentials in the specification, and the document does not say so".to_owned(),
                    pointer: pointer.to_owned(),
                };
                let holds = !found.iter().all(|own| self.needs_credentials(own));
                self.check_named(holds, finding, &carriers, &["security"]);
            }
            return;
        };
        if operation.schemes.iter().any(Vec::is_empty) {
            // The document allows requests without credentials too.
            return;
        }
        let wanted = access != Access::Public;
        let holds = found.iter().any(|own| self.needs_credentials(own) == wanted);
        let word = |needs: bool| if needs { "needs credentials" } else { "is public" };
        let finding = || Finding {
            at,
            kind: Difference::Contradicts,
            subject: name.to_owned(),
            text: format!("it {} in the document and {} in the specification", word(wanted), word(!wanted)),
            pointer: pointer.to_owned(),
        };
        if self.check_named(holds, finding, &carriers, &["security"]) && wanted {
            self.schemes_of(name, operation, found, at, pointer);
        }
    }

    /// Returns whether each request of an operation needs credentials.
    fn needs_credentials(&self, own: &SpecOperation<'a>) -> bool {
        let all = self.alternatives_of(own);
        !all.is_empty() && !all.iter().any(|one| one.tree.members().is_empty())
    }

    /// Returns the security schemes of an operation, as the specification writes them.
    fn schemes_text(&self, found: &[&SpecOperation<'a>]) -> String {
        let all = found.iter().flat_map(|own| self.alternatives_of(own));
        all.map(|own| own.tree.to_json()).collect::<Vec<String>>().join(" ")
    }

    fn alternatives_of(&self, own: &SpecOperation<'a>) -> Vec<Node<'a>> {
        let root = self.specification.root();
        let security = own.node.child("security").or_else(|| root.child("security"));
        security.iter().flat_map(Node::elements).collect()
    }

    /// Compares the schemes that an operation needs, if the document names them.
    fn schemes_of(
        &mut self,
        name: &str,
        operation: &Operation,
        found: &[&SpecOperation<'a>],
        at: Lines,
        pointer: &str,
    ) {
        let facts = self.facts;
        if operation.schemes.is_empty() || facts.guesses_schemes {
            return;
        }
        let key = |scheme: &crate::facts::Scheme| match &scheme.kind {
            SchemeKind::ApiKey { name, .. } => name.to_lowercase(),
            SchemeKind::Http(kind) => kind.to_lowercase(),
        };
        let stated = operation.schemes.iter().map(|names| {
            let keys = names.iter().map(|name| facts.schemes.iter().find(|own| own.id == *name).map(key));
            keys.collect::<Option<BTreeSet<String>>>()
        });
        // A scheme that the document only names cannot be told from others.
        let Some(stated) = stated.collect::<Option<BTreeSet<BTreeSet<String>>>>() else { return };
        let root = self.specification.root();
        let schemes = root.child("components").and_then(|all| all.child("securitySchemes"));
        let key_of = |name: &str| {
            let scheme =
                schemes.as_ref().and_then(|all| all.child(name)).map(|own| self.specification.resolve(&own))?;
            let own = if scheme.text("type") == Some("apiKey") { "name" } else { "scheme" };
            // OAuth sends a bearer token.
            Some(scheme.text(own).unwrap_or("bearer").to_lowercase())
        };
        let of = |own: &SpecOperation<'a>| {
            let all = self.alternatives_of(own);
            let keys = |one: &Node<'a>| one.tree.members().iter().filter_map(|(name, _)| key_of(name)).collect();
            all.iter().map(keys).collect::<BTreeSet<BTreeSet<String>>>()
        };
        let all: Vec<BTreeSet<BTreeSet<String>>> = found.iter().map(|own| of(own)).collect();
        let show = |all: &BTreeSet<BTreeSet<String>>| {
            let one = |names: &BTreeSet<String>| {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                if names.is_empty() { "nothing".to_owned() } else { names.join(" and ") }
            };
            all.iter().map(one).collect::<Vec<String>>().join(", or ")
        };
        let finding = || Finding {
            at,
            kind: Difference::Contradicts,
            subject: name.to_owned(),
            text: format!(
                "it needs {} in the document and {} in the specification",
                show(&stated),
                all.first().map(show).unwrap_or_default()
            ),
            pointer: pointer.to_owned(),
        };
        let carriers: Vec<&Node<'a>> = found.iter().map(|own| &own.node).collect();
        self.check_named(all.contains(&stated), finding, &carriers, &["security"]);
    }

    fn weight(&mut self, name: &str, operation: &Operation, found: &[&SpecOperation<'a>], pointer: &str) {
        let carriers: Vec<&Node<'a>> = found.iter().map(|own| &own.node).collect();
        let Some((weight, at)) = &operation.weight else {
            // The document states the weights of other operations.
            if self.facts.operations.iter().any(|own| own.weight.is_some()) {
                let has = |own: &&SpecOperation<'a>| {
                    own.node.tree.get("x-weight").is_some_and(|tree| tree.scalar().as_deref() != Some("1"))
                };
                let finding = || Finding {
                    at: operation.route_at,
                    kind: Difference::Undocumented,
                    subject: name.to_owned(),
                    text: "the document does not state the weight".to_owned(),
                    pointer: pointer.to_owned(),
                };
                let holds = !found.iter().copied().any(|own| has(&own));
                self.check_named(holds, finding, &carriers, &["x-weight"]);
            }
            return;
        };
        let fits = |own: &SpecOperation<'a>| match own.node.tree.get("x-weight") {
            None => weight.amount == 1,
            Some(tree) => match tree.scalar() {
                Some(digits) => digits == weight.amount.to_string(),
                None => {
                    let otherwise = tree.get("otherwise").and_then(venuekit_json::Tree::scalar);
                    let present = tree.get("when-present").into_iter().flat_map(venuekit_json::Tree::members);
                    let amounts: Vec<String> = present.filter_map(|(_, amount)| amount.scalar()).collect();
                    if !weight.among.is_empty() {
                        // The draft has the largest one, and a person wrote which request has
                        // which.
                        let is_stated = |own: &String| weight.among.iter().any(|amount| amount.to_string() == *own);
                        return amounts.iter().chain(&otherwise).all(is_stated);
                    }
                    amounts.contains(&weight.amount.to_string())
                        && weight.without.as_ref().is_none_or(|(other, _)| otherwise == Some(other.to_string()))
                }
            },
        };
        let finding = || Finding {
            at: *at,
            kind: Difference::Contradicts,
            subject: name.to_owned(),
            text: format!("the weight is {} in the document and another one in the specification", weight.amount),
            pointer: pointer.to_owned(),
        };
        self.check_named(found.iter().any(|own| fits(own)), finding, &carriers, &["x-weight"]);
    }

    fn body(&mut self, name: &str, operation: &'a Operation, found: &[&SpecOperation<'a>], pointer: &str) {
        let nodes: Vec<Node<'a>> =
            found.iter().filter_map(|own| Some(self.specification.resolve(&own.node.child("requestBody")?))).collect();
        let carriers: Vec<&Node<'a>> = found.iter().map(|own| &own.node).collect();
        let Some(body) = &operation.body else {
            self.body_is_gone(name, operation, &carriers, &nodes);
            return;
        };
        let finding = || Finding {
            at: body.at,
            kind: Difference::Missing,
            subject: format!("{name}: body"),
            text: "the specification does not have a body here".to_owned(),
            pointer: pointer.to_owned(),
        };
        if !self.check_named(!nodes.is_empty(), finding, &carriers, &[BODY]) {
            return;
        }
        self.body_is_required(name, body, &nodes);
        // A body that the document only describes as JSON can be any structured one.
        let media: Vec<&str> = nodes
            .iter()
            .filter_map(|node| node.child("content"))
            .flat_map(|content| content.tree.members().iter().map(|(media, _)| media.as_str()).collect::<Vec<_>>())
            .collect();
        let finding = || Finding {
            at: body.at,
            kind: Difference::Contradicts,
            subject: format!("{name}: body"),
            text: format!("it is `{}` in the document and `{}` in the specification", body.media, media.join("`, `")),
            pointer: pointer.to_owned(),
        };
        let all: Vec<&Node<'a>> = carriers.iter().copied().chain(&nodes).collect();
        let names: Vec<&str> = media.iter().copied().chain([body.media.as_str()]).collect();
        self.check_named(media.is_empty() || media.contains(&body.media.as_str()), finding, &all, &names);
        // Operations that share a route share the members of its body.
        let mode = Mode { both_ways: nodes.len() == 1, is_sample: body.is_sample, is_merged: false };
        for node in &nodes {
            if let Some(schema) = schema_of(node) {
                if nodes.len() == 1 {
                    self.schema(&format!("{name}: body"), &body.schema, &schema, &[node], mode, 0);
                }
                if let Some(sample) = &body.sample
                    && nodes.len() == 1
                {
                    self.sample(&format!("{name}: body"), sample, &schema, &[node], body.at, example_of(node));
                }
            }
        }
    }

    /// Finds a body that the document does not have, though it has those of other operations. The
    /// parameters of the document can be members of the body.
    fn body_is_gone(&mut self, name: &str, operation: &Operation, operations: &[&Node<'a>], nodes: &[Node<'a>]) {
        let facts = self.facts;
        if !facts.operations.iter().any(|own| own.body.is_some()) {
            return;
        }
        for node in nodes {
            let Some(schema) = schema_of(node) else { continue };
            let objects = self.specification.objects(&schema, 0);
            let names = objects.iter().filter_map(|object| object.tree.get("properties")).flat_map(Tree::members);
            let is_known = |name: &str| {
                operation.parameters.iter().any(|own| own.member.name == name)
                    || operation.filled.iter().any(|(own, _, _)| own == name)
            };
            let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
            let holds = !names.is_empty() && names.iter().any(|name| is_known(name));
            let finding = || Finding {
                at: table_of(operation),
                kind: Difference::Undocumented,
                subject: format!("{name}: body"),
                text: "the document does not have the body".to_owned(),
                pointer: node.pointer.clone(),
            };
            let all: Vec<&Node<'a>> = operations.iter().copied().chain([node]).collect();
            self.check_named(holds, finding, &all, &[BODY]);
        }
    }

    /// Checks that a body is required in both, or in neither, if the document says so of bodies.
    fn body_is_required(&mut self, name: &str, body: &Body, nodes: &[Node<'a>]) {
        let facts = self.facts;
        let Some(node) = nodes.first() else { return };
        let mut finding = Finding {
            at: body.at,
            kind: Difference::Contradicts,
            subject: format!("{name}: body"),
            text: String::new(),
            pointer: node.pointer.clone(),
        };
        let is_own = nodes.iter().any(|node| node.is_true("required"));
        let own: Vec<&Node<'a>> = nodes.iter().filter(|node| node.deviates_in_required()).collect();
        if let Some((wanted, at)) = body.required_at {
            let word = |required: bool| if required { "required" } else { "optional" };
            let (wanted, found) = (word(wanted), word(is_own));
            finding.at = at;
            finding.text = format!("it is {wanted} in the document and {found} in the specification");
            self.check(wanted == found, || finding, &own);
        } else if !body.schema_members().is_empty()
            && facts.operations.iter().filter_map(|own| own.body.as_ref()).any(|own| own.required_at.is_some())
        {
            // The row of the body is gone. Those of its members are left.
            finding.kind = Difference::Undocumented;
            "the document does not say whether it is required, as it does of other bodies"
                .clone_into(&mut finding.text);
            self.check(!is_own, || finding, &own);
        }
    }

    /// Compares the schemas that no operation leads to with those of the specification that are
    /// most like them.
    fn loose_schemas(&mut self) {
        let schemas = self.specification.root().child("components").and_then(|all| all.child("schemas"));
        let all: Vec<(&str, Node<'a>)> = schemas.iter().flat_map(Node::members).collect();
        let facts = self.facts;
        for (name, schema) in &facts.schemas {
            if self.seen.iter().any(|(own, _)| own == name) {
                continue;
            }
            let Form::Object(members) = &schema.form else { continue };
            let likeness = |node: &Node<'a>| {
                let properties = node.tree.get("properties").map(venuekit_json::Tree::members).unwrap_or_default();
                let shared = members.iter().filter(|own| properties.iter().any(|(name, _)| *name == own.name)).count();
                (shared * 2).checked_sub(properties.len().max(members.len()))
            };
            let same = |own: &str| own == name.rsplit('.').next().unwrap_or(name);
            let best = all
                .iter()
                .filter_map(|(own, node)| Some((likeness(node)?, same(own), node)))
                .max_by_key(|(likeness, same, _)| (*likeness, *same));
            let finding = || Finding {
                at: schema.at,
                kind: Difference::Missing,
                subject: name.clone(),
                text: "no schema of the specification is like this one".to_owned(),
                pointer: "/components/schemas".to_owned(),
            };
            if self.check(best.is_some(), finding, &[])
                && let Some((_, _, node)) = best
            {
                self.schema(name, schema, node, &[], STATED, 0);
            }
        }
    }
}

/// The name of a body in the text of `x-doc-deviation`.
const BODY: &str = "requestBody";

/// Returns the names in a path.
fn names_of(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
}

/// Returns the schema of the first content of a body or a response.
fn schema_of<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    node.child("content")?.members().find_map(|(_, media)| media.child("schema"))
}

/// Returns the example of the first content of a body or a response.
fn example_of<'a>(node: &Node<'a>) -> Option<&'a venuekit_json::Tree> {
    node.child("content")?.members().find_map(|(_, media)| media.tree.get("example"))
}

fn parameter_schema<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    node.child("schema").or_else(|| schema_of(node))
}

/// Returns the response of a status: itself, its range, or the default of errors.
fn response_of<'a>(operation: &Node<'a>, status: &str) -> Option<Node<'a>> {
    let responses = operation.child("responses")?;
    let range = status.chars().next().map(|first| format!("{first}XX")).unwrap_or_default();
    let is_error = !status.starts_with('2');
    responses
        .child(status)
        .or_else(|| responses.child(&range))
        .or_else(|| responses.child(&range.to_lowercase()))
        .or_else(|| responses.child("default").filter(|_| is_error))
}
