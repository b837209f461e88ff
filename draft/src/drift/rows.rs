//! The rows of a document: their lines, and what most of them say about one value.

use crate::document::Lines;
use crate::facts::{Body, Member, Operation};

/// Returns the lines of the rows that describe members, if there are any.
pub(super) fn rows_at<'m>(members: impl Iterator<Item = &'m Member>) -> Option<Lines> {
    members.filter(|member| member.in_table).map(|member| member.at).reduce(Lines::to)
}

/// Returns the lines of the rows of an operation's parameters; those of the operation if it has no
/// rows.
pub(super) fn table_of(operation: &Operation) -> Lines {
    let own = operation.parameters.iter().map(|own| &own.member).filter(|own| own.at != operation.route_at);
    let filled = operation.filled_members.iter();
    let body = operation.body.iter().flat_map(Body::schema_members);
    rows_at(own.chain(filled)).or_else(|| rows_at(body)).unwrap_or(operation.at)
}

/// A value that signing fills in, with the type and the required mark that most of its rows have.
#[derive(Clone, Debug)]
pub(super) struct Usual {
    /// The security schemes of the operations, as the specification writes them.
    schemes: String,
    pub(super) name: String,
    /// Most operations that need credentials have a row.
    pub(super) is_everywhere: bool,
    pub(super) kind: Option<String>,
    pub(super) required: Option<bool>,
}

/// Returns what the rows of a document say about the values that signing fills in. Operations with
/// the same security schemes are looked at together.
pub(super) fn usual(operations: &[(&Operation, String)]) -> Vec<Usual> {
    let mut out: Vec<Usual> = Vec::new();
    for (operation, schemes) in operations {
        for member in rows(operation) {
            let is_known = |own: &Usual| own.schemes == *schemes && own.name.eq_ignore_ascii_case(&member.name);
            if !out.iter().any(is_known) {
                out.push(usual_of(&member.name, schemes, operations));
            }
        }
    }
    out
}

fn usual_of(name: &str, schemes: &str, operations: &[(&Operation, String)]) -> Usual {
    let own = operations.iter().filter(|(_, own)| own == schemes).map(|(operation, _)| *operation);
    let signed: Vec<&Operation> = own.collect();
    let all: Vec<&Member> = signed.iter().filter_map(|operation| row(operation, name)).collect();
    let kind = most(all.iter().filter(|own| own.states_type).map(|own| own.schema.type_name()));
    let required = most(all.iter().filter(|own| own.states_required).filter_map(|own| own.required));
    let is_everywhere = is_most(all.len(), signed.len());
    Usual { schemes: schemes.to_owned(), name: name.to_owned(), is_everywhere, kind, required }
}

impl Usual {
    /// Returns whether it is about operations with these security schemes.
    pub(super) fn is_for(&self, schemes: &str) -> bool {
        self.schemes == schemes
    }
}

/// Returns the rows of an operation about values that signing, or the client, fills in.
fn rows(operation: &Operation) -> impl Iterator<Item = &Member> {
    let windows = operation.parameters.iter().map(|own| &own.member).filter(|own| is_window(&own.name));
    operation.filled_members.iter().chain(windows)
}

/// Returns the row of an operation about such a value.
pub(super) fn row<'o>(operation: &'o Operation, name: &str) -> Option<&'o Member> {
    rows(operation).find(|own| own.name.eq_ignore_ascii_case(name))
}

/// Returns whether a parameter is the time within which a request is taken, which the client sends.
pub(super) fn is_window(name: &str) -> bool {
    name.to_lowercase().replace(['_', '-'], "").ends_with("recvwindow")
}

/// Returns whether a part is so large that the rest stands out.
fn is_most(part: usize, all: usize) -> bool {
    part > 2 && (all - part) * 3 <= part
}

/// Returns the value that most have.
fn most<T: PartialEq>(values: impl Iterator<Item = T>) -> Option<T> {
    let values: Vec<T> = values.collect();
    let count = |value: &T| values.iter().filter(|own| *own == value).count();
    let index = values.iter().position(|value| is_most(count(value), values.len()))?;
    values.into_iter().nth(index)
}
