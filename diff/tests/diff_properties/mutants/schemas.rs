//! Values: type, format, listed values, null, bounds, default.

use std::collections::BTreeSet;

use venuekit_diff::Level::{self, Breaking, Risky, Safe};
use venuekit_json::{Tree, pointer};

use super::{Located, Mutant, at, both, set, unset};
use crate::examples::object;
use crate::expect::{Expected, expected_for, operations};
use crate::tree::TreeExt;
use crate::usages::{Side, Usage};

/// A schema that is not a `$ref`, and its usages.
pub(super) struct Spot {
    pub(super) pointer: String,
    pub(super) schema: Tree,
    pub(super) usages: BTreeSet<Usage>,
    /// The type without `null`.
    pub(super) ty: Option<String>,
}

impl Spot {
    /// Returns all schemas that operations reach, and all components.
    pub(super) fn all(found: &Located<'_>) -> Vec<Self> {
        let spot = |(pointer, usages): (&String, &BTreeSet<Usage>)| {
            let schema = found.at(pointer).clone();
            let ty = schema.text("type").or_else(|| schema.list("type").first().and_then(Tree::as_text));
            Self { pointer: pointer.clone(), ty: ty.map(str::to_owned), usages: usages.clone(), schema }
        };
        found.map.schemas.iter().map(spot).collect()
    }

    /// Returns a mutant with one expected change, which has the usual verdicts of its rule.
    pub(super) fn expects(&self, kind: &'static str, edit: super::Edit, rule: &str) -> Mutant {
        self.changed(kind, edit).expects_for(rule, &self.usages)
    }

    pub(super) fn changed(&self, kind: &'static str, edit: super::Edit) -> Mutant {
        Mutant::new(kind, &self.pointer, edit).touching(operations(&self.usages))
    }

    pub(super) fn is(&self, ty: &str) -> bool {
        self.ty.as_deref() == Some(ty)
    }

    /// Returns whether the schema has only a type and documentation.
    fn plain(&self) -> bool {
        self.schema.members().iter().all(|(key, _)| {
            matches!(
                key.as_str(),
                "type" | "description" | "nullable" | "x-rust-name" | "x-doc-deviation" | "x-evidence" | "deprecated"
            )
        })
    }

    pub(super) fn has(&self, side: Side) -> bool {
        self.usages.iter().any(|usage| usage.side == side)
    }

    /// Returns whether the value is read, even if it is also sent.
    fn read(&self) -> bool {
        self.has(Side::Response) || self.has(Side::Error)
    }

    /// Returns whether the value is only sent as the text of a parameter, and never as JSON.
    fn is_text(&self) -> bool {
        self.usages.iter().all(|usage| !usage.json)
    }

    /// Returns the expected change of a type, by the rule for values sent as text and the rule for
    /// JSON.
    fn of_types(&self, as_text: &str, as_json: &str) -> Expected {
        let (text, json): (Vec<&Usage>, Vec<&Usage>) = self.usages.iter().partition(|usage| !usage.json);
        let expected = expected_for(if self.is_text() { as_text } else { as_json }, &self.usages);
        Expected { wire: expected_for(as_text, text).wire.max(expected_for(as_json, json).wire), ..expected }
    }

    /// Returns whether the value is a parameter or an item of one at some place.
    fn in_parameter(&self) -> bool {
        self.usages.iter().any(|usage| !usage.json) || self.pointer.contains("/params/")
    }

    /// Returns the verdict for clients that are not generated, which may rely on the promised
    /// value.
    fn counted_on(&self) -> Level {
        match (self.has(Side::Response), self.has(Side::Error)) {
            (true, _) => Breaking,
            (false, true) => Risky,
            (false, false) => Safe,
        }
    }

    /// Returns whether the schema is an object without any other keyword, which is `Json` in Rust.
    fn is_any(&self) -> bool {
        self.is("object") && !self.schema.has("properties") && !self.schema.has("additionalProperties")
    }

    fn alternative(&self) -> bool {
        self.usages.iter().any(|usage| usage.alternative)
    }

    /// Returns an edit of the type that keeps `null`.
    fn typed(&self, ty: &str) -> super::Edit {
        let ty = Tree::text(ty);
        at(&self.pointer, move |schema| {
            if let Some(list) = schema.get_mut("type").and_then(Tree::elements_mut) {
                *list.first_mut()? = ty.clone();
                return Some(());
            }
            schema.set("type", ty.clone())
        })
    }
}

