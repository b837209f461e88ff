//! Writes facts as a specification.

use std::collections::{BTreeMap, BTreeSet};

use venuekit_json::Tree;

use crate::decide;
use crate::document::Lines;
use crate::facts::{Access, ErrorCode, Facts, Form, LimitScope, Member, Method, Operation, Schema, SchemeKind};
use crate::inline;
use crate::members::ANONYMOUS;
use crate::naming::operation_ids;
use crate::prose;

/// The text before the lines of a description that a person has to write.
pub const GAP: &str = "To be described: ";

/// Returns the specification of an HTTP or a JSON-RPC API.
pub(crate) fn specification(facts: &Facts, venue: &str) -> Tree {
    let (limits, own_limits) = limit_names(facts);
    let is_rpc = !facts.methods.is_empty();
    let writer = Writer { facts, is_rpc, components: component_names(facts), limits, own_limits };
    if writer.is_rpc { writer.openrpc(venue) } else { writer.openapi(venue) }
}

struct Writer<'a> {
    facts: &'a Facts,
    is_rpc: bool,
    /// The name of each schema in the document, and the name of its component.
    components: Vec<(String, String)>,
    /// The names of the limits of the whole API, and of those of each operation.
    limits: Vec<String>,
    own_limits: Vec<Vec<String>>,
}

fn object<const N: usize>(members: [(&str, Tree); N]) -> Tree {
    Tree::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(value: impl Into<String>) -> Tree {
    Tree::text(value.into())
}

/// Returns the names of the components: the names of the schemas, without other signs.
fn component_names(facts: &Facts) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for (name, _) in &facts.schemas {
        let clean: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' })
            .collect();
        let mut own = clean.trim_matches('_').to_owned();
        if own.is_empty() {
            own = format!("Schema{}", out.len() + 1);
        }
        while out.iter().any(|(_, other)| *other == own) {
            own.push('_');
        }
        out.push((name.clone(), own));
    }
    out
}

/// Returns the names of the limits: those of the whole API, and those of each operation.
fn limit_names(facts: &Facts) -> (Vec<String>, Vec<Vec<String>>) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // The next number of each name; the ones before it are taken.
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut name = |base: String| {
        let mut name = base.clone();
        let number = numbers.entry(base.clone()).or_insert(2);
        while !taken.insert(name.clone()) {
            name = format!("{base}-{number}");
            *number += 1;
        }
        name
    };
    let mut general = Vec::new();
    for limit in &facts.limits {
        let subject = match limit.scope {
            LimitScope::Orders => "orders",
            LimitScope::Public => "public",
            LimitScope::Private => "private",
            LimitScope::PrivateReads => "private-reads",
            LimitScope::PrivateWrites => "private-writes",
            LimitScope::All if limit.is_weight => "weight",
            LimitScope::All => "requests",
        };
        general.push(name(format!("{subject}-{}", limit.window)));
    }
    let mut own: Vec<Vec<String>> = Vec::new();
    for (operation, id) in facts.operations.iter().zip(operation_ids(facts)) {
        let words = inline::words(&id).join("-");
        own.push(operation.limits.iter().map(|limit| name(format!("{words}-{}", limit.window))).collect());
    }
    (general, own)
}

