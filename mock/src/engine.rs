//! A venue: from a request to its answer, without any network.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use venuekit::Clock;
use venuekit::meta::{ExampleOf, OperationMeta, VenueMeta};
use venuekit::operation::{Location, Route, Security};
use venuekit_json::{Tree, quoted};

use crate::clock::{TimeForm, http_date, millis};
use crate::fault::{Fault, Kind};
use crate::http::{Answer, Head, Request};
use crate::json::{self, Amount as _};
use crate::limits::{Charge, Counters};
use crate::profile::{self, Does, From, Profile, Which};
use crate::record::{Log, Received, Record, Refusal, Verdict};
use crate::refuse::{Context, No};
use crate::schema::Schemas;
use crate::seed::Rng;
use crate::sign::{Caller, Keys, Seen, decode, pairs};
use crate::state::{Book, Call, PlacedOrder, Seeds, ids_in, wanted};
use crate::venues;

/// What a mock is told when it starts.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The path under which the venue stands.
    pub(crate) prefix: String,
    pub(crate) keys: Keys,
    pub(crate) seed: u64,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) offset: i64,
    pub(crate) live_time: bool,
    pub(crate) limits: bool,
    pub(crate) capacity: usize,
    pub(crate) log: Arc<Log>,
}

/// A venue.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) meta: &'static VenueMeta,
    profile: &'static Profile,
    prefix: String,
    /// The path before those of the operations, without a slash at its end.
    mount: String,
    base_path: String,
    schemas: Schemas,
    operations: Vec<Op>,
    seeds: Seeds,
    keys: Keys,
    limits: bool,
    clock: Arc<dyn Clock>,
    /// How far the venue is ahead of the clock, in milliseconds.
    offset: AtomicI64,
    /// Whether the venue's time is told as it is, not as the example has it.
    live_time: AtomicBool,
    counters: Counters,
    /// The last one of each key.
    nonces: Mutex<HashMap<String, u128>>,
    book: Mutex<Book>,
    pub(crate) record: Record,
    log: Arc<Log>,
}

/// An operation, read once.
#[derive(Debug)]
struct Op {
    meta: &'static OperationMeta,
    does: Option<&'static Does>,
    parameters: Vec<Value>,
    body: Option<Value>,
    reply: Option<Value>,
    replies: Vec<ReplyExample>,
    example_values: Vec<(String, Tree)>,
    example_body: Option<Tree>,
}

#[derive(Debug)]
struct ReplyExample {
    status: u16,
    name: String,
    json: String,
    node: Tree,
}

/// What a request turned out to be.
#[derive(Debug, Default)]
struct Found<'a> {
    op: Option<&'a Op>,
    /// The id of a JSON-RPC request, as JSON.
    rpc_id: String,
    /// What is in the path.
    path_values: Vec<(String, String)>,
    /// The positions of a JSON-RPC request.
    positions: Vec<Tree>,
}

/// What a request says, checked.
#[derive(Debug)]
struct Checked {
    values: Vec<(String, Tree)>,
    body: Option<Tree>,
}

