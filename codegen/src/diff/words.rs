//! What the `x-` words say, of the API and of its operations: compared on the model, where defaults are filled in.

use std::collections::{BTreeMap, HashMap};

use super::contract::{Operation, below, resolve, root};
use super::differ::{Differ, Finding};
use super::operations::whole;
use super::parameters;
use super::report::{Level, Subject};
use super::rules::{self, Rule};
use crate::model::{self, Api, CodeRule, Condition, ConditionTest, ErrorCode, Idempotent, Limit, TimeUnit, Weight};
use crate::spec::found::Found;
use crate::spec::{Document, pointer_join};

impl<'d> Differ<'d> {
    /// The API as a whole.
    pub(super) fn api_words(&mut self) {
        let Some((old, new)) = self.apis else { return };
        self.signer(old, new);
        self.base_path(old, new);
        self.recv_window(old, new);
        self.limits(&old.limits, &new.limits);
        self.error_shape(old, new);
        let root = (&root(self.old.document), &root(self.new.document));
        let rules = (&rules::UNKNOWN_CODE_ADDED, &rules::UNKNOWN_CODE_REMOVED);
        self.codes(rules, &Subject::default(), root, "x-unknown-codes", &old.unknown_codes, &new.unknown_codes);
        let rules = (&rules::CLOCK_CODE_ADDED, &rules::CLOCK_CODE_REMOVED);
        self.codes(rules, &Subject::default(), root, "x-clock-codes", &old.clock_codes, &new.clock_codes);
        let rules = (&rules::REFUSED_CODE_ADDED, &rules::REFUSED_CODE_REMOVED);
        self.codes(rules, &Subject::default(), root, "x-refused-codes", &old.refused_codes, &new.refused_codes);
        self.error_codes(
            &Subject::default(),
            &["/x-error-codes", "/components/errors"],
            &old.error_codes,
            &new.error_codes,
        );
        match (old.private_key, new.private_key) {
            (false, true) => self.report(api(&rules::PRIVATE_KEY_ADDED, "/x-private-key")),
            (true, false) => self.report(gone(&rules::PRIVATE_KEY_REMOVED, "/x-private-key")),
            _ => {}
        }
        match (old.parameter_order_significant, new.parameter_order_significant) {
            (false, true) => self.report(api(&rules::PARAMETER_ORDER_BECAME_SIGNIFICANT, "/x-parameter-order")),
            (true, false) => self.report(gone(&rules::PARAMETER_ORDER_BECAME_INSIGNIFICANT, "/x-parameter-order")),
            _ => {}
        }
    }

    fn signer(&mut self, old: &Api, new: &Api) {
        let text = |auth: &Option<String>| match auth {
            Some(auth) => format!("venuekit-auth-{auth}"),
            None => "the user's own".to_owned(),
        };
        if old.auth == new.auth {
            return;
        }
        let finding = if new.auth.is_some() {
            api(&rules::SIGNER_CHANGED, "/x-auth")
        } else {
            gone(&rules::SIGNER_CHANGED, "/x-auth")
        };
        let finding = finding.was(text(&old.auth)).is(text(&new.auth));
        self.report(match (&old.auth, &new.auth) {
            (None, _) => finding
                .wire(Level::Safe, "the venue asks for what it asked for")
                .source(Level::Safe, "`Credentials` is new; a signer of one's own can still be given")
                .adds(true),
            (_, None) => finding.wire(Level::Safe, "the venue asks for what it asked for"),
            _ => finding,
        });
    }

    fn base_path(&mut self, old: &Api, new: &Api) {
        if old.base_path == new.base_path {
            return;
        }
        let pointer = "/x-base-path";
        let finding = match new.base_path {
            Some(_) => api(&rules::BASE_PATH_CHANGED, pointer),
            None => gone(&rules::BASE_PATH_CHANGED, pointer),
        };
        let text = |path: &Option<String>| path.clone().unwrap_or_default();
        let finding = finding.was(text(&old.base_path)).is(text(&new.base_path));
        self.report(match (&old.base_path, &new.base_path) {
            (Some(_), Some(_)) => finding,
            _ => finding
                .wire(Level::Safe, "only one of the two specs says it")
                .source(Level::Safe, "only the README of the crate changes"),
        });
    }

