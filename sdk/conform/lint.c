/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the file alone: how it was linked and what its notes say. None of its code runs. */
#include "lint.h"

#include <elf.h>
#include <string.h>

#include "plugin/aws_policy.h"
#include "plugin/deadline.h"

/* ---- the file ---- */

/* The reader's faults about notes belong to the rule of the notes. */
static bool is_about_notes(struct str fault)
{
    return str_find_str(fault, STR("note")) >= 0;
}

void test_file(struct conform *conform)
{
    const struct facts *facts = &conform->facts;
    if (facts->fault.len > 0 && !is_about_notes(facts->fault)) {
        failed(conform, RULE_FILE, "the file %.*s", STR_ARG(facts->fault));
    } else if (facts->elf.is_program) {
        failed(conform, RULE_FILE, "the file is a program");
    }
}

/* Copies a piece of the file, wherever it lies; false when the file ends before. */
static bool fetch(const struct conform *conform, uint64_t offset, void *ret_bytes, size_t size)
{
    struct str bytes = conform->facts.bytes;
    if (offset > bytes.len || size > bytes.len - offset) {
        return false;
    }
    memcpy(ret_bytes, bytes.ptr + offset, size);
    return true;
}

static bool segment_of(const struct conform *conform, size_t index, Elf64_Phdr *ret_segment)
{
    Elf64_Ehdr header;
    return fetch(conform, 0, &header, sizeof(header)) && index < header.e_phnum &&
           fetch(conform, header.e_phoff + index * sizeof(*ret_segment), ret_segment,
                   sizeof(*ret_segment));
}

/* Place in the file of what is loaded at an address; UINT64_MAX when nothing is. */
static uint64_t offset_of(const struct conform *conform, uint64_t address)
{
    Elf64_Phdr segment;
    for (size_t i = 0; segment_of(conform, i, &segment); i++) {
        if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
                address - segment.p_vaddr < segment.p_filesz) {
            return segment.p_offset + (address - segment.p_vaddr);
        }
    }
    return UINT64_MAX;
}

static bool has_segment(const struct conform *conform, uint32_t type)
{
    Elf64_Phdr segment;
    for (size_t i = 0; segment_of(conform, i, &segment); i++) {
        if (segment.p_type == type) {
            return true;
        }
    }
    return false;
}

static uint64_t dynamic_of(const struct conform *conform, int64_t tag)
{
    Elf64_Phdr segment;
    Elf64_Dyn entry;
    for (size_t i = 0; segment_of(conform, i, &segment); i++) {
        for (size_t k = 0; segment.p_type == PT_DYNAMIC && k < segment.p_filesz / sizeof(entry);
                k++) {
            if (!fetch(conform, segment.p_offset + k * sizeof(entry), &entry, sizeof(entry)) ||
                    entry.d_tag == DT_NULL) {
                break;
            }
            if (entry.d_tag == tag) {
                return entry.d_un.d_val;
            }
        }
    }
    return 0;
}

/* Is it tfa_plugin_main_v and a number? */
static bool is_entry_name(const char *name)
{
    static const char stem[] = "tfa_plugin_main_v";
    size_t len = strlen(name);
    return strncmp(name, stem, sizeof(stem) - 1) == 0 && len > sizeof(stem) - 1 &&
           strspn(name + sizeof(stem) - 1, "0123456789") == len - (sizeof(stem) - 1);
}

/* The name of a dynamic symbol others can see; false for all others. */
static bool open_name(const struct conform *conform, uint64_t symbol_offset,
        uint64_t strings_offset, char *ret_name, size_t size)
{
    Elf64_Sym symbol;
    if (!fetch(conform, symbol_offset, &symbol, sizeof(symbol)) ||
            ELF64_ST_BIND(symbol.st_info) == STB_LOCAL || symbol.st_shndx == SHN_UNDEF ||
            ELF64_ST_VISIBILITY(symbol.st_other) == STV_HIDDEN ||
            ELF64_ST_VISIBILITY(symbol.st_other) == STV_INTERNAL) {
        return false;
    }
    memset(ret_name, 0, size);
    for (size_t i = 0; i < size - 1; i++) {
        if (!fetch(conform, strings_offset + symbol.st_name + i, ret_name + i, 1) ||
                ret_name[i] == '\0') {
            break;
        }
    }
    return true;
}

