//! Credentials of the security schemes of OpenAPI: API keys, HTTP basic, and bearer tokens.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use venuekit::operation::Security;
use venuekit::signing::{KeyLimits, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use zeroize::Zeroizing;

use crate::error::CredentialError;
use crate::key::{KeyId, sha256};
use crate::secret::Secret;

/// A security scheme of a spec: its name, and the part of a request that carries its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    name: &'static str,
    carrier: Carrier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carrier {
    Header(&'static str),
    Query(&'static str),
    Cookie(&'static str),
    /// The header `Authorization`.
    Authorization,
}

impl Scheme {
    /// Creates the scheme `name` of an API key in the header `header`.
    pub const fn header(name: &'static str, header: &'static str) -> Self {
        Self { name, carrier: Carrier::Header(header) }
    }

    /// Creates the scheme `name` of an API key in the query parameter `parameter`.
    pub const fn query(name: &'static str, parameter: &'static str) -> Self {
        Self { name, carrier: Carrier::Query(parameter) }
    }

    /// Creates the scheme `name` of an API key in the cookie `cookie`.
    pub const fn cookie(name: &'static str, cookie: &'static str) -> Self {
        Self { name, carrier: Carrier::Cookie(cookie) }
    }

    /// Creates the scheme `name` of credentials in the header `Authorization`.
    pub const fn authorization(name: &'static str) -> Self {
        Self { name, carrier: Carrier::Authorization }
    }
}

/// Credentials for some of the security schemes of a spec. Clones share the rate limits of the key.
///
/// An operation lists one or more alternatives. Each alternative is a set of schemes that are
/// needed together. Each request gets the credentials of the first alternative for which all
/// credentials are given. If the last alternative is empty, credentials are optional. A generated
/// crate wraps this type: its `Credentials` have a setter for each scheme.
///
/// `Debug` shows the names of the schemes only. The credentials are kept out of errors and logs.
///
/// ```
/// use venuekit_auth::{CredentialError, Scheme, SchemeCredentials};
///
/// # fn credentials() -> Result<SchemeCredentials, CredentialError> {
/// SchemeCredentials::new().with_key(Scheme::header("key", "X-API-KEY"), "my key")
/// # }
/// # credentials().unwrap();
/// ```
#[derive(Clone, Default)]
pub struct SchemeCredentials {
    given: Vec<(Scheme, Credential)>,
    limits: KeyLimits,
}

/// The credential of a scheme.
#[derive(Clone)]
enum Credential {
    Key(KeyId),
    Basic { user_and_password: Arc<Zeroizing<String>>, password: Arc<Zeroizing<String>> },
    Token(KeyId),
    TokenSource(TokenSource),
}

type TokenSource = Arc<dyn Fn() -> BoxFuture<'static, Result<String, BoxError>> + Send + Sync>;

impl SchemeCredentials {
    /// Creates an empty set of credentials.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an API key.
    ///
    /// # Errors
    /// When the key is empty, begins or ends with white space, or is not printable ASCII.
    pub fn with_key(self, scheme: Scheme, key: impl Into<String>) -> Result<Self, CredentialError> {
        Ok(self.with(scheme, Credential::Key(KeyId::new(key)?)))
    }

    /// Adds a user and a password (HTTP basic).
    ///
    /// # Errors
    /// When the user is empty, or has a colon or a control character. When the password is empty,
    /// begins or ends with white space, or has control characters.
    pub fn with_basic(self, scheme: Scheme, user: &str, password: impl Into<Secret>) -> Result<Self, CredentialError> {
        let password = password.into();
        let password = password.line()?;
        if user.is_empty() || user.contains(':') || user.contains(char::is_control) {
            return Err(CredentialError::UserNotValid);
        }
        let user_and_password = Arc::new(Zeroizing::new(format!("{user}:{password}")));
        let password = Arc::new(Zeroizing::new(password.to_owned()));
        Ok(self.with(scheme, Credential::Basic { user_and_password, password }))
    }

    /// Adds a bearer token that stays the same.
    ///
    /// # Errors
    /// As [`with_key`](Self::with_key).
    pub fn with_token(self, scheme: Scheme, token: impl Into<String>) -> Result<Self, CredentialError> {
        Ok(self.with(scheme, Credential::Token(KeyId::new(token)?)))
    }

    /// Adds a function that returns a bearer token. It is called before each attempt to send a
    /// request, and has to return a token that is valid at that time. It should keep a token until
    /// the token expires.
    ///
    /// A request that the venue refuses with 401 is not sent again, as any refused request. The
    /// next call asks the function again.
    #[must_use]
    pub fn with_token_from<F, R>(self, scheme: Scheme, source: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<String, BoxError>> + Send + 'static,
    {
        self.with(scheme, Credential::TokenSource(Arc::new(move || -> BoxFuture<'static, _> { Box::pin(source()) })))
    }

    fn with(mut self, scheme: Scheme, credential: Credential) -> Self {
        self.given.retain(|(other, _)| other.name != scheme.name);
        self.given.push((scheme, credential));
        self
    }

    fn credential(&self, name: &str) -> Option<&(Scheme, Credential)> {
        self.given.iter().find(|(scheme, _)| scheme.name == name)
    }

    /// Returns the hash of all credentials but passwords; `None` if there is none, such as with a
    /// token that a function returns.
    fn digest(&self) -> Option<KeyDigest> {
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for (scheme, credential) in &self.given {
            match credential {
                Credential::Key(key) | Credential::Token(key) => parts.push((scheme.name, key.expose())),
                Credential::Basic { user_and_password, .. } => {
                    let user = user_and_password.split_once(':').map_or("", |(user, _)| user);
                    parts.push((scheme.name, user));
                }
                Credential::TokenSource(_) => {}
            }
        }
        // The order in which they were given does not matter.
        parts.sort_unstable();
        let parts: Vec<&[u8]> = parts.iter().flat_map(|(name, key)| [name.as_bytes(), key.as_bytes()]).collect();
        (!parts.is_empty()).then(|| sha256(&parts))
    }

    /// Returns the credentials of the first alternative for which all are given, or all credentials
    /// if the operation names no alternatives.
    fn chosen(&self, alternatives: &[&[&str]]) -> Result<Vec<&(Scheme, Credential)>, BoxError> {
        if alternatives.is_empty() {
            return Ok(self.given.iter().collect());
        }
        let of = |names: &&[&str]| names.iter().map(|name| self.credential(name)).collect::<Option<Vec<_>>>();
        alternatives.iter().find_map(of).ok_or_else(|| missing(alternatives).into())
    }
}

/// Returns the message for an operation of which no alternative is given completely.
fn missing(alternatives: &[&[&str]]) -> String {
    let names = |all: &&[&str]| all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let ways: Vec<String> = alternatives.iter().map(names).collect();
    format!("this operation needs credentials for {}, and they are not given", ways.join(", or for "))
}

impl Scheme {
    /// Adds a credential to the part of the request that this scheme names.
    async fn add(self, credential: &Credential, request: &mut SignableRequest) -> Result<(), BoxError> {
        match credential {
            Credential::Key(key) => {
                key.conceal_in(request);
                self.put(request, key.expose())
            }
            Credential::Basic { user_and_password, password } => {
                request.conceal(password.as_str());
                let encoded = Zeroizing::new(STANDARD.encode(user_and_password.as_bytes()));
                request.conceal(encoded.as_str());
                self.put(request, &Zeroizing::new(format!("Basic {}", *encoded)))
            }
            Credential::Token(token) => self.put_token(request, token),
            Credential::TokenSource(source) => {
                let token = KeyId::new(source().await?)?;
                self.put_token(request, &token)
            }
        }
    }

    fn put_token(self, request: &mut SignableRequest, token: &KeyId) -> Result<(), BoxError> {
        token.conceal_in(request);
        self.put(request, &Zeroizing::new(format!("Bearer {}", token.expose())))
    }

    fn put(self, request: &mut SignableRequest, value: &str) -> Result<(), BoxError> {
        match self.carrier {
            Carrier::Header(name) => request.set_header(name, value),
            Carrier::Authorization => request.set_header("authorization", value),
            Carrier::Cookie(name) => request.append_cookie(name, value),
            Carrier::Query(name) => {
                request.append_query(name, value);
                Ok(())
            }
        }
    }
}

impl Signer for SchemeCredentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            for (scheme, credential) in self.chosen(request.schemes())? {
                scheme.add(credential, request).await?;
            }
            Ok(())
        })
    }

    fn covers_body(&self, _: Security) -> bool {
        false
    }

    fn uses_nonces(&self) -> bool {
        false
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        self.digest()
    }

    fn limits(&self) -> Option<&KeyLimits> {
        Some(&self.limits)
    }
}

impl fmt::Debug for SchemeCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.given.iter().map(|(scheme, _)| scheme.name).collect();
        f.debug_tuple("SchemeCredentials").field(&names).finish()
    }
}

/// Defines the credentials of a generated crate: a type with a setter for each security scheme.
///
/// ```
/// venuekit_auth::scheme_credentials! {
///     /// Credentials of a venue.
///     pub struct Credentials;
///     /// Sets the API key.
///     key api_key: header("key", "X-API-KEY");
///     /// Sets user and password.
///     basic login: authorization("login");
///     /// Sets the token.
///     token oauth, oauth_from: authorization("oauth");
/// }
///
/// # fn main() -> Result<(), venuekit_auth::CredentialError> {
/// let credentials = Credentials::new().api_key("my key")?.oauth("my token")?;
/// # drop(credentials);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! scheme_credentials {
    ($(#[$docs:meta])* pub struct $name:ident; $($rest:tt)*) => {
        $(#[$docs])*
        #[derive(Clone, Debug, Default)]
        pub struct $name($crate::SchemeCredentials);

        impl $name {
            /// Creates an empty set of credentials.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }
        }

        $crate::scheme_credentials!(@setters $name; $($rest)*);

        impl $crate::venuekit::signing::Signer for $name {
            fn sign<'a>(
                &'a self,
                request: &'a mut $crate::venuekit::signing::SignableRequest,
                stamp: $crate::venuekit::signing::Stamp,
            ) -> $crate::venuekit::BoxFuture<'a, ::std::result::Result<(), $crate::venuekit::BoxError>> {
                $crate::venuekit::signing::Signer::sign(&self.0, request, stamp)
            }

            fn covers_body(&self, security: $crate::venuekit::operation::Security) -> bool {
                $crate::venuekit::signing::Signer::covers_body(&self.0, security)
            }

            fn uses_nonces(&self) -> bool {
                $crate::venuekit::signing::Signer::uses_nonces(&self.0)
            }

            fn key_digest(&self) -> ::std::option::Option<$crate::venuekit::state::KeyDigest> {
                $crate::venuekit::signing::Signer::key_digest(&self.0)
            }

            fn limits(&self) -> ::std::option::Option<&$crate::venuekit::signing::KeyLimits> {
                $crate::venuekit::signing::Signer::limits(&self.0)
            }
        }
    };
    (@setters $name:ident;) => {};
    (@setters $name:ident; $(#[$docs:meta])* key $setter:ident: $carrier:ident($($text:literal),*); $($rest:tt)*) => {
        impl $name {
            $(#[$docs])*
            ///
            /// # Errors
            /// When the key is empty, begins or ends with white space, or is not printable ASCII.
            pub fn $setter(
                self,
                key: impl ::std::convert::Into<::std::string::String>,
            ) -> ::std::result::Result<Self, $crate::CredentialError> {
                ::std::result::Result::Ok(Self(self.0.with_key($crate::Scheme::$carrier($($text),*), key)?))
            }
        }
        $crate::scheme_credentials!(@setters $name; $($rest)*);
    };
    (@setters $name:ident; $(#[$docs:meta])* basic $setter:ident: $carrier:ident($($text:literal),*); $($rest:tt)*) => {
        impl $name {
            $(#[$docs])*
            ///
            /// # Errors
            /// When the user is empty, or has a colon or a control character. When the password is
            /// empty, begins or ends with white space, or has control characters.
            pub fn $setter(
                self,
                user: &str,
                password: impl ::std::convert::Into<$crate::Secret>,
            ) -> ::std::result::Result<Self, $crate::CredentialError> {
                ::std::result::Result::Ok(Self(self.0.with_basic($crate::Scheme::$carrier($($text),*), user, password)?))
            }
        }
        $crate::scheme_credentials!(@setters $name; $($rest)*);
    };
    (@setters $name:ident; $(#[$docs:meta])* token $setter:ident, $from:ident: $carrier:ident($($text:literal),*); $($rest:tt)*) => {
        impl $name {
            $(#[$docs])*
            ///
            /// # Errors
            /// When the token is empty, begins or ends with white space, or is not printable ASCII.
            pub fn $setter(
                self,
                token: impl ::std::convert::Into<::std::string::String>,
            ) -> ::std::result::Result<Self, $crate::CredentialError> {
                ::std::result::Result::Ok(Self(self.0.with_token($crate::Scheme::$carrier($($text),*), token)?))
            }

            $(#[$docs])*
            ///
            /// The function is called before each attempt to send a request, and has to return a
            /// token that is valid at that time. A request whose token the venue refuses is not
            /// sent again.
            #[must_use]
            pub fn $from<F, R>(self, source: F) -> Self
            where
                F: ::std::ops::Fn() -> R + ::std::marker::Send + ::std::marker::Sync + 'static,
                R: ::std::future::Future<
                        Output = ::std::result::Result<::std::string::String, $crate::venuekit::BoxError>,
                    > + ::std::marker::Send
                    + 'static,
            {
                Self(self.0.with_token_from($crate::Scheme::$carrier($($text),*), source))
            }
        }
        $crate::scheme_credentials!(@setters $name; $($rest)*);
    };
}
