/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens, joined lists, JSON pointers. */
#include "aws/aws_group.h"
#include "aws/paginate.h"

static enum page_step take(
        struct paginate *paginate, const struct aws_pages *pages, const char *body)
{
    return paginate_take(fixture.run.arena, paginate, pages, fixture_json(&fixture, body));
}

static void test_every_service_spelling(void **state)
{
    (void)state;
    static const char *const names[][2] = { { "NextToken", "NextToken" },
        { "nextToken", "nextToken" }, { "NextPageToken", "NextPageToken" },
        { "nextPageToken", "nextPageToken" }, { "PaginationToken", "PaginationToken" },
        { "NextMarker", "Marker" } };
    const struct aws_pages pages = { .items = STR("/l") };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct paginate paginate = { 0 };
        char body[128];
        snprintf(body, sizeof(body), "{\"l\":[1,2],\"%s\":\"t\"}", names[i][0]);
        assert_int_equal(take(&paginate, &pages, body), PAGE_NEXT);
        assert_str(paginate.token.name, names[i][1]);
        assert_str(paginate.token.text, "t");
        assert_int_equal(take(&paginate, &pages, "{\"l\":[3]}"), PAGE_END);
        assert_int_equal(paginate.items.count, 3);
        assert_int_equal(paginate.pages, 2);
    }
}

static void test_ends(void **state)
{
    (void)state;
    static const char *const last[] = { "{}", "{\"nextToken\":null}", "{\"nextToken\":\"\"}",
        "{\"PaginationToken\":\"\"}", "{\"l\":null}", "[]", "null" };
    const struct aws_pages pages = { .items = STR("/l") };
    for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
        struct paginate paginate = { 0 };
        assert_int_equal(take(&paginate, &pages, last[i]), PAGE_END);
        assert_int_equal(paginate.items.count, 0);
    }
    /* An empty page with a token is legal. */
    struct paginate paginate = { 0 };
    assert_int_equal(take(&paginate, &pages, "{\"l\":[],\"nextToken\":\"t\"}"), PAGE_NEXT);
}

static void test_given_names(void **state)
{
    (void)state;
    const struct aws_pages pages = {
        .items = STR("/Result/Items"), .token_out = STR("/Meta/Next"), .token_in = STR("Start")
    };
    struct paginate paginate = { 0 };
    assert_int_equal(take(&paginate, &pages,
                             "{\"Result\":{\"Items\":[1]},\"Meta\":{\"Next\":\"n\"},"
                             "\"NextToken\":\"not this\"}"),
            PAGE_NEXT);
    assert_str(paginate.token.name, "Start");
    assert_str(paginate.token.text, "n");
    assert_int_equal(
            take(&paginate, &pages, "{\"Result\":{\"Items\":[2]},\"NextToken\":\"x\"}"),
            PAGE_END);
    assert_int_equal(paginate.items.count, 2);

    const struct aws_pages out_only = { .items = STR("/l"), .token_out = STR("/next") };
    struct paginate other = { 0 };
    assert_int_equal(take(&other, &out_only, "{\"next\":\"n\"}"), PAGE_NEXT);
    assert_str(other.token.name, "next");
}

static void test_endless(void **state)
{
    (void)state;
    const struct aws_pages pages = { .items = STR("/l"), .max_pages = 3 };
    struct paginate paginate = { 0 };
    assert_int_equal(take(&paginate, &pages, "{\"nextToken\":\"a\"}"), PAGE_NEXT);
    assert_int_equal(take(&paginate, &pages, "{\"nextToken\":\"b\"}"), PAGE_NEXT);
    assert_int_equal(take(&paginate, &pages, "{\"nextToken\":\"a\"}"), PAGE_REPEATED);

    struct paginate many = { 0 };
    assert_int_equal(take(&many, &pages, "{\"nextToken\":\"a\"}"), PAGE_NEXT);
    assert_int_equal(take(&many, &pages, "{\"nextToken\":\"b\"}"), PAGE_NEXT);
    assert_int_equal(take(&many, &pages, "{\"nextToken\":\"c\"}"), PAGE_TOO_MANY);
    assert_int_equal(many.pages, 3);
}

static void assert_pointer(const char *text, const char *pointer, const char *want)
{
    const struct value *found =
            pointer_get(fixture.run.arena, fixture_json(&fixture, text), str_from(pointer));
    if (want) {
        assert_str(value_text(found), want);
    } else {
        assert_null(found);
    }
}

static void test_pointers(void **state)
{
    (void)state;
    const char *text = "{\"a\":{\"b\":[\"x\",\"y\"]},\"a/b\":\"s\",\"~\":\"t\",\"\":\"e\"}";
    assert_pointer(text, "/a/b/1", "y");
    assert_pointer(text, "/a~1b", "s");
    assert_pointer(text, "/~0", "t");
    assert_pointer(text, "/", "e");
    assert_pointer(text, "/a/b/2", NULL);
    assert_pointer(text, "/a/b/-", NULL);
    assert_pointer(text, "/a/b/x", NULL);
    assert_pointer(text, "/a/b/0/c", NULL);
    assert_pointer(text, "/no/b", NULL);
    assert_pointer(text, "a", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_service_spelling),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_given_names),
        cmocka_unit_test(test_endless),
        cmocka_unit_test(test_pointers),
    };
    return RUN_GROUP(tests);
}
