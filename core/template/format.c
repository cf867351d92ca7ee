/* SPDX-License-Identifier: Apache-2.0 */
/* printf: a format whose verbs are replaced by arguments. */
#include <string.h>

#include "evaluate.h"

enum {
    NUMBER_MAX = 1000000 /* of a width or a precision */
};

struct formatting {
    struct template_call *call;
    struct buf *out;
    struct str format;
    size_t at;
    const struct datum *args;
    size_t count;
    size_t next; /* argument */
    bool was_chosen; /* an argument by its number: the rest need not be used */
    bool is_bad; /* the number of an argument that is not there */
};

static char byte_at(const struct formatting *f)
{
    return f->at < f->format.len ? f->format.ptr[f->at] : '\0';
}

static bool read_count(struct formatting *f, int *ret_number)
{
    bool is_there = false;
    int number = 0;
    for (; byte_at(f) >= '0' && byte_at(f) <= '9'; f->at++) {
        number = number < NUMBER_MAX ? number * 10 + (byte_at(f) - '0') : NUMBER_MAX + 1;
        is_there = true;
    }
    *ret_number = number;
    return is_there;
}

/* "[2]" */
static void read_choice(struct formatting *f)
{
    if (byte_at(f) != '[') {
        return;
    }
    int number = 0;
    f->at++;
    f->was_chosen = true;
    bool is_there = read_count(f, &number) && byte_at(f) == ']';
    f->is_bad = !is_there || number < 1 || (size_t)number > f->count;
    f->next = f->is_bad ? f->next : (size_t)number - 1;
    while (byte_at(f) != ']' && byte_at(f) != '\0') {
        f->at++;
    }
    f->at += byte_at(f) == ']';
}

static void read_flags(struct formatting *f, struct verb *verb)
{
    for (;; f->at++) {
        switch (byte_at(f)) {
        case '+':
            verb->has_plus = true;
            break;
        case '-':
            verb->has_minus = true;
            break;
        case '#':
            verb->has_sharp = true;
            break;
        case ' ':
            verb->has_space = true;
            break;
        case '0':
            verb->has_zero = true;
            break;
        default:
            return;
        }
    }
}

/* A number, or "*" for the next argument. False when that is none. */
static bool read_size(struct formatting *f, int *ret_number, bool *ret_is_there)
{
    *ret_is_there = false;
    if (byte_at(f) != '*') {
        *ret_is_there = read_count(f, ret_number);
        return *ret_number <= NUMBER_MAX;
    }
    f->at++;
    const struct datum *argument = f->next < f->count ? &f->args[f->next++] : NULL;
    if (!argument || argument->kind != DATUM_INT || argument->as.integer > NUMBER_MAX ||
            argument->as.integer < -NUMBER_MAX) {
        return false;
    }
    *ret_number = (int)argument->as.integer;
    *ret_is_there = true;
    return true;
}

static void read_sizes(struct formatting *f, struct verb *verb)
{
    read_choice(f);
    if (!read_size(f, &verb->width, &verb->has_width)) {
        buf_add(f->out, STR("%!(BADWIDTH)"));
        verb->has_width = false;
    }
    if (verb->has_width && verb->width < 0) {
        verb->width = -verb->width;
        verb->has_minus = true;
        verb->has_zero = false;
    }
    if (byte_at(f) == '.') {
        f->at++;
        read_choice(f);
        bool is_there;
        if (!read_size(f, &verb->precision, &is_there)) {
            buf_add(f->out, STR("%!(BADPREC)"));
            return;
        }
        verb->has_precision = verb->precision >= 0;
    }
    read_choice(f);
}

static int refuse_verb(struct formatting *f, const struct verb *verb)
{
    bool is_go = verb->letter == 'v' && verb->has_sharp;
    if (is_go || verb->letter == 'T' || verb->letter == 'p') {
        return template_refuse(
                f->call, "%%%s%c is not supported", is_go ? "#" : "", verb->letter);
    }
    return 0;
}

static int add_argument(struct formatting *f, const struct verb *verb)
{
    struct evaluation *e = f->call->evaluation;
    int err = refuse_verb(f, verb);
    if (err) {
        return err;
    }
    if (f->is_bad || f->next >= f->count) {
        buf_addf(f->out, f->is_bad ? "%%!%c(BADINDEX)" : "%%!%c(MISSING)", verb->letter);
        return 0;
    }
    const struct datum *argument = &f->args[f->next++];
    err = template_work(
            f->call, (size_t)(verb->width + (verb->has_precision ? verb->precision : 0)));
    return err ? err : datum_print_as(e, f->out, e->at, verb, *argument);
}

static int add_verb(struct formatting *f)
{
    struct verb verb = { .letter = '\0' };
    f->is_bad = false;
    read_flags(f, &verb);
    read_sizes(f, &verb);
    if (f->at >= f->format.len) {
        buf_add(f->out, STR("%!(NOVERB)"));
        return 0;
    }
    size_t start = f->at;
    uint32_t point = point_next(f->format, &f->at);
    if (point >= 0x80) {
        return template_fail(
                f->call, "\"%%%.*s\" is no verb", STR_ARG(str_sub(f->format, start, f->at)));
    }
    verb.letter = (char)point;
    if (verb.letter == '%') {
        buf_add_byte(f->out, '%');
        return 0;
    }
    return add_argument(f, &verb);
}

/* "%!(EXTRA int=1, string=a)": arguments that no verb took. */
static int add_rest(struct formatting *f)
{
    struct evaluation *e = f->call->evaluation;
    int err = 0;
    if (f->was_chosen || f->next >= f->count) {
        return 0;
    }
    buf_add(f->out, STR("%!(EXTRA "));
    for (size_t i = f->next; i < f->count && err == 0; i++) {
        struct datum argument = f->args[i];
        bool is_nothing = argument.kind == DATUM_NULL || argument.kind == DATUM_MISSING;
        buf_add(f->out, i > f->next ? STR(", ") : STR_EMPTY);
        if (!is_nothing) {
            buf_addf(f->out, "%s=", scalar_type(argument));
        }
        err = datum_print(e, f->out, e->at, argument);
    }
    buf_add_byte(f->out, ')');
    return err;
}

int datums_format(struct template_call *call, struct buf *out, struct str format,
        const struct datum *args, size_t count)
{
    struct formatting f = {
        .call = call, .out = out, .format = format, .args = args, .count = count
    };
    int err = 0;
    while (f.at < format.len && err == 0 && !out->is_full) {
        struct str rest = str_from_index(format, f.at);
        ptrdiff_t verb = str_find(rest, '%');
        buf_add(out, verb < 0 ? rest : str_sub(rest, 0, (size_t)verb));
        f.at += verb < 0 ? rest.len : (size_t)verb;
        if (verb >= 0) {
            f.at++;
            err = add_verb(&f);
        }
    }
    return err ? err : add_rest(&f);
}
