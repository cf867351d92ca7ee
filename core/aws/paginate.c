/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of answers. */
#include "paginate.h"

enum {
    DEFAULT_PAGES = 100
};

/* "~1" is a slash and "~0" a tilde. */
static struct str unescape(struct arena *arena, struct str step)
{
    char *copy = arena_cstr(arena, step);
    size_t len = 0;
    for (size_t i = 0; i < step.len; i++) {
        bool is_escape = copy[i] == '~' && i + 1 < step.len &&
                         (copy[i + 1] == '0' || copy[i + 1] == '1');
        if (is_escape) {
            i++;
            copy[len++] = copy[i] == '0' ? '~' : '/';
        } else {
            copy[len++] = copy[i];
        }
    }
    return (struct str){ copy, len };
}

const struct value *pointer_get(
        struct arena *arena, const struct value *value, struct str pointer)
{
    if (pointer.len == 0) {
        return value;
    }
    if (pointer.ptr[0] != '/') {
        return NULL;
    }
    struct str rest = str_from_index(pointer, 1);
    bool more = true;
    struct str step;
    while (value && str_split(&rest, &more, '/', &step)) {
        uint64_t index = 0;
        if (value_is(value, VALUE_LIST)) {
            value = str_to_u64(step, &index) ? value_at(value, (size_t)index) : NULL;
        } else {
            value = value_get_str(value, unescape(arena, step));
        }
    }
    return value;
}

static struct str token_text(const struct value *value)
{
    return value_is(value, VALUE_STRING) ? value_text(value) : STR_EMPTY;
}

/* The last step of a pointer: the name a token has in the answer. */
static struct str last_step(struct arena *arena, struct str pointer)
{
    ptrdiff_t slash = str_rfind(pointer, '/');
    return unescape(arena, str_from_index(pointer, (size_t)(slash + 1)));
}

static struct page_token next_token(
        struct arena *arena, const struct aws_pages *pages, const struct value *body)
{
    static const char *const names[][2] = {
        { "NextToken", "NextToken" },
        { "nextToken", "nextToken" },
        { "NextPageToken", "NextPageToken" },
        { "nextPageToken", "nextPageToken" },
        { "PaginationToken", "PaginationToken" },
        { "NextMarker", "Marker" },
    };
    struct page_token token = { 0 };
    if (pages->token_out.len > 0) {
        token.text = token_text(pointer_get(arena, body, pages->token_out));
        token.name = last_step(arena, pages->token_out);
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && pages->token_out.len == 0 &&
                       token.text.len == 0;
            i++) {
        token.text = token_text(value_get_str(body, str_from(names[i][0])));
        token.name = str_from(names[i][1]);
    }
    if (pages->token_in.len > 0) {
        token.name = pages->token_in;
    }
    return token;
}

enum page_step paginate_take(struct arena *arena, struct paginate *paginate,
        const struct aws_pages *pages, const struct value *body)
{
    const struct value *list = pointer_get(arena, body, pages->items);
    size_t most = pages->max_pages > 0 ? pages->max_pages : DEFAULT_PAGES;
    for (size_t i = 0; value_is(list, VALUE_LIST) && i < value_count(list); i++) {
        VEC_PUSH(arena, &paginate->items, value_at(list, i));
    }
    paginate->pages++;
    struct page_token token = next_token(arena, pages, body);
    if (token.text.len == 0) {
        return PAGE_END;
    }
    for (size_t i = 0; i < paginate->seen.count; i++) {
        if (str_eq(paginate->seen.items[i], token.text)) {
            return PAGE_REPEATED;
        }
    }
    if (paginate->pages >= most) {
        return PAGE_TOO_MANY;
    }
    VEC_PUSH(arena, &paginate->seen, token.text);
    paginate->token = token;
    return PAGE_NEXT;
}
