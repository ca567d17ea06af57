# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#   wasmc_add_guest(NAME SOURCES file... [EXPORTS symbol...] [OPTIONS option...]
#                   [LINK_OPTIONS option...] [INCLUDE_DIRECTORIES folder...]
#                   [FREESTANDING])
#
# makes the WebAssembly module NAME.wasm from C or C++; docs/cmake.md is its
# manual. CMake has one compiler a language in a project, which is the host's;
# guests are compiled by rules of their own.

set(WASMC_GUEST_CLANG "" CACHE FILEPATH
    "clang ${WASMC_LLVM_MAJOR}, which compiles WebAssembly guests; empty: search for it")
set(WASMC_GUEST_SYSROOT "" CACHE PATH
    "Where wasi-libc is, for guests; empty: where clang looks for it")
mark_as_advanced(WASMC_GUEST_CLANG WASMC_GUEST_SYSROOT)

function(_wasmc_is_guest_clang ok file)
  execute_process(COMMAND "${file}" --version OUTPUT_VARIABLE version ERROR_QUIET)
  if(NOT version MATCHES "clang version ${WASMC_LLVM_MAJOR}\\.")
    set(${ok} FALSE PARENT_SCOPE)
  endif()
endfunction()

# Sets `out` to the guests' compiler, or fails.
function(_wasmc_find_guest_clang caller out)
  if(NOT WASMC_GUEST_CLANG)
    unset(WASMC_GUEST_CLANG CACHE)
    # A program of this machine, also where the project is for another one.
    find_program(WASMC_GUEST_CLANG
      NAMES clang-${WASMC_LLVM_MAJOR} clang
      PATHS /usr/lib/llvm-${WASMC_LLVM_MAJOR}/bin /opt/homebrew/opt/llvm@${WASMC_LLVM_MAJOR}/bin
      VALIDATOR _wasmc_is_guest_clang
      NO_CMAKE_FIND_ROOT_PATH
      DOC "clang ${WASMC_LLVM_MAJOR}, which compiles WebAssembly guests; empty: search for it")
  endif()
  set(ok TRUE)
  if(WASMC_GUEST_CLANG)
    _wasmc_is_guest_clang(ok "${WASMC_GUEST_CLANG}")
    set(problem "'${WASMC_GUEST_CLANG}' (WASMC_GUEST_CLANG) is another one or does not run")
  else()
    set(ok FALSE)
    set(problem "it was not found")
  endif()
  if(NOT ok)
    message(FATAL_ERROR
      "${caller}: guests are compiled by clang ${WASMC_LLVM_MAJOR}; ${problem}.\n"
      "Install it (Debian: apt install clang-${WASMC_LLVM_MAJOR} lld-${WASMC_LLVM_MAJOR}), or set "
      "WASMC_GUEST_CLANG to its path.")
  endif()
  set(${out} "${WASMC_GUEST_CLANG}" PARENT_SCOPE)
endfunction()

# Sets `out` to the path of a file of the compiler's for the target that `flags`
# name, or to nothing.
function(_wasmc_guest_file clang flags query out)
  execute_process(COMMAND "${clang}" ${flags} ${query}
                  OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT IS_ABSOLUTE "${path}" OR NOT EXISTS "${path}")
    set(path)
  endif()
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# Sets `out` to the flags that choose target and C library, for compiling and
# linking, or fails where a part of the toolchain is missing.
function(_wasmc_guest_target caller clang freestanding out)
  set(packages "wasi-libc libclang-rt-${WASMC_LLVM_MAJOR}-dev-wasm32 lld-${WASMC_LLVM_MAJOR}")
  _wasmc_guest_file("${clang}" --target=wasm32 -print-prog-name=wasm-ld linker)
  if(NOT linker)
    message(FATAL_ERROR "${caller}: ${clang} finds no wasm-ld. Debian: apt install ${packages}")
  endif()
  if(freestanding)
    set(${out} --target=wasm32 PARENT_SCOPE)
    return()
  endif()
  set(sysroot)
  if(WASMC_GUEST_SYSROOT)
    set(sysroot "--sysroot=${WASMC_GUEST_SYSROOT}")
  endif()
  # wasi-libc named its folders by the target's old name until 2024; clang warns of
  # that name, in the group of warnings that deprecated declarations belong to.
  set(flags --target=wasm32-wasip1 ${sysroot})
  _wasmc_guest_file("${clang}" "${flags}" -print-file-name=crt1-reactor.o crt)
  if(NOT crt)
    set(flags --target=wasm32-wasi ${sysroot} -Wno-deprecated -Wdeprecated-declarations)
    _wasmc_guest_file("${clang}" "${flags}" -print-file-name=crt1-reactor.o crt)
  endif()
  if(NOT crt)
    message(FATAL_ERROR
      "${caller}: ${clang} finds no wasi-libc, the C library of guests.\n"
      "Install it (Debian: apt install ${packages}), set WASMC_GUEST_SYSROOT to the sysroot of a "
      "wasi-sdk, or add FREESTANDING if the guest needs no C library.")
  endif()
  _wasmc_guest_file("${clang}" "${flags}" "--rtlib=compiler-rt;-print-libgcc-file-name" builtins)
  if(NOT builtins)
    message(FATAL_ERROR "${caller}: ${clang} finds no compiler-rt for WebAssembly. "
                        "Debian: apt install ${packages}")
  endif()
  set(${out} ${flags} PARENT_SCOPE)
