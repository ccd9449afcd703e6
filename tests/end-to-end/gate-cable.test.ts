import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { type PtyCable, ptyCable } from '../../devices/link/pty.ts'
import { configureDevice } from '../../devices/registry.ts'
import { type DeviceHub, startDeviceHub } from '../../kiosk-agent/device-hub.ts'

let folder: string
let cable: PtyCable
let hub: DeviceHub
const board = simulateModbusRelay()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-gate-'))
  cable = ptyCable(join(folder, 'gate'))
  board.attach(await cable.plug())
  hub = startDeviceHub({
    devices: [await configureDevice({ id: 'gate', driver: 'modbus-relay', options: { path: cable.path } })],
    openLink: (_id, options, signal) => openLink(options, signal),
    clock: systemClock,
    log: () => {},
    onEvent: () => {},
    onState: () => {},
  })
  await vi.waitFor(() => expect(hub.commands('gate')).toBeDefined(), 10_000)
})

afterAll(async () => {
  await hub.close()
  await cable.unplug()
  await rm(folder, { recursive: true, force: true })
})

test('a gate whose cable was out for two seconds gets not a byte of the command that expired meanwhile', async () => {
  const gate = hub.commands('gate')
  // The board says nothing, so the command waits behind a poll when the cable goes.
  board.controls.silent(true)
  const polls = board.controls.received.length
  while (board.controls.received.length === polls) await sleep(1)
  const opening = gate?.open({ notAfter: performance.now() + 1000 })
  const failed = expect(opening).rejects.toMatchObject({ code: 'link-lost' })
  await cable.unplug()
  await failed
  await vi.waitFor(() => expect(hub.devices[0]?.state).toBe('powerOff'), 2000)
  await sleep(2000)
  board.controls.silent(false)
  const before = board.controls.received.length
  board.attach(await cable.plug())
  await vi.waitFor(() => expect(hub.devices[0]?.state).toBe('online'), 5000)
  await sleep(300)

  // A connection that is over takes no command either, whatever it was plugged into meanwhile.
  await expect(gate?.open({ notAfter: performance.now() + 1000 })).rejects.toMatchObject({
    code: 'link-lost',
  })
  const since = board.controls.received.slice(before)
  expect(since.length).toBeGreaterThan(0)
  expect(since.filter(({ function: code }) => code === 5)).toEqual([])
  expect(board.controls.pulses).toBe(0)

  // The new connection opens, so the silence above was not a dead gate's.
  expect(await hub.commands('gate')?.open({ notAfter: performance.now() + 1000 })).toMatchObject({
    outcome: 'confirmed',
  })
  expect(board.controls.pulses).toBe(1)
})
