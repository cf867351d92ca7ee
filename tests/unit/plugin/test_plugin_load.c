/* SPDX-License-Identifier: Apache-2.0 */
/* Enabling, pins, and what stands between a file on disk and its code running. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "estate.h"
#include "plugin/plugin_set.h"

/* The lines of /proc/self/maps that have a text. */
static size_t mappings_with(const char *text)
{
    char line[1024];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps)) {
        count += strstr(line, text) != NULL;
    }
    assert_int_equal(fclose(maps), 0);
    return count;
}

static struct plugin *row_of(struct estate *estate, const char *id)
{
    struct plugin *plugin = plugins_find(estate->plugins, str_from(id));
    assert_non_null(plugin);
    return plugin;
}

static void bundled(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "bundled/probe.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "com.example.probe");
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), 0);
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), 0);
    assert_true(mappings_with(plugin->path.ptr) > 0);
    assert_int_equal(estate.run->diags.list.count, 0);
    (void)plugins_shutdown(estate.plugins);
    (void)plugins_shutdown(estate.plugins);
    /* Shut down, but its code stays where it is. */
    assert_true(mappings_with(plugin->path.ptr) > 0);
    estate_close(&estate);
}

static void third_party(void **state)
{
    (void)state;
    struct estate estate;
    bool is_changed = false;
    struct str lock;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "com.example.probe");
    assert_int_equal(plugin->state, PLUGIN_AVAILABLE);
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_DENIED);
    const struct diag *diag = estate_finding(&estate, "plugin/not-usable");
    assert_contains(diag->message, "is available: untrusted");
    assert_str(diag->hint, "tf-atmos plugin enable com.example.probe");
    assert_int_equal(diag->exit_code, EXIT_UNAVAILABLE);

    /* A fresh look, as the next command would have. */
    estate_discover(&estate);
    plugin = estate_enable(&estate, "com.example.probe");
    assert_true(plugin->is_pinned);
    assert_contains(plugin->reason, "runs in a worker process");
    assert_int_equal(
            file_read(estate.run->arena, plugins_lock_path(estate.plugins), 1 << 20, &lock), 0);
    struct str digest =
            sha256_hex(estate.run->arena, sha256_of(plugin_bytes(&estate, "good/probe")));
    assert_true(str_find_str(lock, digest) > 0);
    assert_contains(lock, "\"version\": \"1.2.3\"");
    assert_int_equal(plugin_enable(estate.run, estate.plugins, plugin, &is_changed), 0);
    assert_false(is_changed);

    /* What runs is the copy that was hashed, in another process. */
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), 0);
    assert_non_null(plugin->runtime->proxy);
    assert_int_equal(mappings_with("memfd:tf-atmos-plugin"), 0);
    assert_int_equal(mappings_with(plugin->path.ptr), 0);

    assert_int_equal(plugin_disable(estate.run, estate.plugins, plugin, &is_changed), 0);
    assert_true(is_changed);
    assert_int_equal(plugin->state, PLUGIN_AVAILABLE);
    assert_int_equal(plugin_disable(estate.run, estate.plugins, plugin, &is_changed), 0);
    assert_false(is_changed);
    assert_int_equal(
            file_read(estate.run->arena, plugins_lock_path(estate.plugins), 1 << 20, &lock), 0);
    assert_true(str_find_str(lock, STR("com.example.probe")) < 0);
    estate_close(&estate);
}

/* From here on the kernel has no memory files, as with vm.memfd_noexec=2. */
static void forbid_memory_files(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        _exit(77);
    }
}

/* In a child, since filters stay: 0 when everything went as it should. */
static int load_without_memory_files(struct estate *estate)
{
    estate_install(estate, "good/probe", "plugins.d/probe.so");
    estate_discover(estate);
    struct plugin *plugin = estate_enable(estate, "com.example.probe");
    forbid_memory_files();
    /* The file itself is not mapped: bytes could be written into it. */
    if (plugin_load(estate->run, estate->plugins, plugin) != 0) {
        return 1;
    }
    estate->run->is_strict = true;
    estate_discover(estate);
    plugin = plugins_find(estate->plugins, STR("com.example.probe"));
    if (plugin_load(estate->run, estate->plugins, plugin) != ERR_DENIED ||
            str_find_str(estate_finding(estate, "plugin/load-refused")->message,
                    STR("no executable files in memory, which --strict requires")) < 0) {
        return 3;
    }
    return 0;
}

