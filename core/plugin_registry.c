/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin in a registry: from a reference over index and manifest to the bytes. */
#include "plugin_registry.h"

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

/* The entry of an index for this machine. */
static int choose_manifest(
        struct registry *registry, const struct value *list, struct registry_file *ret_file)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *entry = value_at(list, i);
        const struct value *platform = value_get_str(entry, STR("platform"));
        if (str_eq_cstr(value_string(value_get_str(platform, STR("os"))), "linux") &&
                str_eq_cstr(
                        value_string(value_get_str(platform, STR("architecture"))), MACHINE)) {
            return read_file(registry, entry, MAX_MANIFEST_BYTES, ret_file);
        }
    }
    return registry_refuse(registry, STR("there is nothing in it for linux/" MACHINE));
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

/* From the reference to the layers, over an index perhaps; an index in an index is not followed. */
static int find_layers(struct registry *registry, struct layers *ret_layers)
{
    const struct registry_reference *reference = &registry->reference;
    const struct value *root = NULL;
    struct registry_file manifest;
    bool has_digest = reference->digest.len > 0;
    int code = get_manifest(
            registry, NULL, has_digest ? reference->digest : reference->tag, &root);
    const struct value *index = code == 0 ? value_get_str(root, STR("manifests")) : NULL;
    if (index) {
        code = choose_manifest(registry, index, &manifest);
        code = code == 0 ? get_manifest(registry, &manifest, manifest.digest, &root) : code;
    }
    return code == 0 ? choose_layers(registry, value_get_str(root, STR("layers")), ret_layers)
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

int plugin_source_registry(
        struct run *run, struct str address, const struct package_taker *taker)
{
    struct registry registry = { .run = run };
    int code = registry_reference_read(run, address, &registry.reference);
    code = code == 0 ? web_open(run, &registry.downloader) : code;
    if (code != 0) {
        return code;
    }
    code = take(&registry, taker);
    downloader_free(registry.downloader);
    return code;
}
