/* SPDX-License-Identifier: Apache-2.0 */
/* A whole plugin on one page: one validation, one generated variable, one check. */
#include <tf-atmos/tfa.hpp>

#include "tag-policy_manifest.h"

namespace
{

class TagPolicy
{
  public:
    explicit TagPolicy(const tfa::Call &)
    {
    }

    /* Everything that is wrong with the intent, without asking anyone. */
    void validate(const tfa::Call &call, tfa::Value config, tfa::Value) const
    {
        tfa::Value owner = config.get("owner");
        auto text = owner.as_string();
        /* Missing is the schema's business, unknown is nobody's. */
        if (text && text->find('@') == std::string_view::npos) {
            call.finding(TAG0001, owner)
                    .message("the owner " + owner.shown() + " is not an e-mail address")
                    .report();
        }
    }

    /* The variables of the root module; what the user wrote in vars wins over them. */
    tfa::Value generate(const tfa::Call &call, tfa::Value config, tfa::Value) const
    {
        /* Values of the configuration keep their line; a missing one is simply not set. */
        tfa::Map tags = call.map();
        tags.set("Owner", config.get("owner")).set("CostCenter", config.get("cost_center"));
        return call.map().set("tags", tags);
    }

    /* One item, and only where the intent names an organization. */
    tfa::Value list(const tfa::Call &call, tfa::Value config, tfa::Value) const
    {
        tfa::List items = call.list();
        if (config.get("organization").is_set()) {
            items.push(call.map().set("id", CHECK_TAG_01));
        }
        return items;
    }

    /* Asks AWS which organization the account is in and compares. An error that proves the point is a
     * failure, every other one leaves the outcome unknown. */
    void run(const tfa::Call &call, tfa::Value config, tfa::Value, tfa::Value) const
    {
        tfa::Value wanted = config.get("organization");
        tfa_aws_request request = tfa_aws_request_to(
                TFA_AWS_JSON_1_1, TFA_S("organizations"), TFA_S("DescribeOrganization"));
        request.target_prefix = TFA_S("AWSOrganizationsV20161128");
        const tfa_aws_answer &answer = call.send(request);
        if (answer.outcome == TFA_AWS_ERROR &&
                tfa::view(answer.error_code) == "AWSOrganizationsNotInUseException") {
            call.result(TFA_RESULT_FAIL, wanted)
                    .message("the account is in no organization")
                    .expected(wanted)
                    .report();
            return;
        }
        if (answer.outcome != TFA_AWS_SUCCESS) {
            call.no_answer(wanted, answer);
            return;
        }
        tfa::Value found = tfa::Value(call, answer.body).find("/Organization/Id");
        if (!found.is_set()) {
            call.result(TFA_RESULT_UNKNOWN, wanted)
                    .message("the answer names no organization")
                    .expected(wanted)
                    .report();
            return;
        }
        bool is_same = wanted.equals(found);
        call.result(is_same ? TFA_RESULT_PASS : TFA_RESULT_FAIL, wanted)
                .message(is_same ? "" : "the account is in another organization")
                .expected(wanted)
                .actual(found)
                .report();
    }
};

} // namespace

TFA_CPP_PLUGIN(TagPolicy)
