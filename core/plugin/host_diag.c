/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.diag/1: findings and check results become diagnostics of the run. */
#include <string.h>

#include "catalogue.h"
#include "host.h"

enum {
    MESSAGE_MAX = 1000,
    DETAIL_MAX = 4000,
    TEXT_MAX = 500,
    RELATED_MAX = 16
};

/* Copies as much as both sides know; the rest stays zero. */
#define READ_STRUCT(to, from)                                                                  \
    memcpy((to), (from),                                                                       \
            (from)->struct_size < sizeof(*(to)) ? (from)->struct_size : sizeof(*(to)))

static enum diag_severity severity_from_name(struct str name)
{
    return str_eq(name, STR("warning")) ? DIAG_WARNING
           : str_eq(name, STR("info"))  ? DIAG_INFO
           : str_eq(name, STR("hint"))  ? DIAG_HINT
                                        : DIAG_ERROR;
}

static enum diag_severity severity_of(uint32_t severity, const struct catalogue_code *code)
{
    switch (severity) {
    case TFA_SEVERITY_DEFAULT:
        return code ? severity_from_name(code->severity) : DIAG_ERROR;
    case TFA_SEVERITY_WARNING:
        return DIAG_WARNING;
    case TFA_SEVERITY_INFO:
        return DIAG_INFO;
    case TFA_SEVERITY_HINT:
        return DIAG_HINT;
    default:
        return DIAG_ERROR; /* also severities of a later minor */
    }
}

static bool is_https(struct str text)
{
    return str_starts_with(text, STR("https://"));
}

/* Fills place and pointer from a handle and a pointer below it. */
static int32_t place(struct tfa_call *call, const char *function, tfa_val at,
        struct tfa_str pointer, bool is_key, struct diag *diag)
{
    uint32_t slot = 0;
    uint32_t found = 0;
    int32_t rc = handle_slot(call, function, at, &slot);
    struct str below = str_of(pointer);
    if (rc == TFA_E_ABSENT) {
        if (!host_of(call)->binding) {
            return TFA_OK;
        }
        /* The intent as a whole: the first root that was made. */
        slot = 1;
    } else if (rc != TFA_OK) {
        return rc;
    }
    /* Where the pointer leads to nothing, the last step that exists is what is meant. */
    (void)slot_find(call, slot, below, &found);
    diag->mark = slot_mark(call, found, is_key);
    struct str base = slot_pointer(call, slot);
    if (base.ptr) {
        struct str clean = call_text(call, pointer, TEXT_MAX);
        diag->pointer = arena_printf(call->run->arena, "%.*s%s%.*s", STR_ARG(base),
                clean.len > 0 && clean.ptr[0] != '/' ? "/" : "", STR_ARG(clean));
    }
    return TFA_OK;
}

static void set_subject(struct tfa_call *call, struct diag *diag)
{
    diag->plugin = host_of(call)->plugin->identity->id;
    if (host_of(call)->binding) {
        diag->stack = host_of(call)->binding->instance->stack;
        diag->component = host_of(call)->binding->instance->name;
    }
}

static struct str doc_url(struct tfa_call *call, struct tfa_str given, struct str code)
{
    struct str url = call_text(call, given, MESSAGE_MAX);
    if (is_https(url)) {
        return url;
    }
    if (url.len > 0) {
        call_misuse(call, "a documentation address is not https");
    }
    return arena_printf(call->run->arena, "%.*s#%.*s",
            STR_ARG(host_of(call)->plugin->identity->documentation), STR_ARG(code));
}

/* Checks that every text of a list is fit to be kept. */
static bool are_good(const struct tfa_str *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_good_text(texts[i])) {
            return false;
        }
    }
    return true;
}

static void add_related(
        struct tfa_call *call, const struct tfa_related *const *related, uint32_t count)
{
    for (uint32_t i = 0; related && i < count && i < RELATED_MAX; i++) {
        struct tfa_related one = { 0 };
        struct diag where = { 0 };
        if (!related[i] || related[i]->struct_size < sizeof(uint32_t)) {
            continue;
        }
        READ_STRUCT(&one, related[i]);
        if (is_good_text(one.message) && is_good_text(one.pointer) &&
                place(call, "diag.report", one.at, one.pointer,
                        (one.flags & TFA_DIAG_AT_KEY) != 0, &where) == TFA_OK) {
            diag_relate(
                    &call->run->diags, where.mark, call_text(call, one.message, MESSAGE_MAX));
        }
    }
}

