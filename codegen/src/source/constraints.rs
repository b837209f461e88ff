//! Reads `x-constraints`: constraints between the values of a request.

use super::located::Located;
use super::object::{Object, elements, members, text};
use super::refusal::Refusal;
use super::shapes::extensions::CONSTRAINT_SHAPE;

/// A constraint between the values of a request.
pub(crate) struct Constraint<'a> {
    pub(crate) rule: Rule<'a>,
    pub(crate) description: Option<&'a str>,
    /// `stated-by: evidence`: the venue's document does not state the constraint.
    pub(crate) by_evidence: bool,
    /// `widens: true`: a request that breaks the constraint may do more than intended.
    pub(crate) widens: bool,
}

/// The values that a request has to have.
pub(crate) enum Rule<'a> {
    /// A certain number of these values.
    Count(Count, Vec<Name<'a>>),
    /// All of these values, if a certain case applies.
    Needed(Vec<Name<'a>>, When<'a>),
}

/// The number of the listed values that a request has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// One, and no other.
    ExactlyOne,
    /// One or more.
    AtLeastOne,
    /// One or none.
    AtMostOne,
    /// All of them, or none.
    AllOrNone,
}

/// The keys of a constraint on a number of values.
pub(crate) const COUNTED: [(&str, Count); 4] = [
    ("exactly-one-of", Count::ExactlyOne),
    ("at-least-one-of", Count::AtLeastOne),
    ("at-most-one-of", Count::AtMostOne),
    ("all-or-none", Count::AllOrNone),
];

/// The choices of `stated-by`; true if the venue's document does not state the constraint.
pub(crate) const STATED_BY: [(&str, bool); 2] = [("document", false), ("evidence", true)];

/// The cases in which values are needed.
pub(crate) enum When<'a> {
    /// Each named value equals one of the values listed for it.
    Equals(Vec<(Name<'a>, Vec<Located<'a>>)>),
    Present(Name<'a>),
    Absent(Name<'a>),
}

/// The name of a value: of a parameter, of a property, or a JSON pointer into the body.
#[derive(Clone)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
    /// The JSON pointer of the name in the document.
    pub(crate) pointer: String,
    /// True if the name is a key of an object, false if it is a value.
    pub(crate) is_key: bool,
}

impl<'a> Name<'a> {
    fn read(at: &Located<'a>) -> Result<Self, Refusal<'a>> {
        Ok(Self { text: text(at)?, pointer: at.pointer.clone(), is_key: false })
    }
}

/// Reads the constraints of an operation or a schema.
pub(in crate::source) fn constraints<'a>(holder: &Object<'a>) -> Result<Vec<Constraint<'a>>, Refusal<'a>> {
    holder.list("x-constraints")?.iter().map(Constraint::read).collect()
}

impl<'a> Constraint<'a> {
    /// Reads a constraint.
    ///
    /// # Errors
    /// Returns a refusal if the constraint has no rule or several, or if its rule and its case do
    /// not fit together.
    pub(crate) fn read(at: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at.clone(), &CONSTRAINT_SHAPE);
        let stated_by = at.get("stated-by").map(|_| object.need_choice("stated-by", &STATED_BY)).transpose()?;
        Ok(Self {
            rule: Rule::read(at)?,
            description: object.text("description")?,
            by_evidence: stated_by.unwrap_or(false),
            widens: object.flag("widens")?,
        })
    }

    /// Returns all names of the constraint: first those of the rule, then those of its case.
    pub(crate) fn names(&self) -> Vec<&Name<'a>> {
        let mut names: Vec<&Name<'a>> = self.rule.listed().iter().collect();
        if let Rule::Needed(_, when) = &self.rule {
            match when {
                When::Equals(cases) => names.extend(cases.iter().map(|(name, _)| name)),
                When::Present(name) | When::Absent(name) => names.push(name),
            }
        }
        names
    }
}

impl<'a> Rule<'a> {
    fn read(at: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let keys = COUNTED.iter().map(|(key, count)| (*key, Some(*count))).chain([("needed", None)]);
        let mut stated = keys.filter_map(|(key, count)| Some((at.get(key)?, count)));
        let Some((list, count)) = stated.next() else {
            let help = "write `exactly-one-of`, `at-least-one-of`, `at-most-one-of`, `all-or-none` or `needed`";
            return Err(Refusal::new(&*at.pointer, "a constraint has no rule", help));
        };
        if let Some((second, _)) = stated.next() {
            let help = "write one constraint for each rule";
            return Err(Refusal::new(second.pointer, "a constraint has two rules", help).on_key());
        }
        let names = elements(&list)?.iter().map(Name::read).collect::<Result<Vec<_>, _>>()?;
        let when = When::read(at)?;
        match (count, when) {
            (Some(count), None) => Ok(Self::Count(count, names)),
            (None, Some((_, when))) => Ok(Self::Needed(names, when)),
            (Some(_), Some((place, _))) => {
                let help = "leave it out, or write `needed`";
                Err(Refusal::new(place, "only values that are `needed` have a case", help).on_key())
            }
            (None, None) => {
                let help = "write `when`, `when-present` or `when-absent`; a value that is always needed is `required`";
                Err(Refusal::new(list.pointer, "`needed` does not say in which case", help).on_key())
            }
        }
    }

    /// Returns the names of the values that the rule counts or requires.
    pub(crate) fn listed(&self) -> &[Name<'a>] {
        match self {
            Self::Count(_, names) | Self::Needed(names, _) => names,
        }
    }
}

impl<'a> When<'a> {
    /// Reads the case of a constraint, with its place; `None` if there is no case.
    fn read(at: &Located<'a>) -> Result<Option<(String, Self)>, Refusal<'a>> {
        let keys = ["when", "when-present", "when-absent"];
        let mut stated = keys.into_iter().filter_map(|key| Some((key, at.get(key)?)));
        let Some((key, found)) = stated.next() else { return Ok(None) };
        if let Some((_, second)) = stated.next() {
            let help = "write one constraint for each case";
            return Err(Refusal::new(second.pointer, "a constraint has two cases", help).on_key());
        }
        let when = match key {
            "when-present" => Self::Present(Name::read(&found)?),
            "when-absent" => Self::Absent(Name::read(&found)?),
            _ => {
                let case = |(text, values): (&'a str, Located<'a>)| {
                    let name = Name { text, pointer: values.pointer.clone(), is_key: true };
                    Ok((name, elements(&values)?))
                };
                Self::Equals(members(&found)?.into_iter().map(case).collect::<Result<_, _>>()?)
            }
        };
        Ok(Some((found.pointer, when)))
    }
}
