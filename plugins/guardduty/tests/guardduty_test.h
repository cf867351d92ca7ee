/* SPDX-License-Identifier: Apache-2.0 */
/* What the plugin's unit tests share: a kit with the plugin, and its findings and results as one line. */
#ifndef GUARDDUTY_TEST_H
#define GUARDDUTY_TEST_H

#include <stdio.h>
#include <string.h>

#include <tf-atmos/testkit.h>
#include <tf-atmos/tfa.h>

/* cmocka.h needs the four before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "guardduty_manifest.h"

#define MANAGEMENT "111122223333"
#define SECURITY   "222233334444"
#define MEMBER     "333344445555"

/* The instance of the security account in one Region; nothing else is known. */
#define CONTEXT_SECURITY "vars: {region: eu-west-1, account_id: '" SECURITY "'}"
#define CONTEXT_MEMBER   "vars: {region: eu-west-1, account_id: '" MEMBER "'}"
#define CONTEXT_ALONE    "vars: {region: eu-west-1}"

#define ADMIN "delegated_admin_account: '" SECURITY "'\n"

static inline struct tfa_testkit *kit_new(const char *intent, const char *context)
{
    struct tfa_testkit *kit =
            tfa_testkit_new(tfa_plugin_main_v1(), "plugins/guardduty/manifest.json");
    tfa_testkit_intent(kit, intent);
    tfa_testkit_context(kit, context);
    return kit;
}

/* A good plugin never breaks the contract, whatever the test is about. */
static inline void kit_free(struct tfa_testkit *kit)
{
    for (uint64_t i = 0; i < tfa_testkit_misuse_count(kit); i++) {
        print_error("misuse: %s\n", tfa_testkit_misuse(kit, i));
    }
    assert_int_equal(tfa_testkit_misuse_count(kit), 0);
    tfa_testkit_free(kit);
}

/* "GD0012:3 GD0014:5": code and line of each finding in the order they were reported. */
static inline const char *findings_line(struct tfa_testkit *kit, char *line, size_t size)
{
    size_t used = 0;
    line[0] = '\0';
    for (uint64_t i = 0; i < tfa_testkit_finding_count(kit); i++) {
        const struct tfa_testkit_finding *finding = tfa_testkit_finding_at(kit, i);
        used += (size_t)snprintf(line + used, size - used, "%s%s:%u", i > 0 ? " " : "",
                finding->code, finding->line);
        assert_true(used < size);
    }
    return line;
}

/* "fail:GD0111:4 unknown:GD0901:0": outcome, code and line of each result. */
static inline const char *results_line(struct tfa_testkit *kit, char *line, size_t size)
{
    static const char *const outcomes[] = { "unknown", "pass", "fail", "pending", "skipped" };
    size_t used = 0;
    line[0] = '\0';
    for (uint64_t i = 0; i < tfa_testkit_result_count(kit); i++) {
        const struct tfa_testkit_result *result = tfa_testkit_result_at(kit, i);
        assert_true(result->outcome < sizeof(outcomes) / sizeof(*outcomes));
        used += (size_t)snprintf(line + used, size - used, "%s%s:%s:%u", i > 0 ? " " : "",
                outcomes[result->outcome], result->code, result->line);
        assert_true(used < size);
    }
    return line;
}

#endif
