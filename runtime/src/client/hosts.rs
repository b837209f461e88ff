//! Checks of the base URL and the credentials against the hosts of a venue.

use url::Url;

use super::base_url::BaseUrl;
use crate::error::Error;
use crate::operation::venue::Venue;
use crate::signer::Signer;

/// Checks that a base URL ends with the path that the venue's requests need.
pub(crate) fn check_path(venue: &Venue, base_url: &BaseUrl) -> Result<(), Error> {
    let needed = venue.base_path;
    let path = if needed.ends_with('/') { &base_url.path } else { &base_url.prefix };
    if path.ends_with(needed) {
        return Ok(());
    }
    let prefix = &base_url.prefix;
    let missing = if prefix.ends_with(needed.trim_end_matches('/')) { "/" } else { needed };
    Err(Error::settings(format!(
        "the base URL of {} has the path `{}` (expected one that ends with `{needed}`; help: give {}{missing})",
        venue.name, base_url.path, base_url.text
    )))
}

/// Checks that the host of a base URL accepts the scheme by which the credentials sign. A host for
/// which the spec states no scheme accepts all schemes. A signer without a scheme passes the check
/// for every host.
pub(crate) fn check_signing(venue: &Venue, base_url: &BaseUrl, signer: Option<&dyn Signer>) -> Result<(), Error> {
    let Some(given) = signer.and_then(Signer::scheme) else { return Ok(()) };
    let Some(host) = host_of(&base_url.origin) else { return Ok(()) };
    let servers = venue.servers.iter().filter_map(|server| Some((server.url(), server.signing()?)));
    let others = venue.hosts.iter().map(|host| (host.url(), host.signing()));
    let needed = servers.chain(others).find(|(url, _)| host_of(url).as_ref() == Some(&host));
    match needed {
        Some((_, needed)) if needed != given => Err(Error::settings(format!(
            "{host} accepts requests that are signed by the scheme `{needed}` (expected credentials for it, \
             found credentials for `{given}`; help: create the credentials for `{needed}`, or call another host)"
        ))),
        _ => Ok(()),
    }
}

fn host_of(url: &str) -> Option<String> {
    let host = Url::parse(url).ok()?.host_str()?.trim_end_matches('.').to_owned();
    Some(host)
}
