/* SPDX-License-Identifier: Apache-2.0 */
/* Bases: their order, what passes from them, and chains that do not work. */
#include "stack_fixture.h"

#define BASES                                                                                  \
    "components:\n"                                                                            \
    "  terraform:\n"

/* No linearisation and no removal of repetitions: the second way to `base` undoes what A set. */
static void test_diamond(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES "    base: { metadata: {type: abstract}, vars: {size: s, zone: z0} }\n"
                  "    A: { metadata: {type: abstract, inherits: [base]}, vars: {size: m} }\n"
                  "    B: { metadata: {type: abstract, inherits: [base]}, vars: {zone: z1} }\n"
                  "    app: { metadata: {inherits: [A, B]} }\n");
    const struct instance *app = fixture_instance(repository, "app", "deploy/dev");
    assert_flow(app->vars, "{size: s, zone: z1}");
    assert_flow(app->inheritance, "[B, base, A]");
    assert_flow(app->metadata, "{inherits: [A, B]}");
}

static void test_bases_are_merged_before_they_meet_the_rest(void **state)
{
    struct repository *repository = *state;
    /* Merging is not associative: a scalar between two maps cuts only within its own group. */
    repository_write(repository, "stacks/deploy/dev.yaml",
            "vars: {m: {root: 1}}\n" BASES "    one: { vars: {m: text} }\n"
            "    two: { vars: {m: {two: 1}} }\n"
            "    app: { metadata: {inherits: [one, two]}, vars: {m: {own: 1}} }\n");
    assert_flow(fixture_instance(repository, "app", "deploy/dev")->vars,
            "{m: {root: 1, two: 1, own: 1}}");
}

static void test_metadata_passes(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES
            "    base:\n"
            "      metadata: {type: abstract, component: lambda, locked: true, tags: [b]}\n"
            "    fn: { metadata: {inherits: [base], labels: {own: x}} }\n");
    const struct instance *fn = fixture_instance(repository, "fn", "deploy/dev");
    assert_flow(fn->metadata,
            "{component: lambda, locked: true, tags: [b], inherits: [base], labels: {own: x}}");
    assert_false(fn->is_abstract);
    assert_true(fn->is_locked);
    assert_str(fn->folder, "lambda");
}

static void test_metadata_stays_when_switched_off(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", CONFIG("  inherit: {metadata: false}\n"));
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES "    base: { metadata: {type: abstract, component: lambda, locked: true} }\n"
                  "    fn: { metadata: {inherits: [base]} }\n");
    const struct instance *fn = fixture_instance(repository, "fn", "deploy/dev");
    assert_flow(fn->metadata, "{inherits: [base]}");
    assert_str(fn->folder, "fn");
}

static void test_last_base_decides_command_and_backend_type(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform: {command: typed, backend_type: s3, backend: {s3: {b: 1}, gcs: "
            "{}}}\n" BASES
            "    one: { command: first, required_version: \"1\", backend_type: gcs }\n"
            "    two: { vars: {} }\n"
            "    app: { metadata: {inherits: [one, two]} }\n"
            "    back: { metadata: {inherits: [two, one]} }\n");
    const struct instance *app = fixture_instance(repository, "app", "deploy/dev");
    assert_flow(app->command, "typed");
    assert_flow(app->backend_type, "s3");
    assert_flow(app->others, "{required_version: 1}");
    const struct instance *back = fixture_instance(repository, "back", "deploy/dev");
    assert_flow(back->command, "first");
    assert_flow(back->backend_type, "gcs");
}

static void test_top_component(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "components/terraform/registry/main.tf", "");
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES
            "    cluster: { vars: {version: 1, name: main} }\n"
            "    blue: { component: cluster, vars: {name: blue} }\n"
            "    green: { component: blue, metadata: {inherits: [extra]}, vars: {name: g} }\n"
            "    extra: { metadata: {type: abstract}, vars: {version: 2} }\n"
            "    ecr: { component: registry }\n");
    const struct instance *green = fixture_instance(repository, "green", "deploy/dev");
    assert_flow(green->vars, "{version: 2, name: g}");
    assert_str(green->component, "cluster");
    assert_flow(green->inheritance, "[extra, blue, cluster]");
    /* A folder, but no component: points nowhere, as in the reference. */
    const struct instance *ecr = fixture_instance(repository, "ecr", "deploy/dev");
    assert_str(ecr->component, "ecr");
    assert_flow(ecr->inheritance, "[]");
}

