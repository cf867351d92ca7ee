/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds-checked reader of 64-bit ELF files: header, segments, notes. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <tf-atmos/note.h>

#include "elf_reader.h"

enum {
    NOTE_MAX = 256 /* notes looked at in one file */
};

#if defined(__x86_64__)
#define HOST_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define HOST_MACHINE EM_AARCH64
#elif defined(__riscv)
#define HOST_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define HOST_MACHINE EM_PPC64
#elif defined(__s390x__)
#define HOST_MACHINE EM_S390
#else
#error "name the ELF machine of this processor"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HOST_DATA ELFDATA2LSB
#else
#define HOST_DATA ELFDATA2MSB
#endif

static const struct {
    uint16_t machine;
    const char *name;
} machines[] = { { EM_386, "32-bit x86" }, { EM_X86_64, "x86-64" }, { EM_ARM, "32-bit ARM" },
    { EM_AARCH64, "ARM64" }, { EM_RISCV, "RISC-V" }, { EM_PPC64, "POWER" },
    { EM_S390, "IBM Z" }, { EM_MIPS, "MIPS" }, { EM_LOONGARCH, "LoongArch" } };

static int read_view(void *context, uint64_t offset, void *bytes, size_t size_bytes)
{
    const struct str *view = context;
    if (offset > view->len || size_bytes > view->len - offset) {
        return ERR_IO;
    }
    memcpy(bytes, view->ptr + offset, size_bytes);
    return 0;
}

static int read_fd(void *context, uint64_t offset, void *bytes, size_t size_bytes)
{
    const int *fd = context;
    char *to = bytes;
    while (size_bytes > 0) {
        ssize_t got = pread(*fd, to, size_bytes, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return ERR_IO;
        }
        to += got;
        offset += (uint64_t)got;
        size_bytes -= (size_t)got;
    }
    return 0;
}

struct elf_input elf_input_view(struct str *view)
{
    return (struct elf_input){ read_view, view, view->len };
}

struct elf_input elf_input_fd(int *fd, uint64_t size_bytes)
{
    return (struct elf_input){ read_fd, fd, size_bytes };
}

void reader_fail(struct reader *reader, enum elf_fault_kind kind, struct str reason)
{
    if (!reader->is_bad) {
        reader->is_bad = true;
        reader->fault = (struct elf_fault){ kind, reason };
    }
}

bool reader_has(const struct reader *reader, uint64_t offset, uint64_t size)
{
    return offset <= reader->input->size_bytes && size <= reader->input->size_bytes - offset;
}

bool reader_fetch(struct reader *reader, struct window *window, uint64_t offset, void *bytes,
        size_t size, const char *what)
{
    if (reader->is_bad) {
        return false;
    }
    if (!reader_has(reader, offset, size)) {
        reader_fail(reader, ELF_TRUNCATED,
                arena_printf(reader->arena, "is cut off: its %s lies beyond the end", what));
        return false;
    }
    if (offset < window->offset || offset + size > window->offset + window->len) {
        uint64_t left = reader->input->size_bytes - offset;
        size_t len = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
        window->len = 0;
        if (size > len ||
                reader->input->read(reader->input->context, offset, window->bytes, len) != 0) {
            reader_fail(reader, ELF_UNREADABLE, STR("cannot be read to its end"));
            return false;
        }
        window->offset = offset;
        window->len = len;
    }
    memcpy(bytes, window->bytes + (offset - window->offset), size);
    return true;
}

static const char *machine_name(uint16_t machine)
{
    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
        if (machines[i].machine == machine) {
            return machines[i].name;
        }
    }
    return "another processor";
}

static void judge_header(struct reader *reader, const Elf64_Ehdr *header)
{
    if (header->e_ident[EI_CLASS] == ELFCLASS32) {
        reader_fail(reader, ELF_OTHER_MACHINE,
                STR("is a 32-bit file, this program needs 64-bit ones"));
    } else if (header->e_ident[EI_CLASS] != ELFCLASS64) {
        reader_fail(reader, ELF_MALFORMED, STR("is a damaged ELF file: unknown class"));
    } else if (header->e_ident[EI_DATA] != HOST_DATA) {
        reader_fail(reader, ELF_OTHER_MACHINE,
                STR("has the byte order of another kind of machine"));
    } else if (header->e_machine != HOST_MACHINE) {
        reader_fail(reader, ELF_OTHER_MACHINE,
                arena_printf(reader->arena, "is built for %s, this machine is %s",
                        machine_name(header->e_machine), machine_name(HOST_MACHINE)));
    } else if (header->e_type == ET_REL) {
        reader_fail(reader, ELF_NOT_SHARED, STR("is an object file, not a shared object"));
    } else if (header->e_type == ET_EXEC) {
        reader_fail(reader, ELF_NOT_SHARED, STR("is a program, not a shared object"));
    } else if (header->e_type != ET_DYN) {
        reader_fail(reader, ELF_NOT_SHARED, STR("is not a shared object"));
    } else if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0) {
        reader_fail(reader, ELF_MALFORMED, STR("is a damaged ELF file: no program headers"));
    } else if (header->e_phnum > SEGMENT_MAX) {
        reader_fail(
                reader, ELF_MALFORMED, STR("is a damaged ELF file: too many program headers"));
    }
}

