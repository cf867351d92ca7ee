/* SPDX-License-Identifier: Apache-2.0 */
/* `!unset` in manifests, and `!append` beside it. */
#include "stack_fixture.h"

/* Keys and items go when every layer is merged: a later layer may set them again. */
static void test_keys_and_items(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/c.yaml",
            "vars: {root: 1, again: 1, kept: 1}\n"
            "components:\n"
            "  terraform:\n"
            "    base:\n"
            "      metadata: {type: abstract, labels: {a: b}, name: n}\n"
            "      vars: {gone: 1, again: !unset , m: {x: 1, y: {z: 1}}, l: [1]}\n"
            "      settings: {drop: {me: 1}}\n"
            "      env: {E: 1}\n"
            "      providers: {aws: {region: r, profile: p}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/c]\n"
            "components:\n"
            "  terraform:\n"
            "    x:\n"
            "      metadata: {inherits: [base], name: !unset , labels: {a: !unset }}\n"
            "      vars:\n"
            "        root: !unset\n"
            "        gone: \"!unset\"\n"
            "        again: 2\n"
            "        m: {y: {z: !unset }}\n"
            "        l: [a, !unset , {k: !unset , m: 1}, [!unset ]]\n"
            "        text: \"!unsettled\"\n"
            "        safe: !literal \"!unset\"\n"
            "      settings: {drop: !unset }\n"
            "      env: {E: !unset }\n"
            "      providers: {aws: {profile: !unset }}\n");
    const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
    assert_flow(x->vars,
            "{again: 2, kept: 1, m: {x: 1, y: {}}, l: [a, {m: 1}, []], text: !unsettled, safe: "
            "!unset}");
    assert_flow(x->settings, "{}");
    assert_flow(x->env, "{}");
    assert_flow(x->metadata, "{labels: {}, inherits: [base]}");
    assert_flow(x->providers, "{aws: {region: r}}");
    /* The base itself is as it was. */
    const struct instance *base = fixture_instance(repository, "base", "deploy/dev");
    assert_flow(base->settings, "{drop: {me: 1}}");
    assert_flow(base->vars, "{root: 1, kept: 1, gone: 1, m: {x: 1, y: {z: 1}}, l: [1]}");
}

/* Nothing is derived from what is taken out, but a default of the backend can be. */
static void test_derived(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "terraform: {backend_type: s3, backend: {s3: {bucket: b, region: r}}}\n"
            "components:\n"
            "  terraform:\n"
            "    base: {metadata: {type: abstract, component: folder, enabled: false}}\n"
            "    x:\n"
            "      metadata: {inherits: [base], component: !unset , enabled: !unset }\n"
            "      backend: {s3: {workspace_key_prefix: !unset , region: !unset }}\n");
    const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
    assert_str(x->component, "x");
    assert_str(x->folder, "x");
    assert_true(x->is_enabled);
    assert_flow(x->backend, "{bucket: b}");
    assert_flow(x->remote_state_backend, "{bucket: b}");
}

/* Several instances share what is left, and one file may take away what another appends to. */
static void test_between_files(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/a.yaml",
            "components: {terraform: {x: {vars: {l: [1], m: {k: 1}}}}}\n");
    repository_write(repository, "stacks/catalog/b.yaml",
            "import: [catalog/a]\n"
            "components: {terraform: {x: {vars: {l: !unset , m: !unset }}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/b]\n"
            "components: {terraform: {x: {vars: {l: !append [2], m: {n: 1}}}}}\n");
    repository_write(repository, "stacks/deploy/one.yaml", "import: [catalog/b]\n");
    repository_write(repository, "stacks/deploy/two.yaml", "import: [catalog/b]\n");
    assert_flow(fixture_instance(repository, "x", "deploy/dev")->vars, "{l: [2], m: {n: 1}}");
    const struct instance *one = fixture_instance(repository, "x", "deploy/one");
    assert_flow(one->vars, "{}");
    struct stacks *stacks = fixture_resolve(repository);
    assert_ptr_equal(stacks->instances[1]->vars, stacks->instances[2]->vars);
}

/* A list marked `!append` beside the strategies: between files it always appends. */
static void test_append_and_strategies(void **state)
{
    static const struct {
        const char *strategy;
        const char *vars;
    } cases[] = {
        { "replace", "{plain: [3], marked: [1, 2, 3], maps: [{a: 1}, {b: 2}], based: [y]}" },
        { "append", "{plain: [1, 2, 3], marked: [1, 2, 3], maps: [{a: 1}, {b: 2}], based: [x, "
                    "y]}" },
        { "merge", "{plain: [1, 2], marked: [1, 2, 3], maps: [{a: 1}, {b: 2}], based: [x]}" },
    };
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/a.yaml",
            "components:\n"
            "  terraform:\n"
            "    base: {vars: {based: [x]}}\n"
            "    x: {vars: {plain: [1, 2], marked: [1, 2], maps: [{a: 1}]}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/a]\n"
            "components:\n"
            "  terraform:\n"
            "    x:\n"
            "      metadata: {inherits: [base]}\n"
            "      vars: {plain: [3], marked: !append [3], maps: !append [{b: 2}], based: "
            "!append "
            "[y]}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        repository_write(repository, "atmos.yaml",
                arena_printf(repository->run.arena,
                        CONFIG("") "settings: {list_merge_strategy: %s}\n", cases[i].strategy)
                        .ptr);
        repository->run.config = NULL;
        const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
        struct value_builder ordered;
        static const char *const keys[] = { "plain", "marked", "maps", "based" };
        value_builder_init(&ordered, repository->run.arena, MARK_NONE);
        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
            struct str key = str_from(keys[k]);
            value_builder_add(&ordered, key_of(repository->run.keys, key),
                    value_get_str(x->vars, key), MARK_NONE);
        }
        assert_flow(value_builder_map(&ordered), cases[i].vars);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keys_and_items),
        TEST(test_derived),
        TEST(test_between_files),
        TEST(test_append_and_strategies),
    };
    return RUN_TESTS(tests);
}
