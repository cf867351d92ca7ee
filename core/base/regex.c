/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of regular expressions and their run: all alternatives advance together. */
#include "regex.h"

#include <string.h>

#include "err.h"
#include "regex_program.h"

enum {
    MAX_PATTERN = 4096, /* bytes */
    MAX_CODE = 20000,
    MAX_STEPS = 200000,
    MAX_GROUPS = 32, /* of patterns that find */
    FEW = 256 /* instructions whose states fit the stack */
};

/* ---- making the program ---- */

struct emitter {
    struct arena *arena;
    struct regex *regex;
    size_t steps; /* repetitions of nothing make no code, but take time */
    bool is_too_large;
    bool saves_groups;
};

static uint32_t emit(struct emitter *emitter, enum opcode op)
{
    if (emitter->regex->code.count >= MAX_CODE) {
        emitter->is_too_large = true;
        return 0;
    }
    VEC_PUSH(emitter->arena, &emitter->regex->code, (struct instruction){ .op = op });
    return (uint32_t)emitter->regex->code.count - 1;
}

static uint32_t here(const struct emitter *emitter)
{
    return (uint32_t)emitter->regex->code.count;
}

static struct instruction *at(struct emitter *emitter, uint32_t position)
{
    return &emitter->regex->code.items[position];
}

static void emit_node(struct emitter *emitter, const struct regex_node *node);

static void emit_alternative(struct emitter *emitter, const struct regex_node *node)
{
    uint32_t split = emit(emitter, OP_SPLIT);
    emit_node(emitter, node->left);
    uint32_t jump = emit(emitter, OP_JUMP);
    at(emitter, split)->next = split + 1;
    at(emitter, split)->other = here(emitter);
    emit_node(emitter, node->right);
    at(emitter, jump)->next = here(emitter);
}

/* Where a repetition goes on at one of two places: as often as possible, or as rarely. */
static void set_split(
        struct emitter *emitter, uint32_t split, uint32_t again, uint32_t out, bool is_lazy)
{
    at(emitter, split)->next = is_lazy ? out : again;
    at(emitter, split)->other = is_lazy ? again : out;
}

/* At least `min` times: the last of these is the one that is run again. */
static void emit_forever(struct emitter *emitter, const struct regex_node *node)
{
    for (int i = 1; i < node->min && !emitter->is_too_large; i++) {
        emit_node(emitter, node->left);
    }
    uint32_t skip = node->min == 0 ? emit(emitter, OP_SPLIT) : 0;
    uint32_t body = here(emitter);
    emit_node(emitter, node->left);
    uint32_t back = emit(emitter, OP_SPLIT);
    set_split(emitter, back, body, here(emitter), node->is_lazy);
    if (node->min == 0) {
        set_split(emitter, skip, body, here(emitter), node->is_lazy);
    }
}

static void emit_repeat(struct emitter *emitter, const struct regex_node *node)
{
    if (node->max == REGEX_FOREVER) {
        emit_forever(emitter, node);
        return;
    }
    for (int i = 0; i < node->min && !emitter->is_too_large; i++) {
        emit_node(emitter, node->left);
    }
    /* Each optional round may leave for the end of all of them. */
    uint32_t first = here(emitter);
    for (int i = node->min; i < node->max && !emitter->is_too_large; i++) {
        uint32_t split = emit(emitter, OP_SPLIT);
        at(emitter, split)->next = split + 1;
        at(emitter, split)->other = UINT32_MAX;
        emit_node(emitter, node->left);
    }
    for (uint32_t i = first; i < here(emitter); i++) {
        struct instruction *split = at(emitter, i);
        if (split->op == OP_SPLIT && split->other == UINT32_MAX) {
            split->other = node->is_lazy ? split->next : here(emitter);
            split->next = node->is_lazy ? here(emitter) : split->next;
        }
    }
}

