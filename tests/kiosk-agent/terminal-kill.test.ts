import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { auditHallFile } from '../../kiosk-agent/hall/embedded/audit.ts'
import { openEmbeddedHallStore } from '../../kiosk-agent/hall/embedded-hall-store.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { openLedger } from '../../kiosk-agent/ledger/ledger.ts'
import { verifyLedger } from '../../kiosk-agent/ledger/verify.ts'
import { startDemoTerminal } from '../support/demo-terminal.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'
import { seededRandom } from './support/random.ts'
import type { Told } from './support/terminal-victim.ts'

/** KILL_SEED=… repeats the moments of a run that failed, TERMINAL_KILLS=… makes it longer. */
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const kills = Number(process.env.TERMINAL_KILLS ?? 10)
const program = join(import.meta.dirname, 'support', 'terminal-victim.ts')

/** Starts a terminal, kills it at some moment, and tells how many pulses its gate had got when it came into service. */
async function killedTerminal(folder: string, run: number, random: () => number): Promise<number> {
  const child = fork(program, [folder], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const told: Told[] = []
  child.on('message', (message: Told) => told.push(message))
  // Every fifth is killed while it still starts, and with luck while it settles the run before; the others after one
  // visitor or two, so that a slow machine kills at other moments but never among nobody.
  if (run % 5 === 4) await sleep(random() * 800)
  else {
    const visitors = 1 + Math.floor(random() * 2)
    while (told.length <= visitors) await once(child, 'message')
    await sleep(random() * 1500)
  }
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
  return told[0]?.pulses ?? 0
}

const ofType = <Type extends Entry['type']>(entries: readonly Entry[], type: Type) =>
  entries.filter((entry): entry is Extract<Entry, { type: Type }> => entry.type === type)

test(
  `a terminal killed ${kills} times loses nobody, keeps no place and opens for nobody (KILL_SEED=${seed})`,
  async () => {
    const folder = temporaryFolder()
    const random = seededRandom(seed)
    const hallPath = join(folder, 'halls', 'demo', 'hall.sqlite')
    const ledgerPath = join(folder, 'demo-1', 'ledger.sqlite')
    writeFileSync(join(folder, 'index.html'), '<!doctype html>')
    await (await startDemoTerminal({ dataFolder: folder }))[Symbol.asyncDispose]()

    for (let run = 0; run < kills; run++) {
      expect(await killedTerminal(folder, run, random), `kill ${run}`).toBe(0)
      expect(verifyLedger(ledgerPath), `kill ${run}`).toMatchObject({ ok: true })
      expect(auditHallFile(hallPath, 'demo').problems, `kill ${run}`).toEqual([])
    }
    await (await startDemoTerminal({ dataFolder: folder }))[Symbol.asyncDispose]()

    expect(verifyLedger(ledgerPath)).toMatchObject({ ok: true })
    expect(auditHallFile(hallPath, 'demo').problems).toEqual([])
    const ledger = await openLedger({
      path: ledgerPath,
      terminalId: 'demo-1',
      simulated: true,
      build: 'test',
    })
    onTestFinished(() => ledger.close())
    const entries = (await ledger.read({ limit: 1e6 })).map(({ entry }) => entry)
    // Stopped properly, the terminal says so after everything else; the last entry is that of opening the ledger here.
    expect(entries.at(-2)).toEqual({ type: 'agent-stopped', why: 'asked to' })
    const [nonces, grants, pulses] = [
      ofType(entries, 'nonce'),
      ofType(entries, 'grant'),
      ofType(entries, 'pulse'),
    ]

    // Every claim has its end, every grant exactly one, and no gate was opened twice for one.
    const result = new Map(ofType(entries, 'settled').map((entry) => [entry.nonce, entry.result]))
    expect(nonces.filter(({ nonce }) => !result.has(nonce))).toEqual([])
    const ended = ofType(entries, 'grant-ended').map(({ grantId }) => grantId)
    expect(ended.toSorted()).toEqual(grants.map(({ grantId }) => grantId).toSorted())
    expect(new Set(pulses.map(({ grantId }) => grantId)).size).toBe(pulses.length)

    // Whoever passed is inside, and so is whoever may have passed; nobody else.
    const passed = new Set(ofType(entries, 'passage').flatMap(({ grantId }) => grantId ?? []))
    const unproven = grants.filter(
      ({ grantId, nonce }) => !passed.has(grantId) && result.get(nonce) === 'unconfirmed',
    )
    const store = await openEmbeddedHallStore({ path: hallPath, hallId: 'demo', capacity: 300 })
    onTestFinished(() => store.close())
    expect(await store.headCount()).toMatchObject({
      granted: 0,
      inside: passed.size + unproven.length,
      unconfirmed: unproven.length,
    })
    // No run opened the gate before it had decided something itself.
    let decided = false
    for (const { type } of entries) {
      if (type === 'agent-started') decided = false
      if (type === 'decision') decided = true
      if (type === 'pulse') expect(decided).toBe(true)
    }
    // Kills among which nobody came in prove nothing.
    expect(passed.size).toBeGreaterThan(kills / 2)
  },
  kills * 6_000,
)
