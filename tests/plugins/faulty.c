/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that ends, hangs or lies where its settings say: `fault: "check.run crash"`. FAULTY_INIT and
 * FAULTY_SHUTDOWN, kinds of fault, are for the functions that see no settings. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "note.h"

#ifndef FAULTY_INIT
#define FAULTY_INIT ""
#endif
#ifndef FAULTY_SHUTDOWN
#define FAULTY_SHUTDOWN ""
#endif
/* "\"deadlines\":{...},": what it asks for in its identity. */
#ifndef FAULTY_DEADLINES
#define FAULTY_DEADLINES ""
#endif

NOTE(identity, TFA_NOTE_IDENTITY,
        "{\"abi\":{\"major\":1,\"minor\":0},\"aws_actions\":[],\"code_prefix\":\"FLT\","
        "\"components\":[]," FAULTY_DEADLINES
        "\"documentation\":\"https://example.com/faulty\","
        "\"extensions\":{\"optional\":[],\"required\":[\"tfa.value/1\",\"tfa.build/1\","
        "\"tfa.call/1\"]},\"id\":\"com.example.faulty\",\"kinds\":[\"faulty\"],"
        "\"license\":\"Apache-2.0\",\"provides\":[\"tfa.check/1\",\"tfa.component/1\"],"
        "\"summary\":\"Ends, hangs or lies\",\"version\":\"1.0.0\"}");

#ifdef FAULTY_CATALOGUE
NOTE(catalogue, TFA_NOTE_CATALOGUE, FAULTY_CATALOGUE);
#endif

static const struct tfa_value_v1 *value;
static const struct tfa_build_v1 *build;
static const struct tfa_call_v1 *calls;

/* Writes where only the worker should: into its socket. */
static void write_garbage(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    struct stat stat;
    for (int fd = 3; fd < 64; fd++) {
        if (fstat(fd, &stat) == 0 && S_ISSOCK(stat.st_mode)) {
            ssize_t ignored = write(fd, text, sizeof(text));
            (void)ignored;
        }
    }
}

static void close_sockets(void)
{
    struct stat stat;
    for (int fd = 3; fd < 64; fd++) {
        if (fstat(fd, &stat) == 0 && S_ISSOCK(stat.st_mode)) {
            (void)close(fd);
        }
    }
}

static int overflow(volatile int *depth)
{
    volatile char page[4096];
    page[0] = (char)*depth;
    *depth += 1;
    return *depth > 0 ? overflow(depth) + page[0] : page[0];
}

static void hang(struct tfa_call *call, int is_deaf)
{
    volatile unsigned long count = 0;
    while (is_deaf || !call || calls->cancelled(call) == 0) {
        count++;
    }
}

static void fail(struct tfa_call *call, const char *kind)
{
    volatile int depth = 1;
    if (strcmp(kind, "crash") == 0) {
        /* As a stray pointer does, but past the handlers of sanitizers. */
        (void)signal(SIGSEGV, SIG_DFL);
        (void)raise(SIGSEGV);
    } else if (strcmp(kind, "abort") == 0) {
        abort();
    } else if (strcmp(kind, "exit") == 0) {
        exit(0);
    } else if (strcmp(kind, "stack") == 0) {
        (void)overflow(&depth);
    } else if (strcmp(kind, "loop") == 0) {
        hang(call, 1);
    } else if (strcmp(kind, "wait") == 0) {
        hang(call, 0);
    } else if (strcmp(kind, "garbage") == 0) {
        write_garbage();
    } else if (strcmp(kind, "close") == 0) {
        close_sockets();
    }
}

static struct tfa_str fault_of(struct tfa_call *call, tfa_val config)
{
    struct tfa_str fault = { 0 };
    (void)value->as_string(call, value->get(call, config, TFA_S("fault")), &fault);
    return fault;
}

/* Does what the settings say about this function. */
static void act(struct tfa_call *call, tfa_val config, const char *function)
{
    char text[64] = "";
    struct tfa_str fault = fault_of(call, config);
    size_t len = strlen(function);
    if (fault.len < sizeof(text)) {
        memcpy(text, fault.ptr, fault.len);
    }
    if (strncmp(text, function, len) == 0 && text[len] == ' ') {
        fail(call, text + len + 1);
    }
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    (void)self, (void)context;
    act(call, config, "component.validate");
    return TFA_OK;
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    (void)self, (void)context;
    act(call, config, "component.generate");
    *ret_vars = build->map(call);
    if (tfa_str_eq(fault_of(call, config), TFA_S("component.generate look"))) {
        (void)build->set(call, *ret_vars, TFA_S("ms_left"),
                build->integer(call, calls->time_left_ms(call)));
    }
    return build->set(call, *ret_vars, TFA_S("fine"), build->boolean(call, 1));
}

static int32_t list(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    (void)self, (void)context;
    act(call, config, "check.list");
    return build->from_json(
            call, TFA_S("[{\"id\":\"A\"},{\"id\":\"B\"},{\"id\":\"C\"}]"), ret_items);
}

static int32_t run(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    (void)self, (void)context, (void)item;
    act(call, config, "check.run");
    return TFA_OK;
}

static int32_t start(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)ret_self;
    value = host->ext(host->ctx, TFA_EXT_VALUE_V1);
    build = host->ext(host->ctx, TFA_EXT_BUILD_V1);
    calls = host->ext(host->ctx, TFA_EXT_CALL_V1);
    fail(call, FAULTY_INIT);
    return TFA_OK;
}

static void stop(void *self)
{
    (void)self;
    fail(NULL, FAULTY_SHUTDOWN);
}

static const void *ext(void *self, const char *id)
{
    static const struct tfa_component_v1 component = { validate, generate };
    static const struct tfa_check_v1 check = { list, run };
    (void)self;
    return strcmp(id, TFA_EXT_COMPONENT_V1) == 0 ? (const void *)&component
           : strcmp(id, TFA_EXT_CHECK_V1) == 0   ? (const void *)&check
                                                 : NULL;
}

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    static const struct tfa_plugin plugin = { (uint32_t)sizeof(struct tfa_plugin),
        TFA_ABI_MAJOR, 0, 0, "com.example.faulty", "1.0.0", start, stop, ext };
    return &plugin;
}
