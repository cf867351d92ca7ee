# SPDX-License-Identifier: Apache-2.0
# One static library per folder of core/, each with its own view of the source tree.
#
# A folder is reachable by #include "<folder>/<header>" only through the library of that folder: the
# include path of every library is a folder in the build tree holding one symbolic link. A source file
# therefore sees its own folder and those of its DEPENDS, and an upward include fails to build.

# tfa_core_library(FOLDER SOURCES file... [DEPENDS folder...] [LIBS package...])
#
# DEPENDS names folders of core/ to the left of this one. LIBS names packages as pkg-config does
# (yaml-0.1 json-c libcurl libcrypto libltdl; cmake/packages.cmake), or threads, dl, m.
function(tfa_core_library folder)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LIBS")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR "tfa_core_library(${folder}): needs SOURCES; unknown: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    set(target tfatmos_${folder})
    add_library(${target} STATIC ${arg_SOURCES})
    tfa_include_view(${folder} view)
    target_include_directories(${target} PUBLIC "${view}")
    foreach(depend IN LISTS arg_DEPENDS)
        if(NOT TARGET tfatmos_${depend})
            message(FATAL_ERROR "core/${folder} depends on core/${depend}, which does not stand to the left of it")
        endif()
        target_link_libraries(${target} PUBLIC tfatmos_${depend})
    endforeach()
    foreach(lib IN LISTS arg_LIBS)
        if(TARGET tfa_pkg_${lib})
            target_link_libraries(${target} PRIVATE tfa_pkg_${lib})
        elseif(lib STREQUAL threads)
            target_link_libraries(${target} PUBLIC Threads::Threads)
        elseif(lib STREQUAL dl OR lib STREQUAL m)
            target_link_libraries(${target} PRIVATE ${lib})
        else()
            message(FATAL_ERROR "core/${folder}: unknown package ${lib}")
        endif()
    endforeach()
    # The run object is open to every folder from hcl/ on; base/, crypto/, value/ and template/ know no run.
    if(NOT folder MATCHES "^(base|crypto|value|template)$")
        tfa_core_run()
        target_link_libraries(${target} PUBLIC tfatmos_run)
    endif()
    target_compile_definitions(${target} PRIVATE "TFA_VERSION=\"${PROJECT_VERSION}\""
        "TFA_LIBDIR=\"${CMAKE_INSTALL_LIBDIR}\""
        "TFA_LIBEXECDIR=\"${CMAKE_INSTALL_LIBEXECDIR}\"")
    set_property(GLOBAL APPEND PROPERTY TFA_CORE_LIBRARIES ${target})
endfunction()

# The folder to put on the include path so that "<folder>/..." is found, and nothing else.
function(tfa_include_view folder ret_view)
    set(view "${CMAKE_BINARY_DIR}/include/${folder}")
    file(MAKE_DIRECTORY "${view}")
    if(NOT EXISTS "${view}/${folder}")
        file(CREATE_LINK "${CMAKE_SOURCE_DIR}/core/${folder}" "${view}/${folder}" SYMBOLIC)
    endif()
    set(${ret_view} "${view}" PARENT_SCOPE)
endfunction()

# core/run.h and core/run.c, between value/ and config/.
function(tfa_core_run)
    if(TARGET tfatmos_run)
        return()
    endif()
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/include/run")
    if(NOT EXISTS "${CMAKE_BINARY_DIR}/include/run/run.h")
        file(CREATE_LINK "${CMAKE_SOURCE_DIR}/core/run.h" "${CMAKE_BINARY_DIR}/include/run/run.h" SYMBOLIC)
    endif()
    add_library(tfatmos_run STATIC "${CMAKE_SOURCE_DIR}/core/run.c")
    target_include_directories(tfatmos_run PUBLIC "${CMAKE_BINARY_DIR}/include/run")
    target_link_libraries(tfatmos_run PUBLIC tfatmos_base tfatmos_value)
    set_property(GLOBAL APPEND PROPERTY TFA_CORE_LIBRARIES tfatmos_run)
endfunction()

# What stands in core/ itself: pipeline.c and its bridges. It uses everything but out/ and cli/.
function(tfa_core_pipeline)
    get_property(libraries GLOBAL PROPERTY TFA_CORE_LIBRARIES)
    list(REVERSE libraries)
    list(FILTER libraries EXCLUDE REGEX "_out$")
    set(view "${CMAKE_BINARY_DIR}/include/pipeline")
    file(MAKE_DIRECTORY "${view}")
    if(NOT EXISTS "${view}/pipeline.h")
        file(CREATE_LINK "${CMAKE_SOURCE_DIR}/core/pipeline.h" "${view}/pipeline.h" SYMBOLIC)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/core/*.c")
    list(FILTER sources EXCLUDE REGEX "/(main|run)\\.c$")
    add_library(tfatmos_pipeline STATIC ${sources})
    target_include_directories(tfatmos_pipeline PUBLIC "${view}"
        PRIVATE "${CMAKE_SOURCE_DIR}/sdk/include")
    target_link_libraries(tfatmos_pipeline PUBLIC ${libraries})
    set_property(GLOBAL APPEND PROPERTY TFA_CORE_LIBRARIES tfatmos_pipeline)
endfunction()

# tfatmos_top links everything.
function(tfa_core_top)
    get_property(libraries GLOBAL PROPERTY TFA_CORE_LIBRARIES)
    list(REVERSE libraries)
    add_library(tfatmos_top INTERFACE)
    target_include_directories(tfatmos_top INTERFACE "${CMAKE_SOURCE_DIR}/core")
    target_link_libraries(tfatmos_top INTERFACE ${libraries})
endfunction()
