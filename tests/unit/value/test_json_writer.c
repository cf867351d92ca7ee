/* SPDX-License-Identifier: Apache-2.0 */
/* JSON out: layout, order, escapes, numbers, full buffers. */
#include <stdio.h>
#include <string.h>

#include "value_fixture.h"

static void expect(const struct value *value, unsigned flags, const char *expected)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    json_write(&out, value, flags);
    assert_str(buf_str(&out), expected);
}

static void test_layout(void **state)
{
    const struct value *value = from_yaml(
            *state, STR("b: [1, {d: x, c: ~}, [], {}]\na: true\nB: false\n\"\": {x: [[1]]}\n"));
    expect(value, 0,
            "{\n"
            "  \"\": {\n"
            "    \"x\": [\n"
            "      [\n"
            "        1\n"
            "      ]\n"
            "    ]\n"
            "  },\n"
            "  \"B\": false,\n"
            "  \"a\": true,\n"
            "  \"b\": [\n"
            "    1,\n"
            "    {\n"
            "      \"c\": null,\n"
            "      \"d\": \"x\"\n"
            "    },\n"
            "    [],\n"
            "    {}\n"
            "  ]\n"
            "}");
    expect(value, JSON_COMPACT,
            "{\"\":{\"x\":[[1]]},\"B\":false,\"a\":true,\"b\":[1,{\"c\":null,\"d\":\"x\"},[],{}"
            "]}");
    expect(value, JSON_COMPACT | JSON_KEEP_ORDER,
            "{\"b\":[1,{\"d\":\"x\",\"c\":null},[],{}],\"a\":true,\"B\":false,\"\":{\"x\":[[1]]"
            "}}");
    expect(NULL, 0, "null");
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        const char *json;
    } cases[] = {
        { "0777", "511" },
        { "0o17", "15" },
        { "089", "89" },
        { "0xFF", "255" },
        { "0b101", "5" },
        { "1_000_000", "1000000" },
        { "-5", "-5" },
        { "+7", "7" },
        { "-0", "0" },
        { "1.0", "1" },
        { "1e3", "1000" },
        { ".5", "0.5" },
        { "5.", "5" },
        { "-0.0", "0" },
        { "1.10", "1.1" },
        { "1.23456789012345678", "1.2345678901234567" },
        { "1e-7", "1e-7" },
        { "0.000001", "0.000001" },
        { "123456789.123", "123456789.123" },
        { "1e20", "100000000000000000000" },
        { "1e21", "1e+21" },
        { "1.5e300", "1.5e+300" },
        { "-2.5e-10", "-2.5e-10" },
        { "5e-324", "5e-324" },
        { "0.1", "0.1" },
        { "9223372036854775807", "9223372036854775807" },
        { "18446744073709551615", "18446744073709551615" },
        { "123456789012345678901234567890", "123456789012345678901234567890" },
        { "-1_23456789012345678901234567890", "-123456789012345678901234567890" },
        { ".inf", "\".inf\"" },
        { ".NAN", "\".nan\"" },
        { "-.Inf", "\"-.inf\"" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect(from_yaml(fixture, str_from(cases[i].text)), 0, cases[i].json);
    }
    const struct value *value = NULL;
    assert_int_equal(json_read(fixture->arena, fixture->keys, &fixture->diags,
                             STR("[1E400,1.10,18446744073709551616]"), STR("x"), 0, &value),
            0);
    expect(value, JSON_COMPACT, "[1E400,1.1,18446744073709551616]");
}

