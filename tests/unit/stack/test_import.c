/* SPDX-License-Identifier: Apache-2.0 */
/* Which manifests are read, how imports are resolved and merged, and what is wrong with them. */
#include <sys/stat.h>
#include <unistd.h>

#include "stack_fixture.h"

static struct str names_of(struct repository *repository, const struct stacks *stacks)
{
    struct str *names = ARENA_ARRAY(repository->run.arena, struct str, stacks->count);
    for (size_t i = 0; i < stacks->count; i++) {
        names[i] = stacks->items[i].name;
    }
    return arena_join(repository->run.arena, names, stacks->count, STR(" "));
}

#define COMPONENT "components: {terraform: {x: {vars: {}}}}\n"

static void test_selection(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", CONFIG("") "x-extra: 1\n");
    repository_write(repository, "stacks/deploy/b.yml", COMPONENT);
    repository_write(repository, "stacks/deploy/a/c.yaml", COMPONENT);
    repository_write(repository, "stacks/deploy/.hidden.yaml", COMPONENT);
    repository_write(repository, "stacks/deploy/a/_defaults.yaml", COMPONENT);
    repository_write(repository, "stacks/deploy/notes.txt", "no manifest");
    repository_write(repository, "stacks/other/d.yaml", COMPONENT);
    struct stacks *stacks = NULL;
    assert_int_equal(fixture_load(repository, &stacks), 0);
    assert_str(names_of(repository, stacks), "deploy/.hidden deploy/a/c deploy/b");
    assert_int_equal(stacks->manifest_count, 3);
}

static void test_nothing_selected(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/other/d.yaml", COMPONENT);
    assert_broken(repository, ERR_NOT_FOUND,
            "atmos.yaml:4:19: error: stack/no-manifests: no stack manifest matches "
            "\"stacks/deploy/**/*\"\n");
}

static void test_malformed_pattern(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "stacks: {base_path: stacks, included_paths: [\"a[b\"]}\n");
    repository_write(repository, "stacks/deploy/d.yaml", COMPONENT);
    assert_broken(repository, ERR_INVALID,
            "atmos.yaml:1:46: error: stack/bad-pattern: the pattern \"a[b\" of "
            "\"stacks.included_paths\" is malformed\n");
}

static void test_both_extensions(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/d.yaml", "name: from-yaml\n" COMPONENT);
    repository_write(repository, "stacks/deploy/d.yml", "name: from-yml\n" COMPONENT);
    struct stacks *stacks = fixture_load_with(repository, 0,
            "stacks/deploy/d.yml:0:0: warning: stack/same-key: "
            "\"deploy/d\" is selected with both "
            "extensions; the .yaml file is used\n");
    assert_str(names_of(repository, stacks), "from-yaml");
}

/* Later imports win, the importer wins over all; a file reached twice counts at both places. */
static void test_merge_order(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "stacks/catalog/base.yaml", "vars: {a: base, b: base, c: base}\n");
    repository_write(repository, "stacks/catalog/left.yaml",
            "import: [catalog/base]\nvars: {b: left, c: left}\n");
    repository_write(repository, "stacks/catalog/right.yaml",
            "import: [catalog/base]\nvars: {c: right}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/left, catalog/right]\nvars: {a: dev}\n" COMPONENT);
    const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
    assert_flow(x->vars, "{a: dev, b: base, c: right}");
    assert_flow(x->imports, "[catalog/base, catalog/left, catalog/right]");
}

