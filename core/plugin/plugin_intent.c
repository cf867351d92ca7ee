/* SPDX-License-Identifier: Apache-2.0 */
/* The schema half of validation: the plugin is asked only about what has the right form. */
#include "plugin_set.h"
#include "schema/schema.h"

/* The schema note, compiled once; NULL when the plugin has none. One diagnostic when it is damaged. */
static int read_schema(struct run *run, struct plugin *plugin, const struct schema **ret_schema)
{
    struct str text;
    struct diags details;
    struct schema_source source = { .arena = run->arena,
        .diags = &run->diags,
        .what = arena_printf(
                run->arena, "the schema of plugin `%.*s`", STR_ARG(plugin->identity->id)),
        .kind = &plugin_diags[PLUGIN_SCHEMA_BROKEN] };
    *ret_schema = NULL;
    if (plugin->runtime->facts.schema.size_bytes == 0) {
        return 0;
    }
    int code = plugin_read_note(run, plugin, plugin->runtime->facts.schema, &text);
    if (code != 0) {
        return code;
    }
    diags_init(&details, run->arena);
    if (json_read(run->arena, run->keys, &details, text, STR("schema"), 0, &source.document) !=
            0) {
        struct diag *diag = diag_add(
                &run->diags, source.kind, MARK_NONE, "%.*s is not JSON", STR_ARG(source.what));
        diag->plugin = plugin->identity->id;
        return ERR_INVALID;
    }
    return schema_compile(&source, ret_schema);
}

int intent_check(struct run *run, struct plugin *plugin, const struct plugin_binding *binding)
{
    struct plugin_runtime *runtime = plugin->runtime;
    if (!runtime->is_schema_read) {
        runtime->schema_code = read_schema(run, plugin, &runtime->schema);
        runtime->is_schema_read = true;
    }
    if (runtime->schema_code != 0) {
        return ERR_UNAVAILABLE;
    }
    if (!runtime->schema) {
        return 0;
    }
    size_t before = run->diags.list.count;
    struct schema_check check = { .diags = &run->diags,
        .instance = binding->intent,
        .root = arena_printf(run->arena, "settings.%.*s", STR_ARG(binding->kind)),
        .pointer = arena_printf(run->arena, "/settings/%.*s", STR_ARG(binding->kind)),
        .kind = &plugin_diags[PLUGIN_INTENT_SCHEMA] };
    int code = schema_validate(runtime->schema, &check);
    for (size_t i = before; i < run->diags.list.count; i++) {
        struct diag *diag = &run->diags.list.items[i];
        diag->plugin = plugin->identity->id;
        diag->stack = binding->instance->stack;
        diag->component = binding->instance->name;
        if (diag->mark.line == 0) {
            /* An intent of `true`, or one bound by its component, stands nowhere else. */
            diag->mark = binding->mark;
        }
    }
    return code;
}
