//! The schemas of a document and those of a specification.

use std::collections::BTreeSet;

use venuekit_json::Tree;

use crate::document::Lines;
use crate::facts::{Facts, Form, Member, Schema};
use crate::infer::infer;
use crate::inline;
use crate::sample;

use super::finding::{Difference, Drift, Finding};
use super::rows::{Usual, rows_at};
use super::specification::{Node, Specification, stating};
use super::stated::Stated;

/// The comparison of schemas. It collects the findings.
pub(super) struct Comparison<'a, 'd> {
    pub(super) facts: &'a Facts,
    pub(super) specification: Specification<'a>,
    pub(super) drift: &'d mut Drift,
    /// The pairs of a schema of the document and an object of the specification that were compared.
    pub(super) seen: Vec<(String, String)>,
    /// The properties of the specification that the document has.
    pub(super) documented: BTreeSet<String>,
    /// The values of the alternatives that are compared, if a table lists them together.
    pub(super) merged: BTreeSet<String>,
    /// The properties that one sample lacks. Another one can have them.
    pub(super) unseen: Vec<Finding>,
    /// The enums of the specification whose values one table does not list, and those whose values
    /// a text or a table of the document has.
    pub(super) unlisted: Vec<(String, Finding)>,
    pub(super) listed: BTreeSet<String>,
    /// The kinds of facts about values that the document states at all.
    pub(super) stated: Stated,
    /// What most rows say about the values that signing fills in.
    pub(super) usual: Vec<Usual>,
}

/// How a schema of the document is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mode {
    /// True if things that only the specification has are differences too.
    pub(super) both_ways: bool,
    /// The schema is derived from a sample: its required members and its kinds of numbers are not
    /// stated.
    pub(super) is_sample: bool,
    /// A table lists the values of all alternatives together.
    pub(super) is_merged: bool,
}

