//! Reads documents into facts.

use std::collections::BTreeSet;

use crate::absent;
use crate::access;
use crate::blocks::{self, Block, BlockKind, Blocks};
use crate::calls;
use crate::catalogues;
use crate::columns::{Column, TableKind};
use crate::contradict;
use crate::document::{Document, Lines};
use crate::enums;
use crate::errors;
use crate::facts::{
    Access, Body, Confidence, ErrorCode, Facts, Form, Limit, Member, Operation, Place, Remark, RemarkKind, Schema,
};
use crate::footnotes;
use crate::inline;
use crate::kinds;
use crate::labels::{self, LabelKind};
use crate::limits;
use crate::media::{self, Stated};
use crate::objects::{self, Objects};
use crate::operations;
use crate::routes;
use crate::rpc;
use crate::sample;
use crate::schemas;
use crate::sections::{self, Item, ItemKind, Section};
use crate::security;
use crate::servers;
use crate::signing;
use crate::told;
use crate::tuples;
use crate::weights;

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
        for (name, line) in &blocks.unknown {
            let text = format!("a tag `{name}` with attributes");
            facts.remarks.push(Remark::unread(Lines::one(index, *line), text));
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
    let mut divided: Vec<Vec<Section>> =
        joined(documents, &all).iter().map(|blocks| sections::divide(blocks)).collect();
    let whole = |divided: &[Vec<Section>]| -> Vec<Section> {
        divided.iter().flat_map(|sections| sections::join(sections.clone())).collect()
    };
    let catalogues = catalogues::mark(&mut divided);
    let mut objects = Objects::default();
    let mut sections = whole(&divided);
    if !rpc::is_rpc(&sections) {
        objects = objects::mark(&mut divided);
        routes::settle(&mut divided);
        sections = whole(&divided);
    }
    footnotes::apply(&mut sections);
    let headings = sections.iter().filter(|section| !section.heading.is_empty());
    facts.headings = headings
        .map(|section| (inline::plain(&section.heading), Lines { last: section.at.first, ..section.at }))
        .collect();
    if facts.title.is_none() {
        let first = sections.iter().find(|section| section.level == 1 && !section.heading.is_empty());
        facts.title = first.map(|section| (section.heading.clone(), section.at));
    }
    if rpc::is_rpc(&sections) {
        let sections = rpc::join(sections);
        rpc::read(&sections, &mut facts);
        tuples::fill(&mut facts, &sections);
        told::fill(&mut facts, &sections);
        listed_servers(&sections, &mut facts);
        if facts.servers.is_empty() {
            guessed_servers(&sections, &mut facts, &[]);
        }
        general(&sections, &mut facts);
        enums::fill(&mut facts, &sections);
        catalogues.fill(&mut facts);
        absent::fill(&mut facts);
        let signing = signing::read(&sections, true, |section| describes(&facts, section));
        security::fill_methods(&mut facts, &signing);
        facts.credentials = signing.mentions;
        return facts;
    }
    http(&sections, &objects, &mut facts);
    bodies_by_samples(&mut facts);
    routes::unread(&sections, &mut facts);
    general(&sections, &mut facts);
    weights::fill(&mut facts, &sections);
    enums::fill(&mut facts, &sections);
    catalogues.fill(&mut facts);
    absent::fill(&mut facts);
    let hints = security::hints(&sections);
    let signing = signing::read(&sections, false, |section| describes(&facts, section));
    security::fill(&mut facts, &hints, &signing);
    private_limits(&mut facts);
    facts.credentials = signing.mentions;
    facts
}

