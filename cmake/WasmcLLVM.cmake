# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Finds the one major version of LLVM that llvm-version.txt pins.
#
#   wasmcLLVM         interface target: headers, definitions, the libraries
#   wasmcLLVMShared   the same for what is built with sanitizers: the shared library, if there is one
#   WASMC_LLVM_MAJOR  the pinned major version
#   LLVM_TOOLS_BINARY_DIR  where its tools are
#   WASMC_LLD         ld.lld of the same version, for shared libraries

set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${PROJECT_SOURCE_DIR}/llvm-version.txt)
file(STRINGS ${PROJECT_SOURCE_DIR}/llvm-version.txt WASMC_LLVM_MAJOR LIMIT_COUNT 1)

# Where distributions and Homebrew put one version beside others. LLVM's own
# version file accepts equal major.minor only, so the number is checked below.
find_package(LLVM CONFIG QUIET HINTS
  /usr/lib/llvm-${WASMC_LLVM_MAJOR}/lib/cmake/llvm
  /usr/lib/llvm${WASMC_LLVM_MAJOR}/lib/cmake/llvm
  /usr/lib/llvm/${WASMC_LLVM_MAJOR}/lib64/cmake/llvm
  /usr/lib64/llvm${WASMC_LLVM_MAJOR}/lib64/cmake/llvm
  /opt/homebrew/opt/llvm@${WASMC_LLVM_MAJOR}/lib/cmake/llvm)
if(NOT LLVM_FOUND)
  message(FATAL_ERROR
    "wasmc is built with LLVM ${WASMC_LLVM_MAJOR} (llvm-version.txt), and no LLVM was found.\n"
    "Debian: apt install llvm-${WASMC_LLVM_MAJOR}-dev; elsewhere: set LLVM_DIR to the folder of "
    "LLVMConfig.cmake.")
endif()
if(NOT LLVM_VERSION_MAJOR EQUAL WASMC_LLVM_MAJOR)
  message(FATAL_ERROR
    "wasmc is built with LLVM ${WASMC_LLVM_MAJOR} (llvm-version.txt), but found "
    "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}.\n"
    "Set LLVM_DIR to the folder of LLVM ${WASMC_LLVM_MAJOR}'s LLVMConfig.cmake.")
endif()
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}")

add_library(wasmcLLVMHeaders INTERFACE)
# As system headers: their warnings are not ours.
target_include_directories(wasmcLLVMHeaders SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
separate_arguments(WASMC_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(wasmcLLVMHeaders INTERFACE ${WASMC_LLVM_DEFINITIONS})
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(wasmcLLVMHeaders INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
endif()

# Sets `result` to whether LLVM's archives are there, and what they need.
function(wasmc_find_llvm_archives result)
  set(${result} FALSE PARENT_SCOPE)
  if(NOT TARGET LLVMSupport)
    return()
  endif()
  get_target_property(archive LLVMSupport LOCATION)
  get_target_property(needed LLVMSupport INTERFACE_LINK_LIBRARIES)
  foreach(library ${archive} ${needed})
    if((library MATCHES "::" AND NOT TARGET ${library}) OR
       (IS_ABSOLUTE "${library}" AND NOT EXISTS "${library}"))
      message(STATUS "LLVM's archives need ${library}, which was not found")
      return()
    endif()
  endforeach()
  set(${result} TRUE PARENT_SCOPE)
endfunction()

# The shared library has all targets, and mapping it takes more memory than compiling a small
# module does. So it is linked where there is nothing else, and with sanitizers: of a template of
# LLVM's the linker would take the archives' instance for one of ours, which is instrumented.
wasmc_find_llvm_archives(archives_found)
add_library(wasmcLLVM INTERFACE)
add_library(wasmcLLVMShared INTERFACE)
target_link_libraries(wasmcLLVM INTERFACE wasmcLLVMHeaders)
target_link_libraries(wasmcLLVMShared INTERFACE wasmcLLVMHeaders)
if(TARGET LLVM AND (WASMC_LLVM_SHARED OR WASMC_SANITIZE OR NOT archives_found))
  message(STATUS "Linking LLVM's shared library")
  target_link_libraries(wasmcLLVM INTERFACE LLVM)
else()
  # The targets are those of compiler/object/TargetMachines.cpp.
  llvm_map_components_to_libnames(libraries AArch64 ARM RISCV X86 BitWriter DebugInfoDWARF Option
                                  Passes)
  target_link_libraries(wasmcLLVM INTERFACE ${libraries})
  # What is never called is not to be mapped, nor are LLVM's many relocations to be long lists.
  include(CheckLinkerFlag)
  foreach(flag --gc-sections --as-needed -z,pack-relative-relocs)
    string(MAKE_C_IDENTIFIER "WASMC_LINKER_HAS_${flag}" has_flag)
    check_linker_flag(CXX LINKER:${flag} ${has_flag})
    if(${has_flag})
      target_link_options(wasmcLLVM INTERFACE LINKER:${flag})
    endif()
  endforeach()
endif()
target_link_libraries(wasmcLLVMShared INTERFACE $<IF:$<TARGET_EXISTS:LLVM>,LLVM,wasmcLLVM>)

# What faces untrusted input is what links to LLVM; the runtime plays with
# stacks and signals and is tested as it ships. `vptr` needs RTTI of classes
# that LLVM hides in its library.
if(WASMC_SANITIZE)
  set(flags -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all
            -fno-omit-frame-pointer)
  target_compile_options(wasmcLLVM INTERFACE ${flags})
  target_link_options(wasmcLLVM INTERFACE ${flags})
endif()

find_program(WASMC_LLD NAMES ld.lld HINTS ${LLVM_TOOLS_BINARY_DIR} NO_DEFAULT_PATH
             DOC "ld.lld of the pinned LLVM, with which wasmc links shared libraries")
if(NOT WASMC_LLD)
  find_program(WASMC_LLD NAMES ld.lld-${WASMC_LLVM_MAJOR})
endif()
if(NOT WASMC_LLD)
  message(STATUS "ld.lld ${WASMC_LLVM_MAJOR} was not found: wasmc will look for it when it runs")
  set(WASMC_LLD "ld.lld-${WASMC_LLVM_MAJOR}" CACHE FILEPATH "" FORCE)
endif()
