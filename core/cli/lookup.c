/* SPDX-License-Identifier: Apache-2.0 */
/* Finding rows of the command and option tables, and values of a parsed command line. */
#include <string.h>

#include "cli_diag.h"
#include "command.h"

const struct diag_kind cli_diags[CLI_DIAG__COUNT] = { CLI_DIAGS(DIAG_KIND_ENTRY) };

/* Every command with formats has these two beside its own options. */
static const struct option option_format_row = {
    .name = "format",
    .letter = 'f',
    .kind = OPTION_TEXT,
    .flags = OPTION_ATMOS | OPTION_REPOSITORY,
    .value = "<format>",
    .help = "form of the output",
};
static const struct option option_json_row = {
    .name = "json",
    .kind = OPTION_FLAG,
    .flags = OPTION_HIDDEN,
    .help = "the same as --format json",
};
static const struct option *const format_options[] = { &option_format_row, &option_json_row,
    NULL };

const struct command *command_find(struct str path)
{
    for (size_t i = 0; i < command_count; i++) {
        if (str_eq_cstr(path, commands[i].path)) {
            return &commands[i];
        }
    }
    return NULL;
}

bool command_is_prefix(struct str words)
{
    for (size_t i = 0; i < command_count; i++) {
        struct str path = str_from(commands[i].path);
        if (path.len > words.len && str_starts_with(path, words) &&
                path.ptr[words.len] == ' ') {
            return true;
        }
    }
    return false;
}

/* Matches by name, or by letter when the name is empty. */
static const struct option *search(
        const struct option *const *options, struct str name, char letter)
{
    for (; options && *options; options++) {
        bool is_hit = name.len > 0 ? str_eq_cstr(name, (*options)->name)
                                   : letter && (*options)->letter == letter;
        if (is_hit) {
            return *options;
        }
    }
    return NULL;
}

static const struct option *search_command(
        const struct command *command, struct str name, char letter)
{
    const struct option *found = command ? search(command->options, name, letter) : NULL;
    if (!found && command && command->formats) {
        found = search(format_options, name, letter);
    }
    return found ? found : search(global_options, name, letter);
}

static const struct option *search_all(struct str name, char letter)
{
    const struct option *found = search(global_options, name, letter);
    if (!found) {
        found = search(format_options, name, letter);
    }
    for (size_t i = 0; i < command_count && !found; i++) {
        found = search(commands[i].options, name, letter);
    }
    return found;
}

const struct option *option_find(const struct command *command, struct str name)
{
    return name.len > 0 ? search_command(command, name, 0) : NULL;
}

const struct option *option_find_letter(const struct command *command, char letter)
{
    return search_command(command, STR_EMPTY, letter);
}

const struct option *option_find_any(struct str name)
{
    return name.len > 0 ? search_all(name, 0) : NULL;
}

const struct option *option_find_any_letter(char letter)
{
    return search_all(STR_EMPTY, letter);
}

const struct option *const *command_format_options(const struct command *command)
{
    return command && command->formats ? format_options : format_options + 2;
}

struct str option_variable(struct arena *arena, const char *prefix, const struct option *option)
{
    char *name = arena_cstr(arena, arena_printf(arena, "%s%s", prefix, option->name));
    for (char *c = name; *c; c++) {
        *c = (char)(*c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    }
    return str_from(name);
}

/* ---- values ---- */

static const struct binding *last_binding(const struct invocation *invocation, const char *name)
{
    for (size_t i = invocation->bindings.count; i > 0; i--) {
        if (strcmp(invocation->bindings.items[i - 1].option->name, name) == 0) {
            return &invocation->bindings.items[i - 1];
        }
    }
    /* A name that no table has is a slip of the programmer, not of the user. */
    ENSURE(option_find_any(str_from(name)) != NULL);
    return NULL;
}

bool option_is_given(const struct invocation *invocation, const char *name)
{
    return last_binding(invocation, name) != NULL;
}

struct str option_text(const struct invocation *invocation, const char *name)
{
    const struct binding *binding = last_binding(invocation, name);
    if (binding) {
        return binding->value;
    }
    const struct option *option = option_find(invocation->command, str_from(name));
    return str_from(option ? option->standard : NULL);
}

bool option_flag(const struct invocation *invocation, const char *name)
{
    return str_eq_cstr(option_text(invocation, name), "true");
}

unsigned option_count(const struct invocation *invocation, const char *name)
{
    unsigned count = 0;
    for (size_t i = 0; i < invocation->bindings.count; i++) {
        const struct binding *binding = &invocation->bindings.items[i];
        count +=
                strcmp(binding->option->name, name) == 0 && str_eq_cstr(binding->value, "true");
    }
    return count;
}

const struct str *option_list(
        const struct invocation *invocation, const char *name, size_t *ret_count)
{
    struct arena *arena = invocation->run->arena;
    VEC(struct str) values = { 0 };
    for (size_t i = 0; i < invocation->bindings.count; i++) {
        const struct binding *binding = &invocation->bindings.items[i];
        if (strcmp(binding->option->name, name) != 0) {
            continue;
        }
        struct str rest = binding->value;
        bool more = true;
        struct str piece;
        if (binding->option->flags & OPTION_WHOLE) {
            VEC_PUSH(arena, &values, rest);
            continue;
        }
        while (str_split(&rest, &more, ',', &piece)) {
            if (str_trim(piece).len > 0) {
                VEC_PUSH(arena, &values, str_trim(piece));
            }
        }
    }
    *ret_count = values.count;
    return values.items;
}

struct str option_format(const struct invocation *invocation)
{
    if (option_flag(invocation, "json")) {
        return STR("json");
    }
    struct str format = option_text(invocation, "format");
    if (format.len == 0 && invocation->command && invocation->command->formats) {
        format = str_from(invocation->command->formats[0]);
    }
    return format;
}
