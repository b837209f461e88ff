//! Servers.

use venuekit_codegen::model::Environment;

use super::documentation;
use super::places::{api, removed_from_api};
use crate::contract::{Side, Sides};
use crate::document::element;
use crate::finding::Findings;
use crate::rules;

struct Server {
    url: String,
    environment: Environment,
}

impl Server {
    fn is_same(&self, other: &Self) -> bool {
        self.url == other.url && self.environment == other.environment
    }

    fn text(&self) -> String {
        match self.environment {
            Environment::Production => format!("{} (production)", self.url),
            Environment::Test => format!("{} (test)", self.url),
        }
    }
}

/// Compares servers. The first one of an environment is its default.
pub(super) fn servers(sides: &Sides<'_>) -> Findings {
    let mut findings = Findings::default();
    let (old, new) = (&read(&sides.old), &read(&sides.new));
    for (before, after) in sides.old.root().list("servers").zip(sides.new.root().list("servers")) {
        findings.document(documentation::count(sides, &before, &after));
    }
    let place = |index: usize| element("/servers", index);
    for environment in [Environment::Production, Environment::Test] {
        let (Some((_, was)), Some((index, is))) = (default(old, environment), default(new, environment)) else {
            continue;
        };
        if was.url == is.url {
            continue;
        }
        // The old URL can still be called if it stays in the list, in the same environment.
        let listed = new.iter().find(|server| server.url == was.url);
        let is_swapped = listed.is_some_and(|server| server.environment != environment);
        let is_gone = listed.is_none() && environment == Environment::Production;
        let finding = api(&rules::DEFAULT_SERVER_CHANGED, &format!("{}/url", place(index)));
        let finding = finding.was(was.text()).is(is.text()).case_if(is_swapped, &rules::ENVIRONMENT_SWAPPED);
        findings.push(finding.case_if(is_gone, &rules::OLD_URL_UNLISTED));
    }
    for (index, server) in unlisted(old, new) {
        let is_left = new.iter().any(|other| other.environment == server.environment);
        let is_swapped = new.iter().any(|other| other.url == server.url && other.environment != server.environment);
        let finding = removed_from_api(&rules::SERVER_REMOVED, &place(index)).was(server.text());
        findings.push(match server.environment {
            _ if is_swapped => finding.case(&rules::ENVIRONMENT_SWAPPED),
            _ if is_left => finding,
            Environment::Production => finding.case(&rules::LAST_PRODUCTION_SERVER),
            Environment::Test => finding.case(&rules::LAST_TEST_SERVER),
        });
    }
    for (index, server) in unlisted(new, old) {
        findings.push(api(&rules::SERVER_ADDED, &place(index)).is(server.text()));
    }
    findings
}

/// Returns the default server of an environment and its position.
fn default(servers: &[Server], environment: Environment) -> Option<(usize, &Server)> {
    servers.iter().enumerate().find(|(_, server)| server.environment == environment)
}

/// Returns the servers that are not among the others, except a default that the others replace.
fn unlisted<'v>(servers: &'v [Server], others: &'v [Server]) -> impl Iterator<Item = (usize, &'v Server)> {
    servers.iter().enumerate().filter(|(index, server)| {
        let is_default = default(servers, server.environment).is_some_and(|(default, _)| default == *index);
        let is_replaced = is_default && others.iter().any(|other| other.environment == server.environment);
        !is_replaced && !others.iter().any(|other| other.is_same(server))
    })
}

/// Reads the servers in the order of the document. A server without an environment is for
/// production.
fn read(side: &Side<'_>) -> Vec<Server> {
    let servers = side.root().list("servers").filter_map(|server| {
        let is_test = server.text("x-environment") == Some("test");
        let environment = if is_test { Environment::Test } else { Environment::Production };
        Some(Server { url: server.text("url")?.trim_end_matches('/').to_owned(), environment })
    });
    servers.collect()
}
