/* SPDX-License-Identifier: Apache-2.0 */
/* Plugin metadata written by hand, for test plugins that the SDK would refuse to build. */
#ifndef TFATMOS_TESTS_NOTE_H
#define TFATMOS_TESTS_NOTE_H

#include <tf-atmos/tfa.h>

/* IDENTITY("id", "1.0.0", "1", "0", "\"tfa.value/1\""): the JSON text of an identity. */
#define IDENTITY(id, version, major, minor, required)                                          \
    "{\"abi\":{\"major\":" major ",\"minor\":" minor "},\"aws_actions\":[],"                   \
    "\"code_prefix\":\"TST\",\"components\":[],"                                               \
    "\"documentation\":\"https://example.com/test\","                                          \
    "\"extensions\":{\"optional\":[],\"required\":[" required "]},"                            \
    "\"id\":\"" id "\",\"kinds\":[\"test\"],\"license\":\"Apache-2.0\","                       \
    "\"provides\":[\"tfa.component/1\"],\"summary\":\"A test plugin\","                        \
    "\"version\":\"" version "\"}"

/* Puts one note into the file: NOTE(identity, TFA_NOTE_IDENTITY, "{...}"). */
#define NOTE(label, kind, json)                                                                \
    __attribute__((section(".note.tf-atmos"), aligned(4), used)) static const struct {         \
        uint32_t namesz, descsz, type;                                                         \
        char name[TFA_NOTE_OWNER_SIZE];                                                        \
        char desc[(sizeof(json) + 3) / 4 * 4];                                                 \
    } note_##label = { TFA_NOTE_OWNER_SIZE, sizeof(json) - 1, kind, TFA_NOTE_OWNER, json }

/* A plugin that does nothing, with the given head of its descriptor. */
#define IDLE_PLUGIN(id, version, init)                                                         \
    static int32_t validate(                                                                   \
            void *self, struct tfa_call *call, tfa_val config, tfa_val context)                \
    {                                                                                          \
        (void)self, (void)call, (void)config, (void)context;                                   \
        return TFA_OK;                                                                         \
    }                                                                                          \
    static int32_t generate(void *self, struct tfa_call *call, tfa_val config,                 \
            tfa_val context, tfa_val *ret_vars)                                                \
    {                                                                                          \
        (void)self, (void)call, (void)config, (void)context, (void)ret_vars;                   \
        return TFA_OK;                                                                         \
    }                                                                                          \
    static const struct tfa_component_v1 component = { validate, generate };                   \
    static const void *ext(void *self, const char *name)                                       \
    {                                                                                          \
        (void)self;                                                                            \
        return tfa_str_eq(tfa_str_of(name), TFA_S(TFA_EXT_COMPONENT_V1)) ? &component : NULL;  \
    }                                                                                          \
    static const struct tfa_plugin plugin = { (uint32_t)sizeof(struct tfa_plugin),             \
        TFA_ABI_MAJOR, 0, 0, id, version, init, NULL, ext }

#endif
