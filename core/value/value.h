/* SPDX-License-Identifier: Apache-2.0 */
/* The one immutable tree that everything flows through. */
#ifndef TFATMOS_VALUE_VALUE_H
#define TFATMOS_VALUE_VALUE_H

#include "base/base.h"

/*
 * A value never changes after it was built and may be shared by any number of parents and threads.
 * It lives in an arena, which must outlive every tree that refers to it. Scalars keep the text they
 * were written with: an account id keeps its leading zeros, a number its digits.
 *
 * Map keys are interned in a `struct keys`: two keys with the same text are the same pointer, so a
 * look-up compares pointers. All trees that meet in a merge must use the same table.
 */

enum value_kind {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT, /* an integer of any size; see value_int for those that fit */
    VALUE_FLOAT, /* any other number */
    VALUE_STRING,
    VALUE_LIST,
    VALUE_MAP
};

enum {
    VALUE_SENSITIVE = 1u << 0, /* never shown, logged or written where others can read it */
    VALUE_QUOTED = 1u << 1, /* the scalar was quoted or a block scalar in its file */
    VALUE_SHIELDED = 1u << 2, /* text of a !literal: no template or function applies */
    VALUE_FUNCTION = 1u << 3, /* text is "!name arguments" of a known function tag */
    VALUE_APPEND = 1u << 4, /* a list tagged !append: see merger_join_marked */
    VALUE_ONCE = 1u << 5 /* a map made to be written once: see value_builder_map_once */
};

/* An interned key. Compare pointers, never texts. */
struct key {
    struct str text; /* followed by NUL */
    uint64_t hash;
    const struct hash_seed *seed; /* of the hashes of its table */
    uint64_t prefix; /* the first eight bytes as a number: most comparisons end here */
    size_t serial; /* keys that were in its table before it */
};

struct keys;

struct value;

struct value_entry {
    const struct key *key;
    const struct value *value;
    struct mark mark; /* of the key */
};

struct value {
    uint8_t kind; /* enum value_kind */
    uint8_t flags;
    uint16_t reserved;
    struct mark mark; /* of the value's first character */

    union {
        struct str text; /* scalars: the source text (decoded, for quoted ones) */

        struct {
            const struct value *const *items;
            size_t count;
        } list;

        struct {
            const struct value_entry *entries; /* insertion order */
            size_t count;
            const uint32_t *slots; /* key index for large maps, else NULL */
        } map;
    } as;
};

/* ---- keys ---- */

/* Thread-safe after creation is not promised: one table per thread, or fill it from one thread. */
struct keys *keys_new(struct arena *arena);
/* Under another seed than that of the process, for tests: nothing may depend on it. */
struct keys *keys_new_seeded(struct arena *arena, struct hash_seed seed);
const struct key *key_of(struct keys *keys, struct str text);
/* The key when it is known, else NULL: a map cannot contain a key that was never interned. */
const struct key *key_find(const struct keys *keys, struct str text);

/* ---- reading ---- */

/* NULL pointers are allowed everywhere below and read as "absent". */
bool value_is(const struct value *value, enum value_kind kind);
bool value_is_scalar(const struct value *value);
/* Number of items or entries; 0 for scalars. */
size_t value_count(const struct value *value);
/* Item of a list, NULL when out of range or not a list. */
const struct value *value_at(const struct value *list, size_t index);
/* Value of a key, NULL when absent or not a map. */
const struct value *value_get(const struct value *map, const struct key *key);
const struct value_entry *value_entry_get(const struct value *map, const struct key *key);
/* Same by text; a little slower, for names that are not known beforehand. */
const struct value *value_get_str(const struct value *map, struct str key);
const struct value_entry *value_entry_get_str(const struct value *map, struct str key);
/* Dotted path of map keys ("metadata.component"): NULL when a step is missing. */
const struct value *value_get_path(const struct value *map, const char *path);

/* Text of a scalar (true/false for booleans, empty for null). Empty for lists and maps. */
struct str value_text(const struct value *value);
/* The string's text when it is a string, else the empty view. */
struct str value_string(const struct value *value);
bool value_bool(const struct value *value, bool otherwise);
/* False when it is not an integer or does not fit. Understands 0x 0o 0b, leading-zero octal, _ . */
bool value_int(const struct value *value, int64_t *ret_number);
bool value_float(const struct value *value, double *ret_number);
/* True for maps and lists without content. */
bool value_is_empty(const struct value *value);
/* True when the value or anything in it is sensitive. */
bool value_has_sensitive(const struct value *value);

