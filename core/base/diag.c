/* SPDX-License-Identifier: Apache-2.0 */
/* Findings for the user. */
#include "diag.h"

#include <stdlib.h>
#include <string.h>

#include "map.h"

struct sources {
    struct arena *arena;
    struct map ids;
    struct str root;
};

struct sources *sources_new(struct arena *arena)
{
    struct sources *sources = ARENA_NEW(arena, struct sources);
    sources->arena = arena;
    return sources;
}

uint32_t sources_add(struct sources *sources, struct str path)
{
    uintptr_t id = (uintptr_t)map_get(&sources->ids, path);
    if (id == 0) {
        id = sources->ids.count + 1;
        map_put(sources->arena, &sources->ids, path, (void *)id);
    }
    return (uint32_t)id;
}

struct str sources_path(const struct sources *sources, uint32_t file)
{
    if (!sources || file == 0 || file > sources->ids.count) {
        return STR_EMPTY;
    }
    return sources->ids.entries[file - 1].key;
}

void sources_set_root(struct sources *sources, struct str folder)
{
    sources->root = arena_dup(sources->arena, folder);
}

struct str sources_root(const struct sources *sources)
{
    return sources->root;
}

void diags_init(struct diags *diags, struct arena *arena)
{
    *diags = (struct diags){ .arena = arena };
}

static struct diag *push(struct diags *diags, struct diag diag)
{
    VEC_PUSH(diags->arena, &diags->list, diag);
    diags->error_count += diag.severity == DIAG_ERROR;
    diags->warning_count += diag.severity == DIAG_WARNING;
    return &diags->list.items[diags->list.count - 1];
}

struct diag *diag_add(struct diags *diags, const struct diag_kind *kind, struct mark mark,
        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str message = arena_vprintf(diags->arena, format, args);
    va_end(args);
    return push(diags, (struct diag){
                               .id = kind->id,
                               .severity = kind->severity,
                               .exit_code = kind->exit_code,
                               .message = message,
                               .mark = mark,
                       });
}

struct diag *diag_append(struct diags *diags, const struct diag *diag)
{
    struct arena *arena = diags->arena;
    struct diag copy = *diag;
    struct str *const texts[] = { &copy.message, &copy.detail, &copy.hint, &copy.doc_url,
        &copy.stack, &copy.component, &copy.plugin, &copy.check_id, &copy.resource,
        &copy.expected, &copy.actual, &copy.pointer };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *texts[i] = arena_dup(arena, *texts[i]);
    }
    copy.id = arena_cstr(arena, str_from(diag->id));
    struct diag_related *related = ARENA_ARRAY(arena, struct diag_related, diag->related_count);
    for (size_t i = 0; i < diag->related_count; i++) {
        related[i].mark = diag->related[i].mark;
        related[i].message = arena_dup(arena, diag->related[i].message);
    }
    copy.related = related;
    return push(diags, copy);
}

struct str diag_text(struct diags *diags, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(diags->arena, format, args);
    va_end(args);
    return text;
}

void diag_relate(struct diags *diags, struct mark mark, struct str message)
{
    ENSURE(diags->list.count > 0);
    struct diag *diag = &diags->list.items[diags->list.count - 1];
    struct diag_related *related =
            ARENA_ARRAY(diags->arena, struct diag_related, diag->related_count + 1);
    if (diag->related_count) {
        memcpy(related, diag->related, diag->related_count * sizeof(*related));
    }
    related[diag->related_count] =
            (struct diag_related){ mark, arena_dup(diags->arena, message) };
    diag->related = related;
    diag->related_count++;
}

/* What qsort_r needs to compare two positions of the list. */
struct sort_view {
    const struct diag *items;
    const struct sources *sources;
};

static int cmp_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int cmp_diags(const void *left, const void *right, void *context)
{
    const struct sort_view *view = context;
    size_t i = *(const size_t *)left;
    size_t j = *(const size_t *)right;
    const struct diag *a = &view->items[i];
    const struct diag *b = &view->items[j];
    int order = str_cmp(sources_path(view->sources, a->mark.file),
            sources_path(view->sources, b->mark.file));
    if (order == 0) {
        order = cmp_u32(a->mark.line, b->mark.line);
    }
    if (order == 0) {
        order = cmp_u32(a->mark.column, b->mark.column);
    }
    return order != 0 ? order : (i > j) - (i < j);
}

static bool is_same(const struct diag *a, const struct diag *b)
{
    return strcmp(a->id, b->id) == 0 && a->severity == b->severity &&
           a->mark.file == b->mark.file && a->mark.line == b->mark.line &&
           a->mark.column == b->mark.column && str_eq(a->message, b->message) &&
           str_eq(a->stack, b->stack) && str_eq(a->component, b->component) &&
           str_eq(a->detail, b->detail) && a->check == b->check &&
           str_eq(a->check_id, b->check_id) && str_eq(a->resource, b->resource);
}

void diags_sort(struct diags *diags, const struct sources *sources)
{
    size_t count = diags->list.count;
    if (count < 2) {
        return;
    }
    size_t *order = ARENA_ARRAY(diags->arena, size_t, count);
    struct diag *sorted = ARENA_ARRAY(diags->arena, struct diag, count);
    struct sort_view view = { diags->list.items, sources };
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof(*order), cmp_diags, &view);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct diag *diag = &diags->list.items[order[i]];
        bool is_repeated = false;
        for (size_t k = kept; k > 0 && !is_repeated; k--) {
            const struct diag *earlier = &sorted[k - 1];
            if (earlier->mark.line != diag->mark.line ||
                    earlier->mark.file != diag->mark.file) {
                break;
            }
            is_repeated = is_same(earlier, diag);
        }
        if (is_repeated) {
            diags->error_count -= diag->severity == DIAG_ERROR;
            diags->warning_count -= diag->severity == DIAG_WARNING;
        } else {
            sorted[kept++] = *diag;
        }
    }
    diags->list.items = sorted;
    diags->list.cap = count;
    diags->list.count = kept;
}

int diags_exit_code(const struct diags *diags)
{
    for (size_t i = 0; i < diags->list.count; i++) {
        if (diags->list.items[i].severity == DIAG_ERROR) {
            return diags->list.items[i].exit_code;
        }
    }
    return EXIT_OK;
}
