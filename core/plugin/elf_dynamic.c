/* SPDX-License-Identifier: Apache-2.0 */
/* Second half of the ELF reader: the dynamic section and the dynamic symbols. */
#include <string.h>

#include <tf-atmos/plugin.h>

#include "elf_reader.h"

enum {
    DYNAMIC_MAX = 1024,
    SYMBOL_MAX = 1 << 16,
    BUCKET_MAX = 1 << 16
};

/* What the dynamic section says, addresses still virtual. */
struct dynamic {
    uint64_t strings, strings_size, symbols, hash, gnu_hash;
    uint64_t run_path;
    uint64_t needed[ELF_NEEDED_MAX];
    size_t needed_count;
    bool has_run_path;
};

/* File offset of a virtual address that has `size` bytes in the file. */
static bool locate(
        const struct reader *reader, uint64_t address, uint64_t size, uint64_t *ret_offset)
{
    for (size_t i = 0; i < reader->segment_count; i++) {
        const Elf64_Phdr *segment = &reader->segments[i];
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
                address - segment->p_vaddr <= segment->p_filesz &&
                size <= segment->p_filesz - (address - segment->p_vaddr)) {
            *ret_offset = segment->p_offset + (address - segment->p_vaddr);
            return true;
        }
    }
    return false;
}

/* One entry of the dynamic section. */
static void take_entry(struct reader *reader, struct dynamic *dynamic, const Elf64_Dyn *entry)
{
    struct elf_facts *facts = reader->facts;
    uint64_t value = entry->d_un.d_val;
    switch (entry->d_tag) {
    case DT_STRTAB:
        dynamic->strings = value;
        break;
    case DT_STRSZ:
        dynamic->strings_size = value;
        break;
    case DT_SYMTAB:
        dynamic->symbols = value;
        break;
    case DT_HASH:
        dynamic->hash = value;
        break;
    case DT_GNU_HASH:
        dynamic->gnu_hash = value;
        break;
    case DT_RPATH:
    case DT_RUNPATH:
        dynamic->run_path = value;
        dynamic->has_run_path = true;
        break;
    case DT_NEEDED:
        if (dynamic->needed_count == ELF_NEEDED_MAX) {
            reader_fail(reader, ELF_MALFORMED, STR("needs too many libraries"));
        } else {
            dynamic->needed[dynamic->needed_count++] = value;
        }
        break;
    case DT_TEXTREL:
        facts->has_text_relocations = true;
        break;
    case DT_BIND_NOW:
        facts->has_bind_now = true;
        break;
    case DT_FLAGS:
        facts->has_bind_now |= (value & DF_BIND_NOW) != 0;
        facts->has_text_relocations |= (value & DF_TEXTREL) != 0;
        break;
    case DT_FLAGS_1:
        facts->has_bind_now |= (value & DF_1_NOW) != 0;
        facts->is_program |= (value & DF_1_PIE) != 0;
        break;
    case DT_AUDIT:
    case DT_DEPAUDIT:
    case DT_FILTER:
    case DT_AUXILIARY:
        facts->has_filter = true;
        break;
    default:
        break;
    }
}

static bool read_dynamic(struct reader *reader, struct dynamic *dynamic)
{
    for (size_t i = 0; i < reader->segment_count; i++) {
        const Elf64_Phdr *segment = &reader->segments[i];
        if (segment->p_type != PT_DYNAMIC) {
            continue;
        }
        size_t count = segment->p_filesz / sizeof(Elf64_Dyn);
        if (count > DYNAMIC_MAX || segment->p_offset > UINT64_MAX / 2) {
            break;
        }
        for (size_t k = 0; k < count; k++) {
            Elf64_Dyn entry;
            if (!reader_fetch(reader, &reader->windows[0],
                        segment->p_offset + k * sizeof(entry), &entry, sizeof(entry),
                        "dynamic section")) {
                return false;
            }
            if (entry.d_tag == DT_NULL) {
                return true;
            }
            take_entry(reader, dynamic, &entry);
        }
        return !reader->is_bad;
    }
    reader_fail(reader, ELF_MALFORMED,
            STR("is a damaged shared object: no usable dynamic section"));
    return false;
}

/* A string of the dynamic string table, at most ELF_NAME_MAX bytes. */
static struct str read_name(
        struct reader *reader, const struct dynamic *dynamic, uint64_t index)
{
    char text[ELF_NAME_MAX + 1];
    uint64_t offset = 0;
    size_t room = 0;
    if (index < dynamic->strings_size) {
        uint64_t left = dynamic->strings_size - index;
        room = left < sizeof(text) ? (size_t)left : sizeof(text);
    }
    if (room == 0 || !locate(reader, dynamic->strings, dynamic->strings_size, &offset) ||
            !reader_fetch(
                    reader, &reader->windows[1], offset + index, text, room, "string table")) {
        reader_fail(reader, ELF_MALFORMED, STR("is a damaged shared object: bad string table"));
        return STR_EMPTY;
    }
    size_t len = strnlen(text, room);
    if (len == room) {
        reader_fail(
                reader, ELF_MALFORMED, STR("is a damaged shared object: a name without end"));
        return STR_EMPTY;
    }
    return arena_dup(reader->arena, (struct str){ text, len });
}

