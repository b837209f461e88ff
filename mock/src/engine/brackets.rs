//! Values that are written in pairs with brackets: `filter[ids][0]=1`, in a query or in a form.

use serde_json::Value;
use venuekit_json::Tree;

use crate::schema::Schemas;

/// Inserts a value at a path of member names and of indices of elements.
pub(super) fn insert(tree: &mut Tree, schemas: &Schemas, schema: &Value, path: &[&str], text: &str) {
    let Some((name, rest)) = path.split_first() else {
        *tree = schemas.read(schema, text);
        return;
    };
    if let Some(items) = schemas.items(schema) {
        if !matches!(tree, Tree::Array(_)) {
            *tree = Tree::Array(Vec::new());
        }
        let Tree::Array(elements) = tree else { return };
        let index = name.parse::<usize>().map_or(elements.len(), |index| index.min(elements.len()));
        if index == elements.len() {
            elements.push(Tree::Null);
        }
        if let Some(element) = elements.get_mut(index) {
            insert(element, schemas, items, rest, text);
        }
        return;
    }
    if !matches!(tree, Tree::Object(_)) {
        *tree = Tree::Object(Vec::new());
    }
    let Tree::Object(members) = tree else { return };
    // A member that is given twice stays twice.
    if rest.is_empty() || !members.iter().any(|(known, _)| known == name) {
        members.push(((*name).to_owned(), Tree::Null));
    }
    if let Some((_, member)) = members.iter_mut().rev().find(|(known, _)| known == name) {
        let schema = schemas.member(schema, name);
        insert(member, schemas, schema.unwrap_or(&Value::Null), rest, text);
    }
}
