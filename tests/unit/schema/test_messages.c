/* SPDX-License-Identifier: Apache-2.0 */
/* Violations as people read them: words, places, pointers, hints; bad schemas; bounds. */
#include <string.h>

#include "../value/value_fixture.h"
#include "schema/schema.h"
#include "schema/schema_diag.h"

static const struct value *yaml(struct fixture *fixture, const char *text)
{
    const struct value *value = NULL;
    const struct yaml_input input = { .arena = fixture->arena,
        .keys = fixture->keys,
        .diags = &fixture->diags,
        .text = str_from(text),
        .file = 1 };
    if (yaml_read(&input, &value) != 0) {
        fail_msg("%s", text);
    }
    return value;
}

static int compile(struct fixture *fixture, const char *text, const struct schema **ret_schema)
{
    const struct schema_source source = { .arena = fixture->arena,
        .diags = &fixture->diags,
        .document = yaml(fixture, text),
        .what = STR("the schema of x") };
    return schema_compile(&source, ret_schema);
}

static int validate(struct fixture *fixture, const char *schema_text, const char *instance)
{
    const struct schema *schema = NULL;
    if (compile(fixture, schema_text, &schema) != 0) {
        fail_msg("%s: %s", schema_text, fixture->diags.list.items[0].message.ptr);
    }
    const struct schema_check check = { .diags = &fixture->diags,
        .instance = yaml(fixture, instance),
        .root = STR("settings.x"),
        .pointer = STR("/settings/x") };
    diags_init(&fixture->diags, fixture->arena);
    return schema_validate(schema, &check);
}

