/* SPDX-License-Identifier: Apache-2.0 */
/* HCL text: what is read, what stays text, and where mistakes are. */
#include <string.h>

#include "hcl_fixture.h"

static void test_blocks_and_attributes(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_reads(&f, "", "");
    assert_reads(&f, "\xef\xbb\xbf# only a comment", "");
    assert_reads(&f, "a = 1\nb = true // behind\n\tc = null # too\n/* d = 2 */ e = /* x */ 3",
            "a@1:1=1;b@2:1=true;c@3:2=null;e@4:13=3;");
    assert_reads(&f, "variable \"x\" {}", "variable@1:1 <x>{}");
    assert_reads(&f, "variable \"x\" { type = string }", "variable@1:1 <x>{type@1:16~string;}");
    assert_reads(&f, "resource aws_x \"a b\" {\n  n = 1\n  inner {\n    m = 2\n  }\n}\n",
            "resource@1:1 <aws_x> <a b>{n@2:3=1;inner@3:3{m@4:5=2;}}");
    assert_reads(&f, "a = 1\r\nb {\r\n}\r\n", "a@1:1=1;b@2:1{}");
    assert_reads(&f, "\xc3\xbc = \"\xc3\xa4\"\nb = 1", "\xc3\xbc@1:1=\"\xc3\xa4\";b@2:1=1;");
    assert_reads(&f, "/* \xc3\xbc */ a = 1", "a@1:9=1;");
    tear_down(&f);
}

static void test_literals(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_reads(&f, "a = -1.50e+3\nb = 012\nc = 12345678901234567890\nd = -\ne = 1.x",
            "a@1:1=-1500;b@2:1~012;c@3:1=12345678901234567890;d@4:1~-;e@5:1~1.x;");
    assert_reads(&f, "a = \"q\\\" \\\\ \\n \\t \\u00e4 \\U0001f600\"",
            "a@1:1=\"q\\\" \\\\ \\n \\t \xc3\xa4 \xf0\x9f\x98\x80\";");
    assert_reads(&f, "a = \"$${x} %%{y} $ %\"", "a@1:1=\"${x} %{y} $ %\";");
    assert_reads(&f, "a = \"${x}\"\nb = \"%{if x}y%{endif}\"\nc = \"\\q\"\nd = \"\\ud800\"",
            "a@1:1~\"${x}\";b@2:1~\"%{if x}y%{endif}\";c@3:1~\"\\q\";d@4:1~\"\\ud800\";");
    assert_reads(&f, "a = [1, \"x\", [], [true,],\n # more\n null\n]",
            "a@1:1=[1,\"x\",[],[true],null];");
    assert_reads(&f, "a = { x = 1, \"y z\" : [2]\n 3 = {}\n\n b = \"l\" }",
            "a@1:1={\"x\":1,\"y z\":[2],\"3\":{},\"b\":\"l\"};");
    assert_reads(&f, "a = [1 2]\nb = { x = 1 y = 2 }\nc = [,]\nd = [var.x]",
            "a@1:1~[1 2];b@2:1~{ x = 1 y = 2 };c@3:1~[,];d@4:1~[var.x];");
    tear_down(&f);
}

static void test_heredocs(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_reads(
            &f, "a = <<EOF\n x \\n \"q\n  EOF\nb = 1", "a@1:1=\" x \\\\n \\\"q\\n\";b@4:1=1;");
    assert_reads(
            &f, "a = <<-EOF\n    x\n\n      y $${z}\n  EOF\n", "a@1:1=\"x\\n\\n  y ${z}\\n\";");
    assert_reads(&f, "a = <<E\nE", "a@1:1=\"\";");
    assert_reads(&f, "a = <<E\n${x} } ) \"\nE\nb = f(<<E\n)\nE\n, 2)\n",
            "a@1:1~<<E\n${x} } ) \"\nE;b@4:1~f(<<E\n)\nE\n, 2);");
    assert_reads(&f, "a = [<<E\nx\nE\n, 2]\n", "a@1:1=[\"x\\n\",2];");
    tear_down(&f);
}

