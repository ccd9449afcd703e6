import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scannedText } from '../../kiosk-agent/codes/scanned-text.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')

describe('The text of a scanned code', () => {
  test('is what was scanned, sign by sign, where all of it is printable ASCII', () => {
    const ascii = fc.uint8Array({ min: 0x20, max: 0x7e, minLength: 1, maxLength: 3000 })
    fc.assert(
      fc.property(ascii, (scanned) => {
        expect([...(scannedText(scanned) ?? '')].map((sign) => sign.charCodeAt(0))).toEqual([...scanned])
      }),
    )
  })

  test('is nothing at all when a single byte is anything else', () => {
    const other = fc.oneof(fc.integer({ min: 0, max: 0x1f }), fc.integer({ min: 0x7f, max: 0xff }))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), other, fc.nat(), (scanned, byte, at) => {
        const place = at % (scanned.length + 1)
        const stray = Uint8Array.from([...scanned.slice(0, place), byte, ...scanned.slice(place)])
        expect(scannedText(stray)).toBeUndefined()
      }),
    )
  })

  test('is not guessed from another character set, nor cut to size', () => {
    expect(scannedText(bytes('TEST:李'))).toBeUndefined()
    expect(scannedText(bytes('TEST:li\r'))).toBeUndefined()
    expect(scannedText(new Uint8Array())).toBeUndefined()
    for (const byte of [0x00, 0x1f, 0x7f, 0x80, 0xff])
      expect(scannedText(Uint8Array.of(byte))).toBeUndefined()
    expect(scannedText(bytes('x'.repeat(3000)))).toHaveLength(3000)
    expect(scannedText(bytes('x'.repeat(3001)))).toBeUndefined()
  })
})
