/* SPDX-License-Identifier: Apache-2.0 */
/* Finding Region and address of a call. */
#include "endpoint.h"

#include <string.h>
#include <strings.h>

static struct str variable(const struct endpoint_query *query, const char *name)
{
    return str_from(environment_get(&query->run->env, name));
}

static bool is_true(struct str text)
{
    return text.len == 4 && strncasecmp(text.ptr, "true", 4) == 0;
}

/* ---- addresses ---- */

static bool is_host_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '.' || byte == '_';
}

static bool is_address_byte(char byte)
{
    return (byte >= 'a' && byte <= 'f') || (byte >= '0' && byte <= '9') || byte == ':' ||
           byte == '.';
}

/* True for a name or an IPv4 address, or an IPv6 address in brackets. */
static bool is_host(struct str host)
{
    bool is_ipv6 = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
    struct str inner = is_ipv6 ? str_sub(host, 1, host.len - 1) : host;
    for (size_t i = 0; i < inner.len; i++) {
        if (is_ipv6 ? !is_address_byte(inner.ptr[i]) : !is_host_byte(inner.ptr[i])) {
            return false;
        }
    }
    return inner.len > 0 && inner.len < 254;
}

/* 127.0.0.0/8 in its full form, ::1 and localhost. */
static bool is_loopback(struct str host)
{
    if (str_eq(host, STR("localhost")) || str_eq(host, STR("[::1]"))) {
        return true;
    }
    struct str rest = host;
    bool more = true;
    struct str part;
    size_t count = 0;
    while (str_split(&rest, &more, '.', &part)) {
        uint64_t number = 0;
        if (part.len > 3 || !str_to_u64(part, &number) || number > 255 ||
                (count == 0 && number != 127)) {
            return false;
        }
        count++;
    }
    return count == 4;
}

/* Cuts ":port" off `*host`. False when it is not a port. */
static bool take_port(struct str *host, uint64_t *ret_port)
{
    ptrdiff_t bracket = str_rfind(*host, ']');
    ptrdiff_t colon = str_rfind(*host, ':');
    if (colon <= bracket) {
        *ret_port = 0;
        return true;
    }
    struct str port = str_from_index(*host, (size_t)colon + 1);
    *host = str_sub(*host, 0, (size_t)colon);
    return port.len <= 5 && str_to_u64(port, ret_port) && *ret_port > 0 && *ret_port < 65536;
}

static bool is_path(struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        char byte = path.ptr[i];
        if (byte <= ' ' || byte > '~' || byte == '\\' || byte == '"') {
            return false;
        }
    }
    return true;
}

static struct str lower(struct arena *arena, struct str text)
{
    char *copy = arena_cstr(arena, text);
    for (size_t i = 0; i < text.len; i++) {
        copy[i] = (char)(copy[i] >= 'A' && copy[i] <= 'Z' ? copy[i] - 'A' + 'a' : copy[i]);
    }
    return (struct str){ copy, text.len };
}

const char *endpoint_parse(struct arena *arena, struct str url, struct endpoint *ret_endpoint)
{
    struct endpoint endpoint = { 0 };
    bool is_https = url.len >= 8 && strncasecmp(url.ptr, "https://", 8) == 0;
    bool is_http = url.len >= 7 && strncasecmp(url.ptr, "http://", 7) == 0;
    if (!is_https && !is_http) {
        return "begins neither with https:// nor with http://";
    }
    struct str rest = str_from_index(url, is_https ? 8 : 7);
    if (str_find(rest, '?') >= 0 || str_find(rest, '#') >= 0 || str_find(rest, '@') >= 0) {
        return "has a user name, a query or a fragment";
    }
    ptrdiff_t slash = str_find(rest, '/');
    struct str host = lower(arena, slash < 0 ? rest : str_sub(rest, 0, (size_t)slash));
    struct str path = slash < 0 ? STR_EMPTY : str_from_index(rest, (size_t)slash);
    while (path.len > 0 && path.ptr[path.len - 1] == '/') {
        path.len--;
    }
    uint64_t port = 0;
    if (!take_port(&host, &port) || !is_host(host) || !is_path(path)) {
        return "has no usable host, port or path";
    }
    endpoint.is_loopback = is_loopback(host);
    if (is_http && !endpoint.is_loopback) {
        return "is plain http, which is allowed only to this machine";
    }
    bool is_usual = port == 0 || port == (is_https ? 443 : 80);
    endpoint.host = is_usual ? arena_dup(arena, host)
                             : arena_printf(arena, "%.*s:%u", STR_ARG(host), (unsigned)port);
    endpoint.base = arena_printf(
            arena, "%s://%.*s", is_https ? "https" : "http", STR_ARG(endpoint.host));
    endpoint.path = arena_dup(arena, path);
    *ret_endpoint = endpoint;
    return NULL;
}

