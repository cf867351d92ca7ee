/* SPDX-License-Identifier: Apache-2.0 */
/* Frame headers and the scalars inside frames. */
#include <string.h>

#include "wire.h"
#include "wire_build.h"

static const unsigned char magic[4] = { 'T', 'F', 'A', 'W' };

const char wire_build[] = WIRE_BUILD;

static void put_u32(unsigned char *bytes, uint32_t number)
{
    for (size_t i = 0; i < 4; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
}

static uint32_t get_u32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

void wire_header_put(unsigned char *bytes, const struct wire_header *header)
{
    memcpy(bytes, magic, sizeof(magic));
    put_u32(bytes + 4, header->kind);
    put_u32(bytes + 8, header->sequence);
    put_u32(bytes + 12, header->length);
}

bool wire_header_get(const unsigned char *bytes, struct wire_header *ret_header)
{
    struct wire_header header = { get_u32(bytes + 4), get_u32(bytes + 8), get_u32(bytes + 12) };
    if (memcmp(bytes, magic, sizeof(magic)) != 0 || header.kind < WIRE_HELLO ||
            header.kind >= WIRE_KIND__END || header.length > WIRE_FRAME_MAX) {
        return false;
    }
    *ret_header = header;
    return true;
}

void wire_put_u64(struct buf *out, uint64_t number)
{
    char bytes[10];
    size_t len = 0;
    while (number >= 0x80) {
        bytes[len++] = (char)(unsigned char)(number | 0x80);
        number >>= 7;
    }
    bytes[len++] = (char)number;
    buf_add(out, (struct str){ bytes, len });
}

/* Small numbers of either sign stay short. */
void wire_put_i64(struct buf *out, int64_t number)
{
    uint64_t bits = (uint64_t)number << 1;
    wire_put_u64(out, number < 0 ? ~bits : bits);
}

void wire_put_text(struct buf *out, struct str text)
{
    wire_put_u64(out, text.len);
    buf_add(out, text);
}

void wire_put_view(struct buf *out, struct tfa_str view)
{
    if (!view.ptr) {
        wire_put_u64(out, view.len == 0 ? 0 : 1);
    } else if (view.len > WIRE_FRAME_MAX) {
        out->is_full = true;
    } else {
        wire_put_u64(out, view.len + 2);
        buf_add(out, (struct str){ view.ptr, (size_t)view.len });
    }
}

uint64_t wire_get_long(struct wire_in *in)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint64_t byte = wire_get_byte(in);
        if (shift == 63 && byte > 1) {
            break;
        }
        number |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            return in->is_bad ? 0 : number;
        }
    }
    in->is_bad = true;
    return 0;
}

uint32_t wire_get_u32(struct wire_in *in)
{
    uint64_t number = wire_get_u64(in);
    if (number > UINT32_MAX) {
        in->is_bad = true;
        return 0;
    }
    return (uint32_t)number;
}

int64_t wire_get_i64(struct wire_in *in)
{
    uint64_t bits = wire_get_u64(in);
    return (int64_t)(bits & 1 ? ~(bits >> 1) : bits >> 1);
}

int32_t wire_get_i32(struct wire_in *in)
{
    int64_t number = wire_get_i64(in);
    if (number < INT32_MIN || number > INT32_MAX) {
        in->is_bad = true;
        return 0;
    }
    return (int32_t)number;
}

unsigned char wire_get_byte(struct wire_in *in)
{
    if (in->is_bad || in->at == in->end) {
        in->is_bad = true;
        return 0;
    }
    return *in->at++;
}

static struct str take(struct wire_in *in, uint64_t len)
{
    if (in->is_bad || len > (uint64_t)(in->end - in->at)) {
        in->is_bad = true;
        return STR_EMPTY;
    }
    struct str text = { (const char *)in->at, (size_t)len };
    in->at += len;
    return text;
}

struct str wire_get_text(struct wire_in *in)
{
    return take(in, wire_get_u64(in));
}

struct tfa_str wire_get_view(struct wire_in *in)
{
    uint64_t len = wire_get_u64(in);
    if (len < 2) {
        return (struct tfa_str){ NULL, len };
    }
    struct str text = take(in, len - 2);
    return (struct tfa_str){ text.ptr, text.len };
}
