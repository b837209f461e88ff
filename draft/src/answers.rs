//! The answers to the checklist that the document suggests, as actions on the draft.
//!
//! Each is a guess with its reason. A person reads it, and keeps, corrects or removes it.

use venuekit_json::Tree;

use crate::contradict;
use crate::document::Lines;
use crate::facts::{Facts, Form, Member};
use crate::inline;
use crate::sample::Node;
use crate::{decide, naming};

/// An answer: the value to merge into the objects of the draft that the JSONPath selects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The JSONPath of the objects.
    pub target: String,
    /// The reason, with the lines of the document.
    pub reason: String,
    /// The members to merge.
    pub update: Tree,
}

/// Returns the answers, in the order of the checklist.
pub(crate) fn answers(facts: &Facts, tree: &Tree) -> Vec<Answer> {
    let mut out = Vec::new();
    errors(facts, &mut out);
    times(facts, tree, &mut out);
    operations(facts, &mut out);
    parameters(facts, &mut out);
    out
}

/// Finds the parameters for which samples show a text, though their table says that they are none.
fn parameters(facts: &Facts, out: &mut Vec<Answer>) {
    for operation in &facts.operations {
        for parameter in operation.parameters.iter().map(|own| &own.member) {
            let Some((shown, at)) = contradict::other_value(parameter, operation, facts) else { continue };
            if !matches!(&parameter.schema.form, Form::Scalar { format: None, .. }) {
                continue;
            }
            let (own, there) = (parameter.at.show(&facts.names), at.show(&facts.names));
            let kind = parameter.schema.type_name();
            out.push(Answer {
                target: format!(
                    "$.paths[{}].{}.parameters[?@.name == {}]",
                    literal(&operation.path),
                    operation.method.to_ascii_lowercase(),
                    literal(&parameter.name)
                ),
                reason: format!(
                    "Contradictions: the table says {kind} ({own}), and a sample shows `{shown}` ({there})."
                ),
                update: Tree::Object(vec![
                    ("schema".to_owned(), object("type", Tree::text("string"))),
                    (
                        "x-doc-deviation".to_owned(),
                        Tree::Text(format!("The table says {kind}, and a sample shows a text.")),
                    ),
                ]),
            });
        }
    }
}

fn object(name: &str, value: Tree) -> Tree {
    Tree::Object(vec![(name.to_owned(), value)])
}

/// Returns a text as a literal of a JSONPath.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The names that properties with the code and with the message of an error have.
const CODES: [&str; 10] =
    ["code", "errorCode", "error_code", "errCode", "errcode", "retCode", "ret_code", "err_code", "errno", "status"];
const MESSAGES: [&str; 10] =
    ["message", "msg", "errorMessage", "error_message", "errMsg", "retMsg", "ret_msg", "detail", "error", "reason"];

/// Finds the places of code and message in the samples of errors.
fn errors(facts: &Facts, out: &mut Vec<Answer>) {
    if !facts.methods.is_empty() {
        return;
    }
    let mut codes: Vec<String> = Vec::new();
    let mut messages: Vec<String> = Vec::new();
    let mut first: Option<Lines> = None;
    let of_operations = facts.operations.iter().flat_map(|operation| &operation.responses);
    let of_operations = of_operations.filter(|own| !own.status.starts_with('2')).flat_map(|response| &response.samples);
    for (node, at) in of_operations.chain(&facts.error_samples) {
        let found = place(node, &CODES, "").filter(|place| place != "/status" || place_of_number(node));
        let message = place(node, &MESSAGES, "");
        for (place, list) in [(found, &mut codes), (message, &mut messages)] {
            if let Some(place) = place
                && !list.contains(&place)
            {
                list.push(place);
                first.get_or_insert(*at);
            }
        }
    }
    let Some(at) = first else { return };
    let texts = |all: Vec<String>| Tree::Array(all.into_iter().map(Tree::Text).collect());
    let mut update = Vec::new();
    if !codes.is_empty() {
        update.push(("code".to_owned(), texts(codes)));
    }
    if !messages.is_empty() {
        update.push(("message".to_owned(), texts(messages)));
    }
    out.push(Answer {
        target: "$".to_owned(),
        reason: format!(
            "Errors: the samples of errors have code and message here ({}). Is a response of status 200 ever an \
             error? Then write `failed-when`.",
            at.show(&facts.names)
        ),
        update: object("x-error", Tree::Object(update)),
    });
}

