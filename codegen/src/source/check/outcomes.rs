//! Checks the error codes and the conditions on responses that decide the outcome of a call.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;

use super::extensions::{has_star, pointer_syntax};
use super::sites::Sites;
use crate::diagnostic::shorten;
use crate::source::extensions::{CodeRule, ConditionTest, http_status, open_status};
use crate::source::findings::{Findings, Later, leave_out};
use crate::source::located::Located;
use crate::source::nearest::did_you_mean;
use crate::source::node::Node;
use crate::source::pointer::pointer_segments;
use crate::source::references::ComponentKind;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::standard::Standard;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for shape in sites.all(ObjectKind::ErrorShape) {
        for found in shape.list("code").chain(shape.list("message")) {
            pointer_syntax(&found, findings);
        }
        conditions(&shape, "failed-when", findings);
    }
    let code_at = code_at(sites);
    let root = root_codes(&sites.root(), &code_at, findings);
    for kind in [ObjectKind::Operation, ObjectKind::Method] {
        for operation in sites.all(kind) {
            operation_codes(&operation, &root, &code_at, findings);
            open_statuses(&operation, findings);
            conditions(&operation, "x-failed-when", findings);
            batch(sites, &operation, findings);
        }
    }
}

/// Returns the JSON pointers at which errors have their codes.
fn code_at<'a>(sites: &Sites<'a>) -> IndexSet<&'a str> {
    match sites.view.standard {
        Standard::OpenApi => {
            let shape = sites.root().get("x-error");
            shape.iter().flat_map(|shape| shape.list("code")).filter_map(|found| found.node.as_str()).collect()
        }
        Standard::OpenRpc => IndexSet::from(["/error/code"]),
    }
}

/// A code of a list, and its place.
struct ListedCode {
    rule: CodeRule,
    pointer: String,
}

/// The codes of a list, indexed by their conditions. A code can then be compared with all others in
/// constant time.
#[derive(Default)]
struct Codes {
    listed: Vec<ListedCode>,
    rules: HashSet<CodeRule>,
    /// By rule, the index of the first listed rule that it covers. A rule covers another if both
    /// have the same code, and each condition of the first is also a condition of the other.
    covered: HashMap<CodeRule, usize>,
    /// The index of the first listed rule that has conditions of exactly these kinds, and that has
    /// the conditions of the rule in the key among its own.
    by_kinds: HashMap<(Kinds, CodeRule), usize>,
}

/// The kinds of conditions that a rule has: true for a condition on the status, on the JSON
/// pointer, on the message.
type Kinds = [bool; 3];

fn kinds(rule: &CodeRule) -> Kinds {
    [rule.status.is_some(), rule.pointer.is_some(), rule.message.is_some()]
}

/// Returns the rule with only the conditions whose kinds are true.
fn loosened(rule: &CodeRule, [status, pointer, message]: Kinds) -> CodeRule {
    CodeRule {
        code: rule.code.clone(),
        status: rule.status.filter(|_| status),
        pointer: rule.pointer.clone().filter(|_| pointer),
        message: rule.message.clone().filter(|_| message),
    }
}

fn all_kinds() -> impl Iterator<Item = Kinds> {
    (0..8).map(|bits| [bits & 1 != 0, bits & 2 != 0, bits & 4 != 0])
}

impl Codes {
    fn push(&mut self, rule: CodeRule, pointer: String) {
        let index = self.listed.len();
        for kept in all_kinds() {
            let loose = loosened(&rule, kept);
            self.by_kinds.entry((kinds(&rule), loose.clone())).or_insert(index);
            self.covered.entry(loose).or_insert(index);
        }
        self.rules.insert(rule.clone());
        self.listed.push(ListedCode { rule, pointer });
    }

    /// Returns whether one of the listed codes applies to every error to which `rule` applies.
    fn covers(&self, rule: &CodeRule) -> bool {
        all_kinds().any(|kept| self.rules.contains(&loosened(rule, kept)))
    }

