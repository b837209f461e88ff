//! Decides whether a response of status 2xx states a failure.

use std::ops::ControlFlow;

use serde_json::value::RawValue;
use venuekit_json::reader;

use crate::json_find;
use crate::operation::outcome::{Condition, ConditionTest};

/// The length up to which a body is read at once: ending the read early costs more than the rest.
const SHORT: usize = 512;

/// A failure that a response of status 2xx states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure<'c> {
    pub(super) leaves_open: bool,
    /// The JSON pointer to the array whose elements all failed; `None` if a condition on the whole
    /// body decided.
    pub(super) array: Option<&'c str>,
}

/// Returns the failure that a response of status 2xx states.
///
/// The first condition on the whole body that holds decides. Conditions on the elements of an array
/// (`*`) are checked per element: the response failed only if every element failed.
pub(super) fn failure<'c>(conditions: impl Iterator<Item = &'c Condition> + Clone, body: &[u8]) -> Option<Failure<'c>> {
    let of_whole = conditions.clone().filter(|condition| !condition.is_on_elements());
    if let Some(failure) = first_that_holds(of_whole.map(|condition| Tested::new(condition, condition.pointer)), body) {
        return Some(failure);
    }
    // The arrays are looked for by their first segments, before anything is allocated.
    let (mut known, mut escapes) = (None, None);
    let has_any_array = conditions.clone().filter_map(Condition::split_at_elements).any(|(array, _)| {
        // Several conditions on the same array follow each other.
        let array_or_element = if array.is_empty() { "/*" } else { array };
        known.replace(array) != Some(array) && json_find::may_have(body, array_or_element, &mut escapes)
    });
    if !has_any_array {
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
        (!elements.is_empty()).then_some(Failure { leaves_open, array: Some(array.pointer) })
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
        let Some((pointer, rest)) = condition.split_at_elements() else { continue };
        match arrays.iter_mut().find(|array| array.pointer == pointer) {
            Some(array) => array.conditions.push((condition, rest)),
            None => arrays.push(ArrayConditions { pointer, conditions: vec![(condition, rest)] }),
        }
    }
    arrays
}

impl<'c> ArrayConditions<'c> {
    /// Returns the elements of the array in a body; none if the body has no such array.
    pub(super) fn elements<'b>(&self, body: &'b [u8]) -> Vec<&'b RawValue> {
        let found = json_find::find(body, self.pointer).unwrap_or_default();
        found.first().and_then(|array| reader::from_str(array.get()).ok()).unwrap_or_default()
    }

    /// Returns the first element of the array, without reading the body further; `None` if it has
    /// no such array.
    fn first_element<'b>(&self, body: &'b [u8]) -> Option<&'b RawValue> {
        let (condition, _) = self.conditions.first()?;
        if !json_find::may_have(body, condition.pointer, &mut None) {
            return None;
        }
        let elements = condition.pointer.get(..self.pointer.len() + "/*".len())?;
        let mut first = None;
        json_find::each(body, [elements], |_, element| {
            first = Some(element);
            ControlFlow::Break(())
        });
        first
    }

    /// Returns the failure that an element states, by the first condition that holds for it.
    pub(super) fn judge(&self, element: &RawValue) -> Option<Failure<'c>> {
        let within = |pointer: &'c str| pointer.strip_prefix(self.pointer)?.strip_prefix("/*");
        let tested = self.conditions.iter().map(|(condition, pointer)| Tested {
            beside: condition.beside.map(|beside| within(beside).unwrap_or(beside)),
            ..Tested::new(condition, pointer)
        });
        first_that_holds(tested, element.get().as_bytes())
    }
}

/// A condition, with its JSON pointers within the text that it is tested on.
#[derive(Clone, Copy)]
struct Tested<'c> {
    condition: &'c Condition,
    pointer: &'c str,
    beside: Option<&'c str>,
}

impl<'c> Tested<'c> {
    fn new(condition: &'c Condition, pointer: &'c str) -> Self {
        Self { condition, pointer, beside: condition.beside }
    }
}

/// The states of conditions while a body is read, each a bit of these numbers.
#[derive(Default)]
struct States {
    /// The conditions that have a value at their pointer.
    has_value: u64,
    /// The conditions that have a value at their pointer which does not pass the test.
    has_failed: u64,
    /// The conditions that have a value beside.
    has_beside: u64,
    /// The conditions whose value beside counts as none.
    lacks_beside: u64,
}

impl States {
    /// Tests a value at the pointer of a condition.
    fn test(&mut self, bit: u64, condition: &Condition, value: &RawValue) {
        self.has_value |= bit;
        if self.has_failed & bit == 0 && !passes(condition.test, value) {
            self.has_failed |= bit;
        }
    }

