/* SPDX-License-Identifier: Apache-2.0 */
/* Help for people, from the tables. */
#include "help.h"

#include <string.h>

#include "cli_diag.h"

enum {
    WIDTH_PIPE = 80,
    WIDTH_MOST = 100
};

/* ---- pieces ---- */

bool command_is_visible(const struct command *command)
{
    return !(command->flags & COMMAND_HIDDEN);
}

struct str command_usage(struct arena *arena, const struct command *command)
{
    const char *passed = command->flags & COMMAND_PASSES ? " [-- <options>]" : "";
    return arena_printf(arena, "tf-atmos %s%s%s [options]%s", command->path,
            command->arguments ? " " : "", command->arguments ? command->arguments : "",
            passed);
}

static bool is_format(const struct option *option)
{
    return strcmp(option->name, "format") == 0;
}

struct str option_value_text(
        struct arena *arena, const struct command *command, const struct option *option)
{
    enum {
        LONGEST = 30
    };

    const char *const *choices =
            is_format(option) && command ? command->formats : option->choices;
    if (!option->value || !choices) {
        return str_from(option->value);
    }
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; choices[i]; i++) {
        buf_addf(&text, "%s%s", i > 0 ? "|" : "{", choices[i]);
    }
    buf_add_byte(&text, '}');
    return text.len > LONGEST ? str_from(option->value) : arena_dup(arena, buf_str(&text));
}

struct str option_standard(const struct command *command, const struct option *option)
{
    if (is_format(option) && command && command->formats) {
        return str_from(command->formats[0]);
    }
    return str_from(option->standard);
}

const struct option *const *command_options(
        struct arena *arena, const struct command *command, size_t *ret_count)
{
    VEC(const struct option *) found = { 0 };
    const struct option *const *const lists[] = { command->options,
        command_format_options(command) };
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        for (const struct option *const *o = lists[l]; o && *o; o++) {
            if (!((*o)->flags & OPTION_HIDDEN)) {
                VEC_PUSH(arena, &found, *o);
            }
        }
    }
    *ret_count = found.count;
    return found.items;
}

struct str option_variables(struct arena *arena, const struct option *option)
{
    if (option->flags & OPTION_TYPED) {
        return STR_EMPTY;
    }
    struct str own = option_variable(arena, "TF_ATMOS_", option);
    if (!(option->flags & (OPTION_ATMOS | OPTION_CONFIG))) {
        return own;
    }
    struct str shared = option_variable(arena, "ATMOS_", option);
    return arena_printf(arena, "%.*s, %.*s", STR_ARG(own), STR_ARG(shared));
}

static struct page_row option_row(
        struct arena *arena, const struct command *command, const struct option *option)
{
    struct str value = option_value_text(arena, command, option);
    struct str standard = option_standard(command, option);
    struct str letter =
            option->letter ? arena_printf(arena, "-%c, ", option->letter) : STR("    ");
    struct page_row row;
    row.left = arena_printf(arena, "%.*s--%s%s%.*s", STR_ARG(letter), option->name,
            value.len > 0 ? " " : "", STR_ARG(value));
    row.right = arena_printf(arena, "%s%s%.*s%s%s%s", option->help,
            standard.len > 0 ? " (default " : "", STR_ARG(standard),
            standard.len > 0 ? ")" : "", option->kind == OPTION_LIST ? "; may be repeated" : "",
            option->unsupported ? "; not supported yet" : "");
    return row;
}

/* ---- pages ---- */

static void add_examples(struct page *page, const struct command *command)
{
    if (!command->examples) {
        return;
    }
    page_heading(page, "Examples");
    for (const struct example *example = command->examples; example->line; example++) {
        buf_addf(&page->out, "  # %s\n  tf-atmos %s\n", example->says, example->line);
    }
}

static void add_own_options(struct page *page, const struct command *command)
{
    size_t count;
    const struct option *const *options = command_options(page->arena, command, &count);
    struct page_rows rows = { 0 };
    for (size_t i = 0; i < count; i++) {
        VEC_PUSH(page->arena, &rows.list, option_row(page->arena, command, options[i]));
    }
    if (count > 0) {
        page_heading(page, "Options");
        page_rows(page, &rows);
    }
}

static void add_global_options(struct page *page)
{
    struct page_rows rows = { 0 };
    for (const struct option *const *o = global_options; *o; o++) {
        if (!((*o)->flags & OPTION_HIDDEN)) {
            VEC_PUSH(page->arena, &rows.list, option_row(page->arena, NULL, *o));
        }
    }
    page_heading(page, "Global options");
    page_rows(page, &rows);
}

/* On the page of a command the global options are only named: the overview explains them. */
static void name_global_options(struct page *page)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    for (const struct option *const *o = global_options; *o; o++) {
        if (!((*o)->flags & OPTION_HIDDEN)) {
            buf_addf(&text, "%s--%s", text.len > 0 ? " " : "", (*o)->name);
        }
    }
    page_heading(page, "Global options");
    page_line(page, text.ptr);
}

static void add_environment(struct page *page, const struct command *command)
{
    size_t count;
    const struct option *const *options = command_options(page->arena, command, &count);
    struct page_rows rows = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (options[i]->flags & OPTION_ATMOS) {
            struct page_row row = { option_variables(page->arena, options[i]),
                arena_printf(page->arena, "--%s", options[i]->name) };
            VEC_PUSH(page->arena, &rows.list, row);
        }
    }
    page_heading(page, "Environment");
    page_rows(page, &rows);
    page_line(page, "Every option --some-name can be set by TF_ATMOS_SOME_NAME.");
}

