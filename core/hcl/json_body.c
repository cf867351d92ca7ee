/* SPDX-License-Identifier: Apache-2.0 */
/* Terraform's JSON syntax becomes the same blocks and attributes. */
#include "hcl.h"

/* In JSON only a schema tells a block from an attribute; these are the blocks that hold facts. */
struct block_rule {
    const char *name;
    size_t labels;
    bool is_in_terraform; /* else at the top of the file */
};

static const struct block_rule rules[] = {
    { "data", 2, false },
    { "locals", 0, false },
    { "module", 1, false },
    { "output", 1, false },
    { "provider", 1, false },
    { "resource", 2, false },
    { "terraform", 0, false },
    { "variable", 1, false },
    { "backend", 1, true },
    { "cloud", 0, true },
    { "required_providers", 0, true },
};

VEC_TYPE(blocks, struct hcl_block);

struct reader {
    const struct hcl_input *input;
    struct str labels[2]; /* of the block that is being read */
};

static int read_map(struct reader *reader, const struct value *map, const char *above,
        struct hcl_body *body);

static int wrong_shape(struct reader *reader, struct mark mark, const char *name)
{
    (void)diag_add(reader->input->diags, &hcl_diags[HCL_JSON_SHAPE], mark,
            "\"%s\" must be an object or a list of objects", name);
    return ERR_INVALID;
}

static const struct block_rule *find_rule(struct str name, const char *above)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        bool is_here = rules[i].is_in_terraform ? str_eq_cstr(STR("terraform"), above)
                                                : above[0] == '\0';
        if (is_here && str_eq_cstr(name, rules[i].name)) {
            return &rules[i];
        }
    }
    return NULL;
}

/* True when no string in it holds a template. */
static bool is_literal(const struct value *value)
{
    struct str text = value_string(value);
    if (str_find_str(text, STR("${")) >= 0 || str_find_str(text, STR("%{")) >= 0) {
        return false;
    }
    for (size_t i = 0; value_is(value, VALUE_LIST) && i < value_count(value); i++) {
        if (!is_literal(value_at(value, i))) {
            return false;
        }
    }
    for (size_t i = 0; value_is(value, VALUE_MAP) && i < value_count(value); i++) {
        if (!is_literal(value->as.map.entries[i].value)) {
            return false;
        }
    }
    return true;
}

static struct hcl_attribute to_attribute(struct reader *reader, const struct value_entry *entry)
{
    struct arena *arena = reader->input->arena;
    struct str text = value_text(entry->value);
    if (!value_is_scalar(entry->value)) {
        AUTO_BUF json = BUF_INIT(BUF_UNBOUNDED);
        json_write(&json, entry->value, JSON_COMPACT | JSON_KEEP_ORDER);
        text = arena_dup(arena, buf_str(&json));
    }
    return (struct hcl_attribute){ .name = entry->key->text,
        .text = text,
        .value = is_literal(entry->value) ? entry->value : NULL,
        .mark = entry->mark };
}

/* One object level per label, then the body; a list anywhere repeats what is below. */
static int read_blocks(struct reader *reader, const struct block_rule *rule, size_t level,
        const struct value *value, struct mark mark, struct blocks *blocks)
{
    struct arena *arena = reader->input->arena;
    int code = 0;
    if (value_is(value, VALUE_NULL)) {
        return 0;
    }
    if (value_is(value, VALUE_LIST)) {
        for (size_t i = 0; code == 0 && i < value_count(value); i++) {
            const struct value *item = value_at(value, i);
            code = value_is(item, VALUE_MAP)
                           ? read_blocks(reader, rule, level, item, item->mark, blocks)
                           : wrong_shape(reader, item->mark, rule->name);
        }
        return code;
    }
    if (!value_is(value, VALUE_MAP)) {
        return wrong_shape(reader, value->mark, rule->name);
    }
    if (level == rule->labels) {
        struct hcl_block block = { .type = str_from(rule->name),
            .labels = arena_copy(arena, reader->labels, sizeof(reader->labels)),
            .label_count = level,
            .mark = mark };
        code = read_map(reader, value, rule->name, &block.body);
        if (code == 0) {
            VEC_PUSH(arena, blocks, block);
        }
        return code;
    }
    for (size_t i = 0; code == 0 && i < value_count(value); i++) {
        const struct value_entry *entry = &value->as.map.entries[i];
        if (str_eq(entry->key->text, STR("//"))) {
            continue; /* a comment */
        }
        reader->labels[level] = entry->key->text;
        code = read_blocks(reader, rule, level + 1, entry->value, entry->mark, blocks);
    }
    return code;
}

static int read_map(struct reader *reader, const struct value *map, const char *above,
        struct hcl_body *body)
{
    struct arena *arena = reader->input->arena;
    VEC(struct hcl_attribute) attributes = { 0 };
    struct blocks blocks = { 0 };
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->as.map.entries[i];
        const struct block_rule *rule = find_rule(entry->key->text, above);
        if (rule) {
            int code = read_blocks(reader, rule, 0, entry->value, entry->mark, &blocks);
            if (code != 0) {
                return code;
            }
        } else if (!str_eq(entry->key->text, STR("//"))) {
            VEC_PUSH(arena, &attributes, to_attribute(reader, entry));
        }
    }
    *body = (struct hcl_body){ .attributes = attributes.items,
        .attribute_count = attributes.count,
        .blocks = blocks.items,
        .block_count = blocks.count };
    return 0;
}

/* At the top a list of objects is allowed, too; it reads as one object after the other. */
static int read_top(struct reader *reader, const struct value *root, struct hcl_body *ret_body)
{
    if (value_is(root, VALUE_MAP)) {
        return read_map(reader, root, "", ret_body);
    }
    if (!value_is(root, VALUE_LIST)) {
        return wrong_shape(reader, root->mark, "the file");
    }
    struct blocks blocks = { 0 };
    for (size_t i = 0; i < value_count(root); i++) {
        const struct value *item = value_at(root, i);
        struct hcl_body body = { 0 };
        int code = value_is(item, VALUE_MAP) ? read_map(reader, item, "", &body)
                                             : wrong_shape(reader, item->mark, "the file");
        if (code != 0) {
            return code;
        }
        for (size_t k = 0; k < body.block_count; k++) {
            VEC_PUSH(reader->input->arena, &blocks, body.blocks[k]);
        }
    }
    *ret_body = (struct hcl_body){ .blocks = blocks.items, .block_count = blocks.count };
    return 0;
}

int hcl_read_json(const struct hcl_input *input, struct hcl_body *ret_body)
{
    struct reader reader = { .input = input };
    const struct value *root = NULL;
    if (input->text.len > HCL_MAX_BYTES) {
        (void)diag_add(input->diags, &hcl_diags[HCL_LIMIT], (struct mark){ input->file, 1, 1 },
                "the file has %zu bytes; at most %d are read", input->text.len, HCL_MAX_BYTES);
        return ERR_LIMIT;
    }
    int code = json_read(input->arena, input->keys, input->diags, input->text,
            STR("a .tf.json file"), input->file, &root);
    return code != 0 ? code : read_top(&reader, root, ret_body);
}
