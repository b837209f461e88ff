//! Finds the known name that a misspelled name most likely means.
//!
//! Callers pass only names that would be accepted in place of the misspelled one.

use super::findings::{HERE, Later};
use super::node::json_text;
use crate::diagnostic::{Change, Help};

/// The longest name that is compared, in bytes.
const LONGEST: usize = 64;

/// The maximum number of typing errors by which a similar name may differ.
const MOST_SLIPS: usize = 4;

/// Returns the candidate nearest to `word`, if one is near enough.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let lower: Vec<char> = word.to_lowercase().chars().collect();
    let tolerance = (lower.len() / 3).clamp(1, MOST_SLIPS);
    // A character has up to four bytes.
    let lengths = (word.len().saturating_sub(tolerance * 4), word.len() + tolerance * 4);
    candidates
        .into_iter()
        .filter(|candidate| (lengths.0..=lengths.1).contains(&candidate.len()))
        .filter_map(|candidate| {
            let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
            Some((slips(&lower, &other, tolerance)?, candidate))
        })
        .min_by_key(|(distance, candidate)| (*distance, candidate.chars().next() != word.chars().next()))
        .map(|(_, candidate)| candidate)
}

/// Returns the help "did you mean `x`?" for a value, or `otherwise` if nothing is near.
pub(super) fn did_you_mean<'a, O: Into<Help>>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: O,
) -> Later<impl FnOnce() -> Help> {
    Later(move || match nearest(word, candidates) {
        Some(near) => question(near, Change::Set(json_text(near))),
        None => otherwise.into(),
    })
}

/// Returns the help "did you mean `x`?" for a key, or `otherwise` if nothing is near.
pub(super) fn did_you_mean_key<'a, O: Into<Help>>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: O,
) -> Later<impl FnOnce() -> Help> {
    Later(move || match nearest(word, candidates) {
        Some(near) => question(near, Change::Rename(near.to_owned())),
        None => otherwise.into(),
    })
}

pub(super) fn question(near: &str, change: Change) -> Help {
    Help::from(format!("did you mean `{near}`?")).with(HERE, change)
}

/// Counts the typing errors that lead from `a` to `b`: characters that are inserted, left out,
/// replaced, or swapped with a neighbour. Returns `None` if there are more than `tolerance`.
fn slips(a: &[char], b: &[char], tolerance: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > tolerance {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (i, &ca) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut previous_b = None;
        for (j, &cb) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&last, j) + usize::from(ca != cb)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            if previous_a == Some(cb) && previous_b == Some(ca) && j > 0 {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
            previous_b = Some(cb);
        }
        // The smallest distance in a row is never lower than the smallest one in the two rows
        // before it.
        if row.iter().chain(&last).all(|distance| *distance > tolerance) {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
        previous_a = Some(ca);
    }
    last.last().copied().filter(|distance| *distance <= tolerance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_a_typing_error_means_is_found() {
        let keys = ["required", "properties", "type", "operationId", "x-weight"];
        for (typo, meant) in [
            ("requred", "required"),
            ("propertis", "properties"),
            ("tpye", "type"),
            ("operationID", "operationId"),
            ("x-wieght", "x-weight"),
        ] {
            assert_eq!(nearest(typo, keys), Some(meant), "{typo}");
        }
    }

    #[test]
    fn a_name_that_is_far_from_all_others_has_no_nearest() {
        assert_eq!(nearest("colour", ["required", "type"]), None);
        assert_eq!(nearest("", ["type"]), None);
        assert_eq!(nearest("type", []), None);
    }

    #[test]
    fn long_names_are_not_compared() {
        let word = "a".repeat(10_000_000);
        assert_eq!(nearest(&word, [word.as_str()]), None);
        assert_eq!(nearest("aaaa", [word.as_str()]), None);
    }
}
