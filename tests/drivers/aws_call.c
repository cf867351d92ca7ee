/* SPDX-License-Identifier: Apache-2.0 */
/* Drives the AWS client from a JSON document on standard input; prints the answers as JSON.
 *
 * { "options": {"connect_ms": 100, ...}, "calls": [{"service": "guardduty", ...}], "batches": 2 }
 * Every call is sent in each of the batches. The exit code is that of the first fault. With
 * TFA_DRIVER_LOG set, the developer log goes to standard error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws/aws.h"

enum {
    MAX_INPUT = 1 << 24
};

static volatile sig_atomic_t cancelled;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    cancelled = 1;
}

static void write_line(void *context, enum log_level level, struct str line)
{
    (void)context;
    (void)level;
    fprintf(stderr, "%.*s\n", STR_ARG(line));
}

static void print_diags(const struct run *run)
{
    for (size_t i = 0; i < run->diags.list.count; i++) {
        const struct diag *diag = &run->diags.list.items[i];
        fprintf(stderr, "error[%s]: %.*s\n", diag->id, STR_ARG(diag->message));
        fprintf(stderr, "  why: %.*s\n  help: %.*s\n", STR_ARG(diag->detail),
                STR_ARG(diag->hint));
    }
}

/* ---- in ---- */

static struct str text_of(const struct value *map, const char *name)
{
    return value_text(value_get_str(map, str_from(name)));
}

static int64_t number_of(const struct value *map, const char *name)
{
    int64_t number = 0;
    value_int(value_get_str(map, str_from(name)), &number);
    return number;
}

static struct aws_options read_options(const struct value *map)
{
    return (struct aws_options){
        .profile = text_of(map, "profile"),
        .region = text_of(map, "region"),
        .cancel = &cancelled,
        .connect_ms = number_of(map, "connect_ms"),
        .idle_ms = number_of(map, "idle_ms"),
        .attempt_ms = number_of(map, "attempt_ms"),
        .call_ms = number_of(map, "call_ms"),
        .max_attempts = (size_t)number_of(map, "max_attempts"),
        .max_parallel = (size_t)number_of(map, "max_parallel"),
        .max_parallel_per_service = (size_t)number_of(map, "max_parallel_per_service"),
        .max_answer_bytes = (size_t)number_of(map, "max_answer_bytes"),
    };
}

static struct aws_call read_call(const struct value *map)
{
    const struct value *pages = value_get_str(map, STR("pages"));
    return (struct aws_call){
        .protocol = (enum aws_protocol)number_of(map, "protocol"),
        .flags = (unsigned)number_of(map, "flags"),
        .service = text_of(map, "service"),
        .operation = text_of(map, "operation"),
        .action = text_of(map, "action"),
        .method = text_of(map, "method"),
        .path = text_of(map, "path"),
        .labels = value_get_str(map, STR("labels")),
        .query = value_get_str(map, STR("query")),
        .target_prefix = text_of(map, "target_prefix"),
        .body = value_get_str(map, STR("body")),
        .body_text = text_of(map, "body_text"),
        .pages = { .items = text_of(pages, "items"),
                .token_out = text_of(pages, "token_out"),
                .token_in = text_of(pages, "token_in"),
                .max_pages = (size_t)number_of(pages, "max_pages") },
        .region = text_of(map, "region"),
        .profile = text_of(map, "profile"),
        .account = text_of(map, "account"),
    };
}

/* ---- out ---- */

struct writer {
    struct run *run;
    struct value_builder map;
};

static void add(struct writer *writer, const char *name, const struct value *value)
{
    value_builder_set(&writer->map, key_of(writer->run->keys, str_from(name)),
            value ? value : value_null(writer->run->arena, MARK_NONE), MARK_NONE);
}

static void add_text(struct writer *writer, const char *name, struct str text)
{
    add(writer, name, value_string_new(writer->run->arena, text, MARK_NONE));
}

static void add_number(struct writer *writer, const char *name, int64_t number)
{
    add(writer, name, value_int_new(writer->run->arena, number, MARK_NONE));
}

