//! The connection to the server. It is made when it is needed, and made anew after a fault.
//!
//! The crate `redis` has a `ConnectionManager`. It keeps a connection after a timeout, so a
//! partition that drops packets would last until TCP tries again, long after it ended. Here a
//! request without a response in time ends its connection.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{AsyncConnectionConfig, Client, FromRedisValue, RedisError, RedisResult, ScriptInvocation};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use venuekit::{BoxError, Error};

use crate::builder::RedisBuilder;

/// The time for which no new connection is made after one failed. Calls fail at once meanwhile.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Link {
    target: Target,
    timeout: Duration,
    current: Mutex<Current>,
    /// The number of connections so far.
    generation: AtomicU64,
}

enum Target {
    Single(Box<Client>),
    #[cfg(feature = "cluster")]
    Cluster(Box<redis::cluster::ClusterClient>),
}

#[derive(Default)]
struct Current {
    connection: Option<(u64, Connection)>,
    failed: Option<(Instant, Arc<RedisError>)>,
}

#[derive(Clone)]
enum Connection {
    Single(MultiplexedConnection),
    #[cfg(feature = "cluster")]
    Cluster(redis::cluster_async::ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a redis::Cmd) -> redis::RedisFuture<'a, redis::Value> {
        match self {
            Self::Single(connection) => connection.req_packed_command(cmd),
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => connection.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        cmd: &'a redis::Pipeline,
        offset: usize,
        count: usize,
    ) -> redis::RedisFuture<'a, Vec<redis::Value>> {
        match self {
            Self::Single(connection) => connection.req_packed_commands(cmd, offset, count),
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => connection.req_packed_commands(cmd, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(connection) => connection.get_db(),
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}

/// The reason why a request has no response.
#[derive(Clone, Debug)]
pub(crate) struct Away(String);

impl fmt::Display for Away {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the Redis server cannot be used: {}", self.0)
    }
}

impl std::error::Error for Away {}

impl Link {
    pub(crate) fn new(builder: &RedisBuilder) -> Result<Self, Error> {
        Ok(Self {
            target: target(builder)?,
            timeout: builder.timeout,
            current: Mutex::default(),
            generation: AtomicU64::new(0),
        })
    }

    /// Runs a script. If the connection fails, runs it once more on a new connection, if
    /// `is_repeatable`: it has the same effect then, however often it runs.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
        is_repeatable: bool,
    ) -> Result<T, BoxError> {
        let mut may_repeat = is_repeatable;
        loop {
            let (generation, mut connection) = self.connection().await?;
            let cause = match timeout(self.timeout, script.invoke_async::<T>(&mut connection)).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => {
                    let is_broken = error.is_unrecoverable_error() || error.is_timeout();
                    // A response that does not fit its request may be that of another one.
                    let is_nonsense =
                        matches!(error.kind(), redis::ErrorKind::UnexpectedReturnType | redis::ErrorKind::Parse);
                    if !is_broken && !is_nonsense {
                        return Err(Away(error.to_string()).into());
                    }
                    may_repeat &= is_broken;
                    error.to_string()
                }
                Err(_) => {
                    may_repeat = false;
                    "no response in time".to_owned()
                }
            };
            self.forget(generation).await;
            if !std::mem::take(&mut may_repeat) {
                return Err(Away(cause).into());
            }
        }
    }

    /// Ends a connection, so that the next request makes a new one.
    pub(crate) async fn forget(&self, generation: u64) {
        let mut current = self.current.lock().await;
        if current.connection.as_ref().is_some_and(|(number, _)| *number == generation) {
            current.connection = None;
        }
    }

    /// Returns the number of the newest connection.
    pub(crate) fn newest(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    async fn connection(&self) -> Result<(u64, Connection), Away> {
        let mut current = self.current.lock().await;
        if let Some((generation, connection)) = &current.connection {
            return Ok((*generation, connection.clone()));
        }
        if let Some((at, error)) = &current.failed
            && at.elapsed() < PAUSE
        {
            return Err(Away(error.to_string()));
        }
        match self.connect().await {
            Ok(connection) => {
                let generation = self.generation.fetch_add(1, Ordering::Relaxed) + 1;
                *current = Current { connection: Some((generation, connection.clone())), failed: None };
                Ok((generation, connection))
            }
            Err(error) => {
                let cause = Away(error.to_string());
                current.failed = Some((Instant::now(), Arc::new(error)));
                Err(cause)
            }
        }
    }

    async fn connect(&self) -> RedisResult<Connection> {
        match &self.target {
            Target::Single(client) => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(self.timeout))
                    .set_response_timeout(Some(self.timeout));
                client.get_multiplexed_async_connection_with_config(&config).await.map(Connection::Single)
            }
            #[cfg(feature = "cluster")]
            Target::Cluster(client) => client.get_async_connection().await.map(Connection::Cluster),
        }
    }
}

impl fmt::Debug for Link {
    /// Hides the URL, which may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

fn target(builder: &RedisBuilder) -> Result<Target, Error> {
    let wrong = |error: RedisError| {
        let help = "use redis://[user:password@]host[:port], rediss://.. or unix:///path";
        Error::settings(format!("the URL of the shared state is not valid: {error}; help: {help}"))
    };
    #[cfg(feature = "tls")]
    provide_cryptography();
    #[cfg(feature = "cluster")]
    if builder.urls.len() > 1 {
        let cluster = redis::cluster::ClusterClient::builder(builder.urls.clone())
            .connection_timeout(builder.timeout)
            .response_timeout(builder.timeout)
            .retries(2);
        #[cfg(feature = "tls")]
        let cluster = match &builder.root_certificate {
            Some(pem) => cluster.certs(certificates(pem)),
            None => cluster,
        };
        return cluster.build().map(|client| Target::Cluster(Box::new(client))).map_err(wrong);
    }
    let url = builder.urls.first().map(String::as_str).unwrap_or_default();
    #[cfg(feature = "tls")]
    if let Some(pem) = &builder.root_certificate {
        return Client::build_with_tls(url, certificates(pem))
            .map(|client| Target::Single(Box::new(client)))
            .map_err(wrong);
    }
    Client::open(url).map(|client| Target::Single(Box::new(client))).map_err(wrong)
}

#[cfg(feature = "tls")]
fn certificates(pem: &[u8]) -> redis::TlsCertificates {
    redis::TlsCertificates { client_tls: None, root_cert: Some(pem.to_vec()) }
}

/// Sets the process's provider of cryptography, if there is none. rustls panics without one.
#[cfg(feature = "tls")]
fn provide_cryptography() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may have set one meanwhile, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
}
