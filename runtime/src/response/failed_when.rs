//! Decides whether a response of status 2xx states a failure.

use serde_json::value::RawValue;

use crate::json_find;
use crate::operation::outcome::{Condition, ConditionTest};

/// A failure that a response of status 2xx states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) leaves_open: bool,
}

/// Returns the failure that a response of status 2xx states.
///
/// The first condition on the whole body that holds decides. Conditions on the elements of an array
/// (`*`) are checked per element: the response failed only if every element failed.
pub(super) fn failure<'c>(conditions: impl Iterator<Item = &'c Condition> + Clone, body: &[u8]) -> Option<Failure> {
    let whole = conditions
        .clone()
        .find(|condition| !condition.pointer.contains("/*") && holds(condition.test, body, condition.pointer));
    if let Some(condition) = whole {
        return Some(Failure { leaves_open: condition.leaves_open });
    }
    by_array(conditions).into_iter().find_map(|array| {
        let elements = array.elements(body);
        let mut leaves_open = false;
        for element in &elements {
            leaves_open |= array.judge(element)?.leaves_open;
        }
        (!elements.is_empty()).then_some(Failure { leaves_open })
    })
}

/// The conditions on the elements of one array.
pub(super) struct ArrayConditions<'c> {
    /// The JSON pointer to the array.
    pub(super) pointer: &'c str,
    /// The conditions in their order, each with its JSON pointer within an element.
    conditions: Vec<(&'c Condition, &'c str)>,
}

/// Returns the conditions on elements, by their array.
pub(super) fn by_array<'c>(conditions: impl Iterator<Item = &'c Condition>) -> Vec<ArrayConditions<'c>> {
    let mut arrays: Vec<ArrayConditions<'c>> = Vec::new();
    for condition in conditions {
        let Some((pointer, rest)) = condition.pointer.split_once("/*") else { continue };
        match arrays.iter_mut().find(|array| array.pointer == pointer) {
            Some(array) => array.conditions.push((condition, rest)),
            None => arrays.push(ArrayConditions { pointer, conditions: vec![(condition, rest)] }),
        }
    }
    arrays
}

impl ArrayConditions<'_> {
    /// Returns the elements of the array in a body; none if the body has no such array.
    pub(super) fn elements<'b>(&self, body: &'b [u8]) -> Vec<&'b RawValue> {
        let found = json_find::find(body, self.pointer).unwrap_or_default();
        found.first().and_then(|array| serde_json::from_str(array.get()).ok()).unwrap_or_default()
    }

    /// Returns the failure that an element states, by the first condition that holds for it.
    pub(super) fn judge(&self, element: &RawValue) -> Option<Failure> {
        let element = element.get().as_bytes();
        let (condition, _) = self.conditions.iter().find(|(condition, rest)| holds(condition.test, element, rest))?;
        Some(Failure { leaves_open: condition.leaves_open })
    }
}

/// Returns whether there is a value at `pointer`, and all values there pass the test.
fn holds(test: ConditionTest, body: &[u8], pointer: &str) -> bool {
    let found = json_find::find(body, pointer).unwrap_or_default();
    !found.is_empty()
        && found.iter().all(|value| match test {
            ConditionTest::Equals(json) => json_find::is_same_scalar(value, json),
            ConditionTest::Present => {
                !matches!(value.get(), "null" | r#""""# | "[]" | "{}" | "false") && !is_zero(value)
            }
        })
}

fn is_zero(value: &RawValue) -> bool {
    json_find::number(value.get()).is_some_and(|number| number.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(conditions: &[Condition], body: &str) -> Option<bool> {
        failure(conditions.iter(), body.as_bytes()).map(|failure| failure.leaves_open)
    }

    #[test]
    fn conditions_on_elements_hold_if_each_element_failed_by_one_of_them() {
        let conditions = [Condition::equals("/*/ok", "false"), Condition::equals("/*/code", "-1").leaves_open()];
        assert_eq!(failed(&conditions, r#"[{"ok":false},{"ok":false}]"#), Some(false));
        assert_eq!(failed(&conditions, r#"[{"ok":false},{"code":-1.0}]"#), Some(true));
        assert_eq!(failed(&conditions, r#"[{"ok":false},{"ok":true}]"#), None);
        assert_eq!(failed(&conditions, "[]"), None);
        assert_eq!(failed(&conditions, r#"{"ok":false}"#), None);
    }

    #[test]
    fn the_first_condition_on_the_whole_that_holds_decides() {
        let conditions =
            [Condition::equals("/status", r#""REJECTED""#), Condition::present("/errorCode").leaves_open()];
        assert_eq!(failed(&conditions, r#"{"status":"REJECTED","errorCode":"X"}"#), Some(false));
        assert_eq!(failed(&conditions, r#"{"status":"PENDING_NEW","errorCode":"X"}"#), Some(true));
        for nothing in ["null", "\"\"", "0", "0.0", "-0", "false", "[]", "{}"] {
            assert_eq!(failed(&conditions, &format!(r#"{{"status":"NEW","errorCode":{nothing}}}"#)), None, "{nothing}");
        }
    }
}