static const struct value *write_fault(struct run *run, const struct aws_fault *fault)
{
    struct writer writer = { .run = run };
    value_builder_init(&writer.map, run->arena, MARK_NONE);
    add_text(&writer, "id", str_from(fault->kind->id));
    add_number(&writer, "exit", (int64_t)fault->kind->exit_code);
    add_text(&writer, "message", fault->message);
    add_text(&writer, "detail", fault->detail);
    add_text(&writer, "hint", fault->hint);
    return value_builder_map(&writer.map);
}

static const struct value *write_answer(struct run *run, const struct aws_answer *answer)
{
    struct writer writer = { .run = run };
    value_builder_init(&writer.map, run->arena, MARK_NONE);
    add_text(&writer, "outcome", str_from(aws_outcome_name(answer->outcome)));
    add_number(&writer, "status", answer->status);
    add_number(&writer, "attempts", answer->attempts);
    add_number(&writer, "pages", answer->pages);
    add(&writer, "complete", value_bool_new(run->arena, answer->is_complete, MARK_NONE));
    add_text(&writer, "code", answer->code);
    add_text(&writer, "text", answer->text);
    add_text(&writer, "request_id", answer->request_id);
    add_text(&writer, "action", answer->action);
    add_text(&writer, "region", answer->region);
    add_text(&writer, "endpoint", answer->endpoint);
    add(&writer, "body", answer->body);
    add(&writer, "items", answer->items);
    add(&writer, "fault", answer->fault ? write_fault(run, answer->fault) : NULL);
    return value_builder_map(&writer.map);
}

static int drive(struct run *run, const struct value *input)
{
    const struct value *list = value_get_str(input, STR("calls"));
    struct aws_options options = read_options(value_get_str(input, STR("options")));
    size_t count = value_count(list);
    int64_t batches = number_of(input, "batches");
    struct aws_client *client = NULL;
    if (aws_client_new(run, &options, &client) != 0) {
        print_diags(run);
        return diags_exit_code(&run->diags);
    }
    struct aws_call *calls = ARENA_ARRAY(run->arena, struct aws_call, count);
    const struct aws_call **pointers = ARENA_ARRAY(run->arena, const struct aws_call *, count);
    struct aws_answer *answers = ARENA_ARRAY(run->arena, struct aws_answer, count);
    const struct value **written = ARENA_ARRAY(run->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        calls[i] = read_call(value_at(list, i));
        pointers[i] = &calls[i];
    }
    for (int64_t i = 0; i < (batches > 0 ? batches : 1); i++) {
        aws_call_batch(
                client, run->arena, pointers, count, number_of(input, "time_ms"), answers);
    }
    int code = 0;
    for (size_t i = 0; i < count; i++) {
        written[i] = write_answer(run, &answers[i]);
        if (answers[i].fault && code == 0) {
            code = (int)answers[i].fault->kind->exit_code;
        }
    }
    AUTO_BUF out = BUF_INIT(BUF_UNBOUNDED);
    json_write(&out, value_list_new(run->arena, written, count, MARK_NONE), JSON_KEEP_ORDER);
    printf("%.*s\n", STR_ARG(buf_str(&out)));
    aws_client_free(client);
    return code;
}

int main(void)
{
    extern char **environ;
    static char text[MAX_INPUT];
    struct log log = { LOG_DEBUG, write_line, NULL };
    struct run run;
    run_init(&run, environ, getenv("TFA_DRIVER_LOG") ? &log : NULL);
    size_t len = fread(text, 1, sizeof(text), stdin);
    signal(SIGINT, on_interrupt);
    const struct value *input = NULL;
    int code = 64;
    if (folder_current(run.arena, &run.folder) == 0 &&
            json_read(run.arena, run.keys, &run.diags, (struct str){ text, len },
                    STR("standard input"), 0, &input) == 0) {
        code = drive(&run, input);
    } else {
        print_diags(&run);
    }
    run_clear(&run);
    return code;
}
