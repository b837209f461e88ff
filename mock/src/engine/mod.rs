//! A simulated venue. It makes the response to a request, without a network.

mod brackets;
mod check;
mod damage;
mod form;
mod operation;
mod route;
mod rpc_request;
mod styled;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use venuekit::Clock;
use venuekit::meta::VenueMeta;
use venuekit::operation::Security;
use venuekit_json::{Tree, quoted};

use crate::clock::{TimeForm, http_date, millis};
use crate::fault::{Fault, Kind};
use crate::fault_set::NOTIFICATIONS;
use crate::http::{Head, Request, Response};
use crate::json::{self, Amount as _};
use crate::limits::{Charge, Counters};
use crate::profile::Profile;
use crate::profile::general::GENERAL;
use crate::profile::socket::SocketProfile;
use crate::record::{Log, Received, Record, Refusal, Verdict};
use crate::refuse::{Context, Rejection};
use crate::schema::Schemas;
use crate::sign::{Caller, Keys, SignedRequest, pairs};
use crate::state::{Book, Call, PlacedOrder, Seeds, Stream};
use crate::venues;
use check::Checker;
use damage::strike;
use operation::{KnownOperation, add_markets_of_socket, seeds};
use route::{RouteMatch, Routes};

/// The header that tells with which key a connection is logged in. A connection adds it to its
/// calls.
pub(crate) const LOGIN: &str = "x-mock-login";

/// The settings of a mock.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The start of the venue's paths: `/NAME` if several venues share a port, otherwise empty.
    pub(crate) prefix: String,
    pub(crate) keys: Keys,
    pub(crate) seed: u64,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) offset: i64,
    pub(crate) live_time: bool,
    pub(crate) limits: bool,
    /// The seed of the counterparty; `None`: there is none.
    pub(crate) counterparty: Option<u64>,
    /// The venue whose orders, balances and markets these are too.
    pub(crate) shares: Option<Arc<Engine>>,
    /// The venues that show the orders, balances and markets of this one on their connections.
    pub(crate) sockets: Vec<&'static VenueMeta>,
    /// Markets that the venue has beside those of its document.
    pub(crate) markets: Vec<String>,
    pub(crate) capacity: usize,
    pub(crate) log: Arc<Log>,
}

/// A simulated venue.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) meta: &'static VenueMeta,
    profile: &'static Profile,
    prefix: String,
    /// The path in front of the operations' paths, without a slash at its end.
    mount: String,
    base_path: String,
    schemas: Schemas,
    operations: Vec<KnownOperation>,
    seeds: Arc<Seeds>,
    keys: Keys,
    limits: bool,
    clock: Arc<dyn Clock>,
    /// The number of milliseconds by which the venue is ahead of the clock.
    offset: AtomicI64,
    /// True if the venue returns the current time, not the time of the example.
    live_time: AtomicBool,
    counters: Counters,
    /// The last nonce of each key.
    nonces: Mutex<HashMap<String, u128>>,
    book: Arc<Mutex<Book>>,
    counterparty: Option<u64>,
    seed: u64,
    /// True if the orders, balances and markets are those of another venue too.
    is_shared: bool,
    /// The examples of an open order and of one that ended, for connections.
    templates: (Tree, Tree),
    pub(crate) record: Record,
    log: Arc<Log>,
}