/// Returns the place of a scalar with one of these names, at the root or in `error`.
fn place(node: &Node, names: &[&str], above: &str) -> Option<String> {
    let is_scalar = |node: &Node| !matches!(node.tree(), Tree::Object(_) | Tree::Array(_) | Tree::Null);
    let own = names.iter().find(|name| node.get(name).is_some_and(is_scalar));
    own.map(|name| format!("{above}/{name}")).or_else(|| {
        let inner = node.get("error").filter(|inner| !inner.members().is_empty() && above.is_empty())?;
        place(inner, names, "/error")
    })
}

/// Returns whether the member `status` is a code, and not a word or the status of HTTP.
fn place_of_number(node: &Node) -> bool {
    let digits = node.get("status").and_then(|node| node.tree().scalar()).unwrap_or_default();
    digits.len() > 3 && digits.trim_start_matches('-').chars().all(|c| c.is_ascii_digit())
}

/// Finds the units of times, by the values of samples and by the text about them.
fn times(facts: &Facts, tree: &Tree, out: &mut Vec<Answer>) {
    let mut samples: Vec<(String, Tree)> = Vec::new();
    let of_operations = facts.operations.iter();
    for operation in of_operations {
        operation.responses.iter().flat_map(|own| &own.samples).for_each(|(node, _)| values(node, &mut samples, 0));
        if let Some(node) = operation.body.as_ref().and_then(|body| body.sample.as_ref()) {
            values(node, &mut samples, 0);
        }
    }
    for method in &facts.methods {
        if let Some((node, _)) = &method.sample {
            values(node, &mut samples, 0);
        }
    }
    // The values in the URLs of samples.
    for (name, value, _) in facts.operations.iter().flat_map(|operation| &operation.shown) {
        let is_number = venuekit_json::is_number(value);
        samples.push((name.clone(), if is_number { Tree::number(value) } else { Tree::text(value.as_str()) }));
    }
    let mut notes: Vec<(String, String)> = Vec::new();
    decide::each_member(facts, |member: &Member| {
        notes.push((member.name.clone(), inline::plain(&member.note).to_lowercase()));
    });
    for (name, at) in decide::times(facts) {
        let shown: Vec<&Tree> = samples.iter().filter(|(own, _)| *own == name).map(|(_, value)| value).collect();
        let mut units: Vec<&'static str> = shown.iter().filter_map(|value| unit_of_value(value)).collect();
        let own = || notes.iter().filter(|(own, _)| *own == name);
        // A name such as `from` can be something else in another place.
        let is_time = |note: &String| unit_of_note(note).is_some() || decide::says_time(note);
        if !decide::is_time(&name) && shown.is_empty() && !own().all(|(_, note)| is_time(note)) {
            continue;
        }
        units.extend(own().filter_map(|(_, note)| unit_of_note(note)));
        units.sort_unstable();
        units.dedup();
        let [unit] = units.as_slice() else { continue };
        let kinds: &[&str] = if *unit == "iso8601" { &["string"] } else { &["integer", "number"] };
        let mut own: Vec<Tree> = Vec::new();
        let mut parameters: Vec<Tree> = Vec::new();
        schemas_of(tree, &name, &mut own, &mut parameters, 0);
        let fits = |schema: &Tree| {
            schema.get("type").and_then(Tree::as_text).is_some_and(|kind| kinds.contains(&kind))
                && schema.get("enum").is_none()
                && schema.get("format").is_none_or(|format| *unit != "iso8601" || format.as_text() == Some("date-time"))
        };
        let reason = format!(
            "Times: `{name}` is in {} by its samples or its text ({}).",
            match *unit {
                "ms" => "milliseconds",
                "us" => "microseconds",
                "ns" => "nanoseconds",
                "s" => "seconds",
                _ => "ISO 8601",
            },
            at.show(&facts.names)
        );
        let update = object("x-time", object("unit", Tree::text(*unit)));
        if !own.is_empty() && own.iter().all(fits) {
            let target = format!("$..properties[{}]", literal(&name));
            out.push(Answer { target, reason: reason.clone(), update: update.clone() });
        }
        if !parameters.is_empty() && parameters.iter().all(fits) {
            let target = format!("$.paths..parameters[?@.name == {}].schema", literal(&name));
            out.push(Answer { target, reason, update });
        }
    }
}

fn values(node: &Node, out: &mut Vec<(String, Tree)>, depth: usize) {
    if depth > 32 {
        return;
    }
    for (name, value) in node.members() {
        out.push((name.clone(), value.tree()));
        values(value, out, depth + 1);
    }
    node.elements().iter().for_each(|element| values(element, out, depth + 1));
}

