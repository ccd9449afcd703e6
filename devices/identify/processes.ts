import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
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
    const [program, files] = await Promise.all([
      textOf(join(roots.proc, pid, 'comm')),
      openFiles(join(roots.proc, pid, 'fd')),
    ])
    if (program === undefined) continue
    programs.add(program)
    const ports = files.filter((file) => file.startsWith(`${roots.dev}/`))
    if (ports.length === 0) continue
    // Whoever has the master's side of a pseudo-terminal is the device itself, not somebody who took its port.
    const isDevice = files.includes('/dev/ptmx') || files.includes('/dev/pts/ptmx')
    const kiosk = Number(pid) === process.pid || (await isKiosk(roots, pid))
    for (const port of ports)
      if (!(isDevice && port.startsWith('/dev/pts/'))) holders.set(port, { pid: Number(pid), program, kiosk })
  }
  return { holderOf: (node) => holders.get(node), runs: (program) => programs.has(program) }
}

async function openFiles(folder: string): Promise<string[]> {
  const names = await namesIn(folder)
  return Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')))
}

/** An agent of this software is no stranger: it holds what it is configured to hold. */
async function isKiosk(roots: PortRoots, pid: string): Promise<boolean> {
  const line = (await textOf(join(roots.proc, pid, 'cmdline'))) ?? ''
  return line.split('\0').some((word) => /(^|\/)kiosk-agent\/[a-z-]+\.ts$/.test(word))
}
