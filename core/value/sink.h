/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers share: adding many small pieces to a buffer fast, and entries in an order. */
#ifndef TFATMOS_VALUE_SINK_H
#define TFATMOS_VALUE_SINK_H

#include <string.h>

#include "value.h"

/*
 * A window into the free room of a buffer, taken in large steps. Once the buffer is full everything
 * is dropped. Flush before the buffer is used in another way.
 */
struct sink {
    struct buf *out;
    char *at;
    char *end;
};

/* Makes room for `size` bytes; false when the buffer is full. */
bool sink_grow(struct sink *sink, size_t size);
void sink_flush(struct sink *sink);

static inline void sink_add(struct sink *sink, const char *bytes, size_t size)
{
    if (size > 0 && ((size_t)(sink->end - sink->at) >= size || sink_grow(sink, size))) {
        memcpy(sink->at, bytes, size);
        sink->at += size;
    }
}

static inline void sink_byte(struct sink *sink, char byte)
{
    if (sink->end > sink->at || sink_grow(sink, 1)) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room */
        *sink->at++ = byte;
    }
}

static inline void sink_blanks(struct sink *sink, size_t count)
{
    if (count > 0 && ((size_t)(sink->end - sink->at) >= count || sink_grow(sink, count))) {
        memset(sink->at, ' ', count);
        sink->at += count;
    }
}

enum entry_order {
    ORDER_KEPT,
    ORDER_BYTES,
    ORDER_NATURAL
};

enum {
    ENTRIES_AT_HAND = 64
};

/* A stack of entry lists, one for every map being written. */
struct entry_stack {
    const struct value_entry **items; /* NULL: `few` */
    size_t count;
    size_t cap;
    struct arena *arena; /* for more than a few */
    const struct value_entry *few[ENTRIES_AT_HAND];
};

/* Pushes the map's entries in order; returns the position of the first. Pop by setting `count`
 * back to it. Positions stay valid while the stack grows, pointers do not. */
size_t entries_push(struct entry_stack *stack, const struct value *map, enum entry_order order);
void entries_clear(struct entry_stack *stack);

#endif
