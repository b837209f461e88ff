//! Adaptors of the lists and maps of responses, which drop bad elements in a lenient call.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_json::value::RawValue;
use serde_with::de::DeserializeAsWrap;
use serde_with::{DeserializeAs, SerializeAs};
use venuekit_json::reader::Text;

use super::json::Json;
use super::leniency::{Dropped, Level, Mode, mode, record, recorded};
use crate::response::decode::read_as;

/// The adaptor of a list whose elements have the adaptor `A`.
///
/// It reads and writes like `Vec<A>`. In a [lenient](crate::Call::lenient) call, an element that
/// cannot be read is dropped from the list.
///
/// ```
/// use venuekit::wire::{DecodeAs, List, Same};
///
/// let ids: DecodeAs<Vec<i64>, List<Same>> = serde_json::from_str("[1,2]")?;
/// assert_eq!(ids.into_inner(), [1, 2]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct List<A>(PhantomData<A>);

/// The adaptor of a map whose values have the adaptor `A`.
///
/// It reads and writes like `BTreeMap<Same, A>`. In a [lenient](crate::Call::lenient) call, an
/// entry whose value cannot be read is dropped from the map.
#[derive(Debug)]
pub struct Map<A>(PhantomData<A>);

impl<'de, T, A> DeserializeAs<'de, Vec<T>> for List<A>
where
    A: for<'a> DeserializeAs<'a, T>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<T, A>(PhantomData))
    }
}

impl<T, A: SerializeAs<T>> SerializeAs<Vec<T>> for List<A> {
    fn serialize_as<S: Serializer>(list: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        Vec::<A>::serialize_as(list, serializer)
    }
}

impl<'de, T, A> DeserializeAs<'de, BTreeMap<String, T>> for Map<A>
where
    A: for<'a> DeserializeAs<'a, T>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error> {
        deserializer.deserialize_map(MapVisitor::<T, A>(PhantomData))
    }
}

impl<T, A: SerializeAs<T>> SerializeAs<BTreeMap<String, T>> for Map<A> {
    fn serialize_as<S: Serializer>(map: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error> {
        BTreeMap::<serde_with::Same, A>::serialize_as(map, serializer)
    }
}

struct ListVisitor<T, A>(PhantomData<(T, A)>);

impl<'de, T, A> Visitor<'de> for ListVisitor<T, A>
where
    A: for<'a> DeserializeAs<'a, T>,
{
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut elements: S) -> Result<Vec<T>, S::Error> {
        let mut list = Vec::new();
        if mode() == Mode::Strict {
            while let Some(element) = elements.next_element::<DeserializeAsWrap<T, A>>()? {
                list.push(element.into_inner());
            }
            return Ok(list);
        }
        let _level = Level::enter().ok_or_else(too_deep)?;
        while let Some(json) = elements.next_element::<&'de RawValue>()? {
            list.extend(element::<T, A>(json));
        }
        Ok(list)
    }
}

struct MapVisitor<T, A>(PhantomData<(T, A)>);

impl<'de, T, A> Visitor<'de> for MapVisitor<T, A>
where
    A: for<'a> DeserializeAs<'a, T>,
{
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<BTreeMap<String, T>, M::Error> {
        let mut map = BTreeMap::new();
        if mode() == Mode::Strict {
            while let Some((key, value)) = entries.next_entry::<String, DeserializeAsWrap<T, A>>()? {
                map.insert(key, value.into_inner());
            }
            return Ok(map);
        }
        let _level = Level::enter().ok_or_else(too_deep)?;
        while let Some((key, json)) = entries.next_entry::<String, &'de RawValue>()? {
            match element::<T, A>(json) {
                Some(value) => map.insert(key, value),
                // The last value of a repeated key counts. This one is bad, so the key has none.
                None => map.remove(&key),
            };
        }
        Ok(map)
    }
}

fn too_deep<E: Error>() -> E {
    E::custom("too many lists are inside each other")
}

/// Reads an element from its text. Returns `None` for a bad element, and records it if the mode
/// says so.
fn element<T, A>(json: &RawValue) -> Option<T>
where
    A: for<'a> DeserializeAs<'a, T>,
{
    let text = json.get();
    let before = recorded();
    match read_as::<T, A>(&Text::from(text)) {
        Ok(value) => Some(value),
        Err(error) => {
            let (address, json) = (text.as_ptr().addr(), Json::from(json.to_owned()));
            record(before, Dropped { address, json, path: error.path(), message: error.message().to_owned() });
            None
        }
    }
}
