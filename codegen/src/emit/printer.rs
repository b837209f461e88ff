//! Prints tokens in the format of prettyplease, with short paths, without parsing them into a
//! syntax tree.
//!
//! Nearly all items of a crate are statics, structs, functions of a few plain statements, and
//! implementations with such functions. Parsing and formatting them with `syn` and `prettyplease`
//! took a third of the time of the generator. So these forms are read from their tokens and written
//! with [`Layout`]. Any other form is not printed here.

use std::borrow::Cow;
use std::fmt::Write as _;

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

use super::layout::Layout;
use super::paths::{Paths, SERDE_PATHS};

/// Nothing, or `None` if the tokens have a form that is not printed here.
type Printed = Option<()>;

/// Returns items as text, or `None` if one of them has another form.
pub(super) fn items(paths: &Paths, tokens: TokenStream) -> Option<String> {
    let mut tokens = Tokens::new(tokens);
    let mut printer = Printer { paths, code: Layout::new(paths, 0), buffer: String::new(), generics: 0 };
    while !tokens.is_empty() {
        printer.item(&mut tokens)?;
    }
    Some(printer.code.text())
}

/// Tokens that are still to be read.
struct Tokens {
    /// The tokens, the next one last.
    rest: Vec<TokenTree>,
}

impl Tokens {
    fn new(tokens: TokenStream) -> Self {
        let mut rest: Vec<TokenTree> = tokens.into_iter().collect();
        rest.reverse();
        Self { rest }
    }

    /// Returns the tokens of a group.
    fn inside(group: Group) -> Self {
        let inside = group.stream();
        // The last owner of tokens moves them, and any other owner copies them.
        drop(group);
        Self::new(inside)
    }

    fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn peek(&self, at: usize) -> Option<&TokenTree> {
        self.rest.get(self.rest.len().checked_sub(at + 1)?)
    }

    fn is_punct(&self, at: usize, c: char) -> bool {
        matches!(self.peek(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c)
    }

    fn is_ident(&self, at: usize, name: &str) -> bool {
        matches!(self.peek(at), Some(TokenTree::Ident(ident)) if ident == name)
    }

    fn is_any_ident(&self, at: usize) -> bool {
        matches!(self.peek(at), Some(TokenTree::Ident(_)))
    }

    /// Returns whether the next tokens are `::`.
    fn is_separator(&self) -> bool {
        matches!(self.peek(0), Some(TokenTree::Punct(colon))
            if colon.as_char() == ':' && colon.spacing() == Spacing::Joint)
            && self.is_punct(1, ':')
    }

    fn skip(&mut self, count: usize) {
        self.rest.truncate(self.rest.len().saturating_sub(count));
    }

    /// Skips a punctuation mark, and returns whether it is the next token.
    fn skip_punct(&mut self, c: char) -> bool {
        let is_next = self.is_punct(0, c);
        self.skip(usize::from(is_next));
        is_next
    }

    /// Skips a keyword, and returns whether it is the next token.
    fn skip_ident(&mut self, name: &str) -> bool {
        let is_next = self.is_ident(0, name);
        self.skip(usize::from(is_next));
        is_next
    }

    /// Returns the next token if it is a name.
    fn ident(&mut self) -> Option<Ident> {
        if !self.is_any_ident(0) {
            return None;
        }
        match self.rest.pop()? {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        }
    }

    /// Returns the next token if it is a group in these delimiters.
    fn group(&mut self, delimiter: Delimiter) -> Option<Self> {
        if !matches!(self.peek(0), Some(TokenTree::Group(group)) if group.delimiter() == delimiter) {
            return None;
        }
        match self.rest.pop()? {
            TokenTree::Group(group) => Some(Self::inside(group)),
            _ => None,
        }
    }

    /// Ends an element of a list. Returns `None` if other tokens than a comma follow, and otherwise
    /// whether there is another element.
    fn next_element(&mut self) -> Option<bool> {
        let has_comma = self.skip_punct(',');
        (has_comma || self.is_empty()).then_some(!self.is_empty())
    }
}

struct Printer<'p> {
    paths: &'p Paths,
    code: Layout<'p>,
    /// The text of a name or a path.
    buffer: String,
    /// The number of generics that were printed.
    generics: usize,
}

