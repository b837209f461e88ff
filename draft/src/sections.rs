//! The sections of a document: a heading, and what stands below it, each under its label.

use crate::blocks::{Block, BlockKind};
use crate::calls::{self, METHODS};
use crate::columns::{Column, Columns, TableKind};
use crate::document::Lines;
use crate::inline;
use crate::labels::{self, Label, LabelKind};
use crate::listed::{self, ListedMember, RoutePart};
use crate::paths;
use crate::table::Table;

/// A part of a document with a heading of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) level: usize,
    /// The heading above.
    pub(crate) parent: String,
    /// All headings above, the outermost first.
    pub(crate) above: Vec<String>,
    pub(crate) at: Lines,
    pub(crate) items: Vec<Item>,
    pub(crate) operation_id: Option<String>,
    /// The section describes a schema.
    pub(crate) is_schema: bool,
}

impl Section {
    /// Returns the section without its content.
    pub(crate) fn without_items(&self) -> Self {
        Self {
            heading: self.heading.clone(),
            level: self.level,
            parent: self.parent.clone(),
            above: self.above.clone(),
            at: self.at,
            items: Vec::new(),
            operation_id: self.operation_id.clone(),
            is_schema: self.is_schema,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) label: Label,
    pub(crate) at: Lines,
    pub(crate) kind: ItemKind,
    /// The first line of the paragraph, the list element, or the other block that it is a part of.
    pub(crate) block: usize,
    /// It is an element of a list.
    pub(crate) is_element: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum ItemKind {
    /// The method and the path of an operation, and the rest of their line.
    Route(Route),
    /// A line of a paragraph.
    Line(String),
    Code {
        language: String,
        text: String,
        first: usize,
    },
    Table {
        table: Table,
        columns: Columns,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) rest: String,
    pub(crate) source: RouteSource,
}

/// The place where the route of an operation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RouteSource {
    /// It is a line, or a heading, of its own.
    #[default]
    Line,
    /// A heading has it beside the title.
    Heading,
    /// Words stand around it.
    Words,
    /// A sample of a request begins with it.
    Sample,
    /// A line has the path, and a sentence of the document states the method of such paths.
    Rule,
}

/// Divides a document into its sections. [`join`] joins the parts of an operation.
pub(crate) fn divide(blocks: &[Block]) -> Vec<Section> {
    let mut divider = Divider::default();
    for block in blocks {
        divider.block(block);
    }
    divider.end();
    divider.sections.iter_mut().for_each(add_route);
    divider.sections
}

/// Adds the route of a section that states its method and its path apart.
fn add_route(section: &mut Section) {
    if section.items.iter().any(|item| matches!(item.kind, ItemKind::Route(_))) {
        return;
    }
    let (mut method, mut target) = (None, None);
    let mut found: Option<(usize, Lines, Route)> = None;
    for (index, item) in section.items.iter().enumerate() {
        let parts: Vec<RoutePart> = match &item.kind {
            ItemKind::Line(line) => listed::part(line).into_iter().collect(),
            ItemKind::Table { table, .. } if table.header.len() == 2 || table.rows.len() == 1 => parts_of(table),
            _ => Vec::new(),
        };
        for part in parts {
            match part {
                RoutePart::Method(own) => method = Some(own),
                RoutePart::Path(own) => target = Some(own),
            }
        }
        if let (Some(method), Some(target)) = (&method, &target) {
            let route = Route {
                method: method.clone(),
                target: target.clone(),
                rest: String::new(),
                source: RouteSource::Line,
            };
            found = Some((index, item.at, route));
            break;
        }
    }
    if let Some((index, at, route)) = found {
        let label = Label::default();
        section
            .items
            .insert(index, Item { label, at, kind: ItemKind::Route(route), block: at.first, is_element: false });
    }
}

/// Returns whether a table states a part of a route.
pub(crate) fn states_route(table: &Table) -> bool {
    !parts_of(table).is_empty()
}

/// Returns the parts of a route in a table: in its rows, or in the only row below its header.
fn parts_of(table: &Table) -> Vec<RoutePart> {
    let of = |cells: &[String]| match cells {
        [name, value, ..] => listed::pair(name, value),
        _ => None,
    };
    let rows = std::iter::once(of(&table.header)).chain(table.rows.iter().map(|row| of(&row.cells)));
    let mut out: Vec<RoutePart> = rows.flatten().collect();
    if let [row] = table.rows.as_slice() {
        out.extend(table.header.iter().zip(&row.cells).filter_map(|(name, value)| listed::pair(name, value)));
    }
    out
}

/// Returns the method and the path of a route, without origin and query.
fn key(route: &Route) -> (String, String) {
    let (_, path) = calls::split_url(&route.target);
    (route.method.clone(), path.split('?').next().unwrap_or("").to_owned())
}

/// Returns the route of a sample that begins with the line of a request: `POST /orders HTTP/1.1`.
fn request(text: &str) -> Option<(String, String)> {
    let mut words = text.split_whitespace();
    words.next().filter(|first| METHODS.contains(first))?;
    words.next().filter(|second| second.starts_with(['/', 'h']))?;
    let call = calls::read(text)?;
    let (_, path) = calls::split_url(&call.url);
    Some((call.method.clone(), path.split('?').next().unwrap_or("").to_owned()))
}

/// Returns whether a request is one of some routes. Its path has values, and can have that of the
/// base URL.
fn is_among(routes: &[(String, String)], (method, path): &(String, String)) -> bool {
    let fits = |route: &str| {
        let (mut own, mut other) = (path.rsplit('/'), route.rsplit('/'));
        loop {
            match (own.next(), other.next()) {
                (_, None | Some("")) => return true,
                (Some(one), Some(two)) if one == two || paths::is_parameter(two) => {}
                _ => return false,
            }
        }
    };
    routes.iter().any(|(own, route)| own == method && fits(route.trim_end_matches('/')))
}

fn routes(section: &Section) -> Vec<(String, String)> {
    let of = |item: &Item| match &item.kind {
        ItemKind::Route(route) => Some(key(route)),
        _ => None,
    };
    section.items.iter().filter_map(of).collect()
}

/// Joins the parts of an operation.
pub(crate) fn join(sections: Vec<Section>) -> Vec<Section> {
    join_below(join_interrupted(join_around(sections)))
}

/// Joins the tables of an operation to its route, if a heading in its description stands between
/// them. Generators copy a description as it is, with headings of any level.
fn join_interrupted(sections: Vec<Section>) -> Vec<Section> {
    let has_table = |own: &Section| own.items.iter().any(|item| matches!(item.kind, ItemKind::Table { .. }));
    let mut out: Vec<Section> = Vec::new();
    for section in sections {
        let is_part = !section.is_schema
            && section.operation_id.is_none()
            && routes(&section).is_empty()
            && section.items.iter().any(|item| states_schemas(item) && item.label.kind == LabelKind::Response);
        let open = out.iter().rposition(|own| !routes(own).is_empty() || has_table(own) || own.is_schema);
        let open = open
            .and_then(|index| out.get_mut(index))
            .filter(|own| is_part && routes(own).len() == 1 && !has_table(own) && !own.is_schema && section.level >= 1);
        match open {
            Some(open) => {
                open.at = open.at.to(section.at);
                open.items.extend(section.items);
            }
            None => out.push(section),
        }
    }
    out
}

/// Returns whether an item is a list of responses with their schemas, as generators write it.
fn states_schemas(item: &Item) -> bool {
    match &item.kind {
        ItemKind::Table { columns, .. } => columns.kind == TableKind::Statuses && columns.has(Column::Schema),
        _ => false,
    }
}

/// Joins the sections around a heading such as `HTTP Request` into the section above, whose heading
/// is the title of the operation. All of them have the same level.
fn join_around(sections: Vec<Section>) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut rest = sections.into_iter().peekable();
    while let Some(mut section) = rest.next() {
        let mut below: Vec<Section> = Vec::new();
        while let Some(next) = rest.next_if(|next| next.level > section.level && section.level > 0) {
            below.push(next);
        }
        let mut all: Vec<(String, String)> = below.iter().flat_map(routes).collect();
        all.dedup();
        let is_part = |own: &Section| !routes(own).is_empty() && labels::read(&own.heading).is_some();
        let is_one = all.len() == 1 && below.iter().any(is_part) && routes(&section).is_empty();
        let is_other = |own: &Section| own.is_schema || own.operation_id.is_some();
        if is_one && !section.is_schema && !below.iter().any(is_other) {
            for part in below {
                section.at = section.at.to(part.at);
                if labels::read(&part.heading).is_none() {
                    let at = Lines { last: part.at.first, ..part.at };
                    let kind = ItemKind::Line(part.heading.clone());
                    let label = Label::default();
                    section.items.push(Item { label, at, kind, block: at.first, is_element: false });
                }
                section.items.extend(part.items);
            }
            out.push(section);
        } else {
            out.push(section);
            out.extend(join_around(below));
        }
    }
    out
}

