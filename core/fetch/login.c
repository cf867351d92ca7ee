/* SPDX-License-Identifier: Apache-2.0 */
/* Which login Docker's config.json has for a registry, or which helper program knows it. */
#include "login.h"

enum {
    MAX_DOCKER_BYTES = 1 << 20,
    MAX_NAME_BYTES = 64
};

/* Docker's config.json; NULL when there is none that can be read. */
static const struct value *docker_config(struct run *run)
{
    struct arena *arena = run->arena;
    struct str folder = str_from(environment_get(&run->env, "DOCKER_CONFIG"));
    struct str home = str_from(environment_get(&run->env, "HOME"));
    struct str content;
    const struct value *root = NULL;
    struct diags ignored;
    if (folder.len == 0 && home.len > 0) {
        folder = path_join(arena, home, STR(".docker"));
    }
    diags_init(&ignored, arena);
    return path_is_absolute(folder) &&
                           file_read(arena, path_join(arena, folder, STR("config.json")),
                                   MAX_DOCKER_BYTES, &content) == 0 &&
                           json_read(arena, run->keys, &ignored, content, STR("config.json"), 0,
                                   &root) == 0
                   ? root
                   : NULL;
}

/* The helper for this registry, or for all; empty: the entry in `auths` counts. */
static struct str helper_of(const struct value *config, struct str host)
{
    const struct value *own = value_get_str(value_get_str(config, STR("credHelpers")), host);
    return value_string(own ? own : value_get_str(config, STR("credsStore")));
}

static void add_base64(struct buf *out, struct str text)
{
    static const char digits[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < text.len; i += 3) {
        uint32_t group = 0;
        for (size_t k = i; k < i + 3; k++) {
            group = group << 8 | (k < text.len ? (unsigned char)text.ptr[k] : 0U);
        }
        for (size_t k = 0; k < 4; k++) {
            bool is_padding = i + k > text.len;
            buf_add_byte(out, (char)(is_padding ? '=' : digits[group >> (18 - 6 * k) & 63U]));
        }
    }
}

static int say_failed(
        struct registry *registry, struct str helper, struct str what, const char *hint)
{
    struct diag *diag = diag_add(&registry->run->diags, &install_diags[INSTALL_LOGIN],
            MARK_NONE,
            "`docker-credential-%.*s`, which config.json of Docker names for `%.*s`, %.*s",
            STR_ARG(helper), STR_ARG(registry->reference.host), STR_ARG(what));
    diag->hint = str_from(hint);
    return ERR_UNAVAILABLE;
}

/* A user name has no colon, neither of them anything that could end a header. */
static bool is_usable(const struct helper_login *login)
{
    struct str texts[2] = { login->username, login->secret };
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < texts[i].len; k++) {
            unsigned char byte = (unsigned char)texts[i].ptr[k];
            if (byte < ' ' || byte == 0x7f) {
                return false;
            }
        }
    }
    return login->username.len > 0 && str_find(login->username, ':') < 0;
}

static int ask(struct registry *registry, struct str helper, struct buf *basic)
{
    struct helper_login login;
    struct str why = STR_EMPTY;
    AUTO_SECRET_BUF answer = BUF_INIT(LOGIN_MAX_BYTES);
    AUTO_SECRET_BUF pair = BUF_INIT(LOGIN_MAX_BYTES);
    if (helper.len > MAX_NAME_BYTES || !registry_is_of(helper, "._-", true)) {
        return say_failed(registry, helper, STR("is no name of a program"),
                "correct credHelpers or credsStore there");
    }
    int code =
            helper_ask(registry->run, helper, registry->reference.host, &answer, &login, &why);
    if (code == ERR_UNAVAILABLE) {
        return say_failed(registry, helper, why,
                "run it with `get` and the host on its input, or take the entry out");
    }
    if (code != 0) {
        return code;
    }
    if (str_eq_cstr(login.username, "<token>")) {
        return say_failed(registry, helper,
                STR("gives an identity token instead of a user name and a password"),
                "log in to the registry with a user name and a password or access token");
    }
    if (!is_usable(&login)) {
        return say_failed(registry, helper, STR("gives a user name or password that cannot be"),
                "log in to the registry again");
    }
    /* Room for all at once: growing would leave copies behind. */
    (void)buf_reserve(&pair, LOGIN_MAX_BYTES);
    buf_add(&pair, login.username);
    buf_add_byte(&pair, ':');
    buf_add(&pair, login.secret);
    buf_add_cstr(basic, "Basic ");
    add_base64(basic, buf_str(&pair));
    /* The answer, which is longer, was not. */
    ENSURE(!pair.is_full && !basic->is_full);
    return 0;
}

int registry_login(struct registry *registry, struct buf *basic)
{
    const struct value *config = docker_config(registry->run);
    struct str host = registry->reference.host;
    struct str helper = helper_of(config, host);
    (void)buf_reserve(basic, basic->max - basic->len);
    int code = helper.len > 0 ? ask(registry, helper, basic) : ERR_NOT_FOUND;
    if (code != ERR_NOT_FOUND) {
        return code;
    }
    const struct value *entry = value_get_str(value_get_str(config, STR("auths")), host);
    struct str auth = value_string(value_get_str(entry, STR("auth")));
    if (registry_is_of(auth, "+/=", true)) {
        buf_addf(basic, "Basic %.*s", STR_ARG(auth));
    }
    return 0;
}
