/* SPDX-License-Identifier: Apache-2.0 */
/* Times one callback of the plugin in a folder, inside the program and in a worker, with settings of a
 * given size: plugin_calls FOLDER KIND KILOBYTES ROUNDS. Prints "here" and "worker" in microseconds,
 * the best and the median of the rounds. */
#include <stdio.h>
#include <stdlib.h>

#include "plugin/plugin_ask.h"
#include "plugin/plugin_set.h"

/* Settings as people write them: maps of short texts and numbers. */
static const struct value *settings_of(struct run *run, size_t kilobytes)
{
    const struct value *value = NULL;
    AUTO_BUF text = BUF_INIT(64 << 20);
    buf_add(&text, STR("act: nothing\nmap:\n"));
    for (size_t i = 0; text.len < kilobytes * 1024; i++) {
        buf_addf(&text,
                "  member_%zu: {account: \"%012zu\", regions: [eu-west-1, eu-central-1], rank: "
                "%zu}\n",
                i, i, i);
    }
    struct yaml_input input = { .arena = run->arena,
        .keys = run->keys,
        .diags = &run->diags,
        .text = arena_dup(run->arena, buf_str(&text)),
        .file = sources_add(run->sources, STR("stacks/dev.yaml")) };
    return yaml_read(&input, &value) == 0 ? value : NULL;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static int time_calls(struct run *run, struct plugins *plugins,
        const struct plugin_binding *binding, size_t rounds, const char *where)
{
    double *times = ARENA_ARRAY(run->arena, double, rounds);
    struct plugin_runtime *runtime = binding->plugin->runtime;
    for (size_t i = 0; i < rounds; i++) {
        struct question question;
        int64_t start = monotonic_us();
        struct tfa_call *call = ask_begin(run, plugins, binding, TFA_PHASE_VALIDATE,
                "component.validate", NULL, &question);
        int32_t rc = runtime->component->validate(
                runtime->self, call, question.config, question.context);
        call_end(call);
        times[i] = (double)(monotonic_us() - start);
        if (rc != TFA_OK) {
            return 1;
        }
    }
    qsort(times, rounds, sizeof(times[0]), compare);
    (void)printf("%s %.1f %.1f\n", where, times[0], times[rounds / 2]);
    return 0;
}

int main(int argc, char **argv)
{
    char *const none[] = { NULL };
    struct run run;
    if (argc != 5) {
        (void)fputs("usage: plugin_calls FOLDER KIND KILOBYTES ROUNDS\n", stderr);
        return 64;
    }
    run_init(&run, none, NULL);
    const struct value *settings = settings_of(&run, strtoul(argv[3], NULL, 10));
    int code = settings ? 0 : 1;
    for (int is_apart = 0; is_apart < 2 && code == 0; is_apart++) {
        struct plugins *plugins = NULL;
        struct plugin_options options = { .bundled_folder = str_from(argv[1]),
            .is_privileged = true };
        code = plugins_discover(&run, &options, &plugins);
        if (code != 0 || plugins_count(plugins) != 1) {
            return 1;
        }
        plugins->isolation.want_all = is_apart != 0;
        struct instance instance = {
            .stack = STR("dev"), .name = STR("x"), .folder = STR("x")
        };
        struct plugin_binding binding = { .plugin = plugins_at(plugins, 0),
            .kind = str_from(argv[2]),
            .instance = &instance,
            .intent = settings };
        code = plugin_load(&run, plugins, binding.plugin);
        code = code ? code
                    : time_calls(&run, plugins, &binding, strtoul(argv[4], NULL, 10),
                              is_apart ? "worker" : "here");
        (void)plugins_shutdown(plugins);
    }
    for (size_t i = 0; i < run.diags.list.count; i++) {
        (void)fprintf(stderr, "%.*s\n", STR_ARG(run.diags.list.items[i].message));
    }
    run_clear(&run);
    return code ? 1 : 0;
}
