/* SPDX-License-Identifier: Apache-2.0 */
/* One instance from the manifests of its stack alone is what it is among all of them. */
#include <stdio.h>
#include <string.h>

#include "stack_fixture.h"

/* ---- comparing ---- */

struct comparison {
    struct repository *repository;
    size_t compared; /* instances that could be described */
    size_t manifests; /* read for the last one */
    bool is_exact; /* every manifest has components */
};

static struct str shown(struct run *run, const struct instance *instance)
{
    struct buf text = BUF_INIT(BUF_UNBOUNDED);
    const struct value *value = NULL;
    int err = instance_describe(run, instance, true, &value);
    buf_addf(&text, "%d %.*s %.*s %.*s\n", err, STR_ARG(instance->listed_workspace),
            STR_ARG(instance->file_stem), STR_ARG(instance->path));
    if (err == 0) {
        json_write(&text, value, JSON_KEEP_ORDER);
    }
    struct str copy = arena_dup(run->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static bool has_finding(const struct diags *diags, const struct sources *sources,
        const struct diag *wanted, const struct sources *wanted_sources)
{
    for (size_t i = 0; i < diags->list.count; i++) {
        const struct diag *diag = &diags->list.items[i];
        if (strcmp(diag->id, wanted->id) == 0 && diag->mark.line == wanted->mark.line &&
                diag->mark.column == wanted->mark.column &&
                str_eq(diag->message, wanted->message) &&
                str_eq(sources_path(sources, diag->mark.file),
                        sources_path(wanted_sources, wanted->mark.file))) {
            return true;
        }
    }
    return false;
}

/* Asked for by `stack`; that the rest of the repository is broken may go unnoticed, nothing else. */
static void compare_one(
        struct comparison *c, const struct instance *instance, struct str stack, bool is_whole)
{
    struct run *eager = &c->repository->run;
    struct run lazy;
    struct stacks *stacks = NULL;
    const struct instance *found = NULL;
    run_init(&lazy, NULL, NULL);
    lazy.folder = eager->folder;
    lazy.env = eager->env;
    assert_int_equal(config_load(&lazy, NULL, true), 0);
    int err = stacks_load_component(&lazy, instance->name, stack, false, &stacks);
    for (size_t i = 0; i < lazy.diags.list.count; i++) {
        const struct diag *diag = &lazy.diags.list.items[i];
        if (!has_finding(&eager->diags, eager->sources, diag, lazy.sources)) {
            fail_msg("only said for \"%.*s\" alone: %.*s", STR_ARG(stack),
                    STR_ARG(diag->message));
        }
    }
    assert_true(err == 0 || !is_whole);
    if (err == 0 &&
            stacks_select(&lazy, stacks, instance->name, stack, STR_EMPTY, &found) == 0 &&
            str_eq(found->type, instance->type) && str_eq(stack, instance->stack)) {
        struct str expected = shown(eager, instance);
        check_str(shown(&lazy, found), arena_cstr(lazy.arena, expected), "lazy", __FILE__,
                __LINE__);
        c->compared++;
    }
    c->manifests = stacks->manifest_count;
    run_clear(&lazy);
}

static bool is_listed(const struct str *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(names[i], name)) {
            return true;
        }
    }
    return false;
}

/* What completion offers is all there is; `is_exact`: every manifest has components. */
static void compare_names(struct run *run, const struct stacks *stacks, bool is_exact)
{
    struct str *names = NULL;
    struct str *components = NULL;
    size_t count = 0;
    size_t component_count = 0;
    assert_int_equal(stacks_list_names(run, &names, &count), 0);
    for (size_t i = 0; i < stacks->count; i++) {
        assert_true(is_listed(names, count, stacks->items[i].name));
    }
    if (is_exact && count != stacks->count) {
        fail_msg("%zu names for %zu stacks", count, stacks->count);
    }
    assert_int_equal(stacks_list_components(run, STR_EMPTY, &names, &count), 0);
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *one = stacks->instances[i];
        assert_true(is_listed(names, count, one->name));
        if (i == 0 || !str_eq(one->stack, stacks->instances[i - 1]->stack)) {
            assert_int_equal(
                    stacks_list_components(run, one->stack, &components, &component_count), 0);
        }
        assert_true(is_listed(components, component_count, one->name));
    }
}

