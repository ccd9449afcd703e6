import { describe, expect, test } from 'vitest'
import { bench, card, fromHex, is } from '../support/sam-serial-bench.ts'

/** Published frames (GA/T 467 modules; makers' protocol sheets). */
const findCard = 'aaaaaa96690003200122'
const selectCard = 'aaaaaa96690003200221'
const readCard = 'aaaaaa96690003300132'
const nothingFound = 'aaaaaa9669000400008084'
const notSelected = 'aaaaaa9669000400008185'
const readFailed = 'aaaaaa9669000400004145'

describe('Asking whether a card was left', () => {
  test('sends find, select and read whatever the first two say, and takes 41 for gone, byte by byte', async () => {
    const { plug, clock, layCard, sent, faults } = bench()
    const { commands } = await plug()
    layCard(card)
    await clock.advance(900)
    faults.bytes = (request) => {
      if (is(request, 0x2001)) return fromHex(nothingFound)
      return is(request, 0x2002) ? fromHex(notSelected) : undefined
    }
    sent.length = 0
    expect(await clock.until(commands.stillThere?.() ?? Promise.reject())).toBe('there')
    expect(sent).toEqual([findCard, selectCard, readCard])
    faults.bytes = (request) => (is(request, 0x3001) ? fromHex(readFailed) : fromHex(nothingFound))
    expect(await clock.until(commands.stillThere?.() ?? Promise.reject())).toBe('gone')
  })

  test('never comes between find, select and read of another look', async () => {
    const { plug, clock, layCard, sent } = bench({ deviceMs: () => 40 })
    const { commands } = await plug()
    layCard(card)
    await clock.advance(310) // a look is on its way
    const asked = commands.stillThere?.()
    await clock.advance(3000)
    expect(await asked).toBe('there')
    const steps = sent.slice(2).map((frame) => [findCard, selectCard, readCard].indexOf(frame))
    const broken = steps.filter((step, at) => step > 0 && steps[at - 1] !== step - 1)
    expect(broken).toEqual([])
    expect(steps.filter((step) => step === 2)).toHaveLength(2)
  })

  test('is silent about a card it never told, and about one it told on another connection', async () => {
    const { plug, clock, layCard, events } = bench()
    const { commands, unplug } = await plug()
    expect(await clock.until(commands.stillThere?.() ?? Promise.reject())).toBe('gone')
    layCard(card)
    await clock.advance(900)
    unplug()
    const again = await plug()
    expect(await clock.until(again.commands.stillThere?.() ?? Promise.reject())).toBe('gone')
    expect(events.length).toBeGreaterThan(0)
  })

  test('can be switched off for a model that errs', async () => {
    const { plug } = bench({}, { repeatedRead: false })
    expect((await plug()).commands.stillThere).toBeUndefined()
  })
})
