/* SPDX-License-Identifier: Apache-2.0 */
/* Asks a plugin about an instance: validate and generate, and the variables that come out of it. */
#include "plugin_ask.h"

#include <string.h>

#include "host.h"
#include "worker_proxy.h"

const char *result_name(int32_t rc)
{
    static const char *const names[] = { "ok", "no memory", "cancelled", "out of time",
        "not allowed", "a stale handle", "a service in a wrong phase",
        "a value of another kind", "a number out of range", "a missing value",
        "an unknown value", "a malformed argument", "a limit", "a frozen container",
        "a wrong thread", "not supported", "an internal error" };
    uint32_t index = rc < 0 ? (uint32_t)(-(int64_t)rc) : UINT32_MAX;
    return rc == 0                                    ? names[0]
           : index < sizeof(names) / sizeof(names[0]) ? names[index]
                                                      : "an undefined result";
}

int code_from_result(int32_t rc)
{
    switch (rc) {
    case TFA_OK:
        return 0;
    case TFA_E_CANCELLED:
    case TFA_E_DEADLINE:
        return ERR_CANCELLED;
    case TFA_E_POLICY:
        return ERR_DENIED;
    default:
        return ERR_UNAVAILABLE;
    }
}

void set_binding_subject(struct diag *diag, const struct plugin_binding *binding)
{
    diag->plugin = binding->plugin->identity->id;
    diag->stack = binding->instance->stack;
    diag->component = binding->instance->name;
}

struct str plugin_ended(const struct plugin *plugin)
{
    const struct host_call *call = plugin->runtime->call;
    return call ? call->ended : STR_EMPTY;
}

/* The next run does not start it again; unless the user was in a hurry or the system ended it: it had no
 * fair chance then. False when it is not remembered. */
static bool remember_end(
        struct run *run, struct plugin *plugin, const char *function, struct str why)
{
    const struct host_call *call = plugin->runtime->call;
    bool was_cancelled = call && call->call.cancel && *call->call.cancel != 0;
    const struct worker_proxy *proxy = plugin->runtime->proxy;
    bool is_blameless = was_cancelled || (proxy && !worker_proxy_is_own_fault(proxy));
    if (is_blameless || (plugin->digest.len == 0 && plugin_hash(run, plugin) != 0)) {
        return false;
    }
    const struct quarantine_record record = { .sha256 = plugin->digest,
        .plugin = plugin->identity->id,
        .version = plugin->identity->version,
        .function = str_from(function),
        .reason = why };
    quarantine_add(run, &record);
    return true;
}

struct diag *plugin_say_ended(struct run *run, struct plugin *plugin,
        const struct plugin_binding *binding, const char *function, struct str why)
{
    struct str where = STR_EMPTY;
    struct plugin_runtime *runtime = plugin->runtime;
    runtime->is_started = false;
    runtime->load_state = LOAD_FAILED;
    runtime->load_code = ERR_UNAVAILABLE;
    if (binding) {
        where = arena_printf(run->arena, " of component `%.*s` in stack `%.*s`",
                STR_ARG(binding->instance->name), STR_ARG(binding->instance->stack));
    }
    struct diag *diag = diag_add(&run->diags, &plugin_diags[PLUGIN_ENDED],
            binding ? binding->mark : MARK_NONE, "plugin `%.*s` %.*s in %s%.*s",
            STR_ARG(plugin->identity->id), STR_ARG(why), function, STR_ARG(where));
    diag->plugin = plugin->identity->id;
    if (remember_end(run, plugin, function, why)) {
        diag->detail = STR("it is not asked again, now or in later runs: what it would have "
                           "said about other components is not known");
        diag->hint = arena_printf(run->arena,
                "report it to its author; tf-atmos plugin reset %.*s gives it another chance",
                STR_ARG(plugin->identity->id));
    } else {
        diag->detail = STR("it is not asked again in this run: what it would have said about "
                           "other components is not known");
        diag->hint = STR("run again; this end was none of the plugin's doing");
    }
    if (binding) {
        set_binding_subject(diag, binding);
    }
    return diag;
}

/* A callback that returned an error, or whose build broke. 0 when neither. */
int judge_callback(struct run *run, const struct plugin_binding *binding, const char *what,
        int32_t rc, int32_t broken, struct str why)
{
    struct diag *diag = NULL;
    const struct instance *instance = binding->instance;
    struct plugin *plugin = binding->plugin;
    if (plugin_ended(plugin).len > 0) {
        (void)plugin_say_ended(run, plugin, binding, plugin->runtime->call->call.function,
                plugin_ended(plugin));
        return ERR_UNAVAILABLE;
    }
    if (rc != TFA_OK) {
        diag = diag_add(&run->diags, &plugin_diags[PLUGIN_CALLBACK_FAILED], binding->mark,
                "plugin `%.*s` could not %s component `%.*s` in stack `%.*s`: %s",
                STR_ARG(binding->plugin->identity->id), what, STR_ARG(instance->name),
                STR_ARG(instance->stack), result_name(rc));
        set_binding_subject(diag, binding);
        return code_from_result(rc);
    }
    if (broken != TFA_OK) {
        diag = diag_add(&run->diags, &plugin_diags[PLUGIN_RESULT_INVALID], binding->mark,
                "what plugin `%.*s` made of component `%.*s` in stack `%.*s` cannot be used: "
                "%.*s",
                STR_ARG(binding->plugin->identity->id), STR_ARG(instance->name),
                STR_ARG(instance->stack), STR_ARG(why));
        set_binding_subject(diag, binding);
        return ERR_UNAVAILABLE;
    }
    return 0;
}

