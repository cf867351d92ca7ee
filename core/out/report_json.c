/* SPDX-License-Identifier: Apache-2.0 */
/* Findings for machines. */
#include "report.h"
#include "snippet.h"

enum {
    FINGERPRINT_DIGITS = 32
};

/* A map under construction with the short spellings this file needs. */
struct object {
    struct run *run;
    struct value_builder builder;
};

static struct object object_new(struct run *run)
{
    struct object object = { .run = run };
    value_builder_init(&object.builder, run->arena, MARK_NONE);
    return object;
}

static void set(struct object *object, const char *name, const struct value *value)
{
    value_builder_add(
            &object->builder, key_of(object->run->keys, str_from(name)), value, MARK_NONE);
}

static void set_text(struct object *object, const char *name, struct str text)
{
    struct arena *arena = object->run->arena;
    set(object, name,
            text.len > 0 ? value_string_new(arena, text, MARK_NONE)
                         : value_null(arena, MARK_NONE));
}

static void set_count(struct object *object, const char *name, size_t count)
{
    set(object, name, value_int_new(object->run->arena, (int64_t)count, MARK_NONE));
}

static const struct value *finish(struct object *object)
{
    return value_builder_map(&object->builder);
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
    struct object object = object_new(run);
    set_count(&object, "line", line);
    set_count(&object, "column", column);
    if (offset) {
        set_count(&object, "offset", *offset);
    } else {
        set_text(&object, "offset", STR_EMPTY);
    }
    return finish(&object);
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
    struct object object = object_new(run);
    set(&object, "start", position(run, mark.line, column, is_readable ? &from : NULL));
    set(&object, "end",
            position(run, mark.line, (size_t)column + span, is_readable ? &to : NULL));
    return finish(&object);
}

static const struct value *related_places(struct snippets *snippets, const struct diag *diag)
{
    struct run *run = snippets->run;
    const struct value **items =
            ARENA_ARRAY(run->arena, const struct value *, diag->related_count);
    for (size_t i = 0; i < diag->related_count; i++) {
        struct object object = object_new(run);
        set_text(&object, "message", diag->related[i].message);
        set_text(&object, "file", sources_path(run->sources, diag->related[i].mark.file));
        set(&object, "range", range(snippets, diag->related[i].mark, 0));
        items[i] = finish(&object);
    }
    return value_list_new(run->arena, items, diag->related_count, MARK_NONE);
}

static const struct value *subject(struct run *run, const struct diag *diag)
{
    if (diag->stack.len == 0 && diag->component.len == 0) {
        return value_null(run->arena, MARK_NONE);
    }
    struct object object = object_new(run);
    set_text(&object, "stack", diag->stack);
    set_text(&object, "component", diag->component);
    return finish(&object);
}

static const struct value *finding(struct snippets *snippets, const struct diag *diag)
{
    struct run *run = snippets->run;
    struct object object = object_new(run);
    set_text(&object, "id", str_from(diag->id));
    set_text(&object, "severity", str_from(severity_name(diag->severity)));
    set_text(&object, "message", diag->message);
    set_text(&object, "detail", diag->detail);
    set_text(&object, "hint", diag->hint);
    set_text(&object, "doc_url", diag->doc_url);
    set_text(&object, "file", sources_path(run->sources, diag->mark.file));
    set(&object, "range", range(snippets, diag->mark, diag->span));
    set(&object, "subject", subject(run, diag));
    set_text(&object, "pointer", diag->pointer);
    set_text(&object, "plugin", diag->plugin);
    set_text(&object, "check", str_from(check_name(diag->check)));
    set_text(&object, "check_id", diag->check_id);
    set_text(&object, "resource", diag->resource);
    set_text(&object, "expected", diag->expected);
    set_text(&object, "actual", diag->actual);
    set(&object, "related", related_places(snippets, diag));
    set_text(&object, "fingerprint", report_fingerprint(run, diag));
    return finish(&object);
}

static const struct value *summary(struct run *run)
{
    struct report_counts counts = report_count(&run->diags);
    struct object object = object_new(run);
    set_count(&object, "errors", counts.errors);
    set_count(&object, "warnings", counts.warnings);
    set_count(&object, "passed", counts.passed);
    set_count(&object, "failed", counts.failed);
    set_count(&object, "pending", counts.pending);
    set_count(&object, "skipped", counts.skipped);
    set_count(&object, "unknown", counts.unknown);
    return finish(&object);
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
    struct object object = object_new(run);
    set_text(&object, "format_version", STR("1.0"));
    set(&object, "diagnostics", value_list_new(run->arena, items, count, MARK_NONE));
    set(&object, "summary", summary(run));
    return finish(&object);
}