/* Has the callback said enough? Counts what is dropped. */
static bool is_over_limit(struct tfa_call *call)
{
    if (host_of(call)->finding_count + host_of(call)->result_count < CALL_FINDING_MAX) {
        return false;
    }
    host_of(call)->dropped_count++;
    return true;
}

static const struct catalogue *catalogue_known(struct tfa_call *call)
{
    static const struct catalogue none = { 0 };
    const struct catalogue *catalogue = host_of(call)->plugin->runtime->catalogue;
    return catalogue ? catalogue : &none;
}

static int32_t report(struct tfa_call *call, const struct tfa_diag *given)
{
    struct tfa_diag in = { 0 };
    struct diag out = { 0 };
    int32_t rc = call_enter(call, SERVICE_DIAG, "diag.report");
    if (rc != TFA_OK) {
        return rc;
    }
    if (!given || given->struct_size < offsetof(struct tfa_diag, detail)) {
        call_misuse(call, "diag.report was given no finding");
        return TFA_E_INVALID;
    }
    READ_STRUCT(&in, given);
    const struct tfa_str texts[] = { in.code, in.pointer, in.message, in.detail, in.remediation,
        in.doc_url, in.resource };
    if (!are_good(texts, sizeof(texts) / sizeof(texts[0])) || in.code.len == 0 ||
            in.message.len == 0) {
        call_misuse(call, "diag.report was given a finding without code or message, or text "
                          "that is not UTF-8");
        return TFA_E_INVALID;
    }
    rc = place(call, "diag.report", in.at, in.pointer, (in.flags & TFA_DIAG_AT_KEY) != 0, &out);
    if (rc != TFA_OK) {
        return rc;
    }
    if (is_over_limit(call)) {
        return TFA_E_LIMIT;
    }
    struct str code = call_text(call, in.code, 64);
    const struct catalogue_code *known = catalogue_find_code(catalogue_known(call), code);
    if (!known) {
        call_misuse(call, "it reported the code `%.*s`, which its manifest does not declare",
                STR_ARG(code));
    }
    out.id = arena_cstr(call->run->arena, code);
    out.severity = severity_of(in.severity, known);
    out.exit_code = out.severity == DIAG_ERROR ? EXIT_FINDINGS : EXIT_OK;
    out.message = call_text(call, in.message, MESSAGE_MAX);
    out.detail = call_text(call, in.detail, DETAIL_MAX);
    out.hint = in.remediation.len > 0 ? call_text(call, in.remediation, MESSAGE_MAX)
               : known                ? known->fix
                                      : STR_EMPTY;
    out.doc_url = doc_url(call, in.doc_url, code);
    out.resource = call_text(call, in.resource, TEXT_MAX);
    set_subject(call, &out);
    host_of(call)->finding_count++;
    host_of(call)->error_count += out.severity == DIAG_ERROR ? 1 : 0;
    (void)diag_append(&call->run->diags, &out);
    add_related(call, in.related, in.related_count);
    return TFA_OK;
}

/* A value in one line, without secrets. */
static int32_t show_value(struct tfa_call *call, tfa_val v, struct str *ret_text)
{
    const struct value *value = NULL;
    int32_t rc = handle_value(call, "diag.result", v, &value);
    if (rc == TFA_E_ABSENT) {
        *ret_text = STR_EMPTY;
        return TFA_OK;
    }
    if (rc == TFA_OK) {
        AUTO_BUF out = BUF_INIT(1 << 16);
        json_write(&out, value, JSON_COMPACT | JSON_MASK);
        *ret_text = call_text(call, tfa_str_from(buf_str(&out)), TEXT_MAX);
    }
    return rc;
}

/* Outcome, severity and exit code belong together. */
static void set_outcome(struct tfa_call *call, const struct tfa_result *in,
        const struct catalogue_code *code, struct diag *out)
{
    out->exit_code = EXIT_OK;
    switch (in->outcome) {
    case TFA_RESULT_PASS:
        out->check = DIAG_CHECK_PASS;
        out->severity = DIAG_INFO;
        host_of(call)->tally.pass++;
        break;
    case TFA_RESULT_FAIL:
        out->check = DIAG_CHECK_FAIL;
        out->severity = severity_of(in->severity, code);
        out->exit_code = out->severity == DIAG_ERROR ? EXIT_FINDINGS : EXIT_OK;
        host_of(call)->tally.fail++;
        break;
    case TFA_RESULT_PENDING:
        out->check = DIAG_CHECK_PENDING;
        out->severity = DIAG_WARNING;
        host_of(call)->tally.pending++;
        if (in->retry_after_ms > host_of(call)->retry_after_ms) {
            host_of(call)->retry_after_ms = in->retry_after_ms;
        }
        break;
    case TFA_RESULT_SKIPPED:
        out->check = DIAG_CHECK_SKIPPED;
        out->severity = DIAG_INFO;
        host_of(call)->tally.skipped++;
        break;
    default: /* also outcomes of a later minor */
        out->check = DIAG_CHECK_UNKNOWN;
        out->severity = DIAG_WARNING;
        host_of(call)->tally.unknown++;
        break;
    }
    host_of(call)->error_count += out->severity == DIAG_ERROR ? 1 : 0;
}

