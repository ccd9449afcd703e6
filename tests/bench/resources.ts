import { setTimeout as sleep } from 'node:timers/promises'
import { startProgram } from './agent-process.ts'
import { cpuSecondsOf, type Memory, memoryOf } from './process-facts.ts'
import { BARE_EXPRESS } from './start.ts'
import { atMost, type Figure, type Section } from './table.ts'

const MEMORY_LIMIT_MB = 110
const CPU_LIMIT_PERCENT = 2
const MB = 1_000_000
const SETTLING_MS = 2000

/**
 * Memory and processor of a running agent whose devices are all ready and whose screen is connected, while nobody is
 * there; its devices live in another process. Linux alone; elsewhere it says so.
 */
export async function measureResources(pid: number, seconds: number): Promise<Section> {
  await using express = startProgram(BARE_EXPRESS)
  // Both have loaded and compiled by then what they need.
  await sleep(SETTLING_MS)
  const before = [cpuSecondsOf(pid), cpuSecondsOf(express.pid)] as const
  const since = performance.now()
  await sleep(seconds * 1000)
  const elapsed = (performance.now() - since) / 1000
  const share = (of: number, started: number | undefined) =>
    (((cpuSecondsOf(of) ?? Number.NaN) - (started ?? Number.NaN)) / elapsed) * 100
  const percent = share(pid, before[0])
  return {
    title: `Resources: all devices ready, screen connected, nobody there (after ${seconds} s)`,
    figures: [
      memoryFigure('memory, resident', pid, express.pid),
      {
        what: `processor, mean of ${seconds} s`,
        value: `${percent.toFixed(2)} % of a core`,
        floor: `${share(express.pid, before[1]).toFixed(2)} % bare Express`,
        promise: atMost(percent, CPU_LIMIT_PERCENT, '% of a core'),
      },
    ],
  }
}

/** One line on the memory of an agent, beside that of a bare Express process. */
export function memoryFigure(what: string, pid: number, expressPid?: number): Figure {
  const agent = memoryOf(pid)
  if (!agent) return { what, value: 'not measured: this system has no /proc' }
  const floor = expressPid === undefined ? undefined : memoryOf(expressPid)
  return {
    what,
    value: inWords(agent),
    ...(floor ? { floor: `${inWords(floor)} bare Express` } : {}),
    promise: atMost(agent.resident / MB, MEMORY_LIMIT_MB, 'MB'),
  }
}

function inWords({ resident, proportional }: Memory): string {
  const share = proportional === undefined ? '' : ` (PSS ${(proportional / MB).toFixed(0)})`
  return `${(resident / MB).toFixed(0)} MB${share}`
}
