/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin's calls of libc, redirected: its memory is counted and fails on order, its clocks lie, and
 * what it may not call is caught in the act. */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "session.h"

enum {
    SLOTS = 1 << 20, /* of the table of blocks; a power of two */
    GONE = 1
};

#if defined(__x86_64__)
#define RELOCATION_JUMP     R_X86_64_JUMP_SLOT
#define RELOCATION_DATA     R_X86_64_GLOB_DAT
#define RELOCATION_ABSOLUTE R_X86_64_64
#elif defined(__aarch64__)
#define RELOCATION_JUMP     R_AARCH64_JUMP_SLOT
#define RELOCATION_DATA     R_AARCH64_GLOB_DAT
#define RELOCATION_ABSOLUTE R_AARCH64_ABS64
#else
#define RELOCATION_JUMP     0xFFFFFFFFU
#define RELOCATION_DATA     0xFFFFFFFFU
#define RELOCATION_ABSOLUTE 0xFFFFFFFFU
#endif

struct held {
    uintptr_t address;
    uint64_t size;
    uint64_t number; /* of the request */
};

/* Functions of libc get no context, so there is one state per process; every test has its own. */
static struct {
    struct conform *conform;
    struct held *blocks;
    atomic_flag lock;
    uint64_t live;
    uint64_t asked;
    uint64_t fail_at;
    bool has_failed;
    bool is_there;
    bool unwinds;
    int64_t skew_s;
} hooks;

/* ---- the table of blocks ---- */

static size_t slot_of(uintptr_t address)
{
    return (address >> 4) * 0x9E3779B97F4A7C15U >> 44;
}

static void lock(void)
{
    while (atomic_flag_test_and_set(&hooks.lock)) {
    }
}

static void *note(void *memory, size_t size)
{
    size_t slot = slot_of((uintptr_t)memory);
    lock();
    for (size_t i = 0; memory != NULL && i < SLOTS; i++, slot = (slot + 1) % SLOTS) {
        if (hooks.blocks[slot].address <= GONE) {
            hooks.blocks[slot] = (struct held){ (uintptr_t)memory, size, hooks.asked };
            hooks.live++;
            break;
        }
    }
    atomic_flag_clear(&hooks.lock);
    return memory;
}

static void forget(const void *memory)
{
    size_t slot = slot_of((uintptr_t)memory);
    lock();
    for (size_t i = 0; memory != NULL && i < SLOTS && hooks.blocks[slot].address != 0;
            i++, slot = (slot + 1) % SLOTS) {
        if (hooks.blocks[slot].address == (uintptr_t)memory) {
            hooks.blocks[slot].address = GONE;
            hooks.live--;
            break;
        }
    }
    atomic_flag_clear(&hooks.lock);
}

/* One more request for memory: is it the one that has to fail? */
static bool is_refused(void)
{
    lock();
    hooks.asked++;
    bool fails = hooks.fail_at == 1;
    hooks.fail_at -= hooks.fail_at > 0;
    hooks.has_failed |= fails;
    atomic_flag_clear(&hooks.lock);
    if (fails) {
        errno = ENOMEM;
    }
    return fails;
}

static void *hook_malloc(size_t size)
{
    return is_refused() ? NULL : note(malloc(size), size);
}

static void *hook_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : note(calloc(count, size), count * size);
}

static void *hook_realloc(void *memory, size_t size)
{
    if (is_refused()) {
        return NULL;
    }
    forget(memory);
    /* NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): what the plugin asked for, 0 too */
    void *larger = realloc(memory, size);
    if (larger == NULL && size > 0) {
        (void)note(memory, size);
        return NULL;
    }
    return note(larger, size);
}

static void *hook_reallocarray(void *memory, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return hook_realloc(memory, count * size);
}

static void hook_free(void *memory)
{
    forget(memory);
    free(memory);
}

