//! The operations of a venue, read once from its metadata.

use std::collections::HashSet;

use serde_json::Value;
use venuekit::meta::{ExampleOf, OperationMeta, SchemeCarrier, SchemeMeta, VenueMeta};
use venuekit::operation::{NextPage, Parameter, ParameterIn, ResponseContent, Route, RpcCall};
use venuekit_json::Tree;

use super::rpc_request::Params;
use super::styled;
use crate::http::{Request, Response};
use crate::json::{self, Amount as _};
use crate::markets::{Markets, RuleNames};
use crate::profile::{Effect, Field, MarketNames, OrderFilter, Profile, TradeField, ValuesIn, Variant};
use crate::schema::Schemas;
use crate::seed::Rng;
use crate::sign::{decode, pairs};
use crate::state::{Seeds, ids_in, wanted};

/// An operation with its parsed schemas and examples.
#[derive(Debug)]
pub(crate) struct KnownOperation {
    pub(crate) meta: &'static OperationMeta,
    pub(crate) effect: Option<&'static Effect>,
    pub(crate) parameters: Vec<Value>,
    pub(crate) body: Option<Value>,
    pub(crate) response_schema: Option<Value>,
    pub(crate) examples: Vec<ResponseExample>,
    pub(crate) example_values: Vec<(String, Tree)>,
    pub(crate) example_body: Option<Tree>,
    /// The names of the parameters that a signer may add beside those of the operation.
    pub(crate) filled: Vec<&'static str>,
}

#[derive(Debug)]
pub(crate) struct ResponseExample {
    pub(crate) status: u16,
    pub(crate) name: String,
    pub(crate) json: String,
    pub(crate) node: Tree,
}

impl KnownOperation {
    pub(crate) fn new(
        venue: &'static VenueMeta,
        meta: &'static OperationMeta,
        profile: &'static Profile,
        seed: u64,
    ) -> Self {
        let id = meta.operation.id();
        let read = |json: &str| serde_json::from_str::<Value>(json).ok();
        let examples = meta
            .parameters
            .iter()
            .filter_map(|parameter| Some((parameter.name.to_owned(), json::parse(parameter.example?)?)));
        let mut op = Self {
            meta,
            effect: profile.effects.iter().find(|(operation, _)| *operation == id).map(|(_, effect)| effect),
            parameters: meta.parameters.iter().map(|parameter| read(parameter.schema).unwrap_or_default()).collect(),
            body: meta.body.as_ref().map(|body| read(body.schema).unwrap_or_default()),
            response_schema: meta.response_schema.and_then(read),
            examples: Vec::new(),
            example_values: examples.collect(),
            example_body: meta.body.as_ref().and_then(|body| json::parse(body.example?)),
            filled: filled(venue, meta),
        };
        for example in venue.examples {
            if let ExampleOf::Response { operation, status, .. } = example.subject
                && operation == id
            {
                // A range such as `2XX` is sent as its first status.
                let status = if op.is_rpc() { Some(200) } else { status.replace("XX", "00").parse().ok() };
                let node = json::parse(example.json);
                if let (Some(status @ 200..=299), Some(node)) = (status, node) {
                    let name = example.pointer.strip_suffix("/value").unwrap_or(example.pointer);
                    let name = name.rsplit('/').next().unwrap_or_default().to_owned();
                    op.examples.push(ResponseExample { status, name, json: example.json.to_owned(), node });
                }
            }
        }
        if let (true, Some(schema)) = (op.examples.is_empty(), &op.response_schema) {
            let salt = id.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
            let node = Schemas::new(venue.schemas).make(schema, &mut Rng::of(&[seed, salt]));
            op.examples.push(ResponseExample { status: 200, name: String::new(), json: node.to_json(), node });
        }
        op
    }