struct tfa_call *ask_begin(struct run *run, struct plugins *plugins,
        const struct plugin_binding *binding, uint32_t phase, const char *function,
        const struct catalogue_check *check, struct question *ret_question)
{
    enum deadline_kind kind = phase == TFA_PHASE_CHECK ? DEADLINE_CHECK : DEADLINE_CALLBACK;
    bool is_check = phase == TFA_PHASE_LIST_CHECKS || phase == TFA_PHASE_CHECK;
    const struct value *targets =
            plugins->world.targets ? plugins->world.targets : plugins->no_value;
    struct tfa_call *call = call_begin(run, plugins, binding->plugin, phase, function, binding,
            deadline_ms(&plugins->world, binding->plugin->identity, kind, check));
    host_of(call)->context =
            context_new(run, binding->instance, binding->kind, is_check ? targets : NULL);
    collect_secrets(call, binding->intent, false);
    collect_secrets(call, host_of(call)->context, false);
    struct str place = arena_printf(run->arena, "/settings/%.*s", STR_ARG(binding->kind));
    ret_question->config = handle_root(call, binding->intent, place);
    /* Below the context: /vars/x is where x stands in the instance. */
    ret_question->context = handle_root(call, host_of(call)->context, STR(""));
    return call;
}

static int validate(
        struct run *run, struct plugins *plugins, const struct plugin_binding *binding)
{
    struct plugin_runtime *runtime = binding->plugin->runtime;
    struct question question;
    int code = plugin_load(run, plugins, binding->plugin);
    code = code == 0 ? intent_check(run, binding->plugin, binding) : code;
    if (code != 0 || !runtime->component) {
        return code;
    }
    struct tfa_call *call = ask_begin(
            run, plugins, binding, TFA_PHASE_VALIDATE, "component.validate", NULL, &question);
    int32_t rc = runtime->component->validate(
            runtime->self, call, question.config, question.context);
    size_t errors = host_of(call)->error_count;
    if (call->broken != TFA_OK) {
        call_misuse(call, "%.*s", STR_ARG(call->broken_why));
    }
    call_end(call);
    code = judge_callback(run, binding, "validate", rc, TFA_OK, STR_EMPTY);
    return code != 0 ? code : errors > 0 ? ERR_INVALID : 0;
}

int plugin_validate(
        struct run *run, struct plugins *plugins, const struct plugin_binding *binding)
{
    struct binding_state *state = binding->state;
    if (!state->is_validated) {
        state->validate_code = validate(run, plugins, binding);
        state->is_validated = true;
    }
    return state->validate_code;
}

/* What came back must be a map, or nothing. */
static int take_vars(struct run *run, struct plugins *plugins, struct tfa_call *call,
        const struct plugin_binding *binding, tfa_val vars, const struct value **ret_vars)
{
    const struct value *value = plugins->no_value;
    int32_t rc = handle_value(call, "component.generate", vars, &value);
    bool is_fine = rc == TFA_E_ABSENT || (rc == TFA_OK && value_is(value, VALUE_MAP));
    if (!is_fine) {
        return judge_callback(run, binding, "generate for", TFA_OK, TFA_E_KIND,
                STR("component.generate returned something that is not a map"));
    }
    *ret_vars = value;
    return 0;
}

static int generate(struct run *run, struct plugins *plugins,
        const struct plugin_binding *binding, const struct value **ret_vars)
{
    struct plugin_runtime *runtime = binding->plugin->runtime;
    struct question question;
    tfa_val vars = TFA_NONE;
    int code = plugin_load(run, plugins, binding->plugin);
    *ret_vars = plugins->no_value;
    if (code != 0 || !runtime->component) {
        return code;
    }
    struct tfa_call *call = ask_begin(
            run, plugins, binding, TFA_PHASE_GENERATE, "component.generate", NULL, &question);
    int32_t rc = runtime->component->generate(
            runtime->self, call, question.config, question.context, &vars);
    size_t errors = host_of(call)->error_count;
    code = judge_callback(
            run, binding, "generate variables for", rc, call->broken, call->broken_why);
    code = code == 0 && errors > 0 ? ERR_INVALID : code;
    code = code == 0 ? take_vars(run, plugins, call, binding, vars, ret_vars) : code;
    call_end(call);
    return code;
}

int plugin_generate(struct run *run, struct plugins *plugins,
        const struct plugin_binding *binding, const struct value **ret_vars)
{
    struct binding_state *state = binding->state;
    if (!state->is_generated) {
        state->generate_code = generate(run, plugins, binding, &state->vars);
        state->is_generated = true;
    }
    if (state->generate_code == 0) {
        *ret_vars = state->vars;
    }
    return state->generate_code;
}
