/* SPDX-License-Identifier: Apache-2.0 */
/* C++ wrapper: findings and results of checks, filled in step by step. */
#ifndef TF_ATMOS_CPP_REPORT_HPP
#define TF_ATMOS_CPP_REPORT_HPP

#include <string>
#include <utility>

#include <tf-atmos/cpp/value.hpp>

namespace tfa
{

/* One finding; said by report(). Setters give *this. */
class Finding
{
  public:
    Finding(const Call &call, std::string_view code, Value at) noexcept;

    Finding &message(std::string text)
    {
        return put(message_, &tfa_diag::message, std::move(text));
    }

    Finding &detail(std::string text)
    {
        return put(detail_, &tfa_diag::detail, std::move(text));
    }

    Finding &remediation(std::string text)
    {
        return put(remediation_, &tfa_diag::remediation, std::move(text));
    }

    Finding &pointer(std::string text)
    {
        return put(pointer_, &tfa_diag::pointer, std::move(text));
    }

    Finding &resource(std::string text)
    {
        return put(resource_, &tfa_diag::resource, std::move(text));
    }

    Finding &severity(std::uint32_t severity) noexcept
    {
        raw_.severity = severity;
        return *this;
    }

    Finding &at_key() noexcept
    {
        raw_.flags |= TFA_DIAG_AT_KEY;
        return *this;
    }

    void report(); /* throws Error */

    Finding(const Finding &) = delete;
    Finding &operator=(const Finding &) = delete;

  private:
    Finding &put(std::string &kept, tfa_str tfa_diag::*member, std::string &&text)
    {
        kept = std::move(text);
        raw_.*member = view(kept);
        return *this;
    }

    const Call *call_;
    tfa_diag raw_;
    std::string message_, detail_, remediation_, pointer_, resource_;
};

/* One result of a check; said by report(). */
class CheckResult
{
  public:
    CheckResult(const Call &call, std::uint32_t outcome, Value at) noexcept;

    CheckResult &message(std::string text)
    {
        return put(message_, &tfa_result::message, std::move(text));
    }

    CheckResult &detail(std::string text)
    {
        return put(detail_, &tfa_result::detail, std::move(text));
    }

    CheckResult &remediation(std::string text)
    {
        return put(remediation_, &tfa_result::remediation, std::move(text));
    }

    CheckResult &code(std::string text)
    {
        return put(code_, &tfa_result::code, std::move(text));
    }

    CheckResult &resource(std::string text)
    {
        return put(resource_, &tfa_result::resource, std::move(text));
    }

    CheckResult &expected(Value value) noexcept
    {
        raw_.expected = value.handle();
        return *this;
    }

    CheckResult &actual(Value value) noexcept
    {
        raw_.actual = value.handle();
        return *this;
    }

    CheckResult &retry_after_ms(std::uint32_t ms) noexcept
    {
        raw_.retry_after_ms = ms;
        return *this;
    }

    void report(); /* throws Error */

    CheckResult(const CheckResult &) = delete;
    CheckResult &operator=(const CheckResult &) = delete;

  private:
    CheckResult &put(std::string &kept, tfa_str tfa_result::*member, std::string &&text)
    {
        kept = std::move(text);
        raw_.*member = view(kept);
        return *this;
    }

    const Call *call_;
    tfa_result raw_;
    std::string message_, detail_, remediation_, code_, resource_;
};

} // namespace tfa

#endif
