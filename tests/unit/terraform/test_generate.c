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

static const struct value *read_map(struct fixture *f, const char *text)
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

static void test_templates(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.instance.name = STR("net/blue");
    f.instance.folder = STR("net/vpc");
    f.instance.manifest = STR("orgs/acme/dev");
    f.instance.workspace = STR("dev-net-blue");
    f.instance.vars =
            read_map(&f, "{stage: dev, region: eu, n: 3, list: [a, b], tags: {k: v}}");
    f.instance.settings = read_map(&f, "{s: 1}");
    f.instance.backend_type = value_string_new(f.run.arena, STR("s3"), MARK_NONE);
    f.instance.backend = read_map(&f, "{bucket: b}");
    assert_int_equal(
            generate(&f, "generate:\n"
                         "  a.txt: '{{ .atmos_component }} {{ .atmos_stack }} "
                         "{{ .atmos_stack_file }} {{ .component }} {{ .base_component }} "
                         "{{ .workspace }} {{ .backend_type }} {{ .backend.bucket }}'\n"
                         "  b.txt: '{{ range .vars.list }}<{{ . }}>{{ end }}{{ .vars.n }} "
                         "{{ .stage }} {{ .region }}|{{ .tenant }}| {{ .settings.s }}'\n"
                         "  c.txt: '{{ .vars.none }} {{ .none.deep }}'\n"
                         "  d.json: {k: '{{ .vars.n }}', '{{ key }}': [1, {x: '${ {{ .stage }} "
                         "}'}]}\n"
                         "  e.tf: {locals: {a: '{{ .stage }}', b: '${x}'}}\n"
                         "  f.txt: '{{ if eq .stage \"dev\" }}yes{{ else }}no{{ end }}'\n"),
            0);
    assert_int_equal(terraform_generated_write(&f.run, &f.instance, f.files, f.count), 0);
    assert_str(content(&f, "a.txt"), "net/blue dev orgs/acme/dev vpc vpc dev-net-blue s3 b");
    assert_str(content(&f, "b.txt"), "<a><b>3 dev eu|| 1");
    assert_str(content(&f, "c.txt"), "<no value> <no value>");
    assert_str(content(&f, "d.json"),
            "{\n  \"k\": \"3\",\n  \"{{ key }}\": [\n    1,\n    {\n      \"x\": "
            "\"${ dev }\"\n    }\n  ]\n}\n");
    assert_str(content(&f, "e.tf"), "locals {\n  a = \"dev\"\n  b = \"$${x}\"\n}\n");
    assert_str(content(&f, "f.txt"), "yes");
    assert_int_equal(mode_of(&f, "a.txt"), 0644);
    /* A component that has its own folder has no base. */
    f.instance.name = STR("net/vpc");
    assert_int_equal(
            generate(&f, "generate: {g.txt: '{{ .component }}|{{ .base_component }}|'}"), 0);
    assert_str(f.files[0].text, "vpc||");
    tear_down(&f);
}

/* Whatever a template sees may be in what it prints. */
static void test_templates_over_something_sensitive(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    const struct value *secret = value_with_flags(
            f.run.arena, value_string_new(f.run.arena, STR("s"), MARK_NONE), VALUE_SENSITIVE);
    f.instance.vars = value_with(
            f.run.arena, read_map(&f, "{a: 1}"), key_of(f.run.keys, STR("p")), secret);
    assert_int_equal(generate(&f, "generate: {a.txt: '{{ .vars.p }}', b.txt: plain}"), 0);
    assert_true(f.files[0].is_sensitive);
    assert_false(f.files[1].is_sensitive);
    assert_str(f.files[0].text, "s");
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
        { "generate: {a.tf: 'x {{ .vars.y'}", ERR_PARSE, "terraform/generate-content",
                "\"a.tf\" in generate holds a template that cannot be filled in: line 1, "
                "column " },
        { "generate: {a.json: {k: ['{{ upper \"x\" }}']}}", ERR_PARSE,
                "terraform/generate-content",
                "\"a.json\" in generate holds a template that cannot be filled in: line 1, " },
        { "generate: {a.txt: '{{ printf \"%T\" 1 }}'}", ERR_UNSUPPORTED,
                "terraform/unsupported-section",
                "\"a.txt\" in generate holds a template that cannot be filled in: line 1, " },
        { "generate: {a.json: {k: '{{ index .vars.list 9 }}'}}", ERR_INVALID,
                "terraform/generate-content",
                "\"a.json\" in generate holds a template that cannot be filled in: line 1, " },
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
    f.instance.vars = read_map(&f, "{list: [a]}");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(generate(&f, cases[i].section), cases[i].code);
        assert_int_equal(f.run.diags.list.count, 1);
        const struct diag *diag = &f.run.diags.list.items[0];
        assert_string_equal(diag->id, cases[i].id);
        assert_true(str_starts_with(diag->message, str_from(cases[i].message)));
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
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_templates_over_something_sensitive),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_links_do_not_lead_out),
    };
    return RUN_TESTS(tests);
}
