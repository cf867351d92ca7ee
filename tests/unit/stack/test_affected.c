/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing two states of a repository: equality with memory, reasons, bases that are none. */
#include "stack/same.h"
#include "stack_fixture.h"

static const struct value *read_yaml(struct repository *repository, const char *text)
{
    const struct value *value = NULL;
    struct yaml_input input = { .arena = repository->run.arena,
        .keys = repository->run.keys,
        .diags = &repository->run.diags,
        .text = str_from(text) };
    assert_int_equal(yaml_read(&input, &value), 0);
    return value;
}

static void test_sameness_agrees_with_equality(void **state)
{
    static const char *const texts[] = { "{a: 1, b: [1, 2]}", "{b: [1, 2], a: 0x1}",
        "{a: 1, b: [2, 1]}", "{a: 1, b: [1, 2, 3]}", "{a: 1, c: [1, 2]}", "{a: '1', b: [1, 2]}",
        "{a: null, b: [1, 2]}", "{b: [1, 2]}", "[]", "{}", "a", "1.0" };

    enum {
        COUNT = sizeof(texts) / sizeof(texts[0])
    };
    struct repository *repository = *state;
    struct sameness sameness = { .arena = repository->run.arena };
    const struct value *values[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = read_yaml(repository, texts[i]);
    }
    /* Twice: computed, then remembered. */
    for (size_t i = 0; i < COUNT * COUNT * 2; i++) {
        const struct value *a = values[i % COUNT];
        const struct value *b = values[i / COUNT % COUNT];
        assert_int_equal(sameness_ask(&sameness, a, b), value_equal(a, b));
    }
    assert_true(sameness_ask(&sameness, values[0], values[1]));
    assert_false(sameness_ask(&sameness, values[0], values[2]));
    assert_false(sameness_ask(&sameness, values[0], NULL));
}

static void test_sameness_remembers_more_pairs_than_it_starts_with(void **state)
{
    struct repository *repository = *state;
    struct sameness sameness = { .arena = repository->run.arena };

    enum {
        COUNT = 3000
    };
    const struct value *values[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        struct str text = arena_printf(repository->run.arena, "[%zu]", i / 2);
        values[i] = read_yaml(repository, text.ptr);
    }
    for (size_t i = 0; i + 1 < COUNT; i++) {
        assert_int_equal(sameness_ask(&sameness, values[i], values[i + 1]), i % 2 == 0);
    }
    for (size_t i = 0; i + 1 < COUNT; i++) {
        assert_int_equal(sameness_ask(&sameness, values[i], values[i + 1]), i % 2 == 0);
    }
}

/* Compares the repository with the folder `base` in it. */
static int compare(struct repository *repository, struct affected_list *ret_list)
{
    struct stacks *stacks = fixture_resolve(repository);
    struct affected_request request = { .repository = STR("base") };
    return stacks_affected(&repository->run, stacks, &request, ret_list);
}

static void test_reasons_of_one_instance_in_order(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "stacks/deploy/dev.yaml",
            "components: {terraform: {vpc: {env: {A: b}, vars: {n: 1}, metadata: {tags: "
            "[a]}}}}\n");
    repository_write(repository, "base/stacks/deploy/dev.yaml",
            "components: {terraform: {vpc: {env: {A: c}, vars: {n: 2}}}}\n");
    repository_write(repository, "components/terraform/vpc/main.tf", "# new\n");
    struct affected_list list = { 0 };
    assert_int_equal(compare(repository, &list), 0);
    assert_int_equal(list.count, 1);
    struct str reasons = arena_join(
            repository->run.arena, list.items[0].reasons, list.items[0].reason_count, STR(" "));
    check_str(reasons, "stack.metadata component stack.vars stack.env", "reasons", __FILE__,
            __LINE__);
}

static void test_base_that_is_no_folder(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "stacks/deploy/dev.yaml", "components: {terraform: {vpc: {}}}\n");
    struct affected_list list = { 0 };
    assert_int_equal(compare(repository, &list), ERR_NOT_FOUND);
    assert_findings(repository, ":0:0: error: stack/unknown-revision: there is no folder "
                                "\"base\" to compare with\n");
    assert_int_equal(list.count, 0);
}

static void test_base_with_errors(void **state)
{
    struct repository *repository = *state;
    repository_write(
            repository, "stacks/deploy/dev.yaml", "components: {terraform: {vpc: {}}}\n");
    repository_write(repository, "base/stacks/deploy/dev.yaml", "vars: 5\n");
    struct affected_list list = { 0 };
    assert_int_equal(compare(repository, &list), ERR_INVALID);
    assert_findings(repository,
            ":0:0: error: stack/broken-base: the stacks of \"base\" cannot be resolved\n"
            "base/stacks/deploy/dev.yaml:1:7: error: stack/bad-section: \"vars\" must be a "
            "map, "
            "but is a number\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sameness_agrees_with_equality),
        TEST(test_sameness_remembers_more_pairs_than_it_starts_with),
        TEST(test_reasons_of_one_instance_in_order),
        TEST(test_base_that_is_no_folder),
        TEST(test_base_with_errors),
    };
    return RUN_TESTS(tests);
}
