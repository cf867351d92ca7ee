/* SPDX-License-Identifier: Apache-2.0 */
/* One command line from beginning to end: streams, parsing, the command, the report, the exit code. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "alias.h"
#include "cmd.h"
#include "help.h"

/* What lives as long as the process and is lent to the run. */
struct session {
    struct run run;
    struct log log;
    struct stream out;
    struct stream err;
    struct stream log_file; /* fd -1: the log goes to `err` */
    struct invocation invocation;
};

/*
 * A closed descriptor would be taken by the next file opened, and output would go there. It is
 * replaced by one that refuses writing, so that the loss is reported as for a full disk.
 */
static void hold_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
            int got = open("/dev/null", O_RDONLY | O_CLOEXEC);
            if (got >= 0 && got != fd) {
                close(got);
            }
        }
    }
}

static void write_log(void *context, enum log_level level, struct str line)
{
    static const char *const names[] = { "", "ERRO", "WARN", "INFO", "DEBU", "TRCE" };
    struct session *session = context;
    struct stream *stream = session->log_file.fd >= 0 ? &session->log_file : &session->err;
    stream_add_styled(stream, STYLE_DIM, str_from(names[level]));
    stream_addf(stream, " %.*s\n", STR_ARG(line));
    stream_flush(stream);
}

/* --logs-level, else -v (info), -vv (debug), -vvv (trace), else what the configuration says, else silent. */
static void set_log_level(struct session *session)
{
    const struct invocation *invocation = &session->invocation;
    unsigned verbose = option_count(invocation, "verbose");
    if (option_is_given(invocation, "logs-level")) {
        log_level_from(option_text(invocation, "logs-level"), &session->log.level);
    } else if (verbose > 0) {
        session->log.level = verbose == 1 ? LOG_INFO : verbose == 2 ? LOG_DEBUG : LOG_TRACE;
    }
}

static int open_log_file(struct session *session, struct str path, int flags)
{
    struct run *run = &session->run;
    if (path.len == 0 || str_eq_cstr(path, "/dev/stderr")) {
        return 0;
    }
    int fd = -1;
    if (file_open_append(path, flags, 0600, &fd) != 0) {
        diag_add(&run->diags, &cli_diags[CLI_OUTPUT], MARK_NONE,
                "cannot write to the log file \"%.*s\": %s", STR_ARG(path),
                strerrordesc_np(errno));
        return ERR_IO;
    }
    session->log_file.fd = fd;
    return 0;
}

/* A repository may not have just any file of its users appended to. */
static bool may_log_to(struct run *run, struct str path)
{
    static const char *const devices[] = { "/dev/stdout", "/dev/stderr", "/dev/null" };
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        if (str_eq_cstr(path, devices[i])) {
            return true;
        }
    }
    struct str folder;
    struct str top;
    return path_resolve(run->arena, path_folder(path), &folder) == 0 &&
           path_resolve(run->arena, run->config->repository, &top) == 0 &&
           path_is_below(top, folder);
}

/* logs.level and logs.file of the configuration, where no option says otherwise. */
static int follow_configuration(void *context)
{
    struct session *session = context;
    struct run *run = &session->run;
    const struct invocation *invocation = &session->invocation;
    bool has_file = config_is_chosen(run->config, "logs.file") && session->log_file.fd < 0;
    bool has_level = option_is_given(invocation, "logs-level") ||
                     option_count(invocation, "verbose") > 0;
    if (!has_level && (has_file || config_is_chosen(run->config, "logs.level"))) {
        log_level_from(config_text(run->config, "logs.level"), &session->log.level);
    }
    if (!has_file) {
        return 0;
    }
    const struct value *value = config_get(run->config, "logs.file");
    struct str path = path_join(run->arena, run->folder, value_text(value));
    if (!may_log_to(run, path)) {
        struct diag *diag = diag_add(&run->diags, &config_diags[CONFIG_IGNORED], value->mark,
                "the log file \"%.*s\" is not opened: it lies outside the repository",
                STR_ARG(value_text(value)));
        diag->hint = diag_text(&run->diags, "name it with --logs-file or ATMOS_LOGS_FILE");
        return 0;
    }
    return open_log_file(session, path, str_starts_with(path, STR("/dev/")) ? 0 : O_NOFOLLOW);
}

static int enter_folder(struct session *session)
{
    struct run *run = &session->run;
    struct str folder = option_text(&session->invocation, "chdir");
    if (run->folder.len) {
        return 0;
    }
    if (folder.len > 0 && chdir(arena_cstr(run->arena, folder)) != 0) {
        diag_add(&run->diags, &cli_diags[CLI_FOLDER], MARK_NONE, "cannot enter \"%.*s\": %s",
                STR_ARG(folder), strerrordesc_np(errno));
        return ERR_INVALID;
    }
    int r = folder_current(run->arena, &run->folder);
    if (r) {
        diag_add(&run->diags, &cli_diags[CLI_FOLDER], MARK_NONE,
                "the current folder cannot be read: %s", strerrordesc_np(errno));
    }
    return r;
}

/* Variables with our prefix that set nothing are probably misspelled. */
static void warn_about_variables(struct session *session)
{
    struct run *run = &session->run;
    size_t count;
    const struct str *known = variable_names(run->arena, &count);
    for (const char *const *item = run->env.items; item && *item; item++) {
        struct str name = str_from(*item);
        name = str_sub(name, 0, (size_t)(str_find(name, '=') < 0 ? 0 : str_find(name, '=')));
        if (!str_starts_with(name, STR("TF_ATMOS_"))) {
            continue;
        }
        bool is_known = false;
        for (size_t i = 0; i < count; i++) {
            is_known = is_known || str_eq(name, known[i]);
        }
        if (!is_known) {
            struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_UNKNOWN_VARIABLE],
                    MARK_NONE, "unknown environment variable \"%.*s\"", STR_ARG(name));
            diag->hint = suggest_hint(run->arena, name, known, count);
        }
    }
}

