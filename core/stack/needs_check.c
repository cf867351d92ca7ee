/* SPDX-License-Identifier: Apache-2.0 */
/* The form of what an instance says it needs: what names nothing would be left out in silence (spec 7.2). */
#include "stack_internal.h"

static const char *const legacy_keys[] = { "component", "file", "folder", NULL };
static const char *const component_keys[] = { "component", "name", "path", NULL };

static struct diag *say(struct resolver *r, const struct instance *instance,
        const struct value *value, const char *what, const char *wanted)
{
    struct diag *diag = resolver_say_strict(r, STACK_BAD_DEPENDENCY,
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): items of lists are there */
            value->mark.file ? value->mark : instance->mark,
            "\"%s\" of component \"%.*s\" must %s", what, STR_ARG(instance->name), wanted);
    diag->component = instance->name;
    return diag;
}

/* A map with a text at one of these keys. */
static bool names_something(const struct value *item, const char *const *keys)
{
    for (size_t i = 0; keys[i]; i++) {
        if (value_text(value_get_str(item, str_from(keys[i]))).len) {
            return true;
        }
    }
    return false;
}

static void check_legacy(struct resolver *r, const struct instance *instance)
{
    static const char what[] = "settings.depends_on";
    const struct value *needs = value_get(instance->settings, r->words.depends_on);
    bool is_map = value_is(needs, VALUE_MAP);
    if (needs && !is_map && !value_is(needs, VALUE_LIST) && !value_is(needs, VALUE_NULL)) {
        say(r, instance, needs, what, "be a map or a list of maps");
        return;
    }
    for (size_t i = 0; i < value_count(needs); i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what has entries is there */
        const struct value *item = is_map ? needs->as.map.entries[i].value : value_at(needs, i);
        if (names_something(item, legacy_keys)) {
            continue;
        }
        struct diag *diag =
                say(r, instance, item, what, "hold maps that have component, file or folder");
        if (is_map && names_something(needs, legacy_keys)) {
            diag->hint = STR("number what is needed: 1: {component: name}");
            return;
        }
    }
}

static void check_components(
        struct resolver *r, const struct instance *instance, const struct value *needs)
{
    static const char what[] = "dependencies.components";
    if (needs && !value_is(needs, VALUE_LIST) && !value_is(needs, VALUE_NULL)) {
        say(r, instance, needs, what, "be a list of maps");
        return;
    }
    for (size_t i = 0; i < value_count(needs); i++) {
        if (!names_something(value_at(needs, i), component_keys)) {
            say(r, instance, value_at(needs, i), what,
                    "hold maps that have component, or kind and path");
        }
    }
}

static void check_paths(struct resolver *r, const struct instance *instance, const char *key)
{
    const struct value *paths = value_get_path(instance->sections[SECTION_DEPENDENCIES], key);
    bool is_good = !paths || value_is(paths, VALUE_NULL) || value_is(paths, VALUE_LIST);
    for (size_t i = 0; is_good && i < value_count(paths); i++) {
        is_good = value_is(value_at(paths, i), VALUE_STRING);
    }
    if (!is_good) {
        struct str what = arena_printf(r->run->arena, "dependencies.%s", key);
        say(r, instance, paths, what.ptr, "be a list of paths");
    }
}

void needs_check(struct resolver *r, const struct instance *instance)
{
    check_legacy(r, instance);
    if (value_count(instance->sections[SECTION_DEPENDENCIES])) {
        check_components(r, instance,
                value_get_path(instance->sections[SECTION_DEPENDENCIES], "components"));
        check_paths(r, instance, "files");
        check_paths(r, instance, "folders");
    }
}
