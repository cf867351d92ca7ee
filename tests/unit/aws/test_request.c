/* SPDX-License-Identifier: Apache-2.0 */
/* Building requests. */
#include "aws/aws_group.h"
#include "aws/request.h"

static struct wire build(const struct aws_call *call, const char *name, const char *token)
{
    struct wire wire = { 0 };
    const struct aws_fault *fault = NULL;
    struct page_token page = { str_from(name), str_from(token) };
    if (request_build(fixture.run.arena, fixture.run.keys, call, &page, &wire, &fault) != 0) {
        fail_msg("%.*s", STR_ARG(fault->message));
    }
    return wire;
}

static void assert_refused(const struct aws_call *call, const char *token, const char *part)
{
    struct wire wire = { 0 };
    const struct aws_fault *fault = NULL;
    struct page_token page = { token ? STR("nextToken") : STR_EMPTY, str_from(token) };
    assert_int_equal(
            request_build(fixture.run.arena, fixture.run.keys, call, &page, &wire, &fault),
            ERR_INVALID);
    assert_string_equal(fault->kind->id, "aws/call-invalid");
    assert_has(fault->message, part);
}

#define CALL(...)                                                                              \
    (&(struct aws_call){ .service = STR("guardduty"), .operation = STR("Op"), __VA_ARGS__ })

static void test_rest(void **state)
{
    (void)state;
    struct wire wire = build(CALL(.path = STR("/detector")), NULL, NULL);
    assert_str(wire.method, "GET");
    assert_str(wire.path, "/detector");
    assert_str(wire.query, "");
    assert_str(wire.body, "");
    assert_str(wire.content_type, "");
    assert_str(wire.target, "");

    wire = build(
            CALL(.body = fixture_json(&fixture, "{\"b\":1,\"a\":[true,null]}")), NULL, NULL);
    assert_str(wire.method, "POST");
    assert_str(wire.path, "/");
    assert_str(wire.body, "{\"b\":1,\"a\":[true,null]}");
    assert_str(wire.content_type, "application/json");

    wire = build(CALL(.method = STR("PUT"), .body_text = STR("{\"x\" :1}")), NULL, NULL);
    assert_str(wire.method, "PUT");
    assert_str(wire.body, "{\"x\" :1}");
}

static void test_labels(void **state)
{
    (void)state;
    const struct value *labels = fixture_json(&fixture,
            "{\"id\":\"a/b c\",\"arn\":\"arn:aws:x:1/2\",\"n\":7,\"empty\":\"\","
            "\"dots\":\"..\",\"nothing\":null,\"list\":[]}");
    struct wire wire = build(CALL(.path = STR("/d/{id}/x/{n}"), .labels = labels), NULL, NULL);
    assert_str(wire.path, "/d/a%2Fb%20c/x/7");
    wire = build(CALL(.path = STR("/tags/{arn+}"), .labels = labels), NULL, NULL);
    assert_str(wire.path, "/tags/arn%3Aaws%3Ax%3A1/2");
    wire = build(CALL(.path = STR("/tags/{arn}:x"), .labels = labels), NULL, NULL);
    assert_str(wire.path, "/tags/arn%3Aaws%3Ax%3A1%2F2%3Ax");

    assert_refused(CALL(.path = STR("/d/{no}"), .labels = labels), NULL, "no value for `{no}`");
    assert_refused(CALL(.path = STR("/d/{id}")), NULL, "no value for `{id}`");
    assert_refused(CALL(.path = STR("/d/{empty}"), .labels = labels), NULL, "cannot stand for");
    assert_refused(CALL(.path = STR("/d/{dots}"), .labels = labels), NULL, "cannot stand for");
    assert_refused(CALL(.path = STR("/d/{nothing}"), .labels = labels), NULL, "no value");
    assert_refused(CALL(.path = STR("/d/{list}"), .labels = labels), NULL, "no value");
    assert_refused(CALL(.path = STR("/d/{id"), .labels = labels), NULL, "without name or end");
    assert_refused(CALL(.path = STR("/d/{}"), .labels = labels), NULL, "without name or end");
    assert_refused(CALL(.path = STR("d")), NULL, "does not begin with a slash");
    assert_refused(CALL(.path = STR("/a/../b")), NULL, "segment `..`");
    assert_refused(CALL(.path = STR("/a/{x+}"),
                           .labels = fixture_json(&fixture, "{\"x\":\"../../b\"}")),
            NULL, "segment `..`");
}