static void test_spellings(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/net.v2.yaml", "vars: {dotted: 1}\n");
    repository_write(repository, "stacks/catalog/old.yml", "vars: {yml: 1}\n");
    repository_write(repository, "stacks/catalog/many/a.yaml", "vars: {glob: a}\n");
    repository_write(repository, "stacks/catalog/many/b.yaml", "vars: {glob: b}\n");
    repository_write(repository, "stacks/catalog/many/c.yml", "vars: {glob: c}\n");
    repository_write(repository, "stacks/deploy/eu/near.yaml", "vars: {near: 1}\n");
    repository_write(repository, "stacks/deploy/above.yaml", "vars: {above: 1}\n");
    repository_write(repository, "stacks/deploy/eu/dev.yaml",
            "import:\n"
            "  - catalog/net.v2.yaml\n"
            "  - catalog/old\n"
            "  - catalog/many/*\n"
            "  - ./near\n"
            "  - ../above.yaml\n"
            "  - {path: catalog/absent, skip_if_missing: true}\n"
            "  - {path: catalog/absent/*, skip_if_missing: true}\n"
            "  - {path: catalog/old, context: {no: delimiters}}\n" COMPONENT);
    const struct instance *x = fixture_instance(repository, "x", "deploy/eu/dev");
    assert_flow(x->vars, "{dotted: 1, yml: 1, glob: b, near: 1, above: 1}");
    assert_flow(x->imports,
            "[catalog/many/a, catalog/many/b, catalog/net.v2, catalog/old, deploy/above, "
            "deploy/eu/near]");
}

static void test_special_characters_in_the_folder_name(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "stacks: {base_path: \"st{a,b}[c]\", included_paths: [\"*\"]}\n");
    repository_write(repository, "st{a,b}[c]/dev.yaml", "import: [\"sub/*\"]\n" COMPONENT);
    repository_write(repository, "st{a,b}[c]/sub/a.yaml", "vars: {found: 1}\n");
    assert_flow(fixture_instance(repository, "x", "dev")->vars, "{found: 1}");
}

static void test_all_bad_imports_are_said(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/vpc.yaml", "vars: {}\n");
    repository_write(repository, "stacks/catalog/folder/f.yaml", "vars: {}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import:\n"
            "  - catalog/vcp\n"
            "  -\n"
            "  - {context: {a: 1}}\n"
            "  - 7\n"
            "  - catalog/folder\n"
            "  - /catalog/vpc\n"
            "  - catalog/none*\n"
            "  - {path: catalog/vpc, context: text}\n" COMPONENT);
    repository_write(
            repository, "stacks/deploy/prod.yaml", "import: {path: catalog/vpc}\n" COMPONENT);
    assert_broken(repository, ERR_NOT_FOUND,
            "stacks/deploy/dev.yaml:2:5: error: stack/import-not-found: the import "
            "\"catalog/vcp\" "
            "of \"deploy/dev\" does not exist\n"
            "stacks/deploy/dev.yaml:3:4: error: stack/bad-import: an item of \"import\" is "
            "empty in "
            "\"deploy/dev\"\n"
            "stacks/deploy/dev.yaml:4:5: error: stack/bad-import: an item of \"import\" has no "
            "\"path\" in \"deploy/dev\"\n"
            "stacks/deploy/dev.yaml:5:5: error: stack/bad-import: an item of \"import\" is not "
            "a "
            "path in \"deploy/dev\"\n"
            "stacks/deploy/dev.yaml:6:5: error: stack/bad-import: the import "
            "\"catalog/folder\" of "
            "\"deploy/dev\" is a folder\n"
            "stacks/deploy/dev.yaml:7:5: error: stack/bad-import: an item of \"import\" is an "
            "absolute path in \"deploy/dev\"\n"
            "stacks/deploy/dev.yaml:8:5: error: stack/import-not-found: the import "
            "\"catalog/none*\" of \"deploy/dev\" does not exist\n"
            "stacks/deploy/dev.yaml:9:34: error: stack/bad-import: the \"context\" of an "
            "import is "
            "not a map in \"deploy/dev\"\n"
            "stacks/deploy/prod.yaml:1:9: error: stack/bad-import: \"import\" must be a list, "
            "but is "
            "not in \"deploy/prod\"\n");
    assert_str(repository->run.diags.list.items[0].hint, "did you mean \"catalog/vpc\"?");
    assert_int_equal(diags_exit_code(&repository->run.diags), EXIT_DATA);
}

