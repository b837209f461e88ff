//! Lowers `x-constraints`, and checks the constraints that depend on all types.

use std::collections::HashSet;

use venuekit_json::{Tree, pointer};

use super::extensions::prose;
use super::lowering::Lowering;
use crate::model::api::{Api, ExampleOf};
use crate::model::constraint::{Constraint, Rule, ValueAt, When};
use crate::model::nested::{Nested, NestedConstraints, PlacedConstraint};
use crate::source::constraints as source;
use crate::source::located::Located;
use crate::source::pointer::pointer_join;

/// The values that a constraint can name.
pub(super) enum Named<'n> {
    /// The parameters of an operation, and the values in its body.
    ByOperation(&'n HashSet<&'n str>),
    /// The properties of an object.
    ByObject,
}

impl Named<'_> {
    fn value(&self, name: &source::Name<'_>) -> ValueAt {
        match self {
            Self::ByOperation(parameters) if parameters.contains(name.text) => ValueAt::Parameter(name.text.to_owned()),
            Self::ByOperation(_) if name.text.starts_with('/') => ValueAt::Pointer(name.text.to_owned()),
            _ => ValueAt::Pointer(pointer_join("", name.text)),
        }
    }
}

/// Returns the constraints of an operation or of a schema.
pub(super) fn constraints(
    holder: &Located<'_>,
    constraints: &[source::Constraint<'_>],
    named: &Named<'_>,
) -> Vec<Constraint> {
    let value = |name: &source::Name<'_>| named.value(name);
    let list = pointer_join(&holder.pointer, "x-constraints");
    let constraint = |(index, found): (usize, &source::Constraint<'_>)| {
        let rule = match &found.rule {
            source::Rule::Count(count, names) => Rule::Count(*count, names.iter().map(value).collect()),
            source::Rule::Needed(names, when) => Rule::Needed(
                names.iter().map(value).collect(),
                match when {
                    source::When::Present(name) => When::Present(value(name)),
                    source::When::Absent(name) => When::Absent(value(name)),
                    source::When::Equals(cases) => {
                        let case = |(name, values): &(source::Name<'_>, Vec<Located<'_>>)| {
                            (value(name), values.iter().map(|value| value.node.to_json()).collect())
                        };
                        When::Equals(cases.iter().map(case).collect())
                    }
                },
            ),
        };
        Constraint {
            rule,
            description: prose(found.description),
            by_evidence: found.by_evidence,
            widens: found.widens,
            pointer: pointer_join(&list, &index.to_string()),
        }
    };
    constraints.iter().enumerate().map(constraint).collect()
}

impl Lowering<'_> {
    /// Checks the constraints for which all types must be known, and the examples against them.
    pub(super) fn check_constraints(&mut self, api: &Api) {
        for def in api.types.iter().filter(|def| !def.in_request) {
            if let Some(constraint) = def.constraints.first() {
                let message = format!("no request contains `{}`, so its constraints have no effect", def.name);
                self.refuse(&constraint.pointer, message, "leave `x-constraints` out");
            }
        }
        let nested = NestedConstraints::new(api);
        let mut reported = HashSet::new();
        for operation in &api.operations {
            let Nested { unplaced, is_cut, .. } = nested.of_operation(operation);
            for constraint in unplaced.into_iter().filter(|constraint| reported.insert(&constraint.pointer)) {
                let help = "leave it out and state it in the description: the client finds no object inside a map, in an \
                            alternative of a union, or inside an object that contains itself";
                self.refuse(&constraint.pointer, "the constraint cannot be checked in all requests", help);
            }
            if is_cut {
                let help = "leave `x-constraints` out of some of the schemas";
                self.refuse(&operation.pointer, "the values of the operation have more than 1000 constraints", help);
            }
        }
        self.check_examples(api, &nested);
        for call in std::mem::take(&mut self.calls) {
            let Some(operation) = api.operation(&call.operation) else { continue };
            let json = |name: &str| call.values.iter().find(|(other, _)| other == name).map(|(_, json)| json.as_str());
            let given = |value: &ValueAt| match value {
                ValueAt::Parameter(name) => json(name).map(str::to_owned),
                ValueAt::Pointer(_) => None,
            };
            for broken in operation.constraints.iter().filter(|constraint| !constraint.is_kept(&given)) {
                self.refuse_example(&call.pointer, broken);
            }
        }
    }

    /// Checks the examples of bodies, of parameters, and of types that are only sent.
    fn check_examples(&mut self, api: &Api, nested: &NestedConstraints<'_>) {
        for example in &api.examples {
            let is_sent = match &example.of {
                ExampleOf::Body { .. } | ExampleOf::Parameter { .. } => true,
                ExampleOf::Response { .. } => false,
                ExampleOf::Component(_) | ExampleOf::Schema => {
                    api.resolve_def(&example.ty).is_some_and(|def| def.in_request && !def.in_response)
                }
            };
            let Ok(value) = Tree::parse(&example.json) else { continue };
            if !is_sent {
                continue;
            }
            let mut all = nested.of_type(&example.ty).placed;
            if let ExampleOf::Body { operation } = &example.of
                && let Some(operation) = api.operation(operation)
            {
                // A constraint that also names a parameter can only be checked on a whole call, so
                // it is not checked here.
                let own = operation.constraints.iter();
                let own = own.filter(|own| own.values().iter().all(|value| matches!(value, ValueAt::Pointer(_))));
                all.extend(own.map(|constraint| PlacedConstraint { within: None, constraint, fields: &[] }));
            }
            for placed in all {
                for place in broken(&placed, &value) {
                    self.refuse_example(&format!("{}{place}", example.pointer), placed.constraint);
                }
            }
        }
    }

    fn refuse_example(&mut self, pointer: &str, constraint: &Constraint) {
        let message = format!("the example breaks a constraint: {constraint}");
        self.refuse(pointer, message, "correct the example, or the constraint");
    }
}

/// Returns the values inside `value` at one segment of a pointer, each with its JSON pointer. The
/// segment `*` stands for each element of an array.
fn inside<'t>(place: &str, value: &'t Tree, segment: &str) -> Vec<(String, &'t Tree)> {
    let one = |segment: &str| Some((pointer::join(place, segment), value.at(&pointer::join("", segment))?));
    match segment {
        "*" => (0..value.elements().len()).filter_map(|index| one(&index.to_string())).collect(),
        segment => one(segment).into_iter().collect(),
    }
}

/// Returns the JSON pointers of the objects in `value` that break a constraint.
fn broken(placed: &PlacedConstraint<'_>, value: &Tree) -> Vec<String> {
    let within = placed.within.as_ref().map_or("", |within| within.pointer.as_str());
    let segments = pointer::segments(within).unwrap_or_default();
    let mut objects = vec![(String::new(), value)];
    for segment in &segments {
        objects = objects.into_iter().flat_map(|(place, value)| inside(&place, value, segment)).collect();
    }
    let is_broken = |object: &Tree| {
        let given = |value: &ValueAt| match value {
            ValueAt::Pointer(pointer) => object.at(pointer).map(Tree::to_json),
            ValueAt::Parameter(_) => None,
        };
        matches!(object, Tree::Object(_)) && !placed.constraint.is_kept(&given)
    };
    objects.into_iter().filter(|(_, object)| is_broken(object)).map(|(place, _)| place).collect()
}
