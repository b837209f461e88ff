//! An operation of an HTTP API, from the section that describes it.

use crate::about;
use crate::access;
use crate::calls::{self, Call};
use crate::columns::{Column, Columns, TableKind};
use crate::conditions;
use crate::contradict;
use crate::document::Lines;
use crate::errors;
use crate::facts::{
    Access, Body, Confidence, ErrorCode, Form, Member, Operation, Parameter, Place, Remark, RemarkKind, Response,
    Schema, Weight,
};
use crate::infer::{infer, unify};
use crate::inline;
use crate::kinds;
use crate::labels::{self, LabelKind};
use crate::limits;
use crate::media;
use crate::members::{self, MemberRow};
use crate::objects;
use crate::paths::{self, PathParameter};
use crate::refine::refine;
use crate::sample::{self, Node};
use crate::schemas;
use crate::sections::{Item, ItemKind, Route, RouteSource, Section};
use crate::security;
use crate::signing;
use crate::sorting::{self, Request, Shown, first_members};
use crate::table::Table;
use crate::tuples;
use crate::types;
use crate::values;

/// An operation, and what its section tells about the whole API.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) operation: Operation,
    pub(crate) remarks: Vec<Remark>,
    /// The samples that are not used.
    pub(crate) unused: Vec<Lines>,
    /// The samples in programming languages.
    pub(crate) programs: Vec<(String, Lines)>,
    /// The base URLs that samples show.
    pub(crate) servers: Vec<(String, Lines)>,
    /// The origin in the route, if it is a whole URL.
    pub(crate) origin: Option<String>,
    /// The route of the operation whose parameters this one shares.
    pub(crate) parameters_of: Option<Route>,
}

/// Returns the operations of a section: one for each route.
pub(crate) fn read(section: &Section) -> Vec<Read> {
    let mut parts: Vec<Section> = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut current = section.without_items();
    for item in &section.items {
        if let ItemKind::Route(route) = &item.kind {
            let (_, path) = calls::split_url(&route.target);
            let path = path.split('?').next().unwrap_or("");
            let is_same = |own: &str| own.ends_with(path) || path.ends_with(own);
            let is_new = !seen.iter().any(|(method, own)| *method == route.method && is_same(own));
            if is_new && !seen.is_empty() {
                parts.push(std::mem::replace(&mut current, section.without_items()));
            }
            seen.push((route.method.as_str(), path));
        }
        current.items.push(item.clone());
    }
    parts.push(current);
    parts.into_iter().filter_map(|part| Reader::new().run(&part)).collect()
}

/// The set of members to which a table of values belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Request,
    Response(String),
}

struct Reader {
    calls: Vec<(Call, Lines)>,
    rows: Vec<MemberRow>,
    body_rows: Vec<MemberRow>,
    body_samples: Vec<(Node, Lines)>,
    /// Samples of the body as a form.
    forms: Vec<(Node, Lines)>,
    /// The media type that a line or a label states for the body.
    media: Option<(String, Lines)>,
    statuses: Vec<Status>,
    response_rows: Vec<(String, Vec<MemberRow>, Lines)>,
    /// Tables of members, under the name of the member that they describe.
    named_rows: Vec<(String, String, Vec<MemberRow>)>,
    samples: Vec<(Option<String>, Node, Lines)>,
    /// The samples, as they stand in the section.
    shown: Vec<Shown>,
    /// The route only reads.
    is_read: bool,
    /// A table has a column of parameters.
    has_parameters: bool,
    /// A sample stands below the current label.
    is_label_used: bool,
    /// The samples that are not used.
    unused: Vec<Lines>,
    /// The samples in programming languages.
    programs: Vec<(String, Lines)>,
    /// The elements of lists that stated no fact.
    elements: Vec<Lines>,
    /// The status of success that a sentence states.
    success: Option<(String, Lines)>,
    /// The types of responses to which lines refer, each with its status, if it is stated.
    linked: Vec<(Option<String>, String, Lines)>,
    /// The type of the body to which a line refers.
    linked_body: Option<(String, Lines)>,
    /// The samples of responses whose status no label states.
    unlabelled: Vec<(Node, Lines)>,
    values: Vec<(Target, String, String, Lines)>,
    last: Target,
    access: Option<(Access, Lines)>,
    schemes: Vec<Vec<String>>,
    weight: Option<(Weight, Lines)>,
    errors: Vec<ErrorCode>,
    parameters_of: Option<Route>,
    /// No text says where the parameters are sent.
    guesses_place: bool,
    remarks: Vec<Remark>,
}

struct Status {
    status: String,
    at: Lines,
    cell: String,
}

impl Reader {
    fn new() -> Self {
        Self {
            calls: Vec::new(),
            rows: Vec::new(),
            body_rows: Vec::new(),
            body_samples: Vec::new(),
            forms: Vec::new(),
            media: None,
            statuses: Vec::new(),
            response_rows: Vec::new(),
            named_rows: Vec::new(),
            samples: Vec::new(),
            shown: Vec::new(),
            is_read: false,
            has_parameters: false,
            is_label_used: false,
            unused: Vec::new(),
            programs: Vec::new(),
            elements: Vec::new(),
            success: None,
            linked: Vec::new(),
            linked_body: None,
            unlabelled: Vec::new(),
            values: Vec::new(),
            last: Target::Request,
            access: None,
            schemes: Vec::new(),
            weight: None,
            errors: Vec::new(),
            parameters_of: None,
            guesses_place: false,
            remarks: Vec::new(),
        }
    }

    fn run(mut self, section: &Section) -> Option<Read> {
        let mut route: Option<(Route, Lines)> = None;
        let mut choice = None;
        let mut status: Option<String> = None;
        let mut awaits_weight = false;
        let mut awaits_schemes = false;
        // The last line before a sample, and whether the last sample was a call.
        let mut caption: Option<String> = None;
        let mut after_call = false;
        // The last label, and whether a sample stands below it.
        let mut last: Option<&labels::Label> = None;
        let mut is_used = false;
        for item in &section.items {
            let label = &item.label;
            is_used &= last.replace(label) == Some(label);
            if let Some(own) = &label.status {
                status = Some(own.clone());
            } else if matches!(label.kind, LabelKind::Request | LabelKind::Body | LabelKind::Start | LabelKind::Calls) {
                status = None;
            }
            match &item.kind {
                ItemKind::Route(own) => {
                    let is_call = own.rest.starts_with("HTTP/");
                    if route.as_ref().is_none_or(|(before, _)| before.rest.starts_with("HTTP/") && !is_call) {
                        route = Some((own.clone(), item.at));
                        self.is_read = matches!(own.method.as_str(), "GET" | "HEAD");
                    }
                }
                ItemKind::Line(line) => {
                    caption = Some(line.clone());
                    let code = errors::code_of_line(line, item.at);
                    let code = code.filter(|own| !labels::is_status(&own.code) && label.kind == LabelKind::Errors);
                    if let Some(code) = code {
                        self.errors.push(code);
                        continue;
                    }
                    self.errors.extend(errors::told(line, item.at));
                    self.named_line(line, item.at);
                    self.sample_in_line(line, item.at);
                    self.unread_element(item, line);
                    self.success_line(line, item.at);
                    self.linked_line(line, item.at, label);
                    self.media_line(line, item.at, label);
                    if awaits_schemes {
                        awaits_schemes = false;
                        self.schemes = scheme_names(line);
                    }
                    if let Some((access, names)) = access::of_line(line) {
                        self.access = Some((access, item.at));
                        awaits_schemes = names;
                    }
                    self.weight_line(line, item.at, &mut awaits_weight);
                    if let Some(how) = members::connector(line) {
                        choice = how;
                    }
                    let is_request = matches!(label.kind, LabelKind::Request | LabelKind::Named);
                    if is_request && self.rows.is_empty() {
                        self.parameters_of =
                            inline::code_spans(line).iter().find_map(|span| crate::sections::route(span));
                    }
                }
                ItemKind::Code { .. } => {
                    after_call = self.code(item, status.as_deref(), caption.take().as_deref(), after_call, !is_used);
                    // A call without a body shows no sample of one.
                    is_used |= !after_call || self.calls.last().is_some_and(|(call, _)| call.body.is_some());
                }
                ItemKind::Table { table, columns } => {
                    (caption, after_call) = (None, false);
                    let named = (label.kind == LabelKind::Named).then_some(label.text.as_str());
                    self.is_label_used = is_used;
                    self.table(label, status.as_deref(), table, columns, item.at, choice, named);
                    choice = None;
                }
            }
        }
        if let Some((own, at)) = &route {
            self.source_of_route(own, *at);
        }
        let route = route.or_else(|| self.route_of_call(section))?;
        Some(self.finish(section, route))
    }

