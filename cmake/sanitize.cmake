# SPDX-License-Identifier: Apache-2.0
# Sanitizers, coverage and fuzzing instrumentation for the whole tree.

if(TFA_SANITIZE)
    list(JOIN TFA_SANITIZE "," sanitizers)
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
endif()
if(TFA_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID STREQUAL Clang)
        message(FATAL_ERROR "TFA_FUZZ needs clang (cmake --preset fuzz)")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(TFA_COVERAGE)
    add_compile_options(--coverage -fprofile-abs-path)
    add_link_options(--coverage)
endif()
