import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identifyPort } from '../../devices/identify/identify-port.ts'
import { listPorts } from '../../devices/identify/list-ports.ts'
import { rootsUnder } from '../../devices/identify/roots.ts'
import { scanNow } from '../../devices/identify/scan-now.ts'
import { newPorts } from '../../devices/identify/watch-ports.ts'
import type { Kind } from '../../devices/kinds.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { configureDevice } from '../../devices/registry.ts'
import { simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-identify-'))
})
afterAll(() => rm(folder, { recursive: true }))

const { signal } = new AbortController()
const look = { openLink, clock: systemClock, signal }

/** Plugs a model into a port of its own, and finds that port as a technician does: by what came. */
async function plugIn(driver: string, options: Record<string, unknown> = {}) {
  const place = join(folder, driver)
  const path = join(place, 'port')
  const roots = rootsUnder(join(folder, 'bare'), [place])
  const before = await listPorts(roots)
  const located = driver === 'escpos' ? { transport: { type: 'serial', path } } : { path }
  const configured = await configureDevice({ id: driver, driver, options: { ...located, ...options } })
  const device = await simulateOnPort(configured, () => {})
  const after = await listPorts(roots)
  const { came, went } = newPorts(before, after)
  expect([came.map((port) => port.path), went]).toEqual([[path], []])
  const [port] = came
  if (!port) throw new Error('nothing came')
  return { device, port, path }
}

// A pseudo-terminal has no speed, so one is enough; the printer is looked for through the whole plan.
describe.concurrent('On a real serial port', () => {
  test.each([
    ['gm65', undefined, [9600]],
    ['newland', undefined, [9600]],
    ['honeywell', 'code-scanner', [9600]],
    ['sam-serial', 'id-card-reader', [115_200]],
    ['gy-614v', undefined, [9600]],
    ['modbus-relay', undefined, [9600]],
    ['lcus-relay', undefined, [9600]],
    ['escpos', undefined, undefined],
  ] as const)(
    'a %s is identified (said to be: %s)',
    async (driver, kind, speeds) => {
      const { device, port, path } = await plugIn(driver)
      const claimed: { claimed?: Kind } = kind ? { claimed: kind } : {}
      const bauds = speeds ? { bauds: speeds } : {}
      const found = await identifyPort(port, { ...look, ...claimed, ...bauds })
      const [first] = found.candidates
      expect(first?.driver).toBe(driver)
      const configured = await configureDevice({ id: 'x', driver, options: first?.options ?? {} })
      expect(configured.driver.link(configured.options)).toMatchObject({ type: 'serial', path })
      await device.close()
    },
    30_000,
  )

  test('a head that only sends codes is found by scanning', async () => {
    const { device, port } = await plugIn('line-scanner', { terminator: 'crlf' })
    const scanning = scanNow([port], { ...look, dwellMs: 3000 })
    const show = setInterval(
      () => void (device.simulator.controls as ScannerControls).show('YKMDEMO:0123'),
      200,
    )
    const { candidates } = await scanning
    clearInterval(show)
    expect(candidates).toMatchObject([
      { driver: 'line-scanner', options: { terminator: 'crlf' }, evidence: { code: 'code-arrived' } },
    ])
    await device.close()
  }, 30_000)

  test('a port that somebody else has open is told as such', async () => {
    const { device, port, path } = await plugIn('gy-90614', { estimate: { offsetCentiCelsius: 230 } })
    const held = await openLink({ type: 'serial', path, baudRate: 9600 }, signal)
    await expect(identifyPort(port, look)).rejects.toMatchObject({ code: 'port-busy' })
    await held.close()
    await device.close()
  })
})