/// Makes the limits of private operations ones of the key, as long as no text says otherwise.
fn private_limits(facts: &mut Facts) {
    let is_private = |own: &&mut Operation| matches!(own.access, Some((Access::Signed | Access::Key, _)));
    for limit in facts.operations.iter_mut().filter(is_private).flat_map(|own| &mut own.limits) {
        if limit.states_per || limit.per == "key" {
            continue;
        }
        limit.per = "key";
        for remark in facts.remarks.iter_mut().filter(|own| own.at == limit.at && own.text.contains(&limit.text)) {
            remark.text = remark.text.replace("per address", "per key");
        }
    }
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

fn http(sections: &[Section], objects: &Objects, facts: &mut Facts) {
    let mut shared: Vec<(usize, sections::Route)> = Vec::new();
    let mut servers: Vec<(String, Lines)> = Vec::new();
    let mut origins: Vec<(usize, String)> = Vec::new();
    for section in sections {
        if let Some((name, schema)) = objects.read(section, &mut facts.remarks) {
            add_schema(facts, name, schema);
            continue;
        }
        if section.is_schema
            && let Some((name, schema)) = schemas::read(section, &mut facts.remarks)
        {
            add_schema(facts, name, schema);
            continue;
        }
        for read in operations::read(section) {
            facts.remarks.extend(read.remarks);
            facts.unused.extend(read.unused);
            facts.programs.extend(read.programs);
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
    objects.fill(facts);
    Objects::same_fields(facts);
    let of_operations: Vec<ErrorCode> = facts.operations.iter().flat_map(|own| own.errors.clone()).collect();
    of_operations.into_iter().for_each(|code| add_code(facts, Some(code)));
    listed_servers(sections, facts);
    if facts.servers.is_empty() {
        let known = origins.iter().map(|(_, origin)| origin).chain(servers.iter().map(|(url, _)| url));
        guessed_servers(sections, facts, &known.cloned().collect::<Vec<String>>());
    }
    let hosts_of = origins.clone();
    // A route that is a whole URL begins with a base URL and its path.
    for (index, origin) in origins {
        let bases = facts.servers.iter().filter_map(|(url, _)| url.strip_prefix(&origin));
        let base = bases.filter(|base| base.starts_with('/')).max_by_key(|base| base.len()).map(str::to_owned);
        if let (Some(base), Some(operation)) = (base, facts.operations.get_mut(index))
            && let Some(rest) = operation.path.strip_prefix(&base).filter(|rest| rest.starts_with('/'))
        {
            let before = operation.name();
            operation.path = rest.to_owned();
            let (from, to) = (format!("`{before}`"), format!("`{}`", operation.name()));
            facts.remarks.iter_mut().for_each(|own| own.text = own.text.replace(&from, &to));
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
    hosts(facts, &hosts_of);
    access::spread(sections, facts);
    bodies(sections, facts);
    for operation in &mut facts.operations {
        let name = operation.name();
        let typed = operation.body.as_mut().and_then(|body| kinds::of_body(body, &operation.responses));
        facts.remarks.extend(typed.map(|own| own.about(&name)));
    }
    forms(facts);
    required(facts);
    facts.version = version(sections, facts);
    let is_private = |own: &Operation| matches!(own.access, Some((Access::Signed | Access::Key, _)));
    let states_access = facts.operations.iter().any(is_private);
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
    tuples::fill(facts, sections);
    told::fill(facts, sections);
    let found = contradict::find(facts);
    facts.remarks.extend(found);
}

/// Moves the parameters of operations that can change something into a body, if no text says where
/// they are sent and the document shows that requests have bodies.
fn bodies(sections: &[Section], facts: &mut Facts) {
    let writes = |own: &&Operation| !matches!(own.method.as_str(), "GET" | "HEAD" | "DELETE");
    let all = facts.operations.iter().filter(writes);
    let with_body = all.clone().filter(|own| own.body.is_some()).count();
    let in_query =
        all.filter(|own| own.parameters.iter().any(|own| own.states_place && own.place == Place::Query)).count();
    let sentence = sections.iter().flat_map(access::paragraphs).find(|(text, _)| {
        let lower = inline::plain(text).to_lowercase();
        let says_body = ["json body", "request body", "body of the request", "post body", "in the body"];
        let says_json = lower.contains("json") && lower.contains("request") && lower.contains("bod");
        let says_format = lower.contains("requests and responses are json") || lower.contains("accepts json");
        let names_media = lower.contains("application/json")
            && ["post", "request", "data is"].iter().any(|own| lower.contains(own))
            && !["response", "return", "accept"].iter().any(|own| lower.contains(own));
        let is_signing = lower.contains("sign") || lower.contains("hmac");
        let is_json = media::form_in(&lower).is_none();
        (says_body.iter().any(|own| lower.contains(own)) || says_json || says_format || names_media)
            && !is_signing
            && is_json
    });
    let form = form(sections);
    let is_form = form.is_some() && in_query == 0;
    // A query has no place for an object.
    let is_object = |schema: &Schema| match &schema.form {
        Form::Object(_) | Form::Map(_) => true,
        Form::Array(items) => matches!(items.form, Form::Object(_) | Form::Map(_)),
        _ => false,
    };
    let sends_object =
        |own: &Operation| own.parameters.iter().any(|own| !own.states_place && is_object(&own.member.schema));
    let has_objects = facts.operations.iter().filter(writes).any(sends_object);
    let in_body = is_form || with_body > in_query || (sentence.is_some() || has_objects) && in_query == 0;
    let form = form.filter(|_| is_form);
    let mut remarks = Vec::new();
    for operation in &mut facts.operations {
        if !operation.guesses_place || operation.body.is_some() || !writes(&&*operation) {
            continue;
        }
        let has_object = sends_object(operation);
        if !in_body && !has_object {
            continue;
        }
        let name = format!("`{}`", operation.name());
        let is_guess = |own: &Remark| own.text.starts_with(&name) && own.text.contains("are sent in the query");
        if let Some(form) = form.filter(|form| form.allows_query) {
            for own in facts.remarks.iter_mut().filter(|own| is_guess(own)) {
                own.kind = RemarkKind::Guess(Confidence::High);
                own.other = Some(form.at);
                own.text = format!("{name}: the parameters are sent in the query; the text allows a form as well");
            }
            continue;
        }
        let parameters = std::mem::take(&mut operation.parameters);
        let mut members = Vec::new();
        for own in parameters {
            if own.place == Place::Query && !own.states_place {
                members.push(own.member);
            } else {
                operation.parameters.push(own);
            }
        }
        let Some(at) = members.iter().map(|own| own.at).reduce(Lines::to) else { continue };
        facts.remarks.retain(|own| !(own.at == at && is_guess(own)));
        let (other, confidence, text) = match &form {
            Some(form) => (Some(form.at), Confidence::High, format!("{name}: the parameters are sent as a form")),
            None if has_object => (
                None,
                Confidence::Medium,
                format!("{name}: the parameters are members of a JSON body, because one of them is an object"),
            ),
            None => (
                sentence.as_ref().map(|(_, at)| *at),
                Confidence::Medium,
                format!("{name}: the parameters are members of a JSON body, as in the rest of the document"),
            ),
        };
        remarks.push(Remark { kind: RemarkKind::Guess(confidence), at, other, text });
        let schema = Schema::new(at, Form::Object(members));
        let media = form.map_or(media::JSON, |form| form.media).to_owned();
        let body = Body {
            at,
            media,
            required: true,
            required_at: None,
            schema,
            is_sample: false,
            sample: None,
            samples: Vec::new(),
        };
        operation.body = Some(body);
    }
    facts.remarks.extend(remarks);
}

/// Makes the members of forms without a type texts: a form has no other values.
fn forms(facts: &mut Facts) {
    for body in facts.operations.iter_mut().filter_map(|own| own.body.as_mut()).filter(|own| own.media == media::FORM) {
        let Form::Object(members) = &mut body.schema.form else { continue };
        for member in members.iter_mut().filter(|own| matches!(own.schema.form, Form::Any)) {
            member.schema.form = Form::Scalar { kind: "string", format: None };
        }
    }
}

/// Adds a guess for the values of requests of which neither a column nor a text says whether they
/// are required. The draft has a value as required if each sample of the request has it.
fn required(facts: &mut Facts) {
    let mut remarks = Vec::new();
    for operation in &facts.operations {
        let parameters = operation.parameters.iter().filter(|own| own.place != Place::Path).map(|own| &own.member);
        let body = operation.body.as_ref();
        // Another remark is about a body that only a sample shows.
        let members = body.filter(|body| !body.is_sample).map(Body::schema_members).unwrap_or_default();
        let all: Vec<&Member> =
            parameters.chain(members).filter(|own| !own.states_required && !own.is_conditional).collect();
        for (required, word, reason) in [
            (true, "required", "the samples of the request have them, and no column or text says otherwise"),
            (false, "optional", "no column or text says otherwise"),
        ] {
            let own: Vec<&&Member> = all.iter().filter(|own| (own.required == Some(true)) == required).collect();
            let Some(at) = own.iter().map(|own| own.at).reduce(Lines::to) else { continue };
            let names: Vec<String> = own.iter().map(|own| format!("`{}`", own.name)).collect();
            let is = if names.len() == 1 { "is" } else { "are" };
            remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::Low),
                at,
                other: None,
                text: format!("`{}`: {} {is} {word}: {reason}", operation.name(), names.join(", ")),
            });
        }
    }
    facts.remarks.extend(remarks);
}

/// Returns what a sentence outside operations says about the place of parameters, if it is a form.
fn form(sections: &[Section]) -> Option<Stated> {
    let is_operation = |section: &&Section| section.items.iter().any(|item| matches!(item.kind, ItemKind::Route(_)));
    let general = sections.iter().filter(|section| !is_operation(section));
    general.flat_map(access::paragraphs).find_map(|(text, at)| {
        let of = |sentence: &str| media::of_sentence(sentence);
        let (media, allows_query) = access::sentences(&text).into_iter().find_map(of)?;
        Some(Stated { media, allows_query, at })
    })
}

/// Returns the version of the API: the one that a text at the beginning states, or the one in the
/// base URLs.
fn version(sections: &[Section], facts: &Facts) -> Option<(String, Lines)> {
    let is_number = |word: &str| {
        let digits = word.trim_start_matches(['v', 'V']).trim_end_matches(['.', ',', ')', ':']);
        let fits = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.len() <= 12;
        fits.then(|| digits.to_owned())
    };
    let first = sections.iter().take_while(|section| section.operation_id.is_none());
    let first = first.filter(|section| !section.items.iter().any(|item| matches!(item.kind, ItemKind::Route(_))));
    for (text, at) in first.take(6).flat_map(access::paragraphs) {
        let plain = inline::plain(&text);
        let words: Vec<&str> = plain.split_whitespace().collect();
        for (index, word) in words.iter().enumerate() {
            let lower = word.to_lowercase();
            let before = index.checked_sub(1).and_then(|at| words.get(at)).map(|word| word.to_lowercase());
            // The versions of other things are named first: `TLS version 1.2`.
            let is_own = before.is_none_or(|own| {
                matches!(
                    own.as_str(),
                    "api" | "current" | "describes" | "is" | "to" | "the" | "document" | "for" | "**"
                ) || own.ends_with([':', '.', '!', ','])
            });
            if is_own
                && (lower == "version" || lower == "version:")
                && let Some(version) = words.get(index + 1).and_then(|next| is_number(next))
            {
                return Some((version, at));
            }
        }
    }
    let mut all = facts.servers.iter().filter_map(|(url, at)| {
        let segment = url.rsplit('/').find_map(|part| part.strip_prefix('v').and_then(is_number))?;
        Some((segment, *at))
    });
    let found = all.next()?;
    all.all(|(other, _)| other == found.0).then_some(found)
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
    let same = facts.operations.iter_mut().find(|own| own.method == operation.method && own.path == operation.path);
    match same {
        Some(own) => {
            // A line that states the route is stronger than the call of a sample.
            let is_stronger = own.route_is_shown && !operation.route_is_shown;
            let which = if is_stronger { "second" } else { "first" };
            facts.remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: operation.route_at,
                other: Some(own.route_at),
                text: format!("`{}` is described twice; the draft has the {which} description", operation.name()),
            });
            if is_stronger {
                *own = operation;
            }
        }
        None => facts.operations.push(operation),
    }
}

