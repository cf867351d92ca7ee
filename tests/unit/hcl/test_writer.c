/* SPDX-License-Identifier: Apache-2.0 */
/* Maps as HCL: the text, that our own reader finds the same values in it, and what cannot be written. */
#include <string.h>

#include "hcl_fixture.h"

static const struct value *read_yaml(struct fixture *f, const char *text)
{
    const struct value *value = NULL;
    struct yaml_input input = { .arena = f->run.arena,
        .keys = f->run.keys,
        .diags = &f->run.diags,
        .text = str_from(text),
        .file = 1 };
    assert_int_equal(yaml_read(&input, &value), 0);
    return value;
}

static void check(struct fixture *f, const char *yaml, enum hcl_form form, const char *expected)
{
    AUTO_BUF text = BUF_INIT(1 << 20);
    struct hcl_fault fault = { 0 };
    const struct value *map = read_yaml(f, yaml);
    assert_int_equal(hcl_write(f->run.arena, &text, map, form, &fault), 0);
    assert_str(buf_str(&text), expected);
    /* Whatever is written can be read. */
    struct hcl_body body = { 0 };
    assert_int_equal(read_text(f, text.ptr ? text.ptr : "", false, &body), 0);
    assert_int_equal(f->run.diags.list.count, 0);
}

static void test_values(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check(&f, "{}", HCL_VALUES, "");
    check(&f, "{b: 1, a: x, long_name: [1, a, ~, true], Z: 0.5}", HCL_VALUES,
            "Z         = 0.5\na         = \"x\"\nb         = 1\n"
            "long_name = [1, \"a\", null, true]\n");
    check(&f, "{a: 0777, b: 0x10, c: -3, d: 12345678901234567890, e: 1_000, f: '007'}",
            HCL_VALUES,
            "a = 511\nb = 16\nc = -3\nd = 12345678901234567890\ne = 1000\nf = \"007\"\n");
    check(&f, "{e: {}, l: [], s: ''}", HCL_VALUES, "e = {}\nl = []\ns = \"\"\n");
    /* A value of several lines stands alone, those before and after it are aligned apart. */
    check(&f, "{a: 1, bbb: 2, m: {x: 1, long: 2}, n: 1, oooo: 2}", HCL_VALUES,
            "a   = 1\nbbb = 2\nm = {\n  long = 2\n  x    = 1\n}\nn    = 1\noooo = 2\n");
    check(&f, "m: {n: {o: {p: 1}}}", HCL_VALUES,
            "m = {\n  n = {\n    o = {\n      p = 1\n    }\n  }\n}\n");
    check(&f, "l: [{a: 1}, {b: 2}]", HCL_VALUES, "l = [{\n  a = 1\n  }, {\n  b = 2\n}]\n");
    check(&f, "l: [[{a: 1}], {b: 2}]", HCL_VALUES, "l = [[{\n  a = 1\n  }], {\n  b = 2\n}]\n");
    /* Names beyond ASCII count by letters. */
    check(&f, "{\xc3\xa9: 1, ab: 2}", HCL_VALUES, "ab = 2\n\xc3\xa9  = 1\n");
    tear_down(&f);
}

static void test_keys_of_objects(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check(&f, "m: {a-b: 1, _c: 1, d1: 1, 'e f': 1, 2g: 1, 'h.i': 1, for: 1, '': 1, -j: 1}",
            HCL_VALUES,
            "m = {\n  \"\"    = 1\n  \"-j\"  = 1\n  \"2g\"  = 1\n  _c    = 1\n  a-b   = 1\n"
            "  d1    = 1\n  \"e f\" = 1\n  \"for\" = 1\n  \"h.i\" = 1\n}\n");
    check(&f, "m: {'${x}': 1, 'q\"': 2}", HCL_VALUES,
            "m = {\n  \"$${x}\" = 1\n  \"q\\\"\"   = 2\n}\n");
    tear_down(&f);
}

/* What is written is the same text again for whoever reads it. */
static void check_text(struct fixture *f, struct str text, const char *expected)
{
    AUTO_BUF out = BUF_INIT(1 << 16);
    struct hcl_fault fault = { 0 };
    struct hcl_body body = { 0 };
    struct value_builder builder;
    value_builder_init(&builder, f->run.arena, MARK_NONE);
    value_builder_set(&builder, key_of(f->run.keys, STR("a")),
            value_string_new(f->run.arena, text, MARK_NONE), MARK_NONE);
    assert_int_equal(
            hcl_write(f->run.arena, &out, value_builder_map(&builder), HCL_VALUES, &fault), 0);
    assert_str(buf_str(&out), expected);
    assert_int_equal(read_text(f, out.ptr, false, &body), 0);
    const struct hcl_attribute *attribute = hcl_attribute_find(&body, "a");
    assert_non_null(attribute);
    assert_true(str_eq(value_string(attribute->value), text));
}

