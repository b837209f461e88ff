//! `src/client.rs` and `src/lib.rs`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::{Api, ConditionTest, Environment, Limit, Operation, TimeUnit};

use super::builders;
use super::docs::{doc_lines, operation_paragraphs, sentence};
use super::format::{Piece, pieces};
use super::operations::required_of;
use super::tokens::{ident, imports};

pub(super) fn client(api: &Api) -> Vec<Piece> {
    let title = &api.venue.title;
    let client_docs = doc_lines(&[
        format!("A client of the {title}."),
        "Cheap to clone; clones share connections. Each operation is a method: give its values by name, then `send` it.".to_owned(),
    ]);
    let methods = api.operations.iter().map(method);
    let items = pieces([
        venue(api),
        quote! {
            #client_docs
            #[derive(Clone, Debug)]
            pub struct Client(venuekit::Client);
        },
        quote! {
            impl Client {
                /// Starts a client: credentials, environment, timeouts ..
                pub fn builder() -> ClientBuilder {
                    ClientBuilder::new()
                }

                /// The URL under which operations are called.
                pub fn base_url(&self) -> &str {
                    self.0.base_url()
                }

                #(#methods)*
            }
        },
        quote! {
            impl From<venuekit::Client> for Client {
                fn from(client: venuekit::Client) -> Self {
                    Self(client)
                }
            }

            impl VenueClient for Client {
                const VENUE: &'static Venue = &VENUE;
            }
        },
        quote! {
            /// Builds a [`Client`].
            pub type ClientBuilder = venuekit::ClientBuilder<Client>;
        },
    ]);
    let uses = imports(
        &items,
        &[
            ("Draft", "venuekit"),
            ("Environment", "venuekit"),
            ("VenueClient", "venuekit"),
            ("Condition", "venuekit::operation"),
            ("Limit", "venuekit::operation"),
            ("Server", "venuekit::operation"),
            ("ServerTime", "venuekit::operation"),
            ("TimeUnit", "venuekit::operation"),
            ("Venue", "venuekit::operation"),
            ("operations", "crate"),
            ("missing", "crate::required"),
        ],
    );
    let mut file = vec![Piece::Tokens(uses)];
    file.extend(items);
    file
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
        quote!(Server::new(Environment::#environment, #url))
    });
    let servers = (!api.servers.is_empty()).then(|| quote!(.with_servers(&[#(#servers),*])));
    let limits = api.limits.iter().map(limit);
    let limits = (!api.limits.is_empty()).then(|| quote!(.with_limits(&[#(#limits),*])));
    let (code, message) = (&api.error_shape.code, &api.error_shape.message);
    let errors =
        (!code.is_empty() || !message.is_empty()).then(|| quote!(.with_errors_at(&[#(#code),*], &[#(#message),*])));
    let conditions = api.error_shape.failed_when.iter().map(|condition| {
        let pointer = &condition.pointer;
        match &condition.test {
            ConditionTest::Equals(json) => quote!(Condition::equals(#pointer, #json)),
            ConditionTest::Present => quote!(Condition::present(#pointer)),
        }
    });
    let failed = (!api.error_shape.failed_when.is_empty()).then(|| quote!(.with_failed_when(&[#(#conditions),*])));
    let codes = &api.unknown_codes;
    let unknown = (!codes.is_empty()).then(|| quote!(.with_unknown_codes(&[#(#codes),*])));
    let time = api.server_time.as_ref().map(|time| {
        let (operation, pointer) = (&time.operation, &time.pointer);
        let unit = ident(match time.unit {
            TimeUnit::Milliseconds => "Milliseconds",
            TimeUnit::Seconds => "Seconds",
            TimeUnit::Iso8601 => "Iso8601",
            TimeUnit::DotnetTicks => "DotnetTicks",
        });
        quote!(.with_server_time(ServerTime::new(#operation, #pointer, TimeUnit::#unit)))
    });
    quote! {
        /// The venue, as its spec describes it.
        pub static VENUE: Venue = Venue::new(#name, #package, #version).with_title(#title)
            #servers #limits #errors #failed #unknown #time;
    }
}

fn limit(limit: &Limit) -> TokenStream {
    let (name, amount, window) =
        (&limit.name, Literal::u64_unsuffixed(limit.limit), Literal::u64_unsuffixed(limit.window));
    let key = limit.per_key.then(|| quote!(.per_key()));
    let weight = limit.counts_weight.then(|| quote!(.counts_weight()));
    let header = limit.header.as_ref().map(|header| quote!(.with_header(#header)));
    quote!(Limit::new(#name, #amount, #window) #key #weight #header)
}

fn method(operation: &Operation) -> TokenStream {
    let (name, ty, descriptor) =
        (ident(&operation.method_name), ident(&operation.type_name), ident(&operation.const_name));
    let mut paragraphs: Vec<String> = [&operation.docs.summary, &operation.docs.description]
        .into_iter()
        .flatten()
        .map(|text| sentence(text))
        .collect();
    paragraphs.extend(operation_paragraphs(operation).into_iter().take(1));
    let docs = doc_lines(&paragraphs);
    let required: Vec<_> = required_of(operation).iter().map(|(name, _)| ident(name)).collect();
    let start = (!required.is_empty()).then(|| quote!(<#(missing::#required),*>));
    let deprecated = operation.docs.deprecated.then(|| quote!(#[deprecated = "the venue calls it deprecated"]));
    quote! {
        #docs
        #deprecated
        pub fn #name(&self) -> operations::#ty #start {
            operations::#ty::of(Draft::new(&self.0, &operations::#descriptor))
        }
    }
}

pub(super) fn lib(api: &Api) -> Vec<Piece> {
    let builders = builders::any(api).then(|| {
        quote!(
            pub mod builders;
        )
    });
    let required = (!api.required_names.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            pub mod required;
        }
    });
    pieces([
        quote!(#![doc = include_str!("../README.md")]),
        quote! {
            #builders
            mod client;
            #[cfg(feature = "meta")]
            pub mod meta;
            pub mod operations;
            #required
            pub mod types;
        },
        quote! {
            pub use client::{Client, ClientBuilder, VENUE};
            pub use venuekit;
            pub use venuekit::{Call, Decimal, Environment, Error, ErrorKind, Outcome, Reply};
        },
    ])
}
