/* SPDX-License-Identifier: Apache-2.0 */
/* Text of lists and maps that were written before. */
#include "json_cache.h"

enum {
    FIRST_SLOTS = 256,
    MAX_NODES = 1 << 20,
    MAX_KEPT_BYTES = 32 * 1024 * 1024
};

static struct json_seen *slot_of(
        const struct json_cache *cache, const struct value *value, size_t depth)
{
    uint64_t hash = ((uint64_t)(uintptr_t)value + depth) * 0x9e3779b97f4a7c15u;
    size_t mask = cache->slot_count - 1;
    size_t slot = (size_t)(hash >> 20) & mask;
    while (cache->slots[slot].value &&
            (cache->slots[slot].value != value || cache->slots[slot].depth != depth)) {
        slot = (slot + 1) & mask;
    }
    return &cache->slots[slot];
}

static void grow(struct json_cache *cache)
{
    const struct json_seen *old = cache->slots;
    size_t old_count = cache->slot_count;
    struct arena *old_arena = cache->slot_arena;
    if (!cache->arena) {
        cache->arena = arena_new();
    }
    cache->slot_arena = arena_new();
    cache->slot_count = old_count ? old_count * 2 : FIRST_SLOTS;
    cache->slots = ARENA_ARRAY(cache->slot_arena, struct json_seen, cache->slot_count);
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].value) {
            *slot_of(cache, old[i].value, old[i].depth) = old[i];
        }
    }
    arena_free(old_arena);
}

enum json_sight json_cache_look(
        struct json_cache *cache, const struct value *value, size_t depth, struct str *ret_text)
{
    if ((cache->count + 1) * 4 > cache->slot_count * 3) {
        if (cache->count >= MAX_NODES) {
            return JSON_NEW;
        }
        grow(cache);
    }
    struct json_seen *seen = slot_of(cache, value, depth);
    if (!seen->value) {
        *seen = (struct json_seen){ .value = value, .depth = (uint32_t)depth };
        cache->count++;
        return JSON_NEW;
    }
    if (seen->kept == 0) {
        return JSON_SEEN;
    }
    *ret_text = cache->kept.items[seen->kept - 1];
    return JSON_KEPT;
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
            struct str kept = { copy + (span->start - start), span->len };
            VEC_PUSH(cache->arena, &cache->kept, kept);
            slot_of(cache, span->value, span->depth)->kept = (uint32_t)cache->kept.count;
        }
    }
    cache->spans.count = 0;
}

void json_cache_clear(struct json_cache *cache)
{
    arena_free(cache->arena);
    arena_free(cache->slot_arena);
    *cache = (struct json_cache){ 0 };
}
