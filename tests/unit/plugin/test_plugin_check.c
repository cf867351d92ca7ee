/* SPDX-License-Identifier: Apache-2.0 */
/* Checks: outcomes, what is unknown, convergence, and that AWS hears only what the policy allows. */
#include <stdio.h>
#include <string.h>

#include <tf-atmos/aws.h>

#include "estate.h"

/* An AWS that counts and remembers. */
struct fake_aws {
    struct run *run;
    size_t count;
    struct str action, region, alias, method;
    uint32_t outcome;
};

static int fake_send(void *context, struct arena *arena,
        const struct plugin_aws_request *requests, size_t count, int64_t time_left_ms,
        struct plugin_aws_answer *answers)
{
    struct fake_aws *aws = context;
    assert_true(time_left_ms > 0);
    for (size_t i = 0; i < count; i++) {
        struct diags diags;
        const struct value *body = NULL;
        aws->count++;
        aws->action = arena_dup(arena, requests[i].action);
        aws->region = arena_dup(arena, requests[i].region);
        aws->method = arena_dup(arena, requests[i].method);
        aws->alias = value_string(value_get_str(requests[i].target, STR("alias")));
        diags_init(&diags, arena);
        assert_int_equal(json_read(arena, aws->run->keys, &diags,
                                 STR("{\"detectorIds\":[\"d1\"]}"), STR("answer"), 0, &body),
                0);
        answers[i] = (struct plugin_aws_answer){ .outcome = aws->outcome,
            .attempts = 1,
            .pages = 1,
            .is_complete = true,
            .body = aws->outcome == TFA_AWS_SUCCESS ? body : NULL,
            .summary = STR("AccessDenied for the role") };
    }
    return 0;
}

/* A clock that only moves when somebody sleeps. */
struct fake_clock {
    int64_t now_ms;
    size_t sleeps;
};

static int64_t fake_now(void *context)
{
    const struct fake_clock *clock = context;
    return clock->now_ms;
}

static void fake_sleep(void *context, int64_t duration_ms)
{
    struct fake_clock *clock = context;
    clock->now_ms += duration_ms;
    clock->sleeps++;
}

struct scene {
    struct estate estate;
    struct fake_aws aws;
    struct plugin_aws_service service;
    struct plugin_world world;
    struct plugin_tally tally;
    struct fake_clock time;
    struct clock clock;
    int code;
};

static void scene_open(struct scene *scene)
{
    *scene = (struct scene){ 0 };
    estate_open(&scene->estate);
    estate_install(&scene->estate, "good/probe", "bundled/probe.so");
    estate_discover(&scene->estate);
    scene->aws = (struct fake_aws){ .run = scene->estate.run, .outcome = TFA_AWS_SUCCESS };
    scene->service = (struct plugin_aws_service){ fake_send, &scene->aws };
    scene->world.aws = &scene->service;
    scene->time.now_ms = 1000;
    scene->clock = (struct clock){ fake_now, fake_now, fake_sleep, &scene->time };
    scene->estate.run->clock = &scene->clock;
}

/* Runs the checks of one instance whose items are written as YAML. */
static void scene_check(struct scene *scene, const char *items)
{
    char yaml[1024];
    (void)snprintf(yaml, sizeof(yaml),
            "vars: {region: eu-west-1}\nsettings:\n  probe:\n    text: wanted\n    checks: "
            "%s\n",
            items);
    plugins_set_world(scene->estate.plugins, &scene->world);
    scene->code = plugin_check(scene->estate.run, scene->estate.plugins,
            estate_bind(&scene->estate, estate_instance(&scene->estate, yaml)), &scene->tally);
}

static void outcomes(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_check(&scene, "[{id: PRB-01, data: pass}, {id: PRB-01, data: fail}, "
                        "{id: PRB-02, data: skip}]");
    assert_int_equal(scene.code, 0);
    assert_int_equal(scene.tally.pass, 1);
    assert_int_equal(scene.tally.fail, 1);
    assert_int_equal(scene.tally.skipped, 1);
    assert_int_equal(scene.tally.unknown + scene.tally.pending, 0);
    const struct diags *diags = &scene.estate.run->diags;
    assert_int_equal(diags->list.count, 3);
    const struct diag *pass = &diags->list.items[0];
    assert_int_equal(pass->check, DIAG_CHECK_PASS);
    assert_int_equal(pass->severity, DIAG_INFO);
    assert_str(pass->message, "the account is as intended"); /* the title of the catalogue */
    const struct diag *failed = &diags->list.items[1];
    assert_int_equal(failed->check, DIAG_CHECK_FAIL);
    assert_int_equal(failed->severity, DIAG_ERROR);
    assert_int_equal(failed->exit_code, EXIT_FINDINGS);
    assert_string_equal(failed->id, "PRB0001"); /* the code the catalogue gives the check */
    assert_str(failed->check_id, "PRB-01");
    assert_str(failed->expected, "\"wanted\"");
    assert_str(failed->actual, "\"something else\"");
    assert_int_equal(failed->mark.line, 4);
    assert_str(failed->pointer, "/settings/probe/text");
    assert_str(failed->hint, "change the settings");
    assert_int_equal(diags->list.items[2].check, DIAG_CHECK_SKIPPED);
    assert_int_equal(scene.aws.count, 0);
    estate_close(&scene.estate);
}

