/* SPDX-License-Identifier: Apache-2.0 */
/* Every file in a plugin folder gets its state, one reason and one thing to do; nothing of it runs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "estate.h"

static void no_plugin_files(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_write(&estate, "plugins.d/text.so", STR("not an object\n"));
    estate_write(&estate, "plugins.d/empty.so", STR(""));
    estate_write(&estate, "plugins.d/short.so",
            STR("\x7f"
                "ELF\x02\x01"));
    estate_write(&estate, "plugins.d/old.la", STR("dlname='evil.so'\n"));
    estate_write(&estate, "plugins.d/README", STR("read me\n"));
    assert_int_equal(folder_create(estate_path(&estate, "plugins.d/folder.so"), 0755), 0);
    assert_int_equal(mkfifo(estate_path(&estate, "plugins.d/pipe.so").ptr, 0600), 0);
    assert_int_equal(symlink("gone.so", estate_path(&estate, "plugins.d/dangling.so").ptr), 0);
    estate_install(&estate, "good/probe", "elsewhere/probe.so");
    assert_int_equal(
            symlink("../elsewhere/probe.so", estate_path(&estate, "plugins.d/link.so").ptr), 0);
    estate_discover(&estate);

    assert_row(&estate, "text.so", PLUGIN_REFUSED, "is not an ELF shared object",
            "move it out of the plugin folder");
    assert_row(&estate, "empty.so", PLUGIN_REFUSED, "is empty", "move it");
    assert_row(&estate, "short.so", PLUGIN_REFUSED, "is cut off", "copy the file again");
    assert_row(&estate, "old.la", PLUGIN_REFUSED, "is a libtool archive (.la)", "move it");
    assert_row(&estate, "README", PLUGIN_REFUSED, "is not an ELF shared object", "move it");
    assert_row(&estate, "folder.so", PLUGIN_REFUSED, "is a folder", "move it");
    assert_row(&estate, "pipe.so", PLUGIN_REFUSED, "is a named pipe", "move it");
    assert_row(&estate, "dangling.so", PLUGIN_REFUSED, "is a symbolic link (to `gone.so`)",
            "move it");
    assert_row(&estate, "link.so", PLUGIN_REFUSED,
            "is a symbolic link (to `../elsewhere/probe.so`)", "move it");
    /* In byte order, all of them, and nothing is called missing. */
    assert_int_equal(plugins_count(estate.plugins), 9);
    assert_str(plugins_at(estate.plugins, 0)->name, "README");
    for (size_t i = 0; i < plugins_count(estate.plugins); i++) {
        assert_true(plugins_at(estate.plugins, i)->reason.len > 0);
        assert_true(str_find_str(plugins_at(estate.plugins, i)->reason, STR("not found")) < 0);
        assert_null(plugins_at(estate.plugins, i)->identity);
    }
    assert_int_equal(estate.run->diags.list.count, 0);
    estate_close(&estate);
}

static void wrong_plugins(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        enum plugin_state state;
        const char *reason, *next;
    } cases[] = {
        { "no-note", PLUGIN_REFUSED, "without plugin metadata (no TFATMOS note)",
                "tfa_add_plugin()" },
        { "no-entry", PLUGIN_REFUSED, "does not define the entry function `tfa_plugin_main_v1`",
                "tfa_add_plugin()" },
        { "library-entry", PLUGIN_REFUSED, "one in a library it needs, such as `lib",
                "tfa_add_plugin()" },
        { "imported-entry", PLUGIN_REFUSED, "only imports `tfa_plugin_main_v1`",
                "tfa_add_plugin()" },
        { "newer-major", PLUGIN_INCOMPATIBLE,
                "is made for major 2 of the plugin interface, this program has 1",
                "install a newer tf-atmos" },
        { "newer-minor", PLUGIN_INCOMPATIBLE,
                "needs plugin interface 1.7, this program has 1.0",
                "install a newer tf-atmos" },
        { "needs-more", PLUGIN_INCOMPATIBLE,
                "needs the service `tfa.teleport/1`, which tf-atmos",
                "install a newer tf-atmos" },
        { "lazy", PLUGIN_REFUSED, "is not linked with -z now (DF_BIND_NOW)", "-Wl,-z,now" },
        { "run-path", PLUGIN_REFUSED,
                "has a library search path of its own (RUNPATH `/opt/lib`)", "patchelf" },
        { "executable-stack", PLUGIN_REFUSED, "asks for an executable stack",
                "-Wl,-z,noexecstack" },
        { "idle", PLUGIN_AVAILABLE, "untrusted", "tf-atmos plugin enable test.variant" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct estate estate;
        char from[64];
        char to[64];
        char name[64];
        estate_open(&estate);
        (void)snprintf(from, sizeof(from), "bad/%s", cases[i].name);
        (void)snprintf(to, sizeof(to), "plugins.d/%s.so", cases[i].name);
        (void)snprintf(name, sizeof(name), "%s.so", cases[i].name);
        estate_install(&estate, from, to);
        estate_discover(&estate);
        assert_row(&estate, name, cases[i].state, cases[i].reason, cases[i].next);
        estate_close(&estate);
    }
}

