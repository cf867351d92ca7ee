/* SPDX-License-Identifier: Apache-2.0 */
/* C++ wrapper: result codes as exceptions, views on texts. */
#ifndef TF_ATMOS_CPP_ERROR_HPP
#define TF_ATMOS_CPP_ERROR_HPP

#include <cstdint>
#include <exception>
#include <string_view>

#include <tf-atmos/tfa.h>

namespace tfa
{

/* A result code of the ABI, thrown by what needs an answer and caught at the edge. */
class Error : public std::exception
{
  public:
    explicit Error(std::int32_t code) noexcept : code_(code)
    {
    }

    std::int32_t code() const noexcept
    {
        return code_;
    }

    const char *what() const noexcept override
    {
        return "a tf-atmos service call failed";
    }

  private:
    std::int32_t code_;
};

inline void check(std::int32_t code)
{
    if (code != TFA_OK) {
        throw Error(code);
    }
}

inline tfa_str view(std::string_view text) noexcept
{
    return TFA_STR(text.data(), text.size());
}

inline std::string_view view(tfa_str text) noexcept
{
    return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}

} // namespace tfa

#endif
