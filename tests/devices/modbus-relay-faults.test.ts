import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { relayBoard, relayMaster } from '../../devices/gates/modbus-relay/codec.ts'
import type { GatePulse } from '../../devices/kinds.ts'
import type { ModbusRequest } from '../../devices/lib/modbus-pdu.ts'
import { pulse, pulseAddress, switchOff } from '../../devices/lib/modbus-relays.ts'
import type { RelayFault } from '../../devices/lib/simulated-relay-board.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { onPulse, pulseFrame, readInputs, readRelays, soon, startGate } from '../support/gate-bench.ts'

describe('Modbus relay gate, with a board that answers late', () => {
  const delays = [0, 100, 240, 260, 400, 540, 560, 600, 620, 700, 900, 1300, 2500]

  test.each(delays)('%i ms late: relays are never taken for inputs', async (delayMs) => {
    // Relay and passage are both bit 0: a relay's answer taken for the inputs' would be a person.
    const { clock, controls, gate, events, near } = await startGate()
    controls.answerDelayMs = delayMs
    for (let turn = 0; turn < 5 && !near.closed.aborted; turn++) {
      const opening = gate.open(soon(clock)).catch(() => {})
      await clock.advance(333)
      controls.answerDelayMs = turn % 2 ? delayMs : 0
      await clock.until(opening)
    }
    await clock.advance(5000)
    expect(events).toEqual([])
  })

  test.each(delays)('%i ms late: inputs are never taken for relays', async (delayMs) => {
    const { clock, controls, gate, near } = await startGate({ fault: onPulse('stuck') })
    const walking = setPassage(clock, controls)
    controls.answerDelayMs = delayMs
    const outcomes: unknown[] = []
    for (let turn = 0; turn < 5 && !near.closed.aborted; turn++) {
      const opening = gate
        .open(soon(clock))
        .then(({ outcome }) => outcomes.push(outcome))
        .catch(() => {})
      await clock.advance(333)
      controls.answerDelayMs = turn % 2 ? delayMs : 0
      await clock.until(opening)
    }
    walking.stop()
    expect(outcomes).not.toContain('confirmed')
  })

  test('an old echo and an old look at the relay confirm nothing', async () => {
    let lost = false
    const { clock, controls, gate } = await startGate({
      fault: (request) => (lost && request.address === 0x200 ? 'lost-request' : 'none'),
    })
    gate.holdPolling(true)
    controls.answerDelayMs = 900
    const first = clock.until(gate.open(soon(clock)))
    expect(await first).toMatchObject({ outcome: 'unconfirmed' })
    controls.answerDelayMs = 0
    lost = true
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
    expect(controls.pulses).toBe(1)
  })
})

describe('Modbus relay gate, with old answers on the line', () => {
  const cases = [
    ['the echo of a pulse that got none', pulse(0, 3200), 'lost-answer'],
    ['the echo of an "off"', switchOff(0), 'none'],
    ['the echo of a shorter pulse', pulse(0, 700), 'none'],
  ] as const

  test.each(cases)('%s does not acknowledge the next pulse', async (_, echoed, firstPulse) => {
    const faults: RelayFault[] = [firstPulse, 'lost-request']
    const { clock, gate, far } = await startGate(
      {
        fault({ address }) {
          const found = address >= pulseAddress ? (faults.shift() ?? 'none') : 'none'
          if (found === 'lost-request') void far.write(relayMaster(1).encode(echoed))
          return found
        },
      },
      { pulseMs: 3200 },
    )
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
    // The relay is still on from the first pulse, so only the acknowledgement could tell.
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
  })

  test('a look at the relay that was asked for an earlier pulse does not confirm the next', async () => {
    let opens = 0
    const { clock, gate, far } = await startGate({
      fault({ function: code }) {
        if (opens === 0 || code === 2) return 'none'
        if (opens === 2 && code === 1)
          void far.write(relayBoard(1).encode({ type: 'bits', function: 1, bits: 1 }))
        return 'lost-request'
      },
    })
    opens = 1
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
    await clock.advance(2000)
    opens = 2
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
  })

  test('ten seconds later the doubt is over', async () => {
    const faults: RelayFault[] = ['lost-request', 'none']
    const { clock, gate } = await startGate(
      { fault: ({ address }) => (address >= pulseAddress ? (faults.shift() ?? 'none') : 'none') },
      { pulseMs: 700 },
    )
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'unconfirmed' })
    await clock.advance(10_000)
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
    expect(await clock.until(gate.open(soon(clock)))).toMatchObject({ outcome: 'confirmed' })
  })

  test('after an answer got lost, the inputs are read anew before the next pulse', async () => {
    let lost = false
    const { clock, gate, writes } = await startGate({
      fault: ({ function: code }) => (lost && code === 1 ? 'lost-request' : 'none'),
    })
    lost = true
    const first = gate.open(soon(clock))
    const second = gate.open(soon(clock))
    await clock.until(first)
    lost = false
    await clock.until(second)
    expect(writes.slice(-5)).toEqual([pulseFrame, readRelays, readInputs, pulseFrame, readRelays])
  })

  test('a command never waits behind a poll that is not on the line yet', async () => {
    const { clock, gate, controls, writes } = await startGate()
    controls.answerDelayMs = 100
    const first = gate.open(soon(clock))
    await clock.advance(150)
    await clock.until(Promise.all([first, gate.open(soon(clock))]))
    expect(writes.slice(-4)).toEqual([pulseFrame, readRelays, pulseFrame, readRelays])
  })
})

