/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the file alone: how it was linked and what its notes say. None of its code runs. */
#include "lint.h"

#include <elf.h>
#include <string.h>

#include "plugin/aws_policy.h"

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

/* Bytes of the file at a place, NULL when it ends before. */
static const void *bytes_at(const struct conform *conform, uint64_t offset, uint64_t size)
{
    struct str bytes = conform->facts.bytes;
    return offset > bytes.len || size > bytes.len - offset ? NULL : bytes.ptr + offset;
}

static const Elf64_Phdr *segment_of(const struct conform *conform, size_t index)
{
    const Elf64_Ehdr *header = bytes_at(conform, 0, sizeof(*header));
    if (header == NULL || index >= header->e_phnum) {
        return NULL;
    }
    return bytes_at(conform, header->e_phoff + index * sizeof(Elf64_Phdr), sizeof(Elf64_Phdr));
}

/* What lies at a virtual address. */
static const void *loaded_at(const struct conform *conform, uint64_t address, uint64_t size)
{
    const Elf64_Phdr *segment;
    for (size_t i = 0; (segment = segment_of(conform, i)) != NULL; i++) {
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
                address - segment->p_vaddr < segment->p_filesz) {
            return bytes_at(conform, segment->p_offset + (address - segment->p_vaddr), size);
        }
    }
    return NULL;
}

static bool has_segment(const struct conform *conform, uint32_t type)
{
    const Elf64_Phdr *segment;
    for (size_t i = 0; (segment = segment_of(conform, i)) != NULL; i++) {
        if (segment->p_type == type) {
            return true;
        }
    }
    return false;
}

static uint64_t dynamic_of(const struct conform *conform, int64_t tag)
{
    const Elf64_Phdr *segment;
    for (size_t i = 0; (segment = segment_of(conform, i)) != NULL; i++) {
        for (size_t k = 0;
                segment->p_type == PT_DYNAMIC && k < segment->p_filesz / sizeof(Elf64_Dyn);
                k++) {
            const Elf64_Dyn *entry =
                    bytes_at(conform, segment->p_offset + k * sizeof(*entry), sizeof(*entry));
            if (entry == NULL || entry->d_tag == DT_NULL) {
                break;
            }
            if (entry->d_tag == tag) {
                return entry->d_un.d_val;
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

void test_exports(struct conform *conform)
{
    const struct facts *facts = &conform->facts;
    uint64_t symbols = dynamic_of(conform, DT_SYMTAB);
    uint64_t strings = dynamic_of(conform, DT_STRTAB);
    uint64_t strings_size = dynamic_of(conform, DT_STRSZ);
    /* Every linker puts the strings right behind the symbols. */
    uint64_t count = strings > symbols ? (strings - symbols) / sizeof(Elf64_Sym) : 0;
    if (facts->fault.len > 0) {
        skip(conform, "the file cannot be read");
        return;
    }
    if (facts->elf.entry != ELF_ENTRY_DEFINED) {
        failed(conform, RULE_EXPORTS, "the file %s " TFA_ENTRY_SYMBOL,
                facts->elf.entry == ELF_ENTRY_IMPORTED ? "only imports" : "does not define");
    }
    const char *names = loaded_at(conform, strings, strings_size);
    for (uint64_t i = 1; names != NULL && i < count; i++) {
        const Elf64_Sym *symbol =
                loaded_at(conform, symbols + i * sizeof(*symbol), sizeof(*symbol));
        if (symbol == NULL || symbol->st_name >= strings_size) {
            break;
        }
        const char *name = names + symbol->st_name;
        bool is_open = ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
                       symbol->st_shndx != SHN_UNDEF &&
                       (ELF64_ST_VISIBILITY(symbol->st_other) == STV_DEFAULT ||
                               ELF64_ST_VISIBILITY(symbol->st_other) == STV_PROTECTED);
        if (is_open && memchr(name, '\0', (size_t)(strings_size - symbol->st_name)) != NULL &&
                !is_entry_name(name)) {
            failed(conform, RULE_EXPORTS, "exports `%.200s` too", name);
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

void test_identity(struct conform *conform)
{
    const struct facts *facts = &conform->facts;
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
