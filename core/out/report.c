/* SPDX-License-Identifier: Apache-2.0 */
/* Findings for people: full and concise. */
#include "report.h"

#include <string.h>

#include "snippet.h"
#include "text.h"

enum {
    SHOWN_IN_FULL = 10, /* of one kind */
    SHOWN_IN_SHORT = 10 /* of one kind, after those */
};

bool report_format_from(struct str name, enum report_format *ret_format)
{
    static const char *const names[] = { "full", "concise", "json" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_cstr(name, names[i])) {
            *ret_format = (enum report_format)i;
            return true;
        }
    }
    return false;
}

static const struct {
    const char *name;
    enum style style;
} severities[] = {
    [DIAG_ERROR] = { "error", STYLE_ERROR },
    [DIAG_WARNING] = { "warning", STYLE_WARNING },
    [DIAG_INFO] = { "info", STYLE_INFO },
    [DIAG_HINT] = { "hint", STYLE_INFO },
}, checks[] = {
    [DIAG_NO_CHECK] = { "", STYLE_PLAIN },
    [DIAG_CHECK_PASS] = { "pass", STYLE_OK },
    [DIAG_CHECK_FAIL] = { "fail", STYLE_ERROR },
    [DIAG_CHECK_PENDING] = { "pending", STYLE_WARNING },
    [DIAG_CHECK_SKIPPED] = { "skipped", STYLE_DIM },
    [DIAG_CHECK_UNKNOWN] = { "unknown", STYLE_WARNING },
};

const char *severity_name(enum diag_severity severity)
{
    return severities[severity].name;
}

const char *check_name(enum diag_check check)
{
    return checks[check].name;
}

static const char *word_of(const struct diag *diag)
{
    return diag->check != DIAG_NO_CHECK ? check_name(diag->check)
                                        : severity_name(diag->severity);
}

static enum style style_of(const struct diag *diag)
{
    return diag->check != DIAG_NO_CHECK ? checks[diag->check].style
                                        : severities[diag->severity].style;
}

struct report_counts report_count(const struct diags *diags)
{
    struct report_counts counts = { 0 };
    for (size_t i = 0; i < diags->list.count; i++) {
        const struct diag *diag = &diags->list.items[i];
        switch (diag->check) {
        case DIAG_NO_CHECK:
            counts.errors += diag->severity == DIAG_ERROR;
            counts.warnings += diag->severity == DIAG_WARNING;
            break;
        case DIAG_CHECK_PASS:
            counts.passed++;
            break;
        case DIAG_CHECK_FAIL:
            counts.failed++;
            break;
        case DIAG_CHECK_PENDING:
            counts.pending++;
            break;
        case DIAG_CHECK_SKIPPED:
            counts.skipped++;
            break;
        case DIAG_CHECK_UNKNOWN:
            counts.unknown++;
            break;
        }
    }
    return counts;
}

/* The id people look up: of the check when there is one. */
static const char *shown_id(const struct diag *diag)
{
    return diag->check_id.len > 0 ? diag->check_id.ptr : diag->id;
}

static void add_place(struct run *run, struct stream *out, struct mark mark)
{
    stream_add_foreign(out, sources_path(run->sources, mark.file));
    if (mark.line > 0) {
        stream_addf(out, ":%u", mark.line);
    }
    if (mark.line > 0 && mark.column > 0) {
        stream_addf(out, ":%u", mark.column);
    }
}

/* Everything below the first line hangs on a gutter as wide as the line number. */
static int gutter_of(const struct diag *diag)
{
    uint32_t most = diag->mark.line;
    for (size_t i = 0; i < diag->related_count; i++) {
        most = diag->related[i].mark.line > most ? diag->related[i].mark.line : most;
    }
    int digits = 1;
    for (; most >= 10; most /= 10) {
        digits++;
    }
    return digits + 1;
}

/* "   = word: text", wrapped in a terminal, further lines indented below the text. */
static void add_note(struct stream *out, int gutter, const char *word, struct str text)
{
    if (text.len == 0) {
        return;
    }
    stream_addf(out, "%*s = ", gutter, "");
    stream_add_styled(out, STYLE_STRONG, str_from(word));
    stream_add_cstr(out, ": ");
    size_t indent = (size_t)gutter + 3 + strlen(word) + 2;
    size_t width =
            out->term.is_tty && out->term.width > indent + 20 ? out->term.width : SIZE_MAX;
    AUTO_BUF clean = BUF_INIT(BUF_UNBOUNDED);
    struct str rest = text;
    bool more = true;
    struct str line;
    while (str_split(&rest, &more, '\n', &line)) {
        if (more || line.len > 0) {
            text_add_clean(&clean, line);
            buf_add_cstr(&clean, more && rest.len > 0 ? "\n" : "");
        }
    }
    AUTO_BUF wrapped = BUF_INIT(BUF_UNBOUNDED);
    text_add_wrapped(&wrapped, buf_str(&clean), indent, indent, width);
    stream_add(out, buf_str(&wrapped));
    stream_add_cstr(out, "\n");
}