static void read_header(struct reader *reader)
{
    unsigned char ident[EI_NIDENT];
    Elf64_Ehdr header;
    if (reader->input->size_bytes == 0) {
        reader_fail(reader, ELF_NOT_ELF, STR("is empty"));
        return;
    }
    if (!reader_has(reader, 0, SELFMAG) ||
            !reader_fetch(reader, &reader->windows[0], 0, ident, SELFMAG, "magic number") ||
            memcmp(ident, ELFMAG, SELFMAG) != 0) {
        reader_fail(reader, ELF_NOT_ELF, STR("is not an ELF shared object"));
        return;
    }
    /* The class is judged before the length: a short 32-bit file is a 32-bit file. */
    if (reader_fetch(reader, &reader->windows[0], 0, ident, EI_NIDENT, "ELF header") &&
            ident[EI_CLASS] == ELFCLASS32) {
        memset(&header, 0, sizeof(header));
        header.e_ident[EI_CLASS] = ELFCLASS32;
        judge_header(reader, &header);
        return;
    }
    if (!reader_fetch(reader, &reader->windows[0], 0, &header, sizeof(header), "ELF header")) {
        return;
    }
    judge_header(reader, &header);
    reader->segment_count = reader->is_bad ? 0 : header.e_phnum;
    for (size_t i = 0; i < reader->segment_count; i++) {
        uint64_t offset = i * sizeof(Elf64_Phdr);
        if (header.e_phoff > UINT64_MAX - offset ||
                !reader_fetch(reader, &reader->windows[0], header.e_phoff + offset,
                        &reader->segments[i], sizeof(Elf64_Phdr), "program header")) {
            reader_fail(reader, ELF_TRUNCATED,
                    STR("is cut off: its program header lies beyond the end"));
            return;
        }
    }
}

static void judge_segments(struct reader *reader)
{
    /* Without a word about the stack, Linux makes it executable. */
    reader->facts->has_executable_stack = true;
    for (size_t i = 0; i < reader->segment_count && !reader->is_bad; i++) {
        const Elf64_Phdr *segment = &reader->segments[i];
        if (segment->p_type == PT_LOAD) {
            if (!reader_has(reader, segment->p_offset, segment->p_filesz)) {
                reader_fail(reader, ELF_TRUNCATED,
                        STR("is cut off: a segment lies beyond the end"));
            }
            if ((segment->p_flags & PF_W) != 0 && (segment->p_flags & PF_X) != 0) {
                reader->facts->has_writable_code = true;
            }
        } else if (segment->p_type == PT_GNU_STACK) {
            reader->facts->has_executable_stack = (segment->p_flags & PF_X) != 0;
        }
    }
}

_Static_assert(TFA_NOTE_SCHEMA_MAX == TFA_NOTE_CATALOGUE_MAX, "one limit serves both");

/* Takes one of our notes; a second one of a type, or one over its limit, is a fault. */
static void take_note(struct reader *reader, uint32_t type, struct elf_range range)
{
    struct elf_facts *facts = reader->facts;
    if (type == TFA_NOTE_IDENTITY) {
        if (facts->identity.len != 0) {
            reader_fail(reader, ELF_MALFORMED, STR("has two identity notes"));
        } else if (range.size_bytes == 0 || range.size_bytes > TFA_NOTE_IDENTITY_MAX) {
            reader_fail(reader, ELF_MALFORMED, STR("has an identity note of a wrong size"));
        } else {
            char *content = arena_alloc(reader->arena, (size_t)range.size_bytes + 1);
            if (reader_fetch(reader, &reader->windows[1], range.offset, content,
                        (size_t)range.size_bytes, "identity note")) {
                facts->identity = (struct str){ content, (size_t)range.size_bytes };
            }
        }
    } else if (type == TFA_NOTE_SCHEMA || type == TFA_NOTE_CATALOGUE) {
        bool is_schema = type == TFA_NOTE_SCHEMA;
        struct elf_range *place = is_schema ? &facts->schema : &facts->catalogue;
        if (place->size_bytes != 0) {
            reader_fail(reader, ELF_MALFORMED, STR("has two notes of one type"));
        } else if (range.size_bytes > TFA_NOTE_SCHEMA_MAX) {
            reader_fail(reader, ELF_MALFORMED,
                    STR("has a schema or catalogue note that is too large"));
        } else {
            *place = range;
        }
    }
}

