//! The public API of a crate as text. A reviewer reads it first when a spec changes.

use std::fmt::Write as _;

use crate::model::api::{
    Api, Batch, ContentKind, Docs, EnumVariant, Envelope, Field, FormKind, Idempotent, Operation, Pagination,
    Parameter, ParameterLocation, Protocol, ResponseReading, Route, Security, Spelling, StatusVariant, Subscription,
    Told, Type, TypeDef, TypeKind, UnionAlternative, Weight,
};
use crate::model::constraint::Constraint;
use crate::source::{Bounds, CodeRule, FieldStyle};

/// Returns the names, the types and the behaviour of a generated crate in a compact form. A change
/// of a description in the spec does not change it.
///
/// A `?` marks an optional value. `wire` gives the name on the wire if it differs from the name in
/// Rust. Long lists have one line per element, so that a diff shows which element changed.
#[must_use]
pub fn outline(api: &Api) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = write_outline(&mut out, api);
    out
}

fn write_outline(out: &mut String, api: &Api) -> std::fmt::Result {
    let venue = &api.venue;
    writeln!(out, "{} {}  {} (API {})", venue.package, venue.crate_version, venue.title, venue.api_version)?;
    for server in &api.servers {
        write!(out, "server {:?} {}", server.environment, server.url)?;
        match &server.signing {
            Some(signing) => writeln!(out, " signing={signing}")?,
            None => writeln!(out)?,
        }
    }
    for host in &api.hosts {
        writeln!(out, "host {} signing={}", host.url, host.signing)?;
    }
    if let Some(path) = &api.base_path {
        writeln!(out, "base path {path}")?;
    }
    if api.protocol == Protocol::JsonRpc(Envelope::V2) {
        writeln!(out, "envelope of JSON-RPC 2.0")?;
    }
    for limit in &api.limits {
        let per = limit.per.name();
        let counts = if limit.counts_weight { "weight" } else { "requests" };
        write!(out, "limit {}: {} {counts} per {per} in {} s", limit.name, limit.limit, limit.window)?;
        if let Some(seconds) = limit.longest_closing {
            write!(out, ", closed for up to {seconds} s")?;
        }
        writeln!(out)?;
    }
    if let Some(socket) = &api.socket {
        writeln!(out, "{socket}")?;
    }
    if let Some(time) = &api.server_time {
        writeln!(out, "server time: {} {} {:?}", time.operation, time.pointer, time.unit)?;
    }
    write_errors(out, api)?;
    writeln!(out, "\noperations")?;
    for operation in &api.operations {
        write_operation(out, api, operation)?;
    }
    writeln!(out, "\ntypes")?;
    for def in api.types.iter() {
        write_type(out, def)?;
    }
    Ok(())
}

