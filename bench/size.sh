#!/bin/sh
# Usage: size.sh LIBWASMC_RT INCLUDE [CC]
# Prints how many bytes of text the runtime adds to a stripped static host: the
# difference between a program that makes an instance, enters it, prints a trap
# and deletes it, and the same program with empty functions in the runtime's place.
set -eu
archive=$1 include=$2 compiler=${3:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/host.c" <<'EOF'
#include <wasmc/wasmc.h>
#include <stdlib.h>
#include <string.h>
extern const wasmc_module *volatile module_;
const wasmc_module *volatile module_;
int main(void) {
  wasmc_instance *instance = NULL;
  uint64_t slots[4] = {0};
  wasmc_extern found;
  char *text = calloc(1, 100), *copy = malloc(100);
  memmove(copy, text, 100);
  free(text);
  wasmc_status status = wasmc_instance_new(module_, NULL, NULL, &instance);
  if (status == WASMC_OK && wasmc_instance_export(instance, "run", 3, &found))
    status = wasmc_func_call(found.of.func, slots);
  if (status != WASMC_OK)
    wasmc_trap_print(wasmc_instance_trap(instance), stderr);
  wasmc_instance_delete(instance);
  return memcmp(copy, wasmc_status_name(status), 2);
}
EOF
cat > "$work/empty.c" <<'EOF'
#include <wasmc/wasmc.h>
wasmc_status wasmc_instance_new(const wasmc_module *m, const void *i, const wasmc_config *c,
                                wasmc_instance **o) {
  (void)m; (void)i; (void)c; *o = 0; return 0; }
int wasmc_instance_export(wasmc_instance *i, const char *n, size_t l, wasmc_extern *o) {
  (void)i; (void)n; (void)l; (void)o; return 0; }
wasmc_status wasmc_func_call(wasmc_func *f, uint64_t *s) { (void)f; (void)s; return 0; }
const wasmc_trap *wasmc_instance_trap(const wasmc_instance *i) { (void)i; return 0; }
void wasmc_trap_write(const wasmc_trap *t, void (*w)(void *, const char *, size_t), void *c) {
  (void)t; (void)w; (void)c; }
void wasmc_instance_delete(wasmc_instance *i) { (void)i; }
const char *wasmc_status_name(wasmc_status s) { (void)s; return "ok"; }
EOF
flags="-O2 -static -ffunction-sections -Wl,--gc-sections -s -I$include"
"$compiler" $flags "$work/host.c" "$archive" -o "$work/with"
"$compiler" $flags "$work/host.c" "$work/empty.c" -o "$work/without"
# The one function of libc that is large: it reads /proc/self/maps with stdio.
sed 's/return "ok";/pthread_attr_t a; return pthread_getattr_np(pthread_self(), \&a) ? "ok" : "";/' \
  "$work/empty.c" | sed '1i #define _GNU_SOURCE\n#include <pthread.h>' > "$work/getattr.c"
"$compiler" $flags "$work/host.c" "$work/getattr.c" -o "$work/getattr"
text() { size "$1" | awk 'NR == 2 {print $1}'; }
with=$(text "$work/with") without=$(text "$work/without") getattr=$(text "$work/getattr")
# Of which the runtime's own, by the linker's map; the rest is what it uses of libc.
"$compiler" $flags "$work/host.c" "$archive" -Wl,-Map,"$work/map" -o "$work/with"
own=$(awk '
  /^ \.(text|rodata|eh_frame|tdata|data\.rel\.ro)/ {
    line = $0
    if (NF == 1) { getline rest; line = line " " rest }
    if (index(line, "libwasmc_rt.a(") == 0) next
    n = split(line, field, " ")
    for (i = 1; i <= n; ++i)
      if (field[i] ~ /^0x/ && field[i + 1] ~ /^0x/) {
        address = field[i]
        if (address !~ /^0x0+$/) print field[i + 1]
        break
      }
  }' "$work/map" | while read -r hex; do echo $((hex)); done | awk '{s += $1} END {print s + 0}')
echo "static host without the runtime: $without bytes of text"
echo "static host with the runtime:    $with bytes of text"
echo "difference:                      $((with - without)) bytes"
echo "  the runtime's own:             $own bytes"
echo "  libc's pthread_getattr_np:     $((getattr - without)) bytes, less if the host reads files"
echo "  the rest of libc:              $((with - getattr - own)) bytes"
