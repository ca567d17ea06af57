# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# wasmc::rt: the archive of the package where that fits the toolchain, else the
# runtime built from its source, which the package has, too.

set(WASMC_RUNTIME "" CACHE STRING
    "Runtime: an archive, 'source' to build it, or empty: what fits the toolchain")
mark_as_advanced(WASMC_RUNTIME)

# WASMC_RUNTIME_LIBRARY is what linkers get.
if(WASMC_RUNTIME STREQUAL "source" OR (NOT WASMC_RUNTIME AND CMAKE_CROSSCOMPILING))
  # Built when something links it, once for all that do.
  if(NOT TARGET wasmc_rt)
    # Its languages may be new to the project, or assembly be forgotten.
    foreach(language IN ITEMS CXX ASM)
      if(CMAKE_C_COMPILER_TARGET AND NOT CMAKE_${language}_COMPILER_TARGET)
        set(CMAKE_${language}_COMPILER_TARGET ${CMAKE_C_COMPILER_TARGET})
      endif()
    endforeach()
    add_subdirectory("${WASMC_RUNTIME_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/wasmc_rt" EXCLUDE_FROM_ALL)
  endif()
  set(WASMC_RUNTIME_LIBRARY "$<TARGET_FILE:wasmc_rt>")
elseif(WASMC_RUNTIME)
  if(NOT EXISTS "${WASMC_RUNTIME}")
    message(FATAL_ERROR "wasmc: WASMC_RUNTIME is '${WASMC_RUNTIME}', which does not exist")
  endif()
  set(WASMC_RUNTIME_LIBRARY "${WASMC_RUNTIME}")
else()
  set(WASMC_RUNTIME_LIBRARY "${WASMC_RUNTIME_ARCHIVE}")
endif()

if(NOT TARGET wasmc::rt)
  # By its file, not by its target: a target of C++ sources would make the C++
  # compiler the linker of daemons in C.
  add_library(wasmc::rt INTERFACE IMPORTED)
  set_target_properties(wasmc::rt PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${WASMC_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${WASMC_RUNTIME_LIBRARY}")
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    # Part of libc since glibc 2.34 and in musl, where an empty archive is left.
    set_property(TARGET wasmc::rt APPEND PROPERTY INTERFACE_LINK_LIBRARIES pthread)
  endif()
  if(TARGET wasmc_rt)
    add_dependencies(wasmc::rt wasmc_rt)
  endif()
endif()
