import { displayWidth, isLatinLetter } from './text.ts'

/** Never first on a line, and never last on a line (the usual rule for Chinese text). */
const notFirst = new Set('，。、；：？！）」』》〉】〕”’…—·,.;:?!)]}%')
const notLast = new Set('（「『《〈【〔“‘([{')

/**
 * Breaks printable text into lines of at most `columns`. Latin words stay whole while they fit, Han breaks anywhere
 * but before closing and after opening punctuation. Nothing is lost but the spaces at a break.
 */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words(text).flatMap((word) => fitting(word, columns))) {
    if (displayWidth(line + word.trimEnd()) > columns) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += line === '' ? word.trimStart() : word
  }
  if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd())
  return lines
}

/** Pieces that are not to be broken, each with the spaces behind it. */
function words(text: string): string[] {
  const pieces: string[] = []
  let previous = ''
  for (const char of text) {
    const last = pieces.at(-1)
    if (last !== undefined && joins(previous, char)) pieces[pieces.length - 1] = last + char
    else pieces.push(char)
    previous = char
  }
  return pieces
}

function joins(previous: string, char: string): boolean {
  if (char === ' ') return true
  if (previous === ' ') return false
  if (notFirst.has(char) || notLast.has(previous)) return true
  return isLatin(previous) && isLatin(char)
}

function isLatin(char: string): boolean {
  return displayWidth(char) === 1 || isLatinLetter(char)
}

/** A word that is wider than the line is cut wherever it must be. */
function fitting(word: string, columns: number): string[] {
  if (displayWidth(word.trimEnd()) <= columns) return [word]
  const parts: string[] = []
  let part = ''
  for (const char of word) {
    if (part !== '' && displayWidth(part + char) > columns) {
      parts.push(part)
      part = ''
    }
    part += char
  }
  parts.push(part)
  return parts
}
