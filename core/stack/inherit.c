/* SPDX-License-Identifier: Apache-2.0 */
/* What the bases of a component give it, in the order the reference merges them (spec 3.3). */
#include "stack_internal.h"

/* A base is merged once per way that leads to it, so that the number of merges can double with each
 * level: beyond this it is no configuration that anybody means. */
#define MAX_STEPS 10000

struct inheriting {
    struct scope *scope;
    struct bases *bases;
    enum list_strategy strategy;
    VEC(const struct component *) chain; /* being applied, the instance first */
    VEC(struct str) order; /* as applied, with repetitions */
};

static struct str name_of(const struct component *component)
{
    return component->entry->key->text;
}

static int say_circle(struct inheriting *in, const struct component *base, struct mark mark)
{
    struct buf chain = BUF_INIT(1 << 16);
    bool is_inside = false;
    for (size_t i = 0; i < in->chain.count; i++) {
        is_inside = is_inside || in->chain.items[i] == base;
        if (is_inside) {
            buf_addf(&chain, "%.*s -> ", STR_ARG(name_of(in->chain.items[i])));
        }
    }
    buf_add(&chain, name_of(base));
    struct diag *diag = resolver_say(in->scope->r, STACK_CIRCULAR_INHERITANCE, mark,
            "circular inheritance in \"%.*s\": %.*s", STR_ARG(in->scope->manifest->key),
            STR_ARG(buf_str(&chain)));
    diag->component = name_of(in->chain.items[0]);
    buf_clear(&chain);
    return ERR_INVALID;
}

static int say_unknown(struct inheriting *in, const struct component *component,
        struct str base, struct mark mark)
{
    struct scope *scope = in->scope;
    struct arena *arena = scope->r->run->arena;
    size_t count = value_count(scope->map);
    struct str *names = ARENA_ARRAY(arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = scope->map->as.map.entries[i].key->text;
    }
    struct diag *diag = resolver_say(scope->r, STACK_UNKNOWN_BASE, mark,
            "the component \"%.*s\" inherits from \"%.*s\", which \"%.*s\" does not have",
            STR_ARG(name_of(component)), STR_ARG(base), STR_ARG(scope->manifest->key));
    diag->hint = suggest_hint(arena, base, names, count);
    diag->span = (uint32_t)str_count_code_points(base);
    diag->component = name_of(component);
    return ERR_NOT_FOUND;
}

/* What of a base's metadata passes on: not its own bases, and not that it is abstract. */
static const struct value *passing_metadata(struct scope *scope, const struct value *metadata)
{
    const struct words *words = &scope->r->words;
    struct arena *arena = scope->r->run->arena;
    if (value_get(metadata, words->inherits)) {
        metadata = value_without(arena, metadata, words->inherits);
    }
    if (value_get(metadata, words->type)) {
        metadata = value_without(arena, metadata, words->type);
    }
    return metadata;
}

/* Lists of a base are merged as its own settings say, else as those of the instance. */
static int merge_own(struct inheriting *in, const struct component *base)
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
                (i == SECTION_SOURCE && !r->config->inherits_source)) {
            continue;
        }
        if (i == SECTION_METADATA) {
            own = passing_metadata(in->scope, own);
        }
        merged->at[i] = section_merge(r, (enum section)i, merged->at[i], own, strategy);
    }
    VEC_PUSH(r->run->arena, &in->order, name_of(base));
    return 0;
}

static int apply_bases(struct inheriting *in, struct component *component);

static int apply(struct inheriting *in, struct component *base, struct mark mark)
{
    for (size_t i = 0; i < in->chain.count; i++) {
        if (in->chain.items[i] == base) {
            return say_circle(in, base, mark);
        }
    }
    if (base->is_broken) {
        return ERR_INVALID;
    }
    if (in->order.count >= MAX_STEPS) {
        resolver_say(in->scope->r, STACK_LIMIT, mark,
                "the component \"%.*s\" inherits through more than %d steps",
                STR_ARG(name_of(in->chain.items[0])), MAX_STEPS);
        return ERR_LIMIT;
    }
    VEC_PUSH(in->scope->r->run->arena, &in->chain, base);
    int err = apply_bases(in, base);
    in->chain.count--;
    return err ? err : merge_own(in, base);
}

/* The deprecated `component:` beside the sections: a base, when there is one of that name, and the
 * source folder. */
static int apply_top(struct inheriting *in, struct component *component)
{
    struct scope *scope = in->scope;
    bool is_instance = in->chain.count == 1;
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
    if (!err && in->bases->top.len == 0) {
        /* The deepest one comes first. */
        in->bases->top = name_of(base);
    }
    return err;
}

static int apply_bases(struct inheriting *in, struct component *component)
{
    struct resolver *r = in->scope->r;
    int err = apply_top(in, component);
    for (size_t i = 0; i < value_count(component->inherits) && !err; i++) {
        const struct value *item = value_at(component->inherits, i);
        struct str name = value_text(item);
        struct component *base = component_find(in->scope, name);
        for (size_t k = 0; k < i; k++) {
            if (str_eq(value_text(value_at(component->inherits, k)), name)) {
                resolver_say_lenient(r, STACK_REPEATED_BASE, item->mark,
                        "\"inherits\" of component \"%.*s\" lists the base \"%.*s\" twice",
                        STR_ARG(name_of(component)), STR_ARG(name));
                break;
            }
        }
        struct str top = in->bases->top;
        err = base ? apply(in, base, item->mark) : say_unknown(in, component, name, item->mark);
        /* A base by `inherits` does not point the folder anywhere. */
        in->bases->top = top;
    }
    return err;
}

/* Unique names, the one applied last first. */
static const struct value *order_list(struct inheriting *in)
{
    struct arena *arena = in->scope->r->run->arena;
    struct map seen = { 0 };
    const struct value **items = ARENA_ARRAY(arena, const struct value *, in->order.count);
    size_t count = 0;
    for (size_t i = in->order.count; i-- > 0;) {
        if (!map_has(&seen, in->order.items[i])) {
            map_put(arena, &seen, in->order.items[i], in);
            items[count++] = value_string_new(arena, in->order.items[i], MARK_NONE);
        }
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
    struct inheriting in = { .scope = scope, .bases = &bases, .strategy = strategy };
    VEC_PUSH(scope->r->run->arena, &in.chain, component);
    int err = apply_bases(&in, component);
    if (!err) {
        bases.order = order_list(&in);
        *ret_bases = bases;
    }
    return err;
}
