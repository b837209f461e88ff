//! Facts about single values of a request that lines outside tables state: "`a` and `b` are
//! mandatory", "leave out `p` for a market order", "`ttl` is in seconds, from 1 to 86400".

use crate::access::sentences;
use crate::document::Lines;
use crate::facts::{Body, Confidence, Form, Member, Parameter, Remark, RemarkKind};
use crate::inline;
use crate::labels::LabelKind;
use crate::members;
use crate::prose;
use crate::sections::{ItemKind, Section};

/// A sentence about values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    names: Vec<String>,
    required: Option<bool>,
    /// The values in brackets behind a name.
    values: Vec<(String, Vec<String>)>,
    /// The text about the only name, which begins the sentence.
    note: Option<String>,
}

/// Reads a sentence about values whose names stand in backticks.
fn read(sentence: &str) -> Option<Said> {
    let (outside, brackets) = without_brackets(sentence);
    let names: Vec<String> = inline::code_spans(&outside).into_iter().filter(|span| is_name(span)).collect();
    if names.is_empty() {
        return None;
    }
    let values = brackets.into_iter().filter_map(|(name, inner)| {
        let values = prose::values(&inner, Some("string"));
        (values.len() > 1).then_some((name, values))
    });
    let values: Vec<(String, Vec<String>)> = values.collect();
    let required = required(&outside);
    let begins = sentence.trim_start().starts_with('`');
    let behind = outside.trim_start().strip_prefix('`').and_then(|rest| rest.split_once('`')).map(|(_, rest)| rest);
    let note = behind.filter(|_| begins && names.len() == 1 && required.is_none());
    let note = note.map(|rest| rest.trim_start_matches([' ', ':', '-', '–', '—', ',']).to_owned());
    let said = Said { names, required, values, note: note.filter(|note| !note.is_empty()) };
    (said.required.is_some() || !said.values.is_empty() || said.note.is_some()).then_some(said)
}

/// Takes the brackets out of a sentence. Returns each text in brackets with the name before it.
fn without_brackets(sentence: &str) -> (String, Vec<(String, String)>) {
    let (mut out, mut found) = (String::new(), Vec::new());
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('(') {
        let Some((inner, after)) = behind.split_once(')') else { break };
        out.push_str(before);
        let name = before.trim_end().strip_suffix('`').and_then(|own| own.rsplit_once('`')).map(|(_, name)| name);
        found.extend(name.map(|name| (name.to_owned(), inner.to_owned())));
        rest = after;
    }
    out.push_str(rest);
    (out, found)
}

