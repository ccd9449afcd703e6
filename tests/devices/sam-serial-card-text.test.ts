import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { IdCard } from '../../devices/kinds.ts'
import { decodeCardText } from '../../devices/lib/sam/card-text.ts'
import { samHost } from '../../devices/lib/sam/codec.ts'
import { encodeCardText } from '../../devices/lib/sam/encode-card-text.ts'
import { readPayload } from '../../devices/lib/sam/payload.ts'

interface Fixture {
  readonly name: string
  readonly frameHex: string
  readonly expected: Record<string, string> & { validFrom: string; validTo: string | null }
}
const fixtures: Fixture[] = JSON.parse(
  readFileSync(new URL('../fixtures/id-cards.json', import.meta.url), 'utf8'),
)

const today = '20260302'

/** A text block built by hand: [offset in bytes, text]; everything else is `padding`. */
function block(fields: readonly (readonly [number, string])[], padding = ' '): Uint8Array {
  const bytes = Buffer.from(padding.repeat(128), 'utf16le')
  for (const [offset, text] of fields) bytes.write(text, offset, 'utf16le')
  return Uint8Array.from(bytes)
}

function decode(text: Uint8Array): IdCard {
  const result = decodeCardText(text, today)
  if (!result.known) throw new Error(`unknown layout ${result.flag}`)
  return result.card
}

const residentFields = [
  [0, '测试甲'],
  [30, '2'],
  [32, '01'],
  [36, '19491231'],
  [52, '北京市朝阳区测试路1号'],
  [122, '11010519491231002X'],
  [158, '北京市公安局示例分局'],
  [188, '20200101'],
  [204, '20400101'],
] as const

const resident: IdCard = {
  layout: 'resident',
  name: '测试甲',
  sex: 'female',
  nationCode: '01',
  nation: '汉',
  birth: '19491231',
  address: '北京市朝阳区测试路1号',
  idNumber: '11010519491231002X',
  issuingAuthority: '北京市公安局示例分局',
  validFrom: '20200101',
  validTo: '20400101',
  warnings: [],
}

const permitFields = [
  [0, '测试乙'],
  [30, '2'],
  [32, '99'],
  [36, '19940823'],
  [52, '广东省东莞市南城街道示例路2号'],
  [122, '810000199408230021'],
  [158, '东莞市公安局'],
  [188, '20240601'],
  [204, '20290601'],
  [220, 'H00000000'],
  [238, '01'],
  [248, 'J'],
] as const

const permit: IdCard = {
  layout: 'hk-macao-taiwan',
  name: '测试乙',
  sex: 'female',
  birth: '19940823',
  address: '广东省东莞市南城街道示例路2号',
  idNumber: '810000199408230021',
  issuingAuthority: '东莞市公安局',
  validFrom: '20240601',
  validTo: '20290601',
  travelPermitNumber: 'H00000000',
  issueCount: '01',
  warnings: [],
}

const foreigner2017Fields = [
  [0, 'SPECIMEN, PERSON EXAMPLE'],
  [120, '1'],
  [122, 'XXA441290010270'],
  [152, 'XXA'],
  [158, '样本'],
  [188, '20180101'],
  [204, '20280101'],
  [220, '19900102'],
  [236, '01'],
  [240, '1234'],
  [248, 'I'],
] as const

const foreigner2017: IdCard = {
  layout: 'foreigner-2017',
  name: 'SPECIMEN, PERSON EXAMPLE',
  chineseName: '样本',
  sex: 'male',
  birth: '19900102',
  idNumber: 'XXA441290010270',
  nationality: 'XXA',
  validFrom: '20180101',
  validTo: '20280101',
  warnings: [],
}

// The second piece of the name begins with a space that belongs to it.
const longName = 'SPECIMEN OF A VERY LONG FAMILY NAM, PERSON'
const foreigner2023Fields = [
  [0, '样本'],
  [30, '1'],
  [32, '02'],
  [36, '19900102'],
  [52, 'SPECIMEN OF A VERY LONG FAMILY NAM,'],
  [122, '944999199001020018'],
  [188, '20231201'],
  [204, '20331201'],
  [220, ' PERSON'],
  [242, 'XXA'],
  [248, 'Y'],
  [250, '127'],
] as const

const foreigner2023: IdCard = {
  layout: 'foreigner-2023',
  name: longName,
  chineseName: '样本',
  sex: 'male',
  birth: '19900102',
  idNumber: '944999199001020018',
  nationality: 'XXA',
  validFrom: '20231201',
  validTo: '20331201',
  oldNumber: 'XXA441290010270',
  warnings: [],
}

