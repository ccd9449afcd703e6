import { describe, expect, test } from 'vitest'
import { Framer } from '../../devices/lib/frames.ts'
import { bench, card, fromHex, hex, is, other, problem, told } from '../support/sam-serial-bench.ts'

describe('Serial ID card reader: cards', () => {
  test('greets the module and tells its number', async () => {
    const { plug, sent } = bench()
    const { commands } = await plug()
    expect(commands.samNumber).toBe('05.03-20240101-0001234567-0987654321')
    expect(sent.slice(0, 2)).toEqual(['aaaaaa9669000311ffed', 'aaaaaa9669000312ffee'])
  })

  test('reads a card that is laid down', async () => {
    const { plug, clock, layCard, events } = bench()
    await plug()
    await clock.advance(1000)
    expect(events).toEqual([])
    layCard(card)
    await clock.advance(300)
    expect(events).toEqual([told(card)])
  })

  test('a card left lying is told once; lifted and laid down again it is told again', async () => {
    const { plug, clock, layCard, takeCard, events } = bench()
    await plug()
    layCard(card)
    await clock.advance(20_000)
    expect(events).toEqual([told(card)])
    takeCard()
    await clock.advance(300)
    layCard(card)
    await clock.advance(300)
    expect(events).toEqual([told(card), told(card)])
  })

  test('a card swapped for another between two looks is a new presentation', async () => {
    const { plug, clock, layCard, events } = bench()
    await plug()
    layCard(card)
    await clock.advance(300)
    layCard(other)
    await clock.advance(300)
    expect(events).toEqual([told(card), told(other)])
  })

  test('judges the dates of a card by the day in China', async () => {
    const beforeMidnight = Date.UTC(2026, 2, 2, 15, 59, 50)
    const { plug, clock, layCard, events } = bench({}, {}, beforeMidnight)
    await plug()
    layCard({ ...card, validTo: '20260302' })
    await clock.advance(11_000)
    layCard({ ...card, validTo: '20260302' })
    await clock.advance(300)
    expect(events).toMatchObject([{ card: { warnings: [] } }, { card: { warnings: ['expired'] } }])
  })

  test.each([9600, 115200])('reads at the real speed of a line with %i baud', async (paceBaud) => {
    const { plug, clock, layCard, events } = bench({ paceBaud }, { baudRate: paceBaud })
    await plug()
    layCard(card)
    await clock.advance(3000)
    expect(events).toEqual([told(card)])
  })

  test('never asks for fingerprints and never logs anything of a card', async () => {
    const { plug, clock, layCard, takeCard, logs, sent, faults } = bench({ authFailures: 1 })
    await plug()
    layCard(card)
    await clock.advance(2000)
    takeCard()
    faults.layoutFlag = 'Z'
    await clock.advance(300)
    layCard(card)
    await clock.advance(300)
    const framer = new Framer({
      decode: (bytes) => ({ frame: hex(bytes.subarray(7, 9)), used: bytes.length }),
    })
    const commands = new Set(sent.flatMap((frame) => framer.push(fromHex(frame))))
    expect([...commands].sort()).toEqual(['11ff', '12ff', '2001', '2002', '3001'])
    for (const value of [card.name, card.idNumber, card.birth]) expect(logs.join('\n')).not.toContain(value)
    expect(logs.length).toBeGreaterThan(1)
  })
})

describe('Serial ID card reader: cards that cannot be read', () => {
  test('a card pulled away while it is read: hold still, and the next try works', async () => {
    const { plug, clock, layCard, events } = bench({ removeDuringRead: true })
    await plug()
    layCard(card)
    await clock.advance(1000)
    expect(events).toEqual([problem('hold-still')])
    layCard(card)
    await clock.advance(300)
    expect(events).toEqual([problem('hold-still'), told(card)])
  })

  test('a card that does not get on with the module is told once, and read as soon as it works', async () => {
    const { plug, clock, layCard, events } = bench({ authFailures: 5 })
    await plug()
    layCard(card)
    await clock.advance(3000)
    expect(events).toEqual([problem('present-again'), told(card)])
  })

  test('the problem is told again when the card is presented again', async () => {
    const { plug, clock, layCard, takeCard, events } = bench({ authFailures: 100 })
    await plug()
    layCard(card)
    await clock.advance(2000)
    takeCard()
    await clock.advance(300)
    layCard(card)
    await clock.advance(2000)
    expect(events).toEqual([problem('present-again'), problem('present-again')])
  })

  test.each([
    [0x31, 'present-again'],
    [0x32, 'present-again'],
    [0x33, 'present-again'],
    [0x37, 'present-again'],
    [0x3f, 'present-again'],
    [0x47, 'present-again'],
    [0x40, 'unrecognised'],
    [0x41, 'hold-still'],
    [0x77, 'present-again'],
  ])('a read that ends with %i: %s', async (status, expected) => {
    const { plug, clock, layCard, events } = bench({ sw3: (r) => (is(r, 0x3001) ? status : undefined) })
    await plug()
    layCard(card)
    await clock.advance(2000)
    expect(events).toEqual([problem(expected)])
  })

  test('a card of a layout nobody knows', async () => {
    const { plug, clock, layCard, events } = bench({ layoutFlag: 'Z' })
    await plug()
    layCard(card)
    await clock.advance(2000)
    expect(events).toEqual([problem('unknown-layout')])
  })

  test('card data whose lengths do not fit is a failed read, not a card', async () => {
    const junk = Uint8Array.from([0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x01, 0x10, 0, 0, 0x90])
    const body = new Uint8Array(0x110 - 4)
    const check = [0x01, 0x10, 0x90].reduce((a, b) => a ^ b, 0)
    const answer = Uint8Array.from([...junk, ...body, check])
    const { plug, clock, layCard, events } = bench({ bytes: (r) => (is(r, 0x3001) ? answer : undefined) })
    const { near } = await plug()
    layCard(card)
    await clock.advance(5000)
    expect(events).toEqual([problem('present-again')])
    expect(near.closed.aborted).toBe(false)
  })

  test('a card that moves before it is selected is tried again without a word', async () => {
    let refusals = 2
    const { plug, clock, layCard, events } = bench({
      sw3: (r) => (is(r, 0x2002) && refusals-- > 0 ? 0x81 : undefined),
    })
    await plug()
    layCard(card)
    await clock.advance(1200)
    expect(events).toEqual([told(card)])
  })

  test.each([0x10, 0x11, 0x24])('asks once more when the module answers %i', async (status) => {
    let failures = 1
    const { plug, clock, layCard, events, sent } = bench({
      sw3: (r) => (is(r, 0x3001) && failures-- > 0 ? status : undefined),
    })
    await plug()
    layCard(card)
    await clock.advance(300)
    expect(events).toEqual([told(card)])
    expect(sent.filter((frame) => frame === 'aaaaaa96690003300132')).toHaveLength(2)
  })

  test('resets a module that has no random numbers', async () => {
    let failures = 1
    const { plug, clock, layCard, events, sent } = bench({
      sw3: (r) => (is(r, 0x3001) && failures-- > 0 ? 0x47 : undefined),
    })
    await plug()
    layCard(card)
    await clock.advance(1000)
    expect(sent).toContain('aaaaaa9669000310ffec')
    expect(events).toEqual([problem('present-again'), told(card)])
  })
})