    fn recv_window(&mut self, old: &Api, new: &Api) {
        let say = |window: &model::RecvWindow| {
            let ms = |value: Option<u64>| value.map_or_else(|| "not said".to_owned(), |value| format!("{value} ms"));
            format!("default {}, maximum {}", ms(window.default), ms(window.max))
        };
        let pointer = "/x-recv-window";
        // Only requests that are signed say it.
        let signs = |api: &Api| api.operations.iter().any(|operation| operation.security == model::Security::Signed);
        let unsigned = |finding: Finding, api: &Api| match signs(api) {
            true => finding,
            false => finding
                .source(Level::Safe, "no operation is signed")
                .wire(Level::Safe, "no operation is signed")
                .adds(false),
        };
        match (&old.recv_window, &new.recv_window) {
            (None, Some(window)) => self.report(unsigned(api(&rules::RECV_WINDOW_ADDED, pointer).is(say(window)), new)),
            (Some(window), None) => {
                self.report(unsigned(gone(&rules::RECV_WINDOW_REMOVED, pointer).was(say(window)), old))
            }
            (Some(before), Some(after)) if before != after => {
                let finding = api(&rules::RECV_WINDOW_CHANGED, pointer).was(say(before)).is(say(after));
                let wider = after.max.is_none_or(|after| before.max.is_some_and(|before| before <= after));
                self.report(match before.default == after.default && wider {
                    true => finding.wire(Level::Safe, "what old clients say is still taken"),
                    false => finding,
                });
            }
            _ => {}
        }
    }

