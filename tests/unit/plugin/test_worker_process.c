/* SPDX-License-Identifier: Apache-2.0 */
/* Worker processes: started, watched, stopped, and their ends told apart. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "plugin/worker_record.h"
#include "worker.h"

/* What a deed leads to; `text` is a part of the fate, `said` of what it printed. */
struct ending {
    const char *deed;
    const char *text;
    const char *said;
};

static void endings(void **state)
{
    static const struct ending all[] = {
        { "crash", "was ended by signal 11 (SIGSEGV)", NULL },
        { "abort", "was ended by signal 6 (SIGABRT)", NULL },
        { "exit", "ended itself by exit(0)", NULL },
        { "overflow", "overflowed its stack", NULL },
        { "memory", "used up its 512 MiB of memory", NULL },
        { "request", "was ended by signal 6 (SIGABRT) with 24", NULL },
        { "exec", "made a forbidden system call (execve)", NULL },
        { "fork", "made a forbidden system call (fork)", NULL },
        { "clone", "made a forbidden system call (fork)", NULL },
        { "ptrace", "made a forbidden system call (ptrace)", NULL },
        { "kill", "made a forbidden system call (kill)", NULL },
        { "kill-all", "made a forbidden system call (kill)", NULL },
        { "leave", "made a forbidden system call (ptrace)", "leave: handler: done" },
    };
    (void)state;
    SKIP_IF_SANITIZED();
    struct lab lab;
    lab_open(&lab);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct worker_process *process = attack_start(&lab, all[i].deed, "");
        struct worker_fate fate = attack_end(&lab, process, 20000);
        if (str_find_str(fate.text, str_from(all[i].text)) < 0 ||
                (all[i].said && str_find_str(lab_lines(&lab), str_from(all[i].said)) < 0)) {
            fail_msg("%s: %.*s\n%.*s", all[i].deed, STR_ARG(fate.text),
                    STR_ARG(lab_lines(&lab)));
        }
        assert_true(fate.is_start_failure);
        assert_true(fate.is_own_fault);
        assert_int_not_equal(fate.kind, FATE_RUNNING);
    }
    lab_close(&lab);
}

/* What a plugin says about its attempts: all refused, and the host sees no trace of them. */
static void refusals(void **state)
{
    (void)state;
    SKIP_IF_SANITIZED();
    struct lab lab;
    lab_open(&lab);
    struct run *run = lab.run;
    struct str secret = scratch_file(run->arena, run->folder, "credentials", "planted");
    struct str trace = path_join(run->arena, run->folder, STR("trace"));

    struct {
        const char *deed, *object, *said[8];
    } all[] = {
        { "read", arena_cstr(run->arena, secret), { "open: Permission denied" } },
        { "read", "/etc/passwd", { "open: Permission denied" } },
        { "read", "/proc/self/environ", { "open: Permission denied" } },
        { "write", arena_cstr(run->arena, trace),
                { "open: Permission denied", "mkdir: Function not", "unlink: Function not",
                        "rename: Function not", "symlink: Function not",
                        "truncate: Function not", "chmod: Function not" } },
        { "host", "",
                { "mem: Permission", "environ: Permission", "maps: Permission",
                        "cmdline: Permission", "fd: Permission" } },
        { "fds", "", { "few: Too many open files" } },
        { "socket", "",
                { "inet: Permission", "inet6: Permission", "unix: Permission",
                        "netlink: Permission", "packet: Permission", "vsock: Permission",
                        "pair: Permission" } },
        { "connect", "",
                { "connect: Permission", "bind: Permission", "listen: Permission",
                        "accept: Permission", "accept4: Permission" } },
        { "memory-file", "", { "memory file: Function not" } },
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        lab.lines.len = 0;
        struct worker_process *process = attack_start(&lab, all[i].deed, all[i].object);
        assert_int_equal(shutdown(worker_process_socket(process), SHUT_WR), 0);
        struct worker_fate fate = attack_end(&lab, process, 20000);
        assert_str(fate.text, "has ended in order");
        for (size_t k = 0; k < 8 && all[i].said[k]; k++) {
            if (str_find_str(lab_lines(&lab), str_from(all[i].said[k])) < 0) {
                fail_msg("%s: no `%s` in\n%.*s", all[i].deed, all[i].said[k],
                        STR_ARG(lab_lines(&lab)));
            }
        }
        assert_true(str_find_str(lab_lines(&lab), STR("done")) < 0);
    }
    assert_int_equal(file_kind_of(trace), FILE_MISSING);
    lab_close(&lab);
}

