/* SPDX-License-Identifier: Apache-2.0 */
/* Assertions of the test kit for CMocka. Each one that fails prints what the plugin said and ends the
 * test at the line it stands in. Needs CMocka, which the kit itself does not.
 *
 *     static void test_owner(void **state)
 *     {
 *         struct tfa_testkit *kit = *state;
 *         tfa_testkit_intent(kit, "owner: nobody\n");
 *         TFA_ASSERT_OK(tfa_testkit_validate(kit));
 *         TFA_ASSERT_FINDING(kit, TAG0001, "/owner");
 *         TFA_ASSERT_NO_MISUSE(kit);
 *     }
 */
#ifndef TF_ATMOS_TESTKIT_CMOCKA_H
#define TF_ATMOS_TESTKIT_CMOCKA_H

/* CMocka wants these four before its header. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include <tf-atmos/testkit.h>

/* Ends the test unless `holds`; shows `what` and everything the plugin said so far. */
static inline void tfa_assert(
        struct tfa_testkit *kit, int holds, const char *what, const char *file, int line)
{
    if (!holds) {
        print_error("%s\n%s", what, tfa_testkit_report(kit));
        _fail(file, line);
    }
}

/* 1 when a finding of this code stands at this JSON pointer. */
static inline int tfa_has_finding(
        struct tfa_testkit *kit, const char *code, const char *pointer)
{
    for (uint64_t i = 0; i < tfa_testkit_finding_count(kit); i++) {
        const struct tfa_testkit_finding *finding = tfa_testkit_finding_at(kit, i);
        if (strcmp(finding->code, code) == 0 && strcmp(finding->pointer, pointer) == 0) {
            return 1;
        }
    }
    return 0;
}

/* 1 when the check reported a result and its first outcome is this one. */
static inline int tfa_has_result(
        struct tfa_testkit *kit, const char *check_id, uint32_t outcome)
{
    const struct tfa_testkit_result *result = tfa_testkit_result_of(kit, check_id);

    return result != NULL && result->outcome == outcome ? 1 : 0;
}

/* A callback, or anything that returns a result code, succeeded. */
#define TFA_ASSERT_OK(call) assert_int_equal((call), TFA_OK)

/* A finding of the code stands at the JSON pointer: TFA_ASSERT_FINDING(kit, TAG0001, "/owner"). */
#define TFA_ASSERT_FINDING(kit, code, pointer)                                                 \
    tfa_assert((kit), tfa_has_finding((kit), (code), (pointer)), "no " code " at " pointer,    \
            __FILE__, __LINE__)

/* Nothing was found. */
#define TFA_ASSERT_NO_FINDINGS(kit)                                                            \
    tfa_assert((kit), tfa_testkit_finding_count(kit) == 0, "findings", __FILE__, __LINE__)

/* The first result of a check: TFA_ASSERT_RESULT(kit, CHECK_TAG_01, TFA_RESULT_PASS). */
#define TFA_ASSERT_RESULT(kit, check_id, outcome)                                              \
    tfa_assert((kit), tfa_has_result((kit), (check_id), (outcome)),                            \
            check_id " is not " #outcome, __FILE__, __LINE__)

/* The variables, as canonical JSON. */
#define TFA_ASSERT_VARS(kit, json) assert_string_equal(tfa_testkit_vars(kit), (json))

/* No rule of the contract was broken. */
#define TFA_ASSERT_NO_MISUSE(kit)                                                              \
    tfa_assert((kit), tfa_testkit_misuse_count(kit) == 0, "misuse", __FILE__, __LINE__)

/* All of it equals the file. */
#define TFA_ASSERT_GOLDEN(kit, path)                                                           \
    tfa_assert((kit), tfa_testkit_golden((kit), (path)), "not as in " path, __FILE__, __LINE__)

#endif
