/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the contract plugin on the mock host.
 *
 * mock INTENT           prints the variables, then one line per finding
 * mock INTENT ANSWERS   runs the checks and prints one line per result. ANSWERS has one line per
 *                       scripted answer: path, contained text, status, error code, body, by tabs */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tf-atmos/testkit.h>

#include "../read_file.h"

static const char *or_null(const char *text)
{
    return text == NULL || text[0] == '\0' ? NULL : text;
}

static void add_answers(struct tfa_testkit *kit, char *text)
{
    static const char *const actions[] = { "guardduty:GetDetector", "guardduty:ListMembers",
        "guardduty:GetMemberDetectors", "organizations:ListAccounts" };
    char *line;

    while ((line = strsep(&text, "\n")) != NULL && line[0] != '\0') {
        struct tfa_testkit_answer answer = { 0 };
        answer.path = strsep(&line, "\t");
        answer.contains = or_null(strsep(&line, "\t"));
        answer.status = (uint32_t)atoi(strsep(&line, "\t"));
        answer.error_code = or_null(strsep(&line, "\t"));
        answer.body = line;
        for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
            answer.action = actions[i];
            tfa_testkit_aws_add(kit, &answer);
        }
    }
}

static int print_findings(struct tfa_testkit *kit)
{
    if (tfa_testkit_generate(kit) != TFA_OK || tfa_testkit_validate(kit) != TFA_OK) {
        return 1;
    }
    (void)printf("%s\n", tfa_testkit_vars(kit));
    for (uint64_t i = 0; i < tfa_testkit_finding_count(kit); i++) {
        const struct tfa_testkit_finding *f = tfa_testkit_finding_at(kit, i);
        (void)printf("%s\t%u\t%u\t%u\t%s\t%s\t%s\t%s\n", f->code, f->severity, f->line,
                f->column, f->pointer, f->message, f->remediation, f->doc_url);
    }
    return 0;
}

static int print_results(struct tfa_testkit *kit)
{
    if (tfa_testkit_run_checks(kit) != TFA_OK) {
        return 1;
    }
    for (uint64_t i = 0; i < tfa_testkit_result_count(kit); i++) {
        const struct tfa_testkit_result *r = tfa_testkit_result_at(kit, i);
        (void)printf("%s\t%s\t%s\t%s\t%u\t%u\t%s\n", r->check_id, r->code, r->message,
                r->pointer, r->line, r->column, r->actual);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct tfa_testkit *kit = tfa_testkit_new(tfa_plugin_main_v1(), TFA_TESTKIT_MANIFEST);
    char *intent = read_file(argv[1]);
    char *answers = argc > 2 ? read_file(argv[2]) : NULL;
    int status;

    tfa_testkit_intent(kit, intent);
    tfa_testkit_context(kit,
            "{stack: dev, component: app, module: app, kind: contract, "
            "vars: {stage: dev, region: eu-west-1}, aws: {region: eu-west-1, partition: aws}, "
            "targets: [{alias: self, region: eu-west-1}]}");
    if (answers != NULL) {
        add_answers(kit, answers);
        status = print_results(kit);
    } else {
        status = print_findings(kit);
    }
    for (uint64_t i = 0; i < tfa_testkit_misuse_count(kit); i++) {
        (void)fprintf(stderr, "misuse: %s\n", tfa_testkit_misuse(kit, i));
    }
    tfa_testkit_free(kit);
    free(intent);
    free(answers);
    return status;
}
