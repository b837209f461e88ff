//! Converts text of a spec to Markdown for rustdoc.
//!
//! The text of a spec is read with the parser that rustdoc uses. Text that has an effect in rustdoc
//! is changed: a block of code would run as a test, a name in brackets would link to an item of the
//! crate, and a tag would be HTML. Links to web addresses, to headings and to paths stay links.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// The maximum number of passes over a changed text. One pass is nearly always enough. Another is
/// needed if a change exposes a construct inside the changed one, such as a link inside a tag.
const PASSES: usize = 16;

/// Returns a description as paragraphs. If the last sentence has no full stop, one is added.
pub(super) fn paragraphs(text: &str) -> String {
    let text = printable(text);
    let mut text = match harmless(text.clone()) {
        Some(text) => text,
        None => fenced(&text),
    };
    text.truncate(text.trim_end().len());
    if is_line(&text)
        || matches!(events(&text).last(), Some((Event::End(TagEnd::Paragraph), range)) if range.end == text.len())
    {
        stop(&mut text);
    }
    text
}

/// Returns a text as a sentence on one line, with a full stop at its end.
pub(super) fn line(text: &str) -> String {
    let mut line = inline(text);
    stop(&mut line);
    line
}

/// Returns a text as a part of a paragraph, on one line.
pub(super) fn inline(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(printable).collect();
    // The letter `x` in front prevents the text from being read as a block, such as a heading.
    match harmless(format!("x {}", words.join(" "))) {
        Some(line) => line.strip_prefix('x').unwrap_or(&line).trim().to_owned(),
        None => code(text),
    }
}

/// Returns a text as a code span.
pub(super) fn code(text: &str) -> String {
    let words: Vec<String> = text.split(['\n', '\r']).map(printable).collect();
    let text = words.join(" ");
    if text.trim().is_empty() {
        return format!("({})", if text.is_empty() { "empty" } else { "blank" });
    }
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Returns a row of a table, with its line break. Each cell is Markdown on one line.
pub(super) fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn stop(text: &mut String) {
    if text.ends_with(|last: char| last.is_alphanumeric() || matches!(last, ')' | '`')) {
        text.push('.');
    }
}

/// Escapes characters that control a terminal, that hide the text around them, or that Rust does
/// not accept in comments.
fn printable(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").replace('\r', "\n").chars() {
        match c {
            '\n' | '\t' => out.push(c),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                out.extend(c.escape_unicode());
            }
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Returns the text as a block of code.
fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or_default()
}

/// A piece of the text, and its replacement.
type Edit = (Range<usize>, String);

/// Returns whether a text is a paragraph of one line.
fn is_line(text: &str) -> bool {
    text.starts_with(char::is_alphabetic) && !text.contains('\n')
}

/// Returns whether a text has no character with which a construct begins that is changed. Nearly
/// every text has none, and is not parsed.
fn is_plain(text: &str) -> bool {
    let has_any = |bytes: &[u8]| text.bytes().any(|byte| bytes.contains(&byte));
    // A block of code begins with a fence, or with an indentation.
    let has_code = || has_any(b"`~\t") || text.contains("    ");
    !has_any(b"[<") && !text.contains("://") && (is_line(text) || !has_code())
}

/// Changes all constructs that are not plain text; returns `None` if too many passes are needed.
fn harmless(mut text: String) -> Option<String> {
    if is_plain(&text) {
        return Some(text);
    }
    for _ in 0..PASSES {
        let mut edits = edits(&text);
        if edits.is_empty() {
            return Some(text);
        }
        edits.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(text.len() + edits.len());
        let mut end = 0;
        for (range, replacement) in edits {
            // An edit that overlaps an earlier one is done in the next pass.
            let Some(kept) = text.get(end..range.start) else { continue };
            out.push_str(kept);
            out.push_str(&replacement);
            end = range.end;
        }
        out.push_str(text.get(end..)?);
        text = out;
    }
    None
}

fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    // A name in brackets is a link for rustdoc if there is an item of that name.
    let unknown = |_| Some((CowStr::Borrowed(""), CowStr::Borrowed("")));
    Parser::new_with_broken_link_callback(text, options, Some(unknown)).into_offset_iter()
}

