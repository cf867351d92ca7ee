/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that misbehaves while it is mapped. Tests patch the name of the deed into its bytes. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "note.h"

/* Found and overwritten by the test: the deed, and a path or number it is about. */
static volatile const char deed_text[64] = "ATTACK:DEED.....................................";
static volatile const char object_text[256] =
        "ATTACK:OBJECT...................................";

static char deed[64];
static char object[256];

/* stderr reaches the developer's log of the host. */
static void say(const char *what, long result)
{
    char line[512];
    int error = errno;
    int len = snprintf(line, sizeof(line), "%s: %s: %s\n", deed, what,
            result < 0 ? strerrordesc_np(error) : "done");
    (void)!write(STDERR_FILENO, line, (size_t)len);
}

static void *nothing(void *argument)
{
    return argument;
}

static void read_object(void)
{
    int fd = open(object, O_RDONLY | O_CLOEXEC);
    say("open", fd);
}

static void write_object(void)
{
    int fd = open(object, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    say("open", fd);
    say("mkdir", mkdir(object, 0700));
    say("unlink", unlink(object));
    say("rename", rename(object, "/tmp/attack"));
    say("symlink", symlink("/", object));
    say("truncate", truncate(object, 0));
    say("chmod", chmod(object, 0777));
}

static void open_many(void)
{
    int count = 0;
    while (count < 10000 && dup(STDERR_FILENO) >= 0) {
        count++;
    }
    say(count < 64 ? "few" : "many", -1);
}

static void leave_host(void)
{
    struct rlimit none = { 0, 0 };
    say("pdeathsig", prctl(PR_SET_PDEATHSIG, 0));
    say("dumpable", prctl(PR_SET_DUMPABLE, 1));
    say("prlimit", prlimit(getppid(), RLIMIT_AS, &none, NULL));
    say("raise", setrlimit(RLIMIT_AS, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY }));
    say("owner", fcntl(STDERR_FILENO, F_SETOWN, getppid()));
    say("handler", signal(SIGSYS, SIG_IGN) == SIG_ERR ? -1 : 0);
    say("socket", socket(AF_INET, SOCK_STREAM, 0));
}

static void thread(void)
{
    pthread_t id;
    errno = pthread_create(&id, NULL, nothing, NULL);
    say("create", errno == 0 ? 0 : -1);
    say("join", pthread_join(id, NULL) == 0 ? 0 : -1);
}

static void exhaust_memory(void)
{
    for (;;) {
        volatile char *piece = malloc(1 << 20);
        piece[0] = 1; /* crashes on NULL, as most programs would */
        piece[(1 << 20) - 1] = 1;
    }
}

static void request_memory(void)
{
    void *volatile most = malloc((size_t)240 << 20);
    void *volatile more = most ? malloc((size_t)400 << 20) : NULL;
    if (!more) {
        abort();
    }
}

static volatile int is_endless = 1;

static int recurse(volatile char *above)
{
    volatile char here[4096];
    here[0] = (char)(above[0] + 1);
    return is_endless ? recurse(here) + here[4095] : 0;
}

static void overflow(void)
{
    volatile char start[1] = { 0 };
    (void)recurse(start);
}

static void spin(void)
{
    for (volatile unsigned long i = 0;; i++) {
    }
}

static void sleep_long(void)
{
    (void)sleep(3600);
}

static void print_much(void)
{
    char line[1024];
    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\n';
    for (int i = 0; i < 4096; i++) {
        (void)!write(STDOUT_FILENO, line, sizeof(line));
    }
    say("print", 0);
}

static void crash(void)
{
    static volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void quit(void)
{
    exit(0);
}

static void make_socket(void)
{
    say("socket", socket(AF_UNIX, SOCK_STREAM, 0));
}

static void execute(void)
{
    char *const none[] = { NULL };
    say("exec", execve("/bin/true", none, none));
}

static void make_child(void)
{
    say("fork", fork());
}

static void make_child_raw(void)
{
    say("clone", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static void trace(void)
{
    say("ptrace", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static void kill_host(void)
{
    say("kill", kill(getppid(), SIGKILL));
}

static void kill_all(void)
{
    say("kill", kill(-1, SIGKILL));
}

static void read_host(void)
{
    char path[64];
    static const char *const names[] = { "mem", "environ", "maps", "cmdline", "fd" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)getppid(), names[i]);
        say(names[i], open(path, O_RDONLY | O_CLOEXEC));
    }
}

static void tell_environment(void)
{
    extern char **environ;
    say(environ && environ[0] ? environ[0] : "empty", 0);
    for (int fd = 0; fd < 64; fd++) {
        char what[32];
        struct stat stat;
        if (fstat(fd, &stat) == 0) {
            (void)snprintf(what, sizeof(what), "fd %d", fd);
            say(what, 0);
        }
    }
}

static const struct {
    const char *name;
    void (*act)(void);
} deeds[] = { { "read", read_object }, { "write", write_object }, { "fds", open_many },
    { "leave", leave_host }, { "thread", thread }, { "memory", exhaust_memory },
    { "request", request_memory }, { "overflow", overflow }, { "spin", spin },
    { "sleep", sleep_long }, { "print", print_much }, { "crash", crash }, { "exit", quit },
    { "abort", abort }, { "socket", make_socket }, { "exec", execute }, { "fork", make_child },
    { "clone", make_child_raw }, { "ptrace", trace }, { "kill", kill_host },
    { "kill-all", kill_all }, { "host", read_host }, { "environment", tell_environment } };

static void act(void)
{
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
        if (strcmp(deed, deeds[i].name) == 0) {
            deeds[i].act();
        }
    }
}

__attribute__((constructor)) static void wake(void)
{
    for (size_t i = 0; i < sizeof(deed); i++) {
        deed[i] = deed_text[i];
    }
    for (size_t i = 0; i < sizeof(object); i++) {
        object[i] = object_text[i];
    }
    act();
}

NOTE(identity, TFA_NOTE_IDENTITY,
        IDENTITY("test.attack", "1.0.0", "1", "0", "\"tfa.value/1\""));

IDLE_PLUGIN("test.attack", "1.0.0", NULL);

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void);

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
