//! The balances of all owners.

use std::collections::BTreeMap;

use venuekit::Decimal;

use super::exact::{add, subtract};
use super::order::Owner;

/// A balance of an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wallet {
    pub(crate) free: Decimal,
    /// The amount that open orders reserve.
    pub(crate) locked: Decimal,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Wallets {
    wallets: BTreeMap<(Owner, String), Wallet>,
    /// The fees that the venue has taken, by asset.
    fees: BTreeMap<String, Decimal>,
}

/// Changes of balances that are made all at once, or not at all.
#[derive(Debug, Default)]
pub(crate) struct Changes(Wallets);

impl Wallets {
    pub(crate) fn get(&self, owner: &Owner, asset: &str) -> Wallet {
        self.wallets.get(&(owner.clone(), asset.to_owned())).copied().unwrap_or_default()
    }

    /// Returns the assets of an owner with their balances.
    pub(crate) fn of<'a>(&'a self, owner: &'a Owner) -> impl Iterator<Item = (&'a str, Wallet)> {
        let own = self.wallets.iter().filter(move |((other, _), _)| other == owner);
        own.map(|((_, asset), wallet)| (asset.as_str(), *wallet))
    }

    pub(crate) fn forget(&mut self, owner: &Owner) {
        self.wallets.retain(|(other, _), _| other != owner);
    }

    pub(crate) fn make(&mut self, changes: Changes) {
        self.wallets.extend(changes.0.wallets);
        self.fees.extend(changes.0.fees);
    }

    /// Returns the sum of all balances and fees of an asset; `None` if it has too many digits.
    #[cfg(test)]
    pub(crate) fn total(&self, asset: &str) -> Option<Decimal> {
        let own = self.wallets.iter().filter(|((_, other), _)| other == asset).map(|(_, wallet)| wallet);
        let sum = own.flat_map(|wallet| [wallet.free, wallet.locked]).try_fold(Decimal::ZERO, add)?;
        add(sum, self.fees.get(asset).copied().unwrap_or_default())
    }
}

impl Changes {
    fn change(&mut self, before: &Wallets, owner: &Owner, asset: &str) -> &mut Wallet {
        let key = (owner.clone(), asset.to_owned());
        self.0.wallets.entry(key).or_insert_with(|| before.get(owner, asset))
    }

    pub(crate) fn free(&mut self, before: &Wallets, owner: &Owner, asset: &str, change: Decimal) -> Option<()> {
        let wallet = self.change(before, owner, asset);
        wallet.free = add(wallet.free, change)?;
        Some(())
    }

    pub(crate) fn lock(&mut self, before: &Wallets, owner: &Owner, asset: &str, change: Decimal) -> Option<()> {
        let wallet = self.change(before, owner, asset);
        wallet.locked = add(wallet.locked, change)?;
        Some(())
    }

    /// Gives an owner what it receives from a trade, without the fee.
    pub(crate) fn receive(
        &mut self,
        before: &Wallets,
        owner: &Owner,
        asset: &str,
        (amount, fee): (Decimal, Decimal),
    ) -> Option<()> {
        self.free(before, owner, asset, subtract(amount, fee)?)?;
        let taken = before.fees.get(asset).copied().unwrap_or_default();
        let fees = self.0.fees.entry(asset.to_owned()).or_insert(taken);
        *fees = add(*fees, fee)?;
        Some(())
    }
}