/// Returns the profile of a venue of `venuekit-venues`; `None` for any other venue, even if it has
/// the same name.
fn own_profile(meta: &'static VenueMeta) -> Option<&'static Profile> {
    let name = meta.venue.name();
    venues::profile_of(name).filter(|_| venuekit_venues::venue(name).is_some_and(|known| std::ptr::eq(known, meta)))
}

impl Engine {
    /// Returns the venue whose state this one shows, if a server has both.
    pub(crate) fn shares_with(meta: &'static VenueMeta) -> Option<&'static str> {
        own_profile(meta)?.socket?.shares.as_ref().map(|shares| shares.venue)
    }

    /// Makes a venue with its own profile, or with the general profile.
    pub(crate) fn new(meta: &'static VenueMeta, setup: Setup) -> Self {
        Self::with_profile(meta, setup, own_profile(meta).unwrap_or(&GENERAL))
    }

    fn with_profile(meta: &'static VenueMeta, setup: Setup, profile: &'static Profile) -> Self {
        let server = meta.venue.servers().first().map(|server| server.url());
        let server_path = server
            .and_then(|url| url.split_once("://"))
            .and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)))
            .unwrap_or_else(|| meta.venue.base_path());
        let base_path = format!("{}{server_path}", setup.prefix);
        let operations: Vec<KnownOperation> =
            meta.operations.iter().map(|operation| KnownOperation::new(meta, operation, profile, setup.seed)).collect();
        let (seeds, book) = match &setup.shares {
            Some(other) => (Arc::clone(&other.seeds), Arc::clone(&other.book)),
            None => {
                let mut seeds = seeds(meta, profile, &operations, &setup.markets);
                for socket in &setup.sockets {
                    own_profile(socket).into_iter().for_each(|own| add_markets_of_socket(&mut seeds, socket, own));
                }
                let book = Book::new(&seeds, setup.counterparty, setup.seed);
                (Arc::new(seeds), Arc::new(Mutex::new(book)))
            }
        };
        if profile.streamed.is_some() {
            book.lock().unwrap_or_else(PoisonError::into_inner).keep_changes();
        }
        let template = |json: &str| json::parse(json).unwrap_or(Tree::Null);
        let templates = profile.streamed.as_ref().map(|orders| orders.templates).unwrap_or_default();
        Self {
            meta,
            profile,
            prefix: setup.prefix,
            mount: base_path.trim_end_matches('/').to_owned(),
            base_path,
            schemas: Schemas::new(meta.schemas),
            operations,
            keys: setup.keys,
            limits: setup.limits,
            clock: setup.clock,
            offset: AtomicI64::new(setup.offset),
            live_time: AtomicBool::new(setup.live_time || setup.offset != 0),
            counters: Counters::default(),
            nonces: Mutex::default(),
            book,
            seeds,
            counterparty: setup.counterparty,
            seed: setup.seed,
            is_shared: setup.shares.is_some(),
            templates: (template(templates.0), template(templates.1)),
            record: Record::new(setup.capacity),
            log: setup.log,
        }
    }

    /// Returns the venue's clock.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Returns whether the venue has its own profile.
    pub(crate) fn has_profile(&self) -> bool {
        own_profile(self.meta).is_some()
    }

    /// Returns the path of the base URL.
    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }

    /// Returns the base URL at an address. That of a socket has a path, if only a slash.
    pub(crate) fn url(&self, address: &std::net::SocketAddr) -> String {
        match self.meta.venue.socket() {
            Some(_) if self.base_path.is_empty() => format!("ws://{address}/"),
            Some(_) => format!("ws://{address}{}", self.base_path),
            None => format!("http://{address}{}", self.base_path),
        }
    }

    /// Returns the behaviour of the venue on a connection.
    pub(crate) fn socket_profile(&self) -> Option<&'static SocketProfile> {
        self.profile.socket
    }

    /// Returns the result of a function of the venue's state, seen from a connection; `None` if
    /// connections show none.
    pub(crate) fn streamed<T>(&self, key: Option<&str>, read: impl FnOnce(&mut Stream<'_>) -> T) -> Option<T> {
        let orders = self.profile.streamed.as_ref()?;
        let (mut book, now) = (self.book(), self.now());
        let (seeds, templates, is_shared) = (&*self.seeds, &self.templates, self.is_shared);
        Some(read(&mut Stream { book: &mut book, seeds, key, now, orders, templates, is_shared }))
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Records a call over a socket that does not reach the operations.
    pub(crate) fn write_down_call(&self, head: &Head, text: &[u8]) {
        let request = Request { head: head.clone(), body: text.to_vec() };
        self.write_down(&request, None, Verdict::Accepted, &Response::json(200, ""), &[]);
    }

    pub(crate) fn set_offset(&self, millis: i64) {
        self.offset.store(millis, Ordering::Relaxed);
        self.live_time.store(true, Ordering::Relaxed);
    }

    /// Returns the time at the venue, in milliseconds since 1970.
    fn now(&self) -> i64 {
        millis(&*self.clock).saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// Forgets orders, balances, nonces and the counts of rate limits.
    pub(crate) fn reset(&self) {
        let mut book = self.book();
        let keeps_changes = book.journal().is_read;
        *book = Book::new(&self.seeds, self.counterparty, self.seed);
        if keeps_changes {
            book.keep_changes();
        }
        drop(book);
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.counters.reset();
    }

    pub(crate) fn orders(&self) -> Vec<PlacedOrder> {
        self.book().orders()
    }

    /// Lets the counterparty trade once in each of its markets.
    pub(crate) fn step(&self) {
        self.book().step(&self.seeds, self.now());
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn routes(&self) -> Routes<'_> {
        Routes { operations: &self.operations, schemas: &self.schemas, mount: &self.mount, base_path: &self.base_path }
    }

    fn checker(&self) -> Checker<'_> {
        Checker { schemas: &self.schemas, profile: self.profile }
    }

    /// Returns whether a path belongs to this venue.
    pub(crate) fn has(&self, path: &str) -> bool {
        path.strip_prefix(&self.prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the id of the operation that a request calls; `None` if there is no such operation.
    pub(crate) fn operation_of(&self, request: &Request) -> Option<&'static str> {
        self.routes().find(request).0.op.map(KnownOperation::id)
    }

    /// Returns whether the venue has an operation with this id, at which a fault can be aimed.
    pub(crate) fn has_operation(&self, id: &str) -> bool {
        let Some(socket) = self.meta.venue.socket() else { return self.meta.operation(id).is_some() };
        let mut subscribes = self.meta.subscriptions.iter().map(|subscription| subscription.operation.operation.id());
        let is_login = socket.logins().any(|login| login.id() == id);
        let is_other = is_login || id == NOTIFICATIONS || subscribes.any(|subscribe| subscribe == id);
        is_other || self.meta.operation(id).is_some()
    }

    /// Returns the response to a request. Faults of the connection, such as a reset, are not
    /// applied here.
    pub(crate) fn respond(&self, request: &Request, faults: &[Fault]) -> Response {
        let skew = faults.iter().find_map(|fault| if let Kind::Skew(skew) = fault.kind { Some(skew) } else { None });
        let now = self.now().saturating_add(skew.unwrap_or(0));
        let live = skew.is_some() || self.live_time.load(Ordering::Relaxed);

        let (route, problem) = self.routes().find(request);
        let is_rpc = self.operations.iter().any(KnownOperation::is_rpc);
        let operation = route.op.map(|op| op.meta);
        let context = Context { venue: self.meta, operation, is_rpc, rpc_id: &route.rpc_id, body: &request.body, now };
        let mut headers = Vec::new();
        let (mut response, verdict) = if faults.iter().any(|fault| fault.before && fault.kind.replaces()) {
            let example =
                |op: &KnownOperation| op.response(op.example_for(&[], self.profile.variants), None, &route.rpc_id);
            (route.op.map_or_else(|| Response::json(200, "{}"), example), Verdict::Faulted)
        } else {
            let done = match (problem, route.op) {
                (None, Some(op)) => self.process(request, op, &route, now, live, &mut headers),
                (problem, _) => Err(problem.unwrap_or_else(|| Rejection::new(Refusal::UnknownPath, "unknown path"))),
            };
            match done {
                Ok(response) => (response, Verdict::Accepted),
                Err(no) => {
                    // The client may request the venue's time next. It must get the current time,
                    // not the time of the example.
                    if no.refusal == Refusal::StaleTime {
                        self.live_time.store(true, Ordering::Relaxed);
                    }
                    let response = self.refusal(&no, &context);
                    (response, Verdict::Refused { refusal: no.refusal, why: no.why, expected: no.expected })
                }
            }
        };
        for (name, value) in headers {
            response.set(&name, value);
        }
        for (name, source) in self.profile.same_headers {
            let value = response.headers.iter().find(|(other, _)| other == source).map(|(_, value)| value.clone());
            if let Some(value) = value {
                response.set(name, value);
            }
        }
        for fault in faults {
            let refuse = |no: &Rejection| self.refusal(no, &context);
            strike(&fault.kind, route.op, &self.schemas, &refuse, &mut response);
        }
        response.set("Date", http_date(now));
        response.set("Server", "venuekit-mock");
        self.write_down(request, route.op, verdict, &response, faults);
        response
    }

    /// Records a request that was not read completely.
    pub(crate) fn reset_early(&self, head: &Head, faults: &[Fault]) {
        let request = Request { head: head.clone(), body: Vec::new() };
        let response = Response::json(0, "");
        self.write_down(&request, None, Verdict::Faulted, &response, faults);
    }

    fn write_down(
        &self,
        request: &Request,
        op: Option<&KnownOperation>,
        verdict: Verdict,
        response: &Response,
        faults: &[Fault],
    ) {
        let silent = |fault: &Fault| matches!(fault.kind, Kind::Hang | Kind::Reset | Kind::ResetEarly | Kind::Close);
        let status = (!faults.iter().any(silent)).then_some(response.status);
        let head = &request.head;
        let operation = op.map(KnownOperation::id);
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let mut line = format!("{} {} {} {}", self.meta.venue.name(), head.method, head.path, operation.unwrap_or("-"));
        line.push_str(&status.map_or_else(|| ": no response".to_owned(), |status| format!(": {status}")));
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

    fn refusal(&self, no: &Rejection, context: &Context<'_>) -> Response {
        let mut response = (self.profile.refuse)(no, context);
        if let Some(seconds) = no.retry_after {
            response.set("Retry-After", seconds.to_string());
        }
        response
    }

    fn process(
        &self,
        request: &Request,
        op: &KnownOperation,
        route: &RouteMatch<'_>,
        now: i64,
        live: bool,
        headers: &mut Vec<(String, String)>,
    ) -> Result<Response, Rejection> {
        let caller = self.admit(request, op, route, now, headers)?;
        let checked = self.checker().check(request, op, route)?;
        if self.counterparty.is_some() {
            self.book().step(&self.seeds, now);
        }
        self.seeds.markets.check_names(&checked.values, checked.body.as_ref())?;
        let example = op.example_for(&checked.values, self.profile.variants);
        let mut changed = None;
        if let (Some(effect), Some(example)) = (op.effect, example) {
            let user = self.profile.users.iter().find_map(|name| op.value(&checked.values, name)?.scalar());
            let call = Call {
                effect,
                key: caller.as_ref().map_or("", |caller| caller.key.as_str()),
                user,
                values: &checked.values,
                example_values: &op.example_values,
                defaults: op.default_numbers(&self.schemas),
                body: checked.body.as_ref(),
                is_example: self.checker().is_example(op, &checked),
                example: &example.node,
                may_be_null: op.examples.iter().any(|example| example.node.is_null()),
                now,
            };
            changed = self.book().act(&call, &self.seeds)?;
        }
        if let (None, Some(example)) = (&changed, example) {
            changed = op.page(&example.node, &checked.values);
        }
        if let Some(profile) = self.profile.socket.filter(|_| !self.shows_example_market(op, &checked.values)) {
            let key = request.head.header(LOGIN);
            let answer = self.streamed(key, |stream| (profile.query)(stream, op.id(), &checked.values));
            changed = answer.transpose()?.flatten().or(changed);
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
        Ok(op.response(example, changed.as_ref(), &route.rpc_id))
    }

    /// Returns whether a public call asks for the market of its example, in which no order was
    /// placed.
    fn shows_example_market(&self, op: &KnownOperation, values: &[(String, Tree)]) -> bool {
        let mut names = self.profile.markets.names.iter();
        let market = names.find_map(|name| {
            let market = op.value(values, name)?.as_text()?;
            (op.value(&op.example_values, name)?.as_text()? == market).then_some(market)
        });
        let is_public = op.meta.operation.security() == Security::Public;
        is_public && market.is_some_and(|market| !self.book().has_moved(market))
    }

    /// Checks key, signature, time, nonce and rate limits. Returns the caller; `None` for a public
    /// operation.
    fn admit(
        &self,
        request: &Request,
        op: &KnownOperation,
        route: &RouteMatch<'_>,
        now: i64,
        headers: &mut Vec<(String, String)>,
    ) -> Result<Option<Caller>, Rejection> {
        let head = &request.head;
        let caller = match op.meta.operation.security() {
            // A login belongs to the connection, which checks it.
            Security::Public | Security::Login => Ok(None),
            _ => {
                let seen = SignedRequest {
                    method: &head.method,
                    path: &head.path,
                    query: &head.query,
                    headers: &head.headers,
                    body: &request.body,
                    venue: self.meta,
                    operation: op.meta,
                    now,
                };
                (self.profile.verify)(&seen, &self.keys).map(Some)
            }
        };
        if self.limits {
            let mut given: Vec<String> = pairs(&head.query).into_iter().map(|(name, _)| name).collect();
            given.extend(op.named(&route.params).into_iter().map(|(name, _)| name));
            let charge = Charge {
                venue: self.meta.venue,
                operation: op.meta.operation,
                given: &given,
                address: &head.peer.to_string(),
                key: caller.as_ref().ok().and_then(Option::as_ref).map(|caller| caller.key.as_str()),
                bans: self.profile.bans,
            };
            let (used, verdict) = self.counters.charge(&charge, self.now());
            headers.extend(used);
            verdict?;
        }
        let caller = caller?;
        if let Some((key, nonce)) = caller.as_ref().and_then(|caller| Some((&caller.key, caller.nonce?))) {
            let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
            match nonces.get_mut(key) {
                Some(last) if nonce <= *last => {
                    let why = format!("the nonce {nonce} is not above the last one, {last}");
                    return Err(Rejection::new(Refusal::NonceNotRising, why));
                }
                Some(last) => *last = nonce,
                None => drop(nonces.insert(key.clone(), nonce)),
            }
        }
        Ok(caller)
    }
}

#[cfg(test)]
mod json_rpc_tests;

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use venuekit::SystemClock;
    use venuekit::meta::SchemeCarrier;
    use venuekit_venues::VENUES;

    use super::*;

    /// Each venue gets the general profile in place of its own, as a new venue does.
    #[test]
    fn a_venue_without_a_profile_is_served_from_its_spec_alone() {
        for meta in VENUES.iter().copied().filter(|meta| !meta.venue.servers().is_empty()) {
            let setup = Setup {
                prefix: String::new(),
                keys: Keys::new(),
                seed: 0,
                clock: Arc::new(SystemClock),
                offset: 0,
                live_time: false,
                limits: true,
                counterparty: None,
                shares: None,
                sockets: Vec::new(),
                markets: Vec::new(),
                capacity: 10,
                log: Arc::new(Log::new(None)),
            };
            let engine = Engine::with_profile(meta, setup, &GENERAL);
            let operation = engine.operations.iter().find(|operation| {
                let needed = operation.meta.operation.parameters().iter().any(|parameter| parameter.is_required());
                let needed = needed || operation.meta.check_constraints(&[], None).is_err();
                operation.http_method() == Some("GET") && !needed
            });
            let operation = operation.unwrap_or_else(|| panic!("{} has no plain GET", meta.spec));
            let Some((_, path)) = operation.meta.operation.route().http() else { continue };
            // Such a venue checks that there are credentials, and not which.
            let credentials = meta.security_schemes.iter().filter_map(|scheme| match scheme.carrier {
                SchemeCarrier::Header(name) => Some((name.to_owned(), "any".to_owned())),
                _ => None,
            });
            let credentials: Vec<(String, String)> = credentials.collect();
            let response = |query: &str| {
                let path = format!("{}{path}", engine.mount);
                let mut head = Head::new(IpAddr::V4(Ipv4Addr::LOCALHOST), "GET", &path, query);
                head.headers.extend(credentials.iter().cloned());
                engine.respond(&Request { head, body: Vec::new() }, &[])
            };
            let expected = operation.response(operation.examples.first(), None, "");
            // The general profile does not know which parameters sign a request, so it accepts any
            // parameter.
            for query in ["", "timestamp=1&signature=2"] {
                assert_eq!((response(query).status, response(query).body), (expected.status, expected.body.clone()));
            }
        }
    }
}
