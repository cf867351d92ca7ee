/* SPDX-License-Identifier: Apache-2.0 */
/* A mock host for unit tests of plugins: values from YAML or JSON text, scripted AWS answers, a fake
 * clock, captured findings, results and misuse, faults on demand. Link tf-atmos::testkit, or the target
 * tfa_plugin_<name>_test that tfa_add_plugin() makes, with any test framework.
 *
 *     struct tfa_testkit *kit = tfa_testkit_new(tfa_plugin_main_v1(), TFA_TESTKIT_MANIFEST);
 *     tfa_testkit_intent(kit, "members: everyone\n");
 *     assert_int_equal(tfa_testkit_validate(kit), TFA_OK);
 *     assert_string_equal(tfa_testkit_finding_at(kit, 0)->code, GD0002);
 *     assert_int_equal(tfa_testkit_finding_at(kit, 0)->line, 1);
 *     tfa_testkit_free(kit);
 *
 * Not part of the ABI: a static library of the same SDK version. One kit is used by one thread.
 * All text that comes back is NUL-terminated, owned by the kit, and lives until tfa_testkit_free() or,
 * for what a run produced, until tfa_testkit_clear(). Mistakes in the test itself (bad YAML, wrong
 * order) print to standard error and abort: a test cannot go on without its input. */
#ifndef TF_ATMOS_TESTKIT_H
#define TF_ATMOS_TESTKIT_H

#include <tf-atmos/abi.h>
#include <tf-atmos/aws.h>
#include <tf-atmos/call.h>
#include <tf-atmos/diag.h>
#include <tf-atmos/plugin.h>

TFA_BEGIN_DECLS

struct tfa_testkit;

/* ---- Life ------------------------------------------------------------------------------------ */

/* A host with one plugin. `manifest` is the path of its manifest.json: catalogue, AWS actions and
 * extensions are enforced as by the real host. NULL: everything is allowed, nothing is filled in.
 * The plugin's init runs with the first callback, or by tfa_testkit_init(). */
struct tfa_testkit *tfa_testkit_new(const struct tfa_plugin *plugin, const char *manifest);
/* Calls shutdown if init succeeded. NULL is fine. */
void tfa_testkit_free(struct tfa_testkit *kit);
/* Forgets findings, results, requests, logs, misuse and scripted answers; keeps intent and context. */
void tfa_testkit_clear(struct tfa_testkit *kit);

/* ---- Input -----------------------------------------------------------------------------------
 * YAML (JSON is YAML too), typed as by the core. Two tags exist only here: `!unknown` makes a value of
 * TFA_KIND_UNKNOWN, `!sensitive text` a sensitive string. Marks say file "intent.yaml". */

/* The intent; an empty map until it is set. */
void tfa_testkit_intent(struct tfa_testkit *kit, const char *yaml);
/* Keys given here replace those of the default context: stack "test", component and module named as
 * the plugin's first kind, empty vars, settings, metadata and aws, one target "self". */
void tfa_testkit_context(struct tfa_testkit *kit, const char *yaml);
/* Another instance for lookup.h: a map with at least stack and component; kinds may hold a list. */
void tfa_testkit_instance(struct tfa_testkit *kit, const char *yaml);

/* ---- Running --------------------------------------------------------------------------------- */

/* Each returns what the callback returned, or TFA_E_UNSUPPORTED when the plugin does not offer it. A
 * result that the host would discard (failed build, wrong kind) becomes TFA_E_INTERNAL and misuse. */
int32_t tfa_testkit_init(struct tfa_testkit *kit);
int32_t tfa_testkit_validate(struct tfa_testkit *kit);
int32_t tfa_testkit_generate(struct tfa_testkit *kit);
int32_t tfa_testkit_list_checks(struct tfa_testkit *kit);
/* Runs one check item given as YAML: "{id: GD-01, region: eu-west-1}"; target is "self" and region
 * that of the target unless given. */