impl Engine {
    pub(crate) fn new(meta: &'static VenueMeta, setup: Setup) -> Self {
        let profile = venues::profile_of(meta.venue.name()).unwrap_or(&profile::GENERAL);
        let server = meta.venue.servers().first().map(|server| server.url());
        let server_path = server
            .and_then(|url| url.split_once("://"))
            .and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)))
            .unwrap_or_default();
        let base_path = format!("{}{}", setup.prefix, profile.base.unwrap_or(server_path));
        let operations: Vec<Op> =
            meta.operations.iter().map(|operation| Op::new(meta, operation, profile, setup.seed)).collect();
        let seeds = seeds(&operations);
        Self {
            meta,
            profile,
            prefix: setup.prefix,
            mount: base_path.trim_end_matches('/').to_owned(),
            base_path,
            schemas: Schemas::new(meta.schemas),
            seeds,
            operations,
            keys: setup.keys,
            limits: setup.limits,
            clock: setup.clock,
            offset: AtomicI64::new(setup.offset),
            live_time: AtomicBool::new(setup.live_time || setup.offset != 0),
            counters: Counters::default(),
            nonces: Mutex::default(),
            book: Mutex::default(),
            record: Record::new(setup.capacity),
            log: setup.log,
        }
    }

    /// The clock that the venue goes by.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// The path of the base URL.
    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }

    pub(crate) fn set_offset(&self, millis: i64) {
        self.offset.store(millis, Ordering::Relaxed);
        self.live_time.store(true, Ordering::Relaxed);
    }

    /// Forgets orders, balances, nonces and counts.
    pub(crate) fn reset(&self) {
        *self.book() = Book::default();
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.counters.reset();
    }

    pub(crate) fn orders(&self) -> Vec<PlacedOrder> {
        self.book().orders()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a path is this venue's to answer.
    pub(crate) fn has(&self, path: &str) -> bool {
        path.strip_prefix(&self.prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Answers a request. What a fault does to the bytes of the answer is the connection's.
    pub(crate) fn answer(&self, request: &Request, faults: &[Fault]) -> Answer {
        let skew = faults.iter().find_map(|fault| if let Kind::Skew(skew) = fault.kind { Some(skew) } else { None });
        let offset = self.offset.load(Ordering::Relaxed);
        let now = millis(&*self.clock).saturating_add(offset).saturating_add(skew.unwrap_or(0));
        let live = skew.is_some() || self.live_time.load(Ordering::Relaxed);

        let (found, problem) = self.find(request);
        let context = Context { operation: found.op.map(|op| op.meta), rpc_id: &found.rpc_id, now };
        let mut headers = Vec::new();
        let (mut answer, verdict) = if faults.iter().any(|fault| fault.before && fault.kind.replaces()) {
            let example = |op: &Op| op.answer(op.reply_for(&[], self.profile.variants), None, &found.rpc_id);
            (found.op.map_or_else(|| Answer::json(200, "{}"), example), Verdict::Faulted)
        } else {
            let done = match (problem, found.op) {
                (None, Some(op)) => self.process(request, op, &found, now, live, &mut headers),
                (problem, _) => Err(problem.unwrap_or_else(|| No::new(Refusal::UnknownPath, "there is nothing here"))),
            };
            match done {
                Ok(answer) => (answer, Verdict::Accepted),
                Err(no) => {
                    // Who is told that the time is off may well ask for the right one.
                    if no.refusal == Refusal::StaleTime {
                        self.live_time.store(true, Ordering::Relaxed);
                    }
                    let answer = self.refusal(&no, &context);
                    (answer, Verdict::Refused { refusal: no.refusal, why: no.why, expected: no.expected })
                }
            }
        };
        for (name, value) in headers {
            answer.set(&name, value);
        }
        for (name, source) in self.profile.same_headers {
            let value = answer.headers.iter().find(|(other, _)| other == source).map(|(_, value)| value.clone());
            if let Some(value) = value {
                answer.set(name, value);
            }
        }
        for fault in faults {
            self.strike(&fault.kind, found.op, &context, &mut answer);
        }
        answer.set("Date", http_date(now));
        answer.set("Server", "venuekit-mock");
        self.write_down(request, found.op, verdict, &answer, faults);
        answer
    }

    /// Writes down a request that was not read to its end.
    pub(crate) fn reset_early(&self, head: &Head, faults: &[Fault]) {
        let request = Request { head: head.clone(), body: Vec::new() };
        let answer = Answer::json(0, "");
        self.write_down(&request, None, Verdict::Faulted, &answer, faults);
    }

    fn write_down(&self, request: &Request, op: Option<&Op>, verdict: Verdict, answer: &Answer, faults: &[Fault]) {
        let silent = |fault: &Fault| matches!(fault.kind, Kind::Hang | Kind::Reset | Kind::ResetEarly | Kind::Close);
        let status = (!faults.iter().any(silent)).then_some(answer.status);
        let head = &request.head;
        let operation = op.map(Op::id);
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let mut line = format!("{} {} {} {}", self.meta.venue.name(), head.method, head.path, operation.unwrap_or("-"));
        line.push_str(&status.map_or_else(|| ": no answer".to_owned(), |status| format!(": {status}")));
        if let Verdict::Refused { refusal, why, expected } = &verdict {
            line.push_str(&format!(", refused, {refusal}: {why}"));
            if let Some(expected) = expected {
                line.push_str(&format!("; the string to sign is {}", quoted(expected)));
            }
        }
        if !faults.is_empty() {
            line.push_str(&format!(", faults: {}", faults.join(" ")));
        }
        self.log.write(line);
        self.record.push(Received {
            method: head.method.clone(),
            path: head.path.clone(),
            query: head.query.clone(),
            headers: head.headers.clone(),
            body: request.body.clone(),
            operation,
            verdict,
            status,
            faults,
        });
    }

    fn refusal(&self, no: &No, context: &Context<'_>) -> Answer {
        let mut answer = (self.profile.refuse)(no, context);
        if let Some(seconds) = no.retry_after {
            answer.set("Retry-After", seconds.to_string());
        }
        answer
    }

    /// What a fault makes of an answer, as far as that is a matter of the venue.
    fn strike(&self, kind: &Kind, op: Option<&Op>, context: &Context<'_>, answer: &mut Answer) {
        match kind {
            Kind::Refuse { status, retry_after } => {
                let refusal = if *status == 418 { Refusal::Banned } else { Refusal::TooManyRequests };
                let no = No::new(refusal, "a fault").retry_after(*retry_after);
                *answer = self.refusal(&no, context);
                answer.status = *status;
            }
            Kind::Page(status) => {
                let page = format!(
                    "<!DOCTYPE html>\n<html><head><title>{status}</title></head>\n<body><h1>{status}</h1><p>The venue is not available.</p></body></html>\n"
                );
                *answer = Answer::new(*status, "text/html; charset=utf-8", page);
            }
            Kind::Redirect(location) => {
                *answer = Answer::new(307, "", "");
                answer.set("Location", location);
            }
            Kind::ContentType(content_type) => answer.set("Content-Type", content_type),
            Kind::Garbage => answer.body = b"{\"price\": 12.3.4, <<<this is no JSON".to_vec(),
            Kind::Enum => self.rewrite(op, answer, &mut |schema, node| {
                if schema.get("enum").is_some() {
                    match node {
                        Tree::Text(text) => *text = "MOCK_UNKNOWN".to_owned(),
                        Tree::Number(number) => *number = "987654".to_owned(),
                        _ => {}
                    }
                }
            }),
            Kind::Extra => self.rewrite(op, answer, &mut |schema, node| match node {
                Tree::Object(members) if schema.get("properties").is_some() => {
                    let extra = json::parse(r#"{"nested":[1,"two",null]}"#).unwrap_or(Tree::Null);
                    members.push(("x_mock_extra".to_owned(), extra));
                }
                Tree::Array(columns) if schema.get("x-tuple").is_some() => columns.push(Tree::text("mock-extra")),
                _ => {}
            }),
            _ => {}
        }
    }

    /// Walks through the reply in an answer, if it is one.
    fn rewrite(&self, op: Option<&Op>, answer: &mut Answer, visit: &mut dyn FnMut(&Value, &mut Tree)) {
        let Some(op) = op.filter(|_| (200..300).contains(&answer.status)) else { return };
        let node = std::str::from_utf8(&answer.body).ok().and_then(json::parse);
        let (Some(mut node), Some(schema)) = (node, &op.reply) else { return };
        let reply = if op.is_rpc() { node.at_mut("/result") } else { Some(&mut node) };
        if let Some(reply) = reply {
            self.schemas.visit(schema, reply, visit);
        }
        answer.body = node.to_json().into_bytes();
    }

    /// Finds the operation that a request is a call of, or why it is none.
    fn find(&self, request: &Request) -> (Found<'_>, Option<No>) {
        if self.operations.iter().any(Op::is_rpc) { self.find_rpc(request) } else { self.find_http(request) }
    }

    fn find_http(&self, request: &Request) -> (Found<'_>, Option<No>) {
        let whole = request.head.path.as_str();
        let path = whole.strip_prefix(&self.mount);
        let fitting = self.operations.iter().filter_map(|op| Some((op, op.match_path(path?)?)));
        // `/orders/open` goes before `/orders/{orderId}`.
        let mut fitting: Vec<_> = fitting.collect();
        fitting.sort_by_key(|(_, values)| values.len());
        let right_method = fitting.iter().position(|(op, _)| op.http_method() == Some(request.head.method.as_str()));
        match right_method.map(|index| fitting.swap_remove(index)) {
            Some((op, path_values)) => (Found { op: Some(op), path_values, ..Found::default() }, None),
            None if fitting.is_empty() => {
                let why = format!("there is nothing at {whole}; the paths of the operations follow {}/", self.mount);
                (Found::default(), Some(No::new(Refusal::UnknownPath, why)))
            }
            None => {
                let why = format!("{} is not for {whole}", request.head.method);
                (Found::default(), Some(No::new(Refusal::WrongMethod, why)))
            }
        }
    }

    fn find_rpc(&self, request: &Request) -> (Found<'_>, Option<No>) {
        let mut found = Found::default();
        if request.head.path.trim_end_matches('/') != self.mount {
            let why = format!("there is nothing at {}; calls are POSTed to {}", request.head.path, self.base_path);
            return (found, Some(No::new(Refusal::UnknownPath, why)));
        }
        if request.head.method != "POST" {
            return (found, Some(No::new(Refusal::WrongMethod, "calls are POSTed")));
        }
        let envelope = std::str::from_utf8(&request.body).ok().and_then(json::parse);
        let parts = envelope.as_ref().and_then(|envelope| {
            let (Tree::Text(method), Tree::Array(params)) = (envelope.get("method")?, envelope.get("params")?) else {
                return None;
            };
            let id = envelope.get("id").filter(|id| matches!(id, Tree::Number(_) | Tree::Text(_)))?;
            Some((id.to_json(), method, params))
        });
        let Some((id, method, params)) = parts else {
            return (found, Some(No::new(Refusal::Malformed, "the body is no envelope of a call")));
        };
        found.rpc_id = id;
        found.positions = params.clone();
        let named: Vec<&Op> = self.operations.iter().filter(|op| op.rpc_method() == Some(method)).collect();
        let fitting = named.iter().find(|op| op.takes(params.len()));
        found.op = fitting.or(named.first()).copied();
        let unknown = || No::new(Refusal::UnknownPath, format!("there is no method {method}"));
        let problem = found.op.is_none().then(unknown);
        (found, problem)
    }

    fn process(
        &self,
        request: &Request,
        op: &Op,
        found: &Found<'_>,
        now: i64,
        live: bool,
        headers: &mut Vec<(String, String)>,
    ) -> Result<Answer, No> {
        let caller = self.admit(request, op, found, now, headers)?;
        let checked = self.check(request, op, found)?;
        let example = op.reply_for(&checked.values, self.profile.variants);
        let mut changed = None;
        if let (Some(does), Some(example)) = (op.does, example) {
            let user = self.profile.users.iter().find_map(|name| op.value(&checked.values, name)?.scalar());
            let call = Call {
                does,
                key: caller.as_ref().map_or("", |caller| caller.key.as_str()),
                user,
                values: &checked.values,
                body: checked.body.as_ref(),
                is_example: self.is_example(op, &checked),
                example: &example.node,
                may_be_null: op.replies.iter().any(|reply| reply.node.is_null()),
                now,
            };
            changed = self.book().act(&call, &self.seeds)?;
        }
        if let (true, Some(time), Some(example)) = (live, self.meta.venue.server_time(), example)
            && time.operation().id() == op.id()
        {
            let form = TimeForm::of(time.unit());
            let mut node = changed.unwrap_or_else(|| example.node.clone());
            if let Some(place) = node.at_mut(time.pointer()) {
                *place = Tree::text(form.write(now)).like(place);
            }
            changed = Some(node);
        }
        Ok(op.answer(example, changed.as_ref(), &found.rpc_id))
    }

    /// Key, signature, time, nonce and limits.
    fn admit(
        &self,
        request: &Request,
        op: &Op,
        found: &Found<'_>,
        now: i64,
        headers: &mut Vec<(String, String)>,
    ) -> Result<Option<Caller>, No> {
        let head = &request.head;
        let caller = match op.meta.operation.security() {
            Security::Public => Ok(None),
            _ => {
                let seen = Seen {
                    method: &head.method,
                    path: &head.path,
                    query: &head.query,
                    headers: &head.headers,
                    body: &request.body,
                    operation: op.meta,
                    now,
                };
                (self.profile.verify)(&seen, &self.keys).map(Some)
            }
        };
        if self.limits {
            let mut given: Vec<String> = pairs(&head.query).into_iter().map(|(name, _)| name).collect();
            given.extend(op.named(&found.positions).into_iter().map(|(name, _)| name));
            let charge = Charge {
                venue: self.meta.venue,
                operation: op.meta.operation,
                given: &given,
                address: &head.peer.to_string(),
                key: caller.as_ref().ok().and_then(Option::as_ref).map(|caller| caller.key.as_str()),
                bans: self.profile.bans,
            };
            let (used, verdict) = self.counters.charge(&charge, millis(&*self.clock));
            headers.extend(used);
            verdict?;
        }
        let caller = caller?;
        if let Some((key, nonce)) = caller.as_ref().and_then(|caller| Some((&caller.key, caller.nonce?))) {
            let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
            match nonces.get_mut(key) {
                Some(last) if nonce <= *last => {
                    let why = format!("the nonce is {nonce}, and the last one was {last}");
                    return Err(No::new(Refusal::NonceNotRising, why));
                }
                Some(last) => *last = nonce,
                None => drop(nonces.insert(key.clone(), nonce)),
            }
        }
        Ok(caller)
    }

    /// Holds a request against the spec.
    fn check(&self, request: &Request, op: &Op, found: &Found<'_>) -> Result<Checked, No> {
        if op.is_rpc() {
            return Ok(Checked { values: self.check_positions(op, found)?, body: None });
        }
        let mut texts: Vec<(usize, Vec<String>)> = Vec::new();
        for (name, value) in &found.path_values {
            texts.extend(op.place(name, &[Location::Path]).map(|place| (place, vec![value.clone()])));
        }
        for (name, value) in pairs(&request.head.query) {
            if self.profile.signing.contains(&name.as_str()) {
                continue;
            }
            let Some(place) = op.place(&name, &[Location::Query, Location::QueryJoined]) else {
                let no = No::new(Refusal::UnknownParameter, format!("there is no parameter `{name}`"));
                return Err(no.about(name));
            };
            match texts.iter_mut().find(|(other, _)| *other == place) {
                Some((_, values)) => values.push(value),
                None => texts.push((place, vec![value])),
            }
        }
        let mut values = Vec::new();
        for (place, (parameter, schema)) in op.meta.operation.parameters().iter().zip(&op.parameters).enumerate() {
            let name = parameter.name();
            let mut given = texts.iter().find(|(other, _)| *other == place).map(|(_, values)| values.clone());
            if parameter.location() == Location::Header {
                given = request.head.header(name).map(|value| vec![value.to_owned()]);
            }
            let Some(given) = given else {
                if parameter.is_required() {
                    return Err(No::new(Refusal::MissingParameter, format!("`{name}` is missing")).about(name));
                }
                continue;
            };
            let node = self.read(schema, parameter.location(), given).and_then(|node| {
                let fits = self.schemas.check(schema, &node);
                fits.map(|()| node).map_err(|misfit| format!("{} {}", misfit.at, misfit.why))
            });
            match node {
                Ok(node) => values.push((name.to_owned(), node)),
                Err(why) => return Err(No::new(Refusal::BadParameter, format!("`{name}`{why}")).about(name)),
            }
        }
        Ok(Checked { values, body: self.check_body(request, op)? })
    }

    /// A parameter's texts as the value that they stand for.
    fn read(&self, schema: &Value, location: Location, texts: Vec<String>) -> Result<Tree, String> {
        let Some(items) = self.schemas.items(schema) else {
            return match texts.as_slice() {
                [text] => Ok(self.schemas.read(schema, text)),
                _ => Err(" is there more than once".to_owned()),
            };
        };
        let joined = matches!(location, Location::QueryJoined | Location::Header | Location::Path);
        let texts: Vec<String> = match texts.as_slice() {
            [text] if joined && text.is_empty() => Vec::new(),
            [text] if joined => text.split(',').map(str::to_owned).collect(),
            _ if joined => return Err(" is there more than once".to_owned()),
            _ => texts,
        };
        Ok(Tree::Array(texts.iter().map(|text| self.schemas.read(items, text)).collect()))
    }

    fn check_body(&self, request: &Request, op: &Op) -> Result<Option<Tree>, No> {
        let bad = |why: String| No::new(Refusal::BadBody, why);
        let Some(schema) = &op.body else {
            return if request.body.is_empty() {
                Ok(None)
            } else {
                Err(bad("there is a body, and should be none".to_owned()))
            };
        };
        if request.body.is_empty() {
            let required = op.meta.operation.body() == Some(true);
            return if required { Err(bad("the body is missing".to_owned())) } else { Ok(None) };
        }
        let node = std::str::from_utf8(&request.body).ok().and_then(json::parse);
        let mut node = node.ok_or_else(|| bad("the body is no JSON".to_owned()))?;
        if let Tree::Object(members) = &mut node {
            members.retain(|(name, _)| !self.profile.signing.contains(&name.as_str()));
        }
        match self.schemas.check(schema, &node) {
            Ok(()) => Ok(Some(node)),
            Err(misfit) => Err(bad(format!("the body{} {}", misfit.at, misfit.why)).about(misfit.at)),
        }
    }

    fn check_positions(&self, op: &Op, found: &Found<'_>) -> Result<Vec<(String, Tree)>, No> {
        let count = found.positions.len();
        let parameters = op.meta.operation.parameters();
        if !op.takes(count) {
            let refusal = if count < op.required() { Refusal::MissingParameter } else { Refusal::UnknownParameter };
            let why = format!("there are {count} parameters, and should be {}", op.arity());
            return Err(No::new(refusal, why));
        }
        let values = op.named(&found.positions);
        let mut kept = Vec::new();
        for (name, node) in values {
            let place = parameters.iter().position(|parameter| parameter.name() == name);
            let (parameter, schema) =
                match place.and_then(|place| Some((parameters.get(place)?, op.parameters.get(place)?))) {
                    Some(both) => both,
                    None => continue,
                };
            // One that is left out in the middle.
            if node.is_null() && !parameter.is_required() {
                continue;
            }
            if let Err(misfit) = self.schemas.check(schema, &node) {
                let why = format!("`{name}`{} {}", misfit.at, misfit.why);
                return Err(No::new(Refusal::BadParameter, why).about(name));
            }
            kept.push((name, node));
        }
        Ok(kept)
    }

    /// Whether all that is given is as the examples have it.
    fn is_example(&self, op: &Op, checked: &Checked) -> bool {
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

/// Whether all members of one value are in another.
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

impl Op {
    fn new(venue: &'static VenueMeta, meta: &'static OperationMeta, profile: &'static Profile, seed: u64) -> Self {
        let id = meta.operation.id();
        let read = |json: &str| serde_json::from_str::<Value>(json).ok();
        let examples = meta
            .parameters
            .iter()
            .filter_map(|parameter| Some((parameter.name.to_owned(), json::parse(parameter.example?)?)));
        let mut op = Self {
            meta,
            does: profile.does.iter().find(|(operation, _)| *operation == id).map(|(_, does)| does),
            parameters: meta.parameters.iter().map(|parameter| read(parameter.schema).unwrap_or_default()).collect(),
            body: meta.body.as_ref().map(|body| read(body.schema).unwrap_or_default()),
            reply: meta.reply_schema.and_then(read),
            replies: Vec::new(),
            example_values: examples.collect(),
            example_body: meta.body.as_ref().and_then(|body| json::parse(body.example?)),
        };
        for example in venue.examples {
            if let ExampleOf::Reply { operation, status, .. } = example.of
                && operation == id
            {
                let status = if op.is_rpc() { Some(200) } else { status.parse().ok() };
                let node = json::parse(example.json);
                if let (Some(status @ 200..=299), Some(node)) = (status, node) {
                    let name = example.pointer.strip_suffix("/value").unwrap_or(example.pointer);
                    let name = name.rsplit('/').next().unwrap_or_default().to_owned();
                    op.replies.push(ReplyExample { status, name, json: example.json.to_owned(), node });
                }
            }
        }
        if let (true, Some(schema)) = (op.replies.is_empty(), &op.reply) {
            let salt = id.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
            let node = Schemas::new(venue.schemas).make(schema, &mut Rng::of(&[seed, salt]));
            op.replies.push(ReplyExample { status: 200, name: String::new(), json: node.to_json(), node });
        }
        op
    }

    fn id(&self) -> &'static str {
        self.meta.operation.id()
    }

    fn is_rpc(&self) -> bool {
        self.rpc_method().is_some()
    }

    fn rpc_method(&self) -> Option<&'static str> {
        match self.meta.operation.route() {
            Route::Rpc { method } => Some(method),
            Route::Http { .. } => None,
        }
    }

    fn http_method(&self) -> Option<&'static str> {
        match self.meta.operation.route() {
            Route::Http { method, .. } => Some(method.as_str()),
            Route::Rpc { .. } => None,
        }
    }

    /// What stands in the path in place of the template's parameters.
    fn match_path(&self, path: &str) -> Option<Vec<(String, String)>> {
        let Route::Http { path: template, .. } = self.meta.operation.route() else { return None };
        let (mut segments, mut values) = (path.split('/'), Vec::new());
        for part in template.split('/') {
            let segment = segments.next()?;
            match part.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
                None if part == segment => {}
                None => return None,
                Some((before, (name, after))) => {
                    let value = segment.strip_prefix(before)?.strip_suffix(after)?;
                    if value.is_empty() {
                        return None;
                    }
                    values.push((name.to_owned(), decode(value)));
                }
            }
        }
        segments.next().is_none().then_some(values)
    }

    fn place(&self, name: &str, locations: &[Location]) -> Option<usize> {
        let parameters = self.meta.operation.parameters();
        parameters.iter().position(|parameter| parameter.name() == name && locations.contains(&parameter.location()))
    }

    fn value<'a>(&self, values: &'a [(String, Tree)], name: &str) -> Option<&'a Tree> {
        values.iter().find(|(other, _)| other == name).map(|(_, node)| node)
    }

    /// How many positions there have to be.
    fn required(&self) -> usize {
        let parameters = self.meta.operation.parameters();
        parameters.iter().rposition(|parameter| parameter.is_required()).map_or(0, |last| last + 1)
    }

    fn is_variadic(&self) -> bool {
        self.meta.operation.parameters().last().is_some_and(|parameter| parameter.location() == Location::Rest)
    }

    fn takes(&self, count: usize) -> bool {
        count >= self.required() && (count <= self.meta.operation.parameters().len() || self.is_variadic())
    }

    fn arity(&self) -> String {
        let (least, most) = (self.required(), self.meta.operation.parameters().len());
        match (self.is_variadic(), least == most) {
            (true, _) => format!("{least} or more"),
            (false, true) => least.to_string(),
            (false, false) => format!("{least} to {most}"),
        }
    }

    /// Positions by the names of their parameters.
    fn named(&self, positions: &[Tree]) -> Vec<(String, Tree)> {
        let mut rest = positions.iter();
        let mut named = Vec::new();
        for parameter in self.meta.operation.parameters() {
            let node = match parameter.location() {
                Location::Rest => {
                    let all: Vec<Tree> = rest.by_ref().cloned().collect();
                    (!all.is_empty()).then_some(Tree::Array(all))
                }
                Location::Position => rest.next().cloned(),
                _ => None,
            };
            named.extend(node.map(|node| (parameter.name().to_owned(), node)));
        }
        named
    }

    /// The example that answers a request with these values.
    fn reply_for(&self, values: &[(String, Tree)], variants: &[profile::Variant]) -> Option<&ReplyExample> {
        let variant = variants.iter().find(|variant| variant.operation == self.id());
        let wanted = variant.map(|variant| {
            let given = self.value(values, variant.parameter).and_then(Tree::scalar);
            let holds = given.is_some_and(|given| variant.value.is_none_or(|value| value == given));
            if holds { variant.then } else { variant.otherwise }
        });
        let named = wanted.and_then(|name| self.replies.iter().find(|reply| reply.name == name));
        named.or(self.replies.first())
    }

    /// The answer that an example is, or what was made of it.
    fn answer(&self, example: Option<&ReplyExample>, changed: Option<&Tree>, rpc_id: &str) -> Answer {
        let Some(example) = example else { return Answer::new(204, "", "") };
        let json = changed.map_or_else(|| example.json.clone(), Tree::to_json);
        let json = if self.is_rpc() { format!(r#"{{"error":null,"result":{json},"id":{rpc_id}}}"#) } else { json };
        Answer::json(example.status, json)
    }
}

/// What the examples tell of accounts.
fn seeds(operations: &[Op]) -> Seeds {
    let mut seeds = Seeds::default();
    for op in operations {
        let example = op.replies.first().map(|reply| &reply.node);
        match (op.does, example) {
            (Some(Does::Cancel { from: From::Body(pointer), id, .. }), _) => {
                let object = op.example_body.as_ref().and_then(|body| body.at(pointer));
                seeds
                    .ids
                    .extend(wanted(object.map(Tree::members).unwrap_or_default(), *id).into_iter().map(|(id, _)| id));
            }
            (Some(Does::Cancel { from: From::Each(pointer), id, .. }), _) => {
                let objects = op.example_body.as_ref().and_then(|body| body.at(pointer)).map(Tree::elements);
                for object in objects.unwrap_or_default() {
                    seeds.ids.extend(wanted(object.members(), *id).into_iter().map(|(id, _)| id));
                }
            }
            (Some(Does::Cancel { from: From::Parameters, id, .. } | Does::Get { id, .. }), _) => {
                seeds.ids.extend(wanted(&op.example_values, *id).into_iter().map(|(id, _)| id));
            }
            (Some(Does::List { which: Which::Open, reply, .. }), Some(example)) => {
                seeds.ids.extend(ids_in(example, reply));
            }
            (Some(Does::Balances(balances)), Some(example)) => {
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