/// Returns whether the draft gave a column its name: `column1`.
fn is_made_up(name: &str) -> bool {
    name.strip_prefix("column").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

impl<'a, 'd> Comparison<'a, 'd> {
    /// Starts a comparison.
    pub(super) fn new(facts: &'a Facts, specification: Specification<'a>, drift: &'d mut Drift) -> Self {
        Self {
            facts,
            specification,
            drift,
            seen: Vec::new(),
            documented: BTreeSet::new(),
            merged: BTreeSet::new(),
            unseen: Vec::new(),
            unlisted: Vec::new(),
            listed: BTreeSet::new(),
            stated: Stated::of(facts),
            usual: Vec::new(),
        }
    }

    /// Ends the comparison: a property that no sample has is undocumented.
    pub(super) fn end(self) {
        for (pointer, finding) in self.unlisted {
            if !self.listed.contains(&pointer) {
                self.drift.findings.push(finding);
            }
        }
        for finding in self.unseen {
            if !self.documented.contains(&finding.pointer) {
                self.drift.findings.push(finding);
            }
        }
    }

    /// Counts a fact, and returns whether it holds. If it does not hold, adds a finding, except if
    /// the specification states the difference: one of `carriers` (the objects that the fact is
    /// about) has `x-doc-deviation`, or `x-evidence` for an undocumented fact. An object above
    /// states it only if it names the member (`stating`). `stated` counts these exceptions.
    pub(super) fn check(&mut self, holds: bool, finding: impl FnOnce() -> Finding, carriers: &[&Node<'a>]) -> bool {
        if holds {
            self.drift.held += 1;
            return true;
        }
        let finding = finding();
        let is_stated = carriers.iter().any(|carrier| match finding.kind {
            Difference::Undocumented => carrier.has_other_source(),
            Difference::Missing | Difference::Contradicts => carrier.deviates(),
        });
        self.add(finding, is_stated);
        false
    }

    /// Counts a fact that an object states only by its name: that a member, a value or a response
    /// is there. Returns whether it holds. A text about something else says nothing about it.
    pub(super) fn check_named(
        &mut self,
        holds: bool,
        finding: impl FnOnce() -> Finding,
        objects: &[&Node<'a>],
        names: &[&str],
    ) -> bool {
        if holds {
            self.drift.held += 1;
            return true;
        }
        let finding = finding();
        let is_undocumented = finding.kind == Difference::Undocumented;
        let is_stated = objects.iter().any(|own| names.iter().any(|name| own.names(name, is_undocumented)));
        self.add(finding, is_stated);
        false
    }

    /// Counts a fact about a type. An object states the difference if its text is about types.
    fn check_type(&mut self, holds: bool, finding: impl FnOnce() -> Finding, carriers: &[&Node<'a>]) -> bool {
        let carriers: Vec<&Node<'a>> = carriers.iter().filter(|own| own.is_about_types()).copied().collect();
        self.check(holds, finding, &carriers)
    }

    fn add(&mut self, finding: Finding, is_stated: bool) {
        if is_stated {
            self.drift.stated += 1;
        } else {
            self.drift.findings.push(finding);
        }
    }

    /// Checks that a member is required in both, or in neither. An object states the difference if
    /// it names the member, or says that the member is required or optional.
    pub(super) fn required(
        &mut self,
        subject: &str,
        member: &Member,
        holds: bool,
        pointer: &str,
        carriers: &[&Node<'a>],
    ) {
        let wanted = member.required == Some(true);
        let word = |required: bool| if required { "required" } else { "optional" };
        let finding = || Finding {
            at: member.at,
            kind: Difference::Contradicts,
            subject: subject.to_owned(),
            text: format!("it is {} in the document and {} in the specification", word(wanted), word(!wanted)),
            pointer: pointer.to_owned(),
        };
        let states = |own: &&&Node<'a>| own.names(&member.name, false) || own.deviates_in_required();
        let carriers: Vec<&Node<'a>> = carriers.iter().filter(states).copied().collect();
        self.check(holds, finding, &carriers);
    }

    /// Returns the schema that a schema of the document refers to.
    fn target(&self, schema: &'a Schema) -> (&'a Schema, Option<&'a str>) {
        let mut own = schema;
        let mut name = None;
        for _ in 0..20 {
            let Form::Ref(target) = &own.form else { break };
            let fold = |name: &str| name.to_lowercase().replace(' ', "");
            let found = self.facts.schemas.iter().find(|(own, _)| own == target);
            let found = found.or_else(|| self.facts.schemas.iter().find(|(own, _)| fold(own) == fold(target)));
            let Some((own_name, next)) = found else { break };
            own = next;
            name = Some(own_name.as_str());
        }
        (own, name)
    }

    /// Compares a schema of the document with one of the specification.
    pub(super) fn schema(
        &mut self,
        subject: &str,
        stated: &'a Schema,
        node: &Node<'a>,
        above: &[&Node<'a>],
        mode: Mode,
        depth: usize,
    ) {
        if depth > 24 {
            return;
        }
        if let Some(inline) = &stated.inline {
            self.inline(subject, stated, inline, node, above, mode, depth);
        }
        // A schema of its own has values of its own.
        let mode = Mode { is_merged: mode.is_merged && stated.inline.is_none(), ..mode };
        let (target, name) = self.target(stated);
        if let Some(name) = name {
            let key = (name.to_owned(), self.specification.resolve(node).pointer);
            if self.seen.contains(&key) {
                return;
            }
            self.seen.push(key);
        }
        self.without_reference(subject, target, node, above, mode, depth);
    }

    /// Compares the inline description of a schema. In a table, a row can refer to a schema, and
    /// the rows below it can describe the same value once more.
    #[expect(clippy::too_many_arguments, reason = "the two schemas and their place")]
    fn inline(
        &mut self,
        subject: &str,
        stated: &'a Schema,
        inline: &'a Schema,
        node: &Node<'a>,
        above: &[&Node<'a>],
        mode: Mode,
        depth: usize,
    ) {
        let is_list = matches!(stated.form, Form::Array(_)) && !matches!(inline.form, Form::Array(_));
        // If there is one row only, and its name is the name of the schema that it refers to, then
        // it stands for the element of a list. The rows below it describe that element.
        let inline = match &inline.form {
            Form::Object(members) => match (members.as_slice(), &members.first().map(|member| &member.schema)) {
                ([member], Some(schema)) if matches!(&schema.form, Form::Ref(name) if *name == member.name) => {
                    schema.inline.as_deref().unwrap_or(inline)
                }
                _ => inline,
            },
            _ => inline,
        };
        let nodes = if is_list { self.specification.items(node) } else { vec![node.clone()] };
        let is_choice = matches!(inline.form, Form::Choice { .. });
        if is_choice {
            self.merged = nodes.iter().flat_map(|node| self.specification.inner_values(node)).collect();
        }
        let mode = Mode { is_merged: mode.is_merged || is_choice, ..mode };
        for node in nodes {
            self.without_reference(subject, inline, &node, above, mode, depth + 1);
        }
    }

    /// Compares a schema whose references were followed: its type, values, members and elements.
    fn without_reference(
        &mut self,
        subject: &str,
        stated: &'a Schema,
        node: &Node<'a>,
        above: &[&Node<'a>],
        mode: Mode,
        depth: usize,
    ) {
        let resolved = self.specification.resolve(node);
        let mut carriers: Vec<&Node<'a>> = vec![node, &resolved];
        carriers.extend(above);
        if !self.kind(subject, stated, node, &carriers, mode) {
            return;
        }
        self.values(subject, stated, node, &carriers, mode);
        self.bounds(subject, stated, node, &carriers, mode);
        match &stated.form {
            Form::Object(members) if members.is_empty() && mode.both_ways && !mode.is_sample => {
                let objects = self.specification.objects(node, 0);
                let map = objects.iter().find_map(|object| object.child("additionalProperties"));
                let finding = || Finding {
                    at: stated.at,
                    kind: Difference::Undocumented,
                    subject: subject.to_owned(),
                    text: "the document does not describe its members".to_owned(),
                    pointer: node.pointer.clone(),
                };
                let has = depth == 0 && objects.iter().any(|object| object.tree.get("properties").is_some());
                self.check(!has && map.is_none_or(|map| map.tree.is_scalar()), finding, &carriers);
            }
            Form::Object(members) if !members.is_empty() => {
                self.members(subject, stated, members, node, &carriers, mode, depth);
            }
            Form::Array(items) => {
                for node in self.specification.items(node) {
                    self.schema(subject, items, &node, &[&resolved], mode, depth + 1);
                }
            }
            Form::Map(values) => {
                for object in self.specification.objects(node, 0) {
                    if let Some(node) = object.child("additionalProperties").filter(|node| !node.tree.is_scalar()) {
                        self.schema(subject, values, &node, &[&resolved], mode, depth + 1);
                    }
                }
            }
            Form::Tuple(columns) => self.columns(subject, columns, &resolved, &carriers, mode, depth),
            Form::Choice { how, of } => {
                self.alternatives(subject, stated, of, node, &carriers, mode);
                // A table below an operation lists the values of all alternatives together.
                let is_merged = of.iter().filter(|one| one.inline.is_some()).count() > 1;
                if is_merged {
                    self.merged = self.specification.inner_values(node).into_iter().collect();
                }
                let mode = Mode { is_merged: mode.is_merged || is_merged, ..mode };
                for (position, one) in of.iter().enumerate() {
                    if let Some(own) = self.alternative(one, position, node).filter(|_| *how != "allOf") {
                        self.schema(subject, one, &own, &carriers, mode, depth + 1);
                        continue;
                    }
                    let is_object = |one: &Schema| matches!(self.target(one).0.form, Form::Object(_));
                    let alone = of.iter().filter(|other| is_object(other) == is_object(one)).count() == 1;
                    let mode = Mode { both_ways: mode.both_ways && alone, ..mode };
                    self.schema(subject, one, node, above, mode, depth + 1);
                }
            }
            Form::Any if depth == 0 && mode.both_ways && !mode.is_sample => {
                let objects = self.specification.objects(node, 0);
                let has = objects.iter().any(|object| object.tree.get("properties").is_some());
                let finding = || Finding {
                    at: stated.at,
                    kind: Difference::Undocumented,
                    subject: subject.to_owned(),
                    text: "the document does not describe its properties".to_owned(),
                    pointer: node.pointer.clone(),
                };
                self.check(!has, finding, &carriers);
            }
            _ => {}
        }
    }

    /// Returns the alternative of the specification that an alternative of the document describes:
    /// the one of its name, or the one that shares most of its members.
    fn alternative(&self, stated: &'a Schema, position: usize, node: &Node<'a>) -> Option<Node<'a>> {
        let resolved = self.specification.resolve(node);
        let of = |key: &str| resolved.child(key).into_iter().flat_map(|all| all.elements().collect::<Vec<_>>());
        let all: Vec<Node<'a>> = of("oneOf").chain(of("anyOf")).collect();
        let (target, name) = self.target(stated);
        let name = name.map(|name| name.rsplit('.').next().unwrap_or(name));
        let is_named = |own: &&Node<'a>| {
            let reference = own.text("$ref").and_then(|target| target.rsplit('/').next());
            reference.is_some() && reference == name
        };
        if let Some(own) = all.iter().find(is_named) {
            return Some(own.clone());
        }
        let Form::Object(members) = &target.form else { return None };
        let likeness = |own: &&Node<'a>| {
            let objects = self.specification.objects(own, 0);
            let has = |name: &str| {
                objects.iter().any(|object| object.child("properties").is_some_and(|all| all.child(name).is_some()))
            };
            members.iter().filter(|member| has(&member.name)).count()
        };
        let best = all.iter().enumerate().max_by_key(|(index, own)| (likeness(own), *index == position));
        best.map(|(_, own)| own).filter(|own| likeness(own) > 0).cloned()
    }

    /// Checks that every type in the specification is one of the document's alternatives.
    fn alternatives(
        &mut self,
        subject: &str,
        stated: &Schema,
        of: &'a [Schema],
        node: &Node<'a>,
        carriers: &[&Node<'a>],
        mode: Mode,
    ) {
        let mut wanted: Vec<&str> = Vec::new();
        for one in of {
            match &self.target(one).0.form {
                Form::Scalar { kind, .. } => wanted.push(kind),
                Form::Array(_) | Form::Tuple(_) => wanted.push("array"),
                Form::Object(_) | Form::Map(_) => wanted.push("object"),
                Form::Any | Form::Ref(_) | Form::Choice { .. } => return,
            }
        }
        let found = self.specification.types(node);
        let is_known = |own: &String| {
            wanted.contains(&own.as_str())
                || own == "null"
                || mode.is_sample && own == "number" && wanted.contains(&"integer")
        };
        let at = of.iter().fold(stated.at, |at, one| at.to(one.at));
        let finding = || Finding {
            at,
            kind: Difference::Contradicts,
            subject: subject.to_owned(),
            text: format!(
                "the type is {} in the document and {} in the specification",
                stated.type_name(),
                found.join(" or ")
            ),
            pointer: node.pointer.clone(),
        };
        self.check_type(found.iter().all(is_known), finding, carriers);
    }

    /// Compares the types. Returns whether the schemas can be compared further.
    fn kind(&mut self, subject: &str, stated: &Schema, node: &Node<'a>, carriers: &[&Node<'a>], mode: Mode) -> bool {
        let wanted: &[&str] = match &stated.form {
            Form::Any | Form::Ref(_) | Form::Choice { .. } => return true,
            Form::Scalar { kind: "integer", .. } if mode.is_sample => &["integer", "number"],
            Form::Scalar { kind, .. } => std::slice::from_ref(kind),
            Form::Array(_) | Form::Tuple(_) => &["array"],
            Form::Object(_) | Form::Map(_) => &["object"],
        };
        let found = self.specification.types(node);
        let holds = found.is_empty() || found.iter().any(|own| wanted.contains(&own.as_str()));
        let finding = || Finding {
            at: stated.at,
            kind: Difference::Contradicts,
            subject: subject.to_owned(),
            text: format!(
                "the type is {} in the document and {} in the specification",
                stated.type_name(),
                found.join(" or ")
            ),
            pointer: node.pointer.clone(),
        };
        if !self.check_type(holds, finding, carriers) {
            return false;
        }
        if let (Form::Scalar { kind, .. }, true, false) = (&stated.form, mode.both_ways, mode.is_sample) {
            // A specification can write an id as an integer or text, whatever the document has.
            let words = inline::words(subject.rsplit(": ").next().unwrap_or(subject));
            let is_id = words.last().is_some_and(|word| matches!(word.as_str(), "id" | "ids"))
                && found.iter().all(|own| matches!(own.as_str(), "integer" | "string"));
            let is_number = |kind: &str| matches!(kind, "integer" | "number");
            let other = found.iter().find(|own| own != kind && *own != "null" && !(is_number(own) && is_number(kind)));
            let finding = || Finding {
                at: stated.at,
                kind: Difference::Undocumented,
                subject: subject.to_owned(),
                text: format!("the document does not have the type {}", other.map_or("", String::as_str)),
                pointer: node.pointer.clone(),
            };
            self.check_type(is_id || other.is_none(), finding, carriers);
        }
        true
    }

    /// Compares the values of an enum. A sample lists none, so the document states them.
    pub(super) fn values(
        &mut self,
        subject: &str,
        stated: &Schema,
        node: &Node<'a>,
        carriers: &[&Node<'a>],
        mode: Mode,
    ) {
        let found = self.specification.values(node);
        if stated.values.is_empty() {
            let lists = mode.both_ways && !mode.is_sample && self.stated.values;
            if lists && matches!(stated.form, Form::Scalar { kind: "string" | "integer", .. }) && !found.is_empty() {
                let all: Vec<String> = found.iter().map(|value| format!("`{value}`")).collect();
                let finding = || Finding {
                    at: stated.at,
                    kind: Difference::Undocumented,
                    subject: subject.to_owned(),
                    text: format!("the document does not list the values {}", all.join(", ")),
                    pointer: node.pointer.clone(),
                };
                // The text can state values in words that are not read, and another table can list
                // those of the same schema.
                if found.iter().any(|value| stated.bounds.mentioned.contains(value)) {
                    self.listed.insert(self.specification.resolve(node).pointer);
                } else if found.iter().all(|value| carriers.iter().any(|carrier| carrier.names(value, true))) {
                    self.drift.stated += 1;
                } else {
                    self.unlisted.push((self.specification.resolve(node).pointer, finding()));
                }
            }
            return;
        }
        self.listed.insert(self.specification.resolve(node).pointer);
        let at = stated.values.iter().map(|(_, at)| *at).reduce(Lines::to).unwrap_or(stated.at);
        for (value, at) in &stated.values {
            let finding = || Finding {
                at: *at,
                kind: Difference::Missing,
                subject: subject.to_owned(),
                text: format!("the specification does not list the value `{value}`"),
                pointer: node.pointer.clone(),
            };
            let is_other = mode.is_merged && self.merged.contains(value);
            self.check_named(found.contains(value) || is_other, finding, carriers, &[value]);
        }
        for value in found.iter().filter(|value| !stated.values.iter().any(|(own, _)| own == *value)) {
            let finding = || Finding {
                at,
                kind: Difference::Undocumented,
                subject: subject.to_owned(),
                text: format!("the document does not list the value `{value}`"),
                pointer: node.pointer.clone(),
            };
            self.check_named(false, finding, carriers, &[value]);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the two schemas and their place")]
    fn members(
        &mut self,
        subject: &str,
        stated: &'a Schema,
        members: &'a [Member],
        node: &Node<'a>,
        carriers: &[&Node<'a>],
        mode: Mode,
        depth: usize,
    ) {
        let objects = self.specification.objects(node, 0);
        let is_open = objects.is_empty() || objects.iter().any(|object| object.tree.get("properties").is_none());
        let rows = rows_at(members.iter());
        for member in members {
            let subject = format!("{subject}: {}", member.name);
            let mut found: Vec<(&Node<'a>, Node<'a>)> = Vec::new();
            for object in &objects {
                if let Some(property) = object.child("properties").and_then(|all| all.child(&member.name)) {
                    found.push((object, property));
                }
            }
            if found.is_empty() && is_open {
                // A map, or an object without stated members.
                let values = objects.iter().find_map(|object| object.child("additionalProperties"));
                if let Some(values) = values.filter(|values| !values.tree.is_scalar()) {
                    self.schema(&subject, &member.schema, &values, &[], mode, depth + 1);
                }
                continue;
            }
            let finding = || Finding {
                at: member.at,
                kind: Difference::Missing,
                subject: subject.clone(),
                text: "the specification does not have this property".to_owned(),
                pointer: objects.first().map_or_else(|| node.pointer.clone(), |object| object.pointer.clone()),
            };
            let mut above: Vec<&Node<'a>> = carriers.to_vec();
            above.extend(&objects);
            let all = stating(&above, &member.name);
            if !self.check_named(!found.is_empty(), finding, &all, &[&member.name]) {
                continue;
            }
            if member.states_required {
                let wanted = member.required == Some(true);
                let is_required = |object: &Node<'a>| {
                    object.tree.get("required").is_some_and(|all| {
                        all.elements().iter().any(|name| name.as_text() == Some(member.name.as_str()))
                    })
                };
                let holds = found.iter().any(|(object, _)| is_required(object) == wanted);
                let pointer = found.first().map(|(_, property)| property.pointer.as_str()).unwrap_or_default();
                let mut all = all.clone();
                all.extend(found.iter().map(|(_, property)| property));
                self.required(&subject, member, holds, pointer, &all);
            }
            // A table and a sample are held against the specification each.
            let is_scalar = matches!(member.schema.form, Form::Scalar { .. }) && member.other_type.is_none();
            let own = Mode { is_sample: mode.is_sample && !(member.states_type && is_scalar), ..mode };
            for (_, property) in &found {
                self.documented.insert(property.pointer.clone());
                self.schema(&subject, &member.schema, property, &all, own, depth + 1);
                if let Some(other) = &member.other_type {
                    self.other_type(&subject, member, other, property, &all);
                }
                if let Some(at) = rows.filter(|_| mode.both_ways) {
                    self.only_sample(&subject, member, at, property, &all);
                }
            }
        }
        if !mode.both_ways {
            return;
        }
        let at = rows.unwrap_or(stated.at);
        for object in &objects {
            let Some(properties) = object.child("properties") else { continue };
            for (name, property) in properties.members() {
                if members.iter().any(|member| member.name == name) {
                    continue;
                }
                let all: Vec<&Node<'a>> = carriers.iter().copied().chain([object, &property]).collect();
                let finding = || Finding {
                    at,
                    kind: Difference::Undocumented,
                    subject: format!("{subject}: {name}"),
                    text: "the document does not have this property".to_owned(),
                    pointer: property.pointer.clone(),
                };
                if mode.is_sample && !all.iter().any(|carrier| carrier.names(name, true)) {
                    self.unseen.push(finding());
                } else {
                    self.check_named(false, finding, &all, &[name]);
                }
            }
        }
    }

    /// Compares the type of a table that differs from the one of a sample. A decimal can be a
    /// number in the table and text in the sample.
    fn other_type(
        &mut self,
        subject: &str,
        member: &Member,
        stated: &Schema,
        property: &Node<'a>,
        carriers: &[&Node<'a>],
    ) {
        let found = self.specification.types(property);
        let kind = stated.type_name();
        let is_decimal = kind == "number" && found.iter().any(|own| own == "string");
        let fits = |own: &String| *own == kind || kind.starts_with("array") && own == "array";
        let finding = || Finding {
            at: member.at,
            kind: Difference::Contradicts,
            subject: subject.to_owned(),
            text: format!("the type is {kind} in the table and {} in the specification", found.join(" or ")),
            pointer: property.pointer.clone(),
        };
        let resolved = self.specification.resolve(property);
        let mut all: Vec<&Node<'a>> = carriers.to_vec();
        all.extend([property, &resolved]);
        self.check_type(is_decimal || found.is_empty() || found.iter().any(fits), finding, &all);
    }

    /// Finds a member that only a sample has, though a table lists the others.
    fn only_sample(&mut self, subject: &str, member: &Member, at: Lines, property: &Node<'a>, carriers: &[&Node<'a>]) {
        if member.in_table {
            return;
        }
        let finding = || Finding {
            at,
            kind: Difference::Undocumented,
            subject: subject.to_owned(),
            text: "a sample has this property, and the table does not describe it".to_owned(),
            pointer: property.pointer.clone(),
        };
        let all: Vec<&Node<'a>> = carriers.iter().copied().chain([property]).collect();
        self.check_named(false, finding, &all, &[&member.name]);
    }

    fn columns(
        &mut self,
        subject: &str,
        columns: &'a [Member],
        node: &Node<'a>,
        carriers: &[&Node<'a>],
        mode: Mode,
        depth: usize,
    ) {
        let Some(rows) = node.child("x-tuple") else { return };
        let found: Vec<Node<'a>> = rows.elements().collect();
        let at = columns.iter().map(|column| column.at).reduce(Lines::to).unwrap_or_default();
        let finding = || Finding {
            at,
            kind: Difference::Contradicts,
            subject: subject.to_owned(),
            text: format!(
                "a row has {} columns in the document and {} in the specification",
                columns.len(),
                found.len()
            ),
            pointer: node.pointer.clone(),
        };
        self.check(columns.len() == found.len(), finding, carriers);
        for (column, row) in columns.iter().zip(&found) {
            let own = row.text("name").unwrap_or("");
            let fold = |name: &str| inline::words(name).concat();
            // A column can have another name. Its position is on the wire, so a name of another
            // column is a difference.
            let is_of_other =
                found.iter().filter_map(|other| other.text("name")).any(|other| fold(other) == fold(&column.name));
            if !is_made_up(&column.name) && !is_made_up(own) {
                let finding = || Finding {
                    at: column.at,
                    kind: Difference::Contradicts,
                    subject: subject.to_owned(),
                    text: format!("a column is `{}` in the document and `{own}` in the specification", column.name),
                    pointer: row.pointer.clone(),
                };
                let all = stating(carriers, own);
                self.check(fold(&column.name) == fold(own) || !is_of_other, finding, &all);
            }
            if let Some(schema) = row.child("schema") {
                let name = own;
                let all = stating(carriers, name);
                self.schema(&format!("{subject}: {}", column.name), &column.schema, &schema, &all, mode, depth + 1);
            }
        }
    }

    /// Compares a sample with a schema of the specification: its members, their types, and the
    /// values of enums. `known` is the example of the specification: a value that it has too is the
    /// document's contradiction with its own table, which the specification knows.
    pub(super) fn sample(
        &mut self,
        subject: &str,
        sample: &sample::Node,
        node: &Node<'a>,
        above: &[&Node<'a>],
        at: Lines,
        known: Option<&'a Tree>,
    ) {
        self.sample_at(subject, sample, node, above, at, known, 0);
    }

    #[expect(clippy::too_many_arguments, reason = "the sample, the schema, and their place")]
    fn sample_at(
        &mut self,
        subject: &str,
        sample: &sample::Node,
        node: &Node<'a>,
        above: &[&Node<'a>],
        at: Lines,
        known: Option<&'a Tree>,
        depth: usize,
    ) {
        if depth > 24 {
            return;
        }
        let resolved = self.specification.resolve(node);
        let line = Lines { document: at.document, first: sample.line, last: sample.line };
        let mut carriers: Vec<&Node<'a>> = vec![node, &resolved];
        carriers.extend(above);
        let found = self.specification.types(node);
        let kind = sample.type_name();
        let fits = |own: &String| own == kind || kind == "integer" && own == "number";
        // Generators show a value that they do not know as an empty object.
        let is_unknown = kind == "null" || kind == "object" && sample.members().is_empty();
        let is_known = known.is_some_and(|known| sample.members().is_empty() && *known == sample.tree());
        let holds = is_unknown || is_known || found.is_empty() || found.iter().any(fits);
        let finding = || Finding {
            at: line,
            kind: Difference::Contradicts,
            subject: subject.to_owned(),
            text: format!(
                "the sample has {} and the specification {}",
                infer(sample, 0).type_name(),
                found.join(" or ")
            ),
            pointer: node.pointer.clone(),
        };
        if !self.check_type(holds, finding, &carriers) {
            return;
        }
        let values = self.specification.values(&resolved);
        if let (false, Some(value)) = (values.is_empty(), sample.as_text()) {
            let holds = is_known || value.is_empty() || value == "string" || values.iter().any(|own| own == value);
            let finding = || Finding {
                at: line,
                kind: Difference::Missing,
                subject: subject.to_owned(),
                text: format!("the specification does not list the value `{value}` of the sample"),
                pointer: node.pointer.clone(),
            };
            self.check_named(holds, finding, &carriers, &[value]);
        }
        let objects = self.specification.objects(node, 0);
        for (name, member) in sample.members() {
            let property = objects.iter().find_map(|object| Some((object, object.child("properties")?.child(name)?)));
            let subject = format!("{subject}: {name}");
            match property {
                Some((object, property)) => {
                    let above: Vec<&Node<'a>> = carriers.iter().copied().chain([object]).collect();
                    let known = known.and_then(|known| known.get(name));
                    self.sample_at(&subject, member, &property, &stating(&above, name), at, known, depth + 1);
                }
                None => {
                    let values = objects.iter().find_map(|object| object.child("additionalProperties"));
                    let is_open = objects.iter().all(|object| object.tree.get("properties").is_none());
                    if let Some(values) = values.filter(|values| !values.tree.is_scalar()) {
                        let known = known.and_then(|known| known.get(name));
                        self.sample_at(&subject, member, &values, &[], at, known, depth + 1);
                    } else if !is_open {
                        let finding = || Finding {
                            at: Lines { document: at.document, first: member.line, last: member.line },
                            kind: Difference::Missing,
                            subject: subject.clone(),
                            text: "the sample has this property, and the specification does not".to_owned(),
                            pointer: objects.first().map(|object| object.pointer.clone()).unwrap_or_default(),
                        };
                        let above: Vec<&Node<'a>> = carriers.iter().copied().chain(&objects).collect();
                        self.check(false, finding, &stating(&above, name));
                    }
                }
            }
        }
        let rows = resolved.child("x-tuple");
        if let Some(rows) = &rows {
            self.width(subject, sample, &resolved, rows.elements().count(), &carriers, line);
        }
        for (index, element) in sample.elements().iter().enumerate() {
            let known = known.and_then(|known| known.elements().get(index));
            match &rows {
                Some(rows) => {
                    let Some(row) = rows.elements().nth(index) else { continue };
                    if let Some(column) = row.child("schema") {
                        let all = stating(&carriers, row.text("name").unwrap_or(""));
                        self.sample_at(subject, element, &column, &all, at, known, depth + 1);
                    }
                }
                None => {
                    if let Some(items) = self.specification.items(node).first() {
                        self.sample_at(subject, element, items, &[&resolved], at, known, depth + 1);
                    }
                }
            }
        }
    }

    /// Compares the number of columns of a row of a sample. The schema of the document shows it
    /// only if the columns have several types.
    fn width(
        &mut self,
        subject: &str,
        sample: &sample::Node,
        node: &Node<'a>,
        wanted: usize,
        carriers: &[&Node<'a>],
        line: Lines,
    ) {
        let own = sample.elements().len();
        let least = node.tree.get("minItems").and_then(Tree::scalar).and_then(|least| least.parse().ok());
        let is_told =
            self.drift.findings.iter().any(|own| own.pointer == node.pointer && own.text.starts_with("a row has"));
        let at =
            sample.elements().get(wanted).map_or(line, |extra| Lines { first: extra.line, last: extra.line, ..line });
        let finding = || Finding {
            at,
            kind: Difference::Contradicts,
            subject: subject.to_owned(),
            text: format!("a row has {own} columns in the document and {wanted} in the specification"),
            pointer: node.pointer.clone(),
        };
        self.check(is_told || own == 0 || (least.unwrap_or(wanted)..=wanted).contains(&own), finding, carriers);
    }

    /// Compares the codes of errors that the whole API has.
    pub(super) fn codes(&mut self) {
        let facts = self.facts;
        let Some(at) = facts.errors.iter().map(|error| error.at).reduce(Lines::to) else { return };
        let root = self.specification.root();
        let listed = root.child("x-error-codes");
        let components = root.child("components").and_then(|all| all.child("errors"));
        let mut all: Vec<Node<'a>> = listed.iter().flat_map(Node::elements).collect();
        all.extend(components.iter().flat_map(Node::members).map(|(_, node)| node));
        let code = |node: &Node<'a>| node.tree.get("code").and_then(Tree::scalar).unwrap_or_default();
        for error in &facts.errors {
            let finding = || Finding {
                at: error.at,
                kind: Difference::Missing,
                subject: "error codes".to_owned(),
                text: format!("the specification does not list the code {}", error.code),
                pointer: "/x-error-codes".to_owned(),
            };
            self.check(all.iter().any(|node| code(node) == error.code), finding, &[]);
        }
        for node in &all {
            let own = code(node);
            let finding = || Finding {
                at,
                kind: Difference::Undocumented,
                subject: "error codes".to_owned(),
                text: format!("the document does not list the code {own}"),
                pointer: node.pointer.clone(),
            };
            let in_operations = facts.operations.iter().flat_map(|operation| &operation.errors);
            let in_methods = facts.methods.iter().flat_map(|method| &method.errors);
            let mut known = facts.errors.iter().chain(in_operations).chain(in_methods);
            self.check_named(known.any(|error| error.code == own), finding, &[node], &[&own, "code"]);
        }
    }
}