/// Completes the bodies that are lists by their samples: Widdershins 4 links the schema of the
/// elements only.
fn bodies_by_samples(facts: &mut Facts) {
    let is_list = |name: &str| {
        let found = facts.schemas.iter().find(|(own, _)| own == name);
        found.is_none_or(|(_, schema)| !matches!(schema.form, Form::Object(_) | Form::Choice { .. }))
    };
    let mut remarks = Vec::new();
    for operation in &mut facts.operations {
        let name = operation.name();
        let Some(body) = &mut operation.body else { continue };
        let Some(first) = body.sample.as_ref().and_then(|sample| sample.elements().first()) else { continue };
        let text = match &mut body.schema.form {
            Form::Ref(target) if !is_list(target) => {
                let items = std::mem::take(&mut body.schema);
                let text = format!(
                    "`{name}`: the body is {} in the table and a list of them in the sample",
                    items.type_name()
                );
                body.schema = Schema::new(items.at, Form::Array(Box::new(items)));
                text
            }
            _ => continue,
        };
        let other = Some(Lines::one(body.at.document, first.line));
        let text = format!("{text}; the draft has the sample's");
        remarks.push(Remark { kind: RemarkKind::Contradiction, at: body.at, other, text });
    }
    facts.remarks.extend(remarks);
}

