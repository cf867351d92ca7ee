/* SPDX-License-Identifier: Apache-2.0 */
/* Asking GuardDuty and Organizations, and saying what came of it. An answer that is not a success
 * decides nothing: it becomes UNKNOWN with its reason, never PASS. */
#include "checks.h"

static void say(struct probe *probe, const struct tfa_result *result)
{
    int32_t code = probe->gd->kit->diag->result(probe->gd->call, result);
    probe->said++;
    if (code != TFA_OK && code != TFA_E_LIMIT && probe->failure == TFA_OK) {
        probe->failure = code;
    }
}

static struct tfa_result result_of(
        const struct probe *probe, uint32_t outcome, struct tfa_str message)
{
    struct tfa_result result = tfa_result_at(probe->gd->config, outcome);
    result.pointer = tfa_str_of(probe->pointer);
    result.flags = TFA_DIAG_AT_KEY;
    result.message = message;
    return result;
}

void probe_fail(struct probe *probe, const struct fail *fail)
{
    const struct gd *gd = probe->gd;
    struct tfa_result result = result_of(probe, TFA_RESULT_FAIL, fail->message);
    if (fail->at != TFA_NONE) {
        result.at = fail->at;
        result.pointer = S("");
    } else if (fail->pointer != NULL) {
        result.pointer = tfa_str_of(fail->pointer);
    }
    result.code = fail->code;
    result.expected = fail->expected.len > 0 ? gd_string(gd, fail->expected) : TFA_NONE;
    result.actual = fail->actual.len > 0 ? gd_string(gd, fail->actual) : TFA_NONE;
    result.resource = fail->resource;
    result.detail = fail->detail;
    say(probe, &result);
}

void probe_unknown(struct probe *probe, struct tfa_str code, struct tfa_str message)
{
    struct tfa_result result = result_of(probe, TFA_RESULT_UNKNOWN, message);
    result.code = code;
    say(probe, &result);
}

void probe_pending(struct probe *probe, struct tfa_str message)
{
    struct tfa_result result = result_of(probe, TFA_RESULT_PENDING, message);
    result.retry_after_ms = 15000;
    say(probe, &result);
}

void probe_skip(struct probe *probe, struct tfa_str message)
{
    struct tfa_result result = result_of(probe, TFA_RESULT_SKIPPED, message);
    say(probe, &result);
}

void probe_not_understood(struct probe *probe, struct tfa_str operation, const char *what)
{
    probe_unknown(probe, S(GD0903),
            gd_format(probe->gd, "the answer to %.*s in %.*s has no %s that could be read",
                    STR(operation), STR(probe->region), what));
}

/* What came instead of an answer: the error AWS names, else what kind of failure it was. */
static struct tfa_str failure_of(const struct tfa_aws_answer *answer)
{
    if (answer->error_code.len > 0) {
        return answer->error_code;
    }
    switch (answer->outcome) {
    case TFA_AWS_NO_ANSWER:
        return S("no answer");
    case TFA_AWS_THROTTLED:
        return S("too many requests");
    case TFA_AWS_NO_CREDENTIALS:
        return S("no credentials");
    case TFA_AWS_BUDGET:
        return S("the limit of requests is spent");
    default:
        return S("the service is faulty");
    }
}

/* Why the answer decides nothing: the code of the reason and one sentence. */
static void say_no_answer(struct probe *probe, const struct tfa_aws_answer *answer)
{
    const struct gd *gd = probe->gd;
    struct tfa_result result = result_of(probe, TFA_RESULT_UNKNOWN, S(""));
    result.code = S(GD0902);
    result.detail = answer->summary;
    switch (answer->outcome) {
    case TFA_AWS_DENIED:
        result.code = S(GD0901);
        result.message = gd_format(
                gd, "no permission for %.*s in %.*s", STR(answer->action), STR(probe->region));
        break;
    case TFA_AWS_UNREADABLE:
        result.code = S(GD0903);
        result.message = gd_format(gd, "the answer to %.*s in %.*s could not be read",
                STR(answer->action), STR(probe->region));
        break;
    case TFA_AWS_INCOMPLETE:
        result.code = S(GD0904);
        result.message = gd_format(gd, "the list of %.*s in %.*s does not end",
                STR(answer->action), STR(probe->region));
        break;
    case TFA_AWS_NOT_THERE:
        result.outcome = TFA_RESULT_SKIPPED;
        result.code = S("");
        result.message = S("the service does not exist in this partition");
        break;
    default:
        result.message = gd_format(gd, "%.*s failed in %.*s: %.*s", STR(answer->action),
                STR(probe->region), STR(failure_of(answer)));
        break;
    }
    say(probe, &result);
}

