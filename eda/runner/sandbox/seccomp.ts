// The system-call filter of a confined run, as a classic BPF program for bubblewrap's --seccomp. It refuses what no EDA
// tool needs and what widens the kernel's surface: new namespaces and mounts, kernel keys, modules, BPF, io_uring; and
// sockets, unless the run needs the network. Everything else is left to the namespaces.

/** Numbers from the kernel's syscall tables (arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h), Linux 6.1. */
interface Architecture {
  /** AUDIT_ARCH_* */
  readonly audit: number;
  readonly denied: readonly number[];
  /** answered with ENOSYS, so that the C library falls back to clone, whose flags can be looked at */
  readonly clone3: number;
  readonly clone: number;
  readonly socket: number;
  /** i386 only: every socket call in one, whose arguments cannot be looked at */
  readonly socketcall?: number;
}

/** The same on every architecture: io_uring, the new mount calls, pidfd_getfd, quotactl_fd. */
const RECENT = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 443];

// mount umount2 swapon swapoff reboot init_module delete_module quotactl kexec_load kexec_file_load add_key request_key
// keyctl unshare setns perf_event_open bpf userfaultfd pivot_root chroot acct syslog open_by_handle_at lookup_dcookie
// ioperm iopl fanotify_init finit_module kcmp
const X64: Architecture = {
  audit: 0xc000003e,
  denied: [
    165, 166, 167, 168, 169, 175, 176, 179, 246, 320, 248, 249, 250, 272, 308, 298, 321, 323, 155, 161, 163, 103, 304,
    212, 173, 172, 300, 313, 312,
  ],
  clone3: 435,
  clone: 56,
  socket: 41,
};
// The 32-bit parts of some simulators. In the same order, umount beside umount2.
const I386: Architecture = {
  audit: 0x40000003,
  denied: [
    21, 22, 52, 87, 115, 88, 128, 129, 131, 283, 286, 287, 288, 310, 346, 336, 357, 374, 217, 61, 51, 103, 342, 253,
    101, 110, 338, 350, 349,
  ],
  clone3: 435,
  clone: 120,
  socket: 359,
  socketcall: 102,
};
const ARM64: Architecture = {
  audit: 0xc00000b7,
  denied: [
    40, 39, 224, 225, 142, 105, 106, 60, 104, 294, 217, 218, 219, 97, 268, 241, 280, 282, 41, 51, 89, 116, 265, 18, 262,
    273, 272,
  ],
  clone3: 435,
  clone: 220,
  socket: 198,
};

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, readonly Architecture[]>> = {
  x64: [X64, I386],
  arm64: [ARM64],
};

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME */
const NEW_NAMESPACES = 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000;
/** not bound by the network namespace: AF_VSOCK reaches the host of a virtual machine, AF_PACKET and AF_KEY its wire */
const HOST_FAMILIES = [15, 17, 40];

const LOAD = 0x20,
  JUMP_EQUAL = 0x15,
  JUMP_GREATER_EQUAL = 0x35,
  JUMP_SET = 0x45,
  RETURN = 0x06;
const ALLOW = 0x7fff_0000,
  ERRNO = 0x0005_0000;
const EPERM = 1,
  EACCES = 13,
  ENOSYS = 38;
/** offsets in struct seccomp_data */
const AT_NUMBER = 0,
  AT_ARCH = 4,
  AT_ARGUMENT_0 = 16;
/** x32 calls on x86-64 carry this bit: nothing speaks it any more, and it would need tables of its own */
const X32 = 0x4000_0000;

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, operand: number];

const refuse = (errno: number): Instruction => [RETURN, 0, 0, ERRNO | errno];
const allow: Instruction = [RETURN, 0, 0, ALLOW];

/** Returns at once when the value just loaded is `value`. */
const returnIf = (value: number, result: Instruction): Instruction[] => [[JUMP_EQUAL, 0, 1, value], result];

function body(arch: Architecture, network: boolean): Instruction[] {
  const socket: Instruction[] = network
    ? [[LOAD, 0, 0, AT_ARGUMENT_0], ...HOST_FAMILIES.flatMap((family) => returnIf(family, refuse(EACCES))), allow]
    : [refuse(EACCES)];
  return [
    [LOAD, 0, 0, AT_NUMBER],
    ...(arch === X64 ? ([[JUMP_GREATER_EQUAL, 0, 1, X32], refuse(ENOSYS)] as const) : []),
    ...[...arch.denied, ...RECENT].flatMap((call) => returnIf(call, refuse(EPERM))),
    ...returnIf(arch.clone3, refuse(ENOSYS)),
    ...(arch.socketcall === undefined || network ? [] : returnIf(arch.socketcall, refuse(EACCES))),
    [JUMP_EQUAL, 0, socket.length, arch.socket],
    ...socket,
    [JUMP_EQUAL, 0, 3, arch.clone],
    [LOAD, 0, 0, AT_ARGUMENT_0],
    [JUMP_SET, 0, 1, NEW_NAMESPACES],
    refuse(EPERM),
    allow,
  ];
}

/** Null where the numbers of this machine's architecture are not known here; the namespaces confine all the same. */
export function filterProgram(network: boolean, architecture: NodeJS.Architecture = process.arch): Buffer | null {
  const architectures = ARCHITECTURES[architecture];
  if (architectures === undefined) return null;
  const program: Instruction[] = [[LOAD, 0, 0, AT_ARCH]];
  for (const arch of architectures) {
    const code = body(arch, network);
    program.push([JUMP_EQUAL, 0, code.length, arch.audit], ...code);
  }
  program.push(refuse(ENOSYS));
  return encode(program);
}

/** What bubblewrap gets where there is no filter: it still waits for a program before it starts anything. */
export const allowEverything: Buffer = encode([allow]);

/**
 * struct sock_filter: u16 code, u8 jt, u8 jf, u32 k, in the machine's byte order, which is little-endian on all three.
 */
function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, whenTrue, whenFalse, operand]] of program.entries()) {
    if (whenTrue > 255 || whenFalse > 255) throw new RangeError('a jump of the filter is too long');
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  }
  return bytes;
}
