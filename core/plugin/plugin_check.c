/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the checks of a plugin: list, run each item, ask pending ones again. */
#include <string.h>

#include "catalogue.h"
#include "host.h"
#include "plugin_ask.h"

enum {
    RETRY_MS = 2000, /* between looks at something that is converging */
    ITEM_MAX = 1000
};

/* The checks of one binding in progress. */
struct checking {
    struct run *run;
    struct plugins *plugins;
    const struct plugin_binding *binding;
    VEC(const struct value *) items;
    struct plugin_tally *tally;
    int64_t settle_until_ms; /* monotonic */
    uint32_t retry_after_ms;
};

static bool is_cancelled(const struct checking *checking)
{
    const volatile int *cancel = checking->plugins->world.cancel;
    return cancel && *cancel != 0;
}

/* An item with what it may leave out filled in; NULL when it is none. */
static const struct value *complete_item(
        struct checking *checking, struct tfa_call *call, const struct value *item)
{
    struct run *run = checking->run;
    struct str id = value_string(value_get_str(item, STR("id")));
    if (!value_is(item, VALUE_MAP) || id.len == 0 || id.len > 64) {
        call_misuse(call, "check.list returned an item without an id");
        return NULL;
    }
    const struct value *target = value_get_str(item, STR("target"));
    if (!value_is(target, VALUE_STRING) || target->as.text.len == 0) {
        target = value_string_new(run->arena, STR("self"), MARK_NONE);
        item = value_with(run->arena, item, key_of(run->keys, STR("target")), target);
    }
    const struct value *region = value_get_str(
            context_target(host_of(call)->context, value_string(target)), STR("region"));
    if (!value_get_str(item, STR("region")) && region) {
        item = value_with(run->arena, item, key_of(run->keys, STR("region")), region);
    }
    return item;
}

static int list_items(struct checking *checking)
{
    struct run *run = checking->run;
    const struct plugin_binding *binding = checking->binding;
    struct plugin_runtime *runtime = binding->plugin->runtime;
    struct question question;
    tfa_val handle = TFA_NONE;
    const struct value *items = NULL;
    struct tfa_call *call = ask_begin(run, checking->plugins, binding, TFA_PHASE_LIST_CHECKS,
            "check.list", NULL, &question);
    int32_t rc = runtime->check->list(
            runtime->self, call, question.config, question.context, &handle);
    int code = judge_callback(
            run, binding, "list the checks of", rc, call->broken, call->broken_why);
    if (code == 0) {
        rc = handle_value(call, "check.list", handle, &items);
        if (rc == TFA_OK && !value_is(items, VALUE_LIST)) {
            rc = TFA_E_KIND;
        }
        if (rc != TFA_OK && rc != TFA_E_ABSENT) {
            code = judge_callback(run, binding, "list the checks of", TFA_OK, rc,
                    STR("check.list returned something that is not a list"));
        }
    }
    for (size_t i = 0; code == 0 && i < value_count(items) && i < ITEM_MAX; i++) {
        const struct value *item = complete_item(checking, call, value_at(items, i));
        if (item) {
            VEC_PUSH(run->arena, &checking->items, item);
        }
    }
    call_end(call);
    return code;
}

/* The outcome nobody reported. */
static void say_unknown(struct checking *checking, struct str id, const char *why)
{
    const struct plugin_binding *binding = checking->binding;
    struct diag *diag = diag_add(&checking->run->diags, &plugin_diags[PLUGIN_CHECK_NO_RESULT],
            binding->mark, "check %.*s of component `%.*s` in stack `%.*s` gave no result: %s",
            STR_ARG(id), STR_ARG(binding->instance->name), STR_ARG(binding->instance->stack),
            why);
    set_binding_subject(diag, binding);
    diag->check = DIAG_CHECK_UNKNOWN;
    diag->check_id = id;
    checking->tally->unknown++;
}

/* The checks that were left when the plugin ended. */
static void say_rest(struct checking *checking, size_t count)
{
    const struct plugin_binding *binding = checking->binding;
    if (count == 0) {
        return;
    }
    struct diag *diag = diag_add(&checking->run->diags, &plugin_diags[PLUGIN_CHECK_NO_RESULT],
            binding->mark, "%zu more checks of component `%.*s` in stack `%.*s` were not run",
            count, STR_ARG(binding->instance->name), STR_ARG(binding->instance->stack));
    set_binding_subject(diag, binding);
    diag->check = DIAG_CHECK_UNKNOWN;
    checking->tally->unknown += count;
}

static void add_tally(struct plugin_tally *to, const struct plugin_tally *from)
{
    to->pass += from->pass;
    to->fail += from->fail;
    to->pending += from->pending;
    to->skipped += from->skipped;
    to->unknown += from->unknown;
}

