import { asDeviceError, DeviceError } from '../errors.ts'
import type { StreamLink } from '../link/link.ts'
import type { Codec } from './frames.ts'

/** A codec that remembers whether anything came at all: silence and a stranger's voice are different faults. */
export interface HeardCodec<In, Out> extends Codec<In, Out> {
  heard(): boolean
}

export function hearing<In, Out>(codec: Codec<In, Out>): HeardCodec<In, Out> {
  let heard = false
  return {
    encode: (frame) => codec.encode(frame),
    decode(bytes) {
      heard = true
      return codec.decode(bytes)
    },
    heard: () => heard,
  }
}

/** Runs a driver's first question. What fails although something speaks on the line becomes `wrong-device`. */
export async function greeted<Answer>(
  link: StreamLink,
  question: () => Promise<Answer>,
  { heard, model }: { heard(): boolean; readonly model: string },
): Promise<Answer> {
  try {
    return await question()
  } catch (error) {
    const { code } = asDeviceError(error, 'bad-answer', link.name)
    if (link.closed.aborted || !heard() || code !== 'timeout') throw error
    throw new DeviceError(
      'wrong-device',
      `${link.name}: something speaks there, but not as ${model}; check port, baud rate and the device's set-up`,
      { cause: error },
    )
  }
}
