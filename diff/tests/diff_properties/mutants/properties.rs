//! Properties of objects.

use venuekit_diff::Level::{Breaking, Risky, Safe};
use venuekit_json::{Tree, pointer};

use super::schemas::Spot;
use super::{Edit, Located, Mutant, at, set};
use crate::examples::object;
use crate::expect::{Expected, expected_for, mirror};
use crate::tree::TreeExt;
use crate::usages::{Side, Usage, is_always_present, resolve};

pub(super) fn all(found: &mut Located<'_>) {
    for spot in Spot::all(found).into_iter().filter(|spot| spot.is("object") && spot.schema.has("properties")) {
        added(found, &spot);
        let names: Vec<String> =
            spot.schema.get("properties").expect("it has").members().iter().map(|(name, _)| name.clone()).collect();
        for name in &names {
            let place = pointer::join(&pointer::join(&spot.pointer, "properties"), name);
            let property = Property { name, place: &place, spot: &spot };
            removed(found, &property, names.len());
            required(found, &property);
            renamed(found, &property);
            read_only(found, &property);
        }
    }
}

struct Property<'s> {
    name: &'s str,
    place: &'s str,
    spot: &'s Spot,
}

impl Property<'_> {
    fn nullable(&self, found: &Located<'_>) -> bool {
        let schema = found.at(&resolve(found.document, self.place));
        schema.flag("nullable") || schema.list("type").len() == 2
    }

    /// Returns whether clients read the property as null if it is missing. They do if it may be
    /// null and is not a decimal.
    fn null_is_read(&self, found: &Located<'_>) -> bool {
        let schema = found.at(&resolve(found.document, self.place));
        self.nullable(found) && schema.text("format") != Some("decimal")
    }

    /// Returns the usages of the property itself. A property that is only read is not sent.
    fn usages(&self, read_only: bool) -> Vec<&Usage> {
        self.spot.usages.iter().filter(|usage| !(read_only && usage.side == Side::Request)).collect()
    }
}

fn changed(kind: &'static str, spot: &Spot, place: &str, edit: Edit) -> Mutant {
    let mutant = spot.changed(kind, edit);
    Mutant { place: place.to_owned(), ..mutant }
}

fn added(found: &mut Located<'_>, spot: &Spot) {
    for (required, rule) in [(true, "required-property-added"), (false, "optional-property-added")] {
        let edit = at(&spot.pointer, move |schema| {
            schema.get_mut("properties")?.set("extraMember", object([("type", Tree::text("string"))]));
            if required {
                always_there(schema, "extraMember");
            }
            Some(())
        });
        let place = format!("{}/properties/extraMember", spot.pointer);
        found.push(changed("a property is new", spot, &place, edit).expects_for(rule, &spot.usages));
    }
}

/// Adds the property to `required`.
fn always_there(schema: &mut Tree, name: &str) -> Option<()> {
    if !schema.has("required") {
        schema.set("required", Tree::Array(Vec::new()));
    }
    schema.get_mut("required")?.elements_mut()?.push(Tree::text(name));
    Some(())
}

/// Removes the property from `required` and `x-always`.
fn not_always_there(schema: &mut Tree, name: &str) -> Option<()> {
    let is_other = |element: &Tree| element.as_text() != Some(name);
    if let Some(list) = schema.get_mut("required").and_then(Tree::elements_mut) {
        list.retain(is_other);
    }
    if let Some(list) =
        schema.get_mut("x-always").and_then(|always| always.get_mut("members")).and_then(Tree::elements_mut)
    {
        list.retain(is_other);
        if list.is_empty() {
            schema.remove("x-always");
        }
    }
    Some(())
}

