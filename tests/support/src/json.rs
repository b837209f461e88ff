//! Helpers that compare and wrap JSON as text, so that no digit is lost.

use serde_json::value::RawValue;
use venuekit_json::Tree;

/// Returns JSON in a canonical form: names are sorted, and members that are null are left out.
///
/// Numbers stay as they are written. Panics if the text is not JSON.
pub fn canonical(json: &str) -> String {
    let mut tree = Tree::parse(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    sort(&mut tree);
    tree.to_json()
}

fn sort(tree: &mut Tree) {
    match tree {
        Tree::Array(elements) => elements.iter_mut().for_each(sort),
        Tree::Object(members) => {
            members.retain(|(_, member)| !member.is_null());
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            members.iter_mut().for_each(|(_, member)| sort(member));
        }
        _ => {}
    }
}

/// Returns the texts of the values in an array, or of a single value. Nested arrays are flattened.
/// Strings lose their quotes and escapes; numbers and objects stay JSON.
pub fn texts(json: &str) -> Vec<String> {
    fn of(tree: &Tree) -> Vec<String> {
        match tree {
            Tree::Array(elements) => elements.iter().flat_map(of).collect(),
            tree => vec![tree.scalar().unwrap_or_else(|| tree.to_json())],
        }
    }
    of(&Tree::parse(json).unwrap_or_else(|error| panic!("{error}: {json}")))
}

/// Returns a JSON-RPC response with this result.
pub fn rpc_response(id: u64, result: &str) -> String {
    format!(r#"{{"error":null,"result":{result},"id":{id}}}"#)
}

/// Returns a JSON-RPC response with this error.
pub fn rpc_error(id: u64, code: i64, message: &str) -> String {
    format!(r#"{{"error":{{"code":{code},"message":"{message}"}},"result":null,"id":{id}}}"#)
}

/// Returns the elements of an array, each as its text.
pub fn elements(array: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(array).unwrap();
    elements.into_iter().map(RawValue::get).collect()
}
