//! Bodies, responses and their headers.

use std::collections::{BTreeMap, BTreeSet};

use venuekit_diff::Level::{Risky, Safe};
use venuekit_json::{Tree, pointer};

use super::{Edit, Located, Mutant, at, remove, set, unset};
use crate::examples::object;
use crate::expect::{Expected, expected};
use crate::sites::SiteKind;
use crate::tree::{TreeExt, split};
use crate::usages::{Operation, Side, Usage, resolve};

/// Rules that may apply because types are no longer sent or read.
const USAGE: &[&str] = &["builder-added", "builder-removed"];

pub(super) fn all(found: &mut Located<'_>) {
    if found.rpc {
        return;
    }
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in found.map.operations.clone() {
        let body = pointer::join(&operation.pointer, "requestBody");
        if found.document.at(&body).is_some() {
            users.entry(resolve(found.document, &body)).or_default().insert(operation.name.clone());
            body_gone(found, &operation, &body);
        } else {
            body_added(found, &operation);
        }
        responses(found, &operation);
    }
    for (pointer, names) in users {
        let required = found.at(&pointer).flag("required");
        let rule = if required { "body-became-optional" } else { "body-became-required" };
        let edit = set(&pointer, "required", Tree::Bool(!required));
        found.push(Mutant::new("a body must, or need not, be given", &pointer, edit).expects(rule).touching(names));
    }
    error_contents(found);
}

fn body_gone(found: &mut Located<'_>, operation: &Operation, body: &str) {
    let named = operation.body.as_ref().is_some_and(|schema| found.named.contains(schema));
    if named {
        return;
    }
    let required = found.at(&resolve(found.document, body)).flag("required");
    let rule = if required { "required-body-removed" } else { "optional-body-removed" };
    found.push(
        Mutant::new("a body is gone", body, remove(body)).expects(rule).also(USAGE).touching([operation.name.clone()]),
    );
    if found.at(body).has("content") {
        let usage = Usage::plain(Side::Request);
        let media = format!("{body}/content/application~1json");
        let undescribed = Mutant::new("a body is not described", &media, unset(&media, "schema"));
        let undescribed = undescribed.expects_for("body-schema-removed", [&usage]).touching([operation.name.clone()]);
        found.push(undescribed.not_generated());
    }
}

fn body_added(found: &mut Located<'_>, operation: &Operation) {
    if operation.pointer.ends_with("/get") {
        return;
    }
    for (required, rule) in [(true, "required-body-added"), (false, "optional-body-added")] {
        let content = object([("application/json", object([("schema", object([("type", Tree::text("object"))]))]))]);
        let body = object([("required", Tree::Bool(required)), ("content", content)]);
        let edit = set(&operation.pointer, "requestBody", body);
        found.push(
            Mutant::new("a body is new", &operation.pointer, edit).expects(rule).touching([operation.name.clone()]),
        );
    }
}

