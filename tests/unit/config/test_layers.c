/* SPDX-License-Identifier: Apache-2.0 */
/* Imports, drop-in folders, profiles, lists of commands and YAML functions of the configuration. */
#include <stdio.h>
#include <string.h>

#include "repository.h"

#define STACKS "stacks: {base_path: stacks, included_paths: [\"*\"]}\n"

static int setup(void **state)
{
    int err = repository_setup(state);
    repository_write(*state, "stacks/dev.yaml", "");
    return err;
}

static void load(struct repository *repository, int expected)
{
    assert_int_equal(config_load(&repository->run, NULL, true), expected);
}

static struct str text(const struct repository *repository, const char *dotted)
{
    return config_text(repository->run.config, dotted);
}

/* A part of the configuration as JSON on one line. */
static void assert_json(struct repository *repository, const char *dotted, const char *expected)
{
    struct buf json = BUF_INIT(BUF_UNBOUNDED);
    json_write(&json, config_get(repository->run.config, dotted), JSON_COMPACT);
    assert_str(buf_str(&json), expected);
    buf_clear(&json);
}

/* ---- imports ---- */

static void test_imports_are_below_the_importer(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "import: [conf/one, conf/two.yaml, \"conf/more/*\"]\n" STACKS "env: {A: main}\n");
    repository_write(repository, "conf/one.yml", "env: {A: one, B: one, C: one, D: one}\n");
    repository_write(repository, "conf/two.yaml", "env: {B: two, C: two}\n");
    repository_write(repository, "conf/more/b.yaml", "env: {C: b, E: b}\n");
    repository_write(repository, "conf/more/a.yaml", "env: {C: a, E: a}\n");
    load(repository, 0);
    assert_findings(repository, "");
    assert_json(repository, "env",
            "{\"A\":\"main\",\"B\":\"two\",\"C\":\"b\",\"D\":\"one\",\"E\":\"b\"}");
}

static void test_imports_nest_and_start_at_base_path(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "infra/atmos.yaml", "base_path: \"..\"\nimport: conf/one\n" STACKS);
    repository_write(repository, "conf/one.yaml", "import: [deep/two]\nenv: {A: one}\n");
    /* Beside the importing file, when base_path has none. */
    repository_write(repository, "conf/deep/two.yaml", "env: {A: two, B: two}\n");
    repository->run.folder = path_join(repository->run.arena, repository->folder, STR("infra"));
    load(repository, 0);
    assert_findings(repository, "");
    assert_json(repository, "env", "{\"A\":\"one\",\"B\":\"two\"}");
}

/* Without base_path nested imports start where the main file is. */
static void test_imports_without_base_path(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, ".git/HEAD", "");
    repository_write(repository, "infra/atmos.yaml",
            "import: [conf/one]\nstacks: {base_path: "
            "stacks, included_paths: [\"*\"]}\n");
    repository_write(repository, "infra/conf/one.yaml", "import: [conf/two, three]\n");
    repository_write(repository, "infra/conf/two.yaml", "env: {A: two}\n");
    repository_write(repository, "infra/conf/three.yaml", "env: {A: near, B: near}\n");
    repository_write(repository, "three.yaml", "env: {B: git root}\n");
    repository->run.folder = path_join(repository->run.arena, repository->folder, STR("infra"));
    load(repository, 0);
    assert_findings(repository, "");
    assert_json(repository, "env", "{\"A\":\"two\",\"B\":\"git root\"}");
}

static void test_missing_import_is_a_warning(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "import: [conf/absent.yaml]\n" STACKS);
    load(repository, 0);
    assert_findings(repository, "atmos.yaml:1:10: warning: config/import-not-found: there is "
                                "no file \"conf/absent.yaml\"; the import is skipped\n");
}

static void test_wrong_imports(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "atmos.yaml", "import: [\"a[\", \"\"]\n" STACKS "nonsense: 1\n");
    load(repository, ERR_INVALID);
    assert_findings(repository,
            "atmos.yaml:1:10: error: config/bad-value: \"a[\" is not a valid pattern\n"
            "atmos.yaml:1:16: error: config/bad-value: an entry of \"import\" must be the path "
            "of a file\n"
            "atmos.yaml:3:1: warning: config/unknown-key: unknown key \"nonsense\"\n");
}