/* ---- building ---- */

const struct value *value_null(struct arena *arena, struct mark mark);
const struct value *value_bool_new(struct arena *arena, bool truth, struct mark mark);
const struct value *value_int_new(struct arena *arena, int64_t number, struct mark mark);
/* Text is copied. `kind` is VALUE_INT, VALUE_FLOAT or VALUE_STRING. */
const struct value *value_scalar_new(
        struct arena *arena, enum value_kind kind, struct str text, struct mark mark);
const struct value *value_string_new(struct arena *arena, struct str text, struct mark mark);
/* The text is not copied: it must live as long as the arena. */
const struct value *value_string_view(struct arena *arena, struct str text, struct mark mark);

/* Maps and lists under construction. Finish makes the value; the builder is then empty again. */
struct value_builder {
    struct arena *arena;
    VEC(struct value_entry) entries;
    struct mark mark;
    uint32_t *slots; /* inside: index of the keys once there are many and one is looked for */
    size_t slot_count;
    size_t indexed;
};

void value_builder_init(struct value_builder *builder, struct arena *arena, struct mark mark);
/* Room for as many entries, before the first. */
void value_builder_reserve(struct value_builder *builder, size_t count);
/* Sets or replaces (keeping the first position). */
void value_builder_set(struct value_builder *builder, const struct key *key,
        const struct value *value, struct mark mark);
/* Adds without looking for an earlier entry: for callers that know the key is new. */
void value_builder_add(struct value_builder *builder, const struct key *key,
        const struct value *value, struct mark mark);
const struct value *value_builder_map(struct value_builder *builder);
/* A map that is made to be written and forgotten: it has no index, and writers do not remember it, so that
 * its memory may be used again after it was written. */
const struct value *value_builder_map_once(struct value_builder *builder);

const struct value *value_list_new(
        struct arena *arena, const struct value *const *items, size_t count, struct mark mark);
/* A copy of the top node with other flags or mark; children are shared. */
const struct value *value_with_flags(
        struct arena *arena, const struct value *value, uint8_t flags);
const struct value *value_with_mark(
        struct arena *arena, const struct value *value, struct mark mark);
/* A copy of the map with one key set or removed; everything else is shared. */
const struct value *value_with(struct arena *arena, const struct value *map,
        const struct key *key, const struct value *value);
const struct value *value_without(
        struct arena *arena, const struct value *map, const struct key *key);

/* ---- comparing ---- */

/* Same kind and content: numbers by value and kind, maps whatever their order. Marks and flags do
 * not count. */
bool value_equal(const struct value *a, const struct value *b);

/* ---- merging (merge.c) ---- */

enum list_strategy {
    LIST_REPLACE,
    LIST_APPEND,
    LIST_MERGE
};

/*
 * Merges with memory of what it did: the same two trees are merged once. One per thread.
 */
struct merger;

struct merger *merger_new(struct arena *arena);
/* From now on a later list with VALUE_APPEND is added to the earlier one under any strategy; the
 * result is marked when both were. */
void merger_join_marked(struct merger *merger);
/*
 * Deep merge, `later` wins: maps per key, lists by strategy, everything else replaced (null too).
 * NULL on either side gives the other. Nodes that do not change are shared, and when the result
 * equals an input by identity of all children that input itself is returned.
 * Key order: the keys of `earlier`, then new ones of `later`.
 */
const struct value *value_merge(struct merger *merger, const struct value *earlier,
        const struct value *later, enum list_strategy strategy);
/* All of them from left to right, as value_merge would; NULLs are left out. In a long row the marks of
 * keys are those of the last map that has the key. */
const struct value *value_merge_all(struct merger *merger, const struct value *const *items,
        size_t count, enum list_strategy strategy);
/* Number of pairs actually merged and of answers given from memory, for benchmarks and tests. */
void merger_counts(const struct merger *merger, size_t *ret_merged, size_t *ret_remembered);

/* ---- text in ---- */

/* Bounds against hostile input; all have a diagnostic naming the bound. */
struct value_limits {
    size_t max_bytes; /* of one file */
    size_t max_depth; /* of nesting */
    size_t max_nodes; /* of one file, aliases expanded */
    size_t max_scalar_bytes;
};

extern const struct value_limits value_limits_default;

VEC_TYPE(marks, struct mark);

