//! Reads the envelope of a JSON-RPC request.

use venuekit_json::Tree;

/// The parameters of a JSON-RPC request.
#[derive(Debug)]
pub(crate) enum Params {
    Positions(Vec<Tree>),
    Names(Vec<(String, Tree)>),
}

impl Default for Params {
    fn default() -> Self {
        Self::Positions(Vec::new())
    }
}

/// The envelope of a JSON-RPC request.
#[derive(Debug)]
pub(crate) struct RpcRequest<'a> {
    /// The id as JSON; `None` if there is none.
    pub(crate) id: Option<String>,
    /// True for an envelope of version 2.0.
    pub(crate) is_v2: bool,
    pub(crate) method: &'a str,
    pub(crate) params: Params,
}

impl<'a> RpcRequest<'a> {
    pub(crate) fn read(envelope: &'a Tree) -> Option<Self> {
        let id = match envelope.get("id") {
            Some(id @ (Tree::Number(_) | Tree::Text(_))) => Some(id.to_json()),
            Some(_) => return None,
            None => None,
        };
        let is_v2 = matches!(envelope.get("jsonrpc"), Some(Tree::Text(version)) if version == "2.0");
        let Tree::Text(method) = envelope.get("method")? else { return None };
        let params = match envelope.get("params") {
            Some(Tree::Array(positions)) => Params::Positions(positions.clone()),
            Some(names @ Tree::Object(_)) => Params::Names(names.members().to_vec()),
            // In version 2.0 a request may omit the parameters.
            None if is_v2 => Params::default(),
            _ => return None,
        };
        Some(Self { id, is_v2, method, params })
    }
}
