/* SPDX-License-Identifier: Apache-2.0 */
/* What every file of the plugin works with: one callback in progress, and short forms of the services. */
#ifndef GUARDDUTY_GUARDDUTY_H
#define GUARDDUTY_GUARDDUTY_H

#include <stdbool.h>

#include <tf-atmos/tfa.h>

/* One callback. Everything it points to lives until the callback returns. */
struct gd {
    const struct tfa_kit *kit;
    struct tfa_call *call;
    tfa_val config; /* settings.guardduty */
    tfa_val context; /* component.h of the SDK */
};

/* For the "%.*s" of gd_format. */
#define STR(text) (int)(text).len, (text).ptr

/* A view on a NUL-terminated literal or table entry, for calls that want struct tfa_str. */
#define S(literal) TFA_S(literal)

/* Text in memory of the callback; {NULL, 0} when there is none left. */
struct tfa_str gd_format(const struct gd *gd, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* Reading. Of a value that is missing, null, unknown or of another kind: TFA_NONE, empty, `otherwise`. */
tfa_val gd_get(const struct gd *gd, tfa_val map, struct tfa_str key);
tfa_val gd_find(const struct gd *gd, const char *pointer); /* below the intent */
tfa_val gd_at(const struct gd *gd, tfa_val container, uint64_t index);
uint64_t gd_count(const struct gd *gd, tfa_val container);
struct tfa_str gd_key_at(const struct gd *gd, tfa_val map, uint64_t index);
struct tfa_str gd_text(const struct gd *gd, tfa_val v); /* strings only */
struct tfa_str gd_shown(
        const struct gd *gd, tfa_val v); /* for messages: "..." when sensitive */
struct tfa_str gd_scalar_text(const struct gd *gd, tfa_val v); /* as it was written */
struct tfa_str gd_get_text(const struct gd *gd, tfa_val map, struct tfa_str key);
bool gd_truth(const struct gd *gd, tfa_val v, bool otherwise);

/* Is there a value, known or not: neither missing nor null? */
bool gd_is_set(const struct gd *gd, tfa_val v);

/* Is it a value that will be known only later? Nothing may be concluded from it. */
bool gd_is_unknown(const struct gd *gd, tfa_val v);

/* Making, for generate and for AWS requests. */
tfa_val gd_string(const struct gd *gd, struct tfa_str text);
void gd_set(const struct gd *gd, tfa_val map, struct tfa_str key, tfa_val v);
void gd_set_text(const struct gd *gd, tfa_val map, struct tfa_str key, struct tfa_str text);

/* Findings of validate: at the value itself, or at a place below the intent that need not exist. What
 * to do stands in the catalogue. */
void gd_report(const struct gd *gd, tfa_val at, struct tfa_str code, struct tfa_str message);
void gd_report_under(
        const struct gd *gd, const char *pointer, struct tfa_str code, struct tfa_str message);

/* A finding about a value that is the second of its sort; `first` is where the first one is. */
void gd_report_second(const struct gd *gd, tfa_val at, tfa_val first, struct tfa_str code,
        struct tfa_str message);

/* Does `text` begin with `start`? */
bool str_starts(struct tfa_str text, struct tfa_str start);

/* Position of `byte` in the text, or its length. */
uint64_t str_find(struct tfa_str text, char byte);

/* The part from `from` on, and the part before `to`. Positions past the end mean the end. */
struct tfa_str str_from(struct tfa_str text, uint64_t from);
struct tfa_str str_to(struct tfa_str text, uint64_t to);

/* The callbacks, in validate.c, generate.c and checks.c. */
int32_t guardduty_validate(const struct gd *gd);
int32_t guardduty_generate(const struct gd *gd, tfa_val *ret_vars);
int32_t guardduty_list_checks(const struct gd *gd, tfa_val *ret_items);
int32_t guardduty_run_check(const struct gd *gd, tfa_val item);

#endif
