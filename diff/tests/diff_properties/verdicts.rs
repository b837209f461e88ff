//! Changes the specs in this repository in many places, and checks the reported changes. `EVERY=1`
//! tries all places; the default is a sample.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use venuekit_diff::{Comparison, rules};
use venuekit_json::Tree;

use crate::expect::{self, Expected};
use crate::mutants::{Documentation, Mutant, mutants, named_by_socket};
use crate::tree::TreeExt;
use crate::usages::{Map, Operation};
use crate::{Mirror, Real, compared, every, examples, faults, lines, rewrites, unmirrored};

#[test]
fn the_expected_effects_name_existing_rules() {
    assert_eq!(expect::unknown(), Vec::<&str>::new());
}

/// Rules that no mutant triggers. Mutants change a spec, and never add or remove one. The specs of
/// this repository have no place where the other rules apply.
const WITHOUT_MUTANT: [&str; 52] = [
    // No batch has a second list that could be counted.
    "batch-changed",
    // The limits per connection and the subscriptions of a spec need its socket.
    "socket-added",
    "socket-removed",
    // The types of the notifications come and go with the subscription.
    "subscription-added",
    "subscription-removed",
    "venue-added",
    "venue-removed",
    "keyword-changed",
    "requirement-added",
    "requirement-removed",
    "type-added",
    "type-removed",
    "type-replaced",
    "server-variable-value-added",
    "server-variable-value-removed",
    "server-prefix-moved",
    "webhook-added",
    "webhook-removed",
    "security-scheme-added",
    "security-scheme-removed",
    "security-scope-added",
    "security-scope-removed",
    "calls-by-position-allowed",
    "calls-by-position-refused",
    "calls-by-name-allowed",
    "calls-by-name-refused",
    "parameter-schema-added",
    "parameter-schema-removed",
    "header-style-changed",
    "header-schema-added",
    "header-schema-removed",
    "int64-stated",
    "int64-omitted",
    "other-properties-typed",
    "other-properties-untyped",
    "other-properties-kept",
    "other-properties-dropped",
    "other-properties-changed",
    "required-name-added",
    "required-name-removed",
    "alternatives-became-exclusive",
    "alternatives-became-inclusive",
    "discriminator-changed",
    "discriminator-value-added",
    "discriminator-value-removed",
    "discriminator-value-moved",
    "condition-added",
    "condition-removed",
    "condition-changed",
    "encoding-changed",
    "position-added",
    "position-removed",
];

#[test]
fn each_rule_is_expected_or_allowed_for_some_mutant() {
    let mut expected: BTreeSet<&str> = WITHOUT_MUTANT.into_iter().collect();
    for real in Real::all() {
        for mutant in mutants(&real.fitted()) {
            expected.extend(mutant.there.iter().chain(&mutant.back).map(|change| change.rule));
            // A mutant allows these rules, and does not require them.
            expected.extend(mutant.also);
        }
    }
    let never: Vec<_> = rules::all().map(|rule| rule.id).filter(|id| !expected.contains(id)).collect();
    assert!(never.is_empty(), "no mutant expects {never:?}");
}

/// Returns the differences between the reported changes and the expected changes.
fn faults_of(mutant: &Mutant, comparison: &Comparison, expected: &[Expected]) -> String {
    let mut faults = String::new();
    let mut left: Vec<Expected> = comparison
        .changes
        .iter()
        .map(|change| Expected { rule: change.rule.id, wire: change.wire.level, source: change.source.level })
        .collect();
    for wanted in expected {
        match left.iter().position(|change| change == wanted) {
            Some(at) => {
                left.remove(at);
            }
            None => {
                let _ = writeln!(faults, "  not found: {} {}/{}", wanted.rule, wanted.wire, wanted.source);
            }
        }
    }
    for more in left.iter().filter(|change| !mutant.also.contains(&change.rule)) {
        let _ = writeln!(faults, "  not expected: {} {}/{}", more.rule, more.wire, more.source);
    }
    if mutant.generated != comparison.names_compared() {
        let sides = [&comparison.old, &comparison.new].into_iter().flatten();
        let refused: String = sides.filter_map(|side| side.faults.as_ref()).map(ToString::to_string).collect();
        let _ = writeln!(
            faults,
            "  crates can be generated: {}, expected {}\n{refused}",
            comparison.names_compared(),
            mutant.generated
        );
    }
    let documented = match mutant.documentation {
        Documentation::Any => true,
        Documentation::Stays => comparison.documentation == 0,
        Documentation::Changes => comparison.documentation > 0,
    };
    if !documented {
        let _ = writeln!(faults, "  documentation: {}", comparison.documentation);
    }
    for change in comparison.changes.iter().filter(|change| expected.iter().any(|one| one.rule == change.rule.id)) {
        let operations: BTreeSet<String> = change.subject.operations.iter().cloned().collect();
        if let Some(wanted) = mutant.operations.as_ref().filter(|wanted| **wanted != operations) {
            let _ = writeln!(faults, "  {} touches {operations:?}, not {wanted:?}", change.rule.id);
        }
        let place = change.place.location.pointer.as_str();
        if mutant.elsewhere {
            continue;
        }
        if !place.starts_with(&mutant.place) && !mutant.place.starts_with(place) {
            let _ = writeln!(faults, "  {} is placed at {place}", change.rule.id);
        }
    }
    if !faults.is_empty() {
        faults.push_str(&lines(comparison));
    }
    faults
}

