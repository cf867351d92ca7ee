/* SPDX-License-Identifier: Apache-2.0 */
/* Validation and generation of the test plugin: good and bad behavior on request. */
#include "probe.h"

#include <pthread.h>
#include <stdlib.h>

int32_t acts(const struct probe *probe, struct tfa_call *call, tfa_val config, const char *word)
{
    struct tfa_str act = tfa_get_str(&probe->kit, call, config, TFA_S("act"), TFA_S(""));
    return tfa_str_eq(act, tfa_str_of(word));
}

/* One finding with everything in it. */
static void report_fully(const struct tfa_kit *kit, struct tfa_call *call, tfa_val config)
{
    struct tfa_related related = { (uint32_t)sizeof(related), 0,
        kit->value->get(call, config, TFA_S("act")), { NULL, 0 }, TFA_S("asked for here") };
    const struct tfa_related *const all[] = { &related };
    struct tfa_diag diag = tfa_diag_at(config, TFA_S(PRB0002));
    diag.pointer = TFA_S("/map/missing/deeper");
    diag.message = TFA_S("the map lacks\ta\nkey \x1b[31mred\x1b[0m");
    diag.detail = TFA_S("first line\nsecond line");
    diag.doc_url = TFA_S("http://example.com/insecure");
    diag.resource = TFA_S("arn:aws:test");
    diag.related = all;
    diag.related_count = 1;
    (void)kit->diag->report(call, &diag);
    diag = tfa_diag_at(kit->value->get(call, config, TFA_S("text")), TFA_S(PRB0001));
    diag.flags = TFA_DIAG_AT_KEY;
    diag.message = TFA_S("the key is meant");
    (void)kit->diag->report(call, &diag);
}

struct errand {
    const struct tfa_kit *kit;
    struct tfa_call *call;
    int32_t rc;
};

static void *run_errand(void *context)
{
    struct errand *errand = context;
    errand->rc = errand->kit->value->kind(errand->call, (tfa_val)1);
    if (errand->kit->log) {
        errand->kit->log->write(errand->call, TFA_LOG_INFO, TFA_S("from a thread"), NULL, 0);
    }
    (void)errand->kit->call->cancelled(errand->call);
    return NULL;
}

/* Uses the host from another thread; the code it got there becomes part of the message. */
static void use_thread(const struct tfa_kit *kit, struct tfa_call *call, tfa_val config)
{
    struct errand errand = { kit, call, 0 };
    struct tfa_text text = { 0 };
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_errand, &errand) != 0) {
        return;
    }
    (void)pthread_join(thread, NULL);
    tfa_text_add(&text, TFA_S("the thread got "));
    tfa_text_add_int(&text, errand.rc);
    (void)tfa_report(kit, call, config, TFA_S(PRB0002), tfa_text_view(&text), TFA_S("none"));
}

/* Services of other phases, and what they answer. */
static void use_wrong_phase(const struct tfa_kit *kit, struct tfa_call *call, tfa_val config)
{
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_REST_JSON, TFA_S("guardduty"), TFA_S("ListDetectors"));
    const struct tfa_aws_answer *answer = NULL;
    struct tfa_result result = tfa_result_at(config, TFA_RESULT_PASS);
    struct tfa_text text = { 0 };
    int64_t now = 0;
    tfa_val found = TFA_NONE;
    tfa_text_add_int(&text, kit->aws->send(call, &request, &answer));
    tfa_text_add(&text, TFA_S(" "));
    tfa_text_add_int(&text, kit->clock->wall_ns(call, &now));
    tfa_text_add(&text, TFA_S(" "));
    tfa_text_add_int(&text, kit->lookup->instance(call, TFA_S(""), TFA_S("probe"), &found));
    tfa_text_add(&text, TFA_S(" "));
    tfa_text_add_int(&text, kit->diag->result(call, &result));
    (void)tfa_report(kit, call, config, TFA_S(PRB0002), tfa_text_view(&text), TFA_S("none"));
}

