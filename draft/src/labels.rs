//! Labels: short texts that say what the next sample or table is.

use crate::facts::Place;
use crate::inline;
use crate::spelling;

/// What the samples and tables after a label describe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) kind: LabelKind,
    pub(crate) place: Option<Place>,
    pub(crate) status: Option<String>,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LabelKind {
    /// The beginning of a section, before any label.
    #[default]
    Start,
    /// Samples of calls in programming languages.
    Calls,
    /// Parameters of a request.
    Request,
    /// The body of a request.
    Body,
    Response,
    /// The headers of a response.
    ResponseHeaders,
    Errors,
    /// The name of a JSON-RPC method.
    Method,
    Values,
    Properties,
    /// Words about single parameters.
    Details,
    /// A name that is no known word: the member that the next table describes.
    Named,
}

/// Words that may stand in a label beside those that decide its kind.
const FILLERS: &[&str] = &[
    "a",
    "accepted",
    "an",
    "and",
    "api",
    "arguments",
    "attribute",
    "attributes",
    "body",
    "codes",
    "content",
    "created",
    "data",
    "detailed",
    "descriptions",
    "error",
    "errors",
    "example",
    "examples",
    "field",
    "fields",
    "following",
    "for",
    "form",
    "formdata",
    "format",
    "encoded",
    "urlencoded",
    "multipart",
    "application",
    "www",
    "x",
    "header",
    "headers",
    "http",
    "input",
    "json",
    "list",
    "message",
    "method",
    "model",
    "normal",
    "object",
    "of",
    "ok",
    "optional",
    "or",
    "output",
    "parameter",
    "parameters",
    "params",
    "path",
    "payload",
    "post",
    "properties",
    "query",
    "request",
    "required",
    "response",
    "responses",
    "result",
    "results",
    "return",
    "returned",
    "returns",
    "sample",
    "schema",
    "status",
    "string",
    "structure",
    "success",
    "successful",
    "the",
    "uri",
    "url",
    "value",
    "values",
    "endpoint",
    "code",
    "ack",
    "full",
    "enum",
    "enums",
    "enumerated",
    "mode",
    "type",
    "failure",
    "rest",
    "description",
    "none",
];

/// Words of captions that are read if they are misspelled.
const CAPTION: &[&str] =
    &["answer", "error", "errors", "example", "output", "payload", "request", "response", "returns"];

/// Returns the text of a label without its markup and the colon behind it.
pub(crate) fn trimmed(text: &str) -> String {
    let plain = inline::plain(text);
    plain.trim().trim_end_matches([':', '：', '.']).trim().to_owned()
}

