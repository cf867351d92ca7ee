/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.diag/1 of the mock host: findings and results, completed from the catalogue as by the core. */
#include <string.h>

#include "mock.h"

#define FINDINGS_MAX 1000
#define RELATED_MAX  16

/* Copies what both sides know of a growing struct, which holds at least the fields of minor 0. */
static bool read_struct(void *to, size_t size, const void *from, size_t minor_0)
{
    uint32_t known;

    memset(to, 0, size);
    if (from == NULL) {
        return false;
    }
    memcpy(&known, from, sizeof(known));
    if (known < minor_0 || known % 8 != 0) {
        return false;
    }
    memcpy(to, from, known < size ? known : size);
    return true;
}

/* Size up to and with a field. */
#define UP_TO(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

/* Where a finding points. */
struct place {
    const char *file;
    uint32_t line;
    uint32_t column;
    const char *pointer;
};

/* Follows the relative pointer as far as it leads and takes the place of the last step. */
static void find_place(struct tfa_call *call, struct node *node, const char *relative,
        uint32_t flags, struct place *ret_place)
{
    struct pool *pool = &call->kit->run;
    const char *slash = relative[0] == '\0' || relative[0] == '/' ? "" : "/";
    const char *base = node_pointer(pool, node);
    const char *rest = relative;
    const struct entry *entry = NULL;

    if (node->parent != NULL) {
        entry = &node->parent->entries[node->slot];
    }
    while (*rest == '/') {
        size_t len = strcspn(rest + 1, "/");
        char *step = pool_text(pool, rest + 1, len);
        size_t slot;
        struct node *next = node_step(node, step, pointer_decode(step, len), &slot);
        if (next == NULL) {
            break;
        }
        entry = &node->entries[slot];
        node = next;
        rest += len + 1;
    }
    /* What was written nowhere is about the intent. */
    const struct node *written = node->file == NULL ? call->kit->intent : node;
    ret_place->file = written->file == NULL ? "" : written->file;
    ret_place->line = written->line;
    ret_place->column = written->column;
    if ((flags & TFA_DIAG_AT_KEY) != 0 && entry != NULL && entry->line > 0) {
        ret_place->line = entry->line;
        ret_place->column = entry->column;
    }
    ret_place->pointer = pool_format(pool, "%s%s%s", base, slash, relative);
}

/* The node a finding is about and its place; the intent when `at` is TFA_NONE. */
static int32_t locate(struct tfa_call *call, const char *function, tfa_val at,
        struct tfa_str pointer, uint32_t flags, struct place *ret_place)
{
    struct node *node = call->kit->intent;
    char *relative = str_copy(&call->pool, pointer);
    int32_t rc = handle_node(call, function, at, &node);

    if (rc != TFA_OK && rc != TFA_E_ABSENT) {
        return rc;
    }
    if (relative == NULL) {
        misuse(call->kit, RULE_FINDING, "%s: the pointer is not UTF-8", function);
        return TFA_E_INVALID;
    }
    if (node->is_made) {
        misuse(call->kit, RULE_PLACE, "%s: points at a value that nobody wrote", function);
    }
    if (relative[0] != '\0' && relative[0] != '/') {
        misuse(call->kit, RULE_PLACE, "%s: \"%s\" is not a JSON pointer", function, relative);
    }
    node->frozen = true;
    find_place(call, node, relative, flags, ret_place);
    return TFA_OK;
}

/* A text for the user: copied, redacted, `otherwise` when it is empty; NULL when it is not UTF-8. */
static const char *user_text(
        struct tfa_call *call, const char *function, struct tfa_str text, const char *otherwise)
{
    char *copy = str_copy(&call->pool, text);

    if (copy == NULL) {
        misuse(call->kit, RULE_FINDING, "%s: a text is not UTF-8", function);
        return NULL;
    }
    if (copy[0] == '\0') {
        return pool_text(&call->kit->run, otherwise, strlen(otherwise));
    }
    return hide_secrets(call->kit, &call->kit->run, copy);
}

static uint32_t severity_of(uint32_t given, const struct node *code)
{
    static const char *const names[] = { "", "error", "warning", "info", "hint" };

    if (given != TFA_SEVERITY_DEFAULT) {
        return given <= TFA_SEVERITY_HINT ? given : TFA_SEVERITY_ERROR;
    }
    for (uint32_t i = TFA_SEVERITY_ERROR; code != NULL && i <= TFA_SEVERITY_HINT; i++) {
        if (strcmp(node_text_of(code, "severity"), names[i]) == 0) {
            return i;
        }
    }
    return TFA_SEVERITY_ERROR;
}

