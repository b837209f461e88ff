//! The names of methods in Rust.

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;

use super::nodes::text;
use crate::diagnostic::Effect;
use crate::source::node::Node;
use crate::source::normal::operations::ascii;
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;

/// Gives each method a name that can become a name in Rust. If the name on the wire cannot, it is
/// replaced, and kept as `x-method`. If several names become the same in Rust, all but the first
/// get a number.
pub(super) fn normalise(methods: &mut [Node], remarks: &mut Remarks) {
    let wires: HashSet<String> =
        methods.iter().filter_map(|method| method.get("name")?.as_str()).map(str::to_owned).collect();
    let mut made: HashMap<String, String> = HashMap::new();
    for (index, method) in methods.iter_mut().enumerate() {
        let Some(wire) = method.get("name").and_then(Node::as_str).map(str::to_owned) else { continue };
        let stem = readable(&wire, "method");
        if stem == wire {
            continue;
        }
        // Another method may have this name, or get it.
        let is_free = |name: &String| !wires.contains(name) && made.get(name).is_none_or(|other| *other == wire);
        let numbered = (2..).map(|number| format!("{stem}_{number}"));
        let Some(name) = std::iter::once(stem.clone()).chain(numbered).find(is_free) else { continue };
        made.insert(name.clone(), wire.clone());
        let help = "write a `name` of your own into an overlay, and the name on the wire as `x-method`";
        let pointer = pointer_join("/methods", &index.to_string());
        remarks.add_of(Effect::Synthesised, &pointer, method, format!("the method `{wire}` is called `{name}`"), help);
        let at = method.position();
        if let Some(members) = method.as_map_mut() {
            if !members.contains_key("x-method") {
                members.insert("x-method", text(at, &wire));
            }
            members.insert("name", text(at, &name));
        }
    }
    let names: Vec<Option<String>> = methods.iter().map(rust_name).collect();
    let mut used: HashMap<String, HashSet<String>> = HashMap::new();
    let mut taken: HashSet<String> = names.iter().flatten().map(|name| identity(name)).collect();
    for (index, (method, name)) in methods.iter_mut().zip(&names).enumerate() {
        let Some(name) = name else { continue };
        let wire = method.get("name").and_then(Node::as_str).unwrap_or_default().to_owned();
        let of_name = used.entry(identity(name)).or_default();
        let is_first = of_name.is_empty();
        // Two methods with the same name on the wire get no number: the check reports them.
        if !of_name.insert(wire.clone()) || is_first {
            continue;
        }
        let mut number = 2;
        while !taken.insert(identity(&format!("{name}_{number}"))) {
            number += 1;
        }
        let numbered = format!("{name}_{number}");
        let message = format!("the method `{wire}` is called `{numbered}`, because another one is called `{name}`");
        let pointer = pointer_join("/methods", &index.to_string());
        remarks.add_of(Effect::Synthesised, &pointer, method, message, "write its `x-rust-name` into an overlay");
        let at = method.position();
        if let Some(members) = method.as_map_mut() {
            members.insert("x-rust-name", text(at, &numbered));
        }
    }
}

fn rust_name(method: &Node) -> Option<String> {
    let stated = method.get("x-rust-name").or_else(|| method.get("name"))?;
    Some(stated.as_str()?.to_snake_case())
}

/// Returns a text that is the same for two names if the types in Rust that are made from them have
/// the same name. For example, it is the same for `a_1` and `a1`.
fn identity(snake: &str) -> String {
    let mut identity = String::new();
    for c in snake.chars() {
        if c.is_ascii_digit() && identity.ends_with('_') {
            identity.pop();
        }
        identity.push(c);
    }
    identity
}

/// Returns a name that begins with a letter and has only ASCII characters. This is the name itself
/// if possible, or else its words of ASCII letters and digits, with the code point of each other
/// letter. If there are no such words, the result is `fallback`. If they begin with a digit,
/// `fallback` is put in front of them.
pub(super) fn readable(name: &str, fallback: &str) -> String {
    if name.is_ascii() && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return name.to_owned();
    }
    let words = ascii(name).to_snake_case();
    match words.chars().next() {
        None => fallback.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{fallback}_{words}"),
        Some(_) => words,
    }
}
