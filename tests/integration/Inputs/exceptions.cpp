// A guest in C++ with exceptions, and as much of their runtime as it needs: what a C++
// library would bring (libc++abi, libunwind).
#define EXPORT(name) __attribute__((export_name(#name))) extern "C"
typedef unsigned long size_t;

// The tag of C++, which libunwind defines in programs.
__asm__(".globl __cpp_exception\n.tagtype __cpp_exception i32\n__cpp_exception:\n");

extern "C" {
// For typed handlers: which of them it is, decided here as libunwind and libc++abi do.
struct LandingPad {
  size_t index;
  const void *table;
  size_t selector;
};
LandingPad __wasm_lpad_context;
static char storage[1024];
static size_t used;
static const void *thrownType;

void *__cxa_allocate_exception(size_t size) noexcept {
  void *made = storage + used % 512;
  used += (size + 15) & ~15ul;
  return made;
}
[[noreturn]] void __cxa_throw(void *object, void *type, void (*)(void *)) {
  thrownType = type;
  __builtin_wasm_throw(0, object);
}
void *__cxa_begin_catch(void *object) noexcept { return object; }
void __cxa_end_catch() {}
int _Unwind_CallPersonality(void *) { return 0; }
}
namespace std {
[[noreturn]] void terminate() noexcept { __builtin_trap(); }
}

int destroyed;
struct Guard {
  ~Guard() { ++destroyed; }
};

__attribute__((noinline)) static int parse(const int *values, int count) {
  Guard guard;
  int sum = 0;
  for (int i = 0; i != count; ++i) {
    if (values[i] < 0)
      throw values[i];
    sum += values[i];
  }
  return sum;
}

__attribute__((noinline)) static int twice(const int *values, int count) {
  volatile char frame[256];
  for (int i = 0; i != 256; ++i)
    frame[i] = (char)i;
  Guard guard;
  int sum = parse(values, count);
  return sum * 2 + frame[0];
}

static int numbers[4] = {1, 2, 3, 4};

// -1000 less what was destroyed where one is negative; the stack is where it was.
EXPORT(sum) int sum(int last) {
  numbers[3] = last;
  destroyed = 0;
  volatile char here = 0;
  try {
    return twice(numbers, 4) + here;
  } catch (...) {
    return -1000 - destroyed;
  }
}
EXPORT(uncaught) int uncaught(int value) {
  numbers[0] = value;
  return twice(numbers, 4);
}
