/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of resolving: each once, and who else has it. */
#include "stack_fixture.h"

static void write_stacks(struct repository *repository, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct run *run = &repository->run;
        struct str name = arena_printf(run->arena, "stacks/deploy/s%zu.yaml", i);
        struct str text =
                arena_printf(run->arena, "import: [catalog/c]\nvars: {stage: s%zu}\n", i);
        repository_write(repository, name.ptr, text.ptr);
    }
}

static void test_a_shared_problem_names_the_others(void **state)
{
    struct repository *repository = *state;
    write_stacks(repository, 6);
    repository_write(repository, "stacks/catalog/c.yaml",
            "components: {terraform: {x: {metadata: {inherits: [none]}}}}\n");
    assert_broken(repository, ERR_NOT_FOUND,
            "stacks/catalog/c.yaml:1:52: error: stack/unknown-base: the component \"x\" "
            "inherits "
            "from \"none\", which \"deploy/s0\" does not have\n");
    assert_str(repository->run.diags.list.items[0].detail,
            "the same in \"deploy/s1\", \"deploy/s2\", \"deploy/s3\" and 2 more");
}

static void test_two_problems_at_one_place_are_two(void **state)
{
    struct repository *repository = *state;
    repository_write(repository, "atmos.yaml", CONFIG("  name_pattern: '{tenant}-{stage}'\n"));
    repository_write(repository, "stacks/catalog/c.yaml", "components: {terraform: {x: {}}}\n");
    repository_write(repository, "stacks/deploy/a.yaml", "import: [catalog/c]\n");
    repository_write(
            repository, "stacks/deploy/b.yaml", "import: [catalog/c]\nvars: {tenant: t}\n");
    (void)fixture_load_with(repository, 0,
            "stacks/catalog/c.yaml:1:26: warning: stack/name-incomplete: the stack of \"x\" in "
            "\"deploy/a\" cannot be named: stacks.name_pattern needs \"tenant\", which has no "
            "text\n"
            "stacks/catalog/c.yaml:1:26: warning: stack/name-incomplete: the stack of \"x\" in "
            "\"deploy/b\" cannot be named: stacks.name_pattern needs \"stage\", which has no "
            "text\n");
    assert_int_equal(repository->run.diags.list.items[0].related_count, 1);
    assert_str(repository->run.diags.list.items[0].detail, "");
}

static void test_a_long_circle_shows_its_ends(void **state)
{
    struct repository *repository = *state;
    struct buf text = BUF_INIT(1 << 16);
    buf_add_cstr(&text, "components:\n  terraform:\n");
    for (size_t i = 0; i < 40; i++) {
        buf_addf(&text, "    c%02zu: {metadata: {inherits: [c%02zu]}}\n", i, (i + 1) % 40);
    }
    repository_write(repository, "stacks/deploy/dev.yaml", buf_str(&text).ptr);
    buf_clear(&text);
    assert_broken(repository, ERR_INVALID,
            "stacks/deploy/dev.yaml:42:33: error: stack/circular-inheritance: circular "
            "inheritance in \"deploy/dev\": c00 -> c01 -> c02 -> c03 -> c04 -> c05 -> c06 -> "
            "c07 "
            "-> c08 -> c09 -> ... (20 more) -> c30 -> c31 -> c32 -> c33 -> c34 -> c35 -> c36 "
            "-> "
            "c37 -> c38 -> c39 -> c00\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_shared_problem_names_the_others),
        TEST(test_two_problems_at_one_place_are_two),
        TEST(test_a_long_circle_shows_its_ends),
    };
    return RUN_TESTS(tests);
}
