# SPDX-License-Identifier: Apache-2.0
# Turns manifest.json and schema.json of a plugin into a C file with ELF notes and a header.
#
# cmake -DNAME=<name> -DMANIFEST=<file> [-DSCHEMA=<file>] -DOUT=<folder> -P tfa_notes.cmake
# Writes <OUT>/<name>_notes.c and <OUT>/<name>_manifest.h. Needs nothing but CMake. Every mistake in the
# manifest ends the build with the file, the key and what is expected. Layout of the notes: note.h.

cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/tfa_manifest.cmake")

# Text as the body of a C array: bytes, because compilers need accept only short string literals.
function(bytes_of file ret_bytes ret_size)
    file(SIZE "${file}" size)
    file(READ "${file}" hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(....................................................................................................)"
        "\\1\n        " bytes "${bytes}")
    set(${ret_bytes} "${bytes}" PARENT_SCOPE)
    set(${ret_size} ${size} PARENT_SCOPE)
endfunction()

# Adds one note to the C text: a member of the struct and its initializer.
function(add_note type limit what file)
    bytes_of("${file}" bytes size)
    if(size GREATER limit)
        fail("" "the ${what} has ${size} bytes, at most ${limit} are allowed")
    endif()
    math(EXPR padded "(${size} + 3) / 4 * 4")
    set(members "${members}    uint32_t namesz_${type};\n    uint32_t descsz_${type};\n    uint32_t type_${type};\n    char name_${type}[8];\n    unsigned char desc_${type}[${padded}];\n" PARENT_SCOPE)
    set(initials "${initials}    /* ${what} */\n    8, ${size}, ${type}, \"TFATMOS\",\n    {\n        ${bytes}\n    },\n" PARENT_SCOPE)
endfunction()

read_manifest("${MANIFEST}")
file(MAKE_DIRECTORY "${OUT}")
set(members "")
set(initials "")

file(WRITE "${OUT}/${NAME}_identity.json" "${identity}")
add_note(1 4096 "identity" "${OUT}/${NAME}_identity.json")
if(SCHEMA)
    read_json("${SCHEMA}" schema)
    add_note(2 262144 "schema" "${SCHEMA}")
endif()
set(MANIFEST_FILE "${MANIFEST}")
file(WRITE "${OUT}/${NAME}_catalogue.json" "${catalogue}")
add_note(3 262144 "catalogue" "${OUT}/${NAME}_catalogue.json")

file(CONFIGURE OUTPUT "${OUT}/${NAME}_notes.c" @ONLY CONTENT
"/* Static metadata of the plugin @NAME@; made by tfa_notes.cmake, do not edit. */
#include <stdint.h>

/* One object, so that no compiler can put anything between the notes. */
struct tfa_notes {
@members@};

__attribute__((section(\".note.tf-atmos\"), aligned(4), used)) static const struct tfa_notes notes = {
@initials@};
")
file(CONFIGURE OUTPUT "${OUT}/${NAME}_manifest.h" @ONLY CONTENT
"/* Names of the plugin @NAME@ from its manifest; made by tfa_notes.cmake, do not edit. */
#ifndef TFA_PLUGIN_MANIFEST_H
#define TFA_PLUGIN_MANIFEST_H

#if defined(TFA_ABI_TARGET) && TFA_ABI_TARGET != @abi_minor@
#error \"TFA_ABI_TARGET is not abi.minor of the manifest\"
#endif

#define TFA_PLUGIN_ID \"@id@\"
#define TFA_PLUGIN_VERSION \"@version@\"

/* Finding codes. */
@code_macros@
/* Checks. */
@check_macros@
#endif
")