/// Joins a deeper heading after a route, with no route of its own, to the operation above.
fn join_below(sections: Vec<Section>) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    // The routes of the last section. A part that is joined to it adds none.
    let mut own: Vec<(String, String)> = Vec::new();
    for section in sections {
        let before = out
            .last_mut()
            .filter(|before| !own.is_empty() && section.level > before.level && before.level > 0 && !before.is_schema);
        // A call of the same operation, such as an example of it, is a part too.
        let has_call = section.items.iter().any(|item| match &item.kind {
            ItemKind::Route(route) => !own.contains(&key(route)),
            ItemKind::Code { text, .. } => {
                text.trim_start().starts_with("curl") || request(text).is_some_and(|key| !is_among(&own, &key))
            }
            _ => false,
        });
        match before {
            Some(before) if !has_call && !section.is_schema && section.operation_id.is_none() => {
                before.at = before.at.to(section.at);
                before.items.extend(section.items);
            }
            _ => {
                own = routes(&section);
                out.push(section);
            }
        }
    }
    out
}

#[derive(Default)]
struct Divider {
    sections: Vec<Section>,
    current: Section,
    label: Label,
    /// The headings above, by level.
    above: Vec<(usize, String)>,
    /// The level of the heading that opens the schemas.
    schemas: Option<usize>,
    /// The id of an operation that stood directly before a heading.
    loose_id: Option<String>,
    /// The first line of the current block.
    begins: usize,
    /// The current block is an element of a list.
    is_element: bool,
    /// The current section has a route.
    has_route: bool,
    /// The label of the next list: the sentence before it announces it.
    announced: Option<Label>,
    /// The members of the list that is being read, and the lines of the list.
    listed: Vec<ListedMember>,
    listed_at: Lines,
}