fn edits(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut containers = 0_usize;
    let mut links = 0_usize;
    let mut indented: Option<Vec<Range<usize>>> = None;
    let mut in_fence = false;
    for (event, range) in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                in_fence = true;
                edits.extend(fence(text, range, containers == 0));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => indented = Some(Vec::new()),
            Event::End(TagEnd::CodeBlock) => {
                in_fence = false;
                edits.extend(indented.take().and_then(|lines| outdented(text, &lines)));
            }
            Event::Text(_) if in_fence => {}
            Event::Text(_) => match &mut indented {
                Some(lines) => lines.push(range),
                None => plain(text, range, links == 0, &mut edits),
            },
            Event::Html(_) | Event::InlineHtml(_) => escape(text, range, '<', &mut edits),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                links += 1;
                if !leads_to_the_web(link_type, &dest_url) {
                    edits.push((range.start..range.start, "\\".to_owned()));
                }
            }
            Event::Start(Tag::Image { link_type, dest_url, .. }) => {
                links += 1;
                if !leads_to_the_web(link_type, &dest_url) {
                    edits.push((range.start + 1..range.start + 1, "\\".to_owned()));
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => links = links.saturating_sub(1),
            Event::Start(Tag::Item | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_)) => containers += 1,
            Event::End(TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition) => {
                containers = containers.saturating_sub(1);
            }
            _ => {}
        }
    }
    edits
}

/// Returns whether rustdoc leaves a link as it is. It takes any other target for the name of an
/// item.
fn leads_to_the_web(link_type: LinkType, target: &str) -> bool {
    use LinkType::{CollapsedUnknown, Email, ReferenceUnknown, ShortcutUnknown};
    match link_type {
        ReferenceUnknown | CollapsedUnknown | ShortcutUnknown => false,
        Email => true,
        _ => match target.split_once(':') {
            Some((scheme, _)) if !scheme.contains(['/', '#']) => {
                ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
            }
            _ => target.starts_with('#') || target.contains('/'),
        },
    }
}

/// Puts a backslash before each occurrence of this character in a piece of the text.
fn escape(text: &str, range: Range<usize>, c: char, edits: &mut Vec<Edit>) {
    let piece = text.get(range.clone()).unwrap_or_default();
    edits.extend(piece.match_indices(c).map(|(at, _)| (range.start + at..range.start + at, "\\".to_owned())));
}

