/* SPDX-License-Identifier: Apache-2.0 */
/* A worker that dies, hangs or lies: one finding that names plugin, function and cause, and no more. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ESTATE_IN_WORKERS
#include "estate.h"
#include "plugin/plugin_ask.h"

static void open_faulty(struct estate *estate, const char *file)
{
    estate_open(estate);
    estate_install(estate, file, "bundled/faulty.so");
    estate_discover(estate);
    /* What counts is that it is over soon after. */
    plugins_set_world(
            estate->plugins, &(struct plugin_world){ .callback_ms = 1000, .check_ms = 1000 });
}

static const struct plugin_binding *bind_fault(struct estate *estate, const char *fault)
{
    struct str yaml = arena_printf(estate->run->arena,
            "component: guard\nmodule: guard\nsettings: {faulty: {fault: \"%s\"}}\n", fault);
    return estate_bind(estate, estate_instance(estate, yaml.ptr));
}

/* Goes through all callbacks of an instance as commands do; codes do not matter. */
static void ask_all(struct estate *estate, const char *fault, struct plugin_tally *tally)
{
    const struct value *vars = NULL;
    const struct plugin_binding *binding = bind_fault(estate, fault);
    if (plugin_validate(estate->run, estate->plugins, binding) == 0) {
        (void)plugin_generate(estate->run, estate->plugins, binding, &vars);
        (void)plugin_check(estate->run, estate->plugins, binding, tally);
    }
}

static const struct {
    const char *kind, *cause;
} faults[] = {
    { "crash", "was ended by signal 11" },
    { "abort", "was ended by signal 6" },
    { "exit", "exited with code 0" },
    { "stack", "was ended by signal 11" },
    { "loop", "did not return within 1 s" },
    { "garbage", "sent what cannot be read" },
    { "close", "closed its connection" },
};

static size_t count_findings(const struct estate *estate, const char *id)
{
    size_t count = 0;
    for (size_t i = 0; i < estate->run->diags.list.count; i++) {
        count += str_eq_cstr(str_from(estate->run->diags.list.items[i].id), id);
    }
    return count;
}

static void in_each_callback(void **state)
{
    (void)state;
    static const char *const functions[] = { "component.validate", "component.generate",
        "check.list", "check.run" };
    for (size_t f = 0; f < sizeof(functions) / sizeof(functions[0]); f++) {
        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
            struct estate estate;
            struct plugin_tally tally = { 0 };
            open_faulty(&estate, "bad/faulty");
            struct str fault =
                    arena_printf(estate.run->arena, "%s %s", functions[f], faults[i].kind);
            ask_all(&estate, fault.ptr, &tally);
            const struct diag *diag = estate_finding(&estate, "plugin/ended");
            struct str expected = arena_printf(
                    estate.run->arena, "plugin `com.example.faulty` %s", faults[i].cause);
            if (!str_starts_with(diag->message, expected)) {
                fail_msg("%s: %.*s", fault.ptr, STR_ARG(diag->message));
            }
            expected = arena_printf(estate.run->arena,
                    " in %s of component `guard` in stack `dev`", functions[f]);
            assert_true(str_ends_with(diag->message, expected));
            assert_int_equal(diag->exit_code, EXIT_UNAVAILABLE);
            assert_int_equal(estate.run->diags.error_count, 1);
            /* Checks that did not run are not known, and said so once. */
            assert_int_equal(tally.unknown, f == 3 ? 3 : 0);
            assert_int_equal(count_findings(&estate, "plugin/check-no-result"), f == 3 ? 1 : 0);
            /* Another instance hears nothing more of it. */
            ask_all(&estate, "none at all", &tally);
            assert_int_equal(estate.run->diags.error_count, 1);
            assert_int_equal(estate.run->diags.list.count, f == 3 ? 2 : 1);
            estate_close(&estate);
        }
    }
}

static void in_init_and_shutdown(void **state)
{
    (void)state;
    static const char *const kinds[] = { "crash", "exit", "loop", "garbage", "close" };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        for (int at_end = 0; at_end < 2; at_end++) {
            struct estate estate;
            char file[64];
            struct plugin_tally tally = { 0 };
            (void)snprintf(
                    file, sizeof(file), "bad/%s-%s", at_end ? "shutdown" : "init", kinds[i]);
            open_faulty(&estate, file);
            ask_all(&estate, "none", &tally);
            (void)plugins_shutdown(estate.plugins);
            const struct diag *diag = estate_finding(&estate, "plugin/ended");
            assert_true(str_ends_with(
                    diag->message, str_from(at_end ? " in shutdown" : " in init")));
            assert_int_equal(count_findings(&estate, "plugin/ended"), 1);
            assert_int_equal(estate.run->diags.error_count, 1);
            estate_close(&estate);
        }
    }
}

