//! Checks the values of a request against the constraints between them.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::text::Text;
use super::values::{RequestValues, Value, is_something};
use crate::json_find;
use crate::operation::constraint::{Case, Constraint, Rule, ValueAt, When, Within};

/// Returns the first checked constraint that the values break, as a message with a help.
pub(crate) fn broken(values: &RequestValues) -> Option<String> {
    let constraints = values.operation().constraints;
    if constraints.is_empty() {
        return None;
    }
    let parameters = values.all().filter_map(|(parameter, value)| Some((parameter.name, json(value?))));
    let body = values.body().map(AsRef::as_ref);
    first_broken(constraints, &parameters.collect::<Vec<_>>(), body).map(|broken| broken.message())
}

/// Returns a parameter as JSON. A text parameter has no JSON type, so it becomes a JSON string.
fn json(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Json(json) => Cow::Borrowed(json),
        Value::Files(files) => Cow::Borrowed(if files.is_empty() { "null" } else { "{}" }),
        Value::Text(text) => Cow::Owned(quoted(text).to_string()),
    }
}

fn quoted(text: &Text) -> serde_json::Value {
    match text {
        Text::Null => serde_json::Value::Null,
        Text::Scalar(text) => (&**text).into(),
        Text::List(elements) => elements.iter().map(quoted).collect(),
        Text::Object(members) => members.iter().map(|(name, text)| (name.to_string(), quoted(text))).collect(),
    }
}

/// A constraint that the values of a request break.
#[derive(Debug)]
pub(crate) struct Broken {
    constraint: &'static Constraint,
    /// The place of the object that breaks the constraint; empty for the request as a whole.
    place: String,
    /// The names of the listed values, each with `true` if the value is given.
    listed: Vec<(String, bool)>,
}

/// Returns the first checked constraint that values break. `parameters` are JSON, by name.
pub(crate) fn first_broken(
    constraints: &'static [Constraint],
    parameters: &[(&str, Cow<'_, str>)],
    body: Option<&[u8]>,
) -> Option<Broken> {
    let parameter = |name: &str| parameters.iter().find(|(other, _)| *other == name).map(|(_, json)| &**json);
    constraints.iter().filter(|constraint| constraint.is_checked()).find_map(|constraint| {
        let at = match constraint.within {
            Within::Request => {
                let given = |value: ValueAt| match value {
                    ValueAt::Parameter(name) => Some(Cow::Borrowed(parameter(name)?)),
                    ValueAt::Pointer(pointer) => member(body?, pointer),
                };
                return constraint.broken_by(&given, "");
            }
            Within::Body(pointer) => (body, pointer),
            Within::Parameter(name, pointer) => (parameter(name).map(str::as_bytes), pointer),
        };
        let (Some(json), pointer) = at else { return None };
        objects(json, pointer).into_iter().find_map(|(place, object)| {
            let given = |value: ValueAt| match value {
                ValueAt::Parameter(_) => None,
                ValueAt::Pointer(pointer) => member(object.as_bytes(), pointer),
            };
            constraint.broken_by(&given, &place)
        })
    })
}

/// Returns the value at a pointer. If a property occurs twice, the last one counts, as in most
/// readers of JSON.
fn member<'j>(json: &'j [u8], pointer: &str) -> Option<Cow<'j, str>> {
    json_find::find(json, pointer)?.last().map(|value| Cow::Borrowed(value.get()))
}

/// Returns the objects at a pointer, with their places. A segment `*` stands for each element.
fn objects<'j>(json: &'j [u8], pointer: &str) -> Vec<(String, &'j str)> {
    let Some((before, after)) =
        pointer.split_once("/*").filter(|(_, after)| after.is_empty() || after.starts_with('/'))
    else {
        let found = json_find::find(json, pointer).unwrap_or_default();
        let objects = found.into_iter().map(RawValue::get).filter(|value| value.starts_with('{'));
        return objects.map(|object| (pointer.to_owned(), object)).collect();
    };
    let elements = json_find::find(json, &format!("{before}/*")).unwrap_or_default();
    let inside = elements.into_iter().enumerate().flat_map(|(index, element)| {
        let inner = objects(element.get().as_bytes(), after).into_iter();
        inner.map(move |(place, object)| (format!("{before}/{index}{place}"), object))
    });
    inside.collect()
}

impl Constraint {
    /// Returns the breach of the constraint, if values break it. `given` returns the JSON of a
    /// value.
    fn broken_by<'j>(&'static self, given: &dyn Fn(ValueAt) -> Option<Cow<'j, str>>, place: &str) -> Option<Broken> {
        let has = |value: ValueAt| given(value).is_some_and(|json| is_something(&json));
        let listed = self.rule.listed();
        let count = listed.iter().filter(|value| has(**value)).count();
        let holds = match self.rule {
            Rule::ExactlyOneOf(_) => count == 1,
            Rule::AtLeastOneOf(_) => count >= 1,
            Rule::AtMostOneOf(_) => count <= 1,
            Rule::AllOrNone(_) => count == 0 || count == listed.len(),
            Rule::Needed(_, When(case)) => count == listed.len() || !case.applies(&has, given),
        };
        let listed = || listed.iter().map(|value| (value.name(), has(*value))).collect();
        (!holds).then(|| Broken { constraint: self, place: place.to_owned(), listed: listed() })
    }
}