    /// Returns the first listed code that `rule` covers.
    fn covered_by(&self, rule: &CodeRule) -> Option<&CodeRule> {
        self.covered.get(rule).and_then(|index| self.listed.get(*index)).map(|listed| &listed.rule)
    }

    /// Returns the first listed code that applies to an error to which `rule` also applies.
    fn overlapping(&self, rule: &CodeRule) -> Option<&CodeRule> {
        let own = kinds(rule);
        let found = all_kinds().filter_map(|theirs| {
            let ([a, b, c], [x, y, z]) = (own, theirs);
            let common = [a && x, b && y, c && z];
            self.by_kinds.get(&(theirs, loosened(rule, common)))
        });
        found.min().and_then(|index| self.listed.get(*index)).map(|listed| &listed.rule)
    }
}

/// Checks the codes of a list one by one and against each other.
fn codes(holder: &Located<'_>, key: &str, code_at: &IndexSet<&str>, findings: &mut Findings<'_>) -> Codes {
    let mut seen = Codes::default();
    for found in holder.list(key) {
        code_conditions(&found, code_at, findings);
        let Ok(rule) = CodeRule::read(&found) else { continue };
        let pointer = found.pointer;
        if seen.rules.contains(&rule) {
            findings.at(&pointer, format!("`{rule}` is listed twice"), leave_out("remove one of them"));
        } else if seen.covers(&rule) {
            let help = leave_out("remove one of them: the other applies there as well");
            findings.at(&pointer, format!("`{rule}` is listed, and so is `{}` with fewer conditions", rule.code), help);
        } else if let Some(other) = seen.covered_by(&rule) {
            let help = "remove one of them: this one applies there as well";
            findings.at(&pointer, format!("`{rule}` is listed, and so is `{other}`, which has more conditions"), help);
        }
        seen.push(rule, pointer);
    }
    seen
}

/// Checks the conditions of a code.
fn code_conditions(found: &Located<'_>, code_at: &IndexSet<&str>, findings: &mut Findings<'_>) {
    if let Some(status) = found.get("status").filter(|status| status.node.as_number().is_some()) {
        findings.take(http_status(&status));
    }
    let pointer = found.get("pointer");
    if let Some((pointer, text)) = pointer.as_ref().and_then(|pointer| Some((pointer, pointer.node.as_str()?)))
        && !code_at.contains(text)
    {
        let otherwise = Later(|| {
            if code_at.is_empty() {
                return "say in `x-error.code` of the root where errors have their codes".into();
            }
            let shown: Vec<&str> = code_at.iter().copied().take(10).collect();
            format!("write one of the pointers to codes: {}", shown.join(", ")).into()
        });
        let help = did_you_mean(text, code_at.iter().copied(), otherwise);
        findings.at(&pointer.pointer, format!("no error has its code at `{text}`"), help);
    }
}

/// The codes of the root that the client tries before the `x-refused-codes` of an operation.
struct RootCodes {
    unknown: Codes,
    clock: Codes,
}

fn root_codes(root: &Located<'_>, code_at: &IndexSet<&str>, findings: &mut Findings<'_>) -> RootCodes {
    let unknown = codes(root, "x-unknown-codes", code_at, findings);
    let clock = codes(root, "x-clock-codes", code_at, findings);
    let refused = codes(root, "x-refused-codes", code_at, findings);
    for listed in &clock.listed {
        if unknown.covers(&listed.rule) {
            passed_over(listed, "`x-unknown-codes`", AFTER_UNKNOWN, findings);
        }
    }
    for listed in &refused.listed {
        let first = [("`x-unknown-codes`", &unknown), ("`x-clock-codes`", &clock)];
        if let Some((list, _)) = first.iter().find(|(_, others)| others.covers(&listed.rule)) {
            passed_over(listed, list, REFUSED_IS_LAST, findings);
        }
    }
    RootCodes { unknown, clock }
}

