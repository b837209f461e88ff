//! Runs `venue list`: lists the venues, or the operations of a venue.

use std::collections::BTreeMap;

use clap::ArgMatches;
use serde::Serialize;
use venuekit::meta::{EnumValue, OperationMeta, VenueMeta};
use venuekit::operation::{Constraint, Parameter, ParameterIn, Route, Security, Weight};
use venuekit::wire::Json;
use venuekit_venues::VENUES;

use crate::body_flags::{self, Member};
use crate::bounds_entry::BoundsEntry;
use crate::failure::{Exit, Failure};
use crate::settings::Output;
use crate::table::Columns;
use crate::{command, flags, output, settings, value};

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

#[derive(Serialize)]
struct OperationEntry {
    id: &'static str,
    /// The name of the subcommand of `venue call VENUE`.
    command: String,
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
    example: String,
    summary: &'static str,
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
    example: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<BoundsEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueEntry>,
}

#[derive(Serialize)]
struct MemberEntry {
    name: String,
    flag: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    required: bool,
    /// The values of an enumeration, as JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<serde_json::Value>,
}

impl MemberEntry {
    fn new(member: &Member) -> Self {
        let values = member.kind.meanings();
        Self {
            name: member.name.clone(),
            flag: format!("--{}", member.flag),
            r#type: value::json_type(&member.schema),
            format: format(&member.schema),
            required: member.is_required,
            values: values.iter().filter_map(|(json, _)| serde_json::from_str(json).ok()).collect(),
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

pub(crate) fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let venue = matches.get_one::<String>("venue").and_then(|name| venuekit_venues::venue(name));
    let format: Option<Output> = matches.get_one("output").copied().filter(|_| settings::is_given(matches, "output"));
    let is_json = matches.get_flag("json") || matches!(format, Some(Output::Json | Output::Pretty));
    let text = match (venue, is_json) {
        (None, true) => json(&VENUES.iter().map(|venue| venue_entry(venue)).collect::<Vec<_>>()),
        (None, false) => venues(),
        (Some(venue), true) => {
            json(&venue.operations.iter().map(|meta| operation_entry(venue, meta)).collect::<Vec<_>>())
        }
        (Some(venue), false) => operations(venue),
    };
    output::line(&text).map_err(Failure::Output)?;
    Ok(Exit::Done)
}

fn json<T: Serialize>(entries: &[T]) -> String {
    serde_json::to_string_pretty(entries).unwrap_or_default()
}

fn venues() -> String {
    let mut columns = Columns::new(["VENUE", "KIND", "OPERATIONS", "ENVIRONMENTS", "TITLE"]);
    for venue in VENUES.iter().map(|venue| venue_entry(venue)) {
        let servers: Vec<_> = venue.servers.iter().map(|server| server.env.as_str()).collect();
        let servers = if servers.is_empty() { "needs --base-url".to_owned() } else { servers.join(", ") };
        columns.push([
            venue.name.to_owned(),
            venue.kind.to_owned(),
            venue.operations.to_string(),
            servers,
            venue.title.to_owned(),
        ]);
    }
    columns.to_string()
}

fn operations(venue: &VenueMeta) -> String {
    let mut columns = Columns::new(["OPERATION", "ROUTE", "SECURITY", "WEIGHT", "PARAMETERS", "SUMMARY"]);
    for entry in venue.operations.iter().map(|meta| operation_entry(venue, meta)) {
        let route = match (entry.method, entry.path, entry.rpc_method) {
            (Some(method), Some(path), _) => format!("{method} {path}"),
            (_, _, method) => method.unwrap_or_default().to_owned(),
        };
        let weight = match &entry.weight {
            serde_json::Value::Number(weight) => weight.to_string(),
            weight => format!("{}*", weight.get("otherwise").unwrap_or_default()),
        };
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
        columns.push([
            entry.command,
            route,
            entry.security.to_owned(),
            weight,
            needed.join(" "),
            entry.summary.to_owned(),
        ]);
    }
    columns.to_string()
}

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
    VenueEntry {
        name: venue.venue.name(),
        title: venue.venue.title(),
        kind: venue.operations.first().map_or("http", |meta| kind(meta.operation.route())),
        operations: venue.operations.len(),
        servers: venue.venue.servers().iter().map(server).collect(),
        credentials,
    }
}

fn operation_entry(venue: &VenueMeta, meta: &OperationMeta) -> OperationEntry {
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
            example: meta.example.and_then(|json| Json::parse(json).ok()),
            bounds: parameter.bounds().map(BoundsEntry::new),
            values: meta.values.iter().map(ValueEntry::new).collect(),
        }
    };
    let constraint = |constraint: &Constraint| ConstraintEntry {
        text: constraint.sentence(),
        within: constraint.within(),
        checked: constraint.is_checked(),
        widens: constraint.can_widen(),
    };
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
        members: body_flags::members(venue, meta).iter().map(MemberEntry::new).collect(),
        body_bounds: operation.body_bounds().map(BoundsEntry::new),
        statuses: meta.statuses.iter().copied().collect(),
        example: command::example_call(venue, meta),
        summary: meta.summary,
    }
}