/* Every item may have been commented out. */
static void test_nothing_to_import(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "stacks/deploy/dev.yaml", "import:\n  # - catalog/vpc\n" COMPONENT);
    repository_write(repository, "stacks/deploy/prod.yaml", "import: []\n" COMPONENT);
    assert_int_equal(fixture_resolve(repository)->count, 2);
}

static void test_dotted_name_hint(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/net.v2.yaml", "vars: {}\n");
    repository_write(
            repository, "stacks/deploy/dev.yaml", "import: [catalog/net.v2]\n" COMPONENT);
    assert_broken(repository, ERR_NOT_FOUND,
            "stacks/deploy/dev.yaml:1:10: error: stack/import-not-found: the import "
            "\"catalog/net.v2\" of \"deploy/dev\" does not exist\n");
    assert_str(repository->run.diags.list.items[0].hint,
            "a name with a dot gets no extension: write \"catalog/net.v2.yaml\"");
}

static void test_cycles(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/a.yaml", "import: [catalog/b]\n");
    repository_write(repository, "stacks/catalog/b.yaml", "import: [catalog/c]\n");
    repository_write(repository, "stacks/catalog/c.yaml", "import: [catalog/a]\n");
    repository_write(repository, "stacks/deploy/dev.yaml", "import: [catalog/a]\n" COMPONENT);
    repository_write(repository, "stacks/deploy/self.yaml", "import: [./self]\n" COMPONENT);
    assert_broken(repository, ERR_INVALID,
            "stacks/catalog/c.yaml:1:10: error: stack/import-cycle: import cycle: catalog/a -> "
            "catalog/b -> catalog/c -> catalog/a\n"
            "stacks/deploy/self.yaml:1:10: error: stack/import-cycle: the manifest "
            "\"deploy/self\" "
            "imports itself\n");
}

static void test_long_chain(void **state)
{
    struct repository *repository = *state;
    struct arena *arena = repository->run.arena;
    for (int i = 0; i < 1000; i++) {
        struct str name = arena_printf(arena, "stacks/chain/c%d.yaml", i);
        struct str text =
                arena_printf(arena, "import: [chain/c%d]\nvars: {at: %d}\n", i + 1, i);
        repository_write(repository, name.ptr, text.ptr);
    }
    repository_write(repository, "stacks/chain/c1000.yaml", "vars: {deepest: 1, at: 1000}\n");
    repository_write(repository, "stacks/deploy/dev.yaml", "import: [chain/c0]\n" COMPONENT);
    const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
    assert_flow(x->vars, "{deepest: 1, at: 0}");
    assert_int_equal(value_count(x->imports), 1001);
}

static void test_escape(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "shared/inside.yaml", "vars: {inside: 1}\n");
    repository_write(
            repository, "stacks/deploy/good.yaml", "import: [../../shared/inside]\n" COMPONENT);
    /* Outside the stacks folder, but in the repository. */
    const struct instance *x = fixture_instance(repository, "x", "deploy/good");
    assert_flow(x->vars, "{inside: 1}");
    assert_flow(x->imports, "[../shared/inside]");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import:\n  - ../../../outside\n  - catalog/../../../*\n" COMPONENT);
    repository->run.is_strict = true; /* else a warning, and the import counts */
    assert_broken(repository, ERR_DENIED,
            "stacks/deploy/dev.yaml:2:5: error: stack/import-escapes: the import "
            "\"../../../outside\" of \"deploy/dev\" leaves the repository\n"
            "stacks/deploy/dev.yaml:3:5: error: stack/import-escapes: the import "
            "\"catalog/../../../*\" of \"deploy/dev\" leaves the repository\n");
}

