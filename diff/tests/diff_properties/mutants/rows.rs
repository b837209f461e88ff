//! Columns of rows.

use venuekit_diff::Level::{Breaking, Safe};
use venuekit_json::Tree;

use super::schemas::Spot;
use super::{Located, at, both, push, set};
use crate::examples::object;
use crate::expect::{Expected, expected_for};
use crate::tree::TreeExt;
use crate::usages::{Side, Usage, least_columns};

pub(super) fn all(found: &mut Located<'_>) {
    for spot in Spot::all(found).into_iter().filter(|spot| spot.schema.has("x-tuple")) {
        swapped(found, &spot);
        counts(found, &spot);
        names(found, &spot);
        // The row becomes a list of any JSON. Clients may then send any value, and the values that
        // they read have no types.
        let edit = at(&spot.pointer, |schema| schema.remove("x-tuple").map(|_| ()));
        let there = Expected { rule: "shape-changed", ..expected_for("type-widened", &spot.usages) };
        let back = Expected { rule: "shape-changed", ..expected_for("type-narrowed", &spot.usages) };
        found.push(spot.changed("a row is any list", edit).expects_exactly(vec![there], vec![back]));
    }
}

fn tuple(spot: &Spot) -> String {
    format!("{}/x-tuple", spot.pointer)
}

fn swapped(found: &mut Located<'_>, spot: &Spot) {
    let (count, always) = (spot.schema.list("x-tuple").len(), least_columns(&spot.schema));
    for first in 0..count {
        for second in first + 1..count {
            let edit = at(&tuple(spot), move |columns| {
                let columns = columns.elements_mut().filter(|columns| second < columns.len())?;
                columns.swap(first, second);
                Some(())
            });
            let mut mutant = spot.expects("two columns change places", edit, "columns-moved");
            if first < always && second >= always {
                mutant = mutant.expects_for("column-became-optional", &spot.usages);
                mutant = mutant.expects_for("column-became-required", &spot.usages);
            }
            found.push(mutant);
        }
    }
}

/// Adds columns, and changes the number of columns that are always present.
fn counts(found: &mut Located<'_>, spot: &Spot) {
    let count = spot.schema.list("x-tuple").len();
    let column = || object([("name", Tree::text("extraColumn")), ("schema", object([("type", Tree::text("string"))]))]);
    let least = |count: usize| set(&spot.pointer, "minItems", Tree::number(count));
    let tuple = tuple(spot);
    let new = both(push(&tuple, column()), least(count + 1));
    let new = spot.expects("a new column is always present", new, "required-column-added");
    found.push(new.prepared(least(count)));
    let new = spot.expects("a new column is sometimes present", push(&tuple, column()), "optional-column-added");
    found.push(new.prepared(least(count)));
    let edit = least(count - 1);
    found.push(
        spot.expects("a column is no longer always present", edit, "column-became-optional").prepared(least(count)),
    );
    let inside = at(&tuple, move |columns| {
        columns.elements_mut()?.insert(0, column());
        Some(())
    });
    let inserted = spot.expects("a column is new before the others", both(inside, least(count + 1)), "columns-moved");
    // The columns after the new one have other positions.
    let is_used = |usage: &Usage| usage.side != Side::Unused;
    let wire = if spot.usages.iter().any(is_used) { Breaking } else { Safe };
    let inserted = inserted.expects_for("required-column-added", &spot.usages).but_there(|expected| {
        expected.wire = if spot.has(Side::Request) || spot.has(Side::Response) {
            wire
        } else {
            expected.wire.max(wire.min(venuekit_diff::Level::Risky))
        };
    });
    found.push(inserted.prepared(least(count)));
}

fn names(found: &mut Located<'_>, spot: &Spot) {
    for (index, column) in spot.schema.list("x-tuple").iter().enumerate() {
        let place = format!("{}/{index}", tuple(spot));
        let edit = set(&place, "name", Tree::text("renamedColumn"));
        let mutant = spot.expects("a column has another name", edit, "column-renamed");
        found.push(mutant.also(&["type-renamed"]));
        let edit = set(&place, "x-rust-name", Tree::text("renamed_column"));
        let mutant = spot.expects("a column has another name in Rust", edit, "field-renamed");
        found.push(mutant.also(&["type-renamed"]));
        // The name on the wire changes, and the name in Rust stays.
        let name = column.text("name").unwrap_or_default().to_owned();
        let edit = both(set(&place, "name", Tree::text("renamedColumn")), set(&place, "x-rust-name", Tree::text(name)));
        let kept = vec![Expected { source: Safe, ..expected_for("column-renamed", &spot.usages) }];
        let mutant = spot.changed("a column keeps its name in Rust", edit).expects_exactly(kept.clone(), kept);
        found.push(mutant.also(&["type-renamed"]));
    }
}
