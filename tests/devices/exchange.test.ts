import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeviceError } from '../../devices/errors.ts'
import { exchange } from '../../devices/lib/exchange.ts'
import type { Codec } from '../../devices/lib/frames.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { toy } from '../support/toy-codec.ts'

type Frame = readonly number[]

const unhandled: unknown[] = []
const note = (error: unknown) => unhandled.push(error)
const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve))

beforeEach(() => {
  process.on('unhandledRejection', note)
})
afterEach(async () => {
  await turnOfTheLoop()
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

interface BenchOptions {
  readonly codec?: Codec<Frame>
  readonly onReport?: (frame: Frame) => void
  readonly write?: (bytes: Uint8Array) => Promise<void>
}

function bench({ codec = toy, onReport, write }: BenchOptions = {}) {
  const clock = fakeClock()
  const { near, far, unplug } = memoryLink()
  const reports: Frame[] = []
  const asked: number[][] = []
  void (async () => {
    for await (const chunk of far.bytes) asked.push([...chunk])
  })()
  const link = write ? { ...near, write } : near
  const device = exchange(link, codec, {
    clock,
    gapMs: 20,
    quietMs: 100,
    onReport: onReport ?? ((frame) => reports.push(frame)),
  })
  return {
    clock,
    near,
    unplug,
    reports,
    asked,
    ask: (question: number, more: { notAfter?: number; timeoutMs?: number } = {}) => {
      const answer = device.ask([question], {
        answers: ([first]) => first === question,
        timeoutMs: 300,
        ...more,
      })
      answer.catch(() => {})
      return answer
    },
    device,
    answer: (...frame: number[]) => far.write(toy.encode(frame)),
    raw: (bytes: Iterable<number>) => far.write(Uint8Array.from(bytes)),
  }
}

const question = (about: number) => [...toy.encode([about])]

describe('questions and answers', () => {
  test('has one question in flight and asks in order', async () => {
    const { ask, answer, asked } = bench()
    const answers = [ask(5), ask(6), ask(7)]
    await turnOfTheLoop()
    expect(asked).toEqual([question(5)])
    await answer(5, 1)
    await answers[0]
    await turnOfTheLoop()
    expect(asked).toEqual([question(5), question(6)])
    await answer(6, 2)
    await turnOfTheLoop()
    await answer(7, 3)
    await expect(Promise.all(answers)).resolves.toEqual([
      [5, 1],
      [6, 2],
      [7, 3],
    ])
  })

  test('tells a missing answer at once, and asks the next question only when the line has been quiet', async () => {
    const { clock, ask, answer, asked } = bench()
    const first = ask(5)
    const second = ask(6)
    await clock.advance(300)
    await expect(first).rejects.toMatchObject({ code: 'timeout' })
    await clock.advance(99)
    expect(asked).toEqual([question(5)])
    await clock.advance(1)
    expect(asked).toEqual([question(5), question(6)])
    await answer(6, 9)
    await expect(second).resolves.toEqual([6, 9])
  })

  test('never takes a late answer for the next question, even one that asks the same', async () => {
    const { clock, ask, answer, reports } = bench()
    const first = ask(5)
    const second = ask(5)
    await clock.advance(300)
    await expect(first).rejects.toMatchObject({ code: 'timeout' })
    await clock.advance(60)
    await answer(5, 11)
    await clock.advance(60)
    await clock.advance(60)
    await answer(5, 22)
    await expect(second).resolves.toEqual([5, 22])
    expect(reports).toEqual([])
  })

  test('still reports what the device says by itself while it waits for a late answer', async () => {
    const { clock, ask, answer, reports } = bench()
    void ask(5)
    await clock.advance(320)
    await answer(99, 1)
    await clock.advance(1)
    expect(reports).toEqual([[99, 1]])
  })

  test('asks again even on a line that never falls silent', async () => {
    const { clock, ask, answer, asked } = bench()
    void ask(5)
    const second = ask(6)
    await clock.advance(300)
    for (let time = 0; time < 400; time += 50) {
      await answer(99)
      await clock.advance(50)
    }
    expect(asked).toEqual([question(5), question(6)])
    await answer(6)
    await expect(second).resolves.toEqual([6])
  })

  test('reports frames nobody asked for, also while a question waits', async () => {
    const { ask, answer, reports } = bench()
    await answer(99, 1)
    const five = ask(5)
    await turnOfTheLoop()
    await answer(99, 2)
    await answer(5)
    await five
    await answer(5)
    await turnOfTheLoop()
    expect(reports).toEqual([[99, 1], [99, 2], [5]])
  })

  test('finds an answer hidden behind a false start as soon as the line falls silent', async () => {
    const { clock, ask, raw } = bench()
    const five = ask(5)
    await turnOfTheLoop()
    await raw([0x02, 200, ...toy.encode([5, 1])])
    await clock.advance(20)
    await expect(five).resolves.toEqual([5, 1])
  })

  test('sends not a byte of an expired question, even one that waited behind a slow one', async () => {
    const { clock, ask, answer, asked } = bench()
    const slow = ask(5)
    const gate = ask(6, { notAfter: clock.monotonic() + 200 })
    const next = ask(7)
    await clock.advance(201)
    await answer(5)
    await slow
    await expect(gate).rejects.toMatchObject({ code: 'expired' })
    await turnOfTheLoop()
    expect(asked).toEqual([question(5), question(7)])
    await answer(7)
    await next
  })

  test('sends a question whose time is just not over', async () => {
    const { clock, ask, answer, asked } = bench()
    const slow = ask(5)
    const gate = ask(6, { notAfter: clock.monotonic() + 200 })
    await clock.advance(200)
    await answer(5)
    await slow
    await turnOfTheLoop()
    expect(asked).toEqual([question(5), question(6)])
    await answer(6)
    await gate
  })

  test('checks the expiry again behind a line that was stuck: nothing is queued in the link', async () => {
    let free = () => {}
    const written: number[][] = []
    const { clock, ask } = bench({
      write: (bytes) => {
        written.push([...bytes])
        return new Promise((resolve) => {
          free = resolve
        })
      },
    })
    void ask(5)
    const gate = ask(6, { notAfter: clock.monotonic() + 1000 })
    await clock.advance(2000)
    expect(written).toEqual([question(5)])
    free()
    await clock.advance(100)
    await expect(gate).rejects.toMatchObject({ code: 'expired' })
    expect(written).toEqual([question(5)])
  })

  test('fails the waiting and all queued questions when the cable is pulled', async () => {
    const { ask, unplug, asked } = bench()
    const answers = [ask(5), ask(6), ask(7)]
    await turnOfTheLoop()
    unplug()
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: 'link-lost' })
    await expect(ask(8)).rejects.toMatchObject({ code: 'link-lost' })
    expect(asked).toEqual([question(5)])
  })

  test('fails once when the cable is pulled during the write', async () => {
    const { ask, unplug } = bench()
    const five = ask(5)
    await Promise.resolve()
    unplug()
    await expect(five).rejects.toMatchObject({ code: 'link-lost' })
  })

  test('fails when the link ends while it keeps the line quiet', async () => {
    const { clock, ask, near } = bench()
    void ask(5)
    const second = ask(6)
    await clock.advance(350)
    await near.close()
    await expect(second).rejects.toMatchObject({ code: 'link-closed' })
  })

  test('an answer the driver refuses fails that question alone', async () => {
    const { device, answer, ask } = bench()
    const refused = device.ask([5], {
      timeoutMs: 300,
      answers() {
        throw new DeviceError('refused', 'the device said no')
      },
    })
    refused.catch(() => {})
    await turnOfTheLoop()
    await answer(5)
    await expect(refused).rejects.toMatchObject({ code: 'refused' })
    const six = ask(6)
    await turnOfTheLoop()
    await answer(6)
    await expect(six).resolves.toEqual([6])
  })

  test('a codec or a driver that throws ends the link, and the question says why', async () => {
    const onReport = () => {
      throw new Error('a fault in the driver')
    }
    const { ask, answer, near } = bench({ onReport })
    const five = ask(5)
    await turnOfTheLoop()
    await answer(99)
    await expect(five).rejects.toMatchObject({
      code: 'bad-answer',
      message: expect.stringContaining('a fault'),
    })
    expect(near.closed.aborted).toBe(true)
  })
})
