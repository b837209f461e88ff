//! What decides about the outcome of a call: codes of errors, and conditions on replies of status 2xx.

use super::findings::Findings;
use super::grammar::Sort;
use super::nearest::did_you_mean;
use super::tree::{Found, Tree};
use super::version::Dialect;
use super::words::{has_star, pointer_syntax};
use crate::spec::Node;
use crate::spec::words::CodeRule;

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for shape in tree.sites(Sort::ErrorShape) {
        for found in shape.list("code").chain(shape.list("message")) {
            pointer_syntax(&found, findings);
        }
        conditions(&shape, "failed-when", findings);
    }
    let code_at = code_at(tree);
    let root = tree.root();
    for key in ["x-unknown-codes", "x-clock-codes"] {
        codes(&root, key, &code_at, findings);
    }
    for sort in [Sort::Operation, Sort::Method] {
        for operation in tree.sites(sort) {
            operation_codes(&operation, &code_at, findings);
            conditions(&operation, "x-failed-when", findings);
        }
    }
}

/// Where errors have their codes.
fn code_at<'a>(tree: &Tree<'a>) -> Vec<&'a str> {
    match tree.dialect {
        Dialect::OpenApi => {
            let shape = tree.root().get("x-error");
            shape.iter().flat_map(|shape| shape.list("code")).filter_map(|found| found.node.as_str()).collect()
        }
        Dialect::OpenRpc => vec!["/error/code"],
    }
}

/// A code of a list, and where it is listed.
struct Listed {
    rule: CodeRule,
    pointer: String,
}

/// The codes of a list, checked one by one and against each other.
fn codes(holder: &Found<'_>, key: &str, code_at: &[&str], findings: &mut Findings<'_>) -> Vec<Listed> {
    let mut seen: Vec<Listed> = Vec::new();
    for found in holder.list(key) {
        tied(&found, code_at, findings);
        let Some(rule) = rule(&found) else { continue };
        let pointer = found.pointer;
        if seen.iter().any(|other| other.rule == rule) {
            findings.at(&pointer, format!("{rule} is listed twice"), "remove one of them");
        } else if seen.iter().any(|other| other.rule.covers(&rule)) {
            let help = "remove one of them: the other applies there as well";
            findings.at(&pointer, format!("{rule} is listed, and {} without that too", rule.code), help);
        } else if let Some(other) = seen.iter().find(|other| rule.covers(&other.rule)) {
            let help = "remove one of them: this one applies there as well";
            findings.at(&pointer, format!("{rule} is listed, and {} too", other.rule), help);
        }
        seen.push(Listed { rule, pointer });
    }
    seen
}

/// What a code is tied to.
fn tied(found: &Found<'_>, code_at: &[&str], findings: &mut Findings<'_>) {
    let status = found.get("status");
    if let Some((status, text)) = status.as_ref().and_then(|status| Some((status, status.node.as_number()?)))
        && text.parse::<u32>().is_ok_and(|number| !(100..=599).contains(&number))
    {
        findings.at(&status.pointer, format!("`{text}` is not an HTTP status"), "write a status from 100 to 599");
    }
    let pointer = found.get("pointer");
    if let Some((pointer, text)) = pointer.as_ref().and_then(|pointer| Some((pointer, pointer.node.as_str()?)))
        && !code_at.contains(&text)
    {
        let otherwise = match code_at {
            [] => "say in `x-error.code` of the root where errors have their codes".to_owned(),
            known => format!("write one of the pointers to codes: {}", known.join(", ")),
        };
        let help = did_you_mean(text, code_at.iter().copied(), otherwise);
        findings.at(&pointer.pointer, format!("no error has its code at `{text}`"), help);
    }
}

