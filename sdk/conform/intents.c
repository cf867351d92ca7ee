/* SPDX-License-Identifier: Apache-2.0 */
/* Intents out of a JSON Schema: samples of every size, kept when the program's validator accepts them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conform.h"

enum {
    TRIES = 400,
    WANTED = 24,
    DEPTH_LIMIT = 12,
    FILE_MAX_BYTES = 1 << 20
};

/* One sampling in progress. */
struct sampler {
    struct conform *conform;
    struct arena *arena;
    const struct value *root;
    uint64_t seed;
    int fill; /* per cent of optional parts that are there */
    int depth;
    struct buf *out;
};

static void sample(struct sampler *sampler, const struct value *schema);

static const struct value *get(const struct value *map, const char *key)
{
    return value_get_str(map, str_from(key));
}

static uint64_t roll(struct sampler *sampler, uint64_t below)
{
    return below == 0 ? 0 : random_next(&sampler->seed) % below;
}

static bool by_chance(struct sampler *sampler)
{
    return (int)roll(sampler, 100) < sampler->fill;
}

static int64_t number_of(const struct value *schema, const char *key, int64_t otherwise)
{
    double number = 0;
    return value_float(get(schema, key), &number) ? (int64_t)number : otherwise;
}

/* Follows "#/a/b" within the document; anything else gives NULL. */
static const struct value *resolve(struct sampler *sampler, struct str reference)
{
    const struct value *at = sampler->root;
    struct str rest = str_from_index(reference, 1);
    struct str step;
    bool more = true;
    if (reference.len == 0 || reference.ptr[0] != '#') {
        return NULL;
    }
    while (at != NULL && str_split(&rest, &more, '/', &step)) {
        if (step.len > 0) {
            at = value_is(at, VALUE_LIST)
                         ? value_at(at,
                                   (size_t)strtoull(arena_cstr(sampler->arena, step), NULL, 10))
                         : value_get_str(at, step);
        }
    }
    return at;
}

/* The schema with $ref, allOf, anyOf and oneOf laid into it: what is sampled is one map of keywords. */
static const struct value *flatten(
        struct sampler *sampler, const struct value *schema, int depth)
{
    static const char *const all[] = { "allOf" };
    static const char *const one[] = { "anyOf", "oneOf" };
    struct merger *merger = merger_new(sampler->arena);
    const struct value *flat = schema;
    const struct value *reference = get(schema, "$ref");
    if (depth > DEPTH_LIMIT || !value_is(schema, VALUE_MAP)) {
        return schema;
    }
    if (reference != NULL) {
        const struct value *meant = resolve(sampler, value_string(reference));
        flat = value_merge(merger, flatten(sampler, meant, depth + 1), flat, LIST_APPEND);
    }
    const struct value *list = get(schema, all[0]);
    for (size_t i = 0; i < value_count(list); i++) {
        flat = value_merge(
                merger, flat, flatten(sampler, value_at(list, i), depth + 1), LIST_APPEND);
    }
    for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
        list = get(schema, one[i]);
        if (value_count(list) > 0) {
            const struct value *chosen =
                    value_at(list, (size_t)roll(sampler, value_count(list)));
            flat = value_merge(merger, flat, flatten(sampler, chosen, depth + 1), LIST_APPEND);
        }
    }
    return flat;
}

static void add_string(struct sampler *sampler, const struct value *schema)
{
    const struct value *pattern = get(schema, "pattern");
    int64_t least = number_of(schema, "minLength", 0);
    int64_t most = number_of(schema, "maxLength", least + 12);
    AUTO_BUF text = BUF_INIT(1 << 16);
    if (pattern != NULL) {
        pattern_sample(sampler->arena, value_string(pattern), &sampler->seed, &text);
    } else if (roll(sampler, 4) == 0 && most >= 16 && least <= 16) {
        buf_add_cstr(
                &text, roll(sampler, 2) == 0 ? "team@example.com" : "111122223333 \xc3\xa9");
    } else {
        int64_t len = least + (int64_t)roll(sampler,
                                      (uint64_t)(most - least < 12 ? most - least + 1 : 12));
        for (int64_t i = 0; i < (len == 0 && most > 0 ? 1 : len) && i < 10000; i++) {
            buf_add_byte(&text, "abcdefghijklmnopqrstuvwxyz0123456789-_ ."[roll(sampler, 40)]);
        }
    }
    json_write_string(sampler->out, buf_str(&text), 0);
}

static void add_number(struct sampler *sampler, const struct value *schema, bool is_integer)
{
    int64_t least = number_of(schema, "minimum", number_of(schema, "exclusiveMinimum", -1) + 1);
    int64_t most = number_of(
            schema, "maximum", number_of(schema, "exclusiveMaximum", least + 1001) - 1);
    int64_t step = number_of(schema, "multipleOf", 1);
    int64_t number =
            least + (most > least ? (int64_t)roll(sampler, (uint64_t)(most - least) + 1) : 0);
    if (step > 1) {
        number = (number / step) * step;
        number = number < least ? number + step : number;
    }
    buf_addf(sampler->out, "%lld%s", (long long)number,
            !is_integer && number < most && roll(sampler, 3) == 0 ? ".5" : "");
}

