//! Finds the known meaning of a venue's error code.

use venuekit::meta::{ErrorCodeMeta, VenueMeta};
use venuekit::{ApiError, Error};

use crate::output::one_line;

/// Returns the known meaning of the code of an error; `None` if there is none. If the response has
/// no message, the meaning begins with the known message of the code. Sentences about the message
/// of the response come before the others.
pub(crate) fn meaning(venue: &VenueMeta, error: &Error) -> Option<String> {
    let stated = error.api_error()?;
    let meanings = venue.meanings(stated).into_iter().filter_map(|known| text(known, stated));
    let meanings: Vec<String> = meanings.collect();
    (!meanings.is_empty()).then(|| meanings.join(" Or: "))
}

fn text(known: &ErrorCodeMeta, stated: &ApiError) -> Option<String> {
    let message = known.message.filter(|_| stated.message().is_none());
    match (message, known.description) {
        (Some(message), Some(description)) => {
            Some(format!("{}: {}", one_line(message).trim_end_matches('.'), one_line(description)))
        }
        (Some(message), None) => Some(one_line(message)),
        (None, Some(description)) => Some(fitting_first(&one_line(description), stated.message())),
        (None, None) => None,
    }
}

/// Returns a description with the sentences that quote the venue's message before the others.
fn fitting_first(description: &str, message: Option<&str>) -> String {
    let Some(message) = message else { return description.to_owned() };
    let quoted = format!("`{message}`");
    let mut sentences: Vec<&str> = Vec::new();
    let mut rest = description;
    while let Some(end) = end_of_sentence(rest) {
        let (sentence, after) = rest.split_at(end);
        sentences.push(sentence);
        rest = after.trim_start();
    }
    sentences.push(rest);
    sentences.sort_by_key(|sentence| !sentence.contains(&quoted));
    sentences.join(" ")
}

/// Returns the place behind the full stop of the first sentence; `None` for the last sentence.
fn end_of_sentence(text: &str) -> Option<usize> {
    let ends = text.match_indices(". ").map(|(at, _)| at + 1);
    let begins_next = |end: &usize| text.get(end + 1..).is_some_and(|next| next.starts_with(char::is_uppercase));
    ends.into_iter().find(begins_next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_about_the_message_of_the_response_comes_first() {
        let about = "A timeout, e.g. of 3 s. In a cancel: no order. With `Not found` it is gone. Look it up.";
        for (message, expected) in [
            (
                Some("Not found"),
                "With `Not found` it is gone. A timeout, e.g. of 3 s. In a cancel: no order. Look it up.",
            ),
            (Some("found"), about),
            (None, about),
        ] {
            assert_eq!(fitting_first(about, message), expected, "{message:?}");
        }
        assert_eq!(fitting_first("", Some("x")), "");
    }
}
