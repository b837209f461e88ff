//! Constraints between the values of a request.

use std::fmt;

use venuekit_json::{Tree, is_number};

pub use crate::source::constraints::Count;
use crate::source::number::is_same_number;

/// A constraint between the values of a request, as `x-constraints` states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The values that a request has to have.
    pub rule: Rule,
    /// The description in the spec.
    pub description: Option<String>,
    /// True if the venue's document does not state the constraint.
    pub by_evidence: bool,
    /// True if a request that breaks the constraint may do more than intended.
    pub widens: bool,
    /// The JSON pointer to the constraint in the spec.
    pub pointer: String,
}

/// The values that a request has to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A certain number of these values has to be given.
    Count(Count, Vec<ValueAt>),
    /// All of these values have to be given in this case.
    Needed(Vec<ValueAt>, When),
}

/// The case in which values are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Each of these values is given and equals one of the scalars beside it (JSON texts).
    Equals(Vec<(ValueAt, Vec<String>)>),
    /// This value is given.
    Present(ValueAt),
    /// This value is not given.
    Absent(ValueAt),
}

/// The place of a value in a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ValueAt {
    /// A parameter, by its name on the wire.
    Parameter(String),
    /// A JSON pointer: into the body, or into the object that has the constraint.
    Pointer(String),
}

impl ValueAt {
    /// Returns the name of the property, if the pointer leads to a property of the object itself.
    #[must_use]
    pub fn property(&self) -> Option<String> {
        let Self::Pointer(pointer) = self else { return None };
        match venuekit_json::pointer::segments(pointer)?.as_slice() {
            [name] => Some(name.clone()),
            _ => None,
        }
    }
}

/// Writes the value as a spec names it: as a name or as a JSON pointer.
impl fmt::Display for ValueAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) => f.write_str(name),
            Self::Pointer(pointer) => f.write_str(self.property().as_deref().unwrap_or(pointer)),
        }
    }
}

impl Constraint {
    /// Returns whether the client checks the constraint before it sends a request.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        self.widens || !self.by_evidence
    }

    /// Returns all values that the constraint names.
    #[must_use]
    pub fn values(&self) -> Vec<&ValueAt> {
        let mut values: Vec<&ValueAt> = self.rule.listed().iter().collect();
        match &self.rule {
            Rule::Count(..) => {}
            Rule::Needed(_, When::Equals(cases)) => values.extend(cases.iter().map(|(value, _)| value)),
            Rule::Needed(_, When::Present(value) | When::Absent(value)) => values.push(value),
        }
        values
    }

    /// Returns the constraint as a sentence without a full stop. `name` returns the text that
    /// stands for a value, and `code` formats a scalar as code.
    #[must_use]
    pub fn sentence(&self, name: &dyn Fn(&ValueAt) -> String, code: &dyn Fn(&str) -> String) -> String {
        let quoted = |value: &ValueAt| code(&name(value));
        let listed: Vec<String> = self.rule.listed().iter().map(quoted).collect();
        let values = joined(&listed, "and");
        match &self.rule {
            Rule::Count(Count::ExactlyOne | Count::AtLeastOne, only) if only.len() == 1 => {
                format!("{values} has to be given and cannot be empty")
            }
            Rule::Count(Count::ExactlyOne, _) => format!("exactly one of {values} has to be given"),
            Rule::Count(Count::AtLeastOne, _) => format!("at least one of {values} has to be given"),
            Rule::Count(Count::AtMostOne, _) => format!("at most one of {values} can be given"),
            Rule::Count(Count::AllOrNone, _) => format!("{values} have to be given together or not at all"),
            Rule::Needed(values_at, when) => {
                let verb = if values_at.len() == 1 { "has" } else { "have" };
                let case = match when {
                    When::Present(value) => format!("{} is given", quoted(value)),
                    When::Absent(value) => format!("{} is not given", quoted(value)),
                    When::Equals(cases) => {
                        let case = |(value, scalars): &(ValueAt, Vec<String>)| {
                            let scalars: Vec<String> = scalars.iter().map(|json| code(&text(json))).collect();
                            format!("{} is {}", quoted(value), joined(&scalars, "or"))
                        };
                        joined(&cases.iter().map(case).collect::<Vec<_>>(), "and")
                    }
                };
                format!("{values} {verb} to be given if {case}")
            }
        }
    }

    /// Returns whether a request keeps the constraint. `given` returns the JSON of a value, or
    /// `None` if the value is not given.
    #[must_use]
    pub fn is_kept(&self, given: &dyn Fn(&ValueAt) -> Option<String>) -> bool {
        let has = |value: &ValueAt| given(value).is_some_and(|json| says_something(&json));
        let (count, all) = (self.rule.listed().iter().filter(|value| has(value)).count(), self.rule.listed().len());
        match &self.rule {
            Rule::Count(Count::ExactlyOne, _) => count == 1,
            Rule::Count(Count::AtLeastOne, _) => count >= 1,
            Rule::Count(Count::AtMostOne, _) => count <= 1,
            Rule::Count(Count::AllOrNone, _) => count == 0 || count == all,
            Rule::Needed(_, when) => {
                let applies = match when {
                    When::Present(value) => has(value),
                    When::Absent(value) => !has(value),
                    When::Equals(cases) => cases.iter().all(|(value, scalars)| {
                        let json = given(value);
                        json.is_some_and(|json| scalars.iter().any(|scalar| means(&json, scalar)))
                    }),
                };
                !applies || count == all
            }
        }
    }
}