static void add_exit_codes(struct page *page, const struct command *command)
{
    struct page_rows shown = { 0 };
    for (const struct exit_meaning *e = command_exits(page->arena, command); e->code; e++) {
        struct page_row row = { str_from(e->code), str_from(e->meaning) };
        VEC_PUSH(page->arena, &shown.list, row);
    }
    page_heading(page, "Exit codes");
    page_rows(page, &shown);
}

void help_command(struct page *page, const struct command *command)
{
    struct str title =
            arena_printf(page->arena, "tf-atmos %s: %s", command->path, command->summary);
    text_add_wrapped(&page->out, title, 0, 2, page->width);
    buf_add_byte(&page->out, '\n');
    page_heading(page, "Usage");
    buf_add_cstr(&page->out, "  ");
    text_add_wrapped(&page->out, command_usage(page->arena, command), 2, 6, page->width);
    buf_add_byte(&page->out, '\n');
    if (command->description) {
        buf_add_byte(&page->out, '\n');
        page_text(page, command->description);
    }
    add_examples(page, command);
    add_own_options(page, command);
    name_global_options(page);
    add_environment(page, command);
    add_exit_codes(page, command);
    page_heading(page, "See also");
    page_line(page, "tf-atmos help, tf-atmos help environment, tf-atmos help exit-codes");
}

/* The visible commands below a prefix (empty: all), by group. */
static void add_commands(struct page *page, struct str prefix)
{
    for (const char *const *group = command_groups; *group; group++) {
        struct page_rows rows = { 0 };
        for (size_t i = 0; i < command_count; i++) {
            struct str path = str_from(commands[i].path);
            bool is_below = prefix.len == 0 ||
                            (str_starts_with(path, prefix) && path.len > prefix.len &&
                                    path.ptr[prefix.len] == ' ');
            if (is_below && command_is_visible(&commands[i]) &&
                    strcmp(commands[i].group, *group) == 0) {
                struct page_row row = { path, str_from(commands[i].summary) };
                VEC_PUSH(page->arena, &rows.list, row);
            }
        }
        if (rows.list.count > 0) {
            page_heading(page, *group);
            page_rows(page, &rows);
        }
    }
}

void help_group(struct page *page, struct str words)
{
    buf_addf(&page->out, "tf-atmos %.*s: a group of commands\n", STR_ARG(words));
    page_heading(page, "Usage");
    buf_addf(&page->out, "  tf-atmos %.*s <command> [options]\n", STR_ARG(words));
    add_commands(page, words);
    page_heading(page, "See also");
    buf_addf(&page->out, "  tf-atmos help %.*s <command>\n", STR_ARG(words));
}

void help_overview(struct page *page)
{
    buf_add_cstr(&page->out, "tf-atmos: Atmos stacks in, checked AWS accounts out\n");
    page_heading(page, "Usage");
    buf_add_cstr(&page->out, "  tf-atmos <command> [options]\n");
    page_heading(page, "Examples");
    buf_add_cstr(&page->out, "  tf-atmos list stacks\n"
                             "  tf-atmos describe component <component> -s <stack>\n");
    add_commands(page, STR_EMPTY);
    add_global_options(page);
    struct page_rows rows = { 0 };
    for (size_t i = 0; i < topic_count; i++) {
        struct page_row row = { str_from(topics[i].name), str_from(topics[i].summary) };
        VEC_PUSH(page->arena, &rows.list, row);
    }
    page_heading(page, "Topics (tf-atmos help <topic>)");
    page_rows(page, &rows);
    page_heading(page, "See also");
    page_line(page, "tf-atmos help <command>, tf-atmos explain <diagnostic id>");
}

void help_topic(struct page *page, const struct topic *topic)
{
    if (page->is_markdown) {
        buf_addf(&page->out, "%c%s.\n\n", topic->summary[0] - 'a' + 'A', topic->summary + 1);
    } else {
        buf_addf(&page->out, "%s: %s\n\n", topic->name, topic->summary);
    }
    page_text(page, topic->text);
    if (topic->write) {
        topic->write(page);
    }
}

/* ---- printing ---- */

static void unknown_topic(struct run *run, struct str name)
{
    VEC(struct str) names = { 0 };
    for (size_t i = 0; i < command_count; i++) {
        if (command_is_visible(&commands[i])) {
            VEC_PUSH(run->arena, &names, str_from(commands[i].path));
        }
    }
    for (size_t i = 0; i < topic_count; i++) {
        VEC_PUSH(run->arena, &names, str_from(topics[i].name));
    }
    struct diag *diag = diag_add(&run->diags, &cli_diags[CLI_UNKNOWN_TOPIC], MARK_NONE,
            "there is no help on \"%.*s\"", STR_ARG(name));
    struct str near = suggest_hint(run->arena, name, names.items, names.count);
    diag->hint = near.len > 0 ? near : STR("see `tf-atmos help` for commands and topics");
}

int print_help(struct invocation *invocation, struct str name)
{
    const struct term *term = &invocation->out->term;
    struct page page = { .arena = invocation->run->arena, .out = BUF_INIT(BUF_UNBOUNDED) };
    page.width = !term->is_tty              ? WIDTH_PIPE
                 : term->width > WIDTH_MOST ? WIDTH_MOST
                                            : term->width;
    const struct command *command = command_find(name);
    const struct topic *topic = topic_find(name);
    if (name.len == 0) {
        help_overview(&page);
    } else if (command) {
        help_command(&page, command);
    } else if (topic) {
        help_topic(&page, topic);
    } else if (command_is_prefix(name)) {
        help_group(&page, name);
    } else {
        unknown_topic(invocation->run, name);
        return ERR_NOT_FOUND;
    }
    stream_add(invocation->out, buf_str(&page.out));
    buf_clear(&page.out);
    return 0;
}
