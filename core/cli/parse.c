/* SPDX-License-Identifier: Apache-2.0 */
/* argv and environment become an invocation: one pass to collect, one to bind. */
#include <string.h>
#include <strings.h>

#include "cli_diag.h"
#include "command.h"

/* An option as it stood on the command line. */
struct raw_option {
    struct str shown; /* "--format", "-f": for messages */
    struct str name;
    char letter;
    bool has_value;
    bool is_negated; /* --no-name */
    struct str value;
};

struct parser {
    struct invocation *invocation;
    struct run *run;
    const char *const *arguments;
    size_t count;
    size_t next;
    VEC(struct raw_option) raws;
    VEC(struct str) words; /* everything that is not an option */
    const struct command *command; /* longest path the words begin with so far */
    size_t path_words;
    int result;
    struct diag unheard; /* what further complaints are written into */
};

/* One diagnostic per command line; later mistakes may only be consequences. */
static struct diag *complain(struct parser *parser, enum cli_diag kind, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

static struct diag *complain(struct parser *parser, enum cli_diag kind, const char *format, ...)
{
    if (parser->result) {
        return &parser->unheard;
    }
    parser->result = ERR_INVALID;
    va_list args;
    va_start(args, format);
    struct str message = arena_vprintf(parser->run->arena, format, args);
    va_end(args);
    return diag_add(&parser->run->diags, &cli_diags[kind], MARK_NONE, "%.*s", STR_ARG(message));
}

static struct str see_help(struct parser *parser)
{
    return arena_printf(parser->run->arena, "see `tf-atmos %s%s--help`",
            parser->command ? parser->command->path : "", parser->command ? " " : "");
}

/* "did you mean ...? see ..." from the names that are near. */
static struct str hint_from(
        struct parser *parser, struct str word, const struct str *names, size_t count)
{
    struct str hint = suggest_hint(parser->run->arena, word, names, count);
    struct str see = see_help(parser);
    return hint.len == 0 ? see
                         : arena_printf(parser->run->arena, "%.*s\n%.*s", STR_ARG(hint),
                                   STR_ARG(see));
}

/* ---- collecting ---- */

/* Looks whether the words now begin with a longer command path than before. */
static void match_command(struct parser *parser)
{
    struct arena *arena = parser->run->arena;
    struct str path = arena_join(arena, parser->words.items, parser->words.count, STR(" "));
    const struct command *command = command_find(path);
    if (command) {
        parser->command = command;
        parser->path_words = parser->words.count;
    }
}

static bool passes(const struct parser *parser)
{
    return parser->command && (parser->command->flags & COMMAND_PASSES);
}

static void pass_on(struct parser *parser, struct str argument)
{
    VEC_PUSH(parser->run->arena, &parser->invocation->rest, argument);
    parser->invocation->passed_count++;
}

static void add_word(struct parser *parser, struct str word)
{
    if (passes(parser) &&
            parser->words.count >= parser->path_words + parser->command->max_args) {
        /* "terraform state" alone is no command, so a longer path cannot be cut off here. */
        pass_on(parser, word);
        return;
    }
    VEC_PUSH(parser->run->arena, &parser->words, word);
    match_command(parser);
}

static bool takes_value(const struct option *option)
{
    return option && (option->kind == OPTION_TEXT || option->kind == OPTION_LIST);
}

/* True when the next argument is surely an option and not a value. */
static bool is_option_next(const struct parser *parser)
{
    struct str next = str_from(parser->arguments[parser->next]);
    if (!str_starts_with(next, STR("--")) || next.len < 3) {
        return false;
    }
    ptrdiff_t equals = str_find(next, '=');
    struct str name = str_sub(next, 2, equals < 0 ? next.len : (size_t)equals);
    return option_find_any(name) != NULL;
}

static void take_value(struct parser *parser, struct raw_option *raw)
{
    if (raw->has_value) {
        return;
    }
    if (parser->next >= parser->count || is_option_next(parser)) {
        complain(parser, CLI_OPTION_VALUE, "option %.*s needs a value", STR_ARG(raw->shown))
                ->hint = see_help(parser);
        return;
    }
    raw->has_value = true;
    raw->value = str_from(parser->arguments[parser->next++]);
}

static const struct option *known_option(
        const struct parser *parser, struct str name, char letter)
{
    const struct option *option = name.len > 0 ? option_find(parser->command, name)
                                               : option_find_letter(parser->command, letter);
    if (!option && !passes(parser)) {
        option = name.len > 0 ? option_find_any(name) : option_find_any_letter(letter);
    }
    return option;
}

static void add_long(struct parser *parser, struct str argument)
{
    ptrdiff_t equals = str_find(argument, '=');
    struct raw_option raw = { .has_value = equals >= 0 };
    raw.shown = str_sub(argument, 0, equals < 0 ? argument.len : (size_t)equals);
    raw.name = str_from_index(raw.shown, 2);
    raw.value = equals < 0 ? STR_EMPTY : str_from_index(argument, (size_t)equals + 1);
    const struct option *option = known_option(parser, raw.name, 0);
    if (!option && str_starts_with(raw.name, STR("no-"))) {
        struct str positive = str_from_index(raw.name, 3);
        option = known_option(parser, positive, 0);
        if (option && option->kind == OPTION_FLAG) {
            raw.is_negated = true;
            raw.name = positive;
        } else {
            option = NULL;
        }
    }
    if (!option && passes(parser)) {
        pass_on(parser, argument);
        return;
    }
    if (takes_value(option)) {
        take_value(parser, &raw);
    }
    VEC_PUSH(parser->run->arena, &parser->raws, raw);
}

/* -v, -vq, -sdev, -s dev, -s=dev. */
static void add_short(struct parser *parser, struct str argument)
{
    if (passes(parser) &&
            (argument.len > 2 || !option_find_letter(parser->command, argument.ptr[1]))) {
        /* -auto-approve, -target=x: terraform's own way to write options. */
        pass_on(parser, argument);
        return;
    }
    for (size_t i = 1; i < argument.len; i++) {
        struct raw_option raw = { .letter = argument.ptr[i] };
        raw.shown = arena_printf(parser->run->arena, "-%c", raw.letter);
        if (takes_value(known_option(parser, STR_EMPTY, raw.letter))) {
            struct str attached = str_from_index(argument, i + 1);
            raw.has_value = attached.len > 0;
            raw.value = str_starts_with(attached, STR("=")) ? str_from_index(attached, 1)
                                                            : attached;
            take_value(parser, &raw);
            i = argument.len;
        }
        VEC_PUSH(parser->run->arena, &parser->raws, raw);
    }
}

static void collect(struct parser *parser)
{
    bool is_behind = false;
    while (parser->next < parser->count) {
        struct str argument = str_from(parser->arguments[parser->next++]);
        if (is_behind) {
            VEC_PUSH(parser->run->arena, &parser->invocation->rest, argument);
        } else if (str_eq_cstr(argument, "--")) {
            is_behind = true;
        } else if (str_starts_with(argument, STR("--"))) {
            add_long(parser, argument);
        } else if (argument.len > 1 && argument.ptr[0] == '-') {
            add_short(parser, argument);
        } else {
            add_word(parser, argument);
        }
    }
}

/* ---- binding ---- */

static bool truth_of(struct str text, bool *ret_truth)
{
    static const char *const yes[] = { "true", "1", "t", "T", "True", "TRUE", NULL };
    static const char *const no[] = { "false", "0", "f", "F", "False", "FALSE", NULL };
    for (size_t i = 0; yes[i]; i++) {
        if (str_eq_cstr(text, yes[i]) || str_eq_cstr(text, no[i])) {
            *ret_truth = str_eq_cstr(text, yes[i]);
            return true;
        }
    }
    return false;
}

/* The allowed values: the option's own, or the command's formats. */
static const char *const *choices_of(const struct parser *parser, const struct option *option)
{
    if (strcmp(option->name, "format") == 0 && parser->command) {
        return parser->command->formats;
    }
    return option->choices;
}

static void bad_choice(
        struct parser *parser, struct str shown, struct str value, const char *const *choices)
{
    struct arena *arena = parser->run->arena;
    VEC(struct str) names = { 0 };
    for (size_t i = 0; choices[i]; i++) {
        VEC_PUSH(arena, &names, str_from(choices[i]));
    }
    struct str all = arena_join(arena, names.items, names.count, STR(", "));
    struct str near = suggest_hint(arena, value, names.items, names.count);
    complain(parser, CLI_BAD_VALUE, "%.*s cannot be \"%.*s\"", STR_ARG(shown), STR_ARG(value))
            ->hint = arena_printf(arena, "%.*s%suse one of %.*s", STR_ARG(near),
            near.len > 0 ? "\n" : "", STR_ARG(all));
}

/* True for options that take no number, too. */
static bool is_in_range(const struct option *option, struct str value)
{
    double number = 0;
    return option->most == 0 ||
           (str_to_f64(value, &number) && number >= option->least && number <= option->most);
}

static void bad_number(
        struct parser *parser, const struct option *option, struct str shown, struct str value)
{
    complain(parser, CLI_BAD_VALUE, "%.*s cannot be \"%.*s\"", STR_ARG(shown), STR_ARG(value))
            ->hint = arena_printf(
            parser->run->arena, "use a number from %u to %u", option->least, option->most);
}

/* Whether the value says that the option is not wanted. */
static bool declines(const struct option *option, struct str value)
{
    bool truth = false;
    if (option->kind == OPTION_FLAG) {
        return truth_of(value, &truth) && !truth;
    }
    for (size_t i = 0; option->declined && option->declined[i]; i++) {
        if (value.len == strlen(option->declined[i]) &&
                strncasecmp(value.ptr, option->declined[i], value.len) == 0) {
            return true;
        }
    }
    return false;
}

static void bind(struct parser *parser, const struct option *option, struct str shown,
        struct str value, const char *variable)
{
    struct arena *arena = parser->run->arena;
    bool truth = false;
    if (option->unsupported && !declines(option, value)) {
        complain(parser, CLI_UNSUPPORTED, "%.*s is not supported yet: %s", STR_ARG(shown),
                option->unsupported);
        return;
    }
    const char *const *choices = choices_of(parser, option);
    bool is_allowed = !choices;
    for (size_t i = 0; choices && choices[i]; i++) {
        is_allowed = is_allowed || str_eq_cstr(value, choices[i]);
    }
    if (!takes_value(option)) {
        if (!truth_of(value, &truth)) {
            complain(parser, CLI_BAD_VALUE, "%.*s cannot be \"%.*s\"", STR_ARG(shown),
                    STR_ARG(value))
                    ->hint = arena_dup(arena, STR("use true or false"));
            return;
        }
        value = truth ? STR("true") : STR("false");
    } else if (!is_allowed) {
        bad_choice(parser, shown, value, choices);
        return;
    } else if (!is_in_range(option, value)) {
        bad_number(parser, option, shown, value);
        return;
    }
    struct binding binding = { option, value, variable };
    VEC_PUSH(arena, &parser->invocation->bindings, binding);
}

static void unknown_option(struct parser *parser, const struct raw_option *raw)
{
    struct arena *arena = parser->run->arena;
    VEC(struct str) names = { 0 };
    const struct option *const *const lists[] = { parser->command ? parser->command->options
                                                                  : NULL,
        command_format_options(parser->command), global_options };
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        for (const struct option *const *o = lists[l]; o && *o; o++) {
            if (!((*o)->flags & OPTION_HIDDEN)) {
                VEC_PUSH(arena, &names, arena_printf(arena, "--%s", (*o)->name));
            }
        }
    }
    struct diag *diag =
            parser->command ? complain(parser, CLI_UNKNOWN_OPTION, "`%s` has no option %.*s",
                                      parser->command->path, STR_ARG(raw->shown))
                            : complain(parser, CLI_UNKNOWN_OPTION, "there is no option %.*s",
                                      STR_ARG(raw->shown));
    diag->hint = raw->name.len > 0 ? hint_from(parser, raw->shown, names.items, names.count)
                                   : see_help(parser);
}