static void add_subject(
        struct run *run, struct stream *out, int gutter, const struct diag *diag)
{
    if (diag->component.len > 0 && diag->stack.len > 0) {
        add_note(out, gutter, "instance",
                arena_printf(run->arena, "%.*s in stack %.*s", STR_ARG(diag->component),
                        STR_ARG(diag->stack)));
    } else {
        add_note(out, gutter, "component", diag->component);
        add_note(out, gutter, "stack", diag->stack);
    }
}

static void write_full(struct snippets *snippets, struct stream *out, const struct diag *diag)
{
    struct run *run = snippets->run;
    int gutter = gutter_of(diag);
    stream_add_styled(out, style_of(diag), str_from(word_of(diag)));
    stream_add_cstr(out, "[");
    stream_add_foreign(out, str_from(shown_id(diag)));
    stream_add_cstr(out, "]: ");
    stream_add_styled(out, STYLE_STRONG, diag->message);
    stream_add_cstr(out, "\n");
    if (diag->mark.file != 0) {
        stream_addf(out, "%*s", gutter, "");
        stream_add_styled(out, STYLE_DIM, STR("--> "));
        add_place(run, out, diag->mark);
        stream_add_cstr(out, "\n");
        snippet_write(snippets, out, diag->mark, diag->span, gutter, style_of(diag));
    }
    for (size_t i = 0; i < diag->related_count; i++) {
        const struct diag_related *related = &diag->related[i];
        stream_addf(out, "%*s", gutter, "");
        stream_add_styled(out, STYLE_DIM, STR("::: "));
        add_place(run, out, related->mark);
        stream_add_cstr(out, related->mark.file != 0 ? ": " : "");
        stream_add_foreign(out, related->message);
        stream_add_cstr(out, "\n");
        snippet_write(snippets, out, related->mark, 0, gutter, STYLE_INFO);
    }
    add_note(out, gutter, "why", diag->detail);
    add_subject(run, out, gutter, diag);
    add_note(out, gutter, "plugin", diag->plugin);
    add_note(out, gutter, "resource", diag->resource);
    add_note(out, gutter, "expected", diag->expected);
    add_note(out, gutter, "actual", diag->actual);
    add_note(out, gutter, "help", diag->hint);
    add_note(out, gutter, "see", diag->doc_url);
    stream_add_cstr(out, "\n");
}

static void write_concise(struct run *run, struct stream *out, const struct diag *diag)
{
    if (diag->mark.file != 0) {
        add_place(run, out, diag->mark);
        stream_add_cstr(out, ": ");
    }
    stream_add_styled(out, style_of(diag), str_from(word_of(diag)));
    stream_add_cstr(out, " ");
    stream_add_foreign(out, str_from(shown_id(diag)));
    stream_add_cstr(out, " ");
    stream_add_foreign(out, diag->message);
    if (diag->component.len > 0 && diag->stack.len > 0) {
        stream_add_cstr(out, " (");
        stream_add_foreign(out, diag->component);
        stream_add_cstr(out, " in ");
        stream_add_foreign(out, diag->stack);
        stream_add_cstr(out, ")");
    }
    stream_add_cstr(out, "\n");
}

/* How many findings of one kind were shown so far. */
struct kind_count {
    size_t seen;
    size_t total;
};

static struct kind_count *count_of(struct run *run, struct map *kinds, const struct diag *diag)
{
    struct str name = arena_printf(run->arena, "%s %s", word_of(diag), shown_id(diag));
    struct kind_count *count = map_get(kinds, name);
    if (!count) {
        count = ARENA_NEW(run->arena, struct kind_count);
        map_put(run->arena, kinds, name, count);
    }
    return count;
}

static bool is_shown(const struct diag *diag, const struct report_options *options)
{
    return diag->check != DIAG_CHECK_PASS || options->want_passed;
}

/* What is as it should be, or was not asked, is worth one line. */
static bool is_one_line(const struct diag *diag)
{
    return diag->check == DIAG_CHECK_PASS || diag->check == DIAG_CHECK_SKIPPED;
}