static void test_expressions_stay_text(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_reads(&f, "a = merge(\n  local.x, # why\n  { y = \"}\" }\n)\nb = x ? 1 : 2 # end\n",
            "a@1:1~merge(\n  local.x, # why\n  { y = \"}\" }\n);b@5:1~x ? 1 : 2;");
    assert_reads(&f, "a = \"x-${lookup({ k = \"v\" }, \"${y[\"z\"]}\")}-}\"\nb = 1",
            "a@1:1~\"x-${lookup({ k = \"v\" }, \"${y[\"z\"]}\")}-}\";b@2:1=1;");
    assert_reads(&f, "a = [for k, v in x : \"${\nk\n}\" if v > 1]",
            "a@1:1~[for k, v in x : \"${\nk\n}\" if v > 1];");
    tear_down(&f);
}

static void test_mistakes_with_their_places(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_refuses(&f, "x {\n  a = 1\n", ERR_PARSE, "hcl/syntax 1:3 a block is not closed");
    assert_refuses(&f, "a = [1,\n", ERR_PARSE, "hcl/syntax 1:5 a bracket is not closed");
    assert_refuses(&f, "a = (1]\n", ERR_PARSE, "hcl/syntax 1:7 unexpected \"]\"");
    assert_refuses(&f, "a = \"x\nb = 1\n", ERR_PARSE,
            "hcl/syntax 1:5 a text in quotes does not end on its line");
    assert_refuses(&f, "a = \"x", ERR_PARSE, "hcl/syntax 1:5 a text in quotes does not end");
    assert_refuses(&f, "a = \"${x", ERR_PARSE, "hcl/syntax 1:6 a bracket is not closed");
    assert_refuses(&f, "a = <<E\nx\n", ERR_PARSE, "hcl/syntax 1:5 a heredoc does not end");
    assert_refuses(&f, "a = <<E x\nE\n", ERR_PARSE,
            "hcl/syntax 1:5 the word of a heredoc must be the last one of its line");
    assert_refuses(&f, "/* x", ERR_PARSE, "hcl/syntax 1:1 a comment does not end");
    assert_refuses(&f, "a =\nb = 1", ERR_PARSE, "hcl/syntax 1:4 \"a\" has no value");
    assert_refuses(&f, "x \"a${b}\" {}", ERR_PARSE,
            "hcl/syntax 1:3 a label must be a plain text in quotes");
    assert_refuses(&f, "x\n", ERR_PARSE,
            "hcl/syntax 1:2 expected \"=\", a label or \"{\" behind the name");
    assert_refuses(&f, "x {} y {}", ERR_PARSE,
            "hcl/syntax 1:6 expected the end of the line behind an attribute or a block");
    assert_refuses(&f, "}\n", ERR_PARSE, "hcl/syntax 1:1 expected the name of a block");
    assert_refuses(&f, "x {\n  ?\n}", ERR_PARSE,
            "hcl/syntax 2:3 expected the name of an attribute or a block, or \"}\"");
    assert_refuses(&f, "a = 1\n# \xff", ERR_PARSE, "hcl/not-text 2:3 bytes that are not UTF-8");
    tear_down(&f);
}

static void repeat(struct buf *text, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_cstr(text, piece);
    }
}

static void test_limits(void **state)
{
    (void)state;
    struct fixture f;
    struct hcl_body body = { 0 };
    struct buf text = BUF_INIT(32 * 1024 * 1024);
    set_up(&f);
    repeat(&text, "b {\n", HCL_MAX_DEPTH);
    repeat(&text, "}\n", HCL_MAX_DEPTH);
    assert_int_equal(read_text(&f, text.ptr, false, &body), 0);
    buf_reset(&text);
    repeat(&text, "b {\n", HCL_MAX_DEPTH + 1);
    assert_refuses(&f, text.ptr, ERR_LIMIT, "hcl/limit 101:3 blocks are nested too deeply");
    buf_reset(&text);
    buf_add_cstr(&text, "a = ");
    repeat(&text, "[", HCL_MAX_DEPTH + 1);
    assert_refuses(
            &f, text.ptr, ERR_LIMIT, "hcl/limit 1:105 an expression is nested too deeply");
    buf_reset(&text);
    buf_add_repeated(&text, '\n', HCL_MAX_BYTES + 1);
    assert_refuses(&f, text.ptr, ERR_LIMIT,
            "hcl/limit 1:1 the file has 16777217 bytes; at most 16777216 are read");
    assert_json_refuses(&f, text.ptr, ERR_LIMIT,
            "hcl/limit 1:1 the file has 16777217 bytes; at most 16777216 are read");
    buf_clear(&text);
    tear_down(&f);
}

