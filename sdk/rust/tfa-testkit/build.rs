// SPDX-License-Identifier: Apache-2.0
//! Finds the static library of the test kit: below TFA_SDK_PREFIX, or below the prefix this crate
//! was installed to (<prefix>/share/tf-atmos/rust/tfa-testkit).

use std::path::{Path, PathBuf};
use std::{env, fs, process};

const ARCHIVE: &str = "libtfa_testkit.a";

/// lib, lib64, and the folders of architectures below lib.
fn library_folders(prefix: &Path) -> Vec<PathBuf> {
    let mut folders = vec![prefix.join("lib"), prefix.join("lib64")];
    for entry in fs::read_dir(prefix.join("lib")).into_iter().flatten().flatten() {
        folders.push(entry.path());
    }
    folders
}

fn main() {
    println!("cargo:rerun-if-env-changed=TFA_SDK_PREFIX");
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let prefix = env::var_os("TFA_SDK_PREFIX")
        .map(PathBuf::from)
        .or_else(|| Some(crate_folder.ancestors().nth(4)?.to_path_buf()))
        .unwrap_or_default();
    let Some(folder) =
        library_folders(&prefix).into_iter().find(|folder| folder.join(ARCHIVE).exists())
    else {
        eprintln!(
            "{ARCHIVE} is not below {}: install the tf-atmos SDK, or set TFA_SDK_PREFIX to \
             where it is",
            prefix.display()
        );
        process::exit(1);
    };
    println!("cargo:rerun-if-changed={}", folder.join(ARCHIVE).display());
    println!("cargo:rustc-link-search=native={}", folder.display());
    println!("cargo:rustc-link-lib=static=tfa_testkit");
    println!("cargo:rustc-link-lib=dylib=yaml");
    println!("cargo:rustc-link-lib=dylib=m");
}
