/* SPDX-License-Identifier: Apache-2.0 */
/* Editions, version constraints, strictness, and where values came from. */
#include <stdio.h>
#include <string.h>

#include "config/config_internal.h"
#include "repository.h"

static int load(struct repository *repository, const char *content)
{
    repository_open(repository);
    repository_write(repository, "atmos.yaml", content);
    return config_load(&repository->run, NULL, false);
}

static void test_editions(void **state)
{
    struct repository repository;
    (void)state;
    assert_int_equal(load(&repository, "edition: \"2025-11-01\"\n"), 0);
    const struct config *config = repository.run.config;
    assert_false(config->inherits_metadata);
    assert_str(config_text(config, "describe.component.filter"), "full");
    assert_str(config_text(config, "describe.error_mode"), "strict");
    assert_str(config_text(config, "list.error_mode"), "strict");
    assert_false(config_bool(config, "describe.provenance", true));
    assert_true(config_bool(config, "components.helmfile.use_eks", false));
    assert_str(config_text(config, "logs.level"), "Warning"); /* changed before that day */
    repository_close(&repository);
    /* What is written holds, and the day of the change has the new default. */
    assert_int_equal(load(&repository, "edition: 2025-12-06\nlogs: {level: Debug}\n"
                                       "describe: {component: {filter: schema}}\n"),
            0);
    config = repository.run.config;
    assert_true(config->inherits_metadata);
    assert_str(config_text(config, "describe.component.filter"), "schema");
    repository_close(&repository);
}

static void test_edition_by_variable(void **state)
{
    struct repository repository;
    (void)state;
    repository_open(&repository);
    repository_write(&repository, "atmos.yaml", "edition: \"2026-08-01\"\n");
    repository_setenv(&repository, "ATMOS_EDITION=2024-01-01");
    assert_int_equal(config_load(&repository.run, NULL, false), 0);
    assert_str(config_text(repository.run.config, "logs.file"), "/dev/stdout");
    assert_str(config_text(repository.run.config, "logs.level"), "Info");
    repository_close(&repository);
}

static void test_edition_must_be_a_date(void **state)
{
    static const char *const wrong[] = { "latest", "2025-13-01", "2025-1-1", "2025-01-01x",
        "2025-01-32" };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct repository repository;
        char content[64];
        snprintf(content, sizeof(content), "edition: \"%s\"\n", wrong[i]);
        assert_int_equal(load(&repository, content), ERR_INVALID);
        assert_int_equal(repository.run.diags.list.count, 1);
        assert_string_equal(repository.run.diags.list.items[0].id, "config/bad-value");
        assert_int_equal(repository.run.diags.list.items[0].mark.line, 1);
        repository_close(&repository);
    }
}

static void test_version_comparisons(void **state)
{
    static const struct {
        const char *constraint;
        bool truth;
    } cases[] = {
        { ">= 1.100", true },
        { ">=1.100.0, <2.0.0", true },
        { "> 1.226.0", false },
        { "1.226.0", true },
        { "= v1.226", true },
        { "==1.225.9", false },
        { "!= 1.226.0", false },
        { "<= 1.226.0", true },
        { "< 1.226.0", false },
        { "~> 1.200", true },
        { "~> 1.225.0", false },
        { "~> 1.226.0", true },
        { "~> 2", false },
        { "~> 1", true },
        { ">= 1.226.0-rc.1", true },
        { "> 1.227.0-rc.1", false },
    };

    (void)state;
    bool truth = false;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(
                config_version_holds(str_from(cases[i].constraint), STR("1.226.0"), &truth));
        if (truth != cases[i].truth) {
            fail_msg("%s", cases[i].constraint);
        }
    }
    assert_true(config_version_holds(STR(">= 1.226.0"), STR("1.226.0-rc.1"), &truth) && !truth);
    static const char *const wrong[] = { "", "new", ">= 1.x", "1.2.3.4", ">= 1,", "=> 1" };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(config_version_holds(str_from(wrong[i]), STR("1.226.0"), &truth));
    }
}

