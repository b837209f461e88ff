//! Reads the fields of a form: `application/x-www-form-urlencoded` and `multipart/form-data`.
//!
//! Parts are read by `multer`, which is not the code that writes them.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::Value;
use venuekit::operation::{BodyContent, FormStyle, Operation, Parameter, ParameterIn};
use venuekit_json::Tree;

use super::brackets::insert;
use crate::http::Request;
use crate::json;
use crate::profile::Profile;
use crate::record::Refusal;
use crate::refuse::Rejection;
use crate::schema::Schemas;
use crate::sign::pairs;

/// A field as it arrived.
struct Field {
    name: String,
    /// True if it is a file: it has a file name.
    is_file: bool,
    content: Vec<u8>,
}

/// Reads the values of a form, each with the name of its property. Without a form, it has none.
///
/// # Errors
/// When the body is another content, a field is unknown, or a value does not fit its schema.
pub(super) fn read(
    schemas: &Schemas,
    profile: &Profile,
    request: &Request,
    operation: &Operation,
    properties: &[Value],
) -> Result<Vec<(String, Tree)>, Rejection> {
    let known = operation.parameters().iter().zip(properties);
    let known: Vec<(&Parameter, &Value)> =
        known.filter(|(parameter, _)| parameter.place() == ParameterIn::Form).collect();
    let fields = fields(request, operation.content())?;
    let mut taken = vec![false; fields.len()];
    let mut values = Vec::new();
    for (parameter, schema) in known {
        let name = parameter.name();
        let mut own = Vec::new();
        for (field, taken) in fields.iter().zip(&mut taken) {
            if !*taken && is_of(schemas, parameter, schema, &field.name) {
                *taken = true;
                own.push(field);
            }
        }
        if own.is_empty() {
            if parameter.is_required() {
                return Err(Rejection::new(Refusal::MissingParameter, format!("`{name}` is missing")).about(name));
            }
            continue;
        }
        let value = value(schemas, parameter, schema, &own).and_then(|value| {
            let fits = schemas.check(schema, &value);
            fits.map(|()| value).map_err(|misfit| format!("{} {}", misfit.at, misfit.why))
        });
        match value {
            Ok(value) => values.push((name.to_owned(), value)),
            Err(why) => return Err(Rejection::new(Refusal::BadParameter, format!("`{name}`{why}")).about(name)),
        }
    }
    let unknown = fields.iter().zip(&taken).find(|(field, taken)| !**taken && !profile.is_signing(&field.name));
    if let Some((Field { name, .. }, _)) = unknown {
        let why = format!("the form has no property `{name}`");
        return Err(Rejection::new(Refusal::UnknownParameter, why).about(name));
    }
    Ok(values)
}

/// Returns whether a field belongs to a property.
fn is_of(schemas: &Schemas, parameter: &Parameter, schema: &Value, name: &str) -> bool {
    match parameter.form_style() {
        FormStyle::Members => schemas.has_member(schema, name),
        FormStyle::Brackets => name == parameter.name() || path(parameter, name).is_some(),
        _ => name == parameter.name(),
    }
}

/// Returns the path of `p[a][0]` in the property `p`.
fn path<'n>(parameter: &Parameter, name: &'n str) -> Option<Vec<&'n str>> {
    let inside = name.strip_prefix(parameter.name())?.strip_prefix('[')?.strip_suffix(']')?;
    Some(inside.split("][").collect())
}

