//! A recovery before the parameters of its query are known.

use crate::model::api::Recovery;

/// The query of a recovery whose positions are not known yet.
#[derive(Debug)]
pub(super) struct OpenRecovery {
    /// The id of the operation that subscribes.
    pub(super) operation: String,
    pub(super) recovery: Recovery,
    /// The names of the parameters of the query.
    pub(super) topic: Option<String>,
    pub(super) last_id: Option<String>,
    /// The names of parameters of the query, and of those of the subscription.
    pub(super) own: Vec<(String, String)>,
    pub(super) times: Option<(u32, String)>,
    pub(super) values: Vec<(String, String)>,
    pub(super) pages: Option<(String, String, u32)>,
}
