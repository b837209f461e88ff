//! Emits example calls for the documentation.

use crate::model::{Api, ExampleCall, Idempotent, Operation, Parameter, TimeUnit, Type, TypeKind};

use super::tokens::{Scope, rust_type};

/// The lines of an example that print the failed elements of a batch.
const FAILED_ELEMENTS: &str = "\nfor failed in response.failed_elements() {\n    println!(\"{failed}\");\n}";

/// The lines of an example that print the events of a subscription.
/// The stream goes on after a notification that cannot be read.
const EVENTS: &str = r#"
while let Some(event) = events.next().await {
    match event {
        Ok(event) => println!("{event:?}"),
        Err(error) => eprintln!("{error}"),
    }
}"#;

/// Returns an example of a whole call that compiles: first the required values, then one optional
/// value. In a call that does not only read, an optional value may change what happens at the
/// venue, such as a flag that forces a debit, and readers copy examples. So it is added there only
/// if it makes the call safe to repeat. Values without an example that can be written as a literal
/// are arguments of the surrounding function.
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
    let call = ExampleCall::short(operation);
    for parameter in call.parameters() {
        let value = literal(api, parameter).unwrap_or_else(|| given(&parameter.name, &parameter.ty));
        setters.push(format!(".{}({value})", parameter.name));
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let value = given("body", &body.ty);
        setters.push(format!(".body({value})"));
    }
    // If a constraint already needs an optional value, no other optional value is added.
    let shows_optional = call.parameters().any(|parameter| !parameter.required);
    let makes_safe = |parameter: &Parameter| match &operation.idempotent {
        Idempotent::WhenPresent(names) => names.contains(&parameter.wire),
        Idempotent::Always | Idempotent::Never => false,
    };
    let is_harmless = |parameter: &Parameter| operation.only_reads() || makes_safe(parameter);
    let optional = operation.parameters.iter().enumerate();
    let optional = optional.filter(|(_, parameter)| !shows_optional && is_harmless(parameter));
    let mut optional = optional
        .filter(|(index, parameter)| !parameter.required && ExampleCall::short(operation).with(*index).is_some());
    if let Some((name, value)) = optional.find_map(|(_, parameter)| Some((&parameter.name, literal(api, parameter)?))) {
        setters.push(format!(".{name}({value})"));
    }
    let shows_elements = api.judges_elements(operation);
    let is_subscription = operation.subscription.is_some();
    let response = match operation.response {
        _ if is_subscription => "let mut events = ",
        None if !shows_elements => "",
        _ => "let response = ",
    };
    let with_response = shows_elements.then(|| ".with_response()".to_owned()).into_iter().collect();
    let (first, last) = (vec![format!(".{}()", operation.method_name)], vec![".await?;".to_owned()]);
    let steps = [first, setters, vec![".send()".to_owned()], with_response, last].concat();
    let line = format!("{response}client{}", steps.concat());
    let mut call = if line.len() <= 90 { line } else { format!("{response}client\n    {}", steps.join("\n    ")) };
    if shows_elements {
        call.push_str(FAILED_ELEMENTS);
    }
    if is_subscription {
        call.push_str(EVENTS);
    }
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
        Type::Time(format) => match (format.unit, text()) {
            (TimeUnit::Iso8601, text) => text.map(|text| format!("{text:?}")),
            (unit, text) => {
                let digits = text.unwrap_or_else(|| json.to_owned());
                let is_plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
                if digits.parse::<i64>().is_ok() {
                    Some(digits)
                } else if unit == TimeUnit::Seconds && is_plain {
                    Some(format!("{}::dec!({digits})", api.venue.krate))
                } else {
                    None
                }
            }
        },
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
