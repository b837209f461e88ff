//! `src/client.rs`: the client. `src/lib.rs`: the overview of the crate, and its re-exports.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::{Api, Environment, Limit, Operation, Per, TimeUnit, TypeKind};

use super::bounds::BoundedTypes;
use super::builders;
use super::credentials;
use super::docs::{doc_lines, operation_summary, own_paragraphs};
use super::error_table::ErrorTable;
use super::format::{Piece, file, pieces};
use super::operations::{code_rules, conditions, required_of};
use super::paths::Paths;
use super::subscriptions::family_path;
use super::tokens::{ident, static_path};
use super::{markdown, operations_table};

pub(super) fn client(api: &Api) -> Vec<Piece> {
    let title = &api.venue.title;
    let client_docs = doc_lines(&[
        format!("A client of the {}.", markdown::inline(title)),
        "It is cheap to clone; clones share connections. Each operation is a method: set its values by name, then `send` it.".to_owned(),
    ]);
    let methods = api.callable().map(|operation| method(api, operation));
    let credentials = match &api.auth {
        Some(auth) => {
            format!("{}::Credentials", auth.library())
        }
        None if credentials::schemes(api).is_empty() => "venuekit::signing::NoCredentials".to_owned(),
        None => "crate::Credentials".to_owned(),
    };
    let clock = api.server_time.as_ref().map(|time| {
        let docs = doc_lines(&[
            format!("Asks the venue for its time (`{}`), and uses it in requests from now on.", time.operation),
            "The operation may need a signature itself. If the call fails with a response, whatever the reason, the `Date` of that response is used. So a success does not show that the key is accepted.".to_owned(),
            "# Errors\nWhen the operation fails, or its response has no time.".to_owned(),
        ]);
        quote! {
            #docs
            pub async fn sync_clock(&self) -> ::std::result::Result<::venuekit::ClockOffset, ::venuekit::Error> {
                self.0.sync_clock().await
            }
        }
    });
    let connections = api.socket.as_ref().map(|_| {
        quote! {
            /// Returns the state of each connection.
            pub fn connections(&self) -> ::std::vec::Vec<::venuekit::ws::ConnectionState> {
                self.0.connections()
            }
        }
    });
    let mut items = pieces([
        venue(api),
        socket(api).unwrap_or_default(),
        quote! {
            #client_docs
            #[derive(Clone, Debug)]
            pub struct Client(venuekit::Client);
        },
        quote! {
            impl Client {
                /// Returns a builder of a client: credentials, environment, timeouts ..
                pub fn builder() -> ClientBuilder {
                    ClientBuilder::new()
                }

                /// Returns the URL under which operations are called.
                pub fn base_url(&self) -> &str {
                    self.0.base_url()
                }

                /// Returns the offset of the venue's clock from the local clock, as far as this
                /// client knows it.
                pub fn clock_offset(&self) -> ::venuekit::ClockOffset {
                    self.0.clock_offset()
                }

                /// Aborts all calls of this client and its clones that are not done yet. Each ends
                /// with an error that states its outcome. Later calls are not affected.
                pub fn abort_calls(&self) {
                    self.0.abort_calls();
                }

                #clock

                /// Returns the used part of each rate limit of the venue, and the time until which
                /// it is closed.
                pub async fn limits(&self) -> ::venuekit::LimitsSnapshot {
                    self.0.limits().await
                }

                /// Reopens a rate limit that the venue closed, for all clients that share it.
                /// Returns whether the venue has a limit of this name. Requests that wait go out at
                /// once; if the venue still refuses them, the limit closes again.
                pub async fn reopen_limit(&self, name: &str) -> bool {
                    self.0.reopen_limit(name).await
                }

                /// Reopens all rate limits that the venue closed: see `reopen_limit`.
                pub async fn reopen_limits(&self) {
                    self.0.reopen_limits().await;
                }

                #connections

                #(#methods)*
            }
        },
        quote! {
            impl ::std::convert::From<venuekit::Client> for Client {
                fn from(client: venuekit::Client) -> Self {
                    Self(client)
                }
            }
        },
    ]);
    items.push(Piece::Text(format!(
        "venuekit::codegen::client_builder! {{\n    \
            /// A builder of a [`Client`].\n    \
            pub struct ClientBuilder for Client, signed by {credentials}, venue VENUE;\n\
        }}\n"
    )));
    file(&Paths::beside(["Client", "ClientBuilder", "SOCKET", "VENUE"]), items)
}