static void test_escapes(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check_text(&f, STR("q\" \\ \n\r\t"), "a = \"q\\\" \\\\ \\n\\r\\t\"\n");
    check_text(&f, STR("${x} %{y} 100% $ $$ {"), "a = \"$${x} %%{y} 100% $ $$ {\"\n");
    check_text(&f, STR("$${x} %%{y}"), "a = \"$$${x} %%%{y}\"\n");
    check_text(&f, STR("$"), "a = \"$\"\n");
    check_text(&f, STR("\x01\x1f\x7f"), "a = \"\\u0001\\u001f\\u007f\"\n");
    check_text(&f, STR("\xc2\x85\xc2\xad\xe2\x80\x8b\xe2\x80\xa8\xef\xbb\xbf"),
            "a = \"\\u0085\\u00ad\\u200b\\u2028\\ufeff\"\n");
    check_text(&f, STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\x80"),
            "a = \"\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\x80\"\n");
    tear_down(&f);
}

static void test_blocks_and_labels(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check(&f, "{}", HCL_CONFIG, "");
    check(&f, "{a: 1, blk: {x: 1, in: {y: [1]}}, c: {}}", HCL_CONFIG,
            "a = 1\nblk {\n  in {\n    y = [1]\n  }\n  x = 1\n}\nc {\n}\n");
    check(&f, "variable: {b: {default: 1}, a: {}}", HCL_CONFIG,
            "variable \"a\" {\n}\nvariable \"b\" {\n  default = 1\n}\n");
    check(&f, "resource: {aws_x: {two: {n: 2}, one: {ebs: {size: 1}}}, aws_a: {}}", HCL_CONFIG,
            "resource \"aws_x\" \"one\" {\n  ebs {\n    size = 1\n  }\n}\n"
            "resource \"aws_x\" \"two\" {\n  n = 2\n}\n");
    check(&f, "data: {t: {n: {variable: {x: 1}}}}", HCL_CONFIG,
            "data \"t\" \"n\" {\n  variable {\n    x = 1\n  }\n}\n");
    /* In a block nothing is known about, names have labels as in a file. */
    check(&f, "custom: {variable: {x: {a: 1}}}", HCL_CONFIG,
            "custom {\n  variable \"x\" {\n    a = 1\n  }\n}\n");
    check(&f, "provider: {aws: {region: r, assume_role: {role_arn: x}}}", HCL_CONFIG,
            "provider \"aws\" {\n  assume_role {\n    role_arn = \"x\"\n  }\n  region = "
            "\"r\"\n}\n");
    check(&f, "output: {'a \"b\"': {value: x}}", HCL_CONFIG,
            "output \"a \\\"b\\\"\" {\n  value = \"x\"\n}\n");
    tear_down(&f);
}

static void test_where_maps_are_values(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check(&f, "locals: {tags: {a: 1}}", HCL_CONFIG,
            "locals {\n  tags = {\n    a = 1\n  }\n}\n");
    check(&f, "module: {m: {source: ./m, tags: {a: 1}}}", HCL_CONFIG,
            "module \"m\" {\n  source = \"./m\"\n  tags = {\n    a = 1\n  }\n}\n");
    check(&f, "terraform: {required_version: '>= 1', required_providers: {x: {source: y}}}",
            HCL_CONFIG,
            "terraform {\n  required_providers {\n    x = {\n      source = \"y\"\n    }\n  }\n"
            "  required_version = \">= 1\"\n}\n");
    check(&f,
            "terraform: {backend: {s3: {endpoints: {s3: u}}}, cloud: {workspaces: {name: n}}}",
            HCL_CONFIG,
            "terraform {\n  backend \"s3\" {\n    endpoints = {\n      s3 = \"u\"\n    }\n  }\n"
            "  cloud {\n    workspaces {\n      name = \"n\"\n    }\n  }\n}\n");
    check(&f, "terraform: {backend: {remote: {workspaces: {name: n}}}}", HCL_CONFIG,
            "terraform {\n  backend \"remote\" {\n    workspaces {\n      name = \"n\"\n    }\n"
            "  }\n}\n");
    check(&f, "output: {o: {value: {a: 1}, precondition: {condition: true}}}", HCL_CONFIG,
            "output \"o\" {\n  precondition {\n    condition = true\n  }\n  value = {\n"
            "    a = 1\n  }\n}\n");
    check(&f, "resource: {t: {n: {provisioner: {local-exec: {command: x}}}}}", HCL_CONFIG,
            "resource \"t\" \"n\" {\n  provisioner \"local-exec\" {\n    command = \"x\"\n  "
            "}\n}\n");
    tear_down(&f);
}

static void test_lists_of_maps(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check(&f, "provider: {aws: [{region: a}, {region: b, alias: x}]}", HCL_CONFIG,
            "provider \"aws\" {\n  region = \"a\"\n}\n"
            "provider \"aws\" {\n  alias  = \"x\"\n  region = \"b\"\n}\n");
    check(&f, "variable: {v: {validation: [{condition: true}, {condition: false}]}}",
            HCL_CONFIG,
            "variable \"v\" {\n  validation {\n    condition = true\n  }\n  validation {\n"
            "    condition = false\n  }\n}\n");
    /* Elsewhere a list is a value, as in the arguments of a resource. */
    check(&f, "resource: {t: {n: {rule: [{a: 1}]}}}", HCL_CONFIG,
            "resource \"t\" \"n\" {\n  rule = [{\n    a = 1\n  }]\n}\n");
    tear_down(&f);
}