static void test_query(void **state)
{
    (void)state;
    const struct value *query =
            fixture_json(&fixture, "{\"b\":\"x y&z\",\"a\":[1,2.50,true],\"none\":null,"
                                   "\"empty\":\"\",\"big\":123456789012345678901}");
    struct wire wire = build(CALL(.query = query), NULL, NULL);
    assert_str(wire.query, "b=x%20y%26z&a=1&a=2.50&a=true&empty=&big=123456789012345678901");
    assert_refused(CALL(.query = fixture_json(&fixture, "{\"a\":{\"b\":1}}")), NULL,
            "query parameter `a`");
    assert_refused(CALL(.query = fixture_json(&fixture, "{\"a\":[[1]]}")), NULL,
            "query parameter `a`");
    assert_refused(
            CALL(.query = fixture_json(&fixture, "[1]")), NULL, "the query is not a map");
}

static void test_page_tokens(void **state)
{
    (void)state;
    struct wire wire =
            build(CALL(.query = fixture_json(&fixture, "{\"nextToken\":\"old\",\"max\":5}")),
                    "nextToken", "a/b=");
    assert_str(wire.query, "max=5&nextToken=a%2Fb%3D");
    wire = build(CALL(.body = fixture_json(&fixture, "{\"nextToken\":\"old\",\"x\":1}")),
            "nextToken", "new");
    assert_str(wire.body, "{\"nextToken\":\"new\",\"x\":1}");
    assert_str(wire.query, "");
    struct aws_call list = { .service = STR("organizations"),
        .operation = STR("ListAccounts") };
    wire = build(&list, "NextToken", "t");
    assert_str(wire.body, "{\"NextToken\":\"t\"}");
    assert_refused(CALL(.body_text = STR("{}")), "t", "cannot be paged");
}

static void test_json(void **state)
{
    (void)state;
    struct aws_call call = { .service = STR("organizations"),
        .operation = STR("ListAccounts") };
    struct wire wire = build(&call, NULL, NULL);
    assert_str(wire.method, "POST");
    assert_str(wire.path, "/");
    assert_str(wire.target, "AWSOrganizationsV20161128.ListAccounts");
    assert_str(wire.content_type, "application/x-amz-json-1.1");
    assert_str(wire.body, "{}");

    call = (struct aws_call){ .service = STR("network-firewall"),
        .operation = STR("ListFirewalls"),
        .body = fixture_json(&fixture, "{\"MaxResults\":1}") };
    wire = build(&call, NULL, NULL);
    assert_str(wire.target, "NetworkFirewall_20201112.ListFirewalls");
    assert_str(wire.content_type, "application/x-amz-json-1.0");
    assert_str(wire.body, "{\"MaxResults\":1}");

    call = (struct aws_call){ .service = STR("kms"),
        .protocol = AWS_JSON_1_1,
        .target_prefix = STR("TrentService"),
        .operation = STR("ListKeys") };
    assert_str(build(&call, NULL, NULL).target, "TrentService.ListKeys");
    call.target_prefix = STR_EMPTY;
    assert_refused(&call, NULL, "target prefix");
    call.target_prefix = STR("Trent\r\nX");
    assert_refused(&call, NULL, "target prefix");
    call.target_prefix = STR("TrentService");
    call.operation = STR("");
    assert_refused(&call, NULL, "operation is missing");
}

static void test_bad_methods_and_bodies(void **state)
{
    (void)state;
    assert_refused(CALL(.method = STR("get")), NULL, "`get` is not a method");
    assert_refused(CALL(.method = STR("TRACE")), NULL, "`TRACE` is not a method");
    assert_refused(CALL(.body = fixture_json(&fixture, "[1]")), NULL, "the body is not a map");
    assert_refused(CALL(.body = fixture_json(&fixture, "{}"), .body_text = STR("{}")), NULL,
            "two bodies");
}

static void assert_action(const char *service, const char *operation, const char *want)
{
    struct aws_call call = { .service = str_from(service), .operation = str_from(operation) };
    assert_str(aws_call_action(fixture.run.arena, &call), want);
}

static void test_actions(void **state)
{
    (void)state;
    assert_action("guardduty", "ListDetectors", "guardduty:ListDetectors");
    assert_action("tagging", "GetResources", "tag:GetResources");
    assert_action("service-quotas", "GetServiceQuota", "servicequotas:GetServiceQuota");
    assert_action("budgets", "DescribeBudgets", "budgets:ViewBudget");
    assert_action("macie2", "GetMacieSession", "macie2:GetMacieSession");
    struct aws_call call = { .service = STR("x"), .operation = STR("y"), .action = STR("a:b") };
    assert_str(aws_call_action(fixture.run.arena, &call), "a:b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_page_tokens),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_bad_methods_and_bodies),
        cmocka_unit_test(test_actions),
    };
    return RUN_GROUP(tests);
}
