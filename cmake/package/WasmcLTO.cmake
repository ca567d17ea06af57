# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What LTO with a module's bitcode takes: bitcode is LLVM's own format, whose
# readers know older versions of it but not newer ones, and whose optimisations
# must be those that wasmc was tested with. So compiler and linker are of the
# major version of LLVM that wasmc has.

# Fails unless the project's compiler and its lld are of that version.
function(_wasmc_require_lto caller)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(language IN ITEMS C CXX)
    if(NOT language IN_LIST languages)
      continue()
    endif()
    set(found "${CMAKE_${language}_COMPILER_ID} ${CMAKE_${language}_COMPILER_VERSION}")
    if(NOT found MATCHES "^Clang ${WASMC_LLVM_MAJOR}\\.")
      message(FATAL_ERROR
        "${caller}: LTO needs clang ${WASMC_LLVM_MAJOR} and its lld, for the module joins the "
        "program as bitcode of LLVM ${WASMC_LLVM_MAJOR}, which other compilers and linkers cannot "
        "read. The ${language} compiler is ${found} (${CMAKE_${language}_COMPILER}).\n"
        "Either leave LTO out, or configure with -DCMAKE_C_COMPILER=clang-${WASMC_LLVM_MAJOR} "
        "-DCMAKE_CXX_COMPILER=clang++-${WASMC_LLVM_MAJOR}.")
    endif()
  endforeach()

  _wasmc_language(language)
  set(compiler "${CMAKE_${language}_COMPILER}")
  execute_process(COMMAND "${compiler}" -print-prog-name=ld.lld
                  OUTPUT_VARIABLE lld OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND "${lld}" --version OUTPUT_VARIABLE version ERROR_QUIET RESULT_VARIABLE bad)
  if(NOT version MATCHES "LLD ${WASMC_LLVM_MAJOR}\\.")
    message(FATAL_ERROR
      "${caller}: LTO needs lld ${WASMC_LLVM_MAJOR}, and with -fuse-ld=lld, ${compiler} would link "
      "with '${lld}', which is another version or does not exist.\n"
      "Install it beside the compiler (Debian: apt install lld-${WASMC_LLVM_MAJOR}), or leave LTO "
      "out.")
  endif()
endfunction()

# Sets `out` to the kind of LTO that the directory's targets use by their flags;
# 'thin' if there are none, which is what CMake asks clang for. Code of one kind is
# not inlined into that of the other.
function(_wasmc_lto_kind out)
  _wasmc_language(language)
  get_directory_property(options COMPILE_OPTIONS)
  set(options ${CMAKE_${language}_FLAGS} ${options})
  if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
    list(APPEND options ${CMAKE_${language}_COMPILE_OPTIONS_IPO})
  endif()
  set(kind thin)
  string(REGEX MATCHALL "-flto[^ ;]*" flags "${options}")
  foreach(flag IN LISTS flags) # The last one counts.
    if(flag STREQUAL "-flto=thin")
      set(kind thin)
    elseif(flag MATCHES "^-flto(=full|=auto)?$")
      set(kind full)
    endif()
  endforeach()
  set(${out} ${kind} PARENT_SCOPE)
endfunction()

# Sets `out` to the command that makes of wasmc's bitcode an object like those
# that the compiler writes with LTO: with the summary by which ThinLTO finds what
# to import, or as a part of full LTO. -O0: wasmc has optimised it already, and
# the link does so again, with -O of its own.
function(_wasmc_lto_command kind bitcode object out)
  _wasmc_language(language)
  # The compiler's own triple is the one that the other objects have, too.
  set(target)
  if(CMAKE_${language}_COMPILER_TARGET)
    set(target --target=${CMAKE_${language}_COMPILER_TARGET})
  endif()
  set(${out}
      "${CMAKE_${language}_COMPILER}" ${target} -flto=${kind} -O0
      -Wno-override-module -x ir -c "${bitcode}" -o "${object}"
      PARENT_SCOPE)
endfunction()

# Sets `out` to the kind of LTO that a module joins; `asked` is what follows LTO in
# the call, or nothing.
function(_wasmc_choose_lto caller asked shared out)
  if(shared)
    message(FATAL_ERROR "${caller}: SHARED and LTO exclude each other: a plugin is linked by itself")
  endif()
  _wasmc_require_lto("${caller}")
  string(TOLOWER "${asked}" kind)
  if(NOT kind)
    _wasmc_lto_kind(kind)
  elseif(NOT kind MATCHES "^(thin|full)$")
    message(FATAL_ERROR "${caller}: behind LTO come THIN, FULL or nothing, not '${asked}'")
  endif()
  set(${out} ${kind} PARENT_SCOPE)
endfunction()
