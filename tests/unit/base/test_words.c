/* SPDX-License-Identifier: Apache-2.0 */
/* Words and quotes, by each rule. */

#include "../check.h"

/* The words between < and >, and ! behind them when a quote is not closed. */
static struct str words_of(struct arena *arena, struct str text, enum word_rule rule)
{
    struct buf shown = BUF_INIT(1 << 16);
    struct str word;
    int err = 0;
    while ((err = word_next(arena, &text, rule, &word)) == 0 || err == ERR_PARSE) {
        buf_addf(&shown, "<%.*s>%s", STR_ARG(word), err == ERR_PARSE ? "!" : "");
    }
    assert_int_equal(err, ERR_NOT_FOUND);
    assert_int_equal(text.len, 0);
    struct str copy = arena_dup(arena, buf_str(&shown));
    buf_clear(&shown);
    return copy;
}

static const struct {
    const char *text;
    const char *shell;
    const char *doubled;
    const char *as_written;
} cases[] = {
    { "", "", "", "" },
    { " \t\r\n ", "", "", "" },
    { "a", "<a>", "<a>", "<a>" },
    { "  list   stacks\t--format\njson \r\n", "<list><stacks><--format><json>",
            "<list><stacks><--format><json>", "<list><stacks><--format><json>" },
    /* Quotes group. */
    { "a 'b c' \"d e\"", "<a><b c><d e>", "<a><b c><d e>", "<a><b c><d e>" },
    { "--x='a b' c", "<--x=a b><c>", "<--x=a b><c>", "<--x='a b'><c>" },
    { "'-var=x=a b'", "<-var=x=a b>", "<-var=x=a b>", "<-var=x=a b>" },
    { "'' \"\"", "<><>", "<><>", "<><>" },
    { "a''b", "<ab>", "<ab>", "<a''b>" },
    { "'a'\"b\"", "<ab>", "<ab>", "<'a'\"b\">" },
    { "'a'b'c'", "<abc>", "<abc>", "<'a'b'c'>" },
    { "\"it's\" 'say \"hi\"'", "<it's><say \"hi\">", "<it's><say \"hi\">",
            "<it's><say \"hi\">" },
    { "tags={\"a\":\"b c\"}", "<tags={a:b c}>", "<tags={a:b c}>", "<tags={\"a\":\"b c\"}>" },
    /* Doubled quotes. */
    { "'it''s'", "<its>", "<it's>", "<'it''s'>" },
    { "\"a \"\"b\"\" c\"", "<a b c>", "<a \"b\" c>", "<\"a \"\"b\"\" c\">" },
    { "''''", "<>", "<'>", "<''''>" },
    /* Backslashes. */
    { "a\\ b", "<a b>", "<a\\><b>", "<a\\><b>" },
    { "a\\ ", "<a >", "<a\\>", "<a\\>" },
    { "\\\"a\\\"", "<\"a\">", "<\\a\\>", "<\\\"a\\\">" },
    { "'a\\b'", "<a\\b>", "<a\\b>", "<a\\b>" },
    { "\"a\\b \\\\ \\$\"", "<a\\b \\ $>", "<a\\b \\\\ \\$>", "<a\\b \\\\ \\$>" },
    { "a\\\nb", "<ab>", "<a\\><b>", "<a\\><b>" },
    { "\"a\\\nb\"", "<ab>", "<a\\\nb>", "<a\\\nb>" },
    { "a\\", "<a\\>", "<a\\>", "<a\\>" },
    /* Nothing is expanded. */
    { "$HOME ~ * `x` $(y); a|b", "<$HOME><~><*><`x`><$(y);><a|b>",
            "<$HOME><~><*><`x`><$(y);><a|b>", "<$HOME><~><*><`x`><$(y);><a|b>" },
    /* Quotes that are not closed. */
    { "a 'b c", "<a><b c>!", "<a><b c>!", "<a><'b c>!" },
    { "\"a\\\"", "<a\">!", "<a\\>", "<a\\>" },
    { "don't", "<dont>!", "<dont>!", "<don't>!" },
    { "'", "<>!", "<>!", "<'>!" },
};

static void each_rule(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str text = str_from(cases[i].text);
        print_message("%s\n", cases[i].text);
        assert_str(words_of(arena, text, WORDS_SHELL), cases[i].shell);
        assert_str(words_of(arena, text, WORDS_DOUBLED), cases[i].doubled);
        assert_str(words_of(arena, text, WORDS_AS_WRITTEN), cases[i].as_written);
    }
    arena_free(arena);
}

/* What a word costs does not depend on how much stands behind it. */
static void many_words(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buf text = BUF_INIT(1 << 20);
    buf_add_repeated(&text, 'x', 1);
    for (size_t i = 0; i < 100000; i++) {
        buf_add(&text, STR(" x"));
    }
    struct str rest = buf_str(&text);
    struct str word;
    size_t count = 0;
    while (word_next(arena, &rest, WORDS_SHELL, &word) == 0) {
        count++;
    }
    assert_int_equal(count, 100001);
    assert_true(arena_size(arena) < ((size_t)16 << 20));
    buf_clear(&text);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule),
        cmocka_unit_test(many_words),
    };
    return RUN_TESTS(tests);
}
