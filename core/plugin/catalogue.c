/* SPDX-License-Identifier: Apache-2.0 */
/* Reads catalogue notes; answers `explain`. */
#include "catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "deadline.h"
#include "host.h"

static struct str text_of(struct run *run, const struct value *map, const char *key)
{
    return text_shown(run->arena, value_string(value_get_str(map, str_from(key))));
}

static int compare_codes(const void *a, const void *b)
{
    const struct catalogue_code *x = a;
    const struct catalogue_code *y = b;
    return str_cmp(x->code, y->code);
}

/* A code is the plugin's prefix and digits; nothing else may speak in its name. */
static bool is_code_of(const struct plugin *plugin, struct str code)
{
    struct str prefix = plugin->identity->code_prefix;
    struct str digits = str_from_index(code, prefix.len);
    uint64_t number = 0;
    return str_starts_with(code, prefix) && digits.len >= 3 && digits.len <= 6 &&
           str_to_u64(digits, &number);
}

static bool is_severity(struct str text)
{
    return str_eq(text, STR("error")) || str_eq(text, STR("warning")) ||
           str_eq(text, STR("info")) || str_eq(text, STR("hint"));
}

/* NULL, or what is wrong. */
static const char *take_codes(
        struct run *run, const struct plugin *plugin, struct catalogue *catalogue)
{
    const struct value *list = value_get_str(catalogue->root, STR("codes"));
    size_t count = value_count(list);
    struct catalogue_code *codes = ARENA_ARRAY(run->arena, struct catalogue_code, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_at(list, i);
        codes[i] = (struct catalogue_code){ text_of(run, item, "code"),
            text_of(run, item, "severity"), text_of(run, item, "title"),
            text_of(run, item, "cause"), text_of(run, item, "fix") };
        if (!is_code_of(plugin, codes[i].code)) {
            return "a code that does not begin with its code_prefix";
        }
        if (!is_severity(codes[i].severity)) {
            return "a code without a severity";
        }
    }
    if (count > 1) {
        qsort(codes, count, sizeof(codes[0]), compare_codes);
    }
    catalogue->codes = codes;
    catalogue->code_count = count;
    return NULL;
}

static const char *take_checks(struct run *run, struct catalogue *catalogue)
{
    const struct value *list = value_get_str(catalogue->root, STR("checks"));
    size_t count = value_count(list);
    struct catalogue_check *checks = ARENA_ARRAY(run->arena, struct catalogue_check, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_at(list, i);
        checks[i] =
                (struct catalogue_check){ text_of(run, item, "id"), text_of(run, item, "title"),
                    text_of(run, item, "code"), value_get_str(item, STR("actions")), 0 };
        if (checks[i].id.len == 0 || checks[i].id.len > 64) {
            return "a check without an id";
        }
        if (!deadline_read(item, "check_seconds", &checks[i].seconds)) {
            return "a check whose check_seconds is not a whole number of seconds";
        }
    }
    catalogue->checks = checks;
    catalogue->check_count = count;
    return NULL;
}

int catalogue_of(struct run *run, struct plugin *plugin, const struct catalogue **ret_catalogue)
{
    struct plugin_runtime *runtime = plugin->runtime;
    struct str text;
    struct diags details;
    const char *wrong = NULL;
    if (runtime->catalogue) {
        *ret_catalogue = runtime->catalogue;
        return 0;
    }
    struct catalogue *catalogue = ARENA_NEW(run->arena, struct catalogue);
    if (runtime->facts.catalogue.size_bytes > 0) {
        int code = plugin_read_note(run, plugin, runtime->facts.catalogue, &text);
        if (code != 0) {
            return code;
        }
        diags_init(&details, run->arena);
        if (json_read(run->arena, run->keys, &details, text, STR("catalogue note"), 0,
                    &catalogue->root) != 0 ||
                !value_is(catalogue->root, VALUE_MAP)) {
            wrong = "something that is not a JSON object";
        }
        wrong = wrong ? wrong : take_codes(run, plugin, catalogue);
        wrong = wrong ? wrong : take_checks(run, catalogue);
    }
    if (wrong) {
        struct str shown = plugin_shown(run, plugin);
        diag_add(&run->diags, &plugin_diags[PLUGIN_FILE_INVALID], MARK_NONE,
                "the catalogue of `%.*s` holds %s", STR_ARG(shown), wrong);
        return ERR_INVALID;
    }
    runtime->catalogue = catalogue;
    *ret_catalogue = catalogue;
    return 0;
}

const struct catalogue_code *catalogue_find_code(
        const struct catalogue *catalogue, struct str code)
{
    struct catalogue_code wanted = { .code = code };
    if (catalogue->code_count == 0) {
        return NULL;
    }
    return bsearch(
            &wanted, catalogue->codes, catalogue->code_count, sizeof(wanted), compare_codes);
}

const struct catalogue_check *catalogue_find_check(
        const struct catalogue *catalogue, struct str id)
{
    for (size_t i = 0; i < catalogue->check_count; i++) {
        if (str_eq(catalogue->checks[i].id, id)) {
            return &catalogue->checks[i];
        }
    }
    return NULL;
}

/* ---- explain ---- */

static int compare_plugin_codes(const void *a, const void *b)
{
    const struct plugin_code *x = a;
    const struct plugin_code *y = b;
    return str_cmp(x->code, y->code);
}

const struct plugin_code *plugins_codes(
        struct run *run, const struct plugins *plugins, size_t *ret_count)
{
    VEC(struct plugin_code) found = { 0 };
    for (size_t i = 0; i < plugins->list.count; i++) {
        struct plugin *plugin = plugins->list.items[i];
        const struct catalogue *catalogue = NULL;
        bool is_usable = plugin->state == PLUGIN_READY || plugin->state == PLUGIN_AVAILABLE ||
                         plugin->state == PLUGIN_DISABLED;
        /* Damaged ones say so elsewhere; here they have no codes. */
        size_t before = run->diags.list.count;
        if (!is_usable || catalogue_of(run, plugin, &catalogue) != 0) {
            while (run->diags.list.count > before) {
                run->diags.list.count--;
                run->diags.error_count--;
            }
            continue;
        }
        for (size_t k = 0; k < catalogue->code_count; k++) {
            const struct catalogue_code *code = &catalogue->codes[k];
            struct plugin_code row = { code->code, code->severity, code->title, code->cause,
                code->fix,
                arena_printf(run->arena, "%.*s#%.*s", STR_ARG(plugin->identity->documentation),
                        STR_ARG(code->code)),
                plugin };
            VEC_PUSH(run->arena, &found, row);
        }
    }
    if (found.count > 1) {
        qsort(found.items, found.count, sizeof(found.items[0]), compare_plugin_codes);
    }
    *ret_count = found.count;
    return found.items;
}

bool plugins_find_code(struct run *run, const struct plugins *plugins, struct str code,
        struct plugin_code *ret_code)
{
    size_t count = 0;
    const struct plugin_code *codes = plugins_codes(run, plugins, &count);
    for (size_t i = 0; i < count; i++) {
        if (str_eq(codes[i].code, code)) {
            *ret_code = codes[i];
            return true;
        }
    }
    return false;
}