/// Writes the places of codes and messages, and the codes that determine the outcome of a call.
fn write_errors(out: &mut String, api: &Api) -> std::fmt::Result {
    let shape = &api.error_shape;
    let conditions = texts(&shape.failed_when);
    let (unknown, clock) = (texts(&api.unknown_codes), texts(&api.clock_codes));
    let refused = texts(&api.refused_codes);
    for (name, values) in [
        ("error code", &shape.code),
        ("error message", &shape.message),
        ("failed when", &conditions),
        ("unknown after", &unknown),
        ("clock is off after", &clock),
        ("refused by", &refused),
    ] {
        if !values.is_empty() {
            writeln!(out, "{name}: {}", values.join(", "))?;
        }
    }
    Ok(())
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn write_codes(out: &mut String, name: &str, codes: &[CodeRule]) -> std::fmt::Result {
    if codes.is_empty() { Ok(()) } else { write!(out, " {name}={}", texts(codes).join(",")) }
}

fn write_operation(out: &mut String, api: &Api, operation: &Operation) -> std::fmt::Result {
    let mut arguments: Vec<String> = operation.parameters.iter().map(parameter).collect();
    if operation.form == Some(FormKind::Parts) {
        arguments.push("in parts".to_owned());
    }
    if let Some(body) = &operation.body {
        arguments.push(format!(
            "body{}: {}{}{}",
            optional(body.required),
            type_text(&body.ty),
            bounds_text(&body.bounds),
            media_type(&body.media_type)
        ));
    }
    let response = match &operation.response {
        None => "()".to_owned(),
        Some(_) if operation.reading == ResponseReading::One(ContentKind::Stream) => "ByteStream".to_owned(),
        Some(ty) => type_text(ty),
    };
    write!(out, "  {}{} -> {response}", operation.method_name, list("(", &arguments, ")"))?;
    match &operation.route {
        Route::Http { method, path } => {
            write!(out, "   {method} {path}")?;
            for (index, (name, value)) in operation.query.iter().enumerate() {
                write!(out, "{}{name}={value}", if index == 0 { '?' } else { '&' })?;
            }
        }
        Route::Rpc { method } if operation.is_notification => write!(out, "   notification {method}")?,
        Route::Rpc { method } => write!(out, "   {method}")?,
    }
    let security = match operation.security {
        Security::Public => "public",
        Security::Key => "key",
        Security::Signed => "signed",
        Security::Login => "login",
    };
    write!(out, "  {security}")?;
    match &operation.weight {
        Weight::Fixed(weight) => write!(out, " weight={weight}")?,
        Weight::ByParameter { when_present, otherwise } => {
            write!(out, " weight=")?;
            for (index, weight) in when_present {
                let name = operation.parameters.get(*index).map_or("", |parameter| parameter.name.as_str());
                write!(out, "{name}:{weight}|")?;
            }
            write!(out, "{otherwise}")?;
        }
    }
    let limits: Vec<&str> =
        operation.limits.iter().filter_map(|at| api.limits.get(*at)).map(|l| l.name.as_str()).collect();
    if !limits.is_empty() {
        write!(out, " limits={}", limits.join(","))?;
    }
    match &operation.idempotent {
        Idempotent::Always => write!(out, " idempotent")?,
        Idempotent::Never => {}
        Idempotent::WhenPresent(names) => write!(out, " idempotent-with={}", names.join("|"))?,
    }
    write_codes(out, "done", &operation.done_codes)?;
    write_codes(out, "gone", &operation.gone_codes)?;
    let is_get = matches!(&operation.route, Route::Http { method, .. } if matches!(method.as_str(), "GET" | "HEAD"));
    if operation.reads_only != is_get {
        write!(out, " reads-only={}", operation.reads_only)?;
    }
    if operation.moves_funds {
        write!(out, " moves-funds")?;
    }
    if operation.cancels {
        write!(out, " cancels")?;
    }
    write_codes(out, "unknown", &operation.unknown_codes)?;
    if !operation.unknown_statuses.is_empty() {
        write!(out, " unknown-statuses={}", texts(&operation.unknown_statuses).join(","))?;
    }
    write_codes(out, "refused", &operation.refused_codes)?;
    if !operation.failed_when.is_empty() {
        write!(out, " failed-when={}", texts(&operation.failed_when).join(","))?;
    }
    if let Some(Batch { request, response }) = &operation.batch {
        write!(out, " batch={request}->{response}")?;
    }
    if let Some(pages) = &operation.pagination {
        let parameter = operation.parameters.get(pages.parameter).map(|parameter| parameter.wire.as_str());
        let Pagination { items, by, value, first, repeats, .. } = pages;
        write!(out, " pages={items} by {by:?} {}", parameter.unwrap_or_default())?;
        write!(out, "{}", if value.is_empty() { String::new() } else { format!(" value={value}") })?;
        write!(out, "{}", if *first == 1 { String::new() } else { format!(" first={first}") })?;
        write!(out, "{}", if *repeats { " repeats" } else { "" })?;
    }
    let statuses: Vec<&str> = operation.error_statuses.iter().map(|(status, _)| status.as_str()).collect();
    if !statuses.is_empty() {
        write!(out, " errors={}", statuses.join(","))?;
    }
    let media_types: String = operation.media_types.iter().map(|name| media_type(name)).collect();
    if !media_types.is_empty() {
        write!(out, " reads{media_types}")?;
    }
    let codes: Vec<&str> = operation.error_codes.iter().map(|error| error.code.as_str()).collect();
    if !codes.is_empty() {
        write!(out, " codes={}", codes.join(","))?;
    }
    writeln!(out, "{}", deprecated(&operation.docs))?;
    if let Some(subscription) = &operation.subscription {
        write_subscription(out, subscription)?;
    }
    write_constraints(out, &operation.constraints)
}

fn write_subscription(out: &mut String, subscription: &Subscription) -> std::fmt::Result {
    writeln!(out, "    subscription {subscription}")?;
    writeln!(out, "      notification: {}", type_text(&subscription.ty))
}

/// Writes constraints, one per line. Each says whether the client checks it.
fn write_constraints(out: &mut String, constraints: &[Constraint]) -> std::fmt::Result {
    for constraint in constraints {
        let reason = match (constraint.widens, constraint.by_evidence) {
            (true, _) => "checked: widens",
            (false, false) => "checked",
            (false, true) => "not checked",
        };
        writeln!(out, "    constraint: {constraint} ({reason})")?;
    }
    Ok(())
}

fn parameter(parameter: &Parameter) -> String {
    let place = match parameter.location {
        ParameterLocation::Path | ParameterLocation::Query | ParameterLocation::Position => "",
        ParameterLocation::QueryJoined => " joined",
        ParameterLocation::Header => " header",
        ParameterLocation::Cookie => " cookie",
        ParameterLocation::Form => " form",
        ParameterLocation::Rest => " rest",
        ParameterLocation::Name => " by name",
    };
    let style = match parameter.style {
        Some((style, true)) => format!(" {style:?} exploded"),
        Some((style, false)) => format!(" {style:?}"),
        None => String::new(),
    };
    let field = match &parameter.field {
        FieldStyle::Plain => String::new(),
        FieldStyle::Joined(separator) => format!(" joined by {separator:?}"),
        FieldStyle::Members => " by members".to_owned(),
        FieldStyle::Brackets => " in brackets".to_owned(),
        FieldStyle::Json => " as JSON".to_owned(),
        FieldStyle::File(media_type) => format!(" {media_type}"),
    };
    let reserved = if parameter.keeps_reserved { " reserved" } else { "" };
    let Parameter { name, wire, required, ty, docs, bounds, .. } = parameter;
    let (ty, other_name, bounds) = (type_text(ty), other_name(name, wire), bounds_text(bounds));
    format!(
        "{name}{}: {ty}{place}{style}{field}{reserved}{other_name}{bounds}{}",
        optional(*required),
        deprecated(docs)
    )
}

fn write_type(out: &mut String, def: &TypeDef) -> std::fmt::Result {
    let used = match (def.in_request, def.in_response) {
        (true, false) => " [request]",
        (true, true) => " [request, response]",
        _ => "",
    };
    let name = &def.name;
    let marks = format!("{used}{}", deprecated(&def.docs));
    match &def.kind {
        TypeKind::Struct(fields) => {
            let mut all = field_list(fields);
            all.extend(def.others.iter().map(|others| {
                format!("others in {}: {}{}", others.name, type_text(&others.map), bounds_text(&others.bounds))
            }));
            writeln!(out, "  {name} {}{marks}", list("{ ", &all, " }"))
        }
        TypeKind::Row { columns, required } => {
            writeln!(out, "  {name} {} at least {required}{marks}", list("[ ", &field_list(columns), " ]"))
        }
        TypeKind::Enum { integer, variants } => {
            let value = |variant: &EnumVariant| {
                let EnumVariant { name, wire, spellings, .. } = variant;
                let spellings: String = spellings.iter().map(|spelling| format!(" | {}", spelling.literal())).collect();
                format!("{name}{}{spellings}", other_name(name, wire))
            };
            let values: Vec<String> = variants.iter().map(value).collect();
            let kind = if *integer { "integer enum" } else { "enum" };
            writeln!(out, "  {name} = {kind} {}{marks}", list("{ ", &values, " }"))
        }
        TypeKind::Either(alternatives) => {
            let alternatives: Vec<String> =
                alternatives.iter().map(|a| format!("{}({})", a.name, type_text(&a.ty))).collect();
            writeln!(out, "  {name} = either {}{marks}", list("{ ", &alternatives, " }"))
        }
        TypeKind::Union(union) => {
            let told = match &union.told {
                Told::Tag(member) => format!("by {member:?}"),
                Told::Presence => "by presence".to_owned(),
                Told::Nothing => "raw".to_owned(),
            };
            let alternatives: Vec<String> = union.alternatives.iter().map(union_alternative).collect();
            writeln!(out, "  {name} = union {told} {}{marks}", list("{ ", &alternatives, " }"))
        }
        TypeKind::ByStatus(variants) => {
            let variant = |variant: &StatusVariant| match &variant.content {
                Some((_, ty)) => format!("{}({})", variant.name, type_text(ty)),
                None => variant.name.clone(),
            };
            let variants: Vec<String> = variants.iter().map(variant).collect();
            writeln!(out, "  {name} = by status {}{marks}", list("{ ", &variants, " }"))
        }
        TypeKind::OneOrMany(ty) => writeln!(out, "  {name} = one or many {}{marks}", type_text(ty)),
        TypeKind::Alias(ty) => writeln!(out, "  {name} = {}{}{marks}", type_text(ty), bounds_text(&def.bounds)),
    }?;
    write_constraints(out, &def.constraints)
}

fn union_alternative(alternative: &UnionAlternative) -> String {
    let UnionAlternative { name, ty, values, members, .. } = alternative;
    let told: Vec<String> = values.iter().map(Spelling::literal).chain(members.iter().cloned()).collect();
    let told = if told.is_empty() { String::new() } else { format!(" if {}", told.join(", ")) };
    format!("{name}({}){told}", type_text(ty))
}

fn field_list(fields: &[Field]) -> Vec<String> {
    let fields = fields.iter().map(|field| {
        let Field { name, wire, required, ty, docs, market_rule, bounds, .. } = field;
        let rule = market_rule.map(|rule| format!(" rule={}", rule.to_string().replace(' ', "-"))).unwrap_or_default();
        let held = field.held();
        let ty = if matches!(held, Type::Maybe(_)) { &held } else { ty };
        let (ty, wire, bounds) = (type_text(ty), other_name(name, wire), bounds_text(bounds));
        format!("{name}{}: {ty}{wire}{bounds}{rule}{}", optional(*required), deprecated(docs))
    });
    fields.collect()
}

/// Returns the elements on one line if they fit into 60 bytes, or else one per line.
fn list(open: &str, elements: &[String], close: &str) -> String {
    let line = elements.join(", ");
    if elements.is_empty() {
        format!("{}{}", open.trim(), close.trim())
    } else if line.len() <= 60 {
        format!("{open}{line}{close}")
    } else {
        let lines: String = elements.iter().map(|element| format!("    {element},\n")).collect();
        format!("{}\n{lines}  {}", open.trim(), close.trim())
    }
}

fn optional(required: bool) -> &'static str {
    if required { "" } else { "?" }
}