describe('the text block of a card', () => {
  test.each(fixtures)('whole read answer: $name', ({ frameHex, expected }) => {
    const step = samHost.decode(Uint8Array.from(Buffer.from(frameHex, 'hex')))
    if (step === 'more' || !('frame' in step)) throw new Error('no frame')
    const { text, photo } = readPayload(step.frame.data)
    const { layout, name, sex, nationCode, nation, birth, address, idNumber, issuingAuthority } = expected
    expect(decode(text)).toEqual({
      ...{ layout, name, sex, nationCode, nation, birth, address, idNumber, issuingAuthority },
      validFrom: expected.validFrom,
      validTo: expected.validTo ?? undefined,
      warnings: [],
    })
    expect(photo).toHaveLength(1024)
  })

  const cards = [
    ['resident', residentFields, resident],
    ['residence permit (J)', permitFields, permit],
    ['foreigner 2017 (I)', foreigner2017Fields, foreigner2017],
    ['foreigner 2023 (Y)', foreigner2023Fields, foreigner2023],
  ] as const

  test.each(cards)('%s: every field stands where the table says', (_name, fields, card) => {
    expect(decode(block(fields))).toEqual(card)
  })

  test.each(cards)('%s: padded with U+0000 it reads the same', (_name, fields, card) => {
    expect(decode(block(fields, '\0'))).toEqual(card)
  })

  test.each(cards)('%s: what a simulator encodes is read back', (_name, _fields, card) => {
    expect(decode(encodeCardText(card))).toEqual(card)
    const endless: IdCard = { ...card, validTo: undefined }
    expect(decode(encodeCardText(endless))).toEqual(endless)
  })

  test('a simulator writes the very bytes of the table', () => {
    expect(encodeCardText(resident)).toEqual(block(residentFields))
    expect(encodeCardText(permit)).toEqual(
      block(permitFields.map(([offset, text]) => [offset, offset === 32 ? '' : text])),
    )
  })

  test('a name that fills its field is not cut, and a name too long is refused', () => {
    const name = '测'.repeat(15)
    expect(decode(encodeCardText({ ...resident, name })).name).toBe(name)
    expect(() => encodeCardText({ ...resident, name: `${name}试` })).toThrow(/do not fit/)
  })

  test('a space at the seam of the two pieces of an English name is kept', () => {
    const fields = foreigner2023Fields.map(([offset, text]) => {
      if (offset === 52) return [offset, `${'A'.repeat(34)} `] as const
      return [offset, offset === 220 ? 'BCD' : text] as const
    })
    expect(decode(block(fields)).name).toBe(`${'A'.repeat(34)} BCD`)
  })

  test('an English name may fill both pieces, 46 characters', () => {
    const name = `${'A'.repeat(35)}BCDEFGHIJKL`
    const fields = [...foreigner2023Fields, [52, 'A'.repeat(35)], [220, 'BCDEFGHIJKL']] as const
    expect(decode(block(fields)).name).toBe(name)
    expect(decode(encodeCardText({ ...foreigner2023, name })).name).toBe(name)
  })

  test('a foreigner card of 2023 without link has no old number', () => {
    const fields = foreigner2023Fields.filter(([offset]) => offset !== 250)
    expect(decode(block(fields))).toMatchObject({ oldNumber: undefined, warnings: [] })
  })

  test('an end date of 长期 is no date at all', () => {
    const text = block(
      residentFields.map(([offset, field]) => [offset, offset === 204 ? '长期      ' : field]),
    )
    expect(Buffer.from(text.subarray(204, 220)).toString('hex')).toBe('7f951f67200020002000200020002000')
    expect(decode(text)).toEqual({ ...resident, validTo: undefined })
  })

  test('a sex code other than 1 and 2 is unknown, and contradicts nothing', () => {
    for (const code of ['0', '9', ' ', 'M'])
      expect(decode(block([...residentFields, [30, code]]))).toMatchObject({ sex: 'unknown', warnings: [] })
  })

  test('knows the nation codes after the gap, and leaves an unknown one blank', () => {
    const nation = (code: string) => decode(block([...residentFields, [32, code]]))
    expect(nation('56')).toMatchObject({ nation: '基诺' })
    expect(nation('97')).toMatchObject({ nation: '其他' })
    expect(nation('98')).toMatchObject({ nation: '外国血统中国籍人士' })
    expect(nation('57')).toMatchObject({ nationCode: '57', nation: '' })
  })

  test('says which character names a layout it does not know', () => {
    expect(decodeCardText(block([...residentFields, [248, 'Z']]), today)).toEqual({
      known: false,
      flag: 'U+005A',
    })
  })

  test.each([0, 255, 257])('refuses a block of %i bytes', (length) => {
    expect(() => decodeCardText(new Uint8Array(length), today)).toThrow(
      expect.objectContaining({ code: 'bad-answer' }),
    )
  })
})

describe('warnings about a card', () => {
  test.each([
    ['checksum', [[122, '110105194912310021']]],
    ['checksum', [[122, '11010519491231 02X']]],
    ['date', [[188, '20200230']]],
    ['date', [[204, '        ']]],
    ['birth-mismatch', [[36, '19491230']]],
    ['sex-mismatch', [[30, '1']]],
    ['not-yet-valid', [[188, '20260303']]],
    ['expired', [[204, '20260301']]],
  ] as const)('%s: %j', (warning, change) => {
    expect(decode(block([...residentFields, ...change])).warnings).toEqual([warning])
  })

  test('a card is valid on its first and on its last day', () => {
    expect(decode(block([...residentFields, [188, today], [204, today]])).warnings).toEqual([])
  })

  test('several are told in a fixed order, and the card is read all the same', () => {
    const card = decode(block([...residentFields, [36, '19500101'], [30, '1'], [204, '20210101']]))
    expect(card).toMatchObject({ name: '测试甲', warnings: ['birth-mismatch', 'sex-mismatch', 'expired'] })
  })

  test('a foreigner number is not judged by rules that nobody published for it', () => {
    expect(decode(block([...foreigner2017Fields, [122, 'XXA441290010279']])).warnings).toEqual([])
    expect(decode(block([...foreigner2023Fields, [30, '2']])).warnings).toEqual([])
    expect(decode(block([...foreigner2023Fields, [122, '944999199001020019']])).warnings).toEqual([
      'checksum',
    ])
  })
})
