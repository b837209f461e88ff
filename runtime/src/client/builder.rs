//! The builder of a client.
//!
//! A macro defines the methods of the builder. Each generated crate defines its own builder with
//! it, so that the crate's documentation shows the methods. [`ClientConfig`] holds the settings.

use crate::client::Client;
use crate::client::config::ClientConfig;
use crate::operation::venue::Venue;

/// Defines a builder: its type, one method per setting, and `build`.
///
/// `for Client, signed by Credentials, venue VENUE` adds `Default`, `new` and `credentials` to the
/// builder of one venue.
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident for $client:ty $(, signed by $credentials:ty, venue $venue:expr)?;
    ) => {
        $(#[$meta])*
        ///
        /// Defaults: production host, 10 s for a whole call, 5 s to connect, three attempts,
        /// responses up to 16 MiB, waiting if a rate limit is used up, 100 requests in flight, no
        /// proxy.
        #[derive(Debug)]
        #[must_use = "a builder does nothing until it is built"]
        $vis struct $name {
            config: $crate::codegen::ClientConfig,
        }

        $(
            impl ::core::default::Default for $name {
                fn default() -> Self {
                    Self::new()
                }
            }

            impl $name {
                /// Creates a builder with the defaults.
                pub fn new() -> Self {
                    Self { config: $crate::codegen::ClientConfig::new(&$venue) }
                }

                /// Sets the credentials with which requests are signed. Without them, only public
                /// operations can be called.
                ///
                /// Clients that share credentials (clones of one value) share their nonces, and the
                /// rate limits that the venue counts per key.
                pub fn credentials(self, credentials: $credentials) -> Self {
                    self.signer(credentials)
                }
            }
        )?

        impl $name {
            /// Sets the URL under which operations are called, for example of a mock, a private
            /// host or a relay. It replaces the spec's server and its path.
            ///
            /// The paths of an HTTP venue are appended to it (`https://api.btse.com/spot` +
            /// `/v2/order`). The calls of a JSON-RPC venue are sent to exactly this URL.
            ///
            /// Some venues need a certain path at the end of the URL, for example because it is
            /// signed ([`Venue::base_path`](venuekit::operation::Venue::base_path)). `build`
            /// returns an error for a URL without this path.
            pub fn base_url(mut self, url: impl ::core::convert::Into<::std::string::String>) -> Self {
                self.config.base_url = ::core::option::Option::Some(url.into());
                self
            }

            /// Selects one of the venue's public hosts in the spec. A base URL overrides it.
            ///
            /// If the spec says that a host accepts one signing scheme only, `build` returns an
            /// error for credentials of another scheme.
            pub fn environment(mut self, environment: $crate::Environment) -> Self {
                self.config.environment = environment;
                self
            }

            /// Sets the timeout of a whole call, including all attempts and waits.
            /// [`Call::timeout`](venuekit::Call::timeout) overrides it for one call.
            pub fn timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.config.settings.timeout = timeout;
                self
            }

            /// Sets the timeout of one attempt, so that time is left for another attempt. By
            /// default, an attempt may take as long as the call.
            ///
            /// After this timeout the outcome of the attempt is unknown, so the request is sent
            /// again only if it is idempotent.
            pub fn attempt_timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.config.settings.attempt_timeout = ::core::option::Option::Some(timeout);
                self
            }

            /// Sets the maximum number of attempts, and the waits between them. They apply to
            /// requests that may be sent again.
            pub fn retry(mut self, retry: $crate::Retry) -> Self {
                self.config.settings.retry = retry;
                self
            }

            /// Sets the behaviour when a rate limit of the venue is used up.
            ///
            /// Limits that the venue counts per key are shared by all clients with the same
            /// credentials (clones of one value). Limits that it counts per address are shared by
            /// all clients of this process that call the same origin from the same
            /// [`egress`](Self::egress).
            pub fn throttle(mut self, throttle: $crate::Throttle) -> Self {
                self.config.settings.throttle = throttle;
                self
            }

            /// Names the address from which the requests of this client go out. Clients with the
            /// same name share the rate limits that the venue counts per address; clients with
            /// different names do not.
            ///
            /// By default, the egress is the machine, or the proxy by its host and port. With a
            /// [`transport`](Self::transport) of your own it is unknown, and a client without a
            /// name shares these limits only with its clones. Name the egress if the default is
            /// wrong: for a second local address, a proxy that uses several addresses, or several
            /// clients over a transport of your own.
            pub fn egress(mut self, name: impl ::core::convert::Into<::std::string::String>) -> Self {
                self.config.egress = ::core::option::Option::Some(name.into());
                self
            }

            /// Shares the limits and the nonces with other processes, through a store such as that
            /// of the crate `venuekit-redis`: see [`state`](venuekit::state).
            ///
            /// All processes need the same settings of limits, and the same timeouts. Limits per
            /// address are shared only with a named [`egress`](Self::egress). `build` returns an
            /// error if the store cannot tell the key of the credentials from other keys
            /// ([`Signer::key_digest`](venuekit::signing::Signer::key_digest)).
            pub fn state(mut self, state: $crate::state::SharedState) -> Self {
                self.config.state = ::core::option::Option::Some(state);
                self
            }

            /// Sets the time within which a request may still arrive at the venue after its attempt
            /// ended without a response. This happens if it timed out, its connection broke, or its
            /// call was dropped. The default is 5 s.
            ///
            /// The request counts against its rate limits for this time and one window.
            pub fn limit_grace(mut self, grace: ::core::time::Duration) -> Self {
                self.config.limit_policy.grace = grace;
                self
            }

            /// Sets how long a 429 or 418 without a readable `Retry-After` closes its rate limits.
            ///
            /// The first such response closes them for `first`. Each further one closes them twice
            /// as long as the one before, up to `longest`, until a request succeeds. The defaults
            /// are 1 s and 5 min.
            pub fn limit_backoff(mut self, first: ::core::time::Duration, longest: ::core::time::Duration) -> Self {
                self.config.limit_policy.first = first;
                self.config.limit_policy.longest = longest;
                self
            }

            /// Sets the longest time for which a 429 closes a rate limit, regardless of its
            /// `Retry-After`.
            ///
            /// By default each limit has its own: the longest time for which the venue closes it,
            /// as its spec states it (`longest-closing`), or else its window. So a 429 that does
            /// not show which limit is used up closes the limits of the operation, but the ones
            /// that other operations need only for their own time, or up to a minute if that is
            /// longer. A time that is set here holds for all limits. While the venue continues to
            /// refuse, this maximum grows as set by [`limit_backoff`](Self::limit_backoff).
            pub fn max_limit_closing(mut self, longest: ::core::time::Duration) -> Self {
                self.config.limit_policy.max_closing = ::core::option::Option::Some(longest);
                self
            }

            /// Sets the longest time for which a 418 closes all rate limits, regardless of its
            /// `Retry-After`. The default is 3 days, because some venues ban for that long.
            pub fn max_ban_closing(mut self, longest: ::core::time::Duration) -> Self {
                self.config.limit_policy.max_ban = longest;
                self
            }

            /// Sets the maximum number of requests in flight, over all clones; further ones wait. 0
            /// means no limit.
            pub fn max_in_flight(mut self, requests: usize) -> Self {
                self.config.max_in_flight = requests;
                self
            }

            /// Sends signed requests of the same key one after the other. The next request is
            /// stamped once the headers of the response have arrived. Use it for venues that refuse
            /// a nonce that arrives after a later nonce.
            ///
            /// It is slower. It applies to all clients that share the credentials and have this
            /// setting.
            pub fn one_signed_request_at_a_time(mut self, yes: bool) -> Self {
                self.config.settings.one_at_a_time = yes;
                self
            }

            /// Allows credentials over plain http to other machines. Anyone in between can read the
            /// key, and replay signed requests.
            pub fn allow_credentials_over_http(mut self, yes: bool) -> Self {
                self.config.settings.allow_credentials_over_http = yes;
                self
            }

            /// Keeps the string that was signed. The response or the error returns it: see
            /// [`Response::explanation`](venuekit::Response::explanation) and
            /// [`Error::explanation`](venuekit::Error::explanation).
            pub fn explain(mut self, yes: bool) -> Self {
                self.config.settings.explain = yes;
                self
            }

            /// Checks the values of a request, before it is sent, against the bounds that the spec
            /// states: minima and maxima, steps, and the lengths of texts and lists. It is off by
            /// default, because a bound may be outdated, and then the venue decides.
            ///
            /// A call with a value outside its bounds ends as
            /// [`NotSent`](venuekit::Outcome::NotSent); the error names such values. Cancels are
            /// never checked, so that no bound can prevent a cancel
            /// ([`Operation::cancels`](venuekit::operation::Operation::cancels)). Patterns are not
            /// checked; they are documentation.
            pub fn check_bounds(mut self, yes: bool) -> Self {
                self.config.settings.check_bounds = yes;
                self
            }

            /// Sets the clock, in place of the machine's.
            pub fn clock(mut self, clock: impl $crate::Clock + 'static) -> Self {
                self.config.clock = ::std::sync::Arc::new(clock);
                self
            }

            /// Corrects the time in requests by the `Date` header of the venue's responses, if the
            /// two differ by more than 1.5 s. A `Date` has whole seconds;
            /// [`sync_clock`](venuekit::Client::sync_clock) asks the venue for a more exact time.
            pub fn clock_from_date(mut self, yes: bool) -> Self {
                self.config.settings.clock_from_date = yes;
                self
            }

            /// Sets the largest accepted difference between a time of the venue and the machine's
            /// clock. The default is a day.
            ///
            /// Requests contain the accepted time, and nonces are made from it. Without this limit,
            /// a single wrong time of a server could raise the nonces of a key so far that later
            /// ones fail. [`sync_clock`](venuekit::Client::sync_clock) returns
            /// [`ErrorKind::Clock`](venuekit::ErrorKind::Clock) for a time that is not accepted.
            pub fn max_clock_offset(mut self, offset: ::core::time::Duration) -> Self {
                self.config.settings.max_clock_offset = offset;
                self
            }

            /// Sets the recv window: how long after the time in a signed request the venue may
            /// accept it. Overrides the setting of the credentials;
            /// [`Call::recv_window`](venuekit::Call::recv_window) overrides it for one call.
            ///
            /// `build` returns an error if requests to the venue have no recv window, or if this
            /// one is too long: see
            /// [`Venue::recv_window`](venuekit::operation::Venue::recv_window).
            pub fn recv_window(mut self, window: ::core::time::Duration) -> Self {
                self.config.settings.recv_window = ::core::option::Option::Some(window);
                self
            }

            /// Sets the maximum number of bytes of a response. A longer response is an error
            /// ([`TooLarge`](venuekit::ErrorKind::TooLarge)) that keeps this many bytes.
            pub fn max_response_bytes(mut self, bytes: usize) -> Self {
                self.config.settings.max_response_bytes = bytes;
                self
            }

            /// Sets the `User-Agent`, in place of the names and versions of the crates.
            pub fn user_agent(mut self, user_agent: impl ::core::convert::Into<::std::string::String>) -> Self {
                self.config.user_agent = ::core::option::Option::Some(user_agent.into());
                self
            }

            /// Sets a transport of your own, such as a scripted one in tests. Settings of the HTTP
            /// transport then have no effect.
            pub fn transport(mut self, transport: impl $crate::transport::Transport + 'static) -> Self {
                self.config.transport = ::core::option::Option::Some(::std::sync::Arc::new(transport));
                self
            }

            /// Sets a signer of your own, such as one that calls a hardware module, in place of the
            /// venue's credentials.
            pub fn signer(mut self, signer: impl $crate::signing::Signer + 'static) -> Self {
                self.config.signer = ::core::option::Option::Some(::std::sync::Arc::new(signer));
                self
            }

            /// Applies settings that are shared by the clients of several venues.
            ///
            /// `settings` is a function over [`venuekit::ClientBuilder`](venuekit::ClientBuilder).
            pub fn apply(
                self,
                settings: impl ::core::ops::FnOnce($crate::ClientBuilder) -> $crate::ClientBuilder,
            ) -> Self {
                Self { config: settings($crate::ClientBuilder::from_config(self.config)).into_config() }
            }

            $crate::__client_builder_http! {}
            $crate::__client_builder_gzip! {}
            $crate::__client_builder_socket! {}

            /// Builds the client.
            ///
            /// # Errors
            ///
            /// When a setting is not valid: for example, the base URL is not a URL or lacks a path
            /// that the venue needs, the environment has no host, the credentials have a scheme
            /// that the host does not accept, the user agent cannot be a header, or reqwest refuses
            /// a setting. Also when there is no transport, which happens only without the feature
            /// `reqwest`.
            pub fn build(self) -> ::core::result::Result<$client, $crate::Error> {
                self.config.build().map(::core::convert::From::from)
            }
        }
    };
}

