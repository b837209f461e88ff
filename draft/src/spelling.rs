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
    if word.len() < SHORTEST || !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return None;
    }
    let most = if word.len() >= 9 { 2 } else { 1 };
    let begins = |own: &&&str| own.len() >= SHORTEST && own.bytes().next() == word.bytes().next();
    let near = known.iter().filter(begins).map(|own| (strsim::osa_distance(word, own), *own));
    near.filter(|(slips, _)| *slips <= most).min_by_key(|(slips, _)| *slips).map(|(_, own)| own)
}

/// Returns the word of a list that has the same first letter and the same letters in another order.
/// Another word can differ from a short one in a single letter, so no other slip is corrected.
pub(crate) fn swapped<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    known.iter().find(|own| own.chars().next() == word.chars().next() && letters(own) == letters(word)).copied()
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
        for word in ["tape", "typo", "orders", "request", "yield", "prescription", "说明", ""] {
            assert_eq!(read(word), None, "{word}");
        }
    }

    #[test]
    fn a_short_word_may_only_have_its_letters_swapped() {
        let read = |word| swapped(word, &["name", "type"]);
        assert_eq!((read("tpye"), read("naem"), read("type")), (Some("type"), Some("name"), Some("type")));
        for word in ["tape", "typo", "mean", "names", "nam", ""] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
