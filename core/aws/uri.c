/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding and canonical forms. */
#include "uri.h"

#include <stdlib.h>

static bool is_unreserved(unsigned char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' ||
           byte == '~';
}

void uri_encode(struct buf *out, struct str text, bool keep_slash)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (is_unreserved(byte) || (keep_slash && byte == '/')) {
            buf_add_byte(out, (char)byte);
        } else {
            char escape[] = { '%', hex[byte >> 4], hex[byte & 15] };
            buf_add(out, (struct str){ escape, sizeof(escape) });
        }
    }
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

void uri_decode(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = text.ptr[i] == '%' && i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.ptr[i + 2]) : -1;
        if (low >= 0) {
            buf_add_byte(out, (char)(high * 16 + low));
            i += 2;
        } else {
            buf_add_byte(out, text.ptr[i]);
        }
    }
}

/* Removes ".", ".." and empty segments; a final slash, also one before "." or "..", is kept. */
static void normalize(struct buf *out, struct str path)
{
    struct str rest = path;
    bool more = true;
    bool is_folder = true;
    struct str segment;
    while (str_split(&rest, &more, '/', &segment)) {
        is_folder = segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR(".."));
        if (!is_folder) {
            buf_add_byte(out, '/');
            buf_add(out, segment);
        } else if (str_eq(segment, STR(".."))) {
            ptrdiff_t slash = str_rfind(buf_str(out), '/');
            out->len = slash > 0 ? (size_t)slash : 0;
        }
    }
    if (is_folder) {
        buf_add_byte(out, '/');
    }
}

void uri_canonical_path(struct buf *out, struct str path, unsigned flags)
{
    AUTO_BUF plain = BUF_INIT(BUF_UNBOUNDED);
    AUTO_BUF decoded = BUF_INIT(BUF_UNBOUNDED);
    if (path.len == 0) {
        path = STR("/");
    }
    if (!(flags & URI_KEEP_SEGMENTS)) {
        normalize(&plain, path);
        path = buf_str(&plain);
    }
    if (flags & URI_ENCODED_ONCE) {
        uri_decode(&decoded, path);
        path = buf_str(&decoded);
    }
    uri_encode(out, path, true);
}

static struct str encoded(struct arena *arena, struct str text)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    uri_encode(&out, text, false);
    return arena_dup(arena, buf_str(&out));
}

static struct str recoded(struct arena *arena, struct str text)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    uri_decode(&out, text);
    return encoded(arena, buf_str(&out));
}

void uri_pairs_read(struct arena *arena, struct uri_pairs *pairs, struct str query)
{
    struct str rest = query;
    bool more = true;
    struct str piece;
    while (str_split(&rest, &more, '&', &piece)) {
        if (piece.len == 0) {
            continue;
        }
        ptrdiff_t equals = str_find(piece, '=');
        size_t name_len = equals < 0 ? piece.len : (size_t)equals;
        struct uri_pair pair = {
            recoded(arena, str_sub(piece, 0, name_len)),
            equals < 0 ? STR_EMPTY : recoded(arena, str_from_index(piece, name_len + 1)),
        };
        VEC_PUSH(arena, &pairs->list, pair);
    }
}

void uri_pairs_add(
        struct arena *arena, struct uri_pairs *pairs, struct str name, struct str value)
{
    struct uri_pair pair = { encoded(arena, name), encoded(arena, value) };
    VEC_PUSH(arena, &pairs->list, pair);
}

static int cmp_pairs(const void *left, const void *right)
{
    const struct uri_pair *a = left;
    const struct uri_pair *b = right;
    int order = str_cmp(a->name, b->name);
    return order != 0 ? order : str_cmp(a->value, b->value);
}

void uri_pairs_sort(struct uri_pairs *pairs)
{
    if (pairs->list.count > 1) {
        qsort(pairs->list.items, pairs->list.count, sizeof(pairs->list.items[0]), cmp_pairs);
    }
}

void uri_pairs_write(struct buf *out, const struct uri_pairs *pairs)
{
    for (size_t i = 0; i < pairs->list.count; i++) {
        if (i > 0) {
            buf_add_byte(out, '&');
        }
        buf_add(out, pairs->list.items[i].name);
        buf_add_byte(out, '=');
        buf_add(out, pairs->list.items[i].value);
    }
}
