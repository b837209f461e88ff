//! The methods of a JSON-RPC API.

use crate::calls;
use crate::columns::TableKind;
use crate::document::Lines;
use crate::errors::error_code;
use crate::facts::{Confidence, Facts, Form, Member, Method, Place, Remark, RemarkKind, Schema, Scheme, SchemeKind};
use crate::infer::infer;
use crate::inline;
use crate::labels::LabelKind;
use crate::members::{self, MemberRow};
use crate::operations::heads;
use crate::prose::Bounds;
use crate::refine::{contradicts, refine};
use crate::sample::{self, Node, Value};
use crate::sections::{Item, ItemKind, Section};

/// Returns whether the sections describe methods of JSON-RPC rather than routes of HTTP.
pub(crate) fn is_rpc(sections: &[Section]) -> bool {
    let methods = sections.iter().filter(|section| !section.is_schema && name(section).is_some()).count();
    let routes: usize = sections
        .iter()
        .map(|section| section.items.iter().filter(|item| matches!(item.kind, ItemKind::Route(_))).count())
        .sum();
    methods > routes
}

/// Returns the request that a sample of a section shows.
fn request(section: &Section) -> Option<(Node, Lines)> {
    section.items.iter().find_map(|item| {
        let ItemKind::Code { text, first, .. } = &item.kind else { return None };
        let call = calls::read(text);
        let body = call.as_ref().and_then(|call| call.body.as_deref());
        let (text, line) = body.map_or((text.as_str(), *first), |body| {
            let start = body.lines().next().and_then(|line| text.find(line)).unwrap_or(0);
            let before = text.get(..start).map_or(0, |before| before.matches('\n').count());
            (body, first + before)
        });
        let node = sample::read(text, line).into_iter().find(|node| {
            node.get("method").is_some_and(|method| method.as_text().is_some())
                && (node.get("params").is_some() || node.get("jsonrpc").is_some() || node.get("id").is_some())
        })?;
        Some((node, item.at))
    })
}

/// Returns whether a text can be the name of a method.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/'))
}

/// Returns the name of the method that a section describes.
fn name(section: &Section) -> Option<(String, Lines)> {
    let stated = section.items.iter().filter(|item| item.label.kind == LabelKind::Method).find_map(|item| {
        let ItemKind::Line(line) = &item.kind else { return None };
        let name = inline::plain(line);
        is_name(&name).then_some((name, item.at))
    });
    stated.or_else(|| named_by_line(section)).or_else(|| {
        let has_table = section.items.iter().any(|item| matches!(item.kind, ItemKind::Table { .. }));
        let shows_result = section.items.iter().any(|item| {
            let ItemKind::Code { text, .. } = &item.kind else { return false };
            text.contains("\"result\"") || text.contains("\"error\"")
        });
        let (node, at) = request(section)?;
        let name = node.get("method")?.as_text()?.to_owned();
        let is_heading = inline::plain(&section.heading).trim() == name;
        let line = node.get("method").map_or(at.first, |node| node.line);
        (is_name(&name) && (has_table || shows_result || is_heading)).then_some((name, Lines::one(at.document, line)))
    })
}

/// Returns the name in a line such as "Method: `subscribe`".
fn named_by_line(section: &Section) -> Option<(String, Lines)> {
    section.items.iter().find_map(|item| {
        let ItemKind::Line(line) = &item.kind else { return None };
        let plain = inline::plain(line);
        let (key, value) = plain.split_once([':', '：'])?;
        let words = inline::words(key);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let is_key = matches!(words.as_slice(), ["method"] | ["rpc", "method"] | ["method", "name"]);
        let value = value.trim();
        let is_http = calls::METHODS.contains(&value.to_ascii_uppercase().as_str());
        (is_key && is_name(value) && !is_http).then(|| (value.to_owned(), item.at))
    })
}

/// The sign between the parts of the names of methods, if their headings are their names.
fn separator(sections: &[Section]) -> Option<char> {
    sections.iter().find_map(|section| {
        let (name, _) = name(section)?;
        let is_heading = inline::plain(&section.heading).trim() == name;
        ['/', '.', '_'].into_iter().find(|c| name.contains(*c)).filter(|_| is_heading)
    })
}