/* Ids and codes of a result against the catalogue. */
static const struct catalogue_code *name_result(struct tfa_call *call,
        const struct tfa_result *in, struct diag *out, struct str *ret_title)
{
    const struct catalogue *catalogue = catalogue_known(call);
    struct str id = in->check_id.len > 0 ? call_text(call, in->check_id, 64)
                                         : str_of(call->who.check_id);
    const struct catalogue_check *check = catalogue_find_check(catalogue, id);
    if (!check) {
        call_misuse(call, "it reported the check `%.*s`, which its manifest does not declare",
                STR_ARG(id));
    }
    struct str code = in->code.len > 0 ? call_text(call, in->code, 64)
                      : check          ? check->code
                                       : STR_EMPTY;
    const struct catalogue_code *known = catalogue_find_code(catalogue, code);
    if (in->code.len > 0 && !known) {
        call_misuse(call, "it reported the code `%.*s`, which its manifest does not declare",
                STR_ARG(code));
    }
    out->check_id = id;
    out->id = arena_cstr(call->run->arena, code.len > 0 ? code : id);
    *ret_title = in->title.len > 0 ? call_text(call, in->title, MESSAGE_MAX)
                 : check           ? check->title
                                   : STR_EMPTY;
    return known;
}

static int32_t result(struct tfa_call *call, const struct tfa_result *given)
{
    struct tfa_result in = { 0 };
    struct diag out = { 0 };
    struct str title;
    int32_t rc = call_enter(call, SERVICE_DIAG, "diag.result");
    if (rc == TFA_OK && call->who.phase != TFA_PHASE_CHECK) {
        call_misuse(call, "diag.result may be used in checks only");
        rc = TFA_E_PHASE;
    }
    if (rc != TFA_OK) {
        return rc;
    }
    if (!given || given->struct_size < offsetof(struct tfa_result, detail)) {
        call_misuse(call, "diag.result was given no result");
        return TFA_E_INVALID;
    }
    READ_STRUCT(&in, given);
    const struct tfa_str texts[] = { in.check_id, in.title, in.code, in.pointer, in.message,
        in.detail, in.remediation, in.doc_url, in.resource, in.target, in.region };
    if (!are_good(texts, sizeof(texts) / sizeof(texts[0])) ||
            (in.message.len == 0 && in.outcome != TFA_RESULT_PASS)) {
        call_misuse(call, "diag.result was given a result without a message, or text that is "
                          "not UTF-8");
        return TFA_E_INVALID;
    }
    rc = place(call, "diag.result", in.at, in.pointer, (in.flags & TFA_DIAG_AT_KEY) != 0, &out);
    rc = rc == TFA_OK ? show_value(call, in.expected, &out.expected) : rc;
    rc = rc == TFA_OK ? show_value(call, in.actual, &out.actual) : rc;
    if (rc != TFA_OK) {
        return rc;
    }
    if (is_over_limit(call)) {
        return TFA_E_LIMIT;
    }
    const struct catalogue_code *known = name_result(call, &in, &out, &title);
    set_outcome(call, &in, known, &out);
    out.message = in.message.len > 0 ? call_text(call, in.message, MESSAGE_MAX) : title;
    out.detail = call_text(call, in.detail, DETAIL_MAX);
    if (out.check != DIAG_CHECK_PASS && out.check != DIAG_CHECK_SKIPPED) {
        out.hint = in.remediation.len > 0 ? call_text(call, in.remediation, MESSAGE_MAX)
                   : known && out.check == DIAG_CHECK_FAIL ? known->fix
                                                           : STR_EMPTY;
        out.doc_url = doc_url(call, in.doc_url, str_from(out.id));
    }
    out.resource = call_text(call, in.resource, TEXT_MAX);
    set_subject(call, &out);
    host_of(call)->result_count++;
    (void)diag_append(&call->run->diags, &out);
    add_related(call, in.related, in.related_count);
    return TFA_OK;
}

const struct tfa_diag_v1 host_diag_v1 = { report, result };
