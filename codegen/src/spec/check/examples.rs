//! Examples and defaults against their schemas: the type at every spot, required members, columns, decimals.

use super::findings::Findings;
use super::grammar::Sort;
use super::parameters::parameters;
use super::schemas::{JsonType, is_null_alternative};
use super::tree::{Found, Tree};
use super::walk::among;
use crate::spec::scalar::is_json_number;
use crate::spec::{Kind, Node};

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let mut check = Check { tree, findings };
    for sort in [Sort::Parameter, Sort::Header, Sort::Schema] {
        for holder in tree.sites(sort) {
            let schema = if sort == Sort::Schema { Some(holder.clone()) } else { holder.get("schema") };
            check.pair(holder.get("example"), schema);
        }
    }
    for schema in tree.sites(Sort::Schema) {
        check.pair(schema.get("default"), Some(schema));
    }
    for media in tree.sites(Sort::MediaType) {
        check.pair(media.get("example"), media.get("schema"));
        for (_, example) in media.get("examples").iter().flat_map(|examples| examples.members()) {
            let value = tree.resolve(example).and_then(|example| example.get("value"));
            check.pair(value, media.get("schema"));
        }
    }
    for method in tree.sites(Sort::Method) {
        let parameters: Vec<_> = parameters(tree, &method).map(|(_, parameter)| parameter).collect();
        for pairing in method.list("examples").filter_map(|pairing| tree.resolve(pairing)) {
            for (value, parameter) in pairing.list("params").zip(&parameters) {
                let value = tree.resolve(value).and_then(|example| example.get("value"));
                let left_out = value.as_ref().is_some_and(|value| value.node.is_null()) && !parameter.flag("required");
                if !left_out {
                    check.pair(value, parameter.get("schema"));
                }
            }
            let reply =
                pairing.get("result").and_then(|result| tree.resolve(result)).and_then(|result| result.get("value"));
            let result = method.get("result").and_then(|result| tree.resolve(result));
            check.pair(reply, result.and_then(|result| result.get("schema")));
        }
    }
}

struct Check<'a, 'f, 'd> {
    tree: &'f Tree<'a>,
    findings: &'f mut Findings<'d>,
}

impl<'a> Check<'a, '_, '_> {
    fn pair(&mut self, value: Option<Found<'a>>, schema: Option<Found<'a>>) {
        if let (Some(value), Some(schema)) = (value, schema) {
            self.value(&value, schema);
        }
    }

    /// The value gets smaller with every step, so that schemas that refer to themselves end.
    fn value(&mut self, value: &Found<'a>, schema: Found<'a>) {
        let Some(schema) = self.tree.resolve(schema) else { return };
        if value.node.is_null() {
            self.null(value, &schema);
            return;
        }
        if schema.node.get("oneOf").is_some() {
            self.alternatives(value, &schema);
            return;
        }
        let Some(json_type) = JsonType::of(&schema) else { return };
        match (json_type, value.node.kind()) {
            (JsonType::String, Kind::String(text)) => self.text(value, text, &schema),
            (JsonType::Integer, Kind::Number(text)) => self.integer(value, text, &schema),
            (JsonType::Number, Kind::Number(_)) | (JsonType::Boolean, Kind::Bool(_)) => {}
            (JsonType::Object, Kind::Map(_)) => self.object(value, &schema),
            (JsonType::Array, Kind::Seq(elements)) => self.array(value, elements, &schema),
            _ => self.wrong_type(value, json_type),
        }
    }

    fn null(&mut self, value: &Found<'a>, schema: &Found<'a>) {
        let list = schema.node.get("type").is_some_and(|stated| stated.as_seq().is_some());
        let any = schema.node.get("type").is_none() && schema.node.get("oneOf").is_none();
        let alternative = schema.list("oneOf").any(|schema| is_null_alternative(self.tree, &schema));
        if !any && !list && !alternative && !schema.flag("nullable") {
            let help = "leave it out here, or say in the schema that it is nullable";
            self.findings.at(&value.pointer, "null, where the schema says that it is not nullable", help);
        }
    }

    fn wrong_type(&mut self, value: &Found<'a>, json_type: JsonType) {
        let wanted = match json_type {
            JsonType::String => "text",
            JsonType::Integer => "an integer",
            JsonType::Number => "a number",
            JsonType::Boolean => "a boolean",
            JsonType::Object => "an object",
            JsonType::Array => "a list",
        };
        let help = match (json_type, value.node.kind()) {
            (JsonType::String, Kind::Number(text)) => format!("put it in quotes, '{text}', or correct the schema"),
            (JsonType::String, Kind::Bool(value)) => format!("put it in quotes, '{value}', or correct the schema"),
            (JsonType::Integer | JsonType::Number, Kind::String(text)) if is_json_number(text) => {
                "write it without quotes, or correct the schema".to_owned()
            }
            _ => "correct the example or the schema".to_owned(),
        };
        let message = format!("{}, where the schema says {wanted}", value.node.kind_name());
        self.findings.at(&value.pointer, message, help);
    }

    fn text(&mut self, value: &Found<'a>, text: &str, schema: &Found<'a>) {
        self.known_value(value, schema);
        if schema.text("format") == Some("decimal") && !is_json_number(text) {
            let help = "write digits with at most one point, such as '0.10', or leave `format: decimal` out";
            self.findings.at(&value.pointer, format!("`{text}` is no decimal"), help);
        }
    }