/// Reads a heading, a quote or a bold line as a label. Returns `None` if it is no label.
pub(crate) fn read(text: &str) -> Option<Label> {
    let trimmed = trimmed(text);
    let trimmed = trimmed.as_str();
    let mut words = inline::words(trimmed);
    if words.is_empty() || words.len() > 12 {
        return None;
    }
    for word in &mut words {
        if let Some(meant) = spelling::nearest(word, FILLERS) {
            meant.clone_into(word);
        }
    }
    let has = |word: &str| words.iter().any(|own| own == word);
    let any = |all: &[&str]| all.iter().any(|word| has(word));
    let contains = |all: &[&str]| all.iter().any(|part| trimmed.contains(part));
    let known = words.iter().all(|word| {
        FILLERS.contains(&word.as_str())
            || word.chars().all(|c| c.is_ascii_digit())
            || !word.is_ascii()
            || word.trim_end_matches(|c: char| c.is_ascii_digit()) == "request"
    });
    let status = words.iter().find(|word| is_status(word)).cloned();
    let label = |kind| Some(Label { kind, place: None, status: None, text: trimmed.to_owned() });
    // `The above command returns JSON structured like this`, and other sentences about a sample.
    if has("returns") && (has("json") || has("structured")) || has("returned") && has("json") {
        return label(LabelKind::Response);
    }
    if words.len() <= MOST_WORDS
        && trimmed.is_ascii()
        && let Some(kind) = meaning(trimmed, &words)
    {
        return label(if kind == LabelKind::Body { LabelKind::Request } else { kind });
    }
    if !known {
        return None;
    }
    if has("code") && any(&["sample", "samples"]) || contains(&["请求代码"]) {
        return label(LabelKind::Calls);
    }
    if has("descriptions") || words.len() <= 2 && has("description") {
        return label(LabelKind::Details);
    }
    if any(&["enumerated", "enum", "enums"]) || contains(&["枚举"]) {
        return label(LabelKind::Values);
    }
    if has("response") && any(&["header", "headers"]) || contains(&["返回头", "响应头"]) {
        return label(LabelKind::ResponseHeaders);
    }
    if any(&["response", "responses", "returns", "return", "result", "results", "output", "returned", "status"])
        || contains(&["返回", "响应", "状态码"])
    {
        return Some(Label { kind: LabelKind::Response, place: None, status, text: trimmed.to_owned() });
    }
    if any(&["error", "errors"]) || contains(&["错误"]) {
        return label(LabelKind::Errors);
    }
    if words.len() == 1 && has("method") {
        return label(LabelKind::Method);
    }
    if any(&["body", "payload"]) || contains(&["Body", "请求体"]) {
        return label(LabelKind::Body);
    }
    let is_form = any(&["form", "formdata", "encoded", "urlencoded", "multipart"]) && !has("query");
    if is_form && (words.len() == 1 || any(&["data", "parameters", "params", "fields", "arguments", "x"])) {
        return label(LabelKind::Body);
    }
    let names_request = words.iter().any(|word| {
        matches!(word.as_str(), "parameter" | "parameters" | "params" | "arguments" | "query" | "input" | "headers")
            || word.trim_end_matches(|c: char| c.is_ascii_digit()) == "request"
    });
    if names_request || contains(&["请求", "参数"]) {
        let place = if any(&["path", "uri"]) || has("url") && !has("query") {
            Some(Place::Path)
        } else if has("query") {
            Some(Place::Query)
        } else if any(&["header", "headers"]) {
            Some(Place::Header)
        } else {
            None
        };
        return Some(Label { kind: LabelKind::Request, place, status: None, text: trimmed.to_owned() });
    }
    if any(&["properties", "attribute", "attributes", "fields", "schema"]) || contains(&["属性"]) {
        return label(LabelKind::Properties);
    }
    None
}

