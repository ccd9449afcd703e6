import { describe, expect, test } from 'vitest'
import { encode } from '../../devices/receipt-printers/escpos/encode.ts'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import type { Language } from '../../kiosk-agent/api/contract.ts'
import { nextSteps, type Reason, type ReasonCode, reasonFacts } from '../../kiosk-agent/entry/reasons.ts'
import { slipTexts } from '../../kiosk-agent/paper/slip-texts.ts'
import { type EntrySlip, entrySlip, stepsFor } from '../../kiosk-agent/paper/slips.ts'
import { maskIdNumber, maskName } from '../../kiosk-agent/privacy/mask.ts'
import { reasons } from '../kiosk-ui/snapshots.ts'
import { interpret, textLines } from '../support/escpos-printer.ts'
import { demoHall, MONDAY_1030, resident } from '../support/visitor.ts'

const languages: readonly Language[] = ['zh-Hans', 'zh-Hant', 'en']
const codes = Object.keys(reasonFacts) as ReasonCode[]
const card = resident()
const item = {
  'zh-Hans': '第二类医疗器械经营备案',
  'zh-Hant': '第二類醫療器械經營備案',
  en: 'Class II medical device filing',
}

function slip(changes: Partial<EntrySlip> = {}): EntrySlip {
  return {
    language: 'zh-Hans',
    simulated: false,
    hall: demoHall,
    terminal: { 'zh-Hans': '1 号入口', 'zh-Hant': '1 號入口', en: 'Entrance 1' },
    decision: 'admit',
    reasons: [],
    holder: { nameMasked: maskName(card.name), idMasked: maskIdNumber(card.idNumber) },
    appointment: { start: MONDAY_1030, end: MONDAY_1030 + 1_800_000, item },
    slipCode: 'A7-3392',
    rules: 'epidemic-2020 v3',
    at: MONDAY_1030 + 90_000,
    ...changes,
  }
}

const refusal = (language: Language, reason: Reason) =>
  slip({ language, decision: reasonFacts[reason.code].decision, reasons: [reason] })

/** What stands on the paper, worked out from the bytes alone; spaces are where lines break. */
function printed(given: EntrySlip, profileName: string = 'generic-80') {
  const profile = readProfile(profileName)
  const { drawing, unknown } = interpret(encode(entrySlip(given), profile, { processId: 'A7K2' }), profile)
  const lines = textLines(drawing)
  return { drawing, unknown, lines, text: lines.join('').replaceAll(' ', '') }
}

const squeezed = (text: string) => text.replaceAll(' ', '')