static void unknown(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_check(&scene, "[{id: PRB-01, data: silent}, {id: PRB-02, data: breaks}]");
    assert_int_equal(scene.code, 0);
    assert_int_equal(scene.tally.unknown, 2);
    assert_int_equal(scene.tally.pass, 0);
    const struct diag *diag = estate_finding(&scene.estate, "plugin/check-no-result");
    assert_int_equal(diag->check, DIAG_CHECK_UNKNOWN);
    assert_str(diag->check_id, "PRB-01");
    assert_contains(diag->message, "the plugin reported none");
    assert_contains(scene.estate.run->diags.list.items[1].message, "an internal error");
    estate_close(&scene.estate);
}

static void half_a_check_is_not_a_pass(void **state)
{
    (void)state;
    static const char *const acts[] = { "[{id: PRB-01, data: pass then break}]",
        "[{id: PRB-01, data: pass then spoil}]" };
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        struct scene scene;
        scene_open(&scene);
        scene_check(&scene, acts[i]);
        assert_int_equal(scene.code, 0);
        assert_int_equal(scene.tally.pass, 0);
        assert_int_equal(scene.tally.unknown, 2); /* what it said, and that it broke */
        assert_int_equal(scene.estate.run->diags.list.items[0].check, DIAG_CHECK_UNKNOWN);
        assert_int_equal(scene.estate.run->diags.list.items[0].severity, DIAG_WARNING);
        assert_non_null(estate_finding(&scene.estate, "plugin/check-no-result"));
        estate_close(&scene.estate);
    }
}

static void denied_is_not_a_pass(void **state)
{
    (void)state;
    static const uint32_t outcomes_of[] = { TFA_AWS_NO_ANSWER, TFA_AWS_DENIED,
        TFA_AWS_THROTTLED, TFA_AWS_FAULT, TFA_AWS_UNREADABLE, TFA_AWS_NO_CREDENTIALS };
    for (size_t i = 0; i < sizeof(outcomes_of) / sizeof(outcomes_of[0]); i++) {
        struct scene scene;
        scene_open(&scene);
        scene.aws.outcome = outcomes_of[i];
        scene_check(&scene, "[{id: PRB-01, data: ask}]");
        assert_int_equal(scene.tally.unknown, 1);
        assert_int_equal(scene.tally.pass, 0);
        assert_str(scene.estate.run->diags.list.items[0].detail, "AccessDenied for the role");
        estate_close(&scene.estate);
    }
}

static void allowed_requests(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_check(&scene, "[{id: PRB-01, data: ask}]");
    assert_int_equal(scene.tally.pass, 1);
    assert_int_equal(scene.aws.count, 1);
    assert_str(scene.aws.action, "guardduty:ListDetectors");
    assert_str(scene.aws.region, "eu-west-1"); /* of the instance */
    assert_str(scene.aws.alias, "self");
    assert_str(scene.aws.method, "GET");
    assert_str(scene.estate.run->diags.list.items[0].actual, "[\"d1\"]");
    scene_check(&scene, "[{id: PRB-01, data: ask, region: us-east-1}]");
    assert_str(scene.aws.region, "us-east-1"); /* of the item */
    estate_close(&scene.estate);
}

static void targets(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    struct instance *holder =
            estate_instance(&scene.estate, "vars:\n  targets:\n  - {alias: management, region: "
                                           "us-east-2}\n  - {alias: self}\n");
    scene.world.targets = value_get_str(holder->vars, STR("targets"));
    scene_check(&scene, "[{id: PRB-01, data: ask, target: management}]");
    assert_str(scene.aws.alias, "management");
    assert_str(scene.aws.region, "us-east-2");
    estate_close(&scene.estate);
}

