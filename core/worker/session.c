/* SPDX-License-Identifier: Apache-2.0 */
/* The loop that answers the program: frames in and out, one callback after the other. */
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* ---- frames ---- */

void frame_begin(struct buf *frame)
{
    static const char header[WIRE_HEADER_BYTES] = { 0 };
    buf_reset(frame);
    buf_add(frame, (struct str){ header, sizeof(header) });
}

static bool wait_for(int socket, short events)
{
    struct pollfd poll_fd = { .fd = socket, .events = events };
    return poll(&poll_fd, 1, -1) >= 0 || errno == EINTR;
}

static bool write_all(int socket, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(socket, bytes, len);
        if (done < 0 && errno == EAGAIN && wait_for(socket, POLLOUT)) {
            continue;
        }
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        bytes += done;
        len -= (size_t)done;
    }
    return true;
}

void frame_send(struct session *session, enum wire_kind kind, struct buf *frame)
{
    unsigned char header[WIRE_HEADER_BYTES];
    pthread_mutex_lock(&session->sending);
    if (frame->is_full) {
        /* More than a frame can hold: the program is told nothing that is half of something. */
        atomic_store(&session->is_lost, true);
    }
    if (!atomic_load(&session->is_lost)) {
        wire_header_put(header, &(struct wire_header){ .kind = kind,
                                        .sequence = session->sent_count++,
                                        .length = (uint32_t)(frame->len - WIRE_HEADER_BYTES) });
        memcpy(frame->ptr, header, sizeof(header));
        if (!write_all(session->socket, frame->ptr, frame->len)) {
            atomic_store(&session->is_lost, true);
        }
    }
    pthread_mutex_unlock(&session->sending);
    frame_begin(frame);
}

static int read_all(int socket, char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t got = read(socket, bytes, len);
        if (got < 0 && (errno == EINTR || (errno == EAGAIN && wait_for(socket, POLLIN)))) {
            continue;
        }
        if (got <= 0) {
            return ERR_IO;
        }
        bytes += got;
        len -= (size_t)got;
    }
    return 0;
}

/* Reads the next frame, which must be of that kind, into session->received. */
static int frame_read(struct session *session, enum wire_kind kind, struct wire_in *ret_in)
{
    char bytes[WIRE_HEADER_BYTES];
    struct wire_header header;
    if (atomic_load(&session->is_lost) ||
            read_all(session->socket, bytes, sizeof(bytes)) != 0) {
        atomic_store(&session->is_lost, true);
        return ERR_IO;
    }
    int code = ERR_PARSE;
    if (wire_header_get((const unsigned char *)bytes, &header) && header.kind == kind &&
            header.sequence == session->received_count++) {
        buf_reset(&session->received);
        char *at = buf_reserve(&session->received, header.length + (size_t)1);
        code = at ? read_all(session->socket, at, header.length) : ERR_PARSE;
    }
    if (code != 0) {
        atomic_store(&session->is_lost, true);
        return code;
    }
    buf_commit(&session->received, header.length);
    *ret_in = wire_in_of(buf_str(&session->received));
    return 0;
}

/* ---- asking ---- */

struct buf *ask(struct session *session, enum wire_record kind)
{
    tell_broken(session);
    wire_put_u64(record(session, RECORD_COUNT), session->call.slots.count);
    return record(session, kind);
}

bool ask_send(struct session *session, struct wire_in *ret_reply)
{
    frame_send(session, WIRE_RECORDS, &session->records);
    if (frame_read(session, WIRE_REPLY, ret_reply) != 0) {
        return false;
    }
    uint64_t count = wire_get_u64(ret_reply);
    if (ret_reply->is_bad || !call_pad(&session->call, (size_t)count)) {
        atomic_store(&session->is_lost, true);
        return false;
    }
    return true;
}

/* ---- callbacks ---- */

/* One callback as it arrived. */
struct entry {
    enum wire_function function;
    tfa_val handles[3]; /* config, context, item */
    tfa_val made;
    uint32_t offers;
};

static uint32_t judge_tables(struct session *session)
{
    uint32_t offers = 0;
    const struct tfa_plugin *plugin = session->plugin;
    session->component = plugin->ext(session->self, TFA_EXT_COMPONENT_V1);
    session->check = plugin->ext(session->self, TFA_EXT_CHECK_V1);
    if (session->component) {
        bool is_whole = session->component->validate && session->component->generate;
        offers |= WIRE_COMPONENT | (is_whole ? WIRE_COMPONENT_WHOLE : 0u);
    }
    if (session->check) {
        bool is_whole = session->check->list && session->check->run;
        offers |= WIRE_CHECK | (is_whole ? WIRE_CHECK_WHOLE : 0u);
    }
    offers |= plugin->ext(session->self, TFA_EXT_REVIEW_V1) ? WIRE_REVIEW : 0u;
    offers |= plugin->ext(session->self, TFA_EXT_PLAN_V1) ? WIRE_PLAN : 0u;
    return offers;
}

