/* SPDX-License-Identifier: Apache-2.0 */
/* What a client remembers between batches: keys, routes, budgets, hosts. */
#ifndef TFATMOS_AWS_CLIENT_H
#define TFATMOS_AWS_CLIENT_H

#include "answer.h"
#include "credentials.h"
#include "endpoint.h"
#include "retry.h"
#include "transport.h"

/* The keys of one profile, or why there are none. */
struct identity {
    struct credentials *keys;
    const struct aws_fault *fault;
};

/* What is known of one host. */
struct host_state {
    int64_t offset_s; /* its clock, as far as it differs from ours */
    struct health health;
};

/* Everything that calls with the same service, Region, profile and account have in common. */
struct route {
    enum aws_outcome outcome; /* AWS_OK, or what becomes of every call on it */
    const struct aws_fault *fault;
    struct endpoint endpoint;
    const struct credentials *keys;
    struct budget *budget;
    struct host_state *host;
};

struct aws_client {
    struct run *run;
    struct arena *arena; /* of the run */
    struct aws_options options; /* defaults filled in */
    struct curl_library curl;
    struct crypto_library crypto;
    struct curl_transport *own_transport; /* NULL: the options gave one */
    struct transport transport;
    struct sigv4 signer;
    struct profiles profiles; /* read when first needed */
    const struct aws_fault *profiles_fault;
    bool has_profiles;
    struct map identities; /* by profile */
    struct map routes;
    struct map budgets; /* by account, service, Region */
    struct map hosts;
    uint64_t random_state;
    size_t under_way; /* requests of all calls */
};

/* The route of a call; never NULL. */
const struct route *client_route(struct aws_client *client, const struct aws_call *call);

/* Chance in [0, 1). */
double client_chance(struct aws_client *client);
int64_t client_now_ms(const struct aws_client *client); /* monotonic */
int64_t client_wall_ms(const struct aws_client *client);

#endif
