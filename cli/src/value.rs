//! Parses values on the command line according to the schemas of the parameters.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};
use heck::ToKebabCase;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use venuekit::meta::VenueMeta;
use venuekit::wire::Json;
use venuekit_json::is_number;

/// The type of a value on the command line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Text, and its placeholder.
    Text(&'static str),
    /// A decimal number that is sent as text.
    DecimalText,
    /// An integer.
    Integer,
    /// A number, with its digits unchanged.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of several values.
    Choice(Vec<Choice>),
    /// A number if the value looks like one, and text otherwise.
    NumberOrText,
    /// Several values; the flag is repeated.
    List(Box<Self>),
    /// JSON text: an object, a row, anything.
    Json(&'static str),
}

/// One of the values that the spec lists.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    /// The name on the command line.
    name: String,
    /// Another name on the command line, for a value that is a number.
    alias: Option<String>,
    /// The value on the wire.
    json: String,
    /// The help text: the name of a number, the description of the spec, or both.
    help: Option<String>,
}

/// Returns the schema that `schema` refers to by `$ref`, or a copy of `schema` if it has no `$ref`.
/// Returns `null` if the target does not exist. A `$ref` inside the returned schema is not
/// resolved.
pub(crate) fn resolve(venue: &VenueMeta, schema: &Value) -> Value {
    let mut schema = schema.clone();
    // The generator refuses a `$ref` that leads back to itself. The limit is for metadata that was
    // not generated.
    for _ in 0..16 {
        let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) else {
            break;
        };
        let found = venue.schemas.iter().find(|(known, _)| *known == name);
        schema = found.and_then(|(_, json)| serde_json::from_str(json).ok()).unwrap_or(Value::Null);
    }
    schema
}

/// Parses a schema from JSON text, and follows its `$ref`; `null` if the text is not JSON.
pub(crate) fn schema(venue: &VenueMeta, json: &str) -> Value {
    resolve(venue, &serde_json::from_str(json).unwrap_or(Value::Null))
}

/// Returns the schema of the list at a JSON pointer in values of this schema; null if there is
/// none.
pub(crate) fn list_at(venue: &VenueMeta, schema: &Value, pointer: &str) -> Value {
    pointer.split('/').skip(1).fold(resolve(venue, schema), |schema, name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        let property = schema.get("properties").and_then(|properties| properties.get(&name));
        property.map(|property| resolve(venue, property)).unwrap_or_default()
    })
}

/// Returns the JSON type of a schema: `string`, `integer`, `number`, `boolean`, `array`, `object`;
/// `any` if it has none.
pub(crate) fn json_type(schema: &Value) -> &'static str {
    const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];
    let is = |name: &str| match schema.get("type") {
        Some(Value::String(ty)) => ty == name,
        // A nullable schema of OpenRPC: `[string, 'null']`.
        Some(Value::Array(types)) => types.iter().any(|ty| ty == name),
        _ => false,
    };
    TYPES.into_iter().find(|name| is(name)).unwrap_or("any")
}

/// Returns whether null is a value of a schema.
pub(crate) fn is_nullable(schema: &Value) -> bool {
    let is_null = |schema: &Value| schema.get("type").is_some_and(|ty| ty == "null");
    let types = schema.get("type").and_then(Value::as_array);
    let alternatives = schema.get("oneOf").and_then(Value::as_array);
    schema.get("nullable").is_some_and(|nullable| *nullable == true)
        || types.is_some_and(|types| types.iter().any(|ty| ty == "null"))
        || alternatives.is_some_and(|alternatives| alternatives.iter().any(is_null))
}

