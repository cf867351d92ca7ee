/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is given back all at once. */
#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "err.h"

/* Under AddressSanitizer what is not handed out cannot be touched, and a gap follows what is. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#endif
#ifdef IS_SANITIZED
#include <sanitizer/asan_interface.h>
#define FORBID(memory, size) ASAN_POISON_MEMORY_REGION(memory, size)
#define ALLOW(memory, size)  ASAN_UNPOISON_MEMORY_REGION(memory, size)

enum {
    GAP = 16
};
#else
#define FORBID(memory, size) ((void)(memory), (void)(size))
#define ALLOW(memory, size)  ((void)(memory), (void)(size))

enum {
    GAP = 0
};
#endif

enum {
    BLOCK_MIN = 8 * 1024,
    BLOCK_MAX = 32 * 1024 * 1024, /* untouched pages of a block take no memory */
    ALONE_MIN = 1024 * 1024, /* requests that get a block of their own */
    HUGE_PAGE = 2 * 1024 * 1024
};

struct block {
    struct block *next;
    size_t size;
    size_t used;
    max_align_t bytes[];
};

struct arena {
    struct block *head;
    size_t total;
};

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (!arena) {
        out_of_memory();
    }
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena) {
        return;
    }
    struct block *block = arena->head;
    while (block) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

/*
 * Asks for huge pages inside a fresh block: a large repository is otherwise read at the price of one
 * page fault for every 4 KiB, which is a third of the whole run. A system without them says no.
 */
static void prefer_huge_pages(void *memory, size_t size)
{
    uintptr_t begin = ((uintptr_t)memory + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)memory + size) & ~(uintptr_t)(HUGE_PAGE - 1);
    if (begin < end) {
        (void)madvise((char *)memory + (begin - (uintptr_t)memory), end - begin, MADV_HUGEPAGE);
    }
}

void arena_reset(struct arena *arena)
{
    struct block *kept = arena->head;
    if (!kept) {
        return;
    }
    while (kept->next) {
        struct block *next = kept->next;
        kept->next = next->next;
        free(next);
    }
    ALLOW(kept->bytes, kept->used);
    memset(kept->bytes, 0, kept->used);
    FORBID(kept->bytes, kept->used);
    kept->used = 0;
    arena->total = kept->size;
}

/* A block for at least `size` bytes; big requests get one of their own behind the current one. */
static struct block *add_block(struct arena *arena, size_t size)
{
    size_t want = arena->total < BLOCK_MIN ? BLOCK_MIN : arena->total;
    if (want > BLOCK_MAX) {
        want = BLOCK_MAX;
    }
    if (want < size) {
        want = size;
    }
    /* calloc: fresh pages are already zero, so the system does the clearing. */
    struct block *block = calloc(1, sizeof(*block) + want);
    if (!block) {
        out_of_memory();
    }
    prefer_huge_pages(block, sizeof(*block) + want);
    FORBID(block->bytes, want);
    block->size = want;
    arena->total += want;
    if (size > ALONE_MIN && arena->head) {
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        block->next = arena->head;
        arena->head = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
    size_t align = _Alignof(max_align_t);
    if (size_bytes > SIZE_MAX / 2) {
        out_of_memory();
    }
    size_t size = ((size_bytes + align - 1) & ~(align - 1)) + GAP;
    struct block *block = arena->head;
    if (!block || block->size - block->used < size) {
        block = add_block(arena, size);
    }
    void *memory = (char *)block->bytes + block->used;
    block->used += size;
    ALLOW(memory, size_bytes);
    return memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size_bytes)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, size_bytes, &total)) {
        out_of_memory();
    }
    return arena_alloc(arena, total);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size_bytes)
{
    void *copy = arena_alloc(arena, size_bytes);
    if (size_bytes) {
        memcpy(copy, bytes, size_bytes);
    }
    return copy;
}

char *arena_cstr(struct arena *arena, struct str text)
{
    char *copy = arena_alloc(arena, text.len + 1);
    if (text.len) {
        memcpy(copy, text.ptr, text.len);
    }
    return copy;
}

struct str arena_dup(struct arena *arena, struct str text)
{
    return (struct str){ arena_cstr(arena, text), text.len };
}

struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0) {
        return arena_dup(arena, STR_EMPTY);
    }
    char *text = arena_alloc(arena, (size_t)len + 1);
    (void)vsnprintf(text, (size_t)len + 1, format, args);
    return (struct str){ text, (size_t)len };
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

struct str arena_join(
        struct arena *arena, const struct str *pieces, size_t count, struct str between)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        len += pieces[i].len + (i ? between.len : 0);
    }
    char *text = arena_alloc(arena, len + 1);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && between.len) {
            memcpy(text + at, between.ptr, between.len);
            at += between.len;
        }
        if (pieces[i].len) {
            memcpy(text + at, pieces[i].ptr, pieces[i].len);
            at += pieces[i].len;
        }
    }
    return (struct str){ text, len };
}

size_t arena_size(const struct arena *arena)
{
    return arena->total;
}
