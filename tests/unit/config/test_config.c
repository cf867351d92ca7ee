/* SPDX-License-Identifier: Apache-2.0 */
/* Finding, reading, checking and overriding the configuration. */
#include <string.h>
#include <sys/stat.h>

#include "repository.h"

#define PLAIN                                                                                  \
    "base_path: \".\"\n"                                                                       \
    "stacks:\n"                                                                                \
    "  base_path: stacks\n"                                                                    \
    "  included_paths: [\"deploy/**/*\"]\n"                                                    \
    "components: {terraform: {base_path: components/terraform}}\n"

static int load(struct repository *repository)
{
    return config_load(&repository->run, NULL, true);
}

static struct str below(struct repository *repository, const char *name)
{
    return path_join(repository->run.arena, repository->folder, str_from(name));
}

#define assert_path(repository, actual, name)                                                  \
    assert_str((actual), below((repository), (name)).ptr)

static void test_plain(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", PLAIN);
    repository_write(repository, "stacks/deploy/dev.yaml", "");
    assert_int_equal(load(repository), 0);
    const struct config *config = repository->run.config;
    assert_findings(repository, "");
    assert_true(config->is_found);
    assert_path(repository, config->base_path, ".");
    assert_path(repository, config->repository, ".");
    assert_path(repository, config->stacks_folder, "stacks");
    assert_path(repository, config->terraform_folder, "components/terraform");
    assert_str(config->terraform_base, "components/terraform");
    assert_str(config->terraform_command, "terraform");
    assert_int_equal(config->included_count, 1);
    assert_str(config->included[0], "deploy/**/*");
    assert_int_equal(config->excluded_count, 0);
    assert_true(config->workspaces_enabled);
    assert_false(config->templates_enabled);
    assert_int_equal(config->list_strategy, LIST_REPLACE);
    assert_path(repository, config->file, "atmos.yaml");
    /* With a file, these are off unless written. */
    assert_false(config_bool(config, "components.terraform.init_run_reconfigure", false));
    assert_str(config_text(config, "describe.component.filter"), "schema");
}

static void test_no_configuration(void **state)
{
    struct repository *repository = *state;
    assert_int_equal(load(repository), ERR_NOT_FOUND);
    assert_int_equal(repository->run.diags.list.count, 1);
    assert_string_equal(repository->run.diags.list.items[0].id, "config/not-found");
    assert_int_equal(diags_exit_code(&repository->run.diags), EXIT_CONFIG);
}

static void test_stacks_may_be_demanded_later(void **state)
{
    struct repository *repository = *state;
    assert_int_equal(config_load(&repository->run, NULL, false), 0);
    assert_findings(repository, "");
    assert_true(config_is_nowhere(repository->run.config));
    assert_int_equal(config_require_stacks(&repository->run), ERR_NOT_FOUND);
    assert_int_equal(repository->run.diags.error_count, 1);
    repository_write(repository, "stacks/orgs/dev.yaml", "");
    assert_false(config_is_nowhere(repository->run.config));
    assert_int_equal(config_require_stacks(&repository->run), 0);
}

static void test_defaults_without_file(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/orgs/dev.yaml", "");
    assert_int_equal(load(repository), 0);
    const struct config *config = repository->run.config;
    assert_false(config->is_found);
    assert_str(config->included[0], "orgs/**/*");
    assert_str(config->excluded[0], "**/_defaults.yaml");
    assert_str(config->name_pattern, "{tenant}-{environment}-{stage}");
    assert_true(config->templates_enabled);
    assert_true(config_bool(config, "components.terraform.init_run_reconfigure", false));
}

static void test_layers_and_key_case(void **state)
{
    struct repository *repository = *state;
    /* Below the home folder, lower than the repository's own file. */
    repository_write(repository, "home/.atmos/atmos.yaml",
            "Components: {Terraform: {Command: tofu, base_path: elsewhere}}\n"
            "env: {Region_Name: home, KEEP: \"1\"}\n");
    repository_write(repository, "atmos.yaml", PLAIN "env: {Region_Name: here}\n");
    repository_write(repository, "stacks/deploy/dev.yaml", "");
    struct str home =
            arena_printf(repository->run.arena, "HOME=%s/home", repository->folder.ptr);
    repository_setenv(repository, home.ptr);
    assert_int_equal(load(repository), 0);
    const struct config *config = repository->run.config;
    assert_str(config->terraform_command, "tofu");
    assert_str(config->terraform_base, "components/terraform");
    assert_str(config_text(config, "env.Region_Name"), "here");
    assert_str(config_text(config, "env.KEEP"), "1");
}