static void emit_group(struct emitter *emitter, const struct regex_node *node)
{
    if (emitter->saves_groups) {
        at(emitter, emit(emitter, OP_SAVE))->other = node->point * 2;
    }
    emit_node(emitter, node->left);
    if (emitter->saves_groups) {
        at(emitter, emit(emitter, OP_SAVE))->other = node->point * 2 + 1;
    }
}

static void emit_node(struct emitter *emitter, const struct regex_node *node)
{
    uint32_t position = 0;
    if (++emitter->steps > MAX_STEPS) {
        emitter->is_too_large = true;
    }
    if (emitter->is_too_large) {
        return;
    }
    switch (node->kind) {
    case REGEX_EMPTY:
        break;
    case REGEX_CHAR:
        position = emit(emitter, OP_CHAR);
        at(emitter, position)->point = node->point;
        break;
    case REGEX_CLASS:
        position = emit(emitter, OP_CLASS);
        at(emitter, position)->class = node->class;
        break;
    case REGEX_CAT:
        emit_node(emitter, node->left);
        emit_node(emitter, node->right);
        break;
    case REGEX_ALT:
        emit_alternative(emitter, node);
        break;
    case REGEX_GROUP:
        emit_group(emitter, node);
        break;
    case REGEX_REPEAT:
        emit_repeat(emitter, node);
        break;
    case REGEX_BEGIN:
        emit(emitter, OP_BEGIN);
        break;
    case REGEX_END:
        emit(emitter, OP_END);
        break;
    case REGEX_BOUNDARY:
        emit(emitter, OP_BOUNDARY);
        break;
    case REGEX_NO_BOUNDARY:
        emit(emitter, OP_NO_BOUNDARY);
        break;
    default:
        BUG("regex node of no kind");
    }
}

static int compile(struct arena *arena, struct str pattern, bool saves_groups,
        const struct regex **ret_regex, struct regex_error *ret_error)
{
    if (pattern.len > MAX_PATTERN) {
        *ret_error = (struct regex_error){ "the pattern is too long", MAX_PATTERN };
        return ERR_LIMIT;
    }
    struct arena *scratch = arena_new();
    const struct regex_node *node = NULL;
    size_t groups = 1;
    int err = regex_parse(arena, scratch, pattern, &node, &groups, ret_error);
    if (err == 0) {
        struct regex *regex = ARENA_NEW(arena, struct regex);
        struct emitter emitter = {
            .arena = arena, .regex = regex, .saves_groups = saves_groups
        };
        regex->group_count = saves_groups ? groups : 0;
        emit_node(&emitter, node);
        emit(&emitter, OP_MATCH);
        if (emitter.is_too_large || (saves_groups && groups > MAX_GROUPS)) {
            *ret_error = (struct regex_error){ "the pattern is too large", 0 };
            err = ERR_LIMIT;
        } else {
            *ret_regex = regex;
        }
    }
    arena_free(scratch);
    return err;
}

int regex_compile(struct arena *arena, struct str pattern, const struct regex **ret_regex,
        struct regex_error *ret_error)
{
    return compile(arena, pattern, false, ret_regex, ret_error);
}

int regex_compile_groups(struct arena *arena, struct str pattern,
        const struct regex **ret_regex, struct regex_error *ret_error)
{
    return compile(arena, pattern, true, ret_regex, ret_error);
}

/* ---- running it ---- */

/* The instructions that wait for the next character; sparse, so that clearing is free. */
struct states {
    uint32_t *dense;
    uint32_t *sparse;
    uint32_t count;
};

struct search {
    const struct regex *regex;
    struct str text;
    size_t at;
    uint32_t *stack; /* instructions still to follow */
    struct regex_place place; /* around `at` */
};

static bool is_word(uint32_t point)
{
    uint32_t lower = point | 0x20;
    return (point >= '0' && point <= '9') || point == '_' || (lower >= 'a' && lower <= 'z');
}