static void other_machines(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    struct str bytes = plugin_bytes(&estate, "good/probe");
    char *copy = arena_copy(estate.run->arena, bytes.ptr, bytes.len);
    struct str changed = { copy, bytes.len };
    copy[4] = 1;
    estate_write(&estate, "plugins.d/narrow.so", changed);
    copy[4] = 2;
    copy[18] = 22;
    copy[19] = 0;
    estate_write(&estate, "plugins.d/big-iron.so", changed);
    estate_write(&estate, "plugins.d/half.so", str_sub(bytes, 0, 5000));
    estate_discover(&estate);
    assert_row(&estate, "narrow.so", PLUGIN_INCOMPATIBLE, "is a 32-bit file",
            "built for this machine");
    assert_row(&estate, "big-iron.so", PLUGIN_INCOMPATIBLE,
            "is built for IBM Z, this machine is", "built for this machine");
    assert_row(&estate, "half.so", PLUGIN_REFUSED, "is cut off", "copy the file again");
    estate_close(&estate);
}

static void names(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so.bak");
    estate_install(&estate, "good/probe", "plugins.d/.probe.so");
    estate_install(&estate, "bad/idle", "plugins.d/idle.so");
    assert_int_equal(folder_create(estate_path(&estate, "plugins.d/idle"), 0755), 0);
    estate_write(&estate, "plugins.d/a\x1b[2J\n.so", STR("x"));
    estate_discover(&estate);
    assert_row(&estate, "probe.so.bak", PLUGIN_REFUSED, "does not end in .so", "rename");
    assert_row(&estate, ".probe.so", PLUGIN_REFUSED, "is hidden", "rename");
    /* The folder idle holds what belongs to idle.so. */
    assert_int_equal(plugins_count(estate.plugins), 4);
    struct str line = value_line(estate.run, plugins_list_value(estate.run, estate.plugins));
    assert_contains(line, "a?[2J?.so");
    estate_close(&estate);
}

static void writable_by_others(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so");
    const char *file = estate_path(&estate, "plugins.d/probe.so").ptr;
    const char *folder = estate_path(&estate, "plugins.d").ptr;
    const char *top = estate.repository.folder.ptr;
    char expected[512];

    assert_int_equal(chmod(file, 0664), 0);
    estate_discover(&estate);
    (void)snprintf(expected, sizeof(expected), "chmod go-w %s", file);
    assert_row(&estate, "probe.so", PLUGIN_REFUSED, "can be written by its group", expected);
    assert_int_equal(chmod(file, 0646), 0);
    estate_discover(&estate);
    assert_row(&estate, "probe.so", PLUGIN_REFUSED, "can be written by everyone", expected);
    assert_int_equal(chmod(file, 0644), 0);

    assert_int_equal(chmod(folder, 0775), 0);
    estate_discover(&estate);
    (void)snprintf(expected, sizeof(expected), "chmod go-w %s", folder);
    assert_row(&estate, "probe.so", PLUGIN_REFUSED, "can be written by its group", expected);
    /* A sticky folder still lets others add files to be found. */
    assert_int_equal(chmod(folder, 01777), 0);
    estate_discover(&estate);
    assert_row(&estate, "probe.so", PLUGIN_REFUSED, "can be written by everyone", expected);
    assert_int_equal(chmod(folder, 0755), 0);

    /* Above it, a sticky one is fine (every test here lies below /tmp), any other is not. */
    assert_int_equal(chmod(top, 0770), 0);
    estate_discover(&estate);
    (void)snprintf(expected, sizeof(expected), "chmod go-w %s", top);
    assert_row(&estate, "probe.so", PLUGIN_REFUSED, "can be written by its group", expected);
    assert_int_equal(chmod(top, 0700), 0);
    estate_discover(&estate);
    assert_row(&estate, "probe.so", PLUGIN_AVAILABLE, "untrusted", "plugin enable");
    estate_close(&estate);
}

