/* SPDX-License-Identifier: Apache-2.0 */
/* Every diagnostic of value/. */
#ifndef TFATMOS_VALUE_VALUE_DIAG_H
#define TFATMOS_VALUE_VALUE_DIAG_H

#include "base/base.h"

/* X(name, id, severity, exit code, title, cause, fix) */
#define VALUE_DIAGS(X)                                                                         \
    X(YAML_SYNTAX, "yaml/syntax", DIAG_ERROR, EXIT_DATA, "a file is not YAML",                 \
            "The text cannot be read as YAML at the place shown; the mistake is there or "     \
            "shortly before.",                                                                 \
            "Correct indentation, quotes and brackets around the place. Indent with blanks, "  \
            "never with tabs.")                                                                \
    X(YAML_NOT_UTF8, "yaml/not-utf-8", DIAG_ERROR, EXIT_DATA,                                  \
            "a file holds bytes that are not UTF-8",                                           \
            "YAML files must be UTF-8; the file was saved in another encoding or is not "      \
            "text.",                                                                           \
            "Save the file as UTF-8.")                                                         \
    X(YAML_NUL_BYTE, "yaml/nul-byte", DIAG_ERROR, EXIT_DATA, "a file holds a NUL byte",        \
            "NUL bytes never occur in text; the file is damaged, binary, or UTF-16.",          \
            "Restore the file, or save it as UTF-8.")                                          \
    X(YAML_DUPLICATE_KEY, "yaml/duplicate-key", DIAG_ERROR, EXIT_DATA,                         \
            "a map holds the same key twice",                                                  \
            "Only one of the two values could count, and which one would be a guess. Keys "    \
            "are "                                                                             \
            "compared as text: 1 and \"1\" are the same key.",                                 \
            "Remove one of them, or merge their contents.")                                    \
    X(YAML_BAD_KEY, "yaml/bad-key", DIAG_ERROR, EXIT_DATA, "a key is not usable text",         \
            "Keys are strings, numbers or booleans; null, maps, lists and functions cannot "   \
            "name anything.",                                                                  \
            "Give the key a name, or quote it.")                                               \
    X(YAML_UNDEFINED_ALIAS, "yaml/undefined-alias", DIAG_ERROR, EXIT_DATA,                     \
            "an alias refers to an anchor that does not exist",                                \
            "`*name` stands for the value marked `&name` earlier in the same file.",           \
            "Define the anchor before its use, or quote text that merely starts with '*'.")    \
    X(YAML_RECURSIVE_ALIAS, "yaml/recursive-alias", DIAG_ERROR, EXIT_DATA,                     \
            "a value contains itself",                                                         \
            "An alias stands inside the value of its own anchor, which would never end.",      \
            "Use another anchor, or write the part out.")                                      \
    X(YAML_BAD_MERGE, "yaml/bad-merge-key", DIAG_ERROR, EXIT_DATA,                             \
            "a merge key has no map to merge",                                                 \
            "`<<` takes one map or a list of maps, usually aliases.",                          \
            "Point it to a map, or quote the key when it is meant as text.")                   \
    X(YAML_UNKNOWN_TAG, "yaml/unknown-tag", DIAG_ERROR, EXIT_DATA, "a tag is not known",       \
            "Tags start with '!'. Known are the core tags of YAML (!!str, !!int, !!float, "    \
            "!!bool, !!null, !!map, !!seq) and the functions of this version.",                \
            "Correct the tag, or quote text that merely starts with '!'.")                     \
    X(YAML_TAG_NOT_HERE, "yaml/tag-not-here", DIAG_ERROR, EXIT_DATA,                           \
            "a tag stands where it cannot be used",                                            \
            "The tag is known, but not on a value of this kind.",                              \
            "Remove the tag, or put it on the value it is meant for.")                         \
    X(YAML_TAG_MISMATCH, "yaml/tag-mismatch", DIAG_ERROR, EXIT_DATA,                           \
            "a value does not have the type its tag says",                                     \
            "A core tag such as !!int demands a value of that type.",                          \
            "Correct the value or remove the tag.")                                            \
    X(YAML_TOO_LARGE, "yaml/too-large", DIAG_ERROR, EXIT_DATA, "a file is too large",          \
            "Files are bounded so that no input can exhaust the machine.", "Split the file.")  \
    X(YAML_TOO_DEEP, "yaml/too-deep", DIAG_ERROR, EXIT_DATA, "maps and lists nest too deep",   \
            "Nesting is bounded so that no input can exhaust the machine.",                    \
            "Nest less, or split the file.")                                                   \
    X(YAML_TOO_MANY_NODES, "yaml/too-many-values", DIAG_ERROR, EXIT_DATA,                      \
            "a file expands to too many values",                                               \
            "Aliases are counted as the values they stand for: a few lines of aliases to "     \
            "aliases can stand for billions of values.",                                       \
            "Use fewer aliases to large values, or split the file.")                           \
    X(YAML_TEXT_TOO_LONG, "yaml/text-too-long", DIAG_ERROR, EXIT_DATA, "one text is too long", \
            "The length of a single value is bounded so that no input can exhaust the "        \
            "machine.",                                                                        \
            "Keep large content in a file of its own.")                                        \
    X(YAML_KEY_CLASH, "yaml/key-clash", DIAG_ERROR, EXIT_DATA,                                 \
            "two keys say different things about one place",                                   \
            "With settings.yaml.key_delimiter an unquoted key such as `a.b` is the key `b` "   \
            "in the map `a`; here `a` or `b` is set a second time.",                           \
            "Keep one of the two, or quote the key that is not to be split.")                  \
    X(YAML_SECOND_DOCUMENT, "yaml/second-document", DIAG_WARNING, EXIT_OK,                     \
            "only the first document of a file is read",                                       \
            "A line of `---` starts another document; Atmos ignores all but the first.",       \
            "Move the rest to files of their own, or remove the line.")                        \
    X(YAML_ACCOUNT_ID, "yaml/account-id", DIAG_WARNING, EXIT_OK,                               \
            "an account id is not quoted",                                                     \
            "Twelve digits with a leading zero are a number to YAML and would lose the zero; " \
            "the text was kept.",                                                              \
            "Quote this account id.")                                                          \
    X(JSON_SYNTAX, "json/syntax", DIAG_ERROR, EXIT_DATA, "a text is not JSON",                 \
            "The text cannot be read as JSON at the place shown. Comments, trailing commas, "  \
            "NaN and Infinity are not JSON.",                                                  \
            "Correct the text.")                                                               \
    X(JSON_NOT_UTF8, "json/not-utf-8", DIAG_ERROR, EXIT_DATA,                                  \
            "a JSON text holds bytes that are not UTF-8", "JSON must be UTF-8.",               \
            "Correct the program that wrote it.")                                              \
    X(JSON_DUPLICATE_KEY, "json/duplicate-key", DIAG_ERROR, EXIT_DATA,                         \
            "a JSON object holds the same key twice",                                          \
            "Only one of the two values could count, and which one would be a guess.",         \
            "Remove one of them.")                                                             \
    X(JSON_BAD_KEY, "json/bad-key", DIAG_ERROR, EXIT_DATA, "a JSON key holds a NUL character", \
            "\\u0000 cannot be part of a key.", "Correct the program that wrote it.")          \
    X(JSON_TOO_DEEP, "json/too-deep", DIAG_ERROR, EXIT_DATA, "JSON nests too deep",            \
            "Nesting is bounded so that no input can exhaust the machine.", "Nest less.")      \
    X(JSON_TOO_LARGE, "json/too-large", DIAG_ERROR, EXIT_DATA, "a JSON text is too large",     \
            "Texts are bounded so that no input can exhaust the machine.", "Split the text.")

enum value_diag {
    VALUE_DIAGS(DIAG_KIND_ENUM) VALUE_DIAG__COUNT
};

extern const struct diag_kind value_diags[VALUE_DIAG__COUNT];

#endif
