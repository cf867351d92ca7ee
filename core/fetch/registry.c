/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin in a registry: from a reference over index and manifest to the bytes. */
#include "registry.h"

#include "login.h"

#define PLUGIN_LAYER    "application/vnd.tf-atmos.plugin.v1+so"
#define SIGNATURE_LAYER "application/vnd.tf-atmos.plugin.v1.sig"

#if defined(__x86_64__)
#define MACHINE "amd64"
#elif defined(__aarch64__)
#define MACHINE "arm64"
#else
#error "no name of this machine for registries"
#endif

enum {
    MAX_MANIFEST_BYTES = 4 << 20
};

/* What a manifest leads to. */
struct layers {
    struct registry_file plugin;
    struct registry_file signature; /* empty digest: none */
};

static bool is_digest_text(struct str text)
{
    return str_starts_with(text, STR("sha256:")) &&
           is_hex(str_from_index(text, sizeof("sha256:") - 1), 64);
}

/* {mediaType, digest, size}; a digest of another kind is refused, not trusted. */
static int read_file(struct registry *registry, const struct value *map, uint64_t max_bytes,
        struct registry_file *ret_file)
{
    int64_t size = 0;
    struct registry_file file = { .media_type =
                                          value_string(value_get_str(map, STR("mediaType"))),
        .digest = value_string(value_get_str(map, STR("digest"))) };
    if (!is_digest_text(file.digest) || !value_int(value_get_str(map, STR("size")), &size) ||
            size <= 0) {
        return registry_refuse(
                registry, STR("a manifest has an entry without a SHA-256 and a size"));
    }
    file.size_bytes = (uint64_t)size;
    if (file.size_bytes > max_bytes) {
        return registry_refuse(registry, arena_printf(registry->run->arena,
                                                 "%.*s is said to be of %lld bytes, too large",
                                                 STR_ARG(file.digest), (long long)size));
    }
    *ret_file = file;
    return 0;
}

static int choose_layers(
        struct registry *registry, const struct value *list, struct layers *ret_layers)
{
    struct layers layers = { 0 };
    const struct value *plugin = NULL;
    size_t plugin_count = 0;
    size_t count = value_count(list);
    int code = 0;
    for (size_t i = 0; i < count && code == 0; i++) {
        const struct value *entry = value_at(list, i);
        struct str type = value_string(value_get_str(entry, STR("mediaType")));
        if (str_eq_cstr(type, SIGNATURE_LAYER)) {
            code = read_file(registry, entry, PACKAGE_MAX_SIGNATURE_BYTES, &layers.signature);
        } else if (str_eq_cstr(type, PLUGIN_LAYER) || count == 1) {
            plugin = entry;
            plugin_count++;
        }
    }
    if (code == 0 && plugin_count != 1) {
        code = registry_refuse(
                registry, arena_printf(registry->run->arena,
                                  "it has %zu layers, %zu of them of the type " PLUGIN_LAYER
                                  ", and one is needed",
                                  count, plugin_count));
    }
    code = code == 0 ? read_file(registry, plugin, PACKAGE_MAX_BYTES, &layers.plugin) : code;
    if (code == 0) {
        *ret_layers = layers;
    }
    return code;
}

/* One manifest as a value: what was promised about it holds. */
static int get_manifest(struct registry *registry, const struct registry_file *promised,
        struct str which, const struct value **ret_root)
{
    struct run *run = registry->run;
    struct arena *arena = run->arena;
    struct download_answer answer = { 0 };
    struct diags details;
    diags_init(&details, arena);
    int code = registry_get(registry, "manifests", which, MAX_MANIFEST_BYTES, &answer);
    /* By digest we know what to get; by tag the registry says what it gives, and must mean it. */
    struct str digest = is_digest_text(which) ? which : answer.digest;
    if (code == 0 && digest.len > 0) {
        const struct registry_file said = { .digest = digest, .size_bytes = answer.body.len };
        code = registry_expect(registry, promised ? promised : &said, buf_str(&answer.body));
    }
    if (code == 0) {
        struct str text = arena_dup(arena, buf_str(&answer.body));
        if (json_read(arena, run->keys, &details, text, STR("manifest"), 0, ret_root) != 0) {
            code = registry_refuse(registry, STR("the manifest is no JSON"));
        }
    }
    buf_clear(&answer.body);
    if (code == 0 && value_get_str(*ret_root, STR("manifests")) &&
            value_get_str(*ret_root, STR("layers"))) {
        code = registry_refuse(registry, STR("the manifest is an index as well"));
    }
    return code;
}

/* ---- indexes, which may lie in each other ---- */

/* An index names others by their digest, so none can lead back to itself; the limits are against those
 * that are many or deep. */
enum {
    MAX_DEPTH = 4,
    MAX_DOCUMENTS = 16
};

struct search {
    struct registry *registry;
    size_t document_count; /* fetched so far */
};

