/* SPDX-License-Identifier: Apache-2.0 */
/* The pipeline of one terraform command on one instance. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "terraform_private.h"

/* What one run carries from step to step. */
struct job {
    struct run *run;
    const struct terraform_request *request;
    const struct instance *instance;
    struct str program;
    const char *const *env;
    const struct terraform_generated *generated;
    size_t generated_count;
    bool is_said; /* why the exit code is not 0 */
};

static struct diag *speak(struct job *job, enum terraform_diag which, const char *what)
{
    struct diag *diag = diag_add(&job->run->diags, &terraform_diags[which], job->instance->mark,
            "\"%.*s\" in stack \"%.*s\" %s", STR_ARG(job->instance->name),
            STR_ARG(job->instance->stack), what);
    diag->stack = job->instance->stack;
    diag->component = job->instance->name;
    return diag;
}

bool terraform_find_program(
        struct run *run, const struct instance *instance, struct str *ret_path)
{
    static const struct str fallbacks[] = { STR_INIT("terraform"), STR_INIT("tofu") };
    const char *path_list = environment_get(&run->env, "PATH");
    struct str list = str_from(path_list ? path_list : "/usr/local/bin:/usr/bin:/bin");
    struct str own = instance ? value_string(instance->command) : STR_EMPTY;
    struct str wanted = own.len > 0 ? own : run->config->terraform_command;
    if (wanted.len > 0 && proc_find(run->arena, wanted, list, ret_path)) {
        return true;
    }
    /* Only the default may be replaced: who asked for tofu must not get terraform. */
    bool is_default =
            wanted.len == 0 ||
            (str_eq(wanted, STR("terraform")) &&
                    config_text(run->config, "components.terraform.command").len == 0);
    for (size_t i = 0; is_default && i < sizeof(fallbacks) / sizeof(fallbacks[0]); i++) {
        if (proc_find(run->arena, fallbacks[i], list, ret_path)) {
            return true;
        }
    }
    return false;
}

/* Abstract and locked instances. */
static int refuse(struct job *job)
{
    const struct instance *instance = job->instance;
    if (instance->is_abstract) {
        speak(job, TERRAFORM_ABSTRACT, "is abstract and cannot be run")->hint =
                STR("run the command on a component that inherits from it");
        return ERR_INVALID;
    }
    if (instance->is_locked && terraform_is_mutating(job->request->subcommand[0])) {
        speak(job, TERRAFORM_LOCKED, "is locked and cannot be changed")->hint =
                STR("remove metadata.locked from the stack, or use plan");
        return ERR_DENIED;
    }
    return 0;
}

/* The component folder, unless files are generated into it, and the program: nothing is written when one is
 * missing. */
static int expect_tools(struct job *job)
{
    const struct instance *instance = job->instance;
    if (!file_is_folder(instance->path) && job->generated_count == 0) {
        struct diag *diag = speak(job, TERRAFORM_NO_FOLDER, "has no component folder");
        diag->detail = diag_text(&job->run->diags, "the folder would be %.*s",
                STR_ARG(terraform_folder_shown(job->run, instance)));
        diag->hint = STR("create the folder, or correct metadata.component");
        return ERR_NOT_FOUND;
    }
    if (!terraform_find_program(job->run, instance, &job->program)) {
        struct diag *diag =
                speak(job, TERRAFORM_NOT_FOUND, "needs terraform, which is not there");
        diag->detail = diag_text(&job->run->diags, "looked for \"%.*s\" in PATH",
                STR_ARG(job->run->config->terraform_command));
        diag->hint = STR("install terraform or tofu, or set components.terraform.command");
        return ERR_UNAVAILABLE;
    }
    return 0;
}

