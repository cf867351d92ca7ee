/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of the rules. */
#include "rules.h"

#define TFA_RULE_TEXT(name, number, group, title, why, check)                                  \
    { (number), (group), (title), (why), (check) },

const struct rule_text rule_texts[RULE_COUNT] = { TFA_RULES(TFA_RULE_TEXT) };