/// Reads the base URLs of a list, or of a line that announces them.
fn listed_servers(sections: &[Section], facts: &mut Facts) {
    for section in sections {
        let mut announced = 0usize;
        for item in &section.items {
            if let ItemKind::Table { table, .. } = &item.kind {
                for (url, at) in servers::of_table(table, item.at.document) {
                    if !facts.servers.iter().any(|(own, _)| *own == url) {
                        facts.servers.push((url, at));
                    }
                }
            }
            let line = match &item.kind {
                ItemKind::Line(line) => line,
                // A base URL in a fence of its own.
                ItemKind::Code { text, .. } if text.lines().count() <= 4 && calls::read(text).is_none() => text,
                _ => continue,
            };
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
                "base path",
                "connect to",
                "接口地址",
                "请求域名",
                "接口域名",
                "服务地址",
                "基础地址",
                "根地址",
                "生产环境",
                "测试环境",
                "正式环境",
            ];
            let is_heading = announces.iter().any(|word| section.heading.to_lowercase().contains(word));
            if announces.iter().any(|word| lower.contains(word)) || is_heading {
                announced = 4;
            }
            let weak = [
                "host:",
                "available at",
                "api is at",
                "located at",
                "rest api",
                "endpoint is http",
                "sandbox is http",
                "testnet is http",
                "production:",
                "sandbox:",
                "testnet:",
                "lives at",
                "lives below",
                "lives under",
                "live at",
                "live below",
                "served at",
                "served from",
                "served below",
                "is below http",
                "are below http",
                "under http",
                "reachable at",
                "is reached at",
                "start with http",
                "starts with http",
                "begin with http",
                "begins with http",
            ];
            let is_weak = announced == 0 && weak.iter().any(|word| lower.contains(word));
            if announced == 0 && !is_weak {
                continue;
            }
            let links = line.split("href=\"//").skip(1).filter_map(|rest| rest.split('"').next());
            let links = links.map(|rest| format!("https://{}", rest.trim_end_matches('/')));
            let links: Vec<String> = links.collect();
            let sockets = !facts.methods.is_empty();
            for url in servers::urls(&inline::plain(line), sockets).into_iter().chain(links) {
                let host = url.split("://").nth(1).unwrap_or("");
                if is_weak && OTHER_HOSTS.iter().any(|other| host.starts_with(other)) {
                    continue;
                }
                let url = url.trim_end_matches('/').to_owned();
                if !facts.servers.iter().any(|(own, _)| *own == url) {
                    facts.servers.push((url, item.at));
                    announced = 5;
                }
            }
            announced = announced.saturating_sub(1);
        }
    }
}