    /// Tests a value at the pointer beside.
    fn test_beside(&mut self, bit: u64, value: &RawValue) {
        self.has_beside |= bit;
        if self.lacks_beside & bit == 0 && !passes(ConditionTest::Present, value) {
            self.lacks_beside |= bit;
        }
    }

    /// Returns whether any of these conditions can still hold.
    fn can_hold(&self, conditions: u64) -> bool {
        conditions & !(self.has_failed | self.lacks_beside) != 0
    }

    /// Returns whether a condition holds for a body that has been read to its end.
    fn holds(&self, bit: u64, has_beside: bool) -> bool {
        let passes = self.has_value & !self.has_failed;
        let needed = if has_beside { passes & self.has_beside & !self.lacks_beside } else { passes };
        needed & bit != 0
    }
}

/// Returns the failure of the first condition that holds. A condition holds if there is a value at
/// its JSON pointer, and all values there pass the test.
///
/// Nearly every response states no failure. So a long body is read only if it has the bytes of a
/// key that a condition names, and only until no condition can hold. A short body is read at once.
fn first_that_holds<'c>(mut conditions: impl Iterator<Item = Tested<'c>>, body: &[u8]) -> Option<Failure<'c>> {
    /// Nearly no response has more conditions. They are kept without an allocation.
    const AT_ONCE: usize = 16;
    let mut places = Places { body, is_short: body.len() <= SHORT, last: None, escapes: None };
    loop {
        let mut few = [None; AT_ONCE];
        let mut count = 0;
        while let Some(place) = few.get_mut(count) {
            let Some(tested) = conditions.next() else { break };
            if places.has(tested.pointer) && tested.beside.is_none_or(|beside| places.has(beside)) {
                *place = Some(tested);
                count += 1;
            }
        }
        let failure = first_of_few(few.get(..count)?, body);
        if failure.is_some() || count < AT_ONCE {
            return failure;
        }
    }
}

