//! Parameters that are added, removed, renamed or moved.

use std::collections::BTreeSet;

use venuekit_diff::Level;
use venuekit_json::{Tree, pointer};

use super::{Edit, Located, Mutant, at, remove, set};
use crate::examples::object;
use crate::expect::{Expected, expected, mirror};
use crate::sites::METHODS;
use crate::tree::{TreeExt, split};
use crate::usages::{Operation, resolve};

pub(super) fn all(found: &mut Located<'_>) {
    for operation in found.map.operations.clone() {
        removed(found, &operation);
        added(found, &operation);
        swapped(found, &operation);
    }
    let itself: BTreeSet<String> = found
        .map
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters)
        .map(|listed| listed.pointer.clone())
        .collect();
    for pointer in itself {
        changed(found, &pointer);
    }
    if !found.rpc {
        places_in_paths(found);
    }
}

/// Returns whether `x-weight` or `x-idempotent` of an operation names a parameter.
fn is_named(operation: &Tree, name: &str) -> bool {
    let weight = operation.get("x-weight").and_then(|weight| weight.get("when-present"));
    let idempotent = operation.get("x-idempotent").and_then(|idempotent| idempotent.text("when-present"));
    weight.is_some_and(|weight| weight.has(name)) || idempotent == Some(name)
}

fn removed(found: &mut Located<'_>, operation: &Operation) {
    let count = operation.parameters.len();
    for (index, listed) in operation.parameters.iter().enumerate() {
        let parameter = found.at(&listed.pointer);
        let (name, required) = (parameter.text("name").unwrap_or_default(), parameter.flag("required"));
        let fixed = parameter.text("in") == Some("path") || !listed.at.starts_with(&operation.pointer);
        if fixed || is_named(found.at(&operation.pointer), name) {
            continue;
        }
        let rule = if required { "required-parameter-removed" } else { "optional-parameter-removed" };
        let mut mutant = Mutant::new("a parameter is gone", &listed.at, remove(&listed.at)).expects(rule);
        if found.rpc && index + 1 < count {
            mutant = mutant.expects("parameter-order-changed");
        }
        found.push(mutant.touching([operation.name.clone()]));
    }
}

fn added(found: &mut Located<'_>, operation: &Operation) {
    let variadic = operation.parameters.iter().any(|listed| found.at(&listed.pointer).flag("x-variadic"));
    if variadic {
        return;
    }
    let list = if found.rpc { "params" } else { "parameters" };
    for (required, rule) in [(true, "required-parameter-added"), (false, "optional-parameter-added")] {
        let mut parameter = object([
            ("name", Tree::text("extraParameter")),
            ("required", Tree::Bool(required)),
            ("schema", object([("type", Tree::text("string"))])),
        ]);
        if !found.rpc {
            parameter.set("in", Tree::text("query"));
        }
        let edit = at(&operation.pointer, move |operation| {
            if !operation.has(list) {
                operation.set(list, Tree::Array(Vec::new()));
            }
            operation.get_mut(list)?.elements_mut()?.push(parameter.clone());
            Some(())
        });
        found.push(
            Mutant::new("a parameter is new", &operation.pointer, edit)
                .expects(rule)
                .touching([operation.name.clone()]),
        );
    }
}

/// Swaps neighbouring parameters.
fn swapped(found: &mut Located<'_>, operation: &Operation) {
    let significant = found.rpc || found.document.has("x-parameter-order");
    for pair in operation.parameters.windows(2) {
        let [first, second] = pair else { continue };
        let at_of = |key: &str| {
            [first, second].map(|listed| found.at(&listed.pointer).text(key).unwrap_or_default().to_owned())
        };
        let variadic = [first, second].iter().any(|listed| found.at(&listed.pointer).flag("x-variadic"));
        let own = [first, second].iter().all(|listed| listed.at.starts_with(&operation.pointer));
        if variadic || !own || (!found.rpc && at_of("in").iter().any(|place| place != "query")) {
            continue;
        }
        let (list, index) = split(&first.at).expect("it is in a list");
        let index = pointer::index(&index).expect("an index");
        let edit = at(list, move |list| {
            let elements = list.elements_mut().filter(|elements| index + 1 < elements.len())?;
            elements.swap(index, index + 1);
            Some(())
        });
        let mutant = Mutant::new("two parameters change places", &operation.pointer, edit);
        found.push(if significant {
            mutant.expects("parameter-order-changed").touching([operation.name.clone()])
        } else {
            mutant
        });
    }
}