static void compare_all(struct comparison *c)
{
    struct stacks *stacks = NULL;
    struct run *run = &c->repository->run;
    if (config_load(run, NULL, true) != 0) {
        return;
    }
    bool is_whole = stacks_load(run, &stacks) == 0;
    if (is_whole) {
        compare_names(run, stacks, c->is_exact);
    }
    for (size_t i = 0; i < stacks->instance_count; i++) {
        const struct instance *instance = stacks->instances[i];
        compare_one(c, instance, instance->stack, is_whole);
        if (str_find(instance->manifest, '/') >= 0) {
            /* Named by its path: describe prints that as the stack. */
            compare_one(c, instance, instance->manifest, is_whole);
        }
    }
}

/* Another run in the folder of the fixture, whose files are written anew. */
static void reopen(struct repository *repository)
{
    struct str folder = arena_dup(repository->run.arena, repository->folder);
    struct run run;
    run_init(&run, NULL, NULL);
    folder = arena_dup(run.arena, folder);
    repository_close(repository);
    repository->run = run;
    repository->folder = folder;
    repository->run.folder = folder;
    repository->run.env.items = repository->variables;
}

/* Hundreds of files: without waiting for the disk, as repository_write does. */
static void write_file(struct repository *repository, const char *name, struct str text)
{
    struct arena *arena = repository->run.arena;
    struct str path = path_join(arena, repository->folder, str_from(name));
    assert_int_equal(folder_create(path_folder(path), 0755), 0);
    FILE *file = fopen(arena_cstr(arena, path), "w");
    assert_non_null(file);
    if (text.len > 0) {
        assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    }
    assert_int_equal(fclose(file), 0);
}

/* ---- ways to write a value ---- */

#define PATTERN CONFIG("  name_pattern: \"{tenant}-{stage}\"\n")

/* What deploy/a.yaml says so that its stack is t-dev; catalog/x.yaml may help. */
static const struct {
    const char *manifest;
    const char *catalog;
} ways[] = {
    { "vars: {tenant: t, stage: dev}\ncomponents: {terraform: {vpc: {}}}\n", "" },
    { "vars:\n  tenant: t\n  stage: \"dev\"\ncomponents:\n  terraform:\n    vpc: {}\n", "" },
    { "---\n# vars: {stage: no}\nvars:\n  'tenant': t\n  ? stage\n  : dev\n"
      "components: {terraform: {vpc: {}}}\n",
            "" },
    { "import:\n- catalog/x\ncomponents: {terraform: {vpc: {}}}\n",
            "vars:\n  tenant: t\n  stage: dev\n" },
    { "import: [\"catalog/x\"]\ncomponents: {terraform: {vpc: {}}}\n",
            "vars: { tenant: 't', stage: dev }\n" },
    { "import: [catalog/*]\nvars: {tenant: t}\n", "components: {terraform: {vpc: {vars: "
                                                  "{stage: dev}}}}\n" },
    { "import: [\n{path: catalog/x}\n]\nvars: {tenant: t}\n",
            "components: {terraform: {base: {metadata: {type: abstract}, vars: {stage: dev}}, "
            "vpc: {metadata: {inherits: [base]}}}}\n" },
    { "{vars: {tenant: t, stage: dev}, components: {terraform: {vpc: {}}}}\n", "" },
    { "  vars: {tenant: t, stage: dev}\n  components: {terraform: {vpc: {}}}\n", "" },
    { "\"vars\":\n  tenant: t\n  \"st\\x61ge\": dev\ncomponents: {terraform: {vpc: {}}}\n",
            "" },
    { "vars: {tenant: t, stage: dev}\r\ncomponents: {terraform: {vpc: {}}}\r\n", "" },
    { "note: a\rvars: {tenant: t, stage: dev}\rcomponents: {terraform: {vpc: {}}}\r", "" },
    { "note: \xC2\x85vars: {tenant: t, stage: dev}\ncomponents: {terraform: {vpc: {}}}\n", "" },
    { "common: &c\n  stage: dev\nvars:\n  <<: *c\n  tenant: t\n"
      "components: {terraform: {vpc: {}}}\n",
            "" },
    { "name: &n dev\nsettings: {stage: *n}\nvars: {tenant: t, stage: dev}\n"
      "components: {terraform: {vpc: {}}}\n",
            "" },
    { "paths: &p [catalog/x]\nimport: *p\ncomponents: {terraform: {vpc: {}}}\n",
            "vars:\n  tenant: t\n  stage: dev\n" },
    { "vars: {note: \"\nimport: \", stage: dev, more: \"\nimport: \", tenant: t}\n"
      "components: {terraform: {vpc: {}}}\n",
            "" },
    { "vars: {note: it's, stage: dev,\ntenant: t}\ncomponents: {terraform: {vpc: {}}}\n", "" },
    { "vars: {tenant: u, stage: no}\ncomponents: {terraform: {vpc: {}}}\nname: t-dev\n", "" },
    { "import: [catalog/x]\ncomponents: {terraform: {vpc: {}}}\n", "name: t-dev\n" },
    { "vars: {tenant: t, stage: no}\nterraform: {vars: {stage: dev}}\n"
      "components: {terraform: {vpc: {}}}\n",
            "" },
    { "vars: {tenant: t, stage: no}\noverrides: {vars: {stage: dev}}\n"
      "components: {terraform: {vpc: {}}}\n",
            "" },
    { "vars:\n  text: |\n    stage: \"no\n    don't\n  tenant: t\n  stage: dev\n"
      "components: {terraform: {vpc: {}}}\n",
            "" },
    { "vars: {tenant: t, stage: dev}\ncomponents: {terraform: {vpc: {}}}\n---\nvars: {}\n",
            "" },
    { "vars: {tenant: t}\ncomponents: {terraform: {vpc: {}}}\n", "" },
};

