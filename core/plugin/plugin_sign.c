/* SPDX-License-Identifier: Apache-2.0 */
/* Making keys and signatures. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "plugin_trust.h"

enum {
    PLUGIN_MAX_BYTES = 256 << 20,
    PRIVATE_KEY_MAX_BYTES = 65536
};

static int say_unwritable(struct run *run, struct str path)
{
    int error = errno;
    struct str shown = text_shown(run->arena, path);
    diag_add(&run->diags, &trust_diags[TRUST_UNWRITABLE], MARK_NONE,
            "`%.*s` cannot be written: %s", STR_ARG(shown), strerrordesc_np(error));
    return ERR_IO;
}

/* Writes a file that must not be there; what was begun is taken away again. */
static int write_new(struct run *run, struct str path, struct str content, mode_t mode)
{
    const char *name = arena_cstr(run->arena, path);
    AUTO_FD fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0 && errno == EEXIST) {
        struct str shown = text_shown(run->arena, path);
        diag_add(&run->diags, &trust_diags[TRUST_KEY_EXISTS], MARK_NONE,
                "`%.*s` exists already and is not overwritten", STR_ARG(shown));
        return ERR_CONFLICT;
    }
    if (fd < 0) {
        return say_unwritable(run, path);
    }
    if (fchmod(fd, mode) != 0 || fd_write_all(fd, content) != 0 || fsync(fd) != 0) {
        int code = say_unwritable(run, path);
        (void)unlink(name);
        return code;
    }
    return 0;
}

int key_generate(struct run *run, const struct plugin_options *options, struct str path,
        struct str comment, struct str passphrase, struct str *ret_key_id)
{
    struct trust_store *store = NULL;
    struct trusted_key public_key = { .from_s = INT64_MIN, .until_s = INT64_MAX };
    struct str public_path = arena_printf(run->arena, "%.*s" KEY_EXTENSION, STR_ARG(path));
    AUTO_BUF pem = BUF_INIT(PRIVATE_KEY_MAX_BYTES);
    int code = trust_store_open(run, options, &store);
    code = code == 0 ? trust_store_need_crypto(run, store) : code;
    if (code != 0) {
        return code;
    }
    struct private_key *key = private_key_new(&store->crypto);
    if (!key || private_key_write(&store->crypto, key, passphrase, &pem) != 0) {
        private_key_free(&store->crypto, key);
        diag_add(&run->diags, &trust_diags[TRUST_NO_CRYPTO], MARK_NONE,
                CRYPTO_LIBRARY_NAME " refuses to make an Ed25519 key");
        return ERR_UNAVAILABLE;
    }
    public_key.key = private_key_public(&store->crypto, key);
    public_key.key_id = public_key_id(run->arena, &public_key.key);
    public_key.comment = comment;
    code = write_new(run, path, buf_str(&pem), 0600);
    if (code == 0) {
        code = write_new(run, public_path, key_file_write(run->arena, &public_key), 0644);
        if (code != 0) {
            (void)unlink(arena_cstr(run->arena, path));
        }
    }
    store->crypto.OPENSSL_cleanse(pem.ptr, pem.len);
    private_key_free(&store->crypto, key);
    if (code == 0) {
        *ret_key_id = public_key.key_id;
    }
    return code;
}

static int open_key(struct run *run, const struct crypto_library *crypto,
        const struct sign_request *request, struct private_key **ret_key)
{
    struct str pem;
    int code = file_read(run->arena, request->key, PRIVATE_KEY_MAX_BYTES, &pem);
    const char *why = "cannot be read";
    if (code == 0) {
        code = private_key_read(crypto, pem, request->passphrase, ret_key);
        crypto->OPENSSL_cleanse((void *)(uintptr_t)pem.ptr, pem.len);
        why = code == ERR_DENIED && request->passphrase.len == 0
                      ? "is encrypted, and TF_ATMOS_KEY_PASSPHRASE is not set"
              : code == ERR_DENIED      ? "is not opened by TF_ATMOS_KEY_PASSPHRASE"
              : code == ERR_UNSUPPORTED ? "is not of the kind Ed25519"
                                        : "is not a private key in PEM";
    }
    if (code != 0) {
        struct str shown = text_shown(run->arena, request->key);
        diag_add(&run->diags, &trust_diags[TRUST_PRIVATE_KEY], MARK_NONE,
                "the private key `%.*s` %s", STR_ARG(shown), why);
        return ERR_DENIED;
    }
    return 0;
}

static int say_not_signable(struct run *run, struct str path, struct str reason)
{
    struct str shown = text_shown(run->arena, path);
    diag_add(&run->diags, &trust_diags[TRUST_NOT_SIGNABLE], MARK_NONE,
            "`%.*s` cannot be signed: it %.*s", STR_ARG(shown), STR_ARG(reason));
    return ERR_INVALID;
}