static void add_list(struct sampler *sampler, const struct value *schema)
{
    const struct value *items = get(schema, "items");
    const struct value *prefix = get(schema, "prefixItems");
    int64_t least = number_of(schema, "minItems", 0);
    int64_t most = number_of(schema, "maxItems", least + 3);
    int64_t extra = most - least > 3 ? 3 : most - least;
    int64_t count =
            least + (sampler->fill == 0 ? 0 : (int64_t)roll(sampler, (uint64_t)extra + 1));
    if (sampler->fill >= 100 && count == 0 && most > 0) {
        count = 1;
    }
    buf_add_byte(sampler->out, '[');
    for (int64_t i = 0; i < count && i < 1000; i++) {
        const struct value *schema_of =
                i < (int64_t)value_count(prefix) ? value_at(prefix, (size_t)i) : items;
        buf_add_cstr(sampler->out, i > 0 ? "," : "");
        sample(sampler, schema_of);
    }
    buf_add_byte(sampler->out, ']');
}

static bool is_required(const struct value *schema, struct str key)
{
    const struct value *list = get(schema, "required");
    for (size_t i = 0; i < value_count(list); i++) {
        if (str_eq(value_string(value_at(list, i)), key)) {
            return true;
        }
    }
    return false;
}

static void add_key(
        struct sampler *sampler, struct str key, const struct value *schema, size_t *count)
{
    buf_add_cstr(sampler->out, (*count)++ > 0 ? "," : "");
    json_write_string(sampler->out, key, 0);
    buf_add_byte(sampler->out, ':');
    sample(sampler, schema);
}

static void add_map(struct sampler *sampler, const struct value *schema)
{
    const struct value *properties = get(schema, "properties");
    const struct value *more = get(schema, "additionalProperties");
    const struct value *required = get(schema, "required");
    size_t count = 0;
    buf_add_byte(sampler->out, '{');
    for (size_t i = 0; i < value_count(properties); i++) {
        const struct value_entry *entry = &properties->as.map.entries[i];
        if (is_required(schema, entry->key->text) ||
                (sampler->depth < DEPTH_LIMIT && by_chance(sampler))) {
            add_key(sampler, entry->key->text, entry->value, &count);
        }
    }
    for (size_t i = 0; i < value_count(required); i++) {
        struct str key = value_string(value_at(required, i));
        if (value_get_str(properties, key) == NULL) {
            add_key(sampler, key, more, &count);
        }
    }
    if (value_is(more, VALUE_MAP) && sampler->depth < DEPTH_LIMIT && by_chance(sampler)) {
        const struct value *names = flatten(sampler, get(schema, "propertyNames"), 0);
        AUTO_BUF key = BUF_INIT(4096);
        pattern_sample(
                sampler->arena, value_string(get(names, "pattern")), &sampler->seed, &key);
        if (value_count(get(names, "enum")) > 0) {
            const struct value *list = get(names, "enum");
            buf_add(&key, value_text(value_at(list, (size_t)roll(sampler, value_count(list)))));
        }
        if (value_get_str(properties, buf_str(&key)) == NULL) {
            add_key(sampler, key.len > 0 ? buf_str(&key) : STR("extra-key"), more, &count);
        }
    }
    buf_add_byte(sampler->out, '}');
}

/* What an untyped schema is about, by its keywords. */
static struct str type_of(struct sampler *sampler, const struct value *schema)
{
    static const struct {
        const char *keyword;
        const char *type;
    } signs[] = { { "properties", "object" }, { "additionalProperties", "object" },
        { "items", "array" }, { "prefixItems", "array" }, { "pattern", "string" },
        { "minLength", "string" }, { "minimum", "number" }, { "maximum", "number" } };
    const struct value *type = get(schema, "type");
    if (value_is(type, VALUE_LIST) && value_count(type) > 0) {
        return value_string(value_at(type, (size_t)roll(sampler, value_count(type))));
    }
    for (size_t i = 0; type == NULL && i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (get(schema, signs[i].keyword) != NULL) {
            return str_from(signs[i].type);
        }
    }
    return type != NULL ? value_string(type) : STR("string");
}

