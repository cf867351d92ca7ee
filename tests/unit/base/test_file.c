/* SPDX-License-Identifier: Apache-2.0 */
/* Paths, files, digests and child processes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static void test_paths(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(path_clean(arena, STR("a//b/./c/../d/")), "a/b/d");
    assert_str(path_clean(arena, STR("/../a")), "/a");
    assert_str(path_clean(arena, STR("../../a/..")), "../..");
    assert_str(path_clean(arena, STR("")), ".");
    assert_str(path_clean(arena, STR("a/..")), ".");
    assert_str(path_clean(arena, STR("a/b/..")), "a");
    assert_str(path_clean(arena, STR("../a/../..")), "../..");
    assert_str(path_clean(arena, STR("a/b../..c")), "a/b../..c");
    assert_str(path_clean(arena, STR("/")), "/");
    assert_str(path_clean(arena, STR("//a/b/../..")), "/");
    assert_str(path_join(arena, STR("/a"), STR("../b")), "/b");
    assert_str(path_join(arena, STR("/a"), STR("/b")), "/b");
    assert_str(path_folder(STR("/a")), "/");
    assert_str(path_folder(STR("a/b/c")), "a/b");
    assert_str(path_base(STR("a/b.yaml.tmpl")), "b.yaml.tmpl");
    assert_str(path_extension(STR("a.b/c")), "");
    assert_str(path_extension(STR("c.yaml.tmpl")), ".tmpl");
    assert_str(path_relative(arena, STR("/a/b"), STR("/a/c/d")), "../c/d");
    assert_str(path_relative(arena, STR("/a"), STR("/a")), ".");
    assert_str(path_relative(arena, STR("/"), STR("/a/b")), "a/b");
    assert_true(path_is_below(STR("/a"), STR("/a/b")));
    assert_false(path_is_below(STR("/a"), STR("/ab")));
    arena_free(arena);
}

static void test_read_refuses_what_is_not_a_file(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str folder = scratch_folder(arena);
    struct str content;
    struct str fifo = path_join(arena, folder, STR("fifo"));
    assert_int_equal(mkfifo(fifo.ptr, 0600), 0);
    assert_int_equal(file_read(arena, fifo, 100, &content), ERR_INVALID);
    assert_int_equal(file_read(arena, folder, 100, &content), ERR_INVALID);
    assert_int_equal(file_read(arena, STR("/nowhere/x"), 100, &content), ERR_NOT_FOUND);
    struct str file = scratch_file(arena, folder, "f", "0123456789");
    assert_int_equal(file_read(arena, file, 9, &content), ERR_LIMIT);
    assert_int_equal(file_read(arena, file, 10, &content), 0);
    assert_str(content, "0123456789");
    /* A file without a size of its own is still bounded. */
    assert_int_equal(file_read(arena, STR("/proc/self/status"), 10, &content), ERR_LIMIT);
    assert_int_equal(file_read(arena, STR("/proc/self/status"), 1 << 20, &content), 0);
    assert_true(content.len > 10);
    int fd = open(file.ptr, O_RDONLY);
    assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
    assert_int_equal(fd_read_all(arena, fd, 6, &content), 0);
    assert_str(content, "456789");
    assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
    assert_int_equal(fd_read_all(arena, fd, 5, &content), ERR_LIMIT);
    close(fd);
    assert_int_equal(fd_read_all(arena, fd, 5, &content), ERR_IO);
    arena_free(arena);
}

static void test_append_does_not_wait(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str folder = scratch_folder(arena);
    struct str file = scratch_file(arena, folder, "f", "old");
    struct str fifo = path_join(arena, folder, STR("fifo"));
    struct str content;
    int fd = -1;
    assert_int_equal(file_append(file, STR(" new"), 0600), 0);
    assert_int_equal(file_read(arena, file, 100, &content), 0);
    assert_str(content, "old new");
    assert_int_equal(mkfifo(fifo.ptr, 0600), 0);
    assert_int_equal(file_append(fifo, STR("x"), 0600), ERR_IO);
    assert_int_equal(errno, EPIPE);
    int reader = open(fifo.ptr, O_RDONLY | O_NONBLOCK);
    assert_int_equal(file_open_append(fifo, 0, 0600, &fd), 0);
    assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    close(fd);
    close(reader);
    assert_int_equal(file_append(folder, STR("x"), 0600), ERR_IO);
    assert_int_equal(errno, EISDIR);
    assert_true(file_is_present(fifo));
    assert_true(file_is_present(file));
    assert_false(file_is_present(folder));
    assert_false(file_is_present(path_join(arena, folder, STR("none"))));
    arena_free(arena);
}