impl Rule {
    fn listed(&self) -> &'static [ValueAt] {
        match self {
            Self::ExactlyOneOf(values)
            | Self::AtLeastOneOf(values)
            | Self::AtMostOneOf(values)
            | Self::AllOrNone(values)
            | Self::Needed(values, _) => values,
        }
    }
}

impl Case {
    fn applies<'j>(self, has: &dyn Fn(ValueAt) -> bool, given: &dyn Fn(ValueAt) -> Option<Cow<'j, str>>) -> bool {
        match self {
            Self::Present(value) => has(value),
            Self::Absent(value) => !has(value),
            Self::Equals(cases) => cases.iter().all(|(value, scalars)| {
                given(*value).is_some_and(|json| scalars.iter().any(|scalar| is_same(&json, scalar)))
            }),
        }
    }
}

/// Returns whether a value and a scalar of the spec are sent as the same text, or are the same
/// number.
fn is_same(json: &str, scalar: &str) -> bool {
    let text = |json: &str| serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned());
    let (sent, wanted) = (text(json), text(scalar));
    sent == wanted || json_find::number(scalar).is_some_and(|number| json_find::number(&sent) == Some(number))
}

impl ValueAt {
    /// Returns the name of the value in messages.
    fn name(self) -> String {
        let pointer = match self {
            Self::Parameter(name) => return name.to_owned(),
            Self::Pointer(pointer) => pointer,
        };
        match venuekit_json::pointer::segments(pointer).as_deref() {
            Some([name]) => name.clone(),
            _ => pointer.to_owned(),
        }
    }
}

