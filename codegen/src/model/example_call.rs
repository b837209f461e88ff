//! Chooses the parameters of an example call so that the constraints of its operation hold.

use std::collections::BTreeSet;

use venuekit_json::Tree;

use super::api::{Operation, Parameter};
use super::constraint::{Constraint, Rule, ValueAt};
use crate::source::constraints::Count;

/// A call of an operation with the examples of its parameters.
#[derive(Debug)]
pub struct ExampleCall<'a> {
    operation: &'a Operation,
    /// The indices of the given parameters.
    given: BTreeSet<usize>,
    body: Option<Tree>,
}

impl<'a> ExampleCall<'a> {
    /// Returns a call with few parameters: the required ones, and those that a constraint needs in
    /// addition.
    #[must_use]
    pub fn short(operation: &'a Operation) -> Self {
        let is_required = |(_, parameter): &(usize, &Parameter)| parameter.required;
        let required = operation.parameters.iter().enumerate().filter(is_required).map(|(index, _)| index);
        let body = operation.body.as_ref().filter(|body| body.required);
        Self::repaired(operation, required.collect(), body.and_then(|body| body.example.as_deref()))
    }

    /// Returns a call with all parameters that have an example or are required, except those that a
    /// constraint excludes.
    #[must_use]
    pub fn full(operation: &'a Operation) -> Self {
        let all = operation.parameters.iter().enumerate();
        let all = all.filter(|(_, parameter)| parameter.required || parameter.example.is_some());
        let body = operation.body.as_ref().and_then(|body| body.example.as_deref());
        Self::repaired(operation, all.map(|(index, _)| index).collect(), body)
    }

    fn repaired(operation: &'a Operation, given: BTreeSet<usize>, body: Option<&str>) -> Self {
        let mut call = Self { operation, given, body: body.and_then(|json| Tree::parse(json).ok()) };
        // Each step adds or removes parameters. The number of steps is limited, because constraints
        // may contradict each other.
        for _ in 0..=2 * operation.parameters.len() {
            let Some(broken) = call.broken() else { break };
            if !call.repair(broken) {
                break;
            }
        }
        call
    }

    /// Returns whether the call gives a parameter.
    #[must_use]
    pub fn gives(&self, index: usize) -> bool {
        self.given.contains(&index)
    }

    /// Returns the parameters that the call gives, in the order of the operation.
    pub fn parameters(&self) -> impl Iterator<Item = &'a Parameter> {
        self.given.iter().filter_map(|index| self.operation.parameters.get(*index))
    }

    /// Returns whether all constraints of the operation hold.
    #[must_use]
    pub fn keeps_constraints(&self) -> bool {
        self.broken().is_none()
    }

    /// Returns the same call with one more parameter, if the new call keeps all constraints.
    #[must_use]
    pub fn with(mut self, index: usize) -> Option<Self> {
        self.given.insert(index);
        self.keeps_constraints().then_some(self)
    }

    fn broken(&self) -> Option<&'a Constraint> {
        self.operation.constraints.iter().find(|constraint| !constraint.is_kept(&|value| self.json(value)))
    }

    fn json(&self, value: &ValueAt) -> Option<String> {
        match value {
            ValueAt::Parameter(name) => {
                let (index, parameter) = self.parameter(name)?;
                // The value is a placeholder if the parameter has no example.
                self.gives(index).then(|| parameter.example.clone().unwrap_or_else(|| "{}".to_owned()))
            }
            ValueAt::Pointer(pointer) => self.body.as_ref()?.at(pointer).map(Tree::to_json),
        }
    }

    fn parameter(&self, name: &str) -> Option<(usize, &'a Parameter)> {
        self.operation.parameters.iter().enumerate().find(|(_, parameter)| parameter.wire == name)
    }

    /// Adds or removes parameters to make a constraint hold. Returns whether something changed.
    fn repair(&mut self, broken: &Constraint) -> bool {
        let listed = broken.rule.listed().iter().filter_map(|value| match value {
            ValueAt::Parameter(name) => self.parameter(name),
            ValueAt::Pointer(_) => None,
        });
        let (given, missing): (Vec<_>, Vec<_>) = listed.partition(|(index, _)| self.gives(*index));
        let free = given.iter().rev().find(|(_, parameter)| !parameter.required).map(|(index, _)| *index);
        let before = self.given.len();
        match &broken.rule {
            Rule::Count(Count::AtMostOne, _) => self.take(free),
            Rule::Count(Count::ExactlyOne, _) if !given.is_empty() => self.take(free),
            Rule::Count(Count::ExactlyOne | Count::AtLeastOne, _) => {
                let first = missing.iter().find(|(_, parameter)| parameter.example.is_some());
                self.given.extend(first.map(|(index, _)| *index));
            }
            Rule::Count(Count::AllOrNone, _) | Rule::Needed(..) => {
                self.given.extend(missing.iter().map(|(index, _)| *index));
            }
        }
        self.given.len() != before
    }

    fn take(&mut self, index: Option<usize>) {
        if let Some(index) = index {
            self.given.remove(&index);
        }
    }
}
