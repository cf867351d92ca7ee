/* SPDX-License-Identifier: Apache-2.0 */
/* The row model in every format. */
#include "out_fixture.h"

static const struct column columns[] = {
    { "name", "Name", COLUMN_TEXT, 1 },
    { "count", "Count", COLUMN_NUMBER, 0 },
    { "is_on", "On", COLUMN_BOOL, 0 },
    { "kinds", "Kinds", COLUMN_LIST, 0 },
};

static struct table make(bool is_flat)
{
    struct table table = { .columns = columns, .column_count = 4, .is_flat = is_flat };
    table_add(run.arena, &table,
            (const struct table_cell[]){ { STR("a \"b\", c"), STYLE_OK }, { STR("12"), 0 },
                    { STR("true"), 0 }, { STR("[\"x\",\"y\"]"), 0 } });
    table_add(run.arena, &table,
            (const struct table_cell[]){ { STR("tab\there\nline"), 0 }, { STR("3"), 0 },
                    { STR(""), 0 }, { STR(""), 0 } });
    return table;
}

static void text_aligns_and_does_not_cut_in_a_pipe(void **state)
{
    (void)state;
    begin(&(struct term){ .width = 20 });
    struct table table = make(false);
    table_write(&run, &stream, &table, TABLE_TEXT);
    expect("Name           Count  On    Kinds\n"
           "a \"b\", c          12  true  x, y\n"
           "tab here line      3\n");
    end();
}

static void text_is_cut_to_a_terminal(void **state)
{
    (void)state;
    static const struct column two[] = {
        { "a", "A", COLUMN_TEXT, 2 },
        { "b", "B", COLUMN_TEXT, 0 },
    };
    begin(&term_narrow);
    struct table table = { .columns = two, .column_count = 2 };
    table_add(run.arena, &table,
            (const struct table_cell[]){ { STR("0123456789012345678901234567890123456789"), 0 },
                    { STR("bbbb"), 0 } });
    table_write(&run, &stream, &table, TABLE_TEXT);
    expect("A                                   B\n"
           "012345678901234567890123456789012\xe2\x80\xa6  bbbb\n");
    end();
    begin(&(struct term){ .width = 20, .is_tty = true });
    table.rows.count = 0;
    table.rows.cap = 0;
    table_add(run.arena, &table,
            (const struct table_cell[]){ { STR("01234567890123456789"), 0 }, { STR("b"), 0 } });
    table_write(&run, &stream, &table, TABLE_TEXT);
    expect("A                  B\n"
           "0123456789012345~  b\n");
    end();
}

static void control_characters_stay_out_of_the_terminal(void **state)
{
    (void)state;
    static const struct column one[] = { { "a", "A", COLUMN_TEXT, 0 } };
    begin(&term_pipe);
    struct table table = { .columns = one, .column_count = 1 };
    table_add(run.arena, &table, (const struct table_cell[]){ { STR("x\x1b[2Jy"), 0 } });
    table_write(&run, &stream, &table, TABLE_TEXT);
    expect("A\nx?[2Jy\n");
    end();
}

static void an_empty_list(void **state)
{
    (void)state;
    static const struct column one[] = { { "a", "A", COLUMN_TEXT, 0 } };
    struct table table = { .columns = one, .column_count = 1, .empty = "no things" };
    begin(&term_narrow);
    table_write(&run, &stream, &table, TABLE_TEXT);
    expect("no things\n");
    table_write(&run, &stream, &table, TABLE_JSON);
    expect("{\n  \"format_version\": \"1.0\",\n  \"items\": []\n}\n");
    end();
    begin(&term_pipe);
    table_write(&run, &stream, &table, TABLE_TEXT);
    expect("A\n");
    table_write(&run, &stream, &table, TABLE_CSV);
    expect("A\n");
    table_write(&run, &stream, &table, TABLE_PLAIN);
    expect("");
    end();
}

static void json_has_types_and_a_version(void **state)
{
    (void)state;
    begin(&term_pipe);
    struct table table = make(false);
    table_write(&run, &stream, &table, TABLE_JSON);
    expect("{\n"
           "  \"format_version\": \"1.0\",\n"
           "  \"items\": [\n"
           "    {\n"
           "      \"name\": \"a \\\"b\\\", c\",\n"
           "      \"count\": 12,\n"
           "      \"is_on\": true,\n"
           "      \"kinds\": [\n"
           "        \"x\",\n"
           "        \"y\"\n"
           "      ]\n"
           "    },\n"
           "    {\n"
           "      \"name\": \"tab\\there\\nline\",\n"
           "      \"count\": 3,\n"
           "      \"is_on\": null,\n"
           "      \"kinds\": null\n"
           "    }\n"
           "  ]\n"
           "}\n");
    end();
}

static void flat_json_is_a_list_of_texts(void **state)
{
    (void)state;
    begin(&term_pipe);
    struct table table = make(true);
    table.column_count = 2;
    table_write(&run, &stream, &table, TABLE_JSON);
    expect("[\n"
           "  {\n"
           "    \"Name\": \"a \\\"b\\\", c\",\n"
           "    \"Count\": \"12\"\n"
           "  },\n"
           "  {\n"
           "    \"Name\": \"tab\\there\\nline\",\n"
           "    \"Count\": \"3\"\n"
           "  }\n"
           "]\n");
    table_write(&run, &stream, &table, TABLE_YAML);
    assert_true(has("- Name: a \"b\", c\n  Count: \"12\"\n"));
    end();
}

static void separated_values_are_escaped(void **state)
{
    (void)state;
    begin(&term_pipe);
    struct table table = make(false);
    table_write(&run, &stream, &table, TABLE_CSV);
    expect("Name,Count,On,Kinds\n"
           "\"a \"\"b\"\", c\",12,true,\"[\"\"x\"\",\"\"y\"\"]\"\n"
           "\"tab\there\nline\",3,,\n");
    table_write(&run, &stream, &table, TABLE_TSV);
    expect("Name\tCount\tOn\tKinds\n"
           "a \"b\", c\t12\ttrue\t[\"x\",\"y\"]\n"
           "tab\\there\\nline\t3\t\t\n");
    table_write(&run, &stream, &table, TABLE_PLAIN);
    expect("a \"b\", c\t12\ttrue\t[\"x\",\"y\"]\n"
           "tab\\there\\nline\t3\t\t\n");
    end();
}

static void formats_by_name(void **state)
{
    (void)state;
    enum table_format format = TABLE_CSV;
    assert_true(table_format_from(STR("table"), &format));
    assert_int_equal(format, TABLE_TEXT);
    assert_true(table_format_from(STR("tsv"), &format));
    assert_int_equal(format, TABLE_TSV);
    assert_false(table_format_from(STR("xml"), &format));
    assert_false(table_format_from(STR(""), &format));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_aligns_and_does_not_cut_in_a_pipe),
        cmocka_unit_test(text_is_cut_to_a_terminal),
        cmocka_unit_test(control_characters_stay_out_of_the_terminal),
        cmocka_unit_test(an_empty_list),
        cmocka_unit_test(json_has_types_and_a_version),
        cmocka_unit_test(flat_json_is_a_list_of_texts),
        cmocka_unit_test(separated_values_are_escaped),
        cmocka_unit_test(formats_by_name),
    };
    return RUN_TESTS(tests);
}
