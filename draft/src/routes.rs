//! Routes that stand among other words: in a heading with a title, at the beginning of a sentence,
//! or in the sample of a request.

use std::collections::BTreeMap;

use crate::access::{self, normal};
use crate::calls::{self, METHODS};
use crate::document::Lines;
use crate::facts::{Facts, Remark};
use crate::inline;
use crate::labels::{Label, LabelKind};
use crate::listed::{self, RoutePart};
use crate::sections::{Item, ItemKind, Route, RouteSource, Section};
use crate::signing;

/// The maximum number of routes in one remark.
const MOST: usize = 20;

/// The maximum number of words before a route that tell something about it.
const MOST_BEFORE: usize = 100;

/// A method and a path within a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) method: String,
    pub(crate) target: String,
    /// The words before it.
    before: Vec<String>,
}

/// The routes that are known, by their methods and the last segments of their paths.
#[derive(Debug, Default)]
struct Known(BTreeMap<(String, String), Vec<String>>);

impl Known {
    fn add(&mut self, method: &str, target: &str) {
        let path = path_of(target);
        self.0.entry(key(method, &path)).or_default().push(path);
    }

    fn has(&self, mention: &Mention) -> bool {
        let path = path_of(&mention.target);
        self.0.get(&key(&mention.method, &path)).is_some_and(|all| all.iter().any(|own| is_same(own, &path)))
    }
}

fn key(method: &str, path: &str) -> (String, String) {
    (method.to_owned(), path.rsplit('/').next().unwrap_or_default().to_owned())
}

/// Returns whether two paths are the same, or one is the other below a base URL.
fn is_same(one: &str, other: &str) -> bool {
    let below = |long: &str, short: &str| long.strip_suffix(short).is_some_and(is_base);
    one == other || below(one, other) || below(other, one)
}

impl Mention {
    fn is(&self, other: &Self) -> bool {
        self.method == other.method && is_same(&path_of(&self.target), &path_of(&other.target))
    }

    fn route(&self, source: RouteSource) -> Route {
        Route { method: self.method.clone(), target: self.target.clone(), rest: String::new(), source }
    }

    fn name(&self) -> String {
        format!("`{} {}`", self.method, self.target)
    }
}

/// Returns the path of a target, without its origin, its query, and the names of its parameters.
fn path_of(target: &str) -> String {
    normal(calls::split_url(target).1)
}

/// Returns whether a path can be that of a base URL: it ends with a version, or with `api`.
fn is_base(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or("");
    let is_version = last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_version || last.ends_with("api") || last == "rest"
}

/// Returns the routes that a text names, wherever they stand in it.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let mut text = text.to_owned();
    for method in METHODS {
        // The path can be the target of a link: `[GET](/orders)`.
        text = text.replace(&format!("[{method}](/"), &format!("{method} (/"));
    }
    let plain = inline::plain(&text).replace('：', ": ").replace('，', ", ").replace('（', " (").replace('）', ") ");
    let words: Vec<&str> = plain.split(|c: char| c.is_whitespace() || c == '|').filter(|own| !own.is_empty()).collect();
    let method = |index: usize| words.get(index).and_then(|word| method_in(word));
    let target = |index: usize| words.get(index).and_then(|word| target_in(word));
    let mut out = Vec::new();
    let mut from = 0;
    while from < words.len() {
        let (start, next) = (from, from + 1);
        from = next;
        let found = match (method(start), target(next)) {
            (Some(method), Some(target)) => Some((method, target)),
            // "Send a GET to `/orders`"
            (Some(method), None) if words.get(next).is_some_and(|word| matches!(*word, "to" | "on" | "at")) => {
                from = next + 1;
                target(next + 1).map(|target| (method, target))
            }
            // `/orders` [GET]
            _ => match (target(start), method(next), target(next + 1)) {
                (Some(target), Some(method), None) => Some((method, target)),
                _ => None,
            },
        };
        if let Some((method, target)) = found {
            let near = words.get(start.saturating_sub(MOST_BEFORE)..start).unwrap_or_default();
            let before = near.iter().map(|word| (*word).to_owned()).collect();
            out.push(Mention { method, target, before });
            from = next + 1;
        }
    }
    out
}

