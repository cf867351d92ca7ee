/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that come from plugins: cut, cleaned of control characters and secrets. */
#include <string.h>

#include "host.h"

/* Cuts at a character boundary. */
static struct str cut(struct str text, size_t max)
{
    if (text.len <= max) {
        return text;
    }
    while (max > 0 && ((unsigned char)text.ptr[max] & 0xC0) == 0x80) {
        max--;
    }
    return str_sub(text, 0, max);
}

/* Ends of lines become blanks, control characters question marks. */
static char shown_byte(char byte)
{
    if (byte == '\n' || byte == '\t' || byte == '\r') {
        return ' ';
    }
    unsigned char c = (unsigned char)byte;
    if (c < ' ' || c == 0x7f) {
        return '?';
    }
    return byte;
}

struct str call_text(struct tfa_call *call, struct tfa_str text, size_t max)
{
    /* Secrets go first: a cut could leave a piece of one. */
    struct str clean =
            redact(call->scratch, str_of(text), call->secrets.items, call->secrets.count);
    bool is_cut = clean.len > max;
    clean = cut(clean, max);
    char *copy = arena_alloc(call->run->arena, clean.len + 4);
    for (size_t i = 0; i < clean.len; i++) {
        unsigned char c = (unsigned char)clean.ptr[i];
        /* C1 controls, U+0080 to U+009F, have two bytes. */
        bool is_c1 = c == 0xC2 && i + 1 < clean.len && (unsigned char)clean.ptr[i + 1] < 0xA0;
        if (is_c1) {
            copy[i] = '?';
            copy[++i] = '?';
        } else {
            copy[i] = shown_byte(clean.ptr[i]);
        }
    }
    size_t len = clean.len;
    if (is_cut) {
        for (const char *dots = "\xE2\x80\xA6"; *dots; dots++) {
            copy[len++] = *dots;
        }
    }
    return (struct str){ copy, len };
}

/* ---- redaction ---- */

static bool is_word_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '_';
}

static size_t run_length(struct str text, size_t from, const char *extra)
{
    size_t at = from;
    while (at < text.len &&
            (is_word_char(text.ptr[at]) || (text.ptr[at] && strchr(extra, text.ptr[at])))) {
        at++;
    }
    return at - from;
}

/* Length of what looks like a credential at the start of a word; 0: nothing. */
static size_t credential_length(struct str text, size_t at)
{
    struct str rest = str_from_index(text, at);
    size_t len = run_length(text, at, "");
    if ((str_starts_with(rest, STR("AKIA")) || str_starts_with(rest, STR("ASIA"))) &&
            len == 20) {
        return len;
    }
    if (len >= 36 && rest.ptr[0] == 'g' && rest.ptr[1] == 'h' && rest.ptr[3] == '_' &&
            strchr("pousr", rest.ptr[2])) {
        return len;
    }
    if (str_starts_with(rest, STR("eyJ"))) {
        size_t token = run_length(text, at, "-.");
        return token >= 40 && str_find(str_sub(rest, 0, token), '.') > 0 ? token : 0;
    }
    if (str_starts_with(rest, STR("-----BEGIN ")) &&
            str_find_str(rest, STR("PRIVATE KEY-----")) > 0) {
        return rest.len;
    }
    return 0;
}

/* Length of the longest secret at this place. */
static size_t secret_length(struct str text, size_t at, const struct str *secrets, size_t count)
{
    size_t longest = 0;
    struct str rest = str_from_index(text, at);
    for (size_t i = 0; i < count; i++) {
        if (secrets[i].len > longest && str_starts_with(rest, secrets[i])) {
            longest = secrets[i].len;
        }
    }
    return longest;
}

struct str redact(struct arena *arena, struct str text, const struct str *secrets, size_t count)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    size_t kept = 0;
    size_t at = 0;
    while (at < text.len) {
        size_t len = secret_length(text, at, secrets, count);
        bool is_start = at == 0 || !is_word_char(text.ptr[at - 1]);
        if (len == 0 && is_start) {
            len = credential_length(text, at);
        }
        if (len == 0) {
            at++;
            continue;
        }
        buf_add(&out, str_sub(text, kept, at));
        buf_add(&out, STR("(sensitive)"));
        at += len;
        kept = at;
    }
    if (kept == 0) {
        return text;
    }
    buf_add(&out, str_from_index(text, kept));
    return arena_dup(arena, buf_str(&out));
}
