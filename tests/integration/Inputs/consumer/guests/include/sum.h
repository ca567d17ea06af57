/* The samples of one message, which is kept on the heap. */
int sum(const int *samples, int n);