/// The beginnings of hosts that are no API.
const OTHER_HOSTS: [&str; 9] = ["docs.", "doc.", "www.", "support.", "help.", "status.", "github.", "t.me", "img."];

/// Takes URLs outside operations as base URLs, if no text announces one. If a URL ends with the
/// path of an operation, the path is cut off. `known` has the hosts of routes and samples; if there
/// are any, URLs of other hosts are left out.
fn guessed_servers(sections: &[Section], facts: &mut Facts, known: &[String]) {
    let sockets = !facts.methods.is_empty();
    let names = [
        "rest", "api", "endpoint", "base", "root", "host", "server", "call", "request", "prod", "live", "test",
        "sandbox", "地址", "环境", "域名", "接口",
    ];
    let mut found: Vec<(String, Lines, Confidence)> = Vec::new();
    for section in sections.iter().filter(|section| !describes(facts, section) && !section.is_schema) {
        let mut add = |text: &str, context: &str, at: Lines| {
            let before = context.split("://").next().unwrap_or("").to_lowercase();
            let is_named = names.iter().any(|name| before.contains(name));
            for url in servers::urls(&inline::plain(text), sockets) {
                let host = url.split("://").nth(1).unwrap_or("");
                let has = |beginning: &&&str| host.starts_with(**beginning);
                // A line that names an API can have a host such as `www.a.example`.
                let is_other = OTHER_HOSTS.iter().find(has).is_some_and(|other| !(is_named && *other == "www."))
                    || host.contains("shields.io");
                let origin = calls::split_url(&url).0;
                let is_unknown = !known.is_empty() && !known.iter().any(|own| calls::split_url(own).0 == origin);
                let url = url.split(['?', '#']).next().unwrap_or(&url).trim_end_matches('/').to_owned();
                let paths = facts.operations.iter().map(|own| own.path.trim_end_matches('/'));
                let path = paths.filter(|path| path.len() > 1 && url.ends_with(path)).max_by_key(|path| path.len());
                let base = path.and_then(|path| url.strip_suffix(path)).unwrap_or(&url).to_owned();
                if !is_other && !is_unknown && !found.iter().any(|(own, _, _)| *own == base) {
                    found.push((base, at, if is_named { Confidence::Medium } else { Confidence::Low }));
                }
            }
        };
        for item in &section.items {
            match &item.kind {
                ItemKind::Line(line) => add(line, line, item.at),
                ItemKind::Table { table, .. } => {
                    // The rows of one table are alike.
                    let names = table.rows.iter().filter_map(|row| row.cells.first().cloned());
                    let context = table.header.iter().cloned().chain(names).collect::<Vec<String>>().join(" ");
                    for row in &table.rows {
                        add(&row.cells.join(" "), &context, Lines::one(item.at.document, row.line));
                    }
                }
                ItemKind::Code { .. } | ItemKind::Route(_) => {}
            }
        }
    }
    // A URL whose line names an API is more certain than the others.
    let is_named = found.iter().any(|(_, _, confidence)| *confidence == Confidence::Medium);
    for (url, at, confidence) in found.into_iter().filter(|own| !is_named || own.2 == Confidence::Medium) {
        facts.remarks.push(Remark {
            kind: RemarkKind::Guess(confidence),
            at,
            other: None,
            text: format!("`{url}` is a base URL; no text calls it one"),
        });
        facts.servers.push((url, at));
    }
}

