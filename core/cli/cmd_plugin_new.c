/* SPDX-License-Identifier: Apache-2.0 */
/* plugin new. */
#include "cmd.h"

/* What to type next, so that nobody has to look it up. */
static void say_next(struct invocation *invocation, const struct plugin_started *started)
{
    struct run *run = invocation->run;
    struct stream *err = invocation->err;
    stream_addf(err, "next:\n  cd %.*s\n", STR_ARG(path_shown(run, started->folder)));
    if (str_eq_cstr(option_text(invocation, "lang"), "rust")) {
        stream_addf(err, "  cargo build --release && cargo test\n");
    } else {
        stream_addf(err, "  cmake -B build%s%.*s && cmake --build build\n",
                started->prefix.len > 0 ? " -DCMAKE_PREFIX_PATH=" : "",
                STR_ARG(started->prefix));
        stream_addf(err, "  ctest --test-dir build\n");
    }
    stream_addf(err, "  tf-atmos plugin conform %.*s\n", STR_ARG(started->library));
    /* install, not cp: a file the group may write, as umask 002 leaves it, is refused. */
    stream_addf(
            err, "  install -D -t <repository>/plugins.d %.*s\n", STR_ARG(started->library));
}

int cmd_plugin_new(struct invocation *invocation)
{
    struct run *run = invocation->run;
    struct plugin_options options;
    struct plugin_started started;
    plugin_options_default(run, &options);
    struct plugin_new request = { .id = invocation->args.items[0],
        .language = option_text(invocation, "lang"),
        .folder = option_text(invocation, "folder"),
        .bundled_folder = options.bundled_folder,
        .is_dry_run = option_flag(invocation, "dry-run") };
    int r = plugin_new(run, &request, &started);
    if (r) {
        return r;
    }
    for (size_t i = 0; i < started.count; i++) {
        struct str path = path_join(run->arena, started.folder, started.files[i]);
        stream_addf(invocation->out, "%sadd %.*s\n", request.is_dry_run ? "would " : "",
                STR_ARG(path_shown(run, path)));
    }
    if (!request.is_dry_run && !option_flag(invocation, "quiet")) {
        say_next(invocation, &started);
    }
    return 0;
}
