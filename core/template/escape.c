/* SPDX-License-Identifier: Apache-2.0 */
/* Texts made safe for HTML, JavaScript and URLs, as Go's html, js and urlquery do. */
#include <string.h>

#include "go_functions.h"

struct replacement {
    char byte;
    const char *text;
};

static const char *replacement_of(
        char byte, const struct replacement *replacements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (replacements[i].byte == byte) {
            return replacements[i].text;
        }
    }
    return NULL;
}

void escape_html(struct buf *out, struct str text)
{
    static const struct replacement replacements[] = { { '\0', "\xEF\xBF\xBD" },
        { '"', "&#34;" }, { '\'', "&#39;" }, { '&', "&amp;" }, { '<', "&lt;" },
        { '>', "&gt;" } };
    for (size_t i = 0; i < text.len; i++) {
        const char *found = replacement_of(
                text.ptr[i], replacements, sizeof(replacements) / sizeof(replacements[0]));
        buf_add(out, found ? str_from(found) : str_sub(text, i, i + 1));
    }
}

void escape_js(struct buf *out, struct str text)
{
    static const struct replacement replacements[] = { { '\\', "\\\\" }, { '\'', "\\'" },
        { '"', "\\\"" }, { '<', "\\u003C" }, { '>', "\\u003E" }, { '&', "\\u0026" },
        { '=', "\\u003D" } };
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t point = point_next(text, &at);
        const char *found = replacement_of(
                text.ptr[start], replacements, sizeof(replacements) / sizeof(replacements[0]));
        if (found) {
            buf_add_cstr(out, found);
        } else if (point < ' ') {
            buf_addf(out, "\\u%04X", point);
        } else if (point == 0x7F || (point >= 0x80 && !point_is_printable(point))) {
            buf_addf(out, "\\u%04X", point);
        } else {
            buf_add(out, str_sub(text, start, at));
        }
    }
}

void escape_url(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("-_.~", byte));
        if (is_plain) {
            buf_add_byte(out, byte);
        } else if (byte == ' ') {
            buf_add_byte(out, '+');
        } else {
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)byte);
        }
    }
}