static void test_one_violation(void **state)
{
    static const struct {
        const char *schema;
        const char *instance;
        const char *id;
        const char *message;
        const char *pointer;
        uint32_t line;
        uint32_t column;
        const char *hint;
    } cases[] = {
        { "{properties: {members: {enum: [all, new, none]}}}", "members: al", "schema/value",
                "settings.x.members must be one of \"all\", \"new\", \"none\", not \"al\"",
                "/settings/x/members", 1, 10, "did you mean \"all\"?" },
        { "{properties: {n: {const: 3}}}", "n: 4", "schema/value",
                "settings.x.n must be 3, not 4", "/settings/x/n", 1, 4, "" },
        { "{type: object}", "[1]", "schema/type", "settings.x must be a map, not a list",
                "/settings/x", 1, 1, "" },
        { "{properties: {regions: {type: array}}}", "a: 1\nregions: eu-west-1", "schema/type",
                "settings.x.regions must be a list, not \"eu-west-1\"", "/settings/x/regions",
                2, 10, "" },
        { "{properties: {id: {type: string}}}", "id: 123456789012", "schema/type",
                "settings.x.id must be a string, not 123456789012", "/settings/x/id", 1, 5,
                "quote it: \"123456789012\"" },
        { "{properties: {n: {type: integer}}}", "n: \"12\"", "schema/type",
                "settings.x.n must be a whole number, not \"12\"", "/settings/x/n", 1, 4,
                "remove the quotes" },
        { "{properties: {n: {type: boolean}}}", "n: yes", "schema/type",
                "settings.x.n must be true or false, not \"yes\"", "/settings/x/n", 1, 4, "" },
        { "{items: {type: [integer, string, 'null']}}", "[1, a, ~, 1.5]", "schema/type",
                "settings.x[3] must be a string, a whole number or null, not 1.5",
                "/settings/x/3", 1, 11, "" },
        { "{properties: {members: {}}, additionalProperties: false}", "\n membrs: 1",
                "schema/unknown-key", "settings.x.membrs is not a known key",
                "/settings/x/membrs", 2, 2, "did you mean \"members\"?" },
        { "{properties: {a: {}, b: {}}, additionalProperties: false}", "zzzzz: 1",
                "schema/unknown-key", "settings.x.zzzzz is not a known key",
                "/settings/x/zzzzz", 1, 1, "known keys: a, b" },
        { "{properties: {a: {}}, unevaluatedProperties: false}", "b/~c: 1",
                "schema/unknown-key", "settings.x.\"b/~c\" is not a known key",
                "/settings/x/b~1~0c", 1, 1, "known keys: a" },
        { "{required: [role]}", "a: 1", "schema/missing-key",
                "settings.x needs the key \"role\"", "/settings/x", 1, 1, "" },
        { "{dependentRequired: {a: [b]}}", "a: 1", "schema/missing-key",
                "settings.x needs the key \"b\" because it has \"a\"", "/settings/x", 1, 1,
                "" },
        { "{items: {minimum: 1}}", "[1, 0]", "schema/range",
                "settings.x[1] must be at least 1, not 0", "/settings/x/1", 1, 5, "" },
        { "{maximum: 1.5}", "2", "schema/range", "settings.x must be at most 1.5, not 2",
                "/settings/x", 1, 1, "" },
        { "{exclusiveMinimum: 2}", "2", "schema/range", "settings.x must be above 2, not 2",
                "/settings/x", 1, 1, "" },
        { "{exclusiveMaximum: 2}", "2", "schema/range", "settings.x must be below 2, not 2",
                "/settings/x", 1, 1, "" },
        { "{multipleOf: 0.01}", "0.075", "schema/range",
                "settings.x must be a multiple of 0.01, not 0.075", "/settings/x", 1, 1, "" },
        { "{minLength: 2}", "\xc4\x8d", "schema/length",
                "settings.x must have at least 2 characters, not 1", "/settings/x", 1, 1, "" },
        { "{maxLength: 1}", "ab", "schema/length",
                "settings.x must have at most 1 character, not 2", "/settings/x", 1, 1, "" },
        { "{minItems: 1}", "[]", "schema/length", "settings.x must have at least 1 item, not 0",
                "/settings/x", 1, 1, "" },
        { "{maxProperties: 1}", "{a: 1, b: 2}", "schema/length",
                "settings.x must have at most 1 key, not 2", "/settings/x", 1, 1, "" },
        { "{pattern: '^[0-9]{12}$'}", "\"12\"", "schema/pattern",
                "settings.x must match the pattern ^[0-9]{12}$, unlike \"12\"", "/settings/x",
                1, 1, "" },
        { "{propertyNames: {pattern: '^[a-z]+$'}}", "{ok: 1, B: 2}", "schema/pattern",
                "the key settings.x.B must match the pattern ^[a-z]+$, unlike \"B\"",
                "/settings/x/B", 1, 9, "" },
        { "{uniqueItems: true}", "[{a: 1, b: 2}, 1, {b: 2.0, a: 1}]", "schema/items",
                "settings.x[2] repeats an earlier item", "/settings/x/2", 1, 19, "" },
        { "{contains: {type: string}}", "[1]", "schema/items",
                "settings.x must contain at least 1 item of the form wanted, not 0",
                "/settings/x", 1, 1, "" },
        { "{contains: {type: string}, maxContains: 1}", "[a, b]", "schema/items",
                "settings.x must contain at most 1 item of the form wanted, not 2",
                "/settings/x", 1, 1, "" },
        { "{properties: {old: false}}", "old: 1", "schema/form",
                "settings.x.old is not allowed here", "/settings/x/old", 1, 6, "" },
        { "{not: {required: [a]}}", "a: 1", "schema/form",
                "settings.x has a form that is not allowed", "/settings/x", 1, 1, "" },
        { "{oneOf: [{type: integer}, {minimum: 2}]}", "3", "schema/form",
                "settings.x fits more than one of the 2 forms allowed here, but must fit "
                "exactly "
                "one",
                "/settings/x", 1, 1, "" },
        { "{anyOf: [{type: string}, {type: array}]}", "{a: 1}", "schema/type",
                "settings.x must be a string or a list, not a map", "/settings/x", 1, 1, "" },
        { "{anyOf: [{type: string}, {type: array, items: {type: string}}]}", "[1]",
                "schema/type", "settings.x[0] must be a string, not 1", "/settings/x/0", 1, 2,
                "quote it: \"1\"" },
        /* The form meant is known by its type key. */
        { "{oneOf: [{properties: {t: {const: a}, v: {type: integer}}},"
          " {properties: {t: {const: b}, v: {type: string}}}]}",
                "{t: b, v: 5}", "schema/type", "settings.x.v must be a string, not 5",
                "/settings/x/v", 1, 11, "quote it: \"5\"" },
        { "{anyOf: [{required: [a]}, {required: [b]}]}", "{c: 1}", "schema/form",
                "settings.x fits none of the 2 forms allowed here", "/settings/x", 1, 1, "" },
        { "{if: {required: [a]}, then: {required: [b]}}", "a: 1", "schema/missing-key",
                "settings.x needs the key \"b\"", "/settings/x", 1, 1, "" },
        { "{$ref: '#/$defs/d', $defs: {d: {minimum: 1}}}", "0", "schema/range",
                "settings.x must be at least 1, not 0", "/settings/x", 1, 1, "" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int err = validate(fixture, cases[i].schema, cases[i].instance);
        if (err != ERR_INVALID || fixture->diags.list.count != 1) {
            fail_msg("%s: %d, %zu", cases[i].schema, err, fixture->diags.list.count);
        }
        const struct diag *diag = &fixture->diags.list.items[0];
        assert_str(diag->message, cases[i].message);
        assert_str(diag->pointer, cases[i].pointer);
        assert_str(diag->hint, cases[i].hint);
        assert_string_equal(diag->id, cases[i].id);
        if (diag->mark.line != cases[i].line || diag->mark.column != cases[i].column) {
            fail_msg("%s: %u:%u", cases[i].message, diag->mark.line, diag->mark.column);
        }
        assert_int_equal(diag->severity, DIAG_ERROR);
        assert_int_equal(diag->exit_code, EXIT_DATA);
    }
}

static void test_every_violation_is_told(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(validate(fixture,
                             "{required: [r], properties: {a: {type: string}, b: {minimum: 5}},"
                             " additionalProperties: false}",
                             "{a: 1, b: 2, c: 3}"),
            ERR_INVALID);
    assert_int_equal(fixture->diags.list.count, 4);
    assert_int_equal(fixture->diags.error_count, 4);
    assert_string_equal(fixture->diags.list.items[0].id, "schema/missing-key");
    assert_string_equal(fixture->diags.list.items[1].id, "schema/type");
    assert_string_equal(fixture->diags.list.items[2].id, "schema/range");
    assert_string_equal(fixture->diags.list.items[3].id, "schema/unknown-key");
}

static void test_description_becomes_detail(void **state)
{
    struct fixture *fixture = *state;
    validate(fixture, "{properties: {a: {type: string, description: Name of it.}}}", "a: 1");
    assert_str(fixture->diags.list.items[0].detail, "Name of it.");
}

static void test_options(void **state)
{
    static const struct diag_kind kind = { "plugin/x", DIAG_WARNING, EXIT_OK, "", "", "" };
    struct fixture *fixture = *state;
    const struct schema *schema = NULL;
    assert_int_equal(compile(fixture, "{items: {type: string}}", &schema), 0);
    struct schema_check check = { .diags = &fixture->diags,
        .instance = yaml(fixture, "[1, 2, 3, a, 5]"),
        .kind = &kind,
        .max_findings = 2 };
    assert_int_equal(schema_validate(schema, &check), ERR_INVALID);
    assert_int_equal(fixture->diags.list.count, 2);
    assert_string_equal(fixture->diags.list.items[0].id, "plugin/x");
    assert_int_equal(fixture->diags.warning_count, 2);
    assert_str(fixture->diags.list.items[0].message, "[0] must be a string, not 1");
    check.diags = NULL;
    assert_int_equal(schema_validate(schema, &check), ERR_INVALID);
    check.instance = NULL;
    assert_int_equal(schema_validate(schema, &check), 0);
}

static void test_secrets_are_not_shown(void **state)
{
    struct fixture *fixture = *state;
    const struct schema *schema = NULL;
    const struct value *secret = value_with_flags(
            fixture->arena, yaml(fixture, "hunter2"), VALUE_SENSITIVE | VALUE_QUOTED);
    static const char *const schemas[] = { "{type: integer}", "{const: x}",
        "{enum: [hunter1, y]}", "{pattern: '^a'}", "{type: object}" };
    for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
        assert_int_equal(compile(fixture, schemas[i], &schema), 0);
        diags_init(&fixture->diags, fixture->arena);
        const struct schema_check check = { .diags = &fixture->diags, .instance = secret };
        assert_int_equal(schema_validate(schema, &check), ERR_INVALID);
        const struct diag *diag = &fixture->diags.list.items[0];
        assert_null(strstr(diag->message.ptr, "hunter2"));
        assert_non_null(strstr(diag->message.ptr, "(sensitive)"));
        assert_int_equal(diag->hint.len, 0);
    }
}

