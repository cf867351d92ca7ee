/* SPDX-License-Identifier: Apache-2.0 */
/* `locals` of files: hidden, never inherited, and what they do to imports. */
#include "stack_fixture.h"

#define COMPONENT "components: {terraform: {x: {vars: {own: 1}}}}\n"

static struct str shown(struct repository *repository, const struct value *value)
{
    struct buf json = BUF_INIT(BUF_UNBOUNDED);
    json_write(&json, value, JSON_COMPACT);
    struct str copy = arena_dup(repository->run.arena, buf_str(&json));
    buf_clear(&json);
    return copy;
}

/* They are in no section of an instance; those of components are, through bases too. */
static void test_hidden(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/c.yaml",
            "locals: {hidden: 1}\n"
            "terraform: {locals: {hidden: 2}}\n"
            "components: {terraform: {base: {locals: {b: 1, m: {p: 1}}}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/c]\n"
            "locals: {a: 1}\n"
            "helmfile: {locals: {h: 1}}\n"
            "components:\n"
            "  terraform:\n"
            "    x: {metadata: {inherits: [base]}, locals: {m: {q: 2}}}\n"
            "    y: {vars: {own: 1}}\n"
            "  helmfile: {z: {}}\n");
    assert_flow(fixture_instance(repository, "x", "deploy/dev")->others,
            "{locals: {b: 1, m: {p: 1, q: 2}}}");
    assert_flow(fixture_instance(repository, "y", "deploy/dev")->others, "{}");
    assert_flow(fixture_instance(repository, "z", "deploy/dev")->others, "{}");
}

static void test_describe(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/c.yaml",
            "locals: {hidden: 1}\n"
            "components: {terraform: {base: {locals: {b: base, m: {b: 1}}}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "name: dev\n"
            "import: [catalog/c]\n"
            "locals: {a: 1, n: 3, m: {root: 1}}\n"
            "terraform: {locals: {n: 4, a: 1, t: 1, m: {typed: 1}}}\n"
            "helmfile: {locals: {}}\n"
            "packer: {locals: {n: 3}}\n"
            "components:\n"
            "  terraform: {x: {metadata: {inherits: [base]}, locals: {m: {own: 1}}}, y: {}}\n"
            "  helmfile: {h: {}}\n");
    repository_write(repository, "stacks/deploy/none.yaml", COMPONENT);
    repository_write(repository, "stacks/deploy/empty.yaml", "locals: {e: 1}\n");
    struct stacks *stacks = fixture_resolve(repository);
    struct run *run = &repository->run;
    const struct value *value = NULL;
    static const char *const all =
            "{\"locals\":{\"a\":1,\"m\":{\"root\":1},\"n\":3},"
            "\"packer\":{\"locals\":{}},"
            "\"terraform\":{\"locals\":{\"m\":{\"typed\":1},\"n\":4,\"t\":1}}}";
    assert_int_equal(stack_locals(run, stacks, STR("dev"), &value), 0);
    assert_str(shown(repository, value), all);
    assert_int_equal(stack_locals(run, stacks, STR("deploy/dev"), &value), 0);
    assert_str(shown(repository, value), all);
    assert_int_equal(stack_locals(run, stacks, STR("deploy/empty"), &value), 0);
    assert_str(shown(repository, value), "{\"locals\":{\"e\":1}}");

    static const struct {
        const char *component;
        const char *locals;
    } cases[] = {
        { "x", "{\"components\":{\"terraform\":{\"x\":{\"locals\":{\"a\":1,\"b\":\"base\","
               "\"m\":{"
               "\"b\":1,\"own\":1,\"typed\":1},\"n\":4,\"t\":1}}}}}" },
        { "y", "{\"components\":{\"terraform\":{\"y\":{\"locals\":{\"a\":1,\"m\":{\"typed\":1},"
               "\"n\":4,"
               "\"t\":1}}}}}" },
        { "h", "{\"components\":{\"helmfile\":{\"h\":{\"locals\":{\"a\":1,\"m\":{\"root\":1},"
               "\"n\":3}}}}"
               "}" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct instance *instance = stack_find_instance(
                stacks_find(stacks, STR("dev")), str_from(cases[i].component), STR_EMPTY);
        assert_int_equal(instance_locals(run, instance, &value), 0);
        assert_str(shown(repository, value), cases[i].locals);
    }
    assert_int_equal(stack_locals(run, stacks, STR("deploy/none"), &value), ERR_NOT_FOUND);
    assert_int_equal(stack_locals(run, stacks, STR("deu"), &value), ERR_NOT_FOUND);
    const struct stack *none = stacks_find(stacks, STR("deploy/none"));
    assert_int_equal(instance_locals(run, none->instances[0], &value), ERR_NOT_FOUND);
    assert_findings(repository,
            ":0:0: error: stack/no-locals: the stack \"deploy/none\" has no locals\n"
            ":0:0: error: stack/unknown-stack: there is no stack \"deu\"\n"
            "stacks/deploy/none.yaml:1:26: error: stack/no-locals: the stack \"deploy/none\" "
            "has "
            "no locals\n");
}

