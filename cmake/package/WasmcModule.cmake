# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#   wasmc_add_module(NAME SOURCE file.wasm|file.wat|guest
#                    [ABI file.abi] [PREFIX prefix] [OPTIONS option...]
#                    [LTO [THIN|FULL]] [SHARED])
#   wasmc_add_module(NAME MODULES [name=]source... [ABI name=file.abi...]
#                    [PREFIX name=prefix...] [OPTIONS option...] [LTO [THIN|FULL]] [SHARED])
#
# makes the library NAME of native code from a module, or from several that import
# from each other; docs/cmake.md is its manual.

# A file of the caller's: below its source folder, below its binary folder, or
# written by one of its rules.
function(_wasmc_find_file caller file out)
  foreach(base IN ITEMS "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}")
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${base}" NORMALIZE OUTPUT_VARIABLE path)
    get_source_file_property(generated "${path}" GENERATED)
    if(generated OR (EXISTS "${path}" AND NOT IS_DIRECTORY "${path}"))
      set(${out} "${path}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "${caller}: there is no file '${file}', and no rule of this folder writes it")
endfunction()

# The folder of a target's files, below the caller's binary folder. With several
# configurations in one build folder, options can depend on $<CONFIG>.
function(_wasmc_output_dir name out)
  get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(dir "${CMAKE_CURRENT_BINARY_DIR}/wasmc/${name}")
  if(multi)
    string(APPEND dir "/$<CONFIG>")
  endif()
  set(${out} "${dir}" PARENT_SCOPE)
endfunction()

# Sets `out` to what becomes of `text` in each configuration.
function(_wasmc_each_config text out)
  get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(result "${text}")
  if(multi)
    set(result)
    foreach(config IN LISTS CMAKE_CONFIGURATION_TYPES)
      string(REPLACE "$<CONFIG>" "${config}" one "${text}")
      list(APPEND result "${one}")
    endforeach()
  endif()
  set(${out} "${result}" PARENT_SCOPE)
endfunction()

# Functions are global, but not what they use.
function(_wasmc_require_package caller)
  if(NOT TARGET wasmc::wasmc)
    message(FATAL_ERROR "${caller}: call find_package(wasmc) in this folder or one above it")
  endif()
endfunction()

function(_wasmc_refuse_arguments caller unknown missing)
  if(unknown)
    list(JOIN unknown "', '" text)
    message(FATAL_ERROR "${caller}: unknown argument '${text}'")
  endif()
  if(missing)
    list(JOIN missing ", " text)
    message(FATAL_ERROR "${caller}: nothing follows ${text}")
  endif()
endfunction()

# Headers of C and POSIX that a header of the module must not stand before.
set(_WASMC_SYSTEM_HEADERS
  aio assert complex cpio ctype dirent dlfcn errno fcntl fenv float fmtmsg fnmatch ftw glob grp
  iconv inttypes iso646 langinfo libgen limits locale math memory monetary mqueue ndbm netdb
  nl_types poll pthread pwd regex sched search semaphore setjmp signal spawn stdalign stdarg
  stdatomic stdbool stdckdint stdbit stddef stdint stdio stdlib stdnoreturn string strings stropts
  syslog tar termios tgmath thread threads time trace uchar ulimit unistd utime utmpx wait wchar
  wctype wordexp)

# Errors of the command line are those of wasmc itself, but when the project is
# configured rather than when it is built.
function(_wasmc_check_options caller triple prefixes options)
  foreach(option IN LISTS options)
    if(option MATCHES "^(-o|-M[DFT]|--?header|--?emit|--?prefix|--?abi|--?target|--?runtime)(=|$)")
      message(FATAL_ERROR "${caller}: '${option}' is not for OPTIONS: the arguments of "
                          "wasmc_add_module() and the variables WASMC_TARGET and WASMC_RUNTIME say "
                          "what it would")
    endif()
  endforeach()
  # Known only when the build files are written.
  list(FILTER options EXCLUDE REGEX "\\$<|>")
  execute_process(
    COMMAND "${WASMC_EXECUTABLE}" "-###" ${prefixes} --target=${triple} ${options} -o checked.o
    RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
  if(status EQUAL 2)
    string(REPLACE "wasmc: error: " "" errors "${errors}")
    string(STRIP "${errors}" errors)
    message(FATAL_ERROR "${caller}: ${errors}")
  elseif(NOT status EQUAL 0)
    message(FATAL_ERROR "${caller}: cannot run '${WASMC_EXECUTABLE}' (${status}): ${errors}")
  endif()
endfunction()

# Sets `out_file` to the module and `out_inputs` to what it depends on.
function(_wasmc_find_module caller source out_file out_inputs)
  if(TARGET "${source}")
    get_target_property(file "${source}" WASMC_FILE)
    if(NOT file)
      message(FATAL_ERROR "${caller}: the target '${source}' is none of wasmc_add_guest()")
    endif()
    set(${out_inputs} "${source}" "${file}" PARENT_SCOPE)
  else()
    _wasmc_find_file("${caller}" "${source}" file)
    set(${out_inputs} "${file}" PARENT_SCOPE)
  endif()
  set(${out_file} "${file}" PARENT_SCOPE)
endfunction()

function(_wasmc_check_header caller header argument)
  if(header IN_LIST _WASMC_SYSTEM_HEADERS)
    message(FATAL_ERROR "${caller}: its header '${header}.h' would hide the system's header of that "
                        "name: give another ${argument}")
  endif()
endfunction()

# The arguments of wasmc for a module: `out_command`; what it depends on: `out_inputs`;
# and those that can be checked before there is a module: `out_checked`.
function(_wasmc_single_module caller source abi prefix out_command out_inputs out_checked)
  foreach(argument IN ITEMS abi prefix)
    list(LENGTH ${argument} length)
    if(length GREATER 1)
      list(GET ${argument} 1 second)
      message(FATAL_ERROR "${caller}: unknown argument '${second}'")
    endif()
  endforeach()
  _wasmc_find_module("${caller}" "${source}" file inputs)
  set(command "${file}" --prefix=${prefix})
  if(abi)
    _wasmc_find_file("${caller}" "${abi}" abi)
    list(APPEND inputs "${abi}")
    list(APPEND command "--abi=${abi}")
  endif()
  set(${out_command} "${command}" PARENT_SCOPE)
  set(${out_inputs} "${inputs}" PARENT_SCOPE)
  set(${out_checked} --prefix=${prefix} /dev/null PARENT_SCOPE)
endfunction()

# The same for several, each [name=]source, with name=file and name=prefix.
function(_wasmc_linked_modules caller modules abi prefix out_command out_inputs out_checked)
  set(command)
  set(inputs)
  set(checked)
  foreach(module IN LISTS modules)
    set(name)
    if(module MATCHES "^([^=/]+)=(.+)$")
      set(name "${CMAKE_MATCH_1}")
      set(module "${CMAKE_MATCH_2}")
    endif()
    _wasmc_find_module("${caller}" "${module}" file needs)
    if(NOT name)
      cmake_path(GET file STEM LAST_ONLY name)
    endif()
    list(APPEND inputs ${needs})
    list(APPEND command "${name}=${file}")
    list(APPEND checked "${name}=/dev/null")
  endforeach()
  foreach(one IN LISTS prefix)
    list(APPEND command "--prefix=${one}")
    list(APPEND checked "--prefix=${one}")
  endforeach()
  foreach(one IN LISTS abi)
    if(NOT one MATCHES "^([^=/]+)=(.+)$")
      message(FATAL_ERROR "${caller}: ABI '${one}' does not say of which module it is: "
                          "give NAME=${one}")
    endif()
    set(name "${CMAKE_MATCH_1}")
    _wasmc_find_file("${caller}" "${CMAKE_MATCH_2}" file)
    list(APPEND inputs "${file}")
    list(APPEND command "--abi=${name}=${file}")
  endforeach()
  set(${out_command} "${command}" PARENT_SCOPE)
  set(${out_inputs} "${inputs}" PARENT_SCOPE)
  set(${out_checked} "${checked}" PARENT_SCOPE)
endfunction()

function(wasmc_add_module name)
  set(caller "wasmc_add_module(${name})")
  _wasmc_require_package("${caller}")
  cmake_parse_arguments(PARSE_ARGV 1 arg "SHARED" "SOURCE" "MODULES;ABI;PREFIX;OPTIONS;LTO")
  set(lto)
  if(DEFINED arg_LTO OR "LTO" IN_LIST arg_KEYWORDS_MISSING_VALUES)
    list(REMOVE_ITEM arg_KEYWORDS_MISSING_VALUES LTO)
    _wasmc_choose_lto("${caller}" "${arg_LTO}" "${arg_SHARED}" lto)
  endif()
  _wasmc_refuse_arguments("${caller}" "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  if(arg_MODULES AND arg_SOURCE)
    message(FATAL_ERROR "${caller}: SOURCE is one module, MODULES are several: give one of the two")
  elseif(arg_MODULES)
    set(header "${name}")
    set(file "${name}")
    _wasmc_check_header("${caller}" "${header}" "name")
    _wasmc_linked_modules("${caller}" "${arg_MODULES}" "${arg_ABI}" "${arg_PREFIX}"
                          modules inputs checked)
  elseif(arg_SOURCE)
    if(NOT arg_PREFIX)
      set(arg_PREFIX "${name}")
    endif()
    list(GET arg_PREFIX 0 header)
    _wasmc_check_header("${caller}" "${header}" "PREFIX")
    _wasmc_single_module("${caller}" "${arg_SOURCE}" "${arg_ABI}" "${arg_PREFIX}"
                         modules inputs checked)
    list(GET modules 0 file)
    cmake_path(GET file FILENAME file)
  else()
    message(FATAL_ERROR "${caller}: SOURCE is missing: a module or a target of wasmc_add_guest()")
  endif()
  _wasmc_target_triple(triple)
  _wasmc_check_options("${caller}" "${triple}" "${checked}" "${arg_OPTIONS}")

  set(options --target=${triple} $<$<BOOL:${CMAKE_COLOR_DIAGNOSTICS}>:-fcolor-diagnostics>)
  if(arg_SHARED)
    list(APPEND inputs "${WASMC_RUNTIME_LIBRARY}")
    list(APPEND options "--runtime=${WASMC_RUNTIME_LIBRARY}")
  endif()
  list(APPEND options ${arg_OPTIONS})

  _wasmc_output_dir(${name} dir)
  _wasmc_each_config("${dir}/include" include_dirs)
  file(MAKE_DIRECTORY ${include_dirs})
  set(output "${dir}/${name}.o")
  if(arg_SHARED)
    set(output "${dir}/lib${name}.so")
  endif()
  set(written "${output}")
  set(then)
  if(lto)
    set(written "${dir}/${name}.bc")
    _wasmc_lto_command(${lto} "${written}" "${output}" then)
    list(PREPEND then COMMAND)
  endif()
  set(header "${dir}/include/${header}.h")
  add_custom_command(
    OUTPUT "${output}"
    # Its time stays when its text does: what includes it is not compiled again.
    BYPRODUCTS "${header}"
    COMMAND "${WASMC_EXECUTABLE}" ${modules} ${options} -o "${written}" "--header=${dir}/new.h"
            -MD -MF "${dir}/${name}.d" -MT "${output}"
    ${then}
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${dir}/new.h" "${header}"
    DEPENDS ${inputs} "${WASMC_EXECUTABLE}"
    DEPFILE "${dir}/${name}.d"
    COMMENT "Compiling ${file} to native code for ${triple}"
    COMMAND_EXPAND_LISTS VERBATIM)

  if(arg_SHARED)
    _wasmc_add_plugin(${name} "${output}" "${dir}")
  else()
    _wasmc_add_library(${name} "${output}" "${dir}")
  endif()
  if(lto)
    target_link_options(${name} INTERFACE -fuse-ld=lld)
  endif()
endfunction()

function(_wasmc_add_library name object dir)
  _wasmc_language(language)
  _wasmc_each_config("${object}" objects)
  set_source_files_properties(${objects} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_library(${name} STATIC "${object}")
  # Objects of wasmc's are position-independent.
  set_target_properties(${name} PROPERTIES
    LINKER_LANGUAGE ${language} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} INTERFACE "$<BUILD_INTERFACE:${dir}/include>")
  target_link_libraries(${name} INTERFACE wasmc::rt)
endfunction()

function(_wasmc_add_plugin name library dir)
  add_custom_target(${name}_plugin ALL DEPENDS "${library}")
  add_library(${name} SHARED IMPORTED GLOBAL)
  add_dependencies(${name} ${name}_plugin)
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION "${library}"
    INTERFACE_INCLUDE_DIRECTORIES "${dir}/include;${WASMC_INCLUDE_DIR}")
  get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi)
    foreach(config IN LISTS CMAKE_CONFIGURATION_TYPES)
      string(REPLACE "$<CONFIG>" "${config}" one "${library}")
      string(TOUPPER "${config}" config)
      set_property(TARGET ${name} PROPERTY IMPORTED_LOCATION_${config} "${one}")
    endforeach()
  endif()
endfunction()
