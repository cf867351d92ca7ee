/* SPDX-License-Identifier: Apache-2.0 */
/* C++17 wrapper of the plugin ABI: values with methods, findings and results filled in step by step,
 * exceptions caught at the edge. Header only, not part of the ABI, compiled into the plugin.
 *
 *     class TagPolicy {
 *     public:
 *         explicit TagPolicy(const tfa::Call &) {}
 *         void validate(const tfa::Call &call, tfa::Value config, tfa::Value context) const;
 *         tfa::Value generate(const tfa::Call &call, tfa::Value config, tfa::Value context) const;
 *         tfa::Value list(const tfa::Call &call, tfa::Value config, tfa::Value context) const;
 *         void run(const tfa::Call &call, tfa::Value config, tfa::Value context, tfa::Value item) const;
 *     };
 *     TFA_CPP_PLUGIN(TagPolicy)
 *
 * The class offers tfa.component/1 when it has validate, tfa.check/1 when it has list; this must equal
 * `provides` of the manifest. A member that throws tfa::Error returns its code, std::bad_alloc is
 * TFA_E_MEMORY, anything else is logged and becomes TFA_E_INTERNAL. Values and texts live until the
 * callback returns: never keep them. */
#ifndef TF_ATMOS_TFA_HPP
#define TF_ATMOS_TFA_HPP

#include <tf-atmos/cpp/call.hpp>
#include <tf-atmos/cpp/entry.hpp>
#include <tf-atmos/cpp/error.hpp>
#include <tf-atmos/cpp/report.hpp>
#include <tf-atmos/cpp/value.hpp>

#endif
