/* SPDX-License-Identifier: Apache-2.0 */
/* C++ wrapper: one callback in progress, and what values and reports do with it. */
#ifndef TF_ATMOS_CPP_CALL_HPP
#define TF_ATMOS_CPP_CALL_HPP

#include <type_traits>

#include <tf-atmos/cpp/report.hpp>

namespace tfa
{

/* One callback in progress and the way to every service. */
class Call
{
  public:
    Call(const tfa_kit &kit, tfa_call *raw) noexcept : kit_(&kit), raw_(raw)
    {
    }

    const tfa_kit &kit() const noexcept
    {
        return *kit_;
    } /* the tables, for what is not wrapped */

    tfa_call *raw() const noexcept
    {
        return raw_;
    }

    const tfa_who &who() const
    {
        return *kit_->call->who(raw_);
    }

    /* Throws Error(TFA_E_CANCELLED) when the callback should stop; ask in long loops. */
    void go_on() const
    {
        if (kit_->call != nullptr && kit_->call->cancelled(raw_) != 0) {
            throw Error(TFA_E_CANCELLED);
        }
    }

    void log(std::uint32_t level, std::string_view message) const noexcept
    {
        if (kit_->log != nullptr) {
            kit_->log->write(raw_, level, view(message), nullptr, 0);
        }
    }

    Value none() const noexcept
    {
        return Value(*this, TFA_NONE);
    }

    Map map() const noexcept
    {
        return Map(*this);
    }

    List list() const noexcept
    {
        return List(*this);
    }

    Value value(Value v) const noexcept
    {
        return v;
    }

    Value value(std::string_view text) const noexcept
    {
        return Value(*this, kit_->build->string(raw_, view(text)));
    }

    Value value(const char *text) const noexcept
    {
        return value(std::string_view(text));
    }

    Value value(bool truth) const noexcept
    {
        return Value(*this, kit_->build->boolean(raw_, truth ? 1 : 0));
    }

    template <class Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
    Value value(Number number) const noexcept
    {
        return Value(*this, kit_->build->integer(raw_, static_cast<std::int64_t>(number)));
    }

    Value value(double number) const noexcept
    {
        return Value(*this, kit_->build->real(raw_, number));
    }

    Finding finding(std::string_view code, Value at) const
    {
        return Finding(*this, code, at);
    }

    CheckResult result(std::uint32_t outcome, Value at) const
    {
        return CheckResult(*this, outcome, at);
    }

    /* A request is the struct of aws.h; tfa_aws_request_to() makes one. Throw Error when there is no
     * answer; what AWS said stands in its outcome. */
    const tfa_aws_answer &send(const tfa_aws_request &request) const
    {
        const tfa_aws_answer *answer = nullptr;
        check(aws().send(raw_, &request, &answer));
        return *answer;
    }

    const tfa_aws_answer &paginate(
            const tfa_aws_request &request, const tfa_aws_pages &pages) const
    {
        const tfa_aws_answer *answer = nullptr;
        check(aws().paginate(raw_, &request, &pages, &answer));
        return *answer;
    }

    /* For an answer that is no success and proves nothing: skipped or unknown. */
    void no_answer(Value at, const tfa_aws_answer &answer) const
    {
        check(tfa_result_no_answer(kit_, raw_, at.handle(), &answer));
    }

  private:
    const tfa_aws_v1 &aws() const
    {
        if (kit_->aws == nullptr) {
            throw Error(TFA_E_UNSUPPORTED);
        }
        return *kit_->aws;
    }

