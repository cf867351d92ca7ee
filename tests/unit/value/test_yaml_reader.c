/* SPDX-License-Identifier: Apache-2.0 */
/* YAML in: types, structure, places, and everything that must be refused. */
#include <string.h>

#include "value/value_diag.h"
#include "value_fixture.h"

static const char *const functions[] = { "!env", "!literal", "!append", NULL };

static int read_text(struct fixture *fixture, struct str text,
        const struct value_limits *limits, const struct value **ret_value)
{
    diags_init(&fixture->diags, fixture->arena);
    struct yaml_input input = {
        .arena = fixture->arena,
        .keys = fixture->keys,
        .diags = &fixture->diags,
        .text = text,
        .file = 3,
        .limits = limits,
        .functions = functions,
    };
    return yaml_read(&input, ret_value);
}

static const struct value *good(struct fixture *fixture, const char *text)
{
    const struct value *value = NULL;
    if (read_text(fixture, str_from(text), NULL, &value) != 0) {
        fail_msg("%s: %s", text, fixture->diags.list.items[0].message.ptr);
    }
    return value;
}

static void test_scalar_types(void **state)
{
    static const struct {
        const char *text;
        enum value_kind kind;
    } cases[] = {
        { "~", VALUE_NULL },
        { "", VALUE_NULL },
        { "null", VALUE_NULL },
        { "Null", VALUE_NULL },
        { "NULL", VALUE_NULL },
        { "nULL", VALUE_STRING },
        { "~x", VALUE_STRING },
        { "true", VALUE_BOOL },
        { "True", VALUE_BOOL },
        { "FALSE", VALUE_BOOL },
        { "tRue", VALUE_STRING },
        { "yes", VALUE_STRING },
        { "No", VALUE_STRING },
        { "on", VALUE_STRING },
        { "OFF", VALUE_STRING },
        { "y", VALUE_STRING },
        { "0", VALUE_INT },
        { "-5", VALUE_INT },
        { "+7", VALUE_INT },
        { "0777", VALUE_INT },
        { "0o17", VALUE_INT },
        { "0xFF", VALUE_INT },
        { "0b101", VALUE_INT },
        { "-0b1", VALUE_INT },
        { "1_000_000", VALUE_INT },
        { "18446744073709551615", VALUE_INT },
        { "123456789012345678901234567890", VALUE_INT },
        { "-123456789012345678901234567890", VALUE_INT },
        { "0xFFFFFFFFFFFFFFFFFF", VALUE_STRING },
        { "-0x8000000000000001", VALUE_STRING },
        { "0xg", VALUE_STRING },
        { "0x", VALUE_STRING },
        { "089", VALUE_FLOAT },
        { "1.0", VALUE_FLOAT },
        { "1e3", VALUE_FLOAT },
        { "1E+3", VALUE_FLOAT },
        { ".5", VALUE_FLOAT },
        { "5.", VALUE_FLOAT },
        { "-0.0", VALUE_FLOAT },
        { "1_0.5", VALUE_FLOAT },
        { ".inf", VALUE_FLOAT },
        { "-.Inf", VALUE_FLOAT },
        { "+.INF", VALUE_FLOAT },
        { ".NaN", VALUE_FLOAT },
        { "-.nan", VALUE_STRING },
        { "inf", VALUE_STRING },
        { "1e400", VALUE_STRING },
        { "1e5x", VALUE_STRING },
        { "._5", VALUE_STRING },
        { ".", VALUE_STRING },
        { "-", VALUE_STRING },
        { "1.2.3", VALUE_STRING },
        { "12:30:45", VALUE_STRING },
        { "2026-01-02", VALUE_STRING },
        { "2026-01-02T03:04:05Z", VALUE_STRING },
        { "10.0.0.0/16", VALUE_STRING },
        { "012345678901", VALUE_STRING },
        { "012345670123", VALUE_STRING },
        { "0123456789012", VALUE_FLOAT },
        { "112345678901", VALUE_INT },
        { "\"1\"", VALUE_STRING },
        { "'true'", VALUE_STRING },
        { "\"\"", VALUE_STRING },
        { "<<", VALUE_STRING },
        { "!!str 5", VALUE_STRING },
        { "!!str", VALUE_STRING },
        { "!!int \"7\"", VALUE_INT },
        { "!!float 3", VALUE_FLOAT },
        { "!!bool \"true\"", VALUE_BOOL },
        { "!!null ''", VALUE_NULL },
        { "! 12", VALUE_INT },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str text = arena_printf(fixture->arena, "[%s ]", cases[i].text);
        if (strcmp(cases[i].text, "-") == 0 || cases[i].text[0] == '\0') {
            text = arena_printf(fixture->arena, "a: %s\n", *cases[i].text ? "'-'" : "");
        }
        const struct value *root = good(fixture, text.ptr);
        const struct value *value =
                value_is(root, VALUE_LIST) ? value_at(root, 0) : value_get_path(root, "a");
        if (!value || value->kind != cases[i].kind) {
            fail_msg("%s: kind %d", cases[i].text, value ? value->kind : -1);
        }
    }
}