/// Changes a parameter itself, for all operations that list it.
fn changed(found: &mut Located<'_>, pointer: &str) {
    let lists = |operation: &&Operation| operation.parameters.iter().any(|listed| listed.pointer == pointer);
    let users: Vec<Operation> = found.map.operations.iter().filter(lists).cloned().collect();
    let names: Vec<String> = users.iter().map(|operation| operation.name.clone()).collect();
    let parameter = found.at(pointer).clone();
    let name = parameter.text("name").unwrap_or_default();
    let (place, required) = (parameter.text("in").unwrap_or_default(), parameter.flag("required"));
    let named = users.iter().any(|operation| is_named(found.at(&operation.pointer), name));
    let schema = found.at(&resolve(found.document, &pointer::join(pointer, "schema"))).clone();
    let touching = |mutant: Mutant| mutant.touching(names.clone());

    if place != "path" {
        let rule = if required { "parameter-became-optional" } else { "parameter-became-required" };
        let edit = set(pointer, "required", Tree::Bool(!required));
        found.push(touching(Mutant::new("a parameter must, or need not, be given", pointer, edit).expects(rule)));
    }
    let edit = set(pointer, "deprecated", Tree::Bool(true));
    found.push(touching(Mutant::new("a parameter is deprecated", pointer, edit).expects("parameter-deprecated")));
    let edit = set(pointer, "x-rust-name", Tree::text("renamedParameter"));
    let mutant = Mutant::new("a parameter has another name in Rust", pointer, edit).expects("parameter-setter-renamed");
    found.push(touching(mutant.also(&["type-renamed"])));

    if !named && place != "path" {
        let edit = set(pointer, "name", Tree::text(format!("{name}Again")));
        let mutant = Mutant::new("a parameter has another name", pointer, edit);
        // Each operation has one parameter less and one more.
        let each = |mutant: Mutant, gone: &str| {
            users.iter().fold(mutant, |mutant, _| mutant.expects(gone).expects(mirror(gone)))
        };
        found.push(match (found.rpc, required) {
            (true, _) => touching(mutant.expects("parameter-renamed").also(&["type-renamed"])),
            (false, true) => each(mutant, "required-parameter-removed").found_elsewhere(),
            (false, false) => each(mutant, "optional-parameter-removed").found_elsewhere(),
        });
    }
    let is_list = schema.text("type") == Some("array");
    if place == "query" && !is_list {
        let edit = set(pointer, "in", Tree::text("header"));
        found.push(touching(
            Mutant::new("a parameter is sent in another place", pointer, edit).expects("parameter-moved"),
        ));
    }
    if place == "query" && is_list {
        let exploded = parameter.get("explode") != Some(&Tree::Bool(false));
        let edit = set(pointer, "explode", Tree::Bool(!exploded));
        found.push(touching(
            Mutant::new("a list is put together otherwise", pointer, edit).expects("parameter-style-changed"),
        ));
    }
}

/// Renames a name in the braces of a path, together with its parameter.
fn places_in_paths(found: &mut Located<'_>) {
    let paths: Vec<String> = found.at("/paths").members().iter().map(|(path, _)| path.clone()).collect();
    for path in paths {
        let braced =
            |segment: &str| segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(str::to_owned);
        let Some(name) = path.split('/').find_map(braced) else { continue };
        let item = pointer::join("/paths", &path);
        let of_path = |operation: &&Operation| operation.pointer.starts_with(&format!("{item}/"));
        let users: Vec<Operation> = found.map.operations.iter().filter(of_path).cloned().collect();
        let is_place = |pointer: &str| {
            let parameter = found.at(pointer);
            parameter.text("in") == Some("path") && parameter.text("name") == Some(&name)
        };
        let places: BTreeSet<String> = users
            .iter()
            .flat_map(|operation| &operation.parameters)
            .map(|listed| listed.pointer.clone())
            .filter(|pointer| is_place(pointer))
            .collect();
        // A component may be used in other paths as well.
        if places.iter().any(|pointer| pointer.starts_with("/components/")) {
            continue;
        }
        let count = places.len();
        let other = path.replace(&format!("{{{name}}}"), &format!("{{{name}Again}}"));
        let edit = renamed_place(path.clone(), other.clone(), name.clone());
        // The name of a segment is not sent.
        let renamed = vec![Expected { wire: Level::Safe, ..expected("parameter-renamed") }; count];
        let mutant = Mutant::new("a place in a path has another name", &pointer::join("/paths", &other), edit);
        found.push(mutant.expects_exactly(renamed.clone(), renamed).also(&["type-renamed"]).found_elsewhere());
    }
}

fn renamed_place(path: String, other: String, name: String) -> Edit {
    Box::new(move |document| {
        let paths = document.get_mut("paths")?;
        let mut item = paths.remove(&path)?;
        for method in METHODS {
            let Some(parameters) = item.get_mut(method).and_then(|operation| operation.get_mut("parameters")) else {
                continue;
            };
            for parameter in parameters.elements_mut()? {
                if parameter.text("in") == Some("path") && parameter.text("name") == Some(&name) {
                    parameter.set("name", Tree::text(format!("{name}Again")));
                }
            }
        }
        paths.set(&other, item)
    })
}
