/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.value/1 and tfa.build/1 as a plugin sees them, on the mock host. */
#include "probe.h"

static const char intent[] = "members: all\n"
                             "account: \"000123456789\"\n"
                             "bare: 0123\n"
                             "rank: 1.10\n"
                             "big: 18446744073709551615\n"
                             "hex: 0x1F\n"
                             "whole: 3e0\n"
                             "on: true\n"
                             "yes: yes\n"
                             "nothing: ~\n"
                             "later: !unknown x\n"
                             "secret: !sensitive hunter2-hunter2\n"
                             "list: [a, {b: 1}, []]\n"
                             "a/b: {\"m~n\": deep}\n";

#define V (probe->kit.value)
#define B (probe->kit.build)

static tfa_val at(
        struct probe *probe, struct tfa_call *call, tfa_val config, const char *pointer)
{
    return V->find(call, config, tfa_str_of(pointer));
}

static void assert_text(struct tfa_str found, const char *wanted)
{
    assert_int_equal(found.len, strlen(wanted));
    assert_memory_equal(found.ptr, wanted, found.len);
}

static int32_t read_kinds(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    static const struct {
        const char *pointer;
        int32_t kind;
    } cases[] = {
        { "", TFA_KIND_MAP },
        { "/members", TFA_KIND_STRING },
        { "/account", TFA_KIND_STRING },
        { "/bare", TFA_KIND_NUMBER },
        { "/rank", TFA_KIND_NUMBER },
        { "/big", TFA_KIND_NUMBER },
        { "/on", TFA_KIND_BOOL },
        { "/yes", TFA_KIND_STRING },
        { "/nothing", TFA_KIND_NULL },
        { "/later", TFA_KIND_UNKNOWN },
        { "/list", TFA_KIND_LIST },
        { "/list/0", TFA_KIND_STRING },
        { "/list/1/b", TFA_KIND_NUMBER },
        { "/list/2", TFA_KIND_LIST },
        { "/a~1b/m~0n", TFA_KIND_STRING },
        { "/absent", TFA_KIND_NONE },
        { "/list/3", TFA_KIND_NONE },
        { "/list/01", TFA_KIND_NONE },
        { "/list/-1", TFA_KIND_NONE },
        { "/members/x", TFA_KIND_NONE },
        { "members", TFA_KIND_NONE },
    };

    (void)other;
    (void)ret;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(
                V->kind(call, at(probe, call, config, cases[i].pointer)), cases[i].kind);
    }
    assert_int_equal(V->kind(call, TFA_NONE), TFA_KIND_NONE);
    assert_int_equal(V->count(call, config), 14);
    assert_int_equal(V->count(call, at(probe, call, config, "/list")), 3);
    assert_int_equal(V->count(call, at(probe, call, config, "/members")), 0);
    assert_int_equal(V->get(call, at(probe, call, config, "/list"), TFA_S("a")), TFA_NONE);
    assert_int_equal(V->get(call, TFA_NONE, TFA_S("a")), TFA_NONE);
    assert_int_equal(V->at(call, config, 14), TFA_NONE);
    return TFA_OK;
}

