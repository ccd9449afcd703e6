import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { escposOptionsSchema } from '../../devices/receipt-printers/escpos/options.ts'
import { profileNames, readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'

const folder = mkdtempSync(join(tmpdir(), 'printers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const flag = (value: unknown) => ({ value, source: 'manual' })
const whole = {
  name: 'P1',
  vendor: 'Example',
  media: { dpi: 203, width: { mm: 80, pixels: 576 } },
  fonts: { '0': { columns: 48 } },
  kiosk: {
    zh: { encoding: flag('gb18030'), missingGlyphs: flag('囧'), needFSbang: flag(true) },
    qr: flag('escz'),
    status: { eot: flag([1]), asb: flag(false), gsH48: flag('probe'), gsr: flag(true) },
    bits: { eot3bit2: flag('paper-jam'), paperEnd: flag('bit-5'), asb2bit1: flag('presenter-jam') },
    presenter: { dialect: flag('custom-ge'), activeLow: flag(true) },
    cut: flag('1B 69'),
    maxRasterRows: flag(128),
    printMmPerSecond: flag(150),
    nearEndTailMm: flag(3000),
    headToCutterMm: flag(15),
  },
}

/** Writes profiles beside the whole one, reads the last of them. */
function read(files: Record<string, unknown>) {
  const all = { whole, ...files }
  for (const [name, content] of Object.entries(all))
    writeFileSync(
      join(folder, `${name}.json`),
      typeof content === 'string' ? content : JSON.stringify(content),
    )
  return readProfile(Object.keys(all).at(-1) ?? '', folder)
}
const at = (name: string) => join(folder, `${name}.json`)

describe('the profiles that come with the software', () => {
  test.each(profileNames())('%s is whole', (name) => {
    const profile = readProfile(name)
    expect(profile.columns * 12).toBeLessThanOrEqual(profile.media.widthDots)
    expect(escposOptionsSchema.parse({ profile: name, transport: { type: 'tcp', host: 'p' } }).profile).toBe(
      name,
    )
  })

  test.each([
    ['generic-58', { columns: 32, media: { widthMm: 58, widthDots: 384, dpi: 203 }, cut: '1D 56 42 00' }],
    ['epson-tm-t70ii-ch', { columns: 48, media: { widthMm: 79.5, widthDots: 576, dpi: 203 } }],
    ['epson-tm-t88v', { columns: 42, media: { widthMm: 80, widthDots: 512, dpi: 180 } }],
    ['snbc-bt-t080', { bits: { eot3bit2: 'paper-jam', paperEnd: 'bits-5-6', asb2bit1: 'unused' } }],
    ['custom-kpm216h', { cut: '1B 69', presenter: { dialect: 'custom-ge', activeLow: false } }],
    ['citizen-ppu-231ii', { bits: { eot3bit2: 'black-mark', paperEnd: 'bit-5', asb2bit1: 'presenter-jam' } }],
    ['masung-ms-d347', { qr: 'none', presenter: { dialect: 'masung', activeLow: false } }],
  ])('%s says what its source says', (name, facts) => {
    expect(readProfile(name)).toMatchObject(facts)
  })

  test('only Epson’s newer models are believed to send process ids back without being asked', () => {
    const sure = profileNames().filter((name) => readProfile(name).status.gsH48 === true)
    expect(sure).toEqual(['epson-tm-t70ii-ch', 'epson-tm-t88v'])
    expect(readProfile('epson-tm-t88iii').status.gsH48).toBe(false)
  })
})

describe('a profile file', () => {
  test('holds everything the driver needs', () => {
    expect(read({})).toEqual({
      label: 'Example P1',
      media: { widthMm: 80, widthDots: 576, dpi: 203 },
      columns: 48,
      encoding: 'gb18030',
      missingGlyphs: '囧',
      needFSbang: true,
      qr: 'escz',
      status: { eot: [1], asb: false, gsH48: 'probe', gsr: true },
      bits: { eot3bit2: 'paper-jam', paperEnd: 'bit-5', asb2bit1: 'presenter-jam' },
      presenter: { dialect: 'custom-ge', activeLow: true },
      cut: '1B 69',
      maxRasterRows: 128,
      printMmPerSecond: 150,
      nearEndTailMm: 3000,
      headToCutterMm: 15,
    })
  })

  test('inherits what it does not say itself, over several generations', () => {
    const profile = read({
      middle: { inherits: 'whole', kiosk: { cut: flag('1D 56 00'), qr: flag('none') } },
      leaf: { name: 'P3', inherits: 'middle', kiosk: { qr: flag('gs(k') } },
    })
    expect(profile).toMatchObject({ label: 'Example P3', cut: '1D 56 00', qr: 'gs(k', columns: 48 })
  })

  test.each<[string, Record<string, unknown>, string, string]>([
    [
      'a wrong word',
      { bad: { inherits: 'whole', kiosk: { qr: flag('qr') } } },
      'bad',
      'kiosk.qr.value: found "qr"; expected "gs(k" or "escz" or "masung" or "none"',
    ],
    [
      'a value without source',
      { bad: { inherits: 'whole', kiosk: { cut: { value: '1B 6D' } } } },
      'bad',
      'kiosk.cut.source: found nothing; expected "manual" or "probed" or "unverified"',
    ],
    [
      'a misspelt key',
      { bad: { inherits: 'whole', kiosk: { cutt: flag('1B 69') } } },
      'bad',
      'kiosk.cutt: found {"value":"1B 69","source":"manual"}; this key is not known',
    ],
    [
      'a fault in what is inherited',
      { middle: { inherits: 'whole', media: { dpi: 'many' } }, bad: { inherits: 'middle' } },
      'middle',
      'media.dpi: found "many"; expected number',
    ],
    [
      'a cut that is no hex',
      { bad: { inherits: 'whole', kiosk: { cut: flag('cut') } } },
      'bad',
      'kiosk.cut.value: found "cut"; expected bytes in hex, e.g. "1D 56 42 00"',
    ],
    [
      'more columns than dots',
      { bad: { inherits: 'whole', fonts: { '0': { columns: 49 } } } },
      'bad',
      'fonts.0.columns: found 49; expected at most 48 columns of 12 dots',
    ],
    [
      'what is missing altogether',
      { bad: { ...whole, media: { dpi: 203 } } },
      'bad',
      'media.width: found nothing; expected object',
    ],
  ])('%s is named with file, place, found and expected', (_what, files, guilty, message) => {
    expect(() => read(files)).toThrow(`${at(guilty)}: ${message}`)
  })

  test('that inherits from nobody known, or from itself, is refused', () => {
    expect(() => read({ orphan: { inherits: 'nobody' } })).toThrow(
      `${at('orphan')}: inherits: found "nobody"; expected one of `,
    )
    expect(() => read({ egg: { inherits: 'hen' }, hen: { inherits: 'egg' } })).toThrow(
      `${at('egg')}: inherits: found "hen"; expected one of `,
    )
  })

  test('that is no JSON is refused by name', () => {
    expect(() => read({ torn: '{"name"' })).toThrow(`${at('torn')}: not readable as JSON`)
  })

  test('keeps the fields of escpos-printer-db that we do not use', () => {
    const extra = { codePages: { '0': 'CP437' }, features: { qrCode: true }, colors: { '0': 'black' } }
    expect(read({ pasted: { ...whole, ...extra } }).columns).toBe(48)
  })

  test('can never be reached by a name that leads out of the folder', () => {
    expect(() => readProfile('../printers/whole', folder)).toThrow('no "../printers/whole"')
  })
})