    /// By name; one that only has another name is the same.
    fn limits(&mut self, old: &[Limit], new: &[Limit]) {
        let place = |index: usize| pointer_join("/x-rate-limits", &index.to_string());
        let known = |limits: &[Limit], name: &str| limits.iter().any(|limit| limit.name == name);
        let mut renamed: Vec<&str> = Vec::new();
        let twin = |limit: &Limit, others: &'_ [Limit]| {
            let same = |other: &&Limit| Limit { name: limit.name.clone(), ..(*other).clone() } == *limit;
            others.iter().find(same).map(|other| other.name.clone())
        };
        for (index, before) in old.iter().enumerate().filter(|(_, before)| !known(new, &before.name)) {
            match twin(before, new).filter(|name| !known(old, name)) {
                Some(name) => {
                    renamed.push(&before.name);
                    self.renamed_limits.insert(before.name.clone(), name);
                    self.documentation += 1;
                }
                None => self.report(gone(&rules::LIMIT_REMOVED, &place(index)).was(say_limit(before))),
            }
        }
        for (index, after) in new.iter().enumerate() {
            let Some(before) = old.iter().find(|before| before.name == after.name) else {
                if twin(after, old).is_none_or(|name| !renamed.contains(&name.as_str())) {
                    self.report(api(&rules::LIMIT_ADDED, &place(index)).is(say_limit(after)));
                }
                continue;
            };
            self.limit(before, after, &place(index));
        }
    }

    fn limit(&mut self, before: &Limit, after: &Limit, pointer: &str) {
        if before.header != after.header {
            let say = |limit: &Limit| limit.header.clone().unwrap_or_default();
            let pointer = pointer_join(pointer, "header");
            let finding = api(&rules::LIMIT_CHANGED, &pointer).was(say(before)).is(say(after));
            self.report(finding.wire(Level::Safe, "clients count by themselves as well"));
        }
        let (was, is) = (say_limit(before), say_limit(after));
        if was == is {
            return;
        }
        let alike = before.per_key == after.per_key && before.counts_weight == after.counts_weight;
        // Who keeps to one keeps to the other, if as many of its windows as the other's touches admit no more than that.
        let within =
            |a: &Limit, b: &Limit| a.limit.saturating_mul(b.window.div_ceil(a.window.max(1)).max(1)) <= b.limit;
        let rule = match (within(before, after), within(after, before)) {
            _ if !alike => &rules::LIMIT_CHANGED,
            (true, _) => &rules::LIMIT_RAISED,
            (false, true) => &rules::LIMIT_LOWERED,
            (false, false) => &rules::LIMIT_CHANGED,
        };
        self.report(api(rule, pointer).was(was).is(is));
    }

    /// Once it is known which operations stand for each other.
    pub(super) fn server_time_words(&mut self) {
        let Some((old, new)) = self.apis else { return };

        let say = |time: &model::ServerTime| {
            let unit = match time.unit {
                TimeUnit::Milliseconds => "ms",
                TimeUnit::Seconds => "s",
                TimeUnit::Iso8601 => "iso8601",
                TimeUnit::DotnetTicks => "dotnet-ticks",
            };
            let said = [time.operation.as_str(), time.pointer.as_str(), unit];
            said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let pointer = "/x-server-time";
        match (&old.server_time, &new.server_time) {
            (None, Some(time)) => self.report(api(&rules::SERVER_TIME_ADDED, pointer).is(say(time))),
            (Some(time), None) => self.report(gone(&rules::SERVER_TIME_REMOVED, pointer).was(say(time))),
            (Some(before), Some(after)) => {
                let place = |api: &Api, time: &model::ServerTime| {
                    api.operation(&time.operation).map(|operation| operation.pointer.clone())
                };
                let stays = place(old, before).and_then(|place| self.matched.get(&place).cloned());
                let same = stays == place(new, after);
                let finding = || api(&rules::SERVER_TIME_CHANGED, pointer).was(say(before)).is(say(after));
                if !same && stays.is_some() {
                    self.report(finding().wire(Level::Safe, "the operation that old clients ask is still there"));
                } else if !same || before.pointer != after.pointer || before.unit != after.unit {
                    self.report(finding());
                }
            }
            (None, None) => {}
        }
    }

    fn error_shape(&mut self, old: &'d Api, new: &'d Api) {
        for (key, before, after) in [
            ("code", &old.error_shape.code, &new.error_shape.code),
            ("message", &old.error_shape.message, &new.error_shape.message),
        ] {
            if before == after {
                continue;
            }
            let pointer = pointer_join("/x-error", key);
            let finding = match after.is_empty() {
                true => gone(&rules::ERROR_SHAPE_CHANGED, &pointer),
                false => api(&rules::ERROR_SHAPE_CHANGED, &pointer),
            };
            let say = |pointers: &[String]| {
                if pointers.is_empty() { String::new() } else { format!("{key} {}", pointers.join(", ")) }
            };
            let finding = finding.was(say(before)).is(say(after));
            let all = |some: &[String], others: &[String]| some.iter().all(|pointer| others.contains(pointer));
            self.report(match (all(before, after), all(after, before)) {
                (true, true) => finding.wire(Level::Risky, "where both are there, old clients take the other one"),
                (true, false) => finding.wire(Level::Risky, "old clients do not look there, and may miss it"),
                // What is left is looked at in the same order.
                (false, true) if !after.is_empty() && in_order(before, after) => {
                    finding.wire(Level::Safe, "old clients look there as well")
                }
                (false, true) if !after.is_empty() => {
                    finding.wire(Level::Risky, "where both are there, old clients take the other one")
                }
                _ if key == "message" => {
                    finding.wire(Level::Risky, "old clients do not find it; codes tell errors apart")
                }
                _ => finding,
            });
        }
        let place = "/x-error/failed-when";
        let of_all = |api: &'d Api| Conditions { own: &api.error_shape.failed_when, shared: &[] };
        self.conditions(&Subject::default(), (place, place), of_all(old), of_all(new));
    }

    /// Conditions on replies; `places` are those of the old and of the new list.
    fn conditions(&mut self, subject: &Subject, places: (&str, &str), old: Conditions<'d>, new: Conditions<'d>) {
        let place = |list: &str, index: usize| pointer_join(list, &index.to_string());
        for (index, after) in new.own.iter().enumerate() {
            let finding = |rule| Finding::new(rule, subject.clone(), place(places.1, index)).is(after.to_string());
            match old.like(after) {
                None => self.report(finding(&rules::REFUSAL_CONDITION_ADDED)),
                Some(before) if before.leaves_open != after.leaves_open => {
                    self.report(finding(failure_became(after)).was(before.to_string()));
                }
                Some(_) => {}
            }
        }
        let gone = old.own.iter().enumerate().filter(|(_, before)| !new.own.iter().any(|one| one.is_same_test(before)));
        for (index, before) in gone {
            let finding = |rule| Finding::old(rule, subject.clone(), place(places.0, index)).was(before.to_string());
            match new.like(before) {
                None => {
                    let finding = finding(&rules::REFUSAL_CONDITION_REMOVED);
                    self.report(match before.leaves_open {
                        true => finding.wire(Level::Risky, "old clients take a success for an unknown outcome"),
                        false => finding,
                    });
                }
                Some(after) if before.leaves_open != after.leaves_open => {
                    self.report(finding(failure_became(after)).is(after.to_string()));
                }
                Some(_) => {}
            }
        }
        if let Some((first, second)) = new.overtaken(&old) {
            let pointer = if new.own.is_empty() { places.0 } else { places.1 };
            let said = |one: &Condition, other: &Condition| format!("{one} before {other}");
            let finding = match new.own.is_empty() {
                true => Finding::old(&rules::FAILURE_ORDER_CHANGED, subject.clone(), pointer),
                false => Finding::new(&rules::FAILURE_ORDER_CHANGED, subject.clone(), pointer),
            };
            let finding = finding.was(said(second, first)).is(said(first, second));
            self.report(match first.leaves_open {
                true => finding,
                false => finding.wire(Level::Safe, "old clients are more careful than they need"),
            });
        }
    }

    /// One operation.
    pub(super) fn operation_words(&mut self, before: &Operation<'d>, after: &Operation<'d>) {
        let Some((old_api, new_api)) = self.apis else { return };
        let (old, new) = (self.old_operation(&before.at.pointer), self.new_operation(&after.at.pointer));
        let (Some(old), Some(new)) = (old, new) else { return };
        let roots = (root(self.old.document), root(self.new.document));
        let at = |rule: &'static Rule, key: &str| of_operation(rule, (before, after), &roots, key);

        let renames = parameters::renames(before, after);
        if let Some(rule) = weights(&by_case(old, &renames), &by_case(new, &HashMap::new())) {
            self.report(at(rule, "x-weight").was(say_weight(old)).is(say_weight(new)));
        }
        let names = |api: &Api, operation: &model::Operation| {
            operation
                .limits
                .iter()
                .filter_map(|at| api.limits.get(*at))
                .map(|limit| limit.name.clone())
                .collect::<Vec<_>>()
        };
        let renamed = |name: String| self.renamed_limits.get(&name).cloned().unwrap_or(name);
        let was: Vec<String> = names(old_api, old).into_iter().map(renamed).collect();
        let is = names(new_api, new);
        // A limit that is gone, or new, altogether has been said.
        let known: Vec<String> = old_api
            .limits
            .iter()
            .map(|limit| limit.name.clone())
            .chain(self.renamed_limits.values().cloned())
            .collect();
        let was_listed = |name: &String| known.contains(name);
        let listed = |api: &Api, name: &str| api.limits.iter().any(|limit| limit.name == *name);
        for name in was.iter().filter(|name| !is.contains(name) && listed(new_api, name)) {
            self.report(at(&rules::OPERATION_LIMIT_REMOVED, "x-limits").was(name.as_str()));
        }
        for name in is.iter().filter(|name| !was.contains(name) && was_listed(name)) {
            self.report(at(&rules::OPERATION_LIMIT_ADDED, "x-limits").is(name.as_str()));
        }
        let was = match &old.idempotent {
            Idempotent::WhenPresent(member) => Idempotent::WhenPresent(renames.get(member).unwrap_or(member).clone()),
            other => other.clone(),
        };
        if let Some(rule) = idempotency(&was, &new.idempotent) {
            let finding =
                at(rule, "x-idempotent").was(say_idempotent(&old.idempotent)).is(say_idempotent(&new.idempotent));
            self.report(match (&old.idempotent, &new.idempotent) {
                (_, Idempotent::WhenPresent(member))
                    if may_leave_out(old_api, old, member) && may_leave_out(new_api, new, member) =>
                {
                    finding.source(Level::Breaking, format!("the setter of `{member}` takes no option any more"))
                }
                (Idempotent::Always, Idempotent::WhenPresent(member)) => {
                    finding.source(Level::Risky, format!("it is sent again by itself only with `{member}`"))
                }
                _ => finding,
            });
        }
        match (old.moves_funds, new.moves_funds) {
            (false, true) => self.report(at(&rules::FUNDS_MARKED, "x-moves-funds")),
            (true, false) => self.report(at(&rules::FUNDS_UNMARKED, "x-moves-funds")),
            _ => {}
        }
        let subject = whole(after);
        let places = (&before.at, &after.at);
        let rules = (&rules::DONE_CODE_ADDED, &rules::DONE_CODE_REMOVED);
        self.codes(rules, &subject, places, "x-done-codes", &old.done_codes, &new.done_codes);
        let rules = (&rules::GONE_CODE_ADDED, &rules::GONE_CODE_REMOVED);
        self.codes(rules, &subject, places, "x-gone-codes", &old.gone_codes, &new.gone_codes);
        // What the root says of all is said there.
        let own =
            |own: &[CodeRule], shared: &[CodeRule]| -> Vec<CodeRule> { uncovered(own, shared).cloned().collect() };
        let rules = (&rules::UNKNOWN_CODE_ADDED, &rules::UNKNOWN_CODE_REMOVED);
        let (was, is) =
            (own(&old.unknown_codes, &new_api.unknown_codes), own(&new.unknown_codes, &old_api.unknown_codes));
        self.codes(rules, &subject, places, "x-unknown-codes", &was, &is);
        let rules = (&rules::REFUSED_CODE_ADDED, &rules::REFUSED_CODE_REMOVED);
        let (was, is) =
            (own(&old.refused_codes, &new_api.refused_codes), own(&new.refused_codes, &old_api.refused_codes));
        self.codes(rules, &subject, places, "x-refused-codes", &was, &is);
        let lists = (below(&before.at, "x-failed-when"), below(&after.at, "x-failed-when"));
        let of_one = |operation: &'d model::Operation, api: &'d Api| Conditions {
            own: &operation.failed_when,
            shared: &api.error_shape.failed_when,
        };
        self.conditions(&subject, (&lists.0, &lists.1), of_one(old, old_api), of_one(new, new_api));
        let places = [below(&before.at, "errors"), below(&after.at, "errors")];
        let [was, is] = &places;
        self.error_codes(&subject, &[was, is], &old.error_codes, &new.error_codes);
    }

    /// Codes that decide about the outcome of a call, as the lists under `key` have them.
    fn codes(
        &mut self,
        (added, removed): (&'static Rule, &'static Rule),
        subject: &Subject,
        (before, after): (&Found<'d>, &Found<'d>),
        key: &str,
        old: &[CodeRule],
        new: &[CodeRule],
    ) {
        for code in uncovered(old, new) {
            let place = listed(self.old.document, &below(before, key), code);
            let finding = Finding::old(removed, subject.clone(), place);
            self.report(finding.was(code.to_string()).is(covered(code, new)));
        }
        for code in uncovered(new, old) {
            let place = listed(self.new.document, &below(after, key), code);
            let finding = Finding::new(added, subject.clone(), place);
            self.report(finding.was(covered(code, old)).is(code.to_string()));
        }
    }

    fn removed_codes(
        &mut self,
        rule: &'static Rule,
        subject: &Subject,
        places: &[&str],
        old: &[String],
        new: &[String],
    ) {
        for code in old.iter().filter(|code| !new.contains(code)) {
            let place = element(self.old.document, places, code);
            self.report(Finding::old(rule, subject.clone(), place).was(code.as_str()));
        }
    }

    fn added_codes(&mut self, rule: &'static Rule, subject: &Subject, places: &[&str], old: &[String], new: &[String]) {
        for code in new.iter().filter(|code| !old.contains(code)) {
            let place = element(self.new.document, places, code);
            self.report(Finding::new(rule, subject.clone(), place).is(code.as_str()));
        }
    }

    /// One code can come with several messages; what they say is documentation.
    fn error_codes(&mut self, subject: &Subject, places: &[&str], old: &[ErrorCode], new: &[ErrorCode]) {
        let codes = |errors: &[ErrorCode]| errors.iter().map(|error| error.code.clone()).collect::<Vec<_>>();
        let (was, is) = (codes(old), codes(new));
        self.removed_codes(&rules::ERROR_CODE_REMOVED, subject, places, &was, &is);
        self.added_codes(&rules::ERROR_CODE_ADDED, subject, places, &was, &is);
        let differing = |some: &[ErrorCode], others: &[ErrorCode]| {
            let known = |error: &&ErrorCode| others.iter().any(|other| other.code == error.code);
            some.iter().filter(known).filter(|error| !others.contains(error)).count()
        };
        self.documentation += differing(old, new).max(differing(new, old));
    }
}