pub(super) fn all(found: &mut Located<'_>) {
    for spot in Spot::all(found) {
        types(found, &spot);
        formats(found, &spot);
        times(found, &spot);
        market_rules(found, &spot);
        nulls(found, &spot);
        values(found, &spot);
        bounds(found, &spot);
        defaults(found, &spot);
        others(found, &spot);
        alternatives(found, &spot);
    }
}

fn types(found: &mut Located<'_>, spot: &Spot) {
    let plain = spot.plain() && !spot.schema.list("type").iter().any(|_| spot.in_parameter() && !found.rpc);
    if plain && spot.is("string") && !spot.alternative() {
        let mutant = spot.changed("text becomes an integer", spot.typed("integer"));
        let (there, back) =
            (spot.of_types("type-narrowed", "type-changed"), spot.of_types("type-widened", "type-changed"));
        found.push(mutant.expects_exactly(vec![there], vec![back]));
    }
    if plain && (spot.is("string") || spot.is("integer")) && !spot.in_parameter() && !spot.alternative() {
        found.push(spot.expects("a scalar becomes a boolean", spot.typed("boolean"), "type-changed"));
    }
    let bare = spot
        .schema
        .members()
        .iter()
        .all(|(key, _)| matches!(key.as_str(), "type" | "description" | "nullable" | "format"));
    if bare && spot.is("integer") {
        let edit = spot.typed("string");
        let edit = if spot.schema.has("format") { both(edit, unset(&spot.pointer, "format")) } else { edit };
        let mutant = spot.changed("an integer becomes text", edit);
        let (there, back) =
            (spot.of_types("type-widened", "type-changed"), spot.of_types("type-narrowed", "type-changed"));
        if !spot.alternative() {
            found.push(mutant.expects_exactly(vec![there], vec![back]));
        }
    }
    decimals(found, spot);
    if spot.alternative() || spot.in_parameter() || found.named.contains(&spot.pointer) {
        return;
    }
    // A list of lists still has the type of a list.
    if !spot.is("array") && spot.ty.is_some() {
        let edit = at(&spot.pointer, |schema| {
            let mut items = schema.clone();
            items.remove("x-rust-name");
            items.remove("x-market-rule");
            items.remove("readOnly");
            *schema = object([("type", Tree::text("array")), ("items", items)]);
            Some(())
        });
        let mutant = spot.expects("a value becomes a list of it", edit, "type-changed");
        // The items may then be null.
        let null = spot.schema.flag("nullable") || spot.schema.list("type").len() == 2;
        found.push(if null { mutant.also(&["became-nullable", "became-not-nullable"]) } else { mutant });
    }
    if spot.ty.is_some() {
        let edit = at(&spot.pointer, |schema| {
            *schema = Tree::Object(Vec::new());
            Some(())
        });
        let mutant = spot.changed("a value may be anything", edit);
        let expected = |rule: &str| match spot.is_any() {
            // It is `Json` in Rust before and after, but programs may not handle all of it.
            true if rule == "type-widened" && spot.read() => {
                Expected { wire: Risky, source: Safe, ..expected_for(rule, &spot.usages) }
            }
            true => Expected { source: Safe, ..expected_for(rule, &spot.usages) },
            false => expected_for(rule, &spot.usages),
        };
        let mutant = mutant.expects_exactly(vec![expected("type-widened")], vec![expected("type-narrowed")]);
        let listed = spot.schema.has("enum");
        found.push(if listed { mutant.also(&["enum-dropped", "became-enum"]) } else { mutant });
    }
}

/// Changes the type of a decimal between number and text. Clients read both, and write the type of
/// the spec.
fn decimals(found: &mut Located<'_>, spot: &Spot) {
    if spot.schema.text("format") != Some("decimal") || spot.schema.has("default") || spot.alternative() {
        return;
    }
    let other = if spot.is("string") { "number" } else { "string" };
    let bounded = ["minimum", "maximum", "maxLength", "minLength", "pattern"].iter().any(|key| spot.schema.has(key));
    if bounded {
        return;
    }
    let mutant = spot.changed("a decimal changes between number and text", spot.typed(other));
    // In a query the digits are the same.
    let as_json = |usage: &Usage| usage.json && usage.side == Side::Request;
    let wire = if spot.usages.iter().any(as_json) { Breaking } else { Safe };
    let expected = vec![Expected { rule: "type-changed", wire, source: Safe }];
    found.push(if spot.is_text() { mutant } else { mutant.expects_exactly(expected.clone(), expected) });
}

