//! Reads `x-enum-spellings`: other spellings of the values of an `enum`.

use std::collections::{BTreeMap, HashMap};

use super::enums::EnumValues;
use super::types::{JsonType, TypeName};
use crate::source::findings::leave_out;
use crate::source::located::Located;
use crate::source::node::{Kind, Node};
use crate::source::object::{elements, unexpected};
use crate::source::refusal::Refusal;
use crate::source::shapes::grammar::Form;

/// A spelling of a value of an `enum`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spelling {
    Text(String),
    Integer(i64),
}

impl Spelling {
    fn read<'a>(at: &Located<'a>) -> Result<Self, Refusal<'a>> {
        match at.node.kind() {
            Kind::String(text) => Ok(Self::Text(text.to_string())),
            Kind::Number(text) => text.parse().map(Self::Integer).map_err(|_| {
                let message = format!("`{text}` is not a spelling");
                Refusal::new(&*at.pointer, message, "write a 64-bit integer, or text")
            }),
            _ => Err(unexpected(at, &Form::Spelling)),
        }
    }

    /// Returns the JSON values that the client reads as this spelling. An integer is also read from
    /// a text with its digits.
    fn read_from(&self) -> Vec<Self> {
        match self {
            Self::Text(_) => vec![self.clone()],
            Self::Integer(integer) => vec![self.clone(), Self::Text(integer.to_string())],
        }
    }
}

/// Reads `x-enum-spellings`. Returns the other spellings of each value of the `enum`, and the
/// refusals of those that cannot be read.
pub(crate) fn spellings<'a>(schema: &Located<'a>, type_name: TypeName) -> (Vec<Vec<Spelling>>, Vec<Refusal<'a>>) {
    let (Some(values), Some(lists)) = (schema.get("enum"), schema.get("x-enum-spellings")) else {
        return (Vec::new(), Vec::new());
    };
    let mut owners = Owners::new(&values, type_name);
    let mut refusals = Vec::new();
    let lists = match elements(&lists) {
        Ok(found) => {
            refusals.extend(wrong_length(&lists, values.node.as_seq().map_or(0, <[Node]>::len), found.len()));
            found
        }
        Err(refusal) => return (Vec::new(), vec![refusal]),
    };
    let mut all = Vec::new();
    for (owner, list) in lists.iter().enumerate() {
        match elements(list) {
            Ok(places) => all.extend(places.into_iter().enumerate().map(|(index, place)| (owner, index, place))),
            Err(refusal) => refusals.push(refusal),
        }
    }
    // Integers are claimed first. An integer is also read from a text with its digits, so a text
    // that repeats a listed integer is refused.
    all.sort_by_key(|(_, _, place)| place.node.as_number().is_none());
    let mut found = vec![BTreeMap::new(); lists.len()];
    for (owner, index, place) in all {
        match Spelling::read(&place).and_then(|spelling| owners.claim(owner, &place, spelling)) {
            Ok(spelling) => {
                if let Some(list) = found.get_mut(owner) {
                    list.insert(index, spelling);
                }
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    (found.into_iter().map(|list| list.into_values().collect()).collect(), refusals)
}

/// Refuses a list that is not as long as the `enum`.
fn wrong_length<'a>(lists: &Located<'a>, values: usize, length: usize) -> Option<Refusal<'a>> {
    (length != values).then(|| {
        let message = format!("`x-enum-spellings` is not as long as the `enum`: {length} of {values}");
        let help = "write a list for each value, in the same order; [] for a value with one spelling";
        Refusal::new(&*lists.pointer, message, help)
    })
}

/// The values that the client accepts, each with the value of the `enum` that it stands for.
struct Owners {
    /// The values of the `enum`, as they are on the wire.
    wire: Vec<String>,
    /// By spelling, the index of the value that it stands for. The flag is true if the `enum`
    /// itself lists the spelling.
    by_spelling: HashMap<Spelling, (usize, bool)>,
}

impl Owners {
    fn new(values: &Located<'_>, type_name: TypeName) -> Self {
        let reader = EnumValues::new(values, type_name);
        let mut owners = Self { wire: Vec::new(), by_spelling: HashMap::new() };
        for (owner, value) in values.elements().enumerate() {
            // A value that cannot be read is refused by another check.
            let wire = reader.read(&value).ok();
            owners.wire.push(wire.clone().unwrap_or_default());
            let Some(wire) = wire else { continue };
            let documented = match (type_name, wire.parse()) {
                (TypeName::Known(JsonType::Integer), Ok(integer)) => Spelling::Integer(integer),
                _ => Spelling::Text(wire),
            };
            for read in documented.read_from() {
                owners.by_spelling.entry(read).or_insert((owner, true));
            }
        }
        owners
    }

    /// Records that a spelling stands for a value, and returns the spelling. Refuses a spelling
    /// that already stands for this or another value.
    fn claim<'a>(&mut self, owner: usize, place: &Located<'a>, spelling: Spelling) -> Result<Spelling, Refusal<'a>> {
        let reads = spelling.read_from();
        let other = reads.iter().find_map(|read| self.by_spelling.get(read).filter(|(holder, _)| *holder != owner));
        if let Some((holder, documented)) = other {
            return Err(self.refuse_other(place, *holder, *documented));
        }
        if let Some((_, documented)) = self.by_spelling.get(&spelling) {
            let json = place.node.to_json();
            let wire = self.wire.get(owner).map_or("", String::as_str);
            let message = match documented {
                true => format!("`{json}` is read as the value `{wire}` already"),
                false => format!("`{json}` is listed twice for the value `{wire}`"),
            };
            return Err(Refusal::new(&*place.pointer, message, leave_out("leave it out")));
        }
        for read in reads {
            self.by_spelling.entry(read).or_insert((owner, false));
        }
        Ok(spelling)
    }

    /// Returns the refusal of a spelling that already stands for another value.
    fn refuse_other<'a>(&self, place: &Located<'a>, holder: usize, documented: bool) -> Refusal<'a> {
        let json = place.node.to_json();
        let wire = self.wire.get(holder).map_or("", String::as_str);
        let message = match documented {
            true => format!("`{json}` is read as another value of the `enum`: `{wire}`"),
            false => format!("`{json}` is a spelling of another value: `{wire}`"),
        };
        Refusal::new(&*place.pointer, message, leave_out("leave it out; a spelling stands for one value"))
    }
}
