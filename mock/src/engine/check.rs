//! Checks the values of a request against the spec.

use venuekit::operation::{BodyContent, ParameterIn};
use venuekit_json::Tree;

use super::form::{self, is_media_type};
use super::operation::KnownOperation;
use super::route::RouteMatch;
use super::rpc_request::Params;
use super::styled;
use crate::http::Request;
use crate::json::{self, Amount as _};
use crate::profile::Profile;
use crate::record::Refusal;
use crate::refuse::Rejection;
use crate::schema::Schemas;
use crate::sign::pairs;

/// The values of a request that passed the checks.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) values: Vec<(String, Tree)>,
    pub(crate) body: Option<Tree>,
}

/// The rules of a venue for its requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checker<'a> {
    pub(crate) schemas: &'a Schemas,
    pub(crate) profile: &'static Profile,
}

impl Checker<'_> {
    /// Checks a request against the spec.
    pub(crate) fn check(
        &self,
        request: &Request,
        op: &KnownOperation,
        route: &RouteMatch<'_>,
    ) -> Result<Checked, Rejection> {
        let checked = if op.is_rpc() {
            Checked { values: self.check_params(op, route)?, body: None }
        } else {
            self.check_http(request, op, route)?
        };
        check_constraints(request, op, &checked)?;
        Ok(checked)
    }

    fn check_http(&self, request: &Request, op: &KnownOperation, route: &RouteMatch<'_>) -> Result<Checked, Rejection> {
        let mut texts: Vec<(usize, Vec<(String, String)>)> = Vec::new();
        let mut add = |place: usize, pair: (String, String)| match texts.iter_mut().find(|(other, _)| *other == place) {
            Some((_, pairs)) => pairs.push(pair),
            None => texts.push((place, vec![pair])),
        };
        for (name, value) in &route.path_values {
            if let Some(place) = op.place(name, &[ParameterIn::Path]) {
                add(place, (name.clone(), value.clone()));
            }
        }
        let is_fixed = |name: &str, value: &str| op.meta.operation.query().contains(&(name, value));
        for (name, value) in pairs(&request.head.query).into_iter().filter(|(name, value)| !is_fixed(name, value)) {
            let Some(place) = op.in_query(self.schemas, &name) else {
                if self.profile.is_signing(&name) {
                    continue;
                }
                let no = Rejection::new(Refusal::UnknownParameter, format!("the operation has no parameter `{name}`"));
                return Err(no.about(name));
            };
            add(place, (name, value));
        }
        let cookies: Vec<(String, String)> =
            request.head.header("cookie").into_iter().flat_map(|cookies| pairs(&cookies.replace("; ", "&"))).collect();
        let mut values = Vec::new();
        for (place, (parameter, schema)) in op.meta.operation.parameters().iter().zip(&op.parameters).enumerate() {
            let name = parameter.name();
            let mut given = texts.iter().find(|(other, _)| *other == place).map(|(_, values)| values.clone());
            if parameter.place() == ParameterIn::Header {
                given = request.head.header(name).map(|value| vec![(name.to_owned(), value.to_owned())]);
            } else if parameter.place() == ParameterIn::Cookie {
                let own = cookies.iter().filter(|(name, _)| op.is_of(self.schemas, parameter, name));
                given = Some(own.cloned().collect()).filter(|own: &Vec<_>| !own.is_empty());
            }
            let Some(given) = given else {
                // Forms are read below.
                if parameter.is_required() && parameter.place() != ParameterIn::Form {
                    return Err(Rejection::new(Refusal::MissingParameter, format!("`{name}` is missing")).about(name));
                }
                continue;
            };
            let node = styled::read(self.schemas, parameter, schema, &given).and_then(|node| {
                let fits = self.schemas.check(schema, &node);
                fits.map(|()| node).map_err(|misfit| format!("{} {}", misfit.at, misfit.why))
            });
            match node {
                Ok(node) => values.push((name.to_owned(), node)),
                Err(why) => return Err(Rejection::new(Refusal::BadParameter, format!("`{name}`{why}")).about(name)),
            }
        }
        if matches!(op.meta.operation.content(), BodyContent::Form | BodyContent::Multipart) {
            let form = form::read(self.schemas, self.profile, request, op.meta.operation, &op.parameters)?;
            values.extend(form);
        }
        Ok(Checked { values, body: self.check_body(request, op)? })
    }

    fn check_body(&self, request: &Request, op: &KnownOperation) -> Result<Option<Tree>, Rejection> {
        let bad = |why: String| Rejection::new(Refusal::BadBody, why);
        let Some(schema) = &op.body else {
            let is_form = op.meta.operation.parameters().iter().any(|field| field.place() == ParameterIn::Form);
            return if is_form || request.body.is_empty() {
                Ok(None)
            } else {
                Err(bad("the operation takes no body, but the request has one".to_owned()))
            };
        };
        if request.body.is_empty() {
            let required = op.meta.operation.body() == Some(true);
            return if required { Err(bad("the body is missing".to_owned())) } else { Ok(None) };
        }
        let content = op.meta.operation.content();
        if !content.is_json() {
            let (given, expected) = (request.head.header("content-type").unwrap_or_default(), content.media_type());
            if !is_media_type(given, expected) {
                return Err(bad(format!("the body is `{given}`, not `{expected}`")));
            }
            if matches!(content, BodyContent::Text(_)) && std::str::from_utf8(&request.body).is_err() {
                return Err(bad("the body is not UTF-8".to_owned()));
            }
            return Ok(None);
        }
        let node = std::str::from_utf8(&request.body).ok().and_then(json::parse);
        let mut node = node.ok_or_else(|| bad("the body is not valid JSON".to_owned()))?;
        if let Tree::Object(members) = &mut node {
            members.retain(|(name, _)| self.schemas.has_member(schema, name) || !self.profile.is_signing(name));
        }
        match self.schemas.check(schema, &node) {
            Ok(()) => Ok(Some(node)),
            Err(misfit) => Err(bad(format!("the body{} {}", misfit.at, misfit.why)).about(misfit.at)),
        }
    }

    fn check_params(&self, op: &KnownOperation, route: &RouteMatch<'_>) -> Result<Vec<(String, Tree)>, Rejection> {
        let parameters = op.meta.operation.parameters();
        if !op.takes(&route.params) {
            return Err(misfit(op, &route.params));
        }
        let values = op.named(&route.params);
        let mut kept = Vec::new();
        for (name, node) in values {
            let place = parameters.iter().position(|parameter| parameter.name() == name);
            let (parameter, schema) =
                match place.and_then(|place| Some((parameters.get(place)?, op.parameters.get(place)?))) {
                    Some(both) => both,
                    None => continue,
                };
            // By position, null stands for an optional parameter that was left out.
            if node.is_null() && !parameter.is_required() && !op.is_by_name() {
                continue;
            }
            if let Err(misfit) = self.schemas.check(schema, &node) {
                let why = format!("`{name}`{} {}", misfit.at, misfit.why);
                return Err(Rejection::new(Refusal::BadParameter, why).about(name));
            }
            kept.push((name, node));
        }
        Ok(kept)
    }

    /// Returns whether all values that a request gives are the values of the examples.
    pub(crate) fn is_example(&self, op: &KnownOperation, checked: &Checked) -> bool {
        let values = checked
            .values
            .iter()
            .all(|(name, node)| op.example_values.iter().any(|(other, example)| other == name && node.means(example)));
        let body = match (&checked.body, &op.example_body) {
            (Some(body), Some(example)) => is_part(body, example),
            (body, _) => body.is_none(),
        };
        values && body
    }
}

