import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDigit, checkIdNumber, isDate } from '../../../devices/lib/id-number.ts'

const specimen = '11010519491231002X'

describe('Identity numbers (GB 11643)', () => {
  test('accepts the specimen of the standard, which is a woman, in either case of X', () => {
    const accepted = { ok: true, number: specimen, birth: '19491231', sex: 'female' }
    expect(checkIdNumber(specimen)).toEqual(accepted)
    expect(checkIdNumber(specimen.toLowerCase())).toEqual(accepted)
  })

  test.each([
    ['Hong Kong', '810000199408230021'],
    ['Taiwan', '830000198506150032'],
    ['Taiwan, code of older documents', '710000198506150035'],
    ['a town without a district level', '441900200002290012'],
    ['a foreigner of 2023', '944999199001020018'],
    ['an area no table knows', '999999199001010016'],
  ])('never rejects for the area: %s', (_area, number) => {
    expect(checkIdNumber(number)).toMatchObject({ ok: true, number })
  })

  test.each([
    ['length', '1101051949123100'],
    ['length', `${specimen} `],
    ['length', ''],
    ['characters', 'X1010519491231002X'],
    ['characters', '11010519491231002Y'],
    ['characters', '１10105194912310021'],
    ['date', '110105194902300025'],
    ['date', '110105190002290025'],
    ['date', '110105194913010025'],
    ['date', '110105194900010025'],
    ['checksum', '110105194912310021'],
    ['checksum', '110105194912310020'],
  ])('says why: %s, %s', (reason, number) => {
    expect(checkIdNumber(number)).toEqual({ ok: false, reason })
  })

  test('refuses a birth in the future, and accepts one of today', () => {
    expect(checkIdNumber(specimen, '19491230')).toEqual({ ok: false, reason: 'date' })
    expect(checkIdNumber(specimen, '19491231')).toMatchObject({ ok: true })
  })

  test('notices every single wrong digit and every swap of neighbours', () => {
    const first17 = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 17, maxLength: 17 })
    fc.assert(
      fc.property(first17, fc.nat(16), fc.integer({ min: 1, max: 9 }), (digits, at, change) => {
        const check = checkDigit(digits.join(''))
        const wrong = digits.with(at, ((digits[at] ?? 0) + change) % 10)
        expect(checkDigit(wrong.join(''))).not.toBe(check)
        const [left = 0, right = 0] = digits.slice(at)
        if (at < 16 && left !== right)
          expect(
            checkDigit(
              digits
                .with(at, right)
                .with(at + 1, left)
                .join(''),
            ),
          ).not.toBe(check)
      }),
      { numRuns: 200 },
    )
  })

  test('knows the leap days of the Gregorian calendar', () => {
    expect(['20000229', '20240229', '19960229'].every(isDate)).toBe(true)
    expect(['19000229', '20230229', '20240431', '00000101', '2024013', 'abcdefgh'].some(isDate)).toBe(false)
  })
})
