/* SPDX-License-Identifier: Apache-2.0 */
/* IAM documents: exact actions, and IAM's limit. */
#include "estate.h"

static void split_at_the_limit(void **state)
{
    (void)state;
    struct estate estate;
    size_t count = 0;
    size_t seen = 0;
    estate_open(&estate);
    struct run *run = estate.run;
    struct str *items = ARENA_ARRAY(run->arena, struct str, 400);
    for (size_t i = 0; i < 400; i++) {
        items[i] = arena_printf(run->arena, "servicename:DescribeSomethingLong%03zu", i);
    }
    struct str_list actions = { items, 400 };
    const struct value *const *documents = permissions_documents(run, &actions, &count);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        struct str text = value_line(run, documents[i]);
        const struct value *statement =
                value_at(value_get_str(documents[i], STR("Statement")), 0);
        const struct value *list = value_get_str(statement, STR("Action"));
        assert_true(text.len <= PERMISSIONS_MAX_CHARACTERS);
        /* No room was left that another action would have fitted into. */
        assert_true(i + 1 == count || text.len + items[0].len + 3 > PERMISSIONS_MAX_CHARACTERS);
        for (size_t k = 0; k < value_count(list); k++) {
            assert_true(str_eq(value_string(value_at(list, k)), items[seen++]));
        }
    }
    assert_int_equal(seen, 400);
    actions.count = 0;
    (void)permissions_documents(run, &actions, &count);
    assert_int_equal(count, 0);
    estate_close(&estate);
}

static void each_action_once(void **state)
{
    (void)state;
    static const struct str first[] = { STR_INIT("b:Get"), STR_INIT("a:List") };
    static const struct str second[] = { STR_INIT("b:Get"), STR_INIT("c:Get") };
    struct estate estate;
    const struct plugin_identity identities[2] = { { .aws_actions = { first, 2 } },
        { .aws_actions = { second, 2 } } };
    const struct plugin plugins[2] = { { .identity = &identities[0] },
        { .identity = &identities[1] } };
    const struct plugin *const both[] = { &plugins[0], &plugins[1] };
    estate_open(&estate);
    struct str_list actions = permissions_of(estate.run, both, 2);
    assert_int_equal(actions.count, 3);
    assert_str(actions.items[0], "a:List");
    assert_str(actions.items[2], "c:Get");
    estate_close(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_at_the_limit),
        cmocka_unit_test(each_action_once),
    };
    return RUN_TESTS(tests);
}