/// Reads `GET`, `[GET]`, or `Get:`.
fn method_in(word: &str) -> Option<String> {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphabetic());
    let is_title = word.ends_with(':') && bare.chars().next().is_some_and(|c| c.is_ascii_uppercase());
    let bare = if is_title { bare.to_ascii_uppercase() } else { bare.to_owned() };
    METHODS.contains(&bare.as_str()).then_some(bare)
}

/// Reads a path, or a URL with a path. A path with gaps, such as `/orders/...`, is none.
fn target_in(word: &str) -> Option<String> {
    if word.contains("..") || word.contains('…') {
        return None;
    }
    let word = word.trim_start_matches(['(', '[', '"', '\'', '“', '<']);
    let mut word =
        word.split("{?").next().unwrap_or(word).trim_end_matches(['"', '\'', '”', ',', ';', ':', '.', '>', '、', '。']);
    for (open, close) in [('(', ')'), ('[', ']')] {
        if !word.contains(open) {
            word = word.trim_end_matches(close);
        }
    }
    let word = word.trim_end_matches([',', ';', ':', '.']);
    let path = calls::split_url(word).1;
    let begins = word.starts_with('/') || word.starts_with("http://") || word.starts_with("https://");
    let is_path = path.len() > 1 && path.starts_with('/') && !path.starts_with("//");
    let fits = path.chars().all(|c| c.is_ascii_alphanumeric() || "/{}[]<>:_-.~$@=&?%+,()".contains(c));
    (begins && is_path && fits).then(|| word.to_owned())
}

/// Returns whether only a number, a sign or the name of a line stands before a route.
fn leads(mention: &Mention) -> bool {
    let is_lead = |word: &String| {
        let bare = word.trim_end_matches(':').to_lowercase();
        !word.chars().any(char::is_alphabetic)
            || matches!(bare.as_str(), "endpoint" | "url" | "request" | "http" | "route" | "path" | "api")
    };
    mention.before.iter().all(is_lead)
}

/// Returns whether a sentence tells the reader to send a request.
fn is_told(mention: &Mention) -> bool {
    let mut words = mention.before.iter().rev().map(|word| word.to_lowercase());
    let is_filler =
        |word: &String| matches!(word.as_str(), "a" | "an" | "the" | "to" | "request" | "our" | "signed" | "with");
    let is_verb = |word: String| {
        matches!(
            word.as_str(),
            "call" | "send" | "use" | "issue" | "make" | "submit" | "do" | "perform" | "invoke" | "calling" | "using"
        ) || ["调用", "请求", "使用", "发送"].iter().any(|verb| word.ends_with(verb))
    };
    // "The call is `GET /orders`."
    let is_named = mention.before.last().is_some_and(|word| word.as_str() == "is")
        && mention.before.iter().any(|word| matches!(word.as_str(), "call" | "request" | "endpoint" | "route"));
    is_named || words.find(|word| !is_filler(word)).is_some_and(is_verb)
}

/// Returns whether a section describes no operations of HTTP: it lists what changed, or is about
/// WebSockets.
fn is_apart(section: &Section) -> bool {
    let is = |heading: &str| {
        let lower = heading.to_lowercase();
        let words = inline::words(&lower);
        words.iter().any(|word| {
            matches!(
                word.as_str(),
                "changelog"
                    | "changes"
                    | "changed"
                    | "removed"
                    | "deprecated"
                    | "migration"
                    | "websocket"
                    | "websockets"
            )
        }) || ["change log", "release notes", "what's new", "web socket", "更新日志", "变更"]
            .iter()
            .any(|part| lower.contains(part))
    };
    is(&section.heading) || section.above.iter().any(|above| is(above))
}

fn has_route(section: &Section) -> bool {
    section.items.iter().any(|item| matches!(item.kind, ItemKind::Route(_)))
}