static void use_late(struct probe *probe, struct tfa_call *call, tfa_val config)
{
    const struct tfa_kit *kit = &probe->kit;
    struct tfa_text text = { 0 };
    /* The call object is the same; the handle is of an earlier callback. */
    tfa_text_add_int(&text, kit->value->kind(call, probe->last_value));
    (void)tfa_report(kit, call, config, TFA_S(PRB0002), tfa_text_view(&text), TFA_S("none"));
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    struct probe *probe = self;
    const struct tfa_kit *kit = &probe->kit;
    int32_t rc = TFA_OK;
    (void)context;
    if (acts(probe, call, config, "report")) {
        report_fully(kit, call, config);
    } else if (acts(probe, call, config, "flood")) {
        for (int i = 0; i < 1500; i++) {
            rc = tfa_report(kit, call, config, TFA_S(PRB0002), TFA_S("again"), TFA_S("none"));
        }
        rc = rc == TFA_E_LIMIT ? TFA_OK : TFA_E_INTERNAL;
    } else if (acts(probe, call, config, "undeclared")) {
        (void)tfa_report(kit, call, config, TFA_S("XXX0001"), TFA_S("what is this"), TFA_S(""));
    } else if (acts(probe, call, config, "bad text")) {
        (void)tfa_report(kit, call, config, TFA_S(PRB0001), TFA_S("a \xff b"), TFA_S(""));
        (void)kit->diag->report(call, NULL);
    } else if (acts(probe, call, config, "secret")) {
        struct tfa_text text = { 0 };
        struct tfa_str secret = tfa_get_str(kit, call, config, TFA_S("text"), TFA_S("nothing"));
        tfa_text_add(&text, TFA_S("it is <"));
        tfa_text_add(&text, secret);
        tfa_text_add(&text, TFA_S("> with AKIAIOSFODNN7EXAMPLE"));
        (void)tfa_report(kit, call, config, TFA_S(PRB0001), tfa_text_view(&text), TFA_S(""));
    } else if (acts(probe, call, config, "thread")) {
        use_thread(kit, call, config);
    } else if (acts(probe, call, config, "phase")) {
        use_wrong_phase(kit, call, config);
    } else if (acts(probe, call, config, "stale")) {
        use_late(probe, call, config);
    } else if (acts(probe, call, config, "fail")) {
        rc = TFA_E_INTERNAL;
    } else if (acts(probe, call, config, "positive")) {
        rc = 7;
    }
    probe->last_call = call;
    probe->last_value = config;
    return rc;
}

/* A value of every kind, some of them from the settings. */
static tfa_val build_all(const struct tfa_kit *kit, struct tfa_call *call, tfa_val config)
{
    const struct tfa_build_v1 *build = kit->build;
    tfa_val vars = build->map(call);
    tfa_val list = build->list(call);
    tfa_val json = TFA_NONE;
    (void)build->append(call, list, build->integer(call, -5));
    (void)build->append(call, list, build->real(call, 0.1));
    (void)build->append(call, list, build->number(call, TFA_S("1.10")));
    (void)build->append(call, list, build->boolean(call, 1));
    (void)build->append(call, list, build->null(call));
    (void)build->append(call, list, TFA_NONE);
    (void)build->set(call, vars, TFA_S("list"), list);
    (void)build->set(call, vars, TFA_S("text"), kit->value->get(call, config, TFA_S("text")));
    (void)build->set(call, vars, TFA_S("gone"), kit->value->get(call, config, TFA_S("gone")));
    (void)build->set(call, vars, TFA_S("twice"), build->string(call, TFA_S("first")));
    (void)build->set(call, vars, TFA_S("twice"), build->string(call, TFA_S("second")));
    (void)build->set(call, vars, TFA_S("place"),
            build->derived(call, build->string(call, TFA_S("made")),
                    kit->value->get(call, config, TFA_S("number"))));
    (void)build->set(call, vars, TFA_S("hidden"),
            build->sensitive(call, build->string(call, TFA_S("hush-hush"))));
    if (build->from_json(call, TFA_S("{\"b\":[1,2.50],\"a\":null}"), &json) == TFA_OK) {
        (void)build->set(call, vars, TFA_S("json"), json);
    }
    if (build->from_json(call, TFA_S("{\"b\":"), &json) == TFA_OK) {
        (void)build->set(call, vars, TFA_S("broken"), json);
    }
    return vars;
}