int32_t tfa_testkit_run_check(struct tfa_testkit *kit, const char *item_yaml);
/* Lists, then runs each item in order; the first negative code, or TFA_OK. */
int32_t tfa_testkit_run_checks(struct tfa_testkit *kit);
int32_t tfa_testkit_review(struct tfa_testkit *kit);

/* Canonical JSON (sorted keys, no blanks) of what the last generate or list returned; "" if nothing, or
 * if generate reported an error. */
const char *tfa_testkit_vars(const struct tfa_testkit *kit);
const char *tfa_testkit_items(const struct tfa_testkit *kit);
/* One value out of the same by JSON pointer, as canonical JSON; NULL when it is not there. */
const char *tfa_testkit_var(struct tfa_testkit *kit, const char *pointer);

/* ---- What the plugin said -------------------------------------------------------------------- */

struct tfa_testkit_finding {
    uint32_t phase;
    uint32_t severity; /* never TFA_SEVERITY_DEFAULT: resolved as by the host */
    const char *code;
    const char *message;
    const char *detail;
    const char *remediation; /* that of the catalogue when the plugin gave none */
    const char *doc_url;
    const char *resource;
    const char *file; /* "" without a place */
    uint32_t line;
    uint32_t column;
    const char *pointer; /* whole JSON pointer within intent or context */
    uint32_t related_count;
    uint32_t reserved;
};

struct tfa_testkit_result {
    uint32_t outcome; /* TFA_RESULT_... */
    uint32_t severity;
    const char *check_id;
    const char *title;
    const char *code;
    const char *message;
    const char *detail;
    const char *remediation;
    const char *resource;
    const char *target;
    const char *region;
    const char *expected; /* canonical JSON, "(sensitive)" for sensitive values, "" for none */
    const char *actual;
    const char *file;
    uint32_t line;
    uint32_t column;
    const char *pointer;
    uint64_t retry_after_ms;
};

uint64_t tfa_testkit_finding_count(const struct tfa_testkit *kit);
/* NULL past the end. */
const struct tfa_testkit_finding *tfa_testkit_finding_at(
        const struct tfa_testkit *kit, uint64_t index);
/* First finding with a code, NULL when there is none. */
const struct tfa_testkit_finding *tfa_testkit_find(
        const struct tfa_testkit *kit, const char *code);

uint64_t tfa_testkit_result_count(const struct tfa_testkit *kit);
const struct tfa_testkit_result *tfa_testkit_result_at(
        const struct tfa_testkit *kit, uint64_t index);
/* First result of a check, NULL when there is none. */
const struct tfa_testkit_result *tfa_testkit_result_of(
        const struct tfa_testkit *kit, const char *check_id);

/* Breaches of the contract, one sentence each; a good plugin has none in any test. */
uint64_t tfa_testkit_misuse_count(const struct tfa_testkit *kit);
const char *tfa_testkit_misuse(const struct tfa_testkit *kit, uint64_t index);
/* Number of the rule that was broken, "R31" (docs/plugin-rules.md); NULL past the end. */
const char *tfa_testkit_misuse_rule(const struct tfa_testkit *kit, uint64_t index);

/* Log lines "level message key=value", sensitive values redacted. */
uint64_t tfa_testkit_log_count(const struct tfa_testkit *kit);
const char *tfa_testkit_log(const struct tfa_testkit *kit, uint64_t index);

/* ---- AWS -------------------------------------------------------------------------------------
 * Requests are answered by the first scripted answer that fits and is not used up; without one the
 * outcome is TFA_AWS_NO_ANSWER. Nothing is ever sent. */

