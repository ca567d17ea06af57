# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Completion of wasmc's options for bash, out of what `wasmc --help` lists.

_wasmc() {
  local word=${COMP_WORDS[COMP_CWORD]} words=
  case $word in
  --enable-* | --disable-*)
    # The proposals, each behind what was typed.
    local prefix=${word%%able-*}able-
    words=$("$1" --help 2>/dev/null | sed -n "/^FEATURES/,/^$/s/^  \([a-z0-9-]*\) .*/$prefix\1/p")
    ;;
  -*)
    # Without the name of the argument: --prefix=
    words=$("$1" --help 2>/dev/null | sed -n 's/^  \(-[^ <]*\).*/\1/p')
    ;;
  ?*)
    ((COMP_CWORD == 1)) && words=inspect
    ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  # A space behind it only if it is whole.
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=-] ]]; then
    compopt -o nospace
  fi
}

# Where it has nothing to offer: files.
complete -o default -F _wasmc wasmc