/* ---- settings ---- */

static bool get(const struct endpoint_query *query, const char *name, struct setting *ret)
{
    return profiles_get(query->profiles, query->profile, name, ret);
}

/* Settings that would lead elsewhere and that we cannot follow. */
static const struct aws_fault *refuse_settings(const struct endpoint_query *query)
{
    static const char *const names[][2] = {
        { "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint" },
        { "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint" },
    };
    struct setting setting;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct str value = variable(query, names[i][0]);
        if (is_true(value)) {
            return fault_new(query->run->arena, AWS_SETTING_UNSUPPORTED,
                    "%s=true is not supported yet", names[i][0]);
        }
        if (value.len == 0 && get(query, names[i][1], &setting) && is_true(setting.value)) {
            return fault_new(query->run->arena, AWS_SETTING_UNSUPPORTED,
                    "`%s = true` of profile `%.*s` (%.*s) is not supported yet", names[i][1],
                    STR_ARG(query->profile), STR_ARG(setting.place));
        }
    }
    return NULL;
}

static struct str find_region(const struct endpoint_query *query)
{
    static const char *const names[] = { "AWS_REGION", "AWS_DEFAULT_REGION" };
    struct setting setting;
    if (query->region.len > 0) {
        return query->region;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct str value = variable(query, names[i]);
        if (value.len > 0) {
            return value;
        }
    }
    if (get(query, "region", &setting)) {
        return arena_dup(query->run->arena, setting.value);
    }
    return STR_EMPTY;
}

/* "network-firewall" gives "NETWORK_FIREWALL"; for services that are not in the table. */
static const char *variable_part(struct arena *arena, struct str service)
{
    char *copy = arena_cstr(arena, service);
    for (char *at = copy; *at; at++) {
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at == '-' ? '_' : *at);
    }
    return copy;
}