static const char *doc_url(
        struct tfa_call *call, const char *function, struct tfa_str given, const char *code)
{
    struct tfa_testkit *kit = call->kit;
    const char *url = user_text(call, function, given, "");

    if (url != NULL && url[0] != '\0' && strncmp(url, "https://", 8) != 0) {
        misuse(kit, RULE_FINDING, "%s: doc_url \"%s\" is not https", function, url);
        return "";
    }
    if (url != NULL && url[0] == '\0' && kit->manifest != NULL && code[0] != '\0') {
        return pool_format(
                &kit->run, "%s#%s", node_text_of(kit->manifest, "documentation"), code);
    }
    return url;
}

/* How many of the related places can be kept; each other one is misuse, the finding stays. */
static uint32_t count_related(struct tfa_call *call, const char *function,
        const struct tfa_related *const *related, uint32_t count)
{
    uint32_t good = 0;

    for (uint32_t i = 0; i < count && good < RELATED_MAX; i++) {
        struct tfa_related copy;
        struct place place;
        if (related != NULL &&
                read_struct(
                        &copy, sizeof(copy), related[i], UP_TO(struct tfa_related, message)) &&
                user_text(call, function, copy.message, "") != NULL &&
                locate(call, function, copy.at, copy.pointer, copy.flags, &place) == TFA_OK) {
            good++;
        } else {
            misuse(call->kit, RULE_FINDING, "%s: related[%u] is not usable", function, i);
        }
    }
    return good;
}

static int32_t diag_report(struct tfa_call *call, const struct tfa_diag *given)
{
    static const char function[] = "diag.report";
    struct tfa_testkit *kit = call->kit;
    struct tfa_testkit_finding *finding = pool_alloc(&kit->run, sizeof(*finding));
    struct place place = { "", 0, 0, "" };
    struct tfa_diag diag;
    const struct node *code;
    int32_t rc = service_enter(call, SERVICE_DIAG, function);

    if (rc != TFA_OK) {
        return rc;
    }
    if (!read_struct(&diag, sizeof(diag), given, UP_TO(struct tfa_diag, related))) {
        misuse(kit, RULE_FINDING, "%s: NULL or wrong struct_size", function);
        return TFA_E_INVALID;
    }
    rc = locate(call, function, diag.at, diag.pointer, diag.flags, &place);
    if (rc != TFA_OK) {
        return rc;
    }
    finding->code = user_text(call, function, diag.code, "");
    finding->message = user_text(call, function, diag.message, "");
    if (finding->code == NULL || finding->message == NULL) {
        return TFA_E_INVALID;
    }
    if (finding->code[0] == '\0' || finding->message[0] == '\0') {
        misuse(kit, RULE_FINDING, "%s: code or message is missing", function);
        return TFA_E_INVALID;
    }
    code = catalogue(kit, "codes", "code", finding->code);
    if (code == NULL && kit->manifest != NULL) {
        misuse(kit, RULE_DECLARED_CODE, "%s: code \"%s\" is not in the manifest", function,
                finding->code);
    }
    finding->phase = call->shown.who.phase;
    finding->severity = severity_of(diag.severity, code);
    finding->detail = user_text(call, function, diag.detail, "");
    finding->remediation =
            user_text(call, function, diag.remediation, node_text_of(code, "fix"));
    finding->doc_url = doc_url(call, function, diag.doc_url, finding->code);
    finding->resource = user_text(call, function, diag.resource, "");
    if (finding->detail == NULL || finding->remediation == NULL || finding->doc_url == NULL ||
            finding->resource == NULL) {
        return TFA_E_INVALID;
    }
    finding->file = place.file;
    finding->line = place.line;
    finding->column = place.column;
    finding->pointer = place.pointer;
    finding->related_count = count_related(call, function, diag.related, diag.related_count);
    if (++call->findings > FINDINGS_MAX) {
        return TFA_E_LIMIT;
    }
    call->errors += finding->severity == TFA_SEVERITY_ERROR ? 1 : 0;
    list_add(&kit->findings, finding);
    return TFA_OK;
}

/* Expected or actual value, masked; "" for none. */
static int32_t shown_value(
        struct tfa_call *call, const char *function, tfa_val v, const char **ret_json)
{
    struct node *node = NULL;
    int32_t rc = handle_node(call, function, v, &node);

