/* SPDX-License-Identifier: Apache-2.0 */
/* Derived files and the pipeline of one command, with a shell script in terraform's place. */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "terraform/terraform.h"

/* A repository of one instance, its script and what the script wrote down. */
struct fixture {
    struct run run;
    struct config config;
    struct instance instance;
    struct str folder;
    struct buf out;
    struct buf said;
    const char *env[8];
};

static const struct value *read_yaml(struct run *run, const char *text)
{
    const struct value *value = NULL;
    struct yaml_input input = {
        .arena = run->arena, .keys = run->keys, .diags = &run->diags, .text = str_from(text)
    };
    assert_int_equal(yaml_read(&input, &value), 0);
    return value;
}

static void put_script(struct fixture *fixture, const char *body)
{
    struct str path = scratch_file(fixture->run.arena, fixture->folder, "bin/terraform", body);
    assert_int_equal(chmod(path.ptr, 0755), 0);
}

static const char recorder[] =
        "#!/bin/sh\n"
        "echo \"$* [$TF_IN_AUTOMATION $COLOR $TF_VAR_token]\" >> ../calls\n"
        "[ \"$1\" = init ] && mkdir -p \"$TF_DATA_DIR\"\n"
        "[ \"$1\" = plan ] && echo planned && echo careful >&2\n"
        "exit 0\n";

static void set_config(struct fixture *fixture, const char *text)
{
    fixture->config.root = read_yaml(&fixture->run, text);
}