/// Returns the value of a property from its fields.
fn value(schemas: &Schemas, parameter: &Parameter, schema: &Value, fields: &[&Field]) -> Result<Tree, String> {
    if let FormStyle::File(_) = parameter.form_style() {
        if fields.iter().any(|field| !field.is_file) {
            return Err(" is not a file: it has no file name".to_owned());
        }
        // The content is checked as text, whatever its bytes are.
        let files = fields.iter().map(|field| Tree::text(String::from_utf8_lossy(&field.content)));
        return one_or_list(schemas.items(schema).is_some(), files.collect());
    }
    let texts: Option<Vec<&str>> = fields.iter().map(|field| std::str::from_utf8(&field.content).ok()).collect();
    let texts = texts.ok_or_else(|| " is not UTF-8".to_owned())?;
    let items = schemas.items(schema);
    match parameter.form_style() {
        FormStyle::Json => one_or_list(false, texts.into_iter().map(parsed).collect::<Result<_, _>>()?),
        FormStyle::Joined(separator) => {
            let [text] = texts.as_slice() else { return Err(" is given more than once".to_owned()) };
            match items {
                Some(items) => Ok(Tree::Array(text.split(separator).map(|text| schemas.read(items, text)).collect())),
                None => Ok(schemas.read(schema, text)),
            }
        }
        FormStyle::Members => {
            let members = fields.iter().zip(texts).map(|(field, text)| {
                let member = schemas.member(schema, &field.name).unwrap_or(&Value::Null);
                Ok((field.name.clone(), element(schemas, member, text)?))
            });
            members.collect::<Result<_, String>>().map(Tree::Object)
        }
        FormStyle::Brackets => {
            let mut tree = Tree::Null;
            for (field, text) in fields.iter().zip(texts) {
                insert(&mut tree, schemas, schema, &path(parameter, &field.name).unwrap_or_default(), text);
            }
            Ok(tree)
        }
        _ => {
            let of_text = items.unwrap_or(schema);
            let values = texts.into_iter().map(|text| element(schemas, of_text, text)).collect::<Result<_, _>>()?;
            one_or_list(items.is_some(), values)
        }
    }
}

fn one_or_list(is_list: bool, mut values: Vec<Tree>) -> Result<Tree, String> {
    match values.pop() {
        Some(value) if !is_list && values.is_empty() => Ok(value),
        Some(_) if !is_list => Err(" is given more than once".to_owned()),
        last => {
            values.extend(last);
            Ok(Tree::Array(values))
        }
    }
}

/// Reads a field: a scalar is its text, and any other value is JSON.
fn element(schemas: &Schemas, schema: &Value, text: &str) -> Result<Tree, String> {
    let is_nested = schemas.is_object(schema) || schemas.items(schema).is_some();
    if is_nested { parsed(text) } else { Ok(schemas.read(schema, text)) }
}

fn parsed(text: &str) -> Result<Tree, String> {
    json::parse(text).ok_or_else(|| " is not valid JSON".to_owned())
}

/// Reads the fields of the body. Without a body there are none.
fn fields(request: &Request, content: BodyContent) -> Result<Vec<Field>, Rejection> {
    if request.body.is_empty() {
        return Ok(Vec::new());
    }
    let bad = |why: String| Rejection::new(Refusal::BadBody, why);
    let media_type = request.head.header("content-type").unwrap_or_default();
    let expected = content.media_type();
    if !is_media_type(media_type, expected) {
        return Err(bad(format!("the body is `{media_type}`, not `{expected}`")));
    }
    if content == BodyContent::Multipart {
        let boundary = multer::parse_boundary(media_type).map_err(|error| bad(error.to_string()))?;
        return ready(parts(&request.body, boundary))
            .unwrap_or_else(|| Err("the form of parts is not complete".to_owned()))
            .map_err(bad);
    }
    let text = std::str::from_utf8(&request.body).map_err(|_| bad("the form is not UTF-8".to_owned()))?;
    let field = |(name, value): (String, String)| Field { name, is_file: false, content: value.into_bytes() };
    Ok(pairs(text).into_iter().map(field).collect())
}

/// Returns whether a media type is this one, whatever its parameters.
pub(super) fn is_media_type(given: &str, expected: &str) -> bool {
    let name = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name(given) == name(expected)
}

async fn parts(body: &[u8], boundary: String) -> Result<Vec<Field>, String> {
    let mut form = multer::Multipart::with_reader(body, boundary);
    let mut fields = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|error| error.to_string())? {
        let name = part.name().ok_or_else(|| "a part has no name".to_owned())?.to_owned();
        let is_file = part.file_name().is_some();
        let content = part.bytes().await.map_err(|error| error.to_string())?.to_vec();
        fields.push(Field { name, is_file, content });
    }
    Ok(fields)
}

