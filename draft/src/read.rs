//! Reads documents into facts.

use std::collections::BTreeSet;

use crate::blocks::{self, Block, BlockKind, Blocks};
use crate::calls;
use crate::columns::{Column, TableKind};
use crate::document::{Document, Lines};
use crate::errors;
use crate::facts::{Confidence, ErrorCode, Facts, Limit, Operation, Remark, RemarkKind, Schema};
use crate::inline;
use crate::labels::{self, LabelKind};
use crate::limits;
use crate::operations;
use crate::rpc;
use crate::sample;
use crate::schemas;
use crate::sections::{self, Item, ItemKind, Section};
use crate::security;

/// Reads documents, and the files that they include.
pub(crate) fn read(documents: &[Document]) -> Facts {
    let mut facts =
        Facts { names: documents.iter().map(|document| document.name.clone()).collect(), ..Facts::default() };
    let all: Vec<Blocks> =
        documents.iter().enumerate().map(|(index, document)| blocks::read(&document.text, index)).collect();
    for (index, blocks) in all.iter().enumerate() {
        if let (None, Some((title, line))) = (&facts.title, &blocks.title) {
            facts.title = Some((title.clone(), Lines::one(index, *line)));
        }
        for (name, line) in &blocks.includes {
            if target(documents, name, index).is_none() {
                facts.remarks.push(Remark {
                    kind: RemarkKind::Unread,
                    at: Lines::one(index, *line),
                    other: None,
                    text: format!("the document includes `{name}`, which is not given"),
                });
            }
        }
    }
    let sections: Vec<Section> = joined(documents, &all).iter().flat_map(|blocks| sections::divide(blocks)).collect();
    if facts.title.is_none() {
        let first = sections.iter().find(|section| section.level == 1 && !section.heading.is_empty());
        facts.title = first.map(|section| (section.heading.clone(), section.at));
    }
    if rpc::is_rpc(&sections) {
        rpc::read(&sections, &mut facts);
        listed_servers(&sections, &mut facts);
        general(&sections, &mut facts);
        return facts;
    }
    http(&sections, &mut facts);
    general(&sections, &mut facts);
    let hints = security::hints(&sections);
    security::fill(&mut facts, &hints);
    facts
}

/// Returns the names of the files that a document includes, as it writes them: `errors` in the
/// metadata of Slate, or the path of a directive such as `<!-- include: orders.md -->`.
pub fn includes(document: &Document) -> Vec<String> {
    blocks::read(&document.text, 0).includes.into_iter().map(|(name, _)| name).collect()
}

/// Returns the blocks of each document, with those of the files that it includes in their place.
fn joined(documents: &[Document], all: &[Blocks]) -> Vec<Vec<Block>> {
    let targets = |index: usize, blocks: &Blocks| {
        let of = |block: &Block| match &block.kind {
            BlockKind::Include(name) => target(documents, name, index),
            _ => None,
        };
        blocks.blocks.iter().filter_map(of).collect::<Vec<usize>>()
    };
    let included: BTreeSet<usize> = all.iter().enumerate().flat_map(|(index, blocks)| targets(index, blocks)).collect();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut out = Vec::new();
    // Documents that include each other come last: none of them is the first one.
    let roots = (0..all.len()).filter(|index| !included.contains(index));
    for index in roots.chain(0..all.len()) {
        if !done.contains(&index) {
            let mut blocks = Vec::new();
            splice(documents, all, index, &mut done, &mut blocks);
            out.push(blocks);
        }
    }
    out
}

/// Appends the blocks of a document. A file that was read already is not read again.
fn splice(documents: &[Document], all: &[Blocks], index: usize, done: &mut BTreeSet<usize>, out: &mut Vec<Block>) {
    if !done.insert(index) {
        return;
    }
    for block in all.get(index).map(|blocks| blocks.blocks.as_slice()).unwrap_or_default() {
        match &block.kind {
            BlockKind::Include(name) => {
                if let Some(next) = target(documents, name, index) {
                    splice(documents, all, next, done, out);
                }
            }
            _ => out.push(block.clone()),
        }
    }
}

/// Returns the document that an include names: the one with this path, or with the name of an
/// include of Slate, where `errors` is `_errors.md`.
fn target(documents: &[Document], name: &str, from: usize) -> Option<usize> {
    let others = || documents.iter().enumerate().filter(|(index, _)| *index != from);
    let path = name.trim_start_matches("./");
    let exact = others().find(|(_, own)| own.name == path);
    let file = |path: &str| {
        let file = path.rsplit('/').next().unwrap_or(path);
        file.trim_start_matches('_').trim_end_matches(".erb").trim_end_matches(".md").to_owned()
    };
    exact.or_else(|| others().find(|(_, own)| file(&own.name) == file(name))).map(|(index, _)| index)
}