impl Printer<'_> {
    fn item(&mut self, tokens: &mut Tokens) -> Printed {
        self.attributes(tokens)?;
        if tokens.is_ident(0, "static") || tokens.is_ident(1, "static") || tokens.is_ident(2, "static") {
            return self.item_static(tokens);
        }
        if tokens.skip_ident("impl") {
            return self.item_impl(tokens);
        }
        self.code.begin_indented();
        self.visibility(tokens)?;
        if tokens.skip_ident("struct") { self.item_struct(tokens) } else { self.item_fn(tokens) }
    }

    fn item_impl(&mut self, tokens: &mut Tokens) -> Printed {
        let start = self.code.here();
        self.code.begin_indented();
        self.code.begin_outdented();
        self.code.begin_indented();
        self.code.word("impl");
        self.parameters(tokens)?;
        self.code.end_group();
        self.code.word(" ");
        self.ty(tokens)?;
        let has_trait = tokens.skip_ident("for");
        if has_trait {
            self.code.space();
            self.code.word("for ");
            self.ty(tokens)?;
        }
        self.code.end_group();
        self.code.word(" {");
        // A longer line breaks in another way.
        if has_trait && self.code.width_from(start) > SHORT_LINE {
            return None;
        }
        let mut functions = tokens.group(Delimiter::Brace)?;
        if !functions.is_empty() {
            self.code.end_line();
        }
        while !functions.is_empty() {
            self.attributes(&mut functions)?;
            self.code.begin_indented();
            self.visibility(&mut functions)?;
            self.item_fn(&mut functions)?;
        }
        self.code.outdent_last_line();
        self.code.end_group();
        self.code.word("}");
        self.code.end_line();
        Some(())
    }

    /// Prints the type parameters of an item, each of which may have a default.
    fn parameters(&mut self, tokens: &mut Tokens) -> Printed {
        if !tokens.skip_punct('<') {
            return Some(());
        }
        self.code.word("<");
        self.code.begin_group();
        self.code.may_break();
        loop {
            self.name(tokens)?;
            if tokens.skip_punct('=') {
                self.code.begin_indented();
                self.code.space();
                self.code.word("= ");
                self.ty(tokens)?;
                self.code.end_group();
            }
            let has_comma = tokens.skip_punct(',');
            if tokens.skip_punct('>') {
                break;
            }
            has_comma.then_some(())?;
            self.code.next();
        }
        self.code.last_break();
        self.code.end_group();
        self.code.word(">");
        Some(())
    }

    fn item_static(&mut self, tokens: &mut Tokens) -> Printed {
        self.code.begin_group();
        self.visibility(tokens)?;
        tokens.skip_ident("static").then_some(())?;
        self.code.word("static ");
        self.name(tokens)?;
        tokens.skip_punct(':').then_some(())?;
        self.code.word(": ");
        self.ty(tokens)?;
        tokens.skip_punct('=').then_some(())?;
        self.code.word(" = ");
        self.code.never_break();
        self.expression(tokens)?;
        tokens.skip_punct(';').then_some(())?;
        self.code.word(";");
        self.code.end_group();
        self.code.end_line();
        Some(())
    }

    fn item_struct(&mut self, tokens: &mut Tokens) -> Printed {
        self.code.word("struct ");
        self.name(tokens)?;
        self.parameters(tokens)?;
        if let Some(mut fields) = tokens.group(Delimiter::Brace) {
            self.code.word(" {");
            if !fields.is_empty() {
                self.code.end_line();
            }
            while !fields.is_empty() {
                self.attributes(&mut fields)?;
                self.visibility(&mut fields)?;
                self.name(&mut fields)?;
                fields.skip_punct(':').then_some(())?;
                self.code.word(": ");
                self.ty(&mut fields)?;
                let has_more = fields.next_element()?;
                self.code.word(",");
                if has_more { self.code.end_line() } else { self.code.end_last_line() }
            }
            self.code.end_group();
            self.code.word("}");
        } else {
            if let Some(mut fields) = tokens.group(Delimiter::Parenthesis) {
                self.code.word("(");
                self.code.may_break();
                self.elements(&mut fields, |printer, field| {
                    printer.attributes(field)?;
                    printer.visibility(field)?;
                    printer.ty(field)
                })?;
                self.code.word(")");
            }
            tokens.skip_punct(';').then_some(())?;
            self.code.word(";");
            self.code.end_group();
        }
        self.code.end_line();
        Some(())
    }

    /// Prints a function behind its visibility, in a group that ends with it.
    fn item_fn(&mut self, tokens: &mut Tokens) -> Printed {
        if tokens.skip_ident("async") {
            self.code.word("async ");
        }
        tokens.skip_ident("fn").then_some(())?;
        self.code.word("fn ");
        self.name(tokens)?;
        let mut arguments = tokens.group(Delimiter::Parenthesis)?;
        self.code.word("(");
        self.code.never_break();
        if !arguments.is_empty() {
            self.code.begin_group();
            self.code.may_break();
            self.elements(&mut arguments, Self::argument)?;
            self.code.end_group();
        }
        self.code.word(")");
        self.code.begin_outdented();
        if tokens.is_punct(0, '-') && tokens.is_punct(1, '>') {
            tokens.skip(2);
            self.code.word(" -> ");
            self.ty(tokens)?;
        }
        self.code.end_group();
        self.conditions(tokens)?;
        let mut body = tokens.group(Delimiter::Brace)?;
        self.code.word("{");
        if !body.is_empty() {
            self.code.end_line();
        }
        while !body.is_empty() {
            self.statement(&mut body)?;
        }
        self.code.outdent_last_line();
        self.code.end_group();
        self.code.word("}");
        self.code.end_line();
        Some(())
    }

    /// Prints an argument of a function.
    fn argument(&mut self, tokens: &mut Tokens) -> Printed {
        if tokens.is_punct(0, '&') && tokens.is_ident(1, "self") {
            tokens.skip(2);
            self.code.word("&self");
            return Some(());
        }
        if tokens.is_ident(0, "mut") && tokens.is_ident(1, "self") {
            tokens.skip(1);
            self.code.word("mut ");
        }
        let is_self = tokens.is_ident(0, "self");
        self.name(tokens)?;
        if !is_self {
            tokens.skip_punct(':').then_some(())?;
            self.code.word(": ");
            self.ty(tokens)?;
        }
        Some(())
    }

    /// Prints the conditions of a function, up to its body.
    fn conditions(&mut self, tokens: &mut Tokens) -> Printed {
        if !tokens.skip_ident("where") {
            self.code.word(" ");
            return Some(());
        }
        self.code.end_last_line();
        self.code.word("where");
        self.code.end_line();
        loop {
            self.ty(tokens)?;
            tokens.skip_punct(':').then_some(())?;
            self.code.word(": ");
            self.path(tokens, false)?;
            let has_comma = tokens.skip_punct(',');
            self.code.word(",");
            if matches!(tokens.peek(0), Some(TokenTree::Group(_))) {
                self.code.end_last_line();
                return Some(());
            }
            has_comma.then_some(())?;
            self.code.end_line();
        }
    }

    /// Prints a statement: an expression, or an assignment.
    fn statement(&mut self, tokens: &mut Tokens) -> Printed {
        let is_assignment = tokens.rest.iter().rev().take_while(|token| !is_semicolon(token)).any(is_equals);
        self.code.begin_group();
        self.postfix(tokens, !is_assignment)?;
        if is_assignment {
            tokens.skip_punct('=').then_some(())?;
            self.code.word(" = ");
            self.code.never_break();
            self.expression(tokens)?;
        }
        if tokens.skip_punct(';') {
            self.code.word(";");
        } else if !tokens.is_empty() {
            return None;
        }
        self.code.end_group();
        self.code.end_line();
        Some(())
    }

    fn visibility(&mut self, tokens: &mut Tokens) -> Printed {
        if tokens.skip_ident("pub") {
            match tokens.group(Delimiter::Parenthesis) {
                None => self.code.word("pub "),
                Some(inside) if inside.is_ident(0, "crate") && inside.rest.len() == 1 => self.code.word("pub(crate) "),
                Some(_) => return None,
            }
        }
        Some(())
    }

    /// Prints the attributes of an item or a field.
    fn attributes(&mut self, tokens: &mut Tokens) -> Printed {
        while tokens.skip_punct('#') {
            let mut attribute = tokens.group(Delimiter::Bracket)?;
            if attribute.is_ident(0, "doc") {
                self.documentation(&mut attribute)?;
                continue;
            }
            self.code.word("#[");
            self.read_path(&mut attribute)?;
            let is_serde = self.buffer == "serde";
            self.code.word(&self.buffer);
            if attribute.skip_punct('=') {
                self.code.word(" = ");
                self.literal(&mut attribute)?;
            } else if let Some(mut inside) = attribute.group(Delimiter::Parenthesis) {
                self.code.word("(");
                self.code.open();
                while !inside.is_empty() {
                    self.setting(&mut inside, is_serde)?;
                    if inside.next_element()? {
                        self.code.next();
                    }
                }
                self.code.close_bare();
                self.code.word(")");
            }
            attribute.is_empty().then_some(())?;
            self.code.word("]");
            self.code.space();
        }
        Some(())
    }

    /// Prints a part of an attribute: a path, or a name with a literal.
    fn setting(&mut self, tokens: &mut Tokens, is_serde: bool) -> Printed {
        let has_value = tokens.is_punct(1, '=');
        let holds_path = is_serde && SERDE_PATHS.iter().any(|name| tokens.is_ident(0, name));
        self.path(tokens, false)?;
        if !has_value {
            return Some(());
        }
        tokens.skip(1);
        self.code.word(" = ");
        match tokens.peek(0)? {
            TokenTree::Literal(literal) if holds_path => {
                let literal = self.paths.literal(literal.clone());
                tokens.skip(1);
                self.write(&literal)
            }
            _ => self.literal(tokens),
        }
    }

    /// Prints an attribute with documentation as a comment.
    fn documentation(&mut self, attribute: &mut Tokens) -> Printed {
        attribute.skip(1);
        attribute.skip_punct('=').then_some(())?;
        let Some(TokenTree::Literal(literal)) = attribute.rest.pop() else { return None };
        let literal = literal.to_string();
        let line = line_of(&literal)?;
        if line.contains('\n') || line.starts_with('/') {
            return None;
        }
        self.code.word("///");
        self.code.word(line.trim_end_matches(' '));
        self.code.end_line();
        Some(())
    }

    fn ty(&mut self, tokens: &mut Tokens) -> Printed {
        if let Some(mut types) = tokens.group(Delimiter::Parenthesis) {
            return self.tuple_type(&mut types);
        }
        if tokens.skip_punct('&') {
            self.code.word("&");
            if tokens.skip_punct('\'') {
                self.code.word("'");
                self.name(tokens)?;
                self.code.word(" ");
            }
            return self.ty(tokens);
        }
        if tokens.skip_ident("impl") {
            self.code.word("impl ");
            self.path(tokens, false)?;
            return (!tokens.is_punct(0, '+')).then_some(());
        }
        if ["dyn", "mut", "fn", "for"].iter().any(|keyword| tokens.is_ident(0, keyword)) {
            return None;
        }
        self.path(tokens, false)
    }

    fn tuple_type(&mut self, types: &mut Tokens) -> Printed {
        self.code.word("(");
        if types.is_empty() {
            self.code.word(")");
            return Some(());
        }
        let has_last_comma = matches!(types.rest.first(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',');
        self.code.open();
        self.ty(types)?;
        if types.next_element()? {
            self.code.next();
            self.elements(types, Self::ty)?;
            self.code.end_group();
        } else {
            // A type in parentheses has no comma.
            has_last_comma.then_some(())?;
            self.code.word(",");
            self.code.close_bare();
        }
        self.code.word(")");
        Some(())
    }

    /// Prints a path. In an expression, `::` precedes the generics.
    fn path(&mut self, tokens: &mut Tokens, in_expression: bool) -> Printed {
        let is_absolute = tokens.is_separator();
        if is_absolute {
            tokens.skip(2);
        }
        self.read_path(tokens)?;
        let Self { paths, code, buffer, .. } = self;
        let from = short_from(paths, buffer, is_absolute);
        if is_absolute && from == 0 {
            code.word("::");
        }
        code.word(buffer.get(from..)?);
        loop {
            let has_generics =
                if in_expression { tokens.is_separator() && tokens.is_punct(2, '<') } else { tokens.is_punct(0, '<') };
            if has_generics {
                tokens.skip(if in_expression { 3 } else { 1 });
                self.code.word(if in_expression { "::<" } else { "<" });
                self.generics(tokens)?;
            }
            if !tokens.is_separator() {
                return Some(());
            }
            tokens.skip(2);
            self.code.word("::");
            self.name(tokens)?;
        }
    }

    /// Reads the names of a path up to its generics into `buffer`.
    fn read_path(&mut self, tokens: &mut Tokens) -> Printed {
        self.buffer.clear();
        write!(self.buffer, "{}", tokens.ident()?).ok()?;
        while tokens.is_separator() && tokens.is_any_ident(2) {
            tokens.skip(2);
            write!(self.buffer, "::{}", tokens.ident()?).ok()?;
        }
        Some(())
    }

    /// Prints generics behind their `<`.
    fn generics(&mut self, tokens: &mut Tokens) -> Printed {
        self.generics += 1;
        self.code.open();
        loop {
            if tokens.is_any_ident(0) && tokens.is_punct(1, '=') {
                self.name(tokens)?;
                tokens.skip(1);
                self.code.word(" = ");
            }
            self.ty(tokens)?;
            let has_comma = tokens.skip_punct(',');
            if tokens.skip_punct('>') {
                break;
            }
            has_comma.then_some(())?;
            self.code.next();
        }
        self.code.close();
        self.code.word(">");
        Some(())
    }

    /// Prints an expression: a literal, a list, a tuple, a reference, or a path, with calls.
    fn expression(&mut self, tokens: &mut Tokens) -> Printed {
        if tokens.skip_punct('&') {
            self.code.word("&");
            if tokens.is_ident(0, "mut") {
                return None;
            }
            return self.expression(tokens);
        }
        self.postfix(tokens, false)?;
        // Nothing is printed here that goes on in another way, such as an operator.
        (tokens.is_empty() || tokens.is_punct(0, ',') || tokens.is_punct(0, ';')).then_some(())
    }

    /// Prints a value with its fields and the calls of its methods. `begins_line`: true if it is
    /// the beginning of a statement.
    fn postfix(&mut self, tokens: &mut Tokens, begins_line: bool) -> Printed {
        /// The longest name that stays on the line of the call behind it.
        const SHORT_NAME: usize = 4;
        let mut chain = self.code.chain();
        let (is_list, generics) = (matches!(tokens.peek(0), Some(TokenTree::Group(_))), self.generics);
        let is_short = matches!(tokens.peek(0), Some(TokenTree::Ident(name)) if name.to_string().len() <= SHORT_NAME);
        let mut follows_short_name = begins_line && is_short && tokens.is_punct(1, '.');
        self.receiver(tokens)?;
        // The lines of such a receiver would be indented in another way.
        if tokens.is_punct(0, '.') && (is_list || self.generics != generics) {
            return None;
        }
        while tokens.skip_punct('.') {
            self.code.start_member(&mut chain, !follows_short_name);
            if let Some(TokenTree::Literal(_)) = tokens.peek(0) {
                self.literal(tokens)?;
            } else {
                self.name(tokens)?;
                if tokens.is_separator() && tokens.is_punct(2, '<') {
                    tokens.skip(3);
                    self.code.word("::<");
                    self.generics(tokens)?;
                }
                if matches!(tokens.peek(0), Some(TokenTree::Group(_))) {
                    let is_only_call = follows_short_name && !tokens.is_punct(1, '.');
                    if is_only_call {
                        self.code.begin_outdented()
                    } else {
                        self.code.begin_group()
                    }
                    let mut arguments = tokens.group(Delimiter::Parenthesis)?;
                    self.arguments(&mut arguments)?;
                    self.code.end_group();
                }
            }
            follows_short_name = false;
        }
        self.code.end_chain(&chain);
        Some(())
    }

    /// Prints the first part of an expression, on which methods may be called.
    fn receiver(&mut self, tokens: &mut Tokens) -> Printed {
        if let Some(mut elements) = tokens.group(Delimiter::Parenthesis) {
            self.code.word("(");
            if !elements.is_empty() {
                self.code.open();
                (self.elements(&mut elements, Self::expression)? > 1).then_some(())?;
                self.code.end_group();
            }
            self.code.word(")");
            return Some(());
        }
        if let Some(mut elements) = tokens.group(Delimiter::Bracket) {
            if elements.is_empty() {
                self.code.word("[]");
                return Some(());
            }
            // A list of numbers has several in a line.
            if elements.rest.iter().all(is_simple) {
                return None;
            }
            self.code.word("[");
            self.code.open();
            self.elements(&mut elements, Self::expression)?;
            self.code.end_group();
            self.code.word("]");
            return Some(());
        }
        if tokens.is_punct(0, '-') || matches!(tokens.peek(0), Some(TokenTree::Literal(_))) {
            return self.literal(tokens);
        }
        if KEYWORDS.iter().any(|keyword| tokens.is_ident(0, keyword)) {
            return None;
        }
        let start = self.code.here();
        self.code.begin_indented();
        self.path(tokens, true)?;
        if let Some(mut members) = tokens.group(Delimiter::Brace) {
            return self.members(&mut members, start);
        }
        self.code.no_group(start);
        match tokens.group(Delimiter::Parenthesis) {
            Some(mut arguments) => self.arguments(&mut arguments),
            None => (!tokens.is_punct(0, '!')).then_some(()),
        }
    }

    /// Prints the members of a struct in braces, in a group that begins at `start`.
    fn members(&mut self, tokens: &mut Tokens, start: usize) -> Printed {
        /// The longest value of a struct in one line.
        const LONGEST: usize = 34;
        self.code.word(" {");
        if tokens.is_empty() {
            return None;
        }
        self.code.space();
        loop {
            self.name(tokens)?;
            if tokens.skip_punct(':') {
                self.code.word(": ");
                self.code.begin_group();
                self.expression(tokens)?;
                self.code.end_group();
            }
            if !tokens.next_element()? {
                break;
            }
            self.code.next();
        }
        self.code.last_space();
        if self.code.width_from(start) > LONGEST {
            self.code.widen();
        }
        self.code.end_group();
        self.code.word("}");
        Some(())
    }

    /// Prints the arguments of a call in their parentheses.
    fn arguments(&mut self, tokens: &mut Tokens) -> Printed {
        self.code.word("(");
        let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        match tokens.rest.as_slice() {
            [] => {}
            // A single list, tuple or struct stands in the line of the call.
            [TokenTree::Group(_)] => self.expression(tokens)?,
            [TokenTree::Group(last), path @ ..]
                if last.delimiter() == Delimiter::Brace && !path.iter().any(is_comma) =>
            {
                self.expression(tokens)?;
            }
            _ => {
                self.code.open();
                self.elements(tokens, Self::expression)?;
                self.code.end_group();
            }
        }
        self.code.word(")");
        Some(())
    }

    /// Prints elements with commas, up to the place before the closing bracket. Returns their
    /// number.
    fn elements(
        &mut self,
        tokens: &mut Tokens,
        mut print: impl FnMut(&mut Self, &mut Tokens) -> Printed,
    ) -> Option<usize> {
        let mut count = 0;
        loop {
            print(self, tokens)?;
            count += 1;
            if !tokens.next_element()? {
                break;
            }
            self.code.next();
        }
        self.code.last_break();
        Some(count)
    }

    fn name(&mut self, tokens: &mut Tokens) -> Printed {
        let name = tokens.ident()?;
        self.write(&name)
    }

    /// Prints a literal, which may be negative.
    fn literal(&mut self, tokens: &mut Tokens) -> Printed {
        if tokens.skip_punct('-') {
            self.code.word("-");
        }
        match tokens.rest.pop()? {
            TokenTree::Literal(literal) => self.write(&literal),
            _ => None,
        }
    }

    fn write(&mut self, text: &dyn std::fmt::Display) -> Printed {
        self.buffer.clear();
        write!(self.buffer, "{text}").ok()?;
        self.code.word(&self.buffer);
        Some(())
    }
}

