/* SPDX-License-Identifier: Apache-2.0 */
/* list values, list vars, list settings: one component across the stacks; describe dependents and workflows. */
#include <stdlib.h>

#include "list.h"

static int cmp_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The keys of all stacks, each once, in byte order. */
static size_t all_keys(struct run *run, const struct value *by_stack, struct str **ret_keys)
{
    struct map seen = { 0 };
    VEC(struct str) keys = { 0 };
    for (size_t s = 0; s < value_count(by_stack); s++) {
        const struct value *map = by_stack->as.map.entries[s].value;
        for (size_t i = 0; value_is(map, VALUE_MAP) && i < value_count(map); i++) {
            struct str key = map->as.map.entries[i].key->text;
            if (!map_has(&seen, key)) {
                map_put(run->arena, &seen, key, run);
                VEC_PUSH(run->arena, &keys, key);
            }
        }
    }
    if (keys.count) {
        qsort(keys.items, keys.count, sizeof(*keys.items), cmp_text);
    }
    *ret_keys = keys.items;
    return keys.count;
}

/* A line for each key, a column for each stack. */
static int print_pivot(struct invocation *invocation, const struct value *by_stack)
{
    struct run *run = invocation->run;
    size_t most = 0;
    size_t stacks = value_count(by_stack);
    int r = list_most_columns(invocation, &most);
    if (r) {
        return r;
    }
    stacks = most && most < stacks ? most : stacks;
    struct column *columns = ARENA_ARRAY(run->arena, struct column, stacks + 1);
    struct table_cell *cells = ARENA_ARRAY(run->arena, struct table_cell, stacks + 1);
    columns[0] = (struct column){ "key", "Key", COLUMN_TEXT, 0 };
    for (size_t s = 0; s < stacks; s++) {
        const char *name = by_stack->as.map.entries[s].key->text.ptr;
        columns[s + 1] = (struct column){ name, name, COLUMN_TEXT, 1 };
    }
    struct table table = { .columns = columns,
        .column_count = stacks + 1,
        .is_flat = true,
        .has_header = true,
        .empty = "no values" };
    struct str *keys;
    size_t count = all_keys(run, by_stack, &keys);
    for (size_t i = 0; i < count; i++) {
        cells[0] = (struct table_cell){ keys[i], STYLE_KEY };
        for (size_t s = 0; s < stacks; s++) {
            const struct value *value =
                    value_get_str(by_stack->as.map.entries[s].value, keys[i]);
            cells[s + 1] = (struct table_cell){ cell_text(run, value), STYLE_PLAIN };
        }
        table_add(run->arena, &table, cells);
    }
    return print_table(invocation, &table);
}

static bool is_value_format(const struct invocation *invocation)
{
    return list_has_format(invocation, "json") || list_has_format(invocation, "yaml");
}

/* The answer of --query for each stack; one that is no map stands at `value`, none is left out. */
static int ask_each(struct invocation *invocation, const struct value **by_stack)
{
    struct run *run = invocation->run;
    struct str query = option_text(invocation, "query");
    struct value_builder answers;
    value_builder_init(&answers, run->arena, MARK_NONE);
    for (size_t i = 0; i < value_count(*by_stack); i++) {
        const struct value_entry *stack = &(*by_stack)->as.map.entries[i];
        const struct value *answer = NULL;
        int r = query_value(run, stack->value, query, &answer);
        if (r) {
            return r;
        }
        if (value_is(answer, VALUE_NULL)) {
            continue;
        }
        if (!value_is(answer, VALUE_MAP)) {
            struct value_builder one;
            value_builder_init(&one, run->arena, MARK_NONE);
            value_builder_add(&one, key_of(run->keys, STR("value")), answer, MARK_NONE);
            answer = value_builder_map(&one);
        }
        value_builder_add(&answers, stack->key, answer, stack->mark);
    }
    *by_stack = value_builder_map(&answers);
    return 0;
}

/* Of the component in each stack; NULL: all of it. */
static int list_section(struct invocation *invocation, const char *section)
{
    struct config_options config = invocation_config_options(invocation);
    struct instance_filter filter = { .stack = option_text(invocation, "stack"),
        .component = invocation->args.items[0],
        .type = option_flag(invocation, "abstract") ? TYPE_ALL : TYPE_REAL };
    const struct value *by_stack = NULL;
    int r = pipeline_list_section(invocation->run, &config, &filter, section, &by_stack);
    if (r == 0 && option_text(invocation, "query").len > 0) {
        r = ask_each(invocation, &by_stack);
    }
    if (r) {
        return r;
    }
    return is_value_format(invocation) ? print_answer(invocation, by_stack, STR_EMPTY, NULL)
                                       : print_pivot(invocation, by_stack);
}

int cmd_list_vars(struct invocation *invocation)
{
    return list_section(invocation, "vars");
}

int cmd_list_values(struct invocation *invocation)
{
    return list_section(invocation, option_text(invocation, "query").len > 0 ? NULL : "vars");
}

/* Without a component: everything about every stack, as the reference has it. */
int cmd_list_settings(struct invocation *invocation)
{
    if (invocation->args.count) {
        return list_section(invocation, "settings");
    }
    struct config_options config = invocation_config_options(invocation);
    struct stacks_filter filter = { .stack = option_text(invocation, "stack") };
    if (!is_value_format(invocation)) {
        diag_add(&invocation->run->diags, &cli_diags[CLI_ARGUMENTS], MARK_NONE,
                "`list settings` without a component needs --format json or yaml");
        return ERR_INVALID;
    }
    return print_stacks(invocation, &config, &filter);
}

int cmd_describe_dependents(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct selection selection = { .component = invocation->args.items[0] };
    const struct value *value = NULL;
    int r = require_stack(invocation, &selection.stack);
    r = r ? r : pipeline_describe_dependents(invocation->run, &config, &selection, &value);
    return r ? r : print_value(invocation, value);
}

int cmd_describe_workflows(struct invocation *invocation)
{
    struct config_options config = invocation_config_options(invocation);
    struct str output = option_text(invocation, "output");
    const struct value *files = NULL;
    int r = pipeline_workflows(invocation->run, &config, &files);
    if (r) {
        return r;
    }
    if (str_eq_cstr(output, "list")) {
        files = workflows_list(invocation->run, files);
    } else if (str_eq_cstr(output, "map")) {
        files = workflows_names(invocation->run, files);
    }
    return print_value(invocation, files);
}
