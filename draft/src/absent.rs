//! Values that can be `null` or absent, by their texts: "`null` on the last page", "your id, if you
//! gave one".

use crate::access::sentences;
use crate::document::Lines;
use crate::facts::{Confidence, Facts, Form, Member, Remark, RemarkKind, Schema};
use crate::inline;

/// Adds what the texts about members say.
pub(crate) fn fill(facts: &mut Facts) {
    let mut remarks: Vec<Remark> = Vec::new();
    for operation in &mut facts.operations {
        let name = operation.name();
        if let Some(body) = &mut operation.body {
            visit(&mut body.schema, &mut |member| nullable(member), 0);
        }
        for response in &mut operation.responses {
            let Some(schema) = &mut response.schema else { continue };
            let subject = format!("`{name}`");
            remarks.extend(optional(schema, &subject));
        }
    }
    for (name, schema) in &mut facts.schemas {
        remarks.extend(optional(schema, &format!("`{name}`")));
    }
    for method in &mut facts.methods {
        let subject = format!("`{}`", method.name);
        remarks.extend(method.result.as_mut().and_then(|schema| optional(schema, &subject)));
    }
    facts.remarks.extend(remarks);
}

/// Makes members of a response nullable or optional. Returns a guess for the optional ones.
fn optional(schema: &mut Schema, subject: &str) -> Option<Remark> {
    let mut names: Vec<String> = Vec::new();
    let mut places: Vec<Lines> = Vec::new();
    let mut add = |member: &mut Member| {
        nullable(member);
        let is_open = !member.states_required && member.required == Some(true);
        if is_open && says_absent(&member.note) {
            member.required = Some(false);
            names.push(format!("`{}`", member.name));
            places.push(member.at);
        }
    };
    visit(schema, &mut add, 0);
    let at = places.into_iter().reduce(Lines::to)?;
    let are = if names.len() == 1 { "is" } else { "are" };
    let text = format!("{subject}: {} {are} optional in the response: the text has a condition", names.join(", "));
    Some(Remark { kind: RemarkKind::Guess(Confidence::Medium), at, other: None, text })
}

fn nullable(member: &mut Member) {
    member.schema.nullable |= says_null(&member.note);
}

fn visit(schema: &mut Schema, change: &mut impl FnMut(&mut Member), depth: usize) {
    if depth > 32 {
        return;
    }
    match &mut schema.form {
        Form::Object(members) => {
            for member in members {
                change(member);
                visit(&mut member.schema, change, depth + 1);
            }
        }
        Form::Array(items) | Form::Map(items) => visit(items, change, depth + 1),
        Form::Choice { of, .. } => of.iter_mut().for_each(|one| visit(one, change, depth + 1)),
        Form::Any | Form::Ref(_) | Form::Scalar { .. } | Form::Tuple(_) => {}
    }
}

/// Returns whether a text says that its value can be `null`.
fn says_null(note: &str) -> bool {
    let lower = inline::plain(note).to_lowercase();
    if ["可为空", "可为null", "可能为null", "可能为空"].iter().any(|own| lower.contains(own)) {
        return true;
    }
    sentences(&lower).into_iter().any(|sentence| {
        let words = inline::words(sentence);
        let word = |index: Option<usize>| index.and_then(|own| words.get(own)).map_or("", String::as_str);
        let is_denied = |index: usize| {
            let near = words.get(index.saturating_sub(2)..index).unwrap_or_default();
            near.iter().any(|own| matches!(own.as_str(), "not" | "never" | "non" | "no" | "without"))
        };
        words.iter().enumerate().any(|(index, own)| {
            let (before, next) = (word(index.checked_sub(1)), word(Some(index + 1)));
            let has_condition = matches!(
                next,
                "if" | "when"
                    | "for"
                    | "on"
                    | "unless"
                    | "until"
                    | "in"
                    | "otherwise"
                    | "before"
                    | "after"
                    | "while"
                    | "where"
                    | "during"
                    | "only"
                    | "as"
            );
            let is_value = matches!(before, "or" | "be" | "is" | "either")
                && (has_condition || next.is_empty() || matches!(before, "or" | "either"));
            let is_null = own == "null" && (has_condition || is_value || before == "be");
            (is_null || own == "nullable") && !is_denied(index)
        })
    })
}