static void test_what_is_no_file(void **state)
{
    struct repository *repository = *state;
    struct arena *arena = repository->run.arena;
    repository_write(
            repository, "stacks/deploy/dev.yaml", "import: [catalog/pipe]\n" COMPONENT);
    repository_write(repository, "stacks/catalog/ok.yaml", "");
    struct str top = path_join(arena, repository->folder, STR("stacks/deploy/fifo.yaml"));
    struct str below = path_join(arena, repository->folder, STR("stacks/catalog/pipe.yaml"));
    assert_int_equal(mkfifo(top.ptr, 0600), 0);
    assert_int_equal(mkfifo(below.ptr, 0600), 0);
    struct str link = path_join(arena, repository->folder, STR("stacks/deploy/link.yaml"));
    assert_int_equal(symlink("nowhere", link.ptr), 0);
    assert_broken(repository, ERR_IO,
            "stacks/deploy/dev.yaml:1:10: error: stack/unreadable: cannot read "
            "\"stacks/catalog/pipe.yaml\": it is not a regular file\n"
            "stacks/deploy/fifo.yaml:0:0: error: stack/unreadable: cannot read "
            "\"stacks/deploy/fifo.yaml\": it is not a regular file\n"
            "stacks/deploy/link.yaml:0:0: error: stack/unreadable: cannot read "
            "\"stacks/deploy/link.yaml\": No such file or directory\n");
}

static void test_unsupported_imports(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", CONFIG("") "templates: {settings: {enabled: true}}\n");
    repository_write(repository, "stacks/catalog/t.yaml.tmpl", "vars: {{ .a }}\n");
    repository_write(repository, "stacks/catalog/both.yaml", "vars: {}\n");
    repository_write(repository, "stacks/catalog/both.yaml.tmpl", "# {{ .a }}\n");
    repository_write(repository, "stacks/catalog/deep.yaml", "vars: {a: \"{{ .flavor }}\"}\n");
    repository_write(repository, "stacks/catalog/over.yaml", "import: [catalog/deep]\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import:\n"
            "  - catalog/t\n"
            "  - catalog/both.yaml\n"
            "  - git::https://example.com/x.git//y\n"
            "  - \"catalog/{{ .vars.stage }}\"\n"
            "  - {path: catalog/over, context: {flavor: blue}}\n" COMPONENT);
    assert_broken(repository, ERR_UNSUPPORTED,
            "stacks/deploy/dev.yaml:2:5: error: stack/unsupported: template files are not "
            "supported "
            "yet: \"catalog/t.yaml.tmpl\"\n"
            "stacks/deploy/dev.yaml:3:5: error: stack/unsupported: template files are not "
            "supported "
            "yet: \"catalog/both.yaml.tmpl\"\n"
            "stacks/deploy/dev.yaml:4:5: error: stack/unsupported: remote imports are not "
            "supported "
            "yet: \"git::https://example.com/x.git//y\"\n"
            "stacks/deploy/dev.yaml:5:5: error: stack/unsupported: templates in import paths "
            "are not "
            "supported yet: \"catalog/{{ .vars.stage }}\"\n"
            "stacks/deploy/dev.yaml:6:12: error: stack/unsupported: templates in a manifest "
            "imported "
            "with a context are not supported yet: \"catalog/over\"\n");
}

/* Template files without delimiters are manifests; an explicit .yaml yields to its template. */
static void test_template_files_without_templates(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/t.yaml.tmpl", "vars: {t: 1}\n");
    repository_write(repository, "stacks/catalog/u.yml.tmpl", "vars: {u: 1}\n");
    repository_write(repository, "stacks/catalog/both.yaml", "vars: {from: plain}\n");
    repository_write(repository, "stacks/catalog/both.yaml.tmpl", "vars: {from: template}\n");
    repository_write(repository, "stacks/deploy/a.yaml.tmpl",
            "import: [catalog/t, catalog/u, catalog/both.yaml]\n" COMPONENT);
    repository_write(repository, "stacks/deploy/b.yaml",
            "import: [\"catalog/*.tmpl\", catalog/both]\n" COMPONENT);
    const struct instance *a = fixture_instance(repository, "x", "deploy/a.yaml.tmpl");
    assert_flow(a->vars, "{t: 1, u: 1, from: template}");
    assert_flow(a->imports, "[catalog/both.yaml, catalog/t.yaml, catalog/u.yml]");
    const struct instance *b = fixture_instance(repository, "x", "deploy/b");
    assert_flow(b->vars, "{from: plain, t: 1, u: 1}");
    assert_flow(b->imports, "[catalog/both, catalog/both.yaml, catalog/t.yaml, catalog/u.yml]");
}

