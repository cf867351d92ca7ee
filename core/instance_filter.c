/* SPDX-License-Identifier: Apache-2.0 */
/* Which instances a list or a run over many is about. */
#include "pipeline.h"

static bool agrees(enum choice_filter choice, bool truth)
{
    return choice == CHOICE_ANY || (choice == CHOICE_YES) == truth;
}

static bool has_any_tag(const struct instance *instance, const struct instance_filter *filter)
{
    const struct value *tags = value_get_path(instance->metadata, "tags");
    for (size_t i = 0; i < value_count(tags) && value_is(tags, VALUE_LIST); i++) {
        if (str_is_among(value_text(value_at(tags, i)), filter->tags, filter->tag_count)) {
            return true;
        }
    }
    return filter->tag_count == 0;
}

static bool has_all_labels(
        const struct instance *instance, const struct instance_filter *filter)
{
    const struct value *labels = value_get_path(instance->metadata, "labels");
    for (size_t i = 0; i < filter->label_count; i++) {
        struct str wanted = filter->labels[i];
        ptrdiff_t equals = str_find(wanted, '=');
        struct str name = str_sub(wanted, 0, equals < 0 ? wanted.len : (size_t)equals);
        const struct value *label = value_get_str(labels, name);
        struct str text = equals < 0 ? STR_EMPTY : str_from_index(wanted, (size_t)equals + 1);
        if (!label || (equals >= 0 && !str_eq(value_text(label), text))) {
            return false;
        }
    }
    return true;
}

bool instance_passes(const struct instance *instance, const struct instance_filter *filter)
{
    bool is_type = filter->type == TYPE_ALL ||
                   instance->is_abstract == (filter->type == TYPE_ABSTRACT);
    return instance_is_of(instance, filter->stack) && is_type &&
           (filter->component.len == 0 || str_eq(filter->component, instance->name)) &&
           agrees(filter->enabled, instance->is_enabled) &&
           agrees(filter->locked, instance->is_locked) && has_any_tag(instance, filter) &&
           has_all_labels(instance, filter);
}
