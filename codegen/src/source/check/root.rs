//! Checks the root: the crate's version, servers, tags.

use std::collections::HashSet;

use super::help::as_crate_version;
use super::sites::Sites;
use crate::source::findings::{Findings, write_text};
use crate::source::located::Located;
use crate::source::pointer::pointer_join;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let root = sites.root();
    crate_version(&root, findings);
    hosts(&root, findings);
    base_path(&root, findings);
    tags(&root, findings);
}

fn crate_version(root: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(text) = root.text("x-crate-version") else { return };
    if semver::Version::parse(text).is_err() {
        let help = match as_crate_version(text) {
            Some(version) => write_text(format!("write three numbers: {version}"), &version),
            None => write_text("write three numbers: 0.1.0", "0.1.0"),
        };
        findings.at("/x-crate-version", format!("`{text}` is not a version of a crate"), help);
    }
}

/// Checks the URLs of servers and of other hosts. None may be listed twice.
fn hosts(root: &Located<'_>, findings: &mut Findings<'_>) {
    let has_socket = root.get("x-socket").is_some();
    let schemes = if has_socket { ["wss://", "ws://"] } else { ["https://", "http://"] };
    let mut seen: HashSet<&str> = HashSet::new();
    for listed in root.list("servers").chain(root.list("x-hosts")) {
        let Some(url) = listed.text("url") else { continue };
        let pointer = pointer_join(&listed.pointer, "url");
        let host = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
        if url.contains(['{', '}']) {
            findings.at(&pointer, "server variables are not supported", "write a server for each URL");
        } else if url.contains(['?', '#']) || url.contains(char::is_whitespace) {
            findings.at(
                &pointer,
                "the URL of a server has only a host and a path",
                "write https://api.example.com/path",
            );
        } else if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
            let message = format!("`{url}` is not the URL of a host");
            let [scheme, _] = schemes;
            let help = format!("write {scheme}..; leave `servers` out if the user gives the URL");
            findings.at(&pointer, message, help);
        } else if seen.contains(url) {
            findings.at(&pointer, format!("`{url}` is listed twice"), "remove one of them");
        }
        seen.insert(url);
    }
}

/// Checks `x-base-path`, the path that base URLs have to end with. The URLs of servers have to end
/// with it too.
fn base_path(root: &Located<'_>, findings: &mut Findings<'_>) {
    let Some((found, path)) = root.get("x-base-path").zip(root.text("x-base-path")) else { return };
    if !path.starts_with('/')
        || path.contains(['?', '#', '{', '}', '\\', '"'])
        || path.contains(char::is_whitespace)
        || path == "/"
    {
        let help = "write the path of a URL, with its slashes: /api/v1/";
        findings.at(&found.pointer, format!("`{path}` is not the path of a URL"), help);
        return;
    }
    let end = path.trim_end_matches('/');
    for server in root.list("servers") {
        let Some(url) = server.text("url").filter(|url| !url.trim_end_matches('/').ends_with(end)) else { continue };
        let message = format!("`{url}` does not end with the base path `{path}`");
        findings.at(&pointer_join(&server.pointer, "url"), message, "write it at the end, or change `x-base-path`");
    }
}

fn tags(root: &Located<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for tag in root.list("tags") {
        let Some(name) = tag.text("name") else { continue };
        if !seen.insert(name) {
            findings.at(
                &pointer_join(&tag.pointer, "name"),
                format!("there are two tags `{name}`"),
                "remove one of them",
            );
        }
    }
}