/* A context reaches what the imported file imports; skipping templates concerns the file alone. */
static void test_contexts(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/text.yaml",
            "# {{ .comment }}\nvars: {a: \"{{ .flavor }}\"}\n");
    repository_write(repository, "stacks/catalog/plain.yaml", "# {{ .x }}\nvars: {p: 1}\n");
    repository_write(repository, "stacks/catalog/over.yaml",
            "import: [{path: catalog/text, skip_templates_processing: true}]\n");
    repository_write(repository, "stacks/catalog/mid.yaml", "import: [catalog/text]\n");
    repository_write(repository, "stacks/deploy/good.yaml",
            "import:\n"
            "  - {path: catalog/plain, context: {flavor: blue}, "
            "ignore_missing_template_values: "
            "true}\n"
            "  - {path: catalog/text, context: {flavor: blue}, skip_templates_processing: "
            "true}\n"
            "  - {path: catalog/over, context: {flavor: blue}}\n"
            "  - {path: catalog/none, context: {flavor: blue}, skip_if_missing: true}\n"
            "  - {path: \"catalog/n*\", skip_if_missing: true}\n" COMPONENT);
    assert_flow(
            fixture_instance(repository, "x", "deploy/good")->vars, "{p: 1, a: {{ .flavor }}}");
    repository_write(repository, "stacks/deploy/bad.yaml",
            "import:\n"
            "  - {path: catalog/mid, context: {flavor: blue}, skip_templates_processing: "
            "true}\n"
            "  - {path: catalog/t*, context: {flavor: blue}}\n" COMPONENT);
    assert_broken(repository, ERR_UNSUPPORTED,
            "stacks/deploy/bad.yaml:2:12: error: stack/unsupported: templates in a manifest "
            "imported "
            "with a context are not supported yet: \"catalog/mid\"\n"
            "stacks/deploy/bad.yaml:3:12: error: stack/unsupported: templates in a manifest "
            "imported "
            "with a context are not supported yet: \"catalog/t*\"\n");
}

/* Every form of pattern; what it matches comes in byte order, files before folders. */
static void test_patterns(void **state)
{
    struct repository *repository = *state;
    static const char *const names[] = { "9-b.yaml", "10-a.yaml", "z.yml", "sub/c.yaml",
        "sub/deep/d.yaml" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        repository_write(repository,
                arena_printf(repository->run.arena, "stacks/mixins/%s", names[i]).ptr,
                arena_printf(repository->run.arena, "vars: {last: %s}\n", names[i]).ptr);
    }

    static const struct {
        const char *import;
        const char *last;
        const char *imports;
    } cases[] = {
        { "mixins/*", "9-b.yaml", "[mixins/10-a, mixins/9-b]" },
        { "mixins/**/*", "sub/deep/d.yaml",
                "[mixins/10-a, mixins/9-b, mixins/sub/c, mixins/sub/deep/d]" },
        { "mixins/{10-a,z}.{yaml,yml}", "z.yml", "[mixins/10-a, mixins/z]" },
        { "mixins/sub/?.yaml", "sub/c.yaml", "[mixins/sub/c]" },
        { "mixins/[0-9]*", "9-b.yaml", "[mixins/10-a, mixins/9-b]" },
        { "mixins/[!9]*.y*", "z.yml", "[mixins/10-a, mixins/z]" },
        { "../mixins/su*/*", "sub/c.yaml", "[mixins/sub/c]" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        repository_write(repository, "stacks/deploy/dev.yaml",
                arena_printf(
                        repository->run.arena, "import: [\"%s\"]\n" COMPONENT, cases[i].import)
                        .ptr);
        const struct instance *x = fixture_instance(repository, "x", "deploy/dev");
        assert_str(value_text(value_get_str(x->vars, STR("last"))), cases[i].last);
        assert_flow(x->imports, cases[i].imports);
    }
}

static void test_delimiters_in_a_path_while_templates_are_off(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "stacks/deploy/dev.yaml", "import: [\"catalog/{{ .a }}\"]\n" COMPONENT);
    struct stacks *stacks = fixture_load_with(repository, 0,
            "stacks/deploy/dev.yaml:1:10: warning: stack/import-ignored: the import "
            "\"catalog/{{ .a }}\" of \"deploy/dev\" matches no file and is skipped\n");
    assert_str(names_of(repository, stacks), "deploy/dev");
}

