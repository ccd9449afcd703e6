import type { Kind } from '../../../devices/kinds.ts'
import type { FindingCode } from '../../api/finding-codes.ts'
import type { TestName, TestRun } from '../../api/technician-contract.ts'
import { isoTime } from '../../entry/hall-time.ts'
import { compareTemperature } from './compare-temperature.ts'
import { lightsAndInputs } from './lights-and-inputs.ts'
import { printSlip } from './print-slip.ts'
import type { Procedure, Running, TestNeeds, Wait } from './procedure.ts'
import { pulseGate } from './pulse-gate.ts'
import { readCard } from './read-card.ts'
import { readCode } from './read-code.ts'

const tests: Record<TestName, { readonly kind: Kind; readonly procedure: Procedure }> = {
  'print-slip': { kind: 'receipt-printer', procedure: printSlip },
  'read-card': { kind: 'id-card-reader', procedure: readCard },
  'read-code': { kind: 'code-scanner', procedure: readCode },
  'pulse-gate': { kind: 'gate', procedure: pulseGate },
  'compare-temperature': { kind: 'thermometer', procedure: compareTemperature },
  'lights-and-inputs': { kind: 'auxiliaries', procedure: lightsAndInputs },
}

/** The tests that exist for devices of this kind. */
export function testsFor(kind: Kind): TestName[] {
  return (Object.keys(tests) as TestName[]).filter((name) => tests[name].kind === kind)
}

export interface TestAsked {
  readonly device: string
  readonly test: TestName
  /** Id of the technician's account. */
  readonly by: string
  readonly referenceCentiCelsius?: number | undefined
}

/** Why a test is not begun. */
export type TestRefusal = 'busy' | 'unknown-device' | 'no-such-test' | 'fire' | 'offline'

/** Tests of devices, one at a time. */
export interface DeviceTests {
  /** The run, or the last one until it is forgotten. */
  readonly run: TestRun | null
  /** Begins; resolves when it is written down, with why not otherwise. Rejects when the ledger does not take it. */
  start(asked: TestAsked): Promise<TestRefusal | undefined>
  /** False when nothing runs. */
  cancel(): boolean
  /** Ends what runs and forgets it. */
  end(): Promise<void>
}

/** How often it is looked whether the device is still there. */
const LOOK_EVERY_MS = 200

type Why = 'cancelled' | 'device-lost'
class Ended extends Error {
  readonly why: Why
  constructor(why: Why) {
    super(why)
    this.why = why
  }
}

export function createDeviceTests(needs: TestNeeds): DeviceTests {
  const { clock } = needs
  let run: TestRun | null = null
  let current: { readonly over: AbortController; readonly done: Promise<void> } | undefined

  function become(change: Partial<TestRun>): void {
    if (run) run = { ...run, ...change }
    needs.onChange()
  }

  function find(code: FindingCode, values: Record<string, string> = {}, ok?: boolean): void {
    const findings = [...(run?.findings ?? []), { code, values, ...(ok === undefined ? {} : { ok }) }]
    become({ findings })
  }

  function refusal({ device, test }: TestAsked): TestRefusal | undefined {
    const known = needs.device(device)
    if (current) return 'busy'
    if (!known) return 'unknown-device'
    if (tests[test].kind !== known.kind) return 'no-such-test'
    const commands = needs.commands(device)
    if (!commands) return 'offline'
    return 'fire' in commands && commands.fire() ? 'fire' : undefined
  }

  async function carryOut(asked: TestAsked, over: AbortController): Promise<void> {
    const watching = new AbortController()
    void endWhenLost(asked.device, over, watching.signal)
    let state: 'passed' | 'failed' | 'cancelled'
    try {
      const procedure = tests[asked.test].procedure(runningOf(asked, over.signal))
      const passed = await Promise.race([procedure, ended(over.signal)])
      state = passed ? 'passed' : 'failed'
    } catch (error) {
      const why = over.signal.aborted ? (over.signal.reason as Ended).why : undefined
      state = why === 'cancelled' ? 'cancelled' : 'failed'
      if (why) find(why, {}, why === 'device-lost' ? false : undefined)
      else find('test-failed', { why: error instanceof Error ? error.message : String(error) }, false)
    } finally {
      watching.abort()
    }
    current = undefined
    const { ask: _, ...rest } = run ?? ({} as TestRun)
    run = { ...rest, state }
    needs.onChange()
    const { device, test, by } = asked
    await needs.record({ type: 'test', device, test, by, state }).catch((error) => {
      needs.log('the end of a test was not recorded', { error })
    })
  }

  /** A device that came back is another connection: what was asked of the one before gets no answer. */
  async function endWhenLost(device: string, over: AbortController, signal: AbortSignal): Promise<void> {
    const commands = needs.commands(device)
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {})
      if (!signal.aborted && needs.commands(device) !== commands) over.abort(new Ended('device-lost'))
    }
  }

  /** What an ended run still finds, because a printer or a gate was not done yet, belongs to no run any more. */
  function runningOf({ device, by, referenceCentiCelsius }: TestAsked, signal: AbortSignal): Running {
    return {
      needs,
      device,
      by,
      referenceCentiCelsius,
      signal,
      find: (...found) => {
        if (!signal.aborted) find(...found)
      },
      ask(what) {
        if (signal.aborted) return
        const { ask: _, ...rest } = run ?? ({} as TestRun)
        run = what === undefined ? { ...rest, state: 'running' } : { ...rest, state: 'person', ask: what }
        needs.onChange()
      },
      offerOffset: (offsetCentiCelsius) => become({ offsetCentiCelsius }),
      waitFor: (wait) => waitFor(needs, wait, signal),
    }
  }

  return {
    get run() {
      return run
    },
    async start(asked) {
      const refused = refusal(asked)
      if (refused) return refused
      const { device, test, by } = asked
      const over = new AbortController()
      const begun = Promise.withResolvers<void>()
      current = { over, done: begun.promise }
      try {
        await needs.record({ type: 'test', device, test, by, state: 'started' })
      } catch (error) {
        current = undefined
        throw error
      }
      const startedAt = isoTime(clock.now(), needs.utcOffsetMinutes)
      run = { device, test, state: 'running', startedAt, findings: [] }
      needs.onChange()
      void carryOut(asked, over).finally(begun.resolve)
      return undefined
    },
    cancel() {
      current?.over.abort(new Ended('cancelled'))
      return current !== undefined
    },
    async end() {
      current?.over.abort(new Ended('cancelled'))
      await current?.done
      run = null
      needs.onChange()
    },
  }
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

async function waitFor<K extends Kind, Result>(
  { clock, listen }: TestNeeds,
  { kind, limitMs, take }: Wait<K, Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  signal.throwIfAborted()
  const over = new AbortController()
  const found = Promise.withResolvers<Result>()
  const stop = listen((event) => {
    if (event.kind !== kind) return
    const result = take(event.event as Parameters<typeof take>[0])
    if (result !== undefined) found.resolve(result)
  })
  const limit = clock.sleep(limitMs, AbortSignal.any([signal, over.signal])).then(() => undefined)
  try {
    return await Promise.race([found.promise, limit])
  } finally {
    stop()
    over.abort()
    limit.catch(() => {})
  }
}