static void test_found_from_a_subfolder(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", PLAIN);
    repository_write(repository, "stacks/deploy/dev.yaml", "");
    repository->run.folder = below(repository, "stacks/deploy");
    assert_int_equal(load(repository), 0);
    assert_path(repository, repository->run.config->base_path, ".");
}

static void test_git_root_is_the_base(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, ".git/HEAD", "ref: refs/heads/main\n");
    repository_write(repository, "infra/atmos.yaml",
            "base_path: \"\"\n"
            "stacks: {base_path: infra/stacks, included_paths: [\"*\"]}\n");
    repository_write(repository, "infra/stacks/dev.yaml", "");
    repository->run.folder = below(repository, "infra");
    assert_int_equal(load(repository), 0);
    assert_path(repository, repository->run.config->base_path, ".");
    assert_path(repository, repository->run.config->repository, ".");
    assert_path(repository, repository->run.config->stacks_folder, "infra/stacks");
}

static void test_base_path_table(void **state)
{
    static const struct {
        const char *written;
        bool is_from_outside;
        const char *expected;
    } cases[] = {
        { ".", false, "conf" },
        { "..", false, "." },
        { "./x", false, "conf/x" },
        { ".", true, "work" },
        { "../conf", true, "conf" },
        { "", false, "conf" },
        { "x", false, "conf/x" }, /* exists there */
        { "y", false, "work/y" }, /* exists there */
        { "y", true, "work/y" },
        { "z", false, "conf/z" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct repository *repository = *state;
        struct run *run = &repository->run;
        struct str file = arena_printf(run->arena, "base_path: \"%s\"\n",
                cases[i].is_from_outside ? "ignored" : cases[i].written);
        repository_write(repository, "conf/atmos.yaml", file.ptr);
        repository_write(repository, "conf/x/f", "");
        repository_write(repository, "work/y/f", "");
        run->folder = below(repository, "work");
        run->config = NULL;
        struct str folder = below(repository, "conf");
        struct config_options options = { .folders = &folder, .folder_count = 1 };
        if (cases[i].is_from_outside) {
            options.base_path = str_from(cases[i].written);
        }
        assert_int_equal(config_load(run, &options, false), 0);
        assert_path(repository, run->config->base_path, cases[i].expected);
    }
}

static void test_repeated_segments_are_joined_once(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "base_path: infra/live\n"
            "stacks: {base_path: infra/live/stacks, included_paths: [\"*\"]}\n");
    repository_write(repository, "infra/live/stacks/dev.yaml", "");
    assert_int_equal(load(repository), 0);
    assert_path(repository, repository->run.config->stacks_folder, "infra/live/stacks");
}

static void test_overrides(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            PLAIN
            "env: {ATMOS_SETTINGS_LIST_MERGE_STRATEGY: append, ATMOS_LOGS_LEVEL: Info}\n");
    repository_write(repository, "other/a.yaml", "");
    repository_setenv(repository, "ATMOS_STACKS_BASE_PATH=stacks");
    repository_setenv(repository, "ATMOS_STACKS_EXCLUDED_PATHS=a.yaml, b.yaml");
    repository_setenv(repository, "ATMOS_COMPONENTS_TERRAFORM_INIT_PASS_VARS=T");
    repository_setenv(repository, "ATMOS_LOGS_LEVEL=Debug");
    const struct config_setting setting = { STR_INIT("stacks.base_path"), STR_INIT("other"),
        STR_INIT("--stacks-dir") };
    struct config_options options = { .settings = &setting, .setting_count = 1 };
    assert_int_equal(config_load(&repository->run, &options, true), 0);
    const struct config *config = repository->run.config;
    assert_path(repository, config->stacks_folder, "other");
    assert_int_equal(config->excluded_count, 2);
    assert_str(config->excluded[1], "b.yaml");
    assert_true(config_bool(config, "components.terraform.init.pass_vars", false));
    assert_int_equal(config->list_strategy, LIST_APPEND);
    /* The process's own variable beats the one of the file. */
    assert_str(config_text(config, "logs.level"), "Debug");
}

