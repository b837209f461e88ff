//! Emits the rate limits of a venue: as a table, and for the documentation of operations.

use crate::model::{Api, Limit, Operation, Per, Source, Weight};

use super::markdown;

/// Returns a section about the rate limits; `None` if there are none.
pub(super) fn section(api: &Api) -> Option<String> {
    if api.limits.is_empty() {
        return None;
    }
    let mut text =
        "## Rate limits\n\nThe client keeps to these limits of the venue: it waits until a limit opens, or fails, as \
                    `throttle(..)` says. `client.limits()` returns the used part of each.\n\n\
                    | limit | per | window | admits | header with the used part | operations | source |\n\
                    |---|---|---|---|---|---|---|\n"
            .to_owned();
    for (index, limit) in api.limits.iter().enumerate() {
        let header = limit.header.as_deref().map(markdown::code).unwrap_or_default();
        let cells = [
            markdown::code(&limit.name),
            match limit.per {
                Per::Ip => "address",
                Per::Key => "key",
                Per::Connection => "connection",
            }
            .to_owned(),
            window(limit.window),
            format!("{} {}", limit.limit, unit(limit)),
            header,
            operations(api, index),
            source(&limit.sources),
        ];
        text.push_str(&markdown::row(&cells));
    }
    for limit in &api.limits {
        let Some(seconds) = limit.longest_closing else { continue };
        text.push_str(&format!(
            "\nAfter a 429 the venue may close {} for up to {}. The client waits for as long as the venue states, but not longer than that, unless \
             `max_limit_closing(..)` sets another maximum.\n",
            markdown::code(&limit.name),
            window(seconds)
        ));
    }
    if api.limits.iter().any(|limit| limit.counts_weight) {
        text.push_str("\nThe documentation of each operation states its weight.\n");
    }
    text.push('\n');
    Some(text)
}

fn unit(limit: &Limit) -> &'static str {
    if limit.counts_weight { "weight" } else { "requests" }
}

/// Returns a time in the largest unit of which it is a whole number: `5 minutes`.
fn window(seconds: u64) -> String {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60)];
    let (unit, size) = units.into_iter().find(|(_, size)| seconds.is_multiple_of(*size)).unwrap_or(("second", 1));
    match seconds / size {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

/// Returns the operations that count against a limit. If fewer operations do not, returns those as
/// exceptions.
fn operations(api: &Api, limit: usize) -> String {
    let (counted, free): (Vec<&Operation>, Vec<&Operation>) =
        api.operations.iter().partition(|operation| operation.limits.contains(&limit));
    let names = |operations: &[&Operation]| {
        operations.iter().map(|operation| format!("`{}`", operation.method_name)).collect::<Vec<_>>().join(", ")
    };
    match (counted.is_empty(), free.is_empty()) {
        (true, _) => "none".to_owned(),
        (false, true) => "all".to_owned(),
        _ if free.len() < counted.len() => format!("all but {}", names(&free)),
        _ => names(&counted),
    }
}

/// Returns the source of a limit: the document, or the other sources if the document does not state
/// the limit.
fn source(sources: &[Source]) -> String {
    if sources.is_empty() {
        return "the document".to_owned();
    }
    let names = |is_proof: bool| {
        let names =
            sources.iter().filter(|source| source.is_proof == is_proof).map(|source| markdown::inline(&source.name));
        names.collect::<Vec<_>>().join("; ")
    };
    let (proofs, hints) = (names(true), names(false));
    let mut text = "not in the document".to_owned();
    if !proofs.is_empty() {
        text.push_str(&format!("; the venue states it elsewhere: {proofs}"));
    }
    if !hints.is_empty() {
        text.push_str(&format!("; a source that is only a hint: {hints}"));
    }
    text
}

/// Returns the sentence about the limits that an operation counts against; `None` if the venue has
/// no limits.
pub(super) fn of_operation(api: &Api, operation: &Operation) -> Option<String> {
    let names =
        operation.limits.iter().filter_map(|index| api.limits.get(*index)).map(|limit| markdown::code(&limit.name));
    let names: Vec<String> = names.collect();
    match names.split_last() {
        _ if api.limits.is_empty() => None,
        None => Some("Counts against no [rate limit](crate#rate-limits).".to_owned()),
        Some((only, [])) => Some(format!("Counts against the [rate limit](crate#rate-limits) {only}.")),
        Some((last, others)) => {
            Some(format!("Counts against the [rate limits](crate#rate-limits) {} and {last}.", others.join(", ")))
        }
    }
}

/// Returns phrases about the weight of a call.
pub(super) fn weight(api: &Api, operation: &Operation) -> Vec<String> {
    let counts = operation.limits.iter().filter_map(|index| api.limits.get(*index)).any(|limit| limit.counts_weight);
    match &operation.weight {
        Weight::Fixed(1) if !counts => Vec::new(),
        Weight::Fixed(weight) => vec![format!("weight {weight}")],
        Weight::ByParameter { when_present, otherwise } => {
            let with = when_present.iter().filter_map(|(index, weight)| {
                let parameter = operation.parameters.get(*index)?;
                Some(format!("weight {weight} with `{}`", parameter.name))
            });
            with.chain([format!("else {otherwise}")]).collect()
        }
    }
}