/// Returns whether a text says that its value is there under a condition only.
fn says_absent(note: &str) -> bool {
    let lower = inline::plain(note).to_lowercase();
    sentences(&lower).into_iter().any(|sentence| {
        let words = inline::words(sentence);
        let has = |all: &[&str]| words.iter().any(|own| all.contains(&own.as_str()));
        // A condition of the value: "`true` if it is filled", "0 if there are none".
        if has(&["null", "true", "false", "whether", "empty", "zero", "blank", "otherwise", "else"])
            || words.iter().any(|own| own == "0")
        {
            return false;
        }
        let contains = |all: &[&str]| all.iter().any(|own| sentence.contains(own));
        contains(&[
            ", if you ",
            ", if it ",
            ", if there ",
            ", if the ",
            ", if any",
            ", if one ",
            ", if set",
            ", if given",
            ", if present",
            ", if provided",
            ", if applicable",
            ", if available",
            ", if known",
            ", if specified",
            ", only if ",
            ", only when ",
            ", only for ",
            "only present ",
            "only returned ",
            "only sent ",
            "only there ",
            "may be missing",
            "may be absent",
            "may be omitted",
            "not always present",
        ]) || is_absent(sentence)
            || ["only if ", "only when ", "only for "].iter().any(|own| sentence.starts_with(own))
    })
}

/// Returns whether a sentence says under which condition its value is not there: "absent on the
/// last page", "will not be returned for market orders".
fn is_absent(sentence: &str) -> bool {
    const GONE: [&str; 13] = [
        "omitted",
        "absent",
        "missing",
        "left out",
        "not present",
        "not returned",
        "not sent",
        "not included",
        "not be present",
        "not be returned",
        "not be sent",
        "not be included",
        "present only",
    ];
    const CONDITION: [&str; 12] =
        ["if", "when", "for", "unless", "on", "in", "at", "after", "before", "until", "while", "during"];
    let begins = |rest: &str| CONDITION.contains(&rest.split_whitespace().next().unwrap_or_default());
    let has =
        |gone: &str| sentence.match_indices(gone).any(|(at, own)| begins(sentence.get(at + own.len()..).unwrap_or("")));
    GONE.iter().any(|gone| has(gone)) || ["present if ", "present when "].iter().any(|own| sentence.contains(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_that_a_value_can_be_null() {
        for note in [
            "Cursor of the next page. `null` on the last page",
            "Best bid. `null` if there is none",
            "Limit price. `null` for market orders",
            "A price or `null`",
            "It can be null.",
            "Is `null` until the first fill",
            "Nullable",
            "价格，可为null",
        ] {
            assert!(says_null(note), "{note}");
        }
        for note in ["Never `null`", "The price, not null", "Ignores null values", "is not nullable", "A price", ""] {
            assert!(!says_null(note), "{note}");
        }
    }

    #[test]
    fn a_text_says_that_a_value_can_be_absent() {
        for note in [
            "Your id of the order, if you gave one",
            "Id of the order, if it was accepted",
            "Only for stop orders",
            "The reason. Omitted if the order is open",
            "The trigger; only present for stop orders",
            "Cursor of the next page, absent on the last page",
            "It will not be returned for market orders",
            "Not present in the first response",
        ] {
            assert!(says_absent(note), "{note}");
        }
        for note in [
            "`true` if the order is filled",
            "The price, `null` if there is none",
            "The amount, 0 if there are none",
            "The state. If it is `open`, it can be cancelled",
            "Whether it is there, if you ask",
        ] {
            assert!(!says_absent(note), "{note}");
        }
    }
}
