//! Forms in a request body: each field is a parameter of its operation.

use super::extensions::{own_docs, prose};
use super::lowering::{Lowering, OperationNames};
use super::schema::without_null;
use crate::model::api::{ExampleOf, FormKind, Parameter, ParameterLocation, Type};
use crate::model::names::{RESERVED_SETTERS, Scope, Words};
use crate::source::forms::FormField;
use crate::source::media::MediaKind;
use crate::source::references::ComponentKind;
use crate::source::{Bounds, FieldStyle, Node, openapi};

/// Returns the kind of form, if content of this kind is a form.
pub(super) fn form_kind(kind: MediaKind) -> Option<FormKind> {
    match kind {
        MediaKind::Form => Some(FormKind::UrlEncoded),
        MediaKind::Multipart => Some(FormKind::Parts),
        _ => None,
    }
}

/// Lowers the fields of a form.
pub(super) fn fields<'a>(
    lowering: &mut Lowering<'a>,
    body: &openapi::Body<'a>,
    id: &str,
    names: &OperationNames,
    setters: &mut Scope,
) -> Vec<Parameter> {
    let all = &body.content.fields;
    let words: Vec<Words> = all.iter().map(|found| field_words(lowering, found)).collect();
    let mut ordered: Vec<(usize, (&FormField<'a>, &Words))> = all.iter().zip(&words).enumerate().collect();
    if lowering.view.document.is_normal() {
        // A field whose name on the wire is the name in Rust has it, whatever other fields there
        // are.
        ordered.sort_by_key(|(_, (found, words))| found.name != words.snake());
    }
    let mut claimed: Vec<(usize, String)> = ordered
        .into_iter()
        .map(|(index, (found, words))| (index, field_name(lowering, found, words, setters)))
        .collect();
    claimed.sort_unstable();
    let named = all.iter().zip(words).zip(claimed);
    named.map(|((found, words), (_, name))| field(lowering, found, body, id, names, (words, name))).collect()
}

fn field_words<'a>(lowering: &mut Lowering<'a>, found: &FormField<'a>) -> Words {
    lowering.words("field", found.name, found.schema.text("x-rust-name"), found.schema.pointer.as_str())
}

/// Claims and returns the name of a field in Rust.
fn field_name<'a>(lowering: &mut Lowering<'a>, found: &FormField<'a>, words: &Words, setters: &mut Scope) -> String {
    let place = found.schema.pointer.as_str();
    let mut name = words.snake_beside(RESERVED_SETTERS);
    if setters.claim(&name, found.name, place).is_err() {
        // A parameter of the path or the query has the same name.
        name = format!("form_{name}");
        if let Err(holder) = setters.claim(&name, found.name, place) {
            if lowering.view.document.is_normal() {
                name = setters.claim_numbered(&format!("{}_", name.trim_end_matches('_')), place);
            } else {
                lowering.collision("field", found.name, &name, place, &holder, "with `x-rust-name`");
            }
        }
    }
    name
}

/// Returns the example of a field, as JSON: its member of the example of the form, or the example
/// of its schema. The example of a file is the text of its content.
fn example(lowering: &Lowering<'_>, found: &FormField<'_>, body: &openapi::Body<'_>) -> Option<String> {
    let of_form = body.content.examples.iter().find_map(|example| example.node.get(found.name));
    if !matches!(found.style, FieldStyle::File(_)) {
        return of_form.map(Node::to_json).or_else(|| lowering.schema_example(&found.schema));
    }
    let file = |node: &Node| node.as_str().map(|_| format!("{{\"content\":{}}}", node.to_json()));
    let Some(of_form) = of_form else {
        // The examples of a published document often leave the files out.
        let content = r#"{"content":"text"}"#.to_owned();
        let is_list = lowering.view.resolved(found.schema.clone(), ComponentKind::Schema);
        let is_list = is_list.is_some_and(|schema| schema.text("type") == Some("array"));
        let made_up = if is_list { format!("[{content}]") } else { content };
        return lowering.view.document.is_normal().then_some(made_up);
    };
    match of_form.as_seq() {
        Some(files) => Some(format!("[{}]", files.iter().map(file).collect::<Option<Vec<_>>>()?.join(","))),
        None => file(of_form),
    }
}

fn field<'a>(
    lowering: &mut Lowering<'a>,
    found: &FormField<'a>,
    body: &openapi::Body<'a>,
    id: &str,
    names: &OperationNames,
    (words, name): (Words, String),
) -> Parameter {
    let of = ExampleOf::Parameter { operation: id.to_owned(), parameter: found.name.to_owned() };
    let resolved = lowering.view.resolved(found.schema.clone(), ComponentKind::Schema);
    let is_file = matches!(found.style, FieldStyle::File(_));
    let ty = match &resolved {
        Some(schema) if is_file && schema.text("type") == Some("array") => Type::List(Box::new(Type::File)),
        _ if is_file => Type::File,
        _ => without_null(lowering.schema(&found.schema, &words.pascal_after(&names.type_name), &of)),
    };
    lowering.request_roots.push(ty.clone());
    let mut docs = resolved.as_ref().map(own_docs).unwrap_or_default();
    docs.summary = None;
    docs.description = docs.description.or_else(|| prose(found.schema.text("description")));
    Parameter {
        wire: found.name.to_owned(),
        name,
        type_parameter: words.pascal(),
        docs,
        location: ParameterLocation::Form,
        style: None,
        keeps_reserved: found.keeps_reserved,
        field: found.style.clone(),
        required: body.required && found.required,
        ty,
        bounds: if is_file { Bounds::default() } else { lowering.bounds(&found.schema) },
        example: example(lowering, found, body),
        schema: found.schema.node.to_json(),
    }
}