static void read_note_segment(struct reader *reader, const Elf64_Phdr *segment, size_t *count)
{
    /* Segments of notes are aligned to 4, some of GNU's to 8; ours always to 4. */
    uint64_t align = segment->p_align == 8 ? 8 : 4;
    uint64_t end = segment->p_offset + segment->p_filesz;
    uint64_t at = segment->p_offset;
    while (end - at >= sizeof(Elf64_Nhdr) && !reader->is_bad) {
        Elf64_Nhdr head;
        char owner[TFA_NOTE_OWNER_SIZE];
        if (++*count > NOTE_MAX) {
            reader_fail(reader, ELF_MALFORMED, STR("has too many notes"));
            return;
        }
        if (!reader_fetch(reader, &reader->windows[0], at, &head, sizeof(head), "note")) {
            return;
        }
        uint64_t name = at + sizeof(head);
        uint64_t content = name + ((uint64_t)head.n_namesz + align - 1) / align * align;
        uint64_t next = content + ((uint64_t)head.n_descsz + align - 1) / align * align;
        if (content > end || head.n_descsz > end - content) {
            reader_fail(
                    reader, ELF_MALFORMED, STR("has a note that is larger than its segment"));
            return;
        }
        if (head.n_namesz == TFA_NOTE_OWNER_SIZE &&
                reader_fetch(reader, &reader->windows[0], name, owner, sizeof(owner), "note") &&
                memcmp(owner, TFA_NOTE_OWNER, sizeof(owner)) == 0) {
            take_note(reader, head.n_type, (struct elf_range){ content, head.n_descsz });
        }
        at = next < end ? next : end;
    }
}

static void read_notes(struct reader *reader)
{
    size_t count = 0;
    for (size_t i = 0; i < reader->segment_count && !reader->is_bad; i++) {
        const Elf64_Phdr *segment = &reader->segments[i];
        if (segment->p_type != PT_NOTE) {
            continue;
        }
        if (!reader_has(reader, segment->p_offset, segment->p_filesz)) {
            reader_fail(reader, ELF_TRUNCATED, STR("is cut off: its notes lie beyond the end"));
            return;
        }
        read_note_segment(reader, segment, &count);
    }
    if (!reader->is_bad && reader->facts->identity.len == 0) {
        reader_fail(reader, ELF_NO_NOTE,
                STR("is a shared object without plugin metadata (no " TFA_NOTE_OWNER " note)"));
    }
}

int elf_read(struct arena *arena, const struct elf_input *input, struct elf_facts *ret_facts,
        struct elf_fault *ret_fault)
{
    struct elf_facts facts = { 0 };
    /* Not cleared as a whole: its windows are large, and this runs for every file of a folder. */
    struct reader reader;
    reader.arena = arena;
    reader.input = input;
    reader.facts = &facts;
    reader.segment_count = 0;
    reader.windows[0].len = 0;
    reader.windows[0].offset = 0;
    reader.windows[1].len = 0;
    reader.windows[1].offset = 0;
    reader.fault = (struct elf_fault){ ELF_MALFORMED, STR_EMPTY };
    reader.is_bad = false;
    read_header(&reader);
    judge_segments(&reader);
    if (!reader.is_bad) {
        read_notes(&reader);
    }
    if (!reader.is_bad) {
        reader_dynamic(&reader);
    }
    if (reader.is_bad) {
        *ret_fault = reader.fault;
        return ERR_INVALID;
    }
    *ret_facts = facts;
    return 0;
}

int elf_read_range(struct arena *arena, const struct elf_input *input, struct elf_range range,
        struct str *ret_content)
{
    if (range.offset > input->size_bytes ||
            range.size_bytes > input->size_bytes - range.offset) {
        return ERR_IO;
    }
    char *content = arena_alloc(arena, (size_t)range.size_bytes + 1);
    int code = input->read(input->context, range.offset, content, (size_t)range.size_bytes);
    if (code == 0) {
        *ret_content = (struct str){ content, (size_t)range.size_bytes };
    }
    return code;
}
