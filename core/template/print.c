/* SPDX-License-Identifier: Apache-2.0 */
/* Values as text: lists and maps around what stands in them. */
#include <stdlib.h>
#include <string.h>

#include "evaluate.h"

enum {
    PRINT_DEPTH_MAX = 200 /* of lists and maps in each other */
};

struct printing {
    struct evaluation *e;
    struct buf *out;
    const struct verb *verb; /* NULL: as fmt.Sprint */
    size_t at;
    unsigned depth;
};

static int compare_entries(const void *a, const void *b)
{
    const struct value_entry *const *left = a;
    const struct value_entry *const *right = b;
    return str_cmp((*left)->key->text, (*right)->key->text);
}

const struct value_entry **entries_by_key(struct arena *arena, const struct value *map)
{
    size_t count = value_count(map);
    const struct value_entry **entries = (const struct value_entry **)arena_alloc_array(
            arena, count, sizeof(struct value_entry *));
    for (size_t i = 0; i < count; i++) {
        entries[i] = &map->as.map.entries[i];
    }
    if (count > 1) {
        qsort((void *)entries, count, sizeof(struct value_entry *), compare_entries);
    }
    return entries;
}

static int print_datum(struct printing *p, struct datum datum);

static int print_list(struct printing *p, const struct value *list)
{
    int err = 0;
    buf_add_byte(p->out, '[');
    for (size_t i = 0; i < value_count(list) && err == 0; i++) {
        buf_add(p->out, i > 0 ? STR(" ") : STR_EMPTY);
        err = print_datum(p, datum_of(value_at(list, i)));
    }
    buf_add_byte(p->out, ']');
    return err;
}

static int print_map(struct printing *p, const struct value *map)
{
    const struct value_entry **entries = entries_by_key(p->e->run->arena, map);
    int err = 0;
    buf_add(p->out, STR("map["));
    for (size_t i = 0; i < value_count(map) && err == 0; i++) {
        buf_add(p->out, i > 0 ? STR(" ") : STR_EMPTY);
        err = print_datum(p, datum_text(entries[i]->key->text));
        buf_add_byte(p->out, ':');
        err = err ? err : print_datum(p, datum_of(entries[i]->value));
    }
    buf_add_byte(p->out, ']');
    return err;
}

/* Every node counts as work and pays for what it writes: shared trees may be larger than they look. */
static int print_datum(struct printing *p, struct datum datum)
{
    bool is_tree = datum.kind == DATUM_LIST || datum.kind == DATUM_MAP;
    size_t count = is_tree ? value_count(datum.as.tree) : 0;
    int err = evaluation_work(p->e, p->at, 1 + count);
    if (err) {
        return err;
    }
    if (p->out->is_full || p->depth > PRINT_DEPTH_MAX) {
        return evaluation_fail(p->e, ERR_LIMIT, p->at,
                "what is printed here is too large or too deep to be written");
    }
    if (p->verb && datum.kind == DATUM_FLOAT && strchr("bxX", p->verb->letter)) {
        return evaluation_fail(p->e, ERR_UNSUPPORTED, p->at,
                "%%%c of a number with a point is not supported", p->verb->letter);
    }
    if (!is_tree) {
        bool is_inner_null = datum.kind == DATUM_NULL && p->depth > 0;
        if (p->verb && !is_inner_null) {
            scalar_print_as(p->out, p->verb, datum);
        } else {
            scalar_print(p->out, datum);
        }
        return 0;
    }
    p->depth++;
    err = datum.kind == DATUM_LIST ? print_list(p, datum.as.tree) : print_map(p, datum.as.tree);
    p->depth--;
    return err;
}

int datum_print_as(struct evaluation *e, struct buf *out, size_t at, const struct verb *verb,
        struct datum datum)
{
    struct printing printing = { .e = e, .out = out, .verb = verb, .at = at };
    return print_datum(&printing, datum);
}

int datum_print(struct evaluation *e, struct buf *out, size_t at, struct datum datum)
{
    return datum_print_as(e, out, at, NULL, datum);
}