static void test_text_is_kept(void **state)
{
    const struct value *map = good(*state,
            "id: 0777\nnum: 1_000.50\nbool: TRUE\nquoted: \"a\\tb\"\nblock: |\n  x\n  y\n"
            "folded: >-\n  x\n  y\n");
    assert_str(value_text(value_get_path(map, "id")), "0777");
    assert_str(value_text(value_get_path(map, "num")), "1_000.50");
    assert_str(value_text(value_get_path(map, "bool")), "true");
    assert_str(value_text(value_get_path(map, "quoted")), "a\tb");
    assert_str(value_text(value_get_path(map, "block")), "x\ny\n");
    assert_str(value_text(value_get_path(map, "folded")), "x y");
    assert_int_equal(value_get_path(map, "quoted")->flags, VALUE_QUOTED);
    assert_int_equal(value_get_path(map, "block")->flags, VALUE_QUOTED);
    assert_int_equal(value_get_path(map, "id")->flags, 0);
}

static void test_empty_documents(void **state)
{
    static const char *const texts[] = { "", "\n\n", "# nothing\n# here", "---\n", "~\n",
        "\xef\xbb\xbf", "---\n...\n", "%YAML 1.1\n---\n" };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_null(good(*state, texts[i]));
    }
}

static void test_structure(void **state)
{
    const struct value *map = good(*state,
            "x: &t {Owner: net, Env: dev}\nm: &m {Env: stage, Extra: 1}\n"
            "a: {<<: *t, Env: prod}\nb: {Env: prod, <<: *t}\nc: {<<: [*t, *m]}\n"
            "d:\n  <<: {inline: 1}\n  e: 2\nf: {\"<<\": 1}\ng: *t\nl: &l [1]\nh: *l\n");
    assert_str(value_text(value_get_path(map, "a.Env")), "prod");
    assert_str(value_text(value_get_path(map, "a.Owner")), "net");
    assert_str(value_text(value_get_path(map, "b.Env")), "prod");
    assert_str(value_text(value_get_path(map, "c.Env")), "dev");
    assert_str(value_text(value_get_path(map, "c.Extra")), "1");
    assert_int_equal(value_count(value_get_path(map, "c")), 3);
    assert_str(value_text(value_get_path(map, "d.inline")), "1");
    assert_str(value_text(value_get_path(map, "f.<<")), "1");
    assert_ptr_equal(value_get_path(map, "g"), value_get_path(map, "x"));
    assert_ptr_equal(value_get_path(map, "h"), value_get_path(map, "l"));
}

static void test_keys_become_text(void **state)
{
    const struct value *map = good(*state,
            "1: a\nTrue: b\n1.50: c\n0x10: d\n012345678901: e\n\"\": f\n1e6: g\n1_000: h\n"
            "&k k: &v v\n*v : i\n? q\n: j\n");
    static const char *const keys[] = { "1", "true", "1.5", "16", "012345678901", "", "1e+06",
        "1000", "k", "v", "q" };
    assert_int_equal(value_count(map), sizeof(keys) / sizeof(keys[0]));
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        assert_str(map->as.map.entries[i].key->text, keys[i]);
    }
}

