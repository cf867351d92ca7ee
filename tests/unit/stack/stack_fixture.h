/* SPDX-License-Identifier: Apache-2.0 */
/* A throw-away repository with stacks, and short ways to look at what became of them. */
#ifndef TFATMOS_TESTS_STACK_FIXTURE_H
#define TFATMOS_TESTS_STACK_FIXTURE_H

#include "repository.h"
#include "stack/stack.h"

#define CONFIG(more)                                                                           \
    "base_path: \".\"\n"                                                                       \
    "stacks:\n"                                                                                \
    "  base_path: stacks\n"                                                                    \
    "  included_paths: [\"deploy/**/*\"]\n"                                                    \
    "  excluded_paths: [\"**/_defaults.yaml\"]\n" more                                         \
    "components: {terraform: {base_path: components/terraform}}\n"

static inline int fixture_setup(void **state)
{
    int err = repository_setup(state);
    repository_write(*state, "atmos.yaml", CONFIG(""));
    return err;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, repository_teardown)

/* Reads the configuration and resolves; the code of stacks_load. */
static inline int fixture_load(struct repository *repository, struct stacks **ret_stacks)
{
    assert_int_equal(config_load(&repository->run, NULL, true), 0);
    return stacks_load(&repository->run, ret_stacks);
}

/* Resolves with this code and exactly these findings; the stacks that could be resolved. */
#define fixture_load_with(repository, code, expected)                                          \
    check_load((repository), (code), (expected), __FILE__, __LINE__)

static inline struct stacks *check_load(struct repository *repository, int code,
        const char *expected, const char *file, int line)
{
    struct stacks *stacks = NULL;
    int err = fixture_load(repository, &stacks);
    check_str(repository_findings(repository), expected, "findings", file, line);
    _assert_int_equal((LargestIntegralType)err, (LargestIntegralType)code, file, line);
    assert_non_null(stacks);
    return stacks;
}

/* Resolves without any finding. */
#define fixture_resolve(repository) fixture_load_with((repository), 0, "")
#define assert_broken(repository, code, expected)                                              \
    ((void)fixture_load_with((repository), (code), (expected)))

static inline const struct instance *fixture_instance(
        struct repository *repository, const char *component, const char *stack)
{
    const struct instance *instance = NULL;
    struct stacks *stacks = fixture_resolve(repository);
    assert_int_equal(stacks_select(&repository->run, stacks, str_from(component),
                             str_from(stack), STR_EMPTY, &instance),
            0);
    return instance;
}

/* A value as flow YAML on one line, keys in their order: enough to compare by eye. */
static inline void add_flow(struct buf *out, const struct value *value)
{
    bool is_map = value_is(value, VALUE_MAP);
    if (!value) {
        buf_add(out, STR("absent"));
    } else if (value_is(value, VALUE_NULL)) {
        buf_add(out, STR("null"));
    } else if (value_is_scalar(value)) {
        buf_add(out, value_text(value));
    } else {
        buf_add_byte(out, is_map ? '{' : '[');
        for (size_t i = 0; i < value_count(value); i++) {
            buf_add(out, i ? STR(", ") : STR_EMPTY);
            if (is_map) {
                buf_addf(out, "%.*s: ", STR_ARG(value->as.map.entries[i].key->text));
            }
            add_flow(out, is_map ? value->as.map.entries[i].value : value_at(value, i));
        }
        buf_add_byte(out, is_map ? '}' : ']');
    }
}

static inline void check_flow(const struct value *value, const char *expected, const char *what,
        const char *file, int line)
{
    struct buf text = BUF_INIT(1 << 20);
    add_flow(&text, value);
    check_str(buf_str(&text), expected, what, file, line);
    buf_clear(&text);
}

/* What describe component prints of it. */
static inline const struct value *described(
        struct run *run, const struct instance *instance, bool is_full)
{
    const struct value *value = NULL;
    assert_int_equal(instance_describe(
                             run, instance, is_full ? DESCRIBE_FACTS : DESCRIBE_SCHEMA, &value),
            0);
    return value;
}

#define assert_flow(value, expected) check_flow((value), (expected), #value, __FILE__, __LINE__)

#endif