static void test_import_cycle(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "import: [a.yaml]\n" STACKS);
    repository_write(repository, "a.yaml", "import: [b.yaml]\nenv: {A: a}\n");
    repository_write(repository, "b.yaml", "import: [a.yaml]\nenv: {A: b, B: b}\n");
    load(repository, 0);
    assert_findings(repository, "b.yaml:1:10: warning: config/import-cycle: \"a.yaml\" is "
                                "imported while it is read; the import is skipped\n");
    assert_json(repository, "env", "{\"A\":\"a\",\"B\":\"b\"}");
}

static void test_imports_nest_ten_levels(void **state)
{
    struct repository *repository = *state;
    char name[32];
    char content[64];
    repository_write(repository, "atmos.yaml", "import: [l1.yaml]\n" STACKS);
    for (int i = 1; i <= 10; i++) {
        snprintf(name, sizeof(name), "l%d.yaml", i);
        snprintf(content, sizeof(content), i < 10 ? "import: [l%d.yaml]\n" : "env: {A: deep}\n",
                i + 1);
        repository_write(repository, name, content);
    }
    load(repository, 0);
    assert_str(text(repository, "env.A"), "deep");
    repository_write(repository, "l10.yaml", "import: [l11.yaml]\n");
    repository_write(repository, "l11.yaml", "env: {A: deeper}\n");
    load(repository, ERR_LIMIT);
    assert_findings(repository, "l10.yaml:1:10: error: config/import-limit: imports nest too "
                                "deep here; at most 10 are followed\n");
}

/* Files that import each other in every order end at a bound, which is said once. */
static void test_import_explosion(void **state)
{
    struct repository *repository = *state;
    char name[32];
    repository_write(repository, "atmos.yaml", "import: [\"x/*\"]\n" STACKS);
    for (int i = 0; i < 12; i++) {
        snprintf(name, sizeof(name), "x/%d.yaml", i);
        repository_write(repository, name, "import: [\"x/*\"]\n");
    }
    load(repository, ERR_LIMIT);
    size_t bound = 0;
    for (size_t i = 0; i < repository->run.diags.list.count; i++) {
        const struct diag *diag = &repository->run.diags.list.items[i];
        assert_string_equal(diag->id, "config/import-limit");
        bound += str_find_str(diag->message, STR("too many imports")) >= 0;
    }
    assert_int_equal(bound, 1);
}

static void test_errors_of_all_files_are_said(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "import: [a.yaml, b.yaml]\n" STACKS);
    repository_write(repository, "a.yaml", "logs: 1\n");
    repository_write(repository, "b.yaml", "env: [\n");
    assert_true(config_load(&repository->run, NULL, true) < 0);
    assert_int_equal(repository->run.diags.error_count, 2);
}

/* ---- drop-ins ---- */

static void test_drop_ins_are_below_imports(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "import: [i.yaml]\n" STACKS "env: {A: main}\n");
    repository_write(repository, "i.yaml", "env: {A: i, B: i}\n");
    repository_write(repository, "atmos.d/z.yaml", "env: {A: z, B: z, C: z, D: z}\n");
    repository_write(repository, "atmos.d/deep/a.yml", "env: {C: deep}\n");
    repository_write(repository, "atmos.d/deep/a.yaml", "env: {D: a}\n");
    repository_write(repository, ".atmos.d/x.yaml", "env: {D: x}\n");
    load(repository, 0);
    assert_findings(repository, "");
    /* a.yml does not count beside a.yaml. */
    assert_json(repository, "env", "{\"A\":\"main\",\"B\":\"i\",\"C\":\"z\",\"D\":\"x\"}");
}

static void test_drop_ins_of_the_git_root(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, ".git/HEAD", "");
    repository_write(repository, "atmos.d/a.yaml", "env: {A: git, B: git}\n");
    repository_write(repository, "infra/atmos.d/a.yaml", "env: {B: own}\n");
    repository_write(repository, "infra/atmos.yaml", "base_path: \"..\"\n" STACKS);
    repository->run.folder = path_join(repository->run.arena, repository->folder, STR("infra"));
    load(repository, 0);
    assert_json(repository, "env", "{\"A\":\"git\",\"B\":\"own\"}");
}

static void test_drop_ins_without_a_file(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.d/a.yaml", STACKS);
    assert_int_equal(config_load(&repository->run, NULL, false), 0);
    assert_findings(repository, "atmos.d:0:0: warning: config/ignored: \"atmos.d\" is not "
                                "read: there is no atmos.yaml beside it\n");
    assert_false(repository->run.config->is_found);
}

