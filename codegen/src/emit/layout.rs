//! Writes expressions in the format of prettyplease, without tokens and without parsing them.
//!
//! More than half of the lines of a crate are `src/meta.rs`. Its expressions have few forms, so
//! they are written as text and the places where a line may break. [`Layout::text`] decides by the
//! rules of prettyplease which of these places break. The test
//! `each_file_is_valid_and_the_format_of_meta_is_that_of_prettyplease` compares the two for many
//! specs.

use proc_macro2::Literal;

use super::paths::Paths;
use super::tokens::TypePath;

/// The longest line, in bytes.
const MARGIN: isize = 89;
/// The space that a line has at least, whatever its indentation.
const MIN_SPACE: isize = 60;
const INDENT: isize = 4;

/// Code that is being written: text, groups, and the places where a line may break.
///
/// A group that does not fit into its line breaks at all of its places.
pub(super) struct Layout<'a> {
    paths: &'a Paths,
    /// All texts, one after the other.
    text: String,
    tokens: Vec<Token>,
    /// The indentation of the first line.
    indent: usize,
}

enum Token {
    /// A text of this length, in bytes.
    Text(usize),
    Break(Break),
    Begin {
        /// The further indentation of the lines of the group, if it breaks.
        indent: isize,
        /// The length of the group and of the text behind it, up to the next place where a line may
        /// break.
        size: isize,
    },
    End,
    /// The start of a group that turned out not to be one.
    Nothing,
    /// All groups around this break.
    Wide,
}

/// A place where a line may break.
#[derive(Clone, Copy, Default)]
struct Break {
    /// The number of spaces if the line does not break; [`HARD`] if it always breaks.
    blank: usize,
    /// The indentation of the next line, in addition to that of its group.
    indent: isize,
    /// Text before the break, if there is one.
    before: &'static str,
    /// Text at the start of the next line, if there is a break.
    after: &'static str,
    /// The text that is written here if the line is not broken.
    unbroken: &'static str,
    /// The line never breaks here; but the group before ends here.
    never: bool,
}

/// More than any line.
const HARD: usize = 0xffff;

/// A chain of method calls that is being written.
pub(super) struct Chain {
    /// The index of the token at which it starts.
    start: usize,
    /// True if the chain has a method call.
    has_method: bool,
}

impl<'a> Layout<'a> {
    /// Creates code whose first line has this indentation.
    pub(super) fn new(paths: &'a Paths, indent: usize) -> Self {
        Self { paths, text: String::new(), tokens: Vec::new(), indent }
    }

    pub(super) fn word(&mut self, word: &str) {
        self.text.push_str(word);
        self.written(word.len());
    }

    /// Counts text that was appended to `text`.
    fn written(&mut self, bytes: usize) {
        match self.tokens.last_mut() {
            Some(Token::Text(length)) => *length += bytes,
            _ => self.tokens.push(Token::Text(bytes)),
        }
    }

    /// Writes a literal of a string.
    pub(super) fn literal(&mut self, value: &str) {
        let before = self.text.len();
        push_literal(&mut self.text, value);
        self.written(self.text.len() - before);
    }

    /// Writes the path of an item, short if the short name has no other meaning in the file.
    pub(super) fn path(&mut self, module: &str, name: &str) {
        let paths = self.paths;
        paths.short_path(module, name, |part| self.word(part));
    }

    /// Writes a type.
    pub(super) fn ty(&mut self, ty: &TypePath<'_>) {
        self.path(ty.module, ty.name);
        self.generics(&ty.arguments);
    }

