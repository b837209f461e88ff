//! Draws values of a schema at random.

use fastrand::Rng;
use serde_json::{Map, Number, Value, json};

use crate::document::Document;

/// Characters that have a meaning in a URL, in JSON or in HTML, and some beyond ASCII.
const CHARACTERS: &[char] = &[
    'a', 'b', 'Z', '0', '9', '-', '_', '.', '~', ' ', '&', '+', '%', '/', '?', '#', '=', ':', ';', ',', '@', '!', '$',
    '*', '(', ')', '[', ']', '{', '}', '\'', '"', '<', '>', '\\', '^', '`', '|', 'é', '币', '😀',
];

/// The message that a value is in. It decides which members an object has.
#[derive(Clone, Copy, PartialEq)]
pub enum Message {
    Request,
    Response,
}

/// A source of random values.
pub struct Draw<'d> {
    pub document: &'d Document,
    pub rng: Rng,
}

impl Draw<'_> {
    /// Returns a value of a schema.
    pub fn value(&mut self, schema: &Value, message: Message) -> Value {
        let schema = self.document.resolved(schema);
        if schema["nullable"] == true && self.rng.u8(..) < 32 {
            return Value::Null;
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.one_of(values).clone();
        }
        if let Some(schemas) = schema["oneOf"].as_array() {
            let schema = self.one_of(schemas);
            return self.value(schema, message);
        }
        if let Some(columns) = schema["x-tuple"].as_array() {
            return columns.iter().map(|column| self.value(&column["schema"], message)).collect();
        }
        match schema["type"].as_str() {
            Some("boolean") => self.rng.bool().into(),
            Some("integer") => self.integer(schema),
            Some("number") => Value::Number(serde_json::from_str::<Number>(&self.decimal()).unwrap()),
            Some("string") => self.text_of(schema),
            Some("array") => {
                let least = schema["minItems"].as_u64().unwrap_or(u64::from(message == Message::Request));
                (0..self.rng.u64(least..least + 3)).map(|_| self.value(&schema["items"], message)).collect()
            }
            Some("object") => self.object(schema, message),
            _ => json!(self.rng.u8(..)),
        }
    }

    fn one_of<'v>(&mut self, values: &'v [Value]) -> &'v Value {
        &values[self.rng.usize(..values.len())]
    }

    fn object(&mut self, schema: &Value, message: Message) -> Value {
        let hidden = if message == Message::Request { "readOnly" } else { "writeOnly" };
        let lists = [schema.get("required"), schema.pointer("/x-always/members")];
        let is_always = |name: &str| lists.iter().flatten().any(|list| list.as_array().unwrap().contains(&name.into()));
        let mut members = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if property[hidden] != true && (is_always(name) || self.rng.bool()) {
                members.insert(name.clone(), self.value(property, message));
            }
        }
        if let Some(others) = schema.get("additionalProperties").filter(|others| others.is_object()) {
            for _ in 0..self.rng.usize(0..3) {
                members.insert(self.text(), self.value(others, message));
            }
        }
        members.into()
    }

    fn text_of(&mut self, schema: &Value) -> Value {
        match schema["format"].as_str() {
            Some("decimal") => self.decimal().into(),
            Some("date-time") => {
                let fraction = ["", ".5", ".123", ".000001", ".1234567"][self.rng.usize(..5)];
                let (month, day, hour) = (self.rng.u8(1..=12), self.rng.u8(1..=28), self.rng.u8(..24));
                format!("20{:02}-{month:02}-{day:02}T{hour:02}:59:08{fraction}Z", self.rng.u8(..100)).into()
            }
            _ => self.text().into(),
        }
    }

    pub fn text(&mut self) -> String {
        (0..self.rng.usize(1..12)).map(|_| CHARACTERS[self.rng.usize(..CHARACTERS.len())]).collect()
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let (least, most) = match (schema.pointer("/x-time/unit").and_then(Value::as_str), schema["format"].as_str()) {
            (Some("dotnet-ticks"), _) => (630_822_816_000_000_000, 662_380_415_999_999_999),
            (Some(_), _) => (946_684_800_000, 4_102_444_799_999),
            (None, Some("int32")) => (i32::MIN.into(), i32::MAX.into()),
            _ => (-(1 << 53), 1 << 53),
        };
        let bound = |name: &str, otherwise: i64| schema[name].as_i64().unwrap_or(otherwise);
        self.rng.i64(bound("minimum", least)..=bound("maximum", most)).into()
    }

    /// Returns a decimal with at most 13 digits, which a float keeps.
    fn decimal(&mut self) -> String {
        let (digits, places) = (self.rng.u64(..10u64.pow(13)) >> self.rng.u32(..43), self.rng.usize(..9));
        let text = format!("{:0>width$}", digits, width = places + 1);
        let (whole, fraction) = text.split_at(text.len() - places);
        if places == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }
}