static void test_bad_schemas(void **state)
{
    static const struct {
        const char *schema;
        int err;
        const char *message; /* part of it */
        uint32_t column;
    } cases[] = {
        { "[]", ERR_INVALID, "a schema must be a map", 1 },
        { "{type: text}", ERR_INVALID, "\"text\" is not a type", 8 },
        { "{type: []}", ERR_INVALID, "must name a type", 8 },
        { "{enum: a}", ERR_INVALID, "\"enum\" must be a list", 8 },
        { "{minimum: a}", ERR_INVALID, "\"minimum\" must be a number", 11 },
        { "{multipleOf: 0}", ERR_INVALID, "above 0", 14 },
        { "{minLength: -1}", ERR_INVALID, "\"minLength\" must be a whole number", 13 },
        { "{pattern: '('}", ERR_INVALID, "'(' is never closed", 11 },
        { "{pattern: '(?=a)'}", ERR_UNSUPPORTED, "look-around is not supported", 11 },
        { "{patternProperties: {'[': true}}", ERR_INVALID, "'[' is never closed", 27 },
        { "{properties: []}", ERR_INVALID, "\"properties\" must be a map", 14 },
        { "{properties: {a: 1}}", ERR_INVALID, "a schema must be a map", 18 },
        { "{required: a}", ERR_INVALID, "\"required\" must be a list of strings", 12 },
        { "{dependentRequired: {a: b}}", ERR_INVALID, "lists of strings", 25 },
        { "{allOf: []}", ERR_INVALID, "\"allOf\" must be a list of schemas", 9 },
        { "{items: [true]}", ERR_UNSUPPORTED, "prefixItems", 9 },
        { "{$ref: '#/$defs/x'}", ERR_INVALID, "\"#/$defs/x\" leads nowhere", 1 },
        { "{$ref: 'http://x.example/y'}", ERR_UNSUPPORTED, "nothing is fetched", 1 },
        { "{$ref: 5}", ERR_INVALID, "\"$ref\" must be a string", 8 },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct schema *schema = NULL;
        diags_init(&fixture->diags, fixture->arena);
        int err = compile(fixture, cases[i].schema, &schema);
        if (err != cases[i].err || fixture->diags.list.count != 1 || schema) {
            fail_msg("%s: %d", cases[i].schema, err);
        }
        const struct diag *diag = &fixture->diags.list.items[0];
        if (!strstr(diag->message.ptr, cases[i].message) ||
                !str_starts_with(diag->message, STR("the schema of x: ")) ||
                diag->mark.column != cases[i].column ||
                strcmp(diag->id, "schema/broken") != 0) {
            fail_msg(
                    "%s: column %u: %s", cases[i].schema, diag->mark.column, diag->message.ptr);
        }
    }
}

