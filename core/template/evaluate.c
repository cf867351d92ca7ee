/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tree of a template. */
#include "evaluate.h"

enum {
    FEW_SLOTS = 16
};

static int list_run(struct evaluation *e, const struct nodes *list, struct datum dot);

/* ---- bounds and errors ---- */

int evaluation_fail(struct evaluation *e, int err, size_t at, const char *format, ...)
{
    va_list args;
    *e->error = (struct template_error){ .err = err };
    va_start(args, format);
    e->error->message = arena_vprintf(e->run->arena, format, args);
    va_end(args);
    error_locate(e->error, e->template->text, at);
    return err;
}

int evaluation_work(struct evaluation *e, size_t at, size_t steps)
{
    e->steps += steps;
    return e->steps <= e->limits.max_steps
                   ? 0
                   : evaluation_fail(e, ERR_LIMIT, at, "the template takes more than %zu steps",
                             e->limits.max_steps);
}

int evaluation_enter(struct evaluation *e, size_t at)
{
    return ++e->depth <= e->limits.max_depth
                   ? 0
                   : evaluation_fail(e, ERR_LIMIT, at,
                             "blocks, parentheses and templates that call each other are more "
                             "than %u deep",
                             e->limits.max_depth);
}

void evaluation_leave(struct evaluation *e)
{
    e->depth--;
}

static int check_output(struct evaluation *e, size_t at)
{
    return e->out->is_full ? evaluation_fail(e, ERR_LIMIT, at,
                                     "the template makes more than %zu bytes", e->out->max)
                           : 0;
}

/* ---- blocks ---- */

static int condition_run(struct evaluation *e, const struct node *node, struct datum dot)
{
    for (;;) {
        struct datum value;
        int err = pipe_evaluate(e, node->pipe, dot, &value);
        if (err) {
            return err;
        }
        if (datum_is_true(value)) {
            return list_run(e, &node->list, node->kind == NODE_WITH ? value : dot);
        }
        const struct nodes *otherwise = &node->otherwise;
        if (otherwise->count != 1 || !otherwise->items[0]->is_chained) {
            return list_run(e, otherwise, dot);
        }
        node = otherwise->items[0];
    }
}

/* One round: sets the variables and runs the block. */
static int round_run(
        struct evaluation *e, const struct node *node, struct datum index, struct datum item)
{
    const struct pipe *pipe = node->pipe;
    if (pipe->slot_count == 2) {
        e->slots[pipe->slots[0]] = index;
    }
    if (pipe->slot_count > 0) {
        e->slots[pipe->slots[pipe->slot_count - 1]] = item;
    }
    int err = evaluation_work(e, node->at, 1);
    err = err ? err : list_run(e, &node->list, item);
    return err == FLOW_CONTINUE ? 0 : err;
}

static int list_rounds(struct evaluation *e, const struct node *node, const struct value *list)
{
    int err = 0;
    for (size_t i = 0; i < value_count(list) && err == 0; i++) {
        err = round_run(e, node, datum_int((int64_t)i), datum_of(value_at(list, i)));
    }
    return err;
}

static int map_rounds(struct evaluation *e, const struct node *node, const struct value *map)
{
    int err = evaluation_work(e, node->at, value_count(map));
    if (err) {
        return err;
    }
    const struct value_entry **entries = entries_by_key(e->run->arena, map);
    for (size_t i = 0; i < value_count(map) && err == 0; i++) {
        err = round_run(
                e, node, datum_text(entries[i]->key->text), datum_of(entries[i]->value));
    }
    return err;
}

static int number_rounds(struct evaluation *e, const struct node *node, int64_t count)
{
    int err = 0;
    if (node->pipe->slot_count > 1) {
        return evaluation_fail(e, ERR_INVALID, node->pipe->at,
                "a range over a number sets one variable, not two");
    }
    for (int64_t i = 0; i < count && err == 0; i++) {
        err = round_run(e, node, datum_int(i), datum_int(i));
    }
    return err;
}

