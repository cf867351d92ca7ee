/* SPDX-License-Identifier: Apache-2.0 */
/* Folders read as a whole: what is in them, and what is beyond a limit. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "../check.h"

static bool is_hidden(struct str path)
{
    return path_base(path).ptr[0] == '.' || str_eq(path, STR("b/left"));
}

static const struct tree_limits usual = { 3, 100, 1000, is_hidden };

static struct str make_folder(struct arena *arena)
{
    struct str folder = scratch_folder(arena);
    (void)scratch_file(arena, folder, "z", "last");
    (void)scratch_file(arena, folder, "b/2", "two");
    (void)scratch_file(arena, folder, "b/1", "");
    (void)scratch_file(arena, folder, "b/left/3", "three");
    (void)scratch_file(arena, folder, ".git/x", "no");
    (void)scratch_file(arena, folder, "c/left", "named alike");
    return folder;
}

static void all_that_counts(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct tree_files files = { 0 };
    struct str failed = STR_EMPTY;
    struct buf text = BUF_INIT(1 << 10);
    assert_int_equal(tree_read(arena, make_folder(arena), &usual, &files, &failed), 0);
    for (size_t i = 0; i < files.count; i++) {
        buf_addf(&text, "%.*s=%.*s ", STR_ARG(files.items[i].path),
                STR_ARG(files.items[i].content));
    }
    assert_str(buf_str(&text), "b/1= b/2=two c/left=named alike z=last ");
    buf_clear(&text);
    arena_free(arena);
}

static void beyond_a_limit(void **state)
{
    (void)state;

    static const struct {
        struct tree_limits limits;
        int error;
        const char *path;
    } cases[] = {
        { { 0, 100, 1000, is_hidden }, ELOOP, "b" },
        { { 1, 100, 1000, NULL }, ELOOP, "b/left" },
        { { 3, 1, 1000, is_hidden }, E2BIG, "b" },
        { { 3, 3, 1000, is_hidden }, E2BIG, "" },
        { { 3, 100, 3, is_hidden }, EFBIG, "c/left" },
    };
    struct arena *arena = arena_new();
    struct str folder = make_folder(arena);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tree_files files = { 0 };
        struct str failed = STR_EMPTY;
        errno = 0;
        assert_int_equal(tree_read(arena, folder, &cases[i].limits, &files, &failed), ERR_IO);
        assert_int_equal(errno, cases[i].error);
        assert_str(
                path_relative(arena, folder, failed), cases[i].path[0] ? cases[i].path : ".");
    }
    arena_free(arena);
}

static void what_cannot_be_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str folder = make_folder(arena);
    struct str fifo = path_join(arena, folder, STR("c/fifo"));
    struct tree_files files = { 0 };
    struct str failed = STR_EMPTY;
    struct str none = path_join(arena, folder, STR("none"));
    assert_int_equal(tree_read(arena, none, &usual, &files, &failed), ERR_IO);
    assert_int_equal(errno, ENOENT);
    assert_str(failed, none.ptr);
    assert_int_equal(mkfifo(fifo.ptr, 0600), 0);
    assert_int_equal(tree_read(arena, folder, &usual, &files, &failed), ERR_IO);
    assert_int_equal(errno, EINVAL);
    assert_str(failed, fifo.ptr);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_counts),
        cmocka_unit_test(beyond_a_limit),
        cmocka_unit_test(what_cannot_be_read),
    };
    return RUN_TESTS(tests);
}