impl Divider {
    fn end(&mut self) {
        self.end_list();
        let section = std::mem::take(&mut self.current);
        if !section.items.is_empty() || section.operation_id.is_some() || !section.heading.is_empty() {
            self.sections.push(section);
        }
    }

    fn block(&mut self, block: &Block) {
        self.current.at = if self.current.at.first == 0 { block.lines } else { self.current.at };
        let loose_id = self.loose_id.take();
        let is_member = match &block.kind {
            BlockKind::Item { text, depth } => self.element(&text.replace('\n', " "), *depth, block.lines),
            BlockKind::Paragraph(text) => self.paragraph(text, block.lines),
            _ => false,
        };
        if is_member {
            return;
        }
        self.end_list();
        // A sentence announces the list or the table that follows it.
        let announced = if matches!(block.kind, BlockKind::Item { .. }) { None } else { self.announced.take() };
        self.begins = block.lines.first;
        self.is_element = matches!(block.kind, BlockKind::Item { .. });
        match &block.kind {
            BlockKind::Heading { level, text } => {
                if let Some(id) = &loose_id
                    && self.current.operation_id.as_ref() == Some(id)
                {
                    self.current.operation_id = None;
                }
                self.heading(*level, text, block.lines);
                if let Some(id) = loose_id {
                    self.current.operation_id.get_or_insert(id);
                }
                return;
            }
            BlockKind::Anchor(id) => {
                if let Some(id) = id.strip_prefix("opId") {
                    self.loose_id = Some(id.to_owned());
                    self.current.operation_id.get_or_insert_with(|| id.to_owned());
                } else if id.starts_with("schema") && self.current.items.is_empty() {
                    self.current.is_schema = true;
                }
                return;
            }
            BlockKind::Quote(text) | BlockKind::Paragraph(text) | BlockKind::Item { text, .. } => {
                let is_quote = matches!(block.kind, BlockKind::Quote(_));
                let count = text.lines().count();
                for (index, line) in text.lines().enumerate() {
                    let at = Lines::one(block.lines.document, block.lines.first + index);
                    self.line(line, at, is_quote, count);
                }
            }
            BlockKind::Code { language, text, first } => {
                let mut lines = text.lines().filter(|line| !line.trim().is_empty());
                let (only, more) = (lines.next(), lines.next());
                let route = only.filter(|_| more.is_none()).and_then(route);
                let kind = match route {
                    Some(route) => ItemKind::Route(route),
                    None => ItemKind::Code { language: language.clone(), text: text.clone(), first: *first },
                };
                self.add(block.lines, kind);
            }
            BlockKind::Include(_) => {}
            BlockKind::Table(table) => {
                let columns = Columns::of(table);
                let before = self.label.clone();
                if let Some(label) = announced.filter(|own| is_other_side(&before, own)) {
                    self.label = label;
                }
                self.add(block.lines, ItemKind::Table { table: table.clone(), columns });
                self.label = before;
            }
        }
        self.current.at = self.current.at.to(block.lines);
    }