static void surroundings(void **state)
{
    (void)state;
    struct lab lab;
    lab_open(&lab);
    /* Without close-on-exec, as foreign libraries leave descriptors. */
    int leak = dup(STDERR_FILENO);
    assert_int_equal(setenv("AWS_SECRET_ACCESS_KEY", "planted", 1), 0);
    struct worker_process *process = attack_start(&lab, "environment", "");
    assert_int_equal(shutdown(worker_process_socket(process), SHUT_WR), 0);
    assert_str(attack_end(&lab, process, 20000).text, "has ended in order");
    assert_contains(lab_lines(&lab), "environment: empty: done");
    assert_contains(lab_lines(&lab), "fd 3: done");
    assert_contains(lab_lines(&lab), "fd 4: done");
    /* 5: the memory counter of the worker itself, 6: the loader's reading of the plugin. */
    assert_true(str_find_str(lab_lines(&lab), STR("fd 7")) < 0);
    assert_true(str_find_str(lab_lines(&lab), STR("planted")) < 0);
    close(leak);
    lab_close(&lab);
}

/* True when the bytes stand anywhere in the memory of a process. */
static bool memory_has(pid_t pid, const char *needle)
{
    static char piece[1 << 20];
    char path[64];
    char line[512];
    bool is_found = false;
    (void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    (void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
    AUTO_FD memory = open(path, O_RDONLY | O_CLOEXEC);
    assert_non_null(maps);
    assert_true(memory >= 0);
    while (!is_found && fgets(line, sizeof(line), maps)) {
        char *rest = NULL;
        unsigned long from = strtoul(line, &rest, 16);
        unsigned long to = strtoul(rest + 1, NULL, 16);
        /* Pieces overlap, so that nothing is cut in two. */
        for (unsigned long at = from; !is_found && at < to; at += sizeof(piece) / 2) {
            size_t size = to - at < sizeof(piece) ? to - at : sizeof(piece);
            ssize_t got = pread(memory, piece, size, (off_t)at);
            is_found = got > 0 && memmem(piece, (size_t)got, needle, strlen(needle)) != NULL;
        }
    }
    assert_int_equal(fclose(maps), 0);
    return is_found;
}

static void no_secret_in_memory(void **state)
{
    static const char secret[] = "wJalrXUtnFEMIK7MDENGbPxRfiCYPLANTED";
    (void)state;
    SKIP_IF_SANITIZED(); /* terabytes of shadow */
    if (geteuid() != 0) {
        skip(); /* nobody else may look into a worker */
    }
    struct lab lab;
    pid_t worker = 0;
    lab_open(&lab);
    assert_int_equal(setenv("AWS_SECRET_ACCESS_KEY", secret, 1), 0);
    struct worker_process *process = attack_start(&lab, "sleep", "visible to the worker");
    memcpy(&worker, process, sizeof(worker));
    for (int tries = 0; tries < 200 && !memory_has(worker, "visible to the worker"); tries++) {
        assert_int_equal(
                worker_process_wait(process, POLLIN, in_ms(50), NULL), WORKER_DEADLINE);
    }
    assert_true(memory_has(getpid(), secret));
    assert_true(memory_has(worker, "visible to the worker"));
    assert_false(memory_has(worker, secret));
    worker_process_kill(process);
    lab_close(&lab);
}

static void threads(void **state)
{
    (void)state;
    struct lab lab;
    lab_open(&lab);
    struct worker_process *process = attack_start(&lab, "thread", "");
    assert_int_equal(shutdown(worker_process_socket(process), SHUT_WR), 0);
    assert_str(attack_end(&lab, process, 20000).text, "has ended in order");
    assert_contains(lab_lines(&lab), "thread: create: done");
    assert_contains(lab_lines(&lab), "thread: join: done");
    lab_close(&lab);
}

static void processor_time(void **state)
{
    (void)state;
    struct lab lab;
    lab_open(&lab);
    lab.how.cpu_seconds = 1;
    struct worker_process *process = attack_start(&lab, "spin", "");
    struct worker_fate fate = attack_end(&lab, process, 60000);
    assert_str(fate.text, "used up its processor time");
    lab_close(&lab);
}

static void deadlines(void **state)
{
    (void)state;
    struct lab lab;
    volatile int cancel = 0;
    lab_open(&lab);
    struct worker_process *process = attack_start(&lab, "sleep", "");
    assert_int_equal(
            worker_process_wait(process, POLLIN, in_ms(120), &cancel), WORKER_DEADLINE);
    cancel = 1;
    assert_int_equal(worker_process_wait(process, POLLIN, 0, &cancel), WORKER_CANCELLED);
    assert_int_equal(worker_process_fate(lab.run, process).kind, FATE_RUNNING);
    worker_process_kill(process);
    worker_process_kill(process);
    worker_process_kill(NULL);
    struct worker_fate fate = worker_process_fate(lab.run, process);
    assert_int_equal(fate.kind, FATE_KILLED);
    assert_false(fate.is_own_fault);
    assert_str(fate.text, "was stopped by the program");
    assert_int_equal(worker_process_wait(process, POLLIN, 0, NULL), WORKER_DEAD);
    lab_close(&lab);
}

static int processors_of(pid_t pid)
{
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(pid, sizeof(set), &set), 0);
    return CPU_COUNT(&set);
}

/* A callback is kept beside its caller, who waits for it, but not for long. */
static void processors(void **state)
{
    (void)state;
    struct lab lab;
    cpu_set_t one;
    lab_open(&lab);
    const int all = processors_of(0);
    if (all < 2) {
        print_message("there is one processor only\n");
        skip();
    }
    struct worker_process *process = attack_start(&lab, "sleep", "");
    assert_int_equal(processors_of(process->pid), all);
    for (int round = 0; round < 2; round++) {
        worker_process_begin(process);
        assert_int_equal(processors_of(process->pid), 1);
        assert_int_equal(worker_process_wait(process, POLLIN, in_ms(1), NULL), WORKER_DEADLINE);
    }
    assert_int_equal(worker_process_wait(process, POLLIN, in_ms(50), NULL), WORKER_DEADLINE);
    assert_int_equal(processors_of(process->pid), all);
    /* It goes where its caller has gone. */
    for (size_t i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &process->processors)) {
            CPU_ZERO(&one);
            CPU_SET(i, &one);
            assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
            worker_process_begin(process);
            assert_int_equal(sched_getaffinity(process->pid, sizeof(one), &one), 0);
            assert_true(CPU_COUNT(&one) == 1 && CPU_ISSET(i, &one));
        }
    }
    assert_int_equal(
            sched_setaffinity(0, sizeof(process->processors), &process->processors), 0);
    worker_process_kill(process);
    worker_process_begin(process);
    lab_close(&lab);
}

