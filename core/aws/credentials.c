/* SPDX-License-Identifier: Apache-2.0 */
/* The credential chain: environment, then shared files; everything else is refused by name. */
#include "credentials.h"

struct search {
    struct run *run;
    const struct profiles *profiles;
    struct str profile;
};

/* An empty variable counts as unset, as in the SDKs. */
static struct str variable(const struct run *run, const char *name)
{
    return str_from(environment_get(&run->env, name));
}

struct str profile_in_use(const struct run *run, struct str profile)
{
    if (profile.len > 0) {
        return profile;
    }
    struct str named = variable(run, "AWS_PROFILE");
    return named.len > 0 ? named : STR("default");
}

/* Keys go into headers: nothing but printable ASCII, and no separators in the id. */
static bool is_key_text(struct str text, bool is_id)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte <= ' ' || byte > '~' || (is_id && (byte == '/' || byte == ','))) {
            return false;
        }
    }
    return text.len <= (is_id ? 128 : 16384);
}

/* The three texts where they were found; places are "AWS_ACCESS_KEY_ID" or "file:line". */
struct found {
    struct setting id;
    struct setting secret;
    struct setting token;
};

static int take(struct search *search, const struct found *found, struct str source,
        struct credentials **ret_credentials, const struct aws_fault **ret_fault)
{
    struct arena *arena = search->run->arena;
    const struct setting *const parts[] = { &found->id, &found->secret, &found->token };
    static const char *const names[] = { "access key id", "secret access key",
        "session token" };
    for (size_t i = 0; i < 3; i++) {
        if (parts[i]->is_continued || !is_key_text(parts[i]->value, i == 0)) {
            *ret_fault = fault_new(arena, AWS_CREDENTIALS_MALFORMED,
                    "the %s in %.*s is not one: %s", names[i], STR_ARG(parts[i]->place),
                    parts[i]->is_continued ? "it goes over several lines"
                                           : "it contains bytes that no key has");
            return ERR_DENIED;
        }
    }
    struct credentials *credentials =
            credentials_new(found->id.value, found->secret.value, found->token.value);
    credentials->source = source;
    *ret_credentials = credentials;
    return 0;
}

/* ---- environment ---- */

static int refuse_variable(
        struct search *search, const char *name, const struct aws_fault **ret_fault)
{
    *ret_fault = fault_new(search->run->arena, AWS_CREDENTIALS_UNSUPPORTED,
            "%s is set, but getting credentials that way is not supported yet", name);
    return ERR_DENIED;
}

/* 0 with keys, or a fault; ERR_NOT_FOUND when the environment says nothing about keys. */
static int from_environment(struct search *search, struct credentials **ret_credentials,
        const struct aws_fault **ret_fault)
{
    static const char id_name[] = "AWS_ACCESS_KEY_ID";
    static const char secret_name[] = "AWS_SECRET_ACCESS_KEY";
    static const char token_name[] = "AWS_SESSION_TOKEN";
    const struct run *run = search->run;
    struct found found = {
        { variable(run, id_name), str_from(id_name), false },
        { variable(run, secret_name), str_from(secret_name), false },
        { variable(run, token_name), str_from(token_name), false },
    };
    if (found.id.value.len > 0 && found.secret.value.len > 0) {
        return take(search, &found, STR("environment"), ret_credentials, ret_fault);
    }
    if (found.id.value.len > 0 || found.secret.value.len > 0) {
        bool has_id = found.id.value.len > 0;
        *ret_fault =
                fault_new(run->arena, AWS_CREDENTIALS_INCOMPLETE, "%s is set and %s is not",
                        has_id ? id_name : secret_name, has_id ? secret_name : id_name);
        return ERR_DENIED;
    }
    if (variable(run, "AWS_WEB_IDENTITY_TOKEN_FILE").len > 0) {
        return refuse_variable(search, "AWS_WEB_IDENTITY_TOKEN_FILE", ret_fault);
    }
    return ERR_NOT_FOUND;
}

/* What other tools would ask after the shared files. */
static int after_files(struct search *search, const struct aws_fault **ret_fault)
{
    static const char *const names[] = { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (variable(search->run, names[i]).len > 0) {
            return refuse_variable(search, names[i], ret_fault);
        }
    }
    return ERR_NOT_FOUND;
}

/* ---- shared files ---- */

