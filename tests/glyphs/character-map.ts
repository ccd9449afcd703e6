import { brotliDecompressSync } from 'node:zlib'

/**
 * The characters an OpenType or WOFF2 font has glyphs for: its `cmap` table in format 12, "segmented coverage", or 4,
 * "segment mapping to delta values" (OpenType specification, cmap).
 */
export function charactersOf(font: Buffer): Set<string> {
  const cmap = font.toString('latin1', 0, 4) === 'wOF2' ? tableOfWoff2(font, 'cmap') : tableOf(font, 'cmap')
  const starts = Array.from({ length: cmap.readUInt16BE(2) }, (_, at) => cmap.readUInt32BE(4 + at * 8 + 4))
  const formatted = (format: number) => starts.find((start) => cmap.readUInt16BE(start) === format)
  const [full, basic] = [formatted(12), formatted(4)]
  if (full !== undefined) return new Set(groups(cmap.subarray(full)))
  if (basic !== undefined) return new Set(segments(cmap.subarray(basic)))
  throw new Error('This font has no character map of format 4 or 12.')
}

function* groups(table: Buffer): Generator<string> {
  for (let group = 0; group < table.readUInt32BE(12); group++) {
    const at = 16 + group * 12
    for (let code = table.readUInt32BE(at); code <= table.readUInt32BE(at + 4); code++)
      yield String.fromCodePoint(code)
  }
}

function* segments(table: Buffer): Generator<string> {
  const twice = table.readUInt16BE(6)
  const [ends, begins, deltas, offsets] = [14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice]
  for (let at = 0; at < twice; at += 2) {
    const [first, last] = [table.readUInt16BE(begins + at), table.readUInt16BE(ends + at)]
    const [delta, offset] = [table.readUInt16BE(deltas + at), table.readUInt16BE(offsets + at)]
    for (let code = first; code <= last && code !== 0xffff; code++) {
      const listed = offset === 0 ? code : table.readUInt16BE(offsets + at + offset + 2 * (code - first))
      if (listed !== 0 && ((listed + delta) & 0xffff) !== 0) yield String.fromCodePoint(code)
    }
  }
}

function tableOf(font: Buffer, tag: string): Buffer {
  for (let at = 12; at < 12 + font.readUInt16BE(4) * 16; at += 16) {
    const start = font.readUInt32BE(at + 8)
    if (font.toString('latin1', at, at + 4) === tag)
      return font.subarray(start, start + font.readUInt32BE(at + 12))
  }
  throw new Error(`This font has no table "${tag}"; is it an OpenType font?`)
}

/** The first tags of the list of known tables (W3C WOFF2, 5.2); `glyf` and `loca` are transformed unless told. */
const knownTags = [
  'cmap',
  'head',
  'hhea',
  'hmtx',
  'maxp',
  'name',
  'OS/2',
  'post',
  'cvt ',
  'fpgm',
  'glyf',
  'loca',
]
const WOFF2_HEADER_BYTES = 48

function tableOfWoff2(font: Buffer, tag: string): Buffer {
  let at = WOFF2_HEADER_BYTES
  let start = 0
  let found: { readonly start: number; readonly length: number } | undefined
  function base128(): number {
    for (let value = 0; ; at++) {
      value = value * 128 + ((font[at] ?? 0) & 0x7f)
      if ((font[at] ?? 0) < 0x80) {
        at++
        return value
      }
    }
  }
  for (let table = 0; table < font.readUInt16BE(12); table++) {
    const flags = font[at++] ?? 0
    const known = flags & 0x3f
    const name = knownTags[known] ?? (known === 0x3f ? font.toString('latin1', at, at + 4) : '')
    if (known === 0x3f) at += 4
    const original = base128()
    const isOutline = name === 'glyf' || name === 'loca'
    const transformed = isOutline ? flags >> 6 === 0 : flags >> 6 !== 0
    const length = transformed ? base128() : original
    if (name === tag) found = { start, length }
    start += length
  }
  if (!found) throw new Error(`This font has no table "${tag}".`)
  const tables = brotliDecompressSync(font.subarray(at, at + font.readUInt32BE(20)))
  return tables.subarray(found.start, found.start + found.length)
}