    /// Adds a guess for a route that shares its line with other words.
    fn source_of_route(&mut self, route: &Route, at: Lines) {
        let (confidence, text) = match route.source {
            RouteSource::Line => return,
            RouteSource::Heading => (Confidence::High, "is read from the heading"),
            RouteSource::Words => (Confidence::Low, "stands among other words; no line has it alone"),
            RouteSource::Sample => (Confidence::Medium, "is the one of a sample; no line states it"),
            RouteSource::Rule => (Confidence::Medium, "has the method that a sentence states for such paths"),
        };
        self.remarks.push(Remark {
            kind: RemarkKind::Guess(confidence),
            at,
            other: None,
            text: format!("the route `{} {}` {text}", route.method, route.target),
        });
    }

    /// Returns the route that a sample of a call shows, if the section describes an operation.
    fn route_of_call(&mut self, section: &Section) -> Option<(Route, Lines)> {
        let describes = !self.rows.is_empty() || !self.statuses.is_empty() || section.operation_id.is_some();
        let (call, at) = self.calls.first()?;
        if !describes && self.samples.is_empty() || section.level == 0 {
            return None;
        }
        // A call in a text about authentication shows how to sign. It describes no operation.
        let has_facts = section.operation_id.is_some() || !self.statuses.is_empty() || !self.shown.is_empty();
        if signing::is_title(&section.heading) && !has_facts && self.rows.iter().all(|row| row.place == "header") {
            return None;
        }
        let at = *at;
        let (method, target) = (call.method.clone(), call.url.clone());
        let route = Route { method, target, rest: String::new(), source: RouteSource::Sample };
        self.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at,
            other: None,
            text: format!("the route `{} {}` is the one of a sample; no line states it", route.method, route.target),
        });
        Some((route, at))
    }

    /// Concludes from the headers of samples and of tables that an operation needs credentials, if
    /// no text says whether it does.
    fn access_of_calls(&mut self, method: &str, path: &str) {
        let shown = self.calls.iter().find_map(|(call, at)| {
            let header = call.headers.iter().find(|(name, _)| security::is_credential(name))?;
            Some((format!("a sample of it sends the header `{}`", header.0), *at))
        });
        let is_listed = |row: &&MemberRow| {
            row.place == "header" && row.required != Some(false) && security::is_credential(&row.name)
        };
        let listed = self.rows.iter().find(is_listed);
        let shown = shown.or(listed.map(|row| (format!("it has the header `{}`", row.name), row.at)));
        let Some((reason, at)) = shown.filter(|_| self.access.is_none()) else { return };
        self.access = Some((Access::Signed, at));
        self.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at,
            other: None,
            text: format!("`{method} {path}` needs credentials: {reason}"),
        });
    }

    /// Reads a sample within a sentence: "Answers with `{}`."
    fn sample_in_line(&mut self, line: &str, at: Lines) {
        // The words before the sample say what it is.
        let lead = line.split("`{").next().unwrap_or(line);
        let Some((kind, status)) = labels::caption(line).or_else(|| labels::caption(lead)) else { return };
        for span in inline::code_spans(line).iter().filter(|span| span.starts_with('{') && span.ends_with('}')) {
            let nodes = sample::read(span, at.first);
            if let ([node], true) = (nodes.as_slice(), venuekit_json::Tree::parse(span).is_ok()) {
                self.shown.push(Shown {
                    node: node.clone(),
                    at,
                    kind: Some(kind),
                    is_below_request: false,
                    is_below_response: false,
                    status: status.clone(),
                });
            }
        }
    }

    /// Reads the names in lines such as "Needed: `asset`, `amount`. Optional: `tag`."
    fn named_line(&mut self, line: &str, at: Lines) {
        for sentence in access::sentences(line) {
            let Some((lead, rest)) = sentence.split_once([':', '：']) else { continue };
            let words = inline::words(&inline::plain(lead));
            let is_noun = |word: &String| {
                matches!(
                    word.as_str(),
                    "parameters" | "parameter" | "fields" | "field" | "members" | "arguments" | "params"
                )
            };
            let required = match words.first().map(String::as_str) {
                Some("needed" | "required" | "mandatory" | "necessary") => true,
                Some("optional") => false,
                _ => continue,
            };
            let left = inline::plain(&rest.split('`').step_by(2).collect::<Vec<&str>>().join(" "));
            let is_list = inline::words(&left).iter().all(|word| matches!(word.as_str(), "and" | "or"));
            if words.len() > 2 || !words.iter().skip(1).all(is_noun) || !is_list {
                continue;
            }
            for name in inline::code_spans(rest) {
                let is_known = self.rows.iter().chain(&self.body_rows).any(|row| row.name == name);
                let is_name =
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                if is_name && !is_known {
                    self.rows.push(MemberRow::named(name, required, at));
                }
            }
        }
    }

    /// Reads the status of success in a sentence such as `Returns 201 Created.`.
    fn success_line(&mut self, line: &str, at: Lines) {
        let words = inline::words(&inline::plain(line));
        let says = |word: &String| {
            matches!(word.as_str(), "returns" | "return" | "responds" | "status" | "http" | "answers" | "success")
        };
        if words.len() <= 12 && words.iter().any(says) {
            let found = words.into_iter().find(|word| labels::is_status(word) && word.starts_with('2'));
            let found = found.filter(|status| !status.ends_with("xx"));
            self.success = self.success.take().or(found.map(|status| (status, at)));
        }
    }

    /// Reads the type of a response or a body to which a line refers: "Status `201` and [the
    /// order](..)".
    fn linked_line(&mut self, line: &str, at: Lines, label: &labels::Label) {
        let line = objects::sentence_of_link(line);
        let Some(cell) = objects::type_of(line) else { return };
        let caption = labels::caption(line).map(|(kind, _)| kind);
        let is_response = label.kind == LabelKind::Response
            || caption == Some(LabelKind::Response) && !matches!(label.kind, LabelKind::Errors | LabelKind::Values);
        if is_response {
            let before = line.split("](#schema").next().unwrap_or("");
            let words = inline::words(&inline::plain(before));
            let own = words.into_iter().find(|word| labels::is_status(word) && !word.ends_with("xx"));
            self.linked.push((own.or_else(|| label.status.clone()), cell, at));
        } else if matches!(label.kind, LabelKind::Body | LabelKind::Request) {
            self.linked_body.get_or_insert((cell, at));
        }
    }

    /// Reads the media type of the body, in a line such as `Content-Type: application/json` or
    /// `Parameters (form-encoded):`.
    fn media_line(&mut self, line: &str, at: Lines, label: &labels::Label) {
        let is_request = matches!(label.kind, LabelKind::Request | LabelKind::Body | LabelKind::Start);
        if self.media.is_some() || !is_request {
            return;
        }
        let lower = inline::plain(line).to_lowercase();
        let names_type = lower.contains("content-type") || lower.contains("content type");
        let is_response = lower.contains("response") || lower.contains("return");
        let is_short = inline::words(&lower).len() <= 12;
        if names_type && !is_response && is_short {
            let words = lower.split([' ', ',', '"', '\'', ':', '：']);
            let found = words.filter_map(media::of_header).find(|media| media::is_type(media));
            self.media = found.map(|media| (media, at));
        } else if matches!(label.kind, LabelKind::Request | LabelKind::Body) && label.text == labels::trimmed(line) {
            self.media = media::form_in(line).map(|media| (media.to_owned(), at));
        } else if let Some((media, allows_query)) = media::of_sentence(line).filter(|_| is_short) {
            self.media = Some((media.to_owned(), at)).filter(|_| !allows_query);
        }
    }

    fn weight_line(&mut self, line: &str, at: Lines, awaits: &mut bool) {
        let plain = inline::plain(line);
        let lower = plain.to_lowercase();
        let begins =
            lower.starts_with("weight") || lower.starts_with("request weight") || lower.starts_with("ip weight");
        let line = inline::without_tags(line);
        let rest = match line.find([':', '：']).filter(|_| begins) {
            // The names of parameters keep their backticks.
            Some(colon) => line.get(colon..).unwrap_or("").trim_matches([':', '：', '*', '_', ' ']).to_owned(),
            None if *awaits => line,
            None => return,
        };
        *awaits = begins && rest.is_empty();
        let digits: String = rest.trim_start_matches('`').chars().take_while(char::is_ascii_digit).collect();
        let Ok(amount) = digits.parse::<u32>() else { return };
        let without = rest.to_lowercase().find(" when ").and_then(|when| {
            let before = rest.get(..when)?;
            let other: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
            let other: u32 = other.chars().rev().collect::<String>().parse().ok()?;
            let after = rest.get(when..)?.to_lowercase();
            let absent = after.contains("omitted") || after.contains("not sent") || after.contains("without");
            let words: Vec<&str> = rest.get(when + 6..)?.split_whitespace().collect();
            let name =
                words.iter().position(|word| word.trim_matches('`') == "parameter").and_then(|at| at.checked_sub(1));
            let name = name.and_then(|at| words.get(at))?.trim_matches('`').to_owned();
            absent.then_some((other, name))
        });
        let own = conditions::read(&rest).filter(|_| without.is_none());
        let weight = own.unwrap_or(Weight { without, ..Weight::fixed(amount) });
        self.weight.get_or_insert((weight, at));
    }

    /// Reads a sample. `is_first` says that it is the first one below its label. Returns whether it
    /// is a call.
    fn code(
        &mut self,
        item: &Item,
        status: Option<&str>,
        caption: Option<&str>,
        after_call: bool,
        is_first: bool,
    ) -> bool {
        let ItemKind::Code { language, text, first } = &item.kind else { return false };
        let (label, at) = (item.label.kind, item.at);
        if let Some(call) = calls::read(text) {
            self.calls.push((call, at));
            return true;
        }
        if label == LabelKind::Body
            && matches!(language.as_str(), "yaml" | "yml")
            && let Some(node) = media::yaml(text, *first)
        {
            self.forms.push((node, at));
            return false;
        }
        let is_json = matches!(
            language.as_str(),
            "json" | "javascript" | "js" | "json5" | "jsonc" | "" | "http" | "text" | "python"
        );
        let begins = text.trim_start().starts_with(['{', '[']);
        let in_sample = begins || matches!(language.as_str(), "http" | "json") || text.trim_start().starts_with("//");
        if !is_json || !in_sample || label == LabelKind::Calls && language != "json" {
            self.unread_code(language, label, at);
            return false;
        }
        if tuples::has_names(text) {
            self.remarks.push(Remark::unread(at, "a sample of rows that has names in place of values"));
            return false;
        }
        let nodes = sample::read(text, *first);
        let status_line = text.trim_start().strip_prefix("HTTP/").and_then(|rest| rest.split_whitespace().nth(1));
        let status_line = status_line.filter(|word| labels::is_status(word));
        if nodes.is_empty() {
            if begins {
                self.remarks.push(Remark {
                    kind: RemarkKind::Unread,
                    at,
                    other: None,
                    text: "a sample that is no JSON, even with comments and commas as people write them".to_owned(),
                });
            }
            return false;
        }
        let caption = match status_line {
            Some(status) => Some((LabelKind::Response, Some(status.to_owned()))),
            None => caption.and_then(labels::caption),
        };
        // A caption decides, if there is one. A call is followed by its response.
        let (kind, status) = match caption {
            Some((kind, own)) => (Some(kind), own.or_else(|| status.map(str::to_owned))),
            None => {
                let kind = match label {
                    LabelKind::Errors | LabelKind::Response => Some(label),
                    // The label of a body speaks of one sample. The response can follow it.
                    LabelKind::Body if is_first => Some(label),
                    _ if after_call => Some(LabelKind::Response),
                    _ => None,
                };
                (kind, status.map(str::to_owned))
            }
        };
        let is_below_response =
            matches!(self.last, Target::Response(_)) && !matches!(label, LabelKind::Request | LabelKind::Body);
        let of = |node| Shown {
            node,
            at,
            kind,
            is_below_request: label == LabelKind::Request && is_first,
            is_below_response,
            status: status.clone(),
        };
        self.shown.extend(nodes.into_iter().map(of));
        false
    }

    /// Notes a sample that states no fact.
    fn unread_code(&mut self, language: &str, label: LabelKind, at: Lines) {
        if label == LabelKind::Calls || PROGRAMMING.contains(&language) {
            self.programs.push((language.to_owned(), at));
        } else {
            let language = if language.is_empty() { String::new() } else { format!(" in `{language}`") };
            self.remarks.push(Remark::unread(at, format!("a sample{language} that is neither JSON nor a call")));
        }
    }

    /// Notes an element of a list that describes a name, and states no fact.
    fn unread_element(&mut self, item: &Item, line: &str) {
        let is_labelled = !matches!(item.label.kind, LabelKind::Start | LabelKind::Calls | LabelKind::Details);
        let is_named = line.trim_start().starts_with(['`', '*', '<']);
        let plain = inline::plain(line);
        let states = access::of_line(line).is_some()
            || crate::listed::part(line).is_some()
            || crate::sections::route(line).is_some()
            || !limits::read(line, "", item.at).is_empty()
            || limits::rule(line).is_some()
            || !errors::told(line, item.at).is_empty()
            || plain.to_lowercase().starts_with("weight");
        if item.is_element && (is_labelled || is_named) && !states {
            self.elements.push(item.at);
        }
    }

    /// Sorts the samples into those of requests, of responses and of errors.
    fn sort_samples(&mut self, method: &str, path: &str) {
        let mut names: Vec<(String, bool)> = Vec::new();
        for row in self.rows.iter().filter(|row| !path.contains(&format!("{{{}}}", row.name))) {
            names.push((row.name.clone(), row.required == Some(true) && row.depth == 0));
        }
        let of_body = self.body_rows.iter().filter(|row| row.depth > 0);
        names.extend(of_body.map(|row| (row.name.clone(), row.required == Some(true) && row.depth == 1)));
        let reads = matches!(method, "GET" | "HEAD");
        let sent = self.calls.iter().filter_map(|(call, at)| {
            let body = call.body.as_deref()?;
            media::form(body, at.first).or_else(|| sample::read(body, at.first).into_iter().next())
        });
        let bodies = sent.filter(has_members).collect();
        for own in sorting::sort(std::mem::take(&mut self.shown), &Request { names, reads, bodies }) {
            let shown = own.shown;
            if let Some((confidence, reason)) = own.guess {
                let what = match own.kind {
                    LabelKind::Body => "request",
                    LabelKind::Errors => "an error",
                    _ => "response",
                };
                let article = if what == "an error" { "" } else { "the " };
                self.remarks.push(Remark {
                    kind: RemarkKind::Guess(confidence),
                    at: shown.at,
                    other: None,
                    text: format!(
                        "`{method} {path}`: the sample shows {article}{what}, because {reason}; no caption says so"
                    ),
                });
            }
            match own.kind {
                LabelKind::Body => self.body_samples.push((shown.node, shown.at)),
                LabelKind::Errors => {
                    let status = shown.status.unwrap_or_else(|| "default".to_owned());
                    self.samples.push((Some(status), shown.node, shown.at));
                }
                _ => self.response_sample(shown),
            }
        }
        if self.body_samples.is_empty() && !reads {
            self.samples_of_calls();
        }
        if reads && !self.body_samples.is_empty() {
            for (_, at) in std::mem::take(&mut self.body_samples) {
                self.unused.push(at);
            }
        }
    }

    /// Reads the bodies that calls send: JSON, or a form.
    fn samples_of_calls(&mut self) {
        for (call, at) in &self.calls {
            let Some(body) = call.body.as_deref() else { continue };
            let form = media::form(body, at.first);
            let is_form = form.is_some();
            let node = form.or_else(|| sample::read(body, at.first).into_iter().next());
            let Some(node) = node.filter(has_members) else {
                let is_word = body.trim().is_empty() || body.starts_with(['$', '@', '<']);
                if !is_word && sample::read(body, at.first).is_empty() {
                    let text = "the body of a call that is neither JSON nor a form".to_owned();
                    self.remarks.push(Remark { kind: RemarkKind::Unread, at: *at, other: None, text });
                }
                continue;
            };
            let target = if is_form { &mut self.forms } else { &mut self.body_samples };
            if !target.iter().any(|(own, _)| own.tree() == node.tree()) {
                target.push((node, *at));
            }
        }
    }

    fn response_sample(&mut self, shown: Shown) {
        let Shown { node, at, status, .. } = shown;
        if status.is_none() {
            self.unlabelled.push((node.clone(), at));
        }
        // Several notations of one sample, such as one line and indented, are one.
        let is_known = self.samples.iter().any(|(own, before, _)| *own == status && before.tree() == node.tree());
        if !is_known {
            self.samples.push((status, node, at));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the label and the state of one table")]
    fn table(
        &mut self,
        label: &labels::Label,
        status: Option<&str>,
        table: &Table,
        columns: &Columns,
        at: Lines,
        choice: Option<&'static str>,
        named: Option<&str>,
    ) {
        let document = at.document;
        if matches!(columns.kind, TableKind::Parameters | TableKind::Members) {
            let rows = members::rows(table, columns, document, choice);
            self.remarks.extend(members::unread(table, columns, &rows, at));
        }
        let is_list = columns.has(Column::Name) || access::lists_routes(table);
        if columns.has(Column::Access) && !is_list {
            let row = table.rows.first().and_then(|row| access::of_value(columns.get(row, Column::Access)));
            self.access = self.access.or(row.map(|access| (access, at)));
        }
        let has_facts = matches!(columns.kind, TableKind::Other | TableKind::Values) && self.access.is_none();
        if let Some((access, line)) = access::of_facts(table).filter(|_| has_facts) {
            self.access = Some((access, line.map_or(at, |line| Lines::one(document, line))));
        }
        match columns.kind {
            TableKind::Parameters => {
                self.last = Target::Request;
                let rows = members::rows(table, columns, document, choice);
                let mut in_body = false;
                for mut row in rows {
                    if row.depth == 0 {
                        in_body = false;
                    }
                    if row.place == "body" && row.depth == 0 && row.name == "body" {
                        in_body = true;
                        self.body_rows.push(row);
                    } else if matches!(row.place.as_str(), "body" | "formdata" | "form") || in_body {
                        // A member of the body.
                        if row.depth == 0 && !in_body {
                            row.depth = 1;
                        }
                        self.body_rows.push(row);
                    } else {
                        self.rows.push(row);
                    }
                }
            }
            TableKind::Statuses => {
                for row in &table.rows {
                    let status = inline::plain(columns.get(row, Column::Status));
                    let status = status.split_whitespace().next().unwrap_or("").to_owned();
                    if labels::is_status(&status.to_lowercase()) || status.eq_ignore_ascii_case("default") {
                        let cell = columns.get(row, Column::Schema).to_owned();
                        self.statuses.push(Status { status, at: Lines::one(document, row.line), cell });
                    }
                }
            }
            TableKind::Values => {
                // A list of responses stands before the values of one whose schema has no table.
                let of_response = self.statuses.iter().find(|own| own.status.starts_with('2'));
                if let (Target::Request, Some(own)) = (&self.last, of_response) {
                    self.last = Target::Response(status.map_or_else(|| own.status.clone(), str::to_owned));
                }
                for row in &table.rows {
                    let (_, name) = members::split_depth(columns.get(row, Column::Name));
                    let value = inline::plain(columns.get(row, Column::Value));
                    self.values.push((self.last.clone(), name, value, Lines::one(document, row.line)));
                }
            }
            TableKind::Errors => {
                let before = self.errors.len();
                for row in &table.rows {
                    self.errors.extend(errors::error_code(columns, row, document));
                }
                if self.errors.len() == before {
                    self.remarks.push(Remark::unread(at, "a table of errors without codes"));
                }
            }
            TableKind::Members => {
                let rows = members::rows(table, columns, document, choice);
                let marks = columns.has(Column::Required) || columns.has(Column::Optional);
                let heads_of = |all: &[&str]| {
                    let head = table.header.first().map(|name| inline::words(&inline::plain(name))).unwrap_or_default();
                    head.first().is_some_and(|word| all.contains(&word.as_str()))
                };
                let is_open = self.is_read && !marks && named.is_none() && label.kind == LabelKind::Start;
                // A table of fields behind one of parameters, and one of an object, describe what
                // is read.
                let is_second = is_open && self.has_parameters && heads_of(&["field", "property", "attribute", "key"]);
                self.has_parameters |= heads_of(&["parameter", "param", "argument", "query", "path"]);
                let is_object = self.is_read
                    && !marks
                    && named.is_some_and(|name| {
                        inline::words(name).last().is_some_and(|word| matches!(word.as_str(), "object" | "model"))
                    });
                let named = named.filter(|_| !is_object);
                if is_second || is_object {
                    self.remarks.push(Remark {
                        kind: RemarkKind::Guess(Confidence::Low),
                        at,
                        other: None,
                        text: "the table describes the response; no caption says so".to_owned(),
                    });
                }
                let is_response = label.kind == LabelKind::Response
                    || is_second
                    || is_object
                    || !marks && self.is_about_response(label, &rows)
                    || label.kind == LabelKind::Properties && (!self.rows.is_empty() || self.is_read)
                    || named.is_some() && self.last != Target::Request;
                if is_response {
                    let status = status.unwrap_or("200").to_owned();
                    self.last = Target::Response(status.clone());
                    if let Some(name) = named {
                        self.named_rows.push((status, name.to_owned(), rows));
                        return;
                    }
                    match self.response_rows.iter_mut().find(|(own, _, _)| *own == status) {
                        Some((_, own, lines)) => {
                            own.extend(rows);
                            *lines = lines.to(at);
                        }
                        None => self.response_rows.push((status, rows, at)),
                    }
                } else if matches!(label.kind, LabelKind::ResponseHeaders | LabelKind::Errors | LabelKind::Values) {
                    let text = match label.kind {
                        LabelKind::ResponseHeaders => "a table of the headers of a response",
                        LabelKind::Errors => "a table of errors without codes",
                        _ => "a table of values whose property is not named",
                    };
                    self.remarks.push(Remark::unread(at, text));
                } else if label.kind == LabelKind::Body {
                    self.last = Target::Request;
                    self.body_rows.extend(rows.into_iter().map(|row| MemberRow { depth: row.depth + 1, ..row }));
                } else {
                    self.last = Target::Request;
                    let place = label.place.map(Place::name).unwrap_or("").to_owned();
                    self.rows.extend(rows.into_iter().map(|row| MemberRow { place: place.clone(), ..row }));
                }
            }
            TableKind::Other => {
                let is_request = matches!(label.kind, LabelKind::Start | LabelKind::Request | LabelKind::Details);
                if is_request && let Some((table, columns)) = headers(table) {
                    // The headers of requests.
                    let label = labels::Label { kind: LabelKind::Request, place: Some(Place::Header), ..label.clone() };
                    self.table(&label, status, &table, &columns, at, choice, None);
                    return;
                }
                let states = access::lists_routes(table)
                    || access::of_facts(table).is_some()
                    || columns.has(Column::Access)
                    || crate::sections::states_route(table)
                    || !limits::of_table(table, "", document).is_empty();
                if !states {
                    self.remarks.push(Remark::unread(at, format!("a table with the columns {}", heads(table))));
                }
            }
        }
    }

    /// Returns whether a table without marks, behind the sample of a response, describes it: it has
    /// the members of the sample, and no label says anything else.
    fn is_about_response(&self, label: &labels::Label, rows: &[MemberRow]) -> bool {
        let is_open = match label.kind {
            LabelKind::Start | LabelKind::Properties | LabelKind::Details | LabelKind::Calls => true,
            LabelKind::Request | LabelKind::Body => self.is_label_used,
            _ => false,
        };
        let Some(last) = self.shown.last().filter(|_| is_open && !rows.is_empty()) else { return false };
        let shared = |shown: &Shown| {
            let mut all = Vec::new();
            sorting::names(&shown.node, &mut all, 0);
            rows.iter().filter(|row| all.contains(&row.name)).count()
        };
        let own = shared(last);
        let is_of_request = self.shown.iter().any(|shown| {
            let can_be = !std::ptr::eq(shown, last) || shown.kind == Some(LabelKind::Body);
            can_be && shown.kind != Some(LabelKind::Response) && shared(shown) >= own
        });
        let states = rows.iter().any(|row| row.required.is_some() || !row.place.is_empty());
        // The only sample of an operation that writes can be its request.
        let is_response = last.kind == Some(LabelKind::Response) || self.shown.len() > 1 || self.is_read;
        own * 3 >= rows.len() * 2 && !is_of_request && !states && is_response
    }

    fn finish(mut self, section: &Section, (route, route_at): (Route, Lines)) -> Read {
        let (origin, target) = calls::split_url(&route.target);
        let (path, query) = paths::split_query(target);
        let (path, in_path) = paths::braces(path);
        let mut servers: Vec<(String, Lines)> = Vec::new();
        if !origin.is_empty() {
            servers.push((origin.to_owned(), route_at));
        }
        for (call, at) in &self.calls {
            let (origin, rest) = calls::split_url(&call.url);
            let (own, _) = paths::braces(paths::split_query(rest).0);
            if let Some(base) = base_of(&own, &path).filter(|_| !origin.is_empty()) {
                servers.push((format!("{origin}{base}"), *at));
            }
        }
        let marks = format!("{} {}", section.heading, route.rest);
        let mark = access::of_title(&marks);
        if let Some(access) = mark {
            self.access.get_or_insert((access, section.at));
        }
        self.access_of_calls(&route.method, &path);
        self.sort_samples(&route.method, &path);
        let mut parameters = self.parameters(&route.method, &path, &query, &in_path, route_at);
        let mut body = self.body(&route.method, &path, &parameters);
        let responses = self.responses(&format!("{} {path}", route.method));
        let mut shown: Vec<(String, String, Lines)> =
            self.calls.iter().flat_map(|(call, at)| values_of_url(&call.url, &path, *at)).collect();
        shown.extend(values_of_url(&route.target, &path, route_at));
        let typed = kinds::of_parameters(&mut parameters, &shown);
        self.remarks.extend(typed.map(|own| own.about(&format!("{} {path}", route.method))));
        about::told(&parameters, &mut self.remarks);
        let used = about::apply(section, &mut parameters, &mut body, &mut self.remarks);
        let rule = section.items.iter().find_map(|item| match &item.kind {
            ItemKind::Line(line) => limits::rule(line),
            _ => None,
        });
        let mut limits = limits::of_section(section);
        for item in &section.items {
            if let ItemKind::Table { table, columns } = &item.kind
                && columns.kind == TableKind::Other
            {
                limits.extend(limits::of_table(table, &section.heading, item.at.document));
            }
        }
        for item in &section.items {
            if let ItemKind::Line(line) = &item.kind
                && let Some(own) = limits::of_entries(line)
            {
                let text = format!("`{own}` counts orders and not requests; no rate limit was read from it");
                self.remarks.push(Remark::unread(item.at, text));
            }
        }
        let mut unread: Vec<Lines> = Vec::new();
        for at in std::mem::take(&mut self.elements).into_iter().filter(|at| !used.contains(at)) {
            match unread.last_mut().filter(|own| own.last + 1 >= at.first) {
                Some(own) => *own = own.to(at),
                None => unread.push(at),
            }
        }
        for at in unread {
            self.remarks.push(Remark::unread(at, "elements of a list that are read as words only"));
        }
        if let Some(per) = rule {
            limits.iter_mut().for_each(|limit| (limit.per, limit.states_per) = (per, true));
        }
        let operation = Operation {
            at: section.at,
            route_at,
            route_is_shown: route.source == RouteSource::Sample,
            method: route.method.clone(),
            path,
            id: section.operation_id.clone(),
            tag: Some(section.parent.clone()).filter(|tag| !tag.is_empty()),
            heading: section.heading.clone(),
            parameters,
            body,
            responses,
            access: self.access,
            signs: mark == Some(Access::Signed),
            schemes: std::mem::take(&mut self.schemes),
            weight: self.weight.take(),
            filled: Vec::new(),
            filled_members: Vec::new(),
            prose: access::paragraphs(section),
            shown,
            guesses_place: self.guesses_place,
            errors: std::mem::take(&mut self.errors),
            limits,
        };
        let origin = Some(origin.to_owned()).filter(|origin| !origin.is_empty());
        let (remarks, unused, programs) = (self.remarks, self.unused, self.programs);
        Read { operation, remarks, unused, programs, servers, origin, parameters_of: self.parameters_of }
    }

    fn parameters(
        &mut self,
        method: &str,
        path: &str,
        query: &str,
        in_path: &[PathParameter],
        route_at: Lines,
    ) -> Vec<Parameter> {
        let rows = std::mem::take(&mut self.rows);
        let shown = self.body_samples.iter().chain(&self.forms);
        let bodies: Vec<Node> = shown.map(|(node, _)| node.clone()).collect();
        let in_sample = |name: &str| bodies.iter().any(|node| first_members(node).iter().any(|(own, _)| own == name));
        let writes = !matches!(method, "GET" | "HEAD");
        let in_calls = |name: &str| {
            let mut queries =
                self.calls.iter().filter_map(|(call, _)| call.url.split_once('?').map(|(_, query)| query));
            queries.any(|query| query.split('&').any(|pair| pair.split('=').next() == Some(name)))
        };
        // A table that lists a member of the body lists all of them.
        let states_body = self.media.is_some() && self.body_rows.is_empty();
        let has_body = writes && (states_body || rows.iter().any(|row| row.place.is_empty() && in_sample(&row.name)));
        let mut out: Vec<Parameter> = Vec::new();
        let mut guessed = Vec::new();
        let is_media = |own: &Member, place: &str| {
            place == "header" && ["content-type", "accept"].iter().any(|name| own.name.eq_ignore_ascii_case(name))
        };
        for mut member in members::members(&rows) {
            let own = rows.iter().find(|row| row.at == member.at && row.name == member.name);
            let stated = own.map(|row| row.place.as_str()).unwrap_or("");
            // A row can repeat the spelling of the route: `:id`.
            if let Some(own) = in_path.iter().find(|own| own.name == member.name.trim_matches(SPELLING)) {
                member.name.clone_from(&own.name);
                if let Some(schema) = own.schema(member.at).filter(|_| matches!(member.schema.form, Form::Any)) {
                    (member.schema.form, member.states_type) = (schema.form, true);
                }
            }
            let in_path = path.contains(&format!("{{{}}}", member.name));
            // The media types of the body and the response say the same.
            if is_media(&member, stated) {
                continue;
            }
            let place = match stated {
                _ if in_path => Place::Path,
                "path" | "url" | "uri" => Place::Path,
                "query" | "querystring" | "url query" => Place::Query,
                "header" => Place::Header,
                "cookie" => Place::Cookie,
                "" if has_body && !in_calls(&member.name) => {
                    let row = rows.iter().skip_while(|row| row.at != member.at || row.name != member.name);
                    let own = row.enumerate().take_while(|(index, row)| *index == 0 || row.depth > 0);
                    self.body_rows.extend(own.map(|(_, row)| MemberRow { depth: row.depth + 1, ..row.clone() }));
                    continue;
                }
                _ => {
                    if writes {
                        guessed.push(member.at);
                    }
                    Place::Query
                }
            };
            let required = if place == Place::Path { Some(true) } else { member.required };
            let same = out.iter().find(|own| own.member.name == member.name && own.place == place);
            if let Some(own) = same {
                self.remarks.extend(contradict::tables(&format!("{method} {path}"), &own.member, &member));
            } else {
                let states_place = !stated.is_empty() || in_path;
                out.push(Parameter { place, states_place, member: Member { required, ..member } });
            }
        }
        if let (Some(first), Some(last)) = (guessed.first(), guessed.last()) {
            self.guesses_place = true;
            self.remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::Low),
                at: first.to(*last),
                other: None,
                text: format!("`{method} {path}`: the parameters are sent in the query; no text says where"),
            });
        }
        // Parameters that only the route has.
        let in_route =
            path.split('{').skip(1).filter_map(|part| part.split('}').next()).map(|name| (Place::Path, name));
        let in_query = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
        for (place, name) in in_route.chain(in_query.map(|name| (Place::Query, name))) {
            if !out.iter().any(|own| own.member.name == name) {
                let required = (place == Place::Path).then_some(true);
                let typed = in_path.iter().find(|own| own.name == name).filter(|_| place == Place::Path);
                let schema = typed.and_then(|own| own.schema(route_at));
                let states_type = schema.is_some();
                let schema = schema.unwrap_or_else(|| Schema::scalar(route_at, "string"));
                let member = Member {
                    name: name.to_owned(),
                    at: route_at,
                    required,
                    states_required: false,
                    states_type,
                    is_conditional: false,
                    in_table: true,
                    other_type: None,
                    schema,
                    note: String::new(),
                };
                out.push(Parameter { place, states_place: true, member });
            }
        }
        for own in in_path.iter().filter(|own| own.is_optional) {
            let text =
                format!("`{method} {path}` without `{}`: the draft has the route with all its parameters", own.name);
            self.remarks.push(Remark::unread(route_at, text));
        }
        for (target, name, value, at) in &self.values {
            if *target == Target::Request {
                for parameter in out.iter_mut().filter(|own| own.member.name == *name) {
                    values::add(&mut parameter.member.schema, value, *at);
                }
            }
        }
        out
    }

    fn body(&mut self, method: &str, path: &str, parameters: &[Parameter]) -> Option<Body> {
        let rows = std::mem::take(&mut self.body_rows);
        let mut samples = std::mem::take(&mut self.body_samples);
        let forms = std::mem::take(&mut self.forms);
        let is_form_sample = samples.is_empty() && !forms.is_empty();
        if is_form_sample && rows.is_empty() {
            samples = forms.iter().filter(|(node, _)| !node.members().is_empty()).cloned().collect();
        }
        let sample = samples.first().cloned();
        if rows.is_empty() && (sample.is_none() || matches!(method, "GET" | "HEAD")) {
            let (cell, at) = self.linked_body.take().filter(|_| !matches!(method, "GET" | "HEAD" | "DELETE"))?;
            let schema = types::read(&cell, at);
            let media = self.media.take().map_or_else(|| media::JSON.to_owned(), |(media, _)| media);
            let (is_sample, samples) = (false, Vec::new());
            return Some(Body {
                at,
                media,
                required: true,
                required_at: None,
                schema,
                is_sample,
                sample: None,
                samples,
            });
        }
        if is_form_sample
            && rows.is_empty()
            && let Some((_, at)) = sample
        {
            self.remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::Medium),
                at,
                other: None,
                text: format!("`{method} {path}`: a sample shows the form that is sent; its values are texts"),
            });
        }
        let media = self.body_media(&format!("{method} {path}"), &rows, is_form_sample.then_some(forms.as_slice()));
        let first = rows.first().map(|row| row.at).or_else(|| sample.as_ref().map(|(_, at)| *at)).unwrap_or_default();
        let at = rows.iter().fold(first, |at, row| at.to(row.at));
        let whole = rows.first().filter(|row| row.depth == 0);
        let required = whole.map_or(Some(true), |row| row.required).unwrap_or(true);
        let below = if whole.is_some() { rows.get(1..).unwrap_or(&[]) } else { &rows };
        let mut schema = match whole {
            Some(row) => {
                let own = members::member(row, below).schema;
                match own.form {
                    // The generator shows no members here. Which of them are required is open.
                    Form::Any if row.has_type => all(&samples).map_or(own, optional),
                    _ if row.has_type => own,
                    _ => all(&samples).unwrap_or(own),
                }
            }
            None if rows.is_empty() && self.linked_body.is_some() => {
                self.linked_body.as_ref().map(|(cell, at)| types::read(cell, *at)).unwrap_or_default()
            }
            None if rows.is_empty() => all(&samples).unwrap_or_default(),
            None => {
                let table = members::members(below);
                self.remarks.extend(repeated(method, &table));
                let (schema, remarks) = refine(all(&samples), below, &[], at);
                let more = if samples.len() > 1 { contradict::kinds(&table, &samples) } else { Vec::new() };
                let is_new = |own: &Remark| !remarks.iter().any(|other| other.at == own.at);
                self.remarks.extend(more.into_iter().filter(is_new));
                self.remarks.extend(remarks);
                schema
            }
        };
        if let (Form::Array(items), Some((node, at))) = (&mut schema.form, samples.first())
            && matches!(items.form, Form::Any)
            && let Some(first) = node.elements().first().filter(|first| !first.members().is_empty())
        {
            **items = optional(infer(first, at.document));
            self.remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: schema.at,
                other: Some(*at),
                text: format!(
                    "`{method} {path}`: the elements of the body are any value in the table and objects in the \
                     sample; the draft has the sample's"
                ),
            });
        }
        for (target, name, value, at) in &self.values {
            let is_parameter = parameters.iter().any(|own| own.member.name == *name);
            if *target == Target::Request && !is_parameter {
                values::add_named(&mut schema, name, value, *at);
            }
        }
        let is_open = |row: &MemberRow| !row.has_type || matches!(row.schema.form, Form::Any) && below.is_empty();
        let is_linked = rows.is_empty() && self.linked_body.is_some();
        let is_sample = rows.is_empty() && !is_linked || whole.is_some_and(is_open);
        if rows.is_empty() && !is_linked {
            self.remarks.extend(differences(&samples, "request"));
            if let ([(_, at)], false) = (samples.as_slice(), is_form_sample) {
                let text =
                    format!("`{method} {path}`: each member of the body is required; only one sample shows them");
                let kind = RemarkKind::Guess(Confidence::Low);
                self.remarks.push(Remark { kind, at: *at, other: None, text });
            }
        }
        let required_at = whole.and_then(|row| Some((row.required?, row.at)));
        Some(Body {
            at,
            media,
            required,
            required_at,
            schema,
            is_sample,
            sample: sample.map(|(node, _)| node),
            samples,
        })
    }

    /// Returns the media type of the body: that of the calls, of a line, of the rows, or of the
    /// samples. Adds a remark if it is an unusual one.
    fn body_media(&mut self, name: &str, rows: &[MemberRow], forms: Option<&[(Node, Lines)]>) -> String {
        let of_call = self.calls.iter().find_map(|(call, at)| Some((call.media()?, *at)));
        let is_binary = |row: &MemberRow| matches!(&row.schema.form, Form::Scalar { format: Some(format), .. } if format == "binary" && row.depth > 0);
        let stated = self.media.take();
        let is_form_row = |row: &MemberRow| row.place.starts_with("form");
        if let Some((media, at)) = of_call.or(stated) {
            if !media::is_json(&media) && media != media::FORM && media != media::MULTIPART || media.contains('+') {
                self.remarks.push(Remark {
                    kind: RemarkKind::Guess(Confidence::Medium),
                    at,
                    other: None,
                    text: format!("`{name}`: the body is `{media}`, as the document has it; it can also be JSON"),
                });
            }
            return media;
        }
        let form = forms.and_then(|forms| forms.first());
        if form.is_none() && !rows.iter().any(is_form_row) {
            return media::JSON.to_owned();
        }
        if rows.iter().any(is_binary) { media::MULTIPART } else { media::FORM }.to_owned()
    }

    fn responses(&mut self, name: &str) -> Vec<Response> {
        let accepted = self.calls.iter().find_map(|(call, at)| Some((call.header("accept")?.to_owned(), *at)));
        let all: Vec<String> =
            accepted.iter().flat_map(|(value, _)| value.split(',')).filter_map(media::of_header).collect();
        let json = all.iter().find(|media| media::is_json(media));
        let media = json.or(all.first()).cloned().unwrap_or_else(|| media::JSON.to_owned());
        let mut out: Vec<Response> = Vec::new();
        for Status { status, at, cell } in std::mem::take(&mut self.statuses) {
            if out.iter().any(|own| own.status == status) {
                continue;
            }
            let plain = inline::plain(&cell);
            let is_inline = plain.eq_ignore_ascii_case("inline");
            let schema = match plain.to_lowercase().as_str() {
                "none" | "" => None,
                _ if is_inline => Some(Schema::new(at, Form::Any)),
                _ => Some(types::read(&cell, at)),
            };
            let has_table = schema.is_some() && !is_inline;
            out.push(Response {
                status,
                at,
                media: media.clone(),
                schema,
                samples: Vec::new(),
                has_table,
                is_stated: true,
                states_status: true,
            });
        }
        let success = out.iter().find(|own| own.status.starts_with('2')).map(|own| own.status.clone());
        let shown = self.samples.iter().filter_map(|(status, _, _)| status.clone()).find(|own| own.starts_with('2'));
        let stated = self.success.take();
        if let Some((status, at)) = &stated
            && out.is_empty()
            && self.samples.is_empty()
            && self.response_rows.is_empty()
        {
            // A sentence states the status of a response without a sample.
            if let Some(response) = entry(&mut out, status, *at, &media) {
                response.states_status = true;
            }
        }
        let stated = stated.map(|(status, _)| status);
        let success = success.or(shown).or(stated).unwrap_or_else(|| "200".to_owned());
        // Old generators show one sample for each response, in their order, without a label.
        let described: Vec<String> =
            out.iter().filter(|own| own.schema.is_some()).map(|own| own.status.clone()).collect();
        let mut samples = std::mem::take(&mut self.samples);
        if described.len() > 1 && described.len() == self.unlabelled.len() {
            samples.retain(|(status, _, _)| status.is_some());
            let own = described.into_iter().zip(std::mem::take(&mut self.unlabelled));
            samples.extend(own.map(|(status, (node, at))| (Some(status), node, at)));
        }
        for (status, node, at) in samples {
            let states = status.as_ref().is_some_and(|own| own.chars().all(|c| c.is_ascii_digit()));
            let status = status.unwrap_or_else(|| success.clone());
            if let Some(response) = entry(&mut out, &status, at, &media) {
                response.states_status |= states;
                response.samples.push((node, at));
            }
        }
        for (status, rows, at) in std::mem::take(&mut self.response_rows) {
            let is_assumed = !out.iter().any(|own| own.status == status);
            let status = if is_assumed && status == "200" { success.clone() } else { status };
            let Some(response) = entry(&mut out, &status, at, &media) else { continue };
            response.has_table = true;
            let is_open = response.schema.as_ref().is_none_or(|schema| matches!(schema.form, Form::Any));
            if is_open && response.is_stated {
                let mut schema = members::schema(&rows, at);
                if let Some((node, at)) = response.samples.first() {
                    schemas::complete(&mut schema, node, at.document);
                }
                response.schema = Some(schema);
            } else if is_open {
                let shown = response.samples.iter().map(|(node, at)| infer(node, at.document)).reduce(unify);
                let named: Vec<(String, Vec<MemberRow>)> = self
                    .named_rows
                    .iter()
                    .filter(|(own, _, _)| *own == status)
                    .map(|(_, name, rows)| (name.clone(), rows.clone()))
                    .collect();
                let table = members::members(&rows);
                self.remarks.extend(repeated(&format!("response {status}"), &table));
                let (schema, remarks) = refine(shown, &rows, &named, at);
                if response.samples.len() > 1 {
                    let more = contradict::kinds(&table, &response.samples);
                    let is_new = |own: &Remark| !remarks.iter().any(|other| other.at == own.at);
                    self.remarks.extend(more.into_iter().filter(is_new));
                }
                self.remarks.extend(remarks);
                response.schema = Some(schema);
            }
        }
        for (status, cell, at) in std::mem::take(&mut self.linked) {
            let states_status = status.is_some();
            let status = status.unwrap_or_else(|| success.clone());
            let Some(response) = entry(&mut out, &status, at, &media) else { continue };
            if response.schema.is_none() && !response.has_table {
                response.schema = Some(types::read(&cell, at));
                response.states_status |= states_status;
                response.has_table = true;
            }
        }
        for response in &mut out {
            let is_open = response.schema.as_ref().is_none_or(|schema| matches!(schema.form, Form::Any));
            if is_open && !response.samples.is_empty() && (!response.is_stated || response.schema.is_some()) {
                self.remarks.extend(differences(&response.samples, &format!("response {}", response.status)));
                let shown = response.samples.iter().map(|(node, at)| infer(node, at.document)).reduce(unify);
                // A generator shows each member that its schema has, the optional ones too.
                response.schema = if response.is_stated { shown.map(optional) } else { shown };
            }
            for (target, name, value, at) in &self.values {
                if *target == Target::Response(response.status.clone())
                    && let Some(schema) = &mut response.schema
                {
                    values::add_named(schema, name, value, *at);
                }
            }
        }
        // A sample of a call can ask for text, though the response is JSON.
        let is_structured = |own: &Response| {
            let kind = own.schema.as_ref().map(|schema| &schema.form);
            let is_text = matches!(kind, None | Some(Form::Any | Form::Scalar { kind: "string", .. }));
            !own.samples.is_empty() || own.media.starts_with("text/") && !is_text
        };
        let mut is_changed = false;
        for own in out.iter_mut().filter(|own| !media::is_json(&own.media) && is_structured(own)) {
            media::JSON.clone_into(&mut own.media);
            is_changed = true;
        }
        if let Some((value, at)) = accepted.filter(|_| is_changed) {
            self.remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::High),
                at,
                other: None,
                text: format!("`{name}`: the responses are JSON, though a sample asks for `{value}`"),
            });
        }
        out
    }
}