static void test_strings(void **state)
{
    static const struct {
        const char *text;
        unsigned flags;
        const char *json;
    } cases[] = {
        { "", 0, "\"\"" },
        { "a\"b\\c/", 0, "\"a\\\"b\\\\c/\"" },
        { "\b\f\n\r\t\x01\x1f\x7f", 0, "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"" },
        { "<a&b>", 0, "\"<a&b>\"" },
        { "<a&b>", JSON_ESCAPE_HTML, "\"\\u003ca\\u0026b\\u003e\"" },
        { "\xc4\x8d\xf0\x9f\x98\x80", 0, "\"\xc4\x8d\xf0\x9f\x98\x80\"" },
        { "\xe2\x80\xa8x\xe2\x80\xa9\xe2\x80\xaa\xe2\x82\xac", 0,
                "\"\\u2028x\\u2029\xe2\x80\xaa\xe2\x82\xac\"" },
        { "a\xff"
          "b\xc3",
                0, "\"a\\ufffdb\\ufffd\"" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
        json_write_string(&out, str_from(cases[i].text), cases[i].flags);
        assert_str(buf_str(&out), cases[i].json);
    }
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    json_write_string(&out, STR("a\0b"), 0);
    assert_str(buf_str(&out), "\"a\\u0000b\"");
}

static void test_mask(void **state)
{
    struct fixture *fixture = *state;
    const struct value *map = from_yaml(fixture, STR("a: {b: secret}\nc: 1\n"));
    const struct value *hidden =
            value_with_flags(fixture->arena, value_get_path(map, "a"), VALUE_SENSITIVE);
    map = value_with(fixture->arena, map, key_of(fixture->keys, STR("a")), hidden);
    expect(map, JSON_COMPACT | JSON_MASK, "{\"a\":\"(sensitive)\",\"c\":1}");
    expect(map, JSON_COMPACT, "{\"a\":{\"b\":\"secret\"},\"c\":1}");
}

static void test_many_keys_are_sorted(void **state)
{
    struct fixture *fixture = *state;
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    for (unsigned i = 0; i < 500; i++) {
        buf_addf(&text, "common-prefix-%03u: 1\n", (i * 37) % 500);
    }
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    json_write(&out, from_yaml(fixture, buf_str(&text)), JSON_COMPACT);
    const char *at = out.ptr;
    for (unsigned i = 0; i < 500; i++) {
        struct str name = arena_printf(fixture->arena, "\"common-prefix-%03u\":1", i);
        at = strstr(at, name.ptr);
        if (!at) {
            fail_msg("%s is not in its place", name.ptr);
        }
    }
}

static void test_full_buffer(void **state)
{
    const struct value *value = from_yaml(*state, STR("a: [1, 2, 3]\nb: text\nc: 1.5\n"));
    AUTO_BUF whole = BUF_INIT(BUF_UNBOUNDED);
    json_write(&whole, value, 0);
    for (size_t max = 0; max <= whole.len; max++) {
        AUTO_BUF out = BUF_INIT(max);
        json_write(&out, value, 0);
        assert_int_equal(out.is_full, max < whole.len);
        assert_in_range(out.len, 0, max);
        assert_memory_equal(out.len ? out.ptr : "", whole.ptr, out.len);
    }
}

/* Nodes that come again are copied from what was written before: the text is that of a tree
 * without sharing, at every depth. */
static void test_shared_nodes(void **state)
{
    struct fixture *fixture = *state;
    static const char inner[] =
            "{a: [1, {b: \"x\\ty\"}], c: {d: {}, e: [], f: long enough text}}";
    char text[1000];
    (void)snprintf(text, sizeof(text), "[%s, %s, [%s, %s], %s, [%s], [[%s, %s, %s]]]", inner,
            inner, inner, inner, inner, inner, inner, inner, inner);
    const struct value *plain = from_yaml(fixture, str_from(text));
    const struct value *one = from_yaml(fixture, str_from(inner));
    const struct value *items[] = { one, one, one };
    const struct value *two = value_list_new(fixture->arena, items, 2, MARK_NONE);
    const struct value *three = value_list_new(fixture->arena, items, 3, MARK_NONE);
    const struct value *single = value_list_new(fixture->arena, items, 1, MARK_NONE);
    const struct value *boxed = value_list_new(fixture->arena, &three, 1, MARK_NONE);
    const struct value *all[] = { one, one, two, one, single, boxed };
    const struct value *shared = value_list_new(fixture->arena, all, 6, MARK_NONE);
    for (unsigned flags = 0; flags <= (JSON_COMPACT | JSON_ESCAPE_HTML); flags++) {
        AUTO_BUF expected = BUF_INIT(BUF_UNBOUNDED);
        AUTO_BUF got = BUF_INIT(BUF_UNBOUNDED);
        json_write(&expected, plain, flags);
        json_write(&got, shared, flags);
        assert_string_equal(got.ptr, expected.ptr);
    }
}

struct pieces {
    struct buf all;
    size_t count;
    size_t largest;
};

static void take_piece(void *context, struct str text)
{
    struct pieces *pieces = context;
    buf_add(&pieces->all, text);
    pieces->count++;
    pieces->largest = text.len > pieces->largest ? text.len : pieces->largest;
}

/* Streamed text is the same text, and never stands in one piece. */
static void test_stream(void **state)
{
    struct fixture *fixture = *state;
    const struct value *one = from_yaml(fixture, STR("{a: [1, 2], b: some text, c: {d: [x]}}"));

    enum {
        COUNT = 20000
    };
    const struct value **items = ARENA_ARRAY(fixture->arena, const struct value *, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        items[i] = i % 3 ? one : from_yaml(fixture, STR("{own: {e: [1]}}"));
    }
    const struct value *list = value_list_new(fixture->arena, items, COUNT, MARK_NONE);
    struct pieces pieces = { .all = BUF_INIT(BUF_UNBOUNDED) };
    struct json_output output = { take_piece, &pieces };
    AUTO_BUF whole = BUF_INIT(BUF_UNBOUNDED);
    json_write(&whole, list, 0);
    json_stream(&output, list, 0);
    assert_int_equal(pieces.all.len, whole.len);
    assert_memory_equal(pieces.all.ptr, whole.ptr, whole.len);
    assert_true(pieces.count > 10);
    assert_true(pieces.largest < 128 * 1024);
    buf_clear(&pieces.all);
    pieces = (struct pieces){ .all = BUF_INIT(BUF_UNBOUNDED) };
    json_stream(&output, NULL, 0);
    assert_string_equal(pieces.all.ptr, "null");
    buf_clear(&pieces.all);
}

/* Entry by entry it is the text of the whole map, though maps made for one entry stand where others stood. */
static void test_map_by_entries(void **state)
{
    static const char *const names[] = { "a", "b\"c", "d" };
    struct fixture *fixture = *state;
    const struct value *shared = from_yaml(fixture, STR("{x: [1, 2], y: {z: some text}}"));
    const struct key *own = key_of(fixture->keys, STR("own"));
    const struct key *inner = key_of(fixture->keys, STR("shared"));
    for (unsigned flags = 0; flags <= JSON_COMPACT; flags++) {
        for (size_t count = 0; count <= 3; count++) {
            struct pieces pieces = { .all = BUF_INIT(BUF_UNBOUNDED) };
            struct json_output output = { take_piece, &pieces };
            struct json_map *map = json_map_begin(&output, flags);
            struct arena *once = arena_new();
            struct value_builder whole;
            value_builder_init(&whole, fixture->arena, MARK_NONE);
            for (size_t i = 0; i < count; i++) {
                struct value_builder builder;
                const struct value *number =
                        value_int_new(fixture->arena, (int64_t)i, MARK_NONE);
                value_builder_init(&builder, once, MARK_NONE);
                value_builder_add(&builder, own, number, MARK_NONE);
                value_builder_add(&builder, inner, shared, MARK_NONE);
                const struct value *entry = value_builder_map_once(&builder);
                assert_ptr_equal(value_get(entry, own), number);
                json_map_add(map, str_from(names[i]), entry);
                arena_reset(once);
                value_builder_init(&builder, fixture->arena, MARK_NONE);
                value_builder_add(&builder, own, number, MARK_NONE);
                value_builder_add(&builder, inner, shared, MARK_NONE);
                value_builder_add(&whole, key_of(fixture->keys, str_from(names[i])),
                        value_builder_map(&builder), MARK_NONE);
            }
            json_map_end(map);
            expect(value_builder_map(&whole), flags, pieces.all.ptr);
            buf_clear(&pieces.all);
            arena_free(once);
        }
    }
}

/* Every byte at every place of texts of every length up to a few words: escapes are found wherever they
 * stand. */
static void test_escapes_at_every_place(void **state)
{
    struct fixture *fixture = *state;
    for (unsigned byte = 1; byte < 0x80; byte++) {
        for (size_t i = 0; i < 20 * 20; i++) {
            size_t at = i % 20;
            size_t len = i / 20 + 1;
            char text[21] = "abcdefghijklmnopqrst";
            if (at >= len) {
                continue;
            }
            text[at] = (char)byte;
            const struct value *value =
                    value_string_view(fixture->arena, (struct str){ text, len }, MARK_NONE);
            AUTO_BUF fast = BUF_INIT(BUF_UNBOUNDED);
            AUTO_BUF slow = BUF_INIT(BUF_UNBOUNDED);
            json_write(&fast, value, 0);
            json_write(&slow, value, JSON_ESCAPE_HTML);
            if (!strchr("<>&", (int)byte)) {
                assert_string_equal(fast.ptr, slow.ptr);
            }
            assert_true((fast.len == len + 2) == (byte >= 0x20 && byte != '"' && byte != '\\'));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_layout),
        TEST(test_numbers),
        TEST(test_strings),
        TEST(test_mask),
        TEST(test_many_keys_are_sorted),
        TEST(test_full_buffer),
        TEST(test_shared_nodes),
        TEST(test_stream),
        TEST(test_map_by_entries),
        TEST(test_escapes_at_every_place),
    };
    return RUN_TESTS(tests);
}