const AFTER_UNKNOWN: &str = "remove one of them: after this code the outcome of the request is unknown";
const REFUSED_IS_LAST: &str = "remove one of them: `x-refused-codes` is for codes without another meaning";

/// Refuses a code that never applies, because the client first tries a list that has it too.
fn passed_over(listed: &ListedCode, list: &str, help: &'static str, findings: &mut Findings<'_>) {
    let message = format!("`{}` is also in {list}, which is tried first", listed.rule);
    findings.at(&listed.pointer, message, leave_out(help));
}

/// Checks the codes of an operation against each other.
fn operation_codes(operation: &Located<'_>, root: &RootCodes, code_at: &IndexSet<&str>, findings: &mut Findings<'_>) {
    let done = codes(operation, "x-done-codes", code_at, findings);
    let gone = codes(operation, "x-gone-codes", code_at, findings);
    let unknown = codes(operation, "x-unknown-codes", code_at, findings);
    let refused = codes(operation, "x-refused-codes", code_at, findings);
    for ListedCode { rule, pointer } in &gone.listed {
        if let Some(other) = done.overlapping(rule) {
            let help =
                "keep one: it either proves that the request was carried out, or does not say why nothing is there";
            findings.at(
                pointer,
                format!("`{rule}` is in `x-done-codes` too, as `{}`", shorten(&other.to_string())),
                help,
            );
        }
    }
    for listed in done.listed.iter().chain(&gone.listed) {
        if unknown.covers(&listed.rule) {
            passed_over(listed, "`x-unknown-codes`", AFTER_UNKNOWN, findings);
        }
    }
    let first = [
        ("`x-unknown-codes`", &unknown),
        ("`x-done-codes`", &done),
        ("`x-gone-codes`", &gone),
        ("`x-unknown-codes` of the root", &root.unknown),
        ("`x-clock-codes` of the root", &root.clock),
    ];
    for listed in &refused.listed {
        if let Some((list, _)) = first.iter().find(|(_, others)| others.covers(&listed.rule)) {
            passed_over(listed, list, REFUSED_IS_LAST, findings);
        }
    }
    if operation.pointer.ends_with("/get")
        && let Some(found) = operation.get("x-gone-codes")
    {
        let help = leave_out("leave it out: a read that finds nothing is refused");
        findings.at_key(&found.pointer, "a GET does not cancel anything", help);
    }
}

/// Checks the statuses that leave the outcome of an operation unknown.
fn open_statuses(operation: &Located<'_>, findings: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for found in operation.list("x-unknown-statuses").filter(|found| found.node.as_number().is_some()) {
        let Some(status) = findings.take(open_status(&found)) else { continue };
        if !seen.insert(status) {
            findings.at(&found.pointer, format!("`{status}` is listed twice"), leave_out("remove one of them"));
        }
    }
}

/// Checks that both pointers of `x-batch` lead to a list.
fn batch(sites: &Sites<'_>, operation: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(batch) = operation.get("x-batch") else { return };
    let bodies = operation.get("requestBody").and_then(|body| sites.resolved(body, ComponentKind::RequestBody));
    let responses = operation.get("responses");
    let responses = responses.iter().flat_map(|responses| responses.members());
    let successes = responses.filter(|(status, _)| status.starts_with('2'));
    let successes = successes.filter_map(|(_, response)| sites.resolved(response, ComponentKind::Response));
    for (key, part, holders) in [
        ("request", "the body of the request", bodies.into_iter().collect::<Vec<_>>()),
        ("response", "a response of status 2xx", successes.collect()),
    ] {
        let Some(found) = batch.get(key) else { continue };
        let Some(text) = found.node.as_str() else { continue };
        pointer_syntax(&found, findings);
        let Some(segments) = pointer_segments(text) else { continue };
        let media =
            holders.into_iter().filter_map(|holder| holder.get("content")).flat_map(|content| content.members());
        let schemas: Vec<_> = media.filter_map(|(_, media)| media.get("schema")).collect();
        if !schemas.into_iter().any(|schema| leads_to_list(sites, schema, &segments, 0)) {
            let help = "write the JSON pointer of an array in its schema; an empty text if the body is the array";
            findings.at(&found.pointer, format!("`{text}` does not lead to a list in {part}"), help);
        }
    }
}