/*
 * ATMOS_ variables in `env` of the configuration, which is read for them before the command asks for its
 * options. What is wrong with it the command says, at its time: there it may be no error.
 */
static int follow_repository(struct session *session)
{
    struct run *run = &session->run;
    struct invocation *invocation = &session->invocation;
    struct config_options options = invocation_config_options(invocation);
    struct diags before = run->diags;
    if (!(invocation->command->needs & NEED_CONFIG)) {
        return 0;
    }
    diags_init(&run->diags, run->arena);
    int r = config_load(run, &options, false);
    struct diags found = run->diags;
    run->diags = before;
    if (r) {
        run->config = NULL;
        return 0;
    }
    for (size_t i = 0; i < found.list.count; i++) {
        diag_append(&run->diags, &found.list.items[i]);
    }
    return parse_repository_variables(invocation, config_get(run->config, "env"));
}

static int run_command(struct session *session)
{
    struct invocation *invocation = &session->invocation;
    if (option_flag(invocation, "version")) {
        return cmd_version(invocation);
    }
    if (option_flag(invocation, "help")) {
        return print_help(invocation,
                invocation->command ? str_from(invocation->command->path) : invocation->words);
    }
    if (!invocation->command) {
        return print_help(invocation, STR_EMPTY);
    }
    int r = enter_folder(session);
    if (r == 0) {
        r = open_log_file(session, option_text(invocation, "logs-file"), 0);
    }
    if (r) {
        return r;
    }
    session->run.is_strict = option_flag(invocation, "strict");
    warn_about_variables(session);
    r = follow_repository(session);
    return r ? r : invocation->command->function(invocation);
}

/* Reads the command line; again when its first word is an alias of the configuration. */
static int read_arguments(struct session *session, const char *const *arguments, size_t count)
{
    struct invocation *invocation = &session->invocation;
    struct run *run = &session->run;
    const struct invocation empty = { .run = run, .out = &session->out, .err = &session->err };
    *invocation = empty;
    int result = parse_arguments(invocation, arguments, count);
    if (!invocation->command && invocation->words.len > 0 && enter_folder(session) == 0 &&
            alias_expand(invocation, arguments, count, &arguments, &count)) {
        diags_init(&run->diags, run->arena);
        *invocation = empty;
        result = parse_arguments(invocation, arguments, count);
    }
    return result;
}

/* Findings that the command did not print as its result go to stderr. */
static void report(struct session *session)
{
    struct run *run = &session->run;
    if (session->invocation.has_reported || run->diags.list.count == 0) {
        return;
    }
    struct report_options options = { .format = REPORT_FULL, .want_summary = false };
    stream_flush(&session->out);
    report_write(run, &session->err, &options);
}

static int exit_code_of(struct session *session, int result)
{
    int code = diags_exit_code(&session->run.diags);
    if (result < 0) {
        /* Every failure comes with a diagnostic; without one there is a bug, which is no success. */
        return code != 0 ? code : EXIT_INTERNAL;
    }
    if (result == 0 && session->run.is_strict && session->run.diags.warning_count > 0) {
        return EXIT_FINDINGS;
    }
    return result;
}

/* The last thing to happen: what was said must have arrived. */
static int close_streams(struct session *session, int code)
{
    int error = 0;
    if (stream_close(&session->out)) {
        error = session->out.error;
        stream_addf(&session->err, "error[%s]: cannot write to standard output: %s\n",
                cli_diags[CLI_OUTPUT].id, strerrordesc_np(error));
    }
    if (stream_close(&session->err)) {
        error = session->err.error;
    }
    if (session->log_file.fd >= 0) {
        stream_close(&session->log_file);
        close(session->log_file.fd);
    }
    return error ? EXIT_IO : code;
}

static void open_streams(struct session *session)
{
    struct term term;
    enum color_mode mode = COLOR_AUTO;
    color_mode_from(option_text(&session->invocation, "color"), &mode);
    if (option_is_given(&session->invocation, "no-color") &&
            option_flag(&session->invocation, "no-color")) {
        mode = COLOR_NEVER;
    }
    term_detect(&session->run.env, STDOUT_FILENO, mode, &term);
    stream_init(&session->out, STDOUT_FILENO, &term);
    term_detect(&session->run.env, STDERR_FILENO, mode, &term);
    stream_init(&session->err, STDERR_FILENO, &term);
    stream_init(&session->log_file, -1, &(struct term){ 0 });
}

int cli_main(int argc, char **argv, char *const *environment)
{
    struct session session = { 0 };
    hold_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    run_init(&session.run, environment, &session.log);
    session.run.configured = follow_configuration;
    session.run.configured_context = &session;
    const char *const *arguments = (const char *const *)argv;
    int result =
            read_arguments(&session, arguments + (argc > 0), argc > 0 ? (size_t)argc - 1 : 0);
    open_streams(&session);
    session.log.write = write_log;
    session.log.context = &session;
    set_log_level(&session);
    if (result == 0) {
        result = run_command(&session);
    }
    report(&session);
    int code = close_streams(&session, exit_code_of(&session, result));
    run_clear(&session.run);
    return code;
}
