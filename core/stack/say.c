/* SPDX-License-Identifier: Apache-2.0 */
/* What resolving has to say: each problem once, however many manifests share the place it stands at. */
#include <stdarg.h>

#include "stack_internal.h"

enum {
    MESSAGE_MAX = 1 << 20,
    OTHERS_NAMED = 3
};

/* A problem that was said, and who else has it. */
struct said {
    size_t position; /* in the list of findings */
    const struct manifest *manifest; /* being built at that time, or NULL */
    const struct manifest *latest;
    struct str others[OTHERS_NAMED]; /* keys of manifests that have it too */
    size_t other_count;
};

/* What a caller may want to branch on. */
static int code_of(enum stack_diag kind)
{
    static const struct {
        enum stack_diag kind;
        int err;
    } codes[] = {
        { STACK_NO_MANIFESTS, ERR_NOT_FOUND },
        { STACK_IMPORT_NOT_FOUND, ERR_NOT_FOUND },
        { STACK_UNKNOWN_BASE, ERR_NOT_FOUND },
        { STACK_IMPORT_ESCAPES, ERR_DENIED },
        { STACK_UNREADABLE, ERR_IO },
        { STACK_LIMIT, ERR_LIMIT },
        { STACK_UNSUPPORTED, ERR_UNSUPPORTED },
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (codes[i].kind == kind) {
            return codes[i].err;
        }
    }
    return ERR_INVALID;
}

/* Position of the quoted text in the message, -1 when it is not there. */
static ptrdiff_t find_quoted(struct str message, struct str text)
{
    for (size_t from = 0; text.len && from < message.len;) {
        ptrdiff_t at = str_find_str(str_from_index(message, from), text);
        if (at < 0) {
            return -1;
        }
        size_t start = from + (size_t)at;
        size_t end = start + text.len;
        if (start > 0 && message.ptr[start - 1] == '"' && end < message.len &&
                message.ptr[end] == '"') {
            return (ptrdiff_t)start;
        }
        from = start + 1;
    }
    return -1;
}

/* What makes two findings the same: kind, place and message without the manifest being built. */
static void add_identity(struct buf *out, const struct resolver *r, enum stack_diag kind,
        struct mark mark, struct str message)
{
    struct str key = r->building ? r->building->key : STR_EMPTY;
    ptrdiff_t at = find_quoted(message, key);
    buf_addf(out, "%d %u %u %u ", (int)kind, mark.file, mark.line, mark.column);
    if (at >= 0) {
        buf_add(out, str_sub(message, 0, (size_t)at));
        message = str_from_index(message, (size_t)at + key.len);
    }
    buf_add(out, message);
}

static struct diag *say_again(struct resolver *r, struct said *said)
{
    const struct manifest *manifest = r->building;
    if (manifest && manifest != said->manifest && manifest != said->latest) {
        if (said->other_count < OTHERS_NAMED) {
            said->others[said->other_count] = manifest->key;
        }
        said->other_count++;
        said->latest = manifest;
    }
    r->repeated = (struct diag){ 0 };
    return &r->repeated;
}

__attribute__((format(printf, 5, 0))) static struct diag *say(struct resolver *r,
        enum stack_diag kind, enum diag_severity severity, struct mark mark, const char *format,
        va_list args)
{
    AUTO_BUF text = BUF_INIT(MESSAGE_MAX);
    AUTO_BUF identity = BUF_INIT(MESSAGE_MAX + 4096);
    buf_vaddf(&text, format, args);
    add_identity(&identity, r, kind, mark, buf_str(&text));
    struct said *said = map_get(&r->said, buf_str(&identity));
    if (said) {
        return say_again(r, said);
    }
    said = ARENA_NEW(r->run->arena, struct said);
    *said = (struct said){ .position = r->run->diags.list.count, .manifest = r->building };
    map_put(r->run->arena, &r->said, buf_str(&identity), said);
    if (severity == DIAG_ERROR && !r->err) {
        r->err = code_of(kind);
    }
    struct diag diag = {
        .id = stack_diags[kind].id,
        .severity = severity,
        .exit_code = stack_diags[kind].exit_code,
        .message = buf_str(&text),
        .mark = mark,
    };
    return diag_append(&r->run->diags, &diag);
}

bool resolver_is_repeated(const struct resolver *r, const struct diag *diag)
{
    return diag == &r->repeated;
}

void resolver_name_others(struct resolver *r)
{
    struct diags *diags = &r->run->diags;
    for (size_t i = 0; i < r->said.count; i++) {
        const struct said *said = r->said.entries[i].value;
        if (said->other_count == 0) {
            continue;
        }
        struct buf names = BUF_INIT(1 << 16);
        size_t named = said->other_count < OTHERS_NAMED ? said->other_count : OTHERS_NAMED;
        for (size_t n = 0; n < named; n++) {
            buf_addf(&names, "%s\"%.*s\"", n ? ", " : "", STR_ARG(said->others[n]));
        }
        if (named < said->other_count) {
            buf_addf(&names, " and %zu more", said->other_count - named);
        }
        struct diag *diag = &diags->list.items[said->position];
        diag->detail = diag_text(diags, "%.*s%sthe same in %.*s", STR_ARG(diag->detail),
                diag->detail.len ? "\n" : "", STR_ARG(buf_str(&names)));
        buf_clear(&names);
    }
    r->said = (struct map){ 0 };
}

struct diag *resolver_say(
        struct resolver *r, enum stack_diag kind, struct mark mark, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag *diag = say(r, kind, stack_diags[kind].severity, mark, format, args);
    va_end(args);
    return diag;
}

struct diag *resolver_say_checked(
        struct resolver *r, enum stack_diag kind, struct mark mark, const char *format, ...)
{
    enum diag_severity severity = r->is_checked ? DIAG_ERROR : DIAG_WARNING;
    va_list args;
    va_start(args, format);
    struct diag *diag = say(r, kind, severity, mark, format, args);
    va_end(args);
    return diag;
}

struct diag *resolver_say_strict(
        struct resolver *r, enum stack_diag kind, struct mark mark, const char *format, ...)
{
    enum diag_severity severity = r->run->is_strict ? DIAG_ERROR : DIAG_WARNING;
    va_list args;
    va_start(args, format);
    struct diag *diag = say(r, kind, severity, mark, format, args);
    va_end(args);
    return diag;
}

struct diag *resolver_say_lenient(
        struct resolver *r, enum stack_diag kind, struct mark mark, const char *format, ...)
{
    bool is_error =
            !r->is_lenient && (r->is_checked || stack_diags[kind].severity == DIAG_ERROR);
    va_list args;
    va_start(args, format);
    struct diag *diag = say(r, kind, is_error ? DIAG_ERROR : DIAG_WARNING, mark, format, args);
    va_end(args);
    if (is_error) {
        diag->detail =
                STR("older versions accept it: --lenient, or stacks.lenient: true in the "
                    "configuration, makes this a warning");
    }
    return diag;
}
