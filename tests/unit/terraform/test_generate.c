/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the section `generate`: contents, places, and what is refused. */
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "terraform/terraform.h"

struct fixture {
    struct run run;
    struct instance instance;
    const struct terraform_generated *files;
    size_t count;
};

static void set_up(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    run_init(&f->run, NULL, NULL);
    f->instance = (struct instance){ .stack = STR("dev"), .name = STR("vpc") };
    f->instance.path = path_join(f->run.arena, scratch_folder(f->run.arena), STR("vpc"));
    assert_int_equal(folder_create(f->instance.path, 0755), 0);
}

static void tear_down(struct fixture *f)
{
    run_clear(&f->run);
}

static int generate(struct fixture *f, const char *section)
{
    struct yaml_input input = { .arena = f->run.arena,
        .keys = f->run.keys,
        .diags = &f->run.diags,
        .text = str_from(section),
        .file = 1 };
    diags_init(&f->run.diags, f->run.arena);
    assert_int_equal(yaml_read(&input, &f->instance.others), 0);
    return terraform_generated_files(&f->run, &f->instance, &f->files, &f->count);
}

static struct str inside(struct fixture *f, const char *name)
{
    return path_join(f->run.arena, f->instance.path, str_from(name));
}

static struct str content(struct fixture *f, const char *name)
{
    struct str text = STR("(missing)");
    (void)file_read(f->run.arena, inside(f, name), 1 << 20, &text);
    return text;
}

static unsigned mode_of(struct fixture *f, const char *name)
{
    struct stat st = { 0 };
    assert_int_equal(stat(inside(f, name).ptr, &st), 0);
    return st.st_mode & 07777;
}

static void test_contents_by_extension(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_int_equal(generate(&f, "generate:\n"
                                  "  main.tf: |\n    # <a>\n    locals {}\n"
                                  "  x.tf.json: {locals: {b: '<', a: [1]}}\n"
                                  "  x.auto.tfvars.json: {n: ~}\n"
                                  "  sub/dir/x.yaml: {b: 1, a: '1'}\n"
                                  "  x.yml: {}\n"
                                  "  empty.tf: ''\n"
                                  "  locals.tf: {locals: {a: '${x}'}}\n"
                                  "  x.tofu: {locals: {}}\n"
                                  "  x.tftest.hcl: {variable: {v: {type: string}}}\n"
                                  "  X.TFVARS: {m: {a: 1}}\n"
                                  "  s3.tfbackend: {bucket: b}\n"
                                  "  settings.conf: {a: 1}\n"
                                  "  Makefile: {}\n"),
            0);
    assert_int_equal(f.count, 13);
    assert_int_equal(file_is_regular(inside(&f, "main.tf")), false);
    assert_int_equal(terraform_generated_write(&f.run, &f.instance, f.files, f.count), 0);
    assert_str(content(&f, "main.tf"), "# <a>\nlocals {}\n");
    assert_str(content(&f, "x.tf.json"),
            "{\n  \"locals\": {\n    \"a\": [\n      1\n    ],\n    \"b\": \"\\u003c\"\n  "
            "}\n}\n");
    assert_str(content(&f, "x.auto.tfvars.json"), "{\n  \"n\": null\n}\n");
    assert_str(content(&f, "sub/dir/x.yaml"), "a: \"1\"\nb: 1\n");
    assert_str(content(&f, "x.yml"), "{}\n");
    assert_str(content(&f, "empty.tf"), "");
    assert_str(content(&f, "locals.tf"), "locals {\n  a = \"$${x}\"\n}\n");
    assert_str(content(&f, "x.tofu"), "locals {\n}\n");
    assert_str(content(&f, "x.tftest.hcl"), "variable \"v\" {\n  type = string\n}\n");
    assert_str(content(&f, "X.TFVARS"), "m = {\n  a = 1\n}\n");
    assert_str(content(&f, "s3.tfbackend"), "bucket = \"b\"\n");
    assert_str(content(&f, "settings.conf"), "{\n  \"a\": 1\n}\n");
    assert_str(content(&f, "Makefile"), "{}\n");
    assert_int_equal(mode_of(&f, "main.tf"), 0644);
    assert_int_equal(f.run.diags.list.count, 0);
    /* What is there already is not touched. */
    assert_int_equal(chmod(inside(&f, "main.tf").ptr, 0600), 0);
    assert_int_equal(terraform_generated_write(&f.run, &f.instance, f.files, f.count), 0);
    assert_int_equal(mode_of(&f, "main.tf"), 0600);
    tear_down(&f);
}

static void test_sensitive_contents_are_private(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_int_equal(generate(&f, "generate: {x.json: {}}"), 0);
    struct run *run = &f.run;
    const struct value *secret = value_with_flags(
            run->arena, value_string_new(run->arena, STR("s"), MARK_NONE), VALUE_SENSITIVE);
    const struct value *map = value_with(run->arena,
            value_get_path(f.instance.others, "generate"), key_of(run->keys, STR("x.json")),
            value_with(run->arena, value_get_path(f.instance.others, "generate"),
                    key_of(run->keys, STR("token")), secret));
    f.instance.others =
            value_with(run->arena, f.instance.others, key_of(run->keys, STR("generate")), map);
    assert_int_equal(terraform_generated_files(run, &f.instance, &f.files, &f.count), 0);
    assert_int_equal(terraform_generated_write(run, &f.instance, f.files, f.count), 0);
    assert_int_equal(mode_of(&f, "x.json"), 0600);
    tear_down(&f);
}

