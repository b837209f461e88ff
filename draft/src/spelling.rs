//! Misspelled words of headings and of the heads of tables.

/// The least number of letters of a word that is corrected. A shorter word has too many neighbours,
/// so only two letters that are swapped are corrected in it.
const SHORTEST: usize = 5;

/// Returns the word of a list that a word most likely means: itself, or one that begins with the
/// same letter and differs by a slip. A slip is a letter that is missing, added, wrong, or swapped
/// with the next one. A long word may have two.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    if let Some(same) = known.iter().find(|own| **own == word) {
        return Some(same);
    }
    if !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return None;
    }
    if word.len() < SHORTEST {
        return known.iter().find(|own| is_swapped(word, own)).copied();
    }
    let most = if word.len() >= 9 { 2 } else { 1 };
    let begins = |own: &&&str| own.len() >= SHORTEST && own.bytes().next() == word.bytes().next();
    let near = known.iter().filter(begins).map(|own| (strsim::osa_distance(word, own), *own));
    near.filter(|(slips, _)| *slips <= most).min_by_key(|(slips, _)| *slips).map(|(_, own)| own)
}

/// Returns whether two words begin with the same letter, and differ in two letters that are swapped.
fn is_swapped(word: &str, known: &str) -> bool {
    let letters = |word: &str| {
        let mut letters = word.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    word.bytes().next() == known.bytes().next()
        && letters(word) == letters(known)
        && strsim::osa_distance(word, known) == 1
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
            ("tpye", "type"),
        ] {
            assert_eq!(read(word), Some(meant), "{word}");
        }
        for word in ["tape", "typo", "orders", "request", "yield", "prescription", "说明", ""] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
