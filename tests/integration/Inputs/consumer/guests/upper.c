#include <wasmc/guest.h>

WASMC_ABI("export upper(in: buffer<4K> at inbox, out: buffer<4K> at outbox) -> size");
WASMC_MAILBOX(inbox, 4096);
WASMC_MAILBOX(outbox, 4096);

WASMC_EXPORT("upper")
int upper(const char *in, int in_len, char *out, int out_cap) {
  if (in_len > out_cap)
    return -1;
  for (int i = 0; i != in_len; ++i)
    out[i] = in[i] >= 'a' && in[i] <= 'z' ? in[i] - 32 : in[i];
  return in_len;
}