describe('Modbus relay gate, whatever goes wrong', () => {
  const fault = fc.constantFrom<RelayFault>(
    'none',
    'none',
    'none',
    'lost-request',
    'lost-answer',
    'garbled-answer',
    'stuck',
    'refused',
  )

  test('at most one pulse per command, and confirmed only when the board really gave it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { minLength: 1, maxLength: 12 }),
        fc.array(fc.constantFrom(0, 0, 0, 90, 240, 300, 540, 610, 900, 1500), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(1500), { minLength: 1, maxLength: 6 }),
        async (faults, delays, pauses) => {
          const run = await runWithFaults(faults, delays, pauses)
          for (const { outcome, written, obeyedAt, writtenAt, calledAt } of run.opens) {
            expect(written).toBe(outcome === 'not sent' ? 0 : 1)
            if (outcome !== 'confirmed') continue
            expect(obeyedAt.some((at) => at >= calledAt && at >= writtenAt)).toBe(true)
          }
          expect(run.events).toEqual([])
          expect(run.switchedOn).toBe(0)
        },
      ),
      { numRuns: 120 },
    )
  })
})

/** Opens again and again while everything that can go wrong goes wrong, and tells what the board made of each command. */
async function runWithFaults(
  faults: readonly RelayFault[],
  delays: readonly number[],
  pauses: readonly number[],
) {
  const clock = fakeClock()
  const obeyedAt: number[] = []
  let judged = 0
  let broken = false
  function fault({ address }: ModbusRequest): RelayFault {
    const found = broken ? (faults[judged++ % faults.length] ?? 'none') : 'none'
    if (address >= pulseAddress && found !== 'lost-request' && found !== 'refused')
      obeyedAt.push(clock.monotonic())
    return found
  }
  const { gate, controls, near, events, pulsesWritten } = await startGate({ clock, fault })
  const opens: Opened[] = []
  broken = true
  for (const [turn, pauseMs] of pauses.entries()) {
    controls.answerDelayMs = delays[turn % delays.length] ?? 0
    await clock.advance(pauseMs)
    const before = { written: pulsesWritten(), at: clock.monotonic(), obeyed: obeyedAt.length }
    const opening = gate.open(soon(clock, 1500)).catch(({ code }) => ({
      outcome: code === 'refused' ? ('refused' as const) : ('not sent' as const),
      writtenAt: 0,
    }))
    opens.push({
      ...(await clock.until(opening)),
      written: pulsesWritten() - before.written,
      calledAt: before.at,
      obeyedAt: obeyedAt.slice(before.obeyed),
    })
    if (near.closed.aborted) break
  }
  await clock.advance(5000)
  const switchedOn = controls.received.filter(({ address, value }) => address < 8 && value === 0xff00).length
  return { opens, events, switchedOn }
}

interface Opened {
  readonly outcome: GatePulse['outcome'] | 'refused' | 'not sent'
  /** Pulses the driver wrote for this command. */
  readonly written: number
  readonly calledAt: number
  readonly writtenAt: number
  /** When the board took a pulse between this command and its outcome. */
  readonly obeyedAt: readonly number[]
}

/** Somebody stands in the gate: the passage contact stays closed. */
function setPassage(clock: FakeClock, controls: { walkThrough(): void }) {
  const over = new AbortController()
  const stand = async () => {
    for (;;) {
      controls.walkThrough()
      await clock.sleep(100, over.signal)
    }
  }
  stand().catch(() => {})
  return { stop: () => over.abort(new Error('gone')) }
}
