import { describe, expect, test } from 'vitest'
import { findingCodes } from '../../kiosk-agent/api/finding-codes.ts'
import { refusalSchema } from '../../kiosk-agent/api/technician-commands.ts'
import { consoleSchema } from '../../kiosk-agent/api/technician-contract.ts'
import { languages } from '../../kiosk-ui/i18n/languages.ts'
import { consoleLocale } from '../../kiosk-ui/i18n/technician/locale.ts'
import { consoleStates } from './console-states.ts'

describe('The words of the technician’s console', () => {
  test.each(Object.keys(consoleStates))('fixture %s is a state of the contract', (name) => {
    const state = consoleStates[name]?.state
    expect(consoleSchema.parse(state)).toEqual(state)
  })

  test.each(languages)('%s has a sentence for every finding, with the same values in it', (language) => {
    const { findings } = consoleLocale(language).devices
    const english = consoleLocale('en').devices.findings
    const values = (sentence: string) => [...sentence.matchAll(/\{[\w:]+\}/g)].map(([value]) => value).sort()
    for (const code of findingCodes) {
      expect(findings[code].length, code).toBeGreaterThan(2)
      expect(values(findings[code]), code).toEqual(values(english[code]))
    }
  })

  test.each(languages)('%s has words for every refusal', (language) => {
    const { refusals } = consoleLocale(language).words
    for (const code of refusalSchema.shape.error.options) expect(refusals[code].length).toBeGreaterThan(3)
  })

  test('languages differ from each other in every longer sentence, and English holds no Chinese', () => {
    const [simplified, traditional, english] = languages.map((language) => {
      const { words, devices } = consoleLocale(language)
      return sentencesOf([words, devices])
    })
    const long = [...(simplified ?? [])].filter((sentence) => sentence.length > 8)
    expect(long.length).toBeGreaterThan(150)
    expect(long.filter((sentence) => traditional?.has(sentence) || english?.has(sentence))).toEqual([])
    for (const sentence of english ?? []) expect(sentence).not.toMatch(/\p{Script=Han}/u)
  })
})

function sentencesOf(words: unknown): Set<string> {
  if (typeof words === 'string') return new Set([words])
  if (typeof words !== 'object' || words === null) return new Set()
  return new Set(Object.values(words).flatMap((part) => [...sentencesOf(part)]))
}
