/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in: digits, places, and everything that must be refused. */
#include <string.h>

#include "value/value_diag.h"
#include "value_fixture.h"

static int read_text(struct fixture *fixture, struct str text, const struct value **ret_value)
{
    diags_init(&fixture->diags, fixture->arena);
    return json_read(fixture->arena, fixture->keys, &fixture->diags, text, STR("plan.json"), 5,
            ret_value);
}

static const struct value *good(struct fixture *fixture, const char *text)
{
    const struct value *value = NULL;
    if (read_text(fixture, str_from(text), &value) != 0) {
        fail_msg("%s: %s", text, fixture->diags.list.items[0].message.ptr);
    }
    return value;
}

static void test_scalars_keep_their_text(void **state)
{
    static const struct {
        const char *text;
        enum value_kind kind;
        const char *kept;
    } cases[] = {
        { "0", VALUE_INT, "0" },
        { "-12", VALUE_INT, "-12" },
        { " 7 ", VALUE_INT, "7" },
        { "18446744073709551616", VALUE_INT, "18446744073709551616" },
        { "-99999999999999999999999999", VALUE_INT, "-99999999999999999999999999" },
        { "1.10", VALUE_FLOAT, "1.10" },
        { "1E400", VALUE_FLOAT, "1E400" },
        { "1e-7", VALUE_FLOAT, "1e-7" },
        { "true", VALUE_BOOL, "true" },
        { "\xef\xbb\xbf"
          "5",
                VALUE_INT, "5" },
        { "false\n", VALUE_BOOL, "false" },
        { "null", VALUE_NULL, "" },
        { "\"012\"", VALUE_STRING, "012" },
        { "\"\\u010d\\ud83d\\ude00\\n\\/\\\\\"", VALUE_STRING,
                "\xc4\x8d\xf0\x9f\x98\x80\n/\\" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *value = good(*state, cases[i].text);
        if (value->kind != cases[i].kind) {
            fail_msg("%s: kind %d", cases[i].text, value->kind);
        }
        assert_str(value_text(value), cases[i].kept);
    }
    struct str text = value_text(good(*state, "\"a\\u0000b\""));
    assert_int_equal(text.len, 3);
}

static void test_structure_and_places(void **state)
{
    const struct value *map = good(*state, "{ \"z\" : [ ] , \"a\\\"{\" : { } ,\n  "
                                           "\"\xc4\x8d\": {\"b\": [1, {\"c\": \"x:}\"},\n"
                                           "[[2]], true , null]}}");
    assert_int_equal(value_count(map), 3);
    assert_str(map->as.map.entries[0].key->text, "z");
    assert_str(map->as.map.entries[1].key->text, "a\"{");
    assert_int_equal(map->as.map.entries[2].mark.line, 2);
    assert_int_equal(map->as.map.entries[2].mark.column, 3);
    assert_int_equal(map->as.map.entries[2].mark.file, 5);
    const struct value *list = value_get_str(map->as.map.entries[2].value, STR("b"));
    assert_int_equal(list->mark.column, 14);
    assert_int_equal(value_count(list), 5);
    assert_str(value_text(value_get_path(value_at(list, 1), "c")), "x:}");
    assert_int_equal(value_at(list, 2)->mark.line, 3);
    assert_int_equal(value_at(list, 2)->mark.column, 1);
    assert_str(value_text(value_at(value_at(value_at(list, 2), 0), 0)), "2");
    assert_true(value_bool(value_at(list, 3), false));
    assert_true(value_is(value_at(list, 4), VALUE_NULL));
}

static void test_no_places_without_a_file(void **state)
{
    struct fixture *fixture = *state;
    const struct value *value = NULL;
    assert_int_equal(json_read(fixture->arena, fixture->keys, &fixture->diags,
                             STR("{\"a\":\n1}"), STR("answer"), 0, &value),
            0);
    assert_int_equal(value->mark.line, 0);
    assert_int_equal(value_get_path(value, "a")->mark.line, 0);
    assert_int_equal(json_read(fixture->arena, fixture->keys, &fixture->diags,
                             STR("{\"a\":\n1 2}"), STR("answer"), 0, &value),
            ERR_PARSE);
    assert_int_equal(fixture->diags.list.items[0].mark.file, 0);
    assert_non_null(strstr(fixture->diags.list.items[0].message.ptr, "line 2, column 3"));
}

static void test_refusals(void **state)
{
    static const struct {
        const char *text;
        const char *id;
        uint32_t line;
        uint32_t column;
    } cases[] = {
        { "", "json/syntax", 1, 1 },
        { " \n ", "json/syntax", 1, 1 },
        { "{\"a\":1,\"a\":2}", "json/duplicate-key", 1, 8 },
        { "[{\"b\":{\"c\":[{\"x\":1},2]},\n\"b\":0}]", "json/duplicate-key", 2, 1 },
        { "{\"b\":1,\"\\u0062\":2}", "json/duplicate-key", 1, 1 },
        { "{\"a\\u0000\":1}", "json/bad-key", 1, 2 },
        { "{'a\":{':1}", "json/syntax", 1, 2 },
        { "{\"a\":1,}", "json/syntax", 1, 8 },
        { "[1,]", "json/syntax", 1, 4 },
        { "[1 2]", "json/syntax", 1, 4 },
        { "[1", "json/syntax", 1, 3 },
        { "\"a", "json/syntax", 1, 3 },
        { "1 2", "json/syntax", 1, 3 },
        { "[]]", "json/syntax", 1, 3 },
        { "{}\n// x", "json/syntax", 2, 1 },
        { "/* x */ 1", "json/syntax", 1, 1 },
        { "NaN", "json/syntax", 1, 1 },
        { "[NaN]", "json/syntax", 1, 2 },
        { "[-Infinity]", "json/syntax", 1, 2 },
        { "[Infinity]", "json/syntax", 1, 2 },
        { "01", "json/syntax", 1, 3 },
        { "[00]", "json/syntax", 1, 2 },
        { "[-]", "json/syntax", 1, 3 },
        { "1.", "json/syntax", 1, 1 },
        { "[1.e5]", "json/syntax", 1, 2 },
        { ".5", "json/syntax", 1, 1 },
        { "+1", "json/syntax", 1, 1 },
        { "0x10", "json/syntax", 1, 2 },
        { "True", "json/syntax", 1, 1 },
        { "nul", "json/syntax", 1, 4 },
        { "\"a\tb\"", "json/syntax", 1, 3 },
        { "\"a\nb\"", "json/syntax", 1, 3 },
        { "\"\\x\"", "json/syntax", 1, 3 },
        { "{\"a\":\"\xff\"}", "json/not-utf-8", 1, 7 },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *value = NULL;
        int err = read_text(fixture, str_from(cases[i].text), &value);
        const struct diags *diags = &fixture->diags;
        if (err != ERR_PARSE || diags->list.count != 1) {
            fail_msg("%s: %d, %zu diagnostics", cases[i].text, err, diags->list.count);
        }
        const struct diag *diag = &diags->list.items[0];
        if (strcmp(diag->id, cases[i].id) != 0 || diag->mark.line != cases[i].line ||
                diag->mark.column != cases[i].column ||
                !strstr(diag->message.ptr, "plan.json")) {
            fail_msg("%s: %s %u:%u %s", cases[i].text, diag->id, diag->mark.line,
                    diag->mark.column, diag->message.ptr);
        }
        assert_null(value);
    }
    const struct value *value = NULL;
    assert_int_equal(read_text(fixture, STR("[1,\0 2]"), &value), ERR_PARSE);
    assert_int_equal(fixture->diags.list.items[0].mark.column, 4);
}

static void test_depth(void **state)
{
    struct fixture *fixture = *state;
    const struct value *value = NULL;
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_repeated(&text, '[', 512);
    buf_add_byte(&text, '1');
    buf_add_repeated(&text, ']', 512);
    assert_int_equal(read_text(fixture, buf_str(&text), &value), 0);
    for (size_t depth = 513; depth <= 100000; depth += 99487) {
        buf_reset(&text);
        buf_add_repeated(&text, '[', depth);
        buf_add_repeated(&text, ']', depth);
        assert_int_equal(read_text(fixture, buf_str(&text), &value), ERR_LIMIT);
        assert_string_equal(fixture->diags.list.items[0].id, "json/too-deep");
        /* The bracket that is too much, or one soon after it. */
        assert_in_range(fixture->diags.list.items[0].mark.column, 513, 515);
    }
}

static void test_size(void **state)
{
    struct fixture *fixture = *state;
    const struct value *value = NULL;
    /* Refused by its length before a byte of it is read. */
    struct str text = { "1", ((size_t)256 << 20) + 1 };
    assert_int_equal(read_text(fixture, text, &value), ERR_LIMIT);
    assert_string_equal(fixture->diags.list.items[0].id, "json/too-large");
    assert_null(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_scalars_keep_their_text),
        TEST(test_structure_and_places),
        TEST(test_no_places_without_a_file),
        TEST(test_refusals),
        TEST(test_depth),
        TEST(test_size),
    };
    return RUN_TESTS(tests);
}
