# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Which machine a project is compiled for, as a target triple. wasmc itself is
# always a program of the machine at hand.

set(WASMC_TARGET "" CACHE STRING "Target triple of WebAssembly modules; empty: the toolchain's")
mark_as_advanced(WASMC_TARGET)

# The first of the project's languages that wasmc's objects are linked with.
function(_wasmc_language out)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(language IN ITEMS C CXX)
    if(language IN_LIST languages)
      set(${out} ${language} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "wasmc: the project has neither C nor C++: enable one of them in project() "
                      "before find_package(wasmc)")
endfunction()

# Sets `out` to LLVM's name of a CMAKE_SYSTEM_PROCESSOR, or to nothing.
function(_wasmc_architecture processor out)
  string(TOLOWER "${processor}" processor)
  if(processor MATCHES "^(x86_64|amd64)$")
    set(result x86_64)
  elseif(processor MATCHES "^(aarch64|arm64)$")
    set(result aarch64)
  elseif(processor MATCHES "^riscv(32|64)")
    set(result riscv${CMAKE_MATCH_1})
  elseif(processor MATCHES "^(cortex-m[347]|thumbv7e?m|armv7e?-?m$)")
    set(result thumbv7m)
  elseif(processor MATCHES "^(arm$|armhf|armv7|armv8l)")
    set(result armv7)
  else()
    set(result)
  endif()
  set(${out} "${result}" PARENT_SCOPE)
endfunction()

# The last part of a triple (gnu, musl, gnueabihf, eabi ...): the C library, and
# on 32-bit ARM how floats are passed. The compiler knows its own.
function(_wasmc_environment language architecture out)
  if(architecture MATCHES "^(arm|thumb)")
    set(result gnueabihf)
  else()
    set(result gnu)
  endif()
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_${language}_FLAGS}")
  execute_process(COMMAND "${CMAKE_${language}_COMPILER}" ${flags} -dumpmachine
                  OUTPUT_VARIABLE machine OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(machine MATCHES "-(gnu[a-z0-9_]*|musl[a-z0-9]*)$")
    set(result "${CMAKE_MATCH_1}")
  endif()
  set(${out} ${result} PARENT_SCOPE)
endfunction()

# Sets `out` to the triple that modules are compiled for.
function(_wasmc_target_triple out)
  _wasmc_language(language)
  if(WASMC_TARGET)
    set(${out} "${WASMC_TARGET}" PARENT_SCOPE)
    return()
  elseif(CMAKE_${language}_COMPILER_TARGET)
    set(${out} "${CMAKE_${language}_COMPILER_TARGET}" PARENT_SCOPE)
    return()
  endif()
  _wasmc_architecture("${CMAKE_SYSTEM_PROCESSOR}" architecture)
  if(architecture MATCHES "64$" AND CMAKE_SIZEOF_VOID_P EQUAL 4)
    set(architecture) # As with -m32.
  endif()
  if(NOT architecture)
    message(FATAL_ERROR
      "wasmc: the toolchain compiles for '${CMAKE_SYSTEM_PROCESSOR}' (pointers of "
      "${CMAKE_SIZEOF_VOID_P} bytes), for which wasmc has no code generator, or which it knows by "
      "another name.\n"
      "If 'wasmc --print-targets' lists it, set WASMC_TARGET to its target triple.")
  endif()
  if(CMAKE_SYSTEM_NAME STREQUAL "Generic" AND architecture MATCHES "^(arm|thumb)")
    set(${out} ${architecture}-none-eabi PARENT_SCOPE)
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Generic")
    set(${out} ${architecture}-none-elf PARENT_SCOPE)
  else()
    _wasmc_environment(${language} ${architecture} environment)
    string(TOLOWER "${CMAKE_SYSTEM_NAME}" system)
    set(${out} ${architecture}-${system}-${environment} PARENT_SCOPE)
  endif()
endfunction()
