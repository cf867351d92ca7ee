/* SPDX-License-Identifier: Apache-2.0 */
/* Handles: numbers that stand for values while one callback runs, and where those values lie. */
#include <string.h>

#include "call.h"

tfa_val handle_of_slot(const struct tfa_call *call, uint32_t slot)
{
    return slot == 0 ? TFA_NONE : (tfa_val)call->generation << 32 | slot;
}

struct slot *call_find_slot(struct tfa_call *call, uint32_t slot)
{
    return slot == 0 || slot > call->slots.count ? NULL : &call->slots.items[slot - 1];
}

struct slot *call_slot(struct tfa_call *call, uint32_t slot)
{
    ENSURE(slot != 0 && slot <= call->slots.count);
    return &call->slots.items[slot - 1];
}

static bool is_hole(const struct slot *slot)
{
    return !slot->value && !slot->draft;
}

/* A new slot; 0 when there are too many. */
static uint32_t add_slot(struct tfa_call *call, struct slot slot)
{
    if (call->slots.count >= CALL_VALUE_MAX) {
        call_misuse(call, "more than %d values were used in one callback", CALL_VALUE_MAX);
        if (call->broken == TFA_OK) {
            call->broken = TFA_E_LIMIT;
            call->broken_why = STR("too many values");
        }
        return 0;
    }
    ENSURE(call->slots.items || call->slots.cap == call->slots.count);
    VEC_PUSH(call->scratch, &call->slots, slot);
    return (uint32_t)call->slots.count;
}

tfa_val handle_root(struct tfa_call *call, const struct value *value, struct str pointer)
{
    if (!value) {
        return TFA_NONE;
    }
    return handle_of_slot(
            call, add_slot(call, (struct slot){ .value = value, .pointer = pointer }));
}

tfa_val handle_made(struct tfa_call *call, const struct value *value, uint32_t like)
{
    struct slot slot = { .value = value };
    const struct slot *origin = call_find_slot(call, like);
    if (!value) {
        return TFA_NONE;
    }
    if (origin) {
        slot.parent = origin->parent;
        slot.ordinal = origin->ordinal;
        slot.pointer = origin->pointer;
        slot.depth = origin->depth;
    }
    return handle_of_slot(call, add_slot(call, slot));
}

tfa_val handle_draft(struct tfa_call *call, bool is_map)
{
    struct draft *draft = ARENA_NEW(call->scratch, struct draft);
    draft->is_map = is_map;
    /* What is made may be returned, so it lives with the run. */
    value_builder_init(&draft->map, call->run->arena, MARK_NONE);
    return handle_of_slot(call, add_slot(call, (struct slot){ .draft = draft }));
}

/* ---- entries of values: one slot each, found again by parent and position ---- */

static size_t bucket_of(const struct tfa_call *call, uint32_t parent, uint32_t ordinal)
{
    uint64_t mixed = ((uint64_t)parent << 32 | ordinal) * 0x9E3779B97F4A7C15ull;
    return (size_t)(mixed >> 32) & (call->bucket_count - 1);
}

/* Puts a slot that has a parent where it is found again. */
static void chain(struct tfa_call *call, uint32_t number)
{
    struct slot *slot = call_slot(call, number);
    size_t bucket = bucket_of(call, slot->parent, slot->ordinal);
    slot->next = call->buckets[bucket];
    call->buckets[bucket] = number;
}

static void grow_buckets(struct tfa_call *call)
{
    size_t count = call->bucket_count == 0 ? 64 : call->bucket_count * 4;
    call->buckets = ARENA_ARRAY(call->scratch, uint32_t, count);
    call->bucket_count = count;
    for (uint32_t i = 1; i <= call->slots.count; i++) {
        if (call_slot(call, i)->parent != 0) {
            chain(call, i);
        }
    }
}

static const struct value *entry_value(const struct value *container, uint32_t ordinal)
{
    if (value_is(container, VALUE_MAP)) {
        return ordinal < container->as.map.count ? container->as.map.entries[ordinal].value
                                                 : NULL;
    }
    return value_at(container, ordinal);
}

