/* SPDX-License-Identifier: Apache-2.0 */
/* Structs of the plugin interface on their way to the host, and AWS answers on their way back. */
#include <stddef.h>
#include <string.h>

#include "wire.h"

/* One field of a struct: where it lies and how it crosses. */
enum form {
    FORM_U32,
    FORM_HANDLE,
    FORM_VIEW
};

struct field {
    enum form form;
    size_t offset;
};

#define U32(type, name)    { FORM_U32, offsetof(struct type, name) }
#define HANDLE(type, name) { FORM_HANDLE, offsetof(struct type, name) }
#define VIEW(type, name)   { FORM_VIEW, offsetof(struct type, name) }
#define COUNT(array)       (sizeof(array) / sizeof((array)[0]))

static const struct field related_fields[] = { U32(tfa_related, struct_size),
    U32(tfa_related, flags), HANDLE(tfa_related, at), VIEW(tfa_related, pointer),
    VIEW(tfa_related, message) };

static const struct field diag_fields[] = { U32(tfa_diag, struct_size), U32(tfa_diag, severity),
    U32(tfa_diag, flags), U32(tfa_diag, related_count), VIEW(tfa_diag, code),
    HANDLE(tfa_diag, at), VIEW(tfa_diag, pointer), VIEW(tfa_diag, message),
    VIEW(tfa_diag, detail), VIEW(tfa_diag, remediation), VIEW(tfa_diag, doc_url),
    VIEW(tfa_diag, resource) };

static const struct field result_fields[] = { U32(tfa_result, struct_size),
    U32(tfa_result, outcome), U32(tfa_result, severity), U32(tfa_result, flags),
    U32(tfa_result, related_count), U32(tfa_result, retry_after_ms), VIEW(tfa_result, check_id),
    VIEW(tfa_result, title), VIEW(tfa_result, code), HANDLE(tfa_result, at),
    VIEW(tfa_result, pointer), HANDLE(tfa_result, expected), HANDLE(tfa_result, actual),
    VIEW(tfa_result, message), VIEW(tfa_result, detail), VIEW(tfa_result, remediation),
    VIEW(tfa_result, doc_url), VIEW(tfa_result, resource), VIEW(tfa_result, target),
    VIEW(tfa_result, region) };

static const struct field request_fields[] = { U32(tfa_aws_request, struct_size),
    U32(tfa_aws_request, protocol), U32(tfa_aws_request, flags), VIEW(tfa_aws_request, service),
    VIEW(tfa_aws_request, operation), VIEW(tfa_aws_request, action),
    VIEW(tfa_aws_request, target), VIEW(tfa_aws_request, region), VIEW(tfa_aws_request, method),
    VIEW(tfa_aws_request, path), HANDLE(tfa_aws_request, path_parts),
    HANDLE(tfa_aws_request, query), VIEW(tfa_aws_request, target_prefix),
    VIEW(tfa_aws_request, version), HANDLE(tfa_aws_request, body),
    VIEW(tfa_aws_request, body_text) };

static const struct field pages_fields[] = { U32(tfa_aws_pages, struct_size),
    U32(tfa_aws_pages, max_pages), U32(tfa_aws_pages, flags), VIEW(tfa_aws_pages, items),
    VIEW(tfa_aws_pages, token_out), VIEW(tfa_aws_pages, token_in) };

static const struct field answer_fields[] = { U32(tfa_aws_answer, outcome),
    U32(tfa_aws_answer, http_status), U32(tfa_aws_answer, attempts), U32(tfa_aws_answer, pages),
    U32(tfa_aws_answer, complete), VIEW(tfa_aws_answer, error_code),
    VIEW(tfa_aws_answer, error_message), VIEW(tfa_aws_answer, action),
    VIEW(tfa_aws_answer, account_id), VIEW(tfa_aws_answer, region),
    VIEW(tfa_aws_answer, request_id), VIEW(tfa_aws_answer, summary) };

static const struct field field_fields[] = { VIEW(tfa_field, key), VIEW(tfa_field, text),
    HANDLE(tfa_field, value) };

