//! Parts of a document that describe signing or limits, and that no operation uses. The client
//! would not sign, or not wait, and nothing would show it.

use std::collections::HashSet;

use super::findings::leave_out;
use super::located::Located;
use super::openapi::METHODS;
use super::refusal::Refusal;
use super::security::{Described, Schemes};
use super::standard::Standard;
use super::view::View;

/// Returns a refusal for each part of a document that no operation uses. A document without
/// operations has none.
pub(super) fn unused<'a>(view: &View<'a>) -> Vec<Refusal<'a>> {
    let operations = operations(view);
    if operations.is_empty() {
        return Vec::new();
    }
    let mut refusals = Vec::new();
    credentials(view, &operations, &mut refusals);
    limits(view, &operations, &mut refusals);
    refusals
}

/// Returns the operations, or the methods of OpenRPC.
fn operations<'a>(view: &View<'a>) -> Vec<Located<'a>> {
    let root = view.root();
    match view.standard {
        Standard::OpenApi => {
            let paths = root.get("paths").into_iter().flat_map(|paths| paths.members());
            paths.flat_map(|(_, item)| METHODS.into_iter().filter_map(move |method| item.get(method))).collect()
        }
        Standard::OpenRpc => root.list("methods").collect(),
    }
}

/// The alternatives of an operation, each with the security schemes that it requires together.
type Needs<'a> = Vec<Vec<&'a str>>;

fn credentials<'a>(view: &View<'a>, operations: &[Located<'a>], refusals: &mut Vec<Refusal<'a>>) {
    let root = view.root();
    let schemes = Schemes::new(view);
    let key = schemes.key;
    let shared = root.get(key);
    let lists: Vec<Option<Located<'a>>> =
        operations.iter().map(|operation| operation.get(key).or_else(|| shared.clone())).collect();
    let needs: Vec<(Needs<'a>, Vec<Refusal<'a>>)> =
        lists.iter().flatten().map(|list| schemes.requirements(list)).collect();
    // A missing or a misspelled requirement has a finding of its own, and the scheme may be the one
    // that it means.
    let is_sure = lists.iter().all(Option::is_some) && needs.iter().all(|(_, refusals)| refusals.is_empty());
    let needed: HashSet<&str> = needs.iter().flat_map(|(needs, _)| needs.iter().flatten()).copied().collect();
    let described = schemes.described(view);
    let signatures: HashSet<&str> =
        described.iter().filter(|scheme| scheme.resolved.flag("x-signature")).map(|scheme| scheme.name).collect();
    let login = root.get("x-socket").and_then(|socket| socket.text("login"));
    let logs_in = login.is_some_and(|login| operations.iter().any(|method| method.text("name") == Some(login)));
    let is_signed = logs_in || needed.iter().any(|name| signatures.contains(name));
    if root.get("x-auth").is_some() && !is_signed {
        refusals.push(unsigned(key, needed.is_empty()));
        if needed.is_empty() {
            return;
        }
    } else if root.get("x-recv-window").is_some() && !is_signed {
        let message = "`x-recv-window` is ignored: no operation is signed";
        let help = format!("list the scheme that carries the signature in `{key}`, or leave it out");
        refusals.push(Refusal::new("/x-recv-window", message, leave_out(help)));
    }
    let needs_key = |(needs, _): &(Needs<'a>, Vec<Refusal<'a>>)| {
        let mut names = needs.iter().flatten().peekable();
        names.peek().is_some() && !names.any(|name| signatures.contains(name))
    };
    if root.flag("x-key-only") && !needs.iter().any(needs_key) {
        let message = "`x-key-only` is ignored: no operation needs the key alone";
        let help = format!("list the scheme of the key in the `{key}` of an operation, or leave it out");
        refusals.push(Refusal::new("/x-key-only", message, leave_out(help)));
    }
    // A scheme can be a `$ref` to another one.
    let used: HashSet<&str> = described
        .iter()
        .filter(|scheme| needed.contains(scheme.name))
        .flat_map(|scheme| [scheme.place.pointer.as_str(), scheme.resolved.pointer.as_str()])
        .collect();
    let is_unused = |scheme: &&Described<'a>| !used.contains(scheme.place.pointer.as_str());
    for scheme in described.iter().filter(|_| is_sure && !logs_in).filter(is_unused) {
        let message = format!("the scheme `{}` is ignored: no operation needs it", scheme.name);
        let help = format!("list it in the `{key}` of an operation, or leave it out");
        refusals.push(Refusal::new(&*scheme.place.pointer, message, leave_out(help)).on_key());
    }
}

/// Returns the refusal of a crate that would sign nothing.
fn unsigned<'a>(key: &str, is_public: bool) -> Refusal<'a> {
    if is_public {
        let message = "`x-auth` names a crate that signs, but no operation needs credentials";
        let help = format!("list the schemes that an operation needs in its `{key}`, or leave `x-auth` out");
        return Refusal::new("/x-auth", message, help);
    }
    let message = "`x-auth` names a crate that signs, but no scheme that an operation needs has `x-signature`";
    let help = "write x-signature: true on the scheme that carries the signature, or leave `x-auth` out";
    Refusal::new("/x-auth", message, help)
}

fn limits<'a>(view: &View<'a>, operations: &[Located<'a>], refusals: &mut Vec<Refusal<'a>>) {
    let root = view.root();
    let holder =
        |operation: &Located<'a>| if operation.get("x-limits").is_some() { operation.clone() } else { root.clone() };
    let counted: HashSet<&str> = operations
        .iter()
        .map(holder)
        .flat_map(|holder| holder.list("x-limits").filter_map(|limit| limit.node.as_str()).collect::<Vec<_>>())
        .collect();
    for limit in root.list("x-rate-limits") {
        if let Some(name) = limit.text("name").filter(|name| !counted.contains(name)) {
            let message = format!("the limit `{name}` is ignored: no operation counts against it");
            let help = "list it in `x-limits` of the root or of an operation, or leave it out";
            refusals.push(Refusal::new(limit.pointer, message, help));
        }
    }
}
