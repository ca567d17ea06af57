/*===- wasmc.h - The runtime's interface for hosts -------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * What a daemon in C11 or C++17 needs besides the header that wasmc writes for
 * a module. Link with libwasmc_rt.a.
 *
 * Threads: an instance, and whatever is reached through it, is used by one
 * thread at a time, which may be any thread. Different instances are
 * independent of each other.
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_WASMC_H
#define WASMC_WASMC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Outcome of every call into a module or the runtime. */
typedef int32_t wasmc_status;
enum {
  WASMC_OK = 0,
  WASMC_TRAP = 1,              /**< The module trapped: see wasmc_instance_trap(). */
  WASMC_OUT_OF_MEMORY = 2,     /**< The host has no memory left. */
  WASMC_NO_ADDRESS_SPACE = 3,  /**< No room to reserve a memory's address range. */
  WASMC_LIMIT = 4,             /**< The module asks for more than its owner allows. */
  WASMC_UNLINKABLE = 5,        /**< An import is missing or of another type. */
  WASMC_SIGNALS_BLOCKED = 6,   /**< SIGSEGV or SIGBUS is blocked in this thread. */
  WASMC_INVALID_ARGUMENT = 7,
  WASMC_FAILED = 8,            /**< For host functions that have no better word. */
  WASMC_TOO_LARGE = 9,         /**< A message is larger than its mailbox; nothing has run. */
  WASMC_MODULE_ERROR = 10,     /**< The module's own error: see wasmc_instance_error(). */
  WASMC_BUSY = 11,             /**< A buffer function of this instance is running already. */
  WASMC_UNSUPPORTED = 12,      /**< This system or this module cannot do it. */
  WASMC_EXCEPTION = 13         /**< The module threw an exception that nothing caught: see
                                    wasmc_instance_exception(). */
};
/** A constant such as "trap", also for unknown values ("unknown status"). */
const char *wasmc_status_name(wasmc_status status);

typedef struct wasmc_module wasmc_module;     /**< Constant, in the object. */
typedef struct wasmc_instance wasmc_instance;
typedef struct wasmc_func wasmc_func;
typedef struct wasmc_memory wasmc_memory;
typedef struct wasmc_table wasmc_table;
typedef struct wasmc_tag wasmc_tag;           /**< What exceptions are told apart by. */
typedef struct wasmc_type wasmc_type;         /**< A defined type. Constant, in an object. */

/** A vector of 128 bits. Lane 0 comes first, whatever the lanes are; any alignment
 * will do. It is always passed by pointer: how compilers pass 16 bytes by value
 * depends on their options. */
typedef union wasmc_v128 {
  uint8_t u8[16];
  int8_t i8[16];
  uint16_t u16[8];
  int16_t i16[8];
  uint32_t u32[4];
  int32_t i32[4];
  uint64_t u64[2];
  int64_t i64[2];
  float f32[4];
  double f64[2];
} wasmc_v128;

/** A reference. 0 is null. A funcref is the address of a wasmc_func; an
 * externref is a value of the host's, of which bit 0 must be clear; an exnref
 * is an exception, see wasmc_exception_retain(). Where a module declares a more
 * special type (no null, functions of one type), what the host gives is compared
 * with that; that an address is one of a wasmc_func at all is up to the host. */
typedef uint64_t wasmc_ref;

enum { WASMC_EXTERN_FUNC, WASMC_EXTERN_TABLE, WASMC_EXTERN_MEMORY, WASMC_EXTERN_GLOBAL,
       WASMC_EXTERN_TAG,
       WASMC_EXTERN_INSTANCE /**< Of a module that this one was compiled together with. */ };
/** Value types. Those of references are the nullable ones; with WASMC_VAL_NONNULL
 * they are those without null. */
