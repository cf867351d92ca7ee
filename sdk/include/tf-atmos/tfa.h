/* SPDX-License-Identifier: Apache-2.0 */
/* Everything a plugin author includes: all headers of the ABI and small helpers on top of them.
 *
 * Nothing in this file is part of the ABI: the helpers are inline, compiled into the plugin, and may
 * change with the SDK without any plugin or host noticing. */
#ifndef TF_ATMOS_TFA_H
#define TF_ATMOS_TFA_H

#include <tf-atmos/abi.h>
#include <tf-atmos/aws.h>
#include <tf-atmos/build.h>
#include <tf-atmos/call.h>
#include <tf-atmos/check.h>
#include <tf-atmos/clock.h>
#include <tf-atmos/component.h>
#include <tf-atmos/diag.h>
#include <tf-atmos/host.h>
#include <tf-atmos/log.h>
#include <tf-atmos/lookup.h>
#include <tf-atmos/note.h>
#include <tf-atmos/plugin.h>
#include <tf-atmos/value.h>

/* ---- The services in one place ---------------------------------------------------------------
 * Filled once in init, kept in the plugin's own `self`. Services the manifest does not list are
 * NULL. The members are the tables of the headers: kit->value->get(call, config, TFA_S("x")). */
struct tfa_kit {
    const struct tfa_value_v1 *value;
    const struct tfa_build_v1 *build;
    const struct tfa_diag_v1 *diag;
    const struct tfa_log_v1 *log;
    const struct tfa_call_v1 *call;
    const struct tfa_lookup_v1 *lookup;
    const struct tfa_clock_v1 *clock;
    const struct tfa_aws_v1 *aws;
};

/* Fetches every service; in init, with the host it was given. Check the optional ones for NULL. */
static inline void tfa_kit_init(struct tfa_kit *kit, const struct tfa_host *host)
{
    kit->value = (const struct tfa_value_v1 *)host->ext(host->ctx, TFA_EXT_VALUE_V1);
    kit->build = (const struct tfa_build_v1 *)host->ext(host->ctx, TFA_EXT_BUILD_V1);
    kit->diag = (const struct tfa_diag_v1 *)host->ext(host->ctx, TFA_EXT_DIAG_V1);
    kit->log = (const struct tfa_log_v1 *)host->ext(host->ctx, TFA_EXT_LOG_V1);
    kit->call = (const struct tfa_call_v1 *)host->ext(host->ctx, TFA_EXT_CALL_V1);
    kit->lookup = (const struct tfa_lookup_v1 *)host->ext(host->ctx, TFA_EXT_LOOKUP_V1);
    kit->clock = (const struct tfa_clock_v1 *)host->ext(host->ctx, TFA_EXT_CLOCK_V1);
    kit->aws = (const struct tfa_aws_v1 *)host->ext(host->ctx, TFA_EXT_AWS_V1);
}

/* ---- Strings ---------------------------------------------------------------------------------- */

/* View on a NUL-terminated string; NULL gives "not given". */
static inline struct tfa_str tfa_str_of(const char *text)
{
    struct tfa_str view;
    view.ptr = text;
    view.len = 0;
    while (text != NULL && text[view.len] != '\0') {
        view.len++;
    }
    return view;
}

/* 1 when both have the same bytes, else 0. */
static inline int32_t tfa_str_eq(struct tfa_str a, struct tfa_str b)
{
    uint64_t i;
    if (a.len != b.len) {
        return 0;
    }
    for (i = 0; i < a.len; i++) {
        if (a.ptr[i] != b.ptr[i]) {
            return 0;
        }
    }
    return 1;
}

/* Fixed text buffer for messages. What does not fit is cut at a character; never fails. */
struct tfa_text {
    uint64_t len;
    char buf[1000];
};

/* An empty one. */
static inline struct tfa_text tfa_text_new(void)
{
    struct tfa_text text;
    text.len = 0;
    text.buf[0] = '\0';
    return text;
}