/// Adds a remark if the operations are at several hosts: a client sends all of them to one.
fn hosts(facts: &mut Facts, origins: &[(usize, String)]) {
    let mut all: Vec<(&str, Vec<String>)> = Vec::new();
    let mut places: Option<Lines> = None;
    for (index, origin) in origins {
        let Some(operation) = facts.operations.get(*index) else { continue };
        let at = operation.route_at;
        places = Some(places.map_or(at, |own| if own.document == at.document { own.to(at) } else { own }));
        let name = format!("`{}`", operation.name());
        match all.iter_mut().find(|(own, _)| own == origin) {
            Some((_, names)) => names.push(name),
            None => all.push((origin, vec![name])),
        }
    }
    let (Some(at), true) = (places, all.len() > 1) else { return };
    let of = |(origin, names): &(&str, Vec<String>)| match names.as_slice() {
        [first, _, _, _, ..] => format!("`{origin}` has {first} and {} more", names.len() - 1),
        names => format!("`{origin}` has {}", names.join(", ")),
    };
    let all: Vec<String> = all.iter().map(of).collect();
    facts.remarks.push(Remark {
        kind: RemarkKind::Unread,
        at,
        other: None,
        text: format!(
            "the operations are at several hosts, and a client has one base URL for all of them: {}. Write a \
             specification for each host",
            all.join("; ")
        ),
    });
}

