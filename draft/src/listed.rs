//! Facts that documents write as lists and as lines of a name and a value, in place of tables and
//! routes: "- `side` (string, required): the side", and `Method: GET` with `Path: /v1/orders`.

use crate::calls::METHODS;
use crate::document::Lines;
use crate::facts::Form;
use crate::inline;
use crate::table::{Row, Table};
use crate::types;

/// A member that an element of a list describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedMember {
    name: String,
    kind: String,
    required: Option<bool>,
    text: String,
    line: usize,
    /// The depth of the element in its list.
    depth: usize,
    /// The text has values of elements below.
    has_values: bool,
}

impl ListedMember {
    pub(crate) fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Adds the text of an element below: a value of an enum, or more words.
    pub(crate) fn add(&mut self, text: &str) {
        let text = without_ordinal(text);
        let is_value = text.starts_with(['`', '"']);
        let is_open = self.text.ends_with([':', '：', ',', ';', '.']);
        let joint = match (is_value, self.has_values) {
            _ if self.text.is_empty() => "",
            (true, false) if !is_open => ": ",
            (true, true) if self.text.ends_with(['`', '"']) => ", ",
            (true, true) if !is_open => "; ",
            _ => " ",
        };
        self.text.push_str(joint);
        self.text.push_str(text.trim());
        self.has_values |= is_value;
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}

/// Reads "`name` (type, required): text", `**name** (type)`, or "`name`: type, text".
pub(crate) fn member(text: &str, line: usize) -> Option<ListedMember> {
    let text = without_ordinal(text.trim());
    let (name, rest) = named(text)?;
    let rest = rest.trim_start();
    let is_bracket = rest.starts_with(['(', '[']);
    let (mark, text) = if let Some(inner) = rest.strip_prefix('(').or_else(|| rest.strip_prefix('[')) {
        let end = inner.find([')', ']'])?;
        (inner.get(..end)?, inner.get(end + 1..)?)
    } else {
        let rest = rest.trim_start_matches([':', '-', '–', '—', ' ']);
        let ends = [',', '.', ':', ';', '-', '–', '—', '('];
        // `*string* required`, or a type in its own marks.
        let mut end = rest.find(ends).unwrap_or(rest.len());
        // `string, required`: the mark can be a part of its own.
        let more = rest.get(end..).and_then(|more| more.strip_prefix(','));
        let next = more.map(|more| more.get(..more.find(ends).unwrap_or(more.len())).unwrap_or(more));
        if let Some(next) = next.filter(|next| is_mark(next)) {
            end += 1 + next.len();
        }
        (rest.get(..end)?, rest.get(end..)?)
    };
    let parts: Vec<String> = mark.split([',', ';', '|', '/']).map(|part| inline::plain(part).to_lowercase()).collect();
    let words: Vec<&str> = parts.iter().flat_map(|part| part.split_whitespace()).collect();
    let required = if words.contains(&"optional") {
        Some(false)
    } else if words.contains(&"required") || words.contains(&"mandatory") {
        Some(true)
    } else {
        None
    };
    let kind = parts.iter().map(|part| {
        let own: Vec<&str> =
            part.split_whitespace().filter(|own| !matches!(*own, "required" | "optional" | "mandatory")).collect();
        own.join(" ")
    });
    let is_type = |own: &String| {
        !own.is_empty()
            && own.len() < 30
            && !matches!(types::read(own, Lines::default()).form, Form::Any | Form::Ref(_) | Form::Choice { .. })
    };
    let kind = kind.into_iter().find(is_type);
    if kind.is_none() && required.is_none() {
        return None;
    }
    let text = text.trim_start_matches([':', ';', '-', '–', '—', ' ', '.', ',']);
    let facts = if is_bracket { facts_of(mark, kind.as_deref()) } else { String::new() };
    let text = if facts.is_empty() { text.to_owned() } else { format!("{facts}. {text}") };
    Some(ListedMember { name, kind: kind.unwrap_or_default(), required, text, line, depth: 0, has_values: false })
}

/// Words that begin an element and are no names of members.
const REMARKS: [&str; 34] = [
    "auth",
    "authentication",
    "body",
    "default",
    "defaults",
    "description",
    "endpoint",
    "example",
    "examples",
    "format",
    "header",
    "headers",
    "max",
    "maximum",
    "method",
    "min",
    "minimum",
    "note",
    "notes",
    "path",
    "permission",
    "permissions",
    "query",
    "range",
    "rate",
    "request",
    "response",
    "returns",
    "see",
    "unit",
    "units",
    "uri",
    "url",
    "weight",
];

/// Reads a name without marks and the text behind it: "side: buy or sell", "qty (required): the
/// quantity", "tif -- `GTC` or `IOC`".
pub(crate) fn bare(text: &str, line: usize) -> Option<ListedMember> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start_matches(' ');
    let is_name = name.len() > 1 && name.starts_with(|c: char| c.is_ascii_lowercase()) && !REMARKS.contains(&name);
    let begins = rest.starts_with([':', '(', '–', '—']) || rest.starts_with("--") || rest.starts_with("- ");
    if !is_name || !begins {
        return None;
    }
    let marked = format!("`{name}` {rest}");
    if let Some(own) = member(&marked, line) {
        return Some(own);
    }
    let text = rest.trim_start_matches([':', '-', '–', '—', ' ']).to_owned();
    let is_note = !text.is_empty() && !rest.starts_with('(');
    is_note.then(|| ListedMember {
        name: name.to_owned(),
        kind: String::new(),
        required: None,
        text,
        line,
        depth: 0,
        has_values: false,
    })
}