/* Good news first: what needs attention stands last, where the eye is when the command ends. */
static void write_one_liners(
        struct run *run, struct stream *out, const struct report_options *options)
{
    size_t shown = 0;
    for (size_t i = 0; i < run->diags.list.count; i++) {
        const struct diag *diag = &run->diags.list.items[i];
        if (is_one_line(diag) && is_shown(diag, options)) {
            write_concise(run, out, diag);
            shown++;
        }
    }
    stream_add_cstr(out, shown > 0 ? "\n" : "");
}

static void write_counted(struct snippets *snippets, struct stream *out,
        const struct diag *diag, struct kind_count *count)
{
    count->seen++;
    if (count->seen <= SHOWN_IN_FULL) {
        write_full(snippets, out, diag);
    } else if (count->seen <= SHOWN_IN_FULL + SHOWN_IN_SHORT) {
        write_concise(snippets->run, out, diag);
    } else if (count->seen == SHOWN_IN_FULL + SHOWN_IN_SHORT + 1) {
        stream_addf(out, "%zu more of %s are not shown; --format json has them all\n",
                count->total - count->seen + 1, shown_id(diag));
    }
    bool is_last_of_many = count->seen == count->total && count->seen > SHOWN_IN_FULL;
    stream_add_cstr(out, is_last_of_many ? "\n" : "");
}

/* A check that nobody could decide yet; what is known to be wrong stands below it. */
static bool is_undecided(const struct diag *diag)
{
    return diag->check == DIAG_CHECK_PENDING || diag->check == DIAG_CHECK_UNKNOWN;
}

static void write_all_full(
        struct run *run, struct stream *out, const struct report_options *options)
{
    struct snippets snippets;
    snippets_init(&snippets, run);
    struct map kinds = { 0 };
    write_one_liners(run, out, options);
    const struct diags *diags = &run->diags;
    for (size_t i = 0; i < diags->list.count; i++) {
        count_of(run, &kinds, &diags->list.items[i])->total++;
    }
    for (int want_undecided = 1; want_undecided >= 0; want_undecided--) {
        for (size_t i = 0; i < diags->list.count; i++) {
            const struct diag *diag = &diags->list.items[i];
            if (!is_one_line(diag) && is_undecided(diag) == (want_undecided == 1)) {
                write_counted(&snippets, out, diag, count_of(run, &kinds, diag));
            }
        }
    }
}

static void add_count(struct stream *out, size_t count, const char *one, const char *many,
        enum style style, const char **separator)
{
    if (count == 0) {
        return;
    }
    stream_add_cstr(out, *separator);
    stream_addf(out, "%s%zu %s%s", term_style(&out->term, style), count,
            count == 1 ? one : many, term_style_end(&out->term));
    *separator = ", ";
}

static void write_summary(
        const struct run *run, struct stream *out, const struct report_options *options)
{
    struct report_counts counts = report_count(&run->diags);
    const char *separator = "";
    add_count(out, counts.errors, "error", "errors", STYLE_ERROR, &separator);
    add_count(out, counts.warnings, "warning", "warnings", STYLE_WARNING, &separator);
    add_count(out, counts.failed, "check failed", "checks failed", STYLE_ERROR, &separator);
    add_count(
            out, counts.unknown, "check unknown", "checks unknown", STYLE_WARNING, &separator);
    add_count(
            out, counts.pending, "check pending", "checks pending", STYLE_WARNING, &separator);
    add_count(out, counts.skipped, "check skipped", "checks skipped", STYLE_DIM, &separator);
    add_count(out, counts.passed, "check passed", "checks passed", STYLE_OK, &separator);
    if (*separator) {
        stream_add_cstr(out, "\n");
    } else if (options->nothing) {
        stream_add_styled(out, STYLE_OK, str_from(options->nothing));
        stream_add_cstr(out, "\n");
    }
}

void report_write(struct run *run, struct stream *out, const struct report_options *options)
{
    AUTO_BUF text = BUF_INIT(BUF_UNBOUNDED);
    switch (options->format) {
    case REPORT_FULL:
        write_all_full(run, out, options);
        break;
    case REPORT_CONCISE:
        for (size_t i = 0; i < run->diags.list.count; i++) {
            if (is_shown(&run->diags.list.items[i], options)) {
                write_concise(run, out, &run->diags.list.items[i]);
            }
        }
        break;
    case REPORT_JSON:
        json_write(&text, report_value(run), JSON_KEEP_ORDER);
        buf_add_byte(&text, '\n');
        stream_add(out, buf_str(&text));
        return;
    }
    if (options->want_summary) {
        write_summary(run, out, options);
    }
}