static void test_types_of_variables(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check(&f, "variable: {v: {type: string}}", HCL_CONFIG,
            "variable \"v\" {\n  type = string\n}\n");
    check(&f, "variable: {v: {type: 'map(list(any))', nullable: false}}", HCL_CONFIG,
            "variable \"v\" {\n  nullable = false\n  type     = map(list(any))\n}\n");
    check(&f,
            "variable:\n  v:\n    type: |\n      object({\n        a = string\n"
            "        long = optional(list(string), [\"}\"])\n      })\n",
            HCL_CONFIG,
            "variable \"v\" {\n  type = object({\n    a    = string\n"
            "    long = optional(list(string), [\"}\"])\n  })\n}\n");
    /* Text that is no type, and `type` anywhere else, is text. */
    check(&f, "variable: {v: {type: sting}}", HCL_CONFIG,
            "variable \"v\" {\n  type = \"sting\"\n}\n");
    check(&f, "variable: {v: {type: 'string # x'}}", HCL_CONFIG,
            "variable \"v\" {\n  type = \"string # x\"\n}\n");
    check(&f, "variable: {v: {type: 'list(string))'}, w: {type: 'map(\"'}}", HCL_CONFIG,
            "variable \"v\" {\n  type = \"list(string))\"\n}\n"
            "variable \"w\" {\n  type = \"map(\\\"\"\n}\n");
    check(&f, "{type: string, locals: {type: string}}", HCL_CONFIG,
            "locals {\n  type = \"string\"\n}\ntype = \"string\"\n");
    tear_down(&f);
}

static void check_refused(
        struct fixture *f, const char *yaml, int code, const char *what, unsigned column)
{
    AUTO_BUF text = BUF_INIT(1 << 20);
    struct hcl_fault fault = { 0 };
    assert_int_equal(
            hcl_write(f->run.arena, &text, read_yaml(f, yaml), HCL_CONFIG, &fault), code);
    assert_str(fault.what, what);
    assert_int_equal(fault.mark.column, column);
    assert_int_equal(text.len, 0);
}

static void test_refused(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    check_refused(&f, "{a b: 1}", ERR_INVALID,
            "has \"a b\" as the name of a block or an argument: HCL takes letters, digits, "
            "\"_\" and \"-\" only",
            2);
    check_refused(&f, "x: {1a: 1}", ERR_INVALID,
            "has \"1a\" as the name of a block or an argument: HCL takes letters, digits, "
            "\"_\" and \"-\" only",
            5);
    check_refused(
            &f, "l: [.inf]", ERR_INVALID, "holds .inf or .nan, which are no numbers of HCL", 5);
    check_refused(&f, "variable: {x: 1}", ERR_INVALID,
            "has \"x\" that is no map: a block of \"variable\"", 15);
    check_refused(&f, "resource: {aws_x: {y: [1]}}", ERR_INVALID,
            "has \"y\" that is no map: a block of \"resource\"", 23);
    tear_down(&f);
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    AUTO_BUF text = BUF_INIT(1 << 20);
    struct hcl_fault fault = { 0 };
    const struct value *list = value_null(f.run.arena, MARK_NONE);
    const struct value *map = value_null(f.run.arena, MARK_NONE);
    for (size_t i = 0; i <= HCL_MAX_DEPTH; i++) {
        struct value_builder builder;
        value_builder_init(&builder, f.run.arena, MARK_NONE);
        value_builder_set(&builder, key_of(f.run.keys, STR("a")), map, MARK_NONE);
        map = value_builder_map(&builder);
        list = value_list_new(f.run.arena, &list, 1, MARK_NONE);
    }
    struct value_builder builder;
    value_builder_init(&builder, f.run.arena, MARK_NONE);
    value_builder_set(&builder, key_of(f.run.keys, STR("a")), list, MARK_NONE);
    const struct value *top = value_builder_map(&builder);
    assert_int_equal(hcl_write(f.run.arena, &text, top, HCL_VALUES, &fault), ERR_LIMIT);
    assert_str(fault.what, "is nested more than 100 deep");
    assert_int_equal(hcl_write(f.run.arena, &text, map, HCL_CONFIG, &fault), ERR_LIMIT);
    assert_int_equal(text.len, 0);
    tear_down(&f);
}

static void test_size_is_bounded(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    AUTO_BUF text = BUF_INIT(8);
    struct hcl_fault fault = { 0 };
    assert_int_equal(hcl_write(f.run.arena, &text, read_yaml(&f, "a: 'longer than eight'"),
                             HCL_VALUES, &fault),
            0);
    assert_true(text.is_full);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_keys_of_objects),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_blocks_and_labels),
        cmocka_unit_test(test_where_maps_are_values),
        cmocka_unit_test(test_lists_of_maps),
        cmocka_unit_test(test_types_of_variables),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_size_is_bounded),
    };
    return RUN_TESTS(tests);
}
