import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, type TestContext, test } from 'vitest'
import { startDemoTerminal } from '../support/demo-terminal.ts'

// The simulated visitor's forehead is 2.4 degrees cooler than the body.
const estimate = { offsetCentiCelsius: 240 }
const path = 'simulated'

type Device = readonly [driver: string, options: Record<string, unknown>]
const lanes: [Device, Device][] = [
  [
    ['gy-90614', { path, estimate }],
    ['lcus-relay', { path }],
  ],
  [
    ['gy-mcu90640', { path, estimate, warmUpMs: 0 }],
    ['tripod-serial', { path, portConfirmed: true }],
  ],
  [
    ['modbus-infrared', { path, map: { object: { register: 0 }, ambient: { register: 1 } }, estimate }],
    ['modbus-tcp-relay', { host: 'simulated' }],
  ],
  [
    ['lu90614', { path, declaredAmbientCentiCelsius: 2400 }],
    ['lcus-relay', { path, silentBoard: true }],
  ],
  [
    [
      'hikvision-isapi',
      { host: 'simulated', username: 'hall', password: 'simulated', declaredAmbientCentiCelsius: 2400 },
    ],
    ['modbus-relay', { path }],
  ],
]

/** The demo terminal with another thermometer, another gate, and sensors and lights around it. */
async function terminalWith([thermometer, gate]: [Device, Device], { onTestFinished }: TestContext) {
  const dataFolder = await mkdtemp(join(tmpdir(), 'hall-kiosk-lanes-'))
  const around: Device = ['modbus-io', { path, inputs: { presence: { input: 0 } }, lights: { gate: 0 } }]
  const devices = [
    { id: 'card-reader', driver: 'sam-serial', options: { path } },
    { id: 'code-scanner', driver: 'line-scanner', options: { path, terminator: 'cr' } },
    { id: 'thermometer', driver: thermometer[0], options: thermometer[1] },
    { id: 'gate', driver: gate[0], options: gate[1] },
    { id: 'around', driver: around[0], options: around[1] },
    {
      id: 'printer',
      driver: 'escpos',
      options: { profile: 'generic-80', transport: { type: 'tcp', host: '127.0.0.1', port: 9100 } },
    },
  ]
  await mkdir(join(dataFolder, 'demo-1'), { recursive: true })
  await writeFile(join(dataFolder, 'demo-1', 'settings.json'), JSON.stringify({ devices }))
  const demo = await startDemoTerminal({ dataFolder })
  onTestFinished(async () => {
    await demo[Symbol.asyncDispose]()
    await rm(dataFolder, { recursive: true, force: true })
  })
  return demo
}

describe('A simulated lane', () => {
  test.concurrent.for(lanes)(
    'with %j and %j admits the healthy once and nobody with fever',
    async (lane, context) => {
      const { screen } = await terminalWith(lane, context)
      await screen.until(
        ({ service }) => service.devices.every(({ state }) => state === 'online'),
        'every device online',
      )
      const outcomeOf = async (preset: 'admitted' | 'fever') => {
        const before = screen.snapshot.outcome?.id
        await screen.act({ type: 'preset', preset })
        const { outcome } = await screen.until(
          ({ outcome }) => outcome !== null && outcome.id !== before,
          preset,
          20_000,
        )
        return outcome
      }
      expect(await outcomeOf('fever')).toMatchObject({
        decision: 'refuse',
        reasons: [{ code: 'temperature-high' }],
      })
      expect(screen.bench?.pulses).toBe(0)
      expect(await outcomeOf('admitted')).toMatchObject({ decision: 'admit', reasons: [] })
      await screen.until(() => screen.bench?.pulses === 1, 'one pulse')
    },
  )
})