endfunction()

# Sets `out` to TRUE if the guest has C++ in it; fails for what is no source.
function(_wasmc_guest_has_cxx caller sources out)
  set(${out} FALSE PARENT_SCOPE)
  foreach(source IN LISTS sources)
    if(source MATCHES "\\.(cc|cpp|cxx|c\\+\\+|C)$")
      set(${out} TRUE PARENT_SCOPE)
    elseif(NOT source MATCHES "\\.c$")
      message(FATAL_ERROR "${caller}: '${source}' is no source in C or C++ by its name")
    endif()
  endforeach()
endfunction()

# Adds a rule for each source. Sets `out` to the objects.
function(_wasmc_add_guest_objects caller name clang options sources out)
  _wasmc_output_dir(${name} dir)
  set(objects)
  foreach(source IN LISTS sources)
    _wasmc_find_file("${caller}" "${source}" path)
    cmake_path(GET path FILENAME file)
    # Two sources may have one name, in two folders.
    list(LENGTH objects count)
    set(object "${dir}/${count}-${file}.o")
    set(language_options)
    if(NOT file MATCHES "\\.c$")
      set(language_options -fno-exceptions)
    endif()
    add_custom_command(
      OUTPUT "${object}"
      COMMAND "${clang}" ${language_options} ${options}
              -MD -MF "${object}.d" -MQ "${object}" -c "${path}" -o "${object}"
      DEPENDS "${path}" DEPFILE "${object}.d"
      COMMENT "Building WebAssembly object ${name}/${file}.o"
      COMMAND_EXPAND_LISTS VERBATIM)
    list(APPEND objects "${object}")
  endforeach()
  set(${out} "${objects}" PARENT_SCOPE)
endfunction()

function(wasmc_add_guest name)
  set(caller "wasmc_add_guest(${name})")
  _wasmc_require_package("${caller}")
  cmake_parse_arguments(PARSE_ARGV 1 arg "FREESTANDING" ""
                        "SOURCES;EXPORTS;OPTIONS;LINK_OPTIONS;INCLUDE_DIRECTORIES")
  _wasmc_refuse_arguments("${caller}" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "${caller}: SOURCES are missing")
  endif()
  _wasmc_guest_has_cxx("${caller}" "${arg_SOURCES}" has_cxx)
  _wasmc_find_guest_clang("${caller}" clang)
  _wasmc_guest_target("${caller}" "${clang}" "${arg_FREESTANDING}" target)

  # wasmc/guest.h comes last: beside it there may be the host's own headers.
  set(compile ${target} -O2 -idirafter "${WASMC_INCLUDE_DIR}"
    # Names in traces and in __FILE__ are relative, and the same in every folder.
    "-ffile-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/=" -ffile-compilation-dir=.
    $<$<BOOL:${CMAKE_COLOR_DIAGNOSTICS}>:-fdiagnostics-color>)
  foreach(folder IN LISTS arg_INCLUDE_DIRECTORIES)
    cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    list(APPEND compile "-I${folder}")
  endforeach()
  # Not Binaryen's optimiser, which would depend on whether there is one.
  set(link ${target} -O2 --no-wasm-opt)
  if(arg_FREESTANDING)
    list(APPEND compile -ffreestanding)
    list(APPEND link -nostdlib -Wl,--no-entry)
  else()
    list(APPEND link -mexec-model=reactor)
  endif()
  if(has_cxx AND NOT arg_FREESTANDING)
    list(APPEND link --driver-mode=g++)
    _wasmc_guest_file("${clang}" "${target}" -print-file-name=libc++.a libcxx)
    if(NOT libcxx)
      list(APPEND link -nostdlib++)
    endif()
  endif()
  # Without this, the C library's own debug information would be left.
  if(NOT "${arg_OPTIONS}" MATCHES "(^|[;:])-g")
    list(APPEND link -Wl,--strip-debug)
  endif()
  list(TRANSFORM arg_EXPORTS PREPEND -Wl,--export= OUTPUT_VARIABLE exports)

  _wasmc_output_dir(${name} dir)
  _wasmc_each_config("${dir}" dirs)
  file(MAKE_DIRECTORY ${dirs})
  _wasmc_add_guest_objects("${caller}" ${name} "${clang}" "${compile};${arg_OPTIONS}"
                           "${arg_SOURCES}" objects)
  set(wasm "${dir}/${name}.wasm")
  add_custom_command(
    OUTPUT "${wasm}"
    COMMAND "${clang}" ${link} ${exports} ${objects} ${arg_LINK_OPTIONS} -o "${wasm}"
    DEPENDS ${objects}
    COMMENT "Linking WebAssembly module ${name}.wasm"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${name} ALL DEPENDS "${wasm}")
  set_target_properties(${name} PROPERTIES WASMC_FILE "${wasm}")
endfunction()