static void wrong_owner(void **state)
{
    (void)state;
    struct estate estate;
    if (geteuid() != 0) {
        skip(); /* giving a file away needs root */
    }
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so");
    const char *file = estate_path(&estate, "plugins.d/probe.so").ptr;
    assert_int_equal(chown(file, 12345, (gid_t)-1), 0);
    estate_discover(&estate);
    assert_row(&estate, "probe.so", PLUGIN_REFUSED, "belongs to another user (id 12345)",
            "chown 0 ");
    assert_int_equal(chown(file, 0, (gid_t)-1), 0);
    assert_int_equal(chown(estate_path(&estate, "plugins.d").ptr, 12345, (gid_t)-1), 0);
    estate_discover(&estate);
    assert_row(&estate, "probe.so", PLUGIN_REFUSED, "belongs to another user (id 12345)",
            "chown 0 ");
    estate_close(&estate);
}

static void order_and_shadows(void **state)
{
    (void)state;
    struct estate estate;
    char variable[2][512];
    estate_open(&estate);
    estate_install(&estate, "good/probe", "bundled/probe.so");
    estate_install(&estate, "good/probe", "env/probe-env.so");
    estate_install(&estate, "good/probe", "plugins.d/probe-repo.so");
    estate_install(&estate, "good/probe", "data/tf-atmos/plugins/probe-user.so");
    (void)snprintf(variable[0], sizeof(variable[0]), "TF_ATMOS_PLUGIN_PATH=:env:%s",
            estate_path(&estate, "env").ptr);
    (void)snprintf(variable[1], sizeof(variable[1]), "XDG_DATA_HOME=%s",
            estate_path(&estate, "data").ptr);
    repository_setenv(&estate.repository, variable[0]);
    repository_setenv(&estate.repository, variable[1]);
    estate_discover(&estate);
    assert_int_equal(plugins_count(estate.plugins), 4); /* env is named twice and read once */

    static const struct {
        const char *name;
        enum plugin_origin origin;
    } order[] = { { "probe.so", PLUGIN_BUNDLED }, { "probe-env.so", PLUGIN_ENVIRONMENT },
        { "probe-repo.so", PLUGIN_REPOSITORY }, { "probe-user.so", PLUGIN_USER } };

    for (size_t i = 0; i < 4; i++) {
        assert_str(plugins_at(estate.plugins, i)->name, order[i].name);
        assert_int_equal(plugins_at(estate.plugins, i)->origin, order[i].origin);
    }
    assert_row(&estate, "probe.so", PLUGIN_READY, "comes with tf-atmos", "");
    for (size_t i = 1; i < 4; i++) {
        assert_row(&estate, order[i].name, PLUGIN_SHADOWED, "bundled/probe.so` has the same id",
                "remove one of the two files");
    }
    assert_str(plugins_find(estate.plugins, STR("com.example.probe"))->name, "probe.so");

    /* With more rights than the caller, nothing of the environment counts. */
    estate.options.is_privileged = true;
    estate_discover(&estate);
    assert_int_equal(plugins_count(estate.plugins), 2);
    assert_int_equal(plugins_at(estate.plugins, 1)->origin, PLUGIN_REPOSITORY);
    estate_close(&estate);
}