static void *hook_aligned_alloc(size_t alignment, size_t size)
{
    return is_refused() ? NULL : note(aligned_alloc(alignment, size), size);
}

static int hook_posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    if (is_refused()) {
        return ENOMEM;
    }
    int r = posix_memalign(ret_memory, alignment, size);
    if (r == 0) {
        (void)note(*ret_memory, size);
    }
    return r;
}

static char *hook_strdup(const char *text)
{
    return is_refused() ? NULL : note(strdup(text), strlen(text) + 1);
}

static char *hook_strndup(const char *text, size_t size)
{
    return is_refused() ? NULL : note(strndup(text, size), size + 1);
}

__attribute__((format(printf, 2, 0))) static int hook_vasprintf(
        char **ret_text, const char *format, va_list args)
{
    if (is_refused()) {
        return -1;
    }
    int len = vasprintf(ret_text, format, args);
    if (len >= 0) {
        (void)note(*ret_text, (size_t)len + 1);
    }
    return len;
}

__attribute__((format(printf, 2, 3))) static int hook_asprintf(
        char **ret_text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = hook_vasprintf(ret_text, format, args);
    va_end(args);
    return len;
}

/* ---- C++: counted, but never refused, as only an exception could say so ---- */

static void *hook_new(size_t size)
{
    lock();
    hooks.asked++;
    atomic_flag_clear(&hooks.lock);
    void *memory = malloc(size > 0 ? size : 1);
    if (memory == NULL) {
        abort();
    }
    return note(memory, size);
}

static void hook_delete(void *memory)
{
    hook_free(memory);
}

static void hook_delete_sized(void *memory, size_t size)
{
    (void)size;
    hook_free(memory);
}

/* ---- clocks ---- */

static int hook_clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    int r = clock_gettime(clock, ret_time);
    ret_time->tv_sec += hooks.skew_s;
    return r;
}

static int hook_gettimeofday(struct timeval *ret_time, void *zone)
{
    int r = gettimeofday(ret_time, zone);
    ret_time->tv_sec += hooks.skew_s;
    return r;
}

static time_t hook_time(time_t *ret_time)
{
    time_t now = time(NULL) + hooks.skew_s;
    if (ret_time != NULL) {
        *ret_time = now;
    }
    return now;
}

/* ---- what may not be called ---- */

_Noreturn static void caught(const char *function, enum rule rule)
{
    struct conform *conform = hooks.conform;
    failed_for_good(conform, rule, "called %s()%s%s", function,
            conform->record->place[0] == '\0' ? "" : " in ", conform->record->place);
}

static int (*original_cxa_atexit)(void (*)(void *), void *, void *);

/* C++ registers the destructors of its objects this way, with an object; atexit() has none. */
static int hook_cxa_atexit(void (*function)(void *), void *object, void *module)
{
    if (object == NULL) {
        caught("atexit", RULE_ATEXIT);
    }
    return original_cxa_atexit(function, object, module);
}

