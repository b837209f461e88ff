//! Rewrites the examples of methods, with the values of the parameters by position.

use std::collections::HashSet;

use super::nodes::{Budget, list, object, target, text};
use super::samples::MADE_UP;
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::node::{Kind, Node, Position};
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;

/// What an example needs to know about a parameter.
struct Parameter {
    name: String,
    is_required: bool,
}

/// Rewrites the examples of a method: `$ref`s are replaced, and the values are put at the positions
/// of their parameters. An example that does not fit the parameters or the result is ignored.
pub(super) fn normalise(
    document: &Document,
    pointer: &str,
    method: &mut Node,
    budget: &mut Budget,
    remarks: &mut Remarks,
) {
    let params = method.get("params").and_then(Node::as_seq).unwrap_or_default();
    let parameters: Vec<Parameter> = params
        .iter()
        .enumerate()
        .filter_map(|(index, param)| {
            let param = target(document, &format!("{pointer}/params/{index}"), param)?;
            Some(Parameter {
                name: param.get("name").and_then(Node::as_str)?.to_owned(),
                is_required: param.get("required").and_then(Node::as_bool) == Some(true),
            })
        })
        .collect();
    let is_notification = method.get("result").is_none();
    let pointer = pointer_join(pointer, "examples");
    let Some(examples) = method.child_mut("examples").filter(|examples| examples.as_seq().is_some()) else { return };
    let mut names: HashSet<String> = HashSet::from([MADE_UP.to_owned()]);
    let mut kept = Vec::new();
    for (index, example) in examples.take_elements().into_iter().enumerate() {
        let pointer = pointer_join(&pointer, &index.to_string());
        unused_keys(&pointer, &example, remarks);
        let read = target(document, &pointer, &example)
            .ok_or_else(|| "its `$ref` leads nowhere".to_owned())
            .and_then(|pairing| pairing_of(document, &pointer, pairing, &parameters, is_notification, budget));
        match read {
            Ok((params, result)) => {
                let at = example.position();
                let stated = target(document, &pointer, &example).and_then(|pairing| pairing.get("name")?.as_str());
                let name = unused_name(stated, index, &mut names);
                let mut members = vec![("name", text(at, &name)), ("params", list(at, params))];
                members.extend(result.map(|result| ("result", result)));
                kept.push(object(at, members));
            }
            Err(why) => {
                let help = "correct it by an overlay";
                remarks.add_of(Effect::Ignored, &pointer, &example, format!("the example is ignored: {why}"), help);
            }
        }
    }
    if kept.is_empty() {
        method.remove("examples");
    } else {
        examples.set_kind(Kind::Seq(kept.into_boxed_slice()));
    }
}

/// Adds warnings about the keys of an example that have no effect.
pub(super) fn unused_keys(pointer: &str, pairing: &Node, remarks: &mut Remarks) {
    remarks.add_others(pointer, pairing, &["$ref", "name", "params", "result"]);
    let params = pairing.get("params").and_then(Node::as_seq).into_iter().flatten().enumerate();
    let params = params.map(|(index, param)| (format!("{pointer}/params/{index}"), param));
    let result = pairing.get("result").map(|result| (pointer_join(pointer, "result"), result));
    for (pointer, value) in params.chain(result) {
        remarks.add_others(&pointer, value, &["$ref", "name", "value"]);
    }
}

/// Returns the values of the parameters, and the result.
fn pairing_of(
    document: &Document,
    pointer: &str,
    pairing: &Node,
    parameters: &[Parameter],
    is_notification: bool,
    budget: &mut Budget,
) -> Result<(Vec<Node>, Option<Node>), String> {
    let mut given: Vec<(Option<&str>, Node)> = Vec::new();
    for example in pairing.get("params").and_then(Node::as_seq).unwrap_or_default() {
        given.push(value(document, pointer, example, budget)?);
    }
    let result = match pairing.get("result") {
        _ if is_notification => None,
        None => return Err("it has no `result`".to_owned()),
        Some(result) => Some(holder(value(document, pointer, result, budget)?.1)),
    };
    Ok((by_position(given, parameters)?.into_iter().map(holder).collect(), result))
}

fn holder(value: Node) -> Node {
    object(value.position(), vec![("value", value)])
}

/// Returns the name and the value of an example.
fn value<'a>(
    document: &'a Document,
    pointer: &str,
    example: &'a Node,
    budget: &mut Budget,
) -> Result<(Option<&'a str>, Node), String> {
    let found = target(document, pointer, example).ok_or("its `$ref` leads nowhere")?;
    let value = found.get("value").ok_or("a value is missing, or is in another file")?;
    let value = budget.copy(value).ok_or("the examples of the document are too large")?;
    Ok((found.get("name").and_then(Node::as_str), value))
}

/// Puts values at the positions of their parameters. If each value has the name of a different
/// parameter, the names decide. Otherwise the order of the values decides, because examples are
/// often named after something else.
fn by_position(given: Vec<(Option<&str>, Node)>, parameters: &[Parameter]) -> Result<Vec<Node>, String> {
    let place = |name: Option<&str>| parameters.iter().position(|parameter| Some(parameter.name.as_str()) == name);
    let places: HashSet<usize> = given.iter().filter_map(|(name, _)| place(*name)).collect();
    let goes_by_name = places.len() == given.len();
    if given.len() > parameters.len() {
        return Err(format!("the method has {} parameters, and it has {} values", parameters.len(), given.len()));
    }
    let mut values: Vec<Option<Node>> = vec![None; parameters.len()];
    for (index, (name, value)) in given.into_iter().enumerate() {
        let place = if goes_by_name { place(name).unwrap_or(index) } else { index };
        if let Some(slot) = values.get_mut(place) {
            *slot = Some(value);
        }
    }
    let missing = parameters.iter().zip(&values).find(|(parameter, value)| parameter.is_required && value.is_none());
    if let Some((parameter, _)) = missing {
        return Err(format!("it has no `{}`, which is required", parameter.name));
    }
    let count = values.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let at = values.iter().flatten().next().map_or(Position::START, Node::position);
    Ok(values.into_iter().take(count).map(|value| value.unwrap_or_else(|| Node::new(at, Kind::Null))).collect())
}

/// Returns the stated name of an example, or else one made from its index. A number is added if the
/// name is already used.
fn unused_name(stated: Option<&str>, index: usize, names: &mut HashSet<String>) -> String {
    let stated = stated.map(str::trim).filter(|name| !name.is_empty());
    let base = stated.map_or_else(|| format!("example {}", index + 1), str::to_owned);
    let mut name = base.clone();
    let mut number = 1;
    while !names.insert(name.clone()) {
        number += 1;
        name = format!("{base} {number}");
    }
    name
}
