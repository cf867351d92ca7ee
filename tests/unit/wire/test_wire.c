/* SPDX-License-Identifier: Apache-2.0 */
/* Frames, scalars, values and structs: what goes in comes out, and nothing else gets in. */
#include <string.h>

#include "../check.h"
#include "run.h"
#include "wire/wire.h"

static void headers(void **state)
{
    (void)state;
    unsigned char bytes[WIRE_HEADER_BYTES];
    struct wire_header header = { WIRE_REPLY, 7, 300 };
    struct wire_header read = { 0 };
    wire_header_put(bytes, &header);
    assert_true(wire_header_get(bytes, &read));
    assert_memory_equal(&header, &read, sizeof(read));
    bytes[0] ^= 1;
    assert_false(wire_header_get(bytes, &read));
    header.length = WIRE_FRAME_MAX + 1;
    wire_header_put(bytes, &header);
    assert_false(wire_header_get(bytes, &read));
    header = (struct wire_header){ WIRE_KIND__END, 0, 0 };
    wire_header_put(bytes, &header);
    assert_false(wire_header_get(bytes, &read));
}

static void numbers(void **state)
{
    (void)state;
    static const uint64_t cases[] = { 0, 1, 127, 128, 300, UINT32_MAX, (uint64_t)UINT32_MAX + 1,
        INT64_MAX, UINT64_MAX };
    AUTO_BUF out = BUF_INIT(1000);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wire_put_u64(&out, cases[i]);
        wire_put_i64(&out, (int64_t)cases[i]);
    }
    struct wire_in in = wire_in_of(buf_str(&out));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(wire_get_u64(&in) == cases[i]);
        assert_true(wire_get_i64(&in) == (int64_t)cases[i]);
    }
    assert_true(!in.is_bad && in.at == in.end);
    /* Past the end, over ten bytes, over 64 bits, over what was asked for. */
    assert_true(wire_get_u64(&in) == 0 && in.is_bad);
    in = wire_in_of(STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    assert_true(wire_get_u64(&in) == 0 && in.is_bad);
    in = wire_in_of(STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));
    assert_true(wire_get_u64(&in) == 0 && in.is_bad);
    in = wire_in_of(STR("\xff\xff\xff\xff\x7f"));
    assert_true(wire_get_u32(&in) == 0 && in.is_bad);
}

static void views(void **state)
{
    (void)state;
    AUTO_BUF out = BUF_INIT(1000);
    wire_put_view(&out, (struct tfa_str){ NULL, 0 });
    wire_put_view(&out, (struct tfa_str){ "", 0 });
    wire_put_view(&out, (struct tfa_str){ NULL, 99 });
    wire_put_view(&out, TFA_S("text"));
    wire_put_text(&out, STR("end"));
    struct wire_in in = wire_in_of(buf_str(&out));
    struct tfa_str view = wire_get_view(&in);
    assert_true(!view.ptr && view.len == 0);
    view = wire_get_view(&in);
    assert_true(view.ptr && view.len == 0);
    view = wire_get_view(&in);
    assert_true(!view.ptr && view.len > 0);
    view = wire_get_view(&in);
    assert_true(view.len == 4 && memcmp(view.ptr, "text", 4) == 0);
    assert_str(wire_get_text(&in), "end");
    assert_true(!in.is_bad && in.at == in.end);
    in = wire_in_of(STR("\x7fshort"));
    assert_true(wire_get_text(&in).len == 0 && in.is_bad);
    /* A view nobody can mean does not become a frame. */
    wire_put_view(&out, (struct tfa_str){ "x", (uint64_t)1 << 40 });
    assert_true(out.is_full);
}

/* Two runs: one writes, the other reads. */
struct ends {
    struct run from, to;
    struct wire_names told, known;
    struct buf out;
};

static void open_ends(struct ends *ends)
{
    char *const none[] = { NULL };
    *ends = (struct ends){ .out = BUF_INIT(1 << 20) };
    run_init(&ends->from, none, NULL);
    run_init(&ends->to, none, NULL);
    ends->told.arena = ends->from.arena;
    ends->known.arena = ends->to.arena;
}

static void close_ends(struct ends *ends)
{
    buf_clear(&ends->out);
    run_clear(&ends->from);
    run_clear(&ends->to);
}

static const struct value *cross(struct ends *ends, const struct value *value, bool *ret_is_bad)
{
    buf_reset(&ends->out);
    wire_put_value(&ends->out, &ends->told, ends->from.sources, value);
    struct wire_in in = wire_in_of(buf_str(&ends->out));
    struct wire_reader reader = { &in, ends->to.arena, ends->to.keys, ends->to.sources,
        &ends->known };
    const struct value *read = wire_get_value(&reader);
    *ret_is_bad = in.is_bad || in.at != in.end;
    return read;
}

