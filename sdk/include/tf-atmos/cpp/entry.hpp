/* SPDX-License-Identifier: Apache-2.0 */
/* C++ wrapper: what the host calls; every exception ends here. */
#ifndef TF_ATMOS_CPP_ENTRY_HPP
#define TF_ATMOS_CPP_ENTRY_HPP

#include <cstring>
#include <new>
#include <type_traits>

#include <tf-atmos/cpp/call.hpp>

namespace tfa
{

namespace detail
{

template <class P, class = void> struct has_validate : std::false_type {
};

template <class P>
struct has_validate<P, std::void_t<decltype(&P::validate)>> : std::true_type {
};

template <class P, class = void> struct has_list : std::false_type {
};

template <class P> struct has_list<P, std::void_t<decltype(&P::list)>> : std::true_type {
};

/* Runs one callback; what is thrown becomes a code. */
template <class Body> std::int32_t guard(const Call &call, Body body) noexcept
{
    try {
        body();
        return TFA_OK;
    } catch (const Error &error) {
        return error.code();
    } catch (const std::bad_alloc &) {
        return TFA_E_MEMORY;
    } catch (const std::exception &error) {
        call.log(TFA_LOG_ERROR, error.what());
    } catch (...) {
        call.log(TFA_LOG_ERROR, "the plugin threw something that is no exception");
    }
    return TFA_E_INTERNAL;
}

/* What `self` of the ABI points to. */
template <class P> struct State {
    State(const tfa_kit &services, const Call &call) : kit(services), plugin(call)
    {
    }

    tfa_kit kit;
    P plugin;
};

template <class P> struct Entry {
    static std::int32_t init(const tfa_host *host, tfa_call *raw, void **ret_self) noexcept
    {
        tfa_kit kit;
        tfa_kit_init(&kit, host);
        Call call(kit, raw);
        return guard(call, [&] { *ret_self = new State<P>(kit, call); });
    }

    static void shutdown(void *self) noexcept
    {
        delete static_cast<State<P> *>(self);
    }

    template <class Body>
    static std::int32_t enter(void *self, tfa_call *raw, Body body) noexcept
    {
        auto *state = static_cast<State<P> *>(self);
        Call call(state->kit, raw);
        return guard(call, [&] { body(state->plugin, call); });
    }

    static std::int32_t validate(
            void *self, tfa_call *raw, tfa_val config, tfa_val context) noexcept
    {
        return enter(self, raw, [&](P &plugin, const Call &call) {
            plugin.validate(call, Value(call, config), Value(call, context));
        });
    }

    static std::int32_t generate(void *self, tfa_call *raw, tfa_val config, tfa_val context,
            tfa_val *ret_vars) noexcept
    {
        return enter(self, raw, [&](P &plugin, const Call &call) {
            Value vars = plugin.generate(call, Value(call, config), Value(call, context));
            *ret_vars = vars.handle();
        });
    }

    static std::int32_t list(void *self, tfa_call *raw, tfa_val config, tfa_val context,
            tfa_val *ret_items) noexcept
    {
        return enter(self, raw, [&](P &plugin, const Call &call) {
            Value items = plugin.list(call, Value(call, config), Value(call, context));
            *ret_items = items.handle();
        });
    }

    static std::int32_t run(
            void *self, tfa_call *raw, tfa_val config, tfa_val context, tfa_val item) noexcept
    {
        return enter(self, raw, [&](P &plugin, const Call &call) {
            plugin.run(call, Value(call, config), Value(call, context), Value(call, item));
        });
    }

    static const void *ext(void *, const char *id) noexcept
    {
        if constexpr (has_validate<P>::value) {
            static constexpr tfa_component_v1 component = { validate, generate };
            if (std::strcmp(id, TFA_EXT_COMPONENT_V1) == 0) {
                return &component;
            }
        }
        if constexpr (has_list<P>::value) {
            static constexpr tfa_check_v1 checks = { list, run };
            if (std::strcmp(id, TFA_EXT_CHECK_V1) == 0) {
                return &checks;
            }
        }
        return nullptr;
    }
};

} // namespace detail

} // namespace tfa

/* Exports a class as the plugin. Include <name>_manifest.h first. */
#define TFA_CPP_PLUGIN(Type)                                                                   \
    TFA_EXPORT const tfa_plugin *tfa_plugin_main_v1(void)                                      \
    {                                                                                          \
        using Entry = ::tfa::detail::Entry<Type>;                                              \
        static constexpr tfa_plugin plugin = { TFA_PLUGIN_HEAD, Entry::init, Entry::shutdown,  \
            Entry::ext };                                                                      \
        return &plugin;                                                                        \
    }

#endif