/// The signs around the name of a parameter of a path.
const SPELLING: [char; 8] = ['{', '}', '<', '>', '[', ']', ':', '$'];

/// The names of programming languages in fences.
pub(crate) const PROGRAMMING: [&str; 23] = [
    "javascript",
    "js",
    "typescript",
    "ts",
    "python",
    "py",
    "ruby",
    "java",
    "go",
    "golang",
    "php",
    "csharp",
    "c#",
    "cs",
    "cpp",
    "c",
    "rust",
    "kotlin",
    "swift",
    "perl",
    "node",
    "shell",
    "bash",
];

/// Returns the names of the columns of a table, for a message.
pub(crate) fn heads(table: &Table) -> String {
    let names: Vec<String> = table.header.iter().map(|name| format!("`{}`", inline::plain(name))).collect();
    names.join(", ")
}

/// Returns the schema that several samples show together.
/// Returns a table of headers as one of members: its first column has the names.
fn headers(table: &Table) -> Option<(Table, Columns)> {
    let words = inline::words(&inline::plain(table.header.first()?));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(words.as_slice(), ["header" | "headers"] | ["header", "name"] | ["request" | "http", "header"])
        .then_some(())?;
    let mut table = table.clone();
    if let Some(first) = table.header.first_mut() {
        "Name".clone_into(first);
    }
    let columns = Columns::of(&table);
    (columns.kind == TableKind::Members).then_some((table, columns))
}

