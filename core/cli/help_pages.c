/* SPDX-License-Identifier: Apache-2.0 */
/* The tables as Markdown pages and as JSON. */
#include "help.h"

enum {
    TOPIC_WIDTH = 100
};

/* ---- Markdown ---- */

/* Text in a table cell: bars would end it. */
static void add_cell(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        buf_add_cstr(out, text.ptr[i] == '|' ? "\\" : "");
        buf_add_byte(out, text.ptr[i]);
    }
}

static void add_option(
        struct page *page, const struct command *command, const struct option *option)
{
    struct buf *out = &page->out;
    struct str value = option_value_text(page->arena, command, option);
    struct str standard = option_standard(command, option);
    buf_add_cstr(out, "| `");
    if (option->letter) {
        buf_addf(out, "-%c`, `", option->letter);
    }
    buf_addf(out, "--%s%s", option->name, value.len > 0 ? " " : "");
    add_cell(out, value);
    buf_add_cstr(out, "` | ");
    add_cell(out, str_from(option->help));
    buf_add_cstr(out, option->kind == OPTION_LIST ? "; may be repeated" : "");
    buf_add_cstr(out, option->unsupported ? "; not supported yet" : "");
    buf_add_cstr(out, " | ");
    buf_addf(out, "%s%.*s%s", standard.len > 0 ? "`" : "", STR_ARG(standard),
            standard.len > 0 ? "`" : "");
    struct str variables = option_variables(page->arena, option);
    buf_addf(out, " | %.*s |\n", STR_ARG(variables));
}

void markdown_command(struct page *page, const struct command *command)
{
    struct buf *out = &page->out;
    struct str usage = command_usage(page->arena, command);
    buf_addf(out, "## tf-atmos %s\n\n%s.\n\n```\n%.*s\n```\n", command->path, command->summary,
            STR_ARG(usage));
    if (command->description) {
        buf_addf(out, "\n%s\n", command->description);
    }
    size_t count;
    const struct option *const *options = command_options(page->arena, command, &count);
    if (count > 0) {
        buf_add_cstr(out, "\n| option | meaning | default | variable |\n|---|---|---|---|\n");
        for (size_t i = 0; i < count; i++) {
            add_option(page, command, options[i]);
        }
    }
    if (command->examples) {
        buf_add_cstr(out, "\n```sh\n");
        for (const struct example *example = command->examples; example->line; example++) {
            buf_addf(out, "# %s\ntf-atmos %s\n", example->says, example->line);
        }
        buf_add_cstr(out, "```\n");
    }
    buf_add_byte(out, '\n');
}

void markdown_topic(struct page *page, const struct topic *topic)
{
    struct page body = {
        .arena = page->arena, .out = BUF_INIT(BUF_UNBOUNDED), .width = TOPIC_WIDTH
    };
    help_topic(&body, topic);
    buf_addf(&page->out, "## %s\n\n```text\n%.*s```\n\n", topic->name,
            STR_ARG(buf_str(&body.out)));
    buf_clear(&body.out);
}

/* ---- JSON ---- */

struct object {
    struct run *run;
    struct value_builder builder;
};

static struct object object_new(struct run *run)
{
    struct object object = { .run = run };
    value_builder_init(&object.builder, run->arena, MARK_NONE);
    return object;
}

static void set(struct object *object, const char *name, const struct value *value)
{
    value_builder_add(
            &object->builder, key_of(object->run->keys, str_from(name)), value, MARK_NONE);
}

static void set_text(struct object *object, const char *name, struct str text)
{
    set(object, name, value_string_new(object->run->arena, text, MARK_NONE));
}

static void set_bool(struct object *object, const char *name, bool truth)
{
    set(object, name, value_bool_new(object->run->arena, truth, MARK_NONE));
}

static const struct value *text_list(struct run *run, const char *const *texts)
{
    VEC(const struct value *) items = { 0 };
    for (; texts && *texts; texts++) {
        VEC_PUSH(run->arena, &items, value_string_new(run->arena, str_from(*texts), MARK_NONE));
    }
    return value_list_new(run->arena, items.items, items.count, MARK_NONE);
}