/* ERR_DENIED with a fault when the profile has one of these settings. */
static int refuse_settings(struct search *search, const char *const *names, size_t count,
        const struct aws_fault **ret_fault)
{
    struct setting setting;
    for (size_t i = 0; i < count; i++) {
        if (profiles_get(search->profiles, search->profile, names[i], &setting)) {
            *ret_fault = fault_new(search->run->arena, AWS_CREDENTIALS_UNSUPPORTED,
                    "profile `%.*s` gets its credentials by `%s` (%.*s), which is not "
                    "supported yet",
                    STR_ARG(search->profile), names[i], STR_ARG(setting.place));
            return ERR_DENIED;
        }
    }
    return 0;
}

/* 0 with keys, a fault, or ERR_NOT_FOUND when the profile has no keys. */
static int from_profile(struct search *search, struct credentials **ret_credentials,
        const struct aws_fault **ret_fault)
{
    /* In the order in which the SDKs look: these win over keys in the same profile, ... */
    static const char *const before[] = { "role_arn", "web_identity_token_file", "sso_session",
        "sso_start_url", "sso_account_id" };
    /* ... these count only without keys. */
    static const char *const after[] = { "login_session", "credential_process" };
    struct arena *arena = search->run->arena;
    struct found found = { 0 };
    int err = refuse_settings(search, before, sizeof(before) / sizeof(before[0]), ret_fault);
    if (err != 0) {
        return err;
    }
    bool has_id =
            profiles_get(search->profiles, search->profile, "aws_access_key_id", &found.id);
    bool has_secret = profiles_get(
            search->profiles, search->profile, "aws_secret_access_key", &found.secret);
    profiles_get(search->profiles, search->profile, "aws_session_token", &found.token);
    if (has_id && has_secret) {
        struct str source = arena_printf(arena, "profile `%.*s` in %.*s",
                STR_ARG(search->profile), STR_ARG(found.id.place));
        return take(search, &found, source, ret_credentials, ret_fault);
    }
    if (has_id || has_secret) {
        *ret_fault = fault_new(arena, AWS_CREDENTIALS_INCOMPLETE,
                "profile `%.*s` has `%s` (%.*s) and no `%s`", STR_ARG(search->profile),
                has_id ? "aws_access_key_id" : "aws_secret_access_key",
                STR_ARG(has_id ? found.id.place : found.secret.place),
                has_id ? "aws_secret_access_key" : "aws_access_key_id");
        return ERR_DENIED;
    }
    err = refuse_settings(search, after, sizeof(after) / sizeof(after[0]), ret_fault);
    return err != 0 ? err : ERR_NOT_FOUND;
}

static void say_none(struct search *search, bool is_named, const struct aws_fault **ret_fault)
{
    struct arena *arena = search->run->arena;
    struct str paths = profiles_paths(search->profiles, arena);
    if (profiles_has(search->profiles, search->profile)) {
        *ret_fault =
                fault_new(arena, AWS_NO_CREDENTIALS, "profile `%.*s` has no access key in %.*s",
                        STR_ARG(search->profile), STR_ARG(paths));
        return;
    }
    if (is_named) {
        struct str *names = NULL;
        size_t count = profiles_names(search->profiles, &names);
        struct str hint = suggest_hint(arena, search->profile, names, count);
        struct aws_fault *fault = fault_new(arena, AWS_NO_CREDENTIALS,
                "there is no profile `%.*s` in %.*s", STR_ARG(search->profile), STR_ARG(paths));
        fault->hint = hint.len > 0 ? hint : fault->hint;
        *ret_fault = fault;
        return;
    }
    struct aws_fault *fault =
            fault_new(arena, AWS_NO_CREDENTIALS, "no AWS credentials were found");
    fault->detail = arena_printf(arena,
            "AWS_ACCESS_KEY_ID is not set, and there is no profile `%.*s` in %.*s; the "
            "metadata service of an instance is not asked by this version",
            STR_ARG(search->profile), STR_ARG(paths));
    *ret_fault = fault;
}

int credentials_find(struct run *run, const struct profiles *profiles, struct str profile,
        struct credentials **ret_credentials, const struct aws_fault **ret_fault)
{
    struct search search = { run, profiles, profile_in_use(run, profile) };
    bool is_named = profile.len > 0 || variable(run, "AWS_PROFILE").len > 0;
    int err = ERR_NOT_FOUND;
    if (profile.len == 0) {
        err = from_environment(&search, ret_credentials, ret_fault);
    }
    if (err == ERR_NOT_FOUND) {
        err = from_profile(&search, ret_credentials, ret_fault);
    }
    if (err == ERR_NOT_FOUND && !is_named) {
        err = after_files(&search, ret_fault);
    }
    if (err == ERR_NOT_FOUND) {
        say_none(&search, is_named, ret_fault);
        err = ERR_DENIED;
    }
    return err;
}
