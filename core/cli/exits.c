/* SPDX-License-Identifier: Apache-2.0 */
/* The exit codes of each command. */
#include "help.h"

/* Those of every command: a warning may come from an environment variable alone. */
enum {
    EXITS_ALWAYS = 1u << 30
};

static const struct {
    struct exit_meaning row;
    unsigned any_of;
    unsigned none_of;
} rows[] = {
    { { "0", "done" }, EXITS_ALWAYS, 0 },
    { { "1", "a warning, with --strict" }, EXITS_ALWAYS, EXITS_FINDINGS },
    { { "1", "findings, or a failed run; with --strict a warning too" }, EXITS_FINDINGS, 0 },
    { { "2-63", "what terraform exited with" }, EXITS_PASSED, 0 },
    { { "64", "the command line is wrong, or names what is not there" }, EXITS_ALWAYS, 0 },
    { { "65", "input cannot be used: a manifest, a plugin file, a lock file" }, EXITS_DATA, 0 },
    { { "69", "something is missing: terraform, a plugin, git, an endpoint" },
            EXITS_UNAVAILABLE, 0 },
    { { "74", "a file or the output could not be read or written" }, EXITS_ALWAYS, 0 },
    { { "75", "try again: a check is pending, AWS throttles, a time-out" }, EXITS_TEMPORARY,
            0 },
    { { "77", "no permission, no credentials, or a plugin that may not run" }, EXITS_PERMISSION,
            0 },
    { { "78", "the configuration is wrong or missing" }, EXITS_CONFIG, 0 },
    { { "130", "interrupted" }, EXITS_INTERRUPTED, 0 },
};

static const struct {
    unsigned need;
    unsigned exits;
} implied[] = {
    { NEED_CONFIG, EXITS_CONFIG },
    { NEED_STACKS, EXITS_DATA },
    { NEED_PLUGINS, EXITS_DATA | EXITS_UNAVAILABLE | EXITS_PERMISSION | EXITS_CONFIG },
    { NEED_TERRAFORM, EXITS_FINDINGS | EXITS_PASSED | EXITS_UNAVAILABLE | EXITS_INTERRUPTED },
    { NEED_AWS, EXITS_FINDINGS | EXITS_DATA | EXITS_UNAVAILABLE | EXITS_TEMPORARY |
                        EXITS_PERMISSION | EXITS_CONFIG | EXITS_INTERRUPTED },
};

const struct exit_meaning *command_exits(struct arena *arena, const struct command *command)
{
    enum {
        ROW_COUNT = sizeof(rows) / sizeof(rows[0])
    };
    struct exit_meaning *shown = ARENA_ARRAY(arena, struct exit_meaning, ROW_COUNT + 1);
    size_t count = 0;
    unsigned exits = command->exits | EXITS_ALWAYS;
    for (size_t i = 0; i < sizeof(implied) / sizeof(implied[0]); i++) {
        exits |= (command->needs & implied[i].need) ? implied[i].exits : 0;
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if ((rows[i].any_of & exits) && !(rows[i].none_of & exits)) {
            shown[count++] = rows[i].row;
        }
    }
    shown[count] = (struct exit_meaning){ NULL, NULL };
    return shown;
}