    /// Returns whether the list that begins here describes members: by its label, or by the
    /// sentence that announces it.
    fn describes(&self) -> bool {
        let kind = self.announced.as_ref().map_or(self.label.kind, |label| label.kind);
        matches!(kind, LabelKind::Request | LabelKind::Body | LabelKind::Response | LabelKind::Properties)
            || kind == LabelKind::Start && self.has_request()
    }

    /// Returns whether the section so far, or its heading, has a request, so that a list without a
    /// label is about its values.
    fn has_request(&self) -> bool {
        let heading = inline::plain(&self.current.heading);
        let mut words = heading.split_whitespace().map(|word| word.trim_matches(['[', ']', '(', ')', ':']));
        let is_titled = heading.contains('/') && words.any(|word| METHODS.contains(&word));
        is_titled
            || self.current.items.iter().any(|item| match &item.kind {
                ItemKind::Route(_) => true,
                ItemKind::Code { text, .. } => request(text).is_some(),
                ItemKind::Line(line) => {
                    let is_short = line.split_whitespace().count() <= MOST_WORDS;
                    is_short && inline::code_spans(line).iter().any(|span| route(span).is_some())
                }
                ItemKind::Table { .. } => false,
            })
    }

    /// Reads an element of a list as a member, or as a part of the member above. Returns whether it
    /// is one.
    fn element(&mut self, text: &str, depth: usize, lines: Lines) -> bool {
        if !self.describes() {
            return false;
        }
        let is_labelled = self.announced.is_some() || self.label.kind != LabelKind::Start;
        let bare = || listed::bare(text, lines.first).filter(|_| is_labelled);
        if let Some(member) = listed::member(text, lines.first).or_else(bare) {
            self.list(vec![member.with_depth(depth)], lines);
        } else if let Some(above) = self.listed.last_mut().filter(|above| above.depth() < depth) {
            above.add(text);
            self.list(Vec::new(), lines);
        } else {
            return false;
        }
        true
    }

