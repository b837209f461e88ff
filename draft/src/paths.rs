//! The parameters of paths in their spellings: `{id}`, `:id`, `<int:id>`, `[id]`, `$id`.

use crate::document::Lines;
use crate::facts::{Form, Schema};

/// A parameter of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathParameter {
    pub(crate) name: String,
    /// The type and the format, if the spelling states them: `{id:int}`.
    kind: Option<(&'static str, Option<&'static str>)>,
    /// The path is a route without the parameter too: `:id?`.
    pub(crate) is_optional: bool,
}

impl PathParameter {
    /// Returns the schema that the spelling states.
    pub(crate) fn schema(&self, at: Lines) -> Option<Schema> {
        let (kind, format) = self.kind?;
        Some(Schema::new(at, Form::Scalar { kind, format: format.map(str::to_owned) }))
    }
}

/// Splits a target into its path and its query. The `?` of `:id?` is a part of the path, and
/// `{?limit,state}` is a query.
pub(crate) fn split_query(target: &str) -> (&str, String) {
    for (at, _) in target.match_indices('?') {
        let (before, behind) = (target.get(..at).unwrap_or(target), target.get(at + 1..).unwrap_or(""));
        if let Some(path) = before.strip_suffix('{') {
            return (path, behind.split('}').next().unwrap_or("").replace(',', "&"));
        }
        let segment = before.rsplit('/').next().unwrap_or("");
        let is_inside = segment.rfind('{') > segment.rfind('}') || segment.rfind('[') > segment.rfind(']');
        let is_mark = segment.starts_with(':') && (behind.is_empty() || behind.starts_with('/'));
        if !is_inside && !is_mark {
            return (before, behind.to_owned());
        }
    }
    (target, String::new())
}

/// Returns whether a segment of a path is a parameter, in any spelling.
pub(crate) fn is_parameter(segment: &str) -> bool {
    let is_variable =
        segment.strip_prefix('$').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '{'));
    segment.starts_with(['{', ':', '<', '[']) || is_variable
}

/// Writes the parameters of a path in braces, and returns them.
pub(crate) fn braces(path: &str) -> (String, Vec<PathParameter>) {
    let mut all = Vec::new();
    let segments: Vec<String> = path.split('/').map(|own| segment(own, &mut all)).collect();
    (segments.join("/"), all)
}

