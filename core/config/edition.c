/* SPDX-License-Identifier: Apache-2.0 */
/* Editions: the defaults that held before a date. */
#include <string.h>

#include "config_internal.h"

/* What a default was before the day it changed. */
static const struct {
    const char *changed;
    const char *key;
    const char *before;
} changes[] = {
    { "2025-02-11", "logs.file", "/dev/stdout" },
    { "2025-09-23", "logs.level", "Info" },
    { "2025-10-16", "settings.terminal.pager", "true" },
    { "2025-12-06", "stacks.inherit.metadata", "false" },
    { "2026-02-10", "components.helmfile.use_eks", "true" },
    { "2026-07-13", "list.error_mode", "strict" },
    { "2026-07-13", "describe.error_mode", "strict" },
    { "2026-07-16", "describe.provenance", "false" },
    { "2026-07-17", "describe.component.filter", "full" },
};

static bool is_date(struct str text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        char byte = (char)(i < text.len ? text.ptr[i] : '\0');
        if (form[i] == 'd' ? byte < '0' || byte > '9' : byte != form[i]) {
            return false;
        }
    }
    uint64_t month = 0;
    uint64_t day = 0;
    return text.len == sizeof(form) - 1 && str_to_u64(str_sub(text, 5, 7), &month) &&
           str_to_u64(str_sub(text, 8, 10), &day) && month >= 1 && month <= 12 && day >= 1 &&
           day <= 31;
}

int config_edition(struct run *run, struct config *config)
{
    const struct value *value = value_get_path(config->root, "edition");
    struct str edition = value_is_scalar(value) ? value_text(value) : STR_EMPTY;
    if (edition.len == 0) {
        return 0;
    }
    if (!is_date(edition)) {
        diag_add(&run->diags, &config_diags[CONFIG_BAD_VALUE], value->mark,
                "\"edition\" must be a date such as 2025-11-01, not \"%.*s\"",
                STR_ARG(edition));
        return ERR_INVALID;
    }
    struct str name = arena_printf(run->arena, "edition %.*s", STR_ARG(edition));
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        const struct value *set = value_get_path(config->root, changes[i].key);
        if (str_cmp(edition, str_from(changes[i].changed)) >= 0 ||
                (set && !value_is(set, VALUE_NULL))) {
            continue;
        }
        struct str before = str_from(changes[i].before);
        bool truth = str_eq_cstr(before, "true");
        const struct value *old = truth || str_eq_cstr(before, "false")
                                          ? value_bool_new(run->arena, truth, MARK_NONE)
                                          : value_string_new(run->arena, before, MARK_NONE);
        config->root = config_set(run, config->root, str_from(changes[i].key), old);
        config_note_origin(run, config, str_from(changes[i].key), CONFIG_FROM_DEFAULT, name);
    }
    return 0;
}