    if (rc == TFA_OK) {
        node->frozen = true;
        *ret_json = node_json_text(&call->kit->run, node, true);
    } else if (rc == TFA_E_ABSENT) {
        *ret_json = "";
        rc = TFA_OK;
    }
    return rc;
}

/* Completes a result from the catalogue of checks and codes. */
static int32_t fill_result(struct tfa_call *call, const char *function,
        const struct tfa_result *result, struct tfa_testkit_result *out)
{
    struct tfa_testkit *kit = call->kit;
    const struct node *check;
    const struct node *code;

    out->check_id = user_text(call, function, result->check_id,
            call->shown.who.check_id.ptr == NULL ? "" : call->shown.who.check_id.ptr);
    if (out->check_id == NULL) {
        return TFA_E_INVALID;
    }
    check = catalogue(kit, "checks", "id", out->check_id);
    if (check == NULL && kit->manifest != NULL) {
        misuse(kit, RULE_CHECK_RESULT, "%s: check \"%s\" is not in the manifest", function,
                out->check_id);
    }
    out->outcome = result->outcome <= TFA_RESULT_SKIPPED ? result->outcome : TFA_RESULT_UNKNOWN;
    out->title = user_text(call, function, result->title, node_text_of(check, "title"));
    out->code = user_text(call, function, result->code, node_text_of(check, "code"));
    out->message = user_text(call, function, result->message, "");
    if (out->title == NULL || out->code == NULL || out->message == NULL) {
        return TFA_E_INVALID;
    }
    if (out->message[0] == '\0' && out->outcome != TFA_RESULT_PASS) {
        misuse(kit, RULE_CHECK_RESULT, "%s: a result of %s that is not PASS has no message",
                function, out->check_id);
        return TFA_E_INVALID;
    }
    code = catalogue(kit, "codes", "code", out->code);
    if (code == NULL && kit->manifest != NULL && out->outcome == TFA_RESULT_FAIL) {
        misuse(kit, RULE_DECLARED_CODE, "%s: code \"%s\" is not in the manifest", function,
                out->code);
    }
    out->severity = severity_of(result->severity, code);
    out->detail = user_text(call, function, result->detail, "");
    out->remediation =
            user_text(call, function, result->remediation, node_text_of(code, "fix"));
    out->resource = user_text(call, function, result->resource, "");
    out->target = user_text(call, function, result->target, node_text_of(call->item, "target"));
    out->region = user_text(call, function, result->region, node_text_of(call->item, "region"));
    out->retry_after_ms = result->retry_after_ms;
    return out->detail == NULL || out->remediation == NULL || out->resource == NULL ||
                           out->target == NULL || out->region == NULL
                   ? TFA_E_INVALID
                   : TFA_OK;
}

static int32_t diag_result(struct tfa_call *call, const struct tfa_result *given)
{
    static const char function[] = "diag.result";
    struct tfa_testkit *kit = call->kit;
    struct tfa_testkit_result *out = pool_alloc(&kit->run, sizeof(*out));
    struct place place = { "", 0, 0, "" };
    struct tfa_result result;
    int32_t rc = service_enter(call, SERVICE_DIAG, function);

    if (rc != TFA_OK) {
        return rc;
    }
    if (call->shown.who.phase != TFA_PHASE_CHECK) {
        misuse(kit, RULE_PHASE, "%s: not allowed in phase %u", function, call->shown.who.phase);
        return TFA_E_PHASE;
    }
    if (!read_struct(&result, sizeof(result), given, UP_TO(struct tfa_result, related))) {
        misuse(kit, RULE_FINDING, "%s: NULL or wrong struct_size", function);
        return TFA_E_INVALID;
    }
    rc = locate(call, function, result.at, result.pointer, result.flags, &place);
    if (rc == TFA_OK) {
        (void)count_related(call, function, result.related, result.related_count);
    }
    if (rc == TFA_OK) {
        rc = shown_value(call, function, result.expected, &out->expected);
    }
    if (rc == TFA_OK) {
        rc = shown_value(call, function, result.actual, &out->actual);
    }
    if (rc == TFA_OK) {
        rc = fill_result(call, function, &result, out);
    }
    if (rc != TFA_OK) {
        return rc;
    }
    out->file = place.file;
    out->line = place.line;
    out->column = place.column;
    out->pointer = place.pointer;
    if (++call->results > FINDINGS_MAX) {
        return TFA_E_LIMIT;
    }
    list_add(&kit->results, out);
    return TFA_OK;
}

const struct tfa_diag_v1 mock_diag = { diag_report, diag_result };