/// Returns whether a path of properties leads from a schema to an array.
pub(super) fn leads_to_list<'a>(sites: &Sites<'a>, schema: Located<'a>, path: &[String], depth: usize) -> bool {
    /// Schemas that refer to themselves end here.
    const DEEPEST: usize = 16;
    let Some(schema) = sites.resolved(schema, ComponentKind::Schema).filter(|_| depth < DEEPEST) else { return false };
    let alternatives = ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|key| schema.list(key).collect::<Vec<_>>());
    let mut alternatives = alternatives.collect::<Vec<_>>().into_iter();
    if !["type", "properties", "oneOf", "anyOf", "allOf"].into_iter().any(|key| schema.get(key).is_some()) {
        // It allows any value.
        return true;
    }
    let is_here = match path.split_first() {
        None => schema.text("type") == Some("array"),
        Some((name, rest)) => {
            let property = schema.get("properties").and_then(|properties| properties.get(name));
            property.is_some_and(|property| leads_to_list(sites, property, rest, depth + 1))
        }
    };
    is_here || alternatives.any(|schema| leads_to_list(sites, schema, path, depth + 1))
}

fn conditions(holder: &Located<'_>, key: &str, findings: &mut Findings<'_>) {
    let mut seen: HashSet<[Option<String>; 4]> = HashSet::new();
    for condition in holder.list(key) {
        one_condition(&condition, findings);
        let asks = ["pointer", "equals", "present", "beside"].map(|key| condition.node.get(key).map(Node::to_json));
        if !seen.insert(asks) {
            let help = leave_out("remove one of them: the first one decides");
            findings.at(&condition.pointer, "the condition is listed twice", help);
        }
    }
}

fn one_condition(condition: &Located<'_>, findings: &mut Findings<'_>) {
    for key in ["pointer", "beside"] {
        if let Some(found) = condition.get(key) {
            pointer_syntax(&found, findings);
            star(&found, findings);
        }
    }
    findings.take(ConditionTest::read(condition));
    beside(condition, findings);
}

/// Checks that both values of a condition with `beside` are in one object: in the same element, or
/// both outside of elements.
fn beside(condition: &Located<'_>, findings: &mut Findings<'_>) {
    let (Some(pointer), Some(found)) = (condition.text("pointer"), condition.get("beside")) else { return };
    let Some(beside) = found.node.as_str() else { return };
    let array = |pointer: &str| pointer.split_once("/*").map(|(array, _)| array.to_owned());
    if pointer == beside {
        let help = leave_out("name another value, or leave it out");
        findings.at(&found.pointer, "`beside` names the value of the condition itself", help);
    } else if array(pointer) != array(beside) {
        let help = match array(pointer) {
            Some(array) => format!("begin with {array}/*/, as `pointer` does"),
            None => "name a value outside of the elements of an array, as `pointer` does".to_owned(),
        };
        findings.at(&found.pointer, format!("`{beside}` is not in the same object as `{pointer}`"), help);
    }
}

/// Refuses a pointer with several `*`, because a condition can be tested for each element of only
/// one array. Refuses a `*` that is part of a name.
fn star(found: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(text) = found.node.as_str() else { return };
    if text.split('/').any(|segment| segment.starts_with('*') && segment != "*") {
        let help = "write `*` alone for each element of an array; no property of a response begins with it";
        findings.at(&found.pointer, format!("`{text}` has a `*` that is part of a name"), help);
    } else if has_star(found) && text.split('/').filter(|segment| *segment == "*").count() > 1 {
        let help = "write one `*`; a value inside an element is named by properties and indices";
        findings.at(&found.pointer, format!("`{text}` goes through the elements of several arrays"), help);
    }
}