    /// Writes `<A, B>`; nothing if there are no types.
    pub(super) fn generics(&mut self, types: &[TypePath<'_>]) {
        if !types.is_empty() {
            self.word("<");
            self.list(types, |layout, ty| layout.ty(ty));
            self.word(">");
        }
    }

    /// Writes the elements of a list, which has at least one, between its brackets.
    pub(super) fn list<T>(&mut self, elements: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.open();
        for (index, element) in elements.into_iter().enumerate() {
            if index > 0 {
                self.next();
            }
            write(self, element);
        }
        self.close();
    }

    /// Writes the only element of a list between its brackets.
    pub(super) fn one(&mut self, write: impl FnOnce(&mut Self)) {
        self.open();
        write(self);
        self.close();
    }

    /// Starts a list of arguments or elements, behind its bracket.
    pub(super) fn open(&mut self) {
        self.begin(INDENT);
        self.may_break();
    }

    /// Separates two elements of a list.
    pub(super) fn next(&mut self) {
        self.word(",");
        self.space();
    }

    /// Ends a list, before its bracket.
    pub(super) fn close(&mut self) {
        self.last_break();
        self.end();
    }

    /// Ends a list without a comma behind its last element.
    pub(super) fn close_bare(&mut self) {
        self.tokens.push(Token::Break(Break { indent: -INDENT, ..Break::default() }));
        self.end();
    }

    /// Ends the last element of a list.
    pub(super) fn last_break(&mut self) {
        self.tokens.push(Token::Break(Break { before: ",", indent: -INDENT, ..Break::default() }));
    }

    /// Starts a chain of method calls, whose first value follows.
    pub(super) fn chain(&mut self) -> Chain {
        let start = self.tokens.len();
        self.begin(INDENT);
        Chain { start, has_method: false }
    }

    /// Calls a method in a chain; `write` writes its arguments with their list.
    pub(super) fn method(&mut self, chain: &mut Chain, name: &str, write: impl FnOnce(&mut Self)) {
        self.generic_method(chain, name, &[], write);
    }

    /// Calls a method with types in a chain; `write` writes its arguments with their list.
    pub(super) fn generic_method(
        &mut self,
        chain: &mut Chain,
        name: &str,
        types: &[TypePath<'_>],
        write: impl FnOnce(&mut Self),
    ) {
        self.start_member(chain, true);
        self.word(name);
        if !types.is_empty() {
            self.word("::");
            self.generics(types);
        }
        self.begin(0);
        self.word("(");
        write(self);
        self.word(")");
        self.end();
    }

    /// Starts a member in a chain; its name follows, and its arguments if it is a method.
    pub(super) fn start_member(&mut self, chain: &mut Chain, may_break: bool) {
        chain.has_method = true;
        if may_break {
            self.may_break();
        }
        self.word(".");
    }

    /// Ends a chain of method calls.
    pub(super) fn end_chain(&mut self, chain: &Chain) {
        if chain.has_method {
            self.end();
        } else {
            self.no_group(chain.start);
        }
    }

    /// Turns the start of a group into nothing.
    pub(super) fn no_group(&mut self, start: usize) {
        if let Some(start) = self.tokens.get_mut(start) {
            *start = Token::Nothing;
        }
    }

    /// Calls a method with one literal in a chain.
    pub(super) fn method_with_literal(&mut self, chain: &mut Chain, name: &str, value: &str) {
        self.method(chain, name, |layout| layout.list([value], Self::literal));
    }

    /// Writes a closure without a block.
    pub(super) fn closure(&mut self, arguments: &[&str], body: impl FnOnce(&mut Self)) {
        self.begin(INDENT);
        self.word("|");
        self.may_break();
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                self.next();
            }
            self.word(argument);
        }
        self.word("|");
        self.tokens.push(Token::Break(Break { blank: 1, indent: -INDENT, ..Break::default() }));
        self.end();
        self.never_break();
        self.begin(INDENT);
        self.tokens.push(Token::Break(Break { before: "{", ..Break::default() }));
        body(self);
        self.tokens.push(Token::Break(Break { indent: -INDENT, after: "}", ..Break::default() }));
        self.end();
    }

    /// Writes a `match` of a chain of method calls.
    pub(super) fn matching(&mut self, value: impl FnOnce(&mut Self), arms: impl FnOnce(&mut Self)) {
        self.word("match ");
        self.begin(0);
        value(self);
        self.tokens.push(Token::Break(Break { blank: 1, ..Break::default() }));
        self.end();
        self.word("{");
        self.never_break();
        self.begin(INDENT);
        self.hard_break(0);
        arms(self);
        self.outdent_last_line();
        self.end();
        self.word("}");
    }