static void test_nothing_to_generate(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_int_equal(generate(&f, "{}"), 0);
    assert_int_equal(f.count, 0);
    tear_down(&f);
}

static void test_refused(void **state)
{
    static const struct {
        const char *section;
        int code;
        const char *id;
        const char *message;
    } cases[] = {
        { "generate: {a.tf: 'x {{ .vars.y }}'}", ERR_UNSUPPORTED,
                "terraform/unsupported-section",
                "\"a.tf\" in generate holds a template (\"{{\"), which this version cannot "
                "fill in" },
        { "generate: {a.json: {k: ['{{ x }}']}}", ERR_UNSUPPORTED,
                "terraform/unsupported-section",
                "\"a.json\" in generate holds a template (\"{{\"), which this version cannot "
                "fill in" },
        { "generate: {a.tf: {variable: {k: v}}}", ERR_INVALID, "terraform/generate-content",
                "\"a.tf\" in generate has \"k\" that is no map: a block of \"variable\"" },
        { "generate: {a.tfvars: {k l: v}}", ERR_INVALID, "terraform/generate-content",
                "\"a.tfvars\" in generate has \"k l\" as the name of a block or an argument: "
                "HCL "
                "takes letters, digits, \"_\" and \"-\" only" },
        { "generate: {a.json: [1]}", ERR_INVALID, "terraform/generate-content",
                "\"a.json\" in generate must be text, or a map that is written by its "
                "extension" },
        { "generate: {a.tf: ~}", ERR_INVALID, "terraform/generate-content",
                "\"a.tf\" in generate must be text, or a map that is written by its "
                "extension" },
        { "generate: {a.tf: x, ./a.tf: y}", ERR_CONFLICT, "terraform/generate-content",
                "\"./a.tf\" in generate names a file that another key names, too" },
        { "generate: {../a.tf: x}", ERR_DENIED, "terraform/generate-escapes",
                "\"../a.tf\" in generate does not lie in the component folder" },
        { "generate: {b/../../vpc2/a.tf: x}", ERR_DENIED, "terraform/generate-escapes",
                "\"b/../../vpc2/a.tf\" in generate does not lie in the component folder" },
        { "generate: {/tmp/a.tf: x}", ERR_DENIED, "terraform/generate-escapes",
                "\"/tmp/a.tf\" in generate does not lie in the component folder" },
        { "generate: {b/..: x}", ERR_DENIED, "terraform/generate-escapes",
                "\"b/..\" in generate does not lie in the component folder" },
        { "generate: {b/: x}", ERR_DENIED, "terraform/generate-escapes",
                "\"b/\" in generate names a folder" },
    };

    (void)state;
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(generate(&f, cases[i].section), cases[i].code);
        assert_int_equal(f.run.diags.list.count, 1);
        const struct diag *diag = &f.run.diags.list.items[0];
        assert_string_equal(diag->id, cases[i].id);
        assert_str(diag->message, cases[i].message);
        assert_int_equal(diag->mark.line, 1);
        assert_str(diag->component, "vpc");
    }
    /* All of them at once. */
    assert_int_equal(generate(&f, "generate: {a.tf: {a b: 1}, ../b: '', c.tf: 'fine', d: 1}"),
            ERR_INVALID);
    assert_int_equal(f.run.diags.list.count, 3);
    tear_down(&f);
}

static void test_links_do_not_lead_out(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    assert_int_equal(symlink("..", inside(&f, "up").ptr), 0);
    assert_int_equal(generate(&f, "generate: {up/new/a.tf: x}"), 0);
    assert_int_equal(
            terraform_generated_write(&f.run, &f.instance, f.files, f.count), ERR_DENIED);
    assert_string_equal(f.run.diags.list.items[0].id, "terraform/generate-escapes");
    assert_false(file_is_folder(inside(&f, "../new")));
    /* A link in the place of the file is replaced, not followed. */
    struct str outside = inside(&f, "../outside");
    assert_int_equal(file_write_atomic(outside, STR("theirs"), 0644), 0);
    assert_int_equal(symlink("../outside", inside(&f, "a.tf").ptr), 0);
    assert_int_equal(generate(&f, "generate: {a.tf: mine}"), 0);
    assert_int_equal(terraform_generated_write(&f.run, &f.instance, f.files, f.count), 0);
    assert_str(content(&f, "a.tf"), "mine");
    assert_str(content(&f, "../outside"), "theirs");
    /* A file stands where a folder must be. */
    assert_int_equal(generate(&f, "generate: {a.tf/b.tf: x}"), 0);
    diags_init(&f.run.diags, f.run.arena);
    assert_true(terraform_generated_write(&f.run, &f.instance, f.files, f.count) < 0);
    assert_int_equal(f.run.diags.list.count, 1);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contents_by_extension),
        cmocka_unit_test(test_sensitive_contents_are_private),
        cmocka_unit_test(test_nothing_to_generate),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_links_do_not_lead_out),
    };
    return RUN_TESTS(tests);
}