    const tfa_kit *kit_;
    tfa_call *raw_;
};

/* ---- members of the other headers that need the call ---- */

inline std::int32_t Value::kind() const noexcept
{
    std::int32_t kind = call_->kit().value->kind(call_->raw(), handle_);
    return kind < 0 ? TFA_KIND_NONE : kind;
}

inline std::uint64_t Value::size() const noexcept
{
    return call_->kit().value->count(call_->raw(), handle_);
}

inline Value Value::get(std::string_view key) const noexcept
{
    return Value(*call_, call_->kit().value->get(call_->raw(), handle_, view(key)));
}

inline Value Value::at(std::uint64_t index) const noexcept
{
    return Value(*call_, call_->kit().value->at(call_->raw(), handle_, index));
}

inline Value Value::find(std::string_view pointer) const noexcept
{
    return Value(*call_, call_->kit().value->find(call_->raw(), handle_, view(pointer)));
}

inline std::string_view Value::key_at(std::uint64_t index) const
{
    tfa_str found = {};
    check(call_->kit().value->key_at(call_->raw(), handle_, index, &found));
    return view(found);
}

inline std::optional<std::string_view> Value::as_string() const noexcept
{
    tfa_str found = {};
    if (call_->kit().value->as_string(call_->raw(), handle_, &found) != TFA_OK) {
        return std::nullopt;
    }
    return view(found);
}

inline std::optional<std::int64_t> Value::as_int() const noexcept
{
    std::int64_t found = 0;
    if (call_->kit().value->as_int(call_->raw(), handle_, &found) != TFA_OK) {
        return std::nullopt;
    }
    return found;
}

inline std::optional<double> Value::as_double() const noexcept
{
    double found = 0;
    if (call_->kit().value->as_double(call_->raw(), handle_, &found) != TFA_OK) {
        return std::nullopt;
    }
    return found;
}

inline std::optional<bool> Value::as_bool() const noexcept
{
    std::int32_t found = 0;
    if (call_->kit().value->as_bool(call_->raw(), handle_, &found) != TFA_OK) {
        return std::nullopt;
    }
    return found != 0;
}

inline std::optional<std::string_view> Value::text() const noexcept
{
    tfa_str found = {};
    if (call_->kit().value->text(call_->raw(), handle_, &found) != TFA_OK) {
        return std::nullopt;
    }
    return view(found);
}

inline std::optional<std::string_view> Value::tag() const noexcept
{
    tfa_str found = {};
    if (call_->kit().value->tag(call_->raw(), handle_, &found) != TFA_OK) {
        return std::nullopt;
    }
    return view(found);
}

inline std::string_view Value::to_json() const
{
    tfa_str found = {};
    check(call_->kit().value->to_json(call_->raw(), handle_, &found));
    return view(found);
}

inline const tfa_mark *Value::mark() const noexcept
{
    return call_->kit().value->mark(call_->raw(), handle_);
}

inline bool Value::is_sensitive() const noexcept
{
    return call_->kit().value->is_sensitive(call_->raw(), handle_) != 0;
}

inline bool Value::equals(Value other) const
{
    std::int32_t truth = call_->kit().value->equal(call_->raw(), handle_, other.handle_);
    if (truth < 0) {
        throw Error(truth);
    }
    return truth != 0;
}

inline std::string Value::shown() const
{
    std::optional<std::string_view> found = is_sensitive() ? std::nullopt : text();
    std::string out = "\"";
    out.append(found.value_or("..."));
    return out + "\"";
}

inline Value Value::sensitive() const noexcept
{
    return Value(*call_, call_->kit().build->sensitive(call_->raw(), handle_));
}

inline Value Value::derived_from(Value from) const noexcept
{
    return Value(*call_, call_->kit().build->derived(call_->raw(), handle_, from.handle_));
}

inline Map::Map(const Call &call) noexcept
    : call_(&call), value_(call, call.kit().build->map(call.raw()))
{
}

inline Map &Map::set(std::string_view key, Value value) noexcept
{
    (void)call_->kit().build->set(call_->raw(), value_.handle(), view(key), value.handle());
    return *this;
}

template <class Scalar> Map &Map::set(std::string_view key, const Scalar &scalar) noexcept
{
    return set(key, call_->value(scalar));
}

inline List::List(const Call &call) noexcept
    : call_(&call), value_(call, call.kit().build->list(call.raw()))
{
}

inline List &List::push(Value value) noexcept
{
    (void)call_->kit().build->append(call_->raw(), value_.handle(), value.handle());
    return *this;
}

template <class Scalar> List &List::push(const Scalar &scalar) noexcept
{
    return push(call_->value(scalar));
}

inline Finding::Finding(const Call &call, std::string_view code, Value at) noexcept
    : call_(&call), raw_(tfa_diag_at(at.handle(), view(code)))
{
}

inline void Finding::report()
{
    check(call_->kit().diag->report(call_->raw(), &raw_));
}

inline CheckResult::CheckResult(const Call &call, std::uint32_t outcome, Value at) noexcept
    : call_(&call), raw_(tfa_result_at(at.handle(), outcome))
{
}

inline void CheckResult::report()
{
    check(call_->kit().diag->result(call_->raw(), &raw_));
}

} // namespace tfa

#endif