    /// Writes an arm of a `match` whose value is not a block.
    pub(super) fn arm(&mut self, pattern: &str, value: impl FnOnce(&mut Self)) {
        self.word(pattern);
        self.word(" => ");
        self.never_break();
        self.begin(INDENT);
        self.tokens.push(Token::Break(Break { before: "{", ..Break::default() }));
        value(self);
        let end = Break { indent: -INDENT, after: "}", unbroken: ",", ..Break::default() };
        self.tokens.push(Token::Break(end));
        self.end();
        self.hard_break(0);
    }

    /// Writes the end of a line.
    pub(super) fn end_line(&mut self) {
        self.hard_break(0);
    }

    /// Writes the end of the last line of a block.
    pub(super) fn end_last_line(&mut self) {
        self.hard_break(-INDENT);
    }

    /// Makes the end of a line that was just written the end of the last line of a block.
    pub(super) fn outdent_last_line(&mut self) {
        if let Some(Token::Break(last)) = self.tokens.last_mut() {
            last.indent -= INDENT;
        }
    }

    /// Forbids a break, and ends the text that has to fit into the line together with the group
    /// before.
    pub(super) fn never_break(&mut self) {
        self.tokens.push(Token::Break(Break { never: true, ..Break::default() }));
    }

    /// Allows a break.
    pub(super) fn may_break(&mut self) {
        self.tokens.push(Token::Break(Break::default()));
    }

    /// Writes a space, or breaks.
    pub(super) fn space(&mut self) {
        self.tokens.push(Token::Break(Break { blank: 1, ..Break::default() }));
    }

    fn hard_break(&mut self, indent: isize) {
        self.tokens.push(Token::Break(Break { blank: HARD, indent, ..Break::default() }));
    }

    /// Starts a group whose lines have its own indentation.
    pub(super) fn begin_group(&mut self) {
        self.begin(0);
    }

