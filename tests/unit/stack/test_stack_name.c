/* SPDX-License-Identifier: Apache-2.0 */
/* Names of stacks and workspaces, and stacks made of several manifests. */
#include "stack_fixture.h"

#define X "components: {terraform: {x: {vars: {}}}}\n"

static struct str only_name(struct repository *repository)
{
    struct stacks *stacks = fixture_resolve(repository);
    assert_int_equal(stacks->count, 1);
    return stacks->items[0].name;
}

static void test_manifest_key(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/eu/dev.yaml", X);
    assert_str(only_name(repository), "deploy/eu/dev");
}

static void test_pattern(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("  name_pattern: \"{tenant}-{stage}\"\n"));
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {tenant: core, stage: dev}\n"
            "components: {terraform: {x: {vars: {}}, y: {vars: {stage: other}}}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    assert_int_equal(stacks->count, 2);
    assert_str(stacks->items[0].name, "core-dev");
    assert_str(stacks->items[1].name, "core-other");
    assert_str(stacks->instances[1]->name, "y");
}

static void test_pattern_pieces_that_do_nothing(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("  name_pattern: \"aws-{tenant}-{region}\"\n"));
    repository_write(
            repository, "stacks/deploy/dev.yaml", "vars: {tenant: core, region: r}\n" X);
    struct stacks *stacks = fixture_load_with(repository, 0,
            "atmos.yaml:6:17: warning: stack/name-dropped: the part \"aws\" of "
            "stacks.name_pattern has no effect\n"
            "atmos.yaml:6:17: warning: stack/name-dropped: the part \"{region}\" of "
            "stacks.name_pattern has no effect\n");
    assert_str(stacks->items[0].name, "core");
}

static void test_pattern_without_value(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("  name_pattern: \"{tenant}-{stage}\"\n"));
    repository_write(
            repository, "stacks/deploy/dev.yaml", "vars: {tenant: core, stage: 7}\n" X);
    struct stacks *stacks = fixture_load_with(repository, 0,
            "stacks/deploy/dev.yaml:2:26: warning: stack/name-incomplete: the stack of \"x\" "
            "in "
            "\"deploy/dev\" cannot be named: stacks.name_pattern needs \"stage\", which has no "
            "text\n");
    /* Listed by its file; commands about the repository refuse it. */
    assert_str(stacks->items[0].name, "deploy/dev");
    assert_true(stacks->instances[0]->is_unnamed);
    assert_int_equal(stacks_load_checked(&repository->run, &stacks), ERR_INVALID);
}

static void test_template_of_fields(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            CONFIG("  name_template: \"{{ .vars.tenant }}/{{.settings.n}}-{{ .vars.on }}\"\n"));
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {tenant: core, on: true}\nsettings: {n: 0x10}\n" X);
    assert_str(only_name(repository), "core/16-true");
}

static void test_template_without_value(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("  name_template: \"{{ .vars.tenant }}\"\n"));
    repository_write(repository, "stacks/deploy/dev.yaml", "vars: {tenant: {a: 1}}\n" X);
    struct stacks *stacks = NULL;
    assert_int_equal(fixture_load(repository, &stacks), 0);
    assert_int_equal(repository->run.diags.warning_count, 1);
    assert_int_equal(stacks_load_checked(&repository->run, &stacks), ERR_INVALID);
}

/* What follows from the name of the stack, or of its file, is not there when the name is made. */
static void test_template_of_what_follows(void **state)
{
    static const char *const fields[] = { "atmos_component", "atmos_stack", "stack",
        "atmos_stack_file", "atmos_manifest" };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct repository repository;
        repository_open(&repository);
        repository_write(&repository, "atmos.yaml",
                arena_printf(repository.run.arena, CONFIG("  name_template: \"{{ .%s }}\"\n"),
                        fields[i])
                        .ptr);
        repository_write(&repository, "stacks/deploy/dev.yaml", X);
        struct stacks *stacks = NULL;
        assert_int_equal(config_load(&repository.run, NULL, true), 0);
        assert_int_equal(stacks_load_checked(&repository.run, &stacks), ERR_INVALID);
        assert_string_equal(repository.run.diags.list.items[0].id, "stack/name-incomplete");
        repository_close(&repository);
    }
    (void)state;
}

