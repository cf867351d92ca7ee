/* SPDX-License-Identifier: Apache-2.0 */
/* Instances as rows for the list commands; what is the same in many of them is made once. */
#include "stack_internal.h"

#define COLUMNS(X)                                                                             \
    X(component)                                                                               \
    X(stack)                                                                                   \
    X(type)                                                                                    \
    X(kind)                                                                                    \
    X(enabled)                                                                                 \
    X(locked)                                                                                  \
    X(base)                                                                                    \
    X(inherits)                                                                                \
    X(description)                                                                             \
    X(path)

enum column {
#define COLUMN_ENUM(name) COLUMN_##name,
    COLUMNS(COLUMN_ENUM) COLUMN__COUNT
};

static const enum section sections[] = { SECTION_VARS, SECTION_SETTINGS, SECTION_ENV,
    SECTION_METADATA, SECTION_BACKEND, SECTION_DEPENDENCIES, SECTION_SOURCE };

enum {
    SECTIONS = sizeof(sections) / sizeof(sections[0])
};

struct row_maker {
    struct run *run;
    const struct key *columns[COLUMN__COUNT];
    const struct key *sections[SECTIONS];
    const struct key *component, *inherits, *description; /* of metadata */
    const struct value *truth[2];
    const struct value *kinds[2]; /* by is_abstract */
    const struct value *nothing; /* the empty text */
    struct map paths; /* struct path by the folder */
};

/* How the folder of a component is written. */
struct path {
    struct str type;
    const struct value *written;
};

static const struct value *text_new(const struct row_maker *m, struct str text)
{
    return text.len > 0 ? value_string_new(m->run->arena, text, MARK_NONE) : m->nothing;
}

static void row_maker_init(struct row_maker *m, struct run *run)
{
    static const char *const names[] = {
#define COLUMN_NAME(name) #name,
        COLUMNS(COLUMN_NAME)
    };
    struct arena *arena = run->arena;
    *m = (struct row_maker){ .run = run,
        .component = key_of(run->keys, STR("component")),
        .inherits = key_of(run->keys, STR("inherits")),
        .description = key_of(run->keys, STR("description")),
        .truth = { value_bool_new(arena, false, MARK_NONE),
                value_bool_new(arena, true, MARK_NONE) },
        .kinds = { value_string_new(arena, STR("real"), MARK_NONE),
                value_string_new(arena, STR("abstract"), MARK_NONE) },
        .nothing = value_string_new(arena, STR_EMPTY, MARK_NONE) };
    for (size_t i = 0; i < COLUMN__COUNT; i++) {
        m->columns[i] = key_of(run->keys, str_from(names[i]));
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        m->sections[i] = key_of(run->keys, str_from(section_rules[sections[i]].name));
    }
}

/* Components of another type in the same folder may be written in another way. */
static const struct value *path_of(struct row_maker *m, const struct instance *instance)
{
    struct path *known = map_get(&m->paths, instance->path);
    if (known && str_eq(known->type, instance->type)) {
        return known->written;
    }
    struct path *path = ARENA_NEW(m->run->arena, struct path);
    path->type = instance->type;
    path->written = text_new(m, instance_written_path(m->run, instance));
    (void)map_put(m->run->arena, &m->paths, instance->path, path);
    return path->written;
}

static const struct value *row_of(struct row_maker *m, const struct instance *instance)
{
    const struct value *metadata = instance->metadata;
    const struct value *inherits = value_get(metadata, m->inherits);
    const struct value *const cells[COLUMN__COUNT] = {
        [COLUMN_component] = text_new(m, instance->name),
        [COLUMN_stack] = text_new(m, instance->stack),
        [COLUMN_type] = text_new(m, instance->type),
        [COLUMN_kind] = m->kinds[instance->is_abstract],
        [COLUMN_enabled] = m->truth[instance->is_enabled],
        [COLUMN_locked] = m->truth[instance->is_locked],
        [COLUMN_base] = text_new(m, value_text(value_get(metadata, m->component))),
        [COLUMN_inherits] =
                text_new(m, value_count(inherits) ? texts_joined(m->run, inherits) : STR_EMPTY),
        [COLUMN_description] = text_new(m, value_text(value_get(metadata, m->description))),
        [COLUMN_path] = path_of(m, instance),
    };
    struct value_builder row;
    value_builder_init(&row, m->run->arena, instance->mark);
    value_builder_reserve(&row, (size_t)COLUMN__COUNT + SECTIONS);
    for (size_t i = 0; i < COLUMN__COUNT; i++) {
        value_builder_add(&row, m->columns[i], cells[i], MARK_NONE);
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        value_builder_add(&row, m->sections[i], instance->sections[sections[i]], MARK_NONE);
    }
    return value_builder_map(&row);
}

const struct value **instance_rows(
        struct run *run, const struct instance *const *instances, size_t count)
{
    const struct value **rows = ARENA_ARRAY(run->arena, const struct value *, count);
    struct row_maker maker;
    row_maker_init(&maker, run);
    for (size_t i = 0; i < count; i++) {
        rows[i] = row_of(&maker, instances[i]);
    }
    return rows;
}
