import { asDeviceError } from '../../errors.ts'
import { bytesOver } from '../../lib/sam/bytes-over.ts'
import type { PipesLink, StreamLink } from '../../link/link.ts'
import { HEAD_BYTES, isSplit, MAX_REST_BYTES, restLength, type SamPipes } from './codec.ts'

const WRITE_MS = 1000
/** One transfer is always waiting; this only bounds how long the system holds one. */
const LISTEN_MS = 5000
/** The rest of a frame is ready when its head is. */
const REST_MS = 500
const PACKET_BYTES = 64

/** The module's frames over the pipes of `link`. */
export function pipeLine(link: PipesLink, pipes: SamPipes): StreamLink {
  const { headOut, restOut } = pipes
  return bytesOver(link, {
    bytes: isSplit(pipes) ? splitBytes(link, pipes) : wholeBytes(link, pipes),
    async write(bytes) {
      if (!isSplit(pipes)) return link.transferOut(headOut, bytes, WRITE_MS)
      await link.transferOut(headOut, bytes.subarray(0, HEAD_BYTES), WRITE_MS)
      await link.transferOut(restOut, bytes.subarray(HEAD_BYTES), WRITE_MS)
    },
  })
}

async function* wholeBytes(link: PipesLink, { headIn }: SamPipes): AsyncGenerator<Uint8Array> {
  while (!link.closed.aborted) {
    const bytes = await read(link, headIn, { length: PACKET_BYTES, waitMs: LISTEN_MS })
    if (bytes.length > 0) yield bytes
  }
}

async function* splitBytes(link: PipesLink, { headIn, restIn }: SamPipes): AsyncGenerator<Uint8Array> {
  while (!link.closed.aborted) {
    const head = await read(link, headIn, { length: HEAD_BYTES, waitMs: LISTEN_MS })
    if (head.length === 0) continue
    yield head
    const length = restLength(head)
    if (length === undefined) {
      // What no head announced would be taken for the rest of the next frame.
      await read(link, restIn, { length: MAX_REST_BYTES, waitMs: REST_MS })
      continue
    }
    for (let missing = length; missing > 0; ) {
      const rest = await read(link, restIn, { length: missing, waitMs: REST_MS })
      if (rest.length === 0) break
      missing -= rest.length
      yield rest
    }
  }
}

/** No bytes when none came in time, or when the link is over. */
async function read(
  link: PipesLink,
  endpoint: number,
  { length, waitMs }: { readonly length: number; readonly waitMs: number },
): Promise<Uint8Array> {
  try {
    return await link.transferIn(endpoint, length, waitMs)
  } catch (error) {
    if (link.closed.aborted || asDeviceError(error, 'bad-answer', link.name).code === 'timeout')
      return new Uint8Array()
    throw error
  }
}