static void test_version_constraint(void **state)
{
    static const struct {
        const char *text;
        int err;
        const char *findings;
    } cases[] = {
        { "{require: \">= 1.100\"}", 0, "" },
        { "{require: \"> 99\"}", ERR_INVALID,
                "atmos.yaml:1:33: error: config/version: the configuration wants Atmos "
                "\"> 99\"; this program behaves like 1.226.0\n" },
        { "{require: \"> 99\", enforcement: warn}", 0,
                "atmos.yaml:1:33: warning: config/version: the configuration wants Atmos "
                "\"> 99\"; this program behaves like 1.226.0\n" },
        { "{require: \"> 99\", enforcement: silent}", 0, "" },
        { "{require: new}", ERR_INVALID,
                "atmos.yaml:1:33: error: config/bad-value: \"version.constraint.require\" must "
                "be comparisons such as \">= 1.100, < 2\", not \"new\"\n" },
        { "{enforcement: loud}", ERR_INVALID,
                "atmos.yaml:1:37: error: config/bad-value: "
                "\"version.constraint.enforcement\" must be fatal, warn or silent, not "
                "\"loud\"\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct repository repository;
        char content[128];
        snprintf(content, sizeof(content), "version: {constraint: %s}\n", cases[i].text);
        assert_int_equal(load(&repository, content), cases[i].err);
        assert_findings(&repository, cases[i].findings);
        repository_close(&repository);
    }
}

static void test_version_message(void **state)
{
    struct repository repository;
    (void)state;
    assert_int_equal(load(&repository, "version: {constraint: {require: \"> 99\", message: "
                                       "ask the platform team}}\n"),
            ERR_INVALID);
    assert_str(repository.run.diags.list.items[0].detail, "ask the platform team");
    repository_close(&repository);
}

static void test_unknown_key_when_strict(void **state)
{
    struct repository repository;
    (void)state;
    repository_open(&repository);
    repository_write(&repository, "atmos.yaml", "stakcs: {base_path: x}\n");
    repository.run.is_strict = true;
    assert_int_equal(config_load(&repository.run, NULL, false), ERR_INVALID);
    assert_findings(
            &repository, "atmos.yaml:1:1: error: config/unknown-key: unknown key \"stakcs\"\n");
    assert_str(repository.run.diags.list.items[0].hint, "did you mean \"stacks\"?");
    repository_close(&repository);
}

static struct config_row row_of(struct repository *repository, const char *key)
{
    size_t count = 0;
    const struct config_row *rows =
            config_rows(&repository->run, repository->run.config, &count);
    for (size_t i = 0; i < count; i++) {
        if (str_eq_cstr(rows[i].key, key)) {
            return rows[i];
        }
    }
    fail_msg("no row %s", key);
    return (struct config_row){ 0 };
}

static void assert_row(struct repository *repository, const char *key, const char *text,
        enum config_origin_kind kind, const char *origin)
{
    struct config_row row = row_of(repository, key);
    assert_str(row.text, text);
    assert_int_equal(row.origin.kind, kind);
    assert_str(row.origin.name, origin);
}

static void test_origins(void **state)
{
    struct repository repository;
    (void)state;
    repository_open(&repository);
    repository_write(&repository, "atmos.yaml",
            "import: [more.yaml]\n"
            "edition: \"2025-11-01\"\n"
            "stacks: {base_path: a, included_paths: [x, y]}\n"
            "commands: [{name: up, steps: [1]}]\n");
    repository_write(&repository, "more.yaml", "stacks:\n  name_pattern: '{stage}'\n");
    repository_setenv(&repository, "ATMOS_WORKFLOWS_BASE_PATH=w");
    const struct config_setting setting = { STR_INIT("stacks.base_path"), STR_INIT("flag"),
        STR_INIT("--stacks-dir") };
    const struct config_options options = {
        .base_path = STR_INIT("."), .settings = &setting, .setting_count = 1
    };
    assert_int_equal(config_load(&repository.run, &options, false), 0);
    assert_row(&repository, "base_path", ".", CONFIG_FROM_FLAG, "--base-path");
    assert_row(&repository, "stacks.base_path", "flag", CONFIG_FROM_FLAG, "--stacks-dir");
    assert_row(&repository, "stacks.included_paths", "[\"x\",\"y\"]", CONFIG_FROM_FILE,
            "atmos.yaml:3:40");
    assert_row(
            &repository, "stacks.name_pattern", "{stage}", CONFIG_FROM_FILE, "more.yaml:2:17");
    assert_row(&repository, "commands[0].name", "up", CONFIG_FROM_FILE, "atmos.yaml:4:19");
    assert_row(&repository, "workflows.base_path", "w", CONFIG_FROM_VARIABLE,
            "ATMOS_WORKFLOWS_BASE_PATH");
    assert_row(&repository, "stacks.inherit.metadata", "false", CONFIG_FROM_DEFAULT,
            "edition 2025-11-01");
    assert_row(&repository, "logs.level", "Warning", CONFIG_FROM_DEFAULT, "default");
    repository_close(&repository);
}

static void test_effective(void **state)
{
    struct repository repository;
    (void)state;
    assert_int_equal(load(&repository, "base_path: \".\"\nstacks: {base_path: s}\n"
                                       "components: {packer: {base_path: p}}\n"),
            0);
    struct run *run = &repository.run;
    const struct value *root = config_effective(run, run->config);
    assert_str(value_text(value_get_path(root, "basePathAbsolute")), repository.folder.ptr);
    assert_str(value_text(value_get_path(root, "stacksBaseAbsolutePath")),
            path_join(run->arena, repository.folder, STR("s")).ptr);
    assert_str(value_text(value_get_path(root, "packerDirAbsolutePath")),
            path_join(run->arena, repository.folder, STR("p")).ptr);
    assert_null(value_get_path(root, "helmfileDirAbsolutePath"));
    assert_true(value_bool(value_get_path(root, "stacks.inherit.metadata"), false));
    assert_false(value_bool(
            value_get_path(root, "components.terraform.init_run_reconfigure"), true));
    assert_null(value_get_path(root, "settings"));
    repository_close(&repository);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_editions),
        cmocka_unit_test(test_edition_by_variable),
        cmocka_unit_test(test_edition_must_be_a_date),
        cmocka_unit_test(test_version_comparisons),
        cmocka_unit_test(test_version_constraint),
        cmocka_unit_test(test_version_message),
        cmocka_unit_test(test_unknown_key_when_strict),
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_effective),
    };
    return RUN_TESTS(tests);
}
