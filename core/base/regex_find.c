/* SPDX-License-Identifier: Apache-2.0 */
/* Where a pattern matches: all alternatives advance together, each with the places of its groups, in the order in
 * which a search with backtracking would try them. */
#include <string.h>

#include "err.h"
#include "regex_program.h"

/* The instructions that wait for the next character, the first choice first. */
struct waiting {
    uint32_t *dense;
    uint32_t *sparse;
    uint32_t count;
    size_t *slots; /* of every instruction, by its position in `dense` */
};

/* What is still to be followed, or, with a slot, to be put back. */
struct step {
    uint32_t position;
    uint32_t slot; /* UINT32_MAX: none */
    size_t old;
};

struct finding {
    const struct regex *regex;
    struct str text;
    size_t at;
    struct regex_place place;
    size_t slot_count;
    struct step *steps;
    size_t *slots; /* of the alternative that is followed */
    size_t *found; /* of the best match so far */
    bool is_found;
};

static bool is_present(const struct waiting *waiting, uint32_t position)
{
    uint32_t index = waiting->sparse[position];
    return index < waiting->count && waiting->dense[index] == position;
}

static void add(const struct finding *f, struct waiting *waiting, uint32_t position)
{
    waiting->sparse[position] = waiting->count;
    waiting->dense[waiting->count] = position;
    memcpy(waiting->slots + waiting->count * f->slot_count, f->slots,
            f->slot_count * sizeof(*f->slots));
    waiting->count++;
}

/* Adds an instruction and all reached from it without a character. */
static void follow(struct finding *f, struct waiting *waiting, uint32_t start)
{
    size_t depth = 0;
    f->steps[depth++] = (struct step){ start, UINT32_MAX, 0 };
    while (depth > 0) {
        struct step step = f->steps[--depth];
        uint32_t position = step.position;
        if (step.slot != UINT32_MAX) {
            f->slots[step.slot] = step.old;
            continue;
        }
        if (is_present(waiting, position)) {
            continue;
        }
        add(f, waiting, position);
        const struct instruction *instruction = &f->regex->code.items[position];
        switch (instruction->op) {
        case OP_JUMP:
            f->steps[depth++] = (struct step){ instruction->next, UINT32_MAX, 0 };
            break;
        case OP_SPLIT:
            f->steps[depth++] = (struct step){ instruction->other, UINT32_MAX, 0 };
            f->steps[depth++] = (struct step){ instruction->next, UINT32_MAX, 0 };
            break;
        case OP_SAVE:
            f->steps[depth++] =
                    (struct step){ 0, instruction->other, f->slots[instruction->other] };
            f->slots[instruction->other] = f->at;
            f->steps[depth++] = (struct step){ position + 1, UINT32_MAX, 0 };
            break;
        case OP_BEGIN:
        case OP_END:
        case OP_BOUNDARY:
        case OP_NO_BOUNDARY:
            if (regex_holds(instruction->op, f->place)) {
                f->steps[depth++] = (struct step){ position + 1, UINT32_MAX, 0 };
            }
            break;
        case OP_CHAR:
        case OP_CLASS:
        case OP_MATCH:
        default:
            break;
        }
    }
}

/* Lets the alternatives pass one character. A match beats every alternative behind it. */
static void advance(
        struct finding *f, const struct waiting *from, struct waiting *to, size_t len)
{
    struct regex_place next = { f->place.behind, UINT32_MAX };
    size_t behind = f->at + len;
    size_t ignored;
    if (behind < f->text.len) {
        next.behind = regex_point(f->text, behind, &ignored);
    }
    uint32_t point = f->place.behind;
    struct regex_place here = f->place;
    size_t at = f->at;
    to->count = 0;
    for (uint32_t i = 0; i < from->count; i++) {
        uint32_t position = from->dense[i];
        const struct instruction *instruction = &f->regex->code.items[position];
        const size_t *slots = from->slots + i * f->slot_count;
        if (instruction->op == OP_MATCH) {
            memcpy(f->found, slots, f->slot_count * sizeof(*slots));
            f->found[1] = at;
            f->is_found = true;
            break;
        }
        if (len > 0 && regex_takes(instruction, point)) {
            memcpy(f->slots, slots, f->slot_count * sizeof(*slots));
            f->place = next;
            f->at = behind;
            follow(f, to, position + 1);
            f->place = here;
            f->at = at;
        }
    }
}

static void run(struct finding *f, struct waiting *now, struct waiting *later)
{
    for (;;) {
        size_t len = 0;
        f->place.behind = f->at < f->text.len ? regex_point(f->text, f->at, &len) : UINT32_MAX;
        if (!f->is_found) {
            for (size_t i = 0; i < f->slot_count; i++) {
                f->slots[i] = SIZE_MAX;
            }
            f->slots[0] = f->at;
            follow(f, now, 0);
        }
        if (now->count == 0) {
            return;
        }
        advance(f, now, later, len);
        if (len == 0) {
            return;
        }
        struct waiting swap = *now;
        *now = *later;
        *later = swap;
        f->place.before = f->place.behind;
        f->at += len;
    }
}

static uint32_t point_before(struct str text, size_t at)
{
    size_t start = at;
    size_t len;
    if (at == 0) {
        return UINT32_MAX;
    }
    do {
        start--;
    } while (start > 0 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80);
    return regex_point(text, start, &len);
}

size_t regex_group_count(const struct regex *regex)
{
    return regex->group_count;
}

bool regex_find(const struct regex *regex, struct str text, size_t from,
        struct regex_span *ret_spans, size_t *ret_end)
{
    size_t count = regex->code.count;
    size_t slots = regex->group_count * 2;
    ENSURE(slots > 0);
    struct arena *scratch = arena_new();
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, count * 4);
    size_t *places = ARENA_ARRAY(scratch, size_t, (count * 2 + 2) * slots);
    struct waiting now = { positions, positions + count, 0, places };
    struct waiting later = { positions + 2 * count, positions + 3 * count, 0,
        places + count * slots };
    struct finding f = {
        .regex = regex,
        .text = text,
        .at = from,
        .place = { .before = point_before(text, from) },
        .slot_count = slots,
        .steps = ARENA_ARRAY(scratch, struct step, count * 3 + 1),
        .slots = places + count * 2 * slots,
        .found = places + (count * 2 + 1) * slots,
    };
    run(&f, &now, &later);
    for (size_t i = 0; f.is_found && i < regex->group_count; i++) {
        bool is_whole = f.found[2 * i] != SIZE_MAX && f.found[2 * i + 1] != SIZE_MAX;
        ret_spans[i].from = is_whole ? f.found[2 * i] : SIZE_MAX;
        ret_spans[i].to = is_whole ? f.found[2 * i + 1] : SIZE_MAX;
    }
    *ret_end = f.at;
    arena_free(scratch);
    return f.is_found;
}
