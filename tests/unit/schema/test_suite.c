/* SPDX-License-Identifier: Apache-2.0 */
/* The public JSON-Schema-Test-Suite, draft 2020-12, where it is there; what we do not do is listed. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "schema/schema.h"

#define BASE_URI "http://localhost:1234/draft2020-12"

enum {
    MAX_FILE = 4 << 20
};

struct suite {
    struct arena *arena;
    struct keys *keys;
    VEC(struct schema_document) remotes;
    struct map skipped; /* "file: group" to anything */
    size_t groups;
    size_t tests;
    size_t failures;
};

static const struct value *read_json(struct suite *suite, struct str path)
{
    struct diags diags;
    struct str content = STR_EMPTY;
    const struct value *value = NULL;
    diags_init(&diags, suite->arena);
    if (file_read(suite->arena, path, MAX_FILE, &content) != 0 ||
            json_read(suite->arena, suite->keys, &diags, content, path, 0, &value) != 0) {
        fail_msg("cannot read %.*s", STR_ARG(path));
    }
    return value;
}

/* Documents the suite refers to by http://localhost:1234/. */
static void add_remotes(struct suite *suite, struct str folder, struct str uri)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    assert_int_equal(folder_list(suite->arena, folder, &entries, &count), 0);
    for (size_t i = 0; i < count; i++) {
        struct str path = path_join(suite->arena, folder, entries[i].name);
        struct str name =
                arena_printf(suite->arena, "%.*s/%.*s", STR_ARG(uri), STR_ARG(entries[i].name));
        if (entries[i].kind == FILE_FOLDER) {
            add_remotes(suite, path, name);
        } else {
            VEC_PUSH(suite->arena, &suite->remotes,
                    (struct schema_document){ name, read_json(suite, path) });
        }
    }
}

static void read_skipped(struct suite *suite)
{
    struct str rest = STR_EMPTY;
    struct str line;
    bool has_more = true;
    assert_int_equal(file_read(suite->arena, STR("tests/unit/schema/skipped-groups.txt"),
                             MAX_FILE, &rest),
            0);
    while (str_split(&rest, &has_more, '\n', &line)) {
        line = str_trim(line);
        if (line.len && line.ptr[0] != '#') {
            map_put(suite->arena, &suite->skipped, line, suite);
        }
    }
}

static int compile(struct suite *suite, const struct value *document, struct diags *diags,
        const struct schema **ret_schema)
{
    const struct schema_source source = {
        .arena = suite->arena,
        .diags = diags,
        .document = document,
        .what = STR("schema"),
        .others = suite->remotes.items,
        .other_count = suite->remotes.count,
    };
    return schema_compile(&source, ret_schema);
}

/* Runs one test both ways: with violations told and without. */
static bool answers_right(
        struct suite *suite, const struct schema *schema, const struct value *test)
{
    struct diags diags;
    diags_init(&diags, suite->arena);
    struct schema_check check = { .diags = &diags, .instance = value_get_path(test, "data") };
    bool is_wanted = value_bool(value_get_path(test, "valid"), false);
    int told = schema_validate(schema, &check);
    check.diags = NULL;
    int quiet = schema_validate(schema, &check);
    return told == quiet && (told == 0) == is_wanted && (told == 0) == (diags.list.count == 0);
}

static size_t run_group(struct suite *suite, const struct value *group, struct str name)
{
    struct diags diags;
    const struct schema *schema = NULL;
    const struct value *tests = value_get_path(group, "tests");
    size_t failures = 0;
    bool is_skipped = map_has(&suite->skipped, name);
    diags_init(&diags, suite->arena);
    if (compile(suite, value_get_path(group, "schema"), &diags, &schema) != 0) {
        if (!is_skipped) {
            print_error("%.*s: %.*s\n", STR_ARG(name), STR_ARG(diags.list.items[0].message));
        }
        return value_count(tests);
    }
    for (size_t i = 0; i < value_count(tests); i++) {
        const struct value *test = value_at(tests, i);
        if (!answers_right(suite, schema, test)) {
            failures++;
            if (!is_skipped) {
                print_error("%.*s: %.*s\n", STR_ARG(name),
                        STR_ARG(value_text(value_get_path(test, "description"))));
            }
        }
    }
    suite->tests += value_count(tests) - failures;
    return failures;
}

static void run_file(struct suite *suite, struct str folder, struct str file)
{
    const struct value *groups = read_json(suite, path_join(suite->arena, folder, file));
    for (size_t i = 0; i < value_count(groups); i++) {
        const struct value *group = value_at(groups, i);
        struct str name = arena_printf(suite->arena, "%.*s: %.*s", STR_ARG(file),
                STR_ARG(value_text(value_get_path(group, "description"))));
        size_t failures = run_group(suite, group, name);
        suite->groups++;
        if (map_has(&suite->skipped, name)) {
            if (failures == 0) {
                print_error("%.*s: passes, take it off the list\n", STR_ARG(name));
                suite->failures++;
            }
            continue;
        }
        suite->failures += failures;
    }
}

static void run_folder(struct suite *suite, struct str folder)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    assert_int_equal(folder_list(suite->arena, folder, &entries, &count), 0);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].kind == FILE_REGULAR) {
            run_file(suite, folder, entries[i].name);
        }
    }
}

static void test_public_suite(void **state)
{
    (void)state;
    const char *given = getenv("TF_ATMOS_SHARED");
    struct suite suite = { .arena = arena_new() };
    suite.keys = keys_new(suite.arena);
    struct str top = path_join(suite.arena, given ? str_from(given) : STR("../shared"),
            STR("vectors/json-schema"));
    if (!file_is_folder(top)) {
        print_message(
                "SKIPPED: the public schema tests are not at %.*s (set TF_ATMOS_SHARED)\n",
                STR_ARG(top));
        arena_free(suite.arena);
        skip();
    }
    read_skipped(&suite);
    add_remotes(
            &suite, path_join(suite.arena, top, STR("remotes/draft2020-12")), STR(BASE_URI));
    struct str folder = path_join(suite.arena, top, STR("tests/draft2020-12"));
    run_folder(&suite, folder);
    run_folder(&suite, path_join(suite.arena, folder, STR("optional")));
    print_message("%zu groups, %zu listed as skipped, %zu tests passed, %zu failed\n",
            suite.groups, suite.skipped.count, suite.tests, suite.failures);
    assert_in_range(suite.groups, 100, 10000);
    assert_int_equal(suite.failures, 0);
    arena_free(suite.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_suite),
    };
    return RUN_TESTS(tests);
}
