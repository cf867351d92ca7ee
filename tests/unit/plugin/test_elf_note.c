/* SPDX-License-Identifier: Apache-2.0 */
/* The ELF reader on plugins as built, and on bytes changed to be wrong in one place each. */
#include <elf.h>
#include <string.h>

#include "estate.h"
#include "plugin/elf_note.h"

/* A copy that may be changed. */
static char *copy_of(struct estate *estate, const char *name, size_t *ret_size)
{
    struct str bytes = plugin_bytes(estate, name);
    *ret_size = bytes.len;
    return arena_copy(estate->run->arena, bytes.ptr, bytes.len);
}

static int read_bytes(struct estate *estate, const char *bytes, size_t size,
        struct elf_facts *ret_facts, struct elf_fault *ret_fault)
{
    struct str view = { bytes, size };
    struct elf_input input = elf_input_view(&view);
    return elf_read(estate->run->arena, &input, ret_facts, ret_fault);
}

static Elf64_Phdr *segment_of(char *bytes, uint32_t type, size_t skip)
{
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)bytes;
    Elf64_Phdr *segments = (Elf64_Phdr *)(void *)(bytes + header->e_phoff);
    for (size_t i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == type && skip-- == 0) {
            return &segments[i];
        }
    }
    return NULL;
}

/* The segment with our notes, and the first of them. */
static Elf64_Nhdr *note_of(char *bytes)
{
    for (size_t i = 0;; i++) {
        const Elf64_Phdr *segment = segment_of(bytes, PT_NOTE, i);
        assert_non_null(segment);
        for (size_t at = segment->p_offset; at + 20 <= segment->p_offset + segment->p_filesz;) {
            Elf64_Nhdr *note = (Elf64_Nhdr *)(void *)(bytes + at);
            if (note->n_namesz == 8 && memcmp(note + 1, "TFATMOS", 8) == 0) {
                return note;
            }
            at += sizeof(*note) + (note->n_namesz + 3) / 4 * 4 + (note->n_descsz + 3) / 4 * 4;
        }
    }
}

static void expect_fault(struct estate *estate, const char *bytes, size_t size,
        enum elf_fault_kind kind, const char *reason)
{
    struct elf_facts facts;
    struct elf_fault fault = { 0 };
    assert_int_equal(read_bytes(estate, bytes, size, &facts, &fault), ERR_INVALID);
    if (fault.kind != kind || str_find_str(fault.reason, str_from(reason)) < 0) {
        print_error("fault %d: %.*s\n", (int)fault.kind, STR_ARG(fault.reason));
        fail_msg("expected %d: %s", (int)kind, reason);
    }
}

static void good_plugin(void **state)
{
    (void)state;
    struct estate estate;
    struct elf_facts facts;
    struct elf_fault fault;
    struct str schema;
    estate_open(&estate);
    struct str bytes = plugin_bytes(&estate, "good/probe");
    struct elf_input input = elf_input_view(&bytes);
    assert_int_equal(elf_read(estate.run->arena, &input, &facts, &fault), 0);
    assert_true(str_starts_with(facts.identity, STR("{\"abi\":")));
    assert_int_equal(facts.entry, ELF_ENTRY_DEFINED);
    assert_true(facts.has_bind_now);
    assert_false(facts.has_text_relocations || facts.has_executable_stack ||
                 facts.has_writable_code || facts.has_filter || facts.is_program);
    assert_int_equal(facts.run_path.len, 0);
    bool has_libc = false;
    for (size_t i = 0; i < facts.needed_count; i++) {
        has_libc = has_libc || str_eq(facts.needed[i], STR("libc.so.6"));
    }
    assert_true(has_libc);
    assert_int_equal(elf_read_range(estate.run->arena, &input, facts.schema, &schema), 0);
    assert_true(str_starts_with(schema, STR("{")));
    assert_true(facts.catalogue.size_bytes > 0);
    estate_close(&estate);
}

