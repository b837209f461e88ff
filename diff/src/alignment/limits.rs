//! Pairs rate limits.

use venuekit_codegen::model::Limit;

use super::matches::{Matches, align};
use crate::contract::Sides;

/// A rate limit and its position in the list of its document.
pub(crate) type LimitAt<'s> = (usize, &'s Limit);

/// Pairs rate limits by name, then rate limits that differ only in their name.
pub(super) fn limits<'s>(sides: &'s Sides<'s>) -> Matches<LimitAt<'s>> {
    let Some((old, new)) = sides.apis() else {
        return Matches { pairs: Vec::new(), removed: Vec::new(), added: Vec::new() };
    };
    let by_name = |(_, limit): &LimitAt<'_>| Some(limit.name.clone());
    // The sources of a limit are documentation.
    let nameless = |limit: &Limit| Limit { name: String::new(), sources: Vec::new(), ..limit.clone() };
    let by_content = |(_, limit): &LimitAt<'_>| Some(format!("{:?}", nameless(limit)));
    align(old.limits.iter().enumerate().collect(), new.limits.iter().enumerate().collect(), &[&by_name, &by_content])
}
