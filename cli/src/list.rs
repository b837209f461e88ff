//! Runs `venue list`: lists the venues, or the operations of a venue.

use std::collections::BTreeMap;

use clap::ArgMatches;
use serde::Serialize;
use venuekit::meta::{EnumValue, OperationMeta, SubscriptionMeta, VenueMeta};
use venuekit::operation::{Bounds, Constraint, Parameter, ParameterIn, Route, Security, Weight};
use venuekit::wire::Json;
use venuekit_venues::VENUES;

use crate::body_flags::{self, Member};
use crate::bounds_entry::BoundsEntry;
use crate::failure::{Exit, Failure};
use crate::format::Output;
use crate::sections::{Cell, Rows};
use crate::shell::quoted;
use crate::view::{self, View};
use crate::{command, flags, output, spec_help, value};

#[derive(Serialize)]
struct VenueEntry {
    name: &'static str,
    title: &'static str,
    kind: &'static str,
    operations: usize,
    servers: Vec<ServerEntry>,
    credentials: Vec<String>,
}

#[derive(Serialize)]
struct ServerEntry {
    env: String,
    url: &'static str,
}

/// An operation, as JSON.
#[derive(Serialize)]
pub(crate) struct OperationEntry {
    id: &'static str,
    /// The name of the subcommand of `venue call VENUE`.
    pub(crate) command: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rpc_method: Option<&'static str>,
    security: &'static str,
    weight: serde_json::Value,
    #[serde(skip_serializing_if = "is_false")]
    cancels: bool,
    #[serde(skip_serializing_if = "is_false")]
    deprecated: bool,
    params: Vec<ParameterEntry>,
    constraints: Vec<ConstraintEntry>,
    body: bool,
    /// The properties of the body that have flags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<MemberEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_bounds: Option<BoundsEntry>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    statuses: BTreeMap<&'static str, &'static str>,
    /// A call to copy to a shell.
    pub(crate) example: String,
    summary: &'static str,
}

impl OperationEntry {
    /// Returns method and path, or the method of JSON-RPC.
    pub(crate) fn route(&self) -> String {
        match (self.method, self.path, self.rpc_method) {
            (Some(method), Some(path), _) => format!("{method} {path}"),
            (_, _, method) => method.unwrap_or_default().to_owned(),
        }
    }

    /// Returns the weight; with a star if a parameter can change it.
    pub(crate) fn weight_text(&self) -> String {
        match &self.weight {
            serde_json::Value::Number(weight) => weight.to_string(),
            weight => format!("{}*", weight.get("otherwise").unwrap_or_default()),
        }
    }

    /// Returns the constraints as sentences.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let sentence = |constraint: &ConstraintEntry| {
            let place = constraint.within.map(|place| format!("at {place}: ")).unwrap_or_default();
            let checked = if constraint.checked { "" } else { " (not checked)" };
            format!("{place}{}{checked}", constraint.text)
        };
        self.constraints.iter().map(sentence).collect()
    }

    /// Returns the parameters and the properties of the body as rows: flag, place, type, need and
    /// description.
    pub(crate) fn values(&self) -> Rows {
        let kind = |name: &str, format: Option<&String>| match format {
            Some(format) => format!("{name} ({format})"),
            None => name.to_owned(),
        };
        let need = |required: bool| if required { "required" } else { "" };
        let parameter = |entry: &ParameterEntry| {
            let about = entry.description.map(output::one_line).unwrap_or_default();
            let kind = kind(entry.r#type, entry.format.as_ref());
            [entry.flag.clone(), entry.r#in.to_owned(), kind, need(entry.required).to_owned(), entry.about(about)]
        };
        let member = |entry: &MemberEntry| {
            let about = entry.description.as_deref().map(output::one_line).unwrap_or_default();
            let kind = kind(entry.r#type, entry.format.as_ref());
            [entry.flag.clone(), "body".to_owned(), kind, need(entry.required).to_owned(), entry.about(about)]
        };
        let rows = self.params.iter().map(parameter).chain(self.members.iter().map(member));
        Rows {
            names: ["flag", "in", "type", "need", "description"].map(str::to_owned).to_vec(),
            rows: rows.map(|row| row.map(Cell::from).to_vec()).collect(),
        }
    }

    /// Returns the parameters and the properties of the body as lines of text.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |row: Vec<Cell>| {
            let texts: Vec<String> = row.into_iter().map(|cell| cell.text).filter(|text| !text.is_empty()).collect();
            texts.join("  ")
        };
        let mut lines: Vec<String> = self.values().rows.into_iter().map(line).collect();
        if self.body && self.members.is_empty() {
            lines.push("--body  JSON, a file that has it, or - for standard input".to_owned());
        }
        lines
    }
}