fn http(sections: &[Section], facts: &mut Facts) {
    let mut shared: Vec<(usize, sections::Route)> = Vec::new();
    let mut servers: Vec<(String, Lines)> = Vec::new();
    let mut origins: Vec<(usize, String)> = Vec::new();
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
            if let Some(origin) = read.origin {
                origins.push((facts.operations.len(), origin));
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
    // A route that is a whole URL begins with a base URL and its path.
    for (index, origin) in origins {
        let bases = facts.servers.iter().filter_map(|(url, _)| url.strip_prefix(&origin));
        let base = bases.filter(|base| base.starts_with('/')).max_by_key(|base| base.len()).map(str::to_owned);
        if let (Some(base), Some(operation)) = (base, facts.operations.get_mut(index))
            && let Some(rest) = operation.path.strip_prefix(&base).filter(|rest| rest.starts_with('/'))
        {
            operation.path = rest.to_owned();
        }
    }
    for (url, at) in servers {
        let covered = facts.servers.iter().any(|(own, _)| {
            url.starts_with(own.as_str()) || own.strip_prefix(&url).is_some_and(|rest| rest.starts_with('/'))
        });
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
            let announces = [
                "base url",
                "endpoint url",
                "base endpoint",
                "api url",
                "server url",
                "production url",
                "requests go to",
                "requests are sent to",
                "post to",
            ];
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
        let (_, rest) = word.split_once("://").unwrap_or(("", ""));
        let host = rest.split(['/', ':', '?']).next().unwrap_or("");
        // A host such as `Website` or `{host}` stands for another one.
        let is_host = (host.contains('.') || host == "localhost") && !host.contains(['{', '$']);
        if is_host && (word.starts_with("https://") || word.starts_with("http://")) {
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
        add_limits(facts, limits::of_section(section));
        for item in &section.items {
            match &item.kind {
                ItemKind::Table { table, columns }
                    if columns.kind == TableKind::Errors && columns.has(Column::Code) =>
                {
                    let document = item.at.document;
                    let codes = table.rows.iter().filter_map(|row| errors::error_code(columns, row, document));
                    let codes: Vec<ErrorCode> = codes.collect();
                    // The statuses of HTTP are no codes in a body.
                    let is_status = |own: &ErrorCode| labels::is_status(&own.code) && own.code.starts_with(['4', '5']);
                    if !codes.iter().all(is_status) {
                        facts.errors.extend(codes);
                    }
                }
                ItemKind::Table { table, .. } => {
                    for row in &table.rows {
                        let at = Lines::one(item.at.document, row.line);
                        add_limits(facts, limits::read(&row.cells.join(" "), &section.heading, at));
                    }
                }
                ItemKind::Code { text, first, .. } if is_about_errors(section, item) => {
                    let nodes = sample::read(text, *first).into_iter().filter(|node| !node.members().is_empty());
                    facts.error_samples.extend(nodes.map(|node| (node, item.at)));
                }
                _ => {}
            }
        }
    }
    remark_limits(facts);
}

fn add_limits(facts: &mut Facts, limits: Vec<Limit>) {
    for limit in limits {
        let is_same = |own: &Limit| own.text == limit.text && own.per == limit.per && own.scope == limit.scope;
        if !facts.limits.iter().any(is_same) {
            facts.limits.push(limit);
        }
    }
}

fn is_about_errors(section: &Section, item: &Item) -> bool {
    let is_error = |text: &str| inline::words(text).iter().any(|word| matches!(word.as_str(), "error" | "errors"));
    item.label.kind == LabelKind::Errors || is_error(&section.heading) || is_error(&section.parent)
}

/// Adds a remark for each limit, and one for two limits that contradict each other.
fn remark_limits(facts: &mut Facts) {
    let mut remarks = Vec::new();
    let of_operations = facts.operations.iter().flat_map(|operation| &operation.limits);
    for limit in facts.limits.iter().chain(of_operations) {
        let per = if limit.per == "ip" { "address" } else { "key" };
        remarks.push(Remark {
            kind: RemarkKind::Guess(limit.confidence),
            at: limit.at,
            other: None,
            text: format!("`{}` is a rate limit, per {per}", limit.text),
        });
    }
    for (index, limit) in facts.limits.iter().enumerate() {
        let other = facts.limits.iter().take(index).find(|own| {
            (own.window == limit.window && own.per == limit.per && own.scope == limit.scope)
                && own.is_weight == limit.is_weight
                && own.number != limit.number
        });
        if let Some(other) = other {
            remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: limit.at,
                other: Some(other.at),
                text: format!("the limit is `{}` here and `{}` there; the draft has both", limit.text, other.text),
            });
        }
    }
    facts.remarks.extend(remarks);
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