/* What a callback that failed half-way called a pass is not known. */
static void doubt_passes(struct run *run, size_t first, struct plugin_tally *tally)
{
    for (size_t i = first; i < run->diags.list.count; i++) {
        struct diag *diag = &run->diags.list.items[i];
        if (diag->check == DIAG_CHECK_PASS) {
            diag->check = DIAG_CHECK_UNKNOWN;
            diag->severity = DIAG_WARNING;
            run->diags.warning_count++;
            tally->pass--;
            tally->unknown++;
        }
    }
}

/* Runs one item. True when it is to be asked again, with nothing kept of this time. */
static bool run_item(struct checking *checking, const struct value *item)
{
    struct run *run = checking->run;
    const struct plugin_binding *binding = checking->binding;
    struct plugin_runtime *runtime = binding->plugin->runtime;
    /* Read when the plugin was loaded. */
    const struct catalogue *catalogue = runtime->catalogue;
    struct question question;
    struct str id = arena_dup(run->arena, value_string(value_get_str(item, STR("id"))));
    size_t count = run->diags.list.count;
    size_t errors = run->diags.error_count;
    size_t warnings = run->diags.warning_count;
    struct tfa_call *call = ask_begin(run, checking->plugins, binding, TFA_PHASE_CHECK,
            "check.run", catalogue ? catalogue_find_check(catalogue, id) : NULL, &question);
    call->who.check_id = tfa_str_from(id);
    host_of(call)->item = item;
    int32_t rc = runtime->check->run(runtime->self, call, question.config, question.context,
            handle_root(call, item, STR_EMPTY));
    struct plugin_tally tally = host_of(call)->tally;
    uint32_t retry_after_ms = host_of(call)->retry_after_ms;
    size_t results = host_of(call)->result_count;
    if (rc == TFA_OK && call->broken != TFA_OK) {
        call_misuse(call, "%.*s", STR_ARG(call->broken_why));
        rc = call->broken;
    }
    call_end(call);

    int64_t now = run->clock->monotonic_ms(run->clock->context);
    if (rc == TFA_OK && tally.pending > 0 && now < checking->settle_until_ms &&
            !is_cancelled(checking)) {
        run->diags.list.count = count;
        run->diags.error_count = errors;
        run->diags.warning_count = warnings;
        if (retry_after_ms > checking->retry_after_ms) {
            checking->retry_after_ms = retry_after_ms;
        }
        return true;
    }
    if (rc != TFA_OK) {
        doubt_passes(run, count, &tally);
    }
    add_tally(checking->tally, &tally);
    if (plugin_ended(binding->plugin).len > 0) {
        struct diag *diag = plugin_say_ended(
                run, binding->plugin, binding, "check.run", plugin_ended(binding->plugin));
        diag->check = DIAG_CHECK_UNKNOWN;
        diag->check_id = id;
        checking->tally->unknown++;
    } else if (rc != TFA_OK) {
        say_unknown(checking, id, result_name(rc));
    } else if (results == 0) {
        say_unknown(checking, id, "the plugin reported none");
    }
    return false;
}

/* Waits before the next round, but not past the time given for settling. */
static void wait_round(struct checking *checking)
{
    const struct clock *clock = checking->run->clock;
    int64_t wait = checking->retry_after_ms > 0 ? checking->retry_after_ms : RETRY_MS;
    int64_t left = checking->settle_until_ms - clock->monotonic_ms(clock->context);
    wait = wait > left ? left : wait;
    if (wait > 0) {
        clock->sleep_ms(clock->context, wait);
    }
}

int plugin_check(struct run *run, struct plugins *plugins, const struct plugin_binding *binding,
        struct plugin_tally *tally)
{
    const struct clock *clock = run->clock;
    struct checking checking = { .run = run,
        .plugins = plugins,
        .binding = binding,
        .tally = tally,
        .settle_until_ms = clock->monotonic_ms(clock->context) + plugins->world.settle_ms };
    int code = plugin_load(run, plugins, binding->plugin);
    if (code != 0 || !binding->plugin->runtime->check) {
        return code;
    }
    code = list_items(&checking);
    if (code != 0) {
        return code;
    }
    while (checking.items.count > 0) {
        size_t left = 0;
        checking.retry_after_ms = 0;
        for (size_t i = 0; i < checking.items.count; i++) {
            if (is_cancelled(&checking)) {
                return ERR_CANCELLED;
            }
            if (run_item(&checking, checking.items.items[i])) {
                checking.items.items[left++] = checking.items.items[i];
            }
            if (plugin_ended(binding->plugin).len > 0) {
                say_rest(&checking, left + checking.items.count - i - 1);
                return ERR_UNAVAILABLE;
            }
        }
        checking.items.count = left;
        if (left > 0) {
            wait_round(&checking);
        }
    }
    return 0;
}