/// Returns the name in the heading of a section, as other sections have it.
fn named_by_heading(section: &Section, separator: Option<char>) -> Option<(String, Lines)> {
    let name = inline::plain(&section.heading).trim().to_owned();
    let fits = is_name(&name) && separator.is_some_and(|c| name.trim_matches(c).contains(c));
    let at = Lines { last: section.at.first, ..section.at };
    (fits && !section.is_schema && !section.items.is_empty()).then_some((name, at))
}

/// Joins the deeper sections of a method, such as that of its example, to the section with its
/// table. Sections with a method of their own stay apart.
pub(crate) fn join(sections: Vec<Section>) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut rest = sections.into_iter().peekable();
    while let Some(mut section) = rest.next() {
        let has_table = section.items.iter().any(|item| matches!(item.kind, ItemKind::Table { .. }));
        let has_name = |own: &Section| name(own).is_some();
        if !section.is_schema && section.level > 1 && has_table && !has_name(&section) {
            let mut below: Vec<Section> = Vec::new();
            while let Some(next) = rest.next_if(|next| next.level > section.level) {
                below.push(next);
            }
            if below.iter().filter(|own| request(own).is_some()).count() == 1 {
                for part in below {
                    section.at = section.at.to(part.at);
                    section.items.extend(part.items);
                }
                out.push(section);
            } else {
                out.push(section);
                out.extend(join(below));
            }
        } else {
            out.push(section);
        }
    }
    out
}

/// Reads the methods.
pub(crate) fn read(sections: &[Section], facts: &mut Facts) {
    let is_stated = |section: &Section| section.items.iter().any(|item| item.label.kind == LabelKind::Method);
    let some_stated = sections.iter().any(&is_stated);
    let separator = separator(sections);
    for section in sections {
        let own = name(section).filter(|_| !some_stated || is_stated(section));
        if let Some((name, name_at)) = own.or_else(|| named_by_heading(section, separator)) {
            let method = method(section, name, name_at, &mut facts.remarks);
            match facts.methods.iter().find(|own| own.name == method.name) {
                Some(own) => facts.remarks.push(Remark {
                    kind: RemarkKind::Contradiction,
                    at: name_at,
                    other: Some(own.name_at),
                    text: format!("the method `{}` is described twice; the draft has the first description", own.name),
                }),
                None => facts.methods.push(method),
            }
        } else {
            signing(section, facts);
        }
    }
    // A method without a sample is called as the others are.
    let by_name = facts.methods.iter().filter(|own| own.by_name).count();
    let by_position = facts.methods.iter().filter(|own| own.request.is_some() && !own.by_name).count();
    for method in facts.methods.iter_mut().filter(|own| own.request.is_none()) {
        method.by_name = by_name > by_position;
        facts.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at: method.name_at,
            other: None,
            text: format!("`{}` is a method that is called as the others are; no sample shows a call", method.name),
        });
    }
}

/// Reads the headers that a sample of signing sets, such as `headers={'KEY': key, 'SIGN': sign}`.
fn signing(section: &Section, facts: &mut Facts) {
    for item in &section.items {
        let ItemKind::Code { text, .. } = &item.kind else { continue };
        for (index, line) in text.lines().enumerate() {
            let Some(rest) = line.find("headers").and_then(|at| line.get(at..)) else { continue };
            if !facts.schemes.is_empty() {
                return;
            }
            let at = Lines::one(item.at.document, item.at.first + 1 + index);
            for name in rest.split(['\'', '"']).skip(1).step_by(2) {
                let words = inline::words(name);
                let is_signature = words.iter().any(|word| matches!(word.as_str(), "sign" | "signature"));
                let is_key = words.iter().any(|word| word == "key" || word.ends_with("apikey"));
                if is_signature || is_key {
                    let kind = SchemeKind::ApiKey { place: Place::Header, name: name.to_owned() };
                    facts.schemes.push(Scheme { id: name.to_lowercase(), at, kind, is_signature, is_stated: true });
                    facts.remarks.push(Remark {
                        kind: RemarkKind::Guess(Confidence::Medium),
                        at,
                        other: None,
                        text: format!("the header `{name}` of a sample is a security scheme of all methods"),
                    });
                }
            }
        }
    }
}