impl Kind {
    /// Returns the type of the values of a schema.
    pub(crate) fn of(venue: &VenueMeta, schema: &Value) -> Self {
        let schema = &resolve(venue, schema);
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return Self::Choice(choices(schema, values));
        }
        let format = schema.get("format").and_then(Value::as_str);
        match (json_type(schema), format) {
            ("string", Some("decimal")) => Self::DecimalText,
            ("string", Some("date-time")) => Self::Text("DATE-TIME"),
            ("string", Some("date")) => Self::Text("DATE"),
            ("string", _) => Self::Text("TEXT"),
            ("integer", _) => Self::Integer,
            ("number", _) => Self::Number,
            ("boolean", _) => Self::Boolean,
            ("array", _) if schema.get("x-tuple").is_some() => Self::Json("ROW"),
            ("array", _) => match Self::of(venue, schema.get("items").unwrap_or(&Value::Null)) {
                // Repeating a flag can build a list, but not a list of lists. So each inner list is
                // written as JSON.
                Self::List(_) => Self::List(Box::new(Self::Json("LIST"))),
                kind => Self::List(Box::new(kind)),
            },
            ("object", _) => Self::Json("OBJECT"),
            _ => Self::either(venue, schema),
        }
    }

    fn either(venue: &VenueMeta, schema: &Value) -> Self {
        let alternatives = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let types: Vec<_> = alternatives.iter().map(|schema| json_type(&resolve(venue, schema))).collect();
        if types.contains(&"string") && types.iter().all(|ty| matches!(*ty, "string" | "integer" | "number")) {
            Self::NumberOrText
        } else {
            Self::Json("JSON")
        }
    }

    /// Returns the placeholder of a value in a usage line.
    pub(crate) fn placeholder(&self) -> &'static str {
        match self {
            Self::Text(name) | Self::Json(name) => name,
            Self::DecimalText => "DECIMAL",
            Self::Integer => "INTEGER",
            Self::Number => "NUMBER",
            Self::Boolean => "BOOLEAN",
            Self::Choice(_) => "CHOICE",
            Self::NumberOrText => "NUMBER|TEXT",
            Self::List(kind) => kind.placeholder(),
        }
    }

    /// Returns whether a value may begin with a minus sign.
    pub(crate) fn may_begin_with_minus(&self) -> bool {
        match self {
            Self::DecimalText | Self::Integer | Self::Number | Self::NumberOrText => true,
            Self::Choice(choices) => choices.iter().any(|choice| choice.name.starts_with('-')),
            Self::List(kind) => kind.may_begin_with_minus(),
            _ => false,
        }
    }

    /// Returns the values of a choice as the JSON on the wire, with their meanings. A meaning is
    /// empty if the spec has none.
    pub(crate) fn meanings(&self) -> Vec<(String, String)> {
        match self {
            Self::Choice(choices) => {
                let meaning = |choice: &Choice| (choice.json.clone(), choice.help.clone().unwrap_or_default());
                choices.iter().map(meaning).collect()
            }
            Self::List(kind) => kind.meanings(),
            _ => Vec::new(),
        }
    }

    /// Returns a text of the command line as JSON. Returns an error if the text does not fit this
    /// type.
    fn read(&self, text: &str) -> Result<Json, String> {
        let string = |text: &str| Json::encode(text).map_err(|error| error.to_string());
        let number = |text: &str| is_number(text).then(|| Json::parse(text).ok()).flatten();
        match self {
            Self::Text(_) => string(text),
            Self::DecimalText if is_number(text) => string(text),
            Self::DecimalText => Err("expected a decimal number, such as 0.5".to_owned()),
            Self::Integer => match text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit()) {
                true => number(text).ok_or_else(|| "expected an integer without leading zeros, such as 5".to_owned()),
                false => Err("expected an integer without leading zeros, such as 5".to_owned()),
            },
            Self::Number => number(text).ok_or_else(|| "expected a number, such as 0.5".to_owned()),
            Self::NumberOrText => number(text).map_or_else(|| string(text), Ok),
            Self::Boolean => match text {
                "true" | "false" => Json::parse(text).map_err(|error| error.to_string()),
                _ => Err("expected true or false".to_owned()),
            },
            Self::Choice(choices) => {
                let choice = choices.iter().find(|choice| choice.name == text || choice.alias.as_deref() == Some(text));
                let choice = choice.ok_or_else(|| "not one of the values".to_owned())?;
                Json::parse(choice.json.as_str()).map_err(|error| error.to_string())
            }
            Self::List(kind) => kind.read(text),
            Self::Json(what) => {
                let json = Json::parse(text).map_err(|error| format!("not JSON: {error}"))?;
                let opening = match *what {
                    "OBJECT" => Some(('{', "an object, such as {\"a\": 1}")),
                    "ROW" | "LIST" => Some(('[', "an array, such as [1, 2]")),
                    _ => None,
                };
                match opening {
                    Some((first, wanted)) if !json.get().starts_with(first) => Err(format!("expected {wanted}")),
                    _ => Ok(json),
                }
            }
        }
    }

    fn choices(&self) -> Option<Vec<PossibleValue>> {
        match self {
            Self::Boolean => Some(vec![PossibleValue::new("true"), PossibleValue::new("false")]),
            Self::Choice(choices) => Some(choices.iter().map(Choice::possible).collect()),
            Self::List(kind) => kind.choices(),
            _ => None,
        }
    }
}

