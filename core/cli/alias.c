/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that the configuration adds: aliases stand for command lines, others are not run yet. */
#include "alias.h"

#include "cmd.h"

VEC_TYPE(arguments, const char *);

/* The words of the alias in place of the first argument that is its name; the rest stays. ERR_PARSE. */
static int replace(struct run *run, const char *const *arguments, size_t count, struct str name,
        struct str text, struct arguments *ret_made)
{
    struct arguments made = { 0 };
    bool is_done = false;
    for (size_t i = 0; i < count; i++) {
        if (is_done || !str_eq_cstr(name, arguments[i])) {
            VEC_PUSH(run->arena, &made, arguments[i]);
            continue;
        }
        struct str word;
        int err = 0;
        while ((err = word_next(run->arena, &text, WORDS_SHELL, &word)) == 0) {
            VEC_PUSH(run->arena, &made, word.ptr);
        }
        if (err == ERR_PARSE) {
            return err;
        }
        is_done = true;
    }
    *ret_made = made;
    return 0;
}

static const struct value *command_named(const struct config *config, struct str name)
{
    const struct value *list = config_get(config, "commands");
    for (size_t i = 0; value_is(list, VALUE_LIST) && i < value_count(list); i++) {
        /* "a b" is read as the command b in a. */
        const struct value *own = value_get_str(value_at(list, i), STR("name"));
        if (str_eq(value_string(own), name)) {
            return own;
        }
    }
    return NULL;
}

static void say_own_command(struct run *run, const struct value *name)
{
    struct diag *diag = &run->diags.list.items[run->diags.list.count - 1];
    diag->mark = name->mark;
    diag->hint = diag_text(
            &run->diags, "commands of the configuration are not supported yet; aliases are");
}

/* Instead of the finding that there is no such command. */
static void say_open_quote(struct run *run, struct str name, const struct value *text)
{
    diags_init(&run->diags, run->arena);
    diag_add(&run->diags, &cli_diags[CLI_BAD_ALIAS], text->mark,
            "a quote in the alias \"%.*s\" is not closed", STR_ARG(name))
            ->hint = STR("close the quote, or write a backslash before it");
}

bool alias_expand(struct invocation *invocation, const char *const *arguments, size_t count,
        const char *const **ret_arguments, size_t *ret_count)
{
    struct run *run = invocation->run;
    struct run quiet = *run;
    struct config_options options = invocation_config_options(invocation);
    struct str words = invocation->words;
    struct str word;
    bool more = true;
    if (!str_split(&words, &more, ' ', &word) || command_is_prefix(word)) {
        return false;
    }
    diags_init(&quiet.diags, run->arena);
    quiet.configured = NULL;
    if (config_load(&quiet, &options, false) != 0) {
        return false;
    }
    const struct value *text = value_get_str(config_get(quiet.config, "aliases"), word);
    const struct value *own = command_named(quiet.config, word);
    if (own && run->diags.list.count) {
        say_own_command(run, own);
    }
    if (own || !value_is(text, VALUE_STRING)) {
        return false;
    }
    struct arguments made;
    if (replace(run, arguments, count, word, value_text(text), &made) != 0) {
        say_open_quote(run, word, text);
        return false;
    }
    *ret_arguments = made.items;
    *ret_count = made.count;
    return true;
}
