// The filter in C, without a library. Messages lie in an array of its own, and the
// result is written over the message: nothing moves between the two.

#include <wasmc/guest.h>

WASMC_ABI("export apply(in: buffer<4K> at mailbox, out: buffer<4K> at mailbox) -> size\n"
          "export keep(digits: i32)\n"
          "export masked() -> i32");

WASMC_MAILBOX(mailbox, 4096);

enum { notText = -1, noRoom = -2 };

static int kept = 4, count;

static int isDigit(char c) { return c >= '0' && c <= '9'; }

WASMC_EXPORT("apply") int apply(const char *in, int length, char *out, int capacity) {
  if (length > capacity)
    return noRoom;
  for (int i = 0; i < length; ++i)
    if (in[i] == 0)
      return notText;
  for (int i = 0; i < length;) {
    int end = i;
    while (end < length && isDigit(in[end]))
      ++end;
    if (end - i > kept)
      ++count;
    for (; i < end; ++i)
      out[i] = end - i > kept ? '*' : in[i];
    if (i < length) {
      out[i] = in[i];
      ++i;
    }
  }
  return length;
}

WASMC_EXPORT("keep") void keep(int digits) { kept = digits; }

WASMC_EXPORT("masked") int masked(void) { return count; }