static void test_places(void **state)
{
    const struct value *map =
            good(*state, "\xef\xbb\xbf"
                         "a:\n  \xc4\x8d\xc4\x8d: {b: [x, \"y\"]}\n  d: |\n    text\n");
    const struct value_entry *entry = value_entry_get_str(map, STR("a"));
    assert_int_equal(entry->mark.file, 3);
    assert_int_equal(entry->mark.line, 1);
    assert_int_equal(entry->mark.column, 1);
    entry = value_entry_get_str(entry->value, STR("\xc4\x8d\xc4\x8d"));
    assert_int_equal(entry->mark.line, 2);
    assert_int_equal(entry->mark.column, 3);
    assert_int_equal(entry->value->mark.column, 7);
    const struct value *list = value_get_str(entry->value, STR("b"));
    assert_int_equal(list->mark.column, 11);
    assert_int_equal(value_at(list, 1)->mark.column, 15);
    assert_int_equal(value_get_path(map, "a.d")->mark.line, 3);
    assert_int_equal(value_get_path(map, "a.d")->mark.column, 6);
}

static void test_functions(void **state)
{
    struct fixture *fixture = *state;
    const struct value *map =
            good(fixture, "a: !env  HOME \nb: !literal \"{{ x }}\"\nc: !env\nd: !env 'x y'\n");
    assert_str(value_text(value_get_path(map, "a")), "!env HOME");
    assert_true(value_get_path(map, "a")->flags & VALUE_FUNCTION);
    assert_str(value_text(value_get_path(map, "b")), "{{ x }}");
    assert_int_equal(value_get_path(map, "b")->flags, VALUE_QUOTED | VALUE_SHIELDED);
    assert_str(value_text(value_get_path(map, "c")), "!env");
    assert_str(value_text(value_get_path(map, "d")), "!env x y");
    const struct value *value = NULL;
    map = good(fixture, "l: !append [x]\nm: [y]\n");
    assert_int_equal(value_get_path(map, "l")->flags, VALUE_APPEND);
    assert_int_equal(value_get_path(map, "m")->flags, 0);
    assert_int_equal(
            read_text(fixture, STR("m: !append {a: x}"), NULL, &value), ERR_UNSUPPORTED);
    assert_string_equal(fixture->diags.list.items[0].id, "yaml/tag-not-here");
    assert_non_null(strstr(fixture->diags.list.items[0].message.ptr, "\"!append\""));
}

static void test_warnings(void **state)
{
    struct fixture *fixture = *state;
    const struct value *map = good(fixture, "a: 1\n---\nb: [\n");
    assert_int_equal(value_count(map), 1);
    assert_int_equal(fixture->diags.list.count, 1);
    assert_string_equal(fixture->diags.list.items[0].id, "yaml/second-document");
    assert_int_equal(fixture->diags.list.items[0].mark.line, 2);
    map = good(fixture, "a: 012345678901\nb: '012345678901'\nc: 112345678901\n");
    assert_str(value_string(value_get_path(map, "a")), "012345678901");
    assert_int_equal(fixture->diags.list.count, 1);
    assert_string_equal(fixture->diags.list.items[0].id, "yaml/account-id");
    assert_int_equal(fixture->diags.list.items[0].severity, DIAG_WARNING);
    assert_int_equal(fixture->diags.list.items[0].mark.line, 1);
    assert_int_equal(fixture->diags.list.items[0].mark.column, 4);
    assert_non_null(strstr(fixture->diags.list.items[0].message.ptr, "quote this account id"));
}

