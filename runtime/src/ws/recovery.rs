//! The queries after an interruption.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::value::RawValue;

use super::identity::{Identity, members};
use super::params::Wanted;
use crate::json_find;
use crate::operation::family::SubscriptionFamily;
use crate::operation::recovery::Recovery;

/// The number of times that pages are asked for from the beginning, because the list changed.
const RESTARTS: u32 = 5;

/// The queries of one subscription after an interruption.
#[derive(Debug)]
pub(super) struct Progress {
    recovery: Recovery,
    /// The queries that are left: each asks for one topic, or for a list of topics.
    left: VecDeque<Vec<Arc<str>>>,
    /// The parameters that have values of the subscription.
    own: Vec<(usize, String)>,
    /// The highest id of each topic before the interruption.
    last_ids: HashMap<Arc<str>, i64>,
    /// The time of the interruption.
    since: SystemTime,
    offset: usize,
    /// The last element of the page before. The next page begins with it, unless the list changed.
    page_end: Option<String>,
    restarts: u32,
    /// The ids of the entities in the answers.
    answered: HashSet<Box<str>>,
    /// The ids of the entities, or of the elements that may change, of which a notification came
    /// meanwhile. It is newer than any answer.
    pub(super) pushed: HashSet<Box<str>>,
    pub(super) has_hole: bool,
    pub(super) failed: Option<String>,
}

impl Progress {
    pub(super) fn new(recovery: Recovery, wanted: &Wanted, identity: &Identity, since: SystemTime) -> Self {
        let topics = &*wanted.topics;
        let parameters = wanted.parameters();
        let own = recovery.own.iter().flatten();
        let own =
            own.filter_map(|(position, from)| Some((*position, parameters.get(*from)?.get().to_owned()))).collect();
        let last_ids = topics.iter().map(|topic| (Arc::clone(topic), identity.highest(topic))).collect();
        let by_topic = |topic: &Arc<str>| vec![Arc::clone(topic)];
        let left = match recovery.topic {
            Some(_) => topics.iter().map(by_topic).collect(),
            None => VecDeque::from([topics.to_vec()]),
        };
        let failed = left.is_empty().then(|| "the query needs a topic, and the subscription names none".to_owned());
        Self {
            recovery,
            left,
            own,
            last_ids,
            since,
            offset: 0,
            page_end: None,
            restarts: 0,
            answered: HashSet::new(),
            pushed: HashSet::new(),
            has_hole: failed.is_some(),
            failed,
        }
    }

    /// Returns the `params` of the next query; `None` if there is none.
    pub(super) fn query(&self) -> Option<String> {
        let topics = self.left.front()?;
        let mut params: Vec<String> = Vec::new();
        let mut set = |position: usize, json: String| {
            // Positions are those of a static description, so this stays short.
            while params.len() <= position.min(63) {
                params.push("null".to_owned());
            }
            if let Some(param) = params.get_mut(position) {
                *param = json;
            }
        };
        let recovery = &self.recovery;
        if recovery.topic_list {
            topics.iter().enumerate().for_each(|(position, topic)| set(position, quoted(topic)));
        }
        for (position, json) in recovery.values.iter().flatten() {
            set(*position, (*json).to_owned());
        }
        if let (Some(position), Some(topic)) = (recovery.topic, topics.first()) {
            set(position, quoted(topic));
        }
        for (position, json) in &self.own {
            set(*position, json.clone());
        }
        if let Some(position) = recovery.last_id {
            let last = topics.first().and_then(|topic| self.last_ids.get(topic)).copied().unwrap_or(0);
            let per_second = recovery.times.map_or(1, |times| times.per_second);
            let units = |time: SystemTime| {
                let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
                i64::try_from(since.as_millis() * u128::from(per_second) / 1000).unwrap_or(i64::MAX)
            };
            let start = if last == 0 && recovery.times.is_some() { units(self.since) } else { last };
            set(position, start.to_string());
            if let Some(times) = recovery.times {
                // The venue's clock may be ahead of this one.
                set(times.now, units(SystemTime::now()).max(start).to_string());
            }
        }
        if let Some(pages) = recovery.pages {
            set(pages.offset, self.offset.to_string());
            set(pages.limit, pages.size.to_string());
        }
        Some(format!("[{}]", params.join(",")))
    }

