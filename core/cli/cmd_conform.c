/* SPDX-License-Identifier: Apache-2.0 */
/* plugin conform: starts the conformance tests, a program of its own that links the mock host. */
#include <unistd.h>

#include "cmd.h"

VEC_TYPE(words, const char *);

/* Beside this program in a build, in libexec when installed. */
static bool find_runner(struct run *run, struct str *ret_path)
{
    *ret_path = program_companion(run->arena, STR("tf-atmos-conform"),
            STR("../" TFA_LIBEXECDIR "/tf-atmos/tf-atmos-conform"));
    return file_is_regular(*ret_path);
}

/* A file by its name, or one of the plugins that are found. */
static int find_file(struct invocation *invocation, struct str *ret_path)
{
    struct run *run = invocation->run;
    struct str name = invocation->args.items[0];
    struct config_options config = invocation_config_options(invocation);
    struct plugins *plugins = NULL;
    struct plugin *plugin = NULL;
    if (str_find(name, '/') >= 0 || str_ends_with(name, STR(".so"))) {
        *ret_path = name;
        return 0;
    }
    int r = pipeline_discover(run, &config, &plugins);
    r = r ? r : plugins_select(run, plugins, name, &plugin);
    if (r == 0) {
        *ret_path = plugin->path;
    }
    return r;
}

static void add_option(struct run *run, struct words *words, const char *name, struct str value)
{
    VEC_PUSH(run->arena, words, name);
    VEC_PUSH(run->arena, words, arena_cstr(run->arena, value));
}

static void add_list(struct invocation *invocation, struct words *words, const char *flag)
{
    size_t count = 0;
    const struct str *values = option_list(invocation, flag + 2, &count);
    for (size_t i = 0; i < count; i++) {
        add_option(invocation->run, words, flag, values[i]);
    }
}

int cmd_plugin_conform(struct invocation *invocation)
{
    static const char *const texts[] = { "--seed", "--cases", "--limit", "--answers" };
    struct run *run = invocation->run;
    struct words words = { 0 };
    struct str runner;
    struct str file;
    struct proc_status status;
    pid_t pid;
    int r = find_file(invocation, &file);
    if (r != 0) {
        return r;
    }
    if (!find_runner(run, &runner)) {
        diag_add(&run->diags, &cli_diags[CLI_NO_RUNNER], MARK_NONE,
                "tf-atmos-conform is not installed");
        return ERR_UNAVAILABLE;
    }
    VEC_PUSH(run->arena, &words, runner.ptr);
    add_option(run, &words, "--format", option_format(invocation));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct str value = option_text(invocation, texts[i] + 2);
        if (value.len > 0) {
            add_option(run, &words, texts[i], value);
        }
    }
    add_list(invocation, &words, "--test");
    add_list(invocation, &words, "--intent");
    if (invocation->out->term.has_color) {
        VEC_PUSH(run->arena, &words, "--color");
    }
    if (option_count(invocation, "verbose") > 0) {
        VEC_PUSH(run->arena, &words, "--verbose");
    }
    add_option(run, &words, "--", file);
    VEC_PUSH(run->arena, &words, NULL);
    stream_flush(invocation->out);
    const struct proc_options options = {
        .argv = words.items, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1
    };
    r = proc_start(&options, &pid);
    r = r ? r : proc_wait(pid, &status);
    if (r != 0) {
        diag_add(&run->diags, &cli_diags[CLI_NO_RUNNER], MARK_NONE, "%.*s cannot be started",
                STR_ARG(runner));
        return r;
    }
    return status.is_signaled ? EXIT_INTERNAL : status.code;
}