static int range_run(struct evaluation *e, const struct node *node, struct datum dot)
{
    struct datum value;
    int err = pipe_evaluate(e, node->pipe, dot, &value);
    if (err) {
        return err;
    }
    switch (value.kind) {
    case DATUM_LIST:
        err = list_rounds(e, node, value.as.tree);
        break;
    case DATUM_MAP:
        err = map_rounds(e, node, value.as.tree);
        break;
    case DATUM_INT:
        err = number_rounds(e, node, value.as.integer);
        break;
    case DATUM_MISSING:
    case DATUM_NULL:
        break;
    case DATUM_UINT:
        return evaluation_fail(e, ERR_LIMIT, node->at, "the range is too long");
    case DATUM_BOOL:
    case DATUM_FLOAT:
    case DATUM_STRING:
    case DATUM_ROOT:
    default:
        return evaluation_fail(
                e, ERR_INVALID, node->pipe->at, "range cannot go over %s", datum_type(value));
    }
    bool is_empty = value.kind == DATUM_INT ? value.as.integer <= 0 : !datum_is_true(value);
    if (err == 0 && is_empty) {
        return list_run(e, &node->otherwise, dot);
    }
    return err == FLOW_BREAK ? 0 : err;
}

/* ---- templates ---- */

static int definition_run(
        struct evaluation *e, const struct definition *definition, struct datum dot)
{
    struct datum few[FEW_SLOTS];
    struct datum *outer = e->slots;
    e->slots = few;
    if (definition->slot_count > FEW_SLOTS) {
        e->slots = ARENA_ARRAY(e->run->arena, struct datum, definition->slot_count);
        e->memory += definition->slot_count * sizeof(*e->slots);
    }
    for (size_t i = 1; i < definition->slot_count; i++) {
        e->slots[i] = (struct datum){ .kind = DATUM_MISSING };
    }
    e->slots[0] = dot;
    int err = list_run(e, &definition->nodes, dot);
    e->slots = outer;
    return err;
}

static int call_run(struct evaluation *e, const struct node *node, struct datum dot)
{
    const struct definition *found = NULL;
    struct datum argument = { .kind = DATUM_MISSING };
    const struct definitions *all = &e->template->definitions;
    for (size_t i = 1; i < all->count && !found; i++) {
        found = str_eq(all->items[i]->name, node->text) ? all->items[i] : NULL;
    }
    if (!found) {
        return evaluation_fail(
                e, ERR_INVALID, node->at, "there is no template \"%.*s\"", STR_ARG(node->text));
    }
    int err = node->pipe ? pipe_evaluate(e, node->pipe, dot, &argument) : 0;
    if (err == 0 && e->memory > e->limits.max_memory) {
        err = evaluation_fail(e, ERR_LIMIT, node->at, "the template needs too much memory");
    }
    return err ? err : definition_run(e, found, argument);
}

/* ---- nodes ---- */

/* The field that an action prints, or its first word. */
static struct str path_of(const struct pipe *pipe)
{
    const struct operand *first = &pipe->commands[0].operands[0];
    return first->field_count > 0
                   ? str_from_index(first->written, first->field_at[0] + 1 - first->at)
                   : first->written;
}

static int say_no_text(struct evaluation *e, const struct pipe *pipe, struct datum value)
{
    struct str path = path_of(pipe);
    int err = evaluation_fail(e, ERR_NOT_FOUND, pipe->at, "\"%.*s\" is %s and has no text",
            STR_ARG(path), datum_type(value));
    e->error->path = path;
    return err;
}