    /// Compares an answer with what is known, and goes on to the next query. Returns the `params`
    /// of the notifications that show the differences.
    pub(super) fn answered(
        &mut self,
        family: &SubscriptionFamily,
        identity: &mut Identity,
        result: &str,
    ) -> Vec<String> {
        let Some(topics) = self.left.front() else { return Vec::new() };
        let topic = topics.first().filter(|_| self.recovery.topic.is_some()).cloned();
        let (elements, count) = match self.elements(result) {
            Ok(elements) => {
                let count = elements.len();
                (elements, count)
            }
            Err(message) => {
                self.fail(message);
                return Vec::new();
            }
        };
        let mark = |element: &RawValue| match self.id_at(family) {
            Some(pointer) => json_find::first(element.get().as_bytes(), &[pointer]).map(json_find::text),
            None => Some(element.get().to_owned()),
        };
        let (page_start, page_end) = (
            elements.first().and_then(|(_, element)| mark(element)),
            elements.last().and_then(|(_, element)| mark(element)),
        );
        let has_moved = self.page_end.is_some() && self.page_end != page_start;
        let mut differences = Vec::new();
        for (key, element) in elements {
            let id = match (&key, self.id_at(family)) {
                (Some(key), _) => Some(Box::from(&**key)),
                (None, Some(pointer)) => {
                    json_find::first(element.get().as_bytes(), &[pointer]).map(|id| json_find::text(id).into())
                }
                (None, None) => None,
            };
            if self.is_different(family, identity, topic.as_deref(), id, element) {
                differences.push((key, element));
            }
        }
        if let Some(full) = self.recovery.full_at {
            self.has_hole |= count >= full;
        }
        match self.recovery.pages {
            // An element that ended moves those behind it, and one of them may be on no page.
            Some(_) if has_moved && self.restarts < RESTARTS => {
                (self.offset, self.page_end) = (0, None);
                self.restarts += 1;
            }
            Some(pages) if count >= pages.size.max(2) => {
                self.has_hole |= has_moved;
                (self.offset, self.page_end) = (self.offset + count - 1, page_end);
            }
            _ => {
                self.has_hole |= has_moved;
                (self.offset, self.page_end) = (0, None);
                self.left.pop_front();
            }
        }
        notifications(self.recovery.template, topic.as_deref(), &differences)
    }

    /// Ends the queries because of a failure.
    pub(super) fn fail(&mut self, message: String) {
        self.left.clear();
        self.has_hole = true;
        self.failed = Some(message);
    }

    /// Returns the ids of the entities that were open and are not in the answers, and forgets them.
    pub(super) fn missing(&self, family: &SubscriptionFamily, identity: &mut Identity) -> Vec<String> {
        if family.entity.is_none() || self.failed.is_some() {
            return Vec::new();
        }
        let is_missing = |id: &str| !self.answered.contains(id) && !self.pushed.contains(id);
        let missing: Vec<Box<str>> = identity.entities.keys().filter(|id| is_missing(id)).cloned().collect();
        for id in &missing {
            identity.entities.remove(id);
        }
        missing.into_iter().map(String::from).collect()
    }

    fn id_at(&self, family: &SubscriptionFamily) -> Option<&'static str> {
        let of_notifications = || family.elements.map(|elements| elements.id).or(family.entity.and_then(|e| e.id));
        self.recovery.id_at.or_else(of_notifications)
    }

    fn is_different(
        &mut self,
        family: &SubscriptionFamily,
        identity: &mut Identity,
        topic: Option<&str>,
        id: Option<Box<str>>,
        element: &RawValue,
    ) -> bool {
        if family.entity.is_some() {
            let Some(id) = id else { return true };
            let is_same = identity.entities.get(&id).is_some_and(|known| &**known == element.get());
            let is_newer_known = self.pushed.contains(&id);
            if !is_same && !is_newer_known {
                identity.set(&id, element.get());
            }
            self.answered.insert(id);
            return !is_same && !is_newer_known;
        }
        match (family.elements, self.id_at(family)) {
            (Some(elements), Some(id_at)) if elements.change => {
                let is_newer_known = id.is_some_and(|id| self.pushed.contains(&id));
                !is_newer_known && identity.is_changed(id_at, topic.unwrap_or_default(), element.get())
            }
            (Some(_), Some(id_at)) => identity.is_new(id_at, topic.unwrap_or_default(), element.get()),
            _ => true,
        }
    }

    fn elements<'r>(&self, result: &'r str) -> Result<Vec<(Option<String>, &'r RawValue)>, String> {
        let place = self.recovery.elements_at;
        let unreadable = || format!("the answer to `{}` has no elements at `{place}`", self.recovery.operation.id);
        let found = json_find::first(result.as_bytes(), &[place]).ok_or_else(unreadable)?;
        if found.get().starts_with('{') {
            return Ok(members(found.get()).into_iter().map(|(key, element)| (Some(key), element)).collect());
        }
        let elements: Vec<&RawValue> = serde_json::from_str(found.get()).map_err(|_| unreadable())?;
        Ok(elements.into_iter().map(|element| (None, element)).collect())
    }
}

