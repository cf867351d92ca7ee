/* SPDX-License-Identifier: Apache-2.0 */
/* Test of the catalogue note: codes and checks. */
#include "lint.h"

static struct str text_of(const struct value *map, const char *key)
{
    return value_string(value_get_str(map, str_from(key)));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The prefix and four digits. */
static bool is_code(struct str code, struct str prefix)
{
    if (code.len != prefix.len + 4 || !str_starts_with(code, prefix)) {
        return false;
    }
    for (size_t i = prefix.len; i < code.len; i++) {
        if (!is_digit(code.ptr[i])) {
            return false;
        }
    }
    return true;
}

static void require_texts(struct conform *conform, const struct value *entry, struct str name,
        const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_trim(text_of(entry, keys[i])).len == 0) {
            failed(conform, RULE_DOCUMENTED, "`%.*s` has no %s", STR_ARG(name), keys[i]);
        }
    }
}

/* Is the text of that key in an earlier entry too? */
static bool is_repeated(const struct value *list, size_t index, const char *key)
{
    for (size_t i = 0; i < index; i++) {
        if (str_eq(text_of(value_at(list, i), key), text_of(value_at(list, index), key))) {
            return true;
        }
    }
    return false;
}

static void judge_codes(struct conform *conform, const struct value *codes)
{
    static const char *const keys[] = { "title", "cause", "fix" };
    struct str prefix = conform->facts.identity->code_prefix;
    for (size_t i = 0; i < value_count(codes); i++) {
        const struct value *entry = value_at(codes, i);
        struct str code = text_of(entry, "code");
        struct str severity = text_of(entry, "severity");
        if (!is_code(code, prefix)) {
            failed(conform, RULE_CODES, "`%.*s` is not `%.*s` and four digits", STR_ARG(code),
                    STR_ARG(prefix));
        }
        if (is_repeated(codes, i, "code")) {
            failed(conform, RULE_CODES, "`%.*s` is declared twice", STR_ARG(code));
        }
        require_texts(conform, entry, code, keys, 3);
        if (!str_eq_cstr(severity, "error") && !str_eq_cstr(severity, "warning") &&
                !str_eq_cstr(severity, "info") && !str_eq_cstr(severity, "hint")) {
            failed(conform, RULE_DOCUMENTED,
                    "`%.*s` has the severity `%.*s`, which is none of error, warning, info, "
                    "hint",
                    STR_ARG(code), STR_ARG(severity));
        }
    }
}

static bool has_code(const struct value *codes, struct str code)
{
    for (size_t i = 0; i < value_count(codes); i++) {
        if (str_eq(text_of(value_at(codes, i), "code"), code)) {
            return true;
        }
    }
    return false;
}

static void judge_checks(
        struct conform *conform, const struct value *checks, const struct value *codes)
{
    static const char *const keys[] = { "id", "title" };
    for (size_t i = 0; i < value_count(checks); i++) {
        const struct value *entry = value_at(checks, i);
        const struct value *actions = value_get_str(entry, STR("actions"));
        struct str id = text_of(entry, "id");
        struct str code = text_of(entry, "code");
        require_texts(conform, entry, id, keys, 2);
        if (is_repeated(checks, i, "id")) {
            failed(conform, RULE_CHECKS, "`%.*s` is declared twice", STR_ARG(id));
        }
        if (code.len > 0 && !has_code(codes, code)) {
            failed(conform, RULE_CHECKS, "`%.*s` names the code `%.*s`, which is not declared",
                    STR_ARG(id), STR_ARG(code));
        }
        for (size_t k = 0; k < value_count(actions); k++) {
            struct str action = value_string(value_at(actions, k));
            if (!str_list_has(&conform->facts.identity->aws_actions, action)) {
                failed(conform, RULE_CHECKS,
                        "`%.*s` uses `%.*s`, which is not among aws_actions", STR_ARG(id),
                        STR_ARG(action));
            }
        }
    }
}

void test_catalogue(struct conform *conform)
{
    const struct value *codes = value_get_str(conform->facts.catalogue, STR("codes"));
    const struct value *checks = value_get_str(conform->facts.catalogue, STR("checks"));
    if (conform->facts.identity == NULL || conform->facts.catalogue == NULL) {
        skip(conform, "there is no catalogue to read");
        return;
    }
    judge_codes(conform, codes);
    judge_checks(conform, checks, codes);
    if (str_list_has(&conform->facts.identity->provides, STR("tfa.check/1")) &&
            value_count(checks) == 0) {
        failed(conform, RULE_CHECKS, "offers tfa.check/1 and declares no check");
    }
}
