//! Changes without a rule. A change of documentation is counted, and another notation of the same
//! meaning is not a change.

use venuekit_json::Tree;

use super::{Documentation, Edit, Located, Mutant, at, both, counts_as_cancel, set, unset};
use crate::examples::object;
use crate::sites::{Site, SiteKind};
use crate::tree::TreeExt;
use crate::usages::resolve;

pub(super) fn all(found: &mut Located<'_>) {
    texts(found);
    examples(found);
    same(found);
}

/// Changes the values and the names of examples.
fn examples(found: &mut Located<'_>) {
    let mut changes = Vec::new();
    let mut push = |place: &str, edit: Edit| {
        let mutant = Mutant::new("an example is another", place, edit).documented(Documentation::Changes);
        changes.push(mutant.fitting());
    };
    for site in found.sites.iter().filter(|site| !site.reference && !found.is_unused(&site.pointer)) {
        let pointer = site.pointer.as_str();
        let value = |key: &str| found.at(pointer).get(key).cloned();
        match site.kind {
            SiteKind::Parameter if !found.rpc => {
                let schema = found.at(&resolve(found.document, &format!("{pointer}/schema")));
                if let (Some("string"), None) = (schema.text("type"), schema.get("enum")) {
                    push(pointer, set(pointer, "example", Tree::text("11.50")));
                }
            }
            SiteKind::Media => {
                let Some(example) = value("example") else { continue };
                let named = object([("other", object([("value", example)]))]);
                push(pointer, both(unset(pointer, "example"), set(pointer, "examples", named)));
            }
            SiteKind::Operation if found.rpc => {
                let pairing = format!("{pointer}/examples/0");
                push(pointer, set(&pairing, "name", Tree::text("another call")));
                push(pointer, set(&pairing, "description", Tree::text("How it is called.")));
            }
            _ => {}
        }
    }
    found.changes.extend(changes);
}

/// Keys whose values are text for people.
const PROSE: [&str; 9] =
    ["description", "summary", "title", "because", "x-doc-deviation", "contact", "termsOfService", "message", "says"];

fn texts(found: &mut Located<'_>) {
    for pointer in found.document.pointers() {
        let Some((holder, key)) = crate::tree::split(&pointer) else { continue };
        // Keys that are names of properties are no texts. Texts inside examples are skipped,
        // because the test writes new examples.
        let skipped = holder.ends_with("/properties") || pointer.contains("/example");
        let text_at = found.document.at(&pointer).and_then(Tree::as_text);
        let prose = PROSE.contains(&key.as_str()) || holder.ends_with("/x-enum-descriptions");
        let (Some(old), true) = (text_at, prose && !skipped) else { continue };
        let other = format!("{old} And more.");
        let edit = at(&pointer, move |value| {
            *value = Tree::text(other.clone());
            Some(())
        });
        let counted = if found.is_left_out(&pointer) { Documentation::Any } else { Documentation::Changes };
        found.push(Mutant::new("a text for people", &pointer, edit).documented(counted));
    }
    for site in found.sites.clone() {
        let object = found.at(&site.pointer);
        let documented = !found.is_left_out(&format!("{}/description", site.pointer))
            && matches!(
                site.kind,
                SiteKind::Operation
                    | SiteKind::Parameter
                    | SiteKind::Schema
                    | SiteKind::Column
                    | SiteKind::Response
                    | SiteKind::Body
                    | SiteKind::Result
            );
        if documented && !site.reference && !object.has("description") && !found.is_unused(&site.pointer) {
            let edit = set(&site.pointer, "description", Tree::text("More."));
            found.push(Mutant::new("a description is new", &site.pointer, edit).documented(Documentation::Changes));
        }
    }
}

