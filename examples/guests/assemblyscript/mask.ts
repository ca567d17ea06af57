// The filter in AssemblyScript. A module cannot bring its description in this language:
// it is in mask.abi. wasmc asks the exported runtime (__new, __pin) for the mailboxes.

const notText: i32 = -1;
const noRoom: i32 = -2;

let kept: i32 = 4;
let count: i32 = 0;

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

export function apply(input: usize, length: i32, output: usize, capacity: i32): i32 {
  if (length > capacity) return noRoom;
  for (let i = 0; i < length; i++) {
    if (load<u8>(input + i) == 0) return notText;
  }
  memory.copy(output, input, length);
  for (let i = 0; i < length; i++) {
    const begin = i;
    while (i < length && isDigit(load<u8>(output + i))) i++;
    if (i - begin > kept) {
      memory.fill(output + begin, 0x2a, i - begin - kept);
      count++;
    }
  }
  return length;
}

export function keep(digits: i32): void {
  kept = digits;
}

export function masked(): i32 {
  return count;
}
