/* SPDX-License-Identifier: Apache-2.0 */
/* Values that only a template engine or a YAML function could give: refused, never passed on. */
#include <string.h>

#include "stack_internal.h"

/* How values are looked at. */
struct check {
    struct resolver *r;
    struct str open; /* what begins a template */
    bool is_strict; /* nothing is kept as text */
};

/* Functions that are evaluated wherever a text starts with them, quoted or not (spec 6). */
static const char *const functions[] = { "!append", "!env", "!exec", "!include", "!include.raw",
    "!labels", "!labels.keys", "!labels.values", "!repo-root", "!secret", "!store",
    "!store.get", "!tags", "!template", "!terraform.output", "!terraform.state", "!version",
    "!emulator" };

static struct str function_of(struct str text)
{
    if (text.len == 0 || text.ptr[0] != '!') {
        return STR_EMPTY;
    }
    ptrdiff_t blank = str_find(text, ' ');
    struct str name = blank < 0 ? text : str_sub(text, 0, (size_t)blank);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (str_eq_cstr(name, functions[i])) {
            return name;
        }
    }
    bool is_family = str_starts_with(name, STR("!git.")) || str_starts_with(name, STR("!aws."));
    return is_family ? name : STR_EMPTY;
}

/* True the first time; nodes are shared among instances and looked at once. */
static bool is_new(struct resolver *r, const struct value *value)
{
    if ((r->seen.count + 1) * 2 > r->seen.cap) {
        const struct value **old = r->seen.items;
        size_t old_cap = r->seen.cap;
        r->seen.cap = old_cap ? old_cap * 2 : 4096;
        r->seen.items = ARENA_ARRAY(r->run->arena, const struct value *, r->seen.cap);
        r->seen.count = 0;
        for (size_t i = 0; i < old_cap; i++) {
            if (old[i]) {
                is_new(r, old[i]);
            }
        }
    }
    size_t mask = r->seen.cap - 1;
    size_t slot = (size_t)(((uintptr_t)value >> 4) * 0x9e3779b97f4a7c15u >> 20) & mask;
    for (; r->seen.items[slot]; slot = (slot + 1) & mask) {
        if (r->seen.items[slot] == value) {
            return false;
        }
    }
    r->seen.items[slot] = value;
    r->seen.count++;
    return true;
}

struct str opening_delimiter(const struct resolver *r)
{
    const struct value *list = config_get(r->config, "templates.settings.delimiters");
    struct str open = value_string(value_at(list, 0));
    return open.len ? open : STR("{{");
}

static int say_function(const struct check *check, const struct value *value, struct str name)
{
    struct str plain = str_from_index(name, 1);
    if (!check->is_strict && config_keeps_function(check->r->config, plain)) {
        return 0;
    }
    struct diag *diag = resolver_say(check->r, STACK_UNSUPPORTED, value->mark,
            "YAML functions are not supported yet: %.*s", STR_ARG(name));
    if (!check->is_strict) {
        diag->hint = diag_text(&check->r->run->diags,
                "commands that have the option keep its text with --skip %.*s", STR_ARG(plain));
    }
    return ERR_UNSUPPORTED;
}

static int check_text(const struct check *check, const struct value *value)
{
    struct resolver *r = check->r;
    struct str text = value_text(value);
    if (value->flags & VALUE_SHIELDED) {
        return 0;
    }
    struct str function = function_of(text);
    if (function.len) {
        int err = say_function(check, value, function);
        if (err) {
            return err;
        }
    }
    bool is_template = r->config->templates_enabled && str_find_str(text, check->open) >= 0;
    if (!is_template || (r->config->kept.templates && !check->is_strict)) {
        return 0;
    }
    struct diag *diag = resolver_say(r, STACK_UNSUPPORTED, value->mark,
            "templates in values are not supported yet: \"%.*s\"", STR_ARG(text));
    diag->detail = diag_text(
            &r->run->diags, "templates.settings.enabled is true in the configuration");
    if (!check->is_strict) {
        diag->hint = STR(
                "commands that have the option keep the text with --process-templates=false");
    }
    return ERR_UNSUPPORTED;
}

static int look_at(const struct check *check, const struct value *value)
{
    int err = 0;
    if (value_is(value, VALUE_STRING)) {
        return check_text(check, value);
    }
    if (value_is_scalar(value) || !value || !is_new(check->r, value)) {
        return 0;
    }
    bool is_map = value_is(value, VALUE_MAP);
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value *child =
                is_map ? value->as.map.entries[i].value : value_at(value, i);
        int one = look_at(check, child);
        err = err ? err : one;
    }
    return err;
}

int value_check(struct resolver *r, const struct value *value)
{
    return look_at(&(struct check){ .r = r, .open = opening_delimiter(r) }, value);
}

int value_check_strictly(struct resolver *r, const struct value *value)
{
    struct check check = { .r = r, .open = opening_delimiter(r), .is_strict = true };
    return look_at(&check, value);
}

const struct value *value_with_delimiters(struct run *run, const struct value *value)
{
    const struct value *found = NULL;
    bool is_map = value_is(value, VALUE_MAP);
    if (value_is(value, VALUE_STRING)) {
        return str_find_str(value_text(value), STR("{{")) >= 0 ? value : NULL;
    }
    for (size_t i = 0; !value_is_scalar(value) && i < value_count(value) && !found; i++) {
        const struct value_entry *entry = is_map ? &value->as.map.entries[i] : NULL;
        if (entry && str_find_str(entry->key->text, STR("{{")) >= 0) {
            return value_string_view(run->arena, entry->key->text, entry->mark);
        }
        found = value_with_delimiters(run, entry ? entry->value : value_at(value, i));
    }
    return found;
}

int values_check(struct resolver *r, const struct sections *sections)
{
    struct check check = { .r = r, .open = opening_delimiter(r) };
    int err = 0;
    for (size_t i = 0; i < SECTION__COUNT; i++) {
        int one = look_at(&check, sections->at[i]);
        err = err ? err : one;
    }
    return err;
}
