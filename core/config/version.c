/* SPDX-License-Identifier: Apache-2.0 */
/* version.constraint: which versions of Atmos a configuration wants. */
#include <string.h>

#include "config_internal.h"

struct version {
    uint64_t parts[3];
    size_t count; /* how many were written */
    bool is_early; /* with something like -rc.1 behind: before the version itself */
};

/* "1.2.3", "v1.2", "1.2.3-rc.1+build". */
static bool version_read(struct str text, struct version *ret_version)
{
    struct version version = { 0 };
    if (str_starts_with(text, STR("v"))) {
        text = str_from_index(text, 1);
    }
    ptrdiff_t build = str_find(text, '+');
    text = build < 0 ? text : str_sub(text, 0, (size_t)build);
    ptrdiff_t early = str_find(text, '-');
    version.is_early = early >= 0;
    text = early < 0 ? text : str_sub(text, 0, (size_t)early);
    struct str piece;
    bool more = true;
    while (str_split(&text, &more, '.', &piece)) {
        if (version.count == 3 || !str_to_u64(piece, &version.parts[version.count])) {
            return false;
        }
        version.count++;
    }
    *ret_version = version;
    return true;
}

static int version_cmp(const struct version *a, const struct version *b)
{
    for (size_t i = 0; i < 3; i++) {
        if (a->parts[i] != b->parts[i]) {
            return a->parts[i] < b->parts[i] ? -1 : 1;
        }
    }
    return (int)b->is_early - (int)a->is_early;
}

/* The first version that `~>` no longer takes: the last part written may grow, no other. */
static struct version after_last(const struct version *version)
{
    struct version limit = { .count = 3 };
    size_t step = version->count > 1 ? version->count - 2 : 0;
    for (size_t i = 0; i < step; i++) {
        limit.parts[i] = version->parts[i];
    }
    limit.parts[step] = version->parts[step] + 1;
    return limit;
}

/* One comparison; false when it is none. */
static bool holds_one(struct str text, const struct version *running, bool *ret_truth)
{
    static const char *const signs[] = { ">=", "<=", "!=", "~>", "==", "=", ">", "<" };
    size_t sign = 5;
    text = str_trim(text);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (str_starts_with(text, str_from(signs[i]))) {
            sign = i;
            text = str_trim(str_from_index(text, strlen(signs[i])));
            break;
        }
    }
    struct version wanted;
    if (!version_read(text, &wanted)) {
        return false;
    }
    int order = version_cmp(running, &wanted);
    struct version limit = after_last(&wanted);
    const bool answers[] = { order >= 0, order <= 0, order != 0,
        order >= 0 && version_cmp(running, &limit) < 0, order == 0, order == 0, order > 0,
        order < 0 };
    *ret_truth = answers[sign];
    return true;
}

bool config_version_holds(struct str constraint, struct str running, bool *ret_truth)
{
    struct version version;
    struct str piece;
    bool more = true;
    bool truth = true;
    if (!version_read(running, &version)) {
        return false;
    }
    while (str_split(&constraint, &more, ',', &piece)) {
        bool one;
        if (!holds_one(piece, &version, &one)) {
            return false;
        }
        truth = truth && one;
    }
    *ret_truth = truth;
    return true;
}

int config_version_check(struct run *run, const struct config *config)
{
    const struct value *require = config_get(config, "version.constraint.require");
    struct str level = config_text(config, "version.constraint.enforcement");
    struct str wanted = value_is_scalar(require) ? str_trim(value_text(require)) : STR_EMPTY;
    bool truth = false;
    if (wanted.len == 0 || str_eq_cstr(level, "silent")) {
        return 0;
    }
    if (!config_version_holds(wanted, STR(CONFIG_ATMOS_VERSION), &truth)) {
        diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], require->mark,
                "\"version.constraint.require\" must be comparisons such as \">= 1.100, < 2\", "
                "not \"%.*s\"",
                STR_ARG(wanted));
        return ERR_INVALID;
    }
    if (truth) {
        return 0;
    }
    struct diag_kind kind = config_diags[CONFIG_VERSION];
    bool is_warning = str_eq_cstr(level, "warn");
    kind.severity = is_warning ? DIAG_WARNING : DIAG_ERROR;
    struct diag *diag = diag_add(&run->diags, &kind, require->mark,
            "the configuration wants Atmos \"%.*s\"; this program behaves like %s",
            STR_ARG(wanted), CONFIG_ATMOS_VERSION);
    diag->detail = config_text(config, "version.constraint.message");
    return is_warning ? 0 : ERR_INVALID;
}
