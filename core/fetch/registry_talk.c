/* SPDX-License-Identifier: Apache-2.0 */
/* The registry protocol (OCI distribution, version 2): references, tokens, requests. */
#include <strings.h>

#include "login.h"

enum {
    MAX_TOKEN_BYTES = 65536,
    MAX_NAME_BYTES = 255,
    MAX_TAG_BYTES = 128
};

#define MANIFEST_TYPES                                                                         \
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "    \
    "application/vnd.docker.distribution.manifest.list.v2+json, "                              \
    "application/vnd.docker.distribution.manifest.v2+json"

int registry_refuse(struct registry *registry, struct str what)
{
    diag_add(&registry->run->diags, &install_diags[INSTALL_REGISTRY], MARK_NONE, "`%.*s`: %.*s",
            STR_ARG(registry->reference.address), STR_ARG(what));
    return ERR_INVALID;
}

/* ---- references ---- */

bool registry_is_of(struct str text, const char *others, bool allows_upper)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
                        (allows_upper && byte >= 'A' && byte <= 'Z');
        if (!is_plain && str_find(str_from(others), byte) < 0) {
            return false;
        }
    }
    return text.len > 0;
}

static bool is_digest_text(struct str text)
{
    return str_starts_with(text, STR("sha256:")) &&
           is_hex(str_from_index(text, sizeof("sha256:") - 1), 64);
}

int registry_reference_read(
        struct run *run, struct str address, struct registry_reference *ret_reference)
{
    struct registry_reference reference = { .address = address };
    struct str rest = str_from_index(address, sizeof("oci://") - 1);
    ptrdiff_t slash = str_find(rest, '/');
    reference.host = slash < 0 ? STR_EMPTY : str_sub(rest, 0, (size_t)slash);
    reference.name = slash < 0 ? STR_EMPTY : str_from_index(rest, (size_t)slash + 1);
    ptrdiff_t at = str_find(reference.name, '@');
    if (at >= 0) {
        reference.digest = str_from_index(reference.name, (size_t)at + 1);
        reference.name = str_sub(reference.name, 0, (size_t)at);
    }
    ptrdiff_t colon = str_find(reference.name, ':');
    if (colon >= 0) {
        reference.tag = str_from_index(reference.name, (size_t)colon + 1);
        reference.name = str_sub(reference.name, 0, (size_t)colon);
    }
    bool is_name = registry_is_of(reference.name, "._-/", false) &&
                   reference.name.len <= MAX_NAME_BYTES && reference.name.ptr[0] != '/' &&
                   str_find_str(reference.name, STR("//")) < 0 &&
                   str_find_str(reference.name, STR("..")) < 0;
    if (!registry_is_of(reference.host, ".-:[]", true) || !is_name) {
        return address_refuse(run, address, "is no reference to something in a registry");
    }
    if ((reference.tag.len > 0) == (reference.digest.len > 0)) {
        return address_refuse(
                run, address, "must name one tag or one digest, for example :1.4.0");
    }
    if (reference.tag.len > 0 ? reference.tag.len > MAX_TAG_BYTES ||
                                        !registry_is_of(reference.tag, "._-", true)
                              : !is_digest_text(reference.digest)) {
        return address_refuse(
                run, address, "has a tag or digest that cannot be (digests are sha256:<hex>)");
    }
    *ret_reference = reference;
    return 0;
}

/* ---- who we are ---- */

/* The value of key="..." in a challenge; empty when there is none. */
static struct str challenge_value(struct arena *arena, struct str challenge, const char *key)
{
    struct str needle = arena_printf(arena, "%s=\"", key);
    struct str rest = challenge;
    for (;;) {
        ptrdiff_t at = str_find_str(rest, needle);
        if (at < 0) {
            return STR_EMPTY;
        }
        bool is_whole = at == 0 || rest.ptr[at - 1] == ' ' || rest.ptr[at - 1] == ',';
        rest = str_from_index(rest, (size_t)at + needle.len);
        ptrdiff_t end = str_find(rest, '"');
        if (is_whole) {
            return end < 0 ? STR_EMPTY : str_sub(rest, 0, (size_t)end);
        }
    }
}

