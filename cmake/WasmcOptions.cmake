# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Language level, warnings and tools that hold for all of the tree.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_options(-Wall -Wextra)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
if(WASMC_WERROR)
  add_compile_options(-Werror)
endif()

# Diagnostics are coloured under Ninja too, which hides the terminal.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_GENERATOR MATCHES "Ninja")
  add_compile_options(-fcolor-diagnostics)
endif()

find_program(WASMC_CCACHE ccache DOC "Compiler cache; empty for none")
mark_as_advanced(WASMC_CCACHE)
if(WASMC_CCACHE)
  foreach(language C CXX)
    if(NOT CMAKE_${language}_COMPILER_LAUNCHER)
      set(CMAKE_${language}_COMPILER_LAUNCHER ${WASMC_CCACHE})
    endif()
  endforeach()
endif()
