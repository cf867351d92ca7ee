/* SPDX-License-Identifier: Apache-2.0 */
/* Faults, the table of diagnostics, and the cleaning of text that strangers sent. */
#include "fault.h"

#include <string.h>

const struct diag_kind aws_diags[AWS_DIAG__COUNT] = { AWS_DIAGS(DIAG_KIND_ENTRY) };

static const char *const outcome_names[] = {
    [AWS_OK] = "ok",
    [AWS_REJECTED] = "rejected",
    [AWS_NOT_FOUND] = "not-found",
    [AWS_DENIED] = "denied",
    [AWS_BAD_CREDENTIALS] = "bad-credentials",
    [AWS_THROTTLED] = "throttled",
    [AWS_SERVER_FAULT] = "server-fault",
    [AWS_UNREACHABLE] = "unreachable",
    [AWS_TIMED_OUT] = "timed-out",
    [AWS_UNREADABLE] = "unreadable",
    [AWS_ABSENT] = "absent",
    [AWS_BAD_CALL] = "bad-call",
    [AWS_CANCELLED] = "cancelled",
};

const char *aws_outcome_name(enum aws_outcome outcome)
{
    ENSURE((size_t)outcome < sizeof(outcome_names) / sizeof(outcome_names[0]));
    return outcome_names[outcome];
}

struct aws_fault *fault_new(struct arena *arena, enum aws_diag kind, const char *format, ...)
{
    va_list args;
    struct aws_fault *fault = ARENA_NEW(arena, struct aws_fault);
    va_start(args, format);
    fault->message = arena_vprintf(arena, format, args);
    va_end(args);
    fault->kind = &aws_diags[kind];
    fault->hint = str_from(fault->kind->fix);
    return fault;
}

struct diag *aws_fault_report(struct diags *diags, const struct aws_fault *fault)
{
    struct diag *diag =
            diag_add(diags, fault->kind, MARK_NONE, "%.*s", STR_ARG(fault->message));
    diag->detail = arena_dup(diags->arena, fault->detail);
    diag->hint = arena_dup(diags->arena, fault->hint);
    return diag;
}

/* Length of the secret that starts at this place, 0 when there is none. */
static size_t secret_at(struct str text, const struct str *secrets, size_t secret_count)
{
    size_t longest = 0;
    for (size_t i = 0; i < secret_count; i++) {
        if (secrets[i].len > longest && str_starts_with(text, secrets[i])) {
            longest = secrets[i].len;
        }
    }
    return longest;
}

/* Length of the well-formed UTF-8 sequence at the start, 0 when it is malformed. */
static size_t sequence_len(struct str text)
{
    unsigned char lead = (unsigned char)text.ptr[0];
    size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return len <= text.len && str_is_utf8(str_sub(text, 0, len)) ? len : 0;
}

struct str foreign_text(struct arena *arena, struct str text, size_t max_bytes,
        const struct str *secrets, size_t secret_count)
{
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    while (text.len > 0 && out.len < max_bytes) {
        size_t len = secret_at(text, secrets, secret_count);
        if (len > 0) {
            buf_add(&out, STR("(hidden)"));
            text = str_from_index(text, len);
            continue;
        }
        len = sequence_len(text);
        unsigned char byte = (unsigned char)text.ptr[0];
        /* C1 controls are two bytes in UTF-8: c2 80 to c2 9f. */
        bool is_control = byte < 0x20 || byte == 0x7f ||
                          (len == 2 && byte == 0xc2 && (unsigned char)text.ptr[1] < 0xa0);
        if (is_control) {
            if (out.len > 0 && out.ptr[out.len - 1] != ' ') {
                buf_add_byte(&out, ' ');
            }
        } else if (len == 0) {
            buf_add_byte(&out, '?');
        } else {
            buf_add(&out, str_sub(text, 0, len));
        }
        text = str_from_index(text, len > 0 ? len : 1);
    }
    struct str clean = str_trim(buf_str(&out));
    return text.len > 0 ? arena_printf(arena, "%.*s...", STR_ARG(clean))
                        : arena_dup(arena, clean);
}