/// Returns the documents to change: the whole spec if all places are tried. Otherwise it returns
/// documents with a few operations each, which is quicker.
fn bases(real: &Real) -> Vec<Tree> {
    let whole = real.fitted();
    if every() == 1 {
        return vec![rewrites::with_unused(&whole)];
    }
    let map = Map::of(&whole);
    let time = whole.get("x-server-time").and_then(|time| time.text("operation"));
    let tells_time = |operation: &&Operation| time == Some(operation.name.as_str());
    let slice = |operations: &[Operation]| {
        let named = named_by_socket(&whole, operations);
        let is_named = |operation: &&Operation| named.contains(&operation.name.as_str());
        let kept = operations.iter().chain(map.operations.iter().filter(|it| tells_time(it) || is_named(it)));
        rewrites::slice(&whole, &kept.map(|operation| operation.pointer.clone()).collect::<Vec<_>>())
    };
    map.operations.chunks(3).map(|operations| rewrites::with_unused(&slice(operations))).collect()
}

/// Returns the indices of the changes to try: a sample, with the first of each kind that is not in
/// `known`. The environment variable `ONLY` restricts the kinds.
fn chosen(all: &[Mutant], known: &mut BTreeSet<&'static str>) -> Vec<usize> {
    let (every, only) = (every(), std::env::var("ONLY").unwrap_or_default());
    let wanted = |(index, mutant): &(usize, &Mutant)| {
        mutant.kind.contains(&only) && (known.insert(mutant.kind) || index % every == 0)
    };
    all.iter().enumerate().filter(wanted).map(|(index, _)| index).collect()
}

/// Returns the differences between the reported and the expected changes, in both directions.
fn tried(file: &str, base: &Tree, mutant: &Mutant) -> String {
    let mut old = base.clone();
    mutant.prepare(&mut old).expect("the mutant should apply to its base");
    let mut new = old.clone();
    mutant.edit(&mut new).expect("the mutant should apply to its base");
    if !mutant.fits {
        examples::replace_examples(&mut old);
        examples::replace_examples(&mut new);
    }
    // A few operations do not use all limits and schemes, and a change of one key can leave another
    // one without effect. That is an error only in a strict document.
    if mutant.generated {
        [&mut old, &mut new].into_iter().for_each(|document| drop(document.remove("x-strict")));
    }
    let (old, new) = (old.to_json(), new.to_json());
    let (there, back) = (compared(file, &old, &new), compared(file, &new, &old));
    let mut fault = String::new();
    for (direction, comparison, expected) in [("there", &there, &mutant.there), ("back", &back, &mutant.back)] {
        let found = faults_of(mutant, comparison, expected);
        if !found.is_empty() {
            let _ = write!(fault, " {direction}:\n{found}");
        }
    }
    fault.push_str(&unmirrored(&there, &back, Mirror::Exact));
    fault
}

/// `ONLY=column` tries only the kinds whose name contains `column`.
#[test]
fn each_change_is_found_with_its_verdict_and_has_its_opposite() {
    let mut known = BTreeSet::new();
    let mut chosen = |real: &Real| -> Vec<_> {
        let indices = |base: &Tree| chosen(&mutants(base), &mut known);
        bases(real).iter().map(indices).collect()
    };
    let chosen: BTreeMap<String, Vec<Vec<usize>>> =
        Real::all().iter().map(|real| (real.file.clone(), chosen(real))).collect();
    let faults = faults(|real| {
        // A few faults of each kind are enough to find the cause.
        let mut found: BTreeMap<&str, (usize, String)> = BTreeMap::new();
        for (base, indices) in bases(real).iter().zip(&chosen[&real.file]) {
            let all = mutants(base);
            for mutant in indices.iter().map(|index| &all[*index]) {
                let fault = tried(&real.file, base, mutant);
                if !fault.is_empty() {
                    let (count, first) = found.entry(mutant.kind).or_default();
                    *count += 1;
                    if *count <= 3 {
                        let _ = writeln!(first, "{}: {} at {}\n{fault}", real.file, mutant.kind, mutant.place);
                    }
                }
            }
        }
        found.iter().map(|(kind, (count, first))| format!("==== {kind}, {count} times\n{first}")).collect()
    });
    assert!(faults.is_empty(), "{faults}");
}