#define FORBIDDEN(X)                                                                           \
    X(fork, PROCESSES)                                                                         \
    X(vfork, PROCESSES)                                                                        \
    X(_Fork, PROCESSES)                                                                        \
    X(clone, PROCESSES)                                                                        \
    X(daemon, PROCESSES)                                                                       \
    X(system, PROCESSES)                                                                       \
    X(popen, PROCESSES)                                                                        \
    X(execl, PROCESSES)                                                                        \
    X(execlp, PROCESSES)                                                                       \
    X(execle, PROCESSES)                                                                       \
    X(execv, PROCESSES)                                                                        \
    X(execve, PROCESSES)                                                                       \
    X(execvp, PROCESSES)                                                                       \
    X(execvpe, PROCESSES)                                                                      \
    X(fexecve, PROCESSES)                                                                      \
    X(posix_spawn, PROCESSES)                                                                  \
    X(posix_spawnp, PROCESSES)                                                                 \
    X(open, FILES)                                                                             \
    X(open64, FILES)                                                                           \
    X(openat, FILES)                                                                           \
    X(openat64, FILES)                                                                         \
    X(__open_2, FILES)                                                                         \
    X(__open64_2, FILES)                                                                       \
    X(creat, FILES)                                                                            \
    X(creat64, FILES)                                                                          \
    X(fopen, FILES)                                                                            \
    X(fopen64, FILES)                                                                          \
    X(freopen, FILES)                                                                          \
    X(freopen64, FILES)                                                                        \
    X(opendir, FILES)                                                                          \
    X(mkstemp, FILES)                                                                          \
    X(mkstemp64, FILES)                                                                        \
    X(tmpfile, FILES)                                                                          \
    X(tmpfile64, FILES)                                                                        \
    X(socket, FILES)                                                                           \
    X(socketpair, FILES)                                                                       \
    X(pipe, FILES)                                                                             \
    X(pipe2, FILES)                                                                            \
    X(memfd_create, FILES)                                                                     \
    X(dlopen, FILES)                                                                           \
    X(unlink, FILES)                                                                           \
    X(rename, FILES)                                                                           \
    X(mkdir, FILES)                                                                            \
    X(exit, EXITS)                                                                             \
    X(_exit, EXITS)                                                                            \
    X(_Exit, EXITS)                                                                            \
    X(quick_exit, EXITS)                                                                       \
    X(atexit, ATEXIT)                                                                          \
    X(on_exit, ATEXIT)                                                                         \
    X(at_quick_exit, ATEXIT)

#define FORBIDDEN_FUNCTION(name, rule)                                                         \
    static void forbid_##name(void)                                                            \
    {                                                                                          \
        caught(#name, RULE_##rule);                                                            \
    }
FORBIDDEN(FORBIDDEN_FUNCTION)

/* ---- putting them there ---- */

typedef void hook_fn(void);

/* NOLINTBEGIN(bugprone-casting-through-void) */
#define HOOK(name, function)        { name, (hook_fn *)(function) }
#define FORBIDDEN_ENTRY(name, rule) { #name, forbid_##name },

static const struct hook {
    const char *name;
    hook_fn *function;
} table[] = { HOOK("malloc", hook_malloc), HOOK("calloc", hook_calloc),
    HOOK("realloc", hook_realloc), HOOK("reallocarray", hook_reallocarray),
    HOOK("free", hook_free), HOOK("aligned_alloc", hook_aligned_alloc),
    HOOK("memalign", hook_aligned_alloc), HOOK("posix_memalign", hook_posix_memalign),
    HOOK("strdup", hook_strdup), HOOK("__strdup", hook_strdup), HOOK("strndup", hook_strndup),
    HOOK("asprintf", hook_asprintf), HOOK("vasprintf", hook_vasprintf), HOOK("_Znwm", hook_new),
    HOOK("_Znam", hook_new), HOOK("_ZdlPv", hook_delete), HOOK("_ZdaPv", hook_delete),
    HOOK("_ZdlPvm", hook_delete_sized), HOOK("_ZdaPvm", hook_delete_sized),
    HOOK("clock_gettime", hook_clock_gettime), HOOK("gettimeofday", hook_gettimeofday),
    HOOK("time", hook_time), HOOK("__cxa_atexit", hook_cxa_atexit),
    FORBIDDEN(FORBIDDEN_ENTRY) };

/* NOLINTEND(bugprone-casting-through-void) */

/* The parts of the dynamic section that relocations need, as addresses. */
struct dynamic {
    uintptr_t base;
    const Elf64_Sym *symbols;
    const char *strings;
    const Elf64_Rela *tables[2];
    size_t sizes[2];
};

static void put(uintptr_t *slot, hook_fn *function)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t)slot & ~(page - 1);
    /* Relocations are read-only after loading. */
    if (mprotect((void *)start, page, PROT_READ | PROT_WRITE) == 0) {
        memcpy(slot, &function, sizeof(function));
    }
}

