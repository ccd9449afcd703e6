import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PortedTerminal } from '../support/ported-terminal.ts'
import { startAgent, startProgram, untilAnswered } from './agent-process.ts'
import { median } from './percentiles.ts'
import { atMost, ms, type Section } from './table.ts'

const COLD_LIMIT_MS = 800
const WARM_LIMIT_MS = 500

/** An Express server with nothing in it, on a free port that it prints. */
export const BARE_EXPRESS = [
  '--input-type=module',
  '--eval',
  `import express from 'express'
   const server = express().get('/', (_, response) => response.end('here')).listen(0, '127.0.0.1')
   server.on('listening', () => console.log('port ' + server.address().port))`,
]

/** From the start of the process to its first answer: an agent with real ports, before it ran here and after. */
export async function measureStart(terminal: PortedTerminal, runs: number): Promise<Section> {
  const cold: number[] = []
  const warm: number[] = []
  const node: number[] = []
  const express: number[] = []
  for (let run = 0; run < runs; run++) {
    node.push(await bareNode())
    express.push(await bareExpress())
    const folder = await freshDataFolder(terminal)
    cold.push(await agentStart(terminal, folder))
    warm.push(await agentStart(terminal, folder))
    await rm(folder, { recursive: true })
  }
  const floor = `${ms(median(node))} bare Node, ${ms(median(express))} bare Express`
  return {
    title: `Start: process to first answer of GET /api/reachable (median of ${runs})`,
    figures: [
      {
        what: 'cold: fresh data folder, no compile cache',
        value: ms(median(cold)),
        floor,
        promise: atMost(median(cold), COLD_LIMIT_MS, 'ms'),
      },
      {
        what: 'warm: second start in the same data folder',
        value: ms(median(warm)),
        floor,
        promise: atMost(median(warm), WARM_LIMIT_MS, 'ms'),
      },
    ],
    notes: ['The sources lie in the page cache of the system in both; its devices wait on their ports.'],
  }
}

async function freshDataFolder({ dataFolder }: PortedTerminal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-start-'))
  await mkdir(join(folder, 'keys'), { mode: 0o700 })
  await cp(join(dataFolder, 'keys', 'health-token'), join(folder, 'keys', 'health-token'))
  return folder
}

async function agentStart({ terminalFile, port }: PortedTerminal, dataFolder: string): Promise<number> {
  const since = performance.now()
  await using _agent = startAgent(terminalFile, dataFolder)
  return await untilAnswered(port, '/api/reachable', since)
}

async function bareNode(): Promise<number> {
  const since = performance.now()
  const { ended } = startProgram(['--eval', 'console.log(1)'])
  await ended
  return performance.now() - since
}

async function bareExpress(): Promise<number> {
  const since = performance.now()
  await using program = startProgram(BARE_EXPRESS)
  while (!/port \d+/.test(program.output())) await new Promise((resolve) => setTimeout(resolve, 1))
  return performance.now() - since
}
