/* SPDX-License-Identifier: Apache-2.0 */
/* Runs pipelines: fields, variables, calls. */
#include "evaluate.h"

enum {
    FEW_ARGUMENTS = 8
};

/* ---- fields ---- */

/* The data as a map, when a template uses them as a whole. */
static struct datum settle(struct evaluation *e, struct datum datum)
{
    if (datum.kind != DATUM_ROOT) {
        return datum;
    }
    const struct template_data *data = e->run->data;
    return datum_of(data->whole(data->context));
}

/* The fields of an operand as they are written, without the first dot. */
static struct str written_path(const struct operand *operand)
{
    size_t start = operand->field_at[0] + 1 - operand->at;
    return str_from_index(operand->written, start);
}

static int say_no_key(struct evaluation *e, const struct operand *operand, size_t field,
        const struct value *map)
{
    struct str path = written_path(operand);
    struct str name = operand->fields[field]->text;
    int err = evaluation_fail(e, ERR_NOT_FOUND, operand->field_at[field],
            "there is no \"%.*s\" for \"%.*s\"", STR_ARG(name), STR_ARG(operand->written));
    size_t count = value_is(map, VALUE_MAP) ? value_count(map) : 0;
    struct str *names = ARENA_ARRAY(e->run->arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = map->as.map.entries[i].key->text;
    }
    e->error->path = path;
    e->error->hint = suggest_hint(e->run->arena, name, names, count);
    return err;
}

static int field_evaluate(struct evaluation *e, const struct operand *operand, size_t field,
        struct datum from, struct datum *ret)
{
    const struct key *key = operand->fields[field];
    const struct value *found = NULL;
    const struct value *map = NULL;
    bool is_strict = e->run->missing == TEMPLATE_MISSING_IS_ERROR;
    switch (from.kind) {
    case DATUM_ROOT:
        found = e->run->data->field(e->run->data->context, key);
        break;
    case DATUM_MAP:
        map = from.as.tree;
        found = value_get(map, key);
        break;
    case DATUM_MISSING:
        break;
    case DATUM_NULL:
        is_strict = true;
        break;
    case DATUM_BOOL:
    case DATUM_INT:
    case DATUM_UINT:
    case DATUM_FLOAT:
    case DATUM_STRING:
    case DATUM_LIST:
    default:
        return evaluation_fail(e, ERR_INVALID, operand->field_at[field],
                "\"%.*s\" is not in %s (\"%.*s\")", STR_ARG(key->text), datum_type(from),
                STR_ARG(operand->written));
    }
    if (!found && is_strict) {
        return say_no_key(e, operand, field, map);
    }
    *ret = datum_of(found);
    return 0;
}

/* ---- calls ---- */

static int operand_evaluate(struct evaluation *e, const struct operand *operand,
        struct datum dot, struct datum *ret);

static int say_argument(
        struct evaluation *e, size_t at, size_t index, const char *wanted, struct datum found)
{
    return evaluation_fail(e, ERR_INVALID, at,
            "the function \"%s\" wants %s as argument %zu, not %s", e->function, wanted,
            index + 1, datum_type(found));
}

/* Whether an argument is what its letter asks for. */
static int check_argument(
        struct evaluation *e, size_t at, size_t index, char letter, struct datum *argument)
{
    static const struct {
        char letter;
        enum datum_kind kind;
        const char *wanted;
    } kinds[] = {
        { 's', DATUM_STRING, "a text" },
        { 'i', DATUM_INT, "an integer" },
        { 'b', DATUM_BOOL, "a boolean" },
        { 'l', DATUM_LIST, "a list" },
        { 'm', DATUM_MAP, "a map" },
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].letter == letter && kinds[i].kind != argument->kind) {
            return say_argument(e, at, index, kinds[i].wanted, *argument);
        }
    }
    return 0;
}

static int check_count(
        struct evaluation *e, const struct template_function *function, size_t at, size_t count)
{
    size_t fixed = 0;
    while (function->takes[fixed] != '\0' && function->takes[fixed] != '*') {
        fixed++;
    }
    bool is_open = function->takes[fixed] == '*';
    fixed -= is_open;
    if (count < fixed || (count > fixed && !is_open)) {
        return evaluation_fail(e, ERR_INVALID, at,
                "the function \"%s\" takes %s%zu argument%s, not %zu", function->name,
                is_open ? "at least " : "", fixed, fixed == 1 ? "" : "s", count);
    }
    return 0;
}

/* `and` and `or` look at no argument behind the one that decides. */
static int short_circuit(struct evaluation *e, const struct command *command, struct datum dot,
        const struct datum *final, struct datum *ret)
{
    bool stops_at = command->operands[0].function == &function_or;
    size_t count = command->count - 1;
    if (count == 0 && !final) {
        return check_count(e, command->operands[0].function, command->at, 0);
    }
    for (size_t i = 1; i <= count; i++) {
        int err = operand_evaluate(e, &command->operands[i], dot, ret);
        if (err || datum_is_true(*ret) == stops_at) {
            return err;
        }
    }
    *ret = final ? *final : *ret;
    return 0;
}