static void test_template_with_more_than_fields(void **state)
{
    static const char *const templates[] = { "{{ if .vars.a }}b{{ end }}",
        "{{ .vars.a | upper }}", "{{ .workspace }}", "{{ .vars.a", "{{ .vars..a }}", "{{ . }}",
        "{{- .vars.a }}" };
    (void)state;
    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
        struct repository repository;
        repository_open(&repository);
        struct str config = arena_printf(
                repository.run.arena, CONFIG("  name_template: \"%s\"\n"), templates[i]);
        repository_write(&repository, "atmos.yaml", config.ptr);
        repository_write(&repository, "stacks/deploy/dev.yaml", "vars: {a: b}\n" X);
        struct stacks *stacks = NULL;
        assert_int_equal(fixture_load(&repository, &stacks), ERR_UNSUPPORTED);
        assert_int_equal(repository.run.diags.list.count, 1);
        assert_string_equal(repository.run.diags.list.items[0].id, "stack/unsupported");
        assert_int_equal(repository.run.diags.list.items[0].mark.line, 6);
        repository_close(&repository);
    }
}

static void test_name_field_beats_the_rest(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", CONFIG("  name_pattern: \"{stage}\"\n"));
    repository_write(repository, "stacks/catalog/named.yaml", "name: from import\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/named]\nvars: {stage: dev}\n" X);
    assert_str(only_name(repository), "from import");
}

static void test_two_manifests_of_one_stack(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", CONFIG("  name_pattern: \"{stage}\"\n"));
    repository_write(repository, "stacks/deploy/a.yaml",
            "vars: {stage: dev}\ncomponents: {terraform: {x: {vars: {n: 0x10}}, a: {}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "vars: {stage: dev}\ncomponents: {terraform: {x: {vars: {n: 16}}, b: {}}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    assert_int_equal(stacks->count, 1);
    assert_int_equal(stacks->instance_count, 3);
    assert_str(stacks->instances[2]->name, "x");
    assert_str(stacks->instances[2]->manifest, "deploy/a");
}

static void test_duplicate_component(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", CONFIG("  name_pattern: \"{stage}\"\n"));
    repository_write(repository, "stacks/deploy/a.yaml",
            "vars: {stage: dev}\ncomponents: {terraform: {x: {vars: {n: 1}}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "vars: {stage: dev}\ncomponents: {terraform: {x: {vars: {n: 2}}}}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/b.yaml:2:26: error: stack/duplicate-component: the component \"x\" "
            "of "
            "stack \"dev\" is defined differently in \"deploy/a\" and \"deploy/b\"\n");
    const struct diag *diag = &repository->run.diags.list.items[0];
    assert_int_equal(diag->related_count, 1);
    assert_str(sources_path(repository->run.sources, diag->related[0].mark.file),
            "stacks/deploy/a.yaml");
}

static void test_workspaces(void **state)
{
    static const struct {
        const char *name;
        const char *full;
        const char *listed;
    } cases[] = {
        { "plain", "plat-prod", "plat-prod" },
        { "other/name", "plat-prod-other-name", "plat-prod" },
        { "fixed", "fixed-one", "fixed-one" },
        { "pattern", "acme-plat-eu-prod-a-b-pattern-plain-{x}", "acme-plat-eu-prod-a-b---{x}" },
        { "two", "p-prod", "a" },
        { "remote", "default", "default" },
    };
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("  name_pattern: \"{tenant}-{stage}\"\n"));
    repository_write(repository, "stacks/deploy/prod.yaml",
            "vars: {tenant: plat, stage: prod, region: eu, namespace: acme, attributes: [a, "
            "b]}\n"
            "components:\n"
            "  terraform:\n"
            "    plain: {}\n"
            "    other/name: {metadata: {component: plain}}\n"
            "    fixed: {metadata: {component: plain, terraform_workspace: fixed/one}}\n"
            "    pattern:\n"
            "      metadata:\n"
            "        component: plain\n"
            "        terraform_workspace_pattern: "
            "\"{namespace}-{tenant}-{region}-{stage}-{attributes}"
            "-{component}-{base-component}-{x}\"\n"
            "    two:\n"
            "      metadata:\n"
            "        component: plain\n"
            "        terraform_workspace: a\n"
            "        terraform_workspace_pattern: \"p-{stage}\"\n"
            "    remote: {backend_type: http, backend: {http: {address: x}}}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct instance *x = fixture_instance(repository, cases[i].name, "plat-prod");
        assert_str(x->workspace, cases[i].full);
        assert_str(x->listed_workspace, cases[i].listed);
    }
}