/* ?service=...&scope=repository:<name>:pull, as the challenge asks for. */
static struct str token_address(struct registry *registry, struct str challenge)
{
    struct arena *arena = registry->run->arena;
    struct str realm = challenge_value(arena, challenge, "realm");
    struct str service = challenge_value(arena, challenge, "service");
    AUTO_BUF text = BUF_INIT(8192);
    if (!str_starts_with(realm, STR("https://")) || !web_is_address(realm)) {
        return STR_EMPTY;
    }
    buf_add(&text, realm);
    buf_add_cstr(&text, str_find(realm, '?') < 0 ? "?" : "&");
    if (service.len > 0) {
        buf_add_cstr(&text, "service=");
        download_encode(&text, service);
        buf_add_cstr(&text, "&");
    }
    buf_addf(&text, "scope=repository:%.*s:pull", STR_ARG(registry->reference.name));
    return text.is_full ? STR_EMPTY : arena_dup(arena, buf_str(&text));
}

static bool is_token(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~') {
            return false;
        }
    }
    return text.len > 0;
}

static int read_token(struct registry *registry, struct str address, struct str body)
{
    struct run *run = registry->run;
    const struct value *root = NULL;
    struct diags ignored;
    diags_init(&ignored, run->arena);
    int code = json_read(run->arena, run->keys, &ignored, body, STR("token"), 0, &root);
    struct str token = code == 0 ? value_string(value_get_str(root, STR("token"))) : STR_EMPTY;
    if (code == 0 && token.len == 0) {
        token = value_string(value_get_str(root, STR("access_token")));
    }
    if (!is_token(token)) {
        return registry_refuse(
                registry, arena_printf(run->arena, "`%.*s` gives no token", STR_ARG(address)));
    }
    registry->authorization = arena_printf(run->arena, "Bearer %.*s", STR_ARG(token));
    return 0;
}

static int authorize(struct registry *registry, struct str challenge)
{
    int code = registry_login(registry, &registry->login);
    struct str basic = buf_str(&registry->login);
    if (code != 0) {
        return code;
    }
    if (challenge.len >= 6 && strncasecmp(challenge.ptr, "basic ", 6) == 0 && basic.len > 0) {
        registry->authorization = basic;
        return 0;
    }
    if (challenge.len < 7 || strncasecmp(challenge.ptr, "bearer ", 7) != 0) {
        return registry_refuse(registry,
                STR("the registry asks for a login that is not in config.json of Docker"));
    }
    struct str address = token_address(registry, challenge);
    if (address.len == 0) {
        return registry_refuse(
                registry, STR("the registry sends us for a token to no https:// address"));
    }
    struct download_answer answer;
    const struct download_request request = {
        .url = address, .authorization = basic, .max_bytes = MAX_TOKEN_BYTES
    };
    download(registry->downloader, &request, &answer);
    code = answer.status == 200 ? read_token(registry, address, buf_str(&answer.body))
                                : web_refuse(registry->run, address, &answer);
    buf_clear(&answer.body);
    return code;
}

/* ---- requests ---- */

int registry_get(struct registry *registry, const char *kind, struct str which,
        size_t max_bytes, struct download_answer *ret_answer)
{
    const struct registry_reference *reference = &registry->reference;
    struct download_request request = {
        .url = arena_printf(registry->run->arena, "https://%.*s/v2/%.*s/%s/%.*s",
                STR_ARG(reference->host), STR_ARG(reference->name), kind, STR_ARG(which)),
        .accept = str_eq_cstr(str_from(kind), "manifests") ? STR(MANIFEST_TYPES) : STR_EMPTY,
        .authorization = registry->authorization,
        .max_bytes = max_bytes,
    };
    download(registry->downloader, &request, ret_answer);
    if (ret_answer->status == 401 && !registry->has_asked) {
        struct str challenge = ret_answer->challenge;
        registry->has_asked = true;
        buf_clear(&ret_answer->body);
        int code = authorize(registry, challenge);
        if (code != 0) {
            return code;
        }
        request.authorization = registry->authorization;
        download(registry->downloader, &request, ret_answer);
    }
    return ret_answer->status == 200 ? 0 : web_refuse(registry->run, request.url, ret_answer);
}

int registry_expect(
        struct registry *registry, const struct registry_file *file, struct str body)
{
    struct arena *arena = registry->run->arena;
    struct str digest =
            arena_printf(arena, "sha256:%.*s", STR_ARG(sha256_hex(arena, sha256_of(body))));
    if (body.len != file->size_bytes) {
        return registry_refuse(registry,
                arena_printf(arena, "%.*s has %zu bytes, and %llu were promised",
                        STR_ARG(file->digest), body.len, (unsigned long long)file->size_bytes));
    }
    if (!str_eq(digest, file->digest)) {
        return registry_refuse(
                registry, arena_printf(arena, "what was sent for %.*s has the digest %.*s",
                                  STR_ARG(file->digest), STR_ARG(digest)));
    }
    return 0;
}
