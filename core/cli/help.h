/* SPDX-License-Identifier: Apache-2.0 */
/* Everything the tables can be turned into: help, pages, JSON. Private to cli/. */
#ifndef TFATMOS_CLI_HELP_H
#define TFATMOS_CLI_HELP_H

#include "command.h"

/*
 * A page being written: plain text `width` columns wide, or Markdown. Texts made on the way live in
 * the arena.
 */
struct page {
    struct arena *arena;
    struct buf out;
    size_t width;
    bool is_markdown;
};

/* ---- layout (page.c) ---- */

/* Two columns of text; the right one is wrapped. */
struct page_row {
    struct str left;
    struct str right;
};

struct page_rows {
    VEC(struct page_row) list;
};

void page_heading(struct page *page, const char *title);
void page_rows(struct page *page, const struct page_rows *rows);
/* One indented, wrapped text. */
void page_line(struct page *page, const char *text);
/* Markdown: a bar would end the cell of a table. */
void page_add_cell(struct page *page, struct str text);
/* Paragraphs apart by empty lines are wrapped; lines that begin with a blank stay as they are. */
void page_text(struct page *page, const char *text);

/* ---- what is on a page (help.c, help_topics.c) ---- */

/* A text of `help <name>` that belongs to no command. */
struct topic {
    const char *name; /* "exit-codes" */
    const char *summary;
    const char *text;
    void (*write)(struct page *page); /* the generated part behind the text, or NULL */
};

extern const struct topic topics[];
extern const size_t topic_count;

/* NULL when there is none. */
const struct topic *topic_find(struct str name);

void help_overview(struct page *page);
void help_group(struct page *page, struct str words);
void help_command(struct page *page, const struct command *command);
void help_topic(struct page *page, const struct topic *topic);

/* The reference in Markdown, page after page, each behind a line `<!-- page <name>.md -->`. */
void markdown_pages(struct page *page);
/* All commands and options as a value: `help --format json`. */
const struct value *commands_value(struct run *run);

/*
 * Help on a command, a group of commands ("describe"), a topic, or, when `name` is empty, the
 * overview; on stdout. ERR_NOT_FOUND with a diagnostic when it is none of these.
 */
int print_help(struct invocation *invocation, struct str name);

/* ---- pieces ---- */

/* "tf-atmos describe component <component> [options]" */
struct str command_usage(struct arena *arena, const struct command *command);
/* "<stack>", "{yaml|json}", or empty for flags. */
struct str option_value_text(
        struct arena *arena, const struct command *command, const struct option *option);
/* The default as text, empty when there is none. */
struct str option_standard(const struct command *command, const struct option *option);
/* The options of a command in the order of help: its own, --format. Hidden ones are left out. */
const struct option *const *command_options(
        struct arena *arena, const struct command *command, size_t *ret_count);
/* True when the command is in the overview. */
bool command_is_visible(const struct command *command);
/* The variables that set the option: TF_ATMOS_<NAME>, and ATMOS_<NAME> where Atmos has it. */
struct str option_variables(struct arena *arena, const struct option *option);
/* All variables that set options or steer output, for suggestions. */
const struct str *variable_names(struct arena *arena, size_t *ret_count);

/* Exit codes with their meaning, in order; ends with code NULL. */
struct exit_meaning {
    const char *code; /* "3-63" too */
    const char *meaning;
};

extern const struct exit_meaning exit_meanings[];
/* Those of one command, in the arena. */
const struct exit_meaning *command_exits(struct arena *arena, const struct command *command);

#endif