impl Writer<'_> {
    fn source(&self, at: Lines) -> Tree {
        text(at.show(&self.facts.names))
    }

    fn gap(&self, at: Lines) -> Tree {
        text(format!("{GAP}{}.", at.show(&self.facts.names)))
    }

    fn info(&self, venue: &str) -> Tree {
        let title = self.facts.title.as_ref().map_or_else(|| venue.to_owned(), |(title, _)| title.clone());
        // The version may stand in brackets: `Spar API (v2.1)`.
        let words = title.split_whitespace().map(|word| word.trim_matches(['(', ')', '[', ']']));
        let version = words.clone().next_back().filter(|word| {
            word.len() > 1
                && word.starts_with(['v', 'V'])
                && word.chars().skip(1).all(|c| c.is_ascii_digit() || c == '.')
        });
        let stated = self.facts.version.as_ref().map_or("1", |(version, _)| version.as_str());
        let version = version.map_or(stated, |version| version.trim_start_matches(['v', 'V'])).to_owned();
        object([("title", text(title)), ("version", text(version))])
    }

    fn openapi(&self, venue: &str) -> Tree {
        let facts = self.facts;
        let mut root = vec![
            ("openapi".to_owned(), text("3.0.3")),
            ("info".to_owned(), self.info(venue)),
            ("x-crate-version".to_owned(), text("0.1.0")),
        ];
        if !facts.servers.is_empty() {
            root.push(("servers".to_owned(), Tree::Array(facts.servers.iter().map(|(url, _)| server(url)).collect())));
        }
        let decimals = decide::decimals(facts);
        if !decimals.is_empty() {
            root.push((
                "x-decimals".to_owned(),
                Tree::Array(decimals.into_iter().map(|(name, _)| text(name)).collect()),
            ));
        }
        if !facts.errors.is_empty() {
            root.push(("x-error-codes".to_owned(), Tree::Array(error_codes(facts))));
        }
        root.extend(self.limits());
        let mut paths: Vec<(String, Tree)> = Vec::new();
        for (index, (operation, id)) in facts.operations.iter().zip(operation_ids(facts)).enumerate() {
            let tree = self.operation(operation, &id, self.limits_of(index, operation));
            let method = operation.method.to_ascii_lowercase();
            match paths.iter_mut().find(|(path, _)| *path == operation.path) {
                Some((_, item)) => {
                    item.set(&method, tree);
                }
                None => paths.push((operation.path.clone(), Tree::Object(vec![(method, tree)]))),
            }
        }
        root.push(("paths".to_owned(), Tree::Object(paths)));
        let mut components = Vec::new();
        if !facts.schemes.is_empty() {
            components.push(("securitySchemes".to_owned(), self.schemes()));
        }
        if !facts.schemas.is_empty() {
            let schemas = facts.schemas.iter().zip(&self.components);
            let schemas = schemas.map(|((_, schema), (_, name))| (name.clone(), self.schema(schema, None)));
            components.push(("schemas".to_owned(), Tree::Object(schemas.collect())));
        }
        if !components.is_empty() {
            root.push(("components".to_owned(), Tree::Object(components)));
        }
        Tree::Object(root)
    }

    /// Returns the limits that the document states, and the names of those of all operations.
    fn limits(&self) -> Vec<(String, Tree)> {
        let of_operations = self.facts.operations.iter().flat_map(|operation| &operation.limits);
        let limits = self.facts.limits.iter().chain(of_operations);
        let all: Vec<Tree> = limits
            .zip(self.limits.iter().chain(self.own_limits.iter().flatten()))
            .map(|(limit, name)| {
                object([
                    ("name", text(name.as_str())),
                    ("per", text(limit.per)),
                    ("window", text(limit.window.as_str())),
                    ("limit", Tree::number(limit.number)),
                    ("counts", text(if limit.is_weight { "weight" } else { "requests" })),
                    ("x-source", self.source(limit.at)),
                ])
            })
            .collect();
        if all.is_empty() {
            return Vec::new();
        }
        let names = self.limits.iter().zip(&self.facts.limits);
        let names = names.filter(|(_, limit)| self.is_rpc || limit.scope == LimitScope::All);
        let names: Vec<Tree> = names.map(|(name, _)| text(name.as_str())).collect();
        let mut out = vec![("x-rate-limits".to_owned(), Tree::Array(all))];
        if !names.is_empty() {
            out.push(("x-limits".to_owned(), Tree::Array(names)));
        }
        out
    }

    /// Returns the limits of an operation, if they are not those of the root.
    fn limits_of(&self, index: usize, operation: &Operation) -> Option<Tree> {
        let own = self.own_limits.get(index).map(Vec::as_slice).unwrap_or_default();
        let is_public = !matches!(operation.access, Some((Access::Signed | Access::Key, _)));
        let reads = matches!(operation.method.as_str(), "GET" | "HEAD");
        let is_order = !reads && inline::words(&operation.path).iter().any(|word| word.starts_with("order"));
        let counts = |scope| match scope {
            LimitScope::All => true,
            LimitScope::Public => is_public,
            LimitScope::Private => !is_public,
            LimitScope::PrivateReads => !is_public && reads,
            LimitScope::PrivateWrites => !is_public && !reads,
            LimitScope::Orders => is_order,
        };
        let all = self.limits.iter().zip(&self.facts.limits);
        let is_usual = own.is_empty()
            && self.facts.limits.iter().all(|limit| counts(limit.scope) == (limit.scope == LimitScope::All));
        let names = all.filter(|(_, limit)| counts(limit.scope)).map(|(name, _)| name);
        (!is_usual).then(|| Tree::Array(names.chain(own).map(|name| text(name.as_str())).collect()))
    }

    fn schemes(&self) -> Tree {
        let mut out: Vec<(String, Tree)> = Vec::new();
        let mut fills = self.fills();
        for scheme in &self.facts.schemes {
            let mut tree = match &scheme.kind {
                SchemeKind::ApiKey { place, name } => {
                    object([("type", text("apiKey")), ("in", text(place.name())), ("name", text(name))])
                }
                SchemeKind::Http(kind) => object([("type", text("http")), ("scheme", text(kind))]),
            };
            if scheme.is_signature {
                tree.set("x-signature", Tree::Bool(true));
                let fills = std::mem::take(&mut fills);
                if !fills.is_empty() {
                    tree.set("x-fills", Tree::Array(fills.into_iter().map(text).collect()));
                }
            }
            // A scheme without lines is made up.
            if scheme.is_stated {
                tree.set("x-source", self.source(scheme.at));
            }
            if !out.iter().any(|(id, _)| *id == scheme_id(&scheme.id)) {
                out.push((scheme_id(&scheme.id), tree));
            }
        }
        Tree::Object(out)
    }

    /// Returns the names that signing fills in beside those of the schemes.
    fn fills(&self) -> Vec<String> {
        let is_scheme = |name: &str| {
            self.facts.schemes.iter().any(
                |scheme| matches!(&scheme.kind, SchemeKind::ApiKey { name: own, .. } if own.eq_ignore_ascii_case(name)),
            )
        };
        let mut out: Vec<String> = Vec::new();
        let filled = self.facts.operations.iter().flat_map(|operation| &operation.filled).map(|(name, _, _)| name);
        for name in filled.chain(self.facts.signing_headers.iter().map(|(name, _)| name)) {
            if !is_scheme(name) && !out.contains(name) {
                out.push(name.clone());
            }
        }
        out
    }

    /// Returns the security of an operation: its alternatives.
    fn security(&self, access: Access, named: &[Vec<String>]) -> Tree {
        let schemes = &self.facts.schemes;
        let of = |used: &mut dyn Iterator<Item = &crate::facts::Scheme>| {
            Tree::Object(used.map(|scheme| (scheme_id(&scheme.id), Tree::Array(Vec::new()))).collect())
        };
        let find = |name: &String| {
            schemes.iter().find(|scheme| scheme.id == *name || scheme_id(&scheme.id) == scheme_id(name))
        };
        let mut all: Vec<Tree> = Vec::new();
        match access {
            Access::Public => {}
            Access::Key => all.push(of(&mut schemes.iter().filter(|scheme| !scheme.is_signature))),
            Access::Signed => {
                let known =
                    named.iter().filter(|names| names.is_empty() || names.iter().any(|own| find(own).is_some()));
                all.extend(known.map(|names| of(&mut names.iter().filter_map(find))));
                if all.iter().all(|one| one.members().is_empty()) {
                    all.insert(0, of(&mut schemes.iter()));
                }
            }
        }
        Tree::Array(all)
    }

    fn operation(&self, operation: &Operation, id: &str, limits: Option<Tree>) -> Tree {
        let mut out = Vec::new();
        let mut put = |name: &str, value: Tree| out.push((name.to_owned(), value));
        put("operationId", text(id));
        if let Some(tag) = &operation.tag {
            put("tags", Tree::Array(vec![text(tag)]));
        }
        put("summary", self.gap(operation.at));
        if let Some((access, _)) = operation.access {
            put("security", self.security(access, &operation.schemes));
        } else if self.facts.operations.iter().any(|operation| operation.access.is_some()) {
            put("security", Tree::Array(Vec::new()));
        }
        if let Some((weight, _)) = &operation.weight {
            let amount = Tree::number(weight.amount);
            put(
                "x-weight",
                match &weight.without {
                    Some((other, name)) => object([
                        ("when-present", Tree::Object(vec![(name.clone(), amount)])),
                        ("otherwise", Tree::number(other)),
                    ]),
                    None => amount,
                },
            );
        }
        if let Some(limits) = limits {
            put("x-limits", limits);
        }
        if !operation.parameters.is_empty() {
            let parameters = operation.parameters.iter().map(|parameter| {
                let member = &parameter.member;
                let mut out = vec![
                    ("name".to_owned(), text(&member.name)),
                    ("in".to_owned(), text(parameter.place.name())),
                    ("required".to_owned(), Tree::Bool(member.required == Some(true))),
                ];
                if has_words(&member.note) {
                    out.push(("description".to_owned(), self.gap(member.at)));
                }
                let schema = if matches!(member.schema.form, Form::Any) && member.schema.values.is_empty() {
                    Schema::scalar(member.at, "string")
                } else {
                    member.schema.clone()
                };
                let mut schema = self.schema(&schema, None);
                schema.remove("x-source");
                out.push(("schema".to_owned(), schema));
                out.push(("x-source".to_owned(), self.source(member.at)));
                Tree::Object(out)
            });
            put("parameters", Tree::Array(parameters.collect()));
        }
        if let Some(body) = &operation.body {
            let mut media = vec![("schema".to_owned(), self.schema(&body.schema, None))];
            if let Some(node) = &body.sample {
                media.push(("example".to_owned(), node.tree()));
            }
            let content = Tree::Object(vec![(body.media.clone(), Tree::Object(media))]);
            put(
                "requestBody",
                object([
                    ("required", Tree::Bool(body.required)),
                    ("content", content),
                    ("x-source", self.source(body.at)),
                ]),
            );
        }
        let mut responses: Vec<(String, Tree)> = Vec::new();
        for response in &operation.responses {
            let mut own = vec![("description".to_owned(), self.gap(response.at))];
            if let Some(schema) = &response.schema {
                let mut media = vec![("schema".to_owned(), self.schema(schema, None))];
                if let Some((node, _)) = response.samples.first() {
                    media.push(("example".to_owned(), node.tree()));
                }
                own.push(("content".to_owned(), Tree::Object(vec![(response.media.clone(), Tree::Object(media))])));
            }
            own.push(("x-source".to_owned(), self.source(response.at)));
            responses.push((response.status.clone(), Tree::Object(own)));
        }
        if responses.is_empty() {
            responses.push(("200".to_owned(), object([("description", self.gap(operation.at))])));
        }
        put("responses", Tree::Object(responses));
        put("x-source", self.source(operation.route_at));
        Tree::Object(out)
    }

    fn openrpc(&self, venue: &str) -> Tree {
        let facts = self.facts;
        let mut root = vec![
            ("openrpc".to_owned(), text("1.3.2")),
            ("info".to_owned(), self.info(venue)),
            ("x-crate-version".to_owned(), text("0.1.0")),
        ];
        let is_standard = facts.methods.iter().any(|method| {
            let has = |sample: &Option<(crate::sample::Node, Lines)>| {
                sample.as_ref().is_some_and(|(node, _)| node.get("jsonrpc").is_some())
            };
            has(&method.request) || has(&method.sample)
        });
        if !is_standard {
            root.push(("x-envelope".to_owned(), text("bare")));
        }
        if !facts.servers.is_empty() {
            root.push(("servers".to_owned(), Tree::Array(facts.servers.iter().map(|(url, _)| server(url)).collect())));
        }
        if !facts.schemes.is_empty() {
            root.push(("x-security-schemes".to_owned(), self.schemes()));
            root.push(("x-security".to_owned(), self.security(Access::Signed, &[])));
        }
        if !facts.errors.is_empty() {
            root.push(("x-error-codes".to_owned(), Tree::Array(error_codes(facts))));
        }
        let decimals = decide::decimals(facts);
        if !decimals.is_empty() {
            root.push((
                "x-decimals".to_owned(),
                Tree::Array(decimals.into_iter().map(|(name, _)| text(name)).collect()),
            ));
        }
        root.extend(self.limits());
        let methods = facts.methods.iter().flat_map(|method| self.methods(method));
        root.push(("methods".to_owned(), Tree::Array(methods.collect())));
        Tree::Object(root)
    }

    fn methods(&self, method: &Method) -> Vec<Tree> {
        let mut out = Vec::new();
        for (index, (at, members)) in method.forms.iter().enumerate() {
            let mut own = Vec::new();
            let mut put = |name: &str, value: Tree| own.push((name.to_owned(), value));
            if index == 0 {
                put("name", text(&method.name));
            } else {
                put("name", text(format!("{}_{}", method.name, index + 1)));
                put("x-method", text(&method.name));
            }
            if let Some(tag) = &method.tag {
                put("tags", Tree::Array(vec![object([("name", text(tag))])]));
            }
            put("summary", self.gap(method.at));
            put("paramStructure", text(if method.by_name { "by-name" } else { "by-position" }));
            if method.is_public && !self.facts.schemes.is_empty() {
                put("x-security", Tree::Array(Vec::new()));
            }
            let params = members.iter().map(|member| self.descriptor(member));
            put("params", Tree::Array(params.collect()));
            if let Some(schema) = &method.result {
                put("result", object([("name", text("result")), ("schema", self.schema(schema, None))]));
            }
            if !method.errors.is_empty() {
                put("errors", Tree::Array(rpc_errors(&method.errors)));
            }
            put("x-source", self.source(if index == 0 { method.name_at } else { *at }));
            out.push(Tree::Object(own));
        }
        out
    }

    fn descriptor(&self, member: &Member) -> Tree {
        let mut out = vec![("name".to_owned(), text(&member.name))];
        if has_words(&member.note) {
            out.push(("description".to_owned(), self.gap(member.at)));
        }
        out.push(("required".to_owned(), Tree::Bool(member.required == Some(true))));
        let mut schema = self.schema(&member.schema, None);
        schema.remove("x-source");
        out.push(("schema".to_owned(), schema));
        out.push(("x-source".to_owned(), self.source(member.at)));
        Tree::Object(out)
    }

    /// Writes a schema. `described_at` is the place of its description.
    fn schema(&self, schema: &Schema, described_at: Option<Lines>) -> Tree {
        let mut out: Vec<(String, Tree)> = Vec::new();
        let mut kind: Option<&str> = None;
        match &schema.form {
            Form::Any => {
                if schema.values.is_empty() {
                    return Tree::Object(Vec::new());
                }
                kind = Some("string");
            }
            Form::Scalar { kind: own, format } => {
                kind = Some(own);
                if let Some(format) = format {
                    out.push(("format".to_owned(), text(format)));
                }
            }
            Form::Array(items) => {
                kind = Some("array");
                out.push(("items".to_owned(), self.schema(items, None)));
            }
            Form::Map(values) => {
                kind = Some("object");
                out.push(("additionalProperties".to_owned(), self.schema(values, None)));
            }
            Form::Object(members) => {
                kind = Some("object");
                let required: Vec<Tree> = members
                    .iter()
                    .filter(|member| member.required == Some(true) && member.name != ANONYMOUS)
                    .map(|member| text(&member.name))
                    .collect();
                if !required.is_empty() {
                    out.push(("required".to_owned(), Tree::Array(required)));
                }
                if !members.is_empty() {
                    let mut properties: Vec<(String, Tree)> = Vec::new();
                    let has_table = members.iter().any(|own| own.in_table);
                    for member in members {
                        let described = has_words(&member.note).then_some(member.at);
                        if !properties.iter().any(|(name, _)| *name == member.name) {
                            let mut own = self.schema(&member.schema, described);
                            let is_listed = !has_table || member.in_table;
                            if let Some(deviation) = deviation(member, is_listed) {
                                own.set("x-doc-deviation", text(deviation));
                            }
                            properties.push((member.name.clone(), own));
                        }
                    }
                    out.push(("properties".to_owned(), Tree::Object(properties)));
                }
            }
            Form::Ref(name) => {
                return match self.component(name) {
                    Some(name) => object([("$ref", text(format!("#/components/schemas/{name}")))]),
                    None => Tree::Object(Vec::new()),
                };
            }
            Form::Choice { how, of } => {
                out.push(((*how).to_owned(), Tree::Array(of.iter().map(|one| self.schema(one, None)).collect())));
            }
            Form::Tuple(columns) => {
                kind = Some("array");
                out.push(("items".to_owned(), Tree::Object(Vec::new())));
                let columns = columns.iter().map(|column| {
                    let mut schema = self.schema(&column.schema, None);
                    schema.remove("x-source");
                    object([("name", text(&column.name)), ("schema", schema)])
                });
                out.push(("x-tuple".to_owned(), Tree::Array(columns.collect())));
            }
        }
        if let Some(kind) = kind {
            let kind = match (schema.nullable && self.is_rpc, kind) {
                (true, kind) => Tree::Array(vec![text(kind), text("null")]),
                (false, kind) => text(kind),
            };
            out.insert(0, ("type".to_owned(), kind));
            if schema.nullable && !self.is_rpc {
                out.push(("nullable".to_owned(), Tree::Bool(true)));
            }
        }
        if schema.read_only {
            out.push(("readOnly".to_owned(), Tree::Bool(true)));
        }
        if !schema.values.is_empty() {
            let is_number = matches!(schema.form, Form::Scalar { kind: "integer" | "number", .. });
            let value = |(value, _): &(String, Lines)| {
                if is_number && venuekit_json::is_number(value) { Tree::number(value) } else { text(value) }
            };
            out.push(("enum".to_owned(), Tree::Array(schema.values.iter().map(value).collect())));
        }
        if let Form::Scalar { kind, .. } = &schema.form {
            out.extend(bounds(schema, kind));
        }
        if let Some(at) = described_at {
            out.push(("description".to_owned(), self.gap(at)));
        }
        if schema.at.first > 0 {
            out.push(("x-source".to_owned(), self.source(schema.at)));
        }
        Tree::Object(out)
    }

    /// Returns the component of a schema that a type names.
    fn component(&self, name: &str) -> Option<&str> {
        let folded = |name: &str| name.to_lowercase().replace(' ', "");
        let exact = self.components.iter().find(|(own, _)| own == name);
        let found = exact.or_else(|| self.components.iter().find(|(own, _)| folded(own) == folded(name)));
        found.map(|(_, component)| component.as_str())
    }
}

