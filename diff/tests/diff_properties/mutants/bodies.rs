//! Bodies, responses and their headers.

use std::collections::{BTreeMap, BTreeSet};

use venuekit_diff::Level::{Risky, Safe};
use venuekit_json::{Tree, pointer};

use super::{Edit, Located, Mutant, at, remove, set, unset};
use crate::expect::{Told, told};
use crate::fit::object;
use crate::sites::Sort;
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
        replies(found, &operation);
    }
    for (pointer, names) in users {
        let required = found.at(&pointer).flag("required");
        let rule = if required { "body-became-optional" } else { "body-became-required" };
        let edit = set(&pointer, "required", Tree::Bool(!required));
        found.push(Mutant::new("a body must, or need not, be given", &pointer, edit).tells(rule).touching(names));
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
        Mutant::new("a body is gone", body, remove(body)).tells(rule).also(USAGE).touching([operation.name.clone()]),
    );
    if found.at(body).has("content") {
        let way = Usage::plain(Side::Request);
        let media = format!("{body}/content/application~1json");
        let undescribed = Mutant::new("a body is not described", &media, unset(&media, "schema"));
        let undescribed = undescribed.tells_of("body-schema-removed", [&way]).touching([operation.name.clone()]);
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
            Mutant::new("a body is new", &operation.pointer, edit).tells(rule).touching([operation.name.clone()]),
        );
    }
}

fn replies(found: &mut Located<'_>, operation: &Operation) {
    let holder = pointer::join(&operation.pointer, "responses");
    let mine = || [operation.name.clone()];
    let refused = object([("description", Tree::text("Refused."))]);
    let edit = at(&holder, move |replies| replies.set("499", refused.clone()));
    found.push(Mutant::new("a status of an error is new", &holder, edit).tells("error-status-added").touching(mine()));
    let replies = found.at(&holder).members().to_vec();
    for (status, reply) in replies {
        let place = pointer::join(&holder, &status);
        if !status.starts_with('2') {
            let gone =
                Mutant::new("a status of an error is gone", &place, remove(&place)).tells("error-status-removed");
            found.push(gone.also(USAGE).touching(mine()));
            continue;
        }
        let from = status.clone();
        let edit = at(&holder, move |replies| {
            let reply = replies.remove(&from)?;
            replies.set("203", reply)
        });
        let there = vec![told("success-status-added"), told("success-status-removed")];
        // Another success replaces it.
        let instead = |mut told: Vec<_>| {
            told.iter_mut()
                .filter(|told: &&mut Told| told.rule == "success-status-removed")
                .for_each(|told| told.wire = Risky);
            told
        };
        let mutant = Mutant::new("success has another status", &holder, edit);
        found.push(mutant.tells_exactly(instead(there.clone()), instead(there)).touching(mine()));
        if reply.has("$ref") {
            continue;
        }
        if reply.has("content") {
            let refers = found
                .document
                .at(&format!("{place}/content/application~1json/schema"))
                .is_some_and(|schema| schema.has("$ref"));
            if refers {
                let second = reply.clone();
                let edit = at(&holder, move |replies| replies.set("203", second.clone()));
                let mutant = Mutant::new("a second status of success", &holder, edit).tells("success-status-added");
                found.push(mutant.but_back(|told| told.wire = Risky).touching(mine()));
            }
            let gone = Mutant::new("a reply is empty", &place, unset(&place, "content")).tells("response-content-removed");
            found.push(gone.also(USAGE).touching(mine()));
            let way = Usage::plain(Side::Response);
            let media = format!("{place}/content/application~1json");
            let undescribed = Mutant::new("a reply is not described", &media, unset(&media, "schema"));
            found.push(undescribed.tells_of("body-schema-removed", [&way]).touching(mine()).not_generated());
            let other = object([("schema", object([("type", Tree::text("string"))]))]);
            let edit = at(&format!("{place}/content"), move |content| content.set("text/csv", other.clone()));
            let csv = Mutant::new("a reply has one more media type", &place, edit).tells_of("media-type-added", [&way]);
            // Clients read the JSON and ignore the other media type.
            let csv = csv.but_back(|told| told.wire = Safe);
            found.push(csv.touching(mine()).not_generated());
        }
        headers(found, operation, &place);
    }
}

fn header(required: bool, ty: &str) -> Tree {
    object([("required", Tree::Bool(required)), ("schema", object([("type", Tree::text(ty))]))])
}

fn headers(found: &mut Located<'_>, operation: &Operation, reply: &str) {
    let with = |header: Tree| -> Edit { set(reply, "headers", object([("X-Extra", header)])) };
    let mine = || [operation.name.clone()];
    let new = |required, rule| {
        Mutant::new("a header is new", reply, with(header(required, "string"))).tells(rule).touching(mine())
    };
    found.push(new(true, "required-header-added"));
    found.push(new(false, "optional-header-added"));
    let always = Mutant::new("a header is always there", reply, with(header(true, "string")))
        .prepared(with(header(false, "string")));
    found.push(always.tells("header-became-required").touching(mine()));
    let cased = Mutant::new(
        "a header is written in other letters",
        reply,
        set(reply, "headers", object([("x-eXtra", header(true, "string"))])),
    );
    found.push(cased.prepared(with(header(true, "string"))).touching(mine()));
    // A header is text and has no type in Rust.
    let narrower = Mutant::new("a header is of another type", reply, with(header(true, "integer")))
        .prepared(with(header(true, "string")));
    let untyped = |rule, wire| vec![Told { rule, wire, source: Safe }];
    let narrower = narrower.tells_exactly(untyped("type-narrowed", Safe), untyped("type-widened", Risky));
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
        .filter(|site| site.sort == Sort::Media && site.pointer.contains("/content/"))
        .filter_map(|site| Some(split(split(&site.pointer)?.0)?.0.to_owned()))
        .filter(|reply| users.contains_key(reply))
        .collect();
    for reply in with_content {
        let way = Usage::plain(Side::Error);
        let gone = Mutant::new("the body of an error is gone", &reply, unset(&reply, "content"));
        let names = users.get(&reply).cloned().unwrap_or_default();
        found.push(gone.tells_of("media-type-removed", [&way]).also(USAGE).touching(names));
    }
}
