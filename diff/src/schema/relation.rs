//! The relation between the values of two schemas, by type and format.

use super::resolved::ResolvedSchema;
use super::rust_type::RustType;

/// The relation of the new values to the old values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Same,
    Wider,
    Narrower,
    Other,
}

/// Returns the relation by types and formats, as JSON or as text.
pub(crate) fn relation(old: &ResolvedSchema<'_>, new: &ResolvedSchema<'_>, json: bool) -> Relation {
    // As text, a number and a string have the same digits.
    let digits = |view: &ResolvedSchema<'_>| RustType::new(view) == RustType::Decimal || view.types() == ["number"];
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
    // If the type changes, or a list of values appears or goes, the format changes with it.
    if types != Relation::Same || old.values().is_some() != new.values().is_some() {
        return types;
    }
    // Most readers take `integer` without a format for 64 bits.
    let integer = old.types() == ["integer"];
    let format = |view: &ResolvedSchema<'_>| match view.format() {
        None if integer => Some("int64".to_owned()),
        format => format.map(str::to_owned),
    };
    formats(format(old).as_deref(), format(new).as_deref())
}

fn admits(wide: &ResolvedSchema<'_>, narrow: &ResolvedSchema<'_>, json: bool) -> bool {
    let types = wide.types();
    // As text, any string admits the text of every scalar, and a decimal admits the text of a
    // number.
    let any = wide.format().is_none() && wide.values().is_none() && wide.get("pattern").is_none();
    let decimal = wide.format() == Some("decimal");
    narrow.types().iter().all(|ty| {
        let number = matches!(*ty, "integer" | "number");
        let text = (any && !matches!(*ty, "array" | "object")) || (decimal && number);
        types.contains(ty)
            || (*ty == "integer" && types.contains(&"number"))
            || (!json && types.contains(&"string") && text)
    })
}

/// Formats, each with a format that contains all of its values.
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

/// Returns whether the value changes as a whole and not only its parts. Examples: another type,
/// alternatives in place of one type, a map in place of a struct.
pub(crate) fn is_reshaped(old: &ResolvedSchema<'_>, new: &ResolvedSchema<'_>) -> bool {
    let (before, after) = (RustType::new(old), RustType::new(new));
    let types = old.types();
    if (before, after) == (RustType::Alternatives, RustType::Alternatives) {
        return false;
    }
    let is_compound = matches!(types.as_slice(), ["object"] | ["array"]);
    before == RustType::Alternatives
        || after == RustType::Alternatives
        || types != new.types()
        || is_compound && before != after
}