    fn integer(&mut self, value: &Found<'a>, text: &str, schema: &Found<'a>) {
        self.known_value(value, schema);
        let (fits, bits, larger) = match schema.text("format") {
            Some("int32") => (text.parse::<i32>().is_ok(), "32 bits", "format: int64"),
            Some("uint32") => (text.parse::<u32>().is_ok(), "32 bits without a sign", "format: int64"),
            Some("uint64") => {
                (text.parse::<u64>().is_ok(), "64 bits without a sign", "type: number with format: decimal")
            }
            _ if text.parse::<u64>().is_ok() => (text.parse::<i64>().is_ok(), "64 bits", "format: uint64"),
            _ => (text.parse::<i64>().is_ok(), "64 bits", "type: number with format: decimal"),
        };
        if !fits {
            let message = format!("{text} is no integer of {bits}");
            self.findings.at(&value.pointer, message, format!("write {larger}, or correct the example"));
        }
    }

    /// A client keeps values that it does not know; an example has one that it does.
    fn known_value(&mut self, value: &Found<'a>, schema: &Found<'a>) {
        let Some(values) = schema.node.get("enum").and_then(Node::as_seq) else { return };
        if !values.iter().any(|known| known.kind() == value.node.kind()) {
            let message = format!("{} is none of the values of the `enum`", value.node.to_json());
            let word = value.node.as_str().unwrap_or_default();
            let known = values.iter().filter_map(Node::as_str);
            let help = super::nearest::did_you_mean(word, known, "write one of them, or add it to the `enum`");
            self.findings.at(&value.pointer, message, help);
        }
    }

    fn object(&mut self, value: &Found<'a>, schema: &Found<'a>) {
        let properties = schema.node.get("properties").and_then(Node::as_map);
        let always = schema.get("x-always");
        let required = schema.list("required").chain(always.iter().flat_map(|always| always.list("members")));
        for name in required.filter_map(|name| name.node.as_str()) {
            let read_only =
                properties.and_then(|properties| properties.get(name)).and_then(|member| member.get("readOnly"));
            if value.node.get(name).is_none() && read_only.is_none() {
                let message = format!("the example has no `{name}`, which is always there");
                self.findings.at(&value.pointer, message, "write it, or correct the schema");
            }
        }
        let others = schema.get("additionalProperties");
        for (name, member) in value.members() {
            let property = schema.get("properties").and_then(|properties| properties.get(name));
            let other = others.clone().filter(|others| others.node.as_map().is_some());
            match property.or(other) {
                Some(schema) => self.value(&member, schema),
                None if properties.is_some_and(|properties| !properties.is_empty())
                    && !schema.flag("additionalProperties") =>
                {
                    let help = among(name, properties, "describe it under `properties`, or leave it out");
                    self.findings.at_key(&member.pointer, format!("the schema has no member `{name}`"), help);
                }
                None => {}
            }
        }
    }

    fn array(&mut self, value: &Found<'a>, elements: &[Node], schema: &Found<'a>) {
        let Some(tuple) = schema.get("x-tuple") else {
            if let Some(items) = schema.get("items") {
                value.elements().for_each(|element| self.value(&element, items.clone()));
            }
            return;
        };
        let columns: Vec<_> = tuple.elements().collect();
        let stated = schema.node.get("minItems").and_then(Node::as_number).and_then(|text| text.parse::<usize>().ok());
        let least = stated.unwrap_or(columns.len());
        if elements.len() < least {
            let message = format!("a row of {} columns is too short: {least} are always there", elements.len());
            self.findings.at(&value.pointer, message, "write all of them, or correct `minItems`");
        }
        for (element, column) in value.elements().zip(columns) {
            self.pair(Some(element), column.get("schema"));
        }
    }

    fn alternatives(&mut self, value: &Found<'a>, schema: &Found<'a>) {
        let fits = |schema: &Found<'a>| match (JsonType::of(schema), value.node.kind()) {
            (None, _) => true,
            (Some(JsonType::String), kind) => matches!(kind, Kind::String(_)),
            (Some(JsonType::Integer | JsonType::Number), kind) => matches!(kind, Kind::Number(_)),
            (Some(JsonType::Boolean), kind) => matches!(kind, Kind::Bool(_)),
            (Some(JsonType::Object), kind) => matches!(kind, Kind::Map(_)),
            (Some(JsonType::Array), kind) => matches!(kind, Kind::Seq(_)),
        };
        let not_null = schema.list("oneOf").filter(|schema| !is_null_alternative(self.tree, schema));
        let alternatives: Vec<_> = not_null.filter_map(|schema| self.tree.resolve(schema)).collect();
        match alternatives.into_iter().find(fits) {
            // Nested ones are refused elsewhere.
            Some(alternative) if alternative.node.get("oneOf").is_some() => {}
            Some(alternative) => self.value(value, alternative),
            None => {
                let message = format!("{}, which is none of the alternatives", value.node.kind_name());
                self.findings.at(&value.pointer, message, "correct the example, or add an alternative");
            }
        }
    }
}
