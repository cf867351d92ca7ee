/* SPDX-License-Identifier: Apache-2.0 */
/* Validation and generation through the interface: what arrives, what is refused, what is told. */
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "estate.h"

/* An estate with the probe bundled. */
static void open_probe(struct estate *estate)
{
    estate_open(estate);
    estate_install(estate, "good/probe", "bundled/probe.so");
    estate_discover(estate);
}

static int validate(struct estate *estate, const char *yaml)
{
    return plugin_validate(
            estate->run, estate->plugins, estate_bind(estate, estate_instance(estate, yaml)));
}

static int generate(struct estate *estate, const char *yaml, struct str *ret_json)
{
    const struct value *vars = NULL;
    int code = plugin_generate(estate->run, estate->plugins,
            estate_bind(estate, estate_instance(estate, yaml)), &vars);
    if (code == 0) {
        *ret_json = value_line(estate->run, vars);
    }
    return code;
}

#define SETTINGS(lines) "settings:\n  probe:\n" lines

static void silence(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    open_probe(&estate);
    assert_int_equal(validate(&estate, SETTINGS("    act: nothing\n")), 0);
    assert_int_equal(generate(&estate, SETTINGS("    act: nothing\n"), &json), 0);
    assert_str(json, "{}");
    assert_int_equal(estate.run->diags.list.count, 0);
    estate_close(&estate);
}

static void findings(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    assert_int_equal(validate(&estate, "stack: acme-dev\ncomponent: guard\n" SETTINGS(
                                               "    act: report\n"
                                               "    map: {a: 1}\n"
                                               "    text: hello\n")),
            ERR_INVALID);
    assert_int_equal(estate.run->diags.list.count, 3);
    assert_contains(estate_finding(&estate, "plugin/misuse")->message,
            "a documentation address is not https");
    const struct diag *odd = estate_finding(&estate, "PRB0002");
    assert_int_equal(odd->severity, DIAG_WARNING); /* that of the catalogue */
    assert_str(odd->plugin, "com.example.probe");
    assert_str(odd->stack, "acme-dev");
    assert_str(odd->component, "guard");
    assert_str(odd->pointer, "/settings/probe/map/missing/deeper");
    assert_str(sources_path(estate.run->sources, odd->mark.file), "stacks/dev.yaml");
    assert_int_equal(odd->mark.line, 6); /* the last step that exists */
    assert_str(odd->message, "the map lacks a key ?[31mred?[0m");
    assert_str(odd->detail, "first line second line");
    assert_str(odd->hint, "look at the settings"); /* the catalogue's */
    assert_str(odd->doc_url, "https://example.com/probe#PRB0002"); /* http is not passed on */
    assert_str(odd->resource, "arn:aws:test");
    assert_int_equal(odd->related_count, 1);
    assert_str(odd->related[0].message, "asked for here");
    assert_int_equal(odd->related[0].mark.line, 5);
    const struct diag *wrong = estate_finding(&estate, "PRB0001");
    assert_int_equal(wrong->severity, DIAG_ERROR);
    assert_int_equal(wrong->exit_code, EXIT_FINDINGS);
    assert_int_equal(wrong->mark.line, 7);
    assert_int_equal(wrong->mark.column, 5); /* the key, not the value */
    assert_str(wrong->pointer, "/settings/probe/text");
    estate_close(&estate);
}

