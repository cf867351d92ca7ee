/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the YAML reader share: the parser, the stack of open collections, anchors. */
#ifndef TFATMOS_VALUE_YAML_READER_H
#define TFATMOS_VALUE_YAML_READER_H

#include <yaml.h>

#include "node.h"
#include "value_diag.h"

#define CORE_TAG "tag:yaml.org,2002:"

/* What an event says about a scalar. */
struct scalar {
    struct str text;
    struct str tag; /* empty: none */
    struct mark mark;
    enum value_kind kind;
    uint8_t flags;
    bool is_plain;
};

/* A value with a name. */
struct anchor {
    const struct value *value; /* NULL while it is still being read */
    size_t nodes; /* values it expands to */
    size_t height; /* levels of collections, 0 for a scalar */
    bool is_used;
};

/* A map or list whose end has not come yet. */
struct frame {
    bool is_map;
    bool is_append; /* a list with the tag !append */
    bool has_key; /* of a map: the next value belongs to `key`, or to the merge key */
    bool has_merge; /* of a map: it holds a merge key */
    struct mark mark;
    struct mark key_mark;
    struct mark merge_mark;
    const struct key *key; /* NULL with `has_key`: the merge key */
    size_t pieces; /* of `key` when a delimiter splits it, else 1 */
    VEC(size_t) splits; /* which of its entries have a key to be split */
    const struct value *merge;
    struct anchor *anchor; /* may be NULL */
    size_t first; /* of its entries in the reader's stack */
    size_t nodes_before;
    size_t height; /* of the highest child, + 1 */
};

struct reader {
    const struct yaml_input *input;
    const struct value_limits *limits;
    struct str text; /* without byte order mark */
    yaml_parser_t parser;
    struct arena *scratch; /* given back when reading ends */
    VEC(struct frame) frames;
    VEC(struct value_entry) entries; /* of all open collections; no keys for lists */
    struct map anchors; /* name to struct anchor */
    size_t nodes; /* read so far, aliases expanded */
    const struct value *root;
};

/* One diagnostic for what libyaml found wrong; returns ERR_PARSE. */
int yaml_syntax_error(struct reader *reader);
/* The place of a byte. */
struct mark yaml_place(const struct reader *reader, size_t offset);

/* yaml_tag.c: what the tag of a scalar makes of it. ERR_PARSE. */
int yaml_tag_apply(struct reader *reader, struct scalar *scalar);
bool yaml_tag_is_function(const struct yaml_input *input, struct str tag);
/* Says that the tag is not known and which are; returns ERR_PARSE. */
int yaml_tag_error(struct reader *reader, const struct scalar *scalar);

/* yaml_map.c: the finished map of a frame whose entries are on top of the stack. */
int yaml_map_finish(
        struct reader *reader, const struct frame *frame, const struct value **ret_map);

/* yaml_split.c: how many keys a plain key stands for: 1 unless the delimiter splits it. */
size_t yaml_key_pieces(const struct reader *reader, struct str text);
/* Splits the keys of `frame->splits` in its finished map. ERR_PARSE. */
int yaml_map_split(struct reader *reader, const struct frame *frame, const struct value **map);

#endif