static void put_fields(
        struct buf *out, const struct field *fields, size_t count, const void *from)
{
    for (size_t i = 0; i < count; i++) {
        const unsigned char *at = (const unsigned char *)from + fields[i].offset;
        uint32_t number = 0;
        uint64_t handle = 0;
        struct tfa_str view;
        switch (fields[i].form) {
        case FORM_U32:
            memcpy(&number, at, sizeof(number));
            wire_put_u64(out, number);
            break;
        case FORM_HANDLE:
            memcpy(&handle, at, sizeof(handle));
            wire_put_u64(out, handle);
            break;
        case FORM_VIEW:
            memcpy(&view, at, sizeof(view));
            wire_put_view(out, view);
            break;
        }
    }
}

static void get_fields(struct wire_in *in, const struct field *fields, size_t count, void *to)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char *at = (unsigned char *)to + fields[i].offset;
        uint32_t number = 0;
        uint64_t handle = 0;
        struct tfa_str view;
        switch (fields[i].form) {
        case FORM_U32:
            number = wire_get_u32(in);
            memcpy(at, &number, sizeof(number));
            break;
        case FORM_HANDLE:
            handle = wire_get_u64(in);
            memcpy(at, &handle, sizeof(handle));
            break;
        case FORM_VIEW:
            view = wire_get_view(in);
            memcpy(at, &view, sizeof(view));
            break;
        }
    }
}

/* Nobody's struct is larger here than the one both sides were compiled with. */
static void cap_size(struct wire_in *in, uint32_t struct_size, size_t max)
{
    in->is_bad = in->is_bad || struct_size > max;
}

/* True when a struct follows. */
static bool put_presence(struct buf *out, const void *given)
{
    buf_add_byte(out, given ? 1 : 0);
    return given != NULL;
}

/* ---- findings ---- */

static void put_related(
        struct buf *out, const struct tfa_related *const *related, uint32_t count)
{
    count = !related ? 0 : count > WIRE_RELATED_MAX ? WIRE_RELATED_MAX : count;
    wire_put_u64(out, count);
    for (uint32_t i = 0; i < count; i++) {
        struct tfa_related one = { 0 };
        if (related[i] && related[i]->struct_size >= sizeof(uint32_t)) {
            WIRE_READ_STRUCT(&one, related[i]);
        }
        put_fields(out, related_fields, COUNT(related_fields), &one);
    }
}

static const struct tfa_related *const *get_related(
        struct wire_in *in, struct arena *arena, uint32_t *ret_count)
{
    uint32_t count = wire_get_u32(in);
    if (count > WIRE_RELATED_MAX) {
        in->is_bad = true;
        count = 0;
    }
    struct tfa_related *all = ARENA_ARRAY(arena, struct tfa_related, count + 1);
    const struct tfa_related **list =
            ARENA_ARRAY(arena, const struct tfa_related *, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        get_fields(in, related_fields, COUNT(related_fields), &all[i]);
        cap_size(in, all[i].struct_size, sizeof(all[i]));
        list[i] = &all[i];
    }
    *ret_count = count;
    return count > 0 ? list : NULL;
}

void wire_put_diag(struct buf *out, const struct tfa_diag *given)
{
    struct tfa_diag diag;
    if (put_presence(out, given)) {
        WIRE_READ_STRUCT(&diag, given);
        put_fields(out, diag_fields, COUNT(diag_fields), &diag);
        put_related(out, diag.related, diag.related_count);
    }
}

const struct tfa_diag *wire_get_diag(struct wire_in *in, struct arena *arena)
{
    if (wire_get_byte(in) == 0) {
        return NULL;
    }
    struct tfa_diag *diag = ARENA_NEW(arena, struct tfa_diag);
    get_fields(in, diag_fields, COUNT(diag_fields), diag);
    cap_size(in, diag->struct_size, sizeof(*diag));
    diag->related = get_related(in, arena, &diag->related_count);
    return diag;
}

void wire_put_result(struct buf *out, const struct tfa_result *given)
{
    struct tfa_result result;
    if (put_presence(out, given)) {
        WIRE_READ_STRUCT(&result, given);
        put_fields(out, result_fields, COUNT(result_fields), &result);
        put_related(out, result.related, result.related_count);
    }
}

