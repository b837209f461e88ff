//! Types and formats: which admit all that another admits, and what they become in Rust.

use super::view::View;

/// How the values of a new type stand to those of the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    Wider,
    Narrower,
    Other,
}

/// `json`: as JSON; else as text, where what is no text becomes one.
pub(super) fn relation(old: &View<'_>, new: &View<'_>, json: bool) -> Relation {
    // As text a number and a string have the same digits.
    let digits = |view: &View<'_>| Rust::of(view) == Rust::Decimal || view.types() == ["number"];
    if !json && digits(old) && digits(new) {
        return Relation::Same;
    }
    let types = match (old.types().as_slice(), new.types().as_slice()) {
        (before, after) if before == after => Relation::Same,
        (_, []) => Relation::Wider,
        ([], _) => Relation::Narrower,
        _ => match (admits(new, old, json), admits(old, new, json)) {
            (true, true) => Relation::Same,
            (true, false) => Relation::Wider,
            (false, true) => Relation::Narrower,
            (false, false) => Relation::Other,
        },
    };
    // Another type brings another format along, and so does a list of values.
    if types != Relation::Same || old.values().is_some() != new.values().is_some() {
        return types;
    }
    // `integer` alone is the 64 bits that most take it for.
    let integer = old.types() == ["integer"];
    let format = |view: &View<'_>| match view.format() {
        None if integer => Some("int64".to_owned()),
        format => format.map(str::to_owned),
    };
    formats(format(old).as_deref(), format(new).as_deref())
}

fn admits(wide: &View<'_>, narrow: &View<'_>, json: bool) -> bool {
    let types = wide.types();
    // A text that may be any takes what is written of anything; a decimal takes what is written of a number.
    let any = wide.format().is_none() && wide.values().is_none() && wide.at.node.get("pattern").is_none();
    let decimal = wide.format() == Some("decimal");
    narrow.types().iter().all(|ty| {
        let number = matches!(*ty, "integer" | "number");
        let text = (any && !matches!(*ty, "array" | "object")) || (decimal && number);
        types.contains(ty)
            || (*ty == "integer" && types.contains(&"number"))
            || (!json && types.contains(&"string") && text)
    })
}

/// Formats whose values are among those of the other.
const WIDER: [(&str, &str); 8] = [
    ("int32", "int64"),
    ("int32", "bigint"),
    ("int64", "bigint"),
    ("uint32", "int64"),
    ("uint32", "uint64"),
    ("uint32", "bigint"),
    ("uint64", "bigint"),
    ("float", "double"),
];

fn formats(old: Option<&str>, new: Option<&str>) -> Relation {
    match (old, new) {
        (old, new) if old == new => Relation::Same,
        (Some(_), None) => Relation::Wider,
        (None, Some(_)) => Relation::Narrower,
        (Some(old), Some(new)) if WIDER.contains(&(old, new)) => Relation::Wider,
        (Some(old), Some(new)) if WIDER.contains(&(new, old)) => Relation::Narrower,
        _ => Relation::Other,
    }
}

/// What a value becomes in Rust, names aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Rust {
    Bool,
    I32,
    I64,
    U32,
    U64,
    Text,
    Decimal,
    Json,
    List,
    Map,
    Struct,
    Row,
    TextEnum,
    IntegerEnum,
    Alternatives,
    Several,
}

impl Rust {
    pub(super) fn of(view: &View<'_>) -> Self {
        if !view.alternatives().is_empty() {
            return Self::Alternatives;
        }
        let values = view.values().is_some();
        match view.types().as_slice() {
            [] => Self::Json,
            ["boolean"] => Self::Bool,
            ["integer"] if values => Self::IntegerEnum,
            ["integer"] => match view.format() {
                Some("int32") => Self::I32,
                Some("uint32") => Self::U32,
                Some("uint64") => Self::U64,
                _ => Self::I64,
            },
            ["number"] => Self::Decimal,
            ["string"] if values => Self::TextEnum,
            ["string"] if view.format() == Some("decimal") => Self::Decimal,
            ["string"] => Self::Text,
            ["array"] if view.columns().is_some() => Self::Row,
            ["array"] => Self::List,
            ["object"] if !view.members().is_empty() => Self::Struct,
            ["object"] => match view.at.get("additionalProperties") {
                Some(extra) if extra.node.as_map().is_some() => Self::Map,
                Some(extra) if extra.node.as_bool() == Some(false) => Self::Struct,
                _ => Self::Json,
            },
            _ => Self::Several,
        }
    }

    pub(super) fn is_scalar(self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::I32
                | Self::I64
                | Self::U32
                | Self::U64
                | Self::Text
                | Self::Decimal
                | Self::TextEnum
                | Self::IntegerEnum
        )
    }

    /// Whether it gets a name of its own.
    pub(super) fn is_named(self) -> bool {
        matches!(self, Self::Struct | Self::Row | Self::TextEnum | Self::IntegerEnum | Self::Alternatives)
    }

    /// Whether a required one that is missing is read as nothing where null is: by those without an adaptor.
    pub(super) fn reads_missing_as_null(self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::I32
                | Self::I64
                | Self::U32
                | Self::U64
                | Self::Text
                | Self::Struct
                | Self::TextEnum
                | Self::IntegerEnum
        )
    }

    /// For messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bool => "`bool`",
            Self::I32 => "`i32`",
            Self::I64 => "`i64`",
            Self::U32 => "`u32`",
            Self::U64 => "`u64`",
            Self::Text => "`String`",
            Self::Decimal => "`Decimal`",
            Self::Json => "`Json`",
            Self::List => "a `Vec`",
            Self::Map => "a map",
            Self::Struct => "a struct",
            Self::Row => "a row",
            Self::TextEnum | Self::IntegerEnum => "an enum",
            Self::Alternatives => "an enum of alternatives",
            Self::Several => "any of several",
        }
    }
}
