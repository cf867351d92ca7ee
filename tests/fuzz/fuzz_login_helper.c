/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of a credential helper, read where it stands; the JSON reader must agree about plain ones. */
#include <stdlib.h>

#include "fetch/login.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_inside(const struct buf *answer, struct str text)
{
    return text.len == 0 ||
           (text.ptr >= answer->ptr && text.ptr + text.len <= answer->ptr + answer->len);
}

/* No escapes, bytes beyond ASCII or below a blank, about which readers differ; no value in one. */
static bool is_plain(struct str text)
{
    size_t brace_count = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        brace_count += byte == '{';
        if (byte < ' ' || byte == '\\' || byte == '[' || byte >= 0x80 || brace_count > 1) {
            return false;
        }
    }
    return text.len <= LOGIN_MAX_BYTES;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct helper_login login = { STR_EMPTY, STR_EMPTY };
    AUTO_SECRET_BUF answer = BUF_INIT(LOGIN_MAX_BYTES);
    buf_add(&answer, text);
    bool is_read = helper_read(&answer, &login);
    if (is_read && (!is_inside(&answer, login.username) || !is_inside(&answer, login.secret))) {
        abort();
    }
    char *const environment[] = { NULL };
    struct run run;
    const struct value *root = NULL;
    run_init(&run, environment, NULL);
    if (is_plain(text) &&
            json_read(run.arena, run.keys, &run.diags, text, STR("answer"), 0, &root) == 0 &&
            value_is(root, VALUE_MAP)) {
        struct str username = value_string(value_get_str(root, STR("Username")));
        struct str secret = value_string(value_get_str(root, STR("Secret")));
        if (!is_read || !str_eq(username, login.username) || !str_eq(secret, login.secret)) {
            abort();
        }
    }
    run_clear(&run);
    return 0;
}