static void redirect(const struct dynamic *dynamic, const Elf64_Rela *relocation)
{
    uint64_t type = ELF64_R_TYPE(relocation->r_info);
    if (type != RELOCATION_JUMP && type != RELOCATION_DATA && type != RELOCATION_ABSOLUTE) {
        return;
    }
    const Elf64_Sym *symbol = &dynamic->symbols[ELF64_R_SYM(relocation->r_info)];
    const char *name = &dynamic->strings[symbol->st_name];
    uintptr_t *slot = (uintptr_t *)(dynamic->base + relocation->r_offset);
    if (symbol->st_shndx != SHN_UNDEF) {
        return; /* its own function of that name */
    }
    hooks.unwinds |= strncmp(name, "_Unwind_", 8) == 0 || strncmp(name, "__cxa_throw", 11) == 0;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) {
            if (strcmp(name, "__cxa_atexit") == 0) {
                memcpy(&original_cxa_atexit, slot, sizeof(original_cxa_atexit));
            }
            put(slot, table[i].function);
        }
    }
}

static bool find_dynamic(const struct link_map *map, struct dynamic *dynamic)
{
    dynamic->base = map->l_addr;
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        /* glibc has turned offsets into addresses, other loaders have not. */
        uintptr_t address = entry->d_un.d_ptr;
        address = address < map->l_addr ? address + map->l_addr : address;
        switch (entry->d_tag) {
        case DT_SYMTAB:
            dynamic->symbols = (const Elf64_Sym *)address;
            break;
        case DT_STRTAB:
            dynamic->strings = (const char *)address;
            break;
        case DT_JMPREL:
            dynamic->tables[0] = (const Elf64_Rela *)address;
            break;
        case DT_PLTRELSZ:
            dynamic->sizes[0] = entry->d_un.d_val / sizeof(Elf64_Rela);
            break;
        case DT_RELA:
            dynamic->tables[1] = (const Elf64_Rela *)address;
            break;
        case DT_RELASZ:
            dynamic->sizes[1] = entry->d_un.d_val / sizeof(Elf64_Rela);
            break;
        default:
            break;
        }
    }
    return dynamic->symbols != NULL && dynamic->strings != NULL;
}

bool hooks_install(struct conform *conform, void *handle)
{
    struct link_map *map = NULL;
    struct dynamic dynamic = { 0 };
    if (hooks.is_there) {
        return true;
    }
    hooks.conform = conform;
    hooks.blocks = mmap(NULL, SLOTS * sizeof(struct held), PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (RELOCATION_JUMP == 0xFFFFFFFFU || hooks.blocks == MAP_FAILED ||
            dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || !find_dynamic(map, &dynamic)) {
        return false;
    }
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; dynamic.tables[t] != NULL && i < dynamic.sizes[t]; i++) {
            redirect(&dynamic, &dynamic.tables[t][i]);
        }
    }
    hooks.is_there = true;
    return true;
}

/* ---- questions ---- */

bool hooks_are_there(void)
{
    return hooks.is_there;
}

uint64_t hooks_live(void)
{
    return hooks.live;
}

uint64_t hooks_asked(void)
{
    return hooks.asked;
}

uint64_t hooks_size_since(uint64_t asked)
{
    for (size_t i = 0; i < SLOTS; i++) {
        if (hooks.blocks[i].address > GONE && hooks.blocks[i].number > asked) {
            return hooks.blocks[i].size;
        }
    }
    return 0;
}

void hooks_fail(uint64_t n)
{
    hooks.fail_at = n;
    hooks.has_failed = false;
}

bool hooks_have_failed(void)
{
    return hooks.has_failed;
}

void hooks_skew(int64_t seconds)
{
    hooks.skew_s = seconds;
}

bool hooks_unwinds(void)
{
    return hooks.unwinds;
}
