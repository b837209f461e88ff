//! Checks the methods, parameters and example pairings of OpenRPC.

use std::collections::{HashMap, HashSet};

use super::sites::Sites;
use crate::source::findings::{Findings, leave_out, write_text};
use crate::source::located::Located;
use crate::source::node::Node;
use crate::source::openrpc::{has_bare_envelope, is_by_name, variadic_faults};
use crate::source::parameters::{Listed, known};
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;
use crate::source::shapes::grammar::ObjectKind;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let mut names: HashSet<&str> = HashSet::new();
    let mut errors_known = KnownErrors::default();
    for method in sites.all(ObjectKind::Method) {
        if let Some(name) = method.text("name") {
            let pointer = pointer_join(&method.pointer, "name");
            if !names.insert(name) {
                let help = "give each form a different name, and the name on the wire as `x-method`";
                findings.at(&pointer, format!("there are two methods `{name}`"), help);
            } else if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let help = "write another name, and the one on the wire as `x-method`";
                findings.at(&pointer, format!("`{name}` cannot become a name in Rust"), help);
            }
        }
        structure(&method, findings);
        result(sites, &method, findings);
        positions(sites, &method, findings);
        errors(sites, &method, &mut errors_known, findings);
        pairings(sites, &method, findings);
    }
}

fn structure(method: &Located<'_>, findings: &mut Findings<'_>) {
    let pointer = pointer_join(&method.pointer, "paramStructure");
    match method.text("paramStructure") {
        None | Some("by-position" | "by-name" | "either") => {}
        Some(other) => {
            let help = write_text("write by-position, by-name or either", "by-position");
            findings.at(&pointer, format!("there is no structure `{other}`"), help);
        }
    }
}

/// Refuses a notification if the envelope is not that of JSON-RPC 2.0, an example of a method
/// without a result, and an example of a notification with a result.
fn result(sites: &Sites<'_>, method: &Located<'_>, findings: &mut Findings<'_>) {
    let is_notification = method.get("result").is_none();
    if is_notification && has_bare_envelope(&sites.view) {
        let help = "write result: {name: .., schema: ..}; only JSON-RPC 2.0 has notifications";
        findings.at(&method.pointer, "a method has no `result`", help);
        return;
    }
    let pairings = method.list("examples").filter_map(|at| sites.resolved(at, ComponentKind::ExamplePairing));
    for pairing in pairings {
        match pairing.get("result") {
            Some(result) if is_notification => {
                let help = leave_out("describe the method's `result`, or leave this out");
                findings.at_key(&result.pointer, "a notification has no result", help);
            }
            None if !is_notification => {
                let help = "write result: {name: markets, value: []}";
                findings.at(&pairing.pointer, "an example pairing has no `result`", help);
            }
            _ => {}
        }
    }
}

fn positions<'a>(sites: &Sites<'a>, method: &Located<'a>, findings: &mut Findings<'_>) {
    let parameters = known(&sites.view, method);
    let mut names: HashSet<&str> = HashSet::new();
    for (index, Listed { place, resolved }) in parameters.iter().enumerate() {
        if let Some(name) = resolved.at.text("name")
            && !names.insert(name)
        {
            findings.at(&place.pointer, format!("there are two parameters `{name}`"), "give each a different name");
        }
        let faults = variadic_faults(&sites.view, place, &resolved.at, index + 1 == parameters.len());
        faults.into_iter().for_each(|refusal| findings.refuse(refusal));
    }
    for Listed { resolved, .. } in &parameters {
        if let Some(variadic) = resolved.at.get("x-variadic").filter(|_| is_by_name(method)) {
            let help = "write paramStructure: by-position on the method";
            findings.at_key(&variadic.pointer, "`x-variadic` has no effect on parameters by name", help);
        }
    }
    let result = method.get("result").and_then(|result| sites.resolved(result, ComponentKind::ContentDescriptor));
    if let Some(variadic) = result.and_then(|result| result.get("x-variadic")) {
        findings.at_key(&variadic.pointer, "`x-variadic` has no effect on a result", "leave it out");
    }
}

/// Gives each error a number; errors with the same content have the same number. Each error is
/// converted to text once, even if many methods refer to it.
#[derive(Default)]
struct KnownErrors {
    by_pointer: HashMap<String, usize>,
    by_text: HashMap<String, usize>,
}