#[derive(Serialize)]
struct ParameterEntry {
    name: &'static str,
    flag: String,
    r#in: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    required: bool,
    #[serde(skip_serializing_if = "is_false")]
    deprecated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<BoundsEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueEntry>,
    /// The bounds as sentences, for text.
    #[serde(skip)]
    sentences: Option<String>,
}

impl ParameterEntry {
    /// Returns the description with the bounds and the values.
    fn about(&self, description: String) -> String {
        let values: Vec<String> = self.values.iter().map(|value| quoted(value.value)).collect();
        about(description, self.sentences.as_deref(), &values)
    }
}

/// Returns a description with the bounds of a value and the known values, as they are typed.
fn about(description: String, bounds: Option<&str>, values: &[String]) -> String {
    let values = (!values.is_empty()).then(|| format!("One of {}.", values.join(", ")));
    let parts = [Some(description), bounds.map(str::to_owned), values];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[derive(Serialize)]
struct MemberEntry {
    name: String,
    flag: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    required: bool,
    #[serde(skip_serializing_if = "is_false")]
    deprecated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<Json>,
    /// The values of an enumeration, as JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<serde_json::Value>,
    /// The bounds as sentences, for text.
    #[serde(skip)]
    sentences: Option<String>,
}

impl MemberEntry {
    /// Returns the description with the bounds and the values.
    fn about(&self, description: String) -> String {
        let typed = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), quoted);
        let values: Vec<String> = self.values.iter().map(typed).collect();
        about(description, self.sentences.as_deref(), &values)
    }

    /// Returns the entry of a property. `examples`: the properties of the example of the body.
    fn new(member: &Member, examples: &BTreeMap<String, Json>) -> Self {
        let values = member.kind.meanings();
        let text = |key: &str| member.schema.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        Self {
            name: member.name.clone(),
            flag: format!("--{}", member.flag),
            r#type: value::json_type(&member.schema),
            format: format(&member.schema),
            required: member.is_required,
            deprecated: member.schema.get("deprecated") == Some(&serde_json::Value::Bool(true)),
            description: text("description"),
            default: member.default_value().and_then(|json| Json::parse(json).ok()),
            example: examples.get(&member.name).cloned(),
            values: values.iter().filter_map(|(json, _)| serde_json::from_str(json).ok()).collect(),
            sentences: member.sentences(),
        }
    }
}

/// Returns the format of a schema, such as `decimal`.
fn format(schema: &serde_json::Value) -> Option<String> {
    schema.get("format").and_then(serde_json::Value::as_str).map(str::to_owned)
}

#[derive(Serialize)]
struct ValueEntry {
    value: &'static str,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'static str>,
}

