//! Calls as examples in documentation.

use crate::model::{Api, Operation, Parameter, Type, TypeKind};

use super::tokens::{Scope, rust_type};

/// Returns an example of a whole call that compiles: required values first, then an optional value.
/// Values without a simple example in the spec are arguments of the surrounding function.
pub(super) fn whole_call(api: &Api, operation: &Operation) -> String {
    let krate = &api.venue.krate;
    let mut arguments = vec![format!("client: {krate}::Client")];
    let mut setters = Vec::new();
    let mut given = |name: &str, ty: &Type| {
        let ty = rust_type(ty, Scope::Elsewhere).to_string().replace("crate", krate).replace(' ', "");
        let value = if name == "client" { "value".to_owned() } else { name.to_owned() };
        arguments.push(format!("{value}: {ty}"));
        value
    };
    let required = operation.parameters.iter().filter(|parameter| parameter.required);
    for parameter in required {
        let value = literal(api, parameter).unwrap_or_else(|| given(&parameter.name, &parameter.ty));
        setters.push(format!(".{}({value})", parameter.name));
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let value = given("body", &body.ty);
        setters.push(format!(".body({value})"));
    }
    let mut optional = operation.parameters.iter().filter(|parameter| !parameter.required);
    if let Some((name, value)) = optional.find_map(|parameter| Some((&parameter.name, literal(api, parameter)?))) {
        setters.push(format!(".{name}({value})"));
    }
    let reply = if operation.reply.is_some() { "let response = " } else { "" };
    let steps =
        [vec![format!(".{}()", operation.method_name)], setters, vec![".send()".to_owned(), ".await?;".to_owned()]];
    let steps = steps.concat();
    let line = format!("{reply}client{}", steps.concat());
    let call = if line.len() <= 90 { line } else { format!("{reply}client\n    {}", steps.join("\n    ")) };
    format!(
        "```no_run\n# async fn example({}) -> Result<(), {krate}::Error> {{\n{call}\n# Ok(())\n# }}\n```",
        arguments.join(", ")
    )
}

/// Returns the example of a parameter as Rust, with full paths; `None` if there is no example, or
/// none that can be written as a literal.
pub(super) fn literal(api: &Api, parameter: &Parameter) -> Option<String> {
    let json = parameter.example.as_deref()?;
    let text = || serde_json::from_str::<String>(json).ok();
    match api.resolve(&parameter.ty) {
        Type::Boolean => matches!(json, "true" | "false").then(|| json.to_owned()),
        Type::Int32 | Type::Int64 | Type::Uint32 | Type::Uint64 => {
            json.parse::<i128>().is_ok().then(|| json.to_owned())
        }
        Type::IntegerOrText => Some(match text() {
            Some(text) => format!("{text:?}"),
            // A literal without a suffix is an `i32`.
            None if json.parse::<i32>().is_ok() => json.to_owned(),
            None if json.parse::<i64>().is_ok() => format!("{json}_i64"),
            None => format!("{json:?}"),
        }),
        Type::Number if text().is_none() && json.parse::<i32>().is_ok() => Some(json.to_owned()),
        Type::Text => Some(format!("{:?}", text()?)),
        Type::DecimalText | Type::DecimalNumber => {
            let digits = text().unwrap_or_else(|| json.to_owned());
            // `dec!` does not accept an exponent.
            let is_plain = digits.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || c == '.');
            is_plain.then(|| format!("{}::dec!({digits})", api.venue.krate))
        }
        Type::Named(name) => match api.type_def(name).map(|def| &def.kind)? {
            TypeKind::Enum { variants, .. } => {
                let wire = text().unwrap_or_else(|| json.to_owned());
                let variant = variants.iter().find(|variant| variant.wire == wire)?;
                Some(format!("{}::types::{name}::{}", api.venue.krate, variant.name))
            }
            _ => None,
        },
        _ => None,
    }
}
