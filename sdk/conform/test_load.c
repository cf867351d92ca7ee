/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the descriptor and of what the plugin offers. */
#include <string.h>

#include "lint.h"
#include "session.h"

void test_descriptor(struct conform *conform)
{
    const struct plugin_identity *identity = conform->facts.identity;
    const struct tfa_plugin *plugin = plugin_open(conform);
    if (plugin == NULL) {
        failed(conform, RULE_ENTRY, "the entry function returned NULL");
        return;
    }
    if (!TFA_COVERS(struct tfa_plugin, plugin, ext) || plugin->struct_size % 8 != 0) {
        failed(conform, RULE_DESCRIPTOR, "struct_size is %u, at least %zu is needed",
                plugin->struct_size, sizeof(*plugin));
        return;
    }
    if (plugin->abi_major != identity->abi_major || plugin->min_minor != identity->abi_minor) {
        failed(conform, RULE_DESCRIPTOR, "the descriptor says ABI %u.%u, the note %u.%u",
                plugin->abi_major, plugin->min_minor, identity->abi_major, identity->abi_minor);
    }
    if (plugin->id == NULL || !str_eq_cstr(identity->id, plugin->id)) {
        failed(conform, RULE_DESCRIPTOR, "the descriptor says `%s`, the note `%.*s`",
                plugin->id == NULL ? "(NULL)" : plugin->id, STR_ARG(identity->id));
    }
    if (plugin->version == NULL || !str_eq_cstr(identity->version, plugin->version)) {
        failed(conform, RULE_DESCRIPTOR, "the descriptor says version `%s`, the note `%.*s`",
                plugin->version == NULL ? "(NULL)" : plugin->version,
                STR_ARG(identity->version));
    }
    if (plugin->ext == NULL) {
        failed(conform, RULE_DESCRIPTOR, "ext is NULL");
    }
    if (plugin->flags != 0) {
        failed(conform, RULE_DESCRIPTOR, "flags are %#x, not 0", plugin->flags);
    }
    if (conform->record->failure_count == 0 && plugin_open(conform) != plugin) {
        failed(conform, RULE_ENTRY, "the entry function returned two different descriptors");
    }
}

/* Has the table of a known extension a function in every place? */
static bool is_filled(const void *found, size_t size)
{
    static const void *const nothing = NULL;
    for (size_t i = 0; i < size; i += sizeof(nothing)) {
        if (memcmp((const char *)found + i, &nothing, sizeof(nothing)) == 0) {
            return false;
        }
    }
    return true;
}

static void judge_known(struct conform *conform, const struct session *session)
{
    static const struct {
        const char *id;
        size_t size;
    } known[] = { { TFA_EXT_COMPONENT_V1, sizeof(struct tfa_component_v1) },
        { TFA_EXT_CHECK_V1, sizeof(struct tfa_check_v1) },
        { TFA_EXT_REVIEW_V1, sizeof(struct tfa_review_v1) },
        { TFA_EXT_PLAN_V1, sizeof(struct tfa_plan_v1) } };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        bool is_listed =
                str_list_has(&conform->facts.identity->provides, str_from(known[i].id));
        const void *found = session->plugin->ext(session->kit->self, known[i].id);
        if (is_listed != (found != NULL)) {
            failed(conform, RULE_PROVIDES, "`%s` is %s `provides`, and ext() gives %s",
                    known[i].id, is_listed ? "in" : "not in", found ? "a table" : "NULL");
        } else if (found != NULL && !is_filled(found, known[i].size)) {
            failed(conform, RULE_PROVIDES, "the table of `%s` lacks a function", known[i].id);
        }
    }
}

void test_extensions(struct conform *conform)
{
    static const char *const strange[] = { "", "tfa", "tfa.component", "tfa.component/",
        "tfa.component/2", "tfa.component/10", "tfa.check/2", "tfa.value/1", "TFA.COMPONENT/1",
        "com.example.nothing/1",
        "tfa.component/1 and so on, longer than any id that was ever given out by anybody" };
    const struct tfa_plugin *plugin = plugin_open(conform);
    struct session session = session_new(conform, plugin);
    session.is_strict = true;
    int32_t rc = session_init(&session);
    if (rc != TFA_OK) {
        failed(conform, RULE_STARTS, "init returned %d with every extension there", rc);
        return;
    }
    place(conform, "ext", STR_EMPTY);
    judge_known(conform, &session);
    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
        if (plugin->ext(session.kit->self, strange[i]) != NULL) {
            failed(conform, RULE_PROVIDES, "ext() gives a table for `%s`", strange[i]);
        }
    }
    session_end(&session);
}