/// Returns whether a sample shows a call, a request or a response.
fn shows_message(text: &str, line: usize) -> bool {
    let is_message = |node: &Node| ["method", "params", "result", "error"].iter().any(|name| node.get(name).is_some());
    calls::read(text).is_some() || sample::read(text, line).iter().any(is_message)
}

/// Returns whether an element of a list below a label states no fact.
fn is_unread_element(item: &Item) -> bool {
    let is_labelled = !matches!(item.label.kind, LabelKind::Start | LabelKind::Calls | LabelKind::Method);
    item.is_element && is_labelled
}

/// Returns the rows about the result, if a table describes the whole response.
fn without_envelope(mut rows: Vec<MemberRow>, has_sample: bool) -> Vec<MemberRow> {
    let top: Vec<&str> = rows.iter().filter(|row| row.depth == 0).map(|row| row.name.as_str()).collect();
    let is_own =
        |name: &&str| matches!(*name, "id" | "jsonrpc" | "result" | "error" | "usIn" | "usOut" | "usDiff" | "testnet");
    if !top.contains(&"result") || !top.iter().all(is_own) {
        return rows;
    }
    let Some(start) = rows.iter().position(|row| row.depth == 0 && row.name == "result") else { return rows };
    let below = rows.iter().skip(start + 1).take_while(|row| row.depth > 0).count();
    let mut own: Vec<MemberRow> = rows.drain(start..=start + below).collect();
    if has_sample {
        own.remove(0);
    } else if let Some(first) = own.first_mut() {
        members::ANONYMOUS.clone_into(&mut first.name);
    }
    own
}