/* Output without end neither blocks the plugin nor fills the log. */
static void prints(void **state)
{
    (void)state;
    struct lab lab;
    lab_open(&lab);
    struct worker_process *process = attack_start(&lab, "print", "");
    assert_int_equal(shutdown(worker_process_socket(process), SHUT_WR), 0);
    assert_str(attack_end(&lab, process, 20000).text, "has ended in order");
    assert_true(lab_lines(&lab).len > (60 << 10));
    assert_true(lab_lines(&lab).len < (80 << 10));
    lab_close(&lab);
}

static void sandbox_alone(void **state)
{
    (void)state;
    struct lab lab;
    struct worker_process *process = NULL;
    struct sandbox_facts facts = sandbox_probe();
    lab_open(&lab);
    assert_int_equal(worker_process_start(lab.run, &lab.how, &process), 0);
    assert_int_equal(worker_process_wait(process, 0, in_ms(20000), NULL), WORKER_DEAD);
    assert_int_equal(worker_process_sandbox(process).landlock_abi, facts.landlock_abi);
    assert_int_equal(
            worker_process_sandbox(process).has_seccomp, facts.has_seccomp && !IS_SANITIZED);
    assert_str(worker_process_fate(lab.run, process).text, "has ended in order");
    worker_process_kill(process);
    lab_close(&lab);
}

