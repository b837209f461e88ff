//! OpenRPC.

use super::common::security;
use super::parts::{Content, Operation, Parameter, ParameterPlace, Response};
use crate::document::root;
use venuekit_codegen::model::Route;
use venuekit_codegen::source::Document;
use venuekit_codegen::source::Located;
use venuekit_codegen::source::{follow, is_by_name};

/// The status of the notifications of a subscription, which are compared as a response.
pub(crate) const NOTIFICATION: &str = "notification";

/// Returns the methods of an OpenRPC document.
pub(super) fn operations(document: &Document) -> Vec<Operation<'_>> {
    let methods = root(document).list("methods").map(|at| follow(document, at));
    methods.filter_map(|at| operation(document, at)).collect()
}

fn operation<'d>(document: &'d Document, at: Located<'d>) -> Option<Operation<'d>> {
    let name = at.text("name")?;
    let signs = |scheme: &str| {
        let scheme = root(document).get("x-security-schemes").and_then(|schemes| schemes.get(scheme));
        scheme.is_some_and(|scheme| scheme.flag("x-signature"))
    };
    let by_name = is_by_name(&at);
    let parameters = at.list("params").enumerate().map(|(index, at)| {
        let site = at.pointer.clone();
        let at = follow(document, at);
        let place = match (by_name, at.flag("x-variadic")) {
            (true, _) => ParameterPlace::ByName,
            (false, true) => ParameterPlace::Rest(index),
            (false, false) => ParameterPlace::Position(index),
        };
        Parameter {
            name: at.text("name").map_or_else(|| format!("param{}", index + 1), str::to_owned),
            place,
            required: at.flag("required"),
            style: String::new(),
            joined: None,
            compound: false,
            schema: at.get("schema"),
            json: true,
            site,
            at,
        }
    });
    let result = at.get("result").map(|at| follow(document, at));
    let responses = result.map(|at| Response {
        status: "result".to_owned(),
        site: at.pointer.clone(),
        headers: Vec::new(),
        content: vec![Content { media: "result".to_owned(), schema: at.get("schema"), json: true, at: at.clone() }],
        success: true,
        at,
    });
    let notification = at.get("x-subscription").map(|at| Response {
        status: NOTIFICATION.to_owned(),
        site: at.pointer.clone(),
        headers: Vec::new(),
        content: vec![Content { media: NOTIFICATION.to_owned(), schema: at.get("params"), json: true, at: at.clone() }],
        success: true,
        at,
    });
    let responses = responses.into_iter().chain(notification);
    Some(Operation {
        name: name.to_owned(),
        named: true,
        route: Route::Rpc { method: at.text("x-method").unwrap_or(name).to_owned() },
        full_route: format!("{name} {}", at.text("x-method").unwrap_or(name)),
        parameters: parameters.collect(),
        body: None,
        responses: responses.collect(),
        security: security(document, &at, "x-security", &signs),
        is_either: at.text("paramStructure") == Some("either"),
        errors: at.list("errors").map(|error| follow(document, error)).collect(),
        at,
    })
}
