/* SPDX-License-Identifier: Apache-2.0 */
/* worker_start PLUGIN.so ROUNDS: microseconds from starting a worker to its first frame, one a line. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plugin/image.h"
#include "plugin/worker_process.h"

int main(int argc, char **argv)
{
    struct run run;
    struct plugin_image image;
    char *const environment[] = { NULL };
    run_init(&run, environment, NULL);
    int file = argc == 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0 || image_copy(&run, file, &image) != 0) {
        return EXIT_FAILURE;
    }
    /* This program lies in a folder below the worker's. */
    struct str program;
    if (path_resolve(run.arena, STR("/proc/self/exe"), &program) != 0) {
        return EXIT_FAILURE;
    }
    struct worker_how how = { .program = path_join(run.arena, path_folder(path_folder(program)),
                                      STR("tf-atmos-worker")),
        .image_fd = image.fd };
    for (long rounds = strtol(argv[2], NULL, 10); rounds > 0; rounds--) {
        struct worker_process *process = NULL;
        int64_t started = monotonic_us();
        if (worker_process_start(&run, &how, &process) != 0 ||
                worker_process_wait(process, POLLIN, 0, NULL) != WORKER_READY) {
            return EXIT_FAILURE;
        }
        (void)printf("%lld\n", (long long)(monotonic_us() - started));
        worker_process_kill(process);
    }
    close(file);
    run_clear(&run);
    return EXIT_SUCCESS;
}