void test_exports(struct conform *conform)
{
    const struct facts *facts = &conform->facts;
    uint64_t symbols = dynamic_of(conform, DT_SYMTAB);
    uint64_t strings = dynamic_of(conform, DT_STRTAB);
    /* Every linker puts the strings right behind the symbols. */
    uint64_t count = strings > symbols ? (strings - symbols) / sizeof(Elf64_Sym) : 0;
    char name[200];
    if (facts->fault.len > 0) {
        skip(conform, "the file cannot be read");
        return;
    }
    if (facts->elf.entry != ELF_ENTRY_DEFINED) {
        failed(conform, RULE_EXPORTS, "the file %s " TFA_ENTRY_SYMBOL,
                facts->elf.entry == ELF_ENTRY_IMPORTED ? "only imports" : "does not define");
    }
    uint64_t at = offset_of(conform, symbols);
    uint64_t names = offset_of(conform, strings);
    for (uint64_t i = 1; at != UINT64_MAX && names != UINT64_MAX && i < count; i++) {
        if (open_name(conform, at + i * sizeof(Elf64_Sym), names, name, sizeof(name)) &&
                !is_entry_name(name)) {
            failed(conform, RULE_EXPORTS, "exports `%s` too", name);
        }
    }
}

void test_linking(struct conform *conform)
{
    const struct elf_facts *elf = &conform->facts.elf;
    if (conform->facts.fault.len > 0) {
        skip(conform, "the file cannot be read");
        return;
    }
    if (!elf->has_bind_now) {
        failed(conform, RULE_BIND_NOW, "is not linked with -z now");
    }
    if (!has_segment(conform, PT_GNU_RELRO)) {
        failed(conform, RULE_RELRO, "is not linked with -z relro");
    }
    if (elf->run_path.len > 0) {
        failed(conform, RULE_RUN_PATH, "has RPATH or RUNPATH `%.*s`", STR_ARG(elf->run_path));
    }
    if (elf->has_filter) {
        failed(conform, RULE_RUN_PATH,
                "pulls in other code by DT_AUDIT, DT_FILTER or DT_AUXILIARY");
    }
    if (elf->has_text_relocations || elf->has_writable_code) {
        failed(conform, RULE_WRITABLE_CODE, "%s",
                elf->has_writable_code ? "has a segment that is writable and executable"
                                       : "has text relocations: compile it with -fPIC");
    }
    if (elf->has_executable_stack) {
        failed(conform, RULE_STACK, "asks for an executable stack");
    }
}

void test_libraries(struct conform *conform)
{
    static const char *const allowed[] = { "libc.so.", "libm.so.", "libgcc_s.so.",
        "libstdc++.so.", "libc++.so.", "libc++abi.so.", "libunwind.so.", "libpthread.so.",
        "libdl.so.", "librt.so.", "ld-linux", "libc.musl-", "ld-musl-" };
    static const char *const sanitizers[] = { "libasan.so.", "libubsan.so.", "libtsan.so.",
        "libclang_rt." };
    const struct elf_facts *elf = &conform->facts.elf;
    for (size_t i = 0; i < elf->needed_count; i++) {
        bool is_fine = false;
        for (size_t k = 0; k < sizeof(allowed) / sizeof(allowed[0]); k++) {
            is_fine |= str_starts_with(elf->needed[i], str_from(allowed[k]));
        }
        for (size_t k = 0;
                conform->is_sanitized && k < sizeof(sanitizers) / sizeof(sanitizers[0]); k++) {
            is_fine |= str_starts_with(elf->needed[i], str_from(sanitizers[k]));
        }
        if (str_find(elf->needed[i], '/') >= 0) {
            failed(conform, RULE_RUN_PATH, "needs a library by path: `%.*s`",
                    STR_ARG(elf->needed[i]));
        } else if (!is_fine) {
            failed(conform, RULE_LIBRARIES, "needs `%.*s`", STR_ARG(elf->needed[i]));
        }
    }
}

/* ---- the notes ---- */

