//! Checks `x-pagination`: its parameter exists, and its list is in the response.

use super::extensions::pointer_syntax;
use super::outcomes::leads_to_list;
use super::sites::Sites;
use crate::source::extensions::{Pagination, ParameterNames};
use crate::source::findings::Findings;
use crate::source::located::Located;
use crate::source::parameters::known;
use crate::source::pointer::pointer_segments;
use crate::source::references::ComponentKind;
use crate::source::shapes::grammar::ObjectKind;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for kind in [ObjectKind::Operation, ObjectKind::Method] {
        for operation in sites.all(kind) {
            let Some(pagination) = operation.get("x-pagination") else { continue };
            let parameters = known(&sites.view, &operation);
            let names = parameters.iter().filter_map(|listed| listed.resolved.at.text("name")).collect();
            findings.take(Pagination::read(pagination.clone(), &ParameterNames::new(names)));
            for found in ["items", "value"].into_iter().filter_map(|key| pagination.get(key)) {
                pointer_syntax(&found, findings);
            }
            items(sites, &operation, &pagination, findings);
        }
    }
}

/// Checks that `items` leads to a list in a successful response.
fn items(sites: &Sites<'_>, operation: &Located<'_>, pagination: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(found) = pagination.get("items") else { return };
    let Some((text, segments)) = found.node.as_str().and_then(|text| Some((text, pointer_segments(text)?))) else {
        return;
    };
    let responses = operation.get("responses");
    let responses = responses.iter().flat_map(|responses| responses.members());
    let successes = responses.filter(|(status, _)| status.starts_with('2'));
    let successes = successes.filter_map(|(_, response)| sites.resolved(response, ComponentKind::Response));
    let contents = successes
        .filter_map(|response| response.get("content"))
        .flat_map(|content| content.members().filter_map(|(_, media)| media.get("schema")).collect::<Vec<_>>());
    let result = operation.get("result").and_then(|result| sites.resolved(result, ComponentKind::ContentDescriptor));
    let schemas = contents.chain(result.and_then(|result| result.get("schema")));
    if !schemas.into_iter().any(|schema| leads_to_list(sites, schema, &segments, 0)) {
        let help = "write the JSON pointer of an array in its schema; an empty text if the response is the array";
        findings.at(&found.pointer, format!("`{text}` does not lead to a list in the response"), help);
    }
}
