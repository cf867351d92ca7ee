/* SPDX-License-Identifier: Apache-2.0 */
/* terraform <subcommand>, terraform generate varfile, backend, varfiles, backends, files. */
#include "cmd.h"

/* Streams the child's output as it comes; what is talk and what is product, terraform decides. */
static void pass_output(void *context, int stream, struct str bytes)
{
    struct invocation *invocation = context;
    struct stream *to = stream == 2 ? invocation->err : invocation->out;
    stream_add(to, bytes);
    stream_flush(to);
}

static void say(void *context, struct str line)
{
    struct invocation *invocation = context;
    if (!option_flag(invocation, "quiet")) {
        stream_add_styled(invocation->err, STYLE_DIM, line);
        stream_add_cstr(invocation->err, "\n");
        stream_flush(invocation->err);
    }
}

/* Words of the path behind "terraform": "plan", or "state" and "list". */
static const struct str *subcommand_of(struct invocation *invocation, size_t *ret_count)
{
    VEC(struct str) words = { 0 };
    struct str rest = str_from(invocation->command->path);
    bool more = true;
    struct str word;
    while (str_split(&rest, &more, ' ', &word)) {
        VEC_PUSH(invocation->run->arena, &words, word);
    }
    *ret_count = words.count - 1;
    return words.items + 1;
}

/* One report at the end: what terraform could not say, and what the checks found. */
static void report_job(struct invocation *invocation, const struct coverage *coverage)
{
    struct report_options options = { .format = REPORT_FULL,
        .want_passed = !option_flag(invocation, "quiet"),
        .want_summary = coverage->bindings > 0 };
    report_write(invocation->run, invocation->err, &options);
    invocation->has_reported = true;
}

/* The options that choose many instances; NULL when none is given. */
static const char *chosen_by(const struct invocation *invocation)
{
    static const char *const names[] = { "all", "affected", "components", "query", "tags",
        "labels" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (option_is_given(invocation, names[i])) {
            return names[i];
        }
    }
    return NULL;
}

static int say_usage(struct invocation *invocation, enum cli_diag kind, const char *text)
{
    diag_add(&invocation->run->diags, &cli_diags[kind], MARK_NONE, "`%s` %s",
            invocation->command->path, text);
    return kind == CLI_UNSUPPORTED ? ERR_UNSUPPORTED : ERR_INVALID;
}

/* One component, or one way to choose many. */
static int check_choice(struct invocation *invocation)
{
    struct str concurrency = option_text(invocation, "max-concurrency");
    const char *name = chosen_by(invocation);
    if (invocation->args.count == 0 && !name) {
        return say_usage(invocation, CLI_ARGUMENTS,
                "needs a component, or one of --all, --affected, --components, --query, --tags "
                "and --labels");
    }
    if (invocation->args.count && name) {
        return say_usage(invocation, CLI_ARGUMENTS,
                arena_printf(
                        invocation->run->arena, "takes a component or --%s, not both", name)
                        .ptr);
    }
    if (option_flag(invocation, "all") && option_flag(invocation, "affected")) {
        return say_usage(invocation, CLI_ARGUMENTS, "takes --all or --affected, not both");
    }
    if (name && concurrency.len && !str_eq_cstr(concurrency, "1")) {
        return say_usage(invocation, CLI_UNSUPPORTED,
                "runs one instance after the other so far: --max-concurrency can only be 1");
    }
    return 0;
}

static struct terraform_request request_of(struct invocation *invocation)
{
    struct terraform_request request = {
        .args = invocation->rest.items,
        .arg_count = invocation->rest.count,
        .skip_init = option_flag(invocation, "skip-init"),
        .is_dry_run = option_flag(invocation, "dry-run"),
        .is_plain = !invocation->out->term.has_color,
        .has_terminal = can_ask(invocation) && invocation->out->term.is_tty,
        .output = pass_output,
        .say = say,
        .context = invocation,
    };
    request.planfile = option_text(invocation, "planfile");
    request.from_plan = option_flag(invocation, "from-plan");
    request.subcommand = subcommand_of(invocation, &request.subcommand_count);
    return request;
}

/* --query over what describe stacks shows of the instance. */
static int passes_query(void *context, const struct instance *instance, bool *ret_is_meant)
{
    struct invocation *invocation = context;
    struct run *run = invocation->run;
    struct str query = option_text(invocation, "query");
    struct str why;
    int r = query_test(
            run, instance_describe_in_stacks(run, instance), query, ret_is_meant, &why);
    if (r) {
        diag_add(&run->diags, &cli_diags[CLI_QUERY], MARK_NONE, "cannot use the query \"%.*s\"",
                STR_ARG(query))
                ->detail = why;
    }
    return r;
}

static int run_many(struct invocation *invocation, const struct terraform_job *job)
{
    struct config_options config = invocation_config_options(invocation);
    struct affected_request affected = { .base = option_text(invocation, "base"),
        .repository = option_text(invocation, "repo-path"),
        .stack = option_text(invocation, "stack") };
    struct terraform_many many = { .job = *job,
        .filter.stack = affected.stack,
        .is_meant = option_text(invocation, "query").len ? passes_query : NULL,
        .context = invocation,
        .affected = option_flag(invocation, "affected") ? &affected : NULL,
        .keeps_going = str_eq_cstr(option_text(invocation, "failure-mode"), "keep-going") };
    many.filter.tags = option_list(invocation, "tags", &many.filter.tag_count);
    many.filter.labels = option_list(invocation, "labels", &many.filter.label_count);
    many.components = option_list(invocation, "components", &many.component_count);
    int exit_code = 0;
    struct coverage coverage = { 0 };
    if (job->request.planfile.len) {
        return say_usage(invocation, CLI_ARGUMENTS, "takes --planfile with one component only");
    }
    int r = pipeline_terraform_many(invocation->run, &config, &many, &exit_code, &coverage);
    report_job(invocation, &coverage);
    if (exit_code != 0 || r) {
        return exit_code != 0 ? exit_code : r;
    }
    return coverage.bindings ? check_exit_code(invocation, r, &coverage) : 0;
}

