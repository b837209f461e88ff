//! The elements and entities that were delivered, by which repeated ones are told apart.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::ControlFlow;

use serde_json::value::RawValue;

use super::frame::{Params, place_of};
use crate::json_find;
use crate::operation::family::{Elements, Entity, SubscriptionFamily};

/// The number of ids that are remembered per topic.
const IDS: usize = 4096;

/// The maximum number of entities that are remembered.
const ENTITIES: usize = 100_000;

/// The number of elements that may change that are remembered per topic.
const CHANGING: usize = 64;

/// What a subscription was told so far.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// The ids of elements, by topic.
    ids: HashMap<Box<str>, Ids>,
    /// The last text of the elements with the highest ids, by topic, if elements may change.
    changing: HashMap<Box<str>, BTreeMap<i64, Box<str>>>,
    /// The last text of each entity, by its id.
    pub(super) entities: BTreeMap<Box<str>, Box<str>>,
}

/// The last ids of a topic.
#[derive(Debug, Default)]
struct Ids {
    known: HashSet<i64>,
    in_order: VecDeque<i64>,
    /// The highest id that is not remembered any more. Lower ones count as known.
    forgotten: Option<i64>,
    highest: i64,
}

impl Ids {
    /// Remembers an id. Returns false if it was known.
    fn insert(&mut self, id: i64) -> bool {
        if self.forgotten.is_some_and(|forgotten| id <= forgotten) || !self.known.insert(id) {
            return false;
        }
        self.highest = self.highest.max(id);
        self.in_order.push_back(id);
        if self.in_order.len() > IDS
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.known.remove(&oldest);
            self.forgotten = self.forgotten.max(Some(oldest));
        }
        true
    }
}

/// A notification after the elements that were delivered before are removed.
#[derive(Debug, PartialEq)]
pub(super) enum Filtered {
    /// Nothing was delivered before.
    Whole,
    /// These `params` are left.
    Rest(String),
    /// Nothing is left.
    Nothing,
}

impl Identity {
    /// Returns the highest id of a topic that was delivered, or 0.
    pub(super) fn highest(&self, topic: &str) -> i64 {
        let changing = self.changing.get(topic).and_then(|known| known.keys().next_back()).copied();
        changing.or_else(|| self.ids.get(topic).map(|ids| ids.highest)).unwrap_or(0)
    }

    /// Remembers the elements of a notification, which may change. Returns their ids.
    pub(super) fn note_elements(&mut self, elements: Elements, topic: &str, params: &str) -> Vec<Box<str>> {
        let Some(list) = json_find::first(params.as_bytes(), &[elements.list]) else { return Vec::new() };
        let Ok(all) = serde_json::from_str::<Vec<&RawValue>>(list.get()) else { return Vec::new() };
        let mut ids = Vec::new();
        for element in all {
            if let Some(id) = id_of(elements.id, element.get()) {
                self.changes(topic, id, element.get());
                ids.push(id.to_string().into());
            }
        }
        ids
    }

    /// Remembers an element that may change. Returns false if it is the same as before.
    pub(super) fn is_changed(&mut self, id_at: &str, topic: &str, element: &str) -> bool {
        id_of(id_at, element).is_none_or(|id| self.changes(topic, id, element))
    }

    fn changes(&mut self, topic: &str, id: i64, element: &str) -> bool {
        if !self.changing.contains_key(topic) {
            self.changing.insert(topic.into(), BTreeMap::new());
        }
        let Some(known) = self.changing.get_mut(topic) else { return true };
        if known.get(&id).is_some_and(|known| **known == *element) {
            return false;
        }
        known.insert(id, element.into());
        if known.len() > CHANGING {
            known.pop_first();
        }
        true
    }

    /// Remembers the elements of a notification, and removes those that were delivered before. An
    /// element without a readable id is never removed.
    pub(super) fn filter(&mut self, elements: Elements, topic: &str, params: &str) -> Filtered {
        let Some(list) = json_find::first(params.as_bytes(), &[elements.list]) else { return Filtered::Whole };
        let Ok(all) = serde_json::from_str::<Vec<&RawValue>>(list.get()) else { return Filtered::Whole };
        let is_new = |identity: &mut Self, element: &RawValue| identity.is_new(elements.id, topic, element.get());
        let left: Vec<&str> = all.iter().filter(|element| is_new(self, element)).map(|element| element.get()).collect();
        if left.len() == all.len() {
            return Filtered::Whole;
        }
        if left.is_empty() {
            return Filtered::Nothing;
        }
        replaced(params, list.get(), &format!("[{}]", left.join(","))).map_or(Filtered::Whole, Filtered::Rest)
    }

