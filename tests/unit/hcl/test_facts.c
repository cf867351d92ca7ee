/* SPDX-License-Identifier: Apache-2.0 */
/* What a folder of Terraform files declares, and which local modules it pulls in. */
#include <sys/stat.h>
#include <unistd.h>

#include "hcl_fixture.h"

static void put(struct fixture *f, const char *name, const char *text)
{
    (void)scratch_file(f->run.arena, f->folder, name, text);
}

static const struct value *facts_of(struct fixture *f)
{
    const struct value *facts = NULL;
    assert_int_equal(hcl_facts(&f->run, f->folder, add_source, &facts), 0);
    assert_int_equal(f->run.diags.list.count, 0);
    return facts;
}

/* A part of the facts as one line of JSON, keys sorted, the scratch folder as "@". */
static void check_part(struct fixture *f, const char *path, const char *expected, int line)
{
    struct buf raw = BUF_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 20);
    json_write(&raw, value_get_path(facts_of(f), path), JSON_COMPACT);
    struct str rest = buf_str(&raw);
    for (ptrdiff_t at; (at = str_find_str(rest, f->folder)) >= 0;) {
        buf_add(&out, str_sub(rest, 0, (size_t)at));
        buf_add_byte(&out, '@');
        rest = str_from_index(rest, (size_t)at + f->folder.len);
    }
    buf_add(&out, rest);
    check_str(buf_str(&out), expected, path, __FILE__, line);
    buf_clear(&raw);
    buf_clear(&out);
}

#define assert_part(f, path, expected) check_part((f), (path), (expected), __LINE__)

static void test_an_empty_folder(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    static const char *const maps[] = { "variables", "outputs", "required_providers",
        "provider_configs", "managed_resources", "data_resources", "module_calls" };
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        assert_part(&f, maps[i], "{}");
    }
    assert_part(&f, "required_core", "[]");
    assert_part(&f, "path", "\"@\"");
    f.folder = path_join(f.run.arena, f.folder, STR("missing"));
    assert_part(&f, "variables", "{}");
    tear_down(&f);
}

static void test_variables_and_outputs(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    put(&f, "variables.tf",
            "\nvariable \"a\" {\n  type = map(object({ x = string }))\n  description = "
            "\"d\"\n}\n"
            "variable \"b\" {\n  default = null\n  sensitive = true\n  type = \"list\"\n}\n"
            "variable \"c\" { default = [1, { x = true }] }\n"
            "output \"o\" {\n  value = 1\n  description = <<E\ntext\nE\n  sensitive = "
            "true\n}\n");
    assert_part(&f, "variables.a",
            "{\"default\":null,\"description\":\"d\",\"name\":\"a\",\"pos\":{\"filename\":"
            "\"@/variables.tf\",\"line\":2},\"required\":true,"
            "\"type\":\"map(object({ x = string }))\"}");
    assert_part(&f, "variables.b",
            "{\"default\":null,\"name\":\"b\",\"pos\":{\"filename\":\"@/"
            "variables.tf\",\"line\":"
            "6},"
            "\"required\":false,\"sensitive\":true,\"type\":\"list\"}");
    assert_part(&f, "variables.c.default", "[1,{\"x\":true}]");
    assert_part(&f, "outputs",
            "{\"o\":{\"description\":\"text\\n\",\"name\":\"o\",\"pos\":{\"filename\":"
            "\"@/variables.tf\",\"line\":12},\"sensitive\":true}}");
    tear_down(&f);
}

static void test_overrides_come_last(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    put(&f, "a_override.tf", "variable \"x\" { default = 2 }\n");
    put(&f, "override.tf.json", "{\"variable\": {\"y\": {\"default\": \"o\"}}}");
    put(&f, "main.tf",
            "variable \"x\" {\n  default = 1\n  type = number\n}\nvariable \"y\" {}\n");
    assert_part(&f, "variables.x",
            "{\"default\":2,\"name\":\"x\",\"pos\":{\"filename\":\"@/main.tf\",\"line\":1},"
            "\"required\":false,\"type\":\"number\"}");
    assert_part(&f, "variables.y.default", "\"o\"");
    tear_down(&f);
}