/* Entries of a draft, frozen or not, keep the slot they were put in with. */
static uint32_t draft_slot(const struct slot *slot, uint32_t ordinal)
{
    const struct draft *draft = slot->draft;
    if (!draft->is_map) {
        return ordinal < draft->list_slots.count ? draft->list_slots.items[ordinal] : 0;
    }
    const struct value_entry *entries =
            slot->value ? slot->value->as.map.entries : draft->map.entries.items;
    size_t count = slot->value ? slot->value->as.map.count : draft->map.entries.count;
    if (ordinal >= count) {
        return 0;
    }
    return (uint32_t)(uintptr_t)map_get(&draft->map_slots, entries[ordinal].key->text);
}

tfa_val handle_child(struct tfa_call *call, uint32_t parent, uint32_t ordinal)
{
    const struct slot *container = call_slot(call, parent);
    if (container->draft) {
        return handle_of_slot(call, draft_slot(container, ordinal));
    }
    const struct value *value = entry_value(container->value, ordinal);
    if (!value) {
        return TFA_NONE;
    }
    if (call->bucket_count > 0) {
        uint32_t found = call->buckets[bucket_of(call, parent, ordinal)];
        for (; found != 0; found = call_slot(call, found)->next) {
            const struct slot *slot = call_slot(call, found);
            if (slot->parent == parent && slot->ordinal == ordinal && slot->value == value) {
                return handle_of_slot(call, found);
            }
        }
    }
    if (call->slots.count + 1 >= call->bucket_count) {
        grow_buckets(call);
    }
    uint32_t depth = container->depth > 0 ? container->depth - 1 : 0;
    uint32_t number = add_slot(call,
            (struct slot){
                    .value = value, .parent = parent, .ordinal = ordinal, .depth = depth });
    if (number != 0) {
        chain(call, number);
    }
    return handle_of_slot(call, number);
}

bool call_pad(struct tfa_call *call, size_t count)
{
    if (count < call->slots.count || count > CALL_VALUE_MAX) {
        return false;
    }
    while (call->slots.count < count) {
        VEC_PUSH(call->scratch, &call->slots, (struct slot){ 0 });
    }
    return true;
}

/* The slot of that number when it is a hole, made if need be; else NULL. */
static struct slot *find_hole(struct tfa_call *call, uint32_t number)
{
    if (number == 0 || (number > call->slots.count && !call_pad(call, number))) {
        return NULL;
    }
    struct slot *slot = call_slot(call, number);
    return is_hole(slot) ? slot : NULL;
}

bool handle_define_root(struct tfa_call *call, uint32_t number, const struct value *value)
{
    struct slot *slot = value ? find_hole(call, number) : NULL;
    if (slot) {
        *slot = (struct slot){ .value = value };
    }
    return slot != NULL;
}

bool handle_define_child(
        struct tfa_call *call, uint32_t number, uint32_t parent, uint32_t ordinal)
{
    const struct slot *container = call_find_slot(call, parent);
    if (!container || !container->value || container->draft) {
        return false;
    }
    const struct value *value = entry_value(container->value, ordinal);
    uint32_t depth = container->depth > 0 ? container->depth - 1 : 0;
    struct slot *slot = value ? find_hole(call, number) : NULL;
    if (!slot) {
        return false;
    }
    *slot = (struct slot){
        .value = value, .parent = parent, .ordinal = ordinal, .depth = depth
    };
    if (call->slots.count >= call->bucket_count) {
        grow_buckets(call);
    } else {
        chain(call, number);
    }
    return true;
}

int32_t handle_slot(
        struct tfa_call *call, const char *function, tfa_val handle, uint32_t *ret_slot)
{
    uint32_t number = (uint32_t)(handle & UINT32_MAX);
    if (handle == TFA_NONE) {
        return TFA_E_ABSENT;
    }
    const struct slot *slot = call_find_slot(call, number);
    if (handle >> 32 != call->generation || !slot || is_hole(slot)) {
        call_misuse(call, "%s was given a handle that is not one of this callback", function);
        return TFA_E_STALE;
    }
    *ret_slot = number;
    return TFA_OK;
}

const struct value *slot_freeze(struct tfa_call *call, uint32_t number)
{
    struct slot *slot = call_slot(call, number);
    if (!slot->value && slot->draft) {
        struct draft *draft = slot->draft;
        slot->value = draft->is_map ? value_builder_map(&draft->map)
                                    : value_list_new(call->run->arena, draft->list.items,
                                              draft->list.count, MARK_NONE);
    }
    return slot->value;
}

int32_t handle_value(struct tfa_call *call, const char *function, tfa_val handle,
        const struct value **ret_value)
{
    uint32_t slot = 0;
    int32_t rc = handle_slot(call, function, handle, &slot);
    if (rc == TFA_OK) {
        *ret_value = slot_freeze(call, slot);
    }
    return rc;
}

