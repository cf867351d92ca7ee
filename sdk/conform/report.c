/* SPDX-License-Identifier: Apache-2.0 */
/* What the runner prints: lines for people, JSON, JUnit. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conform.h"

enum {
    REPORT_MAX_BYTES = 64 << 20,
    NAME_WIDTH = 12
};

static const char *const words[] = { "passed", "failed", "skipped" };

static void write_out(struct buf *text)
{
    (void)fd_write_all(STDOUT_FILENO, buf_str(text));
    buf_clear(text);
}

/* Control characters of foreign texts would move the cursor. */
static void add_foreign(struct buf *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        buf_add_byte(out, (char)((unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c));
    }
}

static size_t count(const struct report *report, enum verdict verdict)
{
    size_t found = 0;
    for (size_t i = 0; i < report->count; i++) {
        found += report->outcomes[i].verdict == verdict ? 1 : 0;
    }
    return found;
}

/* ---- terminal ---- */

static void paint(
        const struct report *report, struct buf *out, const char *color, const char *text)
{
    buf_add_cstr(out, report->has_color ? color : "");
    buf_add_cstr(out, text);
    buf_add_cstr(out, report->has_color ? "\x1b[0m" : "");
}

static void add_failure(
        const struct report *report, struct buf *out, const struct failure *failure)
{
    const struct rule_text *rule = &rule_texts[failure->rule];
    buf_add_cstr(out, "    ");
    paint(report, out, "\x1b[1m", rule->number);
    buf_addf(out, " %s\n        ", rule->title);
    if (failure->place[0] != '\0') {
        add_foreign(out, failure->place);
        buf_add_cstr(out, ": ");
    }
    add_foreign(out, failure->text);
    if (failure->input[0] != '\0') {
        buf_addf(out, "\n        with ");
        add_foreign(out, failure->input);
    }
    if (failure->replay[0] != '\0') {
        buf_addf(out, "\n        again: tf-atmos plugin conform %s %s",
                report->conform->facts.path, failure->replay);
    }
    buf_add_byte(out, '\n');
}

void report_line(const struct report *report, const struct outcome *outcome)
{
    static const char *const colors[] = { "\x1b[32m", "\x1b[31m", "\x1b[2m" };
    struct buf out = BUF_INIT(REPORT_MAX_BYTES);
    if (report->format != REPORT_TERMINAL) {
        return;
    }
    paint(report, &out, colors[outcome->verdict],
            outcome->verdict == VERDICT_PASSED   ? "ok  "
            : outcome->verdict == VERDICT_FAILED ? "FAIL"
                                                 : "skip");
    buf_addf(&out, " %-*s ", NAME_WIDTH, outcome->test->name);
    add_foreign(
            &out, outcome->verdict == VERDICT_SKIPPED ? outcome->why.ptr : outcome->test->says);
    if (report->is_verbose) {
        buf_addf(&out, " (%llu callbacks, %.2f s)", (unsigned long long)outcome->callbacks,
                outcome->seconds);
    }
    buf_add_byte(&out, '\n');
    for (size_t i = 0; i < outcome->failure_count; i++) {
        add_failure(report, &out, &outcome->failures[i]);
    }
    if (outcome->more > 0) {
        buf_addf(&out, "    and %zu more\n", outcome->more);
    }
    write_out(&out);
}

static void write_summary(const struct report *report, struct buf *out)
{
    const struct conform *conform = report->conform;
    buf_addf(out, "%zu passed, %zu failed, %zu skipped; %zu intents, seed %llu\n",
            count(report, VERDICT_PASSED), count(report, VERDICT_FAILED),
            count(report, VERDICT_SKIPPED), conform->intents.count,
            (unsigned long long)conform->seed);
}

/* ---- JSON ---- */

static void add_string(struct buf *out, const char *key, const char *text, const char *after)
{
    struct str view = str_from(text);
    view.len = str_utf8_prefix(view);
    buf_addf(out, "\"%s\": ", key);
    json_write_string(out, view, 0);
    buf_add_cstr(out, after);
}

static void add_json_test(struct buf *out, const struct outcome *outcome)
{
    buf_add_cstr(out, "    {");
    add_string(out, "name", outcome->test->name, ", ");
    add_string(out, "group", outcome->test->group, ", ");
    add_string(out, "says", outcome->test->says, ", ");
    add_string(out, "outcome", words[outcome->verdict], ", ");
    add_string(out, "reason", outcome->why.len > 0 ? outcome->why.ptr : "", ", ");
    buf_addf(out, "\"callbacks\": %llu, \"seconds\": %.3f, \"failures\": [",
            (unsigned long long)outcome->callbacks, outcome->seconds);
    for (size_t i = 0; i < outcome->failure_count; i++) {
        const struct failure *failure = &outcome->failures[i];
        const struct rule_text *rule = &rule_texts[failure->rule];
        buf_add_cstr(out, i > 0 ? ",\n      {" : "\n      {");
        add_string(out, "rule", rule->number, ", ");
        add_string(out, "title", rule->title, ", ");
        add_string(out, "message", failure->text, ", ");
        add_string(out, "place", failure->place, ", ");
        add_string(out, "input", failure->input, ", ");
        add_string(out, "replay", failure->replay, "}");
    }
    buf_addf(out, "], \"more\": %zu}", outcome->more);
}