impl Rule {
    /// Returns the values that the rule counts or requires.
    #[must_use]
    pub fn listed(&self) -> &[ValueAt] {
        match self {
            Self::Count(_, values) | Self::Needed(values, _) => values,
        }
    }
}

/// Writes the constraint as a sentence with the wire names of its values.
impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(&ToString::to_string, &|text| format!("`{text}`")))
    }
}

/// Joins texts to a list such as `a, b and c`; `last` is the word before the last text.
fn joined(texts: &[String], last: &str) -> String {
    match texts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// Returns a JSON scalar as plain text: a string is returned without its quotes.
fn text(json: &str) -> String {
    Tree::parse(json).ok().and_then(|tree| tree.scalar()).unwrap_or_else(|| json.to_owned())
}

/// Returns false for null, a text that is empty or consists of whitespace, and a list of nothing
/// but such values, which count as absent. The client has the same rule.
fn says_something(json: &str) -> bool {
    let is_scalar_given = |tree: &Tree| match tree {
        Tree::Null => false,
        Tree::Text(text) => !text.chars().all(char::is_whitespace),
        _ => true,
    };
    match Tree::parse(json) {
        Ok(Tree::Array(elements)) => elements.iter().any(is_scalar_given),
        Ok(tree) => is_scalar_given(&tree),
        Err(_) => true,
    }
}

/// Returns whether a value and a scalar are sent as the same text, or are the same number. The
/// client has the same rule: a number equals its text.
fn means(json: &str, scalar: &str) -> bool {
    let (sent, wanted) = (text(json), text(scalar));
    sent == wanted || is_number(&sent) && is_number(&wanted) && is_same_number(&sent, &wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(names: &[&str]) -> Vec<ValueAt> {
        names.iter().map(|name| ValueAt::Parameter((*name).to_owned())).collect()
    }

    fn constraint(rule: Rule) -> Constraint {
        Constraint { rule, description: None, by_evidence: false, widens: false, pointer: String::new() }
    }

    /// Returns for each set of values, such as `b=1 c=[]`, whether the set keeps the rule.
    fn kept(rule: Rule, sets: &[&str]) -> Vec<bool> {
        let constraint = constraint(rule);
        let is_kept = |set: &&str| {
            constraint.is_kept(&|value| {
                let mut pairs = set.split(' ').filter_map(|pair| pair.split_once('='));
                pairs.find(|(name, _)| *name == value.to_string()).map(|(_, json)| json.to_owned())
            })
        };
        sets.iter().map(is_kept).collect()
    }

    #[test]
    fn a_rule_counts_the_values_that_are_neither_null_nor_empty() {
        let sets = ["", "a=1", "a=1 b=2", r#"a=null b="" c=["\t",null]"#, r#"a=0 b="""#];
        let count = |count| kept(Rule::Count(count, values(&["a", "b", "c"])), &sets);
        assert_eq!(count(Count::ExactlyOne), [false, true, false, false, true]);
        assert_eq!(count(Count::AtLeastOne), [false, true, true, false, true]);
        assert_eq!(count(Count::AtMostOne), [true, true, false, true, true]);
        assert_eq!(count(Count::AllOrNone), [true, false, false, true, false]);
    }

    #[test]
    fn values_are_needed_only_in_their_case() {
        let case = |when| Rule::Needed(values(&["a"]), when);
        let b = || ValueAt::Parameter("b".to_owned());
        let sets = ["", "b=2", "b=2.0 a=1", r#"b="2""#, "b=3"];
        let equals = When::Equals(vec![(b(), vec!["1".to_owned(), "2".to_owned()])]);
        assert_eq!(kept(case(equals), &sets), [true, false, true, false, true], "a number equals its text");
        let texts = When::Equals(vec![(b(), vec![r#""2""#.to_owned(), r#""true""#.to_owned()])]);
        assert_eq!(kept(case(texts), &sets), [true, false, true, false, true]);
        let flag = When::Equals(vec![(b(), vec!["true".to_owned()])]);
        let flags = ["b=true", r#"b="true""#, "b=false", r#"b="True""#, "b=null"];
        assert_eq!(kept(case(flag), &flags), [false, false, true, true, true]);
        assert_eq!(kept(case(When::Present(b())), &sets), [true, false, true, false, false]);
        assert_eq!(kept(case(When::Absent(b())), &sets), [false, true, true, true, true]);
    }

    #[test]
    fn each_rule_is_a_sentence() {
        let sentence = |rule| constraint(rule).to_string();
        let list = || values(&["a", "b", "c"]);
        assert_eq!(sentence(Rule::Count(Count::ExactlyOne, list())), "exactly one of `a`, `b` and `c` has to be given");
        for count in [Count::ExactlyOne, Count::AtLeastOne] {
            let only = sentence(Rule::Count(count, values(&["a"])));
            assert_eq!(only, "`a` has to be given and cannot be empty");
        }
        let case = (ValueAt::Pointer("/order/type".to_owned()), vec![r#""LIMIT""#.to_owned(), "1".to_owned()]);
        assert_eq!(
            sentence(Rule::Needed(list(), When::Equals(vec![case]))),
            "`a`, `b` and `c` have to be given if `/order/type` is `LIMIT` or `1`"
        );
        let absent = When::Absent(ValueAt::Pointer("/x".to_owned()));
        assert_eq!(sentence(Rule::Needed(values(&["a"]), absent)), "`a` has to be given if `x` is not given");
    }
}
