/* SPDX-License-Identifier: Apache-2.0 */
/* The syntax of shared AWS files. */
#include "aws/aws_fixture.h"
#include "aws/ini.h"

static struct arena *arena;

static int start(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct ini parse(const char *text)
{
    struct ini ini;
    uint32_t line = 0;
    const char *why = "";
    if (ini_parse(arena, str_from(text), &ini, &line, &why) != 0) {
        fail_msg("line %u: %s", line, why);
    }
    return ini;
}

static void assert_refused(const char *text, uint32_t want_line)
{
    struct ini ini;
    uint32_t line = 0;
    const char *why = NULL;
    assert_int_equal(ini_parse(arena, str_from(text), &ini, &line, &why), ERR_PARSE);
    assert_int_equal(line, want_line);
    assert_non_null(why);
}

static void test_sections_and_settings(void **state)
{
    (void)state;
    struct ini ini = parse("\xef\xbb\xbf# first\n"
                           "[default]\r\n"
                           "Region = eu-west-1\r\n"
                           "empty =\n"
                           "\n"
                           "; more\n"
                           "[profile  x y] ; why not\n"
                           "a=b=c # comment\n"
                           "d = e#f;g\n");
    assert_int_equal(ini.sections.count, 2);
    const struct ini_section *first = &ini.sections.items[0];
    assert_str(first->name, "default");
    assert_int_equal(first->line, 2);
    assert_int_equal(first->entries.count, 2);
    assert_str(first->entries.items[0].name, "region");
    assert_str(first->entries.items[0].value, "eu-west-1");
    assert_int_equal(first->entries.items[0].line, 3);
    assert_str(first->entries.items[1].value, "");
    const struct ini_section *second = &ini.sections.items[1];
    assert_str(second->name, "profile  x y");
    assert_str(second->entries.items[0].value, "b=c");
    assert_str(second->entries.items[1].value, "e#f;g");
}

static void test_inner_settings(void **state)
{
    (void)state;
    struct ini ini = parse("[services dev]\n"
                           "s3 =\n"
                           "  endpoint_url = http://localhost:1\n"
                           "  other = 2\n"
                           "guardduty =\n"
                           "\tendpoint_url = http://localhost:2\n"
                           "plain = 3\n");
    const struct ini_section *section = &ini.sections.items[0];
    assert_int_equal(section->entries.count, 6);
    assert_str(section->entries.items[0].parent, "");
    assert_str(section->entries.items[1].parent, "s3");
    assert_str(section->entries.items[1].value, "http://localhost:1");
    assert_str(section->entries.items[2].parent, "s3");
    assert_str(section->entries.items[4].parent, "guardduty");
    assert_str(section->entries.items[5].parent, "");
}

static void test_a_whole_section_may_be_indented(void **state)
{
    (void)state;
    struct ini ini = parse("[default]\n"
                           "    aws_access_key_id = A\n"
                           "    aws_secret_access_key = B\n");
    const struct ini_section *section = &ini.sections.items[0];
    assert_int_equal(section->entries.count, 2);
    assert_str(section->entries.items[1].parent, "");
    assert_str(section->entries.items[1].value, "B");
    assert_false(section->entries.items[0].is_continued);
}

static void test_continued_values_are_marked(void **state)
{
    (void)state;
    struct ini ini = parse("[default]\n"
                           "a = 1\n"
                           "  more text\n"
                           "b = 2\n"
                           "  c = 3\n");
    const struct ini_section *section = &ini.sections.items[0];
    assert_true(section->entries.items[0].is_continued);
    assert_true(section->entries.items[1].is_continued);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("a = b\n", 1);
    assert_refused("[default]\nAKIAEXAMPLE\n", 2);
    assert_refused("# x\n\n[default\n", 3);
    assert_refused("[]\n", 1);
    assert_refused("[default] x\n", 1);
    assert_refused("[default]\n= x\n", 2);
}

static void test_reasons_quote_nothing(void **state)
{
    (void)state;
    struct ini ini;
    uint32_t line = 0;
    const char *why = NULL;
    ini_parse(arena, STR("[default]\nwJalrXUtnFEMI\n"), &ini, &line, &why);
    assert_lacks(str_from(why), "wJalr");
}

static void test_empty(void **state)
{
    (void)state;
    assert_int_equal(parse("").sections.count, 0);
    assert_int_equal(parse("\n\n# nothing").sections.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_and_settings),
        cmocka_unit_test(test_inner_settings),
        cmocka_unit_test(test_a_whole_section_may_be_indented),
        cmocka_unit_test(test_continued_values_are_marked),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_reasons_quote_nothing),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
