//! Operations that are added, removed or moved, or that require other credentials.

use venuekit_codegen::source::split_path_key;
use venuekit_diff::Level::{Breaking, Safe};
use venuekit_json::{Tree, pointer};

use super::{Edit, Located, Mutant, at, both, push, remove, set};
use crate::examples::object;
use crate::expect::{Expected, expected, mirror};
use crate::sites::METHODS;
use crate::tree::{TreeExt, split};
use crate::usages::Operation;

/// Returns the methods that the socket and the recoveries of these operations name. The documents
/// without them are refused.
pub(crate) fn named_by_socket<'d>(document: &'d Tree, operations: &[Operation]) -> Vec<&'d str> {
    let socket = document.get("x-socket").into_iter();
    let others = document.at("/x-socket/other-logins").map(Tree::elements).unwrap_or_default();
    let socket = socket.flat_map(|socket| [socket.text("login"), socket.text("ping")]).flatten();
    let socket = socket.chain(others.iter().filter_map(Tree::as_text));
    let query = |operation: &Operation| {
        let recovery = document.at(&format!("{}/x-subscription/recovery", operation.pointer))?;
        recovery.text("query")
    };
    socket.chain(operations.iter().filter_map(query)).collect()
}

/// Rules that may apply because types are no longer sent or read.
const USAGE: &[&str] = &["builder-added", "builder-removed"];

pub(super) fn all(found: &mut Located<'_>) {
    let time =
        found.document.get("x-server-time").and_then(|time| time.text("operation")).unwrap_or_default().to_owned();
    let named = named_by_socket(found.document, &found.map.operations);
    let named: Vec<String> = named.into_iter().map(str::to_owned).collect();
    for operation in found.map.operations.clone() {
        let (name, pointer) = (operation.name.as_str(), operation.pointer.as_str());
        let is_named = named.iter().any(|other| other == name);
        if name != time && !is_named {
            let shared = if found.rpc { calls(found.document, pointer) > 1 } else { shares_path(found, pointer) };
            let rule = if shared { "call-form-removed" } else { "operation-removed" };
            found.push(
                Mutant::new("an operation is gone", pointer, gone(found.rpc, pointer))
                    .expects(rule)
                    .also(USAGE)
                    .touching([name.to_owned()]),
            );
        }
        copied(found, name, pointer);
        if !is_named {
            renamed(found, name, pointer, name == time);
        }
        let deprecated =
            Mutant::new("an operation is deprecated", pointer, set(pointer, "deprecated", Tree::Bool(true)));
        found.push(deprecated.expects("operation-deprecated").touching([name.to_owned()]));
        if !found.rpc {
            method_changed(found, name, pointer);
        }
        security(found, name, pointer);
    }
    if !found.rpc {
        paths(found);
    }
    root_security(found);
}

/// Changes the security of the root, which applies to all operations without their own.
fn root_security(found: &mut Located<'_>) {
    let key = if found.rpc { "x-security" } else { "security" };
    let Some(own) = found.document.get(key).cloned() else { return };
    let silent = |operation: &&Operation| !found.at(&operation.pointer).has(key);
    let names: Vec<String> =
        found.map.operations.iter().filter(silent).map(|operation| operation.name.clone()).collect();
    if names.is_empty() || level(found, own.elements()) != 2 {
        return;
    }
    let edit = set("", key, Tree::Array(Vec::new()));
    let mutant = Mutant::new("the root needs no scheme", &format!("/{key}"), edit);
    let mutant = match found.document.has("x-recv-window") {
        true => mutant.expects("security-lowered").but_there(|expected| expected.source = Breaking),
        false => mutant.expects("security-lowered"),
    };
    found.push(mutant.touching(names));
}

/// Returns the name of an OpenRPC method on the wire.
fn wire(method: &Tree) -> Option<&str> {
    method.text("x-method").or(method.text("name"))
}

/// Returns the number of entries that call the same method as this entry.
fn calls(document: &Tree, pointer: &str) -> usize {
    let this = document.at(pointer).and_then(wire);
    document.list("methods").iter().filter(|method| wire(method) == this).count()
}

