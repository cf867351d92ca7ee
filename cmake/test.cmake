# SPDX-License-Identifier: Apache-2.0
# Unit tests: one CMocka program per tests/unit/<folder>/test_<file>.c and plugins/<kind>/tests/test_<file>.c.
#
# Each runs in the root of the source tree, so fixtures are "tests/fixtures/...". Label: unit; a test that
# includes <pthread.h> also carries the label threads and is run under ThreadSanitizer.

# tfa_add_test(FILE LINK target...) registers one test program.
function(tfa_add_test file)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME" "LINK")
    add_executable(${arg_NAME} "${file}")
    set_target_properties(${arg_NAME} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_include_directories(${arg_NAME} PRIVATE "${CMAKE_SOURCE_DIR}/tests/unit")
    target_link_libraries(${arg_NAME} PRIVATE ${arg_LINK} tfa_pkg_cmocka)
    # The compiler does not know that a failed assertion does not return.
    target_compile_options(${arg_NAME} PRIVATE -Wno-null-dereference)
    add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
    set(labels unit)
    file(STRINGS "${file}" threads REGEX "#include <pthread.h>" LIMIT_COUNT 1)
    if(threads)
        list(APPEND labels threads)
    endif()
    set_tests_properties(${arg_NAME} PROPERTIES LABELS "${labels}" TIMEOUT 120
        ENVIRONMENT "TFA_SOURCE_DIR=${CMAKE_SOURCE_DIR};TFA_BUILD_DIR=${CMAKE_BINARY_DIR};LC_ALL=C.UTF-8")
endfunction()

# Plugins that tests load.
if(TARGET tf-atmos-sdk AND EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/tests/plugins/CMakeLists.txt")
    add_subdirectory(tests/plugins)
    add_subdirectory(tests/conform)
endif()

# Where programs that stand for tf-atmos look for its worker: beside themselves.
foreach(folder tests drivers)
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/${folder}")
    file(CREATE_LINK "../tf-atmos-worker" "${CMAKE_BINARY_DIR}/${folder}/tf-atmos-worker" SYMBOLIC)
endforeach()

file(GLOB tests CONFIGURE_DEPENDS tests/unit/*/test_*.c)
foreach(file IN LISTS tests)
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(GET folder FILENAME folder)
    cmake_path(GET file STEM stem)
    # A test of core/<folder> sees that folder and those to its left; any other test sees everything.
    list(FIND TFA_MODULES ${folder} last)
    set(link)
    if(last LESS 0)
        set(link tfatmos_top)
    else()
        foreach(index RANGE ${last})
            list(GET TFA_MODULES ${index} module)
            if(TARGET tfatmos_${module})
                list(PREPEND link tfatmos_${module})
            endif()
        endforeach()
    endif()
    string(REGEX REPLACE "^test_" "" stem ${stem})
    tfa_add_test("${file}" NAME unit_${folder}_${stem} LINK ${link})
endforeach()

# Plugin tests link what tfa_add_plugin() offers for them: the plugin's objects and the mock host.
file(GLOB tests CONFIGURE_DEPENDS plugins/*/tests/test_*.c)
foreach(file IN LISTS tests)
    string(REGEX REPLACE ".*/plugins/([^/]+)/tests/test_([^/]+)\\.c$" "\\1;\\2" parts "${file}")
    list(GET parts 0 kind)
    list(GET parts 1 stem)
    if(TARGET tfa_plugin_${kind}_test)
        tfa_add_test("${file}" NAME plugin_${kind}_${stem} LINK tfa_plugin_${kind}_test)
    endif()
endforeach()

# Programs that integration tests drive a part of the core with: tests/drivers/<name>.c.
file(GLOB drivers CONFIGURE_DEPENDS tests/drivers/*.c)
foreach(file IN LISTS drivers)
    cmake_path(GET file STEM stem)
    add_executable(driver_${stem} "${file}")
    set_target_properties(driver_${stem} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/drivers")
    target_link_libraries(driver_${stem} PRIVATE tfatmos_top)
endforeach()