static void test_providers_and_versions(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    put(&f, "versions.tf",
            "terraform {\n  required_version = \">= 1.5\"\n  required_providers {\n"
            "    aws = {\n      source  = \"hashicorp/aws\"\n      version = \"~> 5.0, < 6\"\n"
            "      configuration_aliases = [aws.a, aws.b]\n    }\n    null = \"3.0\"\n  }\n}\n"
            "provider \"aws\" {\n  alias = \"use1\"\n  region = var.region\n}\n"
            "provider \"aws\" {}\n");
    put(&f, "more.tf.json",
            "{\"terraform\": {\"required_version\": \"< 2\", \"required_providers\": "
            "{\"time\": {\"source\": \"hashicorp/time\", \"version\": [\"1\", \"2\"]}}}}");
    assert_part(&f, "required_core", "[\"< 2\",\">= 1.5\"]");
    assert_part(&f, "required_providers",
            "{\"aws\":{\"aliases\":[{\"alias\":\"a\",\"name\":\"aws\"},{\"alias\":\"b\","
            "\"name\":\"aws\"}],\"source\":\"hashicorp/aws\",\"version_constraints\":"
            "[\"~> 5.0, < 6\"]},\"null\":{\"version_constraints\":[\"3.0\"]},"
            "\"time\":{\"source\":\"hashicorp/time\",\"version_constraints\":[\"1\",\"2\"]}}");
    assert_part(&f, "provider_configs",
            "{\"aws\":{\"name\":\"aws\"},\"aws.use1\":{\"alias\":\"use1\",\"name\":\"aws\"}}");
    tear_down(&f);
}

static void test_resources_and_modules(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    put(&f, "main.tf",
            "resource \"aws_vpc\" \"this\" {\n  provider = aws.use1\n}\n"
            "data \"http\" \"ip\" {\n}\n"
            "module \"net\" {\n  source  = \"cloudposse/vpc/aws\"\n  version = \"1.0\"\n}\n"
            "module \"own\" {\n  source = \"./own\"\n}\n");
    assert_part(&f, "managed_resources",
            "{\"aws_vpc.this\":{\"mode\":\"managed\",\"name\":\"this\",\"pos\":{\"filename\":"
            "\"@/main.tf\",\"line\":1},\"provider\":{\"alias\":\"use1\",\"name\":\"aws\"},"
            "\"type\":\"aws_vpc\"}}");
    assert_part(&f, "data_resources",
            "{\"data.http.ip\":{\"mode\":\"data\",\"name\":\"ip\",\"pos\":{\"filename\":"
            "\"@/main.tf\",\"line\":4},\"provider\":{\"name\":\"http\"},\"type\":\"http\"}}");
    assert_part(&f, "module_calls.net",
            "{\"name\":\"net\",\"pos\":{\"filename\":\"@/main.tf\",\"line\":6},"
            "\"source\":\"cloudposse/vpc/aws\",\"version\":\"1.0\"}");
    assert_part(&f, "module_calls.own.source", "\"./own\"");
    assert_part(&f, "required_providers", "{\"aws\":{},\"http\":{}}");
    tear_down(&f);
}

static void test_files_that_are_not_read(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    put(&f, ".hidden.tf", "{");
    put(&f, "main.tf~", "{");
    put(&f, "#main.tf#", "{");
    put(&f, "x.tfvars", "{");
    put(&f, "sub/main.tf", "{");
    put(&f, "folder.tf/x", "{");
    put(&f, "x.tfvars.json", "]");
    assert_part(&f, "variables", "{}");
    tear_down(&f);
}

