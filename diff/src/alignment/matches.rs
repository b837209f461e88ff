//! Pairs the elements of two lists.

use std::collections::{HashMap, VecDeque};

/// The elements of an old and a new list.
#[derive(Clone, Debug)]
pub(crate) struct Matches<T> {
    /// The elements of both lists, in the order of the new list.
    pub(crate) pairs: Vec<(T, T)>,
    /// The elements of the old list only, in its order.
    pub(crate) removed: Vec<T>,
    /// The elements of the new list only, in its order.
    pub(crate) added: Vec<T>,
}

/// Returns the identity of an element, if it has one of this kind.
pub(crate) type Identity<'i, T> = &'i dyn Fn(&T) -> Option<String>;

/// Pairs the elements of two lists that have the same identity. The kinds of identity are tried in
/// order; each pairs the elements that the earlier ones left. If several elements have the same
/// identity, they are paired in their order.
pub(crate) fn align<T>(old: Vec<T>, new: Vec<T>, identities: &[Identity<'_, T>]) -> Matches<T> {
    let (mut removed, mut added): (Vec<usize>, Vec<usize>) = ((0..old.len()).collect(), (0..new.len()).collect());
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for identity in identities {
        let mut by_identity: HashMap<String, VecDeque<usize>> = HashMap::new();
        for index in &added {
            if let Some(key) = new.get(*index).and_then(identity) {
                by_identity.entry(key).or_default().push_back(*index);
            }
        }
        removed.retain(|index| {
            let key = old.get(*index).and_then(identity);
            let partner = key.and_then(|key| by_identity.get_mut(&key)?.pop_front());
            pairs.extend(partner.map(|partner| (partner, *index)));
            partner.is_none()
        });
        let mut is_paired = vec![false; new.len()];
        for (index, _) in &pairs {
            is_paired.iter_mut().skip(*index).take(1).for_each(|paired| *paired = true);
        }
        added.retain(|index| is_paired.get(*index) == Some(&false));
    }
    pairs.sort_unstable();
    let (mut old, mut new): (Vec<_>, Vec<_>) =
        (old.into_iter().map(Some).collect(), new.into_iter().map(Some).collect());
    let take = |list: &mut Vec<Option<T>>, index: usize| list.get_mut(index).and_then(Option::take);
    Matches {
        pairs: pairs
            .into_iter()
            .filter_map(|(after, before)| take(&mut old, before).zip(take(&mut new, after)))
            .collect(),
        removed: removed.into_iter().filter_map(|index| take(&mut old, index)).collect(),
        added: added.into_iter().filter_map(|index| take(&mut new, index)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(old: &[&'static str], new: &[&'static str]) -> Matches<&'static str> {
        let whole = |text: &&str| Some((*text).to_owned());
        let initial = |text: &&str| text.get(..1).map(str::to_owned);
        align(old.to_vec(), new.to_vec(), &[&whole, &initial])
    }

    #[test]
    fn the_first_identity_comes_before_the_next() {
        let matches = aligned(&["aa", "ab"], &["ab", "ac"]);
        assert_eq!(matches.pairs, [("ab", "ab"), ("aa", "ac")]);
        assert!(matches.removed.is_empty() && matches.added.is_empty());
    }

    #[test]
    fn elements_without_a_partner_are_removed_or_added() {
        let matches = aligned(&["a", "b", ""], &["c", "a", "d"]);
        assert_eq!(matches.pairs, [("a", "a")]);
        assert_eq!((matches.removed, matches.added), (vec!["b", ""], vec!["c", "d"]));
    }

    #[test]
    fn equal_elements_are_paired_in_their_order() {
        let matches = aligned(&["a1", "a2", "a3"], &["ax", "ay"]);
        assert_eq!(matches.pairs, [("a1", "ax"), ("a2", "ay")]);
        assert_eq!(matches.removed, ["a3"]);
    }
}
