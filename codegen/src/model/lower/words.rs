//! The `x-` words and what else is read off the tree.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::Lowering;
use crate::model::{
    Condition, ConditionTest, Docs, Environment, ErrorCode, ErrorShape, Idempotent, Limit, Parameter, RecvWindow,
    Security, SecurityScheme, Server, ServerTime, TimeUnit, Weight,
};
use crate::spec::words::{self as spec, RootWords};
use crate::spec::{pointer_join, pointer_segments};

/// The indices of limits, by name; of two with one name the first.
pub(super) fn limit_index(limits: &[Limit]) -> HashMap<String, usize> {
    limits.iter().enumerate().rev().map(|(at, limit)| (limit.name.clone(), at)).collect()
}

/// What all operations share.
pub(super) struct Common {
    pub(super) limits: Vec<Limit>,
    /// The indices of `limits`, by name.
    pub(super) limit_index: HashMap<String, usize>,
    /// `x-limits` at the root.
    pub(super) default_limits: Vec<usize>,
    /// Names of the schemes, and whether they carry the signature.
    pub(super) schemes: Vec<SecurityScheme>,
    /// The default requirements.
    pub(super) security: Option<Requirements>,
}

/// Alternatives, each a set of schemes.
pub(super) type Requirements = Vec<indexmap::IndexMap<String, Vec<String>>>;

impl Lowering<'_> {
    /// The words at `pointer`; findings and their defaults when they cannot be read.
    pub(super) fn read<T: DeserializeOwned + Default>(&mut self, pointer: &str) -> T {
        self.document.read_at(pointer).unwrap_or_else(|findings| {
            self.findings.extend(findings);
            T::default()
        })
    }

    /// What stands beside a `$ref`, or on the item itself: description, deprecation, deviation.
    pub(super) fn place_docs(&self, pointer: &str) -> Docs {
        let node = self.document.node(pointer);
        let text = |key: &str| node.and_then(|node| node.get(key)).and_then(|node| node.as_str());
        let flag = |key: &str| node.and_then(|node| node.get(key)).and_then(|node| node.as_bool());
        Docs {
            summary: prose(text("summary").or(text("title"))),
            description: prose(text("description")),
            deprecated: flag("deprecated").unwrap_or_default(),
            deviation: prose(text("x-doc-deviation")),
        }
    }

    /// The limits at the root.
    pub(super) fn limits(&mut self, words: &RootWords) -> Vec<Limit> {
        let lower = |(index, limit): (usize, &spec::RateLimit)| {
            let place = pointer_join("/x-rate-limits", &index.to_string());
            Limit {
                name: limit.name.clone(),
                per_key: self.choice(&place, "per", &limit.per, &[("ip", false), ("key", true)]),
                window: limit.window.seconds,
                limit: limit.limit,
                counts_weight: self.choice(&place, "counts", &limit.counts, &[("requests", false), ("weight", true)]),
                header: limit.header.clone(),
            }
        };
        words.rate_limits.iter().enumerate().map(lower).collect()
    }

    /// Limits by name, as indices.
    pub(super) fn limits_by_name(
        &mut self,
        names: &[String],
        limits: &HashMap<String, usize>,
        pointer: &str,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        for name in names {
            match limits.get(name) {
                Some(limit) => found.push(*limit),
                None => self.fault(&pointer_join(pointer, "x-limits"), "there is no such limit"),
            }
        }
        found
    }

    /// What a word stands for.
    fn choice<T: Copy + Default>(&mut self, pointer: &str, key: &str, value: &str, choices: &[(&str, T)]) -> T {
        let found = choices.iter().find(|(name, _)| *name == value);
        found.map(|(_, choice)| *choice).unwrap_or_else(|| {
            self.fault(&pointer_join(pointer, key), "this is none of the words that can stand here");
            T::default()
        })
    }

    /// The public hosts.
    pub(super) fn servers(&mut self, servers: &[openapiv3::Server]) -> Vec<Server> {
        let lower = |(index, server): (usize, &openapiv3::Server)| {
            let place = pointer_join("/servers", &index.to_string());
            let named = server.extensions.get("x-environment").and_then(|value| value.as_str()).unwrap_or_default();
            let choices = [("production", Some(Environment::Production)), ("test", Some(Environment::Test))];
            Server {
                url: server.url.trim_end_matches('/').to_owned(),
                environment: self.choice(&place, "x-environment", named, &choices).unwrap_or(Environment::Production),
                description: prose(server.description.as_deref()),
            }
        };
        servers.iter().enumerate().map(lower).collect()
    }

    /// A scheme that operations name.
    pub(super) fn security_scheme(
        &mut self,
        name: &str,
        scheme: &openapiv3::SecurityScheme,
        pointer: &str,
    ) -> SecurityScheme {
        use openapiv3::{APIKeyLocation, SecurityScheme as Scheme};
        let (location, wire, description, extensions) = match scheme {
            Scheme::APIKey { location, name, description, extensions } => {
                let location = match location {
                    APIKeyLocation::Query => "query",
                    APIKeyLocation::Header => "header",
                    APIKeyLocation::Cookie => "cookie",
                };
                (location, name.as_str(), description, extensions)
            }
            Scheme::HTTP { description, extensions, .. }
            | Scheme::OAuth2 { description, extensions, .. }
            | Scheme::OpenIDConnect { description, extensions, .. } => {
                self.fault(pointer, "the scheme is no `apiKey`");
                ("header", "Authorization", description, extensions)
            }
        };
        SecurityScheme {
            name: name.to_owned(),
            location: location.to_owned(),
            wire: wire.to_owned(),
            signature: extensions.get("x-signature").and_then(|value| value.as_bool()).unwrap_or_default(),
            description: prose(description.as_deref()),
        }
    }

    /// What a call needs: none of the schemes, some, or the one that carries the signature.
    pub(super) fn security(&mut self, own: Option<&Requirements>, common: &Common, pointer: &str) -> Security {
        let Some(requirements) = own.or(common.security.as_ref()) else { return Security::Public };
        if requirements.len() > 1 {
            self.fault(pointer, "there are alternative ways to authorise");
        }
        let names: Vec<&String> = requirements.iter().flat_map(|together| together.keys()).collect();
        if names.is_empty() {
            Security::Public
        } else if common.schemes.iter().any(|scheme| scheme.signature && names.contains(&&scheme.name)) {
            Security::Signed
        } else {
            Security::Key
        }
    }

    /// `x-weight`.
    pub(super) fn weight(&mut self, word: Option<&spec::Weight>, parameters: &[Parameter], pointer: &str) -> Weight {
        match word {
            None => Weight::Fixed(1),
            Some(spec::Weight::Fixed(weight)) => Weight::Fixed(*weight),
            Some(spec::Weight::ByParameter { when_present, otherwise }) => {
                let indices = parameters.iter().enumerate().rev();
                let indices: HashMap<&str, usize> = indices.map(|(at, parameter)| (&*parameter.wire, at)).collect();
                let mut weights = Vec::new();
                for (name, weight) in when_present {
                    match indices.get(name.as_str()) {
                        Some(index) => weights.push((*index, *weight)),
                        None => self.fault(&pointer_join(pointer, "x-weight"), "there is no such parameter"),
                    }
                }
                Weight::ByParameter { when_present: weights, otherwise: *otherwise }
            }
        }
    }

    /// `x-server-time`.
    pub(super) fn server_time(&mut self, word: Option<&spec::ServerTime>) -> Option<ServerTime> {
        let word = word?;
        let units = [
            ("ms", Some(TimeUnit::Milliseconds)),
            ("s", Some(TimeUnit::Seconds)),
            ("iso8601", Some(TimeUnit::Iso8601)),
            ("dotnet-ticks", Some(TimeUnit::DotnetTicks)),
        ];
        let unit = self.choice("/x-server-time", "unit", &word.unit, &units)?;
        Some(ServerTime { operation: word.operation.clone(), pointer: word.pointer.clone(), unit })
    }

    /// `x-error`.
    pub(super) fn error_shape(&self, word: &spec::ErrorShape) -> ErrorShape {
        let failed_when = self.conditions(&word.failed_when, "/x-error/failed-when");
        ErrorShape { code: word.code.clone(), message: word.message.clone(), failed_when }
    }

    /// Conditions on replies; `place` is that of their list.
    pub(super) fn conditions(&self, words: &[spec::Condition], place: &str) -> Vec<Condition> {
        let lower = |(index, condition): (usize, &spec::Condition)| {
            // From the tree, for its digits.
            let test = match self.document.node(&format!("{place}/{index}/equals")) {
                Some(value) => ConditionTest::Equals(value.to_json()),
                None => ConditionTest::Present,
            };
            let leaves_open = condition.outcome.as_deref() == Some("unknown");
            Condition { pointer: condition.pointer.clone(), test, leaves_open }
        };
        words.iter().enumerate().map(lower).collect()
    }
}

