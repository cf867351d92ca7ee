/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: a status, headers, an empty line, body; every one has a verdict fit for a message. */
#include <string.h>

#include "aws/answer.h"
#include "aws/paginate.h"
#include "must.h"

#define SECRET "wJalrXUtnFEMI"

static void check_text(struct str text)
{
    must(str_is_utf8(text));
    must(str_find_str(text, STR(SECRET)) < 0);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        must(byte >= ' ' && byte != 0x7f);
    }
}

static void check_pages(struct arena *arena, const struct value *body)
{
    static const struct aws_pages pages[] = { { .items = STR_INIT("/items") },
        { .items = STR_INIT("/a/0"), .token_out = STR_INIT("/b/c~1d"), .max_pages = 2 } };
    for (size_t i = 0; i < 2; i++) {
        struct paginate paginate = { 0 };
        enum page_step first = paginate_take(arena, &paginate, &pages[i], body);
        enum page_step second = paginate_take(arena, &paginate, &pages[i], body);
        must(first == PAGE_END ? second == PAGE_END : second != PAGE_NEXT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = { (const char *)data, size };
    struct arena *arena = arena_new();
    struct str line = STR_EMPTY;
    bool more = true;
    uint64_t status = 0;
    struct exchange exchange = { .arena = arena,
        .answer = BUF_INIT(BUF_UNBOUNDED),
        .max_bytes = BUF_UNBOUNDED,
        .why = STR("why") };
    str_split(&rest, &more, '\n', &line);
    if (!str_to_u64(line, &status)) {
        exchange.error = (enum transport_error)(size % (TRANSPORT_FAILED + 1));
    }
    exchange.status = (int)(status % 1000);
    while (str_split(&rest, &more, '\n', &line) && line.len > 0) {
        ptrdiff_t colon = str_find(line, ':');
        struct header header = { str_sub(line, 0, colon > 0 ? (size_t)colon : 0),
            str_trim(str_from_index(line, colon > 0 ? (size_t)colon + 1 : 0)) };
        VEC_PUSH(arena, &exchange.answer_headers, header);
    }
    buf_add(&exchange.answer, rest);

    const struct str secrets[] = { STR(SECRET) };
    struct answer_input input = { arena, keys_new(arena), &exchange, STR("https://x"),
        STR("a:B"), secrets, 1 };
    struct verdict verdict;
    answer_read(&input, &verdict);
    must((verdict.outcome == AWS_OK) == (verdict.what.len == 0));
    must(verdict.retry == RETRY_NO || verdict.outcome != AWS_OK);
    check_text(verdict.what);
    check_text(verdict.code);
    check_text(verdict.text);
    check_text(verdict.request_id);
    check_text(verdict.detail);
    check_pages(arena, verdict.body);
    buf_clear(&exchange.answer);
    arena_free(arena);
    return 0;
}