/// Returns whether a sample is an object with members, or a list of such objects.
fn has_members(node: &Node) -> bool {
    !node.members().is_empty() || node.elements().iter().any(|element| !element.members().is_empty())
}

fn all(samples: &[(Node, Lines)]) -> Option<Schema> {
    samples.iter().map(|(node, at)| infer(node, at.document)).reduce(unify)
}

/// Makes the members of a schema optional, at any depth.
fn optional(mut schema: Schema) -> Schema {
    schema.form = match schema.form {
        Form::Object(members) => Form::Object(members.into_iter().map(optional_member).collect()),
        Form::Array(items) => Form::Array(Box::new(optional(*items))),
        Form::Map(values) => Form::Map(Box::new(optional(*values))),
        form => form,
    };
    schema
}

fn optional_member(member: Member) -> Member {
    Member { required: Some(false), schema: optional(member.schema.clone()), ..member }
}

/// Returns a remark for each member that two rows describe in different ways.
fn repeated(subject: &str, table: &[Member]) -> Vec<Remark> {
    let mut out = Vec::new();
    for (index, member) in table.iter().enumerate() {
        let before = table.iter().take(index).find(|own| own.name == member.name);
        out.extend(before.and_then(|own| contradict::tables(subject, own, member)));
    }
    out
}

