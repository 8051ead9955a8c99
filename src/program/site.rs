//! What cargo-leptos has built for browsers: where it lies and what it is
//! called.

use std::{path::Path, sync::Arc};

use leptos::config::{LeptosOptions, get_config_from_str};

use super::Failure;
use crate::ui::page::Built;

/// Set by `cargo leptos watch`, which builds anew while the program runs.
const WATCHED: &str = "LEPTOS_WATCH";

#[derive(Clone, Debug)]
pub struct Site {
    pub leptos: LeptosOptions,
    built: Arc<Built>,
}

impl Site {
    /// As `Leptos.toml` said when the program was built, and the environment
    /// says now.
    ///
    /// # Errors
    /// What is missing, in one line.
    pub fn find() -> Result<Self, Failure> {
        let leptos = get_config_from_str(include_str!("../../Leptos.toml"))
            .map_err(|error| Failure(format!("LEPTOS_…: {error}")))?;
        let site = Self::of(leptos)?;
        let built = site.built();
        for address in [&built.style, &built.script, &built.module] {
            let file = Path::new(site.root()).join(address.trim_start_matches('/'));
            if !file.is_file() {
                return Err(Failure(format!(
                    "{} isn't there: build with cargo-leptos, or set LEPTOS_SITE_ROOT",
                    file.display()
                )));
            }
        }
        Ok(site)
    }

    /// # Errors
    /// If the names of the files can't be read.
    pub fn of(leptos: LeptosOptions) -> Result<Self, Failure> {
        let built = Arc::new(read(&leptos)?);
        Ok(Self { leptos, built })
    }

    /// Where the files lie.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.leptos.site_root
    }

    /// The addresses of what was built last.
    #[must_use]
    pub fn built(&self) -> Arc<Built> {
        let anew = is_watched().then(|| read(&self.leptos).ok()).flatten();
        anew.map_or_else(|| Arc::clone(&self.built), Arc::new)
    }
}

/// Whether the program is built anew while it runs.
#[must_use]
pub fn is_watched() -> bool {
    std::env::var_os(WATCHED).is_some()
}

fn read(leptos: &LeptosOptions) -> Result<Built, Failure> {
    if !leptos.hash_files {
        return Ok(named(leptos, ""));
    }
    let file = std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join(leptos.hash_file.as_ref())))
        .unwrap_or_else(|| leptos.hash_file.as_ref().into());
    let hashes = std::fs::read_to_string(&file).map_err(|error| {
        Failure(format!(
            "{}: {error}: build with cargo-leptos, or put the file beside the program",
            file.display()
        ))
    })?;
    Ok(named(leptos, &hashes))
}

/// By the lines `js: HASH`, `wasm: HASH` and `css: HASH`.
fn named(leptos: &LeptosOptions, hashes: &str) -> Built {
    let address = |kind: &str| {
        let hash = hashes.lines().find_map(|line| {
            let (of, hash) = line.split_once(':')?;
            (of.trim() == kind).then(|| format!(".{}", hash.trim()))
        });
        let (folder, name) = (&leptos.site_pkg_dir, &leptos.output_name);
        format!("/{folder}/{name}{}.{kind}", hash.unwrap_or_default())
    };
    Built {
        style: address("css"),
        script: address("js"),
        module: address("wasm"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_by_their_hashes() {
        let leptos = LeptosOptions::builder().output_name("atrium").build();
        let built = named(&leptos, "js: abc\nwasm: def\ncss: ghi\n");
        assert_eq!(built.script, "/pkg/atrium.abc.js");
        assert_eq!(built.module, "/pkg/atrium.def.wasm");
        assert_eq!(built.style, "/pkg/atrium.ghi.css");
        assert_eq!(named(&leptos, "").style, "/pkg/atrium.css");
    }

    #[test]
    fn hashes_that_are_missing_are_said_so() {
        let leptos = LeptosOptions::builder()
            .output_name("atrium")
            .hash_files(true)
            .hash_file(Arc::from("no-such-file.txt"))
            .build();
        let Err(Failure(why)) = Site::of(leptos) else {
            panic!("there are no hashes");
        };
        assert!(why.contains("no-such-file.txt"), "{why}");
    }
}