/* A signing in progress. */
struct signing {
    struct run *run;
    const struct sign_request *request;
    struct trust_store *store;
    struct private_key *key;
    struct str content; /* of the file */
    struct sign_result result;
};

static int write_signed(
        struct signing *signing, struct str path, struct str content, mode_t mode)
{
    signing->result.written = path;
    return file_write_atomic(path, content, mode) == 0 ? 0 : say_unwritable(signing->run, path);
}

static int sign_list(struct signing *signing)
{
    struct run *run = signing->run;
    struct str text = STR_EMPTY;
    struct str reason = STR_EMPTY;
    if (revocations_sign(run->arena, signing->content, &signing->store->crypto, signing->key,
                &text, &reason) != 0) {
        return say_not_signable(run, signing->request->file, reason);
    }
    return write_signed(signing, signing->request->file, text, 0644);
}

/* The file without the trailer it may have. */
static struct str content_of(const struct str *file, bool *ret_has_trailer)
{
    size_t length = 0;
    struct str footer = str_from_index(
            *file, file->len > TRAILER_FOOTER_BYTES ? file->len - TRAILER_FOOTER_BYTES : 0);
    *ret_has_trailer = trailer_find(footer, file->len, &length);
    return *ret_has_trailer ? str_sub(*file, 0, file->len - TRAILER_FOOTER_BYTES - length)
                            : *file;
}

static struct str make_statement(
        struct signing *signing, const struct plugin_identity *identity, struct str content)
{
    struct arena *arena = signing->run->arena;
    const struct clock *clock = signing->run->clock;
    return statement_write(arena,
            &(struct statement){ .key_id = signing->result.key_id,
                    .id = identity->id,
                    .version = identity->version,
                    .abi = arena_printf(arena, "%u.%u", (unsigned)identity->abi_major,
                            (unsigned)identity->abi_minor),
                    .size_bytes = content.len,
                    .sha256 = sha256_hex(arena, sha256_of(content)),
                    .issued_s = clock->wall_ms(clock->context) / 1000,
                    .expires_s = signing->request->expires_s },
            &signing->store->crypto, signing->key);
}

static int sign_plugin(struct signing *signing)
{
    struct run *run = signing->run;
    struct str path = signing->request->file;
    struct trusted_folder folder;
    struct stat stat_of;
    bool has_trailer = false;
    struct str content = content_of(&signing->content, &has_trailer);
    trusted_folder_open(run->arena, path_folder(path), NO_GROUP, &folder);
    struct plugin *plugin = plugin_examine(run, &folder, path_base(path), PLUGIN_ENVIRONMENT);
    trusted_folder_close(&folder);
    const struct objection *objection = &plugin->runtime->objection;
    /* Who can write the file is the user's concern, not the signer's. */
    if (!plugin->identity || (plugin->runtime->judged != PLUGIN_READY && !objection->code)) {
        return say_not_signable(run, path, objection->reason);
    }
    if (signing->request->is_detached && has_trailer) {
        return say_not_signable(run, path,
                STR("carries a signature at its end, which would count before one beside it"));
    }
    signing->result.id = plugin->identity->id;
    signing->result.version = plugin->identity->version;
    struct str statement = make_statement(signing, plugin->identity, content);
    if (signing->request->is_detached) {
        return write_signed(signing,
                arena_printf(run->arena, "%.*s" STATEMENT_EXTENSION, STR_ARG(path)), statement,
                0644);
    }
    mode_t mode =
            stat(arena_cstr(run->arena, path), &stat_of) == 0 ? stat_of.st_mode & 0777 : 0644;
    AUTO_BUF whole = BUF_INIT(BUF_UNBOUNDED);
    buf_add(&whole, content);
    buf_add(&whole, statement);
    buf_add(&whole, trailer_footer(run->arena, statement.len));
    return write_signed(signing, path, buf_str(&whole), mode);
}

int plugin_sign(struct run *run, const struct plugin_options *options,
        const struct sign_request *request, struct sign_result *ret_result)
{
    struct signing signing = { .run = run, .request = request };
    int code = trust_store_open(run, options, &signing.store);
    code = code == 0 ? trust_store_need_crypto(run, signing.store) : code;
    if (code == 0 &&
            file_read(run->arena, request->file, PLUGIN_MAX_BYTES, &signing.content) != 0) {
        code = say_not_signable(run, request->file, STR("cannot be read"));
    }
    code = code == 0 ? open_key(run, &signing.store->crypto, request, &signing.key) : code;
    if (code != 0) {
        return code;
    }
    struct public_key public_key = private_key_public(&signing.store->crypto, signing.key);
    signing.result.key_id = public_key_id(run->arena, &public_key);
    code = str_starts_with(signing.content, STR(REVOCATIONS_HEADING "\n"))
                   ? sign_list(&signing)
                   : sign_plugin(&signing);
    private_key_free(&signing.store->crypto, signing.key);
    if (code == 0) {
        *ret_result = signing.result;
    }
    return code;
}
