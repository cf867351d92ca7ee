/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: what is here, what is missing, and which rule decided it. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "aws/aws.h"
#include "cmd.h"
#include "help.h"

enum {
    VERSION_MS = 10000 /* what terraform may take to say its version */
};

enum state {
    STATE_OK,
    STATE_INFO,
    STATE_WARNING,
    STATE_FAILED
};

static const struct {
    const char *name;
    enum style style;
} states[] = {
    [STATE_OK] = { "ok", STYLE_OK },
    [STATE_INFO] = { "info", STYLE_PLAIN },
    [STATE_WARNING] = { "warning", STYLE_WARNING },
    [STATE_FAILED] = { "failed", STYLE_ERROR },
};

/* The examination: findings of the steps become rows instead of errors of the command. */
struct doctor {
    struct invocation *invocation;
    struct run *run;
    struct config_options options;
    struct table table;
    enum state worst;
};

static void say(struct doctor *doctor, const char *area, enum state state, struct str text,
        struct str fix)
{
    const struct table_cell cells[] = {
        { str_from(area), STYLE_KEY },
        { str_from(states[state].name), states[state].style },
        { text, STYLE_PLAIN },
        { fix, STYLE_PLAIN },
    };
    table_add(doctor->run->arena, &doctor->table, cells);
    doctor->worst = state > doctor->worst ? state : doctor->worst;
}

/* Turns what a step complained about into rows; true when there was an error. */
static bool say_findings(struct doctor *doctor, const char *area)
{
    enum {
        SHOWN = 5
    };
    struct diags *diags = &doctor->run->diags;
    bool is_failed = diags->error_count > 0;
    size_t count = diags->list.count;
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        const struct diag *diag = &diags->list.items[i];
        enum state state = diag->severity == DIAG_ERROR     ? STATE_FAILED
                           : diag->severity == DIAG_WARNING ? STATE_WARNING
                                                            : STATE_INFO;
        struct str text = diag->message;
        if (diag->mark.file != 0) {
            text = arena_printf(doctor->run->arena, "%.*s:%u: %.*s",
                    STR_ARG(sources_path(doctor->run->sources, diag->mark.file)),
                    diag->mark.line, STR_ARG(diag->message));
        }
        say(doctor, area, state, text, diag->hint);
    }
    if (count > SHOWN) {
        say(doctor, area, is_failed ? STATE_FAILED : STATE_WARNING,
                arena_printf(doctor->run->arena, "and %zu more", count - SHOWN),
                STR("see `tf-atmos validate`"));
    }
    diags_init(diags, doctor->run->arena);
    return is_failed;
}

static void examine_program(struct doctor *doctor)
{
    struct str path = program_path(doctor->run->arena);
    struct str where = path.len > 0 ? path : STR("unknown place");
    say(doctor, "program", STATE_OK,
            arena_printf(doctor->run->arena, "tf-atmos %s, %.*s", TFA_VERSION, STR_ARG(where)),
            STR_EMPTY);
}

static void examine_repository(struct doctor *doctor)
{
    struct run *run = doctor->run;
    int r = pipeline_configure(run, &doctor->options, true);
    if (say_findings(doctor, "configuration") || r || !run->config) {
        return;
    }
    say(doctor, "configuration", STATE_OK, path_shown(run, run->config->file), STR_EMPTY);
    say(doctor, "repository", STATE_OK, run->config->base_path, STR_EMPTY);
    struct stacks *stacks = NULL;
    (void)pipeline_resolve(run, &doctor->options, true, &stacks);
    bool is_failed = say_findings(doctor, "stacks");
    if (stacks && !is_failed) {
        say(doctor, "stacks", STATE_OK,
                arena_printf(run->arena, "%zu stacks, %zu instances in %zu manifests",
                        stacks->count, stacks->instance_count, stacks->manifest_count),
                STR_EMPTY);
    }
}

