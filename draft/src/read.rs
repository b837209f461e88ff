//! Reads documents into facts.

use crate::blocks;
use crate::calls;
use crate::columns::{Column, TableKind};
use crate::document::{Document, Lines};
use crate::errors;
use crate::facts::{Confidence, Facts, Limit, Operation, Remark, RemarkKind, Schema};
use crate::inline;
use crate::operations;
use crate::rpc;
use crate::schemas;
use crate::sections::{self, ItemKind, Section};
use crate::security;

/// Reads documents, and the files that they include.
pub(crate) fn read(documents: &[Document]) -> Facts {
    let mut facts =
        Facts { names: documents.iter().map(|document| document.name.clone()).collect(), ..Facts::default() };
    let mut sections: Vec<Section> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let blocks = blocks::read(&document.text, index);
        if let (None, Some((title, line))) = (&facts.title, &blocks.title) {
            facts.title = Some((title.clone(), Lines::one(index, *line)));
        }
        for (name, line) in &blocks.includes {
            let is_given = documents.iter().any(|document| is_include(&document.name, name));
            if !is_given {
                facts.remarks.push(Remark {
                    kind: RemarkKind::Unread,
                    at: Lines::one(index, *line),
                    other: None,
                    text: format!("the document includes `{name}`, which is not given"),
                });
            }
        }
        sections.extend(sections::divide(&blocks));
    }
    if facts.title.is_none() {
        let first = sections.iter().find(|section| section.level == 1 && !section.heading.is_empty());
        facts.title = first.map(|section| (section.heading.clone(), section.at));
    }
    if rpc::is_rpc(&sections) {
        rpc::read(&sections, &mut facts);
        general(&sections, &mut facts);
        return facts;
    }
    http(&sections, &mut facts);
    general(&sections, &mut facts);
    let hints = security::hints(&sections);
    security::fill(&mut facts, &hints);
    facts
}

/// Returns the names of the files that a document includes, as Slate has them: `errors`.
pub fn includes(document: &Document) -> Vec<String> {
    blocks::read(&document.text, 0).includes.into_iter().map(|(name, _)| name).collect()
}

/// Returns whether the file has the name of an include of Slate: `errors` is `_errors.md`.
fn is_include(file: &str, name: &str) -> bool {
    let file = file.rsplit('/').next().unwrap_or(file);
    let stem = file.trim_start_matches('_').trim_end_matches(".erb").trim_end_matches(".md");
    let name = name.rsplit('/').next().unwrap_or(name);
    stem == name.trim_start_matches('_').trim_end_matches(".erb").trim_end_matches(".md")
}

fn http(sections: &[Section], facts: &mut Facts) {
    let mut shared: Vec<(usize, sections::Route)> = Vec::new();
    let mut servers: Vec<(String, Lines)> = Vec::new();
    for section in sections {
        if section.is_schema
            && let Some((name, schema)) = schemas::read(section, &mut facts.remarks)
        {
            add_schema(facts, name, schema);
            continue;
        }
        for read in operations::read(section) {
            facts.remarks.extend(read.remarks);
            servers.extend(read.servers);
            if let Some(route) = read.parameters_of {
                shared.push((facts.operations.len(), route));
            }
            add_operation(facts, read.operation);
        }
    }
    for (index, route) in shared {
        let (_, target) = calls::split_url(&route.target);
        let own = facts.operations.iter().find(|own| own.method == route.method && own.path == target);
        let Some(parameters) = own.map(|own| own.parameters.clone()) else { continue };
        if let Some(operation) = facts.operations.get_mut(index).filter(|own| own.parameters.is_empty()) {
            operation.parameters = parameters;
        }
    }
    listed_servers(sections, facts);
    for (url, at) in servers {
        let covered = facts.servers.iter().any(|(own, _)| *own == url || url.starts_with(own.as_str()));
        if !covered {
            facts.servers.push((url, at));
        }
    }
    let states_access = facts.operations.iter().any(|operation| operation.access.is_some());
    for operation in &mut facts.operations {
        if states_access && operation.access.is_none() {
            facts.remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::Medium),
                at: operation.route_at,
                other: None,
                text: format!(
                    "`{}` is public: other operations state their security, and this one does not",
                    operation.name()
                ),
            });
        }
    }
    compare(facts);
}

fn add_schema(facts: &mut Facts, name: String, schema: Schema) {
    match facts.schemas.iter().find(|(own, _)| *own == name) {
        Some((_, own)) => facts.remarks.push(Remark {
            kind: RemarkKind::Contradiction,
            at: schema.at,
            other: Some(own.at),
            text: format!("the schema `{name}` is described twice; the draft has the first description"),
        }),
        None => facts.schemas.push((name, schema)),
    }
}

