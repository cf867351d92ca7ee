/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one configuration file: YAML, keys in lower case, functions evaluated. */
#include <errno.h>
#include <string.h>

#include "config_internal.h"

#define MAX_CONFIG_BYTES ((size_t)16 << 20)

static bool has_upper(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') {
            return true;
        }
    }
    return false;
}

static const struct key *lower_key(struct run *run, const struct key *key)
{
    if (!has_upper(key->text)) {
        return key;
    }
    struct str copy = arena_dup(run->arena, key->text);
    char *bytes = arena_cstr(run->arena, copy);
    for (size_t i = 0; i < copy.len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
            bytes[i] = (char)(bytes[i] - 'A' + 'a');
        }
    }
    return key_of(run->keys, (struct str){ bytes, copy.len });
}

/* Names of variables and of identities keep their case. */
static bool keeps_case(const struct key *parent)
{
    return parent &&
           (str_eq(parent->text, STR("env")) || str_eq(parent->text, STR("identities")));
}

static const struct value *fold(
        struct run *run, const struct value *value, const struct key *parent)
{
    if (!value) {
        return NULL;
    }
    if (value_is(value, VALUE_LIST)) {
        size_t count = value_count(value);
        const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count);
        for (size_t i = 0; i < count; i++) {
            items[i] = fold(run, value_at(value, i), NULL);
        }
        return value_with_flags(run->arena,
                value_list_new(run->arena, items, count, value->mark), value->flags);
    }
    if (!value_is(value, VALUE_MAP)) {
        return value;
    }
    struct value_builder builder;
    value_builder_init(&builder, run->arena, value->mark);
    for (size_t i = 0; i < value->as.map.count; i++) {
        const struct value_entry *entry = &value->as.map.entries[i];
        const struct key *key = keeps_case(parent) ? entry->key : lower_key(run, entry->key);
        value_builder_set(&builder, key, fold(run, entry->value, key), entry->mark);
    }
    return value_builder_map(&builder);
}

static int say_unreadable(struct run *run, int err, uint32_t file)
{
    struct str shown = sources_path(run->sources, file);
    const char *why = err == ERR_LIMIT ? "it is larger than 16 MiB" : file_read_reason(err);
    diag_add(&run->diags, &config_diags[CONFIG_UNREADABLE], (struct mark){ file, 0, 0 },
            "cannot read \"%.*s\": %s", STR_ARG(shown), why);
    return err;
}

static int parse(struct run *run, struct str text, uint32_t file, struct str delimiter,
        const struct value **ret_root)
{
    struct yaml_input input = {
        .arena = run->arena,
        .keys = run->keys,
        .diags = &run->diags,
        .text = text,
        .file = file,
        .functions = config_functions,
        .key_delimiter = delimiter,
    };
    size_t before = run->diags.list.count;
    int err = yaml_read(&input, ret_root);
    for (size_t i = before; i < run->diags.list.count; i++) {
        /* The reader knows only data; here it is the configuration that is wrong. */
        run->diags.list.items[i].exit_code = EXIT_CONFIG;
    }
    return err;
}

int config_file_read(struct run *run, struct str path, const struct value **ret_root)
{
    struct str text;
    uint32_t file = config_add_source(run, path);
    int err = file_read(run->arena, path, MAX_CONFIG_BYTES, &text);
    if (err) {
        return say_unreadable(run, err, file);
    }
    const struct value *root = NULL;
    err = parse(run, text, file, STR_EMPTY, &root);
    if (err) {
        return err;
    }
    if (root && !value_is(root, VALUE_MAP) && !value_is(root, VALUE_NULL)) {
        diag_add(&run->diags, &config_diags[CONFIG_NOT_A_MAP], root->mark,
                "the configuration must be a map of settings");
        return ERR_INVALID;
    }
    struct str delimiter = value_string(value_get_path(root, "settings.yaml.key_delimiter"));
    if (delimiter.len) {
        /* The setting concerns the file it stands in too. */
        err = parse(run, text, file, delimiter, &root);
        if (err) {
            return err;
        }
    }
    if (!value_is(root, VALUE_MAP)) {
        struct value_builder empty;
        value_builder_init(&empty, run->arena, (struct mark){ file, 1, 1 });
        root = value_builder_map(&empty);
    }
    root = fold(run, root, NULL);
    return config_evaluate(run, root, ret_root);
}
