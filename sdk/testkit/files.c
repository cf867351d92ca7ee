/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the test kit: recorded AWS answers, golden files and the report they hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock.h"

struct text file_text(const char *path)
{
    struct text text = { 0 };
    char part[4096];
    FILE *file = fopen(path, "rb");
    size_t n;

    if (file == NULL) {
        test_mistake("%s: cannot be read", path);
    }
    do {
        n = fread(part, 1, sizeof(part), file);
        text_add(&text, part, n);
    } while (n == sizeof(part));
    (void)fclose(file);
    return text;
}

static void file_put(const char *path, const struct text *text)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(text->ptr, 1, text->len, file) != text->len ||
            fclose(file) != 0) {
        test_mistake("%s: cannot be written", path);
    }
}

/* ---- recorded answers ---- */

static const char *text_or_null(const struct node *map, const char *key)
{
    return node_key(map, key) == NULL ? NULL : node_text_of(map, key);
}

static uint32_t number_or_zero(const struct node *map, const char *key)
{
    const struct node *node = node_key(map, key);
    int64_t number = 0;

    if (node != NULL && node->kind == TFA_KIND_NUMBER) {
        (void)number_int(node->text, node->text_len, &number);
    }
    return number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

void kit_add_answer(struct tfa_testkit *kit, const struct node *node)
{
    const struct node *body = node_key(node, "body");
    struct tfa_testkit_answer answer = { 0 };

    answer.action = node_text_of(node, "action");
    answer.target = text_or_null(node, "target");
    answer.region = text_or_null(node, "region");
    answer.path = text_or_null(node, "path");
    answer.contains = text_or_null(node, "contains");
    answer.error_code = text_or_null(node, "error_code");
    answer.status = number_or_zero(node, "status");
    answer.outcome = number_or_zero(node, "outcome");
    answer.times = number_or_zero(node, "times");
    answer.body =
            body != NULL ? node_json_text(&kit->run, body, false) : text_or_null(node, "text");
    tfa_testkit_aws_add(kit, &answer);
}

void tfa_testkit_aws_load(struct tfa_testkit *kit, const char *path)
{
    const char *error = NULL;
    struct text text = file_text(path);
    struct node *list =
            json_parse(&kit->run, text.ptr == NULL ? "" : text.ptr, text.len, &error);

    free(text.ptr);
    if (list == NULL || list->kind != TFA_KIND_LIST) {
        test_mistake("%s: %s", path, error == NULL ? "not a list of answers" : error);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct node *node = list->entries[i].node;
        if (node->kind != TFA_KIND_MAP || node_text_of(node, "action")[0] == '\0') {
            test_mistake("%s: entry %zu is not a map with an action", path, i);
        }
        kit_add_answer(kit, node);
    }
}

void tfa_testkit_aws_ask(struct tfa_testkit *kit,
        int32_t (*ask)(void *user, const struct tfa_testkit_request *request,
                struct tfa_testkit_answer *ret_answer),
        void *user)
{
    kit->ask = ask;
    kit->ask_user = user;
}

struct script_answer *kit_ask(
        struct tfa_testkit *kit, const struct tfa_testkit_request *request)
{
    struct tfa_testkit_answer answer = { 0 };
    struct script_answer *script;

    if (kit->ask == NULL || kit->ask(kit->ask_user, request, &answer) == 0) {
        return NULL;
    }
    answer.action = request->action;
    answer.target = request->target;
    answer.region = request->region;
    answer.path = request->path;
    answer.contains = NULL;
    answer.times = 1;
    tfa_testkit_aws_add(kit, &answer);
    script = kit->answers.items[kit->answers.count - 1];
    script->used = 1;
    return script;
}

static void put_text(
        struct tfa_testkit *kit, struct node *map, const char *key, const char *text)
{
    if (text != NULL) {
        node_set(&kit->run, map, key, strlen(key),
                node_scalar(&kit->run, TFA_KIND_STRING, text, strlen(text)));
    }
}

static void put_number(
        struct tfa_testkit *kit, struct node *map, const char *key, uint32_t number)
{
    if (number != 0) {
        const char *text = pool_format(&kit->run, "%u", number);
        node_set(&kit->run, map, key, strlen(key),
                node_scalar(&kit->run, TFA_KIND_NUMBER, text, strlen(text)));
    }
}

static const char *answer_json(struct tfa_testkit *kit, const struct tfa_testkit_answer *answer)
{
    struct node *map = node_new(&kit->run, TFA_KIND_MAP);
    const char *error = NULL;
    struct node *body = json_parse(&kit->run, answer->body, strlen(answer->body), &error);

    put_text(kit, map, "action", answer->action);
    put_text(kit, map, "target", answer->target);
    put_text(kit, map, "region", answer->region);
    put_text(kit, map, "path", answer->path);
    put_text(kit, map, "contains", answer->contains);
    put_text(kit, map, "error_code", answer->error_code);
    put_number(kit, map, "status", answer->status == 0 ? 200 : answer->status);
    put_number(kit, map, "outcome", answer->outcome);
    put_number(kit, map, "times", answer->times);
    if (body != NULL) {
        node_set(&kit->run, map, "body", 4, body);
    } else {
        put_text(kit, map, "text", answer->body);
    }
    return node_json_text(&kit->run, map, false);
}

void tfa_testkit_aws_save(struct tfa_testkit *kit, const char *path)
{
    struct text out = { 0 };

    text_puts(&out, "[");
    for (size_t i = 0; i < kit->answers.count; i++) {
        const struct script_answer *script = kit->answers.items[i];
        text_puts(&out, i > 0 ? ",\n  " : "\n  ");
        text_puts(&out, answer_json(kit, &script->answer));
    }
    text_puts(&out, "\n]\n");
    file_put(path, &out);
    free(out.ptr);
}

/* ---- golden files ---- */

/* Words that are there, with a space between them. */
static void add_words(struct text *out, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i][0] != '\0') {
            text_puts(out, out->len > 0 && out->ptr[out->len - 1] != '\n' ? " " : "");
            text_puts(out, words[i]);
        }
    }
}

