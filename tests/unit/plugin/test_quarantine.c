/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that ended in the middle of their work: remembered, shown, and given another chance. */
#include <stdio.h>
#include <string.h>

#include "estate.h"
#include "plugin/host.h"
#include "plugin/plugin_ask.h"
#include "plugin/quarantine.h"

#define ID "com.example.probe"

struct ward {
    struct estate estate;
    struct run *run;
    struct str folder; /* of the records */
    struct str digest; /* of the plugin */
    char state[256];
};

static void ward_open(struct ward *ward)
{
    estate_open(&ward->estate);
    ward->run = ward->estate.run;
    (void)snprintf(ward->state, sizeof(ward->state), "XDG_STATE_HOME=%.*s/state",
            STR_ARG(ward->run->folder));
    repository_setenv(&ward->estate.repository, ward->state);
    ward->folder =
            path_join(ward->run->arena, ward->run->folder, STR("state/tf-atmos/quarantine"));
    estate_install(&ward->estate, "good/probe", "plugins.d/probe.so");
    estate_discover(&ward->estate);
    ward->digest = estate_enable(&ward->estate, ID)->digest;
}

static void ward_close(struct ward *ward)
{
    estate_close(&ward->estate);
}

static struct str record_path(struct ward *ward)
{
    struct arena *arena = ward->run->arena;
    return path_join(
            arena, ward->folder, arena_printf(arena, "%.*s.json", STR_ARG(ward->digest)));
}

static void ward_add(struct ward *ward)
{
    const struct quarantine_record record = { .sha256 = ward->digest,
        .plugin = STR(ID),
        .version = STR("1.0.0"),
        .function = STR("generate"),
        .reason = STR("was ended by signal 11 (SIGSEGV)") };
    quarantine_add(ward->run, &record);
}

static void replace(struct ward *ward, const char *from, const char *to)
{
    struct run *run = ward->run;
    struct str text;
    assert_int_equal(file_read(run->arena, record_path(ward), 1 << 20, &text), 0);
    ptrdiff_t at = str_find_str(text, str_from(from));
    assert_true(at >= 0);
    struct str rest = str_from_index(text, (size_t)at + strlen(from));
    text = arena_printf(run->arena, "%.*s%s%.*s", (int)at, text.ptr, to, STR_ARG(rest));
    assert_int_equal(file_write_atomic(record_path(ward), text, 0600), 0);
}