static int32_t read_scalars(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_str text = TFA_S("untouched");
    int64_t number = 77;
    double real = 77;
    int32_t truth = 77;

    (void)other;
    (void)ret;
    assert_int_equal(V->as_string(call, at(probe, call, config, "/account"), &text), TFA_OK);
    assert_text(text, "000123456789");
    assert_int_equal(V->text(call, at(probe, call, config, "/bare"), &text), TFA_OK);
    assert_text(text, "0123");
    assert_int_equal(V->text(call, at(probe, call, config, "/rank"), &text), TFA_OK);
    assert_text(text, "1.10");
    text = TFA_S("untouched");
    assert_int_equal(V->as_string(call, at(probe, call, config, "/rank"), &text), TFA_E_KIND);
    assert_int_equal(V->as_string(call, TFA_NONE, &text), TFA_E_ABSENT);
    assert_int_equal(
            V->as_string(call, at(probe, call, config, "/later"), &text), TFA_E_UNKNOWN);
    assert_int_equal(V->text(call, at(probe, call, config, "/list"), &text), TFA_E_KIND);
    assert_text(text, "untouched");
    assert_int_equal(V->as_int(call, at(probe, call, config, "/big"), &number), TFA_E_RANGE);
    assert_int_equal(V->as_int(call, at(probe, call, config, "/rank"), &number), TFA_E_RANGE);
    assert_int_equal(V->as_int(call, at(probe, call, config, "/on"), &number), TFA_E_KIND);
    assert_int_equal(number, 77);
    assert_int_equal(V->as_int(call, at(probe, call, config, "/hex"), &number), TFA_OK);
    assert_int_equal(number, 31);
    assert_int_equal(V->as_int(call, at(probe, call, config, "/whole"), &number), TFA_OK);
    assert_int_equal(number, 3);
    assert_int_equal(V->as_double(call, at(probe, call, config, "/rank"), &real), TFA_OK);
    assert_true(real > 1.09 && real < 1.11);
    assert_int_equal(V->as_bool(call, at(probe, call, config, "/yes"), &truth), TFA_E_KIND);
    assert_int_equal(truth, 77);
    assert_int_equal(V->as_bool(call, at(probe, call, config, "/on"), &truth), TFA_OK);
    assert_int_equal(truth, 1);
    return TFA_OK;
}

static int32_t read_places(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_str key = { NULL, 0 };
    struct tfa_str tag = { NULL, 0 };
    const struct tfa_mark *mark = V->mark(call, at(probe, call, config, "/rank"));

    (void)other;
    (void)ret;
    assert_non_null(mark);
    assert_int_equal(mark->struct_size, sizeof(*mark));
    assert_int_equal(mark->line, 4);
    assert_int_equal(mark->column, 7);
    assert_text(mark->file, "intent.yaml");
    assert_null(V->mark(call, B->string(call, TFA_S("made"))));
    assert_null(V->mark(call, TFA_NONE));
    assert_int_equal(V->key_at(call, config, 0, &key), TFA_OK);
    assert_text(key, "members");
    assert_int_equal(V->key_at(call, config, 14, &key), TFA_E_RANGE);
    assert_int_equal(V->key_at(call, at(probe, call, config, "/list"), 0, &key), TFA_E_KIND);
    assert_int_equal(V->tag(call, at(probe, call, config, "/secret"), &tag), TFA_OK);
    assert_text(tag, "!sensitive");
    assert_int_equal(V->tag(call, at(probe, call, config, "/rank"), &tag), TFA_E_ABSENT);
    assert_int_equal(V->is_sensitive(call, at(probe, call, config, "/secret")), 1);
    assert_int_equal(V->is_sensitive(call, config), 1);
    assert_int_equal(V->is_sensitive(call, at(probe, call, config, "/rank")), 0);
    assert_int_equal(V->is_sensitive(call, TFA_NONE), 0);
    return TFA_OK;
}

static int32_t compare(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    static const struct {
        const char *a;
        const char *b;
        int32_t equal;
    } cases[] = {
        { "{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", 1 },
        { "[1,2]", "[2,1]", 0 },
        { "1", "1.0", 1 },
        { "1.10", "1.1", 1 },
        { "1", "\"1\"", 0 },
        { "null", "false", 0 },
        { "18446744073709551615", "18446744073709551614", 0 },
        { "18446744073709551615", "18446744073709551615", 1 },
        { "{\"a\":1}", "{\"a\":1,\"b\":null}", 0 },
    };

    (void)other;
    (void)ret;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tfa_val a = TFA_NONE;
        tfa_val b = TFA_NONE;
        assert_int_equal(B->from_json(call, tfa_str_of(cases[i].a), &a), TFA_OK);
        assert_int_equal(B->from_json(call, tfa_str_of(cases[i].b), &b), TFA_OK);
        assert_int_equal(V->equal(call, a, b), cases[i].equal);
        assert_int_equal(V->equal(call, b, a), cases[i].equal);
    }
    assert_int_equal(V->equal(call, TFA_NONE, TFA_NONE), 1);
    assert_int_equal(V->equal(call, TFA_NONE, config), 0);
    assert_int_equal(V->equal(call, config, config), TFA_E_UNKNOWN);
    return TFA_OK;
}