fn gone(rpc: bool, pointer: &str) -> Edit {
    let itself = remove(pointer);
    if rpc {
        return itself;
    }
    // The generator refuses a path without operations.
    let (path, _) = split(pointer).expect("it is in a path");
    let (path, key) = (path.to_owned(), split(path).expect("it is in `paths`").1);
    Box::new(move |document| {
        itself(document)?;
        let left = document.at(&path)?.members().iter().any(|(method, _)| METHODS.contains(&method.as_str()));
        if !left {
            document.get_mut("paths")?.remove(&key);
        }
        Some(())
    })
}

fn copied(found: &mut Located<'_>, name: &str, pointer: &str) {
    let operation = found.at(pointer).clone();
    if found.rpc {
        let mut copy = operation.clone();
        copy.set("name", Tree::text(format!("{name}.copied")));
        // A family of subscriptions has one method.
        copy.remove("x-subscription");
        let last = format!("/methods/{}", found.document.list("methods").len());
        let rule = if copy.has("x-method") { "call-form-added" } else { "operation-added" };
        found.push(
            Mutant::new("an operation is new", &last, push("/methods", copy.clone()))
                .expects(rule)
                .touching([format!("{name}.copied")]),
        );
        copy.set("x-method", Tree::text(wire(&operation).expect("it has a name")));
        let form = Mutant::new("a method has one more form", &last, push("/methods", copy)).expects("call-form-added");
        found.push(form.touching([format!("{name}.copied")]));
        return;
    }
    let segments = pointer::segments(pointer).expect("a pointer");
    let [_, path, method] = segments.as_slice() else { panic!("{pointer} is not an operation") };
    let mut item = found.at(&pointer::join("/paths", path)).clone();
    item.members_mut().expect("a path").retain(|(key, _)| key == method || !METHODS.contains(&key.as_str()));
    let copy = item.get_mut(method).expect("the operation");
    copy.set("operationId", Tree::text(format!("{name}Copied")));
    let required = object([
        ("name", Tree::text("copied")),
        ("in", Tree::text("query")),
        ("required", Tree::Bool(true)),
        ("schema", object([("type", Tree::text("boolean"))])),
        ("example", Tree::Bool(true)),
    ]);
    let mut form = item.clone();
    let operation = form.get_mut(method).expect("the operation");
    let parameters = operation.list("parameters").iter().cloned().chain([required]).collect();
    operation.set("parameters", Tree::Array(parameters));
    for (kind, rule, key, item) in [
        ("an operation is new", "operation-added", extended(path, "/copied"), item),
        ("a path has one more form", "call-form-added", format!("{}#copied", split_path_key(path).0), form),
    ] {
        let place = pointer::join(&pointer::join("/paths", &key), method);
        let edit = at("/paths", move |paths| paths.set(&key, item.clone()));
        found.push(Mutant::new(kind, &place, edit).expects(rule).touching([format!("{name}Copied")]));
    }
}

/// Returns the key of `paths` with more text at the end of its path.
fn extended(key: &str, more: &str) -> String {
    match split_path_key(key) {
        (path, Some(name)) => format!("{path}{more}#{name}"),
        (path, None) => format!("{path}{more}"),
    }
}

/// Returns whether another operation has the path and the method of this one.
fn shares_path(found: &Located<'_>, pointer: &str) -> bool {
    let route = |pointer: &str| match pointer::segments(pointer).expect("a pointer").as_slice() {
        [_, key, method] => (split_path_key(key).0.to_owned(), method.clone()),
        other => panic!("{other:?} is not an operation"),
    };
    found.map.operations.iter().filter(|other| route(&other.pointer) == route(pointer)).count() > 1
}

/// The rules for types that are defined in an operation, because they are named after it.
const NAMED_AFTER: &[&str] = &["type-renamed"];