static void test_endless_schemas_end(void **state)
{
    static const char *const schemas[] = { "{$ref: '#'}",
        "{$defs: {a: {$ref: '#/$defs/b'}, b: {$ref: '#/$defs/a'}}, $ref: '#/$defs/a'}",
        "{allOf: [{$ref: '#'}]}", "{anyOf: [{$ref: '#'}, {$ref: '#'}]}", "{not: {$ref: '#'}}",
        "{if: {$ref: '#'}}" };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
        assert_int_equal(validate(fixture, schemas[i], "{a: 1}"), ERR_LIMIT);
        assert_int_equal(fixture->diags.list.count, 1);
        assert_string_equal(fixture->diags.list.items[0].id, "schema/endless");
    }
}

static void test_doubling_schema_ends(void **state)
{
    /* Each level tries the next one twice: 2^40 steps if nobody counted. */
    struct fixture *fixture = *state;
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    buf_add_cstr(&text, "{$ref: '#/$defs/d0', $defs: {");
    for (int i = 0; i < 40; i++) {
        buf_addf(&text, "d%d: {allOf: [{$ref: '#/$defs/d%d'}, {$ref: '#/$defs/d%d'}]}, ", i,
                i + 1, i + 1);
    }
    buf_add_cstr(&text, "d40: {type: object}}}");
    assert_int_equal(validate(fixture, text.ptr, "{a: 1}"), ERR_LIMIT);
    assert_string_equal(fixture->diags.list.items[0].id, "schema/endless");
}

static void test_recursive_schema_follows_the_instance(void **state)
{
    struct fixture *fixture = *state;
    static const char tree[] =
            "{type: object, properties: {left: {$ref: '#'}, right: {$ref: '#'}},"
            " additionalProperties: false}";
    assert_int_equal(validate(fixture, tree, "{left: {left: {}, right: {left: {}}}}"), 0);
    assert_int_equal(
            validate(fixture, tree, "{left: {left: {}, right: {lft: {}}}}"), ERR_INVALID);
    assert_str(fixture->diags.list.items[0].message,
            "settings.x.left.right.lft is not a known key");
}

static void test_other_documents(void **state)
{
    struct fixture *fixture = *state;
    const struct schema_document others[] = {
        { STR("http://x.example/lib/common.json"),
                yaml(fixture, "{$defs: {id: {$anchor: id, type: string}}}") },
    };
    const struct schema_source source = { .arena = fixture->arena,
        .diags = &fixture->diags,
        .document = yaml(fixture, "{items: {$ref: '../lib/./common.json#id'}}"),
        .what = STR("s"),
        .uri = STR("http://x.example/schemas/main.json"),
        .others = others,
        .other_count = 1 };
    const struct schema *schema = NULL;
    assert_int_equal(schema_compile(&source, &schema), 0);
    struct schema_check check = { .instance = yaml(fixture, "[a]") };
    assert_int_equal(schema_validate(schema, &check), 0);
    check.instance = yaml(fixture, "[1]");
    assert_int_equal(schema_validate(schema, &check), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_violation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_violation_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_description_becomes_detail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_are_not_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_schemas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_endless_schemas_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_doubling_schema_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                test_recursive_schema_follows_the_instance, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_documents, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
