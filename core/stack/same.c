/* SPDX-License-Identifier: Apache-2.0 */
/* Equality with memory: instances of two states of a repository share most of their nodes. */
#include "same.h"

struct same_pair {
    const struct value *a;
    const struct value *b;
    bool is_same;
};

static size_t slot_of(
        const struct sameness *sameness, const struct value *a, const struct value *b)
{
    uint64_t hash = (uint64_t)(uintptr_t)a * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 29) ^ (uint64_t)(uintptr_t)b) * UINT64_C(0xbf58476d1ce4e5b9);
    size_t mask = sameness->slot_count - 1;
    size_t at = (size_t)(hash >> 32) & mask;
    while (sameness->slots[at].a &&
            (sameness->slots[at].a != a || sameness->slots[at].b != b)) {
        at = (at + 1) & mask;
    }
    return at;
}

static void grow(struct sameness *sameness)
{
    struct sameness larger = { .arena = sameness->arena, .count = sameness->count };
    larger.slot_count = sameness->slot_count ? sameness->slot_count * 2 : 1024;
    larger.slots = ARENA_ARRAY(larger.arena, struct same_pair, larger.slot_count);
    for (size_t i = 0; i < sameness->slot_count; i++) {
        const struct same_pair *pair = &sameness->slots[i];
        if (pair->a) {
            larger.slots[slot_of(&larger, pair->a, pair->b)] = *pair;
        }
    }
    *sameness = larger;
}

static bool is_same_list(
        struct sameness *sameness, const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < a->as.list.count; i++) {
        if (!sameness_ask(sameness, a->as.list.items[i], b->as.list.items[i])) {
            return false;
        }
    }
    return true;
}

static bool is_same_map(struct sameness *sameness, const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < a->as.map.count; i++) {
        const struct value_entry *left = &a->as.map.entries[i];
        const struct value_entry *right = &b->as.map.entries[i];
        const struct value *other =
                left->key == right->key ? right->value : value_get(b, left->key);
        if (!other || !sameness_ask(sameness, left->value, other)) {
            return false;
        }
    }
    return true;
}

bool sameness_ask(struct sameness *sameness, const struct value *a, const struct value *b)
{
    if (a == b) {
        return true;
    }
    if (!a || !b || a->kind != b->kind) {
        return false;
    }
    if (!value_is(a, VALUE_LIST) && !value_is(a, VALUE_MAP)) {
        return value_equal(a, b);
    }
    if (value_count(a) != value_count(b)) {
        return false;
    }
    if (2 * (sameness->count + 1) > sameness->slot_count) {
        grow(sameness);
    }
    const struct same_pair *known = &sameness->slots[slot_of(sameness, a, b)];
    if (known->a) {
        return known->is_same;
    }
    bool is_same = value_is(a, VALUE_LIST) ? is_same_list(sameness, a, b)
                                           : is_same_map(sameness, a, b);
    if (2 * (sameness->count + 1) > sameness->slot_count) {
        grow(sameness);
    }
    sameness->slots[slot_of(sameness, a, b)] = (struct same_pair){ a, b, is_same };
    sameness->count++;
    return is_same;
}
