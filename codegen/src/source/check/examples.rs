//! Checks examples and defaults against their schemas: the type of each value, required properties,
//! columns, decimals.

use std::collections::{HashMap, HashSet};

use super::sites::Sites;
use crate::diagnostic::{Change, Help, thousands};
use crate::source::findings::{Findings, Later, write_json, write_text};
use crate::source::located::Located;
use crate::source::nearest::{did_you_mean, did_you_mean_key};
use crate::source::node::{Kind, Node, json_text};
use crate::source::number::{FEWER_DIGITS, fits_decimal, is_json_number, too_many_digits};
use crate::source::parameters::known;
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;
use crate::source::schema::alternatives::{is_null_alternative, is_null_type};
use crate::source::schema::enums::Scalar;
use crate::source::schema::read::is_any_number;
use crate::source::schema::sorts::json_type;
use crate::source::schema::types::JsonType;
use crate::source::schema::union::{Union, union};
use crate::source::shapes::grammar::ObjectKind;

/// The maximum number of comparisons of values with schemas. It limits the time that many `$ref`s
/// to one large example take.
const MOST_COMPARISONS: usize = 1_000_000;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let mut check = Check {
        sites,
        findings,
        done: HashSet::new(),
        enums: HashMap::new(),
        spellings: HashMap::new(),
        comparisons: MOST_COMPARISONS,
    };
    for sort in [ObjectKind::Parameter, ObjectKind::Header, ObjectKind::Schema] {
        for holder in sites.all(sort) {
            let schema = if sort == ObjectKind::Schema { Some(holder.clone()) } else { holder.get("schema") };
            check.pair(holder.get("example"), schema);
        }
    }
    for schema in sites.all(ObjectKind::Schema) {
        check.pair(schema.get("default"), Some(schema));
    }
    for media in sites.all(ObjectKind::MediaType) {
        check.pair(media.get("example"), media.get("schema"));
        for (_, example) in media.get("examples").iter().flat_map(|examples| examples.members()) {
            let value = sites.resolved(example, ComponentKind::Example).and_then(|example| example.get("value"));
            check.pair(value, media.get("schema"));
        }
    }
    for method in sites.all(ObjectKind::Method) {
        let parameters: Vec<_> = known(&sites.view, &method).into_iter().map(|listed| listed.resolved.at).collect();
        for pairing in
            method.list("examples").filter_map(|pairing| sites.resolved(pairing, ComponentKind::ExamplePairing))
        {
            for (value, parameter) in pairing.list("params").zip(&parameters) {
                let value = sites.resolved(value, ComponentKind::Example).and_then(|example| example.get("value"));
                let left_out = value.as_ref().is_some_and(|value| value.node.is_null()) && !parameter.flag("required");
                if !left_out {
                    check.pair(value, parameter.get("schema"));
                }
            }
            let response = pairing
                .get("result")
                .and_then(|result| sites.resolved(result, ComponentKind::Example))
                .and_then(|result| result.get("value"));
            let result =
                method.get("result").and_then(|result| sites.resolved(result, ComponentKind::ContentDescriptor));
            check.pair(response, result.and_then(|result| result.get("schema")));
        }
    }
}

struct Check<'a, 'f, 'd> {
    sites: &'f Sites<'a>,
    findings: &'f mut Findings<'d>,
    /// The JSON pointers of each value and schema that were compared. Without this, an example to
    /// which several `$ref`s lead would be compared several times.
    done: HashSet<(String, String)>,
    /// The values of enums, by the pointer of their schema.
    enums: HashMap<String, HashSet<Scalar<'a>>>,
    /// The other spellings of the values of enums, each with its value, by the pointer of the
    /// schema.
    spellings: HashMap<String, HashMap<Scalar<'a>, &'a Node>>,
    /// The number of comparisons that are left.
    comparisons: usize,
}

impl<'a> Check<'a, '_, '_> {
    fn pair(&mut self, value: Option<Located<'a>>, schema: Option<Located<'a>>) {
        let Some((value, schema)) = value.zip(schema) else { return };
        if self.is_null_beside(&value, &schema) {
            return;
        }
        let Some(schema) = self.sites.resolved(schema, ComponentKind::Schema) else { return };
        if self.done.insert((value.pointer.clone(), schema.pointer.clone())) {
            self.value(&value, schema);
        }
    }

    /// Subtracts from the number of comparisons that are left, and returns whether any are left
    /// then. Adds a finding when none is left for the first time.
    fn takes(&mut self, comparisons: usize, value: &Located<'a>) -> bool {
        if self.comparisons == 0 {
            return false;
        }
        self.comparisons = self.comparisons.saturating_sub(comparisons);
        if self.comparisons == 0 {
            let count = thousands(MOST_COMPARISONS);
            let message = format!("the examples take more than {count} comparisons with their schemas");
            self.findings.at(&value.pointer, message, "shorten the examples: a few elements of each list are enough");
        }
        self.comparisons > 0
    }

