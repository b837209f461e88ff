//! The points that a person has to decide, with the places to read.

use crate::document::Lines;
use crate::facts::{Facts, Form, Member, Operation, Response, Schema};
use crate::inline;
use crate::tuples;

/// Names and their places.
pub(crate) type Places = Vec<(String, Lines)>;

/// Calls a function for each member that requests and responses can have.
pub(crate) fn each_member(facts: &Facts, mut visit: impl FnMut(&Member)) {
    for operation in &facts.operations {
        operation.parameters.iter().for_each(|parameter| {
            visit(&parameter.member);
            below(&parameter.member.schema, &mut visit, 0);
        });
        if let Some(body) = &operation.body {
            below(&body.schema, &mut visit, 0);
        }
        operation.responses.iter().filter_map(|response| response.schema.as_ref()).for_each(|schema| {
            below(schema, &mut visit, 0);
        });
    }
    for method in &facts.methods {
        method.forms.iter().flat_map(|(_, members)| members).for_each(&mut visit);
        if let Some(schema) = &method.result {
            below(schema, &mut visit, 0);
        }
    }
    facts.schemas.iter().for_each(|(_, schema)| below(schema, &mut visit, 0));
}

fn below(schema: &Schema, visit: &mut impl FnMut(&Member), depth: usize) {
    if depth > 32 {
        return;
    }
    match &schema.form {
        Form::Object(members) | Form::Tuple(members) => members.iter().for_each(|member| {
            visit(member);
            below(&member.schema, visit, depth + 1);
        }),
        Form::Array(items) | Form::Map(items) => below(items, visit, depth + 1),
        Form::Choice { of, .. } => of.iter().for_each(|one| below(one, visit, depth + 1)),
        Form::Any | Form::Scalar { .. } | Form::Ref(_) => {}
    }
}

fn add(places: &mut Places, name: &str, at: Lines) {
    if !places.iter().any(|(own, _)| own == name) {
        places.push((name.to_owned(), at));
    }
}

/// Returns the kind of a scalar, or of the elements of a list of scalars.
fn kind(schema: &Schema) -> Option<&'static str> {
    match &schema.form {
        Form::Scalar { kind, .. } => Some(kind),
        Form::Array(items) => kind(items),
        _ => None,
    }
}

/// Returns the names of the numbers that have fractions.
pub(crate) fn decimals(facts: &Facts) -> Places {
    let mut numbers = Places::new();
    each_member(facts, |member| {
        let has_values = match &member.schema.form {
            Form::Array(items) => !items.values.is_empty(),
            _ => !member.schema.values.is_empty(),
        };
        if kind(&member.schema) == Some("number") && !is_time(&member.name) && !has_values {
            add(&mut numbers, &member.name, member.at);
        }
    });
    numbers
}

/// Returns the names of texts that can be decimals, by their names.
pub(crate) fn decimal_texts(facts: &Facts) -> Places {
    const MONEY: [&str; 24] = [
        "price",
        "qty",
        "quantity",
        "amount",
        "volume",
        "size",
        "fee",
        "balance",
        "free",
        "locked",
        "rate",
        "high",
        "low",
        "open",
        "close",
        "last",
        "bid",
        "ask",
        "total",
        "available",
        "margin",
        "leverage",
        "pnl",
        "value",
    ];
    let mut texts = Places::new();
    each_member(facts, |member| {
        let is_stated = matches!(&member.schema.form, Form::Scalar { format: Some(own), .. } if own == "decimal");
        let is_text = kind(&member.schema) == Some("string") && member.schema.values.is_empty() && !is_stated;
        let words = inline::words(&member.name);
        if is_text && words.last().is_some_and(|word| MONEY.contains(&word.as_str())) {
            add(&mut texts, &member.name, member.at);
        }
    });
    texts
}

/// Returns whether a name is one of a time.
pub(crate) fn is_time(name: &str) -> bool {
    let words = inline::words(name);
    let lower = name.to_lowercase();
    words.last().is_some_and(|word| {
        matches!(
            word.as_str(),
            "time"
                | "timestamp"
                | "ts"
                | "date"
                | "datetime"
                | "at"
                | "expiry"
                | "created"
                | "updated"
                | "ctime"
                | "mtime"
        )
    }) || lower.ends_with("timestamp")
}

/// Returns whether a name can be one end of a range of times.
fn is_end(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().replace('_', "").as_str(),
        "from"
            | "to"
            | "since"
            | "until"
            | "till"
            | "start"
            | "end"
            | "begin"
            | "before"
            | "after"
            | "starttime"
            | "endtime"
            | "fromtime"
            | "totime"
    )
}