fn responses(found: &mut Located<'_>, operation: &Operation) {
    let holder = pointer::join(&operation.pointer, "responses");
    let mine = || [operation.name.clone()];
    let refused = object([("description", Tree::text("Refused."))]);
    let edit = at(&holder, move |responses| responses.set("499", refused.clone()));
    found
        .push(Mutant::new("a status of an error is new", &holder, edit).expects("error-status-added").touching(mine()));
    let responses = found.at(&holder).members().to_vec();
    for (status, response) in responses {
        let place = pointer::join(&holder, &status);
        if !status.starts_with('2') {
            let gone =
                Mutant::new("a status of an error is gone", &place, remove(&place)).expects("error-status-removed");
            found.push(gone.also(USAGE).touching(mine()));
            continue;
        }
        let from = status.clone();
        let edit = at(&holder, move |responses| {
            let response = responses.remove(&from)?;
            responses.set("203", response)
        });
        let there = vec![expected("success-status-added"), expected("success-status-removed")];
        // Another success replaces it.
        let instead = |mut expected: Vec<_>| {
            expected
                .iter_mut()
                .filter(|expected: &&mut Expected| expected.rule == "success-status-removed")
                .for_each(|expected| expected.wire = Risky);
            expected
        };
        let mutant = Mutant::new("success has another status", &holder, edit);
        found.push(mutant.expects_exactly(instead(there.clone()), instead(there)).touching(mine()));
        if response.has("$ref") {
            continue;
        }
        if response.has("content") {
            let refers = found
                .document
                .at(&format!("{place}/content/application~1json/schema"))
                .is_some_and(|schema| schema.has("$ref"));
            if refers {
                let second = response.clone();
                let edit = at(&holder, move |responses| responses.set("203", second.clone()));
                let mutant = Mutant::new("a second status of success", &holder, edit).expects("success-status-added");
                found.push(mutant.but_back(|expected| expected.wire = Risky).touching(mine()));
            }
            let gone = Mutant::new("a response is empty", &place, unset(&place, "content"))
                .expects("response-content-removed");
            found.push(gone.also(USAGE).touching(mine()));
            let usage = Usage::plain(Side::Response);
            let media = format!("{place}/content/application~1json");
            let undescribed = Mutant::new("a response is not described", &media, unset(&media, "schema"));
            found.push(undescribed.expects_for("body-schema-removed", [&usage]).touching(mine()).not_generated());
            let other = object([("schema", object([("type", Tree::text("string"))]))]);
            let edit = at(&format!("{place}/content"), move |content| content.set("text/csv", other.clone()));
            let csv = Mutant::new("a response has one more media type", &place, edit)
                .expects_for("media-type-added", [&usage]);
            found.push(csv.touching(mine()).not_generated());
        }
        headers(found, operation, &place);
    }
}

fn header(required: bool, ty: &str) -> Tree {
    object([("required", Tree::Bool(required)), ("schema", object([("type", Tree::text(ty))]))])
}

fn headers(found: &mut Located<'_>, operation: &Operation, response: &str) {
    let with = |header: Tree| -> Edit { set(response, "headers", object([("X-Extra", header)])) };
    let mine = || [operation.name.clone()];
    let new = |required, rule| {
        Mutant::new("a header is new", response, with(header(required, "string"))).expects(rule).touching(mine())
    };
    found.push(new(true, "required-header-added"));
    found.push(new(false, "optional-header-added"));
    let always = Mutant::new("a header is always there", response, with(header(true, "string")))
        .prepared(with(header(false, "string")));
    found.push(always.expects("header-became-required").touching(mine()));
    let cased = Mutant::new(
        "a header is written in other letters",
        response,
        set(response, "headers", object([("x-eXtra", header(true, "string"))])),
    );
    found.push(cased.prepared(with(header(true, "string"))).touching(mine()));
    // A header is text and has no type in Rust.
    let narrower = Mutant::new("a header is of another type", response, with(header(true, "integer")))
        .prepared(with(header(true, "string")));
    let untyped = |rule, wire| vec![Expected { rule, wire, source: Safe }];
    let narrower = narrower.expects_exactly(untyped("type-narrowed", Safe), untyped("type-widened", Risky));
    found.push(narrower.touching(mine()));
}

/// Changes the bodies of errors. A change of a component concerns all operations that list it.
fn error_contents(found: &mut Located<'_>) {
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in &found.map.operations {
        let holder = pointer::join(&operation.pointer, "responses");
        for (status, _) in found.at(&holder).members().iter().filter(|(status, _)| !status.starts_with('2')) {
            let pointer = resolve(found.document, &pointer::join(&holder, status));
            users.entry(pointer).or_default().insert(operation.name.clone());
        }
    }
    let with_content: Vec<String> = found
        .sites
        .iter()
        .filter(|site| site.kind == SiteKind::Media && site.pointer.contains("/content/"))
        .filter_map(|site| Some(split(split(&site.pointer)?.0)?.0.to_owned()))
        .filter(|response| users.contains_key(response))
        .collect();
    for response in with_content {
        let usage = Usage::plain(Side::Error);
        let gone = Mutant::new("the body of an error is gone", &response, unset(&response, "content"));
        let names = users.get(&response).cloned().unwrap_or_default();
        found.push(gone.expects_for("media-type-removed", [&usage]).also(USAGE).touching(names));
    }
}