    /// Reads a paragraph whose lines begin with members. Returns whether it is one.
    fn paragraph(&mut self, text: &str, lines: Lines) -> bool {
        let members = if self.describes() { listed::paragraph(text, lines.first) } else { None };
        let is_member = members.is_some();
        if let Some(members) = members {
            self.list(members, lines);
        }
        is_member
    }

    /// Adds members to the list that is being read.
    fn list(&mut self, members: Vec<ListedMember>, lines: Lines) {
        let before = if self.listed_at.first == 0 { lines } else { self.listed_at };
        self.listed_at = before.to(lines);
        self.listed.extend(members);
    }

    /// Adds the list that ends here as a table.
    fn end_list(&mut self) {
        let members = std::mem::take(&mut self.listed);
        if members.is_empty() {
            return;
        }
        let before = self.label.clone();
        if let Some(label) = self.announced.take() {
            self.label = label;
        }
        let at = std::mem::take(&mut self.listed_at);
        self.begins = at.first;
        let table = listed::table(&members);
        let columns = Columns::of(&table);
        self.add(at, ItemKind::Table { table, columns });
        self.current.at = self.current.at.to(at);
        self.label = before;
    }

    fn add(&mut self, at: Lines, kind: ItemKind) {
        self.has_route |= matches!(kind, ItemKind::Route(_));
        self.current.items.push(Item {
            label: self.label.clone(),
            at,
            kind,
            block: self.begins,
            is_element: self.is_element,
        });
    }

    fn heading(&mut self, level: usize, text: &str, at: Lines) {
        if labels::opens_schemas(text) && level <= 2 && self.current.level >= level.min(self.current.level) {
            let is_below = self.current.level != 0 && level > self.current.level && !self.current.items.is_empty();
            if !is_below || level == 1 {
                self.schemas = Some(level);
                self.start(level, text, at);
                return;
            }
        }
        if self.schemas.is_some_and(|schemas| level <= schemas) {
            self.schemas = None;
        }
        let opens_schema = self.schemas.is_some_and(|schemas| level == schemas + 1);
        let has_route = self.has_route;
        let titled = || labels::titled(text).filter(|_| has_route && level > self.current.level);
        let label = labels::read(text).or_else(titled).filter(|_| !opens_schema);
        let is_below = level > self.current.level && (self.current.level > 1 || has_route);
        match label {
            Some(label) if is_below && level > 1 => {
                self.label = label;
                self.current.at = self.current.at.to(at);
            }
            label => {
                self.start(level, text, at);
                self.label = label.unwrap_or_default();
                self.current.is_schema = opens_schema;
                if let Some(route) = route(text) {
                    self.add(at, ItemKind::Route(route));
                }
            }
        }
    }

    fn start(&mut self, level: usize, text: &str, at: Lines) {
        self.end();
        self.above.retain(|(above, _)| *above < level);
        let parent = self.above.last().map(|(_, text)| text.clone()).unwrap_or_default();
        let above = self.above.iter().map(|(_, text)| text.clone()).collect();
        self.above.push((level, text.to_owned()));
        self.label = Label::default();
        self.has_route = false;
        self.current = Section { heading: text.to_owned(), level, parent, above, at, ..Section::default() };
    }