static void test_refusals(void **state)
{
    static const struct {
        const char *text;
        const char *id;
        uint32_t line;
        uint32_t column;
        int err;
        const char *message; /* part of it */
    } cases[] = {
        { "a: 1\nb: 2\na: 3\n", "yaml/duplicate-key", 3, 1, ERR_PARSE, "\"a\"" },
        { "1: x\n\"1\": y\n", "yaml/duplicate-key", 2, 1, ERR_PARSE, "line 1" },
        { "a: {b: 1, c: 2, b: 3}", "yaml/duplicate-key", 1, 17, ERR_PARSE, "\"b\"" },
        { "<<: {a: 1}\nb: 1\nb: 2\n", "yaml/duplicate-key", 3, 1, ERR_PARSE, "\"b\"" },
        { "<<: {a: 1}\n<<: {b: 1}\n", "yaml/duplicate-key", 2, 1, ERR_PARSE, "\"<<\"" },
        { "a: *x", "yaml/undefined-alias", 1, 4, ERR_PARSE, "\"*x\"" },
        { "a: &x [*x]", "yaml/recursive-alias", 1, 8, ERR_PARSE, "\"*x\"" },
        { "a: &x {<<: *x}", "yaml/recursive-alias", 1, 12, ERR_PARSE, "\"*x\"" },
        { "a: {<<: text}", "yaml/bad-merge-key", 1, 9, ERR_PARSE, "map" },
        { "a: {<<: }", "yaml/bad-merge-key", 1, 9, ERR_PARSE, "map" },
        { "a: {<<: [{b: 1}, 2]}", "yaml/bad-merge-key", 1, 18, ERR_PARSE, "map" },
        { "~: 1", "yaml/bad-key", 1, 1, ERR_PARSE, "null" },
        { "? [a]\n: 1", "yaml/bad-key", 1, 3, ERR_PARSE, "list" },
        { "a: {{ .x }}", "yaml/bad-key", 1, 5, ERR_PARSE, "map" },
        { "!env a: 1", "yaml/bad-key", 1, 1, ERR_PARSE, "function" },
        { "x: &x [1]\n*x : 1", "yaml/bad-key", 2, 1, ERR_PARSE, "list" },
        { "a: !nope x", "yaml/unknown-tag", 1, 4, ERR_PARSE, "\"!nope\"" },
        { "a: !nope [x]", "yaml/unknown-tag", 1, 4, ERR_PARSE, "\"!nope\"" },
        { "a: !!binary aGk=", "yaml/unknown-tag", 1, 4, ERR_PARSE, "\"!!binary\"" },
        { "a: !!set {x}", "yaml/unknown-tag", 1, 4, ERR_PARSE, "\"!!set\"" },
        { "a: !!int x", "yaml/tag-mismatch", 1, 4, ERR_PARSE, "\"x\"" },
        { "a: !!int 1.5", "yaml/tag-mismatch", 1, 4, ERR_PARSE, "\"1.5\"" },
        { "a: !!bool yes", "yaml/tag-mismatch", 1, 4, ERR_PARSE, "\"yes\"" },
        { "a: !!null x", "yaml/tag-mismatch", 1, 4, ERR_PARSE, "\"x\"" },
        { "a: !!float x", "yaml/tag-mismatch", 1, 4, ERR_PARSE, "\"x\"" },
        { "a: [1, 2", "yaml/syntax", 1, 4, ERR_PARSE, "never closed" },
        { "a: {b: 2\n\n", "yaml/syntax", 1, 4, ERR_PARSE, "never closed" },
        { "a: \"b\nc: d\n", "yaml/syntax", 1, 4, ERR_PARSE, "never closed" },
        { "a: [1}", "yaml/syntax", 1, 6, ERR_PARSE, "']'" },
        { "a:\n\tb: 1\n", "yaml/syntax", 2, 1, ERR_PARSE, "tab" },
        { "a: b: c", "yaml/syntax", 1, 5, ERR_PARSE, "':'" },
        { "a: @x", "yaml/syntax", 1, 4, ERR_PARSE, "'@'" },
        { "a: `x", "yaml/syntax", 1, 4, ERR_PARSE, "'`'" },
        { "a: 1\nb\n", "yaml/syntax", 2, 1, ERR_PARSE, "':'" },
        { "a: 1\n- b\n", "yaml/syntax", 2, 1, ERR_PARSE, "expected" },
        { "a: \"\x01\"", "yaml/syntax", 1, 5, ERR_PARSE, "U+0001" },
        { "a: \xc4\x8d\n\xc4\x8d: \xff\n", "yaml/not-utf-8", 2, 4, ERR_PARSE, "0xFF" },
        { "\xff\xfe"
          "a: 1",
                "yaml/not-utf-8", 1, 1, ERR_PARSE, "0xFF" },
        { "a: \xed\xa0\x80", "yaml/not-utf-8", 1, 4, ERR_PARSE, "0xED" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *value = NULL;
        int err = read_text(fixture, str_from(cases[i].text), NULL, &value);
        const struct diags *diags = &fixture->diags;
        if (err != cases[i].err || diags->list.count != 1) {
            fail_msg("%s: %d, %zu diagnostics", cases[i].text, err, diags->list.count);
        }
        const struct diag *diag = &diags->list.items[0];
        if (strcmp(diag->id, cases[i].id) != 0 || diag->mark.line != cases[i].line ||
                diag->mark.column != cases[i].column || diag->mark.file != 3 ||
                !strstr(diag->message.ptr, cases[i].message)) {
            fail_msg("%s: %s %u:%u %s", cases[i].text, diag->id, diag->mark.line,
                    diag->mark.column, diag->message.ptr);
        }
        assert_null(value);
        assert_int_equal(diag->exit_code, EXIT_DATA);
    }
}

static void test_unknown_tag_names_the_known_ones(void **state)
{
    struct fixture *fixture = *state;
    const struct value *value = NULL;
    assert_int_equal(read_text(fixture, STR("a: !evn x"), NULL, &value), ERR_PARSE);
    const struct diag *diag = &fixture->diags.list.items[0];
    assert_string_equal(diag->hint.ptr, "did you mean \"!env\"?");
    assert_string_equal(diag->detail.ptr, "known are !env, !literal, !append, !!str, !!int, "
                                          "!!float, !!bool, !!null, !!map, !!seq");
    assert_int_equal(diag->span, 4);
    assert_int_equal(read_text(fixture, STR("a: !!flaot 1"), NULL, &value), ERR_PARSE);
    assert_string_equal(fixture->diags.list.items[0].hint.ptr, "did you mean \"!!float\"?");
}

/* Places of anchored values that an alias or a merge key refers to, each once. */
static void test_referenced_anchors(void **state)
{
    struct fixture *fixture = *state;
    struct marks referenced = { 0 };
    diags_init(&fixture->diags, fixture->arena);
    const struct yaml_input input = {
        .arena = fixture->arena,
        .keys = fixture->keys,
        .diags = &fixture->diags,
        .text = STR("a: &a 1\nb: &b {c: &c [2]}\nd: [*a, *a, *c]\ne: {<<: *b}\nf: &f 3\n"),
        .file = 3,
        .referenced = &referenced,
    };
    const struct value *value = NULL;
    assert_int_equal(yaml_read(&input, &value), 0);
    static const uint32_t lines[] = { 1, 2, 2 };
    static const uint32_t columns[] = { 4, 11, 4 };
    assert_int_equal(referenced.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(referenced.items[i].file, 3);
        assert_int_equal(referenced.items[i].line, lines[i]);
        assert_int_equal(referenced.items[i].column, columns[i]);
    }
}

static void test_duplicate_keys_in_large_maps(void **state)
{
    struct fixture *fixture = *state;
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    for (int i = 0; i < 1000; i++) {
        buf_addf(&text, "k%d: 1\n", i);
    }
    buf_add_cstr(&text, "k77: 2\n");
    const struct value *value = NULL;
    assert_int_equal(read_text(fixture, buf_str(&text), NULL, &value), ERR_PARSE);
    assert_string_equal(fixture->diags.list.items[0].id, "yaml/duplicate-key");
    assert_int_equal(fixture->diags.list.items[0].mark.line, 1001);
    assert_int_equal(fixture->diags.list.items[0].related[0].mark.line, 78);
}

static void expect_limit(struct fixture *fixture, struct str text,
        const struct value_limits *limits, const char *id, uint32_t line, uint32_t column)
{
    const struct value *value = NULL;
    size_t before = arena_size(fixture->arena);
    assert_int_equal(read_text(fixture, text, limits, &value), ERR_LIMIT);
    assert_int_equal(fixture->diags.list.count, 1);
    const struct diag *diag = &fixture->diags.list.items[0];
    assert_string_equal(diag->id, id);
    assert_int_equal(diag->mark.line, line);
    assert_int_equal(diag->mark.column, column);
    assert_null(value);
    /* Refused before memory was spent. */
    assert_in_range(arena_size(fixture->arena) - before, 0, 8 << 20);
}

static void test_nul_byte(void **state)
{
    struct fixture *fixture = *state;
    const struct value *value = NULL;
    assert_int_equal(read_text(fixture, STR("a: 1\nb: \0c\n"), NULL, &value), ERR_PARSE);
    assert_string_equal(fixture->diags.list.items[0].id, "yaml/nul-byte");
    assert_int_equal(fixture->diags.list.items[0].mark.line, 2);
    assert_int_equal(fixture->diags.list.items[0].mark.column, 4);
}

static void test_depth(void **state)
{
    struct fixture *fixture = *state;
    AUTO_BUF flow = BUF_INIT(BUF_UNBOUNDED);
    buf_add_repeated(&flow, '[', 100000);
    expect_limit(fixture, buf_str(&flow), NULL, "yaml/too-deep", 1, 129);
    AUTO_BUF block = BUF_INIT(BUF_UNBOUNDED);
    for (int i = 0; i < 100000; i++) {
        buf_add_cstr(&block, "- ");
    }
    expect_limit(fixture, buf_str(&block), NULL, "yaml/too-deep", 1, 257);
    AUTO_BUF maps = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < 1000; i++) {
        buf_add_repeated(&maps, ' ', i);
        buf_add_cstr(&maps, "a:\n");
    }
    expect_limit(fixture, buf_str(&maps), NULL, "yaml/too-deep", 129, 129);
    /* Exactly the bound is fine. */
    AUTO_BUF fine = BUF_INIT(BUF_UNBOUNDED);
    buf_add_repeated(&fine, '[', 128);
    buf_add_repeated(&fine, ']', 128);
    assert_non_null(good(fixture, fine.ptr));
}

