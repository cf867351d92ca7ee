/* SPDX-License-Identifier: Apache-2.0 */
/* Which instance a user means, what is printed of it, and what is said when there is none. */
#include "stack_fixture.h"

static struct stacks *prepare(struct repository *repository)
{
    repository_write(repository, "atmos.yaml", CONFIG("  name_pattern: \"{stage}\"\n"));
    repository_write(repository, "stacks/catalog/vpc.yaml",
            "components: {terraform: {vpc: {vars: {cidr: c, layer: catalog}, env: {GONE: "
            "~}}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/vpc]\n"
            "vars: {stage: dev, layer: root}\n"
            "terraform: {backend_type: s3, backend: {s3: {bucket: b}}}\n"
            "components: {terraform: {vpc: {vars: {cidr: d}}}, script: {job: {vars: {}}}}\n");
    repository_write(repository, "stacks/deploy/prod.yaml",
            "vars: {stage: prod}\n"
            "components:\n"
            "  terraform: {db: {metadata: {component: rds}}}\n"
            "  helmfile: {app: {vars: {}}}\n");
    return fixture_resolve(repository);
}

static int choose(struct repository *repository, const char *component, const char *stack,
        const struct instance **ret_instance)
{
    return stacks_select(&repository->run, prepare(repository), str_from(component),
            str_from(stack), STR_EMPTY, ret_instance);
}

static void test_found(void **state)
{
    struct repository *repository = *state;
    const struct instance *instance = NULL;
    assert_int_equal(choose(repository, "vpc", "dev", &instance), 0);
    assert_str(instance->stack, "dev");
    assert_str(instance->manifest, "deploy/dev");
    /* A path with a slash stands for the stack and is printed as its name. */
    assert_int_equal(choose(repository, "vpc", "deploy/dev", &instance), 0);
    assert_str(instance->stack, "deploy/dev");
    assert_str(instance->workspace, "dev");
    assert_int_equal(choose(repository, "app", "deploy/prod", &instance), 0);
    assert_str(instance->type, "helmfile");
}

static void test_unknown_stack(void **state)
{
    struct repository *repository = *state;
    const struct instance *instance = NULL;
    assert_int_equal(choose(repository, "vpc", "dve", &instance), ERR_NOT_FOUND);
    assert_null(instance);
    assert_findings(repository, ":0:0: error: stack/unknown-stack: there is no stack \"dve\" "
                                "(looking for component "
                                "\"vpc\")\n");
    assert_str(repository->run.diags.list.items[0].hint, "did you mean \"dev\"?");
    assert_int_equal(diags_exit_code(&repository->run.diags), EXIT_USAGE);
}

static void test_unknown_component(void **state)
{
    struct repository *repository = *state;
    const struct instance *instance = NULL;
    assert_int_equal(choose(repository, "vcp", "dev", &instance), ERR_NOT_FOUND);
    assert_findings(repository,
            ":0:0: error: stack/unknown-component: there is no component \"vcp\" in the stack "
            "\"dev\"\n");
    assert_str(repository->run.diags.list.items[0].hint, "did you mean \"vpc\"?");
}

static void test_component_of_other_stacks(void **state)
{
    struct repository *repository = *state;
    const struct instance *instance = NULL;
    assert_int_equal(choose(repository, "db", "deploy/dev", &instance), ERR_NOT_FOUND);
    assert_str(repository->run.diags.list.items[0].detail, "it exists in \"prod\"");
}

/* Commands of one tool mean its components only. */
static void test_component_of_a_type(void **state)
{
    struct repository *repository = *state;
    struct run *run = &repository->run;
    const struct instance *instance = NULL;
    struct stacks *stacks = prepare(repository);
    static const char *const names[] = { "prod", "deploy/prod" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct str stack = str_from(names[i]);
        assert_int_equal(
                stacks_select(run, stacks, STR("app"), stack, STR("helmfile"), &instance), 0);
        assert_str(instance->type, "helmfile");
        assert_int_equal(
                stacks_select(run, stacks, STR("app"), stack, STR("terraform"), &instance),
                ERR_NOT_FOUND);
        assert_str(run->diags.list.items[i].detail, "\"app\" is of type helmfile");
    }
    assert_findings(repository,
            "stacks/deploy/prod.yaml:4:14: error: stack/unknown-component: there is no "
            "terraform component \"app\" in the stack \"prod\"\n"
            "stacks/deploy/prod.yaml:4:14: error: stack/unknown-component: there is no "
            "terraform component \"app\" in the stack \"deploy/prod\"\n");
}

