//! The schema that a sample shows, and the union of two schemas.

use crate::document::Lines;
use crate::facts::{Form, Member, Schema};
use crate::inline;
use crate::sample::{Node, Value, is_integer};

/// Returns the schema of a sample.
pub(crate) fn infer(node: &Node, document: usize) -> Schema {
    let at = Lines::one(document, node.line);
    match &node.value {
        Value::Null => Schema { nullable: true, ..Schema::new(at, Form::Any) },
        Value::Bool(_) => Schema::scalar(at, "boolean"),
        Value::Number(digits) => Schema::scalar(at, if is_integer(digits) { "integer" } else { "number" }),
        Value::Text(_) => Schema::scalar(at, "string"),
        Value::Array(elements) => array(elements, at, document),
        Value::Object(members) if is_map(members) => {
            let values = members.iter().map(|(_, node)| infer(node, document)).reduce(unify);
            Schema::new(at, Form::Map(Box::new(values.unwrap_or_default())))
        }
        Value::Object(members) => {
            let member = |(name, node): &(String, Node)| shown(name.clone(), node, document);
            let mut members: Vec<Member> = members.iter().map(member).collect();
            level(&mut members);
            Schema::new(at, Form::Object(members))
        }
    }
}

/// Gives lists side by side whose elements have the same members one kind of number: `3` in one
/// side of a book, and `1.5` in the other.
fn level(members: &mut [Member]) {
    let lists: Vec<Schema> =
        members.iter().filter(|own| matches!(own.schema.form, Form::Array(_))).map(|own| own.schema.clone()).collect();
    for member in members.iter_mut().filter(|own| matches!(own.schema.form, Form::Array(_))) {
        for other in &lists {
            if is_alike(&member.schema, other) {
                widen(&mut member.schema, other);
            }
        }
    }
}

/// Returns whether the elements of two lists are objects with the same members, or rows alike.
fn is_alike(a: &Schema, b: &Schema) -> bool {
    match (&a.form, &b.form) {
        (Form::Array(a), Form::Array(b)) => is_alike(a, b),
        (Form::Object(a), Form::Object(b)) | (Form::Tuple(a), Form::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(own, other)| own.name == other.name)
        }
        _ => false,
    }
}

/// Makes the integers of a schema numbers where another one has numbers.
fn widen(own: &mut Schema, other: &Schema) {
    match (&mut own.form, &other.form) {
        (Form::Scalar { kind: kind @ "integer", .. }, Form::Scalar { kind: "number", .. }) => *kind = "number",
        (Form::Array(own), Form::Array(other)) => widen(own, other),
        (Form::Object(own), Form::Object(other)) | (Form::Tuple(own), Form::Tuple(other)) => {
            own.iter_mut().zip(other).for_each(|(own, other)| widen(&mut own.schema, &other.schema));
        }
        _ => {}
    }
}

/// Returns the member that a sample shows: a property of an object, or a column of a row.
fn shown(name: String, node: &Node, document: usize) -> Member {
    let at = Lines::one(document, node.line);
    let note = node.comment.clone().unwrap_or_default();
    Member { note, ..Member::of_sample(name, at, infer(node, document)) }
}

fn array(elements: &[Node], at: Lines, document: usize) -> Schema {
    let is_scalar = |node: &Node| !matches!(node.value, Value::Object(_) | Value::Array(_));
    let mut kinds: Vec<&str> = elements.iter().map(Node::type_name).filter(|kind| *kind != "null").collect();
    kinds.dedup();
    let numbers = kinds.iter().all(|kind| matches!(*kind, "integer" | "number"));
    let comments = elements.iter().filter(|node| node.comment.is_some()).count();
    let is_row = elements.iter().any(is_scalar) && kinds.len() > 1 && !numbers;
    let is_explained = elements.len() > 1 && elements.iter().all(is_scalar) && comments * 2 > elements.len();
    if is_row || is_explained {
        let mut columns: Vec<Member> = Vec::new();
        for (index, node) in elements.iter().enumerate() {
            let stated = node.comment.as_deref().map(|comment| {
                let words: Vec<String> = inline::words(comment).into_iter().take(4).collect();
                inline::camel(&words)
            });
            let usable = |name: &String| {
                name.starts_with(|c: char| c.is_ascii_alphabetic()) && !columns.iter().any(|own| own.name == *name)
            };
            let name = stated.filter(usable).unwrap_or_else(|| format!("column{}", index + 1));
            columns.push(shown(name, node, document));
        }
        return Schema::new(at, Form::Tuple(columns));
    }
    let items = elements.iter().map(|node| infer(node, document)).reduce(unify);
    Schema::new(at, Form::Array(Box::new(items.unwrap_or_else(|| Schema::new(at, Form::Any)))))
}

