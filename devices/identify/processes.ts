import { readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { namesIn, textOf } from './files.ts'
import type { Holder } from './found.ts'
import type { PortRoots } from './roots.ts'

/** What runs on this machine, as far as this user may know. */
export interface Processes {
  /** Who has a device file open. */
  holderOf(node: string): Holder | undefined
  runs(program: string): boolean
}

/** Looks at every process once. Open files of other users' processes are not told; that they run is. */
export async function lookAtProcesses(roots: PortRoots): Promise<Processes> {
  const pids = (await namesIn(roots.proc)).filter((name) => /^\d+$/.test(name))
  const holders = new Map<string, Holder>()
  const programs = new Set<string>()
  for (const pid of pids) {
    const program = await textOf(join(roots.proc, pid, 'comm'))
    if (program === undefined) continue
    programs.add(program)
    const ports = await openPorts(roots, pid)
    if (ports.length === 0) continue
    const holder = await describe(roots, { pid, program })
    for (const port of ports) holders.set(port, holder)
  }
  return { holderOf: (node) => holders.get(node), runs: (program) => programs.has(program) }
}

interface OpenFile {
  readonly descriptor: string
  readonly path: string
}

/** The device files a process has open. */
async function openPorts(roots: PortRoots, pid: string): Promise<string[]> {
  const folder = join(roots.proc, pid, 'fd')
  const files: OpenFile[] = await Promise.all(
    (await namesIn(folder)).map(async (descriptor) => ({
      descriptor,
      path: await readlink(join(folder, descriptor)).catch(() => ''),
    })),
  )
  const ports = files.filter(({ path }) => path.startsWith(`${roots.dev}/`))
  // Whoever has the master's side of pseudo-terminals, or has inherited it, has their ends only because it made them.
  const made = files.some(({ path }) => path === '/dev/ptmx' || path === '/dev/pts/ptmx')
  const opened = await Promise.all(
    ports.map(async ({ descriptor, path }) =>
      made && path.startsWith('/dev/pts/') && !(await isPort(roots, pid, descriptor)) ? [] : [path],
    ),
  )
  return opened.flat()
}

/** Linux's O_SYNC, with which the serialport package opens ports, and nobody makes a pseudo-terminal. */
const SYNCHRONOUS = 0o4000000

async function isPort(roots: PortRoots, pid: string, descriptor: string): Promise<boolean> {
  const facts = await textOf(join(roots.proc, pid, 'fdinfo', descriptor))
  const flags = facts?.match(/^flags:\s*([0-7]+)$/m)?.[1]
  return (Number.parseInt(flags ?? '0', 8) & SYNCHRONOUS) !== 0
}

/** An agent of this software is no stranger: it holds what it is configured to hold. */
async function describe(
  roots: PortRoots,
  { pid, program }: { pid: string; program: string },
): Promise<Holder> {
  const line = (await textOf(join(roots.proc, pid, 'cmdline'))) ?? ''
  const words = line.split('\0')
  const isAgent = words.some((word) => /(^|\/)kiosk-agent\/[a-z-]+\.ts$/.test(word))
  return {
    pid: Number(pid),
    // What Node calls its first thread says nothing to anybody.
    program: program === 'MainThread' ? basename(words[0] ?? program) : program,
    kiosk: isAgent || Number(pid) === process.pid,
  }
}
