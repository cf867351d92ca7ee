/* SPDX-License-Identifier: Apache-2.0 */
/* Which plugin handles an instance, and generated variables below written ones. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "estate.h"

static void open_probe(struct estate *estate)
{
    estate_open(estate);
    estate_install(estate, "good/probe", "bundled/probe.so");
    estate_discover(estate);
}

static size_t count_bindings(struct estate *estate, const struct instance *instance, int want)
{
    const struct plugin_binding *bindings = NULL;
    size_t count = 0;
    assert_int_equal(
            plugins_bind(estate->run, estate->plugins, instance, &bindings, &count), want);
    return count;
}

static void by_settings(void **state)
{
    (void)state;

    static const struct {
        const char *yaml;
        size_t count;
    } cases[] = {
        { "module: vpc\n", 0 },
        { "module: vpc\nsettings: {other: {}}\n", 0 },
        { "module: vpc\nsettings: {probe: {act: x}}\n", 1 },
        { "module: vpc\nsettings: {probe: true}\n", 1 },
        { "module: vpc\nsettings: {probe: false}\n", 0 },
        { "module: vpc\nsettings: {probe: null}\n", 0 },
        { "module: probe\n", 1 },
        { "module: probes/net\n", 1 },
        { "module: probes/net/deep\n", 0 },
        { "module: probe\nsettings: {probe: false}\n", 0 },
        { "module: probe\nsettings: {probe: null}\n", 1 },
    };
    struct estate estate;
    open_probe(&estate);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t count = count_bindings(&estate, estate_instance(&estate, cases[i].yaml), 0);
        if (count != cases[i].count) {
            fail_msg("case %zu: %zu bindings", i, count);
        }
    }
    assert_int_equal(estate.run->diags.list.count, 0);
    const struct plugin_binding *binding = estate_bind(
            &estate, estate_instance(&estate, "module: vpc\nsettings: {probe: true}\n"));
    assert_true(value_is(binding->intent, VALUE_MAP) && value_is_empty(binding->intent));
    assert_int_equal(binding->mark.line, 2);
    assert_int_equal(binding->mark.column, 12);
    estate_close(&estate);
}

static void not_instances(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    struct instance *instance = estate_instance(&estate, "settings: {probe: {}}\n");
    instance->is_abstract = true;
    assert_int_equal(count_bindings(&estate, instance, 0), 0);
    instance = estate_instance(&estate, "settings: {probe: {}}\n");
    instance->is_enabled = false;
    assert_int_equal(count_bindings(&estate, instance, 0), 0);
    instance = estate_instance(&estate, "module: probe\n");
    instance->type = STR("helmfile");
    assert_int_equal(count_bindings(&estate, instance, 0), 0);
    estate_close(&estate);
}

static void wrong_types(void **state)
{
    (void)state;
    static const char *const values[] = { "7", "text", "[a]", "'true'" };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct estate estate;
        char yaml[128];
        open_probe(&estate);
        (void)snprintf(yaml, sizeof(yaml), "settings:\n  probe: %s\n", values[i]);
        struct instance *instance = estate_instance(&estate, yaml);
        assert_int_equal(count_bindings(&estate, instance, ERR_INVALID), 0);
        assert_int_equal(count_bindings(&estate, instance, ERR_INVALID), 0);
        assert_int_equal(estate.run->diags.list.count, 1); /* said once */
        const struct diag *diag = estate_finding(&estate, "plugin/intent-invalid");
        assert_str(diag->message,
                "settings.probe of component `probe` in stack `dev` is neither "
                "a map nor true or false");
        assert_int_equal(diag->mark.line, 2);
        assert_int_equal(diag->exit_code, EXIT_FINDINGS);
        assert_str(diag->pointer, "/settings/probe");
        estate_close(&estate);
    }
}