/// Returns whether the names of an object are data, such as the symbols of assets.
fn is_map(members: &[(String, Node)]) -> bool {
    let is_data = |name: &str| {
        let is_symbol = name.len() >= 2
            && name.chars().any(|c| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '/'));
        let is_number = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
        let is_sign = name.chars().count() == 1 && !name.chars().all(|c| c.is_ascii_lowercase());
        is_symbol || is_number || is_sign || is_placeholder(name)
    };
    let same_type = |nodes: &[(String, Node)]| {
        let mut kinds = nodes.iter().map(|(_, node)| node.type_name());
        let first = kinds.next();
        kinds.all(|kind| Some(kind) == first)
    };
    let names = |node: &Node| node.members().iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let alike = members.first().is_some_and(|(_, first)| {
        members.iter().all(|(_, node)| {
            let (a, b) = (names(first), names(node));
            a == b || a.iter().filter(|name| b.contains(name)).count() * 2 > a.len().max(b.len())
        })
    });
    !members.is_empty()
        && members.iter().all(|(name, _)| is_data(name))
        && same_type(members)
        && (alike || members.iter().all(|(name, _)| is_placeholder(name)))
}

/// Returns whether a generator of samples made the name up for the values of a map.
pub(crate) fn is_placeholder(name: &str) -> bool {
    ["property", "additionalProp"].iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
    })
}

/// Returns a schema that accepts the values of both.
pub(crate) fn unify(a: Schema, b: Schema) -> Schema {
    let nullable = a.nullable || b.nullable;
    let at = a.at;
    let mut values = a.values.clone();
    for value in b.values.clone() {
        if !values.iter().any(|(own, _)| *own == value.0) {
            values.push(value);
        }
    }
    let form = match (a.form, b.form) {
        (Form::Any, form) | (form, Form::Any) => form,
        (Form::Scalar { kind: "integer", format }, Form::Scalar { kind: "integer", .. }) => {
            Form::Scalar { kind: "integer", format }
        }
        (Form::Scalar { kind: "integer" | "number", .. }, Form::Scalar { kind: "integer" | "number", .. }) => {
            Form::Scalar { kind: "number", format: None }
        }
        (Form::Scalar { kind: a, format }, Form::Scalar { kind: b, .. }) if a == b => Form::Scalar { kind: a, format },
        (Form::Array(a), Form::Array(b)) => Form::Array(Box::new(unify(*a, *b))),
        (Form::Tuple(a), Form::Tuple(b)) => Form::Tuple(rows(a, b)),
        (Form::Tuple(columns), Form::Array(_)) | (Form::Array(_), Form::Tuple(columns)) => Form::Tuple(columns),
        (Form::Map(a), Form::Map(b)) => Form::Map(Box::new(unify(*a, *b))),
        (Form::Map(a), Form::Object(members)) | (Form::Object(members), Form::Map(a)) => {
            let all = members.into_iter().map(|member| member.schema).fold(*a, unify);
            Form::Map(Box::new(all))
        }
        (Form::Object(a), Form::Object(b)) => Form::Object(objects(a, b)),
        (Form::Ref(a), Form::Ref(b)) if a == b => Form::Ref(a),
        (a, b) => choice(at, a, b),
    };
    Schema { at, form, nullable, values, ..Schema::default() }
}