const struct tfa_result *wire_get_result(struct wire_in *in, struct arena *arena)
{
    if (wire_get_byte(in) == 0) {
        return NULL;
    }
    struct tfa_result *result = ARENA_NEW(arena, struct tfa_result);
    get_fields(in, result_fields, COUNT(result_fields), result);
    cap_size(in, result->struct_size, sizeof(*result));
    result->related = get_related(in, arena, &result->related_count);
    return result;
}

/* ---- AWS ---- */

void wire_put_request(struct buf *out, const struct tfa_aws_request *given)
{
    struct tfa_aws_request request;
    if (put_presence(out, given)) {
        WIRE_READ_STRUCT(&request, given);
        put_fields(out, request_fields, COUNT(request_fields), &request);
    }
}

const struct tfa_aws_request *wire_get_request(struct wire_in *in, struct arena *arena)
{
    if (wire_get_byte(in) == 0) {
        return NULL;
    }
    struct tfa_aws_request *request = ARENA_NEW(arena, struct tfa_aws_request);
    get_fields(in, request_fields, COUNT(request_fields), request);
    cap_size(in, request->struct_size, sizeof(*request));
    return request;
}

void wire_put_pages(struct buf *out, const struct tfa_aws_pages *given)
{
    struct tfa_aws_pages pages;
    if (put_presence(out, given)) {
        WIRE_READ_STRUCT(&pages, given);
        put_fields(out, pages_fields, COUNT(pages_fields), &pages);
    }
}

const struct tfa_aws_pages *wire_get_pages(struct wire_in *in, struct arena *arena)
{
    if (wire_get_byte(in) == 0) {
        return NULL;
    }
    struct tfa_aws_pages *pages = ARENA_NEW(arena, struct tfa_aws_pages);
    get_fields(in, pages_fields, COUNT(pages_fields), pages);
    cap_size(in, pages->struct_size, sizeof(*pages));
    return pages;
}

void wire_put_answer(struct buf *out, const struct tfa_aws_answer *answer)
{
    put_fields(out, answer_fields, COUNT(answer_fields), answer);
}

struct tfa_aws_answer *wire_get_answer(struct wire_in *in, struct arena *arena)
{
    struct tfa_aws_answer *answer = ARENA_NEW(arena, struct tfa_aws_answer);
    answer->struct_size = sizeof(*answer);
    get_fields(in, answer_fields, COUNT(answer_fields), answer);
    for (size_t i = 0; i < COUNT(answer_fields); i++) {
        if (answer_fields[i].form == FORM_VIEW) {
            /* The bytes it was read from go before the answer does. */
            unsigned char *at = (unsigned char *)answer + answer_fields[i].offset;
            struct tfa_str view;
            memcpy(&view, at, sizeof(view));
            if (view.ptr) {
                view.ptr = arena_dup(arena, (struct str){ view.ptr, (size_t)view.len }).ptr;
                memcpy(at, &view, sizeof(view));
            }
        }
    }
    return answer;
}

/* ---- log lines ---- */

void wire_put_fields(struct buf *out, const struct tfa_field *fields, uint64_t count)
{
    count = !fields ? 0 : count > WIRE_FIELD_MAX ? WIRE_FIELD_MAX : count;
    wire_put_u64(out, count);
    for (uint64_t i = 0; i < count; i++) {
        put_fields(out, field_fields, COUNT(field_fields), &fields[i]);
    }
}

const struct tfa_field *wire_get_fields(
        struct wire_in *in, struct arena *arena, uint64_t *ret_count)
{
    uint64_t count = wire_get_u64(in);
    if (count > WIRE_FIELD_MAX) {
        in->is_bad = true;
        count = 0;
    }
    struct tfa_field *fields = ARENA_ARRAY(arena, struct tfa_field, (size_t)count + 1);
    for (uint64_t i = 0; i < count; i++) {
        get_fields(in, field_fields, COUNT(field_fields), &fields[i]);
    }
    *ret_count = count;
    return fields;
}