/// Returns a remark if samples of one request or response have different members.
fn differences(samples: &[(Node, Lines)], subject: &str) -> Option<Remark> {
    let (first, at) = samples.first()?;
    let names = |node: &Node| first_members(node).iter().map(|(name, _)| name.clone()).collect::<Vec<String>>();
    let own = names(first);
    let (other, there) = samples.iter().skip(1).find(|(node, _)| {
        let other = names(node);
        node.type_name() != first.type_name()
            || own.iter().any(|name| !other.contains(name))
            || other.len() != own.len()
    })?;
    let other = names(other);
    let only = own.iter().filter(|name| !other.contains(name)).chain(other.iter().filter(|name| !own.contains(name)));
    let only: Vec<String> = only.map(|name| format!("`{name}`")).collect();
    let only = if only.is_empty() { "the values".to_owned() } else { only.join(", ") };
    Some(Remark {
        kind: RemarkKind::Guess(Confidence::Medium),
        at: *at,
        other: Some(*there),
        text: format!("both are samples of one {subject}, though they differ in {only}; the draft accepts both"),
    })
}

fn entry<'a>(out: &'a mut Vec<Response>, status: &str, at: Lines, media: &str) -> Option<&'a mut Response> {
    let index = out.iter().position(|own| own.status == status).unwrap_or_else(|| {
        out.push(Response {
            status: status.to_owned(),
            at,
            media: media.to_owned(),
            schema: None,
            samples: Vec::new(),
            has_table: false,
            is_stated: false,
            states_status: false,
        });
        out.len() - 1
    });
    out.get_mut(index)
}