/// Returns whether a text speaks about a time.
pub(crate) fn says_time(note: &str) -> bool {
    let words = inline::words(note);
    words.iter().any(|word| {
        matches!(word.as_str(), "time" | "times" | "timestamp" | "timestamps" | "date" | "unix" | "epoch" | "utc")
            || matches!(word.as_str(), "ms" | "second" | "seconds")
            || word.starts_with("millisecond")
            || word.starts_with("microsecond")
    }) || ["时间", "毫秒", "秒"].iter().any(|word| note.contains(word))
}

/// Returns whether a number in the URL of a sample can only be a time: one of this century, in
/// seconds or a smaller unit.
fn is_time_shown(value: &str) -> bool {
    matches!(value.len(), 10 | 13 | 16 | 19) && value.starts_with('1') && value.chars().all(|c| c.is_ascii_digit())
}

/// Returns the names of times.
pub(crate) fn times(facts: &Facts) -> Places {
    let mut times = Places::new();
    let shown = facts.operations.iter().flat_map(|operation| &operation.shown);
    let shown: Vec<&String> = shown.filter(|(_, value, _)| is_time_shown(value)).map(|(name, _, _)| name).collect();
    each_member(facts, |member| {
        let is_scalar = matches!(kind(&member.schema), Some("integer" | "number" | "string"));
        let is_range = is_end(&member.name) && (says_time(&member.note) || shown.contains(&&member.name));
        if is_scalar && (is_time(&member.name) || is_range) {
            add(&mut times, &member.name, member.at);
        }
    });
    times
}

/// Returns the schemas whose properties are all optional.
pub(crate) fn without_required(facts: &Facts) -> Places {
    let mut out = Places::new();
    for (name, schema) in &facts.schemas {
        if let Form::Object(members) = &schema.form
            && !members.is_empty()
            && members.iter().all(|member| member.required != Some(true))
        {
            add(&mut out, name, schema.at);
        }
    }
    out
}

/// Returns the responses whose required properties one sample shows, and no table states.
pub(crate) fn shown_once(facts: &Facts) -> Places {
    let mut out = Places::new();
    for operation in &facts.operations {
        for response in operation.responses.iter().filter(|own| own.samples.len() == 1) {
            let Some(schema) = &response.schema else { continue };
            if let Some(at) = shown_member(schema, 0) {
                add(&mut out, &format!("{} {}", operation.name(), response.status), at);
            }
        }
    }
    out
}

/// Returns the lines of a member that is required because a sample has it.
fn shown_member(schema: &Schema, depth: usize) -> Option<Lines> {
    match &schema.form {
        Form::Object(members) => {
            members.iter().find(|own| own.required == Some(true) && !own.states_required).map(|own| own.at)
        }
        Form::Array(items) if depth < 8 => shown_member(items, depth + 1),
        _ => None,
    }
}

/// Returns the values that are needed in some requests only.
pub(crate) fn conditional(facts: &Facts) -> Places {
    let mut out = Places::new();
    each_member(facts, |member| {
        if member.is_conditional {
            add(&mut out, &member.name, member.at);
        }
    });
    out
}

/// Returns the weights of operations that are the largest of several ones.
pub(crate) fn conditional_weights(facts: &Facts) -> Places {
    let mut out = Places::new();
    for operation in &facts.operations {
        let Some((weight, at)) = operation.weight.as_ref().filter(|(own, _)| !own.among.is_empty()) else { continue };
        let all: Vec<String> = weight.among.iter().map(u32::to_string).collect();
        add(&mut out, &format!("{}: {}", operation.name(), all.join(", ")), *at);
    }
    out
}