static void bind_raw(struct parser *parser, const struct raw_option *raw)
{
    const struct option *option = raw->name.len > 0
                                          ? option_find(parser->command, raw->name)
                                          : option_find_letter(parser->command, raw->letter);
    if (!option) {
        /* Without a command the message about the command matters more, unless nobody has it. */
        const struct option *any = raw->name.len > 0 ? option_find_any(raw->name)
                                                     : option_find_any_letter(raw->letter);
        if (parser->command || !any) {
            unknown_option(parser, raw);
        }
        return;
    }
    if (takes_value(option)) {
        if (raw->has_value) {
            bind(parser, option, raw->shown, raw->value, NULL);
        }
        return;
    }
    if (raw->has_value && (option->kind == OPTION_COUNT || raw->is_negated)) {
        complain(parser, CLI_OPTION_VALUE, "option %.*s takes no value", STR_ARG(raw->shown))
                ->hint = see_help(parser);
        return;
    }
    struct str value = raw->has_value    ? raw->value
                       : raw->is_negated ? STR("false")
                                         : STR("true");
    bind(parser, option, raw->shown, value, NULL);
}

static void bind_variables(struct parser *parser, const struct option *const *options)
{
    struct invocation *invocation = parser->invocation;
    struct arena *arena = parser->run->arena;
    for (; options && *options; options++) {
        const struct option *option = *options;
        if ((option->flags & OPTION_TYPED) || option_is_given(invocation, option->name)) {
            continue;
        }
        struct str name = option_variable(arena, "TF_ATMOS_", option);
        const char *value = environment_get(&parser->run->env, name.ptr);
        if (!value && (option->flags & OPTION_ATMOS)) {
            name = option_variable(arena, "ATMOS_", option);
            value = environment_get(&parser->run->env, name.ptr);
        }
        if (value && *value) {
            bind(parser, option, name, str_from(value), name.ptr);
        }
    }
}