fn renamed(found: &mut Located<'_>, name: &str, pointer: &str, tells_time: bool) {
    let rust = set(pointer, "x-rust-name", Tree::text("renamedOperation"));
    found.push(
        Mutant::new("an operation has another name in Rust", pointer, rust)
            .expects("operation-renamed")
            .also(NAMED_AFTER)
            .touching([name.to_owned()]),
    );
    let key = if found.rpc { "name" } else { "operationId" };
    let other = if found.rpc { format!("{name}.again") } else { format!("{name}Again") };
    let mut edit = set(pointer, key, Tree::text(other.clone()));
    if tells_time {
        edit = both(edit, set("/x-server-time", "operation", Tree::text(other)));
    }
    if !found.rpc {
        found.push(
            Mutant::new("an operation has another id", pointer, edit).expects("operation-renamed").also(NAMED_AFTER),
        );
        return;
    }
    let method = found.at(pointer);
    let (on_wire, has_wire) = (wire(method).expect("it has a name").to_owned(), method.has("x-method"));
    let shared = calls(found.document, pointer) > 1;
    let kept = both(set(pointer, "x-method", Tree::text(on_wire)), edit);
    let kept = Mutant::new("an entry has another name and the same method", pointer, kept)
        .expects("operation-renamed")
        .also(NAMED_AFTER);
    found.push(kept);
    if !has_wire && !shared && !tells_time {
        let other = set(pointer, "name", Tree::text(format!("{name}.again")));
        let mutant = Mutant::new("a method has another name", pointer, other);
        found.push(mutant.expects("operation-removed").expects("operation-added"));
        let wire = set(pointer, "x-method", Tree::text(format!("{name}.again")));
        found.push(
            Mutant::new("an entry calls another method", pointer, wire)
                .expects("operation-moved")
                .touching([name.to_owned()]),
        );
    }
}

fn method_changed(found: &mut Located<'_>, name: &str, pointer: &str) {
    let (path, method) = split(pointer).expect("it is in a path");
    if method == "post" && !found.at(path).has("patch") {
        let edit = at(path, |item| {
            let operation = item.remove("post")?;
            item.set("patch", operation)
        });
        found.push(
            Mutant::new("an operation has another HTTP method", path, edit)
                .expects("operation-moved")
                .touching([name.to_owned()]),
        );
    }
}

/// Changes the keys of `paths`, which moves all their operations.
fn paths(found: &mut Located<'_>) {
    let paths = found.at("/paths").members().to_vec();
    for (path, item) in paths {
        let other = extended(&path, "/moved");
        let count = item.members().iter().filter(|(method, _)| METHODS.contains(&method.as_str())).count();
        let from = path.clone();
        let to = other.clone();
        let edit = at("/paths", move |paths| {
            let item = paths.remove(&from)?;
            paths.set(&to, item)
        });
        let moved = vec![expected("operation-moved"); count];
        let mutant = Mutant::new("a path is replaced by another", &pointer::join("/paths", &other), edit)
            .expects_exactly(moved.clone(), moved);
        found.push(mutant.found_elsewhere());
        // The part of a key after `#` is not sent.
        let other = format!("{}#renamed", split_path_key(&path).0);
        let place = pointer::join("/paths", &other);
        let edit = at("/paths", move |paths| {
            let item = paths.remove(&path)?;
            paths.set(&other, item)
        });
        found.push(Mutant::new("a key of a path has another name", &place, edit));
    }
}

/// Returns the security level of an operation: 0 none, 1 the key, 2 a signature.
fn level(found: &Located<'_>, list: &[Tree]) -> u8 {
    let schemes = found.document.at(if found.rpc { "/x-security-schemes" } else { "/components/securitySchemes" });
    let signs =
        |name: &str| schemes.and_then(|schemes| schemes.get(name)).is_some_and(|scheme| scheme.flag("x-signature"));
    let names: Vec<&str> = list.iter().flat_map(Tree::members).map(|(name, _)| name.as_str()).collect();
    match names.as_slice() {
        [] => 0,
        names if names.iter().any(|name| signs(name)) => 2,
        _ => 1,
    }
}

/// Returns whether the schemes sent for one list contain all schemes that another requires.
fn suffices(sent: &Tree, asked: &Tree) -> bool {
    let names = |list: &Tree| -> Vec<String> {
        list.elements().iter().flat_map(Tree::members).map(|(name, _)| name.clone()).collect()
    };
    names(asked).iter().all(|name| names(sent).contains(name))
}

/// Returns the schemes that an operation requires, by its own list or by the list of the root.
fn schemes_of(found: &Located<'_>, operation: &Operation) -> Vec<String> {
    let key = if found.rpc { "x-security" } else { "security" };
    let list = found.at(&operation.pointer).get(key).or(found.document.get(key));
    let together = list.map(Tree::elements).unwrap_or_default().iter().flat_map(Tree::members);
    together.map(|(name, _)| name.clone()).collect()
}