static void examine_plugins(struct doctor *doctor)
{
    struct run *run = doctor->run;
    struct plugins *plugins = NULL;
    struct plugin_options where;
    plugin_options_default(run, &where);
    (void)plugins_discover(run, &where, &plugins);
    say_findings(doctor, "plugins");
    for (size_t i = 0; plugins && i < plugins_count(plugins); i++) {
        const struct plugin *plugin = plugins_at(plugins, i);
        bool is_sound = plugin->state == PLUGIN_READY || plugin->state == PLUGIN_DISABLED;
        struct str name = plugin->identity ? plugin->identity->id : plugin->name;
        say(doctor, "plugins", is_sound ? STATE_OK : STATE_WARNING,
                arena_printf(run->arena, "%.*s is %s: %.*s", STR_ARG(name),
                        plugin_state_name(plugin->state), STR_ARG(plugin->reason)),
                plugin->next);
    }
}

/* One thing the system may lack; what then is not kept from a foreign plugin. */
static void say_wall(struct doctor *doctor, const char *area, bool is_there, struct str text,
        const char *otherwise, const char *fix)
{
    say(doctor, area, is_there ? STATE_OK : STATE_WARNING,
            is_there ? text : str_from(otherwise), is_there ? STR_EMPTY : str_from(fix));
}

static void examine_sandbox(struct doctor *doctor)
{
    struct arena *arena = doctor->run->arena;
    struct plugin_sandbox sandbox = plugin_sandbox_examine(doctor->run);
    if (sandbox.trouble.len > 0) {
        say(doctor, "sandbox", STATE_FAILED,
                arena_printf(arena,
                        "foreign plugins cannot run, the worker %.*s does not start: %.*s",
                        STR_ARG(sandbox.program), STR_ARG(sandbox.trouble)),
                STR("install tf-atmos whole"));
    } else {
        say(doctor, "sandbox", STATE_OK,
                arena_printf(arena, "foreign plugins run in %.*s", STR_ARG(sandbox.program)),
                STR_EMPTY);
    }
    say_wall(doctor, "landlock", sandbox.landlock_abi > 0,
            arena_printf(
                    arena, "version %d: foreign plugins read no files", sandbox.landlock_abi),
            "the kernel has none: foreign plugins can read the files you can",
            "use a kernel with Landlock (5.13 or later, named in its option lsm); --strict "
            "does not run plugins without");
    say_wall(doctor, "seccomp", sandbox.has_seccomp,
            STR("foreign plugins reach no network, process or other program"),
            "the kernel has none: foreign plugins can use the network and start programs",
            "use a kernel with seccomp filters; --strict does not run plugins without");
    say_wall(doctor, "memory files", sandbox.has_sealed_memory,
            STR("plugins are loaded from sealed memory"),
            "not executable here: plugins are loaded from a private copy on disk",
            "set vm.memfd_noexec to 0 or 1; --strict does not load plugins from copies");
}

static void examine_terraform(struct doctor *doctor)
{
    struct run *run = doctor->run;
    struct str path;
    struct str configured = run->config ? run->config->terraform_command : STR("terraform");
    struct str search = str_from(environment_get(&run->env, "PATH"));
    bool is_found = run->config ? terraform_find_program(run, NULL, &path)
                                : proc_find(run->arena, configured, search, &path) ||
                                          proc_find(run->arena, STR("tofu"), search, &path);
    if (!is_found) {
        say(doctor, "terraform", STATE_WARNING,
                arena_printf(
                        run->arena, "neither %.*s nor tofu is in PATH", STR_ARG(configured)),
                STR("install one, or set components.terraform.command"));
        return;
    }
    const char *const argv[] = { arena_cstr(run->arena, path), "version", NULL };
    const char *const env[] = { "CHECKPOINT_DISABLE=1", "HOME=/nonexistent", NULL };
    const struct proc_options options = { .argv = argv,
        .env = env,
        .stdin_fd = -1,
        .stdout_fd = -1,
        .stderr_fd = -1,
        .own_group = true };
    struct proc_status status;
    struct str line = STR_EMPTY;
    int code = proc_capture(run->arena, &options, 64 * 1024, VERSION_MS, &line, &status);
    bool has_run = code == 0 && !status.is_signaled && status.code == 0;
    if (!has_run) {
        line = code == ERR_CANCELLED
                       ? arena_printf(run->arena, "does not end within %d s", VERSION_MS / 1000)
                       : STR("does not run");
    }
    ptrdiff_t end = str_find(line, '\n');
    line = end < 0 ? line : str_sub(line, 0, (size_t)end);
    say(doctor, "terraform", has_run ? STATE_OK : STATE_WARNING,
            arena_printf(run->arena, "%.*s, %.*s", STR_ARG(line), STR_ARG(path)), STR_EMPTY);
}

