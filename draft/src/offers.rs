//! Points of the checklist that name an extension which the document suggests: the time of the
//! venue, pages, the rules of orders, and batches.

use crate::decide::{Places, each_member, is_time};
use crate::facts::{Facts, Form, Member, Operation, Schema};
use crate::inline;

/// Returns the points: the title, the question, and the places.
pub(crate) fn points(facts: &Facts) -> Vec<(&'static str, &'static str, Places)> {
    vec![
        (
            "Server time.",
            "These operations return the venue's time. Write `x-server-time`, with the place of the time and its unit.",
            of_operations(facts, is_clock),
        ),
        (
            "Pages.",
            "These lists come in pages, by their parameters. Write `x-pagination`.",
            of_operations(facts, pages),
        ),
        (
            "Rules of orders.",
            "By their names these state the rules of orders: steps, minimums and maximums. Write `x-market-rule`.",
            rules(facts),
        ),
        (
            "Batches.",
            "These requests carry several orders or items. Write `x-batch`, and what each of them counts against the \
             rate limits.",
            of_operations(facts, is_batch),
        ),
        (
            "Counts.",
            "The text says that a request counts as several. Write `x-weight`, or a lower limit.",
            counts(facts),
        ),
    ]
}

fn of_operations(facts: &Facts, is_meant: impl Fn(&Operation, &Facts) -> bool) -> Places {
    let all = facts.operations.iter().filter(|own| is_meant(own, facts));
    all.map(|own| (own.name(), own.route_at)).collect()
}

/// Returns the schema to which a reference leads.
fn resolve<'a>(schema: &'a Schema, facts: &'a Facts) -> &'a Schema {
    match &schema.form {
        Form::Ref(name) => facts.schemas.iter().find(|(own, _)| own == name).map_or(schema, |(_, schema)| schema),
        _ => schema,
    }
}

/// Returns the members of the success of an operation.
fn members<'a>(operation: &'a Operation, facts: &'a Facts) -> &'a [Member] {
    let response = operation.responses.iter().find(|own| own.status.starts_with('2'));
    let schema = response.and_then(|own| own.schema.as_ref()).map(|own| resolve(own, facts));
    match schema.map(|own| &own.form) {
        Some(Form::Object(members)) => members,
        _ => &[],
    }
}

/// Returns whether an operation only returns the time.
fn is_clock(operation: &Operation, facts: &Facts) -> bool {
    let words = inline::words(operation.path.rsplit('/').find(|own| !own.is_empty()).unwrap_or(""));
    let is_named = words.iter().all(|word| matches!(word.as_str(), "time" | "timestamp" | "server" | "clock" | "now"));
    let sends = operation.parameters.iter().any(|own| own.member.required == Some(true));
    let has_time = members(operation, facts).iter().any(|own| is_time(&own.name));
    operation.method == "GET" && is_named && !words.is_empty() && !sends && (has_time || operation.responses.is_empty())
}

/// Returns whether a list comes in pages: a parameter names the page, or the place where it begins.
fn pages(operation: &Operation, facts: &Facts) -> bool {
    let is_page = |member: &Member| {
        let name = inline::words(&member.name).concat();
        let note = inline::plain(&member.note).to_lowercase();
        let says = ["previous page", "next page", "page number", "number of the page", "pagination"];
        matches!(
            name.as_str(),
            "cursor"
                | "nextcursor"
                | "pagetoken"
                | "nextpagetoken"
                | "page"
                | "pageno"
                | "pagenum"
                | "pageindex"
                | "pagenumber"
                | "offset"
                | "startingafter"
                | "marker"
        ) || says.iter().any(|own| note.contains(own))
    };
    let sends = operation.parameters.iter().any(|own| is_page(&own.member))
        || operation.body.as_ref().is_some_and(|body| body.schema_members().iter().any(is_page));
    let reads = matches!(operation.method.as_str(), "GET" | "HEAD") || members(operation, facts).iter().any(is_page);
    sends && reads
}

/// Returns the members that state rules of orders, by their names.
fn rules(facts: &Facts) -> Places {
    let mut out = Places::new();
    each_member(facts, |member| {
        let words = inline::words(&member.name);
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        let is_step = has(&["increment", "tick", "step", "lot"])
            && has(&["price", "quantity", "qty", "size", "amount", "base", "quote"]);
        let is_bound = has(&["min", "minimum", "max", "maximum"])
            && has(&["quantity", "qty", "size", "amount", "notional", "price", "order", "value"]);
        let is_scale = has(&["precision", "scale", "decimals"])
            && has(&["price", "quantity", "qty", "size", "amount", "base", "quote"]);
        // A bound of a request is a filter.
        if (is_step || is_bound || is_scale) && !out.iter().any(|(own, _)| *own == member.name) {
            out.push((member.name.clone(), member.at));
        }
    });
    out
}

/// Returns whether a request carries a list of orders or other items.
fn is_batch(operation: &Operation, facts: &Facts) -> bool {
    let words = inline::words(&format!("{} {}", operation.path, operation.heading));
    let says = words.iter().any(|own| matches!(own.as_str(), "batch" | "bulk" | "multiple" | "mass" | "batches"));
    let is_list = |schema: &Schema| match &schema.form {
        Form::Array(items) => matches!(resolve(items, facts).form, Form::Object(_)),
        _ => false,
    };
    let body = operation.body.as_ref();
    let carries =
        body.is_some_and(|own| is_list(&own.schema) || own.schema_members().iter().any(|own| is_list(&own.schema)));
    let writes = !matches!(operation.method.as_str(), "GET" | "HEAD");
    writes && carries && (says || body.is_some_and(|own| is_list(&own.schema) || own.schema_members().len() == 1))
}

/// Returns the texts which say that a request counts as several.
fn counts(facts: &Facts) -> Places {
    let mut out = Places::new();
    for operation in &facts.operations {
        for (text, at) in &operation.prose {
            let lower = inline::plain(text).to_lowercase();
            let counts = ["counts as one request per", "counts as one request for each", "counts as 1 request per"];
            if counts.iter().any(|own| lower.contains(own)) {
                out.push((operation.name(), *at));
            }
        }
    }
    out
}
