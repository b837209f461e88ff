//! The media types of bodies: those that samples send, and those that sentences and labels name.

use crate::document::Lines;
use crate::inline;
use crate::sample::{Node, Value};

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data";

/// Returns whether a media type is JSON, or a kind of it.
pub(crate) fn is_json(media: &str) -> bool {
    media == JSON || media.ends_with("+json") || media == "text/json"
}

/// Returns the media type in the value of a header, without its parameters.
pub(crate) fn of_header(value: &str) -> Option<String> {
    let media = value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase();
    (media.contains('/') && !media.contains('*')).then_some(media)
}

/// Returns whether a text is a media type, and no path such as `/v1/orders`.
pub(crate) fn is_type(text: &str) -> bool {
    ["application/", "text/", "multipart/"].iter().any(|start| text.starts_with(start))
}

/// Returns the media type of a form that a text names.
pub(crate) fn form_in(text: &str) -> Option<&'static str> {
    let lower = inline::plain(text).to_lowercase();
    let contains = |all: &[&str]| all.iter().any(|part| lower.contains(part));
    if contains(&["multipart"]) {
        return Some(MULTIPART);
    }
    contains(&[
        "urlencoded",
        "url-encoded",
        "url encoded",
        "form-encoded",
        "form encoded",
        "form data",
        "form-data",
        "formdata",
        "form body",
        "form parameters",
        "form params",
        "form fields",
        "表单",
    ])
    .then_some(FORM)
}

/// Returns the place that a sentence about several operations gives their parameters: a form, and
/// whether the query is allowed as well.
pub(crate) fn of_sentence(sentence: &str) -> Option<(&'static str, bool)> {
    let lower = inline::plain(sentence).to_lowercase();
    let media = form_in(&lower)?;
    let contains = |all: &[&str]| all.iter().any(|part| lower.contains(part));
    let is_about_requests = contains(&["request", "parameter", "params", "body", "post", "endpoint", "参数", "请求"]);
    // A text that is signed can be written as a form, whatever the body is.
    let is_signing = contains(&["signature", "signing", "signed", "hmac", "hash", "payload to sign"]);
    let is_denied = contains(&["not form", "not supported", "no form", "not accept", "instead of"]);
    (is_about_requests && !is_signing && !is_denied)
        .then(|| (media, contains(&["query string", "querystring", "query parameter", "in the query", "url query"])))
}

/// Reads a body such as `pair=BTC-EUR&size=1`.
pub(crate) fn form(text: &str, line: usize) -> Option<Node> {
    let text = text.trim();
    if text.is_empty() || text.starts_with(['{', '[', '<', '@']) || text.chars().any(char::is_whitespace) {
        return None;
    }
    let pairs = text.split('&').map(|pair| pair.split_once('='));
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']'))
    };
    let mut members = Vec::new();
    for pair in pairs {
        let (name, value) = pair.filter(|(name, _)| is_name(name))?;
        let value = value.trim_matches(['"', '\'']).to_owned();
        if !members.iter().any(|(own, _)| own == name) {
            members.push((name.to_owned(), Node { value: Value::Text(value), line, comment: None }));
        }
    }
    Some(Node { value: Value::Object(members), line, comment: None })
}

/// Reads the sample of a form that generators write as YAML: a name and a value in each line.
pub(crate) fn yaml(text: &str, first: usize) -> Option<Node> {
    let mut members = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, value) = line.split_once(':').filter(|(name, _)| !name.is_empty() && !name.contains([' ', '"']))?;
        let value = Value::Text(value.trim().trim_matches(['"', '\'']).to_owned());
        members.push((name.to_owned(), Node { value, line: first + index, comment: None }));
    }
    (!members.is_empty()).then_some(Node { value: Value::Object(members), line: first, comment: None })
}

/// A sentence of a document that says where the parameters of requests are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated {
    pub(crate) media: &'static str,
    /// The parameters may be in the query as well.
    pub(crate) allows_query: bool,
    pub(crate) at: Lines,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_from_text_and_from_samples() {
        let names = |text| form(text, 1).map(|node| node.members().iter().map(|own| own.0.clone()).collect::<Vec<_>>());
        assert_eq!(names("a=1&b=x%20y"), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(names("{\"a\": 1}"), None);
        assert_eq!(names("@order.json"), None);
        assert_eq!(names("a=1&b"), None);
        assert_eq!(yaml("file: string\nnote: x\n", 1).map(|node| node.members().len()), Some(2));
        assert_eq!(yaml("file:\n  - a\n", 1).map(|node| node.members().len()), None);
        assert_eq!(of_sentence("Parameters of `POST` requests are form-encoded."), Some((FORM, false)));
        assert_eq!(of_sentence("Parameters may be sent in the query string or as form data."), Some((FORM, true)));
        assert_eq!(of_sentence("The signature covers the urlencoded parameters."), None);
        assert_eq!(of_sentence("Fill in the form on our page."), None);
    }
}
