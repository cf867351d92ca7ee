/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that writes down all it sees of the host: every service of the pure phases, tried on the
 * values its intent lists. The mock host and the real one must make the same of it. */
#include <tf-atmos/tfa.h>

#include "contract_manifest.h"

static struct tfa_kit the_kit;

#define K (&the_kit)
#define V (the_kit.value)
#define B (the_kit.build)

static void put(struct tfa_call *call, tfa_val map, struct tfa_str key, tfa_val v)
{
    (void)B->set(call, map, key, v);
}

/* The text that came back, or the code why there is none. */
static tfa_val text_or_code(struct tfa_call *call, int32_t rc, struct tfa_str text)
{
    return rc == TFA_OK ? B->string(call, text) : B->integer(call, rc);
}

static tfa_val place_of(struct tfa_call *call, tfa_val config, tfa_val v)
{
    const struct tfa_mark *base = V->mark(call, config);
    const struct tfa_mark *mark = V->mark(call, v);
    tfa_val place = B->list(call);

    if (base == NULL || mark == NULL) {
        return B->null(call);
    }
    (void)B->append(call, place, B->integer(call, (int64_t)mark->line - base->line));
    (void)B->append(call, place, B->integer(call, (int64_t)mark->column - base->column));
    return place;
}

static void put_scalars(struct tfa_call *call, tfa_val out, tfa_val v)
{
    struct tfa_str text = { NULL, 0 };
    int64_t number = 0;
    double real = 0;
    int32_t truth = 0;
    int32_t rc = V->as_int(call, v, &number);

    put(call, out, TFA_S("int"),
            rc == TFA_OK ? B->integer(call, number) : B->integer(call, rc));
    put(call, out, TFA_S("int_code"), B->integer(call, rc));
    rc = V->as_double(call, v, &real);
    put(call, out, TFA_S("double"), rc == TFA_OK ? B->real(call, real) : B->integer(call, rc));
    rc = V->as_bool(call, v, &truth);
    put(call, out, TFA_S("bool"), B->integer(call, rc == TFA_OK ? truth : rc));
    rc = V->as_string(call, v, &text);
    put(call, out, TFA_S("string"), text_or_code(call, rc, text));
    rc = V->text(call, v, &text);
    put(call, out, TFA_S("text"), text_or_code(call, rc, text));
    rc = V->tag(call, v, &text);
    put(call, out, TFA_S("tag"), text_or_code(call, rc, text));
    rc = V->to_json(call, v, &text);
    put(call, out, TFA_S("json"), text_or_code(call, rc, text));
}

static void put_keys(struct tfa_call *call, tfa_val out, tfa_val v)
{
    tfa_val keys = B->list(call);

    TFA_EACH(K, call, v, i)
    {
        struct tfa_str key = { NULL, 0 };
        int32_t rc = V->key_at(call, v, i, &key);
        (void)B->append(call, keys, text_or_code(call, rc, key));
        (void)B->append(call, keys, B->integer(call, V->kind(call, V->at(call, v, i))));
    }
    put(call, out, TFA_S("keys"), keys);
    put(call, out, TFA_S("past"), B->integer(call, V->kind(call, V->at(call, v, 1000))));
}

/* Everything that can be asked about one value. */
static tfa_val look_at(struct tfa_call *call, tfa_val config, tfa_val v)
{
    tfa_val out = B->map(call);

    put(call, out, TFA_S("kind"), B->integer(call, V->kind(call, v)));
    put(call, out, TFA_S("count"), B->integer(call, (int64_t)V->count(call, v)));
    put(call, out, TFA_S("sensitive"), B->integer(call, V->is_sensitive(call, v)));
    put(call, out, TFA_S("place"), place_of(call, config, v));
    put_scalars(call, out, v);
    put_keys(call, out, v);
    put(call, out, TFA_S("itself"), v);
    return out;
}