fn rule(found: &Found<'_>) -> Option<CodeRule> {
    let text = |node: &Node| node.as_str().or_else(|| node.as_number()).map(str::to_owned);
    let own = |key: &str| found.node.get(key);
    Some(CodeRule {
        code: text(found.node.get("code").unwrap_or(found.node))?,
        status: own("status").and_then(Node::as_number).and_then(|status| status.parse().ok()),
        pointer: own("pointer").and_then(Node::as_str).map(str::to_owned),
        message: own("message").and_then(Node::as_str).map(str::to_owned),
    })
}

/// What the codes of an operation say has to go together.
fn operation_codes(operation: &Found<'_>, code_at: &[&str], findings: &mut Findings<'_>) {
    let done = codes(operation, "x-done-codes", code_at, findings);
    let gone = codes(operation, "x-gone-codes", code_at, findings);
    let unknown = codes(operation, "x-unknown-codes", code_at, findings);
    for Listed { rule, pointer } in &gone {
        if let Some(other) = done.iter().find(|other| other.rule.overlaps(rule)) {
            let help =
                "keep one: it either proves that the request was carried out, or does not say why nothing is there";
            findings.at(pointer, format!("{rule} is in `x-done-codes` too, as {}", other.rule), help);
        }
    }
    for Listed { rule, pointer } in done.iter().chain(&gone) {
        if unknown.iter().any(|other| other.rule.covers(rule)) {
            let help = "remove one of them: after this code nobody knows what became of the request";
            findings.at(pointer, format!("{rule} is in `x-unknown-codes` too, which goes first"), help);
        }
    }
    if operation.pointer.ends_with("/get")
        && let Some(found) = operation.get("x-gone-codes")
    {
        let help = "leave it out: a read that finds nothing is refused";
        findings.at_key(&found.pointer, "a GET does not cancel anything", help);
    }
}

fn conditions(holder: &Found<'_>, key: &str, findings: &mut Findings<'_>) {
    let mut seen: Vec<Found<'_>> = Vec::new();
    for condition in holder.list(key) {
        one_condition(&condition, findings);
        let is_same = |other: &Found<'_>| {
            ["pointer", "equals", "present"].into_iter().all(|key| {
                let kind = |found: &Found<'_>| found.node.get(key).map(Node::to_json);
                kind(other) == kind(&condition)
            })
        };
        if seen.iter().any(is_same) {
            let help = "remove one of them: the first one decides";
            findings.at(&condition.pointer, "the condition is listed twice", help);
        }
        seen.push(condition);
    }
}

fn one_condition(condition: &Found<'_>, findings: &mut Findings<'_>) {
    if let Some(found) = condition.get("pointer") {
        pointer_syntax(&found, findings);
        star(&found, findings);
    }
    match (condition.get("equals"), condition.get("present")) {
        (None, None) => {
            let help = "write `equals: false`, or `present: true`";
            findings.at(&condition.pointer, "a condition that asks nothing", help);
        }
        (Some(_), Some(present)) => {
            findings.at_key(&present.pointer, "a condition asks one thing", "keep `equals` or `present`");
        }
        (Some(equals), None) if equals.node.as_map().is_some() || equals.node.as_seq().is_some() => {
            let help = "write text, a number, true, false or null";
            findings.at(&equals.pointer, "`equals` has to be a scalar", help);
        }
        (None, Some(present)) if present.node.as_bool() == Some(false) => {
            let help = "write `present: true`, or `equals`";
            findings.at(&present.pointer, "`present: false` is not supported", help);
        }
        _ => {}
    }
}

/// A condition is judged for each element of at most one array.
fn star(found: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(text) = found.node.as_str() else { return };
    if text.split('/').any(|segment| segment.starts_with('*') && segment != "*") {
        let help = "write `*` alone for each element of an array; no member of a reply begins with it";
        findings.at(&found.pointer, format!("`{text}` has a `*` that is part of a name"), help);
    } else if has_star(found) && text.split('/').filter(|segment| *segment == "*").count() > 1 {
        let help = "write one `*`; what is inside an element is named by members and indices";
        findings.at(&found.pointer, format!("`{text}` goes through the elements of several arrays"), help);
    }
}
