/* SPDX-License-Identifier: Apache-2.0 */
/* A client's life, and what it remembers between batches. */
#include "client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define AGENT "tf-atmos/" TFA_VERSION

enum {
    CONNECT_MS = 5000,
    IDLE_MS = 10000,
    ATTEMPT_MS = 30000,
    CALL_MS = 120000,
    ATTEMPTS = 3,
    MAX_ATTEMPTS = 10,
    PARALLEL = 16,
    PARALLEL_PER_SERVICE = 6,
    ANSWER_BYTES = 32 * 1024 * 1024
};

/* ---- chance and time ---- */

double client_chance(struct aws_client *client)
{
    if (client->options.random) {
        return client->options.random(client->options.random_context);
    }
    uint64_t x = client->random_state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    client->random_state = x;
    return (double)(x >> 11) / (double)((uint64_t)1 << 53);
}

int64_t client_now_ms(const struct aws_client *client)
{
    const struct clock *clock = client->run->clock;
    return clock->monotonic_ms(clock->context);
}

int64_t client_wall_ms(const struct aws_client *client)
{
    const struct clock *clock = client->run->clock;
    return clock->wall_ms(clock->context);
}

/* ---- life ---- */

static int refuse_library(
        struct run *run, const char *file, const char *packages, struct str why)
{
    struct diag *diag = diag_add(&run->diags, &aws_diags[AWS_LIBRARY_MISSING], MARK_NONE,
            "cannot load %s, which is needed to call AWS", file);
    diag->detail = why;
    diag->hint = diag_text(&run->diags, "install the package %s", packages);
    return ERR_UNAVAILABLE;
}

static int open_libraries(struct aws_client *client)
{
    static const char crypto[] = CRYPTO_LIBRARY_NAME;
    static const char curl[] = "libcurl.so.4";
    struct run *run = client->run;
    struct str why = STR_EMPTY;
    if (crypto_library_open(&client->crypto, run->arena, crypto, &why) != 0) {
        return refuse_library(run, crypto, "libssl3 (Ubuntu 24.04: libssl3t64)", why);
    }
    if (client->options.transport) {
        client->transport = *client->options.transport;
        return 0;
    }
    if (curl_library_open(&client->curl, run->arena, curl, &why) != 0) {
        return refuse_library(run, curl, "libcurl4 (Ubuntu 24.04: libcurl4t64)", why);
    }
    if (curl_transport_new(&client->curl, AGENT, client->options.max_parallel,
                &client->own_transport) != 0) {
        return refuse_library(run, curl, "libcurl4 (Ubuntu 24.04: libcurl4t64)",
                STR("it was found but does not start"));
    }
    client->transport = curl_transport_of(client->own_transport);
    return 0;
}

static void set_defaults(struct aws_options *options)
{
    int64_t *const times[] = { &options->connect_ms, &options->idle_ms, &options->attempt_ms,
        &options->call_ms };
    static const int64_t default_times[] = { CONNECT_MS, IDLE_MS, ATTEMPT_MS, CALL_MS };
    size_t *const sizes[] = { &options->max_attempts, &options->max_parallel,
        &options->max_parallel_per_service, &options->max_answer_bytes };
    static const size_t default_sizes[] = { ATTEMPTS, PARALLEL, PARALLEL_PER_SERVICE,
        ANSWER_BYTES };
    for (size_t i = 0; i < 4; i++) {
        *times[i] = *times[i] > 0 ? *times[i] : default_times[i];
        *sizes[i] = *sizes[i] > 0 ? *sizes[i] : default_sizes[i];
    }
}

/* AWS_MAX_ATTEMPTS, unless the options say how many. */
static int read_attempts(struct aws_client *client)
{
    struct run *run = client->run;
    struct str text = str_from(environment_get(&run->env, "AWS_MAX_ATTEMPTS"));
    uint64_t number = 0;
    if (client->options.max_attempts > 0 || text.len == 0) {
        return 0;
    }
    if (!str_to_u64(text, &number) || number < 1 || number > MAX_ATTEMPTS) {
        diag_add(&run->diags, &aws_diags[AWS_SETTING_UNSUPPORTED], MARK_NONE,
                "AWS_MAX_ATTEMPTS is `%.*s`, not a number from 1 to %d", STR_ARG(text),
                MAX_ATTEMPTS);
        return ERR_INVALID;
    }
    client->options.max_attempts = (size_t)number;
    return 0;
}

