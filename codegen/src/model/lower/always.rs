//! `x-always`: properties that the document calls optional although they are always present.

use crate::model::api::TypeDef;
use crate::source::extensions::Always;

/// The properties of a type that are always present, and the evidence that they are.
pub(super) struct AlwaysPresent {
    members: Vec<String>,
    because: String,
}

impl AlwaysPresent {
    pub(super) fn new(always: &Always<'_>) -> Self {
        let members = always.members.iter().map(|member| format!("`{member}`")).collect();
        Self { members, because: always.because.trim().to_owned() }
    }

    /// Adds a sentence about the properties to the documentation of their type. The usage of the
    /// type (`in_request`, `in_response`) must be known.
    pub(super) fn describe(&self, def: &mut TypeDef) {
        let (members, because) = (self.members.join(", "), &self.because);
        let them = if self.members.len() == 1 { "it" } else { "them" };
        let sentence = match (def.in_request, def.in_response) {
            (false, _) => format!("Assumed to be always present: {members}."),
            (true, false) => {
                format!("Required by this client, although the document calls {them} optional: {members}.")
            }
            (true, true) => format!(
                "Required by this client in requests, although the document calls {them} optional, and assumed to be always \
                 present in responses: {members}."
            ),
        };
        let own = def.docs.deviation.iter().cloned();
        def.docs.deviation = Some(own.chain([format!("{sentence} {because}")]).collect::<Vec<_>>().join("\n\n"));
    }
}