/// Gives each section without a route the one that its heading, a line or a sample names. A route
/// that another section describes is a reference to it.
pub(crate) fn settle(documents: &mut [Vec<Section>]) {
    let own = documents.iter().flatten().flat_map(|section| &section.items).filter_map(|item| match &item.kind {
        ItemKind::Route(route) => Some((route.method.as_str(), route.target.as_str())),
        _ => None,
    });
    let mut known = Known::default();
    own.for_each(|(method, target)| known.add(method, target));
    let rules: Vec<Rule> = documents.iter().flatten().flat_map(rules).collect();
    let by_rule = |section: &Section| in_path(section, &rules);
    // A heading is more certain than a line, and a line more than a sentence or a sample.
    let all: [&dyn Fn(&Section) -> Found; 5] = [&in_heading, &in_lines, &in_sentence, &in_sample, &by_rule];
    for find in all {
        for section in documents.iter_mut().flatten() {
            if section.level == 0 || section.is_schema || has_route(section) || is_apart(section) {
                continue;
            }
            let mut found = find(section);
            found.retain(|(_, mention, _)| !known.has(mention));
            for (index, mention, source) in found.into_iter().rev() {
                known.add(&mention.method, &mention.target);
                let heading = Lines { last: section.at.first, ..section.at };
                let own = section.items.get(index).filter(|_| source != RouteSource::Heading);
                let (label, at) = own.map_or((Label::default(), heading), |item| (item.label.clone(), item.at));
                let kind = ItemKind::Route(mention.route(source));
                section.items.insert(index, Item { label, at, kind, block: at.first, is_element: false });
            }
        }
    }
}

/// The place of an item, the route that it names, and where the route stands in it.
type Found = Vec<(usize, Mention, RouteSource)>;

/// Returns the only route of several mentions.
fn only(all: impl Iterator<Item = Mention>) -> Option<Mention> {
    let mut all = all;
    let first = all.next()?;
    all.all(|own| own.is(&first)).then_some(first)
}

fn in_heading(section: &Section) -> Found {
    let own = only(mentions(&section.heading).into_iter()).or_else(|| divided(section));
    own.map(|mention| (0, mention, RouteSource::Heading)).into_iter().collect()
}

/// Reads a method in the brackets of a heading, `Place an order [POST]`, below a heading with the
/// path, `Orders [/orders]`.
fn divided(section: &Section) -> Option<Mention> {
    let in_brackets = |heading: &str| {
        let (_, inner) = heading.trim().strip_suffix(']')?.rsplit_once('[')?;
        Some(inner.to_owned())
    };
    let method = in_brackets(&section.heading).filter(|own| METHODS.contains(&own.as_str()))?;
    let above = section.above.iter().rev().find_map(|above| in_brackets(above));
    let target = above.and_then(|own| target_in(&own))?;
    Some(Mention { method, target, before: Vec::new() })
}

fn lines(section: &Section) -> impl Iterator<Item = (usize, &Item, Vec<Mention>)> {
    section.items.iter().enumerate().filter_map(|(index, item)| match &item.kind {
        ItemKind::Line(line) if item.label.kind != LabelKind::Errors => Some((index, item, mentions(line))),
        _ => None,
    })
}

/// Returns the routes at the beginning of lines. If there are several, each has a sample or a table
/// below it; otherwise they are a list of operations that are described elsewhere.
fn in_lines(section: &Section) -> Found {
    let mut found: Found = Vec::new();
    let mut known = Known::default();
    for (index, _, mentions) in lines(section) {
        let [mention] = mentions.as_slice() else { continue };
        if leads(mention) && !known.has(mention) {
            known.add(&mention.method, &mention.target);
            found.push((index, mention.clone(), RouteSource::Words));
        }
    }
    if found.len() > 1 {
        let ends: Vec<usize> = found.iter().skip(1).map(|(index, _, _)| *index).chain([section.items.len()]).collect();
        let describes = |from: usize, to: usize| {
            let items = section.items.get(from..to).unwrap_or_default();
            items.iter().any(|item| matches!(item.kind, ItemKind::Code { .. } | ItemKind::Table { .. }))
        };
        let mut ends = ends.into_iter();
        found.retain(|(index, _, _)| ends.next().is_some_and(|end| describes(*index, end)));
    }
    found
}

