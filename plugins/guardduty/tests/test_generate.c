/* SPDX-License-Identifier: Apache-2.0 */
/* Generation: the variables of each role as a whole, single rules, and the same bytes each time. */
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "guardduty_test.h"

#define GOLDEN "plugins/guardduty/tests/golden/"

/* The files of golden/: an intent and its variables as one line of canonical JSON. With TFA_WRITE_GOLDEN
 * set the variables are written anew, to be read before they are kept. */
static const struct {
    const char *name;
    const char *context;
} goldens[] = {
    { "administrator", CONTEXT_SECURITY },
    { "management", CONTEXT_ALONE },
    { "member", CONTEXT_MEMBER },
    { "standalone", CONTEXT_ALONE },
    { "defaults", "aws: {region: us-east-1}" },
};

static const char *read_file(const char *name, const char *ending, char *text, size_t size)
{
    char path[200];
    (void)snprintf(path, sizeof(path), GOLDEN "%s%s", name, ending);
    FILE *file = fopen(path, "r");
    if (!file) {
        fail_msg("%s cannot be opened", path);
        return NULL;
    }
    size_t length = fread(text, 1, size - 1, file);
    assert_true(length < size - 1);
    assert_int_equal(fclose(file), 0);
    text[length] = '\0';
    return text;
}

static void write_golden(const char *name, const char *vars)
{
    char path[200];
    (void)snprintf(path, sizeof(path), GOLDEN "%s.tfvars.json", name);
    FILE *file = fopen(path, "w");
    if (!file) {
        fail_msg("%s cannot be opened", path);
        return;
    }
    assert_true(fprintf(file, "%s\n", vars) > 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_golden(const char *name, const char *context)
{
    static char intent[20000];
    static char want[20000];
    struct tfa_testkit *kit =
            kit_new(read_file(name, ".yaml", intent, sizeof(intent)), context);
    assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
    for (uint64_t i = 0; i < tfa_testkit_finding_count(kit); i++) {
        assert_int_not_equal(tfa_testkit_finding_at(kit, i)->severity, TFA_SEVERITY_ERROR);
    }
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    if (getenv("TFA_WRITE_GOLDEN") != NULL) {
        write_golden(name, tfa_testkit_vars(kit));
    }
    read_file(name, ".tfvars.json", want, sizeof(want));
    want[strcspn(want, "\n")] = '\0';
    assert_string_equal(tfa_testkit_vars(kit), want);
    kit_free(kit);
}

static void assert_var(
        const char *intent, const char *context, const char *pointer, const char *want)
{
    struct tfa_testkit *kit = kit_new(intent, context);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    const char *got = tfa_testkit_var(kit, pointer);
    if (want == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(got, want);
    }
    kit_free(kit);
}

static void test_golden_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(goldens) / sizeof(*goldens); i++) {
        assert_golden(goldens[i].name, goldens[i].context);
    }
}

/* A standalone account has its own detector and nothing of an organization. */
static void test_standalone(void **state)
{
    (void)state;
    assert_var("{}", CONTEXT_ALONE, "/account_role", "\"standalone\"");
    assert_var("{}", CONTEXT_ALONE, "/features/S3_DATA_EVENTS",
            "{\"auto_enable\":\"NONE\",\"status\":\"ENABLED\"}");
    assert_var("{}", CONTEXT_ALONE, "/auto_enable_organization_members", NULL);
    assert_var("{}", CONTEXT_ALONE, "/member_features", NULL);
}

static void test_single_rules(void **state)
{
    (void)state;
    /* Of the two runtime features only the one that counts. */
    assert_var("protection: {eks_runtime: all}", CONTEXT_ALONE, "/features/RUNTIME_MONITORING",
            NULL);
    assert_var("protection: {eks_runtime: all}", CONTEXT_ALONE,
            "/features/EKS_RUNTIME_MONITORING",
            "{\"additional\":{\"EKS_ADDON_MANAGEMENT\":{\"auto_enable\":\"NONE\",\"status\":"
            "\"ENABLED\"}},\"auto_enable\":\"NONE\",\"status\":\"ENABLED\"}");
    assert_var("protection: {runtime: 'off'}", CONTEXT_ALONE,
            "/features/RUNTIME_MONITORING/status", "\"DISABLED\"");
    assert_var("protection: {runtime: 'off'}", CONTEXT_ALONE,
            "/features/RUNTIME_MONITORING/additional/EC2_AGENT_MANAGEMENT/status",
            "\"DISABLED\"");
    /* The home Region is the user's, else the first governed one. */
    assert_var("regions: [us-east-1, us-west-2]", CONTEXT_ALONE, "/region", NULL);
    assert_var("regions: [us-east-1, us-west-2]", "vars: {}", "/region", "\"us-east-1\"");
    assert_var("publish_every: 6h", CONTEXT_ALONE, "/finding_publishing_frequency",
            "\"SIX_HOURS\"");
    assert_var("{}", CONTEXT_ALONE, "/finding_publishing_frequency", "\"FIFTEEN_MINUTES\"");
    assert_var("export: {create: true, bucket_name: b, prefix: p}", CONTEXT_ALONE, "/export",
            "{\"bucket_name\":\"b\",\"create\":true,\"prefix\":\"p\"}");
    assert_var("{}", CONTEXT_ALONE, "/export", NULL);
    assert_var("suppress: [{name: abc, rank: 1, action: noop, when: {type: [x]}}]",
            CONTEXT_ALONE, "/filters/abc/action", "\"NOOP\"");
    /* Numbers in lists become texts, account ids keep their zeros. */
    assert_var("suppress: [{name: abc, rank: 1, when: {port: [22, '0080']}}]", CONTEXT_ALONE,
            "/filters/abc/criteria/port/equals", "[\"22\",\"0080\"]");
}

/* The same input gives the same bytes, whatever surrounds the process. */
static void test_determinism(void **state)
{
    (void)state;
    static const char *const locales[] = { "C", "C.UTF-8", "POSIX" };
    for (int i = 0; i < 100; i++) {
        char number[20];
        (void)snprintf(number, sizeof(number), "UTC%d", i % 12);
        assert_int_equal(setenv("TZ", number, 1), 0);
        assert_int_equal(setenv("AWS_REGION", number, 1), 0);
        (void)setlocale(LC_ALL, locales[i % 3]);
        assert_golden("administrator", CONTEXT_SECURITY);
    }
    assert_int_equal(unsetenv("TZ"), 0);
    assert_int_equal(unsetenv("AWS_REGION"), 0);
}

/* When a service fails, nothing half-made comes out. */
static void test_failing_services(void **state)
{
    (void)state;
    static char intent[20000];
    struct tfa_testkit *kit = kit_new(
            read_file("administrator", ".yaml", intent, sizeof(intent)), CONTEXT_SECURITY);
    assert_int_equal(tfa_testkit_generate(kit), TFA_OK);
    uint64_t calls = tfa_testkit_calls(kit);
    for (uint64_t n = 1; n <= calls; n += 1 + n / 20) {
        tfa_testkit_clear(kit);
        tfa_testkit_fail_call(kit, n, TFA_E_MEMORY);
        int32_t code = tfa_testkit_generate(kit);
        assert_int_equal(code == TFA_OK, tfa_testkit_vars(kit)[0] != '\0');
    }
    tfa_testkit_free(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_files),
        cmocka_unit_test(test_standalone),
        cmocka_unit_test(test_single_rules),
        cmocka_unit_test(test_determinism),
        cmocka_unit_test(test_failing_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
