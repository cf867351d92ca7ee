/* SPDX-License-Identifier: Apache-2.0 */
/* Second half of the bad plugins: a sound plugin in every part that the file before it did not replace. */
#ifndef TFATMOS_TESTS_CONFORM_PLUGIN_H
#define TFATMOS_TESTS_CONFORM_PLUGIN_H

#include "base.h"

#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef SAYS_VERSION
#define SAYS_VERSION VERSION
#endif
#ifndef COMPONENTS
#define COMPONENTS ""
#endif
#ifndef DEADLINES
#define DEADLINES "{}"
#endif
#ifndef ACTION
#define ACTION "guardduty:ListDetectors"
#endif
#ifndef SCHEMA
#define SCHEMA                                                                                 \
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"                     \
    "\"name\":{\"type\":\"string\"},\"count\":{\"type\":\"integer\",\"minimum\":0},"           \
    "\"list\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}"
#endif
#ifndef MORE_CODES
#define MORE_CODES ""
#endif
#ifndef MORE_CHECKS
#define MORE_CHECKS ""
#endif
#ifndef CATALOGUE
#define CATALOGUE                                                                              \
    "{\"checks\":[{\"actions\":[],\"code\":\"BAD0001\",\"id\":\"BAD-01\",\"title\":"           \
    "\"t\"}" MORE_CHECKS "],\"codes\":[{\"cause\":\"c\",\"code\":\"BAD0001\",\"fix\":\"f\","   \
    "\"severity\":\"warning\",\"title\":\"t\"}" MORE_CODES "]}"
#endif

#ifndef CATALOGUE_TYPE
#define CATALOGUE_TYPE TFA_NOTE_CATALOGUE
#endif
#define IDENTITY                                                                               \
    "{\"abi\":{\"major\":1,\"minor\":0},\"aws_actions\":[\"" ACTION "\"],"                     \
    "\"code_prefix\":\"BAD\",\"components\":[" COMPONENTS "],\"deadlines\":" DEADLINES ","     \
    "\"documentation\":\"https://example.com/bad\",\"extensions\":{\"optional\":["             \
    "\"tfa.clock/1\",\"tfa.log/1\"],\"required\":[\"tfa.aws/1\",\"tfa.build/1\","              \
    "\"tfa.call/1\",\"tfa.diag/1\",\"tfa.value/1\"]},\"id\":\"test.bad\","                     \
    "\"kinds\":[\"bad\"],\"license\":\"Apache-2.0\",\"provides\":[\"tfa.check/1\","            \
    "\"tfa.component/1\"],\"summary\":\"Breaks one rule\",\"version\":\"" VERSION "\"}"

/* One object, so that no compiler can put anything between the notes. */
#define NOTE_MEMBERS(name, json)                                                               \
    uint32_t name##_owner_size, name##_size, name##_type;                                      \
    char name##_owner[TFA_NOTE_OWNER_SIZE];                                                    \
    char name##_text[(sizeof(json) + 2) / 4 * 4]
#define NOTE_VALUES(type, json)                                                                \
    TFA_NOTE_OWNER_SIZE, sizeof(json) - 1, type, TFA_NOTE_OWNER, json

__attribute__((section(TFA_NOTE_SECTION), aligned(4), used)) static const struct {
    NOTE_MEMBERS(identity, IDENTITY);
    NOTE_MEMBERS(schema, SCHEMA);
    NOTE_MEMBERS(catalogue, CATALOGUE);
} notes = { NOTE_VALUES(TFA_NOTE_IDENTITY, IDENTITY), NOTE_VALUES(TFA_NOTE_SCHEMA, SCHEMA),
    NOTE_VALUES(CATALOGUE_TYPE, CATALOGUE) };

#ifndef VALIDATE
#define VALIDATE plain_validate

static int32_t plain_validate(VALIDATE_ARGS)
{
    tfa_val count = get(call, config, TFA_S("count"));
    int64_t number = 0;

    (void)self, (void)context;
    if (kit.value->as_int(call, count, &number) == TFA_OK && number > 50) {
        return say(call, count, TFA_S("count is above 50"));
    }
    return TFA_OK;
}
#endif

#ifndef GENERATE
#define GENERATE plain_generate

static int32_t plain_generate(GENERATE_ARGS)
{
    (void)self, (void)context;
    *ret = kit.build->map(call);
    return kit.build->set(call, *ret, TFA_S("name"), get(call, config, TFA_S("name")));
}
#endif

static int32_t list(GENERATE_ARGS)
{
    tfa_val one = kit.build->map(call);

    UNUSED;
    *ret = kit.build->list(call);
    (void)kit.build->set(call, one, TFA_S("id"), kit.build->string(call, TFA_S("BAD-01")));
    return kit.build->append(call, *ret, one);
}

#ifndef RUN
#define RUN plain_run

static int32_t plain_run(RUN_ARGS)
{
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc = ask(call, TFA_S("ListDetectors"), &answer);

    (void)self, (void)context, (void)item;
    if (rc != TFA_OK) {
        return rc;
    }
    if (answer->outcome != TFA_AWS_SUCCESS) {
        return tfa_result_no_answer(&kit, call, config, answer);
    }
    return tfa_result_report(
            &kit, call, config, TFA_RESULT_PASS, TFA_S(""), TFA_NONE, TFA_NONE);
}
#endif

#ifndef INIT
#define INIT plain_init

static int32_t plain_init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call, (void)ret_self;
    tfa_kit_init(&kit, host);
    return TFA_OK;
}
#endif

static const struct tfa_component_v1 component = { VALIDATE, GENERATE };
static const struct tfa_check_v1 checks = { list, RUN };

#ifndef EXT
#define EXT plain_ext

static const void *plain_ext(void *self, const char *id)
{
    (void)self;
    if (tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_CHECK_V1))) {
        return &checks;
    }
    return tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_COMPONENT_V1)) ? &component : NULL;
}
#endif

static const struct tfa_plugin plugin = { (uint32_t)sizeof(struct tfa_plugin), TFA_ABI_MAJOR, 0,
    0, "test.bad", SAYS_VERSION, INIT, NULL, EXT };

#ifndef HAS_ENTRY
TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
#endif

#endif