static void remembered(void **state)
{
    (void)state;
    struct ward ward;
    struct stat stat_of;
    struct str text;
    ward_open(&ward);
    ward_add(&ward);
    estate_discover(&ward.estate);
    assert_row(&ward.estate, "probe.so", PLUGIN_QUARANTINED,
            "it was ended by signal 11 (SIGSEGV) in generate", "tf-atmos plugin reset " ID);
    assert_int_equal(stat(arena_cstr(ward.run->arena, record_path(&ward)), &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 07777, 0600);
    ward_add(&ward);
    assert_int_equal(file_read(ward.run->arena, record_path(&ward), 1 << 20, &text), 0);
    assert_contains(text, "\"count\": 2");
    assert_contains(text, "\"function\": \"generate\"");
    /* Nothing of it runs, and an instance that wants it hears why. */
    struct plugin *plugin = plugins_find(ward.estate.plugins, STR(ID));
    assert_int_equal(plugin_load(ward.run, ward.estate.plugins, plugin), ERR_DENIED);
    assert_str(estate_finding(&ward.estate, "plugin/not-usable")->hint,
            "tf-atmos plugin reset " ID);
    ward_close(&ward);
}

/* What ends in a run is not started in the next one, unless the user stopped it. */
static void after_an_end(void **state)
{
    static const int cancelled = 1;
    (void)state;
    struct ward ward;
    ward_open(&ward);
    struct plugin *plugin = plugins_find(ward.estate.plugins, STR(ID));
    const struct plugin_world world = { .cancel = &cancelled };
    plugins_set_world(ward.estate.plugins, &world);
    struct tfa_call *call = call_begin(
            ward.run, ward.estate.plugins, plugin, TFA_PHASE_GENERATE, "generate", NULL, 0);
    (void)plugin_say_ended(
            ward.run, plugin, NULL, "generate", STR("did not stop when it was told to"));
    assert_int_equal(file_kind_of(record_path(&ward)), FILE_MISSING);
    plugin->runtime->call->call.cancel = NULL;
    const struct diag *diag = plugin_say_ended(
            ward.run, plugin, NULL, "generate", STR("did not return within 10 s"));
    assert_contains(diag->hint, "tf-atmos plugin reset " ID);
    estate_discover(&ward.estate);
    assert_row(&ward.estate, "probe.so", PLUGIN_QUARANTINED,
            "it did not return within 10 s in generate", "plugin reset");
    call_end(call);
    ward_close(&ward);
}

static void other_bytes(void **state)
{
    (void)state;
    struct ward ward;
    ward_open(&ward);
    ward_add(&ward);
    struct str bytes = plugin_bytes(&ward.estate, "good/probe");
    struct buf longer = BUF_INIT(64 << 20);
    buf_add(&longer, bytes);
    buf_add_byte(&longer, ' ');
    estate_write(&ward.estate, "plugins.d/probe.so", buf_str(&longer));
    buf_clear(&longer);
    estate_discover(&ward.estate);
    bool is_changed = false;
    struct plugin *plugin = plugins_find(ward.estate.plugins, STR(ID));
    assert_int_equal(plugin_enable(ward.run, ward.estate.plugins, plugin, &is_changed), 0);
    assert_int_equal(plugin->state, PLUGIN_READY);
    ward_close(&ward);
}

static void other_version_of_ours(void **state)
{
    (void)state;
    struct ward ward;
    ward_open(&ward);
    ward_add(&ward);
    replace(&ward, "\"tf_atmos\": \"", "\"tf_atmos\": \"0.0.1-");
    estate_discover(&ward.estate);
    assert_row(&ward.estate, "probe.so", PLUGIN_READY, "enabled", "");
    /* Written again, it counts again, and goes on counting. */
    ward_add(&ward);
    estate_discover(&ward.estate);
    assert_row(&ward.estate, "probe.so", PLUGIN_QUARANTINED, "signal 11", "plugin reset");
    ward_close(&ward);
}

static void reset(void **state)
{
    (void)state;
    struct ward ward;
    size_t count = 9;
    ward_open(&ward);
    ward_add(&ward);
    estate_discover(&ward.estate);
    struct plugins *plugins = ward.estate.plugins;
    assert_int_equal(plugins_reset(ward.run, plugins, STR(ID), &count), 0);
    assert_int_equal(count, 1);
    assert_row(&ward.estate, "probe.so", PLUGIN_READY, "enabled", "");
    assert_int_equal(file_kind_of(record_path(&ward)), FILE_MISSING);
    assert_int_equal(plugins_reset(ward.run, plugins, STR(ID), &count), 0);
    assert_int_equal(count, 0);
    ward_add(&ward);
    assert_int_equal(plugins_reset(ward.run, plugins, STR_EMPTY, &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(ward.run->diags.error_count, 0);
    assert_int_equal(
            plugins_reset(ward.run, plugins, STR("com.example.none"), &count), ERR_NOT_FOUND);
    assert_non_null(estate_finding(&ward.estate, "plugin/not-found"));
    /* A folder is nothing to unlink. */
    assert_int_equal(folder_create(record_path(&ward), 0755), 0);
    assert_int_equal(plugins_reset(ward.run, plugins, STR_EMPTY, &count), ERR_IO);
    assert_contains(estate_finding(&ward.estate, "plugin/reset-failed")->message,
            ".json` cannot be removed: ");
    ward_close(&ward);
}

/* Whatever lies in the folder: never an error, never more than one plugin out of service. */
static void damaged(void **state)
{
    static const char *const contents[] = { "", "{", "[]", "{}", "null" };
    static const char *const edits[][2] = { { "\"plugin\": \"" ID "\"", "\"plugin\": 7" },
        { ID, "../x" }, { "\"count\": 1", "\"count\": -1" }, { "\"count\"", "\"counts\"" } };
    (void)state;
    struct ward ward;
    size_t count = 0;
    ward_open(&ward);
    ward_add(&ward);
    for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
        assert_int_equal(file_write_atomic(record_path(&ward), str_from(contents[i]), 0600), 0);
        estate_discover(&ward.estate);
        assert_row(&ward.estate, "probe.so", PLUGIN_READY, "enabled", "");
    }
    for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
        assert_int_equal(file_write_atomic(record_path(&ward), STR(""), 0600), 0);
        ward_add(&ward);
        replace(&ward, edits[i][0], edits[i][1]);
        estate_discover(&ward.estate);
        assert_row(&ward.estate, "probe.so", PLUGIN_READY, "enabled", "");
    }
    ward_add(&ward);
    (void)scratch_file(ward.run->arena, ward.folder, "notes.txt", "mine");
    (void)scratch_file(ward.run->arena, ward.folder, "0123.json", "{}");
    estate_discover(&ward.estate);
    assert_row(&ward.estate, "probe.so", PLUGIN_QUARANTINED, "signal 11", "plugin reset");
    assert_int_equal(plugins_reset(ward.run, ward.estate.plugins, STR_EMPTY, &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(file_kind_of(path_join(ward.run->arena, ward.folder, STR("notes.txt"))),
            FILE_REGULAR);
    assert_int_equal(ward.run->diags.list.count, 0);
    ward_close(&ward);
}

/* Nowhere to write is no error: the run has its finding already. */
static void no_place(void **state)
{
    (void)state;
    struct ward ward;
    ward_open(&ward);
    ward.estate.repository.variables[0] = NULL;
    ward_add(&ward);
    estate_discover(&ward.estate);
    assert_row(&ward.estate, "probe.so", PLUGIN_READY, "enabled", "");
    assert_int_equal(ward.run->diags.list.count, 0);
    ward_close(&ward);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembered),
        cmocka_unit_test(after_an_end),
        cmocka_unit_test(other_bytes),
        cmocka_unit_test(other_version_of_ours),
        cmocka_unit_test(reset),
        cmocka_unit_test(damaged),
        cmocka_unit_test(no_place),
    };
    return RUN_TESTS(tests);
}
