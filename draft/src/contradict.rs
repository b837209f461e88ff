//! The contradictions of a document with itself: its tables, its samples and its prose.

use crate::access::sentences;
use crate::document::Lines;
use crate::facts::{Facts, Form, Member, Operation, Remark, RemarkKind, Schema};
use crate::infer::infer;
use crate::inline;
use crate::prose;
use crate::refine;
use crate::sample::{Node, Value};
use crate::schemas;
use crate::signing;

/// The maximum depth at which the members of samples are compared.
const MAX_DEPTH: usize = 6;

/// Returns the contradictions.
pub(crate) fn find(facts: &Facts) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for operation in &facts.operations {
        let name = operation.name();
        for parameter in &operation.parameters {
            member(&name, &parameter.member, operation, &mut remarks);
            if let Some((shown, at)) = other_value(&parameter.member, operation, facts) {
                let text = format!(
                    "`{name}`: `{}` is {} in the table and the text `{shown}` in a sample; the draft has the table's",
                    parameter.member.name,
                    parameter.member.schema.type_name(),
                );
                remarks.push(remark(parameter.member.at, Some(at), text));
            }
        }
        for (shown, _, at) in &operation.shown {
            let is_known = operation.parameters.iter().any(|own| own.member.name == *shown)
                || operation.filled.iter().any(|(own, _, _)| own == shown)
                || operation
                    .body
                    .as_ref()
                    .is_some_and(|body| body.schema_members().iter().any(|own| own.name == *shown))
                || signing::sends(shown);
            if let Some(first) = operation.parameters.first().filter(|_| !is_known) {
                let text = format!("`{name}`: `{shown}` is in a sample and in no table; the draft does not have it");
                remarks.push(remark(first.member.at, Some(*at), text));
            }
        }
        if let Some(body) = &operation.body {
            for own in body.schema_members() {
                member(&name, own, operation, &mut remarks);
            }
            for (node, at) in &body.samples {
                schemas::check(&name, &body.schema, node, at.document, &mut remarks);
                values(&name, &body.schema, node, at.document, &mut remarks, 0);
            }
        }
        for response in &operation.responses {
            let Some(schema) = &response.schema else { continue };
            for (node, at) in &response.samples {
                let name = format!("{name} {}", response.status);
                schemas::check(&name, schema, node, at.document, &mut remarks);
                values(&name, schema, node, at.document, &mut remarks, 0);
            }
        }
    }
    let mut out: Vec<Remark> = Vec::new();
    for own in remarks {
        if !out.contains(&own) {
            out.push(own);
        }
    }
    out
}

fn remark(at: Lines, other: Option<Lines>, text: String) -> Remark {
    Remark { kind: RemarkKind::Contradiction, at, other, text }
}

/// Compares the columns of a row with its text, and with sentences about it.
fn member(name: &str, member: &Member, operation: &Operation, remarks: &mut Vec<Remark>) {
    let word = |required| if required { "required" } else { "optional" };
    let says = prose::required(&member.note);
    let says = says.filter(|_| !member.is_conditional);
    if let (Some(says), Some(stated)) = (says, member.required.filter(|_| member.states_required))
        && says != stated
    {
        let text =
            format!("`{name}`: `{}` is {} by its column and {} by its text", member.name, word(stated), word(says));
        remarks.push(remark(member.at, None, text));
    }
    if let (Some(column), Some(text)) = (&member.schema.default, &member.schema.bounds.default)
        && column != text
        && !column.eq_ignore_ascii_case(text)
    {
        let text =
            format!("`{name}`: the default of `{}` is `{column}` by its column and `{text}` by its text", member.name);
        remarks.push(remark(member.at, None, text));
    }
    let Some(stated) = member.required.filter(|_| member.states_required && !member.is_conditional) else { return };
    for (text, at) in &operation.prose {
        for sentence in sentences(text) {
            let is_about = inline::code_spans(sentence) == [member.name.as_str()];
            let lower = inline::plain(sentence).to_lowercase();
            let ends = |all: &[&str]| all.iter().any(|end| lower.trim_end_matches('.').ends_with(end));
            let says = if ends(&["is required", "is mandatory", "must be sent", "is always required"]) {
                Some(true)
            } else if ends(&["is optional", "is not required", "may be omitted", "can be omitted"]) {
                Some(false)
            } else {
                None
            };
            if let Some(says) = says.filter(|says| is_about && *says != stated && !prose::is_conditional(sentence)) {
                let text = format!(
                    "`{name}`: `{}` is {} in the table and {} in the text",
                    member.name,
                    word(stated),
                    word(says)
                );
                remarks.push(remark(member.at, Some(*at), text));
            }
        }
    }
}

/// Names that have another meaning in each response.
fn is_usual(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "id" | "type"
            | "status"
            | "side"
            | "name"
            | "code"
            | "time"
            | "timestamp"
            | "state"
            | "limit"
            | "page"
            | "from"
            | "to"
            | "start"
            | "end"
            | "data"
            | "result"
            | "size"
            | "count"
            | "offset"
            | "cursor"
            | "order"
    )
}

