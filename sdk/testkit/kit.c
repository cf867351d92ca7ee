/* SPDX-License-Identifier: Apache-2.0 */
/* The kit itself: life, input, running callbacks, what came out. */
#include <stdlib.h>
#include <string.h>

#include "mock.h"

/* 2026-01-01T00:00:00Z */
#define START_NS (1767225600LL * 1000000000LL)

/* `file` NULL: values without a place. */
static struct node *must_parse(
        struct pool *pool, const char *yaml, const char *file, const char *what)
{
    const char *error = NULL;
    struct node *node = yaml_parse(pool, yaml, file, &error);

    if (node == NULL || node->kind != TFA_KIND_MAP) {
        test_mistake("%s: %s", what, error == NULL ? "not a map" : error);
    }
    return node;
}

/* ---- life ---- */

static bool listed(const struct node *list, const char *id)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct node *node = list->entries[i].node;
        if (node->text != NULL && strcmp(node->text, id) == 0) {
            return true;
        }
    }
    return false;
}

/* Known to this host, not hidden by the test, and listed in the manifest. */
const void *host_ext(void *ctx, const char *id)
{
    static const struct {
        const char *id;
        const void *table;
    } services[] = {
        { TFA_EXT_VALUE_V1, &mock_value },
        { TFA_EXT_BUILD_V1, &mock_build },
        { TFA_EXT_DIAG_V1, &mock_diag },
        { TFA_EXT_LOG_V1, &mock_log },
        { TFA_EXT_CALL_V1, &mock_call },
        { TFA_EXT_LOOKUP_V1, &mock_lookup },
        { TFA_EXT_CLOCK_V1, &mock_clock },
        { TFA_EXT_AWS_V1, &mock_aws },
    };
    const struct tfa_testkit *kit = ctx;

    for (size_t i = 0; i < kit->hidden.count; i++) {
        if (strcmp(kit->hidden.items[i], id) == 0) {
            return NULL;
        }
    }
    if (kit->manifest != NULL) {
        const struct node *extensions = node_key(kit->manifest, "extensions");
        if (!listed(node_key(extensions, "required"), id) &&
                !listed(node_key(extensions, "optional"), id)) {
            return NULL;
        }
    }
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (strcmp(services[i].id, id) == 0) {
            return services[i].table;
        }
    }
    return NULL;
}

struct tfa_testkit *kit_new(
        const struct tfa_plugin *plugin, const char *what, const char *json, size_t len)
{
    const char *error = NULL;
    struct tfa_testkit *kit = calloc(1, sizeof(*kit));

    if (kit == NULL || plugin == NULL || !TFA_COVERS(struct tfa_plugin, plugin, ext)) {
        test_mistake("no plugin, or a descriptor with a wrong struct_size");
    }
    if (plugin->abi_major != TFA_ABI_MAJOR || plugin->min_minor > TFA_ABI_MINOR) {
        test_mistake("the plugin needs ABI %u.%u, this host has %d.%d", plugin->abi_major,
                plugin->min_minor, TFA_ABI_MAJOR, TFA_ABI_MINOR);
    }
    kit->plugin = plugin;
    kit->own_host = (struct tfa_host){ sizeof(kit->own_host), TFA_ABI_MAJOR, TFA_ABI_MINOR, 0,
        kit, host_ext };
    kit->host = &kit->own_host;
    kit->wall_ns = START_NS;
    kit->monotonic_ns = 1;
    if (json != NULL) {
        kit->manifest = json_parse(&kit->lasting, json, len, &error);
        if (kit->manifest == NULL) {
            test_mistake("%s: %s", what, error);
        }
        if (strcmp(node_text_of(kit->manifest, "id"), plugin->id) != 0 ||
                strcmp(node_text_of(kit->manifest, "version"), plugin->version) != 0) {
            test_mistake("%s: id or version differ from the descriptor", what);
        }
    }
    tfa_testkit_intent(kit, "{}");
    tfa_testkit_context(kit, "{}");
    tfa_testkit_clear(kit);
    return kit;
}

struct tfa_testkit *tfa_testkit_new(const struct tfa_plugin *plugin, const char *manifest)
{
    struct text text = { 0 };
    struct tfa_testkit *kit;

    if (manifest != NULL) {
        text = file_text(manifest);
    }
    kit = kit_new(
            plugin, manifest, manifest == NULL || text.ptr != NULL ? text.ptr : "", text.len);
    free(text.ptr);
    return kit;
}

static void list_free(struct list *list)
{
    free((void *)list->items);
    *list = (struct list){ 0 };
}

