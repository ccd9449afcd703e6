import { type FileHandle, open } from 'node:fs/promises'
import type { PrintGlyph } from '../../../devices/kinds.ts'

/**
 * A file of dot glyphs, made to be looked into without being loaded. Numbers are little-endian:
 *
 *   "HKG1"   count    index: count × code      glyphs: count × 24 rows
 *   4 bytes  u32      u32: code point × 32     3 bytes a row, the leftmost dot in the highest bit
 *                          + width in dots
 *
 * The index is sorted by code point; the glyphs stand in its order.
 */
export const GLYPH_ROWS = 24
const MAGIC = 'HKG1'
const HEADER_BYTES = 8
const CODE_BYTES = 4
const ROW_BYTES = 3
const GLYPH_BYTES = GLYPH_ROWS * ROW_BYTES
const WIDTHS = 32

/** The whole file for these glyphs, each of one code point. */
export function writeGlyphs(glyphs: ReadonlyMap<string, PrintGlyph>): Buffer {
  const sorted = [...glyphs]
    .map(([char, glyph]) => ({ code: char.codePointAt(0) ?? 0, glyph }))
    .sort((one, other) => one.code - other.code)
  const file = Buffer.alloc(HEADER_BYTES + sorted.length * (CODE_BYTES + GLYPH_BYTES))
  file.write(MAGIC, 'latin1')
  file.writeUInt32LE(sorted.length, 4)
  for (const [at, { code, glyph }] of sorted.entries()) {
    file.writeUInt32LE(code * WIDTHS + glyph.width, HEADER_BYTES + at * CODE_BYTES)
    const start = glyphStart(sorted.length, at)
    for (const [row, dots] of glyph.rows.entries()) file.writeUIntBE(dots, start + row * ROW_BYTES, ROW_BYTES)
  }
  return file
}

/** The glyphs of these characters, as far as the file has them. Throws when the file is missing or not whole. */
export async function readGlyphs(
  path: string,
  characters: Iterable<string>,
): Promise<Map<string, PrintGlyph>> {
  await using file = await open(path)
  const index = await readIndex(file, path)
  const glyphs = new Map<string, PrintGlyph>()
  for (const char of characters) {
    const at = find(index, char.codePointAt(0) ?? 0)
    if (at === undefined) continue
    const bytes = await readExactly(file, path, {
      position: glyphStart(index.length, at),
      length: GLYPH_BYTES,
    })
    const rows = Array.from({ length: GLYPH_ROWS }, (_, row) => bytes.readUIntBE(row * ROW_BYTES, ROW_BYTES))
    glyphs.set(char, { width: (index[at] ?? 0) % WIDTHS, rows })
  }
  return glyphs
}

/** The characters a file has glyphs for. */
export async function glyphCharacters(path: string): Promise<Set<string>> {
  await using file = await open(path)
  const index = await readIndex(file, path)
  return new Set(Array.from(index, (entry) => String.fromCodePoint(Math.floor(entry / WIDTHS))))
}

async function readIndex(file: FileHandle, path: string): Promise<Uint32Array> {
  const header = await readExactly(file, path, { position: 0, length: HEADER_BYTES })
  const count = header.readUInt32LE(4)
  const { size } = await file.stat()
  if (header.toString('latin1', 0, 4) !== MAGIC || size !== glyphStart(count, count))
    throw new Error(`${path} is not a whole file of glyphs; install the program again.`)
  const bytes = await readExactly(file, path, { position: HEADER_BYTES, length: count * CODE_BYTES })
  return Uint32Array.from({ length: count }, (_, at) => bytes.readUInt32LE(at * CODE_BYTES))
}

/** Where a code point stands in the sorted index. */
function find(index: Uint32Array, code: number): number | undefined {
  let [low, high] = [0, index.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = Math.floor((index[middle] ?? 0) / WIDTHS)
    if (found === code) return middle
    if (found < code) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

async function readExactly(
  file: FileHandle,
  path: string,
  { position, length }: { readonly position: number; readonly length: number },
): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw new Error(`${path} ends too early; install the program again.`)
  return buffer
}

function glyphStart(count: number, at: number): number {
  return HEADER_BYTES + count * CODE_BYTES + at * GLYPH_BYTES
}
