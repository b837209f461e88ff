//! Decides whether a response of status 2xx states a failure.

use std::ops::ControlFlow;

use serde_json::value::RawValue;
use venuekit_json::reader;

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
    let is_on_elements = |condition: &&Condition| condition.pointer.contains("/*");
    let of_whole = conditions.clone().filter(|condition| !is_on_elements(condition));
    if let Some(failure) = first_that_holds(of_whole.map(|condition| (condition, condition.pointer)), body) {
        return Some(failure);
    }
    if !conditions.clone().any(|condition| is_on_elements(&condition)) {
        return None;
    }
    by_array(conditions).into_iter().find_map(|array| {
        // Every element has to fail. The first one does not, in nearly every response.
        array.judge(array.first_element(body)?)?;
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
        found.first().and_then(|array| reader::from_str(array.get()).ok()).unwrap_or_default()
    }

    /// Returns the first element of the array, without reading the body further; `None` if it has
    /// no such array.
    fn first_element<'b>(&self, body: &'b [u8]) -> Option<&'b RawValue> {
        let (condition, _) = self.conditions.first()?;
        if !json_find::may_have(body, condition.pointer) {
            return None;
        }
        let mut first = None;
        json_find::each(body, &[&format!("{}/0", self.pointer)], |_, element| {
            first = Some(element);
            ControlFlow::Break(())
        });
        first
    }

    /// Returns the failure that an element states, by the first condition that holds for it.
    pub(super) fn judge(&self, element: &RawValue) -> Option<Failure> {
        first_that_holds(self.conditions.iter().copied(), element.get().as_bytes())
    }
}

/// Returns the failure of the first condition that holds. A condition holds if there is a value at
/// its JSON pointer, and all values there pass the test.
///
/// Nearly every response states no failure. So a body is read only if it has the bytes of a key
/// that a condition names, and only until no condition can hold.
fn first_that_holds<'c>(conditions: impl Iterator<Item = (&'c Condition, &'c str)>, body: &[u8]) -> Option<Failure> {
    let mut known: Option<(&str, bool)> = None;
    let mut possible = Vec::new();
    for (condition, pointer) in conditions {
        // Several conditions on the same pointer follow each other.
        let is_possible = match known {
            Some((known, is_possible)) if known == pointer => is_possible,
            _ => json_find::may_have(body, pointer),
        };
        known = Some((pointer, is_possible));
        if is_possible {
            possible.push((condition, pointer));
        }
    }
    if possible.is_empty() {
        return None;
    }
    let pointers: Vec<&str> = possible.iter().map(|(_, pointer)| *pointer).collect();
    let mut verdicts = vec![None; possible.len()];
    let is_json = json_find::each(body, &pointers, |index, value| {
        if let (Some((condition, _)), Some(verdict)) = (possible.get(index), verdicts.get_mut(index)) {
            *verdict = Some(*verdict != Some(false) && passes(condition.test, value));
        }
        if verdicts.iter().all(|verdict| *verdict == Some(false)) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let mut verdicts = possible.iter().zip(verdicts).filter(|_| is_json);
    let ((condition, _), _) = verdicts.find(|(_, verdict)| *verdict == Some(true))?;
    Some(Failure { leaves_open: condition.leaves_open })
}

fn passes(test: ConditionTest, value: &RawValue) -> bool {
    match test {
        ConditionTest::Equals(json) => json_find::is_same_scalar(value, json),
        ConditionTest::Present => !matches!(value.get(), "null" | r#""""# | "[]" | "{}" | "false") && !is_zero(value),
    }
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
        assert_eq!(failed(&conditions, r#"{"0":{"ok":false}}"#), None);
        assert_eq!(failed(&conditions, r#"[{"ok":false},{"ok":false}"#), None);
        let conditions = [Condition::equals("/list/*/ok", "false")];
        assert_eq!(failed(&conditions, r#"{"list":[{"ok":false}]}"#), Some(false));
        assert_eq!(failed(&conditions, r#"{"l\u0069st":[{"ok":false}]}"#), Some(false));
        assert_eq!(failed(&conditions, r#"{"list":{"0":{"ok":false}}}"#), None);
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