/// Returns the bounds and the default of a schema of this kind.
pub(crate) fn bounds(schema: &Schema, kind: &str) -> Vec<(String, Tree)> {
    let own = &schema.bounds;
    let mut out = Vec::new();
    let numbers = [
        ("minimum", &own.minimum),
        ("maximum", &own.maximum),
        ("minLength", &own.min_length),
        ("maxLength", &own.max_length),
    ];
    for (key, digits) in numbers {
        if let Some(digits) = digits {
            out.push((key.to_owned(), Tree::number(digits)));
        }
    }
    let listed = |text: &&String| schema.values.is_empty() || schema.values.iter().any(|(own, _)| own == *text);
    let stated = schema.default.as_ref().filter(|text| prose::is_default(text, kind)).or(own.default.as_ref());
    if let Some(text) = stated.filter(listed) {
        let value = match kind {
            "integer" | "number" => Tree::number(text),
            "boolean" => Tree::Bool(text == "true"),
            _ => Tree::text(text.as_str()),
        };
        out.push(("default".to_owned(), value));
    }
    out
}

/// Returns the id of a scheme as a component.
pub(crate) fn scheme_id(id: &str) -> String {
    let clean: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect();
    if clean.is_empty() { "key".to_owned() } else { clean }
}

fn server(url: &str) -> Tree {
    let lower = url.to_lowercase();
    let is_test = ["test", "sandbox", "demo", "stag", "localhost", "127.0.0.1", "uat", "paper"];
    let environment = if is_test.iter().any(|word| lower.contains(word)) { "test" } else { "production" };
    object([("url", text(url)), ("x-environment", text(environment))])
}