static void bind_entries(
        struct parser *parser, const struct option *const *options, const struct value *env)
{
    for (; options && *options; options++) {
        const struct option *option = *options;
        struct str name = option_variable(parser->run->arena, "ATMOS_", option);
        const struct value *value = value_get_str(env, name);
        struct str text = value_text(value);
        if (option->flags & OPTION_REPOSITORY && text.len > 0 &&
                !option_is_given(parser->invocation, option->name)) {
            size_t said = parser->run->diags.list.count;
            bind(parser, option, name, text, name.ptr);
            if (parser->run->diags.list.count > said) {
                parser->run->diags.list.items[said].mark = value->mark;
            }
        }
    }
}

int parse_repository_variables(struct invocation *invocation, const struct value *env)
{
    struct parser parser = {
        .invocation = invocation, .run = invocation->run, .command = invocation->command
    };
    bind_entries(&parser, invocation->command->options, env);
    bind_entries(&parser, command_format_options(invocation->command), env);
    bind_entries(&parser, global_options, env);
    return parser.result;
}

/* ---- the command and its arguments ---- */

/* The last word of every command that continues these words. */
static void collect_next_words(struct parser *parser, struct str words, struct str **ret_names,
        size_t *ret_count, bool want_hidden)
{
    struct arena *arena = parser->run->arena;
    VEC(struct str) names = { 0 };
    for (size_t i = 0; i < command_count; i++) {
        struct str path = str_from(commands[i].path);
        if ((commands[i].flags & COMMAND_HIDDEN && !want_hidden) ||
                (words.len > 0 && !(str_starts_with(path, words) && path.len > words.len &&
                                          path.ptr[words.len] == ' '))) {
            continue;
        }
        struct str rest = str_from_index(path, words.len > 0 ? words.len + 1 : 0);
        ptrdiff_t blank = str_find(rest, ' ');
        struct str word = str_sub(rest, 0, blank < 0 ? rest.len : (size_t)blank);
        bool is_known = false;
        for (size_t k = 0; k < names.count; k++) {
            is_known = is_known || str_eq(names.items[k], word);
        }
        if (!is_known) {
            VEC_PUSH(arena, &names, word);
        }
    }
    *ret_names = names.items;
    *ret_count = names.count;
}

