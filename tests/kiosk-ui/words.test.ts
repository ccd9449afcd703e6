import { describe, expect, test } from 'vitest'
import { snapshotSchema } from '../../kiosk-agent/api/contract.ts'
import { textRuns } from '../../kiosk-ui/bench/dots.ts'
import { chooseScreen } from '../../kiosk-ui/choose-screen.ts'
import { bitmapPath } from '../../kiosk-ui/components/bitmap-path.ts'
import { languages } from '../../kiosk-ui/i18n/languages.ts'
import { localeFor } from '../../kiosk-ui/i18n/locale.ts'
import { reasonSaying } from '../../kiosk-ui/i18n/sayings.ts'
import { spokenText } from '../../kiosk-ui/spoken.ts'
import { reasons, snapshots } from './snapshots.ts'

describe('The words of the screens', () => {
  test.each(Object.keys(snapshots))('fixture %s is a snapshot of the contract', (name) => {
    expect(snapshotSchema.parse(snapshots[name])).toEqual(snapshots[name])
  })

  test.each(languages)('%s tells every reason as a fact and a meaning, with nothing left out', (language) => {
    for (const reason of Object.values(reasons)) {
      const { title, body } = reasonSaying(reason, localeFor(language))
      for (const sentence of [title, body]) {
        expect(sentence.length).toBeGreaterThan(3)
        expect(sentence).not.toMatch(/undefined|NaN|Invalid|\[object/)
      }
    }
  })

  test('every language tells the parameters of a reason in the hall’s own time', () => {
    for (const language of languages) {
      const { title, body } = reasonSaying(reasons['too-early'], localeFor(language))
      expect(title).toContain('48')
      expect(body).toContain('11:45–12:15')
      expect(body).toContain('11:30')
    }
    expect(reasonSaying(reasons['temperature-high'], localeFor('en')).title).toContain('37.3 °C')
  })

  test('languages differ from each other in every longer sentence', () => {
    const [simplified, traditional, english] = languages.map((language) =>
      sentencesOf(localeFor(language).messages),
    )
    const long = [...(simplified ?? [])].filter((sentence) => sentence.length > 8)
    expect(long.length).toBeGreaterThan(60)
    for (const sentence of long) {
      expect(traditional).not.toContain(sentence)
      expect(english).not.toContain(sentence)
    }
    for (const sentence of english ?? []) expect(sentence).not.toMatch(/\p{Script=Han}/u)
  })

  test('every change of screen has words to be spoken, except the welcome', () => {
    for (const [name, snapshot] of Object.entries(snapshots)) {
      const screen = chooseScreen('live', snapshot)
      for (const language of languages)
        expect(spokenText(screen, snapshot, localeFor(language)) !== '', name).toBe(screen !== 'welcome')
    }
  })
})

describe('What is said of a slip', () => {
  const spoken = (name: string, language: (typeof languages)[number]) => {
    const snapshot = snapshots[name]
    return snapshot ? spokenText(chooseScreen('live', snapshot), snapshot, localeFor(language)) : ''
  }

  test.each(languages)(
    '%s: aloud what asks for a hand or an answer, and nothing while all goes well',
    (language) => {
      const { admitted, outcome } = localeFor(language).messages
      expect(spoken('admitted-slip-held-out', language)).toContain(admitted.slip['held-out'])
      expect(spoken('admitted-slip-unknown', language)).toContain(admitted.slip.unknown)
      expect(spoken('refused-slip-not-taken', language)).toContain(outcome.slip['not-taken'])
      expect(spoken('refused-slip-failed', language)).toContain(outcome.slip.failed)
      expect(spoken('admitted-slip-in-hand', language)).toBe(spoken('admitted-open', language))
      expect(spoken('refused-slip-printing', language)).not.toContain(outcome.slip.printing)
    },
  )
})

describe('A slip on the bench', () => {
  test('puts wide and narrow characters on the printer’s grid', () => {
    expect(textRuns({ x: 10, width: 24 * 2 + 12 * 5, text: '编号 A7-3' })).toEqual([
      { x: 10, width: 48, text: '编号' },
      { x: 70, width: 48, text: 'A7-3' },
    ])
    expect(textRuns({ x: 0, width: 0, text: '' })).toEqual([])
  })

  test('draws each black run of a bitmap once', () => {
    expect(bitmapPath(['##.#', '....'])).toBe('M0 0h2v1h-2zM3 0h1v1h-1z')
  })
})

function sentencesOf(words: unknown): Set<string> {
  if (typeof words === 'string') return new Set([words])
  if (typeof words !== 'object' || words === null) return new Set()
  return new Set(Object.values(words).flatMap((part) => [...sentencesOf(part)]))
}
