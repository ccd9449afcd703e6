/** One thing on paper, in dots from the top left corner. */
export type DrawingItem =
  | {
      readonly type: 'text'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly text: string
      readonly bold: boolean
      readonly inverse: boolean
      readonly underline: boolean
    }
  | {
      readonly type: 'bitmap'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      /** Dots a module takes. */
      readonly scale: number
      /** One string a row, '#' black and '.' white. */
      readonly rows: string[]
    }
  | { readonly type: 'cut'; readonly y: number; readonly partial: boolean }

/** What stands on a piece of paper. */
export interface Drawing {
  readonly widthDots: number
  readonly heightDots: number
  readonly items: DrawingItem[]
}

export type QrEncoder = (data: Uint8Array, level: string) => string[]

const CHAR_WIDTH = 12
const CHAR_HEIGHT = 24
/** Of a board that was not told otherwise, in dots. */
export const DEFAULT_PITCH = 30
const MULTI_BYTE_FROM = 0x81
const SECOND_BYTE_FROM = 0x40

interface Style {
  readonly bold: boolean
  readonly inverse: boolean
  readonly underline: boolean
  readonly scaleX: number
  readonly scaleY: number
}

interface Place {
  /** FS &: a byte from 81h on starts a two-byte character. */
  readonly multiByte: boolean
  /** 0 left, 1 centre, 2 right. */
  readonly align: number
  readonly areaLeft: number
  readonly areaWidth: number
  readonly pitch: number
}

const plain: Style = { bold: false, inverse: false, underline: false, scaleX: 1, scaleY: 1 }

type TextItem = Extract<DrawingItem, { type: 'text' }>
const chinese = new TextDecoder('gb18030')

/** Paper under a print head: the print buffer of one line, and everything printed so far. */
export class Sheet {
  readonly #paperWidth: number
  readonly #items: DrawingItem[] = []
  #line: TextItem[] = []
  #y = 0

  #style: Style = plain
  #place: Place
  #x = 0

  constructor(paperWidth: number) {
    this.#paperWidth = paperWidth
    this.#place = this.#powerOn()
  }

  /** From the left edge of the print area. */
  get x(): number {
    return this.#x
  }

  /** ESC @: the print buffer and all settings. */
  reset(): void {
    this.#line = []
    this.#x = 0
    this.#style = plain
    this.#place = this.#powerOn()
  }

  restyle(change: Partial<Style>): void {
    this.#style = { ...this.#style, ...change }
  }

  place(change: Partial<Place>): void {
    this.#place = { ...this.#place, ...change }
  }

  moveTo(x: number): void {
    this.#x = x
  }

  text(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0
      const pair = bytes.subarray(index, index + 2)
      // What a board without 4-byte characters does with one shows here too: its digits come out.
      if (this.#place.multiByte && byte >= MULTI_BYTE_FROM && (pair[1] ?? 0) >= SECOND_BYTE_FROM) {
        this.#character(chinese.decode(pair), 2)
        index++
      } else {
        this.#character(byte < 0x80 ? String.fromCharCode(byte) : '\ufffd', 1)
      }
    }
  }

  lineFeed(): void {
    const height = this.flush()
    this.#y += Math.max(this.#place.pitch, height)
  }

  feed(dots: number): void {
    this.#y += this.flush() + dots
  }

  bitmap(rows: string[], scale: number): void {
    this.#y += this.flush()
    const [width, height] = [(rows[0]?.length ?? 0) * scale, rows.length * scale]
    // Wider than the print area: a printer prints nothing.
    if (width > this.#place.areaWidth) return
    const x = this.#place.areaLeft + this.#alignShift(width)
    this.#items.push({ type: 'bitmap', x, y: this.#y, width, height, scale, rows })
    this.#y += height
  }

  cut(partial: boolean, feedDots: number): void {
    this.#y += this.flush() + feedDots
    this.#items.push({ type: 'cut', y: this.#y, partial })
  }

  /** Prints the line buffer where the paper stands; tells how tall it was. */
  flush(): number {
    const height = Math.max(0, ...this.#line.map((item) => item.height))
    const end = Math.max(0, ...this.#line.map((item) => item.x + item.width))
    const shift = this.#place.areaLeft + this.#alignShift(end)
    for (const item of this.#line)
      this.#items.push({ ...item, x: item.x + shift, y: this.#y + height - item.height })
    this.#line = []
    this.#x = 0
    return height
  }

  drawing(): Drawing {
    return { widthDots: this.#paperWidth, heightDots: this.#y, items: this.#items }
  }

  #powerOn(): Place {
    return { multiByte: false, align: 0, areaLeft: 0, areaWidth: this.#paperWidth, pitch: DEFAULT_PITCH }
  }

  #alignShift(width: number): number {
    return Math.floor(((this.#place.areaWidth - width) * this.#place.align) / 2)
  }

  #character(char: string, columns: number): void {
    const { scaleX, scaleY, ...look } = this.#style
    const width = columns * CHAR_WIDTH * scaleX
    const height = CHAR_HEIGHT * scaleY
    if (this.#x + width > this.#place.areaWidth) this.lineFeed()
    const last = this.#line.at(-1)
    const joins =
      last !== undefined &&
      last.x + last.width === this.#x &&
      last.height === height &&
      last.bold === look.bold &&
      last.inverse === look.inverse &&
      last.underline === look.underline
    if (joins)
      this.#line[this.#line.length - 1] = { ...last, width: last.width + width, text: last.text + char }
    else this.#line.push({ type: 'text', x: this.#x, y: 0, width, height, text: char, ...look })
    this.#x += width
  }
}
