// The filter in C++20 with wasi-libc and libc++. The module exports malloc(), and wasmc
// asks that for the mailboxes, after _initialize() has run the constructors.

#include <wasmc/guest.h>

#include <algorithm>
#include <span>

WASMC_ABI("export apply(in: buffer<4K>, out: buffer<4K>) -> size\n"
          "export keep(digits: i32)\n"
          "export masked() -> i32");

namespace {

enum { notText = -1, noRoom = -2 };

bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Mask {
public:
  int apply(std::span<const char> in, std::span<char> out) {
    if (in.size() > out.size())
      return noRoom;
    if (std::ranges::find(in, '\0') != in.end())
      return notText;
    std::ranges::copy(in, out.begin());
    for (auto at = out.begin(), end = out.begin() + in.size(); at != end;) {
      auto digits = std::find_if(at, end, isDigit);
      at = std::find_if_not(digits, end, isDigit);
      if (at - digits > kept) {
        std::fill(digits, at - kept, '*');
        ++count;
      }
    }
    return in.size();
  }

  int kept = 4, count = 0;
};

Mask mask;

} // namespace

WASMC_EXPORT("apply") int apply(const char *in, int length, char *out, int capacity) {
  return mask.apply(std::span(in, length), std::span(out, capacity));
}

WASMC_EXPORT("keep") void keep(int digits) { mask.kept = digits; }

WASMC_EXPORT("masked") int masked() { return mask.count; }