enum { WASMC_VAL_I32, WASMC_VAL_I64, WASMC_VAL_F32, WASMC_VAL_F64, WASMC_VAL_V128,
       WASMC_VAL_FUNCREF, WASMC_VAL_EXTERNREF, WASMC_VAL_ANYREF, WASMC_VAL_EQREF,
       WASMC_VAL_I31REF, WASMC_VAL_STRUCTREF, WASMC_VAL_ARRAYREF, WASMC_VAL_EXNREF,
       WASMC_VAL_NULLREF, WASMC_VAL_NULLFUNCREF, WASMC_VAL_NULLEXTERNREF,
       WASMC_VAL_NULLEXNREF,
       WASMC_VAL_TYPEDREF /**< Of a defined type, which stands beside it. */,
       WASMC_VAL_NONNULL = 0x100 };
enum { WASMC_MEMORY_64 = 1, WASMC_MEMORY_SHARED = 2,
       WASMC_MEMORY_GUARD = 4, /**< Accesses are checked by a guard region. */
       WASMC_MEMORY_BYTE_PAGES = 8 /**< For wasmc_memory_new(): pages of one byte. */ };
/** For wasmc_table_new(), with the type: i64 indices. No enumerator, since C++ warns of a
 * sum of two enumerations. */
#define WASMC_TABLE_64 UINT32_C(0x10000)
enum { WASMC_MODULE_GUARD = 1, /**< Needs the fault handler. */
       WASMC_MODULE_SYMBOL_IMPORTS = 2 /**< Imported functions are symbols (--imports=symbols):
                                            they have no field in the imports structure. */ };

/** A global: its cell (16 bytes, aligned to 16 for v128, else 8), owned by
 * the instance or by the host that made it. */
typedef struct wasmc_global {
  void *cell;
  uint32_t type;       /**< WASMC_VAL_* */
  uint32_t is_mutable;
  const wasmc_type *heap_type; /**< Of WASMC_VAL_TYPEDREF; else NULL. */
} wasmc_global;
/** Sets a mutable global of references. WASMC_INVALID_ARGUMENT, and nothing is
 * changed, if it is none, or if `value` is not of its type. Whoever writes to the
 * cell of such a global without this function answers for the type. */
wasmc_status wasmc_global_set(const wasmc_global *global, wasmc_ref value);

/** What an import is bound to, or what an export is. */
typedef struct wasmc_extern {
  uint32_t kind;       /**< WASMC_EXTERN_* */
  union {
    wasmc_func *func;
    wasmc_table *table;
    wasmc_memory *memory;
    wasmc_global global;
    const wasmc_tag *tag;
    wasmc_instance *instance;
  } of;
} wasmc_extern;

/** What an instance may use. Zero-initialise it; 0 means the default. */
typedef struct wasmc_config {
  uint64_t memory_limit;   /**< Bytes of each memory; default 64 MiB. */
  uint64_t table_limit;    /**< Elements of each table; default 1,048,576. */
  char *error;             /**< Receives why instantiation failed, or NULL. */
  size_t error_capacity;   /**< Bytes at `error`; the text is always terminated. */
} wasmc_config;

/** Makes an instance. Host functions, memories, tables and globals come from
 * `imports`, the structure of the module's generated header: a context pointer
 * (passed to each host function), an instance of each module that this one was
 * compiled together with and imports from, then a pointer for each other import in
 * the order of the module: a host function, a wasmc_memory, a wasmc_table, a const
 * wasmc_global or a const wasmc_tag. NULL for no imports. `config` may be NULL. On
 * WASMC_OK, `*out` is the instance. On
 * WASMC_TRAP or WASMC_EXCEPTION (of a segment or the start function), `*out` is set too,
 * for wasmc_instance_trap() and since what the module had stored in imported tables
 * and memories stays there: delete it when nothing refers to it. On any other
 * status `*out` is NULL. */
wasmc_status wasmc_instance_new(const wasmc_module *module, const void *imports,
                                const wasmc_config *config, wasmc_instance **out);

/** The same with imports of any origin, such as another instance's exports, in the
 * order of wasmc_module_import(). All is type-checked (4.5.4): WASMC_UNLINKABLE where
 * one is missing or of another type, and `config->error` names both. What a function,
 * table, memory or global is part of must outlive the new instance; the array
 * `imports` need not. WASMC_INVALID_ARGUMENT if `num_imports` is not
 * wasmc_module_imports(). */