static tfa_val compare_all(struct tfa_call *call, tfa_val config, tfa_val probes)
{
    tfa_val out = B->list(call);

    TFA_EACH(K, call, probes, i)
    {
        struct tfa_str a = { NULL, 0 };
        (void)V->as_string(call, V->at(call, probes, i), &a);
        tfa_val row = B->list(call);
        TFA_EACH(K, call, probes, k)
        {
            struct tfa_str b = { NULL, 0 };
            (void)V->as_string(call, V->at(call, probes, k), &b);
            (void)B->append(call, row,
                    B->integer(call, V->equal(call, V->find(call, config, a),
                                             V->find(call, config, b))));
        }
        (void)B->append(call, out, row);
    }
    return out;
}

/* JSON texts of the intent: what reading them gives, and what they look like written again. */
static tfa_val parse_all(struct tfa_call *call, tfa_val texts)
{
    tfa_val out = B->list(call);

    TFA_EACH(K, call, texts, i)
    {
        struct tfa_str text = { NULL, 0 };
        tfa_val v = TFA_NONE;
        (void)V->as_string(call, V->at(call, texts, i), &text);
        int32_t rc = B->from_json(call, text, &v);
        if (rc == TFA_OK) {
            rc = V->to_json(call, v, &text);
        }
        (void)B->append(call, out, text_or_code(call, rc, text));
    }
    return out;
}

static tfa_val build_all(struct tfa_call *call, tfa_val config)
{
    tfa_val out = B->map(call);
    tfa_val inner = B->map(call);
    tfa_val first = V->at(call, config, 0);

    put(call, out, TFA_S("z"), B->integer(call, 1));
    put(call, out, TFA_S("a"), B->integer(call, INT64_MIN));
    put(call, out, TFA_S("max"), B->integer(call, INT64_MAX));
    put(call, out, TFA_S("z"), B->boolean(call, 2));
    put(call, out, TFA_S("null"), B->null(call));
    put(call, out, TFA_S("tenth"), B->real(call, 0.1));
    put(call, out, TFA_S("big"), B->real(call, 1e300));
    put(call, out, TFA_S("minus"), B->real(call, -2.5));
    put(call, out, TFA_S("exact"), B->number(call, TFA_S("18446744073709551615")));
    put(call, out, TFA_S("ten"), B->number(call, TFA_S("1.10")));
    put(call, out, TFA_S("text"),
            B->string(call, TFA_S("q\" b\\ t\t n\n <&> \xc3\xa9 \xf0\x9f\x98\x80")));
    put(call, out, TFA_S(""), B->string(call, TFA_S("")));
    put(call, out, TFA_S("a/b~c"), B->list(call));
    put(call, inner, TFA_S("shared"), first);
    put(call, out, TFA_S("inner"), inner);
    put(call, out, TFA_S("again"), inner);
    put(call, out, TFA_S("skipped"), TFA_NONE);
    put(call, out, TFA_S("is"),
            B->integer(call, V->kind(call, V->get(call, out, TFA_S("max")))));
    put(call, out, TFA_S("derived"),
            place_of(call, config, B->derived(call, B->string(call, TFA_S("x")), first)));
    put(call, out, TFA_S("made"), place_of(call, config, B->string(call, TFA_S("x"))));
    put(call, out, TFA_S("hidden"),
            B->integer(call,
                    V->is_sensitive(call, B->sensitive(call, B->string(call, TFA_S("x"))))));
    return out;
}

static tfa_val context_seen(struct tfa_call *call, tfa_val context)
{
    const struct tfa_who *who = K->call->who(call);
    tfa_val out = B->map(call);

    put_keys(call, out, context);
    put(call, out, TFA_S("phase"), B->integer(call, who->phase));
    put(call, out, TFA_S("stack"), B->string(call, who->stack));
    put(call, out, TFA_S("component"), B->string(call, who->component));
    put(call, out, TFA_S("module"), B->string(call, who->module));
    put(call, out, TFA_S("kind"), B->string(call, who->kind));
    put(call, out, TFA_S("check"), B->string(call, who->check_id));
    put(call, out, TFA_S("aws"), V->get(call, context, TFA_S("aws")));
    put(call, out, TFA_S("vars"), V->get(call, context, TFA_S("vars")));
    return out;
}