/// Conditions on the replies of an operation, or of the API.
#[derive(Clone, Copy)]
struct Conditions<'d> {
    own: &'d [Condition],
    /// Those that the operation has from the API; they are judged after its own.
    shared: &'d [Condition],
}

impl<'d> Conditions<'d> {
    /// In the order in which they are judged; of two that ask the same, the first one decides.
    fn all(&self) -> impl Iterator<Item = &'d Condition> + Clone + use<'d> {
        let own = self.own;
        let shared = self.shared.iter().filter(move |one| !own.iter().any(|other| other.is_same_test(one)));
        own.iter().chain(shared)
    }

    /// The condition that asks the same.
    fn like(&self, condition: &Condition) -> Option<&'d Condition> {
        self.all().find(|other| other.is_same_test(condition))
    }

    /// Two conditions of different outcomes that can hold at once and are judged in the opposite order in the `old` list. Pairs of which neither
    /// is the operation's own are those of the API.
    fn overtaken(&self, old: &Self) -> Option<(&'d Condition, &'d Condition)> {
        let place = |conditions: &Self, one: &Condition| conditions.all().position(|other| other == one);
        let is_own = |one: &Condition| self.own.contains(one) || old.own.contains(one);
        let mut found = Vec::new();
        for (at, first) in self.all().enumerate() {
            for second in self.all().skip(at + 1).filter(|second| can_differ(first, second)) {
                let was = place(old, first).zip(place(old, second));
                if was.is_some_and(|(first, second)| second < first) && (is_own(first) || is_own(second)) {
                    found.push((first, second));
                }
            }
        }
        // A refusal that was said before may be unknown now: that is the worse one.
        found.iter().find(|(first, _)| first.leaves_open).or(found.first()).copied()
    }
}

