//! Removes the servers of a path or an operation if they are the servers of the document, and the
//! servers without a host.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// Removes each list of servers that says the same as the list at the root.
pub(super) fn drop_repeated(document: &mut Document, notes: &mut Notes) {
    let Some(of_root) = document.node("/servers").cloned() else { return };
    let mut remarks = Remarks::default();
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let pointer = pointer_join("/paths", path);
        drop_one(&pointer, item, &of_root, &mut remarks);
        for method in METHODS {
            if let Some(operation) = item.child_mut(method) {
                drop_one(&pointer_join(&pointer, method), operation, &of_root, &mut remarks);
            }
        }
    }
    remarks.note(document, notes);
}

/// Removes the servers whose URL has no host. If no server is left, the user gives the base URL: it
/// has to end with the path of the first server, which becomes `x-base-path`.
pub(super) fn drop_relative(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    let is_relative = |server: &Node| {
        server.get("url").and_then(Node::as_str).is_some_and(|url| url.starts_with('/') && !url.starts_with("//"))
    };
    let all = document.node("/servers").and_then(Node::as_seq).unwrap_or_default();
    if !all.iter().any(is_relative) {
        return;
    }
    let has_host = !all.iter().all(is_relative) || document.node("/x-base-path").is_some();
    let (mut kept, mut path) = (Vec::new(), None);
    for (index, server) in all.iter().enumerate() {
        if !is_relative(server) {
            kept.push(server.clone().without_key());
            continue;
        }
        let url = server.get("url").and_then(Node::as_str).unwrap_or_default().trim_end_matches('/');
        let pointer = pointer_join("/servers", &index.to_string());
        if index == 0 && !has_host {
            path = Some(Node::new(server.position(), Kind::String(url.into()))).filter(|_| !url.is_empty());
            let message = format!("the server `{url}/` is ignored: it has no host, and the user gives the base URL");
            remarks.ignored(&pointer, server, message, "the base URL ends with its path; write it into an overlay");
        } else if path.as_ref().and_then(Node::as_str) != Some(url) {
            let message = format!("the server `{url}/` is ignored: it has no host");
            remarks.ignored(&pointer, server, message, "write the URL of the venue into an overlay");
        }
    }
    remarks.note(document, notes);
    let at = document.position("/servers");
    let Some(members) = document.root_mut().as_map_mut() else { return };
    if kept.is_empty() {
        members.remove("servers");
    } else {
        members.insert("servers", Node::new(at, Kind::Seq(kept.into_boxed_slice())));
    }
    if let Some(path) = path {
        members.insert("x-base-path", path);
    }
}

fn drop_one(pointer: &str, holder: &mut Node, of_root: &Node, remarks: &mut Remarks) {
    let Some(own) = holder.get("servers").filter(|own| is_same(of_root, own)) else { return };
    let message = "`servers` is ignored: they are those of the document";
    remarks.ignored(&pointer_join(pointer, "servers"), own, message, "remove them by an overlay");
    holder.remove("servers");
}

/// Returns whether two lists have the same URLs, whatever their order and their descriptions are.
pub(super) fn is_same(servers: &Node, others: &Node) -> bool {
    let keys = |server: &Node| {
        let url = server.get("url").and_then(Node::as_str)?.trim_end_matches('/').to_owned();
        Some((url, server.get("variables").map(Node::to_json)))
    };
    let all = |list: &Node| {
        let mut all = list.as_seq()?.iter().map(keys).collect::<Option<Vec<_>>>()?;
        all.sort();
        Some(all)
    };
    all(servers).is_some_and(|servers| Some(servers) == all(others))
}