    /// Remembers an element. Returns false if it was delivered before.
    pub(super) fn is_new(&mut self, id_at: &str, topic: &str, element: &str) -> bool {
        let Some(id) = id_of(id_at, element) else { return true };
        if !self.ids.contains_key(topic) {
            self.ids.insert(topic.into(), Ids::default());
        }
        self.ids.get_mut(topic).is_none_or(|ids| ids.insert(id))
    }

    /// Remembers the entities of a notification. Returns their ids.
    pub(super) fn note(&mut self, entity: Entity, params: &str) -> Vec<Box<str>> {
        let is_done = entity.done_when.is_some_and(|(pointer, json)| {
            let value = json_find::first(params.as_bytes(), &[pointer]);
            value.is_some_and(|value| json_find::is_same_scalar(value, json))
        });
        let found = entities(entity, params);
        for (id, json) in &found {
            if is_done {
                self.entities.remove(id);
            } else {
                self.set(id, json);
            }
        }
        found.into_iter().map(|(id, _)| id).collect()
    }

    /// Remembers an entity.
    pub(super) fn set(&mut self, id: &str, json: &str) {
        if let Some(known) = self.entities.get_mut(id) {
            *known = json.into();
        } else if self.entities.len() < ENTITIES {
            self.entities.insert(id.into(), json.into());
        }
    }
}

/// Returns the whole number at a pointer into an element.
fn id_of(pointer: &str, element: &str) -> Option<i64> {
    json_find::first(element.as_bytes(), &[pointer])?.get().trim_matches('"').parse().ok()
}

/// Returns the id and the text of each entity of a notification.
fn entities(entity: Entity, params: &str) -> Vec<(Box<str>, String)> {
    let Some(object) = json_find::first(params.as_bytes(), &[entity.at]) else { return Vec::new() };
    match entity.id {
        Some(pointer) => {
            let id = json_find::first(object.get().as_bytes(), &[pointer]);
            id.map(|id| (json_find::text(id).into(), object.get().to_owned())).into_iter().collect()
        }
        None => members(object.get()).into_iter().map(|(key, value)| (key.into(), value.get().to_owned())).collect(),
    }
}

/// Returns the members of an object in the text of `params`, in order of their keys. Other text has
/// none.
pub(super) fn members(object: &str) -> Vec<(String, &RawValue)> {
    serde_json::from_str::<BTreeMap<String, &RawValue>>(object).unwrap_or_default().into_iter().collect()
}

/// Returns the text with a part that was borrowed from it replaced.
pub(super) fn replaced(text: &str, part: &str, by: &str) -> Option<String> {
    let place = place_of(text, part)?;
    Some([text.get(..place.start)?, by, text.get(place.end..)?].concat())
}

/// The values in a notification that decide who gets it, as text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Marks<'p> {
    pub(super) topic: Option<&'p str>,
    pub(super) flag: Option<&'p str>,
}

impl<'p> Marks<'p> {
    pub(super) fn find(family: &SubscriptionFamily, flag: Option<&'static str>, params: &Params<'p>) -> Self {
        use crate::operation::family::TopicAt;
        let topic = family.topic.map(|(TopicAt::Text(pointer) | TopicAt::Keys(pointer))| pointer);
        let value = |pointer: &str| value_at(params, pointer);
        Self { topic: topic.and_then(value), flag: flag.and_then(value) }
    }
}