wasmc_status wasmc_instance_link(const wasmc_module *module, const wasmc_extern *imports,
                                 size_t num_imports, void *context, const wasmc_config *config,
                                 wasmc_instance **out);

/** Frees an instance. It must not be running, and must outlive all instances,
 * tables and globals that hold something of it. NULL is ignored. */
void wasmc_instance_delete(wasmc_instance *instance);

/** Makes an instance what it was when it was new, with the same imports, context and
 * limits, and runs its start function again. Nothing is reserved or given back, so
 * that this costs a small part of a deletion and a new instance. Functions, memories,
 * tables, globals and tags that the host has got from it stay valid; mailboxes may have moved,
 * and windows are no longer mapped. Imported memories, tables and globals are left as they
 * are; its own begin anew for instances that import them, too.
 *
 * WASMC_TRAP or WASMC_EXCEPTION, as from wasmc_instance_new(), if that ended so. Nothing
 * has changed after WASMC_BUSY (the calling thread is in a module: this is a host
 * function's call) and WASMC_UNSUPPORTED (the module defines a shared memory, in which
 * other threads may be). After any other status the instance can only be reset again or
 * deleted. */
wasmc_status wasmc_instance_reset(wasmc_instance *instance);

/** Has the process keep memories that are deleted, with their instance or by
 * wasmc_memory_delete(), `count` at most, for new ones that reserve as much (each with a
 * guard region does), so that those take no page faults and almost no system calls. They are
 * cleared when they are deleted: all but 1 MiB of each is given back to the system, and no
 * module sees another's bytes. 0, as it is at first: none, and those that are kept
 * are given back. Process-wide; any thread, at any time. Platforms without an MMU keep none. */
void wasmc_keep_memories(uint32_t count);

/** Looks up an export. The result belongs to the instance. False if there is none, or if it
 * is a function of a module that was compiled with --exports=symbols. */
int wasmc_instance_export(wasmc_instance *instance, const char *name, size_t length,
                          wasmc_extern *out);

/** Number of imports, and the names and the kind of one: first, with kind
 * WASMC_EXTERN_INSTANCE and the module's name twice, each module that this one was
 * compiled together with and imports from; then what the host provides, in the order
 * of the module. */
size_t wasmc_module_imports(const wasmc_module *module);
void wasmc_module_import(const wasmc_module *module, size_t index, const char **module_name,
                         size_t *module_length, const char **name, size_t *length, uint32_t *kind);

/** Calls a function by reference: operands in `slots` in order, each 8 bytes
 * (v128: 16; i32 and f32 in the low half), results likewise on return.
 * `wasmc_func_slots` says how many slots there must be. WASMC_INVALID_ARGUMENT,
 * and nothing has run, if a reference is not of its parameter's type. */
wasmc_status wasmc_func_call(wasmc_func *func, uint64_t *slots);
size_t wasmc_func_slots(const wasmc_func *func);
/** Its type, which a subtype of what it was imported as may be. Never NULL; it
 * lives as long as the object that the function is in. */
const wasmc_type *wasmc_func_type(const wasmc_func *func);
/** Whether the first type is the second or declared to be a subtype of it. */
int wasmc_type_matches(const wasmc_type *type, const wasmc_type *super);
/** The instance that it runs in: whose trap to look at. */
wasmc_instance *wasmc_func_instance(const wasmc_func *func);

/** Why and where the last call of an instance trapped, or threw what nothing caught. */
typedef struct wasmc_trap {
  uint32_t code;               /**< Row of abi/traps.def. */
  wasmc_status host_status;    /**< What a failing host function returned, else WASMC_OK. */
  const char *message;         /**< "integer divide by zero" */
  const wasmc_module *module;
  uint32_t num_frames;         /**< Frames kept in `pcs`, innermost first. */
  uint32_t omitted_frames;     /**< Further ones that were not kept. */
  uintptr_t pcs[32];           /**< The trapping instruction, then return addresses. */
  wasmc_ref exception;         /**< WASMC_EXCEPTION: as wasmc_instance_exception(), else 0. */
} wasmc_trap;