static void home_folder(void **state)
{
    (void)state;
    struct estate estate;
    char variable[512];
    estate_open(&estate);
    estate_install(&estate, "good/probe", ".local/share/tf-atmos/plugins/probe.so");
    (void)snprintf(variable, sizeof(variable), "HOME=%s", estate.repository.folder.ptr);
    repository_setenv(&estate.repository, variable);
    repository_setenv(&estate.repository, "XDG_DATA_HOME=relative/is/ignored");
    estate_discover(&estate);
    assert_int_equal(plugins_at(estate.plugins, 0)->origin, PLUGIN_USER);
    estate_close(&estate);
}

static void missing_folders(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    repository_setenv(&estate.repository, "TF_ATMOS_PLUGIN_PATH=no/such/folder");
    estate_discover(&estate); /* bundled and plugins.d are missing too, silently */
    assert_int_equal(plugins_count(estate.plugins), 0);
    assert_int_equal(estate.run->diags.list.count, 1);
    assert_contains(estate_finding(&estate, "plugin/folder-unreadable")->message,
            "no/such/folder` cannot be read: No such file or directory");
    estate_close(&estate);
}

static void two_plugins_one_kind(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "bad/idle", "bundled/first.so");
    estate_install(&estate, "bad/constructor", "bundled/second.so");
    estate_discover(&estate);
    assert_row(&estate, "first.so", PLUGIN_READY, "comes with", "");
    assert_row(&estate, "second.so", PLUGIN_SHADOWED,
            "its kind `test` is already handled by the plugin `test.variant`",
            "plugin disable test.constructor");
    estate_close(&estate);
}

/* A constructor leaves a trace when its file is mapped: listing must not, loading must. */
static void nothing_runs(void **state)
{
    (void)state;
    struct estate estate;
    const struct value *manifest = NULL;
    struct plugin_code code;
    estate_open(&estate);
    struct str trace = estate_path(&estate, "trace");
    assert_int_equal(setenv("TFA_TEST_TRACE", trace.ptr, 1), 0);
    estate_install(&estate, "bad/constructor", "bundled/constructor.so");
    estate_install(&estate, "bad/constructor", "plugins.d/constructor.so");
    estate_discover(&estate);
    struct plugin *plugin = estate_row(&estate, "constructor.so");
    assert_int_equal(plugin->state, PLUGIN_READY);
    assert_non_null(plugins_list_value(estate.run, estate.plugins));
    assert_non_null(plugin_info_value(estate.run, plugin));
    assert_int_equal(plugin_manifest_value(estate.run, plugin, &manifest), 0);
    assert_false(plugins_find_code(estate.run, estate.plugins, STR("TST0001"), &code));
    assert_int_equal(access(trace.ptr, F_OK), -1);
    assert_int_equal(plugin_load(estate.run, estate.plugins, plugin), 0);
    assert_int_equal(access(trace.ptr, F_OK), 0);
    estate_close(&estate);
}

static void garbage(void **state)
{
    (void)state;
    struct estate estate;
    uint32_t seed = 12345;
    estate_open(&estate);
    struct str good = plugin_bytes(&estate, "good/probe");
    for (int i = 0; i < 60; i++) {
        char name[64];
        size_t size = (size_t)(i * 977 % 9000);
        char *bytes = arena_copy(estate.run->arena, good.ptr, good.len);
        bool is_noise = i % 2 == 0;
        for (size_t k = 0; k < (is_noise ? size : 40); k++) {
            seed = seed * 1664525 + 1013904223;
            bytes[is_noise ? k : (seed >> 8) % 4096] = (char)(seed >> 24);
        }
        (void)snprintf(name, sizeof(name), "plugins.d/garbage-%02d.so", i);
        estate_write(&estate, name, (struct str){ bytes, is_noise ? size : good.len });
    }
    estate_discover(&estate);
    assert_int_equal(plugins_count(estate.plugins), 60);
    for (size_t i = 0; i < 60; i++) {
        const struct plugin *plugin = plugins_at(estate.plugins, i);
        assert_true(plugin->state != PLUGIN_READY && plugin->reason.len > 0);
    }
    estate_close(&estate);
}

/* Two hundred plugins are listed in a few milliseconds once their first pages are in memory. The bound
 * is generous: sanitizers and busy machines run this too. tests/bench has the real figure. */