static void examine_stream(struct doctor *doctor, const char *name, const struct term *term)
{
    struct str text =
            arena_printf(doctor->run->arena, "%s: %s, width %u (%s), color %s (%s), %s", name,
                    term->is_tty ? "a terminal" : "not a terminal", term->width,
                    term->width_rule, term->has_color ? "on" : "off", term->color_rule,
                    term->is_utf8 ? "UTF-8" : "no UTF-8");
    say(doctor, "terminal", STATE_INFO, text, STR_EMPTY);
}

static void examine_credentials(struct doctor *doctor)
{
    struct run *run = doctor->run;
    struct aws_client *client = NULL;
    const struct aws_fault *fault = NULL;
    struct str source;
    if (aws_client_new(run, NULL, &client)) {
        say_findings(doctor, "aws");
        return;
    }
    if (aws_client_credentials(client, STR_EMPTY, &source, &fault) == 0) {
        say(doctor, "aws", STATE_OK,
                arena_printf(run->arena, "credentials of %.*s", STR_ARG(source)), STR_EMPTY);
    } else if (fault) {
        say(doctor, "aws", STATE_WARNING, fault->message, fault->hint);
    }
    aws_client_free(client);
    const char *endpoint = environment_get(&run->env, "AWS_ENDPOINT_URL");
    if (endpoint && *endpoint) {
        say(doctor, "aws", STATE_INFO,
                arena_printf(run->arena, "AWS_ENDPOINT_URL sends every call to %s", endpoint),
                STR_EMPTY);
    }
}

static void examine_surroundings(struct doctor *doctor)
{
    struct run *run = doctor->run;
    struct str folder = temporary_folder(&run->env);
    if (access(arena_cstr(run->arena, folder), W_OK | X_OK) != 0) {
        say(doctor, "folders", STATE_FAILED,
                arena_printf(run->arena, "cannot write to the temporary folder %.*s: %s",
                        STR_ARG(folder), strerrordesc_np(errno)),
                STR("name another one in TMPDIR"));
    } else {
        say(doctor, "folders", STATE_OK,
                arena_printf(run->arena, "temporary folder %.*s", STR_ARG(folder)), STR_EMPTY);
    }
    const char *ci = environment_get(&run->env, "CI");
    say(doctor, "session", STATE_INFO,
            ci && *ci ? STR("CI is set: nothing is asked") : STR("CI is not set"), STR_EMPTY);
}

int cmd_doctor(struct invocation *invocation)
{
    static const struct column columns[] = {
        { "area", "Area", COLUMN_TEXT, 0 },
        { "state", "State", COLUMN_TEXT, 0 },
        { "finding", "Finding", COLUMN_TEXT, 2 },
        { "fix", "What to do", COLUMN_TEXT, 1 },
    };
    struct doctor doctor = { .invocation = invocation,
        .run = invocation->run,
        .options = invocation_config_options(invocation),
        .table = { .columns = columns, .column_count = 4 } };
    /* Unknown variables with our prefix were noted before the command began. */
    examine_program(&doctor);
    say_findings(&doctor, "environment");
    examine_repository(&doctor);
    examine_plugins(&doctor);
    examine_sandbox(&doctor);
    examine_terraform(&doctor);
    examine_credentials(&doctor);
    examine_surroundings(&doctor);
    examine_stream(&doctor, "stdout", &invocation->out->term);
    examine_stream(&doctor, "stderr", &invocation->err->term);
    invocation->has_reported = true;
    int r = print_table(invocation, &doctor.table);
    bool is_failed = doctor.worst == STATE_FAILED ||
                     (doctor.worst == STATE_WARNING && doctor.run->is_strict);
    return r ? r : is_failed ? EXIT_FINDINGS : 0;
}