static void without_memory_files(void **state)
{
    (void)state;
    int status = 0;
    struct estate estate;
    estate_open(&estate);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(load_without_memory_files(&estate));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    estate_close(&estate);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        skip(); /* no filters here */
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void two_of_a_kind_loaded(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so");
    estate_install(&estate, "bad/idle", "plugins.d/idle.so");
    estate_discover(&estate);
    struct plugin *probe = estate_enable(&estate, "com.example.probe");
    struct plugin *idle = estate_enable(&estate, "test.variant");
    /* The second has the descriptor number of the first, and is not mistaken for it. */
    assert_int_equal(plugin_load(estate.run, estate.plugins, probe), 0);
    assert_int_equal(plugin_load(estate.run, estate.plugins, idle), 0);
    assert_int_equal(estate.run->diags.list.count, 0);
    estate_close(&estate);
}

static void changed_bytes(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "bad/idle", "plugins.d/idle.so");
    estate_discover(&estate);
    struct plugin *plugin = estate_enable(&estate, "test.variant");
    struct str good = arena_dup(estate.run->arena, plugin->digest);
    struct str bytes = plugin_bytes(&estate, "bad/idle");
    char *copy = arena_copy(estate.run->arena, bytes.ptr, bytes.len);
    copy[bytes.len - 1] ^= 1;
    struct str changed = { copy, bytes.len };
    struct str bad = sha256_hex(estate.run->arena, sha256_of(changed));

    /* Between listing and loading. */
    estate_write(&estate, "plugins.d/idle.so", changed);
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_DENIED);
    const struct diag *diag = estate_finding(&estate, "plugin/digest-differs");
    assert_true(str_find_str(diag->message, good) > 0 && str_find_str(diag->message, bad) > 0);
    assert_int_equal(diag->exit_code, EXIT_PERMISSION);

    /* And in the next listing. */
    estate_discover(&estate);
    assert_row(&estate, "idle.so", PLUGIN_REFUSED, "its bytes are not those that were enabled",
            "tf-atmos plugin enable test.variant, if the change is wanted");
    plugin = estate_row(&estate, "idle.so");
    assert_true(
            str_find_str(plugin->reason, good) > 0 && str_find_str(plugin->reason, bad) > 0);
    (void)estate_enable(&estate, "test.variant");
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), 0);
    estate_close(&estate);
}

static void replaced_between(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "bad/idle", "bundled/idle.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "test.variant");
    assert_int_equal(chmod(plugin->path.ptr, 0666), 0);
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_DENIED);
    const struct diag *diag = estate_finding(&estate, "plugin/load-refused");
    assert_contains(diag->message, "was not loaded: can be written by everyone");
    assert_contains(diag->hint, "chmod go-w ");
    /* The failure is remembered and said once. */
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_DENIED);
    assert_int_equal(estate.run->diags.list.count, 1);
    estate_close(&estate);
}

static void pinned_version(void **state)
{
    (void)state;
    struct estate estate;
    struct str lock;
    estate_open(&estate);
    estate_install(&estate, "bad/idle", "plugins.d/idle.so");
    estate_discover(&estate);
    (void)estate_enable(&estate, "test.variant");
    assert_int_equal(
            file_read(estate.run->arena, plugins_lock_path(estate.plugins), 1 << 20, &lock), 0);
    ptrdiff_t at = str_find_str(lock, STR("1.0.0"));
    char *copy = arena_copy(estate.run->arena, lock.ptr, lock.len);
    copy[at] = '9';
    estate_write(&estate, "tf-atmos.lock.json", (struct str){ copy, lock.len });
    estate_discover(&estate);
    assert_row(&estate, "idle.so", PLUGIN_REFUSED,
            "is version 1.0.0, tf-atmos.lock.json has 9.0.0", "plugin enable test.variant");
    estate_close(&estate);
}

static void unlike_their_notes(void **state)
{
    (void)state;

    static const struct {
        const char *name, *id, *message;
    } cases[] = {
        { "unlike-id", "test.unlike-id",
                "calls itself `test.other`, its metadata says `test.unlike-id`" },
        { "unlike-version", "test.unlike-version",
                "says version 1.0.1, its metadata says 1.0.0" },
    };

    for (size_t i = 0; i < 2; i++) {
        struct estate estate;
        char from[64];
        estate_open(&estate);
        (void)snprintf(from, sizeof(from), "bad/%s", cases[i].name);
        estate_install(&estate, from, "bundled/plugin.so");
        estate_discover(&estate);
        struct plugin *plugin = row_of(&estate, cases[i].id);
        assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_INVALID);
        const struct diag *diag = estate_finding(&estate, "plugin/unlike-note");
        assert_true(str_find_str(diag->message, str_from(cases[i].message)) > 0);
        estate_close(&estate);
    }
}

