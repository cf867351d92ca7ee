/* SPDX-License-Identifier: Apache-2.0 */
/* The program against a worker that says anything: records of one callback, in each phase. The first
 * byte is the phase; with bit 7 the rest is the raw stream of the socket, else the payload of frames. */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin/plugin_set.h"
#include "plugin/worker_proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* There is never more to come than has come. */
static enum link_event wait_never(
        void *context, short events, int64_t deadline_ms, const volatile int *cancel)
{
    (void)context;
    (void)events;
    (void)deadline_ms;
    (void)cancel;
    return LINK_DEAD;
}

static void nothing(void *context)
{
    (void)context;
}

static struct worker_fate fate(void *context, struct run *run)
{
    (void)context;
    (void)run;
    return (struct worker_fate){ .text = STR("is gone"), .is_own_fault = true };
}

static const struct value *config_of(struct run *run)
{
    const struct value *value = NULL;
    struct yaml_input input = { .arena = run->arena,
        .keys = run->keys,
        .diags = &run->diags,
        .text = STR("a: {b: [1, two, {c: 3.0}], s: secret text}\nd: null\n"),
        .file = sources_add(run->sources, STR("stacks/a.yaml")) };
    ENSURE(yaml_read(&input, &value) == 0);
    return value;
}

/* One frame after the other, with right headers: each begins with its length. */
static void frame_all(struct buf *out, struct str bytes, uint32_t sequence)
{
    while (bytes.len > 0) {
        unsigned char header[WIRE_HEADER_BYTES];
        size_t len = (unsigned char)bytes.ptr[0];
        bytes = str_from_index(bytes, 1);
        len = len == 255 || len > bytes.len ? bytes.len : len;
        wire_header_put(
                header, &(struct wire_header){ WIRE_RECORDS, sequence++, (uint32_t)len });
        buf_add(out, (struct str){ (const char *)header, sizeof(header) });
        buf_add(out, str_sub(bytes, 0, len));
        bytes = str_from_index(bytes, len);
    }
}

static void put_hello(struct buf *out)
{
    unsigned char header[WIRE_HEADER_BYTES];
    AUTO_BUF hello = BUF_INIT(1000);
    wire_put_text(&hello, str_from(wire_build));
    wire_put_u64(&hello, sizeof(struct tfa_plugin));
    wire_put_u64(&hello, 1);
    wire_put_u64(&hello, 0);
    wire_put_view(&hello, TFA_S("com.example.fuzz"));
    wire_put_view(&hello, TFA_S("1.0.0"));
    wire_put_u64(&hello, 1);
    wire_header_put(header, &(struct wire_header){ WIRE_HELLO, 0, (uint32_t)hello.len });
    buf_add(out, (struct str){ (const char *)header, sizeof(header) });
    buf_add(out, buf_str(&hello));
}

/* A callback of that phase, as the files of plugin/ make it. */
static void enter(struct run *run, struct plugins *plugins, struct plugin *plugin,
        const struct tfa_plugin *descriptor, uint32_t phase)
{
    void *self = NULL;
    const struct value *value = NULL;
    const struct value *config = config_of(run);
    struct instance instance = { .stack = STR("dev"), .name = STR("x"), .folder = STR("x") };
    struct plugin_binding binding = { .plugin = plugin,
        .kind = STR("fuzz"),
        .instance = &instance,
        .intent = config,
        .mark = config->mark };
    struct tfa_call *call =
            call_begin(run, plugins, plugin, phase, "fuzz", phase == 1 ? NULL : &binding, 0);
    collect_secrets(call, value_with_flags(run->arena, config, VALUE_SENSITIVE), false);
    host_of(call)->context = config;
    host_of(call)->item = config;
    (void)handle_root(call, config, STR("/settings/fuzz"));
    (void)handle_root(call, config, STR(""));
    int32_t rc = descriptor->init(NULL, call, &self);
    if (rc == TFA_OK) {
        const struct tfa_component_v1 *table = descriptor->ext(self, TFA_EXT_COMPONENT_V1);
        tfa_val made = TFA_NONE;
        if (table && table->generate &&
                table->generate(self, call, TFA_NONE, TFA_NONE, &made) == TFA_OK) {
            (void)handle_value(call, "fuzz", made, &value);
        }
    }
    ENSURE(!value || value->kind <= VALUE_MAP);
    call_end(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str services[] = { STR_INIT("tfa.aws/1"), STR_INIT("tfa.build/1"),
        STR_INIT("tfa.call/1"), STR_INIT("tfa.clock/1"), STR_INIT("tfa.diag/1"),
        STR_INIT("tfa.log/1"), STR_INIT("tfa.lookup/1"), STR_INIT("tfa.value/1") };

    enum {
        INPUT_MAX = 60000 /* what a socket takes at once */
    };

    char *const none[] = { NULL };
    struct run run;
    int pair[2];
    if (size < 2 || size > INPUT_MAX) {
        return 0;
    }
    run_init(&run, none, NULL);
    struct plugin_identity identity = { .id = STR("com.example.fuzz"),
        .version = STR("1.0.0"),
        .required = { services, sizeof(services) / sizeof(services[0]) } };
    struct plugin_runtime runtime = { 0 };
    struct plugin plugin = { .identity = &identity, .runtime = &runtime };
    struct plugins plugins = { 0 };
    AUTO_BUF out = BUF_INIT(1 << 20);
    struct str rest = { (const char *)data + 1, size - 1 };
    put_hello(&out);
    if (data[0] & 0x80) {
        buf_add(&out, rest);
    } else {
        frame_all(&out, rest, 1);
    }
    ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
    if (write(pair[1], out.ptr, out.len) == (ssize_t)out.len) {
        ENSURE(shutdown(pair[1], SHUT_WR) == 0);
        struct worker_link link = { pair[0], wait_never, nothing, nothing, nothing, fate,
            NULL };
        runtime.proxy = worker_proxy_open(&run, &plugin, &link, &plugins.world);
        enter(&run, &plugins, &plugin, worker_proxy_descriptor(runtime.proxy),
                data[0] % 7 + 1u);
        worker_proxy_close(runtime.proxy);
        call_clear(&runtime.call->call);
    }
    (void)close(pair[0]);
    (void)close(pair[1]);
    run_clear(&run);
    return 0;
}
