import { stat } from 'node:fs/promises'
import type { ProofEntry } from '../../ledger/proof-signature.ts'
import { proofSigner } from '../../ledger/proof-signature.ts'
import { paperForecast, readPaperUse } from '../../paper/paper-forecast.ts'
import type { ConsoleContext } from '../console-context.ts'
import { type ConsolePart, Refused } from '../console-part.ts'
import { freshTestCode, testSlip } from '../device-tests/test-slip.ts'
import { checkCertificate } from './certificate-check.ts'
import type { Check } from './check.ts'
import { checkClock } from './clock-check.ts'
import { checkDevices } from './device-checks.ts'
import { checkDisk } from './disk-check.ts'
import { gatewayTime } from './gateway-time.ts'
import { checkLedger, verifyInThread } from './ledger-check.ts'
import { createMorningProof, SCHEDULE } from './morning-proof.ts'
import { checkPaper } from './paper-check.ts'

export interface ProofPart extends ConsolePart<'proof', 'run-proof'> {
  /** Knows the last proof of an earlier run, and begins to keep the schedule. */
  start(): Promise<void>
}

const PAGE = 1000
const SLIP_WAIT_MS = 60_000

/** The self-test before opening, on real devices, disk and ledger. */
export function createProofPart(context: ConsoleContext): ProofPart {
  const { clock, door, folders, hub, keys, ledger, terminal } = context
  const { utcOffsetMinutes } = context.hall
  const url = terminal.simulated ? undefined : terminal.health?.url

  async function look(by: string): Promise<Check[]> {
    const now = clock.now()
    const devices = await checkDevices({
      clock,
      devices: () => hub.devices,
      commands: (id) => hub.commandsOf(id)?.commands,
      restart: hub.restart,
      listen: (listener) => context.past.listen({ onEvent: (event) => listener(event) }),
      printSlip: terminal.morningProof?.printSlip ? (device) => printSlip(device, by) : undefined,
    })
    const verdict = await verifyInThread(folders.ledger, clock).catch((error: Error) => error)
    const latest = verdict && 'latestAt' in verdict ? verdict.latestAt : undefined
    const { mtimeMs } = await stat(import.meta.filename)
    return [
      ...devices,
      await checkClock({
        now: clock.now(),
        builtAt: mtimeMs,
        ledgerAt: latest,
        gatewayAt: await gatewayTime(url),
        machineOffsetMinutes: -new Date(now).getTimezoneOffset(),
        hallOffsetMinutes: utcOffsetMinutes,
      }),
      await checkDisk({ folder: folders.terminal, monotonic: clock.monotonic }),
      await checkLedger(verdict),
      await checkCertificate({ url, now, utcOffsetMinutes }),
      await checkPaper(await forecast()),
    ]
  }

  async function forecast() {
    if (!hub.devices.some(({ kind }) => kind === 'receipt-printer')) return undefined
    const { use } = await readPaperUse(ledger)
    return paperForecast(use, hub.commands('receipt-printer')?.nearEndTailMm)
  }

  async function printSlip(device: string, by: string): Promise<string> {
    const slipCode = freshTestCode()
    await ledger.append({ type: 'test-slip', slipCode, device, by })
    const facts = { terminal, utcOffsetMinutes, slipCode, device, by, at: clock.now() }
    const notAfter = clock.monotonic() + SLIP_WAIT_MS
    return door.printTest({ slipCode, document: () => testSlip(facts), notAfter })
  }

  const proof = createMorningProof({
    terminalId: terminal.id,
    schedule: terminal.morningProof?.at,
    utcOffsetMinutes,
    clock,
    log: context.log,
    signer: proofSigner(keys.derive(`morning-proof ${terminal.id}`)),
    look,
    isIdle(by) {
      const { session, outcome } = door.view(clock.now())
      // A technician who has the terminal presses the button; the clock does not pull cables out of busy hands.
      const free = by !== SCHEDULE || door.handover.state === 'open'
      return free && session === null && outcome === null
    },
    head: ledger.head,
    record: (entry) => ledger.append(entry),
    onUnfit: door.setUnfit,
    onChange: context.changed,
  })

  async function lastProof(): Promise<ProofEntry | undefined> {
    let last: ProofEntry | undefined
    for (let afterSeq = 0; ; ) {
      const page = await ledger.read({ types: ['morning-proof'], afterSeq, limit: PAGE })
      const newest = page.at(-1)
      if (newest?.entry.type === 'morning-proof') last = newest.entry
      if (!newest || page.length < PAGE) return last
      afterSeq = newest.seq
    }
  }

  return {
    view: () => ({
      proof: {
        running: proof.running,
        ...(terminal.morningProof ? { schedule: terminal.morningProof.at } : {}),
        ...(proof.last ? { last: proof.last } : {}),
      },
    }),
    commands: {
      'run-proof': {
        needs: 'sign-in',
        run(_, { account }) {
          if (proof.running) throw new Refused('busy', 'A proof is running, or waits until nobody is there.')
          proof.run(account)
        },
      },
    },
    async start() {
      proof.start(await lastProof())
    },
    close: proof.close,
  }
}
