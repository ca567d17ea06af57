# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The install tree: bin/wasmc, lib/libwasmc_rt.a, include/wasmc, and the
# runtime's sources, for targets whose runtime is built with another compiler.

include(GNUInstallDirs)

if(TARGET wasmc)
  install(TARGETS wasmc RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET wasmc_rt)
  # Always lib, whatever the distribution's CMAKE_INSTALL_LIBDIR: wasmc finds it
  # there from its own folder.
  install(TARGETS wasmc_rt ARCHIVE DESTINATION lib)
endif()
install(DIRECTORY runtime/include/wasmc DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY runtime/ DESTINATION ${CMAKE_INSTALL_DATADIR}/wasmc/runtime)