describe.each(['generic-58', 'generic-80', 'epson-tm-t88v', 'masung-ms-d347'])(
  'A slip on %s',
  (profileName) => {
    test.each(languages.flatMap((language) => codes.map((code) => [language, code] as const)))(
      'in %s tells the reason %s and the next step, and can be printed',
      (language, code) => {
        const { drawing, unknown, text } = printed(refusal(language, reasons[code]), profileName)
        const texts = slipTexts[language]
        expect(unknown).toEqual([])
        const reason = texts.reasons[code] as (reason: Reason) => string
        expect(text).toContain(squeezed(reason(reasons[code])))
        for (const step of reasonFacts[code].next) expect(text).toContain(squeezed(texts.steps[step]))
        expect(text).toContain('A7-3392')
        expect(text).toContain(squeezed(demoHall.phone))
        expect(drawing.items.filter(({ type }) => type === 'cut')).toHaveLength(1)
        expect(drawing.items.at(-1)?.type).toBe('cut')
        expect(drawing.items.filter(({ type }) => type === 'bitmap')).toHaveLength(1)
        expect(text).not.toContain(card.name)
        expect(text).not.toContain(card.idNumber)
        expect(text).not.toContain(card.birth)
      },
    )

    test.each<[Language, string]>([
      ['zh-Hans', '补打 2'],
      ['zh-Hant', '補打 2'],
      ['en', 'Copy 2'],
    ])('in %s a copy says that it is one, and is else the same slip', (language, mark) => {
      const [first, copy] = [undefined, 2].map(
        (number) => printed(slip({ language, ...(number ? { copy: number } : {}) }), profileName).lines,
      )
      expect(first).not.toContain(mark)
      expect(copy).toEqual([mark, ...(first ?? [])])
    })

    test.each(languages)('in %s admits with the time slot and no reasons', (language) => {
      const { text, unknown, drawing } = printed(slip({ language }), profileName)
      const texts = slipTexts[language]
      expect(unknown).toEqual([])
      for (const part of [
        texts.admitted,
        texts.keepMask,
        '10:30-11:00',
        item[language],
        '李*明',
        '9999**********2136',
      ])
        expect(text).toContain(squeezed(part))
      expect(text).not.toContain(squeezed(texts.next))
      expect(drawing.items.filter(({ type }) => type === 'cut')).toHaveLength(1)
    })

    test.each(languages)('in %s keeps every line inside the paper', (language) => {
      const { widthDots } = readProfile(profileName).media
      for (const code of codes)
        for (const box of printed(refusal(language, reasons[code]), profileName).drawing.items)
          if (box.type !== 'cut') {
            const width = box.type === 'text' ? box.width : (box.rows[0]?.length ?? 0) * box.scale
            expect(box.x).toBeGreaterThanOrEqual(0)
            expect(box.x + width).toBeLessThanOrEqual(widthDots)
          }
    })

    test.each(languages)('in %s says that it is simulated exactly when it is', (language) => {
      const banner = squeezed(slipTexts[language].simulated)
      const isInverse = (given: EntrySlip) =>
        printed(given, profileName).drawing.items.some((part) => part.type === 'text' && part.inverse)
      expect(printed(slip({ language, simulated: true }), profileName).text.startsWith(banner)).toBe(true)
      expect(isInverse(slip({ language, simulated: true }))).toBe(true)
      expect(printed(slip({ language }), profileName).text).not.toContain(banner)
      expect(isInverse(slip({ language }))).toBe(false)
    })
  },
)

describe('What a slip says', () => {
  test('names the day, too, when the hall opens on another one', () => {
    const reason = { code: 'hall-closed', opensAt: '2020-03-03T09:00:00+08:00' } as const
    expect(printed(refusal('en', reason)).text).toContain('Itopensat2020-03-0309:00')
  })

  test('tells several reasons in the order given, and each step once', () => {
    const given: Reason[] = [reasons['too-early'], reasons['hall-full'], reasons['health-yellow']]
    expect(stepsFor(given)).toEqual(['come-back-in-time', 'see-staff', 'wait-for-a-place', 'clinic'])
    const { text } = printed(slip({ language: 'en', decision: 'refuse', reasons: given }))
    const places = [
      /Yourappointmentis/,
      /Thehallisfull/,
      /notgreen/,
      /Comeback/,
      /Showthisslip/,
      /Waitoutside/,
    ]
    const found = places.map((place) => text.search(place))
    expect(found).toEqual([...found].sort((a, b) => a - b))
    expect(found).not.toContain(-1)
    expect(text.match(/Showthisslip/g)).toHaveLength(1)
  })

  test('calls a temperature a screening, and only a temperature', () => {
    for (const code of codes) {
      const { text } = printed(refusal('en', reasons[code]))
      expect(text.includes(squeezed(slipTexts.en.screening)), code).toBe(code === 'temperature-high')
    }
  })

  test('works for somebody of whom nothing is known', () => {
    const { holder: _, appointment: __, ...unknown } = refusal('zh-Hans', reasons['card-not-readable'])
    const { text } = printed(unknown)
    expect(text).not.toContain('*')
    expect(text).toContain('证件未能读取')
  })

  test('uses no words in one language that belong to another', () => {
    for (const step of nextSteps) {
      expect(slipTexts.en.steps[step].replaceAll('莞家政务', '')).toMatch(/^[\x20-\x7e]+$/)
      expect(slipTexts['zh-Hans'].steps[step]).not.toBe(slipTexts['zh-Hant'].steps[step])
    }
  })
})