static void test_bad_overrides(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", PLAIN);
    repository_setenv(repository, "ATMOS_COMPONENTS_TERRAFORM_APPLY_AUTO_APPROVE=maybe");
    assert_int_equal(load(repository), ERR_INVALID);
    assert_findings(repository, ":0:0: error: config/bad-override: "
                                "ATMOS_COMPONENTS_TERRAFORM_APPLY_AUTO_APPROVE must "
                                "be true or false, not \"maybe\"\n");
}

static void test_bad_choice_from_outside(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", PLAIN);
    repository_setenv(repository, "ATMOS_LOGS_LEVEL=loud");
    assert_int_equal(load(repository), ERR_INVALID);
    assert_findings(repository, ":0:0: error: config/bad-override: ATMOS_LOGS_LEVEL must be "
                                "Trace, Debug, Info, Warning, Error or Off, not \"loud\"\n");
}

static void test_bad_choice_has_the_nearest(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            PLAIN "settings: {list_merge_strategy: repalce}\n"
                  "list: {error_mode: srtict}\nlogs: {level: WARNING}\n");
    assert_int_equal(load(repository), ERR_INVALID);
    const struct diags *diags = &repository->run.diags;
    assert_int_equal(diags->list.count, 2);
    assert_string_equal(diags->list.items[0].message.ptr,
            "\"settings.list_merge_strategy\" must be "
            "replace, append or merge, not \"repalce\"");
    assert_str(diags->list.items[0].hint, "did you mean \"replace\"?");
    assert_string_equal(diags->list.items[1].message.ptr,
            "\"list.error_mode\" must be warn, strict or silent, not \"srtict\"");
    assert_str(diags->list.items[1].hint, "did you mean \"strict\"?");
}

static void test_all_problems_are_said(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml",
            "base_path: [a]\n"
            "stacks:\n"
            "  base_pth: stacks\n"
            "  included_paths: {a: b}\n"
            "componets: {}\n"
            "components: {terraform: {apply_auto_approve: yes}, own: {anything: 1}}\n");
    assert_int_equal(load(repository), ERR_INVALID);
    assert_findings(repository,
            "atmos.yaml:1:12: error: config/bad-value: \"base_path\" must be text, not a list\n"
            "atmos.yaml:3:3: warning: config/unknown-key: unknown key \"stacks.base_pth\"\n"
            "atmos.yaml:4:19: error: config/bad-value: \"stacks.included_paths\" must be a "
            "list of "
            "texts, not a map\n"
            "atmos.yaml:5:1: warning: config/unknown-key: unknown key \"componets\"\n"
            "atmos.yaml:6:46: error: config/bad-value: "
            "\"components.terraform.apply_auto_approve\" "
            "must be true or false, not \"yes\"\n");
    /* After sorting: the second is the first unknown key. */
    assert_str(repository->run.diags.list.items[1].hint, "did you mean \"base_path\"?");
    assert_str(repository->run.diags.list.items[3].hint, "did you mean \"components\"?");
}

static void test_incomplete(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "stacks: {name_pattern: \"{stage}\"}\n");
    assert_int_equal(load(repository), ERR_INVALID);
    assert_findings(repository,
            "atmos.yaml:1:9: error: config/incomplete: \"stacks.base_path\" is not set\n"
            "atmos.yaml:1:9: error: config/incomplete: \"stacks.included_paths\" is not set\n");
    assert_null(repository->run.config);
    /* Commands without stacks do not need them. */
    assert_int_equal(config_load(&repository->run, NULL, false), 0);
}

static void test_stacks_folder_missing(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", PLAIN);
    assert_int_equal(load(repository), ERR_NOT_FOUND);
    assert_string_equal(repository->run.diags.list.items[0].id, "config/folder-missing");
    assert_int_equal(repository->run.diags.list.items[0].mark.line, 3);
}

static void test_unreadable(void **state)
{
    struct repository *repository = *state;
    assert_int_equal(mkfifo(below(repository, "atmos.yaml").ptr, 0600), 0);
    assert_int_equal(load(repository), ERR_INVALID);
    assert_findings(repository,
            "atmos.yaml:0:0: error: config/unreadable: cannot read \"atmos.yaml\": it is not a "
            "regular file\n");
}

