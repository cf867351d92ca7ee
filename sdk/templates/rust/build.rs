// SPDX-License-Identifier: Apache-2.0
//! Checks manifest.json and schema.json and makes the static metadata of them.

fn main() {
    tfa_build::manifest();
}
