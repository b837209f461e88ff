//! A change of a balance, as a history shows it.

use std::ops::RangeInclusive;

use venuekit::Decimal;
use venuekit_json::Tree;

/// A change of a balance.
#[derive(Clone, Debug)]
pub(crate) struct BalanceChange {
    pub(crate) time: i64,
    pub(crate) asset: String,
    /// The kind of business behind the change.
    pub(crate) business: String,
    pub(crate) change: Decimal,
    /// The balance after the change, with the amount that open orders reserve.
    pub(crate) balance: Decimal,
    /// An object.
    pub(crate) detail: Tree,
}

impl BalanceChange {
    /// Returns whether the change is of an asset and a business, where an empty text means all, and
    /// in a time in milliseconds.
    pub(crate) fn is(&self, asset: &str, business: &str, time: &RangeInclusive<i64>) -> bool {
        (asset.is_empty() || self.asset == asset)
            && (business.is_empty() || self.business == business)
            && time.contains(&self.time)
    }
}
