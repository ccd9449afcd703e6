import { describe, expect, test } from 'vitest'
import type { KeptDriver } from '../../devices/driver.ts'
import type { Kind } from '../../devices/kinds.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { simulatorOf } from '../../kiosk-agent/bench/simulated-devices.ts'
import { configured } from '../support/model-bench.ts'
import { onStream } from '../support/stream-only.ts'

const models = [
  'sam-serial',
  'line-scanner',
  'gy-614v',
  'gy-90614',
  'gy-mcu90640',
  'lu90614',
  'modbus-infrared',
  'modbus-relay',
  'modbus-tcp-relay',
  'lcus-relay',
  'tripod-serial',
  'modbus-io',
] as const
type Model = (typeof models)[number]
const gates = ['modbus-relay', 'modbus-tcp-relay', 'lcus-relay', 'tripod-serial'] as const
/** A gate that cannot be asked is held apart from silent strangers by the technician's word alone. */
const askable = gates.filter((gate) => gate !== 'tripod-serial')

/** Starts a driver on a cable at whose other end another device sits. */
async function startOn(driver: Model, device: Model) {
  const { near, far } = memoryLink()
  const simulator = onStream(await simulatorOf(await configured(device)))
  const { driver: model, options } = await configured(driver)
  simulator.attach(far)
  const writes: string[] = []
  const { write } = near
  const link = Object.assign(near, {
    write(bytes: Uint8Array) {
      writes.push(Buffer.from(bytes).toString('hex'))
      return write(bytes)
    },
  })
  const started = (model as unknown as KeptDriver<Kind, unknown>).start({
    link,
    options,
    signal: near.closed,
    clock: systemClock,
    log: () => {},
    emit: () => {},
  })
  const code = await started.then(
    () => 'started',
    (error: { code: string }) => error.code,
  )
  return { code, writes, simulator: simulator as Simulator<GateControls>, near }
}

describe.concurrent('With swapped cables', () => {
  const others = (driver: Model) => models.filter((device) => device !== driver)

  test.each(askable)(
    'the driver of a gate on %s refuses every other device and sends it nothing that opens',
    async (gate) => {
      await Promise.all(
        others(gate).map(async (device) => {
          const { code, writes, near } = await startOn(gate, device)
          expect([device, ['wrong-device', 'timeout', 'fire', 'bad-answer'].includes(code)]).toEqual([
            device,
            true,
          ])
          for (const sent of writes) expect(sent).not.toMatch(/^..05|^.{14}05|^a0..0[1346]|^eb/)
          await near.close()
        }),
      )
    },
  )

  test('a tripod, which cannot be asked, is told nothing until it is to open, and never where something speaks by itself', async () => {
    const talkative = ['gy-614v', 'gy-90614', 'gy-mcu90640'] as const
    await Promise.all(
      talkative.map(async (device) => {
        const { code, writes, near } = await startOn('tripod-serial', device)
        expect([device, code, writes]).toEqual([device, 'wrong-device', []])
        await near.close()
      }),
    )
  })

  test.each(gates)('no other driver that greets what is on %s moves that gate', async (gate) => {
    await Promise.all(
      others(gate).map(async (driver) => {
        const { simulator, near } = await startOn(driver, gate)
        expect([driver, simulator.controls.pulses, simulator.controls.relayOn]).toEqual([driver, 0, false])
        await near.close()
      }),
    )
  })
})