/// Returns the failure of the first condition that holds. Each of the conditions is a bit.
fn first_of_few<'c>(conditions: &[Option<Tested<'c>>], body: &[u8]) -> Option<Failure<'c>> {
    if conditions.is_empty() {
        return None;
    }
    let conditions = || conditions.iter().flatten().enumerate().map(|(index, tested)| (1_u64 << index, tested));
    let all = conditions().fold(0, |all, (bit, _)| all | bit);
    let mut states = States::default();
    let is_over = |states: &States| body.len() > SHORT && !states.can_hold(all);
    let is_json = match object(body) {
        Some(text) if conditions().all(|(_, tested)| !tested.is_whole()) => {
            let is_wanted = |segment: &str| conditions().any(|(_, tested)| tested.leads_through(segment));
            json_find::members(text, is_wanted, |segment, value| {
                for (bit, Tested { condition, pointer, beside }) in conditions() {
                    each_below(pointer, segment, value, |value| states.test(bit, condition, value));
                    if let Some(beside) = beside {
                        each_below(beside, segment, value, |value| states.test_beside(bit, value));
                    }
                }
                if is_over(&states) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        }
        _ => {
            let places = conditions().flat_map(|(bit, tested)| {
                let beside = tested.beside.map(|beside| (beside, bit, None));
                [Some((tested.pointer, bit, Some(tested.condition))), beside].into_iter().flatten()
            });
            let places: Vec<_> = places.collect();
            json_find::each(body, places.iter().map(|(pointer, ..)| *pointer), |index, value| {
                match places.get(index) {
                    Some((_, bit, Some(condition))) => states.test(*bit, condition, value),
                    Some((_, bit, None)) => states.test_beside(*bit, value),
                    None => {}
                }
                if is_over(&states) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        }
    };
    let (_, holding) = conditions().find(|(bit, tested)| states.holds(*bit, tested.beside.is_some()))?;
    is_json.then_some(Failure { leaves_open: holding.condition.leaves_open, array: None })
}

impl Tested<'_> {
    /// Returns whether one of the pointers leads to the whole body.
    fn is_whole(&self) -> bool {
        self.pointer.is_empty() || self.beside == Some("")
    }

    /// Returns whether one of the pointers leads through the member of an object.
    fn leads_through(&self, segment: &str) -> bool {
        let leads = |pointer| json_find::below(pointer, segment).is_some();
        leads(self.pointer) || self.beside.is_some_and(leads)
    }
}

/// Returns the text of a body that begins like an object.
fn object(body: &[u8]) -> Option<&str> {
    let is_object = body.trim_ascii_start().first() == Some(&b'{');
    if is_object { std::str::from_utf8(body).ok() } else { None }
}

/// Reports the values to which a pointer leads within a member.
fn each_below<'v>(pointer: &str, segment: &str, value: &'v RawValue, mut report: impl FnMut(&'v RawValue)) {
    match json_find::below(pointer, segment) {
        None => {}
        Some("") => report(value),
        Some(rest) => {
            json_find::each(value.get().as_bytes(), [rest], |_, value| {
                report(value);
                ControlFlow::Continue(())
            });
        }
    }
}

/// Tells whether a body may have values at pointers.
struct Places<'c, 'b> {
    body: &'b [u8],
    is_short: bool,
    /// The last pointer, and the result for it. Conditions on the same pointer follow each other.
    last: Option<(&'c str, bool)>,
    /// Whether the body has escapes, if this was asked for.
    escapes: Option<bool>,
}

impl<'c> Places<'c, '_> {
    /// Returns `false` if the body has no value at the pointer.
    fn has(&mut self, pointer: &'c str) -> bool {
        match self.last {
            Some((last, has)) if last == pointer => has,
            _ => {
                let has = if self.is_short {
                    json_find::has_kind(self.body, pointer)
                } else {
                    json_find::may_have(self.body, pointer, &mut self.escapes)
                };
                self.last = Some((pointer, has));
                has
            }
        }
    }
}

fn passes(test: ConditionTest, value: &RawValue) -> bool {
    match test {
        ConditionTest::Equals(json) => is_equal(value, json),
        ConditionTest::OneOf(scalars) => scalars.iter().any(|json| is_equal(value, json)),
        ConditionTest::Present => !matches!(value.get(), "null" | r#""""# | "[]" | "{}" | "false") && !is_zero(value),
    }
}

fn is_equal(value: &RawValue, json: &str) -> bool {
    json_find::is_same_scalar(value, json) || is_same_as_text(value.get(), json)
}

/// Returns whether one of two scalars is a number or a boolean, and the other one its text.
/// Some venues write codes as text.
fn is_same_as_text(one: &str, other: &str) -> bool {
    let is_text_of = |text: &str, scalar: &str| {
        let is_comparable = text.starts_with('"') && !scalar.starts_with('"') && scalar != "null";
        is_comparable && {
            let text = json_find::unquoted(text);
            text == scalar || json_find::number(&text).is_some_and(|text| json_find::number(scalar) == Some(text))
        }
    };
    is_text_of(one, other) || is_text_of(other, one)
}

fn is_zero(value: &RawValue) -> bool {
    let text = json_find::unquoted(value.get());
    // Most values have another digit, and are not parsed: an error of the parser is expensive.
    let mut mantissa = text.bytes().take_while(|byte| !matches!(byte, b'e' | b'E'));
    !mantissa.any(|byte| matches!(byte, b'1'..=b'9')) && json_find::number(&text).is_some_and(|it| it.is_zero())
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
        for nothing in
            ["null", "\"\"", "0", "0.0", "-0", "0e5", "false", "[]", "{}", r#""0""#, r#""0.00""#, r#""\u0030""#]
        {
            assert_eq!(failed(&conditions, &format!(r#"{{"status":"NEW","errorCode":{nothing}}}"#)), None, "{nothing}");
        }
        for code in
            ["1", "0.01", "10e-1", r#""0-0""#, r#""00000000-0000-4000""#, r#""00-00""#, r#""e1""#, r#""\\u0030""#]
        {
            let body = format!(r#"{{"status":"NEW","errorCode":{code}}}"#);
            assert_eq!(failed(&conditions, &body), Some(true), "{code}");
        }
    }

    #[test]
    fn a_code_that_is_written_as_text_equals_the_number() {
        let code =
            |value: &str, condition: Condition| failed(&[condition], &format!(r#"{{"code":{value}}}"#)).is_some();
        let number = Condition::equals("/code", "-1");
        for same in ["-1", "-1.0", r#""-1""#, r#""-1.0""#, r#""\u002d1""#] {
            assert!(code(same, number), "{same}");
        }
        for other in ["1", r#""1""#, r#"" -1""#, r#""""#, "null", "true", "[-1]"] {
            assert!(!code(other, number), "{other}");
        }
        let text = Condition::equals("/code", r#""8""#);
        assert!(code("8", text) && code(r#""8""#, text) && !code("9", text));
        let flag = Condition::equals("/code", "false");
        assert!(code("false", flag) && code(r#""false""#, flag) && !code(r#""true""#, flag) && !code("0", flag));
        let null = Condition::equals("/code", "null");
        assert!(code("null", null) && !code(r#""null""#, null));
    }

    #[test]
    fn a_condition_on_several_scalars_holds_if_the_value_is_one_of_them() {
        let conditions = [Condition::one_of("/code", &["-1", "408", r#""X""#]).leaves_open()];
        for code in ["-1", "-1.0", r#""408""#, r#""X""#] {
            assert_eq!(failed(&conditions, &format!(r#"{{"code":{code}}}"#)), Some(true), "{code}");
        }
        for code in ["1", "40", r#""Y""#, "null", "[408]"] {
            assert_eq!(failed(&conditions, &format!(r#"{{"code":{code}}}"#)), None, "{code}");
        }
        assert_eq!(failed(&conditions, "[408]"), None);
    }

    #[test]
    fn the_first_condition_that_holds_decides_however_many_there_are() {
        let others = std::iter::repeat_n(Condition::equals("/code", "1"), 70);
        let two = [Condition::equals("/code", "2"), Condition::equals("/code", "2").leaves_open()];
        let conditions: Vec<Condition> = others.chain(two).collect();
        assert_eq!(failed(&conditions, r#"{"code":2}"#), Some(false));
        assert_eq!(failed(&conditions, r#"{"code":3}"#), None);
    }

    #[test]
    fn a_value_is_found_below_members_and_elements_and_in_bytes_of_any_kind() {
        let conditions = [Condition::equals("/a~1b/0/code", "1"), Condition::equals("/0/code", "2").leaves_open()];
        assert_eq!(failed(&conditions, r#"{"a\/b":[{"code":1}]}"#), Some(false));
        assert_eq!(failed(&conditions, r#"{"a":{"b":[{"code":1}]}}"#), None);
        assert_eq!(failed(&conditions, r#"[{"code":2}]"#), Some(true));
        assert_eq!(failed(&conditions, r#"{"0":{"code":2}}"#), Some(true));
        assert_eq!(failed(&[Condition::equals("", "7")], "7"), Some(false));
        assert_eq!(failed(&[Condition::present("")], r#"{"a":1}"#), Some(false));
        let odd = b"{\"other\":\"\xff\",\"0\":{\"code\":2}}";
        assert_eq!(failure(conditions.iter(), odd).map(|failure| failure.leaves_open), Some(true));
        // All values of a name that occurs twice have to pass.
        assert_eq!(failed(&conditions, r#"{"0":{"code":2},"0":{"code":3}}"#), None);
    }

    #[test]
    fn a_long_body_is_judged_like_a_short_one() {
        let conditions = [Condition::present("/error").beside("/id").leaves_open(), Condition::equals("/code", "1")];
        let rest = "x".repeat(SHORT);
        for (members, expected) in [
            (r#""error":1,"id":2"#, Some(true)),
            (r#""id":2,"error":1"#, Some(true)),
            (r#""error":1"#, None),
            (r#""code":1,"error":null"#, Some(false)),
            (r#""code":2"#, None),
        ] {
            assert_eq!(failed(&conditions, &format!(r#"{{{members}}}"#)), expected, "{members}");
            assert_eq!(failed(&conditions, &format!(r#"{{{members},"rest":"{rest}"}}"#)), expected, "{members}");
            assert_eq!(failed(&conditions, &format!(r#"{{"rest":"{rest}",{members}}}"#)), expected, "{members}");
        }
    }

    #[test]
    fn a_condition_beside_a_value_holds_only_with_the_value() {
        let conditions = [
            Condition::present("/errorCode").beside("/id").leaves_open(),
            Condition::equals("/ok", "false").beside("/order/id").leaves_open(),
            Condition::present("/errorCode"),
            Condition::equals("/ok", "false"),
        ];
        for (body, expected) in [
            (r#"{"errorCode":8,"id":"x"}"#, Some(true)),
            (r#"{"id":"x","errorCode":8}"#, Some(true)),
            (r#"{"errorCode":8}"#, Some(false)),
            (r#"{"errorCode":8,"id":null}"#, Some(false)),
            (r#"{"errorCode":8,"id":""}"#, Some(false)),
            (r#"{"id":"x"}"#, None),
            (r#"{"id":"x","errorCode":0}"#, None),
            (r#"{"ok":false,"order":{"id":7}}"#, Some(true)),
            (r#"{"ok":false,"order":{}}"#, Some(false)),
            (r#"{"ok":true,"order":{"id":7}}"#, None),
        ] {
            assert_eq!(failed(&conditions, body), expected, "{body}");
        }
    }

    #[test]
    fn a_condition_on_elements_looks_for_the_other_value_in_the_same_element() {
        let conditions = [
            Condition::present("/orders/*/error").beside("/orders/*/id").leaves_open(),
            Condition::present("/orders/*/error"),
        ];
        for (body, expected) in [
            (r#"{"orders":[{"error":1,"id":"x"},{"error":1}]}"#, Some(true)),
            (r#"{"orders":[{"error":1},{"error":1}]}"#, Some(false)),
            (r#"{"orders":[{"error":1},{"id":"x"}]}"#, None),
        ] {
            assert_eq!(failed(&conditions, body), expected, "{body}");
        }
    }
}