/* One stack of several files: the first with locals counts, and the others are named. */
static void test_stack_of_several_files(void **state)
{
    struct repository *repository = *state;
    static const char *const files[] = { "a", "b", "c" };
    static const char *const locals[] = { "", "locals: {l: b}\n", "locals: {l: c}\n" };
    for (size_t i = 0; i < 3; i++) {
        struct arena *arena = repository->run.arena;
        repository_write(repository, arena_printf(arena, "stacks/deploy/%s.yaml", files[i]).ptr,
                arena_printf(arena, "name: one\n%scomponents: {terraform: {%s: {}}}\n",
                        locals[i], files[i])
                        .ptr);
    }
    struct stacks *stacks = fixture_resolve(repository);
    const struct value *value = NULL;
    assert_int_equal(stack_locals(&repository->run, stacks, STR("one"), &value), 0);
    assert_str(shown(repository, value), "{\"locals\":{\"l\":\"b\"}}");
    assert_findings(repository,
            ":0:0: warning: stack/other-locals: \"deploy/c\" has locals for "
            "the stack \"one\" too\n");
}

/*
 * A file with locals hands its vars, settings and env to all it imports, where each takes the place of the
 * section of that name; a file with locals and the section keeps its own.
 */
static void test_sections_of_imports_are_replaced(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/leaf.yaml",
            "vars: {leaf: 1}\nsettings: {leaf: 1}\nenv: {LEAF: a}\n"
            "components: {terraform: {x: {vars: {component: 1}}}}\n");
    repository_write(repository, "stacks/catalog/mid.yaml",
            "import: [catalog/leaf]\nvars: {mid: 1}\nenv: {MID: a}\n");
    repository_write(repository, "stacks/catalog/own.yaml",
            "locals: {a: 1}\nvars: {own: 1}\nsettings: {own: 1}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/own, catalog/mid]\n"
            "terraform: {locals: {b: 1}}\nvars: {dev: 1}\nenv: {}\n" COMPONENT);
    struct stacks *stacks = NULL;
    assert_int_equal(fixture_load(repository, &stacks), 0);
    const struct instance *x = stacks->instances[0];
    assert_flow(x->vars, "{own: 1, dev: 1, component: 1}");
    assert_flow(x->settings, "{own: 1, leaf: 1}");
    assert_flow(x->env, "{LEAF: a, MID: a}");
    assert_findings(repository,
            "stacks/catalog/leaf.yaml:1:1: hint: stack/replaced: \"vars\" of \"catalog/leaf\" "
            "counts "
            "for nothing below \"deploy/dev\", which has locals and \"vars\"\n"
            "stacks/catalog/mid.yaml:2:1: hint: stack/replaced: \"vars\" of \"catalog/mid\" "
            "counts for "
            "nothing below \"deploy/dev\", which has locals and \"vars\"\n");
}

/* The same file elsewhere is what it says. */
static void test_replacing_ends_with_the_importer(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/leaf.yaml", "vars: {leaf: 1}\n");
    repository_write(repository, "stacks/deploy/a.yaml",
            "import: [catalog/leaf]\nlocals: {}\nvars: {a: 1}\n" COMPONENT);
    repository_write(repository, "stacks/deploy/b.yaml",
            "import: [catalog/leaf]\nvars: {b: 1}\n" COMPONENT);
    repository_write(repository, "stacks/deploy/c.yaml",
            "import: [catalog/leaf]\nlocals: {}\n" COMPONENT);
    struct stacks *stacks = NULL;
    assert_int_equal(fixture_load(repository, &stacks), 0);
    assert_flow(stacks->instances[0]->vars, "{a: 1, own: 1}");
    assert_flow(stacks->instances[1]->vars, "{leaf: 1, b: 1, own: 1}");
    assert_flow(stacks->instances[2]->vars, "{leaf: 1, own: 1}");
}

/* What needs an evaluation names it; the wrong form is said at its place. */
static void test_what_is_wrong(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/a.yaml", "locals:\n" COMPONENT);
    repository_write(repository, "stacks/deploy/b.yaml",
            "terraform: {locals: [1]}\nlocals: {f: 1}\n" COMPONENT);
    repository_write(
            repository, "stacks/deploy/f.yaml", "helm: {locals: {f: !env HOME}}\n" COMPONENT);
    repository_write(repository, "stacks/deploy/c.yaml",
            "locals: {a: 1}\nvars: {b: \"{{ .locals.a }}\"}\n" COMPONENT);
    repository_write(repository, "stacks/deploy/d.yaml",
            "locals: {a: 1}\ncomponents: {terraform: {\"{{ .locals.a }}\": {}}}\n");
    repository_write(repository, "stacks/deploy/e.yaml",
            "locals: {a: 1}\n# {{ .locals.a }} in a comment\n" COMPONENT);
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/a.yaml:1:1: error: stack/bad-section: \"locals\" must be a map, but "
            "is empty\n"
            "stacks/deploy/b.yaml:1:21: error: stack/bad-section: \"locals\" must be a map, "
            "but "
            "is a list\n"
            "stacks/deploy/c.yaml:2:11: error: stack/unsupported: templates in a manifest with "
            "locals are not supported yet: \"{{ .locals.a }}\"\n"
            "stacks/deploy/d.yaml:2:26: error: stack/unsupported: templates in a manifest with "
            "locals are not supported yet: \"{{ .locals.a }}\"\n"
            "stacks/deploy/f.yaml:1:20: error: stack/unsupported: YAML functions are not "
            "supported yet: !env\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hidden),
        TEST(test_describe),
        TEST(test_stack_of_several_files),
        TEST(test_sections_of_imports_are_replaced),
        TEST(test_replacing_ends_with_the_importer),
        TEST(test_what_is_wrong),
    };
    return RUN_TESTS(tests);
}