/* ---- wrong use: the codes it gives, where it does not spoil the result ---- */

static void add(struct tfa_call *call, tfa_val codes, int64_t code)
{
    (void)B->append(call, codes, B->integer(call, code));
}

static void wrong_handles(struct tfa_call *call, tfa_val codes, tfa_val config)
{
    const tfa_val handles[] = { 1, UINT64_MAX, config + 1000000, config + ((tfa_val)1 << 32),
        config & 0xFFFFFFFFU };
    struct tfa_str text = { NULL, 0 };
    int64_t number = 0;

    for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++) {
        tfa_val v = handles[i];
        add(call, codes, V->kind(call, v));
        add(call, codes, (int64_t)V->count(call, v));
        add(call, codes, V->get(call, v, TFA_S("first")) == TFA_NONE);
        add(call, codes, V->at(call, v, 0) == TFA_NONE);
        add(call, codes, V->find(call, v, TFA_S("/first")) == TFA_NONE);
        add(call, codes, V->key_at(call, v, 0, &text));
        add(call, codes, V->as_string(call, v, &text));
        add(call, codes, V->as_int(call, v, &number));
        add(call, codes, V->text(call, v, &text));
        add(call, codes, V->mark(call, v) == NULL);
        add(call, codes, V->is_sensitive(call, v));
        add(call, codes, V->equal(call, v, config));
        add(call, codes, V->equal(call, config, v));
        add(call, codes, V->to_json(call, v, &text));
    }
    add(call, codes, V->key_at(call, TFA_NONE, 0, &text));
    add(call, codes, V->tag(call, TFA_NONE, &text));
    add(call, codes, V->to_json(call, TFA_NONE, &text));
    add(call, codes, V->equal(call, TFA_NONE, TFA_NONE));
    add(call, codes, V->equal(call, TFA_NONE, config));
}

static void wrong_reports(struct tfa_call *call, tfa_val codes, tfa_val config)
{
    struct tfa_diag good = tfa_diag_at(config, TFA_S(CON0001));
    struct tfa_related related = { (uint32_t)sizeof(related), 0, 1, { NULL, 0 }, TFA_S("r") };
    const struct tfa_related *const list[] = { &related };

    good.message = TFA_S("wrong use");
    good.severity = TFA_SEVERITY_HINT; /* an error would discard the variables */
    add(call, codes, K->diag->report(call, NULL));
    struct tfa_diag diag = good;
    diag.message = TFA_S("");
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.message = TFA_S("\xff");
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.code = TFA_S("");
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.at = 1;
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.pointer = TFA_S("/\xff");
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.remediation = TFA_S("\xff");
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.struct_size = 4;
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.related_count = 1;
    add(call, codes, K->diag->report(call, &diag));
    diag.related = list;
    add(call, codes, K->diag->report(call, &diag));
    diag = good;
    diag.code = TFA_S("XYZ0001");
    add(call, codes, K->diag->report(call, &diag));
}

