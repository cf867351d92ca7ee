/* SPDX-License-Identifier: Apache-2.0 */
/* Memory, growing text and lists of the test kit. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock.h"

struct block {
    struct block *next;
    uint64_t pad; /* keeps what follows aligned for every type */
};

void test_mistake(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)fputs("testkit: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputs("\n", stderr);
    va_end(args);
    abort();
}

static void *must(void *memory)
{
    if (memory == NULL) {
        test_mistake("out of memory");
    }
    return memory;
}

void *pool_alloc(struct pool *pool, size_t size)
{
    struct block *block = must(calloc(1, sizeof(*block) + size));

    block->next = pool->blocks;
    pool->blocks = block;
    return block + 1;
}

char *pool_text(struct pool *pool, const char *ptr, size_t len)
{
    char *copy = pool_alloc(pool, len + 1);

    if (len > 0) {
        memcpy(copy, ptr, len);
    }
    return copy;
}

char *pool_format(struct pool *pool, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    char *copy;
    int len;

    va_start(args, format);
    len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0) {
        test_mistake("out of memory");
    }
    copy = pool_text(pool, text, (size_t)len);
    free(text);
    return copy;
}

void pool_free(struct pool *pool)
{
    struct block *block = pool->blocks;

    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    pool->blocks = NULL;
}

void text_add(struct text *text, const char *ptr, size_t len)
{
    if (text->len + len + 1 > text->capacity) {
        text->capacity = (text->len + len + 64) * 2;
        text->ptr = must(realloc(text->ptr, text->capacity));
    }
    if (len > 0) {
        memcpy(text->ptr + text->len, ptr, len);
    }
    text->len += len;
    text->ptr[text->len] = '\0';
}

void text_puts(struct text *text, const char *s)
{
    text_add(text, s, strlen(s));
}

char *text_take(struct text *text, struct pool *pool)
{
    char *copy = pool_text(pool, text->ptr, text->len);

    free(text->ptr);
    *text = (struct text){ 0 };
    return copy;
}

void list_add(struct list *list, void *item)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity * 2 + 16;
        list->items =
                (void **)must(realloc((void *)list->items, list->capacity * sizeof(void *)));
    }
    list->items[list->count++] = item;
}