static void test_a_nul_byte_is_no_text(void **state)
{
    (void)state;
    struct fixture f;
    struct hcl_body body = { 0 };
    set_up(&f);
    struct hcl_input input = { .arena = f.run.arena,
        .keys = f.run.keys,
        .diags = &f.run.diags,
        .text = STR("a = 1\n\0"),
        .file = 1 };
    assert_int_equal(hcl_read(&input, &body), ERR_PARSE);
    assert_int_equal(f.run.diags.list.items[0].mark.line, 2);
    assert_str(f.run.diags.list.items[0].message, "a NUL byte");
    tear_down(&f);
}

static void test_json_has_the_same_shape(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_json_reads(&f,
            "{\"//\": \"c\", \"variable\": {\"a\": {\"type\": \"string\"}, \"b\": "
            "[{\"default\": 1}]},\n"
            "\"resource\": {\"t\": {\"n\": {\"x\": \"${y}\", \"z\": [1]}}}}",
            "variable@1:26 <a>{type@1:32=\"string\";}variable@1:57 <b>{default@1:58=1;}"
            "resource@2:20 <t> <n>{x@2:26~${y};z@2:39=[1];}");
    assert_json_reads(&f,
            "[{\"locals\": {}}, {\"terraform\": [{\"required_providers\": {\"p\": {\"source\": "
            "\"s\"}}}]}]",
            "locals@1:3{}terraform@1:33{required_providers@1:34{p@1:57={\"source\":\"s\"};}}");
    assert_json_reads(&f, "{\"variable\": null}", "");
    assert_json_refuses(&f, "{\"variable\": 1}", ERR_INVALID,
            "hcl/json-shape 1:14 \"variable\" must be an object or a list of objects");
    assert_json_refuses(&f, "{\"variable\": {\"a\": [1]}}", ERR_INVALID,
            "hcl/json-shape 1:21 \"variable\" must be an object or a list of objects");
    assert_json_refuses(&f, "3", ERR_INVALID,
            "hcl/json-shape 1:1 \"the file\" must be an object or a list of objects");
    tear_down(&f);
}

static void test_pairs_of_an_object(void **state)
{
    (void)state;
    struct fixture f;
    struct hcl_body body = { 0 };
    struct hcl_body pairs = { 0 };
    struct buf out = BUF_INIT(1 << 16);
    set_up(&f);
    assert_int_equal(read_text(&f,
                             "a = { source = \"s\", \"q\" = [x.y,\n z], # c\n b : f(1, 2)\n}\n"
                             "b = { for k in x : k => k }\nc = [x]\nd = { x = 1 } + y",
                             false, &body),
            0);
    struct hcl_input input = {
        .arena = f.run.arena, .keys = f.run.keys, .diags = &f.run.diags
    };
    assert_true(hcl_object_read(&input, &body.attributes[0], &pairs));
    for (size_t i = 0; i < pairs.attribute_count; i++) {
        buf_addf(&out, "%.*s~%.*s;", STR_ARG(pairs.attributes[i].name),
                STR_ARG(pairs.attributes[i].text));
    }
    assert_str(buf_str(&out), "source~\"s\";q~[x.y,\n z];b~f(1, 2);");
    assert_str(value_string(pairs.attributes[0].value), "s");
    for (size_t i = 1; i < body.attribute_count; i++) {
        assert_false(hcl_object_read(&input, &body.attributes[i], &pairs));
    }
    assert_int_equal(f.run.diags.list.count, 0);
    buf_clear(&out);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_and_attributes),
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_heredocs),
        cmocka_unit_test(test_expressions_stay_text),
        cmocka_unit_test(test_mistakes_with_their_places),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_a_nul_byte_is_no_text),
        cmocka_unit_test(test_json_has_the_same_shape),
        cmocka_unit_test(test_pairs_of_an_object),
    };
    return RUN_TESTS(tests);
}
