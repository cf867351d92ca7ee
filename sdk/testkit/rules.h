/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the plugin contract with their numbers: the mock host names them where one is broken, the
 * conformance runner checks them, docs/plugin-rules.md is made from them (tools/check-docs --write). */
#ifndef TF_ATMOS_TESTKIT_RULES_H
#define TF_ATMOS_TESTKIT_RULES_H

/* RULE(NAME, number, group, what a plugin must keep, why, how it is checked). Numbers stay for ever:
 * new rules get the next free one, a dropped number is not used again. */
#define TFA_RULES(RULE)                                                                        \
    RULE(FILE, "R01", "The file", "The file is a shared object for this kind of machine",      \
            "Anything else cannot be loaded; better said before than by the loader.",          \
            "The ELF header, the segments and the dynamic section are read within bounds.")    \
    RULE(EXPORTS, "R02", "The file",                                                           \
            "It exports its entry function, defined in the file itself, and nothing else",     \
            "Any further symbol may clash with that of another plugin or of the program, "     \
            "and an entry that a library brings is code nobody looked at.",                    \
            "The dynamic symbols of the file: one is defined, `tfa_plugin_main_v<major>`.")    \
    RULE(BIND_NOW, "R03", "The file", "It is linked with eager binding (`-z now`)",            \
            "A missing function then stops the load and not a run half-way.",                  \
            "`DF_BIND_NOW` or `DF_1_NOW` in the dynamic section.")                             \
    RULE(RELRO, "R04", "The file", "Its relocations are read-only after loading (`-z relro`)", \
            "Together with eager binding, a memory error cannot redirect function calls.",     \
            "The segment `PT_GNU_RELRO` is there.")                                            \
    RULE(RUN_PATH, "R05", "The file",                                                          \
            "It names no place to search libraries in and pulls in no other code",             \
            "`RPATH`, `RUNPATH`, a library by path, or `DT_AUDIT` let a file elsewhere "       \
            "decide "                                                                          \
            "what runs.",                                                                      \
            "The dynamic section has none of them.")                                           \
    RULE(WRITABLE_CODE, "R06", "The file", "Its code is never writable",                       \
            "Text relocations and writable, executable segments are refused by hardened "      \
            "systems, and for good reason.",                                                   \
            "No `DT_TEXTREL`, no segment with both rights.")                                   \
    RULE(STACK, "R07", "The file", "It does not ask for an executable stack",                  \
            "The stack of the whole process would become executable.",                         \
            "`PT_GNU_STACK` is there and not executable.")                                     \
    RULE(LIBRARIES, "R08", "The file",                                                         \
            "It needs only libraries of the C, C++ or Rust runtime",                           \
            "It may run in a sandbox that offers nothing else; and a libyaml, json-c, curl, "  \
            "OpenSSL or ltdl of another version would meet that of the program.",              \
            "`DT_NEEDED` against a list. Link everything else statically.")                    \
    RULE(NOTES, "R09", "The metadata",                                                         \
            "Its notes are there once each, whole, and within their limits",                   \
            "Listing, trust and `explain` read the notes and run no code.",                    \
            "The segments `PT_NOTE` are walked: owner, type, size, JSON.")                     \
    RULE(IDENTITY, "R10", "The metadata", "Every key of the identity has the documented form", \
            "Id, version (semantic versioning), kinds and extensions decide before the load "  \
            "what the plugin is and whether this program can serve it.",                       \
            "The program's own reader of the note.")                                           \
    RULE(BINDINGS, "R11", "The metadata",                                                      \
            "It binds only root modules that are its own business",                            \
            "A glob that matches any module makes the plugin handle everything once it is "    \
            "enabled.",                                                                        \
            "No entry of `components` matches module names that have nothing in common.")      \
    RULE(ACTIONS, "R12", "The metadata", "Every AWS action it lists only reads",               \
            "Checks look and never touch; what is listed is what users grant.",                \
            "The program's own policy on every entry of `aws_actions`.")                       \
    RULE(SCHEMA, "R13", "The metadata", "The schema note is a JSON Schema the program reads",  \
            "The intent is judged by it before the plugin is called.",                         \
            "The program's own compiler of schemas.")                                          \
    RULE(CODES, "R14", "The metadata",                                                         \
            "Codes are the prefix and four digits, and none is declared twice",                \
            "People search, suppress and quote codes for years: one code, one meaning.",       \
            "The catalogue note.")                                                             \
    RULE(DOCUMENTED, "R15", "The metadata",                                                    \
            "Every code and check says what it means: title, cause, fix, severity",            \
            "`explain` and every report print them; a finding without a way out helps "        \
            "nobody.",                                                                         \
            "The catalogue note: no text is missing or blank.")                                \
    RULE(CHECKS, "R16", "The metadata",                                                        \
            "Checks are declared once, with a code and actions that are declared too",         \
            "Checks are listed, explained and permitted without running the plugin.",          \
            "The catalogue note against codes and `aws_actions`.")                             \
    RULE(DEADLINES, "R51", "The metadata",                                                     \
            "The time it asks for is a time it can get: whole seconds from 1 to 3600",         \
            "The program keeps any other number within these bounds, and reads no other key; " \
            "the plugin would be stopped at a time nobody wrote.",                             \
            "`deadlines` of the identity and `check_seconds` of each check in the catalogue.") \
    RULE(DESCRIPTOR, "R17", "The descriptor",                                                  \
            "The descriptor says what the note says: id, version, ABI",                        \
            "Trust was given to what the note says; code that calls itself something else is " \
            "refused.",                                                                        \
            "The descriptor is compared with the note after loading; its size and required "   \
            "functions too.")                                                                  \
    RULE(ENTRY, "R18", "The descriptor",                                                       \
            "The entry function returns the same descriptor each time and does nothing else",  \
            "Hosts call it more than once and before any service exists.",                     \
            "It is called twice, before and after use.")                                       \
    RULE(PROVIDES, "R19", "The descriptor",                                                    \
            "ext() offers exactly what `provides` lists, and NULL for any other id",           \
            "Newer hosts ask for ids that do not exist yet; an answer would be called.",       \
            "Every known id and several that do not exist are asked for.")                     \
    RULE(STARTS, "R20", "The descriptor",                                                      \
            "init succeeds with every host that offers the required extensions",               \
            "Anything else a plugin needs would have to be listed as required.",               \
            "init with all extensions, without the optional ones, and by newer hosts.")        \
    RULE(CRASH, "R21", "Staying alive", "No callback crashes, whatever the values are",        \
            "One wrong line of a user would end the run for everybody.",                       \
            "Each test is a process of its own; a signal is named with callback and input.")   \
    RULE(HANG, "R22", "Staying alive", "Every callback returns within its time",               \
            "The program waits for it, and ends a plugin that does not come back.",            \
            "A time limit and a limit of processor time per test.")                            \
    RULE(EXITS, "R23", "Staying alive", "It never ends the process",                           \
            "exit(), _exit() and quick_exit() end the run of everybody else.",                 \
            "The process of a test must end by itself.")                                       \
    RULE(RESULT, "R24", "Answers",                                                             \
            "A callback returns TFA_OK, or a negative code when it could not do its work",     \
            "Positive results are reserved. A code says that nothing was judged, which an "    \
            "intent that satisfies the schema gives no reason for.",                           \
            "Every callback, with intents made from the schema.")                              \
    RULE(VALUES, "R25", "Answers",                                                             \
            "What it builds and returns is well formed and of the promised kind",              \
            "The host discards the whole result after the first failure: text that is not "    \
            "UTF-8, a frozen container, a list where a map is due.",                           \
            "The mock host keeps every rule of build.h and notes each failure.")               \
    RULE(FINDING, "R26", "Answers",                                                            \
            "A finding has its size set, a code, a message, and only usable texts",            \
            "A malformed finding is dropped: the user would not see it.",                      \
            "The mock host keeps every rule of diag.h.")                                       \
    RULE(DECLARED_CODE, "R27", "Answers", "Every reported code stands in the catalogue",       \
            "A code that is not declared cannot be explained or suppressed.",                  \
            "Every finding and failed result of every test.")                                  \
    RULE(PLACE, "R28", "Answers", "Every finding points into what the user wrote",             \
            "File, line and column come from there. A value the plugin made or AWS sent has "  \
            "no line; give it one with derived().",                                            \
            "The value and the JSON pointer of every finding and result.")                     \
    RULE(CHECK_RESULT, "R29", "Answers",                                                       \
            "A check that ran reports a result, of a declared check, with a message",          \
            "Silence would be read as success by people.",                                     \
            "Every item of list() names a declared check; every run() reports.")               \
    RULE(PHASE, "R30", "Services", "Services are used only in the phases they belong to",      \
            "That is what makes every phase but the check pure and offline.",                  \
            "The mock host refuses and notes each call in a wrong phase.")                     \
    RULE(STALE, "R31", "Services", "Nothing of a callback is used after it has returned",      \
            "Handles, texts and the call belong to one callback; what they named is gone.",    \
            "The mock host knows every handle by its callback.")                               \
    RULE(THREAD, "R32", "Services", "Services are called on the thread that was entered",      \
            "Only logging, who(), cancelled() and time_left_ms() can be asked from others.",   \
            "The mock host compares threads.")                                                 \
    RULE(OPTIONAL, "R33", "Services", "It works without every optional extension",             \
            "Older hosts do not have them.",                                                   \
            "Each is hidden alone, then all of them together: no callback may fail or crash.") \
    RULE(SIZES, "R34", "Services",                                                             \
            "It reads no struct of the host beyond its struct_size, and ignores what is new",  \
            "Hosts are older and newer than the headers a plugin was built with.",             \
            "An older host puts its struct at the end of a page; a newer one has larger "      \
            "structs, unknown flags and a higher minor. Both get the same answers.")           \
    RULE(AWS_REQUEST, "R35", "AWS", "Only declared, reading, well-formed requests are made",   \
            "Every other request is refused with nothing sent.",                               \
            "The mock host's policy on every request of every test.")                          \
    RULE(AWS_ERROR, "R36", "AWS", "An answer that is an error never becomes a pass",           \
            "No permission, throttled, unreadable: nothing was seen, so the outcome is "       \
            "unknown; and only AWS's own error can be a failure.",                             \
            "Each kind of error is given to every request of every check.")                    \
    RULE(PURE, "R37", "Purity", "The same input gives the same findings and the same bytes",   \
            "Results are compared, cached and reviewed. Time, locale, environment, folder, "   \
            "random numbers and addresses are no input.",                                      \
            "100 processes with shuffled environment, locale, time zone, folder, clock and "   \
            "addresses.")                                                                      \
    RULE(MEMORYLESS, "R38", "Purity", "A callback does not depend on the ones before it",      \
            "The host calls for instances in any order, leaves some out and repeats others.",  \
            "Callbacks in shuffled and repeated order against a fresh process.")               \
    RULE(SECRET, "R39", "Purity",                                                              \
            "Sensitive values stay out of every text and unmarked value",                      \
            "Reports and variable files are read by more people than secrets are meant for.",  \
            "Planted texts are looked for in findings, results and variables.")                \
    RULE(LEAK, "R40", "Memory", "It releases what it allocated, at the latest in shutdown",    \
            "A run calls a plugin for thousands of instances.",                                \
            "Its own blocks are counted over many callbacks and many lives.")                  \
    RULE(NO_MEMORY, "R41", "Memory",                                                           \
            "Lack of memory gives a negative code: no crash, no leak, no half of a result",    \
            "The end of memory is the worst moment for a crash.",                              \
            "Every allocation and every service call of a run fails once.")                    \
    RULE(CANCEL, "R42", "Memory", "It stops when it is told to",                               \
            "A plugin that does not is ended by force after a grace period.",                  \
            "From each point on, cancelled() is 1, no time is left and services refuse.")      \
    RULE(PROCESSES, "R43", "The process", "It starts no process",                              \
            "Nobody would wait for it, and the sandbox forbids it.",                           \
            "fork, exec, posix_spawn, system and popen are caught.")                           \
    RULE(FILES, "R44", "The process", "It opens no file and no socket, and leaves none open",  \
            "What it needs comes through services; anything else cannot be reproduced.",       \
            "The calls are caught, open descriptors are counted.")                             \
    RULE(STREAMS, "R45", "The process", "It writes nothing to standard output or error",       \
            "They carry the product of the command, often JSON.",                              \
            "Both are files of the test; they must stay empty.")                               \
    RULE(SETTINGS, "R46", "The process",                                                       \
            "Environment, working folder, umask and locale stay as they are",                  \
            "They belong to the whole process.",                                               \
            "Compared after loading and after every callback.")                                \
    RULE(SIGNALS, "R47", "The process", "Signal handlers, masks and timers stay as they are",  \
            "The program relies on its own.",                                                  \
            "Compared after loading and after every callback.")                                \
    RULE(THREADS, "R48", "The process", "No thread outlives the callback that started it",     \
            "The next callback may come on another thread, and the process may fork.",         \
            "Threads are counted after every callback.")                                       \
    RULE(LIMITS, "R49", "The process",                                                         \
            "Resource limits, priorities and the modes of floating point stay as they are",    \
            "A changed rounding mode changes the numbers of everybody.",                       \
            "Compared after loading and after every callback.")                                \
    RULE(ATEXIT, "R50", "The process", "It registers no exit handler",                         \
            "Handlers run when services are gone, in an order nobody knows.",                  \
            "atexit and on_exit are caught.")

enum rule {
#define TFA_RULE_NAME(name, ...) RULE_##name,
    TFA_RULES(TFA_RULE_NAME)
#undef TFA_RULE_NAME
    RULE_COUNT
};

#define RULE_NONE RULE_COUNT

struct rule_text {
    const char *number;
    const char *group;
    const char *title;
    const char *why;
    const char *check;
};

extern const struct rule_text rule_texts[RULE_COUNT];

#endif
