/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one reading of an ELF file, shared by the two halves of the reader. */
#ifndef TFATMOS_PLUGIN_ELF_READER_H
#define TFATMOS_PLUGIN_ELF_READER_H

#include <elf.h>

#include "elf_note.h"

enum {
    WINDOW_SIZE = 4096,
    SEGMENT_MAX = 128
};

/* A piece of the file kept, so that neighbouring reads cost one system call. */
struct window {
    uint64_t offset;
    size_t len;
    unsigned char bytes[WINDOW_SIZE];
};

/* One reading in progress. The first fault wins; `is_bad` then stops everything. */
struct reader {
    struct arena *arena;
    const struct elf_input *input;
    struct window windows[2]; /* tables; strings */
    Elf64_Phdr segments[SEGMENT_MAX];
    size_t segment_count;
    struct elf_facts *facts;
    struct elf_fault fault;
    bool is_bad;
};

void reader_fail(struct reader *reader, enum elf_fault_kind kind, struct str reason);
/* Is the stretch part of the file? */
bool reader_has(const struct reader *reader, uint64_t offset, uint64_t size);
/* Reads through a window; beyond the end of the file is a fault naming what was read. */
bool reader_fetch(struct reader *reader, struct window *window, uint64_t offset, void *bytes,
        size_t size, const char *what);

/* The second half: needed libraries, flags, the entry function. The segments were read. */
void reader_dynamic(struct reader *reader);

#endif