/// Returns the only route that the sentences of a section name, if one of them tells to call it.
fn in_sentence(section: &Section) -> Found {
    if signing::is_signing(section) || only(lines(section).flat_map(|(_, _, mentions)| mentions)).is_none() {
        return Vec::new();
    }
    let told = lines(section).find_map(|(index, _, mentions)| Some((index, mentions.into_iter().find(is_told)?)));
    told.map(|(index, mention)| (index, mention, RouteSource::Words)).into_iter().collect()
}

/// Returns the request that the first sample of a section shows: its first line is a method and a
/// path.
fn in_sample(section: &Section) -> Found {
    let first = section.items.iter().enumerate().find_map(|(index, item)| match &item.kind {
        ItemKind::Code { text, .. } => Some((index, text)),
        _ => None,
    });
    let of = |(index, text): (usize, &String)| {
        let line = text.lines().find(|line| !line.trim().is_empty())?;
        let mention = mentions(line).into_iter().find(|own| own.before.is_empty())?;
        calls::read(text)?;
        Some((index, mention, RouteSource::Sample))
    };
    let own = first.filter(|_| !signing::is_signing(section)).and_then(of);
    own.into_iter().collect()
}

/// The method of all operations, or of those with `public` or `private` in their paths.
struct Rule {
    group: Option<String>,
    method: String,
}

/// Returns the methods that a sentence states for groups of operations: "Public methods use GET,
/// private methods must use POST."
fn rules(section: &Section) -> Vec<Rule> {
    let mut out = Vec::new();
    if has_route(section) {
        return out;
    }
    for (text, _) in access::paragraphs(section) {
        for sentence in access::sentences(&text) {
            for clause in sentence.split([',', ';']) {
                let plain = inline::plain(clause);
                let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).collect();
                let has = |all: &[&str]| words.iter().any(|own| all.contains(&own.to_lowercase().as_str()));
                let method = METHODS.iter().find(|method| words.contains(method));
                let is_about =
                    has(&["methods", "calls", "requests", "endpoints"]) && has(&["use", "uses", "are", "by"]);
                let group = ["public", "private"].into_iter().find(|group| has(&[group]));
                let is_all = has(&["all", "every"]);
                if let (Some(method), true) = (method, is_about && (group.is_some() || is_all)) {
                    out.push(Rule { group: group.map(str::to_owned), method: (*method).to_owned() });
                }
            }
        }
    }
    out
}

/// Returns the only path that a line of a section states without a method, with the method of a
/// rule.
fn in_path(section: &Section, rules: &[Rule]) -> Found {
    let of = |(index, item): (usize, &Item)| match &item.kind {
        ItemKind::Line(line) => match listed::part(line)? {
            RoutePart::Path(target) => Some((index, target)),
            RoutePart::Method(_) => None,
        },
        _ => None,
    };
    let all: Vec<(usize, String)> = section.items.iter().enumerate().filter_map(of).collect();
    let shows = section.items.iter().any(|item| matches!(item.kind, ItemKind::Code { .. } | ItemKind::Table { .. }));
    let ([(index, target)], true) = (all.as_slice(), shows) else { return Vec::new() };
    let has = |group: &String| path_of(target).split('/').any(|segment| segment == group);
    let rule = rules.iter().find(|own| own.group.as_ref().is_some_and(has));
    let rule = rule.or_else(|| rules.iter().find(|own| own.group.is_none()));
    let found = rule.map(|own| Mention { method: own.method.clone(), target: target.clone(), before: Vec::new() });
    found.map(|mention| (*index, mention, RouteSource::Rule)).into_iter().collect()
}