/// Reads the names of schemes: a comma separates alternatives, and `&` joins those of one. `None`
/// is an alternative without schemes.
fn scheme_names(line: &str) -> Vec<Vec<String>> {
    let plain = inline::plain(line);
    let mut depth = 0usize;
    // The scopes of OAuth stand in brackets.
    let outside = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    let names: String = plain.chars().filter(outside).collect();
    let together = |part: &str| {
        let names = part.split('&').map(|name| name.trim().to_owned());
        names.filter(|name| !name.is_empty()).collect::<Vec<String>>()
    };
    let all = names.split(',').map(together).filter(|names| !names.is_empty());
    all.map(|names| names.into_iter().filter(|name| !name.eq_ignore_ascii_case("none")).collect()).collect()
}

/// Returns the values of the parameters of a path, and those of the query, in the URL of a sample.
fn values_of_url(url: &str, path: &str, at: Lines) -> Vec<(String, String, Lines)> {
    let (_, target) = calls::split_url(url);
    let (own, query) = target.split_once('?').unwrap_or((target, ""));
    let is_value = |text: &str| !text.is_empty() && !text.contains(['{', '<', '$', ':', '[', '%']);
    let mut out = Vec::new();
    let names: Vec<&str> = path.split('/').collect();
    let values: Vec<&str> = own.split('/').collect();
    let own = values.len().checked_sub(names.len()).and_then(|skip| values.get(skip..)).unwrap_or_default();
    let is_same =
        own.len() == names.len() && names.iter().zip(own).all(|(name, value)| name.starts_with('{') || name == value);
    if is_same {
        for (name, value) in names.iter().zip(own).filter(|(name, value)| name.starts_with('{') && is_value(value)) {
            out.push((name.trim_matches(['{', '}']).to_owned(), (*value).to_owned(), at));
        }
    }
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(_, value)| is_value(value)) {
        out.push((name.to_owned(), value.to_owned(), at));
    }
    out
}

/// Returns the part of a path before another path that it ends with.
fn base_of(whole: &str, path: &str) -> Option<String> {
    let (mut a, mut b): (Vec<&str>, Vec<&str>) = (whole.split('/').collect(), path.split('/').collect());
    while b.len() > 1 {
        let (own, other) = (a.pop()?, b.pop()?);
        if own != other && !other.contains('{') {
            return None;
        }
    }
    Some(a.join("/"))
}
