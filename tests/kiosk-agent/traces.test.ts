import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../devices/lib/clock.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { configureDevice } from '../../devices/registry.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { createDeviceWire } from '../../kiosk-agent/technician/wire/device-wire.ts'
import { parseTrace } from '../../kiosk-agent/technician/wire/trace-format.ts'
import { createTraces } from '../../kiosk-agent/technician/wire/traces.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { readableEvents, replay } from '../support/replay-trace.ts'
import { scenes, tell } from '../support/wire-scenes.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

const folder = new URL('../fixtures/traces/', import.meta.url).pathname
const kept = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -6))

describe('A trace in tests/fixtures/traces', () => {
  test.each(kept)('of a %s replays in its driver, with the same events', async (model) => {
    const trace = parseTrace(readFileSync(join(folder, `${model}.jsonl`), 'utf8'))
    const scene = scenes.find((each) => each.model === trace.header.model)
    const clock = fakeClock(Date.parse(trace.header.at))
    const { events, device } = await replay(trace, clock, (commands) => {
      if (scene) tell(scene.kind, commands)
    })
    expect(device.fault).toBeUndefined()
    expect(device.left).toBe(0)
    expect(readableEvents(events)).toEqual(
      JSON.parse(readFileSync(join(folder, `${model}.events.json`), 'utf8')),
    )
  })

  test('that was changed in one bit of its answers does not give the same events', async () => {
    const trace = parseTrace(readFileSync(join(folder, 'sam-serial.jsonl'), 'utf8'))
    const lines = trace.lines.map((line) =>
      line.text?.includes('card data')
        ? { ...line, hex: line.hex.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) }
        : line,
    )
    const { events } = await replay({ ...trace, lines }, fakeClock(Date.parse(trace.header.at)))
    expect(events).not.toContainEqual(expect.objectContaining({ type: 'card' }))
  })
})

async function recorder({ restart = (_: string) => {} } = {}) {
  const path = join(temporaryFolder(), 'traces')
  const wire = createDeviceWire({ clock: systemClock, log: () => {} })
  const entries: Entry[] = []
  const traces = createTraces({
    folder: path,
    wire,
    clock: systemClock,
    log: () => {},
    restart,
    record: async (...more) => entries.push(...more),
    onChange: () => {},
  })
  const device = await configureDevice({
    id: 'code-scanner',
    driver: 'line-scanner',
    options: { path: 'x', terminator: 'cr' },
  })
  async function openLink() {
    const cable = memoryLink()
    const link = await wire.tap(device, cable.near)
    if (link.kind !== 'stream') throw new Error('no stream')
    void (async () => {
      for await (const _ of link.bytes);
    })()
    return { link, far: cable.far }
  }
  return { path, traces, entries, openLink }
}

describe('The traces of a terminal', () => {
  test('begin with the opening of the link, end with it, and are only for who may read the data folder', async () => {
    const restarted: string[] = []
    const { path, traces, entries, openLink } = await recorder({ restart: (id) => restarted.push(id) })
    await openLink()
    await traces.start('code-scanner', 'ada')
    expect(restarted).toEqual(['code-scanner'])
    expect(traces.recording).toEqual(['code-scanner'])
    const { link, far } = await openLink()
    await far.write(Buffer.from('SECRET-OF-SOMEBODY\r'))
    await vi.waitFor(() => expect(statSync(join(path, readdirSync(path)[0] ?? '')).size).toBeGreaterThan(250))
    await link.close()
    await vi.waitFor(() => expect(traces.list).toHaveLength(1))
    const [file] = traces.list
    expect(statSync(join(path, file?.name ?? '')).mode & 0o777).toBe(0o600)
    const text = (await traces.read(file?.name ?? '')) ?? ''
    expect(parseTrace(text).lines).toMatchObject([
      { dir: 'from', hex: Buffer.from('XXXXXXXXXXXXXXXXXX\r').toString('hex'), text: 'code of 18 bytes' },
    ])
    expect(text).not.toContain(Buffer.from('SECRET').toString('hex'))
    expect(entries.map((entry) => entry.type === 'trace' && [entry.what, entry.by])).toEqual([
      ['begun', 'ada'],
      ['ended', 'ada'],
    ])
  })

  test('are deleted by name, and no other file can be named', async () => {
    const { path, traces } = await recorder()
    await traces.start('code-scanner', 'ada')
    await traces.stop('code-scanner')
    const [file] = traces.list
    writeFileSync(join(path, '..', 'settings.json'), '{}')
    expect(await traces.read('../settings.json')).toBeUndefined()
    expect(await traces.delete('../settings.json', 'ada')).toBe(false)
    expect(await traces.delete(file?.name ?? '', 'ada')).toBe(true)
    expect(readdirSync(path)).toEqual([])
    expect(traces.list).toEqual([])
  })

  test('are twenty at most, and none grows without end', async () => {
    const { path, traces, openLink } = await recorder()
    for (let each = 0; each < 22; each++) {
      await traces.start('code-scanner', 'ada')
      await traces.stop('code-scanner')
      await systemClock.sleep(2)
    }
    expect(readdirSync(path)).toHaveLength(20)
    await traces.start('code-scanner', 'ada')
    const { far } = await openLink()
    for (let each = 0; each < 900; each++) await far.write(Buffer.from(`${'1'.repeat(2000)}\r`))
    await vi.waitFor(() => expect(traces.recording).toEqual([]))
    const largest = Math.max(...readdirSync(path).map((name) => statSync(join(path, name)).size))
    expect(largest).toBeLessThanOrEqual(2 * 1024 * 1024)
    expect(largest).toBeGreaterThan(1024 * 1024)
  })
})
