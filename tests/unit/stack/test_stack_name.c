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

static void test_templates(void **state)
{
    static const struct {
        const char *template;
        const char *name;
    } rows[] = {
        { "{{ .vars.tenant }}{{ if .vars.region }}-{{ .vars.region }}{{ end }}-{{ "
          ".settings.context.stage | lower }}",
                "core-eu-west-1-prod" },
        { "{{ if eq .vars.stage `local` }}local{{ else }}{{ .vars.stage }}{{ end }}", "dev" },
        { "{{ if .vars.none_here }}x{{ end }}", NULL },
        { "{{- .vars.tenant -}} - {{- .vars.stage }}", "core-dev" },
        { "{{ printf `%s-%03d` .vars.tenant .vars.number }}", "core-007" },
        { "{{ .vars.region | replace `-` `` | upper }}", "EUWEST1" },
        { "{{ range $i, $x := .vars.list }}{{ if $i }}-{{ end }}{{ $x }}{{ end }}", "a-b" },
        { "{{ with .settings.context }}{{ .stage | trunc 2 }}{{ end }}", "PR" },
        { "{{ index .vars `odd-key` }}-{{ .component }}", "odd-x" },
        { "{{ hasKey .vars `none` | ternary `a` `b` }}", "b" },
        { "{{ get .vars `none` | default .vars.stage }}", "dev" },
        { "{{ $t := .vars.tenant }}{{ $t }}", "core" },
        { "{{ len . | lt 3 }}", "true" },
        { "{{ .vars.float }}", "1.5" },
        { "{{ define `n` }}{{ .stage }}{{ end }}{{ template `n` .vars }}", "dev" },
        { "{{ .providers.context.values.region }}", "us" },
        { "{{ if false }}x{{ end }}", "deploy/dev" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct repository repository;
        repository_open(&repository);
        struct arena *arena = repository.run.arena;
        repository_write(&repository, "atmos.yaml",
                arena_printf(arena, CONFIG("  name_template: '%s'\n"), rows[i].template).ptr);
        repository_write(&repository, "stacks/deploy/dev.yaml",
                "vars: {tenant: core, stage: dev, region: eu-west-1, number: 7, float: 1.50, "
                "list: [a, b], odd-key: odd}\n"
                "settings: {context: {stage: PROD}}\n"
                "terraform: {providers: {context: {values: {region: us}}}}\n" X);
        struct stacks *stacks = NULL;
        int err = fixture_load(&repository, &stacks);
        if (err || (rows[i].name && !str_eq_cstr(stacks->items[0].name, rows[i].name))) {
            print_error("%s: %d %.*s\n", rows[i].template, err,
                    STR_ARG(stacks ? stacks->items[0].name : STR_EMPTY));
        }
        assert_int_equal(err, 0);
        assert_int_equal(repository.run.diags.list.count, rows[i].name ? 0 : 1);
        assert_str(stacks->items[0].name, rows[i].name ? rows[i].name : "deploy/dev");
        repository_close(&repository);
    }
}

/* Mistakes in the template, at their place in the configuration. */
static void test_templates_that_cannot_be_read(void **state)
{
    static const struct {
        const char *template;
        const char *finding;
        const char *hint;
    } rows[] = {
        { "\"{{ .vars.a\"",
                "atmos.yaml:6:29: error: stack/bad-template: \"stacks.name_template\": the "
                "action is not closed\n",
                "" },
        { "'{{ .vars..a }}'",
                "atmos.yaml:6:27: error: stack/bad-template: \"stacks.name_template\": \".\" "
                "cannot stand in a word: a blank is missing, perhaps\n",
                "" },
        { "x{{ end }}",
                "atmos.yaml:6:22: error: stack/bad-template: \"stacks.name_template\": \"end\" "
                "without a block\n",
                "" },
        { "\"{{ .vars.a | uper }}\"",
                "atmos.yaml:6:32: error: stack/bad-template: \"stacks.name_template\": there "
                "is no function \"uper\"\n",
                "did you mean \"upper\"?" },
        { "'{{ env \"HOME\" }}'",
                "atmos.yaml:6:22: error: stack/unsupported: \"stacks.name_template\": the "
                "function \"env\" is not supported yet\n",
                "" },
        { "|\n    {{ if true }}\n    {{ .vars.a }",
                "atmos.yaml:8:16: error: stack/bad-template: \"stacks.name_template\": this "
                "character means nothing in an action\n",
                "" },
        { "\"\\x20{{ end }}\"",
                "atmos.yaml:6:18: error: stack/bad-template: \"stacks.name_template\": \"end\" "
                "without a block\n",
                "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct repository repository;
        repository_open(&repository);
        repository_write(&repository, "atmos.yaml",
                arena_printf(
                        repository.run.arena, CONFIG("  name_template: %s\n"), rows[i].template)
                        .ptr);
        repository_write(&repository, "stacks/deploy/dev.yaml", "vars: {a: b}\n" X);
        struct stacks *stacks = NULL;
        assert_int_not_equal(fixture_load(&repository, &stacks), 0);
        assert_findings(&repository, rows[i].finding);
        assert_str(repository.run.diags.list.items[0].hint, rows[i].hint);
        repository_close(&repository);
    }
}

/* What an instance lacks is said at the instance, with the place in the rule beside it. */
static void test_templates_that_lack_something(void **state)
{
    static const struct {
        const char *template;
        const char *why;
        const char *hint;
        uint32_t column;
    } rows[] = {
        { "{{ .vars.stage }}", "stacks.name_template needs \"vars.stage\", which has no text",
                "there is a variable \"stag\": should it be \"stage\"?", 27 },
        { "x{{ if .vars.stage }}{{ end }}",
                "stacks.name_template needs \"vars.stage\", which has no text",
                "there is a variable \"stag\": should it be \"stage\"?", 31 },
        { "{{ .settings.context.stag }}",
                "stacks.name_template needs \"settings.context.stag\", which has no text",
                "did you mean \"stage\"?", 39 },
        { "{{ .setings.context }}",
                "stacks.name_template needs \"setings.context\", which has no text",
                "did you mean \"settings\"?", 22 },
        { "{{ .workspace }}", "stacks.name_template needs \"workspace\", which has no text", "",
                22 },
        { "{{ .locals.a }}", "stacks.name_template needs \"locals.a\", which has no text", "",
                22 },
        { "{{ .vars.list }}", "stacks.name_template needs \"vars.list\", which has no text", "",
                22 },
        { "{{ .vars.number | upper }}",
                "stacks.name_template: the function \"upper\" wants a text as argument 1, not "
                "an "
                "integer",
                "", 37 },
        { "{{ fail `no name` }}", "stacks.name_template: the function \"fail\": no name", "",
                22 },
        { "{{ range 100000000 }}{{ end }}",
                "stacks.name_template: the template takes more than 100000 steps", "", 19 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct repository repository;
        repository_open(&repository);
        struct arena *arena = repository.run.arena;
        repository_write(&repository, "atmos.yaml",
                arena_printf(arena, CONFIG("  name_template: '%s'\n"), rows[i].template).ptr);
        repository_write(&repository, "stacks/deploy/dev.yaml",
                "vars: {stag: dev, number: 7, list: [a]}\nsettings: {context: {stage: a}}\n" X);
        struct stacks *stacks = NULL;
        assert_int_equal(config_load(&repository.run, NULL, true), 0);
        assert_int_equal(stacks_load_checked(&repository.run, &stacks), ERR_INVALID);
        assert_findings(&repository,
                arena_printf(arena,
                        "stacks/deploy/dev.yaml:3:26: error: stack/name-incomplete: the stack "
                        "of \"x\" in \"deploy/dev\" cannot be named: %s\n",
                        rows[i].why)
                        .ptr);
        const struct diag *diag = &repository.run.diags.list.items[0];
        assert_str(diag->hint, rows[i].hint);
        assert_int_equal(diag->related_count, 1);
        assert_int_equal(diag->related[0].mark.line, 6);
        assert_int_equal(diag->related[0].mark.column, rows[i].column);
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

/* Where metadata is not inherited, describe stacks does not prefer a fixed workspace either. */
static void test_workspaces_without_inheritance(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            CONFIG("  name_pattern: \"{stage}\"\n  inherit: {metadata: false}\n"));
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {stage: dev}\n"
            "components:\n"
            "  terraform:\n"
            "    a: {metadata: {terraform_workspace: f, terraform_workspace_pattern: "
            "\"p-{stage}\"}}\n"
            "    b: {metadata: {terraform_workspace: f, terraform_workspace_template: t}}\n"
            "    c: {metadata: {terraform_workspace: f}}\n");
    assert_str(fixture_instance(repository, "a", "dev")->listed_workspace, "p-dev");
    assert_str(fixture_instance(repository, "b", "dev")->listed_workspace, "t");
    assert_str(fixture_instance(repository, "c", "dev")->listed_workspace, "f");
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
            "    e: {metadata: {terraform_workspace_template: \"{{ .vars.a | uper }}\"}}\n"
            "    f:\n"
            "      metadata:\n"
            "        terraform_workspace_template: |-\n"
            "          {{ if hasPrefix `x` .vars.a }}\n"
            "          {{- .vars.a | replace `/` `.` | upper }}-{{ .stack | base64 }}\n"
            "          {{ end }}\n"
            "    g: {metadata: {terraform_workspace_template: \"{{ upper 1 }}\"}}\n"
            "    h:\n"
            "      metadata:\n"
            "        terraform_workspace_template: |-\n"
            "          {{ if hasPrefix `x` .vars.a -}}\n"
            "          {{ .vars.a | upper }}-{{ .stack }}\n"
            "          {{- end }}\n");
    assert_int_equal(fixture_load(repository, &stacks), ERR_INVALID);
    assert_findings(repository,
            "stacks/deploy/prod.yaml:8:59: error: stack/bad-workspace: the workspace of "
            "component \"d\" needs \"vars.none\", which has no text\n"
            "stacks/deploy/prod.yaml:9:64: error: stack/bad-template: "
            "\"metadata.terraform_workspace_template\": there is no function \"uper\"\n"
            "stacks/deploy/prod.yaml:14:64: error: stack/unsupported: "
            "\"metadata.terraform_workspace_template\": the function \"base64\" is not "
            "supported yet\n"
            "stacks/deploy/prod.yaml:16:60: error: stack/bad-workspace: the workspace of "
            "component \"g\" cannot be named: the function \"upper\" wants a text as argument "
            "1, not an integer\n");
    assert_int_equal(stacks->instance_count, 2);
    assert_str(stacks->instances[0]->workspace, "x-y-c-deploy-prod");
    assert_str(stacks->instances[0]->listed_workspace, "fixed");
    assert_str(stacks->instances[1]->workspace, "X-Y-deploy-prod");
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
        TEST(test_templates),
        TEST(test_templates_that_cannot_be_read),
        TEST(test_templates_that_lack_something),
        TEST(test_name_field_beats_the_rest),
        TEST(test_two_manifests_of_one_stack),
        TEST(test_duplicate_component),
        TEST(test_workspaces),
        TEST(test_workspace_pattern_under_template),
        TEST(test_workspaces_without_inheritance),
        TEST(test_workspace_template),
        TEST(test_workspaces_switched_off),
    };
    return RUN_TESTS(tests);
}
