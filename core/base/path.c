/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as text. */
#include "path.h"

#include <string.h>

#include "buf.h"
#include "vec.h"

bool path_is_absolute(struct str path)
{
    return path.len > 0 && path.ptr[0] == '/';
}

/* Where the last segment begins in the text, of which the first `root` bytes stay. */
static size_t last_segment(const char *text, size_t len, size_t root)
{
    while (len > root && text[len - 1] != '/') {
        len--;
    }
    return len;
}

struct str path_clean(struct arena *arena, struct str path)
{
    char *text = arena_alloc(arena, path.len + 2); /* "." and a NUL byte at the least */
    size_t root = path_is_absolute(path) ? 1 : 0;
    size_t len = root;
    struct str rest = path;
    struct str piece;
    bool more = true;
    text[0] = '/';
    while (str_split(&rest, &more, '/', &piece)) {
        if (piece.len == 0 || str_eq(piece, STR("."))) {
            continue;
        }
        size_t last = last_segment(text, len, root);
        bool is_up = str_eq(piece, STR(".."));
        if (is_up && len > root && !str_eq((struct str){ text + last, len - last }, piece)) {
            len = last > root ? last - 1 : root;
        } else if (!is_up || root == 0) {
            if (len > root) {
                text[len++] = '/';
            }
            memcpy(text + len, piece.ptr, piece.len);
            len += piece.len;
        }
    }
    if (len == 0) {
        text[len++] = '.';
    }
    text[len] = 0;
    return (struct str){ text, len };
}

struct str path_join(struct arena *arena, struct str folder, struct str name)
{
    if (path_is_absolute(name) || folder.len == 0) {
        return path_clean(arena, name);
    }
    struct str pieces[2] = { folder, name };
    return path_clean(arena, arena_join(arena, pieces, 2, STR("/")));
}

struct str path_folder(struct str path)
{
    ptrdiff_t at = str_rfind(path, '/');
    if (at < 0) {
        return STR_EMPTY;
    }
    return str_sub(path, 0, at == 0 ? 1 : (size_t)at);
}

struct str path_base(struct str path)
{
    ptrdiff_t at = str_rfind(path, '/');
    return at < 0 ? path : str_from_index(path, (size_t)at + 1);
}

struct str path_extension(struct str path)
{
    struct str base = path_base(path);
    ptrdiff_t at = str_rfind(base, '.');
    return at < 0 ? STR_EMPTY : str_from_index(base, (size_t)at);
}

/* Cuts the first segment off a path without leading slash. */
static struct str first_segment(struct str path)
{
    ptrdiff_t at = str_find(path, '/');
    return at < 0 ? path : str_sub(path, 0, (size_t)at);
}

static struct str skip_segment(struct str path)
{
    struct str first = first_segment(path);
    return str_from_index(path, first.len < path.len ? first.len + 1 : first.len);
}

struct str path_relative(struct arena *arena, struct str folder, struct str path)
{
    struct str from = str_from_index(folder, 1);
    struct str to = str_from_index(path, 1);
    while (from.len > 0 && to.len > 0 && str_eq(first_segment(from), first_segment(to))) {
        from = skip_segment(from);
        to = skip_segment(to);
    }
    VEC(struct str) pieces = { 0 };
    for (; from.len > 0; from = skip_segment(from)) {
        VEC_PUSH(arena, &pieces, STR(".."));
    }
    if (to.len > 0) {
        VEC_PUSH(arena, &pieces, to);
    }
    if (pieces.count == 0) {
        return arena_dup(arena, STR("."));
    }
    return arena_join(arena, pieces.items, pieces.count, STR("/"));
}

bool path_is_below(struct str folder, struct str path)
{
    if (str_eq(folder, STR("/"))) {
        return path_is_absolute(path);
    }
    return str_starts_with(path, folder) &&
           (path.len == folder.len || path.ptr[folder.len] == '/');
}