/* What a YAML reader needs beside the text. */
struct yaml_input {
    struct arena *arena;
    struct keys *keys;
    struct diags *diags;
    struct str text;
    uint32_t file; /* sources id */
    const struct value_limits *limits; /* NULL: default */
    /* Tags that are functions ("!env"), the last NULL; such a value becomes the string "!tag argument"
     * with VALUE_FUNCTION (a list with the function !append: the list with VALUE_APPEND). Any other tag
     * that is not one of YAML's own is an error that names these. NULL: there are none. */
    const char *const *functions;
    /* Not empty: an unquoted key with it between two other texts ("a.b") is the key "b" in the map
     * "a", beside others there. A quoted key is kept whole. */
    struct str key_delimiter;
    /* Not NULL: gets the places of the anchored values that an alias refers to. */
    struct marks *referenced;
};

/*
 * Reads the first document of YAML text with the typing of YAML 1.2 core as Atmos sees it: true/false
 * in three spellings, null ~ empty, yes/no/on/off are strings, integers decimal 0x 0o 0b and
 * leading-zero octal with _ separators, floats, dates stay text. Anchors, aliases and merge keys are
 * resolved; duplicate keys, unknown tags, undefined aliases, invalid UTF-8 and NUL bytes are errors
 * (one diagnostic, ERR_PARSE or ERR_LIMIT). An empty document gives ret_value NULL.
 * A second document is ignored with a warning.
 */
int yaml_read(const struct yaml_input *input, const struct value **ret_value);

/*
 * Reads one JSON document, strictly (no NaN, no comments, duplicate keys are errors), through
 * json-c; integers beyond 64 bits keep their digits. `file` 0 gives values without marks; otherwise
 * marks point at the file's first line. `what` names the text in the diagnostic. ERR_PARSE, ERR_LIMIT.
 */
int json_read(struct arena *arena, struct keys *keys, struct diags *diags, struct str text,
        struct str what, uint32_t file, const struct value **ret_value);

/* ---- text out ---- */

enum {
    JSON_COMPACT = 1u << 0, /* one line, no blanks */
    JSON_ESCAPE_HTML = 1u << 1, /* < > & as \u003c \u003e \u0026: files for Terraform */
    JSON_KEEP_ORDER = 1u << 2, /* insertion order instead of byte order */
    JSON_MASK = 1u << 3 /* sensitive values as "(sensitive)" */
};

/* Two-space indented unless JSON_COMPACT; no end of line after it. Floats that JSON cannot express
 * (.inf, .nan) become strings of their YAML spelling. NULL is written as null. */
void json_write(struct buf *out, const struct value *value, unsigned flags);

/* Where the text goes piece by piece, so that it never stands in memory as a whole. */
struct json_output {
    void (*write)(void *context, struct str text);
    void *context;
};

/* The same text as json_write, in pieces. */
void json_stream(const struct json_output *output, const struct value *value, unsigned flags);
/*
 * The same text as json_stream gives for a map, written entry by entry. The caller gives the entries in
 * the order they are to have. Values, and what they hold, must live until the end, but for maps with
 * VALUE_ONCE. The end frees the map.
 */
struct json_map;
struct json_map *json_map_begin(const struct json_output *output, unsigned flags);
void json_map_add(struct json_map *map, struct str key, const struct value *value);
void json_map_end(struct json_map *map);
/* The quoted, escaped form of a string. */
void json_write_string(struct buf *out, struct str text, unsigned flags);

/*
 * Spec 2.6: two-space (or `indent`) indented, list items indented under their key, keys in natural
 * order, strings that would read back as another type quoted, multi-line strings as literal blocks.
 * Ends with an end of line.
 */
struct yaml_notes {
    /* Adds blanks and a comment to the line at the end of `out`, or nothing. `mark` is the place of the
     * key or item that begins the line. */
    void (*add)(void *context, struct mark mark, struct buf *out);
    void *context;
};

struct yaml_style {
    unsigned indent; /* blanks per level, 2 to 9; 0: 2 */
    bool keep_order;
    bool mask; /* sensitive values as (sensitive) */
    const struct yaml_notes *notes; /* NULL: no comments */
};

void yaml_write(struct buf *out, const struct value *value, const struct yaml_style *style);

/* The shortest decimal text that reads back as the same number, as Go's %v writes it: 1.5, 1e+06. Not for
 * infinities and what is no number. */
void value_write_real(struct buf *out, double real);

/* Natural order of keys of spec 2.6: <0, 0, >0. */
int key_natural_cmp(struct str a, struct str b);

#endif