/// A line of this length always fits.
const SHORT_LINE: usize = 80;

fn is_semicolon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')
}

fn is_equals(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=')
}

/// Keywords that begin an expression of another form.
const KEYWORDS: [&str; 14] = [
    "async", "break", "const", "continue", "for", "if", "let", "loop", "match", "move", "return", "static", "unsafe",
    "while",
];

/// Returns whether a token can be part of a list of numbers and booleans.
fn is_simple(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(name) => name == "true" || name == "false",
        TokenTree::Literal(literal) => !literal.to_string().starts_with(['"', 'r']),
        TokenTree::Punct(_) => true,
        TokenTree::Group(_) => false,
    }
}

/// Returns the start of the short form of a path: 0 if the path stays whole.
fn short_from(paths: &Paths, path: &str, is_absolute: bool) -> usize {
    let in_crate = !is_absolute && path.starts_with("crate::");
    if !is_absolute && !in_crate {
        return 0;
    }
    let mut module = 0;
    while let Some(end) = path.get(module..).and_then(|rest| Some(module + rest.find("::")?)) {
        let from = end + "::".len();
        let name = path.get(from..).and_then(|rest| rest.split("::").next()).unwrap_or_default();
        if Paths::is_imported(name, in_crate) {
            return if paths.imports(name, path.get(..end).unwrap_or_default()) { from } else { 0 };
        }
        module = from;
    }
    0
}

