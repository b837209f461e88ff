//! Redacts the texts of the source of an error.

use std::error::Error as StdError;
use std::fmt;

use super::outcome::BoxError;
use crate::printable::Line;
use crate::redact::Blotter;

/// Returns the source, or redacted texts in its place.
///
/// A text is redacted if it has a secret of the request or control characters, or is too long. If
/// no text of the first 16 errors in the chain of sources has to be redacted, the source is
/// returned unchanged, so that callers can match its type. Otherwise, a chain of the redacted texts
/// replaces it.
pub(super) fn redacted_source(source: BoxError, blotter: &Blotter) -> BoxError {
    const MOST: usize = 2 << 10;
    const DEEPEST: usize = 16;
    let causes =
        || std::iter::successors(Some(&*source as &(dyn StdError + 'static)), |error| StdError::source(*error));
    let shown = |text: &str| Line(&blotter.blot(text, MOST), MOST).to_string();
    let can_be_shown = |text: String| shown(&text) == text;
    let is_harmless =
        causes().take(DEEPEST).all(|error| can_be_shown(error.to_string()) && can_be_shown(format!("{error:?}")));
    if is_harmless {
        return source;
    }
    let texts: Vec<String> = causes().take(DEEPEST).map(|error| shown(&error.to_string())).collect();
    let chain = texts.into_iter().rev().fold(None, |source, text| Some(Box::new(RedactedSource { text, source })));
    chain.map_or(source, |chain| chain as BoxError)
}

/// The redacted text of an error.
struct RedactedSource {
    text: String,
    source: Option<Box<Self>>,
}

impl fmt::Display for RedactedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RedactedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", Line(&self.text, usize::MAX))
    }
}

impl StdError for RedactedSource {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
