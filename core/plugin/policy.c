/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: read strictly, each judged alone. */
#include "policy.h"

#include <string.h>

#include "identity.h"
#include "record.h"
#include "trust_diag.h"

static int say_invalid(struct run *run, struct mark mark, struct str origin, struct str what)
{
    diag_add(&run->diags, &trust_diags[TRUST_POLICY_INVALID], mark,
            "the plugin policy `%.*s` is not usable: %.*s", STR_ARG(origin), STR_ARG(what));
    return ERR_INVALID;
}

/* Reading one policy. */
struct reading {
    struct run *run;
    struct policy *policy;
    bool is_system;
};

typedef bool take_fn(struct reading *reading, const struct value *value);

static bool take_list(struct reading *reading, const struct value *value,
        bool (*is_valid)(struct str), struct str_list *ret_list)
{
    size_t count = value_count(value);
    struct str *items = ARENA_ARRAY(reading->run->arena, struct str, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = value_string(value_at(value, i));
        if (items[i].len == 0 || !is_valid(items[i])) {
            return false;
        }
    }
    *ret_list = (struct str_list){ items, count };
    return value_is(value, VALUE_LIST);
}

/* One of two words; the second is the stricter. */
static bool take_choice(
        const struct value *value, const char *loose, const char *strict, bool *ret_strict)
{
    struct str text = value_string(value);
    *ret_strict = str_eq_cstr(text, strict);
    return *ret_strict || str_eq_cstr(text, loose);
}

static bool take_truth(const struct value *value, bool *ret_truth)
{
    *ret_truth = value_bool(value, false);
    return value_is(value, VALUE_BOOL);
}

static bool take_allow(struct reading *reading, const struct value *value)
{
    reading->policy->limits_ids = true;
    return take_list(reading, value, glob_is_valid, &reading->policy->allowed);
}

static bool take_deny(struct reading *reading, const struct value *value)
{
    return take_list(reading, value, glob_is_valid, &reading->policy->denied);
}

static bool take_signers(struct reading *reading, const struct value *value)
{
    reading->policy->limits_signers = true;
    return take_list(reading, value, is_key_id, &reading->policy->signers);
}

static bool take_unsigned(struct reading *reading, const struct value *value)
{
    return take_choice(value, "pinned", "never", &reading->policy->forbids_unsigned);
}

static bool take_sandbox(struct reading *reading, const struct value *value)
{
    return take_choice(value, "optional", "required", &reading->policy->needs_sandbox);
}

static bool take_mode(struct reading *reading, const struct value *value)
{
    return take_choice(value, "enforce", "warn", &reading->policy->is_warning);
}

static bool take_locked(struct reading *reading, const struct value *value)
{
    return take_truth(value, &reading->policy->needs_lock);
}

/* A repository that could say this of itself would trust its own keys. */
static bool take_repository_keys(struct reading *reading, const struct value *value)
{
    return reading->is_system && take_truth(value, &reading->policy->trusts_repository);
}

static bool take_serial(struct reading *reading, const struct value *value)
{
    int64_t serial = -1;
    bool is_number = value_is(value, VALUE_INT) && value_int(value, &serial) && serial >= 0;
    reading->policy->minimum_serial = is_number ? (uint64_t)serial : 0;
    return is_number;
}

static bool take_version(struct reading *reading, const struct value *value)
{
    int64_t version = 0;
    (void)reading;
    return value_is(value, VALUE_INT) && value_int(value, &version) && version == 1;
}

static const struct {
    const char *key;
    take_fn *take;
    const char *wants;
} policy_keys[] = {
    { "allow", take_allow, "a list of ids or patterns" },
    { "deny", take_deny, "a list of ids or patterns" },
    { "locked", take_locked, "true or false" },
    { "minimum_serial", take_serial, "a number" },
    { "mode", take_mode, "`enforce` or `warn`" },
    { "repository_keys", take_repository_keys,
            "true or false, in policy.json of the system only" },
    { "sandbox", take_sandbox, "`required` or `optional`" },
    { "signers", take_signers, "a list of key ids" },
    { "unsigned", take_unsigned, "`pinned` or `never`" },
    { "version", take_version, "1" },
};

enum {
    KEY_COUNT = sizeof(policy_keys) / sizeof(policy_keys[0])
};

static int read_entry(struct reading *reading, const struct value_entry *entry)
{
    struct run *run = reading->run;
    struct str key = entry->key->text;
    struct str names[KEY_COUNT];
    for (size_t i = 0; i < KEY_COUNT; i++) {
        names[i] = str_from(policy_keys[i].key);
        if (!str_eq(key, names[i])) {
            continue;
        }
        return policy_keys[i].take(reading, entry->value)
                       ? 0
                       : say_invalid(run, entry->mark, reading->policy->origin,
                                 arena_printf(run->arena, "`%.*s` must be %s", STR_ARG(key),
                                         policy_keys[i].wants));
    }
    int code = say_invalid(run, entry->mark, reading->policy->origin,
            arena_printf(run->arena, "there is no key `%.*s`", STR_ARG(key)));
    run->diags.list.items[run->diags.list.count - 1].hint =
            suggest_hint(run->arena, key, names, KEY_COUNT);
    return code;
}

int policy_read(struct run *run, const struct value *root, struct str origin, bool is_system,
        struct policy *ret_policy)
{
    struct policy policy = { .origin = origin };
    struct reading reading = { run, &policy, is_system };
    int code = 0;
    if (!value_is(root, VALUE_MAP)) {
        return say_invalid(
                run, root ? root->mark : MARK_NONE, origin, STR("it is not a map of settings"));
    }
    for (size_t i = 0; i < root->as.map.count && code == 0; i++) {
        code = read_entry(&reading, &root->as.map.entries[i]);
    }
    if (code == 0) {
        *ret_policy = policy;
    }
    return code;
}

int policy_parse(struct run *run, struct str text, struct str origin, uint32_t file,
        struct policy *ret_policy)
{
    const struct value *root = NULL;
    struct diags details;
    diags_init(&details, run->arena);
    int code = json_read(run->arena, run->keys, &details, text, origin, file, &root);
    if (code != 0) {
        struct diag *first = details.list.count > 0 ? &details.list.items[0] : NULL;
        (void)say_invalid(run, first ? first->mark : MARK_NONE, origin,
                first ? first->message : STR("it is not JSON"));
        return code;
    }
    return policy_read(run, root, origin, true, ret_policy);
}

static bool matches(const struct str_list *patterns, struct str id)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (glob_match(patterns->items[i], id)) {
            return true;
        }
    }
    return false;
}

struct str policy_objection(
        struct arena *arena, const struct policy *policy, const struct policy_subject *subject)
{
    struct str what = STR_EMPTY;
    if (matches(&policy->denied, subject->id)) {
        what = STR("`deny` names its id");
    } else if (policy->limits_ids && !matches(&policy->allowed, subject->id)) {
        what = STR("`allow` does not name its id");
    } else if (policy->forbids_unsigned && subject->key_id.len == 0) {
        what = STR("`unsigned: never` wants the signature of a trusted key");
    } else if (policy->limits_signers && !str_list_has(&policy->signers, subject->key_id)) {
        what = STR("`signers` does not name who signed it");
    } else if (policy->needs_sandbox && !subject->is_sandboxed) {
        what = STR("`sandbox: required`, and it would run inside tf-atmos");
    }
    return what.len == 0 ? STR_EMPTY
                         : arena_printf(arena, "is forbidden by `%.*s`: %.*s",
                                   STR_ARG(policy->origin), STR_ARG(what));
}
