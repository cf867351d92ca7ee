/* SPDX-License-Identifier: Apache-2.0 */
/* tf-atmos-worker: closes itself in, maps one plugin, serves it to the host. */
#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <tf-atmos/plugin.h>

#include "confine.h"
#include "obituary.h"
#include "session.h"
#include "worker.h"

#define IMAGE_PATH "/proc/self/fd/4"
static_assert(WORKER_IMAGE_FD == 4, "IMAGE_PATH names the descriptor");

static int fail(struct worker_page *page, const char *what, const char *why)
{
    (void)snprintf(page->failure, sizeof(page->failure), "%s%s", what, why);
    return WORKER_EXIT_FAILED;
}

/* NULL when this process was not started as a worker of this build. */
static struct worker_page *map_page(void)
{
    struct stat stat;
    if (fstat(WORKER_PAGE_FD, &stat) != 0 || stat.st_size < (off_t)sizeof(struct worker_page)) {
        return NULL;
    }
    struct worker_page *page = mmap(NULL, sizeof(struct worker_page), PROT_READ | PROT_WRITE,
            MAP_SHARED, WORKER_PAGE_FD, 0);
    close(WORKER_PAGE_FD);
    return page != MAP_FAILED && page->size_bytes == sizeof(struct worker_page) ? page : NULL;
}

/* Nothing of the host's remains but what a worker is meant to have. */
static void close_others(void)
{
    if (syscall(SYS_close_range, WORKER__FD_END, ~0U, 0U) != 0) {
        for (int fd = WORKER__FD_END; fd < 65536; fd++) {
            (void)close(fd);
        }
    }
}

/* The loader's text without the path it begins with. */
static const char *loader_reason(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    const char *text = dlerror();
    if (!text) {
        return "unknown reason";
    }
    return strncmp(text, IMAGE_PATH ": ", sizeof(IMAGE_PATH) + 1) == 0
                   ? text + sizeof(IMAGE_PATH) + 1
                   : text;
}

/* The entry function must lie in the plugin's own mapping: a look-up by name also finds functions of
 * libraries it needs. */
static const struct tfa_plugin *(*find_entry(void *handle))(void)
{
    Dl_info info;
    void *map = NULL;
    void *own_map = NULL;
    const struct tfa_plugin *(*entry)(void) = NULL;
    void *symbol = dlsym(handle, TFA_ENTRY_SYMBOL);
    if (!symbol || dladdr1(symbol, &info, &map, RTLD_DL_LINKMAP) == 0 ||
            dlinfo(handle, RTLD_DI_LINKMAP, (void *)&own_map) != 0 || map != own_map) {
        return NULL;
    }
    memcpy((void *)&entry, (const void *)&symbol, sizeof(entry));
    return entry;
}

static int run(struct worker_page *page)
{
    struct stat image;
    bool has_image = fstat(WORKER_IMAGE_FD, &image) == 0;
    if (strcmp(page->version, TFA_VERSION) != 0) {
        return fail(page, "is of another version than the program: ", TFA_VERSION);
    }
    if (!obituary_prepare(page)) {
        return fail(page, "cannot watch over itself: ", strerrordesc_np(errno));
    }
    if (!confine(page)) {
        return WORKER_EXIT_FAILED;
    }
    page->stage = WORKER_CONFINED;
    if (!has_image) {
        return 0;
    }
    page->stage = WORKER_LOADING;
    void *handle = dlopen(IMAGE_PATH, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle) {
        return fail(page, "could not be loaded: ", loader_reason());
    }
    const struct tfa_plugin *(*entry)(void) = find_entry(handle);
    if (!entry) {
        return fail(
                page, "does not define the entry function `" TFA_ENTRY_SYMBOL "` itself", "");
    }
    const struct tfa_plugin *descriptor = entry();
    if (!descriptor) {
        return fail(page, "has an entry function that returns nothing", "");
    }
    page->stage = WORKER_SERVING;
    int code = session_serve(WORKER_SOCKET_FD, &page->cancel, descriptor);
    if (code != 0) {
        return WORKER_EXIT_LOST;
    }
    page->stage = WORKER_FINISHED;
    return 0;
}

int main(void)
{
    close_others();
    struct worker_page *page = map_page();
    if (!page) {
        static const char text[] = "tf-atmos-worker is started by tf-atmos, not by hand\n";
        ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
        (void)ignored;
        return WORKER_EXIT_FAILED;
    }
    /* Not by way of exit: handlers that a plugin left would run. */
    _exit(run(page));
}
