import { samHost, samModule } from '../../lib/sam/codec.ts'
import { describeReply, describeRequest, harmlessReply } from '../../lib/wire/sam-wire.ts'
import {
  explained,
  type OpenWire,
  unexplained,
  type Vary,
  type WirePiece,
  type WireReader,
} from '../../lib/wire/wire.ts'
import { chunkOf, decodeAnswer, decodeRequest, withChunk } from './codec.ts'

/** The module's frames in the maker's envelopes. */
export const wire: OpenWire<unknown> = () => ({ toDevice: requests(), fromDevice: answers() })

/** A request fits into one report. */
function requests(): WireReader {
  return {
    gapMs: undefined,
    push(report) {
      const frame = decodeRequest(report.subarray(1))?.data
      const step = frame && samModule.decode(frame)
      if (!step || step === 'more' || !('frame' in step) || step.frame.data.length > 0)
        return [unexplained(report.length)]
      return [explained(report, describeRequest(step.frame), () => report)]
    },
    flush: () => [],
  }
}

/** An answer takes as many reports as it needs: they are held until the module's frame in them is whole. */
function answers(): WireReader {
  let held: Uint8Array[] = []

  function flush(): WirePiece[] {
    const pieces = held.map(({ length }) => unexplained(length))
    held = []
    return pieces
  }

  return {
    gapMs: 250,
    push(report) {
      if (!decodeAnswer(report.subarray(1))) return [...flush(), unexplained(report.length)]
      held.push(Uint8Array.from(report))
      const frame = Buffer.concat(held.map(chunkOf))
      const step = samHost.decode(frame)
      if (step === 'more') return []
      if (!('frame' in step)) return flush()
      const reports = held
      held = []
      const text = describeReply(step.frame)
      return reports.map((each, at) => {
        const from = reports.slice(0, at).reduce((sum, before) => sum + chunkOf(before).length, 0)
        const rewrite = (vary: Vary) => {
          const whole = new Uint8Array(from + chunkOf(each).length)
          whole.set(harmlessReply(step.frame, vary).subarray(0, whole.length))
          return withChunk(each, whole.subarray(from))
        }
        return explained(
          each,
          reports.length === 1 ? text : `${text} (${at + 1} of ${reports.length})`,
          rewrite,
        )
      })
    },
    flush,
  }
}