/* ---- commands ---- */

static void test_commands_are_merged_by_name(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "import: [c.yaml]\n" STACKS "commands:\n"
            "  - {name: up, steps: [main]}\n"
            "  - {name: group, commands: [{name: two, steps: [main]}]}\n"
            "  - {name: group sub one, steps: [words]}\n");
    repository_write(repository, "c.yaml",
            "commands:\n"
            "  - {name: down, steps: [c]}\n"
            "  - {name: up, description: gone, steps: [c]}\n"
            "  - {name: group, description: d, commands: [{name: two, steps: [c]}, "
            "{name: three}]}\n");
    load(repository, 0);
    assert_json(repository, "commands",
            "[{\"name\":\"down\",\"steps\":[\"c\"]},{\"name\":\"up\",\"steps\":[\"main\"]},"
            "{\"commands\":[{\"name\":\"two\",\"steps\":[\"main\"]},{\"name\":\"three\"},"
            "{\"commands\":[{\"name\":\"one\",\"steps\":[\"words\"]}],\"name\":\"sub\"}],"
            "\"name\":\"group\"}]");
}

/* ---- profiles ---- */

static void write_profiles(struct repository *repository)
{
    repository_write(repository, "atmos.yaml", STACKS "env: {A: main, B: main}\n");
    repository_write(repository, "profiles/ci/atmos.yaml", "env: {A: ci}\n");
    repository_write(repository, "profiles/ci/more.yaml", "env: {B: ci}\n");
    repository_write(repository, ".atmos/profiles/lab/x.yaml", "env: {A: lab}\n");
}

static void test_profiles_by_flag(void **state)
{
    struct repository *repository = *state;
    const struct str names[] = { STR_INIT("ci"), STR_INIT("lab") };
    struct config_options options = { .profiles = names, .profile_count = 2 };
    write_profiles(repository);
    repository_setenv(repository, "ATMOS_PROFILE=absent");
    assert_int_equal(config_load(&repository->run, &options, true), 0);
    assert_json(repository, "env", "{\"A\":\"lab\",\"B\":\"ci\"}");
}

static void test_profiles_by_variable_and_default(void **state)
{
    struct repository *repository = *state;
    write_profiles(repository);
    repository_write(repository, "atmos.d/p.yaml", "profiles: {default: [lab]}\n");
    load(repository, 0);
    assert_str(text(repository, "env.A"), "lab");
    repository_setenv(repository, "ATMOS_PROFILE=ci,lab");
    repository->run.config = NULL;
    load(repository, 0);
    assert_json(repository, "env", "{\"A\":\"lab\",\"B\":\"ci\"}");
}

static void test_profiles_folder(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", STACKS "profiles: {base_path: p, default: x}\n");
    repository_write(repository, "p/x/any.yaml", "env: {A: x}\n");
    load(repository, 0);
    assert_str(text(repository, "env.A"), "x");
}

static void test_unknown_profile(void **state)
{
    struct repository *repository = *state;
    write_profiles(repository);
    repository_setenv(repository, "ATMOS_PROFILE=cj,../profiles/ci");
    load(repository, ERR_NOT_FOUND);
    assert_findings(repository,
            ":0:0: error: config/profile-not-found: there is no profile \"cj\"\n"
            ":0:0: error: config/profile-not-found: there is no profile \"../profiles/ci\"\n");
    assert_str(repository->run.diags.list.items[0].hint, "did you mean \"ci\"?");
}

/* ---- functions ---- */

static void test_functions(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, ".git/HEAD", "");
    repository_write(repository, "atmos.yaml",
            STACKS "env:\n"
                   "  A: !env SET other\n"
                   "  B: !env UNSET 'two words'\n"
                   "  C: !env UNSET\n"
                   "  D: !repo-root\n"
                   "  E: !cwd sub\n"
                   "  G: !env UNSET 'it''s \\'\n"
                   "  F: !literal \"!env SET\"\n");
    repository_setenv(repository, "SET=value");
    load(repository, 0);
    struct arena *arena = repository->run.arena;
    assert_str(text(repository, "env.A"), "value");
    assert_str(text(repository, "env.B"), "two words");
    assert_str(text(repository, "env.C"), "");
    assert_str(text(repository, "env.D"), repository->folder.ptr);
    assert_str(text(repository, "env.E"), path_join(arena, repository->folder, STR("sub")).ptr);
    assert_str(text(repository, "env.F"), "!env SET");
    assert_str(text(repository, "env.G"), "it's \\");
}