fn method(section: &Section, name: String, name_at: Lines, remarks: &mut Vec<Remark>) -> Method {
    let mut forms: Vec<(String, Lines, Vec<Member>)> = Vec::new();
    let mut rows: Vec<MemberRow> = Vec::new();
    let mut named: Vec<(String, Vec<MemberRow>)> = Vec::new();
    let mut errors = Vec::new();
    let mut sample: Option<(Node, Lines)> = None;
    let mut rows_at = section.at;
    let mut elements: Vec<Lines> = Vec::new();
    for item in &section.items {
        let document = item.at.document;
        if let ItemKind::Table { table, columns } = &item.kind
            && matches!(columns.kind, TableKind::Members | TableKind::Parameters)
        {
            let rows = members::rows(table, columns, document, None);
            remarks.extend(members::unread(table, columns, &rows, item.at));
        }
        match &item.kind {
            ItemKind::Table { table, columns } => match (columns.kind, item.label.kind) {
                (TableKind::Errors, _) => {
                    errors.extend(table.rows.iter().filter_map(|row| error_code(columns, row, document)));
                }
                (TableKind::Members | TableKind::Parameters, LabelKind::Response | LabelKind::Properties) => {
                    let own = members::rows(table, columns, document, None);
                    if rows.is_empty() {
                        rows_at = item.at;
                        rows = own;
                    } else {
                        named.push((String::new(), own));
                    }
                }
                (TableKind::Members, LabelKind::Named) if !rows.is_empty() || forms.is_empty() => {
                    named.push((item.label.text.clone(), members::rows(table, columns, document, None)));
                }
                (TableKind::Members, LabelKind::Errors) => {
                    remarks.push(Remark::unread(item.at, "a table of errors without codes"));
                }
                (TableKind::Members | TableKind::Parameters, _) => {
                    let mut own = members::members(&members::rows(table, columns, document, None));
                    for member in &mut own {
                        member.name = member.name.replace(' ', "_");
                    }
                    let is_known = forms.iter().any(|(label, _, _)| *label == item.label.text);
                    if !is_known {
                        forms.push((item.label.text.clone(), item.at, own));
                    } else {
                        remarks.push(Remark::unread(item.at, "a second table of the same parameters"));
                    }
                }
                _ => {
                    let heads = heads(table);
                    remarks.push(Remark::unread(item.at, format!("a table with the columns {heads}")));
                }
            },
            ItemKind::Code { language, text, first } if !shows_message(text, *first) => {
                let language = if language.is_empty() { String::new() } else { format!(" in `{language}`") };
                let text = format!("a sample{language} that is neither a request nor a response");
                remarks.push(Remark::unread(item.at, text));
            }
            ItemKind::Line(_) if is_unread_element(item) => {
                match elements.last_mut().filter(|own: &&mut Lines| own.last + 1 >= item.at.first) {
                    Some(own) => *own = own.to(item.at),
                    None => elements.push(item.at),
                }
            }
            ItemKind::Code { text, first, .. } if sample.is_none() => {
                let node = sample::read(text, *first).into_iter().find(|node| node.get("result").is_some());
                sample = node.filter(|_| calls::read(text).is_none()).map(|node| (node, item.at));
            }
            _ => {}
        }
    }
    for at in elements {
        remarks.push(Remark::unread(at, "elements of a list that are read as words only"));
    }
    let request = request(section);
    let document = request.as_ref().map_or(section.at.document, |(_, at)| at.document);
    let params = request.as_ref().and_then(|(node, _)| node.get("params"));
    let by_name = params.is_some_and(|params| matches!(params.value, Value::Object(_)));
    for (index, (_, _, members)) in forms.iter_mut().enumerate() {
        for (position, member) in members.iter_mut().enumerate() {
            let shown = match params {
                Some(params) if by_name => params.get(&member.name),
                Some(params) if index == 0 => params.elements().get(position),
                _ => None,
            };
            let Some(shown) = shown else { continue };
            let schema = infer(shown, document);
            if contradicts(&member.schema, &schema) {
                // A decimal is a number in the table and text on the wire.
                let is_decimal = member.schema.type_name() == "number" && schema.type_name() == "string";
                let kept = if is_decimal { "sample" } else { "table" };
                remarks.push(Remark {
                    kind: RemarkKind::Contradiction,
                    at: member.at,
                    other: Some(Lines::one(document, shown.line)),
                    text: format!(
                        "`{name}`: `{}` is {} in the table and {} in the sample; the draft has the {kept}'s",
                        member.name,
                        member.schema.type_name(),
                        schema.type_name()
                    ),
                });
                if is_decimal {
                    member.schema.form = schema.form;
                    member.schema.bounds = Bounds::default();
                }
            }
        }
    }
    let has_sample = sample.is_some();
    let rows = without_envelope(rows, has_sample);
    let shown = sample.as_ref().and_then(|(node, at)| Some(infer(node.get("result")?, at.document)));
    let (schema, more) = if rows.is_empty() && named.is_empty() {
        (shown.unwrap_or_else(|| Schema::new(section.at, Form::Any)), Vec::new())
    } else {
        let all: Vec<MemberRow> = rows;
        let (mut schema, mut more) = refine(shown, &all, &named, rows_at);
        for (label, own) in named.iter().filter(|(label, _)| label.is_empty()) {
            let (next, found) = refine(Some(std::mem::take(&mut schema)), own, &[], rows_at);
            schema = next;
            more.extend(found);
            debug_assert!(label.is_empty());
        }
        (schema, more)
    };
    for mut remark in more {
        remark.text = format!("`{name}`: {}", remark.text);
        remarks.push(remark);
    }
    let forms = if forms.is_empty() {
        vec![(name_at, Vec::new())]
    } else {
        forms.into_iter().map(|(_, at, members)| (at, members)).collect()
    };
    let is_public = name.split(['/', '.', '_']).any(|part| part == "public");
    Method {
        at: section.at,
        is_public,
        name,
        name_at,
        tag: Some(section.parent.clone()).filter(|tag| !tag.is_empty()),
        forms,
        by_name,
        request,
        result: Some(schema),
        sample,
        errors,
    }
}
