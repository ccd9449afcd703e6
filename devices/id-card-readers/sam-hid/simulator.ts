import {
  type SamControls,
  type SamSimulatorOptions,
  simulatedReader,
} from '../../lib/sam/simulated-reader.ts'
import { ByteQueue } from '../../link/byte-queue.ts'
import type { ReportSimulator } from '../../simulation.ts'
import { decodeRequest, encodeAnswer } from './codec.ts'

export interface SamHidSimulatorOptions extends SamSimulatorOptions {
  /** The command this reader passes on to its module; it keeps silent to every other. */
  readonly vendorCommand?: number
}

/** A HID reader made of software: the simulated module behind the maker's envelope. */
export function simulateSamHid(options: SamHidSimulatorOptions = {}): ReportSimulator<SamControls> {
  const { attach, controls } = simulatedReader(options)
  return {
    linkKind: 'report',
    controls,
    attach({ closed, send }) {
      const bytes = new ByteQueue()
      closed.addEventListener('abort', () => bytes.end(), { once: true })
      attach({
        kind: 'stream',
        name: 'simulated reader',
        bytes,
        closed,
        async write(answer) {
          for (const report of encodeAnswer(answer)) send(Uint8Array.of(0, ...report))
        },
        async close() {},
      })
      return {
        output(report) {
          const request = decodeRequest(report.subarray(1))
          const { vendorCommand = request?.command } = options
          if (request?.command === vendorCommand && request) bytes.push(request.data)
        },
      }
    },
  }
}
