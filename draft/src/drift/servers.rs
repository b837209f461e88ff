//! The base URLs of a document and those of a specification.

use crate::calls::split_url;
use crate::document::Lines;

use super::finding::{Difference, Finding};
use super::schema::Comparison;
use super::specification::{Node, stating};

impl<'a> Comparison<'a, '_> {
    /// Compares the base URLs, if both have any. The specification can divide the path of a URL
    /// between the server and its operations in another way.
    pub(super) fn servers(&mut self) {
        let facts = self.facts;
        let root = self.specification.root();
        let all: Vec<Node<'a>> = root.child("servers").iter().flat_map(Node::elements).collect();
        let Some(at) = facts.servers.iter().map(|(_, at)| *at).reduce(Lines::to).filter(|_| !all.is_empty()) else {
            return;
        };
        let operations = self.specification.operations();
        let paths = Paths {
            document: facts.operations.iter().map(|own| own.path.as_str()).collect(),
            specification: operations.iter().map(|own| own.path.as_str()).collect(),
        };
        let url = |node: &Node<'a>| node.text("url").unwrap_or("");
        let carriers: Vec<&Node<'a>> = all.iter().collect();
        for (own, at) in &facts.servers {
            let finding = || Finding {
                at: *at,
                kind: Difference::Missing,
                subject: "servers".to_owned(),
                text: format!("the specification does not have the base URL `{own}`"),
                pointer: "/servers".to_owned(),
            };
            self.check(all.iter().any(|node| is_same(own, url(node), &paths)), finding, &stating(&carriers, own));
        }
        for node in all.iter().filter(|node| !url(node).contains('{')) {
            let finding = || Finding {
                at,
                kind: Difference::Undocumented,
                subject: "servers".to_owned(),
                text: format!("the document does not have the base URL `{}`", url(node)),
                pointer: node.pointer.clone(),
            };
            self.check(facts.servers.iter().any(|(own, _)| is_same(own, url(node), &paths)), finding, &[node]);
        }
    }
}

/// The paths of the operations: those of the document, and those of the specification.
struct Paths<'p> {
    document: Vec<&'p str>,
    specification: Vec<&'p str>,
}

/// Returns whether two base URLs have one host and one path. The path of one can go on where the
/// other ends, if the operations of the other begin with the rest.
fn is_same(document: &str, specification: &str, paths: &Paths<'_>) -> bool {
    let parts = |url: &str| {
        let (origin, path) = split_url(url);
        let host = origin.split("://").nth(1).unwrap_or(origin).to_ascii_lowercase();
        (host, path.trim_end_matches('/').to_owned())
    };
    let ((host, path), (other, other_path)) = (parts(document), parts(specification));
    let begin = |all: &[&str], rest: &str| all.is_empty() || all.iter().any(|own| own.starts_with(rest));
    let accounts = |long: &str, short: &str, all: &[&str]| {
        long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && begin(all, rest))
    };
    // A variable of a server stands for any host.
    (host == other || other.contains('{'))
        && (accounts(&path, &other_path, &paths.specification) || accounts(&other_path, &path, &paths.document))
}