fn add_operation(facts: &mut Facts, operation: Operation) {
    let same = facts.operations.iter().find(|own| own.method == operation.method && own.path == operation.path);
    match same {
        Some(own) => facts.remarks.push(Remark {
            kind: RemarkKind::Contradiction,
            at: operation.route_at,
            other: Some(own.route_at),
            text: format!("`{}` is described twice; the draft has the first description", operation.name()),
        }),
        None => facts.operations.push(operation),
    }
}

/// Reads the base URLs of a list, or of a line that announces them.
fn listed_servers(sections: &[Section], facts: &mut Facts) {
    for section in sections {
        let mut announced = 0usize;
        for item in &section.items {
            let ItemKind::Line(line) = &item.kind else { continue };
            let lower = inline::plain(line).to_lowercase();
            let announces = ["base url", "endpoint url", "base endpoint", "api url", "server url", "production url"];
            let is_heading = announces.iter().any(|word| section.heading.to_lowercase().contains(word));
            if announces.iter().any(|word| lower.contains(word)) || is_heading {
                announced = 4;
            }
            if announced == 0 {
                continue;
            }
            for url in urls(&inline::plain(line)) {
                let url = url.trim_end_matches('/').to_owned();
                if !facts.servers.iter().any(|(own, _)| *own == url) {
                    facts.servers.push((url, item.at));
                    announced = 5;
                }
            }
            announced -= 1;
        }
    }
}

fn urls(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in text.split([' ', '\t', '(', ')', '"', '\'', ',', '<', '>']) {
        if word.starts_with("https://") || word.starts_with("http://") {
            out.push(word.trim_end_matches(['.', ';', ':']).to_owned());
        }
    }
    out
}

/// Reads what stands outside operations: schemes, codes of errors, and limits.
fn general(sections: &[Section], facts: &mut Facts) {
    for section in sections {
        let describes = facts
            .operations
            .iter()
            .any(|own| own.at.document == section.at.document && own.at.first == section.at.first)
            || facts
                .methods
                .iter()
                .any(|own| own.at.document == section.at.document && own.at.first == section.at.first);
        if describes {
            continue;
        }
        facts.schemes.extend(security::schemes(section));
        for item in &section.items {
            match &item.kind {
                ItemKind::Table { table, columns }
                    if columns.kind == TableKind::Errors && columns.has(Column::Code) =>
                {
                    for row in &table.rows {
                        facts.errors.extend(errors::error_code(columns, row, section.at.document));
                    }
                }
                ItemKind::Line(line) => {
                    if let Some(text) = limit(line) {
                        facts.limits.push(Limit { text, at: item.at });
                    }
                }
                _ => {}
            }
        }
    }
}

/// Returns the numbers of a line that states a rate limit, such as `10 requests / second`.
fn limit(line: &str) -> Option<String> {
    let plain = inline::plain(line);
    let words: Vec<String> = inline::words(&plain);
    let unit = |word: &str| {
        matches!(word, "second" | "seconds" | "minute" | "minutes" | "hour" | "hours" | "day" | "s" | "min")
    };
    let subject = words
        .iter()
        .position(|word| matches!(word.as_str(), "request" | "requests" | "calls" | "orders" | "weight"))?;
    let number = words.get(..subject)?.iter().rev().take(3).find(|word| word.chars().all(|c| c.is_ascii_digit()))?;
    let per = words.get(subject..)?.iter().take(6).find(|word| unit(word))?;
    let subject = words.get(subject)?;
    Some(format!("{number} {subject} per {per}"))
}

/// Compares the tables of responses with the schemas that they repeat, and with prose.
fn compare(facts: &mut Facts) {
    let mut remarks = Vec::new();
    for operation in &facts.operations {
        for parameter in &operation.parameters {
            let note = inline::plain(&parameter.member.note).to_lowercase();
            let says = if note.starts_with("optional") || note.contains("(optional)") {
                Some(false)
            } else if note.starts_with("required.") || note.contains("(required)") || note.starts_with("mandatory") {
                Some(true)
            } else {
                None
            };
            if let (Some(says), Some(stated)) = (says, parameter.member.required)
                && says != stated
            {
                let word = |required| if required { "required" } else { "optional" };
                remarks.push(Remark {
                    kind: RemarkKind::Contradiction,
                    at: parameter.member.at,
                    other: None,
                    text: format!(
                        "`{}`: `{}` is {} by its column and {} by its text",
                        operation.name(),
                        parameter.member.name,
                        word(stated),
                        word(says)
                    ),
                });
            }
        }
        for response in &operation.responses {
            let Some(schema) = &response.schema else { continue };
            for (node, at) in &response.samples {
                let name = format!("{} {}", operation.name(), response.status);
                schemas::check(&name, schema, node, at.document, &mut remarks);
            }
        }
    }
    remarks.dedup();
    facts.remarks.extend(remarks);
}
