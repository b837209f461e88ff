//! Reads OpenAPI documents. The check reports the refusals of these readers.

use percent_encoding::percent_decode_str;

use super::extensions::{LimitNames, OperationExtensions, ParameterNames};
use super::findings::HERE;
use super::forms::{self, FormField};
use super::located::Located;
use super::media::{self, MediaKind};
use super::object::Object;
use super::parameters::{self, Listed, ParameterIn};
use super::references::ComponentKind;
use super::refusal::Refusal;
use super::shapes::openapi::{EXAMPLE, MEDIA_TYPE, OPENAPI, OPERATION, PARAMETER, PATH_ITEM, REQUEST_BODY, RESPONSE};
use super::styles::{Encoding, described};
use super::view::View;
use crate::diagnostic::{Change, Help};

/// The methods that an operation can have.
pub(crate) const METHODS: [&str; 6] = ["get", "put", "post", "delete", "patch", "head"];

/// Returns the path that a key of `paths` stands for, and the name after `#` that tells the key
/// from other keys of that path. The name is not sent.
#[must_use]
pub fn split_path_key(key: &str) -> (&str, Option<&str>) {
    key.split_once('#').map_or((key, None), |(path, name)| (path, Some(name)))
}

/// Returns a path without its query, and the decoded names and values of the query. Each request
/// has these names and values.
#[must_use]
pub fn split_query(path: &str) -> (&str, Vec<(String, String)>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    (path, pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
}

/// An operation.
pub(crate) struct Operation<'a> {
    pub(crate) at: Located<'a>,
    /// The path on the wire.
    pub(crate) path: &'a str,
    /// The parameters of the query that are the same in each request.
    pub(crate) query: Vec<(String, String)>,
    /// The HTTP method in lower case: `get`.
    pub(crate) method: &'a str,
    /// `operationId`.
    pub(crate) id: &'a str,
    pub(crate) summary: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) deprecated: bool,
    /// The first tag of the operation.
    pub(crate) tag: Option<&'a str>,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Option<Body<'a>>,
    pub(crate) responses: Vec<Response<'a>>,
    pub(crate) extensions: OperationExtensions<'a>,
}

/// Reads the operations, in the order of the document. Each operation has its own result, so that
/// one that is refused does not hide the others.
///
/// # Errors
/// Returns a refusal if the document has no `paths`.
pub(crate) fn operations<'a>(
    view: &View<'a>,
    limits: &LimitNames<'a>,
) -> Result<Vec<Result<Operation<'a>, Refusal<'a>>>, Refusal<'a>> {
    let mut operations = Vec::new();
    let root = Object::new(view.root(), &OPENAPI);
    root.need("paths")?;
    for (key, item) in root.map("paths")? {
        let (path, query) = split_query(split_path_key(key).0);
        let item = Object::new(item, &PATH_ITEM);
        for (method, at) in item.at.members().filter(|(key, _)| METHODS.contains(key)) {
            let operation = Operation::read(view, limits, path, method, at);
            operations.push(operation.map(|operation| Operation { query: query.clone(), ..operation }));
        }
    }
    Ok(operations)
}

impl<'a> Operation<'a> {
    fn read(
        view: &View<'a>,
        limits: &LimitNames<'a>,
        path: &'a str,
        method: &'a str,
        at: Located<'a>,
    ) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at.clone(), &OPERATION);
        let read = |listed: Result<Listed<'a>, Refusal<'a>>| Parameter::read(listed?);
        let parameters: Vec<Parameter<'a>> =
            parameters::listed(view, &at).into_iter().map(read).collect::<Result<_, _>>()?;
        let names = ParameterNames::new(parameters.iter().map(|parameter| parameter.name).collect());
        let body = at.get("requestBody").map(|place| Body::read(view, place)).transpose()?;
        Ok(Self {
            path,
            query: Vec::new(),
            method,
            id: object.need_text("operationId")?,
            summary: object.text("summary")?,
            description: object.text("description")?,
            deprecated: object.flag("deprecated")?,
            tag: object.texts("tags")?.first().copied(),
            parameters,
            body,
            responses: responses(view, &object.need("responses")?, method == "head")?,
            extensions: OperationExtensions::read(&object, limits, &names)?,
            at,
        })
    }
}