static void bad_links(void **state)
{
    (void)state;
    struct estate estate;
    struct elf_fault fault;
    estate_open(&estate);

    static const struct {
        const char *name;
        enum elf_entry entry;
    } entries[] = { { "bad/no-entry", ELF_ENTRY_ABSENT },
        { "bad/library-entry", ELF_ENTRY_ABSENT }, { "bad/imported-entry", ELF_ENTRY_IMPORTED },
        { "bad/idle", ELF_ENTRY_DEFINED } };

    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        struct elf_facts facts;
        struct str bytes = plugin_bytes(&estate, entries[i].name);
        assert_int_equal(read_bytes(&estate, bytes.ptr, bytes.len, &facts, &fault), 0);
        assert_int_equal(facts.entry, entries[i].entry);
    }
    struct elf_facts facts;
    struct str bytes = plugin_bytes(&estate, "bad/lazy");
    assert_int_equal(read_bytes(&estate, bytes.ptr, bytes.len, &facts, &fault), 0);
    assert_false(facts.has_bind_now);
    bytes = plugin_bytes(&estate, "bad/run-path");
    assert_int_equal(read_bytes(&estate, bytes.ptr, bytes.len, &facts, &fault), 0);
    assert_str(facts.run_path, "/opt/lib");
    bytes = plugin_bytes(&estate, "bad/executable-stack");
    assert_int_equal(read_bytes(&estate, bytes.ptr, bytes.len, &facts, &fault), 0);
    assert_true(facts.has_executable_stack);
    bytes = plugin_bytes(&estate, "bad/no-note");
    expect_fault(&estate, bytes.ptr, bytes.len, ELF_NO_NOTE, "without plugin metadata");
    estate_close(&estate);
}

static void headers(void **state)
{
    (void)state;
    struct estate estate;
    size_t size = 0;
    estate_open(&estate);
    expect_fault(&estate, "", 0, ELF_NOT_ELF, "is empty");
    expect_fault(&estate, "\x7f", 1, ELF_NOT_ELF, "is not an ELF shared object");
    expect_fault(&estate, "#!/bin/sh\n", 10, ELF_NOT_ELF, "is not an ELF shared object");
    expect_fault(&estate,
            "\x7f"
            "ELF\x02\x01",
            6, ELF_TRUNCATED, "cut off");

    char *bytes = copy_of(&estate, "good/probe", &size);
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)bytes;
    header->e_ident[EI_CLASS] = ELFCLASS32;
    expect_fault(&estate, bytes, size, ELF_OTHER_MACHINE, "is a 32-bit file");
    expect_fault(&estate, bytes, 20, ELF_OTHER_MACHINE, "is a 32-bit file");
    header->e_ident[EI_CLASS] = 9;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "unknown class");
    header->e_ident[EI_CLASS] = ELFCLASS64;
    header->e_ident[EI_DATA] = ELFDATA2MSB;
    expect_fault(&estate, bytes, size, ELF_OTHER_MACHINE, "byte order");
    header->e_ident[EI_DATA] = ELFDATA2LSB;
    uint16_t machine = header->e_machine;
    header->e_machine = EM_S390;
    expect_fault(
            &estate, bytes, size, ELF_OTHER_MACHINE, "is built for IBM Z, this machine is");
    header->e_machine = 0x1234;
    expect_fault(&estate, bytes, size, ELF_OTHER_MACHINE, "is built for another processor");
    header->e_machine = machine;
    header->e_type = ET_REL;
    expect_fault(&estate, bytes, size, ELF_NOT_SHARED, "is an object file");
    header->e_type = ET_EXEC;
    expect_fault(&estate, bytes, size, ELF_NOT_SHARED, "is a program");
    header->e_type = ET_CORE;
    expect_fault(&estate, bytes, size, ELF_NOT_SHARED, "is not a shared object");
    header->e_type = ET_DYN;
    header->e_phentsize = 7;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "no program headers");
    header->e_phentsize = sizeof(Elf64_Phdr);
    header->e_phnum = 60000;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "too many program headers");
    header->e_phnum = 9;
    header->e_phoff = UINT64_MAX - 3;
    expect_fault(&estate, bytes, size, ELF_TRUNCATED, "program header lies beyond the end");
    estate_close(&estate);
}

static void notes(void **state)
{
    (void)state;
    struct estate estate;
    size_t size = 0;
    estate_open(&estate);
    char *bytes = copy_of(&estate, "good/probe", &size);
    note_of(bytes)->n_descsz = 0xFFFFFFF0;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "larger than its segment");
    bytes = copy_of(&estate, "good/probe", &size);
    note_of(bytes)->n_namesz = 0xFFFFFFFC;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "larger than its segment");
    bytes = copy_of(&estate, "good/probe", &size);
    note_of(bytes)->n_descsz = 0;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "wrong size");
    bytes = copy_of(&estate, "good/probe", &size);
    note_of(bytes)->n_type = 99; /* of a later version: skipped, so nothing is left */
    expect_fault(&estate, bytes, size, ELF_NO_NOTE, "without plugin metadata");
    bytes = copy_of(&estate, "good/probe", &size);
    memcpy(note_of(bytes) + 1, "tfatmos", 8);
    expect_fault(&estate, bytes, size, ELF_NO_NOTE, "without plugin metadata");
    bytes = copy_of(&estate, "good/probe", &size);
    Elf64_Nhdr *note = note_of(bytes);
    Elf64_Nhdr *second =
            (Elf64_Nhdr *)(void *)((char *)(note + 1) + 8 + (note->n_descsz + 3) / 4 * 4);
    second->n_type = 1;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "two identity notes");
    bytes = copy_of(&estate, "good/probe", &size);
    segment_of(bytes, PT_NOTE, 0)->p_offset = size - 4;
    expect_fault(&estate, bytes, size, ELF_TRUNCATED, "notes lie beyond the end");
    estate_close(&estate);
}