static int32_t make(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val vars = B->map(call);
    tfa_val list = B->list(call);

    (void)other;
    assert_int_equal(B->set(call, vars, TFA_S("z"), B->integer(call, INT64_MIN)), TFA_OK);
    (void)B->set(call, vars, TFA_S("b"), B->boolean(call, 7));
    (void)B->set(call, vars, TFA_S("n"), B->null(call));
    (void)B->set(call, vars, TFA_S("r"), B->real(call, 0.1));
    (void)B->set(call, vars, TFA_S("text"), B->string(call, TFA_S("a\"\\\n\t\x01 \xc3\xa9")));
    (void)B->set(call, vars, TFA_S("id"), B->number(call, TFA_S("18446744073709551615")));
    (void)B->set(call, vars, TFA_S("bare"), at(probe, call, config, "/bare"));
    (void)B->set(call, vars, TFA_S("rank"), at(probe, call, config, "/rank"));
    (void)B->set(call, vars, TFA_S("hex"), at(probe, call, config, "/hex"));
    assert_int_equal(
            B->set(call, vars, TFA_S("none"), at(probe, call, config, "/absent")), TFA_OK);
    assert_int_equal(B->append(call, list, TFA_NONE), TFA_OK);
    (void)B->append(call, list, at(probe, call, config, "/list"));
    (void)B->append(call, list, at(probe, call, config, "/list"));
    (void)B->set(call, vars, TFA_S("l"), list);
    (void)B->set(call, vars, TFA_S("z"), B->integer(call, 5));
    *ret = vars;
    return TFA_OK;
}

static int32_t make_sensitive(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val map = B->map(call);
    tfa_val marked;
    tfa_val moved;

    (void)other;
    (void)B->set(call, map, TFA_S("k"), B->string(call, TFA_S("v")));
    marked = B->sensitive(call, map);
    assert_int_equal(V->is_sensitive(call, map), 0);
    assert_int_equal(V->is_sensitive(call, marked), 1);
    assert_int_equal(V->is_sensitive(call, V->get(call, marked, TFA_S("k"))), 1);
    assert_int_equal(B->sensitive(call, TFA_NONE), TFA_NONE);
    moved = B->derived(
            call, B->string(call, TFA_S("FIFTEEN")), at(probe, call, config, "/rank"));
    assert_int_equal(V->mark(call, moved)->line, 4);
    *ret = TFA_NONE;
    return TFA_OK;
}

static int32_t parse_json(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    static const char *const bad[] = { "", "{", "{\"a\":1,}", "[1 2]", "01", "+1", "1.", ".5",
        "nul", "'a'", "\"a", "\"\\x\"", "{\"\\u0000\":1}", "{\"a\":1,\"a\":2}", "{a:1}", "[1]]",
        "\"\x01\"", "\"\xff\"", "// c\n1", "NaN", "{\"a\"}", "[,]" };
    struct tfa_str text = { NULL, 0 };
    tfa_val v = 42;

    (void)config;
    (void)other;
    (void)ret;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (B->from_json(call, tfa_str_of(bad[i]), &v) != TFA_E_INVALID) {
            fail_msg("accepted: %s", bad[i]);
        }
        assert_int_equal(v, 42);
    }
    assert_int_equal(
            B->from_json(call,
                    TFA_S(" {\"b\" : [true,false,null,-1.5e+3], \"a\":\"\\ud83d\\ude00\\/\"} "),
                    &v),
            TFA_OK);
    assert_int_equal(V->to_json(call, v, &text), TFA_OK);
    assert_text(text, "{\"a\":\"\xf0\x9f\x98\x80/\",\"b\":[true,false,null,-1500]}");
    /* Half a pair becomes the replacement character. */
    assert_int_equal(
            B->from_json(call, TFA_S("[\"\\ud800\", \"\\udc00x\", \"\\ud800\\u0041\"]"), &v),
            TFA_OK);
    assert_int_equal(V->to_json(call, v, &text), TFA_OK);
    assert_text(text, "[\"\xef\xbf\xbd\",\"\xef\xbf\xbdx\",\"\xef\xbf\xbd"
                      "A\"]");
    return TFA_OK;
}

