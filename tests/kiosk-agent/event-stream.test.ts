import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { snapshotSchema } from '../../kiosk-agent/api/contract.ts'
import { createEventStream, type Rendered } from '../../kiosk-agent/api/event-stream.ts'
import { collecting } from '../kiosk-ui/snapshots.ts'
import { startDemoTerminal } from '../support/demo-terminal.ts'
import { type EventReader, openEvents } from '../support/event-reader.ts'
import { openScreen } from '../support/screen-client.ts'
import { startTestApi } from '../support/test-api.ts'

/** A stream whose value the test sets; numbers are sent as they are. */
async function startStream(render?: () => Rendered) {
  const state = { value: '1', renders: 0 }
  const stream = createEventStream('state', () => {
    state.renders++
    return render?.() ?? { data: state.value, signature: state.value }
  })
  const server = createServer(express().get('/', stream.connect)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    stream.close()
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const set = (value: string) => {
    state.value = value
    stream.changed()
  }
  return { stream, state, set, connect: () => openEvents(url) }
}

const dataOf = (reader: EventReader) =>
  reader.events.filter(({ event }) => event === 'state').map(({ data }) => data)

afterEach(() => {
  vi.useRealTimers()
})

describe('An event stream', () => {
  test('tells the newest state on connect and every new one after, with no history', async () => {
    const { connect, set } = await startStream()
    const first = await connect()
    await vi.waitFor(() => expect(dataOf(first)).toEqual(['1']))
    set('2')
    await vi.waitFor(() => expect(dataOf(first)).toEqual(['1', '2']))
    const second = await connect()
    set('3')
    await vi.waitFor(() => expect(dataOf(second)).toEqual(['2', '3']))
    expect(dataOf(first)).toEqual(['1', '2', '3'])
  })

  test('does not send what looks the same, to whoever has it already', async () => {
    const { connect, set } = await startStream()
    const first = await connect()
    await vi.waitFor(() => expect(dataOf(first)).toEqual(['1']))
    set('1')
    const second = await connect()
    set('1')
    set('2')
    await vi.waitFor(() => expect(dataOf(second)).toEqual(['1', '2']))
    expect(dataOf(first)).toEqual(['1', '2'])
  })

  test('makes one event of many changes in one turn, and none while nobody listens', async () => {
    const { connect, set, state, stream } = await startStream()
    stream.changed()
    await new Promise((resolve) => setImmediate(resolve))
    expect(state.renders).toBe(0)
    const reader = await connect()
    for (const value of ['2', '3', '4']) set(value)
    await vi.waitFor(() => expect(dataOf(reader)).toEqual(['1', '4']))
  })

  test('beats every five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { connect } = await startStream()
    const reader = await connect()
    vi.advanceTimersByTime(30_000)
    vi.useRealTimers()
    await vi.waitFor(() =>
      expect(reader.events.slice(1)).toEqual(Array(6).fill({ event: 'beat', data: '{}' })),
    )
  })

  test('gives a slow reader the newest state when it reads again, not a backlog', async () => {
    const ballast = 'x'.repeat(256 * 1024)
    let count = 0
    const { connect, stream } = await startStream(() => ({
      data: `${count} ${ballast}`,
      signature: `${count}`,
    }))
    const reader = await connect()
    reader.pause()
    const turns = 200
    for (count = 1; count < turns; count++) {
      stream.changed()
      await new Promise((resolve) => setImmediate(resolve))
    }
    stream.changed()
    reader.resume()
    const seen = () => dataOf(reader).map((data) => Number(data.split(' ')[0]))
    await vi.waitFor(() => expect(seen().at(-1)).toBe(turns), { timeout: 5000 })
    expect(seen().length).toBeLessThan(turns / 2)
    expect(seen()).toEqual([...new Set(seen())].sort((a, b) => a - b))
  })

  test('cuts a reader off that takes nothing for half a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const ballast = 'x'.repeat(16 * 1024 * 1024)
    let data = ballast
    const { connect } = await startStream(() => ({ data, signature: data }))
    const stuck = await connect()
    stuck.pause()
    data = 'small'
    const others = await Promise.all(Array.from({ length: 7 }, connect))
    vi.advanceTimersByTime(25_000)
    expect((await connect()).status).toBe(503)
    vi.advanceTimersByTime(5_000)
    vi.useRealTimers()
    await vi.waitFor(async () => expect((await connect()).status).toBe(200))
    stuck.resume()
    await vi.waitFor(() => expect(stuck.closed).toBe(true))
    expect(others.map(({ closed }) => closed)).toEqual(Array(7).fill(false))
  })

  test('serves eight screens, refuses the ninth, and takes it when another has gone', async () => {
    const { connect } = await startStream()
    const readers = await Promise.all(Array.from({ length: 8 }, connect))
    expect(readers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect((await connect()).status).toBe(503)
    readers[3]?.close()
    await vi.waitFor(async () => expect((await connect()).status).toBe(200))
  })

  test('ends its connections when the agent stops, and is silent afterwards', async () => {
    const { connect, set, state, stream } = await startStream()
    const reader = await connect()
    stream.close()
    await vi.waitFor(() => expect(reader.closed).toBe(true))
    const { renders } = state
    set('2')
    await new Promise((resolve) => setImmediate(resolve))
    expect(state.renders).toBe(renders)
  })
})

describe('The snapshots of a terminal', () => {
  const snapshots = (reader: EventReader) =>
    reader.events.map(({ data }) => snapshotSchema.parse(JSON.parse(data)))

  test('are whole, grow in version, and do not come again when only time has gone by', async () => {
    const api = await startTestApi()
    const reader = await openEvents(`${api.origin}/api/events`, { cookie: await api.cookie() })
    await vi.waitFor(() => expect(reader.events).toHaveLength(1))
    const { version: _, at: __, ...view } = collecting([], { remainingMs: 30_000 })
    const aSecondLater = { ...view, session: view.session && { ...view.session, remainingMs: 29_000 } }
    api.view = view
    api.api.changed()
    await vi.waitFor(() => expect(reader.events).toHaveLength(2))
    api.now += 1000
    api.view = aSecondLater
    api.api.changed()
    await new Promise((resolve) => setTimeout(resolve, 30))
    api.now += 1000
    // Now the visitor asked for more time: the same seconds left, a second later.
    api.api.changed()
    await vi.waitFor(() => expect(reader.events).toHaveLength(3))
    const seen = snapshots(reader)
    expect(seen.map(({ session }) => session?.remainingMs)).toEqual([undefined, 30_000, 29_000])
    const versions = seen.map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  })

  test('show nothing of a visitor who has left to whoever connects later', async () => {
    await using demo = await startDemoTerminal()
    await demo.screen.act({ type: 'preset', preset: 'yellow-code' })
    const { outcome } = await demo.screen.until(({ outcome }) => outcome !== null, 'a refusal')
    const seen = JSON.stringify(demo.screen.history)
    const traces = ['何*君', outcome?.slipCode ?? '', outcome?.id ?? '']
    for (const trace of traces) expect(seen).toContain(trace)
    expect(await demo.screen.send({ type: 'dismiss-outcome', about: outcome?.id ?? null })).toBe(202)
    await demo.screen.until(({ outcome, session }) => !outcome && !session, 'the visitor gone')

    const later = await openScreen(demo.terminal.launchUrl())
    await demo.screen.act({ type: 'reset' })
    await later.until(({ service }) => service.state === 'in-service')
    const told = JSON.stringify(later.history)
    for (const trace of [...traces, '9999011993', '何婉君']) expect(told).not.toContain(trace)
    later.close()
  })
})