/* What `component:` leads to first may be a base by `inherits` of the one it names. */
static void test_top_component_with_bases(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components:\n"
            "  terraform:\n"
            "    common: { metadata: {type: abstract} }\n"
            "    more: { metadata: {type: abstract} }\n"
            "    cluster: { metadata: {inherits: [common]} }\n"
            "    blue: { component: cluster, metadata: {inherits: [more]} }\n");
    const struct instance *blue = fixture_instance(repository, "blue", "deploy/dev");
    assert_str(blue->component, "common");
    assert_flow(blue->inheritance, "[more, cluster, common]");
}

/* stacks.inherit.source is for both sections that say where a component comes from. */
static void test_source_of_bases(void **state)
{
    static const char *const switches[] = { "true", "false" };
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components:\n"
            "  terraform:\n"
            "    base: { metadata: {type: abstract}, source: s, provision: {p: 1} }\n"
            "    app: { metadata: {inherits: [base]} }\n");
    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
        repository_write(repository, "atmos.yaml",
                arena_printf(
                        repository->run.arena, CONFIG("  inherit: {source: %s}\n"), switches[i])
                        .ptr);
        const struct instance *app = fixture_instance(repository, "app", "deploy/dev");
        const struct value *shown = described(&repository->run, app, true);
        assert_flow(value_get_str(shown, STR("source")), i ? "{}" : "{uri: s}");
        assert_flow(value_get_str(shown, STR("provision")), i ? "{}" : "{p: 1}");
    }
}

static void test_unknown_bases(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES "    vpc-base: { vars: {} }\n"
                  "    app: { metadata: {inherits: [vpc-bas]} }\n"
                  "    old: { component: absent }\n"
                  "    far: { metadata: {inherits: [app]} }\n"
                  "  helmfile:\n"
                  "    chart: { metadata: {inherits: [vpc-base]} }\n");
    assert_broken(repository, ERR_NOT_FOUND,
            "stacks/deploy/dev.yaml:4:34: error: stack/unknown-base: the component \"app\" "
            "inherits "
            "from \"vpc-bas\", which \"deploy/dev\" does not have\n"
            "stacks/deploy/dev.yaml:5:23: error: stack/unknown-base: the component \"old\" "
            "inherits "
            "from \"absent\", which \"deploy/dev\" does not have\n"
            "stacks/deploy/dev.yaml:8:36: error: stack/unknown-base: the component \"chart\" "
            "inherits from \"vpc-base\", which \"deploy/dev\" does not have\n");
    assert_str(repository->run.diags.list.items[0].hint, "did you mean \"vpc-base\"?");
}

static void test_circles(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES "    a: { metadata: {inherits: [b]} }\n"
                  "    b: { metadata: {inherits: [c]} }\n"
                  "    c: { metadata: {inherits: [a]} }\n"
                  "    heir: { metadata: {inherits: [b]} }\n"
                  "    fine: { vars: {} }\n");
    /* Once, wherever one enters it. */
    struct stacks *stacks = fixture_load_with(repository, ERR_INVALID,
            "stacks/deploy/dev.yaml:5:32: error: "
            "stack/circular-inheritance: circular inheritance "
            "in \"deploy/dev\": a -> b -> c -> a\n");
    assert_int_equal(stacks->instance_count, 1);
}

/* No circle: the reference passes over it, at both places and also on the way to another base. */
static void test_own_base(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES "    vpc: { metadata: {inherits: [net, vpc]}, vars: {x: own} }\n"
                  "    net: { component: net, vars: {x: net, y: net} }\n"
                  "    heir: { metadata: {inherits: [vpc]}, vars: {z: heir} }\n");
    struct stacks *stacks = fixture_load_with(repository, 0,
            "stacks/deploy/dev.yaml:3:39: warning: stack/own-base: the component \"vpc\" names "
            "itself as its base\n"
            "stacks/deploy/dev.yaml:4:23: warning: stack/own-base: the component \"net\" names "
            "itself as its base\n");
    const struct stack *stack = stacks_find(stacks, STR("deploy/dev"));
    const struct instance *vpc = stack_find_instance(stack, STR("vpc"), STR_EMPTY);
    assert_flow(vpc->vars, "{x: own, y: net}");
    assert_flow(vpc->inheritance, "[net]");
    const struct instance *net = stack_find_instance(stack, STR("net"), STR_EMPTY);
    assert_str(net->component, "net");
    assert_flow(net->inheritance, "[]");
    const struct instance *heir = stack_find_instance(stack, STR("heir"), STR_EMPTY);
    assert_flow(heir->vars, "{x: own, y: net, z: heir}");
    assert_flow(heir->inheritance, "[vpc, net]");
}