static const struct value *yaml(struct ends *ends, const char *text, const char *file)
{
    const struct value *value = NULL;
    struct yaml_input input = { .arena = ends->from.arena,
        .keys = ends->from.keys,
        .diags = &ends->from.diags,
        .text = str_from(text),
        .file = sources_add(ends->from.sources, str_from(file)) };
    assert_int_equal(yaml_read(&input, &value), 0);
    return value;
}

static void check_same(struct ends *ends, const struct value *a, const struct value *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->mark.line, b->mark.line);
    assert_int_equal(a->mark.column, b->mark.column);
    assert_true(str_eq(sources_path(ends->from.sources, a->mark.file),
            sources_path(ends->to.sources, b->mark.file)));
    assert_true(str_eq(value_text(a), value_text(b)));
    assert_int_equal(value_count(a), value_count(b));
    for (size_t i = 0; i < value_count(a); i++) {
        if (value_is(a, VALUE_LIST)) {
            check_same(ends, value_at(a, i), value_at(b, i));
            continue;
        }
        const struct value_entry *x = &a->as.map.entries[i];
        const struct value_entry *y = &b->as.map.entries[i];
        assert_true(str_eq(x->key->text, y->key->text));
        assert_int_equal(x->mark.line, y->mark.line);
        assert_int_equal(x->mark.column, y->mark.column);
        check_same(ends, x->value, y->value);
    }
}

static void values(void **state)
{
    (void)state;
    bool is_bad = false;
    struct ends ends;
    open_ends(&ends);
    assert_null(cross(&ends, NULL, &is_bad));
    assert_false(is_bad);
    const struct value *first = yaml(&ends,
            "a: 0123\nb: [1.10, 'x', true, null, 18446744073709551616]\n"
            "c: {d: {}, e: [], f: \"\\u00e9\\n\"}\n",
            "stacks/one.yaml");
    const struct value *second = yaml(&ends, "{x: [1, 2]}", "stacks/two.yaml");
    for (int round = 0; round < 2; round++) {
        const struct value *read = cross(&ends, first, &is_bad);
        assert_false(is_bad);
        check_same(&ends, first, read);
        read = cross(
                &ends, value_with_flags(ends.from.arena, second, VALUE_SENSITIVE), &is_bad);
        assert_false(is_bad);
        assert_int_equal(read->flags, second->flags | VALUE_SENSITIVE);
        check_same(&ends, value_with_flags(ends.from.arena, second, VALUE_SENSITIVE), read);
    }
    close_ends(&ends);
}

/* A key crosses once; one of very many crosses each time. */
static void keys(void **state)
{
    (void)state;
    bool is_bad = false;
    struct ends ends;
    open_ends(&ends);
    const struct value *value = yaml(&ends, "a_key_with_a_name: {a_key_with_a_name: 1}\n", "x");
    const struct value *read = cross(&ends, value, &is_bad);
    check_same(&ends, value, read);
    struct str bytes = buf_str(&ends.out);
    ptrdiff_t at = str_find_str(bytes, STR("a_key_with_a_name"));
    assert_true(at > 0);
    assert_true(str_find_str(str_from_index(bytes, (size_t)at + 1), STR("a_key_with")) < 0);
    check_same(&ends, value, cross(&ends, value, &is_bad));
    assert_true(str_find_str(buf_str(&ends.out), STR("a_key_with")) < 0);
    for (int i = 0; i < WIRE_KEY_MAX; i++) {
        (void)key_of(ends.from.keys, arena_printf(ends.from.arena, "k%d", i));
    }
    value = yaml(&ends, "{one_too_many: 1, a_key_with_a_name: 2}\n", "x");
    for (int round = 0; round < 2; round++) {
        check_same(&ends, value, cross(&ends, value, &is_bad));
        assert_false(is_bad);
        assert_true(str_find_str(buf_str(&ends.out), STR("one_too_many")) >= 0);
        assert_true(str_find_str(buf_str(&ends.out), STR("a_key_with")) < 0);
    }
    close_ends(&ends);
}