static const struct value *option_value(
        struct run *run, const struct command *command, const struct option *option)
{
    static const char *const kinds[] = { "flag", "count", "text", "list" };
    struct object object = object_new(run);
    char letter[2] = { option->letter, 0 };
    set_text(&object, "name", str_from(option->name));
    set_text(&object, "letter", str_from(letter));
    set_text(&object, "kind", str_from(kinds[option->kind]));
    set_text(&object, "value", str_from(option->value));
    set(&object, "choices", text_list(run, option->choices));
    set_text(&object, "default", option_standard(command, option));
    set_text(&object, "variables", option_variables(run->arena, option));
    set_text(&object, "help", str_from(option->help));
    set_text(&object, "unsupported", str_from(option->unsupported));
    return value_builder_map(&object.builder);
}

static const struct value *examples_value(struct run *run, const struct example *example)
{
    VEC(const struct value *) items = { 0 };
    for (; example && example->line; example++) {
        struct object object = object_new(run);
        set_text(&object, "line", str_from(example->line));
        set_text(&object, "says", str_from(example->says));
        VEC_PUSH(run->arena, &items, value_builder_map(&object.builder));
    }
    return value_list_new(run->arena, items.items, items.count, MARK_NONE);
}

static const struct value *command_value(struct run *run, const struct command *command)
{
    static const struct {
        unsigned bit;
        const char *name;
    } needs[] = {
        { NEED_CONFIG, "config" },
        { NEED_STACKS, "stacks" },
        { NEED_PLUGINS, "plugins" },
        { NEED_TERRAFORM, "terraform" },
        { NEED_AWS, "aws" },
    };

    const char *needed[sizeof(needs) / sizeof(needs[0]) + 1] = { 0 };
    size_t need_count = 0;
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (command->needs & needs[i].bit) {
            needed[need_count++] = needs[i].name;
        }
    }
    VEC(const struct value *) options = { 0 };
    size_t count;
    const struct option *const *own = command_options(run->arena, command, &count);
    for (size_t i = 0; i < count; i++) {
        VEC_PUSH(run->arena, &options, option_value(run, command, own[i]));
    }
    struct object object = object_new(run);
    set_text(&object, "path", str_from(command->path));
    set_text(&object, "group", str_from(command->group));
    set_text(&object, "summary", str_from(command->summary));
    set_text(&object, "usage", command_usage(run->arena, command));
    set_text(&object, "description", str_from(command->description));
    set(&object, "examples", examples_value(run, command->examples));
    set(&object, "options",
            value_list_new(run->arena, options.items, options.count, MARK_NONE));
    set(&object, "formats", text_list(run, command->formats));
    set(&object, "needs", text_list(run, needed));
    set_bool(&object, "mutates", (command->flags & COMMAND_MUTATES) != 0);
    return value_builder_map(&object.builder);
}

const struct value *commands_value(struct run *run)
{
    VEC(const struct value *) items = { 0 };
    for (size_t i = 0; i < command_count; i++) {
        if (command_is_visible(&commands[i])) {
            VEC_PUSH(run->arena, &items, command_value(run, &commands[i]));
        }
    }
    VEC(const struct value *) globals = { 0 };
    for (const struct option *const *o = global_options; *o; o++) {
        if (!((*o)->flags & OPTION_HIDDEN)) {
            VEC_PUSH(run->arena, &globals, option_value(run, NULL, *o));
        }
    }
    struct object object = object_new(run);
    set_text(&object, "format_version", STR("1.0"));
    set_text(&object, "version", STR(TFA_VERSION));
    set(&object, "commands", value_list_new(run->arena, items.items, items.count, MARK_NONE));
    set(&object, "global_options",
            value_list_new(run->arena, globals.items, globals.count, MARK_NONE));
    return value_builder_map(&object.builder);
}
