/* SPDX-License-Identifier: Apache-2.0 */
/* Who needs an instance: both forms of dependencies, and the rows of list dependencies. */
#include "stack_fixture.h"

static struct stacks *prepare(struct repository *repository, const char *dev, const char *prod)
{
    repository_write(
            repository, "atmos.yaml", CONFIG("  name_pattern: \"{tenant}-{stage}\"\n"));
    repository_write(repository, "stacks/deploy/dev.yaml", dev);
    repository_write(repository, "stacks/deploy/prod.yaml", prod);
    return fixture_resolve(repository);
}

/* The slugs of those who need a component, with commas. */
static struct str who(struct repository *repository, const struct stacks *stacks,
        const char *component, const char *stack)
{
    struct run *run = &repository->run;
    const struct instance *provider = NULL;
    assert_int_equal(stacks_select(run, stacks, str_from(component), str_from(stack), STR_EMPTY,
                             &provider),
            0);
    size_t count;
    const struct instance *const *list = instance_dependents(run, stacks, provider, &count);
    struct str names[20];
    for (size_t i = 0; i < count; i++) {
        names[i] = instance_slug(run->arena, list[i]);
    }
    return arena_join(run->arena, names, count, STR(","));
}

static void test_new_form(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = prepare(repository,
            "vars: {tenant: a, stage: dev}\n"
            "components:\n"
            "  terraform:\n"
            "    vpc: {vars: {}}\n"
            "    a/b: {dependencies: {components: [{component: vpc}]}}\n"
            "    named: {dependencies: {components: [{name: vpc, kind: terraform}]}}\n"
            "    other: {dependencies: {components: [{component: vpc, kind: helmfile}]}}\n"
            "    off: {metadata: {enabled: false}, dependencies: {components: [{component: "
            "vpc}]}}\n"
            "    base: {metadata: {type: abstract}, dependencies: {components: [{component: "
            "vpc}]}}\n"
            "    files: {dependencies: {components: [{kind: file, path: x}], files: [y], "
            "folders: "
            "[z]}, settings: {depends_on: [{component: vpc}]}}\n"
            "    none: {dependencies: {components: []}, settings: {depends_on: [{component: "
            "vpc}]}}\n"
            "    both: {dependencies: {components: [{component: a/b}]}, settings: {depends_on: "
            "{1: "
            "{component: vpc}}}}\n",
            "vars: {tenant: a, stage: prod}\n"
            "components: {terraform: {far: {dependencies: {components: [{component: vpc, "
            "stack: "
            "a-dev}]}}}}\n");
    assert_str(who(repository, stacks, "vpc", "a-dev"),
            "a-dev-a-b,a-dev-files,a-dev-named,a-dev-none,a-prod-far");
    assert_str(who(repository, stacks, "a/b", "a-dev"), "a-dev-both");
    assert_str(who(repository, stacks, "far", "a-prod"), "");
}

static void test_legacy_context(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = prepare(repository,
            "vars: {tenant: a, stage: dev}\n"
            "components:\n"
            "  terraform:\n"
            "    vpc: {settings: {depends_on: {1: {component: vpc}}}}\n"
            "    same: {settings: {depends_on: {1: {component: vpc}}}}\n"
            "    list: {settings: {depends_on: [{component: vpc}, {component: same}]}}\n",
            "vars: {tenant: a, stage: prod}\n"
            "components:\n"
            "  terraform:\n"
            "    given: {settings: {depends_on: {1: {component: vpc, stage: dev}}}}\n"
            "    stack: {settings: {depends_on: {1: {component: vpc, stack: a-dev}}}}\n"
            "    wrong: {settings: {depends_on: {1: {component: vpc, stage: dev, tenant: "
            "b}}}}\n");
    assert_str(who(repository, stacks, "vpc", "a-dev"), "a-dev-list,a-dev-same,a-prod-given");
    assert_str(who(repository, stacks, "same", "a-dev"), "a-dev-list");
}

static void test_rows(void **state)
{
    struct repository *repository = *state;
    struct run *run = &repository->run;
    struct stacks *stacks = prepare(repository,
            "vars: {tenant: a, stage: dev}\n"
            "components: {terraform: {x: {settings: {depends_on: {1: {component: v, stage: "
            "prod}, 2: "
            "{file: f}}}}}}\n",
            "vars: {tenant: a, stage: prod}\n"
            "components: {terraform: {v: {}}}\n");
    size_t count;
    const struct value *const *rows = dependency_rows(run, stacks->instances[0], &count);
    assert_int_equal(count, 2);
    assert_str(value_text(value_get_str(rows[0], STR("needs"))), "v");
    assert_str(value_text(value_get_str(rows[0], STR("needs_stack"))), "stage=prod");
    assert_str(value_text(value_get_str(rows[1], STR("file"))), "f");
    assert_str(value_text(value_get_str(rows[1], STR("needs_stack"))), "");
    assert_null(instance_section(stacks->instances[0], "nothing"));
}

/* Where nothing says which stack is meant it is the own one, be the context of others the same or
 * empty. */
static void test_without_context(void **state)
{
    struct repository *repository = *state;
    static const char manifest[] = "components:\n"
                                   "  terraform:\n"
                                   "    vpc: {}\n"
                                   "    app: {settings: {depends_on: {1: {component: vpc}}}}\n";
    repository_write(repository, "stacks/deploy/east.yaml", manifest);
    repository_write(repository, "stacks/deploy/west.yaml", manifest);
    struct stacks *stacks = fixture_resolve(repository);
    assert_str(who(repository, stacks, "vpc", "deploy/east"), "deploy-east-app");
    assert_str(who(repository, stacks, "vpc", "deploy/west"), "deploy-west-app");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_new_form),
        TEST(test_legacy_context),
        TEST(test_rows),
        TEST(test_without_context),
    };
    return RUN_TESTS(tests);
}