int aws_client_new(
        struct run *run, const struct aws_options *options, struct aws_client **ret_client)
{
    struct aws_client *client = calloc(1, sizeof(*client));
    if (!client) {
        out_of_memory();
    }
    client->run = run;
    client->arena = run->arena;
    if (options) {
        client->options = *options;
        client->options.profile = arena_dup(run->arena, options->profile);
        client->options.region = arena_dup(run->arena, options->region);
    }
    int err = read_attempts(client);
    if (err == 0) {
        set_defaults(&client->options);
        err = open_libraries(client);
    }
    if (err != 0) {
        free(client);
        return err;
    }
    sigv4_init(&client->signer, &client->crypto);
    if (getrandom(&client->random_state, sizeof(client->random_state), 0) !=
                    (ssize_t)sizeof(client->random_state) ||
            client->random_state == 0) {
        client->random_state = (uint64_t)client_wall_ms(client) | 1;
    }
    *ret_client = client;
    return 0;
}

void aws_client_free(struct aws_client *client)
{
    if (!client) {
        return;
    }
    curl_transport_free(client->own_transport);
    for (size_t i = 0; i < client->identities.count; i++) {
        struct identity *identity = client->identities.entries[i].value;
        credentials_free(identity->keys);
    }
    if (client->has_profiles && !client->profiles_fault) {
        profiles_clear(&client->profiles);
    }
    sigv4_clear(&client->signer);
    explicit_bzero(client, sizeof(*client));
    free(client);
}

/* ---- remembered things ---- */

static const struct aws_fault *need_profiles(struct aws_client *client)
{
    if (!client->has_profiles) {
        client->has_profiles = true;
        profiles_load(client->run, &client->profiles, &client->profiles_fault);
    }
    return client->profiles_fault;
}

static struct identity *identity_of(struct aws_client *client, struct str profile)
{
    struct identity *identity = map_get(&client->identities, profile);
    if (identity) {
        return identity;
    }
    identity = ARENA_NEW(client->arena, struct identity);
    identity->fault = need_profiles(client);
    if (!identity->fault) {
        credentials_find(
                client->run, &client->profiles, profile, &identity->keys, &identity->fault);
    }
    if (identity->keys) {
        log_at(client->run->log, LOG_DEBUG, "aws: credentials from %.*s",
                STR_ARG(identity->keys->source));
    }
    map_put(client->arena, &client->identities, profile, identity);
    return identity;
}

static struct budget *budget_of(
        struct aws_client *client, const struct route *route, struct str account)
{
    struct str owner = account.len > 0 ? account : route->keys->key_id;
    struct str name = arena_printf(client->arena, "%.*s/%.*s/%.*s", STR_ARG(owner),
            STR_ARG(route->endpoint.service), STR_ARG(route->endpoint.region));
    struct budget *budget = map_get(&client->budgets, name);
    if (!budget) {
        budget = ARENA_NEW(client->arena, struct budget);
        budget_init(budget, client->options.max_parallel_per_service);
        map_put(client->arena, &client->budgets, name, budget);
    }
    return budget;
}

static struct host_state *host_of(struct aws_client *client, struct str name)
{
    struct host_state *host = map_get(&client->hosts, name);
    if (!host) {
        host = ARENA_NEW(client->arena, struct host_state);
        map_put(client->arena, &client->hosts, name, host);
    }
    return host;
}

static void find_route(struct aws_client *client, const struct aws_call *call,
        struct str profile, struct route *route)
{
    route->fault = need_profiles(client);
    if (route->fault) {
        route->outcome = AWS_BAD_CREDENTIALS;
        return;
    }
    struct endpoint_query query = {
        .run = client->run,
        .profiles = &client->profiles,
        .profile = profile_in_use(client->run, profile),
        .service = call->service,
        .region = call->region.len > 0 ? call->region : client->options.region,
    };
    route->outcome = endpoint_find(&query, &route->endpoint, &route->fault);
    if (route->outcome != AWS_OK) {
        return;
    }
    const struct identity *identity = identity_of(client, profile);
    route->keys = identity->keys;
    route->fault = identity->fault;
    if (route->fault) {
        route->outcome = AWS_BAD_CREDENTIALS;
        return;
    }
    route->budget = budget_of(client, route, call->account);
    route->host = host_of(client, route->endpoint.host);
}

const struct route *client_route(struct aws_client *client, const struct aws_call *call)
{
    struct str profile = call->profile.len > 0 ? call->profile : client->options.profile;
    const struct str parts[] = { profile, call->service, call->region, call->account };
    struct str name = arena_join(client->arena, parts, 4, STR("\n"));
    struct route *route = map_get(&client->routes, name);
    if (!route) {
        route = ARENA_NEW(client->arena, struct route);
        find_route(client, call, profile, route);
        map_put(client->arena, &client->routes, name, route);
    }
    return route;
}

int aws_client_credentials(struct aws_client *client, struct str profile,
        struct str *ret_source, const struct aws_fault **ret_fault)
{
    const struct identity *identity =
            identity_of(client, profile.len > 0 ? profile : client->options.profile);
    if (identity->fault) {
        *ret_fault = identity->fault;
        return ERR_DENIED;
    }
    *ret_source = identity->keys->source;
    return 0;
}
