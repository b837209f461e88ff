//! Fingerprints by which a change is found again in a later report.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::comparison::{Change, Comparison};

/// Returns the fingerprint of each change: 16 hexadecimal digits.
///
/// A fingerprint depends on the venue, the rule, the changed part and its values. It does not
/// depend on lines, files, verdicts or other changes. Of several changes that agree in all of
/// these, each has its own fingerprint, by its position among them.
#[must_use]
pub fn fingerprints(comparison: &Comparison) -> Vec<String> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let changes = comparison.changes.iter();
    changes
        .map(|change| {
            let first = fingerprint(&comparison.venue, change, 0);
            let before = known.entry(first.clone()).or_default();
            let position = *before;
            *before += 1;
            if position == 0 { first } else { fingerprint(&comparison.venue, change, position) }
        })
        .collect()
}

fn fingerprint(venue: &str, change: &Change, position: usize) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        // The length keeps `ab`, `c` apart from `a`, `bc`.
        hash.update(text.len().to_string());
        hash.update(":");
        hash.update(text);
    };
    add(venue);
    add(change.rule.id);
    // Operations that use a schema come and go without changing the schema.
    match &change.subject.schema {
        Some(schema) => add(&format!("schema {schema}")),
        None => change.subject.operations.first().into_iter().for_each(|operation| add(operation)),
    }
    add(&change.subject.within);
    for value in [&change.was, &change.is] {
        add(value.as_ref().map_or("none", |_| "some"));
        add(value.as_deref().unwrap_or_default());
    }
    add(&position.to_string());
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
