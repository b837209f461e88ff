//! Formats tokens as the text of a file.

use proc_macro2::TokenStream;

use super::generated_file::{EmitError, GeneratedFile};
use super::paths::Paths;
use super::printer;

/// A part of a Rust file.
pub(super) enum Piece {
    /// Code to be formatted.
    Tokens(TokenStream),
    /// Code that is written in its format.
    Text(String),
    /// Code that was formatted, or the reason why it could not be.
    Formatted(Result<String, syn::Error>),
    /// The call of a macro whose input is written like items.
    Macro {
        /// The path of the macro.
        name: &'static str,
        /// The input of the macro.
        sections: Vec<Section>,
    },
}

/// A part of the input of a macro: items, with an optional title.
pub(super) struct Section {
    pub(super) title: Option<&'static str>,
    pub(super) items: TokenStream,
}

impl Section {
    /// Returns a section without a title.
    pub(super) fn plain(items: TokenStream) -> Self {
        Self { title: None, items }
    }
}

impl From<TokenStream> for Piece {
    fn from(tokens: TokenStream) -> Self {
        Self::Tokens(tokens)
    }
}

/// Returns tokens as pieces.
pub(super) fn pieces(tokens: impl IntoIterator<Item = TokenStream>) -> Vec<Piece> {
    tokens.into_iter().map(Piece::Tokens).collect()
}

/// Formats tokens with short paths.
pub(super) fn piece(paths: &Paths, tokens: TokenStream) -> Piece {
    Piece::Formatted(formatted(tokens, Some(paths)))
}

impl Piece {
    /// Inserts texts into formatted code, each before the next line that starts with `line`.
    pub(super) fn with_lines_before(self, line: &str, texts: impl IntoIterator<Item = String>) -> Self {
        let Self::Formatted(Ok(text)) = &self else { return self };
        let (line, mut whole, mut rest) = (format!("\n{line}"), String::new(), text.as_str());
        for lines in texts {
            let Some((before, after)) = rest.find(&line).and_then(|end| rest.split_at_checked(end + 1)) else { break };
            whole.push_str(before);
            whole.push_str(&lines);
            rest = after;
        }
        whole.push_str(rest);
        Self::Formatted(Ok(whole))
    }

    /// Returns the code as text, with short paths if there are `paths`.
    fn formatted(self, paths: Option<&Paths>) -> Result<String, syn::Error> {
        match self {
            Self::Tokens(tokens) => formatted(tokens, paths),
            Self::Formatted(formatted) => formatted,
            // Parsing the text again would take a tenth of the time of the generator. Tests parse
            // the files of many specs.
            Self::Text(text) => Ok(text),
            Self::Macro { name, sections } => {
                let mut text = format!("{name}! {{\n");
                for (index, Section { title, items }) in sections.into_iter().enumerate() {
                    if index > 0 {
                        text.push('\n');
                    }
                    let items = formatted(items, paths)?;
                    match title {
                        None => push_indented(&mut text, &items, 1),
                        Some(title) => {
                            text.push_str(&format!("    {title} {{\n"));
                            push_indented(&mut text, &items, 2);
                            text.push_str("    }\n");
                        }
                    }
                }
                text.push_str("}\n");
                Ok(text)
            }
        }
    }
}

/// Formats items, with short paths if there are `paths`.
///
/// # Errors
/// The message of the parser.
fn formatted(tokens: TokenStream, paths: Option<&Paths>) -> Result<String, syn::Error> {
    let tokens = match paths {
        None => tokens,
        Some(paths) => match printer::items(paths, tokens.clone()) {
            Some(text) => return Ok(spaced(&text)),
            None => paths.short(tokens),
        },
    };
    syn::parse2(tokens).map(|file| spaced(&prettyplease::unparse(&file)))
}

/// Appends lines, indented by this number of levels.
fn push_indented(text: &mut String, lines: &str, levels: usize) {
    for line in lines.lines() {
        if !line.is_empty() {
            text.push_str(&"    ".repeat(levels));
            text.push_str(line);
        }
        text.push('\n');
    }
}

/// Returns the pieces of a file with short paths, after the `use` lines that they need.
///
/// Each piece is formatted before the next one is made, because its tokens take much more memory
/// than its text.
pub(super) fn file(paths: &Paths, items: impl IntoIterator<Item = Piece>) -> Vec<Piece> {
    let items = items.into_iter().map(|piece| Piece::Formatted(piece.formatted(Some(paths))));
    // The `use` lines are known when all paths are short.
    let items: Vec<Piece> = items.collect();
    let mut file = vec![Piece::Tokens(paths.uses())];
    file.extend(items);
    file
}

/// Returns a Rust file of these pieces. Its first line is the marker of a generated file.
pub(super) fn rust_file(path: &str, marker: &str, docs: &str, pieces: Vec<Piece>) -> Result<GeneratedFile, EmitError> {
    let mut text = format!("// {marker}\n");
    if !docs.is_empty() {
        text.push('\n');
        for line in docs.lines() {
            text.push_str(format!("//! {line}").trim_end());
            text.push('\n');
        }
    }
    for piece in pieces {
        let fault = |error: syn::Error| EmitError { path: path.to_owned(), message: error.to_string() };
        let formatted = piece.formatted(None).map_err(fault)?;
        if !formatted.trim().is_empty() {
            text.push('\n');
            text.push_str(&formatted);
        }
    }
    Ok(GeneratedFile { path: path.to_owned(), text })
}

/// Puts an empty line between items.
fn spaced(text: &str) -> String {
    const STARTS: [&str; 7] = ["///", "#[", "pub ", "fn ", "impl", "static ", "type "];
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    // The previous line, and the same line without its indentation.
    let (mut previous, mut before) = ("", "");
    for line in text.lines() {
        let code = line.trim_start_matches(' ');
        let same_level = previous.len() - before.len() == line.len() - code.len();
        let starts_item = || STARTS.iter().any(|start| code.starts_with(start));
        let ended_block = matches!(before, "}" | "};");
        let opens_docs = code.starts_with("///")
            && !before.starts_with("//")
            && [";", "{}"].iter().any(|end| previous.ends_with(end));
        let leaves_imports = previous.starts_with("use ") && previous.ends_with(';') && !line.starts_with("use ");
        if same_level && (ended_block && starts_item() || opens_docs) || leaves_imports {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        (previous, before) = (line, code);
    }
    out
}