/* Numbers that no key was given. */
static void strange_keys(void **state)
{
    (void)state;
    static const uint64_t numbers[] = { 1, 2, 4, (uint64_t)(WIRE_KEY_MAX + 1) << 1 | 1,
        (uint64_t)WIRE_KEY_MAX << 1, UINT64_MAX, UINT64_MAX - 1 };
    struct ends ends;
    open_ends(&ends);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        buf_reset(&ends.out);
        buf_add_byte(&ends.out, VALUE_MAP);
        buf_add_byte(&ends.out, 0); /* flags */
        wire_put_u64(&ends.out, 1); /* entries */
        wire_put_u64(&ends.out, numbers[i]);
        wire_put_text(&ends.out, STR("key"));
        buf_add(&ends.out, (struct str){ "\1\0\0\0\0\0\0\0", 8 });
        struct wire_in in = wire_in_of(buf_str(&ends.out));
        struct wire_names names = { .arena = ends.to.arena };
        struct wire_reader reader = { &in, ends.to.arena, ends.to.keys, ends.to.sources,
            &names };
        assert_null(wire_get_value(&reader));
        assert_true(in.is_bad);
    }
    close_ends(&ends);
}

/* Every beginning of a value, and every value with one byte changed, is read or refused. */
static void damage(void **state)
{
    (void)state;
    bool is_bad = false;
    struct ends ends;
    open_ends(&ends);
    (void)cross(&ends, yaml(&ends, "a: [1, {b: c}]\nd: 'e'\n", "one.yaml"), &is_bad);
    assert_false(is_bad);
    struct str whole = arena_dup(ends.to.arena, buf_str(&ends.out));
    for (size_t len = 0; len < whole.len; len++) {
        struct wire_names names = { .arena = ends.to.arena };
        struct wire_in in = wire_in_of(str_sub(whole, 0, len));
        struct wire_reader reader = { &in, ends.to.arena, ends.to.keys, ends.to.sources,
            &names };
        assert_null(wire_get_value(&reader));
        assert_true(in.is_bad);
    }
    for (size_t i = 0; i < whole.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct wire_names names = { .arena = ends.to.arena };
            char *copy = arena_cstr(ends.to.arena, whole);
            copy[i] = (char)(copy[i] ^ 1 << bit);
            struct wire_in in = wire_in_of((struct str){ copy, whole.len });
            struct wire_reader reader = { &in, ends.to.arena, ends.to.keys, ends.to.sources,
                &names };
            const struct value *value = wire_get_value(&reader);
            assert_true(!value || !in.is_bad);
        }
    }
    close_ends(&ends);
}

static void too_deep(void **state)
{
    (void)state;
    bool is_bad = false;
    struct ends ends;
    open_ends(&ends);
    const struct value *value = value_null(ends.from.arena, MARK_NONE);
    for (int i = 0; i < WIRE_DEPTH_MAX; i++) {
        value = value_list_new(ends.from.arena, &value, 1, MARK_NONE);
    }
    assert_non_null(cross(&ends, value, &is_bad));
    assert_false(is_bad);
    value = value_list_new(ends.from.arena, &value, 1, MARK_NONE);
    (void)cross(&ends, value, &is_bad);
    assert_true(ends.out.is_full);
    close_ends(&ends);
}

static void structs(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    AUTO_BUF out = BUF_INIT(1 << 16);
    struct tfa_related related = { (uint32_t)sizeof(related), TFA_DIAG_AT_KEY, 5, TFA_S("/p"),
        TFA_S("here") };
    const struct tfa_related *const list[] = { &related, NULL };
    struct tfa_diag diag = { .struct_size = sizeof(diag),
        .severity = TFA_SEVERITY_HINT,
        .related_count = 2,
        .code = TFA_S("X1"),
        .at = 9,
        .message = TFA_S("m"),
        .related = list };
    wire_put_diag(&out, &diag);
    wire_put_diag(&out, NULL);
    /* One made for an older header is not read past its end. */
    diag.struct_size = offsetof(struct tfa_diag, detail);
    diag.detail = TFA_S("not read");
    wire_put_diag(&out, &diag);
    struct wire_in in = wire_in_of(buf_str(&out));
    const struct tfa_diag *read = wire_get_diag(&in, arena);
    assert_int_equal(read->struct_size, sizeof(*read));
    assert_int_equal(read->severity, TFA_SEVERITY_HINT);
    assert_int_equal(read->at, 9);
    assert_int_equal(read->related_count, 2);
    assert_int_equal(read->related[0]->at, 5);
    assert_int_equal(read->related[0]->flags, TFA_DIAG_AT_KEY);
    assert_int_equal(read->related[1]->struct_size, 0);
    assert_null(wire_get_diag(&in, arena));
    read = wire_get_diag(&in, arena);
    assert_int_equal(read->struct_size, offsetof(struct tfa_diag, detail));
    assert_null(read->detail.ptr);
    assert_true(!in.is_bad && in.at == in.end);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(numbers),
        cmocka_unit_test(views),
        cmocka_unit_test(values),
        cmocka_unit_test(keys),
        cmocka_unit_test(strange_keys),
        cmocka_unit_test(damage),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(structs),
    };
    return RUN_TESTS(tests);
}
