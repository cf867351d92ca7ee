/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.value/1": reading values, wherever they come from: the stack configuration, the
 * context, AWS answers, trees the plugin built.
 *
 * All functions: [validate generate list check review plan] [callback thread]. Reading never fails
 * the host: a wrong handle gives TFA_E_STALE (TFA_NONE, 0 or NULL where no code is returned) and the
 * host reports the misuse. Absence carries through: get(), at() and find() of TFA_NONE, or of a value
 * of another kind, give TFA_NONE, so that a chain needs one test at its end. When the host itself
 * cannot give a value (memory, the cap of 1,000,000 values), it discards what the callback returns.
 * Values are immutable; handles and the strings got from them live until the callback returns. */
#ifndef TF_ATMOS_VALUE_H
#define TF_ATMOS_VALUE_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_VALUE_V1 "tfa.value/1" /* struct tfa_value_v1 */

/* Kinds. A plugin never sees a kind that its target minor does not know: the host shows such a value
 * as TFA_KIND_UNKNOWN. */
#define TFA_KIND_NONE    0 /* the handle is TFA_NONE: there is no value */
#define TFA_KIND_NULL    1
#define TFA_KIND_BOOL    2
#define TFA_KIND_NUMBER  3 /* integer or real; text kept: 1.10 is not 1.1 until converted */
#define TFA_KIND_STRING  4
#define TFA_KIND_LIST    5
#define TFA_KIND_MAP     6 /* keys are strings, unique, in the order they were written */
#define TFA_KIND_UNKNOWN 7 /* a value known only later: neither judge nor require it */

/* Where a value was written. Owned by the host. */
struct tfa_mark {
    uint32_t struct_size;
    uint32_t line; /* from 1; 0: the place is not known */
    uint32_t column; /* from 1, in Unicode code points */
    uint32_t flags; /* 0 */
    struct tfa_str file; /* relative to the repository where it lies inside it */
};

struct tfa_value_v1 {
    /* TFA_KIND_..., or TFA_E_STALE, TFA_E_PHASE, TFA_E_THREAD (negative). */
    int32_t (*kind)(struct tfa_call *call, tfa_val v);

    /* Number of entries of a list or map; 0 for everything else. */
    uint64_t (*count)(struct tfa_call *call, tfa_val v);

    /* The value under `key` of a map, or TFA_NONE. A key written as `key: null` gives a value of
     * TFA_KIND_NULL, not TFA_NONE. */
    tfa_val (*get)(struct tfa_call *call, tfa_val map, struct tfa_str key);

    /* Entry `index` of a list, or value of entry `index` of a map; TFA_NONE past the end. */
    tfa_val (*at)(struct tfa_call *call, tfa_val container, uint64_t index);

    /* Key of entry `index` of a map. TFA_E_KIND, TFA_E_RANGE, TFA_E_ABSENT, TFA_E_STALE. */
    int32_t (*key_at)(
            struct tfa_call *call, tfa_val map, uint64_t index, struct tfa_str *ret_key);

    /* The value a JSON pointer (RFC 6901) leads to from `v`: "/agents/eks", "/suppress/0/rank"; the
     * empty pointer is `v` itself. TFA_NONE when a step is missing or the pointer is malformed. */
    tfa_val (*find)(struct tfa_call *call, tfa_val v, struct tfa_str pointer);

    /* Contents of a scalar. TFA_E_KIND when it is of another kind (numbers are not strings, "true"
     * is not a bool), TFA_E_ABSENT for TFA_NONE, TFA_E_UNKNOWN, TFA_E_STALE.
     * as_string may give U+0000 where JSON had it; texts are views.
     * as_int takes every number whose value is integral (3, 3.0, 3e0) and fits, else TFA_E_RANGE.
     * as_double gives the nearest double, TFA_E_RANGE when there is no finite one.
     * as_bool writes 0 or 1. */
    int32_t (*as_string)(struct tfa_call *call, tfa_val v, struct tfa_str *ret_text);
    int32_t (*as_int)(struct tfa_call *call, tfa_val v, int64_t *ret_number);
    int32_t (*as_double)(struct tfa_call *call, tfa_val v, double *ret_number);
    int32_t (*as_bool)(struct tfa_call *call, tfa_val v, int32_t *ret_truth);

    /* The text of a scalar. Numbers as they were written, before any interpretation: 007, 1.10,
     * 18446744073709551615. Strings as as_string. A bool gives true or false, null the empty text.
     * TFA_E_KIND for lists and maps, TFA_E_ABSENT, TFA_E_UNKNOWN, TFA_E_STALE. */
    int32_t (*text)(struct tfa_call *call, tfa_val v, struct tfa_str *ret_text);

    /* Explicit YAML tag with its exclamation mark ("!terraform.output"). TFA_E_ABSENT without one. */
    int32_t (*tag)(struct tfa_call *call, tfa_val v, struct tfa_str *ret_tag);

    /* Where the value was written; NULL when it was not written anywhere (AWS answers, values built
     * without origin) or on any error. For messages that name a second place; findings take the
     * handle itself. */
    const struct tfa_mark *(*mark)(struct tfa_call *call, tfa_val v);

    /* 1 when the value or one of its parts is marked sensitive, else 0; negative on error. The host
     * redacts such values by itself wherever it is given the handle. */
    int32_t (*is_sensitive)(struct tfa_call *call, tfa_val v);

    /* 1 when both are deeply equal: numbers by value, maps regardless of order, lists in order;
     * TFA_NONE equals TFA_NONE only; TFA_KIND_UNKNOWN gives TFA_E_UNKNOWN. Else 0. */
    int32_t (*equal)(struct tfa_call *call, tfa_val a, tfa_val b);

    /* Canonical JSON: keys sorted by bytes, no white space, integers with all their digits, other
     * numbers in the shortest form that reads back (1.10 is 1.1). Sensitive values stand in clear. TFA_E_ABSENT, TFA_E_UNKNOWN, TFA_E_STALE, TFA_E_MEMORY. */
    int32_t (*to_json)(struct tfa_call *call, tfa_val v, struct tfa_str *ret_json);
};

TFA_END_DECLS

#endif
