//! Misspelled words of headings and of the heads of tables.

/// The least number of letters of a word that is corrected. A shorter word has too many neighbours.
const SHORTEST: usize = 5;

/// Returns the word of a list that a word most likely means: itself, or one that begins with the
/// same letter and differs by a slip. A slip is a letter that is missing, added, wrong, or swapped
/// with the next one. A long word may have two.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    if let Some(same) = known.iter().find(|own| **own == word) {
        return Some(same);
    }
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < SHORTEST || !letters.iter().all(char::is_ascii_lowercase) {
        return None;
    }
    let most = if letters.len() >= 9 { 2 } else { 1 };
    let slips = |own: &&str| {
        let other: Vec<char> = own.chars().collect();
        let is_near = other.len() >= SHORTEST && other.len().abs_diff(letters.len()) <= most;
        (is_near && other.first() == letters.first()).then(|| distance(&letters, &other))
    };
    let near = known.iter().filter_map(|own| Some((slips(own)?, *own)));
    near.filter(|(slips, _)| *slips <= most).min_by_key(|(slips, _)| *slips).map(|(_, own)| own)
}

/// Returns the number of slips between two words.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    for (i, letter) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, own) in other.iter().enumerate() {
            let mut least = (at(&row, j) + usize::from(letter != own)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let is_swapped = i > 0 && j > 0 && one.get(i - 1) == Some(own) && other.get(j - 1) == Some(letter);
            if is_swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    at(&row, other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_a_slip_is_the_word_that_it_means() {
        let known = ["parameter", "required", "description", "field", "default", "type", "response", "errors"];
        let read = |word| nearest(word, &known);
        for (word, meant) in [
            ("paramter", "parameter"),
            ("requierd", "required"),
            ("descripton", "description"),
            ("desciption", "description"),
            ("feild", "field"),
            ("defualt", "default"),
            ("respone", "response"),
            ("type", "type"),
        ] {
            assert_eq!(read(word), Some(meant), "{word}");
        }
        for word in ["tape", "orders", "request", "yield", "prescription", "说明", ""] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
