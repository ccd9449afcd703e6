import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { KeptDriver } from '../../devices/driver.ts'
import type { Commands, DeviceEvent } from '../../devices/kinds.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { configureDevice } from '../../devices/registry.ts'
import { simulateOnPort } from '../../kiosk-agent/bench/simulated-ports.ts'
import { streamOf } from '../support/stream-only.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-scanners-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('On a real serial port', () => {
  test.each(['vguang', 'newland', 'zebra-ssi', 'honeywell', 'gm65', 'example-framed-scanner'])(
    'a %s is greeted, triggered, read, and its cable missed',
    async (driver) => {
      const path = join(folder, driver)
      const configured = await configureDevice({ id: driver, driver, options: { path } })
      const device = await simulateOnPort(configured, () => {})
      const link = streamOf(
        await openLink(configured.driver.link(configured.options), new AbortController().signal),
      )
      const events: DeviceEvent[] = []
      const model = configured.driver as KeptDriver<'code-scanner', unknown>
      const commands: Commands<'code-scanner'> = await model.start({
        link,
        options: configured.options,
        signal: link.closed,
        clock: systemClock,
        log: () => {},
        emit: (event) => events.push(event),
      })
      await commands.trigger?.(true)
      const code = 'YKMDEMO:'.padEnd(1500, '0123456789')
      await (device.simulator.controls as ScannerControls).show(code)
      await vi.waitFor(() => expect(events).toHaveLength(1), { timeout: 5000 })
      const [event] = events
      expect(Buffer.from(event?.type === 'code' ? event.bytes : []).toString()).toBe(code)
      device.setPlugged(false)
      await vi.waitFor(() => expect(link.closed.aborted).toBe(true), { timeout: 5000 })
      await device.close()
    },
  )
})