fn other_name(name: &str, wire: &str) -> String {
    if name == wire { String::new() } else { format!(" wire {wire:?}") }
}

fn bounds_text(bounds: &Bounds) -> String {
    if bounds.is_empty() { String::new() } else { format!(" [{bounds}]") }
}

/// Returns a space and the media type, or an empty text for JSON.
fn media_type(name: &str) -> String {
    if name == "application/json" { String::new() } else { format!(" {name}") }
}

fn deprecated(docs: &Docs) -> &'static str {
    if docs.deprecated { " deprecated" } else { "" }
}

/// Returns a type as the generated crate names it. A decimal that is written as a number, and a
/// time that is a number in a string, are marked.
fn type_text(ty: &Type) -> String {
    match ty {
        Type::Boolean => "bool".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Uint32 => "u32".to_owned(),
        Type::Uint64 => "u64".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Base64 => "Base64".to_owned(),
        Type::IntegerOrText => "IntegerOrText".to_owned(),
        Type::DecimalText => "Decimal".to_owned(),
        Type::DecimalNumber => "Decimal(number)".to_owned(),
        Type::Time(format) if format.is_number_in_text() => format!("{}(text)", format.rust_name()),
        Type::Time(format) => format.rust_name().to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Json | Type::Object => "Json".to_owned(),
        Type::List(inner) => format!("Vec<{}>", type_text(inner)),
        Type::Map(inner) => format!("Map<{}>", type_text(inner)),
        Type::Nullable(inner) => format!("Option<{}>", type_text(inner)),
        Type::Maybe(inner) => format!("Maybe<{}>", type_text(inner)),
        Type::Boxed(inner) => format!("Box<{}>", type_text(inner)),
        Type::Named(name) => name.clone(),
        Type::RawBytes => "Bytes".to_owned(),
        Type::File => "File".to_owned(),
    }
}
