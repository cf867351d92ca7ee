/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that misbehaves. Tests patch into its bytes what it does, and in which of its functions: in its
 * constructor unless they say. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
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

/* Found and overwritten by the test: the deed, the function, and a path or number it is about. */
static volatile const char deed_text[64] = "ATTACK:DEED.....................................";
static volatile const char place_text[32] = "ATTACK:PLACE....................";
static volatile const char object_text[256] =
        "ATTACK:OBJECT...................................";

static char deed[64];
static char place[32];
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
    say("ptrace", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
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
    say("now", 0);
    for (volatile unsigned long i = 0;; i++) {
    }
}

static void sleep_long(void)
{
    say("now", 0);
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

static void quit_quickly(void)
{
    _exit(0);
}

/* Deaf to being told to stop, and to every signal that can be blocked. */
static void stop_itself(void)
{
    say("now", 0);
    (void)raise(SIGSTOP);
}

static void crash_masked(void)
{
    sigset_t all;
    sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, NULL);
    (void)signal(SIGSEGV, SIG_IGN);
    crash();
}

static void *crash_later(void *argument)
{
    crash();
    return argument;
}

static void crash_in_thread(void)
{
    pthread_t id;
    if (pthread_create(&id, NULL, crash_later, NULL) == 0) {
        (void)pthread_join(id, NULL);
    }
}

static void *linger(void *argument)
{
    for (;;) {
        (void)usleep(1000);
    }
    return argument;
}

static void leave_thread(void)
{
    pthread_t id;
    errno = pthread_create(&id, NULL, linger, NULL);
    say("thread left", errno == 0 ? 0 : -1);
}

static jmp_buf of_init;

/* Into the frame of a function that has returned; or of none, before init. */
static void jump(void)
{
    longjmp(of_init, 1);
}

/* Standard text of the connection, without knowing its numbers: as another program's answer. */
static void write_garbage(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    (void)!write(3, text, sizeof(text));
}

/* The head of a first frame of 4 GiB. */
static void write_huge(void)
{
    static const unsigned char header[16] = { 'T', 'F', 'A', 'W', 1, 0, 0, 0, 0, 0, 0, 0, 0xff,
        0xff, 0xff, 0xff };
    (void)!write(3, header, sizeof(header));
}

static void close_all(void)
{
    for (int fd = 0; fd < 64; fd++) {
        (void)close(fd);
    }
}

/* What belongs to the whole process: here it is only its own. */
static void change_surroundings(void)
{
    (void)umask(0);
    say("chdir", chdir("/tmp"));
    (void)setlocale(LC_ALL, "C");
    (void)setenv("LC_ALL", "C", 1);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)atexit(crash);
    say("nice", setpriority(PRIO_PROCESS, 0, -20));
    say("link", link(object, "/tmp/attack"));
    say("xattr", (long)syscall(SYS_setxattr, object, "user.a", "b", 1, 0));
}

static void reach_out(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };
    say("connect", connect(3, (struct sockaddr *)&to, sizeof(to)));
    say("bind", bind(3, (struct sockaddr *)&to, sizeof(to)));
    say("listen", listen(3, 1));
    say("accept", accept(3, NULL, NULL));
    say("accept4", accept4(3, NULL, NULL, SOCK_CLOEXEC));
}

static void make_child_vfork(void)
{
#ifdef SYS_vfork
    say("vfork", syscall(SYS_vfork));
#else
    say("vfork", syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0));
#endif
}

/* As many as it can: the first ends it. */
static void flood_with_children(void)
{
    for (;;) {
        (void)fork();
    }
}

