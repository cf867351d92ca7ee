/* SPDX-License-Identifier: Apache-2.0 */
/* What the bases of a component give it, in the order the reference merges them (spec 3.3). */
#include "stack_internal.h"

/* A base is merged once per way that leads to it, so that the number of merges can double with each
 * level, and a chain of n components costs n * n / 2: beyond this it is no configuration that
 * anybody means. */
#define MAX_STEPS 2000

enum {
    CHAIN_ENDS = 10 /* names shown of each end of a long circle */
};

struct inheriting {
    struct scope *scope;
    struct bases *bases;
    enum list_strategy strategy;
    struct component_list *chain; /* being applied, the instance first */
    struct component_list *order; /* as applied, with repetitions */
};

static struct str name_of(const struct component *component)
{
    return component->entry->key->text;
}

/* Of a long chain both ends. */
static void chain_add(struct buf *chain, struct str name, size_t position, size_t count)
{
    if (count <= 2 * CHAIN_ENDS || position < CHAIN_ENDS || position >= count - CHAIN_ENDS) {
        buf_addf(chain, "%.*s -> ", STR_ARG(name));
    } else if (position == CHAIN_ENDS) {
        buf_addf(chain, "... (%zu more) -> ", count - 2 * CHAIN_ENDS);
    }
}

/* Says it once: whoever is part of the circle is broken from now on. */
static int say_circle(struct inheriting *in, const struct component *base, struct mark mark)
{
    struct buf chain = BUF_INIT(1 << 16);
    size_t first = 0;
    while (in->chain->items[first] != base) {
        first++;
    }
    for (size_t i = first; i < in->chain->count; i++) {
        chain_add(&chain, name_of(in->chain->items[i]), i - first, in->chain->count - first);
        in->chain->items[i]->is_broken = true;
    }
    buf_add(&chain, name_of(base));
    struct diag *diag = resolver_say(in->scope->r, STACK_CIRCULAR_INHERITANCE, mark,
            "circular inheritance in \"%.*s\": %.*s", STR_ARG(in->scope->manifest->key),
            STR_ARG(buf_str(&chain)));
    diag->component = name_of(in->chain->items[0]);
    buf_clear(&chain);
    return ERR_INVALID;
}

static int say_unknown(struct inheriting *in, const struct component *component,
        struct str base, struct mark mark)
{
    struct scope *scope = in->scope;
    struct arena *arena = scope->r->run->arena;
    struct diag *diag = resolver_say(scope->r, STACK_UNKNOWN_BASE, mark,
            "the component \"%.*s\" inherits from \"%.*s\", which \"%.*s\" does not have",
            STR_ARG(name_of(component)), STR_ARG(base), STR_ARG(scope->manifest->key));
    if (resolver_is_repeated(scope->r, diag)) {
        return ERR_NOT_FOUND;
    }
    size_t count = value_count(scope->map);
    if (count <= scope->r->names_left) {
        struct str *names = ARENA_ARRAY(arena, struct str, count);
        for (size_t i = 0; i < count; i++) {
            names[i] = scope->map->as.map.entries[i].key->text;
        }
        diag->hint = suggest_hint(arena, base, names, count);
        scope->r->names_left -= count;
    }
    diag->span = (uint32_t)str_count_code_points(base);
    diag->component = name_of(component);
    return ERR_NOT_FOUND;
}

/* What of a base's metadata passes on: not its own bases, and not that it is abstract. */
static const struct value *passing_metadata(struct scope *scope, struct component *base)
{
    const struct words *words = &scope->r->words;
    struct arena *arena = scope->r->run->arena;
    const struct value *metadata = base->own.at[SECTION_METADATA];
    if (!base->passing) {
        if (value_get(metadata, words->inherits)) {
            metadata = value_without(arena, metadata, words->inherits);
        }
        if (value_get(metadata, words->type)) {
            metadata = value_without(arena, metadata, words->type);
        }
        base->passing = metadata;
    }
    return base->passing;
}

