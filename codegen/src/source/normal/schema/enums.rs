//! Normalises enums: removes repeated values, and makes up names if the values cannot all become
//! different names in Rust. An `enum` whose values do not fit its type is ignored.

use std::collections::{HashMap, HashSet};

use heck::ToUpperCamelCase;

use crate::source::node::{Kind, Node};
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;

pub(super) fn normalise(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let Some(values) = schema.get("enum") else { return };
    let place = pointer_join(pointer, "enum");
    let Some(list) = values.as_seq() else { return };
    let name = schema.get("type").and_then(Node::as_str).unwrap_or_default().to_owned();
    let at = values.clone();
    let fits = |value: &Node| match name.as_str() {
        "string" => value.as_str().is_some(),
        "integer" => value.as_number().is_some_and(|text| text.parse::<i64>().is_ok() && text != "-0"),
        _ => false,
    };
    let parallel = parallel_lists(schema, list.len(), pointer, remarks);
    let mut kept: Vec<Node> = Vec::new();
    let mut kept_indices: HashSet<String> = HashSet::new();
    let mut seen: HashSet<String> = HashSet::new();
    for (index, value) in list.iter().enumerate() {
        let value = match (name.as_str(), value.as_number(), value.as_bool()) {
            // A text without quotes, such as `1` or `true`, was read as a number or a boolean.
            ("string", Some(text), _) => Node::new(value.position(), Kind::String(text.into())),
            ("string", _, Some(flag)) => Node::new(value.position(), Kind::String(flag.to_string().into())),
            ("integer", _, _) => match value.as_str().filter(|text| text.parse::<i64>().is_ok()) {
                Some(text) => Node::new(value.position(), Kind::Number(text.into())),
                None => value.clone(),
            },
            _ => value.clone(),
        };
        if seen.insert(value.to_json()) {
            kept.push(value);
            kept_indices.insert(index.to_string());
        } else {
            let message = format!("`{}` is listed twice", value.to_json());
            remarks.ignored(&place, &value, message, "remove one of them, and its name");
        }
    }
    let is_shorter = kept.len() < list.len();
    let has_names = parallel.kept.contains(&"x-enum-varnames");
    let Some(members) = schema.as_map_mut() else { return };
    if kept.is_empty() || !kept.iter().all(fits) {
        let what = if name.is_empty() { "a value" } else { name.as_str() };
        let message = format!("the `enum` of {what} is ignored");
        remarks.ignored(&place, &at, message, "list its values in the description");
        for key in ["enum", "x-enum-varnames", "x-enum-descriptions"] {
            members.remove(key);
        }
        return;
    }
    for key in parallel.gone {
        members.remove(key);
    }
    for list in parallel.kept {
        if let Some(list) = members.get_mut(list).filter(|_| is_shorter) {
            list.remove_all(|index| !kept_indices.contains(index));
        }
    }
    let names = if has_names { None } else { names(&kept) };
    if let Some(names) = &names {
        let message =
            format!("names of values are made up: {}", names.iter().take(3).cloned().collect::<Vec<_>>().join(", "));
        remarks.synthesised(&place, &at, message, "write `x-enum-varnames` into an overlay");
    }
    let position = at.position();
    members.insert("enum", Node::new(position, Kind::Seq(kept.into_boxed_slice())));
    if let Some(names) = names {
        let names: Box<[Node]> = names.into_iter().map(|name| Node::new(position, Kind::String(name.into()))).collect();
        members.insert("x-enum-varnames", Node::new(position, Kind::Seq(names)));
    }
}

/// Reads the default of a text that YAML reads as a number or a boolean, because it has no quotes.
pub(super) fn default_as_text(schema: &mut Node) {
    if schema.get("type").and_then(Node::as_str) != Some("string") {
        return;
    }
    let Some(default) = schema.child_mut("default") else { return };
    let text = default.as_number().map(str::to_owned).or_else(|| default.as_bool().map(|flag| flag.to_string()));
    if let Some(text) = text {
        default.set_kind(Kind::String(text.into()));
    }
}

/// The lists beside an `enum` that have one element for each of its values.
#[derive(Default)]
struct Parallel {
    kept: Vec<&'static str>,
    /// The keys of ignored lists: they have more or fewer elements than the `enum`, or repeat a
    /// name.
    gone: Vec<&'static str>,
}