static void test_repeated_base(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES "    a: { vars: {x: a} }\n"
                  "    b: { vars: {x: b} }\n"
                  "    app: { metadata: {inherits: [a, b, a]} }\n");
    struct stacks *stacks = fixture_load_with(repository, 0,
            "stacks/deploy/dev.yaml:5:40: warning: stack/repeated-base: \"inherits\" of "
            "component \"app\" lists the base \"a\" twice\n");
    const struct stack *stack = stacks_find(stacks, STR("deploy/dev"));
    assert_flow(stack_find_instance(stack, STR("app"), STR_EMPTY)->vars, "{x: a}");
}

/* Lists of bases put together from several files: nobody wrote one twice. What a base that comes back
 * takes an instance back to is the state right after it, as in the reference. */
static void test_bases_of_several_files(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("settings: {list_merge_strategy: append}\n"));
    repository_write(repository, "stacks/catalog/app.yaml",
            BASES "    a: { vars: {l: [a], a: 1} }\n"
                  "    b: { vars: {l: [b], b: 1} }\n"
                  "    app: { metadata: {inherits: [a, b]} }\n"
                  "    back: { metadata: {inherits: [a, b]} }\n"
                  "    top: { component: a, metadata: {inherits: [b, a]} }\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/app, catalog/app]\n"
            "components: {terraform: {back: {metadata: {inherits: [a]}}}}\n");
    const struct instance *app = fixture_instance(repository, "app", "deploy/dev");
    assert_flow(app->inheritance, "[b, a]");
    assert_flow(value_get_str(app->vars, STR("b")), "1");
    const struct instance *back = fixture_instance(repository, "back", "deploy/dev");
    assert_flow(back->inheritance, "[a]");
    assert_flow(value_get_str(back->vars, STR("b")), "absent");
    assert_flow(fixture_instance(repository, "top", "deploy/dev")->inheritance, "[a]");
}

/* Lists of a base are merged as its own settings say, not as those of a base below it. */
static void test_list_strategy_of_a_base(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            BASES
            "    a: { settings: {list_merge_strategy: append}, vars: {x: [a]} }\n"
            "    b: { metadata: {inherits: [a]}, vars: {x: [b]} }\n"
            "    c: { metadata: {inherits: [b]}, settings: {list_merge_strategy: append}, "
            "vars: {x: [c]} }\n"
            "    d: { metadata: {inherits: [c]}, vars: {x: [d]} }\n"
            "    e: { metadata: {inherits: [a, b]}, settings: {list_merge_strategy: "
            "replace}, vars: {x: [e]} }\n");
    struct stacks *stacks = fixture_resolve(repository);
    const struct stack *stack = stacks_find(stacks, STR("deploy/dev"));
    assert_flow(stack_find_instance(stack, STR("b"), STR_EMPTY)->vars, "{x: [a, b]}");
    /* b replaces a: it says nothing itself and the instance d neither; c appends to b. */
    assert_flow(stack_find_instance(stack, STR("d"), STR_EMPTY)->vars, "{x: [b, c, d]}");
    assert_flow(stack_find_instance(stack, STR("e"), STR_EMPTY)->vars, "{x: [e]}");
}

/* Each level doubles the ways: the work is bounded, not the patience. */
static void test_endless_ways(void **state)
{
    struct repository *repository = *state;
    struct arena *arena = repository->run.arena;
    struct buf text = BUF_INIT(1 << 20);
    buf_add(&text, STR(BASES "    c0: { vars: {} }\n"));
    for (int i = 1; i <= 40; i++) {
        buf_addf(&text,
                "    l%d: { metadata: {inherits: [c%d]} }\n    r%d: { metadata: {inherits: "
                "[c%d]} }\n"
                "    c%d: { metadata: {inherits: [l%d, r%d]} }\n",
                i, i - 1, i, i - 1, i, i, i);
    }
    repository_write(repository, "stacks/deploy/dev.yaml", arena_cstr(arena, buf_str(&text)));
    buf_clear(&text);
    struct stacks *stacks = NULL;
    assert_int_equal(fixture_load(repository, &stacks), ERR_LIMIT);
    assert_string_equal(repository->run.diags.list.items[0].id, "stack/limit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_diamond),
        TEST(test_bases_are_merged_before_they_meet_the_rest),
        TEST(test_metadata_passes),
        TEST(test_metadata_stays_when_switched_off),
        TEST(test_last_base_decides_command_and_backend_type),
        TEST(test_top_component),
        TEST(test_top_component_with_bases),
        TEST(test_source_of_bases),
        TEST(test_unknown_bases),
        TEST(test_circles),
        TEST(test_own_base),
        TEST(test_repeated_base),
        TEST(test_bases_of_several_files),
        TEST(test_list_strategy_of_a_base),
        TEST(test_endless_ways),
    };
    return RUN_TESTS(tests);
}