    fn line(&mut self, line: &str, at: Lines, is_quote: bool, count: usize) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return;
        }
        if let Some(route) = route(trimmed) {
            self.add(at, ItemKind::Route(route));
            return;
        }
        let bare = trimmed.trim_end_matches([':', '：', ' ']);
        let is_bold = bare.starts_with("**") && bare.ends_with("**") && bare.len() > 4 && !inner(bare).contains("**");
        let ends = trimmed.ends_with([':', '：']) || bare.trim_end_matches('*').ends_with([':', '：']);
        let may_be = is_quote || is_bold || ends || trimmed.contains("**") || count == 1;
        let titled = || labels::titled(trimmed).filter(|_| self.has_route && !self.is_element);
        if let Some(label) = labels::read(trimmed).or_else(titled).filter(|_| may_be) {
            // A title of a sample keeps the status that was stated before.
            self.label = label;
            self.add(at, ItemKind::Line(trimmed.to_owned()));
            return;
        }
        if is_bold && inline::words(bare).len() <= 4 && count <= 2 {
            let text = inline::plain(bare).trim_end_matches([':', '：']).trim().to_owned();
            let before = self.label.clone();
            self.label = Label { kind: LabelKind::Named, text, ..before };
            self.add(at, ItemKind::Line(trimmed.to_owned()));
            return;
        }
        self.announced = labels::announced(trimmed);
        self.add(at, ItemKind::Line(trimmed.to_owned()));
    }
}

/// Returns whether a sentence leads from the request to the response, or back.
fn is_other_side(label: &Label, announced: &Label) -> bool {
    let is_response = |label: &Label| matches!(label.kind, LabelKind::Response | LabelKind::ResponseHeaders);
    let states = matches!(announced.kind, LabelKind::Request | LabelKind::Response | LabelKind::ResponseHeaders);
    states && is_response(label) != is_response(announced)
}

fn inner(bold: &str) -> &str {
    bold.trim_matches('*')
}

/// The maximum number of words of a line that gives a section its route: "The call is `GET /a`."
const MOST_WORDS: usize = 8;

/// Reads a line that consists of a method and a path. A remark in brackets may follow.
pub(crate) fn route(line: &str) -> Option<Route> {
    let plain = inline::plain(line);
    let mut rest = plain.trim();
    for lead in ["HTTP Request", "Request", "Endpoint", "URL", "接口地址", "HTTP"] {
        if let Some(after) = rest.strip_prefix(lead) {
            rest = after.trim_start_matches([':', '：', ' ']);
        }
    }
    let mut words = rest.splitn(2, [' ', '\t']);
    let method = words.next()?.trim_end_matches(':');
    if !METHODS.contains(&method) {
        return None;
    }
    let rest = words.next()?.trim();
    let (target, rest) = rest.split_once([' ', '\t', '（']).unwrap_or((rest, ""));
    let target = target.trim_end_matches([',', ';', '.']);
    let is_target = target.starts_with('/')
        || target.starts_with("http://")
        || target.starts_with("https://")
        || target.starts_with('{') && target.contains('/');
    let rest = rest.trim();
    let is_remark = rest.is_empty()
        || rest.starts_with('(')
        || rest.starts_with('（')
        || rest.starts_with('[')
        || rest.ends_with('）')
        || rest.starts_with("HTTP/")
        || rest.starts_with('#');
    (is_target && is_remark).then(|| Route {
        method: method.to_owned(),
        target: target.to_owned(),
        rest: rest.to_owned(),
        source: RouteSource::Line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_stands_alone_on_its_line() {
        let text = |line| route(line).map(|route| format!("{} {} {}", route.method, route.target, route.rest));
        assert_eq!(text("`GET /v1/order  (HMAC SHA256)`").as_deref(), Some("GET /v1/order (HMAC SHA256)"));
        assert_eq!(text("**POST** `/v1/order`").as_deref(), Some("POST /v1/order "));
        assert_eq!(text("HTTP Request: `GET http://a.example/b`").as_deref(), Some("GET http://a.example/b "));
        assert_eq!(text("GET /v1/order returns an order"), None);
        assert_eq!(text("Reference `POST /v1/order`"), None);
    }
}