static void test_ways(void **state)
{
    struct repository *repository = *state;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct comparison c = { .repository = repository, .is_exact = true };
        reopen(repository);
        repository_write(repository, "atmos.yaml", PATTERN);
        repository_write(repository, "stacks/deploy/a.yaml", ways[i].manifest);
        repository_write(repository, "stacks/catalog/x.yaml", ways[i].catalog);
        repository_write(repository, "stacks/deploy/b.yaml",
                "vars: {tenant: t, stage: prod}\ncomponents: {terraform: {vpc: {}}}\n");
        repository_write(repository, "stacks/deploy/c.yaml",
                "vars: {tenant: t-dev}\ncomponents: {terraform: {vpc: {vars: {v: 1}}}}\n");
        compare_all(&c);
        if (c.compared < 2) {
            fail_msg("way %zu: %zu instances were compared", i, c.compared);
        }
        assert_int_equal(c.manifests, 1);
    }
}

/* Two manifests make the stack: both are found, and a difference between them is said. */
static void test_two_manifests(void **state)
{
    struct repository *repository = *state;
    struct stacks *stacks = NULL;
    repository_write(repository, "atmos.yaml", PATTERN);
    repository_write(repository, "stacks/deploy/a.yaml",
            "vars: {tenant: t, stage: dev}\ncomponents: {terraform: {vpc: {}, db: {}}}\n");
    repository_write(repository, "stacks/deploy/b.yaml",
            "vars: {tenant: t, stage: dev}\ncomponents: {terraform: {vpc: {vars: {v: 1}}}}\n");
    assert_int_equal(config_load(&repository->run, NULL, true), 0);
    assert_int_equal(
            stacks_load_component(&repository->run, STR("vpc"), STR("t-dev"), false, &stacks),
            ERR_INVALID);
    assert_findings(repository,
            "stacks/deploy/b.yaml:2:26: error: stack/duplicate-component: the component "
            "\"vpc\" "
            "of stack \"t-dev\" is defined differently in \"deploy/a\" and \"deploy/b\"\n");
}