static int call_with(struct evaluation *e, const struct command *command, struct datum dot,
        const struct datum *final, struct datum *args, struct datum *ret)
{
    const struct template_function *function = command->operands[0].function;
    size_t given = command->count - 1;
    size_t count = given + (final ? 1 : 0);
    size_t work = 1;
    int err = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        bool is_final = i == given;
        err = is_final ? 0 : operand_evaluate(e, &command->operands[i + 1], dot, &args[i]);
        args[i] = is_final ? *final : args[i];
        work += !err && args[i].kind == DATUM_STRING ? args[i].as.text.len / 64 : 0;
    }
    e->function = function->name;
    e->at = command->at;
    err = err ? err : check_count(e, function, command->at, count);
    size_t letter = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        size_t at = i < given ? command->operands[i + 1].at : command->at;
        err = check_argument(e, at, i, function->takes[letter], &args[i]);
        letter += function->takes[letter + 1] != '*' ? 1 : 0;
    }
    err = err ? err : evaluation_work(e, command->at, work);
    return err ? err : function->run(&e->call, args, count, ret);
}

static int function_call(struct evaluation *e, const struct command *command, struct datum dot,
        const struct datum *final, struct datum *ret)
{
    const struct template_function *function = command->operands[0].function;
    if (function == &function_and || function == &function_or) {
        return short_circuit(e, command, dot, final, ret);
    }
    struct datum few[FEW_ARGUMENTS];
    struct datum *args = few;
    if (command->count > FEW_ARGUMENTS) {
        args = ARENA_ARRAY(e->run->arena, struct datum, command->count);
        e->memory += command->count * sizeof(*args);
        if (e->memory > e->limits.max_memory) {
            return evaluation_fail(e, ERR_LIMIT, command->at,
                    "the template needs too much "
                    "memory");
        }
    }
    return call_with(e, command, dot, final, args, ret);
}

/* ---- words and commands ---- */

static int head_evaluate(struct evaluation *e, const struct operand *operand, struct datum dot,
        struct datum *ret)
{
    switch (operand->kind) {
    case OPERAND_DOT:
        *ret = dot;
        return 0;
    case OPERAND_NIL:
        *ret = (struct datum){ .kind = DATUM_NULL };
        return 0;
    case OPERAND_CONSTANT:
        *ret = operand->constant;
        return 0;
    case OPERAND_VARIABLE:
        *ret = e->slots[operand->slot];
        return 0;
    case OPERAND_PIPE:
        return pipe_evaluate(e, operand->pipe, dot, ret);
    case OPERAND_FUNCTION:
    default: {
        struct command alone = { .operands = operand, .count = 1, .at = operand->at };
        return function_call(e, &alone, dot, NULL, ret);
    }
    }
}

static int operand_evaluate(struct evaluation *e, const struct operand *operand,
        struct datum dot, struct datum *ret)
{
    int err = evaluation_work(e, operand->at, 1 + operand->field_count);
    err = err ? err : head_evaluate(e, operand, dot, ret);
    for (size_t i = 0; i < operand->field_count && err == 0; i++) {
        err = field_evaluate(e, operand, i, *ret, ret);
    }
    if (err == 0) {
        *ret = settle(e, *ret);
    }
    return err;
}

static int command_evaluate(struct evaluation *e, const struct command *command,
        struct datum dot, const struct datum *final, struct datum *ret)
{
    const struct operand *first = &command->operands[0];
    if (first->kind == OPERAND_FUNCTION && first->field_count == 0) {
        int err = evaluation_work(e, command->at, 1);
        return err ? err : function_call(e, command, dot, final, ret);
    }
    if (command->count > 1 || final) {
        return evaluation_fail(e, ERR_INVALID, command->at,
                "\"%.*s\" is no function and takes no arguments", STR_ARG(first->written));
    }
    if (first->kind == OPERAND_NIL) {
        return evaluation_fail(e, ERR_INVALID, command->at, "\"nil\" alone is no value");
    }
    return operand_evaluate(e, first, dot, ret);
}

int pipe_evaluate(
        struct evaluation *e, const struct pipe *pipe, struct datum dot, struct datum *ret)
{
    struct datum value = { .kind = DATUM_MISSING };
    int err = evaluation_enter(e, pipe->at);
    for (size_t i = 0; i < pipe->count && err == 0; i++) {
        struct datum next = { .kind = DATUM_MISSING };
        err = command_evaluate(e, &pipe->commands[i], dot, i > 0 ? &value : NULL, &next);
        value = next;
        if (value.kind == DATUM_NULL) {
            value.kind = DATUM_MISSING;
        }
    }
    evaluation_leave(e);
    for (size_t i = 0; i < pipe->slot_count && err == 0; i++) {
        e->slots[pipe->slots[i]] = value;
    }
    *ret = value;
    return err;
}
