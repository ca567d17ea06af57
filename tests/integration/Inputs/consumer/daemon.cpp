#include "peak.h"
#include "scale.h"
#include "upper.h"

#include <cstdio>
#include <cstring>

wasmc_status scale_import_host_unit(void *, int32_t *r0) {
  *r0 = 5;
  return WASMC_OK;
}

int main() {
  scale_imports imports = {};
  auto scaled = wasmc::modules::scale::create(&imports);
  auto peak = wasmc::modules::peak::create();
  if (!scaled || !peak)
    return 1;
  auto value = peak->larger(2.5, 7.25);
  auto percent = scaled->percent(static_cast<int32_t>(*value));
  if (!value || !percent)
    return 2;
  std::printf("peak %g, scaled %d\n", *value, *percent);

  // In place: the message is written where the module reads it.
  auto upper = wasmc::modules::upper::create();
  if (!upper)
    return 3;
  std::memcpy(upper->upper_in().data(), "message", 7);
  auto loud = upper->upper_inplace(7);
  if (!loud)
    return 4;
  std::printf("message %.*s\n", static_cast<int>((*loud).size()),
              reinterpret_cast<const char *>((*loud).data()));
}