/// Whether two conditions can hold for the same reply, and conclude different outcomes from it.
fn can_differ(one: &Condition, other: &Condition) -> bool {
    // Conditions on the whole reply go before those on elements, wherever they stand.
    let is_by_element = |condition: &Condition| condition.pointer.contains("/*");
    let excludes = matches!((&one.test, &other.test), (ConditionTest::Equals(a), ConditionTest::Equals(b)) if a != b);
    one.leaves_open != other.leaves_open
        && is_by_element(one) == is_by_element(other)
        && !(one.pointer == other.pointer && excludes)
}

/// The rule for a condition that is there before and after, and concludes another outcome.
fn failure_became(after: &Condition) -> &'static Rule {
    if after.leaves_open { &rules::FAILURE_BECAME_UNKNOWN } else { &rules::FAILURE_BECAME_REFUSAL }
}

/// The codes that no code of another list covers.
fn uncovered<'c>(codes: &'c [CodeRule], others: &'c [CodeRule]) -> impl Iterator<Item = &'c CodeRule> {
    // A code is covered only by the same code.
    let mut by_code: HashMap<&str, Vec<&CodeRule>> = HashMap::new();
    others.iter().for_each(|other| by_code.entry(&other.code).or_default().push(other));
    codes.iter().filter(move |code| {
        !by_code.get(code.code.as_str()).is_some_and(|others| others.iter().any(|other| other.covers(code)))
    })
}

