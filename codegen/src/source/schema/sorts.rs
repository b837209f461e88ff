//! Finds out whether all values of a schema have one JSON type, and which it is. The alternatives
//! of a `oneOf` count too.

use super::types::JsonType;
use crate::source::located::Located;
use crate::source::references::ComponentKind;
use crate::source::view::View;

/// The maximum depth of a `oneOf` inside a `oneOf`.
const DEPTH: usize = 8;

/// A sort of JSON value. The first character of a value shows its sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Object,
    Array,
    String,
    Number,
    Boolean,
}

/// Returns the JSON type of the values of a schema; `None` if they have several. In a document in
/// normal form, a `oneOf` whose alternatives are all objects, or all arrays, has that type.
pub(crate) fn json_type<'a>(view: &View<'a>, schema: &Located<'a>) -> Option<JsonType> {
    match (JsonType::from_schema(schema), view.document.is_normal()) {
        (None, true) => match sort(view, schema)? {
            Sort::Object => Some(JsonType::Object),
            Sort::Array => Some(JsonType::Array),
            // In normal form, several alternatives of one of these sorts are already joined into
            // one schema.
            Sort::String | Sort::Number | Sort::Boolean => None,
        },
        (stated, _) => stated,
    }
}

/// Returns the sort of all values of a schema; `None` if they have several, or any.
pub(crate) fn sort<'a>(view: &View<'a>, schema: &Located<'a>) -> Option<Sort> {
    sort_within(view, schema, DEPTH)
}

fn sort_within<'a>(view: &View<'a>, schema: &Located<'a>, depth: usize) -> Option<Sort> {
    let depth = depth.checked_sub(1)?;
    if let Some(json_type) = JsonType::from_schema(schema) {
        return Some(match json_type {
            JsonType::Object => Sort::Object,
            JsonType::Array => Sort::Array,
            JsonType::String => Sort::String,
            JsonType::Integer | JsonType::Number => Sort::Number,
            JsonType::Boolean => Sort::Boolean,
        });
    }
    let mut sorts = schema.list("oneOf").map(|place| {
        let resolved = view.resolved(place, ComponentKind::Schema)?;
        sort_within(view, &resolved, depth)
    });
    let first = sorts.next()??;
    sorts.all(|other| other == Some(first)).then_some(first)
}