/// Reads a title that is a label by its form: `401 Unauthorized` and `Response schema (Position)`
/// for a response, `Limit order parameters` for parameters, `Fields of an order` for an object.
pub(crate) fn titled(text: &str) -> Option<Label> {
    let text = trimmed(text);
    let words = inline::words(&text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let label = |kind, status| Some(Label { kind, place: None, status, text: text.clone() });
    let (first, last) = (words.first()?, words.last()?);
    if words.len() > MOST_WORDS {
        return None;
    }
    if is_status(first) && words.get(1..).is_some_and(|rest| REASONS.contains(&rest.join(" ").as_str())) {
        return label(LabelKind::Response, Some((*first).to_owned()));
    }
    match words.as_slice() {
        ["response" | "responses", "schema" | "fields" | "object" | "attributes" | "properties" | "parameters", ..] => {
            label(LabelKind::Response, None)
        }
        ["fields" | "attributes" | "properties" | "members", "of", ..] => label(LabelKind::Properties, None),
        _ if matches!(*last, "parameters" | "params" | "arguments")
            && words.len() > 1
            && !words.iter().any(|word| matches!(*word, "response" | "result" | "returned" | "no" | "common")) =>
        {
            label(LabelKind::Request, None)
        }
        _ => None,
    }
}

/// The reasons of HTTP statuses, in lower case.
const REASONS: [&str; 24] = [
    "ok",
    "created",
    "accepted",
    "no content",
    "bad request",
    "unauthorized",
    "unauthorised",
    "payment required",
    "forbidden",
    "not found",
    "method not allowed",
    "not acceptable",
    "request timeout",
    "conflict",
    "gone",
    "precondition failed",
    "payload too large",
    "unprocessable entity",
    "unprocessable content",
    "too many requests",
    "internal server error",
    "bad gateway",
    "service unavailable",
    "gateway timeout",
];

/// The maximum number of words of a label that is read by its meaning.
const MOST_WORDS: usize = 6;

/// Verbs for what a user does with a response.
const GETS: [&str; 6] = ["get", "receive", "see", "obtain", "expect", "read"];
/// Verbs for what a user does with a request.
const SENDS: [&str; 6] = ["send", "post", "submit", "pass", "provide", "put"];
/// Words before `back`.
const BACK: [&str; 18] = [
    "get", "gets", "come", "comes", "coming", "send", "sends", "sent", "give", "gives", "given", "hand", "hands",
    "got", "goes", "go", "receive", "it",
];

/// Reads words that people use in place of `Request` and `Response`: `You get back`, `On success`,
/// `What you send`. The venue sends responses, and its users send requests.
fn meaning(text: &str, words: &[String]) -> Option<LabelKind> {
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let follows = |first: &[&str], second: &[&str]| {
        words.windows(2).any(|pair| match pair {
            [one, two] => first.contains(&one.as_str()) && second.contains(&two.as_str()),
            _ => false,
        })
    };
    let contains = |all: &[&str]| all.iter().any(|part| text.contains(part));
    if follows(&BACK, &["back"])
        || follows(&["you", "will", "ll", "client", "caller", "clients", "users"], &GETS) && !has(&SENDS)
        || follows(&["on", "upon", "of"], &["success"])
        || follows(&["if"], &["successful"])
        || follows(&["what"], &["returns"])
        || contains(&["返回", "响应", "应答", "回应", "回傳", "成功示例"]) && !contains(&["错误", "失败"])
    {
        return Some(LabelKind::Response);
    }
    if follows(&["you", "client", "caller"], &SENDS)
        || contains(&["请求示例", "请求例子", "请求样例", "请求报文", "请求内容", "请求体"])
    {
        return Some(LabelKind::Body);
    }
    None
}

/// Returns the label of the list that a sentence announces: `Returns an array of trades:`.
pub(crate) fn announced(text: &str) -> Option<Label> {
    let plain = inline::plain(text);
    let (kind, status) = caption(&plain).filter(|_| plain.trim_end().ends_with([':', '：']))?;
    let is_header = inline::words(&plain).iter().any(|word| word.starts_with("header"));
    let (kind, place) = match kind {
        LabelKind::Body => (LabelKind::Request, is_header.then_some(Place::Header)),
        LabelKind::Response if is_header => (LabelKind::ResponseHeaders, None),
        kind => (kind, None),
    };
    Some(Label { kind, place, status, text: trimmed(text) })
}

/// Reads the text directly before a sample, which says what the sample is: `Example of a request:`,
/// or a sentence such as `The venue answers with the order:`. The status is in it, if it is stated.
pub(crate) fn caption(text: &str) -> Option<(LabelKind, Option<String>)> {
    let plain = inline::plain(text);
    let mut words = inline::words(&plain);
    for word in &mut words {
        if let Some(meant) = spelling::nearest(word, CAPTION) {
            meant.clone_into(word);
        }
    }
    // Chinese has no spaces between words.
    let is_short = words.len() <= 8 && (plain.is_ascii() || plain.chars().count() <= 40);
    let is_announced = plain.trim_end().ends_with([':', '：']) || is_short;
    if !is_announced || words.len() > 30 {
        return None;
    }
    let any = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let status = words.iter().find(|word| is_status(word)).cloned();
    let is_success = status.as_ref().is_none_or(|status| status.starts_with('2'));
    let is_failure = ["错误", "失败", "异常"].iter().any(|part| plain.contains(part));
    if any(&["error", "errors", "failure", "fails", "failed", "rejected", "refused"]) || is_failure || !is_success {
        return Some((LabelKind::Errors, status));
    }
    if let Some(kind) = meaning(&plain, &words) {
        return Some((kind, status));
    }
    if status.is_some()
        || any(&["response", "responses", "returns", "returned", "reply", "replies", "answer", "answers", "output"])
        || any(&["result", "results", "responds", "receive", "received", "yields", "gives", "answered", "replied"])
        || any(&["success", "successful", "succeeds"]) && !any(&["request", "requests"])
    {
        return Some((LabelKind::Response, status));
    }
    // `We send this` can be the venue, which answers, or an author who shows how to call it.
    let is_open = words.windows(2).any(|pair| match pair {
        [one, two] => matches!(one.as_str(), "we" | "server" | "exchange" | "venue") && two.starts_with("send"),
        _ => false,
    });
    let calls =
        words.windows(2).any(|pair| matches!(pair, [one, two] if one == "call" && (two == "it" || two == "with")));
    let says = calls
        || any(&["request", "requests", "body", "payload", "send", "sends", "sending", "submit", "input", "post"]);
    (says && !is_open).then_some((LabelKind::Body, None))
}

pub(crate) fn is_status(word: &str) -> bool {
    let is_range = word.len() == 3 && word.ends_with("xx") && word.starts_with(['1', '2', '3', '4', '5']);
    is_range
        || word.len() == 3 && word.starts_with(['1', '2', '3', '4', '5']) && word.chars().all(|c| c.is_ascii_digit())
}

/// Returns whether a heading opens the part of a document that describes schemas.
pub(crate) fn opens_schemas(text: &str) -> bool {
    let plain = inline::plain(text);
    matches!(
        plain.to_lowercase().as_str(),
        "schemas" | "schema" | "data schema" | "data schemas" | "models" | "definitions" | "data models" | "数据模型"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_what_follows() {
        let kind = |text| read(text).map(|label| label.kind);
        assert_eq!(kind("200 Response"), Some(LabelKind::Response));
        assert_eq!(read("Status Code **400**").unwrap().status.as_deref(), Some("400"));
        assert_eq!(kind("The above command returns JSON structured like this:"), Some(LabelKind::Response));
        assert_eq!(kind("Query Parameters"), Some(LabelKind::Request));
        assert_eq!(read("URL Parameters").unwrap().place, Some(Place::Path));
        assert_eq!(kind("Body 请求参数"), Some(LabelKind::Body));
        assert_eq!(kind("***Request1(normal mode)***"), Some(LabelKind::Request));
        assert_eq!(kind("Parameters (form-encoded):"), Some(LabelKind::Body));
        assert_eq!(kind("Form fields"), Some(LabelKind::Body));
        assert_eq!(kind("Response format"), Some(LabelKind::Response));
        assert_eq!(kind("Enum"), Some(LabelKind::Values));
        assert_eq!(kind("返回头部 Header"), Some(LabelKind::ResponseHeaders));
        assert_eq!(kind("Response Header"), Some(LabelKind::ResponseHeaders));
        assert_eq!(kind("List all orders"), None);
        assert_eq!(kind("Order history"), None);
        // `from` is not a misspelled `form`.
        assert_eq!(kind("Parameters from the URL"), None);
        assert_eq!(kind("Market status list"), None);
        assert_eq!(kind("method"), Some(LabelKind::Method));
        assert_eq!(kind("You get back"), Some(LabelKind::Response));
        assert_eq!(kind("What you send"), Some(LabelKind::Request));
        assert_eq!(kind("Get the account"), None);
        assert_eq!(read("Response (201 Created):").unwrap().status.as_deref(), Some("201"));
    }

    #[test]
    fn titles_with_other_words_tell_what_follows() {
        let kind = |text| titled(text).map(|label| label.kind);
        assert_eq!(titled("401 Unauthorized").unwrap().status.as_deref(), Some("401"));
        assert_eq!(kind("429 Too Many Requests"), Some(LabelKind::Response));
        assert_eq!(kind("Response schema (Position)"), Some(LabelKind::Response));
        assert_eq!(kind("LIMIT ORDER PARAMETERS"), Some(LabelKind::Request));
        assert_eq!(kind("Fields of an order:"), Some(LabelKind::Properties));
        for text in ["Parameters", "401 orders", "Returned parameters", "Common parameters", "Orders", "500 markets"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn captions_tell_what_a_sample_is() {
        let kind = |text| caption(text).map(|(kind, _)| kind);
        assert_eq!(kind("The venue answers with the order:"), Some(LabelKind::Response));
        assert_eq!(kind("Returns:"), Some(LabelKind::Response));
        assert_eq!(kind("Sample response to this request"), Some(LabelKind::Response));
        assert_eq!(kind("To place an order, send this:"), Some(LabelKind::Body));
        assert_eq!(kind("If the order is rejected:"), Some(LabelKind::Errors));
        assert_eq!(kind("404 Not Found"), Some(LabelKind::Errors));
        assert_eq!(kind("Example of a limit order:"), None);
        for text in [
            "You get back:",
            "What comes back",
            "Our answer:",
            "A reply looks like this:",
            "Example of a success:",
            "On success:",
            "You will get",
            "We send back:",
            "返回示例",
            "成功响应：",
            "The exchange hands back the order:",
        ] {
            assert_eq!(kind(text), Some(LabelKind::Response), "{text}");
        }
        for text in ["What you send", "请求示例：", "To cancel it, post this:", "Call it with:"] {
            assert_eq!(kind(text), Some(LabelKind::Body), "{text}");
        }
        assert_eq!(kind("What we send:"), None);
        assert_eq!(kind("错误示例"), Some(LabelKind::Errors));
        assert_eq!(kind("The response is sorted by time, and it has one element for each open order."), None);
    }
}
