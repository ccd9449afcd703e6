import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { simulateEscpos } from '../../devices/receipt-printers/escpos/simulator.ts'
import { configureDevice } from '../../devices/registry.ts'
import { simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'
import { verifyLedger } from '../../kiosk-agent/ledger/verify.ts'
import { contradictions } from '../support/slip-contradictions.ts'
import { contentOf } from '../support/slip-document.ts'
import { ledgerIn, temporaryFolder } from './support/ledger-fixture.ts'
import { seededRandom } from './support/random.ts'

/** KILL_SEED=… repeats the moments of a run that failed, PRINT_KILLS=… makes it longer. */
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const kills = Number(process.env.PRINT_KILLS ?? 2)
const program = join(import.meta.dirname, 'support', 'printing-victim.ts')
/** A slip is then on the wire for a third of a second: most kills come in the middle of one. */
const PACE_BAUD = 57_600

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

const transports = {
  TCP: async () => ({ type: 'tcp', host: '127.0.0.1', port: await freePort() }),
  'a pseudo-terminal': async (folder: string) => ({
    ...{ type: 'serial', path: join(folder, 'printer') },
    ...{ baudRate: PACE_BAUD, flowControl: 'none' },
  }),
}

/** A printer that outlives every agent, and all the paper that fell out of it. */
async function printerOn(transport: object) {
  const options = { profile: 'generic-80', transport, checkEveryMs: 1000 }
  const simulator = simulateEscpos({ paceBaud: PACE_BAUD })
  const papers: string[][] = []
  simulator.controls.onSlip(({ bytes }) => papers.push(contentOf(bytes)))
  const device = await configureDevice({ id: 'printer', driver: 'escpos', options })
  const port = await simulateOnPort(device, () => {}, simulator)
  onTestFinished(() => port.close())
  return { options: JSON.stringify(options), papers }
}

/** Runs an agent; kills it at some moment, unless it is the last one, which ends by itself. */
async function runAgent(args: readonly string[], random: () => number, run: number): Promise<void> {
  const last = run === kills
  const child = fork(program, [...args, ...(last ? ['last'] : [])], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  if (last) return expect(await ended).toEqual([0, null])
  // Every eighth dies while it still starts and clears what the one before left; the first has a ledger to make.
  const early = random() < 1 / 8
  if (early && run > 0) await sleep(random() * 1500)
  else {
    await once(child, 'message')
    await sleep(random() * 1500)
  }
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
}

describe.each(Object.entries(transports))('Over %s', (_, transport) => {
  test(
    `${kills} kills of the agent make no slip come out twice, and none "printed" that did not (KILL_SEED=${seed})`,
    async () => {
      const folder = temporaryFolder()
      const random = seededRandom(seed)
      const { options, papers } = await printerOn(await transport(folder))
      for (let run = 0; run <= kills; run++) {
        await runAgent([folder, options, String(run)], random, run)
        expect(verifyLedger(join(folder, 'ledger.sqlite')), `kill ${run}`).toMatchObject({ ok: true })
      }
      const ledger = await ledgerIn(folder)
      const entries = (await ledger.read({ limit: 1e6 })).map(({ entry }) => entry)
      expect(contradictions(entries, papers)).toEqual([])
      const ends = entries.filter((entry) => entry.type === 'slip' && entry.state !== 'queued')
      expect(ends.some((entry) => entry.type === 'slip' && entry.state === 'printed')).toBe(true)
      // Kills that never came in the middle of a slip prove nothing.
      const torn = entries.filter((entry) => entry.type === 'slip' && entry.fault === 'restart')
      if (kills > 10) expect(torn.length).toBeGreaterThan(kills / 4)
    },
    30_000 + kills * 10_000,
  )
})
