/* SPDX-License-Identifier: Apache-2.0 */
/* What the program and its worker say to each other: frames, scalars, values, records. */
#ifndef TFATMOS_WIRE_WIRE_H
#define TFATMOS_WIRE_WIRE_H

#include <tf-atmos/aws.h>
#include <tf-atmos/diag.h>
#include <tf-atmos/log.h>

#include "value/value.h"

/*
 * Private to one build: both sides name wire_build in their first frame and part when it differs, so
 * nothing here has to stay compatible. Whatever is read may be hostile. A reader never looks past the
 * bytes it was given; the first thing that cannot be sets `is_bad`, after which every read gives zero
 * or empty, so that a message is read to its end and judged once.
 */

/* Sixteen hexadecimal digits over the sources both sides share. */
extern const char wire_build[];

/* ---- frames ---- */

enum {
    WIRE_HEADER_BYTES = 16,
    WIRE_FRAME_MAX = 64 << 20, /* bytes of one frame, without its header */
    WIRE_DEPTH_MAX = 512, /* nesting of one value */
    WIRE_NODE_MAX = 5000000, /* nodes of one value */
    WIRE_FILE_MAX = 1 << 20, /* files that places lie in */
    WIRE_KEY_MAX = 1 << 16, /* keys that are remembered; the others cross each time */
    WIRE_RELATED_MAX = 16, /* second places of one finding */
    WIRE_FIELD_MAX = 64, /* fields of one log line */
    WIRE_REQUEST_MAX = 1000 /* requests of one batch */
};

enum wire_kind {
    WIRE_HELLO = 1, /* worker: build and descriptor, once */
    WIRE_CALL, /* host: enter the plugin */
    WIRE_RECORDS, /* worker: what the plugin did, see enum wire_record */
    WIRE_REPLY, /* host: to a record that asks */
    WIRE_KIND__END
};

struct wire_header {
    uint32_t kind; /* enum wire_kind */
    uint32_t sequence; /* frames sent before in this direction */
    uint32_t length; /* bytes that follow */
};

/* Writes WIRE_HEADER_BYTES. */
void wire_header_put(unsigned char *bytes, const struct wire_header *header);
/* False unless it is a header of this protocol with a length in bounds. */
bool wire_header_get(const unsigned char *bytes, struct wire_header *ret_header);

/* ---- scalars ---- */

struct wire_in {
    const unsigned char *at;
    const unsigned char *end;
    bool is_bad;
};

static inline struct wire_in wire_in_of(struct str bytes)
{
    const unsigned char *at = (const unsigned char *)(bytes.ptr ? bytes.ptr : "");
    return (struct wire_in){ at, at + bytes.len, false };
}

/* Numbers take as many bytes as they need. A full buffer shows in out->is_full, once at the end. */
void wire_put_u64(struct buf *out, uint64_t number);
void wire_put_i64(struct buf *out, int64_t number);
void wire_put_text(struct buf *out, struct str text);
/* Keeps apart what the interface does: not given, empty, and views that no text can have. */
void wire_put_view(struct buf *out, struct tfa_str view);

uint64_t wire_get_long(struct wire_in *in);

/* Most numbers have one byte. */
static inline uint64_t wire_get_u64(struct wire_in *in)
{
    return !in->is_bad && in->at < in->end && *in->at < 0x80 ? *in->at++ : wire_get_long(in);
}

uint32_t wire_get_u32(struct wire_in *in);
int64_t wire_get_i64(struct wire_in *in);
int32_t wire_get_i32(struct wire_in *in);
unsigned char wire_get_byte(struct wire_in *in);
/* Views of the bytes that were read. */
struct str wire_get_text(struct wire_in *in);
struct tfa_str wire_get_view(struct wire_in *in);

/* ---- values ---- */

/* What one direction has named: a path or a key crosses once, afterwards its number. */
struct wire_names {
    struct arena *arena;
    VEC(uint32_t) files; /* writer: 1 when told; reader: id here, by the number there */
    VEC(const struct key *) keys; /* writer: the key when told; reader: the key here */
};

/* NULL is a value too. A tree over the limits sets out->is_full. */
void wire_put_value(struct buf *out, struct wire_names *names, const struct sources *sources,
        const struct value *value);

/* Where values that are read go. */
struct wire_reader {
    struct wire_in *in;
    struct arena *arena;
    struct keys *keys;
    struct sources *sources;
    struct wire_names *names;
};

/* The value, NULL when it was NULL or is bad. Texts are copied. */
const struct value *wire_get_value(struct wire_reader *reader);

