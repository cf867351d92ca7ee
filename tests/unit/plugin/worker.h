/* SPDX-License-Identifier: Apache-2.0 */
/* Workers with the test plugin `attack`, for tests of their process. */
#ifndef TFATMOS_TESTS_WORKER_H
#define TFATMOS_TESTS_WORKER_H

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "estate.h"
#include "plugin/worker_process.h"

/* Sanitizers cannot live with seccomp and a limit of memory, and print where programs crash: workers
 * built with one are not confined by these two, and end otherwise. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

#define SKIP_IF_SANITIZED()                                                                    \
    do {                                                                                       \
        if (IS_SANITIZED) {                                                                    \
            skip();                                                                            \
        }                                                                                      \
    } while (0)

/* A run that collects what workers print, and the ways to start one. */
struct lab {
    struct estate estate;
    struct run *run;
    struct log log;
    struct buf lines;
    struct worker_how how;
};

static inline void keep_line(void *context, enum log_level level, struct str line)
{
    struct lab *lab = context;
    (void)level;
    buf_add(&lab->lines, line);
    buf_add_byte(&lab->lines, '\n');
}

static inline void lab_open(struct lab *lab)
{
    *lab = (struct lab){ .lines = BUF_INIT(1 << 20) };
    estate_open(&lab->estate);
    lab->run = lab->estate.run;
    lab->log = (struct log){ .level = LOG_DEBUG, .write = keep_line, .context = lab };
    lab->run->log = &lab->log;
    struct str tests = path_folder(build_folder(lab->run));
    lab->how = (struct worker_how){
        .program = path_join(lab->run->arena, tests, STR("tf-atmos-worker")), .image_fd = -1
    };
}

static inline void lab_close(struct lab *lab)
{
    buf_clear(&lab->lines);
    estate_close(&lab->estate);
}

static inline struct str lab_lines(const struct lab *lab)
{
    return buf_str(&lab->lines);
}

static inline void patch(struct str bytes, const char *mark, const char *text, size_t room)
{
    ptrdiff_t at = str_find_str(bytes, str_from(mark));
    assert_true(at >= 0);
    assert_true(strlen(text) < room);
    char *place = (char *)(uintptr_t)bytes.ptr + at;
    memset(place, 0, room);
    memcpy(place, text, strlen(text));
}

/* The bytes of `attack` with a deed, in memory, ready to be a worker's image. */
static inline int attack_image(struct lab *lab, const char *deed, const char *object)
{
    struct str bytes = plugin_bytes(&lab->estate, "bad/attack");
    patch(bytes, "ATTACK:DEED", deed, 64);
    patch(bytes, "ATTACK:OBJECT", object, 256);
    int fd = memfd_create("attack", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_true(fd >= 0);
    assert_int_equal(fd_write_all(fd, bytes), 0);
    return fd;
}

static inline struct worker_process *attack_start(
        struct lab *lab, const char *deed, const char *object)
{
    struct worker_process *process = NULL;
    int image = attack_image(lab, deed, object);
    lab->how.image_fd = image;
    assert_int_equal(worker_process_start(lab->run, &lab->how, &process), 0);
    close(image);
    lab->how.image_fd = -1;
    return process;
}

static inline int64_t in_ms(int64_t duration_ms)
{
    return monotonic_ms() + duration_ms;
}

/* Waits at most `limit_ms` for its end and says how it came about. */
static inline struct worker_fate attack_end(
        struct lab *lab, struct worker_process *process, int64_t limit_ms)
{
    enum worker_event event = worker_process_wait(process, 0, in_ms(limit_ms), NULL);
    assert_int_equal(event, WORKER_DEAD);
    struct worker_fate fate = worker_process_fate(lab->run, process);
    worker_process_kill(process);
    return fate;
}

#endif
