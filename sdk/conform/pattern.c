/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that a regular expression matches, walked out of its tree. */
#include "base/regex_parse.h"
#include "conform.h"

enum {
    REPEAT_MORE = 3, /* repetitions beyond the least, where there is no end */
    TEXT_MAX = 4096
};

uint64_t random_next(uint64_t *seed)
{
    /* splitmix64: short, and the same everywhere */
    uint64_t z = (*seed += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static void add_point(struct buf *out, uint32_t point)
{
    if (point < 0x80) {
        buf_add_byte(out, (char)point);
    } else if (point < 0x800) {
        buf_add_byte(out, (char)(0xC0 | point >> 6));
        buf_add_byte(out, (char)(0x80 | (point & 63)));
    } else if (point < 0x10000) {
        buf_add_byte(out, (char)(0xE0 | point >> 12));
        buf_add_byte(out, (char)(0x80 | (point >> 6 & 63)));
        buf_add_byte(out, (char)(0x80 | (point & 63)));
    } else {
        buf_add_byte(out, (char)(0xF0 | point >> 18));
        buf_add_byte(out, (char)(0x80 | (point >> 12 & 63)));
        buf_add_byte(out, (char)(0x80 | (point >> 6 & 63)));
        buf_add_byte(out, (char)(0x80 | (point & 63)));
    }
}

static bool class_has(const struct regex_class *class, uint32_t point)
{
    bool is_in = false;
    for (size_t i = 0; i < class->ranges.count; i++) {
        is_in |= point >= class->ranges.items[i].first && point <= class->ranges.items[i].last;
    }
    return is_in != class->is_negated;
}

/* What nobody types, and YAML takes only escaped. */
static bool is_control(uint32_t point)
{
    return point < ' ' || (point >= 0x7f && point < 0xa0) ||
           (point >= 0xd800 && point < 0xe000) || point >= 0xfff0;
}

static uint32_t pick_from(const struct regex_class *class, uint64_t *seed)
{
    for (int i = 0; i < 20 && !class->is_negated && class->ranges.count > 0; i++) {
        const struct regex_range *range =
                &class->ranges.items[random_next(seed) % class->ranges.count];
        uint64_t width = (uint64_t)range->last - range->first + 1;
        uint32_t point = range->first + (uint32_t)(random_next(seed) % width);
        if (!is_control(point)) {
            return point;
        }
    }
    /* The complement of something: most often a letter will do. */
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t point = i < 100 ? 'a' + (uint32_t)(random_next(seed) % 26)
                                 : 33 + (uint32_t)(random_next(seed) % 94);
        if (class_has(class, point)) {
            return point;
        }
    }
    return 0x100;
}

static void sample(const struct regex_node *node, uint64_t *seed, struct buf *out)
{
    if (node == NULL || out->len > TEXT_MAX) {
        return;
    }
    switch (node->kind) {
    case REGEX_CHAR:
        add_point(out, node->point);
        break;
    case REGEX_CLASS:
        add_point(out, pick_from(node->class, seed));
        break;
    case REGEX_CAT:
        sample(node->left, seed, out);
        sample(node->right, seed, out);
        break;
    case REGEX_ALT:
        sample(random_next(seed) % 2 == 0 ? node->left : node->right, seed, out);
        break;
    case REGEX_REPEAT: {
        int room = node->max == REGEX_FOREVER            ? REPEAT_MORE
                   : node->max - node->min > REPEAT_MORE ? REPEAT_MORE
                                                         : node->max - node->min;
        int times = node->min + (int)(random_next(seed) % (uint64_t)(room + 1));
        for (int i = 0; i < times; i++) {
            sample(node->left, seed, out);
        }
        break;
    }
    case REGEX_GROUP:
        sample(node->left, seed, out);
        break;
    case REGEX_EMPTY:
    case REGEX_BEGIN:
    case REGEX_END:
    case REGEX_BOUNDARY:
    case REGEX_NO_BOUNDARY:
        break;
    }
}

void pattern_sample(struct arena *arena, struct str pattern, uint64_t *seed, struct buf *out)
{
    const struct regex_node *node = NULL;
    struct regex_error error;
    size_t groups;
    struct arena *scratch = arena_new();
    if (regex_parse(arena, scratch, pattern, &node, &groups, &error) == 0) {
        sample(node, seed, out);
    }
    arena_free(scratch);
}
