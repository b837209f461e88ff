//! The envelopes of JSON-RPC calls.

/// The envelope of a JSON-RPC call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RpcCall {
    /// JSON-RPC 2.0: `jsonrpc`, `id`, `method` and `params`.
    V2,
    /// A notification of JSON-RPC 2.0: no `id`, and no result.
    Notification,
    /// `id`, `method` and `params` only.
    Bare,
}
