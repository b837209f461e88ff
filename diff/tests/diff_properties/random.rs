//! Makes several changes at once, and random changes.

use std::fmt::Write as _;

use fastrand::Rng;
use venuekit_codegen::model::{self, Api, CodeRule, Condition, Operation, Protocol, Weight};
use venuekit_diff::{Comparison, Spec, compare};

use crate::mutants::{self, Mutant, mutants};
use crate::surface::Surface;
use crate::{Mirror, compared, every, examples, faults, lines, runs, unmirrored, wild};

/// Returns the parts of a model that matter to users, in a fixed order and without texts of
/// schemas, places and examples.
fn relevant(mut api: Api) -> Api {
    api.component_schemas.clear();
    api.examples.clear();
    // The signer knows where the schemes are sent; the generated crate does not.
    api.security_schemes.clear();
    sort_codes(&mut api.unknown_codes);
    sort_codes(&mut api.clock_codes);
    sort_codes(&mut api.refused_codes);
    let shared = api.error_shape.failed_when.clone();
    sort_conditions(&mut api.error_shape.failed_when);
    let ordered = api.parameter_order_significant || api.protocol != Protocol::Http;
    for operation in &mut api.operations {
        if !ordered {
            sort_parameters(operation);
        }
        if let Weight::ByParameter { when_present, otherwise } = &operation.weight
            && when_present.iter().all(|(_, weight)| weight == otherwise)
        {
            operation.weight = Weight::Fixed(*otherwise);
        }
        operation.pointer.clear();
        operation.response_schema = None;
        operation.error_codes.sort_by(|a, b| a.code.cmp(&b.code));
        for codes in [
            &mut operation.done_codes,
            &mut operation.gone_codes,
            &mut operation.unknown_codes,
            &mut operation.refused_codes,
        ] {
            sort_codes(codes);
        }
        operation.unknown_statuses.sort_unstable();
        // An operation also has the conditions of the API. If two conditions have the same test,
        // the operation's own condition decides.
        let own = operation.failed_when.clone();
        let others = shared.iter().filter(|one| !own.iter().any(|other| other.is_same_test(one)));
        operation.failed_when.extend(others.cloned());
        sort_conditions(&mut operation.failed_when);
        sort_constraints(&mut operation.constraints);
        for parameter in &mut operation.parameters {
            parameter.schema.clear();
            parameter.example = None;
        }
        if let Some(body) = &mut operation.body {
            body.schema.clear();
            body.example = None;
        }
    }
    let mut types = api.types.to_vec();
    for def in &mut types {
        def.pointer.clear();
        sort_constraints(&mut def.constraints);
        match &mut def.kind {
            model::TypeKind::Struct(fields) => fields.sort_by(|a, b| a.wire.cmp(&b.wire)),
            model::TypeKind::Enum { variants, .. } => variants.sort_by(|a, b| a.wire.cmp(&b.wire)),
            model::TypeKind::Either(alternatives) => alternatives.sort_by(|a, b| a.name.cmp(&b.name)),
            _ => {}
        }
    }
    api.operations.sort_by(|a, b| a.id.cmp(&b.id));
    types.sort_by(|a, b| a.name.cmp(&b.name));
    api.types = types.into();
    api
}

/// Sorts codes, because their order has no meaning.
fn sort_codes(codes: &mut [CodeRule]) {
    codes.sort_by_key(ToString::to_string);
}

/// Sorts conditions. A separate rule covers the order of conditions that can disagree.
fn sort_conditions(conditions: &mut [Condition]) {
    conditions.sort_by_key(ToString::to_string);
}

/// Sorts constraints, their values and the scalars of their cases.
fn sort_constraints(constraints: &mut [model::Constraint]) {
    for constraint in &mut *constraints {
        constraint.pointer.clear();
        match &mut constraint.rule {
            model::Rule::Count(_, values) => values.sort(),
            model::Rule::Needed(values, when) => {
                values.sort();
                if let model::When::Equals(cases) = when {
                    cases.sort();
                    cases.iter_mut().for_each(|(_, scalars)| scalars.sort());
                }
            }
        }
    }
    constraints.sort_by_key(ToString::to_string);
}

/// Sorts parameters by name. Weights refer to the index of a parameter, so they are adjusted.
fn sort_parameters(operation: &mut Operation) {
    let before: Vec<String> = operation.parameters.iter().map(|parameter| parameter.wire.clone()).collect();
    operation.parameters.sort_by(|a, b| a.wire.cmp(&b.wire));
    if let Weight::ByParameter { when_present, .. } = &mut operation.weight {
        for (index, _) in when_present {
            let moved = operation.parameters.iter().position(|parameter| parameter.wire == before[*index]);
            *index = moved.expect("it is still there");
        }
    }
}

