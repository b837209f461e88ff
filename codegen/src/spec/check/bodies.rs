//! Request bodies and replies.

use super::findings::{Findings, HERE};
use super::grammar::Sort;
use super::tree::{Found, Tree};
use crate::diagnostic::{Change, Help};
use crate::spec::Kind;

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for body in tree.sites(Sort::RequestBody) {
        json_only(&body, "request bodies", findings);
    }
    for response in tree.sites(Sort::Response) {
        json_only(&response, "replies", findings);
    }
    for media in tree.sites(Sort::MediaType).filter(|media| media.pointer.ends_with("/application~1json")) {
        one_example(&media, findings);
    }
    for responses in tree.sites(Sort::Operation).filter_map(|operation| operation.get("responses")) {
        statuses(&responses, findings);
    }
}

fn json_only(holder: &Found<'_>, what: &str, findings: &mut Findings<'_>) {
    let Some(content) = holder.get("content") else { return };
    let requests = what == "request bodies";
    if requests && content.node.as_map().is_some_and(|content| content.is_empty()) {
        findings.at(
            &content.pointer,
            "a request body has no content",
            "write application/json: {schema: .., example: ..}",
        );
    }
    let has_json = content.node.get("application/json").is_some();
    for (media, found) in content.members().filter(|(media, _)| *media != "application/json") {
        let help = match media {
            _ if has_json => "leave it out: application/json stands beside it",
            "application/x-www-form-urlencoded" if requests => "write its members as parameters in the query, or JSON",
            _ if requests => "write application/json, the one form that the client sends",
            _ if media.starts_with("application/json") || media.ends_with("+json") || media == "*/*" => {
                "write application/json; the client reads JSON whatever its label"
            }
            _ => "write application/json if it is JSON whatever its label; leave `content` out where nothing is read",
        };
        findings.at_key(&found.pointer, format!("{what} of type `{media}` are not supported"), help);
    }
}

fn one_example(media: &Found<'_>, findings: &mut Findings<'_>) {
    match (media.get("example"), media.get("examples")) {
        (None, None) => {
            let help = "write `example`, lifelike and of the declared type; stand-in servers answer with it";
            findings.at(&media.pointer, "a JSON body has no example", help);
        }
        (Some(_), Some(examples)) => {
            findings.at_key(&examples.pointer, "`examples` beside `example`", "keep one of the two");
        }
        (None, Some(examples)) if examples.node.as_map().is_some_and(|examples| examples.is_empty()) => {
            findings.at(&examples.pointer, "`examples` has none", "write name: {value: ..}");
        }
        _ => {}
    }
}

fn statuses(responses: &Found<'_>, findings: &mut Findings<'_>) {
    let mut success = false;
    for (status, response) in responses.members() {
        let bytes = status.as_bytes();
        let code = matches!(bytes, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']);
        let range = matches!(bytes, [b'1'..=b'5', b'X', b'X']);
        if !code && !range && status != "default" {
            let help = match bytes {
                [b'1'..=b'5', b'x' | b'X', b'x' | b'X'] if responses.node.get(&status.to_uppercase()).is_none() => {
                    let range = status.to_uppercase();
                    Help::from(format!("write {range}")).with(HERE, Change::Rename(range))
                }
                [b'1'..=b'5', _, _] => "write three digits, or a range such as 4XX".into(),
                _ => "write a status (200), a range (4XX) or `default`".into(),
            };
            findings.at_key(&response.pointer, format!("`{status}` is no status"), help);
        }
        success |= status.starts_with('2');
    }
    if !success && matches!(responses.node.kind(), Kind::Map(_)) {
        findings.at(&responses.pointer, "no reply that succeeds", "describe the 2xx reply");
    }
}