/* What the schema refuses the plugin never sees. */
static void schema_first(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    assert_int_equal(validate(&estate, "stack: acme\n" SETTINGS("    act: report\n"
                                                                "    colour: red\n"
                                                                "    number: many\n")),
            ERR_INVALID);
    assert_int_equal(estate.run->diags.list.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct diag *diag = &estate.run->diags.list.items[i];
        assert_string_equal(diag->id, "plugin/intent-schema");
        assert_int_equal(diag->severity, DIAG_ERROR);
        assert_int_equal(diag->exit_code, EXIT_FINDINGS);
        assert_str(diag->plugin, "com.example.probe");
        assert_str(diag->stack, "acme");
        assert_str(diag->component, "probe");
        bool is_key = diag->mark.line == 5;
        assert_int_equal(diag->mark.line, is_key ? 5 : 6);
        assert_int_equal(diag->mark.column, is_key ? 5 : 13);
        assert_true(str_find_str(diag->message, is_key ? STR("settings.probe.colour")
                                                       : STR("settings.probe.number")) >= 0);
        assert_true(str_eq_cstr(
                diag->pointer, is_key ? "/settings/probe/colour" : "/settings/probe/number"));
    }
    estate_close(&estate);
}

static void damaged_notes(void **state)
{
    (void)state;

    static const struct {
        const char *name, *id, *finding, *message;
    } cases[] = {
        { "bad/no-json", "test.no-json", "plugin/schema-broken", "is not JSON" },
        { "bad/odd-schema", "test.odd-schema", "plugin/schema-broken", "test.odd-schema" },
        { "bad/odd-codes", "test.odd-codes", "plugin/file-invalid",
                "holds a code that does not begin with its code_prefix" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct estate estate;
        estate_open(&estate);
        estate_install(&estate, cases[i].name, "bundled/plugin.so");
        estate_discover(&estate);
        const struct plugin_binding *binding = estate_bind(
                &estate, estate_instance(&estate, "module: vpc\nsettings: {test: {a: 1}}\n"));
        assert_true(plugin_validate(estate.run, estate.plugins, binding) < 0);
        assert_int_equal(estate.run->diags.error_count, 1);
        const struct diag *diag = estate_finding(&estate, cases[i].finding);
        if (str_find_str(diag->message, str_from(cases[i].message)) < 0) {
            fail_msg("%s: %.*s", cases[i].name, STR_ARG(diag->message));
        }
        estate_close(&estate);
    }
}

static void asked_once(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    const struct plugin_binding *binding =
            estate_bind(&estate, estate_instance(&estate, SETTINGS("    act: report\n")));
    assert_int_equal(plugin_validate(estate.run, estate.plugins, binding), ERR_INVALID);
    size_t count = estate.run->diags.list.count;
    assert_int_equal(plugin_validate(estate.run, estate.plugins, binding), ERR_INVALID);
    assert_int_equal(estate.run->diags.list.count, count);
    estate_close(&estate);
}

static void flood(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    assert_int_equal(validate(&estate, SETTINGS("    act: flood\n")), 0);
    assert_int_equal(estate.run->diags.list.count, 1001);
    assert_contains(estate_finding(&estate, "plugin/findings-capped")->message, "500 more");
    estate_close(&estate);
}

static void misuse(void **state)
{
    (void)state;

    static const struct {
        const char *act, *message;
    } cases[] = {
        { "undeclared", "the code `XXX0001`, which its manifest does not declare" },
        { "bad text", "text that is not UTF-8" },
        { "bad text", "diag.report was given no finding" },
        { "phase", "aws.send may not be used in the phase validate" },
        { "phase", "clock.wall_ns may not be used in the phase validate" },
        { "phase", "lookup.instance may not be used in the phase validate" },
        { "phase", "diag.result may be used in checks only" },
        { "thread", "value.kind was called on a thread that may not call it" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct estate estate;
        char yaml[128];
        open_probe(&estate);
        (void)snprintf(yaml, sizeof(yaml), SETTINGS("    act: %s\n"), cases[i].act);
        assert_int_equal(validate(&estate, yaml),
                strcmp(cases[i].act, "undeclared") == 0 ? ERR_INVALID : 0);
        bool is_said = false;
        for (size_t k = 0; k < estate.run->diags.list.count; k++) {
            const struct diag *diag = &estate.run->diags.list.items[k];
            is_said = is_said ||
                      (strcmp(diag->id, "plugin/misuse") == 0 &&
                              str_find_str(diag->message, str_from(cases[i].message)) > 0);
        }
        if (!is_said) {
            fail_msg("%s: not said: %s", cases[i].act, cases[i].message);
        }
        estate_close(&estate);
    }
}

/* The codes a plugin gets are those of the header. */
static void codes(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    assert_int_equal(validate(&estate, SETTINGS("    act: phase\n")), 0);
    assert_str(estate_finding(&estate, "PRB0002")->message, "-6 -6 -6 -6");
    estate_close(&estate);
    open_probe(&estate);
    assert_int_equal(validate(&estate, SETTINGS("    act: thread\n")), 0);
    assert_str(estate_finding(&estate, "PRB0002")->message, "the thread got -14");
    estate_close(&estate);
}

static void stale_handles(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    assert_int_equal(validate(&estate, SETTINGS("    act: keep\n")), 0);
    assert_int_equal(validate(&estate, SETTINGS("    act: stale\n")), 0);
    assert_str(estate_finding(&estate, "PRB0002")->message, "-5");
    assert_contains(estate_finding(&estate, "plugin/misuse")->message,
            "value.kind was given a handle that is not one of this callback");
    estate_close(&estate);
}

static void failures(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    assert_int_equal(
            validate(&estate, "stack: dev\n" SETTINGS("    act: fail\n")), ERR_UNAVAILABLE);
    assert_str(estate_finding(&estate, "plugin/callback-failed")->message,
            "plugin `com.example.probe` could not validate component `probe` in stack `dev`: "
            "an "
            "internal error");
    estate_close(&estate);
    open_probe(&estate);
    assert_int_equal(validate(&estate, SETTINGS("    act: positive\n")), ERR_UNAVAILABLE);
    assert_contains(
            estate_finding(&estate, "plugin/callback-failed")->message, "an undefined result");
    estate_close(&estate);
}

/* Marks the value of a key of settings.probe sensitive. */
static struct instance *hide(struct estate *estate, struct instance *instance, const char *key)
{
    struct run *run = estate->run;
    const struct key *probe = key_of(run->keys, STR("probe"));
    const struct key *name = key_of(run->keys, str_from(key));
    const struct value *intent = value_get(instance->settings, probe);
    const struct value *hidden =
            value_with_flags(run->arena, value_get(intent, name), VALUE_SENSITIVE);
    instance->settings = value_with(run->arena, instance->settings, probe,
            value_with(run->arena, intent, name, hidden));
    return instance;
}

static void secrets(void **state)
{
    (void)state;
    struct estate estate;
    open_probe(&estate);
    struct instance *instance = hide(&estate,
            estate_instance(&estate, SETTINGS("    act: secret\n    text: s3cret-word\n")),
            "text");
    assert_int_equal(
            plugin_validate(estate.run, estate.plugins, estate_bind(&estate, instance)),
            ERR_INVALID);
    assert_str(estate_finding(&estate, "PRB0001")->message,
            "it is <(sensitive)> with (sensitive)");
    estate_close(&estate);
}

static void made_values(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    const struct value *vars = NULL;
    open_probe(&estate);
    const char *yaml = SETTINGS("    act: all\n    text: hello\n    number: 7\n");
    assert_int_equal(generate(&estate, yaml, &json), 0);
    assert_str(json, "{\"hidden\":\"hush-hush\",\"json\":{\"a\":null,\"b\":[1,2.5]},"
                     "\"list\":[-5,0.1,1.1,true,null],\"place\":\"made\",\"text\":\"hello\","
                     "\"twice\":\"second\"}");
    assert_int_equal(plugin_generate(estate.run, estate.plugins,
                             estate_bind(&estate, estate_instance(&estate, yaml)), &vars),
            0);
    /* Values keep their places; made ones may have one given. */
    assert_int_equal(value_get_path(vars, "text")->mark.line, 4);
    assert_int_equal(value_get_path(vars, "place")->mark.line, 5);
    assert_str(value_text(value_at(value_get_path(vars, "list"), 2)), "1.10");
    assert_int_equal(value_get_path(vars, "hidden")->flags & VALUE_SENSITIVE, VALUE_SENSITIVE);
    assert_int_equal(estate.run->diags.list.count, 0);
    estate_close(&estate);
}

static void context(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    open_probe(&estate);
    assert_int_equal(generate(&estate,
                             "stack: acme-dev\ncomponent: p\nmodule: probes/one\n"
                             "vars: {region: us-gov-west-1, account_id: '012345678901'}\n"
                             "settings: {probe: {act: context}}\n",
                             &json),
            0);
    assert_contains(json, "\"aws\":{\"account_id\":\"012345678901\",\"partition\":"
                          "\"aws-us-gov\",\"region\":\"us-gov-west-1\"}");
    assert_contains(json, "\"component\":\"p\",\"kind\":\"probe\"");
    assert_contains(json, "\"module\":\"probes/one\"");
    assert_contains(json, "\"settings\":{\"probe\":{\"act\":\"context\"}}");
    assert_contains(json, "\"stack\":\"acme-dev\"");
    assert_true(str_find_str(json, STR("targets")) < 0);
    estate_close(&estate);
}

static void unusable_results(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    open_probe(&estate);
    assert_int_equal(generate(&estate, SETTINGS("    act: frozen\n"), &json), ERR_UNAVAILABLE);
    assert_contains(estate_finding(&estate, "plugin/result-invalid")->message,
            "cannot be used: build.set: the container is frozen");
    estate_close(&estate);
    open_probe(&estate);
    assert_int_equal(generate(&estate, SETTINGS("    act: list\n"), &json), ERR_UNAVAILABLE);
    assert_contains(estate_finding(&estate, "plugin/result-invalid")->message,
            "returned something that is not a map");
    estate_close(&estate);
    open_probe(&estate);
    assert_int_equal(generate(&estate, SETTINGS("    act: error\n"), &json), ERR_INVALID);
    assert_int_equal(estate.run->diags.error_count, 1);
    estate_close(&estate);
}

static void memory(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    open_probe(&estate);
    assert_int_equal(generate(&estate, SETTINGS("    act: memory\n"), &json), 0);
    assert_str(json, "{\"capped\":true,\"zeroed\":true}");
    estate_close(&estate);
}

/* A repository that is resolved when somebody asks. */
struct resolving {
    const struct stacks *stacks;
    size_t count;
};

static const struct stacks *resolve_now(void *context)
{
    struct resolving *resolving = context;
    resolving->count++;
    return resolving->stacks;
}

static void other_instances(void **state)
{
    (void)state;
    struct estate estate;
    struct str json;
    open_probe(&estate);
    struct str yaml = STR(SETTINGS("    act: look\n"));
    assert_int_equal(generate(&estate, yaml.ptr, &json), 0);
    assert_str(json, "{\"other_rc\":-15,\"rc\":-15}"); /* no repository was lent */

    struct instance *one = estate_instance(&estate, SETTINGS("    act: look\n"));
    struct instance *other =
            estate_instance(&estate, "component: other\nmodule: vpc\nvars: {name: neighbor}\n");
    const struct instance *all[] = { one, other };
    struct stack stack = { STR("dev"), all, 2 };
    struct stacks stacks = {
        .items = &stack, .count = 1, .instances = all, .instance_count = 2
    };
    struct resolving resolving = { .stacks = &stacks };
    struct plugin_world world = { .find_stacks = resolve_now, .context = &resolving };
    const struct value *vars = NULL;
    plugins_set_world(estate.plugins, &world);
    assert_int_equal(resolving.count, 0);
    assert_int_equal(
            plugin_generate(estate.run, estate.plugins, estate_bind(&estate, one), &vars), 0);
    assert_str(value_line(estate.run, vars),
            "{\"instances\":[{\"component\":\"probe\",\"module\":\"probe\",\"stack\":\"dev\"}],"
            "\"other\":\"neighbor\",\"other_rc\":0,\"rc\":0}");
    assert_int_equal(resolving.count, 1); /* for two questions */
    estate_close(&estate);
}

/* What a plugin asks for is what its callbacks have, unless the user has said something else. */
static void deadlines(void **state)
{
    (void)state;

    static const struct {
        const char *file;
        int64_t said_ms, wanted_ms;
    } cases[] = {
        { "bad/faulty", 0, 10000 },
        { "bad/faulty", 40000, 40000 },
        { "bad/patient", 0, 300000 },
        { "bad/patient", 40000, 40000 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct estate estate;
        const struct value *vars = NULL;
        int64_t left_ms = 0;
        estate_open(&estate);
        estate_install(&estate, cases[i].file, "bundled/faulty.so");
        estate_discover(&estate);
        plugins_set_world(
                estate.plugins, &(struct plugin_world){ .callback_ms = cases[i].said_ms });
        const struct plugin_binding *binding = estate_bind(
                &estate, estate_instance(&estate,
                                 "settings: {faulty: {fault: component.generate look}}\n"));
        assert_int_equal(plugin_generate(estate.run, estate.plugins, binding, &vars), 0);
        assert_true(value_int(value_get_str(vars, STR("ms_left")), &left_ms));
        assert_in_range(left_ms, cases[i].wanted_ms - 8000, cases[i].wanted_ms);
        estate_close(&estate);
    }
}

/* The same question gives the same bytes, whatever the process looks like. */
static void pure(void **state)
{
    (void)state;
    static const char *const locales[] = { "C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8" };
    static const char *const zones[] = { "UTC", "Asia/Kathmandu", "America/St_Johns" };
    static const char yaml[] = SETTINGS("    act: all\n    text: hello\n    number: 7\n");
    static const char asked[] = SETTINGS("    act: report\n    text: x\n    map: {}\n");
    struct str first = STR_EMPTY;
    struct arena *arena = arena_new();
    char home[4096];
    assert_non_null(getcwd(home, sizeof(home)));
    for (int i = 0; i < 100; i++) {
        struct estate estate;
        struct str json;
        char name[64];
        (void)snprintf(name, sizeof(name), "TFA_NOISE_%d", i * 7919 % 101);
        assert_int_equal(setenv(name, "noise", 1), 0);
        assert_int_equal(setenv("TZ", zones[i % 3], 1), 0);
        (void)setlocale(LC_ALL, locales[i % 4]);
        assert_int_equal(chdir(i % 2 == 0 ? "/" : "/tmp"), 0);
        open_probe(&estate);
        assert_int_equal(generate(&estate, yaml, &json), 0);
        assert_int_equal(validate(&estate, asked), ERR_INVALID);
        struct str both = arena_printf(arena, "%.*s\n%.*s", STR_ARG(json),
                STR_ARG(repository_findings(&estate.repository)));
        first = i == 0 ? both : first;
        assert_true(str_eq(both, first));
        estate_close(&estate);
        assert_int_equal(chdir(home), 0);
    }
    (void)setlocale(LC_ALL, "C");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence),
        cmocka_unit_test(findings),
        cmocka_unit_test(schema_first),
        cmocka_unit_test(damaged_notes),
        cmocka_unit_test(asked_once),
        cmocka_unit_test(flood),
        cmocka_unit_test(misuse),
        cmocka_unit_test(codes),
        cmocka_unit_test(stale_handles),
        cmocka_unit_test(failures),
        cmocka_unit_test(secrets),
        cmocka_unit_test(made_values),
        cmocka_unit_test(context),
        cmocka_unit_test(unusable_results),
        cmocka_unit_test(memory),
        cmocka_unit_test(other_instances),
        cmocka_unit_test(deadlines),
        cmocka_unit_test(pure),
    };
    return RUN_TESTS(tests);
}