static void segments(void **state)
{
    (void)state;
    struct estate estate;
    struct elf_facts facts;
    struct elf_fault fault;
    size_t size = 0;
    estate_open(&estate);
    char *bytes = copy_of(&estate, "good/probe", &size);
    segment_of(bytes, PT_LOAD, 1)->p_flags |= PF_W;
    assert_int_equal(read_bytes(&estate, bytes, size, &facts, &fault), 0);
    assert_true(facts.has_writable_code);
    bytes = copy_of(&estate, "good/probe", &size);
    segment_of(bytes, PT_GNU_STACK, 0)->p_type = PT_NULL; /* silence means executable */
    assert_int_equal(read_bytes(&estate, bytes, size, &facts, &fault), 0);
    assert_true(facts.has_executable_stack);
    bytes = copy_of(&estate, "good/probe", &size);
    segment_of(bytes, PT_LOAD, 0)->p_filesz = size + 1;
    expect_fault(&estate, bytes, size, ELF_TRUNCATED, "segment lies beyond the end");
    bytes = copy_of(&estate, "good/probe", &size);
    segment_of(bytes, PT_DYNAMIC, 0)->p_type = PT_NULL;
    expect_fault(&estate, bytes, size, ELF_MALFORMED, "no usable dynamic section");
    bytes = copy_of(&estate, "good/probe", &size);
    segment_of(bytes, PT_DYNAMIC, 0)->p_offset = size - 8;
    expect_fault(&estate, bytes, size, ELF_TRUNCATED, "dynamic section lies beyond the end");
    estate_close(&estate);
}

/* Each dynamic entry replaced by values that lead nowhere: a fault or facts, never a crash. */
static void dynamic_entries(void **state)
{
    (void)state;
    struct estate estate;
    size_t size = 0;
    size_t faults = 0;
    estate_open(&estate);
    char *bytes = copy_of(&estate, "good/probe", &size);
    const Elf64_Phdr *segment = segment_of(bytes, PT_DYNAMIC, 0);
    Elf64_Dyn *entries = (Elf64_Dyn *)(void *)(bytes + segment->p_offset);
    static const uint64_t values[] = { 0, 1, UINT64_MAX, UINT64_MAX - 8, 0x7FFFFFFFFFFFFFFF };
    for (size_t i = 0; entries[i].d_tag != DT_NULL; i++) {
        uint64_t before = entries[i].d_un.d_val;
        for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
            struct elf_facts facts;
            struct elf_fault fault;
            entries[i].d_un.d_val = values[k];
            faults += read_bytes(&estate, bytes, size, &facts, &fault) != 0;
        }
        entries[i].d_un.d_val = before;
    }
    assert_true(faults > 5);
    estate_close(&estate);
}

/* A file cut anywhere is refused, or complete enough that nothing read is missing. */
static void cut_anywhere(void **state)
{
    (void)state;
    struct estate estate;
    struct elf_facts facts;
    struct elf_fault fault;
    estate_open(&estate);
    struct str bytes = plugin_bytes(&estate, "bad/idle");
    size_t last = 0;
    for (size_t i = 0; i < 12; i++) {
        const Elf64_Phdr *segment =
                segment_of(arena_copy(estate.run->arena, bytes.ptr, bytes.len), PT_LOAD, i);
        if (segment && segment->p_offset + segment->p_filesz > last) {
            last = segment->p_offset + segment->p_filesz;
        }
    }
    for (size_t size = 0; size < bytes.len; size += size < 4096 ? 3 : 61) {
        int code = read_bytes(&estate, bytes.ptr, size, &facts, &fault);
        assert_int_equal(code, size < last ? ERR_INVALID : 0);
        assert_true(code == 0 || fault.reason.len > 0);
    }
    estate_close(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_plugin),
        cmocka_unit_test(bad_links),
        cmocka_unit_test(headers),
        cmocka_unit_test(notes),
        cmocka_unit_test(segments),
        cmocka_unit_test(dynamic_entries),
        cmocka_unit_test(cut_anywhere),
    };
    return RUN_TESTS(tests);
}
