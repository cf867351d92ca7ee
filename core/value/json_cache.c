/* SPDX-License-Identifier: Apache-2.0 */
/* Text of lists and maps that were written before. */
#include "json_cache.h"

enum {
    FIRST_SLOTS = 256,
    MAX_MEMOS = 1 << 20,
    MAX_KEPT_BYTES = 32 * 1024 * 1024
};

static struct json_memo *slot_of(
        const struct json_cache *cache, const struct value *value, size_t depth)
{
    uint64_t hash = ((uint64_t)(uintptr_t)value + depth) * 0x9e3779b97f4a7c15u;
    size_t mask = cache->slot_count - 1;
    size_t slot = (size_t)(hash >> 20) & mask;
    while (cache->memos[slot].value &&
            (cache->memos[slot].value != value || cache->memos[slot].depth != depth)) {
        slot = (slot + 1) & mask;
    }
    return &cache->memos[slot];
}

static void grow(struct json_cache *cache)
{
    const struct json_memo *old = cache->memos;
    size_t old_count = cache->slot_count;
    if (!cache->arena) {
        cache->arena = arena_new();
    }
    cache->slot_count = old_count ? old_count * 2 : FIRST_SLOTS;
    cache->memos = ARENA_ARRAY(cache->arena, struct json_memo, cache->slot_count);
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].value) {
            *slot_of(cache, old[i].value, old[i].depth) = old[i];
        }
    }
}

struct json_memo *json_cache_find(
        struct json_cache *cache, const struct value *value, size_t depth)
{
    if ((cache->count + 1) * 4 > cache->slot_count * 3) {
        if (cache->count >= MAX_MEMOS) {
            return NULL;
        }
        grow(cache);
    }
    struct json_memo *memo = slot_of(cache, value, depth);
    if (!memo->value) {
        memo->value = value;
        memo->depth = (uint32_t)depth;
        cache->count++;
    }
    return memo;
}

void json_cache_note(struct json_cache *cache, struct json_span span)
{
    VEC_PUSH(cache->arena, &cache->spans, span);
}

void json_cache_keep(struct json_cache *cache, struct str text, size_t start)
{
    if (cache->kept_bytes + text.len <= MAX_KEPT_BYTES) {
        cache->kept_bytes += text.len;
        const char *copy = arena_copy(cache->arena, text.ptr, text.len);
        for (size_t i = 0; i < cache->spans.count; i++) {
            const struct json_span *span = &cache->spans.items[i];
            struct json_memo *memo = slot_of(cache, span->value, span->depth);
            memo->text = copy + (span->start - start);
            memo->len = span->len;
        }
    }
    cache->spans.count = 0;
}

void json_cache_clear(struct json_cache *cache)
{
    arena_free(cache->arena);
    *cache = (struct json_cache){ 0 };
}