static int write_files(struct job *job)
{
    struct run *run = job->run;
    bool wants_backend =
            config_bool(run->config, "components.terraform.auto_generate_backend_file", false);
    const bool wanted[] = {
        [TERRAFORM_VARFILE] = true,
        [TERRAFORM_BACKEND] = wants_backend,
        [TERRAFORM_PROVIDERS] = true,
        [TERRAFORM_OVERRIDE] = true,
    };
    int code = terraform_generated_folder(run, job->instance, job->generated_count);
    for (size_t i = 0; code == 0 && i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        if (wanted[i]) {
            code = terraform_file_write(
                    run, job->instance, job->request->vars, (enum terraform_file)i, STR_EMPTY);
        }
    }
    return code ? code
                : terraform_generated_write(
                          run, job->instance, job->generated, job->generated_count);
}

/* Looked at before anything is written, and in a dry run, too. */
static int prepare_generated(struct job *job)
{
    bool is_wanted =
            config_bool(job->run->config, "components.terraform.auto_generate_files", false);
    return is_wanted ? terraform_generated_files(
                               job->run, job->instance, &job->generated, &job->generated_count)
                     : 0;
}

static void say_command(struct job *job, const struct words *args)
{
    if (!job->request->say) {
        return;
    }
    struct str joined = arena_join(job->run->arena, args->items, args->count, STR(" "));
    job->request->say(job->request->context,
            arena_printf(job->run->arena, "%s%.*s %.*s (in %.*s)",
                    job->request->is_dry_run ? "would run: " : "running: ",
                    STR_ARG(path_base(job->program)), STR_ARG(joined),
                    STR_ARG(terraform_folder_shown(job->run, job->instance))));
}

/* Runs one child and turns its end into an exit code. */
static int run_child(struct job *job, const struct words *args, int *ret_exit_code)
{
    struct child_end end;
    say_command(job, args);
    if (job->request->is_dry_run) {
        *ret_exit_code = 0;
        return 0;
    }
    int code = child_run(job->run, job->request, job->program, args, job->env, &end);
    if (code != 0) {
        return code;
    }
    if (end.interrupts > 0) {
        speak(job, TERRAFORM_INTERRUPTED, "was interrupted")->exit_code = 128 + end.signal;
        job->is_said = true;
        *ret_exit_code = 128 + end.signal;
        return 0;
    }
    if (end.is_signaled) {
        struct diag *diag = speak(job, TERRAFORM_KILLED, "was not finished");
        diag->detail = diag_text(&job->run->diags, "%.*s was ended by signal %d",
                STR_ARG(path_base(job->program)), end.code);
        job->is_said = true;
        *ret_exit_code = EXIT_FINDINGS;
        return 0;
    }
    *ret_exit_code = end.code;
    return 0;
}

static void push(struct job *job, struct words *args, struct str word)
{
    VEC_PUSH(job->run->arena, args, word);
}

static bool wants_init(const struct job *job)
{
    const struct terraform_request *request = job->request;
    bool is_deploy = is_subcommand(request, "deploy");
    return !request->skip_init && !is_subcommand(request, "init") &&
           (!is_deploy || config_bool(job->run->config, "components.terraform.deploy_run_init",
                                  false));
}

static int init(struct job *job, int *ret_exit_code)
{
    struct run *run = job->run;
    struct words args = terraform_init_args(run, job->request);
    *ret_exit_code = 0;
    if (terraform_init_has_run(run, job->instance,
                terraform_init_stamp(run, job->instance, job->program, &args))) {
        log_at(run->log, LOG_INFO, "init is not needed: nothing it depends on changed");
        return 0;
    }
    int code = run_child(job, &args, ret_exit_code);
    if (code == 0 && *ret_exit_code == 0 && !job->request->is_dry_run) {
        /* Anew: init may have written the lock file, which is part of the stamp. */
        terraform_init_done(run, job->instance,
                terraform_init_stamp(run, job->instance, job->program, &args));
    }
    return code;
}

static bool wants_workspace(const struct job *job)
{
    return !is_subcommand(job->request, "init") && !is_subcommand(job->request, "providers") &&
           !str_eq(value_string(job->instance->backend_type), STR("http")) &&
           !environment_get(&job->run->env, "TF_WORKSPACE");
}

