//! The signing schemes of hosts.

use std::collections::BTreeMap;

use venuekit_codegen::model::Api;

use super::places::of_api;
use crate::contract::Sides;
use crate::document::element;
use crate::finding::Findings;
use crate::rules;

/// A listed host: its place, and the only scheme that it accepts.
struct ListedHost<'a> {
    place: String,
    is_server: bool,
    signing: Option<&'a str>,
}

/// Compares the schemes by which requests to a host are signed. A server that only one of the specs
/// has is a change of its own.
pub(super) fn signing(sides: &Sides<'_>) -> Findings {
    let mut findings = Findings::default();
    let Some((old, new)) = sides.apis() else { return findings };
    let (old, new) = (&listed(old), &listed(new));
    let urls = old.keys().chain(new.keys().filter(|url| !old.contains_key(*url)));
    for url in urls {
        let (before, after) = (old.get(url), new.get(url));
        let only = before.xor(after);
        let (was, is) = (before.and_then(|host| host.signing), after.and_then(|host| host.signing));
        let Some(at) = after.filter(|host| host.signing.is_some()).or(before).or(after) else { continue };
        if was == is || only.is_some_and(|host| host.is_server) {
            continue;
        }
        let text = |signing: Option<&str>| signing.map(|signing| format!("{url}: {signing}")).unwrap_or_default();
        let finding = of_api(&rules::HOST_SIGNING_CHANGED, &at.place, is.is_some());
        let finding = finding.case_if(was.is_none(), &rules::SIGNING_STATED);
        let finding = finding.case_if(is.is_none(), &rules::SIGNING_GONE);
        findings.push(finding.was(text(was)).is(text(is)));
    }
    findings
}

/// Returns the hosts of a spec by URL. Their order has no meaning here.
fn listed(api: &Api) -> BTreeMap<&str, ListedHost<'_>> {
    let servers = api.servers.iter().enumerate().map(|(index, server)| {
        let place = format!("{}/x-signing", element("/servers", index));
        (server.url.as_str(), ListedHost { place, is_server: true, signing: server.signing.as_deref() })
    });
    let others = api.hosts.iter().enumerate().map(|(index, host)| {
        let place = format!("{}/signing", element("/x-hosts", index));
        (host.url.as_str(), ListedHost { place, is_server: false, signing: Some(host.signing.as_str()) })
    });
    others.chain(servers).collect()
}