fn formats(found: &mut Located<'_>, spot: &Spot) {
    let format = spot.schema.text("format");
    let listed = spot.schema.has("enum");
    if spot.is("integer") && matches!(format, None | Some("int64" | "int32")) {
        let wide = format != Some("int32");
        let edit = set(&spot.pointer, "format", Tree::text(if wide { "int32" } else { "int64" }));
        let mutant = spot.changed("an integer has another width", edit);
        // Enums and times have 64 bits in any case.
        let expected = |rule: &str| {
            let expected = expected_for(rule, &spot.usages);
            match (listed || spot.schema.has("x-time"), rule) {
                (false, _) => expected,
                (true, "type-widened") => {
                    Expected { wire: if spot.read() { Risky } else { Safe }, source: Safe, ..expected }
                }
                (true, _) => Expected { source: Safe, ..expected },
            }
        };
        let (there, back) = if wide { ("type-narrowed", "type-widened") } else { ("type-widened", "type-narrowed") };
        found.push(mutant.expects_exactly(vec![expected(there)], vec![expected(back)]));
    }
    if spot.plain() && spot.is("string") {
        let edit = set(&spot.pointer, "format", Tree::text("date-time"));
        let narrowed = Expected { source: Safe, ..expected_for("type-narrowed", &spot.usages) };
        let widened = Expected {
            wire: if spot.read() { Risky } else { Safe },
            source: Safe,
            ..expected_for("type-widened", &spot.usages)
        };
        found.push(spot.changed("text gets a format", edit).expects_exactly(vec![narrowed], vec![widened]));
    }
}

/// Marks a value as a time, and changes the unit and the zone of times.
fn times(found: &mut Located<'_>, spot: &Spot) {
    let pointer = spot.pointer.as_str();
    if spot.plain() && spot.is("integer") && !spot.alternative() {
        let edit = set(pointer, "x-time", object([("unit", Tree::text("ms"))]));
        found.push(spot.expects("a value becomes a time", edit, "time-added"));
    }
    let Some(time) = spot.schema.get("x-time") else { return };
    found.push(spot.expects("a time is any value", unset(pointer, "x-time"), "time-removed"));
    let place = format!("{pointer}/x-time");
    match time.text("unit") {
        Some("iso8601") => {
            let edit = if time.has("zone") { unset(&place, "zone") } else { set(&place, "zone", Tree::text("UTC")) };
            found.push(spot.expects("a time has another zone", edit, "time-zone-changed"));
        }
        Some(unit) => {
            let edit = set(&place, "unit", Tree::text(if unit == "ns" { "s" } else { "ns" }));
            found.push(spot.expects("a time has another unit", edit, "time-unit-changed"));
        }
        None => {}
    }
}

/// Removes and changes the rules of markets.
fn market_rules(found: &mut Located<'_>, spot: &Spot) {
    let pointer = spot.pointer.as_str();
    let Some(rule) = spot.schema.get("x-market-rule") else { return };
    found.push(spot.expects("a rule of a market is any value", unset(pointer, "x-market-rule"), "market-rule-removed"));
    let other = if rule.text("of") == Some("amount") { "price" } else { "amount" };
    let edit = set(&format!("{pointer}/x-market-rule"), "of", Tree::text(other));
    found.push(spot.expects("a rule of a market is about another value", edit, "market-rule-changed"));
}

fn nulls(found: &mut Located<'_>, spot: &Spot) {
    let typed = spot.schema.has("type") || (spot.schema.has("oneOf") && !found.rpc);
    let in_text = spot.usages.iter().any(|usage| !usage.json);
    if !typed || in_text || spot.alternative() {
        return;
    }
    let is_null = spot.schema.flag("nullable") || spot.schema.list("type").len() == 2;
    let edit = match (found.rpc, is_null) {
        (false, _) => set(&spot.pointer, "nullable", Tree::Bool(!is_null)),
        (true, false) => {
            let both = Tree::Array(vec![spot.schema.get("type").cloned().expect("it is there"), Tree::text("null")]);
            set(&spot.pointer, "type", both)
        }
        (true, true) => set(&spot.pointer, "type", spot.schema.list("type").first().cloned().expect("it is there")),
    };
    let (there, back) =
        if is_null { ("became-not-nullable", "became-nullable") } else { ("became-nullable", "became-not-nullable") };
    // Where the value may be missing, it is an `Option`: null is read as missing and never sent,
    // except in the middle of a JSON-RPC call.
    let expected = |rule: &str| {
        let wire = expected_for(rule, spot.usages.iter().filter(|usage| !usage.optional || usage.position)).wire;
        Expected { wire, ..expected_for(rule, spot.usages.iter().filter(|usage| !usage.optional)) }
    };
    // `Json` in Rust includes null.
    let expected = |rule: &str| match spot.is_any() {
        true => Expected {
            wire: expected_for(rule, spot.usages.iter().filter(|usage| usage.side == Side::Request)).wire,
            source: Safe,
            ..expected(rule)
        },
        false => expected(rule),
    };
    let mutant = spot.changed("a value may be null, or not", edit);
    found.push(mutant.expects_exactly(vec![expected(there)], vec![expected(back)]));
}