static tfa_val wrong_uses(struct tfa_call *call, tfa_val config)
{
    struct tfa_result result = tfa_result_at(config, TFA_RESULT_PASS);
    struct tfa_aws_request request = { 0 };
    const struct tfa_aws_answer *answer = NULL;
    tfa_val codes = B->list(call);
    tfa_val v = TFA_NONE;

    wrong_handles(call, codes, config);
    wrong_reports(call, codes, config);
    add(call, codes, K->diag->result(call, &result));
    add(call, codes, K->aws->send(call, &request, &answer));
    add(call, codes, B->from_json(call, TFA_S(""), &v));
    add(call, codes, K->call->alloc(call, (64ULL << 20) + 1) == NULL);
    add(call, codes, K->call->alloc(call, UINT64_MAX) == NULL);
    add(call, codes, K->call->alloc(call, 0) != NULL);
    add(call, codes, K->call->cancelled(call));
    add(call, codes, B->set(call, B->map(call), TFA_S("k"), TFA_NONE));
    add(call, codes, B->sensitive(call, TFA_NONE) == TFA_NONE);
    add(call, codes, B->derived(call, TFA_NONE, config) == TFA_NONE);
    return codes;
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    tfa_val probes = V->get(call, config, TFA_S("probes"));
    tfa_val vars = B->map(call);
    tfa_val seen = B->map(call);

    (void)self;
    TFA_EACH(K, call, probes, i)
    {
        struct tfa_str pointer = { NULL, 0 };
        (void)V->as_string(call, V->at(call, probes, i), &pointer);
        put(call, seen, pointer, look_at(call, config, V->find(call, config, pointer)));
    }
    put(call, vars, TFA_S("seen"), seen);
    put(call, vars, TFA_S("equal"), compare_all(call, config, probes));
    put(call, vars, TFA_S("parsed"), parse_all(call, V->get(call, config, TFA_S("json"))));
    put(call, vars, TFA_S("built"), build_all(call, config));
    put(call, vars, TFA_S("context"), context_seen(call, context));
    if (tfa_get_bool(K, call, config, TFA_S("wrong"), 0) != 0) {
        put(call, vars, TFA_S("wrong"), wrong_uses(call, config));
    }
    *ret_vars = vars;
    return TFA_OK;
}

/* Each place in four ways: by handle, by pointer, at the key, below what exists. */
static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    tfa_val probes = V->get(call, config, TFA_S("probes"));

    (void)self;
    (void)context;
    TFA_EACH(K, call, probes, i)
    {
        struct tfa_str pointer = { NULL, 0 };
        struct tfa_text message = tfa_text_new();
        struct tfa_text below = tfa_text_new();
        (void)V->as_string(call, V->at(call, probes, i), &pointer);
        tfa_text_add_int(&message, (int64_t)i);
        tfa_text_add(&message, TFA_S(" "));
        tfa_text_add(&message, pointer);
        tfa_text_add(&below, pointer);
        tfa_text_add(&below, TFA_S("/not/there"));
        struct tfa_diag diag = tfa_diag_at(V->find(call, config, pointer), TFA_S(CON0001));
        diag.message = tfa_text_view(&message);
        (void)K->diag->report(call, &diag);
        diag.at = config;
        diag.pointer = pointer;
        diag.flags = TFA_DIAG_AT_KEY;
        diag.code = TFA_S(CON0002);
        diag.severity = TFA_SEVERITY_HINT;
        (void)K->diag->report(call, &diag);
        diag.flags = 0;
        diag.code = TFA_S(CON0001);
        diag.severity = TFA_SEVERITY_DEFAULT;
        diag.pointer = tfa_text_view(&below);
        diag.remediation = TFA_S("do this");
        diag.doc_url = TFA_S("https://example.com/own");
        (void)K->diag->report(call, &diag);
    }
    return TFA_OK;
}

/* ---- checks: what becomes of requests ---- */

/* One item per request the intent lists; its place in the list is all run() needs. */
static int32_t list_checks(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    tfa_val items = B->list(call);

    (void)self;
    (void)context;
    TFA_EACH(K, call, V->get(call, config, TFA_S("calls")), i)
    {
        tfa_val item = B->map(call);
        put(call, item, TFA_S("id"), B->string(call, TFA_S(CHECK_CON_01)));
        put(call, item, TFA_S("data"), B->integer(call, (int64_t)i));
        (void)B->append(call, items, item);
    }
    *ret_items = items;
    return TFA_OK;
}

static struct tfa_str text_of(struct tfa_call *call, tfa_val map, struct tfa_str key)
{
    return tfa_get_str(K, call, map, key, TFA_S(""));
}