static void start_failures(void **state)
{
    (void)state;
    struct lab lab;
    struct worker_process *process = NULL;
    lab_open(&lab);
    int image = memfd_create("text", MFD_CLOEXEC);
    assert_int_equal(fd_write_all(image, STR("not an object\n")), 0);
    lab.how.image_fd = image;
    assert_int_equal(worker_process_start(lab.run, &lab.how, &process), 0);
    struct worker_fate fate = attack_end(&lab, process, 20000);
    assert_true(fate.is_start_failure);
    assert_false(fate.is_own_fault);
    assert_contains(fate.text, "could not be loaded: ");
    close(image);

    struct str bytes = plugin_bytes(&lab.estate, "bad/imported-entry");
    image = memfd_create("entry", MFD_CLOEXEC);
    assert_int_equal(fd_write_all(image, bytes), 0);
    lab.how.image_fd = image;
    assert_int_equal(worker_process_start(lab.run, &lab.how, &process), 0);
    fate = attack_end(&lab, process, 20000);
    assert_true(fate.is_start_failure);
    assert_int_equal(fate.number, WORKER_EXIT_FAILED);
    close(image);

    lab.how.image_fd = -1;
    lab.how.program = STR("/nonexistent/tf-atmos-worker");
    assert_int_equal(worker_process_start(lab.run, &lab.how, &process), ERR_UNAVAILABLE);
    assert_contains(estate_finding(&lab.estate, "plugin/worker-missing")->message,
            "/nonexistent/tf-atmos-worker` cannot be started: No such file");
    lab_close(&lab);
}

/* Started by hand, or with descriptors that are something else. */
static void started_by_nobody(void **state)
{
    (void)state;
    struct lab lab;
    lab_open(&lab);
    const char *const argv[] = { arena_cstr(lab.run->arena, lab.how.program), NULL };
    int prints[2];
    assert_int_equal(pipe(prints), 0);
    struct proc_options options = {
        .argv = argv, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = prints[1]
    };
    struct proc_status status;
    pid_t pid = -1;
    char text[256];
    assert_int_equal(proc_start(&options, &pid), 0);
    assert_int_equal(proc_wait(pid, &status), 0);
    assert_int_equal(status.code, WORKER_EXIT_FAILED);
    ssize_t got = read(prints[0], text, sizeof(text));
    assert_true(got > 0);
    assert_contains(((struct str){ text, (size_t)got }), "not by hand");
    lab_close(&lab);
}

/* A host that is killed takes its workers along, whatever they do. */
static void no_orphans(void **state)
{
    static const char *const deeds[] = { "sleep", "spin" };
    (void)state;
    struct lab lab;
    lab_open(&lab);
    for (size_t i = 0; i < 2; i++) {
        int report[2];
        pid_t worker = 0;
        assert_int_equal(pipe(report), 0);
        pid_t host = fork();
        if (host == 0) {
            struct worker_process *process = attack_start(&lab, deeds[i], "");
            (void)worker_process_wait(process, POLLIN, in_ms(200), NULL);
            /* The first field of the object: its process. */
            memcpy(&worker, process, sizeof(worker));
            (void)!write(report[1], &worker, sizeof(worker));
            for (;;) {
                pause();
            }
        }
        assert_int_equal(read(report[0], &worker, sizeof(worker)), sizeof(worker));
        assert_int_equal(kill(worker, 0), 0);
        assert_int_equal(kill(host, SIGKILL), 0);
        assert_int_equal(waitpid(host, NULL, 0), host);
        char path[64];
        char line[256] = "";
        (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)worker);
        for (int tries = 0; tries < 1000; tries++) {
            FILE *stat = fopen(path, "re");
            bool is_gone = !stat || !fgets(line, sizeof(line), stat) || strstr(line, ") Z");
            if (stat) {
                (void)fclose(stat);
            }
            if (is_gone) {
                worker = 0;
                break;
            }
            (void)usleep(10000);
        }
        assert_int_equal(worker, 0);
        close(report[0]);
        close(report[1]);
    }
    lab_close(&lab);
}

/* From here on the kernel knows no such call, as kernels without the feature. */
static void forbid_call(int number, int error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        _exit(77);
    }
}