/* One thing, one line, whatever the plugin wrote. */
static void end_line(struct text *out, size_t start)
{
    for (size_t i = start; i < out->len; i++) {
        char byte = out->ptr[i];
        out->ptr[i] = (char)(byte == '\n' || byte == '\r' ? ' ' : byte);
    }
    text_puts(out, "\n");
}

#define REPORT_LINE(out, ...)                                                                  \
    do {                                                                                       \
        const char *const words_[] = { __VA_ARGS__ };                                          \
        size_t start_ = (out)->len;                                                            \
        add_words((out), words_, sizeof(words_) / sizeof(words_[0]));                          \
        end_line((out), start_);                                                               \
    } while (0)

static const char *labeled(struct tfa_testkit *kit, const char *label, const char *text)
{
    return text[0] == '\0' ? "" : pool_format(&kit->run, "%s %s", label, text);
}

static void report_findings(struct tfa_testkit *kit, struct text *out)
{
    static const char *const severities[] = { "default", "error", "warning", "info", "hint" };

    for (size_t i = 0; i < kit->findings.count; i++) {
        const struct tfa_testkit_finding *f = kit->findings.items[i];
        const char *place = f->file[0] == '\0' ? ""
                                               : pool_format(&kit->run, "at %s:%u:%u", f->file,
                                                         f->line, f->column);
        REPORT_LINE(out, f->severity <= TFA_SEVERITY_HINT ? severities[f->severity] : "error",
                f->code, place, pool_format(&kit->run, "%s:", f->pointer), f->message);
    }
}

static void report_results(struct tfa_testkit *kit, struct text *out)
{
    static const char *const outcomes[] = { "unknown", "pass", "fail", "pending", "skipped" };

    for (size_t i = 0; i < kit->results.count; i++) {
        const struct tfa_testkit_result *r = kit->results.items[i];
        REPORT_LINE(out, r->outcome <= TFA_RESULT_SKIPPED ? outcomes[r->outcome] : "unknown",
                r->check_id, labeled(kit, "in", r->target), r->region,
                labeled(kit, "at", r->pointer), labeled(kit, "says", r->message),
                labeled(kit, "expected", r->expected), labeled(kit, "actual", r->actual));
    }
}

const char *tfa_testkit_report(struct tfa_testkit *kit)
{
    struct text out = { 0 };

    if (kit->vars_json[0] != '\0') {
        REPORT_LINE(&out, "vars", kit->vars_json);
    }
    if (kit->items_json[0] != '\0') {
        REPORT_LINE(&out, "items", kit->items_json);
    }
    for (size_t i = 0; i < kit->requests.count; i++) {
        const struct tfa_testkit_request *r = kit->requests.items[i];
        REPORT_LINE(&out, "request", r->action, labeled(kit, "to", r->target), r->region,
                r->method, r->path, labeled(kit, "query", r->query),
                labeled(kit, "body", r->body));
    }
    report_findings(kit, &out);
    report_results(kit, &out);
    for (size_t i = 0; i < kit->misuse.count; i++) {
        REPORT_LINE(
                &out, "misuse", tfa_testkit_misuse_rule(kit, i), tfa_testkit_misuse(kit, i));
    }
    return text_take(&out, &kit->run);
}

/* Says where two texts part. */
static void say_difference(const char *path, const char *wanted, const char *found)
{
    uint32_t line = 1;
    size_t start = 0;
    size_t i = 0;

    for (; wanted[i] != '\0' && wanted[i] == found[i]; i++) {
        if (wanted[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    (void)fprintf(stderr,
            "testkit: %s:%u differs\n  file:   %.*s\n  report: %.*s\n"
            "  set TFA_UPDATE_GOLDEN=1 to take the report over\n",
            path, line, (int)strcspn(wanted + start, "\n"), wanted + start,
            (int)strcspn(found + start, "\n"), found + start);
}

int32_t tfa_testkit_golden(struct tfa_testkit *kit, const char *path)
{
    const char *update = getenv("TFA_UPDATE_GOLDEN");
    const char *found = tfa_testkit_report(kit);
    struct text wanted = { 0 };
    int32_t same;

    if (update != NULL && strcmp(update, "1") == 0) {
        text_puts(&wanted, found);
        file_put(path, &wanted);
    } else {
        wanted = file_text(path);
    }
    same = strcmp(wanted.ptr == NULL ? "" : wanted.ptr, found) == 0 ? 1 : 0;
    if (same == 0) {
        say_difference(path, wanted.ptr == NULL ? "" : wanted.ptr, found);
    }
    free(wanted.ptr);
    return same;
}
