/* SPDX-License-Identifier: Apache-2.0 */
/* Ground of the plugin ABI: version, result codes, string view, value handle, presence tests.
 *
 * The contract between a host (the tf-atmos core, its worker, the test kit) and a plugin is made of
 *   - one exported function (plugin.h) that returns the plugin's descriptor,
 *   - structs that are passed by pointer: `struct_size` is their first field, they grow at the end,
 *   - extension tables: structs of function pointers found by an id such as "tfa.value/1". They have
 *     no size and never change; a changed table gets the next revision and both ids are offered,
 *   - frozen types, which never change: struct tfa_str, struct tfa_field, tfa_val.
 *
 * Rules that hold everywhere (docs/sdk/growth-rules.md has them with numbers):
 *   - Each side allocates and fills only its own structs; the other side only reads, and reads a
 *     field only when struct_size covers it (TFA_COVERS, TFA_HAS). Reserved fields and unknown flag
 *     bits are written as zero and ignored when read.
 *   - Nobody frees what the other allocated. Strings and arrays given to the host are copied before
 *     the call returns. Pointers and handles given to a plugin live until the callback they were
 *     obtained in returns, unless a comment says otherwise.
 *   - Out parameters are called ret_x and are written only when the function returns TFA_OK.
 *   - No exception, panic or longjmp crosses the edge. No callback is kept past the call it was
 *     given to. Nothing here is variadic.
 *   - A plugin may not fork, exec, change directory, environment, locale, umask or signal handlers,
 *     register atexit handlers, write to standard output or error, or keep threads past a callback.
 *
 * Annotations in these headers:
 *   [validate generate ...]  phases in which the function may be called (call.h lists the phases)
 *   [callback thread]        only on the thread that entered the plugin, before it returns
 *   [any thread]             from any thread of the plugin, while a callback runs
 */
#ifndef TF_ATMOS_ABI_H
#define TF_ATMOS_ABI_H

#include <stddef.h>
#include <stdint.h>

/* ABI 1 is defined where pointers have 64 bits; size_t and uint64_t are interchangeable there. */
#if UINTPTR_MAX != UINT64_MAX
#error "the tf-atmos plugin ABI needs a platform with 64-bit pointers"
#endif

/* A different major is a different entry symbol. A minor only adds. */
#define TFA_ABI_MAJOR 1

/* The newest minor this set of headers describes. */
#define TFA_ABI_MINOR 0

/* The minor a plugin is written for: fields and ids of later minors stay hidden. It comes from
 * abi.minor of the plugin's manifest (tfa_add_plugin() defines it) and is 0 unless the author asks
 * for more, so that building against newer headers never makes a plugin need a newer host. */
#ifndef TFA_ABI_TARGET
#define TFA_ABI_TARGET 0
#endif

#if TFA_ABI_TARGET < 0 || TFA_ABI_TARGET > TFA_ABI_MINOR
#error "TFA_ABI_TARGET is newer than these headers: install a newer tf-atmos SDK"
#endif

/* Opens and closes C linkage, so that the headers serve C and C++ alike. */
#ifdef __cplusplus
#define TFA_BEGIN_DECLS extern "C" {
#define TFA_END_DECLS   }
#else
#define TFA_BEGIN_DECLS
#define TFA_END_DECLS
#endif

/* Marks the one symbol a plugin exports. */
#if defined(__GNUC__) || defined(__clang__)
#define TFA_EXPORT __attribute__((visibility("default")))
#else
#define TFA_EXPORT
#endif

TFA_BEGIN_DECLS

/* ---- Result codes ---------------------------------------------------------------------------
 * int32_t: zero is success, negative is a code below, positive values are reserved (the host treats
 * a positive result of a plugin as TFA_E_INTERNAL). A code only says whether the call worked; what
 * was found is said through diag.h. A reader treats a code it does not know as TFA_E_INTERNAL.
 * Plugins return TFA_OK, TFA_E_MEMORY, TFA_E_CANCELLED, TFA_E_DEADLINE, TFA_E_INTERNAL, or hand on
 * the code of the service that failed them. */