static int set_up(void **state)
{
    struct fixture *fixture = malloc(sizeof(*fixture));
    assert_non_null(fixture);
    *state = fixture;
    *fixture = (struct fixture){ .out = BUF_INIT(1 << 20), .said = BUF_INIT(1 << 20) };
    fixture->env[0] = "PATH=/usr/bin:/bin";
    run_init(&fixture->run, (char *const *)(uintptr_t)fixture->env, NULL);
    struct run *run = &fixture->run;
    fixture->folder = scratch_folder(run->arena);
    fixture->env[0] = arena_cstr(run->arena,
            arena_printf(run->arena, "PATH=%.*s/bin:/usr/bin:/bin", STR_ARG(fixture->folder)));
    fixture->config = (struct config){ .base_path = fixture->folder,
        .terraform_command = STR("terraform"),
        .workspaces_enabled = true };
    set_config(fixture, "components: {terraform: {plugin_cache: false}}");
    run->config = &fixture->config;
    fixture->instance = (struct instance){ .stack = STR("dev"),
        .name = STR("vpc"),
        .workspace = STR("dev"),
        .file_stem = STR("dev-vpc"),
        .is_enabled = true,
        .path = path_join(run->arena, fixture->folder, STR("vpc")) };
    fixture->instance.vars = read_yaml(run, "{b: 2, a: '<&>'}");
    fixture->instance.env = read_yaml(run, "{COLOR: red}");
    fixture->instance.backend_type = read_yaml(run, "s3");
    fixture->instance.backend = read_yaml(run, "{bucket: b}");
    fixture->instance.providers = read_yaml(run, "{}");
    fixture->instance.others = read_yaml(run, "{}");
    (void)scratch_file(run->arena, fixture->folder, "vpc/main.tf", "# nothing\n");
    put_script(fixture, recorder);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    buf_clear(&fixture->out);
    buf_clear(&fixture->said);
    run_clear(&fixture->run);
    free(fixture);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void take_output(void *context, int stream, struct str bytes)
{
    struct fixture *fixture = context;
    buf_addf(&fixture->out, "%d:%.*s", stream, STR_ARG(bytes));
}

static void take_line(void *context, struct str line)
{
    struct fixture *fixture = context;
    buf_addf(&fixture->said, "%.*s\n", STR_ARG(line));
}

static struct terraform_request request_of(
        struct fixture *fixture, const struct str *subcommand)
{
    return (struct terraform_request){ .instance = &fixture->instance,
        .vars = fixture->instance.vars,
        .subcommand = subcommand,
        .subcommand_count = 1,
        .output = take_output,
        .say = take_line,
        .context = fixture };
}

static struct str read_calls(struct fixture *fixture)
{
    struct str calls = STR_EMPTY;
    (void)file_read(fixture->run.arena,
            path_join(fixture->run.arena, fixture->folder, STR("calls")), 1 << 20, &calls);
    return calls;
}

/* With this code; what terraform exited with, or -1. */
static int run_terraform(
        struct fixture *fixture, const struct terraform_request *request, int code)
{
    int exit_code = -1;
    assert_int_equal(terraform_run(&fixture->run, request, &exit_code), code);
    return exit_code;
}

static void expect_calls(struct fixture *fixture, const char *subcommand, const char *expected)
{
    const struct str word = str_from(subcommand);
    struct terraform_request request = request_of(fixture, &word);
    (void)unlink(path_join(fixture->run.arena, fixture->folder, STR("calls")).ptr);
    assert_int_equal(run_terraform(fixture, &request, 0), 0);
    assert_str(read_calls(fixture), expected);
}

static void test_texts_of_derived_files(void **state)
{
    struct fixture *f = *state;
    struct str text;
    assert_int_equal(terraform_file_text(
                             &f->run, &f->instance, f->instance.vars, TERRAFORM_VARFILE, &text),
            0);
    assert_str(text, "{\n  \"a\": \"\\u003c\\u0026\\u003e\",\n  \"b\": 2\n}\n");
    assert_int_equal(terraform_file_text(
                             &f->run, &f->instance, f->instance.vars, TERRAFORM_BACKEND, &text),
            0);
    assert_str(text, "{\n  \"terraform\": {\n    \"backend\": {\n      \"s3\": {\n"
                     "        \"bucket\": \"b\"\n      }\n    }\n  }\n}\n");
    f->instance.backend_type = read_yaml(&f->run, "cloud");
    f->instance.backend = read_yaml(&f->run, "{workspaces: {name: 'ws-{terraform_workspace}', "
                                             "tags: ['{terraform_workspace}']}}");
    assert_int_equal(terraform_file_text(
                             &f->run, &f->instance, f->instance.vars, TERRAFORM_BACKEND, &text),
            0);
    assert_str(text, "{\n  \"terraform\": {\n    \"cloud\": {\n      \"workspaces\": {\n"
                     "        \"name\": \"ws-dev\",\n        \"tags\": [\n"
                     "          \"dev\"\n        ]\n      }\n    }\n  }\n}\n");
    assert_int_equal(terraform_file_text(&f->run, &f->instance, f->instance.vars,
                             TERRAFORM_PROVIDERS, &text),
            0);
    assert_str(text, "");
    f->instance.providers =
            read_yaml(&f->run, "{aws.use1: {alias: use1}, aws: {region: x}, tls: {}}");
    assert_int_equal(terraform_file_text(&f->run, &f->instance, f->instance.vars,
                             TERRAFORM_PROVIDERS, &text),
            0);
    assert_str(text,
            "{\n  \"provider\": {\n    \"aws\": [\n      {\n        \"region\": \"x\"\n      "
            "},\n"
            "      {\n        \"alias\": \"use1\"\n      }\n    ],\n    \"tls\": {}\n  }\n}\n");
    f->instance.backend_type = read_yaml(&f->run, "''");
    assert_int_equal(terraform_file_text(
                             &f->run, &f->instance, f->instance.vars, TERRAFORM_BACKEND, &text),
            ERR_INVALID);
    assert_string_equal(f->run.diags.list.items[0].id, "terraform/no-backend");
}

static void test_files_are_private_and_atomic(void **state)
{
    struct fixture *f = *state;
    struct stat info;
    struct str path = terraform_file_path(&f->run, &f->instance, TERRAFORM_VARFILE);
    assert_int_equal(terraform_file_write(&f->run, &f->instance, f->instance.vars,
                             TERRAFORM_VARFILE, STR_EMPTY),
            0);
    assert_int_equal(stat(path.ptr, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    f->instance.path = STR("/nowhere");
    assert_int_equal(terraform_file_write(&f->run, &f->instance, f->instance.vars,
                             TERRAFORM_VARFILE, STR_EMPTY),
            ERR_IO);
    assert_string_equal(f->run.diags.list.items[0].id, "terraform/not-written");
    assert_int_equal(diags_exit_code(&f->run.diags), EXIT_IO);
}

static void test_steps_of_each_subcommand(void **state)
{
    struct fixture *f = *state;
    static const char plan[] =
            "init [true red ]\nworkspace select -or-create dev [true red ]\n"
            "plan -var-file dev-vpc.terraform.tfvars.json -out dev-vpc.planfile [true red ]\n";
    expect_calls(f, "plan", plan);
    assert_str(buf_str(&f->out), "1:planned\n2:careful\n");
    /* Nothing changed: no second init; a changed source brings it back. */
    expect_calls(f, "plan", strchr(plan, '\n') + 1);
    (void)scratch_file(f->run.arena, f->folder, "vpc/more.tf", "# new\n");
    expect_calls(f, "plan", plan);
    expect_calls(f, "deploy",
            "workspace select -or-create dev [true red ]\n"
            "apply -var-file dev-vpc.terraform.tfvars.json -auto-approve [true red ]\n");
    assert_false(
            file_is_regular(terraform_file_path(&f->run, &f->instance, TERRAFORM_VARFILE)));
    expect_calls(
            f, "output", "workspace select -or-create dev [true red ]\noutput [true red ]\n");
    f->instance.backend_type = read_yaml(&f->run, "http");
    expect_calls(f, "validate", "validate [true red ]\n");
}

static void test_sensitive_variables_travel_by_environment(void **state)
{
    struct fixture *f = *state;
    const struct value *secret = value_with_flags(f->run.arena,
            value_string_new(f->run.arena, STR("s3cret"), MARK_NONE), VALUE_SENSITIVE);
    f->instance.vars = value_with(
            f->run.arena, f->instance.vars, key_of(f->run.keys, STR("token")), secret);
    expect_calls(f, "refresh",
            "init [true red s3cret]\nworkspace select -or-create dev [true red s3cret]\n"
            "refresh -var-file dev-vpc.terraform.tfvars.json [true red s3cret]\n");
    struct str content;
    assert_int_equal(file_read(f->run.arena,
                             terraform_file_path(&f->run, &f->instance, TERRAFORM_VARFILE),
                             1 << 20, &content),
            0);
    assert_true(str_find_str(content, STR("s3cret")) < 0);
    assert_true(str_find_str(content, STR("token")) < 0);
}

static void expect_refused(
        struct fixture *fixture, const char *subcommand, int code, const char *id)
{
    const struct str word = str_from(subcommand);
    struct terraform_request request = request_of(fixture, &word);
    size_t before = fixture->run.diags.list.count;
    (void)run_terraform(fixture, &request, code);
    assert_int_equal(fixture->run.diags.list.count, before + 1);
    assert_string_equal(fixture->run.diags.list.items[before].id, id);
    assert_str(read_calls(fixture), "");
    assert_false(file_is_regular(
            terraform_file_path(&fixture->run, &fixture->instance, TERRAFORM_VARFILE)));
}

static void test_refusals_write_nothing(void **state)
{
    struct fixture *f = *state;
    f->instance.is_abstract = true;
    expect_refused(f, "plan", ERR_INVALID, "terraform/abstract");
    f->instance.is_abstract = false;
    f->instance.is_locked = true;
    expect_refused(f, "apply", ERR_DENIED, "terraform/locked");
    f->instance.is_locked = false;
    f->instance.is_enabled = false;
    expect_refused(f, "plan", 0, "terraform/disabled");
    f->instance.is_enabled = true;
    struct str path = f->instance.path;
    f->instance.path = STR("/nowhere/vpc");
    expect_refused(f, "plan", ERR_NOT_FOUND, "terraform/no-folder");
    f->instance.path = path;
    set_config(f, "components: {terraform: {auto_generate_files: true}}");
    f->instance.others = read_yaml(&f->run, "{generate: {x.tf: '{{ .vars.a'}}");
    expect_refused(f, "plan", ERR_PARSE, "terraform/generate-content");
    f->instance.others = read_yaml(&f->run, "{}");
    f->env[0] = "PATH=/nowhere";
    expect_refused(f, "plan", ERR_UNAVAILABLE, "terraform/not-found");
}

static void test_generate_is_written_when_asked_for(void **state)
{
    struct fixture *f = *state;
    struct str path = path_join(f->run.arena, f->instance.path, STR("x.tf"));
    f->instance.others = read_yaml(&f->run, "{generate: {x.tf: 'locals {}'}}");
    expect_calls(f, "validate",
            "init [true red ]\nworkspace select -or-create dev [true red ]\nvalidate [true red "
            "]\n");
    assert_false(file_is_regular(path));
    set_config(f, "components: {terraform: {auto_generate_files: true}}");
    const struct str word = STR("validate");
    struct terraform_request request = request_of(f, &word);
    request.is_dry_run = true;
    (void)run_terraform(f, &request, 0);
    assert_false(file_is_regular(path));
    request.is_dry_run = false;
    (void)run_terraform(f, &request, 0);
    assert_true(file_is_regular(path));
}

static void test_missing_plan_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct str word = STR("apply");
    struct terraform_request request = request_of(f, &word);
    request.from_plan = true;
    (void)run_terraform(f, &request, ERR_NOT_FOUND);
    assert_string_equal(f->run.diags.list.items[0].id, "terraform/no-plan");
    (void)scratch_file(f->run.arena, f->folder, "vpc/dev-vpc.planfile", "plan");
    request.skip_init = true;
    (void)run_terraform(f, &request, 0);
    assert_str(read_calls(f), "workspace select -or-create dev [true red ]\napply "
                              "dev-vpc.planfile [true red ]\n");
    /* Applied: gone. */
    assert_false(file_is_regular(
            path_join(f->run.arena, f->instance.path, STR("dev-vpc.planfile"))));
}

static void test_exit_codes_are_passed_on(void **state)
{
    struct fixture *f = *state;
    const struct str word = STR("plan");
    put_script(f, "#!/bin/sh\n[ $1 = plan ] && exit 17\nexit 0\n");
    struct terraform_request request = request_of(f, &word);
    assert_int_equal(run_terraform(f, &request, 0), 17);
    assert_string_equal(f->run.diags.list.items[0].id, "terraform/failed");
    put_script(f, "#!/bin/sh\n[ $1 = init ] && exit 1\necho called >> ../calls\nexit 0\n");
    assert_int_equal(run_terraform(f, &request, 0), 1);
    assert_str(read_calls(f), "");
}

static void test_ends_that_are_no_exit_code(void **state)
{
    struct fixture *f = *state;
    const struct str word = STR("plan");
    struct terraform_request request = request_of(f, &word);
    put_script(f, "#!/bin/sh\nkill -KILL $$\n");
    assert_int_equal(run_terraform(f, &request, 0), EXIT_FINDINGS);
    assert_string_equal(f->run.diags.list.items[0].id, "terraform/killed");
    put_script(f, "#!/nowhere/interpreter\n");
    (void)run_terraform(f, &request, ERR_IO);
    assert_string_equal(f->run.diags.list.items[1].id, "terraform/child");
}

static void test_inherited_variables_are_named(void **state)
{
    struct fixture *f = *state;
    const struct str word = STR("plan");
    f->env[1] = "TF_VAR_a=1";
    struct terraform_request request = request_of(f, &word);
    (void)run_terraform(f, &request, 0);
    assert_int_equal(f->run.diags.warning_count, 1);
    assert_string_equal(f->run.diags.list.items[0].id, "terraform/inherited-variable");
}

static void test_dry_run_only_talks(void **state)
{
    struct fixture *f = *state;
    const struct str word = STR("plan");
    struct terraform_request request = request_of(f, &word);
    request.is_dry_run = true;
    (void)run_terraform(f, &request, 0);
    assert_str(read_calls(f), "");
    assert_true(str_find_str(buf_str(&f->said), STR("would run: terraform plan")) >= 0);
    assert_false(
            file_is_regular(terraform_file_path(&f->run, &f->instance, TERRAFORM_VARFILE)));
}

static void test_plain_output_is_asked_for(void **state)
{
    struct fixture *f = *state;
    const struct str word = STR("plan");
    put_script(f, "#!/bin/sh\necho \"$TF_CLI_ARGS\" >> ../calls\n");
    f->env[1] = "TF_CLI_ARGS=-lock=false";
    struct terraform_request request = request_of(f, &word);
    request.is_plain = true;
    request.skip_init = true;
    (void)run_terraform(f, &request, 0);
    assert_str(read_calls(f), "-lock=false -no-color\n-lock=false -no-color\n");
}

/* One interrupt to us is exactly one interrupt to terraform, though both share a terminal. */
static void test_one_interrupt_each(void **state)
{
    struct fixture *f = *state;
    const struct str word = STR("apply");
    put_script(f, "#!/bin/sh\n[ $1 = apply ] || exit 0\n"
                  "trap 'echo interrupt >> ../calls' INT\ntouch ../ready\n"
                  "i=0; while [ $i -lt 600 ] && ! grep -qs interrupt ../calls; do\n"
                  "sleep 0.1; i=$((i+1)); done\n"
                  "sleep 0.5\nexit 1\n"); /* half a second for a second one */
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct terraform_request request = request_of(f, &word);
        int exit_code = -1;
        int code = terraform_run(&f->run, &request, &exit_code);
        _exit(code == 0 && exit_code == 130 && f->run.diags.error_count == 1 &&
                                strcmp(f->run.diags.list.items[0].id,
                                        "terraform/interrupted") == 0
                        ? 42
                        : 1);
    }
    struct str ready = path_join(f->run.arena, f->folder, STR("ready"));
    for (int i = 0; i < 6000 && !file_is_regular(ready); i++) {
        (void)usleep(10000);
    }
    assert_true(file_is_regular(ready));
    assert_int_equal(kill(pid, SIGINT), 0);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
    assert_str(read_calls(f), "interrupt\n");
}

static void test_words_of_subcommands(void **state)
{
    (void)state;
    const struct str state_list[] = { STR_INIT("state"), STR_INIT("list"), STR_INIT("vpc") };
    const struct str plan[] = { STR_INIT("plan"), STR_INIT("list") };
    const struct str workspace[] = { STR_INIT("workspace"), STR_INIT("vpc") };
    assert_int_equal(terraform_subcommand_words(state_list, 3), 2);
    assert_int_equal(terraform_subcommand_words(plan, 2), 1);
    assert_int_equal(terraform_subcommand_words(workspace, 2), 1);
    assert_int_equal(terraform_subcommand_words(NULL, 0), 0);
    assert_true(terraform_is_mutating(STR("destroy")));
    assert_false(terraform_is_mutating(STR("plan")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_texts_of_derived_files),
        TEST(test_files_are_private_and_atomic),
        TEST(test_steps_of_each_subcommand),
        TEST(test_sensitive_variables_travel_by_environment),
        TEST(test_refusals_write_nothing),
        TEST(test_generate_is_written_when_asked_for),
        TEST(test_missing_plan_is_refused),
        TEST(test_exit_codes_are_passed_on),
        TEST(test_ends_that_are_no_exit_code),
        TEST(test_inherited_variables_are_named),
        TEST(test_dry_run_only_talks),
        TEST(test_plain_output_is_asked_for),
        TEST(test_one_interrupt_each),
        cmocka_unit_test(test_words_of_subcommands),
    };
    return RUN_TESTS(tests);
}
