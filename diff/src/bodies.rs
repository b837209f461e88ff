//! Request bodies and replies.

use super::canonical;
use super::comparison::Level;
use super::contract::{Body, Content, Operation, Reply, below};
use super::differ::{Differ, Finding, Use};
use super::operations::part;
use super::rules;
use super::schemas::Way;

impl<'d> Differ<'d> {
    pub(super) fn body(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        let subject = || part(new, "body");
        let media =
            |body: &Body<'_>| body.content.iter().map(|content| content.media.clone()).collect::<Vec<_>>().join(", ");
        match (&old.body, &new.body) {
            (None, None) => {}
            (Some(body), None) => {
                let rule = if body.required { &rules::REQUIRED_BODY_REMOVED } else { &rules::OPTIONAL_BODY_REMOVED };
                self.report(Finding::old(rule, subject(), body.site.as_str()).was(media(body)));
            }
            (None, Some(body)) => {
                let rule = if body.required { &rules::REQUIRED_BODY_ADDED } else { &rules::OPTIONAL_BODY_ADDED };
                self.report(Finding::new(rule, subject(), body.site.as_str()).is(media(body)));
            }
            (Some(before), Some(after)) => {
                self.documentation(&before.at, &after.at);
                let there = after.at.node.get("required").is_some();
                let pointer = if there { below(&after.at, "required") } else { after.at.pointer.clone() };
                let rule = match (before.required, after.required) {
                    (false, true) => Some(&rules::BODY_BECAME_REQUIRED),
                    (true, false) => Some(&rules::BODY_BECAME_OPTIONAL),
                    _ => None,
                };
                if let Some(rule) = rule {
                    self.report(Finding::new(rule, subject(), pointer));
                }
                let setter = Some((before.required, after.required));
                self.contents(new, "body", (&before.content, &after.content), Use::request, setter);
            }
        }
    }

    pub(super) fn replies(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        for before in &old.replies {
            match new.replies.iter().find(|after| after.status == before.status) {
                Some(after) => self.reply(new, before, after),
                None => self.reply_gone(new, before),
            }
        }
        for after in &new.replies {
            if !old.replies.iter().any(|before| before.status == after.status) {
                let typed = self.type_below(false, &after.at.pointer).is_some();
                let rule = match after.status.as_str() {
                    "result" => &rules::REPLY_CONTENT_ADDED,
                    _ if after.success => &rules::SUCCESS_STATUS_ADDED,
                    _ => &rules::ERROR_STATUS_ADDED,
                };
                let finding = Finding::new(rule, part(new, reply_name(after)), after.site.as_str());
                let finding = finding.is(after.status.as_str()).adds(typed);
                let other = new.replies.iter().find(|other| other.success && other.status != after.status);
                self.report(match other.filter(|other| after.success && json(other) != json(after)) {
                    Some(_) => finding.wire(Level::Risky, "clients read any 2xx as the one that they know"),
                    None => finding,
                });
            }
        }
        // One success in place of another: what clients read is in both.
        let success = |replies: &'_ [Reply<'d>], of: &[Reply<'d>]| {
            let mut own =
                replies.iter().filter(|reply| reply.success && !of.iter().any(|other| other.status == reply.status));
            own.next().map(|reply| reply.status.clone())
        };
        let gone = success(&old.replies, &new.replies);
        // Where no success is described any more, `default` may be one.
        let was = |status: &str| old.replies.iter().any(|before| before.success && before.status == status);
        let come = success(&new.replies, &old.replies).or_else(|| {
            let turned = new.replies.iter().find(|after| after.success && !was(&after.status));
            turned.map(|after| after.status.clone())
        });
        if let (Some(gone), Some(come)) = (gone, come) {
            let find = |replies: &[Reply<'d>], status: &str| replies.iter().position(|reply| reply.status == status);
            if let (Some(before), Some(after)) = (find(&old.replies, &gone), find(&new.replies, &come))
                && let (Some(before), Some(after)) = (old.replies.get(before), new.replies.get(after))
            {
                self.reply(new, before, after);
            }
        }
    }

