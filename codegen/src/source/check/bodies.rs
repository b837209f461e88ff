//! Checks request bodies and responses.

use super::sites::Sites;
use crate::source::findings::Findings;
use crate::source::forms;
use crate::source::located::Located;
use crate::source::media::MediaKind;
use crate::source::node::Kind;
use crate::source::openapi::{Status, no_content, no_success, other_media};
use crate::source::pointer::pointer_segments;
use crate::source::shapes::grammar::ObjectKind;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for content in sites.all(ObjectKind::RequestBody).filter_map(|body| body.get("content")) {
        if content.node.as_map().is_some_and(|content| content.is_empty()) {
            findings.refuse(no_content(&content));
        }
        other_media(&content, true).into_iter().for_each(|refusal| findings.refuse(refusal));
    }
    for content in sites.all(ObjectKind::Response).filter_map(|response| response.get("content")) {
        other_media(&content, false).into_iter().for_each(|refusal| findings.refuse(refusal));
    }
    for media in sites.all(ObjectKind::MediaType) {
        let segments = pointer_segments(&media.pointer).unwrap_or_default();
        let name = segments.last().map(AsRef::as_ref).unwrap_or_default();
        let kind = MediaKind::new(name, media.node);
        if kind == MediaKind::Json {
            one_example(&media, findings);
        }
        if kind.is_form() {
            findings.take(forms::fields(&sites.view, &media, kind));
        } else if let Some(encoding) = media.get("encoding") {
            findings.at_key(&encoding.pointer, "`encoding` is for forms", "leave it out");
        }
    }
    for operation in sites.all(ObjectKind::Operation) {
        let Some(responses) = operation.get("responses") else { continue };
        statuses(&responses, findings);
        if operation.pointer.ends_with("/head") {
            // A component may be the response to a GET, too.
            for content in responses.members().filter_map(|(_, response)| response.get("content")) {
                findings.at_key(&content.pointer, "a response to HEAD has no body", "leave it out");
            }
        }
    }
}

fn one_example(media: &Located<'_>, findings: &mut Findings<'_>) {
    match (media.get("example"), media.get("examples")) {
        (None, None) if findings.document().is_normal() => {}
        (None, None) => {
            let help = "write `example`, realistic and of the declared type; mock servers respond with it";
            findings.at(&media.pointer, "a JSON body has no example", help);
        }
        (Some(_), Some(_)) if findings.document().is_normal() => {}
        (Some(_), Some(examples)) => {
            findings.at_key(&examples.pointer, "`examples` beside `example`", "keep one of the two");
        }
        (None, Some(examples)) if examples.node.as_map().is_some_and(|examples| examples.is_empty()) => {
            findings.at(&examples.pointer, "`examples` is empty", "write name: {value: ..}");
        }
        _ => {}
    }
}

fn statuses(responses: &Located<'_>, findings: &mut Findings<'_>) {
    for (key, response) in responses.members() {
        findings.take(Status::read(responses, &response, key));
    }
    // A key such as `2xx` counts as a success here, because `Status::read` has already refused it.
    if !responses.members().any(|(key, _)| key.starts_with(['2', '3'])) && matches!(responses.node.kind(), Kind::Map(_))
    {
        findings.refuse(no_success(responses));
    }
}
