/* SPDX-License-Identifier: Apache-2.0 */
/* The tables: unique, complete, consistent; help of every command fits 80 columns. */
#include <ctype.h>
#include <string.h>

#include "check.h"
#include "cli/command.h"
#include "cli/help.h"

static void each_option(
        void (*visit)(const struct command *command, const struct option *option))
{
    for (const struct option *const *o = global_options; *o; o++) {
        visit(NULL, *o);
    }
    for (size_t i = 0; i < command_count; i++) {
        for (const struct option *const *o = commands[i].options; o && *o; o++) {
            visit(&commands[i], *o);
        }
        for (const struct option *const *o = command_format_options(&commands[i]); *o; o++) {
            visit(&commands[i], *o);
        }
    }
}

static void command_paths_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        for (size_t k = i + 1; k < command_count; k++) {
            assert_string_not_equal(commands[i].path, commands[k].path);
        }
        assert_ptr_equal(command_find(str_from(commands[i].path)), &commands[i]);
    }
    assert_null(command_find(STR("describe")));
    assert_null(command_find(STR("")));
    assert_true(command_is_prefix(STR("describe")));
    assert_false(command_is_prefix(STR("describ")));
    assert_false(command_is_prefix(STR("describe stacks")));
}

/* The codes as one text: "0 1 64 74". */
static struct str exits_of(struct arena *arena, const char *path)
{
    const struct command *command = command_find(str_from(path));
    struct buf text = BUF_INIT(1000);
    assert_non_null(command);
    for (const struct exit_meaning *e = command_exits(arena, command); e->code; e++) {
        buf_addf(&text, "%s%s", text.len > 0 ? " " : "", e->code);
    }
    struct str copy = arena_dup(arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static void exit_codes(void **state)
{
    (void)state;

    static const struct {
        const char *path, *codes;
    } cases[] = {
        { "version", "0 1 64 74" },
        { "describe config", "0 1 64 74 78" },
        { "list stacks", "0 1 64 65 74 78" },
        { "describe affected", "0 1 64 65 69 74 78" },
        { "validate", "0 1 64 65 69 74 77 78" },
        { "check", "0 1 64 65 69 74 75 77 78 130" },
        { "plugin install", "0 1 64 65 69 74 77 78" },
        { "plugin verify", "0 1 64 65 69 74 77 78" },
        { "plugin keygen", "0 1 64 69 74" },
        { "terraform plan", "0 1 2-63 64 65 69 74 77 78 130" },
        { "terraform apply", "0 1 2-63 64 65 69 74 75 77 78 130" },
    };

    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_str(exits_of(arena, cases[i].path), cases[i].codes);
    }
    for (size_t i = 0; i < command_count; i++) {
        /* What a code means for a command, the topic says too. */
        for (const struct exit_meaning *e = command_exits(arena, &commands[i]); e->code; e++) {
            bool is_said = strcmp(e->code, "2-63") == 0 || strcmp(e->code, "130") == 0;
            for (const struct exit_meaning *m = exit_meanings; m->code; m++) {
                is_said = is_said || strcmp(m->code, e->code) == 0;
            }
            assert_true(is_said);
        }
    }
    arena_free(arena);
}

static void commands_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &commands[i];
        print_message("%s\n", command->path);
        assert_non_null(command->function);
        /* What an argument is called stands in usage lines and in the message that it is missing. */
        assert_int_equal(command->max_args > 0, command->arguments != NULL);
        assert_true(!command->arguments || *command->arguments);
        assert_true(command->min_args <= command->max_args);
        assert_true(strlen(command->summary) > 5 && strlen(command->summary) <= 60);
        assert_true(islower((unsigned char)command->summary[0]));
        assert_true(command->summary[strlen(command->summary) - 1] != '.');
        assert_false((command->needs & NEED_STACKS) && !(command->needs & NEED_CONFIG));
        bool has_group = false;
        for (const char *const *group = command_groups; *group; group++) {
            has_group = has_group || strcmp(*group, command->group) == 0;
        }
        assert_true(has_group);
        if (command_is_visible(command)) {
            assert_non_null(command->examples);
            assert_non_null(command->examples->line);
        }
        for (const struct example *e = command->examples; e && e->line; e++) {
            assert_true(str_starts_with(str_from(e->line), str_from(command->path)));
            assert_true(strlen(e->line) <= 68);
            assert_true(strlen(e->says) <= 76);
        }
    }
}

