//! Finds the known meaning of a venue's error code.

use venuekit::meta::{ErrorCodeMeta, VenueMeta};
use venuekit::{ApiError, Error};

use crate::output::one_line;

/// Returns the known meaning of the code of an error; `None` if there is none. If the response has
/// no message, the meaning begins with the known message of the code.
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
        (Some(text), None) | (None, Some(text)) => Some(one_line(text)),
        (None, None) => None,
    }
}