/* ---- records: what a plugin did in its worker, in order ---- */

/*
 * Each is a call of the interface that the host makes in the plugin's place, on tables of its own:
 * handles have the same numbers on both sides, `slot` is that of the result. What only reads never
 * crosses. Records that ask are the last of their frame and get one WIRE_REPLY, which begins with the
 * number of slots of the host.
 */
enum wire_record {
    RECORD_MISUSE = 1, /* text: a rule that was broken there */
    RECORD_BROKEN, /* code, text: the first failure of tfa.build/1 there */
    RECORD_COUNT, /* slots there: the host numbers its own behind them */
    RECORD_CHILD, /* slot, slot of the parent, ordinal */
    RECORD_MAP, /* slot */
    RECORD_LIST,
    RECORD_NULL,
    RECORD_BOOLEAN, /* slot, number */
    RECORD_INTEGER,
    RECORD_REAL, /* slot, bits */
    RECORD_NUMBER, /* slot, text */
    RECORD_STRING,
    RECORD_SET, /* map, key, value */
    RECORD_APPEND, /* list, value */
    RECORD_SENSITIVE, /* slot, value */
    RECORD_DERIVED, /* slot, value, value */
    RECORD_LOG, /* level, message, fields */
    RECORD_PROGRESS, /* done, total, text */
    RECORD_REPORT, /* asks: code */
    RECORD_RESULT,
    RECORD_PARSE_JSON, /* asks: code, value */
    RECORD_INSTANCE, /* asks: code, slot, value */
    RECORD_INSTANCES,
    RECORD_SEND, /* asks: code, answer */
    RECORD_BATCH, /* asks: code, answers */
    RECORD_PAGINATE, /* asks: code, answer */
    RECORD_WALL, /* asks: code, number */
    RECORD_MONOTONIC,
    RECORD_DONE, /* the callback returned: code, handle, offers */
    RECORD__END
};

/* What a plugin is entered for. */
enum wire_function {
    WIRE_INIT,
    WIRE_VALIDATE,
    WIRE_GENERATE,
    WIRE_LIST,
    WIRE_RUN,
    WIRE_SHUTDOWN,
    WIRE_FUNCTION__END
};

/* Bits of `offers`: the tables of the plugin and, of those the host calls, that they are whole. */
enum {
    WIRE_COMPONENT = 1 << 0,
    WIRE_COMPONENT_WHOLE = 1 << 1,
    WIRE_CHECK = 1 << 2,
    WIRE_CHECK_WHOLE = 1 << 3,
    WIRE_REVIEW = 1 << 4,
    WIRE_PLAN = 1 << 5,
    WIRE_OFFERS_ALL = (1 << 6) - 1
};

/* ---- structs of the interface, as far as both sides know them (message.c) ---- */

/* Copies what the maker of `from` filled in; struct_size is then at most sizeof(*to). */
#define WIRE_READ_STRUCT(to, from)                                                             \
    do {                                                                                       \
        uint32_t size_ = (from)->struct_size;                                                  \
        size_ = size_ < sizeof(*(to)) ? size_ : (uint32_t)sizeof(*(to));                       \
        memset((to), 0, sizeof(*(to)));                                                        \
        memcpy((to), (from), size_);                                                           \
        (to)->struct_size = size_;                                                             \
    } while (0)

/* Writers take NULL. Readers give NULL for it; what they give lives in the arena, texts in the bytes. */
void wire_put_diag(struct buf *out, const struct tfa_diag *given);
const struct tfa_diag *wire_get_diag(struct wire_in *in, struct arena *arena);
void wire_put_result(struct buf *out, const struct tfa_result *given);
const struct tfa_result *wire_get_result(struct wire_in *in, struct arena *arena);
void wire_put_request(struct buf *out, const struct tfa_aws_request *given);
const struct tfa_aws_request *wire_get_request(struct wire_in *in, struct arena *arena);
void wire_put_pages(struct buf *out, const struct tfa_aws_pages *given);
const struct tfa_aws_pages *wire_get_pages(struct wire_in *in, struct arena *arena);
/* All but the handles: body and items are TFA_NONE. */
void wire_put_answer(struct buf *out, const struct tfa_aws_answer *answer);
struct tfa_aws_answer *wire_get_answer(struct wire_in *in, struct arena *arena);
void wire_put_fields(struct buf *out, const struct tfa_field *fields, uint64_t count);
const struct tfa_field *wire_get_fields(
        struct wire_in *in, struct arena *arena, uint64_t *ret_count);

#endif
