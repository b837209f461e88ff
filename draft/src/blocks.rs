//! The blocks of a document: headings, labels, paragraphs, samples and tables, with their lines.
//!
//! `pulldown-cmark` finds the blocks. Lines that consist of HTML tags are read here and hidden from
//! it, because an HTML block hides the Markdown that follows it up to the next blank line.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::document::Lines;
use crate::gitbook;
use crate::html;
use crate::inline;
use crate::labels;
use crate::marks;
use crate::mdx;
use crate::table::{self, Table};

/// A block of a document.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) lines: Lines,
    pub(crate) kind: BlockKind,
}

/// The kind of a block, with its content. Texts keep their markup, unless stated otherwise.
#[derive(Clone, Debug)]
pub(crate) enum BlockKind {
    /// A heading, without markup.
    Heading {
        level: usize,
        text: String,
    },
    /// The id of an anchor, `<a id="..">`.
    Anchor(String),
    /// A block quote. Slate uses it as the title of a sample.
    Quote(String),
    Paragraph(String),
    /// An element of a list.
    Item {
        text: String,
        depth: usize,
    },
    /// A sample, with the first word of its info string. Its first line is the one after the fence.
    Code {
        language: String,
        text: String,
        first: usize,
    },
    Table(Table),
    /// The name of a file whose content belongs here.
    Include(String),
}

/// The blocks of a document, and the metadata before the first of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    pub(crate) title: Option<(String, usize)>,
    /// The names of the files that the document includes.
    pub(crate) includes: Vec<(String, usize)>,
    /// Tags of GitBook and components of MDX that are not read, with their lines.
    pub(crate) unknown: Vec<(String, usize)>,
    pub(crate) blocks: Vec<Block>,
}

/// Reads the blocks of a document.
pub(crate) fn read(text: &str, document: usize) -> Blocks {
    let mut out = Blocks::default();
    let mut lines: Vec<String> = text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect();
    if let Some(first) = lines.first_mut() {
        *first = first.trim_start_matches('\u{feff}').to_owned();
    }
    read_metadata(&mut lines, &mut out);
    let mut found: BTreeMap<usize, Vec<Block>> = BTreeMap::new();
    let tags = gitbook::hide(&mut lines);
    for (line, part) in tags.parts {
        let (kind, last) = match part {
            gitbook::Part::Heading { level, text } => (BlockKind::Heading { level, text }, line),
            gitbook::Part::Label(text) => (BlockKind::Paragraph(text.to_owned()), line),
            gitbook::Part::Table(table, last) => (BlockKind::Table(table), last),
        };
        let lines = Lines { document, first: line, last };
        found.entry(line).or_default().push(Block { lines, kind });
    }
    let components = mdx::read(&mut lines, document);
    hide_tags(&mut lines, document, &mut out, &mut found);
    for (first, own) in components.fields {
        let blocks = found.entry(first).or_default();
        if own.is_response {
            let lines = Lines::one(document, first);
            blocks.push(Block { lines, kind: BlockKind::Paragraph("**Response**".to_owned()) });
        }
        blocks.push(Block { lines: own.lines, kind: BlockKind::Table(own.table) });
    }
    out.unknown = tags.unknown;
    out.unknown.extend(components.unknown);
    let text = lines.join("\n");
    let mut reader = Reader::new(&text, document);
    reader.run();
    for block in reader.blocks {
        found.entry(block.lines.first).or_default().push(block);
    }
    // The lines of a row after a line break in a cell are no blocks of their own.
    let mut table_end = 0;
    for block in found.into_values().flatten() {
        if block.lines.first <= table_end {
            continue;
        }
        if matches!(block.kind, BlockKind::Table(_)) {
            table_end = block.lines.last;
        }
        out.blocks.push(block);
    }
    out
}

