/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean". */
#include "suggest.h"

#include <string.h>

#include "buf.h"

enum {
    WORD_MAX = 128 /* longer names are compared by their first bytes only */
};

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

size_t edit_distance(struct str a, struct str b, size_t limit)
{
    size_t rows[3][WORD_MAX + 1];
    a = str_sub(a, 0, WORD_MAX);
    b = str_sub(b, 0, WORD_MAX);
    if (a.len > b.len + limit || b.len > a.len + limit) {
        return limit + 1;
    }
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
            bool is_swap = i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
                           a.ptr[i - 2] == b.ptr[j - 1];
            if (is_swap && above2[j - 2] + 1 < row[j]) {
                row[j] = above2[j - 2] + 1;
            }
        }
    }
    size_t distance = rows[a.len % 3][b.len];
    return distance > limit ? limit + 1 : distance;
}

/* Tables may name a thing once per place where it can be used. */
static bool is_among_nearest(struct str name, const struct str *nearest, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, nearest[i])) {
            return true;
        }
    }
    return false;
}

size_t suggest(
        struct str word, const struct str *names, size_t count, struct str ret_nearest[3])
{
    size_t limit = word.len / 3 > 1 ? word.len / 3 : 1;
    size_t distances[3] = { SIZE_MAX, SIZE_MAX, SIZE_MAX };
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, names[i], limit);
        if (distance > limit || distance == 0 ||
                is_among_nearest(names[i], ret_nearest, found)) {
            continue;
        }
        size_t at = found < 3 ? found : 3;
        while (at > 0 && distances[at - 1] > distance) {
            at--;
        }
        if (at == 3) {
            continue;
        }
        for (size_t k = 2; k > at; k--) {
            distances[k] = distances[k - 1];
            ret_nearest[k] = ret_nearest[k - 1];
        }
        distances[at] = distance;
        ret_nearest[at] = names[i];
        found += found < 3;
    }
    return found;
}

struct str suggest_hint(
        struct arena *arena, struct str word, const struct str *names, size_t count)
{
    struct str nearest[3];
    size_t found = suggest(word, names, count, nearest);
    switch (found) {
    case 0:
        return STR_EMPTY;
    case 1:
        return arena_printf(arena, "did you mean \"%.*s\"?", STR_ARG(nearest[0]));
    case 2:
        return arena_printf(arena, "did you mean \"%.*s\" or \"%.*s\"?", STR_ARG(nearest[0]),
                STR_ARG(nearest[1]));
    default:
        return arena_printf(arena, "did you mean \"%.*s\", \"%.*s\" or \"%.*s\"?",
                STR_ARG(nearest[0]), STR_ARG(nearest[1]), STR_ARG(nearest[2]));
    }
}