/* Number of symbols by the GNU hash table, which covers only those that can be found in it. */
static uint64_t count_by_gnu_hash(struct reader *reader, uint64_t address)
{
    uint32_t head[4]; /* buckets, first symbol, bloom words, bloom shift */
    uint64_t offset = 0;
    if (!locate(reader, address, sizeof(head), &offset) ||
            !reader_fetch(
                    reader, &reader->windows[0], offset, head, sizeof(head), "hash table")) {
        return 0;
    }
    if (head[0] > BUCKET_MAX || head[2] > BUCKET_MAX || head[1] > SYMBOL_MAX) {
        reader_fail(
                reader, ELF_MALFORMED, STR("is a damaged shared object: hash table too large"));
        return 0;
    }
    uint64_t buckets = offset + sizeof(head) + (uint64_t)head[2] * 8;
    uint64_t chains = buckets + (uint64_t)head[0] * 4;
    uint32_t last = 0;
    for (uint32_t i = 0; i < head[0]; i++) {
        uint32_t first = 0;
        if (!reader_fetch(reader, &reader->windows[0], buckets + (uint64_t)i * 4, &first,
                    sizeof(first), "hash table")) {
            return 0;
        }
        last = first > last ? first : last;
    }
    if (last < head[1]) {
        return head[1];
    }
    for (; last < SYMBOL_MAX; last++) {
        uint32_t link = 0;
        if (!reader_fetch(reader, &reader->windows[0], chains + (uint64_t)(last - head[1]) * 4,
                    &link, sizeof(link), "hash table")) {
            return 0;
        }
        if ((link & 1) != 0) {
            return (uint64_t)last + 1;
        }
    }
    return SYMBOL_MAX;
}

static uint64_t count_symbols(struct reader *reader, const struct dynamic *dynamic)
{
    uint64_t count = 0;
    uint64_t offset = 0;
    uint32_t head[2]; /* buckets, chains: as many chains as symbols */
    if (dynamic->hash != 0 && locate(reader, dynamic->hash, sizeof(head), &offset)) {
        if (reader_fetch(
                    reader, &reader->windows[0], offset, head, sizeof(head), "hash table")) {
            count = head[1];
        }
    } else if (dynamic->gnu_hash != 0) {
        count = count_by_gnu_hash(reader, dynamic->gnu_hash);
        /* Imported symbols alone leave that table empty; linkers put the strings right behind. */
        uint64_t room = dynamic->strings > dynamic->symbols
                                ? (dynamic->strings - dynamic->symbols) / sizeof(Elf64_Sym)
                                : 0;
        if (room <= SYMBOL_MAX && room > count) {
            count = room;
        }
    }
    if (count > SYMBOL_MAX) {
        reader_fail(reader, ELF_MALFORMED, STR("has too many dynamic symbols"));
    }
    return reader->is_bad ? 0 : count;
}

/* A function of our name in the file itself, one that is only imported, or neither. */
static enum elf_entry find_entry(struct reader *reader, const struct dynamic *dynamic)
{
    static const char name[] = TFA_ENTRY_SYMBOL;
    enum elf_entry found = ELF_ENTRY_ABSENT;
    uint64_t strings = 0;
    uint64_t count = count_symbols(reader, dynamic);
    uint64_t symbols = 0;
    if (!locate(reader, dynamic->symbols, count * sizeof(Elf64_Sym), &symbols) ||
            !locate(reader, dynamic->strings, dynamic->strings_size, &strings)) {
        return found;
    }
    for (uint64_t i = 1; i < count; i++) {
        Elf64_Sym symbol;
        char text[sizeof(name)];
        if (!reader_fetch(reader, &reader->windows[0], symbols + i * sizeof(symbol), &symbol,
                    sizeof(symbol), "symbol table")) {
            break;
        }
        if (symbol.st_name >= dynamic->strings_size ||
                dynamic->strings_size - symbol.st_name < sizeof(name)) {
            continue;
        }
        if (!reader_fetch(reader, &reader->windows[1], strings + symbol.st_name, text,
                    sizeof(text), "string table")) {
            break;
        }
        if (memcmp(text, name, sizeof(name)) != 0) {
            continue;
        }
        if (symbol.st_shndx == SHN_UNDEF) {
            found = ELF_ENTRY_IMPORTED;
        } else if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC) {
            return ELF_ENTRY_DEFINED;
        }
    }
    return found;
}

void reader_dynamic(struct reader *reader)
{
    struct dynamic dynamic = { 0 };
    struct elf_facts *facts = reader->facts;
    if (!read_dynamic(reader, &dynamic)) {
        return;
    }
    for (size_t i = 0; i < dynamic.needed_count && !reader->is_bad; i++) {
        facts->needed[facts->needed_count++] = read_name(reader, &dynamic, dynamic.needed[i]);
    }
    if (dynamic.has_run_path) {
        facts->run_path = read_name(reader, &dynamic, dynamic.run_path);
        if (facts->run_path.len == 0) {
            facts->run_path = STR("(empty)");
        }
    }
    facts->entry = find_entry(reader, &dynamic);
}
