//! The folders of the user, by the variables of the XDG specification on all systems but Windows.
//!
//! It is written by hand: `dirs` takes other folders on macOS, and `etcetera` has a strategy for
//! each system where two variables and a default are enough.

use std::env;
use std::path::PathBuf;

/// The folder of this command below the folders of the user.
const OURS: &str = "venuekit";

/// Returns the path that an environment variable has; `None` if it is not set or empty.
fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Returns a folder that a variable of the XDG specification names. By that specification, a path
/// that is not absolute is ignored.
fn folder(xdg: &str, below_home: &str, on_windows: &str) -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let folder = variable(xdg).and_then(absolute);
    let folder = folder.or_else(|| if cfg!(windows) { variable(on_windows) } else { None });
    Some(folder.or_else(|| variable("HOME").map(|home| home.join(below_home)))?.join(OURS))
}

/// Returns the path of the config file: the path in `VENUE_CONFIG`, or its usual place.
pub(crate) fn config_file() -> Option<PathBuf> {
    variable("VENUE_CONFIG").or_else(|| Some(folder("XDG_CONFIG_HOME", ".config", "APPDATA")?.join("config.toml")))
}

/// Returns the folder of files that can be made again.
pub(crate) fn cache() -> Option<PathBuf> {
    folder("XDG_CACHE_HOME", ".cache", "LOCALAPPDATA")
}