/// The codes of a list that this one covers, as text.
fn covered(code: &CodeRule, others: &[CodeRule]) -> String {
    others.iter().filter(|other| code.covers(other)).map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Where a code stands in a list; the list, if it does not stand there.
fn listed(document: &Document, list: &str, code: &CodeRule) -> String {
    let rules: Vec<CodeRule> = document.read_at(list).unwrap_or_default();
    match rules.iter().position(|rule| rule == code) {
        Some(index) => pointer_join(list, &index.to_string()),
        None => list.to_owned(),
    }
}

/// Whether some of a list stand in its order.
fn in_order(all: &[String], some: &[String]) -> bool {
    all.iter().filter(|one| some.contains(one)).eq(some.iter())
}

/// Where a code stands in one of these lists; the first list, if it stands in none.
fn element(document: &Document, places: &[&str], code: &str) -> String {
    let says = |found: &Found<'_>| {
        let found = resolve(document, found.clone());
        let node = found.node.get("code").unwrap_or(found.node);
        node.as_str().or_else(|| node.as_number()) == Some(code)
    };
    let found = places.iter().filter_map(|place| {
        let list = Found { pointer: (*place).to_owned(), node: document.node(place)? };
        list.elements().chain(list.members().map(|(_, found)| found)).find(says)
    });
    found
        .map(|found| found.pointer)
        .next()
        .or_else(|| places.first().map(|place| (*place).to_owned()))
        .unwrap_or_default()
}