/* What is wrong with a manifest of another stack is not the business of this one. */
static void test_broken_elsewhere(void **state)
{
    static const char *const broken[] = { "vars: {tenant: t, stage: x\n", "import: [absent]\n",
        "vars: {tenant: t, stage: prod}\ncomponents: {terraform: {vpc: []}}\n",
        "vars: {tenant: t, stage: prod}\nimport: [deploy/b]\n", "\xff\xfe\n", "[]\n",
        "vars: {tenant: t, stage: prod}\nmetadata: {owner: me}\n" };
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", PATTERN);
    repository_write(repository, "stacks/deploy/a.yaml",
            "vars: {tenant: t, stage: dev}\ncomponents: {terraform: {vpc: {vars: {v: 1}}}}\n");
    assert_int_equal(config_load(&repository->run, NULL, true), 0);
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct stacks *stacks = NULL;
        const struct instance *instance = NULL;
        struct run *run = &repository->run;
        repository_write(repository, "stacks/deploy/b.yaml", broken[i]);
        assert_int_equal(
                stacks_load_component(run, STR("vpc"), STR("t-dev"), false, &stacks), 0);
        assert_int_equal(
                stacks_select(run, stacks, STR("vpc"), STR("t-dev"), STR_EMPTY, &instance), 0);
        assert_flow(instance->vars, "{tenant: t, stage: dev, v: 1}");
        assert_findings(repository, "");
    }
    /* But a manifest that seems to make the same stack is: nobody knows what it would say. */
    struct stacks *stacks = NULL;
    repository_write(repository, "stacks/deploy/b.yaml",
            "vars: {tenant: t, stage: dev}\nimport: [absent]\n");
    assert_int_equal(
            stacks_load_component(&repository->run, STR("vpc"), STR("t-dev"), false, &stacks),
            ERR_NOT_FOUND);
}

/* ---- repositories by chance ---- */

struct chance {
    uint64_t state;
    struct buf text;
};

static unsigned pick(struct chance *chance, unsigned count)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance->state >> 33) % count;
}

static const char *choose(struct chance *chance, const char *const *texts, unsigned count)
{
    return texts[pick(chance, count)];
}

/* Variables of one level in one of the ways YAML has. */
static void add_vars(struct chance *chance, const char *indent)
{
    static const char *const keys[] = { "tenant", "stage", "\"stage\"", "'tenant'", "other",
        "name", "environment" };
    static const char *const values[] = { "a", "b", "a-b", "7", "0x7", "\"a\"", "'b'", "~",
        "true", "[a]", "{stage: a}", "" };
    if (pick(chance, 3) == 0) {
        buf_addf(&chance->text, "%svars: {%s: %s, x: 1}\n", indent, choose(chance, keys, 4),
                choose(chance, values, 8));
        return;
    }
    buf_addf(&chance->text, "%svars:\n", indent);
    for (unsigned i = 0, start = pick(chance, 7); i <= pick(chance, 2); i++) {
        /* Neighbors of the list are different keys. */
        buf_addf(&chance->text, "%s  %s: %s\n", indent, keys[(start + i * 4) % 7],
                choose(chance, values, 12));
    }
}

static void add_component(struct chance *chance, unsigned number)
{
    buf_addf(&chance->text, "    c%u:\n      settings: {s: %u}\n", number, number);
    if (pick(chance, 4) == 0) {
        add_vars(chance, "      ");
    }
    if (number > 0 && pick(chance, 3) == 0) {
        buf_addf(&chance->text, "      metadata: {inherits: [c%u]}\n", number - 1);
    }
}