static bool is_in(const struct regex_class *class, uint32_t point)
{
    for (size_t i = 0; i < class->ranges.count; i++) {
        if (point >= class->ranges.items[i].first && point <= class->ranges.items[i].last) {
            return !class->is_negated;
        }
    }
    return class->is_negated;
}

bool regex_holds(enum opcode op, struct regex_place place)
{
    bool is_boundary = is_word(place.before) != is_word(place.behind);
    if (op == OP_BEGIN) {
        return place.before == UINT32_MAX;
    }
    if (op == OP_END) {
        return place.behind == UINT32_MAX;
    }
    return op == OP_BOUNDARY ? is_boundary : !is_boundary;
}

static bool is_present(const struct states *states, uint32_t position)
{
    uint32_t slot = states->sparse[position];
    return slot < states->count && states->dense[slot] == position;
}

/* Adds an instruction and all reached from it without a character; true when one is the match. */
static bool follow(struct search *search, struct states *states, uint32_t position)
{
    size_t depth = 0;
    search->stack[depth++] = position;
    while (depth > 0) {
        position = search->stack[--depth];
        if (is_present(states, position)) {
            continue;
        }
        states->sparse[position] = states->count;
        states->dense[states->count++] = position;
        const struct instruction *instruction = &search->regex->code.items[position];
        switch (instruction->op) {
        case OP_MATCH:
            return true;
        case OP_JUMP:
            search->stack[depth++] = instruction->next;
            break;
        case OP_SAVE:
            search->stack[depth++] = position + 1;
            break;
        case OP_SPLIT:
            search->stack[depth++] = instruction->other;
            search->stack[depth++] = instruction->next;
            break;
        case OP_BEGIN:
        case OP_END:
        case OP_BOUNDARY:
        case OP_NO_BOUNDARY:
            if (regex_holds(instruction->op, search->place)) {
                search->stack[depth++] = position + 1;
            }
            break;
        case OP_CHAR:
        case OP_CLASS:
        default:
            break;
        }
    }
    return false;
}

bool regex_takes(const struct instruction *instruction, uint32_t point)
{
    if (instruction->op == OP_CHAR) {
        return instruction->point == point;
    }
    return instruction->op == OP_CLASS && is_in(instruction->class, point);
}

static bool run(struct search *search, struct states *arrived, struct states *waiting)
{
    const struct instruction *code = search->regex->code.items;
    search->place.before = UINT32_MAX;
    for (;;) {
        size_t len = 0;
        search->place.behind = search->at < search->text.len
                                       ? regex_point(search->text, search->at, &len)
                                       : UINT32_MAX;
        waiting->count = 0;
        for (uint32_t i = 0; i < arrived->count; i++) {
            if (follow(search, waiting, arrived->dense[i])) {
                return true;
            }
        }
        /* A match may begin anywhere. */
        if (follow(search, waiting, 0)) {
            return true;
        }
        if (len == 0) {
            return false;
        }
        arrived->count = 0;
        for (uint32_t i = 0; i < waiting->count; i++) {
            uint32_t position = waiting->dense[i];
            if (regex_takes(&code[position], search->place.behind)) {
                arrived->dense[arrived->count++] = position + 1;
            }
        }
        search->place.before = search->place.behind;
        search->at += len;
    }
}

bool regex_search(const struct regex *regex, struct str text)
{
    size_t count = regex->code.count;
    uint32_t few[FEW * 5];
    struct arena *scratch = NULL;
    uint32_t *memory = few;
    if (count > FEW) {
        scratch = arena_new();
        memory = ARENA_ARRAY(scratch, uint32_t, count * 5);
    } else {
        memset(few, 0, sizeof(few));
    }
    struct states arrived = { .dense = memory };
    struct states waiting = { .dense = memory + count, .sparse = memory + count * 2 };
    struct search search = { .regex = regex, .text = text, .stack = memory + count * 3 };
    bool is_found = run(&search, &arrived, &waiting);
    arena_free(scratch);
    return is_found;
}
