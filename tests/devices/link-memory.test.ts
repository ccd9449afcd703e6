import { describe, expect, test } from 'vitest'
import { ByteQueue } from '../../devices/link/byte-queue.ts'
import { memoryHttpLink } from '../../devices/link/memory-http.ts'
import { memoryPipesLink } from '../../devices/link/memory-pipes.ts'
import { memoryReportLink } from '../../devices/link/memory-report.ts'
import { fakeClock } from '../support/fake-clock.ts'

const lost = { code: 'link-lost' }

describe('bytes waiting for their reader', () => {
  test('are given in order, also to two questions asked at once', async () => {
    const queue = new ByteQueue()
    const reader = queue[Symbol.asyncIterator]()
    const both = Promise.all([reader.next(), reader.next()])
    queue.push(Uint8Array.of(1))
    queue.push(Uint8Array.of(2))
    expect((await both).map(({ value }) => [...(value ?? [])])).toEqual([[1], [2]])
  })

  test('end for everybody who waits', async () => {
    const queue = new ByteQueue()
    const reader = queue[Symbol.asyncIterator]()
    const both = Promise.all([reader.next(), reader.next()])
    queue.end()
    expect((await both).every(({ done }) => done)).toBe(true)
  })

  test('lose the oldest when nobody reads for months', async () => {
    const queue = new ByteQueue(10)
    for (let count = 0; count < 8; count++) queue.push(new Uint8Array(4).fill(count))
    queue.end()
    const kept: number[] = []
    for await (const chunk of queue) kept.push(chunk[0] ?? -1)
    expect(kept).toEqual([6, 7])
  })
})

describe('a HID link made of memory', () => {
  test('carries reports both ways and feature reports on request', async () => {
    const outputs: number[][] = []
    const { near, send, unplug } = memoryReportLink({
      descriptor: Uint8Array.of(5, 1),
      output: (report) => outputs.push([...report]),
      getFeature: (reportId) => Uint8Array.of(reportId, 7, 8, 9),
    })
    await near.writeOutput(Uint8Array.of(0, 0xff, 1))
    expect(outputs).toEqual([[0, 0xff, 1]])
    expect([...(await near.getFeature(1, 3))]).toEqual([1, 7, 8])
    await expect(near.sendFeature(Uint8Array.of(0))).rejects.toMatchObject({ code: 'refused' })
    send(Uint8Array.of(0, 4))
    unplug()
    const reports: number[][] = []
    for await (const report of near.reports) reports.push([...report])
    expect(reports).toEqual([[0, 4]])
    await expect(near.writeOutput(Uint8Array.of(0))).rejects.toMatchObject(lost)
    await near.close()
    expect(near.closed.reason).toMatchObject(lost)
  })
})

describe('USB pipes made of memory', () => {
  function bench() {
    const clock = fakeClock()
    const received: [number, number[]][] = []
    const pipes = memoryPipesLink({
      endpoints: { in: [1], out: [2] },
      clock,
      received: (endpoint, bytes) => received.push([endpoint, [...bytes]]),
    })
    return { ...pipes, clock, received }
  }

  test('carry transfers both ways and never join two of them', async () => {
    const { near, send, received } = bench()
    await near.transferOut(2, Uint8Array.of(1, 2), 100)
    expect(received).toEqual([[2, [1, 2]]])
    send(1, Uint8Array.of(1, 2, 3))
    send(1, Uint8Array.of(4))
    expect([...(await near.transferIn(1, 2, 100))]).toEqual([1, 2])
    expect([...(await near.transferIn(1, 9, 100))]).toEqual([3])
    expect([...(await near.transferIn(1, 9, 100))]).toEqual([4])
    await expect(near.transferIn(5, 1, 100)).rejects.toMatchObject({ code: 'unsupported' })
  })

  test('wait for bytes, but not for ever and not past an unplug', async () => {
    const { near, send, clock, unplug } = bench()
    const late = near.transferIn(1, 8, 100)
    await clock.advance(99)
    send(1, Uint8Array.of(7))
    expect([...(await late)]).toEqual([7])
    const never = near.transferIn(1, 8, 100)
    await expect(clock.until(never)).rejects.toMatchObject({ code: 'timeout' })
    const cut = near.transferIn(1, 8, 100)
    unplug()
    await expect(cut).rejects.toMatchObject(lost)
    await expect(near.transferIn(1, 8, 100)).rejects.toMatchObject(lost)
  })
})

describe('a web device made of memory', () => {
  test('answers requests and streams parts until it is unplugged', async () => {
    const { near, send, unplug } = memoryHttpLink({
      streams: ['/alerts'],
      request: (path, { method }) => ({ status: 200, body: `${method} ${path}` }),
    })
    expect(await near.request('/info')).toEqual({ status: 200, body: 'GET /info' })
    expect(await memoryHttpLink().near.request('/')).toEqual({ status: 404, body: '' })
    await expect(near.events('/other')).rejects.toMatchObject({ code: 'unsupported' })
    const stream = (await near.events('/alerts'))[Symbol.asyncIterator]()
    const first = stream.next()
    await Promise.resolve()
    send('/alerts', { contentType: 'text/plain', body: Uint8Array.of(1) })
    send('/other', { contentType: 'text/plain', body: Uint8Array.of(2) })
    expect((await first).value?.body).toEqual(Uint8Array.of(1))
    const second = stream.next()
    unplug()
    expect((await second).done).toBe(true)
    await expect(near.request('/info')).rejects.toMatchObject(lost)
  })
})
