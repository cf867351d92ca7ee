/* SPDX-License-Identifier: Apache-2.0 */
/* Findings for machines. */
#include "report.h"
#include "snippet.h"

enum {
    FINGERPRINT_DIGITS = 32
};

static struct value_builder object_new(struct run *run)
{
    struct value_builder object;
    value_builder_init(&object, run->arena, MARK_NONE);
    return object;
}

/* Every key is there: null where there is nothing to say. */
static void put_text(
        struct run *run, struct value_builder *object, const char *name, struct str text)
{
    row_put(run, object, name,
            text.len > 0 ? value_string_new(run->arena, text, MARK_NONE)
                         : value_null(run->arena, MARK_NONE));
}

static void put_count(
        struct run *run, struct value_builder *object, const char *name, size_t count)
{
    row_put(run, object, name, value_int_new(run->arena, (int64_t)count, MARK_NONE));
}

struct str report_fingerprint(struct run *run, const struct diag *diag)
{
    /* The pointer says where in the tree; without one the message is all that tells two apart. */
    struct str path = sources_path(run->sources, diag->mark.file);
    const struct str parts[] = { str_from(diag->id), path, diag->stack, diag->component,
        diag->check_id, diag->pointer.len > 0 ? diag->pointer : diag->message };
    struct sha256 hash;
    sha256_init(&hash);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        sha256_add(&hash, parts[i].ptr, parts[i].len);
        sha256_add(&hash, "", 1);
    }
    return str_sub(sha256_hex(run->arena, sha256_finish(&hash)), 0, FINGERPRINT_DIGITS);
}

static const struct value *position(
        struct run *run, uint32_t line, size_t column, const size_t *offset)
{
    struct value_builder object = object_new(run);
    put_count(run, &object, "line", line);
    put_count(run, &object, "column", column);
    if (offset) {
        put_count(run, &object, "offset", *offset);
    } else {
        put_text(run, &object, "offset", STR_EMPTY);
    }
    return value_builder_map(&object);
}

static const struct value *range(struct snippets *snippets, struct mark mark, uint32_t span)
{
    struct run *run = snippets->run;
    if (mark.file == 0 || mark.line == 0) {
        return value_null(run->arena, MARK_NONE);
    }
    uint32_t column = mark.column > 0 ? mark.column : 1;
    struct str line;
    size_t begin;
    bool is_readable = snippets_line(snippets, mark, &line, &begin);
    size_t from = is_readable ? begin + snippet_byte_of_column(line, column) : 0;
    size_t to = is_readable ? begin + snippet_byte_of_column(line, column + span) : 0;
    struct value_builder object = object_new(run);
    row_put(run, &object, "start",
            position(run, mark.line, column, is_readable ? &from : NULL));
    row_put(run, &object, "end",
            position(run, mark.line, (size_t)column + span, is_readable ? &to : NULL));
    return value_builder_map(&object);
}

static const struct value *related_places(struct snippets *snippets, const struct diag *diag)
{
    struct run *run = snippets->run;
    const struct value **items =
            ARENA_ARRAY(run->arena, const struct value *, diag->related_count);
    for (size_t i = 0; i < diag->related_count; i++) {
        struct value_builder object = object_new(run);
        put_text(run, &object, "message", diag->related[i].message);
        put_text(run, &object, "file", sources_path(run->sources, diag->related[i].mark.file));
        row_put(run, &object, "range", range(snippets, diag->related[i].mark, 0));
        items[i] = value_builder_map(&object);
    }
    return value_list_new(run->arena, items, diag->related_count, MARK_NONE);
}

static const struct value *subject(struct run *run, const struct diag *diag)
{
    if (diag->stack.len == 0 && diag->component.len == 0) {
        return value_null(run->arena, MARK_NONE);
    }
    struct value_builder object = object_new(run);
    put_text(run, &object, "stack", diag->stack);
    put_text(run, &object, "component", diag->component);
    return value_builder_map(&object);
}

static const struct value *finding(struct snippets *snippets, const struct diag *diag)
{
    struct run *run = snippets->run;
    struct value_builder object = object_new(run);
    put_text(run, &object, "id", str_from(diag->id));
    put_text(run, &object, "severity", str_from(severity_name(diag->severity)));
    put_text(run, &object, "message", diag->message);
    put_text(run, &object, "detail", diag->detail);
    put_text(run, &object, "hint", diag->hint);
    put_text(run, &object, "doc_url", diag->doc_url);
    put_text(run, &object, "file", sources_path(run->sources, diag->mark.file));
    row_put(run, &object, "range", range(snippets, diag->mark, diag->span));
    row_put(run, &object, "subject", subject(run, diag));
    put_text(run, &object, "pointer", diag->pointer);
    put_text(run, &object, "plugin", diag->plugin);
    put_text(run, &object, "check", str_from(check_name(diag->check)));
    put_text(run, &object, "check_id", diag->check_id);
    put_text(run, &object, "resource", diag->resource);
    put_text(run, &object, "expected", diag->expected);
    put_text(run, &object, "actual", diag->actual);
    row_put(run, &object, "related", related_places(snippets, diag));
    put_text(run, &object, "fingerprint", report_fingerprint(run, diag));
    return value_builder_map(&object);
}

static const struct value *summary(struct run *run)
{
    struct report_counts counts = report_count(&run->diags);
    struct value_builder object = object_new(run);
    put_count(run, &object, "errors", counts.errors);
    put_count(run, &object, "warnings", counts.warnings);
    put_count(run, &object, "passed", counts.passed);
    put_count(run, &object, "failed", counts.failed);
    put_count(run, &object, "pending", counts.pending);
    put_count(run, &object, "skipped", counts.skipped);
    put_count(run, &object, "unknown", counts.unknown);
    return value_builder_map(&object);
}

const struct value *report_value(struct run *run)
{
    struct snippets snippets;
    snippets_init(&snippets, run);
    size_t count = run->diags.list.count;
    const struct value **items = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = finding(&snippets, &run->diags.list.items[i]);
    }
    struct value_builder object = object_new(run);
    put_text(run, &object, "format_version", STR("1.0"));
    row_put(run, &object, "diagnostics", value_list_new(run->arena, items, count, MARK_NONE));
    row_put(run, &object, "summary", summary(run));
    return value_builder_map(&object);
}