static void test_aliases_cannot_add_depth(void **state)
{
    /* Ten levels below each alias: eleven anchors reach 110 levels, the thirteenth is too many. */
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_cstr(&text, "a0: &a0 [[[[[[[[[[]]]]]]]]]]\n");
    for (int i = 1; i < 20; i++) {
        buf_addf(&text, "a%d: &a%d [[[[[[[[[[*a%d]]]]]]]]]]\n", i, i, i - 1);
    }
    expect_limit(*state, buf_str(&text), NULL, "yaml/too-deep", 13, 21);
}

static void test_alias_bomb(void **state)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_cstr(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        buf_addf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++) {
            buf_addf(&text, "*a%d, ", i - 1);
        }
        buf_add_cstr(&text, "]\n");
    }
    const struct value *value = NULL;
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, buf_str(&text), NULL, &value), ERR_LIMIT);
    assert_string_equal(fixture->diags.list.items[0].id, "yaml/too-many-values");
    assert_int_equal(fixture->diags.list.items[0].mark.line, 7);
    assert_in_range(arena_size(fixture->arena), 0, 1 << 20);
}

static void test_merge_key_bomb(void **state)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_cstr(&text, "a: &a {");
    for (int i = 0; i < 20000; i++) {
        buf_addf(&text, "k%d: 1, ", i);
    }
    buf_add_cstr(&text, "}\nl:\n");
    for (int i = 0; i < 1000; i++) {
        buf_add_cstr(&text, "- <<: *a\n");
    }
    const struct value *value = NULL;
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, buf_str(&text), NULL, &value), ERR_LIMIT);
    assert_string_equal(fixture->diags.list.items[0].id, "yaml/too-many-values");
}