fn segment(text: &str, all: &mut Vec<PathParameter>) -> String {
    let mut add = |own: Option<PathParameter>| {
        let written = own.as_ref().map(|own| format!("{{{}}}", own.name));
        all.extend(own);
        written
    };
    let whole = if let Some(rest) = text.strip_prefix(':') {
        let (own, suffix) = colon(rest);
        add(own).map(|own| format!("{own}{suffix}"))
    } else if let Some(rest) = text.strip_prefix('$').filter(|_| is_parameter(text)) {
        add(inner(rest.trim_start_matches('{').trim_end_matches('}')))
    } else if let Some(rest) = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        add(inner(rest))
    } else if let Some(rest) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let is_optional = rest.starts_with('[');
        let own = inner(rest.trim_matches(['[', ']']));
        add(own.map(|own| PathParameter { is_optional: own.is_optional || is_optional, ..own }))
    } else {
        None
    };
    if let Some(whole) = whole {
        return whole;
    }
    // `{from}..{to}`, `{id}.json`
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((own, after)) = behind.split_once('}') else { break };
        out.push_str(before);
        match add(inner(own)) {
            Some(own) => out.push_str(&own),
            None => {
                out.push('{');
                out.push_str(own);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_name_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Reads what follows a colon: `id`, `id?`, `id(\d+)`, `id.json`. Returns the text behind the name
/// too.
fn colon(text: &str) -> (Option<PathParameter>, &str) {
    let end = text.find(|c: char| !is_name_sign(c)).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let ending = [".json", ".xml"].into_iter().find(|ending| name.ends_with(ending)).filter(|_| rest.is_empty());
    let (name, ending) = name.split_at(name.len() - ending.map_or(0, str::len));
    let mut kind = None;
    if let Some((pattern, behind)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        kind = kind_of(pattern);
        rest = behind;
    }
    let is_optional = rest.starts_with(['?', '*']);
    let own = inner(name).map(|own| PathParameter { kind: own.kind.or(kind), is_optional, ..own });
    (own, if ending.is_empty() { rest.trim_start_matches(['?', '*', '+']) } else { ending })
}

/// Reads what stands between the signs of a parameter: `id`, `id:int`, `int:id`, `id?`, `...rest`.
fn inner(text: &str) -> Option<PathParameter> {
    let text = text.trim().trim_start_matches(['+', '*', '.']);
    let text = text.split('=').next().unwrap_or(text);
    let bare = text.trim_end_matches(['?', '*']);
    let is_optional = text.ends_with('?');
    let (name, kind) = match bare.split_once(':') {
        Some((first, second)) => match (kind_of(first), kind_of(second)) {
            (Some(kind), None) => (second, Some(kind)),
            (_, kind) => (first, kind),
        },
        None => (bare, None),
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_name_sign);
    is_name.then(|| PathParameter { name: name.to_owned(), kind, is_optional })
}

/// Returns the type that a word or a pattern beside the name of a parameter states.
fn kind_of(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match word.to_ascii_lowercase().as_str() {
        "int" | "integer" | "int32" | "int64" | "long" | "i64" | "u64" | "\\d+" | "[0-9]+" => ("integer", None),
        "float" | "double" | "number" => ("number", None),
        "uuid" | "guid" => ("string", Some("uuid")),
        "str" | "string" | "text" | "slug" | "path" | "alpha" => ("string", None),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_of_a_parameter_becomes_one_in_braces() {
        let show = |path: &str| {
            let (path, all) = braces(path);
            let one = |own: &PathParameter| {
                let kind = own.kind.map(|(kind, format)| format!(" {}", format.unwrap_or(kind))).unwrap_or_default();
                format!("{}{kind}{}", own.name, if own.is_optional { "?" } else { "" })
            };
            format!("{path} {}", all.iter().map(one).collect::<Vec<_>>().join(", "))
        };
        for (path, wanted) in [
            ("/a/{id}", "/a/{id} id"),
            ("/a/:id/b", "/a/{id}/b id"),
            ("/a/:id?", "/a/{id} id?"),
            ("/a/:id(\\d+)", "/a/{id} id integer"),
            ("/a/:id.json", "/a/{id}.json id"),
            ("/a/<id>", "/a/{id} id"),
            ("/a/<uuid:id>", "/a/{id} id uuid"),
            ("/a/<id:int>", "/a/{id} id integer"),
            ("/a/[id]", "/a/{id} id"),
            ("/a/[[id]]", "/a/{id} id?"),
            ("/a/[...rest]", "/a/{rest} rest"),
            ("/a/$id/b", "/a/{id}/b id"),
            ("/a/${id}", "/a/{id} id"),
            ("/a/{id:int}", "/a/{id} id integer"),
            ("/a/{id?}", "/a/{id} id?"),
            ("/a/{path:path}", "/a/{path} path string"),
            ("/a/{from}..{to}", "/a/{from}..{to} from, to"),
            ("/a/{order id}", "/a/{order id} "),
            ("/a/$", "/a/$ "),
            ("/a/b", "/a/b "),
        ] {
            assert_eq!(show(path), wanted, "{path}");
        }
    }

    #[test]
    fn the_mark_of_an_optional_parameter_begins_no_query() {
        let show = |target| {
            let (path, query) = split_query(target);
            format!("{path} {query}")
        };
        assert_eq!(show("/a/:id?/b"), "/a/:id?/b ");
        assert_eq!(show("/a/:id?"), "/a/:id? ");
        assert_eq!(show("/a/{id?}/b?c=1"), "/a/{id?}/b c=1");
        assert_eq!(show("/a/:id?b=1"), "/a/:id b=1");
        assert_eq!(show("/a{?b,c}"), "/a b&c");
        assert_eq!(show("/a"), "/a ");
    }
}