static struct str make_manifest(struct chance *chance, bool is_top, unsigned catalogs)
{
    static const char *const forms[] = { "import:\n- catalog/%u\n", "import: [catalog/%u]\n",
        "import:\n  # where from\n  - path: \"catalog/%u\"\n",
        "import: [\n  'catalog/%u'\n]\n" };
    buf_reset(&chance->text);
    if (catalogs > 0 && pick(chance, 4) > 0) {
        buf_addf(&chance->text,
                pick(chance, 2) ? "# a comment that isn't closed: \"\n" : "---\n");
        unsigned form = pick(chance, 4);
        const char *start = strstr(forms[form], "%u");
        buf_add(&chance->text, (struct str){ forms[form], (size_t)(start - forms[form]) });
        buf_addf(&chance->text, "%u%s", pick(chance, catalogs), start + 2);
    }
    if (pick(chance, 4) > 0) {
        add_vars(chance, "");
    }
    if (pick(chance, 10) == 0) {
        buf_addf(&chance->text, "name: %s\n", pick(chance, 2) ? "a-b" : "\"a\"");
    }
    if (pick(chance, 5) == 0) {
        buf_addf(&chance->text, "terraform:\n");
        add_vars(chance, "  ");
    }
    if (is_top || pick(chance, 2)) {
        buf_addf(&chance->text, "components:\n  terraform:\n");
        for (unsigned i = 0; i <= pick(chance, 2) + is_top; i++) {
            add_component(chance, i);
        }
    }
    return buf_str(&chance->text);
}

static const char *const namings[] = { "", "  name_pattern: \"{tenant}-{stage}\"\n",
    "  name_template: \"{{ .vars.tenant }}-{{ .vars.stage }}\"\n",
    "  name_template: \"{{ .vars.stage }}{{ .settings.s }}\"\n",
    "  name_template: \"{{ if hasKey .vars \\\"tenant\\\" }}{{ .vars.tenant }}-{{ end }}x{{ "
    "print .vars.stage }}\"\n",
    "  name_template: \"{{ .vars.tenant }}-{{ get .vars \\\"stage\\\" | upper | lower | "
    "default .component }}\"\n",
    "  name_pattern: \"{stage}\"\n" };

static void test_chance(void **state)
{
    struct repository *repository = *state;
    size_t compared = 0;
    for (unsigned seed = 1; seed <= 150; seed++) {
        struct chance chance = { .state = seed * 7919, .text = BUF_INIT(BUF_UNBOUNDED) };
        struct comparison c = { .repository = repository, .is_exact = true };
        reopen(repository);
        struct arena *arena = repository->run.arena;
        repository_write(repository, "atmos.yaml",
                arena_printf(arena, CONFIG("%s"), choose(&chance, namings, 7)).ptr);
        for (unsigned i = 0; i < 8; i++) {
            struct str text = make_manifest(&chance, i >= 4, i < 4 ? i : 4);
            write_file(repository,
                    arena_printf(arena, "stacks/%s/%u.yaml", i < 4 ? "catalog" : "deploy", i)
                            .ptr,
                    text);
        }
        compare_all(&c);
        compared += c.compared;
        buf_clear(&chance.text);
    }
    assert_true(compared > 1000);
}

/* ---- the repositories of the reference ---- */

static void test_reference(void **state)
{
    (void)state;
    struct str here = STR_EMPTY;
    struct folder_entry *entries = NULL;
    size_t count = 0;
    size_t compared = 0;
    struct arena *arena = arena_new();
    assert_int_equal(folder_current(arena, &here), 0);
    assert_int_equal(
            folder_list(arena, path_join(arena, here, STR("tests/oracle")), &entries, &count),
            0);
    for (size_t i = 0; i < count; i++) {
        struct str folder = arena_printf(
                arena, "%.*s/tests/oracle/%.*s/repo", STR_ARG(here), STR_ARG(entries[i].name));
        struct repository repository = { .folder = folder };
        struct comparison c = { .repository = &repository };
        if (!file_is_folder(folder)) {
            continue;
        }
        run_init(&repository.run, NULL, NULL);
        repository.run.folder = folder;
        repository.run.env.items = repository.variables;
        repository_setenv(&repository, "ATMOS_GIT_ROOT_BASEPATH=false");
        compare_all(&c);
        compared += c.compared;
        repository_close(&repository);
    }
    arena_free(arena);
    if (compared < 200) {
        fail_msg("only %zu instances were compared", compared);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ways),
        TEST(test_two_manifests),
        TEST(test_broken_elsewhere),
        TEST(test_chance),
        TEST(test_reference),
    };
    return RUN_TESTS(tests);
}