/// Returns the text behind the number of an element: "1. `side`".
fn without_ordinal(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let behind = rest.strip_prefix(['.', ')']).filter(|_| rest.len() < text.len());
    behind.and_then(|rest| rest.strip_prefix(' ')).map_or(text, str::trim_start)
}

/// Returns the parts of the brackets behind a name that are neither its type nor its mark: its
/// values, its bounds or its default.
fn facts_of(mark: &str, kind: Option<&str>) -> String {
    let is_word = |word: &String| matches!(word.as_str(), "required" | "optional" | "mandatory");
    let is_known = |part: &&str| {
        let plain = inline::plain(part).to_lowercase();
        let words: Vec<String> = inline::words(&plain).into_iter().filter(|word| !is_word(word)).collect();
        words.is_empty() || kind.is_some_and(|kind| words == inline::words(kind))
    };
    let parts = mark.split([',', ';']).map(str::trim).filter(|part| !is_known(part));
    parts.collect::<Vec<&str>>().join(", ")
}

/// Returns whether a part of a text only says whether a value is required.
fn is_mark(text: &str) -> bool {
    let words = inline::words(&inline::plain(text));
    matches!(words.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), ["required" | "optional" | "mandatory"])
}

/// Reads a paragraph whose lines begin with a name and its type: "`side` *string* **required**",
/// with the text below. Returns `None` if its first line is anything else.
pub(crate) fn paragraph(text: &str, first: usize) -> Option<Vec<ListedMember>> {
    let typed = |line: &str, number: usize| {
        let (_, rest) = named(line.trim())?;
        let words = rest.split([',', ';', ':', '(', '.']).next().unwrap_or_default().split_whitespace().count();
        let member = member(line, number)?;
        (words <= MOST_WORDS && !member.kind.is_empty()).then_some(member)
    };
    let mut members: Vec<ListedMember> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match (typed(line, first + index), members.last_mut()) {
            (Some(member), _) => members.push(member),
            (None, Some(last)) => {
                let joined = format!("{} {}", last.text, line.trim());
                joined.trim().clone_into(&mut last.text);
            }
            (None, None) => return None,
        }
    }
    (!members.is_empty()).then_some(members)
}

/// The maximum number of words between the name of a member and its text.
const MOST_WORDS: usize = 4;

/// Splits a name in backticks or in bold from the rest.
fn named(text: &str) -> Option<(String, &str)> {
    for mark in ["`", "**`", "**"] {
        let Some(rest) = text.strip_prefix(mark) else { continue };
        let close: String = mark.chars().rev().collect();
        let end = rest.find(&close)?;
        let name = rest.get(..end)?.trim_end_matches(':').trim_matches('`').to_owned();
        let is_name = !name.is_empty()
            && name.len() < 60
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']'));
        return is_name.then(|| (name, rest.get(end + close.len()..).unwrap_or("")));
    }
    None
}

/// Returns the members of a list as a table.
pub(crate) fn table(members: &[ListedMember]) -> Table {
    let states_required = members.iter().any(|own| own.required.is_some());
    let mut header = vec!["Name".to_owned(), "Type".to_owned()];
    if states_required {
        header.push("Required".to_owned());
    }
    header.push("Description".to_owned());
    let least = members.iter().map(|own| own.depth).min().unwrap_or(0);
    let row = |own: &ListedMember| {
        let name = format!("{}{}", "»".repeat(own.depth - least), own.name);
        let mut cells = vec![name, own.kind.clone()];
        if states_required {
            cells.push(if own.required == Some(true) { "yes" } else { "no" }.to_owned());
        }
        cells.push(own.text.clone());
        Row { line: own.line, cells, continued: Vec::new() }
    };
    Table { header, rows: members.iter().map(row).collect() }
}

/// A part of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoutePart {
    Method(String),
    Path(String),
}

/// Reads `Method: GET` or `Path: /v1/orders`.
pub(crate) fn part(line: &str) -> Option<RoutePart> {
    let plain = inline::plain(line);
    let (name, value) = plain.split_once([':', '：'])?;
    pair(name, value)
}