static void not_enabled(void **state)
{
    (void)state;
    struct estate estate;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so");
    estate_discover(&estate);
    struct instance *instance = estate_instance(&estate, "settings:\n  probe: {}\n");
    assert_int_equal(count_bindings(&estate, instance, 0), 0);
    const struct diag *diag = estate_finding(&estate, "plugin/not-enabled");
    assert_int_equal(diag->severity, DIAG_WARNING);
    assert_contains(diag->message, "is not looked at: plugin `com.example.probe` is available");
    assert_str(diag->hint, "tf-atmos plugin enable com.example.probe");
    assert_int_equal(diag->mark.line, 2);
    /* Without settings there is nothing to warn of; a component alone does not ask for it. */
    assert_int_equal(
            count_bindings(&estate, estate_instance(&estate, "module: probe\n"), 0), 0);
    assert_int_equal(
            count_bindings(&estate, estate_instance(&estate, "settings: {probe: false}\n"), 0),
            0);
    assert_int_equal(estate.run->diags.list.count, 1);
    estate_close(&estate);
}

/* Once the repository relies on a plugin, its absence is an error and not silence. */
static void needed(void **state)
{
    (void)state;
    struct estate estate;
    bool is_changed = false;
    estate_open(&estate);
    estate_install(&estate, "good/probe", "plugins.d/probe.so");
    estate_discover(&estate);
    (void)estate_enable(&estate, "com.example.probe");

    /* Its file is gone: the lock file still knows what it handled. */
    assert_int_equal(unlink(estate_path(&estate, "plugins.d/probe.so").ptr), 0);
    estate_discover(&estate);
    assert_row(&estate, "com.example.probe", PLUGIN_REFUSED,
            "is enabled in tf-atmos.lock.json, but no plugin folder has a file with this id",
            "tf-atmos plugin disable com.example.probe");
    struct instance *instance = estate_instance(&estate, "settings:\n  probe: {}\n");
    assert_int_equal(count_bindings(&estate, instance, ERR_UNAVAILABLE), 0);
    const struct diag *diag = estate_finding(&estate, "plugin/needed");
    assert_str(diag->message, "component `probe` in stack `dev` needs plugin "
                              "`com.example.probe`, which is refused");
    assert_int_equal(diag->mark.line, 2);
    assert_int_equal(diag->exit_code, EXIT_UNAVAILABLE);
    assert_int_equal(count_bindings(&estate, estate_instance(&estate, "module: vpc\n"), 0), 0);

    /* Another file with its id that handles something else takes nothing off that. */
    estate_install(&estate, "bad/impostor", "plugins.d/impostor.so");
    estate_discover(&estate);
    assert_row(&estate, "impostor.so", PLUGIN_REFUSED, "its bytes are not those", "");
    assert_int_equal(count_bindings(&estate, instance, ERR_UNAVAILABLE), 0);
    assert_int_equal(count_bindings(&estate, estate_instance(&estate, "module: probes/x\n"),
                             ERR_UNAVAILABLE),
            0);
    assert_int_equal(unlink(estate_path(&estate, "plugins.d/impostor.so").ptr), 0);
    estate_discover(&estate);

    struct plugin *plugin = plugins_find(estate.plugins, STR("com.example.probe"));
    assert_non_null(plugin_info_value(estate.run, plugin));
    assert_int_equal(
            plugin_enable(estate.run, estate.plugins, plugin, &is_changed), ERR_DENIED);
    assert_int_equal(plugin_disable(estate.run, estate.plugins, plugin, &is_changed), 0);
    assert_true(is_changed);
    estate_discover(&estate);
    assert_int_equal(plugins_count(estate.plugins), 0);

    /* A bundled one that is no longer safe: also when only its component asks for it. */
    estate_install(&estate, "good/probe", "bundled/probe.so");
    assert_int_equal(chmod(estate_path(&estate, "bundled/probe.so").ptr, 0666), 0);
    estate_discover(&estate);
    instance = estate_instance(&estate, "module: probe\n");
    assert_int_equal(count_bindings(&estate, instance, ERR_UNAVAILABLE), 0);
    assert_int_equal(estate.run->diags.error_count, 5);
    estate_close(&estate);
}

/* ---- variables ---- */

static int resolve(struct estate *estate, const char *yaml, struct str *ret_json)
{
    const struct value *vars = NULL;
    int code = plugins_resolve_vars(
            estate->run, estate->plugins, estate_instance(estate, yaml), &vars);
    if (code == 0) {
        *ret_json = value_line(estate->run, vars);
    }
    return code;
}

