/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that a delimiter splits into nested maps. */
#include <string.h>

#include "check.h"
#include "value/value.h"

struct reading {
    struct arena *arena;
    struct diags diags;
    struct buf text;
    int err;
};

/* Reads text with a delimiter; the value as JSON on one line, or empty text on failure. */
static void read_with(struct reading *reading, const char *delimiter, const char *text,
        const struct value_limits *limits)
{
    *reading = (struct reading){ .arena = arena_new(), .text = BUF_INIT(BUF_UNBOUNDED) };
    diags_init(&reading->diags, reading->arena);
    struct yaml_input input = {
        .arena = reading->arena,
        .keys = keys_new(reading->arena),
        .diags = &reading->diags,
        .text = str_from(text),
        .limits = limits,
        .key_delimiter = str_from(delimiter),
    };
    const struct value *value = NULL;
    reading->err = yaml_read(&input, &value);
    if (reading->err == 0) {
        json_write(&reading->text, value, JSON_COMPACT | JSON_KEEP_ORDER);
    }
}

static void done(struct reading *reading)
{
    buf_clear(&reading->text);
    arena_free(reading->arena);
}

static void test_split(void **state)
{
    static const struct {
        const char *delimiter;
        const char *text;
        const char *json;
    } cases[] = {
        { ".", "a.b.c: 1\na.d: 2\n", "{\"a\":{\"b\":{\"c\":1},\"d\":2}}" },
        { ".", "a.b: 1\na: {c: 2}\n", "{\"a\":{\"b\":1,\"c\":2}}" },
        { ".", "a: {b: {c: 1}}\na.b: {d: 2}\n", "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}" },
        { ".", "\"a.b\": 1\n'c.d': 2\ne.f: 3\n", "{\"a.b\":1,\"c.d\":2,\"e\":{\"f\":3}}" },
        /* A quoted key inside a joined map stays whole too. */
        { ".", "a.b: 1\na: {\"c.d\": 2}\n", "{\"a\":{\"b\":1,\"c.d\":2}}" },
        /* No key is empty. */
        { ".", ".a: 1\nb.: 2\nc..d: 3\n.: 4\n", "{\".a\":1,\"b.\":2,\"c..d\":3,\".\":4}" },
        { "::", "a::b: 1\na.c: 2\n", "{\"a\":{\"b\":1},\"a.c\":2}" },
        { "", "a.b: 1\n", "{\"a.b\":1}" },
        { ".", "x: &x {a.b: 1}\ny: {<<: *x, c.d: 2}\n",
                "{\"x\":{\"a\":{\"b\":1}},\"y\":{\"c\":{\"d\":2},\"a\":{\"b\":1}}}" },
        { ".", "l: [{a.b: 1}, a.b]\n", "{\"l\":[{\"a\":{\"b\":1}},\"a.b\"]}" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct reading reading;
        read_with(&reading, cases[i].delimiter, cases[i].text, NULL);
        assert_int_equal(reading.err, 0);
        assert_str(buf_str(&reading.text), cases[i].json);
        done(&reading);
    }
}

static void test_clashes(void **state)
{
    static const struct {
        const char *text;
        const char *id;
        unsigned line;
    } cases[] = {
        { "a.b: 1\na: {b: 2}\n", "yaml/key-clash", 2 },
        { "a: 1\na.b: 2\n", "yaml/key-clash", 2 },
        { "a.b: 2\na: 1\n", "yaml/key-clash", 2 },
        { "a.b: 1\na.b: 2\n", "yaml/duplicate-key", 2 },
        { "a: {b: 1}\na: {c: 1}\nx.y: 1\n", "yaml/duplicate-key", 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct reading reading;
        read_with(&reading, ".", cases[i].text, NULL);
        assert_int_equal(reading.err, ERR_PARSE);
        assert_int_equal(reading.diags.list.count, 1);
        assert_string_equal(reading.diags.list.items[0].id, cases[i].id);
        assert_int_equal(reading.diags.list.items[0].mark.line, cases[i].line);
        done(&reading);
    }
}

/* What one long key stands for is bounded like anything that is written out. */
static void test_limits(void **state)
{
    struct value_limits limits = value_limits_default;
    struct reading reading;
    (void)state;
    limits.max_depth = 4;
    read_with(&reading, ".", "a.b.c.d.e: 1\n", &limits);
    assert_int_equal(reading.err, ERR_LIMIT);
    done(&reading);
    read_with(&reading, ".", "a.b.c: 1\n", &limits);
    assert_int_equal(reading.err, 0);
    done(&reading);
    /* An alias carries the depth its keys stand for. */
    read_with(&reading, ".", "x: &x {a.b.c: 1}\ny: [*x]\n", &limits);
    assert_int_equal(reading.err, ERR_LIMIT);
    done(&reading);
    limits = value_limits_default;
    limits.max_nodes = 4;
    read_with(&reading, ".", "a.b.c.d.e.f.g: 1\n", &limits);
    assert_int_equal(reading.err, ERR_LIMIT);
    done(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_clashes),
        cmocka_unit_test(test_limits),
    };
    return RUN_TESTS(tests);
}