    /// Checks a value. The value gets smaller with every step, so the check ends even if a schema
    /// refers to itself.
    fn value(&mut self, value: &Located<'a>, schema: Located<'a>) {
        if self.is_null_beside(value, &schema) {
            return;
        }
        let length = value.node.as_str().or_else(|| value.node.as_number()).map_or(0, str::len);
        let Some(schema) =
            self.sites.resolved(schema, ComponentKind::Schema).filter(|_| self.takes(weight(length), value))
        else {
            return;
        };
        if value.node.is_null() {
            self.null(value, &schema);
            return;
        }
        if schema.node.get("oneOf").is_some() {
            self.alternatives(value, &schema);
            return;
        }
        if self.other_spelling(value, &schema) {
            return;
        }
        let Some(json_type) = JsonType::from_schema(&schema) else { return };
        match (json_type, value.node.kind()) {
            (JsonType::String, Kind::String(text)) => self.text(value, text, &schema),
            (JsonType::Integer, Kind::Number(text)) => self.integer(value, text, &schema),
            (JsonType::Number, Kind::Number(text)) => {
                if !is_any_number(self.findings.document(), &schema) && !fits_decimal(text) {
                    self.findings.at(&value.pointer, too_many_digits(text), FEWER_DIGITS);
                }
            }
            // A number of any size can be a JSON number or a string.
            (JsonType::Number, Kind::String(text))
                if is_any_number(self.findings.document(), &schema) && is_json_number(text) => {}
            (JsonType::Boolean, Kind::Bool(_)) => {}
            (JsonType::Object, Kind::Map(_)) => self.object(value, &schema),
            (JsonType::Array, Kind::Seq(elements)) => self.array(value, elements, &schema),
            _ => self.wrong_type(value, json_type, &schema),
        }
    }

    /// Returns whether a value is null, and the schema says beside its `$ref` that it can be. Only
    /// documents in normal form say so there.
    fn is_null_beside(&self, value: &Located<'a>, schema: &Located<'a>) -> bool {
        value.node.is_null() && schema.flag("nullable") && self.findings.document().is_normal()
    }

    fn null(&mut self, value: &Located<'a>, schema: &Located<'a>) {
        let list = schema.node.get("type").is_some_and(|stated| stated.as_seq().is_some());
        let any = schema.node.get("type").is_none() && schema.node.get("oneOf").is_none();
        let alternative = schema.list("oneOf").any(|schema| is_null_alternative(self.sites.view.standard, &schema));
        if !any && !list && !alternative && !is_null_type(schema.node) && !schema.flag("nullable") {
            let help = "write a value, or say in the schema that it is nullable";
            self.findings.at(&value.pointer, "null, where the schema says that it is not nullable", help);
        }
    }

    fn wrong_type(&mut self, value: &Located<'a>, json_type: JsonType, schema: &Located<'a>) {
        let wanted = match json_type {
            JsonType::String => "text",
            JsonType::Integer => "an integer",
            JsonType::Number => "a number",
            JsonType::Boolean => "a boolean",
            JsonType::Object => "an object",
            JsonType::Array => "a list",
        };
        let otherwise = || Help::from("correct the example or the schema");
        let help = match (json_type, value.node.kind()) {
            (JsonType::String, Kind::Number(_) | Kind::Bool(_)) => {
                let text = value.node.to_json();
                if self.is_known(Scalar::Text(&text), schema) && self.text_fault(&text, schema).is_none() {
                    let quoted = self.findings.document().quoted(&text);
                    write_text(format!("put it in quotes, {quoted}, or correct the schema"), &text)
                } else {
                    otherwise()
                }
            }
            (JsonType::Integer | JsonType::Number, Kind::String(text)) if is_json_number(text) => {
                let fits = match json_type {
                    JsonType::Integer => integer_fault(text, schema).is_none(),
                    _ => fits_decimal(text),
                };
                if fits && self.is_known(Scalar::Number(text), schema) {
                    write_json("write it without quotes, or correct the schema", text.to_string())
                } else {
                    otherwise()
                }
            }
            _ => otherwise(),
        };
        let message = format!("{}, where the schema says {wanted}", value.node.kind_name());
        self.findings.at(&value.pointer, message, help);
    }

    fn text(&mut self, value: &Located<'a>, text: &str, schema: &Located<'a>) {
        self.known_value(value, schema);
        if let Some((message, help)) = self.text_fault(text, schema) {
            self.findings.at(&value.pointer, message, help);
        }
    }

