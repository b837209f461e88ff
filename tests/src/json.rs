//! JSON compared and wrapped by its text, so that no digit is lost on the way.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::value::RawValue;

/// JSON in one form: members sorted, numbers and texts as written, members that are null left out (null stands for none).
pub fn canonical(json: &str) -> String {
    let mut out = String::new();
    write_canonical(serde_json::from_str(json).unwrap(), &mut out);
    out
}

fn write_canonical(value: &RawValue, out: &mut String) {
    let text = value.get();
    match text.as_bytes()[0] {
        b'{' => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap();
            out.push('{');
            for (name, member) in members.into_iter().filter(|(_, member)| member.get() != "null") {
                write!(out, "{name:?}:").unwrap();
                write_canonical(member, out);
                out.push(',');
            }
            out.push('}');
        }
        b'[' => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            out.push('[');
            for element in elements {
                write_canonical(element, out);
                out.push(',');
            }
            out.push(']');
        }
        b'"' => write!(out, "{:?}", serde_json::from_str::<String>(text).unwrap()).unwrap(),
        _ => out.push_str(text),
    }
}

/// The elements of an array, each as its text.
pub fn elements(array: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(array).unwrap();
    elements.into_iter().map(RawValue::get).collect()
}

/// The texts of a scalar or of the elements of an array: strings without quotes, numbers and truth values as written.
pub fn texts(json: &str) -> Vec<String> {
    match json.as_bytes()[0] {
        b'[' => elements(json).into_iter().flat_map(texts).collect(),
        b'"' => vec![serde_json::from_str(json).unwrap()],
        _ => vec![json.to_owned()],
    }
}

/// The envelope of a JSON-RPC reply.
pub fn rpc_reply(id: u64, result: &str) -> String {
    format!(r#"{{"error":null,"result":{result},"id":{id}}}"#)
}

/// The envelope of a JSON-RPC error.
pub fn rpc_error(id: u64, code: i64, message: &str) -> String {
    format!(r#"{{"error":{{"code":{code},"message":"{message}"}},"result":null,"id":{id}}}"#)
}