fn choice(at: Lines, a: Form, b: Form) -> Form {
    let parts = |form: Form| match form {
        Form::Choice { of, .. } => of,
        form => vec![Schema::new(at, form)],
    };
    let mut of: Vec<Schema> = parts(a);
    for other in parts(b) {
        match of.iter().position(|own| kind(own) == kind(&other)) {
            Some(index) => {
                let own = of.remove(index);
                of.insert(index, unify(own, other));
            }
            None => of.push(other),
        }
    }
    match of.len() {
        1 => of.pop().map_or(Form::Any, |schema| schema.form),
        _ => Form::Choice { how: "oneOf", of },
    }
}

/// Returns the JSON kind of a schema, which tells the alternatives of a choice apart.
fn kind(schema: &Schema) -> &'static str {
    match &schema.form {
        Form::Scalar { kind: "integer" | "number", .. } => "number",
        Form::Scalar { kind, .. } => kind,
        Form::Array(_) | Form::Tuple(_) => "array",
        Form::Map(_) | Form::Object(_) => "object",
        Form::Any | Form::Ref(_) | Form::Choice { .. } => "any",
    }
}

fn objects(a: Vec<Member>, b: Vec<Member>) -> Vec<Member> {
    let mut out: Vec<Member> = Vec::new();
    let mut rest = b;
    for mut member in a {
        match rest.iter().position(|other| other.name == member.name) {
            Some(index) => {
                let other = rest.remove(index);
                member.required = Some(member.required == Some(true) && other.required == Some(true));
                member.schema = unify(member.schema, other.schema);
                if member.note.is_empty() {
                    member.note = other.note;
                }
            }
            None => member.required = Some(false),
        }
        out.push(member);
    }
    out.extend(rest.into_iter().map(|member| Member { required: Some(false), ..member }));
    out
}

fn rows(a: Vec<Member>, b: Vec<Member>) -> Vec<Member> {
    let (mut longer, shorter) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    for (column, other) in longer.iter_mut().zip(shorter) {
        let own = std::mem::take(&mut column.schema);
        column.schema = unify(own, other.schema);
    }
    longer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn types(text: &str) -> String {
        let nodes = sample::read(text, 1);
        let schema = nodes.iter().map(|node| infer(node, 0)).reduce(unify).unwrap();
        let of = match &schema.form {
            Form::Array(items) | Form::Map(items) => &items.form,
            form => form,
        };
        let members: &[Member] = match of {
            Form::Object(members) => members,
            _ => &[],
        };
        let members: Vec<String> = members
            .iter()
            .map(|member| format!("{}:{}:{}", member.name, member.schema.type_name(), member.required == Some(true)))
            .collect();
        format!("{} {}", schema.type_name(), members.join(" "))
    }

    #[test]
    fn lists_side_by_side_have_one_kind_of_number() {
        let kinds = |text: &str| {
            let node = sample::read(text, 1).pop().unwrap();
            let Form::Object(members) = infer(&node, 0).form else { panic!("{text}") };
            let mut all = Vec::new();
            for list in &members {
                let Form::Array(items) = &list.schema.form else { continue };
                let (Form::Object(own) | Form::Tuple(own)) = &items.form else { continue };
                all.extend(own.iter().map(|own| own.schema.type_name()));
            }
            all.join(" ")
        };
        assert_eq!(kinds(r#"{"a": [{"p": 1.5, "q": 3}], "b": [{"p": 1, "q": 0.5}]}"#), "number number number number");
        assert_eq!(kinds(r#"{"a": [{"p": 1.5, "q": 3}], "b": [{"p": 1, "n": 0.5}]}"#), "number integer integer number");
        assert_eq!(kinds(r#"{"a": [["x", 1]], "b": [["y", 1.5]]}"#), "string number string number");
    }

    #[test]
    fn samples_show_a_schema() {
        assert_eq!(types(r#"{"a": 1, "b": "x"} {"a": 1.5}"#), "object a:number:true b:string:false");
        assert_eq!(types(r#"{"BTC": {"free": "1"}, "ETH": {"free": "2"}}"#), "object free:string:true");
        assert_eq!(types(r#"{"a": {}} [{"a": 1}]"#), "object or array of object ");
        assert_eq!(
            types(
                r#"[[1, "2", // open time
            3]]"#
            ),
            "array of array "
        );
    }
}
