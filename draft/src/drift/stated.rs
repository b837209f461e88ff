//! The kinds of facts about values that a document states at all.

use crate::facts::{Body, Facts, Form, Member, Schema};
use crate::write;

/// The kinds of facts that a document states at all. A document of a generator that writes no
/// bounds does not lack one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stated {
    /// True if it states a bound.
    pub(super) bounds: bool,
    /// True if it states a default.
    pub(super) defaults: bool,
    /// True if it lists the values of an enum.
    pub(super) values: bool,
}

impl Stated {
    /// Looks at all values of a document.
    pub(super) fn of(facts: &Facts) -> Self {
        let mut out = Self::default();
        facts.schemas.iter().for_each(|(_, schema)| out.add(schema));
        for operation in &facts.operations {
            out.add_members(operation.parameters.iter().map(|parameter| &parameter.member));
            out.add_members(operation.body.iter().flat_map(Body::schema_members));
            operation.responses.iter().filter_map(|response| response.schema.as_ref()).for_each(|own| out.add(own));
        }
        for method in &facts.methods {
            out.add_members(method.forms.iter().flat_map(|(_, members)| members));
            method.result.iter().for_each(|result| out.add(result));
        }
        out
    }

    fn add_members<'a>(&mut self, members: impl Iterator<Item = &'a Member>) {
        members.for_each(|member| self.add(&member.schema));
    }

    fn add(&mut self, schema: &Schema) {
        self.values |= !schema.values.is_empty();
        let Form::Scalar { kind, .. } = &schema.form else {
            match &schema.form {
                Form::Array(inner) | Form::Map(inner) => self.add(inner),
                Form::Object(members) | Form::Tuple(members) => self.add_members(members.iter()),
                Form::Choice { of, .. } => of.iter().for_each(|one| self.add(one)),
                Form::Any | Form::Ref(_) | Form::Scalar { .. } => {}
            }
            return;
        };
        for (key, _) in write::bounds(schema, kind) {
            let slot = if key == "default" { &mut self.defaults } else { &mut self.bounds };
            *slot = true;
        }
    }
}