    fn text_fault(&self, text: &str, schema: &Located<'a>) -> Option<(String, String)> {
        if schema.text("format") != Some("decimal") {
            None
        } else if !is_json_number(text) {
            let example = self.findings.document().quoted("0.10");
            let help =
                format!("write digits with at most one point, such as {example}, or leave `format: decimal` out");
            Some((format!("`{text}` is not a decimal"), help))
        } else if !fits_decimal(text) {
            Some((too_many_digits(text), FEWER_DIGITS.to_owned()))
        } else {
            None
        }
    }

    fn integer(&mut self, value: &Located<'a>, text: &str, schema: &Located<'a>) {
        self.known_value(value, schema);
        if let Some(bits) = integer_fault(text, schema) {
            let message = format!("`{text}` is not an integer of {bits}");
            self.findings.at(&value.pointer, message, Later(|| larger(text, schema)));
        }
    }

    /// Refuses a value that the `enum` does not list. Clients accept unknown values, but an example
    /// has to have a known one.
    fn known_value(&mut self, value: &Located<'a>, schema: &Located<'a>) {
        if Scalar::new(value.node).is_some_and(|scalar| self.is_known(scalar, schema)) {
            return;
        }
        let message = format!("`{}` is none of the values of the `enum`", value.node.to_json());
        let word = value.node.as_str().unwrap_or_default();
        let known = schema.list("enum").filter_map(|known| known.node.as_str());
        let help = did_you_mean(word, known, "write one of them, or add it to the `enum`");
        self.findings.at(&value.pointer, message, help);
    }

    /// Returns whether the `enum` lists a value; true if there is no `enum`.
    fn is_known(&mut self, value: Scalar<'_>, schema: &Located<'a>) -> bool {
        let Some(values) = schema.node.get("enum").and_then(Node::as_seq) else { return true };
        if !self.enums.contains_key(&schema.pointer) {
            let known = values.iter().filter_map(Scalar::new).collect();
            self.enums.insert(schema.pointer.clone(), known);
        }
        self.enums.get(&schema.pointer).is_some_and(|known: &HashSet<Scalar<'_>>| known.contains(&value))
    }

    /// Refuses a value that is another spelling of a value of the `enum` (`x-enum-spellings`), and
    /// returns whether it is one. An example has to show the value that a client writes, and other
    /// tools know only the `enum`.
    fn other_spelling(&mut self, value: &Located<'a>, schema: &Located<'a>) -> bool {
        if schema.node.get("x-enum-spellings").is_none() {
            return false;
        }
        if !self.spellings.contains_key(&schema.pointer) {
            let lists = schema.list("enum").zip(schema.list("x-enum-spellings"));
            let scalars = lists.flat_map(|(value, list)| {
                list.elements().filter_map(move |other| Some((Scalar::new(other.node)?, value.node)))
            });
            self.spellings.insert(schema.pointer.clone(), scalars.collect());
        }
        let spellings: Option<&HashMap<Scalar<'_>, _>> = self.spellings.get(&schema.pointer);
        let Some(documented) = spellings.zip(Scalar::new(value.node)).and_then(|(all, scalar)| all.get(&scalar)) else {
            return false;
        };
        let (json, wire) = (value.node.to_json(), documented.to_json());
        let message = format!("`{json}` is another spelling of `{wire}`");
        let help = write_json(format!("write the value of the `enum`: `{wire}`"), wire);
        self.findings.at(&value.pointer, message, help);
        true
    }

    fn object(&mut self, value: &Located<'a>, schema: &Located<'a>) {
        let properties = schema.node.get("properties").and_then(Node::as_map);
        let always = schema.get("x-always");
        let required = schema.list("required").chain(always.iter().flat_map(|always| always.list("members")));
        for name in required.filter_map(|name| name.node.as_str()) {
            if !self.takes(weight(name.len()), value) {
                return;
            }
            let read_only =
                properties.and_then(|properties| properties.get(name)).and_then(|member| member.get("readOnly"));
            if value.node.get(name).is_none() && read_only.is_none() {
                let message = format!("the example has no `{name}`, which is always present");
                self.findings.at(&value.pointer, message, "write it, or correct the schema");
            }
        }
        let others = schema.get("additionalProperties");
        if properties.is_none_or(|properties| properties.is_empty()) && others.is_none() {
            return;
        }
        for (name, member) in value.members() {
            let property = schema.get("properties").and_then(|properties| properties.get(name));
            let other = others.clone().filter(|others| others.node.as_map().is_some());
            match property.or(other) {
                Some(schema) => self.value(&member, schema),
                None if properties.is_some_and(|properties| !properties.is_empty())
                    && !schema.flag("additionalProperties") =>
                {
                    let known = properties.into_iter().flat_map(|properties| properties.keys());
                    let free = known.filter(|known| value.node.get(known).is_none());
                    let help = did_you_mean_key(name, free, "describe it under `properties`, or leave it out");
                    if !self.takes(weight(name.len()), &member) {
                        return;
                    }
                    self.findings.at_key(&member.pointer, format!("the schema has no property `{name}`"), help);
                }
                None => {}
            }
        }
    }

    fn array(&mut self, value: &Located<'a>, elements: &[Node], schema: &Located<'a>) {
        let Some(tuple) = schema.get("x-tuple") else {
            if let Some(items) = schema.get("items") {
                value.elements().for_each(|element| self.value(&element, items.clone()));
            }
            return;
        };
        let columns = tuple.node.as_seq().map_or(0, <[Node]>::len);
        let stated = schema.node.get("minItems").and_then(Node::as_number).and_then(|text| text.parse::<usize>().ok());
        let least = stated.unwrap_or(columns);
        if elements.len() < least {
            let message = format!("a row of {} columns is too short: {least} are always present", elements.len());
            self.findings.at(&value.pointer, message, "write all of them, or correct `minItems`");
        }
        for (element, column) in value.elements().zip(tuple.elements()) {
            if let Some(schema) = column.get("schema") {
                self.value(&element, schema);
            }
        }
    }

    fn alternatives(&mut self, value: &Located<'a>, schema: &Located<'a>) {
        let view = &self.sites.view;
        let fits = |schema: &Located<'a>| match (json_type(view, schema), value.node.kind()) {
            (None, _) => true,
            (Some(JsonType::String), kind) => matches!(kind, Kind::String(_)),
            (Some(JsonType::Integer | JsonType::Number), kind) => matches!(kind, Kind::Number(_)),
            (Some(JsonType::Boolean), kind) => matches!(kind, Kind::Bool(_)),
            (Some(JsonType::Object), kind) => matches!(kind, Kind::Map(_)),
            (Some(JsonType::Array), kind) => matches!(kind, Kind::Seq(_)),
        };
        if !self.takes(schema.list("oneOf").count(), value) {
            return;
        }
        if let Some(union) = union(&self.sites.view, schema) {
            self.union(value, &union);
            return;
        }
        let not_null = schema.list("oneOf").filter(|schema| !is_null_alternative(self.sites.view.standard, schema));
        let alternatives: Vec<_> =
            not_null.filter_map(|schema| self.sites.resolved(schema, ComponentKind::Schema)).collect();
        match alternatives.into_iter().find(fits) {
            // Another check refuses a nested `oneOf` that is not a union.
            Some(alternative) if alternative.node.get("oneOf").is_some() => {
                if let Some(union) = union(&self.sites.view, &alternative) {
                    self.union(value, &union);
                }
            }
            Some(alternative) => self.value(value, alternative),
            None => {
                let message = format!("{}, which is none of the alternatives", value.node.kind_name());
                self.findings.at(&value.pointer, message, "correct the example, or add an alternative");
            }
        }
    }
}