void tfa_testkit_clear(struct tfa_testkit *kit)
{
    list_free(&kit->findings);
    list_free(&kit->results);
    list_free(&kit->misuse);
    list_free(&kit->logs);
    list_free(&kit->answers);
    list_free(&kit->requests);
    pool_free(&kit->run);
    kit->vars = NULL;
    kit->items = NULL;
    kit->vars_json = "";
    kit->items_json = "";
}

void kit_end(struct tfa_testkit *kit)
{
    if (kit->init_state == 1 && kit->plugin->shutdown != NULL) {
        kit->plugin->shutdown(kit->self);
    }
    kit->init_state = -1;
    tfa_testkit_clear(kit);
}

void tfa_testkit_free(struct tfa_testkit *kit)
{
    if (kit == NULL) {
        return;
    }
    kit_end(kit);
    list_free(&kit->instances);
    list_free(&kit->hidden);
    pool_free(&kit->lasting);
    free(kit);
}

/* ---- input ---- */

void tfa_testkit_intent(struct tfa_testkit *kit, const char *yaml)
{
    kit->intent = must_parse(&kit->lasting, yaml, "intent.yaml", "intent");
}

void tfa_testkit_context(struct tfa_testkit *kit, const char *yaml)
{
    static const char default_format[] =
            "{stack: test, component: %s, module: %s, kind: %s, vars: {}, settings: {}, "
            "metadata: {}, aws: {}, targets: [{alias: self}]}";
    struct pool *pool = &kit->lasting;
    const struct node *kinds = kit->manifest == NULL ? NULL : node_key(kit->manifest, "kinds");
    const char *kind =
            kinds == NULL || kinds->count == 0 || kinds->entries[0].node->text == NULL
                    ? "plugin"
                    : kinds->entries[0].node->text;
    struct node *given = must_parse(pool, yaml, "context.yaml", "context");
    struct node *context = must_parse(
            pool, pool_format(pool, default_format, kind, kind, kind), NULL, "default context");

    for (size_t i = 0; i < given->count; i++) {
        struct entry *entry = &given->entries[i];
        size_t slot;
        node_set(pool, context, entry->key, entry->key_len, entry->node);
        (void)node_step(context, entry->key, entry->key_len, &slot);
        context->entries[slot].line = entry->line;
        context->entries[slot].column = entry->column;
        entry->node->parent = context;
        entry->node->slot = slot;
    }
    kit->context = context;
}

void tfa_testkit_instance(struct tfa_testkit *kit, const char *yaml)
{
    list_add(&kit->instances, must_parse(&kit->lasting, yaml, "instance.yaml", "instance"));
}

void tfa_testkit_hide(struct tfa_testkit *kit, const char *id)
{
    list_add(&kit->hidden, pool_text(&kit->lasting, id, strlen(id)));
}

void tfa_testkit_set_time(struct tfa_testkit *kit, int64_t wall_ns)
{
    kit->wall_ns = wall_ns;
}

void tfa_testkit_advance(struct tfa_testkit *kit, int64_t ns)
{
    kit->wall_ns += ns;
    kit->monotonic_ns += ns;
}

void tfa_testkit_cancel(struct tfa_testkit *kit, int32_t cancelled)
{
    kit->cancelled = cancelled;
}

void tfa_testkit_fail_call(struct tfa_testkit *kit, uint64_t n, int32_t code)
{
    kit->fail_at = n;
    kit->fail_code = code;
}

static const char *copy_or_null(struct tfa_testkit *kit, const char *text)
{
    return text == NULL ? NULL : pool_text(&kit->run, text, strlen(text));
}

void tfa_testkit_aws_add(struct tfa_testkit *kit, const struct tfa_testkit_answer *answer)
{
    struct script_answer *script = pool_alloc(&kit->run, sizeof(*script));

    if (answer->action == NULL) {
        test_mistake("a scripted answer needs an action");
    }
    script->answer = *answer;
    script->answer.action = copy_or_null(kit, answer->action);
    script->answer.target = copy_or_null(kit, answer->target);
    script->answer.region = copy_or_null(kit, answer->region);
    script->answer.path = copy_or_null(kit, answer->path);
    script->answer.contains = copy_or_null(kit, answer->contains);
    script->answer.error_code = copy_or_null(kit, answer->error_code);
    script->answer.body = copy_or_null(kit, answer->body == NULL ? "{}" : answer->body);
    list_add(&kit->answers, script);
}

void tfa_testkit_aws(
        struct tfa_testkit *kit, const char *action, uint32_t status, const char *body)
{
    struct tfa_testkit_answer answer = { 0 };

    answer.action = action;
    answer.status = status;
    answer.body = body;
    tfa_testkit_aws_add(kit, &answer);
}
