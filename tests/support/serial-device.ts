import { readAtSpeed } from '../../devices/identify/wire.ts'
import type { StreamLink, StreamOptions } from '../../devices/link/link.ts'
import { memoryLink } from '../../devices/link/memory.ts'

export interface Sent {
  readonly baudRate: number
  readonly bytes: Uint8Array
}

/** A device at the end of a serial line, which reads what is written at another speed as a real one does. */
export interface SerialDevice {
  openLink(options: StreamOptions): Promise<StreamLink>
  /** Everything that was written, as it was written. */
  readonly sent: readonly Sent[]
  readonly opened: readonly number[]
}

/** `gapBits`: how long the adapter pauses between two characters. */
export function serialDevice(attach: (far: StreamLink) => void, baudRate: number, gapBits = 0): SerialDevice {
  const sent: Sent[] = []
  const opened: number[] = []

  async function open(options: StreamOptions): Promise<StreamLink> {
    if (options.type !== 'serial') throw new Error(`a serial device cannot be opened as ${options.type}`)
    const { near, far } = memoryLink(options.path)
    opened.push(options.baudRate)
    attach(far)
    const host = options.baudRate
    return {
      kind: 'stream',
      name: near.name,
      closed: near.closed,
      close: () => near.close(),
      bytes: at(near.bytes, baudRate, host),
      async write(bytes) {
        sent.push({ baudRate: host, bytes: Uint8Array.from(bytes) })
        const read = misread(bytes, host, baudRate, gapBits)
        if (read.length > 0) await near.write(read)
      },
    }
  }
  return { openLink: open, sent, opened }
}

async function* at(chunks: AsyncIterable<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield misread(chunk, from, to)
}

function misread(bytes: Uint8Array, from: number, to: number, gapBits = 0): Uint8Array {
  if (from === to) return bytes
  return Uint8Array.from(
    readAtSpeed({ bytes, baudRate: from, gapBits }, { baudRate: to }).map(({ byte }) => byte),
  )
}
