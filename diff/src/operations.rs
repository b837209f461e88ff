//! Operations: which came and went, where they are, what they ask for.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::comparison::{Level, Revision, Subject};
use super::contract::{Contract, Operation, SecurityLevel, Standard, below, root, template};
use super::differ::{Differ, Finding};
use super::matching::{self, Matched};
use super::rules;
use super::words::of_operation;
use super::{names, servers};
use venuekit_codegen::model::{self, Api, Route};

/// Keys of an operation or a method that are compared.
const OPERATION_KEYS: [&str; 11] = [
    "operationId",
    "name",
    "parameters",
    "params",
    "paramStructure",
    "requestBody",
    "responses",
    "result",
    "errors",
    "security",
    "deprecated",
];

impl<'d> Differ<'d> {
    pub(super) fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        let Matched { pairs, gone, come } = matching::operations(old, new);
        let methods =
            |contract: &'d Contract<'d>| contract.operations.iter().filter_map(method).collect::<HashSet<_>>();
        let (old_methods, new_methods) = (methods(old), methods(new));
        let (before, after): (HashMap<_, _>, HashMap<_, _>) = match self.apis {
            Some((old, new)) => (
                old.operations.iter().map(|one| (one.pointer.as_str(), one)).collect(),
                new.operations.iter().map(|one| (one.method_name.as_str(), one)).collect(),
            ),
            None => Default::default(),
        };
        for operation in gone {
            let shared = method(operation).is_some_and(|method| new_methods.contains(method));
            let rule = if shared { &rules::CALL_FORM_REMOVED } else { &rules::OPERATION_REMOVED };
            let finding = Finding::old(rule, whole(operation), operation.at.pointer.clone()).was(call(operation));
            let finding = match operation.at.flag("deprecated") {
                true => {
                    finding.wire(Level::Breaking, "old clients still call it, though it had been called deprecated")
                }
                false => finding,
            };
            let called = before.get(operation.at.pointer.as_str());
            let other = called.and_then(|called| Some((*called, *after.get(called.method_name.as_str())?)));
            self.report(match other.and_then(|(called, other)| self.successor(called, other)) {
                Some((name, true)) => finding.source(Level::Risky, format!("`{name}` calls another operation now")),
                Some((name, false)) => finding.source(Level::Breaking, format!("`{name}` is another operation now")),
                None => finding,
            });
        }
        for operation in come {
            let shared = method(operation).is_some_and(|method| old_methods.contains(method));
            let rule = if shared { &rules::CALL_FORM_ADDED } else { &rules::OPERATION_ADDED };
            self.report(Finding::new(rule, whole(operation), operation.at.pointer.clone()).is(call(operation)));
        }
        for (before, after) in &pairs {
            self.matched.insert(before.at.pointer.clone(), after.at.pointer.clone());
        }
        for (before, after) in pairs {
            self.documentation(&before.at, &after.at);
            self.operation(before, after);
            self.parameters(before, after);
            self.body(before, after);
            self.replies(before, after);
            self.operation_words(before, after);
        }
    }

    /// The method of the same name that another operation has now, and whether it is called in the same way.
    fn successor(&self, before: &'d model::Operation, after: &'d model::Operation) -> Option<(&'d str, bool)> {
        let (old, new) = self.apis?;
        let parameters = |operation: &'d model::Operation| {
            operation.parameters.iter().map(|one| (&one.name, one.required, &one.ty)).collect::<Vec<_>>()
        };
        let body = |operation: &'d model::Operation| operation.body.as_ref().map(|body| (body.required, &body.ty));
        // Types of its own may be others under the same name.
        let inline = |api: &Api, operation: &model::Operation| {
            let within = format!("{}/", operation.pointer);
            api.types.iter().any(|def| def.pointer.starts_with(&within))
        };
        let same = parameters(before) == parameters(after)
            && body(before) == body(after)
            && before.reply == after.reply
            && !inline(old, before)
            && !inline(new, after);
        Some((after.method_name.as_str(), same))
    }

    fn operation(&mut self, before: &Operation<'d>, after: &Operation<'d>) {
        if call(before) != call(after) && !same_template(&before.route, &after.route) {
            let pointer = match after.route {
                Route::Rpc { .. } if after.at.node.get("x-method").is_some() => below(&after.at, "x-method"),
                _ => after.at.pointer.clone(),
            };
            let finding = Finding::new(&rules::OPERATION_MOVED, whole(after), pointer);
            self.report(finding.was(call(before)).is(call(after)));
        }
        self.name(before, after);
        self.other_keys(&before.at, &after.at, &OPERATION_KEYS, &whole(after));
        let rule = match (before.at.flag("deprecated"), after.at.flag("deprecated")) {
            (false, true) => Some((&rules::OPERATION_DEPRECATED, Revision::New, &after.at)),
            (true, false) => Some((&rules::OPERATION_REACTIVATED, Revision::Old, &before.at)),
            _ => None,
        };
        if let Some((rule, revision, at)) = rule {
            self.report(Finding { revision, ..Finding::new(rule, whole(after), below(at, "deprecated")) });
        }
        self.security(before, after);
    }

    /// Where names in Rust are known, those; else the ids that they are made of.
    fn name(&mut self, before: &Operation<'d>, after: &Operation<'d>) {
        let (was, is) = match self.apis {
            Some(_) => {
                let name = |operation: &model::Operation| operation.method_name.clone();
                let (was, is) = (self.old_operation(&before.at.pointer), self.new_operation(&after.at.pointer));
                (was.map(name), is.map(name))
            }
            None => (before.at.text("operationId").map(str::to_owned), after.at.text("operationId").map(str::to_owned)),
        };
        let renamed = before.named && after.named && before.name != after.name;
        if was == is && !renamed {
            return;
        }
        let key = ["x-rust-name", "operationId", "name"].into_iter().find(|key| after.at.node.get(key).is_some());
        let pointer = key.map_or_else(|| after.at.pointer.clone(), |key| below(&after.at, key));
        let finding = Finding::new(&rules::OPERATION_RENAMED, whole(after), pointer);
        self.report(if was == is {
            let (was, is) = (before.name.clone(), after.name.clone());
            finding.was(was).is(is).source(Level::Risky, "the method keeps its name; calls by name and logs do not")
        } else {
            let taken = was.as_deref().is_some_and(|was| self.has_method(was));
            let old = was.clone().unwrap_or_default();
            names::renamed(Finding { was, is, ..finding }, "operation", &old, taken)
        });
    }

    fn security(&mut self, before: &Operation<'d>, after: &Operation<'d>) {
        let (old, new) = (&before.security, &after.security);
        let key = match self.new.standard {
            Standard::OpenApi => "security",
            Standard::OpenRpc => "x-security",
        };
        let roots = (root(self.old.document), root(self.new.document));
        let finding = |rule| of_operation(rule, (before, after), &roots, key);
        if old.level < new.level {
            let finding = finding(&rules::SECURITY_RAISED).was(old.level.name()).is(new.level.name());
            // The schemes that it names are as they were: one of them carries the signature now.
            let finding = match signature(self.new).filter(|_| old.schemes == new.schemes) {
                Some(pointer) => Finding { pointer, revision: Revision::New, ..finding },
                None => finding,
            };
            let finding = match old.level {
                SecurityLevel::Public => finding,
                // Credentials that were given sign what has to be signed.
                _ => finding
                    .wire(Level::Breaking, "old clients send no signature, and are refused")
                    .source(Level::Safe, "credentials are there as it is"),
            };
            self.report(finding);
        } else if old.level > new.level {
            let finding = finding(&rules::SECURITY_LOWERED).was(old.level.name()).is(new.level.name());
            let finding = match signature(self.old).filter(|_| old.schemes == new.schemes) {
                Some(pointer) => Finding { pointer, revision: Revision::Old, ..finding },
                None => finding,
            };
            // Less, but perhaps of another kind.
            let finding = match self.compare_schemes(&old.schemes, &new.schemes) {
                Some(Level::Breaking) => finding.wire(Level::Breaking, "old clients do not send what it asks for"),
                Some(Level::Risky) => finding.wire(Level::Risky, "the keys of old clients may not have the scope"),
                _ => finding,
            };
            self.report(finding);
        } else if let Some(verdict) = self.compare_schemes(&old.schemes, &new.schemes) {
            let finding =
                finding(&rules::SECURITY_CHANGED).was(say_schemes(&old.schemes)).is(say_schemes(&new.schemes));
            self.report(match verdict {
                Level::Safe => finding.wire(Level::Safe, "what old clients send suffices"),
                Level::Risky => finding.wire(Level::Risky, "the keys of old clients may not have the scope"),
                Level::Breaking => finding,
            });
        }
    }

    /// Whether what old clients send still suffices; `None` when the same is asked for. A scheme that has only another name is the same.
    fn compare_schemes(&self, old: &[Schemes], new: &[Schemes]) -> Option<Level> {
        let (old_all, new_all) = (servers::schemes(self.old), servers::schemes(self.new));
        let named = |name: &str| {
            let what = new_all.iter().find(|(other, _)| *other == name).map(|(_, scheme)| servers::say_scheme(scheme));
            let known = old_all.iter().any(|(other, _)| *other == name);
            let same = old_all.iter().find(|(_, scheme)| Some(servers::say_scheme(scheme)) == what);
            same.filter(|_| !known).map_or(name, |(other, _)| *other).to_owned()
        };
        let rename =
            |all: &Schemes| all.iter().map(|(name, scopes)| (named(name), scopes.clone())).collect::<Schemes>();
        let new: Vec<Schemes> = new.iter().map(rename).collect();
        if old == new {
            return None;
        }
        let suffices = |sent: &Schemes, scopes: bool| {
            let has = |(name, wanted): (&String, &Vec<String>)| {
                sent.get(name).is_some_and(|held| !scopes || wanted.iter().all(|scope| held.contains(scope)))
            };
            // Where nothing is asked for anything does.
            new.is_empty() || new.iter().any(|asked| asked.iter().all(has))
        };
        if old.iter().all(|sent| suffices(sent, true)) {
            Some(Level::Safe)
        } else if old.iter().all(|sent| suffices(sent, false)) {
            Some(Level::Risky)
        } else {
            Some(Level::Breaking)
        }
    }
}

