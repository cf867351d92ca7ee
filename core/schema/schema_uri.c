/* SPDX-License-Identifier: Apache-2.0 */
/* Resolving references. */
#include "schema_uri.h"

/* The parts with their delimiters ("http:", "//host", "/path", "?query", "#fragment"). */
struct parts {
    struct str scheme;
    struct str authority;
    struct str path;
    struct str query;
    struct str fragment;
};

static bool is_scheme_byte(char byte)
{
    char lower = (char)(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '+' ||
           byte == '-' || byte == '.';
}

/* Cuts what stands before the first of `ends`. */
static struct str cut_before(struct str *rest, const char *ends)
{
    size_t len = 0;
    while (len < rest->len) {
        for (const char *end = ends; *end; end++) {
            if (rest->ptr[len] == *end) {
                struct str piece = str_sub(*rest, 0, len);
                *rest = str_from_index(*rest, len);
                return piece;
            }
        }
        len++;
    }
    struct str piece = *rest;
    *rest = STR_EMPTY;
    return piece;
}

static struct parts split(struct str uri)
{
    struct parts parts = { .scheme = STR_EMPTY };
    size_t len = 0;
    while (len < uri.len && is_scheme_byte(uri.ptr[len])) {
        len++;
    }
    if (len > 0 && len < uri.len && uri.ptr[len] == ':') {
        parts.scheme = str_sub(uri, 0, len + 1);
        uri = str_from_index(uri, len + 1);
    }
    if (str_starts_with(uri, STR("//"))) {
        struct str rest = str_from_index(uri, 2);
        struct str host = cut_before(&rest, "/?#");
        parts.authority = str_sub(uri, 0, host.len + 2);
        uri = rest;
    }
    parts.path = cut_before(&uri, "?#");
    parts.query = cut_before(&uri, "#");
    parts.fragment = uri;
    return parts;
}

/* Takes "." and ".." out of a path (section 5.2.4, for paths that are absolute or have no dots). */
static struct str remove_dots(struct arena *arena, struct str path)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    struct str rest = path;
    struct str segment;
    bool has_more = true;
    bool is_first = true;
    while (str_split(&rest, &has_more, '/', &segment)) {
        bool is_last = !has_more;
        if (str_eq(segment, STR(".")) || str_eq(segment, STR(".."))) {
            ptrdiff_t slash = segment.len == 2 ? str_rfind(buf_str(&out), '/') : -1;
            if (slash >= 0) {
                out.len = (size_t)slash;
            }
            if (is_last) {
                buf_add_byte(&out, '/');
            }
            continue;
        }
        if (!is_first) {
            buf_add_byte(&out, '/');
        }
        buf_add(&out, segment);
        is_first = false;
    }
    return arena_dup(arena, buf_str(&out));
}

static struct str merge_paths(struct arena *arena, const struct parts *base, struct str path)
{
    if (base->authority.len && base->path.len == 0) {
        return arena_printf(arena, "/%.*s", STR_ARG(path));
    }
    struct str folder = str_sub(base->path, 0, (size_t)(str_rfind(base->path, '/') + 1));
    return arena_printf(arena, "%.*s%.*s", STR_ARG(folder), STR_ARG(path));
}

struct str uri_resolve(struct arena *arena, struct str base_text, struct str reference)
{
    struct parts base = split(base_text);
    struct parts parts = split(reference);
    if (parts.scheme.len == 0) {
        parts.scheme = base.scheme;
        if (parts.authority.len == 0) {
            parts.authority = base.authority;
            if (parts.path.len == 0) {
                parts.path = base.path;
                parts.query = parts.query.len ? parts.query : base.query;
            } else if (parts.path.ptr[0] == '/') {
                parts.path = remove_dots(arena, parts.path);
            } else {
                parts.path = remove_dots(arena, merge_paths(arena, &base, parts.path));
            }
        }
    }
    const struct str pieces[] = { parts.scheme, parts.authority, parts.path, parts.query,
        parts.fragment };
    return arena_join(arena, pieces, 5, STR_EMPTY);
}

struct str uri_without_fragment(struct str uri, struct str *ret_fragment)
{
    ptrdiff_t hash = str_find(uri, '#');
    if (hash < 0) {
        *ret_fragment = STR_EMPTY;
        return uri;
    }
    *ret_fragment = str_from_index(uri, (size_t)hash + 1);
    return str_sub(uri, 0, (size_t)hash);
}

static int hex_digit(char byte)
{
    char lower = (char)(byte | 0x20);
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

struct str uri_unescape(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        out[len] = text.ptr[i];
        if (text.ptr[i] == '%' && i + 2 < text.len && hex_digit(text.ptr[i + 1]) >= 0 &&
                hex_digit(text.ptr[i + 2]) >= 0) {
            out[len] = (char)(hex_digit(text.ptr[i + 1]) * 16 + hex_digit(text.ptr[i + 2]));
            i += 2;
        }
        len++;
    }
    return (struct str){ out, len };
}