fn asks_for(found: &Located<'_>, operation: &Operation, scheme: &str) -> bool {
    schemes_of(found, operation).iter().any(|name| name == scheme)
}

/// Replaces an operation's list of schemes with every list of another operation.
fn security(found: &mut Located<'_>, name: &str, pointer: &str) {
    let key = if found.rpc { "x-security" } else { "security" };
    let of = |pointer: &str| found.at(pointer).get(key).or(found.document.get(key)).cloned();
    let Some(own) = of(pointer) else { return };
    let mut lists: Vec<Tree> = vec![Tree::Array(Vec::new())];
    lists.extend(found.map.operations.iter().filter_map(|operation| of(&operation.pointer)));
    // The operation's own list with one scheme less.
    for index in 0..own.elements().first().map_or(0, |together| together.members().len()) {
        let mut less = own.clone();
        let together = less.elements_mut().and_then(|list| list.first_mut()).and_then(Tree::members_mut);
        let members = together.expect("an object");
        if members.len() > 1 {
            members.remove(index);
            lists.push(less);
        }
    }
    let mut seen = vec![own.clone()];
    let window = found.document.has("x-recv-window");
    for list in lists {
        if seen.contains(&list) {
            continue;
        }
        seen.push(list.clone());
        let (before, after) = (level(found, own.elements()), level(found, list.elements()));
        let rule = match before.cmp(&after) {
            std::cmp::Ordering::Less => "security-raised",
            std::cmp::Ordering::Greater => "security-lowered",
            std::cmp::Ordering::Equal => "security-changed",
        };
        // A user with a key has credentials, which can sign. An unsigned call has no receive window
        // to set.
        let verdict = |rule: &str, was: (u8, &Tree), is: &Tree| {
            let mut expected = expected(rule);
            match (rule, was.0) {
                ("security-raised", 1) => expected.source = Safe,
                ("security-lowered", 2) if window => expected.source = Breaking,
                ("security-changed", _) if suffices(was.1, is) => expected.wire = Safe,
                _ => {}
            }
            expected
        };
        let there = vec![verdict(rule, (before, &own), &list)];
        let back = vec![verdict(mirror(rule), (after, &list), &own)];
        let mutant = Mutant::new("an operation needs other schemes", pointer, set(pointer, key, list));
        found.push(mutant.expects_exactly(there, back).touching([name.to_owned()]));
    }
    let holder = if found.rpc { "/x-security-schemes" } else { "/components/securitySchemes" };
    let first = found.map.operations.first().map(|operation| operation.pointer == pointer);
    if first == Some(true) {
        schemes(found, holder);
    }
}

fn schemes(found: &mut Located<'_>, holder: &str) {
    let names: Vec<String> = found.at(holder).members().iter().map(|(name, _)| name.clone()).collect();
    for name in names {
        let place = pointer::join(holder, &name);
        let wire = set(&place, "name", Tree::text("X-Other"));
        found.push(
            Mutant::new("a scheme has another name on the wire", &place, wire).expects("security-scheme-changed"),
        );
        let elsewhere = if found.at(&place).text("in") == Some("query") { "header" } else { "query" };
        let signs = found.at(&place).flag("x-signature");
        let users: Vec<_> = found.map.operations.iter().filter(|operation| asks_for(found, operation, &name)).collect();
        if signs && !users.is_empty() {
            // This is one change of all operations that require the scheme: they need only the key.
            let unsigned = Mutant::new(
                "a scheme does not carry the signature any more",
                &place,
                super::unset(&place, "x-signature"),
            );
            let mut lowered = expected("security-lowered");
            lowered.source = if found.document.has("x-recv-window") { Breaking } else { Safe };
            let raised = Expected { source: Safe, ..expected("security-raised") };
            let names: Vec<String> = users.iter().map(|operation| operation.name.clone()).collect();
            let together = users.iter().all(|operation| schemes_of(found, operation).len() > 1);
            if together {
                found.push(unsigned.expects_exactly(vec![lowered], vec![raised]).touching(names));
            }
        }
        let moved = set(&place, "in", Tree::text(elsewhere));
        found.push(Mutant::new("a scheme is sent in another place", &place, moved).expects("security-scheme-changed"));
    }
}