/// What an operation says, or what the root says for all that do not: then it is one change of all of them.
pub(super) fn of_operation<'d>(
    rule: &'static Rule,
    (before, after): (&Operation<'d>, &Operation<'d>),
    (old_root, new_root): &(Found<'d>, Found<'d>),
    key: &str,
) -> Finding {
    let has = |at: &Found<'_>| at.node.get(key).is_some();
    let subject = whole(after);
    if has(&after.at) {
        Finding::new(rule, subject, below(&after.at, key))
    } else if has(&before.at) {
        Finding::old(rule, subject, below(&before.at, key))
    } else if has(new_root) {
        Finding::new(rule, subject, below(new_root, key))
    } else if has(old_root) {
        Finding::old(rule, subject, below(old_root, key))
    } else {
        Finding::new(rule, subject, after.at.pointer.clone())
    }
}

/// A finding on the API as a whole.
pub(super) fn api(rule: &'static Rule, pointer: &str) -> Finding {
    Finding::new(rule, Subject::default(), pointer)
}

/// A finding on what the API does not have any more.
pub(super) fn gone(rule: &'static Rule, pointer: &str) -> Finding {
    Finding::old(rule, Subject::default(), pointer)
}

fn say_limit(limit: &Limit) -> String {
    let Limit { name, per_key, window, limit, counts_weight, .. } = limit;
    let (counts, per) = (if *counts_weight { "weight" } else { "requests" }, if *per_key { "key" } else { "ip" });
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let unit = units.into_iter().find(|(_, seconds)| window % seconds == 0).unwrap_or(("s", 1));
    format!("{name}: {limit} {counts} per {per} in {}{}", window / unit.1, unit.0)
}