/// Returns the reason why an operation does not take the parameters of a JSON-RPC request.
fn misfit(op: &KnownOperation, params: &Params) -> Rejection {
    let parameters = op.meta.operation.parameters();
    match params {
        Params::Positions(_) if op.is_by_name() => {
            Rejection::new(Refusal::MissingParameter, "expected parameters by name, found positions")
        }
        Params::Positions(positions) => {
            let count = positions.len();
            let refusal = if count < op.required() { Refusal::MissingParameter } else { Refusal::UnknownParameter };
            Rejection::new(refusal, format!("expected {} parameters, found {count}", op.arity()))
        }
        Params::Names(_) if !op.is_by_name() => {
            Rejection::new(Refusal::UnknownParameter, "expected parameters by position, found names")
        }
        Params::Names(members) => {
            let has = |name: &str| members.iter().any(|(given, _)| given == name);
            let missing = parameters.iter().find(|parameter| parameter.is_required() && !has(parameter.name()));
            let unknown = members.iter().find(|(name, _)| !op.knows(name));
            match (missing, unknown) {
                (Some(missing), _) => {
                    let name = missing.name();
                    Rejection::new(Refusal::MissingParameter, format!("`{name}` is missing")).about(name)
                }
                (None, unknown) => {
                    let name = unknown.map_or("?", |(name, _)| name.as_str());
                    let why = format!("the operation has no parameter `{name}`");
                    Rejection::new(Refusal::UnknownParameter, why).about(name)
                }
            }
        }
    }
}

/// Checks the constraints between the values, as a client does.
fn check_constraints(request: &Request, op: &KnownOperation, checked: &Checked) -> Result<(), Rejection> {
    let texts: Vec<String> = checked.values.iter().map(|(_, node)| node.to_json()).collect();
    let names = checked.values.iter().map(|(name, _)| name.as_str());
    let parameters: Vec<(&str, &str)> = names.zip(texts.iter().map(String::as_str)).collect();
    let body = (!op.is_rpc()).then_some(request.body.as_slice());
    let broken = op.meta.check_constraints(&parameters, body);
    broken.map_err(|why| Rejection::new(Refusal::BrokenConstraint, why))
}

/// Returns whether `of` has all properties of `node` that are not null, with the same values.
fn is_part(node: &Tree, of: &Tree) -> bool {
    match (node, of) {
        (Tree::Object(members), Tree::Object(_)) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .all(|(name, member)| of.get(name).is_some_and(|of| is_part(member, of))),
        (Tree::Array(one), Tree::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_part(one, other))
        }
        (node, of) => node.means(of),
    }
}