/// A parameter.
pub(crate) struct Parameter<'a> {
    pub(crate) at: Located<'a>,
    /// The name of the component, if a `$ref` leads to one.
    pub(crate) component: Option<String>,
    pub(crate) name: &'a str,
    pub(crate) location: ParameterIn,
    pub(crate) required: bool,
    pub(crate) encoding: Encoding,
    /// The object that has the schema and the example: the parameter itself, or its JSON content.
    pub(crate) described: Located<'a>,
    /// The schema, which may be a `$ref`.
    pub(crate) schema: Located<'a>,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
}

impl<'a> Parameter<'a> {
    fn read(listed: Listed<'a>) -> Result<Self, Refusal<'a>> {
        let at = listed.resolved.at;
        let location = ParameterIn::read(&at)?;
        let encoding = Encoding::read(&at, location)?;
        let object = Object::new(at.clone(), &PARAMETER);
        let described = described(&at)?;
        let schema = match described.pointer == at.pointer {
            true => object.need("schema")?,
            false => Object::new(described.clone(), &MEDIA_TYPE).need("schema")?,
        };
        Ok(Self {
            component: listed.resolved.component,
            name: object.need_text("name")?,
            location,
            required: object.flag("required")?,
            encoding,
            described,
            schema,
            rust_name: object.text("x-rust-name")?,
            at,
        })
    }
}

/// A request body.
pub(crate) struct Body<'a> {
    pub(crate) at: Located<'a>,
    /// The name of the component, if a `$ref` leads to one.
    pub(crate) component: Option<String>,
    pub(crate) description: Option<&'a str>,
    pub(crate) required: bool,
    pub(crate) content: Content<'a>,
}

impl<'a> Body<'a> {
    fn read(view: &View<'a>, place: Located<'a>) -> Result<Self, Refusal<'a>> {
        let resolved = view.resolve(place, ComponentKind::RequestBody)?;
        let object = Object::new(resolved.at, &REQUEST_BODY);
        let content = object.need("content")?;
        let read = Content::read(view, &content, true)?;
        Ok(Self {
            component: resolved.component,
            description: object.text("description")?,
            required: object.flag("required")?,
            content: read.ok_or_else(|| no_content(&content))?,
            at: object.at,
        })
    }
}

/// A response.
pub(crate) struct Response<'a> {
    /// The member of the operation's `responses`, which may be a `$ref`.
    pub(crate) place: Located<'a>,
    pub(crate) at: Located<'a>,
    /// The name of the component, if a `$ref` leads to one.
    pub(crate) component: Option<String>,
    /// `200`, `4XX` or `default`.
    pub(crate) key: &'a str,
    pub(crate) status: Status,
    pub(crate) description: &'a str,
    /// The content; `None` if the response has none.
    pub(crate) content: Option<Content<'a>>,
}

/// The kind of statuses that a response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Success,
    Other,
    /// `default`.
    Rest,
}

impl Status {
    /// Reads the key of a response.
    ///
    /// # Errors
    /// Returns a refusal if the key is neither a status, nor a range, nor `default`.
    pub(crate) fn read<'a>(responses: &Located<'a>, response: &Located<'a>, key: &'a str) -> Result<Self, Refusal<'a>> {
        match key.as_bytes() {
            b"default" => Ok(Self::Rest),
            [b'2', b'0'..=b'9', b'0'..=b'9'] | b"2XX" => Ok(Self::Success),
            [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'X', b'X'] => Ok(Self::Other),
            bytes => {
                let help = match bytes {
                    [b'1'..=b'5', b'x' | b'X', b'x' | b'X'] if responses.node.get(&key.to_uppercase()).is_none() => {
                        let range = key.to_uppercase();
                        Help::from(format!("write {range}")).with(HERE, Change::Rename(range))
                    }
                    [b'1'..=b'5', _, _] => "write three digits, or a range such as 4XX".into(),
                    _ => "write a status (200), a range (4XX) or `default`".into(),
                };
                Err(Refusal::new(&*response.pointer, format!("`{key}` is not a status"), help).on_key())
            }
        }
    }
}

