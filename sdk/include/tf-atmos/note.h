/* SPDX-License-Identifier: Apache-2.0 */
/* Static metadata of a plugin: ELF notes that are read without running plugin code.
 *
 * tfa_add_plugin() of the SDK writes them from manifest.json and schema.json. They lie in the section
 * `.note.tf-atmos` (allocated, 4-byte aligned, so a PT_NOTE segment covers them), each as
 *     uint32_t namesz = 8, descsz, type;  char name[8] = "TFATMOS";  descsz bytes; zero to 4 bytes
 * in the byte order of the file. Readers go through PT_NOTE, never through section headers, skip
 * notes of other owners and types they do not know, and treat every byte as hostile.
 * All three are UTF-8 JSON texts of one object, not NUL-terminated. */
#ifndef TF_ATMOS_NOTE_H
#define TF_ATMOS_NOTE_H

#define TFA_NOTE_SECTION    ".note.tf-atmos"
#define TFA_NOTE_OWNER      "TFATMOS"
#define TFA_NOTE_OWNER_SIZE 8

/* Identity, exactly one per plugin: id, version, abi {major, minor}, kinds[], components[] (globs of
 * root modules the plugin binds), summary, license, code_prefix, documentation (https address),
 * extensions {required[], optional[]}, provides[], aws_actions[]. Keys are sorted, no white space.
 * A reader ignores keys it does not know. */
#define TFA_NOTE_IDENTITY     1
#define TFA_NOTE_IDENTITY_MAX 4096

/* JSON Schema of the intent, the map under settings.<kind>; at most one per plugin. */
#define TFA_NOTE_SCHEMA     2
#define TFA_NOTE_SCHEMA_MAX 262144

/* Catalogue, at most one per plugin: {"checks": [{id, title, code?, actions[]}],
 * "codes": [{code, severity, title, cause, fix}]}, each sorted by its first member. */
#define TFA_NOTE_CATALOGUE     3
#define TFA_NOTE_CATALOGUE_MAX 262144

#endif