fn parallel_lists(schema: &Node, count: usize, pointer: &str, remarks: &mut Remarks) -> Parallel {
    let mut parallel = Parallel::default();
    for key in ["x-enum-varnames", "x-enum-descriptions", "x-enum-spellings"] {
        let Some(stated) = schema.get(key) else { continue };
        let elements = stated.as_seq().unwrap_or_default();
        let mut names = HashSet::new();
        let is_name = |name: &Node| name.as_str().is_some_and(|name| !name.trim().is_empty());
        let is_different = elements.iter().all(|name| is_name(name) && names.insert(name.to_json()));
        if elements.len() != count {
            let message = format!("`{key}` is ignored: it has {} elements, and the `enum` has {count}", elements.len());
            remarks.ignored(
                &pointer_join(pointer, key),
                stated,
                message,
                "write one for each value, in the same order",
            );
            parallel.gone.push(key);
        } else if key == "x-enum-varnames" && !is_different {
            let message = format!("`{key}` is ignored: two values have one name");
            remarks.ignored(&pointer_join(pointer, key), stated, message, "give each value a different name");
            parallel.gone.push(key);
        } else {
            parallel.kept.push(key);
        }
    }
    parallel
}

/// Returns a name for each value; `None` if the values become different names in Rust without
/// further help.
fn names(values: &[Node]) -> Option<Vec<String>> {
    let own: Vec<Option<String>> = values.iter().map(|value| value.as_str().and_then(own_name)).collect();
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for name in own.iter().flatten() {
        *uses.entry(name).or_default() += 1;
    }
    if own.iter().all(|name| name.as_deref().is_some_and(|name| uses.get(name) == Some(&1))) {
        return None;
    }
    // A value whose name no other value has keeps that name, whatever the other values are.
    let is_own = |name: &Option<String>| name.as_deref().is_some_and(|name| uses.get(name) == Some(&1));
    let mut taken: HashMap<String, usize> =
        own.iter().filter(|name| is_own(name)).flatten().map(|name| (name.clone(), 1)).collect();
    let names = values.iter().zip(&own).map(|(value, own)| {
        let name = match own {
            Some(_) if is_own(own) => return value.as_str().unwrap_or_default().to_owned(),
            Some(name) => cased(name, value.as_str().unwrap_or_default()),
            None => made_up(value),
        };
        let count = taken.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name}{count}") }
    });
    Some(names.collect())
}

/// Returns the name in Rust that a text becomes; `None` if it cannot become a name.
fn own_name(text: &str) -> Option<String> {
    let name = text.to_upper_camel_case();
    let has_sign = text.starts_with(['-', '+']) && text.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    (text.is_ascii() && !name.is_empty() && !has_sign).then_some(name)
}

/// Returns a name for one of several texts that become the same name, because they differ only in
/// case or punctuation.
fn cased(name: &str, text: &str) -> String {
    let letters = || text.chars().filter(|c| c.is_ascii_alphabetic());
    let suffix = if letters().count() == 0 {
        ""
    } else if letters().all(|c| c.is_ascii_uppercase()) {
        "Upper"
    } else if letters().all(|c| c.is_ascii_lowercase()) {
        "Lower"
    } else {
        ""
    };
    format!("{}{suffix}", after_letter(name))
}

/// Returns the name, with the letter V in front if it begins with a digit.
fn after_letter(name: &str) -> String {
    let start = if name.starts_with(|c: char| c.is_ascii_digit()) { "V" } else { "" };
    format!("{start}{name}")
}

/// Returns a name for a number, or for a text for which `own_name` returns none.
fn made_up(value: &Node) -> String {
    if let Some(number) = value.as_number() {
        return match number.strip_prefix('-') {
            Some(digits) => format!("Minus{digits}"),
            None => format!("Value{number}"),
        };
    }
    let text = value.as_str().unwrap_or_default();
    let mut name = String::new();
    for c in text.chars() {
        match c {
            '<' => name.push_str("Less"),
            '>' => name.push_str("Greater"),
            '=' => name.push_str("Equal"),
            '!' => name.push_str("Not"),
            '+' => name.push_str("Plus"),
            '-' => name.push_str("Minus"),
            '*' => name.push_str("Star"),
            '/' => name.push_str("Slash"),
            '%' => name.push_str("Percent"),
            '&' => name.push_str("And"),
            '|' => name.push_str("Or"),
            '.' => name.push_str("Dot"),
            '?' => name.push_str("Question"),
            c if c.is_ascii_alphanumeric() => name.push(c),
            c if c.is_ascii() => {}
            c => name.push_str(&format!("U{:x}", u32::from(c))),
        }
    }
    match name.is_empty() {
        true => "Empty".to_owned(),
        false => after_letter(&name),
    }
}