/// Lists the paths that a section without a route names, with no method.
fn paths(section: &Section, remarks: &mut Vec<Remark>) {
    for item in &section.items {
        let ItemKind::Line(line) = &item.kind else { continue };
        if let Some(RoutePart::Path(path)) = listed::part(line)
            && calls::split_url(&path).1.trim_matches('/').contains(|c: char| c.is_ascii_alphabetic())
            && section.items.iter().any(|item| matches!(item.kind, ItemKind::Code { .. }))
        {
            let text = format!("`{path}` is named here without a method, and no operation was read from it");
            remarks.push(Remark::unread(item.at, text));
        }
    }
}

/// Lists the routes that no operation was read from, by section. Those in tables of operations
/// are facts of their own.
pub(crate) fn unread(sections: &[Section], facts: &mut Facts) {
    let mut known = Known::default();
    facts.operations.iter().for_each(|own| known.add(&own.method, &own.path));
    for section in sections {
        let mut found: Vec<(String, Lines)> = Vec::new();
        let mut add = |mention: &Mention, at: Lines| {
            let is_new = !known.has(mention);
            if is_new {
                known.add(&mention.method, &mention.target);
                found.push((mention.name(), at));
            }
            is_new
        };
        if !has_route(section) {
            paths(section, &mut facts.remarks);
        }
        for mention in mentions(&section.heading) {
            add(&mention, Lines { last: section.at.first, ..section.at });
        }
        for item in &section.items {
            match &item.kind {
                ItemKind::Line(line) => {
                    for mention in mentions(line) {
                        add(&mention, item.at);
                    }
                }
                ItemKind::Table { table, .. } => {
                    for row in &table.rows {
                        let Some((method, target)) = access::route_of(table, row) else { continue };
                        let at = Lines::one(item.at.document, row.line);
                        let mention = Mention { method, target, before: Vec::new() };
                        if add(&mention, at) {
                            facts.listed.push((mention.method, mention.target, at));
                        }
                    }
                }
                ItemKind::Route(_) | ItemKind::Code { .. } => {}
            }
        }
        let Some(at) = found.iter().map(|(_, at)| *at).reduce(Lines::to) else { continue };
        let mut names: Vec<String> = found.iter().take(MOST).map(|(name, _)| name.clone()).collect();
        if found.len() > MOST {
            names.push(format!("{} more", found.len() - MOST));
        }
        let text = match names.as_slice() {
            [one] => format!("{one} is named here, and no operation was read from it"),
            _ => format!("{} are named here, and no operations were read from them", names.join(", ")),
        };
        facts.remarks.push(Remark::unread(at, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_routes_among_other_words() {
        let show = |text: &str| {
            let all: Vec<String> = mentions(text).iter().map(|own| format!("{} {}", own.method, own.target)).collect();
            all.join("; ")
        };
        for text in [
            "GET /orders - List the orders",
            "2.1 GET /orders",
            "List the orders (GET /orders)",
            "List the orders: `GET /orders`",
            "List the orders — GET /orders",
            "List the orders [GET /orders]",
            "List the orders [GET /orders{?limit,state}]",
            "[GET] /orders",
            "[GET](/orders)",
            "📗 GET /orders",
            "Get: /orders",
            "`GET /orders`, weight 5",
            "`/orders` `GET`",
            "Endpoint: `/orders` [GET]",
            "Call `GET /orders` to do so.",
            "Send a GET to `/orders`.",
            "The call is `GET /orders`.",
            "| GET | /orders |",
            "查询订单（GET /orders）",
        ] {
            assert_eq!(show(text), "GET /orders", "{text}");
        }
        assert_eq!(show("`GET /a` and `POST https://v.example/b/{id}`"), "GET /a; POST https://v.example/b/{id}");
        for text in ["Get /orders", "GET the orders", "GET / or POST /", "GET /orders/...", "buy/sell", "get the /a/b"]
        {
            assert_eq!(show(text), "", "{text}");
        }
    }
}
