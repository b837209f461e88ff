//! The values of enums, which stand in tables of their own.

use crate::document::Lines;
use crate::facts::{Form, Schema};
use crate::members::ANONYMOUS;

/// Adds a value to an enum, or to the elements of a list of them.
pub(crate) fn add(schema: &mut Schema, value: &str, at: Lines) {
    match &mut schema.form {
        Form::Array(items) => add(items, value, at),
        _ => {
            if !schema.values.iter().any(|(own, _)| own == value) {
                schema.values.push((value.to_owned(), at));
            }
        }
    }
}

/// Adds a value to the members with a name, at any depth.
pub(crate) fn add_named(schema: &mut Schema, name: &str, value: &str, at: Lines) {
    if name == ANONYMOUS {
        add(schema, value, at);
    } else {
        visit(schema, name, value, at, 0);
    }
}

fn visit(schema: &mut Schema, name: &str, value: &str, at: Lines, depth: usize) {
    if depth > 32 {
        return;
    }
    if let Some(inline) = &mut schema.inline {
        visit(inline, name, value, at, depth + 1);
    }
    match &mut schema.form {
        Form::Object(members) | Form::Tuple(members) => {
            for member in members {
                if member.name == name && is_scalar(&member.schema) {
                    add(&mut member.schema, value, at);
                } else {
                    visit(&mut member.schema, name, value, at, depth + 1);
                }
            }
        }
        Form::Array(items) | Form::Map(items) => visit(items, name, value, at, depth + 1),
        Form::Choice { of, .. } => of.iter_mut().for_each(|one| visit(one, name, value, at, depth + 1)),
        Form::Any | Form::Scalar { .. } | Form::Ref(_) => {}
    }
}

fn is_scalar(schema: &Schema) -> bool {
    match &schema.form {
        Form::Scalar { .. } | Form::Any => true,
        Form::Array(items) => is_scalar(items),
        _ => false,
    }
}