fn values(found: &mut Located<'_>, spot: &Spot) {
    let count = spot.schema.list("enum").len();
    let (pointer, integer) = (spot.pointer.as_str(), spot.is("integer"));
    if count > 0 {
        let edit = at(pointer, move |schema| {
            schema.get_mut("enum")?.elements_mut()?.push(if integer {
                Tree::number(98765)
            } else {
                Tree::text("extraValue")
            });
            for key in ["x-enum-varnames", "x-enum-descriptions"] {
                schema
                    .get_mut(key)
                    .and_then(Tree::elements_mut)
                    .into_iter()
                    .for_each(|list| list.push(Tree::text("ExtraName")));
            }
            if let Some(list) = schema.get_mut("x-enum-spellings").and_then(Tree::elements_mut) {
                list.push(Tree::Array(vec![Tree::text("extra spelling")]));
            }
            Some(())
        });
        found.push(spot.expects("a value is new in a list", edit, "enum-value-added"));
        spellings(found, spot);
        let edit = at(pointer, |schema| {
            for key in ["enum", "x-enum-varnames", "x-enum-descriptions", "x-enum-spellings"] {
                schema.remove(key);
            }
            Some(())
        });
        found.push(spot.expects("a list of values is removed", edit, "enum-dropped"));
        let names = spot.schema.list("enum").iter().filter_map(Tree::as_text);
        let named = names.clone().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        let names: Vec<Tree> = if spot.schema.has("x-enum-varnames") {
            spot.schema.list("x-enum-varnames").to_vec()
        } else {
            names.map(Tree::text).collect()
        };
        if named && names.len() == count {
            for index in [0, count - 1].into_iter().take(count.min(2)) {
                let mut other = names.clone();
                other[index] = Tree::text("RenamedValue");
                let edit = set(pointer, "x-enum-varnames", Tree::Array(other));
                found.push(spot.expects("a value has another name in Rust", edit, "variant-renamed"));
            }
        }
    }
    for index in (0..count).filter(|_| count > 1) {
        let edit = at(pointer, move |schema| {
            for key in ["enum", "x-enum-varnames", "x-enum-descriptions", "x-enum-spellings"] {
                if let Some(list) = schema.get_mut(key).and_then(Tree::elements_mut).filter(|list| index < list.len()) {
                    list.remove(index);
                }
            }
            Some(())
        });
        let named_by_default =
            spot.schema.get("default").is_some_and(|value| spot.schema.list("enum").get(index) == Some(value));
        if !named_by_default {
            found.push(spot.expects("a value is gone from a list", edit, "enum-value-removed"));
        }
    }
    if spot.plain()
        && spot.is("string")
        && !spot.schema.has("x-rust-name")
        && !is_named_like_a_component(found, pointer)
    {
        let edit = set(pointer, "enum", Tree::Array(vec![Tree::text("one"), Tree::text("two")]));
        found.push(spot.expects("a value is one of a list", edit, "became-enum"));
    }
}

/// Gives the first value one more spelling, as text and as an integer.
fn spellings(found: &mut Located<'_>, spot: &Spot) {
    let count = spot.schema.list("enum").len();
    let lists = match spot.schema.list("x-enum-spellings") {
        [] => vec![Tree::Array(Vec::new()); count],
        lists => lists.to_vec(),
    };
    let with = |spelling: Tree, index: usize| {
        let mut lists = lists.clone();
        if let Some(list) = lists.get_mut(index).and_then(Tree::elements_mut) {
            list.push(spelling);
        }
        set(&spot.pointer, "x-enum-spellings", Tree::Array(lists))
    };
    for spelling in [Tree::text("another spelling"), Tree::number(98766)] {
        let edit = with(spelling, 0);
        found.push(spot.expects("a value has one more spelling", edit, "spelling-added"));
    }
    if count > 1 {
        let mutant = spot.expects("a spelling moves to another value", with(Tree::number(98766), 1), "spelling-moved");
        found.push(mutant.prepared(with(Tree::number(98766), 0)));
    }
}