static int32_t start(struct session *session, struct entry *entry)
{
    int32_t rc = TFA_OK;
    void *self = NULL;
    session->host = (struct tfa_host){ .struct_size = sizeof(session->host),
        .abi_major = TFA_ABI_MAJOR,
        .abi_minor = TFA_ABI_MINOR,
        .ctx = session,
        .ext = session_ext };
    if (session->plugin->init) {
        rc = session->plugin->init(&session->host, &session->call, &self);
    }
    if (rc == TFA_OK) {
        session->self = self;
        entry->offers = judge_tables(session);
    }
    return rc;
}

/* Whether a function is there was told when the plugin started. */
static int32_t enter(struct session *session, struct entry *entry)
{
    struct tfa_call *call = &session->call;
    const struct tfa_component_v1 *component = session->component;
    const struct tfa_check_v1 *check = session->check;
    const tfa_val *handles = entry->handles;
    switch (entry->function) {
    case WIRE_INIT:
        return start(session, entry);
    case WIRE_VALIDATE:
        return component && component->validate
                       ? component->validate(session->self, call, handles[0], handles[1])
                       : TFA_E_UNSUPPORTED;
    case WIRE_GENERATE:
        return component && component->generate ? component->generate(session->self, call,
                                                          handles[0], handles[1], &entry->made)
                                                : TFA_E_UNSUPPORTED;
    case WIRE_LIST:
        return check && check->list
                       ? check->list(session->self, call, handles[0], handles[1], &entry->made)
                       : TFA_E_UNSUPPORTED;
    case WIRE_RUN:
        return check && check->run
                       ? check->run(session->self, call, handles[0], handles[1], handles[2])
                       : TFA_E_UNSUPPORTED;
    case WIRE_SHUTDOWN:
    case WIRE_FUNCTION__END:
        break;
    }
    return TFA_E_UNSUPPORTED;
}

static struct tfa_str keep(struct session *session, struct str text)
{
    return tfa_str_from(arena_dup(session->run.arena, text));
}

/* The roots: slot numbers are given by their order, as on the other side. */
static bool read_roots(struct session *session, struct wire_in *in, struct entry *entry)
{
    struct wire_reader reader = { in, session->run.arena, session->run.keys,
        session->run.sources, &session->names };
    for (size_t i = 0; i < 3; i++) {
        const struct value *value = wire_get_value(&reader);
        if (value && !in->is_bad) {
            entry->handles[i] = handle_root(&session->call, value, STR_EMPTY);
            call_slot(&session->call, (uint32_t)session->call.slots.count)->is_shared = true;
        }
    }
    return !in->is_bad;
}

static void finish(struct session *session, const struct entry *entry, int32_t rc)
{
    struct tfa_call *call = &session->call;
    if (entry->made != TFA_NONE) {
        tell_value(session, entry->made);
    }
    call_note_strays(call);
    tell_broken(session);
    struct buf *out = record(session, RECORD_DONE);
    wire_put_i64(out, rc);
    wire_put_u64(out, entry->made);
    wire_put_u64(out, entry->offers);
    /* After this no thread of the plugin gets a word in. */
    call_close(call);
    frame_send(session, WIRE_RECORDS, &session->records);
}

static const char *const names[WIRE_FUNCTION__END] = { "init", "component.validate",
    "component.generate", "check.list", "check.run", "shutdown" };

/* Opens the callback that the frame describes. */
static bool open_call(struct session *session, struct wire_in *in, struct entry *entry)
{
    struct tfa_call *call = &session->call;
    call->generation = wire_get_u32(in);
    uint32_t phase = wire_get_u32(in);
    int64_t left_ms = wire_get_i64(in);
    session->log.level = (enum log_level)wire_get_u32(in);
    session->services = wire_get_u32(in);
    call_open(call, &session->run, phase, names[entry->function]);
    if (left_ms < INT64_MAX / 2) {
        const struct clock *clock = session->run.clock;
        call->deadline_ms = clock->monotonic_ms(clock->context) + left_ms;
    }
    struct tfa_str *texts[] = { &call->who.stack, &call->who.component, &call->who.module,
        &call->who.kind, &call->who.check_id };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *texts[i] = keep(session, wire_get_text(in));
    }
    return read_roots(session, in, entry);
}