#define TFA_OK            0
#define TFA_E_MEMORY      (-1) /* no memory, or the arena's cap is reached */
#define TFA_E_CANCELLED   (-2) /* stop, or the host is gone: clean up, return this code */
#define TFA_E_DEADLINE    (-3) /* the time for this callback is over */
#define TFA_E_POLICY      (-4) /* not allowed: undeclared or writing AWS action, unknown target */
#define TFA_E_STALE       (-5) /* handle of an earlier callback, or never a handle */
#define TFA_E_PHASE       (-6) /* the service may not be used in this phase */
#define TFA_E_KIND        (-7) /* the value is of another kind */
#define TFA_E_RANGE       (-8) /* the number does not fit, the index is past the end */
#define TFA_E_ABSENT      (-9) /* no value there: handle 0, or nothing found */
#define TFA_E_UNKNOWN     (-10) /* the value exists but is not known yet (TFA_KIND_UNKNOWN) */
#define TFA_E_INVALID     (-11) /* malformed argument: bad UTF-8, bad number, NULL, bad struct */
#define TFA_E_LIMIT       (-12) /* a documented cap is reached */
#define TFA_E_FROZEN      (-13) /* the container can no longer be changed */
#define TFA_E_THREAD      (-14) /* called on a thread that may not call it */
#define TFA_E_UNSUPPORTED (-15) /* this host cannot do it */
#define TFA_E_INTERNAL    (-16) /* a fault on the side that returns it */

/* ---- Strings --------------------------------------------------------------------------------
 * A view on UTF-8 text: `len` bytes at `ptr`, not necessarily NUL-terminated. ptr may be NULL only
 * when len is 0; {NULL, 0} means "not given". Frozen: 16 bytes, passed by value. Text a plugin gives
 * must be valid UTF-8 without NUL bytes, else the function returns TFA_E_INVALID. */
struct tfa_str {
    const char *ptr;
    uint64_t len;
};

/* A view on a string literal, usable in expressions: TFA_S("members"). Only literals compile. */
#ifdef __cplusplus
#define TFA_S(literal)    (tfa_str{ "" literal, sizeof(literal) - 1 })
#define TFA_STR(ptr, len) (tfa_str{ (ptr), (len) })
#else
#define TFA_S(literal)    ((struct tfa_str){ "" literal, sizeof(literal) - 1 })
#define TFA_STR(ptr, len) ((struct tfa_str){ (ptr), (len) })
#endif

/* The same as an initializer of static tables: { TFA_S_INIT("a"), TFA_S_INIT("b") }. */
#define TFA_S_INIT(literal) { "" literal, sizeof(literal) - 1 }

/* ---- Values ---------------------------------------------------------------------------------
 * A handle to a node of a value tree kept by the host: generation in the upper, index in the lower
 * half, so that a handle used after its callback is recognised (TFA_E_STALE) and never crashes.
 * Handles of configuration, of AWS answers and of values built by the plugin are all of this type
 * and may be mixed. Only equality with TFA_NONE has a meaning; do not store, compare or compute. */
typedef uint64_t tfa_val;

/* No value. Every function that takes a handle accepts it. */
#define TFA_NONE ((tfa_val)0)

/* One callback in progress; made by the host, valid until the callback returns. It is handed to
 * every service, so that nothing has to be kept in thread-local or global variables. */
struct tfa_call;

/* One key and its text or value, for log.h. Frozen: 48 bytes, used in plain arrays. */
struct tfa_field {
    struct tfa_str key;
    struct tfa_str text; /* used when `value` is TFA_NONE */
    tfa_val value; /* shown by the host, which redacts sensitive parts */
    uint64_t reserved; /* 0 */
};

/* ---- Presence -------------------------------------------------------------------------------
 * `type` is the struct with its keyword, `p` a pointer to it (evaluated more than once). */

/* Does *p, as its maker knew it, contain the field? */
#define TFA_COVERS(type, p, member)                                                            \
    ((p)->struct_size >= offsetof(type, member) + sizeof((p)->member))

/* Does *p contain the pointer field, and is it set? The only correct test before an optional
 * function of a struct with struct_size is called. */
#define TFA_HAS(type, p, member)                                                               \
    ((p) != NULL && TFA_COVERS(type, p, member) && (p)->member != NULL)

TFA_END_DECLS

#endif