static void missing_library(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "bad/needs-library", "bundled/plugin.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "test.needs-library");
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_UNAVAILABLE);
    const struct diag *diag = estate_finding(&estate, "plugin/load-failed");
    assert_contains(diag->message, "libtest_entry_library.so: cannot open shared object file");
    assert_true(str_find_str(diag->message, STR("file not found")) < 0);
    estate_close(&estate);
}

static void does_not_start(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "bad/does-not-start", "bundled/plugin.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "test.variant");
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_UNAVAILABLE);
    assert_contains(estate_finding(&estate, "plugin/start-failed")->message,
            "did not start: init returned -16");
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), ERR_UNAVAILABLE);
    assert_int_equal(estate.run->diags.list.count, 1);
    estate_close(&estate);
}

static void disabled(void **state)
{
    (void)state;
    struct estate estate;
    bool is_changed = false;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "bundled/probe.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "com.example.probe");
    assert_int_equal(plugin_disable(estate.run, estate.plugins, plugin, &is_changed), 0);
    assert_true(is_changed);
    assert_row(&estate, "probe.so", PLUGIN_DISABLED, "disabled in tf-atmos.lock.json",
            "tf-atmos plugin enable com.example.probe");
    estate_discover(&estate);
    assert_int_equal(row_of(&estate, "com.example.probe")->state, PLUGIN_DISABLED);
    plugin = estate_enable(&estate, "com.example.probe");
    assert_false(plugin->is_pinned); /* bundled ones need no pin */

    /* By a pattern in the lock file, or in atmos.yaml: no command undoes that. */
    estate_write(
            &estate, "tf-atmos.lock.json", STR("{\"version\":1,\"disabled\":[\"com.*\"]}"));
    estate_discover(&estate);
    plugin = row_of(&estate, "com.example.probe");
    assert_int_equal(plugin->state, PLUGIN_DISABLED);
    assert_int_equal(
            plugin_enable(estate.run, estate.plugins, plugin, &is_changed), ERR_DENIED);
    assert_contains(estate_finding(&estate, "plugin/not-usable")->message,
            "is disabled by a pattern in the \"disabled\" list");
    estate_close(&estate);
}

static void refused_stay_off(void **state)
{
    (void)state;
    struct estate estate;
    bool is_changed = false;
    estate_open(&estate);
    estate_install(&estate, "bad/lazy", "plugins.d/lazy.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "test.variant");
    assert_int_equal(
            plugin_enable(estate.run, estate.plugins, plugin, &is_changed), ERR_DENIED);
    const struct diag *diag = estate_finding(&estate, "plugin/not-usable");
    assert_contains(diag->message, "is not linked with -z now");
    assert_contains(diag->hint, "-Wl,-z,now");
    assert_int_equal(access(plugins_lock_path(estate.plugins).ptr, F_OK), -1);
    estate_close(&estate);
}

static void read_only_repository(void **state)
{
    (void)state;
    struct estate estate;
    bool is_changed = false;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so");
    /* A folder in the way of the lock file fails for root too. */
    assert_int_equal(folder_create(estate_path(&estate, "gone"), 0755), 0);
    estate.options.repository = estate_path(&estate, "gone");
    estate_install(&estate, "good/probe", "gone/plugins.d/probe.so");
    estate_discover(&estate);
    struct plugin *plugin = row_of(&estate, "com.example.probe");
    assert_int_equal(
            rename(estate_path(&estate, "gone").ptr, estate_path(&estate, "away").ptr), 0);
    plugin->digest = STR("0000000000000000000000000000000000000000000000000000000000000000");
    assert_int_equal(plugin_enable(estate.run, estate.plugins, plugin, &is_changed), ERR_IO);
    assert_contains(estate_finding(&estate, "plugin/lock-unwritable")->message,
            "cannot be written: No such file or directory");
    assert_int_equal(plugin->state, PLUGIN_AVAILABLE);
    assert_false(is_changed);
    estate_close(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bundled),
        cmocka_unit_test(third_party),
        cmocka_unit_test(without_memory_files),
        cmocka_unit_test(two_of_a_kind_loaded),
        cmocka_unit_test(changed_bytes),
        cmocka_unit_test(replaced_between),
        cmocka_unit_test(pinned_version),
        cmocka_unit_test(unlike_their_notes),
        cmocka_unit_test(missing_library),
        cmocka_unit_test(does_not_start),
        cmocka_unit_test(disabled),
        cmocka_unit_test(refused_stay_off),
        cmocka_unit_test(read_only_repository),
    };
    return RUN_TESTS(tests);
}