/// Returns the changes that matter to users and that the comparison does not report.
fn missing_changes(file: &str, old: &str, new: &str, there: &Comparison, back: &Comparison) -> String {
    let mut faults = String::new();
    let (Ok(before), Ok(after)) = (
        venuekit_codegen::read(&venuekit_codegen::Spec::new(file, old).deny_warnings()),
        venuekit_codegen::read(&venuekit_codegen::Spec::new(file, new).deny_warnings()),
    ) else {
        return faults;
    };
    let (before, after) = (relevant(before), relevant(after));
    let texts = |api: &Api| (model::outline(api), format!("{api:#?}"));
    let (said, says) = (texts(&before), texts(&after));
    if said != says && (there.is_empty() || back.is_empty()) {
        let ((_, before), (_, after)) = (&said, &says);
        let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
        let same = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
        let from = same.saturating_sub(12);
        let some = |lines: &[&str]| lines.iter().skip(from).take(20).copied().collect::<Vec<_>>().join("\n");
        let _ = writeln!(
            faults,
            "  the crate changes, and no change is reported:\n{}\n--\n{}",
            some(&before),
            some(&after)
        );
    }
    let (before, after) = (Surface::of(&before), Surface::of(&after));
    for (direction, lost, comparison) in [("there", before.lost(&after), there), ("back", after.lost(&before), back)] {
        if !lost.is_empty() && comparison.source().breaking == 0 {
            let _ = writeln!(
                faults,
                "  {direction}, programs may break, and no change is reported: {lost:#?}\n{}",
                lines(comparison)
            );
        }
    }
    faults
}

/// Compares in both directions. Returns the changes that are missing or not mirrored.
fn checked(file: &str, old: &str, new: &str) -> String {
    let (there, back) = (compared(file, old, new), compared(file, new, old));
    let mut found = missing_changes(file, old, new, &there, &back);
    found.push_str(&unmirrored(&there, &back, Mirror::Exact));
    found
}

#[test]
fn several_changes_at_once_are_mirrored_and_none_is_lost() {
    let faults = faults(|real| {
        let mut faults = String::new();
        let base = real.fitted();
        let all = mutants(&base);
        for seed in 0..runs(5) {
            let mut rng = Rng::with_seed(seed);
            let count = rng.usize(2..=5);
            let picked: Vec<&Mutant> = (0..count).filter_map(|_| mutants::at_random(&all, &mut rng)).collect();
            let mut old = base.clone();
            let picked: Vec<&Mutant> = picked.into_iter().filter(|mutant| mutant.prepare(&mut old).is_some()).collect();
            let mut new = old.clone();
            let mut made = String::new();
            for mutant in picked {
                let before = new.clone();
                match mutant.edit(&mut new) {
                    Some(()) => {
                        let _ = writeln!(made, "  {} at {}", mutant.kind, mutant.place);
                    }
                    // An earlier change removed the place of this change.
                    None => new = before,
                }
            }
            examples::replace_examples(&mut old);
            examples::replace_examples(&mut new);
            let found = checked(&real.file, &old.to_json(), &new.to_json());
            if !found.is_empty() {
                let _ = writeln!(faults, "{}, seed {seed}:\n{made}{found}", real.file);
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn every_change_of_a_crate_is_found() {
    let faults = faults(|real| {
        let mut faults = String::new();
        let base = real.fitted();
        let old = base.to_json();
        for seed in 0..runs(15) {
            let mut rng = Rng::with_seed(seed);
            let mut new = base.clone();
            let places: Vec<String> = (0..rng.usize(1..3)).filter_map(|_| wild::gentle(&mut new, &mut rng)).collect();
            examples::replace_examples(&mut new);
            let new = new.to_json();
            // After a random change, often no crate can be generated from the spec.
            if places.is_empty()
                || venuekit_codegen::read(&venuekit_codegen::Spec::new(&real.file, &new).deny_warnings()).is_err()
            {
                continue;
            }
            let found = checked(&real.file, &old, &new);
            if !found.is_empty() {
                let _ = writeln!(faults, "{}, seed {seed}, {places:?}:\n{found}", real.file);
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn damaged_specs_are_compared_or_refused() {
    let faults = faults(|real| {
        let mut faults = String::new();
        let tree = real.tree();
        for seed in 0..runs(5) {
            let mut rng = Rng::with_seed(seed);
            let mut damaged = || {
                let mut damaged = tree.clone();
                for _ in 0..rng.usize(1..30) {
                    wild::wild(&mut damaged, &mut rng);
                }
                damaged.to_json()
            };
            let (first, second) = (damaged(), damaged());
            for (old, new) in [(&real.text, &first), (&first, &second)] {
                let ended = std::panic::catch_unwind(|| both_ways(&real.file, old, new));
                let fault = ended.unwrap_or_else(|_| "  it panics\n".to_owned());
                if !fault.is_empty() {
                    let _ = writeln!(faults, "{}, seed {seed}:\n{fault}", real.file);
                }
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn specs_that_lost_a_line_are_compared_or_refused() {
    let faults = faults(|real| {
        let mut faults = String::new();
        let lines: Vec<&str> = real.text.lines().collect();
        for lost in (0..lines.len()).step_by(every().div_ceil(5)) {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, line)| *line);
            let without = kept.collect::<Vec<_>>().join("\n");
            let ended = std::panic::catch_unwind(|| both_ways(&real.file, &real.text, &without));
            let fault = ended.unwrap_or_else(|_| "  it panics\n".to_owned());
            if !fault.is_empty() {
                let _ = writeln!(faults, "{} without line {}:\n{fault}", real.file, lost + 1);
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{faults}");
}

/// Returns a fault unless the documents are refused in both directions, or have opposite changes.
fn both_ways(file: &str, old: &str, new: &str) -> String {
    let [old, new] = [old, new].map(|text| Spec::new(file, text));
    match (compare(Some(&old), Some(&new)), compare(Some(&new), Some(&old))) {
        (Ok(there), Ok(back)) => unmirrored(&there, &back, Mirror::Kinds),
        (Err(_), Err(_)) => String::new(),
        _ => "  it is refused in one direction only\n".to_owned(),
    }
}