/* Lists replace each other unless the later one says `!append`. */
static void test_append_adds_to_what_is_below(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "import: [a.yaml, b.yaml]\n" STACKS "schemas: {jsonschema: {l: !append [c]}, opa: "
            "{l: [c]}, cue: {l: !append [!env NAME]}}\n");
    repository_write(repository, "a.yaml", "schemas: {jsonschema: {l: [a]}, opa: {l: [a]}}\n");
    repository_write(
            repository, "b.yaml", "schemas: {jsonschema: {l: !append [b]}, opa: {l: [b]}}\n");
    repository_setenv(repository, "NAME=value");
    load(repository, 0);
    assert_json(repository, "schemas",
            "{\"cue\":{\"l\":[\"value\"]},\"jsonschema\":{\"l\":[\"a\",\"b\",\"c\"]},"
            "\"opa\":{\"l\":[\"c\"]}}");
}

static void test_unset_removes_what_is_below(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "import: [a.yaml]\n" STACKS "env: {A: !unset , L: [1, !unset , 2]}\n"
            "vendor: !unset\n");
    repository_write(repository, "a.yaml", "env: {A: a, B: b}\nvendor: {base_path: x}\n");
    load(repository, 0);
    assert_findings(repository, "");
    assert_json(repository, "env", "{\"B\":\"b\",\"L\":[1,2]}");
    assert_null(config_get(repository->run.config, "vendor"));
}

static void test_wrong_functions(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            STACKS "env:\n  A: !env\n  B: !repo-root a b\n  C: !cwd a b\n  D: !repo-root\n"
                   "  E: !env A 'b\n");
    assert_true(config_load(&repository->run, NULL, true) < 0);
    struct str folder = repository->folder;
    struct str expected = arena_printf(repository->run.arena,
            "atmos.yaml:3:6: error: config/function: !env is written `!env NAME [default]`\n"
            "atmos.yaml:4:6: error: config/function: !repo-root is written `!repo-root "
            "[default]`\n"
            "atmos.yaml:5:6: error: config/function: !cwd is written `!cwd [path]`\n"
            "atmos.yaml:6:6: error: config/function: !repo-root: \"%.*s\" is in no git "
            "repository\n"
            "atmos.yaml:7:6: error: config/function: a quote in the arguments of !env is not "
            "closed\n",
            STR_ARG(folder));
    assert_findings(repository, expected.ptr);
}

static void test_key_delimiter(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "settings.yaml.key_delimiter: \".\"\nsettings: {yaml: {key_delimiter: \".\"}}\n");
    assert_true(config_load(&repository->run, NULL, true) < 0);
    struct repository other;
    repository_open(&other);
    repository_write(&other, "atmos.yaml",
            "settings: {yaml: {key_delimiter: \".\"}}\nenv.A: x\n\"env\": {\"B.C\": y}\n");
    assert_int_equal(config_load(&other.run, NULL, false), 0);
    assert_json(&other, "env", "{\"A\":\"x\",\"B.C\":\"y\"}");
    repository_close(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, repository_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_imports_are_below_the_importer),
        TEST(test_imports_nest_and_start_at_base_path),
        TEST(test_imports_without_base_path),
        TEST(test_missing_import_is_a_warning),
        TEST(test_wrong_imports),
        TEST(test_import_cycle),
        TEST(test_imports_nest_ten_levels),
        TEST(test_import_explosion),
        TEST(test_errors_of_all_files_are_said),
        TEST(test_drop_ins_are_below_imports),
        TEST(test_drop_ins_of_the_git_root),
        TEST(test_drop_ins_without_a_file),
        TEST(test_commands_are_merged_by_name),
        TEST(test_profiles_by_flag),
        TEST(test_profiles_by_variable_and_default),
        TEST(test_profiles_folder),
        TEST(test_unknown_profile),
        TEST(test_functions),
        TEST(test_append_adds_to_what_is_below),
        TEST(test_unset_removes_what_is_below),
        TEST(test_wrong_functions),
        TEST(test_key_delimiter),
    };
    return RUN_TESTS(tests);
}