/* Runs a deed and gives what became of it and what it printed. */
static struct str outcome(struct lab *lab, const char *deed, const char *object)
{
    lab->lines.len = 0;
    struct worker_process *process = attack_start(lab, deed, object);
    (void)shutdown(worker_process_socket(process), SHUT_WR);
    struct worker_fate fate = attack_end(lab, process, 20000);
    return arena_printf(
            lab->run->arena, "%.*s\n%.*s", STR_ARG(fate.text), STR_ARG(lab_lines(lab)));
}

static bool has(struct str text, const char *part)
{
    return str_find_str(text, str_from(part)) >= 0;
}

/* 0, or which expectation failed: seccomp alone keeps network and programs, not files. */
static int without_landlock(struct lab *lab)
{
    struct str secret = scratch_file(lab->run->arena, lab->run->folder, "secret", "planted");
    const char *path = arena_cstr(lab->run->arena, secret);
    forbid_call(SYS_landlock_create_ruleset, ENOSYS);
    if (sandbox_probe().landlock_abi != 0 || !sandbox_probe().has_seccomp) {
        return 1;
    }
    if (!has(outcome(lab, "socket", ""), "socket: inet: Permission denied") ||
            !has(outcome(lab, "exec", ""), "forbidden system call (execve)") ||
            !has(outcome(lab, "write", path), "write: open: Permission denied") ||
            !has(outcome(lab, "read", path), "read: open: done")) {
        return 2;
    }
    lab->how.want_strict = true;
    return has(outcome(lab, "read", path), "no Landlock, which --strict requires") &&
                           !has(lab_lines(lab), "open")
                   ? 0
                   : 3;
}

/* Landlock alone keeps files. */
static int without_seccomp(struct lab *lab)
{
    struct str secret = scratch_file(lab->run->arena, lab->run->folder, "secret", "planted");
    const char *path = arena_cstr(lab->run->arena, secret);
    forbid_call(SYS_seccomp, ENOSYS);
    if (sandbox_probe().has_seccomp) {
        return 1;
    }
    if (!has(outcome(lab, "read", path), "read: open: Permission denied") ||
            !has(outcome(lab, "write", path), "write: open: Permission denied") ||
            !has(outcome(lab, "exec", ""), "exec: exec: ")) {
        return 2;
    }
    lab->how.want_strict = true;
    return has(outcome(lab, "read", path), "no seccomp, which --strict requires") ? 0 : 3;
}

/* The shared page is then a file without a name. */
static int without_memory_files(struct lab *lab)
{
    int image = attack_image(lab, "crash", "");
    struct worker_process *process = NULL;
    forbid_call(SYS_memfd_create, EACCES);
    lab->how.image_fd = image;
    if (worker_process_start(lab->run, &lab->how, &process) != 0) {
        return 1;
    }
    return has(attack_end(lab, process, 20000).text, "signal 11 (SIGSEGV)") ? 0 : 2;
}

/* Each in a child, since filters stay. */
static void poorer_kernels(void **state)
{
    static int (*const kernels[])(
            struct lab *) = { without_landlock, without_seccomp, without_memory_files };
    (void)state;
    SKIP_IF_SANITIZED();
    if (sandbox_probe().landlock_abi == 0 || !sandbox_probe().has_seccomp) {
        skip();
    }
    for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
        int status = 0;
        struct lab lab;
        lab_open(&lab);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            int code = kernels[i](&lab);
            if (code != 0) {
                print_error("kernel %zu: %.*s\n", i, STR_ARG(lab_lines(&lab)));
            }
            _exit(code);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        lab_close(&lab);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) != 77) {
            assert_int_equal(WEXITSTATUS(status), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endings),
        cmocka_unit_test(refusals),
        cmocka_unit_test(surroundings),
        cmocka_unit_test(no_secret_in_memory),
        cmocka_unit_test(threads),
        cmocka_unit_test(processor_time),
        cmocka_unit_test(deadlines),
        cmocka_unit_test(processors),
        cmocka_unit_test(prints),
        cmocka_unit_test(sandbox_alone),
        cmocka_unit_test(start_failures),
        cmocka_unit_test(started_by_nobody),
        cmocka_unit_test(no_orphans),
        cmocka_unit_test(poorer_kernels),
    };
    return RUN_TESTS(tests);
}