/// Where the scheme stands that carries the signature.
fn signature(contract: &Contract<'_>) -> Option<String> {
    let mut schemes = servers::schemes(contract).into_iter();
    schemes.find(|(_, scheme)| scheme.flag("x-signature")).map(|(_, scheme)| scheme.pointer)
}

/// Schemes that are asked for together, with their scopes.
type Schemes = BTreeMap<String, Vec<String>>;

fn say_schemes(schemes: &[Schemes]) -> String {
    let one = |(name, scopes): (&String, &Vec<String>)| match scopes.as_slice() {
        [] => name.clone(),
        scopes => format!("{name} ({})", scopes.join(", ")),
    };
    let all = |all: &Schemes| all.iter().map(one).collect::<Vec<_>>().join(" and ");
    schemes.iter().map(all).collect::<Vec<_>>().join(", or ")
}

/// An operation as a whole.
pub(super) fn whole(operation: &Operation<'_>) -> Subject {
    part(operation, "")
}

/// Something of an operation.
pub(super) fn part(operation: &Operation<'_>, within: impl Into<String>) -> Subject {
    Subject { operations: vec![operation.name.clone()], schema: None, within: within.into() }
}

fn call(operation: &Operation<'_>) -> String {
    match &operation.route {
        Route::Http { method, path } => format!("{method} {path}"),
        Route::Rpc { method } => method.clone(),
    }
}

fn same_template(old: &Route, new: &Route) -> bool {
    match (old, new) {
        (Route::Http { method, path }, Route::Http { method: other, path: other_path }) => {
            method == other && template(path) == template(other_path)
        }
        (old, new) => old == new,
    }
}

/// A JSON-RPC method, which several entries can share.
fn method<'o>(operation: &'o Operation<'_>) -> Option<&'o str> {
    match &operation.route {
        Route::Http { .. } => None,
        Route::Rpc { method } => Some(method),
    }
}
