import { readFileSync } from 'node:fs'

/** What a process weighs, in bytes. `proportional` counts pages shared with others only in part; where Linux tells it. */
export interface Memory {
  readonly resident: number
  readonly proportional: number | undefined
}

/** Linux alone: everywhere else there is no /proc, and nothing is measured. */
export function memoryOf(pid: number): Memory | undefined {
  const resident = kibibytes(`/proc/${pid}/status`, 'VmRSS')
  if (resident === undefined) return undefined
  return { resident, proportional: kibibytes(`/proc/${pid}/smaps_rollup`, 'Pss') }
}

const TICKS_A_SECOND = 100

/** Processor seconds a process has used so far, in all its threads. */
export function cpuSecondsOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The second field is the program's name in brackets and may hold blanks.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (!fields) return undefined
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}

function kibibytes(file: string, key: string): number | undefined {
  const found = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(read(file) ?? '')?.[1]
  return found === undefined ? undefined : Number(found) * 1024
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
