//! The media types of a body or a response, and their schemas.

use venuekit_codegen::model::Api;

use super::{documentation, keywords};
use crate::alignment::matches::Matches;
use crate::alignment::usage::Usage;
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::contract::openrpc::NOTIFICATION;
use crate::contract::parts::Content;
use crate::finding::{Finding, Findings};
use crate::rules;
use crate::schema::resolved::ResolvedSchema;

/// The contents of a body or a response.
pub(super) struct Contents<'c, 's, U: Fn(bool) -> Usage> {
    pub(super) sides: &'c Sides<'s>,
    pub(super) subject: Subject,
    /// The function that returns the usage of content. Its argument is true for JSON.
    pub(super) usage: U,
}

impl<U: Fn(bool) -> Usage> Contents<'_, '_, U> {
    /// Compares contents.
    pub(super) fn compare(
        &self,
        (old, new): (&[Content<'_>], &[Content<'_>]),
        matches: &Matches<&Content<'_>>,
    ) -> Findings {
        let mut findings = Findings::default();
        let usage = |content: &Content<'_>| (self.usage)(content.json);
        let subject = || self.subject.clone();
        let has_json = |contents: &[Content<'_>]| contents.iter().any(|content| content.json);
        let is_retyped = self.sides.is_generated()
            && !old.is_empty()
            && !new.is_empty()
            && (has_json(old) != has_json(new) || !has_json(old) && matches.pairs.is_empty());
        // A client decodes the body of an error as any type that the program names.
        let is_retyped = |content: &Content<'_>| is_retyped && !usage(content).error;
        for before in &matches.removed {
            let finding = Finding::in_old(&rules::MEDIA_TYPE_REMOVED, subject(), before.at.pointer.clone());
            let finding = finding.was(before.media.as_str()).used(usage(before));
            let finding = finding.case_of_some(&rules::TYPE_GONE, type_inside(self.sides.old.api, &before.at.pointer));
            let json_stays = !before.json && has_json(old) && has_json(new) && self.sides.is_generated();
            let finding = finding.case_if(is_retyped(before), &rules::OTHER_BODY_TYPE);
            findings.push(finding.case_if(json_stays, &rules::JSON_STAYS));
        }
        for (before, after) in &matches.pairs {
            findings.document(usize::from(before.media != after.media));
            // In OpenRPC a result or a notification is both the response and its content.
            if !["result", NOTIFICATION].contains(&before.media.as_str()) {
                findings.document(documentation::count(self.sides, &before.at, &after.at));
                findings.add(keywords::others(&before.at, &after.at, &["schema"], &self.subject));
            }
            match (&before.schema, &after.schema) {
                (None, Some(schema)) => {
                    let finding = Finding::in_new(&rules::BODY_SCHEMA_ADDED, subject(), schema.pointer.clone());
                    findings.push(finding.used(usage(before)));
                }
                (Some(schema), None) => {
                    let finding = Finding::in_old(&rules::BODY_SCHEMA_REMOVED, subject(), schema.pointer.clone());
                    findings.push(finding.used(usage(before)));
                }
                (Some(old), Some(new)) => {
                    let old = ResolvedSchema::wrapper(self.sides.old.document, old);
                    let new = ResolvedSchema::wrapper(self.sides.new.document, new);
                    if let (Some(old), Some(new)) = (old, new) {
                        findings.document(documentation::count(self.sides, &old, &new));
                    }
                }
                (None, None) => {}
            }
        }
        for after in &matches.added {
            let finding = Finding::in_new(&rules::MEDIA_TYPE_ADDED, subject(), after.at.pointer.clone());
            let has_type = type_inside(self.sides.new.api, &after.at.pointer).is_some();
            let finding = finding.is(after.media.as_str()).used(usage(after));
            let finding = finding.case_if(is_retyped(after), &rules::OTHER_BODY_TYPE);
            findings.push(finding.case_if(has_type, &rules::NEW_TYPE));
        }
        findings
    }
}

/// Returns the named type inside a place, which is added and removed together with the place.
pub(super) fn type_inside<'a>(api: Option<&'a Api>, pointer: &str) -> Option<&'a str> {
    let is_inside = |place: &str| place.strip_prefix(pointer).is_some_and(|rest| rest.starts_with('/'));
    api?.types.iter().find(|def| is_inside(&def.pointer)).map(|def| def.name.as_str())
}