static void make_socket(void)
{
    int pair[2];
    say("inet", socket(AF_INET, SOCK_STREAM, 0));
    say("inet6", socket(AF_INET6, SOCK_DGRAM, 0));
    say("unix", socket(AF_UNIX, SOCK_STREAM, 0));
    say("netlink", socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
    say("packet", socket(AF_PACKET, SOCK_RAW, 0));
    say("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
    say("pair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}

/* Memory that could be handed on, or mapped as a program. */
static void name_memory(void)
{
    say("memory file", memfd_create("attack", MFD_CLOEXEC));
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
    { "quick-exit", quit_quickly }, { "stop", stop_itself }, { "masked", crash_masked },
    { "thread-crash", crash_in_thread }, { "thread-left", leave_thread }, { "jump", jump },
    { "garbage", write_garbage }, { "huge", write_huge }, { "close", close_all },
    { "surroundings", change_surroundings }, { "connect", reach_out },
    { "vfork", make_child_vfork }, { "bomb", flood_with_children }, { "abort", abort },
    { "socket", make_socket }, { "memory-file", name_memory }, { "exec", execute },
    { "fork", make_child }, { "clone", make_child_raw }, { "ptrace", trace },
    { "kill", kill_host }, { "kill-all", kill_all }, { "host", read_host },
    { "environment", tell_environment } };

static void act(const char *function)
{
    if (strcmp(place, function) != 0) {
        return;
    }
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
    for (size_t i = 0; i < sizeof(place); i++) {
        place[i] = place_text[i];
    }
    if (strncmp(place, "ATTACK:", 7) == 0) {
        memcpy(place, "constructor", sizeof("constructor"));
    }
    act("constructor");
}

static const struct tfa_value_v1 *value;
static const struct tfa_build_v1 *build;
/* Where a scan of this process can see that it was given something. */
static char given[64];

static void take(struct tfa_call *call, tfa_val config)
{
    struct tfa_str text = { 0 };
    if (value->as_string(call, value->get(call, config, TFA_S("given")), &text) == TFA_OK &&
            text.len < sizeof(given)) {
        memcpy(given, text.ptr, text.len);
    }
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    (void)self, (void)context;
    take(call, config);
    act("component.validate");
    return TFA_OK;
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    (void)self, (void)context;
    take(call, config);
    act("component.generate");
    *ret_vars = build->map(call);
    return build->set(call, *ret_vars, TFA_S("fine"), build->boolean(call, 1));
}

static int32_t list(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    (void)self, (void)context;
    take(call, config);
    act("check.list");
    return build->from_json(call, TFA_S("[{\"id\":\"A\"}]"), ret_items);
}

static int32_t run(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    (void)self, (void)context, (void)item;
    take(call, config);
    act("check.run");
    return TFA_OK;
}

static int32_t start(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call, (void)ret_self;
    value = host->ext(host->ctx, TFA_EXT_VALUE_V1);
    build = host->ext(host->ctx, TFA_EXT_BUILD_V1);
    if (setjmp(of_init) != 0) {
        return TFA_E_INTERNAL;
    }
    act("init");
    return TFA_OK;
}

static void stop(void *self)
{
    (void)self;
    act("shutdown");
}

static const void *ext(void *self, const char *id)
{
    static const struct tfa_component_v1 component = { validate, generate };
    static const struct tfa_check_v1 check = { list, run };
    (void)self;
    return strcmp(id, TFA_EXT_COMPONENT_V1) == 0 ? (const void *)&component
           : strcmp(id, TFA_EXT_CHECK_V1) == 0   ? (const void *)&check
                                                 : NULL;
}

NOTE(identity, TFA_NOTE_IDENTITY,
        "{\"abi\":{\"major\":1,\"minor\":0},\"aws_actions\":[],\"code_prefix\":\"TST\","
        "\"components\":[],\"documentation\":\"https://example.com/attack\","
        "\"extensions\":{\"optional\":[],\"required\":[\"tfa.value/1\",\"tfa.build/1\"]},"
        "\"id\":\"test.attack\",\"kinds\":[\"attack\"],\"license\":\"Apache-2.0\","
        "\"provides\":[\"tfa.check/1\",\"tfa.component/1\"],"
        "\"summary\":\"Misbehaves\",\"version\":\"1.0.0\"}");

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void);

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    static const struct tfa_plugin plugin = { (uint32_t)sizeof(struct tfa_plugin),
        TFA_ABI_MAJOR, 0, 0, "test.attack", "1.0.0", start, stop, ext };
    return &plugin;
}