    /// The named type that stands within a place of one of the two documents: it comes and goes with it.
    fn type_below(&self, old: bool, pointer: &str) -> Option<&'d str> {
        let (before, after) = self.apis?;
        let api = if old { before } else { after };
        let inside = |place: &str| place.strip_prefix(pointer).is_some_and(|rest| rest.starts_with('/'));
        api.types.iter().find(|def| inside(&def.pointer)).map(|def| def.name.as_str())
    }

    fn reply_gone(&mut self, new: &Operation<'d>, before: &Reply<'d>) {
        let rule = match before.status.as_str() {
            "result" => &rules::REPLY_CONTENT_REMOVED,
            _ if before.success => &rules::SUCCESS_STATUS_REMOVED,
            _ => &rules::ERROR_STATUS_REMOVED,
        };
        let finding =
            Finding::old(rule, part(new, reply_name(before)), before.site.as_str()).was(before.status.as_str());
        let finding = match self.type_below(true, &before.at.pointer) {
            Some(name) => finding.source(Level::Breaking, format!("the type `{name}` is gone")),
            None => finding,
        };
        let covered = |after: &Reply<'_>| after.status.eq_ignore_ascii_case("2XX") && before.status.starts_with('2');
        let success = |after: &&Reply<'_>| before.success && after.success;
        self.report(match new.replies.iter().find(success) {
            Some(_) if new.replies.iter().any(covered) => {
                finding.wire(Level::Safe, "it is among those of the range").source(Level::Safe, "no code changes")
            }
            Some(_) if self.ours() => {
                finding.wire(Level::Risky, "clients take any 2xx for a success, but a program may look at the status")
            }
            _ => finding,
        });
    }

    fn reply(&mut self, operation: &Operation<'d>, before: &Reply<'d>, after: &Reply<'d>) {
        self.documentation(&before.at, &after.at);
        let name = reply_name(after);
        self.other_keys(
            &before.at,
            &after.at,
            &["headers", "content", "schema", "name", "required"],
            &part(operation, name.as_str()),
        );
        let success = before.success || after.success;
        let used = if success { Use::reply } else { Use::error };
        match (before.content.is_empty(), after.content.is_empty()) {
            (true, false) if success => {
                let finding = Finding::new(
                    &rules::REPLY_CONTENT_ADDED,
                    part(operation, name.as_str()),
                    below(&after.at, "content"),
                );
                self.report(finding);
            }
            (false, true) if success => {
                let finding = Finding::old(
                    &rules::REPLY_CONTENT_REMOVED,
                    part(operation, reply_name(before)),
                    below(&before.at, "content"),
                );
                self.report(finding);
            }
            _ => self.contents(operation, &name, (&before.content, &after.content), used, None),
        }
        for header in &before.headers {
            let within = format!("{name} header {}", header.name);
            let Some(other) = after.headers.iter().find(|other| other.name.eq_ignore_ascii_case(&header.name)) else {
                let rule =
                    if header.required { &rules::REQUIRED_HEADER_REMOVED } else { &rules::OPTIONAL_HEADER_REMOVED };
                self.report(
                    Finding::old(rule, part(operation, within), header.site.as_str()).was(header.name.as_str()),
                );
                continue;
            };
            self.documentation(&header.at, &other.at);
            let rule = match (header.required, other.required) {
                (false, true) => Some(&rules::HEADER_BECAME_REQUIRED),
                (true, false) => Some(&rules::HEADER_BECAME_OPTIONAL),
                _ => None,
            };
            if let Some(rule) = rule {
                self.report(Finding::new(rule, part(operation, within.as_str()), other.at.pointer.clone()));
            }
            if let (Some(old), Some(new)) = (header.schema.clone(), other.schema.clone()) {
                self.walk(old, new, &Way::of(Some(operation.name.clone()), within, Use::header()));
            }
        }
        for header in &after.headers {
            if !before.headers.iter().any(|other| other.name.eq_ignore_ascii_case(&header.name)) {
                let rule = if header.required { &rules::REQUIRED_HEADER_ADDED } else { &rules::OPTIONAL_HEADER_ADDED };
                let within = format!("{name} header {}", header.name);
                self.report(Finding::new(rule, part(operation, within), header.site.as_str()).is(header.name.as_str()));
            }
        }
    }

    fn contents(
        &mut self,
        operation: &Operation<'d>,
        within: &str,
        (old, new): (&[Content<'d>], &[Content<'d>]),
        used: fn(bool) -> Use,
        setter: Option<(bool, bool)>,
    ) {
        // JSON goes by several names.
        let rest = |contents: &[Content<'d>], others: &[Content<'d>]| {
            let mut rest = contents.iter().filter(|content| !others.iter().any(|other| other.media == content.media));
            rest.find(|content| content.json).map(|content| content.media.clone())
        };
        let (old_rest, new_rest) = (rest(old, new), rest(new, old));
        let stands_for = |before: &Content<'_>, after: &Content<'_>| {
            before.media == after.media
                || old_rest.as_ref() == Some(&before.media) && new_rest.as_ref() == Some(&after.media)
        };
        for before in old {
            let Some(after) = new.iter().find(|after| stands_for(before, after)) else {
                let finding =
                    Finding::old(&rules::MEDIA_TYPE_REMOVED, part(operation, within), before.at.pointer.clone());
                let finding = finding.was(before.media.as_str()).used(used(before.json));
                let finding = match self.type_below(true, &before.at.pointer) {
                    Some(name) => finding.source(Level::Breaking, format!("the type `{name}` is gone")),
                    None => finding,
                };
                let json = |contents: &[Content<'_>]| contents.iter().any(|content| content.json);
                self.report(match !before.json && json(old) && json(new) {
                    true => finding.wire(Level::Safe, "clients send and read JSON"),
                    false => finding,
                });
                continue;
            };
            self.documentation += usize::from(before.media != after.media);
            // In OpenRPC the result is both, the reply and its content.
            if before.media != "result" {
                self.documentation(&before.at, &after.at);
                self.other_keys(&before.at, &after.at, &["schema"], &part(operation, within));
            }
            match (before.schema.clone(), after.schema.clone()) {
                (Some(old), Some(new)) => {
                    let way = Way::of(Some(operation.name.clone()), within, used(before.json));
                    self.walk(old, new, &Way { setter, ..way });
                }
                (None, Some(schema)) => {
                    let finding = Finding::new(&rules::BODY_SCHEMA_ADDED, part(operation, within), schema.pointer);
                    self.report(finding.used(used(before.json)));
                }
                (Some(schema), None) => {
                    let finding = Finding::old(&rules::BODY_SCHEMA_REMOVED, part(operation, within), schema.pointer);
                    self.report(finding.used(used(before.json)));
                }
                (None, None) => {}
            }
        }
        for after in new {
            if !old.iter().any(|before| stands_for(before, after)) {
                let finding = Finding::new(&rules::MEDIA_TYPE_ADDED, part(operation, within), after.at.pointer.clone());
                let typed = self.type_below(false, &after.at.pointer).is_some();
                self.report(finding.is(after.media.as_str()).used(used(after.json)).adds(typed));
            }
        }
    }
}

fn reply_name(reply: &Reply<'_>) -> String {
    if reply.status == "result" { reply.status.clone() } else { format!("reply {}", reply.status) }
}

/// What the JSON of a reply is, by its place or as it stands.
fn json(reply: &Reply<'_>) -> Option<String> {
    let schema = reply.content.iter().find(|content| content.json)?.schema.as_ref()?;
    Some(canonical::text(schema.node))
}
