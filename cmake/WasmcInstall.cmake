# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What others use of wasmc. The install tree can be moved to another folder:
#
#   bin/wasmc
#   lib/libwasmc_rt.a        the runtime
#   lib/cmake/wasmc          for find_package(wasmc): cmake/package
#   lib/pkgconfig/wasmc.pc
#   include/wasmc            headers for hosts and guests
#   share/wasmc/runtime      the runtime's source, for other targets' toolchains
#   share/man, share/bash-completion
#
# The build tree has the same package in lib/cmake/wasmc, so that a project finds
# wasmc by CMAKE_PREFIX_PATH in one as in the other.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# Always lib, whatever the distribution's CMAKE_INSTALL_LIBDIR: wasmc finds the
# runtime there from its own folder.
set(wasmc_lib_dir lib)
set(wasmc_package_dir ${wasmc_lib_dir}/cmake/wasmc)
set(wasmc_path_vars WASMC_PACKAGE_EXECUTABLE WASMC_PACKAGE_ARCHIVE WASMC_PACKAGE_INCLUDE_DIR
    WASMC_PACKAGE_RUNTIME_DIR)

if(TARGET wasmc)
  install(TARGETS wasmc RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(NOT CMAKE_CROSSCOMPILING)
    install(FILES ${PROJECT_BINARY_DIR}/package/wasmc.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
  install(FILES cmake/wasmc.bash RENAME wasmc
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endif()
if(TARGET wasmc_rt)
  install(TARGETS wasmc_rt ARCHIVE DESTINATION ${wasmc_lib_dir})
endif()
install(DIRECTORY runtime/include/wasmc DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY runtime/ DESTINATION ${CMAKE_INSTALL_DATADIR}/wasmc/runtime)

# The package in the build tree …
set(WASMC_PACKAGE_EXECUTABLE ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/wasmc)
set(WASMC_PACKAGE_ARCHIVE ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/libwasmc_rt.a)
set(WASMC_PACKAGE_INCLUDE_DIR ${PROJECT_SOURCE_DIR}/runtime/include)
set(WASMC_PACKAGE_RUNTIME_DIR ${PROJECT_SOURCE_DIR}/runtime)
configure_package_config_file(cmake/package/wasmcConfig.cmake.in
  ${PROJECT_BINARY_DIR}/${wasmc_package_dir}/wasmcConfig.cmake
  INSTALL_DESTINATION ${wasmc_package_dir} INSTALL_PREFIX ${PROJECT_BINARY_DIR}
  PATH_VARS ${wasmc_path_vars} NO_SET_AND_CHECK_MACRO
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# For any architecture: what does not fit a toolchain is built with it. Objects of
# one minor version series can be linked with each other.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/${wasmc_package_dir}/wasmcConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
file(GLOB wasmc_package_files CONFIGURE_DEPENDS cmake/package/*.cmake)
foreach(file ${wasmc_package_files})
  configure_file(${file} ${PROJECT_BINARY_DIR}/${wasmc_package_dir} COPYONLY)
endforeach()

# … and in the install tree.
set(WASMC_PACKAGE_EXECUTABLE ${CMAKE_INSTALL_BINDIR}/wasmc)
set(WASMC_PACKAGE_ARCHIVE ${wasmc_lib_dir}/libwasmc_rt.a)
set(WASMC_PACKAGE_INCLUDE_DIR ${CMAKE_INSTALL_INCLUDEDIR})
set(WASMC_PACKAGE_RUNTIME_DIR ${CMAKE_INSTALL_DATADIR}/wasmc/runtime)
configure_package_config_file(cmake/package/wasmcConfig.cmake.in
  ${PROJECT_BINARY_DIR}/package/wasmcConfig.cmake
  INSTALL_DESTINATION ${wasmc_package_dir}
  PATH_VARS ${wasmc_path_vars} NO_SET_AND_CHECK_MACRO
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
install(FILES ${wasmc_package_files} ${PROJECT_BINARY_DIR}/package/wasmcConfig.cmake
              ${PROJECT_BINARY_DIR}/${wasmc_package_dir}/wasmcConfigVersion.cmake
        DESTINATION ${wasmc_package_dir})

configure_file(cmake/package/wasmc.pc.in ${PROJECT_BINARY_DIR}/package/wasmc.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/wasmc.pc DESTINATION ${wasmc_lib_dir}/pkgconfig)
