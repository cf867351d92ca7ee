/* SPDX-License-Identifier: Apache-2.0 */
/* Drawing trees. */
#include "tree.h"

void tree_add(struct arena *arena, struct tree *tree, struct tree_line line)
{
    VEC_PUSH(arena, &tree->lines, line);
}

/* The four pieces a branch is made of. */
struct pieces {
    const char *fork; /* to a child that has more behind it */
    const char *last;
    const char *rail; /* past the children of one that has more behind it */
    const char *gap;
};

/*
 * For each line whether another of its depth follows below the same parent: seen from the end, a
 * line has one behind it when that depth was met since a shallower one.
 */
static bool *find_followed(struct arena *arena, const struct tree *tree, size_t *ret_depth)
{
    size_t deepest = 0;
    for (size_t i = 0; i < tree->lines.count; i++) {
        size_t depth = tree->lines.items[i].depth;
        deepest = depth > deepest ? depth : deepest;
    }
    bool *is_followed = ARENA_ARRAY(arena, bool, tree->lines.count);
    bool *is_met = ARENA_ARRAY(arena, bool, deepest + 1);
    size_t below = 0; /* depths from here on are not met any more */
    for (size_t i = tree->lines.count; i > 0; i--) {
        size_t depth = tree->lines.items[i - 1].depth;
        is_followed[i - 1] = depth < below && is_met[depth];
        for (size_t d = below; d < depth; d++) {
            is_met[d] = false;
        }
        is_met[depth] = true;
        below = depth + 1;
    }
    *ret_depth = deepest;
    return is_followed;
}

void tree_write(struct run *run, struct stream *out, const struct tree *tree)
{
    static const struct pieces boxes = { "├── ", "└── ", "│   ", "    " };
    static const struct pieces ascii = { "|-- ", "`-- ", "|   ", "    " };
    const struct pieces *pieces = out->term.is_utf8 ? &boxes : &ascii;
    size_t deepest;
    const bool *is_followed = find_followed(run->arena, tree, &deepest);
    bool *has_rail = ARENA_ARRAY(run->arena, bool, deepest + 1);
    for (size_t i = 0; i < tree->lines.count; i++) {
        const struct tree_line *line = &tree->lines.items[i];
        for (size_t d = 1; d < line->depth; d++) {
            stream_add_cstr(out, has_rail[d] ? pieces->rail : pieces->gap);
        }
        if (line->depth > 0) {
            stream_add_cstr(out, is_followed[i] ? pieces->fork : pieces->last);
            has_rail[line->depth] = is_followed[i];
        }
        const char *begin = term_style(&out->term, line->style);
        stream_add_cstr(out, begin);
        stream_add_foreign(out, line->text);
        stream_add_cstr(out, *begin ? term_style_end(&out->term) : "");
        if (line->note.len) {
            stream_add_cstr(out, " ");
            const char *quiet = term_style(&out->term, STYLE_DIM);
            stream_add_cstr(out, quiet);
            stream_add_foreign(out, line->note);
            stream_add_cstr(out, *quiet ? term_style_end(&out->term) : "");
        }
        stream_add_cstr(out, "\n");
    }
}