/// Returns the text of a literal of a string.
fn line_of(literal: &str) -> Option<Cow<'_, str>> {
    let is_raw = literal.starts_with('r');
    match literal.strip_prefix('r').unwrap_or(literal).strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) if is_raw || !text.contains('\\') => Some(Cow::Borrowed(text)),
        Some(_) => Some(Cow::Owned(syn::parse_str::<syn::LitStr>(literal).ok()?.value())),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    /// Checks that items are printed as prettyplease prints them, with the same short paths.
    fn check(tokens: TokenStream) {
        let (ours, theirs) = (Paths::default(), Paths::default());
        let printed = items(&ours, tokens.clone()).unwrap_or_else(|| panic!("not printed: {tokens}"));
        let file = syn::parse2(theirs.short(tokens)).unwrap();
        assert_eq!(printed, prettyplease::unparse(&file));
        assert_eq!(ours.uses().to_string(), theirs.uses().to_string());
    }

    #[test]
    fn statics_are_printed_as_prettyplease_prints_them() {
        check(quote! {
            /// A static.
            pub static SHORT: ::venuekit::operation::Operation = ::venuekit::operation::Operation::http("a",
                ::venuekit::operation::Method::Get, "/a");
            #[doc = ""]
            #[doc = " \"Quoted\" \\ text.  "]
            #[allow(non_upper_case_globals, reason = "it has the name of its type, which is not a name of a static")]
            pub(crate) static LONG_NAME_OF_A_STATIC: ::venuekit::operation::Operation =
                ::venuekit::operation::Operation::http("listAssets", ::venuekit::operation::Method::Get,
                    "/api/assets-info")
                .with_error_types(&[
                    ::venuekit::operation::ErrorType::new::<crate::types::ErrorResponse>("4XX"),
                    ::venuekit::operation::ErrorType::new::<::std::vec::Vec<crate::types::ErrorResponse>>("5XX")
                ])
                .with_body(true)
                .with_nothing()
                .with_schemes(&[&["key", "sign"], &[]])
                .with_pairs(&[("a", 1), ("b", -2)])
                .with_successes((("a", true),
                    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "c"))
                .with_deep(&::venuekit::operation::Bounds::new().with_elements(&::venuekit::operation::Bounds::new().with_minimum("1").with_maximum("1000").with_pattern("a long pattern")));
        });
        check(quote!(
            static A: &'static str = "";
            static B: (u8,) = b;
        ));
    }

    #[test]
    fn structs_are_printed_as_prettyplease_prints_them() {
        check(quote! {
            /// A struct.
            ///
            /// It has fields.
            #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
            #[serde(remote = "Self")]
            #[non_exhaustive]
            pub struct A {
                #[doc = " A field."]
                #[deprecated = "the venue calls it deprecated"]
                #[serde(with = "::venuekit::wire::As::<::std::option::Option<::venuekit::wire::DecimalNumber>>", default, skip_serializing_if = "::std::option::Option::is_none")]
                pub first: ::std::option::Option<::venuekit::Decimal>,
                #[serde(rename = "type")]
                pub type_: ::std::collections::BTreeMap<::std::string::String,
                    ::std::vec::Vec<::std::vec::Vec<AVeryLongNameOfAType>>>,
                pub pair: (i32, crate::required::given::price, ()),
            }
            pub struct Empty {}
            pub struct Unit;
            pub struct Tuple(Reads);
            #[must_use = "a value"]
            struct LongTupleeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee(::venuekit::Firsttttttttttttttttttttt, pub Second);
        });
    }

    #[test]
    fn functions_are_printed_as_prettyplease_prints_them() {
        check(quote! {
            /// A function.
            fn send() -> crate::types::Order { send() }
            fn none() {}
            pub fn body(value: impl ::std::borrow::Borrow<crate::types::PlaceOrderRequest>) -> Body {
                set_body_as::<crate::types::PlaceOrderRequest,
                    ::venuekit::wire::Same>(::std::borrow::Borrow::borrow(&value))
            }
            fn list(value: impl ::std::iter::IntoIterator<Item = impl
                ::std::convert::Into<::std::string::String>>, other: &'static str) -> Name {
                set::<::std::vec::Vec<::std::string::String>>(0,
                    &value.into_iter().map(::std::convert::Into::into).collect())
            }
            fn long_name_of_a_function_which_is_a_setter(value:
                ::std::option::Option<crate::types::AnotherType>) ->
                    ::std::collections::BTreeMap<::std::string::String, crate::types::AVeryLongNameOfAType> {
                set(0, value.as_ref())
            }
        });
    }

    #[test]
    fn implementations_are_printed_as_prettyplease_prints_them() {
        check(quote! {
            #[derive(Clone, Debug)]
            pub struct Builder<A = ::venuekit::setters::Given, B = ::venuekit::setters::Given> { value:
                crate::types::A, given: ::std::marker::PhantomData<(A, B,)>, one: ::std::marker::PhantomData<(A,)> }
            impl<A, B> Builder<A, B> {
                fn new(value: crate::types::A) -> Self { Self { value, given: ::std::marker::PhantomData } }
                /// Sets a value.
                #[deprecated = "old"]
                pub fn price(mut self, value: impl ::venuekit::setters::Optional<::venuekit::Decimal>) -> Self {
                    self.value.price = ::venuekit::setters::Optional::into_optional(value);
                    self
                }
                pub fn others(mut self, value: impl ::std::iter::IntoIterator<Item = (impl
                    ::std::convert::Into<::std::string::String>, i32)>,) -> Self {
                    self.value.a_very_long_name_of_a_property_of_a_request =
                        value.into_iter().collect::<::std::vec::Vec<::std::string::String>>();
                    Builder::new(self.value)
                }
                pub fn build(self) -> crate::types::A where A: crate::required::given::price, B:
                    crate::required::given::side { self.value }
            }
            impl ::venuekit::codegen::Blank for crate::types::A {
                fn blank() -> Self { Self { price: ::venuekit::codegen::Blank::blank(), side:
                    ::venuekit::codegen::Blank::blank() } }
            }
            impl Empty {}
            impl Client {
                pub fn base_url(&self) -> &str { self.0.base_url() }
                pub fn abort_calls(&self) { self.0.abort_calls(); }
                pub async fn reopen_limit(&self, name: &str) -> bool { self.0.reopen_limit(name).await }
                pub fn short(self) -> bool { self.is(a_long_name_of_a_value, another_long_name_of_a_value,
                    a_third_long_name) }
                pub fn place_order(&self) -> crate::operations::PlaceOrder<crate::required::missing::body,
                    crate::required::missing::order> {
                    crate::operations::PlaceOrder::new(::venuekit::codegen::RequestBuilder::new(&self.0,
                        &crate::operations::PLACE_ORDER))
                }
                fn pair() -> Pair { Pair { a: 1, b: "a text which is rather long", c: f(Inner { x, y:
                    self.value.z }) } }
            }
        });
    }

    #[test]
    fn a_path_whose_short_name_has_another_meaning_stays_whole() {
        check(quote!(
            struct A(crate::Client, ::venuekit::Client, crate::types::Client, ::venuekit::dec);
        ));
    }

    #[test]
    fn other_forms_are_not_printed() {
        for tokens in [
            quote!(
                use a::b;
            ),
            quote!(
                fn a() {
                    let b = 1;
                }
            ),
            quote!(
                fn a<T>() {}
            ),
            quote!(
                fn a() {
                    f(a + b)
                }
            ),
            quote!(
                fn a() {
                    f(a?)
                }
            ),
            quote!(
                fn a() {
                    f(|a| a)
                }
            ),
            quote!(
                fn a() {
                    f(a!())
                }
            ),
            quote!(
                impl<T: Clone> A {}
            ),
            quote!(
                fn a() {
                    if b {
                        c
                    }
                }
            ),
            quote!(
                fn a() {
                    f(A::<B>::c().d())
                }
            ),
            quote!(
                static A: &[u8] = &[1, 2];
            ),
            quote!(
                static A: (u8) = a;
            ),
            quote!(
                struct A {
                    #[doc = " a\n b"]
                    b: C,
                }
            ),
        ] {
            assert_eq!(items(&Paths::default(), tokens.clone()), None, "{tokens}");
        }
    }
}
