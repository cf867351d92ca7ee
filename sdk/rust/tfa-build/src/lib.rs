// SPDX-License-Identifier: Apache-2.0
//! For `build.rs` of a plugin: `tfa_build::manifest()` checks `manifest.json` and `schema.json` beside
//! `Cargo.toml` and writes what `tfa::manifest!()` includes: the static metadata and one constant per
//! code and check. Every mistake ends the build with the file, the key and what is expected.

mod json;
mod manifest;
mod pattern;

use manifest::Manifest;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs, process};

const IDENTITY_MAX: usize = 4096;
const OTHER_MAX: usize = 262_144;

/// Reads `manifest.json` and, if it is there, `schema.json`; ends the build script on any mistake.
pub fn manifest() {
    let folder =
        env::var("CARGO_MANIFEST_DIR").expect("cargo runs build scripts with CARGO_MANIFEST_DIR");
    let out = env::var("OUT_DIR").expect("cargo runs build scripts with OUT_DIR");
    for name in ["manifest.json", "schema.json"] {
        println!("cargo:rerun-if-changed={name}");
    }
    if let Err(what) = write_files(Path::new(&folder), Path::new(&out)) {
        eprintln!("{what}");
        process::exit(1);
    }
}

fn write_files(folder: &Path, out: &Path) -> Result<(), String> {
    let manifest = manifest::read(&read_text(folder, "manifest.json")?)
        .map_err(|what| format!("manifest.json: {what}"))?;
    let schema = if folder.join("schema.json").exists() {
        let text = read_text(folder, "schema.json")?;
        match json::parse(&text).map_err(|what| format!("schema.json:{what}"))? {
            json::Json::Map(_) => Some(text),
            _ => return Err("schema.json: must hold one JSON object".into()),
        }
    } else {
        None
    };
    let mut notes = Vec::new();
    add_note(&mut notes, 1, "identity", &manifest.identity, IDENTITY_MAX)?;
    if let Some(schema) = schema {
        add_note(&mut notes, 2, "schema", &schema, OTHER_MAX)?;
    }
    add_note(&mut notes, 3, "catalogue", &manifest.catalogue, OTHER_MAX)?;
    let write = |name: &str, bytes: &[u8]| {
        fs::write(out.join(name), bytes).map_err(|e| format!("{}: {e}", out.join(name).display()))
    };
    write("tfa_notes.bin", &notes)?;
    write("tfa_manifest.rs", source(&manifest, notes.len()).as_bytes())
}

fn read_text(folder: &Path, name: &str) -> Result<String, String> {
    fs::read_to_string(folder.join(name)).map_err(|e| format!("{name}: {e}"))
}

/// One ELF note: sizes and type in the byte order of the machine, owner, contents, zeros to 4 bytes.
fn add_note(
    notes: &mut Vec<u8>,
    kind: u32,
    what: &str,
    text: &str,
    max: usize,
) -> Result<(), String> {
    if text.len() > max {
        return Err(format!("the {what} has {} bytes, at most {max} are allowed", text.len()));
    }
    for number in [8, text.len() as u32, kind] {
        notes.extend_from_slice(&number.to_le_bytes());
    }
    notes.extend_from_slice(b"TFATMOS\0");
    notes.extend_from_slice(text.as_bytes());
    notes.resize(notes.len().div_ceil(4) * 4, 0);
    Ok(())
}

fn source(manifest: &Manifest, notes_len: usize) -> String {
    let mut out = String::from("// Made from manifest.json; do not edit.\n");
    for (name, text) in [("ID", &manifest.id), ("VERSION", &manifest.version)] {
        let _ = writeln!(out, "#[allow(dead_code)]\npub const {name}: &str = {text:?};");
        let _ = writeln!(out, "const {name}_WITH_NUL: &str = {:?};", format!("{text}\0"));
    }
    let _ = writeln!(out, "const ABI_MINOR: u32 = {};", manifest.abi_minor);
    for (module, names) in [("codes", &manifest.codes), ("checks", &manifest.checks)] {
        let _ = writeln!(out, "#[allow(dead_code)]\npub mod {module} {{");
        for name in names {
            let _ = writeln!(out, "    pub const {}: &str = {name:?};", name.replace('-', "_"));
        }
        out.push_str("}\n");
    }
    let _ = write!(
        out,
        "#[repr(C, align(4))]\nstruct TfaNotes([u8; {notes_len}]);\n\
         #[used]\n#[link_section = \".note.tf-atmos\"]\nstatic TFA_NOTES: TfaNotes =\n    \
         TfaNotes(*include_bytes!(concat!(env!(\"OUT_DIR\"), \"/tfa_notes.bin\")));\n"
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_padded_and_bounded() {
        let mut notes = Vec::new();
        add_note(&mut notes, 1, "identity", "{\"a\":1}", 16).unwrap();
        assert_eq!(notes.len(), 12 + 8 + 8);
        assert_eq!(&notes[..12], &[8, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(&notes[12..], b"TFATMOS\0{\"a\":1}\0");
        assert_eq!(
            add_note(&mut notes, 2, "schema", "{\"abc\":1}", 8).unwrap_err(),
            "the schema has 9 bytes, at most 8 are allowed"
        );
    }
}