static int select_workspace(struct job *job, int *ret_exit_code)
{
    static const struct str select[] = { STR_INIT("workspace"), STR_INIT("select"),
        STR_INIT("-or-create") };
    static const struct str create[] = { STR_INIT("workspace"), STR_INIT("new") };
    struct words args = { 0 };
    for (size_t i = 0; i < 3; i++) {
        push(job, &args, select[i]);
    }
    push(job, &args, job->instance->workspace);
    int code = run_child(job, &args, ret_exit_code);
    if (code != 0 || *ret_exit_code == 0 || *ret_exit_code >= 128) {
        return code;
    }
    /* Versions without -or-create. */
    args = (struct words){ 0 };
    for (size_t i = 0; i < 2; i++) {
        push(job, &args, create[i]);
    }
    push(job, &args, job->instance->workspace);
    return run_child(job, &args, ret_exit_code);
}

/* Plan files live until they are applied or looked at, variable files until they are applied. */
static void clean_up(struct job *job, int exit_code)
{
    const struct terraform_request *request = job->request;
    struct run *run = job->run;
    if (request->is_dry_run || exit_code != 0) {
        return;
    }
    if (!is_subcommand(request, "plan") && !is_subcommand(request, "show")) {
        struct str plan = path_join(
                run->arena, job->instance->path, terraform_planfile_name(run, job->instance));
        (void)unlink(plan.ptr);
    }
    if (is_subcommand(request, "apply") || is_subcommand(request, "deploy")) {
        (void)unlink(terraform_file_path(run, job->instance, TERRAFORM_VARFILE).ptr);
    }
}

/* init, workspace, command: each only when the one before it succeeded. */
static int run_steps(struct job *job, const struct words *args, int *ret_exit_code)
{
    int code = 0;
    *ret_exit_code = 0;
    if (wants_init(job)) {
        code = init(job, ret_exit_code);
    }
    if (code == 0 && *ret_exit_code == 0 && wants_workspace(job)) {
        code = select_workspace(job, ret_exit_code);
    }
    if (code == 0 && *ret_exit_code == 0 && args->count > 0) {
        code = run_child(job, args, ret_exit_code);
        clean_up(job, code == 0 ? *ret_exit_code : 1);
    }
    return code;
}

static void report_failure(struct job *job, int exit_code)
{
    bool is_plan_with_changes =
            exit_code == EXIT_CHANGES && is_subcommand(job->request, "plan");
    if (exit_code == 0 || job->is_said || is_plan_with_changes) {
        return;
    }
    struct str words = arena_join(job->run->arena, job->request->subcommand,
            job->request->subcommand_count, STR(" "));
    struct diag *diag =
            diag_add(&job->run->diags, &terraform_diags[TERRAFORM_FAILED], job->instance->mark,
                    "%.*s %.*s of \"%.*s\" in stack \"%.*s\" ended with exit code %d",
                    STR_ARG(path_base(job->program)), STR_ARG(words),
                    STR_ARG(job->instance->name), STR_ARG(job->instance->stack), exit_code);
    diag->stack = job->instance->stack;
    diag->component = job->instance->name;
    diag->exit_code = exit_code;
    diag->hint = STR("its own message is above");
}

int terraform_run(struct run *run, const struct terraform_request *request, int *ret_exit_code)
{
    struct job job = { .run = run, .request = request, .instance = request->instance };
    struct words args = { 0 };
    int exit_code = 0;
    int code = refuse(&job);
    if (code == 0 && !job.instance->is_enabled) {
        (void)speak(&job, TERRAFORM_DISABLED, "is disabled; nothing was done");
        *ret_exit_code = 0;
        return 0;
    }
    if (code == 0) {
        code = prepare_generated(&job);
    }
    if (code == 0) {
        code = expect_tools(&job);
    }
    if (code == 0) {
        code = terraform_command_args(run, request, &args);
    }
    if (code == 0 && !request->is_dry_run) {
        code = write_files(&job);
    }
    if (code == 0) {
        terraform_warn_inherited(run, job.instance);
        job.env = terraform_environment(run, request);
        code = run_steps(&job, &args, &exit_code);
    }
    if (code == 0) {
        report_failure(&job, exit_code);
        *ret_exit_code = exit_code;
    }
    return code;
}
