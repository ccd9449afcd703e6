import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { auditHallFile } from '../../kiosk-agent/hall/embedded/audit.ts'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import { verifyLedger } from '../../kiosk-agent/ledger/verify.ts'
import type { Acknowledged } from './support/crash-victim.ts'
import { appointment } from './support/hall-fixture.ts'
import { ledgerIn, temporaryFolder } from './support/ledger-fixture.ts'
import { seededRandom } from './support/random.ts'

/** KILL_SEED=… repeats a run that failed, KILLS=… makes it longer. */
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const kills = Number(process.env.KILLS ?? 20)
const claimsARun = 2_000
const program = join(import.meta.dirname, 'support', 'crash-victim.ts')

/** A hall with appointments enough for so many runs of the victim. */
async function hallIn(folder: string, runs: number) {
  const capacity = runs * claimsARun
  const store = await openEmbeddedHallStore({ path: join(folder, 'hall.sqlite'), hallId: 'south', capacity })
  onTestFinished(() => store.close())
  await store.putAppointments(
    Array.from({ length: capacity }, (_, n) =>
      appointment(`${Math.floor(n / claimsARun)}-${n % claimsARun}`),
    ),
  )
  return store
}

/** Starts an agent, kills it at some moment, and tells what it had been acknowledged until then. */
async function killedAgent(folder: string, run: number, random: () => number) {
  const child = fork(program, [folder, String(run)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const acknowledged: Acknowledged[] = []
  child.on('message', (message: Acknowledged) => acknowledged.push(message))
  const ended = once(child, 'close')
  // Every fourth is killed while it still opens its files.
  if (run % 4 !== 0) await once(child, 'message')
  await sleep(random() * (run % 4 === 0 ? 200 : 60))
  child.kill('SIGKILL')
  const [code, signal] = await ended
  expect([code, signal]).toEqual([null, 'SIGKILL'])
  return acknowledged
}

test(
  `what was acknowledged is there after ${kills} kills, and nothing is half (KILL_SEED=${seed})`,
  async () => {
    const folder = temporaryFolder()
    const random = seededRandom(seed)
    const hallPath = join(folder, 'hall.sqlite')
    const ledgerPath = join(folder, 'ledger.sqlite')
    const store = await hallIn(folder, kills)
    await (await ledgerIn(folder)).close()

    const acknowledged: Acknowledged[] = []
    for (let run = 0; run < kills; run++) {
      acknowledged.push(...(await killedAgent(folder, run, random)))
      expect(verifyLedger(ledgerPath), `kill ${run}`).toMatchObject({ ok: true })
      expect(auditHallFile(hallPath, 'south').problems, `kill ${run}`).toEqual([])
    }

    const ledger = await ledgerIn(folder)
    const hashes = new Map((await ledger.read({ limit: 1e6 })).map(({ seq, hash }) => [seq, hash]))
    const lost: Acknowledged[] = []
    for (const told of acknowledged) {
      if ('hash' in told && hashes.get(told.seq) !== told.hash) lost.push(told)
      if ('nonce' in told && (await store.claimOf(told.nonce))?.state !== 'granted') lost.push(told)
    }
    expect(lost).toEqual([])
    // Two entries of one append are both there or neither is.
    const settings = await ledger.read({ types: ['setting'], limit: 1e6 })
    expect(settings.length % 2).toBe(0)
    // A run in which nobody had done anything proves nothing.
    expect(acknowledged.filter((told) => 'nonce' in told).length).toBeGreaterThan(kills)
    expect(acknowledged.filter((told) => 'hash' in told).length).toBeGreaterThan(kills)
  },
  kills * 3_000,
)

test('a ledger belongs to one process, and to nobody as soon as that one is killed', async () => {
  const folder = temporaryFolder()
  await hallIn(folder, 1)
  const child = fork(program, [folder, '0'], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  await once(child, 'message')
  await expect(ledgerIn(folder)).rejects.toMatchObject({
    code: 'in-use',
    message: expect.stringContaining('another agent of this machine'),
  })
  child.kill('SIGKILL')
  await ended
  expect((await ledgerIn(folder)).head().seq).toBeGreaterThan(2)
})
