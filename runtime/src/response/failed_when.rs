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
    let by_element = conditions.filter_map(|condition| Some((condition, condition.pointer.split_once("/*")?)));
    let mut arrays: Vec<&str> = Vec::new();
    for (_, (array, _)) in by_element.clone() {
        if !arrays.contains(&array) {
            arrays.push(array);
        }
    }
    arrays.into_iter().find_map(|array| {
        let values = json_find::find(body, array)?;
        let elements: Vec<&RawValue> = serde_json::from_str(values.first()?.get()).ok()?;
        let mut leaves_open = false;
        for element in &elements {
            let element = element.get().as_bytes();
            let mut own = by_element.clone().filter(|(_, (other, _))| *other == array);
            let (condition, _) = own.find(|(condition, (_, rest))| holds(condition.test, element, rest))?;
            leaves_open |= condition.leaves_open;
        }
        (!elements.is_empty()).then_some(Failure { leaves_open })
    })
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
