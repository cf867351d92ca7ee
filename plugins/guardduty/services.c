/* SPDX-License-Identifier: Apache-2.0 */
/* Short forms of the host's services, so that the rest of the plugin reads as what it does. */
#include <stdarg.h>
#include <stdio.h>

#include "guardduty.h"

struct tfa_str gd_format(const struct gd *gd, const char *format, ...)
{
    struct tfa_str none = { NULL, 0 };
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : gd->kit->call->alloc(gd->call, (uint64_t)length + 1);
    if (text == NULL) {
        return none;
    }
    va_start(args, format);
    (void)vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return TFA_STR(text, (uint64_t)length);
}

tfa_val gd_get(const struct gd *gd, tfa_val map, struct tfa_str key)
{
    return gd->kit->value->get(gd->call, map, key);
}

tfa_val gd_find(const struct gd *gd, const char *pointer)
{
    return gd->kit->value->find(gd->call, gd->config, tfa_str_of(pointer));
}

tfa_val gd_at(const struct gd *gd, tfa_val container, uint64_t index)
{
    return gd->kit->value->at(gd->call, container, index);
}

uint64_t gd_count(const struct gd *gd, tfa_val container)
{
    return gd->kit->value->count(gd->call, container);
}

struct tfa_str gd_key_at(const struct gd *gd, tfa_val map, uint64_t index)
{
    struct tfa_str key = { NULL, 0 };
    (void)gd->kit->value->key_at(gd->call, map, index, &key);
    return key;
}

struct tfa_str gd_text(const struct gd *gd, tfa_val v)
{
    struct tfa_str text = { NULL, 0 };
    (void)gd->kit->value->as_string(gd->call, v, &text);
    return text;
}

struct tfa_str gd_shown(const struct gd *gd, tfa_val v)
{
    return gd->kit->value->is_sensitive(gd->call, v) > 0 ? S("...") : gd_text(gd, v);
}

struct tfa_str gd_scalar_text(const struct gd *gd, tfa_val v)
{
    struct tfa_str text = { NULL, 0 };
    (void)gd->kit->value->text(gd->call, v, &text);
    return text;
}

struct tfa_str gd_get_text(const struct gd *gd, tfa_val map, struct tfa_str key)
{
    return gd_text(gd, gd_get(gd, map, key));
}

bool gd_truth(const struct gd *gd, tfa_val v, bool otherwise)
{
    int32_t truth = otherwise ? 1 : 0;
    (void)gd->kit->value->as_bool(gd->call, v, &truth);
    return truth != 0;
}

bool gd_is_set(const struct gd *gd, tfa_val v)
{
    return gd->kit->value->kind(gd->call, v) > TFA_KIND_NULL;
}

bool gd_is_unknown(const struct gd *gd, tfa_val v)
{
    return gd->kit->value->kind(gd->call, v) == TFA_KIND_UNKNOWN;
}

tfa_val gd_string(const struct gd *gd, struct tfa_str text)
{
    return gd->kit->build->string(gd->call, text);
}

void gd_set(const struct gd *gd, tfa_val map, struct tfa_str key, tfa_val v)
{
    /* Failures stick on the host's side and discard the whole result: build.h of the SDK. */
    (void)gd->kit->build->set(gd->call, map, key, v);
}

void gd_set_text(const struct gd *gd, tfa_val map, struct tfa_str key, struct tfa_str text)
{
    gd_set(gd, map, key, gd_string(gd, text));
}

/* A map or list is named by its key: its own place is that of its first entry. */
static uint32_t place_flags(const struct gd *gd, tfa_val at)
{
    int32_t kind = gd->kit->value->kind(gd->call, at);
    return kind == TFA_KIND_MAP || kind == TFA_KIND_LIST ? TFA_DIAG_AT_KEY : 0;
}

void gd_report(const struct gd *gd, tfa_val at, struct tfa_str code, struct tfa_str message)
{
    struct tfa_diag diag = tfa_diag_at(at, code);
    diag.flags = place_flags(gd, at);
    diag.message = message;
    (void)gd->kit->diag->report(gd->call, &diag);
}

void gd_report_under(
        const struct gd *gd, const char *pointer, struct tfa_str code, struct tfa_str message)
{
    struct tfa_diag diag = tfa_diag_at(gd->config, code);
    diag.flags = TFA_DIAG_AT_KEY;
    diag.pointer = tfa_str_of(pointer);
    diag.message = message;
    (void)gd->kit->diag->report(gd->call, &diag);
}

void gd_report_second(const struct gd *gd, tfa_val at, tfa_val first, struct tfa_str code,
        struct tfa_str message)
{
    struct tfa_related related = {
        .struct_size = (uint32_t)sizeof(related), .at = first, .message = S("first used here")
    };
    const struct tfa_related *list[] = { &related };
    struct tfa_diag diag = tfa_diag_at(at, code);
    diag.flags = place_flags(gd, at);
    diag.message = message;
    diag.related = list;
    diag.related_count = 1;
    (void)gd->kit->diag->report(gd->call, &diag);
}

bool str_starts(struct tfa_str text, struct tfa_str start)
{
    return text.len >= start.len && tfa_str_eq(str_to(text, start.len), start);
}

uint64_t str_find(struct tfa_str text, char byte)
{
    uint64_t i = 0;
    while (i < text.len && text.ptr[i] != byte) {
        i++;
    }
    return i;
}

struct tfa_str str_from(struct tfa_str text, uint64_t from)
{
    uint64_t skip = from < text.len ? from : text.len;
    return skip == 0 ? text : TFA_STR(text.ptr + skip, text.len - skip);
}

struct tfa_str str_to(struct tfa_str text, uint64_t to)
{
    return TFA_STR(text.ptr, to < text.len ? to : text.len);
}