static void unknown_command(struct parser *parser)
{
    struct arena *arena = parser->run->arena;
    size_t known = 0;
    while (known < parser->words.count &&
            command_is_prefix(arena_join(arena, parser->words.items, known + 1, STR(" ")))) {
        known++;
    }
    struct str prefix = arena_join(arena, parser->words.items, known, STR(" "));
    struct str *names;
    size_t count;
    if (known == parser->words.count) {
        collect_next_words(parser, prefix, &names, &count, false);
        struct str all = arena_join(arena, names, count, STR(", "));
        complain(parser, CLI_MISSING_COMMAND, "`%.*s` needs one of: %.*s", STR_ARG(prefix),
                STR_ARG(all))
                ->hint = arena_printf(arena, "see `tf-atmos help %.*s`", STR_ARG(prefix));
        return;
    }
    collect_next_words(parser, prefix, &names, &count, true);
    struct str word = parser->words.items[known];
    struct diag *diag =
            known > 0 ? complain(parser, CLI_UNKNOWN_COMMAND, "`%.*s` has no command \"%.*s\"",
                                STR_ARG(prefix), STR_ARG(word))
                      : complain(parser, CLI_UNKNOWN_COMMAND, "there is no command \"%.*s\"",
                                STR_ARG(word));
    struct str near = suggest_hint(arena, word, names, count);
    diag->hint = arena_printf(arena, "%.*s%ssee `tf-atmos help%s%.*s`", STR_ARG(near),
            near.len > 0 ? "\n" : "", known > 0 ? " " : "", STR_ARG(prefix));
}