impl Broken {
    /// Returns the constraint, the values that are given, and a help.
    pub(crate) fn message(&self) -> String {
        let Self { constraint, place, listed } = self;
        let names = |wanted: bool| {
            let names = listed.iter().filter(|(_, given)| *given == wanted).map(|(name, _)| format!("`{name}`"));
            names.collect::<Vec<_>>().join(", ")
        };
        let place = if place.is_empty() { String::new() } else { format!("at `{place}`: ") };
        let given = match names(true) {
            none if none.is_empty() && listed.len() == 1 => "it is missing or empty".to_owned(),
            none if none.is_empty() => "none of them is given".to_owned(),
            given => format!("given: {given}"),
        };
        let help = match constraint.rule {
            Rule::AtMostOneOf(_) => "leave out all but one".to_owned(),
            Rule::ExactlyOneOf(_) if listed.iter().any(|(_, given)| *given) => "leave out all but one".to_owned(),
            Rule::ExactlyOneOf(_) | Rule::AtLeastOneOf(_) if listed.len() > 1 => "give one of them".to_owned(),
            Rule::AllOrNone(_) => format!("give {} too, or leave out the others", names(false)),
            Rule::ExactlyOneOf(_) | Rule::AtLeastOneOf(_) | Rule::Needed(..) => format!("give {}", names(false)),
        };
        let widens = if constraint.widens { " (a request that breaks this may do more than intended)" } else { "" };
        format!("{place}{}{widens}; {given}; help: {help}", constraint.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ValueAt = ValueAt::Parameter("a");
    const B: ValueAt = ValueAt::Parameter("b");
    const PRICE: ValueAt = ValueAt::Pointer("/price");
    const STOP: ValueAt = ValueAt::Pointer("/stop/price");

    /// Returns the message on these values, `none` if they keep the constraint.
    fn message(constraints: &'static [Constraint], parameters: &[(&str, &str)], body: Option<&str>) -> String {
        let parameters: Vec<_> = parameters.iter().map(|(name, json)| (*name, Cow::Borrowed(*json))).collect();
        let broken = first_broken(constraints, &parameters, body.map(str::as_bytes));
        broken.map_or_else(|| "none".to_owned(), |broken| broken.message())
    }

    #[test]
    fn each_rule_is_broken_by_the_values_that_it_excludes() {
        static EXACTLY: &[Constraint] = &[Constraint::exactly_one_of("one", &[A, B])];
        static LEAST: &[Constraint] = &[Constraint::at_least_one_of("least", &[A, B])];
        static MOST: &[Constraint] = &[Constraint::at_most_one_of("most", &[A, B])];
        static ALL: &[Constraint] = &[Constraint::all_or_none("all", &[A, B])];
        let none: &[(&str, &str)] = &[];
        let both: &[(&str, &str)] = &[("a", "1"), ("b", r#""x""#)];
        assert_eq!(message(EXACTLY, none, None), "one; none of them is given; help: give one of them");
        assert_eq!(message(EXACTLY, both, None), "one; given: `a`, `b`; help: leave out all but one");
        assert_eq!(message(EXACTLY, &[("b", "0")], None), "none");
        assert_eq!(message(LEAST, none, None), "least; none of them is given; help: give one of them");
        assert_eq!(message(LEAST, both, None), "none");
        assert_eq!(message(MOST, both, None), "most; given: `a`, `b`; help: leave out all but one");
        assert_eq!(message(MOST, none, None), "none");
        assert_eq!(
            message(ALL, &[("b", "false")], None),
            "all; given: `b`; help: give `a` too, or leave out the others"
        );
        assert_eq!(message(ALL, both, None), "none");
        assert_eq!(message(ALL, none, None), "none");
    }

    #[test]
    fn null_and_empty_values_count_as_absent() {
        static EXACTLY: &[Constraint] = &[Constraint::exactly_one_of("one", &[A, PRICE])];
        for empty in ["null", r#""""#, "[]", r#"" ""#, r#""\u00a0\n""#, "[ ]", r#"["", null]"#] {
            let body = format!(r#"{{"price":{empty}}}"#);
            let expected = "one; none of them is given; help: give one of them";
            assert_eq!(message(EXACTLY, &[("a", empty)], Some(&body)), expected);
            assert_eq!(message(EXACTLY, &[("a", "[0]")], Some(&body)), "none");
        }
        // If a property occurs twice, the last one counts.
        assert_eq!(message(EXACTLY, &[("a", "1")], Some(r#"{"price":1,"price":null}"#)), "none");
    }

    #[test]
    fn values_are_needed_only_in_their_case() {
        static EQUALS: &[Constraint] =
            &[Constraint::needed("needed", &[PRICE, STOP], When::equals(&[(A, &[r#""LIMIT""#, "7", "true"])]))];
        let expected = "needed; given: `price`; help: give `/stop/price`";
        for case in [r#""LIMIT""#, "7", "7.0", r#""7""#, "true", r#""true""#] {
            assert_eq!(message(EQUALS, &[("a", case)], Some(r#"{"price":1}"#)), expected, "{case}");
            assert_eq!(message(EQUALS, &[("a", case)], Some(r#"{"price":1,"stop":{"price":2}}"#)), "none");
        }
        for other in [r#""limit""#, "8", "null", r#""""#] {
            assert_eq!(message(EQUALS, &[("a", other)], Some("{}")), "none", "{other}");
        }
        assert_eq!(message(EQUALS, &[], None), "none");
        static PRESENT: &[Constraint] = &[Constraint::needed("present", &[B], When::present(A))];
        static ABSENT: &[Constraint] = &[Constraint::needed("absent", &[B], When::absent(A))];
        assert_eq!(message(PRESENT, &[("a", "1")], None), "present; it is missing or empty; help: give `b`");
        assert_eq!(message(PRESENT, &[("a", "null")], None), "none");
        assert_eq!(message(ABSENT, &[("a", "null")], None), "absent; it is missing or empty; help: give `b`");
        assert_eq!(message(ABSENT, &[("a", "1")], None), "none");
    }

    #[test]
    fn each_object_is_checked_and_the_message_has_its_json_pointer() {
        static ORDERS: &[Constraint] = &[Constraint::at_least_one_of("least", &[PRICE, STOP]).within_body("/orders/*")];
        static FIRST: &[Constraint] =
            &[Constraint::at_least_one_of("least", &[PRICE, STOP]).within_parameter("a", "/*/0").widens()];
        let kept = r#"{"orders":[{"price":1},null,[],{"stop":{"price":1}}]}"#;
        assert_eq!(message(ORDERS, &[], Some(kept)), "none");
        let broken = r#"{"orders":[{"price":1},{"stop":{}}]}"#;
        let expected = "at `/orders/1`: least; none of them is given; help: give one of them";
        assert_eq!(message(ORDERS, &[], Some(broken)), expected);
        assert_eq!(message(ORDERS, &[], None), "none");
        let expected = "at `/1/0`: least (a request that breaks this may do more than intended); none of them is given; help: give one \
                    of them";
        assert_eq!(message(FIRST, &[("a", r#"[[{"price":1}],[{}]]"#)], None), expected);
    }

    #[test]
    fn a_constraint_of_another_source_is_checked_only_if_it_widens() {
        static HINT: &[Constraint] = &[Constraint::at_least_one_of("least", &[A]).stated_by_evidence()];
        static WIDENS: &[Constraint] = &[Constraint::at_least_one_of("least", &[A]).stated_by_evidence().widens()];
        assert_eq!(message(HINT, &[], None), "none");
        let expected =
            "least (a request that breaks this may do more than intended); it is missing or empty; help: give `a`";
        for empty in [None, Some("[]"), Some("null")] {
            let given: Vec<_> = empty.iter().map(|json| ("a", *json)).collect();
            assert_eq!(message(WIDENS, &given, None), expected);
        }
        assert_eq!(message(WIDENS, &[("a", "[1]")], None), "none");
    }
}