/* What stands in the buffer; a view into it, so keep the buffer. */
static inline struct tfa_str tfa_text_view(const struct tfa_text *text)
{
    struct tfa_str view;
    view.ptr = text->buf;
    view.len = text->len;
    return view;
}

/* Adds a text at the end. */
static inline void tfa_text_add(struct tfa_text *text, struct tfa_str part)
{
    uint64_t room = sizeof(text->buf) - text->len;
    uint64_t take = part.len < room ? part.len : room;
    uint64_t i;
    while (take < part.len && take > 0 && ((unsigned char)part.ptr[take] & 0xC0U) == 0x80U) {
        take--;
    }
    for (i = 0; i < take; i++) {
        text->buf[text->len + i] = part.ptr[i];
    }
    text->len += take;
}

/* Adds a number in decimal. */
static inline void tfa_text_add_int(struct tfa_text *text, int64_t number)
{
    char digits[20];
    uint64_t n = sizeof(digits);
    uint64_t rest = number < 0 ? 0U - (uint64_t)number : (uint64_t)number;
    struct tfa_str view;
    do {
        n--;
        digits[n] = (char)('0' + (char)(rest % 10U));
        rest /= 10U;
    } while (rest > 0);
    if (number < 0) {
        tfa_text_add(text, TFA_S("-"));
    }
    view.ptr = digits + n;
    view.len = sizeof(digits) - n;
    tfa_text_add(text, view);
}

/* The text of a scalar value in double quotes, "..." for what is not a scalar or is sensitive. */
static inline void tfa_text_add_val(
        struct tfa_text *text, const struct tfa_kit *kit, struct tfa_call *call, tfa_val v)
{
    struct tfa_str scalar = { NULL, 0 };
    if (kit->value->is_sensitive(call, v) != 0 ||
            kit->value->text(call, v, &scalar) != TFA_OK) {
        scalar = TFA_S("...");
    }
    tfa_text_add(text, TFA_S("\""));
    tfa_text_add(text, scalar);
    tfa_text_add(text, TFA_S("\""));
}

/* ---- Reading with a default -------------------------------------------------------------------
 * `fallback` is returned when the key is missing, null, unknown or of another kind. */

/* A string. */
static inline struct tfa_str tfa_get_str(const struct tfa_kit *kit, struct tfa_call *call,
        tfa_val map, struct tfa_str key, struct tfa_str fallback)
{
    struct tfa_str found = { NULL, 0 };
    tfa_val v = kit->value->get(call, map, key);
    return kit->value->as_string(call, v, &found) == TFA_OK ? found : fallback;
}

/* An integral number that fits. */
static inline int64_t tfa_get_int(const struct tfa_kit *kit, struct tfa_call *call, tfa_val map,
        struct tfa_str key, int64_t fallback)
{
    int64_t found = 0;
    tfa_val v = kit->value->get(call, map, key);
    return kit->value->as_int(call, v, &found) == TFA_OK ? found : fallback;
}

/* 0 or 1. */
static inline int32_t tfa_get_bool(const struct tfa_kit *kit, struct tfa_call *call,
        tfa_val map, struct tfa_str key, int32_t fallback)
{
    int32_t found = 0;
    tfa_val v = kit->value->get(call, map, key);
    return kit->value->as_bool(call, v, &found) == TFA_OK ? found : fallback;
}

/* 1 when there is a value, known or not: neither missing nor null. */
static inline int32_t tfa_is_set(const struct tfa_kit *kit, struct tfa_call *call, tfa_val v)
{
    return kit->value->kind(call, v) > TFA_KIND_NULL ? 1 : 0;
}

