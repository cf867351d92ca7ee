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

int cmd_terraform(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct terraform_job job = { .instance.component = invocation->args.items[0],
        .skip_checks = option_flag(invocation, "skip-checks"),
        .patience = be_patient(invocation) };
    int r = require_stack(invocation, &job.instance.stack);
    if (r) {
        return r;
    }
    job.request = (struct terraform_request){
        .args = invocation->rest.items,
        .arg_count = invocation->rest.count,
        .planfile = option_text(invocation, "planfile"),
        .from_plan = option_flag(invocation, "from-plan"),
        .skip_init = option_flag(invocation, "skip-init"),
        .is_dry_run = option_flag(invocation, "dry-run"),
        .is_plain = !invocation->out->term.has_color,
        .has_terminal = can_ask(invocation) && invocation->out->term.is_tty,
        .output = pass_output,
        .say = say,
        .context = invocation,
    };
    job.request.subcommand = subcommand_of(invocation, &job.request.subcommand_count);
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

static void say_written(struct invocation *invocation, struct str path)
{
    if (!option_flag(invocation, "quiet")) {
        stream_addf(invocation->err, "%s %.*s\n",
                option_flag(invocation, "dry-run") ? "would write" : "wrote",
                STR_ARG(path_shown(invocation->run, path)));
    }
}

static void take_written(void *context, struct str path)
{
    say_written(context, path);
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

int cmd_terraform_generate_files(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct selection selection = { .component = invocation->args.items[0] };
    const struct terraform_generated *files = NULL;
    size_t count = 0;
    int r = require_stack(invocation, &selection.stack);
    if (r == 0) {
        r = pipeline_generate_files(invocation->run, &config, &selection,
                option_flag(invocation, "dry-run"), &files, &count);
    }
    for (size_t i = 0; i < count; i++) {
        say_written(invocation, files[i].path);
    }
    return r;
}
