//! `keywright-uniffi-bindgen kotlin|swift LIBRARY CRATE OUT`: generates the code that calls LIBRARY
//! into the folder OUT, by the `uniffi.toml` in the folder CRATE. `cargo xtask kotlin` and
//! `cargo xtask swift` run it.

use std::process::ExitCode;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate_with_bindgen_paths};
use uniffi_bindgen::{BindgenPaths, BindgenPathsLayer};

/// There is one crate with exports.
struct OneCrate(String);

impl BindgenPathsLayer for OneCrate {
    fn get_crate_root(&self, _crate_name: &str) -> Option<camino::Utf8PathBuf> {
        Some(self.0.as_str().into())
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("keywright-uniffi-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [language, library, root, out] = arguments.as_slice() else {
        return Err("usage: keywright-uniffi-bindgen kotlin|swift LIBRARY CRATE OUT".to_owned());
    };
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        _ => return Err("the language is kotlin or swift".to_owned()),
    };
    let options = GenerateOptions {
        languages: vec![language],
        source: library.as_str().into(),
        out_dir: out.as_str().into(),
        ..GenerateOptions::default()
    };
    let mut paths = BindgenPaths::default();
    paths.add_layer(OneCrate(root.clone()));
    generate_with_bindgen_paths(options, paths).map_err(|error| format!("{error:#}"))
}
