/* A module that brings its own description and mailboxes; C and C++. */
#include <wasmc/guest.h>

#define UPPER "export upper(in: buffer<64K> at upper_in, out: buffer<64K> at \"answer\") -> size\n"

WASMC_ABI("# \\ % \x25 $ {|} \"quoted\"\n" UPPER
          "import alarm(level: i32, text: buffer)");
WASMC_MAILBOX(upper_in, 65536);
WASMC_MAILBOX(answer, 64 << 10);

WASMC_IMPORT("env", "alarm") void alarm(int level, const char *text, unsigned length);

WASMC_EXPORT("upper")
int upper(const unsigned char *in, unsigned length, unsigned char *out, unsigned capacity);

int upper(const unsigned char *in, unsigned length, unsigned char *out, unsigned capacity) {
  unsigned i;
  if (length > capacity) {
    alarm(3, "too long", 8);
    return -1;
  }
  for (i = 0; i != length; ++i)
    out[i] = (unsigned char)(in[i] >= 'a' && in[i] <= 'z' ? in[i] - 32 : in[i]);
  return (int)length;
}