/// Writes the same meaning in another notation: states a default, replaces `x-always` by
/// `required`, wraps a schema, or writes null in the other form. Only the second of these changes
/// the documentation: the reason in `x-always` is lost.
fn same(found: &mut Located<'_>) {
    let same_meaning =
        |kind, place: &str, edit: Edit| Mutant::new(kind, place, edit).documented(Documentation::Stays).fitting();
    for site in found.sites.clone().into_iter().filter(|site| !site.reference) {
        let pointer = site.pointer.as_str();
        let object = found.at(pointer).clone();
        let default_stated =
            |key: &'static str, value: Tree| same_meaning("a default is stated", pointer, set(pointer, key, value));
        let mut push = |key: &'static str, value: Tree| {
            if !object.has(key) {
                found.changes.push(default_stated(key, value));
            }
        };
        match site.kind {
            SiteKind::Operation => {
                push("deprecated", Tree::Bool(false));
                push("x-weight", Tree::number(1));
                push("x-moves-funds", Tree::Bool(false));
                push("x-cancels", Tree::Bool(counts_as_cancel(&object, pointer)));
                if !pointer.ends_with("/get") {
                    push("x-reads-only", Tree::Bool(false));
                }
                push("x-idempotent", Tree::Bool(pointer.ends_with("/get")));
                push("x-constraints", Tree::Array(Vec::new()));
                push("x-done-codes", Tree::Array(Vec::new()));
                push("x-unknown-codes", Tree::Array(Vec::new()));
                push("x-unknown-statuses", Tree::Array(Vec::new()));
                push("x-refused-codes", Tree::Array(Vec::new()));
                if !pointer.ends_with("/get") {
                    push("x-gone-codes", Tree::Array(Vec::new()));
                }
                if !found.rpc {
                    push("x-failed-when", Tree::Array(Vec::new()));
                }
                let limits = found.document.get("x-limits").cloned().unwrap_or(Tree::Array(Vec::new()));
                push("x-limits", limits);
                let key = if found.rpc { "x-security" } else { "security" };
                if let Some(security) = found.document.get(key).filter(|_| !object.has(key)).cloned() {
                    found.changes.push(default_stated(key, security));
                }
            }
            SiteKind::Parameter => {
                push("required", Tree::Bool(false));
                push("deprecated", Tree::Bool(false));
                if object.text("in") == Some("query") {
                    push("style", Tree::text("form"));
                    push("explode", Tree::Bool(true));
                }
            }
            SiteKind::Body => push("required", Tree::Bool(false)),
            SiteKind::Schema => {
                push("deprecated", Tree::Bool(false));
                push("readOnly", Tree::Bool(false));
                match object.text("type") {
                    Some("integer") => push("format", Tree::text("int64")),
                    Some("string") if !object.has("enum") => push("minLength", Tree::number(0)),
                    Some("array") if object.has("x-tuple") => {
                        push("minItems", Tree::number(object.list("x-tuple").len()))
                    }
                    Some("array") => push("minItems", Tree::number(0)),
                    Some("object") => {
                        if object.has("properties") || !object.has("additionalProperties") {
                            push("additionalProperties", Tree::Bool(true));
                        }
                        push("required", Tree::Array(Vec::new()));
                        push("x-constraints", Tree::Array(Vec::new()));
                    }
                    _ => {}
                }
                if !found.rpc && object.has("type") {
                    found
                        .changes
                        .extend((!object.has("nullable")).then(|| default_stated("nullable", Tree::Bool(false))));
                }
            }
            _ => {}
        }
    }
    promises(found);
    wrapped(found);
    nullable(found);
}

/// Replaces `x-always` with `required`. Both mean the same on the wire; only the documented reason
/// is lost.
fn promises(found: &mut Located<'_>) {
    for site in found.sites.clone().into_iter().filter(|site| site.kind == SiteKind::Schema && !site.reference) {
        let pointer = site.pointer.as_str();
        if !found.at(pointer).has("x-always") {
            continue;
        }
        let edit = at(pointer, |schema| {
            let always = schema.remove("x-always")?;
            if !schema.has("required") {
                schema.set("required", Tree::Array(Vec::new()));
            }
            schema.get_mut("required")?.elements_mut()?.extend(always.list("members").iter().cloned());
            Some(())
        });
        let mutant = Mutant::new("what is always there is required", pointer, edit);
        let counted = if found.is_unused(pointer) { Documentation::Any } else { Documentation::Changes };
        found.push(mutant.documented(counted));
    }
}

/// Wraps a schema in an `allOf`, `oneOf` or `anyOf` with one element, which has the same meaning.
fn wrapped(found: &mut Located<'_>) {
    for site in found.sites.clone().into_iter().filter(|site| site.kind == SiteKind::Schema && site.reference) {
        for key in ["allOf", "oneOf", "anyOf"] {
            let edit = at(&site.pointer, move |schema| {
                *schema = object([(key, Tree::Array(vec![schema.clone()]))]);
                Some(())
            });
            let mutant = Mutant::new("a schema is wrapped", &site.pointer, edit).documented(Documentation::Stays);
            found.push(mutant.fitting().not_generated());
        }
    }
}

/// Changes the notation of null from OpenAPI 3.0 to JSON Schema.
fn nullable(found: &mut Located<'_>) {
    for site in found.sites.clone().into_iter().filter(|site| site.kind == SiteKind::Schema && !site.reference) {
        let schema = found.at(&site.pointer);
        if !schema.flag("nullable") {
            continue;
        }
        let Some(ty) = schema.get("type").cloned() else { continue };
        let edit = both(
            unset(&site.pointer, "nullable"),
            set(&site.pointer, "type", Tree::Array(vec![ty, Tree::text("null")])),
        );
        let mutant =
            Mutant::new("null is stated in another form", &site.pointer, edit).documented(Documentation::Stays);
        found.push(mutant.fitting().not_generated());
    }
}

impl Located<'_> {
    /// Returns whether a place is in a schema that is neither sent nor read: a read-only property
    /// of an object that is only sent.
    fn is_left_out(&self, pointer: &str) -> bool {
        let inside = |site: &&Site| site.kind == SiteKind::Schema && pointer.starts_with(&format!("{}/", site.pointer));
        let schema = self.sites.iter().filter(inside).max_by_key(|site| site.pointer.len());
        schema.is_some_and(|site| !self.map.schemas.contains_key(&site.pointer))
    }

    /// Returns whether a place is in a component, other than a schema, to which no `$ref` leads.
    fn is_unused(&self, pointer: &str) -> bool {
        if pointer.starts_with("/components/schemas/") || !pointer.starts_with("/components/") {
            return false;
        }
        let component: Vec<&str> = pointer.splitn(5, '/').take(4).collect();
        let component = component.join("/");
        let target = format!("#{component}");
        !self.sites.iter().filter(|site| site.reference).any(|site| {
            self.at(&site.pointer).text("$ref") == Some(&target) && resolve(self.document, &site.pointer) == component
        })
    }
}