static int search_index(struct search *search, const struct value *list, unsigned depth,
        const struct value **ret_manifest);

static bool is_index_type(struct str media_type)
{
    return str_eq_cstr(media_type, "application/vnd.oci.image.index.v1+json") ||
           str_eq_cstr(media_type, "application/vnd.docker.distribution.manifest.list.v2+json");
}

/* An entry that says which machine it is for, or an index that leaves it to its own entries. */
static bool is_candidate(const struct value *entry, bool want_platform)
{
    const struct value *platform = value_get_str(entry, STR("platform"));
    if (!want_platform) {
        return !platform && is_index_type(value_string(value_get_str(entry, STR("mediaType"))));
    }
    return str_eq_cstr(value_string(value_get_str(platform, STR("os"))), "linux") &&
           str_eq_cstr(value_string(value_get_str(platform, STR("architecture"))), MACHINE);
}

/* What an entry leads to: a manifest, or nothing when it is an index without one for us. */
static int follow(struct search *search, const struct value *entry, unsigned depth,
        const struct value **ret_manifest)
{
    struct registry *registry = search->registry;
    struct registry_file file;
    const struct value *root = NULL;
    if (search->document_count++ == MAX_DOCUMENTS) {
        return registry_refuse(registry, STR("its indexes name too many others"));
    }
    int code = read_file(registry, entry, MAX_MANIFEST_BYTES, &file);
    code = code == 0 ? get_manifest(registry, &file, file.digest, &root) : code;
    const struct value *inner = code == 0 ? value_get_str(root, STR("manifests")) : NULL;
    if (inner) {
        return search_index(search, inner, depth + 1, ret_manifest);
    }
    if (code == 0) {
        *ret_manifest = root;
    }
    return code;
}

/* Entries for this machine first, then the indexes that do not say. */
static int search_index(struct search *search, const struct value *list, unsigned depth,
        const struct value **ret_manifest)
{
    int code = 0;
    if (depth == MAX_DEPTH) {
        return registry_refuse(search->registry, STR("its indexes lie too deep in each other"));
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < value_count(list) && code == 0 && !*ret_manifest; i++) {
            if (is_candidate(value_at(list, i), pass == 0)) {
                code = follow(search, value_at(list, i), depth, ret_manifest);
            }
        }
    }
    return code;
}

/* From the reference to the layers, over indexes perhaps. */
static int find_layers(struct registry *registry, struct layers *ret_layers)
{
    const struct registry_reference *reference = &registry->reference;
    struct search search = { .registry = registry };
    const struct value *root = NULL;
    const struct value *manifest = NULL;
    bool has_digest = reference->digest.len > 0;
    int code = get_manifest(
            registry, NULL, has_digest ? reference->digest : reference->tag, &root);
    const struct value *index = code == 0 ? value_get_str(root, STR("manifests")) : NULL;
    if (index) {
        code = search_index(&search, index, 0, &manifest);
        if (code == 0 && !manifest) {
            code = registry_refuse(registry, STR("there is nothing in it for linux/" MACHINE));
        }
    } else {
        manifest = root;
    }
    return code == 0
                   ? choose_layers(registry, value_get_str(manifest, STR("layers")), ret_layers)
                   : code;
}

static int get_layer(struct registry *registry, const struct registry_file *file,
        struct download_answer *answer)
{
    int code = registry_get(registry, "blobs", file->digest, file->size_bytes, answer);
    return code == 0 ? registry_expect(registry, file, buf_str(&answer->body)) : code;
}

static int take(struct registry *registry, const struct package_taker *taker)
{
    struct layers layers;
    struct download_answer plugin = { 0 };
    struct download_answer signature = { 0 };
    int code = find_layers(registry, &layers);
    code = code == 0 ? get_layer(registry, &layers.plugin, &plugin) : code;
    code = code == 0 ? web_expect_plugin(registry->run, registry->reference.address, &plugin)
                     : code;
    if (code == 0 && layers.signature.digest.len > 0) {
        code = get_layer(registry, &layers.signature, &signature);
    }
    if (code == 0) {
        const struct plugin_package package = { .content = buf_str(&plugin.body),
            .signature = buf_str(&signature.body),
            .shown = registry->reference.address,
            .source = registry->reference.address };
        code = taker->take(taker->context, &package);
    }
    buf_clear(&plugin.body);
    buf_clear(&signature.body);
    return code;
}

int registry_fetch(struct run *run, struct str address, const struct package_taker *taker)
{
    struct registry registry = { .run = run, .login = BUF_INIT(2 * LOGIN_MAX_BYTES) };
    int code = registry_reference_read(run, address, &registry.reference);
    code = code == 0 ? web_open(run, &registry.downloader) : code;
    if (code != 0) {
        return code;
    }
    code = take(&registry, taker);
    downloader_free(registry.downloader);
    secret_buf_cleanup(&registry.login);
    return code;
}