static void test_file_name_instead_of_name(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "stacks: {base_path: stacks, included_paths: [\"*\"], name_pattern: "
            "\"{stage}\"}\n");
    repository_write(repository, "stacks/one.yaml",
            "vars: {stage: dev}\ncomponents: {terraform: {vpc: {}}}\n");
    const struct instance *instance = NULL;
    struct stacks *stacks = fixture_resolve(repository);
    assert_int_equal(stacks_select(&repository->run, stacks, STR("vpc"), STR("one"), STR_EMPTY,
                             &instance),
            ERR_NOT_FOUND);
    assert_findings(repository,
            ":0:0: error: stack/not-its-name: \"one\" is a manifest, not a stack: component "
            "\"vpc\" was not looked for\n");
    assert_str(repository->run.diags.list.items[0].hint, "did you mean the stack \"dev\"?");
}

static void test_describe_component(void **state)
{
    struct repository *repository = *state;
    const struct instance *vpc = NULL;
    assert_int_equal(choose(repository, "vpc", "dev", &vpc), 0);
    assert_flow(described(&repository->run, vpc, false),
            "{component: vpc, imports: [catalog/vpc], backend: {bucket: b, "
            "workspace_key_prefix: vpc}, env: {GONE: null}, hooks: {}, metadata: {}, "
            "overrides: {}, providers: {}, settings: {}, vars: {stage: dev, layer: catalog, "
            "cidr: d}}");
    const struct value *full = described(&repository->run, vpc, true);
    assert_flow(value_get_path(full, "deps"), "[catalog/vpc, deploy/dev]");
    assert_flow(value_get_path(full, "deps_all"), "[catalog/vpc, deploy/dev]");
    assert_flow(value_get_path(full, "workspace"), "dev");
    assert_flow(value_get_path(full, "sources.vars.layer.stack_dependencies"),
            "[{dependency_type: import, stack_file: catalog/vpc, stack_file_section: "
            "components.terraform.vars, variable_value: catalog}, {dependency_type: inline, "
            "stack_file: deploy/dev, stack_file_section: vars, variable_value: root}]");
    assert_flow(value_get_path(full, "sources.backend.bucket.stack_dependencies"),
            "[{dependency_type: inline, stack_file: deploy/dev, stack_file_section: "
            "terraform.backend.s3, variable_value: b}]");
    assert_flow(value_get_path(full, "sources.backend.workspace_key_prefix"),
            "{final_value: vpc, name: workspace_key_prefix, stack_dependencies: []}");
    assert_flow(value_get_path(full, "sources.env"), "{}");
    struct str path = value_text(value_get_path(full, "component_info.component_path"));
    assert_str(path, vpc->path.ptr);
}

static void test_delivery_names(void **state)
{
    static const struct {
        const char *component;
        const char *spacelift;
        const char *atlantis;
    } cases[] = {
        { "net/vpc", "plat-dev-net-vpc", "absent" },
        { "main", "plat-ue1-main", "absent" },
        { "own", "by-hand", "absent" },
        { "off", "absent", "dev-off" },
        { "base", "absent", "absent" },
    };
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            CONFIG("  name_pattern: \"{tenant}-{stage}\"\n") "integrations: {atlantis: "
                                                             "{project_templates: {p: {name: "
                                                             "\"{stage}-{component}\"}}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {tenant: plat, stage: dev, environment: ue1}\n"
            "settings: {spacelift: {workspace_enabled: true}}\n"
            "components:\n"
            "  terraform:\n"
            "    net/vpc: {}\n"
            "    main:\n"
            "      settings: {spacelift: {stack_name_pattern: "
            "\"{tenant}-{environment}-{component}\"}}\n"
            "    own: {settings: {spacelift: {stack_name: by-hand}}}\n"
            "    off:\n"
            "      settings: {spacelift: {workspace_enabled: false}, "
            "atlantis: {project_template_name: p}}\n"
            "    base: {metadata: {type: abstract}}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct instance *x = fixture_instance(repository, cases[i].component, "plat-dev");
        const struct value *full = described(&repository->run, x, true);
        assert_flow(value_get_path(full, "spacelift_stack"), cases[i].spacelift);
        assert_flow(value_get_path(full, "atlantis_project"), cases[i].atlantis);
    }
}