static void test_every_broken_file_is_said(void **state)
{
    (void)state;
    struct fixture f;
    const struct value *facts = NULL;
    set_up(&f);
    put(&f, "a.tf", "variable \"x\" {\n");
    put(&f, "b.tf.json", "{\"variable\": 1}");
    put(&f, "c.tf", "variable \"fine\" {}\n");
    assert_int_equal(mkfifo(path_join(f.run.arena, f.folder, STR("d.tf")).ptr, 0600), 0);
    assert_int_equal(hcl_facts(&f.run, f.folder, add_source, &facts), ERR_PARSE);
    assert_null(facts);
    const struct diags *diags = &f.run.diags;
    assert_int_equal(diags->list.count, 3);
    assert_string_equal(diags->list.items[0].id, "hcl/syntax");
    assert_str(sources_path(f.run.sources, diags->list.items[0].mark.file), "a.tf");
    assert_string_equal(diags->list.items[1].id, "hcl/json-shape");
    assert_string_equal(diags->list.items[2].id, "hcl/unreadable");
    assert_str(diags->list.items[2].message, "cannot read \"d.tf\": not a regular file");
    tear_down(&f);
}

static void check_modules(
        struct fixture *f, const char *from, int expected_code, const char *expected)
{
    const struct str *folders = NULL;
    size_t count = 0;
    struct buf out = BUF_INIT(1 << 16);
    struct str folder = path_join(f->run.arena, f->folder, str_from(from));
    assert_int_equal(
            hcl_local_modules(&f->run, folder, add_source, &folders, &count), expected_code);
    for (size_t i = 0; i < count; i++) {
        struct str shown = path_relative(f->run.arena, f->folder, folders[i]);
        buf_addf(&out, "%.*s\n", STR_ARG(shown));
    }
    assert_str(buf_str(&out), expected);
    buf_clear(&out);
}

static void test_local_modules(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    put(&f, "c/vpc/main.tf",
            "module \"a\" { source = \"../../m/a\" }\nmodule \"r\" { source = \"x/y/z\" }\n"
            "module \"g\" { source = \"git::https://example.com/x\" }\n"
            "module \"s\" { source = \"./sub/\" }\nmodule \"n\" { source = \"./nowhere\" }\n");
    put(&f, "c/vpc/sub/main.tf.json", "{\"module\": {\"b\": {\"source\": \"../../../m/b\"}}}");
    put(&f, "m/a/main.tf",
            "module \"b\" { source = \"../b\" }\nmodule \"back\" { source = \"../../c/vpc\" "
            "}\n");
    put(&f, "m/b/main.tf", "module \"me\" { source = \"./\" }\n");
    check_modules(&f, "c/vpc", 0, "c/vpc/nowhere\nc/vpc/sub\nm/a\nm/b\n");
    check_modules(&f, "m/b", 0, "");
    check_modules(&f, "nothing", 0, "");
    /* Links that lead back make no endless family of names. */
    put(&f, "loop/main.tf",
            "module \"a\" { source = \"./a\" }\nmodule \"b\" { source = \"./b\" }\n");
    struct str a = path_join(f.run.arena, f.folder, STR("loop/a"));
    struct str b = path_join(f.run.arena, f.folder, STR("loop/b"));
    assert_int_equal(symlink(".", a.ptr), 0);
    assert_int_equal(symlink("a", b.ptr), 0);
    check_modules(&f, "loop", 0, "");
    /* What can be read still counts. */
    put(&f, "m/a/broken.tf", "x {\n");
    check_modules(&f, "c/vpc", ERR_PARSE, "c/vpc/nowhere\nc/vpc/sub\nm/a\nm/b\n");
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_folder),
        cmocka_unit_test(test_variables_and_outputs),
        cmocka_unit_test(test_overrides_come_last),
        cmocka_unit_test(test_providers_and_versions),
        cmocka_unit_test(test_resources_and_modules),
        cmocka_unit_test(test_files_that_are_not_read),
        cmocka_unit_test(test_every_broken_file_is_said),
        cmocka_unit_test(test_local_modules),
    };
    return RUN_TESTS(tests);
}