impl Choice {
    fn possible(&self) -> PossibleValue {
        let value = PossibleValue::new(self.name.clone());
        let value = match &self.help {
            Some(help) => value.help(help.clone()),
            None => value,
        };
        match &self.alias {
            Some(alias) => value.alias(alias.clone()),
            None => value,
        }
    }
}

fn choices(schema: &Value, values: &[Value]) -> Vec<Choice> {
    let text_at = |key: &str, index: usize| {
        schema.get(key).and_then(|texts| texts.get(index)).and_then(Value::as_str).map(str::to_owned)
    };
    let choice = |(index, value): (usize, &Value)| {
        let (name, alias) = match value {
            Value::Null => return None,
            Value::String(text) => (text.clone(), None),
            // A number does not show its meaning, so its name is accepted as well.
            other => (other.to_string(), text_at("x-enum-varnames", index).map(|name| name.to_kebab_case())),
        };
        let help = match (&alias, text_at("x-enum-descriptions", index)) {
            (Some(alias), Some(help)) => Some(format!("{alias}: {help}")),
            (Some(alias), None) => Some(alias.clone()),
            (None, help) => help,
        };
        Some(Choice { name, alias, json: value.to_string(), help })
    };
    values.iter().enumerate().filter_map(choice).collect()
}

/// Returns the advice for a value that is not the integer of a time, such as a date. `schema` has
/// the unit; `None` if it is not one of an integer time.
fn time_help(schema: &Value, text: &str) -> Option<String> {
    let unit = schema.get("x-time")?.get("unit")?.as_str()?;
    let per_second: i128 = match unit {
        "s" => 1,
        "ms" => 1_000,
        "us" => 1_000_000,
        "ns" => 1_000_000_000,
        _ => return None,
    };
    let zoned = text.parse::<Timestamp>().ok();
    let date = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let (time, of) = match zoned.or_else(date) {
        Some(time) => (time, text.to_owned()),
        None => (Timestamp::from_second(1_767_225_600).ok()?, "2026-01-01".to_owned()),
    };
    let number = time.as_nanosecond() * per_second / 1_000_000_000;
    Some(format!("expected a Unix time in {unit}, such as {number} for {of} (UTC)"))
}

/// A parser of values for clap. It also tells clap the possible values.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    kind: Kind,
    schema: Value,
    /// The flag, if it takes one market at each use. No market has a comma in its name.
    flag_of_markets: Option<String>,
}

impl Reader {
    /// Creates a parser of the values of a schema.
    pub(crate) fn new(kind: Kind, schema: &Value) -> Self {
        Self { kind, schema: schema.clone(), flag_of_markets: None }
    }

    /// Refuses several markets in one value of a list, with this flag in the advice.
    pub(crate) fn with_flag_of_markets(self, flag: &str) -> Self {
        let is_list = matches!(self.kind, Kind::List(_));
        Self { flag_of_markets: is_list.then(|| flag.to_owned()), ..self }
    }
}

impl TypedValueParser for Reader {
    type Value = Json;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Json, clap::Error> {
        if let Some(choices) = self.kind.choices() {
            // The error of clap's own parser lists the possible values and suggests a similar one.
            // It does not find a value that differs in case only.
            let near = choices.iter().map(PossibleValue::get_name);
            let near = near.filter(|name| value.to_str().is_some_and(|value| value.eq_ignore_ascii_case(name)));
            let near = near.map(|name| ContextValue::String(name.to_owned())).next();
            PossibleValuesParser::new(choices).parse_ref(command, arg, value).map_err(|mut error| {
                if let Some(near) = near {
                    error.insert(ContextKind::SuggestedValue, near);
                }
                error
            })?;
        }
        let Self { kind, schema, flag_of_markets } = self.clone();
        let read = move |text: &str| {
            if let (Some(flag), Some((first, second))) = (&flag_of_markets, text.split_once(',')) {
                return Err(format!(
                    "expected one market; repeat the flag for several: --{flag} {first} --{flag} {second}"
                ));
            }
            kind.read(text).map_err(|reason| match kind {
                Kind::Integer => time_help(&schema, text).unwrap_or(reason),
                _ => reason,
            })
        };
        read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.kind.choices()?.into_iter()))
    }
}
