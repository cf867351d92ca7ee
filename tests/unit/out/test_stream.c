/* SPDX-License-Identifier: Apache-2.0 */
/* Buffered output: nothing lost, closed pipes quiet, full disks reported. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "out/stream.h"

static const struct term plain;
static const struct term colored = { .has_color = true };

static void everything_arrives_in_order(void **state)
{
    (void)state;
    int ends[2];
    char got[100] = { 0 };
    struct stream stream;
    assert_int_equal(pipe(ends), 0);
    stream_init(&stream, ends[1], &colored);
    stream_add(&stream, STR("a"));
    stream_addf(&stream, "%d", 7);
    stream_add_styled(&stream, STYLE_OK, STR("x\x1b"));
    stream_add_styled(&stream, STYLE_PLAIN, STR("y"));
    stream_add_foreign(&stream, STR("\n"));
    assert_int_equal(stream_close(&stream), 0);
    assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
    assert_string_equal(got, "a7\x1b[32mx?\x1b[0my ");
    close(ends[0]);
    close(ends[1]);
}

static void large_output_is_written_on_the_way(void **state)
{
    (void)state;
    struct stream stream;
    int fd = open("/dev/null", O_WRONLY);
    stream_init(&stream, fd, &plain);
    for (int i = 0; i < 100000; i++) {
        stream_add_cstr(&stream, "0123456789");
    }
    assert_true(stream.buf.len < 100000);
    assert_int_equal(stream_close(&stream), 0);
    close(fd);
}

/* A large piece is written at once, after what was collected before. */
static void large_pieces_keep_their_place(void **state)
{
    (void)state;
    static char big[70000];
    static char got[80000];
    char path[] = "/tmp/tf-atmos-stream-XXXXXX";
    int fd = mkstemp(path);
    struct stream stream;
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    memset(big, 'b', sizeof(big));
    stream_init(&stream, fd, &plain);
    stream_add_cstr(&stream, "first");
    stream_add(&stream, (struct str){ big, sizeof(big) });
    stream_add_cstr(&stream, "last");
    assert_int_equal(stream_close(&stream), 0);
    assert_int_equal(pread(fd, got, sizeof(got), 0), 5 + sizeof(big) + 4);
    assert_memory_equal(got, "firstbbb", 8);
    assert_memory_equal(got + 5 + sizeof(big) - 1, "blast", 5);
    close(fd);
}

static void closed_pipe_is_quiet(void **state)
{
    (void)state;
    int ends[2];
    struct stream stream;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    stream_init(&stream, ends[1], &plain);
    stream_add(&stream, STR("lost"));
    stream_flush(&stream);
    assert_true(stream.is_closed);
    stream_add(&stream, STR("lost too"));
    assert_int_equal(stream.buf.len, 0);
    assert_int_equal(stream_close(&stream), 0);
    close(ends[1]);
}

static void full_disk_is_an_error(void **state)
{
    (void)state;
    struct stream stream;
    int fd = open("/dev/full", O_WRONLY);
    assert_true(fd >= 0);
    stream_init(&stream, fd, &plain);
    stream_add(&stream, STR("lost"));
    assert_int_equal(stream_close(&stream), ERR_IO);
    assert_int_equal(stream.error, ENOSPC);
    close(fd);
}

static void closed_descriptor_is_an_error(void **state)
{
    (void)state;
    struct stream stream;
    int fd = open("/dev/null", O_RDONLY);
    stream_init(&stream, fd, &plain);
    stream_add(&stream, STR("lost"));
    assert_int_equal(stream_close(&stream), ERR_IO);
    assert_int_equal(stream.error, EBADF);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_arrives_in_order),
        cmocka_unit_test(large_output_is_written_on_the_way),
        cmocka_unit_test(large_pieces_keep_their_place),
        cmocka_unit_test(closed_pipe_is_quiet),
        cmocka_unit_test(full_disk_is_an_error),
        cmocka_unit_test(closed_descriptor_is_an_error),
    };
    return RUN_TESTS(tests);
}
