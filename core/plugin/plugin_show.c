/* SPDX-License-Identifier: Apache-2.0 */
/* What commands print about plugins, as values. */
#include <string.h>

#include "catalogue.h"
#include "identity.h"

void row_put_shown(struct run *run, struct value_builder *row, const char *key, struct str text)
{
    row_put(run, row, key,
            value_string_new(run->arena, text_shown(run->arena, text), MARK_NONE));
}

static const struct value *list_value(struct run *run, const struct str *items, size_t count)
{
    const struct value **values = ARENA_ARRAY(run->arena, const struct value *, count + 1);
    for (size_t i = 0; i < count; i++) {
        values[i] = value_string_new(run->arena, text_shown(run->arena, items[i]), MARK_NONE);
    }
    return value_list_new(run->arena, values, count, MARK_NONE);
}

static void row_put_list(struct run *run, struct value_builder *builder, const char *key,
        const struct str_list *list)
{
    row_put(run, builder, key, list_value(run, list->items, list->count));
}

static void put_head(
        struct run *run, struct value_builder *builder, const struct plugin *plugin)
{
    const struct plugin_identity *identity = plugin->identity;
    static const struct str_list none = { NULL, 0 };
    row_put_shown(run, builder, "id", identity ? identity->id : STR_EMPTY);
    row_put_shown(run, builder, "version", identity ? identity->version : STR_EMPTY);
    row_put_shown(run, builder, "state", str_from(plugin_state_name(plugin->state)));
    row_put_shown(run, builder, "origin", str_from(plugin_origin_name(plugin->origin)));
    row_put_shown(run, builder, "path", plugin->path);
    row_put_list(run, builder, "kinds", identity ? &identity->kinds : &none);
    row_put_shown(run, builder, "summary", identity ? identity->summary : STR_EMPTY);
    row_put(run, builder, "pinned", value_bool_new(run->arena, plugin->is_pinned, MARK_NONE));
    row_put_shown(run, builder, "interface",
            identity && identity->abi_major > 0
                    ? arena_printf(run->arena, "%u.%u", (unsigned)identity->abi_major,
                              (unsigned)identity->abi_minor)
                    : STR_EMPTY);
    row_put_shown(run, builder, "host", str_from(plugin_host_name(plugin)));
    row_put_shown(run, builder, "signer", plugin->signer);
    row_put_shown(run, builder, "signer_name", plugin->signer_name);
    row_put_list(run, builder, "provides", identity ? &identity->provides : &none);
    row_put_list(run, builder, "aws_actions", identity ? &identity->aws_actions : &none);
    row_put_shown(
            run, builder, "code", plugin->refusal ? str_from(plugin->refusal->id) : STR_EMPTY);
    row_put_shown(run, builder, "reason", plugin->reason);
    row_put_shown(run, builder, "next", plugin->next);
}

const struct value *plugins_list_value(struct run *run, const struct plugins *plugins)
{
    size_t count = plugins->list.count;
    const struct value **rows = ARENA_ARRAY(run->arena, const struct value *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct value_builder builder;
        value_builder_init(&builder, run->arena, MARK_NONE);
        put_head(run, &builder, plugins->list.items[i]);
        rows[i] = value_builder_map(&builder);
    }
    return value_list_new(run->arena, rows, count, MARK_NONE);
}

static const struct value *codes_value(struct run *run, const struct catalogue *catalogue)
{
    const struct value **rows =
            ARENA_ARRAY(run->arena, const struct value *, catalogue->code_count + 1);
    for (size_t i = 0; i < catalogue->code_count; i++) {
        struct value_builder builder;
        value_builder_init(&builder, run->arena, MARK_NONE);
        row_put_shown(run, &builder, "code", catalogue->codes[i].code);
        row_put_shown(run, &builder, "severity", catalogue->codes[i].severity);
        row_put_shown(run, &builder, "title", catalogue->codes[i].title);
        rows[i] = value_builder_map(&builder);
    }
    return value_list_new(run->arena, rows, catalogue->code_count, MARK_NONE);
}

/* A deadline, where the plugin asks for one. */
static void put_seconds(
        struct run *run, struct value_builder *builder, const char *key, uint32_t seconds)
{
    if (seconds > 0) {
        row_put(run, builder, key, value_int_new(run->arena, seconds, MARK_NONE));
    }
}

static const struct value *checks_value(struct run *run, const struct catalogue *catalogue)
{
    const struct value **rows =
            ARENA_ARRAY(run->arena, const struct value *, catalogue->check_count + 1);
    for (size_t i = 0; i < catalogue->check_count; i++) {
        const struct catalogue_check *check = &catalogue->checks[i];
        struct value_builder builder;
        value_builder_init(&builder, run->arena, MARK_NONE);
        row_put_shown(run, &builder, "id", check->id);
        row_put_shown(run, &builder, "title", check->title);
        row_put_shown(run, &builder, "code", check->code);
        row_put(run, &builder, "actions",
                check->actions ? check->actions : list_value(run, NULL, 0));
        put_seconds(run, &builder, "check_seconds", check->seconds);
        rows[i] = value_builder_map(&builder);
    }
    return value_list_new(run->arena, rows, catalogue->check_count, MARK_NONE);
}