static void test_sizes(void **state)
{
    struct fixture *fixture = *state;
    struct value_limits limits = value_limits_default;
    limits.max_scalar_bytes = 100;
    limits.max_nodes = 50;
    limits.max_bytes = 2000;
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_cstr(&text, "a: 1\nb: ");
    buf_add_repeated(&text, 'x', 101);
    expect_limit(fixture, buf_str(&text), &limits, "yaml/text-too-long", 2, 4);
    buf_add_repeated(&text, 'x', 3000);
    expect_limit(fixture, buf_str(&text), &limits, "yaml/too-large", 1, 1);
    buf_reset(&text);
    buf_add_cstr(&text, "[");
    for (int i = 0; i < 50; i++) {
        buf_add_cstr(&text, "1,");
    }
    expect_limit(fixture, buf_str(&text), &limits, "yaml/too-many-values", 1, 100);
}

static void test_hundred_megabytes_are_refused_at_once(void **state)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_cstr(&text, "a: ");
    buf_add_repeated(&text, 'x', 100 << 20);
    expect_limit(*state, buf_str(&text), NULL, "yaml/too-large", 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_scalar_types),
        TEST(test_text_is_kept),
        TEST(test_empty_documents),
        TEST(test_structure),
        TEST(test_keys_become_text),
        TEST(test_places),
        TEST(test_functions),
        TEST(test_warnings),
        TEST(test_refusals),
        TEST(test_unknown_tag_names_the_known_ones),
        TEST(test_referenced_anchors),
        TEST(test_duplicate_keys_in_large_maps),
        TEST(test_nul_byte),
        TEST(test_depth),
        TEST(test_aliases_cannot_add_depth),
        TEST(test_alias_bomb),
        TEST(test_merge_key_bomb),
        TEST(test_sizes),
        TEST(test_hundred_megabytes_are_refused_at_once),
    };
    return RUN_TESTS(tests);
}