/* -q is --query in commands of the reference; with it the query is left over as an argument. */
static bool is_query(const struct parser *parser)
{
    bool has_query = false;
    for (const struct option *const *o = parser->command->options; o && *o; o++) {
        has_query = has_query || strcmp((*o)->name, "query") == 0;
    }
    return has_query && option_is_given(parser->invocation, "quiet");
}

static void check_arguments(struct parser *parser)
{
    const struct command *command = parser->command;
    size_t count = parser->invocation->args.count;
    if (count < command->min_args) {
        complain(parser, CLI_ARGUMENTS, "`%s` needs %s", command->path, command->arguments)
                ->hint = see_help(parser);
    } else if (count > command->max_args) {
        struct str extra = parser->invocation->args.items[command->max_args];
        complain(parser, CLI_ARGUMENTS, "`%s` has no use for \"%.*s\"", command->path,
                STR_ARG(extra))
                ->hint =
                is_query(parser) ? STR("-q is --quiet here; write --query") : see_help(parser);
    } else if (parser->invocation->rest.count > 0 && !(command->flags & COMMAND_PASSES)) {
        complain(
                parser, CLI_ARGUMENTS, "`%s` has no use for arguments behind --", command->path)
                ->hint = see_help(parser);
    }
}

/* --version alone is the command of that name, so that its options count. */
static void take_version(struct parser *parser)
{
    for (size_t i = 0; i < parser->raws.count && !parser->command; i++) {
        const struct raw_option *raw = &parser->raws.items[i];
        if (str_eq_cstr(raw->name, "version") || raw->letter == 'V') {
            parser->command = command_find(STR("version"));
            parser->path_words = parser->words.count;
        }
    }
}

int parse_arguments(
        struct invocation *invocation, const char *const *arguments, size_t argument_count)
{
    struct parser parser = { .invocation = invocation,
        .run = invocation->run,
        .arguments = arguments,
        .count = argument_count };
    collect(&parser);
    take_version(&parser);
    invocation->command = parser.command;
    struct arena *arena = invocation->run->arena;
    for (size_t i = parser.path_words; i < parser.words.count && parser.command; i++) {
        VEC_PUSH(arena, &invocation->args, parser.words.items[i]);
    }
    invocation->words = arena_join(arena, parser.words.items, parser.words.count, STR(" "));
    for (size_t i = 0; i < parser.raws.count; i++) {
        bind_raw(&parser, &parser.raws.items[i]);
    }
    bool is_help = option_flag(invocation, "help") || option_flag(invocation, "version");
    if (!is_help) {
        bind_variables(&parser, parser.command ? parser.command->options : NULL);
        bind_variables(&parser, command_format_options(parser.command));
        bind_variables(&parser, global_options);
        if (parser.command) {
            check_arguments(&parser);
        } else if (parser.words.count > 0) {
            unknown_command(&parser);
        }
    }
    return parser.result;
}
