//! "Did you mean": the known word that is the fewest slips of the pen away.

/// The candidate nearest to `word`, if one is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let tolerance = (lower.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (slips(&lower, &candidate.to_lowercase(), tolerance), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, candidate)| (*distance, candidate.chars().next() != word.chars().next()))
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", or what to do where nothing is near.
pub(super) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl Into<String>,
) -> String {
    nearest(word, candidates).map_or_else(|| otherwise.into(), |near| format!("did you mean `{near}`?"))
}

/// How many characters were inserted, left out, mistaken or swapped with a neighbour; words that differ by more than
/// `tolerance` in length alone are not compared.
fn slips(a: &str, b: &str, tolerance: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > tolerance {
        return usize::MAX;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (i, &ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
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
        before_last = std::mem::replace(&mut last, row);
        previous_a = Some(ca);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_found() {
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
    fn what_is_far_from_all_is_near_to_none() {
        assert_eq!(nearest("colour", ["required", "type"]), None);
        assert_eq!(nearest("", ["type"]), None);
        assert_eq!(nearest("type", []), None);
    }
}