// The features of this crate decide whether the methods exist, not the features of the crate that
// defines the builder.

/// Defines the methods of a builder that belong to the HTTP transport.
#[cfg(feature = "reqwest")]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder_http {
    () => {
        /// Sets the longest time without data once the response has begun. It holds for responses
        /// that are read whole, and for streams.
        pub fn read_timeout(mut self, timeout: ::core::time::Duration) -> Self {
            self.config.settings.idle_timeout = ::core::option::Option::Some(timeout);
            self.config.http_settings.read_timeout = ::core::option::Option::Some(timeout);
            self
        }

        /// Sets the timeout of connecting, TLS included.
        pub fn connect_timeout(mut self, timeout: ::core::time::Duration) -> Self {
            self.config.http_settings.connect_timeout = timeout;
            self
        }

        /// Sets a proxy for https. Plain http never goes through a proxy.
        pub fn proxy(mut self, url: impl ::core::convert::Into<::std::string::String>) -> Self {
            self.config.http_settings.proxy = ::core::option::Option::Some(url.into());
            self
        }

        /// Starts from your reqwest builder (own roots, DNS, local address ..). The redirects,
        /// referers, retries, log of bytes, proxies and content codings of your builder are turned
        /// off. The timeouts, the proxy and the gzip setting of this builder replace those of your
        /// builder.
        pub fn http(mut self, builder: $crate::reqwest::ClientBuilder) -> Self {
            self.config.http = ::core::option::Option::Some(builder);
            self
        }
    };
}