const struct tfa_aws_answer *probe_answer(
        struct probe *probe, const struct tfa_aws_answer *answer)
{
    if (answer->outcome != TFA_AWS_SUCCESS) {
        say_no_answer(probe, answer);
        return NULL;
    }
    return answer;
}

static struct tfa_aws_request request_of(
        const struct probe *probe, const struct question *question)
{
    const struct gd *gd = probe->gd;
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_REST_JSON, S("guardduty"), question->operation);
    request.region = probe->region;
    request.method = question->method;
    request.path = question->path;
    request.query = question->query;
    request.body = question->body;
    if (question->detector.len > 0 || question->id.len > 0) {
        request.path_parts = gd->kit->build->map(gd->call);
        gd_set_text(gd, request.path_parts, S("detector"), question->detector);
        gd_set_text(gd, request.path_parts, S("id"), question->id);
    }
    return request;
}

/* Sends a request, following pages when `items` is given, and checks that the list is there. */
static const struct tfa_aws_answer *send(struct probe *probe,
        const struct tfa_aws_request *request, const char *items, struct tfa_str token)
{
    const struct gd *gd = probe->gd;
    const struct tfa_aws_answer *answer = NULL;
    if (gd->kit->aws == NULL) {
        probe_unknown(probe, S(GD0902), S("this host cannot ask AWS"));
        return NULL;
    }
    if (items == NULL) {
        probe->failure = gd->kit->aws->send(gd->call, request, &answer);
    } else {
        struct tfa_aws_pages pages = { .struct_size = (uint32_t)sizeof(pages),
            .items = tfa_str_of(items),
            .token_out = gd_format(gd, "/%.*s", STR(token)),
            .token_in = token };
        probe->failure = gd->kit->aws->paginate(gd->call, request, &pages, &answer);
    }
    if (probe->failure != TFA_OK || probe_answer(probe, answer) == NULL) {
        return NULL;
    }
    if (items != NULL &&
            gd->kit->value->kind(gd->call, gd->kit->value->find(gd->call, answer->body,
                                                   tfa_str_of(items))) != TFA_KIND_LIST) {
        probe_not_understood(probe, request->operation, items + 1);
        return NULL;
    }
    return answer;
}

const struct tfa_aws_answer *probe_ask(struct probe *probe, const struct question *question)
{
    struct tfa_aws_request request = request_of(probe, question);
    return send(probe, &request, question->items, S("nextToken"));
}

const struct tfa_aws_answer *const *probe_ask_all(
        struct probe *probe, const struct question *questions, uint64_t count)
{
    const struct gd *gd = probe->gd;
    const struct tfa_aws_answer *const *answers = NULL;
    struct tfa_aws_request *requests =
            gd->kit->call->alloc(gd->call, count * sizeof(*requests));
    const struct tfa_aws_request **list = (const struct tfa_aws_request **)gd->kit->call->alloc(
            gd->call, count * sizeof(*list));
    if (requests == NULL || list == NULL) {
        probe->failure = TFA_E_MEMORY;
        return NULL;
    }
    if (gd->kit->aws == NULL) {
        probe_unknown(probe, S(GD0902), S("this host cannot ask AWS"));
        return NULL;
    }
    for (uint64_t i = 0; i < count; i++) {
        requests[i] = request_of(probe, &questions[i]);
        list[i] = &requests[i];
    }
    probe->failure = gd->kit->aws->batch(gd->call, list, count, &answers);
    return probe->failure == TFA_OK ? answers : NULL;
}

const struct tfa_aws_answer *probe_accounts(struct probe *probe)
{
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_JSON_1_1, S("organizations"), S("ListAccounts"));
    request.target_prefix = S("AWSOrganizationsV20161128");
    return send(probe, &request, "/Accounts", S("NextToken"));
}

struct tfa_str probe_detector(struct probe *probe)
{
    struct question question = { .operation = S("ListDetectors"),
        .method = S("GET"),
        .path = S("/detector"),
        .items = "/detectorIds" };
    const struct tfa_aws_answer *answer = probe_ask(probe, &question);
    if (answer == NULL) {
        return S("");
    }
    struct tfa_str id = gd_text(probe->gd, gd_at(probe->gd, answer->items, 0));
    if (gd_count(probe->gd, answer->items) == 0) {
        probe_unknown(probe, S(GD0101),
                gd_format(probe->gd, "there is no detector in %.*s to look at",
                        STR(probe->region)));
    } else if (id.len == 0) {
        probe_not_understood(probe, question.operation, "detector id");
    }
    return id;
}

tfa_val list_entry(const struct gd *gd, tfa_val list, struct tfa_str key, struct tfa_str text)
{
    TFA_EACH(gd->kit, gd->call, list, i)
    {
        tfa_val entry = gd_at(gd, list, i);
        if (tfa_str_eq(gd_get_text(gd, entry, key), text)) {
            return entry;
        }
    }
    return TFA_NONE;
}