/* Runs one body in a phase that may build, and expects no misuse. */
static void check_clean(probe_fn *body)
{
    struct probe probe = { .validate = body };
    struct tfa_testkit *kit = probe_kit(&probe, "tests/abi/probe.json");

    tfa_testkit_intent(kit, intent);
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    if (tfa_testkit_misuse_count(kit) > 0) {
        fail_msg("misuse: %s", tfa_testkit_misuse(kit, 0));
    }
    tfa_testkit_free(kit);
    assert_int_equal(probe.shutdowns, 1);
}

static void test_kinds(void **state)
{
    (void)state;
    check_clean(read_kinds);
}

static void test_scalars(void **state)
{
    (void)state;
    check_clean(read_scalars);
}

static void test_places(void **state)
{
    (void)state;
    check_clean(read_places);
}

static void test_equal(void **state)
{
    (void)state;
    check_clean(compare);
}

static void test_json(void **state)
{
    (void)state;
    check_clean(parse_json);
}

static void test_build(void **state)
{
    struct probe probe = { .generate = make };
    struct tfa_testkit *kit = probe_kit(&probe, "tests/abi/probe.json");

    (void)state;
    tfa_testkit_intent(kit, intent);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    assert_string_equal(tfa_testkit_vars(kit),
            "{\"b\":true,\"bare\":83,\"hex\":31,\"id\":18446744073709551615,"
            "\"l\":[[\"a\",{\"b\":1},[]],[\"a\",{\"b\":1},[]]],\"n\":null,\"r\":0.1,"
            "\"rank\":1.1,\"text\":\"a\\\"\\\\\\n\\t\\u0001 \xc3\xa9\",\"z\":5}");
    assert_string_equal(tfa_testkit_var(kit, "/l/1/1/b"), "1");
    assert_null(tfa_testkit_var(kit, "/none"));
    assert_int_equal(tfa_testkit_misuse_count(kit), 0);
    tfa_testkit_free(kit);
}

static void test_sensitive(void **state)
{
    struct probe probe = { .generate = make_sensitive };
    struct tfa_testkit *kit = probe_kit(&probe, NULL);

    (void)state;
    tfa_testkit_intent(kit, intent);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    assert_string_equal(tfa_testkit_vars(kit), "");
    tfa_testkit_free(kit);
}

/* ---- failures stick ---- */

static int32_t into_itself(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val map = B->map(call);

    (void)config;
    (void)other;
    assert_int_equal(B->set(call, map, TFA_S("me"), map), TFA_E_INVALID);
    *ret = map;
    return TFA_OK;
}

static int32_t into_frozen(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    tfa_val outer = B->map(call);
    tfa_val inner = B->map(call);

    (void)config;
    (void)other;
    assert_int_equal(B->set(call, outer, TFA_S("inner"), inner), TFA_OK);
    assert_int_equal(B->set(call, inner, TFA_S("outer"), outer), TFA_E_FROZEN);
    *ret = outer;
    return TFA_OK;
}

static int32_t into_config(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)other;
    assert_int_equal(B->set(call, config, TFA_S("x"), B->null(call)), TFA_E_FROZEN);
    *ret = TFA_NONE;
    return TFA_OK;
}

