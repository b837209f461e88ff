//! Which operations stand for each other.

use std::collections::{HashMap, HashSet};

use super::contract::{Contract, Operation, template};
use venuekit_codegen::model::Route;

/// The operations of both documents.
pub(super) struct Matched<'c, 'd> {
    pub(super) pairs: Vec<(&'c Operation<'d>, &'c Operation<'d>)>,
    pub(super) gone: Vec<&'c Operation<'d>>,
    pub(super) come: Vec<&'c Operation<'d>>,
}

/// First what is called in the same way, then what has the same name, then, in JSON-RPC, what is left of a method.
pub(super) fn operations<'c, 'd>(old: &'c Contract<'d>, new: &'c Contract<'d>) -> Matched<'c, 'd> {
    let mut gone: Vec<&Operation<'d>> = old.operations.iter().collect();
    let mut come: Vec<&Operation<'d>> = new.operations.iter().collect();
    let mut pairs = Vec::new();
    for key in [call, name, method] {
        let mut by_key: HashMap<String, &Operation<'d>> = HashMap::new();
        // Of several the first.
        for operation in come.iter().rev() {
            by_key.extend(key(operation).map(|key| (key, *operation)));
        }
        let mut taken: Vec<&Operation<'d>> = Vec::new();
        gone.retain(|before| {
            let after = key(before).and_then(|key| by_key.remove(&key));
            pairs.extend(after.map(|after| (*before, after)));
            taken.extend(after);
            after.is_none()
        });
        let taken: HashSet<*const Operation<'d>> = taken.into_iter().map(std::ptr::from_ref).collect();
        come.retain(|operation| !taken.contains(&std::ptr::from_ref(*operation)));
    }
    let place = |operation: &Operation<'d>| std::ptr::from_ref(operation);
    let places: HashMap<_, usize> =
        new.operations.iter().enumerate().map(|(at, operation)| (place(operation), at)).collect();
    pairs.sort_by_key(|(_, after)| places.get(&place(after)).copied());
    Matched { pairs, gone, come }
}

/// HTTP: method and path, whatever its places are called. JSON-RPC: the entry and its method, which several can share.
fn call(operation: &Operation<'_>) -> Option<String> {
    Some(match &operation.route {
        Route::Http { method, path } => format!("{method} {}", template(path)),
        Route::Rpc { method } => format!("{} {method}", operation.name),
    })
}

fn name(operation: &Operation<'_>) -> Option<String> {
    operation.named.then(|| operation.name.clone())
}

fn method(operation: &Operation<'_>) -> Option<String> {
    match &operation.route {
        Route::Http { .. } => None,
        Route::Rpc { method } => Some(method.clone()),
    }
}
