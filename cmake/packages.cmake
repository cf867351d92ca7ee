# SPDX-License-Identifier: Apache-2.0
# Outside libraries as imported targets tfa_pkg_<name>. libcurl and libcrypto are used by their headers
# only: the commands that call AWS open them at run time, so that all others start without them.

find_package(Threads REQUIRED)

# Nothing of libyaml and json-c gets into the worker: their headers, alike on all machines, are enough to compile
# what stands beside it. They are linked to one by one, since the folder they lie in is that of this machine.
if(TFA_WORKER_ONLY)
    foreach(header yaml.h json-c)
        find_path(TFA_FOLDER_OF_${header} ${header} REQUIRED)
        file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/include/packages")
        file(CREATE_LINK "${TFA_FOLDER_OF_${header}}/${header}" "${CMAKE_BINARY_DIR}/include/packages/${header}"
            SYMBOLIC)
    endforeach()
    foreach(name yaml-0.1 json-c)
        add_library(tfa_pkg_${name} INTERFACE IMPORTED GLOBAL)
        target_include_directories(tfa_pkg_${name} SYSTEM INTERFACE "${CMAKE_BINARY_DIR}/include/packages")
    endforeach()
    return()
endif()

find_package(PkgConfig REQUIRED)

# tfa_package(NAME PKGCONFIG-NAME [HEADERS_ONLY]) makes the target tfa_pkg_NAME.
function(tfa_package name module)
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
    add_library(tfa_pkg_${name} INTERFACE IMPORTED GLOBAL)
    if("HEADERS_ONLY" IN_LIST ARGN)
        target_include_directories(tfa_pkg_${name} SYSTEM INTERFACE ${${name}_INCLUDE_DIRS})
    else()
        target_link_libraries(tfa_pkg_${name} INTERFACE PkgConfig::${name})
    endif()
endfunction()

tfa_package(yaml-0.1 yaml-0.1)
tfa_package(json-c json-c)
tfa_package(libcurl libcurl HEADERS_ONLY)
tfa_package(libcrypto libcrypto HEADERS_ONLY)

# libltdl brings no .pc file.
find_library(TFA_LTDL_LIBRARY ltdl REQUIRED)
find_path(TFA_LTDL_INCLUDE ltdl.h REQUIRED)
add_library(tfa_pkg_libltdl INTERFACE IMPORTED GLOBAL)
target_include_directories(tfa_pkg_libltdl SYSTEM INTERFACE "${TFA_LTDL_INCLUDE}")
target_link_libraries(tfa_pkg_libltdl INTERFACE "${TFA_LTDL_LIBRARY}")

if(BUILD_TESTING AND NOT TFA_FUZZ)
    tfa_package(cmocka cmocka)
endif()
