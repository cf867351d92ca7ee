# SPDX-License-Identifier: Apache-2.0
# Fuzz targets tests/fuzz/fuzz_<name>.c: libFuzzer programs under the preset fuzz, elsewhere programs that
# replay tests/fuzz/corpus/<name>/ once (ctest label: fuzz). A function `__wrap_x` in a target takes the
# place of the function x for all of core/.

file(GLOB targets CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
foreach(file IN LISTS targets)
    cmake_path(GET file STEM stem)
    string(REGEX REPLACE "^fuzz_" "" name ${stem})
    if(TFA_FUZZ)
        add_executable(${stem} "${file}")
        target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(${stem} "${file}" tests/fuzz/replay.c)
        add_test(NAME ${stem} COMMAND ${stem} "tests/fuzz/corpus/${name}"
            WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
        set_tests_properties(${stem} PROPERTIES LABELS fuzz TIMEOUT 120)
    endif()
    file(STRINGS "${file}" wraps REGEX "^[a-z].*__wrap_[a-z_]+\\(")
    list(TRANSFORM wraps REPLACE "^.*__wrap_([a-z_]+)\\(.*$" "-Wl,--wrap=\\1")
    list(REMOVE_DUPLICATES wraps)
    target_link_options(${stem} PRIVATE ${wraps})
    target_link_libraries(${stem} PRIVATE tfatmos_top)
    set_target_properties(${stem} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
endforeach()

# A million damaged headers and notes without a fuzzer; fewer where a sanitizer makes each one dearer.
if(NOT TFA_FUZZ)
    add_executable(mutate_elf_note tests/fuzz/fuzz_elf_note.c tests/fuzz/mutate.c)
    target_link_libraries(mutate_elf_note PRIVATE tfatmos_top)
    set_target_properties(mutate_elf_note PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
    set(rounds 1000000)
    if(TFA_SANITIZE)
        set(rounds 100000)
    endif()
    add_test(NAME mutate_elf_note
        COMMAND mutate_elf_note ${rounds} tests/fuzz/corpus/elf_note
        WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
    set_tests_properties(mutate_elf_note PROPERTIES LABELS fuzz TIMEOUT 120)
endif()