static int32_t wrong_container(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)config;
    (void)other;
    assert_int_equal(B->append(call, B->map(call), B->null(call)), TFA_E_KIND);
    *ret = TFA_NONE;
    return TFA_OK;
}

static int32_t bad_text(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)config;
    (void)other;
    assert_int_equal(B->string(call, TFA_S("\xff")), TFA_NONE);
    *ret = B->map(call);
    return TFA_OK;
}

static int32_t bad_number(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)config;
    (void)other;
    assert_int_equal(B->number(call, TFA_S("0x10")), TFA_NONE);
    *ret = B->map(call);
    return TFA_OK;
}

static int32_t not_finite(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)config;
    (void)other;
    assert_int_equal(B->real(call, 1e308 * 10), TFA_NONE);
    *ret = B->map(call);
    return TFA_OK;
}

static int32_t wrong_result(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)config;
    (void)other;
    *ret = B->list(call);
    return TFA_OK;
}

static int32_t positive_result(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)config;
    (void)other;
    *ret = B->map(call);
    return 1;
}

static void test_failures_stick(void **state)
{
    static const struct {
        probe_fn *body;
        const char *misuse;
    } cases[] = {
        { into_itself, "cannot hold itself" },
        { into_frozen, "frozen" },
        { into_config, "frozen" },
        { wrong_container, "another kind" },
        { bad_text, "not UTF-8" },
        { bad_number, "not a JSON number" },
        { not_finite, "not a JSON number" },
        { wrong_result, "wrong kind" },
        { positive_result, "reserved" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct probe probe = { .generate = cases[i].body };
        struct tfa_testkit *kit = probe_kit(&probe, NULL);
        assert_int_equal(tfa_testkit_generate(kit), TFA_E_INTERNAL);
        assert_string_equal(tfa_testkit_vars(kit), "");
        assert_int_equal(tfa_testkit_misuse_count(kit), 1);
        if (strstr(tfa_testkit_misuse(kit, 0), cases[i].misuse) == NULL) {
            fail_msg("case %zu: %s", i, tfa_testkit_misuse(kit, 0));
        }
        tfa_testkit_free(kit);
    }
}

/* ---- stale handles ---- */

static int32_t keep_handle(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    (void)other;
    (void)ret;
    probe->kept = V->get(call, config, TFA_S("members"));
    assert_int_not_equal(probe->kept, TFA_NONE);
    return TFA_OK;
}

static int32_t use_kept_handle(
        struct probe *probe, struct tfa_call *call, tfa_val config, tfa_val other, tfa_val *ret)
{
    struct tfa_str text = TFA_S("untouched");

    (void)config;
    (void)other;
    assert_int_equal(V->kind(call, probe->kept), TFA_E_STALE);
    assert_int_equal(V->as_string(call, probe->kept, &text), TFA_E_STALE);
    assert_int_equal(V->get(call, probe->kept, TFA_S("x")), TFA_NONE);
    assert_int_equal(V->count(call, probe->kept), 0);
    assert_null(V->mark(call, probe->kept));
    assert_int_equal(V->kind(call, 1), TFA_E_STALE);
    assert_int_equal(V->kind(call, UINT64_MAX), TFA_E_STALE);
    assert_text(text, "untouched");
    *ret = TFA_NONE;
    return TFA_OK;
}

static void test_stale(void **state)
{
    struct probe probe = { .validate = keep_handle, .generate = use_kept_handle };
    struct tfa_testkit *kit = probe_kit(&probe, NULL);

    (void)state;
    tfa_testkit_intent(kit, intent);
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    assert_int_equal(tfa_testkit_misuse_count(kit), 7);
    assert_non_null(strstr(tfa_testkit_misuse(kit, 0), "stale"));
    tfa_testkit_free(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_sensitive),
        cmocka_unit_test(test_failures_stick),
        cmocka_unit_test(test_stale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