/* Loops over a list or map: TFA_EACH(kit, call, list, i) { v = kit->value->at(call, list, i); ... } */
/* NOLINTBEGIN(bugprone-macro-parentheses): `i` is the name of a variable */
#define TFA_EACH(kit, call, container, i)                                                      \
    for (uint64_t i = 0, i##_end = (kit)->value->count((call), (container)); i < i##_end; i++)

/* NOLINTEND(bugprone-macro-parentheses) */

/* ---- Reporting -------------------------------------------------------------------------------- */

/* An empty finding or result with its size set, to be filled field by field. */
static inline struct tfa_diag tfa_diag_at(tfa_val at, struct tfa_str code)
{
    struct tfa_diag diag = { (uint32_t)sizeof(struct tfa_diag), TFA_SEVERITY_DEFAULT, 0, 0,
        { NULL, 0 }, TFA_NONE, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },
        { NULL, 0 }, NULL };
    diag.at = at;
    diag.code = code;
    return diag;
}

/* Reports a finding with the severity of the catalogue. An empty remediation means the catalogue's. */
static inline int32_t tfa_report(const struct tfa_kit *kit, struct tfa_call *call, tfa_val at,
        struct tfa_str code, struct tfa_str message, struct tfa_str remediation)
{
    struct tfa_diag diag = tfa_diag_at(at, code);
    diag.message = message;
    diag.remediation = remediation;
    return kit->diag->report(call, &diag);
}

/* The same with literals: TFA_DIAG(kit, call, v, GD0003, "rank must be 1 to 100", ""). The code
 * macros come from the generated manifest header, so that a misspelt code does not compile. */
#define TFA_DIAG(kit, call, at, code, message, remediation)                                    \
    ((void)tfa_report((kit), (call), (at), TFA_S(code), TFA_S(message), TFA_S(remediation)))

/* An empty result about a part of the intent, with its size set. Set message unless it is a PASS. */
static inline struct tfa_result tfa_result_at(tfa_val at, uint32_t outcome)
{
    struct tfa_result result = { (uint32_t)sizeof(struct tfa_result), TFA_RESULT_UNKNOWN, 0, 0,
        0, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, TFA_NONE, { NULL, 0 }, TFA_NONE, TFA_NONE,
        { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },
        { NULL, 0 }, NULL };
    result.at = at;
    result.outcome = outcome;
    return result;
}

/* Reports the outcome of the running check in one go. */
static inline int32_t tfa_result_report(const struct tfa_kit *kit, struct tfa_call *call,
        tfa_val at, uint32_t outcome, struct tfa_str message, tfa_val expected, tfa_val actual)
{
    struct tfa_result result = tfa_result_at(at, outcome);
    result.message = message;
    result.expected = expected;
    result.actual = actual;
    return kit->diag->result(call, &result);
}

/* For an answer that is not SUCCESS and proves nothing: SKIPPED when the service does not exist in the
 * partition, else UNKNOWN, with the host's summary of what happened. */
static inline int32_t tfa_result_no_answer(const struct tfa_kit *kit, struct tfa_call *call,
        tfa_val at, const struct tfa_aws_answer *answer)
{
    struct tfa_result result = tfa_result_at(
            at, answer->outcome == TFA_AWS_NOT_THERE ? TFA_RESULT_SKIPPED : TFA_RESULT_UNKNOWN);
    result.message = answer->outcome == TFA_AWS_NOT_THERE
                             ? TFA_S("the service does not exist in this partition")
                             : TFA_S("AWS did not give an answer that decides this check");
    result.detail = answer->summary;
    return kit->diag->result(call, &result);
}

/* An empty request with its size set. */
static inline struct tfa_aws_request tfa_aws_request_to(
        uint32_t protocol, struct tfa_str service, struct tfa_str operation)
{
    struct tfa_aws_request request = { (uint32_t)sizeof(struct tfa_aws_request), 0, 0, 0,
        { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },
        { NULL, 0 }, TFA_NONE, TFA_NONE, { NULL, 0 }, { NULL, 0 }, TFA_NONE, { NULL, 0 } };
    request.protocol = protocol;
    request.service = service;
    request.operation = operation;
    return request;
}

#endif
