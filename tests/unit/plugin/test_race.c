/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is changed between check and load: over 10,000 rounds, only checked bytes ever run. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "estate.h"

/* Sanitized loading takes ten times as long, and the race is the same. */
#ifdef __SANITIZE_ADDRESS__
#define ROUNDS 1000
#else
#define ROUNDS 10000
#endif

enum {
    ROUNDS_PER_PROCESS = 50, /* what is loaded stays, with its descriptor */
    OTHER_METADATA = 200
};

static void write_file(const char *path, struct str content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0) {
        (void)!pwrite(fd, content.ptr, content.len, 0);
        (void)!ftruncate(fd, (off_t)content.len);
        close(fd);
    }
}

/* Puts the two contents into one place, by turns: by rename, then by overwriting, at changing speed. */
static _Noreturn void keep_swapping(
        struct str path, struct str beside, struct str good, struct str bad)
{
    for (unsigned turn = 0;; turn++) {
        struct str content = turn % 2 == 0 ? bad : good;
        struct timespec pause = { 0, (long)(turn * 7919 % 1500) * 1000 };
        if (turn / 64 % 2 == 0) {
            write_file(beside.ptr, content);
            (void)rename(beside.ptr, path.ptr);
        } else {
            write_file(path.ptr, content);
        }
        nanosleep(&pause, NULL);
    }
}

/* Finds, judges and loads; the number of loads that took place. */
static int play(struct estate *estate, int rounds)
{
    int loaded = 0;
    for (int i = 0; i < rounds; i++) {
        struct run run;
        struct plugins *plugins = NULL;
        run_init(&run, NULL, NULL);
        run.folder = estate->run->folder;
        if (plugins_discover(&run, &estate->options, &plugins) == 0) {
            struct plugin *plugin = plugins_find(plugins, STR("test.twin"));
            bool is_loaded = plugin && plugin->state == PLUGIN_READY &&
                             plugin_load(&run, plugins, plugin) == 0;
            if (is_loaded && !str_eq(plugin->identity->summary, STR("A test plugin"))) {
                return OTHER_METADATA;
            }
            loaded += is_loaded;
        }
        /* Not cleared: what was loaded refers to it. The process ends soon. */
    }
    return loaded;
}

static void run_rounds(struct estate *estate, struct str good, struct str bad, int rounds)
{
    struct str path = estate_path(estate, "plugins.d/race.so");
    struct str trace = estate_path(estate, "trace");
    int loaded = 0;
    setenv("TFA_TEST_TRACE", trace.ptr, 1);
    pid_t swapper = fork();
    assert_true(swapper >= 0);
    if (swapper == 0) {
        keep_swapping(path, estate_path(estate, "next"), good, bad);
    }
    for (int done = 0; done < rounds; done += ROUNDS_PER_PROCESS) {
        int status = 0;
        pid_t player = fork();
        assert_true(player >= 0);
        if (player == 0) {
            _exit(play(estate, ROUNDS_PER_PROCESS));
        }
        assert_int_equal(waitpid(player, &status, 0), player);
        if (!WIFEXITED(status)) {
            kill(swapper, SIGKILL);
            fail_msg("ended by signal %d", WTERMSIG(status));
        }
        if (WEXITSTATUS(status) == OTHER_METADATA) {
            kill(swapper, SIGKILL);
            fail_msg("code ran under metadata of another file");
        }
        loaded += WEXITSTATUS(status);
    }
    kill(swapper, SIGKILL);
    assert_int_equal(waitpid(swapper, NULL, 0), swapper);
    print_message("%d of %d rounds loaded the plugin\n", loaded, rounds);
    assert_true(loaded > 0 && loaded < rounds);
    assert_int_equal(access(trace.ptr, F_OK), -1);
}

/* The same id outside, other code inside. */
static void pinned(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    struct str good = plugin_bytes(&estate, "bad/twin");
    struct str bad = plugin_bytes(&estate, "bad/other-twin");
    estate_write(&estate, "plugins.d/race.so", good);
    estate_discover(&estate);
    (void)estate_enable(&estate, "test.twin");
    run_rounds(&estate, good, bad, ROUNDS / 2);
    estate_close(&estate);
}

/* The same code under other metadata, which says what the code may do. */
static void described_by_another_file(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    struct str good = plugin_bytes(&estate, "bad/twin");
    struct str bad = arena_dup(estate.run->arena, good);
    ptrdiff_t at = str_find_str(bad, STR("A test plugin"));
    assert_true(at > 0);
    ((char *)(uintptr_t)bad.ptr)[at] = 'B';
    estate_write(&estate, "plugins.d/race.so", good);
    estate_discover(&estate);
    (void)estate_enable(&estate, "test.twin");
    run_rounds(&estate, good, bad, ROUNDS / 4);
    estate_close(&estate);
}

/* A plugin that runs by its signature alone; the other file carries the stolen statement. */
static void signed_by_a_trusted_key(void **state)
{
    (void)state;
    static const struct str scope = STR_INIT("test");
    struct estate estate;
    struct str id;
    struct str written;
    struct sign_result result;
    estate_open(&estate);
    struct run *run = estate.run;
    estate.options.user_folder = estate_path(&estate, "own");
    struct str key = estate_path(&estate, "key");
    struct str so = estate_path(&estate, "plugins.d/race.so");
    struct str bare = plugin_bytes(&estate, "bad/twin");
    struct str good;
    estate_write(&estate, "plugins.d/race.so", bare);
    assert_int_equal(key_generate(run, &estate.options, key, STR_EMPTY, STR_EMPTY, &id), 0);
    assert_int_equal(trust_add(run, &estate.options,
                             &(struct trust_request){ .file = estate_path(&estate, "key.pub"),
                                     .allowed = &scope,
                                     .allowed_count = 1,
                                     .from_s = INT64_MIN,
                                     .until_s = INT64_MAX },
                             &written),
            0);
    assert_int_equal(
            plugin_sign(run, &estate.options,
                    &(struct sign_request){ .file = so, .key = key, .expires_s = INT64_MAX },
                    &result),
            0);
    assert_int_equal(file_read(run->arena, so, 64 << 20, &good), 0);
    struct str other = plugin_bytes(&estate, "bad/other-twin");
    struct str bad =
            arena_printf(run->arena, "%*s", (int)(other.len + good.len - bare.len), "");
    memcpy((char *)(uintptr_t)bad.ptr, other.ptr, other.len);
    memcpy((char *)(uintptr_t)bad.ptr + other.len, good.ptr + bare.len, good.len - bare.len);
    estate_discover(&estate);
    assert_row(&estate, "race.so", PLUGIN_READY, "signed by", "");
    run_rounds(&estate, good, bad, ROUNDS / 2);
    estate_close(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pinned),
        cmocka_unit_test(described_by_another_file),
        cmocka_unit_test(signed_by_a_trusted_key),
    };
    return RUN_TESTS(tests);
}
