/* SPDX-License-Identifier: Apache-2.0 */
/* The order of semantic versions. */
#include "identity.h"

/* Cuts the piece before the next dot off; false when nothing was left. */
static bool take_piece(struct str *rest, struct str *ret_piece)
{
    ptrdiff_t dot = str_find(*rest, '.');
    bool is_there = rest->len > 0;
    *ret_piece = dot < 0 ? *rest : str_sub(*rest, 0, (size_t)dot);
    *rest = dot < 0 ? STR_EMPTY : str_from_index(*rest, (size_t)dot + 1);
    return is_there;
}

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    return true;
}

/* Numbers by size (they have no leading zeros), words by bytes, numbers before words. */
static int compare_pieces(struct str a, struct str b)
{
    bool is_number[2] = { is_digits(a), is_digits(b) };
    if (is_number[0] != is_number[1]) {
        return is_number[0] ? -1 : 1;
    }
    if (is_number[0] && a.len != b.len) {
        return a.len < b.len ? -1 : 1;
    }
    return str_cmp(a, b);
}

static int compare_lists(struct str a, struct str b)
{
    for (;;) {
        struct str piece[2];
        bool is_there[2] = { take_piece(&a, &piece[0]), take_piece(&b, &piece[1]) };
        if (!is_there[0] || !is_there[1]) {
            return (int)is_there[0] - (int)is_there[1];
        }
        int order = compare_pieces(piece[0], piece[1]);
        if (order != 0) {
            return order;
        }
    }
}

/* Takes the build part off and cuts the pre-release off what is left. */
static struct str take_pre_release(struct str *version)
{
    ptrdiff_t plus = str_find(*version, '+');
    *version = plus < 0 ? *version : str_sub(*version, 0, (size_t)plus);
    ptrdiff_t dash = str_find(*version, '-');
    struct str pre = dash < 0 ? STR_EMPTY : str_from_index(*version, (size_t)dash + 1);
    *version = dash < 0 ? *version : str_sub(*version, 0, (size_t)dash);
    return pre;
}

int version_cmp(struct str a, struct str b)
{
    struct str pre[2] = { take_pre_release(&a), take_pre_release(&b) };
    int order = compare_lists(a, b);
    if (order != 0 || (pre[0].len == 0 && pre[1].len == 0)) {
        return order;
    }
    /* A pre-release comes before its release. */
    return pre[0].len == 0 ? 1 : pre[1].len == 0 ? -1 : compare_lists(pre[0], pre[1]);
}