static void write_json(const struct report *report, struct buf *out)
{
    const struct conform *conform = report->conform;
    const struct plugin_identity *identity = conform->facts.identity;
    buf_add_cstr(out, "{\n  \"format_version\": \"1.0\",\n  ");
    add_string(out, "file", conform->facts.path, ",\n  ");
    add_string(out, "plugin", identity ? identity->id.ptr : "", ",\n  ");
    add_string(out, "version", identity ? identity->version.ptr : "", ",\n");
    buf_addf(out,
            "  \"seed\": %llu,\n  \"intents\": %zu,\n  \"passed\": %zu,\n  \"failed\": %zu,\n"
            "  \"skipped\": %zu,\n  \"tests\": [\n",
            (unsigned long long)conform->seed, conform->intents.count,
            count(report, VERDICT_PASSED), count(report, VERDICT_FAILED),
            count(report, VERDICT_SKIPPED));
    for (size_t i = 0; i < report->count; i++) {
        add_json_test(out, &report->outcomes[i]);
        buf_add_cstr(out, i + 1 < report->count ? ",\n" : "\n");
    }
    buf_add_cstr(out, "  ]\n}\n");
}

/* ---- JUnit ---- */

/* Escaped; what XML cannot hold becomes a question mark. */
static void add_xml(struct buf *out, const char *text)
{
    struct str view = str_from(text);
    view.len = str_utf8_prefix(view);
    for (size_t i = 0; i < view.len; i++) {
        char c = view.ptr[i];
        if (c == '&' || c == '<' || c == '>' || c == '"') {
            buf_addf(out, "&#%d;", c);
        } else {
            bool is_control = ((unsigned char)c < ' ' && c != '\n' && c != '\t') || c == 0x7f;
            buf_add_byte(out, (char)(is_control ? '?' : c));
        }
    }
}

static void add_junit_failure(
        const struct report *report, struct buf *out, const struct outcome *outcome)
{
    /* One element per test case is what readers agree on: the first rule names it, the text has all. */
    buf_addf(out, ">\n    <failure type=\"%s\" message=\"",
            rule_texts[outcome->failures[0].rule].number);
    add_xml(out, outcome->failures[0].text);
    buf_add_cstr(out, "\">");
    for (size_t i = 0; i < outcome->failure_count; i++) {
        struct buf text = BUF_INIT(REPORT_MAX_BYTES);
        struct report plain = *report;
        plain.has_color = false;
        add_failure(&plain, &text, &outcome->failures[i]);
        add_xml(out, text.ptr);
        buf_clear(&text);
    }
    buf_add_cstr(out, "</failure>\n  </testcase>\n");
}

static void write_junit(const struct report *report, struct buf *out)
{
    const struct plugin_identity *identity = report->conform->facts.identity;
    double seconds = 0;
    for (size_t i = 0; i < report->count; i++) {
        seconds += report->outcomes[i].seconds;
    }
    buf_add_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"");
    add_xml(out, identity ? identity->id.ptr : report->conform->facts.path);
    buf_addf(out,
            "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%.3f\">\n",
            report->count, count(report, VERDICT_FAILED), count(report, VERDICT_SKIPPED),
            seconds);
    for (size_t i = 0; i < report->count; i++) {
        const struct outcome *outcome = &report->outcomes[i];
        buf_addf(out, "  <testcase classname=\"conform.%s\" name=\"%s\" time=\"%.3f\"",
                outcome->test->group, outcome->test->name, outcome->seconds);
        if (outcome->verdict == VERDICT_FAILED) {
            add_junit_failure(report, out, outcome);
        } else if (outcome->verdict == VERDICT_SKIPPED) {
            buf_add_cstr(out, "><skipped message=\"");
            add_xml(out, outcome->why.ptr);
            buf_add_cstr(out, "\"/></testcase>\n");
        } else {
            buf_add_cstr(out, "/>\n");
        }
    }
    buf_add_cstr(out, "</testsuite>\n");
}

void report_whole(const struct report *report)
{
    static void (*const writers[])(
            const struct report *, struct buf *) = { write_summary, write_json, write_junit };
    struct buf out = BUF_INIT(REPORT_MAX_BYTES);
    writers[report->format](report, &out);
    write_out(&out);
}