static void serve_call(struct session *session, struct wire_in *in, struct entry *entry)
{
    session->run.arena = session->brief;
    session->misuses_told = 0;
    session->is_broken_told = false;
    if (open_call(session, in, entry)) {
        int32_t rc = enter(session, entry);
        finish(session, entry, rc);
    } else {
        atomic_store(&session->is_lost, true);
        call_close(&session->call);
    }
    arena_reset(session->brief);
    session->run.arena = session->lasting;
}

static void serve_shutdown(struct session *session)
{
    if (TFA_HAS(struct tfa_plugin, session->plugin, shutdown)) {
        session->plugin->shutdown(session->self);
    }
    struct buf *out = record(session, RECORD_DONE);
    wire_put_i64(out, TFA_OK);
    wire_put_u64(out, TFA_NONE);
    wire_put_u64(out, 0);
    frame_send(session, WIRE_RECORDS, &session->records);
}

/* Text of the descriptor, as far as any id or version goes. */
static struct str text_of(const char *text)
{
    enum {
        TEXT_MAX_BYTES = 256
    };

    return text ? (struct str){ text, strnlen(text, TEXT_MAX_BYTES) } : STR_EMPTY;
}

/* Says which build this is and what the descriptor says. */
static void say_hello(struct session *session)
{
    struct tfa_plugin plugin = { 0 };
    const struct tfa_plugin *given = session->plugin;
    WIRE_READ_STRUCT(&plugin, given);
    AUTO_BUF out = BUF_INIT(1 << 16);
    frame_begin(&out);
    wire_put_text(&out, str_from(wire_build));
    wire_put_u64(&out, plugin.struct_size);
    wire_put_u64(&out, plugin.abi_major);
    wire_put_u64(&out, plugin.min_minor);
    wire_put_view(&out, tfa_str_from(text_of(plugin.id)));
    wire_put_view(&out, tfa_str_from(text_of(plugin.version)));
    wire_put_u64(&out, plugin.ext ? 1 : 0);
    frame_send(session, WIRE_HELLO, &out);
}

static int loop(struct session *session)
{
    for (;;) {
        struct wire_in in;
        struct entry entry = { 0 };
        int code = frame_read(session, WIRE_CALL, &in);
        if (code != 0) {
            /* Without the program there is nothing left to do; that is an end in order. */
            return code == ERR_IO ? 0 : code;
        }
        uint32_t function = wire_get_u32(&in);
        if (in.is_bad || function >= WIRE_FUNCTION__END) {
            return ERR_PARSE;
        }
        entry.function = (enum wire_function)function;
        if (entry.function == WIRE_SHUTDOWN) {
            serve_shutdown(session);
            return atomic_load(&session->is_lost) ? ERR_IO : 0;
        }
        serve_call(session, &in, &entry);
        if (atomic_load(&session->is_lost)) {
            return in.is_bad ? ERR_PARSE : ERR_IO;
        }
    }
}

static void drop_line(void *context, enum log_level level, struct str line)
{
    (void)context;
    (void)level;
    (void)line;
}

int session_serve(int socket, const _Atomic uint32_t *cancel, const struct tfa_plugin *plugin)
{
    char *const no_environment[] = { NULL };
    struct session session = { .socket = socket,
        .cancel = cancel,
        .plugin = plugin,
        .log = { .write = drop_line },
        .received = BUF_INIT(WIRE_FRAME_MAX + WIRE_HEADER_BYTES),
        .records = BUF_INIT(WIRE_FRAME_MAX) };
    run_init(&session.run, no_environment, &session.log);
    session.lasting = session.run.arena;
    session.brief = arena_new();
    session.names.arena = session.lasting;
    session.call.parse_json = session_parse_json;
    call_init(&session.call);
    if (pthread_mutex_init(&session.sending, NULL) != 0) {
        BUG("pthread_mutex_init");
    }
    frame_begin(&session.records);
    say_hello(&session);
    /* A constructor of the plugin may have closed the socket. */
    int code = atomic_load(&session.is_lost) ? ERR_IO : loop(&session);
    buf_clear(&session.received);
    buf_clear(&session.records);
    pthread_mutex_destroy(&session.sending);
    call_clear(&session.call);
    arena_free(session.brief);
    arena_free(session.lasting);
    return code;
}
