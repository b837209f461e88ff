//! The properties of a body as flags: `--side buy --price 8500.5` in place of `--body '{..}'`.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches};
use heck::ToKebabCase as _;
use serde_json::Value;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Bounds;
use venuekit::wire::Json;
use venuekit_json::quoted;

use crate::flags;
use crate::output::one_line;
use crate::spec_help::{is_read_only, is_required, sentences};
use crate::value::{Kind, Reader, resolve, schema};

/// A property of a body that has a flag.
#[derive(Debug)]
pub(crate) struct Member {
    /// The name on the wire.
    pub(crate) name: String,
    /// The flag, without dashes.
    pub(crate) flag: String,
    /// True if a body is refused without this property.
    pub(crate) is_required: bool,
    /// The schema, without `$ref`.
    pub(crate) schema: Value,
    /// The type on the command line.
    pub(crate) kind: Kind,
    /// The known bounds.
    bounds: Option<&'static Bounds>,
}

/// Returns the properties of an operation's body that have flags: all that a request may have, if
/// the body is an object. A list, a text or an object of several types has no flags.
pub(crate) fn members(venue: &VenueMeta, meta: &OperationMeta) -> Vec<Member> {
    let Some(body) = &meta.body else { return Vec::new() };
    let object = schema(venue, body.schema);
    let properties = object.get("properties").and_then(Value::as_object);
    let properties: Vec<_> = properties.into_iter().flatten().collect();
    let mut taken = flags::parameters(meta.parameters);
    taken.extend(flags::nulls(&taken));
    let mut members: Vec<Member> = Vec::new();
    for (name, property) in properties {
        let schema = resolve(venue, property);
        if is_read_only(&schema) {
            continue;
        }
        let mut flag = name.to_kebab_case();
        while flag.is_empty() || flags::GLOBAL.contains(&flag.as_str()) || taken.contains(&flag) {
            flag = format!("body-{flag}");
        }
        taken.push(flag.clone());
        let bounds = meta.operation.body_bounds().map(Bounds::members).unwrap_or_default();
        let bounds = bounds.iter().find(|(known, _)| known == name).map(|(_, bounds)| *bounds);
        let (is_required, kind) = (is_required(&object, name), Kind::of(venue, &schema));
        members.push(Member { name: name.clone(), flag, is_required, schema, kind, bounds });
    }
    members
}

impl Member {
    /// Returns the id of the argument.
    pub(crate) fn id(&self) -> String {
        format!("member {}", self.name)
    }

    /// Returns the value that the venue takes if the property is missing, as JSON.
    pub(crate) fn default_value(&self) -> Option<&'static str> {
        self.bounds.and_then(Bounds::default_value)
    }

    /// Returns the bounds as sentences.
    pub(crate) fn sentences(&self) -> Option<String> {
        self.bounds.and_then(sentences)
    }

    /// Returns the argument. It cannot be given beside `--body`.
    pub(crate) fn argument(&self, is_body_required: bool) -> Arg {
        let text = self.schema.get("description").and_then(Value::as_str).map(one_line);
        let repeated = matches!(self.kind, Kind::List(_)).then(|| "May be repeated.".to_owned());
        let deprecated = self.schema.get("deprecated") == Some(&Value::Bool(true));
        let deprecated = deprecated.then(|| "Deprecated by the venue.".to_owned());
        // clap does not show it, because `--body` may take its place.
        let required = self.is_required.then(|| "Required.".to_owned());
        let help = [required, text, repeated, self.bounds.and_then(sentences), deprecated];
        let arg = Arg::new(self.id())
            .long(self.flag.clone())
            .value_name(self.kind.placeholder())
            .conflicts_with("body")
            .help_heading("Body")
            .help(help.into_iter().flatten().collect::<Vec<_>>().join(" "))
            .allow_negative_numbers(self.kind.may_begin_with_minus())
            .value_parser(Reader::new(self.kind.clone(), &self.schema));
        let arg = if self.is_required && is_body_required { arg.required_unless_present("body") } else { arg };
        match self.kind {
            Kind::List(_) => arg.action(ArgAction::Append),
            // `--post-only` means `--post-only true`.
            Kind::Boolean => arg.num_args(0..=1).default_missing_value("true"),
            _ => arg,
        }
    }

    fn value(&self, matches: &ArgMatches) -> Option<String> {
        let mut values = matches.get_many::<Json>(&self.id())?;
        Some(match self.kind {
            Kind::List(_) => format!("[{}]", values.map(Json::get).collect::<Vec<_>>().join(",")),
            _ => values.next_back()?.get().to_owned(),
        })
    }
}

/// Returns the body that the flags give, as JSON; `None` if no flag is given.
pub(crate) fn body(venue: &VenueMeta, meta: &OperationMeta, matches: &ArgMatches) -> Option<String> {
    let members = members(venue, meta);
    let given = members.iter().filter_map(|member| Some((quoted(&member.name), member.value(matches)?)));
    let given: Vec<String> = given.map(|(name, value)| format!("{name}:{value}")).collect();
    (!given.is_empty()).then(|| format!("{{{}}}", given.join(",")))
}

/// Returns the flags that give an example of a body, each with its values as JSON; `None` if flags
/// cannot give it.
pub(crate) fn of_example(members: &[Member], example: &str) -> Option<Vec<(String, Kind, String)>> {
    let values: BTreeMap<String, Json> = serde_json::from_str(example).ok()?;
    let find = |name: &String| members.iter().find(|member| member.name == *name);
    let is_possible = |(name, value): (&String, &Json)| find(name).is_some() && value.get() != "null";
    if values.is_empty() || !values.iter().all(is_possible) {
        return None;
    }
    let given = members.iter().filter_map(|member| Some((member, values.get(&member.name)?)));
    Some(given.map(|(member, value)| (member.flag.clone(), member.kind.clone(), value.get().to_owned())).collect())
}
