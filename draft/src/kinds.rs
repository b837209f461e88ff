//! The types of values that no table states, by the values that samples show.

use crate::document::Lines;
use crate::facts::{Body, Confidence, Form, Member, Parameter, Remark, RemarkKind, Response, Schema};
use crate::members;
use crate::sample::is_integer;

/// The names of values, and the place that shows their types.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    names: Vec<(String, &'static str)>,
    at: Lines,
    other: Option<Lines>,
    source: &'static str,
}

impl Typed {
    /// Returns the guess about the values of an operation.
    pub(crate) fn about(&self, operation: &str) -> Remark {
        let all: Vec<String> = self.names.iter().map(|(name, kind)| format!("`{name}` is {kind}")).collect();
        Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at: self.at,
            other: self.other,
            text: format!("`{operation}`: {}, by {}; no text says so", all.join(", "), self.source),
        }
    }

    fn add(
        into: &mut Option<Self>,
        name: &str,
        kind: &'static str,
        at: Lines,
        other: Option<Lines>,
        source: &'static str,
    ) {
        let own = into.get_or_insert_with(|| Self { names: Vec::new(), at, other, source });
        own.at = own.at.to(at);
        own.names.push((name.to_owned(), kind));
    }
}

/// The maximum number of digits of a value that is taken for a number.
const MOST_DIGITS: usize = 16;

/// Returns the type of a value in the URL of a sample, if it is not text.
fn of_text(value: &str) -> Option<&'static str> {
    let digits = value.trim_start_matches('-');
    match value {
        "true" | "false" => Some("boolean"),
        _ if digits.len() > MOST_DIGITS || !venuekit_json::is_number(value) => None,
        _ if is_integer(value) => Some("integer"),
        _ => Some("number"),
    }
}

/// Returns the type of a member, or of an element of a list of objects.
fn of_response(responses: &[Response], name: &str) -> Option<(&'static str, Lines)> {
    let schemas = responses.iter().filter(|own| own.status.starts_with('2')).filter_map(|own| own.schema.as_ref());
    let members = schemas.flat_map(|schema| match &schema.form {
        Form::Object(members) => members.as_slice(),
        Form::Array(items) => match &items.form {
            Form::Object(members) => members.as_slice(),
            _ => &[],
        },
        _ => &[],
    });
    let kind = |own: &Member| match &own.schema.form {
        Form::Scalar { kind, .. } => Some((*kind, own.schema.at)),
        _ => None,
    };
    members.filter(|own| own.name == name).find_map(kind)
}

fn is_open(schema: &Schema) -> bool {
    let is_untyped = matches!(schema.form, Form::Any | Form::Scalar { kind: "string", format: None });
    is_untyped && schema.values.is_empty()
}

/// Gives the parameters without a stated type the type of the values that URLs show.
pub(crate) fn of_parameters(parameters: &mut [Parameter], shown: &[(String, String, Lines)]) -> Option<Typed> {
    let mut out = None;
    for parameter in parameters.iter_mut().filter(|own| !own.member.states_type && is_open(&own.member.schema)) {
        let member = &mut parameter.member;
        let values: Vec<&(String, String, Lines)> = shown.iter().filter(|(name, _, _)| *name == member.name).collect();
        let Some((first, at)) = values.first().and_then(|(_, value, at)| Some((of_text(value)?, *at))) else {
            continue;
        };
        if !values.iter().all(|(_, value, _)| of_text(value) == Some(first)) {
            continue;
        }
        member.schema.form = Form::Scalar { kind: first, format: None };
        let note = member.note.clone();
        members::prose(&mut member.schema, &note, false, member.at);
        let other = (at != member.at).then_some(at);
        Typed::add(&mut out, &member.name, first, member.at, other, "a value in a URL");
    }
    out
}

/// Gives the members of a body without a stated type the type of the member of the response.
pub(crate) fn of_body(body: &mut Body, responses: &[Response]) -> Option<Typed> {
    let mut out = None;
    let Form::Object(members) = &mut body.schema.form else { return None };
    let open = members.iter_mut().filter(|own| matches!(own.schema.form, Form::Any) && own.schema.values.is_empty());
    for member in open {
        let Some((kind, at)) = of_response(responses, &member.name) else { continue };
        member.schema.form = Form::Scalar { kind, format: None };
        let note = member.note.clone();
        members::prose(&mut member.schema, &note, false, member.at);
        Typed::add(&mut out, &member.name, kind, member.at, Some(at), "the response");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_urls_show_types() {
        assert_eq!(of_text("20"), Some("integer"));
        assert_eq!(of_text("-1.5"), Some("number"));
        assert_eq!(of_text("true"), Some("boolean"));
        for text in ["BTC-USD", "", "12345678901234567890", "1h", "007"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