static void put_identity(
        struct run *run, struct value_builder *builder, const struct plugin_identity *identity)
{
    row_put_shown(run, builder, "license", identity->license);
    row_put_shown(run, builder, "documentation", identity->documentation);
    row_put_shown(run, builder, "code_prefix", identity->code_prefix);
    row_put_list(run, builder, "components", &identity->components);
    row_put_list(run, builder, "required", &identity->required);
    row_put_list(run, builder, "optional", &identity->optional);
    if (identity->callback_seconds > 0 || identity->check_seconds > 0) {
        struct value_builder deadlines;
        value_builder_init(&deadlines, run->arena, MARK_NONE);
        put_seconds(run, &deadlines, "callback_seconds", identity->callback_seconds);
        put_seconds(run, &deadlines, "check_seconds", identity->check_seconds);
        row_put(run, builder, "deadlines", value_builder_map(&deadlines));
    }
}

/* The schema of the intent; NULL in *ret_schema without one. One diagnostic and a code. */
static int read_schema(
        struct run *run, const struct plugin *plugin, const struct value **ret_schema)
{
    const struct elf_facts *facts = &plugin->runtime->facts;
    const struct value *schema = NULL;
    struct diags details;
    struct str text;
    if (facts->schema.size_bytes == 0) {
        return 0;
    }
    int code = plugin_read_note(run, plugin, facts->schema, &text);
    diags_init(&details, run->arena);
    if (code == 0 && (json_read(run->arena, run->keys, &details, text, STR("schema note"), 0,
                              &schema) != 0 ||
                             !schema)) {
        struct str shown = plugin_shown(run, plugin);
        diag_add(&run->diags, &plugin_diags[PLUGIN_SCHEMA_BROKEN], MARK_NONE,
                "the schema in `%.*s` is not JSON", STR_ARG(shown));
        code = ERR_INVALID;
    }
    if (code == 0) {
        *ret_schema = schema;
    }
    return code;
}

const struct value *plugin_info_value(struct run *run, struct plugin *plugin)
{
    struct value_builder builder;
    const struct elf_facts *facts = &plugin->runtime->facts;
    const struct catalogue *catalogue = NULL;
    value_builder_init(&builder, run->arena, MARK_NONE);
    put_head(run, &builder, plugin);
    row_put(run, &builder, "size",
            value_int_new(run->arena, (int64_t)plugin->size_bytes, MARK_NONE));
    if (plugin->identity && plugin_hash(run, plugin) == 0) {
        row_put_shown(run, &builder, "sha256", plugin->digest);
    }
    if (plugin->identity) {
        put_identity(run, &builder, plugin->identity);
        row_put(run, &builder, "libraries",
                list_value(run, facts->needed, facts->needed_count));
        if (catalogue_of(run, plugin, &catalogue) == 0) {
            row_put(run, &builder, "checks", checks_value(run, catalogue));
            row_put(run, &builder, "codes", codes_value(run, catalogue));
        }
        const struct value *schema = NULL;
        if (read_schema(run, plugin, &schema) == 0 && schema) {
            row_put(run, &builder, "schema", schema);
        }
    }
    return value_builder_map(&builder);
}

int plugin_manifest_value(
        struct run *run, struct plugin *plugin, const struct value **ret_manifest)
{
    struct value_builder builder;
    const struct catalogue *catalogue = NULL;
    if (!plugin->identity) {
        struct str shown = plugin_shown(run, plugin);
        diag_add(&run->diags, &plugin_diags[PLUGIN_FILE_INVALID], MARK_NONE, "`%.*s` %.*s",
                STR_ARG(shown), STR_ARG(plugin->reason));
        return ERR_INVALID;
    }
    int code = catalogue_of(run, plugin, &catalogue);
    if (code != 0) {
        return code;
    }
    value_builder_init(&builder, run->arena, MARK_NONE);
    row_put(run, &builder, "identity", plugin->identity->root);
    const struct value *schema = NULL;
    code = read_schema(run, plugin, &schema);
    if (code != 0) {
        return code;
    }
    if (schema) {
        row_put(run, &builder, "schema", schema);
    }
    if (catalogue->root) {
        row_put(run, &builder, "catalogue", catalogue->root);
    }
    *ret_manifest = value_builder_map(&builder);
    return 0;
}

int plugin_manifest_of_file(struct run *run, struct str path, const struct value **ret_manifest)
{
    struct plugin *plugin = NULL;
    int code = plugin_examine_path(run, path, &plugin);
    if (code != 0) {
        return code;
    }
    plugin->reason = plugin->runtime->objection.reason;
    return plugin_manifest_value(run, plugin, ret_manifest);
}
