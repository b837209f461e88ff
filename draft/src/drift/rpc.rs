//! The methods of a JSON-RPC document and those of a specification.

use crate::document::Lines;
use crate::facts::{Facts, Member, Method};

use super::finding::{Difference, Drift, Finding};
use super::schema::{Comparison, Mode};
use super::specification::{Node, Specification, stating};

/// Compares all methods.
pub(super) fn methods(facts: &Facts, specification: Specification<'_>, drift: &mut Drift) {
    let root = specification.root();
    let all: Vec<Node<'_>> =
        root.child("methods").iter().flat_map(Node::elements).map(|node| specification.resolve(&node)).collect();
    let name = |node: &Node<'_>| node.text("x-method").or_else(|| node.text("name")).unwrap_or("").to_owned();
    let mut comparison = Comparison::new(facts, specification, drift);
    for method in &facts.methods {
        let found: Vec<&Node<'_>> = all.iter().filter(|node| name(node) == method.name).collect();
        let finding = || Finding {
            at: method.name_at,
            kind: Difference::Missing,
            subject: method.name.clone(),
            text: "the specification does not have this method".to_owned(),
            pointer: "/methods".to_owned(),
        };
        if comparison.check(!found.is_empty(), finding, &[]) {
            comparison.method(method, &found);
        }
    }
    let last = facts.methods.last().map(|method| method.at).unwrap_or_default();
    for node in &all {
        let own = name(node);
        if facts.methods.iter().any(|method| method.name == own) {
            continue;
        }
        let finding = || Finding {
            at: Lines { first: 1, last: last.last.max(1), ..last },
            kind: Difference::Undocumented,
            subject: own.clone(),
            text: "the document does not have this method".to_owned(),
            pointer: node.pointer.clone(),
        };
        comparison.check_named(false, finding, &[node], &[&own]);
    }
    comparison.codes();
    comparison.limits();
    comparison.schemes();
    comparison.servers();
    comparison.end();
}

impl<'a> Comparison<'a, '_> {
    fn method(&mut self, method: &'a Method, found: &[&Node<'a>]) {
        let pointer = found.first().map(|node| node.pointer.clone()).unwrap_or_default();
        let finding = || Finding {
            at: method.name_at,
            kind: Difference::Missing,
            subject: method.name.clone(),
            text: format!(
                "the document has {} ways to call it, and the specification {}",
                method.forms.len(),
                found.len()
            ),
            pointer: pointer.clone(),
        };
        self.check_named(found.len() >= method.forms.len(), finding, found, &[&method.name]);
        let mut free: Vec<&Node<'a>> = found.to_vec();
        for (at, members) in &method.forms {
            let distance = |node: &Node<'a>| {
                let names: Vec<&str> = params(node).iter().filter_map(|param| param.text("name")).collect();
                let shared = members.iter().filter(|member| names.contains(&member.name.as_str())).count();
                (names.len() + members.len()).saturating_sub(2 * shared)
            };
            let best = free.iter().enumerate().min_by_key(|(_, node)| distance(node)).map(|(index, _)| index);
            if let Some(index) = best {
                let node = free.remove(index);
                self.form(&method.name, *at, members, node);
            }
        }
        for error in &method.errors {
            let has = |node: &&Node<'a>| {
                let errors = node.child("errors");
                errors.iter().flat_map(Node::elements).any(|own| {
                    self.specification.resolve(&own).tree.get("code").and_then(venuekit_json::Tree::scalar).as_deref()
                        == Some(error.code.as_str())
                })
            };
            let holds = found.iter().any(has);
            let finding = || Finding {
                at: error.at,
                kind: Difference::Missing,
                subject: method.name.clone(),
                text: format!("the specification does not list the error {} here", error.code),
                pointer: pointer.clone(),
            };
            self.check_named(holds, finding, found, &[&error.code]);
        }
        let result = found.iter().find_map(|node| {
            let result = self.specification.resolve(&node.child("result")?);
            let schema = result.child("schema")?;
            Some((result, schema))
        });
        if let Some((result, schema)) = result {
            let subject = format!("{} result", method.name);
            let carriers = [&result];
            if let Some(stated) = &method.result {
                let mode = Mode { both_ways: true, is_sample: true, is_merged: false };
                self.schema(&subject, stated, &schema, &carriers, mode, 0);
            }
            if let Some((sample, at)) = method.sample.as_ref().and_then(|(node, at)| Some((node.get("result")?, at))) {
                self.sample(&subject, sample, &schema, &carriers, *at, None);
            }
        }
    }

    fn form(&mut self, name: &str, at: Lines, members: &'a [Member], node: &Node<'a>) {
        let params: Vec<Node<'a>> = params(node).iter().map(|param| self.specification.resolve(param)).collect();
        let in_order = in_order(members, &params);
        for (index, member) in members.iter().enumerate() {
            let subject = format!("{name}: {}", member.name);
            let position = params.iter().position(|param| param.text("name") == Some(member.name.as_str()));
            let finding = || Finding {
                at: member.at,
                kind: Difference::Missing,
                subject: subject.clone(),
                text: "the specification does not have this parameter".to_owned(),
                pointer: node.pointer.clone(),
            };
            let above = stating(&[node], &member.name);
            self.check_named(position.is_some(), finding, &above, &[&member.name]);
            let Some((position, param)) = position.and_then(|position| Some((position, params.get(position)?))) else {
                continue;
            };
            let finding = || Finding {
                at: member.at,
                kind: Difference::Contradicts,
                subject: subject.clone(),
                text: format!(
                    "it is at position {} in the document and {} in the specification",
                    index + 1,
                    position + 1
                ),
                pointer: param.pointer.clone(),
            };
            let mut all = above;
            all.push(param);
            self.check_named(in_order.contains(&index), finding, &all, &[&member.name]);
            if member.states_required {
                let holds = param.is_true("required") == (member.required == Some(true));
                self.required(&subject, member, holds, &param.pointer, &all);
            }
            if let Some(schema) = param.child("schema") {
                let mode = Mode { both_ways: true, is_sample: false, is_merged: false };
                self.schema(&subject, &member.schema, &schema, &all, mode, 0);
            }
        }
        for param in params.iter().filter(|param| {
            let name = param.text("name").unwrap_or("");
            !members.iter().any(|member| member.name == name)
        }) {
            let finding = || Finding {
                at,
                kind: Difference::Undocumented,
                subject: format!("{name}: {}", param.text("name").unwrap_or("")),
                text: "the document does not have this parameter".to_owned(),
                pointer: param.pointer.clone(),
            };
            self.check_named(false, finding, &[node, param], &[param.text("name").unwrap_or("")]);
        }
    }
}

/// Returns the indices of the members that stand in the order of the specification. A parameter
/// that only one of the two has moves those behind it; that is one difference.
fn in_order(members: &[Member], params: &[Node<'_>]) -> Vec<usize> {
    let position = |member: &Member| params.iter().position(|own| own.text("name") == Some(member.name.as_str()));
    // The longest chain that ends at each member.
    let mut chains: Vec<(usize, Vec<usize>)> = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let Some(position) = position(member) else { continue };
        let before = chains.iter().filter(|(last, _)| *last < position).max_by_key(|(_, chain)| chain.len());
        let mut chain = before.map(|(_, chain)| chain.clone()).unwrap_or_default();
        chain.push(index);
        chains.push((position, chain));
    }
    chains.into_iter().map(|(_, chain)| chain).max_by_key(Vec::len).unwrap_or_default()
}

fn params<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    node.child("params").iter().flat_map(Node::elements).collect()
}