fn venue(api: &Api) -> TokenStream {
    let (name, package, version, title) =
        (&api.venue.name, &api.venue.package, &api.venue.crate_version, &api.venue.title);
    let servers = api.servers.iter().map(|server| {
        let url = &server.url;
        let environment = ident(match server.environment {
            Environment::Production => "Production",
            Environment::Test => "Test",
        });
        let signing = server.signing.as_ref().map(|signing| quote!(.with_signing(#signing)));
        quote!(::venuekit::operation::Server::new(::venuekit::Environment::#environment, #url) #signing)
    });
    let hosts = api.hosts.iter().map(|host| {
        let (url, signing) = (&host.url, &host.signing);
        quote!(::venuekit::operation::Host::new(#url, #signing))
    });
    let hosts = (!api.hosts.is_empty()).then(|| quote!(.with_hosts(&[#(#hosts),*])));
    let base_path = api.base_path.as_ref().map(|path| quote!(.with_base_path(#path)));
    let servers = (!api.servers.is_empty()).then(|| quote!(.with_servers(&[#(#servers),*])));
    let limits = api.limits.iter().map(limit);
    let limits = (!api.limits.is_empty()).then(|| quote!(.with_limits(&[#(#limits),*])));
    let (code, message) = (&api.error_shape.code, &api.error_shape.message);
    let errors =
        (!code.is_empty() || !message.is_empty()).then(|| quote!(.with_errors_at(&[#(#code),*], &[#(#message),*])));
    let failed = conditions(&api.error_shape.failed_when);
    let unknown = code_rules(&api.unknown_codes, "with_unknown_codes");
    let clock = code_rules(&api.clock_codes, "with_clock_codes");
    let refused = code_rules(&api.refused_codes, "with_refused_codes");
    let time = api.server_time.as_ref().and_then(|time| {
        let operation = api.operations.iter().find(|operation| operation.id == time.operation).map(static_path)?;
        let pointer = &time.pointer;
        let unit = ident(match time.unit {
            TimeUnit::Milliseconds => "Milliseconds",
            TimeUnit::Microseconds => "Microseconds",
            TimeUnit::Nanoseconds => "Nanoseconds",
            TimeUnit::Seconds => "Seconds",
            TimeUnit::Iso8601 => "Iso8601",
            TimeUnit::DotnetTicks => "DotnetTicks",
        });
        Some(quote!(.with_server_time(::venuekit::operation::ServerTime::new(&#operation, #pointer, ::venuekit::operation::TimeUnit::#unit))))
    });
    let window = api.recv_window.map(|window| {
        let default = window.default.map(Literal::u64_unsuffixed).map(|millis| quote!(.with_default(#millis)));
        let max = window.max.map(Literal::u64_unsuffixed).map(|millis| quote!(.with_max(#millis)));
        quote!(.with_recv_window(::venuekit::operation::RecvWindow::new() #default #max))
    });
    let socket = api.socket.as_ref().map(|_| quote!(.with_socket(&SOCKET)));
    quote! {
        /// The venue, as its spec describes it.
        pub static VENUE: ::venuekit::operation::Venue = ::venuekit::operation::Venue::new(#name, #package, #version).with_title(#title)
            #servers #hosts #base_path #limits #errors #failed #unknown #clock #refused #time #window #socket;
    }
}

/// Returns the static that describes the socket of the venue; `None` if it has none.
fn socket(api: &Api) -> Option<TokenStream> {
    let socket = api.socket.as_ref()?;
    let path = |id: &Option<String>| id.as_ref().and_then(|id| api.operation(id)).map(static_path);
    let login = path(&socket.login).map(|login| quote!(.with_login(&#login)));
    let others = socket.other_logins.iter().filter_map(|id| api.operation(id)).map(static_path);
    let others: Vec<_> = others.map(|other| quote!(&#other)).collect();
    let others = (!others.is_empty()).then(|| quote!(.with_other_logins(&[#(#others),*])));
    let ping = path(&socket.ping).map(|ping| quote!(.with_ping(&#ping)));
    let interval = socket.ping_interval.map(|seconds| {
        let seconds = Literal::u64_unsuffixed(seconds);
        quote!(.with_ping_interval(#seconds))
    });
    let families = api.operations.iter().filter_map(|operation| operation.subscription.as_deref()).map(family_path);
    let families: Vec<_> = families.map(|family| quote!(&#family)).collect();
    let families = (!families.is_empty()).then(|| quote!(.with_families(&[#(#families),*])));
    Some(quote! {
        /// The socket of the venue: its login, and its subscriptions.
        pub static SOCKET: ::venuekit::operation::Socket = ::venuekit::operation::Socket::new()
            #login #others #ping #interval #families;
    })
}

fn limit(limit: &Limit) -> TokenStream {
    let (name, amount, window) =
        (&limit.name, Literal::u64_unsuffixed(limit.limit), Literal::u64_unsuffixed(limit.window));
    let per = match limit.per {
        Per::Ip => None,
        Per::Key => Some(quote!(.per_key())),
        Per::Connection => Some(quote!(.per_connection())),
    };
    let weight = limit.counts_weight.then(|| quote!(.counts_weight()));
    let header = limit.header.as_ref().map(|header| quote!(.with_header(#header)));
    let closing = limit.longest_closing.map(|seconds| {
        let seconds = Literal::u64_unsuffixed(seconds);
        quote!(.with_longest_closing(#seconds))
    });
    quote!(::venuekit::operation::Limit::new(#name, #amount, #window) #per #weight #header #closing)
}

fn method(api: &Api, operation: &Operation) -> TokenStream {
    let (name, ty, descriptor) =
        (ident(&operation.method_name), ident(&operation.type_name), ident(&operation.const_name));
    let mut paragraphs = own_paragraphs(&operation.docs);
    paragraphs.push(operation_summary(api, operation));
    let docs = doc_lines(&paragraphs);
    let required: Vec<_> = required_of(operation).iter().map(|(name, _)| ident(name)).collect();
    let start = (!required.is_empty()).then(|| quote!(<#(crate::required::missing::#required),*>));
    let deprecated = operation.docs.deprecated.then(|| quote!(#[deprecated = "the venue calls it deprecated"]));
    quote! {
        #docs
        #deprecated
        pub fn #name(&self) -> crate::operations::#ty #start {
            crate::operations::#ty::new(::venuekit::codegen::RequestBuilder::new(&self.0, &crate::operations::#descriptor))
        }
    }
}

pub(super) fn lib(api: &Api) -> Vec<Piece> {
    let bounds = BoundedTypes::new(api).any().then(|| {
        quote!(
            mod bounds;
        )
    });
    let builders = builders::any(api).then(|| {
        quote!(
            pub mod builders;
        )
    });
    let error_codes = (!ErrorTable::new(api).is_empty()).then(|| {
        quote!(
            pub mod error_codes;
        )
    });
    let auth = api.auth.as_ref().map(|auth| {
        let krate = ident(&auth.library());
        quote! {
            /// The signing scheme of the venue and its credentials.
            pub use #krate as auth;
            pub use #krate::Credentials;
        }
    });
    let has_schemes = !credentials::schemes(api).is_empty();
    let credentials = has_schemes.then(|| {
        quote!(
            mod credentials;
        )
    });
    let credentials_type = has_schemes.then(|| {
        quote!(
            pub use credentials::Credentials;
        )
    });
    let allow = is_any_deprecated(api).then(
        || quote!(#![allow(deprecated, reason = "items that the venue deprecates are generated like all others")]),
    );
    let required = (!api.required_names.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            pub mod required;
        }
    });
    let mut overview = operations_table::links(api);
    if error_codes.is_some() {
        overview.push_str("\n## Constants of error codes\n\n[`error_codes`] has a table of all known codes, and a constant for each.\n");
    }
    let overview = overview.lines().map(|line| format!(" {line}")).collect::<Vec<_>>();
    pieces([
        quote! {
            #![doc = include_str!("../README.md")]
            #(#![doc = #overview])*
            #allow
        },
        quote! {
            #bounds
            #builders
            mod client;
            #credentials
            #error_codes
            #[cfg(feature = "meta")]
            pub mod meta;
            pub mod operations;
            #required
            pub mod types;
        },
        quote! {
            pub use client::{Client, ClientBuilder, VENUE};
            #credentials_type
            #auth
            pub use venuekit;
            pub use venuekit::{
                Call, Decimal, ElementError, Environment, Error, ErrorKind, FailedElement, Lenient, Outcome, Response, Retry,
                Throttle, dec, time,
            };
        },
    ])
}

/// Returns whether any item of the crate is deprecated.
fn is_any_deprecated(api: &Api) -> bool {
    let fields = api.types.iter().flat_map(|def| match &def.kind {
        TypeKind::Struct(fields) | TypeKind::Row { columns: fields, .. } => fields.as_slice(),
        _ => &[],
    });
    let operations = api.operations.iter().flat_map(|operation| {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.docs);
        let body = operation.body.iter().map(|body| &body.docs);
        [&operation.docs].into_iter().chain(parameters).chain(body)
    });
    let types = api.types.iter().map(|def| &def.docs).chain(fields.map(|field| &field.docs));
    operations.chain(types).any(|docs| docs.deprecated)
}
