/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a plugin's static metadata out of its ELF file without loading it. */
#ifndef TFATMOS_PLUGIN_ELF_NOTE_H
#define TFATMOS_PLUGIN_ELF_NOTE_H

#include "base/base.h"

/*
 * Everything here treats the file as hostile: each offset is checked against the file's size before it
 * is used, loops are bounded. Only the parts needed are read
 * (program headers, notes, dynamic section, symbols), never sections, never the whole file.
 */

/* Where bytes come from. `read` fills all of `bytes` or returns a negative code. */
struct elf_input {
    int (*read)(void *context, uint64_t offset, void *bytes, size_t size_bytes);
    void *context;
    uint64_t size_bytes;
};

/* From memory; `view` is borrowed. */
struct elf_input elf_input_view(struct str *view);
/* From a descriptor of `size_bytes`; `fd` is borrowed. */
struct elf_input elf_input_fd(int *fd, uint64_t size_bytes);

enum elf_entry {
    ELF_ENTRY_ABSENT, /* no such symbol */
    ELF_ENTRY_IMPORTED, /* named, but to be found in another library */
    ELF_ENTRY_DEFINED
};

enum {
    ELF_NEEDED_MAX = 64,
    ELF_NAME_MAX = 255
};

/* A stretch of the file. */
struct elf_range {
    uint64_t offset;
    uint64_t size_bytes; /* 0: not there */
};

struct elf_facts {
    struct str identity; /* content of the identity note, in the arena; never empty */
    struct elf_range schema;
    struct elf_range catalogue;
    struct str needed[ELF_NEEDED_MAX]; /* names of libraries it needs */
    size_t needed_count;
    struct str run_path; /* RPATH or RUNPATH; empty: none */
    enum elf_entry entry; /* of the one function a plugin exports */
    bool has_bind_now;
    bool has_text_relocations;
    bool has_executable_stack;
    bool has_writable_code;
    bool has_filter; /* DT_AUDIT, DT_FILTER and the like: pulls in other code */
    bool is_program; /* position independent executable */
};

enum elf_fault_kind {
    ELF_UNREADABLE, /* the system refused to read */
    ELF_NOT_ELF,
    ELF_TRUNCATED,
    ELF_OTHER_MACHINE, /* 32-bit, other byte order, other processor */
    ELF_NOT_SHARED, /* an object file, a program, a core dump */
    ELF_MALFORMED,
    ELF_NO_NOTE
};

/* Why there are no facts; `reason` completes the sentence "the file ...". */
struct elf_fault {
    enum elf_fault_kind kind;
    struct str reason;
};

/* 0, or ERR_INVALID with *ret_fault set. */
int elf_read(struct arena *arena, const struct elf_input *input, struct elf_facts *ret_facts,
        struct elf_fault *ret_fault);

/* Copies a range found by elf_read; ERR_IO when the file became shorter. */
int elf_read_range(struct arena *arena, const struct elf_input *input, struct elf_range range,
        struct str *ret_content);

#endif