static void test_syntax_error_has_a_place(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "base_path: .\nstacks: [\n");
    assert_int_equal(load(repository), ERR_PARSE);
    assert_int_equal(repository->run.diags.list.count, 1);
    assert_true(repository->run.diags.list.items[0].mark.line >= 2);
}

static void test_not_a_map(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "- a\n");
    assert_int_equal(load(repository), ERR_INVALID);
    assert_findings(repository,
            "atmos.yaml:1:1: error: config/not-a-map: the configuration must be a map of "
            "settings\n");
}

static void test_unsupported_is_never_ignored(void **state)
{
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        { "import: [\"https://example.com/atmos.yaml\"]\n",
                "atmos.yaml:1:10: error: config/unsupported: imports from elsewhere are not "
                "supported yet: \"https://example.com/atmos.yaml\"\n" },
        { "base_path: !exec echo x\n",
                "atmos.yaml:1:12: error: config/unsupported: the function !exec is not "
                "supported in the configuration yet\n" },
        { "env: {A: [!random 1 2, !git.sha ]}\n",
                "atmos.yaml:1:11: error: config/unsupported: the function !random is not "
                "supported in the configuration yet\n"
                "atmos.yaml:1:24: error: config/unsupported: the function !git.sha is not "
                "supported in the configuration yet\n" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct repository repository;
        (void)state;
        repository_open(&repository);
        repository_write(&repository, "atmos.yaml", cases[i].text);
        assert_int_equal(load(&repository), ERR_UNSUPPORTED);
        assert_findings(&repository, cases[i].finding);
        repository_close(&repository);
    }
}

static void test_named_files(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", "logs: {level: loud}\n");
    repository_write(repository, "conf/one.yaml", PLAIN);
    repository_write(repository, "conf/two.yaml", "stacks: {base_path: manifests}\n");
    repository_write(repository, "conf/manifests/dev.yaml", "");
    const struct str files[] = { STR_INIT("conf/one.yaml"), STR_INIT("conf/two.yaml") };
    struct config_options options = { .files = files, .file_count = 2 };
    /* The file in the working folder is not read. */
    assert_int_equal(config_load(&repository->run, &options, true), 0);
    assert_str(config_text(repository->run.config, "stacks.base_path"), "manifests");
    const struct str absent = STR("conf/absent.yaml");
    options = (struct config_options){ .files = &absent, .file_count = 1 };
    assert_int_equal(config_load(&repository->run, &options, true), ERR_NOT_FOUND);
    assert_findings(repository,
            ":0:0: error: config/not-found: there is no configuration at \"conf/absent.yaml\", "
            "which --config names\n");
}

static void test_key_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (i) {
            assert_true(str_cmp(str_from(config_keys[i - 1].name), str_from(key->name)) < 0);
        }
        assert_ptr_equal(config_key_find(str_from(key->name)), key);
        assert_true(key->summary && *key->summary);
        for (size_t k = 0; key->environment && k < i; k++) {
            assert_true(!config_keys[k].environment ||
                        strcmp(config_keys[k].environment, key->environment) != 0);
        }
    }
    assert_null(config_key_find(STR("nonsense")));
}

static void test_booleans(void **state)
{
    (void)state;
    bool truth = false;
    assert_true(config_bool_from(STR("TRUE"), &truth) && truth);
    assert_true(config_bool_from(STR("0"), &truth) && !truth);
    assert_false(config_bool_from(STR("yes"), &truth));
    assert_false(config_bool_from(STR(""), &truth));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, repository_setup, repository_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plain),
        TEST(test_no_configuration),
        TEST(test_stacks_may_be_demanded_later),
        TEST(test_defaults_without_file),
        TEST(test_layers_and_key_case),
        TEST(test_found_from_a_subfolder),
        TEST(test_git_root_is_the_base),
        TEST(test_base_path_table),
        TEST(test_repeated_segments_are_joined_once),
        TEST(test_overrides),
        TEST(test_bad_overrides),
        TEST(test_bad_choice_from_outside),
        TEST(test_bad_choice_has_the_nearest),
        TEST(test_all_problems_are_said),
        TEST(test_incomplete),
        TEST(test_stacks_folder_missing),
        TEST(test_unreadable),
        TEST(test_syntax_error_has_a_place),
        TEST(test_not_a_map),
        TEST(test_unsupported_is_never_ignored),
        TEST(test_named_files),
        TEST(test_key_table),
        TEST(test_booleans),
    };
    return RUN_TESTS(tests);
}
