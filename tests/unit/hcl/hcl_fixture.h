/* SPDX-License-Identifier: Apache-2.0 */
/* HCL text as the reader sees it, written in one line, and a scratch folder of Terraform files. */
#ifndef TFATMOS_TESTS_HCL_FIXTURE_H
#define TFATMOS_TESTS_HCL_FIXTURE_H

#include "check.h"
#include "hcl/hcl.h"

struct fixture {
    struct run run;
    struct str folder;
};

static inline void set_up(struct fixture *fixture)
{
    *fixture = (struct fixture){ 0 };
    run_init(&fixture->run, NULL, NULL);
    fixture->folder = scratch_folder(fixture->run.arena);
}

static inline void tear_down(struct fixture *fixture)
{
    run_clear(&fixture->run);
}

static inline uint32_t add_source(struct run *run, struct str path)
{
    return sources_add(run->sources, path_base(path));
}

static inline int read_text(
        struct fixture *fixture, const char *text, bool is_json, struct hcl_body *ret_body)
{
    struct hcl_input input = { .arena = fixture->run.arena,
        .keys = fixture->run.keys,
        .diags = &fixture->run.diags,
        .text = str_from(text),
        .file = sources_add(fixture->run.sources, STR("main.tf")) };
    return is_json ? hcl_read_json(&input, ret_body) : hcl_read(&input, ret_body);
}

static inline void add_body(struct buf *out, const struct hcl_body *body)
{
    for (size_t i = 0; i < body->attribute_count; i++) {
        const struct hcl_attribute *attribute = &body->attributes[i];
        buf_addf(out, "%.*s@%u:%u", STR_ARG(attribute->name), attribute->mark.line,
                attribute->mark.column);
        if (attribute->value) {
            buf_add_byte(out, '=');
            json_write(out, attribute->value, JSON_COMPACT | JSON_KEEP_ORDER);
        } else {
            buf_addf(out, "~%.*s", STR_ARG(attribute->text));
        }
        buf_add_byte(out, ';');
    }
    for (size_t i = 0; i < body->block_count; i++) {
        const struct hcl_block *block = &body->blocks[i];
        buf_addf(out, "%.*s@%u:%u", STR_ARG(block->type), block->mark.line, block->mark.column);
        for (size_t k = 0; k < block->label_count; k++) {
            buf_addf(out, " <%.*s>", STR_ARG(block->labels[k]));
        }
        buf_add_byte(out, '{');
        add_body(out, &block->body);
        buf_add_byte(out, '}');
    }
}

/* The whole text in one line: name@line:column=literal; name~expression; type <label>{...}. */
static inline void check_reads(
        struct fixture *fixture, const char *text, bool is_json, const char *expected, int line)
{
    struct hcl_body body = { 0 };
    struct buf out = BUF_INIT(1 << 20);
    int code = read_text(fixture, text, is_json, &body);
    if (code != 0) {
        print_error("%s: %.*s\n", text, STR_ARG(fixture->run.diags.list.items[0].message));
    }
    assert_int_equal(code, 0);
    assert_int_equal(fixture->run.diags.list.count, 0);
    add_body(&out, &body);
    check_str(buf_str(&out), expected, text, __FILE__, line);
    buf_clear(&out);
}

/* Exactly one finding: "id line:column message". */
static inline void check_refuses(struct fixture *fixture, const char *text, bool is_json,
        int expected_code, const char *expected, int line)
{
    struct hcl_body body = { 0 };
    struct diags *diags = &fixture->run.diags;
    diags_init(diags, fixture->run.arena);
    assert_int_equal(read_text(fixture, text, is_json, &body), expected_code);
    assert_int_equal(diags->list.count, 1);
    const struct diag *diag = &diags->list.items[0];
    check_str(arena_printf(fixture->run.arena, "%s %u:%u %.*s", diag->id, diag->mark.line,
                      diag->mark.column, STR_ARG(diag->message)),
            expected, text, __FILE__, line);
    diags_init(diags, fixture->run.arena);
}

#define assert_reads(f, text, expected) check_reads((f), (text), false, (expected), __LINE__)
#define assert_json_reads(f, text, expected)                                                   \
    check_reads((f), (text), true, (expected), __LINE__)
#define assert_refuses(f, text, code, expected)                                                \
    check_refuses((f), (text), false, (code), (expected), __LINE__)
#define assert_json_refuses(f, text, code, expected)                                           \
    check_refuses((f), (text), true, (code), (expected), __LINE__)

#endif