static void sample(struct sampler *sampler, const struct value *schema)
{
    const struct value *flat = flatten(sampler, schema, 0);
    const struct value *fixed = get(flat, "const");
    const struct value *choices = get(flat, "enum");
    if (fixed == NULL && value_count(choices) > 0) {
        fixed = value_at(choices, (size_t)roll(sampler, value_count(choices)));
    }
    if (fixed == NULL && get(flat, "examples") != NULL && roll(sampler, 2) == 0) {
        fixed = value_at(get(flat, "examples"), 0);
    }
    if (fixed != NULL) {
        json_write(sampler->out, fixed, JSON_COMPACT | JSON_KEEP_ORDER);
        return;
    }
    struct str type = type_of(sampler, flat);
    sampler->depth++;
    if (str_eq_cstr(type, "object")) {
        add_map(sampler, flat);
    } else if (str_eq_cstr(type, "array")) {
        add_list(sampler, flat);
    } else if (str_eq_cstr(type, "integer") || str_eq_cstr(type, "number")) {
        add_number(sampler, flat, str_eq_cstr(type, "integer"));
    } else if (str_eq_cstr(type, "boolean")) {
        buf_add_cstr(sampler->out, roll(sampler, 2) == 0 ? "false" : "true");
    } else if (str_eq_cstr(type, "null")) {
        buf_add_cstr(sampler->out, "null");
    } else {
        add_string(sampler, flat);
    }
    sampler->depth--;
}

/* The mock host reads intents as YAML, where some characters may not stand as they are. */
static bool is_plain(struct str json)
{
    for (size_t i = 0; i < json.len; i++) {
        unsigned char c = (unsigned char)json.ptr[i];
        unsigned char next = (unsigned char)(i + 1 < json.len ? json.ptr[i + 1] : 0);
        if (c == 0x7f || (c == 0xc2 && next < 0xa0) || (c == 0xef && next == 0xbf)) {
            return false;
        }
    }
    return true;
}

struct str intent_sample(struct conform *conform, struct arena *arena, uint64_t seed, int fill)
{
    AUTO_BUF text = BUF_INIT(1 << 20);
    struct sampler sampler = { .conform = conform,
        .arena = arena,
        .root = conform->facts.schema,
        .seed = seed,
        .fill = fill,
        .out = &text };
    if (value_is(sampler.root, VALUE_MAP)) {
        sample(&sampler, sampler.root);
    } else {
        buf_add_cstr(&text, "{}");
    }
    return is_plain(buf_str(&text)) ? arena_dup(arena, buf_str(&text)) : STR("{}");
}

bool intent_is_valid(const struct conform *conform, struct str json)
{
    struct arena *arena = arena_new();
    struct keys *keys = keys_new(arena);
    const struct value *value = NULL;
    struct diags diags;
    diags_init(&diags, arena);
    bool is_valid = json_read(arena, keys, &diags, json, STR("the intent"), 0, &value) == 0 &&
                    value_is(value, VALUE_MAP);
    if (is_valid && conform->facts.compiled != NULL) {
        struct schema_check check = { .instance = value };
        is_valid = schema_validate(conform->facts.compiled, &check) == 0;
    }
    arena_free(arena);
    return is_valid;
}

/* Keeps a valid one that is new. */
static void keep(struct conform *conform, struct str json)
{
    conform->tried++;
    for (size_t i = 0; i < conform->intents.count; i++) {
        if (str_eq(conform->intents.items[i], json)) {
            return;
        }
    }
    if (is_plain(json) && intent_is_valid(conform, json)) {
        VEC_PUSH(conform->arena, &conform->intents, arena_dup(conform->arena, json));
    }
}

/* An intent of the author's: YAML or JSON, a map. */
static bool keep_file(struct conform *conform, struct str path)
{
    struct str text = STR_EMPTY;
    const struct value *value = NULL;
    struct diags diags;
    diags_init(&diags, conform->arena);
    struct yaml_input input = {
        .arena = conform->arena, .keys = conform->keys, .diags = &diags
    };
    AUTO_BUF json = BUF_INIT(FILE_MAX_BYTES);
    int r = file_read(conform->arena, path, FILE_MAX_BYTES, &text);
    if (r == 0) {
        input.text = text;
        r = yaml_read(&input, &value);
    }
    if (r != 0 || !value_is(value, VALUE_MAP)) {
        (void)fprintf(stderr,
                "tf-atmos-conform: `%.*s` cannot be read as a map of YAML or JSON\n",
                STR_ARG(path));
        return false;
    }
    json_write(&json, value, JSON_COMPACT | JSON_KEEP_ORDER);
    size_t before = conform->intents.count;
    keep(conform, buf_str(&json));
    if (conform->intents.count == before) {
        (void)fprintf(stderr, "tf-atmos-conform: `%.*s` violates the schema of the plugin\n",
                STR_ARG(path));
        return false;
    }
    return true;
}

bool intents_make(struct conform *conform, const struct texts *files)
{
    for (size_t i = 0; i < files->count; i++) {
        if (!keep_file(conform, files->items[i])) {
            return false;
        }
    }
    struct arena *scratch = arena_new();
    uint64_t seed = conform->seed;
    keep(conform, STR("{}"));
    for (int i = 0; i < TRIES && conform->intents.count < WANTED + files->count; i++) {
        static const int fills[] = { 0, 100, 50, 20, 80, 5, 95, 10 };
        keep(conform, intent_sample(conform, scratch, random_next(&seed), fills[i % 8]));
    }
    arena_free(scratch);
    return true;
}