static void many(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    for (int i = 0; i < 200; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "plugins.d/probe-%03d.so", i);
        estate_install(&estate, "good/probe", name);
    }
    estate_discover(&estate);
    int64_t start_us = monotonic_us();
    estate_discover(&estate);
    double ms = (double)(monotonic_us() - start_us) / 1e3;
    print_message("200 plugins in %.2f ms\n", ms);
    assert_int_equal(plugins_count(estate.plugins), 200);
    assert_true(ms < 500);
    estate_close(&estate);
}

static void find_and_suggest(void **state)
{
    (void)state;
    struct estate estate;
    struct plugin *plugin = NULL;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "bundled/probe.so");
    estate_discover(&estate);
    assert_int_equal(
            plugins_select(estate.run, estate.plugins, STR("com.example.probe"), &plugin), 0);
    assert_int_equal(
            plugins_select(estate.run, estate.plugins, STR("com.example.prbe"), &plugin),
            ERR_NOT_FOUND);
    const struct diag *diag = estate_finding(&estate, "plugin/not-found");
    assert_str(diag->message, "no plugin `com.example.prbe`");
    assert_contains(diag->hint, "com.example.probe");
    estate_close(&estate);
}

static void shown(void **state)
{
    (void)state;
    struct estate estate;
    const struct value *manifest = NULL;
    struct plugin_code code;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "bundled/probe.so");
    estate_discover(&estate);
    struct run *run = estate.run;
    struct plugin *plugin = estate_row(&estate, "probe.so");
    struct str list = value_line(run, plugins_list_value(run, estate.plugins));
    assert_contains(list, "\"id\":\"com.example.probe\"");
    assert_contains(list, "\"state\":\"ready\"");
    assert_contains(list, "\"origin\":\"bundled\"");
    assert_contains(list, "\"kinds\":[\"probe\"]");
    struct str info = value_line(run, plugin_info_value(run, plugin));
    assert_contains(info, "\"aws_actions\":[\"guardduty:GetDetector\",");
    assert_contains(info, "\"libraries\":[");
    assert_contains(info, "\"interface\":\"1.0\"");
    assert_contains(info, "\"code\":\"PRB0001\"");
    struct str digest = sha256_hex(run->arena, sha256_of(plugin_bytes(&estate, "good/probe")));
    assert_true(str_eq(plugin->digest, digest));
    assert_int_equal(plugin_manifest_value(run, plugin, &manifest), 0);
    assert_str(value_string(value_get_path(manifest, "identity.id")), "com.example.probe");
    assert_str(value_string(value_get_path(manifest, "schema.type")), "object");
    assert_int_equal(value_count(value_get_path(manifest, "catalogue.codes")), 2);
    assert_true(plugins_find_code(run, estate.plugins, STR("PRB0002"), &code));
    assert_str(code.severity, "warning");
    assert_str(code.doc_url, "https://example.com/probe#PRB0002");
    assert_false(plugins_find_code(run, estate.plugins, STR("PRB0003"), &code));
    const struct plugin *only = plugin;
    struct str_list actions = permissions_of(run, &only, 1);
    assert_true(str_list_has(&actions, STR("sts:GetCallerIdentity")));
    assert_int_equal(
            plugin_manifest_of_file(run, estate_path(&estate, "bundled/probe.so"), &manifest),
            0);
    assert_int_equal(plugin_manifest_of_file(run, estate_path(&estate, "bundled"), &manifest),
            ERR_INVALID);
    assert_contains(estate_finding(&estate, "plugin/file-invalid")->message, "is a folder");
    estate_close(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_plugin_files),
        cmocka_unit_test(wrong_plugins),
        cmocka_unit_test(other_machines),
        cmocka_unit_test(names),
        cmocka_unit_test(writable_by_others),
        cmocka_unit_test(wrong_owner),
        cmocka_unit_test(order_and_shadows),
        cmocka_unit_test(home_folder),
        cmocka_unit_test(missing_folders),
        cmocka_unit_test(two_plugins_one_kind),
        cmocka_unit_test(nothing_runs),
        cmocka_unit_test(garbage),
        cmocka_unit_test(many),
        cmocka_unit_test(find_and_suggest),
        cmocka_unit_test(shown),
    };
    return RUN_TESTS(tests);
}
