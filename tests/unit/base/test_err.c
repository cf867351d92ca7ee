/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways to give up: what they say and how they end. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void give_up_by_bug(void)
{
    ENSURE(1 + 1 == 3);
}

static void give_up_by_memory(void)
{
    out_of_memory();
}

/* Runs it in a child: how that ends, and what it has said, NUL included. */
static void expect_end(void (*give_up)(void), const char *expected, size_t length)
{
    int said[2];
    int status = 0;
    char text[512] = "";
    assert_int_equal(pipe(said), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(said[1], STDERR_FILENO);
        give_up();
        _exit(0);
    }
    close(said[1]);
    size_t have = 0;
    ssize_t got = 0;
    while ((got = read(said[0], text + have, sizeof(text) - 1 - have)) > 0) {
        have += (size_t)got;
    }
    close(said[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_INTERNAL);
    assert_memory_equal(text, expected, length);
}

static void test_a_bug_names_its_place(void **state)
{
    (void)state;
    static const char expected[] =
            "tf-atmos: internal error: 1 + 1 == 3 (" __FILE__ ":12)\n"
            "please report this with the command and the output of `tf-atmos version`\n";
    expect_end(give_up_by_bug, expected, sizeof(expected));
}

static void test_no_memory_is_one_line(void **state)
{
    (void)state;
    static const char expected[] = "tf-atmos: out of memory; no file was changed\n";
    expect_end(give_up_by_memory, expected, sizeof(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bug_names_its_place),
        cmocka_unit_test(test_no_memory_is_one_line),
    };
    return RUN_TESTS(tests);
}