static void test_empty_sections_left_out(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            CONFIG("") "describe: {settings: {include_empty: false}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components: {terraform: {x: {vars: {e: {}}}}}\n");
    const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
    const struct value *map = instance_describe_in_stacks(&repository->run, x);
    assert_flow(value_get_path(map, "env"), "absent");
    assert_flow(value_get_path(map, "vars"), "{e: {}}");
    assert_flow(value_get_path(map, "inheritance"), "[]");
    assert_flow(value_get_path(described(&repository->run, x, true), "env"), "{}");
}

static void test_describe_stacks(void **state)
{
    static const struct str vars = STR_INIT("vars");
    static const struct str rds = STR_INIT("rds");
    static const struct str helmfile = STR_INIT("helmfile");
    struct repository *repository = *state;
    struct run *run = &repository->run;
    struct stacks *stacks = prepare(repository);
    struct stacks_filter filter = { .sections = &vars, .section_count = 1 };
    /* Types that the command does not know are left out. */
    assert_flow(stacks_describe(run, stacks, &filter),
            "{dev: {components: {terraform: {vpc: {vars: {stage: dev, layer: catalog, cidr: "
            "d}}}}}, "
            "prod: {components: {helmfile: {app: {vars: {stage: prod}}}, terraform: {db: "
            "{vars: "
            "{stage: prod}}}}}}");
    filter.stack = STR("deploy/prod");
    filter.types = &helmfile;
    filter.type_count = 1;
    assert_flow(stacks_describe(run, stacks, &filter),
            "{prod: {components: {helmfile: {app: {vars: {stage: prod}}}}}}");
    filter = (struct stacks_filter){ .components = &rds,
        .component_count = 1,
        .sections = &vars,
        .section_count = 1,
        .include_empty_stacks = true };
    assert_flow(stacks_describe(run, stacks, &filter),
            "{prod: {components: {terraform: {db: {vars: {stage: prod}}}}}}");
    const struct value *all = stacks_describe(run, stacks, &(struct stacks_filter){ 0 });
    assert_flow(value_get_path(all, "prod.components.terraform.db.component_info"),
            "{component_path: components/terraform/rds, component_type: terraform}");
    assert_flow(value_get_path(all, "prod.components.terraform.db.workspace"), "prod");
    assert_flow(value_get_path(all, "prod.components.helmfile.app.workspace"), "absent");
}

/* One instance: what is wrong in its own manifests counts, other stacks are left alone; without a
 * match everything is resolved, so that hints name what there is. */
static void test_one_component(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = NULL;
    repository_write(repository, "stacks/deploy/a.yaml",
            "components: {terraform: {x: {vars: {v: 1}}, y: {}}, helmfile: {z: {}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "components: {terraform: {x: {}, broken: {vars: []}}}\n");
    assert_int_equal(config_load(&repository->run, NULL, true), 0);
    struct run *run = &repository->run;
    assert_int_equal(stacks_load_component(run, STR("x"), STR("deploy/a"), false, &stacks), 0);
    assert_findings(repository, "");
    assert_int_equal(stacks->instance_count, 3);
    assert_int_equal(stacks->manifest_count, 1);
    const struct instance *x = NULL;
    assert_int_equal(stacks_select(run, stacks, STR("x"), STR("deploy/a"), STR_EMPTY, &x), 0);
    assert_flow(x->vars, "{v: 1}");
    assert_int_equal(
            stacks_load_component(run, STR("x"), STR("deploy/b"), false, &stacks), ERR_INVALID);
    assert_int_equal(run->diags.error_count, 1);
    assert_int_equal(stacks_load_component(run, STR("none"), STR("deploy/a"), false, &stacks),
            ERR_INVALID);
    assert_int_equal(stacks->instance_count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_found),
        TEST(test_one_component),
        TEST(test_unknown_stack),
        TEST(test_unknown_component),
        TEST(test_component_of_other_stacks),
        TEST(test_component_of_a_type),
        TEST(test_file_name_instead_of_name),
        TEST(test_describe_component),
        TEST(test_delivery_names),
        TEST(test_empty_sections_left_out),
        TEST(test_describe_stacks),
    };
    return RUN_TESTS(tests);
}