static int action_run(struct evaluation *e, const struct node *node, struct datum dot)
{
    struct datum value;
    int err = pipe_evaluate(e, node->pipe, dot, &value);
    if (err || node->pipe->slot_count > 0) {
        return err;
    }
    bool is_nothing = value.kind == DATUM_MISSING || value.kind == DATUM_NULL;
    bool is_tree = value.kind == DATUM_LIST || value.kind == DATUM_MAP;
    if (e->run->wants_text && (is_nothing || is_tree)) {
        return say_no_text(e, node->pipe, value);
    }
    if (is_nothing) {
        buf_add(e->out, STR("<no value>"));
        return 0;
    }
    return datum_print(e, e->out, node->pipe->at, value);
}

static int node_run(struct evaluation *e, const struct node *node, struct datum dot)
{
    switch (node->kind) {
    case NODE_TEXT:
        buf_add(e->out, node->text);
        return 0;
    case NODE_ACTION:
        return action_run(e, node, dot);
    case NODE_RANGE:
        return range_run(e, node, dot);
    case NODE_CALL:
        return call_run(e, node, dot);
    case NODE_BREAK:
        return FLOW_BREAK;
    case NODE_CONTINUE:
        return FLOW_CONTINUE;
    case NODE_IF:
    case NODE_WITH:
    default:
        return condition_run(e, node, dot);
    }
}

static int list_run(struct evaluation *e, const struct nodes *list, struct datum dot)
{
    size_t at = list->count > 0 ? list->items[0]->at : 0;
    int err = evaluation_enter(e, at);
    for (size_t i = 0; i < list->count && err == 0; i++) {
        const struct node *node = list->items[i];
        err = evaluation_work(e, node->at, 1 + node->text.len / 64);
        err = err ? err : node_run(e, node, dot);
        err = err ? err : check_output(e, node->at);
    }
    evaluation_leave(e);
    return err;
}

/* ---- texts and fields alone ---- */

/*
 * A template that is only that, over data that are texts: the pieces are joined as they are. False when
 * anything else comes up, which then goes the long way and has its errors.
 */
static bool pieces_run(
        const struct template *template, const struct template_run *run, struct str *ret_text)
{
    struct str texts[FEW_SLOTS];
    if (!template->is_plain || template->piece_count > FEW_SLOTS || !run->data || run->limits) {
        return false;
    }
    for (size_t i = 0; i < template->piece_count; i++) {
        const struct template_piece *piece = &template->pieces[i];
        texts[i] = piece->text;
        if (piece->kind == TEMPLATE_TEXT) {
            continue;
        }
        const struct value *value = run->data->field(run->data->context, piece->steps[0]);
        for (size_t step = 1; step < piece->step_count; step++) {
            value = value_get(value, piece->steps[step]);
        }
        if (!value_is(value, VALUE_STRING)) {
            return false;
        }
        texts[i] = value->as.text;
    }
    *ret_text = arena_join(run->arena, texts, template->piece_count, STR_EMPTY);
    return true;
}

/* ---- the whole ---- */

static int finish(struct evaluation *e, struct str *ret_text)
{
    struct str text = buf_str(e->out);
    if (!str_is_utf8(text)) {
        return evaluation_fail(e, ERR_INVALID, 0,
                "the result is not well-formed UTF-8: a character was cut in the middle");
    }
    *ret_text = arena_dup(e->run->arena, text);
    return 0;
}

int template_evaluate(const struct template *template, const struct template_run *run,
        struct str *ret_text, struct template_error *ret_error)
{
    if (pieces_run(template, run, ret_text)) {
        return 0;
    }
    struct template_limits limits = limits_of(run->limits);
    AUTO_BUF out = BUF_INIT(limits.max_output);
    struct evaluation e = {
        .template = template,
        .run = run,
        .limits = limits,
        .error = ret_error,
        .out = &out,
        .call = { .arena = run->arena, .keys = run->keys, .context = run->context },
    };
    e.call.evaluation = &e;
    struct datum dot = datum_of(run->value);
    if (!run->value && run->data) {
        dot.kind = DATUM_ROOT;
    }
    int err = definition_run(&e, template->definitions.items[0], dot);
    return err ? err : finish(&e, ret_text);
}
