import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { lifetime } from '../../devices/link/lifetime.ts'
import { pacedWrites } from '../../devices/link/paced-writes.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function stuckLine() {
  const life = lifetime()
  const slices: number[][] = []
  let take = () => {}
  const writer = pacedWrites({
    name: 'serial gate',
    life,
    sliceBytes: 2,
    limitMs: 5000,
    handOver(slice) {
      slices.push([...slice])
      return new Promise((resolve) => {
        take = resolve
      })
    },
  })
  return { life, slices, writer, take: () => take() }
}

describe('writes on a line', () => {
  test('hand over the first bytes before write returns, so that an expiry checked just before it holds', () => {
    const { slices, writer } = stuckLine()
    void writer.write(Uint8Array.of(1, 2, 3)).catch(() => {})
    expect(slices).toEqual([[1, 2]])
  })

  test('end the link when the line takes nothing for five seconds, and nothing goes out later', async () => {
    const { life, slices, writer, take } = stuckLine()
    const first = writer.write(Uint8Array.of(1, 2, 3)).catch((error: unknown) => error)
    const second = writer.write(Uint8Array.of(4)).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(4999)
    expect(life.closed.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await expect(first).resolves.toMatchObject({ code: 'link-lost' })
    await expect(second).resolves.toMatchObject({ code: 'link-lost' })
    take()
    await vi.runAllTimersAsync()
    expect(slices).toEqual([[1, 2]])
  })

  test('may take long in all, as long as the line moves', async () => {
    const { life, slices, writer, take } = stuckLine()
    const job = writer.write(new Uint8Array(8))
    for (let count = 0; count < 4; count++) {
      await vi.advanceTimersByTimeAsync(4000)
      take()
    }
    await job
    expect(slices).toHaveLength(4)
    expect(life.closed.aborted).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})
