/* SPDX-License-Identifier: Apache-2.0 */
/* A worker whose program says anything: a plugin that uses every service is entered with it. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tf-atmos/tfa.h>

#include "worker/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct tfa_host *services;

#define TABLE(type, id) ((const struct type *)services->ext(services->ctx, (id)))

/* Reads everything below a value. */
static void walk(const struct tfa_value_v1 *value, struct tfa_call *call, tfa_val v, int depth)
{
    struct tfa_str text;
    (void)value->as_string(call, v, &text);
    (void)value->mark(call, v);
    for (uint64_t i = 0; i < value->count(call, v) && depth < 50 && i < 100; i++) {
        walk(value, call, value->at(call, v, i), depth + 1);
    }
}

static int32_t use_all(
        struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_made)
{
    const struct tfa_value_v1 *value = TABLE(tfa_value_v1, TFA_EXT_VALUE_V1);
    const struct tfa_build_v1 *build = TABLE(tfa_build_v1, TFA_EXT_BUILD_V1);
    const struct tfa_diag_v1 *diag = TABLE(tfa_diag_v1, TFA_EXT_DIAG_V1);
    const struct tfa_aws_v1 *aws = TABLE(tfa_aws_v1, TFA_EXT_AWS_V1);
    const struct tfa_lookup_v1 *lookup = TABLE(tfa_lookup_v1, TFA_EXT_LOOKUP_V1);
    const struct tfa_log_v1 *log = TABLE(tfa_log_v1, TFA_EXT_LOG_V1);
    if (!value || !build || !diag || !aws || !lookup || !log) {
        return TFA_E_UNSUPPORTED;
    }
    tfa_val found = TFA_NONE;
    const struct tfa_aws_answer *answer = NULL;
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_JSON_1_1, TFA_S("x"), TFA_S("ListX"));
    struct tfa_diag finding = tfa_diag_at(config, TFA_S("X0001"));
    walk(value, call, config, 0);
    walk(value, call, context, 0);
    *ret_made = build->map(call);
    (void)build->set(call, *ret_made, TFA_S("a"), value->at(call, config, 0));
    (void)build->set(call, *ret_made, TFA_S("b"), build->sensitive(call, context));
    if (build->from_json(call, TFA_S("[1]"), &found) == TFA_OK) {
        walk(value, call, found, 0);
        (void)build->set(call, *ret_made, TFA_S("c"), found);
    }
    if (lookup->instance(call, TFA_S(""), TFA_S("x"), &found) == TFA_OK) {
        walk(value, call, found, 0);
    }
    if (aws->send(call, &request, &answer) == TFA_OK) {
        walk(value, call, answer->body, 0);
        walk(value, call, answer->items, 0);
        (void)build->set(call, *ret_made, TFA_S("d"), answer->items);
    }
    log->write(call, TFA_LOG_ERROR, TFA_S("line"), NULL, 0);
    return diag->report(call, &finding);
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    tfa_val made = TFA_NONE;
    (void)self;
    return use_all(call, config, context, &made);
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    (void)self;
    return use_all(call, config, context, ret_vars);
}

static int32_t run(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    tfa_val made = TFA_NONE;
    (void)self;
    (void)context;
    return use_all(call, config, item, &made);
}

static int32_t start(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call;
    (void)ret_self;
    services = host;
    return TFA_OK;
}

static const void *ext(void *self, const char *id)
{
    static const struct tfa_component_v1 component = { validate, generate };
    static const struct tfa_check_v1 check = { generate, run };
    (void)self;
    return strcmp(id, TFA_EXT_COMPONENT_V1) == 0 ? (const void *)&component
           : strcmp(id, TFA_EXT_CHECK_V1) == 0   ? (const void *)&check
                                                 : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tfa_plugin plugin = { (uint32_t)sizeof(struct tfa_plugin),
        TFA_ABI_MAJOR, 0, 0, "com.example.fuzz", "1.0.0", start, NULL, ext };

    enum {
        INPUT_MAX = 60000
    };

    static const _Atomic uint32_t cancel = 0;
    unsigned char header[WIRE_HEADER_BYTES];
    int pair[2];
    uint32_t sequence = 0;
    if (size > INPUT_MAX) {
        return 0;
    }
    ENSURE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    /* Frames with right headers: a length and a kind, then the payload. */
    for (size_t at = 0; at + 2 < size;) {
        size_t len = data[at] | (size_t)(data[at + 1] & 0x7f) << 8;
        uint32_t kind = data[at + 1] & 0x80 ? WIRE_REPLY : WIRE_CALL;
        at += 2;
        len = len > size - at ? size - at : len;
        wire_header_put(header, &(struct wire_header){ kind, sequence++, (uint32_t)len });
        ENSURE(write(pair[1], header, sizeof(header)) == (ssize_t)sizeof(header));
        ENSURE(write(pair[1], data + at, len) == (ssize_t)len);
        at += len;
    }
    ENSURE(shutdown(pair[1], SHUT_WR) == 0);
    (void)session_serve(pair[0], &cancel, &plugin);
    (void)close(pair[0]);
    (void)close(pair[1]);
    return 0;
}