/// Returns the codes whose texts say something about the outcome, with the extension that they
/// belong to.
pub(crate) fn telling(facts: &Facts) -> Vec<(&'static str, Places)> {
    const TOPICS: [(&str, &[&str]); 3] = [
        (
            "x-unknown-codes",
            &[
                "may or may not",
                "may have been",
                "might have been",
                "outcome",
                "status unknown",
                "execution status",
                "timed out",
                "timeout",
                "time out",
                "unavailable",
                "internal error",
                "system error",
                "server error",
                "unknown error",
                "disconnected",
                "unexpected response",
            ],
        ),
        (
            "x-gone-codes",
            &[
                "order not found",
                "order does not exist",
                "order not exist",
                "unknown order",
                "no such order",
                "already cancel",
                "already filled",
                "already closed",
                "already done",
                "order is closed",
                "order was not found",
                "order_not_found",
                "order has been cancel",
            ],
        ),
        (
            "x-clock-codes",
            &[
                "timestamp out of",
                "timestamp outside",
                "timestamp is outside",
                "outside of the time window",
                "outside the time window",
                "timestamp not within",
                "stale timestamp",
                "expired timestamp",
                "timestamp has expired",
                "outside of the recv",
                "recvwindow",
                "recv_window",
                "timestamp too",
                "timestamp is",
                "timestamp for this request",
                "invalid timestamp",
                "timestamp expired",
                "request expired",
                "clock",
                "invalid_timestamp",
                "ahead of the server",
            ],
        ),
    ];
    let of_operations = facts.operations.iter().flat_map(|operation| &operation.errors);
    let of_methods = facts.methods.iter().flat_map(|method| &method.errors);
    let all: Vec<_> = facts.errors.iter().chain(of_operations).chain(of_methods).collect();
    let mut out = Vec::new();
    for (extension, parts) in TOPICS {
        let mut places = Places::new();
        for error in &all {
            let lower = format!("{} {}", error.code, error.message).to_lowercase();
            if parts.iter().any(|part| lower.contains(part)) {
                add(&mut places, &error.code, error.at);
            }
        }
        if !places.is_empty() {
            out.push((extension, places));
        }
    }
    out
}

/// Returns the operations that can change something.
pub(crate) fn writing(facts: &Facts) -> Places {
    let mut out = Places::new();
    for operation in facts.operations.iter().filter(|operation| !matches!(operation.method.as_str(), "GET" | "HEAD")) {
        out.push((operation.name(), operation.route_at));
    }
    out.extend(facts.methods.iter().map(|method| (method.name.clone(), method.name_at)));
    out
}

/// Returns the rows whose columns have no names in the document.
pub(crate) fn unnamed_columns(facts: &Facts) -> Places {
    let mut all = Places::new();
    for operation in &facts.operations {
        let body = operation.body.as_ref().map(|body| &body.schema);
        let responses = operation.responses.iter().filter_map(|response| response.schema.as_ref());
        body.into_iter().chain(responses).for_each(|schema| tuples::unnamed(schema, &operation.name(), &mut all));
    }
    for method in &facts.methods {
        method.result.iter().for_each(|schema| tuples::unnamed(schema, &method.name, &mut all));
    }
    facts.schemas.iter().for_each(|(name, schema)| tuples::unnamed(schema, name, &mut all));
    let mut out = Places::new();
    for own in all {
        if !out.contains(&own) {
            out.push(own);
        }
    }
    out
}

/// Returns the operations for which no response was found. A response without content is one.
pub(crate) fn without_response(facts: &Facts) -> Places {
    let mut out = Places::new();
    let is_success = |own: &Response| own.status.starts_with('2') || own.status == "default" && own.is_stated;
    let has_success = |operation: &Operation| operation.responses.iter().any(is_success);
    for operation in facts.operations.iter().filter(|operation| !has_success(operation)) {
        out.push((operation.name(), operation.at));
    }
    let methods = facts.methods.iter().filter(|method| method.result.is_none());
    out.extend(methods.map(|method| (method.name.clone(), method.at)));
    out
}

/// Returns whether a name does not read well in code.
pub(crate) fn reads_badly(name: &str) -> bool {
    name.contains("Using") || name.contains(['_', '.']) || name.len() > 40
}

/// Returns the lists whose elements the document does not describe.
pub(crate) fn open_lists(facts: &Facts) -> Places {
    let mut out = Places::new();
    each_member(facts, |member| {
        if matches!(&member.schema.form, Form::Array(items) if matches!(items.form, Form::Any)) {
            add(&mut out, &member.name, member.at);
        }
    });
    for operation in &facts.operations {
        let body = operation.body.as_ref().map(|body| &body.schema);
        let responses = operation.responses.iter().filter_map(|response| response.schema.as_ref());
        for schema in body.into_iter().chain(responses) {
            if matches!(&schema.form, Form::Array(items) if matches!(items.form, Form::Any)) {
                add(&mut out, &operation.name(), schema.at);
            }
        }
    }
    out
}

/// Returns the operations and schemas whose names do not read well in code.
pub(crate) fn names(facts: &Facts) -> Places {
    let mut out = Places::new();
    for operation in &facts.operations {
        match &operation.id {
            Some(id) if reads_badly(id) => add(&mut out, id, operation.route_at),
            _ => {}
        }
    }
    facts
        .schemas
        .iter()
        .filter(|(name, _)| reads_badly(name))
        .for_each(|(name, schema)| add(&mut out, name, schema.at));
    out
}