static size_t count_entries(struct arena *arena, struct str folder)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    assert_int_equal(folder_list(arena, folder, &entries, &count), 0);
    return count;
}

static void test_write_is_all_or_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str folder = scratch_folder(arena);
    struct str file = scratch_file(arena, folder, "f", "old");
    struct str content;
    struct stat info;
    mode_t previous = umask(077);
    assert_int_equal(file_write_atomic(file, STR("new"), 0640), 0);
    (void)umask(previous);
    assert_int_equal(stat(file.ptr, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(file_read(arena, file, 100, &content), 0);
    assert_str(content, "new");
    assert_int_equal(count_entries(arena, folder), 1);
    /* The target cannot be replaced: it is a folder. Nothing is left behind. */
    struct str taken = path_join(arena, folder, STR("taken/inside"));
    assert_int_equal(folder_create(taken, 0755), 0);
    assert_int_equal(file_write_atomic(path_folder(taken), STR("x"), 0600), ERR_IO);
    assert_int_equal(count_entries(arena, folder), 2);
    assert_int_equal(file_write_atomic(STR("/nowhere/x"), STR("x"), 0600), ERR_IO);
    assert_int_equal(errno, ENOENT);
    arena_free(arena);
}

static void test_sha256(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(sha256_hex(arena, sha256_of(STR(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(sha256_hex(arena, sha256_of(STR("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    /* A million letters, in uneven steps. */
    struct sha256 hash;
    char block[1009];
    size_t left = 1000000;
    memset(block, 'a', sizeof(block));
    sha256_init(&hash);
    while (left > 0) {
        size_t step = left < sizeof(block) ? left : sizeof(block);
        sha256_add(&hash, block, step);
        left -= step;
    }
    assert_str(sha256_hex(arena, sha256_finish(&hash)),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    arena_free(arena);
}

static void test_processes(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str output;
    struct proc_status status;
    const char *const echo[] = { "sh", "-c", "printf %s \"$A\"; exit 3", NULL };
    const char *const env[] = { "A=from env", "PATH=/usr/bin:/bin", NULL };
    struct proc_options options = {
        .argv = echo, .env = env, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1
    };
    assert_int_equal(proc_capture(arena, &options, 100, 0, &output, &status), 0);
    assert_str(output, "from env");
    assert_false(status.is_signaled);
    assert_int_equal(status.code, 3);

    const char *const none[] = { "/nowhere/program", NULL };
    pid_t pid = -1;
    options.argv = none;
    assert_int_equal(proc_start(&options, &pid), ERR_NOT_FOUND);

    const char *const endless[] = { "sh", "-c", "sleep 60 & wait", NULL };
    options.argv = endless;
    options.own_group = true;
    assert_int_equal(proc_capture(arena, &options, 100, 50, &output, &status), ERR_CANCELLED);
    assert_true(status.is_signaled);
    assert_int_equal(status.code, SIGKILL);

    const char *const shut[] = { "sh", "-c", "echo said; exec >&- 2>&-; sleep 60 & wait",
        NULL };
    int64_t start_ms = monotonic_ms();
    options.argv = shut;
    assert_int_equal(proc_capture(arena, &options, 100, 200, &output, &status), ERR_CANCELLED);
    assert_in_range(monotonic_ms() - start_ms, 200, 20000);
    assert_true(status.is_signaled);

    const char *const late[] = { "sh", "-c", "echo said; exec >&-; sleep 0.1; exit 4", NULL };
    options.argv = late;
    assert_int_equal(proc_capture(arena, &options, 100, 60000, &output, &status), 0);
    assert_str(output, "said\n");
    assert_int_equal(status.code, 4);
    assert_int_equal(proc_capture(arena, &options, 5, 60000, &output, &status), 0);
    assert_str(output, "said\n");
    assert_int_equal(proc_capture(arena, &options, 4, 60000, &output, &status), ERR_LIMIT);

    const char *const noisy[] = { "sh", "-c", "while :; do echo yes; done", NULL };
    options.argv = noisy;
    assert_int_equal(proc_capture(arena, &options, 1000, 0, &output, &status), ERR_LIMIT);

    struct str path;
    assert_true(proc_find(arena, STR("sh"), STR("/nowhere:/bin:/usr/bin"), &path));
    assert_str(path, "/bin/sh");
    assert_false(proc_find(arena, STR("sh"), STR("/nowhere"), &path));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_read_refuses_what_is_not_a_file),
        cmocka_unit_test(test_append_does_not_wait),
        cmocka_unit_test(test_write_is_all_or_nothing),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_processes),
    };
    return RUN_TESTS(tests);
}