/* What other instances there are. */
static tfa_val look_around(const struct tfa_kit *kit, struct tfa_call *call)
{
    tfa_val vars = kit->build->map(call);
    tfa_val list = TFA_NONE;
    tfa_val one = TFA_NONE;
    int32_t rc = kit->lookup->instances(call, TFA_S("probe"), &list);
    (void)kit->build->set(call, vars, TFA_S("rc"), kit->build->integer(call, rc));
    (void)kit->build->set(call, vars, TFA_S("instances"), list);
    rc = kit->lookup->instance(call, TFA_S(""), TFA_S("other"), &one);
    (void)kit->build->set(call, vars, TFA_S("other_rc"), kit->build->integer(call, rc));
    (void)kit->build->set(
            call, vars, TFA_S("other"), kit->value->find(call, one, TFA_S("/vars/name")));
    return vars;
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    struct probe *probe = self;
    const struct tfa_kit *kit = &probe->kit;
    if (acts(probe, call, config, "echo")) {
        *ret_vars = kit->value->get(call, config, TFA_S("map"));
    } else if (acts(probe, call, config, "all")) {
        *ret_vars = build_all(kit, call, config);
    } else if (acts(probe, call, config, "context")) {
        tfa_val vars = kit->build->map(call);
        (void)kit->build->set(call, vars, TFA_S("context"), context);
        *ret_vars = vars;
    } else if (acts(probe, call, config, "look")) {
        *ret_vars = look_around(kit, call);
    } else if (acts(probe, call, config, "list")) {
        *ret_vars = kit->build->list(call);
    } else if (acts(probe, call, config, "frozen")) {
        tfa_val vars = kit->build->map(call);
        tfa_val outer = kit->build->map(call);
        (void)kit->build->set(call, outer, TFA_S("inner"), vars);
        (void)kit->build->set(call, vars, TFA_S("late"), kit->build->null(call));
        *ret_vars = outer;
    } else if (acts(probe, call, config, "error")) {
        (void)tfa_report(kit, call, config, TFA_S(PRB0001), TFA_S("no variables"), TFA_S(""));
        *ret_vars = kit->build->map(call);
    } else if (acts(probe, call, config, "memory")) {
        char *ok = kit->call->alloc(call, 1000);
        *ret_vars = kit->build->map(call);
        (void)kit->build->set(call, *ret_vars, TFA_S("zeroed"),
                kit->build->boolean(call, ok && ok[0] == 0 && ok[999] == 0));
        (void)kit->build->set(call, *ret_vars, TFA_S("capped"),
                kit->build->boolean(call, kit->call->alloc(call, 1ULL << 40) == NULL));
    }
    return TFA_OK;
}

static int32_t probe_init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    struct probe *probe = calloc(1, sizeof(*probe));
    (void)call;
    if (!probe) {
        return TFA_E_MEMORY;
    }
    tfa_kit_init(&probe->kit, host);
    *ret_self = probe;
    return TFA_OK;
}

static void probe_shutdown(void *self)
{
    free(self);
}

static const struct tfa_component_v1 component = { validate, generate };

static const void *ext(void *self, const char *id)
{
    (void)self;
    if (tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_COMPONENT_V1))) {
        return &component;
    }
    return tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_CHECK_V1)) ? &probe_check : NULL;
}

static const struct tfa_plugin plugin = { TFA_PLUGIN_HEAD, probe_init, probe_shutdown, ext };

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