/// Returns whether a sentence says that the values which it names are required, or optional.
fn required(sentence: &str) -> Option<bool> {
    let words = inline::words(&inline::plain(sentence));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_conditional =
        words.iter().any(|word| matches!(*word, "if" | "when" | "unless" | "only" | "not" | "either" | "or"));
    if matches!(words.as_slice(), ["leave", "out", ..] | ["omit", ..]) {
        return Some(false);
    }
    // The words behind the last name: `a` and `b` are mandatory.
    let behind = inline::words(&inline::plain(sentence.rsplit('`').next().unwrap_or("")));
    let behind: Vec<&str> = behind.iter().map(String::as_str).collect();
    let begins = sentence.trim_start().starts_with('`') || words.first() == Some(&"the");
    if !begins || is_conditional {
        return None;
    }
    match behind.as_slice() {
        ["is" | "are", "mandatory" | "required" | "needed" | "obligatory" | "compulsory"]
        | ["is" | "are", "always", "required" | "needed"] => Some(true),
        ["must", "be", "sent" | "given" | "set" | "present"] => Some(true),
        ["is" | "are", "optional", ..] | ["may" | "can", "be", "omitted"] | ["may" | "can", "be", "left", "out"] => {
            Some(false)
        }
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Adds the facts that the lines of an operation state about the values of its request. Returns the
/// lines that state any.
pub(crate) fn apply(
    section: &Section,
    parameters: &mut [Parameter],
    body: &mut Option<Body>,
    remarks: &mut Vec<Remark>,
) -> Vec<Lines> {
    let mut used: Vec<Lines> = Vec::new();
    let mut demanded: Vec<(String, Lines)> = Vec::new();
    for item in &section.items {
        let ItemKind::Line(line) = &item.kind else { continue };
        let is_other = matches!(
            item.label.kind,
            LabelKind::Response | LabelKind::ResponseHeaders | LabelKind::Errors | LabelKind::Properties
        );
        if is_other {
            continue;
        }
        for said in sentences(line).into_iter().filter_map(read) {
            let mut is_used = false;
            for member in parameters.iter_mut().map(|own| &mut own.member).chain(members_of(body)) {
                is_used |= add(member, &said, item.at);
            }
            if said.required == Some(true) {
                demanded.extend(said.names.iter().map(|name| (name.clone(), item.at)));
            }
            if is_used {
                used.push(item.at);
            }
        }
    }
    others(&demanded, body, remarks);
    if !used.is_empty() {
        // The marks are stated now.
        remarks.retain(|own| !own.text.ends_with("is required; only one sample shows them") || demanded.is_empty());
    }
    used
}

/// Takes the values out of the remarks on texts that gave no fact, if one was read since.
pub(crate) fn told(parameters: &[Parameter], remarks: &mut Vec<Remark>) {
    let is_told = |name: &str| {
        let own = parameters.iter().map(|own| &own.member).find(|own| own.name == name);
        own.is_some_and(|own| !own.schema.values.is_empty() || !members::is_unbounded(&own.schema))
    };
    for remark in remarks.iter_mut().filter(|own| own.kind == RemarkKind::Unread) {
        let Some(rest) = remark.text.strip_prefix(members::SILENT) else { continue };
        let names: Vec<String> = inline::code_spans(rest).into_iter().filter(|name| !is_told(name)).collect();
        remark.text = members::silent(&names);
    }
    let nothing = members::silent(&[]);
    remarks.retain(|own| own.text != nothing);
}

fn members_of(body: &mut Option<Body>) -> impl Iterator<Item = &mut Member> {
    let members = body.as_mut().and_then(|body| match &mut body.schema.form {
        Form::Object(members) => Some(members),
        _ => None,
    });
    members.into_iter().flatten()
}

/// Adds what a sentence says to a member. Returns whether it says something new.
fn add(member: &mut Member, said: &Said, at: Lines) -> bool {
    if !said.names.contains(&member.name) {
        return false;
    }
    let mut is_new = false;
    if let Some(required) = said.required.filter(|_| !member.states_required) {
        (member.required, member.states_required) = (Some(required), true);
        is_new = true;
    }
    let is_text = matches!(member.schema.form, Form::Any | Form::Scalar { kind: "string", .. });
    let values = said.values.iter().find(|(name, _)| *name == member.name).filter(|_| is_text);
    if let Some((_, values)) = values.filter(|_| member.schema.values.is_empty()) {
        member.schema.values = values.iter().map(|value| (value.clone(), at)).collect();
        member.schema.form = Form::Scalar { kind: "string", format: None };
        is_new = true;
    }
    if let Some(note) = said.note.as_ref().filter(|_| member.note.is_empty()) {
        let before = (member.schema.values.len(), member.schema.bounds.clone());
        members::prose(&mut member.schema, note, false, at);
        let mut bounds = member.schema.bounds.clone();
        bounds.mentioned.clone_from(&before.1.mentioned);
        if member.schema.values.len() > before.0 || bounds != before.1 {
            member.note.clone_from(note);
            is_new = true;
        } else {
            member.schema.bounds = before.1;
        }
    }
    is_new
}

/// Makes the members of a body optional that only a sample shows, if a sentence calls the others
/// mandatory.
fn others(demanded: &[(String, Lines)], body: &mut Option<Body>, remarks: &mut Vec<Remark>) {
    let has = |member: &&mut Member| demanded.iter().any(|(name, _)| *name == member.name);
    if members_of(body).filter(has).count() < 2 {
        return;
    }
    let Some((_, at)) = demanded.first() else { return };
    let mut names = Vec::new();
    for member in members_of(body).filter(|own| !own.states_required) {
        (member.required, member.states_required) = (Some(false), true);
        names.push(format!("`{}`", member.name));
    }
    if names.is_empty() {
        return;
    }
    let is = if names.len() == 1 { "is" } else { "are" };
    remarks.push(Remark {
        kind: RemarkKind::Guess(Confidence::Medium),
        at: *at,
        other: None,
        text: format!("{} {is} optional: the text calls the others mandatory", names.join(", ")),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_tell_which_values_are_required() {
        let show = |sentence| {
            let own = read(sentence)?;
            Some(format!("{} {:?}", own.names.join(" "), own.required))
        };
        for (sentence, wanted) in [
            ("`a`, `b` (`x`/`y`) and `c` are mandatory", Some("a b c Some(true)")),
            ("`a` is required.", Some("a Some(true)")),
            ("leave out `p` for a market order", Some("p Some(false)")),
            ("`p` can be omitted.", Some("p Some(false)")),
            ("`a` or `b` is required", None),
            ("`a` is required if `b` is sent", None),
            ("The `a` of an order.", None),
            ("Send it with care.", None),
        ] {
            assert_eq!(show(sentence).as_deref(), wanted, "{sentence}");
        }
        let own = read("`a`, `b` (`x`/`y`) and `c` are mandatory").unwrap();
        assert_eq!(own.values, [("b".to_owned(), vec!["x".to_owned(), "y".to_owned()])]);
        assert_eq!(
            read("`ttl` is in seconds, from 1 to 9").unwrap().note.as_deref(),
            Some("is in seconds, from 1 to 9")
        );
    }
}