static void check_option(const struct command *command, const struct option *option)
{
    (void)command;
    bool takes_value = option->kind == OPTION_TEXT || option->kind == OPTION_LIST;
    assert_true(strlen(option->help) > 5);
    assert_true(islower((unsigned char)option->help[0]));
    assert_true(option->help[strlen(option->help) - 1] != '.');
    assert_int_equal(takes_value, option->value != NULL);
    assert_true(takes_value || !option->choices);
    for (const char *c = option->name; *c; c++) {
        assert_true(islower((unsigned char)*c) || *c == '-' ||
                    (c > option->name && isdigit((unsigned char)*c)));
    }
    /* Which argument is a value must not depend on the command. */
    assert_int_equal(option_find_any(str_from(option->name))->kind, option->kind);
    if (option->letter) {
        const struct option *any = option_find_any_letter(option->letter);
        bool any_takes = any->kind == OPTION_TEXT || any->kind == OPTION_LIST;
        assert_int_equal(any_takes, takes_value);
    }
    if (option->standard && option->choices) {
        bool is_choice = false;
        for (const char *const *c = option->choices; *c; c++) {
            is_choice = is_choice || strcmp(*c, option->standard) == 0;
        }
        assert_true(is_choice);
    }
}

static void options_are_consistent(void **state)
{
    (void)state;
    each_option(check_option);
}

static void options_of_a_command_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        const struct option *seen[64];
        size_t count = 0;
        const struct option *const *const lists[] = { commands[i].options,
            command_format_options(&commands[i]), global_options };
        for (size_t l = 0; l < 3; l++) {
            for (const struct option *const *o = lists[l]; o && *o; o++) {
                for (size_t k = 0; k < count; k++) {
                    assert_string_not_equal(seen[k]->name, (*o)->name);
                    assert_true(!(*o)->letter || seen[k]->letter != (*o)->letter);
                }
                assert_true(count < 64);
                seen[count++] = *o;
            }
        }
    }
}

static void check_lines(const struct page *page, const char *what)
{
    struct str rest = buf_str(&page->out);
    bool more = true;
    struct str line;
    while (str_split(&rest, &more, '\n', &line)) {
        if (text_width(line) > page->width) {
            print_error("%s: %.*s\n", what, STR_ARG(line));
            fail();
        }
        assert_true(line.len == 0 || line.ptr[line.len - 1] != ' ');
    }
}

static void help_fits_the_width(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct page page = { .arena = arena, .out = BUF_INIT(BUF_UNBOUNDED), .width = 80 };
    help_overview(&page);
    check_lines(&page, "overview");
    for (size_t i = 0; i < command_count; i++) {
        buf_reset(&page.out);
        help_command(&page, &commands[i]);
        check_lines(&page, commands[i].path);
    }
    for (size_t i = 0; i < topic_count; i++) {
        buf_reset(&page.out);
        help_topic(&page, &topics[i]);
        check_lines(&page, topics[i].name);
    }
    buf_clear(&page.out);
    arena_free(arena);
}

static void help_names_every_option(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct page page = { .arena = arena, .out = BUF_INIT(BUF_UNBOUNDED), .width = 80 };
    for (size_t i = 0; i < command_count; i++) {
        buf_reset(&page.out);
        help_command(&page, &commands[i]);
        size_t count;
        const struct option *const *options = command_options(arena, &commands[i], &count);
        for (size_t k = 0; k < count; k++) {
            struct str name = arena_printf(arena, "--%s", options[k]->name);
            assert_true(str_find_str(buf_str(&page.out), name) >= 0);
        }
        for (const struct option *const *o = global_options; *o; o++) {
            struct str name = arena_printf(arena, "--%s", (*o)->name);
            bool is_shown = str_find_str(buf_str(&page.out), name) >= 0;
            assert_true(is_shown || ((*o)->flags & OPTION_HIDDEN));
        }
    }
    buf_clear(&page.out);
    arena_free(arena);
}

static void sections_stand_in_order(void **state)
{
    (void)state;
    static const char *const sections[] = { "\nUsage:\n", "\nExamples:\n",
        "\nGlobal options:\n", "\nEnvironment:\n", "\nExit codes:\n", "\nSee also:\n" };
    struct arena *arena = arena_new();
    struct page page = { .arena = arena, .out = BUF_INIT(BUF_UNBOUNDED), .width = 80 };
    for (size_t i = 0; i < command_count; i++) {
        if (!command_is_visible(&commands[i])) {
            continue;
        }
        buf_reset(&page.out);
        help_command(&page, &commands[i]);
        ptrdiff_t last = -1;
        for (size_t s = 0; s < sizeof(sections) / sizeof(sections[0]); s++) {
            ptrdiff_t at = str_find_str(buf_str(&page.out), str_from(sections[s]));
            assert_true(at > last);
            last = at;
        }
    }
    buf_clear(&page.out);
    arena_free(arena);
}

static void variables_follow_one_rule(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    const struct option *option = option_find(NULL, STR("logs-level"));
    assert_non_null(option);
    assert_str(option_variable(arena, "TF_ATMOS_", option), "TF_ATMOS_LOGS_LEVEL");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(command_paths_are_unique),
        cmocka_unit_test(exit_codes),
        cmocka_unit_test(commands_are_complete),
        cmocka_unit_test(options_are_consistent),
        cmocka_unit_test(options_of_a_command_are_unique),
        cmocka_unit_test(help_fits_the_width),
        cmocka_unit_test(help_names_every_option),
        cmocka_unit_test(sections_stand_in_order),
        cmocka_unit_test(variables_follow_one_rule),
    };
    return RUN_TESTS(tests);
}