/// Reads the name and the value of a part of a route.
pub(crate) fn pair(name: &str, value: &str) -> Option<RoutePart> {
    let words = inline::words(&inline::plain(name));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let value = inline::plain(value);
    let value = value.trim();
    match words.as_slice() {
        ["method" | "请求方式" | "请求方法" | "请求类型"]
        | ["http" | "request", "method"]
        | ["http", "request", "method"] => {
            let method = value.to_ascii_uppercase();
            METHODS.contains(&method.as_str()).then_some(RoutePart::Method(method))
        }
        [
            "path" | "url" | "uri" | "endpoint" | "route" | "请求地址" | "请求路径" | "接口路径" | "接口地址"
            | "请求url",
        ]
        | ["request" | "endpoint" | "api", "path" | "url" | "uri" | "endpoint"]
        | ["http", "path" | "url" | "uri"] => {
            let is_path = (value.starts_with('/') || value.starts_with("http")) && !value.contains(' ');
            is_path.then(|| RoutePart::Path(value.to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose;

    #[test]
    fn paragraphs_that_begin_with_a_name_and_a_type_are_members() {
        let show = |text| {
            let members = paragraph(text, 1)?;
            let one =
                |own: &ListedMember| format!("{}: {} {} {:?} {}", own.line, own.name, own.kind, own.required, own.text);
            Some(members.iter().map(one).collect::<Vec<_>>().join("; "))
        };
        let two = "`side` *string* **required**\nThe side.\n**price** *decimal* optional, default `1`\nThe price.";
        let read = "1: side string Some(true) The side.; 3: price decimal Some(false) default `1` The price.";
        assert_eq!(show(two).as_deref(), Some(read));
        for text in ["`side` or `price` is required.", "The side", "`a` is the first of them", "`GET` *the orders*", ""]
        {
            assert_eq!(show(text), None, "{text}");
        }
    }

    #[test]
    fn elements_below_a_member_are_its_values_from_the_first_on() {
        let show = |text: &str, below: &[&str]| {
            let mut own = member(text, 1).unwrap_or_else(|| panic!("{text}"));
            below.iter().for_each(|text| own.add(text));
            prose::values(&own.text, Some("string")).join(" ")
        };
        let text = "`type` (string): the order type";
        assert_eq!(show(text, &["`limit`", "`market`", "`stop`"]), "limit market stop");
        assert_eq!(show(text, &["`limit`: a limit order", "`market`: a market order"]), "limit market");
        assert_eq!(show("`type` (string): one of:", &["`limit`", "`market`"]), "limit market");
        assert_eq!(show("`type` (string)", &["`limit`", "`market`"]), "limit market");
    }

    #[test]
    fn elements_of_lists_are_members() {
        let show =
            |text| member(text, 1).map(|own| format!("{} {} {:?} {}", own.name, own.kind, own.required, own.text));
        assert_eq!(show("`side` (string, required): the side").as_deref(), Some("side string Some(true) the side"));
        assert_eq!(
            show("**size** (optional integer) - the size").as_deref(),
            Some("size integer Some(false) the size")
        );
        assert_eq!(show("`id`: string, the id").as_deref(), Some("id string None the id"));
        assert_eq!(show("`id`: the id, a string"), None);
        assert_eq!(show("`id` - *string*, **required**").as_deref(), Some("id string Some(true) "));
        assert_eq!(show("`id` - *string*, optional. An id").as_deref(), Some("id string Some(false) An id"));
        assert_eq!(show("the `id` (string)"), None);
        for (text, wanted) in [
            ("`n` (integer, default 10, max 1000): levels", "n integer None default 10, max 1000. levels"),
            ("`side` (`buy` or `sell`, required)", "side  Some(true) `buy` or `sell`. "),
            ("`n` (integer, 1-100)", "n integer None 1-100. "),
            ("2. `n` (integer, required): levels", "n integer Some(true) levels"),
            ("`n` (optional integer)", "n integer Some(false) "),
        ] {
            assert_eq!(show(text).as_deref(), Some(wanted));
        }
        let show = |text| bare(text, 1).map(|own| format!("{} {:?} {}", own.name, own.required, own.text));
        for (text, wanted) in [
            ("side: buy or sell", Some("side None buy or sell")),
            ("qty (required): the quantity", Some("qty Some(true) the quantity")),
            ("tif -- `GTC` or `IOC`", Some("tif None `GTC` or `IOC`")),
            ("Note: read this", None),
            ("note: read this", None),
            ("default: 10", None),
            ("the side of the order", None),
            ("first, send it", None),
        ] {
            assert_eq!(show(text).as_deref(), wanted, "{text}");
        }
        assert_eq!(part("**Method:** post"), Some(RoutePart::Method("POST".to_owned())));
        assert_eq!(part("Endpoint: `/v1/a`"), Some(RoutePart::Path("/v1/a".to_owned())));
        assert_eq!(part("URL: see below"), None);
    }
}