int cmd_terraform(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    int r = check_choice(invocation);
    if (r) {
        return r;
    }
    struct terraform_job job = { .request = request_of(invocation),
        .skip_checks = option_flag(invocation, "skip-checks"),
        .patience = be_patient(invocation) };
    if (invocation->args.count == 0) {
        return run_many(invocation, &job);
    }
    job.instance.component = invocation->args.items[0];
    job.instance.type = STR("terraform");
    r = require_stack(invocation, &job.instance.stack);
    if (r) {
        return r;
    }
    int exit_code = 0;
    bool has_run = false;
    struct coverage coverage = { 0 };
    r = pipeline_terraform(invocation->run, &config, &job, &has_run, &exit_code, &coverage);
    report_job(invocation, &coverage);
    if (!has_run) {
        return r;
    }
    return exit_code != 0 ? exit_code : check_exit_code(invocation, r, &coverage);
}

static int generate(struct invocation *invocation, enum terraform_file file)
{
    struct run *run = invocation->run;
    struct config_options config = invocation_config_options(invocation);
    struct str path = option_text(invocation, "file");
    bool is_to_stdout = str_eq_cstr(path, "-");
    struct generate_request request = { .instance.component = invocation->args.items[0],
        .instance.type = STR("terraform"),
        .file = file,
        .is_dry_run = is_to_stdout || option_flag(invocation, "dry-run") };
    if (path.len > 0 && !is_to_stdout) {
        request.path = path_join(run->arena, run->folder, path);
    }
    int r = require_stack(invocation, &request.instance.stack);
    struct str shown;
    struct str text;
    if (r == 0) {
        r = pipeline_generate(run, &config, &request, &shown, &text);
    }
    if (r) {
        return r;
    }
    if (request.is_dry_run) {
        stream_add(invocation->out, text);
    }
    if (!is_to_stdout && !option_flag(invocation, "quiet")) {
        stream_addf(invocation->err, "%s %.*s\n", request.is_dry_run ? "would write" : "wrote",
                STR_ARG(path_shown(run, shown)));
    }
    return 0;
}

int cmd_terraform_generate_varfile(struct invocation *invocation)
{
    return generate(invocation, TERRAFORM_VARFILE);
}

int cmd_terraform_generate_backend(struct invocation *invocation)
{
    return generate(invocation, TERRAFORM_BACKEND);
}

static void say_done(
        struct invocation *invocation, const char *done, const char *planned, struct str path)
{
    if (!option_flag(invocation, "quiet")) {
        stream_addf(invocation->err, "%s %.*s\n",
                option_flag(invocation, "dry-run") ? planned : done,
                STR_ARG(path_shown(invocation->run, path)));
    }
}

static void take_written(void *context, struct str path)
{
    say_done(context, "wrote", "would write", path);
}

static void take_removed(void *context, struct str path)
{
    say_done(context, "removed", "would remove", path);
}

static int generate_many(struct invocation *invocation, enum terraform_file file)
{
    struct config_options config = invocation_config_options(invocation);
    struct generate_many request = { .file = file,
        .file_template = option_text(invocation, "file-template"),
        .is_dry_run = option_flag(invocation, "dry-run"),
        .wrote = take_written,
        .context = invocation };
    request.components = option_list(invocation, "components", &request.component_count);
    request.stacks = option_list(invocation, "stacks", &request.stack_count);
    return pipeline_generate_many(invocation->run, &config, &request);
}

int cmd_terraform_generate_varfiles(struct invocation *invocation)
{
    return generate_many(invocation, TERRAFORM_VARFILE);
}

int cmd_terraform_generate_backends(struct invocation *invocation)
{
    return generate_many(invocation, TERRAFORM_BACKEND);
}

/* One component of one stack, or --all of them, of some stacks, of some names. */
static int choose_files(struct invocation *invocation, struct generate_files *request)
{
    bool is_all = option_flag(invocation, "all");
    request->components = option_list(invocation, "components", &request->component_count);
    request->stacks = option_list(invocation, "stacks", &request->stack_count);
    if (invocation->args.count > 0) {
        request->instance.component = invocation->args.items[0];
        request->instance.type = STR("terraform");
        return is_all || request->component_count > 0 || request->stack_count > 0
                       ? say_usage(invocation, CLI_ARGUMENTS,
                                 "takes a component, or --all, --components and --stacks")
                       : require_stack(invocation, &request->instance.stack);
    }
    if (!is_all && request->component_count == 0 && request->stack_count == 0) {
        return say_usage(invocation, CLI_ARGUMENTS, "needs a component, or --all");
    }
    if (request->stack_count == 0 && option_text(invocation, "stack").len > 0) {
        struct str *stack = ARENA_NEW(invocation->run->arena, struct str);
        *stack = option_text(invocation, "stack");
        request->stacks = stack;
        request->stack_count = 1;
    }
    return 0;
}

int cmd_terraform_generate_files(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    bool is_clean = option_flag(invocation, "clean");
    struct generate_files request = { .is_clean = is_clean,
        .is_dry_run = option_flag(invocation, "dry-run"),
        .done = is_clean ? take_removed : take_written,
        .context = invocation };
    int r = choose_files(invocation, &request);
    return r ? r : pipeline_generate_files(invocation->run, &config, &request);
}
