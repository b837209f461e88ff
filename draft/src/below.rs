//! The access that sentences state for the operations below a path: "every call under `/me` needs
//! a key", "paths that begin with /private are signed".

use crate::calls::METHODS;
use crate::facts::Access;
use crate::inline;
use crate::paths;

/// Words before a path that stand for all paths below it.
const LEADS: [&str; 17] = [
    "under",
    "below",
    "beneath",
    "inside",
    "within",
    "behind",
    "begin",
    "begins",
    "beginning",
    "start",
    "starts",
    "starting",
    "prefix",
    "prefixed",
    "prefixes",
    "everything",
    "anything",
];

/// Words before a path to which a statement does not apply.
const EXCEPT: [&str; 5] = ["except", "excluding", "excepting", "apart", "besides"];

/// Nouns for what a statement is about.
const NOUNS: [&str; 20] = [
    "call",
    "calls",
    "request",
    "requests",
    "endpoint",
    "endpoints",
    "route",
    "routes",
    "path",
    "paths",
    "operation",
    "operations",
    "method",
    "methods",
    "resource",
    "resources",
    "url",
    "urls",
    "everything",
    "anything",
];

/// The maximum number of words between such a word and the path.
const NEAR: usize = 4;

/// The access of the operations below a path. The path is empty if it is that of all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Below {
    pub(crate) path: String,
    pub(crate) access: Access,
}

impl Below {
    /// Returns the number of segments of the path, if an operation is below it.
    pub(crate) fn fits(&self, path: &str) -> Option<usize> {
        let segments = |path: &str| -> Vec<String> {
            let own = path.split('/').filter(|own| !own.is_empty());
            own.map(|own| if paths::is_parameter(own) { "{}".to_owned() } else { own.to_lowercase() }).collect()
        };
        let (own, other) = (segments(&self.path), segments(path));
        (!own.is_empty() && other.starts_with(&own)).then_some(own.len())
    }
}

/// Reads a sentence about the operations below one or several paths.
pub(crate) fn of_sentence(sentence: &str) -> Vec<Below> {
    let lower = inline::plain(sentence).to_lowercase();
    let Some(access) = stated(&lower) else { return Vec::new() };
    let plain = inline::plain(sentence);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let mut out: Vec<Below> = Vec::new();
    let mut goes_on = false;
    for (at, word) in words.iter().enumerate() {
        let Some((path, is_pattern)) = path_in(word) else { continue };
        let before: Vec<String> =
            words.get(at.saturating_sub(NEAR)..at).unwrap_or_default().iter().map(|own| bare(own)).collect();
        let is_route = before.last().is_some_and(|own| METHODS.contains(&own.to_uppercase().as_str()));
        let has = |all: &[&str]| before.iter().any(|own| all.contains(&own.as_str()));
        // "under `/me` and `/orders`"
        let is_about = words.get(..at).unwrap_or_default().iter().any(|own| NOUNS.contains(&bare(own).as_str()));
        let leads = is_pattern || has(&LEADS) && is_about || goes_on && has(&["and", "or"]);
        goes_on = leads && !is_route;
        if !goes_on {
            continue;
        }
        let is_exception = has(&EXCEPT);
        let opposite = if access == Access::Public { Access::Signed } else { Access::Public };
        if is_exception && !out.iter().any(|own| own.path.is_empty()) {
            out.push(Below { path: String::new(), access });
        }
        out.push(Below { path, access: if is_exception { opposite } else { access } });
    }
    out
}

/// Reads a path, and whether it is a pattern: `/private/*`, or `/private/` after its star is gone
/// with the other markup.
fn path_in(word: &str) -> Option<(String, bool)> {
    let word = word.trim_start_matches(['(', '"', '\'', '“', '[']);
    let word = word.trim_end_matches([')', '"', '\'', '”', ']', ',', ';', ':', '.', '!']);
    let path = word.trim_end_matches(['*', '.', '…', '/']);
    let is_path = path.starts_with('/')
        && path.chars().nth(1).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '{' | '<' | ':'))
        && path.chars().all(|c| c.is_ascii_alphanumeric() || "/{}<>:_-.~".contains(c));
    is_path.then(|| (path.to_owned(), word.len() > path.len()))
}

/// Returns the access that a sentence states.
fn stated(lower: &str) -> Option<Access> {
    let contains = |all: &[&str]| all.iter().any(|part| lower.contains(part));
    let words = inline::words(lower);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    if has(&["may", "can", "optional", "optionally", "if"]) {
        return None;
    }
    // A rate names the key that it is for.
    let is_rate = lower.contains(|c: char| c.is_ascii_digit()) && contains(&["per second", "per minute", "/s", "/min"]);
    if is_rate {
        return None;
    }
    let credential = [
        "authentication",
        "authenticated",
        "auth",
        "authorization",
        "signature",
        "signatures",
        "signed",
        "signing",
        "key",
        "keys",
        "token",
        "credentials",
    ];
    let denies = contains(&["not need", "not require", "n't need", "n't require", "without", "unauthenticated"])
        || words.windows(3).any(|own| match own {
            [no, second, third] => no == "no" && [second, third].iter().any(|own| credential.contains(&own.as_str())),
            _ => false,
        });
    if denies && has(&credential) || contains(&["are public", "is public", "are open", "is open", "unauthenticated"]) {
        return Some(Access::Public);
    }
    let demands = [
        "need", "needs", "require", "requires", "required", "must", "send", "sends", "carry", "expect", "expects",
        "with",
    ];
    let is_private =
        contains(&["are private", "is private", "are signed", "is signed", "are authenticated", "is authenticated"]);
    (is_private || has(&demands) && has(&credential)).then_some(Access::Signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_state_the_access_of_the_operations_below_a_path() {
        let show = |sentence: &str| {
            let one =
                |own: Below| format!("{} {}", own.path, if own.access == Access::Public { "open" } else { "signed" });
            of_sentence(sentence).into_iter().map(one).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(show("Send the `X-Token` header with every call under `/me`."), "/me signed");
        assert_eq!(show("Paths that begin with /private must be signed."), "/private signed");
        assert_eq!(show("Everything below `/v1/vault/` needs a key."), "/v1/vault signed");
        assert_eq!(show("`/v1/market/...` is open."), "/v1/market open");
        assert_eq!(show("Calls under `/a` and `/b` require a signature."), "/a signed; /b signed");
        assert_eq!(show("All calls except those under `/open` need a key."), " signed; /open open");
        assert_eq!(show("Calls under `/open` need no API key."), "/open open");
        for sentence in [
            "`GET /me` needs a key.",
            "The docs are at /docs.",
            "Calls under `/me` return your data.",
            "If you call `/me`, you need a key.",
            "`/orders` needs a key.",
            "Make a key under `/settings` and send it with care.",
            "Calls under `/open` must not exceed 5 per second per key.",
            "All calls under `/v2` require the header `Content-Type`.",
        ] {
            assert_eq!(show(sentence), "", "{sentence}");
        }
    }

    #[test]
    fn a_path_is_below_another_by_its_segments() {
        let below = |path: &str| Below { path: path.to_owned(), access: Access::Signed };
        assert_eq!(below("/me").fits("/me/orders"), Some(1));
        assert_eq!(below("/v1/me").fits("/v1/me"), Some(2));
        assert_eq!(below("/me").fits("/menu"), None);
        assert_eq!(below("/a/{id}/b").fits("/a/{key}/b/c"), Some(3));
        assert_eq!(below("").fits("/a"), None);
    }
}
