//! Reads `x-time`, and lists the units of times.

use super::findings::leave_out;
use super::located::Located;
use super::object::{Object, text};
use super::pointer::pointer_join;
use super::refusal::Refusal;
use super::schema::types::JsonType;
use super::shapes::extensions::TIME_SHAPE;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    Milliseconds,
    Microseconds,
    Nanoseconds,
    Seconds,
    Iso8601,
    DotnetTicks,
}

/// The choices of `unit`.
pub(crate) const UNITS: [(&str, TimeUnit); 6] = [
    ("ms", TimeUnit::Milliseconds),
    ("us", TimeUnit::Microseconds),
    ("ns", TimeUnit::Nanoseconds),
    ("s", TimeUnit::Seconds),
    ("iso8601", TimeUnit::Iso8601),
    ("dotnet-ticks", TimeUnit::DotnetTicks),
];

/// The choices of `zone`.
pub(crate) const ZONES: [(&str, ()); 1] = [("UTC", ())];

/// The format of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeFormat {
    pub(crate) unit: TimeUnit,
    /// True if a text without an offset is a time in UTC.
    pub(crate) is_utc: bool,
    /// The type of the value in JSON.
    pub(crate) json_type: JsonType,
}

impl TimeFormat {
    /// Reads the `x-time` of a schema of this type; `None` if the schema has none.
    ///
    /// # Errors
    /// Returns a refusal if the value has a wrong form, or if other keys contradict it.
    pub(crate) fn read<'a>(schema: &Located<'a>, json_type: JsonType) -> Result<Option<Self>, Refusal<'a>> {
        let Some(at) = schema.get("x-time") else { return Ok(None) };
        let object = Object::new(at, &TIME_SHAPE);
        let (unit, name) = (object.need_choice("unit", &UNITS)?, object.need_text("unit")?);
        let zone = object.at.get("zone").map(|at| object.need_choice("zone", &ZONES).map(|()| at)).transpose()?;
        let json_name = json_type.with_article();
        match unit {
            TimeUnit::Iso8601 if json_type != JsonType::String => {
                let message = format!("`{name}` is text, not {json_name}");
                let help = "write type: string, or the unit of the number: ms, us, ns or s";
                return Err(Refusal::new(pointer_join(&object.at.pointer, "unit"), message, help));
            }
            TimeUnit::Iso8601 => {}
            _ => {
                if let Some(zone) = zone {
                    let message = format!("`zone` has no effect beside unit: {name}, which counts from a time in UTC");
                    return Err(Refusal::new(zone.pointer, message, leave_out("leave it out")).on_key());
                }
            }
        }
        if schema.get("enum").is_some() {
            let help = leave_out("leave it out: the values of an `enum` have names");
            return Err(Refusal::new(object.at.pointer, "`x-time` beside an `enum` is not supported", help).on_key());
        }
        Self::fits_format(schema, json_type, unit, name)?;
        Ok(Some(Self { unit, is_utc: zone.is_some(), json_type }))
    }

    /// Refuses a text whose `format` contradicts the unit.
    fn fits_format<'a>(
        schema: &Located<'a>,
        json_type: JsonType,
        unit: TimeUnit,
        name: &str,
    ) -> Result<(), Refusal<'a>> {
        let Some(format) = schema.get("format").filter(|_| json_type == JsonType::String) else { return Ok(()) };
        let fitting = if unit == TimeUnit::Iso8601 { "date-time" } else { "decimal" };
        let stated = text(&format)?;
        if stated == fitting {
            return Ok(());
        }
        let message = format!("`format: {stated}` does not go with unit: {name} of `x-time`");
        Err(Refusal::new(format.pointer, message, leave_out("leave it out")).on_key())
    }
}