/// Weights by the parameter that is present, and otherwise.
type Weights = (BTreeMap<String, u32>, u32);

fn by_case(operation: &model::Operation, renames: &HashMap<String, String>) -> Weights {
    match &operation.weight {
        Weight::Fixed(weight) => (BTreeMap::new(), *weight),
        Weight::ByParameter { when_present, otherwise } => {
            let case = |(index, weight): &(usize, u32)| {
                let name = &operation.parameters.get(*index)?.wire;
                Some((renames.get(name).unwrap_or(name).clone(), *weight))
            };
            (when_present.iter().filter_map(case).collect(), *otherwise)
        }
    }
}

fn say_weight(operation: &model::Operation) -> String {
    let (cases, otherwise) = by_case(operation, &HashMap::new());
    let cases: Vec<String> = cases.iter().map(|(name, weight)| format!("{weight} with {name}")).collect();
    if cases.is_empty() { otherwise.to_string() } else { format!("{}, else {otherwise}", cases.join(", ")) }
}

/// Whether calls count more or less, in all cases that either side tells apart. As the heaviest parameter counts, pairs of them tell all.
fn weights((old, old_else): &Weights, (new, new_else): &Weights) -> Option<&'static Rule> {
    let names: Vec<&String> = old.keys().chain(new.keys()).collect();
    let weight = |cases: &BTreeMap<String, u32>, otherwise: u32, given: [&String; 2]| {
        given.iter().filter_map(|name| cases.get(*name)).max().copied().unwrap_or(otherwise)
    };
    let mut steps = vec![(*old_else, *new_else)];
    for one in &names {
        let both = names.iter().map(|other| [*one, *other]);
        steps.extend(both.map(|given| (weight(old, *old_else, given), weight(new, *new_else, given))));
    }
    let more = steps.iter().any(|(before, after)| after > before);
    let less = steps.iter().any(|(before, after)| after < before);
    match (more, less) {
        (true, true) => Some(&rules::WEIGHT_CHANGED),
        (true, false) => Some(&rules::WEIGHT_RAISED),
        (false, true) => Some(&rules::WEIGHT_LOWERED),
        (false, false) => None,
    }
}

fn say_idempotent(idempotent: &Idempotent) -> String {
    match idempotent {
        Idempotent::Always => "yes".to_owned(),
        Idempotent::Never => "no".to_owned(),
        Idempotent::WhenPresent(member) => format!("with {member}"),
    }
}

/// Returns whether an operation has an optional parameter of this name, or an optional property in its body.
fn may_leave_out(api: &Api, operation: &model::Operation, name: &str) -> bool {
    let def = operation.body.as_ref().and_then(|body| api.resolve_def(&body.ty));
    let fields = match def.map(|def| &def.kind) {
        Some(model::TypeKind::Struct(fields)) => fields.as_slice(),
        _ => &[],
    };
    operation.parameters.iter().any(|parameter| parameter.wire == name && !parameter.required)
        || fields.iter().any(|field| field.wire == name && !field.required)
}

fn idempotency(old: &Idempotent, new: &Idempotent) -> Option<&'static Rule> {
    let rank = |idempotent: &Idempotent| match idempotent {
        Idempotent::Never => 0,
        Idempotent::WhenPresent(_) => 1,
        Idempotent::Always => 2,
    };
    match rank(old).cmp(&rank(new)) {
        std::cmp::Ordering::Greater => Some(&rules::IDEMPOTENCY_LOST),
        std::cmp::Ordering::Less => Some(&rules::IDEMPOTENCY_GAINED),
        std::cmp::Ordering::Equal if old != new => Some(&rules::IDEMPOTENCY_CHANGED),
        std::cmp::Ordering::Equal => None,
    }
}
