/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that says which versions of four libraries it runs with. Tests link it with theirs. */
#include <stdbool.h>
#include <string.h>

#include "note.h"

const char *json_c_version(void);
const char *yaml_get_version_string(void);
const char *OpenSSL_version(int kind);

/* The beginning of what libcurl returns. */
struct curl_version_info_data {
    int age;
    const char *version;
};
const struct curl_version_info_data *curl_version_info(int age);
/* These two look for what there is: families of sockets, and with LDAP the name of the machine. */
int curl_global_init(long flags);
const char *curl_version(void);
void *curl_easy_init(void);
int curl_easy_setopt(void *transfer, int option, ...);
int curl_easy_perform(void *transfer);

NOTE(identity, TFA_NOTE_IDENTITY,
        "{\"abi\":{\"major\":1,\"minor\":0},\"aws_actions\":[],\"code_prefix\":\"LIB\","
        "\"components\":[],\"documentation\":\"https://example.com/libraries\","
        "\"extensions\":{\"optional\":[],\"required\":[\"tfa.build/1\"]},"
        "\"id\":\"test.libraries-" LIBRARIES "\",\"kinds\":[\"" LIBRARIES "\"],"
        "\"license\":\"Apache-2.0\",\"provides\":[\"tfa.component/1\"],"
        "\"summary\":\"Says its libraries\",\"version\":\"1.0.0\"}");

static const struct tfa_build_v1 *build;

static void say(struct tfa_call *call, tfa_val vars, const char *library, const char *version)
{
    struct tfa_text name = { 0 };
    tfa_text_add(&name, TFA_S(LIBRARIES "_"));
    tfa_text_add(&name, tfa_str_of(library));
    (void)build->set(
            call, vars, tfa_text_view(&name), build->string(call, tfa_str_of(version)));
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    (void)self, (void)call, (void)config, (void)context;
    return TFA_OK;
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    (void)self, (void)config, (void)context;
    *ret_vars = build->map(call);
    say(call, *ret_vars, "json_c", json_c_version());
    say(call, *ret_vars, "yaml", yaml_get_version_string());
    say(call, *ret_vars, "openssl", OpenSSL_version(0));
    bool is_started = curl_global_init(3) == 0;
    say(call, *ret_vars, "curl_start", is_started ? "started" : "not started");
    say(call, *ret_vars, "curl", curl_version_info(0)->version);
    say(call, *ret_vars, "curl_line", curl_version());
    void *transfer = curl_easy_init();
    (void)curl_easy_setopt(transfer, 10002 /* CURLOPT_URL */, "http://127.0.0.1:9/");
    bool is_done = curl_easy_perform(transfer) == 0;
    say(call, *ret_vars, "curl_transfer", is_done ? "done" : "failed");
    return TFA_OK;
}

static int32_t start(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call, (void)ret_self;
    build = host->ext(host->ctx, TFA_EXT_BUILD_V1);
    return TFA_OK;
}

static const void *ext(void *self, const char *id)
{
    static const struct tfa_component_v1 component = { validate, generate };
    (void)self;
    return strcmp(id, TFA_EXT_COMPONENT_V1) == 0 ? &component : NULL;
}

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void);

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    static const struct tfa_plugin plugin = { (uint32_t)sizeof(struct tfa_plugin),
        TFA_ABI_MAJOR, 0, 0, "test.libraries-" LIBRARIES, "1.0.0", start, NULL, ext };
    return &plugin;
}