/* Lists of a base are merged as its own settings say, else as those of the instance. */
static int merge_own(struct inheriting *in, struct component *base)
{
    struct resolver *r = in->scope->r;
    struct sections *merged = &in->bases->merged;
    enum list_strategy strategy = in->strategy;
    int err = strategy_of(r, base->own.at[SECTION_SETTINGS], &strategy);
    if (err) {
        return err;
    }
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        const struct value *own = base->own.at[i];
        if (!(section_rules[i].flags & LAYER_BASE)) {
            continue;
        }
        if (i == SECTION_COMMAND || i == SECTION_BACKEND_TYPE ||
                i == SECTION_REMOTE_STATE_BACKEND_TYPE) {
            /* As the reference: the last base decides, even one that says nothing. */
            merged->at[i] = own;
            continue;
        }
        if ((i == SECTION_METADATA && !r->config->inherits_metadata) ||
                ((i == SECTION_SOURCE || i == SECTION_PROVISION) &&
                        !r->config->inherits_source)) {
            continue;
        }
        if (i == SECTION_METADATA) {
            own = passing_metadata(in->scope, base);
        }
        merged->at[i] = section_merge(r, (enum section)i, merged->at[i], own, strategy);
    }
    in->bases->extra = value_merge(r->merger, in->bases->extra, base->extra, in->strategy);
    VEC_PUSH(r->run->arena, in->order, base);
    return 0;
}

/* Says it once for the components of a type: most of the others would meet it too, each after as
 * many steps. */
static int say_limit(struct inheriting *in, struct mark mark)
{
    in->scope->is_beyond_limit = true;
    struct diag *diag = resolver_say(in->scope->r, STACK_LIMIT, mark,
            "the component \"%.*s\" inherits through more than %d steps",
            STR_ARG(name_of(in->chain->items[0])), MAX_STEPS);
    diag->component = name_of(in->chain->items[0]);
    return ERR_LIMIT;
}

static int apply_bases(struct inheriting *in, struct component *component);

static int apply(struct inheriting *in, struct component *base, struct mark mark)
{
    if (in->chain->items[in->chain->count - 1] == base) {
        resolver_say(in->scope->r, STACK_OWN_BASE, mark,
                "the component \"%.*s\" names itself as its base", STR_ARG(name_of(base)));
        return 0;
    }
    if (base->is_busy) {
        return say_circle(in, base, mark);
    }
    if (base->is_broken) {
        return ERR_INVALID;
    }
    if (in->order->count + in->chain->count > MAX_STEPS) {
        return say_limit(in, mark);
    }
    VEC_PUSH(in->scope->r->run->arena, in->chain, base);
    base->is_busy = true;
    int err = apply_bases(in, base);
    base->is_busy = false;
    in->chain->count--;
    return err ? err : merge_own(in, base);
}

/* The deprecated `component:` beside the sections: a base, when there is one of that name, and the
 * source folder. */
static int apply_top(struct inheriting *in, struct component *component)
{
    struct scope *scope = in->scope;
    bool is_instance = in->chain->count == 1;
    if (component->top.len == 0 || (component->is_abstract && !is_instance)) {
        return 0;
    }
    struct component *base = component_find(scope, component->top);
    if (!base) {
        struct str written;
        struct run *run = scope->r->run;
        struct str folder = config_component_folder(run, scope->type, &written);
        if (file_is_folder(path_join(run->arena, folder, component->top))) {
            return 0;
        }
        return say_unknown(in, component, component->top, component->top_mark);
    }
    int err = apply(in, base, component->top_mark);
    if (!err && is_instance && in->order->count) {
        /* As the reference: the one merged first, be it a base by `inherits` of the one named here. */
        in->bases->top = name_of(in->order->items[0]);
    }
    return err;
}

/* The place before `index` where the list has the same name; `index` when there is none. */
static size_t first_place(const struct value *list, size_t index)
{
    for (size_t k = 0; k < index; k++) {
        if (str_eq(value_text(value_at(list, k)), value_text(value_at(list, index)))) {
            return k;
        }
    }
    return index;
}

/* Nobody writes a base twice on purpose, but lists of several files, or of one file imported twice,
 * may be put together. */
static bool is_written_twice(struct mark one, struct mark other)
{
    return one.file == other.file && (one.line != other.line || one.column != other.column);
}

