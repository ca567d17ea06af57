/* Children that die of the host's own faults, each in its own way; the parent
 * checks by which signal. Without an argument, runs all. */
#include "m.h"

#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static m *self;
static int ready[2];
static volatile int *volatile null;

static void fault(void) { *null = 1; }

static volatile int endless = 1;
static __attribute__((noinline)) int overflow(int n) {
  volatile char frame[2000];
  frame[n & 1023] = (char)n;
  return (endless ? overflow(n + 1) : 0) + frame[(n + 1) & 1023];
}

static void zero_division(void) {
  volatile int zero = 0;
  volatile int one = 1, r = one / zero;
  (void)r;
}

static void *fault_in_thread(void *unused) {
  (void)unused;
  fault();
  return NULL;
}

static void *spin(void *unused) {
  (void)unused;
  m_spin(self);
  return NULL;
}

static void fault_in_other_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, fault_in_thread, NULL);
  pthread_join(thread, NULL);
}

static wasmc_status host(void *context, int32_t how) {
  (void)context;
  int32_t r;
  switch (how) {
  case 0: fault(); break;
  case 1: overflow(0); break;
  case 2: zero_division(); break;
  case 3: abort();
  case 4: raise(SIGSEGV); break;
  case 5: fault_in_other_thread(); break;
  case 6: TRAPS(self, memory_out_of_bounds, m_load(self, -1, &r)); fault(); break;
  /* Of the host, though the address is the module's. */
  case 7: *(volatile char *)(wasmc_memory_data(m_memory(self)) + 65536) = 1; break;
  case 8: kill(getpid(), SIGBUS); break;
  case 9: __builtin_trap();
  }
  return WASMC_OK;
}

static void in_main(void) { fault(); }
static void overflow_in_main(void) { overflow(0); }
static void after_deep(void) {
  int32_t r;
  TRAPS(self, call_stack_exhausted, m_deep(self, 0, &r));
  fault();
}
static void after_trap(void) {
  int32_t r;
  TRAPS(self, memory_out_of_bounds, m_load(self, -1, &r));
  fault();
}
static void after_delete(void) {
  m_delete(self);
  fault();
}
static void import0(void) { m_call(self, 0); }
static void import1(void) { m_call(self, 1); }
static void import2(void) { m_call(self, 2); }
static void import3(void) { m_call(self, 3); }
static void import4(void) { m_call(self, 4); }
static void import5(void) { m_call(self, 5); }
static void import6(void) { m_call(self, 6); }
static void import7(void) { m_call(self, 7); }
static void import8(void) { m_call(self, 8); }
static void import9(void) { m_call(self, 9); }

static void while_thread_is_in_module(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, spin, NULL);
  usleep(20000);
  fault();
}
static void on_alarm(int signal) {
  (void)signal;
  fault();
}
/* The module is interrupted by a handler of the host's, and that faults: by
 * address it is not the module's. */
static void in_handler(void) {
  signal(SIGALRM, on_alarm);
  ualarm(20000, 0);
  m_spin(self);
}
/* Sent by the parent while the module runs. */
static void spin_until_killed(void) {
  CHECK(write(ready[1], "", 1) == 1);
  m_spin(self);
}
static void ignored(void) {
  signal(SIGSEGV, SIG_IGN);
  fault();
}
static void blocked(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGSEGV);
  sigprocmask(SIG_BLOCK, &set, NULL);
  fault();
}
static void bus_error(void) {
  FILE *file = tmpfile();
  volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
  page[0] = 1;
}

static const struct {
  const char *name;
  void (*run)(void);
  int signal;
  int send;
} cases[] = {{"main", in_main, SIGSEGV, 0},
             {"overflow in main", overflow_in_main, SIGSEGV, 0},
             {"after deep recursion", after_deep, SIGSEGV, 0},
             {"after a trap", after_trap, SIGSEGV, 0},
             {"after the last instance", after_delete, SIGSEGV, 0},
             {"import", import0, SIGSEGV, 0},
             {"overflow in an import", import1, SIGSEGV, 0},
             {"division in an import", import2, SIGFPE, 0},
             {"abort in an import", import3, SIGABRT, 0},
             {"raise in an import", import4, SIGSEGV, 0},
             {"thread of an import", import5, SIGSEGV, 0},
             {"import after a nested trap", import6, SIGSEGV, 0},
             {"import past the memory", import7, SIGSEGV, 0},
             {"SIGBUS in an import", import8, SIGBUS, 0},
             {"trap in an import", import9, SIGILL, 0},
             {"other thread in module", while_thread_is_in_module, SIGSEGV, 0},
             {"handler over the module", in_handler, SIGSEGV, 0},
             {"SIGSEGV sent", spin_until_killed, SIGSEGV, SIGSEGV},
             {"SIGBUS sent", spin_until_killed, SIGBUS, SIGBUS},
             {"SIGTERM sent", spin_until_killed, SIGTERM, SIGTERM},
             {"ignored", ignored, SIGSEGV, 0},
             {"blocked", blocked, SIGSEGV, 0},
             {"mapping past a file's end", bus_error, SIGBUS, 0}};

static void check(size_t i) {
  CHECK(!pipe(ready));
  pid_t child = fork();
  CHECK(child >= 0);
  if (!child) {
    int32_t r;
    m_imports imports = {.env_host = host};
    alarm(20);
    OK(m_new(&self, &imports, NULL));
    OK(m_load(self, 0, &r));
    cases[i].run();
    _exit(0);
  }
  if (cases[i].send) {
    char byte;
    CHECK(read(ready[0], &byte, 1) == 1);
    usleep(10000);
    CHECK(!kill(child, cases[i].send));
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  close(ready[0]);
  close(ready[1]);
  if (!WIFSIGNALED(status) || WTERMSIG(status) != cases[i].signal) {
    fprintf(stderr, "%s: %s %d, not signal %d\n", cases[i].name,
            WIFSIGNALED(status) ? "signal" : "exit status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), cases[i].signal);
    exit(1);
  }
}

int main(int argc, char **argv) {
  for (size_t i = 0; i != sizeof cases / sizeof *cases; ++i)
    if (argc < 2 || !strcmp(argv[1], cases[i].name))
      check(i);
  return 0;
}