/// Reads what stands outside operations: schemes, codes of errors, and limits.
fn general(sections: &[Section], facts: &mut Facts) {
    for section in sections {
        if describes(facts, section) {
            continue;
        }
        facts.schemes.extend(security::schemes(section));
        add_limits(facts, limits::of_section(section));
        if is_about_errors_of(section) {
            let at = Lines { last: section.at.first, ..section.at };
            add_code(facts, errors::code_of_heading(&section.heading, at));
        }
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
                ItemKind::Table { table, columns } => {
                    let found = limits::of_table(table, &section.heading, item.at.document);
                    let states = !found.is_empty()
                        || section.is_schema
                        || signing::is_signing(section)
                        || !servers::of_table(table, item.at.document).is_empty()
                        || access::lists_routes(table)
                        || columns.kind == TableKind::Errors;
                    add_limits(facts, found);
                    if !states {
                        let heads = operations::heads(table);
                        let text = format!("a table outside operations, with the columns {heads}");
                        facts.remarks.push(Remark::unread(item.at, text));
                    }
                }
                ItemKind::Line(line) if is_about_errors(section, item) => match errors::code_of_line(line, item.at) {
                    Some(code) => add_code(facts, Some(code)),
                    None => errors::told(line, item.at).into_iter().for_each(|code| add_code(facts, Some(code))),
                },
                ItemKind::Code { text, first, .. } if is_about_errors(section, item) => {
                    let nodes = sample::read(text, *first).into_iter().filter(|node| !node.members().is_empty());
                    facts.error_samples.extend(nodes.map(|node| (node, item.at)));
                }
                ItemKind::Code { text, first, .. }
                    if !section.is_schema
                        && text.trim_start().starts_with(['{', '['])
                        && !sample::read(text, *first).is_empty() =>
                {
                    facts.unused.push(item.at);
                }
                _ => {}
            }
        }
    }
    remark_limits(facts);
}

/// Returns whether a section describes an operation or a method.
fn describes(facts: &Facts, section: &Section) -> bool {
    let is_own = |at: Lines| at.document == section.at.document && at.first == section.at.first;
    facts.operations.iter().any(|own| is_own(own.at)) || facts.methods.iter().any(|own| is_own(own.at))
}

fn add_limits(facts: &mut Facts, limits: Vec<Limit>) {
    for limit in limits {
        let is_same = |own: &Limit| own.text == limit.text && own.per == limit.per && own.scope == limit.scope;
        if !facts.limits.iter().any(is_same) {
            facts.limits.push(limit);
        }
    }
}

/// Adds the code of an error, unless it is an HTTP status.
fn add_code(facts: &mut Facts, code: Option<ErrorCode>) {
    let is_known = |own: &ErrorCode| facts.errors.iter().any(|other| other.code == own.code);
    let code = code.filter(|own| !labels::is_status(&own.code) && !is_known(own));
    facts.errors.extend(code);
}

/// Returns whether one of the headings above a section is about errors.
fn is_about_errors_of(section: &Section) -> bool {
    section.above.iter().any(|above| names_errors(above))
}

fn is_about_errors(section: &Section, item: &Item) -> bool {
    item.label.kind == LabelKind::Errors || names_errors(&section.heading) || names_errors(&section.parent)
}

/// Returns whether a heading is about errors.
fn names_errors(heading: &str) -> bool {
    let is_error = |word: &String| {
        matches!(word.as_str(), "error" | "errors" | "failure" | "failures" | "faults" | "rejections" | "wrong")
    };
    inline::words(heading).iter().any(is_error) || heading.contains("错误")
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