/// Returns the text that a sample shows for a parameter whose table states another type than text.
pub(crate) fn other_value(member: &Member, operation: &Operation, facts: &Facts) -> Option<(String, Lines)> {
    let Form::Scalar { kind: kind @ ("integer" | "number" | "boolean"), .. } = &member.schema.form else { return None };
    if !member.states_type {
        return None;
    }
    let fits = |text: &str| match *kind {
        "integer" => text.parse::<i128>().is_ok(),
        "number" => venuekit_json::is_number(text) || text.parse::<f64>().is_ok(),
        _ => matches!(text, "true" | "false" | "0" | "1"),
    };
    let in_url = operation.shown.iter().find(|(name, value, _)| *name == member.name && !fits(value));
    if let Some((_, value, at)) = in_url {
        return Some((value.clone(), *at));
    }
    // The path above the parameter, such as `/orders` of `/orders/{id}`.
    let collection = operation.path.split(&format!("/{{{}}}", member.name)).next().unwrap_or("");
    let in_path = collection.len() < operation.path.len();
    let related = |own: &Operation| {
        std::ptr::eq(own, operation)
            || in_path && (own.path == collection || own.path.starts_with(&format!("{collection}/")))
            || !is_usual(&member.name)
    };
    let mut names = vec![member.name.clone()];
    let words = inline::words(&member.name);
    if in_path && words.len() > 1 && words.last().is_some_and(|word| word == "id") {
        names.push("id".to_owned());
    }
    for own in facts.operations.iter().filter(|own| related(own)) {
        let bodies = own.body.iter().flat_map(|body| &body.samples);
        let responses = own.responses.iter().filter(|own| own.status.starts_with('2')).flat_map(|own| &own.samples);
        for (node, at) in bodies.chain(responses) {
            let first = node.elements().first().unwrap_or(node);
            for name in names.iter().filter(|name| *name == &member.name || in_path && own.path.starts_with(collection))
            {
                let Some(value) = first.get(name) else { continue };
                if let Value::Text(text) = &value.value
                    && !fits(text)
                    && text.len() < 60
                {
                    return Some((text.clone(), Lines::one(at.document, value.line)));
                }
            }
        }
    }
    None
}

/// Compares the values of a sample with the values that a table lists.
fn values(name: &str, schema: &Schema, node: &Node, document: usize, remarks: &mut Vec<Remark>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match &schema.form {
        Form::Object(members) => {
            for member in members {
                let Some(own) = node.get(&member.name) else { continue };
                let shown = match &own.value {
                    Value::Text(text) => Some(text.clone()),
                    Value::Number(digits) => Some(digits.clone()),
                    _ => None,
                };
                let listed = &member.schema.values;
                if let Some(shown) = shown.filter(|shown| {
                    !listed.is_empty()
                        && !shown.is_empty()
                        && shown.len() < 60
                        && !listed.iter().any(|(own, _)| own == shown)
                }) {
                    let text = format!(
                        "`{name}`: `{}` is `{shown}` in the sample, and the text does not list it",
                        member.name
                    );
                    remarks.push(remark(member.at, Some(Lines::one(document, own.line)), text));
                }
                values(name, &member.schema, own, document, remarks, depth + 1);
            }
        }
        Form::Array(items) => {
            node.elements().iter().for_each(|own| values(name, items, own, document, remarks, depth + 1));
        }
        _ => {}
    }
}

/// Compares the types of a table with several samples, each for itself. `table` describes the
/// objects that have most of its members.
pub(crate) fn kinds(table: &[Member], samples: &[(Node, Lines)]) -> Vec<Remark> {
    let mut out: Vec<Remark> = Vec::new();
    for (node, at) in samples {
        kinds_in(table, node, at.document, &mut out, 0);
    }
    out
}

fn kinds_in(table: &[Member], node: &Node, document: usize, out: &mut Vec<Remark>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let own: Vec<(&Member, &Node)> =
        table.iter().filter_map(|member| node.get(&member.name).map(|shown| (member, shown))).collect();
    if own.len() * 2 >= node.members().len() {
        for (member, shown) in &own {
            let schema = infer(shown, document);
            let is_known = out.iter().any(|remark| remark.at == member.at);
            if refine::contradicts(&member.schema, &schema) && !is_known {
                let (stated, shown_type) = (member.schema.type_name(), schema.type_name());
                let text = format!("`{}` is {stated} in the table and {shown_type} in a sample", member.name);
                out.push(remark(member.at, Some(Lines::one(document, shown.line)), text));
            }
        }
    }
    node.members().iter().for_each(|(_, below)| kinds_in(table, below, document, out, depth + 1));
    node.elements().iter().for_each(|below| kinds_in(table, below, document, out, depth + 1));
}

/// Compares two descriptions of one value in tables.
pub(crate) fn tables(subject: &str, first: &Member, second: &Member) -> Option<Remark> {
    let text =
        if refine::contradicts(&first.schema, &second.schema) || refine::contradicts(&second.schema, &first.schema) {
            format!("is {} in one table and {} in another", first.schema.type_name(), second.schema.type_name())
        } else if let (Some(one), Some(other)) = (first.required, second.required)
            && one != other
            && first.states_required
            && second.states_required
        {
            let word = |required| if required { "required" } else { "optional" };
            format!("is {} in one table and {} in another", word(one), word(other))
        } else {
            return None;
        };
    let text = format!("`{subject}`: `{}` {text}; the draft has the first", first.name);
    Some(remark(first.at, Some(second.at), text))
}
