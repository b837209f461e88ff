//! Pairs the parameters, contents, responses and headers of an operation.

use super::matches::{Matches, align};
use crate::contract::parts::{Content, Header, Operation, Parameter, ParameterPlace, Response};

/// Pairs parameters by name and place, then by name, then by position.
pub(super) fn parameters<'s>(old: &'s Operation<'s>, new: &'s Operation<'s>) -> Matches<&'s Parameter<'s>> {
    let by_name_and_place = |parameter: &&Parameter<'_>| {
        let name = &parameter.name;
        Some(match &parameter.place {
            // Names of headers are compared without case.
            ParameterPlace::Named(place) if place == "header" => format!("in header {}", name.to_ascii_lowercase()),
            ParameterPlace::Named(place) => format!("in {place} {name}"),
            ParameterPlace::Path(_) => format!("path {name}"),
            ParameterPlace::Position(_) | ParameterPlace::Rest(_) => format!("position {name}"),
            ParameterPlace::ByName => format!("by name {name}"),
        })
    };
    let by_name = |parameter: &&Parameter<'_>| Some(parameter.name.clone());
    let by_position = |parameter: &&Parameter<'_>| match &parameter.place {
        ParameterPlace::Path(index) => Some(format!("path {index}")),
        place => place.position().map(|index| format!("position {index}")),
    };
    let all = |operation: &'s Operation<'s>| operation.parameters.iter().collect();
    align(all(old), all(new), &[&by_name_and_place, &by_name, &by_position])
}

/// Pairs contents by media type, then JSON contents of different media types.
pub(super) fn contents<'s>(old: &'s [Content<'s>], new: &'s [Content<'s>]) -> Matches<&'s Content<'s>> {
    let by_media = |content: &&Content<'_>| Some(content.media.clone());
    let json = |content: &&Content<'_>| content.json.then(String::new);
    align(old.iter().collect(), new.iter().collect(), &[&by_media, &json])
}

/// The responses of an operation.
#[derive(Debug)]
pub(crate) struct Responses<'s> {
    /// The responses of the same status.
    pub(crate) pairs: Vec<ResponsePair<'s>>,
    pub(crate) removed: Vec<&'s Response<'s>>,
    pub(crate) added: Vec<&'s Response<'s>>,
    /// A response of success that replaces one with another status. Clients read the content of
    /// both.
    pub(crate) replaced: Option<ResponsePair<'s>>,
}

/// A response in both documents.
#[derive(Debug)]
pub(crate) struct ResponsePair<'s> {
    pub(crate) old: &'s Response<'s>,
    pub(crate) new: &'s Response<'s>,
    pub(crate) contents: Matches<&'s Content<'s>>,
    pub(crate) headers: Matches<&'s Header<'s>>,
}

impl<'s> ResponsePair<'s> {
    fn new(old: &'s Response<'s>, new: &'s Response<'s>) -> Self {
        let by_name = |header: &&Header<'_>| Some(header.name.to_ascii_lowercase());
        let headers = align(old.headers.iter().collect(), new.headers.iter().collect(), &[&by_name]);
        Self { old, new, contents: contents(&old.content, &new.content), headers }
    }

    /// Returns whether it is a success in at least one of the documents.
    pub(crate) fn is_success(&self) -> bool {
        self.old.success || self.new.success
    }
}

/// Pairs responses by status, then a success with a success of another status.
pub(super) fn responses<'s>(old: &'s [Response<'s>], new: &'s [Response<'s>]) -> Responses<'s> {
    let by_status = |response: &&Response<'_>| Some(response.status.clone());
    let Matches { pairs, removed, added } = align(old.iter().collect(), new.iter().collect(), &[&by_status]);
    let is_success = |response: &&&Response<'_>| response.success;
    let gone = removed.iter().find(is_success);
    // If there is no other success, `default` is the success.
    let turned = pairs.iter().find(|(before, after)| after.success && !before.success).map(|(_, after)| after);
    let come = added.iter().find(is_success).or(turned);
    Responses {
        replaced: gone.zip(come).map(|(old, new)| ResponsePair::new(old, new)),
        pairs: pairs.into_iter().map(|(old, new)| ResponsePair::new(old, new)).collect(),
        removed,
        added,
    }
}
