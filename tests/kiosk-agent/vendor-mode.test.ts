import { describe, expect, test } from 'vitest'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import type { ConsoleContext } from '../../kiosk-agent/technician/console-context.ts'
import { createHandover } from '../../kiosk-agent/technician/handover.ts'
import { fakeClock } from '../support/fake-clock.ts'

const wu = { account: 'wu', name: 'Wu' }
const lin = { account: 'lin', name: 'Lin' }

/** The console's half of the handover, at a door without visitors; `devices` are whether each is online. */
function vendorMode(devices: Record<string, boolean>) {
  const clock = fakeClock()
  const entries: Entry[] = []
  const putBack = { done: true }
  const door = {
    state: 'open',
    close: () => void Object.assign(door, { state: 'closed' }),
    open: () => void Object.assign(door, { state: 'open' }),
  }
  const context = {
    clock,
    door: { handover: door, isOnFire: false, view: () => ({ session: null }) },
    hub: {
      get devices() {
        return Object.entries(devices).map(([id, online]) => ({ id, state: online ? 'online' : 'powerOff' }))
      },
    },
    ledger: { append: async (...written: Entry[]) => void entries.push(...written) },
    log: () => {},
    changed: () => handover.follow(),
  } as unknown as ConsoleContext
  const handover = createHandover(context, {
    beforeLeaving: async () => {
      if (!putBack.done) throw new Error('the former device does not come back')
    },
  })
  const mode = () => handover.view(clock.now()).vendorMode
  const enter = () => handover.commands.enter.run({ type: 'enter', when: 'now' }, wu)
  const leave = (force?: boolean) =>
    handover.commands.leave.run({ type: 'leave', ...(force === undefined ? {} : { force }) }, wu)
  return { clock, entries, door, devices, handover, mode, enter, leave, putBack }
}

describe('The terminal in the hands of a technician', () => {
  test('goes back by itself when the technician is gone, within a minute also when a device stays away', async () => {
    const { clock, door, handover, mode, enter, entries } = vendorMode({ gate: true, printer: false })
    await enter()
    expect(handover.holds('wu')).toBe(true)
    handover.lost('lin')
    expect(mode().state).toBe('active')
    handover.lost('wu')
    await clock.advance(10)
    expect(mode()).toMatchObject({ state: 'exiting', waitingFor: ['printer'] })
    await clock.advance(59_000)
    expect([mode().state, door.state]).toEqual(['exiting', 'closed'])
    await clock.advance(2000)
    expect([mode().state, door.state]).toEqual(['visitors', 'open'])
    expect(entries.map((entry) => entry.type === 'vendor-mode' && [entry.state, entry.how])).toEqual([
      ['entering', 'now'],
      ['active', undefined],
      ['exiting', 'lost'],
      ['visitors', 'forced'],
    ])
  })

  test('goes back at once when everything is ready, and waits for no technician', async () => {
    const { clock, handover, mode, enter } = vendorMode({ gate: true })
    await enter()
    handover.lost('wu')
    await clock.advance(10)
    expect(mode().state).toBe('visitors')
  })

  test('waits as long as the technician who left is there to decide', async () => {
    const { clock, mode, enter, leave, devices, handover } = vendorMode({ printer: false })
    await enter()
    await leave()
    await clock.advance(3_600_000)
    expect(mode()).toMatchObject({ state: 'exiting', waitingFor: ['printer'] })
    devices.printer = true
    handover.follow()
    expect(mode().state).toBe('visitors')
  })

  test('that one has is not to be had by another; the one who has it may change his mind', async () => {
    const { clock, mode, enter, leave, handover } = vendorMode({ printer: false })
    await enter()
    expect(() => handover.commands.enter.run({ type: 'enter', when: 'now' }, lin)).toThrow(
      'Wu has the terminal',
    )
    await leave()
    await clock.advance(10)
    await enter()
    expect(mode()).toMatchObject({ state: 'active', by: 'Wu' })
    await leave(true)
    await clock.advance(10)
    expect(mode().state).toBe('visitors')
  })

  test('goes back also when something could not be put back', async () => {
    const { clock, mode, enter, leave, putBack } = vendorMode({ gate: true })
    await enter()
    putBack.done = false
    await leave()
    await clock.advance(10)
    expect(mode().state).toBe('visitors')
  })
})
