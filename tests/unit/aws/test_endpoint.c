/* SPDX-License-Identifier: Apache-2.0 */
/* Regions, partitions, services, addresses. */
#include "aws/aws_fixture.h"
#include "aws/endpoint.h"

#define ENV(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct found {
    struct fixture fixture;
    struct profiles profiles;
    struct endpoint endpoint;
    const struct aws_fault *fault;
    enum aws_outcome outcome;
};

static void find(struct found *found, const char *const *variables, const char *config,
        const char *service, const char *region)
{
    *found = (struct found){ 0 };
    fixture_start(&found->fixture, variables);
    if (config) {
        fixture_write(&found->fixture, ".aws/config", config);
    }
    struct run *run = &found->fixture.run;
    assert_int_equal(profiles_load(run, &found->profiles, &found->fault), 0);
    struct endpoint_query query = { run, &found->profiles, STR("default"), str_from(service),
        str_from(region) };
    found->outcome = endpoint_find(&query, &found->endpoint, &found->fault);
    assert_int_equal(found->outcome == AWS_OK, found->fault == NULL);
}

static void done(struct found *found)
{
    profiles_clear(&found->profiles);
    fixture_stop(&found->fixture);
}

static void assert_base(const char *const *variables, const char *config, const char *service,
        const char *region, const char *base)
{
    struct found found;
    find(&found, variables, config, service, region);
    if (found.fault) {
        fail_msg("%.*s", STR_ARG(found.fault->message));
    }
    assert_str(found.endpoint.base, base);
    done(&found);
}

static void assert_fault(const char *const *variables, const char *config, const char *service,
        const char *region, enum aws_diag kind, const char *part)
{
    struct found found;
    find(&found, variables, config, service, region);
    assert_non_null(found.fault);
    assert_string_equal(found.fault->kind->id, aws_diags[kind].id);
    assert_has(found.fault->message, part);
    assert_int_equal(found.outcome, kind == AWS_SERVICE_ABSENT ? AWS_ABSENT : AWS_BAD_CALL);
    done(&found);
}