/* ---- places ---- */

void pointer_add_step(struct buf *out, struct str step)
{
    buf_add_byte(out, '/');
    for (size_t i = 0; i < step.len; i++) {
        if (step.ptr[i] == '~') {
            buf_add(out, STR("~0"));
        } else if (step.ptr[i] == '/') {
            buf_add(out, STR("~1"));
        } else {
            buf_add_byte(out, step.ptr[i]);
        }
    }
}

static void add_pointer(struct tfa_call *call, uint32_t number, struct buf *out)
{
    const struct slot *slot = call_slot(call, number);
    const struct slot *parent = call_find_slot(call, slot->parent);
    if (!parent) {
        buf_add(out, slot->pointer);
        return;
    }
    add_pointer(call, slot->parent, out);
    if (value_is(parent->value, VALUE_MAP)) {
        pointer_add_step(out, parent->value->as.map.entries[slot->ordinal].key->text);
    } else {
        buf_addf(out, "/%u", (unsigned)slot->ordinal);
    }
}

/* The root a slot belongs to, itself when it has no parent. Depth is that of the tree. */
static const struct slot *root_of(struct tfa_call *call, uint32_t number)
{
    const struct slot *slot = call_slot(call, number);
    while (slot->parent != 0) {
        slot = call_slot(call, slot->parent);
    }
    return slot;
}

struct str slot_pointer(struct tfa_call *call, uint32_t number)
{
    AUTO_BUF out = BUF_INIT(1 << 16);
    if (!root_of(call, number)->pointer.ptr) {
        return STR_EMPTY;
    }
    add_pointer(call, number, &out);
    return arena_dup(call->run->arena, buf_str(&out));
}

struct mark slot_mark(struct tfa_call *call, uint32_t number, bool is_key)
{
    for (const struct slot *slot = call_find_slot(call, number); slot;
            slot = call_find_slot(call, slot->parent)) {
        const struct slot *parent = call_find_slot(call, slot->parent);
        if (is_key && parent && value_is(parent->value, VALUE_MAP)) {
            struct mark mark = parent->value->as.map.entries[slot->ordinal].mark;
            if (mark.line != 0) {
                return mark;
            }
        }
        is_key = false;
        if (slot->value && slot->value->mark.line != 0) {
            return slot->value->mark;
        }
    }
    return call->mark;
}

/* One step of a JSON pointer with ~0 and ~1 undone. */
static struct str undo_step(struct tfa_call *call, struct str step)
{
    char *copy = arena_cstr(call->scratch, step);
    size_t len = 0;
    for (size_t i = 0; i < step.len; i++) {
        bool is_escape = step.ptr[i] == '~' && i + 1 < step.len &&
                         (step.ptr[i + 1] == '0' || step.ptr[i + 1] == '1');
        if (is_escape) {
            copy[len++] = step.ptr[++i] == '0' ? '~' : '/';
        } else {
            copy[len++] = step.ptr[i];
        }
    }
    return (struct str){ copy, len };
}

/* The entry a step leads to, 0 when there is none. */
static uint32_t take_step(struct tfa_call *call, uint32_t number, struct str step)
{
    uint64_t index = 0;
    const struct value *value = slot_freeze(call, number);
    if (value_is(value, VALUE_MAP)) {
        const struct value_entry *entry = value_entry_get_str(value, undo_step(call, step));
        if (!entry) {
            return 0;
        }
        index = (uint64_t)(entry - value->as.map.entries);
    } else if (!value_is(value, VALUE_LIST) || !str_to_u64(step, &index) ||
               (step.len > 1 && step.ptr[0] == '0') || index >= value_count(value)) {
        return 0;
    }
    return (uint32_t)(handle_child(call, number, (uint32_t)index) & UINT32_MAX);
}

bool slot_find(struct tfa_call *call, uint32_t slot, struct str pointer, uint32_t *ret_slot)
{
    struct str rest = str_from_index(pointer, 1);
    struct str step;
    bool more = pointer.len > 0;
    *ret_slot = slot;
    if (pointer.len > 0 && pointer.ptr[0] != '/') {
        return false;
    }
    while (str_split(&rest, &more, '/', &step)) {
        uint32_t next = take_step(call, *ret_slot, step);
        if (next == 0) {
            return false;
        }
        *ret_slot = next;
    }
    return true;
}