static void say_repeated(struct inheriting *in, const struct component *component,
        const struct value *first, const struct value *item)
{
    if (is_written_twice(first->mark, item->mark)) {
        resolver_say_lenient(in->scope->r, STACK_REPEATED_BASE, item->mark,
                "\"inherits\" of component \"%.*s\" lists the base \"%.*s\" twice",
                STR_ARG(name_of(component)), STR_ARG(value_text(item)));
    }
}

/*
 * Which items of the list count, in order. As the reference: a base that comes back because lists were
 * put together, or because `component:` names it too, takes an instance back to where it stood after
 * that base, so that a list put together with itself is as good as once.
 */
static size_t choose(struct inheriting *in, const struct component *component,
        const struct value *list, size_t *ret_places)
{
    bool is_instance = in->chain->count == 1;
    size_t count = 0;
    for (size_t left = value_count(list); left > 0;) {
        const struct value *item = value_at(list, left - 1);
        size_t first = first_place(list, left - 1);
        if (is_instance && str_eq(value_text(item), component->top)) {
            break;
        }
        if (is_instance && first < left - 1 &&
                !is_written_twice(value_at(list, first)->mark, item->mark)) {
            left = first + 1;
            continue;
        }
        ret_places[count++] = --left;
    }
    for (size_t i = 0; i < count / 2; i++) {
        size_t place = ret_places[i];
        ret_places[i] = ret_places[count - 1 - i];
        ret_places[count - 1 - i] = place;
    }
    return count;
}

static int apply_bases(struct inheriting *in, struct component *component)
{
    const struct value *list = component->inherits;
    size_t count = value_count(list);
    int err = apply_top(in, component);
    for (size_t i = 0; i < count && !err; i++) {
        const struct value *item = value_at(list, i);
        size_t first = first_place(list, i);
        if (first < i) {
            say_repeated(in, component, value_at(list, first), item);
        } else if (!component_find(in->scope, value_text(item))) {
            err = say_unknown(in, component, value_text(item), item->mark);
        }
    }
    if (err || count == 0) {
        return err;
    }
    size_t *places = ARENA_ARRAY(in->scope->r->run->arena, size_t, count);
    count = choose(in, component, list, places);
    for (size_t i = 0; i < count && !err; i++) {
        const struct value *item = value_at(list, places[i]);
        err = apply(in, component_find(in->scope, value_text(item)), item->mark);
    }
    return err;
}

/* Unique names, the one applied last first. */
static const struct value *order_list(struct inheriting *in)
{
    struct resolver *r = in->scope->r;
    struct arena *arena = r->run->arena;
    const struct value **items = ARENA_ARRAY(arena, const struct value *, in->order->count);
    uint32_t stamp = ++r->stamp;
    size_t count = 0;
    for (size_t i = in->order->count; i-- > 0;) {
        struct component *base = in->order->items[i];
        if (base->stamp == stamp) {
            continue;
        }
        base->stamp = stamp;
        if (!base->name) {
            base->name = value_string_view(arena, name_of(base), MARK_NONE);
        }
        items[count++] = base->name;
    }
    return value_list_new(arena, items, count, MARK_NONE);
}

int bases_resolve(struct scope *scope, struct component *component, enum list_strategy strategy,
        struct bases *ret_bases)
{
    struct bases bases = { .order = scope->r->empty_list };
    if (component->top.len == 0 && value_count(component->inherits) == 0) {
        *ret_bases = bases;
        return 0;
    }
    if (scope->is_beyond_limit) {
        return ERR_LIMIT;
    }
    struct resolver *r = scope->r;
    struct inheriting in = { .scope = scope,
        .bases = &bases,
        .strategy = strategy,
        .chain = &r->base_chain,
        .order = &r->base_order };
    in.chain->count = in.order->count = 0;
    VEC_PUSH(r->run->arena, in.chain, component);
    component->is_busy = true;
    int err = apply_bases(&in, component);
    component->is_busy = false;
    if (!err) {
        bases.order = order_list(&in);
        *ret_bases = bases;
    }
    return err;
}