    pub(crate) fn id(&self) -> &'static str {
        self.meta.operation.id()
    }

    pub(crate) fn is_rpc(&self) -> bool {
        self.rpc_method().is_some()
    }

    pub(crate) fn rpc_method(&self) -> Option<&'static str> {
        self.meta.operation.route().rpc_method()
    }

    /// Returns the envelope of a JSON-RPC call.
    pub(crate) fn rpc_call(&self) -> Option<RpcCall> {
        match self.meta.operation.route() {
            Route::Rpc { call, .. } => Some(call),
            _ => None,
        }
    }

    pub(crate) fn http_method(&self) -> Option<&'static str> {
        self.meta.operation.route().http().map(|(method, _)| method.as_str())
    }

    /// Returns the values of the parameters in a path; `None` if the path is not that of the
    /// operation.
    pub(crate) fn match_path(&self, path: &str) -> Option<Vec<(String, String)>> {
        let (_, template) = self.meta.operation.route().http()?;
        let (mut segments, mut values) = (path.split('/'), Vec::new());
        for part in template.split('/') {
            match_segment(part, segments.next()?, &mut values)?;
        }
        segments.next().is_none().then_some(values)
    }

    /// Counts the differences between a request and this operation: the required values that the
    /// request lacks, and the names that the operation does not know. `given` holds the names in
    /// the query and in the body. Unknown headers are not counted, and neither are missing cookies
    /// and form fields.
    pub(crate) fn misfit(&self, given: &[String], request: &Request, schemas: &Schemas) -> (usize, usize) {
        let parameters = self.meta.operation.parameters();
        let is_missing = |name: &str| !given.iter().any(|given| given == name);
        let required = parameters.iter().filter(|parameter| parameter.is_required());
        let missing = required.filter(|parameter| match parameter.place() {
            ParameterIn::Path | ParameterIn::Form => false,
            ParameterIn::Header => request.head.header(parameter.name()).is_none(),
            ParameterIn::Cookie => false,
            _ => !given.iter().any(|given| self.is_of(schemas, parameter, given)),
        });
        let pairs = pairs(&request.head.query);
        let other_query = self
            .meta
            .operation
            .query()
            .iter()
            .filter(|(name, value)| !pairs.iter().any(|(other, given)| other == name && given == value));
        let in_body = self.body.as_ref().map(|body| schemas.required_members(body)).unwrap_or_default();
        let missing =
            missing.count() + other_query.count() + in_body.into_iter().filter(|name| is_missing(name)).count();
        let knows = |name: &str| {
            self.in_query(schemas, name).is_some()
                || self.meta.operation.query().iter().any(|(fixed, _)| *fixed == name)
                || self.body.as_ref().is_some_and(|body| schemas.has_member(body, name))
        };
        (missing, given.iter().filter(|name| !knows(name)).count())
    }

    /// Returns the index of the parameter to which a name in the query belongs; `None` if there is
    /// none.
    pub(crate) fn in_query(&self, schemas: &Schemas, name: &str) -> Option<usize> {
        let places = [ParameterIn::Query, ParameterIn::QueryJoined];
        self.place(name, &places).or_else(|| {
            let mut parameters = self.meta.operation.parameters().iter();
            parameters.position(|parameter| places.contains(&parameter.place()) && self.is_of(schemas, parameter, name))
        })
    }

    /// Returns whether a name in the query or in a cookie belongs to a parameter.
    pub(crate) fn is_of(&self, schemas: &Schemas, parameter: &Parameter, name: &str) -> bool {
        let mut both = self.meta.operation.parameters().iter().zip(&self.parameters);
        let schema = both.find(|(other, _)| other.name() == parameter.name() && other.place() == parameter.place());
        schema.is_some_and(|(_, schema)| styled::is_named(schemas, parameter, schema, name))
    }

    pub(crate) fn place(&self, name: &str, locations: &[ParameterIn]) -> Option<usize> {
        let parameters = self.meta.operation.parameters();
        parameters.iter().position(|parameter| parameter.name() == name && locations.contains(&parameter.place()))
    }

    pub(crate) fn value<'a>(&self, values: &'a [(String, Tree)], name: &str) -> Option<&'a Tree> {
        values.iter().find(|(other, _)| other == name).map(|(_, node)| node)
    }

    /// Returns the parameters with a natural number as their default, and the number.
    pub(crate) fn default_numbers(&self, schemas: &Schemas) -> Vec<(&'static str, usize)> {
        let both = self.meta.operation.parameters().iter().zip(&self.parameters);
        both.filter_map(|(parameter, schema)| Some((parameter.name(), schemas.default_number(schema)?))).collect()
    }

    /// Returns the minimum number of positions in a JSON-RPC call: up to the last required
    /// parameter.
    pub(crate) fn required(&self) -> usize {
        let parameters = self.meta.operation.parameters();
        parameters.iter().rposition(|parameter| parameter.is_required()).map_or(0, |last| last + 1)
    }

    pub(crate) fn is_variadic(&self) -> bool {
        self.meta.operation.parameters().last().is_some_and(|parameter| parameter.place() == ParameterIn::Rest)
    }

    /// Returns whether the parameters of a JSON-RPC call are sent by name.
    pub(crate) fn is_by_name(&self) -> bool {
        self.meta.operation.parameters().iter().any(|parameter| parameter.place() == ParameterIn::Name)
    }

    /// Returns whether the number or the names of these parameters fit the operation.
    pub(crate) fn takes(&self, params: &Params) -> bool {
        let parameters = self.meta.operation.parameters();
        match params {
            Params::Positions(positions) => {
                let count = positions.len();
                let most = parameters.len() + self.filled.len();
                !self.is_by_name() && count >= self.required() && (count <= most || self.is_variadic())
            }
            Params::Names(members) => {
                let has = |name: &str| members.iter().any(|(given, _)| given == name);
                (self.is_by_name() || parameters.is_empty())
                    && parameters.iter().all(|parameter| !parameter.is_required() || has(parameter.name()))
                    && members.iter().all(|(name, _)| self.knows(name))
            }
        }
    }

    /// Returns whether a JSON-RPC call can have a parameter of this name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let parameters = self.meta.operation.parameters();
        parameters.iter().any(|parameter| parameter.name() == name) || self.filled.contains(&name)
    }

    pub(crate) fn arity(&self) -> String {
        let (least, most) = (self.required(), self.meta.operation.parameters().len());
        match (self.is_variadic(), least == most) {
            (true, _) => format!("{least} or more"),
            (false, true) => least.to_string(),
            (false, false) => format!("{least} to {most}"),
        }
    }

    /// Returns the parameters of a JSON-RPC request with their names.
    pub(crate) fn named(&self, params: &Params) -> Vec<(String, Tree)> {
        let positions = match params {
            Params::Names(members) => return members.clone(),
            Params::Positions(positions) => positions,
        };
        let mut rest = positions.iter();
        let mut named = Vec::new();
        for parameter in self.meta.operation.parameters() {
            let node = match parameter.place() {
                ParameterIn::Rest => {
                    let all: Vec<Tree> = rest.by_ref().cloned().collect();
                    (!all.is_empty()).then_some(Tree::Array(all))
                }
                ParameterIn::Position => rest.next().cloned(),
                _ => None,
            };
            named.extend(node.map(|node| (parameter.name().to_owned(), node)));
        }
        named
    }

    /// Returns the part of an example's list that a request asks for by an offset; `None` if the
    /// list does not come in such pages. The example is the page that its own request asks for.
    pub(crate) fn page(&self, example: &Tree, values: &[(String, Tree)]) -> Option<Tree> {
        let pages = self.meta.operation.pagination().filter(|pages| pages.next() == NextPage::Offset)?;
        let number = |values: &[(String, Tree)], wanted: &str| {
            let (_, value) = values.iter().find(|(name, _)| name == wanted)?;
            value.scalar()?.parse::<usize>().ok()
        };
        let begin = number(&self.example_values, pages.parameter()).unwrap_or(0);
        let skipped = number(values, pages.parameter())?.saturating_sub(begin);
        let limit = number(values, "limit").unwrap_or(usize::MAX);
        let mut page = example.clone();
        let items = page.at_mut(pages.items())?.elements_mut()?;
        *items = std::mem::take(items).into_iter().skip(skipped).take(limit).collect();
        Some(page)
    }

    /// Returns the example of the response to a request with these values; `None` if there is no
    /// example.
    pub(crate) fn example_for(&self, values: &[(String, Tree)], variants: &[Variant]) -> Option<&ResponseExample> {
        let variant = variants.iter().find(|variant| variant.operation == self.id());
        let wanted = variant.map(|variant| {
            let given = self.value(values, variant.parameter).and_then(Tree::scalar);
            let holds = given.is_some_and(|given| variant.value.is_none_or(|value| value == given));
            if holds { variant.then } else { variant.otherwise }
        });
        let named = wanted.and_then(|name| self.examples.iter().find(|example| example.name == name));
        named.or(self.examples.first())
    }

    /// Returns the response of an example, or the same response with the value `changed`. Without
    /// an example, returns a 204.
    pub(crate) fn response(&self, example: Option<&ResponseExample>, changed: Option<&Tree>, rpc_id: &str) -> Response {
        let Some(example) = example else { return Response::new(204, "", "") };
        if self.meta.operation.response() != ResponseContent::Json
            && let Tree::Text(text) = changed.unwrap_or(&example.node)
        {
            return Response::new(example.status, "text/plain", text.clone());
        }
        let json = changed.map_or_else(|| example.json.clone(), Tree::to_json);
        let json = match self.rpc_call() {
            Some(RpcCall::Bare) => format!(r#"{{"error":null,"result":{json},"id":{rpc_id}}}"#),
            Some(_) => format!(r#"{{"jsonrpc":"2.0","result":{json},"id":{rpc_id}}}"#),
            None => json,
        };
        Response::json(example.status, json)
    }
}

/// Returns the names of the parameters that a signer may add to a call: those of its security
/// schemes in the query, and those that signing fills in.
fn filled(venue: &'static VenueMeta, meta: &'static OperationMeta) -> Vec<&'static str> {
    let needed = |scheme: &&SchemeMeta| meta.operation.schemes().iter().any(|names| names.contains(&scheme.name));
    let mut names: Vec<&str> = Vec::new();
    for scheme in venue.security_schemes.iter().filter(needed) {
        let own = if let SchemeCarrier::Query(name) = scheme.carrier { Some(name) } else { None };
        for name in own.into_iter().chain(scheme.fills.iter().copied()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Returns the markets, the ids of orders and the balances in the examples.
pub(crate) fn seeds(
    venue: &'static VenueMeta,
    profile: &'static Profile,
    operations: &[KnownOperation],
    more_markets: &[String],
) -> Seeds {
    let markets = markets(venue, profile, operations, more_markets);
    let last_trade = operations.iter().flat_map(trade_numbers).max().unwrap_or(0);
    let liquidity = profile.liquidity.iter().collect();
    let mut seeds = Seeds { markets, liquidity, ids: HashSet::new(), balances: Vec::new(), last_trade };
    for op in operations {
        let example = op.examples.first().map(|example| &example.node);
        match (op.effect, example) {
            (Some(Effect::Cancel { from: ValuesIn::Body(pointer), id, .. }), _) => {
                let object = op.example_body.as_ref().and_then(|body| body.at(pointer));
                seeds
                    .ids
                    .extend(wanted(object.map(Tree::members).unwrap_or_default(), *id).into_iter().map(|(id, _)| id));
            }
            (Some(Effect::Cancel { from: ValuesIn::Each(pointer), id, .. }), _) => {
                let objects = op.example_body.as_ref().and_then(|body| body.at(pointer)).map(Tree::elements);
                for object in objects.unwrap_or_default() {
                    seeds.ids.extend(wanted(object.members(), *id).into_iter().map(|(id, _)| id));
                }
            }
            (Some(Effect::Cancel { from: ValuesIn::Parameters, id, .. } | Effect::Get { id, .. }), _) => {
                seeds.ids.extend(wanted(&op.example_values, *id).into_iter().map(|(id, _)| id));
            }
            (Some(Effect::List { which: OrderFilter::Open, response, .. }), Some(example)) => {
                seeds.ids.extend(ids_in(example, response));
            }
            (Some(Effect::Balances(balances)), Some(example)) => {
                let rows: Vec<(String, &Tree)> = match example.at(balances.at) {
                    Some(Tree::Array(rows)) => {
                        rows.iter().filter_map(|row| Some((row.get(balances.asset?)?.scalar()?, row))).collect()
                    }
                    Some(Tree::Object(rows)) => rows.iter().map(|(asset, row)| (asset.clone(), row)).collect(),
                    _ => Vec::new(),
                };
                let amount = |row: &Tree, member: Option<&str>| row.get(member?)?.decimal();
                seeds.balances.extend(rows.into_iter().filter_map(|(asset, row)| {
                    let free = amount(row, Some(balances.free))?;
                    Some((asset.to_uppercase(), free, amount(row, balances.reserved).unwrap_or_default()))
                }));
            }
            _ => {}
        }
    }
    seeds
}

/// Returns the numbers of the trades in the examples of an operation that lists trades or fills.
fn trade_numbers(op: &KnownOperation) -> Vec<u64> {
    let (at, members): (_, Vec<&str>) = match op.effect {
        Some(Effect::Trades(rules)) => {
            let numbers = rules.members.iter().filter(|(_, field)| matches!(field, TradeField::Number));
            (rules.at, numbers.map(|(name, _)| *name).collect())
        }
        Some(Effect::Fills { response, .. }) => {
            let numbers = response.members.iter().filter(|(_, field)| matches!(field, Field::FillNumber));
            (response.at, numbers.map(|(name, _)| *name).collect())
        }
        _ => return Vec::new(),
    };
    let rows = op.examples.iter().filter_map(|example| example.node.at(at)).flat_map(Tree::elements);
    let texts = rows.flat_map(|row| members.iter().filter_map(|name| row.get(name)?.scalar()));
    // The numbers that follow fit into 64 bits too.
    texts.filter_map(|text| u64::try_from(text.parse::<i64>().ok()?).ok()).collect()
}

/// Returns the markets of the venue's market data, those that its examples name, and `more`.
fn markets(
    venue: &'static VenueMeta,
    profile: &'static Profile,
    operations: &[KnownOperation],
    more: &[String],
) -> Markets {
    let mut rules = RuleNames::default();
    let schemas = venue.schemas.iter().filter_map(|(_, schema)| serde_json::from_str::<Value>(schema).ok());
    schemas.for_each(|schema| rules.read(&schema));
    let mut markets = Markets::new(&profile.markets);
    let list_of = |op: &KnownOperation| profile.markets.lists.iter().find(|list| list.operation == op.id());
    for op in operations {
        match list_of(op) {
            // A list may have markets of other kinds than those that the operations concern.
            Some(list) => op.examples.iter().for_each(|example| markets.add_list(list, &example.node, &rules)),
            None => add_named(&mut markets, &profile.markets, op),
        }
    }
    more.iter().for_each(|name| markets.add(name));
    markets
}

/// Adds the markets that the examples of an operation name.
fn add_named(markets: &mut Markets, names: &MarketNames, op: &KnownOperation) {
    op.examples.iter().for_each(|example| markets.add_named(names, &example.node));
    op.example_body.iter().for_each(|body| markets.add_named(names, body));
    markets.add_named(names, &Tree::Object(op.example_values.clone()));
}

/// Adds the markets that the document of a venue over a socket names, and their order books, to
/// those of the venue whose state it shows.
pub(crate) fn add_markets_of_socket(seeds: &mut Seeds, meta: &'static VenueMeta, profile: &'static Profile) {
    let subscriptions = meta.subscriptions.iter().map(|subscription| &subscription.operation);
    for operation in meta.operations.iter().chain(subscriptions) {
        add_named(&mut seeds.markets, &profile.markets, &KnownOperation::new(meta, operation, profile, 0));
    }
    let shares = profile.socket.and_then(|socket| socket.shares.as_ref());
    seeds.liquidity.extend(shares.into_iter().flat_map(|shares| shares.liquidity));
}

/// Matches one segment of a path with its template, and adds the values of its parameters. Returns
/// `None` if the segment does not match.
fn match_segment(template: &str, segment: &str, values: &mut Vec<(String, String)>) -> Option<()> {
    let (mut template, mut segment) = (template, segment);
    while let Some((literal, tail)) = template.split_once('{') {
        let (name, after) = tail.split_once('}')?;
        segment = segment.strip_prefix(literal)?;
        let next = after.split('{').next().unwrap_or_default();
        // A value ends where the text between two parameters begins, or at the end.
        let end = if next.is_empty() {
            segment.len()
        } else if next.len() == after.len() {
            segment.strip_suffix(next)?.len()
        } else {
            segment.find(next)?
        };
        let (value, rest) = segment.split_at(end);
        if value.is_empty() {
            return None;
        }
        values.push((name.to_owned(), decode(value)));
        (template, segment) = (after, rest);
    }
    (template == segment).then_some(())
}