fn removed(found: &mut Located<'_>, property: &Property<'_>, count: usize) {
    let Property { name, place, spot } = property;
    // `x-idempotent` may name a property of this object, which must then exist.
    if found.named.contains(&spot.pointer) {
        return;
    }
    let read_only = found.at(&resolve(found.document, place)).flag("readOnly");
    let rule =
        if is_always_present(&spot.schema, name) { "required-property-removed" } else { "optional-property-removed" };
    let owned = (*name).to_owned();
    let edit = at(&spot.pointer, move |schema| {
        schema.get_mut("properties")?.remove(&owned)?;
        not_always_there(schema, &owned)
    });
    let mutant = changed("a property is gone", spot, place, edit).also(&["builder-added", "builder-removed"]);
    if count == 1 {
        // An object without properties is `Json` in Rust.
        let there = Expected { rule: "shape-changed", ..expected_for("type-widened", &spot.usages) };
        let back = Expected { rule: "shape-changed", ..expected_for("type-narrowed", &spot.usages) };
        found.push(mutant.expects_exactly(vec![there], vec![back]));
        return;
    }
    let mut there = expected_for(rule, property.usages(read_only));
    // The missing property is read as null.
    if property.null_is_read(found) && there.wire == Breaking && rule == "required-property-removed" {
        there.wire = Risky;
    }
    let back = expected_for(mirror(rule), property.usages(read_only));
    found.push(mutant.expects_exactly(vec![there], vec![back]));
}

fn required(found: &mut Located<'_>, property: &Property<'_>) {
    let Property { name, place, spot } = property;
    let read_only = found.at(&resolve(found.document, place)).flag("readOnly");
    let owned = (*name).to_owned();
    let is_always = is_always_present(&spot.schema, name);
    let rule = if is_always { "property-became-optional" } else { "property-became-required" };
    let edit =
        at(
            &spot.pointer,
            move |schema| {
                if is_always { not_always_there(schema, &owned) } else { always_there(schema, &owned) }
            },
        );
    let null_is_read = property.null_is_read(found);
    let nullable = property.nullable(found);
    let verdict = |rule: &str| {
        let mut expected = expected_for(rule, property.usages(read_only));
        if rule == "property-became-optional" && null_is_read {
            expected.wire = Safe;
        }
        // The field is an `Option` before and after. Only its setter changes.
        let sent = property.usages(read_only).iter().any(|usage| usage.side == Side::Request);
        if nullable && !sent {
            expected.source = Safe;
        }
        expected
    };
    let mutant = changed("a property is always there, or not", spot, place, edit);
    found.push(mutant.expects_exactly(vec![verdict(rule)], vec![verdict(mirror(rule))]));
}

fn renamed(found: &mut Located<'_>, property: &Property<'_>) {
    let Property { place, spot, .. } = property;
    let schema = found.at(place);
    let sent_only = !spot.has(Side::Response) && !spot.has(Side::Error) && !spot.has(Side::Unused);
    if schema.has("$ref") || (schema.flag("readOnly") && sent_only) {
        return;
    }
    let edit = set(place, "x-rust-name", Tree::text("renamedMember"));
    let mutant =
        changed("a property has another name in Rust", spot, place, edit).expects_for("field-renamed", &spot.usages);
    found.push(mutant.also(&["type-renamed"]));
}

fn read_only(found: &mut Located<'_>, property: &Property<'_>) {
    let Property { place, spot, name } = property;
    let schema = found.at(place);
    let (sent, read) = (spot.has(Side::Request), !spot.usages.iter().all(|usage| usage.side == Side::Request));
    if schema.has("$ref") {
        return;
    }
    // An object that is both sent and read cannot have properties that are only read.
    let one_way = !sent || !read;
    if one_way && !found.named.contains(&spot.pointer) {
        let is_read_only = schema.flag("readOnly");
        let edit = set(place, "readOnly", Tree::Bool(!is_read_only));
        let rule = if is_read_only { "property-became-writable" } else { "property-became-read-only" };
        let verdict = |rule: &str| {
            let mut expected = expected_for(rule, &spot.usages);
            // A property that is always present must be sent.
            if rule == "property-became-writable" && sent && is_always_present(&spot.schema, name) {
                (expected.wire, expected.source) = (Breaking, Breaking);
            }
            expected
        };
        let mutant = changed("a property is only read, or not", spot, place, edit);
        let mutant = mutant.expects_exactly(vec![verdict(rule)], vec![verdict(mirror(rule))]);
        found.push(mutant.also(&["builder-added", "builder-removed"]));
    }
    let edit = set(place, "writeOnly", Tree::Bool(true));
    let mutant =
        changed("a property is only sent", spot, place, edit).expects_for("property-became-write-only", &spot.usages);
    // Clients cannot read the object without it.
    let missed = is_always_present(&spot.schema, name) && spot.has(Side::Response);
    found.push(if missed { mutant.but_there(|expected| expected.wire = Breaking) } else { mutant }.not_generated());
}
