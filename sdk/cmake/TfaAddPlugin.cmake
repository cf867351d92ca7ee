# SPDX-License-Identifier: Apache-2.0
# tfa_add_plugin(): one call builds a tf-atmos plugin the way hosts want it.

include_guard(GLOBAL)

# tfa_add_plugin(NAME <name> SOURCES <file>... MANIFEST <json> [SCHEMA <json>] [LINK <library>...]
#                [OUTPUT_DIRECTORY <folder>])
#
# Builds <name>.so in ${CMAKE_BINARY_DIR}/plugins (or OUTPUT_DIRECTORY) with
#   - the notes made from MANIFEST and SCHEMA (identity, schema, catalogue), checked while building,
#   - the header <name>_manifest.h (TFA_PLUGIN_ID, TFA_PLUGIN_VERSION, one macro per code and check),
#   - TFA_ABI_TARGET set to abi.minor of the manifest,
#   - one exported symbol, no unresolved symbols, eager binding, read-only relocations.
# Targets: tfa_plugin_<name> is the module; tfa_plugin_<name>_test is a library for unit tests with the
# plugin's code and the test kit, where the test kit is there; TFA_TESTKIT_MANIFEST is the manifest's path.
# LINK takes libraries as target_link_libraries() does. Prefer static ones that need nothing else:
# a plugin may run in a sandbox that offers system libraries only.
function(tfa_add_plugin)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;MANIFEST;SCHEMA;OUTPUT_DIRECTORY" "SOURCES;LINK")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "tfa_add_plugin: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    foreach(required NAME SOURCES MANIFEST)
        if(NOT arg_${required})
            message(FATAL_ERROR "tfa_add_plugin: ${required} is missing")
        endif()
    endforeach()
    if(NOT arg_OUTPUT_DIRECTORY)
        set(arg_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins")
    endif()

    # Compiled once, for the module and for unit tests.
    set(objects tfa_plugin_${arg_NAME}_objects)
    add_library(${objects} OBJECT ${arg_SOURCES})
    set_target_properties(${objects} PROPERTIES
        POSITION_INDEPENDENT_CODE ON
        C_VISIBILITY_PRESET hidden
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON)
    target_link_libraries(${objects} PUBLIC tf-atmos::sdk PRIVATE ${arg_LINK})
    tfa_add_plugin_notes(${objects} NAME ${arg_NAME} MANIFEST "${arg_MANIFEST}" SCHEMA "${arg_SCHEMA}")

    # The notes are C, the rest may be C++: then its runtime has to be linked.
    set(language C)
    if(arg_SOURCES MATCHES "\\.(cc|cpp|cxx|C)(;|$)")
        set(language CXX)
    endif()
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    foreach(needed C ${language})
        if(NOT needed IN_LIST languages)
            message(FATAL_ERROR "tfa_add_plugin(${arg_NAME}): project() needs LANGUAGES C"
                " (and CXX for C++ sources)")
        endif()
    endforeach()

    set(module tfa_plugin_${arg_NAME})
    add_library(${module} MODULE $<TARGET_OBJECTS:${objects}>)
    set_target_properties(${module} PROPERTIES
        PREFIX ""
        SUFFIX ".so"
        OUTPUT_NAME ${arg_NAME}
        LIBRARY_OUTPUT_DIRECTORY "${arg_OUTPUT_DIRECTORY}"
        LINKER_LANGUAGE ${language})
    target_link_libraries(${module} PRIVATE ${objects} ${arg_LINK})
    tfa_plugin_link_options(${module})

    add_library(tfa_plugin_${arg_NAME}_test INTERFACE)
    target_sources(tfa_plugin_${arg_NAME}_test INTERFACE $<TARGET_OBJECTS:${objects}>)
    target_link_libraries(tfa_plugin_${arg_NAME}_test INTERFACE ${objects} ${arg_LINK}
        $<TARGET_NAME_IF_EXISTS:tf-atmos::testkit>)
    target_include_directories(tfa_plugin_${arg_NAME}_test INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}")
    cmake_path(ABSOLUTE_PATH arg_MANIFEST)
    target_compile_definitions(tfa_plugin_${arg_NAME}_test INTERFACE
        "TFA_TESTKIT_MANIFEST=\"${arg_MANIFEST}\"")
endfunction()

# tfa_add_conform_test(NAME <name> [OPTIONS <option>...])
#
# Adds the test conform_<name>: every rule of the plugin contract against the module that
# tfa_add_plugin(NAME <name>) makes. OPTIONS go to the runner: --intent <file>, --answers <file>, --seed <n>.
function(tfa_add_conform_test)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "OPTIONS")
    add_test(NAME conform_${arg_NAME}
        COMMAND tf-atmos::conform ${arg_OPTIONS} "$<TARGET_FILE:tfa_plugin_${arg_NAME}>"
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
endfunction()

# How a plugin is linked; for modules that cannot be made by tfa_add_plugin().
function(tfa_plugin_link_options target)
    set(map "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/tfa_plugin.map")
    target_link_options(${target} PRIVATE
        "LINKER:--version-script=${map}" LINKER:--exclude-libs,ALL
        LINKER:-z,now LINKER:-z,relro LINKER:-z,noexecstack)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${map}")
    # clang leaves the sanitizer runtime to the executable, so its symbols stay open there.
    if(NOT (CMAKE_C_COMPILER_ID MATCHES "Clang"
            AND "${TFA_SANITIZE} ${CMAKE_C_FLAGS}" MATCHES "address|thread|undefined|memory"))
        target_link_options(${target} PRIVATE LINKER:-z,defs)
    endif()
endfunction()

# tfa_add_plugin_notes(<target> NAME <name> MANIFEST <json> [SCHEMA <json>])
#
# Adds the notes and the manifest header to any target. Changing a JSON file makes them anew.
function(tfa_add_plugin_notes target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME;MANIFEST;SCHEMA" "")
    set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/tfa_notes.cmake")
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}_manifest")
    cmake_path(ABSOLUTE_PATH arg_MANIFEST)
    set(inputs "${arg_MANIFEST}")
    if(arg_SCHEMA)
        cmake_path(ABSOLUTE_PATH arg_SCHEMA)
        list(APPEND inputs "${arg_SCHEMA}")
    endif()
    add_custom_command(
        OUTPUT "${folder}/${arg_NAME}_manifest.h" "${folder}/${arg_NAME}_notes.c"
        COMMAND "${CMAKE_COMMAND}" "-DNAME=${arg_NAME}" "-DMANIFEST=${arg_MANIFEST}"
            "-DSCHEMA=${arg_SCHEMA}" "-DOUT=${folder}" -P "${script}"
        DEPENDS ${inputs} "${script}"
        COMMENT "Notes of plugin ${arg_NAME}"
        VERBATIM)
    target_sources(${target} PRIVATE "${folder}/${arg_NAME}_notes.c" "${folder}/${arg_NAME}_manifest.h")
    target_include_directories(${target} PUBLIC "${folder}")

    # The minor the plugin asks for is a property of every file of it, so it is read at configure time.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${arg_MANIFEST}")
    set(minor NOTFOUND)
    if(EXISTS "${arg_MANIFEST}")
        file(READ "${arg_MANIFEST}" manifest)
        string(JSON minor ERROR_VARIABLE error GET "${manifest}" abi minor)
    endif()
    if(NOT minor MATCHES "^[0-9]+$")
        set(minor 0) # the build step says what is wrong with the manifest
    endif()
    target_compile_definitions(${target} PUBLIC TFA_ABI_TARGET=${minor})
endfunction()