/// Returns whether a property's new type would have the name of a component. The type is named
/// after its object and the property.
fn is_named_like_a_component(found: &Located<'_>, pointer: &str) -> bool {
    let plain = |text: &str| text.replace(['_', '-', '.'], "").to_lowercase();
    let segments = pointer::segments(pointer).unwrap_or_default();
    let [_, _, object, .., property] = segments.as_slice() else { return false };
    let components = found.document.at("/components/schemas").into_iter().flat_map(Tree::members);
    components.into_iter().any(|(name, _)| plain(name) == plain(&format!("{object}{property}")))
}

fn bounds(found: &mut Located<'_>, spot: &Spot) {
    let keys: &[(&'static str, bool)] = match spot.ty.as_deref() {
        Some("integer" | "number") => &[("minimum", true), ("maximum", false)],
        Some("string") if !spot.schema.has("enum") => {
            &[("minLength", true), ("maxLength", false), ("x-max-bytes", false)]
        }
        Some("array") if !spot.schema.has("x-tuple") => &[("minItems", true), ("maxItems", false)],
        _ => &[],
    };
    let pointer = spot.pointer.as_str();
    for (key, lower) in keys {
        let fixed = |value: u32| set(pointer, key, Tree::number(value));
        let bare = || -> super::Edit {
            at(pointer, |schema| {
                for key in ["minimum", "maximum", "minLength", "maxLength", "x-max-bytes", "minItems", "maxItems"] {
                    schema.remove(key);
                }
                Some(())
            })
        };
        found.push(spot.expects("a bound is set", fixed(7), "bound-set").prepared(bare()));
        let rule = if *lower { "bound-tightened" } else { "bound-loosened" };
        let moved = spot.expects("a bound has another value", fixed(8), rule).prepared(bare());
        found.push(moved.prepared(fixed(7)));
        if let Some(digits) = spot.schema.get(key).and_then(Tree::digits) {
            found.push(spot.expects("a bound is gone", unset(pointer, key), "bound-unset"));
            let written = set(pointer, key, Tree::number(format!("{digits}.0")));
            if spot.is("number") {
                found.push(spot.changed("a bound has another notation", written));
            }
        }
    }
    if spot.is("integer") || spot.is("number") {
        let rpc = found.rpc;
        let exclusive = |key: &'static str, beside: &'static str| {
            if rpc {
                return both(unset(pointer, beside), set(pointer, key, Tree::number(7)));
            }
            set(pointer, key, Tree::Bool(true))
        };
        for (key, beside) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            let clear = at(pointer, |schema| {
                for key in ["minimum", "maximum"] {
                    schema.remove(key);
                }
                Some(())
            });
            let mutant = spot.expects("a bound is excluded", exclusive(key, beside), "bound-tightened");
            found.push(mutant.prepared(clear).prepared(set(pointer, beside, Tree::number(7))));
        }
        let step =
            spot.expects("a value is a multiple", set(pointer, "multipleOf", Tree::number(4)), "bound-tightened");
        found.push(step.prepared(set(pointer, "multipleOf", Tree::number(2))));
        let step =
            spot.expects("a value is another multiple", set(pointer, "multipleOf", Tree::number(3)), "bound-changed");
        found.push(step.prepared(set(pointer, "multipleOf", Tree::number(2))));
    }
    if spot.is("array") {
        let unique = spot.expects("elements are unique", set(pointer, "uniqueItems", Tree::Bool(true)), "bound-set");
        found.push(unique.but_back(|expected| expected.wire = spot.counted_on()).not_generated());
    }
    if spot.is("string") && !spot.schema.has("enum") && !spot.schema.has("pattern") {
        let pattern = |pattern: &str| set(pointer, "pattern", Tree::text(pattern));
        found.push(spot.expects("a pattern is set", pattern("^[a-z]+$"), "pattern-set"));
        found.push(
            spot.expects("a pattern is replaced", pattern("^[a-z]+$"), "pattern-changed").prepared(pattern("^[0-9]+$")),
        );
        found.push(spot.changed("a pattern allows every text", pattern("^.*$")));
    }
}

