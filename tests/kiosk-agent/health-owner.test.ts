import { describe, expect, test } from 'vitest'
import { ownerFits } from '../../kiosk-agent/entry/rules/health.ts'
import { resident } from '../support/visitor.ts'

const card = resident('𠮷晓𬶏')
const idMasked = `${card.idNumber.slice(0, 4)}**********${card.idNumber.slice(-4)}`
const owner = (nameMasked: string) => ownerFits({ nameMasked, idMasked }, card)

describe('The owner of a code, for a name with characters beyond U+FFFF', () => {
  test.each([
    ['counted as characters', '𠮷*𬶏'],
    ['counted as halves', '\ud842***\udd8f'],
    ['counted as halves, which did not survive the wire', '\ufffd***\ufffd'],
  ])('is known when the gateway masked it %s', (_, nameMasked) => {
    expect(owner(nameMasked)).toBe('same')
  })

  test.each(['𠮶*𬶏', '𠮷*𬶐', '\ud842***\udd8e', '𠮷**𬶏', '王*𬶏', '𠮷晓'])(
    'is another where it says %j',
    (nameMasked) => {
      expect(owner(nameMasked)).toBe('other')
    },
  )
})