void test_notes(struct conform *conform)
{
    const struct facts *facts = &conform->facts;
    if (facts->fault.len > 0 && is_about_notes(facts->fault)) {
        failed(conform, RULE_NOTES, "the file %.*s", STR_ARG(facts->fault));
    }
    if (facts->catalogue_fault.len > 0) {
        failed(conform, RULE_NOTES, "the catalogue: %.*s", STR_ARG(facts->catalogue_fault));
    }
}

/* The reader of the program takes numbers out of bounds, so that they can change. */
static void judge_seconds(struct conform *conform, const struct value *value, struct str where)
{
    int64_t seconds = 0;
    if (value && (!value_int(value, &seconds) || seconds < DEADLINE_LEAST_S ||
                         seconds > DEADLINE_MOST_S)) {
        failed(conform, RULE_DEADLINES,
                "%.*s: `%.*s` is not a whole number of seconds from %d to %d", STR_ARG(where),
                STR_ARG(value_text(value)), DEADLINE_LEAST_S, DEADLINE_MOST_S);
    }
}

static void judge_deadlines(struct conform *conform)
{
    const struct facts *facts = &conform->facts;
    const struct value *deadlines =
            facts->identity ? value_get_str(facts->identity->root, STR("deadlines")) : NULL;
    const struct value *checks = value_get_str(facts->catalogue, STR("checks"));
    for (size_t i = 0; value_is(deadlines, VALUE_MAP) && i < value_count(deadlines); i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): it is a map */
        const struct value_entry *entry = &deadlines->as.map.entries[i];
        struct str key = entry->key->text;
        if (!str_eq_cstr(key, "callback_seconds") && !str_eq_cstr(key, "check_seconds")) {
            failed(conform, RULE_DEADLINES, "deadlines: nobody reads `%.*s`", STR_ARG(key));
            continue;
        }
        judge_seconds(conform, entry->value, key);
    }
    for (size_t i = 0; i < value_count(checks); i++) {
        const struct value *check = value_at(checks, i);
        judge_seconds(conform, value_get_str(check, STR("check_seconds")),
                value_string(value_get_str(check, STR("id"))));
    }
}

void test_identity(struct conform *conform)
{
    const struct facts *facts = &conform->facts;
    judge_deadlines(conform);
    if (facts->identity_fault.len > 0) {
        enum rule rule =
                str_find_str(facts->identity_fault, STR("AWS action")) >= 0 ||
                                str_find_str(facts->identity_fault, STR("aws_actions")) >= 0
                        ? RULE_ACTIONS
                        : RULE_IDENTITY;
        failed(conform, rule, "the identity %.*s", STR_ARG(facts->identity_fault));
    }
}

void test_bindings(struct conform *conform)
{
    /* Names of modules that have nothing in common but being names. */
    static const char *const strangers[] = { "qx7", "vpc", "zz-9_w", "network/tgw", "a/b/c" };
    const struct plugin_identity *identity = conform->facts.identity;
    for (size_t i = 0; identity != NULL && i < identity->components.count; i++) {
        int matches = 0;
        for (size_t k = 0; k < sizeof(strangers) / sizeof(strangers[0]); k++) {
            matches +=
                    glob_match(identity->components.items[i], str_from(strangers[k])) ? 1 : 0;
        }
        if (matches > 1) {
            failed(conform, RULE_BINDINGS, "components[%zu]: `%.*s` matches any module", i,
                    STR_ARG(identity->components.items[i]));
        }
    }
}

void test_actions(struct conform *conform)
{
    const struct plugin_identity *identity = conform->facts.identity;
    for (size_t i = 0; identity != NULL && i < identity->aws_actions.count; i++) {
        const char *why = aws_action_refusal(identity->aws_actions.items[i]);
        if (why != NULL) {
            failed(conform, RULE_ACTIONS, "aws_actions: `%.*s`, which %s",
                    STR_ARG(identity->aws_actions.items[i]), why);
        }
    }
}

void test_schema(struct conform *conform)
{
    if (conform->facts.schema_fault.len > 0) {
        failed(conform, RULE_SCHEMA, "the schema: %.*s", STR_ARG(conform->facts.schema_fault));
    } else if (conform->facts.schema_text.len == 0) {
        skip(conform,
                "the plugin has no schema: the program checks nothing before it is called");
    }
}