fn defaults(found: &mut Located<'_>, spot: &Spot) {
    let listed = spot.schema.list("enum");
    let values = match (spot.ty.as_deref(), listed) {
        (Some("string" | "integer"), [first, second, ..]) => [first.clone(), second.clone()],
        (_, [_, ..]) => return,
        (Some("string"), _) if spot.schema.text("format") == Some("decimal") => [Tree::text("1.5"), Tree::text("2")],
        (Some("string"), _) => [Tree::text("one"), Tree::text("two")],
        (Some("integer"), _) => [Tree::number(1), Tree::number(2)],
        (Some("number"), _) => [Tree::number("1.5"), Tree::number("2.5")],
        (Some("boolean"), _) => [Tree::Bool(true), Tree::Bool(false)],
        _ => return,
    };
    let pointer = spot.pointer.as_str();
    let [one, other] = values.map(|value| move || set(pointer, "default", value.clone()));
    let clear = || -> super::Edit {
        at(pointer, |schema| {
            schema.remove("default");
            Some(())
        })
    };
    // The default counts only where the value can be left out.
    let left_out: Vec<&Usage> = spot.usages.iter().filter(|usage| usage.optional).collect();
    let tells = |kind, edit, rule: &str| spot.changed(kind, edit).expects_for(rule, left_out.clone());
    found.push(tells("a default is new", one(), "default-added").prepared(clear()));
    found.push(tells("a default has another value", other(), "default-changed").prepared(one()));
}

/// Adds changes of the remaining keywords: deprecation, the name in Rust, and other properties.
fn others(found: &mut Located<'_>, spot: &Spot) {
    let pointer = spot.pointer.as_str();
    found.push(spot.expects(
        "a value is deprecated",
        set(pointer, "deprecated", Tree::Bool(true)),
        "property-deprecated",
    ));
    let component = crate::tree::split(pointer).is_some_and(|(holder, _)| holder == "/components/schemas");
    if component {
        let edit = set(pointer, "x-rust-name", Tree::text("RenamedType"));
        let mutant = Mutant::new("a component has another name in Rust", pointer, edit);
        let used = spot.usages.iter().any(|usage| usage.side != Side::Unused);
        // The component has one change. Types that are named after it have more.
        let mutant = mutant.expects("type-renamed").also(&["type-renamed"]);
        found.push(if used { mutant.touching(operations(&spot.usages)) } else { mutant });
    }
    if spot.is("object") && spot.schema.has("properties") {
        let key = "additionalProperties";
        let edit = set(pointer, key, Tree::Bool(false));
        if spot.schema.get(key) != Some(&Tree::Bool(false)) {
            found.push(spot.expects("other properties are forbidden", edit, "other-properties-forbidden"));
        }
    }
    let map = spot.schema.get("additionalProperties").is_some_and(|values| matches!(values, Tree::Object(_)));
    if spot.is("object") && map {
        let there = Expected { rule: "shape-changed", ..expected_for("type-widened", &spot.usages) };
        let back = Expected { rule: "shape-changed", ..expected_for("type-narrowed", &spot.usages) };
        let mutant = spot.changed("a map may have anything", unset(pointer, "additionalProperties"));
        found.push(mutant.expects_exactly(vec![there], vec![back]));
    }
}

fn alternatives(found: &mut Located<'_>, spot: &Spot) {
    let count = spot.schema.list("oneOf").len();
    if count == 0 {
        return;
    }
    let pointer = spot.pointer.as_str();
    let place = pointer::join(pointer, "oneOf");
    let another = super::push(&place, object([("type", Tree::text("boolean"))]));
    found.push(spot.expects("one more alternative", another, "alternative-added"));
    for index in 0..count {
        let edit = at(pointer, move |schema| {
            let list = schema.get_mut("oneOf")?.elements_mut()?;
            list.remove(index);
            if let [only] = list.as_slice() {
                *schema = only.clone();
            }
            Some(())
        });
        let mutant = spot.expects("an alternative is gone", edit, "alternative-removed");
        let whole = |mutant: Mutant| {
            let mutant = mutant.expects_for("shape-changed", &spot.usages);
            mutant.but_there(|expected| expected.wire = Safe).but_back(|expected| expected.wire = Safe)
        };
        found.push(if count == 2 { whole(mutant) } else { mutant });
    }
}