impl ValueEntry {
    fn new(known: &EnumValue) -> Self {
        Self { value: known.value, name: known.name, meaning: known.description }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[derive(Serialize)]
struct ConstraintEntry {
    text: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<&'static str>,
    checked: bool,
    widens: bool,
}

/// Runs `venue list`. `root` has the options before `list`.
pub(crate) fn run(root: &ArgMatches, matches: &ArgMatches) -> Result<Exit, Failure> {
    let venue = matches.get_one::<String>("venue").and_then(|name| venuekit_venues::venue(name));
    let view = View::of(root, matches);
    let asked = if matches.get_flag("json") { Some(Output::Pretty) } else { view::output(root, matches) };
    let (json, rows) = match venue {
        None => {
            let entries: Vec<_> = VENUES.iter().map(|venue| venue_entry(venue)).collect();
            (json(&entries), venues(entries))
        }
        Some(venue) => {
            let calls = venue.operations.iter().map(|meta| operation_entry(venue, meta));
            let subscriptions = venue.subscriptions.iter().map(|meta| subscription_entry(venue, meta));
            let entries: Vec<_> = calls.chain(subscriptions).collect();
            (json(&entries), operations(entries))
        }
    };
    view.check_names(&rows.names)?;
    let format = view.format(asked, Output::Table);
    let has_star = rows.names.iter().zip(0..).filter(|(name, _)| *name == WEIGHT).any(|(_, column): (_, usize)| {
        rows.rows.iter().filter_map(|row| row.get(column)).any(|cell| cell.text.ends_with('*'))
    });
    let shown = view.list(format, &json, rows).map_err(Failure::Output)?;
    output::line(&shown.text).map_err(Failure::Output)?;
    shown.tell();
    if has_star && format == Output::Table {
        output::tell("note: a star behind a weight: a parameter changes it (help: `venue explain` has the operation)");
    }
    Ok(Exit::Done)
}

fn json<T: Serialize>(entries: &[T]) -> String {
    serde_json::to_string(entries).unwrap_or_default()
}

fn venues(entries: Vec<VenueEntry>) -> Rows {
    let row = |venue: VenueEntry| {
        let servers: Vec<_> = venue.servers.iter().map(|server| server.env.as_str()).collect();
        let servers = if servers.is_empty() { "needs --base-url".to_owned() } else { servers.join(", ") };
        [venue.name.to_owned(), venue.kind.to_owned(), venue.operations.to_string(), servers, venue.title.to_owned()]
            .map(Cell::from)
            .to_vec()
    };
    let names = ["VENUE", "KIND", "OPERATIONS", "ENVIRONMENTS", "TITLE"].map(str::to_owned).to_vec();
    Rows { names, rows: entries.into_iter().map(row).collect() }
}

fn operations(entries: Vec<OperationEntry>) -> Rows {
    let row = |entry: OperationEntry| {
        let (route, weight) = (entry.route(), entry.weight_text());
        let flag = |parameter: &ParameterEntry| match parameter.required {
            true => parameter.flag.clone(),
            false => format!("[{}]", parameter.flag),
        };
        let flags = entry.params.iter().map(flag).chain(entry.body.then(|| "--body".to_owned()));
        // The table shows the required flags and `--body`. It shows `..` for all other flags.
        let (mut needed, others): (Vec<_>, Vec<_>) = flags.partition(|flag| flag.starts_with('-'));
        if !others.is_empty() {
            needed.push("..".to_owned());
        }
        let name = if entry.kind == SUBSCRIPTION { format!("watch {}", entry.command) } else { entry.command };
        [name, route, entry.security.to_owned(), weight, needed.join(" "), entry.summary.to_owned()]
            .map(Cell::from)
            .to_vec()
    };
    let names = ["OPERATION", "ROUTE", "SECURITY", WEIGHT, "PARAMETERS", "SUMMARY"].map(str::to_owned).to_vec();
    Rows { names, rows: entries.into_iter().map(row).collect() }
}

/// The column of weights.
const WEIGHT: &str = "WEIGHT";

fn kind(route: Route) -> &'static str {
    if route.rpc_method().is_some() { "rpc" } else { "http" }
}

fn venue_entry(venue: &VenueMeta) -> VenueEntry {
    let server =
        |server: &venuekit::operation::Server| ServerEntry { env: server.environment().to_string(), url: server.url() };
    let mut credentials = Vec::new();
    if venue.credentials.is_some() {
        credentials.extend(["KEY", "SECRET"].map(|what| flags::variable(venue, what)));
    }
    if venue.private_key.is_some() {
        credentials.push(flags::variable(venue, "PRIVATE_KEY_FILE"));
    }
    if venue.token_login.is_some() {
        credentials.push(flags::variable(venue, "TOKEN"));
    }
    VenueEntry {
        name: venue.venue.name(),
        title: venue.venue.title(),
        kind: venue.operations.first().map_or("http", |meta| kind(meta.operation.route())),
        operations: venue.operations.len() + venue.subscriptions.len(),
        servers: venue.venue.servers().iter().map(server).collect(),
        credentials,
    }
}

/// The kind of an operation that is called by `venue watch`.
const SUBSCRIPTION: &str = "subscription";

/// Returns the entry of a subscription. Its command is the name of its family.
fn subscription_entry(venue: &VenueMeta, meta: &SubscriptionMeta) -> OperationEntry {
    let entry = operation_entry(venue, &meta.operation);
    let (name, family) = (venue.venue.name(), meta.family.name());
    let called = format!("venue call {name} {}", entry.command);
    let example = entry.example.replacen(&called, &format!("venue watch {name} {family}"), 1);
    OperationEntry { command: family.to_owned(), kind: SUBSCRIPTION, example, ..entry }
}

/// Returns the entry of an operation.
pub(crate) fn operation_entry(venue: &VenueMeta, meta: &OperationMeta) -> OperationEntry {
    let operation = meta.operation;
    let (route, http) = (operation.route(), operation.route().http());
    let (method, path) = (http.map(|(method, _)| method.as_str()), http.map(|(_, path)| path));
    let rpc_method = route.rpc_method();
    let weight = match operation.weight() {
        Weight::Fixed(weight) => weight.into(),
        Weight::ByParameter { when_present, otherwise, .. } => {
            let by_name: serde_json::Map<_, _> =
                when_present.iter().map(|(name, weight)| ((*name).to_owned(), (*weight).into())).collect();
            serde_json::json!({"when_present": by_name, "otherwise": otherwise})
        }
        _ => serde_json::Value::Null,
    };
    let parameters = operation.parameters().iter().zip(meta.parameters).zip(flags::parameters(meta.parameters));
    let parameter = |((parameter, meta), flag): ((&Parameter, &venuekit::meta::ParameterMeta), String)| {
        let schema = value::schema(venue, meta.schema);
        ParameterEntry {
            name: parameter.name(),
            flag: format!("--{flag}"),
            r#in: match parameter.place() {
                ParameterIn::Path => "path",
                ParameterIn::Query | ParameterIn::QueryJoined => "query",
                ParameterIn::Header => "header",
                ParameterIn::Name => "name",
                ParameterIn::Form => "form",
                ParameterIn::Cookie => "cookie",
                _ => "position",
            },
            r#type: value::json_type(&schema),
            format: format(&schema),
            required: parameter.is_required(),
            deprecated: meta.deprecated,
            description: meta.description,
            default: parameter.bounds().and_then(Bounds::default_value).and_then(|json| Json::parse(json).ok()),
            example: meta.example.and_then(|json| Json::parse(json).ok()),
            bounds: parameter.bounds().map(BoundsEntry::new),
            values: meta.values.iter().map(ValueEntry::new).collect(),
            sentences: parameter.bounds().and_then(spec_help::sentences),
        }
    };
    let constraint = |constraint: &Constraint| ConstraintEntry {
        text: constraint.sentence(),
        within: constraint.within(),
        checked: constraint.is_checked(),
        widens: constraint.can_widen(),
    };
    let body = meta.body.as_ref().and_then(|body| body.example);
    let examples: BTreeMap<String, Json> =
        body.and_then(|example| serde_json::from_str(example).ok()).unwrap_or_default();
    OperationEntry {
        id: operation.id(),
        command: flags::operation(venue, meta),
        kind: kind(operation.route()),
        method,
        path,
        rpc_method,
        security: match operation.security() {
            Security::Public => "none",
            Security::Key => "key",
            _ => "signed",
        },
        weight,
        cancels: operation.cancels(),
        deprecated: meta.deprecated,
        params: parameters.map(parameter).collect(),
        constraints: operation.constraints().iter().map(constraint).collect(),
        body: operation.body().is_some(),
        members: body_flags::members(venue, meta).iter().map(|member| MemberEntry::new(member, &examples)).collect(),
        body_bounds: operation.body_bounds().map(BoundsEntry::new),
        statuses: meta.statuses.iter().copied().collect(),
        example: command::example_call(venue, meta),
        summary: meta.summary,
    }
}