/// Defines no methods, because there is no HTTP transport.
#[cfg(not(feature = "reqwest"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder_http {
    () => {};
}

/// Defines the method of a builder that requests gzip.
#[cfg(feature = "gzip")]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder_gzip {
    () => {
        /// Requests responses in gzip, for large market data. They are decoded before they are
        /// read, and [`max_response_bytes`](Self::max_response_bytes) counts the decoded bytes. A
        /// transport of your own has to decode them itself.
        pub fn gzip(mut self, yes: bool) -> Self {
            self.config.settings.gzip = yes;
            self.config.http_settings.gzip = yes;
            self
        }
    };
}

/// Defines no method, because gzip cannot be decoded.
#[cfg(not(feature = "gzip"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder_gzip {
    () => {};
}

/// Defines the methods of a builder that belong to the connections of a WebSocket.
#[cfg(feature = "ws")]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder_socket {
    () => {
        /// Sets the maximum number of connections, for a venue that is called over a WebSocket. The
        /// default is 8.
        ///
        /// Calls have one connection. More are opened for subscriptions that cannot share one:
        /// without another connection, such a subscription is an error. It never replaces an
        /// earlier one.
        pub fn max_connections(mut self, connections: usize) -> Self {
            self.config.socket.max_connections = connections;
            self
        }

        /// Changes the settings of connections, for a venue that is called over a WebSocket: pings,
        /// silence, reconnects, TLS. The user agent and the maximum length of messages are those of
        /// the client.
        pub fn socket(mut self, change: impl ::core::ops::FnOnce(&mut $crate::ws::SocketSettings)) -> Self {
            change(&mut self.config.socket);
            self
        }
    };
}

/// Defines no methods, because there are no connections of a WebSocket.
#[cfg(not(feature = "ws"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder_socket {
    () => {};
}

__client_builder! {
    /// A builder of a [`Client`] for a venue that is described by a [`Venue`].
    ///
    /// Each generated crate has its own builder with the same methods. A function over this builder
    /// serves all of them:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use venuekit::{ClientBuilder, Retry};
    /// fn patient(builder: ClientBuilder) -> ClientBuilder {
    ///     builder.timeout(Duration::from_secs(60)).retry(Retry::default().attempts(5))
    /// }
    /// // let client = venuekit_btse_spot::Client::builder().apply(patient).build()?;
    /// ```
    pub struct ClientBuilder for Client;
}

impl ClientBuilder {
    /// Creates a builder with the defaults.
    pub fn for_venue(venue: &'static Venue) -> Self {
        Self { config: ClientConfig::new(venue) }
    }

    #[doc(hidden)]
    pub fn from_config(config: ClientConfig) -> Self {
        Self { config }
    }

    #[doc(hidden)]
    pub fn into_config(self) -> ClientConfig {
        self.config
    }
}