/// Reads the YAML between `---` at the beginning, and hides it.
fn read_metadata(lines: &mut [String], out: &mut Blocks) {
    let is_fence = |line: &String| line.trim_end() == "---";
    if !lines.first().is_some_and(is_fence) {
        return;
    }
    let Some(end) = lines.iter().skip(1).take(400).position(is_fence) else { return };
    let mut key = String::new();
    for (index, line) in lines.iter_mut().enumerate().take(end + 2) {
        let text = std::mem::take(line);
        let number = index + 1;
        if let Some(title) = text.strip_prefix("title:") {
            let title = title.split(" #").next().unwrap_or("").trim().trim_matches(['"', '\'']).to_owned();
            out.title = Some((title, number)).filter(|(title, _)| !title.is_empty());
        }
        if !text.starts_with([' ', '-']) {
            key = text.split(':').next().unwrap_or("").trim().to_owned();
        } else if let Some(name) = text.trim().strip_prefix("- ").filter(|_| key == "includes") {
            out.includes.push((name.trim().trim_matches(['"', '\'']).to_owned(), number));
        }
    }
}

/// Reads the lines that consist of HTML tags, and hides them. Headings, anchors, tables and
/// directives become blocks.
fn hide_tags(lines: &mut [String], document: usize, out: &mut Blocks, found: &mut BTreeMap<usize, Vec<Block>>) {
    let mut fence: Option<(char, usize)> = None;
    let mut in_tab = false;
    let mut index = 0;
    while let Some(line) = lines.get_mut(index) {
        let number = index + 1;
        index += 1;
        if in_tab {
            // MkDocs indents the content of a tab.
            match line.strip_prefix("    ").or_else(|| line.strip_prefix('\t')) {
                Some(rest) => *line = rest.to_owned(),
                None => in_tab = line.trim().is_empty(),
            }
        }
        let trimmed = line.trim();
        let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = mark.map_or(0, |mark| trimmed.chars().take_while(|c| *c == mark).count());
        match (fence, mark) {
            (None, Some(mark)) if length >= 3 && !trimmed.trim_start_matches(mark).contains(mark) => {
                fence = Some((mark, length));
                continue;
            }
            (Some((open, least)), Some(mark)) if open == mark && length >= least && trimmed.len() == length => {
                fence = None;
                continue;
            }
            (Some(_), _) => continue,
            (None, _) => {}
        }
        // `##Title`, as some renderers read it.
        let marks = trimmed.len() - trimmed.trim_start_matches('#').len();
        let is_tight = trimmed.get(marks..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        if (2..=6).contains(&marks) && is_tight {
            *line = format!("{} {}", "#".repeat(marks), trimmed.trim_start_matches('#'));
            continue;
        }
        let at = Lines::one(document, number);
        if let Some(name) = included(trimmed) {
            out.includes.push((name.clone(), number));
            found.entry(number).or_default().push(Block { lines: at, kind: BlockKind::Include(name) });
            line.clear();
            continue;
        }
        if let Some(label) = tab(trimmed) {
            in_tab |= trimmed.starts_with("===");
            *line = label;
            continue;
        }
        if !trimmed.starts_with('<') || !inline::is_tag(trimmed) {
            continue;
        }
        let mut add = |kind| found.entry(number).or_default().push(Block { lines: at, kind });
        if let Some(level) = heading_level(trimmed) {
            add(BlockKind::Heading { level, text: inline::plain(trimmed) });
            line.clear();
            continue;
        }
        attributes(trimmed, "id").into_iter().chain(attributes(trimmed, "name")).for_each(|id| {
            add(BlockKind::Anchor(id));
        });
        let is_table = trimmed.to_ascii_lowercase().contains("<table");
        let text = inline::without_tags(trimmed);
        if is_table {
            let length = html_table(lines, number - 1, document, found);
            index += length.saturating_sub(1);
        } else if text.trim().is_empty() || trimmed.starts_with("<!--") {
            line.clear();
        } else {
            // Markdown, after tags that begin a line.
            *line = text;
        }
    }
}

/// Reads the table of HTML that begins in a line, and hides its lines. Returns their number.
fn html_table(lines: &mut [String], start: usize, document: usize, found: &mut BTreeMap<usize, Vec<Block>>) -> usize {
    let mut depth = 0usize;
    let mut length = 0;
    for line in lines.iter().skip(start) {
        length += 1;
        let lower = line.to_ascii_lowercase();
        depth = (depth + lower.matches("<table").count()).saturating_sub(lower.matches("</table").count());
        if depth == 0 {
            break;
        }
    }
    let own = lines.get_mut(start..start + length).unwrap_or_default();
    let text = own.join("\n");
    let begin = text.to_ascii_lowercase().find("<table").unwrap_or(0);
    if let Some(table) = html::table(text.get(begin..).unwrap_or(""), start + 1) {
        let lines = Lines { document, first: start + 1, last: start + length };
        found.entry(start + 1).or_default().push(Block { lines, kind: BlockKind::Table(table) });
    }
    own.iter_mut().for_each(String::clear);
    length
}

/// Returns the name of the file that a line includes, as the tools for such pages write it.
fn included(line: &str) -> Option<String> {
    let inner = |open: &str, close: &str| Some(line.strip_prefix(open)?.strip_suffix(close)?.trim());
    let after = |text: &str, word: &str| -> Option<String> {
        let head = text.get(..word.len())?;
        head.eq_ignore_ascii_case(word).then(|| text.get(word.len()..).unwrap_or("").trim().to_owned())
    };
    let name = if let Some(text) = inner("<!--", "-->") {
        after(text, "include:").or_else(|| after(text, "include "))
    } else if let Some(text) = inner("{{", "}}") {
        after(text, "#include ")
    } else if let Some(text) = inner("{%", "%}") {
        after(text.trim_matches('-').trim(), "include ")
    } else if let Some(text) = line.strip_prefix("[!INCLUDE").or_else(|| line.strip_prefix("[!include")) {
        text.split_once("](").map(|(_, rest)| rest.trim_end_matches([')', ']']).to_owned())
    } else if let Some(text) = line.strip_prefix("--8<--").or_else(|| line.strip_prefix("@import ")) {
        Some(text.trim().to_owned())
    } else if line.contains("':include") || line.contains("\":include") {
        line.split_once("](").and_then(|(_, rest)| rest.split_whitespace().next()).map(str::to_owned)
    } else {
        after(line, "!include ").or_else(|| after(line, "!include:"))
    };
    let name = name?.trim_matches(['"', '\'', '(', ')', ' ']).to_owned();
    (!name.is_empty() && name.len() < 200 && !name.contains(['<', '>', '{'])).then_some(name)
}

/// Returns the text in place of a line that opens or closes a tab of samples: its label, if it says
/// what the sample is, and nothing otherwise.
fn tab(line: &str) -> Option<String> {
    let lower = line.to_ascii_lowercase();
    let is_tag = ["<tab", "</tab", "<codegroup", "</codegroup"].iter().any(|open| lower.starts_with(open))
        && !lower.starts_with("<table")
        && !lower.starts_with("</table");
    let label = if let Some(rest) = line.strip_prefix("===") {
        rest.trim_start_matches(['!', '+']).trim().strip_prefix('"')?.strip_suffix('"')?.to_owned()
    } else if is_tag {
        ["label", "title", "value"].iter().find_map(|name| html::attribute(line, name)).unwrap_or_default()
    } else if lower.starts_with("{%") && lower.ends_with("%}") && lower.contains("tab") {
        html::attribute(line, "title").unwrap_or_default()
    } else {
        return None;
    };
    let status = label.split([' ', ':', ',']).next().unwrap_or("");
    if labels::is_status(&status.to_lowercase()) {
        return Some(format!("**Response {status}**"));
    }
    let is_label = labels::read(&label).is_some();
    Some(if is_label { format!("**{label}**") } else { String::new() })
}

fn heading_level(line: &str) -> Option<usize> {
    let rest = line.strip_prefix("<h").or_else(|| line.strip_prefix("<H"))?;
    let level = rest.chars().next()?.to_digit(10)?;
    (1..=6).contains(&level).then_some(level as usize)
}

/// Returns the values of an attribute in a line of HTML.
fn attributes(line: &str, name: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = line;
    let pattern = format!(" {name}=");
    while let Some(at) = rest.find(&pattern) {
        rest = rest.get(at + pattern.len()..).unwrap_or("");
        let quote = rest.chars().next().unwrap_or(' ');
        if matches!(quote, '"' | '\'') {
            out.extend(rest.get(1..).and_then(|rest| rest.split(quote).next()).map(str::to_owned));
        }
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    /// The byte at which each line begins.
    starts: Vec<usize>,
    lines: Vec<&'a str>,
    document: usize,
    blocks: Vec<Block>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, document: usize) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts, lines: text.split('\n').collect(), document, blocks: Vec::new() }
    }

    fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).max(1)
    }

    fn lines(&self, range: &Range<usize>) -> Lines {
        let slice = self.text.get(range.clone()).unwrap_or("");
        let end = range.start + slice.trim_end().len().max(1) - 1;
        Lines { document: self.document, first: self.line(range.start), last: self.line(end) }
    }

    fn run(&mut self) {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let parser = Parser::new_ext(self.text, options);
        let mut quotes = 0usize;
        let mut items = 0usize;
        let mut code: Option<(String, String, Option<usize>)> = None;
        let mut events = parser.into_offset_iter().peekable();
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let raw = self.text.get(range.clone()).unwrap_or("").trim();
                    let text = raw.trim_matches('#').lines().next().unwrap_or("").trim();
                    let text = inline::plain(&marks::bracketed(&marks::unlinked(text)));
                    self.push(&range, BlockKind::Heading { level: level as usize, text });
                }
                Event::Start(Tag::BlockQuote(_)) => quotes += 1,
                Event::End(TagEnd::BlockQuote(_)) => quotes = quotes.saturating_sub(1),
                Event::Start(Tag::Item) => {
                    items += 1;
                    // A tight list has no paragraphs. An element that begins with a list has no
                    // text.
                    let begins_list = events.peek().is_some_and(|(next, own)| {
                        matches!(next, Event::Start(Tag::List(_))) && self.line(own.start) == self.line(range.start)
                    });
                    if !begins_list {
                        self.push_item(&range, items - 1);
                    }
                }
                Event::End(TagEnd::Item) => items = items.saturating_sub(1),
                Event::Start(Tag::Paragraph) if items == 0 => self.paragraph(&range, quotes > 0),
                Event::Start(Tag::HtmlBlock) if items == 0 => self.paragraph(&range, quotes > 0),
                Event::Start(Tag::Table(_)) => self.table(&range),
                Event::Start(Tag::CodeBlock(kind)) => {
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => info.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    let language = info.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
                    code = Some((language, String::new(), None));
                }
                Event::Text(text) if code.is_some() => {
                    let line = self.line(range.start);
                    if let Some((_, own, first)) = &mut code {
                        own.push_str(&text);
                        first.get_or_insert(line);
                    }
                }
                Event::End(TagEnd::CodeBlock) => {
                    if let Some((language, text, first)) = code.take() {
                        let first = first.unwrap_or_else(|| self.line(range.start) + 1);
                        self.push(&range, BlockKind::Code { language, text, first });
                    }
                }
                _ => {}
            }
        }
    }

    fn push(&mut self, range: &Range<usize>, kind: BlockKind) {
        let lines = self.lines(range);
        self.blocks.push(Block { lines, kind });
    }

    fn push_item(&mut self, range: &Range<usize>, depth: usize) {
        let raw = self.text.get(range.clone()).unwrap_or("");
        let mut own = String::new();
        for (index, line) in raw.lines().enumerate() {
            let line = line.trim();
            let is_new = line.starts_with("- ")
                || line.starts_with("* ")
                || line.starts_with("+ ")
                || is_ordinal(line)
                || line.starts_with("```")
                || line.is_empty();
            if index > 0 && is_new {
                break;
            }
            own.push_str(line.trim_start_matches(['-', '*', '+']).trim_start());
            own.push('\n');
        }
        let first = self.line(range.start);
        let last = first + own.lines().count().max(1) - 1;
        let lines = Lines { document: self.document, first, last };
        self.blocks.push(Block { lines, kind: BlockKind::Item { text: own.trim_end().to_owned(), depth } });
    }

    /// Adds a paragraph. A table that follows its text without a blank line is a block of its own.
    fn paragraph(&mut self, range: &Range<usize>, is_quote: bool) {
        let raw = self.text.get(range.clone()).unwrap_or("");
        let first = self.line(range.start);
        let lines: Vec<&str> = raw.lines().map(|line| line.trim_start_matches(['>', ' '])).collect();
        let mut at = 0;
        let mut start = 0;
        while at < lines.len() {
            let rest = lines.get(at..).unwrap_or(&[]);
            if !is_quote && table::begins(rest) {
                self.text_block(&lines, start, at, first, is_quote);
                let (table, length) = table::read(rest, first + at);
                let lines = Lines { document: self.document, first: first + at, last: first + at + length - 1 };
                self.blocks.push(Block { lines, kind: BlockKind::Table(table) });
                at += length;
                start = at;
            } else {
                at += 1;
            }
        }
        self.text_block(&lines, start, at, first, is_quote);
    }

    fn text_block(&mut self, lines: &[&str], from: usize, to: usize, first: usize, is_quote: bool) {
        let own = lines.get(from..to).unwrap_or(&[]);
        let text = own.join("\n").trim().to_owned();
        if text.is_empty() {
            return;
        }
        let lines = Lines { document: self.document, first: first + from, last: first + to.max(from + 1) - 1 };
        let kind = if is_quote { BlockKind::Quote(text) } else { BlockKind::Paragraph(text) };
        self.blocks.push(Block { lines, kind });
    }

    fn table(&mut self, range: &Range<usize>) {
        let first = self.line(range.start);
        // A row may go on after the end that the parser sees, so the lines are read anew.
        let (table, length) = table::read(self.lines.get(first - 1..).unwrap_or_default(), first);
        let lines = Lines { document: self.document, first, last: first + length - 1 };
        self.blocks.push(Block { lines, kind: BlockKind::Table(table) });
    }
}