static void test_derived(void **state)
{
    (void)state;

    static const struct {
        const char *service, *region, *host, *signing, *signing_region;
    } cases[] = {
        { "guardduty", "eu-west-1", "guardduty.eu-west-1.amazonaws.com", "guardduty",
                "eu-west-1" },
        { "guardduty", "cn-north-1", "guardduty.cn-north-1.amazonaws.com.cn", "guardduty",
                "cn-north-1" },
        { "guardduty", "us-gov-east-1", "guardduty.us-gov-east-1.amazonaws.com", "guardduty",
                "us-gov-east-1" },
        { "organizations", "ap-southeast-2", "organizations.us-east-1.amazonaws.com",
                "organizations", "us-east-1" },
        { "organizations", "us-gov-east-1", "organizations.us-gov-west-1.amazonaws.com",
                "organizations", "us-gov-west-1" },
        { "budgets", "eu-west-1", "budgets.amazonaws.com", "budgets", "us-east-1" },
        { "budgets", "cn-north-1", "budgets.amazonaws.com.cn", "budgets", "cn-northwest-1" },
        { "ce", "eu-west-1", "ce.us-east-1.amazonaws.com", "ce", "us-east-1" },
        { "service-quotas", "eu-west-1", "servicequotas.eu-west-1.amazonaws.com",
                "servicequotas", "eu-west-1" },
        { "servicequotas", "eu-west-1", "servicequotas.eu-west-1.amazonaws.com",
                "servicequotas", "eu-west-1" },
        { "tagging", "il-central-1", "tagging.il-central-1.amazonaws.com", "tagging",
                "il-central-1" },
        /* Not in the table: regional, signed with its own name. */
        { "inspector2", "eu-west-1", "inspector2.eu-west-1.amazonaws.com", "inspector2",
                "eu-west-1" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct found found;
        find(&found, NULL, NULL, cases[i].service, cases[i].region);
        assert_null(found.fault);
        assert_str(found.endpoint.host, cases[i].host);
        assert_str(found.endpoint.service, cases[i].signing);
        assert_str(found.endpoint.region, cases[i].signing_region);
        assert_false(found.endpoint.is_loopback);
        done(&found);
    }
}

static void test_absent(void **state)
{
    (void)state;
    assert_fault(NULL, NULL, "budgets", "us-gov-west-1", AWS_SERVICE_ABSENT,
            "budgets does not exist in the partition aws-us-gov");
    assert_fault(
            NULL, NULL, "cost-optimization-hub", "cn-north-1", AWS_SERVICE_ABSENT, "aws-cn");
    assert_fault(NULL, NULL, "account", "us-gov-west-1", AWS_SERVICE_ABSENT, "account");
    /* Also with an address set by hand: what is not there is not there. */
    assert_fault(ENV("AWS_ENDPOINT_URL=http://127.0.0.1:1"), NULL, "ce", "us-gov-west-1",
            AWS_SERVICE_ABSENT, "ce");
}

static void test_regions(void **state)
{
    (void)state;
    static const char *const bad[] = { "nowhere", "eu-west", "eu-west-1 ", "EU-west-1",
        "xx-west-1", "eu-west-1.example.com/", "us-iso-east-1", "us-gov-1", "eu--1",
        "eu-west-one", "us-gov-east-1-2", "evil.com#-1" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_fault(NULL, NULL, "guardduty", bad[i], AWS_BAD_REGION, "is not a known");
    }
    assert_fault(
            NULL, NULL, "guardduty", "", AWS_NO_REGION, "no Region for a call to guardduty");

    const char *config = "[default]\nregion = eu-west-3\n";
    assert_base(NULL, config, "guardduty", "", "https://guardduty.eu-west-3.amazonaws.com");
    assert_base(ENV("AWS_DEFAULT_REGION=eu-west-2"), config, "guardduty", "",
            "https://guardduty.eu-west-2.amazonaws.com");
    assert_base(ENV("AWS_DEFAULT_REGION=eu-west-2", "AWS_REGION=eu-west-1"), config,
            "guardduty", "", "https://guardduty.eu-west-1.amazonaws.com");
    assert_base(ENV("AWS_REGION=eu-west-1"), config, "guardduty", "eu-north-1",
            "https://guardduty.eu-north-1.amazonaws.com");
}

static void test_overrides(void **state)
{
    (void)state;
    const char *config = "[default]\n"
                         "endpoint_url = http://127.0.0.1:3\n"
                         "services = dev\n"
                         "[services dev]\n"
                         "guardduty =\n"
                         "  endpoint_url = http://127.0.0.1:4\n"
                         "network_firewall =\n"
                         "  endpoint_url = http://127.0.0.1:5\n";
    assert_base(ENV("AWS_ENDPOINT_URL_GUARDDUTY=http://127.0.0.1:1",
                        "AWS_ENDPOINT_URL=http://127.0.0.1:2"),
            config, "guardduty", "eu-west-1", "http://127.0.0.1:1");
    assert_base(ENV("AWS_ENDPOINT_URL=http://127.0.0.1:2"), config, "guardduty", "eu-west-1",
            "http://127.0.0.1:2");
    assert_base(NULL, config, "guardduty", "eu-west-1", "http://127.0.0.1:4");
    assert_base(NULL, config, "network-firewall", "eu-west-1", "http://127.0.0.1:5");
    assert_base(NULL, config, "securityhub", "eu-west-1", "http://127.0.0.1:3");
    assert_base(ENV("AWS_ENDPOINT_URL=http://127.0.0.1:2",
                        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=TRUE"),
            config, "guardduty", "eu-west-1", "https://guardduty.eu-west-1.amazonaws.com");
    assert_base(NULL,
            "[default]\nendpoint_url=http://127.0.0.1:3\n"
            "ignore_configured_endpoint_urls = true\n",
            "guardduty", "eu-west-1", "https://guardduty.eu-west-1.amazonaws.com");
    assert_base(ENV("AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API=http://localhost:1"), NULL,
            "tagging", "eu-west-1", "http://localhost:1");
    assert_base(ENV("AWS_ENDPOINT_URL_SOME_THING2=http://localhost:1"), NULL, "some-thing2",
            "eu-west-1", "http://localhost:1");

    struct found found;
    find(&found, ENV("AWS_ENDPOINT_URL=https://Proxy.Example:8443/aws/"), NULL, "organizations",
            "eu-west-1");
    assert_str(found.endpoint.base, "https://proxy.example:8443");
    assert_str(found.endpoint.host, "proxy.example:8443");
    assert_str(found.endpoint.path, "/aws");
    assert_str(found.endpoint.region, "us-east-1");
    assert_str(found.endpoint.service, "organizations");
    done(&found);
}

static void test_bad_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = { "http://example.com", "http://127.0.0.1.example.com",
        "http://10.0.0.1", "ftp://127.0.0.1", "127.0.0.1:5000", "https://user:pass@example.com",
        "https://", "https://exa mple.com", "https://example.com:0",
        "https://example.com:65536", "https://example.com:12x", "https://example.com/?a=b",
        "https://example.com/#x", "https://[::1", "http://[::2]", "http://127.1",
        "http://localhost.example.com", "http://128.0.0.1", "https://example.com/a b",
        "file:///etc/passwd" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct arena *arena = arena_new();
        struct endpoint endpoint;
        if (!endpoint_parse(arena, str_from(bad[i]), &endpoint)) {
            fail_msg("`%s` was accepted", bad[i]);
        }
        arena_free(arena);
    }
    assert_fault(ENV("AWS_ENDPOINT_URL=http://user:hunter2@example.com"), NULL, "guardduty",
            "eu-west-1", AWS_BAD_ENDPOINT, "the address in AWS_ENDPOINT_URL has a user name");
    assert_fault(ENV("AWS_ENDPOINT_URL_GUARDDUTY=http://example.com"), NULL, "guardduty",
            "eu-west-1", AWS_BAD_ENDPOINT, "plain http");
    assert_fault(NULL, "[default]\nendpoint_url = nonsense\n", "guardduty", "eu-west-1",
            AWS_BAD_ENDPOINT, ".aws/config:2");
}

static void test_good_addresses(void **state)
{
    (void)state;

    static const struct {
        const char *url, *base;
        bool is_loopback;
    } cases[] = {
        { "http://127.0.0.1:5000", "http://127.0.0.1:5000", true },
        { "http://127.8.9.1/", "http://127.8.9.1", true },
        { "HTTP://LocalHost:80", "http://localhost", true },
        { "http://[::1]:9", "http://[::1]:9", true },
        { "https://example.com:443/", "https://example.com", false },
        { "https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_new();
        struct endpoint endpoint;
        assert_null(endpoint_parse(arena, str_from(cases[i].url), &endpoint));
        assert_str(endpoint.base, cases[i].base);
        assert_int_equal(endpoint.is_loopback, cases[i].is_loopback);
        arena_free(arena);
    }
}

static void test_settings_that_lead_elsewhere(void **state)
{
    (void)state;
    assert_fault(ENV("AWS_USE_FIPS_ENDPOINT=true"), NULL, "guardduty", "us-east-1",
            AWS_SETTING_UNSUPPORTED, "AWS_USE_FIPS_ENDPOINT=true");
    assert_fault(NULL, "[default]\nuse_dualstack_endpoint = True\n", "guardduty", "us-east-1",
            AWS_SETTING_UNSUPPORTED, ".aws/config:2");
    assert_base(ENV("AWS_USE_FIPS_ENDPOINT=false"), "[default]\nuse_fips_endpoint = true\n",
            "guardduty", "us-east-1", "https://guardduty.us-east-1.amazonaws.com");
}

static void test_service_names(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "Guardduty", "guard.duty", "a/b", "a#", "a b" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_fault(NULL, NULL, bad[i], "us-east-1", AWS_CALL_INVALID, "cannot be the name");
    }
}

static void test_the_table_is_whole(void **state)
{
    (void)state;
    size_t count = 0;
    const struct service *table = service_table(&count);
    assert_true(count > 10);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(table[i].variable);
        assert_int_equal(table[i].protocol == AWS_REST_JSON, table[i].target_prefix == NULL);
        if (i > 0) {
            assert_true(strcmp(table[i - 1].id, table[i].id) < 0);
        }
        for (unsigned p = 0; table[i].is_global && p < PARTITION__COUNT; p++) {
            bool is_absent = (table[i].absent_in & (1u << p)) != 0;
            assert_int_equal(is_absent, table[i].home[p] == NULL);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derived),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_bad_addresses),
        cmocka_unit_test(test_good_addresses),
        cmocka_unit_test(test_settings_that_lead_elsewhere),
        cmocka_unit_test(test_service_names),
        cmocka_unit_test(test_the_table_is_whole),
    };
    return RUN_TESTS(tests);
}
