//! The weight of a call.

use std::collections::{BTreeMap, HashMap};

use venuekit_codegen::model::{Operation, Weight};

use crate::rules::{self, Rule};

/// Weights by the parameter that is present, and the weight without any of them.
type Weights = (BTreeMap<String, u32>, u32);

/// Returns the rule for a changed weight of a call. `names` are the new names of parameters by
/// their old names.
pub(super) fn weight_rule(old: &Operation, new: &Operation, names: &HashMap<&str, &str>) -> Option<&'static Rule> {
    let ((old, old_otherwise), (new, new_otherwise)) = (weights(old, names), weights(new, &HashMap::new()));
    let parameters: Vec<&String> = old.keys().chain(new.keys()).collect();
    let weight = |weights: &BTreeMap<String, u32>, otherwise: u32, present: [&String; 2]| {
        present.iter().filter_map(|name| weights.get(*name)).max().copied().unwrap_or(otherwise)
    };
    let mut steps = vec![(old_otherwise, new_otherwise)];
    // The heaviest parameter decides, so pairs of parameters show all differences.
    for one in &parameters {
        let pairs = parameters.iter().map(|other| [*one, *other]);
        steps.extend(pairs.map(|present| (weight(&old, old_otherwise, present), weight(&new, new_otherwise, present))));
    }
    let is_more = steps.iter().any(|(before, after)| after > before);
    let is_less = steps.iter().any(|(before, after)| after < before);
    match (is_more, is_less) {
        (true, true) => Some(&rules::WEIGHT_CHANGED),
        (true, false) => Some(&rules::WEIGHT_RAISED),
        (false, true) => Some(&rules::WEIGHT_LOWERED),
        (false, false) => None,
    }
}

fn weights(operation: &Operation, names: &HashMap<&str, &str>) -> Weights {
    match &operation.weight {
        Weight::Fixed(weight) => (BTreeMap::new(), *weight),
        Weight::ByParameter { when_present, otherwise } => {
            let by_name = |(index, weight): &(usize, u32)| {
                let name = operation.parameters.get(*index)?.wire.as_str();
                Some((names.get(name).copied().unwrap_or(name).to_owned(), *weight))
            };
            (when_present.iter().filter_map(by_name).collect(), *otherwise)
        }
    }
}

/// Returns `5 with symbol, else 10`.
pub(super) fn weight_text(operation: &Operation) -> String {
    let (weights, otherwise) = weights(operation, &HashMap::new());
    let weights: Vec<String> = weights.iter().map(|(name, weight)| format!("{weight} with {name}")).collect();
    if weights.is_empty() { otherwise.to_string() } else { format!("{}, else {otherwise}", weights.join(", ")) }
}