/// Returns the result of a future that waits for nothing but memory.
fn ready<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    // Its reader may ask to be polled again although its next bytes are there.
    for _ in 0..1_000_000 {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(result);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use serde_json::json;
    use venuekit::operation::Method;

    use super::*;
    use crate::http::Head;
    use crate::venues;

    const fn field(name: &'static str, style: FormStyle) -> Parameter {
        Parameter::optional(name, ParameterIn::Form).with_form_style(style)
    }

    static FIELDS: &[Parameter] = &[
        Parameter::required("id", ParameterIn::Form),
        field("ids", FormStyle::Plain),
        field("joined", FormStyle::Joined(" ")),
        field("spread", FormStyle::Members),
        field("deep", FormStyle::Brackets),
        field("json", FormStyle::Json),
        field("file", FormStyle::File("text/csv")),
        field("files", FormStyle::File("text/csv")),
    ];
    static FORM: Operation =
        Operation::http("form", Method::Post, "/form").with_parameters(FIELDS).with_content(BodyContent::Form);
    static PARTS: Operation =
        Operation::http("parts", Method::Post, "/parts").with_parameters(FIELDS).with_content(BodyContent::Multipart);

    fn result(operation: &Operation, media_type: &str, body: &str) -> Result<String, String> {
        let numbers = json!({"type": "array", "items": {"type": "integer"}});
        let object = json!({"type": "object", "properties": {"x": {"type": "integer"}, "y": numbers}});
        let file = json!({"type": "string", "format": "binary"});
        let files = json!({"type": "array", "items": file});
        let schemas =
            [json!({"type": "integer"}), numbers.clone(), numbers, object.clone(), object.clone(), object, file, files];
        let mut head = Head::new(IpAddr::V4(Ipv4Addr::LOCALHOST), "POST", "/form", "");
        head.headers.push(("content-type".to_owned(), media_type.to_owned()));
        let request = Request { head, body: body.as_bytes().to_vec() };
        // The general profile does not know which fields a signature has.
        let profile = venuekit_venues::VENUES.iter().find_map(|meta| venues::profile_of(meta.venue.name())).unwrap();
        let values = read(&Schemas::new(&[]), profile, &request, operation, &schemas);
        let values = values.map_err(|rejection| rejection.why)?;
        Ok(values.into_iter().map(|(name, value)| format!("{name}={};", value.to_json())).collect())
    }

    #[test]
    fn each_style_of_a_field_is_read_as_the_value_that_was_written() {
        let form = |body| result(&FORM, "application/x-www-form-urlencoded; charset=utf-8", body);
        assert_eq!(form("id=1&ids=2&ids=3"), Ok("id=1;ids=[2,3];".to_owned()));
        assert_eq!(form("id=1&joined=2+3"), Ok("id=1;joined=[2,3];".to_owned()));
        assert_eq!(form("id=1&x=2&y=%5B3%5D"), Ok(r#"id=1;spread={"x":2,"y":[3]};"#.to_owned()));
        assert_eq!(form("id=1&deep[x]=2&deep[y][0]=3&deep[y][1]=4"), Ok(r#"id=1;deep={"x":2,"y":[3,4]};"#.to_owned()));
        assert_eq!(form(r#"id=1&json={"x":2}"#), Ok(r#"id=1;json={"x":2};"#.to_owned()));
    }

    #[test]
    fn a_form_that_does_not_fit_the_document_is_refused_with_the_reason() {
        let form = |body| result(&FORM, "application/x-www-form-urlencoded", body);
        assert_eq!(form(""), Err("`id` is missing".to_owned()));
        assert_eq!(form("id=x"), Err("`id` is not an integer".to_owned()));
        assert_eq!(form("id=1&id=2"), Err("`id` is given more than once".to_owned()));
        assert_eq!(form("id=1&other=2"), Err("the form has no property `other`".to_owned()));
        assert_eq!(form("id=1&json=x"), Err("`json` is not valid JSON".to_owned()));
        assert_eq!(form("id=1&file=x"), Err("`file` is not a file: it has no file name".to_owned()));
        let wrong = result(&FORM, "application/json", "{}");
        assert_eq!(wrong, Err("the body is `application/json`, not `application/x-www-form-urlencoded`".to_owned()));
    }

    #[test]
    fn parts_are_read_with_their_files() {
        let part =
            |head: &str, content: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n");
        let body = part(r#"name="id""#, "1")
            + &part(r#"name="file"; filename="a.csv""#, "a,b")
            + &part(r#"name="files"; filename="a""#, "")
            + &part(r#"name="files"; filename="b""#, "x")
            + "--b--\r\n";
        let parts = |body: &str| result(&PARTS, "multipart/form-data; boundary=b", body);
        assert_eq!(parts(&body), Ok(r#"id=1;file="a,b";files=["","x"];"#.to_owned()));
        assert!(parts(&body[..body.len() - 10]).is_err(), "it is cut");
        assert!(result(&PARTS, "multipart/form-data", &body).is_err(), "it has no boundary");
    }
}
