//! Redacts the texts of the source of an error.

use std::error::Error as StdError;
use std::fmt;

use super::outcome::BoxError;
use crate::printable::Line;
use crate::redact::Blotter;

/// Returns the source, or redacted texts in its place.
///
/// A text is redacted if it has a secret of the request or control characters, or is too long. If
/// no text in the chain of sources has to be redacted, the source is returned unchanged, so that
/// callers can match its type. Otherwise, a chain of the redacted texts replaces it. A chain of
/// more than 16 errors is always replaced, and its further texts are left out.
pub(super) fn redacted_source(source: BoxError, blotter: &Blotter) -> BoxError {
    const MOST: usize = 2 << 10;
    const DEEPEST: usize = 16;
    let causes =
        || std::iter::successors(Some(&*source as &(dyn StdError + 'static)), |error| StdError::source(*error));
    let shown = |text: &str| Line(&blotter.blot(text, MOST), MOST).to_string();
    let can_be_shown = |text: String| shown(&text) == text;
    let is_short = causes().nth(DEEPEST).is_none();
    if is_short && causes().all(|error| can_be_shown(error.to_string()) && can_be_shown(format!("{error:?}"))) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Secrets;

    /// Returns a chain of harmless texts, with this text at its end.
    fn chain(harmless: usize, last: &str) -> BoxError {
        let mut chain = Box::new(RedactedSource { text: last.to_owned(), source: None });
        for _ in 0..harmless {
            chain = Box::new(RedactedSource { text: "harmless".to_owned(), source: Some(chain) });
        }
        chain
    }

    #[test]
    fn a_secret_is_not_shown_at_any_depth_of_a_chain() {
        let mut secrets = Secrets::default();
        secrets.add("secret-of-the-test");
        for harmless in [0, 1, 15, 16, 17, 40] {
            let mut error: Option<&(dyn StdError + 'static)> = None;
            let redacted = redacted_source(chain(harmless, "it is secret-of-the-test"), &secrets.blotter());
            error.replace(&*redacted);
            let mut depth = 0;
            while let Some(cause) = error {
                assert!(!cause.to_string().contains("secret-of"), "{harmless}, {depth}: {cause}");
                (error, depth) = (cause.source(), depth + 1);
            }
            assert!(depth > harmless.min(15), "{harmless}: {depth} texts are left");
        }
    }
}
