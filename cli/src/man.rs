//! `venue man`: writes manual pages.

use std::fs;
use std::path::PathBuf;

use clap::ArgMatches;
use clap_mangen::Man;

use crate::command::{self, Wanted};
use crate::failure::{Exit, Failure};
use crate::output;

/// Runs `venue man`: writes a page for each command into a folder, or the page of `venue` to
/// stdout.
pub(crate) fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let root = command::root(&Wanted::All);
    let Some(folder) = matches.get_one::<PathBuf>("out") else {
        let mut page = Vec::new();
        Man::new(root).render(&mut page).map_err(Failure::Output)?;
        output::line(&String::from_utf8_lossy(&page)).map_err(Failure::Output)?;
        return Ok(Exit::Done);
    };
    let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(root, folder));
    let refused = |error| Failure::Usage(format!("--out: {} cannot be written: {error}", folder.display()));
    written.map_err(refused)?;
    Ok(Exit::Done)
}