/* A name template leaves the words of a workspace pattern empty, unless there is a name pattern, too. */
static void test_workspace_pattern_under_template(void **state)
{
    static const struct {
        const char *pattern;
        const char *full;
    } cases[] = {
        { "", "-x" },
        { "  name_pattern: \"{stage}\"\n", "prod-x" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct repository repository;
        repository_open(&repository);
        repository_write(&repository, "atmos.yaml",
                arena_printf(repository.run.arena,
                        CONFIG("  name_template: \"{{ .vars.tenant }}\"\n%s"), cases[i].pattern)
                        .ptr);
        repository_write(&repository, "stacks/deploy/dev.yaml",
                "vars: {tenant: core, stage: prod}\n"
                "components: {terraform: {x: {metadata: {terraform_workspace_pattern: "
                "\"{stage}-{component}\"}}}}\n");
        const struct instance *x = fixture_instance(&repository, "x", "core");
        assert_str(x->workspace, cases[i].full);
        assert_str(x->listed_workspace, "-");
        repository_close(&repository);
    }
    (void)state;
}

static void test_workspace_template(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = NULL;
    repository_write(repository, "stacks/deploy/prod.yaml",
            "vars: {a: x/y}\n"
            "components:\n"
            "  terraform:\n"
            "    c:\n"
            "      metadata:\n"
            "        terraform_workspace: fixed\n"
            "        terraform_workspace_template: \"{{ .vars.a }}-{{ .atmos_component }}-{{ "
            ".atmos_stack }}\"\n"
            "    d: {metadata: {terraform_workspace_template: \"{{ .vars.none }}\"}}\n"
            "    e: {metadata: {terraform_workspace_template: \"{{ .vars.a | upper }}\"}}\n");
    assert_int_equal(fixture_load(repository, &stacks), ERR_INVALID);
    assert_findings(repository,
            "stacks/deploy/prod.yaml:8:50: error: stack/bad-workspace: the workspace of "
            "component "
            "\"d\" needs \"vars.none\", which has no text\n"
            "stacks/deploy/prod.yaml:9:50: error: stack/unsupported: "
            "\"metadata.terraform_workspace_template\" may only hold fields such as {{ "
            ".vars.stage }} so far; not supported yet: {{ .vars.a | upper }}\n");
    assert_int_equal(stacks->instance_count, 1);
    assert_str(stacks->instances[0]->workspace, "x-y-c-deploy-prod");
    assert_str(stacks->instances[0]->listed_workspace, "x-y-c-deploy-prod");
}

static void test_workspaces_switched_off(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "stacks: {base_path: stacks, included_paths: [\"deploy/*\"]}\n"
            "components: {terraform: {base_path: c, workspaces_enabled: false}}\n");
    repository_write(repository, "stacks/deploy/prod.yaml", X);
    assert_str(fixture_instance(repository, "x", "deploy/prod")->workspace, "default");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_manifest_key),
        TEST(test_pattern),
        TEST(test_pattern_pieces_that_do_nothing),
        TEST(test_pattern_without_value),
        TEST(test_template_of_fields),
        TEST(test_template_without_value),
        TEST(test_template_of_what_follows),
        TEST(test_template_with_more_than_fields),
        TEST(test_name_field_beats_the_rest),
        TEST(test_two_manifests_of_one_stack),
        TEST(test_duplicate_component),
        TEST(test_workspaces),
        TEST(test_workspace_pattern_under_template),
        TEST(test_workspace_template),
        TEST(test_workspaces_switched_off),
    };
    return RUN_TESTS(tests);
}
