__attribute__((export_name("between"))) int between(int low, int value, int high) {
  return value < low ? low : value > high ? high : value;
}