/// Turns web addresses in plain text into links, as most viewers of specs do.
fn plain(text: &str, range: Range<usize>, may_link: bool, edits: &mut Vec<Edit>) {
    let piece = text.get(range.clone()).unwrap_or_default();
    if !may_link {
        return;
    }
    let mut from = 0;
    while let Some(found) = piece.get(from..).and_then(|rest| Some(from + rest.find("://")?)) {
        let before = piece.get(..found).unwrap_or_default();
        let scheme = ["https", "http"].into_iter().find(|scheme| before.ends_with(scheme));
        let rest = piece.get(found..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|')).unwrap_or(rest.len());
        let address = rest.get(..end).unwrap_or_default();
        let length = address.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']).len();
        if let Some(scheme) = scheme
            && length > "://".len()
        {
            let start = range.start + found - scheme.len();
            edits.push((start..start, "<".to_owned()));
            edits.push((range.start + found + length..range.start + found + length, ">".to_owned()));
        }
        from = found + end.max("://".len());
    }
}

/// Marks a fenced block as text, and closes a block without an end, so that the text that follows
/// stays outside.
fn fence(text: &str, range: Range<usize>, is_outermost: bool) -> Vec<Edit> {
    let mut edits = Vec::new();
    let block = text.get(range.clone()).unwrap_or_default();
    let first = block.lines().next().unwrap_or_default();
    let Some(mark) = first.chars().next() else { return edits };
    let length = first.len() - first.trim_start_matches(mark).len();
    if first.get(length..) != Some("text") {
        edits.push((range.start + length..range.start + first.len(), "text".to_owned()));
    }
    let closes = |line: &str| {
        let line = line.trim();
        line.len() >= length && line.chars().all(|c| c == mark)
    };
    if is_outermost && !block.lines().skip(1).last().is_some_and(closes) {
        let end = range.start + block.trim_end_matches('\n').len();
        let fence: String = std::iter::repeat_n(mark, length).collect();
        edits.push((end..range.end, format!("\n{fence}\n")));
    }
    edits
}

/// Turns an indented block into a fenced block; `lines` are its lines without the indentation.
/// `None` if there are no lines.
fn outdented(text: &str, lines: &[Range<usize>]) -> Option<Edit> {
    let first = lines.first()?;
    let line_start = text.get(..first.start)?.rfind('\n').map_or(0, |at| at + 1);
    let prefix = text.get(line_start..first.start)?;
    let container = match prefix.strip_suffix('\t') {
        Some(container) => container,
        None => prefix.get(..prefix.len() - (prefix.len() - prefix.trim_end_matches(' ').len()).min(4))?,
    };
    // The first line of a list item begins with the marker of the item. The other lines are
    // indented by as many spaces.
    let indent: String = container.chars().map(|c| if matches!(c, '>' | '\t') { c } else { ' ' }).collect();
    let content: Vec<&str> = lines.iter().filter_map(|line| text.get(line.clone())).collect();
    let fence = "`".repeat(longest_run(&content.concat(), '`').max(2) + 1);
    let mut out = format!("{container}{fence}text\n");
    for line in content.concat().lines() {
        out.push_str(format!("{indent}{line}").trim_end());
        out.push('\n');
    }
    out.push_str(&format!("{indent}{fence}\n"));
    Some((line_start..lines.last()?.end, out))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the result for a description, and that converting the result again does not change
    /// it.
    fn check(text: &str, expected: &str) {
        let found = paragraphs(text);
        assert_eq!(found, expected, "{text}");
        assert_eq!(paragraphs(&found), expected, "{text}");
    }

    #[test]
    fn text_without_an_effect_in_rustdoc_gets_at_most_a_full_stop() {
        check("Sells *all*, `[x]` and `<b>` as well", "Sells *all*, `[x]` and `<b>` as well.");
        check("Is it?\n\n- one\n- two", "Is it?\n\n- one\n- two");
        check(
            "a [link](https://a.example/b) and <https://a.example/c>",
            "a [link](https://a.example/b) and <https://a.example/c>",
        );
        check("[a] here\n\n[a]: https://a.example", "[a] here\n\n[a]: https://a.example");
        check("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |");
        check("2 < 3 & 4 > 3", "2 < 3 & 4 > 3.");
        check("noted[^1]\n\n[^1]: a note", "noted[^1]\n\n[^1]: a note");
    }

    #[test]
    fn a_text_that_is_not_parsed_has_nothing_to_change() {
        let pieces = [
            "a", " ", "  ", "\n", "- ", "> ", "1. ", "# ", "`", "~", "\t", "*", "_", "|", "-", "=", "\\", "&lt;", "!",
            "(", ")", ":", "/", ".", "ż", "1",
        ];
        let mut random = fastrand::Rng::with_seed(3);
        let (mut plain, mut lines) = (0, 0);
        for _ in 0..50_000 {
            let text: String = (0..random.usize(1..12)).filter_map(|_| random.choice(pieces)).collect();
            if is_plain(&text) {
                assert!(edits(&text).is_empty(), "{text:?}");
                plain += 1;
            }
            let text = text.trim_end();
            if is_line(text) {
                let last = events(text).last();
                assert!(
                    matches!(&last, Some((Event::End(TagEnd::Paragraph), range)) if range.end == text.len()),
                    "{text:?}: {last:?}"
                );
                lines += 1;
            }
        }
        assert!(plain > 10_000 && lines > 1_000, "{plain} {lines}");
    }

    #[test]
    fn fenced_blocks_are_marked_as_text_and_are_closed() {
        check("```\nlet a;\n```", "```text\nlet a;\n```");
        check("~~~rust,should_panic\npanic!()\n~~~", "~~~text\npanic!()\n~~~");
        check("Such as\n\n````json\n{}\n```\n````", "Such as\n\n````text\n{}\n```\n````");
        check("```\nlet a;", "```text\nlet a;\n```");
        check("```\nlet a;\n``` ", "```text\nlet a;\n```");
        check("```", "```text\n```");
        check("- an item\n  ```\n  let a;\n  ```", "- an item\n  ```text\n  let a;\n  ```");
        check("> ```\n> let a;\n> ```", "> ```text\n> let a;\n> ```");
    }

    #[test]
    fn indented_blocks_become_fenced_blocks() {
        check("    let a;\n      let b;\n\n    let c;", "```text\nlet a;\n  let b;\n\nlet c;\n```");
        check("Such as\n\n    panic!()\n\nand so on", "Such as\n\n```text\npanic!()\n```\n\nand so on.");
        check("Such as\n\n\tpanic!()", "Such as\n\n```text\npanic!()\n```");
        check("- an item\n\n      panic!()\n", "- an item\n\n  ```text\n  panic!()\n  ```");
        check("-     panic!()\n      more", "- ```text\n  panic!()\n  more\n  ```");
        check(">     panic!()\n>     more", "> ```text\n> panic!()\n> more\n> ```");
        check("    a ``` b", "````text\na ``` b\n````");
    }

    #[test]
    fn names_in_brackets_and_tags_are_escaped() {
        check("the [Order] of `x`", "the \\[Order] of `x`.");
        check("the [order][Vec] and [Vec][]", "the \\[order]\\[Vec] and \\[Vec][]");
        check("the [order](Vec)", "the \\[order](Vec).");
        check("the ![order](crate::types)", "the !\\[order](crate::types).");
        check("[x](javascript:alert(1))", "\\[x](javascript:alert(1)).");
        check("a <b>bold</b> word", "a \\<b>bold\\</b> word.");
        check("<div>\n[Order]\n</div>", "\\<div>\n\\[Order]\n\\</div>");
        check("<!-- [Order] -->", "\\<!-- \\[Order] -->");
        check("<crate::types>", "\\<crate::types>");
        check("Map<String, [u8]>", "Map<String, \\[u8]>");
        check("no note [^1]", "no note [^1]");
    }

    #[test]
    fn addresses_are_links() {
        check("see https://a.example/b?c=d.", "see <https://a.example/b?c=d>.");
        check("(http://a.example)", "(<http://a.example>).");
        check("`https://a.example` or [it](https://a.example)", "`https://a.example` or [it](https://a.example).");
        check("any:// or wss://a.example/x", "any:// or wss://a.example/x.");
    }

    #[test]
    fn characters_that_hide_something_are_spelled_out() {
        check("a\r\nb\rc", "a\nb\nc.");
        check("a\u{202e}b\u{7}c\u{1b}[0m", "a\\u{202e}b\\u{7}c\\u{1b}[0m.");
    }

    #[test]
    fn a_text_on_one_line_cannot_be_a_heading_or_a_block() {
        assert_eq!(line("# Not\na heading"), "# Not a heading.");
        assert_eq!(line("```\npanic!()\n```"), "``` panic!() ```.");
        assert_eq!(line("    [Order]"), "\\[Order]");
        assert_eq!(line("x"), "x.");
        assert_eq!(inline(""), "");
    }

    #[test]
    fn a_row_has_one_cell_per_given_text_whatever_characters_the_texts_have() {
        let pieces = ["|", "\\", "`", "``", "a", " ", "[x]", "<b>", "*", "||", "\\|", "https://a.example"];
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..20_000 {
            let text: String = (0..random.usize(1..10)).filter_map(|_| random.choice(pieces)).collect();
            let table =
                format!("| a | b | c |\n|---|---|---|\n{}", row(&[code(&text), inline(&text), "last".to_owned()]));
            let mut cells = Vec::new();
            for (event, _) in events(&table) {
                match event {
                    Event::Start(Tag::TableCell) => cells.push(String::new()),
                    Event::Text(text) | Event::Code(text) => cells.last_mut().unwrap().push_str(&text),
                    _ => {}
                }
            }
            assert_eq!((cells.len(), cells.last().map(String::as_str)), (6, Some("last")), "{text:?}: {table}");
        }
    }

    #[test]
    fn a_code_span_contains_the_whole_text_even_if_it_has_backticks() {
        assert_eq!(code("orderId"), "`orderId`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(code(""), "(empty)");
    }

    #[test]
    fn no_text_becomes_code_an_intra_doc_link_or_a_tag() {
        let pieces = [
            "```",
            "~~~\n",
            "\n",
            "    ",
            "\n\n",
            "- ",
            "> ",
            "[",
            "]",
            "(",
            ")",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "`",
            "\\",
            "a",
            "Vec",
            "|",
            "*",
            "!",
            "[^",
            ":",
            "https://a.example",
            "\t",
            "1. ",
            "# ",
            "<",
            ">",
            "&lt;",
            "rust",
        ];
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let text: String = (0..random.usize(1..14)).filter_map(|_| random.choice(pieces)).collect();
            for found in [paragraphs(&text), format!("x {}", line(&text)), format!("{}\n\nafter", paragraphs(&text))] {
                for (event, _) in events(&found) {
                    let is_harmless = match &event {
                        Event::Start(Tag::CodeBlock(kind)) => *kind == CodeBlockKind::Fenced("text".into()),
                        Event::Start(
                            Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. },
                        ) => leads_to_the_web(*link_type, dest_url),
                        Event::Html(_) | Event::InlineHtml(_) => false,
                        _ => true,
                    };
                    assert!(is_harmless, "{text:?} is {found:?}: {event:?}");
                }
            }
            let after = format!("{}\n\nafter", paragraphs(&text));
            let last: Vec<_> = events(&after).map(|(event, _)| event).collect();
            assert!(
                matches!(last.as_slice(), [.., Event::Text(text), Event::End(TagEnd::Paragraph)] if text.as_ref() == "after"),
                "{text:?}: the text after it is not a separate paragraph: {last:?}"
            );
        }
    }
}