/// Returns the `params` of the notifications by a template.
fn notifications(template: &str, topic: Option<&str>, elements: &[(Option<String>, &RawValue)]) -> Vec<String> {
    let topic = topic.map_or("null".to_owned(), quoted);
    if template.contains("$elements") {
        if elements.is_empty() {
            return Vec::new();
        }
        let all: Vec<&str> = elements.iter().map(|(_, element)| element.get()).collect();
        return vec![filled(template, &topic, "null", &all.join(","))];
    }
    let one = |(key, element): &(Option<String>, &RawValue)| {
        let key = key.as_deref().map_or("null".to_owned(), quoted);
        filled(template, &topic, &key, element.get())
    };
    elements.iter().map(one).collect()
}

/// Replaces the words of a template. A replaced text is not searched again.
fn filled(template: &str, topic: &str, key: &str, element: &str) -> String {
    let words = [("$topic", topic), ("$key", key), ("$elements", element), ("$element", element)];
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, _)) = rest.split_once('$') {
        filled.push_str(before);
        rest = rest.get(before.len()..).unwrap_or_default();
        match words.iter().find_map(|(word, by)| Some((rest.strip_prefix(word)?, by))) {
            Some((after, by)) => {
                filled.push_str(by);
                rest = after;
            }
            None => {
                filled.push('$');
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    filled + rest
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::family::{Entity, Topics};
    use crate::operation::operation::Operation;

    static CALL: Operation = Operation::rpc("c", "c");
    static TRADES: SubscriptionFamily =
        SubscriptionFamily::new("trades", &CALL, &CALL, &["u"]).with_topics(Topics::List).with_elements("/1", "/id");
    static ORDERS: SubscriptionFamily = SubscriptionFamily::new("orders", &CALL, &CALL, &["u"])
        .with_topics(Topics::List)
        .with_entity(Entity::new("/1", "/id").done_when("/0", "3"));
    static BALANCES: SubscriptionFamily =
        SubscriptionFamily::new("balances", &CALL, &CALL, &["u"]).with_entity(Entity::members("/0"));

    /// Returns the queries after an interruption of a subscription to these topics.
    fn begun(recovery: Recovery, topics: &[&str], identity: &Identity) -> Progress {
        let family = if topics.is_empty() { &BALANCES } else { &TRADES };
        let wanted = Wanted::new(family, family.topics, serde_json::to_string(topics).unwrap()).unwrap();
        Progress::new(recovery, &wanted, identity, UNIX_EPOCH + Duration::from_secs(77))
    }

    #[test]
    fn trades_are_asked_for_from_the_highest_id_on_and_known_ones_are_dropped() {
        let recovery = Recovery::new(&CALL, "[$topic,[$elements]]")
            .with_topic(0)
            .with_value(1, "3")
            .with_last_id(2)
            .with_full_at(3);
        let mut identity = Identity::default();
        assert!(identity.is_new("/id", "A", r#"{"id":5}"#));
        let mut progress = begun(recovery, &["A", "B"], &identity);
        assert_eq!(progress.query().unwrap(), r#"["A",3,5]"#);
        let found = progress.answered(&TRADES, &mut identity, r#"[{"id":7},{"id":6},{"id":5}]"#);
        assert_eq!(found, [r#"["A",[{"id":7},{"id":6}]]"#]);
        assert!(progress.has_hole);
        assert_eq!(progress.query().unwrap(), r#"["B",3,0]"#);
        assert!(progress.answered(&TRADES, &mut identity, "[]").is_empty());
        assert_eq!(progress.query(), None);
        assert!(progress.missing(&TRADES, &mut identity).is_empty());
    }

    #[test]
    fn orders_are_asked_for_by_pages_and_compared() {
        let recovery =
            Recovery::new(&CALL, "[2,$element]").with_topic(0).with_pages(1, 2, 2).with_elements_at("/records");
        let mut identity = Identity::default();
        let order = ORDERS.entity.unwrap();
        for json in [r#"[1,{"id":1,"left":"9"}]"#, r#"[1,{"id":2,"left":"9"}]"#, r#"[1,{"id":3,"left":"9"}]"#] {
            identity.note(order, json);
        }
        let mut progress = begun(recovery, &["A"], &identity);
        assert_eq!(progress.query().unwrap(), r#"["A",0,2]"#);
        let page = r#"{"records":[{"id":1,"left":"9"},{"id":2,"left":"8"}]}"#;
        assert_eq!(progress.answered(&ORDERS, &mut identity, page), [r#"[2,{"id":2,"left":"8"}]"#]);
        // Each page begins with the end of the one before.
        assert_eq!(progress.query().unwrap(), r#"["A",1,2]"#);
        let page = r#"{"records":[{"id":2,"left":"8"},{"id":4,"left":"1"}]}"#;
        assert_eq!(progress.answered(&ORDERS, &mut identity, page), [r#"[2,{"id":4,"left":"1"}]"#]);
        assert_eq!(progress.query().unwrap(), r#"["A",2,2]"#);
        assert!(progress.answered(&ORDERS, &mut identity, r#"{"records":[{"id":4,"left":"1"}]}"#).is_empty());
        assert_eq!(progress.query(), None);
        assert_eq!(progress.missing(&ORDERS, &mut identity), ["3"]);
        assert_eq!(identity.entities.len(), 3);
    }

    #[test]
    fn pages_are_asked_for_again_if_the_list_changed_and_a_list_that_always_changes_leaves_a_hole() {
        let recovery =
            Recovery::new(&CALL, "[2,$element]").with_topic(0).with_pages(1, 2, 2).with_elements_at("/records");
        let mut identity = Identity::default();
        let mut progress = begun(recovery, &["A"], &identity);
        for restart in 0..=RESTARTS {
            assert_eq!(progress.query().unwrap(), r#"["A",0,2]"#);
            progress.answered(&ORDERS, &mut identity, r#"{"records":[{"id":1},{"id":2}]}"#);
            assert_eq!(progress.query().unwrap(), r#"["A",1,2]"#);
            // The first one ended, so the third one would be on no page.
            progress.answered(&ORDERS, &mut identity, r#"{"records":[{"id":4}]}"#);
            assert_eq!(progress.has_hole, restart == RESTARTS);
        }
        assert_eq!(progress.query(), None);
    }

    #[test]
    fn a_notification_that_came_meanwhile_is_newer_than_the_answer() {
        let recovery = Recovery::new(&CALL, "[{$key:$element}]").with_topic_list();
        let mut identity = Identity::default();
        let mut progress = begun(recovery, &["USDT", "LTC"], &identity);
        assert_eq!(progress.query().unwrap(), r#"["USDT","LTC"]"#);
        progress.pushed.insert("LTC".into());
        let answer = r#"{"USDT":{"available":"1"},"LTC":{"available":"2"}}"#;
        assert_eq!(progress.answered(&BALANCES, &mut identity, answer), [r#"[{"USDT":{"available":"1"}}]"#]);
        assert_eq!(begun(recovery, &[], &identity).query().unwrap(), "[]");
    }

    #[test]
    fn an_answer_without_elements_and_a_subscription_without_topics_leave_a_hole() {
        let recovery = Recovery::new(&CALL, "[$element]").with_topic(0).with_elements_at("/records");
        let mut identity = Identity::default();
        let mut progress = begun(recovery, &["A"], &identity);
        assert!(progress.answered(&ORDERS, &mut identity, "{}").is_empty());
        assert!(progress.has_hole && progress.failed.is_some() && progress.query().is_none());
        let progress = begun(recovery, &[], &identity);
        assert!(progress.has_hole && progress.failed.is_some() && progress.query().is_none());
    }

    #[test]
    fn candles_are_asked_for_from_the_last_one_on_and_those_that_differ_are_told() {
        static CANDLES: SubscriptionFamily =
            SubscriptionFamily::new("candles", &CALL, &CALL, &["u"]).with_changing_elements("", "/0");
        let recovery =
            Recovery::new(&CALL, "[$elements]").with_topic(0).with_last_id(1).with_times(2, 1).with_own(3, 1);
        let wanted = |market: &str| Wanted::new(&CANDLES, CANDLES.topics, format!(r#"["{market}",60]"#)).unwrap();
        let mut identity = Identity::default();
        identity.note_elements(CANDLES.elements.unwrap(), "A", r#"[[60,"1"],[120,"2"]]"#);
        let since = UNIX_EPOCH + Duration::from_secs(77);
        let mut progress = Progress::new(recovery, &wanted("A"), &identity, since);
        let query: (String, i64, i64, i64) = serde_json::from_str(&progress.query().unwrap()).unwrap();
        assert_eq!((&*query.0, query.1, query.3), ("A", 120, 60));
        assert!(query.2 > 1_000_000_000);
        progress.pushed.insert("240".into());
        let answer = r#"[[60,"1"],[120,"2.5"],[180,"3"],[240,"0"]]"#;
        assert_eq!(progress.answered(&CANDLES, &mut identity, answer), [r#"[[120,"2.5"],[180,"3"]]"#]);
        assert!(!progress.has_hole && progress.query().is_none());
        // Without a candle so far, the time of the interruption is the beginning.
        let progress = Progress::new(recovery, &wanted("B"), &identity, since);
        assert!(progress.query().unwrap().starts_with(r#"["B",77,"#));
    }

    #[test]
    fn words_of_a_template_are_replaced_once() {
        assert_eq!(filled("[$topic,$x,[$elements]$", "\"$element\"", "k", "e"), "[\"$element\",$x,[e]$");
    }
}