/// Returns the schemas of the properties and of the parameters with a name.
fn schemas_of(tree: &Tree, name: &str, properties: &mut Vec<Tree>, parameters: &mut Vec<Tree>, depth: usize) {
    if depth > 64 {
        return;
    }
    for (key, value) in tree.members() {
        if key == "properties" {
            properties.extend(value.get(name).cloned());
        }
        if key == "parameters" {
            let named = value.elements().iter().filter(|own| own.get("name").and_then(Tree::as_text) == Some(name));
            parameters.extend(named.filter_map(|own| own.get("schema").cloned()));
        }
        if !matches!(key.as_str(), "example" | "examples") {
            schemas_of(value, name, properties, parameters, depth + 1);
        }
    }
    tree.elements().iter().for_each(|own| schemas_of(own, name, properties, parameters, depth + 1));
}

/// Returns the unit of a time of this century, by its digits.
fn unit_of_value(value: &Tree) -> Option<&'static str> {
    match value {
        Tree::Number(digits) => {
            let whole = digits.split('.').next().unwrap_or("");
            if !whole.starts_with('1') || !whole.chars().all(|c| c.is_ascii_digit()) {
                return None;
            }
            match whole.len() {
                10 => Some("s"),
                13 => Some("ms"),
                16 => Some("us"),
                19 => Some("ns"),
                _ => None,
            }
        }
        Tree::Text(text) => {
            let bytes = text.as_bytes();
            let is_date = bytes.len() >= 19
                && bytes.iter().take(4).all(u8::is_ascii_digit)
                && bytes.get(4) == Some(&b'-')
                && bytes.get(7) == Some(&b'-')
                && bytes.get(10) == Some(&b'T');
            is_date.then_some("iso8601")
        }
        _ => None,
    }
}

fn unit_of_note(note: &str) -> Option<&'static str> {
    let words = inline::words(note);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    if has(&["millisecond", "milliseconds", "millis", "ms"]) {
        Some("ms")
    } else if has(&["microsecond", "microseconds"]) {
        Some("us")
    } else if has(&["nanosecond", "nanoseconds"]) {
        Some("ns")
    } else if has(&["iso8601", "rfc3339"]) || note.contains("iso 8601") || note.contains("rfc 3339") {
        Some("iso8601")
    } else if note.contains("in seconds")
        || note.contains("(seconds)")
        || has(&["second", "seconds"]) && has(&["unix", "epoch", "timestamp", "1970"])
    {
        Some("s")
    } else {
        None
    }
}

/// Finds operations that move funds or cancel, and ids that do not read well.
fn operations(facts: &Facts, out: &mut Vec<Answer>) {
    let ids = naming::operation_ids(facts);
    let mut taken = ids.clone();
    for (operation, id) in facts.operations.iter().zip(&ids) {
        let target = format!("$.paths[{}].{}", literal(&operation.path), operation.method.to_ascii_lowercase());
        let at = operation.route_at.show(&facts.names);
        let name = short_id(id);
        if decide::reads_badly(id) && !name.is_empty() && !taken.contains(&name) {
            taken.push(name.clone());
            let reason = format!("Names: `{id}` does not read well in code ({at}).");
            out.push(Answer { target: target.clone(), reason, update: object("operationId", Tree::Text(name)) });
        }
        let words: Vec<String> = [inline::words(&operation.path), inline::words(id)].concat();
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        let is_writing = matches!(operation.method.as_str(), "POST" | "PUT" | "PATCH");
        let lists = has(&["history", "list", "query", "get", "records"]);
        if is_writing
            && !lists
            && has(&["withdraw", "withdrawal", "withdrawals", "transfer", "transfers", "payout", "payouts"])
        {
            out.push(Answer {
                target: target.clone(),
                reason: format!("Repeating: by its name, the operation moves funds ({at})."),
                update: object("x-moves-funds", Tree::Bool(true)),
            });
        }
        let is_cancel = is_writing && inline::words(&operation.path).iter().any(|word| word.starts_with("cancel"));
        if is_cancel && !id.to_lowercase().contains("cancel") {
            out.push(Answer {
                target,
                reason: format!("Repeating: by its path, the operation cancels ({at})."),
                update: object("x-cancels", Tree::Bool(true)),
            });
        }
    }
}

/// Returns an id without what generators add: `getOrdersUsingGET_1` is `getOrders`.
fn short_id(id: &str) -> String {
    let base = id.split_once("Using").map_or(id, |(base, rest)| {
        let is_method = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"].iter().any(|own| rest.starts_with(own));
        if is_method { base } else { id }
    });
    inline::camel(&inline::words(base))
}