/// `x-idempotent`.
pub(super) fn idempotent(word: Option<&spec::Idempotent>, default: bool) -> Idempotent {
    match word {
        Some(spec::Idempotent::Always) => Idempotent::Always,
        Some(spec::Idempotent::Never) => Idempotent::Never,
        Some(spec::Idempotent::WhenPresent(name)) => Idempotent::WhenPresent(name.clone()),
        None if default => Idempotent::Always,
        None => Idempotent::Never,
    }
}

/// `x-error-codes`.
pub(super) fn error_codes(codes: &[spec::ErrorCode]) -> Vec<ErrorCode> {
    let lower = |code: &spec::ErrorCode| ErrorCode {
        code: code.code.0.clone(),
        message: code.message.clone(),
        description: prose(code.description.as_deref()),
    };
    codes.iter().map(lower).collect()
}

/// The name in `#/components/KIND/NAME`.
pub(super) fn component(reference: &str, kind: &str) -> Option<String> {
    let segments = pointer_segments(reference.strip_prefix('#')?)?;
    let [components, of, name] = segments.as_slice() else { return None };
    (components == "components" && of == kind).then(|| name.to_string())
}

/// Where a component stands.
pub(super) fn component_pointer(kind: &str, name: &str) -> String {
    pointer_join(&format!("/components/{kind}"), name)
}

/// Text without the line breaks around it; nothing when there is none.
pub(super) fn prose(text: Option<&str>) -> Option<String> {
    let text = text?.trim_end();
    // The first line keeps its indent: it may be that of a block of code.
    let start = text.len() - text.trim_start().len();
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    text.get(line..).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// `x-recv-window`.
pub(super) fn recv_window(word: Option<&spec::RecvWindow>) -> Option<RecvWindow> {
    word.map(|word| RecvWindow { default: word.default, max: word.max })
}