/* The address somebody set, with the name of the setting; empty when nobody did. */
static struct str find_override(
        const struct endpoint_query *query, const struct service *service, struct str *ret_from)
{
    struct arena *arena = query->run->arena;
    struct setting setting;
    struct str ignore = variable(query, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if (ignore.len == 0 && get(query, "ignore_configured_endpoint_urls", &setting)) {
        ignore = setting.value;
    }
    if (is_true(ignore)) {
        return STR_EMPTY;
    }
    const char *part = service ? service->variable : variable_part(arena, query->service);
    struct str own = arena_printf(arena, "AWS_ENDPOINT_URL_%s", part);
    const struct str names[] = { own, STR("AWS_ENDPOINT_URL") };
    for (size_t i = 0; i < 2; i++) {
        struct str value = variable(query, names[i].ptr);
        if (value.len > 0) {
            *ret_from = names[i];
            return value;
        }
    }
    struct setting services;
    bool is_found = get(query, "services", &services) &&
                    profiles_get_service(query->profiles, services.value,
                            lower(arena, str_from(part)), "endpoint_url", &setting);
    if (is_found || get(query, "endpoint_url", &setting)) {
        *ret_from = arena_printf(arena, "`endpoint_url` in %.*s", STR_ARG(setting.place));
        return arena_dup(arena, setting.value);
    }
    return STR_EMPTY;
}

static struct str find_ca_file(const struct endpoint_query *query)
{
    struct setting setting;
    struct str value = variable(query, "AWS_CA_BUNDLE");
    if (value.len == 0 && get(query, "ca_bundle", &setting)) {
        value = arena_dup(query->run->arena, setting.value);
    }
    return value;
}

/* ---- the whole ---- */

static bool is_service_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.ptr[i];
        if (!((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-')) {
            return false;
        }
    }
    return name.len > 0 && name.len <= 63;
}

/* The address by the rules. */
static void derive(struct arena *arena, const struct endpoint_query *query,
        const struct service *service, enum partition partition, struct endpoint *endpoint)
{
    struct str prefix = service ? str_from(service->prefix ? service->prefix : service->id)
                                : query->service;
    const char *suffix = partitions[partition].suffix;
    endpoint->host = service && service->has_plain_host
                             ? arena_printf(arena, "%.*s.%s", STR_ARG(prefix), suffix)
                             : arena_printf(arena, "%.*s.%.*s.%s", STR_ARG(prefix),
                                       STR_ARG(endpoint->region), suffix);
    endpoint->base = arena_printf(arena, "https://%.*s", STR_ARG(endpoint->host));
}

static enum aws_outcome bad(const struct aws_fault **ret_fault, const struct aws_fault *fault)
{
    *ret_fault = fault;
    return AWS_BAD_CALL;
}

enum aws_outcome endpoint_find(const struct endpoint_query *query,
        struct endpoint *ret_endpoint, const struct aws_fault **ret_fault)
{
    struct arena *arena = query->run->arena;
    const struct service *service = service_find(query->service);
    struct str region = find_region(query);
    enum partition partition = PARTITION_AWS;
    if (!is_service_name(query->service)) {
        return bad(ret_fault, fault_new(arena, AWS_CALL_INVALID,
                                      "`%.*s` cannot be the name of an AWS service",
                                      STR_ARG(query->service)));
    }
    if (region.len == 0) {
        return bad(ret_fault, fault_new(arena, AWS_NO_REGION, "no Region for a call to %.*s",
                                      STR_ARG(query->service)));
    }
    if (!partition_of(region, &partition)) {
        struct str shown = foreign_text(arena, region, 64, NULL, 0);
        return bad(ret_fault, fault_new(arena, AWS_BAD_REGION,
                                      "`%.*s` is not a known AWS Region", STR_ARG(shown)));
    }
    if (service && (service->absent_in & (1u << partition))) {
        *ret_fault =
                fault_new(arena, AWS_SERVICE_ABSENT, "%.*s does not exist in the partition %s",
                        STR_ARG(query->service), partitions[partition].name);
        return AWS_ABSENT;
    }
    *ret_fault = refuse_settings(query);
    if (*ret_fault) {
        return AWS_BAD_CALL;
    }
    struct endpoint endpoint = { 0 };
    struct str from = STR_EMPTY;
    struct str url = find_override(query, service, &from);
    const char *why = url.len > 0 ? endpoint_parse(arena, url, &endpoint) : NULL;
    if (why) {
        /* The address itself is not shown: it may hold a password. */
        return bad(ret_fault, fault_new(arena, AWS_BAD_ENDPOINT, "the address in %.*s %s",
                                      STR_ARG(from), why));
    }
    endpoint.region = service && service->is_global ? str_from(service->home[partition])
                                                    : arena_dup(arena, region);
    const char *signing = service ? service->signing : NULL;
    signing = signing || !service ? signing : service->prefix ? service->prefix : service->id;
    endpoint.service = signing ? str_from(signing) : arena_dup(arena, query->service);
    if (url.len == 0) {
        derive(arena, query, service, partition, &endpoint);
    }
    endpoint.ca_file = find_ca_file(query);
    *ret_endpoint = endpoint;
    return AWS_OK;
}
