//! Servers.

use venuekit_codegen::model::Environment;
use venuekit_codegen::source::Located;

use super::documentation;
use super::places::{api, removed_from_api};
use crate::alignment::operations::Operations;
use crate::contract::Sides;
use crate::contract::servers::{Server, servers as read};
use crate::document::element;
use crate::finding::Findings;
use crate::rules;

fn is_same(one: &Server<'_>, other: &Server<'_>) -> bool {
    one.url == other.url && one.environment == other.environment
}

fn text(server: &Server<'_>) -> String {
    match server.environment {
        Environment::Production => format!("{} (production)", server.url),
        Environment::Test => format!("{} (test)", server.url),
    }
}

/// Compares servers. The first one of an environment is its default.
pub(super) fn servers(sides: &Sides<'_>, operations: &Operations<'_>) -> Findings {
    let mut findings = Findings::default();
    let (old, new) = (&read(sides.old.document), &read(sides.new.document));
    findings.add(variables(old, new));
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
        if is_prefix_moved(was, is, operations) {
            let finding = api(&rules::SERVER_PREFIX_MOVED, &format!("{}/url", place(index)));
            findings.push(finding.was(text(was)).is(text(is)));
            continue;
        }
        // The old URL can still be called if it stays in the list, in the same environment.
        let listed = new.iter().find(|server| server.url == was.url);
        let is_swapped = listed.is_some_and(|server| server.environment != environment);
        let is_gone = listed.is_none() && environment == Environment::Production;
        let finding = api(&rules::DEFAULT_SERVER_CHANGED, &format!("{}/url", place(index)));
        let finding = finding.was(text(was)).is(text(is)).case_if(is_swapped, &rules::ENVIRONMENT_SWAPPED);
        findings.push(finding.case_if(is_gone, &rules::OLD_URL_UNLISTED));
    }
    for (index, server) in unlisted(old, new) {
        let is_left = new.iter().any(|other| other.environment == server.environment);
        let is_swapped = new.iter().any(|other| other.url == server.url && other.environment != server.environment);
        let finding = removed_from_api(&rules::SERVER_REMOVED, &place(index)).was(text(server));
        findings.push(match server.environment {
            _ if is_swapped => finding.case(&rules::ENVIRONMENT_SWAPPED),
            _ if is_left => finding,
            Environment::Production => finding.case(&rules::LAST_PRODUCTION_SERVER),
            Environment::Test => finding.case(&rules::LAST_TEST_SERVER),
        });
    }
    for (index, server) in unlisted(new, old) {
        findings.push(api(&rules::SERVER_ADDED, &place(index)).is(text(server)));
    }
    findings
}

/// Returns the default server of an environment and its position.
fn default<'v, 'd>(servers: &'v [Server<'d>], environment: Environment) -> Option<(usize, &'v Server<'d>)> {
    servers.iter().enumerate().find(|(_, server)| server.environment == environment)
}

/// Returns the servers that are not among the others, except a default that the others replace.
fn unlisted<'v, 'd>(
    servers: &'v [Server<'d>],
    others: &'v [Server<'d>],
) -> impl Iterator<Item = (usize, &'v Server<'d>)> {
    servers.iter().enumerate().filter(|(index, server)| {
        let is_default = default(servers, server.environment).is_some_and(|(default, _)| default == *index);
        let is_replaced = is_default && others.iter().any(|other| other.environment == server.environment);
        !is_replaced && !others.iter().any(|other| is_same(other, server))
    })
}

/// Returns whether the URLs of all requests stay, because only a prefix moved between the server
/// and the paths.
fn is_prefix_moved(was: &Server<'_>, is: &Server<'_>, operations: &Operations<'_>) -> bool {
    let mut pairs = operations.pairs.iter().peekable();
    let has_pairs = pairs.peek().is_some();
    has_pairs && was.split().0 == is.split().0 && pairs.all(|pair| pair.old.full_route == pair.new.full_route)
}

/// Compares the values that the variables of a server can have.
fn variables(old: &[Server<'_>], new: &[Server<'_>]) -> Findings {
    let mut findings = Findings::default();
    for before in old {
        let Some(after) = new.iter().find(|after| after.at.text("url") == before.at.text("url")) else { continue };
        let others = named(after);
        for (name, before) in named(before) {
            let Some((_, after)) = others.iter().find(|(other, _)| *other == name) else { continue };
            let (was, is) = (values(&before), values(after));
            let lacks = |list: &[Located<'_>], value: &Located<'_>| {
                !list.is_empty() && !list.iter().any(|other| other.node.kind() == value.node.kind())
            };
            for value in was.iter().filter(|value| lacks(&is, value)) {
                let finding = removed_from_api(&rules::SERVER_VARIABLE_VALUE_REMOVED, &value.pointer);
                findings.push(finding.was(format!("{name}: {}", value.node.to_json())));
            }
            for value in is.iter().filter(|value| lacks(&was, value)) {
                let finding = api(&rules::SERVER_VARIABLE_VALUE_ADDED, &value.pointer);
                findings.push(finding.is(format!("{name}: {}", value.node.to_json())));
            }
            // Without a list, a variable can have any value.
            match (was.is_empty(), is.is_empty()) {
                (true, false) => {
                    let finding = api(&rules::SERVER_VARIABLE_VALUE_REMOVED, &after.pointer);
                    findings.push(finding.was(format!("{name}: any")));
                }
                (false, true) => {
                    let finding = api(&rules::SERVER_VARIABLE_VALUE_ADDED, &after.pointer);
                    findings.push(finding.is(format!("{name}: any")));
                }
                _ => {}
            }
        }
    }
    findings
}

/// Returns the variables of a server by name.
fn named<'d>(server: &Server<'d>) -> Vec<(&'d str, Located<'d>)> {
    server.at.get("variables").iter().flat_map(Located::members).collect()
}

fn values<'d>(variable: &Located<'d>) -> Vec<Located<'d>> {
    variable.list("enum").collect()
}
