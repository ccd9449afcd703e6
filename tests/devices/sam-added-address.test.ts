import { describe, expect, test } from 'vitest'
import type { SamSimulatorOptions } from '../../devices/lib/sam/simulated-reader.ts'
import { bench, card, fromHex, is, told } from '../support/sam-serial-bench.ts'

const moved = { ...card, addedAddress: '北京市海淀区测试新村2号' }
const asked = (sent: readonly string[]) => sent.filter((each) => each.includes('00033003')).length

async function read(one: typeof card, settings: Record<string, unknown>, device: SamSimulatorOptions = {}) {
  const made = bench(device, settings)
  const { near } = await made.plug()
  made.layCard(one)
  await made.clock.advance(10_000)
  return { ...made, near }
}

describe('The address added to a card after it was issued', () => {
  test('is not asked for where nobody wants it', async () => {
    const { events, sent } = await read(moved, {})
    expect([asked(sent), events]).toEqual([0, [told(card)]])
  })

  test('is read where the settings ask for it, and never logged', async () => {
    const { events, sent, logs } = await read(moved, { readAddedAddress: true })
    expect([asked(sent), events]).toEqual([1, [told(moved)]])
    expect(sent.find((each) => each.includes('00033003'))).toBe('aaaaaa966900033003'.concat('30'))
    expect(logs.join()).not.toContain('测试新村')
  })

  test('most cards have none, and are told as they are', async () => {
    const { events, sent } = await read(card, { readAddedAddress: true })
    expect([asked(sent), events]).toEqual([1, [told(card)]])
  })

  test.each<[string, SamSimulatorOptions]>([
    ['silence', { bytes: (request) => (is(request, 0x3003) ? new Uint8Array() : undefined) }],
    [
      'half an answer',
      { bytes: (request) => (is(request, 0x3003) ? fromHex('aaaaaa9669004a0000') : undefined) },
    ],
    ['a card that moved away', { sw3: (request) => (is(request, 0x3003) ? 0x41 : undefined) }],
    ['a command the module does not know', { sw3: (request) => (is(request, 0x3003) ? 0x21 : undefined) }],
  ])('%s costs the address, never the card or the reader', async (_, device) => {
    const { events, near } = await read(moved, { readAddedAddress: true }, device)
    expect([events, near.closed.aborted]).toEqual([[told(card)], false])
  })

  test('unplugged while it is asked: no event, no error', async () => {
    const made = bench({ deviceMs: (request) => (is(request, 0x3003) ? 500 : 0) }, { readAddedAddress: true })
    const { unplug } = await made.plug()
    made.layCard(moved)
    await made.clock.advance(600)
    unplug()
    await made.clock.advance(5000)
    expect(made.events).toEqual([])
  })
})