/* What is said is the time the callback had, not what a slow system left of it. */
static void whole_time_is_named(void **state)
{
    (void)state;
    struct estate estate;
    struct question question;
    const struct timespec pause = { .tv_nsec = 150000000 };
    open_faulty(&estate, "bad/faulty");
    const struct plugin_binding *binding = bind_fault(&estate, "component.validate loop");
    struct plugin_runtime *runtime = binding->plugin->runtime;
    assert_int_equal(plugin_load(estate.run, estate.plugins, binding->plugin), 0);
    struct tfa_call *call = ask_begin(estate.run, estate.plugins, binding, TFA_PHASE_VALIDATE,
            "component.validate", NULL, &question);
    assert_int_equal(nanosleep(&pause, NULL), 0);
    assert_int_equal(runtime->component->validate(
                             runtime->self, call, question.config, question.context),
            TFA_E_INTERNAL);
    assert_str(host_of(call)->ended, "did not return within 1 s");
    call_end(call);
    estate_close(&estate);
}

/* One that listens returns by itself, and may be asked again. */
static void stops_when_told(void **state)
{
    (void)state;
    struct estate estate;
    const struct value *vars = NULL;
    volatile int cancel = 0;
    open_faulty(&estate, "bad/faulty");
    assert_int_equal(plugin_validate(estate.run, estate.plugins,
                             bind_fault(&estate, "component.validate wait")),
            0);
    cancel = 1;
    plugins_set_world(estate.plugins, &(struct plugin_world){ .cancel = &cancel });
    int64_t before = monotonic_ms();
    assert_int_equal(plugin_validate(estate.run, estate.plugins,
                             bind_fault(&estate, "component.validate wait")),
            0);
    print_message("stopped by itself after %lld ms\n", (long long)(monotonic_ms() - before));
    cancel = 0;
    assert_int_equal(
            plugin_generate(estate.run, estate.plugins, bind_fault(&estate, "none"), &vars), 0);
    assert_int_equal(value_count(vars), 1);
    assert_int_equal(estate.run->diags.list.count, 0);
    estate_close(&estate);
}

static void deaf_to_cancel(void **state)
{
    (void)state;
    struct estate estate;
    volatile int cancel = 1;
    open_faulty(&estate, "bad/faulty");
    assert_int_equal(
            plugin_validate(estate.run, estate.plugins, bind_fault(&estate, "none")), 0);
    plugins_set_world(estate.plugins, &(struct plugin_world){ .cancel = &cancel });
    int64_t before = monotonic_ms();
    assert_int_equal(plugin_validate(estate.run, estate.plugins,
                             bind_fault(&estate, "component.validate loop")),
            ERR_UNAVAILABLE);
    int64_t took = monotonic_ms() - before;
    print_message("killed after %lld ms\n", (long long)took);
    assert_true(took < 2000);
    assert_contains(estate_finding(&estate, "plugin/ended")->message,
            "did not stop when it was told to");
    estate_close(&estate);
}

/* A check is given the time it asks for in the catalogue; the user's word counts more. */
static void time_of_a_check(void **state)
{
    (void)state;

    static const struct {
        int64_t said_ms;
        const char *cause;
    } cases[] = {
        { 0, "did not return within 1 s" },
        { 1500, "did not return within 1500 ms" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct estate estate;
        struct plugin_tally tally = { 0 };
        open_faulty(&estate, "bad/patient");
        plugins_set_world(
                estate.plugins, &(struct plugin_world){ .check_ms = cases[i].said_ms });
        ask_all(&estate, "check.run loop", &tally);
        struct str message = estate_finding(&estate, "plugin/ended")->message;
        assert_true(str_find_str(message, str_from(cases[i].cause)) >= 0);
        assert_int_equal(tally.unknown, 3);
        estate_close(&estate);
    }
}

/* The descriptor is judged there as here. */
static void unlike_note(void **state)
{
    (void)state;

    static const struct {
        const char *file, *message;
    } cases[] = {
        { "bad/unlike-id", "calls itself `test.other`" },
        { "bad/unlike-version", "says version 1.0.1" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct estate estate;
        estate_open(&estate);
        estate_install(&estate, cases[i].file, "bundled/plugin.so");
        estate_discover(&estate);
        assert_int_equal(plugin_load(estate.run, estate.plugins, plugins_at(estate.plugins, 0)),
                ERR_INVALID);
        struct str message = estate_finding(&estate, "plugin/unlike-note")->message;
        assert_true(str_find_str(message, str_from(cases[i].message)) >= 0);
        estate_close(&estate);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_each_callback),
        cmocka_unit_test(in_init_and_shutdown),
        cmocka_unit_test(whole_time_is_named),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(deaf_to_cancel),
        cmocka_unit_test(time_of_a_check),
        cmocka_unit_test(unlike_note),
    };
    return RUN_TESTS(tests);
}