struct tfa_testkit_answer {
    const char *action; /* "guardduty:ListDetectors" */
    const char *target; /* alias, region, path: NULL fits every request */
    const char *region;
    const char *path; /* expanded: "/detector/abc" */
    const char *contains; /* text that must occur in query or body, both as canonical JSON */
    uint32_t status; /* HTTP status; 0: 200 */
    uint32_t
            outcome; /* TFA_AWS_... to force one; 0: derived from status and body as by the host */
    const char *error_code; /* as in x-amzn-errortype */
    const char *body; /* JSON text; NULL: "{}" */
    uint32_t times; /* how often; 0: always */
    uint32_t reserved;
};

void tfa_testkit_aws_add(struct tfa_testkit *kit, const struct tfa_testkit_answer *answer);
/* The common case: any target and region, always. */
void tfa_testkit_aws(
        struct tfa_testkit *kit, const char *action, uint32_t status, const char *body);

struct tfa_testkit_request {
    const char *action;
    const char *target;
    const char *region;
    const char *method;
    const char *path; /* expanded and encoded */
    const char *query; /* canonical JSON, "" when there is none */
    const char *body;
};

/* Scripts the answers of a file: a JSON list of maps with the members of struct tfa_testkit_answer, where
 * `body` is JSON and `text` stands for what is none. Also what `plugin conform --answers` takes. */
void tfa_testkit_aws_load(struct tfa_testkit *kit, const char *path);
/* Writes such a file: everything scripted since the kit was cleared, with what was recorded. */
void tfa_testkit_aws_save(struct tfa_testkit *kit, const char *path);
/* Recording: requests without a scripted answer go to `ask`, which fills in status, error_code and body
 * and returns 1, or 0 when it has none; it may ask AWS or a simulator. What it says is scripted from
 * then on, for one request each, in the order they were asked. Texts are copied. NULL ends it. */
void tfa_testkit_aws_ask(struct tfa_testkit *kit,
        int32_t (*ask)(void *user, const struct tfa_testkit_request *request,
                struct tfa_testkit_answer *ret_answer),
        void *user);

uint64_t tfa_testkit_request_count(const struct tfa_testkit *kit);
const struct tfa_testkit_request *tfa_testkit_request_at(
        const struct tfa_testkit *kit, uint64_t index);

/* ---- Golden files ----------------------------------------------------------------------------
 * Everything a plugin did, compared with a file that is read in reviews. */

/* Variables, check items, requests, findings, results and misuse, one a line, in the order in which they
 * came; sensitive values are hidden where the host hides them. */
const char *tfa_testkit_report(struct tfa_testkit *kit);
/* 1 when the report is what the file holds; else 0, and the first line that differs goes to standard
 * error. With TFA_UPDATE_GOLDEN=1 in the environment the file is written first. */
int32_t tfa_testkit_golden(struct tfa_testkit *kit, const char *path);

/* ---- Time, cancelling, faults ---------------------------------------------------------------- */

/* Wall and monotonic time; they stand still unless moved. The start is 2026-01-01T00:00:00Z. */
void tfa_testkit_set_time(struct tfa_testkit *kit, int64_t wall_ns);
void tfa_testkit_advance(struct tfa_testkit *kit, int64_t ns);
/* From now on cancelled() says so (0: no longer). */
void tfa_testkit_cancel(struct tfa_testkit *kit, int32_t cancelled);

/* The n-th service call (from 1) of each following callback fails with `code`, or returns TFA_NONE or
 * NULL where no code is returned; 0 ends it. To try them all:
 *     for (n = 1; n <= tfa_testkit_calls(kit); n++) { tfa_testkit_fail_call(kit, n, TFA_E_MEMORY); ... } */
void tfa_testkit_fail_call(struct tfa_testkit *kit, uint64_t n, int32_t code);
/* Service calls of the last callback. */
uint64_t tfa_testkit_calls(const struct tfa_testkit *kit);
/* Hides an extension from the plugin ("tfa.log/1"), as an older host would; before init. */
void tfa_testkit_hide(struct tfa_testkit *kit, const char *id);

TFA_END_DECLS

#endif
