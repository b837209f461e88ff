//! The environments of the servers.

use super::yaml::{Action, Yaml, literal};
use crate::source::{Document, Node, environment_of_host, environment_of_server};

/// Returns an action for each server, with its environment.
pub(super) fn actions(document: &Document) -> Vec<Action> {
    let root = document.root();
    let mut actions: Vec<Action> = Vec::new();
    for server in root.get("servers").and_then(Node::as_seq).into_iter().flatten() {
        let url = server.get("url").and_then(Node::as_str).filter(|_| server.get("x-environment").is_none());
        let Some((url, environment)) = url.zip(environment_of_server(server)) else { continue };
        let target = format!("$.servers[?@.url == {}]", literal(url));
        if actions.iter().all(|action| action.target != target) {
            actions.push(action(target, environment, "By its URL and its description. Check it."));
        }
    }
    let host = root.get("host").and_then(Node::as_str).filter(|host| !host.is_empty());
    if let Some(host) = host.filter(|_| root.get("swagger").is_some() && root.get("x-environment").is_none()) {
        actions.push(action("$".to_owned(), environment_of_host(host), "By the `host`. Check it."));
    }
    actions
}

fn action(target: String, environment: &str, description: &str) -> Action {
    let update = Yaml::map([("x-environment", Yaml::text(environment))]);
    Action { target, description: description.to_owned(), update: Some(update) }
}