static void under_written_ones(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    open_probe(&estate);
    assert_int_equal(resolve(&estate,
                             "vars:\n"
                             "  same: 1\n"
                             "  own: yes\n"
                             "  tags: {team: core}\n"
                             "  limits: [3]\n"
                             "settings:\n"
                             "  probe:\n"
                             "    act: echo\n"
                             "    map: {same: 1, made: true, tags: {team: sec, env: dev}, "
                             "limits: [1, 2]}\n",
                             &json),
            0);
    assert_str(json, "{\"limits\":[3],\"made\":true,\"own\":\"yes\",\"same\":1,"
                     "\"tags\":{\"env\":\"dev\",\"team\":\"core\"}}");
    assert_int_equal(estate.run->diags.list.count, 2); /* an equal value overrides nothing */
    const struct diag *tags = &estate.run->diags.list.items[0];
    assert_string_equal(tags->id, "plugin/var-overrides");
    assert_int_equal(tags->severity, DIAG_INFO);
    assert_str(tags->message, "vars.tags.team is set to \"core\" and overrides \"sec\", which "
                              "settings.probe asks for");
    assert_str(tags->pointer, "/vars/tags/team");
    assert_int_equal(tags->mark.line, 4);
    assert_int_equal(tags->mark.column, 10);
    assert_str(estate.run->diags.list.items[1].message,
            "vars.limits is set to [3] and overrides [1,2], which settings.probe asks for");
    estate_close(&estate);
}

static void two_plugins(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    open_probe(&estate);
    estate_install(&estate, "bad/second", "bundled/second.so");
    estate_discover(&estate);
    assert_int_equal(resolve(&estate,
                             "vars: {own: 1}\n"
                             "settings:\n"
                             "  test: true\n"
                             "  probe: {act: echo, map: {size: 3, made: true}}\n",
                             &json),
            0);
    assert_str(json, "{\"made\":true,\"own\":1,\"second\":true,\"size\":3}");
    assert_int_equal(estate.run->diags.list.count, 1);
    const struct diag *diag = estate_finding(&estate, "plugin/vars-conflict");
    assert_int_equal(diag->severity, DIAG_WARNING);
    assert_str(diag->message, "plugins `com.example.probe` and `test.second` both generate "
                              "vars.size: 3 is used, 9 is not");
    assert_int_equal(diag->mark.line, 3);
    estate_close(&estate);
}

static void without_plugins(void **state)
{
    (void)state;
    struct estate estate;
    const struct value *vars = NULL;
    open_probe(&estate);
    struct instance *instance = estate_instance(&estate, "module: vpc\nvars: {a: 1}\n");
    assert_int_equal(plugins_resolve_vars(estate.run, estate.plugins, instance, &vars), 0);
    assert_ptr_equal(vars, instance->vars);
    estate_close(&estate);
}

static void told_once(void **state)
{
    (void)state;
    struct estate estate;
    const struct value *vars = NULL;
    open_probe(&estate);
    struct instance *instance = estate_instance(
            &estate, "vars: {a: 1}\nsettings: {probe: {act: echo, map: {a: 2}}}\n");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(plugins_resolve_vars(estate.run, estate.plugins, instance, &vars), 0);
        assert_str(value_line(estate.run, vars), "{\"a\":1}");
    }
    assert_int_equal(estate.run->diags.list.count, 1);
    estate_close(&estate);
}

static void errors_stop(void **state)
{
    (void)state;
    struct estate estate;
    struct str json = STR("untouched");
    open_probe(&estate);
    assert_int_equal(
            resolve(&estate, "settings:\n  probe:\n    act: report\n    text: x\n    map: {}\n",
                    &json),
            ERR_INVALID);
    assert_int_equal(resolve(&estate, "settings: {probe: 7}\n", &json), ERR_INVALID);
    assert_int_equal(
            resolve(&estate, "settings: {probe: {act: frozen}}\n", &json), ERR_UNAVAILABLE);
    assert_str(json, "untouched");
    estate_close(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_settings),
        cmocka_unit_test(not_instances),
        cmocka_unit_test(wrong_types),
        cmocka_unit_test(not_enabled),
        cmocka_unit_test(needed),
        cmocka_unit_test(under_written_ones),
        cmocka_unit_test(two_plugins),
        cmocka_unit_test(without_plugins),
        cmocka_unit_test(told_once),
        cmocka_unit_test(errors_stop),
    };
    return RUN_TESTS(tests);
}
