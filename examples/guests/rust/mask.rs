// The filter in Rust. The description is a static in a custom section, the mailboxes
// are two more, whose addresses exported functions return.

use std::cell::{Cell, UnsafeCell};
use std::slice::{from_raw_parts, from_raw_parts_mut};

/// Puts lines of the interface description into the module.
macro_rules! interface {
    ($text:literal) => {
        #[used]
        #[link_section = "wasmc.abi"]
        static INTERFACE: [u8; $text.len()] = *$text;
    };
}

interface!(
    b"
export apply(in: buffer<4K> at inbox, out: buffer<4K> at outbox) -> size
export keep(digits: i32)
export masked() -> i32
"
);

const NOT_TEXT: i32 = -1;
const NO_ROOM: i32 = -2;

struct Mailbox(UnsafeCell<[u8; 4096]>);

// There is one thread at a time in an instance.
unsafe impl Sync for Mailbox {}

static INBOX: Mailbox = Mailbox(UnsafeCell::new([0; 4096]));
static OUTBOX: Mailbox = Mailbox(UnsafeCell::new([0; 4096]));

#[no_mangle]
pub extern "C" fn inbox() -> *mut u8 {
    INBOX.0.get().cast()
}

#[no_mangle]
pub extern "C" fn outbox() -> *mut u8 {
    OUTBOX.0.get().cast()
}

thread_local! {
    static KEPT: Cell<usize> = Cell::new(4);
    static COUNT: Cell<i32> = Cell::new(0);
}

fn mask(input: &[u8], output: &mut [u8]) -> i32 {
    if input.len() > output.len() {
        return NO_ROOM;
    }
    if input.contains(&0) {
        return NOT_TEXT;
    }
    let kept = KEPT.with(Cell::get);
    let output = &mut output[..input.len()];
    output.copy_from_slice(input);
    for digits in output.split_mut(|byte| !byte.is_ascii_digit()) {
        if digits.len() > kept {
            let hidden = digits.len() - kept;
            digits[..hidden].fill(b'*');
            COUNT.with(|count| count.set(count.get() + 1));
        }
    }
    input.len() as i32
}

/// # Safety
/// The host calls this with the mailboxes alone, which do not overlap.
#[no_mangle]
pub unsafe extern "C" fn apply(
    input: *const u8,
    length: usize,
    output: *mut u8,
    capacity: usize,
) -> i32 {
    mask(
        from_raw_parts(input, length),
        from_raw_parts_mut(output, capacity),
    )
}

#[no_mangle]
pub extern "C" fn keep(digits: i32) {
    KEPT.with(|kept| kept.set(digits as usize));
}

#[no_mangle]
pub extern "C" fn masked() -> i32 {
    COUNT.with(Cell::get)
}