/* Not declared, not reading, disguised: nothing is sent, the finding names the action. */
static void forbidden_requests(void **state)
{
    (void)state;

    static const struct {
        const char *data, *message;
    } cases[] = {
        { "undeclared", "`guardduty:ListMembers`, which its manifest does not declare" },
        { "write", "`guardduty:DeleteDetector`, which does not only read" },
        { "disguised", "`guardduty:ListDetectors`, which is not known to be a read when sent "
                       "this way" },
        { "alias", "`guardduty:ListDetectors`, which does not only read" },
        { "form", "`sts:GetCallerIdentity`, which names its action in the body" },
        { "target", "which is meant for a target that is not configured" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct scene scene;
        char items[128];
        scene_open(&scene);
        (void)snprintf(items, sizeof(items), "[{id: PRB-01, data: %s}]", cases[i].data);
        scene_check(&scene, items);
        assert_int_equal(scene.aws.count, 0);
        assert_int_equal(scene.tally.unknown, 1);
        assert_int_equal(scene.tally.pass, 0);
        const struct diag *diag = estate_finding(&scene.estate, "plugin/policy");
        if (str_find_str(diag->message, str_from(cases[i].message)) < 0) {
            fail_msg("%s: %.*s", cases[i].data, STR_ARG(diag->message));
        }
        assert_int_equal(diag->exit_code, EXIT_PERMISSION);
        estate_close(&scene.estate);
    }
}

static void no_client(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.world.aws = NULL;
    scene_check(&scene, "[{id: PRB-01, data: ask}]");
    assert_int_equal(scene.tally.unknown, 1);
    assert_str(scene.estate.run->diags.list.items[0].detail, "this command does not call AWS");
    estate_close(&scene.estate);
}

static void settling(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.world.settle_ms = 30000;
    scene_check(&scene, "[{id: PRB-01, data: settle}, {id: PRB-02, data: pass}]");
    assert_int_equal(scene.tally.pass, 2);
    assert_int_equal(scene.tally.pending, 0);
    assert_int_equal(scene.time.sleeps, 3); /* three seconds each, as the plugin asked */
    assert_int_equal(scene.estate.run->diags.list.count, 2); /* pending rounds leave nothing */
    assert_int_equal(scene.estate.run->diags.warning_count, 0);
    estate_close(&scene.estate);

    scene_open(&scene);
    scene.world.settle_ms = 5000;
    scene_check(&scene, "[{id: PRB-01, data: settle}]");
    assert_int_equal(scene.tally.pending, 1);
    assert_int_equal(scene.time.now_ms, 6000); /* not a moment longer */
    assert_str(scene.estate.run->diags.list.items[0].message, "still converging");
    estate_close(&scene.estate);

    scene_open(&scene);
    scene_check(&scene, "[{id: PRB-01, data: settle}]");
    assert_int_equal(scene.tally.pending, 1);
    assert_int_equal(scene.time.sleeps, 0);
    estate_close(&scene.estate);
}

static void odd_lists(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_check(&scene, "[{data: pass}, text, {id: PRB-99, data: pass}]");
    assert_int_equal(scene.code, 0);
    assert_int_equal(scene.tally.pass, 1);
    assert_contains(estate_finding(&scene.estate, "plugin/misuse")->message,
            "check.list returned an item without an id");
    const struct diags *diags = &scene.estate.run->diags;
    assert_contains(diags->list.items[diags->list.count - 1].message,
            "the check `PRB-99`, which its manifest does not declare");
    estate_close(&scene.estate);
}

static void list_fails(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    plugins_set_world(scene.estate.plugins, &scene.world);
    scene.code = plugin_check(scene.estate.run, scene.estate.plugins,
            estate_bind(&scene.estate,
                    estate_instance(&scene.estate, "settings: {probe: {act: list fails}}\n")),
            &scene.tally);
    assert_int_equal(scene.code, ERR_UNAVAILABLE);
    assert_contains(estate_finding(&scene.estate, "plugin/callback-failed")->message,
            "could not list the checks of component `probe`");
    estate_close(&scene.estate);
}

static void cancelled(void **state)
{
    (void)state;
    struct scene scene;
    volatile int cancel = 1;
    scene_open(&scene);
    scene.world.cancel = &cancel;
    scene_check(&scene, "[{id: PRB-01, data: ask}]");
    assert_int_equal(scene.code, ERR_CANCELLED);
    assert_int_equal(scene.aws.count, 0);
    estate_close(&scene.estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes),
        cmocka_unit_test(unknown),
        cmocka_unit_test(half_a_check_is_not_a_pass),
        cmocka_unit_test(denied_is_not_a_pass),
        cmocka_unit_test(allowed_requests),
        cmocka_unit_test(targets),
        cmocka_unit_test(forbidden_requests),
        cmocka_unit_test(no_client),
        cmocka_unit_test(settling),
        cmocka_unit_test(odd_lists),
        cmocka_unit_test(list_fails),
        cmocka_unit_test(cancelled),
    };
    return RUN_TESTS(tests);
}
