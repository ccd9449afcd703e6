import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openFrame, tripod } from '../../devices/gates/tripod-serial/codec.ts'
import { tripodSerial } from '../../devices/gates/tripod-serial/driver.ts'
import { simulateTripod } from '../../devices/gates/tripod-serial/simulator.ts'
import { bytes, hex, survivesDamage, survivesNoise } from '../support/codec-properties.ts'
import { gateCable } from './gate-contract.ts'

const commands = {
  reads: tripod,
  encode: tripod.encode,
  frame: fc.record({ address: fc.nat(255), command: fc.nat(255) }),
  alphabet: [0xeb, 0x01, 0x40, 0x00, 0xaa],
}
const settings = { path: 'memory', portConfirmed: true }
const opens = (written: string) => written.startsWith('eb')

describe('Tripod codec', () => {
  test.each([
    ['EB 01 40 00 AA', 'left'],
    ['EB 01 41 00 AB', 'right'],
  ] as const)('%s opens to the %s', (printed, side) => {
    expect(hex(openFrame(1, side))).toBe(hex(bytes(printed)))
    expect(tripod.decode(bytes(printed))).toMatchObject({ frame: { address: 1 }, used: 5 })
  })

  test('the check is computed for every address', () => {
    expect(hex(openFrame(0x2c, 'left'))).toBe('eb2c400087')
  })

  test('any commands, any cutting, any noise: every intact one is found', () => survivesNoise(commands))
  test('a damaged command is not obeyed and does not swallow the next', () => survivesDamage(commands))
})

describe('Tripod turnstile', () => {
  test('writes nothing at all until it is told to open, and then one frame', async () => {
    const table = gateCable({
      driver: tripodSerial,
      settings: { ...settings, side: 'right', address: 7 },
      opens,
    })
    const { attach, controls } = simulateTripod({ clock: table.clock, address: 7, side: 'right' })
    attach(table.far)
    const gate = await table.clock.until(table.start())
    await table.clock.advance(30_000)
    expect(table.writes).toEqual([])
    await table.clock.until(gate.open({ notAfter: table.clock.monotonic() + 1000 }))
    expect(table.writes).toEqual(['eb074100ad'])
    expect(controls.pulses).toBe(1)
  })

  test('its own frame coming back from an adapter with echo is no trouble and no proof', async () => {
    const table = gateCable({ driver: tripodSerial, settings, opens })
    const gate = await table.clock.until(table.start())
    const opening = gate.open({ notAfter: table.clock.monotonic() + 1000 })
    await table.far.write(openFrame(1, 'left'))
    expect(await table.clock.until(opening)).toMatchObject({ outcome: 'unconfirmed' })
    expect(table.near.closed.aborted).toBe(false)
  })

  test('a line that does not take the frame is closed, so that it never goes out late', async () => {
    const table = gateCable({ driver: tripodSerial, settings, opens })
    Object.assign(table.near, { write: () => new Promise(() => {}) })
    const gate = await table.clock.until(table.start())
    const opening = gate.open({ notAfter: table.clock.monotonic() + 1000 })
    const second = gate.open({ notAfter: table.clock.monotonic() + 60_000 }).catch(({ code }) => code)
    expect(await table.clock.until(opening)).toMatchObject({ outcome: 'unconfirmed' })
    expect(table.near.closed.aborted).toBe(true)
    expect(await second).toBe('link-closed')
  })

  test('a command that waits behind a stuck one expires', async () => {
    const table = gateCable({ driver: tripodSerial, settings, opens })
    const gate = await table.clock.until(table.start())
    const now = table.clock.monotonic()
    await expect(gate.open({ notAfter: now - 1 })).rejects.toMatchObject({ code: 'expired' })
    expect(table.writes).toEqual([])
  })

  test('wants to hear that somebody saw it open on this port', () => {
    expect(tripodSerial.options.safeParse({ path: 'x' }).success).toBe(false)
    expect(tripodSerial.options.safeParse({ path: 'x', portConfirmed: false }).success).toBe(false)
  })
})