impl KnownErrors {
    fn number(&mut self, error: &Located<'_>) -> usize {
        if let Some(known) = self.by_pointer.get(&error.pointer) {
            return *known;
        }
        let next = self.by_text.len();
        let number = *self.by_text.entry(error.node.to_json()).or_insert(next);
        self.by_pointer.insert(error.pointer.clone(), number);
        number
    }
}

/// Refuses an error that is listed twice. Errors with the same code and different contents are
/// allowed.
fn errors<'a>(sites: &Sites<'a>, method: &Located<'a>, known: &mut KnownErrors, findings: &mut Findings<'_>) {
    let mut seen: HashSet<usize> = HashSet::new();
    for at in method.list("errors") {
        let Some(error) = sites.resolved(at.clone(), ComponentKind::ErrorObject) else { continue };
        if !seen.insert(known.number(&error)) {
            findings.at(&at.pointer, "the error is listed twice", leave_out("remove one of them"));
        }
    }
}

fn pairings<'a>(sites: &Sites<'a>, method: &Located<'a>, findings: &mut Findings<'_>) {
    let parameters: Vec<_> = known(&sites.view, method).into_iter().map(|listed| listed.resolved.at).collect();
    let mut given = 0;
    let mut complete = true;
    let mut names: HashSet<&str> = HashSet::new();
    let required: Vec<usize> =
        parameters.iter().enumerate().filter(|(_, parameter)| parameter.flag("required")).map(|(i, _)| i).collect();
    let resolved = |at: Located<'a>| Some((at.clone(), sites.resolved(at, ComponentKind::ExamplePairing)?));
    let pairings: Vec<_> = method.list("examples").filter_map(resolved).collect();
    if let Some(examples) =
        method.get("examples").filter(|examples| examples.node.as_seq().is_some_and(|pairings| pairings.is_empty()))
    {
        findings.at(
            &examples.pointer,
            "a method has no examples",
            "write a call with its response; tests and stand-in servers use it",
        );
    }
    for (at, pairing) in &pairings {
        if let Some(name) = pairing.text("name")
            && !names.insert(name)
        {
            findings.at(&at.pointer, format!("there are two examples `{name}`"), "give each a different name");
        }
        let values = pairing.node.get("params").and_then(Node::as_seq).map_or(0, <[Node]>::len);
        given = given.max(values);
        complete &= pairing.get("params").is_some();
        // Only the first surplus value is reported, because many methods may refer to one long
        // example.
        for (i, value) in pairing.list("params").enumerate().take(parameters.len() + 1) {
            let Some(example) = sites.resolved(value.clone(), ComponentKind::Example) else { continue };
            let Some(parameter) = parameters.get(i) else {
                let message = format!("the method has {} parameters, this is value {}", parameters.len(), i + 1);
                findings.at(&value.pointer, message, "remove it, or describe the parameter");
                continue;
            };
            if let (Some(name), Some(wanted)) = (example.text("name"), parameter.text("name"))
                && name != wanted
            {
                let help = "values go by position, in the order of the parameters; null for one that is left out";
                findings.at(&value.pointer, format!("the parameter here is `{wanted}`, not `{name}`"), help);
            }
        }
        let missing = required.partition_point(|i| *i < values);
        let missing = required.get(missing..).unwrap_or_default();
        if let Some(first) = missing.first().and_then(|i| parameters.get(*i)) {
            let name = first.text("name").unwrap_or_default();
            let pointer = pointer_join(&at.pointer, "params");
            let (message, help) = match missing.len() - 1 {
                0 => (format!("the example has no `{name}`, which is required"), "write a value for it"),
                more => (
                    format!("the example has no `{name}`, which is required, and lacks {more} other required values"),
                    "write a value for each of them",
                ),
            };
            findings.at(&pointer, message, help);
        }
    }
    if !pairings.is_empty() && complete {
        for parameter in parameters.iter().skip(given).filter(|parameter| !parameter.flag("required")) {
            let name = parameter.text("name").unwrap_or_default();
            let help = "write a value for it in one of the method's `examples`";
            findings.at(
                &pointer_join(&method.pointer, "examples"),
                format!("no example has the parameter `{name}`"),
                help,
            );
        }
    }
}
