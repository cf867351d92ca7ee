/* SPDX-License-Identifier: Apache-2.0 */
/* C++ wrapper: values, and maps and lists under construction. */
#ifndef TF_ATMOS_CPP_VALUE_HPP
#define TF_ATMOS_CPP_VALUE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tf-atmos/cpp/error.hpp>

namespace tfa
{

class Call;

/* A value of the configuration, of an AWS answer, or made by the plugin. Absence carries through: get,
 * at and find of what is not there give a value that is not there. */
class Value
{
  public:
    Value(const Call &call, tfa_val handle) noexcept : call_(&call), handle_(handle)
    {
    }

    tfa_val handle() const noexcept
    {
        return handle_;
    }

    std::int32_t kind() const noexcept; /* TFA_KIND_..., failures as TFA_KIND_NONE */

    bool is_set() const noexcept
    {
        return kind() > TFA_KIND_NULL;
    } /* neither missing nor null */

    std::uint64_t size() const noexcept;
    Value get(std::string_view key) const noexcept;
    Value at(std::uint64_t index) const noexcept;
    Value find(std::string_view pointer) const noexcept; /* "/agents/eks" */
    std::string_view key_at(std::uint64_t index) const; /* throws Error */

    /* Empty when missing, of another kind, or not known yet. */
    std::optional<std::string_view> as_string() const noexcept;
    std::optional<std::int64_t> as_int() const noexcept;
    std::optional<double> as_double() const noexcept;
    std::optional<bool> as_bool() const noexcept;
    std::optional<std::string_view>
    text() const noexcept; /* of any scalar, as it was written */
    std::optional<std::string_view> tag() const noexcept;
    std::string_view to_json() const; /* throws Error; sensitive values stand in clear */

    const tfa_mark *mark() const noexcept; /* NULL when it was written nowhere */
    bool is_sensitive() const noexcept;
    bool equals(
            Value other) const; /* deeply; throws Error(TFA_E_UNKNOWN) when one is not known */
    std::string shown() const; /* for messages: the text in double quotes, "..." for secrets */

    Value sensitive() const noexcept; /* the same, marked sensitive for good */
    Value derived_from(Value from) const noexcept; /* the same, with the place of `from` */

  private:
    const Call *call_;
    tfa_val handle_;
};

/* A map or list under construction. "No value" is left out. A failure sticks in the host, which then
 * discards what the callback returns, so nothing here returns a code. */
class Map
{
  public:
    explicit Map(const Call &call) noexcept;
    Map &set(std::string_view key, Value value) noexcept;

    Map &set(std::string_view key, const Map &map) noexcept
    {
        return set(key, map.value());
    }
    template <class Scalar> Map &set(std::string_view key, const Scalar &scalar) noexcept;

    Value value() const noexcept
    {
        return value_;
    }

    operator Value() const noexcept
    {
        return value_;
    }

  private:
    const Call *call_;
    Value value_;
};

/* A list under construction, as Map. */
class List
{
  public:
    explicit List(const Call &call) noexcept;
    List &push(Value value) noexcept;

    List &push(const Map &map) noexcept
    {
        return push(map.value());
    }
    template <class Scalar> List &push(const Scalar &scalar) noexcept;

    Value value() const noexcept
    {
        return value_;
    }

    operator Value() const noexcept
    {
        return value_;
    }

  private:
    const Call *call_;
    Value value_;
};

} // namespace tfa

#endif
