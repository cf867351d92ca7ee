/* SPDX-License-Identifier: Apache-2.0 */
/* The scopes of `overrides`. */
#include "stack_fixture.h"

static const struct instance *at(
        const struct stacks *stacks, const char *stack, const char *component)
{
    const struct stack *found = stacks_find(stacks, str_from(stack));
    assert_non_null(found);
    const struct instance *instance =
            stack_find_instance(found, str_from(component), STR_EMPTY);
    assert_non_null(instance);
    return instance;
}

static void write_catalog(struct repository *repository)
{
    repository_write(repository, "stacks/catalog/c1.yaml",
            "components: {terraform: {c1: {vars: {owner: catalog, tier: 0}}}}\n");
    repository_write(repository, "stacks/catalog/c2.yaml",
            "components: {terraform: {c2: {vars: {owner: catalog, tier: 0}}}}\n");
    repository_write(repository, "stacks/teams/a.yaml",
            "import: [catalog/c1]\nterraform: {overrides: {vars: {owner: a, tier: 1}}}\n");
    repository_write(repository, "stacks/teams/b.yaml",
            "import: [catalog/c2]\nterraform: {overrides: {vars: {owner: b}}}\n");
}

/* What a file overrides reaches its imports, later imports of its importer, never earlier ones. */
static void test_scope(void **state)
{
    struct repository *repository = *state;
    write_catalog(repository);
    repository_write(repository, "stacks/deploy/ab.yaml", "import: [teams/a, teams/b]\n");
    repository_write(repository, "stacks/deploy/ba.yaml", "import: [teams/b, teams/a]\n");
    repository_write(repository, "stacks/deploy/before.yaml",
            "import: [catalog/c2, teams/a]\ncomponents: {terraform: {own: {}}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    assert_flow(at(stacks, "deploy/ab", "c1")->vars, "{owner: a, tier: 1}");
    assert_flow(at(stacks, "deploy/ab", "c2")->vars, "{owner: b, tier: 1}");
    assert_flow(at(stacks, "deploy/ba", "c1")->vars, "{owner: a, tier: 1}");
    assert_flow(at(stacks, "deploy/ba", "c2")->vars, "{owner: b, tier: 0}");
    assert_flow(at(stacks, "deploy/ba", "c2")->overrides, "{vars: {owner: b}}");
    assert_flow(at(stacks, "deploy/before", "c2")->overrides, "{}");
    assert_flow(at(stacks, "deploy/before", "own")->vars, "{owner: a, tier: 1}");
}

/* The importer beats what it imports; the type beats the root; every section of the list counts. */
static void test_priority(void **state)
{
    struct repository *repository = *state;
    write_catalog(repository);
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [teams/a]\n"
            "overrides: {vars: {owner: root, x: root}, command: low}\n"
            "terraform:\n"
            "  overrides:\n"
            "    vars: {x: type}\n"
            "    command: tofu\n"
            "    required_version: \"1.5\"\n"
            "    providers: {aws: {region: r}}\n"
            "components:\n"
            "  terraform: {c1: {vars: {owner: stack, mine: 1}, command: own}}\n"
            "  helmfile: {h: {vars: {x: own}}}\n"
            "  packer: {p: {vars: {x: own}}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    const struct instance *c1 = at(stacks, "deploy/dev", "c1");
    assert_flow(c1->vars, "{owner: root, tier: 1, mine: 1, x: type}");
    assert_str(value_text(c1->command), "tofu");
    assert_flow(c1->providers, "{aws: {region: r}}");
    assert_flow(c1->others, "{required_version: 1.5}");
    assert_flow(at(stacks, "deploy/dev", "h")->vars, "{x: root, owner: root}");
    assert_flow(at(stacks, "deploy/dev", "p")->vars, "{x: own}");
    assert_flow(at(stacks, "deploy/dev", "p")->overrides, "{}");
}

/* The files of one pattern do not see each other; the importer sees all of them. */
static void test_files_of_a_pattern(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/teams/a.yaml",
            "overrides: {vars: {a: 1}}\ncomponents: {terraform: {ca: {}}}\n");
    repository_write(repository, "stacks/teams/b.yaml",
            "overrides: {vars: {b: 1}}\ncomponents: {terraform: {cb: {}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [\"teams/*\"]\ncomponents: {terraform: {own: {}}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    assert_flow(at(stacks, "deploy/dev", "ca")->vars, "{a: 1}");
    assert_flow(at(stacks, "deploy/dev", "cb")->vars, "{b: 1}");
    assert_flow(at(stacks, "deploy/dev", "own")->vars, "{a: 1, b: 1}");
}

/* One file under different overrides is read once and merged for each; origins stay the file's. */
static void test_one_file_in_two_scopes(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/c.yaml",
            "vars: {v: 1}\ncomponents: {terraform: {c: {vars: {w: 0}}}}\n");
    repository_write(repository, "stacks/deploy/one.yaml",
            "import: [catalog/c]\noverrides: {vars: {w: 1}}\n");
    repository_write(repository, "stacks/deploy/two.yaml",
            "import: [catalog/c, catalog/c]\noverrides: {vars: {w: 2}}\n");
    struct stacks *stacks = fixture_resolve(repository);
    assert_flow(at(stacks, "deploy/one", "c")->vars, "{v: 1, w: 1}");
    assert_flow(at(stacks, "deploy/two", "c")->vars, "{v: 1, w: 2}");
    assert_flow(at(stacks, "deploy/two", "c")->imports, "[catalog/c]");
    const struct value *full = described(&repository->run, at(stacks, "deploy/two", "c"), true);
    assert_flow(value_get_path(full, "deps_all"), "[catalog/c, deploy/two]");
}