impl<'a> Check<'a, '_, '_> {
    /// Checks a value against the alternative that it belongs to. If the union does not tell which
    /// one that is, the value is not checked.
    fn union(&mut self, value: &Located<'a>, union: &Union<'a>) {
        let at = union.told.schema_of(value.node);
        if let Some(alternative) = at.and_then(|at| union.alternatives.get(at)) {
            self.value(value, alternative.resolved.clone());
        }
    }
}

/// Returns the number of comparisons that comparing a text of this length counts as.
fn weight(length: usize) -> usize {
    1 + length / 64
}

/// Returns the name of the size that a number does not fit into, such as `32 bits`; `None` if the
/// number fits.
fn integer_fault(text: &str, schema: &Located<'_>) -> Option<&'static str> {
    let (fits, bits) = match schema.text("format") {
        Some("int32") => (text.parse::<i32>().is_ok(), "32 bits"),
        Some("uint32") => (text.parse::<u32>().is_ok(), "32 bits without a sign"),
        Some("uint64") => (text.parse::<u64>().is_ok(), "64 bits without a sign"),
        _ => (text.parse::<i64>().is_ok(), "64 bits"),
    };
    (!fits).then_some(bits)
}

/// Returns the help that suggests a type into which the number fits.
fn larger(text: &str, schema: &Located<'_>) -> Help {
    let set = |help: Help, key: &str, value: &str| {
        help.with(pointer_join(&schema.pointer, key), Change::Set(json_text(value)))
    };
    let format = if text.parse::<i64>().is_ok() {
        "int64"
    } else if text.parse::<u64>().is_ok() {
        "uint64"
    } else if fits_decimal(text) && schema.node.get("enum").is_none() {
        let help = Help::from("write type: number with format: decimal, or correct the example");
        return set(set(help, "type", "number"), "format", "decimal");
    } else {
        return "write a number that fits".into();
    };
    set(format!("write format: {format}, or correct the example").into(), "format", format)
}