/// Returns whether a line begins with the number of an element: `2. `.
fn is_ordinal(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.len() + 3 > line.len() && (rest.starts_with(". ") || rest.starts_with(") "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_gitbook_and_components_of_mdx_are_read_once() {
        let text = "{% swagger method=\"get\" path=\"/a\" summary=\"A\" %}\n\
                    {% swagger-parameter in=\"query\" name=\"b\" type=\"String\" required=\"true\" %}\n\
                    The b.\n\
                    {% endswagger-parameter %}\n\
                    {% endswagger %}\n\n\
                    <ParamField query=\"c\" type=\"integer\">The c.</ParamField>\n\n\
                    <Tabs>\n<Tab title=\"200\">\n\n{% tab title=\"400\" %}\nText\n";
        let show = |block: &Block| {
            let text = match &block.kind {
                BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => text.clone(),
                BlockKind::Table(table) => {
                    table.rows.iter().filter_map(|row| row.cells.first()).cloned().collect::<Vec<_>>().join(" ")
                }
                other => format!("{other:?}"),
            };
            format!("{}: {text}", block.lines.first)
        };
        let all = read(text, 0);
        let shown: Vec<String> = all.blocks.iter().map(show).collect();
        assert_eq!(
            shown,
            [
                "1: A",
                "1: `GET /a`",
                "2: **Parameters**",
                "2: b",
                "7: c",
                "10: **Response 200**",
                "12: **Response 400**\nText"
            ]
        );
        assert!(all.unknown.is_empty(), "{:?}", all.unknown);
        let text =
            "{% hint style=\"info\" %}\n{% openapi src=\"a.json\" %}\n{% schema name=\"A\" %}\n<Schema name=\"B\" />\n";
        let names: Vec<String> = read(text, 0).unknown.iter().map(|(name, line)| format!("{line}: {name}")).collect();
        assert_eq!(names, ["2: openapi", "3: schema", "4: Schema"]);
    }
}
