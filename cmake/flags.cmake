# SPDX-License-Identifier: Apache-2.0
# Language, warnings, hardening and reproducible paths for everything in the tree.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()
set(CMAKE_C_FLAGS_DEBUG "-Og -g3")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g3")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

# ccache, where it is installed. The base directory makes objects shareable between checkouts.
find_program(TFA_CCACHE ccache)
if(TFA_CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
    set(launcher /usr/bin/env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${TFA_CCACHE}")
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

add_compile_definitions($<$<COMPILE_LANGUAGE:C>:_GNU_SOURCE>)
add_compile_options("-ffile-prefix-map=${CMAKE_BINARY_DIR}/include/=include/"
    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=" -fno-common)

set(TFA_WARNINGS_C -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Wundef -Wstrict-prototypes
    -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wcast-qual -Wformat=2
    -Wnull-dereference -Wimplicit-fallthrough -Wdouble-promotion -Wswitch-enum)
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
    list(APPEND TFA_WARNINGS_C -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init)
endif()
set(TFA_WARNINGS_CXX -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
add_compile_options("$<$<COMPILE_LANGUAGE:C>:${TFA_WARNINGS_C}>"
    "$<$<COMPILE_LANGUAGE:CXX>:${TFA_WARNINGS_CXX}>")
if(TFA_WERROR)
    add_compile_options(-Werror)
endif()

# Hardening. Fortify needs an optimizing build and disturbs the sanitizers.
if(CMAKE_BUILD_TYPE STREQUAL Release)
    add_compile_options(-fstack-protector-strong -fstack-clash-protection)
    if(NOT TFA_SANITIZE)
        add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    endif()
endif()
add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