/** NULL if the instance has not trapped since it was made. Valid until the next
 * call into the instance. */
const wasmc_trap *wasmc_instance_trap(const wasmc_instance *instance);

/** The exception of the last call that returned WASMC_EXCEPTION, or 0. Where it was
 * thrown, and through which frames it went, is in wasmc_instance_trap(). It belongs to
 * the instance until the next one or until the instance is deleted. */
wasmc_ref wasmc_instance_exception(const wasmc_instance *instance);

/** Whether an exception has a tag, which an instance exports (wasmc_instance_export(),
 * or the accessor in its header) or the host made. */
int wasmc_exception_is(wasmc_ref exception, const wasmc_tag *tag);
/** Its payload: values in slots of 8 bytes as for wasmc_func_call(). */
const uint64_t *wasmc_exception_payload(wasmc_ref exception, size_t *num_slots);

/** An exnref that a host function is given, or finds in a global or table, lives as long
 * as that call, or as it is there: who keeps it longer retains and releases it. One that
 * an export returned is retained already. A thread at a time; 0 is ignored. */
void wasmc_exception_retain(wasmc_ref exception);
void wasmc_exception_release(wasmc_ref exception);

/** Throws from a host function into the module that called it:
 * `return wasmc_throw(tag, slots);`. The payload is copied. WASMC_EXCEPTION, or
 * WASMC_OUT_OF_MEMORY. A host function that returns the WASMC_EXCEPTION of a module that
 * it called throws that exception on. */
wasmc_status wasmc_throw(const wasmc_tag *tag, const uint64_t *slots);
wasmc_status wasmc_throw_ref(wasmc_ref exception);

/** A tag that a host makes, for imports of modules and for wasmc_throw(). `params` are
 * WASMC_VAL_*. It must outlive what imports it, and its exceptions. */
wasmc_status wasmc_tag_new(const uint32_t *params, size_t num_params, wasmc_tag **out);
void wasmc_tag_delete(wasmc_tag *tag);

/** The module's own code, negative, of the last call that returned
 * WASMC_MODULE_ERROR; 0 if there was none. */
int32_t wasmc_instance_error(const wasmc_instance *instance);

/** Opens a region: calls body(context) as if in the module and returns what it
 * returns. Buffer functions of `instance` that the linker has inlined into `body`
 * (LTO) run in the region, without an entry of their own. A trap in one ends
 * `body` at once: WASMC_TRAP is returned, and locals of `body` and of what it
 * called are gone, without destructors; what must be known afterwards (how far it
 * came) has to be volatile or atomic, since the compiler may keep other stores back.
 * The floating-point control is the default in the region, and faults in the module's
 * memory and at the stack's end are traps whoever makes them. `body` must not go on on
 * another stack (coroutines). WASMC_BUSY if a buffer function of the instance runs. */
wasmc_status wasmc_protect(wasmc_instance *instance, wasmc_status (*body)(void *context),
                           void *context);

/** Writes the trap and its stack trace, a line at a time, through `write`. */
void wasmc_trap_write(const wasmc_trap *trap,
                      void (*write)(void *context, const char *text, size_t length),
                      void *context);

/** Memories that a host makes for import. Sizes in the memory's own pages, of 64 KiB
 * or, with WASMC_MEMORY_BYTE_PAGES in `flags`, of one byte; `max` is ~0 for none.
 * The address range for `max` (at most `limit` bytes, 0: 64 MiB) is reserved at once
 * and never moves; with WASMC_MEMORY_GUARD, the memory can be imported by modules
 * compiled with --bounds=guard. Memories of 64-bit indices (WASMC_MEMORY_64) or pages
 * of one byte have no guard region, and need none. With WASMC_MEMORY_SHARED, which
 * needs a maximum, instances that run at the same time on several threads can import
 * it: only accesses that are atomic on both sides are ordered. */
wasmc_status wasmc_memory_new(uint64_t min, uint64_t max, uint64_t limit, uint32_t flags,
                              wasmc_memory **out);