static struct tfa_aws_request request_of(struct tfa_call *call, tfa_val wanted)
{
    struct tfa_aws_request request = tfa_aws_request_to(
            (uint32_t)tfa_get_int(K, call, wanted, TFA_S("protocol"), TFA_AWS_REST_JSON),
            text_of(call, wanted, TFA_S("service")), text_of(call, wanted, TFA_S("operation")));

    request.region = text_of(call, wanted, TFA_S("region"));
    request.target = text_of(call, wanted, TFA_S("target"));
    request.action = text_of(call, wanted, TFA_S("action"));
    request.method = text_of(call, wanted, TFA_S("method"));
    request.path = text_of(call, wanted, TFA_S("path"));
    request.target_prefix = text_of(call, wanted, TFA_S("prefix"));
    request.path_parts = V->get(call, wanted, TFA_S("parts"));
    request.query = V->get(call, wanted, TFA_S("query"));
    request.body = V->get(call, wanted, TFA_S("body"));
    return request;
}

static tfa_val answer_seen(
        struct tfa_call *call, int32_t rc, const struct tfa_aws_answer *answer)
{
    tfa_val out = B->map(call);

    put(call, out, TFA_S("rc"), B->integer(call, rc));
    if (rc != TFA_OK) {
        return out;
    }
    put(call, out, TFA_S("outcome"), B->integer(call, answer->outcome));
    put(call, out, TFA_S("status"), B->integer(call, answer->http_status));
    put(call, out, TFA_S("pages"), B->integer(call, answer->pages));
    put(call, out, TFA_S("complete"), B->integer(call, answer->complete));
    put(call, out, TFA_S("code"), B->string(call, answer->error_code));
    put(call, out, TFA_S("action"), B->string(call, answer->action));
    put(call, out, TFA_S("account"), B->string(call, answer->account_id));
    put(call, out, TFA_S("region"), B->string(call, answer->region));
    put(call, out, TFA_S("explained"),
            B->boolean(call, answer->outcome == TFA_AWS_SUCCESS || answer->summary.len > 0));
    put(call, out, TFA_S("items"), answer->items);
    put(call, out, TFA_S("body"),
            answer->outcome == TFA_AWS_SUCCESS ? answer->body : B->null(call));
    return out;
}

static int32_t run_check(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    tfa_val calls = V->get(call, config, TFA_S("calls"));
    uint64_t index = (uint64_t)tfa_get_int(K, call, item, TFA_S("data"), 0);
    tfa_val wanted = V->at(call, calls, index);
    struct tfa_aws_request request = request_of(call, wanted);
    struct tfa_aws_pages pages = { (uint32_t)sizeof(pages), 5, 0, 0, { NULL, 0 }, { NULL, 0 },
        { NULL, 0 } };
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc;

    (void)self;
    (void)context;
    if (tfa_is_set(K, call, V->get(call, wanted, TFA_S("items")))) {
        pages.items = text_of(call, wanted, TFA_S("items"));
        pages.token_out = TFA_S("/nextToken");
        pages.token_in = TFA_S("nextToken");
        rc = K->aws->paginate(call, &request, &pages, &answer);
    } else {
        rc = K->aws->send(call, &request, &answer);
    }
    return tfa_result_report(K, call, wanted, TFA_RESULT_FAIL,
            text_of(call, wanted, TFA_S("name")), TFA_NONE, answer_seen(call, rc, answer));
}

static int32_t init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call;
    (void)ret_self;
    tfa_kit_init(&the_kit, host);
    return TFA_OK;
}

static const struct tfa_component_v1 component = { validate, generate };
static const struct tfa_check_v1 check = { list_checks, run_check };

static const void *ext(void *self, const char *id)
{
    (void)self;
    if (tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_COMPONENT_V1))) {
        return &component;
    }
    return tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_CHECK_V1)) ? &check : NULL;
}

static const struct tfa_plugin plugin = { TFA_PLUGIN_HEAD, init, NULL, ext };

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
