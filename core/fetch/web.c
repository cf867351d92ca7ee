/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin file behind an https:// address. */
#include "web.h"

enum {
    MAX_ADDRESS_BYTES = 2000
};

int web_fail(struct run *run, struct str address, struct str why)
{
    diag_add(&run->diags, &install_diags[INSTALL_FETCH_FAILED], MARK_NONE,
            "`%.*s` could not be fetched: %.*s", STR_ARG(address), STR_ARG(why));
    return ERR_UNAVAILABLE;
}

int web_open(struct run *run, struct downloader **ret_downloader)
{
    struct str why = STR_EMPTY;
    if (downloader_new(run, ret_downloader, &why) == 0) {
        return 0;
    }
    struct diag *diag = diag_add(&run->diags, &install_diags[INSTALL_LIBRARY], MARK_NONE,
            "cannot load libcurl.so.4, which is needed to fetch plugins");
    diag->detail = why;
    diag->hint = STR("install the package libcurl4 (Ubuntu 24.04: libcurl4t64)");
    return ERR_UNAVAILABLE;
}

int web_refuse(struct run *run, struct str address, const struct download_answer *answer)
{
    if (answer->status == 0) {
        return web_fail(run, address, answer->why);
    }
    const char *what = answer->status == 404 || answer->status == 410
                               ? ", there is no such file"
                       : answer->status == 401 || answer->status == 403
                               ? ", it asks for a login or refuses it"
                               : "";
    return web_fail(run, address,
            arena_printf(
                    run->arena, "the server answered with status %d%s", answer->status, what));
}

int web_expect_plugin(struct run *run, struct str address, const struct download_answer *answer)
{
    if (str_starts_with(buf_str(&answer->body), STR("\x7f"
                                                    "ELF"))) {
        return 0;
    }
    struct str type = answer->content_type;
    if (answer->body.len == 0) {
        return web_fail(run, address, STR("the answer is empty"));
    }
    return web_fail(run, address,
            arena_printf(run->arena, "the answer is no plugin file but `%.*s`",
                    STR_ARG(type.len > 0 ? type : STR("something unnamed"))));
}

bool web_is_address(struct str address)
{
    struct str rest = address;
    struct str piece;
    bool more = true;
    ptrdiff_t scheme = str_find_str(address, STR("://"));
    if (scheme < 0 || address.len > MAX_ADDRESS_BYTES) {
        return false;
    }
    for (size_t i = 0; i < address.len; i++) {
        char byte = address.ptr[i];
        if (byte <= ' ' || byte > '~' || byte == '#' || byte == '\\') {
            return false;
        }
    }
    while (str_split(&rest, &more, '/', &piece)) {
        if (str_eq_cstr(piece, "..")) {
            return false;
        }
    }
    struct str host = str_from_index(address, (size_t)scheme + 3);
    ptrdiff_t slash = str_find(host, '/');
    host = slash < 0 ? STR_EMPTY : str_sub(host, 0, (size_t)slash);
    return host.len > 0 && str_find(host, '@') < 0 && str_find(host, '?') < 0;
}

/* The address of the signature: the path with .sig, before a query. */
static struct str signature_address(struct arena *arena, struct str address)
{
    ptrdiff_t query = str_find(address, '?');
    size_t end = query < 0 ? address.len : (size_t)query;
    struct str path = str_sub(address, 0, end);
    struct str rest = str_from_index(address, end);
    return arena_printf(arena, "%.*s.sig%.*s", STR_ARG(path), STR_ARG(rest));
}

/* A server that has none says so with one of these. */
static bool is_absent(int status)
{
    return status == 403 || status == 404 || status == 410;
}

static int read_signature(struct run *run, struct downloader *downloader, struct str address,
        struct download_answer *answer)
{
    struct str where = signature_address(run->arena, address);
    const struct download_request request = { .url = where,
        .max_bytes = PACKAGE_MAX_SIGNATURE_BYTES };
    download(downloader, &request, answer);
    if (answer->status == 200) {
        return 0;
    }
    buf_reset(&answer->body);
    return is_absent(answer->status) ? 0 : web_refuse(run, where, answer);
}

static int take(struct run *run, struct downloader *downloader, struct str address,
        const struct download_answer *answer, const struct package_taker *taker)
{
    /* A query may hold a secret that opens the address: it is not written down. */
    bool has_query = str_find(address, '?') >= 0;
    struct download_answer signature = { 0 };
    struct plugin_package package = { .content = buf_str(&answer->body),
        .shown = address,
        .source = has_query ? STR_EMPTY : address };
    int code = package_is_signed_inside(package.content)
                       ? 0
                       : read_signature(run, downloader, address, &signature);
    if (code == 0) {
        package.signature = buf_str(&signature.body);
        code = taker->take(taker->context, &package);
    }
    buf_clear(&signature.body);
    return code;
}

int web_fetch(struct run *run, struct str address, const struct package_taker *taker)
{
    struct downloader *downloader = NULL;
    if (!web_is_address(address)) {
        return address_refuse(run, address, "is no address of a file");
    }
    int code = web_open(run, &downloader);
    if (code != 0) {
        return code;
    }
    struct download_answer answer;
    const struct download_request request = { .url = address, .max_bytes = PACKAGE_MAX_BYTES };
    download(downloader, &request, &answer);
    code = answer.status == 200 ? web_expect_plugin(run, address, &answer)
                                : web_refuse(run, address, &answer);
    code = code == 0 ? take(run, downloader, address, &answer, taker) : code;
    buf_clear(&answer.body);
    downloader_free(downloader);
    return code;
}