    /// Returns the place of the next token.
    pub(super) fn here(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the width of the code from a place on, if no line breaks in it.
    pub(super) fn width_from(&self, place: usize) -> usize {
        let width = |token: &Token| match token {
            Token::Text(length) => *length,
            Token::Break(Break { blank, .. }) => *blank,
            Token::Wide => HARD,
            Token::Begin { .. } | Token::End | Token::Nothing => 0,
        };
        self.tokens.iter().skip(place).map(width).sum()
    }

    /// Breaks all groups around.
    pub(super) fn widen(&mut self) {
        self.tokens.push(Token::Wide);
    }

    /// Separates the members of a struct from its closing brace.
    pub(super) fn last_space(&mut self) {
        self.tokens.push(Token::Break(Break { blank: 1, before: ",", indent: -INDENT, ..Break::default() }));
    }

    /// Starts a group whose further lines are indented by one level more.
    pub(super) fn begin_indented(&mut self) {
        self.begin(INDENT);
    }

    /// Starts a group whose further lines are indented by one level less.
    pub(super) fn begin_outdented(&mut self) {
        self.begin(-INDENT);
    }

    /// Ends a group.
    pub(super) fn end_group(&mut self) {
        self.end();
    }

    fn begin(&mut self, indent: isize) {
        self.tokens.push(Token::Begin { indent, size: 0 });
    }

    fn end(&mut self) {
        self.tokens.push(Token::End);
    }

    /// Returns the code as text. Its last line has an end if one was written.
    pub(super) fn text(mut self) -> String {
        self.measure();
        let mut out = Output { text: String::with_capacity(self.text.len() * 2), indent: 0, pending: 0, space: 0 };
        out.new_line(self.indent);
        let (mut rest, mut groups) = (self.text.as_str(), Vec::new());
        out.indent = self.indent;
        for token in self.tokens {
            match token {
                Token::Nothing | Token::Wide => {}
                Token::Text(length) => {
                    let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                    rest = after;
                    out.push(text);
                }
                Token::Begin { indent, size } => {
                    let broken = size > out.space;
                    groups.push((broken, out.indent));
                    if broken {
                        out.indent = out.indent.saturating_add_signed(indent);
                    }
                }
                Token::End => {
                    if let Some((_, indent)) = groups.pop() {
                        out.indent = indent;
                    }
                }
                Token::Break(place) => {
                    let broken = groups.last().is_none_or(|(broken, _)| *broken);
                    if place.never || !broken && place.blank != HARD {
                        out.pending += place.blank;
                        out.space = out.space.saturating_sub_unsigned(place.blank);
                        if !place.unbroken.is_empty() {
                            out.push(place.unbroken);
                        }
                    } else {
                        if !place.before.is_empty() {
                            out.push(place.before);
                        }
                        out.new_line(out.indent.saturating_add_signed(place.indent));
                        if !place.after.is_empty() {
                            out.push(place.after);
                        }
                    }
                }
            }
        }
        out.text
    }

    /// Computes the size of each group, from the end to the start.
    fn measure(&mut self) {
        // The distance of a token from the end of the code.
        let mut from_end: isize = 0;
        // The distance of the next place where a line may break, in this group or one around it.
        let mut next = 0;
        // That distance behind each group around.
        let mut behind = Vec::new();
        for token in self.tokens.iter_mut().rev() {
            match token {
                Token::Nothing => {}
                Token::Wide => from_end = from_end.saturating_add_unsigned(HARD),
                Token::Text(length) => from_end = from_end.saturating_add_unsigned(*length),
                Token::Break(place) => {
                    from_end = from_end.saturating_add_unsigned(place.blank);
                    next = from_end;
                }
                Token::End => behind.push(next),
                Token::Begin { size, .. } => {
                    next = behind.pop().unwrap_or(0);
                    *size = from_end - next;
                }
            }
        }
    }
}

/// The text that is written, and the state of its last line.
struct Output {
    text: String,
    /// The indentation of the current group.
    indent: usize,
    /// Spaces to be written before the next text.
    pending: usize,
    /// The space that is left in the line; below zero if it is too long.
    space: isize,
}

impl Output {
    fn push(&mut self, text: &str) {
        for _ in 0..std::mem::take(&mut self.pending) {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.space = self.space.saturating_sub_unsigned(text.len());
    }

    /// Starts a line with this indentation.
    fn new_line(&mut self, indent: usize) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.pending = indent;
        self.space = MARGIN.saturating_sub_unsigned(indent).max(MIN_SPACE);
    }
}

/// Appends the literal of a string, as [`Literal::string`] writes it.
pub(super) fn push_literal(text: &mut String, value: &str) {
    text.push('"');
    let mut rest = value;
    let is_special = |byte: u8| !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\');
    while let Some((plain, special)) = rest.bytes().position(is_special).and_then(|index| rest.split_at_checked(index))
    {
        text.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            // A digit behind it would belong to the escape, so `Literal` looks at the whole rest.
            Some('\0') => {
                let literal = Literal::string(special).to_string();
                text.push_str(literal.strip_prefix('"').unwrap_or(&literal));
                return;
            }
            Some('"') => text.push_str("\\\""),
            Some('\\') => text.push_str("\\\\"),
            Some('\n') => text.push_str("\\n"),
            Some(other) => text.extend(other.escape_debug()),
            None => {}
        }
        rest = chars.as_str();
    }
    text.push_str(rest);
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_written_as_proc_macro2_writes_it() {
        let texts = ["", "plain", "a\"b\\c\n\t'd'\r", "\0", "a\u{0}1\"\n", "żółć \u{301}x", "\u{7f}\u{200b}中文🦀"];
        for text in texts {
            let mut written = String::new();
            push_literal(&mut written, text);
            assert_eq!(written, Literal::string(text).to_string());
        }
    }
}