/// Reads the responses of an operation. Those to a HEAD have no bodies.
fn responses<'a>(view: &View<'a>, list: &Located<'a>, is_head: bool) -> Result<Vec<Response<'a>>, Refusal<'a>> {
    let mut responses = Vec::new();
    for (key, place) in super::object::members(list)? {
        let status = Status::read(list, &place, key)?;
        let resolved = view.resolve(place.clone(), ComponentKind::Response)?;
        let object = Object::new(resolved.at, &RESPONSE);
        let content = match object.at.get("content") {
            Some(content) if !is_head => Content::read(view, &content, false)?,
            _ => None,
        };
        responses.push(Response {
            place,
            component: resolved.component,
            key,
            status,
            description: object.need_text("description")?,
            content,
            at: object.at,
        });
    }
    if !responses.iter().any(|response| response.status == Status::Success) {
        // If an operation has no other success, its redirects count as successes.
        let mut redirects = responses.iter_mut().filter(|response| response.key.starts_with('3')).peekable();
        if redirects.peek().is_none() {
            return Err(no_success(list));
        }
        redirects.for_each(|response| response.status = Status::Success);
    }
    Ok(responses)
}

/// Returns the refusal of `responses` without a successful response.
pub(crate) fn no_success<'a>(responses: &Located<'a>) -> Refusal<'a> {
    Refusal::new(&*responses.pointer, "no response is that of a success", "describe the response of status 2xx")
}

/// Returns the refusal of the empty content of a request body.
pub(crate) fn no_content<'a>(content: &Located<'a>) -> Refusal<'a> {
    let help = "write application/json: {schema: .., example: ..}";
    Refusal::new(&*content.pointer, "a request body has no content", help)
}

/// Returns refusals of those media types of a body or a response that are not supported, and of
/// those beside the media type that is used.
pub(crate) fn other_media<'a>(content: &Located<'a>, is_request: bool) -> Vec<Refusal<'a>> {
    let used = media::used(content.node, is_request);
    let what = if is_request { "request bodies" } else { "responses" };
    let refuse = |(media, at): (&'a str, Located<'a>)| {
        let help: Help = match (used, MediaKind::new(media, at.node)) {
            (Some((used, _)), _) => format!("leave it out: {used} stands beside it").into(),
            (None, _) if is_request => {
                "write application/json, a form (application/x-www-form-urlencoded, multipart/form-data), text/plain \
                 or application/octet-stream"
                    .into()
            }
            (None, _) => "write application/json, text/plain or application/octet-stream; leave `content` out where \
                          nothing is read"
                .into(),
        };
        Refusal::new(at.pointer, format!("{what} of type `{media}` are not supported"), help).on_key()
    };
    content.members().filter(|(media, _)| used.is_none_or(|(used, _)| used != *media)).map(refuse).collect()
}

/// The content of a body or a response.
pub(crate) struct Content<'a> {
    /// The media type, as in the document.
    pub(crate) media: &'a str,
    pub(crate) kind: MediaKind,
    /// The schema, which may be a `$ref`.
    pub(crate) schema: Located<'a>,
    /// The values of the examples.
    pub(crate) examples: Vec<Located<'a>>,
    /// The fields, if the content is a form.
    pub(crate) fields: Vec<FormField<'a>>,
}

impl<'a> Content<'a> {
    /// Reads the content of the media type that is used; `None` if there is no media type.
    fn read(view: &View<'a>, content: &Located<'a>, is_request: bool) -> Result<Option<Self>, Refusal<'a>> {
        if let Some(refusal) = other_media(content, is_request).into_iter().next() {
            return Err(refusal);
        }
        let Some((media, kind)) = media::used(content.node, is_request) else { return Ok(None) };
        let Some(at) = content.get(media) else { return Ok(None) };
        let object = Object::new(at, &MEDIA_TYPE);
        let mut examples: Vec<Located<'a>> = object.at.get("example").into_iter().collect();
        for (_, place) in object.map("examples")? {
            let example = view.resolve(place, ComponentKind::Example)?.at;
            examples.push(Object::new(example, &EXAMPLE).need("value")?);
        }
        let fields = if kind.is_form() { forms::fields(view, &object.at, kind)? } else { Vec::new() };
        Ok(Some(Self { media, kind, schema: object.need("schema")?, examples, fields }))
    }
}
