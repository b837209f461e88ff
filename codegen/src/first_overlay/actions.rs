//! The actions that depend on what the generator says about a document.

use indexmap::IndexMap;

use super::money::Decimal;
use super::yaml::{Action, Yaml, literal, segment};
use crate::diagnostic::{Diagnostic, LeftOut};
use crate::source::{Document, Members, Node};

/// The maximum number of rounds in which operations are removed. The removal of an operation can
/// change what the document tells.
pub(super) const ROUNDS: usize = 4;

/// Returns the action that declares decimals by their names.
pub(super) fn declaration(decimals: &[Decimal]) -> Option<Action> {
    if decimals.is_empty() {
        return None;
    }
    let element = |Decimal { name, example, .. }: &Decimal| {
        let comment = match example {
            Some(example) => format!("an example: {example}"),
            None => "by its name only".to_owned(),
        };
        (Yaml::text(name), Some(comment))
    };
    let names = Yaml::List(decimals.iter().map(element).collect());
    Some(Action {
        target: "$".to_owned(),
        description:
            "The texts and numbers of these names are decimals, by their names and their examples. Check them."
                .to_owned(),
        update: Some(Yaml::map([("x-decimals", names)])),
    })
}

/// Returns the actions that remove the operations that are left out. A path without other
/// operations goes as a whole.
pub(super) fn removals(document: &Document, left_out: &[Diagnostic]) -> Vec<Action> {
    let mut paths: IndexMap<&str, Vec<(String, &Diagnostic)>> = IndexMap::new();
    let mut actions = Vec::new();
    let items = document.node("/paths");
    let item = |path: &str| items.and_then(|paths| paths.get(path));
    let remove = |target: String, findings: &[&Diagnostic]| {
        let reasons: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        Action { target, description: format!("{}.", reasons.join("; ")), update: None }
    };
    for finding in left_out {
        match &finding.left_out {
            Some(LeftOut::Path(path)) => paths.entry(path).or_default().push((String::new(), finding)),
            Some(LeftOut::Operation(route)) => match route.split_once(' ').filter(|(_, path)| item(path).is_some()) {
                Some((method, path)) => {
                    let name = method.to_ascii_lowercase();
                    let is_member = item(path).is_some_and(|item| item.get(&name).is_some());
                    let others = || format!(".additionalOperations{}", segment(method));
                    paths
                        .entry(path)
                        .or_default()
                        .push((if is_member { format!(".{name}") } else { others() }, finding));
                }
                None => actions.push(remove(format!("$.methods[?@.name == {}]", literal(route)), &[finding])),
            },
            None => {}
        }
    }
    for (path, removed) in paths {
        let target = format!("$.paths{}", segment(path));
        let count = item(path).map_or(0, operations_of);
        if count <= removed.len() || removed.iter().any(|(below, _)| below.is_empty()) {
            let findings: Vec<&Diagnostic> = removed.iter().map(|(_, finding)| *finding).collect();
            actions.push(remove(target, &findings));
        } else {
            actions.extend(removed.iter().map(|(below, finding)| remove(format!("{target}{below}"), &[finding])));
        }
    }
    actions
}

/// Returns the number of operations of a path.
fn operations_of(item: &Node) -> usize {
    let others = item.get("additionalOperations").and_then(Node::as_map).map_or(0, Members::len);
    let known = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];
    known.iter().filter(|method| item.get(method).is_some()).count() + others
}