/* Overrides do not pass to components that inherit. */
static void test_bases_keep_their_overrides(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/base.yaml",
            "overrides: {vars: {o: 1}}\n"
            "components: {terraform: {base: {vars: {b: 1}}}}\n");
    repository_write(repository, "stacks/mixins/early.yaml",
            "components: {terraform: {app: {metadata: {inherits: [base]}}}}\n");
    repository_write(
            repository, "stacks/deploy/dev.yaml", "import: [mixins/early, catalog/base]\n");
    struct stacks *stacks = fixture_resolve(repository);
    assert_flow(at(stacks, "deploy/dev", "base")->vars, "{b: 1, o: 1}");
    assert_flow(at(stacks, "deploy/dev", "app")->vars, "{b: 1}");
    assert_flow(at(stacks, "deploy/dev", "app")->overrides, "{}");
}

static void test_wrong_forms(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/a.yaml",
            "overrides: [x]\ncomponents: {terraform: {c: {}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "terraform: {overrides: ~}\ncomponents: {terraform: {c: {}}}\n");
    repository_write(repository, "stacks/deploy/c.yaml",
            "overrides: {backend: {}, vars: []}\ncomponents: {terraform: {c: {}}}\n");
    repository_write(repository, "stacks/deploy/d.yaml",
            "components: {terraform: {c: {overrides: {vars: {a: 1}}}}}\n");
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/a.yaml:1:1: error: stack/bad-section: \"overrides\" at the top of a "
            "manifest must be a map, but is a list\n"
            "stacks/deploy/b.yaml:1:13: error: stack/bad-section: \"overrides\" of a component "
            "type must be a map, but is empty\n"
            "stacks/deploy/c.yaml:1:13: warning: stack/unknown-key: \"backend\" has no effect "
            "in "
            "\"overrides\"\n"
            "stacks/deploy/c.yaml:1:32: error: stack/bad-section: \"vars\" of \"overrides\" of "
            "component \"c\" must be a map, but is a list\n"
            "stacks/deploy/d.yaml:1:30: warning: stack/outdated: \"overrides\" of component "
            "\"c\": newer versions of Atmos have it only for whole files and component "
            "types\n");
}

/* Two ways to each level, each with its own overrides: 2^30 ways to the last one. */
static void test_ways_that_double_with_each_level(void **state)
{
    static const char *const names[] = { "a", "b" };
    struct repository *repository = *state;
    struct run *run = &repository->run;
    for (size_t i = 0; i < 60; i++) {
        struct str path =
                arena_printf(run->arena, "stacks/catalog/%s%zu.yaml", names[i % 2], i / 2);
        struct str text = arena_printf(run->arena,
                "import: [catalog/a%zu, catalog/b%zu]\noverrides: {vars: {n%zu: %zu}}\n",
                i / 2 + 1, i / 2 + 1, i / 2, i);
        repository_write(repository, path.ptr, text.ptr);
    }
    repository_write(repository, "stacks/catalog/a30.yaml", "vars: {}\n");
    repository_write(repository, "stacks/catalog/b30.yaml", "vars: {}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/a0]\ncomponents: {terraform: {x: {}}}\n");
    struct stacks *stacks = NULL;
    assert_int_equal(fixture_load(repository, &stacks), ERR_LIMIT);
    struct str said = repository_findings(repository);
    assert_true(str_find_str(said, STR("error: stack/limit: \"catalog/a30\" is imported under "
                                       "more than 1000 different overrides\n")) > 0);
    assert_true(arena_size(run->arena) < ((size_t)256 << 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_scope),
        TEST(test_priority),
        TEST(test_files_of_a_pattern),
        TEST(test_one_file_in_two_scopes),
        TEST(test_bases_keep_their_overrides),
        TEST(test_wrong_forms),
        TEST(test_ways_that_double_with_each_level),
    };
    return RUN_TESTS(tests);
}