static void test_one_bad_file_is_said_once(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/bad.yaml", "- a\n- b\n");
    repository_write(repository, "stacks/deploy/dev.yaml", "import: [catalog/bad]\n" COMPONENT);
    repository_write(
            repository, "stacks/deploy/prod.yaml", "import: [catalog/bad]\n" COMPONENT);
    repository_write(repository, "stacks/deploy/good.yaml", COMPONENT);
    struct stacks *stacks = fixture_load_with(repository, ERR_INVALID,
            "stacks/catalog/bad.yaml:1:1: error: stack/not-a-map: the "
            "manifest \"catalog/bad\" must "
            "be a map of sections\n");
    /* What can be resolved is there. */
    assert_str(names_of(repository, stacks), "deploy/good");
}

static void test_empty_manifests(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/none.yaml", "");
    repository_write(repository, "stacks/catalog/comment.yaml", "# nothing yet\n");
    repository_write(repository, "stacks/deploy/empty.yaml", "");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/none, catalog/comment]\n" COMPONENT);
    struct stacks *stacks = fixture_resolve(repository);
    assert_str(names_of(repository, stacks), "deploy/dev");
    assert_int_equal(stacks->manifest_count, 2);
}

/* `!append` adds to what earlier files have at the same key; between levels the mark is lost. */
static void test_append_between_files(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/catalog/a.yaml",
            "vars: {root: [r]}\n"
            "components: {terraform: {x: {vars: {l: [1], deep: {l: [1]}, none: [], s: t}}}}\n");
    repository_write(repository, "stacks/mixins/b.yaml",
            "components: {terraform: {x: {vars: {l: !append [2]}}}}\n");
    repository_write(repository, "stacks/deploy/dev.yaml",
            "import: [catalog/a, mixins/b]\n"
            "components:\n"
            "  terraform:\n"
            "    x:\n"
            "      vars:\n"
            "        l: !append [3]\n"
            "        deep: {l: !append [2]}\n"
            "        none: !append [1]\n"
            "        s: !append [1]\n"
            "        root: !append [x]\n"
            "        new: !append []\n");
    assert_flow(fixture_instance(repository, "x", "deploy/dev")->vars,
            "{root: [x], l: [1, 2, 3], deep: {l: [1, 2]}, none: [1], s: [1], new: []}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_selection),
        TEST(test_append_between_files),
        TEST(test_nothing_selected),
        TEST(test_malformed_pattern),
        TEST(test_both_extensions),
        TEST(test_merge_order),
        TEST(test_spellings),
        TEST(test_special_characters_in_the_folder_name),
        TEST(test_all_bad_imports_are_said),
        TEST(test_nothing_to_import),
        TEST(test_dotted_name_hint),
        TEST(test_cycles),
        TEST(test_long_chain),
        TEST(test_escape),
        TEST(test_what_is_no_file),
        TEST(test_unsupported_imports),
        TEST(test_template_files_without_templates),
        TEST(test_contexts),
        TEST(test_patterns),
        TEST(test_delimiters_in_a_path_while_templates_are_off),
        TEST(test_one_bad_file_is_said_once),
        TEST(test_empty_manifests),
    };
    return RUN_TESTS(tests);
}
