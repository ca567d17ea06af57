template <typename T> static T greater(T a, T b) { return a > b ? a : b; }

extern "C" __attribute__((export_name("larger"))) double larger(double a, double b) {
  return greater(a, b);
}