void wasmc_memory_delete(wasmc_memory *memory);
uint8_t *wasmc_memory_data(const wasmc_memory *memory);
uint64_t wasmc_memory_size(const wasmc_memory *memory); /**< Bytes. */
/** Bytes of a page of this memory: 65536 or 1. */
uint32_t wasmc_memory_page_size(const wasmc_memory *memory);
/** Grows by pages of this memory's size. The old size in such pages; -1, and nothing
 * has changed, if that is past its limit or the system has no more. A shared memory:
 * by any thread at any time. */
int64_t wasmc_memory_grow(wasmc_memory *memory, uint64_t pages);
/** Wakes threads that wait on the byte at `address` of a shared memory
 * (memory.atomic.wait32, wait64), those first that have waited longest, at most
 * `count`. Returns how many; 0 for a memory that is not shared. Any thread, but
 * not a signal handler. */
uint32_t wasmc_memory_notify(wasmc_memory *memory, uint64_t address, uint32_t count);
/** Ends all waiting in a shared memory, now and later: modules that wait trap with
 * "wait interrupted". For a host that is about to join its threads. Any thread, but
 * not a signal handler. */
void wasmc_memory_interrupt(wasmc_memory *memory);

/** Tables that a host makes for import. `type` is one of references (WASMC_VAL_*)
 * other than WASMC_VAL_TYPEDREF, which the second function is for: it takes
 * WASMC_VAL_TYPEDREF, or that and WASMC_VAL_NONNULL, and the defined type; with
 * WASMC_TABLE_64 for a table of 64-bit indices. `max` is ~0 for none; `limit`
 * elements, 0: 1,048,576. WASMC_INVALID_ARGUMENT if `init` is not of the type. */
wasmc_status wasmc_table_new(uint32_t type, uint64_t min, uint64_t max, uint64_t limit,
                             wasmc_ref init, wasmc_table **out);
wasmc_status wasmc_table_new_typed(uint32_t type, const wasmc_type *heap_type, uint64_t min,
                                   uint64_t max, uint64_t limit, wasmc_ref init,
                                   wasmc_table **out);
void wasmc_table_delete(wasmc_table *table);
uint64_t wasmc_table_size(const wasmc_table *table);
/** WASMC_INVALID_ARGUMENT past the end, and where `value` is not of the table's type. */
wasmc_status wasmc_table_get(const wasmc_table *table, uint64_t index, wasmc_ref *out);
wasmc_status wasmc_table_set(wasmc_table *table, uint64_t index, wasmc_ref value);
/** The old size, or -1: also where `init` is not of the table's type. */
int64_t wasmc_table_grow(wasmc_table *table, uint64_t delta, wasmc_ref init);

/** For a host that handles SIGSEGV and SIGBUS itself: call it first, with the
 * handler's arguments. Nonzero: it was a module's fault, return from the handler
 * at once. Such a host defines WASMC_NO_HANDLERS in wasmc_set_signal_mode(). */
int wasmc_handle_fault(int signal, void *siginfo, void *ucontext);
enum { WASMC_INSTALL_HANDLERS = 0, WASMC_NO_HANDLERS = 1 };
/** Process-wide; before the first instance is made. */
void wasmc_set_signal_mode(int mode);

/** Tells the runtime which stack the calling thread is on (coroutines): the
 * lowest address that modules may use is `low` plus the reserve for host
 * functions. `low` 0: find out from the system again. */
void wasmc_thread_set_stack(uintptr_t low, uintptr_t high);

#ifdef __cplusplus
}
#endif

#if !defined(WASMC_FREESTANDING)
#include <stdio.h>
static inline void wasmc_write_to_file(void *file, const char *text, size_t length) {
  fwrite(text, 1, length, (FILE *)file);
}
/** Prints the trap and its stack trace; nothing if `trap` is NULL. */
static inline void wasmc_trap_print(const wasmc_trap *trap, FILE *file) {
  if (trap)
    wasmc_trap_write(trap, wasmc_write_to_file, file);
}
#endif

#endif