/// Returns the text of the value at a JSON pointer. If the pointer leads into one of the first
/// elements, only that element is read again; else all of the parameters are.
fn value_at<'p>(params: &Params<'p>, pointer: &str) -> Option<&'p str> {
    let (index, rest) = match pointer.strip_prefix('/') {
        Some(inside) => inside.find('/').map_or((inside, ""), |end| inside.split_at(end)),
        None => ("", ""),
    };
    let is_index = index == "0" || index.starts_with(|digit: char| matches!(digit, '1'..='9'));
    let element = index.parse().ok().filter(|_| is_index).and_then(|index| params.element(index));
    let (text, pointer) = element.map_or((params.text, pointer), |element| (element, rest));
    if pointer.is_empty() {
        return Some(text);
    }
    let mut found = None;
    json_find::each(text.as_bytes(), [pointer], |_, value| {
        found = Some(value.get());
        ControlFlow::Break(())
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRADES: Elements = Elements { list: "/1", id: "/id", change: false };

    #[test]
    fn the_values_that_decide_who_gets_a_notification_are_found_as_by_a_search_of_all_of_it() {
        let deep = r#"[true, {"a":[{"m":"x"}], "b": null}, [["p", 1.50]], "LTC", 4, {"m":"late"}]"#;
        let object = r#"{"subscription":"0x1","result":{"m":[7]}}"#;
        for (params, pointers) in [
            (
                deep,
                &["/0", "/1/a/0/m", "/1/b", "/2/0/1", "/3", "/5/m", "/4", "/9", "/01", "/+1", "/-", "/x", "/1/no", ""]
                    [..],
            ),
            (object, &["/subscription", "/result/m/0", "/0", ""]),
            (r#"{"0":{"1":"keys"}}"#, &["/0/1", "/0"]),
            ("[]", &["/0", ""]),
        ] {
            for pointer in pointers {
                let mut found = None;
                json_find::each(params.as_bytes(), [*pointer], |_, value| {
                    found = found.or(Some(value.get()));
                    ControlFlow::Continue(())
                });
                assert_eq!(value_at(&Params::new(params), pointer), found, "{params} {pointer}");
            }
        }
    }

    #[test]
    fn elements_that_change_are_told_apart_by_id_and_text_and_the_newest_are_remembered() {
        let candles = Elements { list: "", id: "/0", change: true };
        let mut identity = Identity::default();
        assert_eq!(
            identity.note_elements(candles, "A", r#"[[60,"1"],[120,"2"]]"#),
            [Box::from("60"), Box::from("120")]
        );
        assert!(!identity.is_changed("/0", "A", r#"[60,"1"]"#));
        assert!(identity.is_changed("/0", "A", r#"[120,"3"]"#) && !identity.is_changed("/0", "A", r#"[120,"3"]"#));
        assert_eq!((identity.highest("A"), identity.highest("B")), (120, 0));
        for id in 1..=3 * CHANGING {
            assert!(identity.is_changed("/0", "A", &format!("[{},0]", 120 + id)));
        }
        assert_eq!(identity.changing["A"].len(), CHANGING);
    }

    #[test]
    fn elements_that_were_delivered_are_removed() {
        let mut identity = Identity::default();
        assert_eq!(identity.filter(TRADES, "A", r#"["A",[{"id":2},{"id":1}]]"#), Filtered::Whole);
        let rest = Filtered::Rest(r#"["A",[{"id":3, "x":"1.0"}] ,0]"#.to_owned());
        assert_eq!(identity.filter(TRADES, "A", r#"["A",[{"id":3, "x":"1.0"}, {"id":2}] ,0]"#), rest);
        assert_eq!(identity.filter(TRADES, "A", r#"["A",[{"id":1}]]"#), Filtered::Nothing);
        assert_eq!(identity.filter(TRADES, "B", r#"["B",[{"id":1}]]"#), Filtered::Whole);
        assert_eq!(identity.filter(TRADES, "A", r#"["A",[{"no":1},{"no":1}]]"#), Filtered::Whole);
        assert_eq!((identity.highest("A"), identity.highest("B"), identity.highest("C")), (3, 1, 0));
    }

    #[test]
    fn ids_that_come_late_are_new_and_the_number_that_is_remembered_is_bounded() {
        let mut ids = Ids::default();
        assert!([5, 3, 4].map(|id| ids.insert(id)).iter().all(|is_new| *is_new));
        for id in 100..100 + 3 * IDS as i64 {
            assert!(ids.insert(id), "{id}");
            assert!(!ids.insert(id), "{id}");
        }
        assert!(!ids.insert(3) && !ids.insert(6));
        assert_eq!((ids.known.len(), ids.in_order.len()), (IDS, IDS));
    }

    #[test]
    fn entities_are_remembered_until_they_are_done() {
        let order = Entity::new("/1", "/id").done_when("/0", "3");
        let mut identity = Identity::default();
        assert_eq!(identity.note(order, r#"[1,{"id":7,"left":"2"}]"#), [Box::from("7")]);
        identity.note(order, r#"[1,{"id":8,"left":"2"}]"#);
        identity.note(order, r#"[2,{"id":7,"left":"1"}]"#);
        identity.note(order, r#"[3,{"id":8,"left":"0"}]"#);
        assert_eq!(identity.entities.len(), 1);
        assert_eq!(&*identity.entities["7"], r#"{"id":7,"left":"1"}"#);
        let balances = Entity::members("/0");
        let mut identity = Identity::default();
        identity.note(balances, r#"[{"B":{"a":"1"},"A":{"a":"2"}}]"#);
        assert_eq!(identity.entities.keys().map(|key| &**key).collect::<Vec<_>>(), ["A", "B"]);
    }
}