/// Returns the codes of errors. The generator needs a message or a description of each.
fn error_codes(facts: &Facts) -> Vec<Tree> {
    let mut out: Vec<Tree> = Vec::new();
    for error in &facts.errors {
        let words = if error.message.is_empty() {
            ("description".to_owned(), text(format!("{GAP}{}.", error.at.show(&facts.names))))
        } else {
            ("message".to_owned(), text(&error.message))
        };
        let own = vec![("code".to_owned(), code(&error.code)), words];
        let tree = Tree::Object(own);
        if !out.contains(&tree) {
            out.push(tree);
        }
    }
    out
}

fn rpc_errors(errors: &[ErrorCode]) -> Vec<Tree> {
    let is_integer = |error: &&ErrorCode| error.code.parse::<i64>().is_ok();
    errors
        .iter()
        .filter(is_integer)
        .map(|error| object([("code", code(&error.code)), ("message", text(&error.message))]))
        .collect()
}

fn code(code: &str) -> Tree {
    if code.parse::<i64>().is_ok() { Tree::number(code) } else { text(code) }
}

/// Returns the number of descriptions that are to be written.
pub(crate) fn gaps(tree: &Tree) -> usize {
    match tree {
        Tree::Text(text) => usize::from(text.starts_with(GAP)),
        Tree::Array(elements) => elements.iter().map(gaps).sum(),
        Tree::Object(members) => members.iter().map(|(_, value)| gaps(value)).sum(),
        _ => 0,
    }
}

/// Returns the difference between the draft, which has what a sample shows, and the table. A
/// decimal that is a number in a table and text in a sample is one value.
fn deviation(member: &Member, is_listed: bool) -> Option<String> {
    if !is_listed {
        return Some(format!("The sample has `{}`, and the table does not.", member.name));
    }
    let other = member.other_type.as_ref()?.type_name();
    let own = member.schema.type_name();
    (other != "number" || own != "string").then(|| format!("The type is {other} in the table and {own} in the sample."))
}

/// Returns whether the text of a cell describes something.
pub(crate) fn has_words(note: &str) -> bool {
    !matches!(inline::plain(note).to_lowercase().as_str(), "" | "none" | "-" | "n/a" | "no description")
}
